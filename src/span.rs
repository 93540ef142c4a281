//! Spans: what the scanner reports and the masker replaces.

use std::fmt;
use std::ops::Range;

/// Identifies a rule of a [`Ruleset`](crate::Ruleset) by its index in the rule table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub(crate) u16);

impl RuleId {
    /// The index of the rule in its table, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Which part of a secret a [`Span`] covers.
///
/// A secret longer than the window is reported in parts, so that it is never
/// buffered: one `Open`, any number of `Continue`, one `Close`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// The whole secret.
    Whole,
    /// The first part of a secret that continues.
    Open,
    /// A further part of an open secret.
    Continue,
    /// The last part of an open secret; its range may be empty.
    Close,
}

impl Edge {
    /// The edge of a part. `open` says that the secret began before it; `ended` says that it ends with it.
    pub(crate) fn of(open: bool, ended: bool) -> Edge {
        match (open, ended) {
            (false, true) => Edge::Whole,
            (false, false) => Edge::Open,
            (true, false) => Edge::Continue,
            (true, true) => Edge::Close,
        }
    }

    /// Whether a secret begins with this span. That is where its replacement goes.
    pub fn begins(self) -> bool {
        matches!(self, Edge::Whole | Edge::Open)
    }

    /// Whether a secret ends with this span.
    pub fn ends(self) -> bool {
        matches!(self, Edge::Whole | Edge::Close)
    }
}

/// A range of bytes to redact.
///
/// The spans of one scan are in order and do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Span {
    /// The bytes, as offsets from the start of the scanned window.
    pub range: Range<usize>,
    /// The rule that found them.
    pub rule: RuleId,
    /// Which part of the secret they cover.
    pub edge: Edge,
    /// Quotes to put around the replacement of a secret that begins here, where a string has to replace a bare number
    /// or literal.
    pub quotes: Option<Quotes>,
}

/// Quotes written like those in the text around a secret: `"`, `\"`, `\u0022`, `%22`, `&quot;`.
///
/// `Display` writes a single quote, which belongs before and after the replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotes {
    pub(crate) ch: u8,
    pub(crate) writing: Writing,
    /// The number of backslashes before the quote.
    pub(crate) slashes: u8,
}

/// How a quote is written after its backslashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    Plain,
    /// `u0022`.
    Code,
    /// `%22`, percent-encoded this many times.
    Percent(u8),
    /// `&quot;`, encoded this many times.
    Entity(u8),
}

impl fmt::Display for Quotes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut quote = Vec::new();
        self.write(&mut |bytes| quote.extend_from_slice(bytes));
        f.write_str(&String::from_utf8_lossy(&quote))
    }
}

impl Quotes {
    /// Passes the bytes of one quote to `put`.
    pub(crate) fn write(self, put: &mut impl FnMut(&[u8])) {
        let hex = |byte: u8| {
            [
                b"0123456789ABCDEF"[usize::from(byte >> 4)],
                b"0123456789ABCDEF"[usize::from(byte & 15)],
            ]
        };
        let percent = |byte: u8, level: u8, put: &mut dyn FnMut(&[u8])| {
            put(b"%");
            (1..level).for_each(|_| put(b"25"));
            put(&hex(byte));
        };
        for _ in 0..self.slashes {
            match self.writing {
                Writing::Percent(level) => percent(b'\\', level, put),
                _ => put(b"\\"),
            }
        }
        match self.writing {
            Writing::Plain => put(&[self.ch]),
            Writing::Code => {
                put(b"u00");
                put(&hex(self.ch));
            }
            Writing::Percent(level) => percent(self.ch, level, put),
            Writing::Entity(level) => {
                put(b"&");
                (1..level).for_each(|_| put(b"amp;"));
                put(match self.ch {
                    b'"' => b"quot;",
                    b'\'' => b"#39;",
                    _ => b"#96;",
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_displayed_as_they_are_written() {
        for (writing, slashes, expected) in [
            (Writing::Plain, 0, "\""),
            (Writing::Plain, 1, "\\\""),
            (Writing::Code, 1, "\\u0022"),
            (Writing::Percent(2), 0, "%2522"),
            (Writing::Entity(1), 0, "&quot;"),
        ] {
            assert_eq!(Quotes { ch: b'"', writing, slashes }.to_string(), expected);
        }
    }
}
