//! Merges known values with what the rules find.

use crate::grammar::text::lex::{More, Quote, Text};
use crate::grammar::value::literal;
use crate::rules::known::Known;
use crate::span::{Edge, Quotes, RuleId, Span};

/// The state of known values between windows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlay {
    found: Vec<(usize, usize)>,
    /// The quotes for the replacement of each value.
    quotes: Vec<Option<Quotes>>,
    merged: Vec<Part>,
    /// Bytes at the start of the next window that belong to a known value.
    left: usize,
    /// The rule of the secret that continues in the next window.
    open: Option<RuleId>,
}

/// A part of a secret, and whether the secret began before it and continues after it.
#[derive(Clone, Copy, Debug)]
struct Part {
    start: usize,
    end: usize,
    rule: RuleId,
    began: bool,
    goes_on: bool,
    quotes: Option<Quotes>,
}

impl Overlay {
    /// Whether no state is carried.
    pub fn is_fresh(&self) -> bool {
        self.left == 0 && self.open.is_none()
    }

    /// Drops the carried state.
    pub fn reset(&mut self) {
        (self.left, self.open) = (0, None);
    }

    /// Searches a window for the values, and returns how much of it the rules may decide.
    pub fn search(&mut self, known: &Known, text: &Text) -> usize {
        let sure = known.find(text.window(), text.is_end(), &mut self.found);
        self.quotes.clear();
        for (start, end) in &self.found {
            match literal::quotes(text, *start, Some(*end), None) {
                Ok(quote) => self.quotes.push(quote.map(Quote::written)),
                // The text after the value is needed, so it is searched again with the next window.
                Err(More) => return sure.min(*start),
            }
        }
        sure
    }

    /// Merges the known values in the first `settled` bytes with the `spans` of the rules.
    pub fn join(&mut self, rule: RuleId, settled: usize, spans: &mut Vec<Span>) {
        if self.found.is_empty() && self.is_fresh() {
            if let Some(last) = spans.last()
                && !last.edge.ends()
            {
                self.open = Some(last.rule);
            }
            return;
        }
        if settled == 0 {
            return;
        }
        // 1. All parts, sorted by start.
        self.merged.clear();
        self.merged.extend(spans.iter().map(|span| Part {
            start: span.range.start,
            end: span.range.end,
            rule: span.rule,
            began: !span.edge.begins(),
            goes_on: !span.edge.ends(),
            quotes: span.quotes,
        }));
        let mut reach = self.left;
        if self.left > 0 {
            let (end, goes_on) = (self.left.min(settled), self.left > settled);
            self.merged.push(Part { start: 0, end, rule, began: true, goes_on, quotes: None });
        }
        for (&(start, end), &quotes) in self.found.iter().zip(&self.quotes) {
            if start >= settled {
                continue;
            }
            let goes_on = end > settled;
            reach = reach.max(end);
            let end = end.min(settled);
            self.merged.push(Part { start, end, rule, began: false, goes_on, quotes });
        }
        self.left = reach.saturating_sub(settled);
        self.merged.sort_by_key(|part| (part.start, !part.began));
        if self.merged.is_empty() {
            return;
        }
        // 2. Overlapping parts become one secret.
        spans.clear();
        let mut open = self.open.take();
        let mut current: Option<Part> = None;
        let mut close = |part: Part, spans: &mut Vec<Span>| {
            let edge = match (part.began, part.goes_on) {
                (false, false) => Edge::Whole,
                (false, true) => Edge::Open,
                (true, true) => Edge::Continue,
                (true, false) => Edge::Close,
            };
            let (range, quotes) = (part.start..part.end, part.quotes.filter(|_| edge.begins()));
            spans.push(Span { range, rule: part.rule, edge, quotes });
            if part.goes_on {
                self.open = Some(part.rule);
            }
        };
        for mut part in self.merged.drain(..) {
            if part.began {
                part.rule = open.take().unwrap_or(part.rule);
            }
            match &mut current {
                Some(before) if part.start < before.end || part.began && before.began => {
                    before.end = before.end.max(part.end);
                    before.goes_on |= part.goes_on;
                }
                _ => {
                    if let Some(before) = current.replace(part) {
                        close(before, spans);
                    }
                }
            }
        }
        if let Some(last) = current {
            close(last, spans);
        }
    }
}
