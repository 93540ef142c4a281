//! Logs spliced from lines of the corpus, keys with what may be around them, lines of a private key, fragments of encodings,
//! what opens and closes things, and bytes of any kind; and rules of every kind at once to read them with.

#[path = "../assembled/mod.rs"]
mod assembled;

use std::sync::LazyLock;

use blackbar::{CustomRule, Key, LineFormat, Ruleset, Style, Styles, Text};

const FORMATS: &[&str] = &[
    r#"$combined "$http_cookie""#,
    "$remote_addr $http_authorization",
    "$a|$cookie_sid|$b",
    "#Fields:",
];

/// A name, its keyword, its pattern and an example.
const CUSTOM: &[(&str, &str, &str, &str)] = &[
    ("badge", "badge", r"badge: (?<secret>\d{4,})", "badge: «12345678»"),
    ("number", "ssn", r#"ssn[\\": =]{1,8}(?<secret>\d{3}-\d\d-\d{4})"#, "ssn: «123-45-6789»"),
    ("begin", "begin", r"BEGIN (?<secret>[A-Z ]{3,20})-", "-----BEGIN «PRIVATE KEY»-----"),
    ("assigned", "=", r"=(?<secret>[a-z0-9]{4,9})\b", "x=«abcd1»"),
    ("line", "mii", r"(?<secret>MII[0-9A-Za-z+/=]*)", "«MIIEowIB»"),
];

const KNOWN: &[&str] =
    &["correct horse", "MIIEowIBAAKC", "12345678", "a\"b\\c%d&e+f/g", "\u{e9}t\u{e9}-1"];

const BLOCK: &[&str] = &[
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN%20PRIVATE%20KEY-----",
    "-----END PRIVATE KEY-----",
    "-----",
    "MIIEowIBAAKCAQEAx3Zk9wLr4Tn8Bv6CyQx7Kq2mZ9wLr4Tn8Bv6CyQx7Kq2mZ9w",
    "Lr4Tn8Bv6CyQ+7Kq/mZ9wLr4Tn8Bv6CyQx7Kq2mZ9wLr4Tn8Bv6CyQx7Kq2mZ9wATn8Bv6CyQ+7Kq",
    "Tn8Bv6CyQ7Kq==",
    "Proc-Type: 4,ENCRYPTED",
];

const FRAGMENTS: &[&str] = include!("fragments.rs");

pub static RULES: LazyLock<Vec<Ruleset>> = LazyLock::new(|| {
    let custom = || {
        CUSTOM.iter().map(|(name, keyword, pattern, example)| CustomRule {
            name: (*name).to_owned(),
            summary: (*name).to_owned(),
            keywords: vec![(*keyword).to_owned()],
            pattern: (*pattern).to_owned(),
            examples: vec![(*example).to_owned()],
            decode: *name == "assigned",
            ..CustomRule::default()
        })
    };
    let formats =
        || FORMATS.iter().map(|line| LineFormat::new(line, &[]).expect("a format with a secret"));
    let known = || KNOWN.iter().map(|value| value.as_bytes().to_vec());
    let set = |list: &str| Ruleset::builder().select(list).expect("a set").keys(["pin", "x-pin"]);
    let all = || set("all");
    let built = [
        all().formats(formats()).known(known()),
        all().formats(formats().take(1)),
        all().known(known()).allow_values([b"31d4d96e407aad42".to_vec()]).keep_cookies(["theme"]),
        all(),
        set("all,pii").formats(formats()).known(known()),
        set("default,pii").formats(formats().skip(3)),
    ];
    let custom = built.into_iter().enumerate().map(|(number, rules)| {
        let rules = if number == 3 {
            rules
        } else {
            custom().fold(rules, |rules, rule| rules.custom(rule))
        };
        rules.build().expect("rules that go together")
    });
    custom.collect()
});

pub static STYLES: LazyLock<Vec<Styles>> = LazyLock::new(|| {
    let key = Key::new(b"a key that is for tests only").expect("it is long enough");
    let text = Text::new("<masked>").expect("a text that is no secret");
    [Style::Fixed, Style::Label, Style::Mask, Style::Partial, Style::Text(text), Style::Hmac(key)]
        .into_iter()
        .flat_map(|style| {
            [false, true].map(|keep| Styles::new(style.clone()).keep_jwt_header(keep))
        })
        .collect()
});

/// A log that is spliced as the choices say.
pub fn spliced(lines: &[Vec<u8>], mut choices: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut log = Vec::new();
    while let Some(kind) = choices.next() {
        let mut choose = || {
            usize::from(choices.next().unwrap_or(0)) << 8 | usize::from(choices.next().unwrap_or(0))
        };
        match kind % 8 {
            0 => log.extend_from_slice(&lines[choose() % lines.len()]),
            1 => {
                // From somewhere to somewhere else in a line of the corpus.
                let line = &lines[choose() % lines.len()];
                let (from, len) = (choose() % (line.len() + 1), choose() % 200);
                log.extend_from_slice(&line[from..line.len().min(from + len)]);
            }
            2 => log.extend_from_slice(BLOCK[choose() % BLOCK.len()].as_bytes()),
            3 => {
                log.extend_from_slice(BLOCK[choose() % BLOCK.len()].as_bytes());
                log.push(b'\n');
            }
            4 => log.push(choose() as u8),
            5 => {
                // The same thing many times.
                let (fragment, count) = (FRAGMENTS[choose() % FRAGMENTS.len()], choose() % 40);
                log.extend(fragment.repeat(count).bytes());
            }
            6 => log.extend(assembled::assembled(&mut |below| choose() % below).bytes()),
            _ => log.extend_from_slice(FRAGMENTS[choose() % FRAGMENTS.len()].as_bytes()),
        }
        if log.len() > 8192 {
            break;
        }
    }
    log
}
