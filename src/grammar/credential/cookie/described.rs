//! Objects that describe a cookie: a name, a value and attributes, as members.

use super::attribute::is_one_of;
use crate::grammar::text::lex::{Enc, Step, Text, is_name};
use crate::grammar::value::frame::Frame;

/// The names of the member of a cookie's description that has its value. Haskell's http-client prints `cookie_value`.
pub(super) const VALUES: &[&[u8]] = &[b"value", b"cookievalue"];

/// The members of a cookie's description besides its value.
pub(super) const DESCRIBED: &[&[u8]] = &[
    b"name",
    b"domain",
    b"path",
    b"httponly",
    b"secure",
    b"samesite",
    b"expires",
    b"maxage",
    b"cookiename",
    b"cookiedomain",
    b"cookiepath",
    b"cookieexpirytime",
    b"cookiecreationtime",
    b"cookielastaccesstime",
    b"cookiepersistent",
    b"cookiehostonly",
    b"cookiesecureonly",
    b"cookiehttponly",
];

/// The longest unquoted name in a map. A longer one may be a secret itself.
const MAX_BARE: usize = 64;

/// The end of the unquoted name at `at`.
pub(super) fn bare_end(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_BARE && (is_name(text.at(end)?) || text.at(end)? == b'.') {
        end += 1;
    }
    Ok(end)
}

/// How far an object is read to decide whether it describes a cookie, in bytes.
const MAX_DESCRIPTION: usize = 512;

/// The deepest nesting of brackets there. Without a limit, brackets that only open would each be read that far.
const MAX_DEPTH: u32 = 3;

/// Whether the braces that open before `at` and are closed by `close` contain a `value` and another member of a
/// description, and so are not a map of cookies.
pub(crate) fn is_described(text: &Text, at: usize, close: u8) -> Step<bool> {
    let (mut value, mut other) = (false, false);
    let (mut end, mut depth) = (at, 0u32);
    let mut boundary = true;
    while end - at < MAX_DESCRIPTION && !text.is_past(end) {
        let unit = text.unit(end)?;
        // `[name] => `.
        let name_at = if unit.ch == b'[' { end + unit.len } else { end };
        let len = match depth {
            0 if name_at > end || boundary && is_name(unit.ch) => key_len(text, name_at)?,
            _ => 0,
        };
        if len > 0 {
            let name = &text.window()[name_at..name_at + len];
            value |= is_one_of(name, VALUES);
            other |= is_one_of(name, DESCRIBED);
            if value && other {
                return Ok(true);
            }
            end = past_string(text, name_at + len)?;
            boundary = false;
            continue;
        }
        match unit.ch {
            b'{' | b'[' | b'(' if depth == MAX_DEPTH => break,
            b'{' | b'[' | b'(' => depth += 1,
            ch if depth == 0 && ch == close => break,
            b'}' | b']' | b')' if depth == 0 && name_at == end => break,
            b'}' | b']' | b')' => depth -= 1,
            _ => {}
        }
        boundary = !is_name(unit.ch);
        end += unit.len;
    }
    Ok(false)
}

/// Skips the closer of a name that ends at `at`, its separator, and the string after that, if there is one.
fn past_string(text: &Text, at: usize) -> Step<usize> {
    let closer = text.unit(at)?;
    let mut end = match closer.quote() {
        Some(_) => text.past_quote(at)?,
        None => at + if closer.ch == b']' { closer.len } else { 0 },
    };
    end = text.skip_blanks(end, 0)?;
    while matches!(text.unit(end)?.ch, b':' | b'=' | b'>') {
        end += text.unit(end)?.len;
    }
    end = text.skip_blanks(end, 0)?;
    let opener = text.unit(end)?;
    let Some(quote) = opener.quote() else { return Ok(end) };
    let start = text.past_quote(end)?;
    end = start;
    while end - start < MAX_DESCRIPTION {
        let unit = text.unit(end)?;
        if unit.is_newline() && unit.enc == Enc::Raw {
            break;
        }
        if quote.closed_by(unit).is_some() {
            return text.past_quote(end);
        }
        end += unit.len;
    }
    Ok(end)
}

/// Whether the braces that open before `at` begin with a `value`.
pub(super) fn opens_value(text: &Text, at: usize) -> Step<bool> {
    let name = first_name(text, text.skip_blanks(at, 0)?)?;
    Ok(is_one_of(name, VALUES))
}

/// The name at `at`, behind the quote, bracket or colon that opens it, if a separator follows it.
fn first_name<'a>(text: &Text<'a>, at: usize) -> Step<&'a [u8]> {
    let unit = text.unit(at)?;
    let name = match unit.ch {
        _ if unit.quote().is_some() => text.past_quote(at)?,
        b'[' | b'@' | b':' => at + unit.len,
        _ => at,
    };
    let len = key_len(text, name)?;
    Ok(&text.window()[name..name + len])
}

/// The length of the name at `at`, if a separator follows it, possibly after a quote; otherwise 0. A string may follow a
/// keyword of Clojure.
fn key_len(text: &Text, at: usize) -> Step<usize> {
    let end = bare_end(text, at)?;
    let unit = text.unit(end)?;
    let closed = match unit.quote() {
        Some(_) => text.past_quote(end)?,
        None => end + if unit.ch == b']' { unit.len } else { 0 },
    };
    let next = text.skip_blanks(closed, 0)?;
    let separated = match text.unit(next)?.ch {
        b':' | b'=' => true,
        b'"' => next > end && text.before(at, 1) == b':',
        _ => false,
    };
    Ok(if separated { end - at } else { 0 })
}

/// Whether the description of a cookie starts at `at`: `name=`, `"name": `, `[name] => `, `Value = `.
pub(crate) fn describes(text: &Text, at: usize) -> Step<bool> {
    let name = first_name(text, at)?;
    // The first cookie may be called `name`. Then a semicolon ends its value.
    Ok(is_one_of(name, &[b"name", b"cookiename", b"version", b"value"])
        && is_described(text, at, 0)?)
}

/// Whether a semicolon is in the string at `at`: it has several pairs, because no cookie's value contains one.
pub(super) fn has_semicolon(text: &Text, at: usize, frame: &Frame) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_DESCRIPTION {
        let unit = text.unit(end)?;
        if unit.ch == b';' {
            return Ok(true);
        }
        if unit.is_newline() || frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some()) {
            break;
        }
        end += unit.len;
    }
    Ok(false)
}
