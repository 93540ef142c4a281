//! What an input has to be able to do, besides being read.

use std::io::{self, Read};
use std::os::fd::BorrowedFd;

/// Something to read from.
pub trait Input: Read {
    /// Whether a read would return at once. Where that is not known, `true`: then bytes already read may wait for it.
    fn ready(&mut self) -> bool {
        true
    }

    /// Waits until a read can go on that would block or gave [`io::ErrorKind::WouldBlock`], which is told, or until
    /// `woken` is readable, or some time has passed.
    ///
    /// # Errors
    ///
    /// If there is no telling. The input then counts as unreadable.
    fn wait(&mut self, _woken: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        Err(io::ErrorKind::WouldBlock.into())
    }

    /// How many bytes a run that was told to stop still takes: those that a stream has now. `None` if a part would be
    /// mistaken for the whole, as of a file; the run then ends with [`Error::Stopped`](crate::Error::Stopped).
    fn backlog(&mut self) -> Option<u64> {
        None
    }
}

impl Input for &[u8] {}
