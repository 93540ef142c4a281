//! Values without a key: fields of access logs that hold a secret, found by their position.
//!
//! A [`LineFormat`] is a sequence of texts and variables. A line is matched against it byte by byte. As soon as the
//! line has matched up to a variable that is a secret, the value starts. The text after the value does not have to
//! arrive first, so nothing is held, however long the fields are. [`Fields`] tracks the position of the scan in every
//! format, and in the [columns](super::columns) that a log names itself. It does not look at the values.

use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr2, memchr3};

use super::columns::Columns;
use super::format::{LineFormat, Step};
use super::heading::{Header, Heading};
use super::secret_field::SecretField;

/// The start of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its offset in the window.
    pub at: usize,
    place: FieldPlace,
}

/// Which field it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FieldPlace {
    /// The index of a format, and of a step in it.
    Step { format: usize, step: usize },
    /// The index of a column that the log names.
    Column(usize),
}

/// How a field's value is enclosed and read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening<'a> {
    pub secret: &'a SecretField,
    pub quoted: bool,
}

/// The position of a scan in each format.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    formats: Arc<[LineFormat]>,
    followers: Vec<Follower>,
    short: ShortLines,
    columns: Columns,
}

/// Lines that are too short for any format. Each is skipped once for all formats.
#[derive(Clone, Debug, Default)]
struct ShortLines {
    /// The fewest bytes of a line that contains a secret.
    min_len: usize,
    /// The range of short lines in the window that have been skipped, from the start of the first to the end of the
    /// last.
    known: Range<usize>,
}

impl ShortLines {
    /// The first line at or after the one at `at` that is long enough, or that the window's end cuts off.
    fn pass(&mut self, window: &[u8], at: usize) -> usize {
        if !self.known.contains(&at) {
            let mut end = at;
            while let reach = window.len().min(end + self.min_len)
                && let Some(newline) = memchr(b'\n', &window[end..reach])
            {
                end += newline + 1;
            }
            self.known = at..end;
        }
        self.known.end.max(at)
    }
}

/// The position of the scan in one format.
#[derive(Clone, Copy, Debug, Default)]
struct Follower {
    /// The state at the end of the settled bytes, which is the start of the next window.
    settled: Place,
    /// The state at `at` in the window.
    ahead: Place,
    at: usize,
    /// Where in the window the last value was started.
    started: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    /// The step that the next byte belongs to; one past the last step if the line does not match the format.
    step: usize,
    /// How many bytes have matched of the step's text, or of the text that ends its value.
    seen: usize,
    /// The next byte follows a backslash in a quoted value.
    escaped: bool,
    /// The value is a secret that has not been started yet.
    waiting: bool,
}

impl Fields {
    /// The state at the start of an input.
    pub fn new(formats: &Arc<[LineFormat]>, headings: &Arc<[Heading]>) -> Fields {
        let mut fields = Fields {
            formats: Arc::clone(formats),
            followers: vec![Follower::default(); formats.len()],
            short: ShortLines {
                min_len: formats.iter().map(|format| format.min_len).min().unwrap_or(0),
                known: 0..0,
            },
            columns: Columns::new(headings),
        };
        fields.reset();
        fields
    }

    /// Whether there are no formats.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.followers.is_empty() && self.columns.is_empty()
    }

    /// The header by which the log names its fields, if there was one.
    pub fn header(&self) -> Option<Arc<Header>> {
        self.columns.header()
    }

    /// Reads the header again, which another rule set read.
    pub fn reread(&mut self) {
        self.columns.reread();
    }

    /// Returns to the start of an input.
    pub fn reset(&mut self) {
        self.restart(None);
    }

    /// Moves to the start of a line in a log that names its fields by `header`.
    pub fn restart(&mut self, header: Option<&Arc<Header>>) {
        self.columns.restart(header);
        for (format, follower) in self.formats.iter().zip(&mut self.followers) {
            follower.settled = format.first();
        }
        self.open();
    }

    /// Moves to the start of a window, which is the end of the settled bytes.
    pub fn open(&mut self) {
        self.short.known = 0..0;
        if !self.columns.is_empty() {
            self.columns.open();
        }
        for follower in &mut self.followers {
            (follower.ahead, follower.at, follower.started) = (follower.settled, 0, None);
        }
    }

    /// The first offset at or after `from` where a secret is about to start. `from` must not go back before a field
    /// that was started.
    #[inline]
    pub fn next(&mut self, window: &[u8], from: usize) -> Option<Field> {
        if self.is_empty() { None } else { self.first(window, from) }
    }

    fn first(&mut self, window: &[u8], from: usize) -> Option<Field> {
        let column = match self.columns.is_empty() {
            true => None,
            false => self.columns.next(window, from),
        };
        let mut first = column.map(|(at, index)| Field { at, place: FieldPlace::Column(index) });
        for (index, (format, follower)) in self.formats.iter().zip(&mut self.followers).enumerate()
        {
            if follower.at < from {
                (follower.ahead, follower.at) =
                    format.follow(follower.ahead, window, follower.at, from, false);
            }
            if !follower.ahead.waiting {
                let short = &mut self.short;
                (follower.ahead, follower.at) =
                    format.wait(follower.ahead, window, follower.at, short);
            }
            // A value that starts at the window's end is reported in the next window. An offset from before may be
            // outside this window.
            if follower.at > window.len() {
                continue;
            }
            if follower.ahead.waiting && first.is_none_or(|first| follower.at < first.at) {
                let place = FieldPlace::Step { format: index, step: follower.ahead.step };
                first = Some(Field { at: follower.at, place });
            }
        }
        first
    }

    /// How the value of `field` is to be read.
    pub fn opening(&self, field: Field) -> Option<Opening<'_>> {
        let (format, step) = match field.place {
            FieldPlace::Step { format, step } => (format, step),
            FieldPlace::Column(index) => {
                let secret = self.columns.secret(index)?;
                return Some(Opening { secret, quoted: false });
            }
        };
        match self.formats.get(format)?.steps.get(step)? {
            Step::Value { secret: Some(secret), quoted, .. } => {
                Some(Opening { secret, quoted: *quoted })
            }
            _ => None,
        }
    }

    /// Whether the log itself names the field. Its value is then a part of a column.
    pub fn is_column(&self, field: Field) -> bool {
        matches!(field.place, FieldPlace::Column(_))
    }

    /// Records that the value was started or rejected. Another format with a field there has the same one.
    pub fn start(&mut self, field: Field) {
        self.columns.start(field.at);
        for follower in &mut self.followers {
            if follower.at == field.at && follower.ahead.waiting {
                follower.ahead.waiting = false;
                follower.started = Some(field.at);
            }
        }
    }

    /// How far the value of a started field extends from `from` in this window, and whether it ends there.
    pub fn reach(&self, field: Field, window: &[u8], from: usize, eof: bool) -> (usize, bool) {
        let FieldPlace::Step { format, step } = field.place else {
            return self.columns.reach(window, from, eof);
        };
        let (format, follower) = (&self.formats[format], self.followers[format]);
        let place = Place { waiting: false, ..follower.ahead };
        let (place, at) = format.follow(place, window, follower.at, from, false);
        let Some(Step::Value { end, quoted, .. }) = format.steps.get(step) else {
            return (from, true);
        };
        if place.step != step || at != from {
            return (from, true);
        }
        let (place, at, ended) = read(end, *quoted, place, window, from, window.len());
        // A line end may have two bytes.
        let line = |at: usize| at - usize::from(!quoted && at > from && window[at - 1] == b'\r');
        match ended {
            Some(End::Line) => (line(at - 1), true),
            Some(End::Text) => (at - end.len(), true),
            Some(End::Other) => (from, true),
            None if eof => (line(at), true),
            // The bytes that may be the text after the value are undecided.
            None => (line(at - place.seen), false),
        }
    }

    /// Moves to the end of the settled bytes, where the next window starts.
    pub fn settle(&mut self, window: &[u8], settled: usize) {
        if self.is_empty() {
            return;
        }
        if !self.columns.is_empty() {
            self.columns.settle(window, settled);
        }
        let line = memchr::memrchr(b'\n', &window[..settled]).map(|newline| newline + 1);
        for (format, follower) in self.formats.iter().zip(&mut self.followers) {
            let (mut place, mut at) = match line {
                Some(line) => (format.first(), line),
                None => (follower.settled, 0),
            };
            if let Some(started) =
                follower.started.filter(|started| at <= *started && *started <= settled)
            {
                (place, at) = format.follow(place, window, at, started, false);
                place.waiting = false;
            }
            (follower.settled, _) = format.follow(place, window, at, settled, false);
        }
    }
}

impl LineFormat {
    /// The state at the start of a line.
    fn first(&self) -> Place {
        self.enter(0)
    }

    fn enter(&self, step: usize) -> Place {
        let waiting = matches!(self.steps.get(step), Some(Step::Value { secret: Some(_), .. }));
        Place { step, waiting, ..Place::default() }
    }

    /// The state in a line that does not match the format.
    fn mismatch(&self) -> Place {
        Place { step: self.steps.len(), ..Place::default() }
    }

    /// Moves from `place` at `at` to the offset where a secret is about to start, or to the window's end.
    fn wait(
        &self,
        place: Place,
        window: &[u8],
        at: usize,
        short: &mut ShortLines,
    ) -> (Place, usize) {
        let (mut place, mut at) = (place, at);
        while at < window.len() && !place.waiting {
            if at > 0 && window[at - 1] == b'\n' {
                let next = short.pass(window, at);
                if next > at {
                    (place, at) = (self.first(), next);
                    continue;
                }
            }
            // To the end of the line, so that the next line is checked as a whole.
            let line =
                memchr(b'\n', &window[at..]).map_or(window.len(), |newline| at + newline + 1);
            (place, at) = self.follow(place, window, at, line, true);
        }
        (place, at)
    }

    /// Moves from `place` at `at` to `to`. With `stop`, it ends earlier where a secret is about to start.
    fn follow(
        &self,
        place: Place,
        window: &[u8],
        at: usize,
        to: usize,
        stop: bool,
    ) -> (Place, usize) {
        let (mut place, mut at) = (place, at);
        while at < to && !(stop && place.waiting) {
            match self.steps.get(place.step) {
                None => match memchr(b'\n', &window[at..to]) {
                    Some(newline) => (place, at) = (self.first(), at + newline + 1),
                    None => at = to,
                },
                Some(Step::Text(text)) => {
                    let byte = window[at];
                    at += 1;
                    if byte == b'\n' {
                        place = self.first();
                    } else if byte != text[place.seen] {
                        place = self.mismatch();
                    } else if place.seen + 1 == text.len() {
                        place = self.enter(place.step + 1);
                    } else {
                        place.seen += 1;
                    }
                }
                Some(Step::Value { end, quoted, digits, .. }) => {
                    let value = if *digits {
                        read_number(end, place, window, at, to)
                    } else {
                        read(end, *quoted, place, window, at, to)
                    };
                    (place, at) = match value {
                        (_, next, Some(End::Line)) => (self.first(), next),
                        // The text is the next step, and has been consumed along with the value.
                        (_, next, Some(End::Text)) => (self.enter(place.step + 2), next),
                        (_, next, Some(End::Other)) => (self.mismatch(), next),
                        (read, next, None) => (read, next),
                    };
                }
            }
        }
        (place, at)
    }
}

/// Why a value ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The text after it has been read.
    Text,
    /// The line has ended.
    Line,
    /// It is not a number.
    Other,
}

/// Reads a value and the text after it, up to `to`.
fn read(
    end: &[u8],
    quoted: bool,
    place: Place,
    window: &[u8],
    at: usize,
    to: usize,
) -> (Place, usize, Option<End>) {
    let (mut place, mut at) = (place, at);
    while at < to {
        // 1. Skip bytes that neither end the value nor need attention.
        if place.seen == 0 && !place.escaped {
            let rest = &window[at..to];
            let skip = match end.first() {
                None => memchr(b'\n', rest),
                Some(first) if quoted => memchr3(*first, b'\\', b'\n', rest),
                Some(first) => memchr2(*first, b'\n', rest),
            };
            at += skip.unwrap_or(rest.len());
            if at == to {
                break;
            }
        }
        // 2. One byte.
        let byte = window[at];
        at += 1;
        if byte == b'\n' {
            return (place, at, Some(End::Line));
        }
        if place.escaped {
            (place.escaped, place.seen) = (false, 0);
        } else if quoted && byte == b'\\' {
            (place.escaped, place.seen) = (true, 0);
        } else {
            place.seen = advance(end, place.seen, byte);
            if place.seen > 0 && place.seen == end.len() {
                return (place, at, Some(End::Text));
            }
        }
    }
    (place, at, None)
}

/// Reads a number and the text after it, up to `to`.
fn read_number(
    end: &[u8],
    place: Place,
    window: &[u8],
    at: usize,
    to: usize,
) -> (Place, usize, Option<End>) {
    let mut place = place;
    for (at, byte) in window[..to].iter().enumerate().skip(at) {
        let ended = match byte {
            b'\n' => Some(End::Line),
            b'0'..=b'9' | b'-' | b'.' if place.seen == 0 => None,
            byte if end.get(place.seen) == Some(byte) => {
                place.seen += 1;
                (place.seen == end.len()).then_some(End::Text)
            }
            _ => Some(End::Other),
        };
        if ended.is_some() {
            return (place, at + 1, ended);
        }
    }
    (place, to, None)
}

/// How many bytes of `text` match after `byte`, if `seen` bytes matched before it.
fn advance(text: &[u8], seen: usize, byte: u8) -> usize {
    let mut seen = seen;
    loop {
        if text.get(seen) == Some(&byte) {
            return seen + 1;
        }
        if seen == 0 {
            return 0;
        }
        // The longest prefix of the text that is also a suffix of the bytes seen. Texts are a few bytes long.
        seen = (0..seen).rev().find(|&len| text[..len] == text[seen - len..seen]).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(formats: &[(&str, &[(&str, &str)])]) -> Fields {
        let formats: Vec<LineFormat> =
            formats.iter().map(|(line, secrets)| LineFormat::new(line, secrets).unwrap()).collect();
        Fields::new(&formats.into(), &Vec::new().into())
    }

    /// Where secrets start in `input`, scanned in windows of `size` bytes of which the last `hold` bytes are not
    /// settled.
    fn starts(
        formats: &[(&str, &[(&str, &str)])],
        input: &str,
        size: usize,
        hold: usize,
    ) -> Vec<usize> {
        let mut fields = fields(formats);
        let input = input.as_bytes();
        let (mut found, mut base, mut end) = (Vec::new(), 0, 0);
        while end < input.len() {
            end = input.len().min(end + size);
            let window = &input[base..end];
            fields.open();
            let settled = window.len().saturating_sub(if end < input.len() { hold } else { 0 });
            let mut from = 0;
            while let Some(field) = fields.next(window, from)
                && field.at < settled
            {
                found.push(base + field.at);
                fields.start(field);
                from = field.at;
            }
            fields.settle(window, settled);
            base += settled;
        }
        found
    }

    fn check(formats: &[(&str, &[(&str, &str)])], marked: &str) {
        let input = marked.replace('^', "");
        let expected: Vec<usize> =
            marked.match_indices('^').enumerate().map(|(k, (at, _))| at - k).collect();
        for size in 1..=input.len() {
            for hold in [0, 1, 5, 30] {
                assert_eq!(starts(formats, &input, size, hold), expected, "{size} {hold} {marked}");
            }
        }
    }

    const LINE: &str =
        r#"10.0.0.1 - ada [24/Nov/2026:20:22:24 +0000] "GET /x HTTP/1.1" 200 612 "-" "curl/8.5.0""#;

    #[test]
    fn the_field_after_a_combined_line() {
        let format: &[(&str, &[(&str, &str)])] = &[(r#"$combined "$http_cookie""#, &[])];
        check(format, &format!("{LINE} \"^sid=1\"\nother\n{LINE} \"^-\"\n{LINE}\n{LINE} \"^\"\n"));
        // Quotes and brackets in the fields before it, with and without escapes.
        check(
            format,
            "10.0.0.1 - a b [24/Nov] \"GET /\\\" \\\\\" 200 - \"http://h/\\x22\" \"a \\\" \\\" b\" \"^a=1\"\n",
        );
        // Lines of other formats.
        check(format, &format!("{} \"a=1\"\n", LINE.replace("200", "OK")));
        check(format, &format!("{} \"a=1\"\n", LINE.replace("612", "6 1")));
        check(format, &format!("{} \"a=1\"\n", LINE.replace(" - ada", " ada")));
        check(format, &format!("{} \"a=1\"\n", LINE.replace("\"-\" ", "")));
        check(format, &format!("{LINE} 0.123 \"a=1\"\n{LINE} \"^a=1\" 0.123\n"));
    }

    #[test]
    fn several_fields_and_formats() {
        let format: &[(&str, &[(&str, &str)])] = &[
            ("$host|$pin|${user}x|$http_cookie", &[("pin", "authorization")]),
            ("[$time] $cookie_sid $status", &[]),
        ];
        check(format, "h|^1234|ux|^a=1|b=2\n[now] ^0123 200\n[now]^\n".replace("]^", "]").as_str());
        check(format, "h|^1234|u|a=1\nh|^|x|^c");
        // A text that contains its own prefix again.
        check(&[("$a--->$cookie_b", &[])], "x--->^y\nx---->^y\n--->^\n---\n->y\n");
    }

    #[test]
    fn a_field_that_starts_late_is_still_started() {
        let mut fields = fields(&[("$a|$cookie_b|$c", &[])]);
        let window = b"xxx|0123456|z\n";
        assert_eq!(fields.next(window, 0).map(|field| field.at), Some(4));
        assert_eq!(fields.next(window, 7).map(|field| field.at), Some(7));
        fields.settle(window, 8);
        fields.open();
        assert_eq!(fields.next(&window[8..], 0).map(|field| field.at), Some(0));
        assert_eq!(fields.next(&window[8..], 4), None);
    }
}
