//! Recorded HTTP traffic, checked by an independent reader: no value under a credential's name is left in the output.
//!
//! `tests/recorded/` contains recordings in the formats of VCR, vcrpy, go-vcr, betamax, nock, WireMock, Postman,
//! browsers (HAR) and Chrome's protocol: lists of header values, values folded over lines, flow lists, blocks, lists of
//! cookie objects, JSON in strings. All of it is made up. The reader parses them with JSON and YAML libraries, collects
//! the secrets, and searches for them in the output, both in its bytes and in its parsed form.
//!
//! `BLACKBAR_RECORDINGS=DIRECTORY cargo test --test recorded -- --ignored --nocapture` does the same for your own
//! recordings, and prints for each file how many secrets were left.

#[path = "recorded/reader.rs"]
mod reader;

use std::path::{Path, PathBuf};

use blackbar::{Redactor, Ruleset, Style, Styles, Text};

#[test]
fn no_secret_of_a_recording_is_left() {
    let mut report = String::new();
    let mut total = 0;
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded")) {
        let input = std::fs::read(&path).expect("a recording");
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let found = reader::secrets(&name, &input).expect("a recording is parsed");
        assert!(found.len() >= 30, "{name}: only {} secrets were collected", found.len());
        total += found.len();
        let output = redact(&input);
        for secret in reader::left(&name, &output, &found).expect("the output is parsed") {
            report += &format!("{name}: {secret:?}\n");
        }
    }
    assert!(total >= 1000, "only {total} secrets");
    assert!(report.is_empty(), "left:\n{report}");
}

#[test]
fn the_reader_finds_what_is_there() {
    let har = r#"{"headers":[{"name":"Cookie","value":"a=first0; b=second"}],"x":"third00"}"#;
    let found = reader::secrets("x.har", har.as_bytes()).unwrap();
    assert_eq!(found, ["first0", "second"]);
    let unchanged = reader::left("x.har", har.as_bytes(), &found).unwrap();
    assert_eq!(unchanged, ["first0", "second"]);
}

/// Reads recordings that were not written for a test. A secret that is left is reported and fails the run.
#[test]
#[ignore = "needs recordings: BLACKBAR_RECORDINGS names their directory"]
fn no_secret_of_given_recordings_is_left() {
    let Some(directory) = std::env::var_os("BLACKBAR_RECORDINGS") else { return };
    let (mut parsed, mut total, mut left, mut broken) = (0, 0, 0, 0);
    for path in files(Path::new(&directory)) {
        let Ok(input) = std::fs::read(&path) else { continue };
        let name = path.to_string_lossy().into_owned();
        let Some(found) = reader::secrets(&name, &input) else { continue };
        parsed += 1;
        total += found.len();
        match reader::left_in_place(&name, &redact(&input), &found) {
            None => {
                broken += 1;
                println!("{name}: is not parsed any more");
            }
            Some(secrets) => {
                left += secrets.len();
                secrets.iter().for_each(|secret| println!("{name}: {secret}"));
            }
        }
    }
    println!("{parsed} recordings, {total} secrets, {left} left, {broken} not parsed any more");
    assert_eq!((left, broken), (0, 0));
}

/// Redacts with a plain word, which is a string in YAML too.
fn redact(input: &[u8]) -> Vec<u8> {
    let text = Text::new("REDACTED").expect("a word");
    let mut redactor = Redactor::styled(&Ruleset::standard(), &Styles::new(Style::Text(text)));
    let mut out = Vec::new();
    redactor.push(input, &mut out);
    redactor.finish(&mut out);
    out
}

/// The recordings below a directory, in order.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&directory) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else if reader::Format::of(&path.to_string_lossy()).is_some() {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
