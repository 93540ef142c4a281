//! The lines of a private key's block.

use crate::grammar::credential::pem::{self, Line};
use crate::grammar::ids::PRIVATE_KEY;
use crate::grammar::text::lex::Text;
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;
use crate::scan::scanner::{MAX_IDLE, Mode, Scanner, Turn};
use crate::span::Span;

impl Scanner {
    /// The line at `at`, which may be of a private key's block.
    #[inline(never)]
    pub(super) fn line(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> Turn {
        let Some(block) = self.block else {
            self.mode = Mode::Ground;
            return Turn::Go(at);
        };
        let Ok(line) = pem::line(text, at, block) else { return Turn::Stop(at) };
        self.mode = Mode::Ground;
        let (from, block) = match line {
            Line::Body(from, block) => (from, block),
            Line::Header(block) => {
                self.block = Some(block);
                return Turn::Go(at);
            }
            Line::Over => {
                self.block = None;
                return Turn::Go(at);
            }
        };
        // What stands before the key's own part is a text of its own.
        self.block = None;
        if !text.window()[at..from].iter().all(u8::is_ascii_whitespace) {
            self.search.clear();
            self.starts.clear();
            let before = text.ended(from);
            let (mut at, mut idle) = (at, 0);
            while let Turn::Go(next) = self.advance(&before, at, spans) {
                idle = if next > at { 0 } else { idle + 1 };
                assert!(idle < MAX_IDLE, "no progress at offset {at} of a window");
                at = next;
            }
            self.search.clear();
            self.starts.clear();
            self.stack.clear();
        }
        self.block = block;
        let value = Value::new(Frame::default(), Flavour::Base64, PRIVATE_KEY);
        self.mode = Mode::Value { value, open: false };
        Turn::Go(from)
    }
}
