//! Values without a key in logs that name their own fields.
//!
//! The W3C extended log format, which IIS, CloudFront and Tomcat write, has header lines: `#Fields: date time cs(Cookie)`.
//! A [`Heading`] says how such a line starts. [`Columns`] reads each header as it passes, and tracks the position of the
//! scan in the columns of the lines after it. A later header replaces the earlier one. Like
//! [`fields`](super::fields), it finds where secrets start, and does not look at them.
//!
//! Fields are separated by blanks or tabs, whichever comes first in a line. A field that contains them is in quotes, and
//! has its own quotes doubled.

use std::sync::Arc;

use memchr::{memchr, memchr2, memchr3};

use super::secret::{Reading, Secret};
use crate::grammar::key::{Class, classify};
use crate::span::RuleId;

/// Lines that start with this byte are headers and comments.
pub(super) const MARK: u8 = b'#';

/// The longest header that is read, in bytes. A longer one is a comment.
const MAX_HEADER: usize = 16 * 1024;

/// How the lines start by which a log names its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// In any case, as `#Fields:`.
    text: String,
    /// Names of fields, and the secrets in them.
    secrets: Vec<(String, Secret)>,
    /// The rules for fields with a known name, with their indices among the selected rules.
    rules: Vec<(&'static str, RuleId)>,
}

/// The rules that fields with a known name belong to.
const RULES: &[&str] = &["bearer", "cookie", "authorization", "oauth"];

impl Heading {
    pub fn new(text: &str, secrets: &[(&str, &str)]) -> Heading {
        let secret = |name: &str, rule: &str| {
            let class = class(name);
            let reading = match (rule, class) {
                ("cookie", Some(Class::Cookie)) => Reading::Cookies,
                ("cookie", Some(Class::SetCookie)) => Reading::SetCookie,
                ("authorization" | "bearer", Some(Class::Authorization)) => Reading::Authorization,
                _ => Reading::Whole,
            };
            Secret { rule: rule.to_owned(), reading, place: None }
        };
        Heading {
            text: text.to_owned(),
            secrets: secrets
                .iter()
                .map(|(name, rule)| ((*name).to_owned(), secret(name, rule)))
                .collect(),
            rules: Vec::new(),
        }
    }

    /// The fields that were named as secrets.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.secrets.iter().map(|(_, secret)| secret)
    }

    /// The same heading, with the indices of its rules.
    pub fn placed(mut self, place: impl Fn(&str) -> Option<RuleId>) -> Heading {
        for (_, secret) in &mut self.secrets {
            secret.place = place(&secret.rule);
        }
        self.rules = RULES.iter().filter_map(|rule| Some((*rule, place(rule)?))).collect();
        self
    }

    /// The text after the heading in `line`.
    fn strip<'l>(&self, line: &'l [u8]) -> Option<&'l [u8]> {
        let (start, rest) = line.split_at_checked(self.text.len())?;
        let rest = rest.strip_prefix(b":").unwrap_or(rest);
        (start.eq_ignore_ascii_case(self.text.as_bytes())
            && matches!(rest.first(), Some(b' ' | b'\t')))
        .then_some(rest)
    }

    /// The secret in the field called `name`.
    fn secret(&self, name: &[u8]) -> Option<Secret> {
        let given =
            self.secrets.iter().find(|(given, _)| given.as_bytes().eq_ignore_ascii_case(name));
        if let Some((_, secret)) = given {
            return secret.place.map(|_| secret.clone());
        }
        let (rule, reading) = match class(std::str::from_utf8(name).ok()?)? {
            Class::Authorization => ("authorization", Reading::Authorization),
            Class::Cookie => ("cookie", Reading::Cookies),
            Class::SetCookie => ("cookie", Reading::SetCookie),
            Class::Session => ("cookie", Reading::Whole),
            Class::Header => ("authorization", Reading::Whole),
            Class::Param => ("oauth", Reading::Whole),
            Class::Bearer => ("bearer", Reading::Whole),
            _ => return None,
        };
        let (_, place) = self.rules.iter().find(|(name, _)| *name == rule)?;
        Some(Secret { rule: rule.to_owned(), reading, place: Some(*place) })
    }
}

/// The class of a field by its name, for example `cs(Cookie)`, `cs-cookie` or `x-C(sid)`.
fn class(name: &str) -> Option<Class> {
    let name = match name.strip_suffix(')').and_then(|name| name.split_once('(')) {
        // Tomcat's field of one cookie.
        Some(("x-C", _)) => return Some(Class::Session),
        Some((_, name)) => name,
        None => ["cs-", "sc-", "rs-", "sr-"]
            .iter()
            .find_map(|prefix| name.strip_prefix(prefix))
            .unwrap_or(name),
    };
    classify(name.as_bytes()).map(|(class, _)| class)
}

/// A header of a log: the names of its fields.
#[derive(Debug)]
pub struct Header {
    /// The line.
    line: Box<[u8]>,
    /// What each field has, up to the last one that has a secret.
    fields: Box<[Kind]>,
    /// Fields are separated by tabs only, as the names are.
    tabs: bool,
}

/// What a field has.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    /// Digits and these marks: a date, a time or a number. A line that has something else there is not described by the
    /// header.
    Digits(&'static str),
    Secret(Secret),
}

/// Names of fields whose values consist of digits and the marks beside them.
const DIGITS: &[(&str, &str)] = &[
    ("date", "-/"),
    ("time", ":."),
    ("time-taken", "-.,"),
    ("bytes", "-"),
    ("cs-bytes", "-"),
    ("sc-bytes", "-"),
    ("sc-status", "-"),
    ("sc-substatus", "-"),
    ("sc-win32-status", "-"),
    ("status", "-"),
    ("s-port", "-"),
    ("c-port", "-"),
];

/// Headers are compared by their text, because logs repeat them.
impl PartialEq for Header {
    fn eq(&self, other: &Header) -> bool {
        self.line == other.line
    }
}

impl Eq for Header {}

impl Header {
    /// Reads a line that starts with [`MARK`]. `None` if it is a comment.
    fn read(line: &[u8], headings: &[Heading]) -> Option<Header> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let names = headings.iter().find_map(|heading| heading.strip(line))?;
        let tabs = names.contains(&b'\t');
        let kind = |name: &[u8]| {
            let of = headings.iter().filter(|heading| heading.strip(line).is_some());
            match of.filter_map(|heading| heading.secret(name)).next() {
                Some(secret) => Kind::Secret(secret),
                None => DIGITS
                    .iter()
                    .find(|(digits, _)| digits.as_bytes() == name)
                    .map_or(Kind::Text, |(_, marks)| Kind::Digits(marks)),
            }
        };
        let mut fields: Vec<Kind> = names
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|name| !name.is_empty())
            .map(kind)
            .collect();
        let last = fields.iter().rposition(|kind| matches!(kind, Kind::Secret(_)));
        fields.truncate(last.map_or(0, |last| last + 1));
        Some(Header { line: line.into(), fields: fields.into(), tabs })
    }
}

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
    Secret,
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
    pub fn secret(&self, index: usize) -> Option<&Secret> {
        match self.ahead.header.as_ref()?.fields.get(index)? {
            Kind::Secret(secret) => Some(secret),
            Kind::Text | Kind::Digits(_) => None,
        }
    }

    /// Records that the value at `at` was started or rejected.
    pub fn start(&mut self, at: usize) {
        if let Place::Column(column) = &mut self.ahead.place
            && column.part == Part::Start
            && self.at == at
        {
            column.part = Part::Secret;
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
            Kind::Secret(secret) => Some(secret.reading),
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
            let part = if self.part == Part::Start { Part::Secret } else { self.part };
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
                let part = if self.part == Part::Start { Part::Secret } else { self.part };
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
            (Part::Start | Part::Secret, b';') if set_cookie => Part::Attributes,
            (Part::Start | Part::Secret, b';') => Part::Name,
            (Part::Attributes, b',') => Part::NameOrDate,
            (Part::Start, _) => Part::Secret,
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
