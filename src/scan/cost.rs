//! Measures the cost of inputs that are made to be slow: fragments that may begin something, repeated.

use super::scanner::Scanner;
use crate::grammar::text::reads;
use crate::rules::ruleset::Ruleset;

const SIZE: usize = 4096;

/// Text that opens, closes, separates and escapes, next to anchors.
const FRAGMENTS: &[&str] = &[
    "\"",
    "'",
    "`",
    "\\\"",
    "\\\\\\\"",
    "\\",
    "\\u0022",
    "%22",
    "%25",
    "&quot;",
    "&amp;",
    "#012",
    "\x1b[0m",
    "=",
    ":",
    ": ",
    " = ",
    "=>",
    " -> ",
    ",",
    ", ",
    ";",
    "; ",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "|",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\\n",
    "+",
    "/",
    ".",
    "-",
    "- ",
    "_",
    "a",
    "A1",
    "%",
    "&",
    "null",
    "\"value\":\"",
    "\"name\":\"Cookie\",\"value\":\"",
    "\"name\":\"",
    "Cookie: a=",
    "Authorization: Bearer ",
    "Authorization: Digest a=",
    "access_token=",
    "password=",
    "https://a:",
    "-----BEGIN PRIVATE KEY-----",
    "eyJhbGciOiJIUzI1NiJ9.",
    "[0] => ",
    "bearer",
    "basic ",
    "authoriz",
    "cookie",
    "token",
    "secret",
    "assertion",
    "verifier",
    "device_code",
    "apikey",
    "api_key",
    "sessionid",
    "sessid",
    "ImFsZy",
    "JhbGci",
    "iYWxnI",
    "ZXlK",
    "; path=/",
    "jfrog",
    "samlresponse=",
    "?ticket=",
    "\ttrue\t",
    "value",
    "-b '",
    "\\t-b ",
    "{Name:a Value:b Path:/ Raw:",
    ";%20",
    ";+",
    "://",
    "private key",
    "password",
    "pass",
    "pwd",
    "glpat-",
    "ghp_",
    "xoxb-",
    "hooks",
    "AKIA",
    "sk-",
    "SG.",
    "npm_",
    "AIza",
    "key",
    "sig=",
    "api_key=",
    "MIIEowIBAAKCAQEAx3Zk9wLr4Tn8",
    "b'",
    "string(9) \"",
    "map[",
    "Array\n(\n",
    "\"authorization\":\"",
    "{\"cookies\":{",
    "cookies: [{",
];

/// Characters read per byte of `parts`, repeated up to `size` bytes.
fn cost(rules: &Ruleset, parts: &[&str], size: usize) -> u64 {
    let text: Vec<u8> = parts.concat().bytes().cycle().take(size).collect();
    reads::take();
    Scanner::new(rules).scan(&text, true, &mut Vec::new());
    reads::take() / size as u64
}

/// A scan of plain text reads no character, and takes about a quarter of a nanosecond per byte. This limit is a hundred
/// times that.
const MOST: u64 = 80;

#[test]
fn nothing_costs_much_more_than_plain_text() {
    for rules in [Ruleset::standard(), Ruleset::all()] {
        assert_eq!(cost(&rules, &["the quick brown fox, 42 times a day. "], SIZE), 0);
        let mut slow = Vec::new();
        for one in FRAGMENTS {
            let pairs = FRAGMENTS.iter().map(|other| vec![*one, *other]);
            for parts in std::iter::once(vec![*one]).chain(pairs) {
                let cost = cost(&rules, &parts, SIZE);
                if cost > MOST {
                    slow.push(format!("{cost} a byte: {}", parts.concat().escape_debug()));
                }
            }
        }
        assert!(slow.is_empty(), "{}\n{}", slow.len(), slow.join("\n"));
    }
}

/// The number of characters read per anchor does not grow with the length of the line.
#[test]
fn a_byte_of_a_long_line_costs_no_more_than_one_of_a_short_line() {
    let lines = ["token", "key-", "code=&", "%22-----BEGIN PRIVATE KEY-----"];
    for rules in [Ruleset::standard(), Ruleset::all()] {
        for line in lines {
            let cost = cost(&rules, &[line], 16 * SIZE);
            assert!(cost <= MOST, "{cost} a byte: {line}");
        }
    }
}
