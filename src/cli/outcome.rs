//! How a run ended, and how its report is printed.

use clap::ValueEnum;

/// How a run ended, if not by an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was processed.
    Done,
    /// Everything was processed, and a scan found secrets.
    Found,
    /// Some inputs had errors, which were reported.
    Partial,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for people.
    Text,
    /// A JSON value for programs.
    Json,
}
