//! What a rule makes of the place it was entered at.

use crate::grammar::container::Container;
use crate::grammar::value::extent::Value;
use crate::span::RuleId;

/// What a rule makes of the place it was entered at, or a container of its next element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    /// Nothing here; search on from the offset.
    Nothing(usize),
    /// A value from the offset on, perhaps the first of a container's, which opens with it.
    Value(usize, Value, Option<Container>),
    /// A container whose first element is looked for from the offset on.
    Enter(usize, Container),
    /// The container ends at the offset.
    Done(usize),
    /// A secret that was seen to its end, but for the tail of the recogniser of that number.
    Match { start: usize, end: usize, rule: RuleId, tail: Option<u16> },
}
