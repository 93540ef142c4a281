//! Custom rules keep the invariants: chunk invariance, idempotence, endless secrets, many rules, any text.

mod driver;

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::LazyLock;

use blackbar::command::{Options, Pipeline, Sink, Source};
use blackbar::{CustomRule, Key, Name, Redactor, Ruleset, Style, Styles};
use driver::{Driver, redact};

/// (name, keywords, pattern, example)
const RULES: &[(&str, &[&str], &str, &str)] = &[
    (
        "badge",
        &["badge"],
        r#"(?i)\bbadge(?: no)?["']?[:=] ?["']?(?<secret>\d{6,})"#,
        "badge: «123456»",
    ),
    (
        "acme",
        &["acme_live_", "acme_test_"],
        r"\b(?<secret>acme_(?:live|test)_\w{8,})",
        "x «acme_live_12345678»",
    ),
    (
        "ticket",
        &["ticket="],
        r#"user=[a-z]{1,20} ticket="(?<secret>[^"\n]{1,60})""#,
        "user=ada ticket=\"«a b»\"",
    ),
    ("tan", &["tan"], r"\btan (?<secret>\d{6})\b", "tan «123456»."),
    ("rest", &["rest: "], r"rest: (?<secret>[^\n]+)", "rest: «of the line»"),
    ("mail", &["@"], r"\bsmtp:[a-z]{1,20}@(?<secret>[a-z]{4,})", "smtp:ada@«example»"),
    ("end", &["fin-"], r"fin-(?<secret>[0-9a-f]{4})$", "fin-«0a1b»"),
];

fn rule(name: &str, keywords: &[&str], pattern: &str, example: &str) -> CustomRule {
    CustomRule {
        name: name.to_owned(),
        summary: String::new(),
        keywords: keywords.iter().map(|keyword| (*keyword).to_owned()).collect(),
        pattern: pattern.to_owned(),
        examples: vec![example.to_owned()],
        ..CustomRule::default()
    }
}

fn rules() -> Ruleset {
    static RULESET: LazyLock<Ruleset> = LazyLock::new(|| {
        let custom = RULES.iter().map(|(name, keywords, pattern, example)| {
            let rule = rule(name, keywords, pattern, example);
            assert!(rule.check().is_ok(), "{name}");
            rule
        });
        custom.fold(Ruleset::builder(), |builder, rule| builder.custom(rule)).build().unwrap()
    });
    RULESET.clone()
}

/// Checks that the text between « and » is redacted, at any split, and that a second run changes nothing, in every
/// style.
#[track_caller]
fn check(marked: &str) {
    let rules = rules();
    let labels = Styles::new(Style::Label);
    let input = marked.replace(['«', '»'], "").into_bytes();
    let out = redact(&rules, &labels, [&input[..]]);
    // The marks give the positions, and the label gives the rule.
    let mut expected = String::new();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('«') {
        expected.push_str(before);
        let (_, after) = after.split_once('»').unwrap();
        let label = &String::from_utf8_lossy(&out)[expected.len()..].to_owned();
        let label = label.split_inclusive(']').next().unwrap_or_default();
        assert!(label.starts_with("[REDACTED:"), "{marked}: {}", String::from_utf8_lossy(&out));
        expected.push_str(label);
        rest = after;
    }
    expected.push_str(rest);
    assert_eq!(String::from_utf8_lossy(&out), expected, "{marked}");
    for at in 0..=input.len() {
        let found = redact(&rules, &labels, [&input[..at], &input[at..]]);
        assert!(found == out, "{marked}: split at {at}: {}", String::from_utf8_lossy(&found));
    }
    assert!(redact(&rules, &labels, input.chunks(1)) == out, "{marked}: byte by byte");
    let hmac = Style::Hmac(Key::new(b"a key that is for tests only").unwrap());
    for style in [Style::Fixed, Style::Label, Style::Mask, Style::Partial, hmac] {
        let styles = Styles::new(style.clone());
        let once = redact(&rules, &styles, [&input[..]]);
        let again = redact(&rules, &styles, [&once[..]]);
        assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&once), "{style:?}");
    }
}

/// A keyword with a built-in anchor in it: `pass`, `token`, `auth`.
#[test]
fn a_keyword_around_an_anchor_is_found_wherever_the_input_is_cut() {
    let rule = rule(
        "phrase",
        &["with pass as", "the token of", "pre-authority"],
        r"(?:with pass as|the token of|pre-authority) '(?<secret>[a-z]{4,16})'",
        "with pass as '«abcd»'",
    );
    let rules = Ruleset::builder().select("all").unwrap().custom(rule).build().unwrap();
    let driver = Driver::of(rules);
    for input in [
        "ALTER ada with pass as 'abcd'; x",
        "log in as the token of 'abcd'; x",
        "ask the pre-authority 'abcd'; x",
        "Set-Cookie: a=; Path=/with pass as 'abcd'; x",
    ] {
        let expected = input.replace("abcd", "[REDACTED]");
        let miss = driver.first_miss(input.as_bytes(), expected.as_bytes(), 1..input.len());
        assert!(miss.is_none(), "{input}: {miss:?}");
    }
}

#[test]
fn matches_are_redacted() {
    for marked in [
        "badge: «12345678»",
        "{\"badge\":\"«12345678»\",\"badge no\": \"«000111»\"}",
        "BADGE no='«12345678»', badge=12345, badges: 123456",
        "a badge: «12345678»\nbadge: «23456789»\r\n\nbadge:\n123456",
        "with «acme_live_0123456789» and «ACME_test_ABCDEFGH», acme_live_1"
            .replace("«ACME_test_ABCDEFGH»", "ACME_test_ABCDEFGH")
            .as_str(),
        "acme_live_acme_live_«»"
            .replace("acme_live_acme_live_«»", "«acme_live_acme_live_x»")
            .as_str(),
        "user=ada ticket=\"«a b: c»\" user= ticket=\"x\" user=bob ticket=\"«y»\"",
        "tan «123456», tan 1234567, tan «654321»",
        "rest: «of the line, badge: 12345678»\nand tan «123456»",
        "fin-«0a1b»\nfin-0a1b,\r\nfin-«0a1b»\r\nfin-«0a1b»",
        "fin-«0a1b»",
        // The keyword is a single byte.
        "smtp:ada@«example», @ @@ smtp:@x ada@host smtp:bob@«otherhost»",
        // A custom pattern and the built-in rules.
        "Authorization: Bearer «abcdefghijklmnop0123456789» badge: «123456»",
        "rest: «Cookie: a=b; c=d»",
    ] {
        check(marked);
    }
}

#[test]
fn long_matches_are_redacted() {
    let digits = "0123456789".repeat(30);
    check(&format!("badge: «{digits}»; badge: «{digits}»"));
    check(&format!("{} badge: «{digits}»", "x".repeat(700)));
    check(&format!("user={} ticket=\"«{}»\"", "a".repeat(20), "t".repeat(60)));
    check(&format!("user={} ticket=\"{}\"", "a".repeat(21), "t".repeat(60)));
    check(&format!("user=ada ticket=\"{}\"", "t".repeat(61)));
}

/// Other secrets between a keyword and its secret, around it, and overlapping it.
#[test]
fn secrets_far_after_their_keyword_hide_no_others() {
    let rules = [
        rule("pin", &["login"], r"login [^\n]{1,200}pin=(?<secret>\d{4,8})", "login x pin=«1234»"),
        rule("tan", &["login"], r"login [^\n]{1,200}tan=(?<secret>\d{4,})", "login x tan=«1234»"),
        rule("ref", &["ref"], r"ref [^\n]{1,80}; (?<secret>[a-z=]{3,9});", "ref x; «abc=d»;"),
    ];
    let rules = rules
        .into_iter()
        .fold(Ruleset::builder(), |builder, rule| builder.custom(rule))
        .build()
        .unwrap();
    let styles = Styles::new(Style::Label);
    for (input, expected) in [
        (
            "login Authorization: Bearer abcdefghijklmnop0123456789 pin=1234 x",
            "login Authorization: Bearer [REDACTED:bearer] pin=[REDACTED:pin] x",
        ),
        (
            "login {\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\"} pin=1234 tan=123456789 x",
            "login {\"access_token\":\"[REDACTED:oauth]\"} pin=[REDACTED:pin] tan=[REDACTED:tan] x",
        ),
        (
            "login x tan=123456789 Cookie: a=b; pin=1234; c=d; e=f",
            "login x tan=[REDACTED:tan] Cookie: a=[REDACTED:cookie]; pin=[REDACTED:cookie]; c=[REDACTED:cookie]; \
             e=[REDACTED:cookie]",
        ),
        (
            "login x Set-Cookie: a=b; Path=/pin=1234; HttpOnly, c=d; Path=/",
            "login x Set-Cookie: a=[REDACTED:cookie]; Path=/pin=[REDACTED:pin]; HttpOnly, c=[REDACTED:cookie]; Path=/",
        ),
        (
            "ref Set-Cookie: a=b; path=c; HttpOnly, e=f",
            "ref Set-Cookie: a=[REDACTED:cookie]; [REDACTED:ref]; HttpOnly, e=[REDACTED:cookie]",
        ),
        (
            "login eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.pin=1234 x",
            "login [REDACTED:jwt]=[REDACTED:pin] x",
        ),
        (
            "login login pin=1234 pin=2345\npin=1234",
            "login login pin=1234 pin=[REDACTED:pin]\npin=1234",
        ),
    ] {
        let found = redact(&rules, &styles, [input.as_bytes()]);
        assert_eq!(String::from_utf8_lossy(&found), expected);
        for at in 0..=input.len() {
            let (start, end) = input.as_bytes().split_at(at);
            let cut = redact(&rules, &styles, [start, end]);
            assert_eq!(String::from_utf8_lossy(&cut), expected, "split at {at}");
        }
        let bytes = redact(&rules, &styles, input.as_bytes().chunks(1));
        assert_eq!(String::from_utf8_lossy(&bytes), expected, "byte by byte");
    }
}

#[test]
fn threads_and_segments_do_not_matter() {
    let rules = rules();
    let mut input = Vec::new();
    for n in 0..3000 {
        let line = format!(
            "user=ada ticket=\"t{n}\" badge: {n:09} acme_live_{n:09}\nrest: {n}\nfin-{:04x}\n",
            n % 9999
        );
        input.extend_from_slice(line.as_bytes());
    }
    let expected = redact(&rules, &Styles::default(), [&input[..]]);
    assert!(!expected.windows(9).any(|window| window == b"acme_live"));
    for (threads, segment) in [(1, 100), (2, 100), (2, 1000), (3, 5000)] {
        let options = Options {
            threads: NonZeroUsize::new(threads).unwrap(),
            segment: NonZeroUsize::new(segment).unwrap(),
        };
        let name = Name::path(Path::new("log"));
        let mut sink = Sink::new(name.clone(), Vec::new());
        let mut source = Source::new(name, &input[..]);
        Pipeline::styled(&rules, &Styles::default(), options).run(&mut source, &mut sink).unwrap();
        assert!(sink.into_inner() == expected, "{threads} threads, {segment}");
    }
}

#[test]
fn an_endless_secret_is_not_kept() {
    let rules = rules();
    for (start, unit, end, expected) in [
        ("badge: ", "12345678", " x\n", "badge: [REDACTED] x\n"),
        ("rest: ", "of the line ", "\nx\n", "rest: [REDACTED]\nx\n"),
        ("acme_live_", "abcdefgh", "\"x\n", "[REDACTED]\"x\n"),
    ] {
        let mut redactor = Redactor::new(&rules);
        let mut out = Vec::new();
        redactor.push(start.as_bytes(), &mut out);
        for _ in 0..512 {
            redactor.push(unit.repeat(4096).as_bytes(), &mut out);
            assert!(out.len() <= expected.len(), "{start}: {}", out.len());
        }
        redactor.push(end.as_bytes(), &mut out);
        redactor.finish(&mut out);
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}

#[test]
fn held_bytes_are_bounded() {
    let rules = rules();
    for (start, unit) in [
        ("user=", "a"),
        ("", "badge: "),
        ("", "user=ada ticket=\""),
        ("", "acme_live_"),
        ("", "rest:"),
        ("tan ", "1"),
        ("badge no", ": "),
        ("", "fin-0a1b"),
    ] {
        let mut redactor = Redactor::new(&rules);
        let mut out = Vec::new();
        redactor.push(start.as_bytes(), &mut out);
        let block = unit.repeat(65536 / unit.len());
        let whole =
            redact(&rules, &Styles::default(), [start.as_bytes(), block.repeat(8).as_bytes()]);
        for n in 1..=8 {
            redactor.push(block.as_bytes(), &mut out);
            // A replacement is shorter than its secret, so this counts the secrets that remain.
            if whole.len() == start.len() + 8 * block.len() {
                assert!(out.len() + rules.hold() >= start.len() + n * block.len(), "{start}{unit}");
            }
        }
        redactor.finish(&mut out);
        assert!(out == whole, "{start}{unit}");
    }
}

/// Texts full of keywords, with long parts that a pattern could match and does not, or does only at the end.
#[test]
fn keywords_without_a_match_hide_no_other_match() {
    let rule = rule("long", &["k1="], r"(?:a{1,9}|b)?k1=(?<secret>[^\n]{1,300})XY", "k1=«abc»XY");
    let rules = Ruleset::builder().custom(rule).build().unwrap();
    let label = Styles::new(Style::Label);
    let nowhere = "k1=".repeat(2000);
    let far = "-".repeat(301);
    for (input, expected) in [
        (nowhere.clone(), nowhere.clone()),
        (format!("{nowhere}XY"), format!("{}k1=[REDACTED:long]XY", "k1=".repeat(1899))),
        (format!("{nowhere}\nk1=1XY\n"), format!("{nowhere}\nk1=[REDACTED:long]XY\n")),
        (
            format!("{nowhere}{far}aak1=1XY{far}"),
            format!("{nowhere}{far}aak1=[REDACTED:long]XY{far}"),
        ),
        (
            format!("{nowhere}{far}aak1=1XY{far}bk1=2XY k1=\n{nowhere}XY"),
            format!(
                "{nowhere}{far}aak1=[REDACTED:long]XY{far}bk1=[REDACTED:long]XY k1=\n{}k1=[REDACTED:long]XY",
                "k1=".repeat(1899)
            ),
        ),
    ] {
        for size in [1, 7, 300, 1000, 65536] {
            let found = redact(&rules, &label, input.as_bytes().chunks(size));
            assert!(found == expected.as_bytes(), "{size}: {}", String::from_utf8_lossy(&found));
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 2000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..Default::default() })]

    #[test]
    fn any_text_in_any_pieces(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "badge", ": ", "=", "123456", "12", "acme_live_", "acme_test_x", "abcdefgh", "user=ada", " ", "ticket=\"", "\"", "tan ",
                "rest: ", "fin-", "0a1b", "\n", "[REDACTED]", "[REDACTED:badge]", "[", "]", "***", "Cookie: a=b", "; ", "é", "no", "\r\n",
            ]),
            0..40,
        ),
        sizes in proptest::collection::vec(1usize..20, 0..40),
    ) {
        let rules = rules();
        let input = words.concat();
        let bytes = input.as_bytes();
        for styles in [Styles::default(), Styles::new(Style::Label), Styles::new(Style::Mask)] {
            let whole = redact(&rules, &styles, [bytes]);
            let (mut pieces, mut rest) = (Vec::new(), bytes);
            for size in &sizes {
                let (piece, after) = rest.split_at((*size).min(rest.len()));
                pieces.push(piece);
                rest = after;
            }
            pieces.push(rest);
            let cut = redact(&rules, &styles, pieces);
            proptest::prop_assert_eq!(String::from_utf8_lossy(&cut), String::from_utf8_lossy(&whole));
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 10000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..Default::default() })]

    /// If a pattern passes the check, the rule finds the first match of a plain search on every line.
    #[test]
    fn any_pattern_that_passes_is_found(
        before in proptest::collection::vec(
            proptest::sample::select(vec!["", "a", "-", "[ab]", "[a-c]{1,3}", "(?:q|yz)?", "\\b", "^", "(?:k1=|kk:)", "k1=", "K1=", "(?i:kk:)", "[^\n]{0,4}"]),
            0..3,
        ),
        keyword in proptest::sample::select(vec!["(?:k1=|kk:)", "k1=", "K1=", "(?i:kk:)", ""]),
        gap in proptest::sample::select(vec!["", "", "a", "[ab]?", "[a-c]{0,3}", "[^\n]{0,4}", "\\b"]),
        secret in proptest::sample::select(vec!["[a-c]{2,5}", "\\w+", "k1=[a-c]+", "(?:a|b)c*", "[^\n]{1,9}", "[^\n;]+", "(?:kk:|k1=)\\w{1,3}", "a-?"]),
        after in proptest::sample::select(vec!["", ";", "$", "\\b", "-[a-c]{0,3}"]),
        text in proptest::collection::vec(
            proptest::sample::select(vec!["a", "b", "c", "-", ";", "q", "yz", "k1=", "K1=", "kk:", "Kk:", "abc", "\n", "\r\n", " ", "k", "1="]),
            0..60,
        ),
        size in 1usize..9,
    ) {
        let pattern = format!("{}{keyword}{gap}(?<secret>{secret}){after}", before.concat());
        let mut custom = rule("any", &["k1=", "kk:"], &pattern, "");
        custom.examples.clear();
        // Without an example, that is the one fault, or there are others.
        let faults = custom.check().unwrap_err();
        let text = text.concat();
        let plain = regex::bytes::RegexBuilder::new(&pattern).unicode(false).multi_line(true).crlf(true).build();
        if faults.len() == 1 && faults[0].part == blackbar::Part::Example(0) {
            let plain = plain.unwrap();
            // A line in which the pattern matches is an example.
            let found = |line: &str| {
                let found = plain.captures(line.as_bytes())?;
                Some((found.name("secret").unwrap().range(), found.get(0).unwrap().end()))
            };
            let Some((line, (range, end))) = text.lines().find_map(|line| Some((line, found(line)?))) else {
                return Ok(());
            };
            custom.examples = vec![format!(
                "{}«{}»{}",
                &line[..range.start],
                &line[range.clone()],
                &line[range.end..end.max(range.end)]
            )];
            if custom.check().is_err() {
                return Ok(());
            }
            let rules = Ruleset::builder().select("none").unwrap().custom(custom).build().unwrap();
            let styles = Styles::new(Style::Mask);
            let whole = redact(&rules, &styles, [text.as_bytes()]);
            proptest::prop_assert_eq!(whole.len(), text.len());
            proptest::prop_assert_eq!(&redact(&rules, &styles, text.as_bytes().chunks(size)), &whole, "{}", pattern);
            let mut at = 0;
            for line in text.split_inclusive('\n') {
                let masked = &whole[at..at + line.len()];
                if let Some((range, _)) = found(line) {
                    let stays = line[range.clone()].bytes().all(|byte| byte == b'-');
                    let goes = masked[range.clone()].iter().all(|byte| *byte == b'*');
                    proptest::prop_assert!(goes || stays, "{} {:?} {:?}", pattern, line, String::from_utf8_lossy(masked));
                } else {
                    proptest::prop_assert_eq!(String::from_utf8_lossy(masked), line, "{}", pattern);
                }
                at += line.len();
            }
        }
    }
}

#[test]
fn a_token_whose_start_another_secret_covers_keeps_its_end() {
    let custom = rule(
        "lead",
        &["hdr "],
        r"hdr [^\n]{0,80}Authorization(?<secret>: Bearer \w{4})",
        "hdr x Authorization«: Bearer Ab12»",
    );
    let rules = Ruleset::builder().custom(custom).build().unwrap();
    // Long enough to be decided before its end was seen, and not much longer.
    let line = b"hdr access_token=Zy98Xw76Vu54Ts32&x Authorization: Bearer Ab12Cd34Ef56Gh78Ij90Kl12Mn, next, 200\n";
    let out = redact(&rules, &Styles::default(), [&line[..]]);
    let out = String::from_utf8(out).unwrap();
    assert!(out.starts_with("hdr access_token=") && out.ends_with(", next, 200\n"), "{out}");
    assert!(!out.contains("Cd34"), "{out}");
}

/// What `rule` makes of `input`, whole, at every split and byte by byte, which is the same, with labels.
fn with_rule(rule: CustomRule, list: &str, input: &str) -> String {
    let rules = Ruleset::builder().custom(rule).select(list).unwrap().build().unwrap();
    let labels = Styles::new(Style::Label);
    let bytes = input.as_bytes();
    let whole = redact(&rules, &labels, [bytes]);
    for at in 1..bytes.len() {
        assert_eq!(redact(&rules, &labels, [&bytes[..at], &bytes[at..]]), whole, "split at {at}");
    }
    assert_eq!(redact(&rules, &labels, bytes.chunks(1)), whole, "byte by byte");
    assert_eq!(redact(&rules, &labels, [&whole[..]]), whole, "twice");
    String::from_utf8(whole).unwrap()
}

#[test]
fn a_pattern_can_be_one_of_decoded_text() {
    let number = CustomRule {
        decode: true,
        ..rule(
            "number",
            &["number"],
            r#""number": ?"(?<secret>\d{3}-[0-9/]{6,9})""#,
            r#"{\"number\": \"«123-45/6789»\"}"#,
        )
    };
    assert_eq!(number.check().err(), None);
    for (input, expected) in [
        (r#"{"number": "123-45/678"}"#, r#"{"number": "[REDACTED:number]"}"#),
        (r#""{\"number\":\"123-45\/678\"}\n""#, r#""{\"number\":\"[REDACTED:number]\"}\n""#),
        (
            r#"{\\\"number\\\":\\\"\u00312345-123\\\",\\\"number\\\":\\\"\u003123-456789\\\"}"#,
            r#"{\\\"number\\\":\\\"\u00312345-123\\\",\\\"number\\\":\\\"[REDACTED:number]\\\"}"#,
        ),
        ("%22number%22:%22123-45%2F678%22 x", "%22number%22:%22[REDACTED:number]%22 x"),
        (
            "&quot;number&quot;:&quot;123-456789&quot;",
            "&quot;number&quot;:&quot;[REDACTED:number]&quot;",
        ),
        ("\"number\":\"123-\x1b[1m456789\x1b[0m\"", "\"number\":\"[REDACTED:number]\x1b[0m\""),
        (r#""number\": "123-456""#, r#""number\": "123-456""#),
        ("number number \"number\" \"number", "number number \"number\" \"number"),
    ] {
        assert_eq!(with_rule(number.clone(), "default", input), expected);
    }
    // As it is written, the text does not match.
    let plain = CustomRule { decode: false, ..number.clone() };
    assert!(plain.check().is_err());
    let endless = CustomRule {
        pattern: r#""number": ?"(?<secret>\d+)"#.to_owned(),
        examples: vec![r#""number":"«1»""#.to_owned()],
        ..number
    };
    let faults = endless.check().unwrap_err();
    assert!(faults[0].text.contains("a greatest length"), "{faults:?}");
}

#[test]
fn a_rule_can_come_first() {
    let key = |first| CustomRule {
        first,
        ..rule("acme", &["acme_"], r"\b(?<secret>acme_[0-9a-z]{8,40})", "«acme_0123456789»")
    };
    for (input, after, before) in [
        (
            "Authorization: Bearer acme_0123456789ab x",
            "Authorization: Bearer [REDACTED:bearer] x",
            "Authorization: Bearer [REDACTED:acme] x",
        ),
        (
            "Cookie: a=1; sid=acme_0123456789ab; b=2",
            "Cookie: a=[REDACTED:cookie]; sid=[REDACTED:cookie]; b=[REDACTED:cookie]",
            "Cookie: a=[REDACTED:cookie]; sid=[REDACTED:acme]; b=[REDACTED:cookie]",
        ),
        (
            "{\"access_token\":\"v1.acme_0123456789ab.x\"}",
            "{\"access_token\":\"[REDACTED:oauth]\"}",
            "{\"access_token\":\"[REDACTED:acme]\"}",
        ),
        ("use acme_0123456789ab", "use [REDACTED:acme]", "use [REDACTED:acme]"),
        ("acme_01234 acme_", "acme_01234 acme_", "acme_01234 acme_"),
    ] {
        assert_eq!(with_rule(key(false), "default", input), after);
        assert_eq!(with_rule(key(true), "default", input), before);
    }
    assert_eq!(with_rule(key(true), "default,-acme", "acme_0123456789ab"), "acme_0123456789ab");
}

/// The end of a window may be between the keyword and the secret, because a built-in rule may find a cookie there.
#[test]
fn a_secret_is_found_although_its_keyword_was_read_before() {
    let independent = |keyword, pattern, example| CustomRule {
        first: true,
        ..rule("own", &[keyword], pattern, example)
    };
    let badge = independent("badge", r"badge[= ]{1,3}(?<secret>\d{4,8})\b", "badge «1234»");
    let any = independent("=", r"=(?<secret>[a-z0-9]{4,9})\b", "x=«1234»");
    for (rule, input, expected) in [
        (&badge, "x; badge=12345; path=/\n", "x; badge=[REDACTED:own]; path=/\n"),
        (&badge, "badge 12345, badge=1\n", "badge [REDACTED:own], badge=1\n"),
        (&any, "e=3600th=/\"]\n", "e=[REDACTED:own]=/\"]\n"),
        (&any, " e=20260310:0 ", " e=[REDACTED:own]:0 "),
    ] {
        for (decode, list) in [(false, "none"), (true, "default"), (false, "pii"), (true, "all")] {
            let rule = CustomRule { decode, ..rule.clone() };
            assert_eq!(with_rule(rule, list, input), expected);
        }
    }
}

/// The straight loops skip dates and numbers, in which no built-in rule finds anything.
#[test]
fn a_rule_finds_parts_of_attributes_of_cookies() {
    let minute = rule("own", &[":"], r":(?<secret>\d\d):", "x:«59»:");
    let digits = rule("own", &["360"], r"\b(?<secret>360\d)", "«3601»");
    for (rule, input, expected) in [
        (
            &minute,
            "Set-Cookie: a=b1c2; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/\n",
            "; Expires=Wed, 21 Oct 2026 07:[REDACTED:own]:00 GMT; Path=/\n",
        ),
        (&digits, "{\"set-cookie\":[\"a=b1c2; Max-Age=3600\"]}", "; Max-Age=[REDACTED:own]\"]}"),
    ] {
        let found = with_rule(rule.clone(), "default", input);
        assert!(found.contains("a=[REDACTED:cookie]") && found.ends_with(expected), "{found}");
    }
}

/// A mark may be all of a keyword, and the rule costs a stop at each.
#[test]
fn a_rule_can_be_entered_at_a_mark() {
    let mail = rule("mail", &["@"], r"(?<secret>@[a-z]{2,20})\.example", "ada«@mail».example");
    let found = with_rule(mail, "default", "to a@b @mail.example, @x\n");
    assert_eq!(found, "to a@b [REDACTED:mail].example, @x\n");
}
