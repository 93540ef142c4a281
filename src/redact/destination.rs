//! Where redacted text is written to: a `Vec<u8>`, which copies everything, or [`Pieces`], which has slices of the segment
//! where that is cheaper than copying.

use std::io::IoSlice;
use std::ops::Range;

use bytes::Bytes;

use crate::span::{Edge, RuleId};

/// The shortest kept run, in bytes, that is passed on as a slice of its segment. A shorter one is copied.
///
/// A slice costs an entry in `writev`, which the kernel has to visit; a copy costs time per byte. To measure the
/// break-even: redact lines with one secret and 64 to 8192 bytes of other text, from pipe to pipe into a reader that
/// discards, on one thread, once with this constant at 1 and once at `usize::MAX`. At 128 bytes copying was faster by a
/// third; at 4096 bytes slices were faster by a few per cent; the two were equal between 1024 and 2048.
pub(super) const SLICE_MIN: usize = 1024;

/// A destination that a `Masker` writes to.
pub trait Destination {
    /// Takes a kept run of the input. `at` is its offset in the segment, if it is part of the segment.
    fn keep(&mut self, run: &[u8], at: Option<usize>);

    /// Takes bytes that were not in the input.
    fn put(&mut self, text: &[u8]);

    /// Records a secret, or the next part of one. Its replacement follows in a call to [`put`](Destination::put), now or at
    /// its end.
    fn hide(&mut self, secret: &[u8], rule: RuleId, edge: Edge) {
        let _ = (secret, rule, edge);
    }
}

impl Destination for Vec<u8> {
    fn keep(&mut self, run: &[u8], _at: Option<usize>) {
        self.extend_from_slice(run);
    }

    fn put(&mut self, text: &[u8]) {
        self.extend_from_slice(text);
    }
}

/// A masked segment: slices of the segment and runs of copied bytes, in output order.
#[derive(Default)]
pub struct Pieces {
    segment: Bytes,
    gathered: Vec<u8>,
    runs: Vec<Run>,
    /// The number of secrets that begin in this segment, by [`RuleId::index`]. It ends with the last rule that has any.
    found: Vec<u64>,
}

enum Run {
    /// Bytes of the segment.
    Slice(Range<usize>),
    /// Bytes of the buffer of copied bytes.
    Copied(Range<usize>),
}

impl Pieces {
    /// Clears everything but keeps the allocations. Kept runs will be slices of `segment`.
    pub fn begin(&mut self, segment: Bytes) {
        self.segment = segment;
        self.gathered.clear();
        self.runs.clear();
        self.found.clear();
    }

    /// The number of secrets that begin in this segment, by [`RuleId::index`]. It ends with the last rule that has any.
    pub fn found(&self) -> &[u64] {
        &self.found
    }

    /// The segment that kept runs are slices of.
    pub fn segment(&self) -> &Bytes {
        &self.segment
    }

    /// How many bytes of the output are slices of the segment. The others were copied.
    pub fn sliced(&self) -> usize {
        let lent = |run: &Run| if let Run::Slice(range) = run { range.len() } else { 0 };
        self.runs.iter().map(lent).sum()
    }

    /// The output in order, in the form that `writev` takes. No slice is empty.
    pub fn slices(&self) -> Vec<IoSlice<'_>> {
        let slice = |run: &Run| match run {
            Run::Slice(range) => IoSlice::new(&self.segment[range.clone()]),
            Run::Copied(range) => IoSlice::new(&self.gathered[range.clone()]),
        };
        self.runs.iter().map(slice).collect()
    }
}

impl Destination for Pieces {
    fn keep(&mut self, run: &[u8], at: Option<usize>) {
        let Some(at) = at else { return self.put(run) };
        match self.runs.last_mut() {
            // A run that spans two windows is still one run.
            Some(Run::Slice(range)) if range.end == at => range.end += run.len(),
            _ if run.len() >= SLICE_MIN => self.runs.push(Run::Slice(at..at + run.len())),
            _ => self.put(run),
        }
    }

    fn put(&mut self, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        let start = self.gathered.len();
        self.gathered.extend_from_slice(text);
        let end = self.gathered.len();
        match self.runs.last_mut() {
            Some(Run::Copied(range)) => range.end = end,
            _ => self.runs.push(Run::Copied(start..end)),
        }
    }

    fn hide(&mut self, _secret: &[u8], rule: RuleId, edge: Edge) {
        if edge.begins() {
            if self.found.len() <= rule.index() {
                self.found.resize(rule.index() + 1, 0);
            }
            self.found[rule.index()] += 1;
        }
    }
}
