//! Orders patterns so that the packed search is fast.
//!
//! The search assigns the patterns in turn to eight buckets. It treats a position in the text as a candidate, and
//! compares the patterns there, if each of the first four bytes fits one bucket: the low half of the byte fits one
//! pattern and the high half fits one. Similar patterns should therefore share a bucket. On logs, this order has half
//! as many candidates as the order in which one would write the patterns down, and is twice as fast.

/// The number of buckets.
pub(super) const BUCKETS: usize = 8;

/// How many bytes of a pattern the search compares first, at most.
const LOOKED_AT: usize = 4;

/// Further rounds of exchanges gain little.
const ROUNDS: usize = 2;

/// How often common folded bytes occur in logs, in thousandths. The other bytes share the rest.
const FREQUENT: &[(&[u8], f32)] = &[
    (b"e", 67.0),
    (b" ", 94.0),
    (b"oaitrns", 44.0),
    (b"cdl", 28.0),
    (b"0", 40.0),
    (b"1-.:,/\"", 19.0),
    (b"pmugh", 17.0),
    (b"23456789", 11.0),
    (b"bfvkwy=*\x7f", 9.0),
    (b"xjzq()[]{}'", 3.0),
];

/// The frequency of a byte that is not in [`FREQUENT`].
const RARE: f32 = 0.3;

/// Orders `patterns`. `bytes` returns the folded bytes of one.
pub(super) fn arrange<T>(patterns: &mut Vec<T>, bytes: impl Fn(&T) -> &[u8]) {
    let shortest = patterns.iter().map(|pattern| bytes(pattern).len()).min().unwrap_or(0);
    let masks: Vec<Masks> =
        patterns.iter().map(|pattern| Masks::of(bytes(pattern), shortest)).collect();
    let cost = |bucket: &[usize]| {
        let joined = bucket.iter().fold(Masks::default(), |joined, &k| joined.with(&masks[k]));
        share(&joined, shortest)
    };

    // 1. Put each pattern into the bucket where it costs least, the most frequent pattern first.
    let mut rest: Vec<(f32, usize)> = (0..patterns.len()).map(|k| (cost(&[k]), k)).collect();
    rest.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let mut buckets: [Vec<usize>; BUCKETS] = Default::default();
    let mut costs = [0.0; BUCKETS];
    for (_, pattern) in rest {
        let room = |k: usize| (patterns.len() + BUCKETS - 1 - k) / BUCKETS;
        let mut best = (f32::INFINITY, 0, 0.0);
        for k in 0..BUCKETS {
            if buckets[k].len() == room(k) {
                continue;
            }
            buckets[k].push(pattern);
            let cost = cost(&buckets[k]);
            buckets[k].pop();
            if cost - costs[k] < best.0 {
                best = (cost - costs[k], k, cost);
            }
        }
        buckets[best.1].push(pattern);
        costs[best.1] = best.2;
    }

    // 2. Exchange two patterns as long as that reduces the cost.
    for _ in 0..ROUNDS {
        for one in 0..BUCKETS {
            for other in one + 1..BUCKETS {
                for i in 0..buckets[one].len() {
                    for k in 0..buckets[other].len() {
                        exchange(&mut buckets, (one, i), (other, k));
                        let changed = (cost(&buckets[one]), cost(&buckets[other]));
                        if changed.0 + changed.1 < costs[one] + costs[other] {
                            (costs[one], costs[other]) = changed;
                        } else {
                            exchange(&mut buckets, (one, i), (other, k));
                        }
                    }
                }
            }
        }
    }

    // 3. Lay the buckets out so that every eighth pattern is in the same one.
    let mut slots: Vec<Option<T>> = patterns.drain(..).map(Some).collect();
    for row in 0..buckets[0].len() {
        let row = buckets.iter().filter_map(|bucket| bucket.get(row));
        patterns.extend(row.filter_map(|&pattern| slots[pattern].take()));
    }
}

/// The share of all places that are candidates when `patterns` are searched for in this order.
#[cfg(test)]
pub(super) fn cost(patterns: &[Vec<u8>]) -> f32 {
    let shortest = patterns.iter().map(Vec::len).min().unwrap_or(0);
    let bucket = |k: usize| {
        let bucket = patterns.iter().skip(k).step_by(BUCKETS);
        let of = |joined: Masks, bytes: &Vec<u8>| joined.with(&Masks::of(bytes, shortest));
        share(&bucket.fold(Masks::default(), of), shortest)
    };
    (0..BUCKETS).map(bucket).sum()
}

fn exchange(buckets: &mut [Vec<usize>], one: (usize, usize), other: (usize, usize)) {
    let pattern = buckets[one.0][one.1];
    buckets[one.0][one.1] = std::mem::replace(&mut buckets[other.0][other.1], pattern);
}

/// The half bytes that fit, low and high, at each position.
#[derive(Clone, Copy, Default)]
struct Masks([(u16, u16); LOOKED_AT]);

impl Masks {
    fn of(bytes: &[u8], len: usize) -> Masks {
        let mut masks = Masks::default();
        for (mask, byte) in masks.0.iter_mut().zip(&bytes[..len]) {
            *mask = (1 << (byte & 15), 1 << (byte >> 4));
        }
        masks
    }

    fn with(mut self, other: &Masks) -> Masks {
        for (mask, (low, high)) in self.0.iter_mut().zip(other.0) {
            *mask = (mask.0 | low, mask.1 | high);
        }
        self
    }
}

/// For each high half of a byte, and for the low halves below 8 and from 8 on: the frequency of each set of bytes.
static SHARES: [[f32; 256]; 32] = {
    let mut shares = [[RARE; 8]; 32];
    let mut k = 0;
    while k < FREQUENT.len() {
        let (bytes, share) = FREQUENT[k];
        let mut n = 0;
        while n < bytes.len() {
            shares[bytes[n] as usize / 8][bytes[n] as usize % 8] = share;
            n += 1;
        }
        k += 1;
    }
    let mut sums = [[0.0; 256]; 32];
    let mut row = 0;
    while row < 32 {
        let mut set = 1usize;
        while set < 256 {
            let lowest = set.trailing_zeros() as usize;
            sums[row][set] = sums[row][set & (set - 1)] + shares[row][lowest];
            set += 1;
        }
        row += 1;
    }
    sums
};

/// The share of positions where each of the first `len` bytes fits, if bytes were independent.
fn share(masks: &Masks, len: usize) -> f32 {
    let fits = |&(low, high): &(u16, u16)| {
        let [first, second] = low.to_le_bytes();
        let row = |high: usize| {
            SHARES[2 * high][usize::from(first)] + SHARES[2 * high + 1][usize::from(second)]
        };
        bits(high).map(row).sum::<f32>() / 1000.0
    };
    masks.0.iter().take(len).map(fits).product()
}

/// The bits that are set.
fn bits(mut set: u16) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (bit < 16).then_some(bit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_kept() {
        for len in [0, 1, 7, 8, 9, 17, 32] {
            let patterns: Vec<Vec<u8>> =
                (0..len).map(|k| format!("{:05}", k * 7919 % 100_000).into_bytes()).collect();
            let mut arranged = patterns.clone();
            arrange(&mut arranged, |pattern| pattern);
            arranged.sort();
            let mut sorted = patterns;
            sorted.sort();
            assert_eq!(arranged, sorted);
        }
    }

    #[test]
    fn similar_patterns_share_a_bucket() {
        let mut patterns: Vec<&[u8]> = vec![
            b"abcd", b"efgh", b"ijkl", b"mnop", b"qrst", b"uvwx", b"1234", b"5678", b"5679",
            b"1235", b"uvwy", b"qrsu", b"mnoq", b"ijkm", b"efgi", b"abce",
        ];
        arrange(&mut patterns, |pattern| pattern);
        for k in 0..BUCKETS {
            assert_eq!(patterns[k][..3], patterns[k + BUCKETS][..3]);
        }
    }
}
