//! Values in running text, where only their look identifies them.

use std::ops::ControlFlow::Break;

use super::cookie_field::bare_end;
use super::cursor::{NOTHING, Outcome};
use super::open::open;
use super::pattern;
use super::target::{Separator, Target};
use crate::grammar::ids::{COOKIE, OAUTH};
use crate::grammar::text::lex::{Step, Text, is_name};
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;

/// Whether nothing but spaces follows the word at `at` on its line.
pub(super) fn is_last_word(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_LAST && text.at(end)? > b' ' {
        end += 1;
    }
    Ok(end - at < MAX_LAST && text.unit(text.skip_blanks(end, 0)?)?.is_newline())
}

/// Whether the line at `at` consists of one token. `inside` a string it may be the last line, which ends with the string. An
/// underscore before an equals sign does not occur in padded base64; that is a name, so the line is the next setting.
pub(super) fn is_alone(text: &Text, at: usize, inside: bool) -> Step<bool> {
    let mut end = at;
    let mut padded = false;
    while end - at < 4096 {
        match text.at(end)? {
            b'=' => padded = true,
            _ if padded => break,
            byte if is_name(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/') => {}
            _ => break,
        }
        end += 1;
    }
    let setting = padded && text.window()[at..end.min(text.window().len())].contains(&b'_');
    let next = text.unit(text.skip_blanks(end, 0)?)?;
    let ends = next.is_newline() || inside && next.quote().is_some();
    Ok(end - at >= 16 && !setting && ends)
}

/// The longest word that is the last of its line, in bytes.
const MAX_LAST: usize = 256;

/// Whether there is a value at `at`, in running text, that is as long and mixed as a token.
pub(super) fn is_sure(text: &Text, at: usize, level: u8) -> Step<bool> {
    let head = Value::new(Frame::within(level), Flavour::Param, OAUTH).head(text, at)?;
    Ok(head.is_token_like())
}

/// Whether there is a pair at `at`, in running text, whose value can only be that of a cookie.
pub(super) fn is_evident(text: &Text, at: usize) -> Step<bool> {
    let end = bare_end(text, at)?;
    if end == at || text.at(end)? != b'=' {
        return Ok(false);
    }
    let frame = Frame { close: b'>', ..Frame::default() };
    let head = Value::new(frame, Flavour::Cookie, COOKIE).head(text, end + 1)?;
    Ok(head.is_token_like())
}

/// Whether two cookie-pairs are at `at`.
pub(super) fn is_list_of_pairs(text: &Text, at: usize) -> Step<bool> {
    if !is_pair(text, at, false, 0)? {
        return Ok(false);
    }
    let mut end = at;
    while end - at < MAX_LAST && !matches!(text.at(end)?, 0..=b' ' | b';') {
        end += 1;
    }
    Ok(text.at(end)? == b';' && text.at(end + 1)? == b' ' && is_pair(text, end + 2, false, 0)?)
}

/// What a message says about a token that it names.
const VERBS: &[&str] = &[
    " has ",
    " is ",
    " was ",
    " does ",
    " not ",
    " could ",
    " cannot ",
    " already ",
    " expired",
    " revoked",
    " invalid",
    " belongs ",
];

/// The subject of a sentence at `at`, which is as long and mixed as a token: `T has expired`, `'T' is not valid`, and with
/// `brackets` also `[T]`. In quotes it may end the sentence, the line, or the string around it.
pub(super) fn subject(
    text: &Text,
    at: usize,
    separator: Separator,
    level: u8,
    brackets: bool,
) -> Step<Outcome> {
    let bracket = brackets && text.at(at)? == b'[';
    let at = at + usize::from(bracket);
    let quote = text.unit(at)?.quote();
    let (at, frame) = match open(text, at, Separator::Comma, level)? {
        Some(Target::Value { at, frame, .. }) if quote.is_some() => (at, frame),
        None => (at, Frame::within(level)),
        Some(_) => return Ok(NOTHING),
    };
    let value = Value::new(frame, Flavour::Param, OAUTH);
    if !value.head(text, at)?.is_token_like() {
        return Ok(NOTHING);
    }
    let mut end = at;
    while end - at < MAX_LAST && is_of_token(text.at(end)?) {
        end += 1;
    }
    if bracket {
        let found = quote.is_none() && text.at(end)? == b']';
        return Ok(if found { Break(Target::Value { at, frame, separator }) } else { NOTHING });
    }
    if let Some(quote) = quote {
        let closer = text.unit(end)?;
        if quote.closed_by(closer) != Some(0) {
            return Ok(NOTHING);
        }
        end += closer.len;
        let next = text.unit(end)?;
        if next.is_newline()
            || next.quote().is_some()
            || matches!(next.ch, b',' | b'.' | b';' | b')')
            // Go joins the message of an error to its cause.
            || next.ch == b':' && text.at(end + next.len)? == b' '
        {
            return Ok(Break(Target::Value { at, frame, separator }));
        }
    }
    for verb in VERBS {
        if pattern::past(text, end, verb, level)?.is_some() {
            return Ok(Break(Target::Value { at, frame, separator }));
        }
    }
    Ok(NOTHING)
}

/// Whether the byte may be part of a token in running text.
fn is_of_token(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'=')
}
