//! Measures where slices of the segment become cheaper than copies, on lines with one secret and increasing amounts of
//! text.
//!
//! The pieces are written to a pipe that a thread drains, because the cost of a slice is an entry of `writev`. The
//! masker's own threshold (`SLICE_MIN`) should be near the point where `lend` overtakes `copy`.

use std::fs::File;
use std::hint::black_box;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::thread;

use blackbar::command::{Carry, Masker, Pieces, Sink};
use blackbar::{Ruleset, Scanner, Span};
use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

mod logs;

/// The bytes that are masked and written at once.
const SEGMENT: usize = 256 * 1024;

/// A segment with known spans: only the work after the scan is measured.
fn segment(run: usize) -> (Bytes, Vec<Span>) {
    // The rule makes no difference here, but only a scanner can create a span.
    let mut spans = Vec::new();
    Scanner::new(&Ruleset::standard()).scan(b"Bearer abcdefghijklmnop0123456789", true, &mut spans);
    let whole = spans.remove(0);

    let (log, secrets) = logs::runs(SEGMENT, run);
    let spans = secrets.into_iter().map(|range| {
        let mut span = whole.clone();
        span.range = range;
        span
    });
    (Bytes::from(log), spans.collect())
}

/// Passes kept runs of at least `min` bytes on as slices. The library's own out has a constant minimum.
struct Destination {
    min: usize,
    gathered: Vec<u8>,
    runs: Vec<(bool, std::ops::Range<usize>)>,
}

impl blackbar::command::Destination for Destination {
    fn keep(&mut self, run: &[u8], at: Option<usize>) {
        match at {
            Some(at) if run.len() >= self.min => self.runs.push((true, at..at + run.len())),
            _ => self.put(run),
        }
    }

    fn put(&mut self, text: &[u8]) {
        let start = self.gathered.len();
        self.gathered.extend_from_slice(text);
        let end = self.gathered.len();
        match self.runs.last_mut() {
            Some((false, range)) => range.end = end,
            _ => self.runs.push((false, start..end)),
        }
    }
}

/// A pipe that is drained as fast as it fills.
fn drained() -> (File, thread::JoinHandle<()>) {
    let (mut drain, feed) = io::pipe().expect("a pipe");
    blackbar::command::widen_pipe(&feed);
    let drainer = thread::spawn(move || {
        let mut buffer = vec![0; SEGMENT];
        while drain.read(&mut buffer).is_ok_and(|n| n > 0) {}
    });
    (File::from(OwnedFd::from(feed)), drainer)
}

fn write_all(to: &mut File, segment: &[u8], out: &Destination) {
    let slice = |(lent, range): &(bool, std::ops::Range<usize>)| {
        io::IoSlice::new(if *lent { &segment[range.clone()] } else { &out.gathered[range.clone()] })
    };
    let mut slices: Vec<_> = out.runs.iter().map(slice).collect();
    let mut rest = &mut slices[..];
    while !rest.is_empty() {
        let n = io::Write::write_vectored(to, rest).expect("the pipe is open");
        io::IoSlice::advance_slices(&mut rest, n);
    }
}

fn break_even(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mask");
    group.sample_size(20);
    for run in [64, 128, 256, 512, 1024, 2048, 4096, 8192] {
        let (segment, spans) = segment(run);
        group.throughput(Throughput::Bytes(segment.len() as u64));
        for (name, min) in [("copy", usize::MAX), ("lend", 1)] {
            let (mut to, drainer) = drained();
            let mut out = Destination { min, gathered: Vec::new(), runs: Vec::new() };
            group.bench_function(BenchmarkId::new(name, run), |b| {
                b.iter(|| {
                    out.gathered.clear();
                    out.runs.clear();
                    Masker::new().mask(&segment, Some(0), &spans, &mut out);
                    write_all(&mut to, &segment, &out);
                });
            });
            drop(to);
            drainer.join().expect("it only reads");
        }
    }
    group.finish();
}

/// Scans and masks real logs, to a plain vector and to pieces.
fn sheets(criterion: &mut Criterion) {
    let rules = Ruleset::standard();
    let mut group = criterion.benchmark_group("out");
    group.sample_size(20);
    for (name, _) in logs::MIXES {
        let log = Bytes::from(logs::mixed(name, logs::SIZE).bytes);
        group.throughput(Throughput::Bytes(log.len() as u64));
        group.bench_function(BenchmarkId::new("vector", name), |b| {
            let (mut carry, mut out) = (Carry::for_rules(&rules), Vec::new());
            b.iter(|| {
                for chunk in log.chunks(SEGMENT) {
                    out.clear();
                    carry.push(black_box(chunk), &mut out);
                }
                carry.finish(&mut out);
            });
        });
        group.bench_function(BenchmarkId::new("pieces", name), |b| {
            let (mut carry, mut pieces) = (Carry::for_rules(&rules), Pieces::default());
            let mut sink = Sink::new(logs::name(), logs::Discard);
            b.iter(|| {
                for at in (0..log.len()).step_by(SEGMENT) {
                    let segment = log.slice(at..log.len().min(at + SEGMENT));
                    pieces.begin(segment.clone());
                    carry.push(black_box(&segment), &mut pieces);
                    sink.write(&pieces).expect("nothing fails to be discarded");
                }
                carry.finish(&mut pieces);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, break_even, sheets);
criterion_main!(benches);
