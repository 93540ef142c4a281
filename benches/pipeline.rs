//! The pipeline in memory: segments, workers, and lines that keep workers from scanning ahead.

use std::hint::black_box;
use std::num::NonZeroUsize;

use blackbar::Ruleset;
use blackbar::command::{Options, Pipeline, Sink, Source};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

mod logs;

/// Large enough for the pool to be worth starting.
const SIZE: usize = 32 * 1024 * 1024;

fn run(log: &[u8], options: Options, rules: &Ruleset) {
    let mut sink = Sink::new(logs::name(), logs::Discard);
    Pipeline::new(rules, options)
        .run(&mut Source::new(logs::name(), black_box(log)), &mut sink)
        .expect("neither memory nor nowhere fails");
}

fn number(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).expect("no bench asks for none")
}

fn workers(criterion: &mut Criterion) {
    let rules = Ruleset::standard();
    let mut group = criterion.benchmark_group("workers");
    group.sample_size(10);
    let mut all: Vec<_> =
        logs::MIXES.iter().map(|(name, _)| (*name, logs::mixed(name, SIZE).bytes)).collect();
    // Every assumption of the workers is wrong here, so two threads should cost little more than one.
    let [_, (_, secret), (_, cookies)] = logs::endless(SIZE);
    all.extend([("endless-secret", secret), ("endless-cookies", cookies)]);
    for (name, log) in all {
        group.throughput(Throughput::Bytes(log.len() as u64));
        for threads in [1, 2] {
            let options = Options { threads: number(threads), ..Options::default() };
            group.bench_function(BenchmarkId::new(name, threads), |b| {
                b.iter(|| run(&log, options, &rules));
            });
        }
    }
    group.finish();
}

fn segments(criterion: &mut Criterion) {
    let rules = Ruleset::standard();
    let mut group = criterion.benchmark_group("segment-kib");
    group.sample_size(10);
    let log = logs::mixed("mixed", SIZE).bytes;
    group.throughput(Throughput::Bytes(log.len() as u64));
    for kib in [16, 64, 128, 256, 512, 1024] {
        for threads in [1, 2] {
            let options = Options { threads: number(threads), segment: number(kib * 1024) };
            group.bench_function(BenchmarkId::new(format!("{threads}-workers"), kib), |b| {
                b.iter(|| run(&log, options, &rules));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, workers, segments);
criterion_main!(benches);
