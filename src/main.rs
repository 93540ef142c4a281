//! The `blackbar` command.

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use blackbar::Error;

mod bench;
mod cli;
mod startup;

use cli::{Outcome, Plan, say};

/// A scan found something.
const FOUND: u8 = 1;

/// Usage, configuration or I/O error.
const FAILED: u8 = 2;

/// Runs the command and decides on the exit code, which happens nowhere else.
fn main() -> ExitCode {
    startup::guard_memory();
    startup::fail_on_closed();

    // A panic's own message might quote what it was about, so only its place is told.
    panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => say(format_args!(
            "internal error at {}:{}; the output ends early",
            place.file(),
            place.line()
        )),
        None => say(format_args!("internal error; the output ends early")),
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
        // Each input that could not be redacted was reported when its turn came.
        Ok(Ok(Outcome::Partial)) => ExitCode::from(FAILED),
        // `blackbar log | head` is no failure. The output is as good as its reader wanted it.
        Ok(Err(Error::Closed)) => ExitCode::SUCCESS,
        // Whoever sent the signal learns from the status that it was what ended the run.
        Ok(Err(Error::Stopped)) => cli::die_of_signal(),
        // The hook has told of the worker's panic, and of our own.
        Ok(Err(Error::WorkerLost)) | Err(_) => ExitCode::from(FAILED),
        Ok(Err(error)) => {
            report(&error);
            ExitCode::from(FAILED)
        }
    }
}
