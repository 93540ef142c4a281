//! The separator between a key and its value.

use std::ops::ControlFlow::{Break, Continue};

use super::candidate::Key;
use super::change::past_side;
use super::class::Class;
use super::cookie_field::bare_end;
use super::cursor::{Cursor, NO_VALUE, NOTHING, ON, Outcome};
use super::find_value::past_stars;
use super::log_prefix::{first_in_brackets, line_below};
use super::pattern::{past, past_digits};
use super::target::{Separator, Target};
use super::value_member::{value_behind, value_key};
use crate::grammar::text::lex::{Enc, Step, Text, is_name};

impl Key {
    /// Skips the separator between a key and its value: a colon, an equals sign, an arrow, or a comma between two
    /// strings.
    #[inline(always)]
    pub(super) fn past_separator(
        &self,
        text: &Text,
        anchor: usize,
        cursor: &mut Cursor,
    ) -> Step<Outcome> {
        let unit = text.unit(cursor.at)?;
        let following = text.unit(cursor.at + unit.len)?;
        let next = following.ch;
        match unit.ch {
            b':' if matches!(unit.enc, Enc::Raw) || unit.level() > 0 => {
                // `::` is a path of names, or an arrow of another shape. In HTML, the key's tag may end behind the colon.
                if next == b':' || next == b'<' && self.context == b'>' {
                    return Ok(NOTHING);
                }
                // ModSecurity's `REQUEST_COOKIES:sid: T`.
                if self.class == Class::Cookie
                    && is_name(next)
                    && let Some(value) = past(text, cursor.at, ":!: ", 0)?
                {
                    (cursor.at, cursor.separator) = (value, Separator::Compact);
                    return Ok(ON);
                }
                // `"access_token:17" "T"`: the parts of the name begin with a number.
                if next.is_ascii_digit()
                    && let Some(value) = past_redis_key(text, cursor.at)?
                {
                    (cursor.at, cursor.separator) = (value, Separator::Comma);
                    return Ok(ON);
                }
                // The default of a shell's parameter, `${ACCESS_TOKEN:-T}`.
                let shell = next == b'-' && self.context == b'{' && !cursor.quoted;
                let default = next == b'=' || shell;
                cursor.at += unit.len + if default { following.len } else { 0 };
                cursor.level = cursor.level.max(unit.level());
                // Markdown's `**name:** T`.
                if next == b'*' && self.context == b'*' {
                    cursor.at += past_stars(text, cursor.at)?;
                }
            }
            b'=' => {
                // `==` and `=~` are comparisons.
                if next == b'=' && self.class.is_optional() {
                    return self.past_comparison(text, cursor);
                }
                if matches!(next, b'=' | b'~') {
                    return Ok(NOTHING);
                }
                cursor.at += unit.len;
                cursor.level = cursor.level.max(unit.level());
                if next == b'>' {
                    cursor.at += following.len;
                } else if !cursor.quoted && !cursor.spaced && !cursor.bracketed {
                    cursor.separator = Separator::Compact;
                }
            }
            b'-' if next == b'>' => {
                cursor.level = cursor.level.max(following.level());
                cursor.at += unit.len + following.len;
            }
            // Chinese and Japanese texts have wide signs: `access_token：T`.
            0xef if text.has_word(cursor.at, WIDE_COLON)?
                || text.has_word(cursor.at, WIDE_EQUALS)? =>
            {
                cursor.at += WIDE_COLON.len();
            }
            // The other separator of CSV files, but not that of PHP's `s:5:"token";s:1:"T";`.
            b';' if cursor.quoted && unit.enc == Enc::Raw && following.quote() == self.opener => {
                cursor.at += unit.len;
                return self.past_comma(text, anchor, cursor);
            }
            b',' | b'|' if cursor.quoted && unit.level() <= cursor.level => {
                cursor.at += unit.len;
                return self.past_comma(text, anchor, cursor);
            }
            _ => return Ok(NOTHING),
        }
        Ok(ON)
    }

    /// Reads on after `==` or `===` if a string follows: source code with a password in it, `if (password == "T")`. Names and
    /// words are compared more often, so the value has to look random, as in a list.
    #[inline(never)]
    fn past_comparison(&self, text: &Text, cursor: &mut Cursor) -> Step<Outcome> {
        let mut end = cursor.at;
        while end - cursor.at < 3 && text.at(end)? == b'=' {
            end += 1;
        }
        end = text.skip_blanks(end, cursor.level)?;
        if text.unit(end)?.quote().is_none() {
            return Ok(NO_VALUE);
        }
        (cursor.at, cursor.separator) = (end, Separator::Comma);
        Ok(ON)
    }

    /// Reads what follows the comma between two strings: the value, or another key.
    #[inline(never)]
    fn past_comma(&self, text: &Text, anchor: usize, cursor: &mut Cursor) -> Step<Outcome> {
        let at = cursor.at;
        if matches!(self.past_location(text, anchor, cursor, at)?, Continue(true)) {
            return Ok(ON);
        }
        // `["cookies", "sid"]`
        if self.class == Class::Cookie
            && matches!(self.context, b',' | b'[' | b' ' | b'\n')
            && let Some(end) = past_last(text, cursor.at, cursor.level)?
            && matches!(self.past_changed(text, anchor, cursor, end)?, Continue(true))
        {
            return Ok(ON);
        }
        let value = text.skip_blanks(cursor.at, cursor.level)?;
        if let Some(value) = value_key(text, value)? {
            cursor.at = value;
            return Ok(ON);
        }
        // `"name":"access_token","type":"string","value":"T"`
        if self.is_named(text, anchor)
            && let Some(value) = value_behind(text, value)?
        {
            cursor.at = value;
            return Ok(ON);
        }
        // `"field":"access_token","old":"T","new":"T"`
        if matches!(self.class, Class::Param | Class::Header)
            && let Some(side) = past_side(text, value)?
        {
            (cursor.at, cursor.separator) = (side, Separator::Comma);
            return Ok(ON);
        }
        if text.unit(value)?.is_newline() {
            let named = self.is_named(text, anchor) || self.is_member(text, anchor, FIELDS);
            if !self.in_sequence(text, anchor) && !named {
                return Ok(NO_VALUE);
            }
            let (separator, level) = (Separator::Comma, cursor.level);
            return Ok(match line_below(text, value)? {
                Some(at) => Break(Target::NextLine { at, separator, named, level }),
                None => NO_VALUE,
            });
        }
        if !self.in_sequence(text, anchor) {
            return Ok(NO_VALUE);
        }
        cursor.separator = Separator::Comma;
        Ok(ON)
    }
}

/// A fullwidth colon and a fullwidth equals sign, in UTF-8.
const WIDE_COLON: &[u8] = "\u{ff1a}".as_bytes();
const WIDE_EQUALS: &[u8] = "\u{ff1d}".as_bytes();

/// The position after the last name of a path at `at` and its bracket, which may be on lines of their own.
fn past_last(text: &Text, at: usize, level: u8) -> Step<Option<usize>> {
    let start = first_in_brackets(text, at, level)?;
    let Some(quote) = text.unit(start)?.quote() else { return Ok(None) };
    let name = text.past_quote(start)?;
    let end = bare_end(text, name)?;
    if end == name || quote.closed_by(text.unit(end)?) != Some(0) {
        return Ok(None);
    }
    let bracket = first_in_brackets(text, text.past_quote(end)?, level)?;
    Ok((text.at(bracket)? == b']').then_some(bracket + 1))
}

/// The names of members that say which value was changed.
const FIELDS: &[&[u8]] = &[b"field", b"attribute", b"property", b"column", b"path"];

/// The position of the value after the key of Redis whose rest is at `at`, `"SETEX" "access_token:17:web" "3600" "T"`.
fn past_redis_key(text: &Text, at: usize) -> Step<Option<usize>> {
    const MAX_KEY: usize = 64;
    const MAX_PART: usize = 12;
    let (mut end, mut part) = (at, at);
    while end - at < MAX_KEY && end - part <= MAX_PART {
        match text.at(end)? {
            b':' => part = end,
            b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => {}
            _ => break,
        }
        end += 1;
    }
    let Some(quote) = text.unit(end)?.quote() else { return Ok(None) };
    // A duration may follow it.
    for _ in 0..2 {
        let closer = text.unit(end)?;
        let opening = end + closer.len + 1;
        if quote.closed_by(closer) != Some(0)
            || text.at(end + closer.len)? != b' '
            || text.unit(opening)?.quote() != Some(quote)
        {
            return Ok(None);
        }
        let string = opening + text.unit(opening)?.len;
        end = past_digits(text, string)?;
        if end == string || quote.closed_by(text.unit(end)?) != Some(0) {
            return Ok(Some(opening));
        }
    }
    Ok(None)
}
