//! JSON stays JSON: a secret number or literal is replaced by a string.

#![allow(dead_code)]

mod driver;

use blackbar::{CustomRule, Key, Ruleset, Style, Styles, Text};
use driver::redact;

fn rules() -> Ruleset {
    let badge = CustomRule {
        name: "badge".to_owned(),
        summary: "badges".to_owned(),
        keywords: vec!["badge".to_owned()],
        pattern: r#"badge[\\"&;a-z0-9%]{0,12} ?: ?\[?(?<secret>\d{4,19})"#.to_owned(),
        examples: vec!["badge: «12345678»".to_owned()],
        ..CustomRule::default()
    };
    let known = vec![b"5550123456".to_vec(), b"truth-or-dare-7".to_vec()];
    let rules = Ruleset::builder().select("all").unwrap().keys(["pin"]).known(known);
    rules.custom(badge).build().unwrap()
}

fn styles() -> Vec<Styles> {
    let key = Key::new(b"0123456789abcdef").unwrap();
    let text = Text::new("<masked>").unwrap();
    [Style::Fixed, Style::Label, Style::Mask, Style::Partial, Style::Text(text), Style::Hmac(key)]
        .into_iter()
        .map(Styles::new)
        .collect()
}

/// Objects and lists, with `«»` around values that become strings.
const DOCUMENTS: &[&str] = &[
    r#"{"password": «12345678», "user": "ada"}"#,
    r#"{"user":"ada","password":«12345678»}"#,
    r#"{"db_password":«1234567890123»,"n":1}"#,
    r#"{"password" : «123456789012345678901234567890123456789012345678901234567890» ,"n":1}"#,
    r#"{"pin":«-1234.5e10»}"#,
    r#"{"pins":{"pin":«48151623»},"list":[1,2,3]}"#,
    r#"{"pin":[«48151623»,«48151624», «48151625»],"n":[1,2]}"#,
    r#"{"badge":«12345678»,"id":12345678}"#,
    r#"{"badge":[«12345678»]}"#,
    r#"{"id":«5550123456»,"ids":[1,«5550123456»,2]}"#,
    r#"{"x-api-key":«98765432109876»,"y":null}"#,
];

#[derive(Clone, Copy)]
enum Output {
    Before,
    /// With a string in place of each marked value.
    After,
}

/// The document, compact or pretty-printed, nested in `depth` strings, before or after redaction.
fn document(marked: &str, pretty: bool, depth: usize, output: Output) -> String {
    let mut text = String::new();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('«') {
        let (secret, after) = after.split_once('»').unwrap();
        text += before;
        match output {
            Output::Before => text += secret,
            Output::After => text += "\"[REDACTED]\"",
        }
        rest = after;
    }
    text += rest;
    if pretty {
        let value: Box<serde_json::value::RawValue> = serde_json::from_str(&text).unwrap();
        text = prettily(value.get());
    }
    for _ in 0..depth {
        text = format!("{{\"log\":{},\"n\":7}}", serde_json::to_string(&text).unwrap());
    }
    text + "\n"
}

/// Each element of an object or list on its own line. Numbers keep their spelling.
fn prettily(compact: &str) -> String {
    let (mut text, mut depth, mut quoted) = (String::new(), 0, false);
    for c in compact.chars() {
        match c {
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => {
                depth -= 1;
                text = text.trim_end().to_owned() + "\n" + &"  ".repeat(depth);
            }
            ' ' if !quoted => continue,
            _ => {}
        }
        text.push(c);
        match c {
            '{' | '[' | ',' if !quoted => text += &("\n".to_owned() + &"  ".repeat(depth)),
            ':' if !quoted => text.push(' '),
            _ => {}
        }
    }
    text
}

#[test]
fn numbers_and_literals_become_strings() {
    let rules = rules();
    for marked in DOCUMENTS {
        for pretty in [false, true] {
            // The custom pattern has to match on one line.
            if pretty && marked.contains("badge\":[") {
                continue;
            }
            for depth in 0..4 {
                let input = document(marked, pretty, depth, Output::Before);
                let expected = document(marked, pretty, depth, Output::After);
                let whole = redact(&rules, &Styles::default(), [input.as_bytes()]);
                assert_eq!(String::from_utf8_lossy(&whole), expected, "{input}");
                for styles in styles() {
                    let whole = redact(&rules, &styles, [input.as_bytes()]);
                    let text = String::from_utf8_lossy(&whole);
                    let parsed = serde_json::from_slice::<serde_json::Value>(&whole);
                    assert!(parsed.is_ok(), "{text}");
                    assert!(redact(&rules, &styles, [&whole[..]]) == whole, "twice: {text}");
                    let pieces = input.as_bytes().chunks(1);
                    assert!(redact(&rules, &styles, pieces) == whole, "{text}");
                    for at in 1..input.len() {
                        let (one, two) = input.as_bytes().split_at(at);
                        let cut = redact(&rules, &styles, [one, two]);
                        assert_eq!(String::from_utf8_lossy(&cut), text, "split at {at}");
                    }
                }
            }
        }
    }
}

#[test]
fn other_quotes_and_no_quotes() {
    let rules = rules();
    for (input, expected) in [
        ("{'password': 12345678, 'n': 1}\n", "{'password': '[REDACTED]', 'n': 1}\n"),
        ("q=%7B%22pin%22%3A12345678%7D\n", "q=%7B%22pin%22%3A%22[REDACTED]%22%7D\n"),
        (
            "<i>{&quot;pin&quot;:12345678}</i>\n",
            "<i>{&quot;pin&quot;:&quot;[REDACTED]&quot;}</i>\n",
        ),
        (r#"{\u0022pin\u0022:12345678}"#, r#"{\u0022pin\u0022:\u0022[REDACTED]\u0022}"#),
        // Not JSON: nothing around the value is quoted, or other text follows.
        ("password: 12345678\n", "password: [REDACTED]\n"),
        ("{pin: 12345678}\n", "{pin: [REDACTED]}\n"),
        ("the \"badge\": 12345678 is lost\n", "the \"badge\": [REDACTED] is lost\n"),
    ] {
        for at in 0..input.len() {
            let (one, two) = input.as_bytes().split_at(at);
            let got = redact(&rules, &Styles::default(), [one, two]);
            assert_eq!(String::from_utf8_lossy(&got), expected, "split at {at}");
        }
        let twice = redact(&rules, &Styles::default(), [expected.as_bytes()]);
        assert_eq!(String::from_utf8_lossy(&twice), expected);
    }
}
