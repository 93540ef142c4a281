//! Selects the kind of credential that reads the value of a key, by the key's class.

use super::{authorization, cookie, keyed, params};
use crate::grammar::ids::COOKIE;
use crate::grammar::key::{Class, Separator};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Step, Text, is_blank};
use crate::grammar::value::code;
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;

/// Reads the value of a key at `at`.
pub(crate) fn begin(
    text: &Text,
    at: usize,
    class: Class,
    frame: Frame,
    separator: Separator,
    exact: bool,
) -> Step<Start> {
    if frame.own_quote && is_outside(text, at, frame, separator)? {
        return Ok(Start::Nothing(at));
    }
    match class {
        Class::Authorization => authorization::begin(text, at, frame, separator),
        Class::Cookie | Class::SetCookie => cookie::begin(text, at, class, frame, separator, exact),
        Class::CookieEntry => cookie::entry(text, at, frame, exact),
        // `upstream-cookie: sid=T`, where the value can only be that of a cookie.
        Class::CookieLike if has_sure_pair(text, at, frame)? => {
            cookie::begin(text, at, Class::Cookie, frame, separator, false)
        }
        class if class.is_optional() => keyed::begin(text, at, class, frame, separator),
        _ => params::begin(text, at, class, frame, separator),
    }
}

/// Whether the string at `at` is not a value: it follows a literal that contains the key, or it is the next key.
fn is_outside(text: &Text, at: usize, frame: Frame, separator: Separator) -> Step<bool> {
    Ok(!text.at(at)?.is_ascii_alphanumeric() && code::ends_literal(text, at, frame)?
        || (separator == Separator::Comma || begins_line(text, at))
            && !is_compared(text, at)
            && code::is_key(text, at, frame)?)
}

/// Whether the string at `at` is the first of its line: its key is on a line above, which may have been cut off.
fn begins_line(text: &Text, at: usize) -> bool {
    let mut back = text.unit_before(at, 0).len + 1;
    while back < MAX_INDENTATION && is_blank(text.before(at, back)) {
        back += 1;
    }
    text.before(at, back) == b'\n'
}

/// The deepest indentation of a string that is taken for the first of its line, in bytes.
const MAX_INDENTATION: usize = 64;

/// Whether there is a cookie-pair at `at` whose value looks like a token.
fn has_sure_pair(text: &Text, at: usize, frame: Frame) -> Step<bool> {
    if !is_pair(text, at, false, frame.level)? {
        return Ok(false);
    }
    let mut value = at;
    while text.unit(value)?.ch != b'=' {
        value += text.unit(value)?.len;
    }
    value += text.unit(value)?.len;
    Ok(Value::new(frame, Flavour::Cookie, COOKIE).head(text, value)?.is_token_like())
}

/// Whether the string at `at` is compared with what is before it: in Python, a colon follows, `if password == "T":`.
fn is_compared(text: &Text, at: usize) -> bool {
    text.ends_before(at, 1, b"==") || text.ends_before(at, 1, b"== ")
}
