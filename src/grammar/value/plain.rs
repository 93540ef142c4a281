//! Runs of bytes that are content in any context, many at a time.

use super::bytes::{COOKIE, PARAM, PLAIN, TOKEN, Table};
use super::head::HEAD;

/// A plain run of this length that contains digits is not a placeholder, word or identifier.
pub(super) const ENOUGH: usize = 24;

/// How many bytes are looked at together.
pub(super) const WIDE: usize = 16;

/// The end of the plain bytes at `at`.
#[inline(always)]
pub(super) fn plain_run(window: &[u8], at: usize, table: &Table) -> usize {
    let is_plain = |byte: &u8| table[usize::from(*byte)] == PLAIN;
    let mut rest: &[u8] = window.get(at..).unwrap_or_default();
    loop {
        if is_wide(table) {
            while let Some((first, after)) = rest.split_first_chunk::<WIDE>()
                && is_plain(&first[0])
                && are_wide_words(first)
            {
                rest = after;
            }
        }
        let near = &rest[..rest.len().min(WIDE)];
        let other = near.iter().position(|byte| !is_plain(byte));
        rest = &rest[other.unwrap_or(near.len())..];
        if other.is_some() || rest.is_empty() {
            return window.len() - rest.len();
        }
    }
}

/// The end of the bytes at `at` that belong to a cookie-value in any context.
pub(crate) fn plain_cookie(window: &[u8], at: usize) -> usize {
    plain_run(window, at, &COOKIE)
}

/// The grammar of a token in running text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// After a scheme.
    Token,
    /// Of a parameter: a query or fragment ends it.
    Param,
}

/// The end of the token at `at`, if nothing but a token can begin there: the first byte that may not be part of it.
///
/// Every function that judges the head of a value takes this for a token: [`ENOUGH`] characters of base64url with letters
/// and digits, or a JWT.
#[inline(always)]
pub(crate) fn evident_token(window: &[u8], at: usize, kind: Kind) -> Option<usize> {
    let first = chunk::<ENOUGH>(window, at)?;
    let words = are_words(first) && has_digits(first) && is_no_number(first);
    if !words && !is_evident_jwt(window, at) {
        return None;
    }
    let table = if kind == Kind::Param { &PARAM } else { &TOKEN };
    let mut end = if words { at + ENOUGH } else { at };
    loop {
        end = plain_run(window, end, table);
        match (*window.get(end)?, window.get(end + 1)) {
            (b'.', Some(next)) if table[usize::from(*next)] == PLAIN => end += 1,
            (b'+', _) => end += 1,
            _ => return Some(end),
        }
    }
}

/// Whether the bytes are not a number in any notation.
#[inline(always)]
fn is_no_number(first: &[u8; ENOUGH]) -> bool {
    // In most tokens, one of the first bytes is such a letter.
    first.iter().any(|byte| byte.is_ascii_alphabetic() && byte | 0x20 != b'e')
        && !(first[0] == b'0' && first[1] | 0x20 == b'x')
}

/// Whether a JWT begins at `at`: more of it than anyone looks at, with a digit.
fn is_evident_jwt(window: &[u8], at: usize) -> bool {
    let Some(first) = chunk::<HEAD>(window, at).filter(|first| first.starts_with(b"eyJ")) else {
        return false;
    };
    let words = count(first, is_word);
    let dots = count(first, |byte| byte == b'.');
    words + dots == HEAD
        && count(first, |byte| byte.wrapping_sub(b'0') < 10) > 0
        && first[HEAD - 1] != b'.'
        && (dots < 2 || !first.windows(2).any(|two| two == b".."))
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
    count(bytes, is_word) == N
}

/// The same as a separate function, so that the compiler does not mix its wide instructions with other code.
#[inline(never)]
fn are_wide_words(bytes: &[u8; WIDE]) -> bool {
    are_words(bytes)
}

/// Whether a byte is base64url, without a branch.
#[inline(always)]
fn is_word(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'0') < 10;
    letter | digit | (byte == b'-') | (byte == b'_')
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
