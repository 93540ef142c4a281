//! Where a value ends, and what it looks like.

pub(crate) mod base64;
mod bytes;
pub(crate) mod characters;
pub(crate) mod code;
pub(crate) mod extent;
pub(crate) mod frame;
pub(crate) mod harmless;
pub(crate) mod head;
pub(crate) mod literal;
pub(crate) mod lookahead;
mod next_field;
pub(crate) mod placeholder;
mod plain;
pub(crate) mod scheme;
pub(crate) mod status;
pub(crate) mod wording;
pub(crate) mod writing;
