//! A setting with its origin, and problems with settings.

use std::fmt::{self, Write};

use crate::error::Name;

/// The origin of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// A configuration file.
    File {
        /// Its name.
        name: Name,
        /// The line, from 1.
        line: usize,
    },
    /// A whole file, for example one that the configuration names.
    Whole(Name),
    /// A command-line option.
    Option(&'static str),
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File { name, line } => write!(f, "{name}:{line}"),
            Origin::Whole(name) => write!(f, "{name}"),
            Origin::Option(option) => f.write_str(option),
            Origin::Variable(name) => write!(f, "the variable {name}"),
        }
    }
}

/// An error in a setting, with what to do about it, in one line. It never contains a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The origin of the setting.
    pub origin: Origin,
    /// The error, and what to do about it.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        // Text that is quoted from the settings may contain newlines.
        for c in self.text.chars() {
            match c.is_control() {
                true => write!(f, "{}", c.escape_default())?,
                false => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// A setting with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where the value comes from.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// The setting `value` from `origin`.
    pub fn new(value: T, origin: Origin) -> Setting<T> {
        Setting { value, origin }
    }

    pub(super) fn problem(&self, text: impl Into<String>) -> Problem {
        Problem { origin: self.origin.clone(), text: text.into() }
    }
}
/// A list whose items have their own origins. Merging settings combines their lists.
pub type List<T> = Vec<Setting<T>>;
