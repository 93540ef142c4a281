//! Pages for people who run the command: what the README has no room for.

#[doc = include_str!("shippers.md")]
pub mod shippers {}

#[doc = include_str!("../grammar/key/shapes.md")]
pub mod shapes {}

#[doc = include_str!("configuration.md")]
pub mod configuration {}

#[doc = include_str!("files.md")]
pub mod files {}

#[doc = include_str!("scan.md")]
pub mod scan {}

#[doc = include_str!("rust.md")]
pub mod rust {}

#[doc = include_str!("speed.md")]
pub mod speed {}

#[doc = include_str!("styles.md")]
pub mod styles {}

#[doc = include_str!("tokens.md")]
pub mod tokens {}

#[doc = include_str!("trust.md")]
pub mod trust {}
