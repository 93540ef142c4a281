//! The grammar of secrets.
//!
//! Every function here makes a decision about a [`text::lex::Text`]. The decision depends only on bytes that the
//! function has seen, whatever follows them; if it needs more, the function fails with [`text::lex::More`]. So the
//! output does not depend on how the input was cut.

pub(crate) mod container;
pub(crate) mod credential;
pub(crate) mod ids;
pub(crate) mod key;
pub(crate) mod personal;
pub(crate) mod start;
pub(crate) mod text;
pub(crate) mod value;
