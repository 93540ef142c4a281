//! What one secret becomes, while its bytes pass.
//!
//! A secret may be longer than any buffer, so nothing here keeps it: a mask is as long as what has passed, a digest
//! is updated, and only the characters that `partial` shows are remembered.

use crate::grammar::credential::jwt::sextet;
use crate::redact::sheet::Sheet;
use crate::redact::style::{Digest, Ends, KeepJwt, Key, Style, Styles};
use crate::redact::unescape::Unescape;
use crate::rules::ruleset::Ruleset;
use crate::span::RuleId;

/// It holds no byte that a rule could take for a secret, so redacting redacted output changes nothing. What the other
/// styles write in brackets begins and ends as this does, for the same reason.
pub(crate) const FIXED: &[u8] = b"[REDACTED]";

/// The most characters that `partial` shows at either end.
const SHOWN: usize = Ends::MAX as usize;

/// How many characters a secret has at least for each that is shown.
const SHOWN_OF: usize = 5;

/// The longest JWT header that is kept, in bytes. More than that is buffered nowhere.
const MAX_HEADER: usize = 4096;

/// The longest JWT payload that is kept, in bytes.
const MAX_PAYLOAD: usize = 16 * 1024;

/// The longest replacement that can follow a kept header, in bytes.
const MAX_REPLACEMENT: usize = 64;

const STARS: [u8; 256] = [b'*'; 256];

/// A rule's style, made ready.
#[derive(Clone)]
pub(crate) enum Form {
    /// The same bytes for every secret.
    Text(Box<[u8]>),
    Mask,
    Partial(Ends),
    /// `label` stands before the pseudonym, which has so many `digits`.
    Hmac {
        label: Box<[u8]>,
        key: Key,
        digits: usize,
    },
}

impl Form {
    /// The form of what `rule` of `rules` finds.
    pub(crate) fn new(rules: &Ruleset, rule: RuleId, styles: &Styles) -> Form {
        let label = |end: &str| format!("[REDACTED:{}{end}", rules.rule(rule).name).into_bytes();
        match styles.of(rule) {
            Style::Fixed => Form::Text(FIXED.into()),
            Style::Text(text) => Form::Text(text.as_str().as_bytes().into()),
            Style::Label => Form::Text(label("]").into()),
            Style::Mask => Form::Mask,
            Style::Partial => Form::Partial(Ends::LAST_FOUR),
            Style::Ends(ends) => Form::Partial(*ends),
            Style::Hmac(key) => {
                let label = label(":");
                // What is longer would no longer be known for a replacement.
                let room = MAX_REPLACEMENT.saturating_sub(label.len() + 1);
                let digits = key.digits().min(room).max(Key::DIGITS_MIN);
                Form::Hmac { label: label.into(), key: key.clone(), digits }
            }
        }
    }

    /// Whether `text`, which follows a kept header, is what this form writes there.
    fn wrote(&self, text: &[u8]) -> bool {
        let inner = text.strip_prefix(b"[REDACTED").and_then(|rest| rest.strip_suffix(b"]"));
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b" _:.-".contains(byte);
        // A full stop behind a header and one more part may be the token's or the sentence's.
        let word = text.strip_suffix(b".").unwrap_or(text);
        inner.is_some_and(|inner| inner.iter().all(plain))
            || matches!(self, Form::Text(own) if **own == *text || **own == *word)
    }
}

/// A secret that is passing.
#[derive(Clone, Default)]
pub(crate) struct Passing {
    stage: Stage,
    /// What may be a JWT's header, or a replacement behind one.
    held: Vec<u8>,
    /// What may be kept of a JWT, and whether its header was.
    jwt: KeepJwt,
    headed: bool,
    /// Whether any of it is to be replaced.
    begun: bool,
    unescape: Unescape,
    digest: Option<Digest>,
    /// The first characters, and the last, the latest at the end; how many there have been.
    first: [u8; SHOWN],
    last: [u8; SHOWN],
    count: usize,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// It may still begin with a JWT's header.
    Header,
    /// It may go on with a payload, which is kept as well.
    Payload,
    /// After what was kept.
    Behind,
    /// All that comes is replaced.
    #[default]
    Body,
}

impl Passing {
    /// Goes to the start of another secret, of which `jwt` is kept if it is one.
    pub(crate) fn open(&mut self, form: &Form, jwt: KeepJwt) {
        self.stage = if jwt == KeepJwt::Nothing { Stage::Body } else { Stage::Header };
        self.jwt = jwt;
        self.held.clear();
        (self.headed, self.begun) = (false, false);
        self.unescape.reset();
        self.digest = match form {
            Form::Hmac { key, .. } => Some(key.digest()),
            _ => None,
        };
        (self.first, self.last, self.count) = ([0; SHOWN], [0; SHOWN], 0);
    }

    /// Takes the next bytes of the secret, the last of them if `last`.
    pub(crate) fn take(&mut self, form: &Form, bytes: &[u8], last: bool, sheet: &mut impl Sheet) {
        let mut rest = bytes;
        while matches!(self.stage, Stage::Header | Stage::Payload) {
            match self.kept_part(form, rest, last, sheet) {
                Some(behind) => rest = behind,
                None => return,
            }
        }
        // Behind what was kept may stand what an earlier run has put there.
        if self.stage == Stage::Behind {
            let len = rest.len().min(MAX_REPLACEMENT + 1 - self.held.len());
            self.held.extend_from_slice(&rest[..len]);
            rest = &rest[len..];
            if self.held.len() <= MAX_REPLACEMENT && !last {
                return;
            }
            let held = std::mem::take(&mut self.held);
            self.stage = Stage::Body;
            if held.len() <= MAX_REPLACEMENT && form.wrote(&held) {
                sheet.put(&held);
            } else {
                self.body(form, &held, sheet);
            }
            self.empty(held);
        }
        self.body(form, rest, sheet);
        if last {
            self.close(form, sheet);
        }
    }

    /// A header or payload, which is kept if it is one, as its end shows. Returns what is behind it, if that has come.
    fn kept_part<'b>(
        &mut self,
        form: &Form,
        bytes: &'b [u8],
        last: bool,
        sheet: &mut impl Sheet,
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
            // Without a dot behind it, it may be what is cut off of something else.
            _ => dot == 1 && is_object(&held),
        };
        let next = match self.stage {
            Stage::Header if self.jwt == KeepJwt::Payload && !is_encrypted(&held) => Stage::Payload,
            _ => Stage::Behind,
        };
        if is_kept {
            for part in [&held, &rest[..dot]] {
                sheet.put(part);
                // The pseudonym is that of the whole token, whatever is kept.
                self.digest.iter_mut().for_each(|digest| digest.update(part));
            }
            (self.stage, self.headed) = (next, true);
        } else {
            // An earlier run may have kept the header alone.
            let replaced = self.stage == Stage::Payload && held.is_empty();
            self.stage = if replaced { Stage::Behind } else { Stage::Body };
            self.body(form, &held, sheet);
        }
        self.empty(held);
        Some(if is_kept { &rest[dot..] } else { rest })
    }

    /// Puts the buffer back.
    fn empty(&mut self, held: Vec<u8>) {
        self.held = held;
        self.held.clear();
    }

    fn body(&mut self, form: &Form, bytes: &[u8], sheet: &mut impl Sheet) {
        if bytes.is_empty() {
            return;
        }
        match form {
            Form::Text(text) if !self.begun => sheet.put(text),
            Form::Text(_) => {}
            // Behind a header the dots are what tells a token's last one from a full stop.
            Form::Mask if self.headed => {
                for (index, part) in bytes.split(|byte| *byte == b'.').enumerate() {
                    sheet.put(&b"."[..index.min(1)]);
                    put_stars(part.len(), sheet);
                }
            }
            Form::Mask => put_stars(bytes.len(), sheet),
            Form::Partial(_) | Form::Hmac { .. } => self.note(bytes, false),
        }
        self.begun = true;
    }

    fn close(&mut self, form: &Form, sheet: &mut impl Sheet) {
        if !self.begun {
            return;
        }
        self.note(b"", true);
        match form {
            Form::Text(_) | Form::Mask => {}
            Form::Partial(ends) if self.count < (ends.first() + ends.last()) * SHOWN_OF => {
                sheet.put(FIXED);
            }
            Form::Partial(ends) => {
                sheet.put(b"[REDACTED:");
                sheet.put(&self.first[..ends.first()]);
                sheet.put(b"...");
                sheet.put(&self.last[SHOWN - ends.last()..]);
                sheet.put(b"]");
            }
            Form::Hmac { label, digits, .. } => {
                if let Some(digest) = self.digest.take() {
                    sheet.put(label);
                    sheet.put(&digest.finish()[..*digits]);
                    sheet.put(b"]");
                }
            }
        }
    }

    /// Undoes the escapes of `bytes`, and remembers what pseudonyms and `partial` are made of.
    fn note(&mut self, bytes: &[u8], last: bool) {
        let Passing { unescape, digest, first, last: shown, count, .. } = self;
        unescape.push(bytes, last, &mut |bytes| match digest {
            Some(digest) => digest.update(bytes),
            None => {
                // Padding tells nothing; what a placeholder cannot hold shows as a dot.
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

fn put_stars(count: usize, sheet: &mut impl Sheet) {
    let mut left = count;
    while left > 0 {
        let len = left.min(STARS.len());
        sheet.put(&STARS[..len]);
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

/// Whether a header is that of an encrypted token, whose second part is no payload (RFC 7516, section 4.1.2).
fn is_encrypted(header: &[u8]) -> bool {
    has_member(header, b"\"enc\"")
}

/// Whether `text` is base64url of a JSON object.
fn is_object(text: &[u8]) -> bool {
    has_member(text, b"")
}

/// Whether `text` is base64url of a JSON object in which `name` is.
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
