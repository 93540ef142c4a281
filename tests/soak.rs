//! Endurance: the filter between a log and a shipper, as it would run for months, in two minutes or in `BLACKBAR_SOAK`
//! seconds. Three lanes run at once. None of them may lose, repeat or reorder a line:
//!
//! - a pipe at a steady rate with bursts, whose reader is sometimes slow and sometimes stalls, and whose filter reloads
//!   its configuration now and then;
//! - a log that is followed through rotation, by rename and by truncation;
//! - pipes whose reader dies.

mod command;

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use command::{Dir, PATIENCE};

/// The rhythm of the first lane. Each event has its time in a cycle.
const CYCLE: Duration = Duration::from_secs(20);
const SLOW: std::ops::Range<u64> = 6..10;
const STALLED: std::ops::Range<u64> = 12..16;

/// Bytes per second outside of bursts.
const STEADY: usize = 256 * 1024;

/// Bytes written at once as the reader becomes slow and as it stalls: more than fits between the two ends.
const BURST: usize = 12 * 1024 * 1024;

/// The most bytes in flight: two pipes of 1 MiB, one of which holds shorter lines than went in, the segments in the
/// filter, and the buffers of writer and reader.
const ON_ITS_WAY: u64 = 6 * 1024 * 1024;

/// How much a filter may grow after the first third of the time, in KiB. Allocators are not exact.
const GROWTH: u64 = 1024;

/// The most memory of a filter, in KiB.
const MEMORY: u64 = 24 * 1024;

fn duration() -> Duration {
    let seconds = std::env::var("BLACKBAR_SOAK").map_or(Ok(120), |text| text.parse());
    Duration::from_secs(seconds.expect("BLACKBAR_SOAK is a number of seconds")).max(2 * CYCLE)
}

#[test]
#[ignore = "takes two minutes, or as many seconds as BLACKBAR_SOAK says"]
fn no_line_is_lost_repeated_or_reordered_and_memory_stays_flat() {
    let end = Instant::now() + duration();
    thread::scope(|scope| {
        scope.spawn(|| pipe(end));
        scope.spawn(|| followed(end));
        scope.spawn(|| readers_that_die(end));
    });
}

/// Line `n`, and its expected output. Lines differ in length; some are longer than a pipe's page, a few longer than a
/// segment.
fn line(n: u64) -> (String, String) {
    let filler = match n {
        _ if n % 10_007 == 10_006 => 300_000,
        _ if n % 101 == 100 => 5000,
        _ => n as usize * 7 % 120,
    };
    let random = |salt: u64| {
        let mut x = (n ^ salt << 56).wrapping_add(0x9e37_79b9_7f4a_7c15);
        x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        format!("{:016x}", x ^ x >> 31)
    };
    let with = |token: &str, cookie: &str| {
        format!(
            "{n} GET /item?page={n} {} Authorization: Bearer {token}\tCookie: sid={cookie}\n",
            "/.".repeat(filler / 2)
        )
    };
    let token = random(1) + &random(2);
    (with(&token, &random(3)), with("[REDACTED]", "[REDACTED]"))
}

/// Reads lines and compares them with the expected output.
struct Checker<R> {
    lines: BufReader<R>,
    next: u64,
    /// How much input the lines read so far correspond to, in bytes.
    taken: Arc<AtomicU64>,
}

impl<R: Read> Checker<R> {
    fn new(output: R) -> Checker<R> {
        Checker {
            lines: BufReader::with_capacity(16 * 1024, output),
            next: 0,
            taken: Arc::default(),
        }
    }

    /// Reads a line, and returns whether there was one.
    fn check(&mut self) -> bool {
        let mut found = Vec::new();
        self.lines.read_until(b'\n', &mut found).expect("the output can be read");
        if found.is_empty() {
            return false;
        }
        let (written, expected) = line(self.next);
        assert!(
            found == expected.as_bytes(),
            "line {}: expected {:?}, found {:?}",
            self.next,
            &expected[..expected.len().min(300)],
            String::from_utf8_lossy(&found[..found.len().min(300)])
        );
        self.next += 1;
        self.taken.fetch_add(written.len() as u64, SeqCst);
        true
    }
}

/// A filter that does not outlive the test.
struct Filter {
    child: Child,
    /// The largest memory of the first third of the time.
    warm: u64,
    most: u64,
}

impl Filter {
    fn start(command: &mut Command) -> Filter {
        Filter { child: command.spawn().expect("blackbar starts"), warm: 0, most: 0 }
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("kill runs").success());
    }

    /// Measures its memory. The time runs from `start` to `end`.
    fn weigh(&mut self, start: Instant, end: Instant) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let size = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it runs");
        let size: u64 = size.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(size <= MEMORY, "{size} KiB");
        if start.elapsed() < (end - start) / 3 {
            self.warm = self.warm.max(size);
        } else {
            self.most = self.most.max(size);
            assert!(size <= self.warm + GROWTH, "grew from {} to {size} KiB", self.warm);
        }
    }

    /// Waits for its end, which must be a success without messages.
    fn ends(&mut self) {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "it did not end");
            thread::sleep(Duration::from_millis(10));
        };
        let mut said = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut said).unwrap();
        }
        assert_eq!((status.code(), said.as_str()), (Some(0), ""));
    }
}

impl Drop for Filter {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sets a flag when it is dropped, so that nobody waits for a thread that has panicked.
struct Flag<'a>(&'a AtomicBool);

impl Drop for Flag<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

fn pipe(end: Instant) {
    let start = Instant::now();
    let second = || start.elapsed().as_secs() % CYCLE.as_secs();
    let dir = Dir::new(&[]);
    let mut filter = Filter::start(dir.command(&["--ignore-interrupts"]).stdin(Stdio::piped()));
    let mut stdin = filter.child.stdin.take().unwrap();
    let mut checker = Checker::new(filter.child.stdout.take().unwrap());
    let taken = Arc::clone(&checker.taken);
    let (written, done) = (AtomicU64::new(0), AtomicBool::new(false));

    let (lines, (checked, held_back)) = thread::scope(|scope| {
        // 1. The reader, at varying speed.
        let reader = scope.spawn(|| {
            let _done = Flag(&done);
            let mut held_back = 0;
            loop {
                if Instant::now() < end {
                    match second() {
                        now if SLOW.contains(&now) && checker.next.is_multiple_of(50) => {
                            thread::sleep(Duration::from_millis(10));
                        }
                        now if STALLED.contains(&now) => {
                            let before = loop {
                                let before = written.load(SeqCst);
                                thread::sleep(Duration::from_secs(1));
                                if !STALLED.contains(&second()) {
                                    break before;
                                }
                            };
                            // In the last second of the stall the writer was blocked, in the middle of its burst.
                            held_back += u64::from(written.load(SeqCst) == before);
                        }
                        _ => {}
                    }
                }
                if !checker.check() {
                    return (checker.next, held_back);
                }
            }
        });

        // 2. The writer, at its rate and in bursts.
        let writer = scope.spawn(|| {
            let _done = Flag(&done);
            let (mut n, mut last) = (0, 0);
            while Instant::now() < end {
                let now = second();
                let burst = now != last && (now == SLOW.start || now == STALLED.start);
                last = now;
                let mut left = if burst { BURST } else { STEADY / 50 };
                while left > 0 {
                    let (text, _) = line(n);
                    stdin.write_all(text.as_bytes()).expect("the filter reads");
                    written.fetch_add(text.len() as u64, SeqCst);
                    left = left.saturating_sub(text.len());
                    n += 1;
                }
                thread::sleep(Duration::from_millis(20));
            }
            drop(stdin);
            n
        });

        // 3. Observation from outside.
        let mut reloads = 0;
        while !done.load(SeqCst) && Instant::now() < end {
            filter.weigh(start, end);
            let on_its_way = written.load(SeqCst).saturating_sub(taken.load(SeqCst));
            assert!(on_its_way <= ON_ITS_WAY, "{on_its_way} bytes are on their way");
            if start.elapsed().as_secs() / 7 > reloads {
                reloads += 1;
                filter.signal("-HUP");
                filter.signal("-INT");
            }
            thread::sleep(Duration::from_millis(200));
        }
        (writer.join().unwrap(), reader.join().unwrap())
    });
    filter.ends();
    assert_eq!(checked, lines);
    let stalls = ((end - start).as_secs() + CYCLE.as_secs() - STALLED.end) / CYCLE.as_secs();
    assert!(held_back >= stalls, "the writer was held back in {held_back} of {stalls} stalls");
    println!(
        "pipe: {lines} lines, {} MB, held back {held_back} times, {} KiB, then at most {} KiB",
        written.load(SeqCst) / 1_000_000,
        filter.warm,
        filter.most
    );
}

fn followed(end: Instant) {
    let start = Instant::now();
    let dir = Dir::new(&[("app.log", b"")]);
    let mut filter = Filter::start(&mut dir.command(&["--follow", "app.log"]));
    let mut checker = Checker::new(filter.child.stdout.take().unwrap());
    let taken = Arc::clone(&checker.taken);
    let (mut n, mut written, mut rotations) = (0, 0, 0);
    let mut write = |file: &mut File, lines: u64| {
        for _ in 0..lines {
            let (text, _) = line(n);
            file.write_all(text.as_bytes()).expect("the log takes lines");
            written += text.len() as u64;
            n += 1;
        }
        (n, written)
    };

    let done = &AtomicBool::new(false);
    let checked = thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let _done = Flag(done);
            while checker.check() {}
            checker.next
        });
        let open = || File::options().append(true).create(true).open(dir.path("app.log")).unwrap();
        let mut file = open();
        let mut written = 0;
        while !done.load(SeqCst) && Instant::now() < end {
            for _ in 0..60 {
                written = write(&mut file, 20).1;
                thread::sleep(Duration::from_millis(50));
                filter.weigh(start, end);
            }
            rotations += 1;
            if rotations % 2 == 1 {
                // By rename. The program notices it later than the filter could.
                fs::rename(dir.path("app.log"), dir.path("app.log.1")).unwrap();
                write(&mut file, 20);
                let mut next = open();
                thread::sleep(Duration::from_millis(300));
                written = write(&mut next, 20).1;
                file = next;
            } else {
                // By truncation, which loses what has not been read before. The rotating program is responsible for
                // that.
                let waiting = Instant::now();
                while taken.load(SeqCst) < written && !done.load(SeqCst) {
                    assert!(waiting.elapsed() < PATIENCE, "the log is not read to its end");
                    thread::sleep(Duration::from_millis(20));
                }
                file.set_len(0).unwrap();
                thread::sleep(Duration::from_millis(500));
            }
        }
        // What was written is read, and the last file does not end before the one before it.
        let waiting = Instant::now();
        while taken.load(SeqCst) < written && !done.load(SeqCst) {
            assert!(waiting.elapsed() < PATIENCE, "the log is not read to its end");
            thread::sleep(Duration::from_millis(20));
        }
        write(&mut file, 1000);
        filter.signal("-TERM");
        reader.join().unwrap()
    });
    filter.ends();
    assert_eq!(checked, n);
    println!(
        "followed: {n} lines, {rotations} rotations, {} KiB, then at most {} KiB",
        filter.warm, filter.most
    );
}

fn readers_that_die(end: Instant) {
    let dir = Dir::new(&[]);
    let mut deaths = 0;
    while Instant::now() < end {
        let mut filter = Filter::start(dir.command(&[]).stdin(Stdio::piped()));
        let mut stdin = filter.child.stdin.take().unwrap();
        let mut checker = Checker::new(filter.child.stdout.take().unwrap());
        thread::scope(|scope| {
            let writer = scope.spawn(move || {
                (0..).map(|n| stdin.write_all(line(n).0.as_bytes())).find_map(Result::err).unwrap()
            });
            for _ in 0..deaths * 37 % 400 {
                assert!(checker.check());
            }
            drop(checker);
            // The writer gets the same error as if the reader had been its own.
            filter.ends();
            assert_eq!(writer.join().unwrap().kind(), io::ErrorKind::BrokenPipe);
        });
        deaths += 1;
        thread::sleep(Duration::from_secs(1));
    }
    println!("{deaths} readers died");
}
