//! Settings: a password that is all that its line assigns, `DB_PASSWORD=T`, `export PGPASSWORD=T`, `mail.password = T`.
//!
//! Nothing follows the value on the line, so any mark is part of it, and a word with a number is a password. In running
//! text, an exclamation mark ends a sentence, `&` begins the next parameter, and a word with a number may be a variable.

use crate::grammar::credential::keyed_values::{
    has_mark, is_capitalised, is_dotted_name, is_joined_passphrase, is_word_with_number,
};
use crate::grammar::text::lex::{Step, Text, is_blank, is_name};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::head::Head;

/// The longest value that is compared with the rest of its line, in bytes.
const MAX_VALUE: usize = 64;
/// How far before the value its line may begin, in bytes.
const MAX_NAME: usize = 128;

/// What may precede a name at the start of a line, in lower case: shells, `Dockerfile`, lists of YAML, comments.
const LEADERS: &[&[u8]] =
    &[b"export", b"set", b"setx", b"env", b"arg", b"declare -x", b"-", b"#", b";", b"//"];

/// How a line assigns the value that it ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// `NAME=T`, at the start of the line or after a word such as `export`.
    Variable,
    /// `group.name=T`, at the start of the line.
    Property,
    /// `name: T`, `name = T`, possibly with indentation.
    Spaced,
}

/// How the value at `at` is assigned, if it is all that its line assigns.
pub(super) fn setting(text: &Text, at: usize, frame: Frame) -> Step<Option<Setting>> {
    if frame.is_whole() || frame.quote.is_some() || frame.close != 0 || frame.level > 0 {
        return Ok(None);
    }
    let Some(setting) = assignment(text, at) else { return Ok(None) };
    Ok(ends_line(text, at)?.then_some(setting))
}

/// How the line assigns the value at `at`, by the text before it.
fn assignment(text: &Text, at: usize) -> Option<Setting> {
    let mut back = 1;
    while back < 8 && is_blank(text.before(at, back)) {
        back += 1;
    }
    if !matches!(text.before(at, back), b'=' | b':') {
        return None;
    }
    let compact = back == 1 && text.before(at, 1) == b'=';
    back += 1;
    while back < MAX_NAME && is_blank(text.before(at, back)) {
        back += 1;
    }
    let name = back;
    let mut dotted = false;
    while back < MAX_NAME && (is_name(text.before(at, back)) || text.before(at, back) == b'.') {
        dotted |= text.before(at, back) == b'.';
        back += 1;
    }
    let start = back;
    while back < MAX_NAME && is_blank(text.before(at, back)) {
        back += 1;
    }
    let indented = back > start;
    let led = || LEADERS.iter().any(|word| leads(text, at, back, word));
    match text.before(at, back) {
        _ if start == name => None,
        b'\n' if !compact => Some(Setting::Spaced),
        b'\n' if indented => None,
        b'\n' if dotted => (!is_member(text, at, start)).then_some(Setting::Property),
        b'\n' => Some(Setting::Variable),
        _ if compact && indented && !dotted && led() => Some(Setting::Variable),
        _ => None,
    }
}

/// Whether the name whose first byte is the one after `back` bytes before `at` is a member of an object, in source code.
fn is_member(text: &Text, at: usize, back: usize) -> bool {
    let object = |name: &[u8]| (1..).zip(name).all(|(k, byte)| text.before(at, back - k) == *byte);
    object(b"self.") || object(b"this.")
}

/// Whether `word` ends `back` bytes before `at`, and only blanks precede it on its line.
fn leads(text: &Text, at: usize, back: usize, word: &[u8]) -> bool {
    let mut start = back + word.len();
    if !text.ends_before(at, back - 1, word) {
        return false;
    }
    while start < MAX_NAME && is_blank(text.before(at, start)) {
        start += 1;
    }
    text.before(at, start) == b'\n'
}

/// Whether the value at `at` has no character that ends a value in other places, and extends to the end of its line.
fn ends_line(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_VALUE {
        match text.at(end)? {
            b'\r' | b'\n' => {
                return Ok(end > at && !matches!(text.before(end, 1), b'.' | b':' | b'?'));
            }
            b'&' if is_parameter(text, end + 1)? => return Ok(false),
            0..=b' ' | 0x7f => return Ok(false),
            b'"' | b'\'' | b'`' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b','
            | b';' | b'\\' | b'|' | b'^' => return Ok(false),
            _ => end += 1,
        }
    }
    Ok(false)
}

/// Whether a name and an equals sign are at `at`, as in a query, or a character in HTML.
fn is_parameter(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < 32 && (is_name(text.at(end)?) || matches!(text.at(end)?, b'.' | b'#' | b'%')) {
        end += 1;
    }
    Ok(end > at && matches!(text.at(end)?, b'=' | b';' | b'&' | b'[') || end - at >= 32)
}

/// Whether the value of a setting is a password.
pub(super) fn is_password(setting: Setting, head: &Head) -> bool {
    let chars = head.chars();
    let dotted = is_dotted_name(chars) && !has_mark(chars);
    let url = chars.windows(3).any(|three| three == b"://");
    let starts = chars.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
    let joined = head.complete && is_joined_passphrase(chars);
    match setting {
        _ if head.is_number() || dotted || url => false,
        Setting::Variable => {
            head.len() >= 3 && (head.has_digit() || has_mark(chars) || joined)
                || head.len() >= 4 && head.is_plain_word() && !is_capitalised(chars)
        }
        Setting::Property => head.len() >= 3 && (head.has_digit() || has_mark(chars) || joined),
        Setting::Spaced => {
            let ends = matches!(chars, [word @ .., b'!'] if word.iter().all(|byte| byte.is_ascii_lowercase()));
            starts && head.len() >= 4 && (head.has_digit() && has_mark(chars) || ends || joined)
                || is_word_with_number(chars)
        }
    }
}
