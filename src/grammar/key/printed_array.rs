//! Arrays with types or indices, as PHP prints them, and Go's dumpers: `array ( 0 => 'T', )`, `array(1) {`,
//! `Array ( [name] => T )`, `App\Cookie Object ( [name:protected] => T )`, `([]string) (len=1 cap=1) { (string) "T" }`.

use super::cookie_field::{member_len, past_visibility};
use super::line::past_index;
use super::log_prefix::{first_in_brackets, line_below, line_in_brackets};
use super::pattern::{past, past_digits};
use super::target::{Target, closer};
use super::types::past_length;
use super::value_member::past_colon;
use crate::grammar::text::lex::{Step, Text, is_name};

/// The longest name of a class, in bytes.
const MAX_CLASS: usize = 96;

/// The list or map that opens at `at`.
pub(crate) fn printed_array(text: &Text, at: usize, level: u8) -> Step<Option<Target>> {
    let Some(mut end) = past_heading(text, at, level)? else { return Ok(None) };
    let below = match line_in_brackets(text, end)? {
        Some(line) => {
            end = text.skip_blanks(line, level)?;
            true
        }
        None => false,
    };
    let close = closer(text.at(end)?);
    if close == 0 {
        return Ok(None);
    }
    // Symfony's dumper marks what can be folded: `array:1 [▼`.
    let mut at = end + 1;
    while at - end < 8 && text.unit(at)?.ch >= 0x80 {
        at += text.unit(at)?.len;
    }
    let first = first_in_brackets(text, at, level)?;
    let element = past_index(text, first)?;
    let bracket = text.at(first)? == b'[';
    // PHP's var_dump has brackets around the names.
    let quoted = text.unit(element)?.quote().is_some()
        || text.unit(first + usize::from(bracket))?.quote().is_some();
    let indexed = element > first;
    let map = match indexed {
        true => past_heading(text, element, level)?.is_some(),
        false => quoted || past_entry_name(text, first)?.is_some(),
    };
    Ok(match map {
        true => Some(Target::Map { at, close }),
        // Its elements are read line by line.
        false if below || !indexed => None,
        false => Some(Target::List { at, close, quoted, level }),
    })
}

/// The position after the line on which an array opens at `at`, if its elements are read line by line: those that are no
/// map.
pub(crate) fn past_array(text: &Text, at: usize) -> Step<Option<usize>> {
    let Some(mut end) = past_heading(text, at, 0)?.filter(|_| text.window()[at] != b'(') else {
        return Ok(None);
    };
    if let Some(Target::Map { .. }) = printed_array(text, at, 0)? {
        return Ok(None);
    }
    if let Some(line) = line_below(text, end)? {
        end = text.skip_blanks(line, 0)?;
    }
    if !matches!(text.at(end)?, b'(' | b'{') {
        return Ok(None);
    }
    line_below(text, text.skip_blanks(end + 1, 0)?)
}

/// The map that is the value of the entry at `at`, `[data:SetCookie:private] => Array (`.
pub(super) fn map_of_entry(text: &Text, at: usize) -> Step<Option<Target>> {
    let Some(value) = past_entry_name(text, at)? else { return Ok(None) };
    let value = first_in_brackets(text, value, 0)?;
    Ok(printed_array(text, value, 0)?.filter(|target| matches!(target, Target::Map { .. })))
}

/// The position after the name of the entry at `at` and the arrow, `[name] =>`.
pub(super) fn past_entry_name(text: &Text, at: usize) -> Step<Option<usize>> {
    if text.at(at)? != b'[' {
        return Ok(None);
    }
    let quoted = text.unit(at + 1)?.quote().is_some();
    let name = if quoted { text.past_quote(at + 1)? } else { at + 1 };
    let end = name + member_len(text, name)?;
    let closed = if quoted && end > name { text.past_quote(end)? } else { end };
    let closed = past_visibility(text, closed)?;
    if end == name || text.at(closed)? != b']' {
        return Ok(None);
    }
    let arrow = text.skip_blanks(closed + 1, 0)?;
    Ok(past_colon(text, arrow)?.filter(|end| *end > arrow + 1))
}

/// The position after the type of an array or object at `at`: of its bracket, or of the end of the line above it.
#[inline(always)]
fn past_heading(text: &Text, at: usize, level: u8) -> Step<Option<usize>> {
    match text.window().get(at) {
        None | Some(b'a' | b'A'..=b'Z' | b'o' | b'(') => past_heading_at(text, at, level),
        _ => Ok(None),
    }
}

#[inline(never)]
fn past_heading_at(text: &Text, at: usize, level: u8) -> Step<Option<usize>> {
    let end = match text.at(at)? {
        b'a' | b'A' if text.has_word(at + 1, b"rray")? => Some(past_size(text, at + 5)?),
        b'(' if text.has_word(at + 1, b"[]string)")? => Some(past_length(text, at + 10)?),
        b'o' if text.has_word(at + 1, b"bject(")? => past_object(text, at)?,
        b'A'..=b'Z' => past_class(text, at)?,
        _ => None,
    };
    end.map(|end| text.skip_blanks(end, level)).transpose()
}

/// The position after the size of an array at `at`: Symfony's `:1`, `(1)`.
fn past_size(text: &Text, at: usize) -> Step<usize> {
    Ok(match text.at(at)? {
        b':' => past_digits(text, at + 1)?,
        b'(' if text.at(at + 1)?.is_ascii_digit() => past_digits(text, at + 1)? + 1,
        _ => at,
    })
}

/// The position after the type of an object at `at`, as var_dump prints it: `object(App\Cookie)#3 (12)`.
fn past_object(text: &Text, at: usize) -> Step<Option<usize>> {
    let Some(end) = past(text, at, "object(*)", 0)? else { return Ok(None) };
    if text.at(end)? != b'#' {
        return Ok(None);
    }
    past(text, end + 1, "# (#)", 0)
}

/// The position after the type of an object at `at`, as print_r prints it: `App\Cookie Object`.
pub(super) fn past_class(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at + 1;
    while end - at < MAX_CLASS && (is_name(text.at(end)?) || text.at(end)? == b'\\') {
        end += 1;
    }
    Ok(text.has_word(end, b" object")?.then_some(end + b" object".len()))
}
