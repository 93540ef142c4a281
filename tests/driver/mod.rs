//! The ways to push an input through a [`Redactor`].

#![allow(dead_code)]

use blackbar::{Redactor, Ruleset, Styles};

/// A rule set, and every way to push an input through it.
pub struct Driver {
    rules: Ruleset,
}

impl Driver {
    pub fn new() -> Driver {
        Driver { rules: Ruleset::standard() }
    }

    pub fn of(rules: Ruleset) -> Driver {
        Driver { rules }
    }

    /// The whole input in a single push.
    pub fn whole(&self, input: &[u8]) -> Vec<u8> {
        self.pieces([input])
    }

    /// One push per byte.
    pub fn bytewise(&self, input: &[u8]) -> Vec<u8> {
        self.pieces(input.chunks(1))
    }

    /// Pushes of `size` bytes.
    pub fn chunked(&self, input: &[u8], size: usize) -> Vec<u8> {
        self.pieces(input.chunks(size))
    }

    /// Two pushes. The second starts at `at`.
    pub fn split(&self, input: &[u8], at: usize) -> Vec<u8> {
        self.pieces([&input[..at], &input[at..]])
    }

    /// One push per element of `pieces`.
    pub fn pieces<'a>(&self, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
        let mut redactor = Redactor::new(&self.rules);
        let mut out = Vec::new();
        for piece in pieces {
            redactor.push(piece, &mut out);
        }
        redactor.finish(&mut out);
        out
    }

    /// Pushes `input` whole, byte by byte and split at each of `offsets`. Returns the first way whose output is not
    /// `expected`, with that output.
    pub fn first_miss(
        &self,
        input: &[u8],
        expected: &[u8],
        offsets: impl IntoIterator<Item = usize>,
    ) -> Option<(String, Vec<u8>)> {
        let miss = |way: &dyn Fn() -> String, got: Vec<u8>| (got != expected).then(|| (way(), got));
        miss(&|| "whole".to_owned(), self.whole(input))
            .or_else(|| miss(&|| "one byte at a time".to_owned(), self.bytewise(input)))
            .or_else(|| {
                offsets
                    .into_iter()
                    .find_map(|at| miss(&|| format!("split at {at}"), self.split(input, at)))
            })
    }
}

/// The output for `pieces`.
pub fn redact<'a>(
    rules: &Ruleset,
    styles: &Styles,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<u8> {
    let mut redactor = Redactor::styled(rules, styles);
    let mut out = Vec::new();
    for piece in pieces {
        redactor.push(piece, &mut out);
    }
    redactor.finish(&mut out);
    out
}
