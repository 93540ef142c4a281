//! Lookahead: whether the text after a position in a value means that the value ends there.

use super::base64::is_base64url;
use super::frame::Frame;
use super::head::LONG_WORD;
use super::scheme::TOKEN_SCHEMES;
use crate::grammar::text::lex::{Enc, Step, Text, Unit, is_blank, is_name};

/// The lookahead for the semicolon that makes a space in an unquoted cookie value content, in bytes.
pub(super) const COOKIE_LOOKAHEAD: usize = 256;

/// The most backslashes before a quote that is embedded in a shell's string.
const MAX_SLASHES: usize = 63;

/// Whether there is `[\r]` or `[\n]`, an HTTP client's notation for a newline, at `i`. The bracket takes `len` bytes.
pub(crate) fn is_wire_end(text: &Text, i: usize, len: usize) -> Step<bool> {
    let unit = text.unit(i + len)?;
    Ok(unit.is_newline() && unit.len > 1 && text.unit(i + len + unit.len)?.ch == b']')
}

/// Whether only spaces are left of the value from `i` on, up to the bracket that may `close` it.
pub(super) fn ends_value(text: &Text, i: usize, close: u8) -> Step<bool> {
    let mut at = i;
    while at - i < 16 && is_blank(text.at(at)?) {
        at += 1;
    }
    let byte = text.at(at)?;
    Ok(matches!(byte, b'\n' | b'\r' | b';') || close != 0 && byte == close)
}

/// The position after `^\^"` at `at`, as cmd escapes a quote inside a quoted argument, or the same in a string of JSON.
pub(crate) fn past_caret_quote(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at + 1;
    while end - at < 32 && text.at(end)? == b'\\' {
        end += 1;
    }
    if end == at + 1 || text.at(end)? != b'^' {
        return Ok(None);
    }
    let quote = text.unit(end + 1)?;
    Ok((quote.ch == b'"').then_some(end + 1 + quote.len))
}

/// Whether the byte at `i`, after a caret of cmd's shell, belongs to the value in quotes.
pub(super) fn is_escaped_by_caret(text: &Text, i: usize) -> Step<bool> {
    let inner = past_caret_quote(text, i - 1)?.is_some();
    Ok(!inner && !matches!(text.unit(i)?.ch, 0..=b' ' | b'"' | b'\'' | 0x7f))
}

/// The longest name of an entry there, in bytes.
const MAX_ENTRY_NAME: usize = 96;

/// Whether the name of an entry may contain the byte: that of a property has its class and visibility behind it.
fn is_entry_name(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'.' | b':' | b'\\')
}

/// Whether an entry of PHP's `print_r` ends at the space at `i`, in output whose lines were joined: the next entry
/// follows, `[name] => `, or the bracket that closes the array.
pub(super) fn ends_entry(text: &Text, i: usize) -> Step<bool> {
    let start = text.skip_blanks(i, 0)?;
    match text.at(start)? {
        b'[' => {
            let mut end = start + 1;
            while end - start < MAX_ENTRY_NAME && is_entry_name(text.at(end)?) {
                end += 1;
            }
            text.has_word(end, b"] =>")
        }
        b')' => {
            let end = text.skip_blanks(start + 1, 0)?;
            let unit = text.unit(end)?;
            Ok(unit.is_newline()
                || unit.quote().is_some()
                || matches!(unit.ch, b')' | b'<')
                || unit.ch == b'[' && end > start + 1)
        }
        _ => Ok(false),
    }
}

/// Whether there is a cookie-name and `=` at `i`, after spaces if they are `required`, in text that is percent-encoded
/// to `level`.
pub(crate) fn is_pair(text: &Text, i: usize, required: bool, level: u8) -> Step<bool> {
    let start = text.skip_blanks(i, level)?;
    if required && start == i {
        return Ok(false);
    }
    let mut at = start;
    while at - start < 64 {
        let byte = text.at(at)?;
        if !is_pair_name(byte) {
            break;
        }
        at += 1;
    }
    let unit = text.unit(at)?;
    Ok(at > start && unit.ch == b'=' && unit.level() <= level)
}

/// Whether `byte` can be in the name of a pair.
pub(super) fn is_pair_name(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'.' | b'$' | b'!' | b'~' | b'*')
}

/// Whether there is a quoted pair at `i`, after spaces.
pub(super) fn is_quoted_pair(text: &Text, i: usize) -> Step<bool> {
    let start = text.skip_blanks(i, 0)?;
    let unit = text.unit(start)?;
    Ok(start > i && unit.quote().is_some() && is_pair(text, start + unit.len, false, 0)?)
}

/// Whether there is the name of a header and a colon at `i`.
pub(super) fn is_header(text: &Text, i: usize) -> Step<bool> {
    let mut at = i;
    while at - i < 64 && (text.at(at)?.is_ascii_alphabetic() || text.at(at)? == b'-') {
        at += 1;
    }
    Ok(at - i >= 3 && text.at(at)? == b':')
}

/// Whether the double quote `unit` at `i`, in a value in other quotes, ends the string of JSON around the value: the
/// message in the string was cut off before the value's own quote. A member follows, or the end of the object.
pub(crate) fn is_end_of_message(text: &Text, i: usize, unit: Unit) -> Step<bool> {
    if unit.ch != b'"' || unit.quote().is_none() {
        return Ok(false);
    }
    let next = text.unit(i + unit.len)?;
    let after = i + unit.len + next.len;
    Ok(match next.ch {
        b',' => text.unit(text.skip_blanks(after, 0)?)?.quote() == unit.quote(),
        b'}' | b']' => {
            let last = text.unit(after)?;
            last.len == 0 || last.is_newline() || matches!(last.ch, b',' | b'}' | b']' | b'"')
        }
        _ => false,
    })
}

/// Whether the bar at `i` ends a captured header. Only digits before it are the number of a Laravel token, `12|T`.
pub(super) fn is_captured(text: &Text, i: usize) -> bool {
    let mut k = 1;
    while k < 24 && text.before(i, k).is_ascii_digit() {
        k += 1;
    }
    k == 1 || !is_blank(text.before(i, k))
}

/// Whether words follow the `+` before `i`, and not more of a token.
pub(super) fn is_word(text: &Text, i: usize) -> Step<bool> {
    let mut at = i;
    loop {
        let start = at;
        let (mut upper, mut lower) = (0, 0);
        while at - start < LONG_WORD {
            let byte = text.at(at)?;
            if !byte.is_ascii_alphabetic() && (at == start || !matches!(byte, b'-' | b'_')) {
                break;
            }
            // A capital starts a word, or all letters are capitals.
            let first = at == start || matches!(text.at(at - 1)?, b'-' | b'_');
            upper += usize::from(!first && byte.is_ascii_uppercase());
            lower += usize::from(byte.is_ascii_lowercase());
            at += 1;
        }
        let next = text.at(at)?;
        if at - start == LONG_WORD
            || upper > 0 && lower > 0
            || is_base64url(next)
            || matches!(next, b'/' | b'=')
            || at == start && next == b'+'
        {
            return Ok(false);
        }
        if next != b'+' || at - i > 64 {
            return Ok(true);
        }
        at += 1;
    }
}

/// Whether there is another header, `name: ` or `name -> `, at `i`, after spaces.
pub(super) fn is_field(text: &Text, i: usize, level: u8) -> Step<bool> {
    let start = text.skip_blanks(i, level)?;
    let mut at = start;
    while at - start < 64 && is_name(text.at(at)?) {
        at += 1;
    }
    if start == i || at == start {
        return Ok(false);
    }
    let unit = text.unit(at)?;
    Ok(match unit.ch {
        b':' => !matches!(text.unit(at + unit.len)?.ch, b'/' | b':'),
        b' ' | b'+' => {
            let dash = text.skip_blanks(at, level)?;
            dash > at && text.at(dash)? == b'-' && text.unit(dash + 1)?.ch == b'>'
        }
        _ => false,
    })
}

/// The same where the name starts with a letter, unlike a time of day.
pub(super) fn is_named_field(text: &Text, i: usize, level: u8) -> Step<bool> {
    let name = text.at(text.skip_blanks(i, level)?)?;
    Ok(name.is_ascii_alphabetic() && is_field(text, i, level)?)
}

/// Whether `unit` at `i` ends the text of an element that `close` closes. The brackets of tags may be escaped,
/// `&lt;/password&gt;`.
pub(super) fn is_tag(text: &Text, i: usize, unit: Unit, close: u8) -> Step<bool> {
    Ok(close == b'<'
        && unit.ch == b'<'
        && (unit.enc == Enc::Raw || text.unit(i + unit.len)?.ch == b'/'))
}

/// Whether no more of the value follows at `i`, after a closing bracket: only further brackets, and the end of what
/// they are in.
pub(super) fn ends_map(text: &Text, i: usize, frame: &Frame) -> Step<bool> {
    let mut at = i;
    let mut unit = text.unit(at)?;
    while at - i < 32 && matches!(unit.ch, b']' | b'}' | b')') {
        at += unit.len;
        unit = text.unit(at)?;
    }
    Ok(unit.is_newline()
        || unit.enc == Enc::Ansi
        || frame.excludes(unit)
        || matches!(unit.ch, b' ' | b'\t' | b',' | b'<' | b'>' | b'"' | b'\'' | b'`'))
}

/// Whether the text after a space in an unquoted cookie value continues up to a semicolon.
pub(super) fn semicolon_follows(text: &Text, i: usize) -> Step<bool> {
    let mut at = i;
    while at - i < COOKIE_LOOKAHEAD {
        match text.at(at)? {
            // A character reference ends with a semicolon.
            b'&' => {
                let unit = text.unit(at)?;
                if unit.quote().is_some() {
                    return Ok(false);
                }
                at += unit.len;
                continue;
            }
            b';' => return Ok(true),
            b'=' | b':' | b'\n' | b'\r' | b'"' | b'\'' | b'[' | b'(' | b'{' => return Ok(false),
            _ => at += 1,
        }
    }
    Ok(false)
}

pub(super) fn starts_jose(text: &Text, at: usize) -> Step<bool> {
    Ok(text.at(at)? == b'e' && text.at(at + 1)? == b'y' && text.at(at + 2)? == b'J')
}

/// The length of the quote that is embedded in a single-quoted string of a shell, from the closing quote at `i` on:
/// `'ab'\''cd'`, `'ab'"'"'cd'`. If the command is in a string, its backslash and double quotes are escaped.
pub(super) fn quoted_quote(text: &Text, i: usize) -> Step<Option<usize>> {
    let next = text.at(i + 1)?;
    if !matches!(next, b'\\' | b'"') {
        return Ok(None);
    }
    let past_slashes = |at: usize| -> Step<usize> {
        let mut end = at;
        while end - at < MAX_SLASHES && text.at(end)? == b'\\' {
            end += 1;
        }
        Ok(end)
    };
    let end = past_slashes(i + 1)?;
    if text.at(end)? == b'\'' {
        return Ok((text.at(end + 1)? == b'\'').then_some(end + 2 - i));
    }
    if !text.has_word(end, b"\"'")? {
        return Ok(None);
    }
    let end = past_slashes(end + 2)?;
    Ok(text.has_word(end, b"\"'")?.then_some(end + 2 - i))
}

/// The end of the scheme at `at`, if it is one of [`TOKEN_SCHEMES`] and a blank follows it.
pub(crate) fn token_scheme(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    while end - at < LONG_WORD && (text.at(end)?.is_ascii_alphabetic() || text.at(end)? == b'-') {
        end += 1;
    }
    let blank = is_blank(text.at(end)?);
    let word = text.window().get(at..end).unwrap_or_default();
    let known = || TOKEN_SCHEMES.iter().any(|scheme| word.eq_ignore_ascii_case(scheme));
    Ok((blank && known()).then_some(end))
}

/// The position after the scheme at `at`, one of [`TOKEN_SCHEMES`] or `bearer`, and the space that follows it.
pub(crate) fn past_scheme(text: &Text, at: usize) -> Step<Option<usize>> {
    if text.has_word(at, b"bearer ")? {
        return Ok(Some(at + b"bearer ".len()));
    }
    let end = token_scheme(text, at)?;
    Ok(end.filter(|end| text.window()[*end] == b' ').map(|end| end + 1))
}
