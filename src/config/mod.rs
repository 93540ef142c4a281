//! Settings: read from files, merged, and loaded.

mod file;
mod known;
mod load;
mod read;
mod setting;
mod settings;
mod show;
mod style;
mod styling;
mod table;
mod trial;

pub use setting::{List, Origin, Problem, Setting};
pub use settings::{Config, Loaded};
pub use style::{RuleStyle, RuleText, StyleKind};
