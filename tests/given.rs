//! Settings of the user: names of keys, cookies to keep, allowed values and patterns.

use blackbar::{BuildError, Builder, Redactor, Ruleset, Style, Styles};

#[track_caller]
fn check(builder: Builder, input: &str, expected: &str) {
    let rules = builder.build().unwrap();
    let styles = Styles::new(Style::Label);
    for at in 0..=input.len() {
        let mut redactor = Redactor::styled(&rules, &styles);
        let mut out = Vec::new();
        redactor.push(&input.as_bytes()[..at], &mut out);
        redactor.push(&input.as_bytes()[at..], &mut out);
        redactor.finish(&mut out);
        assert_eq!(String::from_utf8_lossy(&out), expected, "cut at {at}");
    }
}

#[test]
fn listed_keys_are_redacted_everywhere() {
    let builder =
        || Ruleset::builder().select("none").unwrap().keys(["customer-ref", "PIN", "taxId"]);
    for (input, expected) in [
        (r#"{"customer_ref":"A 17","n":1}"#, r#"{"customer_ref":"[REDACTED:key]","n":1}"#),
        (
            r#"{\"customerRef\":\"A 17\",\"n\":1}"#,
            r#"{\"customerRef\":\"[REDACTED:key]\",\"n\":1}"#,
        ),
        (r#"{"customerRef":17,"n":1}"#, r#"{"customerRef":"[REDACTED:key]","n":1}"#),
        ("{'CUSTOMER_REF': 'A 17', 'n': 1}", "{'CUSTOMER_REF': '[REDACTED:key]', 'n': 1}"),
        ("/x?customer-ref=A17&n=1", "/x?customer-ref=[REDACTED:key]&n=1"),
        ("level=info customer_ref=A17 n=1", "level=info customer_ref=[REDACTED:key] n=1"),
        ("Customer-Ref: A17\r\nHost: h", "Customer-Ref: [REDACTED:key]\r\nHost: h"),
        ("'HTTP_CUSTOMER_REF': 'A17'", "'HTTP_CUSTOMER_REF': '[REDACTED:key]'"),
        (
            r#"{"name":"customer_ref","value":"A17"}"#,
            r#"{"name":"customer_ref","value":"[REDACTED:key]"}"#,
        ),
        (
            r#"{"pin":"1234","tax_id":"word"}"#,
            r#"{"pin":"[REDACTED:key]","tax_id":"[REDACTED:key]"}"#,
        ),
        (r#"{"pin":"word"}"#, r#"{"pin":"[REDACTED:key]"}"#),
        // Other names, empty values, and placeholders.
        (
            "customer_refs=1 the_customer_ref=2 customer_ref_id=3",
            "customer_refs=1 the_customer_ref=2 customer_ref_id=3",
        ),
        (
            r#"{"pin":"","pin":null,"pin":"[REDACTED]","spin":"x"}"#,
            r#"{"pin":"","pin":null,"pin":"[REDACTED]","spin":"x"}"#,
        ),
        ("pin the note; opinion=strong", "pin the note; opinion=strong"),
    ] {
        check(builder(), input, expected);
    }
}

#[test]
fn a_listed_key_that_another_rule_knows() {
    check(
        Ruleset::builder().keys(["access_token"]),
        "access_token=2YotnFZFEjr1zCsicMWpAA access_token=12",
        "access_token=[REDACTED:oauth] access_token=[REDACTED:key]",
    );
}

#[test]
fn invalid_names_are_refused() {
    for name in ["", "ab", "a-b", "with blank", "a.b.c", "naïve"] {
        let error = Ruleset::builder().keys([name]).build().unwrap_err();
        assert_eq!(error, BuildError::Key { name: name.to_owned() });
    }
    assert!(Ruleset::builder().keys(["a-bc"]).build().is_ok());
}

#[test]
fn kept_cookies_are_unchanged() {
    let builder = || Ruleset::builder().keep_cookies(["theme", "lang"]);
    for (input, expected) in [
        (
            "Cookie: theme=dark; sid=31d4d96e407aad42; lang=de",
            "Cookie: theme=dark; sid=[REDACTED:cookie]; lang=de",
        ),
        ("Cookie: sid=31d4d96e407aad42; theme=dark", "Cookie: sid=[REDACTED:cookie]; theme=dark"),
        (
            "Cookie: Theme=dark; xtheme=a1; theme2=b1",
            "Cookie: Theme=[REDACTED:cookie]; xtheme=[REDACTED:cookie]; theme2=[REDACTED:cookie]",
        ),
        ("Set-Cookie: theme=dark; Path=/; HttpOnly", "Set-Cookie: theme=dark; Path=/; HttpOnly"),
        (
            r#"{"cookie":"theme=\"dark\"; sid=31d4d96e407aad42"}"#,
            r#"{"cookie":"theme=\"dark\"; sid=[REDACTED:cookie]"}"#,
        ),
        (
            "cookies: {'theme': 'dark', 'sid': '31d4d96e407aad42'}",
            "cookies: {'theme': 'dark', 'sid': '[REDACTED:cookie]'}",
        ),
        (
            "h=Cookie%3A%20theme%3Ddark%3B%20sid%3D31d4d96e407aad42",
            "h=Cookie%3A%20theme%3Ddark%3B%20sid%3D[REDACTED:cookie]",
        ),
        // A self-identifying secret is still redacted there.
        (
            "Cookie: theme=eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.; sid=31d4d96e407aad42",
            "Cookie: theme=[REDACTED:jwt]; sid=[REDACTED:cookie]",
        ),
    ] {
        check(builder(), input, expected);
    }
}

#[test]
fn allowed_values_and_patterns_are_unchanged() {
    let builder = || {
        Ruleset::builder()
            .select("all")
            .unwrap()
            .allow_values([b"test-token-0123456789".to_vec(), b"s3cr3t".to_vec()])
            .allow_patterns(["ci-[0-9a-f]{8}", "AKIA[A-Z2-7]*"])
    };
    for (input, expected) in [
        (
            "Authorization: Bearer test-token-0123456789",
            "Authorization: Bearer test-token-0123456789",
        ),
        ("Authorization: Bearer test-token-01234567890", "Authorization: Bearer [REDACTED:bearer]"),
        ("Cookie: a=ci-0123abcd; b=ci-0123abcde", "Cookie: a=ci-0123abcd; b=[REDACTED:cookie]"),
        ("access_token=ci-0123abcd&x=1", "access_token=ci-0123abcd&x=1"),
        (
            "postgres://u:s3cr3t@db/x postgres://u:s3cr3t2@db/x",
            "postgres://u:s3cr3t@db/x postgres://u:[REDACTED:url-userinfo]@db/x",
        ),
        (
            "id AKIAZQ3DRSTUVWXY2LMN and ASIAZQ3DRSTUVWXY2LMN",
            "id AKIAZQ3DRSTUVWXY2LMN and [REDACTED:provider]",
        ),
        (
            r#"{"password":"s3cr3t","password":"s3cr3t!"}"#,
            r#"{"password":"s3cr3t","password":"[REDACTED:password]"}"#,
        ),
    ] {
        check(builder(), input, expected);
    }
}

#[test]
fn a_long_value_is_not_allowed_and_not_held() {
    let rules = Ruleset::builder().allow_patterns(["x*"]).build().unwrap();
    let mut redactor = Redactor::new(&rules);
    let mut out = Vec::new();
    redactor.push(b"Cookie: a=", &mut out);
    for _ in 0..100 {
        redactor.push(&[b'x'; 1000], &mut out);
    }
    assert_eq!(out, b"Cookie: a=[REDACTED]");
}

#[test]
fn a_pattern_that_does_not_compile_is_named() {
    let error = Ruleset::builder().allow_patterns(["a", "(b"]).build().unwrap_err();
    assert!(matches!(error, BuildError::Pattern { index: 1, .. }), "{error}");
}
