//! Reads values: secrets, and values that are kept but may contain secrets.

use crate::anchor::{Anchor, Place};
use crate::grammar::container::{Container, Elements};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{More, Quote, Text};
use crate::grammar::value::extent::Value;
use crate::grammar::value::frame::Frame;
use crate::grammar::value::literal;
use crate::scan::scanner::{Mode, Next, Scanner};
use crate::scan::stack::Stack;
use crate::span::{Edge, RuleId, Span};

impl Scanner {
    /// The end of a secret that was matched up to `from`, or of the window, and whether the secret ends there.
    pub(super) fn match_end(&self, text: &Text, from: usize, tail: Option<u16>) -> (usize, bool) {
        let recogniser = tail.map(|number| self.rules.recogniser(number));
        let Some((recogniser, tail)) = recogniser.and_then(|of| Some((of, of.tail()?))) else {
            return (from, true);
        };
        let mut end = from;
        loop {
            let rest = &text.window()[end..];
            let Some(len) = rest.iter().position(|byte| !tail[usize::from(*byte)]) else {
                return (text.window().len(), text.is_end());
            };
            end += len;
            match recogniser.escape(text, end) {
                Ok(0) => return (end, true),
                Ok(len) => end += len,
                Err(More) => return (end, false),
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a mode holds, and what every step is given"
    )]
    #[inline(never)]
    pub(super) fn matched(
        &mut self,
        text: &Text,
        at: usize,
        end: usize,
        rule: RuleId,
        tail: Option<u16>,
        open: bool,
        spans: &mut Vec<Span>,
    ) -> Next {
        let (end, ended) = self.match_end(text, end.max(at), tail);
        let edge = Edge::of(open, ended);
        let report = end > at || edge == Edge::Close;
        if report {
            let rule = self.rules.place(rule).unwrap_or(rule);
            let quotes = match open {
                true => Ok(None),
                false => literal::quotes(text, at, ended.then_some(end), None),
            };
            let Ok(quotes) = quotes else { return Next::Suspend(at) };
            let quotes = quotes.map(Quote::written);
            spans.push(Span { range: at..end, rule, edge, quotes });
        }
        if !ended {
            self.mode = Mode::Match { end: 0, rule, tail, open: open || report };
            return Next::Suspend(end);
        }
        self.leave();
        Next::Continue(end)
    }

    #[inline(never)]
    pub(super) fn value(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> Next {
        let Mode::Value { value, open } = &mut self.mode else { return Next::Continue(at) };
        if value.kept {
            let value = *value;
            return self.kept(text, at, value);
        }
        let before = *value;
        let (end, ended) = value.consume(text, at);
        let edge = Edge::of(*open, ended);
        if end > at || edge == Edge::Close {
            let mut quotes = None;
            if edge.begins() && !value.frame.own_quote {
                let around = self.stack.list_quote();
                let Ok(found) = literal::quotes(text, at, ended.then_some(end), around) else {
                    *value = before;
                    return Next::Suspend(at);
                };
                quotes = found;
            }
            // A value of a selected rule has an index.
            let rule = self.rules.place(value.rule).unwrap_or(value.rule);
            let quotes = quotes.map(Quote::written);
            spans.push(Span { range: at..end, rule, edge, quotes });
            *open = true;
        }
        if ended {
            let frame = value.frame;
            Next::Continue(self.end_value(text, end, frame))
        } else {
            Next::Suspend(end)
        }
    }

    // Long: one loop over what other rules find in the value. Each outcome leaves the loop differently.
    /// Reads a value that is not secret. What other rules find in it is still redacted: a token in the URL of a
    /// parameter, or a header that an attribute of a cookie extends into.
    #[inline(never)]
    pub(super) fn kept(&mut self, text: &Text, at: usize, value: Value) -> Next {
        let window = text.window();
        let (end, ended) = value.peek(text, at);
        let around = (self.mode, self.stack);
        let mut from = Place::from(at);
        loop {
            let hit = self.search_before(text, from, end);
            let hit = hit.filter(|hit| hit.at + hit.len <= end);
            if let Some(scheduled) =
                self.schedule.next(at).filter(|scheduled| scheduled.start < end)
                && hit.is_none_or(|hit| scheduled.start <= hit.at)
            {
                if let Some(cut) = self.cut_anchor(text, scheduled.start, at) {
                    return self.suspend(text, at, self.undecided(text, cut, at), value);
                }
                let mut value = value;
                value.read(text, at, scheduled.start);
                self.mode = Mode::Value { value, open: false };
                return Next::Continue(scheduled.start);
            }
            let Some(hit) = hit else { break };
            if !ended && let Some(cut) = self.cut_anchor(text, hit.at, at) {
                return self.suspend(text, at, self.undecided(text, cut, at), value);
            }
            from = hit.next();
            (self.mode, self.stack) = (Mode::Search, Stack::default());
            let found = if hit.anchor == Anchor::Alg {
                match self.starts.token(text, hit.at, at) {
                    Ok(Some((start, value))) if self.rules.has(value.rule) => {
                        Ok(self.start(Start::Value(start, value, None)))
                    }
                    Ok(_) => {
                        (self.mode, self.stack) = around;
                        continue;
                    }
                    Err(start) => {
                        (self.mode, self.stack) = around;
                        let to = self.undecided(text, hit.at, at).min(start);
                        return self.suspend(text, at, to, value);
                    }
                }
            } else {
                self.enter(text, hit, at)
            };
            match (found, self.mode) {
                (Ok(next), Mode::Value { .. } | Mode::Match { .. } | Mode::Element)
                    if !self.is_kept() && (next < end || ended) =>
                {
                    let inner = std::mem::replace(&mut self.stack, around.1);
                    if next < end {
                        // The brackets that are open around the other value still have to close.
                        let mut rest = value;
                        rest.read(text, at, next);
                        self.interrupt(rest);
                    } else if self.stack.top().is_some_and(Container::is_pairs) {
                        // The other value is after this one, so the separator of pairs has been passed.
                        self.stack.pop();
                    }
                    self.stack.extend(inner);
                    return Next::Continue(next);
                }
                // The lines of a private key's block are judged before more of this value is read.
                (Ok(next), Mode::Search) if self.lines.has_opened() && next <= end => {
                    self.stack = around.1;
                    let mut value = value;
                    value.read(text, at, next);
                    self.mode = Mode::Value { value, open: false };
                    return Next::Continue(next);
                }
                (found, mode) => {
                    (self.mode, self.stack) = around;
                    // It is undecided where this value ends, or more of the other one is needed.
                    let undecided = match mode {
                        Mode::Value { value: inner, .. } => !inner.kept,
                        Mode::Match { .. } => true,
                        mode => !matches!(mode, Mode::Search),
                    };
                    if found.is_err() || undecided {
                        return self.suspend(text, at, self.undecided(text, hit.at, at), value);
                    }
                }
            }
        }
        if ended {
            return Next::Continue(self.end_value(text, end, value.frame));
        }
        let anchor = self.rules.anchors().pending(&window[..end], at);
        self.suspend(text, at, self.undecided_end(text, anchor, end, at), value)
    }

    /// Whether the current value is not secret.
    pub(super) fn is_kept(&self) -> bool {
        matches!(self.mode, Mode::Value { value, .. } if value.kept)
    }

    /// Stops at `to` in a value that is not secret and started in this window at `at`.
    pub(super) fn suspend(&mut self, text: &Text, at: usize, to: usize, mut value: Value) -> Next {
        let (settled, _) = value.read(text, at, to);
        self.mode = Mode::Value { value, open: false };
        Next::Suspend(settled.min(to))
    }

    /// Leaves a value that ended at `end`.
    pub(super) fn end_value(&mut self, text: &Text, end: usize, frame: Frame) -> usize {
        let interrupted =
            matches!(self.stack.top(), Some(Container { elements: Elements::Rest(_), .. }));
        self.leave();
        if interrupted {
            return end;
        }
        if let Some(container) = self.stack.top_mut()
            && let Elements::Entries { closing, .. } | Elements::Objects { closing, .. } =
                &mut container.elements
        {
            *closing = frame.nested;
        }
        self.after_element(text, end, frame)
    }
}
