//! Objects around a value: `Concrete("T")`, `OAuth2AccessToken{tokenValue='T'}`, `{"value":"T"}`, `"[T]"`.

use super::change::is_side;
use super::log_prefix::first_in_brackets;
use super::names::classify;
use super::target::closer;
use super::wrappers::MEMBERS;
use crate::grammar::text::lex::{Quote, Step, Text, is_name, is_quote};

/// The longest name of a type, in bytes.
const MAX_TYPE: usize = 40;
/// The longest member before the one with the value, in bytes.
const MAX_MEMBER: usize = 128;
/// The most members that are read.
const MAX_MEMBERS: usize = 4;
/// The longest value that is read to decide whether brackets enclose it, in bytes.
const MAX_LONE: usize = 2048;

/// The position after the name of a type at `at`, which starts with a capital and contains only letters.
#[inline(always)]
pub(super) fn past_type_name(text: &Text, at: usize) -> Step<Option<usize>> {
    match text.window().get(at) {
        Some(b'A'..=b'Z') => {}
        _ => return Ok(None),
    }
    let mut end = at + 1;
    while end - at < MAX_TYPE {
        let byte = text.at(end)?;
        let number = byte.is_ascii_digit() && end - at < 8;
        if !(byte.is_ascii_alphabetic() || byte == b'_' || number) {
            break;
        }
        end += 1;
    }
    Ok(matches!(text.at(end)?, b'(' | b'{' | b'[' | b' ').then_some(end))
}

/// The value of an object that opens at `at`, with a bracket or the name of a type, and the closing bracket of the
/// object.
pub(super) fn member(text: &Text, at: usize) -> Step<Option<(usize, u8)>> {
    let mut start = at;
    if let Some(end) = past_type_name(text, at)? {
        start = text.skip_blanks(end, 0)?;
    }
    let close = closer(text.at(start)?);
    if close == 0 || close == b'>' {
        return Ok(None);
    }
    start += 1;
    let mut passed_key = false;
    for _ in 0..MAX_MEMBERS {
        start = first_in_brackets(text, start, 0)?;
        let unit = text.unit(start)?;
        let quote = unit.quote();
        let name = if quote.is_some() { text.past_quote(start)? } else { start };
        let mut end = name;
        while end - name < MAX_TYPE && (is_name(text.at(end)?) || text.at(end)? == b'$') {
            end += 1;
        }
        if end == name {
            return Ok(None);
        }
        let member = text.window().get(name..end).unwrap_or_default();
        let has_value = MEMBERS.iter().any(|known| member.eq_ignore_ascii_case(known.as_bytes()));
        let is_key = is_key(member);
        if let Some(quote) = quote {
            if quote.closed_by(text.unit(end)?) != Some(0) {
                return Ok(None);
            }
            end = text.past_quote(end)?;
        }
        end = text.skip_blanks(end, 0)?;
        if !matches!(text.unit(end)?.ch, b':' | b'=') {
            return Ok(None);
        }
        end = text.skip_blanks(end + text.unit(end)?.len, 0)?;
        // `{"old":"T","new":"T"}`: a side without a value is passed.
        let side = is_side(member) && is_string(text, end)?;
        if has_value || side {
            // `{"token":{"id_token":"T","access_token":"T"}}`: each of them is found by its own name.
            return Ok((!(passed_key && is_key)).then_some((end, close)));
        }
        passed_key |= is_key;
        let Some(next) = past_scalar(text, end)? else { return Ok(None) };
        start = next;
    }
    Ok(None)
}

/// Whether there is a string at `at` that is not empty.
fn is_string(text: &Text, at: usize) -> Step<bool> {
    let opener = text.unit(at)?;
    let Some(quote) = opener.quote() else { return Ok(false) };
    Ok(quote.closed_by(text.unit(at + opener.len)?).is_none())
}

/// Whether the name of a member is a key by itself, by any rule.
fn is_key(name: &[u8]) -> bool {
    const ENDS: [&[u8]; 4] = [b"password", b"passwd", b"secret", b"key"];
    let is_end = |end: &&[u8]| {
        let start = name.len().checked_sub(end.len());
        start.is_some_and(|start| name[start..].eq_ignore_ascii_case(end))
    };
    classify(name).is_some() || name.len() > 3 && ENDS.iter().any(is_end)
}

/// Skips a string or a word at `at` and the comma after it.
fn past_scalar(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    let unit = text.unit(at)?;
    let quote = unit.quote();
    if quote.is_some() {
        end += unit.len;
    }
    while end - at < MAX_MEMBER {
        let unit = text.unit(end)?;
        if unit.is_newline() {
            return Ok(None);
        }
        end += unit.len;
        match quote {
            Some(quote) if quote.closed_by(unit).is_some() => {
                let end = text.skip_blanks(end, 0)?;
                return Ok((text.unit(end)?.ch == b',').then_some(end + 1));
            }
            None if unit.ch == b',' => return Ok(Some(end)),
            None if matches!(unit.ch, b'{' | b'[' | b'(' | b'}' | b']' | b')') => return Ok(None),
            _ => {}
        }
    }
    Ok(None)
}

/// Whether a bracket opens at `at` and closes after a single value, or two words. Returns its closing bracket. In a
/// string that `quote` encloses, the closing quote has to follow.
pub(super) fn lone(text: &Text, at: usize, quote: Option<Quote>) -> Step<Option<u8>> {
    let opener = text.at(at)?;
    let close = closer(opener);
    if close == 0 || text.unit(at)?.len != 1 {
        return Ok(None);
    }
    let (mut end, mut blanks) = (at + 1, 0);
    while end - at < MAX_LONE {
        match text.at(end)? {
            byte if byte == close => break,
            byte if byte == opener || is_quote(byte) => return Ok(None),
            b' ' if blanks == 1 => return Ok(None),
            b' ' => blanks += 1,
            b'\\' | b'\n' | b'\r' | b'\t' | b',' | b';' => return Ok(None),
            _ => {}
        }
        end += 1;
    }
    if end - at < 2 || end - at == MAX_LONE {
        return Ok(None);
    }
    Ok(match quote {
        Some(quote) if quote.closed_by(text.unit(end + 1)?).is_none() => None,
        _ => Some(close),
    })
}
