//! Logs of real lines that were cut, joined and damaged.

use std::path::Path;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::marked;
use super::{forms, shapes, wrappings};

/// The longest line used, in bytes. Longer lines test windows, and the slow redactor has no windows.
const LONGEST: usize = 2048;

/// What is inserted into a damaged line.
const MARKS: &[&str] = &[
    "\"",
    "'",
    "\\\"",
    "\\\\\\\"",
    "%22",
    "&quot;",
    "\\u0022",
    "=",
    ":",
    ": ",
    " = ",
    "=>",
    ",",
    ", ",
    ";",
    "; ",
    " ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "&",
    "?",
    "#",
    "+",
    ".",
    "\\n",
    "\\r\\n",
    "%20",
    "%3D",
    "%3B+",
    "\x1b[0m",
    "\\u003e",
    "null",
    "[REDACTED]",
    "Bearer ",
    "Cookie: ",
    "authorization",
    "access_token=",
    "name",
    "value",
];

/// The lines of every log and case of the corpus, and of every form in every wrapping.
pub fn lines(corpus: &Path) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    let mut add = |text: &[u8]| {
        let short =
            text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.len() <= LONGEST);
        lines.extend(short.map(|line| line.trim_ascii_end().to_vec()));
    };
    for folder in [corpus.to_owned(), corpus.join("traps")] {
        for path in marked::files(&folder, "log") {
            add(&std::fs::read(path).expect("a log of the corpus"));
        }
    }
    for path in marked::files(&corpus.join("cases"), "cases") {
        let text = std::fs::read_to_string(path).expect("a table of the corpus");
        for case in marked::parse_table("", &text).expect("a table") {
            if case.marked.input.len() <= LONGEST {
                lines.push(case.marked.input.trim_ascii_end().to_vec());
            }
        }
    }
    for form in forms::FORMS {
        let shapes = if form.rule == "jwt" { shapes::JOSE } else { shapes::TOKENS };
        for wrapping in wrappings::WRAPPINGS {
            for shape in shapes {
                if let Ok(marked) = wrapping.write(form, &shape.tokens) {
                    lines.push(marked.input.trim_ascii_end().to_vec());
                }
            }
        }
    }
    lines.sort();
    lines.dedup();
    lines
}

/// Whether a log is unambiguous. Damage can make text that is not: `%Bearer` and `%3eyJ` start with an octet, or
/// contain a scheme or a token; `\bearer`, `\token` and `\accessToken` may start with a control character; the quote of
/// `%5C'` may have a backslash before it; and a colour sequence that was cut off ends with the first letter of the text
/// after it.
pub fn is_plain(log: &[u8]) -> bool {
    static TWICE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x-u) (?i: (?: % (?:25)* | \\u0 [0-9a-f] | \\x )
                (?: bearer | basic | access | device | [0-9a-f] (?: bearer | basic | cookie | access | api | ass | auth | client | code | csrf
                  | device | e (?: yJ | yA | w[0ok] ) ) ) )
              | % (?:25)* 5C [\\']
              | \\ (?: a | (?i: bearer | basic | token ) )
              | (?: \x1b | \\ (?: u001b | x1b | 033 | e ) ) \[ [0-9;:?]* [^0-9;:?m]",
        )
        .expect("a pattern")
    });
    !TWICE.is_match(log)
}

/// A few whole lines.
#[allow(dead_code)]
pub fn whole_lines(lines: &[Vec<u8>], choose: &mut dyn FnMut(usize) -> usize) -> Vec<u8> {
    (0..=choose(4)).flat_map(|_| [&lines[choose(lines.len())][..], b"\n"].concat()).collect()
}

/// A log of a few lines that were cut off at either end.
pub fn cut_lines(lines: &[Vec<u8>], choose: &mut dyn FnMut(usize) -> usize) -> Vec<u8> {
    let mut log = Vec::new();
    for _ in 0..=choose(4) {
        let line = &lines[choose(lines.len())];
        let at = choose(line.len() + 1);
        log.extend_from_slice(match choose(4) {
            0 => &line[..at],
            1 => &line[at..],
            _ => line,
        });
        log.extend_from_slice([&b"\n"[..], b"\r\n"][choose(2)]);
    }
    log
}

/// A log of a few lines that were damaged inside. `choose(n)` returns a number below `n`.
#[allow(dead_code)]
pub fn log(lines: &[Vec<u8>], choose: &mut dyn FnMut(usize) -> usize) -> Vec<u8> {
    let mut log = Vec::new();
    for _ in 0..=choose(4) {
        let line = &lines[choose(lines.len())];
        let at = choose(line.len() + 1);
        match choose(8) {
            0 => log.extend_from_slice(&line[..at]),
            1 => log.extend_from_slice(&line[at..]),
            2 => {
                let other = &lines[choose(lines.len())];
                log.extend_from_slice(&line[..at]);
                log.extend_from_slice(&other[choose(other.len() + 1)..]);
            }
            3 => {
                log.extend_from_slice(&line[..at]);
                log.extend_from_slice(MARKS[choose(MARKS.len())].as_bytes());
                log.extend_from_slice(&line[at..]);
            }
            4 => {
                log.extend_from_slice(&line[..at]);
                log.extend_from_slice(&line[(at + 1 + choose(3)).min(line.len())..]);
            }
            _ => log.extend_from_slice(line),
        }
        log.extend_from_slice([&b"\n"[..], b"\n", b"\n", b"\r\n", b" ", b""][choose(6)]);
    }
    log
}
