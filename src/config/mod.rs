//! Settings: read from files, laid over each other, loaded all or none.

mod file;
mod known;
mod settings;
mod show;

pub use settings::{Config, List, Loaded, Origin, Problem, RuleStyle, Setting, StyleKind};
