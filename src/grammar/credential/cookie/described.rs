//! Objects that describe a cookie: a name, a value and attributes, as members.

use crate::grammar::key::{
    FIRST, MEMBER, VALUE, describes_cookie, field, line_below, member_len, member_name,
    past_log_prefix,
};
use crate::grammar::text::lex::{Enc, Step, Text, is_blank, is_name};
use crate::grammar::value::frame::Frame;

/// How far an object is read to decide whether it describes a cookie, in bytes.
const MAX_DESCRIPTION: usize = 512;

/// The deepest nesting of brackets there. Without a limit, brackets that only open would each be read that far.
const MAX_DEPTH: u32 = 3;

/// Whether the braces that open before `at` and are closed by `close` contain a `value` and another member of a
/// description, and so are not a map of cookies. Without braces, `close` is 0: then a pair behind a semicolon that is no
/// member shows that these are the cookies of a header, the first of which is called `name`, and the description extends
/// over several lines only without semicolons, and if each line begins with a member.
pub(crate) fn is_described(text: &Text, at: usize, close: u8) -> Step<bool> {
    let (mut value, mut other) = (false, false);
    let (mut end, mut depth) = (at, 0u32);
    let mut boundary = true;
    let (mut behind_semicolon, mut semicolons) = (false, false);
    while end - at < MAX_DESCRIPTION && !text.is_past(end) {
        let unit = text.unit(end)?;
        // `[name] => `.
        let name_at = if unit.ch == b'[' { end + unit.len } else { end };
        let len = match depth {
            0 if name_at > end || boundary && is_name(unit.ch) => member_len(text, name_at)?,
            _ => 0,
        };
        if len > 0 {
            let name = &text.window()[name_at..name_at + len];
            value |= describes_cookie(name, VALUE);
            other |= describes_cookie(name, MEMBER);
            if close == 0 && behind_semicolon && field(name).is_none() {
                return Ok(false);
            }
            if close != 0 && value && other {
                return Ok(true);
            }
            end = past_string(text, name_at + len)?;
            (boundary, behind_semicolon) = (false, false);
            continue;
        }
        if close == 0 && unit.is_newline() && (semicolons || !begins_with_member(text, end)?) {
            break;
        }
        match unit.ch {
            b'{' | b'[' | b'(' if depth == MAX_DEPTH => break,
            b'{' | b'[' | b'(' => depth += 1,
            ch if depth == 0 && ch == close => break,
            b'}' | b']' | b')' if depth == 0 && name_at == end => break,
            b'}' | b']' | b')' => depth -= 1,
            _ => {}
        }
        boundary = !is_name(unit.ch);
        semicolons |= unit.ch == b';';
        behind_semicolon = unit.ch == b';' || behind_semicolon && is_blank(unit.ch);
        end += unit.len;
        if unit.is_newline() {
            end = past_log_prefix(text, end)?;
        }
    }
    Ok(close == 0 && value && other)
}

/// Whether the line after the newline at `at` begins with a member of a description.
fn begins_with_member(text: &Text, at: usize) -> Step<bool> {
    let Some(line) = line_below(text, at)? else { return Ok(false) };
    let name = member_name(text, text.skip_blanks(line, 0)?)?;
    Ok(field(name).is_some())
}

/// Skips the closer of a name that ends at `at`, its separator, and the string after that, if there is one.
fn past_string(text: &Text, at: usize) -> Step<usize> {
    let closer = text.unit(at)?;
    let mut end = match closer.quote() {
        Some(_) => text.past_quote(at)?,
        None => at + if closer.ch == b']' { closer.len } else { 0 },
    };
    end = text.skip_blanks(end, 0)?;
    while matches!(text.unit(end)?.ch, b':' | b'=' | b'>') {
        end += text.unit(end)?.len;
    }
    end = text.skip_blanks(end, 0)?;
    let opener = text.unit(end)?;
    let Some(quote) = opener.quote() else { return Ok(end) };
    let start = text.past_quote(end)?;
    end = start;
    while end - start < MAX_DESCRIPTION {
        let unit = text.unit(end)?;
        if unit.is_newline() && unit.enc == Enc::Raw {
            break;
        }
        if quote.closed_by(unit).is_some() {
            return text.past_quote(end);
        }
        end += unit.len;
    }
    Ok(end)
}

/// Whether the braces that open before `at` begin with a `value`.
pub(super) fn opens_value(text: &Text, at: usize) -> Step<bool> {
    let name = member_name(text, text.skip_blanks(at, 0)?)?;
    Ok(describes_cookie(name, VALUE))
}

/// Whether the description of a cookie starts at `at`: `name=`, `"name": `, `[name] => `, `Value = `.
pub(crate) fn describes(text: &Text, at: usize) -> Step<bool> {
    let name = member_name(text, at)?;
    Ok(describes_cookie(name, FIRST) && is_described(text, at, 0)?)
}

/// Whether a semicolon is in the string at `at`: it has several pairs, because no cookie's value contains one.
pub(super) fn has_semicolon(text: &Text, at: usize, frame: &Frame) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_DESCRIPTION {
        let unit = text.unit(end)?;
        if unit.ch == b';' {
            return Ok(true);
        }
        if unit.is_newline() || frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some()) {
            break;
        }
        end += unit.len;
    }
    Ok(false)
}
