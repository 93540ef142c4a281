//! JSON Web Tokens, by their header.

use super::text::{Text, pattern};

fn is_base64url(ch: u8) -> bool {
    ch.is_ascii_alphanumeric() || matches!(ch, b'-' | b'_')
}

/// The bytes that base64 of either alphabet encodes.
pub fn base64(chars: &[u8]) -> Option<Vec<u8>> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/";
    let mut bits = Vec::new();
    for ch in chars {
        let six = ALPHABET.iter().position(|other| other == ch)?;
        let six = if six < 64 { six } else { six - 2 };
        bits.extend((0..6).rev().map(|bit| six >> bit & 1 == 1));
    }
    let byte = |bits: &[bool]| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
    Some(bits.chunks_exact(8).map(byte).collect())
}

/// The end of the JWT that starts at `k`.
pub fn token(text: &Text, k: usize) -> Option<usize> {
    let starts = [b"eyJ", b"ewo", b"ew0", b"eyA", b"ewk"];
    let rest = text.raw.get(k..)?;
    if !starts.iter().any(|start| rest.starts_with(*start)) {
        return None;
    }
    let run = |k: usize| (k..).find(|&k| !is_base64url(text.raw(k))).unwrap_or(k);
    let dot = run(k);
    let dots = header(&text.raw[k..dot.min(text.len())])?;
    let payload = usize::from(text.raw(dot + 1) == b'.') + dot + 1;
    if text.raw(dot) != b'.' || !is_base64url(text.raw(payload)) {
        return None;
    }
    Some(parts(text, dot, 0, dots))
}

/// The end of the parts of a token. `seen` of its `dots` dots are before `at`.
fn parts(text: &Text, mut at: usize, mut seen: usize, mut dots: usize) -> usize {
    loop {
        let (next, after) = (text.raw(at + 1), text.raw(at + 2));
        match text.raw(at) {
            b'.' if seen < dots => {
                let empty = next == b'.' && (seen == 0 || dots == 4) && is_base64url(after);
                let unsigned = dots == 2 && seen == 1 && next != b'.';
                if !(is_base64url(next) || empty || unsigned) {
                    return at;
                }
                seen += 1;
            }
            // The disclosures of an SD-JWT, and a key-binding JWT after them.
            b'~' if seen == dots => {
                if next == b'e' {
                    dots = seen + 2;
                }
            }
            ch if is_base64url(ch) && at < text.len() => {}
            _ => return at,
        }
        at += 1;
    }
}

/// The end of the token that starts at `k` and is recognised by its shape: two parts that begin like objects, and a
/// dot.
pub fn shaped(text: &Text, k: usize) -> Option<usize> {
    let shape = pattern!(r"(?-i)^eyJ[A-Za-z0-9_-]{7,}\.eyJ[A-Za-z0-9_-]{7,}(?P<end>\.|[\r\n]|$)");
    let found = shape.captures(text.raw.get(k..)?)?;
    let end = found.name("end").unwrap();
    Some(parts(text, k + end.start(), 1, 2))
}

/// The end of base64 around a whole JWT.
pub fn wrapped(text: &Text, k: usize) -> Option<usize> {
    let rest = text.raw.get(k..)?;
    if !rest.starts_with(b"ZXlK") {
        return None;
    }
    let run = rest.iter().take_while(|&&ch| is_base64url(ch) || matches!(ch, b'+' | b'/')).count();
    let inner = Text::decode(&base64(&rest[..run])?);
    token(&inner, 0)?;
    let goes_on = |k: &usize| {
        let raw = text.raw(*k);
        *k < text.len()
            && (is_base64url(raw) || b"+/=".contains(&text.ch(*k)) && text.ch(*k) != b'&')
    };
    (k..).find(|k| !goes_on(k))
}

/// The number of dots of a token with this header.
fn header(chars: &[u8]) -> Option<usize> {
    let bytes = base64(chars)?;
    let mut json = Json { rest: &bytes, names: vec![] };
    json.blanks();
    if json.rest.first() != Some(&b'{') {
        return None;
    }
    json.value(1)?;
    json.blanks();
    let has = |name: &[u8]| json.names.iter().any(|other| other == name);
    (json.rest.is_empty() && has(b"alg")).then(|| if has(b"enc") { 4 } else { 2 })
}

/// A parser of JSON text that collects the names on the top level.
struct Json<'a> {
    rest: &'a [u8],
    names: Vec<Vec<u8>>,
}

impl Json<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn string(&mut self) -> Option<Vec<u8>> {
        let mut string = vec![];
        loop {
            match self.byte()? {
                b'"' => return Some(string),
                b'\\' => string.extend([b'\\', self.byte()?]),
                byte if byte < b' ' => return None,
                byte => string.push(byte),
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        self.blanks();
        let open = self.byte()?;
        let close = match open {
            b'"' => return self.string().map(drop),
            b'{' => b'}',
            b'[' => b']',
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                let more = |byte: &&u8| byte.is_ascii_alphanumeric() || b".+-".contains(byte);
                self.rest = &self.rest[self.rest.iter().take_while(more).count()..];
                return Some(());
            }
            _ => return None,
        };
        self.blanks();
        if self.rest.first() == Some(&close) {
            self.byte();
            return Some(());
        }
        loop {
            if open == b'{' {
                self.blanks();
                (self.byte()? == b'"').then_some(())?;
                let name = self.string()?;
                if depth == 1 {
                    self.names.push(name);
                }
                self.blanks();
                (self.byte()? == b':').then_some(())?;
            }
            self.value(depth + 1)?;
            self.blanks();
            match self.byte()? {
                b',' => {}
                byte if byte == close => return Some(()),
                _ => return None,
            }
        }
    }
}
