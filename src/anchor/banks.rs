//! The anchors of the rules outside the `default` set: banks of a packed searcher each, token prefixes, and URLs.
//!
//! A bank has as many anchors as the searcher takes at full speed. All banks search the block that was folded once. The
//! first hit of each bank is kept until the scan is past it, so a bank without a hit costs one pass over a block in the
//! first-level cache, and rules that are not selected cost nothing.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::OnceLock;

use super::built_in::BUILT_IN;
use super::engine::Engine;
use super::hit::{Anchor, Hit, Place, fold};
use super::order;
use super::starts::{Start, Starts};
use crate::grammar::credential::url::MAX_USERINFO;

/// The most anchors that the packed searcher takes at full speed.
const BANK: usize = 32;
/// With more banks than this, one automaton for the remaining anchors is faster.
const MAX_BANKS: usize = 12;
/// The shortest anchor that the packed search finds at full speed, in bytes. Shorter ones have banks of their own.
const MIN_FAST: usize = 4;
/// Of this many anchors or more that differ in their first byte only, such as `akey` and `bkey`, the rest is searched for.
/// That costs a quarter of a search for a bank, and these would fill half of one.
const MANY_ALIKE: usize = BANK / 2;
/// What separates a URL's scheme from the rest.
const AUTHORITY: &[u8] = b"://";

/// The anchors of the rules outside the `default` set, compiled.
#[derive(Debug, Default)]
pub(crate) struct Banks {
    all: Vec<Bank>,
    starts_of_tokens: Starts,
    /// Whether URLs are searched for.
    urls: bool,
    /// Whether a space may begin an anchor after any character. If not, it does so only after a letter or digit, as in
    /// `Secret Key`, so that the space at the end of a prompt does not wait for more.
    pub any_space: bool,
    longest: usize,
    /// For each byte, whether an anchor in a bank starts with it.
    first_bytes: Vec<bool>,
}

#[derive(Debug)]
struct Bank {
    /// Folded.
    anchors: Vec<(Vec<u8>, Anchor)>,
    /// The places of the anchors in `anchors`, in the order of their bytes.
    sorted: Vec<u32>,
    packed: bool,
    /// The anchors are in the order that is fast.
    in_order: bool,
    search: OnceLock<Arranged>,
}

/// The search for a bank's anchors.
#[derive(Debug)]
struct Arranged {
    engine: Engine,
    /// The engine numbers the anchors as they were arranged. For each number, the index in [`Bank::anchors`].
    indices: Vec<usize>,
}

impl Bank {
    /// Whether it has an anchor that begins with the folded bytes of `rest` and continues.
    fn continues(&self, rest: &[u8]) -> bool {
        let anchor = |place: &u32| &self.anchors[*place as usize].0;
        let side = |place: &u32| {
            let start = anchor(place).iter().copied().take(rest.len());
            start.cmp(rest.iter().map(|byte| fold(*byte)))
        };
        // No anchor is another's prefix, so one that is `rest` is the only one that begins with it.
        let at = self.sorted.partition_point(|place| side(place) == Ordering::Less);
        self.sorted
            .get(at)
            .is_some_and(|place| side(place) == Ordering::Equal && anchor(place).len() > rest.len())
    }

    /// Its search, which is made when there is text to search: arranging the anchors takes as long as a small log.
    fn search(&self) -> &Arranged {
        self.search.get_or_init(|| {
            let anchors = self.anchors.iter().map(|(bytes, _)| &bytes[..]);
            let mut anchors: Vec<(usize, &[u8])> = anchors.enumerate().collect();
            if self.packed && !self.in_order {
                order::arrange(&mut anchors, |(_, bytes)| bytes);
            }
            let (indices, folded): (Vec<usize>, Vec<&[u8]>) = anchors.into_iter().unzip();
            Arranged { engine: Engine::new(&folded, self.packed), indices }
        })
    }

    /// The first anchor in `block` from `from` on: where it starts, or the block's length, and which it is.
    fn find(&self, block: &[u8], from: usize) -> (usize, usize) {
        let Arranged { engine, indices } = self.search();
        engine.find(block, from).map_or((block.len(), 0), |(at, number)| (at, indices[number]))
    }
}

/// A bank that is being filled. No anchor in it is another's prefix, so at most one starts at any position.
#[derive(Default)]
struct Filling {
    anchors: Vec<(Vec<u8>, Anchor)>,
    sorted: BTreeSet<Vec<u8>>,
}

impl Filling {
    /// Whether an anchor of these bytes may be added. There may be a million of them, so none is compared with all others.
    fn takes(&self, bytes: &[u8]) -> bool {
        let is_fast = |bytes: &[u8]| bytes.len() >= MIN_FAST;
        let from = (Bound::Included(bytes), Bound::Unbounded);
        let next = self.sorted.range::<[u8], _>(from).next();
        is_fast(&self.anchors[0].0) == is_fast(bytes)
            && !next.is_some_and(|other| other.starts_with(bytes))
            && !(1..bytes.len()).any(|len| self.sorted.contains(&bytes[..len]))
    }
}

/// Moves the anchors of [`BUILT_IN`] to the front and into its order. If one of them is missing, because not all rules are
/// selected, it changes nothing and returns false: the banks are then filled with other anchors.
fn put_in_order(anchors: &mut [(Vec<u8>, Anchor)]) -> bool {
    let built_in = || BUILT_IN.into_iter().flatten();
    if anchors.len() < built_in().count() {
        return false;
    }
    let folded =
        |bytes: &&'static [u8]| -> Vec<u8> { bytes.iter().map(|byte| fold(*byte)).collect() };
    let places: HashMap<Vec<u8>, usize> = built_in().map(folded).zip(0..).collect();
    let known = anchors.iter().filter(|(bytes, _)| places.contains_key(bytes)).count();
    let all = known == places.len();
    if all {
        anchors.sort_by_cached_key(|(bytes, _)| places.get(bytes).copied().unwrap_or(usize::MAX));
    }
    all
}

/// Takes the anchors of which many differ in their first byte only, by what they have in common. If an automaton is needed
/// for the others anyway, it takes none: of a million anchors, thousands of such searches could be made.
fn take_alike(anchors: &mut Vec<(Vec<u8>, Anchor)>) -> Vec<Vec<(Vec<u8>, Anchor)>> {
    if anchors.len() > MAX_BANKS * BANK {
        return Vec::new();
    }
    let rest_of = |bytes: &[u8]| -> Option<[u8; MIN_FAST - 1]> { bytes.get(1..)?.try_into().ok() };
    let mut counts = BTreeMap::new();
    for rest in anchors.iter().filter_map(|(bytes, _)| rest_of(bytes)) {
        *counts.entry(rest).or_insert(0) += 1;
    }
    counts.retain(|_, count| *count >= MANY_ALIKE);
    let take = |rest| {
        let mut firsts = BTreeSet::new();
        anchors
            .extract_if(.., |(bytes, _)| rest_of(bytes) == Some(rest) && firsts.insert(bytes[0]))
            .collect()
    };
    counts.into_keys().map(take).collect()
}

impl Banks {
    /// Compiles anchors of at least three bytes, each with what it announces.
    pub fn new(
        anchors: Vec<(Vec<u8>, Anchor)>,
        starts_of_tokens: Starts,
        urls: bool,
        portable: bool,
    ) -> Banks {
        let mut anchors: Vec<(Vec<u8>, Anchor)> = anchors
            .into_iter()
            .map(|(bytes, anchor)| (bytes.iter().map(|byte| fold(*byte)).collect(), anchor))
            .collect();
        let alike = take_alike(&mut anchors);
        let in_order = put_in_order(&mut anchors);
        let mut banks: Vec<Filling> = Vec::new();
        for (bytes, anchor) in anchors {
            let taken = banks.iter().enumerate().position(|(k, bank)| {
                (k >= MAX_BANKS || bank.anchors.len() < BANK) && bank.takes(&bytes)
            });
            let bank = match taken {
                Some(k) => &mut banks[k],
                None => {
                    banks.push(Filling::default());
                    banks.last_mut().expect("it was just added")
                }
            };
            bank.sorted.insert(bytes.clone());
            bank.anchors.push((bytes, anchor));
        }
        let mixed = banks.len();
        let fill = |anchors: Vec<(Vec<u8>, Anchor)>| Filling { anchors, ..Filling::default() };
        banks.extend(alike.into_iter().map(fill));
        let mut first_bytes = vec![false; 256];
        let mut longest = 0;
        for (bytes, _) in banks.iter().flat_map(|bank| &bank.anchors) {
            first_bytes[usize::from(bytes[0])] = true;
            longest = longest.max(bytes.len());
        }
        let all = banks
            .into_iter()
            .enumerate()
            .map(|(k, Filling { anchors, .. })| {
                let alike = k >= mixed;
                let packed = !portable && (k < MAX_BANKS || alike);
                let mut sorted: Vec<u32> = (0..anchors.len() as u32).collect();
                sorted.sort_unstable_by(|one, other| {
                    anchors[*one as usize].0.cmp(&anchors[*other as usize].0)
                });
                // A search for what anchors have in common does not depend on their order.
                let in_order = alike || in_order && k < BUILT_IN.len();
                Bank { anchors, sorted, packed, in_order, search: OnceLock::new() }
            })
            .collect();
        Banks { all, starts_of_tokens, urls, any_space: false, longest, first_bytes }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && !self.urls && self.starts_of_tokens.is_empty()
    }

    /// For each bank, whether its anchors are in an order that was found by counting.
    #[cfg(test)]
    pub fn in_order(&self) -> Vec<bool> {
        self.all.iter().map(|bank| bank.in_order).collect()
    }

    /// The longest anchor's length, in bytes.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Where the end of `window` may be inside an anchor, from `floor` on.
    pub fn pending(&self, window: &[u8], floor: usize) -> Option<usize> {
        let authority = || {
            let cut = (1..AUTHORITY.len()).rev().find(|n| window.ends_with(&AUTHORITY[..*n]))?;
            (window.len() - cut >= floor).then_some(window.len() - cut)
        };
        let lowest = floor.max((window.len() + 1).saturating_sub(self.longest.max(1)));
        let cut = (lowest..window.len()).find(|&at| {
            let rest = &window[at..];
            let ends_prompt = || {
                let before = at.checked_sub(1).map(|k| window[k]);
                rest == b" " && before.is_some_and(|byte| !byte.is_ascii_alphanumeric())
            };
            self.first_bytes[usize::from(fold(rest[0]))]
                && (self.any_space || !ends_prompt())
                && self.all.iter().any(|bank| bank.continues(rest))
        });
        if self.urls { cut.into_iter().chain(authority()).min() } else { cut }
    }
}

/// The next hit of each bank in a block, from the last search.
#[derive(Clone, Debug, Default)]
pub(crate) struct NextHits {
    /// For each bank, the offset of the next anchor in the block (or the block's length) and its number.
    banks: Vec<Option<(usize, usize)>>,
    url: Option<usize>,
    start: Sought,
}

/// The block that is searched, and the window that it is a part of.
pub(crate) struct Block<'a> {
    pub window: &'a [u8],
    /// Where it starts in the window.
    pub start: usize,
    pub folded: &'a [u8],
}

/// How far the window was searched for starts of tokens.
#[derive(Clone, Copy, Debug, Default)]
enum Sought {
    #[default]
    Not,
    /// There is none before the offset.
    None(usize),
    /// This is the next.
    Found(Start),
}

impl NextHits {
    /// Forgets the previous block.
    pub fn clear(&mut self) {
        self.banks.clear();
        self.url = None;
        self.start = Sought::Not;
    }

    /// The first hit in `block` that is not before `place`, and before `limit`. Both are relative to the block. Hits at the same
    /// offset come in the order of their ranks: the banks from 1 on (0 is the search for the `default` rules), URLs, starts of
    /// tokens.
    #[inline(never)]
    pub fn next(
        &mut self,
        banks: &Banks,
        block: &Block,
        place: Place,
        limit: usize,
    ) -> Option<Hit> {
        let Place { at: offset, rank } = place;
        self.banks.resize(banks.all.len(), None);
        let mut first: Option<Hit> = None;
        for (k, (bank, slot)) in banks.all.iter().zip(&mut self.banks).enumerate() {
            let from = offset + usize::from(rank > k + 1);
            let (at, number) = match *slot {
                Some(found) if found.0 >= from => found,
                _ => *slot.insert(bank.find(block.folded, from)),
            };
            if at < first.map_or(limit, |hit| hit.at) {
                let (bytes, anchor) = &bank.anchors[number];
                first = Some(Hit { at, len: bytes.len(), anchor: *anchor, rank: k + 1 });
            }
        }
        if banks.urls {
            let last = banks.all.len() + 1;
            let from = offset + usize::from(rank > last);
            let at = match self.url {
                Some(at) if at >= from => at,
                _ => *self.url.insert(url(block.folded, from)),
            };
            if at < first.map_or(limit, |hit| hit.at) {
                first = Some(Hit { at, len: AUTHORITY.len(), anchor: Anchor::Url, rank: last });
            }
        }
        if !banks.starts_of_tokens.is_empty() {
            let lowest = banks.all.len() + 2;
            let from = (block.start + offset, rank.saturating_sub(lowest));
            let to = block.start + first.map_or(limit, |hit| hit.at);
            if let Some(Start { at, nth, len, group }) = self.start(banks, block, from, to) {
                let (anchor, rank) = (Anchor::Group(group), lowest + nth);
                first = Some(Hit { at: at - block.start, len, anchor, rank });
            }
        }
        first
    }

    /// The first start of a token before `to` in the window, and not before `from`: an offset, and how many starts at that
    /// offset are passed over. The search does not go past `to`, because a secret usually follows there, and is skipped.
    fn start(
        &mut self,
        banks: &Banks,
        block: &Block,
        from: (usize, usize),
        to: usize,
    ) -> Option<Start> {
        let (from, skip) = match self.start {
            Sought::Found(found) if (found.at, found.nth) >= from => {
                return (found.at < to).then_some(found);
            }
            Sought::None(sought) if sought >= to => return None,
            Sought::None(sought) if sought > from.0 => (sought, 0),
            _ => from,
        };
        let found = banks.starts_of_tokens.find(block.window, from, to, skip);
        self.start = found.map_or(Sought::None(to), Sought::Found);
        found
    }
}

/// The next `://` in `block` at or after `from` that may be followed by user information, or the block's length. Few
/// URLs have it, so the search is for the rarer `@`.
fn url(block: &[u8], from: usize) -> usize {
    let mut lowest = from;
    loop {
        let sign =
            memchr::memchr(fold(b'@'), block.get(lowest..).unwrap_or(b"")).map(|n| lowest + n);
        // The text after the block's end is not known.
        let end = sign.unwrap_or(block.len());
        let reach = lowest.max(end.saturating_sub(MAX_USERINFO));
        let near = &block[reach.min(end)..end];
        // The search backwards stops at the previous `@`, so each byte is read once.
        let found = match sign {
            Some(_) => {
                let run = near.iter().rposition(|byte| matches!(byte, b' ' | b'"'));
                let run = run.map_or(0, |at| at + 1);
                memchr::memmem::rfind(&near[run..], AUTHORITY).map(|at| reach + run + at)
            }
            None => memchr::memmem::find(near, AUTHORITY).map(|at| reach + at),
        };
        match (found, sign) {
            (Some(at), _) => return at,
            (None, Some(sign)) => lowest = sign + 1,
            (None, None) => return block.len(),
        }
    }
}
