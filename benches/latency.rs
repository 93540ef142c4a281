//! Measures how long the command takes to start, and to pass on a line that arrives alone.
//!
//! This is not a criterion benchmark, because the worst of many lines matters and not the mean of many runs. The
//! command itself runs between two pipes, and each line is sent when the one before it has come out.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const LINES: [(&str, &[u8]); 2] = [
    ("line without a secret", b"time=2026-03-04T10:00:01Z level=info msg=\"request handled\" status=200\n"),
    (
        "line with a secret",
        b"time=2026-03-04T10:00:01Z level=debug auth=\"Bearer abcdefghijklmnop0123456789\" status=200\n",
    ),
];

fn main() {
    // `cargo test` runs this too, to check that it works.
    let (starts, lines) =
        if std::env::args().any(|arg| arg == "--bench") { (200, 20_000) } else { (2, 20) };

    // `cat` is measured too, which shows how much of the time is due to pipes and scheduling.
    for program in [env!("CARGO_BIN_EXE_blackbar"), "cat"] {
        let name = program.rsplit('/').next().unwrap_or(program);
        report(name, "start on an empty input", (0..starts).map(|_| start(program)).collect());
        for (what, line) in LINES {
            report(name, what, passage(program, line, lines));
        }
    }
}

fn start(program: &str) -> Duration {
    let start = Instant::now();
    let status = Command::new(program).stdin(Stdio::null()).stdout(Stdio::null()).status();
    assert!(status.expect("it starts").success());
    start.elapsed()
}

fn passage(program: &str, line: &[u8], times: usize) -> Vec<Duration> {
    let mut child: Child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut to = child.stdin.take().expect("it is piped");
    let mut from = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut came = Vec::new();
    let mut pass = || {
        came.clear();
        let start = Instant::now();
        to.write_all(line).expect("it reads");
        from.read_until(b'\n', &mut came).expect("it writes");
        start.elapsed()
    };
    // The first few lines meet cold caches and a process that is still starting.
    for _ in 0..times / 20 {
        pass();
    }
    let passages = (0..times).map(|_| pass()).collect();
    drop(to);
    child.wait().expect("it ends when its input does");
    passages
}

fn report(program: &str, what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6;
    println!(
        "{program:10} {what:26} p50 {:8.1} us   p99 {:8.1} us   max {:8.1} us",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
