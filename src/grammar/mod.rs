//! What secrets look like.
//!
//! Every function here is a decision on a [`text::lex::Text`] that either is made from the bytes
//! it has seen, whatever comes after them, or fails with [`text::lex::More`]. That is what makes
//! the output independent of how the input was cut.

pub(crate) mod container;
pub(crate) mod credential;
pub(crate) mod ids;
pub(crate) mod key;
pub(crate) mod start;
pub(crate) mod text;
pub(crate) mod value;
