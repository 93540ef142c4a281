//! Measures the cost of inputs that are made to be slow: fragments that may begin something, repeated.

use super::scanner::Scanner;
use crate::anchor::ANCHORS;
use crate::grammar::credential::form::{Key, commands, forms};
use crate::grammar::credential::keyed_names::{API_KEY_ANCHORS, PASSWORD_ANCHORS, WHOLE_PASSWORDS};
use crate::grammar::text::reads;
use crate::rules::ruleset::Ruleset;

const SIZE: usize = 4096;

/// Anchors and keywords of every kind, and text that opens, closes, separates and escapes.
const FRAGMENTS: &[&str] = include!("../../tests/spliced/fragments.rs");

/// What costs less than this in a short text costs less than [`MOST`] in one of [`SIZE`] bytes, because no rule reads text
/// again more often than it is longer.
const SUSPECT: u64 = MOST * SHORT as u64 / SIZE as u64;
const SHORT: usize = 512;

/// Characters read per byte of `parts`, repeated up to `size` bytes.
fn cost(rules: &Ruleset, parts: &[&str], size: usize) -> u64 {
    let text: Vec<u8> = parts.concat().bytes().cycle().take(size).collect();
    reads::take();
    Scanner::new(rules).scan(&text, true, &mut Vec::new());
    reads::take() / size as u64
}

/// A scan of plain text reads hardly a character. The most that is known, 74, are read of `apikey\u003d`, by all rules.
///
/// This bounds the work, not the time: plain text is searched with SIMD instructions, and a read takes nanoseconds. By the
/// clock the slowest inputs take some thousand times as long as plain text; `benches/fragments.rs` shows which.
const MOST: u64 = 75;

#[test]
fn nothing_costs_much_more_than_plain_text() {
    for rules in [Ruleset::standard(), Ruleset::all()] {
        let plain = "the quick brown fox, 42 times a day. ";
        assert!(cost(&rules, &[plain], SIZE) <= 1);
        let mut slow = Vec::new();
        for one in FRAGMENTS {
            let pairs = FRAGMENTS.iter().map(|other| vec![*one, *other]);
            for parts in std::iter::once(vec![*one]).chain(pairs) {
                if cost(&rules, &parts, SHORT) <= SUSPECT {
                    continue;
                }
                let cost = cost(&rules, &parts, SIZE);
                if cost > MOST {
                    slow.push(format!("{cost} a byte: {}", parts.concat().escape_debug()));
                }
            }
        }
        assert!(slow.is_empty(), "{}\n{}", slow.len(), slow.join("\n"));
    }
}

/// What the scan stops at, by any rule.
fn keywords() -> impl Iterator<Item = String> {
    let anchors = ANCHORS.iter().map(|(bytes, _)| *bytes);
    let names = PASSWORD_ANCHORS.iter().chain(WHOLE_PASSWORDS).chain(API_KEY_ANCHORS).copied();
    let texts = anchors.chain(names).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let keys = forms().iter().chain(commands()).flat_map(|form| form.keys()).map(|key| match key {
        Key::Start(text) | Key::Padded(text) | Key::Behind(text) | Key::Word(text) => {
            text.to_owned()
        }
        Key::Inside(offset, text) => "a1".repeat(offset.div_ceil(2))[..offset].to_owned() + text,
    });
    texts.chain(keys)
}

#[test]
fn no_keyword_costs_much_more_than_plain_text() {
    for rules in [Ruleset::standard(), Ruleset::all()] {
        for keyword in keywords() {
            for after in
                ["", " ", "=", ": ", "\":\"", "-", "+", "=a1B2c3D4 ", "a1B2c3D4e5F6g7H8i9J0 "]
            {
                let cost = cost(&rules, &[&keyword, after], SIZE);
                assert!(cost <= MOST, "{cost} a byte: {keyword}{after}");
            }
        }
    }
}

/// The number of characters read per anchor does not grow with the length of the line.
#[test]
fn a_byte_of_a_long_line_costs_no_more_than_one_of_a_short_line() {
    let lines =
        ["token", "key-", "code=&", "AIza", "api_key", "+", "%22-----BEGIN PRIVATE KEY-----"];
    for rules in [Ruleset::standard(), Ruleset::all()] {
        for line in lines {
            let cost = cost(&rules, &[line], 16 * SIZE);
            assert!(cost <= MOST, "{cost} a byte: {line}");
        }
    }
}
