//! The prefilter: where a credential may be.

mod anchors;
mod engine;
mod further;
mod hit;
mod order;
mod starts;

#[cfg(test)]
pub(crate) use anchors::ANCHORS;
pub(crate) use anchors::{Anchors, Search, cut_option, is_cut_option, key_anchors};
pub(crate) use further::Further;
pub(crate) use hit::{Anchor, Hit, Place};
pub(crate) use starts::{Key, Starts};
