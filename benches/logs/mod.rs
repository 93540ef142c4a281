//! The logs for the benches: realistic in format and size, and the same bytes each time.

// Each bench is a separate crate and uses a part of this.
#![allow(dead_code)]

use std::io::{self, IoSlice, Write};
use std::ops::Range;

use blackbar::Name;
use blackbar::command::Output;

#[path = "../../src/bench/sample.rs"]
pub mod sample;

use sample::{Log, Mix, Random};

/// Too large for the first two levels of cache, small enough for a quick run.
pub const SIZE: usize = 8 * 1024 * 1024;

/// Logs by the number of their secrets: none, one in 1000 lines, one in 20 lines, and at least one in each line.
pub const MIXES: [(&str, Mix); 4] = [
    ("clean", Mix { near: 50, secret: 0 }),
    ("sparse", Mix { near: 50, secret: 1000 }),
    ("mixed", Mix { near: 50, secret: 20 }),
    ("dense", Mix { near: 50, secret: 1 }),
];

/// The log with this name in [`MIXES`].
pub fn mixed(name: &str, size: usize) -> Log {
    let (_, mix) = MIXES.iter().find(|(known, _)| *known == name).expect("a name of a mix");
    Log::new(size, *mix)
}

/// A log without any anchor, which shows the cost of searching for them.
pub fn plain(size: usize) -> Log {
    Log::new(size, Mix { near: 0, secret: 0 })
}

/// For each rule, a log that keeps it as busy as possible: mostly secrets, and lines that are rejected late.
pub const DENSEST: [(&str, &[&str]); 7] = [
    (
        "bearer",
        &["Authorization: Bearer «OPAQUE»", "Bearer «OPAQUE»", r#""auth":"Bearer «OPAQUE»""#],
    ),
    ("jwt", &["«JWT»", "token «JWT» rejected", "(«JWT»)"]),
    (
        "cookie",
        &["Cookie: a=«ID»; b=«ID»; c=«ID»; d=«ID»; e=«ID»", "Set-Cookie: a=«ID»; Path=/; HttpOnly"],
    ),
    (
        "authorization",
        &["Authorization: Basic «ID»", "X-Api-Key: «ID»", "Authorization: Token «ID»"],
    ),
    ("oauth", &["access_token=«OPAQUE»&refresh_token=«OPAQUE»", r#"{"client_secret":"«OPAQUE»"}"#]),
    // Entered, and rejected.
    (
        "prose",
        &["no bearer token is available", "the cookie banner", "Bearer authentication is required"],
    ),
    (
        "cursors",
        &[
            "cursor=eyJpZCI6ODAzODgsInRzIjozNTg1NTg3ODZ9",
            "header eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...",
        ],
    ),
];

/// A log of such lines.
pub fn of_templates(size: usize, templates: &[&str]) -> Log {
    let mut random = Random(0);
    let mut turn = 0;
    Log::of_lines(size, |line| {
        line.fill(templates[turn % templates.len()], &mut random);
        turn += 1;
    })
}

/// An endless line: of text, of a single secret, or of cookies.
pub fn endless(size: usize) -> [(&'static str, Vec<u8>); 3] {
    let line = |start: &str, unit: &str| {
        let mut line = start.as_bytes().to_vec();
        line.extend(unit.bytes().cycle().take(size));
        line
    };
    [
        ("text", line("", "words and more words, ")),
        ("secret", line("Authorization: Bearer ", "mF_9B5f4")),
        ("cookies", line("Cookie: ", "sid=31d4d96e407aad42; ")),
    ]
}

/// Lines with one secret and `run` bytes of text each, the length that decides between copying and slices.
pub fn runs(size: usize, run: usize) -> (Vec<u8>, Vec<Range<usize>>) {
    let mut log = Vec::with_capacity(size + run + 64);
    let mut secrets = Vec::new();
    while log.len() < size {
        log.extend(std::iter::repeat_n(b'x', run - 1));
        secrets.push(log.len()..log.len() + 40);
        log.extend_from_slice(&[b's'; 40]);
        log.push(b'\n');
    }
    (log, secrets)
}

/// The name of a source or sink of a bench.
pub fn name() -> Name {
    Name::path("bench".as_ref())
}

/// A writer that discards everything.
pub struct Discard;

impl Write for Discard {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        Ok(std::hint::black_box(buf).len())
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        Ok(std::hint::black_box(slices).iter().map(|slice| slice.len()).sum())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Discard {}
