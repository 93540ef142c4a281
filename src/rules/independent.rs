//! Custom rules that are searched for independently of the built-in ones: rules with `first`, which take precedence, and
//! rules with `decode`, whose pattern matches decoded text.
//!
//! Other rules are not tried inside of a secret that was found before. These rules are, so each window is searched once
//! more for their keywords.

use aho_corasick::{AhoCorasick, MatchKind};

/// The keywords of the independent rules, compiled.
#[derive(Debug)]
pub(crate) struct Independent {
    automaton: AhoCorasick,
    /// For each keyword, the number of its recogniser in the rule set.
    numbers: Vec<u16>,
    keywords: Vec<Vec<u8>>,
    /// The length of the longest keyword, in bytes.
    longest: usize,
}

impl Independent {
    /// Compiles keywords, each with the number of its recogniser.
    pub fn new(all: Vec<(Vec<u8>, u16)>) -> Independent {
        let (keywords, numbers): (Vec<Vec<u8>>, Vec<u16>) = all.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(&keywords)
            .expect("keywords of a few bytes compile as long as there are fewer than billions");
        let longest = keywords.iter().map(Vec::len).max().unwrap_or(0);
        Independent { automaton, numbers, keywords, longest }
    }

    /// The offset of each keyword in `window`, also of overlapping ones, and the number of its recogniser.
    pub fn hits(&self, window: &[u8]) -> impl Iterator<Item = (usize, u16)> {
        self.automaton
            .find_overlapping_iter(window)
            .map(|found| (found.start(), self.numbers[found.pattern().as_usize()]))
    }

    /// The offset of the keyword that the end of `window` may cut off, if there is one.
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
