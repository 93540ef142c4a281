//! The scan alone, without output or threads. Throughput is in bytes of input.

use std::hint::black_box;

use blackbar::{Ruleset, Scanner};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

mod logs;

/// The size of a window, as in the pipeline.
const WINDOW: usize = 64 * 1024;

fn scan(log: &[u8], rules: &Ruleset) -> usize {
    let mut scanner = Scanner::new(rules);
    let mut spans = Vec::new();
    let mut found = 0;
    let mut at = 0;
    while at < log.len() {
        let end = log.len().min(at + WINDOW);
        at += scanner.scan(&log[at..end], end == log.len(), &mut spans);
        found += spans.len();
    }
    found
}

fn group(criterion: &mut Criterion, name: &str, logs: Vec<(&str, Vec<u8>)>) {
    group_of(criterion, name, logs, &Ruleset::standard());
}

fn group_of(criterion: &mut Criterion, name: &str, logs: Vec<(&str, Vec<u8>)>, rules: &Ruleset) {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(20);
    for (name, log) in logs {
        group.throughput(Throughput::Bytes(log.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| scan(black_box(&log), rules));
        });
    }
    group.finish();
}

/// Real logs, from one without anything for any rule to one with a secret in each line.
fn by_density(criterion: &mut Criterion) {
    let mut logs = vec![("anchors-alone", logs::plain(logs::SIZE).bytes)];
    for (name, mix) in logs::MIXES {
        logs.push((name, logs::sample::Log::new(logs::SIZE, mix).bytes));
    }
    group(criterion, "scan", logs.clone());
    group_of(criterion, "scan-with-every-rule", logs, &Ruleset::all());
}

/// Each rule at its busiest.
fn by_rule(criterion: &mut Criterion) {
    let logs = logs::DENSEST
        .iter()
        .map(|(name, templates)| (*name, logs::of_templates(logs::SIZE, templates).bytes));
    group(criterion, "densest", logs.collect());
}

/// An endless line, which does not fit into a window.
fn endless(criterion: &mut Criterion) {
    group(criterion, "endless-line", logs::endless(logs::SIZE).into());
}

/// The cost of a scanner and its rules before the first byte.
fn start(criterion: &mut Criterion) {
    criterion.bench_function("compile-rules", |b| b.iter(|| Scanner::new(&Ruleset::standard())));
}

criterion_group!(benches, by_density, by_rule, endless, start);
criterion_main!(benches);
