//! Private keys in PEM (RFC 7468): what stands between the first and the last line of a block.
//!
//! A block is on many lines, each perhaps behind what a logger writes before each, or on one, with its line ends
//! escaped. On many lines each line's own part goes, so that there are as many lines as before; on one, all of the
//! body is one secret. A block without its last line ends where a line cannot be part of one.

use crate::grammar::ids::PRIVATE_KEY;
use crate::grammar::start::Start;
use crate::grammar::text::lex::{More, Step, Text};
use crate::grammar::value::base64::{is_body, separators};
use crate::grammar::value::extent::{Flavour, Value};

/// The words before `PRIVATE KEY`, at most, in bytes: `ENCRYPTED`, `OPENSSH`.
const MAX_LABEL: usize = 32;
/// How much of a line is read to see whether it is of a block, in bytes.
const MAX_LINE: usize = 512;
/// The shortest first line of a body.
const MIN_LINE: usize = 16;
/// The most lines of headers.
const MAX_HEADERS: u8 = 8;

/// A block whose body is on the lines that follow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    /// Bytes before the first line's own part.
    column: usize,
    /// The length of the body's lines, once there was one.
    width: usize,
    headers: u8,
}

/// What a line of a block turned out to be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Line {
    /// Part of the body, from the offset on; more follow if there is a block.
    Body(usize, Option<Block>),
    /// A header, or the blank line behind headers.
    Header(Block),
    /// None of the block's.
    Over,
}

/// The first line of a block, where `private` stands at `at`: the body on the same line, and the block if it is on the
/// next ones.
pub(crate) fn begin(text: &Text, at: usize) -> Step<(Start, Option<Block>)> {
    let nothing = Ok((Start::Nothing(at + 1), None));
    if !stands(text, at, b"PRIVATE KEY")? {
        return nothing;
    }
    let mut back = 0;
    while back < MAX_LABEL && matches!(text.before(at, back + 1), b'A'..=b'Z' | b'0'..=b'9' | b' ')
    {
        back += 1;
    }
    // The label is preceded by `-----BEGIN `, whose letters were walked over.
    let Some(words) = (0..=back)
        .rev()
        .find(|k| text.ends_before(at, *k, b"-----begin ") && text.before(at, k + 1) == b' ')
    else {
        return nothing;
    };
    let mut end = at + b"PRIVATE KEY".len();
    if stands(text, end, b" BLOCK")? {
        end += b" BLOCK".len();
    }
    if !stands(text, end, b"-----")? {
        return nothing;
    }
    end += 5;
    let mut column = 0;
    let dashes = words + b"-----BEGIN ".len();
    while column < MAX_LINE && text.before(at, dashes + column + 1) != b'\n' {
        column += 1;
    }
    let block = Block { column, width: 0, headers: 0 };
    // The body may be on the same line.
    let mut body = separators(text, end)?;
    for _ in 0..MAX_HEADERS {
        let Some(next) = header(text, body)? else { break };
        body = next;
    }
    if body > end && is_body(text.at(body)?) && body_run(text, body, MIN_LINE)? == MIN_LINE {
        let value = Value::new(Default::default(), Flavour::Pem, PRIVATE_KEY);
        return Ok((Start::Value(body, value, None), None));
    }
    Ok((Start::Nothing(end), Some(block)))
}

/// What the line at `at` is.
pub(crate) fn line(text: &Text, at: usize, block: Block) -> Step<Line> {
    let window = text.window();
    let seen = &window[at..window.len().min(at + MAX_LINE)];
    let end = memchr::memchr(b'\n', seen);
    if end.is_none() && seen.len() < MAX_LINE && !text.is_end() {
        return Err(More);
    }
    let line = &seen[..end.unwrap_or(seen.len())];
    let run = |from: usize| line[from..].iter().take_while(|byte| is_body(**byte)).count();
    // A body's line ends where the line does, or where what is around it goes on: an escape, a quote.
    let closes =
        |to: usize| matches!(line.get(to), None | Some(b'\r' | b'\\' | b'"' | b'\'' | b'`'));
    let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let places = [block.column.min(line.len()), indent];
    let own = &line[places[0]..];
    let trimmed =
        if own.trim_ascii().is_empty() { &line[indent..] } else { own.trim_ascii_start() };
    let header = trimmed.iter().position(|byte| *byte == b':').is_some_and(|colon| {
        colon > 2
            && trimmed[0].is_ascii_uppercase()
            && trimmed[..colon].iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'-')
    });
    if block.width == 0
        && block.headers < MAX_HEADERS
        && (header || trimmed.is_empty() || trimmed.starts_with(b"\\") || trimmed == b"\r")
    {
        return Ok(Line::Header(Block { headers: block.headers + 1, ..block }));
    }
    // Behind a prefix of another length: a counter, or a time that ends in zeros.
    let mut long = None;
    let mut from = 0;
    while from < line.len() {
        let len = run(from);
        if len >= MIN_LINE.max(block.width) {
            long = Some(from);
        }
        from += len + 1;
    }
    for from in places.into_iter().chain(long) {
        let len = run(from);
        let fits = if block.width == 0 { len >= MIN_LINE } else { len > 0 && len <= block.width };
        let whole = from + len == line.len() && end.is_none();
        if (fits || whole) && len > 0 && closes(from + len) {
            // A shorter line is the last one.
            let more = block.width == 0 || len == block.width || whole;
            let width = if block.width == 0 { len } else { block.width };
            return Ok(Line::Body(at + from, more.then_some(Block { width, ..block })));
        }
    }
    Ok(Line::Over)
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

/// How many bytes of a body stand at `at`, up to `most`.
fn body_run(text: &Text, at: usize, most: usize) -> Step<usize> {
    let mut len = 0;
    while len < most && is_body(text.at(at + len)?) {
        len += 1;
    }
    Ok(len)
}

/// Whether `word` stands at `at`, in this case.
fn stands(text: &Text, at: usize, word: &[u8]) -> Step<bool> {
    for (k, want) in word.iter().enumerate() {
        if text.at(at + k)? != *want {
            return Ok(false);
        }
    }
    Ok(true)
}
