//! OAuth parameters (RFC 6749, 7521, 7636, 8628) and other keys whose whole value is a credential.

use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::authorization::{self, brackets};
use crate::grammar::credential::url;
use crate::grammar::ids::{AUTHORIZATION, COOKIE, OAUTH};
use crate::grammar::key::{Class, Separator, classify};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Step, Text, is_name};
use crate::grammar::value::base64::is_base64url;
use crate::grammar::value::characters::SPACE;
use crate::grammar::value::code::{
    is_expression, is_markup, is_member, is_name_of_next, is_object, is_punctuation, is_scoped,
    is_struct_tag, is_variable,
};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::head::Head;
use crate::grammar::value::status;
use crate::grammar::value::wording::is_statement;

/// Reads the value of a key of `class` at `at`.
pub(crate) fn begin(
    text: &Text,
    at: usize,
    class: Class,
    frame: Frame,
    separator: Separator,
) -> Step<Start> {
    // A scheme before the token is kept.
    if frame.own_quote && text.has_word(at, b"bearer")? {
        // After a word as common as `auth`, the scheme is the better indication.
        if class == Class::WeakParam && !is_name(text.at(at + 6)?) {
            return Ok(Start::Nothing(at));
        }
        return authorization::begin(text, at, frame, separator);
    }
    let rule = match class {
        Class::Header => AUTHORIZATION,
        Class::Session | Class::CookieLike => COOKIE,
        _ => OAUTH,
    };
    let (at, frame) = brackets(text, at, frame, rule)?.unwrap_or((at, frame));
    let frame = match class {
        Class::Session => frame.captured(text, at, name_before(text, at)),
        _ => frame,
    };
    let flavour = if frame.is_whole() { Flavour::Opaque } else { Flavour::Param };
    let value = Value::new(frame, flavour, rule);
    let head = value.head(text, at)?;
    let nothing = Ok(Start::Nothing(at));
    // Most values that are not secret fail this, and the other tests are many.
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
    if head.is_any(NEVER) {
        return nothing;
    }
    // `"{\"access_token\":\"T\"}"`: only the values of its own keys are secret.
    if frame.own_quote && (has_key(text, at)? || is_name_of_next(text, &head)?) {
        return nothing;
    }
    if !frame.own_quote
        && (is_expression(text, &head)? || head.is_any(CODE) || is_variable(text, at, &head))
        || is_object(text, at, &head)?
        || is_key(&head, class)
    {
        return nothing;
    }
    // `client_secret: OAuth2 client secret to use`: a description in words.
    if separator == Separator::Spaced
        && !frame.own_quote
        && head.len() < 10
        && words_follow(text, &head)?
    {
        return nothing;
    }
    if let Some(end) = url::end_of_password(text, at)? {
        return Ok(Start::Match { start: at, end, rule, tail: None });
    }
    // A cookie whose name is a key may be followed by more cookies.
    let list = (class == Class::Session).then(|| Container::new(Elements::Cookies, frame).begun());
    Ok(Start::Value(at, value.started(text, at, &head), list))
}

/// How many bytes before its value at `at` the name of a pair begins.
fn name_before(text: &Text, at: usize) -> usize {
    let is_of_name = |byte: u8| is_name(byte) || byte == b'.';
    1 + (2..MAX_NAME).take_while(|back| is_of_name(text.before(at, *back))).count()
}

/// What no credential is, in quotes or not.
const NEVER: &[fn(&Head) -> bool] = &[
    Head::is_empty,
    Head::is_placeholder,
    Head::is_prose,
    Head::is_harmless,
    Head::is_description,
    Head::is_url,
    Head::is_foreign,
    is_punctuation,
    is_scoped,
    is_struct_tag,
    |head| head.has(SPACE) && is_statement(head.chars()),
];

/// What an unquoted value is in source code and messages.
const CODE: &[fn(&Head) -> bool] =
    &[is_markup, is_address, is_of_environment, is_member, authorization::is_parametric, |head| {
        head.chars().windows(2).any(|two| two == b"||")
    }];

/// Whether the value at `at` is an object that contains a key of its own.
fn has_key(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    if !matches!(text.at(at)?, b'{' | b'[') {
        return Ok(false);
    }
    let mut name = [0; MAX_NAME];
    let (mut len, mut named) = (0, false);
    while end - at < MAX_OBJECT {
        let unit = text.unit(end)?;
        if unit.is_newline() && unit.len <= 1 {
            break;
        }
        match unit.ch {
            // The name before the quote, and a colon after it.
            _ if unit.quote().is_some() => {
                let is_key = named
                    && text.unit(text.skip_blanks(end + unit.len, 0)?)?.ch == b':'
                    && classify(&name[..len]).is_some();
                if is_key {
                    return Ok(true);
                }
                (len, named) = (0, true);
            }
            ch if is_name(ch) && len < MAX_NAME => {
                name[len] = ch;
                len += 1;
            }
            _ => named = false,
        }
        end += unit.len;
    }
    Ok(false)
}

/// The longest name that is recognised in an object, in bytes.
const MAX_NAME: usize = 32;
/// How far a name is searched for in an object, in bytes.
const MAX_OBJECT: usize = 512;

/// Whether the value of a key that only credentials have is a credential.
fn is_value(head: &Head, class: Class, frame: Frame, separator: Separator) -> bool {
    match separator {
        Separator::Comma => {
            (head.is_random() || head.is_long_run())
                && head.len() >= 6
                && !head.is_identifier()
                && !head.is_camel()
                && !head.is_constant()
        }
        // A string, or the value of a query parameter, is accepted unless it is a name or a status.
        _ if frame.own_quote || separator == Separator::Compact => {
            !is_count(head, if frame.own_quote { 4 } else { 6 })
                && !(frame.call && head.is_identifier() && !head.has_digit())
                && !is_status(head)
                && !is_code(head)
        }
        // `X-Api-Key: T` is a header. `access_token: T` can be a header or a declaration.
        _ if class == Class::Header || frame.line => {
            !head.is_plain_word()
                && !(is_count(head, if class == Class::Header { 6 } else { 8 }))
                && !(class != Class::Header && is_round(head))
                && !head.is_camel()
                && !(head.is_identifier() && !head.has_digit())
                && !is_code(head)
                && (class == Class::Header
                    || !is_number_of(head) && !head.is_constant() && !is_rest_of_path(head))
        }
        _ => {
            head.is_random()
                && !head.is_constant()
                && head.len() >= 6
                && !is_count(head, 8)
                && !is_round(head)
                && !head.is_identifier()
                && !head.is_camel()
        }
    }
}

/// Whether it is a count or a measure: it has fewer than `digits` digits, or a decimal point.
fn is_count(head: &Head, digits: usize) -> bool {
    head.is_number() && (head.len() < digits || head.chars().contains(&b'.'))
}

/// Whether it is a round number, like a lifetime or a limit: `86400000`.
fn is_round(head: &Head) -> bool {
    head.is_number() && head.len() <= 12 && head.chars().ends_with(b"00")
}

/// Whether Vault issued it: the kind of the token, a dot, and the token.
fn is_vault_token(head: &Head) -> bool {
    [&b"hvs."[..], b"hvb.", b"hvr.", b"s.", b"b.", b"r."].iter().any(|kind| {
        head.chars().strip_prefix(*kind).is_some_and(|token| {
            token.len() >= 20 && token.iter().all(|byte| is_base64url(*byte) || *byte == b'.')
        })
    })
}

/// Whether it is a catalogue number: `T1528` means the theft of access tokens.
fn is_number_of(head: &Head) -> bool {
    let chars = head.chars();
    head.complete
        && chars.len() < 8
        && matches!(chars, [b'A'..=b'Z', digits @ ..] if digits.iter().all(u8::is_ascii_digit))
}

/// Whether it is the rest of a path whose parts colons separate, as in a key of Redis: `access_token:17:ttl`.
fn is_rest_of_path(head: &Head) -> bool {
    const MAX_DIGITS: usize = 7;
    let is_part = |part: &[u8]| {
        !part.is_empty() && part.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
            || (1..=MAX_DIGITS).contains(&part.len()) && part.iter().all(u8::is_ascii_digit)
    };
    head.complete
        && head.chars().contains(&b':')
        && head.chars().split(|byte| *byte == b':').all(is_part)
}

/// Whether it is the address of an object, `<AccessToken:0x00007f>`: the key is the name of its class.
fn is_address(head: &Head) -> bool {
    head.chars().strip_prefix(b"0x").is_some_and(|digits| {
        digits.len() <= 16 && digits.iter().all(u8::is_ascii_hexdigit) && head.complete
    })
}

/// Whether it is a variable of the environment, in source code: `process.env.OAUTH2_SECRET`.
fn is_of_environment(head: &Head) -> bool {
    const ENVIRONMENTS: &[&[u8]] = &[b"process.env.", b"import.meta.env.", b"env."];
    ENVIRONMENTS.iter().any(|environment| {
        head.chars().strip_prefix(*environment).is_some_and(|name| {
            name.iter()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        })
    })
}

/// The name of the key again, as Node prints it before the value: `'x-api-key': [ 'X-Api-Key', 'T' ]`.
pub(crate) fn is_key(head: &Head, class: Class) -> bool {
    head.complete
        && !head.has_digit()
        && head.chars().iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
        && matches!(classify(head.chars()), Some((named, _)) if named == class)
}

/// Words that are the status of a token.
fn is_status(head: &Head) -> bool {
    const OTHERS: &[&[u8]] = &[
        b"revoked",
        b"bearer",
        b"query",
        b"not",
        b"await",
        b"new",
        b"lambda",
        b"read",
        b"write",
        b"authenticated",
        b"unauthenticated",
        b"authorized",
        b"unauthorized",
        b"granted",
        b"forbidden",
        b"created",
        b"refreshed",
        b"received",
        b"found",
        b"active",
        b"inactive",
        b"available",
        b"unavailable",
    ];
    status::is_word(head, OTHERS)
}

/// An identifier that, by its words, is a variable: `self.token`, `session.access_token`.
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

/// Whether two words in lower case follow the value.
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
