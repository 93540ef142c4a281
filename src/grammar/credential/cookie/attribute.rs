//! Attributes of cookies (RFC 6265, section 4.1.1), and other names that describe a cookie and are not secret.

use crate::grammar::ids::COOKIE;
use crate::grammar::text::lex::{Step, Text};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

/// The attributes of a cookie, as compared by [`is_one_of`]: those of RFC 6265 and RFC 2109, those that browsers added,
/// and those that clients' cookie jars print (tough-cookie's `hostOnly`, `aAge` and `cAge`).
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

/// Settings of a session library for its cookie, and what a browser knows about a cookie. No cookie has such a name.
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

/// Whether `name` is one of `names`, in any case, with `-` and `_` anywhere in between.
pub(super) fn is_one_of(name: &[u8], names: &[&[u8]]) -> bool {
    let letters = || {
        name.iter()
            .filter(|byte| !matches!(byte, b'-' | b'_'))
            .map(|byte| byte.to_ascii_lowercase())
    };
    names.iter().any(|other| name.len() >= other.len() && other.iter().copied().eq(letters()))
}

/// By the first letter of [`ATTRIBUTES`]: their second letters, a bit each.
const SECOND_LETTERS: [u32; 26] = {
    let mut letters = [0; 26];
    let mut k = 0;
    while k < ATTRIBUTES.len() {
        let [first, second, ..] = ATTRIBUTES[k] else { panic!("a name of one letter") };
        letters[(*first - b'a') as usize] |= 1 << (*second - b'a');
        k += 1;
    }
    letters
};

/// Whether `name` is that of an attribute, in a place where only an attribute can be.
pub(crate) fn is_attribute_name(name: &[u8]) -> bool {
    // Most other names differ in the first two letters.
    if let [first, second, ..] = name
        && first.is_ascii_alphabetic()
        && second.is_ascii_alphabetic()
        && SECOND_LETTERS[usize::from((first | 0x20) - b'a')] >> ((second | 0x20) - b'a') & 1 == 0
    {
        return false;
    }
    is_one_of(name, ATTRIBUTES)
}

/// The length of the attribute at the start of `rest`, whose name has `len` bytes, where it is one that no rule finds
/// anything in: a flag, a number, a date, a few bytes. The caller sees to what has to stand behind it.
pub(crate) fn plain_attribute(rest: &[u8], len: usize) -> Option<usize> {
    let name = &rest[..len];
    if *rest.get(len)? != b'=' {
        let flag = [&b"secure"[..], b"httponly", b"partitioned"];
        return flag.iter().any(|flag| name.eq_ignore_ascii_case(flag)).then_some(len);
    }
    let value = &rest[len + 1..];
    let is = |words: &[&[u8]]| words.iter().any(|word| name.eq_ignore_ascii_case(word));
    let harmless = if is(&[b"expires"]) {
        date_len(value)?
    } else if is(&[b"max-age"]) {
        value.iter().take_while(|byte| byte.is_ascii_digit()).count()
    } else if is(&[b"path"]) {
        value
            .iter()
            .take(3)
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'/')
            .count()
    } else if is(&[b"samesite"]) {
        let words = [&b"lax"[..], b"strict", b"none"];
        let has = |word: &&[u8]| {
            value.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        words.iter().find(|word| has(word))?.len()
    } else {
        return None;
    };
    (harmless > 0).then_some(len + 1 + harmless)
}

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

/// Whether an entry of a map called `name` describes a cookie.
pub(super) fn is_setting(name: &[u8]) -> bool {
    is_one_of(name, SETTINGS)
}

/// Whether there is an attribute without a value at `at`, and nothing else up to the next one.
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

/// What a schema or a form says about a field for cookies. A cookie with such a name has a token as its value.
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
