//! OAuth parameters (RFC 6749, 7521, 7636, 8628) and other keys whose value is a credential
//! as a whole.

use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::authorization;
use crate::grammar::ids::{AUTHORIZATION, COOKIE, OAUTH};
use crate::grammar::key::{Class, Separator, classify};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Step, Text, is_name};
use crate::grammar::value::base64::is_base64url;
use crate::grammar::value::extent::{Flavour, Value, is_wire_end};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::head::{Head, LONG_WORD};

/// Longest name of a class that is read, in bytes.
const MAX_CLASS: usize = 192;

/// The value of a key of `class` at `at`.
pub(crate) fn begin(
    text: &Text,
    at: usize,
    class: Class,
    frame: Frame,
    separator: Separator,
) -> Step<Start> {
    // A scheme before the token stays.
    if frame.own_quote && text.has_word(at, b"bearer")? {
        return authorization::begin(text, at, frame, separator);
    }
    let rule = match class {
        Class::Header => AUTHORIZATION,
        Class::Session | Class::CookieLike => COOKIE,
        _ => OAUTH,
    };
    let flavour = if frame.own_quote { Flavour::Opaque } else { Flavour::Param };
    let value = Value::new(frame, flavour, rule);
    let head = value.head(text, at)?;
    let nothing = Ok(Start::Nothing(at));
    if head.is_empty() || head.is_placeholder() || head.is_prose() {
        return nothing;
    }
    if !frame.own_quote && (is_expression(text, &head)? || is_markup(&head) || is_address(&head))
        || is_punctuation(&head)
        || head.is_url()
        || is_object(text, at, &head)?
        || is_key(&head, class)
    {
        return nothing;
    }
    // `client_secret: OAuth2 client secret to use`: what it is, in words.
    if separator == Separator::Spaced
        && !frame.own_quote
        && head.len() < 10
        && words_follow(text, &head)?
    {
        return nothing;
    }
    let secret = match class {
        Class::Assertion => {
            head.is_token_like()
                || separator == Separator::Compact
                    && !head.is_plain_word()
                    && is_value(&head, class, frame, separator)
        }
        Class::WeakParam | Class::Bearer | Class::CookieLike => head.is_token_like(),
        Class::Client => is_vault_token(&head),
        Class::Session => {
            head.is_token_like()
                || separator == Separator::Compact && head.has_digit() && head.len() >= 16
        }
        _ => is_value(&head, class, frame, separator),
    };
    if !secret {
        return nothing;
    }
    // More cookies may follow one that is named like a key.
    let list = (class == Class::Session).then(|| Container::new(Elements::Cookies, frame).begun());
    Ok(Start::Value(at, value.started(text, at, &head), list))
}

/// Whether a value is one, under a key that only credentials have.
fn is_value(head: &Head, class: Class, frame: Frame, separator: Separator) -> bool {
    match separator {
        Separator::Comma => {
            (head.is_random() || head.is_long_run()) && head.len() >= 6 && !head.is_identifier()
        }
        // A string or a query's value is taken as it is, but for names and statuses.
        _ if frame.own_quote || separator == Separator::Compact => {
            !(head.is_number() && head.len() < 6 && !frame.own_quote)
                && !(frame.call && head.is_identifier() && !head.has_digit())
                && !is_status(head)
                && !is_code(head)
        }
        // `X-Api-Key: T` is a header; `access_token: T` can be that, or a declaration.
        _ if class == Class::Header || frame.line => {
            !head.is_plain_word()
                && !(head.is_number() && head.len() < 10)
                && !(head.is_identifier() && !head.has_digit())
                && !is_code(head)
                && (class == Class::Header || !is_number_of(head) && !is_constant(head))
        }
        _ => {
            head.is_random()
                && !is_constant(head)
                && head.len() >= 6
                && !(head.is_number() && head.len() < 16)
                && !head.is_identifier()
        }
    }
}

/// What Vault issues: the kind of the token, a dot, and the token.
fn is_vault_token(head: &Head) -> bool {
    [&b"hvs."[..], b"hvb.", b"hvr.", b"s.", b"b.", b"r."].iter().any(|kind| {
        head.chars().strip_prefix(*kind).is_some_and(|token| {
            token.len() >= 20 && token.iter().all(|byte| is_base64url(*byte) || *byte == b'.')
        })
    })
}

/// A number that something has in a catalogue: `T1528`, of the theft of access tokens.
fn is_number_of(head: &Head) -> bool {
    let chars = head.chars();
    head.complete
        && chars.len() < 8
        && matches!(chars, [b'A'..=b'Z', digits @ ..] if digits.iter().all(u8::is_ascii_digit))
}

/// The name of a constant in source code: `WBEM_128BITS`.
fn is_constant(head: &Head) -> bool {
    let capital = |byte: &u8| byte.is_ascii_uppercase();
    head.complete
        && head.chars().contains(&b'_')
        && head.len() < LONG_WORD + 12
        && head.chars().split(|byte| *byte == b'_').all(|part| {
            let digits = part.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let letters = part[digits..].iter().take_while(|byte| capital(byte)).count();
            !part.is_empty() && part[digits + letters..].iter().all(u8::is_ascii_digit)
        })
        && head.chars().split(|byte| *byte == b'_').any(|part| part.iter().all(capital))
}

/// An object's address, `<AccessToken:0x00007f>`: the key is the name of its class.
fn is_address(head: &Head) -> bool {
    head.chars().strip_prefix(b"0x").is_some_and(|digits| {
        digits.len() <= 16 && digits.iter().all(u8::is_ascii_hexdigit) && head.complete
    })
}

/// What a value of source code or YAML starts with and no credential does: `!Ref`, `|`, `*x`.
pub(super) fn is_markup(head: &Head) -> bool {
    let chars = head.chars();
    matches!(chars.first(), Some(b'!' | b'&' | b'*' | b'?'))
}

/// What Java prints of an object that says nothing of itself: `org.example.AccessToken@1f2e`.
fn is_object(text: &Text, at: usize, head: &Head) -> Step<bool> {
    // A package starts with the few letters of a domain.
    let domain = head.chars().iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    if !(2..16).contains(&domain) || head.chars().get(domain) != Some(&b'.') {
        return Ok(false);
    }
    let mut end = at;
    while end - at < MAX_CLASS && (is_name(text.at(end)?) || matches!(text.at(end)?, b'.' | b'$')) {
        end += 1;
    }
    let hash = end + 1;
    if text.at(end)? != b'@' {
        return Ok(false);
    }
    end = hash;
    while end - hash < 9 && text.at(end)?.is_ascii_hexdigit() {
        end += 1;
    }
    Ok((1..9).contains(&(end - hash)) && !is_name(text.at(end)?))
}

/// The name of the key once more, as Node lists it before the value: `'x-api-key': [ 'X-Api-Key', 'T' ]`.
pub(crate) fn is_key(head: &Head, class: Class) -> bool {
    head.complete
        && !head.has_digit()
        && head.chars().iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
        && matches!(classify(head.chars()), Some((named, _)) if named == class)
}

/// Nothing that a credential is made of: the rest of a line that looks like a quote.
pub(super) fn is_punctuation(head: &Head) -> bool {
    !head.chars().iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
}

/// Words that say how it stands with a token.
fn is_status(head: &Head) -> bool {
    const STATUS: &[&[u8]] = &[
        b"required",
        b"optional",
        b"expired",
        b"invalid",
        b"valid",
        b"revoked",
        b"missing",
        b"enabled",
        b"disabled",
        b"string",
        b"str",
        b"text",
        b"bytes",
        b"object",
        b"ok",
        b"yes",
        b"no",
        b"unknown",
        b"opaque",
        b"bearer",
        b"query",
        b"self",
        b"void",
        b"not",
        b"await",
        b"new",
        b"lambda",
    ];
    head.complete && STATUS.iter().any(|word| head.chars().eq_ignore_ascii_case(word))
}

/// An identifier whose words say that it is a variable: `self.token`, `session.access_token`.
fn is_code(head: &Head) -> bool {
    const WORDS: &[&[u8]] = &[
        b"token",
        b"secret",
        b"self",
        b"this",
        b"config",
        b"settings",
        b"request",
        b"response",
        b"env",
        b"process",
        b"options",
        b"credentials",
        b"verifier",
        b"assertion",
    ];
    (!head.has_digit() || head.chars().iter().any(|byte| matches!(byte, b'.' | b'_')))
        && head.is_identifier()
        && WORDS.iter().any(|word| {
            head.chars().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
        })
}

/// Whether two words in lower case come after the value.
fn words_follow(text: &Text, head: &Head) -> Step<bool> {
    let mut at = head.end;
    for _ in 0..2 {
        let start = at + 1;
        if text.at(at)? != b' ' {
            return Ok(false);
        }
        at = start;
        while at - start < 20 && text.at(at)?.is_ascii_lowercase() {
            at += 1;
        }
        if at == start {
            return Ok(false);
        }
    }
    Ok(matches!(text.at(at)?, b' ' | b'.' | b',' | b'\r' | b'\n'))
}

/// Whether the value is the start of an expression: a call, an index, a template.
pub(super) fn is_expression(text: &Text, head: &Head) -> Step<bool> {
    if !head.complete {
        return Ok(false);
    }
    let opens = matches!(text.at(head.end)?, b'(' | b'[' | b'{');
    Ok(opens && !is_wire_end(text, head.end, 1)?)
}
