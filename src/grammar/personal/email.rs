//! E-mail addresses (RFC 5321, without quoted local parts), from their `@`.

use super::context::Name;
use crate::grammar::text::lex::{Step, Text};

/// The most characters before the `@` (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL: usize = 64;
/// The most characters of a domain.
const MAX_DOMAIN: usize = 253;
/// How far back a URL's `://` may be from a user in it, in bytes.
const MAX_USERINFO: usize = 128;

/// What looks like a top-level domain and is the end of a unit's or a file's name.
const NOT_TOP: &[&str] = &[
    "automount",
    "conf",
    "css",
    "device",
    "dll",
    "exe",
    "gif",
    "gz",
    "html",
    "ini",
    "jar",
    "jpeg",
    "jpg",
    "js",
    "json",
    "lock",
    "log",
    "mount",
    "path",
    "png",
    "scope",
    "service",
    "slice",
    "socket",
    "svg",
    "swap",
    "tar",
    "target",
    "tgz",
    "timer",
    "toml",
    "txt",
    "war",
    "webp",
    "whl",
    "xml",
    "yaml",
    "yml",
    "zip",
];

/// Domains after the names of algorithms and services: `curve25519-sha256@libssh.org`.
const NOT_PEOPLE: &[&str] = &[
    "gserviceaccount.com",
    "libssh.org",
    "lysator.liu.se",
    "openssh.com",
    "putty.projects.tartarus.org",
    "ssh.com",
];

/// The address around the `@` at `at`, which is written with `len` bytes.
pub(super) fn find(text: &Text, at: usize, len: usize) -> Step<Option<(usize, usize)>> {
    let Some(start) = local(text, at) else { return Ok(None) };
    let Some(end) = domain(text, at + len)? else { return Ok(None) };
    let domain = &text.window()[at + len..end];
    let user = &text.window()[start..at];
    // `git@host:path` is how a repository is reached.
    let repository = user == b"git" && matches!(text.at(end)?, b':' | b'/');
    let service = NOT_PEOPLE.iter().any(|name| {
        domain.len() >= name.len()
            && domain[domain.len() - name.len()..].eq_ignore_ascii_case(name.as_bytes())
    });
    let opening = text.unit_before(start, 0);
    let message =
        opening.ch == b'<' && Name::further_before(text, start, opening.len).is_message_id();
    let person = !(repository || service || message || is_userinfo(text, start));
    Ok(person.then_some((start, end)))
}

/// Where the local part before the `@` at `at` starts.
fn local(text: &Text, at: usize) -> Option<usize> {
    let (mut back, mut count) = (0, 0);
    let mut start = None;
    let last = text.unit_before(at, 0).ch;
    if last == b'.' {
        return None;
    }
    loop {
        let unit = text.unit_before(at, back);
        let ch = unit.ch;
        if !(ch.is_ascii_alphanumeric() || b"._+-~".contains(&ch)) {
            break;
        }
        (back, count) = (back + unit.len, count + 1);
        if count > MAX_LOCAL {
            return None;
        }
        // It starts with a letter or digit, after punctuation.
        if ch.is_ascii_alphanumeric() || ch == b'_' {
            // Bytes before the window belong to what was found there.
            start = Some(at.saturating_sub(back));
        }
    }
    start
}

/// Where the domain at `at` ends: labels with dots between them, the last of letters.
fn domain(text: &Text, at: usize) -> Step<Option<usize>> {
    let (mut end, mut label) = (at, at);
    let (mut labels, mut numeric) = (0, 0);
    // The end of the last label that may be a top-level domain.
    let mut found = None;
    loop {
        let byte = text.at(end)?;
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            end += 1;
            if end - at > MAX_DOMAIN {
                return Ok(None);
            }
            continue;
        }
        let name = &text.window()[label..end];
        let hyphens = name.iter().rev().take_while(|byte| **byte == b'-').count();
        let name = &name[..name.len() - hyphens];
        if name.is_empty() || name.starts_with(b"-") {
            break;
        }
        labels += 1;
        numeric += usize::from(labels <= 2 && name.iter().all(u8::is_ascii_digit));
        let international = name.len() > 4 && name[..4].eq_ignore_ascii_case(b"xn--");
        let letters = (2..=24).contains(&name.len()) && name.iter().all(u8::is_ascii_alphabetic);
        let top = international
            || letters && !NOT_TOP.iter().any(|not| name.eq_ignore_ascii_case(not.as_bytes()));
        if labels > 1 {
            // It continues as the name of a file does.
            found = if top { Some(label + name.len()) } else { found.filter(|_| !letters) };
        }
        if byte != b'.' || hyphens > 0 {
            break;
        }
        (end, label) = (end + 1, end + 1);
    }
    // The first numbers of a version: `pkg@1.2.x`.
    Ok(found.filter(|_| numeric < 2))
}

/// Whether what starts at `at` is the user or the password in a URL.
fn is_userinfo(text: &Text, at: usize) -> bool {
    for k in 1..MAX_USERINFO {
        match text.before(at, k) {
            b'/' => return text.before(at, k + 1) == b'/' && text.before(at, k + 2) == b':',
            b' ' | b'"' | b'\'' | b'?' | b'&' | b',' | b'<' | b'\\' | b'\n' => return false,
            _ => {}
        }
    }
    false
}
