//! Merges two kinds of secrets: those that the rules find from their anchors, and those that are found in any context, by
//! separate searches of the window: known values, personal data, and custom rules with `first` or `decode`.
//!
//! [`Overlay::search`] runs before the scan of a window and limits it to the part that these searches have decided.
//! [`Overlay::join`] runs after it. Secrets that overlap become one span.

use crate::grammar::credential::decoded::Decoded;
use crate::grammar::ids::KNOWN;
use crate::grammar::personal::search::Found;
use crate::grammar::text::lex::{More, Quote, Text};
use crate::grammar::value::literal;
use crate::rules::allowed::MAX_ALLOWED;
use crate::rules::ruleset::Ruleset;
use crate::span::{Edge, Quotes, RuleId, Span};

/// The separate searches of a scan: what they found in this window, and what continues in the next one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlay {
    known: Vec<(usize, usize)>,
    personal: Vec<Found>,
    /// Everything that was found in this window and is not allowed.
    found: Vec<Hit>,
    scratch: Vec<u8>,
    decoded: Decoded,
    merged: Vec<Part>,
    /// Secrets after the settled bytes that the next search cannot find, because what identifies them is settled. Their
    /// offsets are those of the next window.
    carried: Vec<Hit>,
    /// How many bytes at the start of the window belong to a secret that was found in an earlier one.
    left: usize,
    /// The same of personal data, which is not searched for again within itself.
    left_personal: usize,
    /// The rule of the secret that continues in the next window.
    open: Option<RuleId>,
}

/// A secret that a separate search found.
#[derive(Clone, Copy, Debug)]
struct Hit {
    found: Found,
    /// Where the text starts that identifies it.
    from: usize,
    personal: bool,
    /// Whether its rule takes precedence: it becomes the rule of all that overlaps.
    first: bool,
    /// The quotes that its replacement needs.
    quotes: Option<Quotes>,
}

impl Hit {
    /// A secret that is identified by itself.
    fn new(start: usize, end: usize, rule: RuleId) -> Hit {
        let found = Found { start, end, rule };
        Hit { found, from: start, personal: false, first: false, quotes: None }
    }

    /// The same secret in a window that starts after `settled` bytes.
    fn after(mut self, settled: usize) -> Hit {
        self.found.start -= settled;
        self.found.end -= settled;
        self.from = 0;
        self
    }
}

/// A part of a secret within the settled bytes.
#[derive(Clone, Copy, Debug)]
struct Part {
    start: usize,
    end: usize,
    rule: RuleId,
    /// Whether the secret began before it.
    began: bool,
    /// Whether the secret continues after it.
    goes_on: bool,
    first: bool,
    quotes: Option<Quotes>,
}

impl Overlay {
    /// Whether no state is carried.
    pub fn is_fresh(&self) -> bool {
        self.left == 0 && self.open.is_none() && self.carried.is_empty()
    }

    /// Drops the carried state.
    pub fn reset(&mut self) {
        (self.left, self.left_personal, self.open) = (0, 0, None);
        self.carried.clear();
    }

    /// Searches a window. Returns how many of its bytes are decided; the rules may not settle more.
    pub fn search(&mut self, rules: &Ruleset, text: &Text) -> usize {
        let window = text.window();
        let mut sure = window.len();
        let place = |rule: RuleId| rules.place(rule).unwrap_or(rule);
        self.found.clear();
        // 1. Known values, even if they are allowed.
        if let Some(values) = rules.known() {
            sure = sure.min(values.find(window, text.is_end(), &mut self.known));
            let rule = place(KNOWN);
            self.found.extend(self.known.iter().map(|known| Hit::new(known.0, known.1, rule)));
        }
        // 2. The others, unless they are allowed.
        let values = self.found.len();
        if let Some(wanted) = rules.personal() {
            sure = sure.min(wanted.find(text, self.left_personal, &mut self.personal));
            let hit = |found: &Found| Hit {
                personal: true,
                ..Hit::new(found.start, found.end, place(found.rule))
            };
            self.found.extend(self.personal.iter().map(hit));
        }
        self.found.extend_from_slice(&self.carried);
        sure = sure.min(self.search_independent(rules, text));
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
                // That depends on text after the window.
                Err(More) => sure = sure.min(found.start),
            }
        }
        sure
    }

    /// Searches for the secrets of independent custom rules. Returns how many bytes of the window are decided.
    fn search_independent(&mut self, rules: &Ruleset, text: &Text) -> usize {
        let window = text.window();
        let Some(keywords) = rules.independent() else { return window.len() };
        let mut sure = window.len();
        for (at, number) in keywords.hits(window) {
            let recogniser = rules.recogniser(number);
            match recogniser.find_independent(text, at, &mut self.scratch, &mut self.decoded) {
                Ok(Some(found)) => {
                    let rule = rules.place(recogniser.rule).unwrap_or(recogniser.rule);
                    let hit = Hit::new(found.start, found.end, rule);
                    self.found.push(Hit { from: at, first: recogniser.first, ..hit });
                }
                Ok(None) => {}
                // The secret starts at the keyword or after it.
                Err(More) => sure = sure.min(at),
            }
        }
        let cut = if text.is_end() { None } else { keywords.pending(window) };
        sure.min(cut.unwrap_or(window.len()))
    }

    /// Adds what was found in the `settled` bytes to the `spans` of the rules.
    pub fn join(&mut self, settled: usize, spans: &mut Vec<Span>) {
        if self.found.is_empty() && self.is_fresh() {
            if let Some(last) = spans.last()
                && !last.edge.ends()
            {
                self.open = Some(last.rule);
            }
            return;
        }
        // A secret of the rules may end here without another byte.
        if settled == 0 && spans.is_empty() {
            return;
        }
        // 1. All parts, sorted by start.
        self.collect(settled, spans);
        if settled > 0 {
            self.carry(settled);
        }
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
            if edge != Edge::Continue || !range.is_empty() {
                spans.push(Span { range, rule: part.rule, edge, quotes });
            }
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

    /// Keeps the secrets after the `settled` bytes that are identified by text among these.
    fn carry(&mut self, settled: usize) {
        let is_cut = |hit: &&Hit| hit.from < settled && hit.found.start >= settled;
        self.carried.clear();
        self.carried.extend(self.found.iter().filter(is_cut).map(|hit| hit.after(settled)));
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
        let (mut reach, mut reach_personal) = (self.left, self.left_personal);
        if self.left > 0 {
            let (end, goes_on) = (self.left.min(settled), self.left > settled);
            // Its rule was recorded when it began.
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
        for &Hit { found: Found { start, end, rule }, personal, first, quotes, .. } in &self.found {
            if start >= settled {
                continue;
            }
            let goes_on = end > settled;
            reach = reach.max(end);
            if personal {
                reach_personal = reach_personal.max(end);
            }
            let end = end.min(settled);
            self.merged.push(Part { start, end, rule, began: false, goes_on, first, quotes });
        }
        self.left = reach.saturating_sub(settled);
        self.left_personal = reach_personal.saturating_sub(settled);
        self.merged.sort_by_key(|part| (part.start, !part.began));
    }
}
