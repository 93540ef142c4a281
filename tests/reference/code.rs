//! Text of code and configuration in places where a value could be.

use super::key::classify;
use super::text::{Enc, Quote, Text, pattern};
use super::value::{Frame, Value, is_pair, is_wire_end, is_written};

/// A version or version range, a duration, a date, or a path.
pub fn is_harmless(value: &Value) -> bool {
    let duration = pattern!(
        r"(?x) ^ (?: [0-9.]{1,8} \x20* (?: ns | us | ms | s | secs? | seconds? | m | mins? | minutes? | h | hrs? | hours?
            | d | days? | w | weeks? | mo | months? | y | years? ) \x20* )+ $"
    );
    let date =
        pattern!("^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}[0-9.,:+Zz-]*)?$");
    let written = is_written(&value.head);
    let few = |most: usize| {
        value.head.iter().filter(|ch| ch.is_ascii_digit()).count() * most <= value.head.len()
    };
    let package = pattern!(r"(?-i)^[a-z-]+(?:\.[a-z-]+)*\.[a-z-]{2,5}/[A-Za-z][A-Za-z0-9/._@~-]*$");
    let step = pattern!(r"(?-i)^[0-9]{3,14}(?P<words>_[a-z_]{5,})$");
    let scoped = pattern!("(?-i)^(?:[A-Z][A-Za-z0-9]*|:)*::(?:[A-Z][A-Za-z0-9]*|:)*$");
    let resource = pattern!("(?-i)^[a-z][a-z0-9._-]*(?:/[a-z0-9._-]*){3,}$");
    let class = pattern!(r"(?-i)^[a-z]{2,}(?:\.[a-z]{2,})+\.[A-Z][A-Za-z]*$");
    let rate = pattern!(
        r"(?x-i) ^ [0-9]{1,6} / [0-9]* (?: ns | us | ms | s | secs? | seconds? | m | mins? | minutes? | h | hrs? | hours?
            | d | days? | w | weeks? | mo | months? | y | years? ) (?: / [a-z]* )* $"
    );
    let lookup = pattern!(r#"(?-i)^\[?(?:urn:|[a-z]{2,}\([A-Za-z0-9_./:\- '"]{3,}\)\]?$)"#);
    let attribute =
        pattern!(r"(?-i)^[a-z_][a-z0-9_-]*(?:\.(?:[a-z_][a-z0-9_-]*|[#*]|[0-9]{1,2})){2,}$");
    let numbers = pattern!(r"(?-i)(?:^|\.)[a-z_](?:[^.0-9]*[0-9]){3}");
    is_path(&value.head)
        || package.is_match(&value.head) && value.head.len() >= 12 && few(4) && written
        || value.complete && rate.is_match(&value.head)
        || value.complete && lookup.is_match(&value.head)
        || scoped.is_match(&value.head) && written
        || resource.is_match(&value.head) && value.head.len() >= 16 && few(8) && written
        || value.complete && class.is_match(&value.head) && written
        || step.captures(&value.head).is_some_and(|found| is_written(&found["words"]))
        || value.complete
            && value.head.len() >= 12
            && attribute.is_match(&value.head)
            && !numbers.is_match(&value.head)
            && written
        || value.complete
            && value.head.len() <= 40
            && (is_version(&value.head)
                || duration.is_match(&value.head)
                || date.is_match(&value.head))
}

fn is_version(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"npm:").unwrap_or(text);
    let one = pattern!(
        r"(?x) ^ (?: [\^~<>=!]+ v? (?: [0-9]{1,8} | [*x] ) (?: \. (?: [0-9]{1,8} | [*x] ) )*
            | v? (?: [0-9]{1,8} | [*x] ) (?: \. (?: [0-9]{1,8} | [*x] ) ){1,3} )
            (?: [+-] (?P<signed> [a-z0-9.+-]* ) | (?P<label> [a-wyz][a-z0-9.+-]* ) )? $"
    );
    let is_label = |label: &[u8]| {
        label.len() <= 16
            && label.split(|ch| b".+-".contains(ch)).all(|word| {
                let letters = word.iter().take_while(|ch| ch.is_ascii_alphabetic()).count();
                is_written(&word[..letters]) && word[letters..].iter().all(u8::is_ascii_digit)
            })
    };
    let is_one = |part: &&[u8]| {
        one.captures(part).is_some_and(|found| {
            let label = found.name("signed").or(found.name("label"));
            label.is_none_or(|label| is_label(label.as_bytes()))
        })
    };
    let parts: Vec<&[u8]> = text
        .split(|ch| b" ,|".contains(ch))
        .filter(|part| !part.iter().all(|ch| b"^~<>=!-".contains(ch)))
        .collect();
    parts.iter().any(is_one)
        && parts.iter().all(|part| is_one(part) || pattern!("^[0-9]{1,3}$").is_match(part))
}

fn is_path(text: &[u8]) -> bool {
    if pattern!(r"(?-i)^\{[a-z_]+\}/.").is_match(text) {
        return true;
    }
    let path = pattern!(r"^(?:/|~/|\.{1,2}/|[a-z]:[\\/])(?P<rest>.*)$");
    let Some(found) = path.captures(text) else { return false };
    let names: Vec<&[u8]> =
        found["rest"].split(|ch| b"/\\".contains(ch)).filter(|name| !name.is_empty()).collect();
    let few = names.len() < 1 + usize::from(text.starts_with(b"/"));
    !few && names.iter().all(|name| {
        let digits = name.iter().filter(|ch| ch.is_ascii_digit()).count();
        pattern!(r"^[a-z0-9._$ ~-]+$").is_match(name)
            && digits * 2 <= name.len()
            && digits <= 4
            && is_written(name)
    })
}

/// Whether the quote before `at` ends a literal that began before the key.
pub fn ends_literal(text: &Text, at: usize, quote: Quote) -> bool {
    let mut from = at;
    let other = text.quote(at).is_some_and(|inner| {
        inner.ch != quote.ch && matches!(text.enc(at), Enc::Raw | Enc::Slash(_) | Enc::Entity(_))
    });
    from += usize::from(other);
    let end = text.find_raw(from, pattern!(r"^[ \t]{0,16}")).unwrap_or(from);
    let spaced = end > from;
    if other && text.is_newline(end) {
        return true;
    }
    let words = pattern!(r"^(?:(?:in|not|is|if|else|and|or|unless) |==|!=|=~)");
    if spaced && text.find_raw(end, words).is_some() {
        return true;
    }
    let operand = text.is_newline(end + 1)
        || text.quote(end + 1).is_some()
        || pattern!(r"^[a-z \t($_@]").is_match(&[text.ch(end + 1)]);
    match text.raw(end) {
        b',' | b')' => true,
        b';' | b']' | b'}' | b':' => other || spaced,
        ch @ (b'+' | b'.' | b'&' | b'%' | b'|') if other || spaced => {
            operand || [ch, b'='].contains(&text.ch(end + 1))
        }
        b'+' | b'.' => operand && !is_base64(text, end, quote),
        _ => false,
    }
}

fn is_base64(text: &Text, at: usize, quote: Quote) -> bool {
    let end = text.find(at, pattern!(r"^[a-z0-9_+/=.-]{0,256}")).unwrap_or(at);
    let closes = text.closes(quote, end).is_some() && text.raw(end - 1) != b'+';
    text.start(end) - text.start(at) >= 16 && (closes || end - at == 256)
}

/// Whether the string at `at` is a key itself, of one word.
pub fn is_key(text: &Text, at: usize, frame: Frame) -> bool {
    let ends =
        |k: usize| text.is_newline(k) || frame.closes(text, k) || b" =".contains(&text.ch(k));
    let Some(end) = (at..at + 257).find(|&k| ends(k)) else { return false };
    if !frame.closes(text, end) {
        return false;
    }
    let closed = end + 1;
    let end = text.blanks(closed, frame.level);
    match text.ch(end) {
        b':' if end > closed && text.ch(end + 1).is_ascii_alphabetic() => false,
        b':' => {
            let sentence = pattern!("(?-i)^ [a-z]{2,19} [a-z]");
            text.ch(end + 1) != b':' && text.find_raw(end + 1, sentence).is_none()
        }
        b'=' => !b"=~".contains(&text.ch(end + 1)),
        _ => false,
    }
}

/// A call, an index, or names joined by colons.
pub fn is_expression(text: &Text, value: &Value) -> bool {
    value.complete
        && (b"([{".contains(&text.raw(value.to)) && !is_wire_end(text, value.to)
            || value.head.windows(2).any(|two| two == b"::")
                && pattern!(r"^(?:[a-z_][a-z0-9_-]*|:)+$").is_match(&value.head))
}

/// Names joined by colons, without digits.
pub fn is_scoped(value: &Value) -> bool {
    pattern!(r"^[a-z_:-]*::[a-z_:-]*$").is_match(&value.head)
}

/// A member or words run together, without quotes after a name in quotes.
pub fn is_variable(text: &Text, at: usize, value: &Value) -> bool {
    let member = value.complete && pattern!(r"^[a-z_]+(?:\.[a-z_]+)+$").is_match(&value.head);
    (value.is_camel() || member) && text.ends(at, pattern!(r#"(?:^|[^\\])["']: {0,6}$"#))
}

/// A member that is called like a secret.
pub fn is_member(value: &Value) -> bool {
    let member = pattern!(
        r"^(?:[a-z_][a-z0-9_]*\.)+[a-z0-9_]*(?:token|secret|password|key|credential|verifier|assertion)[a-z0-9_]*$"
    );
    let name = pattern!(r"^(?:[a-z_][a-z0-9_]*\.)+[a-z_][a-z0-9_]*$");
    let digits = value.head.iter().filter(|ch| ch.is_ascii_digit()).count();
    value.complete
        && (digits <= 4 && member.is_match(&value.head) || digits <= 2 && value.head.len() >= 16)
        && name.is_match(&value.head)
        && is_written(&value.head)
}

/// The name of the next member.
pub fn is_name_of_next(text: &Text, value: &Value) -> bool {
    let after = text.blanks(value.to + 1, 0);
    value.complete
        && !value.is_token_like()
        && text.raw(after) == b'='
        && text.raw(after + 1) == b'>'
}

/// Five words of letters.
pub fn is_statement(head: &[u8]) -> bool {
    let blanks = head.iter().filter(|ch| **ch == b' ').count();
    let letters = head.iter().filter(|ch| ch.is_ascii_alphabetic() || **ch >= 0x80).count();
    blanks >= 4 && (letters + blanks) * 4 >= head.len() * 3
}

/// A tag of a field in Go.
pub fn is_struct_tag(value: &Value) -> bool {
    pattern!("(?-i)^[a-z]{2,15}:\"").is_match(&value.head)
}

/// Whether an object contains a key.
pub fn has_key(text: &Text, at: usize) -> bool {
    if !matches!(text.raw(at), b'{' | b'[') {
        return false;
    }
    let (mut name, mut named) = (vec![], false);
    for k in (at..).take_while(|&k| text.start(k) < text.start(at) + 512 && k < text.len()) {
        if text.raw(k) == b'\n' || text.raw(k) == b'\r' {
            return false;
        }
        if text.quote(k).is_some() {
            let colon = text.ch(text.blanks(k + 1, 0)) == b':';
            if named && colon && classify(&name).is_some() {
                return true;
            }
            (name, named) = (vec![], true);
        } else if super::key::is_name(text.ch(k)) && name.len() < 32 {
            name.push(text.ch(k));
        } else {
            named = false;
        }
    }
    false
}

/// The position after a comma, if parameters of a scheme follow it.
pub fn past_comma(text: &Text, at: usize) -> Option<usize> {
    let from = text.blanks(at + 1, 0);
    let name =
        pattern!("^(signature|credential|signedheaders|keyid|timestamp|nonce|hmac|digest|token)");
    let end = text.find_raw(from, name).filter(|_| text.raw(at) == b',')?;
    b":=".contains(&text.ch(text.blanks(end, 0))).then_some(from)
}

/// Whether a caret is not part of the token.
pub fn is_caret_end(text: &Text, k: usize, ends: impl Fn(usize) -> bool) -> bool {
    match text.ch(k + 1) {
        b'A' => text.ch(k + 2) == b'^' || ends(k + 2) || is_pair(text, k + 2, false, 0),
        _ => text.quote(k + 1).is_some() || text.ch(k + 1) == b'&',
    }
}
