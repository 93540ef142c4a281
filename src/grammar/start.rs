//! What a rule finds at an anchor.

use crate::grammar::container::Container;
use crate::grammar::value::extent::Value;
use crate::span::RuleId;

/// What a rule finds at an anchor, or what a container finds as its next element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    /// Nothing. Continue the search at the offset.
    Nothing(usize),
    /// A value that starts at the offset. If it is the first element of a container, the container opens with it.
    Value(usize, Value, Option<Container>),
    /// A container. Its first element is searched for from the offset on.
    Enter(usize, Container),
    /// The container ends at the offset.
    Done(usize),
    /// A secret that was matched to its end. It may continue with the tail of the recogniser with that number.
    Match { start: usize, end: usize, rule: RuleId, tail: Option<u16> },
}
