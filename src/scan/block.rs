//! The lines of a private key's block, one after another.
//!
//! What a line of a block is shows in the line alone, not in what other rules find before it. So while a block is open a
//! window is scanned line by line: what is behind a line's end comes into sight when the next line has been judged.
//! [`Lines`] keeps the place; what a line is says the grammar.

use crate::grammar::credential::pem::{self, Block, END, Line};
use crate::grammar::ids::PRIVATE_KEY;
use crate::grammar::text::lex::{Step, Text};
use crate::grammar::value::extent::Flavour;
use crate::scan::scheduled::{Scheduled, ScheduledKind};

/// The place in a block, if one is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    block: Option<Block>,
    /// Up to where in the window lines have been followed: behind `-----BEGIN PRIVATE KEY-----`, or at the start of a line.
    at: usize,
    /// How much of `-----END` is right before that.
    matched: usize,
    /// The next byte is the first of a line.
    starts: bool,
    /// The block was opened since this was asked last.
    opened: bool,
}

impl Lines {
    /// Whether no block is open.
    #[inline]
    pub fn is_closed(&self) -> bool {
        self.block.is_none()
    }

    /// Forgets the block.
    pub fn close(&mut self) {
        *self = Lines::default();
    }

    /// Takes up a block whose first line was read up to `at`.
    pub fn open(&mut self, block: Block, at: usize) {
        *self = Lines { block: Some(block), at, opened: true, ..Lines::default() };
    }

    /// Whether a block was opened that has to be followed.
    #[inline]
    pub fn has_opened(&self) -> bool {
        self.opened
    }

    /// What of `text` is in sight: all of it, or in a block what comes before the next line.
    pub fn sight<'a>(&mut self, text: &Text<'a>) -> Text<'a> {
        self.opened = false;
        match self.next(text.window()) {
            Some(line) if line < text.window().len() => text.cut(line),
            _ => *text,
        }
    }

    /// Where the next line of the block starts. A block whose last line starts before that is closed.
    fn next(&mut self, window: &[u8]) -> Option<usize> {
        self.block?;
        if self.starts {
            return Some(self.at);
        }
        let mut matched = self.matched;
        for (k, byte) in window[self.at..].iter().enumerate() {
            if *byte == b'\n' {
                return Some(self.at + k + 1);
            }
            matched = match_end(matched, *byte);
            if matched == END.len() {
                self.block = None;
                break;
            }
        }
        None
    }

    /// Judges the line at `at`, and says which part of it is the key's.
    pub fn judge(&mut self, text: &Text, at: usize) -> Step<Option<Scheduled>> {
        let Some(block) = self.block else { return Ok(None) };
        let Line { body, block } = pem::line(text, at, block)?;
        (self.block, self.at, self.matched, self.starts) = (block, at, 0, false);
        let reading = ScheduledKind::Value(Flavour::Pem);
        Ok(body.map(|(start, end)| Scheduled { start, end, rule: PRIVATE_KEY, reading }))
    }

    /// Goes to the end of what is settled, which is where the next window starts.
    pub fn settle(&mut self, window: &[u8], settled: usize) {
        if self.is_closed() {
            return;
        }
        if settled > self.at {
            for byte in &window[self.at..settled] {
                self.matched = match_end(self.matched, *byte);
            }
            self.starts = window[settled - 1] == b'\n';
        }
        self.at = self.at.saturating_sub(settled);
    }
}

/// How much of `-----END` has been read when `byte` follows so much of it.
fn match_end(matched: usize, byte: u8) -> usize {
    match byte {
        _ if END.get(matched) == Some(&byte) => matched + 1,
        b'-' if matched == 5 => 5,
        b'-' => 1,
        _ => 0,
    }
}
