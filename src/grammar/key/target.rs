//! Where a key's value is, and what opened it.

use crate::grammar::text::lex::{Enc, Quote};
use crate::grammar::value::frame::Frame;

/// The separator between a key and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    /// `=` without spaces around it, as in a query.
    Compact,
    /// `:`, `=>`, ` = ` and similar.
    Spaced,
    /// A comma between two strings: a tuple, or a flat list of names and values. The value has to look like one.
    Comma,
}

/// Where a key's value is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// No value belongs to the key.
    None,
    /// The value is at `at`.
    Value { at: usize, frame: Frame, separator: Separator },
    /// A list of values opens before `at`; `close` closes it.
    List { at: usize, close: u8, quoted: bool, level: u8 },
    /// A map of names and values opens before `at`.
    Map { at: usize, close: u8 },
    /// An object that describes a cookie opens before `at`.
    Objects { at: usize, close: u8 },
    /// The elements of XML at `at` have values, or are the members of a `single` one.
    Markup { at: usize, single: bool },
    /// The header of a table ended before the newline at `at`. A value is on each line below.
    Table { at: usize },
    /// The line ended at `at` and the value is on the next.
    NextLine { at: usize, separator: Separator, named: bool, level: u8 },
}

/// A plain double quote.
pub(super) const DOUBLE: Quote = Quote { ch: b'"', enc: Enc::Raw };

/// A plain backtick.
pub(super) const BACKTICK: Quote = Quote { ch: b'`', enc: Enc::Raw };

/// The bracket that closes `open`.
pub(crate) fn closer(open: u8) -> u8 {
    match open {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        b'<' => b'>',
        _ => 0,
    }
}
