//! YAML stays YAML with a plain word as replacement, which the guide recommends for it.

#![allow(dead_code)]

mod driver;
mod marked;

use blackbar::{Ruleset, Style, Styles, Text};
use driver::redact;
use marked::{corpus, files};
use yaml_rust2::{Yaml, YamlLoader};

/// The value of `--replacement` for YAML.
const WORD: &str = "REDACTED";

/// Whether both have the same keys in the same places, and lists of the same length.
fn are_alike(one: &Yaml, other: &Yaml) -> bool {
    match (one, other) {
        (Yaml::Hash(one), Yaml::Hash(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|((one_key, one), (other_key, other))| {
                    one_key == other_key && are_alike(one, other)
                })
        }
        (Yaml::Array(one), Yaml::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| are_alike(one, other))
        }
        (Yaml::Hash(_) | Yaml::Array(_), _) | (_, Yaml::Hash(_) | Yaml::Array(_)) => false,
        _ => true,
    }
}

#[test]
fn no_document_stops_parsing() {
    let styles = Styles::new(Style::Text(Text::new(WORD).unwrap()));
    let documents = files(&corpus().join("yaml"), "yaml");
    assert!(documents.len() >= 6, "{documents:?}");
    for rules in [Ruleset::standard(), Ruleset::all()] {
        for path in &documents {
            let text = std::fs::read_to_string(path).unwrap();
            let out = redact(&rules, &styles, [text.as_bytes()]);
            let out = String::from_utf8(out).unwrap();
            assert!(out.contains(WORD) || text == out, "{out}");
            let before = YamlLoader::load_from_str(&text).unwrap();
            let after = match YamlLoader::load_from_str(&out) {
                Ok(after) => after,
                Err(error) => panic!("{}: {error}\n{out}", path.display()),
            };
            assert_eq!(before.len(), after.len(), "{out}");
            for (before, after) in before.iter().zip(&after) {
                assert!(are_alike(before, after), "{}\n{out}", path.display());
            }
            let twice = redact(&rules, &styles, [out.as_bytes()]);
            assert_eq!(String::from_utf8(twice).unwrap(), out, "twice");
        }
    }
}
