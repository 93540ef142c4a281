//! The value of a key that is followed by cookies.

use std::ops::Range;

use super::described::starts_description;
use super::jar::objects;
use super::pairs::{MAX_NAME, Name, Odd, name};
use crate::grammar::container::{Container, Elements};
use crate::grammar::ids::COOKIE;
use crate::grammar::key::{Class, Separator, closer, opening_quote};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Step, Text, is_name};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

/// Reads the value of a `Cookie` or `Set-Cookie` key at `at`. `exact` is set if the key is the header's name itself, so that a
/// value which does not look like a cookie may be one.
pub(crate) fn begin(
    text: &Text,
    at: usize,
    class: Class,
    frame: Frame,
    separator: Separator,
    exact: bool,
) -> Step<Start> {
    let elements = if class == Class::SetCookie { Elements::SetCookie } else { Elements::Cookies };
    let list = Container::new(elements, frame);
    // Go's `[a=T b=T]` in a string.
    if frame.own_quote
        && text.at(at)? == b'['
        && let Name::Pair { .. } = name(text, at + 1, &frame, Odd::No)?
    {
        return Ok(Start::Enter(
            at + 1,
            Container { frame: Frame { close: b']', ..frame }, ..list },
        ));
    }
    // `Cookie[name=sid,value=T]` in a list. `Cookie<...>` is a type, and its value comes after it.
    if !frame.own_quote && text.unit(at)?.ch.is_ascii_alphabetic() {
        let mut end = at;
        while end - at < 32 && is_name(text.at(end)?) {
            end += 1;
        }
        let close = closer(text.at(end)?);
        if close != 0 && close != b'>' && starts_description(text, end + 1)? {
            return Ok(Start::Enter(end + 1, objects(close)));
        }
    }
    let empty = separator == Separator::Spaced && text.at(at)? == b'=';
    let certain = exact && (frame.own_quote || frame.line || empty);
    let odd = if certain { Odd::Brackets } else { Odd::No };
    if let Name::Pair { at: from, end, value } = name(text, at, &frame, odd)?
        // `?java=1&cookie=1&res=2`: whether there are cookies, in a query.
        && !(is_in_query(text, at) && text.window()[from..end].contains(&b'&'))
        && !(exact
            && alone(text, at, &frame, separator)
            && is_padded(text, from..end, value, frame)?)
    {
        // Ruby's `#<HTTP::Cookie:name="sid",value="T">`, `Cookie: name=sid, value=T`: an object.
        if !frame.own_quote && starts_description(text, at)? {
            let close = if frame.close == 0 { b'>' } else { frame.close };
            return Ok(Start::Enter(at, objects(close)));
        }
        let plain =
            from < end && !text.window()[from..end].iter().any(|byte| b"(){}".contains(byte));
        if plain || Value::new(frame, Flavour::Cookie, COOKIE).head(text, value)?.is_token_like() {
            return Ok(Start::Enter(at, list));
        }
    }
    // Scala's ArraySeq(a=T; b=T).
    let mut inner = at;
    while inner - at < 16 && text.at(inner)?.is_ascii_alphabetic() {
        inner += 1;
    }
    if !frame.own_quote && inner > at && text.at(inner)? == b'(' {
        let frame = Frame { close: b')', ..Frame::within(frame.level) };
        if let Name::Pair { .. } = name(text, inner + 1, &frame, Odd::No)? {
            return Ok(Start::Enter(inner + 1, Container { frame, ..list }));
        }
    }
    // A cookie without its name, as some servers log it.
    let flavour = if frame.own_quote { Flavour::Opaque } else { Flavour::Param };
    let value = Value::new(frame, flavour, COOKIE);
    let alone = exact && alone(text, at, &frame, separator);
    Ok(if alone && value.head(text, at)?.is_token_like() {
        Start::Value(at, value, None)
    } else {
        Start::Nothing(at)
    })
}

/// Whether the value at `at` is that of a parameter of a query.
fn is_in_query(text: &Text, at: usize) -> bool {
    let name = (2..32).find(|back| !is_name(text.before(at, *back))).unwrap_or(2);
    let bracket = || text.unit_before(at, 1).ch == b']' && text.before(at, 2) != b' ';
    text.before(at, 1) == b'=' && (matches!(text.before(at, name), b'?' | b'&') || bracket())
}

/// Whether the value at `at` may be all there is of a cookie. Behind an equals sign with spaces it may be source code.
fn alone(text: &Text, at: usize, frame: &Frame, separator: Separator) -> bool {
    match separator {
        Separator::Comma => false,
        Separator::Compact => true,
        Separator::Spaced => {
            let blank = text.unit_before(at, 0);
            let colon = || text.unit_before(at, blank.len).ch == b':';
            frame.own_quote || frame.line || blank.ch == b' ' && colon()
        }
    }
}

/// Shorter base64 may be the name of a cookie.
const MIN_PADDED: usize = 16;

/// Whether what looks like a `name` and an equals sign is base64 with its padding: its `value` is another equals sign at
/// most, and nothing follows.
fn is_padded(text: &Text, name: Range<usize>, value: usize, frame: Frame) -> Step<bool> {
    if name.len() < MIN_PADDED {
        return Ok(false);
    }
    let rest = Value::new(frame, Flavour::Cookie, COOKIE).head(text, value)?;
    if !(rest.complete && matches!(rest.chars(), b"" | b"=")) || text.unit(rest.end)?.ch == b';' {
        return Ok(false);
    }
    // With a single equals sign it may be a cookie without a value.
    let name = &text.window()[name];
    let has = |is: fn(&u8) -> bool| name.iter().any(is);
    let base64 = name.len() % 4 == 3
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit);
    Ok(rest.len() == 1 || base64)
}

/// Reads the value of an entry of a map of cookies at `at`, inside a list: `T` alone, or the whole cookie again, as
/// `sid=T; Path=/`. In a map that is not `exact`, only text that looks like a token is a value.
pub(crate) fn entry(text: &Text, at: usize, frame: Frame, exact: bool) -> Step<Start> {
    if let Name::Pair { end, .. } = name(text, at, &frame, Odd::No)?
        && text.at(end + 1)? != b'='
    {
        return Ok(Start::Enter(at, Container::new(Elements::SetCookie, frame)));
    }
    let flavour = if frame.own_quote { Flavour::Opaque } else { Flavour::Token };
    let value = Value::new(frame, flavour, COOKIE);
    let head = value.head(text, at)?;
    if head.is_empty() {
        return Ok(Start::Nothing(at));
    }
    let kept = head.is_mark() || !exact && !head.is_token_like();
    Ok(Start::Value(at, value.started(text, at, &head).keep(kept), None))
}

/// Reads the argument of curl's `-b` at `at`: cookies, or the name of a file. It is quoted, in cmd as `^"sid=T^"`, or
/// bare.
pub(crate) fn option(text: &Text, at: usize) -> Step<Start> {
    let at = text.skip_blanks(at, 0)?;
    let at = opening_quote(text, at)?.unwrap_or(at);
    let unit = text.unit(at)?;
    if unit.ch == b'^' && text.at(at + 1)? == b'"' {
        return arguments(text, at + 2, Frame { close: b'^', ..Frame::default() });
    }
    match unit.quote() {
        Some(quote) => {
            let frame = Frame { quote: Some(quote), own_quote: true, ..Frame::default() };
            arguments(text, at + unit.len, frame)
        }
        None => {
            let frame = Frame { close: b'>', ..Frame::default() };
            let sure = match name(text, at, &frame, Odd::No)? {
                Name::Pair { value, .. } => {
                    Value::new(frame, Flavour::Cookie, COOKIE).head(text, value)?.is_token_like()
                }
                _ => false,
            };
            if sure { arguments(text, at, frame) } else { Ok(Start::Nothing(at)) }
        }
    }
}

/// The same after its opening quote.
fn arguments(text: &Text, at: usize, frame: Frame) -> Step<Start> {
    if is_distinguished(text, at)? {
        return Ok(Start::Nothing(at));
    }
    begin(text, at, Class::Cookie, frame, Separator::Spaced, false)
}

/// Whether there is a distinguished name at `at`, from which LDAP clients start a search: `ou=people,dc=example,dc=org`
/// (RFC 4514).
fn is_distinguished(text: &Text, at: usize) -> Step<bool> {
    const TYPES: &[&[u8]] = &[b"dc=", b"ou=", b"cn=", b"uid=", b"o="];
    let starts = |at| -> Step<bool> {
        for name in TYPES.iter().copied() {
            if text.has_word(at, name)? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    if !starts(at)? {
        return Ok(false);
    }
    let mut end = at;
    while end - at < MAX_NAME && !matches!(text.at(end)?, b',' | b'"' | b'\'' | b';' | b'\n') {
        end += 1;
    }
    let next = text.skip_blanks(end + 1, 0)?;
    Ok(text.at(end)? == b','
        && (starts(next)? || matches!(text.at(next)?, b'$' | b'{' | b'%' | b'<')))
}
