//! HTML and XML tags between a key and its value.

use super::candidate::MAX_OUTER;
use super::names::MAX_NAME;
use crate::grammar::text::lex::{Step, Text, is_name};

/// The longest tag with attributes, in bytes.
const MAX_TAG: usize = 1024;

/// Whether there is `name="` at `at`.
pub(super) fn has_attributes(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_NAME && (is_name(text.at(end)?) || text.at(end)? == b':') {
        end += 1;
    }
    Ok(end > at && text.at(end)? == b'=' && text.unit(end + 1)?.quote().is_some())
}

/// The position after the tag whose attributes are at `at`, if it opens an element.
pub(super) fn past_tag(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    while text.at(end)? != b'>' {
        if end - at > MAX_TAG || matches!(text.at(end)?, b'<' | b'\n') {
            return Ok(None);
        }
        end += 1;
    }
    Ok((text.at(end - 1)? != b'/').then_some(end + 1))
}

/// Skips tags, spaces and newlines at `at`, between a table cell with a name and the cell with its value.
pub(super) fn past_tags(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    while end - at < MAX_OUTER {
        match text.at(end)? {
            b' ' | b'\t' | b'\r' | b'\n' if !text.is_past(end) => end += 1,
            b'<' => {
                while text.at(end)? != b'>' {
                    if end - at > MAX_OUTER || text.at(end)? == b'\n' {
                        return Ok(None);
                    }
                    end += 1;
                }
                end += 1;
            }
            _ => return Ok(Some(end)),
        }
    }
    Ok(None)
}

/// The position after `value=` or `content=` at `at`, possibly after other quoted attributes.
pub(super) fn past_attributes(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut start = at;
    for _ in 0..4 {
        let mut end = start;
        while end - start < MAX_NAME && is_name(text.at(end)?) {
            end += 1;
        }
        let equals = text.unit(end)?;
        if equals.ch != b'=' || end == start {
            return Ok(None);
        }
        let inner = end + equals.len;
        if text.has_word(start, b"value=")? || text.has_word(start, b"content=")? {
            return Ok(Some(inner));
        }
        let Some(quote) = text.unit(inner)?.quote() else { return Ok(None) };
        end = inner + text.unit(inner)?.len;
        loop {
            let unit = text.unit(end)?;
            if unit.is_newline() || end - inner > MAX_NAME {
                return Ok(None);
            }
            end += unit.len;
            if quote.closed_by(unit).is_some() {
                break;
            }
        }
        start = text.skip_blanks(end, 0)?;
    }
    Ok(None)
}
