//! Builds the replacement of one secret while its bytes arrive.
//!
//! A secret may be longer than any buffer, so it is never stored. A mask writes one character per byte, a digest is
//! updated, and only the characters that `partial` shows are remembered.

use crate::grammar::credential::jwt::sextet;
use crate::grammar::ids::IP;
use crate::grammar::personal::address::{MAX_IPV6, Network};
use crate::redact::destination::Destination;
use crate::redact::style::{Digest, Ends, KeepJwt, Key, Style, Styles};
use crate::redact::unescape::Unescape;
use crate::rules::ruleset::Ruleset;
use crate::span::RuleId;

/// The default replacement. No rule matches it, so redacting redacted output changes nothing. The bracketed output of
/// the other styles begins and ends with them, for the same reason.
pub(crate) const FIXED: &[u8] = b"[REDACTED]";

/// The most characters that `partial` shows at either end.
const SHOWN: usize = Ends::MAX as usize;

/// A secret is this many times as long as the part of it that is shown, or longer.
const SHOWN_OF: usize = 5;

/// The longest JWT header that is kept, in bytes. A longer one is replaced, so the buffer is bounded.
const MAX_HEADER: usize = 4096;

/// The longest JWT payload that is kept, in bytes.
const MAX_PAYLOAD: usize = 16 * 1024;

/// The longest replacement that can follow a kept header, in bytes.
const MAX_REPLACEMENT: usize = 64;

const STARS: [u8; 256] = [b'*'; 256];

/// A rule's style, compiled.
#[derive(Clone)]
pub(crate) enum Form {
    /// The same bytes for every secret.
    Text(Box<[u8]>),
    Mask,
    Partial(Ends),
    /// An IP address's network.
    Network,
    /// `label` comes before the pseudonym, which has `digits` digits.
    Hmac {
        label: Box<[u8]>,
        key: Key,
        digits: usize,
    },
}

impl Form {
    /// Compiles the style of `rule`.
    pub(crate) fn new(rules: &Ruleset, rule: RuleId, styles: &Styles) -> Form {
        let label = |end: &str| format!("[REDACTED:{}{end}", rules.rule(rule).name).into_bytes();
        match styles.of(rule) {
            Style::Fixed => Form::Text(FIXED.into()),
            Style::Text(text) => Form::Text(text.as_str().as_bytes().into()),
            Style::Label => Form::Text(label("]").into()),
            Style::Mask => Form::Mask,
            Style::Partial if rules.place(IP) == Some(rule) => Form::Network,
            Style::Partial => Form::Partial(Ends::LAST_FOUR),
            Style::Ends(ends) => Form::Partial(*ends),
            Style::Hmac(key) => {
                let label = label(":");
                // A longer one would not be recognised as a replacement.
                let room = MAX_REPLACEMENT.saturating_sub(label.len() + 1);
                let digits = key.digits().min(room).max(Key::DIGITS_MIN);
                Form::Hmac { label: label.into(), key: key.clone(), digits }
            }
        }
    }

    /// Whether `text`, which follows a kept header, is a replacement that this form writes there.
    fn writes(&self, text: &[u8]) -> bool {
        let inner = text.strip_prefix(b"[REDACTED").and_then(|rest| rest.strip_suffix(b"]"));
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b" _:.-".contains(byte);
        // A full stop after the replacement may belong to the token or to the sentence.
        let word = text.strip_suffix(b".").unwrap_or(text);
        inner.is_some_and(|inner| inner.iter().all(plain))
            || matches!(self, Form::Text(own) if **own == *text || **own == *word)
    }
}

/// A secret whose bytes are arriving.
#[derive(Clone, Default)]
pub(crate) struct OpenSecret {
    stage: Stage,
    /// What may be a JWT's header or payload, or a replacement after one.
    held: Vec<u8>,
    /// Which parts of a JWT may be kept, and whether its header was kept.
    jwt: KeepJwt,
    headed: bool,
    /// Whether any part of it is to be replaced.
    begun: bool,
    unescape: Unescape,
    digest: Option<Digest>,
    /// The first characters, the last ones in order, and the total number of characters.
    first: [u8; SHOWN],
    last: [u8; SHOWN],
    count: usize,
    /// The first bytes of what may be an address.
    address: Vec<u8>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// It may still turn out to begin with a JWT header.
    Header,
    /// A payload may follow, which is kept as well.
    Payload,
    /// Directly after the kept part.
    AfterKept,
    /// The rest is replaced.
    #[default]
    Body,
}

impl OpenSecret {
    /// Starts another secret. If it is a JWT, `jwt` of it is kept.
    pub(crate) fn open(&mut self, form: &Form, jwt: KeepJwt) {
        self.stage = if jwt == KeepJwt::Nothing { Stage::Body } else { Stage::Header };
        self.jwt = jwt;
        self.held.clear();
        self.address.clear();
        (self.headed, self.begun) = (false, false);
        self.unescape.reset();
        self.digest = match form {
            Form::Hmac { key, .. } => Some(key.digest()),
            _ => None,
        };
        (self.first, self.last, self.count) = ([0; SHOWN], [0; SHOWN], 0);
    }

    /// Takes the next bytes of the secret. `last` says that they are its last.
    pub(crate) fn take(
        &mut self,
        form: &Form,
        bytes: &[u8],
        last: bool,
        out: &mut impl Destination,
    ) {
        let mut rest = bytes;
        while matches!(self.stage, Stage::Header | Stage::Payload) {
            match self.kept_part(form, rest, last, out) {
                Some(after) => rest = after,
                None => return,
            }
        }
        // After the kept part there may be a replacement from an earlier run.
        if self.stage == Stage::AfterKept {
            let len = rest.len().min(MAX_REPLACEMENT + 1 - self.held.len());
            self.held.extend_from_slice(&rest[..len]);
            rest = &rest[len..];
            if self.held.len() <= MAX_REPLACEMENT && !last {
                return;
            }
            let held = std::mem::take(&mut self.held);
            self.stage = Stage::Body;
            if held.len() <= MAX_REPLACEMENT && form.writes(&held) {
                out.put(&held);
            } else {
                self.body(form, &held, out);
            }
            self.return_buffer(held);
        }
        self.body(form, rest, out);
        if last {
            self.close(form, out);
        }
    }

    /// Buffers a header or payload until its end shows whether it is kept. Returns the bytes after it, if there are any
    /// yet.
    fn kept_part<'b>(
        &mut self,
        form: &Form,
        bytes: &'b [u8],
        last: bool,
        out: &mut impl Destination,
    ) -> Option<&'b [u8]> {
        let most = if self.stage == Stage::Header { MAX_HEADER } else { MAX_PAYLOAD };
        let room = most - self.held.len();
        let len = bytes.iter().take(room).take_while(|byte| is_base64url(**byte)).count();
        self.held.extend_from_slice(&bytes[..len]);
        let rest = &bytes[len..];
        if rest.is_empty() && !last {
            return None;
        }
        let held = std::mem::take(&mut self.held);
        let dot = usize::from(rest.first() == Some(&b'.'));
        let is_kept = match self.stage {
            Stage::Header => (dot == 1 || rest.is_empty()) && is_jose_header(&held),
            // Without a dot after it, it may be the cut-off start of something else.
            _ => dot == 1 && is_object(&held),
        };
        let next = match self.stage {
            Stage::Header if self.jwt == KeepJwt::Payload && !is_encrypted(&held) => Stage::Payload,
            _ => Stage::AfterKept,
        };
        if is_kept {
            for part in [&held, &rest[..dot]] {
                out.put(part);
                // The pseudonym covers the whole token, whatever part of it is kept.
                self.digest.iter_mut().for_each(|digest| digest.update(part));
            }
            (self.stage, self.headed) = (next, true);
        } else {
            // An earlier run may have kept only the header.
            let replaced = self.stage == Stage::Payload && held.is_empty();
            self.stage = if replaced { Stage::AfterKept } else { Stage::Body };
            self.body(form, &held, out);
        }
        self.return_buffer(held);
        Some(if is_kept { &rest[dot..] } else { rest })
    }

    /// Returns the cleared buffer for reuse.
    fn return_buffer(&mut self, held: Vec<u8>) {
        self.held = held;
        self.held.clear();
    }

    fn body(&mut self, form: &Form, bytes: &[u8], out: &mut impl Destination) {
        if bytes.is_empty() {
            return;
        }
        match form {
            Form::Text(text) if !self.begun => out.put(text),
            Form::Text(_) => {}
            // After a header, the number of dots tells the token's last dot from a full stop.
            Form::Mask if self.headed => {
                for (index, part) in bytes.split(|byte| *byte == b'.').enumerate() {
                    out.put(&b"."[..index.min(1)]);
                    put_stars(part.len(), out);
                }
            }
            Form::Mask => put_stars(bytes.len(), out),
            Form::Network => {
                let room = MAX_IPV6.saturating_sub(self.address.len());
                self.address.extend_from_slice(&bytes[..bytes.len().min(room)]);
                self.count += bytes.len();
            }
            Form::Partial(_) | Form::Hmac { .. } => self.record(bytes, false),
        }
        self.begun = true;
    }

    fn close(&mut self, form: &Form, out: &mut impl Destination) {
        if !self.begun {
            return;
        }
        if !matches!(form, Form::Network) {
            self.record(b"", true);
        }
        match form {
            Form::Text(_) | Form::Mask => {}
            Form::Network => {
                let whole = self.count == self.address.len();
                match Network::of(&self.address).filter(|_| whole) {
                    Some(network) => out.put(network.as_bytes()),
                    None => out.put(FIXED),
                }
            }
            Form::Partial(ends) if self.count < (ends.first() + ends.last()) * SHOWN_OF => {
                out.put(FIXED);
            }
            Form::Partial(ends) => {
                out.put(b"[REDACTED:");
                out.put(&self.first[..ends.first()]);
                out.put(b"...");
                out.put(&self.last[SHOWN - ends.last()..]);
                out.put(b"]");
            }
            Form::Hmac { label, digits, .. } => {
                if let Some(digest) = self.digest.take() {
                    out.put(label);
                    out.put(&digest.finish()[..*digits]);
                    out.put(b"]");
                }
            }
        }
    }

    /// Decodes the escapes of `bytes`, and records what pseudonyms and `partial` need.
    fn record(&mut self, bytes: &[u8], last: bool) {
        let OpenSecret { unescape, digest, first, last: shown, count, .. } = self;
        unescape.push(bytes, last, &mut |bytes| match digest {
            Some(digest) => digest.update(bytes),
            None => {
                // Padding carries no information. A character that a placeholder cannot contain is shown as a dot.
                for &byte in bytes.iter().filter(|byte| **byte != b'=') {
                    let byte = if is_base64url(byte) { byte } else { b'.' };
                    if let Some(slot) = first.get_mut(*count) {
                        *slot = byte;
                    }
                    shown.rotate_left(1);
                    shown[SHOWN - 1] = byte;
                    *count = count.saturating_add(1);
                }
            }
        });
    }
}

fn put_stars(count: usize, out: &mut impl Destination) {
    let mut left = count;
    while left > 0 {
        let len = left.min(STARS.len());
        out.put(&STARS[..len]);
        left -= len;
    }
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Whether `text` is base64url of a JSON object with `"alg"` (RFC 7515, section 4.1.1).
fn is_jose_header(text: &[u8]) -> bool {
    has_member(text, b"\"alg\"")
}

/// Whether the header belongs to an encrypted token, whose second part is not a payload (RFC 7516, section 4.1.2).
fn is_encrypted(header: &[u8]) -> bool {
    has_member(header, b"\"enc\"")
}

/// Whether `text` is base64url of a JSON object.
fn is_object(text: &[u8]) -> bool {
    has_member(text, b"")
}

/// Whether `text` is base64url of a JSON object with a member `name`.
fn has_member(text: &[u8], name: &[u8]) -> bool {
    if !text.starts_with(b"e") {
        return false;
    }
    let mut json = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0u32, 0);
    for byte in text {
        let Some(six) = sextet(*byte) else { return false };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            json.push((bits >> count) as u8);
        }
    }
    let json = json.trim_ascii();
    json.starts_with(b"{") && json.ends_with(b"}") && memchr::memmem::find(json, name).is_some()
}
