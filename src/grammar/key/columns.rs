//! Tables whose first row has the names of keys: the output of database clients, CSV, tables of Markdown.
//!
//! ```text
//!  id | access_token | expires          id,access_token,expires
//! ----+--------------+---------         1,T,3600
//!   1 | T            | 3600
//! ```
//!
//! SQL has such rows in brackets: `INSERT INTO t (id, access_token) VALUES (1, 'T')`. Those are in [`super::tuples`].
//!
//! A row of names is one only if what follows confirms it: with bars, a line of dashes; else a line with as many
//! separators. The table ends before the first line that does not have as many.

use super::border::{BAR_LEN, BOX, past_border};
use super::candidate::Key;
use super::class::Class;
use super::line_end::newline;
use super::log_prefix::{MIN_DIGITS, past_log_prefix};
use super::names::{MAX_NAME, classify};
use crate::grammar::ids::OAUTH;
use crate::grammar::text::lex::{Enc, Quote, Step, Text, is_blank, is_name};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

/// How far the row of names is read on either side of the first key, in bytes.
pub(super) const MAX_NAMES: usize = 384;
/// The longest row that is read, in bytes.
const MAX_ROW: usize = 2048;
/// The most columns with secrets.
pub(super) const MAX_KEYS: usize = 4;

/// The columns of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    /// The byte between two cells.
    pub separator: u8,
    /// The quote of the string that the table is in.
    pub quote: Option<Quote>,
    /// The rows are in brackets.
    pub tuples: bool,
    /// A logger repeats something in front of each line.
    pub prefixed: bool,
    /// The number of separators on each line.
    pub(super) count: u8,
    /// The columns with secrets: how many separators precede each, and its class.
    pub(super) keys: [Option<(u8, Class)>; MAX_KEYS],
}

impl Columns {
    /// The columns of a table with this separator, of which `first` precede the first key.
    pub(super) fn of(separator: u8, first: u8, class: Class) -> Columns {
        let mut keys = [None; MAX_KEYS];
        keys[0] = Some((first, class));
        Columns { separator, quote: None, tuples: false, prefixed: false, count: first, keys }
    }

    /// The class of the column after that many separators, if it is a key.
    pub fn class(&self, cell: u8) -> Option<Class> {
        self.keys.iter().flatten().find(|(column, _)| *column == cell).map(|(_, class)| *class)
    }

    /// How many separators precede the column of the first key.
    pub(super) fn first_key(&self) -> u8 {
        self.keys[0].map_or(0, |(column, _)| column)
    }

    /// Does not count the first `bars` separators of each line.
    fn skip(&mut self, bars: u8) {
        self.count = self.count.saturating_sub(bars);
        self.keys
            .iter_mut()
            .flatten()
            .for_each(|(column, _)| *column = column.saturating_sub(bars));
    }

    /// The newline after the line at `at`, if it is one of those between rows. The last line of a box is none: `├`, not `└`.
    pub fn past_rule(&self, text: &Text, at: usize) -> Step<Option<usize>> {
        let may_be = match self.separator {
            BOX => {
                let side = [text.at(at)?, text.at(at + 1)?, text.at(at + 2)?];
                matches!(side, [BOX, 0x94, 0x9c | 0xa3] | [BOX, 0x95, 0x9e..=0xa0])
            }
            separator => is_bar(separator),
        };
        if may_be { past_rule(text, at) } else { Ok(None) }
    }

    /// Whether the line at `at` is a row of the table.
    pub fn has_row(&self, text: &Text, at: usize) -> Step<bool> {
        Ok(self.separators(text, at)? == Some(self.count))
    }
}

impl Key {
    /// The columns of the table in whose row of names the key is, and the position of the newline before its first row.
    #[inline(always)]
    pub fn in_columns(&self, text: &Text, anchor: usize) -> Step<Option<(usize, Columns)>> {
        let before = self.opener.is_some()
            || matches!(self.context, b',' | b'|' | b' ' | b'\t' | b'\n' | b'\r' | b'(' | b'[');
        match text.window().get(self.end) {
            Some(b')' | b'`' | b']') if before => self.in_tuples(text, anchor),
            Some(b',' | b'|' | b' ' | b'\t' | b'"' | b'\r' | b'\n' | b'\\') if before => {
                match self.columns(text, anchor)? {
                    None => match self.in_tuples(text, anchor)? {
                        None => self.in_aligned(text, anchor),
                        columns => Ok(columns),
                    },
                    columns => Ok(columns),
                }
            }
            _ => Ok(None),
        }
    }

    #[inline(never)]
    fn columns(&self, text: &Text, anchor: usize) -> Step<Option<(usize, Columns)>> {
        // 1. The separator: what follows the key, or at the end of the line what precedes it.
        let closer = text.unit(self.end)?;
        let end = self.end + if closer.quote().is_some() { closer.len } else { 0 };
        let after = text.unit(past_spaces(text, end)?)?;
        // The quote before it may be that of the string around the table.
        let start = if closer.quote().is_some() { self.outer_start } else { self.back };
        let mut back = start;
        while back < MAX_NAMES && text.before(anchor, back + 1) == b' ' {
            back += 1;
        }
        let separator = if after.is_newline() { text.before(anchor, back + 1) } else { after.ch };
        if !matches!(separator, b',' | b'|' | b'\t' | BOX)
            || after.enc != Enc::Raw && !after.is_newline()
            || !may_end(text, end)
        {
            return Ok(None);
        }
        // 2. The names before it.
        let Some(before) = names_before(text, anchor, start, separator) else { return Ok(None) };
        let Before { count, quote, prefix } = before;
        let mut columns = Columns { quote, ..Columns::of(separator, count, self.class) };
        // 3. The names after it.
        let Some(line) = columns.names_after(text, end)? else { return Ok(None) };
        // A list of names with a tab before each is no table.
        if columns.count == 0
            || columns.count == 1
                && separator == b'\t'
                && count == 1
                && is_first(text, anchor, start)
        {
            return Ok(None);
        }
        // 4. What confirms that they are names.
        let Some(below) = newline(text, line)? else { return Ok(None) };
        let row = past_log_prefix(text, below)?;
        columns.prefixed = row > below;
        if is_bar(separator) {
            let bars = columns.bars(&text.window()[below..row]);
            if let Some(rule) = past_rule(text, row)? {
                columns.skip(bars);
                return Ok(Some((rule, columns)));
            }
            // SQLite's lists, and psql without alignment.
            if separator == BOX || !is_compact(text, anchor, line) {
                return columns.between_bars(text, anchor, line, row);
            }
        }
        if row - below == prefix && columns.has_row(text, row)? {
            return Ok(Some((line, columns)));
        }
        if separator == b'|' { columns.between_bars(text, anchor, line, row) } else { Ok(None) }
    }
}

impl Columns {
    /// Whether a separator is at `at`. The bars of a box have several bytes.
    pub fn separates(&self, text: &Text, at: usize) -> Step<bool> {
        Ok(match text.at(at)? {
            BOX if self.separator == BOX => past_border(text, at)?.is_some(),
            byte => byte == self.separator && byte != BOX,
        })
    }

    /// The number of bars in what a logger repeats before each line.
    fn bars(&self, prefix: &[u8]) -> u8 {
        memchr::memchr_iter(self.separator, prefix).count().min(255) as u8
    }

    /// The number of separators on the line at `at`, outside of quoted cells.
    fn separators(&self, text: &Text, at: usize) -> Step<Option<u8>> {
        let (mut end, mut count, mut quoted) = (at, 0u8, false);
        while end - at < MAX_ROW {
            let unit = text.unit(end)?;
            if unit.is_newline() || self.quote.is_some_and(|quote| quote.closed_by(unit).is_some())
            {
                return Ok((!quoted).then_some(count));
            }
            end += unit.len;
            if !is_bar(self.separator) && unit.ch == b'"' {
                // A quote in a quoted cell is doubled. Such rows are not read.
                if quoted && text.unit(end)?.ch == b'"' {
                    return Ok(None);
                }
                quoted = !quoted;
            }
            if self.separates(text, end - unit.len)? && unit.enc == Enc::Raw && !quoted {
                count = count.saturating_add(1);
            }
        }
        Ok(None)
    }

    /// The columns of a table without a rule, whose rows start with a bar. Jira has two bars between names:
    ///
    /// ```text
    /// ||id||access_token||
    /// |1|T|
    /// ```
    fn between_bars(
        mut self,
        text: &Text,
        anchor: usize,
        line: usize,
        row: usize,
    ) -> Step<Option<(usize, Columns)>> {
        let Some(back) = (3..MAX_NAMES).find(|k| matches!(text.before(anchor, *k), b'\n' | 0))
        else {
            return Ok(None);
        };
        let bars = |k: usize| text.before(anchor, back - k) == b'|';
        if !bars(1) || text.at(row)? != b'|' {
            return Ok(None);
        }
        let Some(count) = self.separators(text, row)? else { return Ok(None) };
        let doubled = bars(2);
        if count != self.count && doubled {
            self.count /= 2;
            self.keys.iter_mut().flatten().for_each(|(column, _)| *column /= 2);
        }
        Ok((count == self.count && count > 2).then_some((line, self)))
    }

    /// Reads the other names of the row from `at` on. Returns the position of the newline.
    fn names_after(&mut self, text: &Text, at: usize) -> Step<Option<usize>> {
        let mut end = at;
        let mut known = 1;
        let (mut name, mut word) = (end, end);
        while end - at < MAX_NAMES {
            let unit = text.unit(end)?;
            let bar = self.separator == BOX && unit.ch == BOX;
            let stop = unit.is_newline() || unit.ch == self.separator;
            // A row of a name and its value, or its version: `Acme-Password<TAB>23<TAB>string`.
            // So is one of a header with its value, `| Authorization | Bearer T |`.
            let of_value = stop && word > name && is_token(text, word)?;
            if self.separator == b',' && unit.ch == b' ' && end == name && end > at {
                return Ok(None);
            }
            if stop && (is_number(&text.window()[name..end]) || of_value || is_token(text, name)?) {
                return Ok(None);
            }
            if !stop && end > at && is_blank(text.before(end, 1)) && !is_blank(unit.ch) {
                word = end;
            }
            if stop && name > at && known < MAX_KEYS && end - name <= MAX_NAME {
                let mut copy = [0; MAX_NAME];
                let found = classify(trimmed(&text.window()[name..end], &mut copy));
                if let Some((class, _)) = found.filter(|(class, _)| !class.is_optional()) {
                    self.keys[known] = Some((self.count, class));
                    known += 1;
                }
            }
            if unit.is_newline() {
                return Ok((unit.len > 0).then_some(end));
            }
            end += if bar { BAR_LEN } else { unit.len };
            if stop {
                if bar && !self.separates(text, end - BAR_LEN)? {
                    return Ok(None);
                }
                self.count = self.count.saturating_add(1);
                name = end;
            } else if !is_of_name(unit.ch, self.separator) || unit.enc != Enc::Raw {
                return Ok(None);
            }
        }
        Ok(None)
    }
}

/// Whether a newline, as a byte or as an escape, may end the row of names from `at` on. This is a quick check, because a
/// line may be full of keys.
fn may_end(text: &Text, at: usize) -> bool {
    let window = text.window();
    let near = &window[at.min(window.len())..window.len().min(at + MAX_NAMES)];
    let is_seen = near.len() == MAX_NAMES || text.is_end();
    !is_seen
        || memchr::memchr3(b'\n', b'\r', b'\\', near).is_some()
        || memchr::memchr3(b'%', b'&', b'#', near).is_some()
}

/// What precedes the first key in the row of names.
struct Before {
    /// The number of separators.
    count: u8,
    /// The quote of the string that the line is in.
    quote: Option<Quote>,
    /// The length of the text before the names, which may be what a logger repeats.
    prefix: usize,
}

/// The length of the text that ends `back` bytes before `anchor`, if it may be what a logger puts in front of a line.
fn prefix_before(text: &Text, anchor: usize, back: usize) -> Option<usize> {
    let len = (0..MAX_NAMES).find(|len| text.before(anchor, back + len + 1) == b'\n')?;
    let digits = (1..=len).filter(|k| text.before(anchor, back + k).is_ascii_digit()).count();
    (digits >= MIN_DIGITS || text.before(anchor, back + 2) == b'|').then_some(len)
}

/// What stands between the start of the line and the key that starts `start` bytes before `anchor`. `None` if other text
/// than names and a logger's prefix precedes it: a line of dashes confirms names between bars, whatever precedes them.
fn names_before(text: &Text, anchor: usize, start: usize, separator: u8) -> Option<Before> {
    let (mut back, mut count) = (start, 0u8);
    let (mut quote, mut space) = (None, None);
    while back < MAX_NAMES {
        let unit = text.unit_before(anchor, back);
        // The names of CSV are not indented, and a space follows the commas of prose.
        let ends = unit.is_newline() || unit.ch == separator;
        if ends && separator == b',' && text.before(anchor, back) == b' ' {
            return None;
        }
        if unit.is_newline() {
            return Some(Before { count, quote: None, prefix: 0 });
        }
        if unit.ch == separator {
            (count, quote, space) = (count.checked_add(1)?, None, None);
        } else if is_bar(separator) || unit.enc != Enc::Raw || unit.ch == b'\'' {
            if unit.quote().is_some() {
                return Some(Before { count, quote: unit.quote(), prefix: 0 });
            }
        } else if !is_of_name(unit.ch, separator) {
            // A quote before the first name opens the string that the table is in.
            if let Some(quote) = quote {
                return Some(Before { count, quote: Some(quote), prefix: 0 });
            }
            let prefix = prefix_before(text, anchor, space?)?;
            return Some(Before { count, quote: None, prefix });
        } else {
            // Names may contain spaces. The space before the first name ends what a logger repeats.
            if unit.ch == b' ' && space.is_none() {
                space = Some(back);
            }
            quote = unit.quote();
        }
        back += unit.len;
    }
    None
}

/// Whether a row of names may contain the character. Names in CSV may be quoted, and those in columns are padded.
fn is_of_name(ch: u8, separator: u8) -> bool {
    is_name(ch) || matches!(ch, b'.' | b' ') || ch == b'"' && !is_bar(separator)
}

/// Whether bars separate the cells.
fn is_bar(separator: u8) -> bool {
    matches!(separator, b'|' | BOX)
}

/// Whether the row of names that ends at `line`, and contains `anchor`, has no spaces or other text between its bars.
fn is_compact(text: &Text, anchor: usize, line: usize) -> bool {
    let is_part = |byte: u8| is_name(byte) || matches!(byte, b'.' | b'|');
    let back = (1..MAX_NAMES).take_while(|k| is_part(text.before(anchor, *k))).count();
    let starts = matches!(text.before(anchor, back + 1), b'\n' | 0);
    starts && text.window()[anchor..line].iter().all(|byte| is_part(*byte))
}

/// Whether the text at `at` looks like a token, and so is not a name.
fn is_token(text: &Text, at: usize) -> Step<bool> {
    let start = past_spaces(text, at)?;
    let start = start + usize::from(text.at(start)? == b'"');
    Ok(Value::new(Frame::default(), Flavour::Param, OAUTH).head(text, start)?.is_token_like())
}

/// Whether only the separator precedes the name that starts `start` bytes before `anchor`.
fn is_first(text: &Text, anchor: usize, start: usize) -> bool {
    text.before(anchor, start + 2) == b'\n'
}

/// Whether a cell is a number or a version.
fn is_number(cell: &[u8]) -> bool {
    !cell.is_empty() && cell.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// The name in a cell, in which an underscore is in place of each space.
fn trimmed<'a>(cell: &[u8], copy: &'a mut [u8; MAX_NAME]) -> &'a [u8] {
    let cell = cell.trim_ascii();
    let name = cell.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(cell);
    let copy = &mut copy[..name.len()];
    copy.copy_from_slice(name);
    copy.iter_mut().filter(|byte| **byte == b' ').for_each(|byte| *byte = b'_');
    copy
}

fn past_spaces(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_NAME && text.at(end)? == b' ' {
        end += 1;
    }
    Ok(end)
}

/// The newline after the line of dashes at `at`.
fn past_rule(text: &Text, at: usize) -> Step<Option<usize>> {
    let (mut end, mut dashes) = (at, 0);
    while end - at < MAX_ROW {
        let unit = text.unit(end)?;
        if unit.is_newline() {
            return Ok((dashes >= 3 && unit.len > 0).then_some(end));
        }
        end += unit.len;
        match unit.ch {
            b'-' | b'=' => dashes += 1,
            b'+' | b'|' | b':' | b' ' => {}
            // The lines of a box.
            BOX if matches!(text.at(end)?, 0x94 | 0x95) => {
                dashes += 1;
                end += BAR_LEN - 1;
            }
            _ => return Ok(None),
        }
    }
    Ok(None)
}
