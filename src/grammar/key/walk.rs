//! The way from a key to its value, step by step.

use std::ops::ControlFlow::{self, Break, Continue};

use super::candidate::{Key, MAX_NAME, MAX_OUTSET};
use super::names::Class;
use super::tag::{has_attributes, past_attributes, past_tag, past_tags};
use super::value_first::value_key;
use super::way::{
    Separator, Way, closer, is_base64, newline, open, past_array, past_marker, serialized,
    skip_type,
};
use crate::grammar::ids::COOKIE;
use crate::grammar::text::lex::{Enc, Quote, Step, Text, Unit, hex, is_blank, is_name, is_quote};
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;

/// How far the way has been gone, and what was met on it.
#[derive(Clone, Copy)]
struct Walk {
    at: usize,
    /// The key is in quotes.
    quoted: bool,
    /// Its quotes are doubled, as in a CSV field.
    doubled: bool,
    /// It is in brackets, as PHP prints them.
    bracketed: bool,
    /// A word came after the key that says again what it is.
    noun: bool,
    /// Blanks came after the key.
    spaced: bool,
    separator: Separator,
    /// The percent-encoding depth that was seen so far.
    level: u8,
}

/// Where a step leads: to the value, or further on.
type Leads = ControlFlow<Way, Walk>;

impl Key {
    /// Reads from the key's end to its value.
    pub fn way(&self, text: &Text, anchor: usize) -> Step<Way> {
        let walk = match self.past_closer(text, anchor)? {
            Break(way) => return Ok(way),
            Continue(walk) => walk,
        };
        let walk = match self.past_separator(text, anchor, walk)? {
            Break(way) => return Ok(way),
            Continue(walk) => walk,
        };
        match self.past_opener(text, anchor, walk)? {
            Break(way) => Ok(way),
            Continue(walk) => self.around(text, anchor, walk),
        }
    }

    /// Past the key's own closer, and the word after it that says again what it is.
    fn past_closer(&self, text: &Text, anchor: usize) -> Step<Leads> {
        let level = self.level;
        let mut at = self.end;
        let mut quoted = false;
        let unit = text.unit(at)?;
        let mut doubled = false;
        if let (Some(opener), Some(_)) = (self.opener, unit.quote()) {
            if opener.closed_by(unit).is_none() {
                return Ok(Break(Way::None));
            }
            quoted = true;
            at += unit.len;
            // "" in a CSV field that quotes JSON.
            if opener.enc == Enc::Raw
                && opener.ch == b'"'
                && text.before(anchor, self.back + 2) == b'"'
                && text.at(at)? == b'"'
            {
                doubled = true;
                at += 1;
            }
            // The second quote of a `\\""` stands right before the name too.
            if matches!(opener.enc, Enc::Slash(_))
                && text.at(at)? == b'"'
                && text.before(anchor, self.back + 1) == b'"'
                && text.before(anchor, self.back + 2) == b'"'
            {
                at += 1;
            }
        }
        at = text.skip_ansi(at)?;
        let mut bracketed = false;
        let unit = text.unit(at)?;
        match unit.ch {
            b']' if self.context == b'[' && unit.level() <= level => {
                bracketed = true;
                at += unit.len;
            }
            b'>' if quoted && text.at(at + 1)? == b'>' => at += 2, // <<"erlang">>
            _ => {}
        }
        let mut after_key = at;
        let mut noun = false;
        at = text.skip_blanks(at, level)?;
        if !quoted
            && at > after_key
            && matches!(self.class, Class::Cookie | Class::SetCookie | Class::Authorization)
        {
            // `cookie header: a=T`.
            let past = past_noun(text, at)?;
            if past > at {
                noun = true;
                after_key = past;
                at = text.skip_blanks(past, level)?;
            }
        }
        let spaced = at > after_key;
        let separator = Separator::Spaced;
        Ok(Continue(Walk { at, quoted, doubled, bracketed, noun, spaced, separator, level }))
    }

    /// Past what separates a key from its value: a colon, an equals sign, an arrow, a comma.
    fn past_separator(&self, text: &Text, anchor: usize, walk: Walk) -> Step<Leads> {
        let Walk { mut at, quoted, bracketed, spaced, mut separator, mut level, .. } = walk;
        let unit = text.unit(at)?;
        if matches!(unit.enc, Enc::Ansi) {
            return Ok(Break(Way::None));
        }
        // `grant_type=refresh_token :`: the key is a value itself.
        if spaced && !quoted && self.context == b'=' {
            return Ok(Break(Way::None));
        }
        let following = text.unit(at + unit.len)?;
        let next = following.ch;
        match unit.ch {
            b':' if matches!(unit.enc, Enc::Raw) || unit.level() > 0 => {
                if next == b':' {
                    return Ok(Break(Way::None));
                }
                at += unit.len + if next == b'=' { following.len } else { 0 };
                level = level.max(unit.level());
            }
            b'=' => {
                // `==` and `=~` compare.
                if matches!(next, b'=' | b'~') {
                    return Ok(Break(Way::None));
                }
                at += unit.len;
                level = level.max(unit.level());
                if next == b'>' {
                    at += following.len;
                } else if !quoted && !spaced && !bracketed {
                    separator = Separator::Compact;
                }
            }
            b'-' if next == b'>' => {
                level = level.max(following.level());
                at += unit.len + following.len;
            }
            b'>' if !quoted && !spaced && unit.enc != Enc::Ansi && self.in_tag(text, anchor) => {
                let frame = Frame { close: b'<', ..Frame::default() };
                return Ok(Break(Way::Value {
                    at: at + unit.len,
                    frame,
                    separator: Separator::Compact,
                }));
            }
            b',' | b';' | b'|' if quoted && unit.level() <= level => {
                at += unit.len;
                if unit.ch == b';' {
                    // PHP's serialize: s:13:"Authorization";s:8:"Bearer T";
                    match serialized(text, at)? {
                        Some(value) => at = value,
                        None => return Ok(Break(Way::None)),
                    }
                } else {
                    let value = text.skip_blanks(at, level)?;
                    if let Some(value) = value_key(text, value)? {
                        at = value;
                    } else if text.unit(value)?.is_newline() {
                        let named = self.is_named(text, anchor);
                        if !self.in_sequence() && !named {
                            return Ok(Break(Way::None));
                        }
                        return Ok(Break(match newline(text, value)? {
                            Some(at) => {
                                Way::NextLine { at, separator: Separator::Comma, named, level }
                            }
                            None => Way::None,
                        }));
                    } else if self.in_sequence() {
                        separator = Separator::Comma;
                    } else {
                        return Ok(Break(Way::None));
                    }
                }
            }
            b',' if !quoted && self.opener.is_none() && next == b' ' && unit.level() <= level => {
                // .NET's [Authorization, Bearer T]
                if self.context == b'[' {
                    let frame = Frame { close: b']', line: true, ..Frame::within(level) };
                    let at = text.skip_blanks(at + unit.len, level)?;
                    return Ok(Break(Way::Value { at, frame, separator: Separator::Comma }));
                }
                // {name: Authorization, value: Bearer T}
                match value_key(text, text.skip_blanks(at + unit.len, level)?)? {
                    Some(value) => at = value,
                    None => return Ok(Break(Way::None)),
                }
            }
            _ => return self.past_mark(text, anchor, walk, unit),
        }
        Ok(Continue(Walk { at, separator, level, ..walk }))
    }

    /// The same where a quote or a bracket, or another key, comes right after the key.
    fn past_mark(&self, text: &Text, anchor: usize, walk: Walk, unit: Unit) -> Step<Leads> {
        let Walk { mut at, quoted, noun, spaced, mut separator, level, .. } = walk;
        match unit.ch {
            b'v' | b'V' | b'r' if spaced && self.context != b'<' => match value_key(text, at)? {
                Some(value) => at = value,
                None => return self.past_words(text, anchor, walk, unit),
            },
            // `- name: ACCESS_TOKEN` and `value: T` on the next line: YAML.
            b'\n' | b'\r' if !quoted && self.is_named(text, anchor) => {
                return Ok(Break(match newline(text, at)? {
                    Some(at) => Way::NextLine { at, separator, named: true, level },
                    None => Way::None,
                }));
            }
            // curl's --cookie 'sid=T'.
            b'"' | b'\''
                if spaced
                    && !quoted
                    && text.ends_before(anchor, self.back - self.back.min(2), b"--") => {}
            // `cookies { sid: 'T' }`: a label and what is logged after it.
            b'{' if spaced
                && self.class == Class::Cookie
                && unit.enc == Enc::Raw
                && text.ends_before(self.end, 0, b"cookies") =>
            {
                return Ok(Break(Way::Map { at: at + 1, close: b'}' }));
            }
            b'[' if spaced
                && (noun
                    || self.class == Class::SetCookie
                    || self.class == Class::Cookie
                        && text.ends_before(self.end, 0, b"cookies")) =>
            {
                return Ok(Break(open(text, at, Separator::Spaced, level)?.unwrap_or(Way::None)));
            }
            // `Cookie(version=0, name='sid', value='T', ...)`, `Cookie[name=sid,value=T]`.
            b'(' | b'[' | b'{' | b'@'
                if !quoted && matches!(self.class, Class::Cookie | Class::CookieLike) =>
            {
                return Ok(Break(object(text, at)?));
            }
            b'n' | b'v' if spaced && !quoted && self.context == b'<' && describes(text, at)? => {
                return Ok(Break(Way::Objects { at, close: b'>' }));
            }
            // AccessToken("T"): the key is the name of a type.
            b'(' if !spaced
                && !quoted
                && self.class == Class::Param
                && self.first(text, anchor).is_ascii_uppercase()
                && text.unit(at + 1)?.quote().is_some() =>
            {
                at += 1;
                separator = Separator::Comma;
            }
            // `<td>HTTP_COOKIE</td><td>sid=T</td>`, `<header name="Cookie">sid=T</header>`.
            b'<' if !spaced
                && !quoted
                && self.context == b'>'
                && text.unit(at + unit.len)?.ch == b'/' =>
            {
                return Ok(Break(match past_tags(text, at)? {
                    Some(at) => open(text, at, Separator::Spaced, level)?.unwrap_or(Way::Value {
                        at,
                        frame: Frame { close: b'<', ..Frame::within(level) },
                        separator: Separator::Spaced,
                    }),
                    None => Way::None,
                }));
            }
            b'>' if quoted && !spaced && self.is_named(text, anchor) => {
                let frame = Frame { close: b'<', ..Frame::default() };
                return Ok(Break(Way::Value { at: at + unit.len, frame, separator }));
            }
            // Clojure's {"cookie" "sid=T"} and {:access_token "T"}.
            b'"' if spaced
                && quoted
                && self.exact
                && unit.quote() == self.opener
                && matches!(
                    self.class,
                    Class::Cookie | Class::SetCookie | Class::Authorization
                ) => {}
            // Redis' "HSET" "session:1" "access_token" "T".
            b'"' if spaced
                && quoted
                && unit.quote() == self.opener
                && matches!(self.class, Class::Param | Class::Header) =>
            {
                separator = Separator::Comma;
            }
            b'"' if spaced
                && !quoted
                && self.context == b':'
                && matches!(self.class, Class::Param | Class::Header) =>
            {
                separator = Separator::Comma;
            }
            _ => return self.past_words(text, anchor, walk, unit),
        }
        Ok(Continue(Walk { at, separator, ..walk }))
    }

    /// The same where it is what comes before the key that says that its value follows.
    fn past_words(&self, text: &Text, anchor: usize, walk: Walk, unit: Unit) -> Step<Leads> {
        let Walk { mut at, quoted, spaced, separator, level, .. } = walk;
        match unit.ch {
            // `name="access_token" type="hidden" value="T"`.
            _ if spaced
                && quoted
                && unit.ch.is_ascii_lowercase()
                && self.is_named(text, anchor) =>
            {
                match past_attributes(text, at)? {
                    Some(value) => at = value,
                    None => return Ok(Break(Way::None)),
                }
            }
            // multipart/form-data: name="access_token", an empty line, the value.
            b'\r' | b'\n' if quoted && text.ends_before(anchor, self.outset, b"; name=") => {
                let Some(line) = newline(text, at)? else { return Ok(Break(Way::None)) };
                let Some(at) = newline(text, line)? else { return Ok(Break(Way::None)) };
                let frame = Frame { line: true, ..Frame::within(level) };
                return Ok(Break(Way::Value { at, frame, separator: Separator::Compact }));
            }
            // `key: "cookie"` and `value: "sid=T"` on the next line: protocol buffers as text.
            b'\r' | b'\n' if quoted && self.is_named(text, anchor) => {
                return Ok(Break(match newline(text, at)? {
                    Some(at) => Way::NextLine { at, separator, named: true, level },
                    None => Way::None,
                }));
            }
            // wget's `Stored cookie example.com -1 (ANY) / <session> <insecure> [expiry none] sid T`.
            _ if spaced
                && self.class == Class::Cookie
                && text.ends_before(anchor, self.back, b"stored ")
                && past_expiry(text, at)?.is_some() =>
            {
                let at = past_expiry(text, at)?.unwrap_or(at);
                let frame = Frame { line: true, ..Frame::default() };
                return Ok(Break(Way::Value { at, frame, separator }));
            }
            // curl's `Added cookie sid="T" for domain example.com`.
            _ if spaced
                && self.class == Class::Cookie
                && [&b"added "[..], b"replaced "]
                    .iter()
                    .any(|word| text.ends_before(anchor, self.back, word)) =>
            {
                let frame = Frame { close: b'>', ..Frame::default() };
                return Ok(Break(Way::Value { at, frame, separator: Separator::Spaced }));
            }
            // `--access-token T`: an option and its argument.
            _ if spaced
                && self.back >= 2
                && (matches!(self.class, Class::Param | Class::Header | Class::WeakParam)
                    || self.class.is_further())
                && text.ends_before(anchor, self.back - 2, b"--") => {}
            // `--cookie sid=T`
            _ if spaced
                && !quoted
                && self.class == Class::Cookie
                && text.ends_before(anchor, self.back - self.back.min(2), b"--")
                && unit.ch != b'-'
                && is_pair(text, at, false, 0)? =>
            {
                let frame = Frame { close: b'>', ..Frame::default() };
                return Ok(Break(Way::Value { at, frame, separator }));
            }
            // What nginx calls a header, `$http_cookie "sid=T"`, and Clojure's `{:cookie "sid=T"}`.
            b'"' if spaced
                && !quoted
                && matches!(self.context, b'$' | b':')
                && matches!(
                    self.class,
                    Class::Cookie | Class::SetCookie | Class::Authorization
                ) => {}
            // `<BinarySecurityToken ValueType="x">T</BinarySecurityToken>`
            _ if spaced && !quoted && self.in_tag(text, anchor) && has_attributes(text, at)? => {
                match past_tag(text, at)? {
                    Some(at) => {
                        let frame = Frame { close: b'<', ..Frame::default() };
                        return Ok(Break(Way::Value { at, frame, separator: Separator::Compact }));
                    }
                    // Python's <Cookie sid="T" for example.com/>.
                    None if self.context == b'<' && self.class == Class::Cookie => {
                        let frame = Frame { close: b'>', ..Frame::default() };
                        return Ok(Break(Way::Value { at, frame, separator: Separator::Spaced }));
                    }
                    None => return Ok(Break(Way::None)),
                }
            }
            // Python's <Cookie sid=T for example.com/>.
            _ if spaced && self.context == b'<' && self.class == Class::Cookie => {
                let frame = Frame { close: b'>', ..Frame::default() };
                return Ok(Break(Way::Value { at, frame, separator: Separator::Spaced }));
            }
            // `received cookie sid=T from client`.
            _ if spaced
                && !quoted
                && matches!(self.class, Class::Cookie | Class::SetCookie)
                && VERBS.iter().any(|verb| text.ends_before(anchor, self.back, verb))
                && is_evident(text, at)? =>
            {
                let frame = Frame { close: b'>', ..Frame::default() };
                return Ok(Break(Way::Value { at, frame, separator: Separator::Spaced }));
            }
            _ => return Ok(Break(Way::None)),
        }
        Ok(Continue(Walk { at, ..walk }))
    }

    /// What the value opens with.
    fn past_opener(&self, text: &Text, anchor: usize, walk: Walk) -> Step<Leads> {
        let Walk { mut at, quoted, doubled, bracketed, mut separator, level, .. } = walk;
        let after_separator = at;
        at = text.skip_blanks(at, level)?;
        if at > after_separator && separator == Separator::Compact {
            separator = Separator::Spaced;
        }
        if doubled && text.at(at)? == b'"' && text.at(at + 1)? == b'"' {
            let quote = Quote { ch: b'"', enc: Enc::Raw };
            let frame = Frame { quote: Some(quote), own_quote: true, ..Frame::default() };
            return Ok(Break(Way::Value { at: at + 2, frame, separator }));
        }
        let at = skip_type(text, at)?;
        let unit = text.unit(at)?;
        if unit.is_newline() {
            let header = matches!(
                self.class,
                Class::Cookie | Class::SetCookie | Class::Authorization | Class::Header
            );
            return Ok(Break(match newline(text, at)? {
                Some(at)
                    if quoted
                        || bracketed
                        || header && past_marker(text, text.skip_blanks(at, level)?)?.is_some() =>
                {
                    Way::NextLine { at, separator, named: false, level }
                }
                _ => Way::None,
            }));
        }
        if (quoted || bracketed)
            && let Some(at) = past_array(text, at)?
        {
            return Ok(Break(Way::NextLine { at, separator, named: false, level }));
        }
        if separator == Separator::Compact && unit.quote().is_some() {
            // `'/me?access_token=' + token`: the string ends here.
            let next = text.unit(at + unit.len)?;
            if matches!(self.context, b'?' | b'&')
                || text.ends_before(anchor, self.outset, b"&amp;")
                || next.is_newline()
                || matches!(next.ch, b' ' | b',' | b';' | b')')
                || matches!(next.ch, b'+' | b'.')
                    && next.enc == Enc::Raw
                    && !is_base64(text, at + unit.len, unit)?
            {
                return Ok(Break(Way::None));
            }
        }
        if let Some(way) = open(text, at, separator, level)? {
            return Ok(Break(way));
        }
        Ok(Continue(Walk { at, separator, ..walk }))
    }

    /// A value without an opener of its own: what encloses the key encloses it.
    fn around(&self, text: &Text, anchor: usize, walk: Walk) -> Step<Way> {
        let Walk { at, quoted, bracketed, separator, level, .. } = walk;
        let unit = text.unit(at)?;
        if separator == Separator::Comma {
            return Ok(Way::None);
        }
        let mut frame = Frame::within(level);
        if quoted || bracketed {
            // A bare word where a string is expected: a number, `null`, an expression, or a
            // dump without quotes.
            if bracketed && !quoted {
                frame.line = true;
            } else if matches!(self.context, b'{' | b'[' | b'(') {
                frame.close = closer(self.context);
            }
            return Ok(Way::Value { at, frame, separator: Separator::Spaced });
        }
        if self.opener.is_some() {
            frame.quote = self.opener;
            frame.line = separator != Separator::Compact;
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
            || self.context == b' ' && text.before(anchor, self.outset + 2) == b',';
        if !frame.line && unit_is_colon(text, self.end)? {
            frame.line = self.starts_line(text, anchor);
        }
        Ok(Way::Value { at, frame, separator })
    }

    /// Whether a header's line starts with the key: the start of the text, or what
    /// transcripts put there.
    fn starts_line(&self, text: &Text, at: usize) -> bool {
        match self.context {
            b'\n' | b'\r' => true,
            b' ' | b'\t' => {
                let mut k = self.outset;
                let mut mark = text.unit_before(at, k);
                while k < 128 && is_blank(mark.ch) {
                    k += mark.len;
                    mark = text.unit_before(at, k);
                }
                match mark.ch {
                    _ if mark.is_newline() => true,
                    b'>' | b'<' if matches!(mark.enc, Enc::Code(_)) => true,
                    b'>' | b'<' | b'*' | b'|' => {
                        let before = text.unit_before(at, k + mark.len);
                        before.is_newline() || matches!(before.ch, b'>' | b'<' | b'"')
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// The name's first character.
    fn first(&self, text: &Text, at: usize) -> u8 {
        if self.back > 0 { text.before(at, self.back) } else { text.window()[at] }
    }

    /// Whether the key is an element's name: `<authorization>`.
    fn in_tag(&self, text: &Text, at: usize) -> bool {
        self.context == b'<'
            || (self.context == b':' && {
                let mut k = self.outset + 2;
                while k < self.outset + 34 && is_name(text.before(at, k)) {
                    k += 1;
                }
                text.before(at, k) == b'<'
            })
            || text.ends_before(at, self.back, b"&lt;")
    }

    /// Whether the key can be an element of a tuple or list: nothing that makes it a value
    /// stands before it.
    fn in_sequence(&self) -> bool {
        matches!(self.context, b'(' | b'[' | b'{' | b',' | b'+' | b'<')
            || self.context <= b' '
            || is_quote(self.context)
    }

    /// Whether the key is the value of a `name`: `"name": "Cookie"`, `name=Cookie`.
    fn is_named(&self, text: &Text, at: usize) -> bool {
        let past_blanks = |mut skip: usize| {
            let limit = skip + 16;
            loop {
                let unit = text.unit_before(at, skip);
                let plus = unit.ch == b'+' && unit.enc == Enc::Raw && self.level > 0;
                let blank = is_blank(unit.ch) || plus;
                if skip > limit || !blank && unit.enc != Enc::Ansi {
                    return (skip, unit);
                }
                skip += unit.len;
            }
        };
        let (skip, separator) = past_blanks(self.outset);
        if !matches!(separator.ch, b':' | b'=') {
            return false;
        }
        let (mut skip, unit) = past_blanks(skip + separator.len);
        if unit.quote().is_some() {
            skip += unit.len;
        }
        [&b"name"[..], b"key", b"header"].iter().any(|word| text.ends_before(at, skip, word))
    }
}

fn unit_is_colon(text: &Text, at: usize) -> Step<bool> {
    let at = text.skip_blanks(text.skip_ansi(at)?, 0)?;
    Ok(text.unit(at)?.ch == b':')
}

/// Past a word at `at` that says again what the key is.
fn past_noun(text: &Text, at: usize) -> Step<usize> {
    const NOUNS: &[&[u8]] = &[
        b"pair",
        b"headers",
        b"header",
        b"value",
        b"string",
        b"jar",
        b"received",
        b"accepted",
        b"rejected",
        b"sent",
        b"is",
        b"are",
        b"data",
    ];
    for noun in NOUNS.iter().copied() {
        if text.has_word(at, noun)? && matches!(text.unit(at + noun.len())?.ch, b':' | b'=' | b' ')
        {
            return Ok(at + noun.len());
        }
    }
    Ok(at)
}

/// Whether a cookie's description starts at `at`: `name=`, `version: `, `value:`.
fn describes(text: &Text, at: usize) -> Step<bool> {
    for word in [&b"name"[..], b"version", b"value"] {
        if text.has_word(at, word)? {
            return Ok(matches!(text.at(at + word.len())?, b'=' | b':'));
        }
    }
    Ok(false)
}

/// An object that describes a cookie, behind its class's name: `{Name:"sid", Value:"T"}`,
/// `@5f2a{name=sid,value=T}`.
fn object(text: &Text, at: usize) -> Step<Way> {
    let mut start = at;
    if text.at(start)? == b'@' {
        start += 1;
        while start - at < 20 && hex(text.at(start)?).is_some() {
            start += 1;
        }
    }
    let close = closer(text.at(start)?);
    if close == 0 {
        return Ok(Way::None);
    }
    start += 1;
    while start - at < 32 && is_blank(text.at(start)?) {
        start += 1;
    }
    let described = describes(text, start)?;
    Ok(if described { Way::Objects { at: start, close } } else { Way::None })
}

/// What is done with a cookie, or how it is, right before the word.
const VERBS: &[&[u8]] = &[
    b"received ",
    b"set ",
    b"setting ",
    b"sent ",
    b"sending ",
    b"stored ",
    b"storing ",
    b"got ",
    b"with ",
    b"using ",
    b"invalid ",
    b"expired ",
    b"unknown ",
    b"session ",
];

/// Whether a pair whose value can only be a cookie's is at `at`, in running text.
fn is_evident(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_NAME && (is_name(text.at(end)?) || text.at(end)? == b'.') {
        end += 1;
    }
    if end == at || text.at(end)? != b'=' {
        return Ok(false);
    }
    let frame = Frame { close: b'>', ..Frame::default() };
    let head = Value::new(frame, Flavour::Cookie, COOKIE).head(text, end + 1)?;
    Ok(head.is_token_like())
}

/// Past `[expiry none] sid ` behind other things that are known of a cookie, on the line at `at`.
fn past_expiry(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    while !text.has_word(end, b" [expiry ")? {
        if end - at > 2 * MAX_OUTSET || text.at(end)? == b'\n' {
            return Ok(None);
        }
        end += 1;
    }
    let date = end + 9;
    end = date;
    while text.at(end)? != b']' {
        if end - date > MAX_NAME || text.at(end)? == b'\n' {
            return Ok(None);
        }
        end += 1;
    }
    let name = end + 2;
    end = name;
    while !matches!(text.at(end)?, b' ' | b'\n') {
        if end - name > MAX_OUTSET {
            return Ok(None);
        }
        end += 1;
    }
    Ok((end > name && text.at(end)? == b' ').then_some(end + 1))
}
