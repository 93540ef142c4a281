//! Known values: in any place and encoding, and whatever rules apply to the text around them.

use blackbar::command::{Options, Pipeline};
use blackbar::{BuildError, Redactor, Ruleset, Style, Styles, Unfit};

const VALUE: &str = r#"tr0ub4dor & "3" \ 'x'"#;
const LINES: &str = "first line of it\nsecond+line/of=it\n";

fn rules(values: &[&str]) -> Ruleset {
    let values = values.iter().map(|value| value.as_bytes().to_vec());
    Ruleset::builder().known(values).build().unwrap()
}

fn redact(
    rules: &Ruleset,
    style: &Styles,
    input: &[u8],
    pieces: &mut dyn Iterator<Item = usize>,
) -> String {
    let mut redactor = Redactor::styled(rules, style);
    let mut out = Vec::new();
    let mut at = 0;
    for len in pieces {
        let end = input.len().min(at + len);
        redactor.push(&input[at..end], &mut out);
        at = end;
    }
    redactor.push(&input[at..], &mut out);
    redactor.finish(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Checks the input whole, split at every offset, and in chunks of every small size.
#[track_caller]
fn check(rules: &Ruleset, input: &str, expected: &str) {
    let label = Styles::new(Style::Label);
    for at in 0..=input.len() {
        let found = redact(rules, &label, input.as_bytes(), &mut [at].into_iter());
        assert_eq!(found, expected, "{input:?} cut at {at}");
    }
    for len in 1..12 {
        let found =
            redact(rules, &label, input.as_bytes(), &mut std::iter::repeat_n(len, input.len()));
        assert_eq!(found, expected, "{input:?} in pieces of {len}");
    }
    let again = redact(rules, &label, expected.as_bytes(), &mut std::iter::empty());
    assert_eq!(again, expected, "the second time");
}

fn base64(bytes: &[u8], url: bool) -> String {
    let digits: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for k in 0..=three.len() {
            let six = (bits >> (18 - 6 * k) & 63) as usize;
            text.push(digits[if url && six >= 62 { six + 2 } else { six }] as char);
        }
    }
    text
}

#[test]
fn every_encoding_of_a_value() {
    let rules = rules(&[VALUE, LINES]);
    for (input, expected) in [
        (format!("got {VALUE}!"), "got [REDACTED:known]!"),
        (format!("--\n{LINES}--\n"), "--\n[REDACTED:known]--\n"),
        (format!("--\r\n{}--\r\n", LINES.replace('\n', "\r\n")), "--\r\n[REDACTED:known]--\r\n"),
        (r#"{"m":"tr0ub4dor & \"3\" \\ 'x'"}"#.to_owned(), r#"{"m":"[REDACTED:known]"}"#),
        (r#"{"m":"tr0ub4dor \u0026 \"3\" \\ 'x'"}"#.to_owned(), r#"{"m":"[REDACTED:known]"}"#),
        (
            r#""{\"m\":\"tr0ub4dor & \\\"3\\\" \\\\ 'x'\"}""#.to_owned(),
            r#""{\"m\":\"[REDACTED:known]\"}""#,
        ),
        (
            r#"{"m":"first line of it\nsecond+line/of=it\n"}"#.to_owned(),
            r#"{"m":"[REDACTED:known]"}"#,
        ),
        (
            r#"{"m":"first line of it\nsecond+line\/of=it\n"}"#.to_owned(),
            r#"{"m":"[REDACTED:known]"}"#,
        ),
        ("q=tr0ub4dor%20%26%20%223%22%20%5C%20%27x%27&n=1".to_owned(), "q=[REDACTED:known]&n=1"),
        ("q=tr0ub4dor%20%26%20%223%22%20%5c%20%27x%27&n=1".to_owned(), "q=[REDACTED:known]&n=1"),
        ("q=tr0ub4dor+%26+%223%22+%5C+%27x%27&n=1".to_owned(), "q=[REDACTED:known]&n=1"),
        ("q=tr0ub4dor%20%26%20%223%22%20%5C%20'x'&n=1".to_owned(), "q=[REDACTED:known]&n=1"),
        (r#"run 'tr0ub4dor & "3" \ '\''x'\''' now"#.to_owned(), "run '[REDACTED:known]' now"),
        (r#"run "tr0ub4dor & \"3\" \\ 'x'" now"#.to_owned(), r#"run "[REDACTED:known]" now"#),
        (r#"run tr0ub4dor\ \&\ \"3\"\ \\\ \'x\' now"#.to_owned(), "run [REDACTED:known] now"),
        (
            "<b>tr0ub4dor &amp; &quot;3&quot; \\ &#39;x&#39;</b>".to_owned(),
            "<b>[REDACTED:known]</b>",
        ),
    ] {
        check(&rules, &input, expected);
    }
}

#[test]
fn base64_wherever_the_value_starts_in_it() {
    let rules = rules(&["hunter2-hunter2-\u{ff}\u{fe}"]);
    let label = Styles::new(Style::Label);
    for url in [false, true] {
        for before in 0..7 {
            for after in 0..5 {
                let text = format!(
                    "{}hunter2-hunter2-\u{ff}\u{fe}{}",
                    "#".repeat(before),
                    "#".repeat(after)
                );
                let input = format!("v: {}.", base64(text.as_bytes(), url));
                let found = redact(&rules, &label, input.as_bytes(), &mut std::iter::empty());
                let (head, tail) =
                    found.split_once("[REDACTED:known]").unwrap_or_else(|| panic!("{input}"));
                let kept = head.len() - 3 + tail.len() - 1;
                // The remaining characters encode the marks around the value, and no bit of the value.
                assert!(kept <= (before + after) * 4 / 3 + 2, "{input}: {found}");
                check(&rules, &input, &found);
            }
        }
    }
}

#[test]
fn rules_and_values_that_overlap() {
    let rules = rules(&["abc def ghi", "ghi jkl mno", "xxxxxx"]);
    for (input, expected) in [
        // A value extends beyond a secret that a rule found, starts before it, or is inside it.
        ("access_token=abc def ghi.", "access_token=[REDACTED:oauth]."),
        ("access_token=q9abc def ghi.", "access_token=[REDACTED:oauth]."),
        ("Cookie: a=1abc def ghi; b=2", "Cookie: a=[REDACTED:cookie]; b=[REDACTED:cookie]"),
        ("Cookie: a=abc def ghi2; b=2", "Cookie: a=[REDACTED:cookie]; b=[REDACTED:cookie]"),
        ("Bearer abcdefghijklmnop0123456789xxxxxx y", "Bearer [REDACTED:bearer] y"),
        // Two values overlap.
        ("abc def ghi jkl mno", "[REDACTED:known]"),
        ("abc def ghi abc def ghi", "[REDACTED:known] [REDACTED:known]"),
        ("abc def ghiabc def ghi", "[REDACTED:known][REDACTED:known]"),
        ("xxxxxxxxxxxxxxxxx", "[REDACTED:known]"),
        ("abc def gh", "abc def gh"),
        ("abc def\nghi", "abc def\nghi"),
    ] {
        check(&rules, input, expected);
    }
}

/// Where an address starts within a value, the rest of the address is found after it.
#[test]
fn values_and_personal_data_that_overlap() {
    let rules = Ruleset::builder().select("pii").unwrap();
    let rules = rules.known([b"client 203".to_vec(), b"to ada.b".to_vec()]).build().unwrap();
    for (input, expected) in [
        ("[client 203.0.113.9:1]", "[[REDACTED:known]:1]"),
        ("[client 203.0.113.9]", "[[REDACTED:known]]"),
        ("sent to ada.b@example.com.", "sent [REDACTED:known]."),
        ("client 203 at 203.0.113.9", "[REDACTED:known] at [REDACTED:ip]"),
    ] {
        check(&rules, input, expected);
    }
}

#[test]
fn threads_and_segments_do_not_matter() {
    let rules = rules(&["abc def ghi", LINES]);
    let mut log = Vec::new();
    for k in 0..3000 {
        let line = match k % 5 {
            0 => format!("{k} abc def ghi\n"),
            1 => format!("{k} first line of it\nsecond+line/of=it\n"),
            2 => format!("{k} access_token=2YotnFZFEjr1zCsicMWpAAabc def ghi jkl\n"),
            _ => format!("{k} nothing\n"),
        };
        log.extend(line.into_bytes());
    }
    let expected = redact(&rules, &Styles::new(Style::Label), &log, &mut std::iter::empty());
    assert!(!expected.contains("second") && !expected.contains("def"));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &log).unwrap();
    let out = tempfile::NamedTempFile::new().unwrap();
    for (threads, segment) in [(1, 64), (2, 4096), (3, 1000)] {
        let non_zero = |n: usize| std::num::NonZeroUsize::new(n).unwrap();
        let options = Options { threads: non_zero(threads), segment: non_zero(segment) };
        let mut pipeline = Pipeline::styled(&rules, &Styles::new(Style::Label), options);
        let mut source = blackbar::command::Source::open(file.path(), &Default::default()).unwrap();
        let mut sink = blackbar::command::Sink::create(out.path()).unwrap();
        pipeline.run(&mut source, &mut sink).unwrap();
        sink.close().unwrap();
        let found = std::fs::read_to_string(out.path()).unwrap();
        assert!(found == expected, "{threads} threads, segments of {segment}");
    }
}

#[test]
fn unfit_values_are_refused() {
    for (value, unfit) in [
        ("", Unfit::Empty),
        ("12345", Unfit::Short),
        ("REDACTED", Unfit::Replacement),
        ("authorization", Unfit::Replacement),
    ] {
        let error = Ruleset::builder()
            .known([b"long enough".to_vec(), value.as_bytes().to_vec()])
            .build()
            .unwrap_err();
        assert_eq!(error, BuildError::Known { index: 1, unfit });
        assert!(value.is_empty() || !error.to_string().contains(value));
    }
}

#[test]
fn debug_shows_no_value() {
    let rules = rules(&["hunter2-hunter2"]);
    assert!(!format!("{rules:?}").contains("hunter2"));
}

/// Values that have nothing in common, and values that share a prefix.
fn many(count: u64) -> Vec<String> {
    let number = |k: u64| {
        let mut x = k.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def0;
        x ^= x >> 29;
        x.wrapping_mul(0xbf58_476d_1ce4_e5b9)
    };
    (0..count)
        .map(|k| {
            let (one, other) = (number(2 * k), number(2 * k + 1));
            match k % 4 {
                0 => format!("sk_live_{one:016x}{other:016x}"),
                1 => format!("{one:x}+/{other:x}"),
                2 => format!("p\"{one:x} & <{other:x}>"),
                _ => format!("{}", one % 1_000_000_000_000 + 1_000_000_000_000),
            }
        })
        .collect()
}

/// The value in JSON, in a URL, in HTML, and in base64.
fn written(value: &str) -> Vec<String> {
    let json = value.replace('\\', "\\\\").replace('"', "\\\"");
    let percent = |plus: &str| {
        let escape = |byte: u8| match byte {
            b' ' => plus.to_owned(),
            byte if byte.is_ascii_alphanumeric() || byte == b'_' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        value.bytes().map(escape).collect::<String>()
    };
    let html = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    vec![
        value.to_owned(),
        json.replace('\\', "\\\\").replace('"', "\\\""),
        json.replace('&', "\\u0026").replace('<', "\\u003C").replace('>', "\\u003E"),
        json,
        percent("%20"),
        percent("+"),
        html.replace('"', "&quot;"),
        base64(value.as_bytes(), false),
        base64(format!("ab{value}").as_bytes(), true),
    ]
}

#[test]
fn none_of_many_values_is_missed() {
    let values = many(20_000);
    let rules = rules(&values.iter().map(String::as_str).collect::<Vec<_>>());
    let mut input = String::new();
    for value in values.iter().step_by(7) {
        for written in written(value) {
            // Nothing that a rule would match, with values at every position of a line.
            input.push_str(&format!("({written})\n"));
        }
    }
    for sizes in [usize::MAX, 4096, 61] {
        let label = Styles::new(Style::Label);
        let mut pieces = std::iter::repeat_n(sizes, input.len() / sizes.min(input.len()));
        let found = redact(&rules, &label, input.as_bytes(), &mut pieces);
        for (line, was) in found.lines().zip(input.lines()) {
            let known = line.strip_prefix('(').and_then(|line| line.strip_suffix(')'));
            let known = known.map(|line| line.trim_matches(|c: char| c == '=' || c == 'Y'));
            // Of the base64 before a value, one character remains.
            let ends = |line: &str| line.ends_with("[REDACTED:known]") && line.len() <= 18;
            assert!(known.is_some_and(ends), "{was}: {line}");
        }
        assert_eq!(found.lines().count(), input.lines().count());
    }
}

#[test]
fn many_values_take_little_memory() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let values = many(100_000);
    let log: String = values.iter().step_by(1000).map(|value| format!("({value})\n")).collect();
    std::fs::write(path("values"), values.join("\n") + "\n").unwrap();
    std::fs::write(path("log"), log).unwrap();
    let output = std::process::Command::new("sh")
        .args(["-c", "ulimit -v 140000 && exec \"$@\"", "sh", env!("CARGO_BIN_EXE_blackbar")])
        .args(["--no-config", "--threads", "1", "--secrets-file"])
        .args([path("values"), path("log")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "([REDACTED])\n".repeat(100));
}
