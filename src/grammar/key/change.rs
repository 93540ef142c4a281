//! A change of a value, as Terraform and Chef print it: `"T" -> "T"`, `"" => "T"`.

use crate::grammar::text::lex::{Step, Text};

/// What stands for a value that was empty or is not shown.
const NOTHINGS: &[&[u8]] = &[b"null", b"(sensitive value)", b"(sensitive)", b"(known after apply)"];

const WANT: &[u8] = b", want ";

/// The position after the arrow at `at` between an old value and the new one.
pub(crate) fn past_arrow(text: &Text, at: usize) -> Step<Option<usize>> {
    // What a test in Go expected: `access_token = "T", want "T"`.
    if text.has_word(at, WANT)? {
        return Ok(Some(at + WANT.len()));
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
    let unit = text.unit(at)?;
    let mut end = None;
    if let Some(quote) = unit.quote() {
        let closer = text.unit(at + unit.len)?;
        end = (quote.closed_by(closer) == Some(0)).then_some(at + unit.len + closer.len);
    } else {
        for nothing in NOTHINGS {
            if text.has_word(at, nothing)? {
                end = Some(at + nothing.len());
                break;
            }
        }
    }
    let Some(end) = end else { return Ok(at) };
    Ok(match past_arrow(text, end)? {
        Some(new) if text.unit(new)?.quote().is_some() => new,
        _ => at,
    })
}
