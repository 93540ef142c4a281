//! The text around the value of a password's key that shows it to be a word of a sentence, or a variable.

use crate::grammar::text::lex::{Enc, Step, Text, is_blank, is_name};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::head::Head;

/// Whether a space and another word follow the value from `at` to `end`, and not the next setting, as in texts of a user
/// interface: `new_password=Nieuw wachtwoord`. After the name of a variable in capitals, a command follows.
pub(super) fn is_before_word(text: &Text, at: usize, end: usize) -> Step<bool> {
    let blank = text.before(at, 2).is_ascii_lowercase() && text.at(end)? == b' ';
    let word = end + 1;
    let mut end = word;
    let of_word = |byte: u8| byte.is_ascii_alphabetic() || byte >= 0x80 || byte == b'\'';
    while end - word < 32 && of_word(text.at(end)?) {
        end += 1;
    }
    Ok(blank && end > word && !matches!(text.at(end)?, b'=' | b':' | b'_' | b'-'))
}

/// Whether a word in quotes is followed by another without: `PASS: 'modules' are deferred`.
pub(super) fn is_quoted_in_sentence(text: &Text, head: &Head) -> Step<bool> {
    let quote = text.unit(head.end)?;
    let blank = head.end + quote.len;
    Ok(matches!(quote.ch, b'"' | b'\'' | b'`')
        && text.at(blank)? == b' '
        && text.at(blank + 1)?.is_ascii_lowercase())
}

/// Whether a value at `at` without quotes is called like its key, as a variable in source code is:
/// `self.db_passwd2 = db_passwd2`. An equals sign may begin it, if only spaces precede that.
pub(super) fn is_own_key(text: &Text, at: usize, head: &Head) -> bool {
    let chars = head.chars();
    let name = chars.strip_prefix(b"=").unwrap_or(chars);
    if !head.complete || name.len() < 5 || !name.iter().all(|byte| is_name(*byte)) {
        return false;
    }
    let mut back = 1;
    while back < 16 && (is_blank(text.before(at, back)) || text.before(at, back) == b'=') {
        back += 1;
    }
    name.iter().rev().enumerate().all(|(k, byte)| text.before(at, back + k) == *byte)
        && matches!(text.before(at, back + name.len()), b'.' | b' ' | b'\t' | b'\n' | b'(' | b'>')
}

/// Whether the key is the verdict of a test, `PASS: name`, as DejaGnu prints. With indentation, it is that of a setting.
pub(super) fn is_verdict(text: &Text, at: usize) -> bool {
    const VERDICT: usize = b"PASS: ".len();
    let capitals = (3..=VERDICT).all(|back| text.before(at, back).is_ascii_uppercase());
    if !capitals || !text.ends_before(at, 0, b"pass: ") {
        return false;
    }
    let mut back = VERDICT + 1;
    while back < 80 && is_blank(text.before(at, back)) {
        back += 1;
    }
    match text.before(at, back) {
        b'\n' => back == VERDICT + 1,
        before => back > VERDICT + 1 || before == b']',
    }
}

/// Whether something is appended to a value in quotes: `'hashed_' + password`.
pub(super) fn is_appended(text: &Text, head: &Head) -> Step<bool> {
    let quote = text.unit(head.end)?;
    let blank = head.end + quote.len;
    Ok(quote.quote().is_some() && text.at(blank)? == b' ' && text.at(blank + 1)? == b'+')
}

/// Whether the quote before `at` closes the quote that was opened before the key.
pub(super) fn closes_prompt(text: &Text, at: usize, frame: Frame) -> bool {
    let Some(quote) = frame.quote.filter(|quote| quote.enc == Enc::Raw) else { return false };
    let mut back = 2;
    while back < 80 && matches!(text.before(at, back), b' ' | b':' | b'=') {
        back += 1;
    }
    let name = back;
    while back < 80 && is_name(text.before(at, back)) {
        back += 1;
    }
    back > name && name > 2 && text.before(at, back) == quote.ch
}
