//! Which names are keys: by their last words.

use super::class::Class;

/// Longest name that is looked at; names of real fields are shorter.
pub(super) const MAX_NAME: usize = 64;

/// Last words of a key, without `-` and `_`, longest first.
const CLASSES: &[(&[u8], Class)] = &[
    (b"authorizationheadervalue", Class::Authorization),
    (b"authorizationheader", Class::Authorization),
    (b"accesstokensecret", Class::Param),
    (b"oauthtokensecret", Class::Param),
    (b"setcookieheader", Class::SetCookie),
    (b"clientassertion", Class::Param),
    (b"consumersecret", Class::Param),
    (b"authorization", Class::Authorization),
    (b"cookiesstring", Class::Cookie),
    (b"cookieheader", Class::Cookie),
    (b"cookiestring", Class::Cookie),
    (b"clientsecret", Class::Param),
    (b"codeverifier", Class::Param),
    (b"idtokenhint", Class::Param),
    (b"setcookie2", Class::SetCookie),
    (b"setcookie3", Class::SetCookie),
    (b"setcookies", Class::SetCookie),
    (b"cookiehash", Class::Cookie),
    (b"devicecode", Class::Param),
    (b"setcookie", Class::SetCookie),
    (b"assertion", Class::Assertion),
    (b"sessionid", Class::Session),
    (b"cookie2", Class::Cookie),
    (b"cookies", Class::Cookie),
    (b"cookie", Class::Cookie),
    (b"apikey", Class::Header),
    (b"bearer", Class::Bearer),
    (b"sessid", Class::Session),
    (b"token", Class::WeakParam),
];

/// The last letters of each class's words, to tell most names from all of them at once.
const ENDINGS: [u32; CLASSES.len()] = {
    let mut endings = [0; CLASSES.len()];
    let mut k = 0;
    while k < CLASSES.len() {
        let words = CLASSES[k].0;
        let mut n = words.len() - 4;
        while n < words.len() {
            endings[k] = endings[k] << 8 | words[n] as u32;
            n += 1;
        }
        k += 1;
    }
    endings
};

/// What comes before `token` where a token is meant and not a word of a parser's.
const TOKENS: &[(&[u8], Class)] = &[
    (b"registrationaccess", Class::Param),
    (b"csrfmiddleware", Class::Header),
    (b"authentication", Class::Param),
    (b"authorization", Class::Param),
    (b"authenticity", Class::Header),
    (b"security", Class::Header),
    (b"refresh", Class::Param),
    (b"session", Class::Param),
    (b"cijob", Class::Param),
    (b"identity", Class::Param),
    (b"registry", Class::Param),
    (b"subject", Class::Param),
    (b"private", Class::Param),
    (b"access", Class::Param),
    (b"bearer", Class::Param),
    (b"oauth2", Class::Param),
    (b"oauth", Class::Param),
    (b"actor", Class::Param),
    (b"auth", Class::Param),
    (b"csrf", Class::Header),
    (b"xsrf", Class::Header),
    (b"jwt", Class::Param),
    (b"id", Class::Param),
];

/// The names seen last and their classes: a log has the same few on every line.
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

    /// What `classify` makes of `name`, which is asked once for each name of those seen last.
    pub fn remember(
        &mut self,
        name: &[u8],
        classify: impl FnOnce(&[u8]) -> Option<(Class, bool)>,
    ) -> Option<(Class, bool)> {
        let (Some(&first), Some(&last)) = (name.first(), name.last()) else { return None };
        // The keys of a log differ in length, in case, and in how they begin and end.
        let middle = name[name.len() / 2];
        let sum = u32::from_le_bytes([name.len() as u8, first, middle, last]);
        // Fibonacci hashing: the product's highest bits depend on all of them.
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

/// The class of `name`, by its last words, and whether it is the field's own name.
pub(crate) fn classify(name: &[u8]) -> Option<(Class, bool)> {
    // A property of Java's, on its command line.
    let name = name.strip_prefix(b"-D").unwrap_or(name);
    let ending = ending(name);
    let mut found = None;
    for (&(suffix, class), _) in CLASSES.iter().zip(&ENDINGS).filter(|(_, of)| **of == ending) {
        let Some(rest) = strip_letters(name, suffix) else { continue };
        let token = suffix == b"token";
        // `accesstoken` has no boundary before its last word.
        let kind = TOKENS
            .iter()
            .filter(|_| token)
            .find_map(|&(words, class)| Some((class, strip_words(&name[..rest], words)?)));
        found = match kind {
            Some((class, rest)) => Some((suffix, class, rest)),
            // JSESSIONID, phpsessid.
            None if class == Class::Session || is_boundary(name, rest) => {
                Some((suffix, class, rest))
            }
            None => continue,
        };
        break;
    }
    let (suffix, class, rest) = found?;
    let token = suffix == b"token";
    // What is before them, spelled the same way.
    let mut words = [0u8; MAX_NAME];
    let mut len = 0;
    for &byte in name[..rest].iter().filter(|byte| !matches!(byte, b'-' | b'_')) {
        *words.get_mut(len)? = byte.to_ascii_lowercase();
        len += 1;
    }
    let prefix = &words[..len];
    let header = HEADERS.contains(&prefix);
    let extension = matches!(name, [b'x' | b'X', b'-' | b'_', ..]) || prefix.starts_with(b"httpx");
    let class = match class {
        Class::Cookie if header || suffix != b"cookie" => Class::Cookie,
        Class::Cookie => Class::CookieLike,
        // X-Subject-Token, X-Vault-Token: a header of that shape is a credential.
        Class::Param | Class::WeakParam if extension && token => Class::Header,
        Class::WeakParam if token && prefix == b"client" => Class::Client,
        // GitLab's headers `JOB-TOKEN` and `DEPLOY-TOKEN`.
        Class::WeakParam
            if token && matches!(prefix, b"job" | b"deploy") && name.contains(&b'-') =>
        {
            Class::Header
        }
        Class::WeakParam if token && !prefix.is_empty() => return None,
        // Whose key it is matters: `X-Api-Key` is a header, `keyboard_api_key` a setting.
        Class::Header if suffix == b"apikey" && !prefix.ends_with(b"x") => Class::WeakParam,
        Class::Bearer if !prefix.is_empty() => return None,
        Class::Session if !matches!(prefix, b"j" | b"php" | b"asp" | b"net") => return None,
        class => class,
    };
    Some((class, header && suffix != b"cookiehash"))
}

/// Prefixes that leave a header's name its own: CGI's, proxies', a logger's.
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
];

/// The last four letters of `name` that are not `-` or `_`.
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

/// Where `words` start in `name`, if it ends with them and they are words of their own.
fn strip_words(name: &[u8], words: &[u8]) -> Option<usize> {
    strip_letters(name, words).filter(|at| is_boundary(name, *at))
}

/// Where `letters` start in `name`, if it ends with them: in any case, with `-` and `_`
/// anywhere between.
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

/// Whether a word starts at `at` in `name`: its start, after `-` or `_`, or at a capital, also the one behind an
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
