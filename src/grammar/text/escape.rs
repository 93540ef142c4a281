//! Escaped characters: after backslashes, as codes, percent-encoded, as character references, and the control sequences
//! for terminal colours.

use super::lex::Text;
use super::unit::{Enc, Step, Unit, hex, is_name, is_quote};

/// The character references that log viewers and templates write, without the ampersand.
pub(super) const REFERENCES: [(&[u8], u8); 17] = [
    (b"quot;", b'"'),
    (b"#34;", b'"'),
    (b"#034;", b'"'),
    (b"#x22;", b'"'),
    (b"apos;", b'\''),
    (b"#39;", b'\''),
    (b"#039;", b'\''),
    (b"#x27;", b'\''),
    (b"lt;", b'<'),
    (b"gt;", b'>'),
    (b"#60;", b'<'),
    (b"#62;", b'>'),
    (b"#61;", b'='),
    (b"#x3d;", b'='),
    (b"#x2f;", b'/'),
    (b"#96;", b'`'),
    (b"nbsp;", b' '),
];

/// The longest run of backslashes that is read as one escape: 63 is JSON in JSON, six levels deep.
pub(super) const MAX_SLASHES: usize = 63;
/// The longest ANSI control sequence.
pub(super) const MAX_ANSI: usize = 32;

impl Text<'_> {
    /// `#012`: a control character as written by syslog daemons. `#012345` and `#012;` are colours.
    pub(super) fn control(&self, i: usize) -> Step<Unit> {
        let raw = Ok(Unit { ch: b'#', len: 1, enc: Enc::Raw });
        if self.at(i + 1)? != b'0' || self.at(i + 2)? != b'1' {
            return raw;
        }
        let ch = match self.at(i + 3)? {
            b'1' => b'\t',
            b'2' => b'\n',
            b'5' => b'\r',
            _ => return raw,
        };
        let mut digits = 0;
        while digits < 4 && hex(self.at(i + 4 + digits)?).is_some() {
            digits += 1;
        }
        let next = self.at(i + 4 + digits)?;
        if digits == 3 && !is_name(next) || digits == 0 && next == b';' {
            return raw;
        }
        Ok(Unit { ch, len: 4, enc: Enc::Code(0) })
    }

    /// A run of backslashes and the character it escapes.
    pub(super) fn escape(&self, i: usize) -> Step<Unit> {
        let mut n = 1;
        while n < MAX_SLASHES && self.at(i + n)? == b'\\' {
            n += 1;
        }
        let depth = n as u8;
        let plain = |ch| Ok(Unit { ch, len: n + 1, enc: Enc::Slash(depth) });
        let next = self.at(i + n)?;
        let code = match next {
            b'"' | b'\'' | b'`' | b'/' | b'=' => return plain(next),
            // In a shell word.
            b' ' | b';' => return plain(next),
            b'n' => return plain(b'\n'),
            b'r' => return plain(b'\r'),
            b't' => return plain(b'\t'),
            b'e' if self.at(i + n + 1)? == b'[' => (Some(0x1b), 2),
            b'u' if self.at(i + n + 1)? == b'{' => self.braced_code(i + n)?,
            b'u' => self.hex_code(i + n, 4)?,
            b'U' => self.hex_code(i + n, 8)?,
            b'x' => self.hex_code(i + n, 2)?,
            b'0'..=b'3' => self.octal_code(i + n)?,
            b'&' => {
                let unit = self.entity(i + n)?;
                if let Enc::Entity(level) = unit.enc
                    && is_quote(unit.ch)
                {
                    let enc = Enc::EntitySlash(level, depth);
                    return Ok(Unit { ch: unit.ch, len: n + unit.len, enc });
                }
                (None, 0)
            }
            _ => (None, 0),
        };
        match code {
            (Some(0x1b), len) if self.at(i + n - 1 + len)? == b'[' => self.ansi(i, n - 1 + len),
            (Some(ch), len) => Ok(Unit { ch, len: n - 1 + len, enc: Enc::Code(depth) }),
            (None, _) => Ok(Unit { ch: b'\\', len: n, enc: Enc::Raw }),
        }
    }

    /// `uXXXX`, `UXXXXXXXX` or `xXX` at `i`: the decoded character, and the length including the backslash.
    pub(super) fn hex_code(&self, i: usize, digits: usize) -> Step<(Option<u8>, usize)> {
        let mut value = 0u32;
        for k in 1..=digits {
            match hex(self.at(i + k)?) {
                Some(digit) => value = value << 4 | u32::from(digit),
                None => return Ok((None, 0)),
            }
        }
        Ok((Some(ascii(value)), digits + 2))
    }

    /// `u{X...}` at `i`.
    pub(super) fn braced_code(&self, i: usize) -> Step<(Option<u8>, usize)> {
        let mut value = 0u32;
        for k in 2..=8 {
            let byte = self.at(i + k)?;
            match hex(byte) {
                Some(digit) if k < 8 => value = value << 4 | u32::from(digit),
                _ if byte == b'}' && k > 2 => return Ok((Some(ascii(value)), k + 2)),
                _ => break,
            }
        }
        Ok((None, 0))
    }

    /// `OOO` at `i`, or a single `0`, as strace and Rust print a NUL.
    pub(super) fn octal_code(&self, i: usize) -> Step<(Option<u8>, usize)> {
        let mut value = 0u32;
        for k in 0..3 {
            match self.at(i + k)? {
                digit @ b'0'..=b'7' => value = value << 3 | u32::from(digit - b'0'),
                _ if k == 1 && value == 0 => return Ok((Some(0), 2)),
                _ => return Ok((None, 0)),
            }
        }
        Ok((Some(ascii(value)), 4))
    }

    /// `%XX`, `%25XX`, `%2525XX`.
    pub(super) fn percent(&self, i: usize) -> Step<Unit> {
        let (mut at, mut level) = (i + 1, 1);
        while let Some(high) = hex(self.at(at)?) {
            let Some(low) = hex(self.at(at + 1)?) else { break };
            let ch = high << 4 | low;
            if ch == b'\\' {
                return self.percent_escape(i, at + 2 - i, level);
            }
            if ch == b'&'
                && let Some((ch, end)) = self.encoded_entity(at + 2, level)?
            {
                return Ok(Unit { ch, len: end - i, enc: Enc::Percent(level) });
            }
            if ch != b'%' || level == 8 {
                return Ok(Unit { ch, len: at + 2 - i, enc: Enc::Percent(level) });
            }
            if hex(self.at(at + 2)?).is_none() || hex(self.at(at + 3)?).is_none() {
                return Ok(Unit { ch, len: at + 2 - i, enc: Enc::Percent(level) });
            }
            (at, level) = (at + 2, level + 1);
        }
        Ok(Unit { ch: b'%', len: 1, enc: Enc::Raw })
    }

    /// A character reference that was percent-encoded `level` times. `at` is after its ampersand. Returns the decoded
    /// character and the end.
    pub(super) fn encoded_entity(&self, at: usize, level: u8) -> Step<Option<(u8, usize)>> {
        let prefix = &b"%25252525252525"[..2 * usize::from(level) - 1];
        let encoded = |end: usize, digits: &[u8]| -> Step<bool> {
            Ok(self.has_word(end, prefix)? && self.has_word(end + prefix.len(), digits)?)
        };
        let mut at = at;
        for _ in 1..4 {
            if !(self.has_word(at, b"amp")? && encoded(at + 3, b"3b")?) {
                break;
            }
            at += prefix.len() + 5;
        }
        for (name, ch) in REFERENCES {
            let mut end = at;
            let mut same = true;
            for &byte in name {
                // Some encoders leave `#` unencoded.
                if byte == b';' || byte == b'#' && self.at(end)? != b'#' {
                    same = encoded(end, if byte == b'#' { b"23" } else { b"3b" })?;
                    end += prefix.len() + 2;
                } else {
                    same = self.at(end)?.to_ascii_lowercase() == byte;
                    end += 1;
                }
                if !same {
                    break;
                }
            }
            if same {
                return Ok(Some((ch, end)));
            }
        }
        Ok(None)
    }

    /// A percent-encoded backslash of `len` bytes at `i`, and the character it escapes.
    pub(super) fn percent_escape(&self, i: usize, len: usize, level: u8) -> Step<Unit> {
        let mut end = i + len;
        let mut n = 1;
        loop {
            let lone = Unit { ch: b'\\', len, enc: Enc::Percent(level) };
            let escaped = Enc::PercentSlash(level, n);
            let ch = match self.at(end)? {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'\'' => b'\'',
                b'%' => {
                    for (k, &want) in
                        b"%25252525252525"[..2 * usize::from(level) - 1].iter().enumerate()
                    {
                        if self.at(end + k)? != want {
                            return Ok(lone);
                        }
                    }
                    let digits = end + 2 * usize::from(level) - 1;
                    let Some(high) = hex(self.at(digits)?) else { return Ok(lone) };
                    let Some(low) = hex(self.at(digits + 1)?) else { return Ok(lone) };
                    end = digits + 2;
                    match high << 4 | low {
                        b'\\' if usize::from(n) < MAX_SLASHES => {
                            n += 1;
                            continue;
                        }
                        ch if is_quote(ch) => {
                            return Ok(Unit { ch, len: end - i, enc: escaped });
                        }
                        b'&' => {
                            return Ok(match self.encoded_entity(end, level)? {
                                Some((ch, end)) if is_quote(ch) => {
                                    Unit { ch, len: end - i, enc: escaped }
                                }
                                _ => lone,
                            });
                        }
                        _ => return Ok(lone),
                    }
                }
                _ => return Ok(lone),
            };
            return Ok(Unit { ch, len: end + 1 - i, enc: escaped });
        }
    }

    /// `&quot;`, `&#34;`, `&amp;quot;`.
    pub(super) fn entity(&self, i: usize) -> Step<Unit> {
        let (mut at, mut level) = (i + 1, 1);
        while level < 4 && self.has_word(at, b"amp;")? {
            at += 4;
            level += 1;
        }
        // Most ampersands separate parameters.
        let first = self.at(at)?.to_ascii_lowercase();
        if matches!(first, b'q' | b'#' | b'a' | b'l' | b'g' | b'n') {
            for (name, ch) in REFERENCES {
                if name[0] == first && self.has_word(at, name)? {
                    return Ok(Unit { ch, len: at + name.len() - i, enc: Enc::Entity(level) });
                }
            }
        }
        if level > 1 {
            return Ok(Unit { ch: b'&', len: at - i, enc: Enc::Entity(level - 1) });
        }
        Ok(Unit { ch: b'&', len: 1, enc: Enc::Raw })
    }

    /// The rest of a control sequence whose escape character takes `lead` bytes at `i`.
    pub(super) fn ansi(&self, i: usize, lead: usize) -> Step<Unit> {
        if self.at(i + lead)? == b'[' {
            for k in lead + 1..lead + MAX_ANSI {
                match self.at(i + k)? {
                    b'0'..=b'9' | b';' | b':' | b'?' => {}
                    b'@'..=b'~' => return Ok(Unit { ch: 0x1b, len: k + 1, enc: Enc::Ansi }),
                    _ => break,
                }
            }
        }
        Ok(Unit { ch: 0x1b, len: lead, enc: Enc::Raw })
    }
}

/// A code point as the character of a [`Unit`].
fn ascii(code: u32) -> u8 {
    if code < 0x80 { code as u8 } else { 0xff }
}
