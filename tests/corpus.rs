//! The corpus, with every way of pushing it through the redactor.
//!
//! `corpus/cases/*.cases` are tables of short cases. `corpus/*.log` are logs with the expected output beside them in
//! `*.redacted`. `corpus/traps/*.log` have to pass unchanged. `BLACKBAR_CASE=text` runs only the cases with `text` in
//! their name.

mod driver;
mod marked;
mod verdict;

use std::collections::HashSet;
use std::path::Path;

use driver::Driver;
use marked::{Case, Marked, REPLACEMENT, corpus, files, parse_table, tables};
use verdict::Verdict;

/// A log up to this size is split at every offset. A larger one is split at every offset of the lines that contain a
/// secret, and at every [`STRIDE`]th offset elsewhere.
const EXHAUSTIVE: usize = 12 * 1024;
const STRIDE: usize = 61;

#[test]
fn marks_are_balanced_and_names_unique() {
    let cases = tables();
    let mut names = HashSet::new();
    for case in &cases {
        assert!(names.insert(&case.name), "{} is there twice", case.name);
        let trap = case.name.starts_with("traps");
        let mentions = case.marked.input.windows(10).any(|w| w == REPLACEMENT.as_bytes());
        assert!(trap || !mentions, "{} has a replacement in its input", case.name);
        assert!(!trap || case.marked.secrets.is_empty(), "{} is no trap", case.name);
    }
    assert!(cases.len() > 500, "only {} cases were read", cases.len());
}

#[test]
fn tables_are_parsed() {
    let table = "== a\n# said\nx «y» z\n== b\n⏎# kept␛\n# too␍\n⏎== kept\nend⏎\n";
    let cases = parse_table("t", table).unwrap();
    assert_eq!(cases[0].name, "t/a");
    assert_eq!(cases[0].marked.input, b"x y z\n");
    assert_eq!(cases[0].marked.expected, b"x [REDACTED] z\n");
    assert_eq!(cases[0].marked.secrets, [b"y"]);
    assert_eq!(cases[1].marked.input, b"# kept\x1b\n# too\r\n== kept\nend");
    for wrong in ["== a\nx « y", "== a\nx » y", "== a\n«a «b» c»", "x\n", "== a\n== b\nx\n"] {
        assert!(parse_table("t", wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn cases() {
    let driver = Driver::new();
    let mut verdict = Verdict::default();
    for Case { name, marked } in tables().iter().filter(|case| chosen(&case.name)) {
        // Removing the last newline must not change what is found before it.
        let cut = marked.without_last_newline();
        let runs = [(name.clone(), marked.clone())]
            .into_iter()
            .chain(cut.map(|cut| (format!("{name}, no newline"), cut)));
        let miss = runs.into_iter().find_map(|(name, run)| {
            let Marked { input, expected, .. } = run;
            let miss = driver.first_miss(&input, &expected, 1..input.len())?;
            Some((name, input, expected, miss))
        });
        match miss {
            Some((name, input, expected, miss)) => {
                verdict.judge(&name, &input, &expected, Some(miss));
            }
            None => verdict.judge(name, &[], &[], None),
        }
    }
    verdict.conclude("cases");
}

#[test]
fn logs_are_redacted_to_their_twins() {
    let driver = Driver::new();
    let mut verdict = Verdict::default();
    for (name, input) in logs(&corpus()) {
        let twin = std::fs::read(corpus().join(&name).with_extension("redacted")).unwrap();
        assert!(is_a_redaction(&input, &twin), "{name} and its twin disagree outside secrets");
        let offsets = offsets(&input, &twin);
        verdict.judge(&name, &input, &twin, driver.first_miss(&input, &twin, offsets));
    }
    verdict.conclude("logs");
}

#[test]
fn traps_pass_unchanged() {
    let driver = Driver::new();
    let mut verdict = Verdict::default();
    for (name, input) in logs(&corpus().join("traps")) {
        let offsets = offsets(&input, &input);
        verdict.judge(&name, &input, &input, driver.first_miss(&input, &input, offsets));
    }
    verdict.conclude("traps");
}

#[test]
fn redacting_again_changes_nothing() {
    let driver = Driver::new();
    let mut verdict = Verdict::default();
    let twins = logs(&corpus()).into_iter().map(|(name, _)| {
        let twin = std::fs::read(corpus().join(&name).with_extension("redacted")).unwrap();
        (name, twin)
    });
    let outputs = tables().into_iter().map(|case| (case.name, case.marked.expected));
    for (name, output) in outputs.chain(twins).filter(|(name, _)| chosen(name)) {
        let miss = driver.first_miss(&output, &output, None);
        verdict.judge(&name, &output, &output, miss);
    }
    verdict.conclude("idempotence");
}

/// Whether the case was selected by name.
fn chosen(name: &str) -> bool {
    std::env::var("BLACKBAR_CASE").map_or(true, |text| name.contains(&text))
}

/// The `.log` files of a directory, by file name.
fn logs(directory: &Path) -> Vec<(String, Vec<u8>)> {
    files(directory, "log")
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let bytes = std::fs::read(&path).unwrap();
            (name, bytes)
        })
        .filter(|(name, _)| chosen(name))
        .collect()
}

/// Whether `twin` is `input` with parts of its lines replaced: no line is missing or added, and the text between
/// replacements is in the input, in order.
fn is_a_redaction(input: &[u8], twin: &[u8]) -> bool {
    let (input, twin) = (String::from_utf8_lossy(input), String::from_utf8_lossy(twin));
    let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    let (input, twin) = (lines(&input), lines(&twin));
    input.len() == twin.len()
        && input.iter().zip(&twin).all(|(input, twin)| {
            let mut rest = input.as_str();
            let mut kept = twin.split(REPLACEMENT);
            let first = kept.next().unwrap_or("");
            rest.strip_prefix(first).is_some_and(|tail| {
                rest = tail;
                kept.all(|piece| match rest.find(piece) {
                    Some(at) => {
                        rest = &rest[at + piece.len()..];
                        true
                    }
                    None => false,
                })
            })
        })
}

/// The offsets at which a log is split; see [`EXHAUSTIVE`].
fn offsets(input: &[u8], twin: &[u8]) -> Vec<usize> {
    if input.len() <= EXHAUSTIVE {
        return (1..input.len()).collect();
    }
    let mut offsets = Vec::new();
    let mut start = 0;
    let mut redacted = twin.split(|b| *b == b'\n');
    for line in input.split(|b| *b == b'\n') {
        let secret = redacted.next() != Some(line);
        // The offsets on either side of the newline matter as much as those within the line.
        let end = (start + line.len() + 2).min(input.len());
        offsets.extend((start.max(1)..end).filter(|at| secret || at % STRIDE == 0));
        start += line.len() + 1;
    }
    offsets
}
