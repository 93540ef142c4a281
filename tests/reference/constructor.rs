//! Objects around a value, matched by regular expressions.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::key::{Class, Sep, Target, classify, closer, open};
use super::text::{Text, pattern};
use super::value::Frame;
use super::words;
use super::wrappers;

/// The member with the value, after at most three others that are strings or words.
static MEMBER: LazyLock<Regex> = LazyLock::new(|| {
    let members =
        wrappers::MEMBERS.iter().map(|name| regex::escape(name)).collect::<Vec<_>>().join("|");
    let blank = r"[ \t\x1b]*";
    let line = format!(r"{blank}(?:\r?\n{blank})?");
    let name = r#"(?:"[a-z0-9_$-]{1,40}"|'[a-z0-9_$-]{1,40}'|[a-z0-9_$-]{1,40})"#;
    let scalar = format!(
        r#"(?:"[^"\r\n]{{0,126}}"{blank},|'[^'\r\n]{{0,126}}'{blank},|[^"'`,\[\](){{}}\r\n][^,\[\](){{}}\r\n]{{0,126}},|,)"#
    );
    let other = format!("{line}{name}{blank}[:=]{blank}{scalar}");
    let member = format!(r#"(?:"(?:{members})"|'(?:{members})'|(?:{members})){blank}[:=]{blank}"#);
    let pattern = format!(
        r"(?is-u)^(?:(?-i:[A-Z])[a-z_0-9]{{0,39}}{blank})?(?P<open>[\[({{])(?P<others>(?:{other}){{0,3}}?){line}(?P<member>{member})"
    );
    Regex::new(&pattern).expect("a pattern")
});

/// Skips constructors up to the quote of a string, and returns whether the last one is known.
pub fn past(text: &Text, at: usize) -> Option<(usize, bool)> {
    if let Some(inner) = text.find_raw(at, &words::WRAPPERS) {
        let inner = past_line(text, inner);
        if text.quote(inner).is_some() {
            return Some((inner, true));
        }
        return past_any(text, inner);
    }
    past_any(text, at)
}

fn past_any(text: &Text, at: usize) -> Option<(usize, bool)> {
    let known = text.find_raw(at, &words::WRAPPERS).is_some();
    let inner = text.find_raw(at, pattern!(r"(?-i)^[A-Z](?:[A-Za-z_]|[0-9]){0,39}\("))?;
    let inner = past_line(text, inner);
    text.quote(inner).map(|_| (inner, known))
}

/// Skips a newline and indentation.
fn past_line(text: &Text, at: usize) -> usize {
    text.past_newline(at).map_or(at, |line| text.blanks(line, 0))
}

/// The value of an object, or of brackets with nothing else in them.
pub fn in_object(text: &Text, at: usize, level: usize) -> Option<Target> {
    if !b"{<(".contains(&text.raw(at)) && !text.raw(at).is_ascii_uppercase() {
        return None;
    }
    if !b"<(".contains(&text.raw(at))
        && let Some(value) = member(text, at, level)
    {
        return Some(value);
    }
    let close = lone(text, at).filter(|_| text.raw(at + 1).is_ascii_alphanumeric())?.0;
    let frame = Frame { close, ..Frame::within(level) };
    Some(Target::Value { at: at + 1, frame, sep: Sep::Comma })
}

pub fn member(text: &Text, at: usize, level: usize) -> Option<Target> {
    let found = MEMBER.captures(text.ch.get(at..)?)?;
    // Keys of their own are found by their own names.
    let name = pattern!(r#"([A-Za-z0-9_$-]+)["']?[ \t\x1b]*[:=]"#);
    let is_key = |text: &[u8]| {
        name.captures_iter(text).any(|found| {
            let ends = pattern!("(?i)(?:password|passwd|secret|.key)$");
            classify(&found[1]).is_some() || ends.is_match(&found[1])
        })
    };
    if is_key(&found["member"]) && is_key(&found["others"]) {
        return None;
    }
    Some(member_value(text, at + found.get(0)?.end(), closer(found["open"][0]), level))
}

fn member_value(text: &Text, at: usize, close: u8, level: usize) -> Target {
    let frame = Frame { close, ..Frame::within(level) };
    open(text, at, Sep::Spaced, level).unwrap_or(Target::Value { at, frame, sep: Sep::Compact })
}

/// The string's content without the brackets that enclose all of it.
pub fn in_brackets(text: &Text, target: Target, class: Class, level: usize) -> Option<Target> {
    let Target::Value { at, frame, sep } = target else { return Some(target) };
    let redacted = |at: usize| text.find_raw(at, pattern!(r"^\[redacted")).is_some();
    if !frame.own || !b"[<(".contains(&text.raw(at)) || redacted(at) {
        return Some(target);
    }
    if redacted(at + 1) {
        return None;
    }
    Some(match lone(text, at) {
        Some((close, end)) if frame.closes(text, end) => {
            let sep = if class == Class::Authorization { sep } else { Sep::Comma };
            Target::Value { at: at + 1, frame: Frame { close, level, ..frame }, sep }
        }
        _ => target,
    })
}

/// What closes the bracket at `at` after one or two words, and where it ends.
fn lone(text: &Text, at: usize) -> Option<(u8, usize)> {
    let close = closer(text.raw(at));
    let stops = |k: &usize| {
        text.raw(*k) == close
            || text.raw(*k) == text.raw(at)
            || b"\"'`\\\n\r\t,;".contains(&text.ch(*k))
            || *k >= text.len()
    };
    let end =
        (at + 1..at + 2048).find(stops).filter(|end| close != 0 && text.raw(*end) == close)?;
    let blanks = text.raw[at + 1..end].iter().filter(|raw| **raw == b' ').count();
    (end > at + 1 && blanks <= 1).then_some((close, end + 1))
}
