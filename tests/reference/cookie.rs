//! Cookies: lists, maps, objects, jar lines, and fields without a key.

use super::Redactor;
use super::code::is_harmless;
use super::key::{self, Class, Sep, Target, open};
use super::text::{Enc, Text, pattern};
use super::value::{Frame, Grammar, Value, is_mark, is_pair, past_scheme};

/// What was found in place of a cookie-name.
enum Name {
    /// A name that ends here, before `=`.
    Pair(usize),
    Flag,
    Other,
}

/// What a name may contain besides token characters: brackets or nothing at all, and spaces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Odd {
    No,
    Brackets,
    Blanks,
    /// Blanks in a short name.
    Words,
}

fn name(text: &Text, at: usize, frame: Frame, odd: Odd) -> Name {
    let mut k = at;
    let mut strange = false;
    while text.start(k) - text.start(at) < 256 {
        let flag = if k > at { Name::Flag } else { Name::Other };
        if text.is_newline(k) || frame.closes(text, k) || frame.excludes(text, k) {
            return flag;
        }
        match text.ch(k) {
            _ if text.level(k) > frame.level => {}
            b'=' if strange || k == at => {
                let code = matches!(text.ch(k + 1), b'>' | b'=');
                return if odd == Odd::No || code { Name::Other } else { Name::Pair(k) };
            }
            b'=' => return Name::Pair(k),
            b';' | b',' => return flag,
            ch @ (b']' | b'}' | b')') if ch == frame.close => return Name::Flag,
            b' ' | b'\t'
                if k > at
                    && (odd == Odd::Blanks
                        || odd == Odd::Words && text.start(k) - text.start(at) < 32) =>
            {
                strange = true
            }
            b'(' | b')' | b'{' | b'}' if odd != Odd::No => strange = true,
            b' ' | b'\t' if k > at => {
                let next = text.blanks(k, 0);
                let last = text.is_newline(next) || text.ch(next) == b';';
                return if last { Name::Flag } else { Name::Other };
            }
            ch if ch <= b' ' || ch == 0x7f || b"\"'`<>(){}\\".contains(&ch) => return Name::Other,
            _ if text.enc(k) == Enc::Ansi => return Name::Other,
            _ => {}
        }
        k += 1;
    }
    Name::Flag
}

/// The position of the equals sign of a pair at `at`.
pub fn pair_at(text: &Text, at: usize, frame: Frame) -> Option<usize> {
    match name(text, at, frame, Odd::No) {
        Name::Pair(equals) => Some(equals),
        _ => None,
    }
}

pub fn is_pair_at(text: &Text, at: usize, frame: Frame) -> bool {
    matches!(name(text, at, frame, Odd::No), Name::Pair(_))
}

/// Whether the name at `at` and its equals sign are base64 with padding.
fn is_padded(text: &Text, at: usize, equals: usize, frame: Frame) -> bool {
    let rest = Value::read(text, equals + 1, frame, Grammar::Cookie);
    let ends = rest.complete && text.ch(rest.to) != b';';
    let is = |pattern: &regex::bytes::Regex| pattern.is_match(&text.raw[at..equals]);
    let base64 = (equals - at) % 4 == 3
        && is(pattern!("^[A-Za-z0-9+/]*$"))
        && [pattern!("(?-i)[A-Z]"), pattern!("(?-i)[a-z]"), pattern!("[0-9]")].into_iter().all(is);
    equals - at >= 16 && ends && (rest.head == b"=" || rest.is_empty() && base64)
}

impl Redactor<'_> {
    /// The value of a cookie key.
    pub fn cookies(
        &mut self,
        at: usize,
        class: Class,
        frame: Frame,
        sep: Sep,
        exact: bool,
    ) -> Option<usize> {
        // A Go list in a string.
        if frame.own
            && self.text.raw(at) == b'['
            && let Name::Pair(_) = name(self.text, at + 1, frame, Odd::No)
        {
            let frame = Frame { close: b']', ..frame };
            return Some(self.pairs(at + 1, class == Class::SetCookie, frame, true));
        }
        let empty = sep == Sep::Spaced && self.text.raw(at) == b'=';
        let certain = exact && (frame.own || frame.line || empty);
        let odd = if certain { Odd::Brackets } else { Odd::No };
        let spaced = frame.own || frame.line || self.text.ends(at, pattern!(": $"));
        let alone = sep == Sep::Compact || sep == Sep::Spaced && spaced;
        if let Name::Pair(equals) = name(self.text, at, frame, odd)
            && !(exact && alone && is_padded(self.text, at, equals, frame))
            && !(self.text.ends(at, pattern!("[?&][a-z0-9_-]{1,30}=$"))
                && (at..equals).any(|k| self.text.raw(k) == b'&'))
            && ((at..equals).all(|k| !b"(){}".contains(&self.text.raw(k))) && equals > at
                || Value::read(self.text, equals + 1, frame, Grammar::Cookie).is_token_like())
        {
            return Some(self.pairs(at, class == Class::SetCookie, frame, true));
        }
        // In a wrapper.
        if !frame.own
            && let Some(from) = self.text.find_raw(at, pattern!(r"^[a-z]{1,16}\("))
        {
            let frame = Frame { close: b')', ..Frame::within(frame.level) };
            if let Name::Pair(_) = name(self.text, from, frame, Odd::No) {
                return Some(self.pairs(from, class == Class::SetCookie, frame, true));
            }
        }
        // A single value without a name.
        let value = Value::read(
            self.text,
            at,
            frame,
            if frame.own { Grammar::Any } else { Grammar::Param },
        );
        let secret = exact && alone && value.is_token_like();
        secret.then(|| self.hide(&value, frame))
    }

    /// `name=value; name=value`, or `name=value; attribute` of a response.
    pub fn pairs(&mut self, mut at: usize, response: bool, frame: Frame, mut first: bool) -> usize {
        let text = self.text;
        let grammar = if response { Grammar::SetCookie } else { Grammar::Cookie };
        self.frame = frame;
        loop {
            // 1. The separator of pairs.
            let start = at;
            let (mut semicolon, mut comma) = (false, false);
            loop {
                let newline = text.is_newline(at);
                let inside = frame.own && text.enc(at) == Enc::Code(0);
                if newline
                    && text.enc(at) != Enc::Raw
                    && frame.own
                    && is_pair(text, at + 1, false, frame.level)
                {
                    comma = true;
                    at += 1;
                    continue;
                }
                // A folded header goes on below.
                if newline
                    && semicolon
                    && !inside
                    && let Some(line) = text.past_newline(at)
                    && text.blanks(line, 0) > line
                    && is_pair(text, text.blanks(line, 0), false, 0)
                {
                    at = text.blanks(line, 0);
                    break;
                }
                if semicolon
                    && frame.own
                    && let Some(next) = key::continuation(text, at, frame)
                {
                    at = next;
                    continue;
                }
                if newline && text.level(at) <= frame.level && !inside
                    || text.enc(at) == Enc::Ansi
                    || frame.closes(text, at)
                    || frame.excludes(text, at)
                {
                    return at;
                }
                match text.ch(at) {
                    _ if text.level(at) > frame.level => break,
                    b' ' | b'\t' => {}
                    b';' => semicolon = true,
                    b',' if !semicolon
                        && !frame.map
                        && is_pair(text, at + 1, true, frame.level) =>
                    {
                        comma = true
                    }
                    b'|' if frame.bars && is_pair(text, at + 1, false, frame.level) => comma = true,
                    b'+' if text.enc(at) == Enc::Raw && (semicolon || frame.level > 0) => {}
                    _ => break,
                }
                at += 1;
            }
            let list = frame.close == b']' && !frame.line;
            let blank = (response || frame.close == b'>' || list) && text.raw(at) != b'-';
            if !(first || semicolon || comma || blank && is_pair(text, at, false, frame.level)) {
                return start;
            }
            // 2. A name.
            let may_be_attribute = !first && semicolon;
            let begun = !first;
            let odd = match (frame.line || frame.own, !may_be_attribute) {
                (true, false) => Odd::Blanks,
                (_, true) if first => Odd::Brackets,
                (true, true) => Odd::Brackets,
                (false, false) => Odd::Words,
                _ => Odd::No,
            };
            first = false;
            let equals = match name(text, at, frame, odd) {
                Name::Pair(equals) => equals,
                Name::Flag => {
                    let value = Value::read(text, at, Frame { own: false, ..frame }, grammar);
                    at = self.pass(&value, Frame::default(), !response && value.is_token_like());
                    continue;
                }
                Name::Other => return at,
            };
            // 3. Its value.
            // What follows an attribute without a semicolon is text, which other rules search.
            let text_between = response && may_be_attribute && text.raw[at..equals].contains(&b' ');
            let attribute = match response {
                true => {
                    may_be_attribute
                        && (text_between || pattern!(
                            r"(?x) ^ (?: path | domain | expires | max-age | samesite | secure | httponly | partitioned
                              | priority | version | comment | commenturl | port | discard ) $"
                        )
                        .is_match(&text.raw[at..equals]))
                }
                false => {
                    text.raw(at) == b'$'
                        || begun && is_attribute(text, at, equals, frame)
                }
            };
            at = if text_between { at } else { equals + 1 };
            let mut inner = Frame { own: false, ..frame };
            if !text_between
                && let Some(quote) = text.quote(at)
                && !frame.closes(text, at)
                && text.level(at) <= frame.level
                && !(text.is_newline(at + 1) || b",})] ".contains(&text.ch(at + 1)))
            {
                at += 1;
                inner = Frame {
                    quote: Some(quote),
                    own: true,
                    nested: true,
                    level: frame.level,
                    ..Frame::default()
                };
            }
            if inner.quote.is_none() && !inner.line {
                at = past_scheme(text, at).unwrap_or(at);
            }
            let grammar = if inner.own { Grammar::Any } else { grammar };
            // An attribute may contain spaces, as in a date.
            let line = inner.line || attribute && frame.close != b']';
            let value = Value::read(text, at, Frame { line, ..inner }, grammar);
            at = self.pass(&value, inner, !(attribute || value.is_empty() || is_no_cookie(&value)));
        }
    }

    /// Where a map or list of cookies opens: `{`, `[{`, `ImmutableMultiDict([(`.
    pub fn jar_at(&self, at: usize) -> Option<(usize, u8, bool)> {
        let start = self
            .text
            .find_raw(at, pattern!(r"^(\[object: null prototype\] )?([%#](?:\{))?"))
            .map(|end| end - usize::from(matches!(self.text.raw(end - 1), b'{') && end > at))?;
        let start = self.text.find_raw(start, pattern!(r"^([a-z0-9_]{1,32}\()?"))?;
        match self.text.raw(start) {
            b'{' => Some((start + 1, b'}', self.is_description(start + 1))),
            b'[' => {
                let inner = self.text.find_raw(start, pattern!(r"^\[[ \t\r\n]*"))?;
                match self.text.raw(inner) {
                    b'(' | b'[' => Some((inner, b']', false)),
                    b'{' => Some((inner, b']', true)),
                    _ if self.is_entry(inner) => Some((inner, b']', false)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A name in quotes is at `at`, with a colon or an arrow after it.
    fn is_entry(&self, at: usize) -> bool {
        let text = self.text;
        let end = text.find_raw(at + 1, pattern!("^[a-z0-9_.-]{1,64}"));
        let Some((quote, end)) = text.quote(at).zip(end) else { return false };
        let separator = text.blanks(end + 1, 0);
        text.quote(end) == Some(quote)
            && (text.ch(separator) == b':'
                || text.ch(separator) == b'=' && text.ch(separator + 1) == b'>')
    }

    /// Whether the braces before `at` contain a `name` and a `value`.
    pub fn is_description(&self, at: usize) -> bool {
        let text = self.text;
        let (mut depth, mut found) = (0, [false; 2]);
        for k in (at..text.len()).take_while(|&k| text.start(k) < text.start(at) + 1024) {
            match text.ch(k) {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' if depth == 0 => break,
                b'}' | b']' | b')' => depth -= 1,
                _ if depth == 0 && !key::is_name(text.before(k)) => {
                    let words = [pattern!("^name"), pattern!("^value")];
                    for (word, found) in words.into_iter().zip(&mut found) {
                        *found |= text.find_raw(k, word).is_some_and(|end| {
                            let end = end + usize::from(text.quote(end).is_some());
                            b":=".contains(&text.ch(text.blanks(end, 0)))
                        });
                    }
                }
                _ => {}
            }
        }
        found == [true; 2]
    }

    /// Whether the first string in braces is a pair.
    pub fn is_list(&self, at: usize) -> bool {
        let text = self.text;
        let mut at = text.blanks(at, 0);
        at = text.past_newline(at).map_or(at, |line| text.blanks(line, 0));
        text.quote(at).is_some() && is_pair(text, at + 1, false, 0)
    }

    /// The entries of a map up to `close`: cookies, or descriptions of them.
    pub fn jar(&mut self, mut at: usize, close: u8, objects: bool, sure: bool) -> usize {
        let text = self.text;
        let mut closing = false;
        loop {
            // 1. The separator of entries.
            if closing && text.quote(at).is_some() {
                at += 1;
            }
            let mut complete = false;
            let behind = at;
            // The closer of the previous value opens something else, if no entry follows.
            let over = at - usize::from(at > 0 && text.quote(at - 1).is_some());
            loop {
                let pair = close == b']'
                    && text
                        .find_raw(at, pattern!(r"^\](?:[ \t]|[ \t\r\n]*,[ \t\r\n,]*)*\["))
                        .is_some();
                let between = match text.raw(at) {
                    _ if pair => true,
                    raw if raw == close => false,
                    b'[' => close == b']',
                    b' ' | b'\t' | b'\r' | b'\n' => true,
                    b',' => {
                        complete = false;
                        true
                    }
                    b'(' | b')' => !objects,
                    b'{' => objects && !complete,
                    b'}' if objects => {
                        complete = true;
                        true
                    }
                    _ => false,
                };
                if !between || at >= text.len() {
                    break;
                }
                at += 1;
            }
            if text.raw(at) == close || at >= text.len() || complete {
                return at;
            }
            // 2. A name.
            let (from, to, after) = match text.quote(at) {
                Some(quote) => {
                    let ends = |k: &usize| text.is_newline(*k) || text.closes(quote, *k).is_some();
                    let end = (at + 1..).find(ends).unwrap_or(at + 1);
                    if text.is_newline(end) {
                        return over;
                    }
                    (at + 1, end, end + 1)
                }
                None => {
                    let end = text.find_raw(at, pattern!("^[a-z0-9_.-]*")).unwrap_or(at);
                    (at, end, end)
                }
            };
            let separator = text.blanks(after, 0);
            let Some(past) = text.find_raw(separator, pattern!("^(?:=>|[:,=])")) else {
                return over;
            };
            let on_another_line = !objects && (behind..at).any(|k| text.raw(k) == b'\n');
            if from == to || on_another_line && after == to && text.raw(separator) == b'=' {
                return over;
            }
            // 3. A value.
            let name = &text.raw[from..to];
            let odd = |k: usize| text.ch(k) <= b' ' || text.raw[k..to].starts_with(b"eyJ");
            if (from..to).any(odd) || is_mark(name) {
                return at;
            }
            let class = key::classify(name).map(|(class, _)| class);
            let header =
                matches!(class, Some(Class::Authorization | Class::Cookie | Class::SetCookie));
            let last = name.rsplit(|ch| *ch == b'.').next().unwrap_or(name);
            if header || objects && (class.is_some() || key::classify(last).is_some()) {
                return at;
            }
            let plain: Vec<u8> =
                name.iter().copied().filter(|ch| !matches!(ch, b'-' | b'_')).collect();
            let setting = pattern!(
                r"(?x) ^ (?: path | domain | expires | maxage | lifetime | samesite | secure | httponly | partitioned | priority
                  | signed | overwrite | originalmaxage | name | encode ) $"
            );
            let secret = if objects {
                name.eq_ignore_ascii_case(b"value")
            } else {
                !setting.is_match(&plain)
            };
            let mut from = text.blanks(past, 0);
            let (mut frame, mut grammar) = (Frame { close, ..Frame::default() }, Grammar::Token);
            match open(text, from, Sep::Spaced, 0) {
                Some(Target::Value { at: value, frame: opened, .. }) => {
                    (from, frame, grammar) = (value, opened, Grammar::Any);
                    if let Some(quote) = text.quote(value)
                        && !frame.closes(text, value)
                    {
                        from += 1;
                        frame = Frame { quote: Some(quote), nested: true, ..frame };
                    }
                    if objects
                        && name.eq_ignore_ascii_case(b"raw")
                        && is_pair(text, from, false, frame.level)
                    {
                        at = self.pairs(from, true, frame, true);
                        at += usize::from(frame.closes(text, at));
                        closing = false;
                        continue;
                    }
                }
                Some(_) => return at,
                None => {}
            }
            let value = Value::read(text, from, frame, grammar);
            let digits = objects && text.raw(separator) == b'=' && value.has_digit();
            let schema = pattern!(
                r"^(type|shape|description|documentation|title|label|format|message|\$ref)$"
            );
            if !objects && name == b"version" && is_harmless(&value) {
                return at;
            }
            let schema = !objects && schema.is_match(&plain) && !value.is_token_like();
            let bare = schema || !frame.own && !value.is_token_like() && !digits;
            let unsure = !(objects || sure || value.is_token_like());
            let kept = value.is_empty() || is_no_cookie(&value) || bare || unsure;
            at = self.pass(&value, frame, secret && !kept);
            if frame.own && text.is_newline(value.to) {
                return at;
            }
            closing = frame.nested;
        }
    }

    /// A line of a Netscape cookie file, from the tab before its second field.
    pub fn jar_line(&mut self, at: usize) -> Option<usize> {
        let line = pattern!(
            r"^\t(?:true|false)\t/[^\t\r\n]{0,1023}\t(?:true[^\t\r\n\x00]?|false)\t[0-9.-]{0,23}\t[^\t\r\n ;,=:]{0,255}\t"
        );
        let from = self.text.find_raw(at, line)?;
        let frame = Frame { line: true, ..Frame::default() };
        let value = Value::read(self.text, from, frame, Grammar::Cookie);
        (!value.is_empty() && !is_no_cookie(&value)).then(|| self.hide(&value, frame))
    }

    /// `a=T;+b=T` of IIS or `a=T;%20b=T` of CloudFront. The semicolon is at `at`.
    pub fn keyless(&mut self, at: usize, floor: usize) -> Option<usize> {
        let text = self.text;
        let encoded = text.ch(at + 1) == b' ' && text.enc(at + 1) == Enc::Percent(1);
        if text.raw(at) != b';'
            || text.raw(at + 1) != b'+' && !encoded
            || !is_pair(text, at + 2, false, 0)
        {
            return None;
        }
        let line = &text.raw[..at];
        let run = line
            .iter()
            .rposition(|raw| b" \t\r\n\"'".contains(raw))
            .map_or(0, |k| k + 1)
            .max(floor);
        let inside = run == floor && text.before(run) == b'=';
        let equals = line[run..].iter().position(|raw| *raw == b'=').map(|k| run + k + 1);
        let from = if inside { run } else { equals? };
        let before = &text.raw[from.saturating_sub(64)..from];
        let named = match encoded {
            false => pattern!(r"(^|[ \t\n])[a-z0-9_.-]{1,62}=$").is_match(before),
            true => pattern!(r"\t[a-z0-9_.-]{1,62}=$").is_match(before),
        };
        if !named || text.raw[from..at].contains(&b';') {
            return None;
        }
        let frame = Frame { level: usize::from(encoded), ..Frame::default() };
        let value = Value::read(text, from, frame, Grammar::Cookie);
        if value.complete && value.to < at {
            return None;
        }
        let at = self.pass(&value, Frame::default(), !is_no_cookie(&value));
        Some(self.pairs(at, false, frame, false))
    }

    /// The value of a `Set-Cookie` without its key, before the semicolon at `at` and the path after it.
    pub fn attributed(&mut self, at: usize, floor: usize) -> Option<usize> {
        let text = self.text;
        let path = text.find_raw(at, pattern!("^; path="))?;
        let path = (text.ch(path) == b'/').then_some(path + 1)?;
        let from = text.raw[..at].iter().rposition(|raw| *raw == b'\n').map_or(0, |k| k + 1);
        let (from, mut end) = (from.max(floor), at);
        let attribute = pattern!(
            r"(?x) ^ [\x20\t]* (?: path | domain | expires | max-age | samesite | secure | httponly | partitioned
              | priority | version | comment | commenturl | port | discard | hostonly | creation | lastaccessed
              | aage | cage ) (?: = | $ )"
        );
        let slashed = |k: usize| text.quote(k).is_some() && matches!(text.enc(k), Enc::Slash(_));
        let raw = |k: usize| k.checked_sub(1).map_or(b'\n', |k| text.raw(k));
        let opens = |k: usize| {
            k == 0
                || slashed(k - 1)
                || text.enc(k - 1) == Enc::Ansi
                || text.enc(k - 1) == Enc::Raw && (raw(k) <= b' ' || b"\"'`[({,".contains(&raw(k)))
        };
        // The first name in the run that ends there, possibly after a key and a colon.
        let pair = |end: usize| {
            let run = (from..=end).rev().find(|k| *k == from || opens(*k))?;
            let equals = (run..end).find(|k| text.raw(*k) == b'=');
            let (value, separator) = match equals {
                _ if raw(run) == b'=' => (run, 1),
                Some(equals) => (equals + 1, 1),
                None => ((run > 1 && raw(run) == b'[' && raw(run - 1) == b'=').then_some(run)?, 2),
            };
            let mut name = value - separator;
            while name > 0 && (key::is_name(raw(name)) || raw(name) == b'.') {
                name -= 1;
            }
            let key = (name.saturating_sub(63)..=name).rev().find(|k| opens(*k));
            let keyed =
                key.is_some_and(|key| raw(name) == b':' && !text.raw[key..name].contains(&b'='));
            let named = name < value - separator && (opens(name) || keyed);
            // An attribute is not the cookie.
            let attribute = attribute.is_match(&text.raw[name..value - separator]);
            (named && !attribute).then_some((name, value, separator))
        };
        let mut attributes = 0;
        let (name, value, separator) = loop {
            if let Some(pair) = pair(end) {
                break pair;
            }
            attributes += 1;
            let k = text.raw[from..end].iter().rposition(|raw| *raw == b';')?;
            let is_one = attribute.is_match(&text.raw[from + k + 1..end]);
            (attributes <= 12 && is_one).then_some(())?;
            end = from + k;
        };
        // What was redacted is in brackets, too.
        if raw(value) == b'[' && text.find_raw(value, pattern!("^redacted")).is_some() {
            return None;
        }
        let frame = match name.checked_sub(1).and_then(|k| text.quote(k)) {
            _ if separator == 2 => Frame { close: b']', ..Frame::default() },
            Some(quote) => Frame { quote: Some(quote), own: true, ..Frame::default() },
            None => Frame { close: key::closer(raw(name)), ..Frame::default() },
        };
        let read = Value::read(text, value, Frame { own: false, ..frame }, Grammar::SetCookie);
        let follows = pattern!(
            r#"(?x) ^ [^\x00-\x20;,"']{0,256} ; [\x20\t]* (?: path | domain | expires | max-age | samesite | secure
              | httponly | partitioned | priority | version | comment | commenturl | port | discard | hostonly
              | creation | lastaccessed | aage | cage ) (?: [^a-z0-9_-] | $ )"#
        );
        let more = end < at || text.find_raw(path, follows).is_some();
        if read.is_empty()
            || read.is_placeholder()
            || read.complete && read.to > at
            || !(read.is_token_like() || more && !read.is_plain_word())
        {
            return None;
        }
        let at = self.pass(&read, Frame::default(), true);
        Some(self.pairs(at, true, frame, false))
    }
}

/// Whether a pair is an attribute in a place where a cookie may be: only an attribute has such a value.
fn is_attribute(text: &Text, at: usize, equals: usize, frame: Frame) -> bool {
    let value = Value::read(text, equals + 1, Frame { own: false, ..frame }, Grammar::Cookie);
    let is = |pattern: &regex::bytes::Regex| value.complete && pattern.is_match(&value.head);
    match &text.raw[at..equals].to_ascii_lowercase()[..] {
        b"expires" => text.find_raw(equals + 1, pattern!("^[a-z]{3,10},")).is_some(),
        b"path" => is(pattern!("^/")),
        b"max-age" | b"version" => is(pattern!("^[0-9]*$")),
        b"samesite" => is(pattern!("^(lax|strict|none)$")),
        b"priority" => is(pattern!("^(low|medium|high)$")),
        _ => false,
    }
}

/// A value that a cookie never has.
pub fn is_no_cookie(value: &Value) -> bool {
    value.is_mark() || value.complete && value.head == b"deleted"
}
