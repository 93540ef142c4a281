//! How far a walk from a key to its value has come.

use std::ops::ControlFlow;

use super::way::{Separator, Way};

/// How far the walk has come, and what was met on it.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    /// Where what closes the key ends.
    pub closed: usize,
    pub at: usize,
    /// The key is in quotes.
    pub quoted: bool,
    /// Its quotes are doubled, as in a CSV field.
    pub doubled: bool,
    /// It is in brackets, as PHP prints them.
    pub bracketed: bool,
    /// Blanks came last.
    pub spaced: bool,
    pub separator: Separator,
    /// The percent-encoding depth that was seen so far.
    pub level: u8,
}

/// Whether a step went on (`true`), or had nothing to go past; or where the value is.
pub(super) type Leads = ControlFlow<Way, bool>;

/// A step went on.
pub(super) const ON: Leads = ControlFlow::Continue(true);
/// A step had nothing to go past.
pub(super) const NOTHING: Leads = ControlFlow::Continue(false);
/// There is no value.
pub(super) const NO_VALUE: Leads = ControlFlow::Break(Way::None);
