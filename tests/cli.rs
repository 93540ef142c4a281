//! The command as users see it: arguments, files, pipes, messages and exit codes.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

const BIN: &str = env!("CARGO_BIN_EXE_blackbar");
const SECRET: &str = "Authorization: Bearer abcdefghijklmnop0123456789\n";
const REDACTED: &str = "Authorization: Bearer [REDACTED]\n";

/// Long enough for a loaded machine, short enough to notice a hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// The limit on memory, in KiB, with two threads and any input.
const MEMORY_MAX: u64 = 24 * 1024;

/// How a command ended.
struct Ended {
    status: ExitStatus,
    stdout: Vec<u8>,
    stderr: String,
}

impl Ended {
    #[track_caller]
    fn check(&self, code: i32, stdout: impl AsRef<[u8]>, stderr: &str) {
        assert_eq!(self.stderr, stderr);
        assert_eq!(String::from_utf8_lossy(&self.stdout), String::from_utf8_lossy(stdout.as_ref()));
        assert_eq!(self.stdout, stdout.as_ref());
        assert_eq!(self.status.code(), Some(code));
    }
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(BIN);
    command.args(args);
    command
}

/// Runs `command` with `stdin` as its input.
fn run(mut command: Command, stdin: &[u8]) -> Ended {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    let feeder = thread::spawn(move || {
        // The command need not read all of it.
        let _ = pipe.write_all(&stdin);
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    Ended {
        status: output.status,
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A temporary directory with files.
struct Dir(TempDir);

impl Dir {
    fn new(files: &[(&str, &[u8])]) -> Dir {
        let dir = Dir(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            fs::write(dir.path(name), bytes).unwrap();
        }
        dir
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The command, run in this directory.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = command(args);
        command.current_dir(self.0.path());
        command
    }

    fn run(&self, args: &[&str]) -> Ended {
        run(self.command(args), b"")
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8(fs::read(self.path(name)).unwrap()).unwrap()
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

#[test]
fn standard_input_is_redacted_to_standard_output() {
    run(command(&[]), SECRET.as_bytes()).check(0, REDACTED, "");
    run(command(&["-"]), SECRET.as_bytes()).check(0, REDACTED, "");
}

#[test]
fn files_are_redacted_one_after_another() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("b.log", b"plain\n")]);
    dir.run(&["a.log", "b.log", "a.log"]).check(0, [REDACTED, "plain\n", REDACTED].concat(), "");
    run(dir.command(&["b.log", "-", "b.log"]), SECRET.as_bytes()).check(
        0,
        ["plain\n", REDACTED, "plain\n"].concat(),
        "",
    );
}

#[test]
fn each_file_is_redacted_separately() {
    let dir = Dir::new(&[("a.log", &SECRET.as_bytes()[..30]), ("b.log", b"0123456789\n")]);
    dir.run(&["a.log", "b.log"]).check(
        0,
        [&REDACTED[..REDACTED.len() - 1], "0123456789\n"].concat(),
        "",
    );
}

#[test]
fn an_output_file_is_created_or_emptied_first() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("old", &[b'x'; 1000])]);
    dir.run(&["a.log", "-o", "new"]).check(0, "", "");
    assert_eq!(dir.read("new"), REDACTED);
    dir.run(&["a.log", "--output=old"]).check(0, "", "");
    assert_eq!(dir.read("old"), REDACTED);
    dir.run(&["a.log", "-o", "-"]).check(0, REDACTED, "");
}

#[test]
fn bytes_that_are_not_text_pass_unchanged() {
    let binary: Vec<u8> =
        (0..200_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 23) as u8).collect();
    let inputs: [&[u8]; 8] = [
        b"",
        b"\n",
        b"no newline",
        b"a\r\nb\r\n",
        b"\xff\xfe\xc3",
        b"\0\0\n\0",
        b"\n\n\n",
        &binary,
    ];
    for input in inputs {
        for threads in ["1", "2"] {
            run(command(&["--threads", threads]), input).check(0, input, "");
        }
    }
    let line = [b"\xff\0 ".as_slice(), SECRET.as_bytes(), b"\xfe\r\n"].concat();
    let expected = [b"\xff\0 ".as_slice(), REDACTED.as_bytes(), b"\xfe\r\n"].concat();
    run(command(&[]), &line).check(0, expected, "");
}

#[test]
fn threads_make_no_difference() {
    let mut log = String::new();
    let mut expected = String::new();
    for n in 0..60_000 {
        let line = format!("10.0.0.1 - - GET /{n} HTTP/1.1 200\n");
        log += &line;
        expected += &line;
        if n % 3 == 0 {
            log += SECRET;
            expected += REDACTED;
        }
    }
    let dir = Dir::new(&[("a.log", log.as_bytes())]);
    for threads in ["1", "2", "5"] {
        let piped = run(command(&["--threads", threads]), log.as_bytes());
        assert!(piped.status.success() && piped.stdout == expected.as_bytes());
        let read = dir.run(&["--threads", threads, "a.log"]);
        assert!(read.status.success() && read.stdout == expected.as_bytes());
    }
}

#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_others() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("b.log", b"plain\n")]);
    fs::create_dir(dir.path("sub")).unwrap();
    dir.run(&["a.log", "gone.log", "sub", "b.log"]).check(
        2,
        [REDACTED, "plain\n"].concat(),
        "blackbar: gone.log: no such file or directory\nblackbar: sub: is a directory; name the files in it, or redact or scan it with -r\n",
    );
}

#[test]
fn a_directory_as_standard_input_is_an_error() {
    let output = command(&[]).stdin(File::open("/").unwrap()).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "blackbar: standard input: is a directory; name the files in it, or redact or scan it with -r\n"
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_read_error_is_reported_by_path() {
    // The first page of this address space is never mapped, so the file can be opened but not read.
    let dir = Dir::new(&[("a.log", SECRET.as_bytes())]);
    dir.run(&["/proc/self/mem", "a.log"]).check(
        2,
        REDACTED,
        "blackbar: /proc/self/mem: input/output error; the rest of it is not redacted\n",
    );
}

#[test]
fn a_file_without_permission_is_reported() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes())]);
    fs::set_permissions(dir.path("a.log"), fs::Permissions::from_mode(0o000)).unwrap();
    let mut command = dir.command(&["a.log"]);
    if is_root() {
        // Root may read anything, so another user runs the command, from a place that this user can reach. Another
        // process copies it: a writable descriptor of this process could be inherited by children of other tests, and
        // the copy could not be executed until they end.
        assert!(Command::new("cp").arg(BIN).arg(dir.path("blackbar")).status().unwrap().success());
        fs::set_permissions(dir.0.path(), fs::Permissions::from_mode(0o755)).unwrap();
        command = Command::new(dir.path("blackbar"));
        command.arg(dir.path("a.log")).current_dir("/").uid(65534).gid(65534);
        // Root's settings are not readable for another user.
        command.env("HOME", "/nonexistent").env_remove("XDG_CONFIG_HOME");
        let expected = format!("blackbar: {}: permission denied\n", dir.path("a.log").display());
        run(command, b"").check(2, "", &expected);
    } else {
        run(command, b"").check(2, "", "blackbar: a.log: permission denied\n");
    }
}

#[test]
fn an_output_that_is_an_input_is_refused_and_unchanged() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("b.log", b"plain\n")]);
    fs::hard_link(dir.path("a.log"), dir.path("hard")).unwrap();
    symlink("a.log", dir.path("soft")).unwrap();
    let refusal = "is also the output; choose another with -o FILE";
    for output in ["a.log", "hard", "soft"] {
        let expected = format!("blackbar: a.log: {refusal}\n");
        dir.run(&["b.log", "a.log", "-o", output]).check(2, "", &expected);
    }

    let mut command = dir.command(&["-o", "a.log"]);
    let output = command.stdin(File::open(dir.path("a.log")).unwrap()).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!("blackbar: standard input: {refusal}\n")
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(dir.read("a.log"), SECRET);

    // As in `blackbar b.log a.log >>a.log`: the other input is redacted.
    let append = OpenOptions::new().append(true).open(dir.path("a.log")).unwrap();
    let output = dir.command(&["b.log", "a.log"]).stdout(append).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), format!("blackbar: a.log: {refusal}\n"));
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(dir.read("a.log"), [SECRET, "plain\n"].concat());
}

#[test]
fn a_device_may_be_input_and_output() {
    let null = || OpenOptions::new().read(true).write(true).open("/dev/null").unwrap();
    assert!(command(&[]).stdin(null()).stdout(null()).status().unwrap().success());
    run(command(&["/dev/null", "-o", "/dev/null"]), b"").check(0, "", "");
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes())]);
    let full = "no space left on the device; the output is not complete";
    dir.run(&["a.log", "-o", "/dev/full"]).check(2, "", &format!("blackbar: /dev/full: {full}\n"));
    let stdout = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = dir.command(&["a.log"]).stdout(stdout).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!("blackbar: standard output: {full}\n")
    );
    assert_eq!(output.status.code(), Some(2));

    dir.run(&["a.log", "-o", "no/such/place"]).check(
        2,
        "",
        "blackbar: no/such/place: no such file or directory\n",
    );
    dir.run(&["a.log", "-o", "."]).check(2, "", "blackbar: .: is a directory\n");
}

#[test]
fn a_closed_output_ends_the_run_quietly() {
    for args in [&["--threads", "1"], &["--threads", "2"]] {
        let mut child = command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().unwrap();
        // The write fails once the command has ended and closed its pipe.
        while stdin.write_all(SECRET.repeat(1000).as_bytes()).is_ok() {}
        drop(stdin);
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(stderr, "");
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    // The same for help and the list of rules.
    for args in [["--help"], ["rules"]] {
        let mut child =
            command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]));
    }
}

#[test]
fn usage_errors_are_one_line_and_exit_2() {
    let wrong: [&[&str]; 4] = [&["--bogus"], &["--threads", "0"], &["--threads", "many"], &["-o"]];
    for args in wrong {
        let ended = run(command(args), b"");
        assert_eq!(ended.status.code(), Some(2));
        assert!(
            ended.stderr.starts_with("blackbar: ")
                && ended.stderr.ends_with("see 'blackbar --help'\n")
        );
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
        assert!(ended.stdout.is_empty());
    }
}

#[test]
fn help_version_and_rules_are_printed() {
    let help = run(command(&["--help"]), b"");
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.status.success()
            && text.contains("tail -F app.log | blackbar")
            && text.contains("Exit status")
    );
    let version = format!("blackbar {}\n", env!("CARGO_PKG_VERSION"));
    run(command(&["--version"]), b"").check(0, version, "");
    let rules = run(command(&["rules"]), b"");
    let text = String::from_utf8(rules.stdout).unwrap();
    assert!(
        rules.status.success() && text.lines().any(|line| line.starts_with("bearer ")),
        "{text}"
    );
}

/// A running command whose output is read as it is written.
struct Live {
    child: Child,
    output: Receiver<Vec<u8>>,
    got: Vec<u8>,
}

impl Live {
    fn new(mut child: Child, mut stdout: impl Read + Send + 'static) -> Live {
        let (sender, output) = mpsc::channel();
        thread::spawn(move || {
            let mut buf = [0; 4096];
            while let Ok(n) = stdout.read(&mut buf) {
                if n == 0 || sender.send(buf[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        assert!(child.try_wait().unwrap().is_none());
        Live { child, output, got: Vec::new() }
    }

    /// Waits until all of `expected` has arrived since the last call.
    #[track_caller]
    fn expect(&mut self, expected: &str) {
        while self.got.len() < expected.len() {
            match self.output.recv_timeout(PATIENCE) {
                Ok(bytes) => self.got.extend(bytes),
                Err(_) => break,
            }
        }
        assert_eq!(String::from_utf8_lossy(&self.got), expected);
        self.got.clear();
    }
}

#[test]
fn a_line_is_written_before_the_next_arrives() {
    let mut child = command(&[]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut live = Live::new(child, stdout);
    let long = "x".repeat(3000) + "\n";
    for (input, output) in [
        ("one\n", "one\n"),
        (SECRET, REDACTED),
        (&long, &long),
        ("an unfinished line ", "an unfinished line "),
    ] {
        stdin.write_all(input.as_bytes()).unwrap();
        live.expect(output);
    }
    // The same after a busy period.
    stdin.write_all(("\n".to_owned() + &SECRET.repeat(40_000)).as_bytes()).unwrap();
    live.expect(&("\n".to_owned() + &REDACTED.repeat(40_000)));
    stdin.write_all(b"one more\n").unwrap();
    live.expect("one more\n");
    drop(stdin);
    assert!(live.child.wait().unwrap().success());
}

#[test]
fn non_blocking_descriptors_are_waited_for() {
    let (mut feed, stdin) = UnixStream::pair().unwrap();
    let (stdout, drain) = UnixStream::pair().unwrap();
    stdin.set_nonblocking(true).unwrap();
    stdout.set_nonblocking(true).unwrap();
    let child = command(&[])
        .stdin(Stdio::from(OwnedFd::from(stdin)))
        .stdout(Stdio::from(OwnedFd::from(stdout)))
        .spawn()
        .unwrap();
    let mut live = Live::new(child, drain);
    feed.write_all(SECRET.as_bytes()).unwrap();
    live.expect(REDACTED);
    // More than the sockets buffer, so that writing has to wait too.
    feed.write_all(SECRET.repeat(40_000).as_bytes()).unwrap();
    live.expect(&REDACTED.repeat(40_000));
    drop(feed);
    assert!(live.child.wait().unwrap().success());
}

/// Peak resident memory of a process, in KiB.
fn peak_memory(pid: u32) -> u64 {
    let status =
        fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Feeds `chunk` `times` times with two threads, checks the memory, and returns the number of output bytes.
fn feed_within_bound(start: &[u8], chunk: &[u8], times: usize) -> u64 {
    let mut child =
        command(&["--threads", "2"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let drain = thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()).unwrap());
    stdin.write_all(start).unwrap();
    for _ in 0..times {
        stdin.write_all(chunk).unwrap();
    }
    let peak = peak_memory(child.id());
    drop(stdin);
    assert!(child.wait().unwrap().success());
    assert!(peak < MEMORY_MAX, "{peak} KiB");
    drain.join().unwrap()
}

const MIB: usize = 1024 * 1024;

#[test]
fn memory_is_bounded_on_an_endless_line() {
    assert_eq!(feed_within_bound(b"", &[b'x'; MIB], 200), 200 * MIB as u64);
}

#[test]
fn memory_is_bounded_on_an_endless_secret() {
    let out = feed_within_bound(b"Authorization: Bearer ", &[b'a'; MIB], 200);
    assert_eq!(out, (REDACTED.len() - 1) as u64);
}

#[test]
fn memory_is_bounded_on_many_secrets() {
    let line = "Authorization: Bearer abcdefghijklmnop0123456789\n";
    let out = feed_within_bound(b"", line.repeat(20_000).as_bytes(), 100);
    assert_eq!(out, (REDACTED.len() * 20_000 * 100) as u64);
}

#[test]
fn memory_is_bounded_on_long_lines() {
    let line = "x".repeat(10_000) + "\n" + SECRET;
    let redacted = "x".repeat(10_000) + "\n" + REDACTED;
    let out = feed_within_bound(b"", line.repeat(100).as_bytes(), 100);
    assert_eq!(out, (redacted.len() * 100 * 100) as u64);
}
