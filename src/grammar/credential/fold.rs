//! Lists that go on below a line's end: folded headers (RFC 9112, section 5.2) and scalars of YAML.

use crate::grammar::key::newline;
use crate::grammar::text::lex::{Enc, Step, Text};

/// Past the line end at `at` and the indentation below it. `quoted` says that the list is in quotes of its own.
pub(super) fn below(text: &Text, at: usize, quoted: bool) -> Step<Option<usize>> {
    // It has one at the end of the line, too, where no blank is.
    let escaped = quoted && text.at(at)? == b'\\' && text.at(at + 1)? == b'\n';
    let at = at + usize::from(escaped);
    let unit = text.unit(at)?;
    if unit.enc != Enc::Raw || unit.len == 0 {
        return Ok(None);
    }
    let Some(line) = newline(text, at)? else { return Ok(None) };
    let mut start = text.skip_blanks(line, 0)?;
    if start == line {
        return Ok(None);
    }
    // A double-quoted scalar of YAML keeps the blank that it is folded at by a backslash.
    if quoted && text.at(start)? == b'\\' {
        start = text.skip_blanks(start + 1, 0)?;
    }
    Ok(Some(start))
}
