//! Secrets that are certain but start further on.
//!
//! The secret of a custom rule may start long after the keyword that announced it, and a line of a private key after a
//! prefix. Other secrets may come first. So it is noted here, and starts where it was found to start, whatever the bytes
//! before it turn out to be and however the input is split.

use crate::grammar::value::extent::Flavour;
use crate::span::RuleId;

/// A secret that will start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scheduled {
    /// Where it starts, in the window.
    pub start: usize,
    /// Where it ends, but for what it goes on with.
    pub end: usize,
    pub rule: RuleId,
    pub reading: ScheduledKind,
}

/// How a scheduled secret is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScheduledKind {
    /// To its end, and on with the tail of the recogniser of that number.
    Match(Option<u16>),
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

    /// Schedule, unless that was done before.
    pub fn add(&mut self, scheduled: Scheduled) {
        if !self.0.contains(&scheduled) {
            self.0.push(scheduled);
        }
    }

    /// The first to start at or after `at`. Of those that should have started before, the rest starts there, and those
    /// that have ended are forgotten: another secret has covered them.
    #[inline]
    pub fn next(&mut self, at: usize) -> Option<Scheduled> {
        if self.0.is_empty() { None } else { self.first(at) }
    }

    fn first(&mut self, at: usize) -> Option<Scheduled> {
        self.0.retain(|scheduled| scheduled.end > at);
        let first = self.0.iter().min_by_key(|scheduled| (scheduled.start, scheduled.end))?;
        Some(Scheduled { start: first.start.max(at), ..*first })
    }

    /// Forgets the one that [`next`](Schedule::next) gives: it starts.
    pub fn start(&mut self) {
        let first =
            self.0.iter().enumerate().min_by_key(|(_, scheduled)| (scheduled.start, scheduled.end));
        if let Some((index, _)) = first {
            self.0.remove(index);
        }
    }

    /// Goes to the end of what is settled, which is where the next window starts.
    pub fn settle(&mut self, settled: usize) {
        self.0.retain_mut(|scheduled| {
            let goes_on = scheduled.end > settled;
            scheduled.start = scheduled.start.saturating_sub(settled);
            scheduled.end = scheduled.end.saturating_sub(settled);
            goes_on
        });
    }
}
