//! Characters under any escape.

mod backward;
mod escape;
pub(crate) mod lex;
pub(crate) mod reads;
pub(crate) mod run;
mod unit;
