//! Secrets of every kind, and the expected output for a text that contains them in any encoding.

#[path = "../random/mod.rs"]
mod random;

use std::fs;
use std::ops::Index;
use std::path::{Path, PathBuf};

use random::Random;
use regex::bytes::{NoExpand, Regex, RegexBuilder};

/// Named secrets that a test hands to the programs it runs.
#[derive(Clone, Default)]
pub struct Secrets {
    named: Vec<(String, String)>,
}

impl Secrets {
    /// One secret of each kind that the programs under test send or issue.
    pub fn generate() -> Secrets {
        let mut secrets = Secrets::default();
        // The same secrets on every run, so that a failure is caused by the change under test. Random tokens have a
        // separate test, `tests/drawn.rs`.
        let mut random = Random(0x2545_f491_4f6c_dd1d);
        for name in [
            "opaque",
            "api_key",
            "auth_token",
            "client_secret",
            "refresh_token",
            "code_verifier",
            "device_code",
            "sid",
        ] {
            secrets.add(name, base64(URL_SAFE, &random.bytes(24)));
        }
        secrets.add("issued_access_token", base64(URL_SAFE, &random.bytes(24)));
        secrets.add("issued_refresh_token", base64(URL_SAFE, &random.bytes(24)));
        secrets.add("jwt", jwt(&mut random));
        secrets.add("issued_id_token", jwt(&mut random));
        // Begins and ends with bytes that URLs, forms and JSON writers often escape.
        let awkward = [&[0xfb, 0xff, 0xfe][..], &random.bytes(26)].concat();
        secrets.add("base64", base64(STANDARD, &awkward) + "=");
        let user = [&b"ann:"[..], base64(URL_SAFE, &random.bytes(9)).as_bytes()].concat();
        secrets.add("basic", base64(STANDARD, &user));
        secrets.add("cart", format!("cart-{}", base64(URL_SAFE, &random.bytes(9))));
        secrets.add("theme", format!("dark-{}", base64(URL_SAFE, &random.bytes(9))));
        secrets
    }

    pub fn add(&mut self, name: &str, value: String) {
        self.named.push((name.to_owned(), value));
    }

    /// Writes the secrets to a new file called `name`, each formatted by `line`, between `open` and `close`.
    pub fn write(
        &self,
        name: &str,
        [open, between, close]: [&str; 3],
        line: fn(&str, &str) -> String,
    ) -> PathBuf {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let lines: Vec<String> = self.named.iter().map(|(name, value)| line(name, value)).collect();
        fs::write(&path, format!("{open}{}{close}", lines.join(between)))
            .expect("the target directory takes files");
        path
    }

    pub fn occur_in(&self, text: &[u8]) -> bool {
        self.pattern().is_match(text)
    }

    /// The expected output of the filter for `text`.
    pub fn redact(&self, text: &[u8]) -> Vec<u8> {
        self.pattern().replace_all(text, NoExpand(b"[REDACTED]")).into_owned()
    }

    /// The names of the secrets that `text` contains, in full or only their last bytes.
    pub fn leaked_by(&self, text: &[u8]) -> Vec<&str> {
        let holds = |written: &str| {
            let tail: Vec<char> =
                written.chars().skip(written.chars().count().saturating_sub(8)).collect();
            compile(&spellings(tail.into_iter())).is_match(text)
        };
        let mut names: Vec<&str> = self
            .named
            .iter()
            .filter(|(_, value)| holds(value))
            .map(|(name, _)| name.as_str())
            .collect();
        names.dedup();
        names
    }

    /// Matches every secret in every encoding, longer ones first.
    fn pattern(&self) -> Regex {
        let mut values: Vec<&str> = self.named.iter().map(|(_, value)| value.as_str()).collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        let patterns: Vec<String> = values.iter().map(|value| spellings(value.chars())).collect();
        compile(&patterns.join("|"))
    }
}

/// A secret, by its name.
impl Index<&str> for Secrets {
    type Output = str;

    fn index(&self, name: &str) -> &str {
        let found = self.named.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("no secret is named {name}")).1
    }
}

fn compile(pattern: &str) -> Regex {
    RegexBuilder::new(pattern).size_limit(64 << 20).build().expect("the pattern is well formed")
}

/// A pattern for `chars`, unescaped or escaped for a URL, a form, HTML, JSON, a quoted cookie value or a string
/// literal. There may be any number of backslashes, because each further wrapping doubles them.
fn spellings(chars: impl Iterator<Item = char>) -> String {
    chars
        .map(|char| {
            let code = u32::from(char);
            let itself = regex::escape(&char.to_string());
            match char {
                'a'..='z' | 'A'..='Z' | '0'..='9' => itself,
                _ => format!(
                    r"(?:{itself}|%(?i:{code:02x})|\\+{code:03o}|\\+u(?i:{code:04x})|&#{code};|&#x(?i:{code:x});{})",
                    match char {
                        ' ' => r"|\+",
                        '/' => r"|\\+/",
                        _ => "",
                    }
                ),
            }
        })
        .collect()
}

fn jwt(random: &mut Random) -> String {
    let header = base64(URL_SAFE, br#"{"alg":"HS256","typ":"JWT"}"#);
    let payload = base64(
        URL_SAFE,
        format!(r#"{{"sub":"4711","jti":"{}"}}"#, base64(URL_SAFE, &random.bytes(9))).as_bytes(),
    );
    format!("{header}.{payload}.{}", base64(URL_SAFE, &random.bytes(32)))
}

impl Random {
    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| (self.next() >> 32) as u8).collect()
    }
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// RFC 4648, without padding.
fn base64(alphabet: &[u8; 64], bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, &byte| group << 8 | u32::from(byte))
            << (8 * (3 - chunk.len()));
        for position in 0..=chunk.len() {
            text.push(char::from(alphabet[(group >> (18 - 6 * position) & 63) as usize]));
        }
    }
    text
}
