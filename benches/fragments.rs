//! What inputs cost that are made to be slow: a fragment that may begin something, over and over, alone and in pairs.
//!
//! All of them are timed once, the slowest are printed with what they cost against plain text, and measured.

use std::hint::black_box;
use std::time::Instant;

use blackbar::{Ruleset, Scanner};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// As many bytes of each: more than any rule looks at.
const SIZE: usize = 16 * 1024;

/// How many of the slowest are shown, and how many of them measured.
const SHOWN: usize = 20;
const MEASURED: usize = 6;

/// Anchors, keywords, and what opens, closes and separates.
const FRAGMENTS: &[&str] = include!("../tests/spliced/fragments.rs");

fn log(parts: &[&str]) -> Vec<u8> {
    parts.concat().bytes().cycle().take(SIZE).collect()
}

fn plain() -> Vec<u8> {
    "The quick brown fox jumps over the lazy dog, 42 times a day.\n"
        .bytes()
        .cycle()
        .take(SIZE)
        .collect()
}

fn scan(log: &[u8], rules: &Ruleset) -> usize {
    Scanner::new(rules).scan(log, true, &mut Vec::new())
}

/// The seconds that the fastest of a few scans took.
fn seconds(log: &[u8], rules: &Ruleset, scans: usize) -> f64 {
    let times = (0..scans).map(|_| {
        let start = Instant::now();
        black_box(scan(black_box(log), rules));
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}

fn slowest(name: &str, rules: &Ruleset) -> Vec<(String, Vec<u8>)> {
    let base = seconds(&plain(), rules, 100);
    let alone = FRAGMENTS.iter().map(|one| vec![*one]);
    let pairs =
        FRAGMENTS.iter().flat_map(|one| FRAGMENTS.iter().map(move |other| vec![*one, *other]));
    let mut timed: Vec<_> = alone
        .chain(pairs)
        .map(|parts| {
            let log = log(&parts);
            (seconds(&log, rules, 2) / base, parts.concat(), log)
        })
        .collect();
    timed.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    println!("{name}, against plain text at {:.0} MB/s:", SIZE as f64 / base / 1e6);
    for (times, parts, _) in timed.iter().take(SHOWN) {
        println!("  {times:6.0}  {}", parts.escape_debug());
    }
    timed.into_iter().take(MEASURED).map(|(_, parts, log)| (parts, log)).collect()
}

fn fragments(criterion: &mut Criterion) {
    for (name, rules) in [("default", Ruleset::standard()), ("all", Ruleset::all())] {
        let logs = slowest(name, &rules);
        let mut group = criterion.benchmark_group(format!("slowest-{name}"));
        group.sample_size(10);
        group.throughput(Throughput::Bytes(SIZE as u64));
        let plain = plain();
        group.bench_function("plain", |b| b.iter(|| scan(black_box(&plain), &rules)));
        for (parts, log) in logs {
            let parts = parts.escape_debug().to_string();
            group.bench_function(BenchmarkId::from_parameter(parts), |b| {
                b.iter(|| scan(black_box(&log), &rules));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, fragments);
criterion_main!(benches);
