//! Opens files without waiting for another process.
//!
//! Opening a FIFO waits for a process at its other end, and nothing that the run is told ends that wait.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// Opens the file at `path` at once, or fails with what another process would have to do first. Reads and writes of the
/// file do not wait either.
pub(crate) fn at_once(options: &OpenOptions, path: &Path) -> io::Result<File> {
    // A terminal that is opened by the leader of a session would become its controlling one.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    options.clone().custom_flags(flags.bits().cast_signed()).open(path)
}

/// Opens the file at `path` for reading, if reading it waits for nobody. A FIFO, a socket and a terminal do wait.
pub(crate) fn settled(path: &Path) -> io::Result<File> {
    let file = at_once(OpenOptions::new().read(true), path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_fifo() || kind.is_socket() || rustix::termios::isatty(&file) {
        return Err(io::Error::other(
            "is a pipe or a terminal; a file is needed, which can be read again",
        ));
    }
    Ok(file)
}
