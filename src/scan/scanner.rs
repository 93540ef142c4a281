//! The incremental scanner.
//!
//! A window is searched for anchors; at each one a rule either finds nothing, finds the
//! start of a value, or needs to see more, in which case the bytes from there on are not
//! settled and come again. A value that has started is a [`Mode`]: its bytes are dropped as
//! they come, over as many windows as it lasts, and so are lists of values. Nothing here
//! reads, writes, or looks at a clock.

use crate::anchor::{Anchor, Hit, Place, Search};
use crate::grammar::container::{Container, Elements};
use crate::grammar::credential::authorization;
use crate::grammar::credential::barren::Barren;
use crate::grammar::credential::bearer;
use crate::grammar::credential::begin::begin;
use crate::grammar::credential::cookie;
use crate::grammar::credential::jar;
use crate::grammar::credential::jwt;
use crate::grammar::credential::params;
use crate::grammar::credential::pem::{self, Block, Line};
use crate::grammar::credential::recogniser;
use crate::grammar::credential::recogniser::Found;
use crate::grammar::credential::url;
use crate::grammar::ids::{AUTHORIZATION, COOKIE, KNOWN, PRIVATE_KEY};
use crate::grammar::key::{
    Class, Key, Names, Separator, Way, is_single, newline, open, past_array, past_index,
    past_marker, reversed, skip_type, value_key,
};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, More, Quote, Step, Text, is_name};
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::placeholder;
use crate::rules::allowed::MAX_ALLOWED;
use crate::rules::fields::{Field, Fields, Reading};
use crate::rules::known::Overlay;
use crate::rules::ruleset::Ruleset;
use crate::scan::promise::{Promise, Promises};
use crate::scan::stack::Stack;
use crate::span::{Edge, RuleId, Span};

/// Settled bytes of the current line that rules may look back on.
const LOOKBACK: usize = 512;

/// Longest run of blanks and line ends between the elements of an array or before a value
/// on the next line.
const MAX_GAP: usize = 1024;

/// Turns without progress after which there is none: each mode is left at most once.
const MAX_IDLE: usize = 16;

/// Finds secrets in a stream of windows.
#[derive(Clone)]
pub struct Scanner {
    rules: Ruleset,
    mode: Mode,
    /// What the value, or what is between values, stands in.
    stack: Stack,
    /// The last settled bytes of the line, at most [`LOOKBACK`].
    tail: Vec<u8>,
    search: Search,
    /// Where the search for anchors has come to, while fields are followed: from where it was asked, and what it found.
    upcoming: Option<(Place, Option<Hit>)>,
    starts: jwt::Starts,
    names: Names,
    further_names: Names,
    fields: Fields,
    /// A private key's block whose body may go on with the next line.
    block: Option<Block>,
    overlay: Overlay,
    scratch: Vec<u8>,
    barren: Barren,
    promises: Promises,
}

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug)]
enum Mode {
    /// Nothing: anchors are searched for.
    Ground,
    /// A value; `open` once part of it has been reported.
    Value { value: Value, open: bool },
    /// A field that is a secret as a whole; `open` once part of it has been reported.
    Field { field: Field, rule: RuleId, open: bool },
    /// The next element of the innermost container.
    Element,
    /// A secret whose `end` in this window was seen, but for a tail of the recogniser's.
    Match { end: usize, rule: RuleId, tail: Option<u16>, open: bool },
    /// A line that may be of a private key's block.
    Line,
}

impl std::fmt::Debug for Scanner {
    /// Shows where the scanner stands, and none of the bytes it has seen.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanner").field("fresh", &self.is_fresh()).finish_non_exhaustive()
    }
}

impl Scanner {
    /// A scanner at the start of its input.
    pub fn new(rules: &Ruleset) -> Scanner {
        Scanner {
            rules: rules.clone(),
            mode: Mode::Ground,
            stack: Stack::default(),
            tail: Vec::with_capacity(2 * LOOKBACK),
            search: Search::default(),
            upcoming: None,
            fields: Fields::new(rules.formats()),
            starts: jwt::Starts::default(),
            names: Names::default(),
            further_names: Names::default(),
            block: None,
            overlay: Overlay::default(),
            scratch: Vec::new(),
            barren: Barren::default(),
            promises: Promises::default(),
        }
    }

    /// Scans `window` and returns how many of its bytes are settled: kept, unless one of the
    /// `spans` (cleared first) covers them. The caller presents the rest first next time,
    /// with `eof` once nothing follows; then all of it is settled.
    pub fn scan(&mut self, window: &[u8], eof: bool, spans: &mut Vec<Span>) -> usize {
        let rules = self.rules.clone();
        let Some(known) = rules.known() else { return self.scan_by_rules(window, eof, spans) };
        let sure = self.overlay.look(known, window, eof);
        let settled = self.scan_by_rules(&window[..sure], eof, spans);
        self.overlay.join(rules.place(KNOWN).unwrap_or(KNOWN), settled, spans);
        settled
    }

    fn scan_by_rules(&mut self, window: &[u8], eof: bool, spans: &mut Vec<Span>) -> usize {
        spans.clear();
        self.search.clear();
        self.upcoming = None;
        self.barren.clear();
        self.starts.clear();
        self.fields.open();
        let tail = std::mem::take(&mut self.tail);
        let text = Text::new(window, &tail, eof);
        let (mut at, mut idle) = (0, 0);
        // Each turn either advances, or changes the mode, or stops.
        let settled = loop {
            let turn = if self.fields.is_empty() && self.promises.is_empty() {
                self.advance(&text, at, spans)
            } else {
                self.advance_to_due(&text, at, spans)
            };
            match turn {
                Turn::Go(next) => {
                    idle = if next > at { 0 } else { idle + 1 };
                    at = next;
                }
                Turn::Stop(settled) => break settled,
            }
            // Two rules that send each other back and forth would never end. Nothing is
            // written after a panic.
            assert!(idle < MAX_IDLE, "no progress at offset {at} of a window");
        };
        debug_assert!(settled <= window.len() && (!eof || settled == window.len()));
        self.tail = tail;
        self.remember(&window[..settled]);
        self.fields.settle(window, settled);
        self.promises.settle(settled);
        settled
    }

    /// Whether nothing is pending and the last settled byte ended a line (or nothing was
    /// settled yet): a scanner that starts afresh here gives the same spans.
    pub fn is_fresh(&self) -> bool {
        matches!(self.mode, Mode::Ground)
            && self.tail.is_empty()
            && self.block.is_none()
            && self.promises.is_empty()
            && self.overlay.is_fresh()
    }

    /// Returns the scanner to the start of an input.
    pub fn reset(&mut self) {
        self.mode = Mode::Ground;
        self.stack.clear();
        self.block = None;
        self.overlay.reset();
        self.tail.clear();
        self.fields.reset();
        self.promises.clear();
    }

    /// Keeps the end of the line that the settled bytes end in.
    fn remember(&mut self, settled: &[u8]) {
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

    /// Takes a step. Each mode has a function of its own, which is what keeps this one, run a few times for each secret,
    /// from moving much of their state about.
    #[inline(always)]
    fn advance(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> Turn {
        let step = match self.mode {
            Mode::Ground => return self.ground(text, at),
            Mode::Value { .. } => return self.value(text, at, spans),
            Mode::Field { field, rule, open } => {
                return self.whole_field(text, at, field, rule, open, spans);
            }
            Mode::Match { end, rule, tail, open } => {
                return self.matched(text, at, end, rule, tail, open, spans);
            }
            Mode::Line => return self.line(text, at, spans),
            Mode::Element => self.element(text, at),
        };
        match step {
            Ok(next) => Turn::Go(next),
            Err(More) => Turn::Stop(at),
        }
    }

    /// Searches for the next anchor at which a rule finds something.
    #[inline(never)]
    fn ground(&mut self, text: &Text, at: usize) -> Turn {
        debug_assert!(self.stack.is_empty());
        let window = text.window();
        let floor = at;
        let mut from = Place::from(at);
        // In a private key's block each line is looked at from its start.
        let line = self.block.and_then(|_| memchr::memchr(b'\n', &window[at..]));
        let line = line.map(|len| at + len + 1);
        // What is behind the line is not searched again for each line.
        let reach = &window[..line.unwrap_or(window.len())];
        let field = self.fields.next(window, at);
        loop {
            let promise = self.promises.next(at).map(|promise| promise.start);
            let due = field.map(|field| field.at).into_iter().chain(promise).min();
            let hit = if due.is_none() || line.is_some() {
                self.search.next(self.rules.anchors(), reach, from)
            } else {
                self.next_hit(window, from)
            };
            if let Some(due) = due.filter(|due| {
                hit.is_none_or(|hit| *due <= hit.at) && line.is_none_or(|line| *due < line)
            }) {
                return match self.cut_anchor(text, due, floor) {
                    Some(cut) => Turn::Stop(self.undecided(text, cut, floor)),
                    None => Turn::Go(due),
                };
            }
            let Some(hit) = hit.filter(|hit| line.is_none_or(|line| hit.at < line)) else { break };
            if hit.anchor == Anchor::Alg {
                match self.starts.token(text, hit.at, floor) {
                    Ok(Some((start, value))) if self.rules.has(value.rule) => {
                        self.mode = Mode::Value { value, open: false };
                        return Turn::Go(start);
                    }
                    Ok(_) => from = hit.next(),
                    Err(start) => {
                        return Turn::Stop(self.undecided(text, hit.at, floor).min(start));
                    }
                }
                continue;
            }
            let block = self.block.is_some();
            match self.enter(text, hit, floor) {
                Ok(next) => {
                    let begins = !block && self.block.is_some();
                    if begins || !matches!(self.mode, Mode::Ground) {
                        return Turn::Go(next);
                    }
                    // Nothing that was only looked at is passed over: an anchor may be in it.
                    from = hit.next();
                }
                // A token may have started before the anchor, in the same run of letters.
                Err(More) => return Turn::Stop(self.undecided(text, hit.at, floor)),
            }
        }
        if let Some(line) = line {
            self.mode = Mode::Line;
            return Turn::Go(line);
        }
        if text.is_end() {
            return Turn::Stop(window.len());
        }
        let anchor = self.rules.anchors().pending(window, floor);
        let undecided = self.undecided(text, window.len(), floor);
        Turn::Stop(anchor.map_or(undecided, |anchor| anchor.min(undecided)))
    }

    /// Where something that is told by what is at `to` may have started before it: `to` itself
    /// if nothing has.
    fn undecided(&self, text: &Text, to: usize, floor: usize) -> usize {
        let window = text.window();
        let token = jwt::pending(&window[..to], floor);
        let field = cookie::keyless_value(text, to, floor);
        let run = match self.rules.waits() {
            0 => to,
            waits => recogniser::run(window, to, floor.max(to.saturating_sub(waits))),
        };
        token.into_iter().chain(field).min().map_or(run, |start| start.min(run))
    }

    /// The next anchor. One that was found behind a field is not searched for again.
    fn next_hit(&mut self, window: &[u8], from: Place) -> Option<Hit> {
        if let Some((asked, hit)) = self.upcoming
            && asked <= from
            && hit.is_none_or(|hit| hit.place() >= from)
        {
            return hit;
        }
        let hit = self.search.next(self.rules.anchors(), window, from);
        self.upcoming = Some((from, hit));
        hit
    }

    /// Where before `due` an anchor starts that the window's end has cut.
    fn cut_anchor(&self, text: &Text, due: usize, floor: usize) -> Option<usize> {
        let anchors = self.rules.anchors();
        if text.is_end() || text.window().len() - due >= anchors.longest() {
            return None;
        }
        anchors.pending(text.window(), floor).filter(|cut| *cut < due)
    }

    /// As [`Scanner::advance`], and what is due is not passed over, whatever else the bytes before it seemed to begin:
    /// fields that are secrets, and secrets that are certain.
    #[inline(never)]
    fn advance_to_due(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> Turn {
        let secret = match self.mode {
            Mode::Field { .. } => return self.advance(text, at, spans),
            Mode::Value { value, .. } => !value.kept,
            Mode::Match { .. } => true,
            _ => false,
        };
        if let Some(due) = self.due(text, at)
            && due.at() == at
            && !secret
        {
            return self.begin_due(text, due);
        }
        let turn = self.advance(text, at, spans);
        let (Turn::Go(reach) | Turn::Stop(reach)) = turn;
        if matches!(self.mode, Mode::Field { .. }) {
            return turn;
        }
        match self.due(text, at) {
            Some(due)
                if due.at() < reach
                    && spans.last().is_none_or(|span| span.range.end <= due.at()) =>
            {
                self.begin_due(text, due)
            }
            _ => turn,
        }
    }

    /// What is due first, at `at` or behind it.
    fn due(&mut self, text: &Text, at: usize) -> Option<Due> {
        let field = self.fields.next(text.window(), at);
        let promise = self.promises.next(at);
        match (field, promise) {
            (Some(field), Some(promise)) if promise.start < field.at => Some(Due::Promise(promise)),
            (None, promise) => promise.map(Due::Promise),
            (Some(field), _) => Some(Due::Field(field)),
        }
    }

    fn begin_due(&mut self, text: &Text, due: Due) -> Turn {
        match due {
            Due::Field(field) => self.field(text, field),
            Due::Promise(Promise { start, end, rule, tail }) => {
                self.promises.start();
                // What was being read, or begins behind it, goes on when it has ended.
                if let Mode::Value { value, open: false } = self.mode {
                    self.interrupt(value.moved());
                }
                self.mode = Mode::Match { end, rule, tail, open: false };
                Turn::Go(start)
            }
        }
    }

    /// Starts the value of a field.
    fn field(&mut self, text: &Text, field: Field) -> Turn {
        self.stack.clear();
        self.mode = Mode::Ground;
        match self.begin_field(text, field) {
            Ok(next) => {
                self.fields.start(field);
                Turn::Go(next)
            }
            Err(More) => Turn::Stop(field.at),
        }
    }

    fn begin_field(&mut self, text: &Text, field: Field) -> Step<usize> {
        let at = field.at;
        let Some(opening) = self.fields.opening(field) else { return Ok(at) };
        let quote = opening.quoted.then_some(Quote { ch: b'"', enc: Enc::Raw });
        let frame =
            Frame { quote, own_quote: opening.quoted, line: !opening.quoted, ..Frame::default() };
        let class = match opening.secret.reading {
            Reading::Cookies => Class::Cookie,
            Reading::SetCookie => Class::SetCookie,
            Reading::Authorization => Class::Authorization,
            Reading::Whole => {
                let Some(rule) = opening.secret.place else { return Ok(at) };
                let window = text.window();
                let (end, ended) = self.fields.reach(field, window, at, text.is_end());
                if !ended && end - at <= placeholder::MAX {
                    return Err(More);
                }
                let stands_for_nothing = end == at || placeholder::is_mark(&window[at..end]);
                let allowed =
                    self.rules.allowed().has_values() && self.is_allowed(text, at, end, ended)?;
                if !(allowed || ended && stands_for_nothing) {
                    self.mode = Mode::Field { field, rule, open: false };
                }
                return Ok(at);
            }
        };
        let start = begin(text, at, class, frame, Separator::Spaced, true)?;
        self.take(text, start)
    }

    /// Reads a field that is a secret as a whole.
    #[inline(never)]
    fn whole_field(
        &mut self,
        text: &Text,
        at: usize,
        field: Field,
        rule: RuleId,
        open: bool,
        spans: &mut Vec<Span>,
    ) -> Turn {
        let (end, ended) = self.fields.reach(field, text.window(), at, text.is_end());
        let edge = Edge::of(open, ended);
        let report = end > at || edge == Edge::Close;
        if report {
            spans.push(Span { range: at..end, rule, edge });
        }
        if ended {
            self.mode = Mode::Ground;
            Turn::Go(end)
        } else {
            self.mode = Mode::Field { field, rule, open: open || report };
            Turn::Stop(end)
        }
    }

    /// What the anchor's rule makes of it: sets the mode and returns where to go on, or
    /// leaves it and returns where to search on.
    fn enter(&mut self, text: &Text, hit: Hit, floor: usize) -> Step<usize> {
        let (at, end) = (hit.at, hit.at + hit.len);
        match hit.anchor {
            Anchor::Bearer => match bearer::bare(text, at)? {
                Start::Nothing(_) => self.key(text, at, hit.len),
                start => self.take(text, start),
            },
            Anchor::Basic => Ok({
                let start = authorization::bare_basic(text, at)?;
                self.take(text, start)?
            }),
            Anchor::Wrapped => Ok({
                let start = jwt::wrapped(text, at)?;
                self.take(text, start)?
            }),
            Anchor::Jar if text.window()[at] == b'\t' && text.window()[end - 1] == b'\t' => Ok({
                let start = jar::line(text, at, hit.len)?;
                self.take(text, start)?
            }),
            Anchor::Value => match reversed(text, at, |name| self.rules.keyed().classify(name))? {
                Some((class, exact, way)) => self.follow(text, class, exact, way),
                None => Ok({
                    let start = cookie::described(text, at)?;
                    self.take(text, start)?
                }),
            },
            Anchor::Option if text.before(at, 1) == b' ' => Ok({
                let start = cookie::option(text, end)?;
                self.take(text, start)?
            }),
            Anchor::Raw if &text.window()[at..end] == b"Raw:" => Ok({
                let start = cookie::received(text, end)?;
                self.take(text, start)?
            }),
            // Some have a separator in them, to be long enough.
            Anchor::Key => {
                self.key(text, at, hit.len - usize::from(!is_name(text.window()[end - 1])))
            }
            Anchor::Plus => Ok({
                let start = cookie::keyless(text, at, hit.len, floor)?;
                self.take(text, start)?
            }),
            Anchor::Url => Ok({
                let start = url::userinfo(text, at)?;
                self.take(text, start)?
            }),
            Anchor::Private => Ok({
                let (start, block) = pem::begin(text, at)?;
                let next = self.take(text, start)?;
                self.block = block.or(self.block);
                next
            }),
            Anchor::Group(group) => self.group(text, at, group, floor),
            Anchor::Jar | Anchor::Alg | Anchor::Option | Anchor::Raw => Ok(end),
        }
    }

    fn key(&mut self, text: &Text, at: usize, len: usize) -> Step<usize> {
        let (rules, names, further) = (&self.rules, &mut self.names, &mut self.further_names);
        let keyed = rules.keyed();
        if keyed.is_empty() {
            let key = Key::with(text, at, len, |name| names.classify(name))?;
            return self.keyed(text, at, len, key);
        }
        // A name may be one of the `default` rules' and still have a value that only the others take.
        let mut classify = |name: &[u8]| further.remember(name, |name| keyed.classify(name));
        let key = Key::with(text, at, len, |name| names.classify(name).or_else(|| classify(name)))?;
        let again = match key {
            Some(key) if !key.class.is_further() => Key::with(text, at, len, classify)?,
            _ => None,
        };
        let next = self.keyed(text, at, len, key)?;
        if again.is_none() || !matches!(self.mode, Mode::Ground) {
            return Ok(next);
        }
        self.keyed(text, at, len, again)
    }

    /// Goes from a key to its value, if it is one.
    fn keyed(&mut self, text: &Text, at: usize, len: usize, key: Option<Key>) -> Step<usize> {
        let Some(key) = key else { return Ok(at + len) };
        match key.way(text, at)? {
            Way::None => Ok(key.end()),
            way => {
                let spaced = matches!(way, Way::Value { separator: Separator::Spaced, frame, .. } if frame.own_quote);
                let next = self.follow(text, key.class, key.is_exact(), way)?;
                // Terraform's `access_token = "T" -> "T"`.
                let changes = matches!(key.class, Class::Param | Class::Header | Class::WeakParam);
                if spaced
                    && !key.is_quoted()
                    && (changes || key.class.is_further())
                    && self.stack.is_empty()
                    && matches!(self.mode, Mode::Value { .. })
                {
                    let elements = Elements::Change { class: key.class, exact: key.is_exact() };
                    self.stack.push(Container::new(elements, Frame::default()));
                }
                // Spring's [Set-Cookie:"a=T; Path=/", "b=T"].
                if key.class == Class::SetCookie
                    && !key.is_quoted()
                    && let Some(list) = self.stack.top().copied()
                    && list.is_pairs()
                    && list.frame.own_quote
                {
                    self.stack.pop();
                    self.stack.push(values(key.class, key.is_exact(), true, Frame::default()));
                    self.stack.push(list);
                }
                Ok(next)
            }
        }
    }

    /// Goes the way from a key to its value.
    fn follow(&mut self, text: &Text, class: Class, exact: bool, way: Way) -> Step<usize> {
        let cookies = matches!(class, Class::Cookie | Class::SetCookie);
        if cookies && !self.rules.has(COOKIE) {
            return Ok(match way {
                Way::Value { at, .. }
                | Way::List { at, .. }
                | Way::Map { at, .. }
                | Way::Objects { at, .. }
                | Way::NextLine { at, .. } => at,
                Way::None => unreachable!("callers have seen that there is a way"),
            });
        }
        match way {
            Way::None => unreachable!("callers have seen that there is a way"),
            Way::Value { at, frame, separator } => {
                if cookies
                    && !frame.own_quote
                    && let Some((at, jar)) = cookie::jar(text, at)?
                {
                    return Ok(self.start(Start::Enter(at, jar)));
                }
                let start = begin(text, at, class, frame, separator, exact)?;
                self.take(text, start)
            }
            // Go's printers name no type where it is known: `"Cookie": {"a=T; b=T"}`.
            Way::Map { at, close }
                if cookies && cookie::is_list(text, at)?
                    || matches!(class, Class::Header | Class::Authorization)
                        && is_single(text, at)? =>
            {
                let frame = Frame { close, ..Frame::default() };
                Ok(self.start(Start::Enter(at, values(class, exact, true, frame))))
            }
            // PowerShell's `Set-Cookie : {a=T; path=/, b=T; path=/}`.
            Way::Map { at, close } if class == Class::SetCookie && is_pair(text, at, false, 0)? => {
                let frame = Frame { close, ..Frame::default() };
                Ok(self.start(Start::Enter(at, values(class, exact, false, frame))))
            }
            Way::Map { at, close } if cookies => {
                Ok(self.start(Start::Enter(at, cookie::map(close))))
            }
            Way::Map { at, .. } => Ok(at),
            Way::Objects { at, close } => Ok(self.start(Start::Enter(at, cookie::objects(close)))),
            Way::List { at, close, quoted, level } => {
                if cookies
                    && close == b']'
                    && let Some((at, jar)) = cookie::jar(text, at - 1)?
                {
                    return Ok(self.start(Start::Enter(at, jar)));
                }
                let frame = Frame { close, ..Frame::within(level) };
                Ok(self.start(Start::Enter(at, values(class, exact, quoted, frame))))
            }
            Way::NextLine { at, separator, named, level } => {
                let elements = Elements::Lines { class, exact, separator, named };
                let lines = Container::new(elements, Frame::within(level));
                Ok(self.start(Start::Enter(at, lines)))
            }
        }
    }

    /// What a rule found, if it is one in force.
    fn in_force(&self, start: Start) -> Start {
        let start = match start {
            // What may follow the value is another rule's.
            Start::Value(at, value, Some(list))
                if list.rule().is_some_and(|rule| rule != value.rule && !self.rules.has(rule)) =>
            {
                Start::Value(at, value, None)
            }
            start => start,
        };
        let (at, rule) = match start {
            Start::Enter(at, list) => match list.rule() {
                Some(rule) => (at, rule),
                None => return start,
            },
            Start::Value(at, value, list) if !value.kept || list.is_some() => (at, value.rule),
            Start::Match { start: at, rule, .. } => (at, rule),
            start => return start,
        };
        if self.rules.has(rule) { start } else { Start::Nothing(at) }
    }

    /// Takes what a rule found.
    fn start(&mut self, start: Start) -> usize {
        match start {
            Start::Nothing(at) => at,
            Start::Value(at, value, container) => {
                if let Some(container) = container {
                    self.stack.push(container);
                }
                self.mode = Mode::Value { value, open: false };
                at
            }
            Start::Enter(at, container) => {
                if self.stack.push(container) {
                    self.mode = Mode::Element;
                }
                at
            }
            Start::Done(at) => {
                self.stack.pop();
                self.leave();
                at
            }
            Start::Match { start, end, rule, tail } => {
                self.mode = Mode::Match { end, rule, tail, open: false };
                start
            }
        }
    }

    /// What one of the recognisers of a group finds around its keyword at `at`.
    fn group(&mut self, text: &Text, at: usize, group: u16, floor: usize) -> Step<usize> {
        let mut start = Start::Nothing(at + 1);
        for (number, recogniser) in self.rules.group(group) {
            if self.barren.has(number, at) {
                continue;
            }
            let Some(found) = recogniser.find(text, at, floor, &mut self.scratch)? else {
                if recogniser.is_custom() {
                    self.barren.add(number, recogniser, text, at);
                }
                continue;
            };
            let tail = recogniser.tail().is_some().then_some(number);
            let Found { start: from, end } = found;
            let rule = recogniser.rule;
            if !recogniser.is_custom() {
                start = Start::Match { start: from, end, rule, tail };
                break;
            }
            let (last, ended) = self.match_end(text, end, tail);
            let allowed = self.rules.allowed().has_values();
            if !(allowed && self.is_allowed(text, from, last, ended)?) {
                self.promises.add(Promise { start: from, end, rule, tail });
            }
        }
        self.take(text, start)
    }

    /// Takes what a rule found, unless the user said that it is no secret.
    fn take(&mut self, text: &Text, start: Start) -> Step<usize> {
        if self.rules.is_unrestricted() {
            return Ok(self.start(start));
        }
        let start = self.in_force(start);
        let allowed = self.rules.allowed();
        let start = match start {
            Start::Value(at, value, list) if !value.kept => {
                let kept = value.rule == COOKIE && cookie::kept_cookie(text, at, allowed.cookies())
                    || allowed.has_values() && {
                        let (end, ended) = value.ahead(text, at);
                        self.is_allowed(text, at, end, ended)?
                    };
                Start::Value(at, value.keep(kept), list)
            }
            Start::Match { start: at, end, tail, .. } if allowed.has_values() => {
                let (end, ended) = self.match_end(text, end, tail);
                if self.is_allowed(text, at, end, ended)? { Start::Nothing(at) } else { start }
            }
            start => start,
        };
        Ok(self.start(start))
    }

    /// Whether the value from `at` to `end`, where it has `ended` or the window has, stays.
    fn is_allowed(&self, text: &Text, at: usize, end: usize, ended: bool) -> Step<bool> {
        if end - at > MAX_ALLOWED {
            return Ok(false);
        }
        if !ended {
            return Err(More);
        }
        Ok(self.rules.allowed().has(&text.window()[at..end]))
    }

    /// Where a secret that was seen up to `from` ends, or the window, and whether it does.
    fn match_end(&self, text: &Text, from: usize, tail: Option<u16>) -> (usize, bool) {
        let Some(tail) = tail.and_then(|number| self.rules.recogniser(number).tail()) else {
            return (from, true);
        };
        let rest = &text.window()[from..];
        match rest.iter().position(|byte| !tail[usize::from(*byte)]) {
            Some(len) => (from + len, true),
            None => (text.window().len(), text.is_end()),
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a mode holds, and what every step is given"
    )]
    #[inline(never)]
    fn matched(
        &mut self,
        text: &Text,
        at: usize,
        end: usize,
        rule: RuleId,
        tail: Option<u16>,
        open: bool,
        spans: &mut Vec<Span>,
    ) -> Turn {
        let (end, ended) = self.match_end(text, end.max(at), tail);
        let edge = Edge::of(open, ended);
        let report = end > at || edge == Edge::Close;
        if report {
            let rule = self.rules.place(rule).unwrap_or(rule);
            spans.push(Span { range: at..end, rule, edge });
        }
        if !ended {
            self.mode = Mode::Match { end: 0, rule, tail, open: open || report };
            return Turn::Stop(end);
        }
        self.leave();
        Turn::Go(end)
    }

    /// The line at `at`, which may be of a private key's block.
    #[inline(never)]
    fn line(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> Turn {
        let Some(block) = self.block else {
            self.mode = Mode::Ground;
            return Turn::Go(at);
        };
        let Ok(line) = pem::line(text, at, block) else { return Turn::Stop(at) };
        self.mode = Mode::Ground;
        let (from, block) = match line {
            Line::Body(from, block) => (from, block),
            Line::Header(block) => {
                self.block = Some(block);
                return Turn::Go(at);
            }
            Line::Over => {
                self.block = None;
                return Turn::Go(at);
            }
        };
        // What stands before the key's own part is a text of its own.
        self.block = None;
        if !text.window()[at..from].iter().all(u8::is_ascii_whitespace) {
            self.search.clear();
            self.starts.clear();
            let before = text.ended(from);
            let (mut at, mut idle) = (at, 0);
            while let Turn::Go(next) = self.advance(&before, at, spans) {
                idle = if next > at { 0 } else { idle + 1 };
                assert!(idle < MAX_IDLE, "no progress at offset {at} of a window");
                at = next;
            }
            self.search.clear();
            self.starts.clear();
            self.stack.clear();
        }
        self.block = block;
        let value = Value::new(Frame::default(), Flavour::Base64, PRIVATE_KEY);
        self.mode = Mode::Value { value, open: false };
        Turn::Go(from)
    }

    /// Past the quote at `at` that closes an element or item, so that the next one can be
    /// read.
    #[inline(always)]
    fn past_closer(&self, text: &Text, at: usize, frame: Frame) -> usize {
        if !frame.own_quote || matches!(self.mode, Mode::Ground) {
            return at;
        }
        match (frame.quote, text.unit(at)) {
            (Some(quote), Ok(unit)) if quote.closed_by(unit) == Some(0) => at + unit.len,
            _ => at,
        }
    }

    /// Returns to what is around the value or container that ended.
    fn leave(&mut self) {
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
    fn interrupt(&mut self, rest: Value) {
        self.stack.push(Container::new(Elements::Rest(rest), rest.frame));
    }

    #[inline(never)]
    fn value(&mut self, text: &Text, at: usize, spans: &mut Vec<Span>) -> Turn {
        let Mode::Value { value, open } = &mut self.mode else { return Turn::Go(at) };
        if value.kept {
            let value = *value;
            return self.kept(text, at, value);
        }
        let (end, ended) = value.consume(text, at);
        let edge = Edge::of(*open, ended);
        if end > at || edge == Edge::Close {
            // A value in force has a place.
            let rule = self.rules.place(value.rule).unwrap_or(value.rule);
            spans.push(Span { range: at..end, rule, edge });
            *open = true;
        }
        if ended {
            let frame = value.frame;
            Turn::Go(self.end_value(text, end, frame))
        } else {
            Turn::Stop(end)
        }
    }

    /// Reads a value that is no secret. What other rules find in it goes all the same: a
    /// token in a parameter's URL, a header that the end of a cookie's attribute ran into.
    #[inline(never)]
    fn kept(&mut self, text: &Text, at: usize, value: Value) -> Turn {
        let window = text.window();
        let (end, ended) = value.ahead(text, at);
        let around = (self.mode, self.stack);
        let mut from = Place::from(at);
        loop {
            let hit = self.search.next(self.rules.anchors(), window, from);
            let hit = hit.filter(|hit| hit.at + hit.len <= end);
            if let Some(promise) = self.promises.next(at).filter(|promise| promise.start < end)
                && hit.is_none_or(|hit| promise.start <= hit.at)
            {
                if let Some(cut) = self.cut_anchor(text, promise.start, at) {
                    return self.park(text, at, self.undecided(text, cut, at), value);
                }
                let mut value = value;
                value.read(text, at, promise.start);
                self.mode = Mode::Value { value, open: false };
                return Turn::Go(promise.start);
            }
            let Some(hit) = hit else { break };
            from = hit.next();
            (self.mode, self.stack) = (Mode::Ground, Stack::default());
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
                        return self.park(text, at, to, value);
                    }
                }
            } else {
                self.enter(text, hit, at)
            };
            match (found, self.mode) {
                (Ok(next), Mode::Value { .. } | Mode::Match { .. })
                    if !self.is_kept() && (next < end || ended) =>
                {
                    let list = self.stack.pop();
                    self.stack = around.1;
                    if let Some(list) = list {
                        if around.1.top().is_some_and(Container::is_pairs) {
                            self.stack.pop();
                        }
                        self.stack.push(list);
                    } else if next < end {
                        // The brackets that are open around the other value still have to close.
                        let mut rest = value;
                        rest.read(text, at, next);
                        self.interrupt(rest);
                    } else if around.1.top().is_some_and(Container::is_pairs) {
                        self.stack.pop();
                    }
                    return Turn::Go(next);
                }
                // A list or map of its own: what is left of this one is not read as one.
                (Ok(next), Mode::Element) if next < end || ended => {
                    return Turn::Go(next);
                }
                (found, mode) => {
                    (self.mode, self.stack) = around;
                    // Where this value ends has to be seen first, or more of the other one.
                    let undecided = match mode {
                        Mode::Value { value: inner, .. } => !inner.kept,
                        Mode::Match { .. } => true,
                        mode => !matches!(mode, Mode::Ground),
                    };
                    if found.is_err() || undecided {
                        return self.park(text, at, self.undecided(text, hit.at, at), value);
                    }
                }
            }
        }
        if ended {
            return Turn::Go(self.end_value(text, end, value.frame));
        }
        let anchor = self.rules.anchors().pending(&window[..end], at);
        let undecided = self.undecided(text, end, at);
        self.park(text, at, anchor.map_or(undecided, |anchor| anchor.min(undecided)), value)
    }

    /// Whether what is being read is a value that is no secret.
    fn is_kept(&self) -> bool {
        matches!(self.mode, Mode::Value { value, .. } if value.kept)
    }

    /// Stops at `to` in a value that is no secret and started, in this window, at `at`.
    fn park(&mut self, text: &Text, at: usize, to: usize, mut value: Value) -> Turn {
        let (settled, _) = value.read(text, at, to);
        self.mode = Mode::Value { value, open: false };
        Turn::Stop(settled.min(to))
    }

    /// Leaves a value that ended at `end`.
    fn end_value(&mut self, text: &Text, end: usize, frame: Frame) -> usize {
        let interrupted =
            matches!(self.stack.top(), Some(Container { elements: Elements::Rest(_), .. }));
        self.leave();
        if interrupted {
            return end;
        }
        if let Some(container) = self.stack.top_mut()
            && let Elements::Entries { closing } | Elements::Objects { closing } =
                &mut container.elements
        {
            *closing = frame.nested;
        }
        self.behind(text, end, frame)
    }

    /// Goes on behind an element that ended at `at`. A list whose element ended with its line and not with its quote was
    /// cut off, and the next line is another one.
    fn behind(&mut self, text: &Text, at: usize, frame: Frame) -> usize {
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

    /// Leaves the innermost container, which has no further element.
    fn drop_container(&mut self) {
        self.stack.pop();
        self.leave();
    }

    /// Goes on to the next element of the innermost container.
    #[inline(never)]
    fn element(&mut self, text: &Text, at: usize) -> Step<usize> {
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
    fn listed(&mut self, text: &Text, at: usize, list: Container) -> Step<usize> {
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
    fn marked(&mut self, text: &Text, at: usize, list: Container) -> Step<usize> {
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
    fn changed(&mut self, text: &Text, at: usize, class: Class, exact: bool) -> Step<usize> {
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
    fn next_line(&mut self, text: &Text, at: usize, lines: Container) -> Step<usize> {
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
}

/// A list of values of a key of `class`.
fn values(class: Class, exact: bool, quoted: bool, frame: Frame) -> Container {
    Container::new(Elements::Values { class, exact, quoted }, frame)
}

/// What has to begin where it does.
#[derive(Clone, Copy, Debug)]
enum Due {
    Field(Field),
    Promise(Promise),
}

impl Due {
    fn at(self) -> usize {
        match self {
            Due::Field(field) => field.at,
            Due::Promise(promise) => promise.start,
        }
    }
}

/// What a step came to.
enum Turn {
    /// Go on from the offset.
    Go(usize),
    /// The bytes before the offset are settled, the rest has to come again.
    Stop(usize),
}
