//! Both speeds give the same, chunks do not matter, and nothing panics: on texts that are put together from what may stand
//! before a key, a key, a separator, a value and what may follow, and that are cut off anywhere.
//!
//! Splices of whole lines hardly ever reach the places where one of these decides alone.

#![allow(dead_code)]

mod assembled;
mod driver;
mod random;

use assembled::assembled;
use blackbar::Ruleset;
use driver::Driver;
use random::Random;

/// Redacts `texts` texts with the rules in `list`.
fn check(list: &str, texts: usize) {
    let builder = || Ruleset::builder().select(list).expect("sets");
    let fast = Driver::of(builder().build().expect("rules"));
    let portable = Driver::of(builder().portable().build().expect("rules"));
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut below = |bound: usize| (random.next() >> 24) as usize % bound;
    for _ in 0..texts {
        let text = assembled(&mut below);
        let mut text = text.as_bytes();
        if below(2) == 0 {
            text = &text[..below(text.len() + 1)];
        }
        let at = below(text.len() + 1);
        let outputs = std::panic::catch_unwind(|| {
            [fast.whole(text), portable.whole(text), fast.split(text, at)]
        });
        let shown = text.escape_ascii();
        let Ok([whole, general, cut]) = outputs else { panic!("it panics: {shown}") };
        for (other, name) in [(general, "general"), (cut, "cut")] {
            assert!(
                whole == other,
                "{name}, cut at {at}\n  input {shown}\n  whole {}\n  other {}",
                whole.escape_ascii(),
                other.escape_ascii()
            );
        }
    }
}

#[test]
fn the_default_rules() {
    check("default", 400_000);
}

#[test]
fn every_rule() {
    check("all,pii", 100_000);
}
