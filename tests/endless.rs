//! Secrets and lines that never end: at most `Ruleset::hold()` bytes wait for a decision, and a secret of any length
//! takes constant memory.

use blackbar::{Redactor, Ruleset};

const TOTAL: usize = 64 << 20;
const PUSH: usize = 64 << 10;

/// How much the process may grow during all of this. Buffering one of the inputs would exceed it.
const GROWTH: usize = 32 << 20;

/// Text that has to pass unchanged: (prefix, repeated unit).
const KEPT: &[(&str, &str)] = &[
    ("", "lorem ipsum dolor sit amet "),
    ("", "x"),
    ("", "0123456789abcdef"),
    ("", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"),
    ("", "eyJpZCI6MTIzfQ=="),
    ("eyJpZCI6MTIzfQ", "eyJpZCI6MTIzfQ"),
    ("{\"msg\":\"", "a quoted string, "),
    ("{\"value\":\"", "which name will follow? "),
    ("", "the bearer of bad news "),
    ("", "word.word."),
    ("", "\\"),
    ("", " "),
    ("", "\0"),
    ("", "%20and%20"),
    ("", "{\"a\":["),
    ("-----BEGIN CERTIFICATE-----\n", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n"),
];

/// Secrets: (prefix, repeated unit, suffix, expected output).
const SECRETS: &[(&str, &str, &str, &str)] = &[
    ("Authorization: Bearer ", "a1b2c3d4", "\nx\n", "Authorization: Bearer [REDACTED]\nx\n"),
    ("using Bearer ", "a1b2c3d4", " and on\n", "using Bearer [REDACTED] and on\n"),
    (
        "{\"authorization\":\"Bearer ",
        "a1b2\\/",
        "\",\"x\":1}\n",
        "{\"authorization\":\"Bearer [REDACTED]\",\"x\":1}\n",
    ),
    ("Authorization: Basic ", "YWRhOmFk", "\nx\n", "Authorization: Basic [REDACTED]\nx\n"),
    ("Cookie: a=", "a1b2c3d4", "; b=c\nx\n", "Cookie: a=[REDACTED]; b=[REDACTED]\nx\n"),
    ("Cookie: a=", "a1 b2, c3", "\nx\n", "Cookie: a=[REDACTED]\nx\n"),
    (
        "{\"cookie\":\"a=",
        "a1b2c3d4",
        "; b=c\",\"x\":1}\n",
        "{\"cookie\":\"a=[REDACTED]; b=[REDACTED]\",\"x\":1}\n",
    ),
    ("Set-Cookie: a=", "a1b2c3d4", "; Path=/\nx\n", "Set-Cookie: a=[REDACTED]; Path=/\nx\n"),
    ("jwt eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIi", ".c2ln x\n", "jwt [REDACTED] x\n"),
    ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.", "c2lnbmF0", "&x\n", "jwt [REDACTED]&x\n"),
    (
        "{\"access_token\":\"",
        "a1 b2,c3",
        "\",\"x\":1}\n",
        "{\"access_token\":\"[REDACTED]\",\"x\":1}\n",
    ),
    ("/cb?access_token=", "a1b2c3d4", "&x=1\n", "/cb?access_token=[REDACTED]&x=1\n"),
    (
        ".example.com\tTRUE\t/\tTRUE\t0\tsid\t",
        "a1b2c3d4",
        "\nx\n",
        ".example.com\tTRUE\t/\tTRUE\t0\tsid\t[REDACTED]\nx\n",
    ),
];

/// A single test, so that nothing else makes the process grow.
#[test]
fn hold_and_memory_are_bounded() {
    let before = resident();
    let mut wrong = Vec::new();
    for (prefix, unit) in KEPT {
        wrong.extend(kept(prefix, unit).err());
    }
    for (prefix, unit, suffix, expected) in SECRETS {
        wrong.extend(secret(prefix, unit, suffix, expected).err());
    }
    if let (Some(before), Some(after)) = (before, resident()) {
        println!("resident at most: {before} before, {after} after");
        if after.saturating_sub(before) > GROWTH {
            wrong.push(format!("the process grew by {} bytes", after - before));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn kept(prefix: &str, unit: &str) -> Result<(), String> {
    let rules = Ruleset::standard();
    let mut stream = Stream::new(&rules);
    stream.push(prefix.as_bytes());
    // Each push is a whole number of units, so that the text continues where it stopped.
    let block = unit.repeat(PUSH / unit.len());
    for _ in 0..TOTAL / block.len() {
        let due = stream.pushed;
        stream.push(block.as_bytes());
        // Earlier blocks are compared only once, when they are complete; here only their length counts.
        let lag = stream.pushed - stream.out.len() - stream.dropped;
        if lag > rules.hold() {
            return Err(format!("{prefix:?} then {unit:?}: {lag} bytes wait at {due}"));
        }
        stream.compare(prefix, unit)?;
    }
    stream.redactor.finish(&mut stream.out);
    stream.compare(prefix, unit)?;
    match stream.dropped == stream.pushed {
        true => Ok(()),
        false => Err(format!(
            "{prefix:?} then {unit:?}: {} bytes are lost",
            stream.pushed - stream.dropped
        )),
    }
}

fn secret(prefix: &str, unit: &str, suffix: &str, expected: &str) -> Result<(), String> {
    let mut stream = Stream::new(&Ruleset::standard());
    stream.push(prefix.as_bytes());
    let block = unit.repeat(PUSH / unit.len());
    for _ in 0..TOTAL / block.len() {
        stream.push(block.as_bytes());
        if stream.out.len() > expected.len() {
            return Err(format!("{prefix:?} then {unit:?}: leaks after {}", stream.pushed));
        }
    }
    stream.push(suffix.as_bytes());
    stream.redactor.finish(&mut stream.out);
    match stream.out == expected.as_bytes() {
        true => Ok(()),
        false => {
            let out = String::from_utf8_lossy(&stream.out);
            Err(format!("{prefix:?} then {unit:?}: {out:?} is not {expected:?}"))
        }
    }
}

/// A redactor, its output, and how much of the output was compared and dropped.
struct Stream {
    redactor: Redactor,
    out: Vec<u8>,
    pushed: usize,
    dropped: usize,
}

impl Stream {
    fn new(rules: &Ruleset) -> Stream {
        Stream { redactor: Redactor::new(rules), out: Vec::new(), pushed: 0, dropped: 0 }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.redactor.push(bytes, &mut self.out);
        self.pushed += bytes.len();
    }

    /// Compares the output with the text and drops it.
    fn compare(&mut self, prefix: &str, unit: &str) -> Result<(), String> {
        for (index, byte) in self.out.iter().enumerate() {
            let at = self.dropped + index;
            let (prefix, unit) = (prefix.as_bytes(), unit.as_bytes());
            let due = match at.checked_sub(prefix.len()) {
                None => prefix[at],
                Some(past) => unit[past % unit.len()],
            };
            if *byte != due {
                let unit = String::from_utf8_lossy(unit);
                return Err(format!("{unit:?}: byte {at} is {byte:?}, not {due:?}"));
            }
        }
        self.dropped += self.out.len();
        self.out.clear();
        Ok(())
    }
}

/// The peak memory of the process so far, in bytes, if the system reports it.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
