//! Runs the examples for Rust programs, and uses their writer from several threads.

use std::io::Write;
use std::process::Command;
use std::thread;

#[path = "loggers/shared.rs"]
mod shared;
use shared::Shared;

/// The standard error of an example. Cargo builds examples before it runs tests, unless only this test is run.
fn run(example: &str) -> String {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.push("examples");
    path.push(example);
    if !path.exists() {
        let status = Command::new(env!("CARGO")).args(["build", "--example", example]).status();
        assert!(status.unwrap().success());
    }
    let output = Command::new(&path).env_remove("RUST_LOG").output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn tracing_subscriber() {
    let log = run("tracing_subscriber");
    let events: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("JSON stays JSON")).collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["fields"]["authorization"], "Bearer [REDACTED]");
    assert_eq!(events[0]["fields"]["path"], "/me");
    assert_eq!(
        events[1]["fields"]["headers"],
        "[(\"cookie\", \"sid=[REDACTED]; theme=[REDACTED]\")]"
    );
}

#[test]
fn env_logger() {
    let log = run("env_logger");
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with("] request /me Authorization: Bearer [REDACTED]"), "{log}");
    assert!(
        lines[1].ends_with("] no session: [(\"cookie\", \"sid=[REDACTED]; theme=[REDACTED]\")]"),
        "{log}"
    );
}

#[test]
fn lines_of_several_threads_are_not_mixed() {
    let log = Shared::new(Vec::new());
    thread::scope(|scope| {
        for thread in 0..4 {
            let mut log = log.clone();
            scope.spawn(move || {
                for n in 0..1000 {
                    let line =
                        format!("{thread} {n} Authorization: Bearer abcdefghijklmnop{n:08}\n");
                    log.write_all(line.as_bytes()).unwrap();
                }
            });
        }
    });
    let text = String::from_utf8(log.finish().unwrap()).unwrap();
    let mut next = [0; 4];
    for line in text.lines() {
        let (thread, rest) = line.split_once(' ').unwrap();
        let next = &mut next[thread.parse::<usize>().unwrap()];
        assert_eq!(rest, format!("{next} Authorization: Bearer [REDACTED]"));
        *next += 1;
    }
    assert_eq!(next, [1000; 4]);
}
