//! Recognises source code in place of a value: an expression, the end of a literal, another key.

use crate::grammar::text::lex::{Enc, Quote, Step, Text, Unit, is_name};
use crate::grammar::value::base64;
use crate::grammar::value::characters::{COLON, DOT};
use crate::grammar::value::extent::is_wire_end;
use crate::grammar::value::frame::Frame;
use crate::grammar::value::head::Head;
use crate::grammar::value::writing::is_written;

/// The longest name of a class, in bytes.
const MAX_CLASS: usize = 192;
/// How far a string is read to decide whether a colon follows it, in bytes.
const MAX_KEY: usize = 256;
/// The longest base64 that is distinguished from an expression, in bytes.
const MAX_BASE64: usize = 256;

/// Words between two operands.
const OPERATORS: &[&[u8]] =
    &[b"in ", b"not ", b"is ", b"if ", b"else ", b"and ", b"or ", b"unless ", b"==", b"!=", b"=~"];

/// Whether the quote before `at` does not open a string, but ends a literal that began before the key:
/// `assert 'authorization:' not in output`, `'{"access_token":"' + token`.
pub(crate) fn ends_literal(text: &Text, at: usize, frame: Frame) -> Step<bool> {
    let Some(quote) = frame.quote.filter(|_| frame.own_quote) else { return Ok(false) };
    let mut after = at;
    // The quote is the last character of the literal, and another quote closes the literal.
    let first = text.unit(at)?;
    let closer = first.quote().filter(|closer| {
        closer.ch != quote.ch && matches!(first.enc, Enc::Raw | Enc::Slash(_) | Enc::Entity(_))
    });
    if closer.is_some() {
        after += first.len;
    }
    let start = after;
    while after - start < 16 && matches!(text.at(after)?, b' ' | b'\t') {
        after += 1;
    }
    let spaced = after > start;
    let unit = text.unit(after)?;
    if closer.is_some() && unit.is_newline() {
        return Ok(true);
    }
    if spaced {
        for word in OPERATORS.iter().copied() {
            if text.has_word(after, word)? {
                return Ok(true);
            }
        }
    }
    let next = text.unit(after + unit.len)?;
    Ok(unit.enc == Enc::Raw
        && match unit.ch {
            b',' | b')' => true,
            // The operator of a stream in C++, the end of a tag in a template.
            b'<' => spaced && next.ch == b'<',
            b'%' if spaced && next.ch == b'}' => true,
            b'?' if spaced && next.ch == b'>' => true,
            b';' | b']' | b'}' | b':' => closer.is_some() || spaced,
            b'+' | b'.' | b'&' | b'%' | b'|' if spaced || closer.is_some() => {
                is_operand(next) || unit.ch == next.ch || next.ch == b'='
            }
            b'+' | b'.' => is_operand(next) && !is_base64(text, after, Some(quote))?,
            _ => false,
        })
}

/// Whether `unit` may start an operand.
fn is_operand(unit: Unit) -> bool {
    unit.is_newline()
        || unit.quote().is_some()
        || unit.ch.is_ascii_alphabetic()
        || matches!(unit.ch, b' ' | b'\t' | b'(' | b'$' | b'_' | b'@')
}

/// Whether a string that opens before `at` is base64 of some length, and not an expression between two strings.
fn is_base64(text: &Text, at: usize, quote: Option<Quote>) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_BASE64 {
        let len = if text.at(end)? == b'.' { 1 } else { base64::run(text, end)? };
        if len == 0 {
            break;
        }
        end += len;
    }
    let closes = quote
        .is_some_and(|quote| matches!(text.unit(end), Ok(unit) if quote.closed_by(unit).is_some()));
    Ok(end - at >= 16 && (closes && text.before(end, 1) != b'+' || end - at >= MAX_BASE64))
}

/// Whether the string that opens before `at` is a key itself: `"acme/token",` and `"9f86...": 1` on the next line. A
/// key is one word. A scheme with its token, or a cookie with its value, is a value in a list that was damaged after
/// it.
pub(crate) fn is_key(text: &Text, at: usize, frame: Frame) -> Step<bool> {
    let Some(quote) = frame.quote.filter(|_| frame.own_quote) else { return Ok(false) };
    let mut end = at;
    loop {
        let unit = text.unit(end)?;
        if unit.is_newline() || matches!(unit.ch, b' ' | b'=') || end - at > MAX_KEY {
            return Ok(false);
        }
        end += unit.len;
        if quote.closed_by(unit).is_some() {
            break;
        }
    }
    let closed = end;
    let end = text.skip_blanks(closed, frame.level)?;
    let unit = text.unit(end)?;
    // Where a line ends, nothing waits for the next one.
    if !matches!(unit.ch, b':' | b'=') {
        return Ok(false);
    }
    let next = text.unit(end + unit.len)?.ch;
    Ok(match unit.ch {
        // A keyword of Lisp or Clojure, `"T" :expires`.
        b':' if end > closed && next.is_ascii_alphabetic() => false,
        b':' => next != b':' && !is_sentence(text, end + unit.len)?,
        _ => !matches!(next, b'=' | b'~'),
    })
}

/// Whether two words follow the colon before `at`: what is wrong with the value, `invalid bearer token "T": illegal base64
/// data`, and not another value.
fn is_sentence(text: &Text, at: usize) -> Step<bool> {
    const MAX_WORD: usize = 20;
    let mut end = at + 1;
    if text.at(at)? != b' ' {
        return Ok(false);
    }
    while end - at < MAX_WORD && text.at(end)?.is_ascii_lowercase() {
        end += 1;
    }
    Ok(end > at + 2 && text.at(end)? == b' ' && text.at(end + 1)?.is_ascii_lowercase())
}

/// Whether a value in quotes is the name of another: `'password' => ['letters' => '...']`. A token before an arrow has been
/// changed: `access_token: "T" => "T"`.
pub(crate) fn is_name_of_next(text: &Text, head: &Head) -> Step<bool> {
    if head.is_token_like() {
        return Ok(false);
    }
    let after = text.skip_blanks(head.end + text.unit(head.end)?.len, 0)?;
    Ok(head.complete && text.at(after)? == b'=' && text.at(after + 1)? == b'>')
}

/// Whether the value is the start of an expression: a call, an index, a template, a path of names.
pub(crate) fn is_expression(text: &Text, head: &Head) -> Step<bool> {
    if !head.complete {
        return Ok(false);
    }
    let opens = matches!(text.at(head.end)?, b'(' | b'[' | b'{');
    Ok(opens && !is_wire_end(text, head.end, 1)? || is_path(head))
}

/// Names joined by colons, as in C++, Rust, Ruby and Perl: `Azure::Monitor::Y`.
fn is_path(head: &Head) -> bool {
    head.has(COLON)
        && head.chars().windows(2).any(|two| two == b"::")
        && head.chars().split(|byte| *byte == b':').all(|part| {
            part.first().is_none_or(|first| first.is_ascii_alphabetic() || *first == b'_')
                && part.iter().all(|byte| is_name(*byte))
        })
}

/// The same without digits, so that it is not a token in quotes either.
pub(crate) fn is_scoped(head: &Head) -> bool {
    !head.has_digit() && is_path(head)
}

/// What a value of source code or YAML starts with, but no credential: `!Ref`, `|`, `*x`.
pub(crate) fn is_markup(head: &Head) -> bool {
    let chars = head.chars();
    matches!(chars.first(), Some(b'!' | b'&' | b'*' | b'?'))
}

/// Whether it is a tag of a field in Go, which encodings read: `json:"authorization"`.
pub(crate) fn is_struct_tag(head: &Head) -> bool {
    let chars = head.chars();
    let name = chars.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    (2..16).contains(&name) && chars[name..].starts_with(b":\"")
}

/// Whether the value at `at` is a variable in source code: a name without quotes after one in quotes,
/// `'x-api-key': config.key`, that has the form of a member or of words run together.
pub(crate) fn is_variable(text: &Text, at: usize, head: &Head) -> bool {
    let name = |part: &[u8]| {
        part.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
            && part.iter().all(|byte| is_name(*byte) && *byte != b'-')
    };
    let member = || {
        let digits = head.chars().iter().filter(|byte| byte.is_ascii_digit()).count();
        let mut parts = head.chars().split(|byte| *byte == b'.');
        parts.clone().count() > 1
            && parts.all(name)
            && (digits == 0 || digits * 4 <= head.len() && head.is_written())
    };
    let named = head.is_camel() || head.complete && head.has(DOT) && member();
    if !named {
        return false;
    }
    let blanks = (1..8).find(|back| text.before(at, *back) != b' ').unwrap_or(1);
    text.before(at, blanks) == b':'
        && matches!(text.before(at, blanks + 1), b'"' | b'\'')
        && text.before(at, blanks + 2) != b'\\'
}

/// Whether it is a member that is called like a secret or has a long name: `oAuth2Client.clientSecret`,
/// `this.authorizationService`, `OAuth2AccessToken.TokenType.BEARER`; or a chain of members, or a numbered name.
pub(crate) fn is_member(head: &Head) -> bool {
    const WORDS: &[&[u8]] =
        &[b"token", b"secret", b"password", b"key", b"credential", b"verifier", b"assertion"];
    let chars = head.chars();
    let name = |part: &[u8]| {
        part.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
            && part.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let is_named = || {
        let digits = chars.iter().filter(|byte| byte.is_ascii_digit()).count();
        let last = chars.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
        let has =
            |word: &&[u8]| last.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
        digits <= 4 && WORDS.iter().any(has) || digits <= 2 && chars.len() >= 16
    };
    let own = [&b"self."[..], b"this."].iter().any(|object| chars.starts_with(object));
    is_chain(head)
        || head.complete && is_numbered(chars)
        || own && chars.split(|byte| *byte == b'.').all(name)
        || head.complete
            && head.has(DOT)
            && chars.split(|byte| *byte == b'.').all(name)
            && is_named()
            && head.is_written()
}

/// Whether it is code of several operands: a chain of assignments, `t.getPassword=t.setPassword=void`, the default of a
/// parameter, `h=!1`, a member of what may be missing, `this.backup?.protected`, or a condition, `isEnabled?passwordProp:y`.
fn is_chain(head: &Head) -> bool {
    let chars = head.chars();
    let first =
        chars.iter().take_while(|byte| is_name(**byte) || matches!(byte, b'.' | b'$')).count();
    let (path, rest) = chars.split_at(first);
    let dotted = path.contains(&b'.') && path.first().is_some_and(u8::is_ascii_alphabetic);
    match rest {
        [b'?', b'.', next, ..] => next.is_ascii_alphabetic() && is_written(chars),
        // Minified: `;secret=props.secret,user=x`, `;password=isEnabled?passwordProp:y`.
        [b'=', b'=', next, ..] => next.is_ascii_alphanumeric() && is_written(path),
        [b',', next, ..] => dotted && next.is_ascii_alphabetic() && is_written(chars),
        [b'?', next, ..] if has_humps(path) => next.is_ascii_alphabetic() && is_written(chars),
        [b'=', b'!', b'0' | b'1'] => head.complete && first > 0,
        [b'=' | b':', next, ..] if dotted => next.is_ascii_alphabetic() && is_written(chars),
        [b'}', next, ..] if dotted => next.is_ascii_alphabetic() && is_written(path),
        [b'=', b'$', ..] => path.first() == Some(&b'$') && is_written(path),
        _ => false,
    }
}

/// Whether words are run together in `name`: `refreshToken`.
fn has_humps(name: &[u8]) -> bool {
    name.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase())
}

/// Whether it is a name that a compiler numbered, so that it is unique: `refreshToken$1`, `require$$9`, `zod_1.string`.
/// `Summer$1` is a password.
pub(crate) fn is_numbered(chars: &[u8]) -> bool {
    let letters = chars.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (name, rest) = chars.split_at(letters);
    if let Some(rest) = rest.strip_prefix(b"_") {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let member = rest[digits..].strip_prefix(b".").unwrap_or_default();
        return (1..=3).contains(&digits)
            && !member.is_empty()
            && member.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'.');
    }
    let number = match rest.strip_prefix(b"$$") {
        None => rest.strip_prefix(b"$").filter(|_| has_humps(name)),
        number => number,
    };
    name.len() >= 3
        && is_written(name)
        && number.is_some_and(|number| {
            (1..=3).contains(&number.len()) && number.iter().all(u8::is_ascii_digit)
        })
}

/// Nothing that a credential consists of: the rest of a line after what looked like a quote.
pub(crate) fn is_punctuation(head: &Head) -> bool {
    !head.chars().iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
}

/// What Java prints for an object without a string form: `org.example.AccessToken@1f2e`.
pub(crate) fn is_object(text: &Text, at: usize, head: &Head) -> Step<bool> {
    // A package name starts with the few letters of a domain.
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
