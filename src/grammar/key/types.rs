//! Types and constructors before a string.

use super::constructor::past_type_name;
use super::log_prefix::{first_in_brackets, line_below};
use super::names::MAX_NAME;
use super::pattern::{past, past_digits};
use super::wrappers::{TYPES, WRAPPERS};
use crate::grammar::text::lex::{Step, Text, is_name};

/// The position after a type that is printed before a string: `string(47) `, `(string) (len=47) `.
pub(crate) fn skip_type(text: &Text, at: usize) -> Step<usize> {
    match text.at(at)? {
        b's' | b'S' | b'c' | b'l' | b'(' => {}
        b'0' if text.at(at + 1)? == b'x' => {}
        b'!' | b'&' => return past_properties(text, at),
        _ => return Ok(at),
    }
    for word in TYPES {
        if let Some(end) = past(text, at, word.opens, 0)?
            && text.unit(end)?.quote().is_some()
        {
            return Ok(end);
        }
    }
    Ok(at)
}

/// The position after the properties of a YAML node at `at`: the tag of a string, `!!str`, or an anchor, `&name`. Other tags
/// say where the value is.
fn past_properties(text: &Text, at: usize) -> Step<usize> {
    let mut end = at + 1;
    if text.at(at)? == b'&' {
        while end - at < MAX_NAME && is_name(text.at(end)?) {
            end += 1;
        }
    }
    for tag in TAGS {
        if text.has_word(at, tag)? {
            end = at + tag.len();
            break;
        }
    }
    let next = text.skip_blanks(end, 0)?;
    Ok(if end > at + 1 && next > end { next } else { at })
}

/// The tags of strings.
const TAGS: [&[u8]; 3] = [b"!!str", b"!!binary", b"!str"];

/// The position of the opening quote of the string at `at`, which may have a prefix: `$'`, `b"`.
pub(crate) fn opening_quote(text: &Text, at: usize) -> Step<Option<usize>> {
    Ok(match past_wrapper(text, at)? {
        Some((quote, true)) => Some(quote),
        _ => text.unit(at)?.quote().map(|_| at),
    })
}

/// The quote of a string after a constructor or a prefix, `Some("`, `b'`, and whether that is a known one.
pub(super) fn past_wrapper(text: &Text, at: usize) -> Step<Option<(usize, bool)>> {
    let quoted = |at| -> Step<bool> { Ok(text.unit(at)?.quote().is_some()) };
    match text.at(at)? {
        // b'..', u"..", f'..', @"..", $'..'.
        b'b' | b'B' | b'u' | b'U' | b'r' | b'R' | b'f' | b'F' | b'@' | b'$' => {
            for skip in 1..=2 {
                if quoted(at + skip)? {
                    return Ok(Some((at + skip, true)));
                }
                if !matches!(text.at(at + skip)?, b'r' | b'R' | b'b' | b'B') {
                    break;
                }
            }
            Ok(None)
        }
        // N'..' of T-SQL, E'..' of PostgreSQL, L".." of C.
        b'N' | b'E' | b'L' if quoted(at + 1)? => Ok(Some((at + 1, true))),
        b'A'..=b'Z' => {
            let Some(string) = past_known(text, at)? else { return past_any(text, at) };
            let string = past_line(text, string)?;
            if quoted(string)? {
                return Ok(Some((string, true)));
            }
            // `Some(Secret("T"))`
            past_any(text, string)
        }
        b'<' | b'\\' | b'&' => Ok(match past_binary(text, at)? {
            Some(string) if quoted(string)? => Some((string, true)),
            _ => None,
        }),
        _ => Ok(None),
    }
}

/// The position after the brackets at `at` that open one of Erlang's binaries, `<<"T">>`.
pub(super) fn past_binary(text: &Text, at: usize) -> Step<Option<usize>> {
    let first = text.unit(at)?;
    if first.ch != b'<' {
        return Ok(None);
    }
    let second = text.unit(at + first.len)?;
    Ok((second.ch == b'<').then_some(at + first.len + second.len))
}

/// The position after the bracket of a known constructor at `at`, around text without quotes.
pub(super) fn past_bare_wrapper(text: &Text, at: usize) -> Step<Option<usize>> {
    if text.has_word(at, b"optional[")? {
        return Ok(Some(at + b"optional[".len()));
    }
    Ok(past_known(text, at)?.filter(|inner| text.before(*inner, 1) == b'('))
}

/// The quote of a string after a constructor with any name at `at`, and whether the constructor is a known one.
fn past_any(text: &Text, at: usize) -> Step<Option<(usize, bool)>> {
    let Some(end) = past_type_name(text, at)? else { return Ok(None) };
    if text.at(end)? != b'(' {
        return Ok(None);
    }
    let string = past_line(text, end + 1)?;
    if text.unit(string)?.quote().is_none() {
        return Ok(None);
    }
    let known = past_known(text, at)? == Some(end + 1);
    Ok((known || !is_name_of_entry(text, string)?).then_some((string, known)))
}

/// The start of the text on the line below, if a line ends at `at`: Rust's `{:#?}` prints what is in a constructor there.
fn past_line(text: &Text, at: usize) -> Step<usize> {
    match line_below(text, at)? {
        Some(line) => text.skip_blanks(line, 0),
        None => Ok(at),
    }
}

/// Whether the string at `at` is the name of a map's entry: Julia's `Dict("sid" => "T")`, Scala's `Map("sid" -> "T")`.
fn is_name_of_entry(text: &Text, at: usize) -> Step<bool> {
    let opener = text.unit(at)?;
    let Some(quote) = opener.quote() else { return Ok(false) };
    let name = at + opener.len;
    let mut end = name;
    while end - name < MAX_NAME && is_name(text.at(end)?) {
        end += 1;
    }
    let closer = text.unit(end)?;
    if quote.closed_by(closer).is_none() {
        return Ok(false);
    }
    let arrow = text.skip_blanks(end + closer.len, 0)?;
    Ok(matches!(text.at(arrow)?, b'=' | b'-') && text.at(arrow + 1)? == b'>')
}

/// The position after the row of [`WRAPPERS`] at `at`. No row is the start of another, so at most one matches.
fn past_known(text: &Text, at: usize) -> Step<Option<usize>> {
    for wrapper in WRAPPERS {
        if text.has_word(at, wrapper.opens.as_bytes())? {
            return Ok(Some(at + wrapper.opens.len()));
        }
    }
    Ok(None)
}

/// The position after ` (len=1 cap=1)` at `at`, as written by Go's dumpers.
pub(super) fn past_length(text: &Text, at: usize) -> Step<usize> {
    if !text.has_word(at, b" (len=")? {
        return Ok(at);
    }
    let mut end = past_digits(text, at + 6)?;
    if text.has_word(end, b" cap=")? {
        end = past_digits(text, end + 5)?;
    }
    Ok(if text.at(end)? == b')' { end + 1 } else { at })
}

/// The position after the names of types that follow the brace before `at` in OpenTelemetry's JSON:
/// `{"stringValue":"T"}`, `{"arrayValue":{"values":[{"stringValue":"T"}]}}`.
pub(super) fn typed(text: &Text, at: usize) -> Step<Option<usize>> {
    const TYPES: [(&[u8], bool); 4] = [
        (b"stringvalue", false),
        (b"string_value", false),
        (b"arrayvalue", true),
        (b"values", true),
    ];
    let mut at = at;
    for _ in 0..3 {
        at = first_in_brackets(text, at, 0)?;
        let unit = text.unit(at)?;
        let Some(quote) = unit.quote() else { return Ok(None) };
        let name = text.past_quote(at)?;
        let mut found = None;
        for (word, list) in TYPES {
            if text.has_word(name, word)? {
                found = Some((name + word.len(), list));
                break;
            }
        }
        let Some((end, list)) = found else { return Ok(None) };
        if quote.closed_by(text.unit(end)?) != Some(0) {
            return Ok(None);
        }
        at = text.skip_blanks(text.past_quote(end)?, 0)?;
        if text.at(at)? != b':' {
            return Ok(None);
        }
        at = text.skip_blanks(at + 1, 0)?;
        if !list {
            return Ok(text.unit(at)?.quote().is_some().then_some(at));
        }
        for _ in 0..2 {
            if matches!(text.at(at)?, b'[' | b'{') {
                at = first_in_brackets(text, at + 1, 0)?;
            }
        }
    }
    Ok(None)
}
