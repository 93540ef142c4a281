//! Characters under any escape.

mod backward;
mod escape;
pub(crate) mod lex;
mod unit;
