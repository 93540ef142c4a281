//! Private keys in PEM, with all kinds of prefixes before the first line and before each line.

#![allow(dead_code)]

mod driver;
mod random;

use blackbar::{CustomRule, LineFormat, Ruleset};
use driver::Driver;
use random::Random;

fn private_key() -> Driver {
    Driver::of(Ruleset::builder().select("private-key").unwrap().build().unwrap())
}

/// Base64 of `len` characters, padded at its end.
fn base64(random: &mut Random, len: usize) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text: String =
        (0..len - 2).map(|_| char::from(ALPHABET[(random.next() >> 32) as usize % 64])).collect();
    text.push_str("==");
    text
}

/// A block in lines of `width`, the first after the prefix `first` and the others after `rest`, with the expected
/// output.
fn block(body: &str, width: usize, first: &str, rest: &str, end: &str) -> (String, String) {
    let mut log = (String::new(), String::new());
    let mut line = |before: &str, text: &str, redacted: &str| {
        log.0 += &[before, text, end].concat();
        log.1 += &[before, redacted, end].concat();
    };
    line("", "it starts", "it starts");
    line(first, "-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----");
    for part in body.as_bytes().chunks(width) {
        line(rest, std::str::from_utf8(part).unwrap(), "[REDACTED]");
    }
    line(rest, "-----END RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----");
    line("", "nothing", "nothing");
    log
}

/// Prefixes of `len` characters, as loggers, programs and people write them.
fn prefixes(len: usize) -> Vec<String> {
    let of = |text: &str| text.chars().cycle().take(len).collect::<String>();
    let ending = |text: &str, end: char| {
        let mut text = of(text);
        if text.pop().is_some() {
            text.push(end);
        }
        text
    };
    vec![
        of(" "),
        of("\""),
        ending("abcdefghij", ' '),
        ending("PRIVATE_KEY_", '='),
        ending("2026-11-25 12:00:00 ERROR key: ", ' '),
        ending("{\"log\": \"", '"'),
        ending("x' ", '\''),
    ]
}

#[test]
fn a_prefix_on_the_first_line_only() {
    let driver = private_key();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let body = base64(&mut random, 402);
    for len in 0..=200 {
        for prefix in prefixes(len) {
            for width in [64, 76, 20, 48, 63, 65, 77, 100, 199, 400] {
                for end in ["\n", "\r\n"] {
                    let (input, expected) = block(&body, width, &prefix, "", end);
                    let got = driver.whole(input.as_bytes());
                    assert_eq!(
                        String::from_utf8_lossy(&got),
                        expected,
                        "{len} bytes, lines of {width}: {input}"
                    );
                    assert!(driver.whole(&got) == got, "twice: {expected}");
                }
            }
        }
    }
}

#[test]
fn a_prefix_on_each_line() {
    let driver = private_key();
    let mut random = Random(0xD1B5_4A32_D192_ED03);
    let body = base64(&mut random, 410);
    for len in 0..=200 {
        for prefix in prefixes(len).into_iter().chain(["+".to_owned()]) {
            for width in [64, 76, 20, 77, 199] {
                let (input, expected) = block(&body, width, &prefix, &prefix, "\n");
                let got = driver.whole(input.as_bytes());
                assert_eq!(String::from_utf8_lossy(&got), expected, "lines of {width}: {input}");
                assert!(driver.whole(&got) == got, "twice: {expected}");
            }
        }
    }
}

/// On one line the whole body is one secret. In separate strings each line has its own.
#[test]
fn escaped_line_ends() {
    let driver = private_key();
    let mut random = Random(0xA076_1D64_78BD_642F);
    let body = base64(&mut random, 402);
    for width in [16, 20, 64, 65, 76, 77, 200] {
        let parts: Vec<&str> =
            body.as_bytes().chunks(width).map(|part| std::str::from_utf8(part).unwrap()).collect();
        for escape in ["\\n", "\\r\\n", "\\\\n", "\\\\\\\\r\\\\\\\\n", "%0A", "%0D%0A", " "] {
            for len in [0, 1, 7, 63, 200, 511, 600] {
                let text = |body: &str| {
                    format!(
                        "{}-----BEGIN PRIVATE KEY-----{escape}{body}{escape}-----END PRIVATE KEY-----{escape}\",\n{}\n",
                        "x ".repeat(len / 2),
                        parts[0]
                    )
                };
                let got = driver.whole(text(&parts.join(escape)).as_bytes());
                assert_eq!(String::from_utf8_lossy(&got), text("[REDACTED]"));
                assert!(driver.whole(&got) == got, "twice: {}", text("[REDACTED]"));
            }
        }
        for (open, close) in [
            ("\"", "\\n\" +\n  "),
            ("'", "' .\n"),
            ("\"", "\"\n"),
            ("+ \"", "\\r\\n\"\n"),
            ("\t<< \"", "\\n\"\n"),
            ("  ", "\\n\\\n"),
            ("& \"", "\" & _\n"),
            ("|| '", "'\n"),
            ("\"", "\",\n"),
        ] {
            let text = |redacted: bool| {
                let mut text = format!("k = {open}-----BEGIN PRIVATE KEY-----{close}");
                for part in &parts {
                    text += &[open, if redacted { "[REDACTED]" } else { part }, close].concat();
                }
                text + open + "-----END PRIVATE KEY-----" + close + "\nword\n"
            };
            let got = driver.whole(text(false).as_bytes());
            assert_eq!(String::from_utf8_lossy(&got), text(true));
            assert!(driver.whole(&got) == got, "twice: {}", text(true));
        }
    }
}

/// The state carried between lines does not depend on the chunking.
#[test]
fn much_before_the_first_line() {
    let driver = private_key();
    let mut random = Random(0xE703_7ED1_A0B4_28DB);
    let body = base64(&mut random, 202);
    for len in [0, 300, 460, 470, 480, 490, 500, 510, 512, 513, 530, 560, 1000, 70_000] {
        for prefix in ["x".repeat(len), "word ".repeat(len / 5), " ".repeat(len)] {
            for rest in ["", &*prefix] {
                let (input, _) = block(&body, 64, &prefix, rest, "\n");
                let expected = driver.whole(input.as_bytes());
                if rest.is_empty() {
                    assert!(
                        !body
                            .as_bytes()
                            .windows(16)
                            .any(|part| { expected.windows(16).any(|left| left == part) }),
                        "{len}"
                    );
                }
                let begin = input.find("-----BEGIN").unwrap();
                let sizes = [1, 2, 7, 63, 500, 511, 512, 513, 4096];
                for size in sizes {
                    assert!(driver.chunked(input.as_bytes(), size) == expected, "{len}, {size}");
                }
                for at in (begin.saturating_sub(40)..input.len().min(begin + 300)).step_by(7) {
                    assert!(driver.split(input.as_bytes(), at) == expected, "{len}, at {at}");
                }
            }
        }
    }
}

/// A key's lines together with fields of line formats and matches of custom rules.
#[test]
fn with_formats_and_custom_rules() {
    let format = LineFormat::new(r#"$combined "$http_cookie""#, &[]).unwrap();
    let short = LineFormat::new("$a $session $b", &[("session", "cookie")]).unwrap();
    let badge = CustomRule {
        name: "badge".to_owned(),
        summary: "badges".to_owned(),
        keywords: vec!["badge".to_owned()],
        pattern: r"badge: (?<secret>\d{8,})".to_owned(),
        examples: vec!["badge: «12345678»".to_owned()],
        ..CustomRule::default()
    };
    let line = |agent: &str, cookies: &str| {
        format!(
            "10.0.0.1 - - [24/Nov/2026:20:22:24 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"{agent}\" \"{cookies}\"\n"
        )
    };
    let (key, other) = (
        "MIIEowIBAAKCAQEAx3Zk9wLr4Tn8Bv6CyQx7Kq2mZ9wL",
        "Tn8Bv6CyQ7Kqx3Zk9wLr4Tn8Bv6CyQx7Kq2mZ9wL",
    );
    let logs = [
        line("-----BEGIN PRIVATE KEY-----", "sid=4711; t=0815") + &line("curl", "sid=1; t=2"),
        line("-----BEGIN PRIVATE KEY-----", "sid=4711")
            + &format!("{key}\n{other}\n")
            + &line("c", "s=1"),
        format!(
            "-----BEGIN PRIVATE KEY-----\nbadge: 12345678 {key}\nbadge: 87654321 {other}\nword\n"
        ),
        format!("-----BEGIN PRIVATE KEY-----\n{key} badge: 12345678\n{other}\n"),
        format!("badge: 12345678 -----BEGIN PRIVATE KEY-----\nbadge: 1234567{key}\nx y z\n"),
        format!("a -----BEGIN PRIVATE KEY----- b\n{key}\na {other} b\n"),
        format!("-----BEGIN PRIVATE KEY-----\n{key}\na -----BEGIN PRIVATE KEY----- b\n{other}\n"),
        format!(
            "\"cookie\": [\"x=; Path=-----BEGIN PRIVATE KEY-----\n{key}\n{other}\", \"b=c\"]\n"
        ),
    ];
    for formats in [vec![], vec![format.clone()], vec![format.clone(), short.clone()], vec![short]]
    {
        for custom in [false, true] {
            let mut rules = Ruleset::builder().select("all").unwrap().formats(formats.clone());
            if custom {
                rules = rules.custom(badge.clone());
            }
            let driver = Driver::of(rules.build().unwrap());
            for log in &logs {
                let expected = driver.whole(log.as_bytes());
                assert!(driver.bytewise(log.as_bytes()) == expected, "{log}");
                for at in 0..=log.len() {
                    assert!(driver.split(log.as_bytes(), at) == expected, "{log}, split at {at}");
                }
            }
        }
    }
}
