//! What the command does when it is sent a signal.

use std::fs::{self, File};
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::os::raw::c_int;
use std::os::unix::fs::MetadataExt;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use blackbar::Error;
use blackbar::command::Control;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::{flag, low_level};

/// What a signal may interrupt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Files, and an output that is as good as far as it goes: whatever the signal, end.
    Files,
    /// A stream: asked to terminate, take what has come; hung up on, read the configuration again.
    Stream,
    /// Files that are rewritten whole: whatever the signal, leave the one at hand as it was.
    Whole,
}

/// The signal that stops the run.
static STOPPED_BY: AtomicUsize = AtomicUsize::new(0);

/// Handles signals from now on; what they say comes from the control.
///
/// SIGTERM is the last of them: whoever sees that it is handled can send any.
///
/// A file that grows beyond what the shell allows (`ulimit -f`) is a write that fails, not the end of the process.
/// A signal that was ignored when the process started stays ignored, as under `nohup`.
pub fn handle(manner: Manner, ignore_interrupts: bool) -> Result<Control, Error> {
    let install = || {
        let control = Control::new()?;
        flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
        // What does nothing but this interrupts no read and no write: the system restarts them.
        if ignore_interrupts {
            flag::register(SIGINT, Arc::new(AtomicBool::new(false)))?;
        }
        match manner {
            Manner::Files => {}
            Manner::Stream => {
                // On a terminal it means that nobody is there any more.
                if !io::stdout().is_terminal() {
                    flag::register(SIGHUP, control.reload_flag())?;
                    low_level::pipe::register(SIGHUP, control.waker()?)?;
                }
                // The second one ends it though the reader of the output is stuck.
                if !is_ignored(SIGTERM) {
                    flag::register_conditional_default(SIGTERM, control.stop_flag())?;
                }
                stop(&control, SIGTERM)?;
            }
            // Nobody outside can hold such a run up, so the second signal has nothing to add to the first.
            Manner::Whole => {
                for signal in [SIGHUP, SIGINT, SIGTERM] {
                    if !(ignore_interrupts && signal == SIGINT) {
                        stop(&control, signal)?;
                    }
                }
            }
        }
        Ok(control)
    };
    install().map_err(|error: io::Error| Error::Refused {
        reason: format!("signals cannot be handled: {error}"),
    })
}

/// Lets `signal` say stop. Handlers run in the order they are registered in here.
fn stop(control: &Control, signal: c_int) -> io::Result<()> {
    if is_ignored(signal) {
        return Ok(());
    }
    flag::register_usize(signal, &STOPPED_BY, signal.unsigned_abs() as usize)?;
    flag::register(signal, control.stop_flag())?;
    low_level::pipe::register(signal, control.waker()?)?;
    Ok(())
}

/// Whether whoever started the process has it ignore `signal`. Where the system does not tell, it is not.
fn is_ignored(signal: c_int) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (signal - 1) & 1 == 1
}

/// Ends the process as the signal does that stopped the run. Only if that cannot be done it returns.
pub fn die_of_signal() -> ExitCode {
    let signal = STOPPED_BY.load(Ordering::SeqCst) as c_int;
    let _ = low_level::emulate_default_handler(signal);
    // As a shell tells of it.
    ExitCode::from((128 + signal) as u8)
}

/// Whether standard error is also standard output, so that a message would stand among what is written.
pub fn errors_go_to_output() -> bool {
    let id = |fd: &dyn AsFd| {
        let file = File::from(fd.as_fd().try_clone_to_owned()?);
        file.metadata().map(|metadata| (metadata.dev(), metadata.ino()))
    };
    match (id(&io::stdout()), id(&io::stderr())) {
        (Ok(output), Ok(errors)) => output == errors,
        _ => false,
    }
}
