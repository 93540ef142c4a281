//! Inputs that are not plain text: compressed data, UTF-16, and other formats.

mod command;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::thread;
use std::time::Duration;

use command::{Dir, Ended, PATIENCE, REDACTED, SECRET, wait_until};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Default::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut text).unwrap();
    text
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// Zstandard as `zstd --long=N` writes it from a pipe.
fn zstd_long(bytes: &[u8], window_log: u32) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(window_log).unwrap();
    encoder.include_contentsize(false).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

/// Runs the command with `bytes` in a pipe, written `size` at a time.
fn piped(dir: &Dir, args: &[&str], bytes: &[u8], size: usize) -> (Option<i32>, Vec<u8>, String) {
    let mut child = dir.command(args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let feeder = thread::spawn(move || {
        for chunk in bytes.chunks(size) {
            // The command may have ended already.
            let _ = stdin.write_all(chunk);
        }
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    (output.status.code(), output.stdout, String::from_utf8(output.stderr).unwrap())
}

#[track_caller]
fn passes(ended: (Option<i32>, Vec<u8>, String), stdout: &[u8]) {
    assert_eq!((ended.0, ended.2.as_str()), (Some(0), ""));
    assert!(ended.1 == stdout, "{:?}", String::from_utf8_lossy(&ended.1));
}

#[track_caller]
fn skips(ended: &Ended, says: &[&str]) {
    assert_eq!(ended.code, Some(2), "{ended:?}");
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert!(lines.len() >= says.len(), "{ended:?}");
    for (line, says) in lines.iter().zip(says) {
        assert!(line.contains(says), "{says}: {line}");
    }
}

#[test]
fn a_compressed_log_is_read_from_standard_input() {
    let dir = Dir::new(&[("a.gz", &gzip(SECRET.as_bytes())), ("a.zst", &zstd(SECRET.as_bytes()))]);
    for name in ["a.gz", "a.zst"] {
        // From a file, then from a pipe.
        let stdin = File::open(dir.path(name)).unwrap();
        let ended = dir.command(&[]).stdin(stdin).output().unwrap();
        assert_eq!((ended.status.code(), &*ended.stdout), (Some(0), REDACTED.as_bytes()));
        let bytes = fs::read(dir.path(name)).unwrap();
        for size in [1, 3, 7, bytes.len()] {
            passes(piped(&dir, &[], &bytes, size), REDACTED.as_bytes());
            passes(piped(&dir, &["/dev/stdin"], &bytes, size), REDACTED.as_bytes());
            let found = piped(&dir, &["scan"], &bytes, size);
            assert_eq!((found.0, &*found.1), (Some(1), &b"-:1:23 bearer\n"[..]));
        }
        // Several compressed members, and a descriptor that another process has read part of.
        let twice = [bytes.clone(), bytes.clone()].concat();
        passes(piped(&dir, &[], &twice, 5), REDACTED.repeat(2).as_bytes());
        let skipped = [b"read before\n".as_slice(), &bytes].concat();
        fs::write(dir.path("offset"), &skipped).unwrap();
        let mut stdin = File::open(dir.path("offset")).unwrap();
        stdin.read_exact(&mut [0; 12]).unwrap();
        let ended = dir.command(&[]).stdin(stdin).output().unwrap();
        assert_eq!((ended.status.code(), &*ended.stdout), (Some(0), REDACTED.as_bytes()));
        // Truncated.
        let (code, out, says) = piped(&dir, &[], &bytes[..bytes.len() - 5], 4);
        assert_eq!(code, Some(2));
        assert!(says.contains("is truncated") && !String::from_utf8_lossy(&out).contains("abcdef"));
    }
}

#[test]
fn zeros_after_gzip_data_are_ignored_and_other_bytes_are_an_error() {
    let whole = gzip(SECRET.as_bytes());
    let padded = [&whole[..], &[0; 500]].concat();
    let followed = [&whole[..], SECRET.as_bytes()].concat();
    let dir = Dir::new(&[("padded.gz", &padded), ("followed.gz", &followed)]);
    for size in [1, 7, padded.len()] {
        passes(piped(&dir, &[], &padded, size), REDACTED.as_bytes());
        let (code, out, says) = piped(&dir, &[], &followed, size);
        assert_eq!((code, &out[..]), (Some(2), REDACTED.as_bytes()));
        assert!(says.contains("other bytes follow the gzip data"), "{says}");
    }
    assert_eq!(dir.run(&["-i", "padded.gz"]).code, Some(0));
    assert_eq!(gunzip(&fs::read(dir.path("padded.gz")).unwrap()), REDACTED.as_bytes());
    dir.refuses(&["-i", "followed.gz"], "cannot be rewritten: other bytes follow the gzip data");
    assert!(fs::read(dir.path("followed.gz")).unwrap() == followed);
}

/// A run whose input and output the test writes and reads.
struct Live {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: ChildStdout,
}

impl Live {
    fn start(dir: &Dir, args: &[&str]) -> Live {
        let mut child = dir.command(args).stdin(Stdio::piped()).spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().unwrap());
        Live { child, stdin, stdout }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.stdin.as_mut().unwrap().write_all(bytes).unwrap();
    }

    #[track_caller]
    fn expect(&mut self, bytes: &[u8]) {
        let mut found = vec![0; bytes.len()];
        self.stdout.read_exact(&mut found).unwrap();
        assert!(found == bytes, "{:?}", String::from_utf8_lossy(&found));
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        drop(self.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn decoded_text_is_written_before_more_arrives() {
    let dir = Dir::new(&[]);
    // Compressed data that is flushed after each line, as log shippers do.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Default::default());
    let mut live = Live::start(&dir, &[]);
    for _ in 0..3 {
        encoder.write_all(SECRET.as_bytes()).unwrap();
        encoder.flush().unwrap();
        live.write(&std::mem::take(encoder.get_mut()));
        live.expect(REDACTED.as_bytes());
    }
    live.write(&encoder.finish().unwrap());
    drop(live);

    for little in [true, false] {
        let mut live = Live::start(&dir, &[]);
        live.write(&utf16("one\n", little));
        live.expect(&utf16("one\n", little));
        live.write(&utf16(SECRET, little)[2..]);
        live.expect(&utf16(REDACTED, little)[2..]);
    }

    // Bytes that could begin another format are passed on as soon as they do not.
    let mut live = Live::start(&dir, &[]);
    live.write(b"BZ");
    live.write(b"\n");
    live.expect(b"BZ\n");
}

#[test]
fn utf_16_stays_utf_16() {
    let text = format!("start\r\nß € 😀 {SECRET}{SECRET}end without a newline");
    let redacted = format!("start\r\nß € 😀 {REDACTED}{REDACTED}end without a newline");
    // On the first line of the file, directly after the byte order mark.
    let first = format!("{SECRET}x\n");
    for little in [true, false] {
        let (log, expected) = (utf16(&text, little), utf16(&redacted, little));
        let dir = Dir::new(&[
            ("a.log", &log),
            ("b.log", &log),
            ("first.log", &utf16(&first, little)),
            ("a.gz", &gzip(&log)),
            ("plain.log", SECRET.as_bytes()),
        ]);
        for size in [1, 2, 3, 5, 1000] {
            passes(piped(&dir, &[], &log, size), &expected);
        }
        let ended = dir.command(&["first.log"]).output().unwrap();
        assert_eq!(ended.stdout, utf16(&format!("{REDACTED}x\n"), little));
        // Each input keeps its own encoding.
        let ended = dir.command(&["a.log", "plain.log", "b.log"]).output().unwrap();
        assert!(ended.stdout == [&*expected, REDACTED.as_bytes(), &expected].concat());
        assert_eq!(dir.run(&["-i", "a.log", "a.gz"]).code, Some(0));
        assert!(fs::read(dir.path("a.log")).unwrap() == expected);
        assert!(gunzip(&fs::read(dir.path("a.gz")).unwrap()) == expected);
        assert_eq!(dir.run(&["b.log", "-o", "c.log"]).code, Some(0));
        assert!(fs::read(dir.path("c.log")).unwrap() == expected);
        let ended = dir.run(&["scan", "b.log"]);
        assert_eq!(ended.stdout, "b.log:2:35 bearer\nb.log:3:23 bearer\n");
    }
}

#[test]
fn invalid_code_units_of_utf_16_are_unchanged() {
    let dir = Dir::new(&[]);
    // Unpaired surrogates, NUL, noncharacters, and half a code unit at the end.
    let odd = [0xd800_u16, 0x61, 0xdc00, 0xd83d, 0xd83d, 0xde00, 0, 0xffff, 0xfffe, 0xdfff];
    for little in [true, false] {
        let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        let odd: Vec<u8> = odd.iter().flat_map(|unit| bytes(*unit)).collect();
        for last in [&b""[..], b"x"] {
            let log = [&utf16(SECRET, little), &*odd, last].concat();
            let expected = [&utf16(REDACTED, little), &*odd, last].concat();
            for size in [1, 2, 7, 1000] {
                passes(piped(&dir, &[], &log, size), &expected);
            }
        }
    }
}

#[test]
fn utf_16_is_followed() {
    let dir = Dir::new(&[("a.log", &utf16("one\n", true)), ("out.log", b"")]);
    let stdout = File::create(dir.path("out.log")).unwrap();
    let mut child = dir.command(&["--follow", "a.log"]).stdout(stdout).spawn().unwrap();
    let mut expected = utf16("one\n", true);
    let is_out = |expected: &[u8]| fs::read(dir.path("out.log")).unwrap() == expected;
    wait_until("the first line", || is_out(&expected));
    // One byte at a time.
    for byte in &utf16(SECRET, true)[2..] {
        dir.append("a.log", &[*byte]);
    }
    expected.extend_from_slice(&utf16(REDACTED, true)[2..]);
    wait_until("the second line", || is_out(&expected));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Files that are not logs: name, first bytes, and the text of the message.
fn no_logs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let mut tar = vec![0; 1024];
    tar[..5].copy_from_slice(b"a.log");
    tar[257..262].copy_from_slice(b"ustar");
    tar.extend_from_slice(SECRET.as_bytes());
    let with = |start: &[u8]| [start, SECRET.as_bytes()].concat();
    vec![
        ("tar.gz", gzip(&tar), "a tar archive is not a log"),
        ("tar.zst", zstd(&tar), "a tar archive is not a log"),
        ("two.gz", [gzip(&tar), gzip(SECRET.as_bytes())].concat(), "a tar archive"),
        ("tar", tar, "a tar archive is not a log"),
        ("sqlite", with(b"SQLite format 3\0"), "SQLite data"),
        ("png", with(b"\x89PNG\r\n\x1a\n"), "PNG data"),
        ("jpeg", with(b"\xff\xd8\xff\xe0"), "JPEG data"),
        ("pdf", with(b"%PDF-1.7\n"), "PDF data"),
        ("elf", with(b"\x7fELF\x02"), "ELF data"),
        ("nul", with(b"some text\nand \0 a NUL\n"), "binary data"),
        ("zip", with(b"PK\x03\x04\x14\0"), "zip data"),
        ("xz", with(b"\xfd7zXZ\0\0"), "xz data"),
        ("bz2", with(b"BZh91AY&SY\x12"), "bzip2 data"),
        ("lz4", with(b"\x04\x22\x4d\x18\x64"), "lz4 data"),
        ("7z", with(b"7z\xbc\xaf\x27\x1c\0"), "7-Zip data"),
        ("utf32", with(b"\xff\xfe\0\0"), "UTF-32 data"),
        ("gz.gz", gzip(&gzip(SECRET.as_bytes())), "gzip data"),
    ]
}

#[test]
fn other_formats_are_skipped_in_place_and_by_scan() {
    for (name, bytes, says) in no_logs() {
        let dir = Dir::new(&[(name, &bytes), ("a.log", SECRET.as_bytes())]);
        let ended = dir.run(&["-i", name, "a.log"]);
        skips(&ended, &[&format!("{name}: skipped: {says}")]);
        assert!(fs::read(dir.path(name)).unwrap() == bytes, "{name}");
        assert_eq!(dir.read("a.log"), REDACTED);
        assert_eq!(dir.names().len(), 2, "{name}: {:?}", dir.names());

        let ended = dir.run(&["scan", name, "a.log"]);
        skips(&ended, &[says, "nothing found in 1 of 2 inputs; 1 not read"]);
        let ended = piped(&dir, &["scan"], &bytes, 1);
        assert_eq!(ended.0, Some(2));
        assert!(
            ended.2.contains("skipped") && !ended.2.contains("nothing found in 1"),
            "{ended:?}"
        );
    }
}

#[test]
fn the_user_can_declare_an_input_to_be_text() {
    let log = [b"a \0 b\n".as_slice(), SECRET.as_bytes()].concat();
    let redacted = [b"a \0 b\n".as_slice(), REDACTED.as_bytes()].concat();
    let dir = Dir::new(&[("nul", &log), ("xz", b"\xfd7zXZ\0\0")]);
    assert_eq!(dir.run(&["scan", "--text", "nul"]).stdout, "nul:2:23 bearer\n");
    assert_eq!(dir.run(&["-i", "-a", "nul"]).code, Some(0));
    assert!(fs::read(dir.path("nul")).unwrap() == redacted);
    let ended = dir.command(&["--text", "xz"]).output().unwrap();
    assert_eq!((ended.status.code(), &*ended.stdout), (Some(0), &b"\xfd7zXZ\0\0"[..]));
}

#[test]
fn formats_that_hide_their_content_are_refused() {
    for (name, bytes, _) in no_logs() {
        let dir = Dir::new(&[(name, &bytes)]);
        let by = match name {
            "zip" => "unzip -p",
            "xz" => "xz -dc",
            "bz2" => "bzip2 -dc",
            "lz4" => "lz4 -dc",
            "7z" => "7z x -so",
            "gz.gz" => "gzip -dc",
            "utf32" => "iconv",
            // These are passed on and redacted.
            _ => {
                assert_eq!(dir.command(&[name]).output().unwrap().status.code(), Some(0), "{name}");
                continue;
            }
        };
        for size in [1, 1000] {
            let (code, out, says) = piped(&dir, &[], &bytes, size);
            assert_eq!((code, out.len()), (Some(2), 0), "{name}: {says}");
            assert!(says.contains(by) && says.contains("standard input: "), "{name}: {says}");
            assert_eq!(says.lines().count(), 1);
        }
        dir.refuses(&[name, "-o", "out"], by);
        dir.refuses(&["--follow", name], by);
    }
    // A format that is recognised only while the file is followed.
    let dir = Dir::new(&[("a.log", &gzip(b"x"))]);
    dir.refuses(&["--follow", "a.log"], "gzip -dc");
}

#[test]
fn a_large_window_has_to_be_allowed() {
    let log = SECRET.repeat(400_000);
    let dir = Dir::new(&[
        ("a.zst", &zstd_long(log.as_bytes(), 24)),
        ("b.zst", &zstd_long(log.as_bytes(), 23)),
    ]);
    for args in [&["a.zst"][..], &["-i", "a.zst"], &["scan", "a.zst"]] {
        let ended = dir.run(args);
        assert_eq!(ended.code, Some(2), "{args:?}");
        assert!(
            ended.stderr.contains(
                "the window of the zstd data is larger than 8 MiB; --long-window allows it"
            )
        );
        assert!(!ended.stderr.contains("corrupt"));
    }
    assert_eq!(dir.run(&["--long-window", "a.zst"]).stdout, REDACTED.repeat(400_000));
    assert_eq!(dir.run(&["b.zst"]).stdout, REDACTED.repeat(400_000));
}

#[test]
fn the_wait_for_a_decision_ends_with_the_stream() {
    let dir = Dir::new(&[]);
    for start in [&b"B"[..], b"BZh", b"\x1f", b"\x1f\x8b", b"\xff", b"\xfe", b"P", b"\xfd7zX", b"("]
    {
        passes(piped(&dir, &[], start, 1), start);
        // A stop makes it write what it has.
        let mut child = dir.command(&[]).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(start).unwrap();
        thread::sleep(Duration::from_millis(150));
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        let start_time = std::time::Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(start_time.elapsed() < PATIENCE);
            thread::sleep(Duration::from_millis(5));
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &*output.stdout), (Some(0), start));
        drop(stdin);
    }
}
