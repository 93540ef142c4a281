//! The search for one set of patterns.

use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, Span};
use memchr::memmem::Finder;

/// A search for the first of several patterns. No pattern is another's prefix.
#[derive(Debug)]
pub(super) enum Engine {
    /// SIMD (Teddy).
    Packed(Searcher),
    /// For patterns that differ in their first byte only: a search for the rest. By that byte, the number of its pattern.
    Alike(Finder<'static>, Box<[Option<u8>; 256]>),
    /// For machines without SIMD, and for more patterns than the packed searcher takes.
    Automaton(AhoCorasick),
}

impl Engine {
    /// A search for `patterns`. It uses the packed searcher if `packed` is set and the machine supports it.
    pub fn new(patterns: &[&[u8]], packed: bool) -> Engine {
        if packed && let Some(alike) = Engine::alike(patterns) {
            return alike;
        }
        let mut config = Config::new();
        config.match_kind(MatchKind::LeftmostFirst);
        let searcher = if packed { config.builder().extend(patterns).build() } else { None };
        match searcher {
            Some(searcher) => Engine::Packed(searcher),
            None => Engine::Automaton(
                AhoCorasick::builder()
                    .match_kind(aho_corasick::MatchKind::LeftmostFirst)
                    .build(patterns)
                    .expect("short patterns compile as long as there are fewer than billions"),
            ),
        }
    }

    /// A search for at least two patterns that differ in their first byte only.
    fn alike(patterns: &[&[u8]]) -> Option<Engine> {
        let (_, rest) = patterns.first()?.split_first()?;
        let mut numbers = Box::new([None; 256]);
        for (number, pattern) in patterns.iter().enumerate() {
            let (first, other) = pattern.split_first()?;
            if other != rest {
                return None;
            }
            numbers[usize::from(*first)] = Some(u8::try_from(number).ok()?);
        }
        let found = || Engine::Alike(Finder::new(rest).into_owned(), numbers);
        (patterns.len() > 1 && !rest.is_empty()).then(found)
    }

    /// The offset and the number of the first pattern in `block` at or after `offset`.
    pub fn find(&self, block: &[u8], offset: usize) -> Option<(usize, usize)> {
        if offset > block.len() {
            return None;
        }
        let span = Span { start: offset, end: block.len() };
        let found = match self {
            Engine::Alike(rest, numbers) => {
                let mut from = offset + 1;
                loop {
                    let at = from - 1 + rest.find(block.get(from..)?)?;
                    if let Some(number) = numbers[usize::from(block[at])] {
                        return Some((at, usize::from(number)));
                    }
                    from = at + 2;
                }
            }
            Engine::Packed(searcher) => searcher.find_in(block, span),
            Engine::Automaton(automaton) => {
                automaton.find(aho_corasick::Input::new(block).span(span))
            }
        };
        found.map(|found| (found.start(), found.pattern().as_usize()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_differ_in_their_first_byte_are_found_as_by_the_automaton() {
        let patterns: Vec<[u8; 4]> =
            b"abcdk? ".iter().map(|first| [*first, b'k', b'e', b'y']).collect();
        let patterns: Vec<&[u8]> = patterns.iter().map(|pattern| &pattern[..]).collect();
        let alike = Engine::new(&patterns, true);
        assert!(matches!(alike, Engine::Alike(..)));
        let automaton = Engine::new(&patterns, false);
        let text = b"key zkey akeykkeykey bkey?keyckekey kkey dkey";
        for offset in 0..=text.len() + 1 {
            assert_eq!(alike.find(text, offset), automaton.find(text, offset), "at {offset}");
        }
    }
}
