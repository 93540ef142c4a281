//! The plain case: a straight loop over bytes, without escapes.
//!
//! Most anchors are plain: a name that is not a key, or a key whose value has no escapes. The search for anchors tries this
//! loop first. What it rejects goes to the general reader, [`Scanner::enter`] and [`Scanner::element`]. The loop reports
//! secrets itself and returns where the search continues, so that nothing is set up between two secrets: no mode, no
//! container, no [`Value`](crate::grammar::value::extent::Value).
//!
//! It accepts a subset of what the general reader accepts, and reports the same spans:
//!
//! | step | what is plain |
//! |---|---|
//! | name | letters, digits, `-` and `_` in the window; at most an escaped line end before it |
//! | names | a list of headers, `Vary: Cookie, Authorization`, in which nothing is found |
//! | opening | one of the forms of [`Enclosed`], with at most one space on each side of the separator |
//! | token | base64url, with digits, long enough to be neither a word nor a placeholder; then a byte that ends every token |
//! | cookies | names of the same characters, values without special characters, attributes as browsers write them |
//!
//! Anything else is left to the general reader: at the anchor if nothing was reported yet, otherwise between two cookies,
//! with the same containers open as the general reader would have opened. A decision that needs a byte after the window's
//! end is left to it, too, and it asks for more.
//!
//! [`Ruleset::portable`](crate::Ruleset::portable) does not use this loop, and the tests compare the two on all inputs.

use std::ops::Range;

use crate::anchor::{Anchor, Hit};
use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::bearer;
use crate::grammar::credential::cookie::plain_attribute;
use crate::grammar::credential::preceding;
use crate::grammar::ids::{AUTHORIZATION, BEARER, COOKIE, OAUTH};
use crate::grammar::key::{Class, is_attribute_name, is_part_of_key};
use crate::grammar::text::lex::{Enc, Quote, Text, is_name};
use crate::grammar::text::reads;
use crate::grammar::value::extent::{Kind, evident_token, plain_cookie};
use crate::scan::opening::{Enclosed, Opening, bare_field, elements_of, is_among_names, opening};
use crate::scan::scanner::{Mode, Plain, Scanner};
use crate::span::{Edge, RuleId, Span};

/// The longest name of a key that the loop reads. It is read once for each anchor in it.
const MAX_KEY: usize = 32;
/// The longest name of a cookie that the loop reads.
const MAX_NAME: usize = 64;
/// The most semicolons and blanks between two cookies.
const MAX_GAP: usize = 16;

/// What ends the value of a cookie.
enum End {
    /// A semicolon.
    Pair,
    /// What ends the list, too.
    List,
    /// Something that the general reader has to look at.
    Other,
}

impl Scanner {
    /// Reads the text at an anchor, if it is plain. `None` leaves it to the general reader.
    #[inline(always)]
    pub(super) fn plain(&mut self, text: &Text, hit: Hit, spans: &mut Vec<Span>) -> Option<Plain> {
        match hit.anchor {
            Anchor::KeyOrWord(words) if self.is_around(text, hit, words) => None,
            Anchor::Key | Anchor::KeyOrWord(_) | Anchor::Code => {
                self.plain_key(text, hit.at, hit.len, spans)
            }
            Anchor::Bearer => self.plain_bearer(text, hit.at, spans),
            _ => None,
        }
    }

    /// Whether no rule and no setting asks for more than the loop looks at.
    pub(super) fn is_plain(&self) -> bool {
        self.plain && self.fields.is_empty() && self.schedule.is_empty()
    }

    /// Whether a keyword of another rule has the anchor of a key in it.
    fn is_around(&self, text: &Text, hit: Hit, words: u16) -> bool {
        let group = self.rules.around(words, &text.window()[hit.at + hit.len..]);
        group.is_some_and(|group| {
            let mut all = self.rules.group(group);
            all.any(|(_, recogniser)| recogniser.is_around(text, hit.at).unwrap_or(true))
        })
    }

    /// The key around the anchor `at..at + len`.
    #[inline(never)]
    fn plain_key(
        &mut self,
        text: &Text,
        at: usize,
        len: usize,
        spans: &mut Vec<Span>,
    ) -> Option<Plain> {
        let window = text.window();
        // 1. Its name. A separator may be part of the anchor.
        let mut end = at + len - usize::from(!is_name(window[at + len - 1]));
        while is_name(*window.get(end)?) {
            reads::count();
            end += 1;
            if end - at > MAX_KEY {
                return None;
            }
        }
        let mut start = at;
        while start > 0 && is_name(window[start - 1]) {
            reads::count();
            start -= 1;
            if end - start > MAX_KEY {
                return None;
            }
        }
        let mut before = text.before(start, 1);
        if start == 0 && is_name(before) {
            return None;
        }
        if before == b'\\' && start < at && matches!(window[start], b'n' | b'r') {
            (start, before) = (start + 1, b'\n');
        }
        let name = &window[start..end];
        // The end of a colour.
        if before == b'[' && (name[0] == b'm' || name[0].is_ascii_digit()) {
            return None;
        }
        let Some((class, exact)) = self.names.classify(name) else {
            // The end of an escape may have been taken for a part of the name.
            let escape = matches!(before, b'\\' | b'%' | b'#' | b'[' | b';');
            let other = escape || is_part_of_key(name) || self.is_optional_key(name);
            return (!other).then_some(Plain::Nothing);
        };
        // 2. The separator, and what opens its value.
        let opening = match opening(text, start, end, before) {
            Some(opening) => opening,
            None if is_among_names(text, start, end, before, class)
                && !self.is_optional_key(name) =>
            {
                return Some(Plain::Nothing);
            }
            None if class == Class::Authorization => bare_field(window, end, before)?,
            None => return None,
        };
        // 3. The value.
        let from = opening.from;
        match class {
            Class::Cookie | Class::SetCookie => {
                self.plain_cookies(text, opening, class, exact, spans)
            }
            Class::Authorization if opening.enclosed != Enclosed::Query => {
                let scheme = window.get(from..from + 7)?;
                let (from, rule) = if scheme.eq_ignore_ascii_case(b"bearer ") {
                    (from + 7, BEARER)
                } else if scheme[..6].eq_ignore_ascii_case(b"basic ") {
                    (from + 6, AUTHORIZATION)
                } else {
                    return None;
                };
                let end = evident_token(window, from, Kind::Token)?;
                self.plain_secret(text, opening, class, exact, from..end, rule, spans)
            }
            Class::Header | Class::Param | Class::WeakParam => {
                self.plain_param(text, opening, class, exact, start..end, spans)
            }
            _ => None,
        }
    }

    /// The value at the opening, under a key that occupies `key` and has tokens as values.
    fn plain_param(
        &mut self,
        text: &Text,
        opening: Opening,
        class: Class,
        exact: bool,
        key: Range<usize>,
        spans: &mut Vec<Span>,
    ) -> Option<Plain> {
        let window = text.window();
        let from = opening.from;
        let fits = match opening.enclosed {
            // After a comma there may be the next key.
            Enclosed::Quotes(_) => window[key.end + 1] != b',',
            Enclosed::Line | Enclosed::Query => true,
            _ => false,
        };
        if !fits {
            return None;
        }
        let scheme = window.get(from..from + 7)?;
        if scheme[..6].eq_ignore_ascii_case(b"bearer") {
            // After a word as common as `auth` the scheme is the better sign.
            let quoted = matches!(opening.enclosed, Enclosed::Quotes(_));
            let scheme = class == Class::WeakParam && quoted && !is_name(scheme[6]);
            let nothing = scheme && !opening.listed && !self.is_optional_key(&window[key]);
            return nothing.then_some(Plain::Nothing);
        }
        // `next token: 8f3b` is not a key.
        if class == Class::WeakParam && text.before(key.start, 1) == b' ' {
            return None;
        }
        let rule = if class == Class::Header { AUTHORIZATION } else { OAUTH };
        let end = evident_token(window, from, Kind::Param)?;
        self.plain_secret(text, opening, class, exact, from..end, rule, spans)
    }

    /// Whether `name` is a key of the rules beyond the `default` set.
    fn is_optional_key(&mut self, name: &[u8]) -> bool {
        let keyed = self.rules.keyed();
        !keyed.is_empty()
            && self.optional_names.remember(name, |name| keyed.classify(name)).is_some()
    }

    /// Reports the token at `secret`, if what encloses it ends there.
    #[expect(clippy::too_many_arguments, reason = "what is known of a value and its key")]
    #[inline(always)]
    fn plain_secret(
        &mut self,
        text: &Text,
        opening: Opening,
        class: Class,
        exact: bool,
        secret: Range<usize>,
        rule: RuleId,
        spans: &mut Vec<Span>,
    ) -> Option<Plain> {
        let window = text.window();
        let end = secret.end;
        let byte = *window.get(end)?;
        let closed = match opening.enclosed {
            // A shell's string may continue after its quote.
            Enclosed::Quotes(b'\'') => {
                byte == b'\'' && !matches!(window.get(end + 1)?, b'\\' | b'"')
            }
            Enclosed::Quotes(quote) => byte == quote,
            Enclosed::Escaped => byte == b'\\' && *window.get(end + 1)? == b'"',
            // Another element may follow.
            Enclosed::List => byte == b']',
            _ => ends_token(window, end, opening.enclosed == Enclosed::Query)?,
        };
        if !closed {
            return None;
        }
        let listed = opening.listed.then(|| window.get(end + 1).copied());
        if listed == Some(None) {
            return None;
        }
        self.report(secret, rule, spans);
        match listed {
            None => Some(Plain::Read(end)),
            Some(Some(b']')) => Some(Plain::Read(end + 1)),
            Some(_) => {
                self.stack.push(elements_of(&opening, class, exact));
                self.mode = Mode::Element;
                Some(Plain::Open(end + 1))
            }
        }
    }

    pub(super) fn report(&self, range: Range<usize>, rule: RuleId, spans: &mut Vec<Span>) {
        let rule = self.rules.place(rule).unwrap_or(rule);
        spans.push(Span { range, rule, edge: Edge::Whole, quotes: None });
    }

    /// The token after the word `bearer` at `at`, without an authorization key before it.
    #[inline(never)]
    fn plain_bearer(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> Option<Plain> {
        let window = text.window();
        let from = at + b"bearer ".len();
        // Captured headers have bars between them.
        let captured = matches!(text.before(at, 1), b'{' | b'|');
        // Another token may precede the scheme.
        let is_first = || preceding::before_scheme(text, at, 0).is_ok_and(|start| start.is_none());
        if *window.get(from - 1)? != b' ' || captured || !is_first() {
            return None;
        }
        let end = evident_token(window, from, Kind::Token)?;
        if !ends_token(window, end, false)? || !bearer::is_scheme(text, at) {
            return None;
        }
        self.report(from..end, BEARER, spans);
        Some(Plain::Read(end))
    }

    /// The cookies of a list whose first pair is at the opening, and of the following strings of a list in brackets.
    fn plain_cookies(
        &mut self,
        text: &Text,
        opening: Opening,
        class: Class,
        exact: bool,
        spans: &mut Vec<Span>,
    ) -> Option<Plain> {
        let window = text.window();
        let set_cookie = class == Class::SetCookie;
        let mut from = opening.from;
        let outer = opening.listed || opening.enclosed == Enclosed::List;
        if opening.enclosed == Enclosed::Query
            // Spring's [Set-Cookie:"a=T; Path=/", "b=T"].
            || set_cookie
                && opening.quote.is_none()
                && matches!(opening.enclosed, Enclosed::Quotes(_))
            || !is_first_pair(window, from)?
        {
            return None;
        }
        let rule = self.rules.place(COOKIE)?;
        loop {
            let skips = self.rules.skips_attributes();
            let enclosed = opening.enclosed;
            let mut list = Cookies { window, set_cookie, skips, enclosed, first: true };
            let (done, closed) = list.read(from, rule, spans);
            if !closed {
                if outer {
                    self.stack.push(elements_of(&opening, class, exact));
                }
                let elements = if set_cookie { Elements::SetCookie } else { Elements::Cookies };
                let frame = opening.enclosed.frame();
                self.stack.push(Container { first: list.first, ..Container::new(elements, frame) });
                self.mode = Mode::Element;
                return Some(Plain::Open(done));
            }
            let Enclosed::Quotes(quote) = opening.enclosed else { return Some(Plain::Read(done)) };
            if !opening.listed {
                return Some(Plain::Read(done));
            }
            // The next string of the list.
            let after = done + 1;
            let rest = window.get(after..).unwrap_or_default();
            let next = match rest {
                [b']', ..] => return Some(Plain::Read(after)),
                [b',', b' ', next, ..] if *next == quote => after + 3,
                [b',', next, ..] if *next == quote => after + 2,
                _ => window.len(),
            };
            if is_first_pair(window, next) != Some(true) {
                self.stack.push(elements_of(&opening, class, exact));
                self.mode = Mode::Element;
                return Some(Plain::Open(after));
            }
            from = next;
        }
    }

    /// Reads the plain pairs from `at` on, if a list of pairs is open there, and returns where something else begins.
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
        let enclosed = match frame.quote {
            Some(Quote { ch, enc: Enc::Raw }) => Enclosed::Quotes(ch),
            _ => Enclosed::Query,
        };
        let skips = self.rules.skips_attributes();
        let mut list = Cookies { window: text.window(), set_cookie, skips, enclosed, first };
        let (done, _) = list.read(at, rule, spans);
        if done > at {
            self.stack.begin(self.stack.depth());
        }
        done
    }
}

/// A list of cookies while it is read.
struct Cookies<'a> {
    window: &'a [u8],
    set_cookie: bool,
    /// Whether plain attributes are skipped.
    skips: bool,
    enclosed: Enclosed,
    /// No pair has been read.
    first: bool,
}

impl Cookies<'_> {
    /// Reports the pairs from `at` on. Returns where something else begins, and whether the list ends there.
    #[inline(never)]
    fn read(&mut self, at: usize, rule: RuleId, spans: &mut Vec<Span>) -> (usize, bool) {
        let window = self.window;
        let mut done = at;
        loop {
            // 1. A semicolon and blanks.
            let mut start = done;
            let mut semicolon = false;
            while let Some(byte @ (b';' | b' ')) = window.get(start) {
                semicolon |= *byte == b';';
                start += 1;
            }
            if !self.first && !semicolon || start - done > MAX_GAP {
                return (done, false);
            }
            // 2. A name.
            let rest = &window[start..];
            let near = &rest[..rest.len().min(MAX_NAME)];
            let Some(len) = near.iter().position(|byte| !is_name(*byte)) else {
                return (done, false);
            };
            if self.set_cookie
                && self.skips
                && !self.first
                && let Some(len) = plain_attribute(rest, len)
            {
                let end = start + len;
                match self.end(end) {
                    End::Pair => done = end,
                    End::List => return (end, true),
                    End::Other => return (done, false),
                }
                continue;
            }
            if len == 0 || near[len] != b'=' || !self.first && is_attribute_name(&near[..len]) {
                return (done, false);
            }
            // 3. A value.
            let from = start + len + 1;
            let to = plain_cookie(window, from);
            let end = self.end(to);
            let ends = matches!(end, End::Pair | End::List) || window.get(to) == Some(&b'\n');
            if !ends || !is_plain_value(&window[from..to]) {
                return (done, false);
            }
            spans.push(Span { range: from..to, rule, edge: Edge::Whole, quotes: None });
            (self.first, done) = (false, to);
            match end {
                End::Pair => {}
                End::List => return (done, true),
                End::Other => return (done, false),
            }
        }
    }

    /// What follows a value, at `at`.
    #[inline(always)]
    fn end(&self, at: usize) -> End {
        let next = || self.window.get(at + 1).copied();
        let closes = match (self.enclosed, self.window.get(at)) {
            (_, Some(b';')) => return End::Pair,
            (Enclosed::Quotes(quote), Some(byte)) => *byte == quote,
            (Enclosed::Escaped, Some(b'\\')) => next() == Some(b'"'),
            (Enclosed::List | Enclosed::Bracket, Some(b']')) => true,
            (Enclosed::Line | Enclosed::Text, Some(b'\\')) => {
                matches!(next(), Some(b'n' | b'r'))
            }
            // A date may have been folded there.
            (Enclosed::Line | Enclosed::Text, Some(b'\n')) => {
                let begins =
                    |next: u8| next.is_ascii_alphanumeric() || b"{[<>*\"(-".contains(&next);
                !self.set_cookie || next().is_some_and(begins)
            }
            (Enclosed::Line | Enclosed::Text, Some(b'\r')) => {
                !self.set_cookie && next() == Some(b'\n')
            }
            _ => false,
        };
        if closes { End::List } else { End::Other }
    }
}

/// Whether a plain `value` is certainly not a mark of [`crate::grammar::value::placeholder::is_mark`].
fn is_plain_value(value: &[u8]) -> bool {
    match (value.first(), value.last()) {
        (Some(first), Some(last)) => {
            // `redacted:jwt:9f86d081`
            let label = matches!(value, [b'r' | b'R', b'e' | b'E', ..]);
            first.is_ascii_alphanumeric()
                && !label
                && *last != b'*'
                && value.iter().any(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Whether a plain cookie-pair is at `from`. One called `name` or `value` may be the start of an object that describes one.
fn is_first_pair(window: &[u8], from: usize) -> Option<bool> {
    let near = window.get(from..)?;
    let len = near[..near.len().min(MAX_NAME)].iter().position(|byte| !is_name(*byte))?;
    // What ends with its equals signs may be a value in base64.
    let padding = matches!(near.get(len + 1)?, b'=' | b'"' | b'\'' | b'\\' | b'\r' | b'\n' | b' ');
    Some(
        len > 0
            && near[len] == b'='
            && !padding
            && near[0].is_ascii_alphanumeric()
            && !matches!(near[0] | 0x20, b'n' | b'v'),
    )
}

/// Whether the byte at `end` ends a token. `None` if that depends on bytes after the window.
#[inline(always)]
fn ends_token(window: &[u8], end: usize, query: bool) -> Option<bool> {
    Some(match *window.get(end)? {
        b' ' | b'"' | b'\'' | b',' | b';' | b'<' | b'>' | b'}' | b')' | b']' | b'\n' => true,
        // A line's end, as bytes or escaped.
        b'\r' => *window.get(end + 1)? == b'\n',
        b'\\' => matches!(window.get(end + 1)?, b'r' | b'n'),
        // A character reference may be a quote.
        b'&' => query && !matches!(window.get(end + 1)?, b'#' | b'a' | b'g' | b'l' | b'n' | b'q'),
        _ => false,
    })
}
