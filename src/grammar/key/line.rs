//! Newlines, and the marks before the elements of a list with one element per line.

use super::log_prefix::line_below;
use super::types::skip_type;
use crate::grammar::text::lex::{Quote, Step, Text, is_blank};

/// The least indentation of a string that continues behind a mark, in bytes.
const MIN_INDENTATION: usize = 5;

/// The start of the string on the next line that continues the one closed at `at`, as Python's `pprint` breaks long
/// strings.
pub(crate) fn continuation(text: &Text, at: usize, quote: Option<Quote>) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    let Some(quote) = quote.filter(|quote| quote.closed_by(unit) == Some(0)) else {
        return Ok(None);
    };
    let Some(mut line) = line_below(text, at + unit.len)? else { return Ok(None) };
    let mut indented = 1;
    if matches!(text.at(line)?, b'-' | b'+' | b'!' | b'|') {
        // The mark of a difference. The item of a list is not indented as deep behind its own.
        (line, indented) = (line + 1, MIN_INDENTATION);
    }
    let start = text.skip_blanks(line, 0)?;
    let unit = text.unit(start)?;
    let continues = start >= line + indented && unit.quote() == Some(quote);
    Ok(continues.then_some(start + unit.len))
}

/// The position after the index `0 => ` and the type of an element at `at` in brackets.
pub(crate) fn past_index(text: &Text, at: usize) -> Step<usize> {
    let marked = match text.unit(at)?.ch {
        b'[' => past_marker(text, at)?,
        b'0'..=b'9' => match past_marker(text, at)? {
            None => past_number(text, at)?,
            at => at,
        },
        b'"' | b'\'' => past_number(text, at)?,
        _ => None,
    };
    skip_type(text, marked.unwrap_or(at))
}

/// The position after the name of an element at `at` that is its number, as pandas prints a column: `"0":`, `0: `.
pub(crate) fn past_number(text: &Text, at: usize) -> Step<Option<usize>> {
    let quote = text.unit(at)?.quote();
    let first = if quote.is_some() { text.past_quote(at)? } else { at };
    let mut end = first;
    while end - first < 8 && text.at(end)?.is_ascii_digit() {
        end += 1;
    }
    if end == first {
        return Ok(None);
    }
    if let Some(quote) = quote {
        if quote.closed_by(text.unit(end)?) != Some(0) {
            return Ok(None);
        }
        end = text.past_quote(end)?;
    }
    if text.at(end)? != b':' {
        return Ok(None);
    }
    let value = text.skip_blanks(end + 1, 0)?;
    Ok(text.unit(value)?.quote().is_some().then_some(value))
}

/// The position after the mark of an element at `at` in a list with one element per line: `- `, `[0] => `, `0 => `.
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
            // PHP's var_dump indents the element below its index.
            match line_below(text, end)? {
                Some(line) if is_blank(text.at(line)?) => Ok(Some(text.skip_blanks(line, 0)?)),
                _ => Ok(Some(end)),
            }
        }
        _ => Ok(None),
    }
}

/// The position after the newline at `at` in a double-quoted YAML scalar, where JSON in the scalar was folded: a
/// backslash precedes the newline, and another one follows the indentation if a space comes next.
pub(crate) fn past_fold(text: &Text, at: usize) -> Step<usize> {
    if text.at(at)? != b'\\' || text.at(at + 1)? != b'\n' || text.is_past(at + 1) {
        return Ok(at);
    }
    let start = text.skip_blanks(at + 2, 0)?;
    let more = text.at(start)? == b'\\' && is_blank(text.at(start + 1)?);
    text.skip_blanks(start + usize::from(more), 0)
}
