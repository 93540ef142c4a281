//! Self-identifying tokens, whose form is defined by their provider and unique.
//!
//! The forms are data, one paragraph each in `forms.txt`, sorted by provider and name. Before the paragraphs there may be
//! parts of shapes, `{NAME}` and a regular expression, one per line. A paragraph starts with `PROVIDER: NAME`; below it,
//! indented, are
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
    pub shape: Cow<'static, str>,
    /// Whether a match begins with a word before the secret, and not with the token.
    pub word: bool,
    /// The most bytes from the start of a match to the position of its key.
    pub before: usize,
    pub tail: Option<Tail>,
    pub checks: Vec<Check>,
    /// Words in lower case, of which one has to precede the token.
    pub near: Vec<&'static str>,
}

/// A form in its table. Each start of the program needs the keys of all forms; the rest of a form is read when a key of it
/// is first met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    title: &'static str,
    rows: &'static str,
    /// The head of the table, with the parts of shapes.
    head: &'static str,
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
pub(crate) fn forms() -> &'static [Entry] {
    static FORMS: OnceLock<Vec<Entry>> = OnceLock::new();
    FORMS.get_or_init(|| entries(include_str!("forms.txt")))
}

/// Passwords in commands and connection strings, in the same format.
pub(crate) fn commands() -> &'static [Entry] {
    static COMMANDS: OnceLock<Vec<Entry>> = OnceLock::new();
    COMMANDS.get_or_init(|| entries(include_str!("commands.txt")))
}

/// Splits a table into its paragraphs. A test reads the built-in tables, and an error in one panics.
fn entries(table: &'static str) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(table.len() / 256);
    let (mut head, mut start) = ("", 0);
    let ends = memchr::memmem::find_iter(table.as_bytes(), b"\n\n").chain([table.len()]);
    for end in ends {
        let paragraph = &table[start..end];
        start = table.len().min(end + 2);
        match paragraph.as_bytes()[0] {
            b'#' => {}
            b'{' => head = paragraph,
            _ => {
                let newline = memchr::memchr(b'\n', paragraph.as_bytes());
                let (title, rows) = paragraph.split_at(newline.expect("rows below a title"));
                entries.push(Entry { title, rows: &rows[1..], head });
            }
        }
    }
    entries
}

/// The width of the indentation of a row.
const INDENTATION: usize = 2;
/// The width of a row's name, including the spaces after it.
const NAME: usize = 8;

impl Entry {
    /// The provider and the name.
    pub fn title(&self) -> (&'static str, &'static str) {
        self.title.split_once(": ").expect("a test looks at that")
    }

    /// The names and values of its rows.
    fn rows(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let mut rest = self.rows;
        std::iter::from_fn(move || {
            let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            let row = rest.get(INDENTATION..end)?;
            rest = rest.get(end + 1..).unwrap_or_default();
            let (name, value) = row.split_at(NAME);
            Some((name.trim_ascii_end(), value))
        })
    }

    /// The value of the first row with this name.
    fn row(&self, wanted: &str) -> &'static str {
        let row = self.rows().find(|(name, _)| *name == wanted);
        row.expect("a test looks at that").1
    }

    /// The first of its examples. A test reads the others from the table.
    pub fn example(&self) -> &'static str {
        self.row("yes")
    }

    /// Where it is documented.
    pub fn origin(&self) -> &'static str {
        self.row("from")
    }

    /// How the scan finds it. The keys stand above the examples.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.rows().take_while(|(name, _)| *name != "yes").flat_map(|(name, value)| {
            let (offset, texts) = match name {
                "start" | "word" => (0, value),
                "inside" | "padded" | "behind" => numbered(value),
                _ => (0, ""),
            };
            let one = name == "word";
            texts.split(move |c| c == ' ' && !one).filter(|text| !text.is_empty()).map(
                move |text| match name {
                    "start" => Key::Start(text),
                    "inside" => Key::Inside(offset, text),
                    "padded" => Key::Padded(text),
                    "behind" => Key::Behind(text),
                    _ => Key::Word(text),
                },
            )
        })
    }

    /// The whole form.
    pub fn form(&self) -> Form {
        let mut form = Form::default();
        for (name, value) in self.rows() {
            match name {
                "shape" => form.shape = self.with_parts(value),
                "start" => {}
                "inside" => form.before = MAX_INSIDE,
                "padded" | "behind" => form.before = numbered(value).0,
                "before" => form.before = value.parse().expect("a number"),
                "word" => form.word = true,
                "then" => {
                    form.tail = Some(match value {
                        "word" => Tail::Word,
                        "base64" => Tail::Base64,
                        "argument" => Tail::Argument,
                        other => panic!("{other}: no tail is called that"),
                    });
                }
                "check" => form.checks.extend(value.split(' ').map(|name| match name {
                    "digit" => Check::Digit,
                    "mixed" => Check::Mixed,
                    "random" => Check::Random,
                    "unwritten" => Check::Unwritten,
                    "varied" => Check::Varied,
                    other => panic!("{other}: no check is called that"),
                })),
                "near" => form.near.extend(value.split(' ')),
                "yes" | "no" | "from" => {}
                other => panic!("{other}: no row is called that"),
            }
        }
        form
    }

    /// `shape`, with the parts in place of their names.
    fn with_parts(&self, shape: &'static str) -> Cow<'static, str> {
        let mut whole = Cow::Borrowed(shape);
        for line in self.head.lines() {
            let (name, part) = line.split_once(' ').expect("a name and a part");
            if shape.contains(name) {
                whole = whole.replace(name, part).into();
            }
        }
        whole
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
        for entry in forms().iter().chain(commands()) {
            let (name, form) = (entry.title(), entry.form());
            assert!(!entry.example().is_empty() && !entry.origin().is_empty(), "{name:?}");
            let most = form.hir().properties().maximum_len();
            assert!(most.is_some_and(|most| most < 2048), "{name:?}: {most:?}");
            assert!(entry.keys().count() > 0 && form.before <= MAX_BEFORE, "{name:?}");
            for key in entry.keys() {
                let fits = match key {
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
