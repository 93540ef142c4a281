//! A second redactor, slow and simple. The engine has to give the same output.
//!
//! It holds the whole input, decodes it to logical characters first, and then reads them from first to last: no
//! windows, no anchors, no carried state. The value of a key is read where it is, and a list inside a map is a function
//! that calls another. Patterns are matched by `regex`, on the decoded characters.
//!
//! It shares policy with the engine, but no code: which names are keys, and which values are words, placeholders or
//! tokens. The table of shapes is the same file, but it is matched by regular expressions here. A wrong policy is wrong
//! in both, so the corpus has to show it. The comparison finds bytes that the engine miscounts or skips, text that it
//! reads differently forwards and backwards, and forms that one rule supports and another does not.
//!
//! The two agree on logs and on damaged logs (see `generated.rs`), but not on noise: the engine's limits on names,
//! whitespace, lookback and JOSE headers are missing or coarser here, and text that can be decoded in two ways is
//! decoded only from the left.

mod authorization;
#[allow(dead_code)]
#[path = "../../src/grammar/key/class.rs"]
mod class;
mod code;
mod constructor;
mod cookie;
mod jwt;
mod key;
#[allow(dead_code)]
#[path = "../../src/grammar/key/known.rs"]
mod known;
#[allow(dead_code)]
#[path = "../../src/grammar/value/scheme.rs"]
mod scheme;
#[allow(dead_code)]
#[path = "../../src/grammar/key/shapes.rs"]
mod table;
mod text;
mod value;
mod words;
#[allow(dead_code)]
#[path = "../../src/grammar/key/wrappers.rs"]
mod wrappers;

use key::{Class, Sep, Target};
use text::{Enc, Text, pattern};
use value::{Frame, Grammar, Value, is_pair};

/// Redacts a whole input.
pub fn redact(input: &[u8]) -> Vec<u8> {
    let text = Text::decode(input);
    let mut redactor = Redactor { text: &text, hidden: vec![], frame: Frame::default() };
    redactor.run();
    let mut out = Vec::new();
    let mut kept = 0;
    for (from, to) in redactor.hidden {
        out.extend_from_slice(&input[kept..from]);
        out.extend_from_slice(b"[REDACTED]");
        kept = to;
    }
    out.extend_from_slice(&input[kept..]);
    out
}

/// Reads through a text. Its methods take the position of the character where something may start, and return the
/// position after it.
struct Redactor<'a> {
    text: &'a Text,
    /// Ranges of bytes, in order.
    hidden: Vec<(usize, usize)>,
    /// What encloses the last value, or the list that it is in.
    frame: Frame,
}

impl Redactor<'_> {
    fn run(&mut self) {
        let mut at = 0;
        let mut floor = 0;
        while at < self.text.len() {
            match self.rule(at, floor) {
                // Everything up to here is decided.
                Some(next) => (at, floor) = (next.max(at), next),
                None => at += 1,
            }
        }
    }

    /// Any rule at `at`. The text before `floor` is decided.
    fn rule(&mut self, at: usize, floor: usize) -> Option<usize> {
        self.token(at)
            .or_else(|| self.bearer(at))
            .or_else(|| self.basic(at))
            .or_else(|| self.jar_line(at))
            .or_else(|| self.option(at))
            .or_else(|| self.keyless(at, floor))
            .or_else(|| self.attributed(at, floor))
            .or_else(|| self.reversed(at))
            .or_else(|| self.value_in_message(at))
            .or_else(|| self.described(at))
            .or_else(|| self.structured(at))
            .or_else(|| self.keyed(at))
    }

    /// Hides a value that is not in a list.
    fn hide(&mut self, value: &Value, frame: Frame) -> usize {
        self.frame = frame;
        self.pass(value, Frame::default(), true)
    }

    /// Skips a value and its own quote.
    fn pass(&mut self, value: &Value, frame: Frame, secret: bool) -> usize {
        let from = self.text.start(value.from);
        if secret && value.end > from {
            self.hidden.push((from, value.end));
        }
        // A secret inside a value that is not secret is still hidden.
        let (mut at, floor) = (value.from, value.from);
        while !secret && at < value.to {
            let frame = self.frame;
            match self.rule(at, floor) {
                Some(next) if next > value.to => return next,
                Some(next) => at = next.max(at + 1),
                None => at += 1,
            }
            self.frame = frame;
        }
        let closed = frame.own && frame.closes(self.text, value.to);
        value.to + usize::from(closed)
    }

    /// A JWT, or base64 around one.
    fn token(&mut self, at: usize) -> Option<usize> {
        let to = jwt::token(self.text, at)
            .or_else(|| jwt::shaped(self.text, at))
            .or_else(|| jwt::wrapped(self.text, at))?;
        self.hidden.push((self.text.start(at), self.text.start(to)));
        Some(to)
    }

    /// curl's `-b 'sid=T'`.
    fn option(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let escaped = text.ch(at) == b'\t' && matches!(text.enc(at), Enc::Slash(_));
        let option = match escaped {
            true => text.find_raw(at + 1, pattern!("^-b ")),
            false => text.find_raw(at, pattern!("^[ \t]-b ")),
        };
        let from = text.blanks(option?, 0);
        let from = key::opening_quote(text, from).unwrap_or(from);
        let (from, frame) = match (text.find_raw(from, pattern!("^\\^\"")), text.quote(from)) {
            (Some(from), _) => (from, Frame { close: b'^', ..Frame::default() }),
            (_, Some(quote)) => {
                (from + 1, Frame { quote: Some(quote), own: true, ..Frame::default() })
            }
            _ => {
                let frame = Frame { close: b'>', ..Frame::default() };
                let end = cookie::pair_at(text, from, frame)?;
                Value::read(text, end + 1, frame, Grammar::Cookie).is_token_like().then_some(())?;
                (from, frame)
            }
        };
        let ldap = pattern!(
            r#"^(?:dc|ou|cn|uid|o)=[^,"';\n]{0,254},[ \t]*(?:(?:dc|ou|cn|uid|o)=|[${%<])"#
        );
        if text.find_raw(from, ldap).is_some() {
            return None;
        }
        self.cookies(from, Class::Cookie, frame, Sep::Spaced, false)
    }

    /// Go's `{Name:sid Value:T Path:/`.
    fn structured(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let from = text.find_raw(at, pattern!("^value:"))?;
        let name = pattern!(r"\{name:[^{ \t\n]{1,64} $");
        let path = pattern!(r"^[^ \n]{0,4096} (path|quoted):");
        if !text.ends(at, name) || text.find_raw(from, path).is_none() {
            return None;
        }
        let value = Value::read(text, from, Frame::default(), Grammar::Cookie);
        if value.is_empty() || cookie::is_no_cookie(&value) {
            return None;
        }
        let at = self.hide(&value, Frame::default());
        // The cookie as it was received.
        let raw = text.find_raw(at, pattern!(r"^[^={}\n]{0,384}? raw:"));
        let raw = raw.and_then(|raw| {
            self.cookies(raw, Class::SetCookie, Frame::default(), Sep::Spaced, false)
        });
        Some(raw.unwrap_or(at))
    }

    /// A key and its value.
    fn keyed(&mut self, at: usize) -> Option<usize> {
        let (end, class, exact) = key::at(self.text, at)?;
        let target = key::find_value(self.text, at, end, class, exact)?;
        let own = matches!(target, Target::Value { frame, .. } if frame.own);
        let spaced = matches!(target, Target::Value { sep: Sep::Spaced, .. });
        let text = self.text;
        let pair = matches!(target, Target::Value { at, frame, .. }
            if cookie::is_pair_at(self.text, at, frame));
        let next = self.follow(target, class, exact)?;
        // Spring's second value.
        let quoted = at.checked_sub(1).is_some_and(|k| self.text.quote(k).is_some());
        if class == Class::SetCookie && own && pair && !quoted && self.frame.own {
            let next = next + usize::from(self.frame.closes(self.text, next));
            return Some(self.array(next, class, exact, 0, true, 0).unwrap_or(next));
        }
        // Terraform's second value.
        let past = next + usize::from(self.frame.own && self.frame.closes(text, next));
        let closed = text.find_raw(end, pattern!("^[\"'`][ \t]*="));
        if own
            && spaced
            && (!quoted || closed.is_some())
            && matches!(class, Class::Param | Class::Header | Class::Weak)
            && let Some(from) = text.find_raw(past, pattern!("^ [-=]> "))
            && let Some(Target::Value { at, frame, sep }) = key::open(text, from, Sep::Spaced, 0)
        {
            return Some(self.value(at, class, frame, sep, exact).unwrap_or(past));
        }
        Some(next)
    }

    /// The string of a `value` whose quote is at `at`, and the end of its closer.
    fn value_string(&self, at: usize) -> Option<(Target, usize)> {
        let text = self.text;
        let level = text.level(at);
        let end = text.find_raw(at + 1, pattern!("^value"))?;
        let past = key::past_name(text, end, Some(text.quote(at)?), level)?;
        let target = key::open(text, text.blanks(past, level), Sep::Spaced, level)?;
        let Target::Value { at: value, frame, .. } = target else { return None };
        let ends = |k: &usize| frame.closes(text, *k) || text.raw(*k) == b'\n';
        Some((target, (value..).find(ends).filter(|k| frame.closes(text, *k))? + 1))
    }

    /// An object that can only describe a cookie, from the quote of its `value` on.
    fn described(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let (target, end) = self.value_string(at)?;
        let Target::Value { at: value, frame, .. } = target else { return None };
        let quote = text.quote(at);
        let edge = |raw: &u8| b"{}".contains(raw);
        let before = text.raw[..at].iter().rposition(|raw| edge(raw) || *raw == b'\n');
        let after = text.raw[end.min(text.len())..].iter().position(edge);
        let from = before.map_or(0, |k| k + 1);
        let to = after.map_or(text.len(), |k| end + k);
        let has = |word: &regex::bytes::Regex| {
            (from..at)
                .chain(end..to)
                .any(|k| text.quote(k) == quote && text.find_raw(k + 1, word).is_some())
        };
        if !has(pattern!("^domain")) || !has(pattern!("^(path|httponly)")) {
            return None;
        }
        let value = Value::read(text, value, frame, Grammar::Any);
        (!value.is_empty() && !cookie::is_no_cookie(&value)).then(|| self.hide(&value, frame))
    }

    /// `value "T" for key Cookie`, starting at the word.
    fn value_in_message(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let string =
            text.find(at, pattern!(r"^value[ \t\x1b]+")).filter(|_| text.before(at) == b' ')?;
        text.find_raw(at, pattern!("^value"))?;
        let frame = Frame { quote: Some(text.quote(string)?), own: true, ..Frame::default() };
        let value = string + 1;
        let ends = |k: &usize| frame.closes(text, *k) || text.raw(*k) == b'\n';
        let end = (value..).find(ends).filter(|k| frame.closes(text, *k))? + 1;
        let name = text.find(end, &words::AFTER)?;
        let quoted = text.quote(name).is_some();
        let name = name + usize::from(quoted);
        let end = text.find_raw(name, pattern!("^[a-z0-9_-]{0,64}"))?;
        if quoted && text.quote(end).is_none() {
            return None;
        }
        let (class, exact) = key::classify(&text.raw[name..end])?;
        self.follow(Target::Value { at: value, frame, sep: Sep::Spaced }, class, exact)
    }

    /// `"value": "T", "name": "Cookie"`, starting at the quote.
    fn reversed(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        let opener = text.quote(at)?;
        let level = text.level(at);
        let (target, mut k) = self.value_string(at)?;
        if text.ch(k) != b',' {
            return None;
        }
        k = text.blanks(k + 1, level);
        k = text.past_newline(k).map_or(k, |line| text.blanks(line, level));
        let end =
            text.find_raw(k + 1, pattern!("^name")).filter(|_| text.quote(k) == Some(opener))?;
        let past = key::past_name(text, end, Some(opener), level)?;
        let name = text.blanks(past, level) + 1;
        let end = text.find_raw(name, pattern!("^[a-z0-9_-]{0,64}"))?;
        if text.quote(name - 1).is_none() || text.quote(end).is_none() {
            return None;
        }
        let (class, exact) = key::classify(&text.raw[name..end])?;
        self.follow(target, class, exact)
    }

    fn follow(&mut self, target: Target, class: Class, exact: bool) -> Option<usize> {
        let cookies = matches!(class, Class::Cookie | Class::SetCookie);
        match target {
            Target::Value { at, frame, sep } => {
                if cookies
                    && !frame.own
                    && let Some((at, close, objects)) = self.jar_at(at)
                {
                    return Some(self.jar(at, close, objects, exact));
                }
                self.value(at, class, frame, sep, exact)
            }
            Target::Map { at, close, objects: false }
                if cookies && self.is_list(at)
                    || matches!(class, Class::Header | Class::Authorization)
                        && key::is_single(self.text, at) =>
            {
                self.array(at, class, exact, close, true, 0)
            }
            Target::Map { at, close, objects: false }
                if class == Class::SetCookie && is_pair(self.text, at, false, 0) =>
            {
                self.array(at, class, exact, close, false, 0)
            }
            Target::Map { at, close, objects } => {
                let objects = objects || self.is_description(at);
                if cookies {
                    return Some(self.jar(at, close, objects, exact));
                }
                None
            }
            Target::List { at, close, quoted, level } => {
                if cookies
                    && close == b']'
                    && let Some((at, close, objects)) = self.jar_at(at - 1)
                {
                    return Some(self.jar(at, close, objects, exact));
                }
                self.array(at, class, exact, close, quoted, level)
            }
            Target::NextLine { at, sep, named, level } => {
                self.next_line(at, class, exact, sep, named, level)
            }
        }
    }

    /// Whether the string at `at` is the first of its line.
    fn begins_line(&self, at: usize) -> bool {
        let quote = at - 1;
        let blanks = (0..quote).rev().take_while(|k| b" \t".contains(&self.text.raw(*k))).count();
        blanks < 62 && (blanks == quote || self.text.raw(quote - blanks - 1) == b'\n')
    }

    /// The value of a key at `at`.
    fn value(
        &mut self,
        at: usize,
        class: Class,
        frame: Frame,
        sep: Sep,
        exact: bool,
    ) -> Option<usize> {
        if let Some(quote) = frame.quote.filter(|_| frame.own) {
            let token = self.text.raw(at).is_ascii_alphanumeric();
            if !token && code::ends_literal(self.text, at, quote)
                || (sep == Sep::Comma || self.begins_line(at)) && code::is_key(self.text, at, frame)
            {
                return None;
            }
        }
        match class {
            Class::Authorization => self.authorization(at, frame, sep),
            Class::Cookie | Class::SetCookie => self.cookies(at, class, frame, sep, exact),
            Class::CookieLike if self.has_sure_pair(at, frame) => {
                self.cookies(at, Class::Cookie, frame, sep, false)
            }
            Class::Weak
                if frame.own
                    && self
                        .text
                        .find_raw(at, pattern!("^bearer"))
                        .is_some_and(|end| !key::is_name(self.text.raw(end))) =>
            {
                None
            }
            _ if frame.own && self.text.find_raw(at, pattern!("^bearer")).is_some() => {
                self.authorization(at, frame, sep)
            }
            _ => self.parameter(at, class, frame, sep),
        }
    }

    /// Whether there is a pair at `at` whose value looks like a token.
    fn has_sure_pair(&self, at: usize, frame: Frame) -> bool {
        let text = self.text;
        let equals = (at..).find(|k| text.ch(*k) == b'=' || text.is_newline(*k)).unwrap_or(at);
        is_pair(text, at, false, frame.level)
            && Value::read(text, equals + 1, frame, Grammar::Cookie).is_token_like()
    }

    /// The value of a key whose whole value is a credential.
    fn parameter(&mut self, at: usize, class: Class, frame: Frame, sep: Sep) -> Option<usize> {
        let text = self.text;
        let (at, frame) = self.brackets(at, frame).unwrap_or((at, frame));
        let value = Value::read(text, at, frame, frame.grammar(Grammar::Param));
        let parametric = pattern!(
            "^(digest|oauth|hawk|signature|googlelogin|hmac|vapid|hoba|mutual|aws4-hmac-sha256|concealed|hmac-sha256)$"
        );
        let code = code::is_expression(text, &value)
            || value.complete && parametric.is_match(&value.head)
            || code::is_member(&value)
            || value.head.windows(2).any(|two| two == b"||")
            || code::is_variable(text, at, &value)
            || pattern!("^[!&*?]").is_match(&value.head)
            || pattern!(r"(?-i)^(?:process\.|import\.meta\.)?env\.[A-Z0-9_]*$")
                .is_match(&value.head)
            || value.complete && pattern!("^0x[0-9a-f]{0,16}$").is_match(&value.head);
        let object =
            pattern!(r"^(?-i:[a-z]{2,15})\.[a-z0-9.$_-]{1,192}@[0-9a-f]{1,8}(?:[^a-z0-9_-]|$)");
        if value.is_empty()
            || value.is_placeholder()
            || value.is_prose()
            || code::is_harmless(&value)
            || value.is_description()
            || frame.own && (code::has_key(text, at) || code::is_name_of_next(text, &value))
            || code::is_statement(&value.head)
            || !frame.own && code
            || !pattern!(r"[a-z0-9\x80-\xff]").is_match(&value.head)
            || value.is_url()
            || code::is_scoped(&value)
            || value.is_foreign()
            || code::is_struct_tag(&value)
            || text.find_raw(at, object).is_some()
            || is_key(&value, class)
        {
            return None;
        }
        let (digit, len) = (value.has_digit(), value.head.len());
        let words = pattern!(r"(?-i)^ [a-z]{1,20} [a-z]{1,20}([ .,\r\n]|$)");
        if sep == Sep::Spaced && !frame.own && len < 10 && text.find_raw(value.to, words).is_some()
        {
            return None;
        }
        let names = value.is_identifier() && !digit;
        let status = pattern!(
            r"(?x) ^ (?: required | optional | expired | invalid | valid | revoked | missing | enabled | disabled
              | string | str | text | bytes | object | ok | yes | no | unknown | opaque | bearer | query | self | void
              | not | await | new | lambda | read | write | (?: un )? (?: authenticated | authorized ) | granted | denied
              | forbidden | failed | success | generated | created | refreshed | received | found | (?: in )? active
              | rejected | accepted | (?: un )? available ) $"
        );
        let variable = pattern!(
            "token|secret|self|this|config|settings|request|response|env|process|options|credentials|verifier|assertion"
        );
        let path = !digit || pattern!("[._]").is_match(&value.head);
        let variable = path && value.is_identifier() && variable.is_match(&value.head);
        let number = value.complete && pattern!("(?-i)^[A-Z][0-9]{0,6}$").is_match(&value.head);
        let constant = value.is_constant();
        let is_count =
            |digits: usize| value.is_number() && (len < digits || value.head.contains(&b'.'));
        let round = value.is_number() && len <= 12 && value.head.ends_with(b"00");
        let whole = match sep {
            Sep::Comma => {
                (value.is_random() || value.is_long_run())
                    && len >= 6
                    && !value.is_identifier()
                    && !value.is_camel()
                    && !constant
            }
            _ if frame.own || sep == Sep::Compact => {
                !is_count(if frame.own { 4 } else { 6 })
                    && !(frame.call && names)
                    && !(value.complete && status.is_match(&value.head))
                    && !variable
            }
            _ if class == Class::Header || frame.line => {
                !value.is_plain_word()
                    && !is_count(if class == Class::Header { 6 } else { 8 })
                    && !(class != Class::Header && round)
                    && !value.is_camel()
                    && !names
                    && !variable
                    && !(class != Class::Header && (constant || number))
            }
            _ => {
                value.is_random()
                    && !constant
                    && len >= 6
                    && !is_count(8)
                    && !round
                    && !value.is_identifier()
                    && !value.is_camel()
            }
        };
        let secret = match class {
            Class::Assertion => {
                value.is_token_like() || sep == Sep::Compact && !value.is_plain_word() && whole
            }
            Class::Weak | Class::Bearer | Class::CookieLike => value.is_token_like(),
            Class::Client => {
                pattern!(r"(?-i)^(hv[sbr]|[sbr])\.[A-Za-z0-9._-]{20,}$").is_match(&value.head)
            }
            Class::Session => value.is_token_like() || sep == Sep::Compact && digit && len >= 16,
            _ => whole,
        };
        if !secret {
            return None;
        }
        let at = self.hide(&value, frame);
        Some(if class == Class::Session { self.pairs(at, false, frame, false) } else { at })
    }

    /// Values in brackets.
    fn array(
        &mut self,
        mut at: usize,
        class: Class,
        exact: bool,
        close: u8,
        quoted: bool,
        level: usize,
    ) -> Option<usize> {
        let text = self.text;
        loop {
            let behind = at;
            loop {
                match text.ch(at) {
                    b' ' | b'\t' | b',' if text.level(at) <= level => {}
                    b'\r' | b'\n' if quoted && close != 0 && at < text.len() => {}
                    b'+' if level > 0 && text.enc(at) == Enc::Raw => {}
                    _ if text.enc(at) == Enc::Ansi => {}
                    _ => break,
                }
                at += 1;
            }
            if close != 0 {
                at = key::past_index(text, at);
            }
            let stray = at == behind && !quoted && text.quote(at).is_some();
            let (from, frame) = match key::open(text, at, Sep::Spaced, level) {
                Some(Target::Value { at, frame, .. }) if !stray => (at, frame),
                // An unquoted cookie may follow a quoted one, after a comma.
                _ if quoted
                    && !(close != 0
                        && matches!(class, Class::Cookie | Class::SetCookie)
                        && text.raw[behind..at].contains(&b',')
                        && is_pair(text, at, false, level))
                    || stray
                    || text.ch(at) == close
                    || text.is_newline(at) =>
                {
                    return Some(behind);
                }
                _ => (at, Frame { close, ..Frame::within(level) }),
            };
            if let Some(next) = self.value(from, class, frame, Sep::Spaced, exact) {
                // A string that ends with its line was cut off, and the next line is a separate one.
                if self.frame.own && text.is_newline(next) {
                    return Some(next);
                }
                at = next + usize::from(self.frame.own && self.frame.closes(text, next));
                continue;
            }
            let value = Value::read(
                text,
                from,
                frame,
                if frame.own { Grammar::Any } else { Grammar::Token },
            );
            let name = value.complete && b":=".contains(&text.ch(value.to + 1));
            let header = matches!(class, Class::Authorization | Class::Cookie | Class::SetCookie);
            let blank = value.is_empty() || value.is_placeholder() || is_key(&value, class);
            if !frame.own || name || !(header || blank) {
                return Some(behind);
            }
            at = self.pass(&value, frame, false);
            if frame.own && text.is_newline(at) {
                return Some(at);
            }
            // A secret that started in it extends beyond it, and has its own closer.
            let beyond = at > value.to + 1 && self.frame.own && self.frame.closes(text, at);
            at += usize::from(beyond);
        }
    }

    /// Values on lines with a mark each.
    fn marked(&mut self, mut at: usize, class: Class, exact: bool, level: usize) -> Option<usize> {
        let text = self.text;
        loop {
            let line = text.find_raw(at, pattern!("^[ \t,]*")).and_then(|k| text.past_newline(k));
            let from = text.blanks(line.unwrap_or(at), level);
            let Some(from) = key::past_marker(text, from) else { return Some(at) };
            let from = key::past_type(text, from);
            let (from, frame) = match key::open(text, from, Sep::Spaced, level) {
                Some(Target::Value { at, frame, .. }) => (at, frame),
                _ => (from, Frame { line: true, ..Frame::within(level) }),
            };
            let Some(next) = self.value(from, class, frame, Sep::Spaced, exact) else {
                return Some(at);
            };
            at = next + usize::from(self.frame.own && self.frame.closes(text, next));
        }
    }

    /// The value on the line after its key.
    fn next_line(
        &mut self,
        at: usize,
        class: Class,
        exact: bool,
        mut sep: Sep,
        named: bool,
        level: usize,
    ) -> Option<usize> {
        let text = self.text;
        let mut from = text.blanks(at, level);
        if !named {
            if let Some(line) = key::past_array(text, from) {
                return self.next_line(line, class, exact, sep, named, level);
            }
            if key::past_marker(text, from).is_some() {
                return self.marked(at, class, exact, level);
            }
            let cookies = matches!(class, Class::Cookie | Class::SetCookie);
            if cookies && from > at && is_pair(text, from, false, 0) {
                let frame = Frame { line: true, ..Frame::default() };
                return self.value(from, class, frame, Sep::Spaced, exact);
            }
        }
        if let Some(past) = key::value_key(text, from) {
            from = text.blanks(past, level);
            sep = Sep::Spaced;
        } else if named {
            return None;
        }
        let indented = from > at;
        from = key::past_type(text, from);
        match key::open(text, from, sep, level) {
            Some(Target::Map { .. } | Target::List { .. }) if sep == Sep::Comma && !indented => {
                None
            }
            Some(Target::Value { at, frame, .. })
                if !named && frame.own && is_name_of_member(text, at, frame) =>
            {
                None
            }
            Some(target) => self.follow(target, class, exact),
            None if named => {
                let frame = Frame { line: true, ..Frame::within(level) };
                self.value(from, class, frame, Sep::Spaced, exact)
            }
            None => None,
        }
    }
}

/// Whether the string at `at` is the name of a member of a map.
fn is_name_of_member(text: &Text, at: usize, frame: Frame) -> bool {
    let value = Value::read(text, at, frame, Grammar::Any);
    value.complete
        && !text.is_newline(value.to)
        && b":=".contains(&text.ch(text.blanks(value.to + 1, frame.level)))
}

/// Whether the value is the name of such a key.
fn is_key(value: &Value, class: Class) -> bool {
    value.complete
        && pattern!("^[a-z_-]+$").is_match(&value.head)
        && key::classify(&value.head).is_some_and(|(named, _)| named == class)
}
