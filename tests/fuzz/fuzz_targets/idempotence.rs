//! Redacting redacted output changes nothing, on logs of whole lines.
//!
//! The fuzzer's input is not the log, but the choices from which one is made. On noise and on
//! damaged lines it does not always hold: how far a rule looks is bounded, and a replacement is
//! shorter than the secret was, so that something may come into sight which was out of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use push::{STANDARD, assert_same, whole, whole_lines};

fuzz_target!(|choices: &[u8]| {
    let once = whole(&STANDARD, &whole_lines(choices));
    assert_same("once", &once, "twice", &whole(&STANDARD, &once));
});
