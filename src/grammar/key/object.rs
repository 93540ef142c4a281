//! The value in a member of an object, which [`super::constructor`] finds.

use super::change::is_side_at;
use super::constructor::member;
use super::log_prefix::first_in_brackets;
use super::open::open;
use super::target::{Separator, Target};
use crate::grammar::text::lex::{Step, Text};
use crate::grammar::value::extent::is_pair;
use crate::grammar::value::frame::Frame;

/// The value of an object's member at `at`. `close` closes the object.
pub(super) fn member_value(text: &Text, at: usize, close: u8, level: u8) -> Step<Target> {
    let frame = Frame { close, ..Frame::within(level) };
    let unit = text.unit(at)?;
    let side = unit.quote().is_some() && is_side_at(text, at + unit.len);
    let separator = if side { Separator::Comma } else { Separator::Spaced };
    let bare = Target::Value { at, frame, separator: Separator::Compact };
    Ok(open(text, at, separator, level)?.unwrap_or(bare))
}

/// The cookies in the only member of an object at `at`, as Rust prints the value of a header: `Value { inner: ["sid=T"] }`.
pub(super) fn header_value(text: &Text, at: usize, level: u8) -> Step<Option<Target>> {
    let Some((value, close)) = member(text, at)? else { return Ok(None) };
    let target = member_value(text, value, close, level)?;
    let first = match target {
        Target::Value { at, frame, .. } if frame.own_quote => at,
        Target::List { at, .. } => {
            let first = first_in_brackets(text, at, level)?;
            first + text.unit(first)?.len
        }
        _ => return Ok(None),
    };
    let is_text = text.unit_before(first, 0).quote().is_some();
    Ok((is_text && is_pair(text, first, false, level)?).then_some(target))
}
