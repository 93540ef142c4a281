//! Lines of a Netscape cookie file, as curl and wget write it: seven fields separated by tabs. The last field is the value.

use crate::grammar::ids::COOKIE;
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Step, Text};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

/// The longest path of a cookie that is read.
const MAX_PATH: usize = 1024;
/// The longest name of a cookie that is read.
const MAX_NAME: usize = 256;

/// Reads a line. The `len` bytes at `at` are its second field (whether the domain includes its subdomains) with the
/// tabs around it.
pub(crate) fn line(text: &Text, at: usize, len: usize) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at + len - 1));
    let field = |from: usize, max: usize| -> Step<Option<usize>> {
        let mut end = from;
        while end - from < max {
            match text.at(end)? {
                b'\t' => return Ok(Some(end)),
                b'\n' | b'\r' => return Ok(None),
                _ => end += 1,
            }
        }
        Ok(None)
    };
    let path = at + len;
    if text.at(path)? != b'/' {
        return nothing;
    }
    let Some(tab) = field(path, MAX_PATH)? else { return nothing };
    let Some(end) = field(tab + 1, 6)? else { return nothing };
    if !(text.has_word(tab + 1, b"true")? || text.has_word(tab + 1, b"false")?) {
        return nothing;
    }
    let Some(expiry) = field(end + 1, 24)? else { return nothing };
    if !text.window()[end + 1..expiry]
        .iter()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
    {
        return nothing;
    }
    let Some(name) = field(expiry + 1, MAX_NAME)? else { return nothing };
    if text.window()[expiry + 1..name]
        .iter()
        .any(|byte| matches!(byte, b' ' | b';' | b',' | b'=' | b':'))
    {
        return nothing;
    }
    let frame = Frame { line: true, ..Frame::default() };
    let value = Value::new(frame, Flavour::Cookie, COOKIE);
    let head = value.head(text, name + 1)?;
    if head.is_empty() || head.is_mark() {
        return Ok(Start::Nothing(name + 1));
    }
    Ok(Start::Value(name + 1, value, None))
}
