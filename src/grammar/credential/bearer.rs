//! Bearer tokens (RFC 6750).

use crate::grammar::credential::cookie;
use crate::grammar::ids::BEARER;
use crate::grammar::key::{Separator, Target, open};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text, is_name};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::head::Head;

/// Reads the token after the word `bearer` at `at`, without an authorization key before it.
pub(crate) fn bare(text: &Text, at: usize) -> Step<Start> {
    let end = at + "bearer".len();
    let nothing = Ok(Start::Nothing(end));
    if let Some(Target::Value { at, frame, .. }) = member(text, at, end)? {
        let value = Value::enclosed(frame, BEARER);
        let head = value.head(text, at)?;
        if head.is_token_like() {
            return Ok(Start::Value(at, value.started(text, at, &head), None));
        }
    }
    if !is_scheme(text, at) {
        return nothing;
    }
    let unit = text.unit(end)?;
    // The WebSocket protocol of the Kubernetes API server: the token is the last label of the name.
    if unit.ch == b'.' && text.has_word(end, b".authorization.k8s.io.")? {
        let at = end + ".authorization.k8s.io.".len();
        let value = Value::new(Frame::default(), Flavour::Token, BEARER);
        let head = value.head(text, at)?;
        if head.is_empty() || head.is_placeholder() {
            return Ok(Start::Nothing(at));
        }
        return Ok(Start::Value(at, value.started(text, at, &head), None));
    }
    // `Sec-WebSocket-Protocol: bearer, T`, `bearer.T`, `bearer-T`.
    if matches!(unit.ch, b',' | b'.' | b'-') && is_protocol(text, at) {
        let level = unit.level();
        let start = text.skip_blanks(end + unit.len, level)?;
        let value = Value::new(Frame::within(level), Flavour::Token, BEARER);
        let head = value.head(text, start)?;
        return Ok(if is_token(text, at, &head) {
            Start::Value(start, value.started(text, start, &head), None)
        } else {
            Start::Nothing(start)
        });
    }
    let Some((mut start, level)) = past_scheme(text, end, 0)? else { return nothing };
    let plus = text.at(end)? == b'+';
    let mut frame = Frame { level, plus, ..Frame::default() };
    if let Some((start, frame)) = bracketed(text, start, frame)? {
        let value = Value::new(frame, Flavour::Token, BEARER);
        let head = value.head(text, start)?;
        return Ok(Start::Value(start, value.started(text, start, &head), None));
    }
    if let Some(quote) = text.unit(start)?.quote() {
        // `Bearer "T"`, but not the end of the string that contains the word.
        let inner = start + text.unit(start)?.len;
        if text.unit_before(at, 0).quote() == Some(quote)
            || !text.at(inner)?.is_ascii_alphanumeric()
        {
            return nothing;
        }
        frame = Frame { quote: Some(quote), own_quote: false, level: quote.level(), ..frame };
        start = inner;
    }
    let value = Value::new(frame.captured(text, at, 0), Flavour::Token, BEARER);
    let head = value.head(text, start)?;
    let is_secret = is_token(text, at, &head)
        || is_field(text, at) && !head.is_empty() && !head.is_placeholder();
    if is_secret && !is_challenge(text, start)? && is_keyed_token(text, start)? {
        return Ok(Start::Value(
            start,
            value.started(text, start, &head),
            cookie::captured(value.frame),
        ));
    }
    Ok(Start::Nothing(start))
}

/// The token in brackets at `at`, and what encloses it, as tests print the part of a value that differs, `Bearer [T]`. It has
/// to look like a token.
pub(super) fn bracketed(text: &Text, at: usize, frame: Frame) -> Step<Option<(usize, Frame)>> {
    const MAX_TOKEN: usize = 2048;
    if text.at(at)? != b'[' {
        return Ok(None);
    }
    let frame = Frame { close: b']', ..frame };
    if !Value::new(frame, Flavour::Token, BEARER).head(text, at + 1)?.is_token_like() {
        return Ok(None);
    }
    let mut end = at + 1;
    while end - at < MAX_TOKEN
        && (is_name(text.at(end)?) || matches!(text.at(end)?, b'.' | b'~' | b'+' | b'/' | b'='))
    {
        end += 1;
    }
    // Not the text of a link in Markdown.
    Ok((text.at(end)? == b']' && text.at(end + 1)? != b'(').then_some((at + 1, frame)))
}

/// The credentials of an object in which the scheme, which ends at `end`, is a separate member:
/// `(scheme='Bearer', credentials='T')`, `{ Scheme = Bearer, Parameter = T }`.
fn member(text: &Text, at: usize, end: usize) -> Step<Option<Target>> {
    let opener = text.unit_before(at, 0).quote();
    let unit = text.unit(end)?;
    let next = match opener {
        Some(quote) if quote.closed_by(unit) == Some(0) => end + unit.len,
        Some(_) => return Ok(None),
        None => end,
    };
    let mut name = next + usize::from(text.at(next)? == b',');
    name = text.skip_blanks(name, 0)?;
    if name == next {
        return Ok(None);
    }
    // `Credentials.Token(Bearer, T)`
    if opener.is_none() && text.before(at, 1) == b'(' && text.at(next)? == b',' {
        let frame = Frame { close: b')', ..Frame::default() };
        return Ok(Some(Target::Value { at: name, frame, separator: Separator::Comma }));
    }
    let unit = text.unit(name)?;
    let quote = unit.quote();
    name += if quote.is_some() { unit.len } else { 0 };
    for word in [&b"credentials"[..], b"parameter"] {
        if !text.has_word(name, word)? {
            continue;
        }
        let mut end = name + word.len();
        let unit = text.unit(end)?;
        end += if quote.is_some() && quote == unit.quote() { unit.len } else { 0 };
        let separator = text.skip_blanks(end, 0)?;
        if !matches!(text.at(separator)?, b':' | b'=') {
            continue;
        }
        let at = text.skip_blanks(separator + 1, 0)?;
        let bare = Target::Value { at, frame: Frame::default(), separator: Separator::Spaced };
        return Ok(Some(open(text, at, Separator::Spaced, 0)?.unwrap_or(bare)));
    }
    Ok(None)
}

/// The position after the spaces between a scheme that ends at `end` and its credentials, and the depth of
/// percent-encoding that they show.
pub(super) fn past_scheme(text: &Text, end: usize, level: u8) -> Step<Option<(usize, u8)>> {
    let unit = text.unit(end)?;
    let level = match (unit.ch, unit.enc) {
        (b' ' | b'\t', Enc::Percent(depth)) => depth.max(level),
        (b' ' | b'\t', _) => level,
        // A space in the encoding of forms.
        (b'+', Enc::Raw) => level.max(1),
        (_, Enc::Ansi) => level,
        _ => return Ok(None),
    };
    let at = text.skip_blanks(end, level)?;
    Ok((at > end).then_some((at, level)))
}

/// Whether the word `bearer` at `at` is a scheme: a separate word, and not the name of a type.
pub(crate) fn is_scheme(text: &Text, at: usize) -> bool {
    starts_word(text, at) && !is_type(text, at)
}

/// Whether the scheme at `at` is a whole word: nothing precedes it, or the end of an escape.
pub(super) fn starts_word(text: &Text, at: usize) -> bool {
    starts_word_before(text, at, 0)
}

/// The same for the word that starts `skip` bytes before `at`.
fn starts_word_before(text: &Text, at: usize, skip: usize) -> bool {
    let byte = |k: usize| text.before(at, skip + k);
    let ends = |k: usize, word: &[u8]| text.ends_before(at, skip + k, word);
    let before = byte(1);
    if !before.is_ascii_alphanumeric() {
        return !matches!(before, b'_' | b'/') && before < 0x80;
    }
    let first = if skip > 0 { byte(0) } else { text.window()[at] };
    let hump = first.is_ascii_uppercase() && before.is_ascii_lowercase();
    let escape = byte(2) == b'\\' && matches!(before, b'n' | b'r' | b't');
    let percent =
        byte(3) == b'%' && crate::grammar::text::lex::hex(byte(2)).is_some() || ends(2, b"%25");
    let code = ends(2, b"u00") || ends(2, b"\\x");
    let colour = before == b'm' && matches!(byte(2), b'0'..=b'9' | b'[');
    let control = matches!(before, b'1' | b'2' | b'5') && ends(1, b"#01");
    hump || escape || percent || code || colour || control
}

/// Whether `bearer` at `at` is the value of `token_type`, `scheme` or `bearerFormat`.
fn is_type(text: &Text, at: usize) -> bool {
    let mut skip = 0;
    let mut separated = false;
    while skip < 48 {
        let unit = text.unit_before(at, skip);
        match unit.ch {
            b':' | b'=' => separated = true,
            b' ' | b'>' | b'+' => {}
            _ if unit.quote().is_some() => {}
            _ => break,
        }
        skip += unit.len;
    }
    separated
        && [&b"type"[..], b"scheme", b"format"].iter().any(|word| text.ends_before(at, skip, word))
}

/// Whether the text before the scheme at `at` confirms that it is one: Werkzeug's `<Authorization Bearer T>`, a
/// logger's `auth="Bearer T"` or `"auth":"Bearer T"`.
fn is_field(text: &Text, at: usize) -> bool {
    let unit = text.unit_before(at, 0);
    if matches!(unit.ch, b' ' | b'+') {
        let name = b"authorization";
        return text.ends_before(at, unit.len, name)
            && text.unit_before(at, unit.len + name.len()).ch == b'<';
    }
    if unit.quote().is_none() {
        return false;
    }
    let before_colours = |mut skip: usize| {
        let mut unit = text.unit_before(at, skip);
        while unit.enc == Enc::Ansi && skip < 64 {
            skip += unit.len;
            unit = text.unit_before(at, skip);
        }
        (skip + unit.len, unit)
    };
    let (separator_at, separator) = before_colours(unit.len);
    let (mut name, closer) = before_colours(separator_at);
    if closer.quote().is_none() {
        name -= closer.len;
    }
    matches!(separator.ch, b'=' | b':')
        && text.ends_before(at, name, b"auth")
        && starts_word_before(text, at, name + b"auth".len())
}

/// Whether a name that ends in `protocol` and a separator are shortly before `at`.
fn is_protocol(text: &Text, at: usize) -> bool {
    (1..64)
        .take_while(|k| text.before(at, *k) != b'\n')
        .any(|k| text.ends_before(at, k, b"protocol"))
}

/// Whether there is `name=` at `at`: a parameter of a challenge, or source code. At the end, `=` is padding.
pub(super) fn is_challenge(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < 32
        && (text.at(end)?.is_ascii_alphabetic() || matches!(text.at(end)?, b'_' | b'-'))
    {
        end += 1;
    }
    let unit = text.unit(end)?;
    if end == at || unit.ch != b'=' {
        return Ok(false);
    }
    let unit = text.unit(end + unit.len)?;
    Ok(unit.quote().is_some()
        || is_name(unit.ch)
        || matches!(unit.ch, b'/' | b'<' | b'#' | b'$' | b'{' | b'[' | b'%' | b'\\'))
}

/// Whether a value is a token, if only the scheme precedes it.
fn is_token(text: &Text, scheme: usize, head: &Head) -> bool {
    // `EPS bearer 5`: a number of a few digits after a word that is not a scheme. In a table, `Bearer    3600`, it is that of
    // the next column.
    let column = text.window()[scheme..].get(b"bearer ".len()) == Some(&b' ');
    let few = if text.window()[scheme].is_ascii_uppercase() && !column { 4 } else { 7 };
    !head.is_empty()
        && !head.is_word()
        // `--type bearer -a T`: the next option.
        && !(head.chars()[0] == b'-' && head.complete && head.len() <= 16)
        && !(head.is_number() && head.len() < few)
        && !head.is_placeholder()
        && head.chars().iter().any(u8::is_ascii_alphanumeric)
        && !head.is_url()
        // Go's `{T Bearer  2026-01-01 00:00:00}`: there is no refresh token before the date.
        && !head.is_date()
        && !(head.chars().contains(&b'.') && !head.has_digit() && head.is_identifier())
}

/// Whether a value is a token and not a challenge, if an authorization key precedes it.
pub(super) fn is_keyed_token(text: &Text, at: usize) -> Step<bool> {
    const CHALLENGE: &[&[u8]] = &[
        b"realm=",
        b"error=",
        b"scope=",
        b"error_description=",
        b"error_uri=",
        b"resource_metadata=",
        b"charset=",
        b"authorization_uri=",
    ];
    for name in CHALLENGE.iter().copied() {
        if text.has_word(at, name)? {
            return Ok(false);
        }
    }
    Ok(true)
}
