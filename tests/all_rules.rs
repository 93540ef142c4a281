//! Every rule on: the tables in `corpus/cases/all`, tokens of every provider in every wrapping, and the invariants that
//! hold for every rule set, on the corpus.

#![allow(dead_code)]

mod driver;
mod marked;
mod random;
mod tokens;
mod verdict;

use blackbar::{Redactor, Ruleset, Scanner, Style, Styles};
use driver::Driver;
use marked::{Case, corpus, files, tables, tables_of};
use random::Random;
use tokens::{Row, rows};
use verdict::Verdict;

#[test]
fn cases() {
    let driver = Driver::of(Ruleset::all());
    let mut verdict = Verdict::default();
    for Case { name, marked } in tables_of(&corpus().join("cases/all")) {
        let (input, expected) = (&marked.input, &marked.expected);
        let miss = driver.first_miss(input, expected, 1..input.len());
        verdict.judge(&name, input, expected, miss);
    }
    verdict.conclude("cases of all rules");
}

/// The scan searches blocks of some KiB. Anchors near the ends of a block are found by other code than those within it.
#[test]
fn surrounding_text_does_not_matter() {
    let filler = "lorem ipsum dolor sit amet, consectetur adipiscing elit. ".repeat(20) + "\n";
    let filler = filler.repeat(10);
    let driver = Driver::of(Ruleset::all());
    let mut verdict = Verdict::default();
    let tables = tables_of(&corpus().join("cases/all")).into_iter();
    let cases = tables.map(|case| (case.name, case.marked.input, case.marked.expected)).chain(
        provider_lines()
            .into_iter()
            .map(|(line, expected)| (line.clone(), line.into_bytes(), expected.into_bytes())),
    );
    for (name, input, expected) in cases {
        let around = |text: &[u8]| [filler.as_bytes(), text, b"\n", filler.as_bytes()].concat();
        let (input, expected) = (around(&input), around(&expected));
        let got = driver.whole(&input);
        let miss = (got != expected).then(|| ("whole".to_owned(), got));
        verdict.judge(&name, &input, &expected, miss);
    }
    verdict.conclude("cases with text around");
}

#[test]
fn cuts_and_the_searcher_do_not_matter() {
    let all = Driver::of(Ruleset::all());
    let portable =
        Driver::of(Ruleset::builder().select("all").unwrap().portable().build().unwrap());
    let mut verdict = Verdict::default();
    for Case { name, marked } in tables() {
        let expected = all.whole(&marked.input);
        let offsets = (1..marked.input.len()).step_by(3);
        let miss = all
            .first_miss(&marked.input, &expected, offsets)
            .or_else(|| portable.first_miss(&marked.input, &expected, None));
        verdict.judge(&name, &marked.input, &expected, miss);
    }
    for path in files(&corpus(), "log") {
        let input = std::fs::read(&path).unwrap();
        let expected = all.whole(&input);
        for size in [1, 7, 64, 1000, 4096] {
            assert!(all.chunked(&input, size) == expected, "{}, {size}", path.display());
        }
        assert!(portable.whole(&input) == expected, "{}", path.display());
    }
    verdict.conclude("cuts");
}

#[test]
fn redacting_again_changes_nothing() {
    let rules = Ruleset::all();
    let key = blackbar::Key::new(b"0123456789abcdef").unwrap();
    let styles = [Style::Fixed, Style::Label, Style::Mask, Style::Partial, Style::Hmac(key)]
        .map(Styles::new);
    let redact = |styles: &Styles, input: &[u8]| {
        let mut redactor = Redactor::styled(&rules, styles);
        let mut out = Vec::new();
        redactor.push(input, &mut out);
        redactor.finish(&mut out);
        out
    };
    let mut texts: Vec<(String, Vec<u8>)> = tables()
        .into_iter()
        .chain(tables_of(&corpus().join("cases/all")))
        .map(|case| (case.name, case.marked.input))
        .collect();
    texts.extend(provider_lines().into_iter().map(|(line, _)| (line.clone(), line.into_bytes())));
    let mut failed = Vec::new();
    for (name, input) in &texts {
        for (k, styles) in styles.iter().enumerate() {
            let once = redact(styles, input);
            let twice = redact(styles, &once);
            if twice != once {
                failed.push(format!(
                    "{name}, style {k}\n  {}\n  {}",
                    String::from_utf8_lossy(&once),
                    String::from_utf8_lossy(&twice)
                ));
            }
        }
    }
    assert!(failed.is_empty(), "{} of {}\n{}", failed.len(), texts.len(), failed.join("\n"));
}

/// The text around a token, which is marked by `@`.
const WRAPPINGS: &[&str] = &[
    "@",
    "using @, again",
    "(@)",
    r#"{"k":"@","n":1}"#,
    r#"{\"k\":\"line\n@\",\"n\":1}"#,
    "GET /?k=@&n=1 HTTP/1.1",
    "x%3D@%26n%3D1",
    "'@'; done",
    "\x1b[33m@\x1b[0m",
];

/// A line for each form in each wrapping, with the expected output.
fn provider_lines() -> Vec<(String, String)> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut lines = Vec::new();
    let is_made =
        |row: &Row| !row.near.is_empty() || row.keys.iter().any(|(kind, _)| *kind == "word");
    for row in rows().into_iter().filter(|row| !is_made(row)) {
        let wrapping = WRAPPINGS[lines.len() % WRAPPINGS.len()];
        let token = row.token(&mut random, false);
        let fill = |secret: &str| {
            wrapping.replace('@', &format!("{}{secret}{}", token.before, token.after))
        };
        lines.push((fill(&token.secret), fill("[REDACTED]")));
    }
    for (line, expected) in [
        ("POST https://hooks.slack.com/services/@ ok", "T{upper:10}/B{upper:10}/{base62:24}"),
        (
            r"POST https:\/\/hooks.slack.com\/services\/@ ok",
            r"T{upper:10}\/B{upper:10}\/{base62:24}",
        ),
        ("POST https://discord.com/api/webhooks/123456789012345678/@ ok", "{url:68}"),
        (
            "sv=2024-01-01&se=2026-11-24T00%3A00%3A00Z&sr=b&sp=r&sig=@&x=1",
            "{base62:20}%2B{base62:11}%2F{base62:10}%3D",
        ),
        ("https://api.telegram.org/bot@/getMe", "{digit:10}:AAH{base62:32}"),
        ("TWILIO_SID AC1 twilio key @ used", "SK{hex:32}"),
        ("AWS_SECRET_ACCESS_KEY=@ AWS_REGION=eu", "{base62:18}/{base62:20}+"),
        (r#"{"SecretAccessKey": "@"}"#, "{base62:18}/{base62:20}+"),
    ] {
        let token = random.token(expected);
        lines.push((line.replace('@', &token), line.replace('@', "[REDACTED]")));
    }
    lines
}

#[test]
fn tokens_of_every_provider() {
    let rules = Ruleset::builder().select("provider").unwrap().build().unwrap();
    let driver = Driver::of(rules);
    let mut verdict = Verdict::default();
    for (line, expected) in provider_lines() {
        let miss = driver.first_miss(line.as_bytes(), expected.as_bytes(), 1..line.len());
        verdict.judge(&line, line.as_bytes(), expected.as_bytes(), miss);
    }
    verdict.conclude("provider tokens");
}

#[test]
fn lookalikes_are_unchanged() {
    let driver = Driver::of(Ruleset::all());
    let mut verdict = Verdict::default();
    for line in [
        "Asia/Tokyo asia-southeast1-docker.pkg.dev ASIA",
        "AKIAIOSFODNN7EXAMPLE AKIAXXXXXXXXXXXXXXXX XAKIAZQ3DRSTUVWXY2LMN AKIAZQ3DRSTUVWXY2LMNA",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ghp_short",
        "task-force disk-usage risk-free sk-learn sk-hynix-nvme mask-image",
        "npm_config_registry npm_lifecycle_event npm_package_dependencies_typescript_eslint",
        "glrt-foo gldt-x hooks/use-state webhooks/controller.go hooks.slack.com/services",
        "the secret_token secret_manager_client_library_version_two_point_zero",
        "key-value key-0123 en-us12 us-east-1 -us1",
        "pul-request ghs_ ya29 AIza hf_hub_download hf_transfer_enabled_by_default_in_this_version_x",
        "sig=abc sig=12345 signature=none &sig=short&",
        "10:15:33:AA:BB:CC 00:aa:ee:ff precious ferocious cio",
        "error_codes_pb2.pyi,sha256=glc_FZMyib4OhW7RQ42vav9er5-jeLUo8K4wfDaFsu8,1208",
        "x\n/ZVE+EdeCgE+/wA8BZBkehLdSWkk8NzJChDwusfIFww/u+Q7N1ZSR8KnIs2e6Tq9\npe+nG0U4iEcaTMpC14KapH/LX",
        "data:image/png;base64,iVBORw0KGgoEAAAANSUhEUgAAEAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk",
    ] {
        let miss = driver.first_miss(line.as_bytes(), line.as_bytes(), 1..line.len());
        verdict.judge(line, line.as_bytes(), line.as_bytes(), miss);
    }
    verdict.conclude("lookalikes");
}

impl Random {
    fn token(&mut self, form: &str) -> String {
        let (mut token, mut rest) = (String::new(), form);
        while let Some((before, after)) = rest.split_once('{') {
            token += before;
            let (hole, after) = after.split_once('}').unwrap();
            rest = after;
            let (set, len) = hole.split_once(':').unwrap();
            let set: &[u8] = match set {
                "base62" => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                "url" => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_",
                "base32" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
                "upper" => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                "lower" => b"0123456789abcdefghijklmnopqrstuvwxyz",
                "hex" => b"0123456789abcdef",
                "digit" => b"0123456789",
                _ => panic!("{set}"),
            };
            let len: usize = len.parse().unwrap();
            let mut part: Vec<u8> =
                (0..len).map(|_| set[self.next() as usize % set.len()]).collect();
            // A token does not end like a sentence or start like an option.
            for at in [0, len - 1] {
                if !part[at].is_ascii_alphanumeric() {
                    part[at] = b'q';
                }
            }
            if set == b"0123456789" {
                part[0] = b'7';
            }
            token += &String::from_utf8(part).unwrap();
        }
        token + rest
    }
}

/// Each trap is repeated after its prefix. It starts something that never commits, or commits again and again, or makes
/// the engine look back or ahead as far as it can.
const TRAPS: &[(&str, &str)] = &[
    ("", "password"),
    ("", "password="),
    ("", "password=a1b2"),
    ("", "password: "),
    ("password", " "),
    ("", "pass"),
    ("", "pwd="),
    ("", "pwd=/"),
    ("", ";Password=x"),
    ("", "_key"),
    ("", "a_key="),
    ("", "secret_"),
    ("", "secret="),
    ("", "xyz_token="),
    ("", "://"),
    ("", "://@"),
    ("", "a://"),
    ("", "a://b:"),
    ("", "a://b:c@"),
    ("", "a://b:c@d"),
    ("a://b:", "c"),
    ("a://b:", "@"),
    ("a://", ":"),
    ("", "@"),
    ("", "a@"),
    ("", "a%3A%2F%2Fb%3A"),
    ("", "a:\\/\\/b:"),
    ("", "-----BEGIN PRIVATE KEY-----"),
    ("", "-----BEGIN PRIVATE KEY-----\n"),
    ("", "-----BEGIN PRIVATE KEY-----\\n"),
    ("", "-----BEGIN PRIVATE KEY-----\\nMIIEowIBAAKCAQEA"),
    ("", "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n"),
    ("", "PRIVATE KEY"),
    ("", "private key "),
    ("-----BEGIN PRIVATE KEY-----\n", "\n"),
    ("-----BEGIN PRIVATE KEY-----\n", "Proc-Type: 4,ENCRYPTED\n"),
    ("-----BEGIN PRIVATE KEY-----\n", " "),
    ("-----BEGIN PRIVATE KEY-----\n", "MIIEowIBAAKCAQEA"),
    ("-----BEGIN PRIVATE KEY-----\n", "MIIEowIBAAKCAQEAMIIEowIBAAKCAQEA\n"),
    ("-----BEGIN PRIVATE KEY-----\n", "access_token=a1 MIIEowIBAAKCAQEAMIIEowIBAAKCAQEA\n"),
    ("-----BEGIN PRIVATE KEY-----\\n", "MIIEowIBAAKCAQEA\\n"),
    ("-----BEGIN PRIVATE KEY-----\\n", " "),
    ("", "AKIA"),
    ("", "AKIAZQ3DRSTUVWXY2LM"),
    ("", "AKIAZQ3DRSTUVWXY2LMN "),
    ("", "ghp_"),
    ("", "ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq1"),
    ("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", "a1"),
    ("", "glpat-"),
    ("", "glpat-aaaaaaaaaaaaaaaaaaaa1."),
    ("", "xoxb-1"),
    ("", "sk-"),
    ("", "sk-ant-"),
    ("", "sk.eyJ"),
    ("", "dp.pt."),
    ("", "hooks"),
    ("", "discord.com/api/webhooks/"),
    ("", "twilio"),
    ("", "twilio SK"),
    ("", "sig="),
    ("", "sig=a"),
    ("", "sig=%2B"),
    ("", "0:AAE"),
    ("", "0123456789"),
    ("", "-us1"),
    ("", "0123456789abcdef-us1"),
    ("", "eaaa"),
    ("", "EAAAEAAAEaAa1"),
    ("", ".atlasv1."),
    ("", "8Q~"),
    ("", "_v1_"),
    ("", "cio"),
    ("", "key-"),
];

#[test]
fn quadratic_traps_take_linear_time_at_any_chunking() {
    // Large enough to make anything quadratic visible.
    const SIZE: usize = 256 << 10;
    let known = [b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab".to_vec(), b"a1a1a1a1b".to_vec()];
    let all = Driver::of(Ruleset::builder().select("all").unwrap().known(known).build().unwrap());
    let mut wrong = Vec::new();
    for (prefix, unit) in
        TRAPS.iter().chain(&[("", "a"), ("", "a1"), ("", "\n"), ("", " "), ("", "-")])
    {
        let mut input = prefix.as_bytes().to_vec();
        while input.len() < SIZE {
            input.extend_from_slice(unit.as_bytes());
        }
        let start = std::time::Instant::now();
        let whole = all.whole(&input);
        let took = start.elapsed();
        let pages = all.chunked(&input, 4096);
        let slivers = all.chunked(&input[..SIZE / 4], 61);
        println!("{took:8.1?} {:8.1?} {prefix:?} then {unit:?}", start.elapsed());
        if pages != whole || slivers != all.whole(&input[..SIZE / 4]) {
            wrong.push(format!("{prefix:?} then {unit:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} traps:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn held_bytes_are_bounded() {
    // Several times what may be held.
    const SIZE: usize = 96 << 10;
    let known = [vec![b'a'; 4096]];
    for rules in
        [Ruleset::all(), Ruleset::builder().select("all").unwrap().known(known).build().unwrap()]
    {
        for (prefix, unit) in
            TRAPS.iter().chain(&[("", "a"), ("", "a1"), ("", "\n"), ("", " "), ("", "~")])
        {
            let mut scanner = Scanner::new(&rules);
            let text = prefix.to_string() + &unit.repeat(SIZE / unit.len());
            let (mut spans, mut held) = (Vec::new(), Vec::new());
            for piece in text.as_bytes().chunks(4000) {
                held.extend_from_slice(piece);
                let settled = scanner.scan(&held, false, &mut spans);
                held.drain(..settled);
                assert!(
                    held.len() <= rules.hold(),
                    "{prefix:?} then {unit:?}: {} wait",
                    held.len()
                );
            }
        }
    }
}

/// The parts of random lines: starts, middles and ends of what rules look for, and text between them.
const MORSELS: &[&str] = &[
    "password=",
    "\"password\":\"",
    "'passwd': '",
    "Password=",
    "pwd=",
    "secret: ",
    "api_key=",
    "x_token=",
    "AccountKey=",
    "Xq7!vbn2",
    "8f14e45fceea167a",
    "kVn7xq0T4mQ2hR8bYw1sZc6dLf3gJp5uXa9eBtNiOoM=",
    "AKIAZQ3DRSTUVWXY2LMN",
    "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",
    "glpat-1ZhD2tKZGlPHr19N-NF0",
    "xoxb-",
    "xoxb-712345678901-712345678901-aBcDeFgHiJkLmNoPqRsTuVwX",
    "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "sk-",
    "hf_",
    "7123456789:AAE1qL8kZvYx2wTn5mRb7cPd9sFg3hJk4",
    "SG.",
    "sig=",
    "hooks.slack.com/services/",
    "twilio ",
    "SK0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdef-us12",
    "dop_v1_",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "postgres://",
    "u:",
    "s3cr3t",
    "@db/x",
    "://",
    "https:\\/\\/",
    "https%3A%2F%2F",
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "PRIVATE KEY",
    "MIIEowIBAAKCAQEAx3Zk9wLr4Tn8Bv6CyQx7Kq2mZ9wLr4Tn8Bv6CyQx7Kq2mZ9w",
    "Tn8Bv6CyQ+7Kq/mZ9w==",
    "app_1  | ",
    "{\"log\":\"",
    "\\n\",\"stream\":\"x\"}",
    "Authorization: ",
    "Bearer ",
    "Cookie: ",
    "a=b; ",
    "Set-Cookie: ",
    "; Path=/",
    "access_token=",
    "eyJhbGciOiJub25lIn0.",
    "eyJzdWIiOiIxIn0.",
    "known value",
    "known",
    " value",
    "\n",
    "\n",
    "\r\n",
    "\\n",
    "\\\"",
    "\"",
    "'",
    " ",
    ", ",
    ": ",
    "=",
    "&",
    ";",
    "%20",
    "%22",
    "\\u0026",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "é",
    "\u{1b}[0m",
];

#[test]
fn chunking_does_not_change_random_lines() {
    let build = |portable: bool| {
        let builder = Ruleset::builder()
            .select("all")
            .unwrap()
            .known([b"known value".to_vec(), b"value\nknown".to_vec()])
            .keys(["log"])
            .keep_cookies(["a"])
            .allow_values([b"s3cr3t".to_vec()]);
        let builder = if portable { builder.portable() } else { builder };
        Driver::of(builder.build().unwrap())
    };
    let (packed, portable) = (build(false), build(true));
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let rounds = std::env::var("BLACKBAR_ROUNDS").map_or(3000, |rounds| rounds.parse().unwrap());
    let mut failures = Vec::new();
    for _ in 0..rounds {
        let text: String = (0..2 + random.next() % 24)
            .map(|_| MORSELS[random.next() as usize % MORSELS.len()])
            .collect();
        let input = text.as_bytes();
        let whole = packed.whole(input);
        let mut ways = vec![("portable", portable.whole(input)), ("bytes", packed.bytewise(input))];
        for _ in 0..4 {
            let size = 1 + random.next() as usize % 40;
            ways.push(("chunks", packed.chunked(input, size)));
            ways.push(("a cut", packed.split(input, random.next() as usize % input.len())));
        }
        for (way, out) in ways {
            if out != whole && failures.len() < 10 {
                failures.push(format!(
                    "{way}: {text:?}\n  {:?}\n  {:?}",
                    String::from_utf8_lossy(&whole),
                    String::from_utf8_lossy(&out)
                ));
                break;
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
