//! Where a custom pattern is known to match nothing.
//!
//! A text may be full of a rule's keyword and never have what the pattern wants behind it. Each time the pattern would be
//! tried on as many bytes as it can match, which is linear in the text, and thousands of steps a byte. So when it has
//! failed twice in a short distance the text ahead is searched once for the next place where a match starts, and until
//! there the keyword means nothing.

use std::ops::Range;

use crate::grammar::credential::recogniser::Recogniser;
use crate::grammar::text::lex::Text;

/// The stretches of a window in which patterns start no match.
#[derive(Clone, Debug, Default)]
pub(crate) struct NoMatch {
    /// By recogniser: from where its pattern failed last to where it may match again.
    stretches: Vec<(u16, Range<usize>)>,
}

impl NoMatch {
    /// Forgets the window.
    pub fn clear(&mut self) {
        self.stretches.clear();
    }

    /// Whether the keyword at `at` leads to nothing.
    pub fn has(&self, number: u16, at: usize) -> bool {
        self.stretches.iter().any(|(other, stretch)| *other == number && stretch.contains(&at))
    }

    /// Takes note that the pattern has failed at the keyword at `at`.
    ///
    /// A match that starts no later is none for any keyword behind it either: it ends before that, or its secret starts
    /// before it, or stands for nothing.
    pub fn add(&mut self, number: u16, recogniser: &Recogniser, text: &Text, at: usize) {
        let Some((_, stretch)) = self.stretches.iter_mut().find(|(other, _)| *other == number)
        else {
            self.stretches.push((number, at..at + 1));
            return;
        };
        let again = at - stretch.start.min(at) <= recogniser.longest();
        *stretch = at..if again { recogniser.no_match_until(text, at) } else { at + 1 };
    }
}
