//! Where a value ends, and what it looks like.

pub(crate) mod extent;
pub(crate) mod head;
pub(crate) mod placeholder;
pub(crate) mod writing;
