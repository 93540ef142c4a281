//! From a key to the reading of its value: which kind of credential reads which class of key.

use super::{authorization, cookie, keyed, params};
use crate::grammar::key::{Class, Separator};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Step, Text};
use crate::grammar::value::frame::Frame;

/// A key's value at `at`.
pub(crate) fn begin(
    text: &Text,
    at: usize,
    class: Class,
    frame: Frame,
    separator: Separator,
    exact: bool,
) -> Step<Start> {
    match class {
        Class::Authorization => authorization::begin(text, at, frame, separator),
        Class::Cookie | Class::SetCookie => cookie::begin(text, at, class, frame, separator, exact),
        Class::CookieEntry => cookie::entry(text, at, frame),
        class if class.is_further() => keyed::begin(text, at, class, frame, separator),
        _ => params::begin(text, at, class, frame, separator),
    }
}
