//! Reads the cells of a table whose first row has the names of keys.

use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::dispatch::begin;
use crate::grammar::ids::AUTHORIZATION;
use crate::grammar::key::{Columns, Separator, Target, newline, open};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;
use crate::scan::scanner::Scanner;

impl Scanner {
    /// The next cell that is not empty. `cell` separators precede the position on its line.
    #[inline(never)]
    pub(super) fn cell(&mut self, text: &Text, at: usize, table: Columns, cell: u8) -> Step<usize> {
        let (mut at, mut cell) = (at, cell);
        // 1. The separator, or the next row.
        let mut starts = false;
        let mut unit = text.unit(at)?;
        while unit.len > 0 {
            if table.quote.is_some_and(|quote| quote.closed_by(unit).is_some()) {
                break;
            }
            if unit.is_newline() {
                let Some(row) = newline(text, at)? else { break };
                if !table.has_row(text, row)? {
                    break;
                }
                (at, cell, starts) = (row, 0, true);
            } else if unit.ch == table.separator && unit.enc == Enc::Raw {
                (at, cell, starts) = (at + unit.len, cell.saturating_add(1), true);
            } else if unit.ch == b' ' {
                at += unit.len;
            } else {
                return self.cell_at(text, at, table, cell, starts);
            }
            unit = text.unit(at)?;
        }
        self.drop_container();
        Ok(at)
    }

    /// The cell at `at`, or if it does not start there, the rest of it, which is not secret.
    fn cell_at(
        &mut self,
        text: &Text,
        at: usize,
        table: Columns,
        cell: u8,
        starts: bool,
    ) -> Step<usize> {
        let (close, quote) = (table.separator, table.quote);
        let close = Frame { quote, close, line: true, ..Frame::default() };
        let quotes = table.separator != b'|' && text.unit(at)?.ch == b'"';
        let (start, frame) =
            match quotes.then(|| open(text, at, Separator::Spaced, 0)).transpose()? {
                Some(Some(Target::Value { at, frame, .. })) if starts => (at, frame),
                // A quote that closed a cell, or text that is not one of its characters.
                _ if !starts => (at + text.unit(at)?.len, close),
                _ => (at, close),
            };
        let found = match table.class(cell).filter(|_| starts) {
            Some(class) => begin(text, start, class, frame, Separator::Comma, true)?,
            None => Start::Nothing(start),
        };
        let found = match self.if_selected(found) {
            Start::Nothing(_) => {
                let flavour = if frame.own_quote { Flavour::Opaque } else { Flavour::Cookie };
                Start::Value(start, Value::kept(frame, flavour, AUTHORIZATION), None)
            }
            found => found,
        };
        let around = self.stack;
        if let Some(Container { elements: Elements::Columns { cell: passed, .. }, .. }) =
            self.stack.top_mut()
        {
            *passed = cell;
        }
        self.take(text, found).inspect_err(|_| self.stack = around)
    }
}
