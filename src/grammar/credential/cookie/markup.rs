//! Cookies in the elements of XML, inside one that is called `cookies`:
//!
//! ```text
//! <cookies><sid>T</sid><cookie><name>uid</name><value>T</value></cookie></cookies>
//! <key>cookies</key><dict><key>sid</key><string>T</string></dict>
//! ```

use super::map::is_mixed;
use crate::grammar::container::{Container, Elements};
use crate::grammar::ids::COOKIE;
use crate::grammar::key::{
    MEMBER, SETTING, VALUE, bare_end, classify, describes_cookie, is_one_of, past_tag, past_unit,
};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text, is_blank};
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;

/// The most bytes between two cookies.
const MAX_GAP: usize = 1024;
/// The longest text of an element that is passed, in bytes.
const MAX_TEXT: usize = 256;

/// The elements that hold the others: where one of them ends, the cookies do.
const HOLDERS: &[&[u8]] = &[b"cookies", b"dict", b"map", b"set", b"array"];
/// Elements that say only what type their text has.
const STRINGS: &[&[u8]] = &[b"string", b"item", b"value", b"cookie"];

/// Elements of XML, each with the value of a cookie, or the members of a `single` one.
pub(crate) fn elements(single: bool) -> Container {
    Container::new(Elements::Markup { single }, Frame::default())
}

/// Reads the next cookie in the elements at `at`, or the members of a `single` one.
pub(crate) fn next_child(text: &Text, at: usize, single: bool) -> Step<Start> {
    let done = Ok(Start::Done(at));
    let mut start = at;
    // Whether the name before the element, in one of its own, says that it describes a cookie.
    let mut described = false;
    while start - at < MAX_GAP && !text.is_past(start) {
        let unit = text.unit(start)?;
        if unit.is_newline() || is_blank(unit.ch) {
            start = past_unit(text, start, unit)?;
            continue;
        }
        if unit.ch != b'<' || unit.enc != Enc::Raw {
            return done;
        }
        let closes = text.at(start + 1)? == b'/';
        let from = start + 1 + usize::from(closes);
        let to = bare_end(text, from)?;
        let name = &text.window()[from..to];
        let end_of_cookie = single && name.eq_ignore_ascii_case(b"cookie");
        if closes && (end_of_cookie || is_one_of(name, HOLDERS)) {
            return Ok(Start::Done(start));
        }
        let Some(inner) = past_tag(text, to)? else { return done };
        if closes {
            start = inner;
            continue;
        }
        if to == from || classify(name).is_some() && !is_one_of(name, STRINGS) {
            return done;
        }
        let first = text.unit(inner)?;
        if first.ch == b'<' || first.is_newline() || is_blank(first.ch) {
            start = inner;
            continue;
        }
        let Some(end) = text_end(text, inner)? else { return done };
        if name.eq_ignore_ascii_case(b"key") {
            let name = &text.window()[inner..end];
            if classify(name).is_some() {
                return done;
            }
            described = is_description(name);
            start = end;
            continue;
        }
        let frame = Frame { close: b'<', element: true, ..Frame::default() };
        if is_one_of(name, STRINGS) && is_pair(text, inner, false, 0)? {
            return Ok(Start::Enter(inner, Container::new(Elements::SetCookie, frame)));
        }
        let value = Value::new(frame, Flavour::Cookie, COOKIE);
        let head = value.head(text, inner)?;
        let secret =
            !head.is_placeholder() && !head.is_mark() && (head.is_token_like() || is_mixed(&head));
        if secret && !described && !is_description(name) {
            return Ok(Start::Value(inner, value.started(text, inner, &head), None));
        }
        described = false;
        start = end;
    }
    done
}

/// Whether `name` is that of a member of a cookie other than its value.
fn is_description(name: &[u8]) -> bool {
    describes_cookie(name, SETTING | MEMBER) && !describes_cookie(name, VALUE)
}

/// Where the text of an element at `at` ends, if that is on the same line.
fn text_end(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    while end - at < MAX_TEXT && !matches!(text.at(end)?, b'<' | b'\n' | b'\r') {
        end += 1;
    }
    Ok((text.at(end)? == b'<').then_some(end))
}
