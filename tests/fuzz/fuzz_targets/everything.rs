//! No input makes it panic, and chunks do not matter, with every rule, formats of lines, rules of the user's, known values
//! and every style at once. The fuzzer's input is not the log, but the choices from which one is spliced.

#![no_main]

#[path = "../../spliced/mod.rs"]
mod spliced;

use blackbar::{Redactor, Ruleset, Scanner, Styles};
use libfuzzer_sys::fuzz_target;
use push::{LINES, assert_same};
use spliced::{RULES, STYLES, spliced};

fn redact<'a>(rules: &Ruleset, styles: &Styles, pieces: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut redactor = Redactor::styled(rules, styles);
    let mut out = Vec::new();
    for piece in pieces {
        redactor.push(piece, &mut out);
    }
    redactor.finish(&mut out);
    out
}

fuzz_target!(|choices: &[u8]| {
    let [rules, styles, size, choices @ ..] = choices else { return };
    let rules = &RULES[usize::from(*rules) % RULES.len()];
    let styles = &STYLES[usize::from(*styles) % STYLES.len()];
    let log = spliced(&LINES, choices.iter().copied());
    let whole = redact(rules, styles, [&log[..]].into_iter());
    let size = usize::from(*size) + 1;
    let cut = redact(rules, styles, log.chunks(size));
    if whole != cut {
        eprintln!("    input: {}\n    chunks: {size}", log.escape_ascii());
    }
    assert_same("whole", &whole, "cut", &cut);
    // Nothing is said of what it becomes, but that it comes to an end.
    redact(rules, styles, [&whole[..]].into_iter());
    let mut scanner = Scanner::new(rules);
    let held = log.len() - scanner.scan(&log, false, &mut Vec::new());
    assert!(held <= rules.hold(), "{held} bytes are held");
});
