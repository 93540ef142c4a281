//! What a logger repeats in front of each line of a text that has several lines: the time, the host, the container.
//!
//! ```text
//! web-1  |   rawHeaders: [          2026-03-04T10:00:00.001Z stdout F Set-Cookie:
//! web-1  |     'Cookie',            2026-03-04T10:00:00.002Z stdout F   - sid=T; Path=/
//! web-1  |     'sid=T'
//! ```
//!
//! It is recognised by comparison: two lines start with the same text, except for digits.

use super::border::{BOX, past_border};
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

/// The same where the line is in brackets, so that it may also have the mark of a difference, as in a test's report,
/// `- `, `+ `, `! `, `E   -  `, or the side of a box.
fn past_line_prefix(text: &Text, line: usize) -> Step<usize> {
    let start = past_words(text, line, past_log_prefix(text, line)?)?;
    if start > line || !matches!(text.at(line)?, b'E' | b'-' | b'+' | b'!' | b' ' | b'\t' | BOX) {
        return Ok(start);
    }
    let marked = text.at(line)? == b'E' && is_blank(text.at(line + 1)?);
    let start = line + usize::from(marked);
    let mark = text.skip_blanks(start, 0)?;
    if let Some(end) = past_border(text, mark)? {
        return Ok(end);
    }
    let is_mark = matches!(text.at(mark)?, b'-' | b'+' | b'!') && is_blank(text.at(mark + 1)?);
    Ok(if is_mark { mark + 1 } else { start })
}

/// The position after the words that a logger without a time repeats at the start of the `line` in brackets, where the line
/// itself is indented: npm's `sill cookies   sid: 'T',`. `start` is what is after a longer prefix.
fn past_words(text: &Text, line: usize, start: usize) -> Step<usize> {
    let is_letter = |at: usize| Ok(text.at(at)?.is_ascii_alphabetic());
    if start > line || text.before(line, 1) != b'\n' || !is_letter(line)? || !is_letter(line + 1)? {
        return Ok(start);
    }
    let Some(above) = length_above(text, line) else { return Ok(start) };
    // The end of the words, and the number of spaces there.
    let (mut k, mut spaces) = (0, 0);
    while k < above.min(MAX_PREFIX) {
        let byte = text.at(line + k)?;
        let same = byte == text.before(line, above + 1 - k);
        if !same || !(byte.is_ascii_alphanumeric() || byte == b' ') || spaces == 2 {
            break;
        }
        spaces = if byte == b' ' { spaces + 1 } else { 0 };
        k += 1;
    }
    // A line on which another list opens is not in this one.
    let opens = matches!(text.at(text.skip_blanks(line + k, 0)?)?, b'[' | b'{' | b'(');
    let indented = spaces == 2 || spaces == 1 && text.at(line + k)? == b' ';
    Ok(if indented && !opens { line + k } else { start })
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
