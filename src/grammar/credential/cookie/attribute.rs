//! Attributes of cookies (RFC 6265, section 4.1.1), and what else is said of a cookie and is no secret.

use crate::grammar::ids::COOKIE;
use crate::grammar::text::lex::{Step, Text};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

/// The attributes of a cookie, as [`is_one_of`] compares names: RFC 6265, RFC 2109, what browsers added, and what
/// clients' cookie jars add when they print one (tough-cookie's `hostOnly`, `aAge` and `cAge`).
const ATTRIBUTES: &[&[u8]] = &[
    b"path",
    b"domain",
    b"expires",
    b"maxage",
    b"samesite",
    b"secure",
    b"httponly",
    b"partitioned",
    b"priority",
    b"version",
    b"comment",
    b"commenturl",
    b"port",
    b"discard",
    b"hostonly",
    b"creation",
    b"lastaccessed",
    b"aage",
    b"cage",
];

/// What a session library is told about its cookie, or a browser knows of it, and which no cookie is named.
const SETTINGS: &[&[u8]] = &[
    b"path",
    b"domain",
    b"expires",
    b"expirationdate",
    b"maxage",
    b"samesite",
    b"secure",
    b"httponly",
    b"hostonly",
    b"partitioned",
    b"partitionkey",
    b"partitionkeyopaque",
    b"priority",
    b"sameparty",
    b"sourcescheme",
    b"sourceport",
    b"signed",
    b"overwrite",
    b"originalmaxage",
    b"name",
    b"encode",
    b"lifetime",
    b"version",
    b"license",
];

/// Whether `name` is one of `names`, in any case, and with `-` and `_` anywhere between.
pub(super) fn is_one_of(name: &[u8], names: &[&[u8]]) -> bool {
    let letters = || {
        name.iter()
            .filter(|byte| !matches!(byte, b'-' | b'_'))
            .map(|byte| byte.to_ascii_lowercase())
    };
    names.iter().any(|other| name.len() >= other.len() && other.iter().copied().eq(letters()))
}

/// Whether `name` is that of an attribute, where one stands for certain.
pub(super) fn is_attribute_name(name: &[u8]) -> bool {
    is_one_of(name, ATTRIBUTES)
}

/// Whether an entry of a map called `name` says something about a cookie.
pub(super) fn is_setting(name: &[u8]) -> bool {
    is_one_of(name, SETTINGS)
}

/// Whether an attribute without a value is at `at`, and nothing else behind it up to the next.
pub(super) fn is_flag(text: &Text, at: usize) -> Step<bool> {
    for flag in [&b"secure"[..], b"httponly", b"partitioned", b"hostonly", b"discard"] {
        if text.has_word(at, flag)? {
            let unit = text.unit(at + flag.len())?;
            return Ok(unit.is_newline()
                || unit.quote().is_some()
                || matches!(unit.ch, b';' | b',' | b']' | b' '));
        }
    }
    Ok(false)
}

/// What a schema or a form says about a field for cookies. A cookie of such a name has a token.
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
];

/// Whether `name` and the value at `at` are an attribute, where one may be and a cookie too:
/// the value is what the attribute has.
pub(super) fn is_attribute(text: &Text, name: &[u8], at: usize, frame: &Frame) -> Step<bool> {
    if !is_attribute_name(name) {
        return Ok(false);
    }
    let named = |attribute: &[u8]| is_one_of(name, &[attribute]);
    if named(b"expires") {
        return is_date(text, at);
    }
    let frame = Frame { own_quote: false, ..*frame };
    let head = Value::new(frame, Flavour::Cookie, COOKIE).head(text, at)?;
    let is = |words: &[&[u8]]| words.iter().any(|word| head.chars().eq_ignore_ascii_case(word));
    let digits = head.chars().iter().take_while(|byte| byte.is_ascii_digit()).count();
    Ok(head.complete
        && if named(b"path") {
            head.chars().first() == Some(&b'/')
        } else if named(b"domain") {
            is_host(head.chars())
        } else if named(b"maxage") || named(b"version") {
            digits == head.len()
        } else if named(b"aage") || named(b"cage") {
            digits > 0 && matches!(&head.chars()[digits..], b"" | b"s" | b"ms")
        } else {
            named(b"samesite") && is(&[b"lax", b"strict", b"none"])
                || named(b"priority") && is(&[b"low", b"medium", b"high"])
                || is(&[b"true", b"false"])
        })
}

/// Whether `chars` are a host's name with a domain, which a cookie's value seldom is.
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

/// Whether a date as HTTP writes it is at `at`: a weekday, then a comma.
pub(super) fn is_date(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < 10 && text.at(end)?.is_ascii_alphabetic() {
        end += 1;
    }
    Ok(end - at >= 3 && text.at(end)? == b',')
}
