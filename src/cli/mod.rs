//! The command line: what was typed, and the plan that it means.
//!
//! [`plan`] has both: `Args` is syntax and belongs to `clap`, [`Plan`] is checked and is all that runs. One file a
//! subcommand, with its own arguments and plan; the other files are what several of them need.

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
