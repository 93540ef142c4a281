//! Measures what redaction costs: counts a log, and times several workloads on it.
//!
//! It uses the library as any other program would. Each workload includes the one before it, so that the difference
//! between two rows is the price of one step. The workloads take turns, round after round, and the median of each is
//! reported, so that other activity on the machine affects all of them alike.

use std::borrow::Cow;
use std::hint::black_box;
use std::io::{self, IoSlice, Write};
use std::num::NonZeroUsize;
use std::thread;
use std::time::{Duration, Instant};

use blackbar::command::{Carry, Options, Output, Pieces, Pipeline, Sink, Source};
use blackbar::{Ruleset, Scanner, Span};
use bytes::Bytes;

use super::cost::{Cost, name};
use super::pipes;

/// Bytes per scanner window.
const WINDOW: usize = 64 * 1024;

/// A shorter log is repeated up to this size, because a pass over it would be too short to time.
const MEASURED_MIN: usize = 16 * 1024 * 1024;

/// The approximate time of one pass. Of a log that takes longer, only the start is measured.
const PASS: Duration = Duration::from_millis(120);

/// No round begins after this time.
const BUDGET: Duration = Duration::from_secs(2);

/// A median needs three rounds; more than fifteen add nothing.
const ROUNDS: std::ops::RangeInclusive<usize> = 3..=15;

/// What a log contains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub bytes: u64,
    /// The last line counts even without a newline.
    pub lines: u64,
    /// Secrets by rule, in the order of the rule table.
    pub redactions: Vec<(Cow<'static, str>, u64)>,
    /// Bytes in secrets.
    pub redacted: u64,
    /// Output bytes that are slices of the segment they were read into.
    pub untouched: u64,
}

impl Counts {
    /// Counts `log`.
    pub fn of(log: &Bytes, rules: &Ruleset) -> Counts {
        let mut found = vec![0; rules.rules().len()];
        let mut redacted = 0;
        scan(log, rules, |spans| {
            for span in spans {
                found[span.rule.index()] += u64::from(span.edge.begins());
                redacted += span.range.len() as u64;
            }
        });
        let newlines = memchr::memchr_iter(b'\n', log).count();
        Counts {
            bytes: log.len() as u64,
            lines: (newlines + usize::from(log.last().is_some_and(|last| *last != b'\n'))) as u64,
            redactions: rules.rules().iter().map(|rule| rule.name.clone()).zip(found).collect(),
            redacted,
            untouched: untouched(log, rules),
        }
    }

    /// The number of secrets.
    pub fn total(&self) -> u64 {
        self.redactions.iter().map(|(_, count)| count).sum()
    }

    /// Kept bytes that were copied, because the text between two secrets was too short for a slice.
    pub fn copied(&self) -> u64 {
        self.bytes - self.redacted - self.untouched
    }
}

/// Passes `log` through a scanner, window by window, and gives the spans to `see`.
fn scan(log: &[u8], rules: &Ruleset, mut see: impl FnMut(&[Span])) {
    let mut scanner = Scanner::new(rules);
    let mut spans = Vec::new();
    let mut at = 0;
    // The window has to be longer than the hold bound, or the scan makes no progress.
    let window = WINDOW.max(2 * rules.hold());
    while at < log.len() {
        let end = log.len().min(at + window);
        at += scanner.scan(&log[at..end], end == log.len(), &mut spans);
        see(&spans);
    }
}

fn untouched(log: &Bytes, rules: &Ruleset) -> u64 {
    let mut carry = Carry::for_rules(rules);
    let mut pieces = Pieces::default();
    let mut lent = 0;
    let mut at = 0;
    while at < log.len() {
        let full = log.len().min(at + Options::SEGMENT.get());
        let end = memchr::memrchr(b'\n', &log[at..full]).map_or(full, |newline| at + newline + 1);
        pieces.begin(log.slice(at..end));
        carry.push(&log[at..end], &mut pieces);
        lent += pieces.sliced() as u64;
        at = end;
    }
    lent
}

/// Something to do with the log, to be timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// Copies it through a buffer of a segment's size, as reading does.
    Copy,
    /// Scans it without writing it.
    Scan,
    /// Redacts it in memory and discards the output.
    Redact(NonZeroUsize),
    /// Copies it from pipe to pipe, as `cat` does.
    PipeCopy,
    /// Redacts it from pipe to pipe.
    PipeRedact(NonZeroUsize),
}

impl Workload {
    /// All workloads for a machine that runs `threads` at once.
    pub fn all(threads: NonZeroUsize) -> Vec<Workload> {
        let one = NonZeroUsize::MIN;
        let mut workloads =
            vec![Workload::Copy, Workload::Scan, Workload::Redact(one), Workload::Redact(threads)];
        workloads.extend([
            Workload::PipeCopy,
            Workload::PipeRedact(one),
            Workload::PipeRedact(threads),
        ]);
        workloads.dedup();
        workloads
    }

    fn take(self, log: &[u8], rules: &Ruleset) -> io::Result<Cost> {
        match self {
            Workload::Copy => {
                let mut buffer = vec![0; Options::SEGMENT.get()];
                Cost::of(|| {
                    for chunk in log.chunks(buffer.len()) {
                        buffer[..chunk.len()].copy_from_slice(chunk);
                        black_box(&mut buffer);
                    }
                    Ok(())
                })
            }
            Workload::Scan => Cost::of(|| {
                scan(log, rules, |spans| {
                    black_box(spans);
                });
                Ok(())
            }),
            Workload::Redact(threads) => Cost::of(|| {
                let options = Options { threads, ..Options::default() };
                let mut sink = Sink::new(name(), Discard);
                Pipeline::new(rules, options).run(&mut Source::new(name(), log), &mut sink).map_err(
                    // Neither reading from memory nor discarding fails.
                    io::Error::other,
                )
            }),
            Workload::PipeCopy => pipes::copy(log),
            Workload::PipeRedact(threads) => {
                pipes::redact(log, rules, Options { threads, ..Options::default() })
            }
        }
    }
}

/// A workload and its median cost.
#[derive(Clone, Copy, Debug)]
pub struct Speed {
    pub workload: Workload,
    /// Bytes of the log per second.
    pub rate: f64,
    /// CPU seconds per byte. Only workloads on one thread have it.
    pub cpu: Option<f64>,
}

/// Measures every workload on `log`. `progress` is called for each pass with the number of the round and the largest
/// number of rounds.
///
/// An empty log has nothing to measure. The whole measurement takes a few seconds at most, on any machine.
pub fn speeds(
    log: &Bytes,
    rules: &Ruleset,
    mut progress: impl FnMut(usize, usize),
) -> io::Result<Vec<Speed>> {
    if log.is_empty() {
        return Ok(Vec::new());
    }
    let log = of_measurable_length(log, rules);
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let workloads = Workload::all(threads);
    let mut costs = vec![Vec::new(); workloads.len()];
    let start = Instant::now();
    for round in 1..=*ROUNDS.end() {
        if round > *ROUNDS.start() && start.elapsed() > BUDGET {
            break;
        }
        for (workload, costs) in workloads.iter().zip(&mut costs) {
            progress(round, *ROUNDS.end());
            costs.push(workload.take(&log, rules)?);
        }
    }

    let bytes = log.len() as f64;
    let speeds = workloads.iter().zip(&costs).map(|(workload, costs)| {
        let time = median(costs.iter().map(|cost| cost.time).collect());
        let cpu = median(costs.iter().map(|cost| cost.cpu).collect());
        let alone =
            !matches!(workload, Workload::Redact(n) | Workload::PipeRedact(n) if n.get() > 1);
        Speed {
            workload: *workload,
            rate: bytes / time.as_secs_f64().max(1e-9),
            cpu: alone.then(|| cpu.as_secs_f64() / bytes),
        }
    });
    Ok(speeds.collect())
}

/// `log`, repeated until it is long enough to time, or cut if all of it would take too long.
fn of_measurable_length(log: &Bytes, rules: &Ruleset) -> Bytes {
    let trial = &log[..log.len().min(MEASURED_MIN / 16)];
    let start = Instant::now();
    scan(trial, rules, |spans| {
        black_box(spans);
    });
    let seconds = start.elapsed().as_secs_f64().max(1e-6);
    let fit = (trial.len() as f64 / seconds * PASS.as_secs_f64()) as usize;
    // A pass takes longer than the scan alone, but not many times longer.
    let fit = fit.clamp(MEASURED_MIN / 16, log.len().max(MEASURED_MIN));
    if fit <= log.len() {
        return log.slice(..fit);
    }
    let mut repeated = Vec::with_capacity(fit + log.len());
    while repeated.len() < fit {
        repeated.extend_from_slice(log);
        if log.last() != Some(&b'\n') {
            repeated.push(b'\n');
        }
    }
    repeated.into()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A writer that discards everything.
struct Discard;

impl Write for Discard {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        Ok(black_box(buf).len())
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        Ok(black_box(slices).iter().map(|slice| slice.len()).sum())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Discard {}

#[cfg(test)]
mod tests {
    use blackbar::Redactor;

    use super::*;
    use crate::bench::sample::{Log, Mix};

    #[test]
    fn exactly_the_secrets_of_the_sample_are_redacted() {
        let log = Log::new(256 * 1024, Mix { near: 10, secret: 3 });
        let mut expected = Vec::new();
        let mut done = 0;
        for secret in &log.secrets {
            expected.extend_from_slice(&log.bytes[done..secret.start]);
            expected.extend_from_slice(b"[REDACTED]");
            done = secret.end;
        }
        expected.extend_from_slice(&log.bytes[done..]);

        let mut redactor = Redactor::new(&Ruleset::standard());
        let mut out = Vec::new();
        redactor.push(&log.bytes, &mut out);
        redactor.finish(&mut out);
        for (found, expected) in out.split(|b| *b == b'\n').zip(expected.split(|b| *b == b'\n')) {
            assert_eq!(String::from_utf8_lossy(found), String::from_utf8_lossy(expected));
        }
        assert_eq!(out.len(), expected.len());
        assert!(log.secrets.len() > 300);
    }

    #[test]
    fn the_sample_is_the_same_each_time() {
        let mix = Mix { near: 20, secret: 20 };
        let (short, long) = (Log::new(10_000, mix), Log::new(20_000, mix));
        assert!(long.bytes.starts_with(&short.bytes));
        assert_eq!(Log::new(10_000, mix).bytes, short.bytes);
    }

    fn counts(log: &'static [u8]) -> Counts {
        Counts::of(&Bytes::from_static(log), &Ruleset::standard())
    }

    fn found(counts: &Counts, rule: &str) -> u64 {
        counts.redactions.iter().find(|(name, _)| *name == rule).unwrap().1
    }

    #[test]
    fn lines_and_redactions_are_counted() {
        let counts =
            counts(b"one\nAuthorization: Bearer abcdefghijklmnop0123456789\nCookie: a=bcd; e=fgh");
        assert_eq!((counts.lines, counts.total()), (3, 3));
        assert_eq!((found(&counts, "bearer"), found(&counts, "cookie")), (1, 2));
        assert_eq!(counts.redacted, 26 + 3 + 3);
        assert_eq!(counts.untouched + counts.copied() + counts.redacted, counts.bytes);
    }

    #[test]
    fn an_empty_log_has_no_counts() {
        let counts = counts(b"");
        assert_eq!((counts.bytes, counts.lines, counts.total(), counts.copied()), (0, 0, 0, 0));
    }

    #[test]
    fn a_secret_in_parts_is_counted_once() {
        let log = Bytes::from([b"Authorization: Bearer ".as_slice(), &[b'x'; 3 * WINDOW]].concat());
        let counts = Counts::of(&log, &Ruleset::standard());
        assert_eq!((found(&counts, "bearer"), counts.redacted), (1, 3 * WINDOW as u64));
    }

    #[test]
    fn lines_without_secrets_are_passed_through() {
        let log = Bytes::from(b"nothing to see here\n".repeat(100_000));
        let counts = Counts::of(&log, &Ruleset::standard());
        assert_eq!((counts.untouched, counts.copied()), (log.len() as u64, 0));
    }

    #[test]
    fn every_workload_moves_the_log() {
        let log = Bytes::from(b"Cookie: a=bcd\n".repeat(1000));
        let two = NonZeroUsize::new(2).unwrap();
        for workload in Workload::all(two) {
            workload.take(&log, &Ruleset::standard()).unwrap();
        }
        assert_eq!(Workload::all(two).len(), 7);
        assert_eq!(Workload::all(NonZeroUsize::MIN).len(), 5);
    }
}
