//! Private keys in PEM (RFC 7468): the text between the first and the last line of a block.
//!
//! A block may be on many lines, where each line may have a logger's prefix or be a string literal, or on one line with
//! escaped newlines. On many lines, the body's part of each line is redacted separately, so that the number of lines
//! stays the same. On one line, the whole body is one secret. A block ends at its last line, or at lines that cannot be
//! part of it.

use crate::grammar::ids::PRIVATE_KEY;
use crate::grammar::start::Start;
use crate::grammar::text::lex::{LOOKBACK, More, Step, Text, Unit, is_quote};
use crate::grammar::value::base64::{is_body, separators};
use crate::grammar::value::extent::{Flavour, Value};

/// The most bytes between `-----BEGIN` and `PRIVATE KEY`: ` ENCRYPTED `, `%20OPENSSH%20`.
const MAX_LABEL: usize = 32;
/// How many bytes of a line are read to decide whether it belongs to a block.
const MAX_LINE: usize = 512;
/// The shortest first line of a body, in characters.
const MIN_LINE: usize = 16;
/// The shortest line of a body after a line that seemed to be its last, or not part of it.
const MIN_LATE: usize = 40;
/// The most headers and empty lines in a row.
const MAX_HEADERS: u8 = 8;
/// The most lines in a row inside a body that do not belong to it.
const MAX_FOREIGN: u8 = 2;

/// The start of the last line. It does not occur within the body.
pub(crate) const END: &[u8] = b"-----END";

/// A block that continues on the next line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    /// The number of bytes before the first line's own part, if it is known.
    column: Option<usize>,
    /// The prefix ends in `+`, which a diff puts before a line, and which is also a character of base64.
    plus: bool,
    /// The body began on the first line.
    folded: bool,
    /// The length of the body's first line, once there was one.
    width: usize,
    /// There was a shorter line, which may have been the last one.
    short: bool,
    /// The number of headers and empty lines before this line.
    headers: u8,
    /// The number of lines before this one that did not belong to the block.
    foreign: u8,
}

/// The result of reading a line of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// The start and end of the line's part of the body, if it has one.
    pub body: Option<(usize, usize)>,
    /// The block, if it may continue.
    pub block: Option<Block>,
}

/// Reads the first line of a block, where `private key` is at `at`: the body if it is on the same line, and the block
/// with the end of `-----BEGIN PRIVATE KEY-----`.
pub(crate) fn begin(text: &Text, at: usize) -> Step<(Start, Option<(Block, usize)>)> {
    let nothing = Ok((Start::Nothing(at + 1), None));
    let Some(mut end) = words(text, at, b"PRIVATE KEY")? else { return nothing };
    // `-----BEGIN` precedes the label, and its letters may also look like part of the label.
    let Some(label) = (1..=MAX_LABEL)
        .take_while(|k| is_label(text.before(at, *k)))
        .find(|k| text.ends_before(at, *k, b"-----begin") && is_blank(text.before(at, *k)))
    else {
        return nothing;
    };
    if let Some(block) = words(text, end, b" BLOCK")? {
        end = block;
    }
    let Some(end) = words(text, end, b"-----")? else { return nothing };
    let dashes = label + b"-----BEGIN".len();
    let column = (0..LOOKBACK - dashes).find(|k| text.before(at, dashes + k + 1) == b'\n');
    let plus = matches!(text.before(at, dashes + 1), b'+' | b'/');
    // The body may be on the same line.
    let mut body = separators(text, end)?;
    for _ in 0..MAX_HEADERS {
        let Some(next) = header(text, body)? else { break };
        body = next;
    }
    let folded = body > end && body_run(text, body, MIN_LINE)? == MIN_LINE;
    let block = Block { column, plus, folded, width: 0, short: false, headers: 0, foreign: 0 };
    if folded {
        let value = Value::new(Default::default(), Flavour::Pem, PRIVATE_KEY);
        return Ok((Start::Value(body, value, None), Some((block, end))));
    }
    Ok((Start::Nothing(end), Some((block, end))))
}

/// Reads the line at `at`.
pub(crate) fn line(text: &Text, at: usize, block: Block) -> Step<Line> {
    let window = text.window();
    let seen = &window[at..window.len().min(at + MAX_LINE)];
    let newline = memchr::memchr(b'\n', seen);
    if newline.is_none() && seen.len() < MAX_LINE && !text.is_end() {
        return Err(More);
    }
    // Dashes are not part of a body.
    let seen = &seen[..newline.unwrap_or(seen.len())];
    let dashes = memchr::memmem::find(seen, b"-----");
    let len = dashes.unwrap_or(seen.len());
    let own = Own {
        text: text.ended(at + len),
        at,
        len,
        cut: newline.is_none() && dashes.is_none(),
        last: dashes.is_some(),
    };
    let header = block.width == 0 && own.is_header(block);
    // The text before the dashes, if it is the prefix of the first line, is not part of the key.
    let over = dashes.is_some() && dashes == block.column;
    let body = if header || over { None } else { own.body(block)? };
    if let Some((run, width)) = body {
        let short = width < block.width;
        let width = if block.width == 0 { width } else { block.width };
        // The part on the next line is at the same column as on this line.
        let column = match own.place(run, block)? {
            Placed::Elsewhere => Some(run.start - at),
            _ => block.column,
        };
        let goes_on = Block { column, width, short, headers: 0, foreign: 0, ..block };
        let block = (!own.last).then_some(goes_on);
        return Ok(Line { body: Some((run.start, run.end)), block });
    }
    let goes_on = if own.last {
        None
    } else if header || own.is_blank(block) {
        (block.headers < MAX_HEADERS).then_some(Block { headers: block.headers + 1, ..block })
    } else if block.width > 0 && block.foreign < MAX_FOREIGN {
        Some(Block { foreign: block.foreign + 1, ..block })
    } else {
        None
    };
    Ok(Line { body: None, block: goes_on })
}

/// A line, up to the dashes in it.
struct Own<'a> {
    text: Text<'a>,
    at: usize,
    len: usize,
    /// Its end has not been seen yet.
    cut: bool,
    /// It contains dashes.
    last: bool,
}

/// A run of base64 characters.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    /// In characters.
    len: usize,
}

/// The position of a run of base64 in its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Placed {
    /// In the same column as `-----BEGIN`.
    Column,
    /// At the start of the line.
    Start,
    Elsewhere,
}

impl Own<'_> {
    /// The line's part of the body, if it has one, and its length in characters.
    fn body(&self, block: Block) -> Step<Option<(Run, usize)>> {
        let late = block.short || block.foreign > 0;
        let mut own: Option<Run> = None;
        let mut from = self.at;
        let end = self.at + self.len;
        while from < end {
            let run = self.run(from)?;
            from = if run.len > 0 { run.end } else { from + self.text.unit(from)?.len.max(1) };
            if run.len == 0 || !self.closes(run.end)? {
                continue;
            }
            let place = self.place(run, block)?;
            let placed = place != Placed::Elsewhere;
            let fits = match (block.width, late) {
                (0, _) => run.len >= MIN_LINE || self.cut && placed,
                (width, true) => placed && run.len >= MIN_LATE.min(width),
                _ => placed || run.len >= MIN_LINE,
            };
            if !fits || !placed && block.folded {
                continue;
            }
            // After a prefix of a different length, it is the longest run.
            if place == Placed::Column || own.is_none_or(|other| run.len >= other.len) {
                own = Some(run);
            }
            if place == Placed::Column {
                break;
            }
        }
        let Some(mut run) = own else { return Ok(None) };
        if block.plus && block.column == Some(run.start + 1 - self.at) {
            run.start += 1;
        }
        // Text that continues after escaped newlines belongs to the same line.
        let (mut end, mut len) = (run.end, run.len);
        loop {
            let next = separators(&self.text, end)?;
            let more = self.run(next)?;
            if next == end || more.len == 0 || !self.closes(more.end)? {
                break;
            }
            (end, len) = (more.end, len + more.len);
        }
        Ok(Some((Run { end, ..run }, len)))
    }

    /// The position of a run in its line. If the column is in the middle of a run, it does not apply to this line, and
    /// the whole run is redacted.
    fn place(&self, run: Run, block: Block) -> Step<Placed> {
        let column = self.at + block.column.unwrap_or(0);
        Ok(
            if (run.start..run.end).contains(&column)
                || column <= run.start && self.past_lead(column)? == run.start
            {
                Placed::Column
            } else if self.past_lead(self.at)? == run.start {
                Placed::Start
            } else {
                Placed::Elsewhere
            },
        )
    }

    /// The run of base64 at `at`. Padding ends it.
    fn run(&self, at: usize) -> Step<Run> {
        let (mut end, mut len, mut padded) = (at, 0, false);
        while end < self.at + self.len {
            let unit = self.text.unit(end)?;
            padded |= unit.ch == b'=';
            if !is_body(unit) || padded && unit.ch != b'=' {
                break;
            }
            (end, len) = (end + unit.len, len + 1);
        }
        Ok(Run { start: at, end, len })
    }

    /// Whether a run that ends at `at` ends with the line, or where the surrounding text continues.
    fn closes(&self, at: usize) -> Step<bool> {
        let end = self.at + self.len;
        let unit = self.text.unit(at)?;
        let last = self.text.skip_blanks(at, 0)?;
        Ok(at >= end
            || last >= end && !self.last
            || self.text.unit(last)?.ch == b'\\'
            || unit.is_newline()
            // `"name":` in JSON, after a block that was cut off, is no part of it.
            || is_quote(unit.ch) && self.text.unit(at + unit.len)?.ch != b':'
            || matches!(unit.ch, b'<' | 0x1b))
    }

    /// Skips characters that may precede the line's own part and are not letters or digits: spaces, quotes, operators.
    fn past_lead(&self, at: usize) -> Step<usize> {
        let mut at = at;
        while at < self.at + self.len {
            let unit = self.text.unit(at)?;
            let next = at + unit.len;
            let plus = unit.ch == b'+' && matches!(self.text.at(next)?, b' ' | b'"' | b'\'');
            if !plus && !is_lead(unit) {
                break;
            }
            at = next;
        }
        Ok(at)
    }

    /// Whether the line is empty after the prefix.
    fn is_blank(&self, block: Block) -> bool {
        let column = block.column.unwrap_or(0).min(self.len);
        let short = block.column.is_some_and(|column| column > self.len + 1);
        [0, column].into_iter().take(if short { 1 } else { 2 }).any(|skip| {
            let from = self.at + skip;
            let rest = self.text.window().get(from..self.at + self.len).unwrap_or_default();
            rest.trim_ascii().is_empty()
                || rest.starts_with(b"\\")
                    && matches!(self.text.unit(from), Ok(unit) if unit.is_newline() || unit.ch == b'\\')
        })
    }

    /// Whether it is a header: `Proc-Type: 4,ENCRYPTED`.
    fn is_header(&self, block: Block) -> bool {
        let column = block.column.unwrap_or(0).min(self.len);
        let window = self.text.window();
        [self.past_lead(self.at), self.past_lead(self.at + column)].into_iter().flatten().any(
            |from| {
                let rest = window.get(from..).unwrap_or_default();
                let name =
                    rest.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'-');
                let colon = name.count();
                colon > 2 && rest[0].is_ascii_uppercase() && rest[colon..].starts_with(b": ")
            },
        )
    }
}

/// Skips a header on the same line, `Proc-Type: 4,ENCRYPTED\n`, and the separator after it.
fn header(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    while end - at < 24 && (text.at(end)?.is_ascii_alphabetic() || text.at(end)? == b'-') {
        end += 1;
    }
    if end - at < 3 || text.at(end)? != b':' || text.at(end + 1)? != b' ' {
        return Ok(None);
    }
    while end - at < 128 {
        let unit = text.unit(end)?;
        if unit.is_newline() {
            let next = separators(text, end)?;
            return Ok((next > end).then_some(next));
        }
        end += unit.len.max(1);
    }
    Ok(None)
}

/// The length of the body at `at`, up to `most` characters.
fn body_run(text: &Text, at: usize, most: usize) -> Step<usize> {
    let (mut end, mut len) = (at, 0);
    while len < most {
        let unit = text.unit(end)?;
        if !is_body(unit) {
            break;
        }
        (end, len) = (end + unit.len, len + 1);
    }
    Ok(len)
}

fn is_lead(unit: Unit) -> bool {
    matches!(
        unit.ch,
        b' ' | b'\t' | b'"' | b'\'' | b'`' | b'\\' | b'.' | b'&' | b'|' | b',' | b'(' | b'['
    ) || matches!(unit.ch, b'<' | b'>' | b'*' | b'#' | b';' | b':' | 0x1b)
}

/// Whether a byte may be in a label, including the encodings of a space.
fn is_label(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b'+' | b'%')
}

/// Whether a byte may be the first one of an encoded space.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'+' | b'%')
}

/// The position after `words` at `at`, compared with case, if they are there.
fn words(text: &Text, at: usize, words: &[u8]) -> Step<Option<usize>> {
    let mut end = at;
    for want in words {
        let unit = text.unit(end)?;
        let blank = *want == b' ' && unit.ch == b'+';
        if unit.ch != *want && !blank {
            return Ok(None);
        }
        end += unit.len;
    }
    Ok(Some(end))
}
