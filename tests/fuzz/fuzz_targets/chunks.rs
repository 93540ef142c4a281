//! The output does not depend on how an input is cut into chunks.
//!
//! The last bytes of the fuzzer's input control the cuts: a count, preceded by that many chunk lengths, which are
//! repeated. A count of 0 means one push per byte. They are at the end, so that a log line is as good a seed here as
//! for the other targets.

#![no_main]

use libfuzzer_sys::fuzz_target;
use push::{STANDARD, assert_same, chunked, whole};

fuzz_target!(|data: &[u8]| {
    let Some((&count, rest)) = data.split_last() else { return };
    let count = usize::from(count % 8).min(rest.len());
    let (input, lengths) = rest.split_at(rest.len() - count);
    let mut lengths = lengths.iter().map(|length| usize::from(*length).max(1)).cycle();
    let mut left = input;
    let chunks = std::iter::from_fn(|| {
        let length = lengths.next().unwrap_or(1).min(left.len());
        let (chunk, rest) = left.split_at(length);
        left = rest;
        (!chunk.is_empty()).then_some(chunk)
    });
    assert_same("whole", &whole(&STANDARD, input), "chunked", &chunked(&STANDARD, chunks));
});
