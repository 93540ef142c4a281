//! Messages on standard error, and reports on standard output.
//!
//! All messages go through this module. It does not lose or truncate them if the descriptor is non-blocking, and it lets
//! no control character of a file's name reach a terminal.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};

use blackbar::command::{Standard, visible};
use blackbar::{Error, Name};

use super::outcome::Outcome;

/// Prints `message` to standard error, as one line after the command's name.
pub fn say(message: impl Display) {
    note(visible(&format!("blackbar: {message}")));
}

/// Writes the lines of `text` to standard error.
pub fn note(text: impl Display) {
    let lines: String =
        text.to_string().lines().map(|line| format!("{}\n", visible(line))).collect();
    // In one write, because another process may write to the same terminal. An error here cannot be reported.
    let _ = Standard::error().write_all(lines.as_bytes());
}

/// Standard output, for a report.
pub type Report = BufWriter<Standard>;

/// An empty report.
pub fn report() -> Report {
    BufWriter::new(Standard::output())
}

/// Prints the rest of a report.
pub fn print(write: impl FnOnce(&mut Report) -> io::Result<()>) -> Result<Outcome, Error> {
    let mut out = report();
    let printed = write(&mut out).and_then(|()| out.flush());
    // After a failed write, dropping the buffer must not try again.
    let _ = out.into_parts();
    match printed {
        Ok(()) => Ok(Outcome::Done),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Error::Closed),
        Err(source) => Err(Error::Write { name: Name::stdout(), source }),
    }
}

/// A count and a noun, in singular or plural.
pub fn plural(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
