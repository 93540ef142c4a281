//! The separator between a key and its value.

use std::ops::ControlFlow::Break;

use super::candidate::Key;
use super::line::newline;
use super::steps::{Leads, NO_VALUE, NOTHING, ON, Walk};
use super::value_key::value_key;
use super::way::{Separator, Way};
use crate::grammar::text::lex::{Enc, Step, Text};

impl Key {
    /// Past what separates a key from its value: a colon, an equals sign, an arrow, or a comma between two strings.
    #[inline(always)]
    pub(super) fn past_separator(
        &self,
        text: &Text,
        anchor: usize,
        walk: &mut Walk,
    ) -> Step<Leads> {
        let unit = text.unit(walk.at)?;
        let following = text.unit(walk.at + unit.len)?;
        let next = following.ch;
        match unit.ch {
            b':' if matches!(unit.enc, Enc::Raw) || unit.level() > 0 => {
                if next == b':' {
                    return Ok(NO_VALUE);
                }
                walk.at += unit.len + if next == b'=' { following.len } else { 0 };
                walk.level = walk.level.max(unit.level());
            }
            b'=' => {
                // `==` and `=~` compare.
                if matches!(next, b'=' | b'~') {
                    return Ok(NO_VALUE);
                }
                walk.at += unit.len;
                walk.level = walk.level.max(unit.level());
                if next == b'>' {
                    walk.at += following.len;
                } else if !walk.quoted && !walk.spaced && !walk.bracketed {
                    walk.separator = Separator::Compact;
                }
            }
            b'-' if next == b'>' => {
                walk.level = walk.level.max(following.level());
                walk.at += unit.len + following.len;
            }
            b',' | b'|' if walk.quoted && unit.level() <= walk.level => {
                walk.at += unit.len;
                return self.past_comma(text, anchor, walk);
            }
            _ => return Ok(NOTHING),
        }
        Ok(ON)
    }

    /// Past what comes behind the comma between two strings: the value, or a key of its own.
    #[inline(never)]
    fn past_comma(&self, text: &Text, anchor: usize, walk: &mut Walk) -> Step<Leads> {
        let value = text.skip_blanks(walk.at, walk.level)?;
        if let Some(value) = value_key(text, value)? {
            walk.at = value;
            return Ok(ON);
        }
        if text.unit(value)?.is_newline() {
            let named = self.is_named(text, anchor);
            if !self.in_sequence(text, anchor) && !named {
                return Ok(NO_VALUE);
            }
            let (separator, level) = (Separator::Comma, walk.level);
            return Ok(match newline(text, value)? {
                Some(at) => Break(Way::NextLine { at, separator, named, level }),
                None => NO_VALUE,
            });
        }
        if !self.in_sequence(text, anchor) {
            return Ok(NO_VALUE);
        }
        walk.separator = Separator::Comma;
        Ok(ON)
    }
}
