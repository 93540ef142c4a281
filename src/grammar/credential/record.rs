//! Records: pairs of names and values that a program printed side by side, `user=ada password=T ip=10.0.0.1` or
//! `Login(user=ada, password=T)`. A plain word is a password there. In source code it would be a variable, and keyword
//! arguments look similar.

use crate::grammar::text::lex::{Step, Text, is_blank, is_name};
use crate::grammar::value::head::Head;

/// How far a neighbour of the pair is read, in bytes.
const MAX_NEIGHBOUR: usize = 96;

/// How far the bracket that opens the record may be before the pair, in bytes.
const MAX_RECORD: usize = 256;

/// Whether the word that ends at `end` is the value of a pair in a record. The pair's name begins `back` bytes before `at`.
pub(super) fn is_in_record(text: &Text, at: usize, back: usize, end: usize) -> Step<bool> {
    let blanks =
        |from: usize| (from..from + 4).take_while(|k| is_blank(text.before(at, *k))).count();
    let before = back + blanks(back);
    let comma = text.before(at, before) == b',';
    if before > back && !comma && is_pair_before(text, at, before) {
        return Ok(true);
    }
    let after = text.at(end)?;
    if is_blank(after) {
        return Ok(!comma && is_pair(text, end + 1)?);
    }
    if !matches!(after, b',' | b')' | b']' | b'}') {
        return Ok(false);
    }
    let neighbour =
        comma && is_pair_before(text, at, before + 1) || after == b',' && is_pair(text, end + 1)?;
    Ok(neighbour && opens_record(text, at, back))
}

/// Whether the text after a value is the next field of a printed struct, or its end: `{User:ada Password:T Host:db}`,
/// `Login { Name = ada, Password = T }`, `password: T user: ada`.
pub(super) fn is_field(text: &Text, at: usize, head: &Head) -> Step<bool> {
    if !head.complete {
        return Ok(false);
    }
    // Go's maps have names in lower case: `map[password:T user:ada]`.
    let go = text.before(at, 1) == b':';
    if go && text.at(head.end)? == b']' {
        return Ok(true);
    }
    let mut end = head.end;
    while end - head.end < 4 && is_blank(text.at(end)?) {
        end += 1;
    }
    if text.at(end)? == b'}' {
        return Ok(true);
    }
    let name = end;
    while end - name < 64 && is_name(text.at(end)?) {
        end += 1;
    }
    if name == head.end || end == name || text.at(end)? != b':' {
        return Ok(false);
    }
    let spaced = text.ends_before(at, 0, b": ");
    Ok(match is_blank(text.at(end + 1)?) {
        true => spaced,
        false => go || text.at(name)?.is_ascii_uppercase(),
    })
}

/// Whether there is `name=value` at `at`, possibly after spaces.
fn is_pair(text: &Text, at: usize) -> Step<bool> {
    let start = text.skip_blanks(at, 0)?;
    let mut end = start;
    while end - start < MAX_NEIGHBOUR && (is_name(text.at(end)?) || text.at(end)? == b'.') {
        end += 1;
    }
    // Where a line ends, nothing waits for the next one.
    Ok(end > start
        && text.at(end)? == b'='
        && !matches!(text.at(end + 1)?, 0..=b' ' | b'=' | b'>' | b'~'))
}

/// Whether there is `name=value`, whose last byte is `back` bytes before `at`. A string may be the value. A variable that is
/// called like the name is an argument in source code.
fn is_pair_before(text: &Text, at: usize, back: usize) -> bool {
    let last = text.before(at, back);
    let mut k = back;
    if matches!(last, b'"' | b'\'') {
        k += 1;
        while k < back + MAX_NEIGHBOUR
            && !matches!(text.before(at, k), b'\n')
            && text.before(at, k) != last
        {
            k += 1;
        }
        k += 1;
    } else {
        while k < back + MAX_NEIGHBOUR
            && !matches!(
                text.before(at, k),
                0..=b' ' | b'=' | b',' | b'"' | b'\'' | b'(' | b')' | b'{' | b'['
            )
        {
            k += 1;
        }
    }
    let (equals, len) = (k, k - back);
    if len == 0 || text.before(at, equals) != b'=' || !is_name(text.before(at, equals + 1)) {
        return false;
    }
    !(0..len).all(|k| text.before(at, back + k) == text.before(at, equals + 1 + k))
}

/// Whether the bracket that is open before the name, `back` bytes before `at`, is that of a record: a brace, a bracket after the
/// name of a class, or none.
fn opens_record(text: &Text, at: usize, back: usize) -> bool {
    let (mut k, mut depth) = (back, 0);
    while k < back + MAX_RECORD {
        match text.before(at, k) {
            // Arguments over several lines are indented.
            b'\n' => return depth == 0 && !is_blank(text.before(at, k - 1)),
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' if depth > 0 => depth -= 1,
            b'{' => return true,
            b'(' | b'[' => break,
            _ => {}
        }
        k += 1;
    }
    let mut start = k + 1;
    while start < k + MAX_NEIGHBOUR && is_name(text.before(at, start)) {
        start += 1;
    }
    // A method of an object is called: `client.Login(user=ada, password=word)`.
    start > k + 1
        && text.before(at, start - 1).is_ascii_uppercase()
        && text.before(at, start) != b'.'
        && !text.ends_before(at, start - 1, b"new ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_found(line: &str) -> bool {
        let at = line.find('|').unwrap();
        let line = line.replace('|', "");
        let end = at + line[at..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let back = 1 + line[..at - 1].bytes().rev().take_while(|byte| is_name(*byte)).count() + 1;
        let text = Text::new(line.as_bytes(), b"", true);
        is_in_record(&text, at, back, end).unwrap()
    }

    #[test]
    fn a_line_that_ends_waits_for_no_other() {
        let line = b"login password=swordfish failed\n";
        assert_eq!(is_in_record(&Text::new(line, b"", false), 15, 10, 24), Ok(false));
    }

    #[test]
    fn a_record_is_told_from_arguments() {
        for line in [
            "level=info user=bob password=|swordfish ip=10.0.0.1",
            "msg=\"login of bob\" password=|swordfish",
            "at login password=|swordfish ip=10.0.0.1",
            "{user=bob, password=|swordfish}",
            "User[name=bob, password=|swordfish]",
            "Login(password=|swordfish, user=bob)",
        ] {
            assert!(is_found(line), "{line}");
        }
        for line in [
            "connect(user=user, password=|word)",
            "Login(user=user, password=|word)",
            "client.Login(host=name, password=|word)",
            "the option password=|prompt asks",
            "user = bob, password=|word, x",
            "def f(user=None, password=|word, x=1):",
        ] {
            assert!(!is_found(line), "{line}");
        }
    }
}
