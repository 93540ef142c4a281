//! The search for one set of patterns.

use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, Span};

/// A search for the first of several patterns. No pattern is another's prefix.
#[derive(Debug)]
pub(super) enum Engine {
    /// SIMD (Teddy).
    Packed(Searcher),
    /// For machines without SIMD, and for more patterns than the packed searcher takes.
    Automaton(AhoCorasick),
}

impl Engine {
    /// A search for `patterns`. It uses the packed searcher if `packed` is set and the machine supports it.
    pub fn new(patterns: &[&[u8]], packed: bool) -> Engine {
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

    /// The offset and the number of the first pattern in `block` at or after `offset`.
    pub fn find(&self, block: &[u8], offset: usize) -> Option<(usize, usize)> {
        if offset > block.len() {
            return None;
        }
        let span = Span { start: offset, end: block.len() };
        let found = match self {
            Engine::Packed(searcher) => searcher.find_in(block, span),
            Engine::Automaton(automaton) => {
                automaton.find(aho_corasick::Input::new(block).span(span))
            }
        };
        found.map(|found| (found.start(), found.pattern().as_usize()))
    }
}
