//! Cookies without a key that names them. They are recognised by the text next to them.

use super::value::begin;
use crate::grammar::container::{Container, Elements};
use crate::grammar::ids::COOKIE;
use crate::grammar::key::{Class, Separator, value_string};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{LOOKBACK, Step, Text, is_name};
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;

/// The longest value of a cookie that a program printed, in bytes.
const MAX_PRINTED: usize = 4096;

/// `{Name:sid Value:T Path:/`: the value of a cookie as printed by Go, after the word `value` at `at`.
fn structured(text: &Text, at: usize) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at + 5));
    if text.at(at + 5)? != b':' || text.before(at, 1) != b' ' {
        return nothing;
    }
    let mut k = 2;
    while k < 72 && !matches!(text.before(at, k), b'{' | b' ' | b'\t' | b'\n') {
        k += 1;
    }
    if k < 8 || text.before(at, k) != b'{' || !text.ends_before(at, k - 6, b"name:") {
        return nothing;
    }
    let start = at + 6;
    let mut end = start;
    while end - start < MAX_PRINTED && !matches!(text.at(end)?, b' ' | b'\n') {
        end += 1;
    }
    // Other objects have a name and a value as well.
    if !(text.has_word(end, b" path:")? || text.has_word(end, b" quoted:")?) {
        return nothing;
    }
    let value = Value::new(Frame::default(), Flavour::Cookie, COOKIE);
    let head = value.head(text, start)?;
    if head.is_empty() || head.is_mark() {
        return nothing;
    }
    let received = Container::new(Elements::Received, Frame::default());
    Ok(Start::Value(start, value.started(text, start, &head), Some(received)))
}

/// The `Set-Cookie` header that Go's HTTP library prints after the cookie's value that ends at `at`: `Raw:sid=T; Path=/`.
/// The fields between contain nothing that a rule looks for.
pub(crate) fn received(text: &Text, at: usize, fields: &Container) -> Step<Start> {
    let mut raw = at;
    while !text.has_word(raw, b" raw:")? {
        let byte = text.at(raw)?;
        if !fields.first || raw - at == MAX_OBJECT || matches!(byte, b'=' | b'{' | b'}' | b'\n') {
            return Ok(Start::Done(at));
        }
        raw += 1;
    }
    let start = begin(text, raw + 5, Class::SetCookie, Frame::default(), Separator::Spaced, false)?;
    Ok(if matches!(start, Start::Nothing(_)) { Start::Done(at) } else { start })
}

/// How far an object is read on either side of its `value`, in bytes.
const MAX_OBJECT: usize = 384;

/// `{"name": "sid", "value": "T", "domain": "h", "path": "/"}`, `{ name: 'sid', value: 'T', httpOnly: true }`,
/// `[name: sid; value: T; domain: h; path: /]`: an object that can only describe a cookie, as printed by browser drivers.
/// The word `value` is at `at`, after its quote.
pub(crate) fn described(text: &Text, at: usize) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at + 5));
    let before = text.unit_before(at, 0);
    let way = match before.quote() {
        Some(_) => value_string(text, at)?,
        None => bare_value(text, at)?,
    };
    let Some((value, frame, end)) = way else { return structured(text, at) };
    // An object continues or ends after it.
    let after = text.unit(text.skip_blanks(end, 0)?)?;
    let ends = matches!(after.ch, b',' | b'}')
        || frame.element
        || !(frame.own_quote && before.quote().is_some()) && matches!(after.ch, b';' | b']')
        || after.is_newline();
    if !ends || !may_describe(text, at, end) {
        return nothing;
    }
    let is_name_before = |at: usize, skip: usize| {
        let unit = text.unit_before(at, skip);
        unit.quote() == before.quote() && !(unit.len == 1 && is_name(unit.ch))
    };
    // 1. The names before it, on the same line.
    let mut found = [false; 4];
    let mut k = if before.quote().is_some() { before.len } else { 0 };
    while k < MAX_OBJECT && !matches!(text.before(at, k + 1), b'{' | b'}' | b'\n') {
        if frame.element && text.ends_before(at, k, ELEMENT_END) {
            break;
        }
        k += 1;
        for (word, found) in DESCRIPTION.iter().zip(&mut found) {
            *found |= text.ends_before(at, k, word) && is_name_before(at, k + word.len());
        }
    }
    // 2. The names after it.
    let mut next = end;
    while next - end < MAX_OBJECT && !text.is_past(next) && !matches!(text.at(next)?, b'{' | b'}') {
        if frame.element && (text.at(next)? == b'\n' || text.has_word(next, ELEMENT_END)?) {
            break;
        }
        next += 1;
        for (word, found) in DESCRIPTION.iter().zip(&mut found) {
            *found |= text.has_word(next, word)? && is_name_before(next, 0);
        }
    }
    let [name, domain, path, http_only] = found;
    if !(domain && (path || http_only) || name && http_only) {
        return nothing;
    }
    let flavour = if frame.is_whole() { Flavour::Opaque } else { Flavour::Token };
    let value_of = Value::new(frame, flavour, COOKIE);
    let head = value_of.head(text, value)?;
    if head.is_empty() || head.is_mark() {
        return nothing;
    }
    Ok(Start::Value(value, value_of.started(text, value, &head), None))
}

/// Whether a word that only cookies have may be near the value that starts after `at` and ends at `end`. This is a
/// quick check, because a log may be full of values.
fn may_describe(text: &Text, at: usize, end: usize) -> bool {
    const REACH: usize = MAX_OBJECT + DESCRIPTION[3].len();
    let window = text.window();
    // If the text extends beyond the window, it is checked closely.
    let (Some(from), Some(rest)) = (at.checked_sub(REACH), window.get(end..)) else {
        return true;
    };
    let near = &rest[..rest.len().min(REACH)];
    let to = memchr::memchr2(b'{', b'}', near);
    if to.is_none() && near.len() == rest.len() && !text.is_end() {
        return true;
    }
    let from = memchr::memrchr3(b'{', b'}', b'\n', &window[from..at]).map_or(from, |k| from + k);
    let sides = [&window[from..at], &near[..to.unwrap_or(near.len())]];
    let has = |side: &[u8], last: u8, word: &[u8]| {
        memchr::memchr2_iter(last, last.to_ascii_uppercase(), side).any(|k| {
            (k + 1)
                .checked_sub(word.len())
                .is_some_and(|k| side[k..][..word.len()].eq_ignore_ascii_case(word))
        })
    };
    sides.iter().any(|side| has(side, b'm', b"dom") || has(side, b'y', b"only"))
}

/// The value after `value: `, `Value = ` or PHP's `[value] => ` at `at`, in an object whose names are not quoted: its start,
/// what encloses it, and its end. A value without quotes has to look like a token.
fn bare_value(text: &Text, at: usize) -> Step<Option<(usize, Frame, usize)>> {
    if is_name(text.before(at, 1)) {
        return Ok(None);
    }
    if text.before(at, 1) == b'<' && text.at(at + 5)? == b'>' {
        return in_element(text, at + 6);
    }
    let bracketed = text.before(at, 1) == b'[' && text.at(at + 5)? == b']';
    let separator = text.skip_blanks(at + 5 + usize::from(bracketed), 0)?;
    let arrow = bracketed && text.at(separator)? == b'=' && text.at(separator + 1)? == b'>';
    if !(arrow || !bracketed && matches!(text.at(separator)?, b':' | b'=')) {
        return Ok(None);
    }
    let value = text.skip_blanks(separator + 1 + usize::from(arrow), 0)?;
    let unit = text.unit(value)?;
    let Some(quote) = unit.quote() else { return token_among_members(text, at, value) };
    let value = value + unit.len;
    let mut end = value;
    while end - value < MAX_PRINTED {
        let unit = text.unit(end)?;
        if unit.is_newline() {
            break;
        }
        end += unit.len;
        if quote.closed_by(unit).is_some() {
            let frame = Frame { quote: Some(quote), own_quote: true, ..Frame::default() };
            return Ok(Some((value, frame, end)));
        }
    }
    Ok(None)
}

/// The token at `value`, if its name at `at` is that of a member after another one: `name: sid; value: T`,
/// `[name: sid][value: T]`, `[value] => T`.
fn token_among_members(
    text: &Text,
    at: usize,
    value: usize,
) -> Step<Option<(usize, Frame, usize)>> {
    let before = match (text.before(at, 2), text.before(at, 1)) {
        (separator, b' ') => matches!(separator, b';' | b','),
        (closer, b'[') => closer == b']' || text.at(at + 5)? == b']',
        (_, opener) => opener == b',',
    };
    let of = Value::new(Frame::default(), Flavour::Token, COOKIE);
    if !before || !of.head(text, value)?.is_token_like() {
        return Ok(None);
    }
    let mut end = value;
    while end - value < MAX_PRINTED
        && !matches!(text.at(end)?, 0..=b' ' | b',' | b';' | b']' | b'}' | b')' | b'>')
    {
        end += 1;
    }
    Ok(Some((value, Frame::default(), end)))
}

/// Two tags that close, the second one that of an object in XML.
const ELEMENT_END: &[u8] = b"></";

/// The text of the element of XML at `value`: its start, what encloses it, and its end.
fn in_element(text: &Text, value: usize) -> Step<Option<(usize, Frame, usize)>> {
    let mut end = value;
    while end - value < MAX_PRINTED && !matches!(text.at(end)?, b'<' | b'\n') {
        end += 1;
    }
    let frame = Frame { close: b'<', element: true, ..Frame::default() };
    Ok(text.has_word(end, b"</")?.then_some((value, frame, end)))
}

/// The members of an object that describes a cookie.
const DESCRIPTION: [&[u8]; 4] = [b"name", b"domain", b"path", b"httponly"];

/// The cookies that may follow a value that is in braces with others.
pub(crate) fn captured(frame: Frame) -> Option<Container> {
    frame.bars.then(|| Container::new(Elements::Cookies, frame).begun())
}

/// The longest first value of a cookie field without a key, in bytes.
const MAX_KEYLESS: usize = 4096;

/// The field `a=T;+b=T` of a W3C extended log, which IIS writes without a key, and CloudFront as `a=T;%20b=T`: the
/// start of its first value, before the separator of `len` bytes at `at`. The undecided text starts at `floor`.
pub(crate) fn keyless(text: &Text, at: usize, len: usize, floor: usize) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at + len));
    let encoded = len > 2;
    if &text.window()[at..at + len] != if encoded { &b";%20"[..] } else { b";+" }
        || !is_pair(text, at + len, false, 0)?
    {
        return nothing;
    }
    // It has to be the first pair of the field: no other pair precedes the separator.
    let before = &text.window()[floor.max(at.saturating_sub(MAX_KEYLESS))..at];
    let last = before
        .iter()
        .rfind(|byte| matches!(byte, b';' | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\''));
    if last == Some(&b';') {
        return nothing;
    }
    let Some(start) = keyless_value(text, at, floor) else { return nothing };
    if text.window()[start..at].contains(&b';') || encoded && !is_column(text, start) {
        return nothing;
    }
    let frame = Frame { level: u8::from(encoded), ..Frame::default() };
    let list = Container::new(Elements::Cookies, frame).begun();
    let value = Value::new(frame, Flavour::Cookie, COOKIE);
    let head = value.head(text, start)?;
    if head.complete && head.end < at {
        return nothing;
    }
    Ok(Start::Value(start, value.keep(head.is_mark()), Some(list)))
}

/// Whether the name before the value at `at` starts a column after a tab. Elsewhere, other text than cookies is
/// percent-encoded.
fn is_column(text: &Text, at: usize) -> bool {
    let mut k = 2;
    while k < 64 && (is_name(text.before(at, k)) || text.before(at, k) == b'.') {
        k += 1;
    }
    text.before(at, k) == b'\t'
}

/// The first value of a field without a key that extends to `end`: the text after `name=` in the run without spaces
/// before it.
pub(crate) fn keyless_value(text: &Text, end: usize, floor: usize) -> Option<usize> {
    let window = text.window();
    let lowest = floor.max(end.saturating_sub(MAX_KEYLESS));
    let mut run = end;
    while run > lowest && !matches!(window[run - 1], b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'') {
        run -= 1;
    }
    let start = if run == floor && text.before(run, 1) == b'=' {
        run
    } else {
        run + memchr::memchr(b'=', &window[run..end])? + 1
    };
    let mut k = 2;
    while k < 64 && (is_name(text.before(start, k)) || text.before(start, k) == b'.') {
        k += 1;
    }
    (k > 2 && matches!(text.before(start, k), b' ' | b'\t' | b'\n')).then_some(start)
}

/// Whether the value at `at` is that of a cookie whose name is `listed`. Listed names have these `lengths`, in ascending
/// order. There may be a million names, so they are looked up and not compared.
pub(crate) fn kept_cookie(
    text: &Text,
    at: usize,
    lengths: &[usize],
    listed: impl Fn(&[u8]) -> bool,
) -> bool {
    if lengths.is_empty() {
        return false;
    }
    // Go back over the value's opener, the separator, and the name's closer.
    let mut skip = 0;
    let mut separated = false;
    while skip < 64 {
        let unit = text.unit_before(at, skip);
        match unit.ch {
            b'=' | b':' | b',' | b'>' => separated = true,
            b' ' => {}
            _ if unit.quote().is_some() => {}
            _ => break,
        }
        skip += unit.len;
    }
    if !separated {
        return false;
    }
    // The bytes before that, the last of them at the end.
    let mut bytes = [0; LOOKBACK];
    let mut read = 0;
    lengths.iter().any(|len| {
        if skip + len > LOOKBACK {
            return false;
        }
        while read < *len {
            read += 1;
            bytes[LOOKBACK - read] = text.before(at, skip + read);
        }
        let before = text.unit_before(at, skip + len);
        listed(&bytes[LOOKBACK - len..])
            && !(before.len == 1 && (is_name(before.ch) || before.ch == b'.'))
    })
}
