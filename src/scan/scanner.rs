//! The incremental scanner.
//!
//! A window is searched for anchors. At each anchor a rule finds nothing, or the start of a value, or needs more input;
//! then the bytes from there on are not settled, and are presented again with the next window. A value that has started
//! is a [`Mode`]: its bytes are dropped as they arrive, over as many windows as it lasts. The same goes for lists of
//! values. Nothing here does I/O or uses a clock.

use std::sync::Arc;

use crate::anchor::{Anchor, Hit, Place, Search, cut_option, is_cut_option};
use crate::grammar::credential::cookie;
use crate::grammar::credential::no_match::NoMatch;
use crate::grammar::credential::{jwt, preceding};
use crate::grammar::key::Names;
use crate::grammar::text::lex::{LOOKBACK, More, Text};
use crate::grammar::text::run;
use crate::grammar::value::extent::Value;
use crate::rules::fields::{Field, Fields};
use crate::rules::heading::Header;
use crate::rules::ruleset::Ruleset;
use crate::scan::block::Lines;
use crate::scan::overlay::Overlay;
use crate::scan::scheduled::Schedule;
use crate::scan::stack::Stack;
use crate::span::{RuleId, Span};

/// After this many turns without progress there will be none, because each mode is left at most once.
const MAX_IDLE: usize = 16;

/// Finds secrets in a stream of windows.
///
/// The caller reads the input into a window, scans it, and keeps the bytes that are not settled for the start of the
/// next window. [`Redactor`](crate::Redactor) does this, and replaces what was found.
///
/// ```
/// use blackbar::{Edge, Ruleset, Scanner};
///
/// let rules = Ruleset::standard();
/// let mut scanner = Scanner::new(&rules);
/// let mut spans = Vec::new();
///
/// // The header is not complete, so nothing is found yet.
/// let window = b"GET / HTTP/1.1\nAuthorization: Bea";
/// let settled = scanner.scan(window, false, &mut spans);
/// assert!(spans.is_empty());
///
/// let mut next = window[settled..].to_vec();
/// next.extend_from_slice(b"rer abcdefghijklmnop0123456789\n");
/// assert_eq!(scanner.scan(&next, true, &mut spans), next.len());
/// assert_eq!(spans.len(), 1);
/// assert_eq!(&next[spans[0].range.clone()], b"abcdefghijklmnop0123456789");
/// assert_eq!(rules.rule(spans[0].rule).name, "bearer");
/// assert_eq!(spans[0].edge, Edge::Whole);
/// ```
#[derive(Clone)]
pub struct Scanner {
    pub(super) rules: Ruleset,
    pub(super) mode: Mode,
    /// The open containers around the value, or around the text between values.
    pub(super) stack: Stack,
    /// The last settled bytes of the line, at most [`LOOKBACK`].
    pub(super) tail: Vec<u8>,
    pub(super) search: Search,
    /// The state of the search for anchors while fields are followed: where it started, and what it found.
    pub(super) upcoming: Option<(Place, Option<Hit>)>,
    pub(super) starts: jwt::Starts,
    pub(super) names: Names,
    pub(super) optional_names: Names,
    pub(super) fields: Fields,
    /// The position in the block of a private key.
    pub(super) lines: Lines,
    pub(super) overlay: Overlay,
    pub(super) scratch: Vec<u8>,
    pub(super) no_match: NoMatch,
    pub(super) schedule: Schedule,
    /// Whether the straight loops read plain secrets.
    pub(super) plain: bool,
}

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    /// Nothing: anchors are searched for.
    Search,
    /// A value. `open` is set once part of it has been reported.
    Value { value: Value, open: bool },
    /// A field whose whole value is a secret. `open` is set once part of it has been reported.
    Field { field: Field, rule: RuleId, open: bool },
    /// The next element of the innermost container.
    Element,
    /// A secret that was matched up to `end` in this window, and may continue with the tail of the recogniser with that
    /// number.
    Match { end: usize, rule: RuleId, tail: Option<u16>, open: bool },
}

impl std::fmt::Debug for Scanner {
    /// Shows the scanner's state, but none of the bytes it has seen.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanner").field("fresh", &self.is_fresh()).finish_non_exhaustive()
    }
}

impl Scanner {
    /// A scanner at the start of its input.
    pub fn new(rules: &Ruleset) -> Scanner {
        Scanner {
            rules: rules.clone(),
            mode: Mode::Search,
            stack: Stack::default(),
            tail: Vec::with_capacity(2 * LOOKBACK),
            search: Search::default(),
            upcoming: None,
            fields: Fields::new(rules.formats(), rules.headings()),
            starts: jwt::Starts::default(),
            names: Names::default(),
            optional_names: Names::default(),
            lines: Lines::default(),
            overlay: Overlay::default(),
            scratch: Vec::new(),
            no_match: NoMatch::default(),
            schedule: Schedule::default(),
            plain: rules.is_plain(),
        }
    }

    /// Scans `window` and returns how many of its bytes are settled. Settled bytes are kept, unless one of the `spans`
    /// (cleared first) covers them. The caller presents the rest at the start of the next window. With `eof` nothing
    /// follows the window, and all of it is settled.
    ///
    /// Without `eof`, at most [`Ruleset::hold`] bytes at the end of the window are not settled. So the scan makes
    /// progress if the window is longer than that.
    ///
    /// # Panics
    ///
    /// Only because of a fault in the crate. The scanner must not be used after a panic.
    pub fn scan(&mut self, window: &[u8], eof: bool, spans: &mut Vec<Span>) -> usize {
        let rules = self.rules.clone();
        if !rules.has_overlay() {
            return self.scan_by_rules(window, eof, spans);
        }
        let sure = self.overlay.search(&rules, &Text::new(window, &self.tail, eof));
        let settled = self.scan_by_rules(&window[..sure], eof, spans);
        self.overlay.join(settled, spans);
        settled
    }

    pub(super) fn scan_by_rules(
        &mut self,
        window: &[u8],
        eof: bool,
        spans: &mut Vec<Span>,
    ) -> usize {
        spans.clear();
        self.restart_search();
        self.fields.open();
        let tail = std::mem::take(&mut self.tail);
        let settled = self.run(&Text::new(window, &tail, eof), spans);
        debug_assert!(settled <= window.len() && (!eof || settled == window.len()));
        self.tail = tail;
        self.remember(&window[..settled]);
        self.fields.settle(window, settled);
        self.schedule.settle(settled);
        self.lines.settle(window, settled);
        settled
    }

    /// Scans a window, and returns how much of it is settled. Only this function advances the scanner.
    fn run(&mut self, window: &Text, spans: &mut Vec<Span>) -> usize {
        let mut text = self.lines.visible(window);
        let (mut at, mut idle) = (0, 0);
        // Each turn advances, changes the mode, or stops.
        loop {
            let turn = if self.fields.is_empty() && self.schedule.is_empty() {
                self.advance(&text, at, spans)
            } else {
                self.advance_to_fixed(&text, at, spans)
            };
            match turn {
                Next::Continue(next) => {
                    idle = if next > at { 0 } else { idle + 1 };
                    at = next;
                }
                Next::Suspend(settled) => {
                    let line = text.window().len();
                    if line == window.window().len() {
                        return settled;
                    }
                    let Ok(body) = self.lines.judge(window, line) else { return settled };
                    body.into_iter().for_each(|body| self.schedule.add(body));
                    text = self.lines.visible(window);
                    self.restart_search();
                    (at, idle) = (settled, 0);
                }
            }
            if self.lines.has_opened() {
                let line = self.lines.visible(window);
                if line.window().len() != text.window().len() {
                    self.restart_search();
                }
                text = line;
            }
            if idle == MAX_IDLE {
                at = self.give_up(at, text.window().len());
                idle = 0;
            }
        }
    }

    /// Leaves the open containers, because the steps at `at` repeat themselves, and returns where the search continues. That is
    /// a bug, at which the tests stop. A filter that stops takes the log with it, so it reads what follows as text.
    #[cold]
    fn give_up(&mut self, at: usize, len: usize) -> usize {
        debug_assert!(false, "no progress at offset {at} of a window");
        // Within a secret, nothing may be written.
        assert!(matches!(self.mode, Mode::Search | Mode::Element), "no progress within a value");
        self.stack.clear();
        self.mode = Mode::Search;
        self.restart_search();
        len.min(at + 1)
    }

    /// Drops search results that depended on where the text ended.
    fn restart_search(&mut self) {
        self.search.clear();
        self.upcoming = None;
        self.no_match.clear();
        self.starts.clear();
    }

    /// Whether nothing is pending and the last settled byte ended a line (or nothing was settled yet). A new scanner
    /// would then give the same spans from here on, unless the log names its fields in a header.
    pub fn is_fresh(&self) -> bool {
        matches!(self.mode, Mode::Search)
            && self.tail.is_empty()
            && self.lines.is_closed()
            && self.schedule.is_empty()
            && self.overlay.is_fresh()
    }

    /// The header by which the log names its fields, if there was one.
    pub(crate) fn header(&self) -> Option<Arc<Header>> {
        if self.fields.is_empty() { None } else { self.fields.header() }
    }

    /// Moves to the start of a line in a log that names its fields by `header`.
    pub(crate) fn restart(&mut self, header: Option<&Arc<Header>>) {
        self.reset();
        self.fields.restart(header);
    }

    /// Reads the header again, which another rule set read.
    pub(crate) fn reread(&mut self) {
        self.fields.reread();
    }

    /// Returns the scanner to the start of an input.
    pub fn reset(&mut self) {
        self.mode = Mode::Search;
        self.stack.clear();
        self.lines.close();
        self.overlay.reset();
        self.tail.clear();
        self.fields.reset();
        self.schedule.clear();
    }

    /// Keeps the end of the line that the settled bytes end in.
    pub(super) fn remember(&mut self, settled: &[u8]) {
        let recent = &settled[settled.len().saturating_sub(LOOKBACK)..];
        if let Some(newline) = memchr::memrchr(b'\n', recent) {
            self.tail.clear();
            self.tail.extend_from_slice(&recent[newline + 1..]);
            return;
        }
        if recent.len() == LOOKBACK {
            self.tail.clear();
        }
        self.tail.extend_from_slice(recent);
        if self.tail.len() > LOOKBACK {
            self.tail.drain(..self.tail.len() - LOOKBACK);
        }
    }

    /// Takes one step. Each mode has its own function, so that this one, which runs a few times per secret, moves
    /// little state.
    #[inline(always)]
    pub(super) fn advance(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> Next {
        let mut at = at;
        let step = match self.mode {
            Mode::Search => return self.search(text, at, spans),
            Mode::Value { .. } => return self.value(text, at, spans),
            Mode::Field { field, rule, open } => {
                return self.whole_field(text, at, field, rule, open, spans);
            }
            Mode::Match { end, rule, tail, open } => {
                return self.matched(text, at, end, rule, tail, open, spans);
            }
            Mode::Element => {
                at = self.plain_pairs(text, at, spans);
                self.element(text, at)
            }
        };
        match step {
            Ok(next) => Next::Continue(next),
            Err(More) => Next::Suspend(at),
        }
    }

    /// Searches for the next anchor at which a rule finds something.
    #[inline(never)]
    pub(super) fn search(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> Next {
        debug_assert!(self.stack.is_empty());
        let window = text.window();
        let mut plain = self.is_plain();
        // Where the text starts that is not decided yet.
        let mut floor = at;
        let mut from = Place::from(at);
        let field = self.fields.next(window, at);
        loop {
            let scheduled = self.schedule.next(at).map(|scheduled| scheduled.start);
            let fixed = field.map(|field| field.at).into_iter().chain(scheduled).min();
            // In the block of a private key, only a part of the window is visible.
            let fixed = fixed.filter(|fixed| *fixed <= window.len());
            let hit = if fixed.is_none() {
                self.search_on(text, from)
            } else {
                self.next_hit(text, from)
            };
            if let Some(fixed) = fixed.filter(|fixed| hit.is_none_or(|hit| *fixed <= hit.at)) {
                return match self.cut_anchor(text, fixed, floor) {
                    Some(cut) => Next::Suspend(self.undecided(text, cut, floor)),
                    None => Next::Continue(fixed),
                };
            }
            let Some(hit) = hit else { break };
            // A longer keyword that has this anchor in it may have begun before it.
            if let Some(cut) = self.cut_anchor(text, hit.at, floor) {
                return Next::Suspend(self.undecided(text, cut, floor));
            }
            if plain && let Some(found) = self.plain(text, hit, spans) {
                match found {
                    Plain::Nothing => from = hit.next(),
                    Plain::Read(next) => (from, floor) = (Place::from(next), next),
                    Plain::Open(next) => return Next::Continue(next),
                }
                continue;
            }
            if hit.anchor == Anchor::Alg {
                match self.starts.token(text, hit.at, floor) {
                    Ok(Some((start, value))) if self.rules.has(value.rule) => {
                        if plain && let (end, true) = value.peek(text, start) {
                            self.report(start..end, value.rule, spans);
                            (from, floor) = (Place::from(end), end);
                            continue;
                        }
                        self.mode = Mode::Value { value, open: false };
                        return Next::Continue(start);
                    }
                    Ok(_) => from = hit.next(),
                    Err(start) => {
                        return Next::Suspend(self.undecided(text, hit.at, floor).min(start));
                    }
                }
                continue;
            }
            match self.enter(text, hit, floor) {
                Ok(next) => {
                    if self.lines.has_opened() || !matches!(self.mode, Mode::Search) {
                        return Next::Continue(next);
                    }
                    plain = plain && self.schedule.is_empty();
                    // The search continues within text that was only looked at, because it may contain an anchor.
                    from = hit.next();
                }
                // A token may have started before the anchor, in the same run of letters.
                Err(More) => return Next::Suspend(self.undecided(text, hit.at, floor)),
            }
        }
        if text.is_end() {
            return Next::Suspend(window.len());
        }
        let anchor = self.rules.anchors().pending(window, floor);
        Next::Suspend(self.undecided_end(text, anchor, window.len(), floor))
    }

    /// The same at `end`, before which the window's end may have cut an `anchor`.
    pub(super) fn undecided_end(
        &self,
        text: &Text,
        anchor: Option<usize>,
        end: usize,
        floor: usize,
    ) -> usize {
        let undecided = self.undecided(text, end, floor);
        anchor.map_or(undecided, |anchor| undecided.min(self.undecided(text, anchor, floor)))
    }

    /// Where a token that is recognised by the text at `to` may have started before it; `to` if there is none.
    pub(super) fn undecided(&self, text: &Text, to: usize, floor: usize) -> usize {
        let window = text.window();
        if floor == 0 && is_cut_option(text, to) {
            return 0;
        }
        let token = jwt::pending(&window[..to], floor);
        let field = cookie::keyless_value(text, to, floor);
        let cookie = cookie::attributed_value(text, to, floor);
        let run = match self.rules.waits() {
            0 => to,
            waits => run::start(window, to, floor.max(to.saturating_sub(waits))),
        };
        let preceding = preceding::pending(text, to, floor);
        token
            .into_iter()
            .chain(field)
            .chain(cookie)
            .chain(preceding)
            .min()
            .map_or(run, |start| start.min(run))
    }

    /// The next anchor, including one whose first byte is before `from`.
    pub(super) fn search_on(&mut self, text: &Text, from: Place) -> Option<Hit> {
        self.search_before(text, from, text.window().len())
    }

    /// The same. One that does not end before `limit` may be missed.
    pub(super) fn search_before(&mut self, text: &Text, from: Place, limit: usize) -> Option<Hit> {
        cut_option(text, from)
            .or_else(|| self.search.next(self.rules.anchors(), text.window(), from, limit))
    }

    /// The next anchor. An anchor that was found after a field is not searched for again.
    pub(super) fn next_hit(&mut self, text: &Text, from: Place) -> Option<Hit> {
        if let Some((asked, hit)) = self.upcoming
            && asked <= from
            && hit.is_none_or(|hit| hit.place() >= from)
        {
            return hit;
        }
        let hit = self.search_on(text, from);
        self.upcoming = Some((from, hit));
        hit
    }

    /// The start of an anchor before `limit` that the window's end cuts off.
    pub(super) fn cut_anchor(&self, text: &Text, limit: usize, floor: usize) -> Option<usize> {
        let anchors = self.rules.anchors();
        if text.is_end() || text.window().len() - limit >= anchors.longest() {
            return None;
        }
        anchors.pending(text.window(), floor).filter(|cut| *cut < limit)
    }
}

/// The outcome of a step.
pub(super) enum Next {
    /// Continue at the offset.
    Continue(usize),
    /// The bytes before the offset are settled. The rest is presented again.
    Suspend(usize),
}

/// The result of the straight loop at an anchor.
pub(super) enum Plain {
    /// No rule finds anything there. The search continues after the anchor.
    Nothing,
    /// The secrets there have been reported. The search continues at the offset.
    Read(usize),
    /// A list is open at the offset, and the general reader continues with it.
    Open(usize),
}
