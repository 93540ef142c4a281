//! Containers: on to the next element, and out again.

use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::authorization;
use crate::grammar::credential::begin::begin;
use crate::grammar::credential::cookie;
use crate::grammar::credential::params;
use crate::grammar::ids::AUTHORIZATION;
use crate::grammar::key::{
    Class, Separator, Way, newline, open, past_array, past_index, past_marker, skip_type, value_key,
};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, More, Step, Text};
use crate::grammar::value::extent::Value;
use crate::grammar::value::frame::Frame;
use crate::scan::scanner::{Mode, Scanner};

/// Longest run of blanks and line ends between the elements of a list or before a value
/// on the next line.
const MAX_GAP: usize = 1024;

impl Scanner {
    /// Goes on to the next element of the innermost container.
    #[inline(never)]
    pub(super) fn element(&mut self, text: &Text, at: usize) -> Step<usize> {
        let Some(&container) = self.stack.top() else {
            self.leave();
            return Ok(at);
        };
        let start = match container.elements {
            Elements::Cookies | Elements::SetCookie => cookie::next_pair(text, at, &container)?,
            Elements::Params { .. } => authorization::next_param(text, at, &container)?,
            Elements::Entries { .. } | Elements::Objects { .. } => {
                cookie::next_entry(text, at, &container)?
            }
            Elements::Values { .. } => return self.listed(text, at, container),
            Elements::Lines { .. } if container.first => {
                return self.next_line(text, at, container);
            }
            Elements::Lines { .. } => return self.marked(text, at, container),
            Elements::Change { class, exact } => return self.changed(text, at, class, exact),
            Elements::Rest(_) => {
                self.leave();
                return Ok(at);
            }
        };
        let done = matches!(start, Start::Done(_));
        let depth = self.stack.depth();
        let next = self.take(text, start)?;
        if !done {
            self.stack.begin(depth);
            return Ok(next);
        }
        Ok(if container.is_pairs() { self.behind(text, next, container.frame) } else { next })
    }

    /// The next value of a list in brackets.
    pub(super) fn listed(&mut self, text: &Text, at: usize, list: Container) -> Step<usize> {
        let Elements::Values { class, exact, quoted } = list.elements else { return Ok(at) };
        let (close, level) = (list.frame.close, list.frame.level);
        let behind = at;
        let mut start = at;
        while start - at < MAX_GAP && !text.is_past(start) {
            let unit = text.unit(start)?;
            match unit.ch {
                b' ' | b'\t' | b',' if unit.level() <= level => start += unit.len,
                b'\r' | b'\n' if quoted && close != 0 => start += unit.len,
                _ if unit.enc == Enc::Ansi => start += unit.len,
                b'+' if level > 0 && unit.enc == Enc::Raw => start += unit.len,
                _ => break,
            }
        }
        if close != 0 {
            start = past_index(text, start)?;
        }
        let opened = open(text, start, Separator::Spaced, level)?;
        // In a list without quotes one right behind an element is that of the text around.
        let stray = start == behind && !quoted && text.unit(start)?.quote().is_some();
        let (at, frame) = match opened {
            Some(Way::Value { at, frame, .. }) if !stray => (at, frame),
            _ if quoted
                || stray
                || text.unit(start)?.ch == close
                || text.unit(start)?.is_newline() =>
            {
                self.drop_container();
                return Ok(behind);
            }
            _ => (start, Frame { close, ..Frame::within(level) }),
        };
        let found = begin(text, at, class, frame, Separator::Spaced, exact)?;
        Ok(match self.in_force(found) {
            Start::Nothing(_) => {
                let head = Value::enclosed(frame, AUTHORIZATION).head(text, at)?;
                let closer = if head.complete { head.end + text.unit(head.end)?.len } else { at };
                let is_name = frame.own_quote
                    && head.complete
                    && matches!(text.unit(closer)?.ch, b':' | b'=');
                // Of other keys a list may be what is asked of a value: `['required', 'min:8']`.
                let header =
                    matches!(class, Class::Authorization | Class::Cookie | Class::SetCookie);
                let blank =
                    head.is_empty() || head.is_placeholder() || params::is_key(&head, class);
                if frame.own_quote && !is_name && (header || blank) {
                    // Other rules look into it, and the elements after it may be secrets.
                    let value = Value::enclosed(frame, AUTHORIZATION).keep(true);
                    self.start(Start::Value(at, value, None))
                } else {
                    // No list of credentials after all: nothing in it is passed over.
                    self.drop_container();
                    behind
                }
            }
            found => self.take(text, found)?,
        })
    }

    /// The element on the next line of a list that has one on each.
    pub(super) fn marked(&mut self, text: &Text, at: usize, list: Container) -> Step<usize> {
        let Elements::Lines { class, exact, .. } = list.elements else { return Ok(at) };
        let level = list.frame.level;
        let mut start = at;
        while start - at < MAX_GAP && matches!(text.at(start)?, b' ' | b'\t' | b',') {
            start += 1;
        }
        let line = newline(text, start)?.unwrap_or(at);
        let Some(start) = past_marker(text, text.skip_blanks(line, level)?)? else {
            self.drop_container();
            return Ok(at);
        };
        let start = skip_type(text, start)?;
        let (start, frame) = match open(text, start, Separator::Spaced, level)? {
            Some(Way::Value { at, frame, .. }) => (at, frame),
            _ => (start, Frame { line: true, ..Frame::within(level) }),
        };
        let found = begin(text, start, class, frame, Separator::Spaced, exact)?;
        if matches!(self.in_force(found), Start::Nothing(_)) {
            self.drop_container();
            return Ok(at);
        }
        self.take(text, found)
    }

    /// The value that the one before `at` is changed to.
    pub(super) fn changed(
        &mut self,
        text: &Text,
        at: usize,
        class: Class,
        exact: bool,
    ) -> Step<usize> {
        let way = match text.has_word(at, b" -> ")? {
            true => open(text, at + 4, Separator::Spaced, 0)?,
            false => None,
        };
        let found = match way {
            Some(Way::Value { at, frame, separator }) => {
                begin(text, at, class, frame, separator, exact)?
            }
            _ => Start::Nothing(at),
        };
        if matches!(self.in_force(found), Start::Nothing(_)) {
            self.drop_container();
            return Ok(at);
        }
        let around = self.stack;
        self.stack.pop();
        self.take(text, found).inspect_err(|_| self.stack = around)
    }

    /// The value on the line at `at`, behind the line of its key.
    #[inline(never)]
    pub(super) fn next_line(&mut self, text: &Text, at: usize, lines: Container) -> Step<usize> {
        let Elements::Lines { class, exact, mut separator, named } = lines.elements else {
            return Ok(at);
        };
        let level = lines.frame.level;
        let mut start = text.skip_blanks(at, level)?;
        if !named {
            if let Some(line) = past_array(text, start)? {
                return Ok(line);
            }
            if past_marker(text, start)?.is_some() {
                self.stack.begin(self.stack.depth());
                return Ok(at);
            }
        }
        if let Some(value) = value_key(text, start)? {
            start = text.skip_blanks(value, level)?;
            separator = Separator::Spaced;
        } else if named {
            self.drop_container();
            return Ok(at);
        }
        let indented = start > at;
        let start = skip_type(text, start)?;
        let way = open(text, start, separator, level)?;
        let around = self.stack;
        self.drop_container();
        let result = match way {
            // Behind `'Cookie',` a printer indents what belongs to it; what starts at the margin is a line of JSON.
            Some(Way::Map { .. } | Way::List { .. })
                if separator == Separator::Comma && !indented =>
            {
                return Ok(at);
            }
            Some(way @ (Way::Value { .. } | Way::List { .. } | Way::Map { .. })) => {
                self.follow(text, class, exact, way)
            }
            None if named => {
                let frame = Frame { line: true, ..Frame::within(level) };
                begin(text, start, class, frame, Separator::Spaced, exact)
                    .and_then(|start| self.take(text, start))
            }
            _ => return Ok(at),
        };
        match result {
            Ok(next) => Ok(if matches!(self.mode, Mode::Ground) { at } else { next }),
            // It needs more than the window has, and is looked at again.
            Err(More) => {
                (self.mode, self.stack) = (Mode::Element, around);
                Err(More)
            }
        }
    }

    /// Goes on behind an element that ended at `at`. A list whose element ended with its line and not with its quote was
    /// cut off, and the next line is another one.
    pub(super) fn behind(&mut self, text: &Text, at: usize, frame: Frame) -> usize {
        let open = frame.own_quote && matches!(text.unit(at), Ok(unit) if unit.is_newline());
        let list = matches!(
            self.stack.top(),
            Some(Container {
                elements: Elements::Values { .. }
                    | Elements::Lines { .. }
                    | Elements::Change { .. },
                ..
            })
        );
        if open && list {
            self.drop_container();
        }
        self.past_closer(text, at, frame)
    }

    /// Past the quote at `at` that closes an element or item, so that the next one can be
    /// read.
    #[inline(always)]
    pub(super) fn past_closer(&self, text: &Text, at: usize, frame: Frame) -> usize {
        if !frame.own_quote || matches!(self.mode, Mode::Ground) {
            return at;
        }
        match (frame.quote, text.unit(at)) {
            (Some(quote), Ok(unit)) if quote.closed_by(unit) == Some(0) => at + unit.len,
            _ => at,
        }
    }

    /// Leaves the innermost container, which has no further element.
    pub(super) fn drop_container(&mut self) {
        self.stack.pop();
        self.leave();
    }

    /// Returns to what is around the value or container that ended.
    pub(super) fn leave(&mut self) {
        self.mode = match self.stack.top() {
            None => Mode::Ground,
            Some(&Container { elements: Elements::Rest(value), .. }) => {
                self.stack.pop();
                Mode::Value { value, open: false }
            }
            Some(_) => Mode::Element,
        };
    }

    /// Takes note of a value that is no secret and that another one was found in: it goes on when that one has ended.
    pub(super) fn interrupt(&mut self, rest: Value) {
        self.stack.push(Container::new(Elements::Rest(rest), rest.frame));
    }
}
