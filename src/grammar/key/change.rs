//! A change of a value, as Terraform and Chef print it, `"T" -> "T"`, `"" => "T"`, or as audit logs do, with a member for
//! each side: `{"old":"T","new":"T"}`.

use super::log_prefix::first_in_brackets;
use super::names::strip_letters;
use super::value_member::{past_colon, past_word_member, value_key};
use crate::grammar::text::lex::{Step, Text, is_blank, is_name};

/// What stands for a value that was empty or is not shown.
const NOTHINGS: &[&[u8]] = &[b"null", b"(sensitive value)", b"(sensitive)", b"(known after apply)"];

/// What stands between the two values in messages: `access_token = "T", want "T"`, `changed from "T" to "T"`.
const BETWEEN: [&[u8]; 5] = [b", want ", b" != ", b" to ", b", but got ", b", // should equal "];

/// The position after the arrow at `at` between an old value and the new one.
pub(crate) fn past_arrow(text: &Text, at: usize) -> Step<Option<usize>> {
    for words in BETWEEN {
        if text.has_word(at, words)? {
            return Ok(Some(at + words.len()));
        }
    }
    if !(text.has_word(at, b" -")? || text.has_word(at, b" =")?) {
        return Ok(None);
    }
    let head = text.unit(at + 2)?;
    let end = at + 2 + head.len;
    Ok((head.ch == b'>' && text.at(end)? == b' ').then_some(end + 1))
}

/// The start of the new value, in quotes, if an old value without a secret in it is at `at`.
#[inline(always)]
pub(super) fn past_old_value(text: &Text, at: usize) -> Step<usize> {
    let window = text.window();
    match window.get(at) {
        // `\"\"`
        Some(b'\\') if window.get(at + 2).is_none_or(|next| *next == b'\\') => {
            past_nothing(text, at)
        }
        Some(quote @ (b'"' | b'\'')) if window.get(at + 1).is_none_or(|next| next == quote) => {
            past_nothing(text, at)
        }
        Some(b'n' | b'(') => past_nothing(text, at),
        _ => Ok(at),
    }
}

#[inline(never)]
fn past_nothing(text: &Text, at: usize) -> Step<usize> {
    let Some(end) = nothing_end(text, at)? else { return Ok(at) };
    Ok(match past_arrow(text, end)? {
        Some(new) if text.unit(new)?.quote().is_some() => new,
        _ => at,
    })
}

/// The end of the empty string, or of what else stands for no value, at `at`.
fn nothing_end(text: &Text, at: usize) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    if let Some(quote) = unit.quote() {
        let closer = text.unit(at + unit.len)?;
        return Ok((quote.closed_by(closer) == Some(0)).then_some(at + unit.len + closer.len));
    }
    for nothing in NOTHINGS {
        if text.has_word(at, nothing)? {
            return Ok(Some(at + nothing.len()));
        }
    }
    Ok(None)
}

/// The names of the members with the two sides of a change, in lower case without underscores.
const SIDES: &[&[u8]] = &[
    b"oldvalue",
    b"newvalue",
    b"previousvalue",
    b"currentvalue",
    b"previous",
    b"current",
    b"before",
    b"after",
    b"from",
    b"old",
    b"new",
    b"lhs",
    b"rhs",
    b"to",
];

/// The longest name of a side, in bytes.
const MAX_SIDE: usize = 16;

/// Whether `name` is that of a member with one side of a change.
pub(super) fn is_side(name: &[u8]) -> bool {
    let is_rest = |at: usize| name[..at].iter().all(|byte| *byte == b'_');
    name.len() <= MAX_SIDE
        && SIDES.iter().any(|side| strip_letters(name, side).is_some_and(is_rest))
}

/// The quote that opens a side of a change, if the name of its member is at `at`. If that side has no value, it is the other
/// side.
pub(crate) fn past_side(text: &Text, at: usize) -> Step<Option<usize>> {
    let Some(value) = side_value(text, at)? else { return Ok(None) };
    if let Some(end) = nothing_end(text, value)? {
        return past_first_side(text, end);
    }
    Ok(text.unit(value)?.quote().is_some().then_some(value))
}

/// The start of the value of a side of a change whose name is at `at`.
fn side_value(text: &Text, at: usize) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    let quote = unit.quote();
    let name = at + if quote.is_some() { unit.len } else { 0 };
    let mut end = name;
    while end - name < MAX_SIDE && is_name(text.at(end)?) {
        end += 1;
    }
    if !is_side(&text.window()[name..end]) {
        return Ok(None);
    }
    if let Some(quote) = quote {
        if quote.closed_by(text.unit(end)?) != Some(0) {
            return Ok(None);
        }
        end = text.past_quote(end)?;
    }
    let Some(value) = past_colon(text, text.skip_blanks(end, 0)?)? else { return Ok(None) };
    Ok(Some(text.skip_blanks(value, 0)?))
}

/// The quote that opens a value in one of the first members after the comma at `at`: a side of a change, or `value`.
pub(super) fn past_members(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut comma = at;
    for _ in 0..MAX_MEMBERS {
        if text.at(comma)? != b',' {
            return Ok(None);
        }
        let member = first_in_brackets(text, comma + 1, 0)?;
        let value = match value_key(text, member)? {
            Some(value) => Some(text.skip_blanks(value, 0)?),
            None => past_side(text, member)?,
        };
        if let Some(value) = value {
            return Ok(text.unit(value)?.quote().is_some().then_some(value));
        }
        match past_word_member(text, member)? {
            Some(end) => comma = end,
            None => return Ok(None),
        }
    }
    Ok(None)
}

/// The most members that are read.
const MAX_MEMBERS: usize = 3;

/// The quote that opens the other side of a change, in the member after the comma at `at`.
pub(crate) fn past_first_side(text: &Text, at: usize) -> Step<Option<usize>> {
    if text.at(at)? != b',' {
        return Ok(None);
    }
    let name = first_in_brackets(text, at + 1, 0)?;
    let Some(value) = side_value(text, name)? else { return Ok(None) };
    Ok(text.unit(value)?.quote().is_some().then_some(value))
}

/// Whether the string at `at`, which is after its opening quote, is a side of a change: the name of its member precedes it.
pub(crate) fn is_side_at(text: &Text, at: usize) -> bool {
    let mut name = [0; MAX_SIDE];
    is_side(member_before(text, at, &mut name))
}

/// The same, or the member `value`, which the library that printed a change may write before the old value.
pub(crate) fn is_changed_at(text: &Text, at: usize) -> bool {
    let mut name = [0; MAX_SIDE];
    let name = member_before(text, at, &mut name);
    is_side(name) || name.eq_ignore_ascii_case(b"value")
}

/// The end of the name of the member whose string opens before `at`.
fn member_before<'a>(text: &Text, at: usize, name: &'a mut [u8; MAX_SIDE]) -> &'a [u8] {
    let past_blanks = |mut skip: usize| {
        while skip < MAX_SIDE && is_blank(text.before(at, skip + 1)) {
            skip += 1;
        }
        skip
    };
    let mut skip = past_blanks(text.unit_before(at, 0).len);
    if text.before(at, skip + 1) == b'>' {
        skip += 1;
    }
    if !matches!(text.before(at, skip + 1), b':' | b'=') {
        return &[];
    }
    skip = past_blanks(skip + 1);
    let closer = text.unit_before(at, skip);
    if closer.quote().is_some() {
        skip += closer.len;
    }
    let mut start = MAX_SIDE;
    while start > 0 && is_name(text.before(at, skip + 1)) {
        start -= 1;
        skip += 1;
        name[start] = text.before(at, skip);
    }
    &name[start..]
}
