//! What has to be done about the process before anything else.

use std::fs::OpenOptions;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::fcntl_getfd;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use rustix::stdio::{dup2_stdin, dup2_stdout, stdin, stdout};

/// Whether the process was started without a standard input, without a standard output.
static CLOSED: [AtomicBool; 2] = [const { AtomicBool::new(false) }; 2];

/// Looks before `main`: there, the standard library has opened `/dev/null` in the place of what was closed, which cannot
/// be told from a `/dev/null` that was asked for. Nothing of the standard library's runtime is used here.
#[ctor::ctor(unsafe)]
fn look() {
    CLOSED[0].store(fcntl_getfd(stdin()).is_err(), Ordering::Relaxed);
    CLOSED[1].store(fcntl_getfd(stdout()).is_err(), Ordering::Relaxed);
}

/// Lets reads of a standard input and writes to a standard output that were closed fail. `/dev/null` would let an output
/// get lost, and end with status 0.
pub fn fail_on_closed() {
    let closed = |index: usize| CLOSED[index].load(Ordering::Relaxed);
    // Open the wrong way round, so that its number is not given to a file that is opened later.
    if closed(0)
        && let Ok(null) = OpenOptions::new().write(true).open("/dev/null")
    {
        let _ = dup2_stdin(null);
    }
    if closed(1)
        && let Ok(null) = OpenOptions::new().read(true).open("/dev/null")
    {
        let _ = dup2_stdout(null);
    }
}

/// Has the system write no core dump of this process, and lets no other process of the same user read its memory: there
/// are secrets in it, of the log and of the configuration.
pub fn guard_memory() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // Neither can fail for a process of its own; where the system knows neither, there is nothing to be done.
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
