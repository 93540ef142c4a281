//! Values without a key in logs that name their own fields.
//!
//! The W3C extended log format, which IIS, CloudFront and Tomcat write, has header lines: `#Fields: date time cs(Cookie)`.
//! [`Columns`] reads each [header](super::heading) as it passes, and tracks the position of the scan in the columns of the
//! lines after it. A later header replaces the earlier one. Like [`fields`](super::fields), it finds where secrets start,
//! and does not look at them.
//!
//! Fields are separated by blanks or tabs, whichever comes first in a line. A field that contains them is in quotes, and
//! has its own quotes doubled.

use std::sync::Arc;

use memchr::{memchr, memchr2, memchr3};

use super::heading::{Header, Heading, Kind, MARK};
use super::secret_field::{Reading, SecretField};

/// The longest header that is read, in bytes. A longer one is a comment.
const MAX_HEADER: usize = 16 * 1024;

/// The position of a scan in the columns of a log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    headings: Arc<[Heading]>,
    /// The state at the end of the settled bytes, which is the start of the next window.
    settled: State,
    /// The state at `at` in the window.
    ahead: State,
    at: usize,
    /// Where in the window the last value was started.
    started: Option<usize>,
    /// The headers that end in the window before `at`, with the offset after each.
    headers: Vec<(usize, Arc<Header>)>,
}

#[derive(Clone, Debug, Default)]
struct State {
    header: Option<Arc<Header>>,
    place: Place,
    /// The start of a line that may be a header.
    line: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    LineStart,
    /// In a line that starts with [`MARK`].
    Comment,
    /// In the rest of a line, which has no secret.
    Rest,
    Column(Column),
}

/// A position in a line's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Column {
    index: usize,
    /// The byte between the line's columns; 0 if it has not been seen yet.
    separator: u8,
    quotes: Quotes,
    part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    /// At the start of the column, where a quote may open.
    Before,
    Without,
    Open,
    /// After a quote that closes the value, or is the first of two.
    Closing,
}

/// What the next byte is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// A value that is not secret.
    Plain,
    /// A cookie's name.
    Name,
    /// Attributes of a cookie.
    Attributes,
    /// A name of a cookie that follows attributes and a comma, or the rest of a date.
    NameOrDate,
    /// A secret that starts here.
    Start,
    /// A secret.
    SecretField,
}

/// Why a part ends.
enum End {
    Line,
    Column,
    Quote,
    /// At a `;`, `=` or `,` that divides cookies.
    Divider(u8),
}

impl Columns {
    /// The state at the start of an input.
    pub fn new(headings: &Arc<[Heading]>) -> Columns {
        Columns { headings: Arc::clone(headings), ..Columns::default() }
    }

    /// Whether no log is expected to name its fields.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.headings.is_empty()
    }

    /// The header that describes the next line.
    pub fn header(&self) -> Option<Arc<Header>> {
        self.settled.header.clone()
    }

    /// Moves to the start of a line that `header` describes.
    pub fn restart(&mut self, header: Option<&Arc<Header>>) {
        self.settled.place = Place::LineStart;
        self.settled.line.clear();
        self.settled.header = header.cloned();
        self.open();
    }

    /// Reads the header again, which another rule set read.
    pub fn reread(&mut self) {
        let header = self.settled.header.take();
        self.settled.header =
            header.and_then(|header| Header::read(&header.line, &self.headings)).map(Arc::new);
        self.open();
    }

    /// Moves to the start of a window, which is the end of the settled bytes.
    pub fn open(&mut self) {
        self.ahead.clone_from(&self.settled);
        (self.at, self.started) = (0, None);
        self.headers.clear();
    }

    /// The first offset at or after `from` where a secret is about to start, and the index of its column.
    pub fn next(&mut self, window: &[u8], from: usize) -> Option<(usize, usize)> {
        if self.at < from {
            self.follow(window, from, false);
        }
        self.follow(window, window.len(), true);
        match self.ahead.place {
            Place::Column(Column { index, part: Part::Start, .. }) if self.at <= window.len() => {
                Some((self.at, index))
            }
            _ => None,
        }
    }

    /// The secret in a column.
    pub fn secret(&self, index: usize) -> Option<&SecretField> {
        match self.ahead.header.as_ref()?.fields.get(index)? {
            Kind::SecretField(secret) => Some(secret),
            Kind::Text | Kind::Digits(_) => None,
        }
    }

    /// Records that the value at `at` was started or rejected.
    pub fn start(&mut self, at: usize) {
        if let Place::Column(column) = &mut self.ahead.place
            && column.part == Part::Start
            && self.at == at
        {
            column.part = Part::SecretField;
            self.started = Some(at);
        }
    }

    /// How far the secret that was started last extends from `from` in this window, and whether it ends there.
    pub fn reach(&self, window: &[u8], from: usize, eof: bool) -> (usize, bool) {
        let Place::Column(column) = self.ahead.place else { return (from, true) };
        let divided = self.secret(column.index).is_some_and(|secret| secret.reading.is_divided());
        let line = |at: usize| {
            at - usize::from(column.quotes != Quotes::Open && at > from && window[at - 1] == b'\r')
        };
        let mut at = from;
        while let Some(offset) = find(&window[at..], column, divided) {
            at += offset;
            match window[at] {
                b'\n' => return (line(at), true),
                b'"' if column.quotes == Quotes::Open => match window.get(at + 1) {
                    Some(b'"') => at += 2,
                    None if !eof => return (at, false),
                    _ => return (at, true),
                },
                _ => return (at, true),
            }
        }
        let end = window.len();
        // A line end may have two bytes.
        (line(end), eof)
    }

    /// Moves to the end of the settled bytes, where the next window starts.
    pub fn settle(&mut self, window: &[u8], settled: usize) {
        // 1. Find the headers before it.
        if self.at < settled {
            self.follow(window, settled, false);
        }
        // 2. The state at the start of its line.
        let mut at = 0;
        std::mem::swap(&mut self.ahead, &mut self.settled);
        if let Some(newline) = memchr::memrchr(b'\n', &window[..settled]) {
            at = newline + 1;
            self.ahead.place = Place::LineStart;
            self.ahead.line.clear();
            let header = self.headers.iter().rev().find(|(end, _)| *end <= at);
            if let Some((_, header)) = header {
                self.ahead.header = Some(Arc::clone(header));
            }
        }
        // 3. The state in the line.
        self.at = at;
        let started = self.started.filter(|started| at <= *started && *started <= settled);
        if let Some(started) = started {
            self.follow(window, started, false);
            self.start(started);
        }
        self.follow(window, settled, false);
        std::mem::swap(&mut self.ahead, &mut self.settled);
    }

    /// Moves to `to`. With `stop`, it ends earlier where a secret is about to start.
    fn follow(&mut self, window: &[u8], to: usize, stop: bool) {
        while self.at < to {
            match self.ahead.place {
                Place::LineStart => {
                    self.ahead.place = match &self.ahead.header {
                        _ if window[self.at] == MARK => Place::Comment,
                        Some(header) if !header.fields.is_empty() => {
                            Place::Column(Column::first(header))
                        }
                        _ => Place::Rest,
                    };
                }
                Place::Rest => self.skip_line(&window[..to]),
                Place::Comment => {
                    let start = self.at;
                    self.skip_line(&window[..to]);
                    self.comment(&window[start..self.at]);
                }
                Place::Column(Column { part: Part::Start, .. }) if stop => return,
                Place::Column(column) => self.column(column, window, to),
            }
        }
    }

    fn skip_line(&mut self, window: &[u8]) {
        self.at = match memchr(b'\n', &window[self.at..]) {
            Some(newline) => {
                self.ahead.place = Place::LineStart;
                self.at + newline + 1
            }
            None => window.len(),
        };
    }

    /// Reads more of a line that may be a header.
    fn comment(&mut self, more: &[u8]) {
        let ahead = &mut self.ahead;
        if ahead.line.len() + more.len() > MAX_HEADER {
            ahead.line.clear();
            if ahead.place == Place::Comment {
                ahead.place = Place::Rest;
            }
            return;
        }
        ahead.line.extend_from_slice(more);
        if let Some(line) = ahead.line.strip_suffix(b"\n") {
            if let Some(header) = Header::read(line, &self.headings) {
                let header = Arc::new(header);
                self.headers.push((self.at, Arc::clone(&header)));
                ahead.header = Some(header);
            }
            ahead.line.clear();
        }
    }

    /// Moves on in a column, at most to `to`.
    fn column(&mut self, column: Column, window: &[u8], to: usize) {
        let Some(header) = &self.ahead.header else { return };
        let Some(kind) = header.fields.get(column.index) else {
            self.ahead.place = Place::Rest;
            return;
        };
        let reading = match kind {
            Kind::SecretField(secret) => Some(secret.reading),
            Kind::Text | Kind::Digits(_) => None,
        };
        let start = self.at;
        let (next, at) = match column.quotes {
            Quotes::Before => column.enter(reading, window[self.at], self.at),
            Quotes::Closing => column.after_quote(window[self.at], self.at),
            Quotes::Without | Quotes::Open => column.advance(reading, &window[..to], self.at),
        };
        self.at = at;
        self.ahead.place = match next {
            Place::LineStart => Place::LineStart,
            place => match kind {
                Kind::Digits(marks) if !is_numeric(&window[start..at], marks) => Place::Rest,
                _ => place,
            },
        };
    }
}

/// Whether `text` has only digits, `marks`, and what encloses a value.
fn is_numeric(text: &[u8], marks: &str) -> bool {
    text.iter().all(|byte| {
        byte.is_ascii_digit()
            || matches!(byte, b' ' | b'\t' | b'"' | b'\'')
            || marks.as_bytes().contains(byte)
    })
}

impl Column {
    fn first(header: &Header) -> Column {
        let separator = if header.tabs { b'\t' } else { 0 };
        Column { index: 0, separator, quotes: Quotes::Before, part: Part::Plain }
    }

    /// The column after the separator `byte`.
    fn following(self, byte: u8) -> Column {
        Column { index: self.index + 1, separator: byte, quotes: Quotes::Before, part: Part::Plain }
    }

    /// Whether `byte` is between two columns.
    fn is_separator(self, byte: u8) -> bool {
        match self.separator {
            0 => matches!(byte, b' ' | b'\t'),
            separator => byte == separator,
        }
    }

    /// Enters the column, whose first byte is at `at`.
    fn enter(self, reading: Option<Reading>, byte: u8, at: usize) -> (Place, usize) {
        // Blanks may be repeated. An empty column between two tabs is a column.
        if byte == b' ' && self.is_separator(byte) {
            return (Place::Column(self), at + 1);
        }
        let part = match reading {
            None => Part::Plain,
            Some(Reading::Cookies | Reading::SetCookie) => Part::Name,
            Some(Reading::Authorization | Reading::Whole) => Part::Start,
        };
        let quoted = byte == b'"';
        let quotes = if quoted { Quotes::Open } else { Quotes::Without };
        (Place::Column(Column { quotes, part, ..self }), at + usize::from(quoted))
    }

    /// What `byte` at `at` after a quote means.
    fn after_quote(self, byte: u8, at: usize) -> (Place, usize) {
        match byte {
            b'"' => (Place::Column(Column { quotes: Quotes::Open, ..self }), at + 1),
            _ => (Place::Column(Column { quotes: Quotes::Without, part: Part::Plain, ..self }), at),
        }
    }

    /// Moves from `at` to the end of the part, or to the window's end.
    fn advance(self, reading: Option<Reading>, window: &[u8], at: usize) -> (Place, usize) {
        let divided = reading.is_some_and(|reading| reading.is_divided());
        let Some(offset) = find(&window[at..], self, divided && self.part != Part::Plain) else {
            let part = if self.part == Part::Start { Part::SecretField } else { self.part };
            return (Place::Column(Column { part, ..self }), window.len());
        };
        let at = at + offset;
        let byte = window[at];
        let end = match byte {
            b'\n' => End::Line,
            b'"' if self.quotes == Quotes::Open => End::Quote,
            _ if self.quotes != Quotes::Open && self.is_separator(byte) => End::Column,
            _ => End::Divider(byte),
        };
        let place = match end {
            End::Line => Place::LineStart,
            End::Column => Place::Column(self.following(byte)),
            End::Quote => {
                let part = if self.part == Part::Start { Part::SecretField } else { self.part };
                Place::Column(Column { quotes: Quotes::Closing, part, ..self })
            }
            End::Divider(byte) => {
                let set_cookie = reading == Some(Reading::SetCookie);
                Place::Column(Column { part: self.part.divided(byte, set_cookie), ..self })
            }
        };
        (place, at + 1)
    }
}

impl Part {
    /// The part after `byte`, which divides the names, values and attributes of cookies.
    fn divided(self, byte: u8, set_cookie: bool) -> Part {
        match (self, byte) {
            (Part::Name | Part::NameOrDate, b'=') => Part::Start,
            (Part::NameOrDate, b';') => Part::Attributes,
            (Part::Start | Part::SecretField, b';') if set_cookie => Part::Attributes,
            (Part::Start | Part::SecretField, b';') => Part::Name,
            (Part::Attributes, b',') => Part::NameOrDate,
            (Part::Start, _) => Part::SecretField,
            (part, _) => part,
        }
    }
}

/// The offset in `rest` of a byte at which a part of `column` may end.
fn find(rest: &[u8], column: Column, divided: bool) -> Option<usize> {
    let quoted = column.quotes == Quotes::Open;
    if divided {
        let separator = column.separator;
        return rest.iter().position(|&byte| match byte {
            b'\n' | b';' => true,
            b'=' => matches!(column.part, Part::Name | Part::NameOrDate),
            b',' => column.part == Part::Attributes,
            b'"' => quoted,
            b' ' | b'\t' => !quoted && (separator == 0 || separator == byte),
            _ => false,
        });
    }
    match column.separator {
        _ if quoted => memchr2(b'"', b'\n', rest),
        0 => memchr3(b' ', b'\t', b'\n', rest),
        separator => memchr2(separator, b'\n', rest),
    }
}
