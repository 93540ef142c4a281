//! Shared by the targets: ways to push an input through a redactor, and inputs that are logs.

#[allow(dead_code)]
#[path = "../conformance/forms.rs"]
mod forms;
#[path = "../reference/generated.rs"]
mod generated;
#[path = "../marked/mod.rs"]
mod marked;
#[path = "../conformance/shapes.rs"]
mod shapes;
#[allow(dead_code)]
#[path = "../conformance/wrappings.rs"]
mod wrappings;

use std::path::Path;
use std::sync::LazyLock;

use blackbar::{Redactor, Ruleset};

/// The rule sets, compiled once per process.
pub static STANDARD: LazyLock<Ruleset> = LazyLock::new(Ruleset::standard);
pub static PORTABLE: LazyLock<Ruleset> = LazyLock::new(Ruleset::portable);

/// The lines of the corpus and of its tables.
pub static LINES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| generated::lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus")));

/// Makes choices from `choices`, two bytes each. When they are used up, the first option is chosen.
fn choose(choices: &[u8]) -> impl FnMut(usize) -> usize + '_ {
    let mut choices =
        choices.chunks_exact(2).map(|two| usize::from(two[0]) << 8 | usize::from(two[1]));
    move |below| choices.next().unwrap_or(0) % below
}

/// A log of lines that were cut off. `None` if its meaning is ambiguous.
pub fn cut_lines(choices: &[u8]) -> Option<Vec<u8>> {
    let log = generated::cut_lines(&LINES, &mut choose(choices));
    generated::is_plain(&log).then_some(log)
}

/// A log of unmodified lines.
pub fn whole_lines(choices: &[u8]) -> Vec<u8> {
    generated::whole_lines(&LINES, &mut choose(choices))
}

/// One push per element of `chunks`, then the end of the input.
pub fn chunked<'a>(rules: &Ruleset, chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut redactor = Redactor::new(rules);
    let mut out = Vec::new();
    for chunk in chunks {
        redactor.push(chunk, &mut out);
    }
    redactor.finish(&mut out);
    out
}

/// The whole input in a single push.
pub fn whole(rules: &Ruleset, input: &[u8]) -> Vec<u8> {
    chunked(rules, [input])
}

/// Panics if the outputs differ, and shows both.
pub fn assert_same(one: &str, left: &[u8], other: &str, right: &[u8]) {
    assert!(
        left == right,
        "\n{one:>9}: {}\n{other:>9}: {}",
        left.escape_ascii(),
        right.escape_ascii()
    );
}

/// What seeds the hash tables of the libraries: always the same, so that coverage, which guides the fuzzer, is the same for
/// the same inputs.
#[unsafe(no_mangle)]
extern "C" fn getrandom(buffer: *mut u8, len: usize, _flags: u32) -> isize {
    // SAFETY: the C library's function has the same contract: `buffer` is valid for `len` bytes.
    unsafe { std::ptr::write_bytes(buffer, 0x5A, len) };
    len as isize
}
