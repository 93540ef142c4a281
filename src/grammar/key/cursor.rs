//! The position of the search from a key to its value.

use std::ops::ControlFlow;

use super::target::{Separator, Target};

/// The position of the search, and what it has passed.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    /// The end of the key's closing quotes and brackets.
    pub closed: usize,
    pub at: usize,
    /// The key is quoted.
    pub quoted: bool,
    /// Its quotes are doubled, as in a CSV field.
    pub doubled: bool,
    /// It is in brackets, as PHP prints them.
    pub bracketed: bool,
    /// The last character was a space.
    pub spaced: bool,
    pub separator: Separator,
    /// The deepest percent-encoding so far.
    pub level: u8,
}

/// The result of a step: whether it passed something (`true`) or nothing, or where the value is.
pub(super) type Outcome = ControlFlow<Target, bool>;

/// A step passed something.
pub(super) const ON: Outcome = ControlFlow::Continue(true);
/// A step found nothing to pass.
pub(super) const NOTHING: Outcome = ControlFlow::Continue(false);
/// There is no value.
pub(super) const NO_VALUE: Outcome = ControlFlow::Break(Target::None);
