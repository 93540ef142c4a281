//! The text around the value of a password's key that shows it to be a word of a sentence, a variable, an argument of a command, or the
//! text of an element.

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

/// Whether a comment follows a value, as in settings: `password: T # since May`.
pub(super) fn is_before_comment(text: &Text, head: &Head) -> Step<bool> {
    let comment = text.skip_blanks(head.end, 0)?;
    Ok(head.complete
        && comment > head.end
        && (matches!(text.at(comment)?, b'#' | b';')
            || text.at(comment)? == b'/' && text.at(comment + 1)? == b'/'))
}

/// Whether the value at `at` is in a list or tuple that is the next argument after the key: `("PASS", ["eu-west-1"])`,
/// `add("password", ["min", "regex"])`, `["PSK", ("identity", "key")]`.
pub(super) fn is_in_argument(text: &Text, at: usize) -> bool {
    let mut back = 1;
    while back < 96
        && (is_name(text.before(at, back)) || b", \t\r\n'\"".contains(&text.before(at, back)))
    {
        back += 1;
    }
    if !matches!(text.before(at, back), b'[' | b'(') {
        return false;
    }
    back += 1;
    while back < 160 && b" \t\r\n".contains(&text.before(at, back)) {
        back += 1;
    }
    text.before(at, back) == b','
}

/// Whether a word in quotes is followed by another without: `PASS: 'modules' are deferred`.
pub(super) fn is_quoted_in_sentence(text: &Text, head: &Head) -> Step<bool> {
    let quote = text.unit(head.end)?;
    let blank = head.end + quote.len;
    Ok(matches!(quote.ch, b'"' | b'\'' | b'`')
        && text.at(blank)? == b' '
        && text.at(blank + 1)?.is_ascii_lowercase())
}

/// Whether a value at `at` is called like its key, as a variable in source code is: `self.db_passwd2 = db_passwd2`,
/// `plan.Password1 = password1`. An equals sign may begin it, if only spaces precede that. A bundler numbers variables,
/// `AppSecret = AppSecret_1`. The columns of a table are below its name, `'password' => 'users.password'`, and functions
/// below their namespace, `'ftp_pwd' => 'Safe\\ftp_pwd'`. Shells and PHP put variables into strings: `secret = "\\0$secret"`.
pub(super) fn is_own_key(text: &Text, at: usize, head: &Head, quoted: bool) -> bool {
    let chars = head.chars();
    let name = chars.strip_prefix(b"=").unwrap_or(chars);
    let name = name.strip_prefix(b"_").unwrap_or(name);
    let after = name.iter().rposition(|byte| matches!(byte, b'.' | b'\\' | b'$' | b'/'));
    let path = after.map_or(name, |mark| &name[mark + 1..]);
    if !head.complete || quoted && path.len() == name.len() {
        return false;
    }
    let digits = path.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let numbered = path[..path.len() - digits].strip_suffix(b"_").filter(|_| digits > 0);
    // `password:password$7`: a bundler numbers variables like that as well.
    let numbered = numbered
        .or_else(|| after.filter(|_| digits > 0 && path.len() == digits).map(|mark| &name[..mark]));
    is_key_before(text, at, path) || numbered.is_some_and(|path| is_key_before(text, at, path))
}

/// Whether the key of the value at `at` is `name`, or ends with that.
fn is_key_before(text: &Text, at: usize, name: &[u8]) -> bool {
    if name.len() < 5 || !name.iter().all(|byte| is_name(*byte)) {
        return false;
    }
    let between = |byte: u8| is_blank(byte) || matches!(byte, b'=' | b'>' | b':' | b'"' | b'\'');
    let mut back = 1;
    while back < 24 && between(text.before(at, back)) {
        back += 1;
    }
    let is_there = |(k, byte): (usize, &u8)| text.before(at, back + k).eq_ignore_ascii_case(byte);
    name.iter().rev().enumerate().all(is_there)
        && matches!(
            text.before(at, back + name.len()),
            b'.' | b' ' | b'\t' | b'\n' | b'(' | b'>' | b'"' | b'\'' | b'{' | b',' | b'$'
        )
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

/// Whether a value is the whole text of an element whose name is the key, or that says that it is a value:
/// `<property name="password">T</property>`, `<Password><Value>T</Value></Password>`.
pub(super) fn is_text_of_element(text: &Text, at: usize, head: &Head) -> Step<bool> {
    let named = || {
        let quote = text.before(at, 2);
        let mut back = 3;
        while back < 80 && (is_name(text.before(at, back)) || text.before(at, back) == b'.') {
            back += 1;
        }
        let attribute = |name: &[u8]| text.ends_before(at, back, name);
        matches!(quote, b'"' | b'\'')
            && text.before(at, back) == quote
            && (attribute(b" name=") || attribute(b" key="))
    };
    let value = text.ends_before(at, 0, b"<value>") || text.ends_before(at, 0, b"<string>");
    let opened = text.before(at, 1) == b'>' && (value || named());
    Ok(opened && head.complete && text.at(head.end)? == b'<' && text.at(head.end + 1)? == b'/')
}

/// Whether the value at `at` is the argument of an option: `--password T`, `["--password", "T"]`.
pub(super) fn is_option(text: &Text, at: usize) -> bool {
    let mut back = 1;
    while back < 8 && b" \t\\\"',".contains(&text.before(at, back)) {
        back += 1;
    }
    let blanks = back;
    while back < 80 && is_name(text.before(at, back)) {
        back += 1;
    }
    // PowerShell's options have one dash, and so have those of older programs.
    back > blanks + 2
        && text.before(at, back - 1) == b'-'
        && (text.before(at, back - 2) == b'-'
            || text.before(at, back - 2).is_ascii_uppercase()
            || matches!(text.before(at, back), b' ' | b'\n' | b'\t' | b'"' | b'\''))
        || is_slash_option(text, at)
}

/// Whether the value at `at` is that of an option of Windows: `/password:T`.
fn is_slash_option(text: &Text, at: usize) -> bool {
    let mut back = 2;
    while back < 80 && is_name(text.before(at, back)) {
        back += 1;
    }
    text.before(at, 1) == b':'
        && text.before(at, back) == b'/'
        && matches!(text.before(at, back + 1), b' ' | b'\n' | b'\t' | b'"' | b'\'')
}
