//! The order in which the packed search for the anchors of the built-in rules outside the `default` set is fast.
//!
//! The rules define the anchors, and this is only their order. An anchor that is missing here is put into another bank, after
//! these. If an anchor here is that of no rule, the whole order is ignored. Tests fail in both cases.
//!
//! [`super::order`] finds an order from how frequent each byte is in logs. That is quick, but words are not random bytes:
//! this order, which was found by counting in logs, has a tenth of the candidates. It also need not be found at each start.

/// Two banks. In each, the anchors of a column share a bucket of the search (see [`super::order`]).
#[rustfmt::skip]
pub(super) const BUILT_IN: [&[&[u8]]; 2] = [
    &[
        b"_pat=", b"pwd\\", b" -u ", b"_pw\"", b"_pat\"", b"pass", b"rabbitmqctl", b"pwd ",
        b"_pw ", b"pwd:", b" -p ", b"_pw'", b"_pat:", b"psk=", b"psk\"", b"pwd'",
        b"_pw:", b"pwd=", b"pdp ", b"7z a", b"securestring", b"private", b"zip -", b"freerdp",
        b"_pw=", b"@unix(", b"net use", b"7z x", b"sqlplus", b"@tcp(", b"jdbc:oracle:", b"pwd\"",
    ],
    &[
        b"openssl", b"mariadb", b"curl ", b"redis-cli", b":\\/\\/", b"mongo", b"mysql", b"%253a%252f%252f",
        b"bpat", b"identified ", b"echo ", b"snmp", b"ldap", b" login", b"setuser", b"%3a%2f%2f",
        b"rootpw", b"bindpw", b"kennwort", b"wachtwoord", b"contrasena", b"senha",
    ],
];

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::hit::fold;
    use super::super::order::BUCKETS;
    use super::*;

    /// The most positions of a text that may fit a bank's buckets.
    const MOST: f64 = 0.002;

    type Bucket = Vec<&'static [u8]>;

    /// How often four bytes, folded, occur in the logs of the corpus.
    fn counts() -> Vec<([u8; 4], u32)> {
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
        let mut counts = HashMap::new();
        for entry in std::fs::read_dir(corpus).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|name| name == "log") {
                let text: Vec<u8> = std::fs::read(path).unwrap().into_iter().map(fold).collect();
                for four in text.windows(4) {
                    *counts.entry([four[0], four[1], four[2], four[3]]).or_default() += 1;
                }
            }
        }
        counts.into_iter().collect()
    }

    /// How many positions fit the bucket: the halves of each of the first four bytes occur in its anchors there.
    fn candidates(counts: &[([u8; 4], u32)], bucket: &[&[u8]]) -> u32 {
        let mut halves = [(0u16, 0u16); 4];
        for anchor in bucket {
            for (half, byte) in halves.iter_mut().zip(anchor.iter().map(|byte| fold(*byte))) {
                *half = (half.0 | 1 << (byte & 15), half.1 | 1 << (byte >> 4));
            }
        }
        let fits = |four: &[u8; 4]| {
            four.iter().zip(halves).all(|(byte, (low, high))| {
                low >> (byte & 15) & 1 == 1 && high >> (byte >> 4) & 1 == 1
            })
        };
        counts.iter().filter(|(four, _)| fits(four)).map(|(_, count)| count).sum()
    }

    /// Exchanges anchors between buckets as long as that leaves fewer candidates.
    fn improve(counts: &[([u8; 4], u32)], buckets: &mut [Bucket]) {
        let cost = |bucket: &Bucket| candidates(counts, bucket);
        let mut better = true;
        while std::mem::take(&mut better) {
            for one in 0..buckets.len() {
                for other in one + 1..buckets.len() {
                    let places = buckets[one].len() * buckets[other].len();
                    let width = buckets[other].len();
                    for (i, k) in (0..places).map(|n| (n / width, n % width)) {
                        let before = cost(&buckets[one]) + cost(&buckets[other]);
                        let (first, second) = (buckets[one][i], buckets[other][k]);
                        (buckets[one][i], buckets[other][k]) = (second, first);
                        if cost(&buckets[one]) + cost(&buckets[other]) < before {
                            better = true;
                        } else {
                            (buckets[one][i], buckets[other][k]) = (first, second);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn few_positions_of_a_log_fit() {
        let counts = counts();
        let positions: u32 = counts.iter().map(|(_, count)| count).sum();
        let of_bank = |bank: &&[&'static [u8]]| -> Vec<Bucket> {
            (0..BUCKETS).map(|k| bank.iter().skip(k).step_by(BUCKETS).copied().collect()).collect()
        };
        let mut buckets: Vec<Bucket> = BUILT_IN.iter().flat_map(of_bank).collect();
        let fit: u32 = buckets.iter().map(|bucket| candidates(&counts, bucket)).sum();
        if f64::from(fit) > MOST * f64::from(positions) {
            improve(&counts, &mut buckets);
            let least: u32 = buckets.iter().map(|bucket| candidates(&counts, bucket)).sum();
            for bank in buckets.chunks(BUCKETS) {
                for row in 0..bank[0].len() {
                    let row = bank.iter().filter_map(|bucket| bucket.get(row));
                    row.for_each(|anchor| eprint!("b\"{}\", ", anchor.escape_ascii()));
                    eprintln!();
                }
            }
            panic!("{fit} of {positions} positions fit, and {least} with the rows above");
        }
    }
}
