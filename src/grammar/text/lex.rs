//! The lexing that every rule shares: characters under any escape, quotes, blanks.
//!
//! A log line is often text inside text: a header in a Python repr in a JSON string in a
//! Docker envelope. One logical character may then be written `"`, `\"`, `\\\"`, `\u0022`,
//! `%22`, `%2522` or `&quot;`. [`Text::unit`] reads one such character, says what it
//! decodes to and how it was written, and everything above this file works on that.

use crate::span::{Quotes, Writing};

/// The character references that log viewers and templates write, without the ampersand.
const REFERENCES: [(&[u8], u8); 17] = [
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

/// The window ended before a decision could be made; the bytes from the candidate on are
/// held and presented again with more behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct More;

/// A decision, or the need for more input.
pub(crate) type Step<T> = Result<T, More>;

/// How far rules look back, in bytes: what is kept of a line that was settled before, and more is not looked at even where
/// it is in the window.
pub(crate) const LOOKBACK: usize = 512;
/// Longest run of backslashes read as one escape: 63 is JSON in JSON six deep.
const MAX_SLASHES: usize = 63;
/// Longest run of blanks between a key, its separator and its value.
const MAX_BLANKS: usize = 1024;
/// Longest ANSI control sequence.
const MAX_ANSI: usize = 32;

/// The window, and the settled bytes before it on the same line.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    window: &'a [u8],
    tail: &'a [u8],
    eof: bool,
}

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
fn surplus(open: Enc, close: Enc) -> Option<usize> {
    let (n, m) = (slashes(open), slashes(close));
    let surplus = m.saturating_sub(n);
    (surplus % (2 * (n + 1)) == 0).then_some(surplus)
}

pub(crate) fn is_quote(ch: u8) -> bool {
    matches!(ch, b'"' | b'\'' | b'`')
}

/// Whether a blank or a colour may start with it, written in any way.
#[inline(always)]
fn may_be_blank(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b'\\' | b'%' | b'&' | b'#' | 0x1b | b'+')
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

/// What a character may start with that is written in some other way than as itself.
static ESCAPES: [bool; 256] = {
    let mut table = [false; 256];
    let mut k = 0;
    while k < 256 {
        table[k] = matches!(k as u8, b'\\' | b'%' | b'&' | b'#' | 0x1b);
        k += 1;
    }
    table
};

/// What a byte says, as the last one of a character, about how that is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// As itself.
    Plain,
    /// As itself, unless a backslash is before it.
    Quote,
    /// It may be an escape's last byte.
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

impl<'a> Text<'a> {
    pub fn new(window: &'a [u8], tail: &'a [u8], eof: bool) -> Text<'a> {
        Text { window, tail, eof }
    }

    pub fn window(&self) -> &'a [u8] {
        self.window
    }

    /// The text up to `end`, with nothing to come.
    pub fn ended(&self, end: usize) -> Text<'a> {
        Text { window: &self.window[..end], tail: self.tail, eof: true }
    }

    /// The text up to `end`, with more to come.
    pub fn cut(&self, end: usize) -> Text<'a> {
        Text { window: &self.window[..end], tail: self.tail, eof: false }
    }

    /// Whether the window's end is the input's.
    pub fn is_end(&self) -> bool {
        self.eof
    }

    /// Whether `i` is past the input's end.
    pub fn is_past(&self, i: usize) -> bool {
        self.eof && i >= self.window.len()
    }

    /// The byte at `i`. The end of the input reads as a line feed.
    #[inline]
    pub fn at(&self, i: usize) -> Step<u8> {
        match self.window.get(i) {
            Some(&byte) => Ok(byte),
            None if self.eof => Ok(b'\n'),
            None => Err(More),
        }
    }

    /// The byte `k` (from 1) before `i`. What is before the line, or further back than
    /// [`LOOKBACK`], reads as a line feed: callers stop at one.
    #[inline]
    pub fn before(&self, i: usize, k: usize) -> u8 {
        if k > LOOKBACK {
            return b'\n';
        }
        if k <= i {
            return self.window[i - k];
        }
        let back = k - i;
        if back <= self.tail.len() { self.tail[self.tail.len() - back] } else { b'\n' }
    }

    /// Whether `word` (lower case) stands at `i`, in any case.
    pub fn has_word(&self, i: usize, word: &[u8]) -> Step<bool> {
        for (k, &want) in word.iter().enumerate() {
            if self.at(i + k)?.to_ascii_lowercase() != want {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether `word` (lower case) stands right before `i`, less `skip` bytes, in any case.
    pub fn ends_before(&self, i: usize, skip: usize, word: &[u8]) -> bool {
        word.iter()
            .rev()
            .enumerate()
            .all(|(k, &want)| self.before(i, skip + k + 1).to_ascii_lowercase() == want)
    }

    /// The logical character at `i`.
    #[inline(always)]
    pub fn unit(&self, i: usize) -> Step<Unit> {
        match self.window.get(i) {
            // Most characters stand for themselves, and most of the lexing is on them.
            Some(&ch) if !ESCAPES[usize::from(ch)] => Ok(Unit { ch, len: 1, enc: Enc::Raw }),
            _ => self.written(i),
        }
    }

    /// The character at `i` where it is written in some other way, or past the end.
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

    /// The logical character that ends `skip` bytes before `i`. What is before the line
    /// reads as a line feed.
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

    /// As [`Text::unit_before`], where the character may be written in some other way than as itself.
    #[inline(never)]
    fn written_before(&self, i: usize, skip: usize) -> Unit {
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
                        // In a string in a string the backslash is doubled.
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
            // `%5C%22`: backslashes before a quote, encoded as often.
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

    /// A character reference that was percent-encoded, whose `;` takes the last `len` bytes.
    fn encoded_entity_before(&self, i: usize, skip: usize, len: usize, level: u8) -> Option<Unit> {
        // Whether `byte` ends before, encoded as often, and how long it is then.
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

    /// `#012`: a control character as syslog daemons write it. `#012345` and `#012;` are colours.
    fn control(&self, i: usize) -> Step<Unit> {
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

    /// A run of backslashes and what it escapes.
    fn escape(&self, i: usize) -> Step<Unit> {
        let mut n = 1;
        while n < MAX_SLASHES && self.at(i + n)? == b'\\' {
            n += 1;
        }
        let depth = n as u8;
        let plain = |ch| Ok(Unit { ch, len: n + 1, enc: Enc::Slash(depth) });
        let next = self.at(i + n)?;
        let code = match next {
            b'"' | b'\'' | b'`' | b'/' | b'=' => return plain(next),
            // In a word of a shell's.
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

    /// `uXXXX`, `UXXXXXXXX` or `xXX` at `i`: what it stands for, and its length with the
    /// backslash before it.
    fn hex_code(&self, i: usize, digits: usize) -> Step<(Option<u8>, usize)> {
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
    fn braced_code(&self, i: usize) -> Step<(Option<u8>, usize)> {
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

    /// `OOO` at `i`.
    fn octal_code(&self, i: usize) -> Step<(Option<u8>, usize)> {
        let mut value = 0u32;
        for k in 0..3 {
            match self.at(i + k)? {
                digit @ b'0'..=b'7' => value = value << 3 | u32::from(digit - b'0'),
                _ => return Ok((None, 0)),
            }
        }
        Ok((Some(ascii(value)), 4))
    }

    /// `%XX`, `%25XX`, `%2525XX`.
    fn percent(&self, i: usize) -> Step<Unit> {
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

    /// A character reference that was percent-encoded `level` times, from behind its ampersand at
    /// `at`: what it stands for, and its end.
    fn encoded_entity(&self, at: usize, level: u8) -> Step<Option<(u8, usize)>> {
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
                // Some encoders leave the `#`.
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

    /// A percent-encoded backslash of `len` bytes at `i`, and what it escapes.
    fn percent_escape(&self, i: usize, len: usize, level: u8) -> Step<Unit> {
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
    fn entity(&self, i: usize) -> Step<Unit> {
        let (mut at, mut level) = (i + 1, 1);
        while level < 4 && self.has_word(at, b"amp;")? {
            at += 4;
            level += 1;
        }
        for (name, ch) in REFERENCES {
            if self.has_word(at, name)? {
                return Ok(Unit { ch, len: at + name.len() - i, enc: Enc::Entity(level) });
            }
        }
        if level > 1 {
            return Ok(Unit { ch: b'&', len: at - i, enc: Enc::Entity(level - 1) });
        }
        Ok(Unit { ch: b'&', len: 1, enc: Enc::Raw })
    }

    /// The rest of a control sequence whose escape character takes `lead` bytes at `i`.
    fn ansi(&self, i: usize, lead: usize) -> Step<Unit> {
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

    /// Past blanks and colours from `i`: spaces, tabs and, where the text around is
    /// percent-encoded to `level`, what stands for a space in it.
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

    /// Past colours from `i`.
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

/// The value of a hexadecimal digit.
pub(crate) fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// A code point as a [`Unit`]'s character.
fn ascii(code: u32) -> u8 {
    if code < 0x80 { code as u8 } else { 0xff }
}
