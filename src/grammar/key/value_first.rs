//! `"value": "T", "name": "Cookie"`: the name behind the value.

use super::class::Class;
use super::line::newline;
use super::names::{MAX_NAME, classify};
use super::open::{MAX_STRING, open};
use super::value_key::past_colon;
use super::way::{Separator, Way};
use crate::grammar::text::lex::{Step, Text, is_name};
use crate::grammar::value::frame::Frame;

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
    let Some(past) = past_colon(text, next)? else { return Ok(None) };
    let next = text.skip_blanks(past, level)?;
    let Some(Way::Value { at: value, frame, .. }) = open(text, next, Separator::Spaced, level)?
    else {
        return Ok(None);
    };
    let Some(quote) = frame.quote else { return Ok(None) };
    let mut end = value;
    loop {
        let unit = text.unit(end)?;
        if end - value > MAX_STRING || unit.len == 0 || text.at(end)? == b'\n' {
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
    let Some(past) = past_colon(text, name)? else { return Ok(None) };
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
