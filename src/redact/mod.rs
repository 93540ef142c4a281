//! From spans to output.

pub(crate) mod carry;
pub(crate) mod destination;
pub(crate) mod mask;
pub(crate) mod redactor;
pub(crate) mod replacement;
pub(crate) mod style;
pub(crate) mod unescape;
