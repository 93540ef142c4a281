//! Where a value ends, and what it looks like.

pub(crate) mod base64;
mod bytes;
pub(crate) mod code;
pub(crate) mod extent;
pub(crate) mod frame;
mod harmless;
pub(crate) mod head;
pub(crate) mod literal;
pub(crate) mod placeholder;
pub(crate) mod scheme;
pub(crate) mod writing;
