//! Attributes of cookies (RFC 6265, section 4.1.1), by name and value. Their names are rows of `key/cookie_field.rs`.

use crate::grammar::ids::COOKIE;
use crate::grammar::key::{FLAG, Form, bare_end, describes_cookie, field};
use crate::grammar::text::lex::{Step, Text};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

/// The length of the attribute at the start of `rest`, whose name has `len` bytes, if no rule can find anything in it: a
/// flag, a number, a date, a few bytes. The caller checks what follows it.
pub(crate) fn plain_attribute(rest: &[u8], len: usize) -> Option<usize> {
    let field = field(&rest[..len])?;
    if *rest.get(len)? != b'=' {
        return field.is(FLAG).then_some(len);
    }
    let value = &rest[len + 1..];
    let run = |most: usize, is_such: fn(u8) -> bool| {
        value.iter().take(most).take_while(|byte| is_such(**byte)).count()
    };
    let harmless = match field.attribute? {
        Form::Date => date_len(value)?,
        Form::Number => run(usize::MAX, |byte| byte.is_ascii_digit()),
        Form::Path => run(3, |byte| byte.is_ascii_alphanumeric() || byte == b'/'),
        Form::SameSite => {
            let has = |word: &&&[u8]| {
                value.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            };
            SAME_SITE.iter().find(has)?.len()
        }
        _ => return None,
    };
    (harmless > 0).then_some(len + 1 + harmless)
}

/// The values of `SameSite`.
const SAME_SITE: [&[u8]; 3] = [b"lax", b"strict", b"none"];

/// The length of an HTTP date (RFC 9110, section 5.6.7), `Wed, 21 Oct 2026 07:28:00 GMT`, with spaces or hyphens.
fn date_len(value: &[u8]) -> Option<usize> {
    const SHAPE: &[u8; 29] = b"aaa, 00-aaa-0000 00:00:00 aaa";
    let date = value.get(..SHAPE.len())?;
    let fits = date.iter().zip(SHAPE).all(|(byte, shape)| match shape {
        b'a' => byte.is_ascii_alphabetic(),
        b'0' => byte.is_ascii_digit(),
        b'-' => matches!(byte, b'-' | b' '),
        other => byte == other,
    });
    fits.then_some(SHAPE.len())
}

/// Whether there is an attribute without a value at `at`, and nothing else up to the next one.
pub(super) fn is_flag(text: &Text, at: usize) -> Step<bool> {
    let end = bare_end(text, at)?;
    let name = text.window().get(at..end).unwrap_or_default();
    if !describes_cookie(name, FLAG) {
        return Ok(false);
    }
    let unit = text.unit(end)?;
    Ok(unit.is_newline() || unit.quote().is_some() || matches!(unit.ch, b';' | b',' | b']' | b' '))
}

/// Properties in a schema or a form that describe a field for cookies. A cookie with such a name has a token as its value.
pub(super) const SCHEMA: &[&[u8]] = &[
    b"type",
    b"shape",
    b"description",
    b"documentation",
    b"title",
    b"label",
    b"format",
    b"message",
    b"$ref",
    b"enum",
    b"required",
    b"properties",
    b"items",
    b"default",
];

/// Whether `name` and the value at `at` are an attribute, in a place where a cookie may be too. The value decides.
pub(super) fn is_attribute(text: &Text, name: &[u8], at: usize, frame: &Frame) -> Step<bool> {
    let Some(form) = field(name).and_then(|field| field.attribute) else { return Ok(false) };
    if form == Form::Date {
        return is_date(text, at);
    }
    let frame = Frame { own_quote: false, ..*frame };
    let head = Value::new(frame, Flavour::Cookie, COOKIE).head(text, at)?;
    let chars = head.chars();
    let is = |words: &[&[u8]]| words.iter().any(|word| chars.eq_ignore_ascii_case(word));
    let digits = chars.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let truth = || is(&[b"true", b"false"]);
    Ok(head.complete
        && match form {
            Form::Path => chars.first() == Some(&b'/'),
            Form::Host => is_host(chars),
            Form::Number => digits == head.len(),
            Form::Duration => digits > 0 && matches!(&chars[digits..], b"" | b"s" | b"ms"),
            Form::SameSite => is(&SAME_SITE) || truth(),
            Form::Priority => is(&[b"low", b"medium", b"high"]) || truth(),
            Form::Flag | Form::Date => truth(),
        })
}

/// Whether `chars` is a host name with a domain, which is rarely the value of a cookie.
fn is_host(chars: &[u8]) -> bool {
    let mut labels = chars.strip_prefix(b".").unwrap_or(chars).split(|byte| *byte == b'.');
    let last = labels.clone().next_back().unwrap_or_default();
    labels.all(|label| {
        !label.is_empty() && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    }) && (chars.contains(&b'.')
        && (2..16).contains(&last.len())
        && last.iter().all(u8::is_ascii_alphabetic)
        || chars == b"localhost"
        || chars.iter().filter(|byte| **byte == b'.').count() == 3
            && chars.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.'))
}

/// Whether there is an HTTP date at `at`: a weekday, then a comma.
pub(super) fn is_date(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < 10 && text.at(end)?.is_ascii_alphabetic() {
        end += 1;
    }
    Ok(end - at >= 3 && text.at(end)? == b',')
}
