//! Checks of the text before a key.

use super::candidate::{Key, MAX_OUTER, past_pointer, residue};
use super::change::past_members;
use super::class::Class;
use super::cursor::{Cursor, NOTHING, ON, Outcome};
use super::log_prefix::first_in_brackets;
use super::pattern::past;
use super::target::Separator;
use crate::grammar::text::lex::{Enc, Step, Text, is_blank, is_name, is_quote};

/// How far behind a path what it leads to is searched for, in bytes.
const MAX_MESSAGE: usize = 384;

impl Key {
    /// Whether the key starts the line of a header: at the start of the text, or after the mark of a transcript.
    pub(super) fn starts_line(&self, text: &Text, at: usize) -> bool {
        match self.context {
            b'\n' | b'\r' => true,
            b' ' | b'\t' => {
                let mut k = self.outer_start;
                let mut mark = text.unit_before(at, k);
                while k < 128 && is_blank(mark.ch) {
                    k += mark.len;
                    mark = text.unit_before(at, k);
                }
                match mark.ch {
                    _ if mark.is_newline() => true,
                    // The tag of a syslog message: `app[812]: Cookie: sid=T`.
                    b':' => text.before(at, k + mark.len + 1) == b']',
                    b'>' | b'<' if matches!(mark.enc, Enc::Code(_) | Enc::Entity(_)) => true,
                    b'|' if self.follows_container(text, at, k + 1) => true,
                    b'>' | b'<' | b'*' | b'|' => {
                        let before = text.unit_before(at, k + mark.len);
                        before.is_newline() || matches!(before.ch, b'>' | b'<' | b'"')
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether nothing but the name of a container, with its number, precedes the bar that starts `skip` bytes before `at`:
    /// `web-1  | `.
    fn follows_container(&self, text: &Text, at: usize, skip: usize) -> bool {
        let mut k = skip;
        while k < MAX_OUTER && text.before(at, k + 1) == b' ' {
            k += 1;
        }
        let end = k;
        while k < MAX_OUTER && text.before(at, k + 1).is_ascii_digit() {
            k += 1;
        }
        let numbered = k > end && matches!(text.before(at, k + 1), b'-' | b'_');
        while k < MAX_OUTER && is_name(text.before(at, k + 1)) {
            k += 1;
        }
        end > skip && numbered && text.unit_before(at, k).is_newline()
    }

    /// Whether the key is the last part of the name of a table, in brackets: `[request.cookies]`.
    pub(super) fn heads_table(&self, text: &Text, at: usize) -> bool {
        let mut k = self.outer_start;
        while k < MAX_OUTER && (is_name(text.before(at, k + 1)) || text.before(at, k + 1) == b'.') {
            k += 1;
        }
        let before = text.unit_before(at, k + 1);
        let starts = before.is_newline() || before.quote().is_some();
        text.before(at, k + 1) == b'[' && (starts || matches!(before.ch, b' ' | b'>'))
    }

    /// The name's first character.
    pub(super) fn first(&self, text: &Text, at: usize) -> u8 {
        if self.back > 0 { text.before(at, self.back) } else { text.window()[at] }
    }

    /// Whether the key is the name of an element: `<authorization>`.
    pub(super) fn in_tag(&self, text: &Text, at: usize) -> bool {
        self.context == b'<'
            || (self.context == b':' && {
                let mut k = self.outer_start + 2;
                while k < self.outer_start + 34 && is_name(text.before(at, k)) {
                    k += 1;
                }
                let back = k - 1;
                text.unit_before(at, back - residue(text, at, back)).ch == b'<'
            })
    }

    /// Whether the key starts a cell of a table.
    pub(super) fn follows_bar(&self, text: &Text, at: usize) -> bool {
        let mut k = self.outer_start;
        while k < MAX_OUTER && (is_blank(text.before(at, k + 1)) || text.before(at, k + 1) == b'*')
        {
            k += 1;
        }
        text.before(at, k + 1) == b'|'
            || ["│", "┃", "║"].iter().any(|bar| text.ends_before(at, k, bar.as_bytes()))
    }

    /// Whether the key can be an element of a tuple or list: nothing before it makes it a value, and it is not the end
    /// of a path or a tag, as in `"https://h/token", "x"`.
    pub(super) fn in_sequence(&self, text: &Text, at: usize) -> bool {
        let before = matches!(self.context, b'(' | b'[' | b'{' | b',' | b'+' | b'<')
            || self.context <= b' '
            || is_quote(self.context);
        before && !matches!(text.unit_before(at, self.back).ch, b'/' | b':')
    }

    /// Whether the key is the value of a `name`: `"name": "Cookie"`, `name=Cookie`.
    pub(super) fn is_named(&self, text: &Text, at: usize) -> bool {
        self.is_member(text, at, &[b"name", b"key", b"header"])
    }

    /// Whether the key is the value of a member whose name ends with one of `names`.
    pub(super) fn is_member(&self, text: &Text, at: usize, names: &[&[u8]]) -> bool {
        let past_blanks = |mut skip: usize| {
            let limit = skip + 16;
            loop {
                let unit = text.unit_before(at, skip);
                let plus = unit.ch == b'+' && unit.enc == Enc::Raw && self.level > 0;
                let blank = is_blank(unit.ch) || plus;
                if skip > limit || !blank && unit.enc != Enc::Ansi {
                    return (skip, unit);
                }
                skip += unit.len;
            }
        };
        let (mut skip, mut separator) = past_blanks(self.outer_start);
        if separator.ch == b'>' {
            skip += separator.len;
            separator = text.unit_before(at, skip);
        }
        if !matches!(separator.ch, b':' | b'=') {
            return false;
        }
        let (mut skip, mut unit) = past_blanks(skip + separator.len);
        // PHP's `[name] => `, `[name:protected] => `.
        if unit.ch == b']' {
            skip += unit.len;
            let visibility = [&b":protected"[..], b":private"]
                .into_iter()
                .find(|word| text.ends_before(at, skip, word));
            skip += visibility.map_or(0, <[u8]>::len);
            unit = text.unit_before(at, skip);
        }
        if unit.quote().is_some() {
            skip += unit.len;
            // A CSV field doubles the quotes in it.
            skip += usize::from(unit.len == 1 && text.before(at, skip + 1) == unit.ch);
        }
        names.iter().any(|word| text.ends_before(at, skip, word))
    }

    /// Whether the name is in the path to what a validator complains about: `"loc": ["body", "access_token"]`.
    pub(super) fn is_in_location(&self, text: &Text, at: usize) -> bool {
        self.is_in_path(text, at, b"loc")
    }

    /// Whether the name is in a list that is the member `member`, or in its text.
    fn is_in_path(&self, text: &Text, at: usize, member: &[u8]) -> bool {
        let mut skip = self.outer_start;
        let inside = |byte: u8| is_name(byte) || matches!(byte, b'"' | b'\'' | b'\\' | b',' | b' ');
        while skip < MAX_OUTER && inside(text.before(at, skip + 1)) {
            skip += 1;
        }
        if !matches!(text.before(at, skip + 1), b'[' | b'(') {
            return false;
        }
        skip += 1;
        skip += usize::from(text.before(at, skip + 1) == b' ');
        let quote = text.unit_before(at, skip + 1);
        let quoted = if quote.quote().is_some() { quote.len } else { 0 };
        text.before(at, skip + 1) == b':' && text.ends_before(at, skip + 1 + quoted, member)
    }

    /// Whether only indentation precedes the quoted key on its line, as in a list with one element per line.
    fn is_first_on_line(&self, text: &Text, at: usize) -> bool {
        let mut skip = self.outer_start;
        while skip < MAX_OUTER && text.before(at, skip + 1) == b' ' {
            skip += 1;
        }
        skip > self.outer_start && text.before(at, skip + 1) == b'\n'
    }

    /// The value in one of the members that follow the path to what was changed, which ends before `at`:
    /// `"path": ["oauth", "access_token"], "lhs": "T", "rhs": "T"`, `"path": "/cookies/sid", "value": "T"`.
    pub(super) fn past_changed(
        &self,
        text: &Text,
        anchor: usize,
        cursor: &mut Cursor,
        at: usize,
    ) -> Step<Outcome> {
        let listed = text.before(at, 1) == b']' || text.unit(at)?.is_newline();
        let found = match listed {
            true => self.is_in_path(text, anchor, b"path") || self.is_first_on_line(text, anchor),
            false => past_pointer(text, anchor, self.back).is_some(),
        };
        if !found {
            return Ok(NOTHING);
        }
        // The list may be on several lines.
        let at = match text.unit(at)?.is_newline() {
            true => {
                let bracket = first_in_brackets(text, at, self.level)?;
                if text.at(bracket)? != b']' {
                    return Ok(NOTHING);
                }
                bracket + 1
            }
            false => at,
        };
        let Some(value) = past_members(text, at)? else { return Ok(NOTHING) };
        cursor.at = value;
        // The path ends with the name of the cookie.
        let entry =
            self.class == Class::Cookie && (!listed || text.unit(cursor.closed)?.ch == b',');
        cursor.separator = if entry { Separator::Compact } else { Separator::Comma };
        Ok(ON)
    }

    /// The text that a validator complains about, which follows the path that ends before `at`: `"input": "T"`.
    pub(super) fn past_location(
        &self,
        text: &Text,
        anchor: usize,
        cursor: &mut Cursor,
        at: usize,
    ) -> Step<Outcome> {
        if !self.is_in_location(text, anchor) {
            return Ok(NOTHING);
        }
        let mut end = at;
        while end - at < MAX_MESSAGE && !matches!(text.at(end)?, b'\n' | b'}') {
            let unit = text.unit(end)?;
            end += unit.len.max(1);
            if unit.quote().is_none() || !text.has_word(end, b"input")? {
                continue;
            }
            let closer = text.unit(end + b"input".len())?;
            if closer.quote() != unit.quote() {
                continue;
            }
            let colon = end + b"input".len() + closer.len;
            let Some(value) = past(text, colon, "~:~", self.level)? else { return Ok(NOTHING) };
            if text.unit(value)?.quote().is_none() {
                return Ok(NOTHING);
            }
            cursor.at = value;
            return Ok(ON);
        }
        Ok(NOTHING)
    }
}
