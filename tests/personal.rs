//! Personal data: found where it is asked for, and nowhere else.

mod driver;
mod marked;
mod verdict;

use std::fs;

use blackbar::{Redactor, Ruleset, Style, Styles};
use driver::{Driver, redact};
use marked::{Case, corpus, inputs, tables_of};
use verdict::Verdict;

const RULES: [&str; 6] = ["email", "card", "iban", "ssn", "ip", "phone"];

fn rules(list: &str) -> Ruleset {
    Ruleset::builder().select(list).unwrap().build().unwrap()
}

fn cases() -> Vec<Case> {
    tables_of(&corpus().join("cases/personal"))
}

/// The rules that a table is about: an address of mail in front of a machine's is no mistake there.
fn rules_of(case: &Case) -> Ruleset {
    match case.name.split('/').next().unwrap() {
        "email" => rules("email"),
        "ip" => rules("ip"),
        "numbers" => rules("card,iban,ssn,phone"),
        _ => rules("pii"),
    }
}

#[test]
fn cases_are_redacted_however_they_are_cut() {
    let mut verdict = Verdict::default();
    for case in cases() {
        let driver = Driver::of(rules_of(&case));
        let Case { name, marked } = case;
        // A bare JSON number becomes a string.
        let expected = String::from_utf8(marked.expected).unwrap();
        let expected = expected.replace(":[REDACTED],", ":\"[REDACTED]\",").into_bytes();
        let miss = driver.first_miss(&marked.input, &expected, 1..marked.input.len());
        let miss = miss.or_else(|| driver.first_miss(&expected, &expected, None));
        verdict.judge(&name, &marked.input, &expected, miss);
    }
    verdict.conclude("cases of personal data");
}

/// With all rules there are more spans that these have to be joined to.
#[test]
fn other_rules_and_cuts_do_not_matter() {
    let driver = Driver::of(rules("all,pii"));
    let mut verdict = Verdict::default();
    let inputs = inputs().into_iter().filter(|(_, input)| input.len() < 4096);
    let mine = cases().into_iter().map(|case| (case.name, case.marked.input));
    for (name, input) in inputs.chain(mine) {
        let expected = driver.whole(&input);
        let miss = driver.first_miss(&input, &expected, (1..input.len()).step_by(7));
        verdict.judge(&name, &input, &expected, miss);
    }
    verdict.conclude("cuts with all rules");
}

#[test]
fn neither_default_nor_all_has_them() {
    for list in ["default", "all"] {
        let names: Vec<String> =
            rules(list).rules().iter().map(|rule| rule.name.to_string()).collect();
        assert!(RULES.iter().all(|rule| !names.iter().any(|name| name == rule)), "{list}");
    }
    let names: Vec<String> =
        rules("pii").rules().iter().map(|rule| rule.name.to_string()).collect();
    assert_eq!(names, RULES);
    assert_eq!(rules("default,pii,-ip").rules().len(), 5 + 5);
}

#[test]
fn each_rule_does_what_its_examples_say() {
    for name in RULES {
        let rules = rules(name);
        let rule = &rules.rules()[0];
        for line in rule.examples.iter().chain(&rule.counter_examples) {
            let expected: String = line
                .split(['«', '»'])
                .enumerate()
                .map(|(k, part)| if k % 2 == 1 { "[REDACTED]" } else { part })
                .collect();
            let input = line.replace(['«', '»'], "");
            let found = redact(&rules, &Styles::default(), [input.as_bytes()]);
            assert_eq!(String::from_utf8(found).unwrap(), expected, "{name}");
        }
    }
}

#[test]
fn a_part_of_an_address_is_its_network() {
    let rules = rules("pii");
    let partial = Styles::new(Style::Partial);
    let line = "203.0.113.9 [2001:db8:7:8::1f]:80 ::ffff:198.51.100.7 ada@mail.example.com\n";
    let expected = "203.0.113.0 [2001:db8:7::]:80 ::ffff:198.51.100.0 [REDACTED:....com]\n";
    for size in 1..line.len() {
        let found = redact(&rules, &partial, line.as_bytes().chunks(size));
        assert_eq!(String::from_utf8(found).unwrap(), expected, "{size}");
    }
    let again = redact(&rules, &partial, [expected.as_bytes()]);
    assert_eq!(String::from_utf8(again).unwrap(), expected);
}

#[test]
fn what_is_allowed_stays() {
    let builder = Ruleset::builder().select("pii").unwrap();
    let builder =
        builder.allow_values([b"203.0.113.9".to_vec()]).allow_patterns([r"[a-z.]+@example\.com"]);
    let rules = builder.build().unwrap();
    let input = "203.0.113.9 203.0.113.99 ada@example.com ada@example.org\n";
    let found = redact(&rules, &Styles::default(), [input.as_bytes()]);
    let expected = "203.0.113.9 [REDACTED] ada@example.com [REDACTED]\n";
    assert_eq!(String::from_utf8(found).unwrap(), expected);
}

/// Personal data inside of a secret is part of that secret.
#[test]
fn what_overlaps_is_one_secret() {
    let rules = rules("default,pii");
    let input = "Cookie: user=ada@example.com; ip=203.0.113.9\n";
    let found = redact(&rules, &Styles::default(), [input.as_bytes()]);
    assert_eq!(String::from_utf8(found).unwrap(), "Cookie: user=[REDACTED]; ip=[REDACTED]\n");
}

/// The text is full of places where personal data may begin.
#[test]
fn damaged_text_takes_linear_time() {
    let rules = rules("pii");
    for unit in [
        "@", "a@", "1", "1.", "+1", "a:", "::", "4111 ", "DE89 ", "a.", "%40", "\\u0040",
        "219-09-", "+1 (", "f:",
    ] {
        let input = unit.repeat((1 << 20) / unit.len());
        let mut redactor = Redactor::new(&rules);
        let mut out = Vec::new();
        for chunk in input.as_bytes().chunks(4096) {
            redactor.push(chunk, &mut out);
        }
        redactor.finish(&mut out);
        assert_eq!(out, input.as_bytes(), "{unit}");
    }
}

/// Timestamps, sizes, hashes, ids and versions of all kinds.
#[test]
fn texts_without_such_numbers_stay() {
    let rules = rules("card,iban,ssn,phone");
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/precision");
    for path in marked::files(&directory, "txt") {
        let text = fs::read_to_string(path).unwrap();
        let found = redact(&rules, &Styles::default(), [text.as_bytes()]);
        assert_eq!(String::from_utf8(found).unwrap(), text);
    }
}
