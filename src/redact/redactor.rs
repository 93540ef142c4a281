//! The incremental interface: bytes in, redacted bytes out.

use crate::redact::carry::Carry;
use crate::redact::mask::Masker;
use crate::redact::style::Styles;
use crate::rules::ruleset::Ruleset;
use crate::scan::scanner::Scanner;

/// Redacts a whole log by the `default` rules. A part of a log works too, if it consists of whole lines.
///
/// ```
/// let found = blackbar::redact(b"GET / Authorization: Bearer abcdefghijklmnop0123456789\n");
/// assert_eq!(found, b"GET / Authorization: Bearer [REDACTED]\n");
/// ```
///
/// Every call compiles the rules again. For more than one log, or with other rules or styles, keep a [`Redactor`].
pub fn redact(log: &[u8]) -> Vec<u8> {
    let mut redactor = Redactor::new(&Ruleset::standard());
    let mut out = Vec::with_capacity(log.len());
    redactor.push(log, &mut out);
    redactor.finish(&mut out);
    out
}

/// Redacts a stream that arrives in chunks of any size.
///
/// The output does not depend on how the stream is cut into chunks. At most [`Ruleset::hold`] bytes wait inside for a
/// decision; everything else is in `out` when a call returns.
///
/// ```
/// use blackbar::{Redactor, Ruleset};
///
/// let mut redactor = Redactor::new(&Ruleset::standard());
/// let mut out = Vec::new();
/// redactor.push(b"Authorization: Bea", &mut out);
/// redactor.push(b"rer abcdefghijklmnop0123456789\nHost: exa", &mut out);
/// redactor.push(b"mple.com\n", &mut out);
/// redactor.finish(&mut out);
/// assert_eq!(out, b"Authorization: Bearer [REDACTED]\nHost: example.com\n");
/// ```
///
/// If a call panics, the redactor is poisoned: every later `push` and `finish` panics too, and undecided bytes are
/// never written.
#[derive(Clone, Debug)]
pub struct Redactor {
    carry: Carry<Scanner>,
}

impl Redactor {
    /// A redactor for `rules` at the start of its input.
    pub fn new(rules: &Ruleset) -> Redactor {
        Redactor { carry: Carry::for_rules(rules) }
    }

    /// A redactor for `rules` at the start of its input, with the replacements of `styles`.
    ///
    /// ```
    /// use blackbar::{Redactor, Ruleset, Style, Styles};
    ///
    /// let mut redactor = Redactor::styled(&Ruleset::standard(), &Styles::new(Style::Label));
    /// let mut out = Vec::new();
    /// redactor.push(b"Cookie: sid=31d4d96e407aad42\n", &mut out);
    /// redactor.finish(&mut out);
    /// assert_eq!(out, b"Cookie: sid=[REDACTED:cookie]\n");
    /// ```
    pub fn styled(rules: &Ruleset, styles: &Styles) -> Redactor {
        Redactor { carry: Carry::for_rules(rules).with_masker(Masker::styled(rules, styles)) }
    }

    /// Takes the next bytes of the input and appends the decided ones to `out`.
    ///
    /// # Panics
    ///
    /// If an earlier call panicked.
    pub fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        self.carry.push(chunk, out);
    }

    /// Ends the input and appends the rest to `out`. The redactor can then be used for another input.
    ///
    /// # Panics
    ///
    /// If an earlier call panicked.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.carry.finish(out);
    }

    /// Whether an earlier call panicked.
    pub fn is_poisoned(&self) -> bool {
        self.carry.is_poisoned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUT: &[u8] = b"GET / 200\nAuthorization: Bearer abcdefghijklmnop0123456789\nno newline";
    const OUTPUT: &[u8] = b"GET / 200\nAuthorization: Bearer [REDACTED]\nno newline";

    #[test]
    fn every_split_gives_the_same_bytes() {
        for at in 0..=INPUT.len() {
            let mut redactor = Redactor::new(&Ruleset::standard());
            let mut out = Vec::new();
            redactor.push(&INPUT[..at], &mut out);
            redactor.push(&INPUT[at..], &mut out);
            redactor.finish(&mut out);
            assert_eq!(out, OUTPUT, "split at {at}");
        }
    }

    #[test]
    fn inputs_are_independent() {
        let mut redactor = Redactor::new(&Ruleset::standard());
        let mut out = Vec::new();
        redactor.push(b"Authorization: Bearer abcdefghijklmnop", &mut out);
        redactor.finish(&mut out);
        redactor.push(b"0123456789 is the next input\n", &mut out);
        redactor.finish(&mut out);
        assert_eq!(out, b"Authorization: Bearer [REDACTED]0123456789 is the next input\n");
    }

    #[test]
    fn a_secret_in_place_of_a_cookie_name_is_redacted() {
        let mut redactor = Redactor::new(&Ruleset::standard());
        let mut out = Vec::new();
        let list = "  'set-cookie': [\n  { \"value\": \"b3d9c17a\", \"name\": \"set-cookie\" },\n";
        redactor.push(list.as_bytes(), &mut out);
        redactor.push(b"msg = 'started', n = 1\n    'Bearer mF_9.B5f-4.1JqM',\n", &mut out);
        redactor.finish(&mut out);
        let out = String::from_utf8_lossy(&out);
        assert!(out.ends_with("n = 1\n    'Bearer [REDACTED]',\n"), "{out}");
    }

    #[test]
    fn debug_shows_no_content() {
        let mut redactor = Redactor::new(&Ruleset::standard());
        redactor.push(b"Authorization: Bearer hunter2", &mut Vec::new());
        assert!(!format!("{redactor:?}").contains("hunter2"));
    }
}
