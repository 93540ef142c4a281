//! Values that the user declared not to be secret.

use std::collections::{BTreeSet, HashSet};

use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, Look};

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
        // A pattern has to match up to the end. That is added to what it was parsed to, because its text may end in a
        // comment.
        let parse = |(index, pattern): (usize, &String)| {
            let parsed = ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern);
            match parsed {
                Ok(hir) => Ok(Hir::concat(vec![hir, Hir::look(Look::End)])),
                Err(error) => Err((index, error.to_string())),
            }
        };
        let whole: Vec<Hir> = patterns.iter().enumerate().map(parse).collect::<Result<_, _>>()?;
        let compile = |whole: &[Hir]| {
            Regex::builder()
                .configure(Regex::config().utf8_empty(false))
                .build_many_from_hir(whole)
                .map_err(|error| error.to_string())
        };
        let too_large = |one: &Hir| compile(std::slice::from_ref(one)).is_err();
        let patterns = match whole.is_empty() {
            true => None,
            false => Some(compile(&whole).map_err(|reason| {
                (whole.iter().position(too_large).unwrap_or_default(), reason)
            })?),
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
        let patterns = ["test-.*", "a|bc", "(?x) ok . # our own"].map(str::to_owned);
        let allowed = Allowed::new(vec![b"x".to_vec()], &patterns, Vec::new()).unwrap();
        for value in ["x", "test-1", "a", "bc", "okx"] {
            assert!(allowed.has(value.as_bytes()), "{value}");
        }
        for value in ["xx", "a-test-1", "abc", "ab", "okxx", ""] {
            assert!(!allowed.has(value.as_bytes()), "{value}");
        }
        for wrong in ["(b", "(?:b{1000}){1000}"] {
            let result = Allowed::new(vec![], &["a".into(), wrong.into()], vec![]);
            assert_eq!(result.unwrap_err().0, 1, "{wrong}");
        }
    }
}
