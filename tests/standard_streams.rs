//! Standard input, output and error that are closed, full, or non-blocking, and the safety of messages.

mod command;

use std::fs::{self, File, Permissions};
use std::io::{PipeReader, Read, pipe};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use command::{Dir, REDACTED, SECRET};

/// Commands that print something.
const PRINTING: [&[&str]; 16] = [
    &["a.log"],
    &["--help"],
    &["-h"],
    &["--version"],
    &["scan", "--help"],
    &["scan", "a.log"],
    &["scan", "--json", "a.log"],
    &["scan", "--sarif", "a.log"],
    &["rules"],
    &["config"],
    &["config", "--check", "empty.toml"],
    &["man"],
    &["completions", "bash"],
    &["completions", "zsh"],
    &["completions", "fish"],
    &["bench", "--json", "empty.log"],
];

fn dir() -> Dir {
    Dir::new(&[("a.log", SECRET.as_bytes()), ("empty.toml", b""), ("empty.log", b"")])
}

/// The command with a shell redirection such as `>&-`.
fn redirected(dir: &Dir, args: &[&str], redirection: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("exec \"$0\" \"$@\" {redirection}"));
    command.arg(env!("CARGO_BIN_EXE_blackbar")).args(args).current_dir(dir.path("."));
    command.env_remove("BLACKBAR_KEY").env_remove("BLACKBAR_CONFIG");
    command
}

#[track_caller]
fn fails(command: &mut Command, says: &str) {
    let ended = command.stdin(Stdio::null()).output().unwrap();
    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{command:?}: {stderr}");
    assert!(stderr.starts_with("blackbar: ") && stderr.contains(says), "{command:?}: {stderr}");
    assert_eq!(stderr.lines().count(), 1, "{command:?}: {stderr}");
}

#[test]
fn failed_printing_is_an_error() {
    let dir = dir();
    for args in PRINTING {
        fails(&mut redirected(&dir, args, ">/dev/full"), "standard output: no space left");
        fails(&mut redirected(&dir, args, ">&-"), "standard output: is closed");
    }
}

#[test]
fn a_closed_standard_input_is_an_error() {
    let dir = dir();
    fails(&mut redirected(&dir, &[], "<&-"), "standard input: is closed");
    fails(&mut redirected(&dir, &["scan", "-q"], "<&-"), "standard input: is closed");
}

#[test]
fn a_null_standard_output_is_not_a_closed_one() {
    let dir = dir();
    for redirection in [">/dev/null", "1<>/dev/null", "2>&-"] {
        let ended = redirected(&dir, &["a.log"], redirection).output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{redirection}");
    }
    // A file that is opened later does not get the number of the closed stream.
    let ended = redirected(&dir, &["-i", "a.log"], "<&- >&- 2>&-").output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(dir.read("a.log"), REDACTED);
}

/// Everything that `command` writes to `pipe`, which is non-blocking and is read only long after it is full.
fn read_late(mut reader: PipeReader, command: &mut Command) -> String {
    let mut child = command.spawn().unwrap();
    // The copy of the writing end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    thread::sleep(Duration::from_millis(300));
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    child.wait().unwrap();
    text
}

#[test]
fn a_report_is_whole_on_a_non_blocking_output() {
    let dir = Dir::new(&[("a.log", SECRET.repeat(20_000).as_bytes())]);
    let (reader, writer) = pipe().unwrap();
    rustix::io::ioctl_fionbio(&writer, true).unwrap();
    let mut command = dir.command(&["scan", "a.log"]);
    let text = read_late(reader, command.stdout(writer).stderr(Stdio::null()));
    assert_eq!(text.lines().count(), 20_000);
    assert!(text.ends_with("a.log:20000:23 bearer\n"));
}

#[test]
fn messages_are_not_lost_on_a_non_blocking_error_output() {
    let names: Vec<String> =
        (0..3_000).map(|n| format!("missing-{n}-{}", "x".repeat(40))).collect();
    let args: Vec<&str> = names.iter().map(String::as_str).collect();
    let dir = Dir::new(&[]);
    let (reader, writer) = pipe().unwrap();
    rustix::io::ioctl_fionbio(&writer, true).unwrap();
    let mut command = dir.command(&args);
    let text = read_late(reader, command.stdout(Stdio::null()).stderr(writer));
    let found: Vec<&str> = text.lines().collect();
    let expected: Vec<String> =
        names.iter().map(|name| format!("blackbar: {name}: no such file or directory")).collect();
    assert_eq!(found, expected);
}

#[test]
fn no_control_character_reaches_a_message_or_a_report() {
    let odd = "a\u{1b}[31m\u{7}\nb\u{9b}\u{202e}\u{2028}c.log";
    let dir = Dir::new(&[(odd, SECRET.as_bytes()), ("image", b"\x89PNG\r\n\x1a\n")]);
    let config = "[[rule]]\nname = \"badge\"\nkeywords = [\"badge\"]\npattern = 'badge (?<secret>[0-9]{4})'\n\
         summary = \"a\\u001b[31mred\"\nexamples = [\"\\u001b[1mbadge «1234»\"]\ncounter-examples = [\"\\u0007badge x\"]\n";
    dir.write("c.toml", config.as_bytes());
    fs::create_dir(dir.path("d\u{1b}")).unwrap();
    for args in [
        &["scan", odd][..],
        &["scan", "--json", odd],
        &["scan", "--sarif", odd],
        &["scan", "d\u{1b}"],
        &["no\u{1b}file"],
        &["-i", "--backup", "\u{1b}/", odd],
        &["--style", "\u{1b}[1m", odd],
        &["--style", "\u{1b}=mask", odd],
        &["--rules", "\u{1b}[1m", odd],
        &["--rules", "\u{202e}", odd],
        &["--\u{1b}[1m", odd],
        &["--config", "no\u{1b}config", odd],
        &["--secrets-file", "no\u{1b}file", odd],
        &["--key-file", "no\u{1b}file", "--style", "hmac", odd],
        &["--secrets-from-env", "\u{1b}[", odd],
        &["--glob", "\u{1b}[", "-r", "."],
        &["-o", "\u{1b}/x", odd],
        &["--follow", odd, "\u{1b}"],
        &["--stats-file", "\u{1b}/x", odd],
        &["--config", "c.toml", "rules"],
        &["rules", "--config", "c.toml"],
        &["config", "--config", "c.toml"],
        &["config", "--check", "no\u{1b}config"],
        &["bench", "\u{1b}"],
    ] {
        let ended = dir.run(args);
        for text in [&ended.stdout, &ended.stderr] {
            let wrong = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2028}".contains(c);
            assert!(!text.contains(wrong), "{args:?}: {text:?}");
        }
    }
    let ended = dir.run(&["scan", odd]);
    assert_eq!(ended.stdout, "a\\u{1b}[31m\\u{7}\\nb\\u{9b}\\u{202e}\\u{2028}c.log:1:23 bearer\n");
}

#[test]
fn names_that_are_not_text_are_accepted() {
    let dir = Dir::new(&[]);
    let name = std::ffi::OsStr::from_bytes(b"a\xff.log");
    if File::create(dir.path(".").join(name)).is_err() {
        // Some file systems accept only text as names.
        return;
    }
    fs::write(dir.path(".").join(name), SECRET).unwrap();
    let ended = dir.command(&["scan"]).arg(name).output().unwrap();
    assert_eq!(String::from_utf8(ended.stdout).unwrap(), "a\u{fffd}.log:1:23 bearer\n");
}

#[test]
#[cfg(target_os = "linux")]
fn no_core_is_dumped() {
    let dir = dir();
    let mut command = dir.command(&[]);
    if rustix::process::geteuid().is_root() {
        // Otherwise its processes belong to root.
        fs::set_permissions(dir.path("."), Permissions::from_mode(0o755)).unwrap();
        // Another process makes the copy: a child of this one could hold the copy open for writing for a moment.
        let mut copy = Command::new("cp");
        copy.arg(env!("CARGO_BIN_EXE_blackbar")).arg(dir.path("blackbar"));
        assert!(copy.status().unwrap().success());
        command = Command::new(dir.path("blackbar"));
        command.uid(65_534).stdout(Stdio::null());
        // Root's settings are not readable for another user.
        command.env("HOME", "/nonexistent").env_remove("XDG_CONFIG_HOME");
    }
    // In the meantime it waits for its input.
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let limits = format!("/proc/{}/limits", child.id());
    command::wait_until("no core", || {
        let limits = fs::read_to_string(&limits).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        core.split_whitespace().filter(|word| *word == "0").count() == 2
    });
    // The memory of a process that may not be dumped belongs to root.
    let uid = |path: String| fs::metadata(path).unwrap().uid();
    command::wait_until("undumpable", || uid(format!("/proc/{}/environ", child.id())) == 0);
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}
