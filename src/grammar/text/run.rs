//! Runs of the characters that tokens consist of, including those of their escapes.

/// The class of a byte in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Not part of a run.
    Other,
    Alphanumeric,
    /// A token may begin after it.
    Mark,
    /// The same, and it is more frequent between words than in tokens.
    Joint,
    Percent,
    Backslash,
}

/// The class of each byte.
pub(crate) const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => Class::Alphanumeric,
            b'_' | b'-' | b'+' | b'/' | b'~' => Class::Mark,
            b'.' | b'=' => Class::Joint,
            b'%' => Class::Percent,
            b'\\' => Class::Backslash,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Whether the byte can be in a run that may contain a token.
pub(crate) const IN_RUN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = !matches!(CLASSES[byte], Class::Other);
        byte += 1;
    }
    table
};

/// The start, at or after `lowest`, of the run that extends to `to` and may contain a token. A few forms also contain
/// `:`, `!`, `|`, `$` or `@`.
pub(crate) fn start(window: &[u8], to: usize, lowest: usize) -> usize {
    let of_token =
        |byte: &u8| IN_RUN[usize::from(*byte)] || matches!(byte, b':' | b'!' | b'|' | b'$' | b'@');
    let run = window[lowest..to].iter().rev().take_while(|byte| of_token(byte)).count();
    to - run
}

/// The same, without the characters that join words.
pub(crate) const IN_CORE: [bool; 256] = {
    let mut table = IN_RUN;
    table[b'.' as usize] = false;
    table[b'=' as usize] = false;
    table
};
