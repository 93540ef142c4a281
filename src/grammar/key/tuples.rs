//! The rows of SQL, whose names and values are in brackets.
//!
//! ```text
//! INSERT INTO tokens (id, access_token) VALUES (1, 'T'), (2, 'T');
//! COPY tokens (id, access_token) FROM stdin;
//! 1<TAB>T
//! ```
//!
//! The word behind the names confirms that they are names.

use super::candidate::Key;
use super::columns::{Columns, MAX_KEYS, MAX_NAMES};
use super::line_end::newline;
use super::names::classify;
use crate::grammar::text::lex::{Quote, Step, Text, Unit, is_name};

/// The longest run of blanks and newlines between two tokens of a statement, in bytes.
const MAX_GAP: usize = 64;
/// The most characters of a bare literal or a call: `NOW()`, `'2026-03-04'::date`.
const MAX_BARE: usize = 64;

impl Key {
    /// The columns of the statement among whose names the key is, and the position before the first row.
    #[inline(never)]
    pub(super) fn in_tuples(&self, text: &Text, anchor: usize) -> Step<Option<(usize, Columns)>> {
        if !may_follow_names(text, self.end) {
            return Ok(None);
        }
        let closer = text.unit(self.end)?;
        let quoted = closer.quote().is_some() && self.opener.is_some();
        let end = self.end + if quoted { closer.len } else { 0 };
        let start = if quoted { self.outer_start } else { self.back };
        let Some((first, quote)) = names_before(text, anchor, start) else { return Ok(None) };
        let mut columns = Columns { quote, tuples: true, ..Columns::of(b',', first, self.class) };
        let Some(after) = columns.names_behind(text, end)? else { return Ok(None) };
        let word = past_gap(text, after)?;
        if text.has_word(word, b"values")? {
            let row = past_gap(text, word + b"values".len())?;
            return Ok((text.unit(row)?.ch == b'(').then_some((row, columns)));
        }
        // PostgreSQL's dumps have the rows on lines of their own.
        if text.has_word(word, b"from stdin;")?
            && let line = word + b"from stdin;".len()
            && let Some(row) = newline(text, line)?
        {
            let columns = Columns { separator: b'\t', tuples: false, ..columns };
            return Ok(columns.has_row(text, row)?.then_some((line, columns)));
        }
        Ok(None)
    }
}

impl Columns {
    /// Reads the other names from `at` on. Returns the position after the bracket that closes them.
    fn names_behind(&mut self, text: &Text, at: usize) -> Step<Option<usize>> {
        let (mut end, mut known) = (at, 1);
        while end - at < MAX_NAMES {
            let unit = text.unit(end)?;
            // Not `unit.ch`: an escaped letter is no part of a name.
            if is_name(text.at(end)?) {
                let name = end;
                while is_name(text.at(end)?) && end - at < MAX_NAMES {
                    end += 1;
                }
                let found = classify(&text.window()[name..end]);
                if let Some((class, _)) = found.filter(|(class, _)| !class.is_optional())
                    && name > at
                    && known < MAX_KEYS
                {
                    self.keys[known] = Some((self.count, class));
                    known += 1;
                }
                continue;
            }
            end += unit.len;
            match unit.ch {
                b')' => return Ok(Some(end)),
                b',' => self.count = self.count.saturating_add(1),
                _ if unit.len > 0 && is_between(unit) => {}
                _ => return Ok(None),
            }
        }
        Ok(None)
    }
}

/// Whether one of the words that follow the names of a statement may be behind the next closing bracket from `at` on. This
/// is a quick check, because a line may be full of keys.
fn may_follow_names(text: &Text, at: usize) -> bool {
    let window = text.window();
    let from = at.min(window.len());
    let near = &window[from..window.len().min(from + MAX_NAMES + MAX_GAP)];
    let Some(bracket) = memchr::memchr(b')', near) else {
        return near.len() < MAX_NAMES + MAX_GAP && !text.is_end();
    };
    let mut after = &window[from + bracket + 1..window.len().min(from + bracket + 1 + MAX_GAP)];
    loop {
        after = after.trim_ascii_start();
        let slashes = after.iter().take_while(|byte| **byte == b'\\').count();
        // A newline or a tab may be escaped.
        match after.get(slashes) {
            Some(b'n' | b'r' | b't') if slashes > 0 => after = &after[slashes + 1..],
            _ => break,
        }
    }
    let may_be = |word: &[u8]| {
        let len = after.len().min(word.len());
        after[..len].eq_ignore_ascii_case(&word[..len])
    };
    may_be(b"values") || may_be(b"from stdin;")
}

/// How many names stand between the bracket that opens them and the key that starts `start` bytes before `anchor`, and
/// the quote of the string that the statement is in.
fn names_before(text: &Text, anchor: usize, start: usize) -> Option<(u8, Option<Quote>)> {
    let (mut back, mut count) = (start, 0u8);
    while back < MAX_NAMES {
        let unit = text.unit_before(anchor, back);
        back += unit.len;
        match unit.ch {
            b'(' => return Some((count, string_around(text, anchor, back))),
            b',' => count = count.checked_add(1)?,
            ch if is_name(ch) || is_between(unit) && !unit.is_newline() => {}
            _ => return None,
        }
    }
    None
}

/// The quote of the string that the statement is in, whose names open `back` bytes before `anchor`: the last one before
/// them that does not quote the name of a table.
fn string_around(text: &Text, anchor: usize, back: usize) -> Option<Quote> {
    let mut k = back;
    while k < MAX_NAMES {
        let unit = text.unit_before(anchor, k);
        k += unit.len;
        if unit.is_newline() {
            return None;
        }
        let before = text.unit_before(anchor, k);
        if let Some(quote) = unit.quote()
            && quote.ch != b'`'
            && !matches!(before.ch, b' ' | b'.')
            && !is_name(before.ch)
        {
            return Some(quote);
        }
    }
    None
}

/// Whether the character may stand between two names.
fn is_between(unit: Unit) -> bool {
    matches!(unit.ch, b' ' | b'\t' | b'"' | b'`' | b'[' | b']' | b'.') || unit.is_newline()
}

/// Skips blanks and newlines.
pub(crate) fn past_gap(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_GAP {
        let unit = text.unit(end)?;
        if unit.len == 0 || !(matches!(unit.ch, b' ' | b'\t') || unit.is_newline()) {
            break;
        }
        end += unit.len;
    }
    Ok(end)
}

/// The end of the number, the word or the call at `at`. `None` if it has another character, or a quote.
pub(crate) fn past_literal(text: &Text, at: usize) -> Step<Option<usize>> {
    let (mut end, mut depth) = (at, 0);
    while end - at < MAX_BARE {
        let unit = text.unit(end)?;
        match unit.ch {
            b',' | b')' if depth == 0 => return Ok((end > at).then_some(end)),
            b'(' => depth += 1,
            b')' => depth -= 1,
            ch if is_name(ch)
                || matches!(ch, b' ' | b'.' | b':' | b'+' | b'$' | b'?' | b'%' | b'@' | b',') => {}
            _ => return Ok(None),
        }
        end += unit.len;
    }
    Ok(None)
}
