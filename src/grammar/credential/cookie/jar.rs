//! What opens a map or a list of cookies, in the notations of languages.

use super::described::starts_description;
use crate::grammar::container::{Container, Elements};
use crate::grammar::key::{Separator, Target, bare_end, first_in_brackets, line_in_brackets, open};
use crate::grammar::text::lex::{Step, Text, hex, is_blank, is_name};
use crate::grammar::value::extent::is_pair;
use crate::grammar::value::frame::Frame;

/// A map of cookies that `close` closes. If the key is not `exact`, a word may be something other than a cookie.
pub(crate) fn map(close: u8, exact: bool) -> Container {
    let frame = Frame { close, ..Frame::default() };
    Container::new(Elements::Entries { closing: false, exact, bare: false }, frame)
}

/// One or more objects that describe cookies, which `close` closes.
pub(crate) fn objects(close: u8) -> Container {
    let frame = Frame { close, ..Frame::default() };
    Container::new(Elements::Objects { closing: false, column: 0 }, frame)
}

/// An object that describes a cookie, with one field per line, indented by at least `column` bytes. No bracket closes it.
pub(crate) fn lines(column: usize) -> Container {
    Container::new(Elements::Objects { closing: false, column }, Frame::default())
}

/// The longest parameters of a type, in bytes.
const MAX_PARAMETERS: usize = 48;

/// What Node prints before a map without a prototype, as returned by cookie parsers.
const NO_PROTOTYPE: &[u8] = b"[object: null prototype] ";

/// The map or list of cookies that is the value at `at`, which `frame` encloses. In a string it is one of the field's own
/// name, if that is `exact`.
pub(crate) fn jar_in_value(
    text: &Text,
    at: usize,
    frame: &Frame,
    exact: bool,
) -> Step<Option<(usize, Container)>> {
    if !frame.own_quote {
        return jar(text, at, exact);
    }
    let found = exact && is_map_in_string(text, at, frame)?;
    Ok(found.then(|| (at + 1, map(b'}', exact))))
}

/// Whether a map or list of cookies opens at `at`: `{`, `[{`, `ImmutableMultiDict([(`.
pub(crate) fn jar(text: &Text, at: usize, exact: bool) -> Step<Option<(usize, Container)>> {
    let mut start = at;
    // Node's `[Object: null prototype] {`, Elixir's `%{`, Erlang's `#{`.
    if text.has_word(at, NO_PROTOTYPE)? {
        start += NO_PROTOTYPE.len();
    } else if text.has_word(at, b"object {")? {
        start += 7;
    } else if matches!(text.at(at)?, b'%' | b'#') && text.at(at + 1)? == b'{' {
        start += 1;
    }
    // Ruby's `#<Mechanize::Cookie:0x000055d0 name=sid, value=T>`.
    if text.has_word(at, b"0x")?
        && let Some(start) = past_address(text, at + 2)?
    {
        return Ok(starts_description(text, start)?.then_some((start, objects(b'>'))));
    }
    let at = start;
    while start - at < 32 && (text.at(start)?.is_ascii_alphanumeric() || text.at(start)? == b'_') {
        start += 1;
    }
    if start > at {
        if let Some(brace) = past_map_type(text, at, start)? {
            return Ok(Some((brace, map(b'}', exact))));
        }
        start = past_parameters(text, start)?;
        match text.at(start)? {
            b'(' => start += 1,
            b'[' if text.has_word(at, b"map[")? => return go_map(text, start + 1, exact),
            _ => return Ok(None),
        }
        // Scala's `Map(sid -> T)`, R's `list(sid = "T")`.
        let first = first_in_brackets(text, start, 0)?;
        let argument = matches!(entry(text, first)?, Some(Entry::Quoted | Entry::Argument));
        if argument && !starts_description(text, first)? {
            return Ok(Some((first, map(b')', exact))));
        }
    }
    match text.at(start)? {
        b'{' => Ok(Some((start + 1, map(b'}', exact)))),
        // Bash's `cookies=([sid]="T" [theme]="dark" )`.
        b'(' if start == at && text.at(start + 1)? == b'[' && opens_array(text, start + 2)? => {
            Ok(Some((start + 1, map(b')', exact))))
        }
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
                inner = line_in_brackets(text, inner)?.unwrap_or(inner + unit.len);
            }
            if matches!(text.at(inner)?, b'%' | b'#') && text.at(inner + 1)? == b'{' {
                inner += 1;
            }
            match text.at(inner)? {
                b'(' | b'[' => Ok(Some((inner, map(b']', exact)))),
                b'{' => Ok(Some((inner, objects(b']')))),
                // Swift's `["sid": "T"]`, PHP's `['sid' => 'T']`, Groovy's `[sid:T]`.
                _ if matches!(entry(text, inner)?, Some(Entry::Quoted | Entry::Bare)) => {
                    Ok(Some((inner, map(b']', exact))))
                }
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

/// Whether the string at `at`, which `frame` encloses, is a map of cookies in the notation of JSON or Python:
/// `"{\"sid\":\"T\"}"`.
fn is_map_in_string(text: &Text, at: usize, frame: &Frame) -> Step<bool> {
    if text.at(at)? != b'{' {
        return Ok(false);
    }
    let opener = text.unit(at + 1)?;
    let Some(quote) = opener.quote() else { return Ok(false) };
    let is_inner = frame.quote.is_some_and(|outer| outer.closed_by(opener).is_none());
    let name = at + 1 + opener.len;
    let end = bare_end(text, name)?;
    let closer = text.unit(end)?;
    let closed = end > name && quote.closed_by(closer) == Some(0);
    Ok(is_inner && closed && text.unit(text.skip_blanks(end + closer.len, 0)?)?.ch == b':')
}

/// Types of maps after which the entries are in braces.
const MAPS: [&[u8]; 4] = [b"map", b"orderedmap", b"document", b"hashmap"];

/// The position after the brace of the map whose type is from `at` to `end`: Node's `Map(3) {`, Jest's `Map {`, MongoDB's
/// `Document{{`.
fn past_map_type(text: &Text, at: usize, end: usize) -> Step<Option<usize>> {
    if !MAPS.iter().any(|name| text.window()[at..end].eq_ignore_ascii_case(name)) {
        return Ok(None);
    }
    let mut brace = end;
    if text.at(brace)? == b'(' {
        brace += 1;
        while brace - end < 8 && text.at(brace)?.is_ascii_digit() {
            brace += 1;
        }
        if text.at(brace)? != b')' {
            return Ok(None);
        }
        brace += 1;
    }
    brace = text.skip_blanks(brace, 0)?;
    if text.at(brace)? != b'{' {
        return Ok(None);
    }
    Ok(Some(brace + 1 + usize::from(text.at(brace + 1)? == b'{')))
}

/// Whether an element of an array of Bash is at `at`, after its bracket: `sid]="T"`.
fn opens_array(text: &Text, at: usize) -> Step<bool> {
    let name = if text.unit(at)?.quote().is_some() { text.past_quote(at)? } else { at };
    let end = bare_end(text, name)?;
    let closed = if name > at { text.past_quote(end)? } else { end };
    let numbered = text.at(name)?.is_ascii_digit();
    Ok(end > name && !numbered && text.at(closed)? == b']' && text.at(closed + 1)? == b'=')
}

/// The position after the parameters of a type at `at`, if a bracket follows: Julia's `Dict{String, String}(`.
fn past_parameters(text: &Text, at: usize) -> Step<usize> {
    if text.at(at)? != b'{' {
        return Ok(at);
    }
    let mut end = at + 1;
    while end - at < MAX_PARAMETERS
        && (text.at(end)?.is_ascii_alphanumeric() || matches!(text.at(end)?, b' ' | b',' | b'.'))
    {
        end += 1;
    }
    let closes = text.at(end)? == b'}' && text.at(end + 1)? == b'(';
    Ok(if closes { end + 1 } else { at })
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

/// How the first entry of a map is written.
enum Entry {
    /// `"sid": T`, `"sid" => T`
    Quoted,
    /// `sid -> T`, `sid => T`, `sid = "T"`, also with the name in quotes
    Argument,
    /// `sid:T`, `sid: "T"`
    Bare,
}

/// The entry at `at`, if it is one of a map.
fn entry(text: &Text, at: usize) -> Step<Option<Entry>> {
    let quote = text.unit(at)?.quote();
    let name = if quote.is_some() { text.past_quote(at)? } else { at };
    let end = bare_end(text, name)?;
    if end == name {
        return Ok(None);
    }
    let closed = match quote {
        Some(quote) if quote.closed_by(text.unit(end)?) == Some(0) => text.past_quote(end)?,
        Some(_) => return Ok(None),
        None => end,
    };
    let separator = text.skip_blanks(closed, 0)?;
    let sign = text.unit(separator)?;
    let next = separator + sign.len;
    let arrow = matches!(sign.ch, b'-' | b'=') && text.unit(next)?.ch == b'>';
    // PHP's `array(0 => 'a')` is a list.
    let number = text.at(name)?.is_ascii_digit();
    Ok(match sign.ch {
        b':' if quote.is_some() => Some(Entry::Quoted),
        b'=' if quote.is_some() && arrow => Some(Entry::Quoted),
        _ if number => None,
        b'-' | b'=' if arrow => Some(Entry::Argument),
        b'=' if text.unit(text.skip_blanks(next, 0)?)?.quote().is_some() => Some(Entry::Argument),
        b':' if separator == end => {
            let value = text.skip_blanks(next, 0)?;
            let opens =
                text.unit(value)?.quote().is_some() || value == next && is_name(text.at(value)?);
            opens.then_some(Entry::Bare)
        }
        _ => None,
    })
}

/// What the value of an entry at `at` opens with: a map may have the brackets of a list.
pub(super) fn open_entry(text: &Text, at: usize) -> Step<Option<Target>> {
    Ok(match open(text, at, Separator::Spaced, 0)? {
        Some(Target::List { at, close: b']', .. })
            if matches!(entry(text, text.skip_blanks(at, 0)?)?, Some(Entry::Quoted)) =>
        {
            Some(Target::Map { at, close: b']' })
        }
        target => target,
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
    let start = first_in_brackets(text, at, 0)?;
    let unit = text.unit(start)?;
    Ok(unit.quote().is_some() && is_pair(text, start + unit.len, false, 0)?)
}
