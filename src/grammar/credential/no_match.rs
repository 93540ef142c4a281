//! Ranges in which a pattern is known not to match.
//!
//! A text may be full of a rule's keyword and never match its pattern. Each attempt reads as many bytes as the pattern
//! can match, which is linear in total, but thousands of steps per byte. So after two failures in a short distance, the
//! text ahead is searched once for the next start of a match, and the keyword is ignored until there.

use std::ops::Range;

use crate::grammar::credential::recogniser::Recogniser;
use crate::grammar::text::lex::Text;

/// The ranges of a window in which patterns do not match.
#[derive(Clone, Debug, Default)]
pub(crate) struct NoMatch {
    /// By recogniser: from the last failure to where its pattern may match again.
    stretches: Vec<(u16, Range<usize>)>,
}

impl NoMatch {
    /// Forgets the window.
    pub fn clear(&mut self) {
        self.stretches.clear();
    }

    /// Whether the pattern cannot match at the keyword at `at`.
    pub fn has(&self, number: u16, at: usize) -> bool {
        self.stretches.iter().any(|(other, stretch)| *other == number && stretch.contains(&at))
    }

    /// Records that the pattern failed at the keyword at `at`.
    ///
    /// A match that does not start later does not count for a later keyword either: it ends before the keyword, or its
    /// secret starts before it, or is a placeholder.
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
