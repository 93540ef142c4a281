//! The encodings in which programs write a value, decoded one character at a time.

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Unchanged.
    Raw,
    /// Percent-encoded (RFC 3986).
    Percent,
    /// Percent-encoded as in a form: a space is `+`.
    Form,
    /// With backslashes, as in strings of JSON and similar languages, and as shells escape words.
    Backslash,
    /// The same, in a string within a string.
    Twice,
    /// In single quotes of a shell.
    Shell,
    /// With the entities of HTML and XML.
    Html,
    /// base64 in the URL-safe alphabet (RFC 4648, section 5), where the search text was prepared in the standard
    /// alphabet.
    Url,
}

/// The most bytes that an encoding uses for one byte of the value.
pub(super) const EXPANSION: usize = 8;

/// The next character of an encoded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// `len` bytes of the text encode `count` bytes of the value.
    Bytes { bytes: [u8; 4], count: usize, len: usize },
    /// More text is needed to decide.
    More,
    /// Not valid in this encoding.
    Invalid,
}

impl Unit {
    fn byte(byte: u8, len: usize) -> Unit {
        Unit::Bytes { bytes: [byte, 0, 0, 0], count: 1, len }
    }

    fn char(code: u32, len: usize) -> Unit {
        let Some(c) = char::from_u32(code) else { return Unit::Invalid };
        let mut bytes = [0; 4];
        let count = c.encode_utf8(&mut bytes).len();
        Unit::Bytes { bytes, count, len }
    }
}

/// Whether some encoding gives the byte a special meaning.
pub(super) fn is_special(byte: u8) -> bool {
    matches!(byte, b'%' | b'+' | b'\\' | b'\'' | b'&' | b'-' | b'_')
}

/// `More` if `text` is a proper prefix of one of `whole`, else `Invalid`.
fn cut_off(text: &[u8], whole: &[&[u8]]) -> Unit {
    match whole.iter().any(|whole| whole.starts_with(text)) {
        true => Unit::More,
        false => Unit::Invalid,
    }
}

impl Encoding {
    pub(super) const ALL: [Encoding; 8] = [
        Encoding::Raw,
        Encoding::Percent,
        Encoding::Form,
        Encoding::Backslash,
        Encoding::Twice,
        Encoding::Shell,
        Encoding::Html,
        Encoding::Url,
    ];

    /// The character at the start of `text`, which has at least one byte.
    pub(super) fn read(self, text: &[u8]) -> Unit {
        let raw = Unit::byte(text[0], 1);
        match (self, text[0]) {
            (Encoding::Percent | Encoding::Form, b'%') => match hex(text, 1, 2) {
                Digits::All(code) => Unit::byte(code as u8, 3),
                Digits::More => Unit::More,
                Digits::None => Unit::Invalid,
            },
            (Encoding::Form, b'+') => Unit::byte(b' ', 1),
            (Encoding::Backslash, b'\\') => escape(text),
            (Encoding::Twice, b'\\') => nested_escape(text),
            (Encoding::Shell, b'\'') => {
                const QUOTES: [&[u8]; 2] = [br"'\''", br#"'"'"'"#];
                match QUOTES.iter().find(|quote| text.starts_with(quote)) {
                    Some(quote) => Unit::byte(b'\'', quote.len()),
                    None => cut_off(text, &QUOTES),
                }
            }
            (Encoding::Html, b'&') => entity(text),
            (Encoding::Url, b'-') => Unit::byte(b'+', 1),
            (Encoding::Url, b'_') => Unit::byte(b'/', 1),
            _ => raw,
        }
    }
}

enum Digits {
    All(u32),
    More,
    None,
}

/// Reads `count` hexadecimal digits of `text` at `at`.
fn hex(text: &[u8], at: usize, count: usize) -> Digits {
    let mut code = 0;
    for k in at..at + count {
        match text.get(k).map(|byte| char::from(*byte).to_digit(16)) {
            Some(Some(digit)) => code = code << 4 | digit,
            Some(None) => return Digits::None,
            None => return Digits::More,
        }
    }
    Digits::All(code)
}

/// Reads the escape at the start of `text`, which is a backslash.
fn escape(text: &[u8]) -> Unit {
    let Some(kind) = text.get(1) else { return Unit::More };
    match kind {
        b'n' => Unit::byte(b'\n', 2),
        b'r' => Unit::byte(b'\r', 2),
        b't' => Unit::byte(b'\t', 2),
        b'b' => Unit::byte(8, 2),
        b'f' => Unit::byte(12, 2),
        b'x' => match hex(text, 2, 2) {
            Digits::All(code) => Unit::byte(code as u8, 4),
            Digits::More => Unit::More,
            Digits::None => Unit::Invalid,
        },
        b'u' => match hex(text, 2, 4) {
            // The high surrogate of a character outside the basic plane.
            Digits::All(high @ 0xd800..=0xdbff) => match text.get(6..) {
                None | Some([]) | Some([b'\\']) => Unit::More,
                Some([b'\\', b'u', ..]) => match hex(text, 8, 4) {
                    Digits::All(low @ 0xdc00..=0xdfff) => {
                        Unit::char(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00), 12)
                    }
                    Digits::More => Unit::More,
                    _ => Unit::Invalid,
                },
                Some(_) => Unit::Invalid,
            },
            Digits::All(code) => Unit::char(code, 6),
            Digits::More => Unit::More,
            Digits::None => Unit::Invalid,
        },
        byte if byte.is_ascii_alphanumeric() || *byte == b'\n' => Unit::Invalid,
        byte => Unit::byte(*byte, 2),
    }
}

/// The most bytes of an escape.
const ESCAPE_MAX: usize = 12;

/// Reads the escape at the start of `text`, in a string whose backslashes and quotes are escaped once more.
fn nested_escape(text: &[u8]) -> Unit {
    // Decode as much of the outer string as one escape of the inner string needs.
    let mut inner = [0; ESCAPE_MAX];
    let mut ends = [0; ESCAPE_MAX];
    let (mut at, mut count) = (0, 0);
    let mut cut = false;
    while count < ESCAPE_MAX {
        let (byte, len) = match (text.get(at), text.get(at + 1)) {
            (None, _) | (Some(b'\\'), None) => {
                cut = true;
                break;
            }
            (Some(b'\\'), Some(byte @ (b'\\' | b'"' | b'\'' | b'/'))) => (*byte, 2),
            (Some(b'\\'), Some(_)) => break,
            (Some(byte), _) => (*byte, 1),
        };
        at += len;
        (inner[count], ends[count]) = (byte, at);
        count += 1;
    }
    let inner = &inner[..count];
    let unit = match inner.first() {
        None => Unit::More,
        Some(b'\\') => escape(inner),
        Some(byte) => Unit::byte(*byte, 1),
    };
    match unit {
        Unit::Bytes { bytes, count, len } => Unit::Bytes { bytes, count, len: ends[len - 1] },
        Unit::More if !cut => Unit::Invalid,
        unit => unit,
    }
}

/// Reads the entity at the start of `text`, which is an ampersand.
fn entity(text: &[u8]) -> Unit {
    const NAMED: [(&[u8], u8); 5] =
        [(b"&amp;", b'&'), (b"&lt;", b'<'), (b"&gt;", b'>'), (b"&quot;", b'"'), (b"&apos;", b'\'')];
    let reach = &text[..text.len().min(EXPANSION)];
    let Some(end) = memchr::memchr(b';', reach) else {
        return if reach.len() < EXPANSION { Unit::More } else { Unit::Invalid };
    };
    let entity = &text[..=end];
    if let Some((_, byte)) = NAMED.iter().find(|(name, _)| *name == entity) {
        return Unit::byte(*byte, entity.len());
    }
    let (digits, radix) = match &text[1..end] {
        [b'#', b'x' | b'X', digits @ ..] => (digits, 16),
        [b'#', digits @ ..] => (digits, 10),
        _ => return Unit::Invalid,
    };
    let number =
        std::str::from_utf8(digits).ok().and_then(|text| u32::from_str_radix(text, radix).ok());
    number.map_or(Unit::Invalid, |code| Unit::char(code, entity.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes `written`; `None` if part of it is invalid.
    fn decode(encoding: Encoding, written: &str) -> Option<Vec<u8>> {
        let (mut rest, mut value) = (written.as_bytes(), Vec::new());
        while !rest.is_empty() {
            let Unit::Bytes { bytes, count, len } = encoding.read(rest) else { return None };
            value.extend_from_slice(&bytes[..count]);
            rest = &rest[len..];
        }
        Some(value)
    }

    #[test]
    fn every_encoding_is_decoded() {
        for (encoding, written, value) in [
            (Encoding::Raw, r"a%20\n&amp;", r"a%20\n&amp;"),
            (Encoding::Percent, "a%20b%2Bc+%c3%A9", "a b+c+é"),
            (Encoding::Form, "a+b%2Bc", "a b+c"),
            (Encoding::Backslash, r#"a\"b\\c\/d\n\u00e9\ud83d\udd11\x41\ "#, "a\"b\\c/d\né🔑A "),
            (Encoding::Twice, r#"a\\\"b\\\\c\/d\\n\\u00e9\\ud83d\\udd11"#, "a\"b\\c/d\né🔑"),
            (Encoding::Shell, r#"a'\''b'"'"'c"#, "a'b'c"),
            (Encoding::Html, "&lt;&amp;&#39;&#x27;&apos;&quot;&gt;'", "<&'''\">'"),
            (Encoding::Url, "a-b_c", "a+b/c"),
        ] {
            assert_eq!(decode(encoding, written).as_deref(), Some(value.as_bytes()), "{written}");
        }
    }

    #[test]
    fn a_cut_off_escape_needs_more_and_an_invalid_one_is_rejected() {
        for (encoding, written) in [
            (Encoding::Percent, "%2F"),
            (Encoding::Backslash, r"\u00e9"),
            (Encoding::Backslash, r"\ud83d\udd11"),
            (Encoding::Twice, r"\\ud83d\\udd11"),
            (Encoding::Twice, r#"\\\""#),
            (Encoding::Shell, r"'\''"),
            (Encoding::Html, "&quot;"),
        ] {
            for end in 1..written.len() {
                assert_eq!(
                    encoding.read(&written.as_bytes()[..end]),
                    Unit::More,
                    "{written} {end}"
                );
            }
        }
        for (encoding, written) in [
            (Encoding::Percent, "%zz"),
            (Encoding::Backslash, r"\q"),
            (Encoding::Backslash, r"\u00zz"),
            (Encoding::Backslash, r"\ud83dxx"),
            (Encoding::Twice, r"\q"),
            (Encoding::Twice, r"\\q"),
            (Encoding::Shell, "'x"),
            (Encoding::Html, "&nothing"),
            (Encoding::Html, "&x;"),
        ] {
            assert_eq!(encoding.read(written.as_bytes()), Unit::Invalid, "{written}");
        }
    }
}
