//! Text without secrets: not one byte of it may change.
//!
//! `tests/precision/*.txt` are hand-written lines in the styles of systems, libraries, documentation and source code
//! that often mention "token", "cookie" and "authorization". `templates.in` is filled in for volume. A line belongs
//! there if a careful person who redacts by hand would not change it.

#[path = "precision/generator.rs"]
mod generator;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use blackbar::{Redactor, Ruleset};

#[test]
fn hand_written_text_is_unchanged() {
    let mut texts = Vec::new();
    for path in hand_written() {
        texts.push((name(&path), fs::read_to_string(&path).expect("a precision text is UTF-8")));
    }
    assert_unchanged(&texts);
}

#[test]
fn generated_text_is_unchanged() {
    let templates =
        fs::read_to_string(directory().join("templates.in")).expect("the templates are UTF-8");
    let lines = generator::fill(&templates, 40);
    assert!(lines.len() >= 3000, "only {} generated lines", lines.len());
    assert_unchanged(&[("generated".to_owned(), lines.join("\n") + "\n")]);
}

#[test]
fn hand_written_text_is_varied() {
    let texts: Vec<String> = hand_written()
        .iter()
        .map(|path| fs::read_to_string(path).expect("a precision text is UTF-8"))
        .collect();
    let distinct: HashSet<&str> = texts.iter().flat_map(|text| text.lines()).collect();
    assert!(texts.len() >= 25, "only {} texts", texts.len());
    assert!(distinct.len() >= 600, "only {} distinct lines", distinct.len());
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/precision")
}

fn hand_written() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(directory())
        .expect("the precision texts are there")
        .map(|entry| entry.expect("the directory can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().expect("a file has a name").to_string_lossy().into_owned()
}

fn redact(rules: &Ruleset, text: &str) -> String {
    let mut redactor = Redactor::new(rules);
    let mut out = Vec::new();
    redactor.push(text.as_bytes(), &mut out);
    redactor.finish(&mut out);
    String::from_utf8(out).expect("redacting keeps UTF-8")
}

/// Checks each text as a whole, for state that is carried from line to line, and then line by line, for changes that
/// the previous line may have prevented. All changed lines are reported, not just the first.
fn assert_unchanged(texts: &[(String, String)]) {
    for rules in [Ruleset::standard(), Ruleset::all()] {
        assert_unchanged_by(&rules, texts);
    }
}

fn assert_unchanged_by(rules: &Ruleset, texts: &[(String, String)]) {
    let mut report = String::new();
    let mut changed = 0;
    let mut total = 0;
    for (name, text) in texts {
        let whole = redact(rules, text);
        assert_eq!(whole.lines().count(), text.lines().count(), "{name}: lines were lost or made");
        for (number, (line, in_place)) in text.lines().zip(whole.lines()).enumerate() {
            total += 1;
            let alone = redact(rules, line);
            let after = if in_place == line { &alone } else { in_place };
            if after != line {
                changed += 1;
                writeln!(report, "{name}:{}\n  - {line}\n  + {after}", number + 1)
                    .expect("a String takes any text");
            }
        }
        if changed == 0 {
            assert!(whole == *text, "{name}: line endings changed");
        }
    }
    assert!(changed == 0, "{changed} of {total} lines changed\n{report}");
}
