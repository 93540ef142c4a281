//! The next field of a record, which ends an unquoted value: `id=5|access_token=T|role=admin`.
//!
//! Programs separate the fields of a record by many characters, and some of these occur in tokens and cookie-values. If such a
//! character is also before the key, it is the delimiter of the record ([`Frame::delimiter`]), and any field after it ends the
//! value. If not, a field ends it only if a space in that field shows that it is not part of the value.

use super::frame::Frame;
use super::lookahead::{is_pair_name, past_scheme};
use crate::grammar::text::lex::{Enc, Step, Text, Unit, is_blank, is_name, is_quote};
use crate::grammar::text::reads;

/// The longest mark between two fields, in bytes.
const MAX_MARK: usize = 8;

/// The most digits of the number before a bar.
const MAX_DIGITS: usize = 20;

/// Whether the unquoted value in `frame`, a token or a cookie-value, ends before `unit` at `i`, because the next field of the
/// record is there.
pub(super) fn ends_field(
    text: &Text,
    i: usize,
    unit: Unit,
    frame: &Frame,
    is_token: bool,
) -> Step<bool> {
    if frame.is_whole() || unit.level() > frame.level || frame.has_as_content(unit) {
        return Ok(false);
    }
    match unit.ch {
        b'\t' | 0x1b => Ok(false),
        0..=0x1f | 0x7f => Ok(true),
        b'!' | b'#' | b'$' | b'&' | b'*' | b',' | b'@' | b'^' | b'|' | b'~'
            if unit.enc == Enc::Raw =>
        {
            if unit.ch == b'|' && is_token && !may_separate(text, i) {
                return Ok(false);
            }
            let next = past_run(text, i)?;
            let bar = unit.ch == b'|' && is_token;
            let delimits = unit.ch == frame.delimiter;
            Ok((bar || delimits) && is_next_field(text, next)?
                || delimits && text.unit(next)?.is_newline()
                || (is_token || !frame.line) && is_titled(text, next)?)
        }
        b'<' if unit.enc == Enc::Raw => is_empty_element(text, i),
        0x80.. => Ok(match past_sign(text, i)? {
            Some(next) => is_next_field(text, next)?,
            None => false,
        }),
        _ => Ok(false),
    }
}

/// The position after the character at `i` and others like it: `||`.
fn past_run(text: &Text, i: usize) -> Step<usize> {
    let rest = text.window().get(i..).unwrap_or_default();
    let len = rest.iter().take(MAX_MARK).take_while(|byte| **byte == rest[0]).count();
    text.at(i + len).map(|_| i + len)
}

/// The position after the sign outside ASCII at `i`, in UTF-8: a bar, a bullet, an arrow, a wide comma. Letters are none.
fn past_sign(text: &Text, i: usize) -> Step<Option<usize>> {
    Ok(match text.at(i)? {
        0xc2 => Some(i + 2),
        0xe2 if text.at(i + 1)? < 0xb0 => Some(i + 3),
        0xe3 if text.at(i + 1)? == 0x80 => Some(i + 3),
        0xef if text.at(i + 1)? == 0xbc && text.at(i + 2)? <= 0xa0 => Some(i + 3),
        _ => None,
    })
}

/// Whether an element of HTML without content is at `i`, such as `<br>`.
fn is_empty_element(text: &Text, i: usize) -> Step<bool> {
    let mut end = i + 1;
    while end - i < MAX_MARK && text.at(end)?.is_ascii_alphabetic() {
        end += 1;
    }
    let slash = text.skip_blanks(end, 0)?;
    Ok(end > i + 1 && text.at(slash + usize::from(text.at(slash)? == b'/'))? == b'>')
}

/// The longest name of such a field, in bytes.
const MAX_TITLE: usize = 32;

/// Whether a field is at `i` whose value is in quotes, or has a space before it, or in it after its scheme: `Cookie: sid=T`,
/// `authorization=Bearer T`. Nothing like that is part of an unquoted value, because a space ends one.
fn is_titled(text: &Text, i: usize) -> Step<bool> {
    // More of a token would have digits.
    let at = i + name_len(text, i, is_word);
    let separator = text.at(at)?;
    if !(3..MAX_TITLE).contains(&(at - i)) || !matches!(separator, b':' | b'=') {
        return Ok(false);
    }
    let first = text.at(at + 1)?;
    Ok(is_quote(first)
        || separator == b':' && is_blank(first)
        || past_scheme(text, at + 1)?.is_some())
}

/// Whether the name of a header may contain the byte, and hardly any token all of whose bytes are such.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_')
}

/// The length of the name at `i`, as far as it is in the window.
fn name_len(text: &Text, i: usize, is_part: fn(u8) -> bool) -> usize {
    let rest = text.window().get(i..).unwrap_or_default();
    let len = rest.iter().take(64).take_while(|byte| is_part(**byte)).count();
    // A few bytes of a name cost as much as one character.
    (0..len / 4).for_each(|_| reads::count());
    len
}

/// Whether a header, or a name and a value, are at `i`, after the bar that ends a value: `access_token=T|id=5`. Padding is
/// not a value.
fn is_next_field(text: &Text, i: usize) -> Step<bool> {
    let start = text.skip_blanks(i, 0)?;
    let name = name_len(text, start, is_pair_name);
    let at = start + name;
    let unit = text.unit(at)?;
    Ok(match unit.ch {
        b':' if unit.enc == Enc::Raw && start == i => {
            name >= 3 && text.window()[start..at].iter().all(|byte| is_word(*byte))
        }
        b'=' if name > 0 && unit.level() == 0 => {
            !matches!(text.at(at + unit.len)?, b'=' | b'}' | b'|' | b' ' | b'\n')
        }
        _ => false,
    })
}

/// Whether the bar at `i` may end a value before the next field, and not the number of a Laravel token, `12|T`.
pub(super) fn may_separate(text: &Text, i: usize) -> bool {
    let digits = (1..=MAX_DIGITS).take_while(|k| text.before(i, *k).is_ascii_digit()).count();
    digits == 0 || digits == MAX_DIGITS || is_name(text.before(i, digits + 1))
}
