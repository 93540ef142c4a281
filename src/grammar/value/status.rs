//! Words in the place of a secret that describe its state or type: `expired`, `required`, `string`.

use crate::grammar::value::head::Head;

/// The words for secrets of every kind.
const WORDS: &[&[u8]] = &[
    b"required",
    b"optional",
    b"expired",
    b"invalid",
    b"valid",
    b"missing",
    b"enabled",
    b"disabled",
    b"string",
    b"str",
    b"text",
    b"bytes",
    b"object",
    b"ok",
    b"yes",
    b"no",
    b"unknown",
    b"void",
    b"failed",
    b"success",
    b"accepted",
    b"rejected",
    b"denied",
    b"self",
    b"opaque",
    b"generated",
];

/// Whether the value is one of these words, or of the `others` for secrets of its kind.
pub(crate) fn is_word(head: &Head, others: &[&[u8]]) -> bool {
    // No word here or there is longer.
    const LONGEST: usize = 20;
    let is = |word: &&[u8]| head.chars().eq_ignore_ascii_case(word);
    head.complete && head.len() <= LONGEST && (WORDS.iter().any(is) || others.iter().any(is))
}
