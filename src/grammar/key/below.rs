//! Values on the lines below a key: a map, a string that is numbered, the text of an element, a part of a form.

use std::ops::ControlFlow::Break;

use super::border::past_branch;
use super::cursor::{NO_VALUE, NOTHING, Outcome};
use super::line::past_marker;
use super::line_end::newline;
use super::log_prefix::line_below;
use super::open::open;
use super::pattern;
use super::running_text::is_sure;
use super::shapes::{Shape, Then};
use super::target::{Separator, Target};
use crate::grammar::text::lex::{Step, Text};
use crate::grammar::value::frame::Frame;

/// The most headers of a part of a form behind the one with the name, as OkHttp and Spring send them.
const MAX_HEADERS: usize = 3;
/// The longest of these, in bytes.
const MAX_HEADER: usize = 128;

/// The map on the line below the newline at `at`.
pub(super) fn map_below(text: &Text, at: usize, level: u8) -> Step<Outcome> {
    let Some(line) = line_below(text, at)? else { return Ok(NOTHING) };
    let start = text.skip_blanks(line, level)?;
    let opens = start > line && text.at(start)? == b'{';
    let map = Target::Map { at: start + 1, close: b'}' };
    Ok(if opens { Break(map) } else { NOTHING })
}

/// The branches of a tree on the lines below the newline at `at`, if they are deeper than the one above.
pub(super) fn branches(text: &Text, at: usize, depth: usize, level: u8) -> Step<Outcome> {
    let Some(line) = line_below(text, at)? else { return Ok(NOTHING) };
    let separator = Separator::Compact;
    let lines = Target::NextLine { at: line, separator, named: false, level };
    Ok(if past_branch(text, line)? > line + depth { Break(lines) } else { NOTHING })
}

/// The value on the line below the newline at `at`, which a list or an interpreter prints.
pub(super) fn below(text: &Text, at: usize, shape: &Shape, level: u8) -> Step<Outcome> {
    match shape.then {
        Then::NextItem => next_item(text, at, level),
        Then::Reply => reply(text, at, level),
        _ => printed(text, at, level),
    }
}

/// The string after the newline at `at` and a number in brackets, as R prints it, or before one, as Redis does.
fn printed(text: &Text, at: usize, level: u8) -> Step<Outcome> {
    let Some(line) = line_below(text, at)? else { return Ok(NOTHING) };
    // The number may be a part of what a logger repeats on each line.
    let numbered = text.ends_before(line, 0, b") ") && text.before(line, 3).is_ascii_digit();
    let at = match pattern::past(text, line, "[#] ", level)? {
        None if numbered => Some(line),
        None => pattern::past(text, line, "~#) ", level)?,
        at => at,
    };
    let Some(at) = at else { return Ok(NOTHING) };
    Ok(open(text, at, Separator::Comma, level)?.map_or(NOTHING, Break))
}

/// The next item of the list of arguments in YAML, on the line below the newline at `at`.
fn next_item(text: &Text, at: usize, level: u8) -> Step<Outcome> {
    let Some(line) = line_below(text, at)? else { return Ok(NOTHING) };
    let start = text.skip_blanks(line, level)?;
    let item = if text.at(start)? == b'-' { past_marker(text, start)? } else { None };
    let frame = Frame { line: true, ..Frame::within(level) };
    let Some(item) = item else {
        // `kubectl describe` prints arguments without marks.
        let bare = Target::Value { at: start, frame, separator: Separator::Comma };
        let found = start > line && is_sure(text, start, level)?;
        return Ok(if found { Break(bare) } else { NOTHING });
    };
    if text.at(item)? == b'-' {
        return Ok(NOTHING);
    }
    let bare = Target::Value { at: item, frame, separator: Separator::Comma };
    Ok(Break(open(text, item, Separator::Comma, level)?.unwrap_or(bare)))
}

/// The string on the line below the newline at `at`, which is the value of the expression on the line.
fn reply(text: &Text, at: usize, level: u8) -> Step<Outcome> {
    let Some(line) = newline(text, at)? else { return Ok(NOTHING) };
    // Ruby's irb and pry.
    let line = pattern::past(text, line, "=> ", level)?.unwrap_or(line);
    if text.unit(line)?.quote().is_none() {
        return Ok(NOTHING);
    }
    Ok(open(text, line, Separator::Comma, level)?.map_or(NOTHING, Break))
}

/// The text of an XML element on the line below the newline at `at`, if it is as long and mixed as a token.
pub(super) fn inner_line(text: &Text, at: usize) -> Step<Outcome> {
    let Some(line) = line_below(text, at)? else { return Ok(NOTHING) };
    let at = text.skip_blanks(line, 0)?;
    if !is_sure(text, at, 0)? {
        return Ok(NOTHING);
    }
    let frame = Frame { line: true, ..Frame::default() };
    Ok(Break(Target::Value { at, frame, separator: Separator::Comma }))
}

/// A part of a form: the newline at `at`, possibly further headers, an empty line, and the value.
pub(super) fn body(text: &Text, at: usize, level: u8) -> Step<Outcome> {
    let Some(mut line) = line_below(text, at)? else { return Ok(NOTHING) };
    let mut headers = 0;
    while headers < MAX_HEADERS && text.has_word(line, b"content-")? {
        let mut end = line;
        while end - line < MAX_HEADER && !text.unit(end)?.is_newline() {
            end += text.unit(end)?.len;
        }
        match line_below(text, end)? {
            Some(next) => line = next,
            None => return Ok(NO_VALUE),
        }
        headers += 1;
    }
    let Some(at) = line_below(text, line)? else { return Ok(NO_VALUE) };
    let frame = Frame { line: true, ..Frame::within(level) };
    Ok(Break(Target::Value { at, frame, separator: Separator::Compact }))
}
