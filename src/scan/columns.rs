//! Reads the cells of a table whose first row has the names of keys.

use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::dispatch::begin;
use crate::grammar::ids::AUTHORIZATION;
use crate::grammar::key::{
    ALIGNED, BAR_LEN, BOX, Class, Columns, Separator, Target, newline, open, past_gap,
    past_literal, past_log_prefix,
};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;
use crate::scan::scanner::Scanner;

impl Scanner {
    /// The next cell that is not empty. `cell` separators precede the position on its line.
    #[inline(never)]
    pub(super) fn cell(&mut self, text: &Text, at: usize, table: Columns, cell: u8) -> Step<usize> {
        if table.tuples {
            return self.tuple(text, at, table, cell);
        }
        if table.separator == ALIGNED {
            return self.aligned(text, at, table, cell);
        }
        let (mut at, mut cell) = (at, cell);
        // 1. The separator, or the next row.
        let mut starts = false;
        let mut unit = text.unit(at)?;
        while unit.len > 0 {
            if table.quote.is_some_and(|quote| quote.closed_by(unit).is_some()) {
                break;
            }
            if unit.is_newline() {
                let Some(line) = newline(text, at)? else { break };
                let row = if table.prefixed { past_log_prefix(text, line)? } else { line };
                if table.has_row(text, row)? {
                    (at, cell, starts) = (row, 0, true);
                } else if let Some(rule) = table.past_rule(text, row)? {
                    return Ok(rule);
                } else {
                    break;
                }
            } else if unit.enc == Enc::Raw && table.separates(text, at)? {
                let len = if unit.ch == BOX { BAR_LEN } else { unit.len };
                (at, cell, starts) = (at + len, cell.saturating_add(1), true);
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

    /// The next cell of a table whose columns are aligned, or the next word before it, or the rest of the line: other rules may
    /// find something there, and a line that is no row may have text where a column starts. The columns before `cell` have been
    /// read.
    fn aligned(&mut self, text: &Text, at: usize, table: Columns, cell: u8) -> Step<usize> {
        let ends_line = text.unit(at)?.is_newline();
        let line = if ends_line { newline(text, at)? } else { Some(at) };
        let cell = if ends_line { 0 } else { cell };
        let column = match line {
            Some(line) if cell != REST => table.aligned(text, line, cell)?,
            _ => None,
        };
        let Some(line) = line.filter(|_| !ends_line || column.is_some()) else {
            self.drop_container();
            return Ok(at);
        };
        let mut word = line;
        while word - line < MAX_ROW && text.unit(word)?.ch == b' ' {
            word += 1;
        }
        if let Some((start, column)) = column
            && start <= word
        {
            let class = table.class(column);
            return self.start_cell(text, start, Frame::default(), class, column + 1);
        }
        let unit = text.unit(word)?;
        if unit.is_newline() {
            return Ok(word);
        }
        // A quote that closed a value, or text that is not one of its characters.
        let start = if word > at { word } else { word + unit.len };
        let (line, cell) = if column.is_none() { (true, REST) } else { (false, cell) };
        self.start_cell(text, start, Frame { line, ..Frame::default() }, None, cell)
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
        let quotes = match table.separator {
            b'|' => false,
            // Node's console.table.
            BOX => text.at(at)? == b'\'',
            _ => text.unit(at)?.ch == b'"',
        };
        let (start, frame) =
            match quotes.then(|| open(text, at, Separator::Spaced, 0)).transpose()? {
                Some(Some(Target::Value { at, frame, .. })) if starts => (at, frame),
                // A quote that closed a cell, or text that is not one of its characters.
                _ if !starts => (at + text.unit(at)?.len, close),
                _ => (at, close),
            };
        self.start_cell(text, start, frame, table.class(cell).filter(|_| starts), cell)
    }

    /// Starts a cell of this class at `at`, or one that is not secret.
    fn start_cell(
        &mut self,
        text: &Text,
        at: usize,
        frame: Frame,
        class: Option<Class>,
        cell: u8,
    ) -> Step<usize> {
        let found = match class {
            Some(class) => begin(text, at, class, frame, Separator::Comma, true)?,
            None => Start::Nothing(at),
        };
        let found = match self.if_selected(found) {
            Start::Nothing(_) => {
                let flavour = if frame.own_quote { Flavour::Opaque } else { Flavour::Cookie };
                Start::Value(at, Value::kept(frame, flavour, AUTHORIZATION), None)
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

    /// The next cell of a row in brackets that is a string. `cell` separators precede the position in its row, or it is
    /// [`OUTSIDE`] of one.
    fn tuple(&mut self, text: &Text, at: usize, table: Columns, cell: u8) -> Step<usize> {
        // The table starts before the bracket of its first row.
        let outside = cell == OUTSIDE || text.unit(at)?.ch == b'(';
        let (mut end, mut cell, mut starts) = (at, if outside { OUTSIDE } else { cell }, false);
        while end - at < MAX_ROW {
            end = past_gap(text, end)?;
            let unit = text.unit(end)?;
            match unit.ch {
                b'(' if cell == OUTSIDE => (cell, starts) = (0, true),
                b',' if cell == OUTSIDE => {}
                b')' if cell != OUTSIDE => (cell, starts) = (OUTSIDE, false),
                b',' => (cell, starts) = (cell.saturating_add(1).min(OUTSIDE - 1), true),
                // SQL doubles a quote in a string: the string goes on.
                b'\'' if !starts && end == at && text.before(at, 1) == b'\'' => {
                    let quote = unit.quote();
                    let frame = Frame { quote, own_quote: true, ..Frame::default() };
                    return self.start_cell(text, end + 1, frame, None, cell);
                }
                _ if !starts || unit.len == 0 => break,
                // T-SQL's N'T', PostgreSQL's E'T'.
                _ => {
                    let prefix = matches!(unit.ch, b'N' | b'E' | b'n' | b'e')
                        && text.unit(end + 1)?.ch == b'\'';
                    let string = end + usize::from(prefix);
                    if text.unit(string)?.ch == b'\''
                        && let Some(Target::Value { at, frame, .. }) =
                            open(text, string, Separator::Spaced, 0)?
                    {
                        return self.start_cell(text, at, frame, table.class(cell), cell);
                    }
                    let Some(literal) = past_literal(text, end)? else { break };
                    (end, starts) = (literal, false);
                    continue;
                }
            }
            end += unit.len;
        }
        self.drop_container();
        Ok(at)
    }
}

/// In place of the number of a cell: between two rows.
const OUTSIDE: u8 = u8::MAX;
/// In place of the number of a cell: all columns of the line with secrets have been read.
const REST: u8 = u8::MAX;
/// The longest text between two strings of a row, in bytes.
const MAX_ROW: usize = 2048;
