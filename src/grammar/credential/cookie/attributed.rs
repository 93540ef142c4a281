//! Values of `Set-Cookie` without their key: what they are is seen from their attributes.
//!
//! Lists of such values are printed as `[sid=T; Path=/, theme=T; Path=/]`, `["sid=T; Path=/; HttpOnly"]`, one to a line.

use super::attribute::is_attribute_name;
use crate::grammar::container::{Container, Elements};
use crate::grammar::ids::COOKIE;
use crate::grammar::key::closer;
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Step, Text, is_name, is_quote};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

/// Furthest that the text is read back from a path to the cookie's value, in bytes.
const MAX_BACK: usize = 4096;
/// The most attributes that are read back over: there are few, and a text may have semicolons only.
const MAX_ATTRIBUTES: usize = 12;
/// Longest path that is read to see whether another attribute follows, in bytes.
const MAX_PATH: usize = 256;
/// Longest name of an attribute that the end of a window may have cut, in bytes.
const MAX_CUT: usize = 12;
/// Longest cookie-name that is read back, in bytes.
const MAX_NAME: usize = 64;

/// The cookie that `; path`, of `len` bytes at `at`, is an attribute of. `floor` is where the text that is not decided yet
/// starts.
pub(crate) fn attributed(text: &Text, at: usize, len: usize, floor: usize) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at + len));
    let is_path = text.window()[at + 1] == b' '
        && text.at(at + len)? == b'='
        && text.unit(at + len + 1)?.ch == b'/';
    if !is_path {
        return nothing;
    }
    let Some((start, back)) = pair_before(text, at, floor) else { return nothing };
    let opener = text.unit_before(start, back);
    let frame = match (text.before(start, 1), opener.quote()) {
        // Spring's maps, `sid=[T; Path=/]`.
        (b'[', _) => Frame { close: b']', ..Frame::default() },
        (_, Some(quote)) => Frame { quote: Some(quote), own_quote: true, ..Frame::default() },
        _ => Frame { close: closer(opener.ch), ..Frame::default() },
    };
    let value = Value::new(Frame { own_quote: false, ..frame }, Flavour::SetCookie, COOKIE);
    let head = value.head(text, start)?;
    // What was redacted is in brackets, too.
    if text.before(start, 1) == b'[' && text.has_word(start, b"redacted")? {
        return nothing;
    }
    if head.is_empty() || head.is_placeholder() || head.complete && head.end > at {
        return nothing;
    }
    // Other things than cookies have a path.
    let more = text.window()[start..at].contains(&b';') || attribute_follows(text, at + len + 1)?;
    if !(head.is_token_like() || more && !head.is_plain_word()) {
        return nothing;
    }
    let list = Container::new(Elements::SetCookie, frame).begun();
    Ok(Start::Value(start, value.started(text, start, &head), Some(list)))
}

/// Whether another attribute stands behind the path at `at`.
fn attribute_follows(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_PATH && !matches!(text.at(end)?, 0..=b' ' | b';' | b',' | b'"' | b'\'') {
        end += 1;
    }
    if text.at(end)? != b';' {
        return Ok(false);
    }
    let name = text.skip_blanks(end + 1, 0)?;
    let mut end = name;
    while end - name < MAX_CUT && is_name(text.at(end)?) {
        end += 1;
    }
    Ok(is_attribute_name(&text.window()[name..end]))
}

/// Where the value of the cookie starts that what stands before `to` may be attributes of, or the end of.
pub(crate) fn attributed_value(text: &Text, to: usize, floor: usize) -> Option<usize> {
    pair_before(text, to, floor).map(|(start, _)| start)
}

/// The same, and how many bytes of a name and what separates it from the value are before that.
fn pair_before(text: &Text, to: usize, floor: usize) -> Option<(usize, usize)> {
    let window = text.window();
    let lowest = floor.max(to.saturating_sub(MAX_BACK));
    let from = memchr::memrchr(b'\n', &window[lowest..to]).map_or(lowest, |at| lowest + at + 1);
    let mut end = to;
    // 1. Back over attributes.
    let mut attributes = 0;
    while let Some(semicolon) = memchr::memrchr(b';', &window[from..end]) {
        attributes += 1;
        let segment = window[from + semicolon + 1..end].trim_ascii_start();
        let len = segment.iter().position(|byte| *byte == b'=');
        let name = &segment[..len.unwrap_or(segment.len())];
        let cut = end == to && len.is_none() && name.len() <= MAX_CUT;
        if attributes > MAX_ATTRIBUTES {
            return None;
        }
        // Another cookie follows the attribute: `Path=/, theme=T`.
        let folded =
            memchr::memrchr(b',', segment).is_some_and(|comma| segment[comma..].contains(&b'='));
        // The pair is in this segment, whatever is before it: the text there may have been decided already.
        if folded || !(is_attribute_name(name) || cut) {
            break;
        }
        end = from + semicolon;
    }
    // 2. Back over the value, to the name.
    let mut run = end;
    while run > from && !opens(window[run - 1]) {
        run -= 1;
    }
    let (start, separator) = if run == floor && text.before(run, 1) == b'=' {
        (run, 1)
    } else if let Some(equals) = memchr::memchr(b'=', &window[run..end]) {
        (run + equals + 1, 1)
    } else {
        ((text.before(run, 2), text.before(run, 1)) == (b'=', b'[')).then_some((run, 2))?
    };
    let mut back = separator;
    while back <= MAX_NAME && is_name_byte(text.before(start, back + 1)) {
        back += 1;
    }
    let before = text.before(start, back + 1);
    let mut name = [0; MAX_NAME];
    let name = &mut name[..back - separator];
    for (k, byte) in name.iter_mut().enumerate() {
        *byte = text.before(start, back - k);
    }
    // An attribute is not the cookie: the text before it may have been decided already.
    let named = back > separator && !is_attribute_name(name);
    (named && (opens(before) || before == b':')).then_some((start, back))
}

fn is_name_byte(byte: u8) -> bool {
    is_name(byte) || byte == b'.'
}

/// Whether a cookie's name may stand behind the byte.
fn opens(byte: u8) -> bool {
    byte <= b' ' || is_quote(byte) || matches!(byte, b'[' | b'(' | b'{' | b',')
}
