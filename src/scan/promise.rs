//! Secrets that are certain and have not come yet.
//!
//! The secret of a custom rule may stand far behind the keyword that told of it, and a line of a private key behind a prefix;
//! there may be others in between. So it is noted, and begins where it does, whatever the bytes before it turn out to be, and however they are cut.

use crate::grammar::value::extent::Flavour;
use crate::span::RuleId;

/// A secret that will start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Promise {
    /// Where it starts, in the window.
    pub start: usize,
    /// Where it ends, but for what it goes on with.
    pub end: usize,
    pub rule: RuleId,
    pub reading: Promised,
}

/// How a secret that was promised is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promised {
    /// To its end, and on with the tail of the recogniser of that number.
    Match(Option<u16>),
    /// As a value that nothing encloses.
    Value(Flavour),
}

/// What has been promised, in no order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Promises(Vec<Promise>);

impl Promises {
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Promises, unless that was done before.
    pub fn add(&mut self, promise: Promise) {
        if !self.0.contains(&promise) {
            self.0.push(promise);
        }
    }

    /// The first to start at `at` or behind it. Of those that should have started before, the rest starts there, and those
    /// that have ended are forgotten: another secret has covered them.
    #[inline]
    pub fn next(&mut self, at: usize) -> Option<Promise> {
        if self.0.is_empty() { None } else { self.first(at) }
    }

    fn first(&mut self, at: usize) -> Option<Promise> {
        self.0.retain(|promise| promise.end > at);
        let first = self.0.iter().min_by_key(|promise| (promise.start, promise.end))?;
        Some(Promise { start: first.start.max(at), ..*first })
    }

    /// Forgets the one that [`next`](Promises::next) gives: it starts.
    pub fn start(&mut self) {
        let first =
            self.0.iter().enumerate().min_by_key(|(_, promise)| (promise.start, promise.end));
        if let Some((index, _)) = first {
            self.0.remove(index);
        }
    }

    /// Goes to the end of what is settled, which is where the next window starts.
    pub fn settle(&mut self, settled: usize) {
        self.0.retain_mut(|promise| {
            let goes_on = promise.end > settled;
            promise.start = promise.start.saturating_sub(settled);
            promise.end = promise.end.saturating_sub(settled);
            goes_on
        });
    }
}
