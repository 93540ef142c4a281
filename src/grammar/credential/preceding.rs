//! Secrets that only the text after them identifies.
//!
//! ```text
//! &{T Bearer T 2026-01-01 00:00:00 +0000 UTC}         Go's %v of golang.org/x/oauth2.Token
//! {h.example|sid=T|Bearer T}                          the headers that HAProxy captures
//! Duplicate entry 'T' for key 'sessions.token'        MySQL
//! ```
//!
//! When that text is read, the secret may not have been settled yet: [`pending`] keeps it in the window.

use crate::grammar::credential::cookie;
use crate::grammar::ids::{COOKIE, OAUTH};
use crate::grammar::key::Key;
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, LOOKBACK, Quote, Step, Text, is_name};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

/// The longest secret that is read back, in bytes.
const MAX_SECRET: usize = 1024;

/// The same of a value in a message, in bytes.
const MAX_ENTRY: usize = 512;

/// The scheme between the two tokens, as Go's client writes it.
const SCHEME: &[u8] = b"Bearer";

/// What MySQL prints before the value that is not unique, and between it and the name of the index.
const ENTRY: &[u8] = b"entry '";
const FOR_KEY: &[u8] = b"' for key ";

/// What precedes the scheme at `at`: the first field of Go's structure, or the cookies that were captured with it. `floor` is
/// where the text that is not decided yet starts.
pub(crate) fn before_scheme(text: &Text, at: usize, floor: usize) -> Step<Option<Start>> {
    let window = text.window();
    if text.before(at, 1) == b'|' {
        return captured(text, at, floor);
    }
    if !window[at..].starts_with(SCHEME) || text.before(at, 1) != b' ' {
        return Ok(None);
    }
    let run = at.checked_sub(1).and_then(|end| run_before(window, end, floor));
    let Some(start) = run else { return Ok(None) };
    if text.before(start, 1) != b'{' {
        return Ok(None);
    }
    secret(text, start, Value::new(Frame::default(), Flavour::Token, OAUTH))
}

/// The first cookie among the captured headers before the one at `at`.
fn captured(text: &Text, at: usize, floor: usize) -> Step<Option<Start>> {
    let value = Value::new(Frame { bars: true, ..Frame::default() }, Flavour::Cookie, COOKIE);
    let Some(end) = at.checked_sub(1) else { return Ok(None) };
    let is_token = |start| Ok(value.head(text, start)?.is_token_like());
    let Some(start) = first_pair(text, end, floor, is_token)? else { return Ok(None) };
    let started = value.started(text, start, &value.head(text, start)?);
    Ok(Some(Start::Value(start, started, cookie::captured(value.frame))))
}

/// The first value that `accepts` among the pairs that begin the fields before `end`. Bars are between the fields, and a brace
/// is before them.
fn first_pair(
    text: &Text,
    end: usize,
    floor: usize,
    accepts: impl Fn(usize) -> Step<bool>,
) -> Step<Option<usize>> {
    // Hardly any text before a bar has the brace, and the loop is slow.
    let near = &text.window()[end.saturating_sub(LOOKBACK)..end];
    match memchr::memrchr3(b'{', b'}', b'"', near) {
        Some(at) if near[at] != b'{' => return Ok(None),
        None if near.len() == LOOKBACK => return Ok(None),
        _ => {}
    }
    // How far back the equals sign is that only a name may precede.
    let (mut equals, mut found) = (None, None);
    for back in 1..=LOOKBACK {
        match text.before(end, back) {
            b'=' => equals = Some(back),
            byte @ (b'|' | b'{') => {
                if let Some(equals) = equals.take()
                    && back > equals + 1
                    && let Some(start) = (end + 1).checked_sub(equals)
                    && start >= floor
                    && accepts(start)?
                {
                    found = Some(start);
                }
                if byte == b'{' {
                    return Ok(found);
                }
            }
            byte if is_name(byte) || byte == b'.' => {}
            b'\n' | b'}' | b'"' => break,
            _ => equals = None,
        }
    }
    Ok(None)
}

/// The value in quotes that `key`, the name of an index, follows. The key's anchor is at `anchor`.
pub(crate) fn before_key(
    text: &Text,
    anchor: usize,
    key: &Key,
    floor: usize,
) -> Step<Option<Start>> {
    const QUOTE: Quote = Quote { ch: b'\'', enc: Enc::Raw };
    if key.opener != Some(QUOTE) || !text.ends_before(anchor, key.outer_start, FOR_KEY) {
        return Ok(None);
    }
    let Some(end) = anchor.checked_sub(key.outer_start + FOR_KEY.len()) else { return Ok(None) };
    // The value may have been read already, with its closing quote.
    let lowest = floor.max(end.saturating_sub(MAX_ENTRY)).min(end);
    let quoted = text.window()[lowest..end].iter().rev();
    let start = end - quoted.take_while(|byte| !matches!(byte, b'\'' | b'\n')).count();
    if !text.ends_before(start, 0, ENTRY) {
        return Ok(None);
    }
    let frame = Frame::argument(QUOTE);
    secret(text, start, Value::new(frame, Flavour::Opaque, OAUTH))
}

/// The secret at `start`, if it looks like a token.
fn secret(text: &Text, start: usize, value: Value) -> Step<Option<Start>> {
    let head = value.head(text, start)?;
    let is_secret = head.is_token_like() && !head.is_harmless();
    Ok(is_secret.then(|| Start::Value(start, value.started(text, start, &head), None)))
}

/// Where the secret starts that the text after `to` may identify.
pub(crate) fn pending(text: &Text, to: usize, floor: usize) -> Option<usize> {
    let window = text.window();
    let lowest = floor.max(to.saturating_sub(MAX_SECRET + FOR_KEY.len() + SCHEME.len()));
    let line = match memchr::memrchr(b'\n', &window[lowest..to]) {
        Some(newline) => lowest + newline + 1,
        None => lowest,
    };
    let captured = first_pair(text, to, line, |_| Ok(true)).unwrap_or(None);
    in_structure(text, line, to).into_iter().chain(in_message(text, line, to)).chain(captured).min()
}

/// The first field of the structure that the text from `line` to `to` ends in: a run, and possibly the start of the scheme.
fn in_structure(text: &Text, line: usize, to: usize) -> Option<usize> {
    let window = text.window();
    let letters = window[line..to].iter().rev().take_while(|byte| byte.is_ascii_alphabetic());
    let word = to - letters.count();
    let scheme = word > line && window[word - 1] == b' ' && SCHEME.starts_with(&window[word..to]);
    let end = if scheme { word - 1 } else { to };
    let start = run_before(window, end, line)?;
    (text.before(start, 1) == b'{').then_some(start)
}

/// The value of the message that the text from `line` to `to` ends in, before the end of the index's name.
fn in_message(text: &Text, line: usize, to: usize) -> Option<usize> {
    let window = text.window();
    // The quotes around the value and the one before the name. Before the line some of the text may have been settled.
    let quotes = memchr::memrchr_iter(b'\'', &window[line..to]).take(3).map(|at| line + at + 1);
    let start = quotes.chain([line]).find(|start| text.ends_before(*start, 0, ENTRY))?;
    let rest = &window[start..to];
    let Some(quote) = memchr::memchr(b'\'', rest) else { return Some(start) };
    let rest = &rest[quote..];
    let (message, name) = rest.split_at(rest.len().min(FOR_KEY.len()));
    if !message.eq_ignore_ascii_case(&FOR_KEY[..message.len()]) {
        return None;
    }
    let name = name.strip_prefix(b"'").unwrap_or(name);
    name.iter().all(|byte| is_name(*byte) || *byte == b'.').then_some(start)
}

/// The start of the run of a token's characters that ends at `end`, if it has any.
fn run_before(window: &[u8], end: usize, floor: usize) -> Option<usize> {
    let lowest = floor.max(end.saturating_sub(MAX_SECRET)).min(end);
    let is_of_token = |byte: &&u8| is_name(**byte) || b".~+/=".contains(*byte);
    let len = window[lowest..end].iter().rev().take_while(is_of_token).count();
    (len > 0).then_some(end - len)
}
