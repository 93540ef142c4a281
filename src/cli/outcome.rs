//! What the subcommands share: how a run ended, and how its report is printed.

use clap::ValueEnum;

/// How a run that went through ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All of it is done.
    Done,
    /// All of it is done, and a scan found something.
    Found,
    /// Some inputs were reported and left out.
    Partial,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON value, for programs.
    Json,
}
