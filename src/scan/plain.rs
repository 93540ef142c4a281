//! Plain lists of cookie-pairs, `a=T; b=T; Path=/`, read by one loop.
//!
//! Most cookies in a log are written without an escape, in a list that nothing nests in. The loop takes the pairs for which
//! that can be seen at once, and leaves every other byte to [`Scanner::element`], at the place where it is: so both give the
//! same spans, and this one needs no judgement of its own.

use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::cookie::plain_attribute;
use crate::grammar::ids::COOKIE;
use crate::grammar::text::lex::{Enc, Quote, Text, is_name};
use crate::grammar::value::extent::plain_cookie;
use crate::scan::scanner::Scanner;
use crate::span::{Edge, Span};

/// Longest name that the loop takes.
const MAX_NAME: usize = 64;

impl Scanner {
    /// Reads the plain pairs from `at` on, if a list of pairs is open there, and returns where something else begins.
    pub(super) fn plain_pairs(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> usize {
        let Some(&Container { elements, frame, first }) = self.stack.top() else { return at };
        let set_cookie = match elements {
            Elements::Cookies => false,
            Elements::SetCookie => true,
            _ => return at,
        };
        if frame.level > 0 || !self.rules.is_unrestricted() || !self.promises.is_empty() {
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
            // 1. A semicolon and blanks.
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
            // 3. A value with a digit in it, which is no mark and no word.
            let from = start + len + 1;
            let to = plain_cookie(window, from);
            let Some(&end) = window.get(to) else { break };
            let value = &window[from..to];
            if !(end == b';' || end == b'\n' || end == closer) || !is_evident(value) {
                break;
            }
            spans.push(Span { range: from..to, rule, edge: Edge::Whole });
            (first, done) = (false, to);
        }
        if done > at {
            self.stack.begin(self.stack.depth());
        }
        done
    }
}

/// Whether some attribute begins as `name` does: the general reader looks closer.
fn cookie_may_be_attribute(name: &[u8]) -> bool {
    matches!(
        name.first().map(u8::to_ascii_lowercase),
        Some(b'p' | b'd' | b'e' | b'm' | b's' | b'h' | b'v' | b'c' | b'l' | b'a')
    ) && crate::grammar::credential::cookie::is_attribute_name(name)
}

/// Whether a plain `value` is no mark, as [`crate::grammar::value::placeholder::is_mark`] judges, for certain.
fn is_evident(value: &[u8]) -> bool {
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
