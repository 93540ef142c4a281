//! Bearer tokens and other authorization, with or without a key before them.

use super::Redactor;
use super::code::{
    is_expression, is_harmless, is_member, is_scoped, is_struct_tag, is_variable, past_comma,
};
use super::jwt::base64;
use super::key::{Sep, continuation, is_name};
use super::text::{Enc, Text, pattern};
use super::value::{Frame, Grammar, Value};

/// The position after the spaces between a scheme and its credentials.
fn past_scheme(text: &Text, end: usize, level: usize) -> Option<(usize, usize)> {
    let level = match (text.ch(end), text.enc(end)) {
        (b' ' | b'\t', Enc::Percent(depth)) => depth.max(level),
        (b' ' | b'\t', _) | (_, Enc::Ansi) => level,
        (b'+', Enc::Raw) => level.max(1),
        _ => return None,
    };
    let at = text.blanks(end, level);
    (at > end).then_some((at, level))
}

/// In the braces in which HAProxy logs headers.
fn captured(text: &Text, at: usize) -> bool {
    at > 0 && matches!(text.raw(at - 1), b'{' | b'|')
}

/// Whether a parameter of a challenge is here: `realm="api"`.
fn is_challenge(text: &Text, at: usize) -> bool {
    let Some(end) = text.find_raw(at, pattern!("^[a-z_-]{1,32}")) else { return false };
    let next = text.ch(end + 1);
    text.ch(end) == b'='
        && (text.quote(end + 1).is_some() || is_name(next) || b"/<#${[%\\".contains(&next))
}

/// Whether the value is one of an authorization setting.
fn is_setting(value: &Value) -> bool {
    let setting = pattern!(
        r"(?x) ^ (?: required | optional | enabled | disabled | failed | granted | denied | missing | invalid
          | success | successful | ok | yes | no | on | off | basic | bearer | digest | negotiate | expired | valid
          | unknown | unauthorized | forbidden | allowed | rejected | accepted | passed | pending | aws4-hmac-sha256 ) $"
    );
    value.complete && setting.is_match(&value.head)
}

/// The parameters that begin a challenge.
fn challenge() -> &'static regex::bytes::Regex {
    pattern!(
        "^(realm|error|scope|error_description|error_uri|resource_metadata|charset|authorization_uri)="
    )
}

impl Redactor<'_> {
    /// `Bearer T` at `at`, without a key before it.
    pub fn bearer(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let end = text.find_raw(at, pattern!("^bearer"))?;
        if !self.starts_word(at)
            || text.ends(at, pattern!(r#"(type|scheme|format)[ "'\\>]*[:=][:= "'\\>]*$"#))
        {
            return None;
        }
        if let Some(at) = text.find_raw(end, pattern!(r"^\.authorization\.k8s\.io\.")) {
            let value = Value::read(text, at, Frame::default(), Grammar::Token);
            return (!value.is_empty() && !value.is_placeholder())
                .then(|| self.hide(&value, Frame::default()));
        }
        let is_token = |value: &Value| {
            let few = if text.ch(at).is_ascii_uppercase() { 4 } else { 7 };
            !value.is_empty()
                && !value.is_word()
                && !(value.complete && value.head[0] == b'-' && value.head.len() <= 16)
                && !(value.is_number() && value.head.len() < few)
                && !value.is_placeholder()
                && value.head.iter().any(u8::is_ascii_alphanumeric)
                && !value.is_url()
                && !(value.is_identifier() && !value.has_digit() && value.head.contains(&b'.'))
        };
        let on_line = || (at.saturating_sub(63)..at).rev().take_while(|&k| text.raw(k) != b'\n');
        if b",.-".contains(&text.ch(end)) && on_line().any(|k| text.ends(k, pattern!(r"protocol$")))
        {
            let level = text.level(end);
            let from = text.blanks(end + 1, level);
            let value = Value::read(text, from, Frame::within(level), Grammar::Token);
            return is_token(&value).then(|| self.hide(&value, Frame::default()));
        }
        let (mut from, level) = past_scheme(text, end, 0)?;
        let mut frame = Frame { level, plus: text.raw(end) == b'+', ..Frame::default() };
        if let Some(quote) = text.quote(from) {
            from += 1;
            if at > 0 && text.quote(at - 1) == Some(quote)
                || !text.raw(from).is_ascii_alphanumeric()
            {
                return None;
            }
            (frame.quote, frame.level) = (Some(quote), text.level(from - 1));
        }
        frame.bars = captured(text, at);
        let value = Value::read(text, from, frame, Grammar::Token);
        let field = text.ends(at, pattern!("<authorization[ +]$")) || self.follows_auth(at);
        let secret = match field {
            true => !value.is_empty() && !value.is_placeholder(),
            false => is_token(&value),
        };
        let challenge = is_challenge(text, from) || text.find_raw(from, challenge()).is_some();
        (secret && !challenge).then(|| self.one_of(&value, frame))
    }

    /// Hides a value, and the cookies that may be captured with it.
    fn one_of(&mut self, value: &Value, frame: Frame) -> usize {
        let at = self.hide(value, Frame::default());
        if frame.bars { self.pairs(at, false, frame, false) } else { at }
    }

    /// Whether `auth="` precedes `at`, possibly with colours.
    fn follows_auth(&self, at: usize) -> bool {
        let name = pattern!("(?P<name>auth)[\"'`]?\x1b*[:=]\x1b*[\"'`]$");
        let from = at.saturating_sub(100);
        let found = name.captures(&self.text.ch[from..at]);
        found.is_some_and(|found| self.starts_word(from + found.name("name").unwrap().start()))
    }

    fn starts_word(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let raw = self.text.raw(before);
        if raw.is_ascii_alphanumeric() {
            // The remainder of an escape whose backslash is lost.
            let residue = self.text.ends(at, pattern!("(%|u00)[0-9a-f]{2}$"));
            return residue || raw.is_ascii_lowercase() && self.text.ch(at).is_ascii_uppercase();
        }
        self.text.enc(before) != Enc::Raw || !(matches!(raw, b'_' | b'/') || raw >= 0x80)
    }

    /// `Basic T` at `at`, without a key before it, where T decodes to `user:password`.
    pub fn basic(&mut self, at: usize) -> Option<usize> {
        let end = self.text.find_raw(at, pattern!("^basic "))?;
        if !self.starts_word(at) {
            return None;
        }
        let from = self.text.blanks(end, 0);
        let frame = Frame { bars: captured(self.text, at), ..Frame::default() };
        let value = Value::read(self.text, from, frame, Grammar::Token);
        let padding = value.head.iter().position(|ch| *ch == b'=').unwrap_or(value.head.len());
        let plain = base64(&value.head[..padding])?;
        let printable = plain.iter().all(|byte| *byte >= b' ' && *byte != 0x7f);
        (value.head.len() >= 8 && !value.is_plain_word() && printable && plain.contains(&b':'))
            .then(|| self.one_of(&value, frame))
    }

    /// The content of brackets that enclose a whole string.
    pub fn brackets(&self, at: usize, frame: Frame) -> Option<(usize, Frame)> {
        let text = self.text;
        let close = match text.raw(at) {
            b'[' => b']',
            b'<' => b'>',
            _ => return None,
        };
        if !frame.own
            || !(text.raw(at + 1).is_ascii_alphanumeric() || text.raw(at + 1) == b'[')
            || text.find_raw(at + 1, pattern!("^redacted")).is_some()
        {
            return None;
        }
        let inner = Frame { close, ..frame };
        let scheme = pattern!(
            r"(?x) ^ (?: bearer | basic | token | api-?key | api-?token | negotiate | ntlm | dpop | kerberos | key | jwt
              | ssws | splunk | geniekey | private-?token | sharedkey | sharedkeylite | mac | bot | user | gnap
              | zoho-oauthtoken | digest | oauth | hawk | signature | googlelogin | hmac | vapid | hoba | mutual
              | aws4-hmac-sha256 | concealed | hmac-sha256 ) [\x20\t]"
        );
        let secret = self.enclosed(at + 1, inner).is_token_like()
            || text.find_raw(at + 1, scheme).is_some()
            || !self.enclosed(at, frame).is_mark();
        secret.then_some((at + 1, inner))
    }

    /// The value of an authorization key.
    pub fn authorization(&mut self, at: usize, frame: Frame, sep: Sep) -> Option<usize> {
        let text = self.text;
        let (at, mut frame) = self.brackets(at, frame).unwrap_or((at, frame));
        // 1. The scheme.
        let scheme = text.find_raw(at, pattern!("^[a-z0-9_-]+")).filter(|end| end - at < 32);
        let past = scheme.and_then(|end| Some((end, past_scheme(text, end, frame.level)?.0)));
        let single = pattern!(
            r"(?x) ^ (?: basic | token | api-?key | api-?token | negotiate | ntlm | dpop | kerberos | key | jwt | ssws
              | splunk | geniekey | private-?token | sharedkey | sharedkeylite | mac | bot | user | gnap
              | zoho-oauthtoken ) $"
        );
        if let (None, Some(end)) = (past, scheme)
            && !single.is_match(&text.ch[at..end])
            && let Some(from) = past_comma(text, end)
        {
            return Some(self.parameters(from, frame));
        }
        // A token that YAML folded below its scheme.
        if let (None, Some(end)) = (past, scheme)
            && pattern!("^(bearer|basic)$").is_match(&text.ch[at..end].to_ascii_lowercase())
            && !frame.own
            && let Some(line) = text.past_newline(end)
            && let from = text.blanks(line, 0)
            && from > line
        {
            let value = Value::read(text, from, Frame { line: true, ..frame }, Grammar::Token);
            let alone = !value.complete || text.is_newline(value.to);
            if alone && value.head.len() >= 16 && value.is_token_like() {
                return Some(self.hide(&value, frame));
            }
        }
        let Some((end, mut from)) = past else { return self.bare(at, frame, sep) };
        while text.ch[at..end].eq_ignore_ascii_case(b"bearer")
            && let Some(end) = text.find_raw(from, pattern!("^bearer(?: )"))
        {
            from = text.blanks(end - 1, frame.level);
        }
        if frame.own
            && let Some(next) = continuation(text, from, frame)
        {
            from = next;
        }
        let scheme = text.ch[at..end].to_ascii_lowercase();
        let is = |pattern: &regex::bytes::Regex| pattern.is_match(&scheme);
        let bearer = scheme == b"bearer";
        let known = is(pattern!(
            r"(?x) ^ (?: basic | token | api-?key | api-?token | negotiate | ntlm | dpop | kerberos | key | jwt | ssws
              | splunk | geniekey | private-?token | sharedkey | sharedkeylite | mac | bot | user | gnap
              | zoho-oauthtoken | digest | oauth | hawk | signature | googlelogin | hmac | vapid | hoba | mutual
              | aws4-hmac-sha256 | concealed | hmac-sha256 ) $"
        ));
        if text.raw(end) == b'+' && frame.level == 0 && !bearer && !known {
            return self.bare(at, frame, sep);
        }
        // 2. Its credentials: parameters, or a token.
        if !frame.own
            && !frame.closes(text, from)
            && let Some(quote) = text.quote(from)
        {
            from += 1;
            if matches!(text.raw(from), b' ' | b'\t') {
                return None;
            }
            (frame.quote, frame.own) = (Some(quote), true);
        }
        let single = is(pattern!("^(bearer|basic|negotiate|ntlm|kerberos|dpop)$"));
        let named = text.find_raw(from, pattern!("^[a-z0-9_-]{1,32}"));
        let quoted = named.is_some_and(|end| text.ch(end) == b'=' && text.quote(end + 1).is_some());
        if !single && (is_challenge(text, from) || quoted) {
            return Some(self.parameters(from, frame));
        }
        let value = self.enclosed(from, frame);
        let letters = pattern!(r"[a-z0-9\x80-\xff]");
        if value.is_empty() || value.is_nothing() || !letters.is_match(&value.head) {
            return None;
        }
        let setting = !frame.own && is_setting(&value);
        let secret = if bearer {
            let listed = value.is_number() && value.head.len() < 3 && text.raw(value.to) == b')';
            let command = frame.own
                && frame.quote.is_some_and(|quote| quote.ch == b'`')
                && value.head.contains(&b' ');
            let code = !frame.own && value.is_identifier() && is_expression(text, &value);
            text.find_raw(from, challenge()).is_none() && !listed && !command && !code
        } else if known {
            let words = value.is_plain_word() || value.is_identifier();
            !value.is_prose() && !setting && (self.ends_field(&value, frame) || !words)
        } else {
            let alone = frame.own || self.ends_field(&value, frame) && value.has_digit();
            !value.is_placeholder()
                && !value.is_prose()
                && !value.is_foreign()
                && !value.is_plain_word()
                && (value.is_token_like() || sep != Sep::Comma && alone)
        };
        secret.then(|| self.hide(&value, frame))
    }

    fn enclosed(&self, at: usize, frame: Frame) -> Value {
        Value::read(self.text, at, frame, frame.grammar(Grammar::Token))
    }

    /// A value without a scheme.
    fn bare(&mut self, at: usize, frame: Frame, sep: Sep) -> Option<usize> {
        let value = self.enclosed(at, frame);
        if value.is_empty()
            || !frame.own
                && (is_expression(self.text, &value)
                    || value.is_constant()
                    || value.is_camel()
                    || is_member(&value)
                    || is_variable(self.text, at, &value))
            || value.is_foreign()
            || is_struct_tag(&value)
            || is_scoped(&value)
            || value.is_nothing()
            || value.is_placeholder()
            || is_harmless(&value)
            || value.is_prose()
            || pattern!(r"^([!&*]|\{\}|%s)").is_match(&value.head)
            || is_setting(&value)
        {
            return None;
        }
        let (digit, len) = (value.has_digit(), value.head.len());
        let named = pattern!("^[a-z]{2,}=[a-z0-9_:-]{16,}$").is_match(&value.head)
            && pattern!("=.*[0-9]").is_match(&value.head)
            && pattern!("=.*[a-z]").is_match(&value.head);
        let secret = if value.is_token_like() || named {
            true
        } else if sep == Sep::Comma {
            false
        } else if frame.own {
            !value.is_plain_word() && (digit || !value.is_identifier()) && len > 3
        } else {
            self.ends_field(&value, frame)
                && len > 3
                && !value.is_plain_word()
                && !(value.is_number() && len < 12)
                && (!value.is_identifier() || digit && (sep == Sep::Compact || len >= 8))
        };
        secret.then(|| self.hide(&value, frame))
    }

    /// Whether no further words follow `value`.
    fn ends_field(&self, value: &Value, frame: Frame) -> bool {
        let text = self.text;
        let stops = (value.to..value.to + 16).take_while(|&k| b" .".contains(&text.raw(k))).count();
        let end = value.to + stops;
        !value.complete
            || text.is_newline(end)
            || text.enc(end) == Enc::Ansi
            || frame.closes(text, end)
            || stops == 0 && b"\"',&]})<;".contains(&text.ch(end))
    }

    /// `name=value, name="value"`, of which some are secrets.
    fn parameters(&mut self, mut at: usize, frame: Frame) -> usize {
        let text = self.text;
        self.frame = frame;
        loop {
            // 1. The separator of parameters.
            let mut semicolon = false;
            loop {
                if frame.closes(text, at) {
                    return at;
                }
                let plain = text.enc(at) == Enc::Raw || text.level(at) <= frame.level;
                match text.ch(at) {
                    b' ' | b'\t' | b',' | b';' if plain => semicolon |= text.ch(at) == b';',
                    b'+' if frame.level > 0 && text.enc(at) == Enc::Raw => {}
                    b'&' if text.find_raw(at, pattern!("^&(sig|se|skn|sr)=")).is_some() => {}
                    _ => break,
                }
                at += 1;
            }
            // 2. A name.
            let end = text.find_raw(at, pattern!("^[a-z0-9_*-]{0,32}")).unwrap_or(at);
            let equals = text.find_raw(end, pattern!("^ {0,4}")).unwrap_or(end);
            if end > at && semicolon && text.ch(equals) != b'=' {
                // SignedHeaders=host;x-amz-date
                let inner = Frame { own: false, ..frame };
                let value = Value::read(text, at, inner, Grammar::Token);
                at = self.pass(&value, inner, false);
                continue;
            }
            let colon = pattern!(
                "^(signature|credential|signedheaders|keyid|timestamp|nonce|hmac|digest|token)$"
            );
            let separated = text.ch(equals) == b'='
                || text.ch(equals) == b':' && colon.is_match(&text.ch[at..end]);
            if end == at || !separated || text.level(equals) > frame.level {
                return at;
            }
            // 3. A value.
            let mut from = text.find_raw(equals + 1, pattern!("^ {0,3}")).unwrap_or(equals + 1);
            let inner = match text.quote(from) {
                Some(quote) if !frame.closes(text, from) => {
                    from += 1;
                    Frame { quote: Some(quote), own: true, level: frame.level, ..Frame::default() }
                }
                _ => Frame { own: false, line: false, ..frame },
            };
            let value = self.enclosed(from, inner);
            let public = pattern!(
                r"(?x) ^ (?: realm | username\*? | uri | nonce | qop | nc | cnonce | opaque | algorithm | userhash
                  | email | (?: user | client | device ) (?: _?id )?
                  | credential | signedheaders | keyid | headers | created | expires | id | ts | ext | app | dlg
                  | oauth_ (?: consumer_key | nonce | signature_method | timestamp | version | callback )
                  | scope | error | error_description | charset | stale | domain | v | alg
                  | profile | sr | se | skn ) $"
            );
            let name = &text.ch[at..end];
            let kept = public.is_match(name) || value.is_empty() || value.is_placeholder();
            at = self.pass(&value, inner, !kept);
        }
    }
}
