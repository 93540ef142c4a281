//! Suggestions for mistyped names.

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
