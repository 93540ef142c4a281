//! Bare values among quoted strings: JSON's numbers, `true` and `false`.
//!
//! A secret number or literal is replaced by a string, with its quotes escaped as in the surrounding text.

use crate::grammar::text::lex::{Enc, LOOKBACK, Quote, Step, Text, Unit, is_blank};

/// Text of this length that looks like a number is one, whatever follows, in bytes.
const MAX_NUMBER: usize = 32;
/// The most spaces before and after one.
const MAX_BLANKS: usize = 64;

/// The quotes for the replacement of the value at `at`, if it is a JSON number or literal; it ends at `end`, if that is
/// known. `list` has the quotes of the key if the value is in a list.
pub(crate) fn quotes(
    text: &Text,
    at: usize,
    end: Option<usize>,
    list: Option<Quote>,
) -> Step<Option<Quote>> {
    // This is called for every secret, and few are numbers.
    match text.at(at)? {
        b'0'..=b'9' | b'-' | b't' | b'f' => {}
        _ => return Ok(None),
    }
    let Some((quote, on_line)) = list.map(|quote| (quote, false)).or_else(|| before(text, at))
    else {
        return Ok(None);
    };
    let Some(after) = past_literal(text, at, end)? else { return Ok(None) };
    let follows = if on_line { ends_line(text, after)? } else { ends_element(text, after)? };
    Ok(follows.then_some(quote))
}

/// The quotes of the text before the value at `at`: those of its key. In a list with one element per line, nothing
/// before the line is known, so they follow from how the newline is escaped.
fn before(text: &Text, at: usize) -> Option<(Quote, bool)> {
    let unit = text.unit_before(at, skip_blanks(text, at, 0));
    if !unit.is_newline() {
        return Some((key_quote(text, at)?, false));
    }
    let enc = match unit.enc {
        // A string inside a string doubles the backslashes, and escapes its quotes.
        Enc::Slash(slashes) => Enc::Slash(slashes.saturating_mul(2).saturating_sub(1)),
        enc => enc,
    };
    Some((Quote { ch: b'"', enc }, true))
}

/// The quote of the key of the value at `at`, which is alone or in a list.
fn key_quote(text: &Text, at: usize) -> Option<Quote> {
    let mut back = skip_blanks(text, at, 0);
    let mut unit = text.unit_before(at, back);
    if matches!(unit.ch, b'[' | b',') {
        while back < LOOKBACK && is_listed(unit) {
            back += unit.len;
            unit = text.unit_before(at, back);
        }
        if unit.ch != b'[' {
            return None;
        }
        back = skip_blanks(text, at, back + unit.len);
        unit = text.unit_before(at, back);
    }
    if unit.ch != b':' {
        return None;
    }
    back = skip_blanks(text, at, back + unit.len);
    text.unit_before(at, back).quote()
}

/// Whether `unit` may be part of the elements of a list of bare values.
fn is_listed(unit: Unit) -> bool {
    unit.ch.is_ascii_alphanumeric() || matches!(unit.ch, b' ' | b'\t' | b',' | b'.' | b'-' | b'+')
}

/// Skips spaces backwards, starting `back` bytes before `at`.
fn skip_blanks(text: &Text, at: usize, back: usize) -> usize {
    let mut end = back;
    while end - back < MAX_BLANKS {
        let unit = text.unit_before(at, end);
        if !is_blank(unit.ch) {
            break;
        }
        end += unit.len;
    }
    end
}

/// The position after the number or literal at `at`, if there is one; it ends at `end`, if that is known.
fn past_literal(text: &Text, at: usize, end: Option<usize>) -> Step<Option<usize>> {
    let mut last = at;
    if matches!(text.at(at)?, b't' | b'f') {
        for word in [&b"true"[..], b"false"] {
            if text.has_word(at, word)? {
                last = at + word.len();
            }
        }
    } else {
        while last - at < MAX_NUMBER
            && matches!(text.at(last)?, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E')
        {
            last += 1;
        }
    }
    let whole = last > at && end.is_none_or(|end| end == last || last - at == MAX_NUMBER);
    Ok(whole.then_some(last))
}

/// Whether the end of an element or object follows at `at`, or the rest of a long number.
fn ends_element(text: &Text, at: usize) -> Step<bool> {
    let unit = text.unit(past_blanks(text, at)?)?;
    Ok(unit.is_newline() || matches!(unit.ch, b',' | b'}' | b']' | b'0'..=b'9'))
}

/// Whether a comma and a newline follow at `at`, or the end of the list on its own line.
fn ends_line(text: &Text, at: usize) -> Step<bool> {
    let unit = text.unit(at)?;
    let mut next = at + if unit.ch == b',' { unit.len } else { 0 };
    next = past_blanks(text, next)?;
    let line = text.unit(next)?;
    if unit.ch == b',' || !line.is_newline() {
        return Ok(line.is_newline());
    }
    next = past_blanks(text, next + line.len)?;
    Ok(text.unit(next)?.ch == b']')
}

fn past_blanks(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_BLANKS && is_blank(text.unit(end)?.ch) {
        end += text.unit(end)?.len;
    }
    Ok(end)
}
