//! Reads the lines of a private key's block, one at a time.
//!
//! Whether a line belongs to a block depends on the line alone, not on what other rules find before it. So while a
//! block is open, the window is scanned line by line: the text after a newline becomes visible when the next line has
//! been judged. [`Lines`] keeps the position; the grammar judges lines.

use crate::grammar::credential::pem::{self, Block, END, Line};
use crate::grammar::ids::PRIVATE_KEY;
use crate::grammar::text::lex::{Step, Text};
use crate::grammar::text::reads;
use crate::grammar::value::extent::Flavour;
use crate::scan::scheduled::{Scheduled, ScheduledKind};

/// The position in a block, if one is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    block: Option<Block>,
    /// How far lines have been read in the window: after `-----BEGIN PRIVATE KEY-----`, or at the start of a line.
    at: usize,
    /// How many bytes of `-----END` match before that position.
    matched: usize,
    /// Whether the next byte is the first of a line.
    starts: bool,
    /// Whether a block was opened since the last query.
    opened: bool,
    /// The last lookahead in this window, so that the many blocks that may open on one line do not each search for its end.
    seen: Option<Seen>,
}

/// What ends the line or the block of each place from `start` to `end`.
#[derive(Clone, Copy, Debug)]
struct Seen {
    start: usize,
    end: usize,
    what: Ending,
}

#[derive(Clone, Copy, Debug)]
enum Ending {
    /// A line that starts at `end`.
    Line,
    /// `-----END` at `end`.
    Block,
    /// The window's end.
    Window,
}

impl Lines {
    /// Whether no block is open.
    #[inline]
    pub fn is_closed(&self) -> bool {
        self.block.is_none()
    }

    /// Drops the block.
    pub fn close(&mut self) {
        *self = Lines::default();
    }

    /// Starts a block whose first line was read up to `at`.
    pub fn open(&mut self, block: Block, at: usize) {
        let seen = self.seen;
        *self = Lines { block: Some(block), at, opened: true, seen, ..Lines::default() };
    }

    /// Whether a block was opened that now has to be read.
    #[inline]
    pub fn has_opened(&self) -> bool {
        self.opened
    }

    /// The visible part of `text`: all of it, or in a block the text before the next line.
    pub fn visible<'a>(&mut self, text: &Text<'a>) -> Text<'a> {
        self.opened = false;
        match self.next(text.window()) {
            Some(line) if line < text.window().len() => text.cut(line),
            _ => *text,
        }
    }

    /// The start of the block's next line. If the last line of the block starts before that, the block is closed.
    fn next(&mut self, window: &[u8]) -> Option<usize> {
        self.block?;
        if self.starts {
            return Some(self.at);
        }
        let known =
            self.seen.filter(|seen| self.matched == 0 && (seen.start..seen.end).contains(&self.at));
        let seen = match known {
            Some(seen) => seen,
            None => self.look(window),
        };
        self.seen = Some(seen);
        match seen.what {
            Ending::Line => Some(seen.end),
            Ending::Block => {
                self.block = None;
                None
            }
            Ending::Window => None,
        }
    }

    /// What ends the line, or the block, after the place.
    fn look(&self, window: &[u8]) -> Seen {
        let start = self.at;
        let mut matched = self.matched;
        for (k, byte) in window[start..].iter().enumerate() {
            reads::count();
            if *byte == b'\n' {
                return Seen { start, end: start + k + 1, what: Ending::Line };
            }
            matched = match_end(matched, *byte);
            if matched == END.len() {
                let end = (start + k + 1).saturating_sub(END.len()).max(start);
                return Seen { start, end, what: Ending::Block };
            }
        }
        Seen { start, end: window.len(), what: Ending::Window }
    }

    /// Judges the line at `at`, and returns the part of it that belongs to the key.
    pub fn judge(&mut self, text: &Text, at: usize) -> Step<Option<Scheduled>> {
        let Some(block) = self.block else { return Ok(None) };
        let Line { body, block } = pem::line(text, at, block)?;
        (self.block, self.at, self.matched, self.starts) = (block, at, 0, false);
        self.seen = None;
        let reading = ScheduledKind::Value(Flavour::Pem);
        Ok(body.map(|(start, end)| Scheduled { start, end, rule: PRIVATE_KEY, reading }))
    }

    /// Moves to the end of the settled bytes, where the next window starts.
    pub fn settle(&mut self, window: &[u8], settled: usize) {
        self.seen = None;
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

/// How many bytes of `-----END` match after `byte`, if `matched` bytes matched before it.
fn match_end(matched: usize, byte: u8) -> usize {
    match byte {
        _ if END.get(matched) == Some(&byte) => matched + 1,
        b'-' if matched == 5 => 5,
        b'-' => 1,
        _ => 0,
    }
}
