//! `"value": "T", "name": "Cookie"`: the value's key, and the name behind the value.

use super::candidate::MAX_NAME;
use super::names::{Class, classify};
use super::way::{Separator, Way, newline, open};
use crate::grammar::text::lex::{Step, Text, is_name};
use crate::grammar::value::frame::Frame;

/// Past `"value":`, `values=`, `raw_value:` at `at`, in any quotes.
pub(crate) fn value_key(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut at = at;
    let unit = text.unit(at)?;
    let quote = unit.quote();
    if quote.is_some() {
        at += unit.len;
    }
    if text.has_word(at, b"raw_value")? {
        at += 4;
    }
    if !text.has_word(at, b"value")? {
        return Ok(None);
    }
    at += 5;
    at += usize::from(text.at(at)? == b's');
    if let Some(quote) = quote {
        let unit = text.unit(at)?;
        if quote.closed_by(unit) != Some(0) {
            return Ok(None);
        }
        at += unit.len;
    }
    let at = text.skip_blanks(at, 0)?;
    past_separator(text, at)
}

/// Past `:`, `=` or `=>` at `at`.
fn past_separator(text: &Text, at: usize) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    if !matches!(unit.ch, b':' | b'=') {
        return Ok(None);
    }
    let end = at + unit.len;
    let next = text.unit(end)?;
    Ok(Some(if next.ch == b'>' { end + next.len } else { end }))
}

/// Longest value that is read to see whether its name follows, in bytes.
pub(super) const MAX_REVERSED: usize = 4096;

/// The string that is the value of `value` at `at`, behind the quote of that: where it starts,
/// what encloses it, and where its closer ends.
pub(crate) fn value_string(text: &Text, at: usize) -> Step<Option<(usize, Frame, usize)>> {
    let before = text.unit_before(at, 0);
    let Some(opener) = before.quote() else { return Ok(None) };
    let level = before.level();
    let unit = text.unit(at + 5)?;
    if opener.closed_by(unit) != Some(0) {
        return Ok(None);
    }
    let next = text.skip_blanks(at + 5 + unit.len, level)?;
    let Some(past) = past_separator(text, next)? else { return Ok(None) };
    let next = text.skip_blanks(past, level)?;
    let Some(Way::Value { at: value, frame, .. }) = open(text, next, Separator::Spaced, level)?
    else {
        return Ok(None);
    };
    let Some(quote) = frame.quote else { return Ok(None) };
    let mut end = value;
    loop {
        let unit = text.unit(end)?;
        if end - value > MAX_REVERSED || unit.len == 0 || text.at(end)? == b'\n' {
            return Ok(None);
        }
        end += unit.len;
        if quote.closed_by(unit).is_some() {
            return Ok(Some((value, frame, end)));
        }
    }
}

/// `"value": "T", "name": "Cookie"`: the name after its value. `at` is where the word
/// `value` stands, behind its quote. `further` knows names beyond those of the `default` rules.
pub(crate) fn reversed(
    text: &Text,
    at: usize,
    further: impl FnOnce(&[u8]) -> Option<(Class, bool)>,
) -> Step<Option<(Class, bool, Way)>> {
    let before = text.unit_before(at, 0);
    let Some(opener) = before.quote() else { return Ok(None) };
    let level = before.level();
    let Some((value, frame, mut end)) = value_string(text, at)? else { return Ok(None) };
    let separator = Separator::Spaced;
    let unit = text.unit(end)?;
    if unit.ch != b',' {
        return Ok(None);
    }
    end = text.skip_blanks(end + unit.len, level)?;
    if let Some(line) = newline(text, end)? {
        end = text.skip_blanks(line, level)?;
    }
    let unit = text.unit(end)?;
    if unit.quote() != Some(opener) || !text.has_word(end + unit.len, b"name")? {
        return Ok(None);
    }
    let closer = text.unit(end + unit.len + 4)?;
    if opener.closed_by(closer) != Some(0) {
        return Ok(None);
    }
    let name = text.skip_blanks(end + unit.len + 4 + closer.len, level)?;
    let Some(past) = past_separator(text, name)? else { return Ok(None) };
    let name = text.skip_blanks(past, level)?;
    let unit = text.unit(name)?;
    if unit.quote().is_none() {
        return Ok(None);
    }
    let from = name + unit.len;
    let mut to = from;
    while to - from < MAX_NAME && is_name(text.at(to)?) {
        to += 1;
    }
    if text.unit(to)?.quote().is_none() {
        return Ok(None);
    }
    let name = &text.window()[from..to];
    let Some((class, exact)) = classify(name).or_else(|| further(name)) else {
        return Ok(None);
    };
    Ok(Some((class, exact, Way::Value { at: value, frame, separator })))
}
