//! Words of a language in place of a value: texts of a user interface, their translations, sentences.

/// The first byte of a Greek letter in UTF-8, and of those of the scripts that follow.
const NOT_LATIN: u8 = 0xce;
/// Translations of this length may contain marks that passwords have, in bytes.
const LONG: usize = 24;

/// Whether `chars` has letters outside ASCII and hardly a digit, as translations have, and no token or key.
pub(crate) fn is_foreign(chars: &[u8]) -> bool {
    let digits = chars.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits * 8 <= chars.len() && has_foreign_letter(chars)
}

/// Whether there is a letter outside ASCII, and not only punctuation, bullets and spaces: these start with 0xC2 and 0xE2.
fn has_foreign_letter(chars: &[u8]) -> bool {
    chars.iter().any(|byte| (0xc3..=0xe1).contains(byte) || *byte > 0xe2)
}

/// Words of another language: letters, of which some are not ASCII, with blanks or of a script other than Latin, and hardly
/// a digit. A password may have such letters too, so marks are accepted only in a long text.
pub(crate) fn is_translation(chars: &[u8]) -> bool {
    let digits = chars.iter().filter(|byte| byte.is_ascii_digit()).count();
    let foreign = chars.iter().filter(|byte| **byte >= 0x80).count();
    let [body @ .., _] = chars else { return false };
    let marks = || body.iter().any(|byte| b"!@#$%^&*+=~?{}<>|\\".contains(byte));
    // Texts of a user interface have the tags of HTML in them.
    let tagged = || chars.windows(2).any(|two| two == b"</");
    let text = chars.len() >= LONG && (foreign * 2 > chars.len() || is_phrase(chars) || tagged());
    // The start of a text may have a range in it: `8-128`.
    let few = if foreign * 2 > chars.len() { 4 } else { 8 };
    foreign > 0
        && digits * few <= chars.len()
        && (chars.contains(&b' ') || chars.iter().any(|byte| *byte >= NOT_LATIN))
        && (text || !marks())
}

/// Whether it has four or more words.
fn is_phrase(chars: &[u8]) -> bool {
    chars.iter().filter(|byte| **byte == b' ').count() >= 3
}

/// Five or more words, most of them of letters, possibly with markup between.
pub(crate) fn is_statement(chars: &[u8]) -> bool {
    is_sentence(chars) && chars.iter().filter(|byte| **byte == b' ').count() >= 4
}

/// Three or more words, most of them of letters: a statement about a secret.
pub(crate) fn is_sentence(chars: &[u8]) -> bool {
    let blanks = chars.iter().filter(|byte| **byte == b' ').count();
    let letters = chars.iter().filter(|byte| byte.is_ascii_alphabetic() || **byte >= 0x80).count();
    blanks >= 2 && (letters + blanks) * 4 >= chars.len() * 3
}
