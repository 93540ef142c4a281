//! What a [`recogniser`](super::recogniser) needs to know about a pattern that has been checked.

use regex_syntax::hir::Hir;

/// A set of bytes.
pub(crate) type Bytes = Box<[bool; 256]>;

/// The memory limit of a pattern's automaton, in bytes.
pub(crate) const AUTOMATON_MAX: usize = 4 << 20;

/// A checked pattern, split into the parts that a scan needs.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The pattern without the tail of an unbounded secret. Each match has a group `secret`.
    pub(crate) decided: Hir,
    /// The bytes with which an unbounded secret continues after the match.
    pub(crate) tail: Option<Bytes>,
    /// The most bytes from the start of a match to the keyword that it was found by.
    pub before: usize,
    /// The most bytes that have to match before the whole pattern is certain to match.
    pub longest: usize,
}
