//! The command line.
//!
//! [`plan`] parses arguments (`Args`, for `clap`) and turns them into a checked [`Plan`], which runs. There is one file
//! per subcommand, with its arguments and its plan. The other files are used by several subcommands.

#![forbid(unsafe_code)]

mod baseline;
mod bench;
mod color;
mod complete;
mod config;
mod findings;
mod help;
mod inputs;
mod manual;
mod outcome;
mod output;
mod overlap;
mod plan;
mod preview;
mod progress;
mod redact;
mod rules;
mod run;
mod scan;
mod shell;
mod signals;
mod stats;
mod style;
mod usage;

pub use outcome::Outcome;
pub use output::say;
pub use plan::Plan;
pub use signals::die_of_signal;
