//! JSON Web Tokens (RFC 7515, 7516, 7519): found by their JOSE header.
//!
//! The scan searches for base64url of `"alg"`, which has three spellings, one for each position modulo three. From a
//! hit, the possible starts of an object in the same run of base64url are tried. The header is decoded and parsed
//! strictly as JSON while it is read. A header that passes is no coincidence, so the bytes before the token do not
//! matter.
//!
//! Two parts that both begin like an object, with a dot between and after them, are a token too, whatever the header
//! decodes to. It may be damaged, or have been redacted in part.

use crate::grammar::ids::JWT;
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Step, Text};
use crate::grammar::value::base64::is_base64url;
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

/// The longest header, in characters. A header that continues after `"alg"` (with a certificate chain) is accepted at
/// this length.
pub(crate) const MAX_HEADER: usize = 4096;

/// The longest header that is compared with the next.
const MAX_LAST: usize = 256;

/// base64url of `{"`, and of `{` followed by LF, CR LF, space or tab.
const STARTS: [&[u8; 3]; 5] = [b"eyJ", b"ewo", b"ew0", b"eyA", b"ewk"];

/// base64url of `"alg"`, by its position modulo three: the spelling, and its offset modulo four in the header.
const ALG: [(&[u8; 6], usize); 3] = [(b"ImFsZy", 0), (b"JhbGci", 2), (b"iYWxnI", 3)];

/// The bits of a base64 character, in either alphabet.
pub(crate) fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' | b'+' => 62,
        b'_' | b'/' => 63,
        _ => return None,
    })
}

/// The candidate starts of JWTs in a run of base64url that is being searched.
///
/// Each candidate is evaluated once per window, and a run is read once, so that megabytes of candidates and of `"alg"`
/// take linear time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Starts {
    found: Vec<usize>,
    /// The run has been searched up to here.
    searched: usize,
    /// The header of the last token, with the dot after it, and the token's dots. An issuer writes the same header into
    /// every token.
    last: Vec<u8>,
    dots: u8,
}

impl Starts {
    /// Forgets the previous window.
    pub fn clear(&mut self) {
        self.found.clear();
        self.searched = 0;
    }

    /// The result of [`header`] for the header at `start`.
    fn header(&mut self, text: &Text, start: usize) -> Step<Option<u8>> {
        let rest = &text.window()[start..];
        let payload = rest.strip_prefix(&self.last[..]).and_then(|payload| payload.first());
        if !self.last.is_empty() && payload.is_some_and(|byte| is_base64url(*byte)) {
            return Ok(Some(self.dots));
        }
        let dots = header(&mut Plain { text, at: start })?;
        let near = &rest[..rest.len().min(MAX_LAST)];
        if let (Some(dots), Some(dot)) = (dots, memchr::memchr(b'.', near)) {
            self.last.clear();
            self.last.extend_from_slice(&near[..=dot]);
            self.dots = dots;
        }
        Ok(dots)
    }

    /// The JWT whose header contains the hit at `at`. The undecided text starts at `floor`.
    pub fn token(
        &mut self,
        text: &Text,
        at: usize,
        floor: usize,
    ) -> Result<Option<(usize, Value)>, usize> {
        let window = text.window();
        let Some(&(_, place)) =
            ALG.iter().find(|(spelling, _)| window[at..].starts_with(*spelling))
        else {
            return Ok(None);
        };
        // 1. Go back over the part of the run that has not been searched yet.
        let lowest = floor.max(self.searched).max(at.saturating_sub(MAX_HEADER));
        let run = run_start(window, at, lowest);
        if run != self.searched {
            self.found.clear();
        }
        self.found.extend((run..at).filter(|&start| {
            window[start] == b'e' && STARTS.iter().any(|three| window[start..].starts_with(*three))
        }));
        self.searched = at;
        // 2. Evaluate the candidates that this hit can belong to, earliest first.
        let mut k = 0;
        while k < self.found.len() {
            let start = self.found[k];
            if at - start > MAX_HEADER || start < floor {
                self.found.remove(k);
                continue;
            }
            if (at - start) % 4 != place {
                k += 1;
                continue;
            }
            match self.header(text, start) {
                Err(_) => return Err(start),
                Ok(Some(parts)) => return Ok(Some((start, Value::jwt(JWT, 0, parts)))),
                Ok(None) => {
                    self.found.remove(k);
                }
            }
        }
        Ok(None)
    }
}

/// Where the window's end may be inside a header: the first candidate start in its last run of base64url, at or after
/// `floor`.
pub(crate) fn pending(window: &[u8], floor: usize) -> Option<usize> {
    let lowest = floor.max(window.len().saturating_sub(MAX_HEADER + 8));
    let mut run = run_start(window, window.len(), lowest);
    // The end may also be inside the text that makes a token of the run before it.
    let after = &window[run..];
    if run > lowest
        && window[run - 1] == b'.'
        && after.len() < OBJECT.len()
        && OBJECT.starts_with(after)
    {
        run = run_start(window, run - 1, lowest);
    }
    (run..window.len()).find(|&start| {
        window[start] == b'e' && {
            let rest = &window[start..];
            STARTS.iter().any(|three| three.starts_with(&rest[..rest.len().min(3)]))
        }
    })
}

/// The token whose payload starts after the dot at `at`, recognised by its shape, `eyJ….eyJ….`. Its start may be
/// earlier.
pub(crate) fn shaped(text: &Text, at: usize, floor: usize) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at + 1));
    let window = text.window();
    let payload = at + 1;
    if window[at] != b'.' || !window[payload..].starts_with(OBJECT) {
        return nothing;
    }
    let lowest = floor.max(at.saturating_sub(MAX_HEADER));
    let run = run_start(window, at, lowest);
    let Some(start) = memchr::memmem::find(&window[run..at], OBJECT)
        .map(|place| run + place)
        .filter(|start| at - start >= MIN_PART)
    else {
        return nothing;
    };
    let mut end = payload;
    while end - payload < MAX_PAYLOAD && is_base64url(text.at(end)?) {
        end += 1;
    }
    // The dot after the payload, or the end of a line that was cut off in it.
    let shaped = end - payload >= MIN_PART
        && (end - payload == MAX_PAYLOAD || matches!(text.at(end)?, b'.' | b'\n' | b'\r'));
    if !shaped {
        return nothing;
    }
    Ok(Start::Value(start, Value::jwt(JWT, 0, 2), None))
}

/// base64url of `{"`, with which a header and a payload start.
const OBJECT: &[u8] = b"eyJ";
/// The fewest characters of each part of a token that is recognised by its shape.
const MIN_PART: usize = 10;
/// A payload of this length is accepted before its end is seen.
const MAX_PAYLOAD: usize = 4096;

/// The start of the run of base64url that ends at `end`, at or after `lowest`.
fn run_start(window: &[u8], end: usize, lowest: usize) -> usize {
    let mut run = end;
    while run > lowest && is_base64url(window[run - 1]) {
        run -= 1;
    }
    run
}

/// A JWT encoded in base64 once more. The encoded text starts at `at`.
pub(crate) fn wrapped(text: &Text, at: usize) -> Step<Start> {
    // The base64 of the start of a header; see the anchors.
    let parts = header(&mut Wrapped { text, at, bits: 0, count: 0 })?;
    Ok(match parts {
        Some(_) => Start::Value(at, Value::new(Frame::default(), Flavour::Base64, JWT), None),
        None => Start::Nothing(at + 4),
    })
}

/// The characters of a token, one by one.
trait Characters {
    /// The next character, or 0 where the text cannot continue.
    fn next(&mut self) -> Step<u8>;
}

struct Plain<'a, 'b> {
    text: &'b Text<'a>,
    at: usize,
}

impl Characters for Plain<'_, '_> {
    fn next(&mut self) -> Step<u8> {
        let byte = self.text.at(self.at)?;
        self.at += 1;
        Ok(byte)
    }
}

struct Wrapped<'a, 'b> {
    text: &'b Text<'a>,
    at: usize,
    bits: u32,
    count: u32,
}

impl Characters for Wrapped<'_, '_> {
    fn next(&mut self) -> Step<u8> {
        while self.count < 8 {
            let Some(six) = sextet(self.text.at(self.at)?) else { return Ok(0) };
            self.bits = self.bits << 6 | u32::from(six);
            self.count += 6;
            self.at += 1;
        }
        self.count -= 8;
        Ok((self.bits >> self.count) as u8)
    }
}

/// Reads a header, a dot and the start of what can follow. Returns the number of dots of the token.
fn header(characters: &mut impl Characters) -> Step<Option<u8>> {
    let mut json = Object::default();
    let (mut bits, mut count) = (0u32, 0);
    for _ in 0..MAX_HEADER {
        let character = characters.next()?;
        if !is_base64url(character) {
            if character != b'.' || !json.is_complete() || !json.alg {
                return Ok(None);
            }
            let payload = characters.next()?;
            let found =
                is_base64url(payload) || payload == b'.' && is_base64url(characters.next()?);
            return Ok(found.then_some(json.dots()));
        }
        let six = sextet(character).unwrap_or(0);
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            if !json.push((bits >> count) as u8) {
                return Ok(None);
            }
        }
    }
    Ok(json.alg.then_some(json.dots()))
}

/// The deepest nesting of a header.
const MAX_DEPTH: u32 = 16;

/// A parser of a JSON object that arrives byte by byte. It records the names on the top level.
#[derive(Default)]
struct Object {
    state: Json,
    depth: u32,
    /// Bit d is set if level d is an object.
    objects: u32,
    escaped: bool,
    /// The current name on the top level, truncated to this length.
    name: [u8; 4],
    name_len: usize,
    alg: bool,
    enc: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Json {
    #[default]
    Start,
    /// After `{`: a name or `}`.
    FirstName,
    /// After a comma in an object.
    Name,
    InName,
    Colon,
    /// After `[`: a value or `]`.
    FirstValue,
    Value,
    InString,
    Literal,
    After,
    Complete,
}

impl Object {
    fn is_complete(&self) -> bool {
        self.state == Json::Complete
    }

    /// A JWE, whose header names the content encryption, has five parts.
    fn dots(&self) -> u8 {
        if self.enc { 4 } else { 2 }
    }

    /// Takes the next byte. Returns false if a JSON object cannot continue with it.
    fn push(&mut self, byte: u8) -> bool {
        use Json::*;
        let blank = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        match self.state {
            Start => {
                if byte != b'{' {
                    return blank;
                }
                self.open(true)
            }
            InName | InString => {
                if byte < b' ' {
                    return false;
                }
                if self.escaped {
                    self.escaped = false;
                } else if byte == b'\\' {
                    self.escaped = true;
                } else if byte == b'"' {
                    if self.state == InString {
                        self.state = After;
                    } else {
                        self.end_name();
                        self.state = Colon;
                    }
                    return true;
                }
                if self.state == InName {
                    if self.name_len < self.name.len() {
                        self.name[self.name_len] = byte;
                    }
                    self.name_len += 1;
                }
                true
            }
            FirstName | Name => match byte {
                b'"' => {
                    self.name_len = 0;
                    self.state = InName;
                    true
                }
                b'}' if self.state == FirstName => self.close(true),
                _ => blank,
            },
            Colon => {
                if byte == b':' {
                    self.state = Value;
                    return true;
                }
                blank
            }
            FirstValue | Value => match byte {
                b'"' => {
                    self.state = InString;
                    true
                }
                b'{' => self.open(true),
                b'[' => self.open(false),
                b']' if self.state == FirstValue => self.close(false),
                b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                    self.state = Literal;
                    true
                }
                _ => blank,
            },
            Literal if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-') => true,
            Literal | After => match byte {
                b',' => {
                    self.state = if self.in_object() { Name } else { Value };
                    true
                }
                b'}' => self.close(true),
                b']' => self.close(false),
                _ => {
                    self.state = After;
                    blank
                }
            },
            Complete => blank,
        }
    }

    fn in_object(&self) -> bool {
        self.objects >> self.depth & 1 == 1
    }

    fn open(&mut self, object: bool) -> bool {
        if self.depth == MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        self.objects = self.objects & !(1 << self.depth) | u32::from(object) << self.depth;
        self.state = if object { Json::FirstName } else { Json::FirstValue };
        true
    }

    fn close(&mut self, object: bool) -> bool {
        if self.in_object() != object {
            return false;
        }
        self.depth -= 1;
        self.state = if self.depth == 0 { Json::Complete } else { Json::After };
        true
    }

    fn end_name(&mut self) {
        if self.depth == 1 && self.name_len == 3 {
            self.alg |= &self.name[..3] == b"alg";
            self.enc |= &self.name[..3] == b"enc";
        }
    }
}
