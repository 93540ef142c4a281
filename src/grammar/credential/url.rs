//! Passwords in URLs (RFC 3986, section 3.2.1): `scheme://user:T@host`.

use crate::grammar::credential::keyed_values::is_word_for_password;
use crate::grammar::ids::URL_USERINFO;
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text, Unit, is_name};
use crate::grammar::value::characters::{LOWER, UPPER};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::head::Head;

/// The longest part of a URL before its host, in bytes: the end of the scheme, the user and the password.
pub(crate) const MAX_USERINFO: usize = 512;

/// Values that are not a password, or that mean that the user is the secret.
const NO_PASSWORDS: &[&[u8]] = &[
    b"password",
    b"passwd",
    b"pass",
    b"pwd",
    b"pw",
    b"secret",
    b"x-oauth-basic",
    b"userpass",
    b"mypassword",
    b"yourpassword",
];

// Long: the parts of a URL in order. Each of them may end it.
/// Reads the user information after the `://` of a URL at `at`, in any encoding.
pub(crate) fn userinfo(text: &Text, at: usize) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at + 1));
    if !text.before(at, 1).is_ascii_alphanumeric() {
        return nothing;
    }
    // 1. Skip the separator. In percent-encoded text, the delimiters are encoded as well.
    let colon = text.unit(at)?;
    let level = colon.level();
    let mut start = at + colon.len;
    for _ in 0..2 {
        let unit = text.unit(start)?;
        if unit.ch != b'/' || unit.level() != level {
            return nothing;
        }
        start += unit.len;
    }
    let outside = |unit: Unit| unit.level() > level;
    // 2. The first colon, and the last `@` before the host.
    let mut end = start;
    let (mut password, mut sign) = (None, None);
    // A replacement in place of the user may contain colons.
    let mut bracket = text.unit(start)?.ch == b'[';
    let mut unescaped = false;
    loop {
        let unit = text.unit(end)?;
        if unit.is_newline() && unit.level() <= level || unit.len == 0 {
            break;
        }
        let long = unescaped && password.is_some_and(|(_, from)| end - from > MAX_UNESCAPED);
        if long || end - start > MAX_USERINFO {
            return nothing;
        }
        if outside(unit) {
            end += unit.len;
            continue;
        }
        match unit.ch {
            b'/' | b'?' | b'#'
                if sign.is_none()
                    && password
                        .is_some_and(|(_, from)| is_unescaped(&text.window()[from..end])) =>
            {
                unescaped = true;
            }
            b'/'
            | b'?'
            | b'#'
            | b' '
            | b'\t'
            | b'<'
            | b'>'
            | b'"'
            | b'\''
            | b'`'
            | b','
            | 0..=0x1f => break,
            b'&' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'|' | b'\\' if sign.is_some() => {
                break;
            }
            _ if unit.enc == Enc::Ansi => break,
            // An unencoded delimiter in a percent-encoded URL belongs to the surrounding text.
            b'&' | b';' if level > 0 && unit.enc == Enc::Raw => break,
            b']' if bracket => bracket = false,
            b':' if password.is_none() && !bracket => password = Some((end, end + unit.len)),
            b'@' => sign = Some((end, end + unit.len)),
            _ => {}
        }
        end += unit.len;
    }
    let Some((sign, host)) = sign else { return nothing };
    let next = text.unit(host)?;
    if !(next.ch.is_ascii_alphanumeric() || matches!(next.ch, b'[' | b'_' | b'$' | b'{')) {
        return nothing;
    }
    // 3. Which of them is secret.
    let password = password.filter(|(colon, _)| *colon < sign);
    let head = |from: usize, to: usize| {
        Value::new(Default::default(), Flavour::Opaque, URL_USERINFO).head(&text.ended(to), from)
    };
    if let Some((colon, from)) = password
        && from < sign
    {
        let found = head(from, sign)?;
        let placeholder = found.is_placeholder()
            || is_optional_part(found.chars())
            // `user[:password]@host`
            || text.ends_before(colon, 0, b"[") && found.chars().contains(&b']')
            || is_variable(found.chars())
            || is_word_for_password(found.chars())
            || is_capital(found.chars()) && is_capital(head(start, colon)?.chars())
            || is_named(&found)
            || NO_PASSWORDS.iter().any(|word| is_word(found.chars(), word))
            || found.chars().windows(2).any(|two| matches!(two, b"${" | b"{{" | b"$("))
            || !found.chars().iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
        if unescaped && !(found.has(UPPER | LOWER) && found.has_digit()) {
            return nothing;
        }
        if is_port(found.chars()) && head(start, colon)?.chars().contains(&b'.') {
            return nothing;
        }
        if !placeholder {
            return Ok(Start::Match { start: from, end: sign, rule: URL_USERINFO, tail: None });
        }
        if !found.chars().eq_ignore_ascii_case(b"x-oauth-basic") {
            return nothing;
        }
    }
    let to = password.map_or(sign, |(colon, _)| colon);
    let user = head(start, to)?;
    if user.is_token_like() && !is_user_name(user.chars()) {
        return Ok(Start::Match { start, end: to, rule: URL_USERINFO, tail: None });
    }
    nothing
}

/// The longest password that is read with such characters in it, in bytes.
const MAX_UNESCAPED: usize = 64;

/// Whether the text between the colon and a `/`, `?` or `#` can only be the start of a password in which these are not
/// percent-encoded, `redis://:p?ss1@h`, because it is not a port. Programs reject such a URL, and print it in their message.
fn is_unescaped(before: &[u8]) -> bool {
    !before.iter().all(u8::is_ascii_digit)
        && !before.eq_ignore_ascii_case(b"port")
        && before.len() < MAX_UNESCAPED
}

/// Whether `chars` are `word`, possibly with the backslash that escapes the sign after it.
fn is_word(chars: &[u8], word: &[u8]) -> bool {
    chars.strip_suffix(b"\\").unwrap_or(chars).eq_ignore_ascii_case(word)
}

/// The end of the password at `at`, if it is that of a URL whose user is the name of a key:
/// `https://x-access-token:T@github.com`.
pub(crate) fn end_of_password(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut back = 2;
    while back < MAX_USERINFO && is_name(text.before(at, back)) {
        back += 1;
    }
    if text.before(at, 1) != b':' || !text.ends_before(at, back - 1, b"://") {
        return Ok(None);
    }
    let mut end = at;
    while end - at < MAX_USERINFO && !matches!(text.at(end)?, 0..=b' ' | b'/' | b'"' | b'\'') {
        if text.at(end)? == b'@' {
            return Ok(Some(end));
        }
        end += 1;
    }
    Ok(None)
}

/// Whether the name of a user is an address, of a person or of a message: `ada%40example.com`, `%3c1a2b@example.com%3e`.
fn is_user_name(chars: &[u8]) -> bool {
    chars.contains(&b'@') || chars.first() == Some(&b'<')
}

/// Whether `chars` are a name in brackets, as documentation writes what is optional: `[[user]:[password]]@`.
fn is_optional_part(chars: &[u8]) -> bool {
    let name = chars.iter().filter(|byte| !matches!(byte, b'[' | b']'));
    chars.first() == Some(&b'[')
        && chars.last() == Some(&b']')
        && name.clone().all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
}

/// Whether `chars` are words in capitals, as documentation writes what is to be replaced: `KEY`, `APP-PASSWORD`.
fn is_capital(chars: &[u8]) -> bool {
    chars.len() >= 3
        && chars.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_'))
}

/// Whether `chars` are the name of a variable, to be replaced by its value: `DB_PASSWORD`.
fn is_variable(chars: &[u8]) -> bool {
    chars.contains(&b'_')
        && chars.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
        && [&b"PASS"[..], b"PWD", b"SECRET"]
            .iter()
            .any(|word| chars.windows(word.len()).any(|part| part == *word))
}

/// Whether the value is words run together that say what it stands for, as in documentation: `AppSecret`, `mySendingPassword`.
fn is_named(found: &Head) -> bool {
    const ENDS: &[&[u8]] = &[b"Pass", b"Password", b"Secret", b"Token", b"Key", b"ID"];
    found.complete
        && found.is_camel()
        && ENDS.iter().any(|end| found.chars().ends_with(end) && found.len() > end.len())
}

/// Whether `chars` start with a port and a mark that does not follow the digits of a password, as in URLs that are to fool a
/// parser: `http://127.1.1.1:80\@127.2.2.2/`.
fn is_port(chars: &[u8]) -> bool {
    let digits = chars.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (2..=5).contains(&digits) && matches!(chars.get(digits), Some(b'\\' | b':' | b'@'))
}
