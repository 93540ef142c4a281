//! From an anchor to what begins there, by the selected rules.

use crate::anchor::{Anchor, Hit};
use crate::grammar::container::{Container, Elements, Marks};
use crate::grammar::credential::authorization;
use crate::grammar::credential::bearer;
use crate::grammar::credential::cookie;
use crate::grammar::credential::dispatch::begin;
use crate::grammar::credential::jwt;
use crate::grammar::credential::netscape;
use crate::grammar::credential::pem::{self};
use crate::grammar::credential::preceding;
use crate::grammar::credential::recogniser::Found;
use crate::grammar::credential::url;
use crate::grammar::ids::{COOKIE, OAUTH};
use crate::grammar::key::{
    Class, Key, Parameter, Parameters, Separator, Target, is_changed_at, is_single, reversed,
};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{More, Step, Text, is_name};
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;
use crate::rules::allowed::MAX_ALLOWED;
use crate::scan::scanner::{Mode, Scanner};
use crate::scan::scheduled::{Scheduled, ScheduledKind};

/// So close behind the word that announces it, a secret has no other before it, in bytes.
const NEAR: usize = 16;
/// The most secrets that one command announces.
const MAX_ARGUMENTS: usize = 4;

impl Scanner {
    /// Applies the anchor's rule: sets the mode and returns where to continue, or leaves the mode and returns where to
    /// continue the search.
    pub(super) fn enter(&mut self, text: &Text, hit: Hit, floor: usize) -> Step<usize> {
        let (at, end) = (hit.at, hit.at + hit.len);
        match hit.anchor {
            Anchor::Bearer => self.bearer(text, hit, floor),
            Anchor::Basic => Ok({
                let start = match preceding::before_scheme(text, at, floor)? {
                    Some(start) => start,
                    None => authorization::bare_basic(text, at)?,
                };
                self.take(text, start)?
            }),
            Anchor::Payload => Ok({
                let start = jwt::shaped(text, at, floor)?;
                self.take(text, start)?
            }),
            Anchor::Wrapped => Ok({
                let start = jwt::wrapped(text, at)?;
                self.take(text, start)?
            }),
            Anchor::Jar if text.window()[at] == b'\t' && text.window()[end - 1] == b'\t' => Ok({
                let start = netscape::line(text, at, hit.len)?;
                self.take(text, start)?
            }),
            Anchor::Value => match reversed(text, at, |name| self.rules.keyed().classify(name))? {
                Some((class, exact, target)) => self.follow(text, class, exact, target),
                None => Ok({
                    let start = cookie::described(text, at)?;
                    self.take(text, start)?
                }),
            },
            Anchor::Option => Ok({
                let start = cookie::option(text, end)?;
                self.take(text, start)?
            }),
            Anchor::EscapedOption if is_escaped_tab(text, at) => Ok({
                let start = cookie::option(text, end)?;
                self.take(text, start)?
            }),
            Anchor::Attribute => Ok({
                let start = cookie::attributed(text, at, hit.len, floor)?;
                self.take(text, start)?
            }),
            Anchor::KeyOrWord(words) => {
                if let Some(group) = self.rules.around(words, &text.window()[end..]) {
                    let next = self.group(text, at, group, true, floor)?;
                    if !matches!(self.mode, Mode::Search) {
                        return Ok(next);
                    }
                }
                self.key(text, at, name_len(text, hit), floor)
            }
            Anchor::Key => self.key(text, at, name_len(text, hit), floor),
            Anchor::Code => self.key(text, at, hit.len, floor),
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
                if let Some((block, end)) = block {
                    self.lines.open(block, end);
                }
                next
            }),
            Anchor::Group(group) => self.group(text, at, group, false, floor),
            Anchor::Jar | Anchor::Alg | Anchor::EscapedOption => Ok(end),
        }
    }

    /// The scheme `bearer`, or a key that contains it.
    fn bearer(&mut self, text: &Text, hit: Hit, floor: usize) -> Step<usize> {
        if let Some(start) = preceding::before_scheme(text, hit.at, floor)? {
            let next = self.take(text, start)?;
            if !matches!(self.mode, Mode::Search) {
                return Ok(next);
            }
        }
        match bearer::bare(text, hit.at)? {
            Start::Nothing(_) => self.key(text, hit.at, hit.len, floor),
            start => self.take(text, start),
        }
    }

    pub(super) fn key(&mut self, text: &Text, at: usize, len: usize, floor: usize) -> Step<usize> {
        let (rules, names, optional) = (&self.rules, &mut self.names, &mut self.optional_names);
        let keyed = rules.keyed();
        if keyed.is_empty() {
            let key = Key::with(text, at, len, |name| names.classify(name))?;
            return self.keyed(text, at, len, key, floor);
        }
        // The `default` rules may know the name, while only the other rules accept its value.
        let mut classify = |name: &[u8]| optional.remember(name, |name| keyed.classify(name));
        let key = Key::with(text, at, len, |name| names.classify(name).or_else(|| classify(name)))?;
        let again = match key {
            Some(key) if !key.class.is_optional() => Key::with(text, at, len, classify)?,
            _ => None,
        };
        let next = self.keyed(text, at, len, key, floor)?;
        if again.is_none() || !matches!(self.mode, Mode::Search) {
            return Ok(next);
        }
        self.keyed(text, at, len, again, floor)
    }

    /// Reads on from a key to its value, if it is a key.
    pub(super) fn keyed(
        &mut self,
        text: &Text,
        at: usize,
        len: usize,
        key: Option<Key>,
        floor: usize,
    ) -> Step<usize> {
        let Some(key) = key else { return Ok(at + len) };
        if let Some(start) = preceding::before_key(text, at, &key, floor)? {
            return self.take(text, start);
        }
        if let Some(parameters) = key.parameters(text, at)? {
            self.schedule_parameters(text, &key, &parameters)?;
            if !parameters.repeated {
                return Ok(key.end());
            }
        }
        if let Some((at, table)) = key.in_columns(text, at)? {
            if let Some(parameters) = table.parameters(text, at)? {
                self.schedule_parameters(text, &key, &parameters)?;
                if !parameters.repeated {
                    return Ok(key.end());
                }
            }
            let elements = Elements::Columns { table, cell: 0 };
            return Ok(self.start(Start::Enter(at, Container::new(elements, Frame::default()))));
        }
        match key.find_value(text, at)? {
            Target::None => Ok(key.end()),
            target => {
                let spaced = matches!(target, Target::Value { separator: Separator::Spaced, frame, .. } if frame.own_quote);
                let sides = matches!(target, Target::Value { at, separator: Separator::Comma, frame } if frame.own_quote && is_changed_at(text, at));
                let cookies = changed_cookies(text, &key, target);
                let class = cookies.map_or(key.class, |(class, _)| class);
                let next = self.follow(text, class, key.is_exact(), target)?;
                self.stack.quote_list(key.opener);
                // Terraform's `access_token = "T" -> "T"`.
                let changes = matches!(key.class, Class::Param | Class::Header | Class::WeakParam);
                if (spaced || sides)
                    && (changes || key.class.is_optional())
                    && self.stack.is_empty()
                    && matches!(self.mode, Mode::Value { .. })
                    && (sides || !key.is_quoted() || is_assigned(text, &key)?)
                {
                    self.expect_change(key.class, key.is_exact(), sides);
                }
                if let Some((class, sides)) = cookies {
                    self.expect_below(class, key.is_exact(), sides);
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

    /// Schedules the values of `key` among the parameters of its statement.
    fn schedule_parameters(&mut self, text: &Text, key: &Key, parameters: &Parameters) -> Step<()> {
        for Parameter { at, frame, end } in parameters.values.into_iter().flatten() {
            // A statement may come from a test, with a number for a token.
            let head = Value::new(frame, Flavour::Param, OAUTH).head(text, at)?;
            if !key.class.is_optional() && !head.is_token_like() {
                continue;
            }
            let start = begin(text, at, key.class, frame, Separator::Comma, key.is_exact())?;
            self.schedule_argument(text, start, end)?;
        }
        Ok(())
    }

    /// Searches for the value of a key.
    pub(super) fn follow(
        &mut self,
        text: &Text,
        class: Class,
        exact: bool,
        target: Target,
    ) -> Step<usize> {
        let cookies = matches!(class, Class::Cookie | Class::SetCookie);
        if cookies && !self.rules.has(COOKIE) {
            return Ok(match target {
                Target::Value { at, .. }
                | Target::List { at, .. }
                | Target::Map { at, .. }
                | Target::Objects { at, .. }
                | Target::Table { at }
                | Target::Markup { at, .. }
                | Target::NextLine { at, .. } => at,
                Target::None => unreachable!("callers have seen that there is a target"),
            });
        }
        match target {
            Target::None => unreachable!("callers have seen that there is a target"),
            Target::Value { at, frame, separator } => {
                if cookies && let Some((at, jar)) = cookie::jar_in_value(text, at, &frame, exact)? {
                    return Ok(self.start(Start::Enter(at, jar)));
                }
                let start = begin(text, at, class, frame, separator, exact)?;
                self.take(text, start)
            }
            // Go's printers leave the type out where it is known: `"Cookie": {"a=T; b=T"}`.
            Target::Map { at, close }
                if cookies && cookie::is_list(text, at)?
                    || matches!(class, Class::Header | Class::Authorization)
                        && is_single(text, at)? =>
            {
                let frame = Frame { close, ..Frame::default() };
                Ok(self.start(Start::Enter(at, values(class, exact, true, frame))))
            }
            // PowerShell's `Set-Cookie : {a=T; path=/, b=T; path=/}`.
            Target::Map { at, close }
                if class == Class::SetCookie && is_pair(text, at, false, 0)? =>
            {
                let frame = Frame { close, ..Frame::default() };
                Ok(self.start(Start::Enter(at, values(class, exact, false, frame))))
            }
            Target::Map { at, close } if cookies && cookie::has_description(text, at, close)? => {
                Ok(self.start(Start::Enter(at, cookie::objects(close))))
            }
            Target::Map { at, close } if cookies => {
                Ok(self.start(Start::Enter(at, cookie::map(close, exact))))
            }
            Target::Markup { at, single } if cookies => {
                Ok(self.start(Start::Enter(at, cookie::elements(single))))
            }
            Target::Map { at, .. } | Target::Markup { at, .. } => Ok(at),
            Target::Objects { at, close } => {
                Ok(self.start(Start::Enter(at, cookie::objects(close))))
            }
            Target::List { at, close, quoted, level } => {
                if cookies
                    && close == b']'
                    && let Some((at, jar)) = cookie::jar(text, at - 1, exact)?
                {
                    return Ok(self.start(Start::Enter(at, jar)));
                }
                let frame = Frame { close, ..Frame::within(level) };
                Ok(self.start(Start::Enter(at, values(class, exact, quoted, frame))))
            }
            Target::Table { at } => {
                let (separator, marks) = (Separator::Spaced, Marks::Bare(0));
                let elements = Elements::Lines { class, exact, separator, named: false, marks };
                Ok(self.start(Start::Enter(at, Container::new(elements, Frame::default()))))
            }
            Target::NextLine { at, separator, named, level } => {
                let elements =
                    Elements::Lines { class, exact, separator, named, marks: Marks::Awaited };
                let lines = Container::new(elements, Frame::within(level));
                Ok(self.start(Start::Enter(at, lines)))
            }
        }
    }

    /// What a rule found, if the rule is selected.
    pub(super) fn if_selected(&self, start: Start) -> Start {
        let start = match start {
            // The list that follows the value may belong to another rule.
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

    /// Starts what a rule found.
    pub(super) fn start(&mut self, start: Start) -> usize {
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
                // Deeper nesting is read as text.
                self.mode = if self.stack.push(container) {
                    Mode::Element
                } else {
                    self.stack.clear();
                    Mode::Search
                };
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

    /// What one of the recognisers of a group finds around its keyword at `at`, or `around` the anchor there.
    pub(super) fn group(
        &mut self,
        text: &Text,
        at: usize,
        group: u16,
        around: bool,
        floor: usize,
    ) -> Step<usize> {
        let mut start = Start::Nothing(at + 1);
        let (mut arguments, mut count) = ([(start, at); MAX_ARGUMENTS], 0);
        for (number, recogniser) in self.rules.group(group) {
            if self.no_match.has(number, at)
                || around && !recogniser.is_around(text, at)?
                || !recogniser.has_room(text, at)?
            {
                continue;
            }
            let Some(found) = recogniser.find(text, at, floor, &mut self.scratch)? else {
                self.no_match.add(number, recogniser, text, at);
                continue;
            };
            let tail = recogniser.tail().is_some().then_some(number);
            let Found { start: from, end } = found;
            let rule = recogniser.rule;
            if !recogniser.is_custom() {
                let begins = match recogniser.quoted(text, from) {
                    Some(frame) => {
                        Start::Value(from, Value::new(frame, Flavour::Opaque, rule), None)
                    }
                    None => Start::Match { start: from, end, rule, tail },
                };
                if from > at + NEAR {
                    if count < MAX_ARGUMENTS {
                        arguments[count] = (begins, end);
                        count += 1;
                    }
                } else if matches!(start, Start::Nothing(_)) {
                    start = begins;
                }
                continue;
            }
            if !matches!(start, Start::Nothing(_)) {
                continue;
            }
            let (last, ended) = self.match_end(text, end, tail);
            let allowed = self.rules.allowed().has_values();
            if !(allowed && self.is_allowed(text, from, last, ended)?) {
                let reading = ScheduledKind::Match(tail);
                self.schedule.add(Scheduled { start: from, end, rule, reading });
            }
        }
        for (argument, end) in &arguments[..count] {
            self.schedule_argument(text, *argument, *end)?;
        }
        self.take(text, start)
    }

    /// Schedules the secret that `start` begins and that ends at `end`, unless the user allowed it. It is the argument of a
    /// command, far behind its name, and the options before it may have secrets too.
    fn schedule_argument(&mut self, text: &Text, start: Start, end: usize) -> Step<()> {
        let before = self.mode;
        let from = self.take(text, start)?;
        let (rule, reading) = match std::mem::replace(&mut self.mode, before) {
            Mode::Match { rule, tail, .. } => (rule, ScheduledKind::Match(tail)),
            Mode::Value { value: Value { rule, kept: false, frame, .. }, .. } => (
                rule,
                frame.quote.map_or(ScheduledKind::Value(Flavour::Param), ScheduledKind::Argument),
            ),
            _ => return Ok(()),
        };
        self.schedule.add(Scheduled { start: from, end, rule, reading });
        Ok(())
    }

    /// Starts what a rule found, unless the user allowed it.
    pub(super) fn take(&mut self, text: &Text, start: Start) -> Step<usize> {
        if self.rules.is_unrestricted() {
            return Ok(self.start(start));
        }
        let start = self.if_selected(start);
        let allowed = self.rules.allowed();
        let start = match start {
            Start::Value(at, value, list) if !value.kept => {
                let kept = value.rule == COOKIE && self.is_kept_cookie(text, at)
                    || allowed.has_values() && {
                        let (end, ended) = value.peek(text, at);
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

    /// Whether the value at `at` is that of a cookie that is kept by its name.
    pub(super) fn is_kept_cookie(&self, text: &Text, at: usize) -> bool {
        let cookies = self.rules.allowed().cookies();
        cookie::kept_cookie(text, at, cookies.lengths(), |name| cookies.has(name))
    }

    /// Whether the value from `at` to `end` is allowed. If it has not `ended`, only the window ends there.
    pub(super) fn is_allowed(&self, text: &Text, at: usize, end: usize, ended: bool) -> Step<bool> {
        if end - at > MAX_ALLOWED {
            return Ok(false);
        }
        if !ended {
            return Err(More);
        }
        Ok(self.rules.allowed().has(&text.window()[at..end]))
    }
}

/// The length of the part of a key that an anchor is. Some anchors include a separator, to be long enough.
fn name_len(text: &Text, hit: Hit) -> usize {
    hit.len - usize::from(!is_name(text.window()[hit.at + hit.len - 1]))
}

/// Whether the letter at `at` is that of a tab which is written as `\t`.
fn is_escaped_tab(text: &Text, at: usize) -> bool {
    text.window()[at] == b't' && text.before(at, 1) == b'\\'
}

/// A list of values of a key of `class`.
fn values(class: Class, exact: bool, quoted: bool, frame: Frame) -> Container {
    Container::new(Elements::Values { class, exact, quoted }, frame)
}

/// The class of the other value in a change of cookies, if `target` is one of the two, and whether they are members of an
/// object.
fn changed_cookies(text: &Text, key: &Key, target: Target) -> Option<(Class, bool)> {
    match target {
        Target::Value { at, frame, separator }
            if key.class == Class::Cookie && separator != Separator::Spaced && frame.own_quote =>
        {
            let entry = separator == Separator::Compact;
            let sides = is_changed_at(text, at);
            let quote = text.unit_before(at, 0).len;
            let found = sides || text.ends_before(at, quote, b" changed from ");
            found.then_some((if entry { Class::CookieEntry } else { Class::Cookie }, sides))
        }
        _ => None,
    }
}

/// Whether an equals sign follows the quoted `key`, as in the maps that Terraform prints, or a bracket, as in paths. Other
/// quoted names are those of JSON, where no value is printed with its old one.
fn is_assigned(text: &Text, key: &Key) -> Step<bool> {
    let closed = key.end() + text.unit(key.end())?.len;
    Ok(matches!(text.unit(text.skip_blanks(closed, 0)?)?.ch, b'=' | b']'))
}
