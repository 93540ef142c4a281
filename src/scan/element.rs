//! Steps to the next element of a container, and leaves containers.
//!
//! A step that fails with `More` is taken again with the next window. So the stack has to be as it was before the step: a
//! function that changes it and may then need more input restores it.

use crate::grammar::container::{Container, Elements, Marks};
use crate::grammar::credential::authorization;
use crate::grammar::credential::cookie;
use crate::grammar::credential::dispatch::begin;
use crate::grammar::credential::params;
use crate::grammar::ids::{AUTHORIZATION, COOKIE};
use crate::grammar::key::{
    Class, Separator, Target, first_in_brackets, line_below, line_in_brackets, open, past_array,
    past_arrow, past_branch, past_first_side, past_index, past_marker, past_side, skip_type,
    value_behind, value_key,
};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, More, Quote, Step, Text, Unit};
use crate::grammar::value::code;
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::literal;
use crate::scan::scanner::{Mode, Scanner};

/// The longest run of whitespace and newlines between elements of a list, or before a value on the next line.
const MAX_GAP: usize = 1024;

impl Scanner {
    /// Steps to the next element of the innermost container.
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
            Elements::Received => cookie::received(text, at, &container)?,
            Elements::Markup { single } => cookie::next_child(text, at, single)?,
            Elements::Values { .. } => return self.listed(text, at, container),
            Elements::Lines { marks: Marks::Awaited, .. } => {
                return self.first_line(text, at, container);
            }
            Elements::Lines { marks, .. } => return self.next_line(text, at, container, marks),
            Elements::Columns { table, cell } => return self.cell(text, at, table, cell),
            Elements::Change { class, exact, sides } => {
                return self.changed(text, at, class, exact, sides);
            }
            Elements::Rest(_) => {
                self.leave();
                return Ok(at);
            }
        };
        let done = matches!(start, Start::Done(_));
        let depth = self.stack.depth();
        let secret = match start {
            Start::Value(_, value, _) if !value.kept => Some(value.frame.own_quote),
            _ => None,
        };
        let next = self.take(text, start)?;
        if !done {
            self.stack.begin(depth);
            if let Some(quoted) = secret {
                self.stack.found_cookie(depth, quoted);
            }
            return Ok(next);
        }
        let after = if container.is_pairs() {
            let quote = container.frame.quote;
            // The last pair may have ended at the list's quote, which has been passed then.
            let closed =
                quote.is_some_and(|quote| quote.closed_by(text.unit_before(next, 0)) == Some(0));
            match closed {
                true => next,
                false => self.after_element(text, next, container.frame),
            }
        } else {
            self.past_bracket(text, next, container.frame.close)?
        };
        // Nothing was read of it, and the list around it would open it here again.
        let list = self.stack.top().is_some_and(Container::is_list);
        if container.first && after == at && list {
            self.drop_container();
        }
        Ok(after)
    }

    /// The next value of a list in brackets.
    pub(super) fn listed(&mut self, text: &Text, at: usize, list: Container) -> Step<usize> {
        let Elements::Values { class, exact, quoted } = list.elements else { return Ok(at) };
        let (close, level) = (list.frame.close, list.frame.level);
        // The second of two quotes that a CSV field has in place of one.
        let at = at + usize::from(text.is_second_quote(at)?);
        let previous_end = at;
        let mut start = at;
        while start - at < MAX_GAP && !text.is_past(start) {
            let unit = text.unit(start)?;
            match unit.ch {
                b' ' | b'\t' | b',' if unit.level() <= level => start += unit.len,
                // `[Cookie(sid=T), Cookie(theme=T)]`
                b')' if start == at && close == b']' && is_cookie(class) => start += unit.len,
                b'\r' | b'\n'
                    if close != 0
                        && (quoted || continues_below(text, start, previous_end, class)?) =>
                {
                    start = line_in_brackets(text, start)?.unwrap_or(start + unit.len)
                }
                _ if unit.enc == Enc::Ansi => start += unit.len,
                b'+' if level > 0 && unit.enc == Enc::Raw => start += unit.len,
                _ => break,
            }
        }
        if close != 0 {
            start = past_index(text, start)?;
        }
        let opened = open(text, start, Separator::Spaced, level)?;
        // In an unquoted list, a quote directly after an element belongs to the surrounding text.
        let stray = start == previous_end && !quoted && text.unit(start)?.quote().is_some();
        // JSON has numbers among its strings, and lists of them over several lines.
        let is_literal = list.frame.quote.is_some()
            && literal::quotes(text, start, None, list.frame.quote)?.is_some();
        let (at, frame) = match opened {
            Some(Target::Value { at, frame, .. }) if !stray => (at, frame),
            _ if !is_literal && (stray || is_over(text, previous_end, start, list)?) => {
                let closed = close != 0 && text.unit(start)?.ch == close;
                self.drop_container();
                return if closed {
                    self.past_bracket(text, start, close)
                } else {
                    Ok(previous_end)
                };
            }
            _ => (start, Frame { close, ..Frame::within(level) }),
        };
        let found = begin(text, at, class, frame, Separator::Spaced, exact)?;
        Ok(match self.if_selected(found) {
            Start::Nothing(_) => {
                let head = Value::enclosed(frame, AUTHORIZATION).head(text, at)?;
                // For other keys, a list may hold requirements on a value: `['required', 'min:8']`.
                let header =
                    matches!(class, Class::Authorization | Class::CookieEntry) || is_cookie(class);
                let blank =
                    head.is_empty() || head.is_placeholder() || params::is_key(&head, class);
                if frame.own_quote && (header || blank) && !code::is_key(text, at, frame)? {
                    // Other rules search it, and the elements after it may be secrets.
                    let value = Value::enclosed(frame, AUTHORIZATION).keep(true);
                    self.start(Start::Value(at, value, None))
                } else {
                    // It is not a list of credentials, so none of it is skipped.
                    self.drop_container();
                    previous_end
                }
            }
            found => self.take(text, found)?,
        })
    }

    /// The new value in a change of the value before `at`.
    pub(super) fn changed(
        &mut self,
        text: &Text,
        at: usize,
        class: Class,
        exact: bool,
        sides: bool,
    ) -> Step<usize> {
        let (new, separator) = match sides {
            true => (past_first_side(text, at)?, Separator::Comma),
            false => (past_change(text, at)?, Separator::Spaced),
        };
        let target = match new {
            Some(new) => open(text, new, separator, 0)?,
            None => None,
        };
        let found = match target {
            Some(Target::Value { at, frame, separator }) => {
                begin(text, at, class, frame, separator, exact)?
            }
            _ => Start::Nothing(at),
        };
        if matches!(self.if_selected(found), Start::Nothing(_)) {
            self.drop_container();
            return Ok(at);
        }
        let saved = self.stack;
        self.stack.pop();
        self.take(text, found).inspect_err(|_| self.stack = saved)
    }

    /// The first element on the lines after a key, on the line at `at` or the next one.
    #[inline(never)]
    fn first_line(&mut self, text: &Text, at: usize, lines: Container) -> Step<usize> {
        let Elements::Lines { class, exact, mut separator, named, .. } = lines.elements else {
            return Ok(at);
        };
        let level = lines.frame.level;
        let mut start = text.skip_blanks(past_branch(text, at)?, level)?;
        let column = start - at;
        if named {
            // Swift's dump lists the members of a pair after marks.
            start = past_marker(text, start)?.unwrap_or(start);
        } else {
            if let Some(line) = past_array(text, start)? {
                return Ok(line);
            }
            if past_marker(text, start)?.is_some() {
                self.mark(Marks::Marked(column));
                return Ok(at);
            }
            // After `'Cookie',` a quoted name is that of the next member of a map.
            let is_member = separator == Separator::Comma && text.unit(start)?.quote().is_some();
            let indented = column > 0 || separator == Separator::Compact;
            if indented && !is_member && is_cookie(class) && self.rules.has(COOKIE) {
                let found = bare_line(text, start, class, exact, false)?;
                if !matches!(found, Start::Nothing(_)) {
                    let saved = self.stack;
                    self.mark(Marks::Bare(column));
                    return self.take(text, found).inspect_err(|_| self.stack = saved);
                }
            }
        }
        if let Some(value) = named_value(text, start, level, named)? {
            (start, separator) = value;
        } else if named {
            self.drop_container();
            return Ok(at);
        }
        let indented = start > at;
        let start = skip_type(text, start)?;
        let target = open(text, start, separator, level)?;
        // The line that should have the value is missing.
        let is_name = match target {
            Some(Target::Value { at, frame, .. }) => !named && code::is_key(text, at, frame)?,
            _ => false,
        };
        let saved = self.stack;
        self.drop_container();
        let depth = self.stack.depth();
        let result = match target {
            // After `'Cookie',` a pretty-printer indents the value. Text at the margin is a line of JSON.
            Some(Target::Map { .. } | Target::List { .. })
                if separator == Separator::Comma && !indented =>
            {
                return Ok(at);
            }
            Some(Target::Value { .. }) if is_name => return Ok(at),
            Some(target @ (Target::Value { .. } | Target::List { .. } | Target::Map { .. })) => {
                let result = self.follow(text, class, exact, target);
                self.stack.quote_list(lines.frame.quote);
                self.expect_side(named && separator == Separator::Comma, class, exact);
                result
            }
            None if named => {
                let frame = Frame { line: true, ..Frame::within(level) };
                begin(text, start, class, frame, Separator::Spaced, exact)
                    .and_then(|start| self.take(text, start))
            }
            _ => return Ok(at),
        };
        match result {
            Ok(next) => {
                // Nothing began: the line is still an element of the surrounding container, if there is one.
                let idle = matches!(self.mode, Mode::Search | Mode::Element);
                Ok(if idle && self.stack.depth() == depth { at } else { next })
            }
            Err(More) => {
                (self.mode, self.stack) = (Mode::Element, saved);
                Err(More)
            }
        }
    }

    /// The element on the line after the one that ended at `at`, or the continuation of that element.
    fn next_line(&mut self, text: &Text, at: usize, list: Container, marks: Marks) -> Step<usize> {
        let Elements::Lines { class, exact, separator, .. } = list.elements else {
            return Ok(at);
        };
        let level = list.frame.level;
        let mut end = at + usize::from(text.is_second_quote(at)?);
        while end - at < MAX_GAP && matches!(text.at(end)?, b' ' | b'\t' | b',') {
            end += 1;
        }
        let line = line_below(text, end)?;
        let from = match line {
            Some(line) => past_closers(text, line)?,
            None => at,
        };
        let start = text.skip_blanks(past_branch(text, from)?, level)?;
        let found = match marks {
            // A table of TOML, which has settings too.
            Marks::Bare(0) if line.is_some() && start == from => {
                let settings = separator != Separator::Compact;
                cookie::on_line(text, start, settings, false)?
            }
            Marks::Bare(0) => Start::Nothing(at),
            Marks::Bare(column) if line.is_some() && start - from == column => {
                bare_line(text, start, class, exact, true)?
            }
            Marks::Marked(column) => match past_marker(text, start)? {
                Some(start) => marked(text, start, start - from, class, exact, level)?,
                // A folded continuation of the element: not a separate secret, but other rules search it.
                None if line.is_some()
                    && start - from > column
                    && !text.unit(start)?.is_newline() =>
                {
                    let frame = Frame { line: true, ..Frame::within(level) };
                    Start::Value(start, Value::kept(frame, Flavour::Opaque, AUTHORIZATION), None)
                }
                None => Start::Nothing(at),
            },
            _ => Start::Nothing(at),
        };
        if matches!(self.if_selected(found), Start::Nothing(_)) {
            self.drop_container();
            return Ok(at);
        }
        self.take(text, found)
    }

    /// Expects the other side of a change after the value that started, if that `is_side`.
    fn expect_side(&mut self, is_side: bool, class: Class, exact: bool) {
        let changes = matches!(class, Class::Param | Class::Header | Class::WeakParam);
        if is_side && changes && matches!(self.mode, Mode::Value { .. }) {
            self.expect_change(class, exact, true);
        }
    }

    /// Expects the other value of a change after the value that started.
    pub(super) fn expect_change(&mut self, class: Class, exact: bool, sides: bool) {
        let elements = Elements::Change { class, exact, sides };
        self.stack.push(Container::new(elements, Frame::default()));
    }

    /// The same below the list of cookies that started, which the value is.
    pub(super) fn expect_below(&mut self, class: Class, exact: bool, sides: bool) {
        let list = self.stack.top().copied().filter(Container::is_pairs);
        if list.is_some() {
            self.stack.pop();
        }
        if self.stack.is_empty() && (list.is_some() || matches!(self.mode, Mode::Value { .. })) {
            self.expect_change(class, exact, sides);
        }
        if let Some(list) = list {
            self.stack.push(list);
        }
    }

    /// Records how the elements of the innermost container are marked, if they are on lines.
    fn mark(&mut self, seen: Marks) {
        if let Some(Container { elements: Elements::Lines { marks, .. }, .. }) =
            self.stack.top_mut()
        {
            *marks = seen;
        }
    }

    /// The position after the bracket at `at`, if it closes a container inside another one that continues.
    fn past_bracket(&self, text: &Text, at: usize, close: u8) -> Step<usize> {
        let unit = text.unit(at)?;
        let inner = close != 0 && unit.ch == close && !self.stack.is_empty();
        Ok(if inner { at + unit.len } else { at })
    }

    /// Continues after an element that ended at `at`. A list or map whose element ended with its line, or with the string
    /// around it, and not with its quote was cut off, and what follows is separate.
    pub(super) fn after_element(&mut self, text: &Text, at: usize, frame: Frame) -> usize {
        let is_cut = |quote: Quote, unit: Unit| {
            let outer = match (unit.enc, quote.enc) {
                (Enc::Raw, Enc::Slash(_)) => true,
                (Enc::Slash(outer), Enc::Slash(inner)) => outer < inner,
                _ => false,
            };
            unit.is_newline() || unit.quote().is_some() && (unit.ch != quote.ch || outer)
        };
        let is_cut_off = frame.own_quote
            && frame
                .quote
                .is_some_and(|quote| matches!(text.unit(at), Ok(unit) if is_cut(quote, unit)));
        let list = matches!(
            self.stack.top(),
            Some(Container {
                elements: Elements::Values { .. }
                    | Elements::Lines { .. }
                    | Elements::Change { .. }
                    | Elements::Entries { .. }
                    | Elements::Objects { .. },
                ..
            })
        );
        if is_cut_off && list {
            self.drop_container();
        }
        self.past_closer(text, at, frame)
    }

    /// The position after the quote at `at` that closes an element, so that the next one can be read.
    #[inline(always)]
    pub(super) fn past_closer(&self, text: &Text, at: usize, frame: Frame) -> usize {
        if !frame.own_quote || matches!(self.mode, Mode::Search) {
            return at;
        }
        match (frame.quote, text.unit(at)) {
            (Some(quote), Ok(unit)) if quote.closed_by(unit) == Some(0) => at + unit.len,
            _ => at,
        }
    }

    /// Leaves the innermost container, which has no further elements.
    pub(super) fn drop_container(&mut self) {
        self.stack.pop();
        self.leave();
    }

    /// Returns to the container around the value or container that ended.
    pub(super) fn leave(&mut self) {
        self.mode = match self.stack.top() {
            None => Mode::Search,
            Some(&Container { elements: Elements::Rest(value), .. }) => {
                self.stack.pop();
                Mode::Value { value, open: false }
            }
            Some(_) => Mode::Element,
        };
    }

    /// Remembers a value that is not secret, and in which another value was found. It continues when that value has
    /// ended.
    pub(super) fn interrupt(&mut self, rest: Value) {
        self.stack.push(Container::new(Elements::Rest(rest), rest.frame));
    }
}

/// Whether a list of headers continues below the newline at `at`, after an element that ended at `previous_end`: there is a
/// comma between them, and the next line is indented.
fn continues_below(text: &Text, at: usize, previous_end: usize, class: Class) -> Step<bool> {
    let comma = (previous_end..at).any(|k| text.window()[k] == b',');
    Ok(is_cookie(class) && comma && matches!(text.at(at + 1)?, b' ' | b'\t' | b'\n'))
}

fn is_cookie(class: Class) -> bool {
    matches!(class, Class::Cookie | Class::SetCookie)
}

/// Whether what is at `start`, which no quote opens, is not an element of `list` any more. The gap behind the last element
/// starts at `gap`.
fn is_over(text: &Text, gap: usize, start: usize, list: Container) -> Step<bool> {
    let Elements::Values { class, quoted, .. } = list.elements else { return Ok(true) };
    let (close, level) = (list.frame.close, list.frame.level);
    let unit = text.unit(start)?;
    if unit.ch == close || unit.is_newline() {
        return Ok(true);
    }
    // The elements have quotes, and this has none. In a list of cookies, a pair after a comma is still an element.
    let may_be_pair = close != 0 && is_cookie(class) && text.window()[gap..start].contains(&b',');
    Ok(quoted && !(may_be_pair && is_pair(text, start, false, level)?))
}

/// The value of the member at `at` whose key is the value of another one, and what separates them: the member `value`, or if
/// the key is `named` a side of a change.
fn named_value(text: &Text, at: usize, level: u8, named: bool) -> Step<Option<(usize, Separator)>> {
    Ok(match value_key(text, at)? {
        Some(value) => Some((first_in_brackets(text, value, level)?, Separator::Spaced)),
        None if named => match value_behind(text, at)? {
            Some(value) => Some((first_in_brackets(text, value, level)?, Separator::Spaced)),
            None => past_side(text, at)?.map(|side| (side, Separator::Comma)),
        },
        None => None,
    })
}

/// The element after a list mark at `start`, which is `column` bytes into its line.
fn marked(
    text: &Text,
    start: usize,
    column: usize,
    class: Class,
    exact: bool,
    level: u8,
) -> Step<Start> {
    let mut start = past_block(text, skip_type(text, start)?)?;
    if let Some(line) = past_array(text, start)? {
        start = text.skip_blanks(line, level)?;
    }
    if is_cookie(class)
        && text.at(start)? == b'{'
        && cookie::starts_description(text, text.skip_blanks(start + 1, 0)?)?
    {
        return Ok(Start::Enter(start + 1, cookie::objects(b'}')));
    }
    if is_cookie(class) && cookie::is_described(text, start)? {
        return Ok(Start::Enter(start, cookie::lines(column.max(1))));
    }
    let (start, frame) = match open(text, start, Separator::Spaced, level)? {
        Some(Target::Value { at, frame, .. }) => (at, frame),
        _ => (start, Frame { line: true, ..Frame::within(level) }),
    };
    begin(text, start, class, frame, Separator::Spaced, exact)
}

/// One or several cookies on an unmarked line at `start`, possibly below a line on which one was `found`.
fn bare_line(text: &Text, start: usize, class: Class, exact: bool, found: bool) -> Step<Start> {
    if cookie::starts_description(text, start)? {
        return Ok(Start::Enter(start, cookie::lines(1)));
    }
    if is_pair(text, start, false, 0)? {
        let frame = Frame { line: true, ..Frame::default() };
        return begin(text, start, class, frame, Separator::Spaced, exact);
    }
    cookie::on_line(text, start, false, found)
}

/// The position after ` -> ` at `at`, or after `- some: ` on the line below `Optional("T")`: Swift's dump prints an optional
/// value a second time.
fn past_change(text: &Text, at: usize) -> Step<Option<usize>> {
    if let Some(new) = past_arrow(text, at)? {
        return Ok(Some(new));
    }
    if text.at(at)? != b')' {
        return Ok(None);
    }
    let Some(line) = line_below(text, at + 1)? else { return Ok(None) };
    let start = text.skip_blanks(line, 0)?;
    Ok(text.has_word(start, SOME)?.then_some(start + SOME.len()))
}

/// The name of the only member of an optional value.
const SOME: &[u8] = b"- some: ";

/// Skips lines from `at` on that only close a bracket, and empty lines after them, as PHP prints them after an element.
fn past_closers(text: &Text, at: usize) -> Step<usize> {
    let mut line = at;
    while line - at < MAX_GAP {
        let start = text.skip_blanks(line, 0)?;
        let closer = usize::from(matches!(text.at(start)?, b')' | b'}'));
        match line_below(text, start + closer)? {
            Some(next) if closer > 0 || line > at => line = next,
            _ => break,
        }
    }
    Ok(line)
}

/// Skips the header of a YAML block scalar at `at`, `>-` or `|`, up to the text of its first line.
fn past_block(text: &Text, at: usize) -> Step<usize> {
    if !matches!(text.at(at)?, b'>' | b'|') {
        return Ok(at);
    }
    let mut end = at + 1;
    while end - at < 4 && matches!(text.at(end)?, b'-' | b'+' | b'1'..=b'9') {
        end += 1;
    }
    match line_below(text, text.skip_blanks(end, 0)?)? {
        Some(line) => text.skip_blanks(line, 0),
        None => Ok(at),
    }
}
