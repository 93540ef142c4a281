//! The lines that boxes are drawn with: tables of Rich and SQLite, panels around other text.

use crate::grammar::text::lex::{Step, Text};

/// The first byte of the vertical lines of a box, in UTF-8: `│`, `┃`, `║`.
pub(crate) const BOX: u8 = 0xe2;
/// The length of such a line, in bytes.
pub(crate) const BAR_LEN: usize = 3;

/// The position after the vertical line at `at`.
pub(crate) fn past_border(text: &Text, at: usize) -> Step<Option<usize>> {
    if text.at(at)? != BOX {
        return Ok(None);
    }
    let bar = matches!((text.at(at + 1)?, text.at(at + 2)?), (0x94, 0x82 | 0x83) | (0x95, 0x91));
    Ok(bar.then_some(at + BAR_LEN))
}

/// The position after what a tree is drawn with at the start of the `line`: `│   ├── `. Without a branch, that is the `line`.
pub(crate) fn past_branch(text: &Text, line: usize) -> Step<usize> {
    let mut at = text.skip_blanks(line, 0)?;
    while at - line < MAX_DEPTH
        && let Some(end) = past_border(text, at)?
    {
        at = text.skip_blanks(end, 0)?;
    }
    if !is_drawn(text, at, &[0x9c, 0x94])? {
        return Ok(line);
    }
    let corner = at + BAR_LEN;
    let mut end = corner;
    while end - corner < MAX_DEPTH && is_drawn(text, end, &[0x80])? {
        end += BAR_LEN;
    }
    Ok(if end > corner && text.at(end)? == b' ' { end + 1 } else { line })
}

/// The longest part of a line that a tree is drawn with, in bytes.
const MAX_DEPTH: usize = 64;

/// Whether one of the lines `├`, `└` and `─` is at `at`, by the last byte.
fn is_drawn(text: &Text, at: usize, lines: &[u8]) -> Step<bool> {
    Ok(text.at(at)? == BOX && text.at(at + 1)? == 0x94 && lines.contains(&text.at(at + 2)?))
}
