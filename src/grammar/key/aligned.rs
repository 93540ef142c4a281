//! Tables whose columns are aligned, with a rule of dashes below the names: PowerShell's `Format-Table`, sqlcmd, SQL*Plus.
//!
//! ```text
//! access_token                     token_type expires_in
//! ------------                     ---------- ----------
//! T                                Bearer           3600
//! ```
//!
//! A cell may be empty or contain spaces, and one space may be all that follows a wide one. So a column is known by where it
//! starts on its line. The table ends before the first line that has nothing there. Where the rule is missing, a token in the
//! first row takes its place.

use super::candidate::Key;
use super::class::Class;
use super::columns::{Columns, MAX_KEYS, MAX_NAMES};
use super::line_end::newline;
use super::names::{MAX_NAME, classify};
use crate::grammar::ids::OAUTH;
use crate::grammar::text::lex::{LOOKBACK, Step, Text, is_name};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;

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
        let ruled = matches!(rule, b'-' | b'=');
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
            let two = past_second_word(text, end)?;
            let found = match classify_words(text, name, end, two) {
                Some((class, true)) => {
                    end = two;
                    Some(class)
                }
                found => found.map(|(class, _)| class),
            };
            let found = found.filter(|class| !class.is_optional());
            let column = offset + (self.end() + start - anchor) + name - first;
            if let (Some(class), true) = (found, column < MAX_OFFSET && known < MAX_KEYS) {
                columns.keys[known] = Some((column as u8, class));
                known += 1;
            }
            end += usize::from(end == name);
        }
        // 3. The rule, in which a run of dashes starts where the name does.
        let Some(rule) = newline(text, end)? else { return Ok(None) };
        if !ruled {
            let single = offset == 0 && text.unit(self.end())?.is_newline();
            let found = !single && columns.starts_token(text, rule, offset)?;
            return Ok(found.then_some((end, columns)));
        }
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
    /// Whether a token starts where the first key does, on the `row` below the names of a table without a rule: columnify,
    /// `kubectl get`, `ps`.
    fn starts_token(&self, text: &Text, row: usize, offset: usize) -> Step<bool> {
        for k in row..row + offset {
            if text.at(k)? == b'\n' {
                return Ok(false);
            }
        }
        let start = row + offset;
        let value = Value::new(Frame::default(), Flavour::Param, OAUTH);
        Ok(matches!(text.before(start, 1), b' ' | b'\n')
            && value.head(text, start)?.is_token_like())
    }

    /// Where the next column with a secret starts, at `at` or after it on its line, and the column. `None` if the line has none
    /// from the column `first` on.
    pub fn aligned(&self, text: &Text, at: usize, first: u8) -> Step<Option<(usize, u8)>> {
        let passed = (0..LOOKBACK).find(|k| text.before(at, k + 1) == b'\n').unwrap_or(LOOKBACK);
        let columns = self.keys.iter().flatten().map(|(column, _)| *column);
        let Some(column) =
            columns.filter(|column| *column >= first && usize::from(*column) >= passed).min()
        else {
            return Ok(None);
        };
        let start = at + usize::from(column) - passed;
        for k in at..start {
            if matches!(text.at(k)?, b'\n' | b'\r') {
                return Ok(None);
            }
        }
        let found = matches!(text.before(start, 1), b' ' | b'\n')
            && !matches!(text.at(start)?, b' ' | b'\n' | b'\r');
        Ok(found.then_some((start, column)))
    }
}

/// The end of the word after a single space at `at`.
fn past_second_word(text: &Text, at: usize) -> Step<usize> {
    let mut end = at + 1;
    if text.at(at)? != b' ' {
        return Ok(at);
    }
    while end - at < MAX_NAME && is_name(text.at(end)?) {
        end += 1;
    }
    Ok(end)
}

/// The class of the name from `at` to `end`, or of that and the word behind it, which ends at `two`: `Refresh Token`.
fn classify_words(text: &Text, at: usize, end: usize, two: usize) -> Option<(Class, bool)> {
    let window = text.window();
    let mut copy = [0; 2 * MAX_NAME];
    if two > end + 1 && end > at && two - at < copy.len() {
        let name = &mut copy[..two - at];
        name.copy_from_slice(&window[at..two]);
        name[end - at] = b'_';
        // In `expires_in refresh_token`, the second word is a name of its own.
        let own = classify(&window[end + 1..two]);
        if let (Some((class, _)), None | Some((Class::WeakParam, _))) = (classify(name), own) {
            return Some((class, true));
        }
    }
    classify(&window[at..end]).map(|(class, _)| (class, false))
}

/// Whether a row of names may contain the character.
fn is_of_name(byte: u8) -> bool {
    is_name(byte) || byte == b' '
}
