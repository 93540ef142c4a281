//! The prefilter: where a credential may be.

mod anchors;
mod banks;
mod built_in;
mod code;
mod engine;
mod hit;
mod order;
mod starts;

#[cfg(test)]
pub(crate) use anchors::ANCHORS;
pub(crate) use anchors::{Anchors, Search, cut_option, is_cut_option, key_anchors};
pub(crate) use banks::Banks;
pub(crate) use hit::{Anchor, Hit, Place};
pub(crate) use starts::{Key, Starts};
