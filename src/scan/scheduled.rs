//! Secrets that are certain but start later.
//!
//! The secret of a custom rule or of a command may start long after its keyword, and the body in a line of a private key after a
//! prefix. Other secrets may come first. So the secret is recorded here. It starts where it was found, whatever the
//! bytes before it turn out to be, and however the input is split.

use crate::grammar::text::lex::Quote;
use crate::grammar::value::extent::Flavour;
use crate::span::RuleId;

/// A secret that will start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scheduled {
    /// The offset in the window where it starts.
    pub start: usize,
    /// The offset where it ends, apart from its tail.
    pub end: usize,
    pub rule: RuleId,
    pub reading: ScheduledKind,
}

/// How a scheduled secret is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScheduledKind {
    /// Up to its end, and then with the tail of the recogniser with that number.
    Match(Option<u16>),
    /// As a value in these quotes.
    Argument(Quote),
    /// As a value that nothing encloses.
    Value(Flavour),
}

/// The scheduled secrets, in no order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schedule(Vec<Scheduled>);

impl Schedule {
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a secret, unless it is scheduled already.
    pub fn add(&mut self, scheduled: Scheduled) {
        if !self.0.contains(&scheduled) {
            self.0.push(scheduled);
        }
    }

    /// The first secret that starts at or after `at`. If one should have started before, its rest starts at `at`. Those
    /// that have ended are dropped, because another secret has covered them.
    #[inline]
    pub fn next(&mut self, at: usize) -> Option<Scheduled> {
        if self.0.is_empty() { None } else { self.first(at) }
    }

    fn first(&mut self, at: usize) -> Option<Scheduled> {
        self.0.retain(|scheduled| scheduled.end > at);
        let first = self.0.iter().min_by_key(|scheduled| (scheduled.start, scheduled.end))?;
        Some(Scheduled { start: first.start.max(at), ..*first })
    }

    /// Removes the secret that [`next`](Schedule::next) returned, because it starts.
    pub fn start(&mut self) {
        let first =
            self.0.iter().enumerate().min_by_key(|(_, scheduled)| (scheduled.start, scheduled.end));
        if let Some((index, _)) = first {
            self.0.remove(index);
        }
    }

    /// Moves to the end of the settled bytes, where the next window starts.
    pub fn settle(&mut self, settled: usize) {
        self.0.retain_mut(|scheduled| {
            let goes_on = scheduled.end > settled;
            scheduled.start = scheduled.start.saturating_sub(settled);
            scheduled.end = scheduled.end.saturating_sub(settled);
            goes_on
        });
    }
}
