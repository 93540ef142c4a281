//! Words between a key and its value, in the shapes without a separator.

use std::ops::ControlFlow::{Break, Continue};

use super::below::{below, body, branches, inner_line, map_below};
use super::candidate::Key;
use super::class::Class;
use super::constructor::member;
use super::cookie_field::{FIRST_OF_CLASS, describes_cookie, member_name};
use super::cursor::{Cursor, NO_VALUE, NOTHING, ON, Outcome};
use super::log_prefix::{first_in_brackets, line_below};
use super::names::MAX_NAME;
use super::object::member_value;
use super::open::open;
use super::pattern::{self, Gap};
use super::printed_array::{map_of_entry, past_entry_name};
use super::running_text::{is_evident, is_last_word, is_list_of_pairs, is_sure, subject};
use super::shape_index::{Candidates, End, may_follow};
use super::shapes::{self, Before, Keys, SHAPES, Shape, Then};
use super::tag::{children, element, has_attributes, in_attributes, past_cell, past_tag};
use super::target::{Separator, Target, closer};
use super::types::opening_quote;
use crate::grammar::ids::OAUTH;
use crate::grammar::text::lex::{Step, Text, hex, is_blank, is_name};
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::lookahead::token_scheme;

impl Key {
    /// Skips the words of the first shape that matches, where there is no separator.
    #[inline(never)]
    pub(super) fn past_words(
        &self,
        text: &Text,
        anchor: usize,
        cursor: &mut Cursor,
    ) -> Step<Outcome> {
        let keys = self.sets(text, anchor);
        let first = text.unit(cursor.at)?.ch;
        let mut candidates = Candidates::new(keys, cursor.quoted, cursor.spaced, first);
        let gap = Gap::new(text, cursor.closed, cursor.level, &mut candidates)?;
        let last = text.before(anchor, self.outer_start + 1);
        let word = (last == b' ').then(|| text.before(anchor, self.outer_start + 2));
        let end = End { last, word, context: self.context };
        // The last row whose text before the key was looked at, and whether it may follow that.
        let (mut row, mut follows) = (usize::MAX, false);
        for pattern in candidates {
            let shape = &SHAPES[pattern.row];
            if row != pattern.row {
                row = pattern.row;
                follows = may_follow(row, end) && self.may_follow(text, anchor, shape.before);
            }
            if !follows {
                continue;
            }
            let Some(at) = gap.past(text, shape.between[pattern.index])? else { continue };
            if self.is_prose(text, anchor, at, shape.then)? {
                continue;
            }
            let outcome = self.reach(text, anchor, cursor, at, shape)?;
            if !matches!(outcome, Continue(false)) {
                return Ok(outcome);
            }
        }
        Ok(NO_VALUE)
    }

    /// Whether the quote at `at` is one of prose: "pass `depth` to it", "(pass 'depth' to it)".
    fn is_prose(&self, text: &Text, anchor: usize, at: usize, then: Then) -> Step<bool> {
        let is_verb = || {
            text.ends_before(self.end, 0, b"pass") && self.back + self.end - anchor == b"pass".len()
        };
        Ok(self.class.is_optional()
            && match text.at(at)? {
                b'`' => true,
                b'\'' | b'"' => then == Then::Token && is_verb(),
                _ => false,
            })
    }

    /// The sets of keys of [`shapes`] that this key belongs to.
    fn sets(&self, text: &Text, anchor: usize) -> Keys {
        let cookies = text.ends_before(self.end, 0, b"cookies");
        let own = if self.exact { shapes::OWN_NAME } else { 0 };
        match self.class {
            Class::Cookie if cookies => shapes::COOKIE | shapes::COOKIES | own,
            Class::Cookie => shapes::COOKIE | own,
            Class::SetCookie => shapes::SET_COOKIE | own,
            Class::Authorization => shapes::AUTHORIZATION | own,
            Class::CookieLike => shapes::COOKIE_LIKE,
            Class::Header => shapes::HEADER,
            Class::Param if self.first(text, anchor).is_ascii_uppercase() => {
                shapes::PARAM | shapes::TYPE
            }
            Class::Param => shapes::PARAM,
            Class::WeakParam if self.first(text, anchor).is_ascii_uppercase() => {
                shapes::WEAK | shapes::TYPE
            }
            Class::WeakParam | Class::Client => shapes::WEAK,
            Class::Bearer if self.first(text, anchor).is_ascii_uppercase() => {
                shapes::OTHER | shapes::TYPE
            }
            class if class.is_optional() => shapes::OPTIONAL,
            _ => shapes::OTHER,
        }
    }

    /// Whether the text before the key is what a shape requires.
    fn may_follow(&self, text: &Text, anchor: usize, before: Before) -> bool {
        match before {
            Before::Anything => true,
            Before::NoTag => self.context != b'<',
            Before::NoEquals => self.context != b'=',
            Before::Tag => self.in_tag(text, anchor),
            // PHP's var_dump prints the name above: `string(6) "Cookie"`.
            Before::Name => {
                self.is_named(text, anchor) || text.ends_before(anchor, self.outer_start, b") ")
            }
            // A string may be a line.
            Before::Line => self.opener.is_some() || self.starts_line(text, anchor),
            Before::Path => {
                self.context == b'.' && self.class == Class::Param
                    || self.may_follow(text, anchor, Before::Line)
            }
            Before::Bar => self.follows_bar(text, anchor),
            Before::Option => {
                self.back >= 2 && text.ends_before(anchor, self.back - 2, b"--")
                    || self.is_short_option(text, anchor)
            }
            Before::Text(words) => {
                let [last, previous] =
                    [1, 2].map(|k| text.before(anchor, self.outer_start + k).to_ascii_lowercase());
                words.iter().any(|word| match word.as_bytes() {
                    // Ignoring colour sequences before the key.
                    [byte] => self.context == *byte,
                    [rest @ .., one, other] => {
                        (*one, *other) == (previous, last)
                            && text.ends_before(anchor, self.outer_start + 2, rest)
                    }
                    [] => false,
                })
            }
        }
    }

    /// An option with one dash: of PowerShell, with a capital, `-Password T`, or of an older program or one in Go,
    /// `-passwd T`, `-token T`.
    fn is_short_option(&self, text: &Text, anchor: usize) -> bool {
        let first = match self.back {
            0 => return false,
            1 => text.window()[anchor],
            back => text.before(anchor, back - 1),
        };
        text.before(anchor, self.back) == b'-'
            && matches!(
                text.before(anchor, self.back + 1),
                b' ' | b'\t' | b'\n' | b'"' | b'\'' | b'`'
            )
            && (first.is_ascii_uppercase()
                || matches!(self.class, Class::Password | Class::Param | Class::WeakParam)
                    && first != b'-')
    }

    /// The same where the values are in elements or cells, on the branches of a tree, or in a part of a form.
    fn reach_parts(
        &self,
        text: &Text,
        anchor: usize,
        at: usize,
        then: Then,
        level: u8,
    ) -> Step<Outcome> {
        let single = !text.ends_before(self.end, 0, b"cookies");
        match then {
            Then::Tags => past_cell(text, at, level),
            Then::Body => body(text, at, level),
            Then::Dictionary => children(text, at, true, false),
            Then::TagChildren => match past_tag(text, at)? {
                Some(at) => children(text, at, false, single),
                None => Ok(NOTHING),
            },
            Then::Branches => match self.depth(text, anchor) {
                Some(depth) => branches(text, at, depth, level),
                None => Ok(NOTHING),
            },
            _ => children(text, at, false, single),
        }
    }

    /// The members of a cookie below the header of a table of TOML at `at`, `[[cookies]]`.
    fn members(&self, text: &Text, anchor: usize, at: usize) -> Step<Outcome> {
        let mut k = self.outer_start;
        while k < MAX_NAME
            && (is_name(text.before(anchor, k + 1)) || text.before(anchor, k + 1) == b'.')
        {
            k += 1;
        }
        if !text.ends_before(anchor, k, b"[[") || text.before(at, 1) != b']' {
            return Ok(NOTHING);
        }
        let Some(line) = line_below(text, at)? else { return Ok(NOTHING) };
        let at = text.skip_blanks(line, 0)?;
        let objects = Target::Objects { at, close: 0 };
        Ok(if describes(text, at, false)? { Break(objects) } else { NOTHING })
    }

    /// How far the key is from the start of its line, if a branch of a tree leads to it: `│   ├── cookies`.
    fn depth(&self, text: &Text, anchor: usize) -> Option<usize> {
        let start = self.outer_start;
        if !text.ends_before(anchor, start, "─ ".as_bytes()) {
            return None;
        }
        let starts = |k: &usize| {
            let unit = text.unit_before(anchor, *k);
            unit.is_newline() || unit.quote().is_some()
        };
        (start..start + MAX_NAME).find(starts).map(|k| k - start)
    }

    /// Reads what a shape has after its words, which end at `at`.
    fn reach(
        &self,
        text: &Text,
        anchor: usize,
        cursor: &mut Cursor,
        at: usize,
        shape: &Shape,
    ) -> Step<Outcome> {
        let level = cursor.level;
        match shape.then {
            Then::Separator => {
                let spaced = is_blank(text.unit_before(at, 0).ch);
                let mut next = Cursor { at, spaced, ..*cursor };
                let outcome = self.past_separator(text, anchor, &mut next)?;
                if !matches!(outcome, Continue(false)) {
                    *cursor = next;
                }
                return Ok(outcome);
            }
            Then::Value => {}
            Then::Text if opening_quote(text, at)?.is_some() => {}
            Then::Argument => return argument(text, at, level),
            Then::PairText if is_pair_text(text, at)? => {}
            Then::Whole if text.at(at)? != b'=' => cursor.separator = Separator::Compact,
            Then::SameText if text.unit(at)?.quote() == self.opener => {}
            Then::Token => match text.unit(at)?.quote() {
                Some(quote) if !cursor.quoted || Some(quote) == self.opener => {
                    cursor.separator = Separator::Comma;
                }
                _ => return Ok(NOTHING),
            },
            Then::Attributes if text.at(at)?.is_ascii_lowercase() => {
                return in_attributes(text, at, cursor);
            }
            Then::List if text.unit(at)?.ch == b'[' => {
                return Ok(Break(
                    open(text, at, Separator::Spaced, level)?.unwrap_or(Target::None),
                ));
            }
            Then::Strings if text.at(at)? == b'(' => {
                return Ok(open(text, at, Separator::Comma, level)?.map_or(NOTHING, Break));
            }
            Then::Map => return Ok(Break(Target::Map { at, close: b'}' })),
            Then::MapBelow => return map_below(text, at, level),
            Then::Member => {
                let Some((at, close)) = member(text, at)? else { return Ok(NOTHING) };
                return Ok(Break(member_value(text, at, close, level)?));
            }
            Then::Object => return object(text, at),
            Then::Location => return self.past_location(text, anchor, cursor, at),
            Then::Changed => return self.past_changed(text, anchor, cursor, at),
            Then::Description => return description(text, at, level),
            Then::Printed | Then::NextItem | Then::Reply => return below(text, at, shape, level),
            Then::Table => {
                let found = self.exact
                    && text.unit(at)?.is_newline()
                    && matches!(text.unit_before(at, 0).ch, b']' | b' ' | b'\t')
                    && self.heads_table(text, anchor);
                return Ok(if found { Break(Target::Table { at }) } else { NOTHING });
            }
            Then::Children
            | Then::TagChildren
            | Then::Dictionary
            | Then::Branches
            | Then::Tags
            | Then::Body => {
                return self.reach_parts(text, anchor, at, shape.then, level);
            }
            Then::NextLine => {
                let separator = cursor.separator;
                return Ok(line_below(text, at)?.map_or(NOTHING, |at| {
                    Break(Target::NextLine { at, separator, named: true, level })
                }));
            }
            then => return self.reach_bare(text, anchor, cursor, at, then),
        }
        cursor.at = at;
        Ok(ON)
    }

    /// The same where the value is bare, and is not ended by what encloses the key.
    fn reach_bare(
        &self,
        text: &Text,
        anchor: usize,
        cursor: &Cursor,
        at: usize,
        then: Then,
    ) -> Step<Outcome> {
        let value = |at, frame, separator| Ok(Break(Target::Value { at, frame, separator }));
        let until = |close| Frame { close, ..Frame::default() };
        let capital = self.first(text, anchor).is_ascii_uppercase();
        match then {
            // Node's console.table quotes the strings in its cells.
            Then::Cell if text.unit(at)?.quote().is_some() => {
                let target = open(text, at, Separator::Comma, cursor.level)?;
                Ok(target.map_or(NOTHING, Break))
            }
            Then::Cell => value(at, Frame::within(cursor.level), Separator::Comma),
            Then::Members => self.members(text, anchor, at),
            Then::LastWord if is_last_word(text, at)? => {
                value(at, Frame::within(cursor.level), Separator::Comma)
            }
            // The rule for JWTs finds whole ones. A header alone is not secret.
            Then::SureCell | Then::Subject
                if self.class == Class::WeakParam && text.has_word(at, b"eyj")? =>
            {
                Ok(NOTHING)
            }
            Then::SureCell => self.sure_cell(text, at, cursor.level, false),
            Then::Scheme => self.sure_cell(text, at, cursor.level, true),
            Then::Subject => {
                // After `keystone.middleware.auth`, brackets hold the number of a request.
                let list = self.context != b'.' && text.ends_before(self.end, 0, b"token");
                subject(text, at, self.whole(), cursor.level, list)
            }
            Then::Below => self.whole_line(text, at, cursor.level),
            Then::Column if text.at(at)? == b'{' && self.is_of_cookies() => {
                Ok(Break(Target::Map { at: at + 1, close: b'}' }))
            }
            Then::Column if self.is_text_in_column(text, at)? => Ok(NOTHING),
            Then::Column => {
                let frame = Frame { line: true, ..Frame::within(cursor.level) };
                value(at, frame, Separator::Comma)
            }
            Then::Pairs => value(at, until(b'>'), Separator::Spaced),
            Then::SomePairs if text.at(at)? != b'-' && is_pair(text, at, false, 0)? => {
                value(at, until(b'>'), Separator::Spaced)
            }
            Then::SurePairs | Then::SureList
                if is_evident(text, at)?
                    && (then == Then::SurePairs || is_list_of_pairs(text, at)?) =>
            {
                value(at, until(b'>'), Separator::Spaced)
            }
            // Functions have named arguments.
            Then::Enclosed
                if self.opener.is_none()
                    && (self.context != b'('
                        || capital
                        || !is_pair(text, at, false, 0)?
                        || !self.is_of_cookies() && is_sure(text, at, cursor.level)?
                        || is_evident(text, at)?) =>
            {
                let close = closer(self.context);
                let frame = Frame { close, line: true, ..Frame::within(cursor.level) };
                value(at, frame, Separator::Comma)
            }
            Then::Line => value(at, Frame { line: true, ..Frame::default() }, Separator::Spaced),
            // A placeholder, not an element: `sshpass -p &lt;password&gt; ssh h`.
            Then::Element if self.class.is_optional() && is_blank(text.at(at)?) => Ok(NOTHING),
            Then::Element if text.unit(at)?.is_newline() => inner_line(text, at),
            Then::Element if cursor.quoted => element(text, at, Separator::Spaced),
            Then::Element => element(text, at, Separator::Compact),
            Then::Tag if has_attributes(text, at)? => match past_tag(text, at)? {
                Some(at) if text.unit(at)?.is_newline() => inner_line(text, at),
                Some(at) => element(text, at, Separator::Compact),
                None => Ok(NOTHING),
            },
            _ => Ok(NOTHING),
        }
    }

    /// Whether spaces and a string follow the key, as Data::Printer aligns them. It is read by another shape, as a token.
    fn is_text_in_column(&self, text: &Text, at: usize) -> Step<bool> {
        let field = self.is_of_cookies() || self.class == Class::Authorization;
        Ok(!field && is_blank(text.before(at, 1)) && text.unit(at)?.quote().is_some())
    }

    /// A value that is as long and mixed as a token, possibly in quotes. In a header it may follow its scheme, or has to if
    /// it is `schemed`.
    fn sure_cell(&self, text: &Text, at: usize, level: u8, schemed: bool) -> Step<Outcome> {
        let (at, frame) = match open(text, at, Separator::Comma, level)? {
            Some(Target::Value { at: inner, frame, .. }) if text.unit(at)?.quote().is_some() => {
                (inner, frame)
            }
            _ => (at, Frame::within(level)),
        };
        let mut token = at;
        if self.class == Class::Authorization
            && let Some(end) = token_scheme(text, at)?
        {
            token = text.skip_blanks(end, level)?;
        }
        // A name in source code, which may have digits.
        let assigned = self.is_of_cookies() && !frame.own_quote && text.ends_before(at, 0, b"= ");
        let value = Value::new(frame, Flavour::Param, OAUTH);
        Ok(if !assigned && (token > at || !schemed) && value.head(text, token)?.is_token_like() {
            Break(Target::Value { at, frame, separator: self.whole() })
        } else {
            NOTHING
        })
    }

    /// The separator before a value that is a whole credential and looks like one: of a cookie, it has no name.
    fn whole(&self) -> Separator {
        if self.is_of_cookies() { Separator::Compact } else { Separator::Comma }
    }

    /// The credential that is the line below the newline at `at`.
    fn whole_line(&self, text: &Text, at: usize, level: u8) -> Step<Outcome> {
        let Some(line) = line_below(text, at)? else { return Ok(NOTHING) };
        let start = text.skip_blanks(line, level)?;
        // Pydantic prints `access_token`, and `  too short [type=string_too_short, input_value='T', ...]` below it.
        if start > line
            && let Some(value) = pattern::past(text, start, "*[type=*input_value=", level)?
            && text.unit(value)?.quote().is_some()
        {
            return Ok(open(text, value, Separator::Spaced, level)?.map_or(NOTHING, Break));
        }
        let (found, separator) = match self.class {
            Class::Cookie | Class::SetCookie => {
                (is_evident(text, start)? || is_list_of_pairs(text, start)?, Separator::Spaced)
            }
            Class::Header => (is_sure(text, start, level)?, Separator::Comma),
            _ => (false, Separator::Comma),
        };
        let frame = Frame { line: true, ..Frame::within(level) };
        Ok(if found { Break(Target::Value { at: start, frame, separator }) } else { NOTHING })
    }
}

/// Whether the description of a cookie starts at `at`: `name=`, `version: `, `Value = `, in a `call` also `"name": `.
/// Elsewhere, JSON after the word `cookie` may be about anything.
fn describes(text: &Text, at: usize, call: bool) -> Step<bool> {
    let opener = text.unit(at)?;
    let may = is_name(opener.ch) || opener.ch == b'[' || call && opener.quote().is_some();
    Ok(may && describes_cookie(member_name(text, at)?, FIRST_OF_CLASS))
}

/// The members of an object at `at`, or on the line below, if they describe a cookie.
fn description(text: &Text, at: usize, level: u8) -> Step<Outcome> {
    let at = match line_below(text, at)? {
        Some(line) => text.skip_blanks(line, level)?,
        None => at,
    };
    let described = describes(text, at, false)?;
    let objects = Target::Objects { at, close: b'>' };
    Ok(if described { Break(objects) } else { NOTHING })
}

/// The description of a cookie at `at`, after a bracket that `close` closes, and what closes the description: it may have
/// its own brackets, `setCookie({name: 'sid', value: 'T'})`, `addCookies([{name: 'sid', value: 'T'}])`.
fn described(text: &Text, at: usize, close: u8) -> Step<Option<(usize, u8)>> {
    let (mut start, mut open) = (at, (at, close));
    // Guzzle's `SetCookie Object ( [data:SetCookie:private] => Array ( [Name] => sid`.
    if let Some(Target::Map { at, close }) = map_of_entry(text, at)? {
        return Ok(describes(text, first_in_brackets(text, at, 0)?, true)?.then_some((at, close)));
    }
    // PHP's `[name] => sid` is a member.
    while close == b')'
        && start - at < 64
        && matches!(text.at(start)?, b'{' | b'[')
        && !describes(text, start, false)?
    {
        if open.1 != b']' {
            open = (start + 1, closer(text.at(start)?));
        }
        start = first_in_brackets(text, start + 1, 0)?;
    }
    Ok(describes(text, start, close == b')')?.then_some(open))
}

/// An object that describes a cookie, after the name of its class: `{Name:"sid", Value:"T"}`,
/// `@5f2a{name=sid,value=T}`.
fn object(text: &Text, at: usize) -> Step<Outcome> {
    let mut start = at;
    if text.at(start)? == b'@' {
        start += 1;
        while start - at < 20 && hex(text.at(start)?).is_some() {
            start += 1;
        }
    }
    // PHP's `Cookie Object`, and a parenthesis below it.
    start = first_in_brackets(text, start, 0)?;
    let close = closer(text.at(start)?);
    if close == 0 || close == b'>' || past_entry_name(text, start)?.is_some() {
        return Ok(NOTHING);
    }
    start = first_in_brackets(text, start + 1, 0)?;
    if let Some((at, close)) = described(text, start, close)? {
        return Ok(Break(Target::Objects { at, close }));
    }
    // Netty's `DefaultCookie(sid=T, path=/)`.
    let frame = Frame { close, map: true, ..Frame::default() };
    Ok(if close != b']' && is_evident(text, start)? {
        Break(Target::Value { at: start, frame, separator: Separator::Spaced })
    } else {
        NOTHING
    })
}

/// The argument of a call after the one at `at`, which is the name of a cookie.
fn argument(text: &Text, at: usize, level: u8) -> Step<Outcome> {
    let Some(quote) = text.unit(at)?.quote() else { return Ok(NOTHING) };
    let name = text.past_quote(at)?;
    let mut end = name;
    while end - name < MAX_NAME && is_name(text.at(end)?) {
        end += 1;
    }
    if end == name || quote.closed_by(text.unit(end)?) != Some(0) {
        return Ok(NOTHING);
    }
    let end = text.past_quote(end)?;
    if text.at(end)? != b',' {
        return Ok(NOTHING);
    }
    let mut value = text.skip_blanks(end + 1, level)?;
    // A named argument of Python.
    if text.has_word(value, b"value=")? {
        value += b"value=".len();
    }
    Ok(match open(text, value, Separator::Spaced, level)? {
        Some(target @ Target::Value { .. }) => Break(target),
        _ => NOTHING,
    })
}

/// Whether a quoted string at `at` starts with a cookie-pair.
fn is_pair_text(text: &Text, at: usize) -> Step<bool> {
    let unit = text.unit(at)?;
    Ok(unit.quote().is_some() && is_pair(text, at + unit.len, false, 0)?)
}
