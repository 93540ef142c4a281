//! A program whose whole output goes through `blackbar`. Both its output and the filter's output are kept.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::secrets::Secrets;

/// The longest time that a line may take through the filter.
pub const DEADLINE: Duration = Duration::from_secs(1);

/// A running program and the filter that reads its output.
pub struct Relay {
    pub program: Child,
    /// The program's output so far.
    pub written: Arc<Mutex<Stream>>,
    filter: Child,
    copier: JoinHandle<()>,
    reader: JoinHandle<Stream>,
}

/// Bytes, and the arrival time of each newline.
#[derive(Clone, Default)]
pub struct Stream {
    pub bytes: Vec<u8>,
    newlines: Vec<Instant>,
}

/// Both sides of the filter, after the program has ended.
pub struct Transcript {
    written: Stream,
    redacted: Stream,
}

impl Relay {
    /// Starts `command` with standard output and standard error in one pipe, as with `2>&1 |` in a shell.
    pub fn start(command: &mut Command) -> Relay {
        let (mut from_program, to_copier) = std::io::pipe().expect("a pipe");
        let errors = to_copier.try_clone().expect("a second end for the pipe");
        let program =
            command.stdin(Stdio::null()).stdout(to_copier).stderr(errors).spawn().unwrap_or_else(
                |error| panic!("{:?} does not start: {error}", command.get_program()),
            );
        // The command still has the write ends of the pipe; without this the copier would wait for them forever.
        command.stdout(Stdio::null()).stderr(Stdio::null());

        let mut filter = Command::new(env!("CARGO_BIN_EXE_blackbar"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("blackbar starts");
        let mut to_filter = filter.stdin.take().expect("its input is a pipe");
        let mut from_filter = filter.stdout.take().expect("its output is a pipe");

        let written = Arc::new(Mutex::new(Stream::default()));
        let copy = Arc::clone(&written);
        let copier = thread::spawn(move || {
            pump(&mut from_program, |chunk| {
                copy.lock().expect("no holder panics").take(chunk);
                // If the filter has died, its status and output show it. The program must not be stopped here.
                let _ = to_filter.write_all(chunk);
            });
        });
        let reader = thread::spawn(move || {
            let mut stream = Stream::default();
            pump(&mut from_filter, |chunk| stream.take(chunk));
            stream
        });
        Relay { program, written, filter, copier, reader }
    }

    /// Waits until the program and then the filter have ended.
    pub fn finish(mut self) -> Transcript {
        self.program.wait().expect("the program can be waited for");
        self.copier.join().expect("the copier ends");
        let redacted = self.reader.join().expect("the reader ends");
        let status = self.filter.wait().expect("the filter can be waited for");
        assert!(status.success(), "blackbar ended with {status}");
        let written = self.written.lock().expect("no holder panics").clone();
        Transcript { written, redacted }
    }
}

/// Runs `command` to its end.
pub fn run(command: &mut Command) -> Transcript {
    Relay::start(command).finish()
}

impl Stream {
    fn take(&mut self, chunk: &[u8]) {
        let now = Instant::now();
        self.newlines.extend(chunk.iter().filter(|&&byte| byte == b'\n').map(|_| now));
        self.bytes.extend_from_slice(chunk);
    }
}

impl Transcript {
    /// The faults of the filter's output. There are none if every line came in time, every secret was replaced, and
    /// everything else is unchanged. Both sides are kept in files named after `name`, for debugging.
    pub fn faults(&self, name: &str, secrets: &Secrets) -> Option<String> {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("transcripts");
        fs::create_dir_all(&kept).expect("the target directory takes files");
        fs::write(kept.join(format!("{name}.written")), &self.written.bytes)
            .expect("a file is written");
        fs::write(kept.join(format!("{name}.redacted")), &self.redacted.bytes)
            .expect("a file is written");

        assert!(
            secrets.occur_in(&self.written.bytes),
            "{name}: the program wrote no secret, so this tests nothing"
        );
        let expected = secrets.redact(&self.written.bytes);
        let differing = differing_lines(&expected, &self.redacted.bytes);
        let leaked = secrets.leaked_by(&self.redacted.bytes);
        let late = self.late_lines();
        if differing.is_empty() && leaked.is_empty() && late.is_empty() {
            return None;
        }
        let shown: String = differing.iter().take(25).map(String::as_str).collect();
        let differing = differing.len();
        Some(format!(
            "{name}: {differing} lines differ; leaked: {leaked:?}; late lines: {late:?}\n{shown}"
        ))
    }

    fn late_lines(&self) -> Vec<usize> {
        let times = self.written.newlines.iter().zip(&self.redacted.newlines);
        let late = times
            .enumerate()
            .filter(|(_, (written, redacted))| redacted.duration_since(**written) > DEADLINE);
        late.map(|(number, _)| number + 1).collect()
    }
}

/// Fails with the faults of every transcript, not only of the first.
pub fn assert_redacted(transcripts: &[(String, Transcript)], secrets: &Secrets) {
    let faults: Vec<String> = transcripts
        .iter()
        .filter_map(|(name, transcript)| transcript.faults(name, secrets))
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn differing_lines(expected: &[u8], actual: &[u8]) -> Vec<String> {
    let mut expected = expected.split(|&byte| byte == b'\n');
    let mut actual = actual.split(|&byte| byte == b'\n');
    let mut differing = Vec::new();
    for number in 1.. {
        match (expected.next(), actual.next()) {
            (None, None) => break,
            (wanted, got) if wanted == got => {}
            (wanted, got) => {
                let show = |line: Option<&[u8]>| {
                    String::from_utf8_lossy(line.unwrap_or(b"(no line)")).into_owned()
                };
                differing.push(format!("line {number}\n  - {}\n  + {}\n", show(wanted), show(got)));
            }
        }
    }
    differing
}

fn pump(from: &mut impl Read, mut each: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return,
            Ok(len) => each(&buffer[..len]),
            Err(error) => panic!("reading a pipe: {error}"),
        }
    }
}
