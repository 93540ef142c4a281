//! Merges what is found independently of context with what the rules find from their anchors: known values, personal data,
//! and custom rules that ask for it.

use crate::grammar::credential::decoded::Decoded;
use crate::grammar::ids::KNOWN;
use crate::grammar::personal::search::Found;
use crate::grammar::text::lex::{More, Quote, Text};
use crate::grammar::value::literal;
use crate::rules::allowed::MAX_ALLOWED;
use crate::rules::ruleset::Ruleset;
use crate::span::{Edge, Quotes, RuleId, Span};

/// What of these a scan carries from one window to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlay {
    known: Vec<(usize, usize)>,
    personal: Vec<Found>,
    /// All of them that go, and what has to enclose the replacement of each.
    found: Vec<Hit>,
    scratch: Vec<u8>,
    decoded: Decoded,
    merged: Vec<Part>,
    /// Bytes at the start of the next window that are of one of them.
    left: usize,
    /// The rule of the secret that continues in the next window.
    open: Option<RuleId>,
}

/// A secret that was found here.
#[derive(Clone, Copy, Debug)]
struct Hit {
    found: Found,
    /// Whether its rule names what it is a part of.
    first: bool,
    quotes: Option<Quotes>,
}

impl Hit {
    fn new(start: usize, end: usize, rule: RuleId, first: bool) -> Hit {
        Hit { found: Found { start, end, rule }, first, quotes: None }
    }
}

/// A stretch of a secret, and whether the secret began before it and goes on behind it.
#[derive(Clone, Copy, Debug)]
struct Part {
    start: usize,
    end: usize,
    rule: RuleId,
    began: bool,
    goes_on: bool,
    first: bool,
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

    /// Looks for them in a window, and returns how much of it the rules may decide on.
    pub fn look(&mut self, rules: &Ruleset, text: &Text) -> usize {
        let window = text.window();
        let mut sure = window.len();
        let place = |rule: RuleId| rules.place(rule).unwrap_or(rule);
        self.found.clear();
        // 1. Values go whatever is allowed.
        if let Some(values) = rules.known() {
            sure = sure.min(values.find(window, text.is_end(), &mut self.known));
            let rule = place(KNOWN);
            self.found
                .extend(self.known.iter().map(|known| Hit::new(known.0, known.1, rule, false)));
        }
        // 2. The others do not.
        let values = self.found.len();
        if let Some(wanted) = rules.personal() {
            sure = sure.min(wanted.find(text, self.left, &mut self.personal));
            let hit = |found: &Found| Hit::new(found.start, found.end, place(found.rule), false);
            self.found.extend(self.personal.iter().map(hit));
        }
        sure = sure.min(self.look_beside(rules, text));
        let (allowed, mut index) = (rules.allowed(), 0);
        self.found.retain(|Hit { found, .. }| {
            index += 1;
            let len = found.end - found.start;
            index <= values
                || !allowed.has_values()
                || len > MAX_ALLOWED
                || !allowed.has(&window[found.start..found.end])
        });
        for Hit { found, quotes, .. } in &mut self.found {
            match literal::quotes(text, found.start, Some(found.end), None) {
                Ok(quote) => *quotes = quote.map(Quote::written),
                // What follows has to be seen, and comes again.
                Err(More) => sure = sure.min(found.start),
            }
        }
        sure
    }

    /// Looks for what custom rules find, and returns how much of the window is decided.
    fn look_beside(&mut self, rules: &Ruleset, text: &Text) -> usize {
        let window = text.window();
        let Some(beside) = rules.beside() else { return window.len() };
        let mut sure = window.len();
        for (at, number) in beside.hits(window) {
            let recogniser = rules.recogniser(number);
            match recogniser.find_beside(text, at, &mut self.scratch, &mut self.decoded) {
                Ok(Some(found)) => {
                    let rule = rules.place(recogniser.rule).unwrap_or(recogniser.rule);
                    self.found.push(Hit::new(found.start, found.end, rule, recogniser.first));
                }
                Ok(None) => {}
                // The secret starts with the keyword or behind it.
                Err(More) => sure = sure.min(at),
            }
        }
        let cut = if text.is_end() { None } else { beside.pending(window) };
        sure.min(cut.unwrap_or(window.len()))
    }

    /// Joins what was found in the `settled` bytes to the `spans` of the rules in them.
    pub fn join(&mut self, settled: usize, spans: &mut Vec<Span>) {
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
        self.collect(settled, spans);
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
                    if part.first && !before.first && !before.began {
                        (before.rule, before.first) = (part.rule, true);
                    }
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

    /// Collects the parts of all secrets in the `settled` bytes, sorted by start.
    fn collect(&mut self, settled: usize, spans: &[Span]) {
        self.merged.clear();
        self.merged.extend(spans.iter().map(|span| Part {
            start: span.range.start,
            end: span.range.end,
            rule: span.rule,
            began: !span.edge.begins(),
            goes_on: !span.edge.ends(),
            first: false,
            quotes: span.quotes,
        }));
        let mut reach = self.left;
        if self.left > 0 {
            let (end, goes_on) = (self.left.min(settled), self.left > settled);
            // Whose it is was noted when it began.
            let rule = self.open.unwrap_or(KNOWN);
            self.merged.push(Part {
                start: 0,
                end,
                rule,
                began: true,
                goes_on,
                first: false,
                quotes: None,
            });
        }
        for &Hit { found: Found { start, end, rule }, first, quotes } in &self.found {
            if start >= settled {
                continue;
            }
            let goes_on = end > settled;
            reach = reach.max(end);
            let end = end.min(settled);
            self.merged.push(Part { start, end, rule, began: false, goes_on, first, quotes });
        }
        self.left = reach.saturating_sub(settled);
        self.merged.sort_by_key(|part| (part.start, !part.began));
    }
}
