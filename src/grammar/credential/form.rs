//! Self-identifying tokens: those whose providers gave them a form that nothing else has.
//!
//! The forms are data, one paragraph each in `forms.txt`, sorted by provider and name. A paragraph starts with
//! `PROVIDER: NAME`; below it, indented, are
//!
//! - `shape`, a regular expression of the token. Its length is bounded. A group `secret` says which part of the match is
//!   the secret. Characters that URLs and JSON escape (`+ / = : | ! $ @ ~ ?`) match in their escapes as well.
//! - one of `start`, `inside`, `padded`, `behind`, `word`, which say how the scan comes upon it: `start` lists what the
//!   token begins with (three bytes or more); `inside N TEXT` says what stands behind its first N letters and digits;
//!   `padded N TEXT` what stands ten bytes before its padding, `=`; `behind N TEXT...` lists texts with a mark in them
//!   and says how many bytes of the match stand before the mark, at most (N, for `padded` too); `word` is a word that
//!   stands before the token and is part of the shape, or with `before N`, behind at most N bytes of it.
//! - `then`, what the token may go on with behind the shape: `word` (letters, digits, `-`, `_`), `base64` (also `+`, `/`,
//!   `=`) or `argument` (whatever a shell takes for a part of a word). Without it a letter or digit behind the match means that it is something else.
//! - `check`, names of what else has to hold, see [`Check`]; `near`, words of which one has to stand before the token.
//! - `yes`, an example with `«»` around the secret; `no`, a line in which nothing is found; `from`, where the form is
//!   documented.

use std::sync::OnceLock;

/// The form of a token.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub provider: &'static str,
    pub name: &'static str,
    pub shape: &'static str,
    pub keys: Vec<Key>,
    /// The most bytes from a match's start to the place that its key is found at.
    pub before: usize,
    pub tail: Option<Tail>,
    pub checks: Vec<Check>,
    /// Words in lower case, of which one has to stand before the token.
    pub near: Vec<&'static str>,
    pub examples: Vec<&'static str>,
    pub counter_examples: Vec<&'static str>,
    pub origin: &'static str,
}

/// How the scan comes upon a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// It begins so.
    Start(&'static str),
    /// This stands behind as many letters and digits.
    Inside(usize, &'static str),
    /// This stands ten bytes before its padding.
    Padded(&'static str),
    /// This text, which has a mark in it, is part of it.
    Behind(&'static str),
    /// This word stands before it.
    Word(&'static str),
}

/// What a token goes on with behind its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Letters, digits, `-`, `_`.
    Word,
    /// The same, and `+`, `/`, `=`.
    Base64,
    /// All but blanks, quotes and what ends a shell's word.
    Argument,
}

/// What has to hold for a token beside its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// It has a digit.
    Digit,
    /// It has letters of both cases, and changes between them often enough not to be words.
    Mixed,
    /// Its last six characters are the CRC-32 of the thirty before them, in base 62.
    Github,
}

/// The most bytes of a match before the place that its key is found at.
pub(crate) const MAX_BEFORE: usize = 256;

/// The same for a key behind letters and digits.
const MAX_INSIDE: usize = 96;

/// What the end of a text may hold of a token before it is clear that it is one.
pub(crate) const MAX_WAIT: usize = MAX_BEFORE + 8;

/// The forms, sorted by provider and name.
pub(crate) fn forms() -> &'static [Form] {
    static FORMS: OnceLock<Vec<Form>> = OnceLock::new();
    FORMS.get_or_init(|| parse(include_str!("forms.txt")))
}

/// Passwords that commands and connection strings have, in the same format.
pub(crate) fn commands() -> &'static [Form] {
    static COMMANDS: OnceLock<Vec<Form>> = OnceLock::new();
    COMMANDS.get_or_init(|| parse(include_str!("commands.txt")))
}

/// Reads a table. A test reads the one that there is, and what is wrong in it panics.
fn parse(table: &'static str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::with_capacity(table.len() / 256);
    let mut rest = table;
    while let Some(end) = memchr::memchr(b'\n', rest.as_bytes()) {
        let line = &rest[..end];
        rest = &rest[end + 1..];
        let Some(field) = line.strip_prefix("  ") else {
            if let Some((provider, name)) = line.split_once(": ").filter(|_| !line.starts_with('#'))
            {
                forms.push(Form { provider, name, ..Form::default() });
            }
            continue;
        };
        let form = forms.last_mut().expect("a field belongs to a form");
        let (field, value) = field.split_at(FIELD);
        form.set(field.trim_ascii_end(), value);
    }
    forms
}

/// The width of a field's name, with the blanks behind it.
const FIELD: usize = 8;

impl Form {
    /// Whether a match begins with what leads to the secret, and not with a token.
    pub fn is_led_to(&self) -> bool {
        self.keys.iter().any(|key| matches!(key, Key::Word(_)))
    }

    fn set(&mut self, field: &str, value: &'static str) {
        match field {
            "shape" => self.shape = value,
            "start" => self.keys.extend(value.split(' ').map(Key::Start)),
            "inside" => {
                let (offset, text) = numbered(value);
                self.before = MAX_INSIDE;
                self.keys.push(Key::Inside(offset, text));
            }
            "padded" => {
                let (before, text) = numbered(value);
                self.before = before;
                self.keys.push(Key::Padded(text));
            }
            "behind" => {
                let (before, texts) = numbered(value);
                self.before = before;
                self.keys.extend(texts.split(' ').map(Key::Behind));
            }
            "before" => self.before = value.parse().expect("a number"),
            "word" => self.keys.push(Key::Word(value)),
            "then" => {
                self.tail = Some(match value {
                    "word" => Tail::Word,
                    "base64" => Tail::Base64,
                    "argument" => Tail::Argument,
                    other => panic!("{other}: no tail is called that"),
                });
            }
            "check" => self.checks.extend(value.split(' ').map(|name| match name {
                "digit" => Check::Digit,
                "mixed" => Check::Mixed,
                "github" => Check::Github,
                other => panic!("{other}: no check is called that"),
            })),
            "near" => self.near.extend(value.split(' ')),
            "yes" => self.examples.push(value),
            "no" => self.counter_examples.push(value),
            "from" => self.origin = value,
            other => panic!("{other}: no field is called that"),
        }
    }
}

/// A number, and what stands behind it.
fn numbered(value: &'static str) -> (usize, &'static str) {
    let (number, rest) = value.split_once(' ').expect("a number and a text");
    (number.parse().expect("a number"), rest)
}

impl Check {
    /// Whether it holds for `token`. One that goes on is of a form that is not known, and its checksum says nothing.
    pub fn holds(self, token: &[u8], goes_on: bool) -> bool {
        match self {
            Check::Digit => token.iter().any(u8::is_ascii_digit),
            Check::Mixed => is_mixed(token),
            Check::Github => goes_on || has_checksum(token),
        }
    }
}

fn is_mixed(token: &[u8]) -> bool {
    let changes = token
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() != pair[1].is_ascii_lowercase())
        .count();
    token.iter().any(u8::is_ascii_uppercase)
        && token.iter().any(u8::is_ascii_lowercase)
        && changes * 5 >= token.len()
}

fn has_checksum(token: &[u8]) -> bool {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let Some((random, checksum)) = token.len().checked_sub(6).map(|at| token.split_at(at)) else {
        return true;
    };
    let Some((_, random)) = random.split_at_checked(4) else { return true };
    let value = checksum.iter().try_fold(0u64, |value, byte| {
        Some(value * 62 + DIGITS.iter().position(|digit| digit == byte)? as u64)
    });
    value == Some(u64::from(crc32(random)))
}

/// CRC-32 (ISO 3309), bit by bit: it is of a few dozen bytes.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_tells_a_token_from_a_lookalike() {
        let holds = |token: &str, goes_on| Check::Github.holds(token.as_bytes(), goes_on);
        assert!(holds("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", false));
        assert!(!holds("ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkK0mLq17", false));
        assert!(holds("ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkK0mLq17", true));
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn every_form_is_bounded_and_looked_for() {
        for form in forms().iter().chain(commands()) {
            let name = (form.provider, form.name);
            let most = form.hir().properties().maximum_len();
            assert!(most.is_some_and(|most| most < 2048), "{name:?}: {most:?}");
            assert!(!form.keys.is_empty() && form.before <= MAX_BEFORE, "{name:?}");
            for key in &form.keys {
                let fits = match *key {
                    Key::Start(text) => text.len() >= 3,
                    Key::Inside(offset, _) => offset < MAX_INSIDE,
                    Key::Padded(text) => text.len() == 4,
                    Key::Behind(text) => text.bytes().any(|byte| !byte.is_ascii_alphanumeric()),
                    Key::Word(word) => word.len() >= 4,
                };
                assert!(fits, "{name:?}: {key:?}");
            }
        }
    }
}
