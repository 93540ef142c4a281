//! Control over a running pipeline: requests to stop or to change its rules.
//!
//! A request consists of a flag, which is what counts, and a byte in a pipe, which ends a wait. This module does not
//! know who makes the request; in the command, signal handlers do.

use std::fmt;
use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::stream::sys;

/// Asks runs to stop or to change their rules, from any thread or from a signal handler.
#[derive(Clone)]
pub struct Control(Arc<Inner>);

struct Inner {
    stop: Arc<AtomicBool>,
    reload: Arc<AtomicBool>,
    /// Both ends are non-blocking. If the pipe is full of wake-up bytes, the run has been woken already.
    woken: PipeReader,
    waker: PipeWriter,
}

impl Control {
    /// A control without any request.
    ///
    /// # Errors
    ///
    /// If the system cannot create a pipe.
    pub fn new() -> io::Result<Control> {
        let (woken, waker) = io::pipe()?;
        sys::never_block(&woken)?;
        sys::never_block(&waker)?;
        let (stop, reload) = Default::default();
        Ok(Control(Arc::new(Inner { stop, reload, woken, waker })))
    }

    /// Set this flag to stop: runs take what can be read without waiting, and end.
    ///
    /// After setting it, write a byte to the [`waker`](Control::waker).
    pub fn stop_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0.stop)
    }

    /// Set this flag to have the rules changed at the end of a line. Use it like [`stop_flag`](Control::stop_flag).
    pub fn reload_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0.reload)
    }

    /// A descriptor to which a byte can be written to end a run's wait. If it is full, the byte is not needed.
    ///
    /// # Errors
    ///
    /// If the process has no descriptors left.
    pub fn waker(&self) -> io::Result<OwnedFd> {
        self.0.waker.as_fd().try_clone_to_owned()
    }

    /// Whether a stop was requested.
    pub fn is_stopping(&self) -> bool {
        self.0.stop.load(Ordering::SeqCst)
    }

    /// Whether a change of rules was requested since the last call.
    pub(crate) fn take_reload(&self) -> bool {
        // This is called for each segment, so the common case has to be cheap.
        self.0.reload.load(Ordering::Relaxed) && self.0.reload.swap(false, Ordering::SeqCst)
    }

    /// A descriptor that becomes readable with the next request.
    pub(crate) fn woken(&self) -> BorrowedFd<'_> {
        self.0.woken.as_fd()
    }

    /// Drains the pipe. Check the flags after this call, or a request could be missed.
    pub(crate) fn drain(&self) {
        let mut bytes = [0; 64];
        while matches!((&self.0.woken).read(&mut bytes), Ok(n) if n == bytes.len()) {}
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("stop", &self.0.stop)
            .field("reload", &self.0.reload)
            .finish_non_exhaustive()
    }
}
