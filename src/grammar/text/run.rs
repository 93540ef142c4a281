//! Runs of the characters that tokens are made of, and of what those are escaped with.

/// What a byte is to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Not part of one.
    Other,
    Alphanumeric,
    /// Behind it a token may begin.
    Mark,
    /// The same, and it is between words more often than in tokens.
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

/// Whether what a token may stand in consists of it.
pub(crate) const IN_RUN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = !matches!(CLASSES[byte], Class::Other);
        byte += 1;
    }
    table
};

/// Where the run that a token may be in, which reaches to `to`, starts: at `lowest` or after it. A few forms have `:`, `!`,
/// `|`, `$` or `@` in them as well.
pub(crate) fn start(window: &[u8], to: usize, lowest: usize) -> usize {
    let of_token =
        |byte: &u8| IN_RUN[usize::from(*byte)] || matches!(byte, b':' | b'!' | b'|' | b'$' | b'@');
    let run = window[lowest..to].iter().rev().take_while(|byte| of_token(byte)).count();
    to - run
}

/// The same, without what joins words.
pub(crate) const IN_CORE: [bool; 256] = {
    let mut table = IN_RUN;
    table[b'.' as usize] = false;
    table[b'=' as usize] = false;
    table
};
