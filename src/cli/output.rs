//! What the command says: messages on standard error, reports on standard output.
//!
//! Everything that is said goes through here, so that no message is lost or cut off on a descriptor that is
//! non-blocking, and no control character of a file's name reaches a terminal.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};

use blackbar::command::{Standard, visible};
use blackbar::{Error, Name};

use super::outcome::Outcome;

/// Says `message` on standard error, as one line after the command's name.
pub fn say(message: impl Display) {
    note(visible(&format!("blackbar: {message}")));
}

/// Writes the lines of `text` to standard error.
pub fn note(text: impl Display) {
    let lines: String =
        text.to_string().lines().map(|line| format!("{}\n", visible(line))).collect();
    // In one write, since another process may write to the same terminal. If standard error is gone there is nobody left
    // to tell.
    let _ = Standard::error().write_all(lines.as_bytes());
}

/// Standard output, for a report.
pub type Report = BufWriter<Standard>;

/// A report that has nothing in it yet.
pub fn report() -> Report {
    BufWriter::new(Standard::output())
}

/// Prints a report to its end.
pub fn print(write: impl FnOnce(&mut Report) -> io::Result<()>) -> Result<Outcome, Error> {
    let mut out = report();
    let printed = write(&mut out).and_then(|()| out.flush());
    // A failed write is not tried again when the buffer is dropped.
    let _ = out.into_parts();
    match printed {
        Ok(()) => Ok(Outcome::Done),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Error::Closed),
        Err(source) => Err(Error::Write { name: Name::stdout(), source }),
    }
}

/// So many of something.
pub fn plural(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
