//! Every form of a credential, in every wrapping, with every shape of token.
//!
//! The expected output does not come from the engine. A wrapping encodes both the text around the slots and the tokens
//! in them, and the expected output has the replacement in place of the encoded token. A wrapping excludes the forms
//! that make no sense in it, with a reason.

#[path = "../driver/mod.rs"]
mod driver;
mod forms;
#[path = "../marked/mod.rs"]
mod marked;
mod shapes;
#[allow(dead_code)]
#[path = "../../src/grammar/key/shapes.rs"]
mod table;
#[path = "../verdict/mod.rs"]
mod verdict;
#[allow(dead_code)]
#[path = "../../src/grammar/key/wrappers.rs"]
mod wrappers;
mod wrappings;

use std::collections::BTreeMap;

use driver::Driver;
use forms::{FORMS, Form, Tail};
use marked::{Marked, tables};
use shapes::{JOSE, TOKENS};
use verdict::difference;
use wrappings::{WRAPPINGS, Wrapping};

/// The shapes are tested in two halves, which run at the same time.
#[test]
fn every_form_in_every_wrapping_with_every_first_shape() {
    every_form(0);
}

#[test]
fn every_form_in_every_wrapping_with_every_second_shape() {
    every_form(1);
}

fn every_form(half: usize) {
    let driver = Driver::new();
    let mut tally = Tally::default();
    for form in FORMS.iter().filter(|form| chosen(form.rule, form.name)) {
        let shapes = if form.rule == "jwt" { JOSE } else { TOKENS };
        for wrapping in WRAPPINGS {
            for shape in shapes.iter().skip(half).step_by(2) {
                if form.text.contains("assertion=«") && shape.name == "short" {
                    tally.leave_out("an assertion is a signed document, never that short");
                    continue;
                }
                let name = format!("{}: {}", shape.name, form.name);
                tally.run(&driver, &name, form, wrapping, &shape.tokens);
            }
        }
    }
    assert!(filter().is_some() || tally.tried() >= 700, "only {} cases", tally.tried());
    tally.conclude();
}

/// The rows of the engine's own table. Other tests check their examples; here each row is also written in JSON and in
/// JSON in JSON, with tokens of every shape.
#[test]
fn every_row_of_the_table_in_three_wrappings() {
    let driver = Driver::new();
    let mut tally = Tally::default();
    // Rows for other rules only are tested with the table.
    let rows = table::SHAPES.iter().filter(|shape| shape.keys != table::OPTIONAL);
    let examples = rows.map(|shape| shape.example);
    let wrappers = wrappers::WRAPPERS
        .iter()
        .chain(wrappers::TYPES)
        .chain(wrappers::AFTER)
        .map(|wrapper| wrapper.example);
    for example in examples.chain(wrappers).filter(|example| chosen("shape", example)) {
        let marked = Marked::parse(example).unwrap();
        let form = Form { rule: "shape", name: example, text: example, tail: Tail::Line };
        for wrapping in WRAPPINGS.iter().filter(|w| THREE.contains(&w.name)) {
            let secret =
                |k: usize| str::from_utf8(&marked.secrets[k % marked.secrets.len()]).unwrap();
            let text = blank(example);
            let form = Form { text: Box::leak(text.into_boxed_str()), ..form };
            tally.run(&driver, example, &form, wrapping, &[secret(0), secret(1)]);
        }
    }
    tally.conclude();
}

const THREE: [&str; 3] = ["plain", "json", "json in json"];

/// The text with an empty string between its marks.
fn blank(text: &str) -> String {
    let mut parts = text.split('«');
    let mut blank = parts.next().unwrap().to_owned();
    for part in parts {
        blank.push_str("«»");
        blank.push_str(part.split_once('»').unwrap().1);
    }
    blank
}

#[test]
fn every_placeholder_in_every_form() {
    let driver = Driver::new();
    let mut tally = Tally::default();
    // Cookies are left out, because `null` and `none` are possible values of a cookie. JWTs are left out, because they
    // are found by their content.
    for form in FORMS.iter().filter(|form| !["jwt", "cookie"].contains(&form.rule)) {
        for placeholder in PLACEHOLDERS.iter().filter(|_| chosen(form.rule, form.name)) {
            for wrapping in WRAPPINGS.iter().filter(|w| ["plain", "json"].contains(&w.name)) {
                let Ok(marked) = wrapping.write(form, &[placeholder, placeholder]) else {
                    continue;
                };
                let input = &marked.input;
                let miss = driver
                    .first_miss(input, input, 1..input.len())
                    .map(|(way, got)| difference(placeholder, &way, input, input, &got));
                tally.count(form.rule, form.name, wrapping.name, miss);
            }
        }
    }
    tally.conclude();
}

/// What people write in place of a token.
const PLACEHOLDERS: &[&str] = &[
    "null",
    "undefined",
    "none",
    "nil",
    "<token>",
    "${TOKEN}",
    "$TOKEN",
    "{{token}}",
    "{token}",
    "%s",
    "***",
    "xxxx",
    "...",
    "[REDACTED]",
    "[FILTERED]",
    "<masked>",
    "<YOUR_ACCESS_TOKEN>",
];

#[test]
fn every_trap_in_every_wrapping() {
    let driver = Driver::new();
    let mut tally = Tally::default();
    for case in tables() {
        let Some(name) = case.name.strip_prefix("traps/") else { continue };
        let text = String::from_utf8(case.marked.input).unwrap();
        let text = text.strip_suffix('\n').unwrap_or(&text);
        if !chosen("trap", name) {
            continue;
        }
        if let Some(reason) = not_to_be_wrapped(name) {
            tally.leave_out(reason);
            continue;
        }
        // A trap is a form without a slot; a test may leak what it was made of.
        let tail = if text.contains('\t') { Tail::Column } else { Tail::Line };
        let text = Box::leak(text.to_owned().into_boxed_str());
        let form = Form { rule: "trap", name: "", text, tail };
        for wrapping in WRAPPINGS {
            let input = match wrapping.write(&form, &["", ""]) {
                Ok(marked) => marked.input,
                Err(reason) => {
                    tally.leave_out(reason);
                    continue;
                }
            };
            let miss = driver
                .first_miss(&input, &input, 1..input.len())
                .map(|(way, got)| difference(name, &way, &input, &input, &got));
            tally.count("trap", name, wrapping.name, miss);
        }
    }
    tally.conclude();
}

#[test]
fn a_form_is_written_as_described() {
    let form = Form { rule: "bearer", name: "", text: "·a: ·\"«»/«»\"", tail: Tail::Closed };
    let written = |name: &str| {
        let wrapping = WRAPPINGS.iter().find(|w| w.name == name).unwrap();
        let marked = wrapping.write(&form, &["x+", "y/"]).unwrap();
        [marked.input, marked.expected].map(|text| String::from_utf8(text).unwrap())
    };
    assert_eq!(written("plain"), ["a: \"x+/y/\"\n", "a: \"[REDACTED]/[REDACTED]\"\n"]);
    assert_eq!(
        written("json, slashes escaped"),
        [
            r#"{"level":"debug","msg":"a: \"x+\/y\/\"","n":1}"#.to_owned() + "\n",
            r#"{"level":"debug","msg":"a: \"[REDACTED]\/[REDACTED]\"","n":1}"#.to_owned() + "\n",
        ]
    );
    assert_eq!(
        written("form"),
        ["m=a%3A+%22x%2B%2Fy%2F%22&n=1\n", "m=a%3A+%22[REDACTED]%2F[REDACTED]%22&n=1\n"]
    );
    let coloured = written("coloured")[1].replace('\x1b', "E");
    assert_eq!(
        coloured,
        "E[2m10:00:01E[0m E[39;49;00mE[33ma: E[39;49;00mE[33m\"[REDACTED]/[REDACTED]\"E[0m\n"
    );
}

#[test]
fn wrappings_are_what_their_readers_would_undo() {
    // Each level of JSON is decoded by replacing its escapes, outermost first.
    let form = Form { rule: "bearer", name: "", text: "\"a\\b\"", tail: Tail::Closed };
    let depth = |name: &str| {
        let wrapping: &Wrapping = WRAPPINGS.iter().find(|w| w.name == name).unwrap();
        String::from_utf8(wrapping.write(&form, &["", ""]).unwrap().input).unwrap()
    };
    let undo = |text: &str| {
        let inner = &text[text.find(":\"").unwrap() + 2..text.rfind("\",\"").unwrap()];
        inner.replace("\\\\", "\u{1}").replace("\\\"", "\"").replace('\u{1}', "\\")
    };
    let strip = |text: &str| text.replace("{\"level\":\"debug\",", "{");
    let one = strip(&depth("json"));
    assert_eq!(undo(&one), "\"a\\b\"");
    assert_eq!(undo(&undo(&depth("json in json"))), "\"a\\b\"");
    assert_eq!(undo(&undo(&undo(&depth("json in json in json")))), "\"a\\b\"");
}

fn again((_, got): (String, Vec<u8>)) -> (String, Vec<u8>) {
    ("redacted again".to_owned(), got)
}

/// `BLACKBAR_CASE=rule/form` (or a part of that) runs only the matching forms.
fn filter() -> Option<String> {
    std::env::var("BLACKBAR_CASE").ok()
}

fn chosen(rule: &str, form: &str) -> bool {
    filter().is_none_or(|text| format!("{rule}/{form}").contains(&text))
}

/// Why a trap is not tested in wrappings.
fn not_to_be_wrapped(name: &str) -> Option<&'static str> {
    match name {
        "binary" => Some("is not text"),
        "blank-lines" => Some("is nothing but its lines"),
        "placeholder-html" | "placeholder-json-u003c" => Some("is wrapped already"),
        _ if name.starts_with("lone-") => Some("is about the end of the input"),
        _ => None,
    }
}

/// Counts by rule and form, and failures by form and wrapping.
#[derive(Default)]
struct Tally {
    tried: BTreeMap<(&'static str, String), (usize, usize)>,
    left_out: BTreeMap<&'static str, usize>,
    failures: BTreeMap<(&'static str, String, &'static str), (usize, String)>,
}

impl Tally {
    fn leave_out(&mut self, reason: &'static str) {
        *self.left_out.entry(reason).or_default() += 1;
    }

    /// Redacts `form` with `tokens` in `wrapping` in every way, twice, and counts the result. `name` is for failures.
    fn run(
        &mut self,
        driver: &Driver,
        name: &str,
        form: &Form,
        wrapping: &Wrapping,
        tokens: &[&str; 2],
    ) {
        let marked = match wrapping.write(form, tokens) {
            Ok(marked) => marked,
            Err(reason) => return self.leave_out(reason),
        };
        let (input, expected) = (&marked.input, &marked.expected);
        let miss = driver
            .first_miss(input, expected, 1..input.len())
            .or_else(|| driver.first_miss(expected, expected, None).map(again))
            .map(|(way, got)| difference(name, &way, input, expected, &got));
        self.count(form.rule, form.name, wrapping.name, miss);
    }

    fn count(
        &mut self,
        rule: &'static str,
        form: &str,
        wrapping: &'static str,
        miss: Option<String>,
    ) {
        let counts = self.tried.entry((rule, form.to_owned())).or_default();
        counts.0 += 1;
        if let Some(example) = miss {
            counts.1 += 1;
            let key = (rule, form.to_owned(), wrapping);
            self.failures.entry(key).or_insert((0, example)).0 += 1;
        }
    }

    fn tried(&self) -> usize {
        self.tried.values().map(|(tried, _)| tried).sum()
    }

    /// Prints the summary, and panics if anything failed.
    fn conclude(self) {
        let mut rules: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
        for ((rule, form), (tried, failed)) in &self.tried {
            if *rule != "trap" || *failed > 0 {
                println!("{rule:14} {form:32} {tried:5} cases {failed:5} failed");
            }
            let sum = rules.entry(rule).or_default();
            *sum = (sum.0 + 1, sum.1 + tried, sum.2 + failed);
        }
        for (rule, (forms, tried, failed)) in &rules {
            println!("{rule:14} {forms:4} forms {tried:6} cases {failed:6} failed");
        }
        for (reason, count) in &self.left_out {
            println!("left out {count:5}: {reason}");
        }
        let failed: usize = self.failures.values().map(|(count, _)| count).sum();
        let total = self.tried();
        println!("{total} cases, {failed} failed");
        if failed == 0 {
            return;
        }
        let mut forms: BTreeMap<_, (Vec<String>, &str)> = BTreeMap::new();
        let mut wrappings: BTreeMap<&str, usize> = BTreeMap::new();
        for ((rule, form, wrapping), (count, example)) in &self.failures {
            let entry = forms.entry((rule, form)).or_insert((Vec::new(), example));
            entry.0.push(format!("{wrapping} ({count})"));
            *wrappings.entry(wrapping).or_default() += count;
        }
        for ((rule, form), (wrappings, example)) in forms.iter().take(SHOWN) {
            println!("=== {rule} / {form}: {}\n{example}", wrappings.join(", "));
        }
        if forms.len() > SHOWN {
            println!("... and {} more forms", forms.len() - SHOWN);
        }
        println!("by wrapping: {wrappings:?}");
        panic!("{failed} of {total} cases failed");
    }
}

/// How many failing forms are shown with an example.
const SHOWN: usize = 60;
