//! Faults of a custom rule, and the parts of the rule that have them.

use std::fmt;

/// A fault of a rule, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Where in the rule it is.
    pub part: Part,
    /// A message without the rule's own texts, because an example may contain a real secret.
    pub text: String,
}

/// A part of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Its name.
    Name,
    /// All of its keywords.
    Keywords,
    /// One keyword, by its index.
    Keyword(usize),
    /// Its pattern.
    Pattern,
    /// An example, by its index.
    Example(usize),
    /// A counter-example, by its index.
    CounterExample(usize),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Fault {}
