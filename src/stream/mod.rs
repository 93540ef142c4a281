//! Input and output of bytes.

pub(crate) mod attributes;
pub(crate) mod compressed;
pub(crate) mod content;
pub(crate) mod control;
pub(crate) mod cutter;
pub(crate) mod directory;
pub(crate) mod feed;
pub(crate) mod file_input;
pub(crate) mod follow;
mod gzip;
pub(crate) mod inplace;
pub(crate) mod input;
pub(crate) mod pipeline;
pub(crate) mod pool;
pub(crate) mod sink;
pub(crate) mod source;
pub(crate) mod standard;
pub(crate) mod stats;
pub(crate) mod successors;
pub(crate) mod sys;
pub(crate) mod text_input;
pub(crate) mod utf16;
pub(crate) mod watch;
