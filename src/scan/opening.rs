//! How a plain value opens: the text between its name and it, and what encloses it.
//!
//! These are the forms that [`super::plain`] reads. All others are left to the general reader.

use crate::grammar::container::{Container, Elements};
use crate::grammar::key::Class;
use crate::grammar::text::lex::{Enc, Quote, Text};
use crate::grammar::value::frame::Frame;

/// How a value is enclosed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Enclosed {
    /// `"name": "value"`, `'name', 'value'`, `name="value"`: a quote as itself.
    Quotes(u8),
    /// `\"name\":\"value\"`: a double quote after a backslash.
    Escaped,
    /// `name: value`, at a line's start or behind what a logger puts there.
    Line,
    /// `name: value`, in a line.
    Text,
    /// `[name: value]`
    Bracket,
    /// `name:[value]`, `name=[value]`
    List,
    /// `?name=value`
    Query,
}

/// Where a plain value opens.
pub(super) struct Opening {
    pub from: usize,
    pub enclosed: Enclosed,
    /// The quote of the key.
    pub quote: Option<u8>,
    /// It is the first of a list: `"name":["value"`.
    pub listed: bool,
}

impl Enclosed {
    /// The same for the general reader.
    pub fn frame(self) -> Frame {
        let quote =
            |ch, enc| Frame { quote: Some(Quote { ch, enc }), own_quote: true, ..Frame::default() };
        match self {
            Enclosed::Quotes(ch) => quote(ch, Enc::Raw),
            Enclosed::Escaped => quote(b'"', Enc::Slash(1)),
            Enclosed::Line => Frame { line: true, ..Frame::default() },
            Enclosed::Bracket => Frame { close: b']', line: true, ..Frame::default() },
            Enclosed::List => Frame { close: b']', ..Frame::default() },
            Enclosed::Text | Enclosed::Query => Frame::default(),
        }
    }
}

/// The list in brackets that contains the values of a key.
pub(super) fn elements_of(opening: &Opening, class: Class, exact: bool) -> Container {
    let quoted = matches!(opening.enclosed, Enclosed::Quotes(_));
    let quote = opening.quote.map(|ch| Quote { ch, enc: Enc::Raw });
    let frame = Frame { quote, close: b']', ..Frame::default() };
    Container::new(Elements::Values { class, exact, quoted }, frame)
}

/// How the value of the name from `start` to `end` opens, `before` which is the byte before it.
#[inline(always)]
pub(super) fn opening(text: &Text, start: usize, end: usize, before: u8) -> Option<Opening> {
    let window = text.window();
    let after = window.get(end..)?;
    let open = |enclosed, len: usize| {
        Some(Opening { from: end + len, enclosed, quote: None, listed: false })
    };
    let outer = || text.before(start, 2);
    match before {
        b'"' | b'\'' => quoted(after, end, before, outer(), text.before(start, 3)),
        b'?' | b'&' if after.starts_with(b"=") => open(Enclosed::Query, 1),
        b'\n' if after.starts_with(b": ") => open(Enclosed::Line, 2),
        b' ' | b'{' | b'[' if after.starts_with(b":[") || after.starts_with(b"=[") => {
            // No quote is in it.
            after.get(2)?.is_ascii_alphabetic().then(|| open(Enclosed::List, 2))?
        }
        b'[' if after.starts_with(b": ") => open(Enclosed::Bracket, 2),
        b' ' if after.starts_with(b"=\"") => open(Enclosed::Quotes(b'"'), 2),
        b' ' if after.starts_with(b": ") => {
            let (outer, third) = (outer(), text.before(start, 3));
            // What clients' transcripts put before a header's line.
            let transcript = outer == b'>' && third == b'\n';
            match outer {
                b'>' if transcript => open(Enclosed::Line, 2),
                b'e' if text.ends_before(start, 1, b"\\u003e") => open(Enclosed::Line, 2),
                // After an escaped newline a line starts.
                _ if third == b'\\' => None,
                // The tag of a syslog message, `app[812]: `.
                b':' if third == b']' => open(Enclosed::Line, 2),
                // No other escape ends with it.
                b':' | b'g'..=b'z' | b'G'..=b'Z' => open(Enclosed::Text, 2),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The same after a name in quotes, which ends at `end`. `outer` and `third` are the bytes before the quote.
fn quoted(after: &[u8], end: usize, quote: u8, outer: u8, third: u8) -> Option<Opening> {
    let found = |enclosed, len: usize, listed| {
        Some(Opening { from: end + len, enclosed, quote: Some(quote), listed })
    };
    if quote == b'"' && outer == b'\\' {
        // The depth is one, and no escape ends before it.
        return match after {
            _ if third == b'\\' || third.is_ascii_alphanumeric() => None,
            [b'\\', b'"', b':', b'\\', b'"', ..] => found(Enclosed::Escaped, 5, false),
            [b'\\', b'"', b':', b' ', b'\\', b'"', ..] => found(Enclosed::Escaped, 6, false),
            _ => None,
        };
    }
    // A second quote, a string's prefix, or the end of an escape.
    if outer == quote || outer.is_ascii_alphanumeric() || matches!(outer, b'@' | b'\\') {
        return None;
    }
    let (len, rest) = match after.strip_prefix(&[quote])? {
        [b':', b' ', rest @ ..] => (3, rest),
        [b':', rest @ ..] => (2, rest),
        [b',', b' ', rest @ ..] if matches!(outer, b'(' | b'[') => (3, rest),
        [b',', rest @ ..] if matches!(outer, b'(' | b'[') => (2, rest),
        _ => return None,
    };
    match rest {
        [first, ..] if *first == quote => found(Enclosed::Quotes(quote), len + 1, false),
        [b'[', first, ..] if *first == quote && after[1] == b':' => {
            found(Enclosed::Quotes(quote), len + 2, true)
        }
        _ => None,
    }
}

/// The value of an authorization key that ends at `end`, in running text. What is around a token does not change where it ends.
pub(super) fn bare_field(window: &[u8], end: usize, before: u8) -> Option<Opening> {
    let len = match window.get(end..end + 2)? {
        // Werkzeug's `<Authorization Bearer T>`.
        b" B" if before == b'<' => 1,
        _ if !matches!(before, b' ' | b'\t' | b'{' | b'[' | b'(' | b',') => return None,
        b": " => 2,
        [b':' | b'=', b'B' | b'b'] => 1,
        _ => return None,
    };
    Some(Opening { from: end + len, enclosed: Enclosed::Text, quote: None, listed: false })
}

/// Whether the header of `class` from `start` to `end` is one of a list of names: `Vary: Cookie, Authorization`. The name
/// of a value may follow the first, `Cookie, value=T`.
pub(super) fn is_among_names(
    text: &Text,
    start: usize,
    end: usize,
    before: u8,
    class: Class,
) -> bool {
    if !matches!(class, Class::Cookie | Class::SetCookie | Class::Authorization) {
        return false;
    }
    match (before, &text.window()[end..]) {
        (b'"' | b' ', [b',', b' ', next, ..]) => {
            next.is_ascii_alphabetic() && !matches!(next | 0x20, b'v' | b'r')
        }
        (b' ', [b'"', ..]) => text.before(start, 2) == b',',
        _ => false,
    }
}
