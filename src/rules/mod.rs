//! Rules: the table of those that are built in, the user's own, and a selection of both, compiled.

pub(crate) mod allowed;
pub(crate) mod build;
mod built_in;
pub(crate) mod custom;
pub(crate) mod example;
pub(crate) mod fault;
pub(crate) mod fields;
pub(crate) mod format;
mod keys;
mod keyword;
pub(crate) mod known;
mod log_format;
pub(crate) mod near;
pub(crate) mod pattern;
pub(crate) mod rule;
pub(crate) mod ruleset;
mod sets;
