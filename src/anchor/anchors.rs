//! Where a secret can be: a packed search for a few substrings.
//!
//! The SIMD searcher is case-sensitive, and spelling every case out would fill its table many times over. Instead each
//! block of the window is copied with the bit set that distinguishes lower from upper case, which the compiler turns
//! into wide loads and stores within the first-level cache. The copy is searched for anchors that are folded the same
//! way. Characters that the folding confuses (`_` with DEL, a tab with `)`) are checked by the rules.

use super::banks::{Banks, Block, NextHits};
use super::code::{CODE, may_be_key};
use super::engine::Engine;
use super::hit::{Anchor, Hit, Place, fold};
use crate::grammar::text::lex::Text;

/// The anchors, of at least four bytes each, because the packed search is half as fast with three. With more than 32
/// anchors it would use its wider, slower form. No anchor is another's prefix, so at most one starts at any position.
/// Their order is chosen for speed, see [`super::order`]: anchors that are eight apart share a bucket.
pub(crate) const ANCHORS: &[(&[u8], Anchor)] = &[
    (b"saml", Anchor::Key),
    (b"assertion", Anchor::Key),
    (b"secret", Anchor::Key),
    (CODE, Anchor::Code),
    (b" -b ", Anchor::Option),
    (b"basic ", Anchor::Basic),
    (b"ImFsZy", Anchor::Alg),
    (b"ignature", Anchor::Key),
    (b"value", Anchor::Value),
    (b"auth", Anchor::Key),
    (b"ct.sid", Anchor::Key),
    (b"token", Anchor::Key),
    (b"t-b ", Anchor::EscapedOption),
    (b"device", Anchor::Key),
    (b"\tfalse\t", Anchor::Jar),
    (b"icket=", Anchor::Key),
    (b"-key", Anchor::Key),
    (b"\ttrue\t", Anchor::Jar),
    (b"sessi", Anchor::Key),
    (b"cookie", Anchor::Key),
    (b";%20", Anchor::Plus),
    (b"verifier", Anchor::Key),
    (b"jfrog", Anchor::Key),
    (b"pikey", Anchor::Key),
    (b"_key", Anchor::Key),
    (b"iYWxnI", Anchor::Alg),
    (b"bearer", Anchor::Bearer),
    (b"ZXlK", Anchor::Wrapped),
    (b"\t-b ", Anchor::Option),
    (b".eyJ", Anchor::Payload),
    (b"JhbGci", Anchor::Alg),
    (b"; path", Anchor::Attribute),
];

/// The anchors that are part of a key, which other rules need not search for again.
pub(crate) fn key_anchors() -> impl Iterator<Item = &'static [u8]> {
    ANCHORS.iter().filter(|(_, anchor)| *anchor == Anchor::Key).map(|(bytes, _)| *bytes)
}

/// The longest anchor's length, in bytes.
const LONGEST: usize = 9;

/// The number of bytes folded at a time, small enough to stay in the first-level cache.
const BLOCK: usize = 16 * 1024;

/// The anchors, compiled.
#[derive(Debug)]
pub(crate) struct Anchors {
    engine: Engine,
    /// The anchors as the engine has them: folded.
    folded: Vec<(Vec<u8>, Anchor)>,
    /// Whether an anchor starts with the byte.
    starts: [bool; 256],
    /// Two bytes are too short for the packed search, and rare enough for a separate search.
    plus: memchr::memmem::Finder<'static>,
    banks: Banks,
}

impl Anchors {
    /// Compiles the anchors for the packed searcher, unless it is not available or `portable`
    /// asks for the automaton. `of_key` says what those of keys announce.
    pub fn new(portable: bool, banks: Banks, of_key: impl Fn(&[u8]) -> Anchor) -> Anchors {
        let fold_all = |bytes: &[u8]| bytes.iter().map(|byte| fold(*byte)).collect();
        let announced = |bytes: &[u8], anchor| match anchor {
            Anchor::Key => of_key(bytes),
            _ => anchor,
        };
        let folded: Vec<(Vec<u8>, Anchor)> = ANCHORS
            .iter()
            .map(|(bytes, anchor)| (fold_all(bytes), announced(bytes, *anchor)))
            .collect();
        let patterns: Vec<&[u8]> = folded.iter().map(|(bytes, _)| &bytes[..]).collect();
        let engine = Engine::new(&patterns, !portable);
        let mut starts = [false; 256];
        patterns.iter().for_each(|bytes| starts[usize::from(bytes[0])] = true);
        Anchors { engine, folded, starts, plus: memchr::memmem::Finder::new(b";+"), banks }
    }

    /// The longest anchor's length, in bytes.
    pub fn longest(&self) -> usize {
        LONGEST.max(self.banks.longest())
    }

    /// For each bank, whether its anchors are in an order that was found by counting.
    #[cfg(test)]
    pub fn banks_in_order(&self) -> Vec<bool> {
        self.banks.in_order()
    }

    /// Where the end of `window` may be inside an anchor: the first offset at or after `floor` from which the rest of
    /// the window is a proper prefix of an anchor. A space does not count, because many prompts end with one;
    /// [`cut_option`] finds an option that may follow it.
    pub fn pending(&self, window: &[u8], floor: usize) -> Option<usize> {
        let in_banks = if self.banks.is_empty() { None } else { self.banks.pending(window, floor) };
        let first = self.pending_first(window, floor);
        first.into_iter().chain(in_banks).min()
    }

    /// The first anchor in a folded `block` that starts at or after `offset`, and its number.
    fn find(&self, block: &[u8], offset: usize) -> Option<(usize, usize)> {
        let mut from = offset;
        loop {
            let (at, number) = self.engine.find(block, from)?;
            if self.folded[number].1 != Anchor::Code || may_be_key(block, at) {
                return Some((at, number));
            }
            from = at + 1;
        }
    }

    fn pending_first(&self, window: &[u8], floor: usize) -> Option<usize> {
        if window.len() > floor && window.last() == Some(&b';') {
            return self.pending_anchor(window, floor).or(Some(window.len() - 1));
        }
        self.pending_anchor(window, floor)
    }

    fn pending_anchor(&self, window: &[u8], floor: usize) -> Option<usize> {
        let lowest = floor.max(window.len().saturating_sub(LONGEST - 1));
        (lowest..window.len()).find(|&at| {
            let rest = &window[at..];
            let may_start = self.starts[usize::from(fold(rest[0]))] && rest != b" ";
            may_start
                && self.folded.iter().any(|(anchor, _)| {
                    anchor.len() > rest.len()
                        && rest.iter().zip(anchor).all(|(byte, want)| fold(*byte) == *want)
                })
        })
    }
}

/// The option without the space before it.
const CUT_OPTION: &[u8] = b"-b ";

/// The option `-b` at `from`, if the text that is searched starts after the space before it: the previous window ended there,
/// or a field begins there.
pub(crate) fn cut_option(text: &Text, from: Place) -> Option<Hit> {
    let Place { at, rank: 0 } = from else { return None };
    let len = CUT_OPTION.len();
    let found = text.window().len() >= at + len && is_cut_to(text, at, len);
    found.then_some(Hit { at, len, anchor: Anchor::Option, rank: 0 })
}

/// Whether the text before `to` is a prefix of such an option at the start of the window.
pub(crate) fn is_cut_option(text: &Text, to: usize) -> bool {
    (1..CUT_OPTION.len()).contains(&to) && is_cut_to(text, 0, to)
}

/// Whether the first `len` bytes of the option are at `at`, folded as in the search, and a space is before them.
fn is_cut_to(text: &Text, at: usize, len: usize) -> bool {
    let start = text.window()[at..at + len].iter().map(|byte| fold(*byte));
    start.eq(CUT_OPTION[..len].iter().copied()) && text.before(at, 1) == b' '
}

/// A search through one window, block by block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    block: Vec<u8>,
    /// The offset of the block in the window.
    start: usize,
    /// The next `;+` in the block, or the block's end if there is none; `None` if it has not been searched yet.
    plus: Option<usize>,
    /// The next anchor in the block and its number. It is kept while other banks find anchors before it, and while
    /// values that are not secret are searched one after another.
    first: Option<(usize, usize)>,
    next_hits: NextHits,
    /// The offset of the last query. What was found is not valid for an earlier one.
    asked: usize,
}

impl Search {
    /// Forgets the previous window.
    pub fn clear(&mut self) {
        self.block.clear();
        self.start = 0;
        self.asked = 0;
        self.forget();
    }

    /// Forgets what was found in the block.
    fn forget(&mut self) {
        (self.plus, self.first) = (None, None);
        self.next_hits.clear();
    }

    /// Copies the block that starts at `from`.
    #[inline(never)]
    fn fill(&mut self, window: &[u8], from: usize) {
        let end = window.len().min(from + BLOCK);
        self.block.clear();
        self.block.extend(window[from..end].iter().map(|byte| fold(*byte)));
        self.start = from;
        self.forget();
    }

    /// Searches the block for the next `;+`.
    #[inline(never)]
    fn next_plus(&mut self, anchors: &Anchors, offset: usize) -> usize {
        let rest = self.block.get(offset..).unwrap_or_default();
        let at = anchors.plus.find(rest).map_or(self.block.len(), |at| offset + at);
        *self.plus.insert(at)
    }

    /// The first anchor in `window` that starts at or after `from`. One that does not end before `limit` may be missed: a
    /// search for the parts of a short value, of which a window may have thousands, does not read the rest of the window.
    pub fn next(
        &mut self,
        anchors: &Anchors,
        window: &[u8],
        from: impl Into<Place>,
        limit: usize,
    ) -> Option<Hit> {
        let Place { at: mut from, mut rank } = from.into();
        if from < self.asked {
            self.forget();
        }
        self.asked = from;
        // The anchor at `offset` itself has been reported already; only other banks may have another there.
        if rank > 0 && anchors.banks.is_empty() {
            (from, rank) = (from + 1, 0);
        }
        loop {
            if from < self.start || from >= self.start + self.block.len() {
                if from >= window.len() {
                    return None;
                }
                self.fill(window, from);
            }
            let offset = from - self.start + usize::from(rank > 0);
            let (start, number) = match self.first {
                Some(first) if first.0 >= offset => first,
                _ => {
                    let found = anchors.find(&self.block, offset);
                    // Without a match, the anchor is placed at the block's end.
                    *self.first.insert(found.unwrap_or((self.block.len(), 0)))
                }
            };
            let plus = match self.plus {
                Some(at) if at >= offset => at,
                _ => self.next_plus(anchors, offset),
            };
            let in_banks = if anchors.banks.is_empty() {
                None
            } else {
                let place = Place { at: from - self.start, rank };
                let block = Block { window, start: self.start, folded: &self.block };
                self.next_hits.next(&anchors.banks, &block, place, start.min(plus))
            };
            let (start, len, anchor) = if start < plus {
                let (bytes, anchor) = &anchors.folded[number];
                (start, bytes.len(), *anchor)
            } else {
                (plus, 2, Anchor::Plus)
            };
            if let Some(hit) = in_banks {
                return Some(Hit { at: self.start + hit.at, ..hit });
            }
            if start < self.block.len() {
                return Some(Hit { at: self.start + start, len, anchor, rank: 0 });
            }
            let end = self.start + self.block.len();
            if end >= limit.min(window.len()) {
                return None;
            }
            // An anchor may straddle the block's end.
            let lowest = (end + 1).saturating_sub(LONGEST.max(anchors.banks.longest()));
            if lowest > from {
                (from, rank) = (lowest, 0);
            }
            self.block.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::order;
    use super::*;

    #[test]
    fn the_packed_search_accepts_the_anchors() {
        assert!(ANCHORS.len() <= 32, "{} anchors", ANCHORS.len());
    }

    #[test]
    fn they_stand_in_the_order_that_is_fast() {
        let fold_all = |bytes: &[u8]| bytes.iter().map(|byte| fold(*byte)).collect::<Vec<_>>();
        let anchors: Vec<Vec<u8>> = ANCHORS.iter().map(|(bytes, _)| fold_all(bytes)).collect();
        let mut arranged = anchors.clone();
        order::arrange(&mut arranged, |bytes| bytes);
        let (cost, least) = (order::cost(&anchors), order::cost(&arranged));
        assert!(
            cost <= 1.05 * least,
            "{cost} candidates in a byte, and {least} in this order: {arranged:?}"
        );
    }

    #[test]
    fn no_anchor_is_a_prefix_of_another() {
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
        let engines =
            [false, true].map(|portable| Anchors::new(portable, Banks::default(), |_| Anchor::Key));
        // A character after which each of them may be a key.
        let mut window = vec![b'='; 3 * BLOCK];
        let mut wanted = Vec::new();
        for k in 0..200 {
            let (bytes, anchor) = ANCHORS[k % ANCHORS.len()];
            // Steps that put anchors across and next to the end of every block.
            let at = (k * 247 + 5 * (k % 7)).min(window.len() - LONGEST);
            window[at..at + bytes.len()].copy_from_slice(bytes);
            if k % 2 == 0 {
                window[at..at + bytes.len()].make_ascii_uppercase();
            }
            wanted.push(Hit { at, len: bytes.len(), anchor, rank: 0 });
        }
        for anchors in &engines {
            let mut search = Search::default();
            let mut from = 0;
            let mut found = Vec::new();
            while let Some(hit) = search.next(anchors, &window, from, window.len()) {
                found.push(hit);
                from = hit.at + 1;
            }
            assert_eq!(found, wanted);
        }
    }
}
