//! A setting, where it was made, and what can be wrong with it.

use std::fmt::{self, Write};

use crate::error::Name;

/// Where a setting was made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// In a configuration.
    File {
        /// Its name.
        name: Name,
        /// The line, from 1.
        line: usize,
    },
    /// A file as a whole, one that the configuration names for example.
    Whole(Name),
    /// By an option of the command.
    Option(&'static str),
    /// By an environment variable.
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

/// What is wrong with a setting, and what to do about it, in one line. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Where the setting was made.
    pub origin: Origin,
    /// What is wrong; what to do.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        // What it quotes of the settings does not break the line.
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

/// A setting, and where it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// What is asked for.
    pub value: T,
    /// By what.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// `value`, asked for by `origin`.
    pub fn new(value: T, origin: Origin) -> Setting<T> {
        Setting { value, origin }
    }

    pub(super) fn problem(&self, text: impl Into<String>) -> Problem {
        Problem { origin: self.origin.clone(), text: text.into() }
    }
}
/// A list, each item of which has its own origin. Lists that are laid over each other add up.
pub type List<T> = Vec<Setting<T>>;
