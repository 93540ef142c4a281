//! What comes behind a place in a value, and says whether the value ends there.

use super::base64::is_base64url;
use super::frame::Frame;
use super::head::LONG_WORD;
use crate::grammar::text::lex::{Enc, Step, Text, is_blank, is_name};

/// How far a blank in an unquoted cookie value looks for the semicolon that proves it
/// content.
pub(super) const COOKIE_LOOKAHEAD: usize = 256;

/// Whether `[\r]` or `[\n]`, an HTTP client's way of logging the line's end, is at `i`,
/// where the bracket takes `len` bytes.
pub(crate) fn is_wire_end(text: &Text, i: usize, len: usize) -> Step<bool> {
    let unit = text.unit(i + len)?;
    Ok(unit.is_newline() && unit.len > 1 && text.unit(i + len + unit.len)?.ch == b']')
}

/// Whether only blanks are left of the value from `i`, up to the bracket that may `close` it.
pub(super) fn ends_value(text: &Text, i: usize, close: u8) -> Step<bool> {
    let mut at = i;
    while at - i < 16 && is_blank(text.at(at)?) {
        at += 1;
    }
    let byte = text.at(at)?;
    Ok(matches!(byte, b'\n' | b'\r' | b';') || close != 0 && byte == close)
}

/// Whether an entry of PHP's `print_r` ends at the blank at `i`, where its lines have become one: the next entry follows,
/// `[name] => `, or the bracket that closes the array.
pub(super) fn ends_entry(text: &Text, i: usize) -> Step<bool> {
    let start = text.skip_blanks(i, 0)?;
    match text.at(start)? {
        b'[' => {
            let mut end = start + 1;
            while end - start < 64 && (is_name(text.at(end)?) || text.at(end)? == b'.') {
                end += 1;
            }
            text.has_word(end, b"] =>")
        }
        b')' => {
            let end = text.skip_blanks(start + 1, 0)?;
            Ok(matches!(text.at(end)?, b'\n' | b'\r' | b')')
                || end > start + 1 && text.at(end)? == b'[')
        }
        _ => Ok(false),
    }
}

/// Whether a cookie-name and `=` come at `i`, after blanks if they are `required`, in text
/// that is percent-encoded to `level`.
pub(crate) fn is_pair(text: &Text, i: usize, required: bool, level: u8) -> Step<bool> {
    let start = text.skip_blanks(i, level)?;
    if required && start == i {
        return Ok(false);
    }
    let mut at = start;
    while at - start < 64 {
        let byte = text.at(at)?;
        if !(is_name(byte) || matches!(byte, b'.' | b'$' | b'!' | b'~' | b'*')) {
            break;
        }
        at += 1;
    }
    let unit = text.unit(at)?;
    Ok(at > start && unit.ch == b'=' && unit.level() <= level)
}

/// Whether a pair in quotes comes at `i`, after blanks.
pub(super) fn is_quoted_pair(text: &Text, i: usize) -> Step<bool> {
    let start = text.skip_blanks(i, 0)?;
    let unit = text.unit(start)?;
    Ok(start > i && unit.quote().is_some() && is_pair(text, start + unit.len, false, 0)?)
}

/// Whether a header's name and a colon come right at `i`.
pub(super) fn is_header(text: &Text, i: usize) -> Step<bool> {
    let mut at = i;
    while at - i < 64 && (text.at(at)?.is_ascii_alphabetic() || text.at(at)? == b'-') {
        at += 1;
    }
    Ok(at - i >= 3 && text.at(at)? == b':')
}

/// Whether a pair with a value comes at `i`, behind the bar that ends a captured header. Padding is no pair.
pub(super) fn is_captured(text: &Text, i: usize) -> Step<bool> {
    if !is_pair(text, i, false, 0)? {
        return Ok(false);
    }
    let mut at = i;
    while text.at(at)? != b'=' {
        at += 1;
    }
    Ok(!matches!(text.at(at + 1)?, b'=' | b'}' | b'|' | b' ' | b'\n'))
}

/// Whether words, and no more of a token, come after the `+` before `i`.
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
            // A capital is a word's first letter, or all are capitals.
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

/// Whether another header, `name: ` or `name -> `, comes at `i`, after blanks.
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

/// Whether nothing of a value comes at `i`, behind a closing bracket: more of them, then the
/// end of what they are in.
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

/// Whether the text after a blank in an unquoted cookie value runs on to a semicolon.
pub(super) fn semicolon_follows(text: &Text, i: usize) -> Step<bool> {
    let mut at = i;
    while at - i < COOKIE_LOOKAHEAD {
        match text.at(at)? {
            // A character reference ends with a semicolon of its own.
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

/// How a shell's single-quoted string at whose closing quote `i` is goes on behind a quote of its own: `'ab'\''cd'`,
/// `'ab'"'"'cd'`.
pub(super) fn quoted_quote(text: &Text, i: usize) -> Step<Option<usize>> {
    let next = text.at(i + 1)?;
    if !matches!(next, b'\\' | b'"') {
        return Ok(None);
    }
    let words: [&[u8]; 2] = [b"'\\''", b"'\"'\"'"];
    for word in words {
        if word[1] == next && text.has_word(i, word)? {
            return Ok(Some(word.len()));
        }
    }
    Ok(None)
}
