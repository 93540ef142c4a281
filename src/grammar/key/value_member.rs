//! The member `value` of an object or line whose key is another member: `name=Cookie value=T`.

use super::cookie_field::past_visibility;
use super::log_prefix::{first_in_brackets, line_below};
use crate::grammar::text::lex::{Step, Text};

/// The longest name or word of a member that is passed, in bytes.
const MAX_WORD: usize = 24;

/// The position after `"value":`, `values=`, `raw_value:` at `at`, in any quotes.
pub(crate) fn value_key(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut at = at;
    // PHP's `[value] => `.
    let bracketed = text.at(at)? == b'[';
    at += usize::from(bracketed);
    let unit = text.unit(at)?;
    let quote = unit.quote();
    if quote.is_some() {
        at = text.past_quote(at)?;
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
        at = text.past_quote(at)?;
    }
    if bracketed {
        at = past_visibility(text, at)?;
        if text.at(at)? != b']' {
            return Ok(None);
        }
        at += 1;
    }
    let at = text.skip_blanks(at, 0)?;
    if text.at(at)? == b'{' && quote.is_none() && !bracketed {
        return string_value(text, at + 1);
    }
    past_colon(text, at)
}

/// The position after `string_value:` at `at`, on the same line or below, as protocol buffers print a value of any type.
fn string_value(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut at = text.skip_blanks(at, 0)?;
    if let Some(line) = line_below(text, at)? {
        at = text.skip_blanks(line, 0)?;
    }
    const NAME: &[u8] = b"string_value";
    if text.has_word(at, NAME)? { past_colon(text, at + NAME.len()) } else { Ok(None) }
}

/// The position after `:`, `=` or `=>` at `at`.
pub(super) fn past_colon(text: &Text, at: usize) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    if !matches!(unit.ch, b':' | b'=') {
        return Ok(None);
    }
    let end = at + unit.len;
    let next = text.unit(end)?;
    Ok(Some(if next.ch == b'>' { end + next.len } else { end }))
}

/// The position after the member at `at` whose value is a word, `"type": "string", `, and before the member behind it, if that
/// is `value`.
pub(crate) fn value_behind(text: &Text, at: usize) -> Step<Option<usize>> {
    if text.unit(at)?.quote().is_none() {
        return Ok(None);
    }
    let Some(end) = past_word_member(text, at)? else { return Ok(None) };
    if text.at(end)? != b',' {
        return Ok(None);
    }
    let next = first_in_brackets(text, end + 1, 0)?;
    value_key(text, next)
}

/// The position after the member at `at` whose value is a word: `"type": "string"`, `op: 'replace'`.
pub(super) fn past_word_member(text: &Text, at: usize) -> Step<Option<usize>> {
    let opener = text.unit(at)?;
    let quote = opener.quote();
    let name = if quote.is_some() { at + opener.len } else { at };
    let mut end = past_word(text, name)?;
    if end == name {
        return Ok(None);
    }
    if let Some(quote) = quote {
        if quote.closed_by(text.unit(end)?) != Some(0) {
            return Ok(None);
        }
        end = text.past_quote(end)?;
    }
    let colon = text.skip_blanks(end, 0)?;
    let Some(value) = past_colon(text, colon)? else { return Ok(None) };
    let value = text.skip_blanks(value, 0)?;
    let opener = text.unit(value)?;
    let word = value + if opener.quote().is_some() { opener.len } else { 0 };
    let mut end = past_word(text, word)?;
    if end == word {
        return Ok(None);
    }
    if let Some(quote) = opener.quote() {
        if quote.closed_by(text.unit(end)?) != Some(0) {
            return Ok(None);
        }
        end = text.past_quote(end)?;
    }
    Ok(Some(end))
}

/// The position after the word of letters at `at`.
fn past_word(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_WORD && (text.at(end)?.is_ascii_alphabetic() || text.at(end)? == b'_') {
        end += 1;
    }
    Ok(end)
}
