//! Matches the patterns of [`super::shapes`] for the text between a key and its value.

use super::shapes::NOUNS;
use super::value_member::value_key;
use crate::grammar::text::lex::{Enc, Step, Text, hex, is_name};

/// The most words that `@` matches.
const MAX_NOUNS: usize = 4;
/// The most digits that `#` matches.
const MAX_DIGITS: usize = 12;
/// The most digits that `$` matches.
const MAX_HEX: usize = 16;
/// The longest name that `!` matches.
const MAX_WORD: usize = 64;
/// The longest run without spaces that `%` matches, in bytes.
const MAX_RUN: usize = 192;
/// The most that `*` matches, in bytes.
const MAX_REST: usize = 384;

/// The first letters of [`NOUNS`], a bit each.
const FIRST_OF_NOUNS: u32 = {
    let mut letters = 0;
    let mut k = 0;
    while k < NOUNS.len() {
        letters |= 1 << (NOUNS[k].as_bytes()[0] - b'a');
        k += 1;
    }
    letters
};

/// Whether one of [`NOUNS`] may begin with `ch`.
#[inline(always)]
pub(super) const fn may_be_noun(ch: u8) -> bool {
    ch.is_ascii_alphabetic() && FIRST_OF_NOUNS >> ((ch | 0x20) - b'a') & 1 == 1
}

/// Whether `pattern`, after the spaces that it starts with, may match a text that starts with `ch`.
#[inline(always)]
pub(super) fn may_start(pattern: &str, ch: u8) -> bool {
    match pattern.as_bytes() {
        [b'@', ..] => may_be_noun(ch),
        [b' ' | b'~', sign, ..] if sign.is_ascii_lowercase() => *sign == ch.to_ascii_lowercase(),
        _ => true,
    }
}

/// The position after a match of `pattern` at `at`, in text that is percent-encoded to `level`.
pub(super) fn past(text: &Text, at: usize, pattern: &str, level: u8) -> Step<Option<usize>> {
    let signs = pattern.as_bytes();
    let (mut at, mut k) = (at, 0);
    while let Some(&sign) = signs.get(k) {
        k += 1;
        let next = match sign {
            b'~' => {
                at = text.skip_blanks(at, level)?;
                continue;
            }
            b' ' => text.skip_blanks(at, level)?,
            b'@' => past_nouns(text, at, level)?,
            b'^' => value_key(text, at)?.unwrap_or(at),
            b'&' => past_gap(text, at)?,
            b'#' => past_digits(text, at)?,
            b'$' => past_hex(text, at)?,
            b'%' => past_run(text, at)?,
            b'!' => past_name(text, at)?,
            b'*' => {
                let rest = &signs[k..];
                let len = rest.iter().position(|sign| b"~@^&#$%*!".contains(sign));
                let word = &rest[..len.unwrap_or(rest.len())];
                k += word.len();
                past_word(text, at, word)?.unwrap_or(at)
            }
            _ => {
                let unit = text.unit(at)?;
                // PHP and Rails encode the brackets of a query's names, and nothing around them.
                let bracket = matches!(sign, b'[' | b']') && unit.level() == level + 1;
                let foreign = unit.enc == Enc::Ansi || unit.level() > level && !bracket;
                if foreign || unit.ch.to_ascii_lowercase() != sign {
                    return Ok(None);
                }
                at + unit.len
            }
        };
        if next == at {
            return Ok(None);
        }
        at = next;
    }
    Ok(Some(at))
}

/// Skips words that repeat what a key is. Each ends before a space or a separator.
pub(super) fn past_nouns(text: &Text, at: usize, level: u8) -> Step<usize> {
    let mut end = at;
    for _ in 0..MAX_NOUNS {
        let start = text.skip_blanks(end, level)?;
        if start == end {
            break;
        }
        let mut next = end;
        let first = text.at(start)?.to_ascii_lowercase();
        if !may_be_noun(first) {
            break;
        }
        for noun in NOUNS.iter().filter(|noun| noun.as_bytes()[0] == first) {
            if text.has_word(start, noun.as_bytes())? && !is_name(text.at(start + noun.len())?) {
                next = start + noun.len();
                break;
            }
        }
        if next == end {
            break;
        }
        end = next;
    }
    Ok(end)
}

/// Skips a tab, or two or more spaces.
fn past_gap(text: &Text, at: usize) -> Step<usize> {
    let first = text.unit(at)?;
    let end = text.skip_blanks(at, 0)?;
    let gap = end > at && (first.ch == b'\t' || end > at + first.len);
    Ok(if gap { end } else { at })
}

/// Skips a few digits.
pub(super) fn past_digits(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_DIGITS && text.at(end)?.is_ascii_digit() {
        end += 1;
    }
    Ok(end)
}

/// Skips the digits of an address.
fn past_hex(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_HEX && hex(text.at(end)?).is_some() {
        end += 1;
    }
    Ok(end)
}

/// Skips a name, which may have dots in it.
fn past_name(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_WORD && (is_name(text.at(end)?) || text.at(end)? == b'.') {
        end += 1;
    }
    Ok(end)
}

/// Skips text without spaces, up to a colon at its end.
fn past_run(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while !matches!(text.at(end)?, b' ' | b'\t' | b'\r' | b'\n') {
        if end - at == MAX_RUN {
            return Ok(at);
        }
        end += 1;
    }
    let colon = end > at && text.at(end - 1)? == b':';
    Ok(end - usize::from(colon))
}

/// Skips to the end of the first `word` on the line.
fn past_word(text: &Text, at: usize, word: &[u8]) -> Step<Option<usize>> {
    let mut end = at;
    while !text.has_word(end, word)? {
        if end - at == MAX_REST || text.at(end)? == b'\n' {
            return Ok(None);
        }
        end += 1;
    }
    Ok(Some(end + word.len()))
}
