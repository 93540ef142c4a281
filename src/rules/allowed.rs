//! Values that the user declared not to be secret.

use std::collections::HashSet;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

/// The longest value that can be allowed, in bytes. A value can be compared only once all of it is in the window.
pub(crate) const MAX_ALLOWED: usize = 1024;

/// Values that are kept, whichever rule finds them.
#[derive(Default)]
pub(crate) struct Allowed {
    values: HashSet<Vec<u8>>,
    patterns: Option<Regex>,
    /// Names of cookies whose values are kept.
    cookies: Vec<Vec<u8>>,
}

impl Allowed {
    /// Compiles the allowed values. On error, returns the index of the pattern that does not compile and the reason.
    pub fn new(
        values: Vec<Vec<u8>>,
        patterns: &[String],
        cookies: Vec<String>,
    ) -> Result<Allowed, (usize, String)> {
        let regex = |patterns: &[String]| {
            Regex::builder()
                .syntax(syntax::Config::new().unicode(false).utf8(false))
                .configure(Regex::config().utf8_empty(false))
                .build_many(patterns)
                .map_err(|error| {
                    error.syntax_error().map_or(error.to_string(), ToString::to_string)
                })
        };
        // Compile each pattern alone first, so that the error names the one that is wrong in its own words.
        for (index, pattern) in patterns.iter().enumerate() {
            regex(std::slice::from_ref(pattern)).map_err(|reason| (index, reason))?;
        }
        let whole: Vec<String> =
            patterns.iter().map(|pattern| format!("(?:{pattern})\\z")).collect();
        let patterns = match whole.is_empty() {
            true => None,
            false => Some(regex(&whole).map_err(|reason| (0, reason))?),
        };
        Ok(Allowed {
            values: values.into_iter().collect(),
            patterns,
            cookies: cookies.into_iter().map(String::into_bytes).collect(),
        })
    }

    /// Whether nothing is allowed.
    pub fn is_empty(&self) -> bool {
        !self.has_values() && self.cookies.is_empty()
    }

    /// Whether any values are allowed.
    pub fn has_values(&self) -> bool {
        !self.values.is_empty() || self.patterns.is_some()
    }

    /// Whether `value`, which is a whole value, is allowed.
    pub fn has(&self, value: &[u8]) -> bool {
        self.values.contains(value)
            || self.patterns.as_ref().is_some_and(|patterns| {
                patterns.is_match(Input::new(value).anchored(Anchored::Yes))
            })
    }

    /// The names of cookies whose values are kept.
    pub fn cookies(&self) -> &[Vec<u8>] {
        &self.cookies
    }
}

/// Shows how many values there are, but not the values.
impl std::fmt::Debug for Allowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Allowed").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_to_match_all_of_a_value() {
        let patterns = ["test-.*".to_owned(), "a|bc".to_owned()];
        let allowed = Allowed::new(vec![b"x".to_vec()], &patterns, Vec::new()).unwrap();
        for value in ["x", "test-1", "a", "bc"] {
            assert!(allowed.has(value.as_bytes()), "{value}");
        }
        for value in ["xx", "a-test-1", "abc", "ab", ""] {
            assert!(!allowed.has(value.as_bytes()), "{value}");
        }
        assert_eq!(Allowed::new(vec![], &["a".into(), "(b".into()], vec![]).unwrap_err().0, 1);
    }
}
