//! The `blackbar` command.

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use blackbar::Error;

mod bench;
mod cli;
mod startup;

use cli::{Outcome, Plan, say};

/// `scan` found secrets.
const FOUND: u8 = 1;

/// Usage, configuration or I/O error.
const FAILED: u8 = 2;

/// Runs the command. The exit code is decided here and nowhere else.
fn main() -> ExitCode {
    startup::guard_memory();
    startup::fail_on_closed();

    // The message of a panic may quote the log, so only the location is printed.
    panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => say(format_args!(
            "internal error at {}:{}; the output is incomplete",
            place.file(),
            place.line()
        )),
        None => say(format_args!("internal error; the output is incomplete")),
    }));

    let plan = match Plan::from_args(std::env::args_os()) {
        Ok(plan) => plan,
        Err(message) => {
            say(message);
            return ExitCode::from(FAILED);
        }
    };

    let mut report = |error: &Error| say(error);
    match panic::catch_unwind(AssertUnwindSafe(|| plan.run(&mut report))) {
        Ok(Ok(Outcome::Done)) => ExitCode::SUCCESS,
        Ok(Ok(Outcome::Found)) => ExitCode::from(FOUND),
        // Each input that could not be redacted has been reported already.
        Ok(Ok(Outcome::Partial)) => ExitCode::from(FAILED),
        // `blackbar log | head` is not a failure: the reader got all the output it wanted.
        Ok(Err(Error::Closed)) => ExitCode::SUCCESS,
        // The exit status tells the sender of the signal that the signal ended the run.
        Ok(Err(Error::Stopped)) => cli::die_of_signal(),
        // The panic hook has reported the panic, of a worker or of this thread.
        Ok(Err(Error::WorkerLost)) | Err(_) => ExitCode::from(FAILED),
        Ok(Err(error)) => {
            report(&error);
            ExitCode::from(FAILED)
        }
    }
}
