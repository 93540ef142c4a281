//! Collects failures and shows them together, so that one run reports all of them.

#![allow(dead_code)]

use std::fmt::Write;

/// How many failures are shown in full.
const SHOWN: usize = 40;
/// How many lines of a failure are shown.
const LINES: usize = 8;
/// How many bytes of a line are shown.
const EXCERPT: usize = 600;

/// The failures of a run over many cases.
#[derive(Default)]
pub struct Verdict {
    tried: usize,
    failures: Vec<String>,
}

impl Verdict {
    /// Counts a case. `miss` is the way of pushing that failed, and its output.
    pub fn judge(
        &mut self,
        name: &str,
        input: &[u8],
        expected: &[u8],
        miss: Option<(String, Vec<u8>)>,
    ) {
        self.tried += 1;
        if let Some((way, got)) = miss {
            self.failures.push(difference(name, &way, input, expected, &got));
        }
    }

    /// Panics with all failures, or prints how many cases passed.
    pub fn conclude(self, what: &str) {
        assert!(self.tried > 0, "{what}: nothing was tried");
        if self.failures.is_empty() {
            println!("{what}: {} passed", self.tried);
            return;
        }
        let mut text = String::new();
        for failure in self.failures.iter().take(SHOWN) {
            writeln!(text, "{failure}").unwrap();
        }
        if self.failures.len() > SHOWN {
            writeln!(text, "... and {} more", self.failures.len() - SHOWN).unwrap();
        }
        panic!("{what}: {} of {} failed\n{text}", self.failures.len(), self.tried);
    }
}

/// A readable failure: every line that differs, as long as lines correspond; otherwise the texts from the first
/// differing line on.
pub fn difference(name: &str, way: &str, input: &[u8], expected: &[u8], got: &[u8]) -> String {
    let mut text = format!("--- {name} ({way})");
    let lines = |text| <[u8]>::split(text, |b| *b == b'\n').collect::<Vec<_>>();
    let (ins, wanted, gotten) = (lines(input), lines(expected), lines(got));
    let differing: Vec<usize> =
        (0..wanted.len().min(gotten.len())).filter(|n| wanted[*n] != gotten[*n]).collect();
    let aligned = wanted.len() == gotten.len() && wanted.len() == ins.len();
    let shown = if aligned { LINES } else { 1 };
    for n in differing.iter().copied().take(shown) {
        show(&mut text, n + 1, ins.get(n).unwrap_or(&&b""[..]), wanted[n], gotten[n]);
    }
    if differing.is_empty() {
        show(&mut text, 1, input, expected, got);
    } else if differing.len() > shown {
        write!(text, "\n ... and {} more lines", differing.len() - shown).unwrap();
    }
    if !aligned {
        write!(text, "\n lines: {} expected, {} got", wanted.len(), gotten.len()).unwrap();
    }
    text
}

fn show(text: &mut String, line: usize, input: &[u8], expected: &[u8], got: &[u8]) {
    let same = expected.iter().zip(got).take_while(|(a, b)| a == b).count();
    // A long line is shown from a little before the difference. If the input is longer than the output at that point,
    // the position in the input is approximate.
    let start = if expected.len().max(got.len()) > EXCERPT { same.saturating_sub(80) } else { 0 };
    let start = if same > EXCERPT / 2 { start } else { 0 };
    let (a, b, c) = (excerpt(input, start), excerpt(expected, start), excerpt(got, start));
    write!(text, "\n line {line}\n  input    {a}\n  expected {b}\n  got      {c}").unwrap();
}

fn excerpt(text: &[u8], start: usize) -> String {
    let start = start.min(text.len());
    let end = text.len().min(start + EXCERPT);
    let before = if start > 0 { "… " } else { "" };
    let after = if end < text.len() { " …" } else { "" };
    // `escape_ascii` would double every backslash, and this corpus is about backslashes.
    let shown: String = String::from_utf8_lossy(&text[start..end])
        .chars()
        .map(|c| match c {
            '\n' => '⏎',
            '\x1b' => '␛',
            '\t' => '␉',
            '\r' => '␍',
            '\0' => '␀',
            c => c,
        })
        .collect();
    format!("{before}{shown}{after}")
}
