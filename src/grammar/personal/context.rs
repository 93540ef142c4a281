//! The text before a number that says what the number is: a name, a word, a mark.

use crate::grammar::text::lex::{Text, Unit, is_name};

/// The most characters of a name that are looked at.
const MAX_NAME: usize = 24;
/// The most characters between a name and its value: `": "`, `\": \"`.
const MAX_BETWEEN: usize = 6;
/// How far back a replacement's opening bracket may be, in bytes.
const MAX_MARK: usize = 64;
/// What a replacement begins with.
const MARK: &[u8] = b"[REDACTED";

/// The name or word before a value.
pub(super) struct Name {
    bytes: [u8; MAX_NAME],
    len: usize,
}

impl Name {
    /// The name before the value at `at`, past quotes, blanks and what separates the two.
    pub fn before(text: &Text, at: usize) -> Name {
        Name::further_before(text, at, 0)
    }

    /// The name before what ends `skip` bytes before `at`.
    pub fn further_before(text: &Text, at: usize, skip: usize) -> Name {
        let (mut skip, mut between) = (skip, 0);
        let mut unit = text.unit_before(at, skip);
        while between < MAX_BETWEEN && b" \t\"':=>([".contains(&unit.ch) {
            (skip, between) = (skip + unit.len, between + 1);
            unit = text.unit_before(at, skip);
        }
        let mut name = Name { bytes: [0; MAX_NAME], len: 0 };
        while name.len < MAX_NAME && is_name(unit.ch) {
            name.len += 1;
            name.bytes[MAX_NAME - name.len] = unit.ch;
            skip += unit.len;
            unit = text.unit_before(at, skip);
        }
        name
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[MAX_NAME - self.len..]
    }

    fn is(&self, word: &str) -> bool {
        self.as_bytes().eq_ignore_ascii_case(word.as_bytes())
    }

    fn ends(&self, word: &str) -> bool {
        let name = self.as_bytes();
        name.len() >= word.len()
            && name[name.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
    }

    /// Whether what follows numbers a release, a part of a document or a node of a tree.
    pub fn is_version(&self) -> bool {
        ["v", "ver", "rev", "oid", "sec", "step", "item", "table", "figure"]
            .iter()
            .any(|word| self.is(word))
            || ["version", "release", "build", "revision", "section", "chapter", "firmware"]
                .iter()
                .any(|word| self.ends(word))
    }

    /// Whether what follows identifies or counts something, or is a time.
    pub fn is_id(&self) -> bool {
        let name = self.as_bytes();
        ["id", "ts"].iter().any(|word| self.is(word))
            || ["Id", "ID"].iter().any(|end| name.ends_with(end.as_bytes()))
            || [
                "_id",
                "-id",
                "_ts",
                "timestamp",
                "time",
                "offset",
                "sequence",
                "seq",
                "nonce",
                "cursor",
            ]
            .iter()
            .chain(&["hash", "checksum", "build", "version", "serial", "sku", "part", "size"])
            .any(|end| self.ends(end))
    }

    /// Whether what follows is the number of a card.
    pub fn is_card(&self) -> bool {
        ["card", "cardnumber", "card_number", "card-number", "pan", "ccnumber", "cc"]
            .iter()
            .any(|end| self.ends(end))
    }

    /// Whether what follows is a social security number.
    pub fn is_ssn(&self) -> bool {
        ["ssn", "socialsecurity", "social_security", "social-security"]
            .iter()
            .chain(&["socialsecuritynumber", "social_security_number", "social-security-number"])
            .any(|end| self.ends(end))
    }

    /// Whether what follows identifies a message.
    pub fn is_message_id(&self) -> bool {
        ["message-id", "messageid", "message_id", "msgid", "in-reply-to", "references"]
            .iter()
            .any(|word| self.ends(word))
    }
}

/// Whether the character may be part of a number, a name or a word around one.
pub(super) fn is_word(ch: u8) -> bool {
    ch.is_ascii_alphanumeric() || ch == b'_' || ch >= 0x80
}

/// Whether a number may start at `at`: not after a word, not after digits and a point, not after a word and a hyphen.
pub(super) fn starts(text: &Text, at: usize) -> bool {
    let last = text.unit_before(at, 0);
    if is_word(last.ch) {
        return false;
    }
    let second = || text.unit_before(at, last.len).ch;
    match last.ch {
        b'.' | b',' => !second().is_ascii_digit(),
        b'-' => !is_word(second()),
        _ => true,
    }
}

/// Whether a number may end before `unit`, which `next` follows: no word follows, and no further digits.
pub(super) fn ends(unit: Unit, next: u8) -> bool {
    match unit.ch {
        ch if is_word(ch) => false,
        b'.' | b',' => !next.is_ascii_digit(),
        b'-' => !is_word(next),
        _ => true,
    }
}

/// Whether `at` is inside of a replacement, as redactors write them.
pub(super) fn is_in_mark(text: &Text, at: usize) -> bool {
    let open = (1..=MAX_MARK).find(|k| matches!(text.before(at, *k), b'[' | b']' | b'\n'));
    open.is_some_and(|back| {
        back >= MARK.len()
            && MARK.iter().enumerate().all(|(k, want)| text.before(at, back - k) == *want)
    })
}
