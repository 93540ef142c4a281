//! Pages for people who run the command: what the README has no room for.

#[doc = include_str!("shippers.md")]
pub mod shippers {}
