//! What a rule makes of the place it was entered at.

use crate::grammar::value::extent::Value;
use crate::grammar::value::frame::Frame;
use crate::span::RuleId;

/// A list whose items are `name=value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    /// Cookie-pairs of a request.
    Cookie,
    /// A cookie-pair of a response, then attributes.
    SetCookie,
    /// The parameters of an authorization scheme.
    Params,
}

/// Where in a list the scanner is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub kind: ListKind,
    pub frame: Frame,
    /// No item has been read: the first pair of `Set-Cookie` is a cookie, whatever its name.
    pub first: bool,
    pub rule: RuleId,
}

/// What a rule makes of the place it was entered at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    /// Nothing here; search on from the offset.
    Nothing(usize),
    /// A value from the offset on, perhaps the first of a list's.
    Value(usize, Value, Option<List>),
    /// A list from the offset on.
    List(usize, List),
    /// A list ends at the offset.
    Done(usize),
    /// A secret that was seen to its end, but for the tail of the recogniser of that number.
    Match { start: usize, end: usize, rule: RuleId, tail: Option<u16> },
}
