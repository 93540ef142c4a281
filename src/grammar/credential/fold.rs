//! Lists that continue below a newline: folded headers (RFC 9112, section 5.2) and YAML scalars.

use crate::grammar::key::line_below;
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text};
use crate::grammar::value::extent::Value;
use crate::grammar::value::frame::Frame;
use crate::span::RuleId;

/// The shortest token that is alone on the line below its scheme, in bytes.
const MIN_TOKEN: usize = 16;

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

/// The token below the newline at `at`, indented and alone on its line: YAML folds a long scalar at the space after the
/// scheme.
pub(super) fn token_below(
    text: &Text,
    at: usize,
    frame: Frame,
    rule: RuleId,
) -> Step<Option<Start>> {
    if frame.own_quote || !text.unit(at)?.is_newline() {
        return Ok(None);
    }
    let Some(start) = below(text, at, false)? else { return Ok(None) };
    let value = Value::enclosed(Frame { line: true, ..frame }, rule);
    let head = value.head(text, start)?;
    let alone = !head.complete || text.unit(head.end)?.is_newline();
    let secret = alone && head.len() >= MIN_TOKEN && head.is_token_like();
    Ok(secret.then(|| Start::Value(start, value.started(text, start, &head), None)))
}
