//! Newlines, as bytes or escapes.

use crate::grammar::text::lex::{Enc, Step, Text};

/// The position after the newline at `at`: CR, LF or both, as bytes or escapes.
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
