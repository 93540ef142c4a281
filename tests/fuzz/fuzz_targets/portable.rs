//! The packed search and the automaton give the same output.

#![no_main]

use libfuzzer_sys::fuzz_target;
use push::{PORTABLE, STANDARD, assert_same, whole};

fuzz_target!(|input: &[u8]| {
    assert_same("packed", &whole(&STANDARD, input), "automaton", &whole(&PORTABLE, input));
});
