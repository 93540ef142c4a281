//! Custom rules that are looked for beside the built-in ones, and not in the places that those leave: rules that come first,
//! and rules whose pattern is tried on decoded text.
//!
//! All of the window is searched for their keywords, once more than for everything else. That is what such a rule costs.

use aho_corasick::{AhoCorasick, BuildError, MatchKind};

/// The keywords of such rules.
#[derive(Debug)]
pub(crate) struct Beside {
    automaton: AhoCorasick,
    /// The number of each keyword's recogniser.
    numbers: Vec<u16>,
    keywords: Vec<Vec<u8>>,
    longest: usize,
}

impl Beside {
    /// Compiles keywords, each with the number of its recogniser.
    pub fn new(all: Vec<(Vec<u8>, u16)>) -> Result<Beside, BuildError> {
        let (keywords, numbers): (Vec<Vec<u8>>, Vec<u16>) = all.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(&keywords)?;
        let longest = keywords.iter().map(Vec::len).max().unwrap_or(0);
        Ok(Beside { automaton, numbers, keywords, longest })
    }

    /// Where keywords are in a window, and the numbers of their recognisers.
    pub fn hits(&self, window: &[u8]) -> impl Iterator<Item = (usize, u16)> {
        self.automaton
            .find_overlapping_iter(window)
            .map(|found| (found.start(), self.numbers[found.pattern().as_usize()]))
    }

    /// Where the end of a window may be inside of a keyword.
    pub fn pending(&self, window: &[u8]) -> Option<usize> {
        let lowest = window.len().saturating_sub(self.longest.saturating_sub(1));
        (lowest..window.len()).find(|&at| {
            let rest = &window[at..];
            self.keywords.iter().any(|keyword| {
                keyword.len() > rest.len() && keyword[..rest.len()].eq_ignore_ascii_case(rest)
            })
        })
    }
}
