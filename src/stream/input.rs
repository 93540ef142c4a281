//! What the pipeline needs from an input, besides reading.

use std::io::{self, Read};
use std::os::fd::BorrowedFd;

/// Something to read from.
pub trait Input: Read {
    /// Whether a read would return immediately. `true` if that is unknown; bytes that were read already may then wait
    /// for it.
    fn ready(&mut self) -> bool {
        true
    }

    /// Waits until a read that would block can continue, and returns `true`; or until `woken` is readable or some time
    /// has passed, and returns `false`.
    ///
    /// # Errors
    ///
    /// If readiness cannot be determined. The input is then treated as unreadable.
    fn wait(&mut self, _woken: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        Err(io::ErrorKind::WouldBlock.into())
    }

    /// How many bytes a run that was asked to stop still reads: those that a stream has now. `None` if a part would be
    /// mistaken for the whole, as with a file. The run then ends with [`Error::Stopped`](crate::Error::Stopped).
    fn backlog(&mut self) -> Option<u64> {
        None
    }
}

impl Input for &[u8] {}
