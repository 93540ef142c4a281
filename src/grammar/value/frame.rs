//! How a value is enclosed.

use crate::grammar::text::lex::{Enc, Quote, Text, Unit};

/// How a value is enclosed, which decides where it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The quote that closes the value, or the text it stands in.
    pub quote: Option<Quote>,
    /// The quote was opened right before the value and not before its key.
    pub own_quote: bool,
    /// The bracket that closes it, or 0.
    pub close: u8,
    /// The quote is inside another string, whose escaping may have doubled the backslashes.
    pub nested: bool,
    /// The value is a header's at the start of a line: blanks are content.
    pub line: bool,
    /// `{Name=value, Name=value}` without quotes: a comma, a name and `=` end it.
    pub map: bool,
    /// The key may be a keyword argument's or a field's name in source code.
    pub call: bool,
    /// The percent-encoding depth of the text around the value.
    pub level: u8,
    /// That text writes blanks as `+`.
    pub plus: bool,
    /// The value is one of several in braces with bars between them.
    pub bars: bool,
}

impl Frame {
    /// Whether `unit` is outside the percent-encoded text that the frame is in.
    pub fn excludes(&self, unit: Unit) -> bool {
        self.level > 0
            && unit.enc == Enc::Raw
            && matches!(unit.ch, 0..=b' ' | b'&' | b'"' | b'<' | b'>' | b'#')
    }

    /// Whether `unit` is `#012` inside of a string, which has its own way to write a line's end.
    pub fn has_as_content(&self, unit: Unit) -> bool {
        self.own_quote && unit.enc == Enc::Code(0)
    }

    /// The same for a value behind a scheme at `at`, which may stand in the braces in which HAProxy logs the headers that
    /// it has captured: `{Bearer T|sid=T}`.
    pub fn captured(self, text: &Text, at: usize) -> Frame {
        Frame { bars: matches!(text.before(at, 1), b'{' | b'|'), ..self }
    }

    /// Nothing of its own: a value in text that is percent-encoded to `level`.
    pub fn within(level: u8) -> Frame {
        Frame { level, plus: level > 0, ..Frame::default() }
    }
}
