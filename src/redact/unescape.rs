//! Decodes the escapes of a secret as its bytes arrive.
//!
//! The same token is `ab/cd==` in one line and `ab\/cd\u003d%3D` in the next. A pseudonym must not depend on that, so
//! it is computed from the decoded characters.

use crate::grammar::text::lex::{Enc, Text, hex};

/// Decodes the escapes of one secret that arrives in parts.
#[derive(Clone, Default)]
pub(crate) struct Unescape {
    /// The start of an incomplete character, no longer than the longest escape.
    pending: Vec<u8>,
    /// The first half of a character that is written as two UTF-16 escapes.
    surrogate: Option<u32>,
}

impl Unescape {
    /// Starts another secret.
    pub(crate) fn reset(&mut self) {
        self.pending.clear();
        self.surrogate = None;
    }

    /// Takes the next bytes of the secret and passes complete characters to `emit`. `last` says that they are its last.
    pub(crate) fn push(&mut self, bytes: &[u8], last: bool, emit: &mut impl FnMut(&[u8])) {
        if self.pending.is_empty() {
            let done = self.run(bytes, last, emit);
            self.pending.extend_from_slice(&bytes[done..]);
            return;
        }
        let mut joined = std::mem::take(&mut self.pending);
        joined.extend_from_slice(bytes);
        let done = self.run(&joined, last, emit);
        joined.drain(..done);
        self.pending = joined;
    }

    /// Decodes `bytes` as far as they are complete, and returns how far.
    fn run(&mut self, bytes: &[u8], last: bool, emit: &mut impl FnMut(&[u8])) -> usize {
        let text = Text::new(bytes, &[], last);
        let mut at = 0;
        while at < bytes.len() {
            // 1. Most secrets contain no escapes.
            let plain = bytes[at..]
                .iter()
                .position(|byte| matches!(byte, b'\\' | b'%' | b'&' | 0x1b))
                .unwrap_or(bytes.len() - at);
            if plain > 0 {
                self.surrogate = None;
                emit(&bytes[at..at + plain]);
                at += plain;
                continue;
            }
            // 2. An escape.
            let Ok(unit) = text.unit(at) else { break };
            // An escape that is cut off by the end of the secret reads as if a line feed completed it.
            let len = unit.len.clamp(1, bytes.len() - at);
            match unit.enc {
                Enc::Ansi => {}
                // The lexer decodes ASCII only; other characters are decoded from the escape's digits.
                Enc::Code(_) if unit.ch >= 0x80 => self.code(&bytes[at..at + len], emit),
                _ => {
                    self.surrogate = None;
                    emit(&[unit.ch]);
                }
            }
            at += len;
        }
        at
    }

    /// A character outside ASCII, written as `escape`: backslashes, then `uXXXX`, `u{X}`, `UXXXXXXXX`, `xXX` or `OOO`.
    fn code(&mut self, escape: &[u8], emit: &mut impl FnMut(&[u8])) {
        let body = &escape[escape.iter().take_while(|byte| **byte == b'\\').count()..];
        let number = |radix: u32| {
            body.iter()
                .filter_map(|byte| hex(*byte))
                .fold(0u32, |value, digit| value.wrapping_mul(radix).wrapping_add(digit.into()))
        };
        match body.first() {
            // A byte, as in a Python or shell string.
            Some(b'x') => emit(&[number(16) as u8]),
            Some(b'0'..=b'7') => emit(&[number(8) as u8]),
            _ => {
                let mut code = number(16);
                if let (Some(high), 0xdc00..=0xdfff) = (self.surrogate.take(), code) {
                    code = 0x1_0000 + ((high - 0xd800) << 10) + (code - 0xdc00);
                }
                if let 0xd800..=0xdbff = code {
                    self.surrogate = Some(code);
                } else {
                    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                    emit(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every split of `written` must decode to `expected`.
    fn check(written: &str, expected: &[u8]) {
        let bytes = written.as_bytes();
        for at in 0..=bytes.len() {
            let mut unescape = Unescape::default();
            let mut found = Vec::new();
            unescape.push(&bytes[..at], false, &mut |bytes| found.extend_from_slice(bytes));
            unescape.push(&bytes[at..], true, &mut |bytes| found.extend_from_slice(bytes));
            assert_eq!(found, expected, "{written} split at {at}");
        }
    }

    #[test]
    fn every_spelling_decodes_to_the_same_token() {
        for written in [
            "ab/cd=+x",
            r"ab\/cd\u003d\u002bx",
            r"ab\\\/cd\\u003d\x2bx",
            "ab%2Fcd%3D%2bx",
            "ab%252Fcd%253D%252Bx",
            "ab&#x2f;cd&#61;+x",
            "ab/cd\x1b[0m=\x1b[1;31m+x",
            r"ab\057cd\u{3d}+x",
        ] {
            check(written, b"ab/cd=+x");
        }
    }

    #[test]
    fn characters_outside_ascii() {
        for written in ["é", r"\u00e9", "%C3%A9", r"\xc3\xa9", r"\303\251", r"\u{e9}"] {
            check(written, "é".as_bytes());
        }
        for written in ["🔑", r"\ud83d\udd11", r"\U0001f511", "%F0%9F%94%91"] {
            check(written, "🔑".as_bytes());
        }
    }

    #[test]
    fn text_that_is_not_an_escape_stays() {
        check("100%", b"100%");
        check("a%zz&b", b"a%zz&b");
        check(r"a\", br"a\");
        check(r"a\qb", br"a\qb");
    }
}
