//! No input makes it panic, and chunks do not matter: logs that are spliced from everything, with every kind of rule at once.
//! `tests/fuzz` has the same for as long as one likes.

#![allow(dead_code)]

mod driver;
mod marked;
mod random;
mod spliced;

use blackbar::Scanner;
use driver::redact;
use marked::{corpus, files, tables};
use random::Random;
use spliced::{RULES, STYLES, spliced};

/// How many logs, unless `BLACKBAR_SPLICES` says otherwise, and the seed that `BLACKBAR_SEED` says.
const LOGS: u64 = 2000;
const SEED: u64 = 0x2545_F491_4F6C_DD1D;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn any_splice_comes_to_an_end_and_chunks_do_not_matter() {
    let mut lines: Vec<Vec<u8>> = tables().into_iter().map(|case| case.marked.input).collect();
    for path in files(&corpus(), "log") {
        let text = std::fs::read(path).unwrap();
        lines.extend(text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
    }
    let mut random = Random(number("BLACKBAR_SEED", SEED));
    for _ in 0..number("BLACKBAR_SPLICES", LOGS) {
        let mut next = || (random.next() >> 24) as usize;
        let rules = &RULES[next() % RULES.len()];
        let styles = &STYLES[next() % STYLES.len()];
        let (size, len) = (next() % 300 + 1, next() % 120);
        let choices: Vec<u8> = (0..len).map(|_| next() as u8).collect();
        let log = spliced(&lines, choices.into_iter());
        let result = std::panic::catch_unwind(|| {
            let whole = redact(rules, styles, [&log[..]]);
            let cut = redact(rules, styles, log.chunks(size));
            assert!(whole == cut, "{}\n{}", whole.escape_ascii(), cut.escape_ascii());
            // Nothing is said of what it becomes, but that it comes to an end.
            redact(rules, styles, [&whole[..]]);
            let held = log.len() - Scanner::new(rules).scan(&log, false, &mut Vec::new());
            assert!(held <= rules.hold(), "{held} bytes are held");
        });
        assert!(result.is_ok(), "in chunks of {size}: {}", log.escape_ascii());
    }
}

/// Parameters of a list of credentials, in strings within strings, and what ends a field of a format.
const PARAMETERS: &[&str] = &[
    "Authorization: Digest ",
    "username=",
    "nonce=",
    "response=",
    "cnonce=",
    "oauth_signature=",
    "Authorization: OAuth ",
    "Cookie: sid=",
    "=",
    ", ",
    ",",
    "|",
    "|",
    "|",
    "\\u003d",
    "\n",
    " ",
    "\"",
    "\\\"",
    "\\\\\\\"",
    "\\\\\\\\\\\\\\\"",
    "\u{201d}",
    "'",
    "61",
    "p5Zt9wLr4Tn8Bv6CyQx7Kq2mZ",
    "6629fae49393a05397450978507c4ef1",
    "a",
];

/// Logs in which it made a difference whether a window had all of the secret that a field begins in.
const FOUND: &[&str] = &[
    "username=61nonce=oauth_signature=Authorization: OAuth \\\\\\\"ausername='Cookie: sid=|6629fae49393a05397450978507c4ef1 \"'6629fae49393a05397450978507c4ef1cnonce=\"cnonce=Cookie: sid=",
    "Authorization: Digest aresponse=\\\\\\\"=p5Zt9wLr4Tn8Bv6CyQx7Kq2mZ|=\"\n|response=response=nonce=aresponse=oauth_signature=",
];

/// A field of a format begins within an open secret, or where one ends.
#[test]
fn a_field_may_begin_anywhere() {
    let mut random = Random(number("BLACKBAR_SEED", SEED));
    let mut drawn = || {
        let mut next = || (random.next() >> 24) as usize;
        let rules = [0, 1, 4][next() % 3];
        let styles = next() % STYLES.len();
        let count = next() % 24 + 2;
        let log = (0..count).map(|_| PARAMETERS[next() % PARAMETERS.len()]).collect();
        (rules, styles, log)
    };
    let logs: Vec<(usize, usize, String)> =
        (0..number("BLACKBAR_SPLICES", LOGS)).map(|_| drawn()).collect();
    let found = FOUND.iter().flat_map(|log| [0, 1, 4].map(|rules| (rules, 4, log.to_string())));
    let mut wrong = Vec::new();
    for (rules, styles, log) in found.chain(logs) {
        let (rules, styles) = (&RULES[rules], &STYLES[styles]);
        let whole = redact(rules, styles, [log.as_bytes()]);
        for size in 1..=log.len() {
            let cut = redact(rules, styles, log.as_bytes().chunks(size));
            if whole != cut {
                wrong.push(format!(
                    "in chunks of {size}: {}\n{}\n{}",
                    log.escape_debug(),
                    whole.escape_ascii(),
                    cut.escape_ascii()
                ));
                break;
            }
        }
    }
    wrong.sort_by_key(String::len);
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong[..wrong.len().min(10)].join("\n"));
}
