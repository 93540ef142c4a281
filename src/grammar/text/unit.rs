//! One logical character, how it is written, and the quotes that close each other.

use crate::span::{Quotes, Writing};

/// The window ended before a decision was possible. The bytes from the candidate on are held, and presented again with
/// more after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct More;

/// A decision, or the need for more input.
pub(crate) type Step<T> = Result<T, More>;

/// How a character is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Enc {
    /// Not escaped.
    Raw,
    /// After this many backslashes: `\"`, `\\\"`, `\n`.
    Slash(u8),
    /// As a code after this many backslashes: `\u0022`, `\x22`, `\042`; after none, `#012`.
    Code(u8),
    /// Percent-encoded this many times: `%22`, `%2522`.
    Percent(u8),
    /// After this many backslashes, which are percent-encoded so many times: `%5C%22`, `%5Cn`.
    PercentSlash(u8, u8),
    /// As a character reference, escaped this many times: `&quot;`, `&amp;quot;`.
    Entity(u8),
    /// After this many backslashes: `\&quot;`. The depth of escaping, then the backslashes.
    EntitySlash(u8, u8),
    /// An ANSI control sequence, which is not a character.
    Ansi,
}

/// One logical character: `len` bytes that encode `ch`. Past the end of the input it is a line feed of length 0. A
/// character outside ASCII has a `ch` of 0x80 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub ch: u8,
    pub len: usize,
    pub enc: Enc,
}

impl Unit {
    /// Whether it is a newline, as a byte or as an escape.
    pub fn is_newline(self) -> bool {
        matches!(self.ch, b'\n' | b'\r') && self.enc != Enc::Ansi
    }

    /// Its depth of percent-encoding, or 0.
    pub fn level(self) -> u8 {
        match self.enc {
            Enc::Percent(level) | Enc::PercentSlash(level, _) => level,
            _ => 0,
        }
    }

    /// The quote that it opens, if it is a quote.
    pub fn quote(self) -> Option<Quote> {
        (is_quote(self.ch) && self.enc != Enc::Ansi).then_some(Quote { ch: self.ch, enc: self.enc })
    }
}

/// An opening quote: its closer is the same character, written the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    pub ch: u8,
    pub enc: Enc,
}

impl Quote {
    /// Whether `unit` closes the quote. `Some(n)` means that it does, and that its first `n` bytes are still content,
    /// because an escaped backslash precedes the closing quote.
    #[inline(always)]
    pub fn closed_by(self, unit: Unit) -> Option<usize> {
        match (self.enc, unit.enc) {
            _ if unit.ch != self.ch => None,
            (Enc::Raw, Enc::Raw) => Some(0),
            _ => self.closed_by_same(unit),
        }
    }

    /// [`Quote::closed_by`] for a unit with the same character.
    fn closed_by_same(self, unit: Unit) -> Option<usize> {
        let same = |inner: bool| if inner { Some(0) } else { None };
        match (self.enc, unit.enc) {
            (_, Enc::Ansi) => None,
            // The level of nesting determines the number of backslashes, n. With fewer, a string around this one ends.
            // With more, it is content, unless the surplus consists of whole escaped backslashes of this level, 2 (n +
            // 1) each.
            (Enc::Raw | Enc::Slash(_), Enc::Raw | Enc::Slash(_)) => surplus(self.enc, unit.enc),
            (Enc::Raw | Enc::Slash(_), _) => None,
            (Enc::Code(n), Enc::Code(m)) => same(m <= n),
            (Enc::Percent(n), Enc::Percent(m)) => same(m <= n),
            (Enc::PercentSlash(n, _), Enc::Percent(m)) => same(m <= n),
            (Enc::PercentSlash(n, k), Enc::PercentSlash(m, j)) => same(m <= n && j <= k),
            (Enc::Entity(n) | Enc::EntitySlash(n, _), Enc::Entity(m) | Enc::EntitySlash(m, _)) => {
                if m <= n {
                    surplus(self.enc, unit.enc)
                } else {
                    None
                }
            }
            (_, Enc::Raw) => Some(0),
            _ => None,
        }
    }

    /// Quotes of the same kind, to write around a replacement.
    pub fn written(self) -> Quotes {
        let (writing, slashes) = match self.enc {
            Enc::Raw | Enc::Ansi => (Writing::Plain, 0),
            Enc::Slash(slashes) => (Writing::Plain, slashes),
            Enc::Code(slashes) => (Writing::Code, slashes),
            Enc::Percent(level) => (Writing::Percent(level), 0),
            Enc::PercentSlash(level, slashes) => (Writing::Percent(level), slashes),
            Enc::Entity(level) => (Writing::Entity(level), 0),
            Enc::EntitySlash(level, slashes) => (Writing::Entity(level), slashes),
        };
        Quotes { ch: self.ch, writing, slashes }
    }

    /// The depth of percent-encoding of the quoted text.
    pub fn level(self) -> u8 {
        match self.enc {
            Enc::Percent(level) | Enc::PercentSlash(level, _) => level,
            _ => 0,
        }
    }
}

fn slashes(enc: Enc) -> usize {
    match enc {
        Enc::Slash(n) | Enc::Code(n) | Enc::EntitySlash(_, n) => usize::from(n),
        _ => 0,
    }
}

/// How many backslashes before a quote are content, if a quote like `open` opened the string. `None` if the quote is
/// content too.
pub(super) fn surplus(open: Enc, close: Enc) -> Option<usize> {
    let (n, m) = (slashes(open), slashes(close));
    let surplus = m.saturating_sub(n);
    (surplus % (2 * (n + 1)) == 0).then_some(surplus)
}

pub(crate) fn is_quote(ch: u8) -> bool {
    matches!(ch, b'"' | b'\'' | b'`')
}

pub(crate) fn is_blank(ch: u8) -> bool {
    matches!(ch, b' ' | b'\t')
}

/// A byte of a key: `access_token`, `X-Api-Key`.
#[inline(always)]
pub(crate) fn is_name(ch: u8) -> bool {
    NAME[usize::from(ch)]
}

static NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut k = 0;
    while k < 256 {
        let ch = k as u8;
        table[k] = ch.is_ascii_alphanumeric() || matches!(ch, b'_' | b'-');
        k += 1;
    }
    table
};

/// The value of a hexadecimal digit.
pub(crate) fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
