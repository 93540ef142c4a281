//! Following a log through rotation: nothing is lost, nothing comes twice.

mod command;

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use command::{Dir, REDACTED, SECRET, wait_until};

/// The command, following.
struct Following {
    child: Child,
    out: Arc<Mutex<String>>,
}

impl Following {
    fn start(dir: &Dir, args: &[&str]) -> Following {
        let mut child = dir.command(args).stderr(Stdio::inherit()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let out = Arc::new(Mutex::new(String::new()));
        let collected = Arc::clone(&out);
        thread::spawn(move || {
            let mut buf = [0; 65536];
            while let Ok(n @ 1..) = stdout.read(&mut buf) {
                collected.lock().unwrap().push_str(std::str::from_utf8(&buf[..n]).unwrap());
            }
        });
        Following { child, out }
    }

    #[track_caller]
    fn expect(&self, expected: &str) {
        let out = || self.out.lock().unwrap().clone();
        wait_until(&format!("{expected:?}"), || out().len() >= expected.len());
        assert_eq!(out(), expected);
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_is_added_comes_at_once() {
    let dir = Dir::new(&[("a.log", b"one\n")]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    following.expect("one\n");
    dir.append("a.log", SECRET.as_bytes());
    following.expect(&format!("one\n{REDACTED}"));
    // A line in parts is one line, and a secret in parts one secret.
    dir.append("a.log", &SECRET.as_bytes()[..30]);
    thread::sleep(Duration::from_millis(300));
    dir.append("a.log", &SECRET.as_bytes()[30..]);
    following.expect(&format!("one\n{REDACTED}{REDACTED}"));
}

#[test]
fn a_file_may_come_later() {
    let dir = Dir::new(&[]);
    let following = Following::start(&dir, &["-f", "a.log"]);
    thread::sleep(Duration::from_millis(300));
    dir.append("a.log", SECRET.as_bytes());
    following.expect(REDACTED);
}

#[test]
fn rotation_by_rename() {
    let dir = Dir::new(&[("a.log", b"one\n")]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    following.expect("one\n");
    fs::rename(dir.path("a.log"), dir.path("a.log.1")).unwrap();
    // The program that writes it has not noticed yet.
    dir.append("a.log.1", b"two\n");
    following.expect("one\ntwo\n");
    dir.append("a.log", b"four\n");
    dir.append("a.log.1", b"three\n");
    following.expect("one\ntwo\nthree\nfour\n");
    dir.append("a.log", SECRET.as_bytes());
    following.expect(&format!("one\ntwo\nthree\nfour\n{REDACTED}"));
}

#[test]
fn rotation_by_truncation() {
    let dir = Dir::new(&[("a.log", b"one, a long line\ntwo\n")]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    following.expect("one, a long line\ntwo\n");
    fs::copy(dir.path("a.log"), dir.path("a.log.1")).unwrap();
    fs::File::options().write(true).open(dir.path("a.log")).unwrap().set_len(0).unwrap();
    dir.append("a.log", b"three\n");
    following.expect("one, a long line\ntwo\nthree\n");
    dir.append("a.log", SECRET.as_bytes());
    following.expect(&format!("one, a long line\ntwo\nthree\n{REDACTED}"));
}

#[test]
fn nothing_is_carried_from_one_file_to_the_next() {
    // Long enough to be certain without what comes next.
    let open = "Authorization: Bearer ".to_owned() + &"abcdefghijklmnop0123".repeat(10);
    let dir = Dir::new(&[("a.log", open.as_bytes())]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    following.expect("Authorization: Bearer [REDACTED]");
    fs::rename(dir.path("a.log"), dir.path("a.log.1")).unwrap();
    dir.append("a.log", b"plain\n");
    following.expect("Authorization: Bearer [REDACTED]plain\n");
}

#[test]
fn many_rotations_lose_and_double_nothing() {
    let dir = Dir::new(&[("a.log", b"")]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    let mut expected = String::new();
    for file in 0..4 {
        let mut log =
            fs::File::options().append(true).create(true).open(dir.path("a.log")).unwrap();
        for line in 0..500 {
            writeln!(log, "{file} {line} Cookie: sid=secret{line}").unwrap();
            expected.push_str(&format!("{file} {line} Cookie: sid=[REDACTED]\n"));
        }
        // The next file must not be rotated away before this one was left: no follower could find it then.
        following.expect(&expected);
        fs::rename(dir.path("a.log"), dir.path(&format!("a.log.{file}"))).unwrap();
        writeln!(log, "late").unwrap();
        expected.push_str("late\n");
    }
    following.expect(&expected);
}
