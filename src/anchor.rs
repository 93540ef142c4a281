//! Where a secret can be: a packed search for a few substrings.
//!
//! The SIMD searcher knows no case, and spelling every case out would fill its table many
//! times over. Instead each block of the window is copied with the bit set that tells lower
//! from upper case, which the compiler turns into wide loads and stores within the first
//! level of cache, and the anchors are searched for in the copy, folded the same way. What
//! the folding confuses (`_` with DEL, a tab with `)`) the rules tell apart.

use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, Input};

/// What an anchor announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// Part of a key.
    Key,
    /// The scheme `bearer`, or a key that has it.
    Bearer,
    /// The scheme `basic`.
    Basic,
    /// base64url of `"alg"`.
    Alg,
    /// base64 of a JWT's first characters.
    Wrapped,
    /// Two tabs and a boolean: a line of a cookie jar.
    Jar,
    /// `value` behind a quote, whose name may follow.
    Value,
    /// curl's option for a cookie, and the quote after it.
    Option,
    /// `;+`, which is between cookies where blanks are written `+`.
    Plus,
}

/// The anchors, at least four bytes each: with three the packed search has half the speed.
/// With more than 32 it needs its wider, slower form.
/// None is another's prefix, so at most one starts at any place.
const ANCHORS: &[(&[u8], Anchor)] = &[
    (b"bearer", Anchor::Bearer),
    (b"basic ", Anchor::Basic),
    (b"authoriz", Anchor::Key),
    (b"cookie", Anchor::Key),
    (b"token", Anchor::Key),
    (b"secret", Anchor::Key),
    (b"assertion", Anchor::Key),
    (b"verifier", Anchor::Key),
    (b"devicecode", Anchor::Key),
    (b"device_code", Anchor::Key),
    (b"device-code", Anchor::Key),
    (b"apikey", Anchor::Key),
    (b"api_key", Anchor::Key),
    (b"api-key", Anchor::Key),
    (b"sessionid", Anchor::Key),
    (b"sessid", Anchor::Key),
    (b"ImFsZy", Anchor::Alg),
    (b"JhbGci", Anchor::Alg),
    (b"iYWxnI", Anchor::Alg),
    (b"ZXlK", Anchor::Wrapped),
    (b"ZXdv", Anchor::Wrapped),
    (b"ZXcw", Anchor::Wrapped),
    (b"ZXlB", Anchor::Wrapped),
    (b"ZXdr", Anchor::Wrapped),
    (b"\ttrue\t", Anchor::Jar),
    (b"\tfalse\t", Anchor::Jar),
    (b"\"value", Anchor::Value),
    (b"'value", Anchor::Value),
    (b";value", Anchor::Value),
    (b"%22value", Anchor::Value),
    (b"-b '", Anchor::Option),
    (b"-b \"", Anchor::Option),
];

/// The longest anchor's length, in bytes.
const LONGEST: usize = 11;

/// Bytes folded at a time: small enough to stay in the first level of cache.
const BLOCK: usize = 16 * 1024;

/// The anchors, compiled.
#[derive(Debug)]
pub(crate) struct Anchors {
    engine: Engine,
    folded: Vec<Vec<u8>>,
    /// Two bytes are too short for the packed search, and rare enough for one of their own.
    plus: memchr::memmem::Finder<'static>,
}

#[derive(Debug)]
enum Engine {
    /// SIMD (Teddy).
    Packed(Searcher),
    /// Where that is not available.
    Automaton(AhoCorasick),
}

/// An anchor found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Where it starts in the window.
    pub at: usize,
    /// Its length in bytes.
    pub len: usize,
    pub anchor: Anchor,
}

fn fold(byte: u8) -> u8 {
    byte | 0x20
}

impl Anchors {
    /// Compiles the anchors for the packed searcher, unless it is not available or `portable`
    /// asks for the automaton.
    pub fn new(portable: bool) -> Anchors {
        let folded: Vec<Vec<u8>> = ANCHORS
            .iter()
            .map(|(bytes, _)| bytes.iter().map(|byte| fold(*byte)).collect())
            .collect();
        let packed = if portable {
            None
        } else {
            let mut config = Config::new();
            config.match_kind(MatchKind::LeftmostFirst);
            config.builder().extend(&folded).build()
        };
        let engine = match packed {
            Some(searcher) => Engine::Packed(searcher),
            None => Engine::Automaton(
                AhoCorasick::builder()
                    .match_kind(aho_corasick::MatchKind::LeftmostFirst)
                    .build(&folded)
                    .expect("a few short patterns always compile"),
            ),
        };
        Anchors { engine, folded, plus: memchr::memmem::Finder::new(b";+") }
    }

    /// Where the end of `window` may be inside an anchor: the first offset, from `floor` on,
    /// whose bytes to the end start an anchor without completing it.
    pub fn pending(&self, window: &[u8], floor: usize) -> Option<usize> {
        if window.len() > floor && window.last() == Some(&b';') {
            return self.pending_anchor(window, floor).or(Some(window.len() - 1));
        }
        self.pending_anchor(window, floor)
    }

    fn pending_anchor(&self, window: &[u8], floor: usize) -> Option<usize> {
        let lowest = floor.max(window.len().saturating_sub(LONGEST - 1));
        (lowest..window.len()).find(|&at| {
            let rest = &window[at..];
            self.folded.iter().any(|anchor| {
                anchor.len() > rest.len()
                    && rest.iter().zip(anchor).all(|(byte, want)| fold(*byte) == *want)
            })
        })
    }
}

/// A search through one window, block by block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    block: Vec<u8>,
    /// Where the block starts in the window.
    start: usize,
    /// The next `;+` in the block, or its end; `None` when that is not known.
    plus: Option<usize>,
}

impl Search {
    /// Forgets the window before.
    pub fn clear(&mut self) {
        self.block.clear();
        self.start = 0;
        self.plus = None;
    }

    /// The first anchor in `window` that starts at or after `from`.
    pub fn next(&mut self, anchors: &Anchors, window: &[u8], mut from: usize) -> Option<Hit> {
        loop {
            if from < self.start || from >= self.start + self.block.len() {
                if from >= window.len() {
                    return None;
                }
                let end = window.len().min(from + BLOCK);
                self.block.clear();
                self.block.extend(window[from..end].iter().map(|byte| fold(*byte)));
                self.start = from;
                self.plus = None;
            }
            let offset = from - self.start;
            let found = match &anchors.engine {
                Engine::Packed(searcher) => searcher
                    .find_in(
                        &self.block,
                        aho_corasick::Span { start: offset, end: self.block.len() },
                    )
                    .map(|found| (found.pattern(), found.start())),
                Engine::Automaton(automaton) => automaton
                    .find(Input::new(&self.block).span(offset..self.block.len()))
                    .map(|found| (found.pattern(), found.start())),
            };
            let plus = match self.plus {
                Some(at) if at >= offset => at,
                _ => {
                    let at = anchors
                        .plus
                        .find(&self.block[offset..])
                        .map_or(self.block.len(), |at| offset + at);
                    *self.plus.insert(at)
                }
            };
            if plus < found.map_or(self.block.len(), |(_, start)| start) {
                return Some(Hit { at: self.start + plus, len: 2, anchor: Anchor::Plus });
            }
            if let Some((pattern, start)) = found {
                let (bytes, anchor) = ANCHORS[pattern.as_usize()];
                return Some(Hit { at: self.start + start, len: bytes.len(), anchor });
            }
            let end = self.start + self.block.len();
            if end == window.len() {
                return None;
            }
            // An anchor may straddle the block's end.
            from = from.max(end + 1 - LONGEST);
            self.block.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_anchor_is_another_prefix() {
        for (k, (one, _)) in ANCHORS.iter().enumerate() {
            assert!((4..=LONGEST).contains(&one.len()));
            for (other, _) in &ANCHORS[k + 1..] {
                let len = one.len().min(other.len());
                let fold =
                    |bytes: &[u8]| bytes[..len].iter().map(|byte| fold(*byte)).collect::<Vec<_>>();
                assert_ne!(fold(one), fold(other), "{one:?} {other:?}");
            }
        }
        assert!(ANCHORS.iter().any(|(bytes, _)| bytes.len() == LONGEST));
    }

    #[test]
    fn both_engines_find_the_same_at_any_place() {
        let engines = [Anchors::new(false), Anchors::new(true)];
        let mut window = vec![b'.'; 3 * BLOCK];
        let mut wanted = Vec::new();
        for k in 0..200 {
            let (bytes, anchor) = ANCHORS[k % ANCHORS.len()];
            // Steps that put anchors across and beside every block's end.
            let at = (k * 247 + 5 * (k % 7)).min(window.len() - LONGEST);
            window[at..at + bytes.len()].copy_from_slice(bytes);
            if k % 2 == 0 {
                window[at..at + bytes.len()].make_ascii_uppercase();
            }
            wanted.push(Hit { at, len: bytes.len(), anchor });
        }
        for anchors in &engines {
            let mut search = Search::default();
            let mut from = 0;
            let mut found = Vec::new();
            while let Some(hit) = search.next(anchors, &window, from) {
                found.push(hit);
                from = hit.at + 1;
            }
            assert_eq!(found, wanted);
        }
    }
}
