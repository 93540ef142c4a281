//! From a key to its value: separators are passed, and what opens the value is read.

use super::value_first::MAX_REVERSED;
use crate::grammar::text::lex::{Enc, Quote, Step, Text, Unit, is_blank, is_name};
use crate::grammar::value::frame::Frame;

/// The separator between a key and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    /// `=` with nothing around it, as in a query.
    Compact,
    /// `:`, `=>`, ` = ` and their like.
    Spaced,
    /// A comma between two strings: a tuple, or a flat list of names and values. The
    /// value has to look like one.
    Comma,
}

/// The way from a key to its value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// No value belongs to the key.
    None,
    /// The value is at `at`.
    Value { at: usize, frame: Frame, separator: Separator },
    /// A list of values opens before `at`; `close` closes it.
    List { at: usize, close: u8, quoted: bool, level: u8 },
    /// A map of names and values opens before `at`.
    Map { at: usize, close: u8 },
    /// An object that describes a cookie opens before `at`.
    Objects { at: usize, close: u8 },
    /// The line ended at `at` and the value is on the next.
    NextLine { at: usize, separator: Separator, named: bool, level: u8 },
}

/// A plain double quote.
pub(super) const DOUBLE: Quote = Quote { ch: b'"', enc: Enc::Raw };

/// Furthest that a string is read to see whether it is one, in bytes.
const MAX_BASE64: usize = 128;

/// The bracket that closes `open`.
pub(crate) fn closer(open: u8) -> u8 {
    match open {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        b'<' => b'>',
        _ => 0,
    }
}

/// What a value opens with at `at`: a quote, a list, a map; `None` when it stands bare.
/// The text is percent-encoded to `level`.
#[inline(always)]
pub(crate) fn open(text: &Text, at: usize, separator: Separator, level: u8) -> Step<Option<Way>> {
    match text.window().get(at) {
        Some(byte) if is_name(*byte) && !is_prefix(*byte) => Ok(None),
        _ => opened(text, at, separator, level),
    }
}

/// Whether a string's prefix, a constructor's name or a list's `array` may start with it.
fn is_prefix(byte: u8) -> bool {
    matches!(
        byte,
        b'b' | b'B' | b'u' | b'U' | b'r' | b'R' | b'f' | b'F' | b'S' | b'O' | b'J' | b'a' | b'A'
    )
}

#[inline(never)]
fn opened(text: &Text, at: usize, separator: Separator, level: u8) -> Step<Option<Way>> {
    let unit = text.unit(at)?;
    if unit.level() > level.max(1) {
        return Ok(None);
    }
    if let Some(quote) = unit.quote() {
        let frame = Frame {
            quote: Some(quote),
            own_quote: true,
            ..Frame::within(level.max(quote.level()))
        };
        let mut at = at + unit.len;
        // `""T""`: a CSV field doubles the quotes in it.
        if unit.ch == b'"'
            && matches!(unit.enc, Enc::Raw | Enc::Slash(_))
            && text.at(at)? == b'"'
            && (text.at(at + 1)?.is_ascii_alphanumeric()
                || matches!(text.at(at + 1)?, b'_' | b'/' | b'~'))
        {
            at += 1;
        }
        // `"'T'"`: a string's own notation in a string.
        let unit = text.unit(at)?;
        if let Some(inner) = unit.quote()
            && quote.closed_by(unit).is_none()
            && is_enclosed(text, at + unit.len, inner, quote)?
        {
            let frame = Frame { quote: Some(inner), nested: true, ..frame };
            return Ok(Some(Way::Value { at: at + unit.len, frame, separator }));
        }
        return Ok(Some(Way::Value { at, frame, separator }));
    }
    let quoted = |at| -> Step<bool> { Ok(text.unit(at)?.quote().is_some()) };
    let bracket = unit.enc == Enc::Raw || unit.level() > 0;
    match unit.ch {
        // b'..', u"..", f'..', @"..": a prefix, then the quote.
        b'b' | b'B' | b'u' | b'U' | b'r' | b'R' | b'f' | b'F' | b'@' if unit.enc == Enc::Raw => {
            for skip in 1..=2 {
                if quoted(at + skip)? {
                    return open(text, at + skip, separator, level);
                }
                if !matches!(text.at(at + skip)?, b'r' | b'R' | b'b' | b'B') {
                    break;
                }
            }
            Ok(None)
        }
        // Some("..."), Optional("..."): a constructor around the string.
        b'S' | b'O' | b'J' if unit.enc == Enc::Raw => {
            // The collector of OpenTelemetry's `Str(T)` and `Slice(["T"])`.
            if text.has_word(at, b"str(")? && !quoted(at + 4)? {
                let frame = Frame { close: b')', ..Frame::within(level) };
                return Ok(Some(Way::Value { at: at + 4, frame, separator }));
            }
            if text.has_word(at, b"slice([")? {
                return open(text, at + 6, separator, level);
            }
            for name in WRAPPERS.iter().copied() {
                if text.has_word(at, name)? && quoted(at + name.len())? {
                    return open(text, at + name.len(), separator, level);
                }
            }
            Ok(None)
        }
        b'[' if bracket => {
            let inner = at + unit.len;
            // Go's syntax for a slice of strings.
            let unit = text.unit(inner)?;
            if unit.ch == b']' && text.has_word(inner + unit.len, b"string")? {
                let brace = inner + unit.len + 6;
                let unit = text.unit(brace)?;
                if unit.ch == b'{' {
                    let at = brace + unit.len;
                    return Ok(Some(Way::List { at, close: b'}', quoted: true, level }));
                }
            }
            let first = past_index(text, text.skip_blanks(inner, level)?)?;
            let unit = text.unit(first)?;
            let prefixed = matches!(unit.ch, b'b' | b'u') && quoted(first + 1)?;
            let quoted = unit.quote().is_some() || unit.is_newline() || prefixed;
            Ok(Some(Way::List { at: inner, close: b']', quoted, level }))
        }
        b'<' if unit.enc == Enc::Raw && text.at(at + 1)? == b'<' && quoted(at + 2)? => {
            open(text, at + 2, separator, level)
        }
        b'{' if bracket => match typed(text, at + unit.len)? {
            Some(inner) => open(text, inner, separator, level),
            None => Ok(Some(Way::Map { at: at + unit.len, close: b'}' })),
        },
        b'a' | b'A' | b'(' if unit.enc == Enc::Raw => indexed(text, at, level),
        _ => Ok(None),
    }
}

/// A list or map at `at` that says what it is, and its elements what they are: PHP's `array ( 0 => 'T', )`, Symfony's
/// `array:1 [ 0 => "T" ]`, Go's `([]string) (len=1 cap=1) { (string) (len=1) "T" }`.
fn indexed(text: &Text, at: usize, level: u8) -> Step<Option<Way>> {
    let mut end = at;
    if text.has_word(at, b"array")? {
        end += 5;
        if text.at(end)? == b':' {
            end = past_digits(text, end + 1)?;
        } else if text.at(end)? == b'(' && text.at(end + 1)?.is_ascii_digit() {
            end = past_digits(text, end + 1)? + 1;
        }
    } else if text.has_word(at, b"([]string)")? {
        end = past_length(text, at + 10)?;
    } else {
        return Ok(None);
    }
    end = text.skip_blanks(end, level)?;
    let close = closer(text.at(end)?);
    if close == 0 {
        return Ok(None);
    }
    let at = end + 1;
    let mut first = text.skip_blanks(at, level)?;
    if let Some(line) = newline(text, first)? {
        first = text.skip_blanks(line, level)?;
    }
    let element = past_index(text, first)?;
    let quoted = text.unit(element)?.quote().is_some();
    Ok(match (element > first, quoted) {
        (true, _) => Some(Way::List { at, close, quoted, level }),
        (false, true) => Some(Way::Map { at, close }),
        (false, false) => None,
    })
}

/// Whether the braces that open before `at` have one string in them: a list, where a printer leaves its type out.
pub(crate) fn is_single(text: &Text, at: usize) -> Step<bool> {
    let at = text.skip_blanks(at, 0)?;
    let unit = text.unit(at)?;
    let Some(quote) = unit.quote() else { return Ok(false) };
    let mut end = at + unit.len;
    while end - at < MAX_REVERSED {
        let unit = text.unit(end)?;
        if unit.is_newline() {
            return Ok(false);
        }
        end += unit.len;
        if quote.closed_by(unit).is_some() {
            return Ok(text.unit(text.skip_blanks(end, 0)?)?.ch == b'}');
        }
    }
    Ok(false)
}

/// Past the names of types behind the brace before `at` in OpenTelemetry's JSON: `{"stringValue":"T"}`,
/// `{"arrayValue":{"values":[{"stringValue":"T"}]}}`.
fn typed(text: &Text, at: usize) -> Step<Option<usize>> {
    const TYPES: [(&[u8], bool); 4] = [
        (b"stringvalue", false),
        (b"string_value", false),
        (b"arrayvalue", true),
        (b"values", true),
    ];
    let mut at = at;
    for _ in 0..3 {
        let unit = text.unit(at)?;
        let Some(quote) = unit.quote() else { return Ok(None) };
        let name = at + unit.len;
        let mut found = None;
        for (word, list) in TYPES {
            if text.has_word(name, word)? {
                found = Some((name + word.len(), list));
                break;
            }
        }
        let Some((end, list)) = found else { return Ok(None) };
        let closer = text.unit(end)?;
        if quote.closed_by(closer) != Some(0) {
            return Ok(None);
        }
        at = text.skip_blanks(end + closer.len, 0)?;
        if text.at(at)? != b':' {
            return Ok(None);
        }
        at = text.skip_blanks(at + 1, 0)?;
        if !list {
            return Ok(text.unit(at)?.quote().is_some().then_some(at));
        }
        let inner = at;
        while matches!(text.at(at)?, b'[' | b'{') && at - inner < 4 {
            at += 1;
        }
    }
    Ok(None)
}

/// Past a few digits at `at`.
fn past_digits(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < 12 && text.at(end)?.is_ascii_digit() {
        end += 1;
    }
    Ok(end)
}

/// Past ` (len=1 cap=1)` at `at`, where Go's dumpers write it.
fn past_length(text: &Text, at: usize) -> Step<usize> {
    if !text.has_word(at, b" (len=")? {
        return Ok(at);
    }
    let mut end = past_digits(text, at + 6)?;
    if text.has_word(end, b" cap=")? {
        end = past_digits(text, end + 5)?;
    }
    Ok(if text.at(end)? == b')' { end + 1 } else { at })
}

/// Whether the text from `at` on ends with the `inner` quote and the `outer` one behind it.
fn is_enclosed(text: &Text, at: usize, inner: Quote, outer: Quote) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_REVERSED {
        let unit = text.unit(end)?;
        if unit.len == 0 || text.at(end)? == b'\n' || outer.closed_by(unit).is_some() {
            return Ok(false);
        }
        end += unit.len;
        if inner.closed_by(unit).is_some() {
            return Ok(outer.closed_by(text.unit(end)?) == Some(0));
        }
    }
    Ok(false)
}

/// What a language prints around a string that may be missing, or that is secret.
const WRAPPERS: &[&[u8]] = &[
    b"some(",
    b"optional(",
    b"secret(",
    b"secretstr(",
    b"secretstring(",
    b"string(",
    b"just ",
    b"ok(",
];

/// Past a declaration of what follows: `string(47) `, `(string) (len=47) `.
pub(crate) fn skip_type(text: &Text, at: usize) -> Step<usize> {
    match text.at(at)? {
        b's' if text.has_word(at, b"string(")? => {
            let end = past_digits(text, at + 7)?;
            if text.at(end)? == b')' && text.at(end + 1)? == b' ' { Ok(end + 2) } else { Ok(at) }
        }
        b'(' if text.has_word(at, b"(string)")? => {
            let end = past_length(text, at + 8)?;
            if end > at + 8 && text.at(end)? == b' ' { Ok(end + 1) } else { Ok(at) }
        }
        _ => Ok(at),
    }
}

/// Past what stands before an element at `at` in brackets: its number, `0 => `, and its type.
pub(crate) fn past_index(text: &Text, at: usize) -> Step<usize> {
    let marked = match text.at(at)? {
        b'[' | b'0'..=b'9' => past_marker(text, at)?,
        _ => None,
    };
    skip_type(text, marked.unwrap_or(at))
}

/// Past what stands before an element at `at` in a list of one a line: `- `, `[0] => `, `0 => `.
pub(crate) fn past_marker(text: &Text, at: usize) -> Step<Option<usize>> {
    match text.at(at)? {
        b'-' => Ok((text.at(at + 1)? == b' ').then_some(at + 2)),
        first @ (b'[' | b'0'..=b'9') => {
            let mut end = at + usize::from(first == b'[');
            let digits = end;
            while end - digits < 4 && text.at(end)?.is_ascii_digit() {
                end += 1;
            }
            if end == digits || first == b'[' && text.at(end)? != b']' {
                return Ok(None);
            }
            end = text.skip_blanks(end + usize::from(first == b'['), 0)?;
            if text.at(end)? != b'=' {
                return Ok(None);
            }
            let unit = text.unit(end + 1)?;
            if unit.ch != b'>' {
                return Ok(None);
            }
            end = text.skip_blanks(end + 1 + unit.len, 0)?;
            // What PHP's var_dump writes below the index is indented.
            match newline(text, end)? {
                Some(line) if is_blank(text.at(line)?) => Ok(Some(text.skip_blanks(line, 0)?)),
                _ => Ok(Some(end)),
            }
        }
        _ => Ok(None),
    }
}

/// Past the line on which PHP opens an array at `at`: `Array` and `(` below it, `array(1) {`. If it has names in quotes,
/// it is read as a map.
pub(crate) fn past_array(text: &Text, at: usize) -> Step<Option<usize>> {
    if !matches!(text.at(at)?, b'a' | b'A') || !text.has_word(at, b"array")? {
        return Ok(None);
    }
    if let Some(Way::Map { .. }) = indexed(text, at, 0)? {
        return Ok(None);
    }
    let mut end = at + 5;
    if text.at(end)? == b'(' && text.at(end + 1)?.is_ascii_digit() {
        while text.at(end)? != b')' {
            if end - at > 16 {
                return Ok(None);
            }
            end += 1;
        }
        end += 1;
    }
    end = text.skip_blanks(end, 0)?;
    if let Some(line) = newline(text, end)? {
        end = text.skip_blanks(line, 0)?;
    }
    if !matches!(text.at(end)?, b'(' | b'{') {
        return Ok(None);
    }
    newline(text, text.skip_blanks(end + 1, 0)?)
}

/// Past `s:8:` at `at`, where PHP writes a string's length.
pub(super) fn serialized(text: &Text, at: usize) -> Step<Option<usize>> {
    if text.at(at)? != b's' || text.at(at + 1)? != b':' {
        return Ok(None);
    }
    let mut end = at + 2;
    while end - at < 20 && text.at(end)?.is_ascii_digit() {
        end += 1;
    }
    Ok((text.at(end)? == b':').then_some(end + 1))
}

/// Past the line's end at `at`: CR, LF or both, as bytes or escapes.
pub(crate) fn newline(text: &Text, at: usize) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    if unit.len == 0 || !unit.is_newline() {
        return Ok(None);
    }
    let end = at + unit.len;
    if unit.ch == b'\r' {
        let next = text.unit(end)?;
        if next.ch == b'\n' {
            return Ok(Some(end + next.len));
        }
        return Ok((unit.enc != Enc::Raw).then_some(end));
    }
    Ok(Some(end))
}

/// Past the opener of the string that goes on with the one that is closed at `at`, on the next
/// line, as Python's `pprint` breaks long ones.
pub(crate) fn continuation(text: &Text, at: usize, quote: Option<Quote>) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    let Some(quote) = quote.filter(|quote| quote.closed_by(unit) == Some(0)) else {
        return Ok(None);
    };
    let Some(line) = newline(text, at + unit.len)? else { return Ok(None) };
    let start = text.skip_blanks(line, 0)?;
    let unit = text.unit(start)?;
    Ok((start > line && unit.quote() == Some(quote)).then_some(start + unit.len))
}

/// Whether a string that `quote` opened before `at` is base64 of some length, and not an
/// expression between two strings.
pub(super) fn is_base64(text: &Text, at: usize, quote: Unit) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_BASE64
        && (is_name(text.at(end)?) || matches!(text.at(end)?, b'+' | b'/' | b'=' | b'.'))
    {
        end += 1;
    }
    let unit = text.unit(end)?;
    let closes = quote.quote().is_some_and(|quote| quote.closed_by(unit).is_some());
    Ok(end - at >= 16 && (closes && text.at(end - 1)? != b'+' || end - at == MAX_BASE64))
}
