//! The search for one set of patterns.

use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, Span};

/// A search for the first of some patterns, none of which is another's prefix.
#[derive(Debug)]
pub(super) enum Engine {
    /// SIMD (Teddy).
    Packed(Searcher),
    /// Where that is not available, and for more patterns than it takes.
    Automaton(AhoCorasick),
}

impl Engine {
    /// A search for `patterns`, by the packed searcher if that is wanted and to be had.
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

    /// Where the first pattern in `block` from `offset` on starts, and its number.
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
