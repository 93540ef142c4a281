//! Rules that were removed find nothing, and do not hide secrets from the other rules.

mod driver;

use blackbar::{Redactor, Ruleset, Style, Styles};

const JWT: &str =
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

fn redact(list: &str, line: &str) -> String {
    let rules = Ruleset::builder().select(list).unwrap().build().unwrap();
    let mut whole = None;
    for at in 0..=line.len() {
        let mut redactor = Redactor::styled(&rules, &Styles::new(Style::Label));
        let mut out = Vec::new();
        redactor.push(&line.as_bytes()[..at], &mut out);
        redactor.push(&line.as_bytes()[at..], &mut out);
        redactor.finish(&mut out);
        assert_eq!(*whole.get_or_insert_with(|| out.clone()), out, "{list}: split at {at}");
    }
    String::from_utf8(whole.unwrap()).unwrap()
}

#[test]
fn a_removed_rule_finds_nothing() {
    for (list, line) in [
        ("default,-bearer", "Authorization: Bearer mF_9.B5f-4.1JqM and Bearer mF_9.B5f-4.1JqM"),
        ("default,-bearer", "Authorization:[Bearer mF_9.B5f-4.1JqM] Accept:[*/*]"),
        (
            "default,-bearer",
            r#""authorization": ["Bearer mF_9.B5f-4.1JqM", "Bearer mF_9.B5f-4.1JqN"]"#,
        ),
        ("default,-cookie", "Cookie: sid=31d4d96e407aad42; theme=dark"),
        ("default,-cookie", "Set-Cookie: sid=31d4d96e407aad42; Path=/; HttpOnly"),
        (
            "default,-cookie",
            "{'set-cookie': ['sid=31d4d96e407aad42; Path=/', 't=31d4d96e407aad42']}",
        ),
        ("default,-cookie", "cookies { sid: '31d4d96e407aad42' }"),
        ("default,-cookie", "PHPSESSID=31d4d96e407aad42;+b=31d4d96e407aad42"),
        ("default,-jwt", JWT),
        ("default,-authorization", "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("default,-authorization", "x-api-key: [ '8f14e45fceea167a', '8f14e45fceea167b' ]"),
        ("default,-oauth", "GET /cb?access_token=2YotnFZFEjr1zCsicMWpAA&state=x"),
        (
            "none",
            "Cookie: sid=31d4d96e407aad42; theme=dark\r\nAuthorization: Bearer mF_9.B5f-4.1JqM",
        ),
    ] {
        assert_eq!(redact(list, line), line, "{list}");
    }
}

#[test]
fn other_rules_find_secrets_in_its_values() {
    for (list, line, expected) in [
        (
            "default,-cookie",
            format!("Cookie: sid=31d4d96e407aad42; session={JWT}; theme=dark"),
            "Cookie: sid=31d4d96e407aad42; session=[REDACTED:jwt]; theme=dark",
        ),
        (
            "default,-bearer",
            format!("Authorization: Bearer {JWT}"),
            "Authorization: Bearer [REDACTED:jwt]",
        ),
        (
            "default,-authorization",
            "X-Api-Key: 8f14e45fceea167a?access_token=2YotnFZFEjr1zCsicMWpAA".to_owned(),
            "X-Api-Key: 8f14e45fceea167a?access_token=[REDACTED:oauth]",
        ),
        (
            "jwt",
            format!(r#"{{"set-cookie":["a={JWT}; Path=/"]}}"#),
            r#"{"set-cookie":["a=[REDACTED:jwt]; Path=/"]}"#,
        ),
    ] {
        assert_eq!(redact(list, &line), expected, "{list}");
    }
}

/// Neither loading nor redacting compares each of many names with each other.
#[test]
fn long_lists_take_linear_time() {
    const MANY: usize = 200_000;
    let name = |k: usize| format!("k{:x}", (k as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let rules = Ruleset::builder()
        .keys((0..MANY).map(name))
        // Each is the start of the next.
        .keys((3..60).map(|len| "x".repeat(len)))
        .keep_cookies((0..MANY).map(|k| format!("c{}", name(k))))
        .allow_values((0..MANY).map(|k| format!("v{}", name(k)).into_bytes()))
        .build()
        .unwrap();
    let driver = driver::Driver::of(rules);
    let (key, other) = (name(MANY - 1), name(MANY));
    let input = format!(
        "{key}=5f2a9c {other}=5f2a9c xxx=5f2a9c xxxxx=5f2a9c {key}=v{key} Cookie: c{key}=1; c{other}=2\n"
    );
    let expected = format!(
        "{key}=[REDACTED] {other}=5f2a9c xxx=[REDACTED] xxxxx=[REDACTED] {key}=v{key} \
         Cookie: c{key}=1; c{other}=[REDACTED]\n"
    );
    for size in 1..40 {
        let got = driver.chunked(input.repeat(3).as_bytes(), size);
        assert_eq!(String::from_utf8_lossy(&got), expected.repeat(3), "chunks of {size}");
    }
}
