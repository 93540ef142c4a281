//! Straight loops for text without escapes.
//!
//! Most secrets in a log are written without escapes: `Authorization: Bearer T` and similar in a header, in JSON or in
//! a query, and lists of cookies without nested values. What is clearly one of these is read here, by rules that are a
//! subset of the general reader's. Everything else is left to [`Scanner::enter`] and [`Scanner::element`], at its
//! position. So both give the same spans, and the tests compare them.

use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::cookie::plain_attribute;
use crate::grammar::ids::{AUTHORIZATION, BEARER, COOKIE, OAUTH};
use crate::grammar::key::Class;
use crate::grammar::text::lex::{Enc, Quote, Text, is_name};
use crate::grammar::text::reads;
use crate::grammar::value::extent::{is_evident, plain_cookie, plain_string, plain_token};
use crate::grammar::value::frame::Frame;
use crate::scan::scanner::{Mode, Scanner};
use crate::span::{Edge, Span};

/// The longest name that the loop accepts.
const MAX_NAME: usize = 64;

/// What opens the value of a plain key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    /// `"name": "value"`, `'name', 'value'`, `name="value"`: an unescaped quote.
    Quoted(u8),
    /// `\"name\":\"value\"`: a double quote after one backslash.
    Escaped,
    /// `name: value`, at the start of a line.
    Line,
    /// `name: value`, within a line.
    Text,
    /// `name:[value]`, `name=[value]`.
    Bracket,
    /// `?name=value`
    Query,
}

impl Scanner {
    /// Reads the value of the key around the anchor `at..at + len` if it is plain, and returns where to continue.
    pub(super) fn plain_key(&mut self, text: &Text, at: usize, len: usize) -> Option<usize> {
        if !self.is_plain() {
            return None;
        }
        let window = text.window();
        let back =
            window[..at].iter().rev().take(MAX_NAME).take_while(|byte| is_name(**byte)).count();
        let mut start = at - back;
        let mut end = at + len;
        while is_name(*window.get(end)?) {
            reads::count();
            end += 1;
            if end - start > MAX_NAME {
                return None;
            }
        }
        // The letter of an escaped newline.
        let escaped = back > 0
            && window.get(start.checked_sub(1)?) == Some(&b'\\')
            && matches!(window[start], b'n' | b'r');
        start += usize::from(escaped);
        let (opened, from) = open_plain(window, start, end, escaped)?;
        let (class, _) = self.names.classify(&window[start..end])?;
        let (from, rule) = match class {
            Class::Cookie | Class::SetCookie => {
                return self.plain_cookies(window, from, class, opened);
            }
            Class::Authorization => {
                let scheme = window.get(from..from + 7)?;
                if scheme.eq_ignore_ascii_case(b"bearer ") {
                    (from + 7, BEARER)
                } else if scheme[..6].eq_ignore_ascii_case(b"basic ") {
                    (from + 6, AUTHORIZATION)
                } else {
                    return None;
                }
            }
            _ if !matches!(opened, Opened::Quoted(_) | Opened::Line | Opened::Query) => {
                return None;
            }
            // In a list, the string may be another key.
            _ if *window.get(end + 1)? == b',' => return None,
            Class::Header => (from, AUTHORIZATION),
            Class::Param | Class::WeakParam => (from, OAUTH),
            _ => return None,
        };
        if class == Class::Authorization && opened == Opened::Query || !is_evident(window, from) {
            return None;
        }
        let end = self.plain_end(window, from, opened, class)?;
        self.mode = Mode::Match { end, rule, tail: None, open: false };
        Some(from)
    }

    /// The end of the token at `from`, if the text that ends it is plain too.
    fn plain_end(&self, window: &[u8], from: usize, opened: Opened, class: Class) -> Option<usize> {
        match opened {
            Opened::Quoted(quote) => {
                let end = plain_string(window, from);
                // A string of a shell may continue after its quote.
                let ends = quote != b'\'' || !matches!(window.get(end + 1)?, b'\\' | b'"');
                (window.get(end) == Some(&quote) && ends).then_some(end)
            }
            Opened::Escaped => {
                let end = plain_string(window, from);
                window.get(end..)?.starts_with(b"\\\"").then_some(end)
            }
            _ => {
                let end = plain_token(window, from, class != Class::Authorization)?;
                // Another element may follow in brackets.
                (opened != Opened::Bracket || window[end] == b']').then_some(end)
            }
        }
    }

    /// Reads the token after the word `bearer` at `at`, without a key before it, if it is plain.
    pub(super) fn plain_bearer(&mut self, window: &[u8], at: usize) -> Option<usize> {
        let before = window.get(at.checked_sub(2)?..at)?;
        // A quote or a space, without a name or separator before it.
        let alone = matches!(before[1], b'"' | b' ')
            && (before[1] == b'"' && before[0] == b' ' || before[0].is_ascii_lowercase());
        let from = at + b"bearer ".len();
        if !self.is_plain()
            || !alone
            || window.get(from - 1) != Some(&b' ')
            || !is_evident(window, from)
        {
            return None;
        }
        let end = plain_token(window, from, false)?;
        self.mode = Mode::Match { end, rule: BEARER, tail: None, open: false };
        Some(from)
    }

    /// Opens a list of cookies whose first pair is at `from`.
    fn plain_cookies(
        &mut self,
        window: &[u8],
        from: usize,
        class: Class,
        opened: Opened,
    ) -> Option<usize> {
        let frame = match opened {
            Opened::Quoted(ch) => Frame {
                quote: Some(Quote { ch, enc: Enc::Raw }),
                own_quote: true,
                ..Frame::default()
            },
            Opened::Line => Frame { line: true, ..Frame::default() },
            Opened::Text => Frame::default(),
            _ => return None,
        };
        let near = window.get(from..)?;
        let len = near[..near.len().min(MAX_NAME)].iter().position(|byte| !is_name(*byte))?;
        // A cookie called `name` or `value` may be the start of an object that describes a cookie.
        if len == 0 || near[len] != b'=' || matches!(near[0] | 0x20, b'n' | b'v') {
            return None;
        }
        let elements = if class == Class::Cookie { Elements::Cookies } else { Elements::SetCookie };
        self.mode = if self.stack.push(Container::new(elements, frame)) {
            Mode::Element
        } else {
            return None;
        };
        Some(from)
    }

    /// Whether the rules and settings need no more than the plain readers check.
    fn is_plain(&self) -> bool {
        self.plain && self.fields.is_empty() && self.schedule.is_empty()
    }

    /// Reads plain pairs from `at` on, if a list of pairs is open, and returns where something else begins.
    pub(super) fn plain_pairs(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> usize {
        let Some(&Container { elements, frame, first }) = self.stack.top() else { return at };
        let set_cookie = match elements {
            Elements::Cookies => false,
            Elements::SetCookie => true,
            _ => return at,
        };
        if frame.level > 0 || !self.is_plain() {
            return at;
        }
        let Some(rule) = self.rules.place(COOKIE) else { return at };
        let closer = match frame.quote {
            Some(Quote { ch, enc: Enc::Raw }) => ch,
            _ => b'\n',
        };
        let window = text.window();
        let (mut first, mut done) = (first, at);
        loop {
            // 1. A semicolon and whitespace.
            let mut start = done;
            let mut semicolon = false;
            while let Some(byte @ (b';' | b' ')) = window.get(start) {
                semicolon |= *byte == b';';
                start += 1;
            }
            if !first && !semicolon {
                break;
            }
            // 2. A name.
            let rest = &window[start..];
            let near = &rest[..rest.len().min(MAX_NAME)];
            let Some(len) = near.iter().position(|byte| !is_name(*byte)) else { break };
            let name = &near[..len];
            if set_cookie
                && !first
                && let Some(len) = plain_attribute(rest, len, closer)
            {
                done = start + len;
                continue;
            }
            if len == 0 || near[len] != b'=' || !first && cookie_may_be_attribute(name) {
                break;
            }
            // 3. A value that contains a digit, and is neither a mark nor a word.
            let from = start + len + 1;
            let to = plain_cookie(window, from);
            let Some(&end) = window.get(to) else { break };
            let value = &window[from..to];
            if !(end == b';' || end == b'\n' || end == closer) || !is_no_mark(value) {
                break;
            }
            spans.push(Span { range: from..to, rule, edge: Edge::Whole, quotes: None });
            (first, done) = (false, to);
        }
        if done > at {
            self.stack.begin(self.stack.depth());
        }
        done
    }
}

/// What opens the value of the name from `start` to `end`, and where. `escaped` says that an escaped newline precedes
/// the name.
fn open_plain(window: &[u8], start: usize, end: usize, escaped: bool) -> Option<(Opened, usize)> {
    let before = *window.get(start.checked_sub(1)?)?;
    let outer = *window.get(start.checked_sub(2)?)?;
    let behind = window.get(end..)?;
    let at = |text: &[u8]| behind.starts_with(text).then_some(end + text.len());
    if escaped {
        return Some((Opened::Line, at(b": ")?));
    }
    match before {
        b'"' if outer == b'\\' => {
            // The byte before is not a backslash, so there is exactly one level of escaping.
            let single = *window.get(start.checked_sub(3)?)? != b'\\';
            let from = at(b"\\\":\\\"").or_else(|| at(b"\\\": \\\""))?;
            single.then_some((Opened::Escaped, from))
        }
        // A second quote, or the prefix of a string.
        b'"' | b'\''
            if outer == before || outer.is_ascii_alphabetic() || matches!(outer, b'@' | b'\\') =>
        {
            None
        }
        b'"' | b'\'' => {
            let behind = behind.strip_prefix(&[before])?;
            let tuple = matches!(outer, b'(' | b'[') && behind.first() == Some(&b',');
            if !tuple && behind.first() != Some(&b':') {
                return None;
            }
            let blank = usize::from(behind.get(1) == Some(&b' '));
            let from = end + 3 + blank;
            (behind.get(1 + blank) == Some(&before)).then_some((Opened::Quoted(before), from))
        }
        b'?' | b'&' => Some((Opened::Query, at(b"=")?)),
        b'\n' => Some((Opened::Line, at(b": ")?)),
        b' ' | b'{' | b'[' => {
            // A list's bracket, without a quote in it.
            let bracket = at(b":[").or_else(|| at(b"=["));
            if let Some(from) = bracket {
                return window.get(from)?.is_ascii_alphabetic().then_some((Opened::Bracket, from));
            }
            if before == b'[' {
                return Some((Opened::Bracket, at(b": ")?));
            }
            if before != b' ' {
                return None;
            }
            if let Some(from) = at(b"=\"") {
                return Some((Opened::Quoted(b'"'), from));
            }
            let from = at(b": ")?;
            // Transcripts of clients put these before the line of a header.
            let transcript =
                outer == b'>' && start.checked_sub(3).is_none_or(|at| window[at] == b'\n');
            // A line starts after an escaped newline.
            let escape = start.checked_sub(3).is_some_and(|at| window[at] == b'\\');
            let opened = match outer {
                b'>' if transcript => Opened::Line,
                _ if escape => return None,
                // It does not end another escape, such as `\u003e`.
                b':' | b'g'..=b'z' | b'G'..=b'Z' => Opened::Text,
                _ => return None,
            };
            Some((opened, from))
        }
        _ => None,
    }
}

/// Whether an attribute may begin like `name`. The general reader checks more closely.
fn cookie_may_be_attribute(name: &[u8]) -> bool {
    matches!(
        name.first().map(u8::to_ascii_lowercase),
        Some(b'p' | b'd' | b'e' | b'm' | b's' | b'h' | b'v' | b'c' | b'l' | b'a')
    ) && crate::grammar::credential::cookie::is_attribute_name(name)
}

/// Whether a plain `value` is certainly not a mark, as defined by [`crate::grammar::value::placeholder::is_mark`].
fn is_no_mark(value: &[u8]) -> bool {
    match (value.first(), value.last()) {
        (Some(first), Some(last)) => {
            first.is_ascii_alphanumeric()
                && !matches!(first, b'r' | b'R')
                && *last != b'*'
                && value.iter().any(u8::is_ascii_digit)
        }
        _ => false,
    }
}
