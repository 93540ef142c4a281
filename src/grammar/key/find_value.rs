//! The search from a key to its value, step by step.

use std::ops::ControlFlow::{Break, Continue};

use super::candidate::Key;
use super::change::past_old_value;
use super::class::Class;
use super::constructor::{lone, member, past_type_name};
use super::cookie_field::past_visibility;
use super::cursor::{Cursor, NO_VALUE, ON, Outcome};
use super::line::{past_fold, past_marker, past_number};
use super::log_prefix::line_below;
use super::names::MAX_NAME;
use super::object::{header_value, member_value};
use super::open::{CLOSING, is_base64, open, past_hash_scheme, typographic};
use super::pattern::past;
use super::printed_array::past_array;
use super::running_text::{is_alone, is_evident};
use super::target::{BACKTICK, DOUBLE, Separator, Target, closer};
use super::types::skip_type;
use crate::grammar::text::lex::{Enc, Step, Text, is_name};
use crate::grammar::value::extent::is_pair;
use crate::grammar::value::frame::Frame;
use crate::grammar::value::lookahead::past_caret_quote;

impl Key {
    /// Reads from the key's end to its value.
    pub fn find_value(&self, text: &Text, anchor: usize) -> Step<Target> {
        let Some(mut cursor) = self.past_closers(text, anchor)? else { return Ok(Target::None) };
        match self.unwrapped(text, anchor, &mut cursor)? {
            Some(key) => key.find_value_from(text, anchor, cursor),
            None => self.find_value_from(text, anchor, cursor),
        }
    }

    /// Reads on after the closing quotes and brackets of the key.
    #[inline(always)]
    fn find_value_from(&self, text: &Text, anchor: usize, mut cursor: Cursor) -> Step<Target> {
        // 1. Words and a separator. In `grant_type=refresh_token :` and `key=Cookie value=T` the key is a value itself.
        let is_value =
            cursor.spaced && !cursor.quoted && self.opener.is_none() && self.context == b'=';
        let outcome = match is_value {
            true => Continue(false),
            false => self.past_separator(text, anchor, &mut cursor)?,
        };
        let outcome = match outcome {
            Continue(false) => self.past_words(text, anchor, &mut cursor)?,
            outcome => outcome,
        };
        if let Break(target) = outcome {
            return Ok(target);
        }
        // 2. A newline or a type, and what opens the value.
        match self.past_opener(text, anchor, &mut cursor)? {
            Break(target) => Ok(target),
            Continue(_) => self.around(text, anchor, &cursor),
        }
    }

    /// Skips the closing quotes and brackets of those that opened directly before the key. `None` if no value can
    /// follow.
    #[inline(always)]
    fn past_closers(&self, text: &Text, anchor: usize) -> Step<Option<Cursor>> {
        let level = self.level;
        let mut at = self.end;
        let (mut quoted, mut doubled, mut bracketed) = (false, false, false);
        let mut unit = text.unit(at)?;
        // A colour that ends before the closing quote.
        if unit.enc == Enc::Ansi && self.opener.is_some() {
            at = text.skip_ansi(at)?;
            unit = text.unit(at)?;
        }
        // PowerShell escapes quotes in quotes as `".
        if unit.ch == b'`' && self.is_backticked(text, anchor) {
            at += unit.len;
            unit = text.unit(at)?;
        }
        if let (Some(opener), Some(_)) = (self.opener, unit.quote()) {
            if opener.closed_by(unit).is_none() {
                return Ok(None);
            }
            quoted = true;
            at += unit.len;
            // "" in a CSV field that quotes JSON, `` around code in reStructuredText.
            if (opener == DOUBLE || opener == BACKTICK)
                && text.before(anchor, self.back + 2) == opener.ch
                && text.at(at)? == opener.ch
            {
                doubled = true;
                at += 1;
            }
            // The second quote of a `\\""` is directly before the name too.
            if matches!(opener.enc, Enc::Slash(_))
                && text.at(at)? == b'"'
                && text.before(anchor, self.back + 1) == b'"'
                && text.before(anchor, self.back + 2) == b'"'
            {
                at += 1;
            }
        }
        at = text.skip_ansi(at)?;
        if self.context == b'[' && text.at(at)? == b':' {
            at = past_visibility(text, at)?;
        }
        let unit = text.unit(at)?;
        match unit.ch {
            b']' if self.context == b'[' && unit.level() <= level => {
                bracketed = true;
                at = past_path(text, at + unit.len)?;
            }
            // Markdown's **bold** and *italics*.
            b'*' if self.context == b'*' => {
                at += past_stars(text, at)?;
            }
            // cmd escapes quotes in quotes as `^\^"`.
            b'^' if self.context == b'^' => {
                if let Some(after) = past_caret_quote(text, at)? {
                    (quoted, at) = (true, after);
                }
            }
            // “access_token”
            0x80.. => at += typographic(text, at, CLOSING)?.map_or(0, <[u8]>::len),
            // <<"erlang">>
            b'>' if quoted => {
                let next = text.unit(at + unit.len)?;
                at += if next.ch == b'>' { unit.len + next.len } else { 0 };
            }
            _ => {}
        }
        let closed = at;
        at = text.skip_blanks(at, level)?;
        if quoted {
            at = past_fold(text, at)?;
        }
        let spaced = at > closed;
        if text.unit(at)?.enc == Enc::Ansi {
            return Ok(None);
        }
        let separator = Separator::Spaced;
        Ok(Some(Cursor { closed, at, quoted, doubled, bracketed, spaced, separator, level }))
    }

    /// Whether the quote before the key has a backtick before it.
    fn is_backticked(&self, text: &Text, anchor: usize) -> bool {
        let quote = text.unit_before(anchor, self.back);
        self.opener.is_some_and(|opener| opener.ch == b'"')
            && text.unit_before(anchor, self.back + quote.len).ch == b'`'
    }

    /// Whether the string that contains the key and the separator ends at `at`, so that it has no value:
    /// `msg="Authorization: " n=3`.
    #[inline(always)]
    fn ends_string(&self, text: &Text, at: usize) -> Step<bool> {
        let Some(opener) = self.opener else { return Ok(false) };
        let unit = text.unit(at)?;
        Ok(opener.closed_by(unit).is_some()
            && !text.at(at + unit.len)?.is_ascii_alphanumeric()
            && text.past_quote(at)? == at + unit.len)
    }

    /// The key without its wrapper, as in `AnyHashable("Cookie")` or `${access_token}`, if the wrapper closes here.
    #[inline(always)]
    fn unwrapped(&self, text: &Text, anchor: usize, cursor: &mut Cursor) -> Step<Option<Key>> {
        match (self.context, text.window().get(cursor.closed)) {
            (b'(', Some(b')')) | (b'{', Some(b'}')) => self.unwrap(text, anchor, cursor),
            _ => Ok(None),
        }
    }

    #[inline(never)]
    fn unwrap(&self, text: &Text, anchor: usize, cursor: &mut Cursor) -> Step<Option<Key>> {
        let before = |k: usize| text.before(anchor, self.outer_start + k);
        let (mut back, mut closers) = (1, 1);
        if self.context == b'(' {
            // The name of a type, not of a function.
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            while back < MAX_NAME && is_letter(before(back + 1)) {
                back += 1;
            }
            // Tcl's `parray` and Basic print `headers(Authorization) = `, where the name is that of the array.
            let equals = text.skip_blanks(cursor.closed + 1, cursor.level)?;
            let assigned = text.at(equals)? == b'=' && text.at(equals + 1)? != b'='
                || text.at(cursor.closed + 1)? == b':' && self.opener.is_some();
            if !(before(back).is_ascii_uppercase() || assigned && is_letter(before(back))) {
                return Ok(None);
            }
        } else {
            let doubled = before(2) == b'{' && text.at(cursor.closed + 1)? == b'}';
            closers += usize::from(doubled);
            back += closers;
            if !doubled && !matches!(before(2), b'$' | b'#' | b'%') {
                return Ok(None);
            }
            back -= usize::from(doubled);
        }
        cursor.closed += closers;
        cursor.at = text.skip_blanks(cursor.closed, cursor.level)?;
        cursor.spaced = cursor.at > cursor.closed;
        let outer_start = self.outer_start + back;
        let context = text.unit_before(anchor, outer_start).ch;
        Ok(Some(Key { outer_start, context, ..*self }))
    }

    /// Reads what opens the value.
    #[inline(always)]
    fn past_opener(&self, text: &Text, anchor: usize, cursor: &mut Cursor) -> Step<Outcome> {
        let Cursor { mut at, quoted, doubled, mut separator, level, .. } = *cursor;
        let after_separator = at;
        at = text.skip_blanks(at, level)?;
        if quoted {
            at = past_fold(text, at)?;
        }
        if at > after_separator && separator == Separator::Compact {
            // `access_token= state=x`: there is no value.
            if !self.is_of_cookies() && is_setting(text, at, level)? {
                return Ok(NO_VALUE);
            }
            separator = Separator::Spaced;
        }
        if !quoted && at > after_separator && self.ends_string(text, at)? {
            return Ok(NO_VALUE);
        }
        if doubled
            && let unit = text.unit(at)?
            && unit.quote() == self.opener
            && text.unit(at + unit.len)?.quote() == self.opener
        {
            let frame = Frame { quote: self.opener, own_quote: true, ..Frame::default() };
            return Ok(Break(Target::Value { at: at + 2, frame, separator }));
        }
        let at = past_old_value(text, skip_type(text, at)?)?;
        let unit = text.unit(at)?;
        if unit.ch == b'^'
            && self.context == b'^'
            && quoted
            && let Some(at) = past_caret_quote(text, at)?
        {
            let frame = Frame { close: b'^', ..Frame::within(level) };
            return Ok(Break(Target::Value { at, frame, separator }));
        }
        if unit.is_newline() {
            return Ok(Break(self.below(text, anchor, at, cursor)?));
        }
        if let Some(target) = self.scalar(text, at, cursor)? {
            return Ok(Break(target));
        }
        if at > after_separator && self.is_empty_field(text, anchor, at, cursor)? {
            return Ok(NO_VALUE);
        }
        if let Some(at) = past_array(text, at)? {
            return Ok(Break(Target::NextLine { at, separator, named: false, level }));
        }
        if separator == Separator::Compact && unit.quote().is_some() {
            // `'/me?access_token=' + token`: the string ends here.
            let next = text.unit(at + unit.len)?;
            if matches!(self.context, b'?' | b'&') && !is_name(next.ch)
                || text.ends_before(anchor, self.outer_start, b"&amp;")
                || next.is_newline()
                || matches!(next.ch, b' ' | b',' | b';' | b')')
                || matches!(next.ch, b'+' | b'.')
                    && next.enc == Enc::Raw
                    && !is_base64(text, at + unit.len, unit)?
            {
                return Ok(Break(Target::None));
            }
        }
        if let Some(target) = self.in_object(text, at, separator, level)? {
            return Ok(Break(target));
        }
        if let Some(target) = open(text, at, separator, level)? {
            return Ok(Break(self.in_brackets(text, target, level)?));
        }
        (cursor.at, cursor.separator) = (at, separator);
        Ok(ON)
    }

    /// A value in an object, or in brackets that contain nothing else, which open at `at`. Maps of cookies are read
    /// elsewhere.
    #[inline(always)]
    fn in_object(
        &self,
        text: &Text,
        at: usize,
        separator: Separator,
        level: u8,
    ) -> Step<Option<Target>> {
        match text.window().get(at) {
            Some(b'{' | b'<' | b'(' | b'A'..=b'Z') if !self.is_of_cookies() => {
                self.in_object_at(text, at, separator, level)
            }
            Some(b'A'..=b'Z') => header_value(text, at, level),
            _ => Ok(None),
        }
    }

    #[inline(never)]
    fn in_object_at(
        &self,
        text: &Text,
        at: usize,
        separator: Separator,
        level: u8,
    ) -> Step<Option<Target>> {
        let field = self.class == Class::Authorization;
        if separator == Separator::Comma
            || field && text.at(at)? != b'{'
            || past_hash_scheme(text, at)?.is_some()
        {
            return Ok(None);
        }
        if text.at(at)? == b'{' && past_number(text, text.skip_blanks(at + 1, level)?)?.is_some() {
            return Ok(Some(Target::List { at: at + 1, close: b'}', quoted: true, level }));
        }
        if !matches!(text.at(at)?, b'<' | b'(')
            && let Some((at, close)) = member(text, at)?
        {
            return Ok(Some(member_value(text, at, close, level)?));
        }
        // `([]string) (len=1)` is a type.
        if field || !text.at(at + 1)?.is_ascii_alphanumeric() {
            return Ok(None);
        }
        Ok(lone(text, at, None)?.map(|close| {
            let frame = Frame { close, ..Frame::within(level) };
            Target::Value { at: at + 1, frame, separator: Separator::Comma }
        }))
    }

    /// Enters brackets that enclose a whole string: `"[token T]"`, `"<T>"`.
    #[inline(always)]
    fn in_brackets(&self, text: &Text, target: Target, level: u8) -> Step<Target> {
        match target {
            Target::Value { at, frame, separator }
                if frame.own_quote
                    && matches!(text.window().get(at), Some(b'[' | b'<' | b'('))
                    && !self.is_of_cookies() =>
            {
                // A replacement, or one inside such brackets.
                if text.has_word(at, b"[redacted")? {
                    return Ok(target);
                }
                if text.has_word(at + 1, b"[redacted")? {
                    return Ok(Target::None);
                }
                let Some(close) = lone(text, at, frame.quote)? else { return Ok(target) };
                let field = self.class == Class::Authorization;
                let separator = if field { separator } else { Separator::Comma };
                let frame = Frame { close, level, ..frame };
                Ok(Target::Value { at: at + 1, frame, separator })
            }
            target => Ok(target),
        }
    }

    pub(super) fn is_of_cookies(&self) -> bool {
        matches!(self.class, Class::Cookie | Class::SetCookie | Class::CookieEntry)
    }

    /// The value below the line that ends at `at`.
    #[inline(never)]
    fn below(&self, text: &Text, anchor: usize, at: usize, cursor: &Cursor) -> Step<Target> {
        let Cursor { quoted, bracketed, separator, level, .. } = *cursor;
        // A string that opened before the key and has the line end in it.
        let escaped = text.unit(at)?.enc != Enc::Raw;
        let inside = self.opener.is_some() && escaped;
        let Some(at) = line_below(text, at)? else { return Ok(Target::None) };
        let start = text.skip_blanks(at, level)?;
        let list = self.exact && matches!(self.class, Class::Cookie | Class::SetCookie);
        let header = self.is_of_cookies()
            || matches!(self.class, Class::Authorization | Class::Header | Class::Param);
        if quoted
            || bracketed
            || list && start > at
            || header && past_marker(text, start)?.is_some()
        {
            return Ok(Target::NextLine { at, separator, named: false, level });
        }
        if self.opener.is_some() && !inside {
            return Ok(Target::None);
        }
        let frame = Frame { line: true, ..Frame::within(level) };
        // `Cookie:` and `sid=T` below it.
        if self.is_of_cookies() {
            if !(inside || self.starts_line(text, anchor) || is_evident(text, start)?) {
                return Ok(Target::None);
            }
            if is_pair(text, start, false, level)? {
                return Ok(Target::Value { at: start, frame, separator });
            }
            let pair = spaced_pair(text, start, level)?;
            // Django's `COOKIES:`, with a line for each cookie.
            if list && pair.is_some() {
                let separator = Separator::Compact;
                return Ok(Target::NextLine { at, separator, named: false, level });
            }
            return Ok(pair.unwrap_or(Target::None));
        }
        // A string that Node prints below its name, because the line would be too long.
        let bare = matches!(self.class, Class::Param | Class::Header);
        if bare && start > at && text.unit(start)?.quote().is_some() {
            return Ok(open(text, start, Separator::Comma, level)?.unwrap_or(Target::None));
        }
        // A token alone on its line.
        if bare && is_alone(text, start, escaped)? {
            return Ok(Target::Value { at: start, frame, separator: Separator::Comma });
        }
        Ok(Target::None)
    }

    /// A YAML scalar below a line that ends with `|` or `>-`, at `at`.
    #[inline(always)]
    fn scalar(&self, text: &Text, at: usize, cursor: &Cursor) -> Step<Option<Target>> {
        match text.window().get(at) {
            Some(b'|' | b'>' | b'\\' | b'&') => self.scalar_at(text, at, cursor),
            _ => Ok(None),
        }
    }

    #[inline(never)]
    fn scalar_at(&self, text: &Text, at: usize, cursor: &Cursor) -> Step<Option<Target>> {
        let mark = text.unit(at)?;
        if !matches!(mark.ch, b'|' | b'>') || mark.enc == Enc::Ansi {
            return Ok(None);
        }
        let first = at + mark.len;
        let mut end = first;
        while end - first < 2 && matches!(text.at(end)?, b'-' | b'+' | b'1'..=b'9') {
            end += 1;
        }
        let Some(line) = line_below(text, text.skip_blanks(end, 0)?)? else { return Ok(None) };
        let start = text.skip_blanks(line, 0)?;
        if start == line {
            return Ok(None);
        }
        let list = self.exact && matches!(self.class, Class::Cookie | Class::SetCookie);
        let (level, separator) = (cursor.level, Separator::Spaced);
        if list {
            return Ok(Some(Target::NextLine { at: line, separator, named: false, level }));
        }
        let frame = Frame { line: true, ..Frame::within(level) };
        Ok(Some(Target::Value { at: start, frame, separator }))
    }

    /// Whether the text at `at`, after the space that follows a colon, is the next field of a struct that Go printed:
    /// `{AccessToken: Expiry:2021-05-11}`.
    #[inline(always)]
    fn is_empty_field(&self, text: &Text, anchor: usize, at: usize, cursor: &Cursor) -> Step<bool> {
        let go = matches!(self.context, b'{' | b' ') && !cursor.quoted;
        if !go || !matches!(text.window().get(at), Some(b'A'..=b'Z')) {
            return Ok(false);
        }
        let mut end = at;
        while end - at < MAX_NAME && text.at(end)?.is_ascii_alphabetic() {
            end += 1;
        }
        let name =
            text.at(end)? == b':' && !matches!(text.at(end + 1)?, b' ' | b'\t' | b'\n' | b':');
        // Names of headers contain hyphens.
        let mut k = 1;
        while k <= MAX_NAME && is_name(text.before(self.end, k)) && text.before(self.end, k) != b'-'
        {
            k += 1;
        }
        Ok(name
            && self.first(text, anchor).is_ascii_uppercase()
            && text.before(self.end, k) != b'-')
    }

    /// A value without its own opener: what encloses the key encloses it.
    fn around(&self, text: &Text, anchor: usize, cursor: &Cursor) -> Step<Target> {
        let Cursor { at, quoted, bracketed, separator, level, .. } = *cursor;
        let unit = text.unit(at)?;
        // `('cookies', OrderedDict([('sid', 'T')]))`
        if separator == Separator::Comma && !(self.is_of_cookies() && opens_pairs(text, at)?) {
            return Ok(Target::None);
        }
        let delimiter =
            if matches!(self.context, b'|' | b'^' | b'~' | b',') { self.context } else { 0 };
        let mut frame = Frame { delimiter, ..Frame::within(level) };
        // A parameter of a query whose value is a whole header: `cookie=sid%3DT%3B%20theme%3DT`.
        let indexed = bracketed && text.ends_before(at, 0, b"]=");
        if level == 0 && (separator == Separator::Compact || indexed) && self.is_of_cookies() {
            let query = usize::from(indexed || matches!(self.context, b'?' | b'&')) as u8;
            frame.level = pair_level(text, at)?.max(query);
        }
        if quoted || bracketed {
            // An unquoted word where a string is expected: a number, `null`, an expression, or a dump without quotes.
            if bracketed && !quoted {
                // A query, `headers[Cookie]=sid%3DT&n=1`, and not PHP's `[Cookie] => sid=T`.
                let query = is_name(text.before(anchor, self.outer_start + 2))
                    && text.ends_before(at, 0, b"]=");
                frame.line = !query;
            } else if matches!(self.context, b'{' | b'[' | b'(') {
                frame.close = closer(self.context);
            }
            return Ok(Target::Value { at, frame, separator: Separator::Spaced });
        }
        if self.opener.is_some() {
            frame.quote = self.opener;
            frame.line = separator != Separator::Compact;
            frame.pairs = !frame.line;
            // cmd escapes quotes: `^"cookie: sid=T^"`.
            let double = matches!(self.opener, Some(opener) if opener.ch == b'"');
            let escaped = double && self.context == b'^';
            frame.close = if escaped { b'^' } else { 0 };
        } else if self.context == b'<' && self.class == Class::Cookie {
            frame.close = b'>';
        } else if matches!(self.context, b'[' | b'(') {
            frame.close = closer(self.context);
            frame.line = true;
            frame.call = self.context == b'(';
        } else if self.context == b'{'
            || (matches!(self.context, b' ' | b',')
                && separator == Separator::Compact
                && unit.ch != b'"')
        {
            frame.map = separator == Separator::Compact;
            frame.close = if self.context == b'{' { b'}' } else { 0 };
        }
        frame.call |= self.context == b'.'
            || self.context == b' ' && text.before(anchor, self.outer_start + 2) == b',';
        if !frame.line && unit_is_colon(text, self.end)? {
            frame.line = self.starts_line(text, anchor);
        }
        Ok(Target::Value { at, frame, separator })
    }
}

/// The position after the quote at `at` that closes a path of names which is itself a name: `"root['access_token']": `.
fn past_path(text: &Text, at: usize) -> Step<usize> {
    let unit = text.unit(at)?;
    let closes = unit.quote().is_some() && text.unit(at + unit.len)?.ch == b':';
    Ok(if closes { at + unit.len } else { at })
}

/// The number of asterisks at `at`, at most two.
pub(super) fn past_stars(text: &Text, at: usize) -> Step<usize> {
    Ok(match (text.at(at)?, text.at(at + 1)?) {
        (b'*', b'*') => 2,
        (b'*', _) => 1,
        _ => 0,
    })
}

/// The depth to which the equals sign of the pair at `at` is percent-encoded.
fn pair_level(text: &Text, at: usize) -> Step<u8> {
    let mut end = at;
    while end - at < MAX_NAME && is_name(text.at(end)?) {
        end += 1;
    }
    let equals = text.unit(end)?;
    Ok(if end > at && equals.ch == b'=' { equals.level() } else { 0 })
}

/// Whether a type of maps is at `at`, with its pairs in brackets: `OrderedDict([(`, `Box({`.
fn opens_pairs(text: &Text, at: usize) -> Step<bool> {
    let Some(end) = past_type_name(text, at)? else { return Ok(false) };
    Ok(text.has_word(end, b"([(")? || text.has_word(end, b"({")?)
}

fn unit_is_colon(text: &Text, at: usize) -> Step<bool> {
    let at = text.skip_blanks(text.skip_ansi(at)?, 0)?;
    Ok(text.unit(at)?.ch == b':')
}

/// Whether the next setting is at `at`: a name, an equals sign, and a value.
fn is_setting(text: &Text, at: usize, level: u8) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_NAME && is_name(text.at(end)?) {
        end += 1;
    }
    let unit = text.unit(end)?;
    let value = text.unit(end + unit.len)?;
    Ok(end > at && unit.ch == b'=' && unit.level() <= level && is_name(value.ch))
}

/// The value of `sessionid = 'T'` at `at`.
fn spaced_pair(text: &Text, at: usize, level: u8) -> Step<Option<Target>> {
    let Some(equals) = past(text, at, "% =~", level)? else { return Ok(None) };
    match open(text, equals, Separator::Spaced, level)? {
        Some(target @ Target::Value { .. }) => Ok(Some(target)),
        _ => Ok(None),
    }
}
