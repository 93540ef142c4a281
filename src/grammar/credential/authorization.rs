//! `Authorization` values (RFC 9110, section 11.6): a scheme, then a token68 or parameters.

use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::bearer::{is_challenge, is_keyed_token, past_scheme, starts_word};
use crate::grammar::credential::fold::{below, token_below};
use crate::grammar::credential::{bearer, cookie};
use crate::grammar::ids::{AUTHORIZATION, BEARER};
use crate::grammar::key::{Separator, continuation, past_fold};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text, is_blank, is_name};
use crate::grammar::value::code::{
    is_expression, is_member, is_punctuation, is_scoped, is_struct_tag, is_variable,
};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::head::Head;
use crate::grammar::value::scheme::TOKEN_SCHEMES;
use crate::span::RuleId;

/// The longest name of a scheme: `AWS4-ECDSA-P256-SHA256` has 22 characters.
const MAX_SCHEME: usize = 32;

/// Schemes whose credentials are parameters.
const PARAM_SCHEMES: &[&[u8]] = &[
    b"digest",
    b"oauth",
    b"hawk",
    b"signature",
    b"googlelogin",
    b"hmac",
    b"vapid",
    b"hoba",
    b"mutual",
    b"aws4-hmac-sha256",
    b"concealed",
    b"hmac-sha256",
];

/// Parameters that are not secret.
const PUBLIC: &[&[u8]] = &[
    b"realm",
    b"username",
    b"username*",
    b"uri",
    b"nonce",
    b"qop",
    b"nc",
    b"cnonce",
    b"opaque",
    b"algorithm",
    b"userhash",
    b"user",
    b"user_id",
    b"userid",
    b"email",
    b"client",
    b"client_id",
    b"clientid",
    b"device",
    b"device_id",
    b"deviceid",
    b"credential",
    b"signedheaders",
    b"keyid",
    b"key_id",
    b"key-id",
    b"timestamp",
    b"version",
    b"headers",
    b"created",
    b"expires",
    b"id",
    b"ts",
    b"ext",
    b"app",
    b"dlg",
    b"oauth_consumer_key",
    b"oauth_nonce",
    b"oauth_signature_method",
    b"oauth_timestamp",
    b"oauth_version",
    b"oauth_callback",
    b"scope",
    b"error",
    b"error_description",
    b"charset",
    b"stale",
    b"domain",
    b"v",
    b"alg",
    b"profile",
    b"sr",
    b"se",
    b"skn",
];

/// Words that are values of an `authorization` setting and never a credential.
const SETTINGS: &[&[u8]] = &[
    b"required",
    b"optional",
    b"enabled",
    b"disabled",
    b"failed",
    b"granted",
    b"denied",
    b"missing",
    b"invalid",
    b"success",
    b"successful",
    b"ok",
    b"yes",
    b"no",
    b"on",
    b"off",
    b"basic",
    b"bearer",
    b"digest",
    b"negotiate",
    b"expired",
    b"valid",
    b"unknown",
    b"unauthorized",
    b"forbidden",
    b"allowed",
    b"rejected",
    b"accepted",
    b"passed",
    b"pending",
    b"aws4-hmac-sha256",
];

enum Scheme {
    Bearer,
    Token,
    Params,
    Unknown,
}

impl Scheme {
    /// The scheme with that name in lower case.
    fn named(word: &[u8]) -> Scheme {
        match word {
            b"bearer" => Scheme::Bearer,
            _ if TOKEN_SCHEMES.contains(&word) => Scheme::Token,
            _ if PARAM_SCHEMES.contains(&word) => Scheme::Params,
            _ => Scheme::Unknown,
        }
    }
}

/// Reads the value of an `Authorization` key at `at`.
pub(crate) fn begin(text: &Text, at: usize, frame: Frame, separator: Separator) -> Step<Start> {
    match brackets(text, at, frame, AUTHORIZATION)? {
        Some((inner, frame)) => schemed(text, inner, frame, separator),
        None => schemed(text, at, frame, separator),
    }
}

/// Reads the content of brackets that enclose a whole string: `"[Bearer T]"`, as loggers print the values of a header.
/// A single word in brackets is a placeholder.
pub(super) fn brackets(
    text: &Text,
    at: usize,
    frame: Frame,
    rule: RuleId,
) -> Step<Option<(usize, Frame)>> {
    let close = match text.window().get(at) {
        Some(b'[') => b']',
        Some(b'<') => b'>',
        _ => return Ok(None),
    };
    let next = text.at(at + 1)?;
    if !frame.own_quote
        || !(next.is_ascii_alphanumeric() || next == b'[')
        // A label, which may be long enough to look like a token: `[REDACTED:api-key:9f86d081]`.
        || text.has_word(at + 1, b"redacted")?
    {
        return Ok(None);
    }
    let inner = Frame { close, ..frame };
    let is_secret = Value::enclosed(inner, rule).head(text, at + 1)?.is_token_like()
        || starts_scheme(text, at + 1)?
        || !Value::enclosed(frame, rule).head(text, at)?.is_mark();
    Ok(is_secret.then_some((at + 1, inner)))
}

/// Whether there is a known scheme and a space at `at`.
fn starts_scheme(text: &Text, at: usize) -> Step<bool> {
    let (word, len) = word(text, at)?;
    let known = !matches!(Scheme::named(&word[..len]), Scheme::Unknown);
    Ok(known && is_blank(text.at(at + len)?))
}

/// The position after the scheme and the space at `at`, and the rule of its credentials. In a log whose fields have no
/// spaces, the space is `+` or `%20`.
pub(crate) fn past_encoded_scheme(text: &Text, at: usize) -> Step<(usize, RuleId)> {
    let (word, len) = word(text, at)?;
    let scheme = Scheme::named(&word[..len]);
    let is_known = !matches!(scheme, Scheme::Unknown);
    let rule = if matches!(scheme, Scheme::Bearer) { BEARER } else { AUTHORIZATION };
    // After an unknown word, `+` may be a character of base64.
    if len == 0 || len == MAX_SCHEME || !is_known && text.at(at + len)? == b'+' {
        return Ok((at, AUTHORIZATION));
    }
    Ok(match past_scheme(text, at + len, 1)? {
        Some((start, _)) => (start, rule),
        None => (at, AUTHORIZATION),
    })
}

/// The name at `at` in lower case, up to the length of a scheme.
fn word(text: &Text, at: usize) -> Step<([u8; MAX_SCHEME], usize)> {
    let mut word = [0u8; MAX_SCHEME];
    let mut len = 0;
    while len < MAX_SCHEME && is_name(text.at(at + len)?) {
        word[len] = text.at(at + len)?.to_ascii_lowercase();
        len += 1;
    }
    Ok((word, len))
}

/// Whether a value is the name of a scheme whose credentials are parameters.
pub(super) fn is_parametric(head: &Head) -> bool {
    head.complete && PARAM_SCHEMES.iter().any(|name| head.chars().eq_ignore_ascii_case(name))
}

/// Reads the value of an `Authorization` key at `at`, without the brackets around it.
fn schemed(text: &Text, at: usize, frame: Frame, separator: Separator) -> Step<Start> {
    // 1. The scheme.
    let (word, len) = word(text, at)?;
    let end = at + len;
    if len == 0 || len == MAX_SCHEME {
        return bare(text, at, frame, separator);
    }
    let word = &word[..len];
    let Some((mut start, _)) = past_scheme(text, end, frame.level)? else {
        let rule = if word == b"bearer" { BEARER } else { AUTHORIZATION };
        if matches!(word, b"bearer" | b"basic")
            && let Some(start) = token_below(text, end, frame, rule)?
        {
            return Ok(start);
        }
        return match past_comma(text, end, word)? {
            Some(start) => Ok(Start::Enter(start, params(frame, AUTHORIZATION))),
            None => bare(text, at, frame, separator),
        };
    };
    let scheme = Scheme::named(word);
    // `+` is also a character of base64: only after a known scheme does it mean a space.
    if text.at(end)? == b'+' && frame.level == 0 && matches!(scheme, Scheme::Unknown) {
        return bare(text, at, frame, separator);
    }
    // `Bearer Bearer T`: the scheme was added twice.
    while word == b"bearer" && text.has_word(start, b"bearer ")? {
        start = text.skip_blanks(start + "bearer".len(), frame.level)?;
    }
    // 2. The credentials.
    let rule = if matches!(scheme, Scheme::Bearer) { BEARER } else { AUTHORIZATION };
    let mut frame = frame;
    if frame.own_quote
        && let Some(next) = continuation(text, start, frame.quote)?
    {
        start = next;
    }
    if let Some(inner) = bearer::bracketed(text, start, frame)? {
        (start, frame) = inner;
    }
    let unit = text.unit(start)?;
    if !frame.own_quote
        && !frame.quote.is_some_and(|outer| outer.closed_by(unit).is_some())
        && let Some(quote) = unit.quote()
    {
        let inner = start + unit.len;
        if is_blank(text.at(inner)?) {
            return Ok(Start::Nothing(start));
        }
        frame = Frame { quote: Some(quote), own_quote: true, ..frame };
        start = inner;
    }
    if !matches!(scheme, Scheme::Bearer) && starts_params(text, start, word)? {
        return Ok(Start::Enter(start, params(frame, rule)));
    }
    let value = Value::enclosed(frame, rule);
    let head = value.head(text, start)?;
    if is_credential(text, start, &head, scheme, frame, separator)? {
        Ok(Start::Value(start, value.started(text, start, &head), None))
    } else {
        Ok(Start::Nothing(start))
    }
}

/// The parameters of a scheme.
fn params(frame: Frame, rule: RuleId) -> Container {
    Container::new(Elements::Params { rule }, frame)
}

/// Whether the value at `at` is a credential of `scheme`. After a key and a scheme, a single word counts too.
fn is_credential(
    text: &Text,
    at: usize,
    head: &Head,
    scheme: Scheme,
    frame: Frame,
    separator: Separator,
) -> Step<bool> {
    if head.is_empty() || head.is_nothing() || is_punctuation(head) {
        return Ok(false);
    }
    Ok(match scheme {
        // `1) Authorization: Bearer 2) ...`: a numbered list.
        Scheme::Bearer if head.is_number() && head.len() < 3 && text.at(head.end)? == b')' => false,
        Scheme::Bearer => {
            is_keyed_token(text, at)?
                && !(head.is_command(frame)
                    || !frame.own_quote && head.is_identifier() && is_expression(text, head)?)
        }
        Scheme::Token | Scheme::Params => {
            let alone = ends_field(text, head, frame)?;
            !head.is_prose()
                && !(is_setting(head) && !frame.own_quote)
                && (alone || !(head.is_plain_word() || head.is_identifier()))
        }
        Scheme::Unknown => {
            !head.is_placeholder()
                && !head.is_prose()
                && !head.is_foreign()
                && !head.is_plain_word()
                && (head.is_token_like()
                    || separator != Separator::Comma
                        && (frame.own_quote || ends_field(text, head, frame)? && head.has_digit()))
        }
    })
}

/// Reads a value without a scheme.
fn bare(text: &Text, at: usize, frame: Frame, separator: Separator) -> Step<Start> {
    let value = Value::enclosed(frame, AUTHORIZATION);
    let head = value.head(text, at)?;
    let nothing = Ok(Start::Nothing(at));
    if head.is_empty()
        || !frame.own_quote
            && (is_expression(text, &head)?
                || head.is_constant()
                || head.is_camel()
                || is_member(&head)
                || is_variable(text, at, &head))
        || is_scoped(&head)
        || head.is_nothing()
        || head.is_placeholder()
        || head.is_prose()
        || head.is_foreign()
        || is_struct_tag(&head)
        || head.is_harmless()
        || is_setting(&head)
        || is_source(&head)
    {
        return nothing;
    }
    let secret = if head.is_token_like() || head.is_named_token() {
        true
    } else if separator == Separator::Comma {
        false
    } else if frame.own_quote {
        !head.is_plain_word() && !(head.is_identifier() && !head.has_digit()) && head.len() > 3
    } else {
        // A header alone on its line, or the value of a query parameter.
        let alone = ends_field(text, &head, frame)?;
        alone
            && head.len() > 3
            && !head.is_plain_word()
            && !(head.is_number() && head.len() < 12)
            && (!head.is_identifier()
                || separator == Separator::Compact && head.has_digit()
                || head.has_digit() && head.len() >= 8)
    };
    if secret { Ok(Start::Value(at, value.started(text, at, &head), None)) } else { nothing }
}

fn is_setting(head: &Head) -> bool {
    head.complete && SETTINGS.iter().any(|word| head.chars().eq_ignore_ascii_case(word))
}

/// Source code in place of a value, `!req.headers.authorization`, `"{} {}".format`, or the address to ask for one.
fn is_source(head: &Head) -> bool {
    head.is_url()
        || matches!(head.chars(), [b'!' | b'&' | b'*', ..] | [b'{', b'}', ..] | [b'%', b's', ..])
}

/// Whether the field ends with the value, so that no further words follow.
pub(super) fn ends_field(text: &Text, head: &Head, frame: Frame) -> Step<bool> {
    if !head.complete {
        return Ok(true);
    }
    let mut end = head.end;
    while matches!(text.at(end)?, b' ' | b'.') && end - head.end < 16 {
        end += 1;
    }
    let unit = text.unit(end)?;
    let blanks = end > head.end;
    Ok(unit.is_newline()
        || unit.enc == Enc::Ansi
        || frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some())
        || !blanks
            && matches!(unit.ch, b'"' | b'\'' | b',' | b'&' | b']' | b'}' | b')' | b'<' | b';'))
}

/// The position after the comma at `at` that follows the scheme `word`, if a parameter follows:
/// `V2-HMAC-SHA256, Signature: T`.
fn past_comma(text: &Text, at: usize, word: &[u8]) -> Step<Option<usize>> {
    if text.at(at)? != b',' || matches!(Scheme::named(word), Scheme::Token) {
        return Ok(None);
    }
    let start = text.skip_blanks(at + 1, 0)?;
    for name in COLON_PARAMS.iter().copied() {
        if text.has_word(start, name)? {
            let unit = text.unit(text.skip_blanks(start + name.len(), 0)?)?;
            return Ok(matches!(unit.ch, b':' | b'=').then_some(start));
        }
    }
    Ok(None)
}

/// Parameters that some services separate from their values with a colon.
const COLON_PARAMS: &[&[u8]] = &[
    b"signature",
    b"credential",
    b"signedheaders",
    b"keyid",
    b"timestamp",
    b"nonce",
    b"hmac",
    b"digest",
    b"token",
];

/// Whether there are parameters, `name=value`, at `at` after the scheme `word`.
fn starts_params(text: &Text, at: usize, word: &[u8]) -> Step<bool> {
    if matches!(word, b"basic" | b"negotiate" | b"ntlm" | b"kerberos" | b"dpop") {
        return Ok(false);
    }
    if is_challenge(text, at)? {
        return Ok(true);
    }
    // AWS4 has digits in names; quotes may be escaped any number of times.
    let mut end = at;
    while end - at < MAX_SCHEME && is_name(text.at(end)?) {
        end += 1;
    }
    let unit = text.unit(end)?;
    Ok(end > at && unit.ch == b'=' && text.unit(end + unit.len)?.quote().is_some())
}

/// Reads the next parameter of a list, at `at`.
#[inline(never)]
pub(crate) fn next_param(text: &Text, at: usize, list: &Container) -> Step<Start> {
    let frame = &list.frame;
    let rule = list.rule().unwrap_or(AUTHORIZATION);
    // 1. The separator of parameters.
    let mut start = at + usize::from(text.is_second_quote(at)?);
    let (mut semicolon, mut comma) = (false, false);
    while start - at < 64 {
        let unit = text.unit(start)?;
        if frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some()) {
            return Ok(Start::Done(start));
        }
        if let Some(next) = past_break(text, start, frame, comma)? {
            start = next;
            continue;
        }
        semicolon |= unit.ch == b';';
        comma |= unit.ch == b',';
        match unit.ch {
            b' ' | b'\t' | b',' | b';' if unit.enc == Enc::Raw || unit.level() <= frame.level => {
                start += unit.len
            }
            b'+' if frame.level > 0 && unit.enc == Enc::Raw => start += unit.len,
            // Azure's `SharedAccessSignature sr=x&sig=T&se=1`.
            b'&' if is_signed(text, start + 1)? => start += 1,
            _ => break,
        }
    }
    // 2. Its name.
    let mut name = [0u8; MAX_SCHEME];
    let mut len = 0;
    while len < MAX_SCHEME && (is_name(text.at(start + len)?) || text.at(start + len)? == b'*') {
        name[len] = text.at(start + len)?.to_ascii_lowercase();
        len += 1;
    }
    let mut equals = start + len;
    while equals - start - len < 4 && text.at(equals)? == b' ' {
        equals += 1;
    }
    let unit = text.unit(equals)?;
    if len > 0 && semicolon && unit.ch != b'=' {
        // SignedHeaders=host;x-amz-date
        let value = Value::kept(Frame { own_quote: false, ..*frame }, Flavour::Token, rule);
        return Ok(Start::Value(start, value, None));
    }
    let colon = unit.ch == b':' && COLON_PARAMS.contains(&&name[..len]);
    if len == 0 || unit.ch != b'=' && !colon || unit.level() > frame.level {
        return Ok(Start::Done(start));
    }
    // 3. Its value.
    let mut value_at = equals + unit.len;
    while value_at - equals < 4 && text.at(value_at)? == b' ' {
        value_at += 1;
    }
    let unit = text.unit(value_at)?;
    let closes = frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some());
    let inner = match unit.quote() {
        Some(quote) if !closes || text.past_quote(value_at)? == value_at + unit.len + 1 => {
            value_at = text.past_quote(value_at)?;
            if frame.own_quote {
                value_at = past_fold(text, value_at)?;
            }
            Frame { quote: Some(quote), own_quote: true, level: frame.level, ..Frame::default() }
        }
        _ => Frame { own_quote: false, line: false, ..*frame },
    };
    let value = Value::enclosed(inner, rule);
    if PUBLIC.contains(&&name[..len]) {
        return Ok(Start::Value(value_at, value.keep(true), None));
    }
    let head = value.head(text, value_at)?;
    let kept = head.is_empty() || head.is_placeholder();
    Ok(Start::Value(value_at, value.started(text, value_at, &head).keep(kept), None))
}

/// Skips a newline between two parameters at `at`: after a `comma`, or before one where YAML broke a double-quoted scalar
/// after the quote of the previous parameter.
fn past_break(text: &Text, at: usize, frame: &Frame, comma: bool) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    if !(unit.is_newline() || unit.ch == b'\\') {
        return Ok(None);
    }
    if !comma && frame.own_quote {
        let next = past_fold(text, at)?;
        return Ok((next > at && text.at(next)? == b',').then_some(next));
    }
    Ok(match below(text, at, frame.own_quote)? {
        Some(next) if comma && is_param(text, next)? => Some(next),
        _ => None,
    })
}

/// Whether there is a name and an equals sign at `at`.
fn is_param(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_SCHEME && is_name(text.at(end)?) {
        end += 1;
    }
    Ok(end > at && text.unit(end)?.ch == b'=')
}

/// Whether there is a parameter of a shared access signature at `at`.
fn is_signed(text: &Text, at: usize) -> Step<bool> {
    for name in [&b"sig="[..], b"se=", b"skn=", b"sr="] {
        if text.has_word(at, name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Basic credentials without a key before them: `Basic ` and base64 of text with a colon.
pub(crate) fn bare_basic(text: &Text, at: usize) -> Step<Start> {
    let end = at + "basic".len();
    let nothing = Ok(Start::Nothing(end));
    if !starts_word(text, at) {
        return nothing;
    }
    let start = text.skip_blanks(end, 0)?;
    let value = Value::new(Frame::default().captured(text, at, 0), Flavour::Token, AUTHORIZATION);
    let head = value.head(text, start)?;
    if head.len() < 8 || head.is_plain_word() || !has_colon(head.chars()) {
        return nothing;
    }
    Ok(Start::Value(start, value, cookie::captured(value.frame)))
}

/// Whether `chars` is base64 of printable text with a colon in it.
fn has_colon(chars: &[u8]) -> bool {
    let mut colon = false;
    let (mut bits, mut count) = (0u32, 0);
    for &ch in chars.iter().take_while(|ch| **ch != b'=') {
        let Some(six) = crate::grammar::credential::jwt::sextet(ch) else { return false };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            let byte = (bits >> count) as u8;
            if byte < b' ' || byte == 0x7f {
                return false;
            }
            colon |= byte == b':';
        }
    }
    colon
}

#[cfg(test)]
mod tests {
    #[test]
    fn basic_credentials_decode_to_text_with_a_colon() {
        assert!(super::has_colon(b"YWxhZGRpbjpvcGVuc2VzYW1l"));
        assert!(!super::has_colon(b"authentication"));
        assert!(!super::has_colon(b"credentials"));
    }
}
