//! The anchor `code`, which is a common word: where it is a key is checked before anything else reads it.

use crate::grammar::key::{CodeStart, code_start};

/// The anchor.
pub(super) const CODE: &[u8] = b"code";

/// Whether the anchor at `at` in a folded block may be a key: a whole word, with something behind it that may be an
/// authorization code. This accepts at least what the rules accept.
pub(super) fn may_be_key(block: &[u8], at: usize) -> bool {
    // `status_code`, `encode`. A letter may be the end of an escape: `\n`, `%3f`, a colour.
    if let [.., second, before] = &block[..at]
        && (before.is_ascii_lowercase() && *before != b'm' && !is_escape(*second)
            || matches!(*before, UNDERSCORE | b'-'))
    {
        return false;
    }
    let after = &block[at + CODE.len()..];
    match after.first().copied() {
        None | Some(b'=' | b'%' | b'&' | BACKSLASH) => true,
        Some(b'"' | b'\'' | b':' | BRACKET) => {
            code_start(after, |byte| IN_CODE[usize::from(byte)]) != CodeStart::None
        }
        _ => false,
    }
}

const UNDERSCORE: u8 = b'_' | 0x20;
const BACKSLASH: u8 = b'\\' | 0x20;
/// `]` or `}`.
const BRACKET: u8 = b']' | 0x20;

fn is_escape(byte: u8) -> bool {
    byte == BACKSLASH || byte.is_ascii_digit()
}

/// The characters of a code, folded.
static IN_CODE: [bool; 256] = {
    let mut table = [false; 256];
    let mut k = 0;
    while k < 256 {
        let byte = k as u8;
        table[k] = byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, UNDERSCORE | b'-' | b'.' | b'/' | b'~' | b'+' | b'%');
        k += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::super::hit::fold;
    use super::*;

    fn is_found(text: &str) -> bool {
        let block: Vec<u8> = text.bytes().map(fold).collect();
        let at = block.windows(CODE.len()).position(|word| word == CODE);
        may_be_key(&block, at.expect("the word is there"))
    }

    #[test]
    fn only_a_word_of_its_own_before_a_long_value_is_read() {
        for text in ["?code=x", r#"{"code":"Y03PPtjwxOfF27r1""#, "%22code%22", r"\ncode=x"] {
            assert!(is_found(text), "{text}");
        }
        let rest = ", and more text, which is long enough that the decision does not need any more of it after this";
        for text in ["status_code: 200", "decode: x", "exit code 1", r#""code":"OK","y":1"#] {
            assert!(!is_found(&format!("{text}{rest}")), "{text}");
        }
    }
}
