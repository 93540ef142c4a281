//! Query parameters that are keys only because of their place: `code` with `state`, `Signature` with `Key-Pair-Id`,
//! `ticket` in a query.

use super::class::Class;
use super::known::{QUERY_KEYS, QueryKey};
use crate::grammar::text::lex::{Enc, Step, Text, is_name};

/// How far the query before the name is read, in bytes.
const MAX_BEFORE: usize = 400;
/// How far the query after the name is read, in bytes.
const MAX_AFTER: usize = 2048;
/// How many parameters are read before the name, so that a query of many short ones stays cheap.
const MAX_PARAMS: usize = 16;
/// How many marks are read after the name. A parameter has two, `&` and `=`, but a text may have only one kind of them.
const MAX_MARKS: usize = 16;

/// The class of the parameter `name`, which starts `back` bytes before `at` and ends at `end`.
pub(super) fn classify(
    text: &Text,
    at: usize,
    back: usize,
    end: usize,
    name: &[u8],
) -> Step<Option<Class>> {
    let Some(row) = QUERY_KEYS.iter().find(|row| name.eq_ignore_ascii_case(row.name)) else {
        return Ok(None);
    };
    let first = text.unit_before(at, back);
    let starts = matches!(first.ch, 0..=b' ' | b'?' | b'&' | b'#' | b'"' | b'\'' | b',')
        || text.ends_before(at, back, b"&amp;");
    if !starts || text.unit(end)?.ch != b'=' {
        return Ok(None);
    }
    if row.others.is_empty() {
        return Ok(matches!(first.ch, b'?' | b'&').then_some(row.class));
    }
    let found = follows_parameter(text, at, back, row)
        || is_before(text, at, back, row)
        || is_after(text, end, row)?;
    Ok(found.then_some(row.class))
}

/// Whether there is `SignedHeaders=host;x-amz-date, ` before the name: a parameter of a scheme.
fn follows_parameter(text: &Text, at: usize, back: usize, row: &QueryKey) -> bool {
    let mut k = back;
    while k < back + 4 && text.before(at, k + 1) == b' ' {
        k += 1;
    }
    if text.before(at, k + 1) != b',' {
        return false;
    }
    k += 2;
    while k < MAX_BEFORE && (is_name(text.before(at, k)) || text.before(at, k) == b';') {
        k += 1;
    }
    text.before(at, k) == b'=' && row.others.iter().any(|other| text.ends_before(at, k, other))
}

/// Whether there is `?state=` or `&state=` in the query before the name.
fn is_before(text: &Text, at: usize, back: usize, row: &QueryKey) -> bool {
    let (mut k, mut params) = (back + 1, 0);
    while k < MAX_BEFORE && params < MAX_PARAMS {
        match text.before(at, k) {
            // A colour, as of what a search found.
            0x1b => {}
            0..=b' ' | b'"' | b'\'' | b'<' | b'>' => return false,
            b'=' => {
                params += 1;
                let named = |other: &&[u8]| {
                    let behind =
                        matches!(text.before(at, k + other.len() + 1), b'?' | b'&' | b'#' | b';');
                    behind && text.ends_before(at, k, other)
                };
                if row.others.iter().any(named) {
                    return true;
                }
            }
            _ => {}
        }
        k += 1;
    }
    false
}

/// Whether there is `&state=` in the query from `at` on.
fn is_after(text: &Text, at: usize, row: &QueryKey) -> Step<bool> {
    let (mut end, mut marks) = (at, 0);
    while end - at < MAX_AFTER && marks < MAX_MARKS {
        let unit = text.unit(end)?;
        let next = end + unit.len.max(1);
        match unit.ch {
            _ if unit.enc == Enc::Ansi => {}
            0..=b' ' | b'"' | b'\'' | b'<' | b'>' => return Ok(false),
            b'=' | b'#' => marks += 1,
            b'&' => {
                marks += 1;
                // `&amp;` separates parameters, too.
                let name = if text.has_word(next, b"amp;")? { next + 4 } else { next };
                for other in row.others {
                    if text.has_word(name, other)? && text.at(name + other.len())? == b'=' {
                        return Ok(true);
                    }
                }
            }
            _ => {}
        }
        end = next;
    }
    Ok(false)
}
