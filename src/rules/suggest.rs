//! Suggestions for mistyped names.

use std::fmt;

use super::built_in::{BUILT_IN, SETS};

/// Two words that are less similar than this are not suggested for each other.
const LIKENESS_MIN: f64 = 0.8;

/// The most similar of `names` to `text`, if one is similar enough.
pub fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(text, name), name))
        .filter(|(likeness, _)| *likeness > LIKENESS_MIN)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name)
}

/// A name in a list of rules that is neither that of a rule nor that of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// The name.
    pub name: String,
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `none` turns redaction off: it is never suggested.
        let sets = SETS.into_iter().filter(|set| *set != "none");
        let names = BUILT_IN.iter().map(|rule| rule.name).chain(sets);
        match self.name.as_str() {
            "" => f.write_str("the name of a rule is missing; ")?,
            name => write!(f, "there is no rule '{name}'; ")?,
        }
        if let Some(near) = nearest(&self.name, names) {
            write!(f, "did you mean {near}? ")?;
        }
        f.write_str("'blackbar rules' lists them")
    }
}

impl std::error::Error for UnknownRule {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_suggested() {
        let names = ["cookie", "bearer", "authorization"];
        assert_eq!(nearest("coockie", names), Some("cookie"));
        assert_eq!(nearest("autorisation", names), Some("authorization"));
        assert_eq!(nearest("x", names), None);
    }
}
