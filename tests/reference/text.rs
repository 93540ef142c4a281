//! The input as logical characters: what each one is, how it is written, and where it is.

use std::sync::LazyLock;

use regex::bytes::Regex;

/// A compiled case-insensitive pattern on bytes.
macro_rules! pattern {
    ($($part:literal),+ $(,)?) => {{
        static PATTERN: std::sync::LazyLock<regex::bytes::Regex> = std::sync::LazyLock::new(|| {
            regex::bytes::Regex::new(concat!("(?is-u)", $($part),+)).expect("a pattern")
        });
        &*PATTERN
    }};
}
pub(crate) use pattern;

/// How a character is written. The numbers count levels of escaping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enc {
    Raw,
    /// `\"`, `\n`
    Slash(usize),
    /// `\u0022`, `\x22`, `\042`
    Code(usize),
    /// `%22`
    Percent(usize),
    /// `%5C%22`: levels of percent-encoding, and backslashes.
    PercentSlash(usize, usize),
    /// `&quot;`
    Entity(usize),
    /// `\&quot;`: levels, backslashes.
    EntitySlash(usize, usize),
    /// A colour sequence, which is not a character.
    Ansi,
}

/// A quote that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    pub ch: u8,
    pub enc: Enc,
}

/// A whole input. Characters are counted from 0. After the last one, line feeds follow.
pub struct Text {
    /// The decoded characters.
    pub ch: Vec<u8>,
    /// The same, with 0 for each escaped character.
    pub raw: Vec<u8>,
    enc: Vec<Enc>,
    /// The offset of each character in the input, and the end of the last one.
    at: Vec<usize>,
}

/// One character. The alternatives are in the order in which they are tried.
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?xs-u) ^ (?:
          (?<ansi> (?: \x1b | \\{1,63} (?: u001[bB] | x1[bB] | 033 | e | U0000001[bB] | u\{ 0{0,3} 1[bB] \} ) ) \[ [0-9;:?]{0,30} [@-~] )
        | (?<slash> \\{1,63} ) (?<plain> ["'`/=nrt\x20;] )
        | (?<slashes> \\{1,63} ) (?: u \{ (?<brace> [0-9A-Fa-f]{1,5} ) \} | u (?<four> [0-9A-Fa-f]{4} )
            | U (?<eight> [0-9A-Fa-f]{8} ) | x (?<two> [0-9A-Fa-f]{2} ) | (?<octal> [0-3][0-7]{2} ) )
        | (?i: (?<marks> \\{1,63} ) & (?<markamps> (?: amp; ){0,3} ) (?<mark> quot | \#0?34 | \#x22 | apos | \#0?39 | \#x27
            | \#96 ) ; )
        | (?<backslashes> \\{1,63} )
        | (?<encoded> (?: % (?: 26 (?i: (?: amp %3b ){0,3} (?: quot | apos | lt | gt | nbsp | (?: %23 | \# ) (?: 0?34 | x22 | 0?39 | x27 | 6[012] | x3d | x2f | 96 ) ) %3b )
            | 2526 (?i: (?: amp %253b ){0,3} (?: quot | apos | lt | gt | nbsp | (?: %2523 | \# ) (?: 0?34 | x22 | 0?39 | x27 | 6[012] | x3d | x2f | 96 ) ) %253b )
            | 252526 (?i: (?: amp %25253b ){0,3} (?: quot | apos | lt | gt | nbsp | (?: %252523 | \# ) (?: 0?34 | x22 | 0?39 | x27 | 6[012] | x3d | x2f | 96 ) ) %25253b ) ) ) )
        | (?<percents> % (?:25){0,7} ) (?<hex> [0-9A-Fa-f]{2} )
        | (?i: & (?<amps> (?: amp; ){0,3} ) (?<name> quot | \#0?34 | \#x22 | apos | \#0?39 | \#x27 | lt | gt | \#60
            | \#62 | \#61 | \#x3d | \#x2f | \#96 | nbsp ) ; )
        | (?i: & (?<ampersands> (?: amp; ){1,3} ) )
        | . )"#,
    )
    .expect("a pattern")
});

impl Text {
    pub fn decode(input: &[u8]) -> Text {
        let mut text = Text { ch: vec![], raw: vec![], enc: vec![], at: vec![] };
        let mut from = 0;
        while from < input.len() {
            let (ch, enc, len) = decode(&input[from..]);
            text.ch.push(ch);
            text.raw.push(if enc == Enc::Raw { ch } else { 0 });
            text.enc.push(enc);
            text.at.push(from);
            from += len;
        }
        text.at.push(from);
        text
    }

    pub fn len(&self) -> usize {
        self.ch.len()
    }

    pub fn ch(&self, k: usize) -> u8 {
        self.ch.get(k).copied().unwrap_or(b'\n')
    }

    /// The character if it is not escaped, or 0.
    pub fn raw(&self, k: usize) -> u8 {
        self.raw.get(k).copied().unwrap_or(b'\n')
    }

    pub fn enc(&self, k: usize) -> Enc {
        self.enc.get(k).copied().unwrap_or(Enc::Raw)
    }

    /// The character before `k`. Before the first one there is a line feed.
    pub fn before(&self, k: usize) -> u8 {
        k.checked_sub(1).map_or(b'\n', |k| self.ch(k))
    }

    pub fn start(&self, k: usize) -> usize {
        self.at[k.min(self.len())]
    }

    pub fn level(&self, k: usize) -> usize {
        level(self.enc(k))
    }

    pub fn is_newline(&self, k: usize) -> bool {
        matches!(self.ch(k), b'\n' | b'\r')
    }

    /// The position after CR LF or LF, as bytes or escapes. CR alone ends a line only as an escape.
    pub fn past_newline(&self, k: usize) -> Option<usize> {
        match (self.ch(k), self.ch(k + 1)) {
            _ if k >= self.len() => None,
            (b'\r', b'\n') => Some(if k + 1 < self.len() { k + 2 } else { k + 1 }),
            (b'\r', _) => (self.enc(k) != Enc::Raw).then_some(k + 1),
            (b'\n', _) => Some(k + 1),
            _ => None,
        }
    }

    pub fn quote(&self, k: usize) -> Option<Quote> {
        matches!(self.ch(k), b'"' | b'\'' | b'`')
            .then(|| Quote { ch: self.ch(k), enc: self.enc(k) })
    }

    /// The end of a match that starts at `k`.
    pub fn find(&self, k: usize, pattern: &Regex) -> Option<usize> {
        Some(k + pattern.find(self.ch.get(k..)?)?.end())
    }

    /// The same for characters that are not escaped.
    pub fn find_raw(&self, k: usize, pattern: &Regex) -> Option<usize> {
        Some(k + pattern.find(self.raw.get(k..)?)?.end())
    }

    /// Whether the text before `k` matches.
    pub fn ends(&self, k: usize, pattern: &Regex) -> bool {
        pattern.is_match(&self.ch[k.saturating_sub(100)..k])
    }

    /// The position after colour sequences.
    pub fn colours(&self, k: usize) -> usize {
        (k..).find(|&k| self.enc(k) != Enc::Ansi).unwrap_or(k)
    }

    /// The position after spaces, tabs and colour sequences.
    pub fn blanks(&self, k: usize, level: usize) -> usize {
        let blank = |k: usize| match (self.ch(k), self.enc(k)) {
            (_, Enc::Ansi) => true,
            (b' ' | b'\t', Enc::Percent(_) | Enc::PercentSlash(..)) => self.level(k) <= level,
            (b' ' | b'\t', _) => true,
            (b'+', Enc::Raw) => level > 0,
            _ => false,
        };
        (k..).find(|&k| !blank(k)).unwrap_or(k)
    }

    /// Whether the character at `k` closes `quote`, and how many of its bytes still belong to the content.
    pub fn closes(&self, quote: Quote, k: usize) -> Option<usize> {
        use Enc::*;
        let yes = |closes: bool| closes.then_some(0);
        if self.ch(k) != quote.ch || k >= self.len() {
            return None;
        }
        let depth = |enc| if let Slash(n) | EntitySlash(_, n) = enc { n } else { 0 };
        let (open, here) = (depth(quote.enc), depth(self.enc(k)));
        // More backslashes are content, unless they are escaped backslashes themselves.
        let more = here.saturating_sub(open);
        let more = (more % (2 * (open + 1)) == 0).then_some(more);
        match (quote.enc, self.enc(k)) {
            (_, Ansi) => None,
            (Raw | Slash(_), Raw | Slash(_)) => more,
            (Entity(n) | EntitySlash(n, _), Entity(m) | EntitySlash(m, _)) => {
                more.filter(|_| m <= n)
            }
            (Raw | Slash(_), _) => None,
            (Code(n), Code(m)) | (Percent(n) | PercentSlash(n, _), Percent(m)) => yes(m <= n),
            (PercentSlash(n, a), PercentSlash(m, b)) => yes(m <= n && b <= a),
            (_, Raw) => Some(0),
            _ => None,
        }
    }
}

/// The levels of percent-encoding.
pub fn level(enc: Enc) -> usize {
    match enc {
        Enc::Percent(level) | Enc::PercentSlash(level, _) => level,
        _ => 0,
    }
}

/// The first character of `bytes`.
fn decode(bytes: &[u8]) -> (u8, Enc, usize) {
    // `#012`, but not a colour, `#012345` or `#012;`.
    if let [b'#', b'0', b'1', digit @ (b'1' | b'2' | b'5'), rest @ ..] = bytes {
        let more = rest.iter().take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let next = rest.get(more).copied().unwrap_or(b'\n');
        let word = next.is_ascii_alphanumeric() || matches!(next, b'-' | b'_');
        if !(more == 3 && !word || more == 0 && next == b';') {
            let ch = match digit {
                b'1' => b'\t',
                b'2' => b'\n',
                _ => b'\r',
            };
            return (ch, Enc::Code(0), 4);
        }
    }
    let found = UNIT.captures(bytes).expect("any byte matches");
    let len = found[0].len();
    let count = |name| found.name(name).map(|part| part.len());
    let number = |digits: &[u8], radix| {
        let digits = std::str::from_utf8(digits).expect("digits");
        u8::try_from(u32::from_str_radix(digits, radix).unwrap_or(0x80)).unwrap_or(0xff)
    };
    let ascii = |ch: u8| if ch < 0x80 { ch } else { 0xff };
    if found.name("ansi").is_some() {
        return (0x1b, Enc::Ansi, len);
    }
    if let Some(n) = count("slash") {
        let ch = match found["plain"][0] {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            ch => ch,
        };
        return (ch, Enc::Slash(n), len);
    }
    if let Some(n) = count("slashes") {
        let hex = ["brace", "four", "eight", "two"].iter().find_map(|name| found.name(name));
        let ch = match hex {
            Some(digits) => ascii(number(digits.as_bytes(), 16)),
            None => ascii(number(&found["octal"], 8)),
        };
        return (ch, Enc::Code(n), len);
    }
    if let Some(n) = count("marks") {
        let ch = match &found["mark"].to_ascii_lowercase()[..] {
            b"quot" | b"#34" | b"#034" | b"#x22" => b'"',
            b"#96" => b'`',
            _ => b'\'',
        };
        return (ch, Enc::EntitySlash(found["markamps"].len() / 4 + 1, n), len);
    }
    if found.name("backslashes").is_some() {
        return (b'\\', Enc::Raw, len);
    }
    if let Some(encoded) = found.name("encoded") {
        let level = encoded.as_bytes()[1..].chunks(2).take_while(|two| *two == b"25").count() + 1;
        let plain: Vec<u8> = Regex::new("(?-u)%(25)*(23|26|3[bB])")
            .expect("a pattern")
            .replace_all(encoded.as_bytes(), |mark: &regex::bytes::Captures| {
                vec![match &mark[2] {
                    b"23" => b'#',
                    b"26" => b'&',
                    _ => b';',
                }]
            })
            .into_owned();
        return (decode(&plain).0, Enc::Percent(level), len);
    }
    if let Some(n) = count("percents") {
        let level = n.div_ceil(2);
        let ch = number(&found["hex"], 16);
        if ch == b'\\'
            && let Some((ch, slashes, more)) = percent_escape(&bytes[len..], level, 1)
        {
            return (ch, Enc::PercentSlash(level, slashes), len + more);
        }
        return (ch, Enc::Percent(level), len);
    }
    if let Some(n) = count("amps") {
        let ch = match &found["name"].to_ascii_lowercase()[..] {
            b"quot" | b"#34" | b"#034" | b"#x22" => b'"',
            b"apos" | b"#39" | b"#039" | b"#x27" => b'\'',
            b"lt" | b"#60" => b'<',
            b"gt" | b"#62" => b'>',
            b"#61" | b"#x3d" => b'=',
            b"#x2f" => b'/',
            b"#96" => b'`',
            _ => b' ',
        };
        return (ch, Enc::Entity(n / 4 + 1), len);
    }
    if let Some(n) = count("ampersands") {
        return (b'&', Enc::Entity(n / 4), len);
    }
    (bytes[0], Enc::Raw, len)
}

/// What a percent-encoded backslash before `bytes` escapes.
fn percent_escape(bytes: &[u8], level: usize, slashes: usize) -> Option<(u8, usize, usize)> {
    let mark = format!("%{}", "25".repeat(level - 1));
    let escaped = match bytes.first()? {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'\'' => b'\'',
        _ => {
            let digits = bytes.strip_prefix(mark.as_bytes())?.get(..2)?;
            let quote = match &digits.to_ascii_lowercase()[..] {
                b"22" => b'"',
                b"27" => b'\'',
                b"60" => b'`',
                b"26" => {
                    let (ch, _, len) = decode(bytes);
                    let quote = matches!(ch, b'"' | b'\'' | b'`');
                    return quote.then_some((ch, slashes, len));
                }
                b"5c" => {
                    let len = mark.len() + 2;
                    let (ch, slashes, more) = percent_escape(&bytes[len..], level, slashes + 1)?;
                    return Some((ch, slashes, len + more));
                }
                _ => return None,
            };
            return Some((quote, slashes, mark.len() + 2));
        }
    };
    Some((escaped, slashes, 1))
}
