//! Characters under any escape.

pub(crate) mod lex;
