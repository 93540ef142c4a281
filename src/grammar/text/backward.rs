//! Reads characters backwards, from the text before a position.

use super::escape::{MAX_ANSI, MAX_SLASHES, REFERENCES};
use super::lex::Text;
use super::unit::{Enc, Unit, hex, is_quote};

/// How a character may be written, by its last byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// It is not escaped.
    Plain,
    /// It is not escaped unless a backslash precedes it.
    Quote,
    /// It may be the last byte of an escape.
    Escape,
}

static ENDS: [End; 256] = {
    let mut table = [End::Plain; 256];
    let mut k = 0;
    while k < 256 {
        table[k] = match k as u8 {
            b'"' | b'\'' | b'`' => End::Quote,
            b'n' | b'r' | b't' | b'm' | b';' => End::Escape,
            ch if ch.is_ascii_hexdigit() => End::Escape,
            _ => End::Plain,
        };
        k += 1;
    }
    table
};

impl Text<'_> {
    /// The logical character that ends `skip` bytes before `i`. Text before the line reads as a line feed.
    #[inline(always)]
    pub fn unit_before(&self, i: usize, skip: usize) -> Unit {
        let ch = self.before(i, skip + 1);
        let plain = match ENDS[usize::from(ch)] {
            End::Plain => true,
            End::Quote => self.before(i, skip + 2) != b'\\',
            End::Escape => false,
        };
        if plain { Unit { ch, len: 1, enc: Enc::Raw } } else { self.written_before(i, skip) }
    }

    // Long: one case per escape, tried in the order in which escapes nest.
    /// As [`Text::unit_before`], where the character may be escaped.
    #[inline(never)]
    pub(super) fn written_before(&self, i: usize, skip: usize) -> Unit {
        let byte = |k: usize| self.before(i, skip + k);
        let ch = byte(1);
        let slashes = |from: usize| {
            let mut n = 0;
            while n < MAX_SLASHES && byte(from + n) == b'\\' {
                n += 1;
            }
            n
        };
        let raw = Unit { ch, len: 1, enc: Enc::Raw };
        // `%5Cn`.
        if matches!(ch, b'n' | b'r') && self.ends_before(i, skip + 1, b"5c") {
            let mut len = 3;
            let mut level = 1;
            while level < 8 && self.ends_before(i, skip + len, b"25") {
                len += 2;
                level += 1;
            }
            if byte(len + 1) == b'%' {
                return Unit { ch: b'\n', len: len + 1, enc: Enc::PercentSlash(level, 1) };
            }
        }
        // `\"`, `\n`.
        if is_quote(ch) || matches!(ch, b'n' | b'r' | b't' | b' ') || ch == b';' && byte(2) == b'\\'
        {
            let n = slashes(2);
            let ch = match ch {
                _ if n == 0 => return raw,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                _ => ch,
            };
            return Unit { ch, len: n + 1, enc: Enc::Slash(n as u8) };
        }
        if ch == b';' {
            for (name, ch) in REFERENCES {
                if !self.ends_before(i, skip, name) {
                    continue;
                }
                let (mut len, mut level) = (name.len(), 1);
                while level < 4 && self.ends_before(i, skip + len, b"amp;") {
                    len += 4;
                    level += 1;
                }
                if byte(len + 1) == b'&' {
                    let n = if is_quote(ch) { slashes(len + 2) } else { 0 };
                    let enc = match n {
                        0 => Enc::Entity(level),
                        n => Enc::EntitySlash(level, n as u8),
                    };
                    return Unit { ch, len: len + 1 + n, enc };
                }
            }
            return raw;
        }
        if ch == b'm' {
            let mut k = 2;
            while k < MAX_ANSI && matches!(byte(k), b'0'..=b'9' | b';') {
                k += 1;
            }
            if byte(k) == b'[' {
                const ESCAPES: [&[u8]; 5] = [b"\x1b", b"\\u001b", b"\\x1b", b"\\033", b"\\e"];
                for escape in ESCAPES {
                    if self.ends_before(i, skip + k, escape) {
                        let len = k + escape.len();
                        // In a string inside a string, the backslash is doubled.
                        let more = if escape[0] == b'\\' { slashes(len + 1) } else { 0 };
                        return Unit { ch: 0x1b, len: len + more, enc: Enc::Ansi };
                    }
                }
            }
            return raw;
        }
        // `#012`.
        let control = match ch {
            b'1' => b'\t',
            b'2' => b'\n',
            b'5' => b'\r',
            _ => 0,
        };
        if control != 0 && self.ends_before(i, skip + 1, b"#01") {
            return Unit { ch: control, len: 4, enc: Enc::Code(0) };
        }
        // `%22`, `%2522`; `\u0022`, `\x22`.
        let (Some(low), Some(high)) = (hex(ch), hex(byte(2))) else { return raw };
        let ch = high << 4 | low;
        let (mut len, mut level) = (2, 1);
        while level < 8 && self.ends_before(i, skip + len, b"25") {
            len += 2;
            level += 1;
        }
        if byte(len + 1) == b'%' {
            len += 1;
            let mut ch = ch;
            if ch == b';'
                && let Some(unit) = self.encoded_entity_before(i, skip, len, level)
            {
                (ch, len) = (unit.ch, unit.len);
            }
            // `%5C%22`: backslashes before a quote, with the same depth of encoding.
            let mut slashes = 0;
            while is_quote(ch) && slashes < MAX_SLASHES as u8 {
                let mut end = len + 2;
                if !self.ends_before(i, skip + len, b"5c") {
                    break;
                }
                for _ in 1..level {
                    end += if self.ends_before(i, skip + end, b"25") { 2 } else { 0 };
                }
                if end != len + 2 * usize::from(level) || byte(end + 1) != b'%' {
                    break;
                }
                (len, slashes) = (end + 1, slashes + 1);
            }
            let enc = match slashes {
                0 => Enc::Percent(level),
                n => Enc::PercentSlash(level, n),
            };
            return Unit { ch, len, enc };
        }
        let letters = if byte(3) == b'x' {
            1
        } else if self.ends_before(i, skip + 2, b"u00") {
            3
        } else {
            return raw;
        };
        let n = slashes(3 + letters);
        if n == 0 {
            return raw;
        }
        Unit { ch, len: 2 + letters + n, enc: Enc::Code(n as u8) }
    }

    /// A percent-encoded character reference. Its `;` takes the last `len` bytes.
    pub(super) fn encoded_entity_before(
        &self,
        i: usize,
        skip: usize,
        len: usize,
        level: u8,
    ) -> Option<Unit> {
        // Whether the text before ends with `byte`, with the same depth of encoding, and its length.
        let encoded = |at: usize, byte: u8| {
            let digits = [
                b"0123456789abcdef"[usize::from(byte >> 4)],
                b"0123456789abcdef"[usize::from(byte & 15)],
            ];
            let mut end = at + 2;
            if !self.ends_before(i, skip + at, &digits) {
                return None;
            }
            for _ in 1..level {
                end += if self.ends_before(i, skip + end, b"25") { 2 } else { return None };
            }
            (self.before(i, skip + end + 1) == b'%').then_some(end + 1)
        };
        REFERENCES.iter().find_map(|(name, ch)| {
            let mut end = len;
            for &byte in name[..name.len() - 1].iter().rev() {
                end = match byte {
                    b'#' if self.before(i, skip + end + 1) != b'#' => encoded(end, b'#')?,
                    _ if self.ends_before(i, skip + end, &[byte]) => end + 1,
                    _ => return None,
                };
            }
            for _ in 1..4 {
                let Some(semicolon) = encoded(end, b';') else { break };
                if !self.ends_before(i, skip + semicolon, b"amp") {
                    break;
                }
                end = semicolon + 3;
            }
            Some(Unit { ch: *ch, len: encoded(end, b'&')?, enc: Enc::Percent(level) })
        })
    }
}
