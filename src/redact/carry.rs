//! What a scan carries from one window to the next: the scanner's state and the bytes it has not decided on.
//!
//! [`Carry`] is the one place that presents windows to a scanner. [`Redactor`](crate::Redactor), the inline path and
//! the pool's workers all go through it, so there is one answer to what happens at a boundary.
//! It does no I/O and knows no threads.

use std::fmt;

use crate::redact::mask::Masker;
use crate::redact::sheet::Sheet;
use crate::rules::ruleset::Ruleset;
use crate::scan::scanner::Scanner;
use crate::span::Span;

/// The most bytes presented at once. It bounds the spans of a scan, and what was scanned is still cached when it is
/// masked.
const WINDOW: usize = 64 * 1024;

/// How many bytes of a chunk first join the held ones. The join doubles until the held bytes are decided, so what is
/// copied stays proportional to what was in doubt.
const JOIN: usize = 256;

/// What is asked of a scanner. [`Scanner`] is the one there is; tests put in one that panics, or one that hesitates.
pub trait Scan: Clone + Send + 'static {
    /// Scans `window`, replaces `spans` by what it found, and returns how many bytes of the window are settled: those
    /// are kept unless a span covers them. The rest leads the next window. With `eof` all of the window is settled.
    fn scan(&mut self, window: &[u8], eof: bool, spans: &mut Vec<Span>) -> usize;

    /// Whether a scanner in its first state would go on from here in the same way.
    fn is_fresh(&self) -> bool;

    /// Returns to the state at the start of an input.
    fn reset(&mut self);
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
}

/// A scan in progress.
#[derive(Clone)]
pub struct Carry<S> {
    scanner: S,
    masker: Masker,
    /// Undecided bytes, at most the rule set's hold bound between calls.
    held: Vec<u8>,
    spans: Vec<Span>,
    /// Set while a scan runs, so that it stays set if the scan panics: what the scanner would say next is then
    /// worth nothing, and nothing more is written.
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

    /// The same scan, masked by `masker`.
    pub fn with_masker(mut self, masker: Masker) -> Carry<S> {
        self.masker = masker;
        self
    }

    /// Takes the next bytes of the input and writes what is decided to `sheet`, as runs of `chunk` wherever possible.
    ///
    /// # Panics
    ///
    /// If an earlier call panicked.
    pub fn push(&mut self, chunk: &[u8], sheet: &mut impl Sheet) {
        assert!(!self.poisoned, "a scan was used after it had panicked");
        self.poisoned = true;

        // 1. Join as few bytes of the chunk to the held ones as decide the held ones.
        let mut joined = 0;
        let mut step = JOIN;
        while self.held.len() > joined && joined < chunk.len() {
            let more = &chunk[joined..chunk.len().min(joined.saturating_add(step))];
            self.held.extend_from_slice(more);
            joined += more.len();
            step = step.saturating_mul(2);
            let settled = self.scanner.scan(&self.held, false, &mut self.spans);
            self.masker.mask(&self.held[..settled], None, &self.spans, sheet);
            self.held.drain(..settled);
        }
        if joined == chunk.len() {
            self.poisoned = false;
            return;
        }

        // 2. Whatever is held now is the chunk's own; go on in the chunk itself.
        let mut at = joined - self.held.len();
        self.held.clear();
        let mut reach = WINDOW;
        while at < chunk.len() {
            let end = chunk.len().min(at.saturating_add(reach));
            let settled = self.scanner.scan(&chunk[at..end], false, &mut self.spans);
            self.masker.mask(&chunk[at..][..settled], Some(at), &self.spans, sheet);
            at += settled;
            if end == chunk.len() {
                break;
            }
            // A hold bound above the window's length would stand still here.
            reach = if settled == 0 { reach.saturating_mul(2) } else { WINDOW };
        }

        // 3. Keep what is left.
        self.held.extend_from_slice(&chunk[at..]);
        self.poisoned = false;
    }

    /// Ends the input, writes the rest to `sheet`, and is at the start of an input again.
    ///
    /// # Panics
    ///
    /// If an earlier call panicked, or the scanner leaves bytes undecided.
    pub fn finish(&mut self, sheet: &mut impl Sheet) {
        assert!(!self.poisoned, "a scan was used after it had panicked");
        self.poisoned = true;
        let settled = self.scanner.scan(&self.held, true, &mut self.spans);
        assert_eq!(settled, self.held.len(), "bytes were left undecided at the end of the input");
        self.masker.mask(&self.held, None, &self.spans, sheet);
        self.poisoned = false;
        self.reset();
    }

    /// Drops what is undecided and goes to the start of an input. A poisoned scan stays poisoned.
    pub fn reset(&mut self) {
        self.scanner.reset();
        self.held.clear();
    }

    /// Whether nothing is carried: what follows can be scanned as if it were the start of an input.
    pub fn is_fresh(&self) -> bool {
        !self.poisoned && self.held.is_empty() && self.scanner.is_fresh()
    }

    /// Whether a scan panicked. Nothing more comes out of it.
    pub fn is_poisoned(&self) -> bool {
        self.poisoned
    }
}

/// Shows how much is held, and never what.
impl<S> fmt::Debug for Carry<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carry")
            .field("held_len", &self.held.len())
            .field("poisoned", &self.poisoned)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Leaves up to `hold` bytes of each window undecided, and panics at a `!`.
    #[derive(Clone)]
    struct Hesitant {
        inner: Scanner,
        hold: usize,
    }

    impl Hesitant {
        fn new(hold: usize) -> Hesitant {
            Hesitant { inner: Scanner::new(&Ruleset::standard()), hold }
        }
    }

    impl Scan for Hesitant {
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

    fn run(carry: &mut Carry<Hesitant>, input: &[u8], chunk: usize) -> Vec<u8> {
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
    fn any_hold_and_any_chunk_give_the_same_bytes() {
        let input = sample();
        let expected = run(&mut Carry::new(Hesitant::new(0)), &input, usize::MAX);
        assert!(!expected.windows(5).any(|w| w == b"token"));
        for hold in [1, 7, 300, 5000, WINDOW + 1, 3 * WINDOW] {
            for chunk in [3000, 64 * 1024, 100_000, usize::MAX] {
                let found = run(&mut Carry::new(Hesitant::new(hold)), &input, chunk);
                assert!(found == expected, "hold {hold}, chunk {chunk}");
            }
        }
    }

    /// Finds nothing, holds `hold` bytes, and counts what it is shown.
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
    fn what_is_scanned_twice_is_bounded_by_the_hold() {
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
        let mut carry = Carry::new(Hesitant::new(4));
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
    fn after_a_panic_nothing_comes_out() {
        let mut carry = Carry::new(Hesitant::new(4));
        let mut out = Vec::new();
        carry.push(b"held", &mut out);
        let mut attempt = |f: &mut dyn FnMut(&mut Carry<Hesitant>, &mut Vec<u8>)| {
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
        let mut carry = Carry::new(Hesitant::new(9));
        carry.push(b"hunter2", &mut Vec::new());
        assert_eq!(format!("{carry:?}"), "Carry { held_len: 7, poisoned: false, .. }");
    }
}
