//! What a scan carries from one window to the next: the scanner's state and the bytes it has not decided on.
//!
//! [`Carry`] is the only code that presents windows to a scanner. [`Redactor`](crate::Redactor), the inline path and
//! the pool's workers all use it, so a window boundary is handled in one place. It does no I/O and uses no threads.

use std::fmt;
use std::sync::Arc;

use crate::redact::destination::Destination;
use crate::redact::mask::Masker;
use crate::rules::heading::Header;
use crate::rules::ruleset::Ruleset;
use crate::scan::scanner::Scanner;
use crate::span::Span;

/// The largest window, in bytes. It bounds the number of spans per scan, and it is small enough that the window is
/// still in the cache when it is masked.
const WINDOW: usize = 64 * 1024;

/// How many bytes of a chunk are first appended to the held bytes. The number doubles until the held bytes are decided,
/// so the cost of copying stays proportional to the undecided bytes.
const JOIN: usize = 256;

/// What [`Carry`] needs from a scanner. [`Scanner`] is the only real implementation; tests supply one that panics and
/// one that holds bytes back.
pub trait Scan: Clone + Send + 'static {
    /// Scans `window`, replaces the contents of `spans` with what it found, and returns how many bytes of the window
    /// are settled. Settled bytes are kept unless a span covers them. The rest becomes the start of the next window.
    /// With `eof` the whole window is settled.
    fn scan(&mut self, window: &[u8], eof: bool, spans: &mut Vec<Span>) -> usize;

    /// Whether a new scanner with the same header would give the same results from here on.
    fn is_fresh(&self) -> bool;

    /// Returns to the state at the start of an input.
    fn reset(&mut self);

    /// The header by which the log names its fields, if there was one. A fresh scan carries nothing else.
    fn header(&self) -> Option<Arc<Header>> {
        None
    }

    /// Moves to the start of a line in a log that names its fields by `header`.
    fn restart(&mut self, _header: Option<&Arc<Header>>) {
        self.reset();
    }

    /// Reads the header again, which another rule set read.
    fn reread(&mut self) {}
}

impl Scan for Scanner {
    fn scan(&mut self, window: &[u8], eof: bool, spans: &mut Vec<Span>) -> usize {
        Scanner::scan(self, window, eof, spans)
    }

    fn is_fresh(&self) -> bool {
        Scanner::is_fresh(self)
    }

    fn reset(&mut self) {
        Scanner::reset(self);
    }

    fn header(&self) -> Option<Arc<Header>> {
        Scanner::header(self)
    }

    fn restart(&mut self, header: Option<&Arc<Header>>) {
        Scanner::restart(self, header);
    }

    fn reread(&mut self) {
        Scanner::reread(self);
    }
}

/// A scan in progress.
#[derive(Clone)]
pub struct Carry<S> {
    scanner: S,
    masker: Masker,
    /// Undecided bytes, at most the rule set's hold bound between calls.
    held: Vec<u8>,
    spans: Vec<Span>,
    /// Set while a scan runs, so it stays set if the scan panics. After a panic the scanner's state is unreliable, and
    /// nothing more is written.
    poisoned: bool,
}

impl Carry<Scanner> {
    /// A scan for `rules` at the start of an input.
    pub fn for_rules(rules: &Ruleset) -> Carry<Scanner> {
        Carry::new(Scanner::new(rules))
    }
}

impl<S: Scan> Carry<S> {
    /// A scan by `scanner` at the start of an input.
    pub fn new(scanner: S) -> Carry<S> {
        Carry {
            scanner,
            masker: Masker::new(),
            held: Vec::new(),
            spans: Vec::new(),
            poisoned: false,
        }
    }

    /// The same scan, with its spans masked by `masker`.
    pub fn with_masker(mut self, masker: Masker) -> Carry<S> {
        self.masker = masker;
        self
    }

    /// Takes the next bytes of the input and writes the decided ones to `out`, as slices of `chunk` where possible.
    ///
    /// # Panics
    ///
    /// If an earlier call panicked.
    pub fn push(&mut self, chunk: &[u8], out: &mut impl Destination) {
        assert!(!self.poisoned, "a scan was used after it had panicked");
        self.poisoned = true;

        // 1. Append only as many bytes of the chunk to the held bytes as it takes to decide those.
        let mut joined = 0;
        let mut step = JOIN;
        while self.held.len() > joined && joined < chunk.len() {
            let more = &chunk[joined..chunk.len().min(joined.saturating_add(step))];
            self.held.extend_from_slice(more);
            joined += more.len();
            step = step.saturating_mul(2);
            let settled = self.scanner.scan(&self.held, false, &mut self.spans);
            self.masker.mask(&self.held[..settled], None, &self.spans, out);
            self.held.drain(..settled);
        }
        if joined == chunk.len() {
            self.poisoned = false;
            return;
        }

        // 2. The bytes still held are now all from this chunk. Continue in the chunk itself.
        let mut at = joined - self.held.len();
        self.held.clear();
        let mut reach = WINDOW;
        while at < chunk.len() {
            let end = chunk.len().min(at.saturating_add(reach));
            let settled = self.scanner.scan(&chunk[at..end], false, &mut self.spans);
            self.masker.mask(&chunk[at..][..settled], Some(at), &self.spans, out);
            at += settled;
            if end == chunk.len() {
                break;
            }
            // If the hold bound exceeds the window, the window has to grow.
            reach = if settled == 0 { reach.saturating_mul(2) } else { WINDOW };
        }

        // 3. Hold the rest.
        self.held.extend_from_slice(&chunk[at..]);
        self.poisoned = false;
    }

    /// Ends the input, writes the rest to `out`, and returns to the start of an input.
    ///
    /// # Panics
    ///
    /// If an earlier call panicked, or the scanner leaves bytes undecided.
    pub fn finish(&mut self, out: &mut impl Destination) {
        assert!(!self.poisoned, "a scan was used after it had panicked");
        self.poisoned = true;
        let settled = self.scanner.scan(&self.held, true, &mut self.spans);
        assert_eq!(settled, self.held.len(), "bytes were left undecided at the end of the input");
        self.masker.mask(&self.held, None, &self.spans, out);
        self.poisoned = false;
        self.reset();
    }

    /// Drops the undecided bytes and returns to the start of an input. A poisoned scan stays poisoned.
    pub fn reset(&mut self) {
        self.scanner.reset();
        self.held.clear();
    }

    /// Moves to the start of a line in a log that names its fields by `header`. A poisoned scan stays poisoned.
    pub(crate) fn restart(&mut self, header: Option<&Arc<Header>>) {
        self.scanner.restart(header);
        self.held.clear();
    }

    /// Reads the header again, which another rule set read.
    pub(crate) fn reread(&mut self) {
        self.scanner.reread();
    }

    /// The header by which the log names its fields, if there was one.
    pub(crate) fn header(&self) -> Option<Arc<Header>> {
        self.scanner.header()
    }

    /// Whether the scan could start anew here: apart from a header, nothing is held and nothing is pending.
    pub fn is_fresh(&self) -> bool {
        !self.poisoned && self.held.is_empty() && self.scanner.is_fresh()
    }

    /// Whether a scan panicked. It then produces no more output.
    pub fn is_poisoned(&self) -> bool {
        self.poisoned
    }
}

/// Shows how many bytes are held, but not their content.
impl<S> fmt::Debug for Carry<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carry")
            .field("held_len", &self.held.len())
            .field("poisoned", &self.poisoned)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Leaves up to `hold` bytes of each window undecided, and panics at a `!`.
    #[derive(Clone)]
    pub(crate) struct HoldsBack {
        inner: Scanner,
        hold: usize,
    }

    impl HoldsBack {
        pub(crate) fn new(hold: usize) -> HoldsBack {
            HoldsBack { inner: Scanner::new(&Ruleset::standard()), hold }
        }
    }

    impl Scan for HoldsBack {
        fn scan(&mut self, window: &[u8], eof: bool, spans: &mut Vec<Span>) -> usize {
            assert!(!window.contains(&b'!'), "met a !");
            let ready = if eof { window.len() } else { window.len().saturating_sub(self.hold) };
            self.inner.scan(&window[..ready], eof, spans)
        }

        fn is_fresh(&self) -> bool {
            self.inner.is_fresh()
        }

        fn reset(&mut self) {
            self.inner.reset();
        }
    }

    fn run(carry: &mut Carry<HoldsBack>, input: &[u8], chunk: usize) -> Vec<u8> {
        let mut out = Vec::new();
        for chunk in input.chunks(chunk) {
            carry.push(chunk, &mut out);
        }
        carry.finish(&mut out);
        out
    }

    fn sample() -> Vec<u8> {
        (0..5000)
            .flat_map(|n| {
                format!("line {n} Authorization: Bearer token0123456789abcdef{n}\n").into_bytes()
            })
            .collect()
    }

    #[test]
    fn output_does_not_depend_on_hold_or_chunk_size() {
        let input = sample();
        let expected = run(&mut Carry::new(HoldsBack::new(0)), &input, usize::MAX);
        assert!(!expected.windows(5).any(|w| w == b"token"));
        for hold in [1, 7, 300, 5000, WINDOW + 1, 3 * WINDOW] {
            for chunk in [3000, 64 * 1024, 100_000, usize::MAX] {
                let found = run(&mut Carry::new(HoldsBack::new(hold)), &input, chunk);
                assert!(found == expected, "hold {hold}, chunk {chunk}");
            }
        }
    }

    /// Finds nothing, holds `hold` bytes, and counts the bytes it scans.
    #[derive(Clone)]
    struct Counting {
        hold: usize,
        scanned: usize,
    }

    impl Scan for Counting {
        fn scan(&mut self, window: &[u8], eof: bool, spans: &mut Vec<Span>) -> usize {
            spans.clear();
            self.scanned += window.len();
            if eof { window.len() } else { window.len().saturating_sub(self.hold) }
        }

        fn is_fresh(&self) -> bool {
            true
        }

        fn reset(&mut self) {}
    }

    #[test]
    fn rescanning_is_bounded_by_the_hold() {
        let input = sample();
        let hold = 100;
        for (chunk, bound) in [(1, hold + 1), (hold, 3), (4096, 2), (usize::MAX, 2)] {
            let mut carry = Carry::new(Counting { hold, scanned: 0 });
            for chunk in input.chunks(chunk) {
                carry.push(chunk, &mut Vec::new());
            }
            carry.finish(&mut Vec::new());
            let scanned = carry.scanner.scanned;
            assert!(
                scanned <= input.len() * bound,
                "{scanned} for {} in chunks of {chunk}",
                input.len()
            );
        }
    }

    #[test]
    fn held_bytes_stay_held_until_they_are_decided() {
        let mut carry = Carry::new(HoldsBack::new(4));
        let mut out = Vec::new();
        carry.push(b"123456", &mut out);
        assert_eq!(out, b"12");
        assert!(!carry.is_fresh());
        carry.push(b"", &mut out);
        assert_eq!(out, b"12");
        carry.push(b"7", &mut out);
        assert_eq!(out, b"123");
        carry.finish(&mut out);
        assert_eq!(out, b"1234567");
        assert!(carry.is_fresh());
    }

    #[test]
    fn there_is_no_output_after_a_panic() {
        let mut carry = Carry::new(HoldsBack::new(4));
        let mut out = Vec::new();
        carry.push(b"held", &mut out);
        let mut attempt = |f: &mut dyn FnMut(&mut Carry<HoldsBack>, &mut Vec<u8>)| {
            let caught =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| f(&mut carry, &mut out)));
            assert!(caught.is_err());
            assert!(carry.is_poisoned() && !carry.is_fresh());
            assert_eq!(out, b"");
        };
        attempt(&mut |carry, out| carry.push(b"!", out));
        attempt(&mut |carry, out| carry.push(b"more", out));
        attempt(&mut |carry, out| carry.finish(out));
        attempt(&mut |carry, out| {
            carry.reset();
            carry.push(b"more", out);
        });
    }

    #[test]
    fn debug_shows_no_content() {
        let mut carry = Carry::new(HoldsBack::new(9));
        carry.push(b"hunter2", &mut Vec::new());
        assert_eq!(format!("{carry:?}"), "Carry { held_len: 7, poisoned: false, .. }");
    }
}
