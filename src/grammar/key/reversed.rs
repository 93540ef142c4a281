//! Objects in reverse order, `"value": "T", "name": "Cookie"`: the name of the key comes after its value. So do attributes
//! of a tag, `<input value="T" name="csrf_token">`.

use super::class::Class;
use super::log_prefix::line_below;
use super::names::{MAX_NAME, classify};
use super::open::{MAX_STRING, open};
use super::pattern::past;
use super::tag::past_attributes;
use super::target::{Separator, Target};
use super::types::skip_type;
use super::value_member::{past_colon, value_key};
use super::wrappers::AFTER;
use crate::grammar::text::lex::{Step, Text, is_blank, is_name};
use crate::grammar::value::frame::Frame;

/// The string that is the value of `value` at `at`, which is after the opening quote of that word: its start, what
/// encloses it, and the end of its closer.
pub(crate) fn value_string(text: &Text, at: usize) -> Step<Option<(usize, Frame, usize)>> {
    let before = text.unit_before(at, 0);
    let Some(opener) = before.quote() else { return Ok(None) };
    let level = before.level();
    let unit = text.unit(at + 5)?;
    if opener.closed_by(unit) != Some(0) {
        return Ok(None);
    }
    // PHP's `["Value"]=>` and the value below it.
    let bracket = usize::from(text.before(at, before.len + 1) == b'[');
    let next = text.skip_blanks(text.past_quote(at + 5)? + bracket, level)?;
    let Some(past) = past_colon(text, next)? else { return Ok(None) };
    let mut next = text.skip_blanks(past, level)?;
    if bracket > 0
        && let Some(line) = line_below(text, next)?
    {
        next = text.skip_blanks(line, level)?;
    }
    let next = skip_type(text, next)?;
    let Some(Target::Value { at: value, frame, .. }) = open(text, next, Separator::Spaced, level)?
    else {
        return Ok(None);
    };
    Ok(past_string(text, value, frame)?.map(|end| (value, frame, end)))
}

/// The position after the closer of the string at `at`.
fn past_string(text: &Text, at: usize, frame: Frame) -> Step<Option<usize>> {
    let Some(quote) = frame.quote else { return Ok(None) };
    let mut end = at;
    loop {
        let unit = text.unit(end)?;
        if end - at > MAX_STRING || unit.len == 0 || text.at(end)? == b'\n' {
            return Ok(None);
        }
        end += unit.len;
        if quote.closed_by(unit).is_some() {
            return Ok(Some(text.past_quote(end - unit.len)?));
        }
    }
}

/// Reads a value that its name follows: `"value": "T", "name": "Cookie"`, `value "T" for key Cookie`. The word `value`
/// is at `at`, after its quote if it has one. `optional` classifies names for the rules outside the `default` set.
pub(crate) fn reversed(
    text: &Text,
    at: usize,
    optional: impl FnOnce(&[u8]) -> Option<(Class, bool)>,
) -> Step<Option<(Class, bool, Target)>> {
    if let Some(target) = keyed(text, at)? {
        return Ok(Some((Class::Header, true, target)));
    }
    let found = match text.unit_before(at, 0) {
        before if before.quote().is_some() => name_of_pair(text, at)?,
        before if is_blank(before.ch) || before.is_newline() => match name_in_message(text, at)? {
            Some((value, frame, name)) => Some((value, frame, name, Separator::Spaced)),
            None => name_in_tag(text, at)?,
        },
        _ => None,
    };
    let Some((value, frame, from, separator)) = found else { return Ok(None) };
    let mut to = from;
    while to - from < MAX_NAME && is_name(text.at(to)?) {
        to += 1;
    }
    let name = &text.window()[from..to];
    let before = text.unit_before(from, 0).quote();
    if before.is_some() && text.unit(to)?.quote().is_none() {
        return Ok(None);
    }
    let Some((class, exact)) = classify(name).or_else(|| optional(name)) else {
        return Ok(None);
    };
    Ok(Some((class, exact, Target::Value { at: value, frame, separator })))
}

/// `{"key": "value", "value": "T"}`: the API key in a request of Postman, where the pair is an object. It has to
/// look like a token.
fn keyed(text: &Text, at: usize) -> Step<Option<Target>> {
    let before = text.unit_before(at, 0);
    let Some(opener) = before.quote() else { return Ok(None) };
    let mut skip = before.len;
    while skip < MAX_NAME && is_blank(text.before(at, skip + 1)) {
        skip += 1;
    }
    if text.before(at, skip + 1) != b':' {
        return Ok(None);
    }
    let closer = text.unit_before(at, skip + 1);
    if closer.quote() != Some(opener) || !text.ends_before(at, skip + 1 + closer.len, b"key") {
        return Ok(None);
    }
    let closer = text.unit(at + 5)?;
    let comma = at + 5 + closer.len;
    if opener.closed_by(closer) != Some(0) || text.at(comma)? != b',' {
        return Ok(None);
    }
    let mut next = text.skip_blanks(comma + 1, 0)?;
    if let Some(line) = line_below(text, next)? {
        next = text.skip_blanks(line, 0)?;
    }
    if text.unit(next)?.quote() != Some(opener) {
        return Ok(None);
    }
    let Some(value) = value_key(text, next)? else { return Ok(None) };
    let value = text.skip_blanks(value, 0)?;
    Ok(open(text, value, Separator::Comma, 0)?
        .filter(|target| matches!(target, Target::Value { .. })))
}

/// A value and what encloses it, the start of the name of its key, after its quote, and what is between them: after a comma,
/// the value has to look like one.
type Named = (usize, Frame, usize, Separator);

/// `"value": "T", "name": "Cookie"`, or as Postman saves the parameters of a scheme, `"value": "T", "key": "token"`.
fn name_of_pair(text: &Text, at: usize) -> Step<Option<Named>> {
    let before = text.unit_before(at, 0);
    let Some(opener) = before.quote() else { return Ok(None) };
    let level = before.level();
    let Some((value, frame, mut end)) = value_string(text, at)? else { return Ok(None) };
    let unit = text.unit(end)?;
    if unit.ch != b',' {
        return Ok(None);
    }
    end = text.skip_blanks(end + unit.len, level)?;
    if let Some(line) = line_below(text, end)? {
        end = text.skip_blanks(line, level)?;
    }
    let unit = text.unit(end)?;
    let name = text.past_quote(end)?;
    if unit.quote() != Some(opener) {
        return Ok(None);
    }
    let (len, separator) = match () {
        () if text.has_word(name, b"name")? => (4, Separator::Spaced),
        () if text.has_word(name, b"key")? => (3, Separator::Comma),
        // JSON Patch (RFC 6902).
        () if text.has_word(name, b"path")? => (4, Separator::Comma),
        () => return Ok(None),
    };
    if opener.closed_by(text.unit(name + len)?) != Some(0) {
        return Ok(None);
    }
    let name = text.skip_blanks(text.past_quote(name + len)?, level)?;
    let Some(past) = past_colon(text, name)? else { return Ok(None) };
    let name = text.skip_blanks(past, level)?;
    let unit = text.unit(name)?;
    match unit.quote() {
        Some(_) => {
            let name = past_steps(text, text.past_quote(name)?)?;
            Ok(Some((value, frame, name, separator)))
        }
        None => Ok(None),
    }
}

/// The last step of the JSON Pointer at `at`, `/oauth/access_token`.
fn past_steps(text: &Text, at: usize) -> Step<usize> {
    let (mut step, mut end) = (at, at);
    while end - at < MAX_NAME && (is_name(text.at(end)?) || text.at(end)? == b'/') {
        end += 1;
        if text.before(end, 1) == b'/' {
            step = end;
        }
    }
    Ok(step)
}

/// `value="T" name="csrf_token"`: the attributes of a tag. The value has to look like one.
fn name_in_tag(text: &Text, at: usize) -> Step<Option<Named>> {
    let equals = text.unit(at + 5)?;
    let string = at + 5 + equals.len;
    let unit = text.unit(string)?;
    let Some(quote) = unit.quote().filter(|_| equals.ch == b'=') else { return Ok(None) };
    let value = string + unit.len;
    let frame = Frame { quote: Some(quote), own_quote: true, ..Frame::default() };
    let Some(end) = past_string(text, value, frame)? else { return Ok(None) };
    let next = text.skip_blanks(end, 0)?;
    if next == end {
        return Ok(None);
    }
    let Some(name) = past_attributes(text, next, &[b"name", b"key"])? else { return Ok(None) };
    Ok(match text.unit(name)?.quote() {
        Some(_) => Some((value, frame, text.past_quote(name)?, Separator::Comma)),
        None => None,
    })
}

/// `value "T" for key Cookie`: the same in a message.
fn name_in_message(text: &Text, at: usize) -> Step<Option<(usize, Frame, usize)>> {
    let Some(string) = past(text, at + 5, " ", 0)? else { return Ok(None) };
    let unit = text.unit(string)?;
    let Some(quote) = unit.quote() else { return Ok(None) };
    let value = string + unit.len;
    let frame = Frame { quote: Some(quote), own_quote: true, ..Frame::default() };
    let Some(end) = past_string(text, value, frame)? else { return Ok(None) };
    for words in AFTER {
        if let Some(name) = past(text, end, words.opens, 0)? {
            let unit = text.unit(name)?;
            let quote = if unit.quote().is_some() { unit.len } else { 0 };
            return Ok(Some((value, frame, name + quote)));
        }
    }
    Ok(None)
}
