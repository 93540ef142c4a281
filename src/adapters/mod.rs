//! Faces of the engine.

pub(crate) mod mmexternal;
pub(crate) mod survey;
pub(crate) mod writer;
