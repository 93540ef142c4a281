//! The prefilter: where a credential may be.

mod anchors;
mod engine;
mod further;
mod order;
mod starts;

pub(crate) use anchors::{Anchor, Anchors, Hit, Place, Search};
pub(crate) use further::Further;
pub(crate) use starts::{Key, Starts};
