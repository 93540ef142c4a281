//! Statistics: correct for any number of threads, and never a hindrance.

mod command;

use command::{Dir, REDACTED, SECRET, wait_until};
use serde_json::Value;

#[test]
fn counts_do_not_depend_on_threads() {
    let log = [SECRET, "plain\n", "Cookie: a=secret1; b=secret22\n"].concat().repeat(20_000);
    let dir = Dir::new(&[("a.log", log.as_bytes())]);
    let mut seen = Vec::new();
    for threads in ["1", "2", "3"] {
        let ended = dir.run(&["--threads", threads, "--stats=json", "-o", "out", "a.log"]);
        assert_eq!(ended.code, Some(0));
        let mut stats: Value = serde_json::from_str(&ended.stderr).unwrap();
        assert_eq!(stats["bytes_in"], log.len());
        assert_eq!(stats["bytes_out"], dir.read("out").len());
        assert_eq!(stats["lines"], 60_000);
        assert_eq!(stats["redactions"]["bearer"], 20_000);
        assert_eq!(stats["redactions"]["cookie"], 40_000);
        assert_eq!(stats["redactions_total"], 60_000);
        stats["seconds"].take();
        stats["gigabytes_per_second"].take();
        seen.push(stats);
    }
    assert!(seen.iter().all(|stats| *stats == seen[0]));
}

#[test]
fn the_text_form_is_readable() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes())]);
    let ended = dir.run(&["--stats", "a.log"]);
    assert_eq!(ended.stdout, REDACTED);
    assert!(ended.stderr.starts_with("49 bytes in, 33 bytes out, 1 lines, "), "{}", ended.stderr);
    assert!(ended.stderr.ends_with("\n1 redacted: bearer 1\n"), "{}", ended.stderr);
    dir.refuses(&["--stats=xml", "a.log"], "invalid value 'xml'");
    dir.refuses(&["--stats-interval", "5", "a.log"], "--stats-file");
}

#[test]
fn the_file_is_kept_up_to_date() {
    let dir = Dir::new(&[]);
    let mut command = dir.command(&["--stats-file", "x.prom", "--stats-interval", "1"]);
    let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let sample = |value: u64| format!("\nblackbar_redactions_total{{rule=\"bearer\"}} {value}\n");
    wait_until("the first file", || dir.path("x.prom").exists());
    std::io::Write::write_all(&mut stdin, SECRET.as_bytes()).unwrap();
    wait_until("the first count", || dir.read("x.prom").contains(&sample(1)));
    std::io::Write::write_all(&mut stdin, SECRET.repeat(2).as_bytes()).unwrap();
    // The end of the run does not wait for the interval.
    drop(stdin);
    assert!(child.wait().unwrap().success());
    assert!(dir.read("x.prom").contains(&sample(3)));
    assert_eq!(dir.names(), ["x.prom"]);
}

#[test]
fn an_unwritable_file_gives_one_warning() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes())]);
    let ended = dir.run(&["--stats-file", "missing/x.prom", "a.log"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), REDACTED));
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("missing/x.prom: no such file"), "{}", ended.stderr);
    assert!(ended.stderr.contains("continuing without"), "{}", ended.stderr);
}
