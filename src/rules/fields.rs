//! Positions that have no name: fields of access logs that hold a secret and do not say so.
//!
//! A [`LineFormat`] is text, and variables that stand for values. A line is followed through it byte by byte, and where it has had the format's shape up to a variable that is a secret, the
//! value starts. What comes behind the value is not waited for, so nothing is held, however long the fields are.
//! [`Fields`] keeps the place of the scan in every format; it does not look at what a value is.

use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr2, memchr3};

use super::format::{LineFormat, Secret, Step};

/// A field's value that starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// Where it starts, in the window.
    pub at: usize,
    /// Its format, and its step in that.
    format: usize,
    step: usize,
}

/// How a field's value is enclosed and read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening<'a> {
    pub secret: &'a Secret,
    pub quoted: bool,
}

/// The place of a scan in each of the formats.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    formats: Arc<[LineFormat]>,
    followers: Vec<Follower>,
    short: ShortLines,
}

/// Lines that are too short for any of the formats: each is passed over once, and not by each format.
#[derive(Clone, Debug, Default)]
struct ShortLines {
    /// The fewest bytes of a line that has a secret.
    least: usize,
    /// Where such lines are in the window, from the start of the first to the end of the last.
    known: Range<usize>,
}

impl ShortLines {
    /// The first line from the one at `at` on that is long enough, or that the window's end has cut.
    fn pass(&mut self, window: &[u8], at: usize) -> usize {
        if !self.known.contains(&at) {
            let mut end = at;
            while let reach = window.len().min(end + self.least)
                && let Some(newline) = memchr(b'\n', &window[end..reach])
            {
                end += newline + 1;
            }
            self.known = at..end;
        }
        self.known.end.max(at)
    }
}

/// The place in one format.
#[derive(Clone, Copy, Debug, Default)]
struct Follower {
    /// At the end of what is settled, which is the start of the window.
    settled: Place,
    /// At `at` in the window.
    ahead: Place,
    at: usize,
    /// Where in the window a value was started last.
    started: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    /// The step that the next byte belongs to; one past the last if the line does not have the shape.
    step: usize,
    /// How much of the step's text has been seen, or of the text that ends its value.
    seen: usize,
    /// The next byte follows a backslash in quotes.
    escaped: bool,
    /// The value is a secret that has not been started.
    waiting: bool,
}

impl Fields {
    /// The place at the start of an input.
    pub fn new(formats: &Arc<[LineFormat]>) -> Fields {
        let mut fields = Fields {
            formats: Arc::clone(formats),
            followers: vec![Follower::default(); formats.len()],
            short: ShortLines {
                least: formats.iter().map(|format| format.least).min().unwrap_or(0),
                known: 0..0,
            },
        };
        fields.reset();
        fields
    }

    /// Whether there is nothing to follow.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.followers.is_empty()
    }

    /// Goes to the start of an input.
    pub fn reset(&mut self) {
        for (format, follower) in self.formats.iter().zip(&mut self.followers) {
            follower.settled = format.first();
        }
        self.open();
    }

    /// Goes to the start of a window, which is the end of what is settled.
    pub fn open(&mut self) {
        self.short.known = 0..0;
        for follower in &mut self.followers {
            (follower.ahead, follower.at, follower.started) = (follower.settled, 0, None);
        }
    }

    /// The first place from `from` on where a secret waits to be started. `from` does not go back behind a field that
    /// was started.
    #[inline]
    pub fn next(&mut self, window: &[u8], from: usize) -> Option<Field> {
        if self.is_empty() { None } else { self.first(window, from) }
    }

    fn first(&mut self, window: &[u8], from: usize) -> Option<Field> {
        let mut first: Option<Field> = None;
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
            // A value that starts where the window ends is seen in the next one; what was in sight before may not be now.
            if follower.at > window.len() {
                continue;
            }
            if follower.ahead.waiting && first.is_none_or(|first| follower.at < first.at) {
                first = Some(Field { at: follower.at, format: index, step: follower.ahead.step });
            }
        }
        first
    }

    /// What there is to know about a field.
    pub fn opening(&self, field: Field) -> Option<Opening<'_>> {
        match self.formats.get(field.format)?.steps.get(field.step)? {
            Step::Value { secret: Some(secret), quoted, .. } => {
                Some(Opening { secret, quoted: *quoted })
            }
            _ => None,
        }
    }

    /// Takes note that the value was started, or is none. If other formats have one there, it is the same.
    pub fn start(&mut self, field: Field) {
        for follower in &mut self.followers {
            if follower.at == field.at && follower.ahead.waiting {
                follower.ahead.waiting = false;
                follower.started = Some(field.at);
            }
        }
    }

    /// How far the value of a field that was started reaches from `from` in this window, and whether it ends there.
    pub fn reach(&self, field: Field, window: &[u8], from: usize, eof: bool) -> (usize, bool) {
        let (format, follower) = (&self.formats[field.format], self.followers[field.format]);
        let place = Place { waiting: false, ..follower.ahead };
        let (place, at) = format.follow(place, window, follower.at, from, false);
        let Some(Step::Value { end, quoted, .. }) = format.steps.get(field.step) else {
            return (from, true);
        };
        if place.step != field.step || at != from {
            return (from, true);
        }
        let (place, at, ended) = read(end, *quoted, place, window, from, window.len());
        // A line's end may be two bytes.
        let line = |at: usize| at - usize::from(!quoted && at > from && window[at - 1] == b'\r');
        match ended {
            Some(End::Line) => (line(at - 1), true),
            Some(End::Text) => (at - end.len(), true),
            Some(End::Other) => (from, true),
            None if eof => (line(at), true),
            // What may be the text behind it is not decided.
            None => (line(at - place.seen), false),
        }
    }

    /// Goes to the end of what is settled, which is where the next window starts.
    pub fn settle(&mut self, window: &[u8], settled: usize) {
        if self.is_empty() {
            return;
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
    /// The place at the start of a line.
    fn first(&self) -> Place {
        self.enter(0)
    }

    fn enter(&self, step: usize) -> Place {
        let waiting = matches!(self.steps.get(step), Some(Step::Value { secret: Some(_), .. }));
        Place { step, waiting, ..Place::default() }
    }

    /// The line does not have the shape.
    fn lost(&self) -> Place {
        Place { step: self.steps.len(), ..Place::default() }
    }

    /// From `place` at `at` in the window to where a secret starts to wait, or to the window's end.
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
            // To the end of the line, so that the next one is looked at as a whole.
            let line =
                memchr(b'\n', &window[at..]).map_or(window.len(), |newline| at + newline + 1);
            (place, at) = self.follow(place, window, at, line, true);
        }
        (place, at)
    }

    /// From `place` at `at` in the window to `to`, or with `stop` to where a secret starts to wait before that.
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
                        place = self.lost();
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
                        // The text is the next step, and has been read with this.
                        (_, next, Some(End::Text)) => (self.enter(place.step + 2), next),
                        (_, next, Some(End::Other)) => (self.lost(), next),
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
    /// The text behind it has been read.
    Text,
    /// The line has ended.
    Line,
    /// It is no number.
    Other,
}

/// Reads a value, and the text behind it, to `to` at most.
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
        // 1. Over what is neither the end nor a reason to look.
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

/// Reads a number, and the text behind it, to `to` at most.
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

/// How much of `text` has been seen after `byte`, of which `seen` bytes had been before it.
fn advance(text: &[u8], seen: usize, byte: u8) -> usize {
    let mut seen = seen;
    loop {
        if text.get(seen) == Some(&byte) {
            return seen + 1;
        }
        if seen == 0 {
            return 0;
        }
        // The longest start of the text that is also an end of what was seen. Texts are a few bytes.
        seen = (0..seen).rev().find(|&len| text[..len] == text[seen - len..seen]).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(formats: &[(&str, &[(&str, &str)])]) -> Fields {
        let formats: Vec<LineFormat> =
            formats.iter().map(|(line, secrets)| LineFormat::new(line, secrets).unwrap()).collect();
        Fields::new(&formats.into())
    }

    /// Where secrets start in `input`, shown in windows of `size`, of which all but the last `hold` bytes are settled.
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
        // Quotes and brackets in the fields before it, escaped and not.
        check(
            format,
            "10.0.0.1 - a b [24/Nov] \"GET /\\\" \\\\\" 200 - \"http://h/\\x22\" \"a \\\" \\\" b\" \"^a=1\"\n",
        );
        // Lines of other shapes.
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
        // A text that begins like itself.
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
