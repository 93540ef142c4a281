//! Lists that continue below a newline: folded headers (RFC 9112, section 5.2) and YAML scalars.

use crate::grammar::key::line_below;
use crate::grammar::text::lex::{Enc, Step, Text};

/// The position after the newline at `at` and the indentation below it. `quoted` says that the list has its own quotes.
pub(super) fn below(text: &Text, at: usize, quoted: bool) -> Step<Option<usize>> {
    // Where there is no space at the fold, the line ends with a backslash too.
    let escaped = quoted && text.at(at)? == b'\\' && text.at(at + 1)? == b'\n';
    let at = at + usize::from(escaped);
    let unit = text.unit(at)?;
    // In a string, `#012` is one of its characters.
    if quoted && matches!(unit.enc, Enc::Code(_)) {
        return Ok(None);
    }
    let Some(line) = line_below(text, at)? else { return Ok(None) };
    let mut start = text.skip_blanks(line, 0)?;
    if start == line {
        return Ok(None);
    }
    // In a double-quoted YAML scalar, a backslash keeps the space at which the line is folded.
    if quoted && text.at(start)? == b'\\' {
        start = text.skip_blanks(start + 1, 0)?;
    }
    Ok(Some(start))
}
