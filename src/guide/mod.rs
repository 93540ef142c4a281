//! Pages for people who run the command: what the README has no room for.

#[doc = include_str!("shippers.md")]
pub mod shippers {}

#[doc = include_str!("../grammar/key/shapes.md")]
pub mod shapes {}
