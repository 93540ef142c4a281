//! What a logger repeats in front of each line of a text that has several lines: the time, the host, the container.
//!
//! ```text
//! web-1  |   rawHeaders: [          2026-03-04T10:00:00.001Z stdout F Set-Cookie:
//! web-1  |     'Cookie',            2026-03-04T10:00:00.002Z stdout F   - sid=T; Path=/
//! web-1  |     'sid=T'
//! ```
//!
//! It is recognised by comparison: two lines start with the same text, except for digits.

use super::line_end::newline;
use crate::grammar::text::lex::{LOOKBACK, Step, Text, Unit, is_blank};

/// The longest prefix, in bytes.
const MAX_PREFIX: usize = 96;
/// A prefix with fewer digits has no time. Then a bar has to end it.
pub(super) const MIN_DIGITS: usize = 4;

/// The position after the newline at `at`, and after what a logger repeats there.
pub(crate) fn line_below(text: &Text, at: usize) -> Step<Option<usize>> {
    match newline(text, at)? {
        Some(line) => Ok(Some(past_log_prefix(text, line)?)),
        None => Ok(None),
    }
}

/// The position after `unit`, which is at `at`, and after what a logger repeats if it is a newline.
#[inline]
pub(crate) fn past_unit(text: &Text, at: usize, unit: Unit) -> Step<usize> {
    let line = if unit.is_newline() { line_below(text, at)? } else { None };
    Ok(line.unwrap_or(at + unit.len))
}

/// The position after what a logger repeats at the start of the `line`, which the line above it starts with, too.
pub(crate) fn past_log_prefix(text: &Text, line: usize) -> Step<usize> {
    let first = text.at(line)?;
    if text.before(line, 1) != b'\n'
        || !(first.is_ascii_alphanumeric() || matches!(first, b'[' | b'<'))
    {
        return Ok(line);
    }
    let Some(above) = length_above(text, line) else { return Ok(line) };
    let (mut prefix, mut digits, mut k) = (0, 0, 0);
    while k < above.min(MAX_PREFIX) {
        let (byte, other) = (text.at(line + k)?, text.before(line, above + 1 - k));
        let same = byte == other || byte.is_ascii_digit() && other.is_ascii_digit();
        // Indentation and the mark of a list belong to the text.
        let indented = prefix > 0 && prefix == k && (is_blank(byte) || byte == b'-');
        // The border of a table, behind the prefix.
        let border = prefix > 0
            && prefix == k
            && matches!(byte, b'|' | b'+')
            && matches!(text.window()[line + k - 2], b':' | b']' | b'|');
        if !same || indented || border || matches!(byte, b'=' | b'"' | b'\'') {
            break;
        }
        digits += usize::from(byte.is_ascii_digit());
        k += 1;
        let bar = k > 2 && text.window()[line + k - 2] == b'|';
        if is_blank(byte) && (digits >= MIN_DIGITS || bar || prefix > 0) {
            prefix = k;
        }
    }
    // The name of a setting, or the first cell of a row.
    let goes_on = prefix > 0 && matches!(text.at(line + prefix)?, b'=' | b',');
    Ok(if goes_on { line } else { line + prefix })
}

/// The same where the line is in brackets, so that it may also have the mark of a difference, as in a test's report:
/// `- `, `+ `, `E   -  `.
fn past_line_prefix(text: &Text, line: usize) -> Step<usize> {
    let start = past_log_prefix(text, line)?;
    if start > line || !matches!(text.at(line)?, b'E' | b'-' | b'+' | b' ' | b'\t') {
        return Ok(start);
    }
    let marked = text.at(line)? == b'E' && is_blank(text.at(line + 1)?);
    let start = line + usize::from(marked);
    let mark = text.skip_blanks(start, 0)?;
    let is_mark = matches!(text.at(mark)?, b'-' | b'+') && is_blank(text.at(mark + 1)?);
    Ok(if is_mark { mark + 1 } else { start })
}

/// The position after the newline at `at`, and after what precedes a line in brackets.
pub(crate) fn line_in_brackets(text: &Text, at: usize) -> Step<Option<usize>> {
    match newline(text, at)? {
        Some(line) => Ok(Some(past_line_prefix(text, line)?)),
        None => Ok(None),
    }
}

/// The start of what is in brackets that opened before `at`, on the same line or on the one below.
pub(crate) fn first_in_brackets(text: &Text, at: usize, level: u8) -> Step<usize> {
    let start = text.skip_blanks(at, level)?;
    match line_in_brackets(text, start)? {
        Some(line) => text.skip_blanks(line, level),
        None => Ok(start),
    }
}

/// The length of the line above the `line`, unless it is longer than what is kept of it.
fn length_above(text: &Text, line: usize) -> Option<usize> {
    (0..LOOKBACK - 1).find(|len| text.before(line, len + 2) == b'\n')
}
