//! The pipeline gives the same output as the redactor, however the bytes arrive.

mod driver;

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::os::fd::BorrowedFd;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use blackbar::command::{
    Carry, Control, Input, Masker, Options, Output, Pipeline, Scan, Sink, Source,
};
use blackbar::{Error, Name, Redactor, Ruleset, Scanner, Span, Style, Styles};
use driver::{Driver, redact};
use proptest::prelude::*;

/// The redactor's output for the whole input at once.
fn redacted(input: &[u8]) -> Vec<u8> {
    redact(&Ruleset::standard(), &Styles::default(), [input])
}

fn scanner() -> Scanner {
    Scanner::new(&Ruleset::standard())
}

fn options(threads: usize, segment: usize) -> Options {
    Options {
        threads: NonZeroUsize::new(threads).unwrap(),
        segment: NonZeroUsize::new(segment).unwrap(),
    }
}

fn source<I: Input>(input: I) -> Source<I> {
    Source::new(Name::path(Path::new("in.log")), input)
}

fn sink<O: Output>(output: O) -> Sink<O> {
    Sink::new(Name::path(Path::new("out.log")), output)
}

/// Runs `input` through a pipeline and returns its output.
fn piped(scanner: impl Scan, options: Options, input: impl Input) -> Vec<u8> {
    let mut sink = sink(Vec::new());
    Pipeline::with_scanner(scanner, options).run(&mut source(input), &mut sink).unwrap();
    sink.into_inner()
}

/// Inputs that are difficult for segments and workers.
fn inputs() -> Vec<Vec<u8>> {
    let bearer = b"GET / Authorization: Bearer abcdefghijklmnop0123456789\n".as_slice();
    let mixed: Vec<u8> = (0..400)
        .map(|n| match n % 4 {
            0 => format!("{{\"authorization\":\"Bearer abcdefghijklmnop{n:08}\",\"n\":{n}}}\n"),
            1 => format!("Authorization: Bearer abcdefghijklmnop{n:08}\r\n"),
            _ => format!("10.0.0.{n} - - \"GET /page/{n} HTTP/1.1\" 200 {}\n", n * 37),
        })
        .collect::<String>()
        .into_bytes();
    let corpus = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
        .expect("the corpus is part of the package")
        .map(|entry| entry.expect("its files can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .map(|path| std::fs::read(path).expect("its files can be read"))
        .collect::<Vec<_>>()
        .concat();
    vec![
        corpus,
        Vec::new(),
        b"\n".to_vec(),
        b"x".to_vec(),
        b"Authorization: Bearer ".to_vec(),
        b"Authorization: Bearer abcdefghijklmnop0123456789".to_vec(),
        b"plain\ntext\n\n\nwithout an end".to_vec(),
        bearer.repeat(50),
        mixed,
        // A secret much longer than a segment, and a line as well.
        [b"Authorization: Bearer ", &b"abcdefgh01234567".repeat(500)[..], b"\nnext line\n", bearer]
            .concat(),
        [&b"no newline here ".repeat(500)[..], bearer, &b"nor here ".repeat(500)[..]].concat(),
        // Neither text nor lines.
        (0..20_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect(),
        [b"\xff\xfe\0\0".as_slice(), bearer, b"\0\r\n\r\n\xc3", bearer].concat(),
    ]
}

/// Reads in the given sizes, repeated. A size of zero is an interruption, or an empty non-blocking descriptor.
struct Trickle<'a> {
    rest: &'a [u8],
    sizes: VecDeque<usize>,
    trouble: io::ErrorKind,
}

impl<'a> Trickle<'a> {
    fn new(rest: &'a [u8], sizes: &[usize], trouble: io::ErrorKind) -> Trickle<'a> {
        Trickle { rest, sizes: sizes.iter().copied().collect(), trouble }
    }
}

impl Read for Trickle<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes[0];
        self.sizes.rotate_left(1);
        if size == 0 {
            return Err(self.trouble.into());
        }
        let n = size.min(buf.len());
        self.rest.read(&mut buf[..n])
    }
}

impl Input for Trickle<'_> {
    /// After a short read the input pauses; after a long one there is more.
    fn ready(&mut self) -> bool {
        self.sizes[0].is_multiple_of(2)
    }

    fn wait(&mut self, _woken: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        Ok(true)
    }
}

/// Writes in the given sizes, repeated. A size of zero is an interruption, or a full non-blocking descriptor.
struct Stutter {
    written: Vec<u8>,
    sizes: VecDeque<usize>,
    trouble: io::ErrorKind,
}

impl Write for Stutter {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let size = self.sizes[0];
        self.sizes.rotate_left(1);
        if size == 0 {
            return Err(self.trouble.into());
        }
        self.written.write(&buf[..buf.len().min(size)])
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Stutter {
    fn wait(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A scanner with the difficulties that a test asks for.
#[derive(Clone)]
struct Difficult {
    inner: Scanner,
    /// How many bytes at the end of a window it never settles, so that every segment leaves a remainder.
    hold: usize,
    /// Whether it is never fresh once it has started, so that only the first worker's result can be used.
    stale: bool,
    started: bool,
    /// The byte at which it panics.
    panics_at: Option<u8>,
}

impl Difficult {
    fn new() -> Difficult {
        Difficult { inner: scanner(), hold: 0, stale: false, started: false, panics_at: None }
    }
}

impl Scan for Difficult {
    fn scan(&mut self, window: &[u8], eof: bool, spans: &mut Vec<Span>) -> usize {
        assert!(self.panics_at.is_none_or(|marker| !window.contains(&marker)), "met its marker");
        self.started = true;
        let ready = if eof { window.len() } else { window.len().saturating_sub(self.hold) };
        self.inner.scan(&window[..ready], eof, spans)
    }

    fn is_fresh(&self) -> bool {
        self.inner.is_fresh() && !(self.stale && self.started)
    }

    fn reset(&mut self) {
        self.started = false;
        self.inner.reset();
    }
}

#[test]
fn threads_and_segment_size_make_no_difference() {
    for (index, input) in inputs().iter().enumerate() {
        let expected = redacted(input);
        for threads in 1..=4 {
            for segment in [1, 3, 17, 64, 1000, 4096, 256 * 1024] {
                let found = piped(scanner(), options(threads, segment), &input[..]);
                assert!(
                    found == expected,
                    "input {index}, {threads} threads, segments of {segment}"
                );
            }
        }
    }
}

#[test]
fn remainders_and_stale_starts_make_no_difference() {
    for (index, input) in inputs().iter().enumerate() {
        let expected = redacted(input);
        for segment in [1, 17, 64, 1000] {
            for hold in [1, 5, 100, 3000] {
                let found =
                    piped(Difficult { hold, ..Difficult::new() }, options(2, segment), &input[..]);
                assert!(found == expected, "input {index}, segments of {segment}, hold {hold}");
            }
            let found = piped(
                Difficult { stale: true, ..Difficult::new() },
                options(3, segment),
                &input[..],
            );
            assert!(found == expected, "input {index}, segments of {segment}, stale");
        }
    }
}

#[test]
fn short_and_interrupted_reads_and_writes_make_no_difference() {
    let patterns: [&[usize]; 5] =
        [&[1], &[0, 1, 2, 0], &[64, 64, 64, 7, 0], &[4096, 0, 0, 3], &[2, 100_000]];
    for (index, input) in inputs().iter().enumerate() {
        let expected = redacted(input);
        for trouble in [io::ErrorKind::Interrupted, io::ErrorKind::WouldBlock] {
            for reads in patterns {
                for writes in patterns {
                    let output = Stutter {
                        written: Vec::new(),
                        sizes: writes.iter().copied().collect(),
                        trouble,
                    };
                    let mut sink = sink(output);
                    let mut pipeline = Pipeline::new(&Ruleset::standard(), options(2, 64));
                    pipeline
                        .run(&mut source(Trickle::new(input, reads, trouble)), &mut sink)
                        .unwrap();
                    let found = sink.into_inner().written;
                    assert!(
                        found == expected,
                        "input {index}, {trouble}, reads {reads:?}, writes {writes:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_is_carried_from_one_source_to_the_next() {
    let first = b"one\nAuthorization: Bearer abcdefghijklmnop".as_slice();
    let second = b"0123456789\ntwo\n".as_slice();
    for threads in 1..=2 {
        for segment in [1, 8, 1000] {
            let mut sink = sink(Vec::new());
            let mut pipeline = Pipeline::new(&Ruleset::standard(), options(threads, segment));
            pipeline.run(&mut source(first), &mut sink).unwrap();
            pipeline.run(&mut source(second), &mut sink).unwrap();
            assert_eq!(
                sink.into_inner(),
                b"one\nAuthorization: Bearer [REDACTED]0123456789\ntwo\n"
            );
        }
    }
}

/// Returns its bytes in small reads, and makes a request once `rest` is down to `word` bytes.
struct Requesting<'a> {
    rest: &'a [u8],
    read: usize,
    flag: Arc<AtomicBool>,
    word: usize,
    /// How many bytes of the rest can be read at that time.
    backlog: Option<u64>,
}

impl Read for Requesting<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = buf.len().min(self.read);
        let len = self.rest.read(&mut buf[..len])?;
        if self.word > 0 && self.rest.len() <= self.word {
            self.word = 0;
            self.flag.store(true, SeqCst);
        }
        Ok(len)
    }
}

impl Input for Requesting<'_> {
    fn backlog(&mut self) -> Option<u64> {
        self.backlog
    }
}

/// The rules change at one place: the end of a line where no secret is open and no key is waiting for its value. The
/// output before it follows the old rules, the output after it the new ones.
#[test]
fn rules_change_where_nothing_is_carried_over() {
    let label = || Styles::new(Style::Label);
    let by = |styles: &Styles, input: &[u8]| redact(&Ruleset::standard(), styles, [input]);
    let record = b"GET / Authorization: Bearer abcdefghijklmnop0123456789\n\
        \"access_token\":\n  \"8f14e45fceea167a8f14\"\nplain\n\n";
    let input = record.repeat(12);
    let pair = |at: usize| input[..at].ends_with(b"\"access_token\":\n");
    let ends: Vec<usize> =
        (0..=input.len()).filter(|&at| at == 0 || input[at - 1] == b'\n').collect();
    let changed: Vec<Vec<u8>> = ends
        .iter()
        .map(|&at| [by(&Styles::default(), &input[..at]), by(&label(), &input[at..])].concat())
        .collect();
    for threads in [1, 3] {
        for segment in [1, 7, 64, 150, 4096] {
            for read in [1, 50, 4096] {
                for word in [input.len() - 1, input.len() / 2, 200, 1] {
                    let control = Control::new().unwrap();
                    let flag = control.reload_flag();
                    let rules = Ruleset::standard();
                    let counter = Arc::new(Mutex::new(0));
                    let asks = Arc::clone(&counter);
                    let mut pipeline = Pipeline::new(&rules, options(threads, segment))
                        .controlled_by(control)
                        .reloading(move || {
                            *asks.lock().unwrap() += 1;
                            let masker = Masker::styled(&rules, &label());
                            Some(Carry::for_rules(&rules).with_masker(masker))
                        });
                    let requesting = Requesting { rest: &input, read, flag, word, backlog: None };
                    let mut sink = sink(Vec::new());
                    pipeline.run(&mut source(requesting), &mut sink).unwrap();
                    let found = sink.into_inner();
                    let at = changed.iter().position(|expected| *expected == found);
                    let at = ends[at.unwrap_or_else(|| {
                        panic!(
                            "{threads} {segment} {read} {word}: {}",
                            String::from_utf8_lossy(&found)
                        )
                    })];
                    assert!(!pair(at), "between a name and its value");
                    // As early as possible: after at most the segments in flight and the rest of a record.
                    assert_eq!(*counter.lock().unwrap(), usize::from(at < input.len()));
                    let latest = input.len() - word + read + (threads + 3) * segment + record.len();
                    assert!(at <= latest.min(input.len()), "at {at}, {latest} at the latest");
                }
            }
        }
    }
}

#[test]
fn a_change_that_fails_changes_nothing() {
    let input = b"Authorization: Bearer abcdefghijklmnop0123456789\n".repeat(20);
    let control = Control::new().unwrap();
    let flag = control.reload_flag();
    let mut pipeline = Pipeline::new(&Ruleset::standard(), options(1, 64))
        .controlled_by(control)
        .reloading(|| None);
    let requesting = Requesting { rest: &input, read: 10, flag, word: 500, backlog: None };
    let mut sink = sink(Vec::new());
    pipeline.run(&mut source(requesting), &mut sink).unwrap();
    assert_eq!(sink.into_inner(), redacted(&input));
}

#[test]
fn a_stop_reads_the_backlog_of_a_stream_and_no_more() {
    let input = b"Authorization: Bearer abcdefghijklmnop0123456789\nplain text\n".repeat(50);
    for threads in [1, 3] {
        for segment in [1, 64, 4096] {
            for (word, backlog) in [(1000, 0), (1000, 1), (1000, 73), (2999, 2000), (500, 9999)] {
                let control = Control::new().unwrap();
                let flag = control.stop_flag();
                let mut pipeline = Pipeline::new(&Ruleset::standard(), options(threads, segment))
                    .controlled_by(control.clone());
                let requesting =
                    Requesting { rest: &input, read: 1, flag, word, backlog: Some(backlog) };
                let mut sink = sink(Vec::new());
                pipeline.run(&mut source(requesting), &mut sink).unwrap();
                assert!(control.is_stopping());
                let taken = (input.len() - word + backlog as usize).min(input.len());
                assert!(
                    sink.into_inner() == redacted(&input[..taken]),
                    "{segment} {word} {backlog}"
                );
            }
        }
    }
}

#[test]
fn a_stop_ends_a_file_with_an_error() {
    let input = b"Authorization: Bearer abcdefghijklmnop0123456789\n".repeat(50);
    let control = Control::new().unwrap();
    let flag = control.stop_flag();
    let mut pipeline =
        Pipeline::new(&Ruleset::standard(), options(1, 64)).controlled_by(control.clone());
    let requesting = Requesting { rest: &input, read: 10, flag, word: 1000, backlog: None };
    let mut sink = sink(Vec::new());
    let ended = pipeline.run(&mut source(requesting), &mut sink);
    assert!(matches!(ended, Err(Error::Stopped)));
    let found = sink.into_inner();
    assert!(redacted(&input).starts_with(&found) && found.len() > 500);
}

/// Returns its bytes, then fails.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buf)? {
            0 => Err(io::Error::from_raw_os_error(5)),
            n => Ok(n),
        }
    }
}

impl Input for Failing<'_> {}

#[test]
fn a_read_error_drops_undecided_bytes_and_leaves_the_next_source_usable() {
    for threads in 1..=2 {
        for segment in [1, 3, 8, 1000] {
            let mut sink = sink(Vec::new());
            let scanner = Difficult { hold: 4, ..Difficult::new() };
            let mut pipeline = Pipeline::with_scanner(scanner, options(threads, segment));
            let error =
                pipeline.run(&mut source(Failing(b"line\nanother 1234")), &mut sink).unwrap_err();
            assert_eq!(
                error.to_string(),
                "in.log: input/output error; the rest of it is not redacted"
            );
            pipeline.run(&mut source(b"next\n".as_slice()), &mut sink).unwrap();
            assert_eq!(sink.into_inner(), b"line\nanother next\n");
        }
    }
}

/// Fails at the first write after `room` bytes.
struct Full {
    room: usize,
    error: io::ErrorKind,
}

impl Write for Full {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.room == 0 {
            return Err(self.error.into());
        }
        let n = buf.len().min(self.room);
        self.room -= n;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Full {}

#[test]
fn a_write_error_ends_the_run() {
    let input = b"line\n".repeat(1000);
    for threads in 1..=2 {
        let run = |error| {
            let mut pipeline = Pipeline::new(&Ruleset::standard(), options(threads, 64));
            pipeline
                .run(&mut source(&input[..]), &mut sink(Full { room: 1000, error }))
                .unwrap_err()
        };
        assert!(matches!(run(io::ErrorKind::BrokenPipe), Error::Closed));
        let full = run(io::ErrorKind::StorageFull);
        assert_eq!(
            full.to_string(),
            "out.log: no space left on the device; the output is not complete"
        );
    }
}

/// An output that can be inspected while it is written.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Shared {}

#[test]
fn nothing_is_written_after_a_panic() {
    let before = b"Authorization: Bearer abcdefghijklmnop0123456789\n".repeat(20);
    let input = [&before[..], b"the marker: !\n", &before.repeat(5)[..]].concat();
    for threads in 1..=3 {
        for segment in [1, 17, 64, 1000] {
            let output = Shared::default();
            let ended = panic::catch_unwind(AssertUnwindSafe(|| {
                Pipeline::with_scanner(
                    Difficult { panics_at: Some(b'!'), ..Difficult::new() },
                    options(threads, segment),
                )
                .run(&mut source(&input[..]), &mut sink(output.clone()))
            }));
            // In a worker the panic becomes an error; in this thread it propagates.
            assert!(matches!(ended, Err(_) | Ok(Err(Error::WorkerLost))), "{ended:?}");
            let written = output.0.lock().unwrap();
            assert!([&redacted(&before)[..], b"the marker: "].concat().starts_with(&written));
        }
    }
}

#[test]
fn the_panic_happens_in_a_worker() {
    let input = [&b"line\n".repeat(10)[..], b"!\n", &b"line\n".repeat(100)[..]].concat();
    let ended = Pipeline::with_scanner(
        Difficult { panics_at: Some(b'!'), ..Difficult::new() },
        options(2, 20),
    )
    .run(&mut source(&input[..]), &mut sink(Vec::new()));
    assert!(matches!(ended, Err(Error::WorkerLost)), "{ended:?}");
}

/// Returns one chunk per read. Where a read would block, checks that all earlier chunks have been written.
struct Slow {
    chunks: VecDeque<Vec<u8>>,
    given: Vec<u8>,
    output: Shared,
    asked: bool,
}

impl Read for Slow {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let blocks = !std::mem::take(&mut self.asked);
        if blocks {
            let mut decided = Vec::new();
            Redactor::new(&Ruleset::standard()).push(&self.given, &mut decided);
            assert!(
                *self.output.0.lock().unwrap() == decided,
                "bytes wait behind a read that blocks"
            );
        }
        let Some(chunk) = self.chunks.front_mut() else { return Ok(0) };
        let n = chunk.len().min(buf.len());
        buf[..n].copy_from_slice(&chunk[..n]);
        self.given.extend(chunk.drain(..n));
        if chunk.is_empty() {
            self.chunks.pop_front();
        }
        Ok(n)
    }
}

impl Input for Slow {
    /// Only within a chunk, never at its end.
    fn ready(&mut self) -> bool {
        let ends = |end: &Vec<u8>| self.given.ends_with(end);
        self.asked = !self.given.is_empty() && !ends(&b"\n".to_vec()) && !ends(&b". ".to_vec());
        self.asked
    }
}

#[test]
fn decided_bytes_are_written_before_a_blocking_read() {
    let line = |n: usize| {
        [&b"x".repeat(n)[..], b" Authorization: Bearer abcdefghijklmnop0123456789\n"].concat()
    };
    let chunks: VecDeque<Vec<u8>> = VecDeque::from([
        line(3),
        b"an unfinished line. ".to_vec(),
        line(1000),
        line(0),
        line(5000),
        b"done. ".to_vec(),
    ]);
    let expected = redacted(&chunks.iter().flatten().copied().collect::<Vec<u8>>());
    for threads in 1..=2 {
        for segment in [8, 64, 4096] {
            let output = Shared::default();
            let input = Slow {
                chunks: chunks.clone(),
                given: Vec::new(),
                output: output.clone(),
                asked: false,
            };
            let mut pipeline = Pipeline::new(&Ruleset::standard(), options(threads, segment));
            pipeline.run(&mut source(input), &mut sink(output.clone())).unwrap();
            assert_eq!(*output.0.lock().unwrap(), expected);
        }
    }
}

/// Lines, parts of lines and bare bytes.
fn log() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        3 => Just(b"Authorization: Bearer abcdefghijklmnop0123456789\n".to_vec()),
        2 => Just(b"{\"authorization\":\"Bearer abcdefghijklmnop0123456789\"}\n".to_vec()),
        2 => Just(b"Authorization: Bearer ".to_vec()),
        2 => Just(b"abcdefghijklmnop0123456789".to_vec()),
        2 => Just(b"\n".to_vec()),
        2 => "[ -~]{0,80}\n".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
    ];
    proptest::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_split_gives_the_same_bytes(
        input in log(),
        reads in proptest::collection::vec(1usize..200, 1..20),
        hold in 0usize..100,
        threads in 1usize..4,
        segment in 1usize..300,
    ) {
        let expected = redacted(&input);

        let (mut pieces, mut rest) = (Vec::new(), &input[..]);
        for size in reads.iter().cycle() {
            let (piece, after) = rest.split_at(rest.len().min(*size));
            pieces.push(piece);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        let out = Driver::new().pieces(pieces);
        prop_assert!(out == expected, "pushed");

        let trickle = Trickle::new(&input, &reads, io::ErrorKind::Interrupted);
        let found = piped(Difficult { hold, ..Difficult::new() }, options(threads, segment), trickle);
        prop_assert!(found == expected, "piped");
    }
}
