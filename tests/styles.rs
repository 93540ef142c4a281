//! Replacement styles: independent of chunking, unchanged by a second run, and showing no more than they should.

mod driver;
mod marked;
mod verdict;

use std::fs::Permissions;
use std::io::Write;
use std::num::NonZeroUsize;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use blackbar::command::{Options, Pipeline, Sink, Source};
use blackbar::{Ends, KeepJwt, Key, Name, Redactor, Ruleset, Style, Styles, Text};
use marked::inputs;
use proptest::prelude::*;

const KEY: &[u8] = b"a key that is for tests only";

fn hmac() -> Style {
    Style::Hmac(Key::new(KEY).unwrap())
}

/// Every style, with and without kept JWT headers, and a mixture.
fn all() -> Vec<(String, Styles)> {
    let rules = Ruleset::standard();
    let text = |text| Style::Text(Text::new(text).unwrap());
    let mut all = Vec::new();
    for (name, style) in [
        ("fixed", Style::Fixed),
        ("text", text("<masked>")),
        ("stars", text("***")),
        ("label", Style::Label),
        ("mask", Style::Mask),
        ("partial", Style::Partial),
        ("ends", Style::Ends(Ends::new(4, 2).unwrap())),
        ("hmac", hmac()),
        ("long hmac", Style::Hmac(Key::new(KEY).unwrap().with_digits(32))),
    ] {
        all.push((name.to_owned(), Styles::new(style.clone())));
        all.push((format!("{name}, header"), Styles::new(style.clone()).keep_jwt_header(true)));
        all.push((format!("{name}, payload"), Styles::new(style).keep_jwt(KeepJwt::Payload)));
    }
    let id = |name| rules.find(name).unwrap();
    let mixed = Styles::new(Style::Label)
        .with(id("cookie"), hmac())
        .with(id("bearer"), Style::Partial)
        .with(id("oauth"), Style::Mask);
    all.push(("mixed".to_owned(), mixed));
    all
}

/// The output for `pieces` with `styles`.
fn redact<'a>(styles: &Styles, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    driver::redact(&Ruleset::standard(), styles, pieces)
}

fn whole(style: Style, input: &str) -> String {
    String::from_utf8(redact(&Styles::new(style), [input.as_bytes()])).unwrap()
}

#[test]
fn chunks_do_not_matter_in_any_style() {
    let inputs = inputs();
    for (style, styles) in all() {
        for (name, input) in &inputs {
            let expected = redact(&styles, [&input[..]]);
            // Other tests have more sizes, with one style.
            for size in [1, 64] {
                let found = redact(&styles, input.chunks(size));
                if found != expected {
                    let difference = verdict::difference(name, &style, input, &expected, &found);
                    panic!("chunks of {size}: {difference}");
                }
            }
        }
    }
}

#[test]
fn threads_and_segments_do_not_matter_in_any_style() {
    let (_, input) = inputs().pop().unwrap();
    for (style, styles) in all() {
        let expected = redact(&styles, [&input[..]]);
        for (threads, segment) in [(1, 100), (2, 1000), (3, 256 * 1024)] {
            let options = Options {
                threads: NonZeroUsize::new(threads).unwrap(),
                segment: NonZeroUsize::new(segment).unwrap(),
            };
            let name = Name::path(Path::new("log"));
            let mut sink = Sink::new(name.clone(), Vec::new());
            Pipeline::styled(&Ruleset::standard(), &styles, options)
                .run(&mut Source::new(name, &input[..]), &mut sink)
                .unwrap();
            assert!(sink.into_inner() == expected, "{style}, {threads} threads, {segment}");
        }
    }
}

#[test]
fn redacting_again_changes_nothing_in_any_style() {
    let mut wrong = Vec::new();
    for (style, styles) in all() {
        for (name, input) in inputs() {
            let once = redact(&styles, [&input[..]]);
            let again = redact(&styles, [&once[..]]);
            if once != again {
                wrong.push(verdict::difference(&name, &style, &once, &once, &again));
            }
        }
    }
    assert!(wrong.is_empty(), "{} change:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_style_keeps_the_same_text() {
    // A style with one text for every secret has that text exactly where `[REDACTED]` would be.
    for (name, input) in inputs() {
        let fixed = redact(&Styles::default(), [&input[..]]);
        let text = Styles::new(Style::Text(Text::new("[REDACTED]").unwrap()));
        assert!(redact(&text, [&input[..]]) == fixed, "{name}");
        let mask = redact(&Styles::new(Style::Mask), [&input[..]]);
        assert_eq!(mask.len(), input.len(), "{name}");
        for (masked, byte) in mask.iter().zip(&input) {
            assert!(masked == byte || *masked == b'*', "{name}");
        }
    }
}

const TOKEN: &str = "mF_9.B5f-4.1JqM-abcdefgh-wxyz";
const JWT: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

#[test]
fn each_style_looks_as_described() {
    let line = format!("Authorization: Bearer {TOKEN} x");
    for (style, expected) in [
        (Style::Fixed, "Authorization: Bearer [REDACTED] x"),
        (Style::Text(Text::new("<gone>").unwrap()), "Authorization: Bearer <gone> x"),
        (Style::Label, "Authorization: Bearer [REDACTED:bearer] x"),
        (Style::Mask, "Authorization: Bearer ***************************** x"),
        (Style::Partial, "Authorization: Bearer [REDACTED:...wxyz] x"),
        (hmac(), "Authorization: Bearer [REDACTED:bearer:PSEUDONY] x"),
    ] {
        let found = whole(style, &line);
        let pseudonym = found.find("bearer:").map(|at| found[at + 7..at + 15].to_owned());
        if let Some(pseudonym) = &pseudonym {
            assert!(pseudonym.bytes().all(|b| b.is_ascii_hexdigit()), "{pseudonym}");
        }
        let expected = expected.replace("PSEUDONY", &pseudonym.unwrap_or_default());
        assert_eq!(found, expected);
    }
}

#[test]
fn partial_never_shows_more_than_a_fifth() {
    for (token, shown) in [
        ("a1b2c3d4e5a1b2c3d4e", "[REDACTED]"),
        ("a1b2c3d4e5a1b2c3d4e5", "[REDACTED:...d4e5]"),
        ("a1b2c3d4e5a1b2c3d4e5==", "[REDACTED:...d4e5]"),
        ("a1b2c3d4e5a1b2c3d4+/", "[REDACTED:...d4..]"),
    ] {
        let found = whole(Style::Partial, &format!("Authorization: Bearer {token}"));
        assert_eq!(found, format!("Authorization: Bearer {shown}"));
    }
    // An escape counts as one character, whatever its length.
    let escaped = r#"{"authorization":"Bearer \u0061\u0062\u0063\u0064\u0065\u0066\u0067\u0031"}"#;
    assert_eq!(whole(Style::Partial, escaped), r#"{"authorization":"Bearer [REDACTED]"}"#);
}

#[test]
fn the_same_secret_has_the_same_pseudonym_in_every_form() {
    let forms = [
        "Authorization: Bearer ab/cd+1234567890==",
        r#"{"authorization":"Bearer ab\/cd+1234567890=="}"#,
        r#"{"authorization":"Bearer ab\/cd\u002b1234567890\u003d\u003d"}"#,
        r#"{"log":"{\"authorization\":\"Bearer ab\\/cd\\u002B1234567890==\"}"}"#,
        "GET /cb?access_token=ab%2Fcd%2B1234567890%3D%3D&state=x",
        "GET /cb?next=%2Fx%3Faccess_token%3Dab%252Fcd%252B1234567890%253D%253D",
        "Cookie: sid=ab/cd+1234567890==; theme=dark",
    ];
    let pseudonyms: Vec<String> = forms
        .iter()
        .map(|form| {
            let found = whole(hmac(), form);
            let at = found.find("[REDACTED:").unwrap_or_else(|| panic!("{found}"));
            let inner = &found[at..at + found[at..].find(']').unwrap()];
            inner.rsplit(':').next().unwrap().to_owned()
        })
        .collect();
    assert!(pseudonyms.iter().all(|p| *p == pseudonyms[0]), "{pseudonyms:?}");

    let other_key = Style::Hmac(Key::new(b"another key for the same test").unwrap());
    assert!(!whole(other_key, forms[0]).contains(&pseudonyms[0]));
    assert!(!whole(hmac(), "Authorization: Bearer ab/cd+1234567891==").contains(&pseudonyms[0]));
}

#[test]
fn the_header_of_a_jwt_can_be_kept() {
    let keep = |style: Style, line: &str| {
        let styles = Styles::new(style).keep_jwt_header(true);
        String::from_utf8(redact(&styles, [line.as_bytes()])).unwrap()
    };
    let header = &JWT[..JWT.find('.').unwrap()];
    for line in ["token {} rejected", "Authorization: Bearer {}", "{\"access_token\":\"{}\"}"] {
        let expected = line.replacen("{}", &format!("{header}.[REDACTED]"), 1);
        assert_eq!(keep(Style::Fixed, &line.replacen("{}", JWT, 1)), expected);
    }
    // After a header the dots stay, so that a full stop after the token can be distinguished from them.
    let rest = JWT[header.len() + 1..].split('.').map(|part| "*".repeat(part.len()));
    let rest = rest.collect::<Vec<_>>().join(".");
    assert_eq!(keep(Style::Mask, &format!("at {JWT}")), format!("at {header}.{rest}"));
    // Text that only looks like a JWT is replaced as a whole.
    let found = keep(Style::Fixed, "Authorization: Bearer eyJpZCI6MTIzfQ.abcdefghijklmnop");
    assert_eq!(found, "Authorization: Bearer [REDACTED]");
    // The pseudonym is that of the whole token, whether its header is shown or not.
    let pseudonym = whole(hmac(), &format!("at {JWT} x"));
    let pseudonym = pseudonym.strip_prefix("at ").unwrap();
    assert_eq!(keep(hmac(), &format!("at {JWT} x")), format!("at {header}.{pseudonym}"));
}

#[test]
fn the_payload_of_a_jwt_can_be_kept() {
    let keep = |style: Style, line: &str| {
        let styles = Styles::new(style).keep_jwt(KeepJwt::Payload);
        let whole = redact(&styles, [line.as_bytes()]);
        assert!(redact(&styles, line.as_bytes().chunks(1)) == whole, "{line}");
        assert!(redact(&styles, [&whole[..]]) == whole, "{line}: twice");
        String::from_utf8(whole).unwrap()
    };
    let (rest, signature) = JWT.rsplit_once('.').unwrap();
    let header = rest.split('.').next().unwrap();
    for line in ["token {} rejected", "Authorization: Bearer {}", "{\"access_token\":\"{}\"}"] {
        let line = |token: &str| line.replacen("{}", token, 1);
        assert_eq!(keep(Style::Fixed, &line(JWT)), line(&format!("{rest}.[REDACTED]")));
        assert_eq!(
            keep(Style::Mask, &line(JWT)),
            line(&format!("{rest}.{}", "*".repeat(signature.len())))
        );
        // Truncated in its payload; and second parts that are not payloads: of an encrypted token, and of a part that
        // is not an object.
        let cut = &JWT[..header.len() + 20];
        assert_eq!(keep(Style::Fixed, &line(cut)), line(&format!("{header}.[REDACTED]")), "{cut}");
        let encrypted = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ";
        let token = format!(
            "{encrypted}.eyJhIjoxfQ.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4.XFBoMYUZodetZdvTiFvSkQ"
        );
        assert_eq!(keep(Style::Fixed, &line(&token)), line(&format!("{encrypted}.[REDACTED]")));
        let token = format!("{header}.c2VjcmV0LXNlY3JldA.{signature}");
        assert_eq!(keep(Style::Fixed, &line(&token)), line(&format!("{header}.[REDACTED]")));
    }
    let long = format!("{header}.{}.{signature}", "e".repeat(20_000));
    assert_eq!(keep(Style::Fixed, &format!("at {long}")), format!("at {header}.[REDACTED]"));
    // The pseudonym is that of the whole token, whatever part of it is shown.
    let pseudonym = whole(hmac(), &format!("at {JWT} x")).replacen("at ", "", 1);
    assert_eq!(keep(hmac(), &format!("at {JWT} x")), format!("at {rest}.{pseudonym}"));
}

#[test]
fn an_endless_secret_needs_no_memory_in_any_style() {
    for (style, styles) in all() {
        let mut redactor = Redactor::styled(&Ruleset::standard(), &styles);
        let mut out = Vec::new();
        redactor.push(b"Authorization: Bearer ", &mut out);
        let mut longest = 0;
        for _ in 0..200 {
            redactor.push(&b"abcdefgh01234567".repeat(4096), &mut out);
            longest = longest.max(out.len());
            out.clear();
        }
        redactor.push(b"\nnext\n", &mut out);
        redactor.finish(&mut out);
        assert!(out.ends_with(b"\nnext\n"), "{style}");
        // Only a mask is as long as its secret; other output is short and is not delayed.
        assert!(longest <= 16 * 4096 + 32 * 1024 && out.len() < 64 * 1024, "{style}: {longest}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    /// Tokens of all kinds in wrappings of all kinds: split anywhere, redacted twice.
    #[test]
    fn generated_lines(
        lines in prop::collection::vec((0..8usize, "[A-Za-z0-9_./+=%~-]{1,40}"), 1..6),
        cuts in prop::collection::vec(1..50usize, 1..8),
    ) {
        let input: String = lines
            .iter()
            .map(|(wrapping, token)| match wrapping {
                0 => format!("Authorization: Bearer {token}\n"),
                1 => format!("{{\"authorization\":\"Bearer {token}\",\"n\":1}}\n"),
                2 => format!("{{\"log\":\"\\\"Bearer {token}\\\"\"}}\n"),
                3 => format!("Cookie: a={token}; b={token}\n"),
                4 => format!("GET /?access_token={token}&state=1 HTTP/1.1\n"),
                5 => format!("at {JWT}{token}\n"),
                6 => format!("map[Authorization:[Bearer {token}] Cookie:[sid={token}]]\n"),
                _ => format!("{{'X-Api-Key': '{token}', 'Set-Cookie': 'a={token}; Path=/'}}\n"),
            })
            .collect();
        for (style, styles) in all() {
            let once = redact(&styles, [input.as_bytes()]);
            let mut rest = input.as_bytes();
            let mut pieces = Vec::new();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, more) = rest.split_at((*cut).min(rest.len()));
                pieces.push(piece);
                rest = more;
            }
            prop_assert!(redact(&styles, pieces) == once, "{style}: {input}");
            let again = redact(&styles, [&once[..]]);
            prop_assert!(
                again == once,
                "{style}: {}\nbecame {}",
                String::from_utf8_lossy(&once),
                String::from_utf8_lossy(&again)
            );
        }
    }
}

/// Runs the command.
fn run(args: &[&str], stdin: &str, key: Option<&str>) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_blackbar"));
    command.args(args).env_remove("BLACKBAR_KEY").env("XDG_CONFIG_HOME", "/nonexistent");
    if let Some(key) = key {
        command.env("BLACKBAR_KEY", key);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_takes_styles() {
    let line = "Cookie: a=0123456789abcdef; b=x1\nAuthorization: Bearer 0123456789abcdefghij\n";
    for (args, expected) in [
        (&["--style", "label"][..], "a=[REDACTED:cookie]; b=[REDACTED:cookie]|[REDACTED:bearer]"),
        (&["--style", "mask"], "a=****************; b=**|********************"),
        (&["--style", "partial"], "a=[REDACTED]; b=[REDACTED]|[REDACTED:...ghij]"),
        (&["--style", "partial:first=4"], "a=[REDACTED]; b=[REDACTED]|[REDACTED:0123...]"),
        (
            &["--style", "bearer=partial:first=2,last=1", "--style", "cookie=partial:last=3"],
            "a=[REDACTED:...def]; b=[REDACTED]|[REDACTED:01...j]",
        ),
        (&["--replacement", "<gone>"], "a=<gone>; b=<gone>|<gone>"),
        (
            &["--style", "label", "--style", "cookie=fixed", "--replacement", "[-]"],
            "a=[-]; b=[-]|[REDACTED:bearer]",
        ),
    ] {
        let (cookie, bearer) = expected.split_once('|').unwrap();
        let expected = format!("Cookie: {cookie}\nAuthorization: Bearer {bearer}\n");
        assert_eq!(run(args, line, None), (0, expected, String::new()), "{args:?}");
    }
}

#[test]
fn the_command_masks_addresses_to_their_networks() {
    let (line, expected) =
        ("peer 203.0.113.77 via 2001:db8:85a3:1111::7\n", "peer 203.0.113.0 via 2001:db8:85a3::\n");
    for style in ["partial", "ip=partial", "partial:last=4"] {
        let found = run(&["--rules", "pii", "--style", style], line, None);
        assert_eq!(found, (0, expected.to_owned(), String::new()), "{style}");
    }
}

#[test]
fn the_key_comes_from_a_file_or_the_environment() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    std::fs::write(&path, "0123456789abcdef\n").unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let path = path.to_str().unwrap();
    let line = "Cookie: a=secretvalue1\n";
    let from_file = run(&["--style", "hmac", "--key-file", path], line, None);
    let from_variable = run(&["--style", "hmac"], line, Some("0123456789abcdef"));
    assert_eq!(from_file, from_variable);
    assert_eq!(from_file.0, 0);
    // A longer pseudonym begins with the shorter one.
    let long = run(&["--style", "hmac:20"], line, Some("0123456789abcdef")).1;
    let short = from_file.1.trim_end().trim_end_matches(']');
    assert!(long.starts_with(short) && long.len() == from_file.1.len() + 12, "{long}");
    let other = run(&["--style", "hmac"], line, Some("0123456789abcdeX"));
    assert_ne!(from_file.1, other.1);
}

#[test]
fn invalid_combinations_are_refused_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let [empty, short, long] =
        [file("empty", b""), file("short", b"hunter2\n"), file("long", &[b'x'; 100_000])];
    let missing = dir.path().join("missing").to_str().unwrap().to_owned();
    for (args, key, says) in [
        (vec!["--style", "hmac"], None, "--style: the style hmac needs a key; name a file with"),
        (
            vec!["--style", "hmac"],
            Some("hunter2"),
            "the variable BLACKBAR_KEY: the key has 7 bytes and needs",
        ),
        (vec!["--style", "hmac", "--key-file", &empty], None, "the key has 0 bytes"),
        (vec!["--style", "hmac", "--key-file", &short], None, "the key has 7 bytes"),
        (vec!["--style", "hmac", "--key-file", &long], None, "too large for a key file"),
        (vec!["--style", "hmac", "--key-file", &missing], None, "missing: no such file"),
        (vec!["--key-file", &short], None, "--key-file: a key file needs the style hmac"),
        (vec!["--style", "mask", "--replacement", "x"], None, "needs the style fixed"),
        (vec!["--replacement", ""], None, "at least one character"),
        (vec!["--replacement", "a b"], None, "whitespace would end a token"),
        (vec!["--replacement", "\"x"], None, "has a meaning in log formats"),
        (vec!["--replacement", "a]b"], None, "a second run would redact this text again"),
        (vec!["--style", "nonsense"], None, "choose fixed, label, mask, partial or hmac"),
        (vec!["--style", "partial:first=9"], None, "1 to 8 characters at either end"),
        (vec!["--style", "hmac:40"], None, "has 8 to 32 digits"),
        (vec!["--keep-jwt", "all"], None, "choose header, payload"),
        (vec!["--style", "nonsense=mask"], None, "there is no rule 'nonsense'"),
    ] {
        let (code, out, err) = run(&args, "Cookie: a=secretvalue1\n", key);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert_eq!(err.lines().count(), 1, "{err}");
        assert!(err.starts_with("blackbar: ") && err.contains(says), "{args:?}: {err}");
        assert!(!err.contains("hunter2"), "{err}");
    }
}
