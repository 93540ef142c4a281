//! Values that the user declared not to be secret.

use std::collections::{BTreeSet, HashSet};

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
    cookies: CookieNames,
}

/// Names of cookies whose values are kept.
#[derive(Default)]
pub(crate) struct CookieNames {
    names: HashSet<Vec<u8>>,
    /// The lengths of the names, each once.
    lengths: Vec<usize>,
}

impl CookieNames {
    fn new(names: Vec<String>) -> CookieNames {
        let names: HashSet<Vec<u8>> = names.into_iter().map(String::into_bytes).collect();
        let lengths: BTreeSet<usize> = names.iter().map(Vec::len).collect();
        CookieNames { names, lengths: lengths.into_iter().collect() }
    }

    fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The lengths of the names, each once, in ascending order.
    pub fn lengths(&self) -> &[usize] {
        &self.lengths
    }

    /// Whether `name` is one of them.
    pub fn has(&self, name: &[u8]) -> bool {
        self.names.contains(name)
    }
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
            cookies: CookieNames::new(cookies),
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
    pub fn cookies(&self) -> &CookieNames {
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
