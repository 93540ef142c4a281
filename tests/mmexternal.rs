//! The answers to rsyslog's messages, as its module reads them: one line per message, in order, without delay.

mod command;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use command::{Dir, PATIENCE};

/// The filter with standard output and error in one pipe, as rsyslog starts it.
struct Answering {
    child: Child,
    stdin: Option<ChildStdin>,
    answers: Receiver<String>,
}

impl Answering {
    fn start(dir: &Dir, args: &[&str]) -> Answering {
        let (answers, output) = std::io::pipe().unwrap();
        let mut command = dir.command(args);
        command.env_clear().stdin(Stdio::piped());
        command.stdout(output.try_clone().unwrap()).stderr(output);
        let mut child = command.spawn().unwrap();
        drop(command);
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(answers).lines() {
                if sender.send(line.unwrap()).is_err() {
                    break;
                }
            }
        });
        Answering { stdin: child.stdin.take(), child, answers: receiver }
    }

    /// Sends a message and waits for its answer.
    #[track_caller]
    fn ask(&mut self, message: &str) -> String {
        self.stdin.as_mut().unwrap().write_all(format!("{message}\n").as_bytes()).unwrap();
        let answer = self.answers.recv_timeout(PATIENCE).expect("an answer comes");
        let json: serde_json::Value = serde_json::from_str(&answer).expect("it is JSON");
        assert!(json.is_object());
        answer
    }

    /// Closes its input, and returns lines that answer no message.
    fn close(mut self) -> Vec<String> {
        drop(self.stdin.take());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.answers.iter().collect()
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn each_message_is_answered_immediately() {
    let dir = Dir::new(&[]);
    let mut answering = Answering::start(&dir, &["--protocol", "mmexternal"]);
    for n in 0..500 {
        assert_eq!(answering.ask(&format!(" message {n}")), "{}");
        let answer = answering.ask(&format!(" {n} Cookie: sid=31d4d96e407aad42"));
        assert_eq!(answer, format!("{{\"msg\":\" {n} Cookie: sid=[REDACTED]\"}}"));
    }
    // State from one message does not carry over to the next.
    assert_eq!(answering.ask("Authorization: Bearer"), "{}");
    assert_eq!(answering.ask("  abcdefghijklmnop0123456789"), "{}");
    assert_eq!(answering.ask("\"access_token\":"), "{}");
    assert_eq!(answering.ask("  \"8f14e45fceea167a8f14\""), "{}");
    assert_eq!(answering.close(), [""; 0]);
}

#[test]
fn every_part_of_a_message_can_be_redacted() {
    let dir = Dir::new(&[]);
    let raw = "<13>1 - h app 42 ID - Cookie: sid=31d4d96e407aad42";
    let object = format!(r#"{{"msg":"Cookie: sid=31d4d96e407aad42","rawmsg":"{raw}","pri":"13"}}"#);
    let mut answering = Answering::start(&dir, &["--protocol", "mmexternal-rawmsg"]);
    assert_eq!(answering.ask(raw), r#"{"rawmsg":"<13>1 - h app 42 ID - Cookie: sid=[REDACTED]"}"#);
    let mut answering =
        Answering::start(&dir, &["--protocol", "mmexternal-fulljson", "--style", "label"]);
    assert_eq!(
        answering.ask(&object),
        r#"{"msg":"Cookie: sid=[REDACTED:cookie]","rawmsg":"<13>1 - h app 42 ID - Cookie: sid=[REDACTED:cookie]"}"#
    );
}

/// The messages are a protocol, and no file that may be compressed.
#[test]
fn a_message_may_begin_like_compressed_data() {
    let dir = Dir::new(&[]);
    for magic in
        [&b"\x1f\x8b\x08"[..], b"\x28\xb5\x2f\xfd", b"P*M\x18", b"(", b"\xff\xfe", b"PK\x03\x04"]
    {
        let mut child = dir.command(&["--protocol", "mmexternal"]);
        let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let messages = [magic, b"\n", magic, b"Cookie: sid=31d4d96e407aad42\n"].concat();
        child.stdin.take().unwrap().write_all(&messages).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let answers = output.stdout.escape_ascii().to_string();
        assert!(answers.starts_with("{}\\n{\\\"msg\\\":\\\""), "{answers}");
        assert!(answers.ends_with("Cookie: sid=[REDACTED]\\\"}\\n"), "{answers}");
    }
}

/// Any other line would be read as the answer to the next message, and every later answer would belong to the wrong
/// message.
#[test]
fn a_configuration_error_is_not_an_answer() {
    let dir = Dir::new(&[]);
    dir.write_private("key", b"the first key of this test\n");
    let args = ["--protocol", "mmexternal", "--style", "hmac", "--key-file", "key"];
    let mut answering = Answering::start(&dir, &args);
    let hang_up = |answering: &Answering| {
        let id = answering.child.id().to_string();
        assert!(Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
    };
    let secret = "Cookie: sid=31d4d96e407aad42";
    let first = answering.ask(secret);
    fs::remove_file(dir.path("key")).unwrap();
    hang_up(&answering);
    assert_eq!(answering.ask(secret), first);
    dir.write_private("key", b"the second key of this test\n");
    hang_up(&answering);
    let second = answering.ask(secret);
    assert!(second != first && second.contains("[REDACTED:cookie:"), "{second}");
    assert_eq!(answering.close(), [""; 0]);
}

/// Neither warnings at the start, nor errors in settings that are read again.
#[test]
fn nothing_is_printed_between_answers() {
    let warned = "secrets-file = 'values'\n";
    let dir = Dir::new(&[("blackbar.toml", warned.as_bytes()), ("values", b"hunter2hunter2\n")]);
    let args = ["--protocol", "mmexternal", "--config", "blackbar.toml"];
    // This gives a warning, because others can read the values.
    let told = dir.command(&args).output().unwrap();
    assert!(!told.stderr.is_empty());

    let mut answering = Answering::start(&dir, &args);
    let answer = "{\"msg\":\"[REDACTED]\"}";
    assert_eq!(answering.ask("hunter2hunter2"), answer);
    for settings in ["nonsense", "rulez = 'a'\nstyle = 'b'\n", warned] {
        dir.write("blackbar.toml", settings.as_bytes());
        let id = answering.child.id().to_string();
        assert!(Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
        assert_eq!(answering.ask("hunter2hunter2"), answer);
        assert_eq!(answering.ask("plain"), "{}");
    }
    assert_eq!(answering.close(), [""; 0]);
}

#[test]
fn other_options_are_refused() {
    let dir = Dir::new(&[("a.log", b"")]);
    for args in [
        &["--protocol", "mmexternal", "a.log"][..],
        &["--protocol", "mmexternal", "-o", "x"],
        &["--protocol", "mmexternal", "--stats"],
    ] {
        dir.refuses(args, "cannot be used with");
    }
    dir.refuses(&["--protocol", "mmexternalmsg"], "expected mmexternal, ");
    dir.refuses(&["--protocol", "omprog"], "expected mmexternal, ");
}
