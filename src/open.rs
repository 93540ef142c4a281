//! Opens files without waiting for another process.
//!
//! Opening a FIFO waits for a process at its other end, and a request to stop does not interrupt that wait.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// Opens the file at `path` without blocking. Fails where another process would have to act first. Reads and writes of
/// the file do not block either.
pub(crate) fn nonblocking(options: &OpenOptions, path: &Path) -> io::Result<File> {
    // Without this, opening a terminal in a session leader would make it the controlling terminal.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    options.clone().custom_flags(flags.bits().cast_signed()).open(path)
}

/// Opens the file at `path` for reading, if reads of it cannot block. FIFOs, sockets and terminals are refused.
pub(crate) fn rereadable(path: &Path) -> io::Result<File> {
    let file = nonblocking(OpenOptions::new().read(true), path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_fifo() || kind.is_socket() || rustix::termios::isatty(&file) {
        return Err(io::Error::other(
            "is a pipe or a terminal; a file is needed, which can be read again",
        ));
    }
    Ok(file)
}
