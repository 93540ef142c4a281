//! What a run is told from outside while it goes on: to stop, or to change its rules.
//!
//! A word is a flag, which is what counts, and a byte in a pipe, which ends a wait. Who gives it (a signal's handler, for
//! the command) is not known here.

use std::fmt;
use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::stream::sys;

/// Tells runs to stop or to change their rules, from any thread or from a signal's handler.
#[derive(Clone)]
pub struct Control(Arc<Inner>);

struct Inner {
    stop: Arc<AtomicBool>,
    reload: Arc<AtomicBool>,
    /// Both ends are non-blocking: a pipe that is full of wake-up calls has woken whoever waits.
    woken: PipeReader,
    waker: PipeWriter,
}

impl Control {
    /// A control that has said nothing yet.
    ///
    /// # Errors
    ///
    /// If the system has no pipe to give.
    pub fn new() -> io::Result<Control> {
        let (woken, waker) = io::pipe()?;
        sys::never_block(&woken)?;
        sys::never_block(&waker)?;
        let (stop, reload) = Default::default();
        Ok(Control(Arc::new(Inner { stop, reload, woken, waker })))
    }

    /// Set to say stop: runs take what can be read without waiting, and end.
    ///
    /// Whoever sets it writes a byte to the [`waker`](Control::waker) then.
    pub fn stop_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0.stop)
    }

    /// Set to have the rules changed, at the end of a line; used as [`stop_flag`](Control::stop_flag) is.
    pub fn reload_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0.reload)
    }

    /// Where a byte ends the wait of a run. It may be full, which is as well.
    ///
    /// # Errors
    ///
    /// If the process has no descriptor left.
    pub fn waker(&self) -> io::Result<OwnedFd> {
        self.0.waker.as_fd().try_clone_to_owned()
    }

    /// Whether it was said to stop.
    pub fn is_stopping(&self) -> bool {
        self.0.stop.load(Ordering::SeqCst)
    }

    /// Whether it was said to change the rules, and nobody has asked since.
    pub(crate) fn take_reload(&self) -> bool {
        // Asked for each segment, so the common answer has to be cheap.
        self.0.reload.load(Ordering::Relaxed) && self.0.reload.swap(false, Ordering::SeqCst)
    }

    /// Becomes readable with the next word.
    pub(crate) fn woken(&self) -> BorrowedFd<'_> {
        self.0.woken.as_fd()
    }

    /// Takes the bytes that ended a wait. The flags have to be looked at after that, or a word could be missed.
    pub(crate) fn hear(&self) {
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
