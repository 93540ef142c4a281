//! The text after the value of a password's key that shows it to be a word of a sentence.

use crate::grammar::text::lex::{Step, Text};
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
