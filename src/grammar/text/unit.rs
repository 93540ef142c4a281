//! One logical character, how it is written, and the quotes that close each other.

use crate::span::{Quotes, Writing};

/// The window ended before a decision could be made; the bytes from the candidate on are
/// held and presented again with more behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct More;

/// A decision, or the need for more input.
pub(crate) type Step<T> = Result<T, More>;

/// How a character is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Enc {
    /// As itself.
    Raw,
    /// After this many backslashes: `\"`, `\\\"`, `\n`.
    Slash(u8),
    /// As a code after this many backslashes: `\u0022`, `\x22`, `\042`; after none, `#012`.
    Code(u8),
    /// Percent-encoded this many times: `%22`, `%2522`.
    Percent(u8),
    /// After this many backslashes that are percent-encoded so many times: `%5C%22`,
    /// `%5Cn`.
    PercentSlash(u8, u8),
    /// As a character reference, escaped this many times: `&quot;`, `&amp;quot;`.
    Entity(u8),
    /// After this many backslashes: `\&quot;`. The level, then the backslashes.
    EntitySlash(u8, u8),
    /// An ANSI control sequence, which colours and is no character at all.
    Ansi,
}

/// One logical character: `len` bytes that stand for `ch`. Past the end of the input it is
/// a line feed of length 0; a character outside ASCII has `ch` 0x80 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub ch: u8,
    pub len: usize,
    pub enc: Enc,
}

impl Unit {
    /// Whether it ends a line, as a byte or as an escape.
    pub fn is_newline(self) -> bool {
        matches!(self.ch, b'\n' | b'\r') && self.enc != Enc::Ansi
    }

    /// Its percent-encoding depth, 0 when it is not percent-encoded.
    pub fn level(self) -> u8 {
        match self.enc {
            Enc::Percent(level) | Enc::PercentSlash(level, _) => level,
            _ => 0,
        }
    }

    /// The quote it opens, if it is one.
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
    /// Whether `unit` closes it. `Some(n)` says that it does and that its first `n` bytes
    /// are still content: an escaped backslash stands before the quote.
    #[inline(always)]
    pub fn closed_by(self, unit: Unit) -> Option<usize> {
        match (self.enc, unit.enc) {
            _ if unit.ch != self.ch => None,
            (Enc::Raw, Enc::Raw) => Some(0),
            _ => self.closed_by_same(unit),
        }
    }

    /// [`Quote::closed_by`] for a unit that is the same character.
    fn closed_by_same(self, unit: Unit) -> Option<usize> {
        let same = |inner: bool| if inner { Some(0) } else { None };
        match (self.enc, unit.enc) {
            (_, Enc::Ansi) => None,
            // The level of nesting fixes the number of backslashes, n. Fewer: a string
            // around this one ends. More: content, unless the surplus is made of whole
            // escaped backslashes of this level, 2 (n + 1) each.
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

    /// As it is written around what takes a value's place.
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

    /// The percent-encoding depth of the text it quotes.
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

/// How many backslashes before a quote are content when one like `open` was opened; `None` if
/// the quote is content too.
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
