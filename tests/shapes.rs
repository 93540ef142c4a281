//! The table of the formats in which programs print keys and values: every example is redacted as it is marked, and the
//! page that prints the table is up to date.
//!
//! `BLACKBAR_WRITE=1` writes the page.

mod driver;
mod marked;
#[allow(dead_code)]
#[path = "../src/grammar/key/shapes.rs"]
mod shapes;
mod verdict;
#[allow(dead_code)]
#[path = "../src/grammar/key/wrappers.rs"]
mod wrappers;

use std::path::Path;

use blackbar::Ruleset;
use driver::Driver;
use marked::Marked;
use shapes::{OPTIONAL, SHAPES};
use verdict::Verdict;
use wrappers::{AFTER, TYPES, WRAPPERS};

/// Each example and where it is printed, in table order.
fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    let shapes = SHAPES.iter().map(|shape| (shape.example, shape.origin));
    let wrappers =
        WRAPPERS.iter().chain(TYPES).chain(AFTER).map(|wrapper| (wrapper.example, wrapper.origin));
    shapes.chain(wrappers)
}

#[test]
fn every_example_is_redacted_as_it_is_marked() {
    // Some rows are only for keys outside the `default` set.
    let (standard, all) = (Driver::new(), Driver::of(Ruleset::all()));
    let further =
        |example| SHAPES.iter().any(|shape| shape.keys == OPTIONAL && shape.example == example);
    let mut verdict = Verdict::default();
    for (example, _) in examples() {
        let driver = if further(example) { &all } else { &standard };
        let Marked { input, expected, secrets } = Marked::parse(&format!("{example}\n")).unwrap();
        assert!(!secrets.is_empty(), "{example} has no secret");
        let miss = driver.first_miss(&input, &expected, 1..input.len());
        verdict.judge(example, &input, &expected, miss);
    }
    verdict.conclude("shapes");
}

#[test]
fn the_page_has_every_row() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/grammar/key/shapes.md");
    let mut page = String::from(
        "The shapes in which programs print a key and its value, where no colon or equals sign alone stands between them. What is \
         between `«` and `»` is replaced.\n",
    );
    for (example, origin) in examples() {
        // In a code fence, because rustdoc treats indented text as Rust.
        page.push_str(&format!("\n{origin}:\n\n```text\n{example}\n```\n"));
    }
    if std::env::var_os("BLACKBAR_WRITE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, page, "run this test with BLACKBAR_WRITE=1");
}
