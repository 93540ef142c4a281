//! Lists of cookie-pairs: `Cookie: a=T; b=T`, `Set-Cookie: a=T; Path=/`.

use super::attribute::{is_attribute, is_flag};
use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::fold::below;
use crate::grammar::ids::COOKIE;
use crate::grammar::key::{continuation, is_attribute_name, line_below, past_fold};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text, is_name};
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::lookahead::past_scheme;

/// The longest cookie-name. Browsers limit name and value together to 4096 bytes.
pub(super) const MAX_NAME: usize = 256;

/// The longest cookie-name with spaces in it, in running text, in bytes.
const MAX_WORDS: usize = 32;

/// The most bytes between two pairs.
const MAX_GAP: usize = 128;

/// What was found in place of a cookie-name.
pub(super) enum Name {
    /// A name from `at` to `end`, then `=`; the value is at `value`.
    Pair { at: usize, end: usize, value: usize },
    /// Something without `=`, up to a semicolon or the end of the list.
    Flag,
    /// Not a name.
    Other,
}

/// Characters that a cookie-name may contain in addition to those of a token of RFC 9110.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Odd {
    /// Nothing.
    No,
    /// Brackets, or an empty name, where the key leaves no doubt.
    Brackets,
    /// Spaces too, after a semicolon, in a list that ends with its line or quote.
    Blanks,
    /// The same in running text, in a name of up to [`MAX_WORDS`] bytes.
    Words,
}

#[inline(always)]
pub(super) fn name(text: &Text, at: usize, frame: &Frame, odd: Odd) -> Step<Name> {
    let rest = text.window().get(at..).unwrap_or_default();
    let near = &rest[..rest.len().min(MAX_NAME)];
    let len = near.iter().position(|byte| !is_name(*byte)).unwrap_or(0);
    // An unescaped equals sign ends the name in every frame.
    if len > 0 && rest[len] == b'=' {
        let end = at + len;
        return Ok(Name::Pair { at, end, value: end + 1 });
    }
    any_name(text, at, frame, odd)
}

/// The bytes that do not end a cookie-name, and that are neither escaped nor stand for others.
static ORDINARY: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let ch = byte as u8;
        table[byte] = ch.is_ascii_alphanumeric()
            || matches!(
                ch,
                b'_' | b'-' | b'.' | b':' | b'/' | b'|' | b'~' | b'!' | b'@' | b'$' | b'*'
            );
        byte += 1;
    }
    table
};

#[inline(never)]
fn any_name(text: &Text, at: usize, frame: &Frame, odd: Odd) -> Step<Name> {
    let mut end = at;
    let mut strange = false;
    while end - at < MAX_NAME {
        let rest = text.window().get(end..).unwrap_or_default();
        let room = rest.len().min(MAX_NAME - (end - at));
        end += rest[..room].iter().position(|byte| !ORDINARY[usize::from(*byte)]).unwrap_or(room);
        if end - at == MAX_NAME {
            break;
        }
        let unit = text.unit(end)?;
        let flag = if end > at { Name::Flag } else { Name::Other };
        if unit.is_newline()
            || frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some())
            || frame.excludes(unit)
        {
            return Ok(flag);
        }
        if unit.level() > frame.level {
            end += unit.len;
            continue;
        }
        match unit.ch {
            b'=' if end == at && odd == Odd::No => return Ok(Name::Other),
            // `=>` and `==` are source code.
            b'=' if strange || end == at => {
                let code = matches!(text.unit(end + unit.len)?.ch, b'>' | b'=');
                return Ok(if code {
                    Name::Other
                } else {
                    Name::Pair { at, end, value: end + unit.len }
                });
            }
            b'=' => return Ok(Name::Pair { at, end, value: end + unit.len }),
            b';' | b',' if end > at => return Ok(Name::Flag),
            b']' | b'}' | b')' if unit.ch == frame.close => return Ok(Name::Flag),
            b' ' if is_last_flag(text, at, end, frame)? => return Ok(Name::Flag),
            b' ' | b'\t'
                if end > at
                    && (odd == Odd::Blanks || odd == Odd::Words && end - at < MAX_WORDS) =>
            {
                strange = true;
                end += unit.len;
            }
            b' ' | b'\t' if end > at => {
                let next = text.unit(text.skip_blanks(end, 0)?)?;
                let last = next.is_newline() || next.ch == b';';
                return Ok(if last { Name::Flag } else { Name::Other });
            }
            b'(' | b')' | b'{' | b'}' if odd != Odd::No => {
                strange = true;
                end += unit.len;
            }
            0..=b' '
            | b'"'
            | b'\''
            | b'`'
            | b','
            | b';'
            | b'<'
            | b'>'
            | b'('
            | b')'
            | b'{'
            | b'}'
            | b'\\'
            | 0x7f => {
                return Ok(Name::Other);
            }
            _ if unit.enc == Enc::Ansi => return Ok(Name::Other),
            _ => end += unit.len,
        }
    }
    // Longer than any name: most likely a token that was cut off.
    Ok(Name::Flag)
}

/// Whether the text from `at` to the space at `end` is an attribute in Go's list of values, which has spaces between
/// them: `HttpOnly theme=T`.
fn is_last_flag(text: &Text, at: usize, end: usize, frame: &Frame) -> Step<bool> {
    Ok(frame.close == b']' && is_flag(text, at)? && is_pair(text, end, true, frame.level)?)
}

/// The text between two pairs.
enum Gap {
    /// No pair follows. The list ends at the offset.
    End(usize),
    /// The next pair may be at `at`.
    Next { at: usize, semicolon: bool, comma: bool },
}

/// Whether the second of two quotes is at `at` that close a value in a CSV field, `sid=""T"";`.
#[inline(always)]
fn is_doubled_end(text: &Text, at: usize) -> Step<bool> {
    match text.window().get(at) {
        Some(b'"') => text.is_second_quote(at),
        _ => Ok(false),
    }
}

/// Skips the separator of the pairs of `list` at `at`.
#[inline(always)]
fn separate(text: &Text, at: usize, list: &Container) -> Step<Gap> {
    let frame = &list.frame;
    let mut start = at + usize::from(is_doubled_end(text, at)?);
    let (mut semicolon, mut comma) = (false, false);
    while start - at < MAX_GAP {
        // Most of the text is plain: it does not end the list and is not escaped.
        match text.window().get(start) {
            Some(b' ') if frame.level == 0 => {
                start += 1;
                continue;
            }
            Some(b';') if frame.level == 0 => {
                semicolon = true;
                start += 1;
                continue;
            }
            Some(byte) if is_name(*byte) => break,
            _ => {}
        }
        let unit = text.unit(start)?;
        // In a double-quoted YAML scalar, a folded line ends with a backslash.
        if unit.is_newline()
            || semicolon && unit.ch == b'\\' && frame.own_quote && text.at(start + 1)? == b'\n'
        {
            // Rack joins the cookies of a response with line feeds.
            if unit.len > 1
                && frame.own_quote
                && is_pair(text, start + unit.len, false, frame.level)?
            {
                comma = true;
                start += unit.len;
                continue;
            }
            if let Some(next) = folded(text, start, list, semicolon)? {
                semicolon = true;
                start = next;
                break;
            }
        }
        if semicolon
            && frame.own_quote
            && let Some(next) = continuation(text, start, frame.quote)?
        {
            start = next;
            continue;
        }
        if unit.is_newline() && unit.level() <= frame.level && !frame.has_as_content(unit)
            || unit.enc == Enc::Ansi
            || frame.excludes(unit)
            || frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some())
        {
            return Ok(Gap::End(start));
        }
        if unit.level() > frame.level {
            break;
        }
        match unit.ch {
            b' ' | b'\t' => {}
            b';' => semicolon = true,
            b',' if !semicolon
                && !frame.map
                && is_pair(
                    text,
                    start + unit.len,
                    !matches!(list.elements, Elements::SetCookie),
                    frame.level,
                )? =>
            {
                comma = true
            }
            b'|' if frame.bars && is_pair(text, start + unit.len, false, frame.level)? => {
                comma = true
            }
            // IIS writes spaces as `+`.
            b'+' if unit.enc == Enc::Raw && (semicolon || frame.level > 0) => {}
            _ => break,
        }
        start += unit.len;
    }
    Ok(Gap::Next { at: start, semicolon, comma })
}

/// The position after the newline at `at` and the indentation below it, if the list continues there: a semicolon ended
/// the line, or a date was folded at one of its spaces.
fn folded(text: &Text, at: usize, list: &Container, semicolon: bool) -> Step<Option<usize>> {
    // The next record of Docker's log is not a part of the header, so this one does not wait for it.
    if ends_record(text, at)? {
        return Ok(None);
    }
    let date = matches!(list.elements, Elements::SetCookie) && !list.first;
    // REST Assured's `Cookies:`, two tabs and a pair on each line.
    let tabs = list.frame.line && past_tabs(text, at)?;
    if !(semicolon || date || tabs) {
        return Ok(None);
    }
    let Some(start) = below(text, at, list.frame.own_quote)? else { return Ok(None) };
    let goes_on = if semicolon || tabs {
        is_pair(text, start, false, 0)? || is_flag(text, start)?
    } else {
        is_date_part(text, start)?
    };
    Ok(goes_on.then_some(start))
}

/// Whether the escaped newline at `at` is the last character of a string.
fn ends_record(text: &Text, at: usize) -> Step<bool> {
    let unit = text.unit(at)?;
    let mut end = at + unit.len;
    if unit.enc != Enc::Raw && unit.ch == b'\r' {
        end += text.unit(end)?.len;
    }
    Ok(unit.enc != Enc::Raw && text.at(end)? == b'"')
}

/// Whether two tabs follow the newline at `at`.
fn past_tabs(text: &Text, at: usize) -> Step<bool> {
    let Some(line) = line_below(text, at)? else { return Ok(false) };
    let tab = text.unit(line)?;
    Ok(tab.ch == b'\t' && text.unit(line + tab.len)?.ch == b'\t')
}

/// Whether there is a part of a cookie's date at `at`: `02 Apr 2030`, `Apr 2030`, `2030 10:00`, `10:00:00 GMT`, `GMT;`.
fn is_date_part(text: &Text, at: usize) -> Step<bool> {
    const NAMES: [&[u8]; 14] = [
        b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
        b"dec", b"gmt", b"utc",
    ];
    let mut end = at;
    while end - at < 4 && text.at(end)?.is_ascii_digit() {
        end += 1;
    }
    if end == at {
        for name in NAMES {
            if text.has_word(at, name)? {
                end = at + name.len();
                break;
            }
        }
    }
    Ok(end > at
        && matches!(text.unit(end)?.ch, b' ' | b'-' | b':' | b';' | b'\n' | b'\r' | b'"' | b'\''))
}

/// Reads the next cookie-pair or attribute of a list, at `at`.
#[inline(never)]
pub(crate) fn next_pair(text: &Text, at: usize, list: &Container) -> Step<Start> {
    let frame = &list.frame;
    let set_cookie = matches!(list.elements, Elements::SetCookie);
    // 1. The separator of pairs.
    let (start, semicolon, comma) = match separate(text, at, list)? {
        Gap::End(end) => return Ok(Start::Done(end)),
        Gap::Next { at, semicolon, comma } => (at, semicolon, comma),
    };
    // Go prints a list of cookies with spaces between them: `[sid=T; HttpOnly theme=T]`.
    let (start, semicolon) = match past_last_flag(text, start, list)? {
        Some(next) if semicolon => (next, false),
        _ => (start, semicolon),
    };
    if !(list.first || semicolon || comma)
        && !((set_cookie || frame.close == b'>' || frame.close == b']' && !frame.line)
            // After the argument of an option comes the next option.
            && text.at(start)? != b'-'
            && is_pair(text, start, false, frame.level)?)
    {
        return Ok(Start::Done(at));
    }
    // 2. Its name.
    let first = list.first || !semicolon;
    let flavour = if set_cookie { Flavour::SetCookie } else { Flavour::Cookie };
    let odd = match (frame.line || frame.own_quote, first) {
        (true, false) => Odd::Blanks,
        // The list was entered because of its first name.
        (_, true) if list.first => Odd::Brackets,
        (true, true) => Odd::Brackets,
        (false, false) if semicolon => Odd::Words,
        _ => Odd::No,
    };
    let (name_at, name_end, value_at) = match name(text, start, frame, odd)? {
        Name::Pair { at, end, value } => (at, end, value),
        Name::Flag => {
            let value = Value::new(Frame { own_quote: false, ..*frame }, flavour, COOKIE);
            let head = value.head(text, start)?;
            let kept = set_cookie || !head.is_token_like();
            return Ok(Start::Value(start, value.keep(kept), None));
        }
        Name::Other => return Ok(Start::Done(start)),
    };
    // 3. Its value.
    let name = &text.window()[name_at..name_end];
    // A name with spaces is text between attributes: a folded date, or what follows the last attribute, `HttpOnly token=T`.
    // Other rules search all of it.
    let text_between = set_cookie && !first && name.contains(&b' ');
    let (value_at, inner) = if text_between {
        (name_at, Frame { own_quote: false, ..*frame })
    } else {
        open_value(text, value_at, frame)?
    };
    let attribute = if set_cookie {
        text_between || !first && is_attribute_name(name)
    } else {
        // RFC 2109 has $Path and $Version. Clients' cookie jars and scripts write attributes into it, too.
        name.first() == Some(&b'$') || !list.first && is_attribute(text, name, value_at, &inner)?
    };
    // `cookie=sid=T, authorization=Bearer T`: a space would end the value after its scheme.
    let open = inner.quote.is_none() && !inner.line;
    let scheme = if open { past_scheme(text, value_at)? } else { None };
    let value_at = scheme.unwrap_or(value_at);
    let value = Value::new(inner, if inner.own_quote { Flavour::Opaque } else { flavour }, COOKIE);
    if attribute {
        // The value of Expires contains spaces. In brackets, a comma may precede the next cookie.
        let value = if frame.close == b']' { value } else { value.on_line() };
        return Ok(Start::Value(value_at, value.keep(true), None));
    }
    let head = value.head(text, value_at)?;
    let kept = head.is_empty() || head.is_mark();
    Ok(Start::Value(value_at, value.started(text, value_at, &head).keep(kept), None))
}

/// The position of the pair after the flag at `at`, if that is the last attribute of a cookie in a list.
fn past_last_flag(text: &Text, at: usize, list: &Container) -> Step<Option<usize>> {
    let listed = matches!(list.elements, Elements::SetCookie) && list.frame.close == b']';
    if !listed || !is_flag(text, at)? {
        return Ok(None);
    }
    let mut end = at;
    while is_name(text.at(end)?) {
        end += 1;
    }
    let next = text.skip_blanks(end, list.frame.level)?;
    Ok((next > end && is_pair(text, next, false, list.frame.level)?).then_some(next))
}

/// What encloses the value of a pair at `at`: its own quotes, or those of the list.
fn open_value(text: &Text, at: usize, frame: &Frame) -> Step<(usize, Frame)> {
    let unit = text.unit(at)?;
    let closes = frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some());
    // A CSV field doubles the quotes in it.
    if unit.ch == b'"' && text.past_quote(at)? == at + unit.len + 1 {
        let quote = unit.quote();
        let inner = Frame { quote, own_quote: true, nested: true, ..Frame::default() };
        return Ok((at + 2, inner));
    }
    Ok(match unit.quote() {
        Some(quote) if !closes && unit.level() <= frame.level && !is_lone(text, at + unit.len)? => {
            let inner = Frame {
                quote: Some(quote),
                own_quote: true,
                nested: true,
                level: frame.level,
                ..Frame::default()
            };
            let folded = frame.own_quote && unit.enc != Enc::Raw;
            let at = at + unit.len;
            (if folded { past_fold(text, at)? } else { at }, inner)
        }
        _ => (at, Frame { own_quote: false, ..*frame }),
    })
}

/// Whether a quote before `i` closes something instead of opening a value: no character of a value follows.
fn is_lone(text: &Text, i: usize) -> Step<bool> {
    let unit = text.unit(i)?;
    Ok(unit.is_newline() || matches!(unit.ch, b',' | b'}' | b')' | b']' | b' '))
}
