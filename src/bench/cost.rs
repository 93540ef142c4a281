//! The cost of one pass over a log, in wall time and CPU time.

use std::io;
use std::time::{Duration, Instant};

use blackbar::Name;
use rustix::time::{ClockId, clock_gettime};

pub(super) fn name() -> Name {
    Name::path("measurement".as_ref())
}

/// The cost of one pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    pub(super) time: Duration,
    /// CPU time of the calling thread alone. It is complete only where no other thread scans.
    pub(super) cpu: Duration,
}

impl Cost {
    pub(super) fn of(work: impl FnOnce() -> io::Result<()>) -> io::Result<Cost> {
        let (time, cpu) = (Instant::now(), thread_cpu());
        work()?;
        Ok(Cost { time: time.elapsed(), cpu: thread_cpu().saturating_sub(cpu) })
    }
}

/// The CPU time of the calling thread so far.
pub(super) fn thread_cpu() -> Duration {
    // The kernel never returns negative numbers here.
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}
