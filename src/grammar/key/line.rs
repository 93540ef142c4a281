//! Ends of lines, and what stands before the elements of a list of one a line.

pub(crate) use super::line_end::newline;
use super::types::skip_type;
use crate::grammar::text::lex::{Quote, Step, Text, is_blank};

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

/// Past the line end at `at` in a double-quoted scalar of YAML, a backslash before it and another one behind the indentation
/// if a blank follows, where JSON in the scalar was broken.
pub(crate) fn past_fold(text: &Text, at: usize) -> Step<usize> {
    if text.at(at)? != b'\\' || text.at(at + 1)? != b'\n' {
        return Ok(at);
    }
    let start = text.skip_blanks(at + 2, 0)?;
    let more = text.at(start)? == b'\\' && is_blank(text.at(start + 1)?);
    text.skip_blanks(start + usize::from(more), 0)
}
