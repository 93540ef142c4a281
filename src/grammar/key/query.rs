//! Parameters that are keys only because of their place: `code` with `state`, `Signature` with `Key-Pair-Id`, `ticket` in
//! a query. The place of `code` is also a map, in which a framework prints the query that it has parsed:
//! `{"code"=>"T", "state"=>"S"}`.

use super::class::Class;
use super::known::{QUERY_KEYS, QueryKey};
use crate::grammar::text::lex::{Enc, More, Step, Text, is_name};
use crate::grammar::text::reads;
use crate::grammar::value::writing::is_written;

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
        let found = row.in_maps && in_map(text, at, back, end, row)?;
        return Ok(found.then_some(row.class));
    }
    if row.others.is_empty() {
        return Ok(matches!(first.ch, b'?' | b'&').then_some(row.class));
    }
    let found = follows_parameter(text, at, back, row)
        || is_before(text, at, back, row)
        || is_after(text, end, row)?
        || row.in_maps && in_map(text, at, back, end, row)?;
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

/// Whether there is `?state=` or `&state=` in the query before the name, or `state=` at its start.
fn is_before(text: &Text, at: usize, back: usize, row: &QueryKey) -> bool {
    let mut copy = [0; MAX_BEFORE];
    let before = text.bytes_before(at, back, &mut copy);
    let mut end = before.len();
    for _ in 0..MAX_PARAMS {
        let Some(equals) = memchr::memrchr(b'=', &before[..end]) else { return false };
        (0..=(end - equals) / 8).for_each(|_| reads::count());
        if before[equals..end].iter().any(|byte| ENDS_QUERY[usize::from(*byte)]) {
            return false;
        }
        let name = before[..equals].iter().rev().take_while(|byte| is_name(**byte)).count();
        let (rest, name) = before[..equals].split_at(equals - name);
        let starts =
            matches!(rest.last(), Some(0..=b' ' | b'?' | b'&' | b'#' | b';' | b'"' | b'\''));
        let named = |other: &&[u8]| other.len() == name.len() && name.eq_ignore_ascii_case(other);
        if starts && row.others.iter().any(named) {
            return true;
        }
        end = equals;
    }
    false
}

/// Whether there is `&state=` in the query from `at` on.
fn is_after(text: &Text, at: usize, row: &QueryKey) -> Step<bool> {
    let (mut end, mut marks) = (at, 0);
    while end - at < MAX_AFTER && marks < MAX_MARKS {
        let rest = text.window().get(end..).unwrap_or_default();
        let room = rest.len().min(MAX_AFTER - (end - at));
        let plain = rest[..room].iter().take_while(|byte| is_name(**byte)).count();
        (0..plain / 8).for_each(|_| reads::count());
        end += plain;
        if plain == room && room > 0 {
            continue;
        }
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
                let first = text.at(name)?.to_ascii_lowercase();
                for other in row.others.iter().filter(|other| other[0] == first) {
                    if text.has_word(name, other)? && text.unit(name + other.len())?.ch == b'=' {
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

/// The bytes that are not in a query. Behind an escape character a colour may follow, as of what a search found.
static ENDS_QUERY: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, 0..=0x1a | 0x1c..=b' ' | b'"' | b'\'' | b'<' | b'>');
        byte += 1;
    }
    table
};

/// The shortest authorization code, as an entry of a map. Other codes are shorter.
const MIN_CODE: usize = 16;
/// How much of a code is read to decide whether it consists of words, in bytes.
const MAX_CODE: usize = 48;
/// How far behind its name the code starts, in bytes: `"]=>\n  string(32) "`.
const MAX_OPENER: usize = 64;
/// How far a map is read on either side of the code, in bytes.
const MAX_MAP: usize = 1024;

/// Whether the name is that of an entry of a map, or the first string of a pair, with a long value and another entry that
/// only a query of OAuth has.
fn in_map(text: &Text, at: usize, back: usize, end: usize, row: &QueryKey) -> Step<bool> {
    // 1. The separator.
    let opener = text.unit_before(at, back);
    let mut next = end;
    if let Some(quote) = opener.quote() {
        if quote.closed_by(text.unit(end)?) != Some(0) {
            return Ok(false);
        }
        next = text.past_quote(end)?;
    } else if !matches!(opener.ch, b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'[' | b'(' | b',' | b':')
    {
        return Ok(false);
    }
    let bracket = text.unit(next)?;
    if bracket.ch == b']' {
        next += bracket.len;
    }
    let bare = next == end;
    let separator = text.unit(if bare { end } else { text.skip_blanks(next, 0)? })?.ch;
    let pair = separator == b',' && opener.quote().is_some();
    if !(pair || matches!(separator, b':' | b'=')) {
        return Ok(false);
    }
    // 2. The value, and the other entry.
    // Node prints an object over several lines with bare names and quoted strings.
    let lines = !bare || matches!(opener.ch, b' ' | b'\t') && text.unit(end + 2)?.quote().is_some();
    Ok(has_code(text, end)?
        && (follows_entry(text, at, back, row, pair)
            || precedes_entry(text, next, row, pair, lines)?))
}

/// Whether there is a code soon behind the name that ends at `at`, before the next entry of the map. It is neither a UUID
/// nor consists of words.
fn has_code(text: &Text, at: usize) -> Step<bool> {
    let after = text.window().get(at..).unwrap_or_default();
    let start = match code_start(after, is_of_code) {
        CodeStart::At(start) => at + start,
        CodeStart::Cut if !text.is_end() => return Err(More),
        CodeStart::Cut | CodeStart::None => return Ok(false),
    };
    let mut end = start + MIN_CODE;
    while end - start < MAX_CODE && is_of_code(text.at(end)?) {
        end += 1;
    }
    let code = &text.window()[start..end];
    // The code of an error: `InvalidParameterValue2`.
    Ok([8, 13].map(|k| code[k] == b'-') != [true; 2] && !is_written(code))
}

/// Whether what is behind a name begins with a run of characters that is long enough for a code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CodeStart {
    At(usize),
    None,
    /// The text ended before that was decided.
    Cut,
}

/// Where a code may start in `behind`, which follows its name, before the next entry of the map. The anchor's search asks
/// this about folded text.
#[inline]
pub(crate) fn code_start(after: &[u8], is_of_code: impl Fn(u8) -> bool) -> CodeStart {
    let (mut run, mut begun) = (0, false);
    for (k, &byte) in after.iter().take(MAX_OPENER + MIN_CODE).enumerate() {
        reads::count();
        if is_of_code(byte) {
            (run, begun) = (run + 1, true);
            if run == MIN_CODE {
                return CodeStart::At(k + 1 - run);
            }
        } else if begun && matches!(byte, b',' | b'}' | b']') {
            return CodeStart::None;
        } else {
            run = 0;
        }
    }
    if after.len() < MAX_OPENER + MIN_CODE { CodeStart::Cut } else { CodeStart::None }
}

/// Whether an authorization code contains the byte.
fn is_of_code(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'.' | b'/' | b'~' | b'+' | b'%')
}

/// Whether another entry of `row` is in the same map, on the same line before the name.
fn follows_entry(text: &Text, at: usize, back: usize, row: &QueryKey, pair: bool) -> bool {
    let (mut k, mut depth) = (back + 1, 0);
    while k < MAX_BEFORE {
        match text.before(at, k) {
            b'\n' => return false,
            b'}' => depth += 1,
            b'{' if depth == 0 && !pair => return false,
            b'{' if depth > 0 => depth -= 1,
            b'"' | b'\'' | b':' | b'=' | b']' | b'\\' => {
                let last = text.before(at, k + 1).to_ascii_lowercase();
                let is_entry = |other: &&[u8]| {
                    other.last() == Some(&last)
                        && text.ends_before(at, k, other)
                        && !is_name(text.before(at, k + other.len() + 1))
                };
                if row.others.iter().any(is_entry) {
                    return true;
                }
            }
            _ => {}
        }
        k += 1;
    }
    false
}

/// Whether another entry of `row` is in the same map, behind `at`. The map may have several `lines`.
fn precedes_entry(text: &Text, at: usize, row: &QueryKey, pair: bool, lines: bool) -> Step<bool> {
    let (mut end, mut depth) = (at, 0);
    let (mut inside, mut newlines) = (false, 0);
    while end - at < MAX_MAP && !text.is_past(end) {
        let unit = text.unit(end)?;
        newlines = match unit.ch {
            b'\n' => newlines + 1,
            b' ' | b'\t' | b'\r' => newlines,
            _ => 0,
        };
        match unit.ch {
            b'\n' if !lines || newlines > 1 => return Ok(false),
            b'{' | b'(' => depth += 1,
            b'}' | b')' if depth > 0 => depth -= 1,
            b'}' | b')' => {
                let next = text.skip_blanks(end + unit.len, 0)?;
                if !pair || text.unit(next)?.ch != b',' {
                    return Ok(false);
                }
            }
            ch if is_name(ch) && !inside => {
                let first = ch.to_ascii_lowercase();
                for other in row.others.iter().filter(|other| other[0] == first) {
                    let name = end + other.len();
                    if text.has_word(end, other)?
                        && matches!(text.unit(name)?.ch, b'"' | b'\'' | b':' | b'=' | b']' | b' ')
                    {
                        return Ok(true);
                    }
                }
            }
            _ => {}
        }
        inside = is_name(unit.ch);
        end += unit.len;
    }
    Ok(false)
}
