//! What can go wrong, and the names that messages use.

use std::fmt;
use std::io;
use std::path::Path;

/// The name of an input or output in a message: a path, or `standard input` or `standard output`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// The name of standard input.
    pub fn stdin() -> Name {
        Name("standard input".to_owned())
    }

    /// The name of standard output.
    pub fn stdout() -> Name {
        Name("standard output".to_owned())
    }

    /// The name of the file at `path`. Control characters are escaped, so that a message stays on one line.
    pub fn path(path: &Path) -> Name {
        Name(visible(&path.display().to_string()))
    }
}

/// `text` on one line, as a message shows it: what is not [shown as it is](is_visible) is escaped.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_visible(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_default());
        }
    }
    shown
}

/// Whether `c` can be shown as it is: neither a control character nor a line separator, and nothing that changes the
/// direction of the text around it.
pub fn is_visible(c: char) -> bool {
    let directs =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !(c.is_control() || directs || matches!(c, '\u{2028}' | '\u{2029}'))
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a run, or one input of it, could not be completed. It never carries bytes of a log.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An input could not be opened. Other inputs are not concerned.
    Open {
        /// The input.
        name: Name,
        /// What the system said.
        source: io::Error,
    },
    /// An input could not be read to its end. What was decided by then is written. Other inputs are not concerned.
    Read {
        /// The input.
        name: Name,
        /// What the system said.
        source: io::Error,
    },
    /// An input is not text, so nothing of it was redacted or written. Other inputs are not concerned.
    NotText {
        /// The input.
        name: Name,
        /// What it is, and what to do about it.
        reason: String,
    },
    /// The run as it was asked for makes no sense, or is not safe. Nothing was read or written.
    Refused {
        /// What is wrong, and what to do about it.
        reason: String,
    },
    /// The input is also the output: reading it would read what is being written. Other inputs are not concerned.
    SameFile {
        /// The input.
        name: Name,
    },
    /// The output could not be opened or written, which ends the run.
    Write {
        /// The output.
        name: Name,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be rewritten in place. It is as it was. Other files are not concerned.
    InPlace {
        /// The file.
        name: Name,
        /// What the system said.
        source: io::Error,
    },
    /// Whoever read the output has closed it, as `head` does, which ends the run.
    Closed,
    /// The run was told to stop before all of its inputs were read. What was decided by then is written.
    Stopped,
    /// A worker panicked, which ends the run. Nothing of its segment is written.
    WorkerLost,
}

impl Error {
    /// Why reading failed: an input that is [not text](NotText) says so by its own error.
    pub(crate) fn read(name: Name, source: io::Error) -> Error {
        match source.downcast::<NotText>() {
            Ok(NotText(reason)) => Error::NotText { name, reason },
            Err(source) => Error::Read { name, source },
        }
    }
}

/// What a read of an input that is not text fails with: what it is, and what to do about it.
#[derive(Debug)]
pub(crate) struct NotText(pub(crate) String);

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotText {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Open { name, source } if source.kind() == io::ErrorKind::IsADirectory => {
                write!(
                    f,
                    "{name}: is a directory; name the files in it, or redact or scan it with -r"
                )
            }
            Error::Open { name, source } => write!(f, "{name}: {}", reason(source)),
            Error::Read { name, source } => {
                write!(f, "{name}: {}; the rest of it is not redacted", reason(source))
            }
            Error::NotText { name, reason } => write!(f, "{name}: {reason}"),
            Error::Refused { reason } => f.write_str(reason),
            Error::SameFile { name } => {
                write!(f, "{name}: is also the output; choose another with -o FILE")
            }
            Error::Write { name, source } => write!(f, "{name}: {}", reason(source)),
            Error::InPlace { name, source } => {
                let why = match source.kind() {
                    io::ErrorKind::PermissionDenied => {
                        "it or its directory is write-protected".to_owned()
                    }
                    io::ErrorKind::ReadOnlyFilesystem => "its file system is read-only".to_owned(),
                    io::ErrorKind::StorageFull => "no space left on the device".to_owned(),
                    _ => reason(source),
                };
                write!(f, "{name}: cannot be rewritten: {why}; it is as it was")
            }
            Error::Closed => f.write_str("standard output: closed by its reader"),
            Error::Stopped => f.write_str("stopped before all was read"),
            Error::WorkerLost => {
                f.write_str("internal error: a worker stopped, and the run with it")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Open { source, .. }
            | Error::Read { source, .. }
            | Error::InPlace { source, .. }
            | Error::Write { source, .. } => Some(source),
            Error::Refused { .. }
            | Error::NotText { .. }
            | Error::SameFile { .. }
            | Error::Closed
            | Error::Stopped
            | Error::WorkerLost => None,
        }
    }
}

/// Bad file descriptor.
const EBADF: i32 = 9;

/// What the system said, in a few words.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        // A standard stream that the process was started without.
        _ if error.raw_os_error() == Some(EBADF) => "is closed".to_owned(),
        io::ErrorKind::StorageFull => {
            "no space left on the device; the output is not complete".to_owned()
        }
        _ => {
            let text = error.to_string();
            match text.split_once(" (os error") {
                Some((words, _)) => words.to_lowercase(),
                None => text,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_one_line_without_error_numbers() {
        let name = Name::path(Path::new("odd\nname.log"));
        let found =
            Error::Open { name: name.clone(), source: io::Error::from_raw_os_error(2) }.to_string();
        assert_eq!(found, "odd\\nname.log: no such file or directory");
        let found = Error::Write { name, source: io::Error::from_raw_os_error(5) }.to_string();
        assert_eq!(found, "odd\\nname.log: input/output error");
    }
}
