//! Errors, and the names of inputs and outputs in messages.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The name of an input or output in a message: a path, or `standard input` or `standard output`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(Arc<str>);

impl Name {
    /// The name of standard input.
    pub fn stdin() -> Name {
        Name("standard input".into())
    }

    /// The name of standard output.
    pub fn stdout() -> Name {
        Name("standard output".into())
    }

    /// The name of the file at `path`. Control characters are escaped, so that a message stays on one line.
    pub fn path(path: &Path) -> Name {
        Name(visible(&path.display().to_string()).into())
    }
}

/// `text` on one line, as a message shows it: characters that are not [visible](is_visible) are escaped.
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

/// Whether `c` can be shown as it is. Control characters, line separators and characters that change the text direction
/// cannot.
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

/// Why a run, or one input of it, could not be completed. An error never contains bytes of a log.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An input could not be opened. Other inputs are not affected.
    Open {
        /// The input.
        name: Name,
        /// The system's error.
        source: io::Error,
    },
    /// An input could not be read to its end. The output up to there is written. Other inputs are not affected.
    Read {
        /// The input.
        name: Name,
        /// The system's error.
        source: io::Error,
    },
    /// An input is not text. None of it was redacted or written. Other inputs are not affected.
    NotText {
        /// The input.
        name: Name,
        /// What kind of data it is, and what the user can do.
        reason: String,
    },
    /// The run makes no sense as requested, or is not safe. Nothing was read or written.
    Refused {
        /// What is wrong, and what the user can do.
        reason: String,
    },
    /// The input is also the output, so it would read its own output. Other inputs are not affected.
    SameFile {
        /// The input.
        name: Name,
    },
    /// The output could not be opened or written. The run ends.
    Write {
        /// The output.
        name: Name,
        /// The system's error.
        source: io::Error,
    },
    /// A file could not be rewritten in place. It is unchanged. Other files are not affected.
    InPlace {
        /// The file.
        name: Name,
        /// The system's error.
        source: io::Error,
    },
    /// The reader of the output closed it, as `head` does. The run ends.
    Closed,
    /// The run was asked to stop before all of its inputs were read. The output up to there is written.
    Stopped,
    /// A worker panicked. The run ends, and nothing of the worker's segment is written.
    WorkerLost,
}

impl Error {
    /// The error of a failed read. If the input is [not text](NotText), that error takes precedence.
    pub(crate) fn read(name: Name, source: io::Error) -> Error {
        match source.downcast::<NotText>() {
            Ok(NotText(reason)) => Error::NotText { name, reason },
            Err(source) => Error::Read { name, source },
        }
    }
}

/// The error of reading an input that is not text: what it is, and what the user can do.
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
                write!(f, "{name}: cannot be rewritten: {why}; it is unchanged")
            }
            Error::Closed => f.write_str("standard output: closed by its reader"),
            Error::Stopped => f.write_str("stopped before all was read"),
            Error::WorkerLost => f.write_str("internal error: a worker panicked; the run stopped"),
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

/// The system's error in a few words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        // The process was started without this standard stream.
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
    fn messages_have_one_line_and_no_error_numbers() {
        let name = Name::path(Path::new("odd\nname.log"));
        let found =
            Error::Open { name: name.clone(), source: io::Error::from_raw_os_error(2) }.to_string();
        assert_eq!(found, "odd\\nname.log: no such file or directory");
        let found = Error::Write { name, source: io::Error::from_raw_os_error(5) }.to_string();
        assert_eq!(found, "odd\\nname.log: input/output error");
    }
}
