//! Tables whose columns are aligned, with a rule of dashes below the names: PowerShell's `Format-Table`, sqlcmd, SQL*Plus.
//!
//! ```text
//! access_token                     token_type expires_in
//! ------------                     ---------- ----------
//! T                                Bearer           3600
//! ```
//!
//! A cell may be empty or contain spaces, and one space may be all that follows a wide one. So a column is known by where it
//! starts on its line. The table ends before the first line that has nothing there.

use super::candidate::Key;
use super::columns::{Columns, MAX_KEYS, MAX_NAMES};
use super::line_end::newline;
use super::names::classify;
use crate::grammar::text::lex::{LOOKBACK, Step, Text, is_name};

/// In place of the separator of a table whose columns are aligned.
pub(crate) const ALIGNED: u8 = b' ';
/// The last place on a line at which a column may start, in bytes.
const MAX_OFFSET: usize = 250;

impl Key {
    /// The columns of the aligned table in whose row of names the key is, and the newline before its first row.
    pub(super) fn in_aligned(&self, text: &Text, anchor: usize) -> Step<Option<(usize, Columns)>> {
        // 1. More than one space is on a side, so this is no sentence.
        let start = self.back;
        let (before, space) =
            (text.before(anchor, start + 1), text.before(anchor, start + 2) == b' ');
        let after = text.unit(self.end())?;
        let wide = match after.ch {
            b' ' => before == b' ' && space || text.at(self.end() + 1)? == b' ',
            _ => after.is_newline() && (before == b'\n' || before == b' ' && space),
        };
        if self.opener.is_some() || !wide || !matches!(before, b' ' | b'\n') {
            return Ok(None);
        }
        // A quick look for the rule, because a line may be full of keys.
        let near = &text.window()[self.end()..text.window().len().min(self.end() + MAX_NAMES)];
        let rule = match memchr::memchr(b'\n', near) {
            Some(line) => text.at(self.end() + line + 1)?,
            None if near.len() < MAX_NAMES => text.at(self.end() + near.len())?,
            None => return Ok(None),
        };
        if !matches!(rule, b'-' | b'=') {
            return Ok(None);
        }
        let Some(offset) = (0..MAX_OFFSET).find(|k| text.before(anchor, start + k + 1) == b'\n')
        else {
            return Ok(None);
        };
        if (1..=offset).any(|k| !is_of_name(text.before(anchor, start + k))) {
            return Ok(None);
        }
        // 2. The names behind it.
        let mut columns = Columns::of(ALIGNED, offset as u8, self.class);
        let (first, mut end, mut known) = (self.end(), self.end(), 1);
        while end - first < MAX_NAMES && is_of_name(text.at(end)?) {
            let name = end;
            while end - first < MAX_NAMES && is_name(text.at(end)?) {
                end += 1;
            }
            let found =
                classify(&text.window()[name..end]).filter(|(class, _)| !class.is_optional());
            let column = offset + (self.end() + start - anchor) + name - first;
            if let (Some((class, _)), true) = (found, column < MAX_OFFSET && known < MAX_KEYS) {
                columns.keys[known] = Some((column as u8, class));
                known += 1;
            }
            end += usize::from(end == name);
        }
        // 3. The rule, in which a run of dashes starts where the name does.
        let Some(rule) = newline(text, end)? else { return Ok(None) };
        let (mut at, mut dashes) = (rule, 0);
        while at - rule < MAX_NAMES && matches!(text.at(at)?, b'-' | b'=' | b' ') {
            dashes += usize::from(text.at(at)? != b' ');
            at += 1;
        }
        let starts =
            |at: usize| text.window()[at] != b' ' && (at == rule || text.window()[at - 1] == b' ');
        let found = dashes >= 3
            && rule + offset < at
            && starts(rule + offset)
            && text.unit(at)?.is_newline();
        Ok(found.then_some((at, columns)))
    }
}

impl Columns {
    /// Where the next column with a secret starts, on the line of `at` or, if a newline is there, on the line below. `None` if
    /// that line has none.
    pub fn aligned(&self, text: &Text, at: usize) -> Step<Option<usize>> {
        let (line, passed) = match text.unit(at)?.is_newline() {
            true => match newline(text, at)? {
                Some(line) => (line, 0),
                None => return Ok(None),
            },
            false => {
                (at, (0..LOOKBACK).find(|k| text.before(at, k + 1) == b'\n').unwrap_or(LOOKBACK))
            }
        };
        let columns = self.keys.iter().flatten().map(|(column, _)| usize::from(*column));
        let Some(column) =
            columns.filter(|column| *column >= passed + usize::from(line == at)).min()
        else {
            return Ok(None);
        };
        let start = line + column - passed;
        for k in line..start {
            if matches!(text.at(k)?, b'\n' | b'\r') {
                return Ok(None);
            }
        }
        let found = matches!(text.before(start, 1), b' ' | b'\n')
            && !matches!(text.at(start)?, b' ' | b'\n' | b'\r');
        Ok(found.then_some(start))
    }
}

/// Whether a row of names may contain the character.
fn is_of_name(byte: u8) -> bool {
    is_name(byte) || byte == b' '
}
