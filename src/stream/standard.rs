//! Standard output and standard error, for messages and reports.
//!
//! The standard library's handles fail when a descriptor is non-blocking and full, and report success when it is
//! closed. Another process may have made the descriptor non-blocking, because every process that inherited it shares
//! it. These writers wait instead, and return every error.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::io::Errno;

use crate::stream::sys;

/// Writes to standard output or standard error, without a buffer.
#[derive(Clone, Copy, Debug)]
pub struct Standard {
    fd: BorrowedFd<'static>,
}

impl Standard {
    /// Standard output.
    pub fn output() -> Standard {
        Standard { fd: rustix::stdio::stdout() }
    }

    /// Standard error.
    pub fn error() -> Standard {
        Standard { fd: rustix::stdio::stderr() }
    }
}

impl Write for Standard {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        loop {
            match rustix::io::write(self.fd, buf) {
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => sys::wait_writable(self.fd)?,
                written => return Ok(written?),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsFd for Standard {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd
    }
}
