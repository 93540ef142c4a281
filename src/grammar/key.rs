//! Keys: `Authorization`, `HTTP_COOKIE`, `"refreshToken"`, and the way from a key to its
//! value.
//!
//! A key is recognised by its last words, so that prefixes (`HTTP_`, `proxy-`, `app.`)
//! need no list. Then one reading of closers, separators and openers serves every rule and
//! every language's way of printing a map.

use super::COOKIE;
use super::keyed::{Keyed, is_keyed};
use super::lex::{Enc, Quote, Step, Text, Unit, hex, is_blank, is_name, is_quote};
use super::value::{Flavour, Value};

/// Longest name that is looked at; names of real fields are shorter.
const MAX_NAME: usize = 64;
/// Furthest that the text before a key is looked at, in bytes.
const MAX_OUTSET: usize = 192;
/// A plain double quote.
const DOUBLE: Quote = Quote { ch: b'"', enc: Enc::Raw };
/// Longest tag with attributes, in bytes.
const MAX_TAG: usize = 1024;
/// Furthest that a string is read to see whether it is one, in bytes.
const MAX_BASE64: usize = 128;

/// What a key's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// `Authorization`, `Proxy-Authorization`: a scheme and its credentials.
    Authorization,
    /// `Cookie`: cookie-pairs.
    Cookie,
    /// `Set-Cookie`: a cookie-pair and its attributes.
    SetCookie,
    /// A key that ends in `cookie` without being the header's name: a value if it looks
    /// like one.
    CookieLike,
    /// A header or field that is a credential as a whole, as `X-Api-Key`.
    Header,
    /// An OAuth parameter.
    Param,
    /// An OAuth parameter whose name is also a common word: only values that look like
    /// tokens.
    WeakParam,
    /// `assertion`, which is a word of test frameworks too.
    Assertion,
    /// `bearer`, as a key.
    Bearer,
    /// A session identifier that is named like the cookie it usually is.
    Session,
    /// A password.
    Password,
    /// A secret, which may be the name of one.
    Secret,
    /// An API key: only values that are random enough for one.
    ApiKey,
    /// A cloud's secret access key, which has a form.
    CloudKey,
    /// A key that the user named.
    Listed,
}

/// Last words of a key, without `-` and `_`, longest first.
const CLASSES: &[(&[u8], Class)] = &[
    (b"authorizationheadervalue", Class::Authorization),
    (b"authorizationheader", Class::Authorization),
    (b"accesstokensecret", Class::Param),
    (b"oauthtokensecret", Class::Param),
    (b"setcookieheader", Class::SetCookie),
    (b"clientassertion", Class::Param),
    (b"consumersecret", Class::Param),
    (b"authorization", Class::Authorization),
    (b"cookiesstring", Class::Cookie),
    (b"cookieheader", Class::Cookie),
    (b"cookiestring", Class::Cookie),
    (b"clientsecret", Class::Param),
    (b"codeverifier", Class::Param),
    (b"idtokenhint", Class::Param),
    (b"setcookie2", Class::SetCookie),
    (b"setcookies", Class::SetCookie),
    (b"cookiehash", Class::Cookie),
    (b"devicecode", Class::Param),
    (b"setcookie", Class::SetCookie),
    (b"assertion", Class::Assertion),
    (b"sessionid", Class::Session),
    (b"cookie2", Class::Cookie),
    (b"cookies", Class::Cookie),
    (b"cookie", Class::Cookie),
    (b"apikey", Class::Header),
    (b"bearer", Class::Bearer),
    (b"sessid", Class::Session),
    (b"token", Class::WeakParam),
];

/// The last letters of each class's words, to tell most names from all of them at once.
const ENDINGS: [u32; CLASSES.len()] = {
    let mut endings = [0; CLASSES.len()];
    let mut k = 0;
    while k < CLASSES.len() {
        let words = CLASSES[k].0;
        let mut n = words.len() - 4;
        while n < words.len() {
            endings[k] = endings[k] << 8 | words[n] as u32;
            n += 1;
        }
        k += 1;
    }
    endings
};

/// What comes before `token` where a token is meant and not a word of a parser's.
const TOKENS: &[(&[u8], Class)] = &[
    (b"registrationaccess", Class::Param),
    (b"csrfmiddleware", Class::Header),
    (b"authentication", Class::Param),
    (b"authorization", Class::Param),
    (b"authenticity", Class::Header),
    (b"security", Class::Header),
    (b"refresh", Class::Param),
    (b"session", Class::Param),
    (b"subject", Class::Param),
    (b"private", Class::Param),
    (b"access", Class::Param),
    (b"bearer", Class::Param),
    (b"oauth2", Class::Param),
    (b"oauth", Class::Param),
    (b"actor", Class::Param),
    (b"auth", Class::Param),
    (b"csrf", Class::Header),
    (b"xsrf", Class::Header),
    (b"jwt", Class::Param),
    (b"id", Class::Param),
];

/// A key at an anchor: where it stands and what opened it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub class: Class,
    /// Bytes of the name before the anchor.
    back: usize,
    /// Where the name ends.
    end: usize,
    /// The quote right before the name.
    opener: Option<Quote>,
    /// The character before the name and its opener, past a string prefix: what the key
    /// stands in.
    context: u8,
    /// Bytes from the anchor back to before the opener.
    outset: usize,
    /// The percent-encoding depth of the text that the key stands in.
    level: u8,
    /// The name is the field's alone, with at most the prefixes that servers give it.
    exact: bool,
}

/// How a value is enclosed, which decides where it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The quote that closes the value, or the text it stands in.
    pub quote: Option<Quote>,
    /// The quote was opened right before the value and not before its key.
    pub own_quote: bool,
    /// The bracket that closes it, or 0.
    pub close: u8,
    /// The quote is inside another string, whose escaping may have doubled the backslashes.
    pub nested: bool,
    /// The value is a header's at the start of a line: blanks are content.
    pub line: bool,
    /// `{Name=value, Name=value}` without quotes: a comma, a name and `=` end it.
    pub map: bool,
    /// The key may be a keyword argument's or a field's name in source code.
    pub call: bool,
    /// The percent-encoding depth of the text around the value.
    pub level: u8,
    /// That text writes blanks as `+`.
    pub plus: bool,
}

/// The separator between a key and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    /// `=` with nothing around it, as in a query.
    Compact,
    /// `:`, `=>`, ` = ` and their like.
    Spaced,
    /// A comma between two strings: a tuple, or a flat list of names and values. The
    /// value has to look like one.
    Comma,
}

/// The way from a key to its value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// No value belongs to the key.
    None,
    /// The value is at `at`.
    Value { at: usize, frame: Frame, separator: Separator },
    /// A list of values opens before `at`; `close` closes it.
    List { at: usize, close: u8, quoted: bool, level: u8 },
    /// A map of names and values opens before `at`.
    Map { at: usize, close: u8 },
    /// An object that describes a cookie opens before `at`.
    Objects { at: usize, close: u8 },
    /// The line ended at `at` and the value is on the next.
    NextLine { at: usize, separator: Separator, named: bool, level: u8 },
}

impl Frame {
    /// Whether `unit` is outside the percent-encoded text that the frame is in.
    pub fn excludes(&self, unit: Unit) -> bool {
        self.level > 0
            && unit.enc == Enc::Raw
            && matches!(unit.ch, 0..=b' ' | b'&' | b'"' | b'<' | b'>' | b'#')
    }

    /// Whether `unit` is `#012` inside of a string, which has its own way to write a line's end.
    pub fn has_as_content(&self, unit: Unit) -> bool {
        self.own_quote && unit.enc == Enc::Code(0)
    }

    /// Nothing of its own: a value in text that is percent-encoded to `level`.
    pub fn within(level: u8) -> Frame {
        Frame { level, plus: level > 0, ..Frame::default() }
    }
}

impl Key {
    /// The key around the anchor `at..at + len`, whose name `classify` knows.
    pub fn with(
        text: &Text,
        at: usize,
        len: usize,
        classify: impl FnOnce(&[u8]) -> Option<(Class, bool)>,
    ) -> Step<Option<Key>> {
        let mut back = 0;
        while back <= MAX_NAME && is_name(text.before(at, back + 1)) {
            back += 1;
        }
        back -= residue(text, at, back);
        let mut end = at + len;
        while is_name(text.at(end)?) {
            end += 1;
            if end - at > MAX_NAME {
                return Ok(None);
            }
        }
        if back + end - at > MAX_NAME {
            return Ok(None);
        }
        let mut copy = [0u8; MAX_NAME];
        let name = if back <= at {
            &text.window()[at - back..end]
        } else {
            // The name started in text that is settled.
            let length = back + end - at;
            for (k, slot) in copy[..length].iter_mut().enumerate() {
                *slot =
                    if k < back { text.before(at, back - k) } else { text.window()[at + k - back] };
            }
            &copy[..length]
        };
        let Some((class, exact)) = classify(name) else { return Ok(None) };
        // `next page token: 8f3b`: where to go on, and no secret.
        if class == Class::WeakParam
            && [&b"page "[..], b"next ", b"continuation ", b"pagination "]
                .iter()
                .any(|word| text.ends_before(at, back, word))
        {
            return Ok(None);
        }
        // `[REDACTED:authorization:9f86d081]` names the rule that hid a value, and has none.
        if text.ends_before(at, back, b"[redacted:") {
            return Ok(None);
        }
        let unit = text.unit_before(at, back);
        let mut opener = unit.quote();
        let mut outset = back;
        let mut context = unit;
        // `"http.request.header.cookie"`: the last part of a quoted path.
        if opener.is_none()
            && matches!(unit.ch, b'.' | b'/' | b':')
            && let Some(quote) = text.unit(end)?.quote()
        {
            let mut start = back;
            while start < MAX_OUTSET / 2
                && (is_name(text.before(at, start + 1))
                    || matches!(text.before(at, start + 1), b'.' | b'/' | b':' | b'@'))
            {
                start += 1;
            }
            let path = start;
            start -= residue(text, at, start);
            let before = text.unit_before(at, start);
            if start == path && before.quote() == Some(quote) {
                (opener, outset, context) = (Some(quote), start, before);
            }
        }
        if opener.is_some() {
            outset += context.len;
            context = text.unit_before(at, outset);
            // `""` on both sides: a CSV field doubles the quotes in it.
            if opener == Some(DOUBLE)
                && context.quote() == opener
                && text.at(end)? == b'"'
                && text.at(end + 1)? == b'"'
            {
                outset += 1;
                context = text.unit_before(at, outset);
            }
            // `\\""`: JSON in a JSON string in a CSV field.
            if opener == Some(DOUBLE)
                && let Some(quote) = context.quote()
                && quote.ch == b'"'
                && matches!(quote.enc, Enc::Slash(_))
            {
                opener = Some(quote);
                outset += context.len;
                context = text.unit_before(at, outset);
            }
            // b'..', u'..': the prefix of a Python string.
            if matches!(context.ch, b'b' | b'u' | b'B' | b'U' | b'@')
                && !is_name(text.unit_before(at, outset + 1).ch)
            {
                outset += 1;
                context = text.unit_before(at, outset);
            }
        }
        // Colours stand between anything.
        while context.enc == Enc::Ansi && outset < MAX_OUTSET {
            outset += context.len;
            context = text.unit_before(at, outset);
        }
        // A plain double quote is in no percent-encoded text, and so ends it.
        let level = match opener {
            Some(Quote { ch: b'"', enc: Enc::Raw }) => 0,
            opener => opener.map_or(0, Quote::level).max(context.level()),
        };
        // Percent-encoded text starts at its first character, whatever is before it.
        let starts = opener.is_some_and(|opener| opener.level() > context.level());
        let context = if starts { b'\n' } else { context.ch };
        Ok(Some(Key { class, back, end, opener, context, outset, level, exact }))
    }

    /// Where the name ends.
    pub fn end(&self) -> usize {
        self.end
    }

    /// Whether the name is in quotes.
    pub fn is_quoted(&self) -> bool {
        self.opener.is_some()
    }

    /// Whether the name is that of the header itself.
    pub fn is_exact(&self) -> bool {
        self.exact
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

    /// Reads from the key's end to its value.
    pub fn way(&self, text: &Text, anchor: usize) -> Step<Way> {
        let mut at = self.end;
        let mut quoted = false;
        let mut level = self.level;
        // 1. The key's own closer.
        let unit = text.unit(at)?;
        let mut doubled = false;
        if let (Some(opener), Some(_)) = (self.opener, unit.quote()) {
            if opener.closed_by(unit).is_none() {
                return Ok(Way::None);
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
        // 2. The separator.
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
        let unit = text.unit(at)?;
        if unit.enc == Enc::Ansi {
            return Ok(Way::None);
        }
        // `grant_type=refresh_token :`: the key is a value itself.
        if spaced && !quoted && self.context == b'=' {
            return Ok(Way::None);
        }
        let following = text.unit(at + unit.len)?;
        let next = following.ch;
        let mut separator = Separator::Spaced;
        match unit.ch {
            b':' if unit.enc == Enc::Raw || unit.level() > 0 => {
                if next == b':' {
                    return Ok(Way::None);
                }
                at += unit.len + if next == b'=' { following.len } else { 0 };
                level = level.max(unit.level());
            }
            b'=' => {
                // `==` and `=~` compare.
                if matches!(next, b'=' | b'~') {
                    return Ok(Way::None);
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
                return Ok(Way::Value { at: at + unit.len, frame, separator: Separator::Compact });
            }
            b',' | b';' | b'|' if quoted && unit.level() <= level => {
                at += unit.len;
                if unit.ch == b';' {
                    // PHP's serialize: s:13:"Authorization";s:8:"Bearer T";
                    match serialized(text, at)? {
                        Some(value) => at = value,
                        None => return Ok(Way::None),
                    }
                } else {
                    let value = text.skip_blanks(at, level)?;
                    if let Some(value) = value_key(text, value)? {
                        at = value;
                    } else if text.unit(value)?.is_newline() {
                        let named = self.is_named(text, anchor);
                        if !self.in_sequence() && !named {
                            return Ok(Way::None);
                        }
                        return Ok(match newline(text, value)? {
                            Some(at) => {
                                Way::NextLine { at, separator: Separator::Comma, named, level }
                            }
                            None => Way::None,
                        });
                    } else if self.in_sequence() {
                        separator = Separator::Comma;
                    } else {
                        return Ok(Way::None);
                    }
                }
            }
            b',' if !quoted && self.opener.is_none() && next == b' ' && unit.level() <= level => {
                // .NET's [Authorization, Bearer T]
                if self.context == b'[' {
                    let frame = Frame { close: b']', line: true, ..Frame::within(level) };
                    let at = text.skip_blanks(at + unit.len, level)?;
                    return Ok(Way::Value { at, frame, separator: Separator::Comma });
                }
                // {name: Authorization, value: Bearer T}
                match value_key(text, text.skip_blanks(at + unit.len, level)?)? {
                    Some(value) => at = value,
                    None => return Ok(Way::None),
                }
            }
            b'v' | b'V' if spaced && self.context != b'<' => match value_key(text, at)? {
                Some(value) => at = value,
                None => return Ok(Way::None),
            },
            // `- name: ACCESS_TOKEN` and `value: T` on the next line: YAML.
            b'\n' | b'\r' if !quoted && self.is_named(text, anchor) => {
                return Ok(match newline(text, at)? {
                    Some(at) => Way::NextLine { at, separator, named: true, level },
                    None => Way::None,
                });
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
                return Ok(Way::Map { at: at + 1, close: b'}' });
            }
            b'[' if spaced
                && (noun
                    || self.class == Class::SetCookie
                    || self.class == Class::Cookie
                        && text.ends_before(self.end, 0, b"cookies")) =>
            {
                return Ok(open(text, at, Separator::Spaced, level)?.unwrap_or(Way::None));
            }
            // `Cookie(version=0, name='sid', value='T', ...)`, `Cookie[name=sid,value=T]`.
            b'(' | b'[' | b'{' | b'@'
                if !quoted && matches!(self.class, Class::Cookie | Class::CookieLike) =>
            {
                return object(text, at);
            }
            b'n' | b'v' if spaced && !quoted && self.context == b'<' && describes(text, at)? => {
                return Ok(Way::Objects { at, close: b'>' });
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
            b'<' if !spaced && !quoted && self.context == b'>' && next == b'/' => {
                return Ok(match past_tags(text, at)? {
                    Some(at) => open(text, at, Separator::Spaced, level)?.unwrap_or(Way::Value {
                        at,
                        frame: Frame { close: b'<', ..Frame::within(level) },
                        separator: Separator::Spaced,
                    }),
                    None => Way::None,
                });
            }
            b'>' if quoted && !spaced && self.is_named(text, anchor) => {
                let frame = Frame { close: b'<', ..Frame::default() };
                return Ok(Way::Value { at: at + unit.len, frame, separator });
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
            // `name="access_token" type="hidden" value="T"`.
            _ if spaced
                && quoted
                && unit.ch.is_ascii_lowercase()
                && self.is_named(text, anchor) =>
            {
                match past_attributes(text, at)? {
                    Some(value) => at = value,
                    None => return Ok(Way::None),
                }
            }
            // multipart/form-data: name="access_token", an empty line, the value.
            b'\r' | b'\n' if quoted && text.ends_before(anchor, self.outset, b"; name=") => {
                let Some(line) = newline(text, at)? else { return Ok(Way::None) };
                let Some(at) = newline(text, line)? else { return Ok(Way::None) };
                let frame = Frame { line: true, ..Frame::within(level) };
                return Ok(Way::Value { at, frame, separator: Separator::Compact });
            }
            // curl's `Added cookie sid="T" for domain example.com`.
            _ if spaced
                && self.class == Class::Cookie
                && [&b"added "[..], b"replaced "]
                    .iter()
                    .any(|word| text.ends_before(anchor, self.back, word)) =>
            {
                let frame = Frame { close: b'>', ..Frame::default() };
                return Ok(Way::Value { at, frame, separator: Separator::Spaced });
            }
            // `--access-token T`: an option and its argument.
            _ if spaced
                && self.back >= 2
                && (matches!(self.class, Class::Param | Class::Header | Class::WeakParam)
                    || is_keyed(self.class))
                && text.ends_before(anchor, self.back - 2, b"--") => {}
            // `<BinarySecurityToken ValueType="x">T</BinarySecurityToken>`
            _ if spaced && !quoted && self.in_tag(text, anchor) && has_attributes(text, at)? => {
                match past_tag(text, at)? {
                    Some(at) => {
                        let frame = Frame { close: b'<', ..Frame::default() };
                        return Ok(Way::Value { at, frame, separator: Separator::Compact });
                    }
                    // Python's <Cookie sid="T" for example.com/>.
                    None if self.context == b'<' && self.class == Class::Cookie => {
                        let frame = Frame { close: b'>', ..Frame::default() };
                        return Ok(Way::Value { at, frame, separator: Separator::Spaced });
                    }
                    None => return Ok(Way::None),
                }
            }
            // Python's <Cookie sid=T for example.com/>.
            _ if spaced && self.context == b'<' && self.class == Class::Cookie => {
                let frame = Frame { close: b'>', ..Frame::default() };
                return Ok(Way::Value { at, frame, separator: Separator::Spaced });
            }
            // `received cookie sid=T from client`.
            _ if spaced
                && !quoted
                && matches!(self.class, Class::Cookie | Class::SetCookie)
                && VERBS.iter().any(|verb| text.ends_before(anchor, self.back, verb))
                && is_evident(text, at)? =>
            {
                let frame = Frame { close: b'>', ..Frame::default() };
                return Ok(Way::Value { at, frame, separator: Separator::Spaced });
            }
            _ => return Ok(Way::None),
        }
        // 3. The value's opener.
        let after_separator = at;
        at = text.skip_blanks(at, level)?;
        if at > after_separator && separator == Separator::Compact {
            separator = Separator::Spaced;
        }
        if doubled && text.at(at)? == b'"' && text.at(at + 1)? == b'"' {
            let quote = Quote { ch: b'"', enc: Enc::Raw };
            let frame = Frame { quote: Some(quote), own_quote: true, ..Frame::default() };
            return Ok(Way::Value { at: at + 2, frame, separator });
        }
        let at = skip_type(text, at)?;
        let unit = text.unit(at)?;
        if unit.is_newline() {
            let header = matches!(
                self.class,
                Class::Cookie | Class::SetCookie | Class::Authorization | Class::Header
            );
            return Ok(match newline(text, at)? {
                Some(at)
                    if quoted
                        || bracketed
                        || header && past_marker(text, text.skip_blanks(at, level)?)?.is_some() =>
                {
                    Way::NextLine { at, separator, named: false, level }
                }
                _ => Way::None,
            });
        }
        if (quoted || bracketed)
            && let Some(at) = past_array(text, at)?
        {
            return Ok(Way::NextLine { at, separator, named: false, level });
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
                return Ok(Way::None);
            }
        }
        if let Some(way) = open(text, at, separator, level)? {
            return Ok(way);
        }
        // 4. No opener of its own: what encloses the key encloses the value.
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
                let blank = is_blank(unit.ch) || unit.ch == b'+' && self.level > 0;
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
        if text.has_word(at, noun)? && matches!(text.at(at + noun.len())?, b':' | b'=' | b' ') {
            return Ok(at + noun.len());
        }
    }
    Ok(at)
}

/// Whether a string that `quote` opened before `at` is base64 of some length, and not an
/// expression between two strings.
fn is_base64(text: &Text, at: usize, quote: Unit) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_BASE64
        && (is_name(text.at(end)?) || matches!(text.at(end)?, b'+' | b'/' | b'=' | b'.'))
    {
        end += 1;
    }
    let unit = text.unit(end)?;
    let closes = quote.quote().is_some_and(|quote| quote.closed_by(unit).is_some());
    Ok(end - at >= 16 && (closes && text.at(end - 1)? != b'+' || end - at == MAX_BASE64))
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

/// Whether `name="` is at `at`.
fn has_attributes(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_NAME && (is_name(text.at(end)?) || text.at(end)? == b':') {
        end += 1;
    }
    Ok(end > at && text.at(end)? == b'=' && text.unit(end + 1)?.quote().is_some())
}

/// Past the tag whose attributes are at `at`, if it is one that opens an element.
fn past_tag(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    while text.at(end)? != b'>' {
        if end - at > MAX_TAG || matches!(text.at(end)?, b'<' | b'\n') {
            return Ok(None);
        }
        end += 1;
    }
    Ok((text.at(end - 1)? != b'/').then_some(end + 1))
}

/// Past the tags, blanks and line ends at `at` between the cell of a table that names a value
/// and the value.
fn past_tags(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    while end - at < MAX_OUTSET {
        match text.at(end)? {
            b' ' | b'\t' | b'\r' | b'\n' if !text.is_past(end) => end += 1,
            b'<' => {
                while text.at(end)? != b'>' {
                    if end - at > MAX_OUTSET || text.at(end)? == b'\n' {
                        return Ok(None);
                    }
                    end += 1;
                }
                end += 1;
            }
            _ => return Ok(Some(end)),
        }
    }
    Ok(None)
}

/// Past `value=` or `content=` at `at`, or behind a few attributes with quotes that are there.
fn past_attributes(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut start = at;
    for _ in 0..4 {
        let mut end = start;
        while end - start < MAX_NAME && is_name(text.at(end)?) {
            end += 1;
        }
        let equals = text.unit(end)?;
        if equals.ch != b'=' || end == start {
            return Ok(None);
        }
        let inner = end + equals.len;
        if text.has_word(start, b"value=")? || text.has_word(start, b"content=")? {
            return Ok(Some(inner));
        }
        let Some(quote) = text.unit(inner)?.quote() else { return Ok(None) };
        end = inner + text.unit(inner)?.len;
        loop {
            let unit = text.unit(end)?;
            if unit.is_newline() || end - inner > MAX_NAME {
                return Ok(None);
            }
            end += unit.len;
            if quote.closed_by(unit).is_some() {
                break;
            }
        }
        start = text.skip_blanks(end, 0)?;
    }
    Ok(None)
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

/// The bracket that closes `open`.
pub(crate) fn closer(open: u8) -> u8 {
    match open {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        b'<' => b'>',
        _ => 0,
    }
}

/// What a value opens with at `at`: a quote, a list, a map; `None` when it stands bare.
/// The text is percent-encoded to `level`.
pub(crate) fn open(text: &Text, at: usize, separator: Separator, level: u8) -> Step<Option<Way>> {
    let unit = text.unit(at)?;
    if unit.level() > level.max(1) {
        return Ok(None);
    }
    if let Some(quote) = unit.quote() {
        let frame = Frame {
            quote: Some(quote),
            own_quote: true,
            ..Frame::within(level.max(quote.level()))
        };
        let mut at = at + unit.len;
        // `""T""`: a CSV field doubles the quotes in it.
        if unit.ch == b'"'
            && matches!(unit.enc, Enc::Raw | Enc::Slash(_))
            && text.at(at)? == b'"'
            && (text.at(at + 1)?.is_ascii_alphanumeric()
                || matches!(text.at(at + 1)?, b'_' | b'/' | b'~'))
        {
            at += 1;
        }
        // `"'T'"`: a string's own notation in a string.
        let unit = text.unit(at)?;
        if let Some(inner) = unit.quote()
            && quote.closed_by(unit).is_none()
            && is_enclosed(text, at + unit.len, inner, quote)?
        {
            let frame = Frame { quote: Some(inner), nested: true, ..frame };
            return Ok(Some(Way::Value { at: at + unit.len, frame, separator }));
        }
        return Ok(Some(Way::Value { at, frame, separator }));
    }
    let quoted = |at| -> Step<bool> { Ok(text.unit(at)?.quote().is_some()) };
    let bracket = unit.enc == Enc::Raw || unit.level() > 0;
    match unit.ch {
        // b'..', u"..", f'..', @"..": a prefix, then the quote.
        b'b' | b'B' | b'u' | b'U' | b'r' | b'R' | b'f' | b'F' | b'@' if unit.enc == Enc::Raw => {
            for skip in 1..=2 {
                if quoted(at + skip)? {
                    return open(text, at + skip, separator, level);
                }
                if !matches!(text.at(at + skip)?, b'r' | b'R' | b'b' | b'B') {
                    break;
                }
            }
            Ok(None)
        }
        // Some("..."), Optional("..."): a constructor around the string.
        b'S' | b'O' | b'J' if unit.enc == Enc::Raw => {
            for name in WRAPPERS.iter().copied() {
                if text.has_word(at, name)? && quoted(at + name.len())? {
                    return open(text, at + name.len(), separator, level);
                }
            }
            Ok(None)
        }
        b'[' if bracket => {
            let inner = at + unit.len;
            // Go's syntax for a slice of strings.
            let unit = text.unit(inner)?;
            if unit.ch == b']' && text.has_word(inner + unit.len, b"string")? {
                let brace = inner + unit.len + 6;
                let unit = text.unit(brace)?;
                if unit.ch == b'{' {
                    let at = brace + unit.len;
                    return Ok(Some(Way::List { at, close: b'}', quoted: true, level }));
                }
            }
            let first = text.skip_blanks(inner, level)?;
            let unit = text.unit(first)?;
            let prefixed = matches!(unit.ch, b'b' | b'u') && quoted(first + 1)?;
            let quoted = unit.quote().is_some() || unit.is_newline() || prefixed;
            Ok(Some(Way::List { at: inner, close: b']', quoted, level }))
        }
        b'<' if unit.enc == Enc::Raw && text.at(at + 1)? == b'<' && quoted(at + 2)? => {
            open(text, at + 2, separator, level)
        }
        b'{' if bracket => Ok(Some(Way::Map { at: at + unit.len, close: b'}' })),
        _ => Ok(None),
    }
}

/// Whether the text from `at` on ends with the `inner` quote and the `outer` one behind it.
fn is_enclosed(text: &Text, at: usize, inner: Quote, outer: Quote) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_REVERSED {
        let unit = text.unit(end)?;
        if unit.len == 0 || text.at(end)? == b'\n' || outer.closed_by(unit).is_some() {
            return Ok(false);
        }
        end += unit.len;
        if inner.closed_by(unit).is_some() {
            return Ok(outer.closed_by(text.unit(end)?) == Some(0));
        }
    }
    Ok(false)
}

/// What a language prints around a string that may be missing, or that is secret.
const WRAPPERS: &[&[u8]] = &[
    b"some(",
    b"optional(",
    b"secret(",
    b"secretstr(",
    b"secretstring(",
    b"string(",
    b"just ",
    b"ok(",
];

/// Past a declaration of what follows: `string(47) `, `str:`.
pub(crate) fn skip_type(text: &Text, at: usize) -> Step<usize> {
    if text.at(at)? != b's' || !text.has_word(at, b"string(")? {
        return Ok(at);
    }
    let mut end = at + 7;
    while end - at < 20 && text.at(end)?.is_ascii_digit() {
        end += 1;
    }
    if text.at(end)? == b')' && text.at(end + 1)? == b' ' { Ok(end + 2) } else { Ok(at) }
}

/// Past what stands before an element at `at` in a list of one a line: `- `, `[0] => `, `0 => `.
pub(crate) fn past_marker(text: &Text, at: usize) -> Step<Option<usize>> {
    match text.at(at)? {
        b'-' => Ok((text.at(at + 1)? == b' ').then_some(at + 2)),
        first @ (b'[' | b'0'..=b'9') => {
            let mut end = at + usize::from(first == b'[');
            let digits = end;
            while end - digits < 4 && text.at(end)?.is_ascii_digit() {
                end += 1;
            }
            if end == digits || first == b'[' && text.at(end)? != b']' {
                return Ok(None);
            }
            end = text.skip_blanks(end + usize::from(first == b'['), 0)?;
            if text.at(end)? != b'=' {
                return Ok(None);
            }
            let unit = text.unit(end + 1)?;
            if unit.ch != b'>' {
                return Ok(None);
            }
            end = text.skip_blanks(end + 1 + unit.len, 0)?;
            match newline(text, end)? {
                Some(line) => Ok(Some(text.skip_blanks(line, 0)?)),
                None => Ok(Some(end)),
            }
        }
        _ => Ok(None),
    }
}

/// Past the line on which PHP opens an array at `at`: `Array` and `(` below it, `array(1) {`.
pub(crate) fn past_array(text: &Text, at: usize) -> Step<Option<usize>> {
    if !matches!(text.at(at)?, b'a' | b'A') || !text.has_word(at, b"array")? {
        return Ok(None);
    }
    let mut end = at + 5;
    if text.at(end)? == b'(' && text.at(end + 1)?.is_ascii_digit() {
        while text.at(end)? != b')' {
            if end - at > 16 {
                return Ok(None);
            }
            end += 1;
        }
        end += 1;
    }
    end = text.skip_blanks(end, 0)?;
    if let Some(line) = newline(text, end)? {
        end = text.skip_blanks(line, 0)?;
    }
    if !matches!(text.at(end)?, b'(' | b'{') {
        return Ok(None);
    }
    newline(text, text.skip_blanks(end + 1, 0)?)
}

/// Past `s:8:` at `at`, where PHP writes a string's length.
fn serialized(text: &Text, at: usize) -> Step<Option<usize>> {
    if text.at(at)? != b's' || text.at(at + 1)? != b':' {
        return Ok(None);
    }
    let mut end = at + 2;
    while end - at < 20 && text.at(end)?.is_ascii_digit() {
        end += 1;
    }
    Ok((text.at(end)? == b':').then_some(end + 1))
}

/// Past `"value":`, `value=` at `at`, in any quotes.
pub(crate) fn value_key(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut at = at;
    let unit = text.unit(at)?;
    let quote = unit.quote();
    if quote.is_some() {
        at += unit.len;
    }
    if !text.has_word(at, b"value")? {
        return Ok(None);
    }
    at += 5;
    if let Some(quote) = quote {
        let unit = text.unit(at)?;
        if quote.closed_by(unit) != Some(0) {
            return Ok(None);
        }
        at += unit.len;
    }
    let at = text.skip_blanks(at, 0)?;
    past_separator(text, at)
}

/// Past `:`, `=` or `=>` at `at`.
fn past_separator(text: &Text, at: usize) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    if !matches!(unit.ch, b':' | b'=') {
        return Ok(None);
    }
    let end = at + unit.len;
    let next = text.unit(end)?;
    Ok(Some(if next.ch == b'>' { end + next.len } else { end }))
}

/// Longest value that is read to see whether its name follows, in bytes.
const MAX_REVERSED: usize = 4096;

/// The string that is the value of `value` at `at`, behind the quote of that: where it starts,
/// what encloses it, and where its closer ends.
pub(crate) fn value_string(text: &Text, at: usize) -> Step<Option<(usize, Frame, usize)>> {
    let before = text.unit_before(at, 0);
    let Some(opener) = before.quote() else { return Ok(None) };
    let level = before.level();
    let unit = text.unit(at + 5)?;
    if opener.closed_by(unit) != Some(0) {
        return Ok(None);
    }
    let next = text.skip_blanks(at + 5 + unit.len, level)?;
    let Some(past) = past_separator(text, next)? else { return Ok(None) };
    let next = text.skip_blanks(past, level)?;
    let Some(Way::Value { at: value, frame, .. }) = open(text, next, Separator::Spaced, level)?
    else {
        return Ok(None);
    };
    let Some(quote) = frame.quote else { return Ok(None) };
    let mut end = value;
    loop {
        let unit = text.unit(end)?;
        if end - value > MAX_REVERSED || unit.len == 0 || text.at(end)? == b'\n' {
            return Ok(None);
        }
        end += unit.len;
        if quote.closed_by(unit).is_some() {
            return Ok(Some((value, frame, end)));
        }
    }
}

/// `"value": "T", "name": "Cookie"`: the name after its value. `at` is where the word
/// `value` stands, behind its quote.
pub(crate) fn reversed(text: &Text, at: usize, keyed: &Keyed) -> Step<Option<(Class, bool, Way)>> {
    let before = text.unit_before(at, 0);
    let Some(opener) = before.quote() else { return Ok(None) };
    let level = before.level();
    let Some((value, frame, mut end)) = value_string(text, at)? else { return Ok(None) };
    let separator = Separator::Spaced;
    let unit = text.unit(end)?;
    if unit.ch != b',' {
        return Ok(None);
    }
    end = text.skip_blanks(end + unit.len, level)?;
    if let Some(line) = newline(text, end)? {
        end = text.skip_blanks(line, level)?;
    }
    let unit = text.unit(end)?;
    if unit.quote() != Some(opener) || !text.has_word(end + unit.len, b"name")? {
        return Ok(None);
    }
    let closer = text.unit(end + unit.len + 4)?;
    if opener.closed_by(closer) != Some(0) {
        return Ok(None);
    }
    let name = text.skip_blanks(end + unit.len + 4 + closer.len, level)?;
    let Some(past) = past_separator(text, name)? else { return Ok(None) };
    let name = text.skip_blanks(past, level)?;
    let unit = text.unit(name)?;
    if unit.quote().is_none() {
        return Ok(None);
    }
    let from = name + unit.len;
    let mut to = from;
    while to - from < MAX_NAME && is_name(text.at(to)?) {
        to += 1;
    }
    if text.unit(to)?.quote().is_none() {
        return Ok(None);
    }
    let name = &text.window()[from..to];
    let Some((class, exact)) = classify(name).or_else(|| keyed.classify(name)) else {
        return Ok(None);
    };
    Ok(Some((class, exact, Way::Value { at: value, frame, separator })))
}

/// Past the line's end at `at`: CR, LF or both, as bytes or escapes.
pub(crate) fn newline(text: &Text, at: usize) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    if unit.len == 0 || !unit.is_newline() {
        return Ok(None);
    }
    let end = at + unit.len;
    if unit.ch == b'\r' {
        let next = text.unit(end)?;
        if next.ch == b'\n' {
            return Ok(Some(end + next.len));
        }
        return Ok((unit.enc != Enc::Raw).then_some(end));
    }
    Ok(Some(end))
}

/// Past the opener of the string that goes on with the one that is closed at `at`, on the next
/// line, as Python's `pprint` breaks long ones.
pub(crate) fn continuation(text: &Text, at: usize, quote: Option<Quote>) -> Step<Option<usize>> {
    let unit = text.unit(at)?;
    let Some(quote) = quote.filter(|quote| quote.closed_by(unit) == Some(0)) else {
        return Ok(None);
    };
    let Some(line) = newline(text, at + unit.len)? else { return Ok(None) };
    let start = text.skip_blanks(line, 0)?;
    let unit = text.unit(start)?;
    Ok((start > line && unit.quote() == Some(quote)).then_some(start + unit.len))
}

/// How many of the `back` name bytes before `at` belong to an escape that stands before the
/// name: the `22` of `%22`, the `n` of `\n`, the `0m` of a colour.
fn residue(text: &Text, at: usize, back: usize) -> usize {
    let name = |k: usize| text.before(at, back - k);
    let is_hex = |k: usize| k < back && hex(name(k)).is_some();
    match text.before(at, back + 1) {
        // `#012Cookie`.
        b'#' if back >= 3
            && (name(0), name(1)) == (b'0', b'1')
            && matches!(name(2), b'1' | b'2' | b'5') =>
        {
            3
        }
        b'%' => {
            let mut k = 0;
            while k + 4 <= back
                && name(k) == b'2'
                && name(k + 1) == b'5'
                && is_hex(k + 2)
                && is_hex(k + 3)
            {
                k += 2;
            }
            if !(is_hex(k) && is_hex(k + 1)) {
                return 0;
            }
            // `%5Cn`: a backslash, and what it escapes.
            let escape = name(k) == b'5'
                && matches!(name(k + 1), b'C' | b'c')
                && k + 2 < back
                && matches!(name(k + 2), b'n' | b'r' | b't');
            k + 2 + usize::from(escape)
        }
        b'\\' if back > 0 => match name(0) {
            b'u' if (1..5).all(is_hex) => 5,
            b'x' if (1..3).all(is_hex) => 3,
            b'n' | b'r' | b't' => 1,
            b'0'..=b'3' if back >= 3 && (1..3).all(is_hex) => 3,
            _ => 0,
        },
        b'[' | b';' if back > 0 => {
            let mut k = 0;
            while k < back && name(k).is_ascii_digit() {
                k += 1;
            }
            if k == back || name(k) != b'm' {
                return 0;
            }
            let mut m = back + 1;
            while m < back + 24 && matches!(text.before(at, m), b'0'..=b'9' | b';') {
                m += 1;
            }
            let escape = text.before(at, m) == b'['
                && (text.before(at, m + 1) == 0x1b
                    || [&b"\\u001b"[..], b"\\x1b", b"\\033", b"\\e"]
                        .iter()
                        .any(|word| text.ends_before(at, m, word)));
            if escape { k + 1 } else { 0 }
        }
        _ => 0,
    }
}

/// The names seen last and their classes: a log has the same few on every line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    seen: [Seen; 32],
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    name: [u8; 24],
    len: usize,
    class: Option<(Class, bool)>,
}

impl Names {
    pub fn classify(&mut self, name: &[u8]) -> Option<(Class, bool)> {
        self.remember(name, classify)
    }

    /// What `classify` makes of `name`, which is asked once for each name of those seen last.
    pub fn remember(
        &mut self,
        name: &[u8],
        classify: impl FnOnce(&[u8]) -> Option<(Class, bool)>,
    ) -> Option<(Class, bool)> {
        let (Some(&first), Some(&last)) = (name.first(), name.last()) else { return None };
        // The keys of a log differ in length, in case, and in how they begin and end.
        let middle = name[name.len() / 2];
        let sum = u32::from_le_bytes([name.len() as u8, first, middle, last]);
        // Fibonacci hashing: the product's highest bits depend on all of them.
        let seen = &mut self.seen[(sum.wrapping_mul(0x9e37_79b1) >> 27) as usize];
        if name.len() > seen.name.len() {
            return classify(name);
        }
        if &seen.name[..seen.len] != name {
            seen.name[..name.len()].copy_from_slice(name);
            (seen.len, seen.class) = (name.len(), classify(name));
        }
        seen.class
    }
}

/// The class of `name`, by its last words, and whether it is the field's own name.
pub(super) fn classify(name: &[u8]) -> Option<(Class, bool)> {
    let ending = ending(name);
    let mut found = None;
    for (&(suffix, class), _) in CLASSES.iter().zip(&ENDINGS).filter(|(_, of)| **of == ending) {
        let Some(rest) = strip_letters(name, suffix) else { continue };
        let token = suffix == b"token";
        // `accesstoken` has no boundary before its last word.
        let kind = TOKENS
            .iter()
            .filter(|_| token)
            .find_map(|&(words, class)| Some((class, strip_words(&name[..rest], words)?)));
        found = match kind {
            Some((class, rest)) => Some((suffix, class, rest)),
            // JSESSIONID, phpsessid.
            None if class == Class::Session || is_boundary(name, rest) => {
                Some((suffix, class, rest))
            }
            None => continue,
        };
        break;
    }
    let (suffix, class, rest) = found?;
    let token = suffix == b"token";
    // What is before them, spelled the same way.
    let mut words = [0u8; MAX_NAME];
    let mut len = 0;
    for &byte in name[..rest].iter().filter(|byte| !matches!(byte, b'-' | b'_')) {
        *words.get_mut(len)? = byte.to_ascii_lowercase();
        len += 1;
    }
    let prefix = &words[..len];
    let header = HEADERS.contains(&prefix);
    let extension = matches!(name, [b'x' | b'X', b'-' | b'_', ..]) || prefix.starts_with(b"httpx");
    let class = match class {
        Class::Cookie if header || suffix != b"cookie" => Class::Cookie,
        Class::Cookie => Class::CookieLike,
        // X-Subject-Token, X-Vault-Token: a header of that shape is a credential.
        Class::Param | Class::WeakParam if extension && token => Class::Header,
        Class::WeakParam if token && !prefix.is_empty() => return None,
        // Whose key it is matters: `X-Api-Key` is a header, `keyboard_api_key` a setting.
        Class::Header if suffix == b"apikey" && !prefix.ends_with(b"x") => Class::WeakParam,
        Class::Bearer if !prefix.is_empty() => return None,
        Class::Session if !matches!(prefix, b"j" | b"php" | b"asp" | b"net") => return None,
        class => class,
    };
    Some((class, header && suffix != b"cookiehash"))
}

/// Prefixes that leave a header's name its own: CGI's, proxies', a logger's.
const HEADERS: &[&[u8]] = &[
    b"",
    b"simple",
    b"http",
    b"proxy",
    b"httpproxy",
    b"redirecthttp",
    b"req",
    b"request",
    b"resp",
    b"response",
    b"x",
    b"h",
    b"header",
    b"headers",
    b"xforwarded",
    b"xoriginal",
];

/// The last four letters of `name` that are not `-` or `_`.
fn ending(name: &[u8]) -> u32 {
    let mut ending = 0;
    let mut shift = 0;
    for &byte in name.iter().rev() {
        if matches!(byte, b'-' | b'_') {
            continue;
        }
        ending |= u32::from(byte.to_ascii_lowercase()) << shift;
        shift += 8;
        if shift == 32 {
            break;
        }
    }
    ending
}

/// Where `words` start in `name`, if it ends with them and they are words of their own.
fn strip_words(name: &[u8], words: &[u8]) -> Option<usize> {
    strip_letters(name, words).filter(|at| is_boundary(name, *at))
}

/// Where `letters` start in `name`, if it ends with them: in any case, with `-` and `_`
/// anywhere between.
pub(super) fn strip_letters(name: &[u8], letters: &[u8]) -> Option<usize> {
    let mut at = name.len();
    for &want in letters.iter().rev() {
        while matches!(name[..at].last()?, b'-' | b'_') {
            at -= 1;
        }
        at -= 1;
        if name[at].to_ascii_lowercase() != want {
            return None;
        }
    }
    Some(at)
}

/// Whether a word starts at `at` in `name`: its start, after `-` or `_`, or at a capital.
pub(super) fn is_boundary(name: &[u8], at: usize) -> bool {
    match name[..at].last() {
        None => true,
        Some(before) => {
            matches!(before, b'-' | b'_')
                || name[at].is_ascii_uppercase() && !before.is_ascii_uppercase()
        }
    }
}
