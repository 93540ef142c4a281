//! What a mistyped name was meant to be.

/// Below this two words have little in common.
const LIKENESS_MIN: f64 = 0.8;

/// The one of `names` that `text` is most like, if it is like any.
pub(crate) fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(text, name), name))
        .filter(|(likeness, _)| *likeness > LIKENESS_MIN)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_nearly_right() {
        let names = ["cookie", "bearer", "authorization"];
        assert_eq!(nearest("coockie", names), Some("cookie"));
        assert_eq!(nearest("autorisation", names), Some("authorization"));
        assert_eq!(nearest("x", names), None);
    }
}
