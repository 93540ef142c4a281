//! Handles signals.

use std::fs::{self, File};
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::os::raw::c_int;
use std::os::unix::fs::MetadataExt;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use blackbar::Error;
use blackbar::command::{Control, reason};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::{flag, low_level};

/// What a run does, as far as signals matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Reads files. Every signal ends the run; the output so far is valid.
    Files,
    /// Reads a stream. SIGTERM ends it after the data that has arrived; SIGHUP reloads the configuration.
    Stream,
    /// Rewrites files. Every signal leaves the current file unchanged.
    Whole,
}

/// The signal that stops the run.
static STOPPED_BY: AtomicUsize = AtomicUsize::new(0);

/// Installs the handlers, which make requests to the control that is returned.
///
/// SIGTERM is installed last, so once it is handled, all of them are.
///
/// If a file exceeds the limit of the shell (`ulimit -f`), the write fails, and the process is not killed. A signal that
/// was ignored when the process started stays ignored, as under `nohup`.
pub fn handle(manner: Manner, ignore_interrupts: bool) -> Result<Control, Error> {
    let install = || {
        let control = Control::new()?;
        flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
        // A handler that does nothing interrupts no read or write, because the system restarts them.
        if ignore_interrupts {
            flag::register(SIGINT, Arc::new(AtomicBool::new(false)))?;
        }
        match manner {
            Manner::Files => {}
            Manner::Stream => {
                // On a terminal, SIGHUP means that the terminal was closed.
                if !io::stdout().is_terminal() {
                    flag::register(SIGHUP, control.reload_flag())?;
                    low_level::pipe::register(SIGHUP, control.waker()?)?;
                }
                stop(&control, SIGTERM, Again::Ends)?;
            }
            // No other process can block such a run, so a second signal needs no handling.
            Manner::Whole => {
                for signal in [SIGHUP, SIGINT, SIGTERM] {
                    if !(ignore_interrupts && signal == SIGINT) {
                        stop(&control, signal, Again::Waits)?;
                    }
                }
            }
        }
        Ok(control)
    };
    install().map_err(|error: io::Error| Error::Refused {
        reason: format!("signals cannot be handled: {}", reason(&error)),
    })
}

/// What a second signal does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    /// Nothing more than the first one.
    Waits,
    /// It ends the run even if the reader of the output is stuck.
    Ends,
}

/// Makes `signal` stop the run. Handlers run in the order of their registration.
fn stop(control: &Control, signal: c_int, again: Again) -> io::Result<()> {
    if is_ignored(signal) {
        return Ok(());
    }
    flag::register_usize(signal, &STOPPED_BY, signal.unsigned_abs() as usize)?;
    if again == Again::Ends {
        flag::register_conditional_default(signal, control.stop_flag())?;
    }
    flag::register(signal, control.stop_flag())?;
    low_level::pipe::register(signal, control.waker()?)?;
    // One that came after the first of these handlers and before the last.
    if STOPPED_BY.load(Ordering::SeqCst) != 0 {
        control.stop_flag().store(true, Ordering::SeqCst);
    }
    Ok(())
}

/// Whether `signal` was ignored when the process started. False if the system does not say.
fn is_ignored(signal: c_int) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (signal - 1) & 1 == 1
}

/// Ends the process by the signal that stopped the run. Returns only if that fails.
pub fn die_of_signal() -> ExitCode {
    let signal = STOPPED_BY.load(Ordering::SeqCst) as c_int;
    let _ = low_level::emulate_default_handler(signal);
    // The exit status that a shell reports for a signal.
    ExitCode::from((128 + signal) as u8)
}

/// Whether standard error is also standard output, so that a message would get into the output.
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
