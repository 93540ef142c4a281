//! Self-identifying tokens, whose form is defined by their provider and unique.
//!
//! The forms are data, one paragraph each in `forms.txt`, sorted by provider and name. A paragraph starts with
//! `PROVIDER: NAME`; below it, indented, are
//!
//! Before the paragraphs there may be parts of shapes, `{NAME}` and a regular expression, one per line.
//!
//! - `shape`, a regular expression of the token. Its length is bounded. A group `secret` says which part of the match is
//!   the secret. Characters that URLs and JSON escape (`+ / = : | ! $ @ ~ ? ,`) match in their escapes as well.
//! - one of `start`, `inside`, `padded`, `behind`, `word`: how the scan finds it. `start` lists prefixes of the token
//!   (three bytes or more). `inside N TEXT` is a text after its first N letters and digits. `padded N TEXT` is a text
//!   ten bytes before its padding, `=`. `behind N TEXT...` lists texts with a special character in them; at most N
//!   bytes of the match precede that character (N means the same for `padded`). After it, `?` matches any character.
//!   `word` is a word before the token that is part of the shape, at its start or, with `before N`, after at most N
//!   bytes of it.
//! - `then`, the characters with which the token may continue after the shape: `word` (letters, digits, `-`, `_`),
//!   `base64` (also `+`, `/`, `=`) or `argument` (the rest of a shell word). Without it, a letter or digit after the
//!   match means that it is something else.
//! - `check`, further conditions, see [`Check`]; `near`, words of which one has to precede the token.
//! - `yes`, an example with `«»` around the secret; `no`, a line in which nothing is found; `from`, where the form is
//!   documented.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::grammar::value::writing::is_written;

/// The form of a token.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub provider: &'static str,
    pub name: &'static str,
    pub shape: Cow<'static, str>,
    pub keys: Vec<Key>,
    /// The most bytes from the start of a match to the position of its key.
    pub before: usize,
    pub tail: Option<Tail>,
    pub checks: Vec<Check>,
    /// Words in lower case, of which one has to precede the token.
    pub near: Vec<&'static str>,
    /// The first of the examples. A test reads the others from the table.
    pub example: &'static str,
    pub origin: &'static str,
}

/// How the scan finds a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// By a prefix.
    Start(&'static str),
    /// By a text after this many letters and digits.
    Inside(usize, &'static str),
    /// By a text ten bytes before its padding.
    Padded(&'static str),
    /// By a text with a special character in it.
    Behind(&'static str),
    /// By a word before the token.
    Word(&'static str),
}

/// The characters with which a token may continue after its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Letters, digits, `-`, `_`.
    Word,
    /// The same, and `+`, `/`, `=`.
    Base64,
    /// Everything except spaces, quotes and the characters that end a shell word.
    Argument,
}

/// A condition on a token in addition to its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// It has a digit.
    Digit,
    /// It has letters of both cases, and the case changes too often for words.
    Mixed,
    /// The same, and a digit or two capitals in a row, which names in camel case rarely have.
    Random,
    /// Its letters do not form words.
    Unwritten,
    /// It has a letter and a digit, or a character that words, numbers and paths do not have.
    Varied,
}

/// The most bytes of a match before the position of its key.
pub(crate) const MAX_BEFORE: usize = 256;

/// The same for a key after letters and digits.
const MAX_INSIDE: usize = 96;

/// How many bytes at the end of a text may belong to a token that is not recognised yet.
pub(crate) const MAX_WAIT: usize = MAX_BEFORE + 8;

/// The forms, sorted by provider and name.
pub(crate) fn forms() -> &'static [Form] {
    static FORMS: OnceLock<Vec<Form>> = OnceLock::new();
    FORMS.get_or_init(|| parse(include_str!("forms.txt")))
}

/// Passwords in commands and connection strings, in the same format.
pub(crate) fn commands() -> &'static [Form] {
    static COMMANDS: OnceLock<Vec<Form>> = OnceLock::new();
    COMMANDS.get_or_init(|| parse(include_str!("commands.txt")))
}

/// Parses a table. A test parses the built-in tables, and an error in one panics.
fn parse(table: &'static str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::with_capacity(table.len() / 256);
    let mut parts: Vec<(&str, &str)> = Vec::new();
    let mut rest = table;
    while let Some(end) = memchr::memchr(b'\n', rest.as_bytes()) {
        let line = &rest[..end];
        rest = &rest[end + 1..];
        let Some(field) = line.strip_prefix("  ") else {
            if line.starts_with('{') {
                parts.push(line.split_once(' ').expect("a name and a part"));
                continue;
            }
            if let Some((provider, name)) = line.split_once(": ").filter(|_| !line.starts_with('#'))
            {
                forms.push(Form { provider, name, ..Form::default() });
            }
            continue;
        };
        let form = forms.last_mut().expect("a field belongs to a form");
        let (field, value) = field.split_at(FIELD);
        form.set(field.trim_ascii_end(), value);
        if field.starts_with("shape") && has_part(value) {
            form.shape = with_parts(value, &parts);
        }
    }
    forms
}

/// Whether the name of a part may be in `shape`. Most braces have a count in them.
fn has_part(shape: &str) -> bool {
    shape.as_bytes().windows(2).any(|two| two[0] == b'{' && two[1].is_ascii_alphabetic())
}

/// `shape`, with the parts in place of their names.
fn with_parts(shape: &'static str, parts: &[(&str, &str)]) -> Cow<'static, str> {
    let mut whole = Cow::Borrowed(shape);
    for (name, part) in parts {
        if shape.contains(name) {
            whole = whole.replace(name, part).into();
        }
    }
    whole
}

/// The width of a field's name, including the spaces after it.
const FIELD: usize = 8;

impl Form {
    /// Whether a match begins with a word before the secret, and not with the token.
    pub fn has_leading_word(&self) -> bool {
        self.keys.iter().any(|key| matches!(key, Key::Word(_)))
    }

    fn set(&mut self, field: &str, value: &'static str) {
        match field {
            "shape" => self.shape = value.into(),
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
                "random" => Check::Random,
                "unwritten" => Check::Unwritten,
                "varied" => Check::Varied,
                other => panic!("{other}: no check is called that"),
            })),
            "near" => self.near.extend(value.split(' ')),
            "yes" if self.example.is_empty() => self.example = value,
            "yes" | "no" => {}
            "from" => self.origin = value,
            other => panic!("{other}: no field is called that"),
        }
    }
}

/// A number, and the text after it.
fn numbered(value: &'static str) -> (usize, &'static str) {
    let (number, rest) = value.split_once(' ').expect("a number and a text");
    (number.parse().expect("a number"), rest)
}

impl Check {
    /// Whether the condition holds for `token`.
    pub fn holds(self, token: &[u8]) -> bool {
        let digit = || token.iter().any(u8::is_ascii_digit);
        let capitals = || token.windows(2).any(|two| two.iter().all(u8::is_ascii_uppercase));
        match self {
            Check::Digit => digit(),
            Check::Mixed => is_mixed(token),
            Check::Random => is_mixed(token) && (digit() || capitals()),
            Check::Unwritten => !is_written(token),
            Check::Varied => {
                digit() && token.iter().any(u8::is_ascii_alphabetic)
                    || token.iter().any(|byte| b"!@#$%^&*+=~?".contains(byte))
                        && token.iter().any(u8::is_ascii_alphanumeric)
            }
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
        && changes * 7 >= token.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_tell_tokens_from_names() {
        let holds = |check: Check, token: &str| check.holds(token.as_bytes());
        assert!(holds(Check::Mixed, "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"));
        assert!(!holds(Check::Mixed, "npm_lifecycle_event"));
        assert!(holds(Check::Random, "md-QvbnXkTqLRtWfmPzHdJnBk"));
        assert!(!holds(Check::Random, "md-DialogContainerComponent"));
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
