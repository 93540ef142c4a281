//! Process settings that have to be made before anything else.

use std::fs::OpenOptions;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::fcntl_getfd;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use rustix::stdio::{dup2_stdin, dup2_stdout, stdin, stdout};

/// Whether the process was started without a standard input, without a standard output.
static CLOSED: [AtomicBool; 2] = [const { AtomicBool::new(false) }; 2];

/// Checks before `main`. By then the standard library has opened `/dev/null` in place of a closed stream, which looks
/// like a `/dev/null` that the user asked for. This function uses nothing of the standard library's runtime.
#[ctor::ctor(unsafe)]
fn record_closed_streams() {
    CLOSED[0].store(fcntl_getfd(stdin()).is_err(), Ordering::Relaxed);
    CLOSED[1].store(fcntl_getfd(stdout()).is_err(), Ordering::Relaxed);
}

/// Makes reads from a closed standard input and writes to a closed standard output fail. With `/dev/null` the output
/// would be lost, with exit status 0.
pub fn fail_on_closed() {
    let closed = |index: usize| CLOSED[index].load(Ordering::Relaxed);
    // Open for the opposite direction: the descriptor is taken, so no file gets its number, and every use of it fails.
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

/// Disables core dumps and keeps other processes of the same user from reading this one's memory, because it holds
/// secrets of the log and of the configuration.
pub fn guard_memory() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // Neither call can fail for the own process. Where the system has no such setting, nothing can be done.
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
