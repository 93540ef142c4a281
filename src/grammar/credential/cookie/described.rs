//! Objects that describe a cookie: a name, a value and attributes, as members.

use crate::grammar::key::{
    FIRST, MEMBER, VALUE, describes_cookie, field, line_below, member_len, member_name, past_unit,
};
use crate::grammar::text::lex::{Enc, Step, Text, is_blank, is_name};
use crate::grammar::value::frame::Frame;

/// How far an object is read to decide whether it describes a cookie, in bytes.
const MAX_DESCRIPTION: usize = 512;

/// The deepest nesting of brackets there. Without a limit, brackets that only open would each be read that far.
const MAX_DEPTH: u32 = 3;

/// Whether the text from `at` to the bracket `close` has a `value` and another member of a description, and so is not a map
/// of cookies.
///
/// If no bracket closes the text, `close` is 0. `name=sid; value=T; path=/` is a description then, but in
/// `name=ada; theme=dark` the pair after the semicolon is not a member, so these are cookies and one of them is called
/// `name`. Such a description continues on the next line if it has no semicolons and that line begins with a member.
pub(crate) fn has_description(text: &Text, at: usize, close: u8) -> Step<bool> {
    let (mut has_value, mut has_other_member) = (false, false);
    let (mut end, mut depth) = (at, 0u32);
    let mut name_may_start = true;
    let (mut follows_semicolon, mut semicolons) = (false, false);
    while end - at < MAX_DESCRIPTION && !text.is_past(end) {
        let unit = text.unit(end)?;
        // `[name] => `.
        let name_at = if unit.ch == b'[' { end + unit.len } else { end };
        let len = match depth {
            0 if name_at > end || name_may_start && is_name(unit.ch) => member_len(text, name_at)?,
            _ => 0,
        };
        if len > 0 {
            let name = &text.window()[name_at..name_at + len];
            match field(name) {
                Some(field) => {
                    has_value |= field.is(VALUE);
                    has_other_member |= field.is(MEMBER);
                }
                None if close == 0 && follows_semicolon => return Ok(false),
                None => {}
            }
            if close != 0 && has_value && has_other_member {
                return Ok(true);
            }
            end = past_string(text, name_at + len)?;
            (name_may_start, follows_semicolon) = (false, false);
            continue;
        }
        // The rest of a name that is no member.
        if is_name(unit.ch) && unit.enc == Enc::Raw {
            let rest = &text.window()[end..text.window().len().min(at + MAX_DESCRIPTION)];
            end += rest.iter().take_while(|byte| is_name(**byte)).count();
            (name_may_start, follows_semicolon) = (false, false);
            continue;
        }
        if close == 0 && unit.is_newline() && (semicolons || !begins_with_member(text, end)?) {
            break;
        }
        match unit.ch {
            b'{' | b'[' | b'(' if depth == MAX_DEPTH => break,
            b'{' | b'[' | b'(' => depth += 1,
            ch if depth == 0 && ch == close => break,
            b'}' | b']' | b')' if depth == 0 => break,
            b'}' | b']' | b')' => depth -= 1,
            _ => {}
        }
        name_may_start = !is_name(unit.ch);
        semicolons |= unit.ch == b';';
        follows_semicolon = unit.ch == b';' || follows_semicolon && is_blank(unit.ch);
        end = past_unit(text, end, unit)?;
    }
    Ok(close == 0 && has_value && has_other_member)
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

/// Whether a description that no bracket closes starts at `at`, with `name=`, `"name": `, `[name] => ` or `Value = `.
pub(crate) fn starts_description(text: &Text, at: usize) -> Step<bool> {
    let name = member_name(text, at)?;
    Ok(describes_cookie(name, FIRST) && has_description(text, at, 0)?)
}

/// The same for an item of a list of cookies, whose members may be sorted by their names: `- domain: h`.
pub(crate) fn is_described(text: &Text, at: usize) -> Step<bool> {
    let name = member_name(text, at)?;
    Ok(describes_cookie(name, FIRST | MEMBER) && has_description(text, at, 0)?)
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
