//! The known values, and what a value has to be like to be searched for.

use std::collections::HashSet;
use std::fmt;

use super::encoding::EXPANSION;
use super::heads::{HEAD, Head, base64, heads};
use super::search::Search;
use super::set::{Kind, Set};

/// The shortest value, in bytes. Shorter ones would be found inside words.
pub(crate) const MIN: usize = 6;
/// The longest value, in bytes. Even encoded, it fits into the bytes that may wait for a decision.
pub(crate) const MAX: usize = 4096;

/// The values, compiled.
pub(crate) struct Known {
    search: Search,
    set: Set,
}

/// Why a value cannot be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unfit {
    /// It is empty.
    Empty,
    /// It has fewer than six bytes, and would be found inside words.
    Short,
    /// It has more than 4096 bytes.
    Long,
    /// It is part of a replacement.
    Replacement,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Empty => f.write_str("is empty"),
            Unfit::Short => {
                write!(f, "is shorter than {MIN} bytes, and would be found inside words")
            }
            Unfit::Long => write!(f, "is longer than {MAX} bytes"),
            Unfit::Replacement => f.write_str("is part of a replacement"),
        }
    }
}

/// The replacements. No known value may be part of one.
pub(crate) struct Labels {
    text: Vec<u8>,
    /// The first bytes of every part of a replacement.
    heads: HashSet<Head>,
}

impl Labels {
    /// The replacements with the labels of the rules `names`.
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Labels {
        let mut text = b"[REDACTED:...\n[REDACTED]\n".to_vec();
        for name in names {
            text.extend(format!("[REDACTED:{name}:\n[REDACTED:{name}]\n").bytes());
        }
        let heads = text.windows(HEAD).filter_map(|head| head.try_into().ok()).collect();
        Labels { text, heads }
    }

    /// Whether `value` can be searched for.
    pub fn fitness(&self, value: &[u8]) -> Result<(), Unfit> {
        match value.len() {
            0 => return Err(Unfit::Empty),
            len if len < MIN => return Err(Unfit::Short),
            len if len > MAX => return Err(Unfit::Long),
            _ => {}
        }
        let is_mask = value.iter().all(|byte| *byte == b'*');
        let is_part = || {
            value.first_chunk().is_some_and(|head| self.heads.contains(head))
                && memchr::memmem::find(&self.text, value).is_some()
        };
        if is_mask || is_part() { Err(Unfit::Replacement) } else { Ok(()) }
    }
}

impl Known {
    /// Compiles values that have passed [`fitness`](Labels::fitness).
    pub fn new(values: Vec<Vec<u8>>, portable: bool) -> Known {
        let mut found: Vec<Head> = Vec::new();
        let set = Set::new(values.into_iter().flat_map(texts).inspect(|(text, _)| {
            heads(text, |head| {
                if found.last() != Some(&head) {
                    found.push(head);
                }
            });
        }));
        Known { search: Search::new(found, portable), set }
    }

    /// The most bytes that wait for a decision.
    pub fn hold(&self) -> usize {
        self.set.longest() * EXPANSION + 2
    }

    /// Puts the ranges of the values in `window` into `found`, without overlaps. Returns the offset before which no
    /// further value may have started.
    pub fn find(&self, window: &[u8], eof: bool, found: &mut Vec<(usize, usize)>) -> usize {
        found.clear();
        let base64 = |k: usize| window.get(k).is_some_and(|byte| is_base64(*byte));
        let (mut at, mut sure) = (0, window.len());
        while sure == window.len()
            && let Some(start) = self.search.next(window, at)
        {
            at = start + 1;
            let text = self.set.find(window, start, eof);
            if text.open {
                sure = start;
            }
            let Some((end, inner)) = text.end else { continue };
            let mut stretch = (start, end);
            if inner {
                // A base64 character that encodes bits of the value and of its neighbour is redacted with the value.
                stretch.0 -= usize::from(start > 0 && base64(start - 1));
                if end == window.len() && !eof {
                    sure = sure.min(stretch.0);
                }
                stretch.1 += usize::from(base64(end));
            }
            join(found, stretch);
        }
        if eof {
            return window.len();
        }
        // The window may end in the middle of a head.
        let last = window.len().saturating_sub(HEAD - 1);
        let cut = (last..window.len()).find(|at| self.set.find(window, *at, false).open);
        let sure = cut.map_or(sure, |cut| cut.min(sure));
        // The character before a value counts in base64.
        sure - usize::from(sure > 0 && base64(sure - 1))
    }
}

/// The texts that are searched for: the value with either line ending, and its base64 at each offset within a group.
fn texts(value: Vec<u8>) -> Vec<(Vec<u8>, Kind)> {
    let crlf = value.contains(&b'\n').then(|| {
        let mut crlf = Vec::new();
        for (at, &byte) in value.iter().enumerate() {
            if byte == b'\n' && (at == 0 || value[at - 1] != b'\r') {
                crlf.push(b'\r');
            }
            crlf.push(byte);
        }
        crlf
    });
    let mut texts = Vec::with_capacity(4);
    for value in [Some(value), crlf].into_iter().flatten() {
        for shift in 0..3 {
            let whole = shift == 0 && value.len().is_multiple_of(3);
            texts.push((base64(&value, shift), if whole { Kind::Base64 } else { Kind::Inner }));
        }
        texts.push((value, Kind::Plain));
    }
    texts
}

/// Adds a range to `found`. Candidates are at least a byte apart and start at most a byte earlier, so this range does not
/// start before the last one.
fn join(found: &mut Vec<(usize, usize)>, stretch: (usize, usize)) {
    match found.last_mut() {
        Some(last) if stretch.0 < last.1 => {
            last.1 = last.1.max(stretch.1);
        }
        _ => found.push(stretch),
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Shows the number of values, but not the values.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("texts", &self.set.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_values_become_one_span() {
        let values = vec![b"abcdef".to_vec(), b"defghi".to_vec(), b"aaaaaa".to_vec()];
        for portable in [false, true] {
            let known = Known::new(values.clone(), portable);
            let mut found = Vec::new();
            known.find(b"xabcdefghi abcdef aaaaaaaaaa", true, &mut found);
            assert_eq!(found, [(1, 10), (11, 17), (18, 28)]);
        }
    }

    #[test]
    fn unfit_values() {
        let labels = Labels::new(["authorization"].into_iter());
        assert_eq!(labels.fitness(b""), Err(Unfit::Empty));
        assert_eq!(labels.fitness(b"12345"), Err(Unfit::Short));
        assert_eq!(labels.fitness(&[b'x'; MAX + 1]), Err(Unfit::Long));
        for value in ["REDACTED", "[REDACTED]", "authorization", "********", "TED:authoriz"] {
            assert_eq!(labels.fitness(value.as_bytes()), Err(Unfit::Replacement), "{value}");
        }
        assert_eq!(labels.fitness(b"hunter2"), Ok(()));
    }
}
