//! A stretch of a line without its escapes, and where each character of it is written.
//!
//! In JSON in JSON `"ssn": "1"` is `\"ssn\": \"1\"`. A pattern that asks for decoded text is tried on what comes out of here,
//! whatever the depth: a byte for each character, none for a colour.

use crate::grammar::text::lex::{Enc, LOOKBACK, Step, Text};

/// The most bytes after a keyword that are decoded: escapes of a few bytes each for the longest pattern.
const MAX_BYTES: usize = 8 * 1024;

/// Decoded characters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decoded {
    pub bytes: Vec<u8>,
    /// Where each is written, from the keyword on.
    places: Vec<(usize, usize)>,
    /// How many characters are before the keyword.
    keyword: usize,
}

impl Decoded {
    /// Decodes up to `before` characters before the keyword at `at`, and `after` from there on, or what the line has of
    /// them. Returns the keyword's place.
    pub fn read(&mut self, text: &Text, at: usize, before: usize, after: usize) -> Step<usize> {
        self.bytes.clear();
        self.places.clear();
        // 1. Backwards, and one more for what looks at the character before a match.
        let mut back = 0;
        while self.bytes.len() <= before && back < LOOKBACK {
            let unit = text.unit_before(at, back);
            back += unit.len.max(1);
            if unit.enc != Enc::Ansi {
                self.bytes.push(unit.ch);
            }
            if unit.ch == b'\n' && unit.enc == Enc::Raw {
                break;
            }
        }
        self.bytes.reverse();
        self.keyword = self.bytes.len();
        // 2. Forwards.
        self.go_on(text, at, after)?;
        Ok(self.keyword)
    }

    /// A line as a whole.
    pub fn line(line: &[u8]) -> Decoded {
        let mut decoded = Decoded::default();
        // The text has ended, so that nothing is missing.
        let _ = decoded.go_on(&Text::new(line, &[], true), 0, usize::MAX);
        decoded
    }

    fn go_on(&mut self, text: &Text, at: usize, most: usize) -> Step<()> {
        let mut end = at;
        while self.places.len() < most && (most == usize::MAX || end - at < MAX_BYTES) {
            let unit = text.unit(end)?;
            if unit.enc != Enc::Ansi {
                self.bytes.push(unit.ch);
                self.places.push((end, end + unit.len));
            }
            if unit.len == 0 || unit.ch == b'\n' && unit.enc == Enc::Raw {
                break;
            }
            end += unit.len;
        }
        Ok(())
    }

    /// Where the characters from `start` to `end`, which are not before the keyword, are written.
    pub fn written(&self, start: usize, end: usize) -> (usize, usize) {
        let place = |k: usize| self.places[k - self.keyword];
        (place(start).0, place(end - 1).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_where_they_are_written() {
        let line = br#"{\"a\": \"\u0031%32\x1b[0m3\"}"#;
        let decoded = Decoded::line(line);
        assert!(decoded.bytes.starts_with(br#"{"a": "12"#));
        let (start, end) = decoded.written(7, 9);
        assert_eq!(&line[start..end], br"\u0031%32");
    }
}
