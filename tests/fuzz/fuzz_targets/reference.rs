//! The engine equals the slow redactor on logs whose lines were cut off. The fuzzer's input is not the log:
//! it is the choices from which one is made, so that every input is of the class that is compared. What damage within
//! a line makes of it can often be read in two ways; `tests/reference.rs` has a few thousand that cannot.

#![no_main]

#[path = "../../reference/mod.rs"]
mod slow;

use libfuzzer_sys::fuzz_target;
use push::{STANDARD, assert_same, cut_lines, whole};

fuzz_target!(|choices: &[u8]| {
    let Some(log) = cut_lines(choices) else { return };
    let (engine, slow) = (whole(&STANDARD, &log), slow::redact(&log));
    if engine != slow {
        eprintln!("    input: {}", log.escape_ascii());
    }
    assert_same("engine", &engine, "slow", &slow);
});
