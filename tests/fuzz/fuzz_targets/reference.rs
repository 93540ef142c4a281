//! The engine gives the same output as the slow redactor on logs whose lines were cut off. The fuzzer's input is not
//! the log but choices from which a log is made, so that every input belongs to the class that is compared. Damage
//! within a line is often ambiguous; `tests/reference.rs` has a few thousand damaged logs that are not.

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
