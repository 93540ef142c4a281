//! What a [`recogniser`](super::recogniser) needs to know of a pattern that somebody has checked.

use regex_syntax::hir::Hir;

/// A set of bytes.
pub(crate) type Bytes = Box<[bool; 256]>;

/// The most memory that a pattern's automaton may take, in bytes.
pub(crate) const AUTOMATON_MAX: usize = 4 << 20;

/// A checked pattern, in the parts that a scan needs.
#[derive(Clone, Debug)]
pub struct Outline {
    /// All of the pattern but an endless secret's tail. Each match has a group `secret`.
    pub(crate) decided: Hir,
    /// The bytes that an endless secret goes on with behind the match.
    pub(crate) tail: Option<Bytes>,
    /// The most bytes from a match's start to the keyword that it was found by.
    pub before: usize,
    /// The most bytes that have to match before it is certain that all of the pattern does.
    pub longest: usize,
}
