//! The vocabulary that the scanner and the masker share.

use std::ops::Range;

/// Names a rule of a [`Ruleset`](crate::Ruleset): an index into its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub(crate) u16);

impl RuleId {
    /// The index of the rule in its table, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Which part of a secret a [`Span`] covers.
///
/// A secret longer than the window is reported in parts, so that it is never
/// buffered: one `Open`, any number of `Continue`, one `Close`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// The whole secret.
    Whole,
    /// The first part of a secret that goes on.
    Open,
    /// A further part of an open secret.
    Continue,
    /// The last part of an open secret; its range may be empty.
    Close,
}

impl Edge {
    /// The edge of a part, of a secret that was `open` before it and has `ended` with it.
    pub(crate) fn of(open: bool, ended: bool) -> Edge {
        match (open, ended) {
            (false, true) => Edge::Whole,
            (false, false) => Edge::Open,
            (true, false) => Edge::Continue,
            (true, true) => Edge::Close,
        }
    }

    /// Whether a secret begins with this span, which is where its replacement
    /// stands.
    pub fn begins(self) -> bool {
        matches!(self, Edge::Whole | Edge::Open)
    }

    /// Whether a secret ends with this span.
    pub fn ends(self) -> bool {
        matches!(self, Edge::Whole | Edge::Close)
    }
}

/// A stretch of bytes to black out, in bytes from the window's start.
///
/// The spans of one scan are in order and do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The bytes, relative to the window that was scanned.
    pub range: Range<usize>,
    /// The rule that found them.
    pub rule: RuleId,
    /// Which part of the secret they are.
    pub edge: Edge,
}
