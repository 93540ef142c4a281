//! The engine gives the same output as a second, slow redactor, and as itself without the SIMD search.
//!
//! They are compared on the whole corpus, on the precision texts, on every form in every wrapping, and on logs of such
//! lines that were cut, joined and damaged. They are not compared on noise, that is, on bytes that were not derived
//! from a log.

#[allow(dead_code)]
#[path = "conformance/forms.rs"]
mod forms;
#[path = "reference/generated.rs"]
mod generated;
mod marked;
mod random;
#[path = "conformance/shapes.rs"]
mod shapes;
#[path = "reference/mod.rs"]
mod slow;
#[allow(dead_code)]
#[path = "conformance/wrappings.rs"]
mod wrappings;

use blackbar::{Redactor, Ruleset};
use random::Random;

/// Logs that are generated for each test.
const LOGS: u64 = 4000;

#[test]
fn the_engine_equals_it_on_the_corpus() {
    all_equal(&corpus(), &engine(Ruleset::standard()), &slow::redact);
}

#[test]
fn the_engine_equals_it_on_every_form() {
    all_equal(&generated::lines(&marked::corpus()), &engine(Ruleset::standard()), &slow::redact);
}

#[test]
fn the_engine_equals_it_on_generated_logs() {
    let plain = |log: &Vec<u8>| generated::is_plain(log);
    let logs: Vec<_> = logs(generated::log).filter(plain).collect();
    all_equal(&logs, &engine(Ruleset::standard()), &slow::redact);
}

#[test]
fn the_engine_equals_itself_without_simd() {
    let (standard, portable) = (engine(Ruleset::standard()), engine(Ruleset::portable()));
    all_equal(&corpus(), &standard, &portable);
    all_equal(&generated::lines(&marked::corpus()), &standard, &portable);
    all_equal(&logs(generated::log).collect::<Vec<_>>(), &standard, &portable);
}

#[test]
fn redacting_generated_logs_twice_changes_nothing() {
    let engine = engine(Ruleset::standard());
    let redacted: Vec<_> = logs(generated::cut_lines).map(|log| engine(&log)).collect();
    all_equal(&redacted, &<[u8]>::to_vec, &engine);
}

fn engine(rules: Ruleset) -> impl Fn(&[u8]) -> Vec<u8> {
    move |input| {
        let mut redactor = Redactor::new(&rules);
        let mut out = Vec::new();
        redactor.push(input, &mut out);
        redactor.finish(&mut out);
        out
    }
}

/// Every file and case of the corpus, and every text of the precision tests.
fn corpus() -> Vec<Vec<u8>> {
    let corpus = marked::corpus();
    let precision = corpus.with_file_name("tests").join("precision");
    let files = [(corpus.clone(), "log"), (corpus.join("traps"), "log"), (precision, "txt")];
    files
        .iter()
        .flat_map(|(folder, extension)| marked::files(folder, extension))
        .map(|path| std::fs::read(path).expect("a file of the corpus"))
        .chain(marked::plain_tables().into_iter().map(|case| case.marked.input))
        .collect()
}

type Generator = fn(&[Vec<u8>], &mut dyn FnMut(usize) -> usize) -> Vec<u8>;

/// Generated logs, the same ones in every run.
fn logs(generate: Generator) -> impl Iterator<Item = Vec<u8>> {
    let lines = generated::lines(&marked::corpus());
    (0..LOGS).map(move |seed| {
        let mut random = Random((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        generate(&lines, &mut |below| (random.next() >> 11) as usize % below)
    })
}

fn all_equal(inputs: &[Vec<u8>], one: &dyn Fn(&[u8]) -> Vec<u8>, other: &dyn Fn(&[u8]) -> Vec<u8>) {
    let mut different = 0;
    for input in inputs {
        let (left, right) = (one(input), other(input));
        if left != right {
            different += 1;
            println!("input {}", input.escape_ascii());
            println!(" left {}", left.escape_ascii());
            println!("right {}\n", right.escape_ascii());
        }
    }
    assert_eq!(different, 0, "of {} inputs", inputs.len());
}
