//! Values of passwords' and keys' names that are source code or are filled in later: templates, patterns, masks, and names
//! of several words.

use crate::grammar::credential::keyed_values::is_algorithm;
use crate::grammar::text::lex::{Step, Text, is_name};
use crate::grammar::value::characters::{BACKSLASH, COLON, HYPHEN, OPENER, PERCENT};
use crate::grammar::value::harmless::is_lookup;
use crate::grammar::value::head::Head;
use crate::grammar::value::writing::is_written;

/// Whether there is a template anywhere in the value.
pub(super) fn is_template(head: &Head) -> bool {
    let chars = head.chars();
    // The last is how Crowdin marks a text that is to be translated.
    const OPENERS: &[&[u8]] = &[b"<?php", b"<?=", b"[% ", b"[%|", b"{% ", b"crwdns"];
    head.has(OPENER) && has_template(chars)
        || OPENERS.iter().any(|opener| chars.starts_with(opener))
        || head.has(PERCENT) && is_format(head)
        // `|arg1:password|`
        || head.complete && is_between_bars(chars)
        || head.complete && chars.first() == Some(&b'<') && chars.last() == Some(&b'>')
        || head.complete && is_lookup(chars)
        // `:password`, a parameter of a statement or of a route.
        || head.complete && chars.strip_prefix(b":").is_some_and(|name| {
            name.len() > 1 && name.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
        })
        // `@DB_PASSWORD`, `@@DB_PASSWORD@@`, in templates of configuration files.
        || head.complete && chars.first() == Some(&b'@') && chars.iter().all(|byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'@' | b'_')
        })
}

/// Whether an expression in braces, or a variable, is in it.
fn has_template(chars: &[u8]) -> bool {
    chars.windows(2).any(|two| matches!(two, b"${" | b"{$" | b"{{" | b"$(" | b"#{" | b"<%"))
        || has_variable(chars)
        // `$\{data.password}`, escaped in a template of JavaScript, and `pass:$2`, an argument of a shell's function.
        || chars.starts_with(b"$\\{")
        || matches!(chars, [b'p', b'a', b's', b's', b':', b'$', ..] | [b'-', b'p', b'$', b'0'..=b'9'])
        // `$self->{'PWD'}`
        || is_member_of_variable(chars)
        // `f"{name}-token"`
        || chars.strip_prefix(b"{").is_some_and(|rest| {
            let of_name = |byte: &&u8| byte.is_ascii_alphabetic() || **byte == b'_';
            let name = rest.iter().take_while(of_name).count();
            name > 2 && rest.get(name) == Some(&b'}')
        })
        // `ldap.domains.{DOMAIN}.password`
        || chars.windows(2).any(|two| matches!(two, b".{" | b"/{")) && chars.contains(&b'}')
        // `f"password-{name}"`
        || has_name_in_braces(chars)
}

/// Whether a variable of several words in capitals is in it: `-U$DOMAIN/$ADMIN_USER`.
fn has_variable(chars: &[u8]) -> bool {
    chars.split(|byte| *byte == b'$').skip(1).any(|part| {
        let of_name = |byte: &&u8| byte.is_ascii_uppercase() || **byte == b'_';
        let name = &part[..part.iter().take_while(of_name).count()];
        name.len() > 4
            && name[1..name.len() - 1].contains(&b'_')
            && part.get(name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric())
    })
}

/// Whether a format string is to be filled in: `%s` between marks, `$MACHINE.ACC: %s:%s`.
fn is_format(head: &Head) -> bool {
    let chars = head.chars();
    let free = |at: usize| chars.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    head.complete
        && chars.windows(2).enumerate().any(|(at, two)| {
            two == b"%s"
                && free(at + 2)
                && (at == 0 || !chars[at - 1].is_ascii_digit() && free(at - 1))
        })
}

/// Whether it begins with a member of a variable, as PHP and Perl write it.
fn is_member_of_variable(chars: &[u8]) -> bool {
    chars.strip_prefix(b"$").is_some_and(|rest| {
        let name =
            rest.iter().take_while(|byte| byte.is_ascii_lowercase() || **byte == b'_').count();
        name > 1 && rest[name..].starts_with(b"->")
    })
}

/// Whether a name in braces follows a mark: `password_{user_name}`.
fn has_name_in_braces(chars: &[u8]) -> bool {
    let of_name = |byte: &&u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.');
    chars.windows(2).enumerate().any(|(at, two)| {
        let rest = &chars[at + 2..];
        let name = rest.iter().take_while(of_name).count();
        matches!(two, b"_{" | b"-{" | b":{") && name > 0 && rest.get(name) == Some(&b'}')
    })
}

/// Whether it is a name between two bars, or a name of several words between two other marks: `%MYSQL_PASSWORD%`,
/// `$target_password$`.
fn is_between_bars(chars: &[u8]) -> bool {
    let [mark @ (b'|' | b'%' | b'$'), name @ .., last] = chars else { return false };
    mark == last
        && (*mark == b'|' || name.contains(&b'_'))
        && name.len() > 3
        && is_written(name)
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'))
}

/// Whether it is a regular expression: `[A-Za-z0-9+/]{40,}`.
pub(super) fn is_pattern(head: &Head) -> bool {
    let chars = head.chars();
    let ranges = [&b"a-z"[..], b"A-Z", b"0-9"];
    let has = |range: &&&[u8]| chars.windows(3).any(|three| three == **range);
    head.has(HYPHEN) && ranges.iter().filter(has).count() >= 2
        || matches!(chars, [b'[' | b'^' | b'(', ..])
            && chars
                .windows(2)
                .any(|two| matches!(two, b"]{" | b"]+" | b"]*" | b"){" | b")+" | b")*"))
}

/// Whether it is the start of a function: `function(`, `()=>`, `(()=>{let`.
pub(super) fn is_function(head: &Head) -> bool {
    const STARTS: &[&[u8]] = &[b"function(", b"(function", b"()=>", b"(()=>", b"async("];
    let chars = head.chars();
    let name = chars.iter().take_while(|byte| is_name(**byte)).count();
    // `__commonJS({"index.js"`
    STARTS.iter().any(|start| chars.starts_with(start))
        || name > 2 && chars[name..].starts_with(b"({")
}

/// Whether it is the name of a type with an exclamation mark, by which GraphQL says that a value is required: `String!`.
pub(super) fn is_required_type(chars: &[u8]) -> bool {
    matches!(chars, [first, name @ .., b'!']
        if first.is_ascii_uppercase() && name.iter().all(u8::is_ascii_alphabetic))
}

/// Whether most of it is masked: `SKXXXXXXXXXXXXXXXX`, `xxxxxx/xxxx`, `$2$05$......................`.
pub(super) fn is_masked(head: &Head) -> bool {
    let chars = head.chars();
    let of_mask = |byte: &u8| matches!(byte, b'x' | b'X' | b'.');
    let masked = chars.iter().filter(|byte| of_mask(byte)).count();
    masked * 2 > chars.len() && chars.windows(6).any(|run| run.iter().all(of_mask))
}

/// Whether it is the name of a class below others, `App\\Controllers\\PasswordController`, as PHP writes it.
pub(super) fn is_namespaced(head: &Head) -> bool {
    let chars = head.chars();
    let names = chars.split(|byte| *byte == b'\\').filter(|part| !part.is_empty());
    let name =
        |part: &[u8]| part[0].is_ascii_uppercase() && part.iter().all(u8::is_ascii_alphabetic);
    head.has(BACKSLASH)
        && names.clone().count() >= 3
        && names.clone().all(name)
        && head.is_written()
        || head.complete && head.has(COLON) && is_action(head)
}

/// Whether it is an action that a policy permits, below the service it belongs to: `cognito-idp:AdminSetUserPassword`.
fn is_action(head: &Head) -> bool {
    let chars = head.chars();
    let Some(colon) = chars.iter().position(|byte| *byte == b':') else { return false };
    let (service, action) = (&chars[..colon], &chars[colon + 1..]);
    let of_service =
        |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    let capitals = action.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    service.len() >= 2
        && service.iter().all(of_service)
        && action.len() >= 10
        && action[0].is_ascii_uppercase()
        && action.iter().all(u8::is_ascii_alphabetic)
        && capitals * 3 <= action.len()
        && is_written(chars)
}

/// Whether it is a short number, a hyphen and a word: `2-byte`, `1-pass`, or alternatives, as documentation has them:
/// `no|plain|sha1`.
pub(super) fn is_dimension(head: &Head) -> bool {
    let chars = head.chars();
    let digits = chars.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let word = matches!(&chars[digits..], [b'-', word @ ..]
        if !word.is_empty() && word.iter().all(u8::is_ascii_lowercase));
    let mut words = chars.split(|byte| *byte == b'|');
    let alternative = |word: &[u8]| word.len() > 1 && word.iter().all(u8::is_ascii_alphanumeric);
    let listed = words.clone().count() > 2 && words.all(alternative);
    head.complete && ((1..=2).contains(&digits) && word || listed)
}

/// Whether it is a number with an exponent, as in `"cost_per_token": 2.5e-07`.
pub(super) fn is_exponential(head: &Head) -> bool {
    let chars = head.chars();
    let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let Some(e) = chars.iter().position(|byte| *byte == b'e') else { return false };
    let exponent = chars[e + 1..].strip_prefix(b"-").or_else(|| chars[e + 1..].strip_prefix(b"+"));
    head.complete
        && chars[..e].splitn(2, |byte| *byte == b'.').all(digits)
        && exponent.is_some_and(digits)
}

/// Whether it is a region of a cloud, as AWS names them: `us-east-1`, `us-gov-west-1`. `correct-horse-9` is a password.
pub(super) fn is_region(chars: &[u8]) -> bool {
    const POINTS: &[&[u8]] = &[b"east", b"west", b"north", b"south", b"central"];
    let [a, b, b'-', words @ .., b'-', b'1'..=b'9'] = chars else { return false };
    [a, b].iter().all(|byte| byte.is_ascii_lowercase())
        && words.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'-')
        && POINTS.iter().any(|point| words.ends_with(point))
}

/// Whether it is a call without arguments, or the start of one that a string is joined from: `PASSWORD(`.
pub(super) fn is_start_of_call(chars: &[u8]) -> bool {
    chars.ends_with(b"()")
        || matches!(chars, [name @ .., b'('] if name.iter().all(u8::is_ascii_alphabetic))
}

/// Whether it is words run together of which one says that it names a secret, as types and variables do: `X448SharedSecretCb`.
pub(super) fn is_camel_of_secret(chars: &[u8]) -> bool {
    chars.iter().all(u8::is_ascii_alphanumeric) && chars.windows(6).any(|part| part == b"Secret")
}

/// Whether the value is a name and the bracket of a call follows. The value may be longer than its head.
pub(super) fn is_call(text: &Text, head: &Head) -> Step<bool> {
    const MAX_NAME: usize = 64;
    let chars = head.chars();
    let mut end = head.end;
    if !chars.first().is_some_and(u8::is_ascii_lowercase)
        || !chars.contains(&b'_')
        || !chars.iter().all(|byte| is_name(*byte))
    {
        return Ok(false);
    }
    while end - head.end < MAX_NAME && is_name(text.at(end)?) {
        end += 1;
    }
    Ok(text.at(end)? == b'(')
}

/// Whether it can be the start of a text that something is appended to: `hashed_`.
pub(super) fn is_start(head: &Head) -> bool {
    let [name @ .., b'_'] = head.chars() else { return false };
    head.complete
        && name.len() >= 4
        && name.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
        && is_written(name)
}

/// Whether it consists of words and a few digits, as names in source code do: `base64UrlToString`,
/// `tableV2GridScrollLeft`. The words have four letters on average, and those of random text two.
pub(super) fn is_numbered_name(chars: &[u8]) -> bool {
    let letters = chars.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let digits = chars.iter().filter(|byte| byte.is_ascii_digit()).count();
    let starts = |at: usize| {
        let (before, byte) = (at.checked_sub(1).map(|at| chars[at]), chars[at]);
        byte.is_ascii_alphabetic()
            && before.is_none_or(|before| {
                !before.is_ascii_alphabetic()
                    || before.is_ascii_lowercase() && byte.is_ascii_uppercase()
            })
    };
    let words = (0..chars.len()).filter(|at| starts(*at)).count();
    letters >= 12
        && letters >= digits * 4
        && letters * 2 >= words * 7
        && chars.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && is_written(chars)
}

/// Whether it is two or more words of which one ends with a digit: `epv1Total`.
pub(super) fn is_short_name(chars: &[u8]) -> bool {
    let digits = chars.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits == 1
        && chars.len() >= 8
        && chars.first().is_some_and(u8::is_ascii_lowercase)
        && chars.last().is_some_and(u8::is_ascii_alphanumeric)
        && chars.iter().any(u8::is_ascii_uppercase)
        && chars.iter().all(u8::is_ascii_alphanumeric)
        && chars.len() < 20
        && is_written(chars)
}

/// Whether it is the name of an algorithm of cryptography: `aes256-cts-hmac-sha1-96`.
pub(super) fn is_name_of_algorithm(chars: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[b"sha", b"aes", b"hmac", b"rsa", b"md5", b"chacha"];
    is_algorithm(chars)
        && NAMES.iter().any(|name| chars.windows(name.len()).any(|part| part == *name))
}
