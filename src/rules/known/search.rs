//! The search for the first bytes of known values.

use aho_corasick::Span;
use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::heads::{HEAD, Head};

/// Finds every position of a head, with few false positives.
pub(super) enum Search {
    /// SIMD, for a few dozen heads.
    Packed(Searcher),
    /// For any number of them.
    Filter(Filter),
}

impl Search {
    /// A search for `heads`. With `portable` it does not use SIMD.
    pub fn new(mut heads: Vec<Head>, portable: bool) -> Search {
        heads.sort_unstable();
        heads.dedup();
        let packed =
            || Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(&heads).build();
        match (!portable).then(packed).flatten() {
            Some(searcher) => Search::Packed(searcher),
            None => Search::Filter(Filter::new(&heads)),
        }
    }

    /// The first position at or after `from` that may have a head.
    pub fn next(&self, window: &[u8], from: usize) -> Option<usize> {
        match self {
            Search::Packed(searcher) => searcher
                .find_in(window, Span { start: from, end: window.len() })
                .map(|found| found.start()),
            Search::Filter(filter) => filter.next(window, from),
        }
    }
}

/// A Bloom filter of heads (Bloom 1970). All bits of one head are in one word, so that a lookup needs one memory
/// access.
pub(super) struct Filter {
    words: Vec<u64>,
    /// The number of bits of a hash that do not select the word.
    shift: u32,
}

/// Filter bits per head. Three bits are set per head, so that one position in 300 is a false positive.
const BITS: usize = 24;

impl Filter {
    fn new(heads: &[Head]) -> Filter {
        let words = (heads.len() * BITS / 64).next_power_of_two().max(2);
        let mut filter = Filter { words: vec![0; words], shift: 64 - words.trailing_zeros() };
        for head in heads {
            let mut bytes = [0; 8];
            bytes[..HEAD].copy_from_slice(head);
            let (word, bits) = filter.place(u64::from_le_bytes(bytes));
            filter.words[word] |= bits;
        }
        filter
    }

    /// The word of a head, and the bits that the head sets in it. The lowest bytes of `head` are the head.
    #[inline]
    fn place(&self, head: u64) -> (usize, u64) {
        const FACTOR: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
        let product = u128::from(head | 1 << 63).wrapping_mul(FACTOR);
        let hash = (product >> 64) as u64 ^ product as u64;
        let bit = |k: u32| 1u64 << (hash >> (6 * k) & 63);
        ((hash >> self.shift) as usize, bit(0) | bit(1) | bit(2))
    }

    fn next(&self, window: &[u8], from: usize) -> Option<usize> {
        const MASK: u64 = u64::MAX >> (64 - 8 * HEAD);
        let rest = window.get(from..)?;
        let holds = |head: u64| {
            let (word, bits) = self.place(head & MASK);
            self.words[word] & bits == bits
        };
        if let Some(at) = rest
            .windows(8)
            .position(|bytes| holds(u64::from_le_bytes(bytes.try_into().unwrap_or_default())))
        {
            return Some(from + at);
        }
        // The last positions have fewer than eight bytes.
        let last = (rest.len() + 1).saturating_sub(8);
        let at = rest[last..].windows(HEAD).position(|bytes| {
            let mut head = [0; 8];
            head[..HEAD].copy_from_slice(bytes);
            holds(u64::from_le_bytes(head))
        })?;
        Some(from + last + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_head_is_missed_and_false_positives_are_few() {
        let heads: Vec<Head> = (0..5000u32)
            .map(|k| *format!("{:06}", k * 7919 % 1_000_000).as_bytes().first_chunk().unwrap())
            .collect();
        let filter = Search::new(heads.clone(), true);
        for head in &heads {
            for before in 0..3 {
                let window = [&b"zzz"[..before], head].concat();
                let mut from = 0;
                while let Some(at) = filter.next(&window, from)
                    && at < before
                {
                    from = at + 1;
                }
                assert_eq!(filter.next(&window, from), Some(before));
            }
        }
        let others: Vec<u8> =
            (0..100_000u32).flat_map(|k| k.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        let (mut count, mut from) = (0, 0);
        while let Some(at) = filter.next(&others, from) {
            (count, from) = (count + 1, at + 1);
        }
        assert!(count < others.len() / 100, "{count}");
        assert_eq!(filter.next(b"12345", 0), None);
        assert_eq!(filter.next(b"", 1), None);
    }
}
