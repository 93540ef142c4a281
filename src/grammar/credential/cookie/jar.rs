//! What opens a map or a list of cookies, in the notations of languages.

use super::described::{bare_end, describes};
use crate::grammar::container::{Container, Elements};
use crate::grammar::key::{Separator, Target, newline, open};
use crate::grammar::text::lex::{Step, Text, hex, is_blank, is_name};
use crate::grammar::value::extent::is_pair;
use crate::grammar::value::frame::Frame;

/// A map of cookies that `close` closes. If the key is not `exact`, a word may be something other than a cookie.
pub(crate) fn map(close: u8, exact: bool) -> Container {
    let frame = Frame { close, ..Frame::default() };
    Container::new(Elements::Entries { closing: false, exact }, frame)
}

/// One or more objects that describe cookies, which `close` closes.
pub(crate) fn objects(close: u8) -> Container {
    let frame = Frame { close, ..Frame::default() };
    Container::new(Elements::Objects { closing: false, column: 0 }, frame)
}

/// An object that describes a cookie, with one field per line after a list mark in this `column`. No bracket closes it.
pub(crate) fn lines(column: usize) -> Container {
    Container::new(Elements::Objects { closing: false, column }, Frame::default())
}

/// What Node prints before a map without a prototype, as returned by cookie parsers.
const NO_PROTOTYPE: &[u8] = b"[object: null prototype] ";

/// Whether a map or list of cookies opens at `at`: `{`, `[{`, `ImmutableMultiDict([(`.
pub(crate) fn jar(text: &Text, at: usize, exact: bool) -> Step<Option<(usize, Container)>> {
    let mut start = at;
    // Node's `[Object: null prototype] {`, Elixir's `%{`, Erlang's `#{`.
    if text.has_word(at, NO_PROTOTYPE)? {
        start += NO_PROTOTYPE.len();
    } else if matches!(text.at(at)?, b'%' | b'#') && text.at(at + 1)? == b'{' {
        start += 1;
    }
    // Ruby's `#<Mechanize::Cookie:0x000055d0 name=sid, value=T>`.
    if text.has_word(at, b"0x")?
        && let Some(start) = past_address(text, at + 2)?
    {
        return Ok(describes(text, start)?.then_some((start, objects(b'>'))));
    }
    let at = start;
    while start - at < 32 && (text.at(start)?.is_ascii_alphanumeric() || text.at(start)? == b'_') {
        start += 1;
    }
    if start > at {
        match text.at(start)? {
            b'(' => start += 1,
            b'[' if text.has_word(at, b"map[")? => return go_map(text, start + 1, exact),
            _ => return Ok(None),
        }
        // Scala's `Map(sid -> T)`, R's `list(sid = "T")`.
        let first = match newline(text, start)? {
            Some(line) => text.skip_blanks(line, 0)?,
            None => start,
        };
        if is_argument(text, first)? && !describes(text, first)? {
            return Ok(Some((first, map(b')', exact))));
        }
    }
    match text.at(start)? {
        b'{' => Ok(Some((start + 1, map(b'}', exact)))),
        b'[' => {
            let mut inner = start + 1;
            while inner - start < 256 {
                let unit = text.unit(inner)?;
                if !(is_blank(unit.ch) || unit.is_newline()) {
                    break;
                }
                if inner >= text.window().len() {
                    return Ok(None);
                }
                inner += unit.len;
            }
            if matches!(text.at(inner)?, b'%' | b'#') && text.at(inner + 1)? == b'{' {
                inner += 1;
            }
            match text.at(inner)? {
                b'(' | b'[' => Ok(Some((inner, map(b']', exact)))),
                b'{' => Ok(Some((inner, objects(b']')))),
                // Swift's `["sid": "T"]`, PHP's `['sid' => 'T']`, Groovy's `[sid:T]`.
                _ if is_entry(text, inner)? || is_bare_entry(text, inner)? => {
                    Ok(Some((inner, map(b']', exact))))
                }
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

/// The map whose brackets Go opens before `at`: `map[sid:T]`, `map[string]string{"sid":"T"}`.
fn go_map(text: &Text, at: usize, exact: bool) -> Step<Option<(usize, Container)>> {
    const TYPES: [&[u8]; 5] =
        [b"string{", b"[]string{", b"interface {}{", b"interface{}{", b"any{"];
    if !text.has_word(at, b"string]")? {
        return Ok(Some((at, map(b']', exact))));
    }
    let elements = at + b"string]".len();
    for name in TYPES {
        if text.has_word(elements, name)? {
            return Ok(Some((elements + name.len(), map(b'}', exact))));
        }
    }
    Ok(None)
}

/// Whether an argument that is an entry of a map is at `at`: `sid -> T`, `"sid" => "T"`, `sid = "T"`.
fn is_argument(text: &Text, at: usize) -> Step<bool> {
    if is_entry(text, at)? {
        return Ok(true);
    }
    let unit = text.unit(at)?;
    let quote = if unit.quote().is_some() { unit.len } else { 0 };
    let name = at + quote;
    let end = bare_end(text, name)?;
    let separator = text.skip_blanks(end + quote, 0)?;
    // PHP's `array(0 => 'a')` is a list.
    let number = text.at(name)?.is_ascii_digit();
    if end == name || number || quote > 0 && text.unit(end)?.quote() != unit.quote() {
        return Ok(false);
    }
    Ok(match (text.at(separator)?, text.at(separator + 1)?) {
        (b'-' | b'=', b'>') => true,
        (b'=', _) => text.unit(text.skip_blanks(separator + 1, 0)?)?.quote().is_some(),
        _ => false,
    })
}

/// Whether an unquoted name and a colon are at `at`: `sid:T`, `sid: "T"`.
fn is_bare_entry(text: &Text, at: usize) -> Step<bool> {
    let end = bare_end(text, at)?;
    if end == at || text.at(at)?.is_ascii_digit() || text.at(end)? != b':' {
        return Ok(false);
    }
    let value = text.skip_blanks(end + 1, 0)?;
    Ok(text.unit(value)?.quote().is_some() || value == end + 1 && is_name(text.at(value)?))
}

/// What the value of an entry at `at` opens with: a map may have the brackets of a list.
pub(super) fn open_entry(text: &Text, at: usize) -> Step<Option<Target>> {
    Ok(match open(text, at, Separator::Spaced, 0)? {
        Some(Target::List { at, close: b']', .. }) if is_entry(text, text.skip_blanks(at, 0)?)? => {
            Some(Target::Map { at, close: b']' })
        }
        target => target,
    })
}

/// Whether a name in quotes is at `at`, with a colon or an arrow after it.
fn is_entry(text: &Text, at: usize) -> Step<bool> {
    let opener = text.unit(at)?;
    let Some(quote) = opener.quote() else { return Ok(false) };
    let name = text.past_quote(at)?;
    let end = bare_end(text, name)?;
    if end == name || quote.closed_by(text.unit(end)?) != Some(0) {
        return Ok(false);
    }
    let separator = text.skip_blanks(text.past_quote(end)?, 0)?;
    Ok(match text.unit(separator)?.ch {
        b':' => true,
        b'=' => text.unit(separator + 1)?.ch == b'>',
        _ => false,
    })
}

/// Past the digits of an object's address at `at` and the space after them.
fn past_address(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    while end - at < 16 && hex(text.at(end)?).is_some() {
        end += 1;
    }
    Ok((end > at && text.at(end)? == b' ').then_some(end + 1))
}

/// Whether the first string in the braces that open before `at` is a pair, which cannot be the name of a cookie.
pub(crate) fn is_list(text: &Text, at: usize) -> Step<bool> {
    let mut start = text.skip_blanks(at, 0)?;
    if let Some(line) = newline(text, start)? {
        start = text.skip_blanks(line, 0)?;
    }
    let unit = text.unit(start)?;
    Ok(unit.quote().is_some() && is_pair(text, start + unit.len, false, 0)?)
}
