//! The first bytes of a value in each encoding, which the search for known values looks for.

/// How many bytes of an encoded value are searched for. No value is shorter; see [`MIN`](super::MIN).
pub(super) const HEAD: usize = 6;

/// The first bytes of an encoded value.
pub(super) type Head = [u8; HEAD];

/// Passes the heads of `text`, which has at least [`HEAD`] bytes, to `add`.
pub(super) fn heads(text: &[u8], mut add: impl FnMut(Head)) {
    // An encoding never uses fewer bytes than the value has. The last byte may be cut, unless it is part of a
    // character.
    let most = text.len().min(HEAD + 3);
    let end = (HEAD..=most).find(|end| std::str::from_utf8(&text[..*end]).is_ok()).unwrap_or(HEAD);
    let text = &text[..end];
    let mut head = |written: &[u8]| {
        if let Some(head) = written.first_chunk() {
            add(*head);
        }
    };
    head(text);
    if text[..HEAD].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
        return head(&url(text));
    }
    for keep in [&b"-._~"[..], b"-._~!*'()", b"-._*", b"-._~/", b"-._"] {
        for digits in [b"0123456789ABCDEF", b"0123456789abcdef"] {
            head(&percent(text, keep, false, digits));
            head(&percent(text, keep, true, digits));
        }
    }
    for (also, html, ascii) in [
        (&b"\""[..], false, false),
        (b"\"/", false, false),
        (b"\"", true, false),
        (b"\"", false, true),
        (b"'", false, false),
        (b"", false, false),
    ] {
        for upper in [false, true] {
            let once = escaped(text, also, html, ascii, upper);
            head(&escaped(&once, b"\"", false, false, upper));
            head(&once);
        }
    }
    head(&replaced(text, |byte| (byte == b'\'').then_some(&br"'\''"[..])));
    head(&replaced(text, |byte| (byte == b'\'').then_some(&br#"'"'"'"#[..])));
    head(&backslashed(text, |byte| b"\"$`\\".contains(&byte)));
    head(&backslashed(text, |byte| {
        !(byte.is_ascii_alphanumeric() || byte >= 0x80 || b"-_./:=,@%+\n".contains(&byte))
    }));
    for quote in [&b"&#39;"[..], b"&#x27;", b"&apos;", b"'"] {
        head(&replaced(text, |byte| match byte {
            b'&' => Some(b"&amp;"),
            b'<' => Some(b"&lt;"),
            b'>' => Some(b"&gt;"),
            b'"' => Some(b"&quot;"),
            b'\'' => Some(quote),
            _ => None,
        }));
    }
    head(&url(text));
}

/// Translates to the URL-safe alphabet of base64.
fn url(text: &[u8]) -> Vec<u8> {
    replaced(text, |byte| match byte {
        b'+' => Some(b"-"),
        b'/' => Some(b"_"),
        _ => None,
    })
}

/// The base64 characters that depend on `value` alone, when `shift` bytes precede it.
pub(super) fn base64(value: &[u8], shift: usize) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // The first such character starts at a multiple of six bits from the group's start.
    let mut skip = (6 - 8 * shift % 6) % 6;
    let mut text = Vec::with_capacity(value.len() * 4 / 3 + 1);
    let (mut bits, mut count) = (0u32, 0);
    for byte in value {
        bits = bits << 8 | u32::from(*byte);
        count += 8 - std::mem::take(&mut skip);
        while count >= 6 {
            count -= 6;
            text.push(DIGITS[(bits >> count & 63) as usize]);
        }
    }
    text
}
fn percent(value: &[u8], keep: &[u8], plus: bool, digits: &[u8; 16]) -> Vec<u8> {
    let mut text = Vec::new();
    for &byte in value {
        if byte.is_ascii_alphanumeric() || keep.contains(&byte) {
            text.push(byte);
        } else if plus && byte == b' ' {
            text.push(b'+');
        } else {
            text.extend([b'%', digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]);
        }
    }
    text
}

/// Escaped as in JSON and similar languages: backslashes, control characters and the characters of `also`; with `html`
/// also the characters that have a meaning in HTML; with `ascii` also everything outside ASCII. `upper` selects the
/// case of hexadecimal digits.
fn escaped(value: &[u8], also: &[u8], html: bool, ascii: bool, upper: bool) -> Vec<u8> {
    let mut text = Vec::new();
    let code = |text: &mut Vec<u8>, unit: u32| {
        let escape = if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
        text.extend(escape.bytes());
    };
    let wide = if ascii { std::str::from_utf8(value).ok() } else { None };
    let one = |text: &mut Vec<u8>, byte: u8| match byte {
        b'\\' => text.extend(b"\\\\"),
        b'\n' => text.extend(b"\\n"),
        b'\r' => text.extend(b"\\r"),
        b'\t' => text.extend(b"\\t"),
        0..=0x1f => code(text, u32::from(byte)),
        b'<' | b'>' | b'&' if html => code(text, u32::from(byte)),
        byte if also.contains(&byte) => text.extend([b'\\', byte]),
        byte => text.push(byte),
    };
    match wide {
        Some(wide) => {
            for c in wide.chars() {
                if c.is_ascii() {
                    one(&mut text, c as u8);
                } else {
                    let mut units = [0; 2];
                    for unit in c.encode_utf16(&mut units) {
                        code(&mut text, u32::from(*unit));
                    }
                }
            }
        }
        None => value.iter().for_each(|byte| one(&mut text, *byte)),
    }
    text
}

fn replaced<'a>(value: &[u8], by: impl Fn(u8) -> Option<&'a [u8]>) -> Vec<u8> {
    let mut text = Vec::new();
    for byte in value {
        match by(*byte) {
            Some(bytes) => text.extend(bytes),
            None => text.push(*byte),
        }
    }
    text
}

fn backslashed(value: &[u8], special: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut text = Vec::new();
    for &byte in value {
        if special(byte) {
            text.push(b'\\');
        }
        text.push(byte);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_each_shift_is_part_of_the_whole() {
        // base64 of "hunter2-hunter2" after 0, 1 and 2 other bytes.
        for (shift, whole) in [
            (0, "aHVudGVyMi1odW50ZXIy"),
            (1, "eGh1bnRlcjItaHVudGVyMg=="),
            (2, "eHhodW50ZXIyLWh1bnRlcjI="),
        ] {
            let part = base64(b"hunter2-hunter2", shift);
            let at = memchr::memmem::find(whole.as_bytes(), &part);
            assert!(at.is_some() && part.len() >= 18, "{shift}: {}", part.len());
        }
        assert!((0..3).all(|shift| base64(b"abcdef", shift).len() >= HEAD));
    }

    #[test]
    fn a_value_without_special_characters_has_one_head() {
        let mut found = Vec::new();
        heads(b"abc_123456", |head| found.push(head));
        found.dedup();
        assert_eq!(found, [*b"abc_12"]);
    }
}
