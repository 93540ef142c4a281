//! Values of `Set-Cookie` without their key: what they are is seen from their attributes.
//!
//! Lists of such values are printed as `[sid=T; Path=/, theme=T; Path=/]`, `["sid=T; Path=/; HttpOnly"]`, one to a line.

use crate::grammar::container::{Container, Elements};
use crate::grammar::ids::COOKIE;
use crate::grammar::key::{closer, is_attribute_name};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text, is_name, is_quote};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

/// Furthest that the text is read back from a path to the cookie's value, in bytes.
const MAX_BACK: usize = 4096;
/// The most attributes that are read back over: there are few, and a text may have semicolons only.
const MAX_ATTRIBUTES: usize = 12;
/// Longest path that is read to see whether another attribute follows, in bytes.
const MAX_PATH: usize = 256;
/// Longest name of an attribute that the end of a window may have cut, in letters.
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
    // The semicolon may be that of a character reference: `sid=T&quot; path=/`.
    let reference =
        matches!(text.unit_before(at + 1, 0).enc, Enc::Entity(_) | Enc::EntitySlash(..));
    if !is_path || reference {
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

/// Whether another attribute follows the path at `at`.
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

/// Where the value of the cookie starts that the text before `to` may be attributes of, or the end of: with more text,
/// [`attributed`] may find it.
pub(crate) fn attributed_value(text: &Text, to: usize, floor: usize) -> Option<usize> {
    let from = line_start(text, to, floor);
    let last = pair_in_run(text, from, to);
    // More text may show that the last pair belongs to the value of an attribute.
    let earlier = match attribute_before(text, from, to, true) {
        Some(end) => pair_before_attributes(text, from, end, MAX_ATTRIBUTES - 1),
        None => None,
    };
    earlier.or(last).map(|(start, _)| start)
}

/// The start of the value of the cookie that the text before `to` belongs to, and how many bytes of a name and what
/// separates it from the value are before that.
fn pair_before(text: &Text, to: usize, floor: usize) -> Option<(usize, usize)> {
    pair_before_attributes(text, line_start(text, to, floor), to, MAX_ATTRIBUTES)
}

/// Where the text starts that is read back from `to`.
fn line_start(text: &Text, to: usize, floor: usize) -> usize {
    let lowest = floor.max(to.saturating_sub(MAX_BACK));
    memchr::memrchr(b'\n', &text.window()[lowest..to]).map_or(lowest, |at| lowest + at + 1)
}

/// The pair that ends before `end`, or before the attributes there, at most this many of them.
///
/// Which pair that is must not depend on where the text starts: some of it may have been decided already. So a pair is
/// recognised by the bytes directly before its value, and everything between that and `end` is undecided.
fn pair_before_attributes(
    text: &Text,
    from: usize,
    mut end: usize,
    attributes: usize,
) -> Option<(usize, usize)> {
    for _ in 0..attributes {
        let attribute = attribute_before(text, from, end, false);
        // Most attributes are a run of their own, in which there is no other name.
        let alone =
            attribute.is_some_and(|semicolon| is_spaced_run(&text.window()[semicolon + 1..end]));
        if !alone && let Some(pair) = pair_in_run(text, from, end) {
            return Some(pair);
        }
        end = attribute?;
    }
    pair_in_run(text, from, end)
}

/// The semicolon before the attribute that extends to `end`. With `cut`, its name may be incomplete.
fn attribute_before(text: &Text, from: usize, end: usize, cut: bool) -> Option<usize> {
    let window = text.window();
    let semicolon = from + memchr::memrchr(b';', &window[from..end])?;
    let segment = window[semicolon + 1..end].trim_ascii_start();
    let len = segment.iter().position(|byte| *byte == b'=');
    let name = &segment[..len.unwrap_or(segment.len())];
    // Hyphens and underscores do not count in the name of an attribute.
    let letters = || name.iter().filter(|byte| !matches!(byte, b'-' | b'_')).count();
    let cut = cut && len.is_none() && letters() <= MAX_CUT;
    (cut || is_attribute_name(name)).then_some(semicolon)
}

/// Whether `segment` is white space and then one run without blanks and brackets.
fn is_spaced_run(segment: &[u8]) -> bool {
    segment.first().is_some_and(u8::is_ascii_whitespace)
        && !segment.trim_ascii_start().iter().any(|byte| opens(*byte))
}

/// The pair that begins the run without blanks and brackets that ends at `end`.
fn pair_in_run(text: &Text, from: usize, end: usize) -> Option<(usize, usize)> {
    let window = text.window();
    let mut run = end;
    while run > from && !opens(window[run - 1]) {
        run -= 1;
    }
    let (start, separator) = if text.before(run, 1) == b'=' {
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
    let mut name = [0; MAX_NAME];
    let name = &mut name[..back - separator];
    for (k, byte) in name.iter_mut().enumerate() {
        *byte = text.before(start, back - k);
    }
    // An attribute is not the cookie.
    let named = back > separator && !is_attribute_name(name);
    (named && begins_run(text, start, back)).then_some((start, back))
}

/// Whether the name that begins `back` bytes before `start` is the first in its run, possibly after a key and a colon.
fn begins_run(text: &Text, start: usize, back: usize) -> bool {
    let mut k = back + 1;
    if text.before(start, k) != b':' {
        return opens(text.before(start, k));
    }
    while k < back + MAX_NAME && text.before(start, k) != b'=' {
        if opens(text.before(start, k)) {
            return true;
        }
        k += 1;
    }
    false
}

fn is_name_byte(byte: u8) -> bool {
    is_name(byte) || byte == b'.'
}

/// Whether the name of a cookie may follow the byte.
fn opens(byte: u8) -> bool {
    byte <= b' ' || is_quote(byte) || matches!(byte, b'[' | b'(' | b'{' | b',')
}
