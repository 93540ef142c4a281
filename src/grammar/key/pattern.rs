//! Matches the patterns of [`super::shapes`] for the text between a key and its value.

use super::shape_index::{Candidates, Start, is_wild, may_be_noun};
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

/// The text after a key, which many patterns are tried on. What several of them begin with is read once.
pub(super) struct Gap {
    /// The end of the key.
    closed: usize,
    /// The end of the spaces after it.
    start: usize,
    level: u8,
    /// The end of what `@` matches after the key, and `%` and `!` after the spaces.
    nouns: usize,
    run: usize,
    name: usize,
}

impl Gap {
    /// The text after a key that ends at `closed`. Those `candidates` are removed whose first sign matches nothing.
    #[inline(always)]
    pub fn new(text: &Text, closed: usize, level: u8, candidates: &mut Candidates) -> Step<Gap> {
        let start = text.skip_blanks(closed, level)?;
        let mut read = |sign, from, past: &dyn Fn() -> Step<usize>| {
            let end = if candidates.has(sign) { past()? } else { from };
            if end == from {
                candidates.remove(sign);
            }
            Ok(end)
        };
        Ok(Gap {
            closed,
            start,
            level,
            nouns: read(Start::Nouns, closed, &|| past_nouns(text, closed, level))?,
            run: read(Start::Run, start, &|| past_run(text, start))?,
            name: read(Start::Name, start, &|| past_name(text, start))?,
        })
    }

    /// The position after a match of `pattern`, which is one of the candidates.
    #[inline(always)]
    pub fn past(&self, text: &Text, pattern: &'static str) -> Step<Option<usize>> {
        let signs = pattern.as_bytes();
        let (from, signs) = match signs {
            [b'@', rest @ ..] => (self.nouns, rest),
            [b' ' | b'~', b'%', rest @ ..] => (self.run, rest),
            [b' ' | b'~', b'!', rest @ ..] => (self.name, rest),
            [b' ', ..] if self.start == self.closed => return Ok(None),
            [b' ' | b'~', rest @ ..] => (self.start, rest),
            _ => (self.closed, signs),
        };
        if signs.is_empty() { Ok(Some(from)) } else { past_signs(text, from, signs, self.level) }
    }
}

/// The position after a match of `pattern` at `at`, in text that is percent-encoded to `level`.
pub(super) fn past(text: &Text, at: usize, pattern: &str, level: u8) -> Step<Option<usize>> {
    past_signs(text, at, pattern.as_bytes(), level)
}

fn past_signs(text: &Text, at: usize, signs: &[u8], level: u8) -> Step<Option<usize>> {
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
                let len = rest.iter().position(|sign| *sign != b' ' && is_wild(*sign));
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
