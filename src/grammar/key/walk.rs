//! The walk from a key to its value, step by step.

use std::ops::ControlFlow::{Break, Continue};

use super::candidate::Key;
use super::class::Class;
use super::line::{newline, past_marker};
use super::open::{is_base64, open, past_array};
use super::steps::{Leads, ON, Walk};
use super::types::skip_type;
use super::way::{DOUBLE, Separator, Way, closer};
use crate::grammar::text::lex::{Enc, Step, Text, is_blank};
use crate::grammar::value::frame::Frame;

impl Key {
    /// Reads from the key's end to its value.
    pub fn way(&self, text: &Text, anchor: usize) -> Step<Way> {
        let Some(mut walk) = self.past_closers(text, anchor)? else { return Ok(Way::None) };
        // 1. Words and a separator. The key is a value itself in `grant_type=refresh_token :`, and in `key=Cookie value=T`.
        let is_value = walk.spaced && !walk.quoted && self.context == b'=';
        let leads = match is_value {
            true => Continue(false),
            false => self.past_separator(text, anchor, &mut walk)?,
        };
        let leads = match leads {
            Continue(false) => self.past_words(text, anchor, &mut walk)?,
            leads => leads,
        };
        if let Break(way) = leads {
            return Ok(way);
        }
        // 2. A line's end or a type, and what opens the value.
        match self.past_opener(text, anchor, &mut walk)? {
            Break(way) => Ok(way),
            Continue(_) => self.around(text, anchor, &walk),
        }
    }

    /// Past what closes the quotes and brackets that opened right before the key. `None` where no value can follow.
    #[inline(always)]
    fn past_closers(&self, text: &Text, anchor: usize) -> Step<Option<Walk>> {
        let level = self.level;
        let mut at = self.end;
        let (mut quoted, mut doubled, mut bracketed) = (false, false, false);
        let unit = text.unit(at)?;
        if let (Some(opener), Some(_)) = (self.opener, unit.quote()) {
            if opener.closed_by(unit).is_none() {
                return Ok(None);
            }
            quoted = true;
            at += unit.len;
            // "" in a CSV field that quotes JSON.
            if opener == DOUBLE
                && text.before(anchor, self.back + 2) == b'"'
                && text.at(at)? == b'"'
            {
                doubled = true;
                at += 1;
            }
            // The second quote of a `\\""` stands right before the name too.
            if matches!(opener.enc, Enc::Slash(_))
                && text.at(at)? == b'"'
                && text.before(anchor, self.back + 1) == b'"'
                && text.before(anchor, self.back + 2) == b'"'
            {
                at += 1;
            }
        }
        at = text.skip_ansi(at)?;
        let unit = text.unit(at)?;
        match unit.ch {
            b']' if self.context == b'[' && unit.level() <= level => {
                bracketed = true;
                at += unit.len;
            }
            b'>' if quoted && text.at(at + 1)? == b'>' => at += 2, // <<"erlang">>
            _ => {}
        }
        let closed = at;
        at = text.skip_blanks(at, level)?;
        let spaced = at > closed;
        if text.unit(at)?.enc == Enc::Ansi {
            return Ok(None);
        }
        let separator = Separator::Spaced;
        Ok(Some(Walk { closed, at, quoted, doubled, bracketed, spaced, separator, level }))
    }

    /// What the value opens with.
    #[inline(always)]
    fn past_opener(&self, text: &Text, anchor: usize, walk: &mut Walk) -> Step<Leads> {
        let Walk { mut at, quoted, doubled, bracketed, mut separator, level, .. } = *walk;
        let after_separator = at;
        at = text.skip_blanks(at, level)?;
        if at > after_separator && separator == Separator::Compact {
            separator = Separator::Spaced;
        }
        if doubled && text.at(at)? == b'"' && text.at(at + 1)? == b'"' {
            let frame = Frame { quote: Some(DOUBLE), own_quote: true, ..Frame::default() };
            return Ok(Break(Way::Value { at: at + 2, frame, separator }));
        }
        let at = skip_type(text, at)?;
        let unit = text.unit(at)?;
        if unit.is_newline() {
            let header = matches!(
                self.class,
                Class::Cookie | Class::SetCookie | Class::Authorization | Class::Header
            );
            return Ok(Break(match newline(text, at)? {
                Some(at)
                    if quoted
                        || bracketed
                        || self.exact
                            && matches!(self.class, Class::Cookie | Class::SetCookie)
                            && is_blank(text.at(at)?)
                        || header && past_marker(text, text.skip_blanks(at, level)?)?.is_some() =>
                {
                    Way::NextLine { at, separator, named: false, level }
                }
                _ => Way::None,
            }));
        }
        if (quoted || bracketed)
            && let Some(at) = past_array(text, at)?
        {
            return Ok(Break(Way::NextLine { at, separator, named: false, level }));
        }
        if separator == Separator::Compact && unit.quote().is_some() {
            // `'/me?access_token=' + token`: the string ends here.
            let next = text.unit(at + unit.len)?;
            if matches!(self.context, b'?' | b'&')
                || text.ends_before(anchor, self.outset, b"&amp;")
                || next.is_newline()
                || matches!(next.ch, b' ' | b',' | b';' | b')')
                || matches!(next.ch, b'+' | b'.')
                    && next.enc == Enc::Raw
                    && !is_base64(text, at + unit.len, unit)?
            {
                return Ok(Break(Way::None));
            }
        }
        if let Some(way) = open(text, at, separator, level)? {
            return Ok(Break(way));
        }
        (walk.at, walk.separator) = (at, separator);
        Ok(ON)
    }

    /// A value without an opener of its own: what encloses the key encloses it.
    fn around(&self, text: &Text, anchor: usize, walk: &Walk) -> Step<Way> {
        let Walk { at, quoted, bracketed, separator, level, .. } = *walk;
        let unit = text.unit(at)?;
        if separator == Separator::Comma {
            return Ok(Way::None);
        }
        let mut frame = Frame::within(level);
        if quoted || bracketed {
            // A bare word where a string is expected: a number, `null`, an expression, or a
            // dump without quotes.
            if bracketed && !quoted {
                frame.line = true;
            } else if matches!(self.context, b'{' | b'[' | b'(') {
                frame.close = closer(self.context);
            }
            return Ok(Way::Value { at, frame, separator: Separator::Spaced });
        }
        if self.opener.is_some() {
            frame.quote = self.opener;
            frame.line = separator != Separator::Compact;
        } else if self.context == b'<' && self.class == Class::Cookie {
            frame.close = b'>';
        } else if matches!(self.context, b'[' | b'(') {
            frame.close = closer(self.context);
            frame.line = true;
            frame.call = self.context == b'(';
        } else if self.context == b'{'
            || (matches!(self.context, b' ' | b',')
                && separator == Separator::Compact
                && unit.ch != b'"')
        {
            frame.map = separator == Separator::Compact;
            frame.close = if self.context == b'{' { b'}' } else { 0 };
        }
        frame.call |= self.context == b'.'
            || self.context == b' ' && text.before(anchor, self.outset + 2) == b',';
        if !frame.line && unit_is_colon(text, self.end)? {
            frame.line = self.starts_line(text, anchor);
        }
        Ok(Way::Value { at, frame, separator })
    }
}

fn unit_is_colon(text: &Text, at: usize) -> Step<bool> {
    let at = text.skip_blanks(text.skip_ansi(at)?, 0)?;
    Ok(text.unit(at)?.ch == b':')
}
