//! Which kinds of characters a text has. Most rules about a value need one of them, and most values lack it.

/// Kinds of characters, a bit each.
pub(crate) type Characters = u32;

pub(crate) const DIGIT: Characters = 1;
pub(crate) const UPPER: Characters = 1 << 1;
pub(crate) const LOWER: Characters = 1 << 2;
/// Outside ASCII.
pub(crate) const FOREIGN: Characters = 1 << 3;
pub(crate) const SPACE: Characters = 1 << 4;
pub(crate) const COLON: Characters = 1 << 5;
pub(crate) const SLASH: Characters = 1 << 6;
pub(crate) const BACKSLASH: Characters = 1 << 7;
pub(crate) const DOT: Characters = 1 << 8;
pub(crate) const HYPHEN: Characters = 1 << 9;
pub(crate) const UNDERSCORE: Characters = 1 << 10;
pub(crate) const PERCENT: Characters = 1 << 11;
/// `{`, `$`, `#` or `<`, with which templates begin.
pub(crate) const OPENER: Characters = 1 << 12;
pub(crate) const HASH: Characters = 1 << 13;
/// `!@#$%^&*+=~?`, which words, identifiers and paths do not have.
pub(crate) const MARK: Characters = 1 << 14;
pub(crate) const TAB: Characters = 1 << 15;
/// Any other character.
const OTHER: Characters = 1 << 16;

static KINDS: [Characters; 256] = {
    let mut kinds = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' => LOWER,
            0x80.. => FOREIGN,
            b' ' => SPACE,
            b':' => COLON,
            b'/' => SLASH,
            b'\\' => BACKSLASH,
            b'.' => DOT,
            b'-' => HYPHEN,
            b'_' => UNDERSCORE,
            b'%' => PERCENT | MARK,
            b'#' => OPENER | HASH | MARK,
            b'$' => OPENER | MARK,
            b'{' | b'<' => OPENER,
            b'!' | b'@' | b'^' | b'&' | b'*' | b'+' | b'=' | b'~' | b'?' => MARK,
            b'\t' => TAB,
            _ => OTHER,
        };
        byte += 1;
    }
    kinds
};

/// The kinds that occur in `text`.
pub(crate) fn of(text: &[u8]) -> Characters {
    text.iter().fold(0, |kinds, byte| kinds | KINDS[usize::from(*byte)])
}
