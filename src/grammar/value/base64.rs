//! base64 (RFC 4648) in running text, possibly escaped.

use crate::grammar::text::lex::{Enc, Step, Text, Unit};

/// The most bytes between two lines of a body with escaped newlines.
const MAX_GAP: usize = 64;

/// The length of the part of a run of base64 at `i`, including padding and escapes. 0 where it ends.
pub(super) fn run(text: &Text, i: usize) -> Step<usize> {
    match text.at(i)? {
        byte if is_base64url(byte) || matches!(byte, b'+' | b'/' | b'=') => Ok(1),
        byte @ (b'\\' | b'%') => {
            let unit = text.unit(i)?;
            let escaped = byte == b'\\' || unit.len > 1;
            Ok(if escaped && matches!(unit.ch, b'/' | b'=' | b'+') { unit.len } else { 0 })
        }
        _ => Ok(0),
    }
}

pub(crate) fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// The length of the part of a one-line body at `i`: base64, or newlines between base64. 0 where it ends.
pub(super) fn block(text: &Text, i: usize) -> Step<usize> {
    let unit = text.unit(i)?;
    if is_body(unit) {
        return Ok(unit.len);
    }
    let next = separators(text, i)?;
    Ok(if next > i && is_body(text.unit(next)?) { next - i } else { 0 })
}

/// The position after escaped newlines, spaces and other text that joins lines, from `at` on.
pub(crate) fn separators(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_GAP {
        let unit = text.unit(end)?;
        let separates = match unit.ch {
            b'\n' | b'\r' => unit.len > 1 && unit.enc != Enc::Ansi,
            b' ' | b'\t' => true,
            b'\\' => unit.len == 1 && text.at(end + 1)? == b' ',
            _ => false,
        };
        if !separates {
            break;
        }
        end += unit.len;
    }
    Ok(end)
}

/// Whether the character is in the alphabet of base64. Encoders of JSON and forms escape some of its special
/// characters.
pub(crate) fn is_body(unit: Unit) -> bool {
    match unit.ch {
        b'+' | b'/' | b'=' => true,
        ch => ch.is_ascii_alphanumeric() && unit.enc == Enc::Raw,
    }
}
