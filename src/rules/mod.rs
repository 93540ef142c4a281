//! Rules: the built-in table, custom rules, and the compiled selection of both.

pub(crate) mod allowed;
pub(crate) mod build;
mod built_in;
pub(crate) mod columns;
pub(crate) mod custom;
pub(crate) mod example;
pub(crate) mod fault;
pub(crate) mod fields;
pub(crate) mod format;
mod groups;
pub(crate) mod heading;
pub(crate) mod independent;
mod keys;
mod keyword;
mod keywords;
pub(crate) mod known;
mod log_format;
pub(crate) mod pattern;
pub(crate) mod rule;
pub(crate) mod ruleset;
pub(crate) mod secret_field;
mod sets;
pub(crate) mod suggest;
