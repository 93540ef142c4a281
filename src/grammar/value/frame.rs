//! How a value is enclosed.

use crate::grammar::text::lex::{Enc, Quote, Text, Unit};

/// How a value is enclosed. It decides where the value ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The quote that closes the value or the text around it.
    pub quote: Option<Quote>,
    /// The quote was opened directly before the value, not before its key.
    pub own_quote: bool,
    /// The bracket that closes it, or 0.
    pub close: u8,
    /// The quote is inside another string, whose escaping may have doubled the backslashes.
    pub nested: bool,
    /// The value is that of a header on its own line: spaces are content.
    pub line: bool,
    /// The value is that of an entry as PHP's `print_r` writes it, `[name] => value`: it ends with the line, before the next
    /// entry, or before the bracket that closes the array.
    pub entry: bool,
    /// `{Name=value, Name=value}` without quotes: a comma, a name and `=` end the value.
    pub map: bool,
    /// The key may be a keyword argument or the name of a field in source code.
    pub call: bool,
    /// The depth of percent-encoding of the text around the value.
    pub level: u8,
    /// In that text, `+` is a space.
    pub plus: bool,
    /// The value is one of several in braces, separated by bars.
    pub bars: bool,
    /// The value is the text of an XML element.
    pub element: bool,
    /// The character between the fields of the record around the value, if it is known: `id=5^cookie=sid=T^role=admin`. Or 0.
    pub delimiter: u8,
    /// The quotes around the value are around other pairs too: `"cookie=sid=T user=bob"`.
    pub pairs: bool,
}

impl Frame {
    /// Whether everything up to its closer is content: in quotes of its own, or between the tags of an element.
    pub fn is_whole(&self) -> bool {
        self.own_quote || self.element
    }

    /// Whether `unit` cannot be in the percent-encoded text of this frame.
    pub fn excludes(&self, unit: Unit) -> bool {
        self.level > 0
            && unit.enc == Enc::Raw
            && matches!(unit.ch, 0..=b' ' | b'&' | b'"' | b'<' | b'>' | b'#')
    }

    /// Whether `unit` is `#012` inside a string, where newlines are escaped differently.
    pub fn has_as_content(&self, unit: Unit) -> bool {
        self.own_quote && unit.enc == Enc::Code(0)
    }

    /// The same frame for a value whose scheme or name begins `back` bytes before `at`, which may be in the braces in which
    /// HAProxy logs captured headers: `{Bearer T|sid=T}`.
    pub fn captured(self, text: &Text, at: usize, back: usize) -> Frame {
        Frame { bars: matches!(text.before(at, back + 1), b'{' | b'|'), ..self }
    }

    /// The frame of a string in quotes that opened before it.
    pub fn argument(quote: Quote) -> Frame {
        Frame { quote: Some(quote), own_quote: true, ..Frame::within(quote.level()) }
    }

    /// A frame without quotes or brackets, for text that is percent-encoded to `level`.
    pub fn within(level: u8) -> Frame {
        Frame { level, plus: level > 0, ..Frame::default() }
    }
}
