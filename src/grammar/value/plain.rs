//! Runs of bytes that are content in any context, many at a time.

use super::bytes::{COOKIE, END, OPAQUE, PARAM, PLAIN, TOKEN, Table};

/// A plain run of this length that contains digits is not a placeholder, word or identifier.
pub(super) const ENOUGH: usize = 24;

/// How many bytes are checked together.
pub(super) const WIDE: usize = 16;

/// The end of the plain bytes at `at`.
#[inline(always)]
pub(super) fn plain_run(window: &[u8], at: usize, table: &Table) -> usize {
    let mut rest: &[u8] = window.get(at..).unwrap_or_default();
    loop {
        if is_wide(table) {
            while let Some((first, behind)) = rest.split_first_chunk::<WIDE>() {
                if !are_words(first) {
                    break;
                }
                rest = behind;
            }
        }
        let near = &rest[..rest.len().min(WIDE)];
        let plain = near.iter().position(|byte| table[usize::from(*byte)] != PLAIN);
        rest = &rest[plain.unwrap_or(near.len())..];
        if plain.is_some() || rest.is_empty() {
            return window.len() - rest.len();
        }
    }
}

/// The end of the bytes at `at` that belong to a cookie-value in any context.
pub(crate) fn plain_cookie(window: &[u8], at: usize) -> usize {
    plain_run(window, at, &COOKIE)
}

/// The end of the bytes at `at` that are content of a string in `quote`s, up to the first that may not be.
pub(crate) fn plain_string(window: &[u8], at: usize) -> usize {
    plain_run(window, at, &OPAQUE)
}

/// The end of the token at `at`, if the byte after it certainly ends it. `query` says that it is a query parameter.
pub(crate) fn plain_token(window: &[u8], at: usize, query: bool) -> Option<usize> {
    let table = if query { &PARAM } else { &TOKEN };
    let mut end = at;
    loop {
        end = plain_run(window, end, table);
        match (*window.get(end)?, window.get(end + 1)) {
            (b'.', Some(next)) if table[usize::from(*next)] == PLAIN => end += 1,
            // A newline, as bytes or escaped.
            (b'\r', Some(b'\n')) | (b'\\', Some(b'r' | b'n')) => return Some(end),
            // A character reference may encode a quote.
            (b'&', Some(next))
                if query && !matches!(next, b'#' | b'a' | b'g' | b'l' | b'n' | b'q') =>
            {
                return Some(end);
            }
            (byte, _) => return (table[usize::from(byte)] == END).then_some(end),
        }
    }
}

/// Whether a value that can only be a token begins at `at`: enough base64url, with digits and letters in it.
#[inline(always)]
pub(crate) fn is_evident(window: &[u8], at: usize) -> bool {
    chunk::<ENOUGH>(window, at).is_some_and(|first| {
        are_words(first)
            && has_digits(first)
            && first.iter().any(u8::is_ascii_alphabetic)
            && !(first[0] == b'0' && first[1] | 0x20 == b'x')
    })
}

/// Whether base64url, which most of a token consists of, is plain in `table`. It is, except for a block of base64.
#[inline(always)]
pub(super) fn is_wide(table: &Table) -> bool {
    table[usize::from(b'-')] == PLAIN
}

/// The `N` bytes at `at`.
#[inline(always)]
pub(super) fn chunk<const N: usize>(window: &[u8], at: usize) -> Option<&[u8; N]> {
    window.get(at..)?.first_chunk()
}

/// Whether all `bytes` are base64url.
#[inline(always)]
pub(super) fn are_words<const N: usize>(bytes: &[u8; N]) -> bool {
    count(bytes, |byte| {
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let digit = byte.wrapping_sub(b'0') < 10;
        letter | digit | (byte == b'-') | (byte == b'_')
    }) == N
}

/// How many of a few `bytes` fulfil `is_such`. This compiles to a few wide instructions, unlike `all`.
#[inline(always)]
pub(super) fn count<const N: usize>(bytes: &[u8; N], is_such: impl Fn(u8) -> bool) -> usize {
    usize::from(bytes.iter().map(|byte| u8::from(is_such(*byte))).sum::<u8>())
}

/// Whether at least two of the bytes are digits.
#[inline(always)]
pub(super) fn has_digits(bytes: &[u8; ENOUGH]) -> bool {
    count(bytes, |byte| byte.is_ascii_digit()) >= 2
}
