//! Styles: what the user wants in place of a secret, and the key of pseudonyms.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::rules::ruleset::Ruleset;
use crate::span::RuleId;

/// What replaces a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// `[REDACTED]`.
    #[default]
    Fixed,
    /// A custom text, the same for every secret.
    Text(Text),
    /// `[REDACTED:jwt]`, with the name of the rule that found the secret.
    Label,
    /// One `*` per byte of the secret, so that the text after it stays in its column.
    Mask,
    /// `[REDACTED:...wxyz]`: the last four characters of a secret of at least twenty characters. A shorter one is
    /// replaced as by [`Fixed`](Style::Fixed). An IP address keeps its network: the first 24 bits of IPv4, the first 48
    /// of IPv6, and zeros after them.
    Partial,
    /// `[REDACTED:abcd...wxyz]`: the first and the last characters of a secret that is at least five times as long as
    /// the part shown. A shorter one is replaced as by [`Fixed`](Style::Fixed).
    Ends(Ends),
    /// `[REDACTED:jwt:9f86d081]`: a keyed pseudonym. The same secret has the same pseudonym in every line and under
    /// every escape. Without the key it reveals nothing about the secret.
    Hmac(Key),
}

/// How many characters of a secret are shown at its start and at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    first: u8,
    last: u8,
}

impl Ends {
    /// The most characters that can be shown at either end.
    pub const MAX: u8 = 8;

    /// The last four characters, as [`Style::Partial`] shows them.
    pub const LAST_FOUR: Ends = Ends { first: 0, last: 4 };

    /// Shows `first` characters at the start and `last` at the end. `None` if both are 0, or either exceeds
    /// [`Ends::MAX`].
    pub fn new(first: u8, last: u8) -> Option<Ends> {
        let fits = first <= Ends::MAX && last <= Ends::MAX && first + last > 0;
        fits.then_some(Ends { first, last })
    }

    /// How many are shown at the start.
    pub fn first(self) -> usize {
        usize::from(self.first)
    }

    /// How many are shown at the end.
    pub fn last(self) -> usize {
        usize::from(self.last)
    }
}

/// How much of a JSON Web Token is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepJwt {
    /// Nothing.
    #[default]
    Nothing,
    /// The header, which names the algorithm and the key but no user.
    Header,
    /// Header and payload; the signature is replaced. A token without its signature is not accepted anywhere, but the
    /// payload names the user, and whatever else the issuer put there stays in the log. Of an encrypted token (JWE)
    /// only the header is kept.
    Payload,
}

/// A style for each rule.
///
/// ```
/// use blackbar::{Redactor, Ruleset, Style, Styles};
///
/// let rules = Ruleset::standard();
/// let cookie = rules.find("cookie").expect("the set has this rule");
/// let styles = Styles::new(Style::Fixed).with(cookie, Style::Label);
/// let mut redactor = Redactor::styled(&rules, &styles);
/// let mut out = Vec::new();
/// redactor.push(b"Cookie: sid=31d4d96e407aad42\n", &mut out);
/// redactor.finish(&mut out);
/// assert_eq!(out, b"Cookie: sid=[REDACTED:cookie]\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Styles {
    every: Style,
    /// Exceptions. The last one for a rule applies.
    by_rule: Vec<(RuleId, Style)>,
    jwt: KeepJwt,
    highlight: bool,
}

impl Styles {
    /// One style for every rule.
    pub fn new(every: Style) -> Styles {
        Styles { every, ..Styles::default() }
    }

    /// The same styles, except that `rule` has `style`.
    pub fn with(mut self, rule: RuleId, style: Style) -> Styles {
        self.by_rule.push((rule, style));
        self
    }

    /// The same styles. If `keep`, a JWT's header is kept; it names the algorithm and the key but no user.
    pub fn keep_jwt_header(self, keep: bool) -> Styles {
        self.keep_jwt(if keep { KeepJwt::Header } else { KeepJwt::Nothing })
    }

    /// The same styles, keeping `part` of a JWT.
    pub fn keep_jwt(mut self, part: KeepJwt) -> Styles {
        self.jwt = part;
        self
    }

    /// Which part of a JWT is kept.
    pub fn kept_of_jwt(&self) -> KeepJwt {
        self.jwt
    }

    /// The same styles. If `highlight`, each replacement is shown in reverse video, for a terminal that supports it.
    pub fn highlight(mut self, highlight: bool) -> Styles {
        self.highlight = highlight;
        self
    }

    /// Whether replacements are highlighted.
    pub fn highlights(&self) -> bool {
        self.highlight
    }

    /// The style of `rule`.
    pub fn of(&self, rule: RuleId) -> &Style {
        self.by_rule
            .iter()
            .rev()
            .find_map(|(id, style)| (*id == rule).then_some(style))
            .unwrap_or(&self.every)
    }

    /// Whether any rule of `rules` has a pseudonym.
    pub fn has_pseudonyms(&self, rules: &Ruleset) -> bool {
        rules.ids().any(|rule| matches!(self.of(rule), Style::Hmac(_)))
    }
}

/// A custom replacement.
///
/// It is one word without characters that any format escapes or splits at, so that what parsed before still parses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// The longest text, in bytes. A longer one would not be recognised as a replacement.
    pub const MAX: usize = 64;

    /// Checks that `text` can replace a secret in any format.
    ///
    /// # Errors
    ///
    /// [`BadText`] if the text could end the value that it is part of, or start another.
    pub fn new(text: &str) -> Result<Text, BadText> {
        if text.is_empty() {
            return Err(BadText::Empty);
        }
        if text.len() > Text::MAX {
            return Err(BadText::Long);
        }
        match text
            .chars()
            .find(|c| c.is_control() || c.is_whitespace() || "\"'`\\,;&%".contains(*c))
        {
            Some(c) => Err(BadText::Character(c)),
            None => Ok(Text(text.to_owned())),
        }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text cannot replace a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadText {
    /// It is empty.
    Empty,
    /// It is longer than [`Text::MAX`].
    Long,
    /// A quote, whitespace or another character that has a meaning in some log format.
    Character(char),
}

impl fmt::Display for BadText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadText::Empty => f.write_str("a replacement needs at least one character"),
            BadText::Long => write!(f, "a replacement has at most {} bytes", Text::MAX),
            BadText::Character(c) if c.is_whitespace() => {
                f.write_str("whitespace would end a token; use _ or - instead")
            }
            BadText::Character(c) => write!(
                f,
                "{} has a meaning in log formats; use letters, digits, brackets or *",
                c.escape_debug()
            ),
        }
    }
}

impl std::error::Error for BadText {}

/// The key of pseudonyms, and the length of pseudonyms. `Debug` does not show it.
#[derive(Clone)]
pub struct Key {
    hmac: Hmac<Sha256>,
    digits: usize,
}

impl Key {
    /// The fewest bytes of a key: 128 bits, so that keys cannot be guessed by trial.
    pub const MIN: usize = 16;

    /// The fewest hexadecimal digits of a pseudonym, and the default. They are few enough to be read aloud. Among a
    /// thousand secrets, two share a pseudonym by chance in one of ten thousand logs.
    pub const DIGITS_MIN: usize = 8;

    /// The most hexadecimal digits of a pseudonym: 128 bits, so that no two secrets share one.
    pub const DIGITS_MAX: usize = 32;

    /// A key of at least [`Key::MIN`] bytes.
    ///
    /// # Errors
    ///
    /// [`ShortKey`] if there are fewer.
    pub fn new(bytes: &[u8]) -> Result<Key, ShortKey> {
        if bytes.len() < Key::MIN {
            return Err(ShortKey { len: bytes.len() });
        }
        // RFC 2104 accepts a key of any length.
        match Hmac::new_from_slice(bytes) {
            Ok(hmac) => Ok(Key { hmac, digits: Key::DIGITS_MIN }),
            Err(_) => Err(ShortKey { len: bytes.len() }),
        }
    }

    /// The same key for pseudonyms of `digits` hexadecimal digits, clamped to [`Key::DIGITS_MIN`] and
    /// [`Key::DIGITS_MAX`]. A shorter pseudonym is a prefix of a longer one. A rule name of more than 20 bytes leaves
    /// room for fewer digits.
    pub fn with_digits(self, digits: usize) -> Key {
        Key { digits: digits.clamp(Key::DIGITS_MIN, Key::DIGITS_MAX), ..self }
    }

    /// The number of digits of a pseudonym.
    pub fn digits(&self) -> usize {
        self.digits
    }

    /// Starts a pseudonym.
    pub(crate) fn digest(&self) -> Digest {
        Digest(self.hmac.clone())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl PartialEq for Key {
    /// Whether both give the same pseudonyms.
    fn eq(&self, other: &Key) -> bool {
        self.digits == other.digits && self.digest().finish() == other.digest().finish()
    }
}

impl Eq for Key {}

/// The error of a key with too few bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShortKey {
    /// Its length in bytes.
    pub len: usize,
}

impl fmt::Display for ShortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the key has {} bytes and needs at least {}", self.len, Key::MIN)
    }
}

impl std::error::Error for ShortKey {}

/// A pseudonym that is being computed.
#[derive(Clone)]
pub(crate) struct Digest(Hmac<Sha256>);

impl Digest {
    /// Takes the next characters of the secret.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The longest pseudonym: the first half of the digest, in hexadecimal.
    pub(crate) fn finish(self) -> [u8; Key::DIGITS_MAX] {
        let bytes = self.0.finalize().into_bytes();
        let mut text = [0; Key::DIGITS_MAX];
        for (pair, byte) in text.chunks_exact_mut(2).zip(&bytes) {
            pair[0] = b"0123456789abcdef"[usize::from(byte >> 4)];
            pair[1] = b"0123456789abcdef"[usize::from(byte & 15)];
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_is_the_start_of_hmac_sha_256() {
        // RFC 4231, test case 2, has a key that is too short here; case 1 has one of twenty bytes.
        let mut digest = Key::new(&[0x0b; 20]).unwrap().digest();
        digest.update(b"Hi ");
        digest.update(b"There");
        assert_eq!(&digest.finish(), b"b0344c61d8db38535ca8afceaf0bf12b");
    }

    #[test]
    fn keys_are_long_and_never_shown() {
        assert_eq!(Key::new(b"hunter2").unwrap_err(), ShortKey { len: 7 });
        let key = Key::new(b"hunter2hunter2hunter2").unwrap();
        assert_eq!(key.clone().with_digits(12).digits(), 12);
        assert_eq!(format!("{key:?}"), "Key(..)");
        assert_eq!(format!("{:?}", Style::Hmac(key)), "Hmac(Key(..))");
    }

    #[test]
    fn texts_are_words() {
        for good in ["[gone]", "XXXX", "<masked>", "***", "█████"] {
            assert!(Text::new(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a\n", "\"", "a'", "a\\b", "a;b", "a,b", "a&b", "%s"] {
            assert!(Text::new(bad).is_err(), "{bad:?}");
        }
        assert!(Text::new(&"x".repeat(65)).is_err());
    }
}
