//! Signals: no line is lost or repeated.

mod command;

use std::fs;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use command::{Dir, PATIENCE, REDACTED, SECRET, wait_until};

const SIGTERM: i32 = signal_hook::consts::SIGTERM;
const SIGINT: i32 = signal_hook::consts::SIGINT;

/// A filter whose output is collected.
struct Filter {
    child: Child,
    stdin: Option<ChildStdin>,
    out: Arc<Mutex<Vec<u8>>>,
    err: Arc<Mutex<Vec<u8>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Filter {
    fn start(dir: &Dir, args: &[&str]) -> Filter {
        let mut filter = Filter::unread(dir, args);
        let stdout = filter.child.stdout.take().unwrap();
        filter.collect(stdout);
        filter
    }

    /// One whose output the test reads itself.
    fn unread(dir: &Dir, args: &[&str]) -> Filter {
        let mut child = dir.command(args).stdin(Stdio::piped()).spawn().unwrap();
        let stdin = child.stdin.take();
        let mut filter =
            Filter { child, stdin, out: Arc::default(), err: Arc::default(), readers: Vec::new() };
        let stderr = filter.child.stderr.take().unwrap();
        let reader = pump(stderr, &filter.err);
        filter.readers.push(reader);
        // A signal before the handler is installed would end the process.
        let status = format!("/proc/{}/status", filter.child.id());
        wait_until("signal handlers", || {
            let status = fs::read_to_string(&status).unwrap();
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
            u64::from_str_radix(caught.trim(), 16).unwrap() >> (SIGTERM - 1) & 1 == 1
        });
        filter
    }

    fn collect(&mut self, stdout: ChildStdout) {
        let reader = pump(stdout, &self.out);
        self.readers.push(reader);
    }

    fn write(&mut self, text: &str) {
        self.stdin.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    fn out(&self) -> String {
        String::from_utf8(self.out.lock().unwrap().clone()).unwrap()
    }

    fn err(&self) -> String {
        String::from_utf8(self.err.lock().unwrap().clone()).unwrap()
    }

    #[track_caller]
    fn expect(&self, expected: &str) {
        wait_until(&format!("{expected:?}"), || self.out().len() >= expected.len());
        assert_eq!(self.out(), expected);
    }

    /// Waits for the filter to end, with its input still open.
    #[track_caller]
    fn ends(&mut self) -> ExitStatus {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "it did not end");
            thread::sleep(Duration::from_millis(10));
        };
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        status
    }
}

impl Drop for Filter {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pump(mut from: impl Read + Send + 'static, to: &Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    let to = Arc::clone(to);
    thread::spawn(move || {
        let mut buf = [0; 65536];
        while let Ok(n @ 1..) = from.read(&mut buf) {
            to.lock().unwrap().extend_from_slice(&buf[..n]);
        }
    })
}

const KEYS: [&[u8]; 2] = [b"the first key of this test\n", b"the second key of this test\n"];

/// A log with the pseudonyms of a key.
fn pseudonym(key: &[u8], log: &str) -> String {
    let dir = Dir::new(&[("a.log", log.as_bytes())]);
    dir.write_private("key", key);
    dir.run(&["--style", "hmac", "--key-file", "key", "a.log"]).stdout
}

#[test]
fn an_interrupt_ends_the_run_unless_ignored() {
    let dir = Dir::new(&[]);
    let mut filter = Filter::start(&dir, &[]);
    filter.signal("-INT");
    assert_eq!(filter.ends().signal(), Some(SIGINT));

    let mut filter = Filter::start(&dir, &["--ignore-interrupts"]);
    filter.signal("-INT");
    filter.write(SECRET);
    filter.expect(REDACTED);
    filter.signal("-INT");
    // Ignoring interrupts does not affect the other signals.
    filter.write(SECRET);
    filter.expect(&REDACTED.repeat(2));
    filter.signal("-TERM");
    assert_eq!(filter.ends().code(), Some(0));
    assert_eq!((filter.out(), filter.err()), (REDACTED.repeat(2), String::new()));
}

/// Ctrl-C reaches every process of the foreground group.
#[test]
fn the_last_output_of_an_interrupted_program_is_redacted() {
    let dir = Dir::new(&[]);
    let script = format!(
        "trap 'sleep 0.3; printf \"%s\\n\" \"{}\"; exit' INT; echo up; while :; do sleep 0.05; done",
        SECRET.trim_end()
    );
    let pipeline = format!(
        "set -m; (bash -c '{}' 2>&1 | {} --ignore-interrupts >out) & sleep 1; kill -INT -$!; wait",
        script.replace('\'', r"'\''"),
        env!("CARGO_BIN_EXE_blackbar")
    );
    let status =
        Command::new("bash").args(["-c", &pipeline]).current_dir(dir.path(".")).status().unwrap();
    assert!(status.success(), "{status}");
    assert_eq!(dir.read("out"), format!("up\n{REDACTED}"));
}

#[test]
fn termination_drains_the_input_and_succeeds() {
    let dir = Dir::new(&[]);
    for rest in ["", "no end Authorization: Bearer abcdefghijklmnop0123456789"] {
        let mut filter = Filter::start(&dir, &[]);
        filter.write(&SECRET.repeat(200));
        filter.write(rest);
        let lines = REDACTED.repeat(200);
        // It ends without waiting for more, although bytes are undecided and the writer has not closed the pipe.
        filter.signal("-TERM");
        assert_eq!(filter.ends().code(), Some(0));
        let expected = lines + &rest.replace("abcdefghijklmnop0123456789", "[REDACTED]");
        assert_eq!((filter.out(), filter.err()), (expected, String::new()));
    }
}

/// It is asked to stop before it has opened its inputs, or while it waits for the writer of the first.
#[test]
fn termination_drains_an_input_that_is_not_open_yet() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes())]);
    assert!(Command::new("mkfifo").arg(dir.path("fifo")).status().unwrap().success());
    for (inputs, succeeds) in [(["fifo", "-"], true), (["fifo", "a.log"], false)] {
        let mut filter = Filter::start(&dir, &inputs);
        filter.write(SECRET);
        filter.signal("-TERM");
        let status = filter.ends();
        assert_eq!(status.success(), succeeds, "{inputs:?}: {status}");
        assert_eq!(filter.out(), if succeeds { REDACTED } else { "" }, "{inputs:?}");
    }
}

/// The pipe is full when the signal arrives, and so is the next one.
#[test]
fn termination_with_a_stalled_reader_loses_nothing() {
    let dir = Dir::new(&[]);
    let mut filter = Filter::unread(&dir, &[]);
    let mut stdin = filter.stdin.take().unwrap();
    let written = Arc::new(Mutex::new(0_usize));
    let count = Arc::clone(&written);
    let writer = thread::spawn(move || {
        // Until nobody reads it any more.
        while stdin.write_all(SECRET.as_bytes()).is_ok() {
            *count.lock().unwrap() += 1;
        }
    });
    let mut before = 0;
    wait_until("back-pressure", || {
        thread::sleep(Duration::from_millis(200));
        let now = *written.lock().unwrap();
        now > 0 && std::mem::replace(&mut before, now) == now
    });
    filter.signal("-TERM");
    thread::sleep(Duration::from_millis(200));
    let stdout = filter.child.stdout.take().unwrap();
    filter.collect(stdout);
    assert_eq!(filter.ends().code(), Some(0));
    writer.join().unwrap();
    // The writer could continue as space became available. For what it wrote after the signal, it got an error.
    let lines = filter.out().lines().count();
    assert!(lines >= before, "{lines} of {before} lines");
    assert!(
        filter.out()
            == REDACTED.repeat(lines - 1)
                + &REDACTED[..filter.out().len() - (lines - 1) * REDACTED.len()]
    );
}

/// A writer that never pauses must not keep the filter from ending.
#[test]
fn termination_under_load_ends_the_run() {
    let dir = Dir::new(&[]);
    let mut filter = Filter::start(&dir, &[]);
    let mut stdin = filter.stdin.take().unwrap();
    let writer = thread::spawn(move || {
        let chunk = SECRET.repeat(1000);
        while stdin.write_all(chunk.as_bytes()).is_ok() {}
    });
    wait_until("some output", || filter.out.lock().unwrap().len() > 10_000_000);
    filter.signal("-TERM");
    assert_eq!(filter.ends().code(), Some(0));
    writer.join().unwrap();
    let out = filter.out();
    assert!(out.len() > 10_000_000 && !out.contains("abcdefghijklmnop"));
}

#[test]
fn a_second_signal_ends_a_blocked_run() {
    let dir = Dir::new(&[]);
    let mut filter = Filter::unread(&dir, &[]);
    let mut stdin = filter.stdin.take().unwrap();
    let writer = thread::spawn(move || while stdin.write_all(SECRET.as_bytes()).is_ok() {});
    thread::sleep(Duration::from_millis(500));
    filter.signal("-TERM");
    thread::sleep(Duration::from_millis(200));
    assert!(filter.child.try_wait().unwrap().is_none());
    filter.signal("-TERM");
    assert_eq!(filter.ends().signal(), Some(SIGTERM));
    writer.join().unwrap();
}

/// Part of a file could be mistaken for all of it.
#[test]
fn an_unfinished_file_is_not_a_success() {
    let dir = Dir::new(&[("a.log", SECRET.repeat(200_000).as_bytes())]);
    // Only streams are drained, even if another stream follows the file.
    let mut filter = Filter::unread(&dir, &["a.log", "-"]);
    filter.signal("-TERM");
    let stdout = filter.child.stdout.take().unwrap();
    filter.collect(stdout);
    assert_eq!(filter.ends().signal(), Some(SIGTERM));
    assert!(REDACTED.repeat(200_000).starts_with(&filter.out()));

    // Without a stream the signal has its default effect, even if the reader is blocked.
    let mut child = dir.command(&["a.log"]).spawn().unwrap();
    let mut first = [0; 1];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().signal(), Some(SIGTERM));
}

/// On a terminal, a hang-up means that the user is gone.
#[test]
fn a_hang_up_of_the_terminal_ends_the_run() {
    let dir = Dir::new(&[("a.log", b"")]);
    let script = format!(
        "{} --follow a.log & sleep 0.5; kill -HUP $!; wait $!; echo status $?",
        env!("CARGO_BIN_EXE_blackbar")
    );
    let output = Command::new("script")
        .args(["-qec", &script, "/dev/null"])
        .current_dir(dir.path("."))
        .stdin(Stdio::null())
        .output()
        .expect("util-linux has script");
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.contains("status 129"), "{output}");
}

#[test]
fn termination_finishes_a_followed_file() {
    for args in [&["--follow", "a.log"][..], &["--follow", "a.log", "-o", "out.gz"]] {
        let dir = Dir::new(&[("a.log", SECRET.repeat(3).as_bytes())]);
        let mut filter = Filter::start(&dir, args);
        thread::sleep(Duration::from_millis(300));
        dir.append("a.log", b"no end");
        filter.signal("-TERM");
        assert_eq!(filter.ends().code(), Some(0));
        let expected = REDACTED.repeat(3) + "no end";
        match args.last() {
            Some(&"out.gz") => {
                let output = Command::new("gzip").args(["-dc"]).arg(dir.path("out.gz")).output();
                assert_eq!(String::from_utf8(output.unwrap().stdout).unwrap(), expected);
            }
            _ => assert_eq!(filter.out(), expected),
        }
    }
    let dir = Dir::new(&[]);
    let mut filter = Filter::start(&dir, &["--follow", "missing.log"]);
    wait_until("its message", || filter.err().contains("does not exist yet"));
    filter.signal("-TERM");
    assert_eq!(filter.ends().code(), Some(0));
}

#[test]
fn a_hang_up_reloads_the_key() {
    let [first, second] = KEYS.map(|key| pseudonym(key, SECRET));
    assert_ne!(first, second);
    let dir = Dir::new(&[]);
    dir.write_private("key", KEYS[0]);
    let mut filter = Filter::start(&dir, &["--style", "hmac", "--key-file", "key"]);
    filter.write(SECRET);
    filter.expect(&first);

    // Between two lines, immediately.
    dir.write_private("key", KEYS[1]);
    filter.signal("-HUP");
    thread::sleep(Duration::from_millis(200));
    filter.write(SECRET);
    filter.expect(&(first.clone() + &second));

    // Within a line, at its end.
    filter.write(&SECRET[..30]);
    dir.write_private("key", KEYS[0]);
    thread::sleep(Duration::from_millis(200));
    filter.signal("-HUP");
    thread::sleep(Duration::from_millis(200));
    filter.write(&(SECRET[30..].to_owned() + SECRET));
    let mut expected = first.clone() + &second + &second + &first;
    filter.expect(&expected);

    // Where a key is waiting for its value on the next line, after the value.
    let two_lines = ["\"access_token\":\n", "  \"8f14e45fceea167a8f14\"\n"];
    filter.write(two_lines[0]);
    dir.write_private("key", KEYS[1]);
    thread::sleep(Duration::from_millis(200));
    filter.signal("-HUP");
    thread::sleep(Duration::from_millis(200));
    filter.write(&(two_lines[1].to_owned() + SECRET));
    expected += &(pseudonym(KEYS[0], &two_lines.concat()) + &second);
    filter.expect(&expected);
    assert_eq!(filter.err(), "");
}

#[test]
fn an_invalid_configuration_is_reported_and_the_old_one_stays() {
    let first = pseudonym(KEYS[0], SECRET);
    let dir = Dir::new(&[]);
    dir.write_private("key", KEYS[0]);
    let mut filter = Filter::start(&dir, &["--style", "hmac", "--key-file", "key"]);
    dir.write_private("key", b"short");
    filter.signal("-HUP");
    wait_until("a message", || filter.err().ends_with('\n'));
    let message = filter.err();
    assert!(message.starts_with("blackbar: key: the key has 5 bytes"), "{message}");
    assert!(message.ends_with("; keeping the previous settings\n"), "{message}");
    assert_eq!(message.lines().count(), 1);
    fs::remove_file(dir.path("key")).unwrap();
    filter.signal("-HUP");
    wait_until("another message", || filter.err().lines().count() == 2);
    filter.write(SECRET);
    filter.expect(&first);
}

#[test]
fn a_hang_up_reloads_the_settings() {
    let dir = Dir::new(&[("blackbar.toml", b"rules = 'default,-cookie'\n")]);
    let args = ["--config", "blackbar.toml", "--stats-file", "counts.prom", "--stats=json"];
    let mut filter = Filter::start(&dir, &args);
    let cookie = "Cookie: sid=31d4d96e407aad42\n";
    let pin = "{\"x-internal-pin\": \"4711-0815-4711\"}\n";
    let lines = SECRET.to_owned() + cookie + pin;
    filter.write(&lines);
    let mut expected = REDACTED.to_owned() + cookie + pin;
    filter.expect(&expected);

    // Rules and styles are added and removed.
    let change = |filter: &mut Filter, settings: &str| {
        dir.write("blackbar.toml.new", settings.as_bytes());
        fs::rename(dir.path("blackbar.toml.new"), dir.path("blackbar.toml")).unwrap();
        filter.signal("-HUP");
        thread::sleep(Duration::from_millis(200));
        filter.write(&lines);
    };
    change(&mut filter, "rules = '-bearer'\nstyle = 'label'\nkeys = ['x-internal-pin']\n");
    expected += &format!(
        "{SECRET}Cookie: sid=[REDACTED:cookie]\n{{\"x-internal-pin\": \"[REDACTED:key]\"}}\n"
    );
    filter.expect(&expected);

    // All errors are reported, and the previous settings stay.
    change(&mut filter, "rulez = 'default'\nstyle = 'none'\n");
    expected += &expected.clone()[REDACTED.len() + cookie.len() + pin.len()..];
    filter.expect(&expected);
    wait_until("messages", || filter.err().lines().count() == 2);
    let said = filter.err();
    assert!(said.lines().all(|line| line.starts_with("blackbar: blackbar.toml:")), "{said}");
    assert!(said.ends_with("; keeping the previous settings\n"), "{said}");

    // Counts continue across all settings, even for a removed rule.
    drop(filter.stdin.take());
    assert_eq!(filter.ends().code(), Some(0));
    let counts = dir.read("counts.prom");
    for (rule, count) in [("bearer", 1), ("cookie", 2), ("key", 2)] {
        let line = format!("blackbar_redactions_total{{rule=\"{rule}\"}} {count}\n");
        assert!(counts.contains(&line), "{line} is not in {counts}");
    }
    assert!(filter.err().ends_with("}\n") && filter.err().contains("\"redactions_total\":5"));
}

/// A log names its fields once, and the settings may change long after that.
#[test]
fn a_hang_up_does_not_forget_the_header_of_the_log() {
    let settings = |rest: &str| format!("{rest}[[format]]\nline = '#Fields:'\n");
    let dir = Dir::new(&[("blackbar.toml", settings("").as_bytes())]);
    let mut filter = Filter::start(&dir, &["--config", "blackbar.toml"]);
    let header = "#Fields: time cs(Cookie) cs(X-Pin)\n";
    let row = "12:00 sid=31d4d96e407aad42 4711\n";
    filter.write(&(header.to_owned() + row));
    let mut expected = format!("{header}12:00 sid=[REDACTED] 4711\n");
    filter.expect(&expected);
    // Another style, and then a secret in a column that was none.
    let labels = settings("style = 'label'\n");
    for (settings, redacted) in [
        (labels.clone(), "12:00 sid=[REDACTED:cookie] 4711\n"),
        (
            labels + "secrets = { 'cs(X-Pin)' = 'oauth' }\n",
            "12:00 sid=[REDACTED:cookie] [REDACTED:oauth]\n",
        ),
    ] {
        dir.write("blackbar.toml.new", settings.as_bytes());
        fs::rename(dir.path("blackbar.toml.new"), dir.path("blackbar.toml")).unwrap();
        filter.signal("-HUP");
        thread::sleep(Duration::from_millis(200));
        filter.write(row);
        expected += redacted;
        filter.expect(&expected);
    }
    assert_eq!(filter.err(), "");
}

/// Every line has a pseudonym of one key or the other, and the first line that of the first key.
#[test]
fn a_reload_under_load_neither_loses_nor_repeats_lines() {
    let [first, second] = KEYS.map(|key| pseudonym(key, SECRET));
    let dir = Dir::new(&[]);
    dir.write_private("key", KEYS[0]);
    for threads in ["1", "2"] {
        dir.write_private("key", KEYS[0]);
        let args = ["--threads", threads, "--style", "hmac", "--key-file", "key"];
        let mut filter = Filter::start(&dir, &args);
        let mut stdin = filter.stdin.take().unwrap();
        let enough = Arc::new(AtomicBool::new(false));
        let writer = thread::spawn({
            let enough = Arc::clone(&enough);
            move || {
                let lines = (0..).take_while(|_| !enough.load(Ordering::Relaxed));
                lines
                    .map(|line| {
                        stdin.write_all(format!("{line} {SECRET}").as_bytes()).unwrap();
                    })
                    .count()
            }
        });
        wait_until("output", || filter.out.lock().unwrap().len() > 1_000_000);
        for change in 1..=6 {
            // Written whole, because a signal that is handled late could make the filter read half a file.
            dir.write_private("key.new", KEYS[change % 2]);
            fs::rename(dir.path("key.new"), dir.path("key")).unwrap();
            filter.signal("-HUP");
            // The next signal is sent when the effect of this one is visible, because pending signals are merged.
            let expected = [&first, &second][change % 2];
            wait_until("the other key", || {
                let out = filter.out.lock().unwrap();
                let recent = &out[out.len().saturating_sub(2 * expected.len() + 100)..];
                recent.windows(expected.len()).any(|line| line == expected.as_bytes())
            });
        }
        enough.store(true, Ordering::Relaxed);
        let written = writer.join().unwrap();
        assert_eq!(filter.ends().code(), Some(0));
        let (out, mut seen) = (filter.out(), [0, 0]);
        for (number, line) in out.split_inclusive('\n').enumerate() {
            let line = line.strip_prefix(&format!("{number} ")).expect("lines keep their order");
            let by = [&first, &second].iter().position(|expected| line == **expected);
            seen[by.unwrap_or_else(|| panic!("{line:?} is by neither key"))] += 1;
        }
        assert_eq!(seen[0] + seen[1], written);
        assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
        assert_eq!(filter.err(), "");
    }
}

#[test]
fn an_interrupted_rewrite_leaves_the_old_or_the_new_file_only() {
    let log = SECRET.repeat(300_000);
    let redacted = REDACTED.repeat(300_000);
    let (mut old, mut new) = (0, 0);
    for signal in ["-INT", "-TERM", "-HUP"] {
        for step in 0..12 {
            let dir = Dir::new(&[("a.log", log.as_bytes())]);
            let mut filter = Filter::start(&dir, &["-i", "--threads", "1", "a.log"]);
            thread::sleep(Duration::from_millis(step * 8));
            if filter.child.try_wait().unwrap().is_none() {
                filter.signal(signal);
            }
            let status = filter.ends();
            let found = dir.read("a.log");
            if found == log {
                assert!(status.signal().is_some(), "{status}");
                old += 1;
            } else {
                assert!(found == redacted, "neither the one nor the other");
                new += 1;
            }
            assert_eq!(dir.names(), ["a.log"], "after {signal}");
        }
    }
    println!("{old} times the old file, {new} times the new one");
    assert!(old > 0);
}

/// Makes a FIFO.
fn fifo(dir: &Dir, name: &str) {
    assert!(Command::new("mkfifo").arg(dir.path(name)).status().unwrap().success());
}

#[test]
fn a_run_that_waits_for_a_fifo_can_be_stopped() {
    for args in [&["in"][..], &["in", "-o", "out.log"], &["in", "in"], &["--stats", "in"]] {
        let dir = Dir::new(&[]);
        fifo(&dir, "in");
        let mut filter = Filter::start(&dir, args);
        thread::sleep(Duration::from_millis(100));
        filter.signal("-TERM");
        // Nobody has written to any of them.
        assert_eq!(filter.ends().code(), Some(0), "{args:?}: {}", filter.err());
    }
    // Nobody reads the output.
    let dir = Dir::new(&[]);
    fifo(&dir, "out");
    let mut filter = Filter::start(&dir, &["-o", "out"]);
    filter.write(SECRET);
    thread::sleep(Duration::from_millis(100));
    filter.signal("-TERM");
    assert_eq!(filter.ends().signal(), Some(SIGTERM), "{}", filter.err());
}

#[test]
fn a_fifo_is_waited_for_as_long_as_it_takes() {
    let dir = Dir::new(&[("c.toml", b"style = 'fixed'\n")]);
    fifo(&dir, "in");
    fifo(&dir, "out");
    let mut filter = Filter::start(&dir, &["--config", "c.toml", "in", "-o", "out"]);
    thread::sleep(Duration::from_millis(100));
    // A request other than a stop does not end the wait, and is not lost.
    dir.write("c.toml", b"style = 'label'\n");
    filter.signal("-HUP");
    thread::sleep(Duration::from_millis(100));
    let path = dir.path("out");
    let reader = thread::spawn(move || fs::read_to_string(path).unwrap());
    thread::sleep(Duration::from_millis(100));
    let mut writer = fs::OpenOptions::new().write(true).open(dir.path("in")).unwrap();
    writer.write_all(SECRET.as_bytes()).unwrap();
    drop(writer);
    assert_eq!(filter.ends().code(), Some(0), "{}", filter.err());
    assert_eq!(reader.join().unwrap(), REDACTED.replace("]", ":bearer]"));
}

#[test]
fn settings_in_a_fifo_are_refused_and_not_waited_for() {
    let dir = Dir::new(&[("c.toml", b"style = 'label'\n")]);
    fifo(&dir, "fifo");
    for args in [
        &["--config", "fifo"][..],
        &["--secrets-file", "fifo"],
        &["--key-file", "fifo", "--style", "hmac"],
        &["config", "--check", "fifo"],
        &["scan", "--config", "fifo"],
    ] {
        dir.refuses(args, "fifo: is a pipe or a terminal; a file is needed");
    }
    // A device that does not block is as good as a file.
    assert_eq!(dir.run(&["--config", "/dev/null"]).code, Some(0));

    // While it runs.
    let mut filter = Filter::start(&dir, &["--config", "c.toml"]);
    fs::rename(dir.path("fifo"), dir.path("c.toml")).unwrap();
    filter.signal("-HUP");
    wait_until("a message", || filter.err().contains("keeping the previous settings"));
    filter.write(SECRET);
    filter.expect(&REDACTED.replace("]", ":bearer]"));
    filter.signal("-TERM");
    assert_eq!(filter.ends().code(), Some(0));
}
