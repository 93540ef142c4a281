//! Each rule's own examples, which `blackbar rules` prints, are accurate.

use blackbar::{Redactor, Ruleset};

fn redact(rules: &Ruleset, line: &str) -> String {
    let mut redactor = Redactor::new(rules);
    let mut out = Vec::new();
    redactor.push(line.as_bytes(), &mut out);
    redactor.finish(&mut out);
    String::from_utf8(out).expect("a line of text stays one")
}

#[test]
fn examples_are_redacted_where_they_are_marked() {
    let all = Ruleset::all();
    for rule in all.rules() {
        assert!(!rule.examples.is_empty(), "{}", rule.name);
        for example in &rule.examples {
            let mut expected = String::new();
            for (k, part) in example.split(['«', '»']).enumerate() {
                expected += if k % 2 == 1 { "[REDACTED]" } else { part };
            }
            assert!(expected.contains("[REDACTED]"), "{}: {example}", rule.name);
            assert_eq!(redact(&all, &example.replace(['«', '»'], "")), expected, "{}", rule.name);
        }
    }
}

#[test]
fn counter_examples_are_unchanged() {
    let all = Ruleset::all();
    for rule in all.rules() {
        assert!(!rule.counter_examples.is_empty(), "{}", rule.name);
        for example in &rule.counter_examples {
            assert_eq!(redact(&all, example), *example, "{}", rule.name);
        }
    }
}
