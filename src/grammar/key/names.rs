//! Which names are keys: by their last words.

use super::class::Class;
use super::cookie_field::{field, is_one_of};
use super::known::{KNOWN, Kind, PHRASES, QUERY_KEYS};

/// The longest name that is checked. Names of real fields are shorter.
pub(super) const MAX_NAME: usize = 64;

/// The last letters of each known name, for a quick rejection of most names.
const ENDINGS: [u32; KNOWN.len()] = {
    let mut endings = [0; KNOWN.len()];
    let mut k = 0;
    while k < KNOWN.len() {
        let words = KNOWN[k].words;
        let mut n = words.len() - 4;
        while n < words.len() {
            endings[k] = endings[k] << 8 | words[n] as u32;
            n += 1;
        }
        k += 1;
    }
    endings
};

/// What [`ending`] may be of a known name, by its hash.
static MAY_END: [u64; 16] = {
    let mut bits = [0; 16];
    let mut k = 0;
    while k < ENDINGS.len() {
        let hash = hash(ENDINGS[k]);
        bits[hash / 64] |= 1 << (hash % 64);
        k += 1;
    }
    bits
};

/// Ten bits. Fibonacci hashing: the product's highest bits depend on all of them.
const fn hash(ending: u32) -> usize {
    (ending.wrapping_mul(0x9e37_79b1) >> 22) as usize
}

/// The classes of the names seen last. A log has the same few names on every line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    seen: [Seen; 32],
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    name: [u8; 24],
    len: usize,
    class: Option<(Class, bool)>,
}

impl Names {
    pub fn classify(&mut self, name: &[u8]) -> Option<(Class, bool)> {
        self.remember(name, classify)
    }

    /// The class that `classify` gives `name`. It is called once for each name among those seen last.
    pub fn remember(
        &mut self,
        name: &[u8],
        classify: impl FnOnce(&[u8]) -> Option<(Class, bool)>,
    ) -> Option<(Class, bool)> {
        let (Some(&first), Some(&last)) = (name.first(), name.last()) else { return None };
        // The keys of a log differ in length, in case, and in their first and last letters.
        let middle = name[name.len() / 2];
        let sum = u32::from_le_bytes([name.len() as u8, first, middle, last]);
        // Fibonacci hashing: the highest bits of the product depend on all bits of the sum.
        let seen = &mut self.seen[(sum.wrapping_mul(0x9e37_79b1) >> 27) as usize];
        if name.len() > seen.name.len() {
            return classify(name);
        }
        if &seen.name[..seen.len] != name {
            seen.name[..name.len()].copy_from_slice(name);
            (seen.len, seen.class) = (name.len(), classify(name));
        }
        seen.class
    }
}

/// Whether `name`, which is not a key, may be one together with the text beside it.
pub(crate) fn is_part_of_key(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"device")
        || PHRASES.iter().any(|phrase| name.eq_ignore_ascii_case(phrase.last))
        || QUERY_KEYS.iter().any(|row| name.eq_ignore_ascii_case(row.name))
}

/// The class of `name`, by its last words, and whether it is the field's own name. A number may follow the name of a
/// parameter: SQLAlchemy numbers those of a statement, `access_token_1`.
pub(crate) fn classify(name: &[u8]) -> Option<(Class, bool)> {
    let Some(words) = without_number(name) else {
        return by_last_words(name).or_else(|| of_cookie(name));
    };
    let found = by_last_words(words)?;
    matches!(found.0, Class::Param | Class::WeakParam | Class::Header).then_some(found)
}

/// The class of nginx' variable for the value of a cookie, `cookie_sid`. It is also how settings of cookies begin.
fn of_cookie(name: &[u8]) -> Option<(Class, bool)> {
    const PREFIX: &[u8] = b"cookie_";
    const SETTINGS: &[&[u8]] = &[b"id", b"key", b"hash", b"type", b"policy", b"consent"];
    let cookie = name.strip_prefix(PREFIX)?;
    let is_cookie = !cookie.is_empty() && field(cookie).is_none() && !is_one_of(cookie, SETTINGS);
    is_cookie.then_some((Class::CookieLike, false))
}

/// The name before an underscore and one or two digits.
fn without_number(name: &[u8]) -> Option<&[u8]> {
    match name {
        [words @ .., b'_', b'0'..=b'9'] | [words @ .., b'_', b'0'..=b'9', b'0'..=b'9'] => {
            Some(words)
        }
        _ => None,
    }
}

fn by_last_words(name: &[u8]) -> Option<(Class, bool)> {
    // A property of Java or Gradle on a command line.
    let property = name.strip_prefix(b"-D").or_else(|| name.strip_prefix(b"-P"));
    let name = property.unwrap_or(name);
    let ending = ending(name);
    let hash = hash(ending);
    if MAY_END[hash / 64] >> (hash % 64) & 1 == 0 {
        return None;
    }
    let found =
        KNOWN.iter().zip(&ENDINGS).filter(|(_, of)| **of == ending).find_map(|(known, _)| {
            let rest = strip_letters(name, known.words)?;
            let starts = match known.kind {
                Kind::Any => is_boundary(name, rest),
                Kind::Dashed => is_boundary(name, rest) && name.contains(&b'-'),
            };
            // JSESSIONID, phpsessid. `accesstoken` has no word boundary before its last word.
            (starts || known.class == Class::Session).then_some((known.words, known.class, rest))
        });
    let (suffix, class, rest) = found?;
    let token = suffix.ends_with(b"token");
    // The words before them, in the same spelling.
    let mut words = [0u8; MAX_NAME];
    let mut len = 0;
    for &byte in name[..rest].iter().filter(|byte| !matches!(byte, b'-' | b'_')) {
        *words.get_mut(len)? = byte.to_ascii_lowercase();
        len += 1;
    }
    let prefix = &words[..len];
    let header = HEADERS.contains(&prefix);
    let dashed = name.contains(&b'-');
    let extension = matches!(name, [b'x' | b'X', b'-' | b'_', ..]) || prefix.starts_with(b"httpx");
    let class = match class {
        Class::Cookie if header || suffix != b"cookie" => Class::Cookie,
        Class::Cookie => Class::CookieLike,
        // X-Subject-Token, X-Vault-Token: a header of that shape is a credential.
        Class::Param | Class::WeakParam if extension && token => Class::Header,
        Class::WeakParam if suffix == b"token" && prefix == b"client" => Class::Client,
        // `Api-Token`, and GitLab's headers `JOB-TOKEN` and `DEPLOY-TOKEN`.
        Class::WeakParam
            if suffix == b"token" && matches!(prefix, b"api" | b"job" | b"deploy") && dashed =>
        {
            Class::Header
        }
        // The header `X-Auth`.
        Class::WeakParam
            if !prefix.is_empty() && !(suffix == b"auth" && extension && prefix == b"x") =>
        {
            return None;
        }
        // The prefix matters: `X-Goog-Api-Key` is a header, `keyboard_api_key` a setting.
        Class::Header
            if suffix == b"apikey"
                && !(prefix.ends_with(b"x")
                    || dashed && (extension || matches!(prefix, b"" | b"dd" | b"xi"))) =>
        {
            Class::WeakParam
        }
        Class::Header if suffix == b"secret" && !extension => return None,
        Class::Bearer if !prefix.is_empty() => return None,
        Class::Session
            if suffix.starts_with(b"sess")
                && !matches!(
                    prefix.strip_prefix(b"cookie").unwrap_or(prefix),
                    b"j" | b"php" | b"asp" | b"net"
                )
                && prefix != b"cookie"
                && name != b"SESSION" =>
        {
            return None;
        }
        class => class,
    };
    Some((class, header && suffix != b"cookiehash"))
}

/// Prefixes that do not change the meaning of a header's name: those of CGI, proxies and loggers.
const HEADERS: &[&[u8]] = &[
    b"",
    b"simple",
    b"http",
    b"proxy",
    b"httpproxy",
    b"redirecthttp",
    b"req",
    b"request",
    b"resp",
    b"response",
    b"x",
    b"h",
    b"header",
    b"headers",
    b"xforwarded",
    b"xoriginal",
    b"original",
    b"forwarded",
    b"upstream",
    b"upstreamhttp",
    b"downstream",
    b"backend",
    b"grpcgateway",
    b"grpcmetadata",
];

/// The last four letters of `name`, ignoring `-` and `_`.
fn ending(name: &[u8]) -> u32 {
    let mut ending = 0;
    let mut shift = 0;
    for &byte in name.iter().rev() {
        if matches!(byte, b'-' | b'_') {
            continue;
        }
        ending |= u32::from(byte.to_ascii_lowercase()) << shift;
        shift += 8;
        if shift == 32 {
            break;
        }
    }
    ending
}

/// The start of `letters` in `name`, if it ends with them, in any case and with `-` and `_` anywhere in between.
pub(crate) fn strip_letters(name: &[u8], letters: &[u8]) -> Option<usize> {
    let mut at = name.len();
    for &want in letters.iter().rev() {
        while matches!(name[..at].last()?, b'-' | b'_') {
            at -= 1;
        }
        at -= 1;
        if name[at].to_ascii_lowercase() != want {
            return None;
        }
    }
    Some(at)
}

/// Whether a word starts at `at` in `name`: at its start, after `-` or `_`, or at a capital, including the one after an
/// abbreviation, as in `HTTPCookie`.
pub(crate) fn is_boundary(name: &[u8], at: usize) -> bool {
    match name[..at].last() {
        None => true,
        Some(before) => {
            matches!(before, b'-' | b'_')
                || name[at].is_ascii_uppercase()
                    && (!before.is_ascii_uppercase()
                        || name.get(at + 1).is_some_and(u8::is_ascii_lowercase))
        }
    }
}
