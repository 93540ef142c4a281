//! Bytes in and out.

pub(crate) mod attributes;
pub(crate) mod compressed;
pub(crate) mod control;
pub(crate) mod directory;
pub(crate) mod follow;
pub(crate) mod inplace;
pub(crate) mod pipeline;
pub(crate) mod pool;
pub(crate) mod sink;
pub(crate) mod source;
pub(crate) mod standard;
pub(crate) mod stats;
pub(crate) mod successors;
pub(crate) mod sys;
pub(crate) mod watch;
