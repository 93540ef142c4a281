//! Following a log through rotation: no line is lost or repeated.

mod command;
mod random;

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use command::{Dir, REDACTED, SECRET, wait_until};

/// A command that follows a log.
struct Following {
    child: Child,
    out: Arc<Mutex<String>>,
}

impl Following {
    fn start(dir: &Dir, args: &[&str]) -> Following {
        Following::of(dir.command(args))
    }

    /// The same under strace, for `a.log`.
    fn traced(dir: &Dir, options: &[&str]) -> Following {
        let mut command = Command::new("strace");
        command.args(options).args([env!("CARGO_BIN_EXE_blackbar"), "--follow", "a.log"]);
        command.current_dir(dir.path(".")).stdin(Stdio::null()).stdout(Stdio::piped());
        Following::of(command)
    }

    fn of(mut command: Command) -> Following {
        let mut child = command.stderr(Stdio::inherit()).spawn().unwrap();
        let out = collect(child.stdout.take().unwrap());
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

fn collect(mut from: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let collected = Arc::clone(&text);
    thread::spawn(move || {
        let mut buf = [0; 65536];
        while let Ok(n @ 1..) = from.read(&mut buf) {
            collected.lock().unwrap().push_str(std::str::from_utf8(&buf[..n]).unwrap());
        }
    });
    text
}

fn signal(child: &Child, signal: &str) {
    let status = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn new_lines_are_passed_on_immediately() {
    let dir = Dir::new(&[("a.log", b"one\n")]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    following.expect("one\n");
    dir.append("a.log", SECRET.as_bytes());
    following.expect(&format!("one\n{REDACTED}"));
    // A line written in parts is one line, and a secret in parts is one secret.
    dir.append("a.log", &SECRET.as_bytes()[..30]);
    thread::sleep(Duration::from_millis(300));
    dir.append("a.log", &SECRET.as_bytes()[30..]);
    following.expect(&format!("one\n{REDACTED}{REDACTED}"));
}

#[test]
fn the_file_may_be_created_later() {
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
    // The writer has not noticed the rotation yet.
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
    // Long enough to be decided without the text after it.
    let open = "Authorization: Bearer ".to_owned() + &"abcdefghijklmnop0123".repeat(10);
    let dir = Dir::new(&[("a.log", open.as_bytes())]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    following.expect("Authorization: Bearer [REDACTED]");
    fs::rename(dir.path("a.log"), dir.path("a.log.1")).unwrap();
    dir.append("a.log", b"plain\n");
    following.expect("Authorization: Bearer [REDACTED]plain\n");
}

/// A program that writes and rotates a log of distinct lines, with the expected output.
struct Writer<'a> {
    dir: &'a Dir,
    line: u32,
    expected: String,
}

impl<'a> Writer<'a> {
    fn new(dir: &'a Dir) -> Writer<'a> {
        Writer { dir, line: 0, expected: String::new() }
    }

    /// Writes lines to an open file.
    fn lines(&mut self, mut log: &fs::File, count: u32) {
        for _ in 0..count {
            let line = self.line;
            writeln!(log, "{line} Cookie: sid=secret{line}").unwrap();
            self.expected.push_str(&format!("{line} Cookie: sid=[REDACTED]\n"));
            self.line += 1;
        }
    }

    fn open(&self, name: &str) -> fs::File {
        fs::File::options().append(true).create(true).open(self.dir.path(name)).unwrap()
    }

    /// Renames `name` and its older generations, as logrotate does.
    fn rotate(&self, name: &str) {
        for n in (1..5).rev() {
            let _ = fs::rename(
                self.dir.path(&format!("{name}.{n}")),
                self.dir.path(&format!("{name}.{}", n + 1)),
            );
        }
        fs::rename(self.dir.path(name), self.dir.path(&format!("{name}.1"))).unwrap();
    }
}

/// Rotates every 50 ms, sometimes two or three times at once, with late lines to a renamed file.
#[test]
fn quick_rotations_neither_lose_nor_repeat_lines() {
    let dir = Dir::new(&[("a.log", b"")]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    let mut writer = Writer::new(&dir);
    let mut random = random::Random(7);
    writer.lines(&writer.open("a.log"), 1);
    following.expect(&writer.expected);
    for _ in 0..40 {
        for _ in 0..1 + random.next() % 3 / 2 {
            let log = writer.open("a.log");
            writer.lines(&log, (random.next() % 20) as u32);
            writer.rotate("a.log");
            writer.lines(&log, (random.next() % 2) as u32);
        }
        thread::sleep(Duration::from_millis(50));
    }
    writer.lines(&writer.open("a.log"), 1);
    following.expect(&writer.expected);
}

/// Files that have not been read yet are open, even if they were renamed and removed long before.
#[test]
fn a_reader_that_stalls_misses_no_file() {
    let dir = Dir::new(&[("a.log", b"")]);
    let mut child = dir.command(&["--follow", "a.log"]).spawn().unwrap();
    let mut writer = Writer::new(&dir);
    let log = writer.open("a.log");
    // More than a pipe holds.
    writer.lines(&log, 100_000);
    thread::sleep(Duration::from_millis(500));
    for _ in 0..20 {
        writer.rotate("a.log");
        let log = writer.open("a.log");
        writer.lines(&log, 10);
        thread::sleep(Duration::from_millis(50));
    }
    for n in 1..=5 {
        fs::remove_file(dir.path(&format!("a.log.{n}"))).unwrap();
    }
    signal(&child, "-TERM");
    let mut found = String::new();
    child.stdout.take().unwrap().read_to_string(&mut found).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(found == writer.expected, "{} of {}", found.len(), writer.expected.len());
}

#[test]
fn terminated_right_after_a_rotation_it_reads_the_new_file_too() {
    for late in [false, true] {
        let dir = Dir::new(&[("a.log", b"one\n")]);
        let mut following = Following::start(&dir, &["--follow", "a.log"]);
        following.expect("one\n");
        fs::rename(dir.path("a.log"), dir.path("a.log.1")).unwrap();
        if late {
            dir.append("a.log.1", b"late\n");
        }
        dir.append("a.log", b"two\n");
        fs::rename(dir.path("a.log"), dir.path("a.log.2")).unwrap();
        dir.append("a.log", b"three, no end");
        signal(&following.child, "-TERM");
        assert_eq!(following.child.wait().unwrap().code(), Some(0));
        following.expect(if late {
            "one\nlate\ntwo\nthree, no end"
        } else {
            "one\ntwo\nthree, no end"
        });
    }
}

#[test]
fn once_a_file_was_followed_unusable_ones_are_waited_for() {
    let dir = Dir::new(&[("a.log", b"one\n")]);
    let mut child = dir.command(&["--follow", "a.log"]).spawn().unwrap();
    let (out, err) = (collect(child.stdout.take().unwrap()), collect(child.stderr.take().unwrap()));
    let following = Following { child, out };
    following.expect("one\n");
    fs::rename(dir.path("a.log"), dir.path("a.log.1")).unwrap();
    fs::create_dir(dir.path("a.log")).unwrap();
    let says = "blackbar: a.log: is a directory; waiting for a file that can be read\n";
    wait_until("a message", || !err.lock().unwrap().is_empty());
    dir.append("a.log.1", b"two\n");
    following.expect("one\ntwo\n");
    fs::remove_dir(dir.path("a.log")).unwrap();
    dir.append("a.log", b"three\n");
    following.expect("one\ntwo\nthree\n");
    assert_eq!(*err.lock().unwrap(), says);
}

/// A log that belongs to root for a moment after it was created.
#[test]
#[ignore = "needs root"]
fn a_file_that_cannot_be_opened_yet_is_waited_for() {
    let dir = Dir::new(&[("a.log", b"one\n")]);
    fs::set_permissions(dir.path("."), fs::Permissions::from_mode(0o755)).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_blackbar"), dir.path("blackbar")).unwrap();
    let mut command = Command::new(dir.path("blackbar"));
    command
        .args(["--follow", "a.log"])
        .current_dir(dir.path("."))
        .uid(65534)
        .gid(65534)
        .env("HOME", "/nonexistent");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (out, err) = (collect(child.stdout.take().unwrap()), collect(child.stderr.take().unwrap()));
    let following = Following { child, out };
    following.expect("one\n");
    fs::rename(dir.path("a.log"), dir.path("a.log.1")).unwrap();
    fs::File::options().write(true).create_new(true).mode(0o600).open(dir.path("a.log")).unwrap();
    dir.append("a.log", b"two\n");
    let says = "blackbar: a.log: permission denied; waiting for a file that can be read\n";
    wait_until("a message", || *err.lock().unwrap() == says);
    fs::set_permissions(dir.path("a.log"), fs::Permissions::from_mode(0o644)).unwrap();
    following.expect("one\ntwo\n");
}

/// The link names the log of the container's current run, and the log that it leads to is rotated too.
#[test]
fn a_link_is_switched_as_by_kubernetes() {
    let dir = Dir::new(&[("pods/0.log", b""), ("containers/x", b"")]);
    let switch = |target: &str, at_once: bool| {
        let (new, link) = (dir.path("containers/new"), dir.path("containers/a.log"));
        if at_once {
            symlink(target, &new).unwrap();
            fs::rename(&new, &link).unwrap();
        } else {
            let _ = fs::remove_file(&link);
            symlink(target, &link).unwrap();
        }
    };
    switch("../pods/0.log", true);
    let following = Following::start(&dir, &["--follow", "containers/a.log"]);
    let mut writer = Writer::new(&dir);
    writer.lines(&writer.open("pods/0.log"), 1);
    following.expect(&writer.expected);
    for run in 1..15 {
        let log = writer.open(&format!("pods/{}.log", run - 1));
        writer.lines(&log, 20);
        writer.rotate(&format!("pods/{}.log", run - 1));
        let log = writer.open(&format!("pods/{}.log", run - 1));
        writer.lines(&log, 20);
        let log = writer.open(&format!("pods/{run}.log"));
        thread::sleep(Duration::from_millis(50));
        writer.lines(&log, 20);
        switch(&format!("../pods/{run}.log"), run % 2 == 0);
        thread::sleep(Duration::from_millis(50));
    }
    following.expect(&writer.expected);
}

/// A directory that is a link, as for ConfigMaps, and one that does not exist yet.
#[test]
fn a_link_to_a_directory_is_switched() {
    let dir = Dir::new(&[]);
    let following = Following::start(&dir, &["--follow", "current/a.log"]);
    let mut writer = Writer::new(&dir);
    thread::sleep(Duration::from_millis(200));
    for run in 0..10 {
        fs::create_dir(dir.path(&run.to_string())).unwrap();
        symlink(run.to_string(), dir.path("new")).unwrap();
        fs::rename(dir.path("new"), dir.path("current")).unwrap();
        let log = writer.open("current/a.log");
        writer.lines(&log, 20);
        thread::sleep(Duration::from_millis(50));
    }
    following.expect(&writer.expected);
}

/// It is longer than before when it is checked again.
#[test]
fn a_truncated_file_that_has_grown_again_is_read_from_its_start() {
    let dir = Dir::new(&[("a.log", b"")]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    let mut writer = Writer::new(&dir);
    let log = writer.open("a.log");
    for round in 0..5 {
        writer.lines(&log, 10);
        following.expect(&writer.expected);
        signal(&following.child, "-STOP");
        log.set_len(0).unwrap();
        writer.lines(&log, 15 + 10 * round);
        signal(&following.child, "-CONT");
        following.expect(&writer.expected);
    }
}

/// A writer that does not append continues at its old position and leaves a hole before it.
#[test]
fn a_hole_left_by_truncation_is_not_read() {
    for seen in [false, true] {
        let dir = Dir::new(&[("a.log", b"")]);
        let following = Following::start(&dir, &["--follow", "a.log"]);
        let mut writer = Writer::new(&dir);
        let log = fs::File::options().write(true).open(dir.path("a.log")).unwrap();
        writer.lines(&log, 500);
        following.expect(&writer.expected);
        signal(&following.child, "-STOP");
        log.set_len(0).unwrap();
        if seen {
            signal(&following.child, "-CONT");
            thread::sleep(Duration::from_millis(500));
        }
        writer.lines(&log, 10);
        signal(&following.child, "-CONT");
        following.expect(&writer.expected);
    }
}

/// Truncated by a program that copies it first, as logrotate's copytruncate does. Lines written between the two would
/// be lost to any reader, so there are none.
#[test]
fn truncations_neither_lose_nor_repeat_lines() {
    let dir = Dir::new(&[("a.log", b"")]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    let mut writer = Writer::new(&dir);
    let mut random = random::Random(11);
    let log = writer.open("a.log");
    for round in 0..40 {
        writer.lines(&log, 1 + (random.next() % 40) as u32);
        following.expect(&writer.expected);
        fs::copy(dir.path("a.log"), dir.path(&format!("a.log.{round}"))).unwrap();
        log.set_len(0).unwrap();
    }
}

/// Writers that have not noticed the rotation: one that writes occasionally, and one that never stops.
#[test]
fn late_lines_are_always_read() {
    let dir = Dir::new(&[("a.log", b"one\n")]);
    let mut following = Following::start(&dir, &["--follow", "a.log"]);
    following.expect("one\n");
    fs::rename(dir.path("a.log"), dir.path("a.log.1")).unwrap();
    dir.append("a.log", b"two\n");
    following.expect("one\ntwo\n");
    dir.append("a.log.1", b"three\n");
    following.expect("one\ntwo\nthree\n");
    // Not within a line.
    dir.append("a.log", b"fo");
    following.expect("one\ntwo\nthree\nfo");
    dir.append("a.log.1", b"five\n");
    thread::sleep(Duration::from_millis(500));
    dir.append("a.log", b"ur\n");
    following.expect("one\ntwo\nthree\nfour\nfive\n");
    dir.append("a.log.1", b"six\n");
    dir.append("a.log", b"seven\n");
    signal(&following.child, "-TERM");
    assert_eq!(following.child.wait().unwrap().code(), Some(0));
    wait_until("the last lines", || following.out.lock().unwrap().lines().count() >= 7);
    let out = following.out.lock().unwrap().clone();
    let mut last: Vec<&str> = out.lines().skip(5).collect();
    last.sort_unstable();
    assert_eq!(last, ["seven", "six"]);
}

#[test]
fn a_file_that_is_never_quiet_does_not_block_the_next() {
    let dir = Dir::new(&[("a.log", b"one\n")]);
    let following = Following::start(&dir, &["--follow", "a.log"]);
    following.expect("one\n");
    fs::rename(dir.path("a.log"), dir.path("a.log.1")).unwrap();
    dir.append("a.log", b"new\n");
    let mut count = 0;
    wait_until("the next file", || {
        dir.append("a.log.1", b"old\n");
        count += 1;
        following.out.lock().unwrap().contains("new\n")
    });
    dir.append("a.log", b"new\n");
    wait_until("all lines", || following.out.lock().unwrap().lines().count() == count + 3);
    assert_eq!(following.out.lock().unwrap().matches("old\n").count(), count);
}

/// More files are waiting than may be open. The others are opened when some have been read.
#[test]
fn files_beyond_the_descriptor_limit_are_opened_later() {
    let dir = Dir::new(&[("a.log", b"")]);
    let script = format!("ulimit -n 24; exec {} --follow a.log", env!("CARGO_BIN_EXE_blackbar"));
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir(dir.path(".")).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut writer = Writer::new(&dir);
    writer.lines(&writer.open("a.log"), 100_000);
    thread::sleep(Duration::from_millis(500));
    for n in 0..60 {
        fs::rename(dir.path("a.log"), dir.path(&format!("a.log.{n}"))).unwrap();
        writer.lines(&writer.open("a.log"), 2);
        thread::sleep(Duration::from_millis(20));
    }
    let (out, err) = (collect(child.stdout.take().unwrap()), collect(child.stderr.take().unwrap()));
    let following = Following { child, out };
    wait_until("all lines", || following.out.lock().unwrap().len() >= writer.expected.len());
    assert!(*following.out.lock().unwrap() == writer.expected);
    let said = err.lock().unwrap().clone();
    assert!(said.contains("a.log: too many"), "{said}");
}

/// Files of the kernel have no length.
#[test]
fn a_file_without_a_length_is_read_once() {
    let dir = Dir::new(&[]);
    let following = Following::start(&dir, &["--follow", "/proc/version"]);
    let version = fs::read_to_string("/proc/version").unwrap();
    following.expect(&version);
    thread::sleep(Duration::from_millis(500));
    following.expect(&version);
}

/// The directories of another process, which may be in a different file system than their names suggest.
#[test]
fn a_log_is_followed_through_proc() {
    let dir = Dir::new(&[("d/a.log", b"")]);
    let log = format!("/proc/{}/root{}", std::process::id(), dir.path("d/a.log").display());
    let following = Following::start(&dir, &["--follow", &log]);
    let mut writer = Writer::new(&dir);
    for _ in 0..3 {
        writer.lines(&writer.open("d/a.log"), 10);
        following.expect(&writer.expected);
        writer.rotate("d/a.log");
    }
}

/// As on other systems, or when the system's limit is reached.
#[test]
#[ignore = "needs strace"]
fn without_inotify_the_name_is_polled() {
    let dir = Dir::new(&[("a.log", b"")]);
    let args = ["-D", "-f", "-o", "trace", "-e", "trace=inotify_init1"];
    let inject = ["-e", "inject=inotify_init1:error=EMFILE"];
    let following = Following::traced(&dir, &[&args[..], &inject[..]].concat());
    let mut writer = Writer::new(&dir);
    for _ in 0..8 {
        writer.lines(&writer.open("a.log"), 20);
        thread::sleep(Duration::from_millis(300));
        writer.rotate("a.log");
    }
    following.expect(&writer.expected);
    assert!(dir.read("trace").contains("EMFILE"));
}

#[test]
#[ignore = "needs strace"]
fn after_a_read_error_reading_continues_at_the_same_position() {
    let dir = Dir::new(&[("a.log", b"one\n")]);
    // Only system calls on the log count.
    let args = ["-D", "-f", "-o", "trace", "-P", "a.log", "-e", "trace=preadv"];
    let inject = ["-e", "inject=preadv:error=EIO:when=2..4"];
    let following = Following::traced(&dir, &[&args[..], &inject[..]].concat());
    following.expect("one\n");
    dir.append("a.log", b"two\n");
    following.expect("one\ntwo\n");
    assert!(dir.read("trace").contains("EIO"));
}
