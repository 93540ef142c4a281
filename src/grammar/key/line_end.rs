//! Newlines, as bytes or escapes.

use crate::grammar::text::lex::{Enc, Step, Text};

/// The position after the newline at `at`: CR, LF or both, as bytes or escapes.
pub(crate) fn newline(text: &Text, at: usize) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    if unit.len == 0 || !unit.is_newline() {
        return Ok(None);
    }
    let mut end = at + unit.len;
    if unit.ch == b'\r' {
        let next = text.unit(end)?;
        if next.ch != b'\n' {
            return Ok((unit.enc != Enc::Raw).then_some(end));
        }
        end += next.len;
    }
    Ok(Some(if unit.enc == Enc::Slash(1) { past_record(text, end)? } else { end }))
}

/// The rest of a record of Docker's log after its text, up to the stream's name.
const STREAM: &[u8] = b"\",\"stream\":\"std";
/// The start of the next one.
const LOG: &[u8] = b"{\"log\":\"";
/// The longest rest of a record, in bytes.
const MAX_RECORD: usize = 256;

/// The position of the text of the next record, if the text of a record ends at `at`: Docker writes each line as
/// `{"log":"Cookie:\n","stream":"stdout","time":"2026-03-04T10:00:00.001Z"}`.
fn past_record(text: &Text, at: usize) -> Step<usize> {
    if text.at(at)? != b'"' || !text.has_word(at, STREAM)? {
        return Ok(at);
    }
    let mut end = at + STREAM.len();
    while text.at(end)? != b'\n' {
        if end - at == MAX_RECORD {
            return Ok(at);
        }
        end += 1;
    }
    let next = end + 1;
    Ok(if !text.is_past(end) && text.has_word(next, LOG)? { next + LOG.len() } else { at })
}
