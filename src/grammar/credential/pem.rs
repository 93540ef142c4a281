//! Private keys in PEM (RFC 7468): what stands between the first and the last line of a block.
//!
//! A block is on many lines, each perhaps behind what a logger writes before each or in a string literal of its own, or on
//! one, with its line ends escaped. On many lines each line's own part goes, so that there are as many lines as before; on
//! one, all of the body is one secret. A block ends at its last line, or where lines cannot be part of one.

use crate::grammar::ids::PRIVATE_KEY;
use crate::grammar::start::Start;
use crate::grammar::text::lex::{LOOKBACK, More, Step, Text, Unit, is_quote};
use crate::grammar::value::base64::{is_body, separators};
use crate::grammar::value::extent::{Flavour, Value};

/// The bytes between `-----BEGIN` and `PRIVATE KEY`, at most: ` ENCRYPTED `, `%20OPENSSH%20`.
const MAX_LABEL: usize = 32;
/// How much of a line is read to see whether it is of a block, in bytes.
const MAX_LINE: usize = 512;
/// The shortest first line of a body, in characters.
const MIN_LINE: usize = 16;
/// The shortest line of a body behind one that seemed to be its last, or none of it.
const MIN_LATE: usize = 40;
/// The most headers and blank lines in a row.
const MAX_HEADERS: u8 = 8;
/// The most lines in a row that are none of the body's and stand in the middle of it.
const MAX_FOREIGN: u8 = 2;

/// What starts the last line, and is in none of the body's.
pub(crate) const END: &[u8] = b"-----END";

/// A block that goes on with the next line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    /// Bytes before the first line's own part, if they can be told.
    column: Option<usize>,
    /// They end in what a diff puts before a line and base64 has too.
    plus: bool,
    /// The body began on the first line.
    folded: bool,
    /// The length of the body's first line, once there was one.
    width: usize,
    /// There was a shorter line, which may have been the last.
    short: bool,
    /// Headers and blank lines before this one.
    headers: u8,
    /// Lines before this one that were none of the block's.
    foreign: u8,
}

/// What a line of a block turned out to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Where its part of the body starts and ends, if it has one.
    pub body: Option<(usize, usize)>,
    /// The block, if it may go on.
    pub block: Option<Block>,
}

/// The first line of a block, where `private key` stands at `at`: the body on the same line if there is one, and the block
/// with the end of `-----BEGIN PRIVATE KEY-----`.
pub(crate) fn begin(text: &Text, at: usize) -> Step<(Start, Option<(Block, usize)>)> {
    let nothing = Ok((Start::Nothing(at + 1), None));
    let Some(mut end) = words(text, at, b"PRIVATE KEY")? else { return nothing };
    // The label is preceded by `-----BEGIN`, whose letters may be part of it.
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

/// What the line at `at` is.
pub(crate) fn line(text: &Text, at: usize, block: Block) -> Step<Line> {
    let window = text.window();
    let seen = &window[at..window.len().min(at + MAX_LINE)];
    let newline = memchr::memchr(b'\n', seen);
    if newline.is_none() && seen.len() < MAX_LINE && !text.is_end() {
        return Err(More);
    }
    // Dashes are no part of a body.
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
    // What is before the dashes as it was before the first line's is none of the key.
    let over = dashes.is_some() && dashes == block.column;
    let body = if header || over { None } else { own.body(block)? };
    if let Some((run, width)) = body {
        let short = width < block.width;
        let width = if block.width == 0 { width } else { block.width };
        // The next line's part is where this one's is.
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
    /// Its end has not been seen.
    cut: bool,
    /// There are dashes.
    last: bool,
}

/// Characters of base64 in a row.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    /// In characters.
    len: usize,
}

/// Where a run of base64 is in its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Placed {
    /// Where `-----BEGIN` was.
    Column,
    /// At the line's start.
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
            // Behind a prefix of another length it is the longest.
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
        // What goes on behind escaped line ends is of the same line.
        let (mut end, mut len) = (run.end, run.len);
        loop {
            let next = separators(&self.text, end)?;
            let more = self.run(next)?;
            if next == end || more.len == 0 {
                break;
            }
            (end, len) = (more.end, len + more.len);
        }
        Ok(Some((Run { end, ..run }, len)))
    }

    /// Where in the line a run is. A column in the middle of one is that of another text, and all of the run goes.
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

    /// The run of base64 at `at`: padding ends it.
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

    /// Whether a run that ends at `at` ends with the line, or where what is around it goes on.
    fn closes(&self, at: usize) -> Step<bool> {
        let end = self.at + self.len;
        let unit = self.text.unit(at)?;
        let last = self.text.skip_blanks(at, 0)?;
        Ok(at >= end
            || last >= end && !self.last
            || self.text.unit(last)?.ch == b'\\'
            || unit.is_newline()
            || is_quote(unit.ch)
            || matches!(unit.ch, b'<' | 0x1b))
    }

    /// Past what may stand before the line's own part without being a word: blanks, quotes, operators.
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

    /// Whether nothing of the line is left behind the prefix.
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

/// Past a header on the same line, `Proc-Type: 4,ENCRYPTED\n`, and what separates it from the next.
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

/// How many characters of a body stand at `at`, up to `most`.
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

/// What may stand in a label, or for a blank in it.
fn is_label(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b'+' | b'%')
}

/// The first byte of what stands for a blank.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'+' | b'%')
}

/// Past `words` at `at`, in this case, if they stand there.
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
