//! Rules: the table of those that are built in, the user's own, and a selection of both, compiled.

pub(crate) mod allowed;
pub(crate) mod build;
mod built_in;
pub(crate) mod custom;
pub(crate) mod fields;
mod keys;
pub(crate) mod known;
pub(crate) mod near;
pub(crate) mod rule;
pub(crate) mod ruleset;
mod sets;
