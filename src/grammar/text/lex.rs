//! The lexer that all rules share: characters under any escape, quotes, whitespace.
//!
//! A log line is often text inside text: a header in a Python repr in a JSON string in a Docker envelope. One logical
//! character may be written `"`, `\"`, `\\\"`, `\u0022`, `%22`, `%2522` or `&quot;`. [`Text::unit`] reads one such
//! character and returns its decoded form and how it was written. Everything above this file works on that.

use super::reads;
pub(crate) use super::unit::{Enc, More, Quote, Step, Unit, hex, is_blank, is_name, is_quote};

/// How far rules look back, in bytes. This much of a line's settled bytes is kept, and no more is looked at even if it
/// is in the window.
pub(crate) const LOOKBACK: usize = 512;
/// The longest run of whitespace between a key, its separator and its value.
const MAX_BLANKS: usize = 1024;

/// The window, and the settled bytes before it on the same line.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    window: &'a [u8],
    tail: &'a [u8],
    eof: bool,
}

/// Whether an encoded space or a colour sequence may start with the byte.
#[inline(always)]
fn may_be_blank(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b'\\' | b'%' | b'&' | b'#' | 0x1b | b'+')
}

/// The bytes that an escaped character may start with.
static ESCAPES: [bool; 256] = {
    let mut table = [false; 256];
    let mut k = 0;
    while k < 256 {
        table[k] = matches!(k as u8, b'\\' | b'%' | b'&' | b'#' | 0x1b);
        k += 1;
    }
    table
};

impl<'a> Text<'a> {
    pub fn new(window: &'a [u8], tail: &'a [u8], eof: bool) -> Text<'a> {
        Text { window, tail, eof }
    }

    pub fn window(&self) -> &'a [u8] {
        self.window
    }

    /// The text up to `end`, as if the input ended there.
    pub fn ended(&self, end: usize) -> Text<'a> {
        Text { window: &self.window[..end], tail: self.tail, eof: true }
    }

    /// The text up to `end`, as if more followed.
    pub fn cut(&self, end: usize) -> Text<'a> {
        Text { window: &self.window[..end], tail: self.tail, eof: false }
    }

    /// Whether the end of the window is the end of the input.
    pub fn is_end(&self) -> bool {
        self.eof
    }

    /// Whether `i` is past the end of the input.
    pub fn is_past(&self, i: usize) -> bool {
        self.eof && i >= self.window.len()
    }

    /// The byte at `i`. Past the end of the input, it is a line feed.
    #[inline]
    pub fn at(&self, i: usize) -> Step<u8> {
        reads::count();
        match self.window.get(i) {
            Some(&byte) => Ok(byte),
            None if self.eof => Ok(b'\n'),
            None => Err(More),
        }
    }

    /// The byte `k` bytes (from 1) before `i`. Before the line, further back than [`LOOKBACK`], and past the end of the
    /// input, it is a line feed, where callers stop.
    #[inline]
    pub fn before(&self, i: usize, k: usize) -> u8 {
        reads::count();
        if k > LOOKBACK {
            return b'\n';
        }
        if k <= i {
            return self.window.get(i - k).copied().unwrap_or(b'\n');
        }
        let back = k - i;
        if back <= self.tail.len() { self.tail[self.tail.len() - back] } else { b'\n' }
    }

    /// As many bytes before `i`, less `skip`, as `copy` has. They are copied to it if not all of them are in the window.
    pub fn bytes_before<'b>(&'b self, i: usize, skip: usize, copy: &'b mut [u8]) -> &'b [u8] {
        if let Some(start) = i.checked_sub(skip + copy.len()) {
            return &self.window[start..i - skip];
        }
        for (k, slot) in copy.iter_mut().rev().enumerate() {
            *slot = self.before(i, skip + k + 1);
        }
        copy
    }

    /// Whether `word` (lower case) is at `i`, in any case.
    pub fn has_word(&self, i: usize, word: &[u8]) -> Step<bool> {
        for (k, &want) in word.iter().enumerate() {
            if self.at(i + k)?.to_ascii_lowercase() != want {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether `word` (lower case) ends `skip` bytes before `i`, in any case.
    pub fn ends_before(&self, i: usize, skip: usize, word: &[u8]) -> bool {
        word.iter()
            .rev()
            .enumerate()
            .all(|(k, &want)| self.before(i, skip + k + 1).to_ascii_lowercase() == want)
    }

    /// The logical character at `i`.
    #[inline(always)]
    pub fn unit(&self, i: usize) -> Step<Unit> {
        reads::count();
        match self.window.get(i) {
            // Most characters are not escaped, and most calls are for them.
            Some(&ch) if !ESCAPES[usize::from(ch)] => Ok(Unit { ch, len: 1, enc: Enc::Raw }),
            _ => self.written(i),
        }
    }

    /// The character at `i`, if it is escaped or past the end.
    #[inline(never)]
    fn written(&self, i: usize) -> Step<Unit> {
        match self.window.get(i) {
            Some(b'\\') => self.escape(i),
            Some(b'%') => self.percent(i),
            Some(b'&') => self.entity(i),
            Some(0x1b) => self.ansi(i, 1),
            Some(b'#') => self.control(i),
            Some(&ch) => Ok(Unit { ch, len: 1, enc: Enc::Raw }),
            None if self.eof => Ok(Unit { ch: b'\n', len: 0, enc: Enc::Raw }),
            None => Err(More),
        }
    }

    /// The position after spaces, tabs and colour sequences from `i` on, including encoded spaces if the text is
    /// percent-encoded to `level`.
    #[inline(always)]
    pub fn skip_blanks(&self, i: usize, level: u8) -> Step<usize> {
        match self.window.get(i) {
            Some(byte) if !may_be_blank(*byte) => Ok(i),
            _ => self.past_blanks(i, level),
        }
    }

    #[inline(never)]
    fn past_blanks(&self, i: usize, level: u8) -> Step<usize> {
        let mut at = i;
        while at - i < MAX_BLANKS {
            let byte = self.at(at)?;
            if is_blank(byte) {
                at += 1;
                continue;
            }
            if !may_be_blank(byte) {
                break;
            }
            let unit = self.unit(at)?;
            let blank = match unit.enc {
                Enc::Raw => byte == b'+' && level > 0,
                Enc::Percent(n) | Enc::PercentSlash(n, _) => is_blank(unit.ch) && n <= level,
                Enc::Entity(_) | Enc::EntitySlash(..) | Enc::Code(_) | Enc::Slash(_) => {
                    is_blank(unit.ch)
                }
                Enc::Ansi => true,
            };
            if !blank {
                break;
            }
            at += unit.len;
        }
        Ok(at)
    }

    /// The position after the quote at `at`, and after a second one: a CSV field doubles the quotes in it, `""name"":`.
    /// A doubled quote that opens a string comes before a character of it, and one that closes it comes after one.
    pub fn past_quote(&self, at: usize) -> Step<usize> {
        let unit = self.unit(at)?;
        let end = at + unit.len;
        if unit.ch != b'"' || unit.enc != Enc::Raw || self.at(end)? != b'"' {
            return Ok(end);
        }
        let is_inside = |ch: u8| is_name(ch) || matches!(ch, b'/' | b'.' | b'$' | b'~');
        let doubled = is_inside(self.before(at, 1)) || is_inside(self.at(end + 1)?);
        Ok(end + usize::from(doubled))
    }

    /// Whether the quote at `at` is the second of two that close a string in a CSV field.
    pub fn is_second_quote(&self, at: usize) -> Step<bool> {
        Ok(self.at(at)? == b'"' && self.before(at, 1) == b'"' && {
            let before = self.before(at, 2);
            !matches!(before, b'"' | b'\\' | b':' | b',' | b'[' | b'{' | b'(' | b'=' | b' ' | b'\n')
        })
    }

    /// The position after colour sequences from `i` on.
    #[inline]
    pub fn skip_ansi(&self, i: usize) -> Step<usize> {
        let mut at = i;
        while at - i < MAX_BLANKS && matches!(self.at(at)?, 0x1b | b'\\') {
            let unit = self.unit(at)?;
            if unit.enc != Enc::Ansi {
                break;
            }
            at += unit.len;
        }
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_past_the_end_is_a_line_feed_in_both_directions() {
        let text = Text::new(b"ab", b"", true);
        assert_eq!([text.at(2), text.at(3)], [Ok(b'\n'); 2]);
        assert_eq!([text.before(4, 1), text.before(3, 1), text.before(3, 2)], *b"\n\nb");
    }
}
