//! Keys, and the search from a key to its value.

use super::text::{Enc, Quote, Text, pattern};
use super::value::{Frame, is_end_of_message, is_pair};
use super::words;
use super::{class, constructor, known};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Authorization,
    Cookie,
    SetCookie,
    /// Ends in `cookie`, and is not the header.
    CookieLike,
    /// A header whose whole value is a credential.
    Header,
    /// An OAuth parameter.
    Param,
    /// A parameter with a common name: `token`.
    Weak,
    Assertion,
    Bearer,
    Session,
    /// `client_token`
    Client,
}

/// The separator between a key and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sep {
    /// `=` without spaces.
    Compact,
    Spaced,
    /// A comma: the value has to look like one.
    Comma,
}

#[derive(Clone, Copy, Debug)]
pub enum Target {
    Value {
        at: usize,
        frame: Frame,
        sep: Sep,
    },
    /// Values in brackets.
    List {
        at: usize,
        close: u8,
        quoted: bool,
        level: usize,
    },
    /// Names and values in brackets, or objects with a `value` each.
    Map {
        at: usize,
        close: u8,
        objects: bool,
    },
    NextLine {
        at: usize,
        sep: Sep,
        named: bool,
        level: usize,
    },
}

/// The class of a key by its name, and whether that is the header's own name.
pub fn classify(name: &[u8]) -> Option<(Class, bool)> {
    let name = name.strip_prefix(b"-D").unwrap_or(name);
    // 1. Its words, in lower case, split at `-`, `_` and capitals.
    let mut words: Vec<Vec<u8>> = vec![vec![]];
    for (k, &byte) in name.iter().enumerate() {
        let before = k.checked_sub(1).map_or(b'-', |k| name[k]);
        let last = name.get(k + 1).is_some_and(u8::is_ascii_lowercase);
        let hump = byte.is_ascii_uppercase() && (!before.is_ascii_uppercase() || last);
        if hump || matches!(before, b'-' | b'_') {
            words.push(vec![]);
        }
        if !matches!(byte, b'-' | b'_') {
            words.last_mut()?.push(byte.to_ascii_lowercase());
        }
    }
    // 2. The longest suffix of its words that is a known name.
    let (from, last, class) = (0..words.len()).find_map(|from| {
        let last = words[from..].concat();
        class(&last, name.contains(&b'-')).map(|class| (from, last, class))
    })?;
    let prefix = words[..from].concat();
    let header = pattern!(
        r"^(simple|(redirect)?http|proxy|httpproxy|req(uest)?|resp(onse)?|x|h|headers?|xforwarded|xoriginal|original|forwarded|upstream(http)?|downstream|backend|grpcgateway|grpcmetadata)?$"
    );
    let header = header.is_match(&prefix);
    let token = last.ends_with(b"token");
    let dashed = name.contains(&b'-');
    let extension = pattern!("^x[-_]").is_match(name) || prefix.starts_with(b"httpx");
    let class = match class {
        Class::Cookie if !header && last == b"cookie" => Class::CookieLike,
        Class::Param | Class::Weak if token && extension => Class::Header,
        Class::Header
            if last == b"apikey"
                && !pattern!("x$").is_match(&prefix)
                && !(dashed && (extension || pattern!("^(dd|xi)?$").is_match(&prefix))) =>
        {
            Class::Weak
        }
        Class::Header if last == b"secret" && !extension => return None,
        Class::Weak if last == b"token" && prefix == b"client" => Class::Client,
        Class::Weak if matches!(&prefix[..], b"job" | b"deploy") && dashed => Class::Header,
        Class::Weak | Class::Bearer if !prefix.is_empty() => return None,
        Class::Session
            if last.ends_with(b"id")
                && !pattern!(r"^(j|php|asp|net)sess").is_match(&[&prefix[..], &last].concat()) =>
        {
            return None;
        }
        class => class,
    };
    Some((class, header && last != b"cookiehash"))
}

fn class(name: &[u8], dashed: bool) -> Option<Class> {
    if pattern!(r"^(j|php|asp|net)?sess(ion)?id$").is_match(name) {
        return Some(Class::Session);
    }
    let name = name.strip_prefix(b"www").unwrap_or(name);
    let row = known::KNOWN.iter().find(|row| row.words == name)?;
    (row.kind == known::Kind::Any || dashed).then(|| Class::from(row.class))
}

impl From<class::Class> for Class {
    fn from(class: class::Class) -> Class {
        match class {
            class::Class::Authorization => Class::Authorization,
            class::Class::Cookie => Class::Cookie,
            class::Class::SetCookie => Class::SetCookie,
            class::Class::CookieLike => Class::CookieLike,
            class::Class::Header => Class::Header,
            class::Class::Param => Class::Param,
            class::Class::WeakParam => Class::Weak,
            class::Class::Assertion => Class::Assertion,
            class::Class::Bearer => Class::Bearer,
            class::Class::Session => Class::Session,
            class::Class::Client => Class::Client,
            other => unreachable!("{other:?} is no class of the table"),
        }
    }
}

/// The key that starts at `at`: the end of its name, its class, and whether that is the header's own name.
pub fn at(text: &Text, at: usize) -> Option<(usize, Class, bool)> {
    if at.checked_sub(1).is_some_and(|before| is_name(text.raw(before))) {
        return None;
    }
    let name = |at: usize| text.find_raw(at, pattern!("^[a-z0-9_-]+")).filter(|end| end - at <= 64);
    if let Some(end) = text.find_raw(at, pattern!(r"^(connect\.sid|device code)"))
        && !is_name(text.raw(end))
    {
        let class = if text.raw[at..end].contains(&b'.') { Class::Session } else { Class::Param };
        return Some((end, class, false));
    }
    let end = name(at)?;
    // Two words.
    let phrase = |first: usize, between: usize, end: usize| {
        known::PHRASES.iter().find(|phrase| {
            text.raw[first..between].eq_ignore_ascii_case(phrase.first)
                && text.raw[between + 1..end].eq_ignore_ascii_case(phrase.last)
        })
    };
    if matches!(text.raw(end), b'.' | b' ')
        && let Some(last) = name(end + 1)
        && let Some(phrase) = phrase(at, end, last)
    {
        return Some((last, Class::from(phrase.class), false));
    }
    // The second of two words is not a separate key.
    let before = text.raw[..at].iter().rev().skip(1).take_while(|raw| is_name(**raw)).count();
    if at > before
        && matches!(text.raw(at - 1), b'.' | b' ')
        && phrase(at - 1 - before, at - 1, end).is_some()
    {
        return None;
    }
    if let Some(class) = beside(text, at, end) {
        return Some((end, class, false));
    }
    let (class, exact) = classify(&text.raw[at..end])?;
    Some((end, class, exact))
}

/// The class of a parameter that is a key because of another parameter of the same query.
fn beside(text: &Text, name: usize, end: usize) -> Option<Class> {
    let row =
        known::QUERY_KEYS.iter().find(|row| text.raw[name..end].eq_ignore_ascii_case(row.name))?;
    let start = text.before(name);
    let starts = start <= b' ' || b"?&#\"',".contains(&start) || text.ends(name, pattern!("&$"));
    if !starts || text.ch(end) != b'=' {
        return None;
    }
    if row.others.is_empty() {
        return b"?&".contains(&start).then(|| Class::from(row.class));
    }
    let stops = |k: usize| text.raw(k) != 0 && text.ch(k) <= b' ' || b"\"'<>".contains(&text.ch(k));
    let from = (0..name).rev().find(|k| stops(*k)).map_or(0, |k| k + 1);
    let to = (end..text.len()).find(|k| stops(*k)).unwrap_or(text.len());
    let is_other = |k: usize, starts: &[u8]| {
        starts.contains(&text.before(k))
            && row.others.iter().any(|other| {
                let equals = k + other.len();
                text.raw.get(k..equals).is_some_and(|name| name.eq_ignore_ascii_case(other))
                    && text.raw(equals) == b'='
            })
    };
    let others = row.others.join(&b"|"[..]);
    let parameter =
        format!(r"(?i-u)(?:{})=[a-z0-9;_-]*,[ ]{{0,4}}$", String::from_utf8_lossy(&others));
    let parameter = regex::bytes::Regex::new(&parameter).expect("a pattern");
    if parameter.is_match(&text.raw[..name]) {
        return Some(Class::from(row.class));
    }
    let found = (from..name).any(|k| is_other(k, b"?&#;\0\t\r\n \"'"))
        || (end..to).any(|k| is_other(k, b"&"));
    found.then(|| Class::from(row.class))
}

/// The text around a key.
pub struct Place {
    /// The quote before it.
    pub opener: Option<Quote>,
    /// The character before the name and its quote, and its position.
    pub context: u8,
    pub outset: usize,
    level: usize,
}

impl Place {
    fn new(text: &Text, name: usize, end: usize) -> Place {
        let mut opener = name.checked_sub(1).and_then(|k| text.quote(k));
        let mut outset = name - usize::from(opener.is_some());
        // The last part of a quoted path.
        if opener.is_none() && text.quote(end).is_some() && b"./: ".contains(&text.before(name)) {
            let part = |raw: &u8| is_name(*raw) || b"./:@ ".contains(raw);
            let words = pattern!("^[^ ]*( [^ ]*){0,3}$");
            let length = text.raw[..name].iter().rev().take_while(|raw| part(raw)).count();
            let length = if words.is_match(&text.raw[name - length..name]) { length } else { 0 };
            let quote = (name - length).checked_sub(1);
            if let Some(quote) = quote.filter(|k| text.quote(*k) == text.quote(end)) {
                (opener, outset) = (text.quote(quote), quote);
            }
        }
        // A name that is coloured inside its quotes.
        let closer = text.quote(text.colours(end));
        if opener.is_none() && closer.is_some() && name > 0 && text.enc(name - 1) == Enc::Ansi {
            let colours = (0..name).rev().take_while(|k| text.enc(*k) == Enc::Ansi).count();
            let quote = (name - colours).checked_sub(1);
            if let Some(quote) = quote.filter(|k| text.quote(*k) == closer) {
                (opener, outset) = (closer, quote);
            }
        }
        // `\\""`
        let plain = Some(Quote { ch: b'"', enc: Enc::Raw });
        if opener == plain
            && outset > 0
            && text.raw(outset - 1) == b'"'
            && text.raw(end) == b'"'
            && text.raw(end + 1) == b'"'
        {
            outset -= 1;
        }
        if opener == plain
            && outset > 0
            && text.ch(outset - 1) == b'"'
            && matches!(text.enc(outset - 1), Enc::Slash(_))
        {
            opener = text.quote(outset - 1);
            outset -= 1;
        }
        // The prefix of a Python string.
        if opener.is_some()
            && b"buBU@".contains(&text.before(outset))
            && !is_name(text.before(outset - 1))
        {
            outset -= 1;
        }
        while outset > 0 && text.enc(outset - 1) == Enc::Ansi {
            outset -= 1;
        }
        let around = outset.checked_sub(1).map_or(0, |k| text.level(k));
        let inner = opener.map_or(0, |opener| super::text::level(opener.enc));
        let context = if inner > around { b'\n' } else { text.before(outset) };
        let plain = opener == Some(Quote { ch: b'"', enc: Enc::Raw })
            || matches!(opener, Some(Quote { enc: Enc::Entity(_) | Enc::EntitySlash(..), .. }));
        Place { opener, context, outset, level: if plain { 0 } else { inner.max(around) } }
    }

    /// Whether the key is the value of `name` or `key`.
    pub fn is_named(&self, text: &Text) -> bool {
        text.ends(self.outset, pattern!(r#"(name|key|header)[ \t+"'`\\]{0,15}[:=][ \t+]{0,15}$"#))
            || text.ends(
                self.outset,
                pattern!(r#"(name|key|header)["'`]?[ \t+]*[:=][ \t+]*["'`\\]*$"#),
            )
    }

    /// Whether it can be an element of a tuple, and does not end a path.
    fn in_sequence(&self, text: &Text, name: usize) -> bool {
        let path = name > 0 && matches!(text.ch(name - 1), b'/' | b':');
        !path && (self.context <= b' ' || b"([{,+<\"'`".contains(&self.context))
    }

    /// Whether it starts the line of a header, possibly after the mark of a transcript.
    pub fn starts_line(&self, text: &Text) -> bool {
        if matches!(self.context, b'\n' | b'\r') {
            return true;
        }
        let line = &text.ch[..self.outset];
        let blanks = line.iter().rev().take_while(|ch| matches!(ch, b' ' | b'\t')).count();
        if blanks == 0 {
            return false;
        }
        let mark = self.outset - blanks;
        mark == 0
            || text.is_newline(mark - 1)
            || text.before(mark) == b':' && text.before(mark - 1) == b']'
            || matches!(text.enc(mark - 1), Enc::Code(_)) && b"<>".contains(&text.ch(mark - 1))
            || b"<>*|".contains(&text.ch(mark - 1)) && b"\r\n<>\"".contains(&text.before(mark - 1))
    }
}

pub fn is_name(ch: u8) -> bool {
    ch.is_ascii_alphanumeric() || matches!(ch, b'_' | b'-')
}

/// The value of the key `name..end`.
pub fn find_value(
    text: &Text,
    name: usize,
    end: usize,
    class: Class,
    exact: bool,
) -> Option<Target> {
    let cursor = pattern!("(page|next|continuation|pagination) $");
    let package =
        matches!(class, Class::Cookie | Class::SetCookie) && name > 0 && text.raw(name - 1) == b'/';
    let scoped = class == Class::Authorization && text.ends(name, pattern!("::$"));
    if class == Class::Weak && text.ends(name, cursor) || package || scoped {
        return None;
    }
    let mut key = Key { place: Place::new(text, name, end), name, end, class, exact };
    // 1. The closing quote of the key, and of a wrapper around it.
    let mut cursor = past_closers(text, &key)?;
    unwrap(text, &mut key, &mut cursor);
    // 2. The separator, or words.
    let is_value =
        cursor.spaced && !cursor.quoted && key.place.opener.is_none() && key.place.context == b'=';
    let separator = if is_value { None } else { past_separator(text, &key, &mut cursor) };
    let words = || words::SHAPES.iter().find_map(|shape| shape.past(text, &key, &mut cursor));
    let passed = separator.or_else(words);
    match passed? {
        Passed::Yes => {}
        Passed::Target(target) => return target,
    }
    past_opener(text, &key, cursor)
}

/// A key.
pub struct Key {
    pub place: Place,
    pub name: usize,
    pub end: usize,
    pub class: Class,
    pub exact: bool,
}

/// The position of the search.
#[derive(Clone, Copy)]
pub struct Cursor {
    /// The end of the key's closing quotes and brackets.
    pub closed: usize,
    pub at: usize,
    pub quoted: bool,
    pub doubled: bool,
    pub bracketed: bool,
    pub spaced: bool,
    pub sep: Sep,
    pub level: usize,
}

/// The result of a step: continue, or the value, if there is one.
pub enum Passed {
    Yes,
    Target(Option<Target>),
}

fn past_closers(text: &Text, key: &Key) -> Option<Cursor> {
    let level = key.place.level;
    let mut at = key.end;
    if key.place.opener.is_some() {
        at = text.colours(at);
    }
    let (mut quoted, mut doubled, mut bracketed) = (false, false, false);
    if let (Some(opener), Some(_)) = (key.place.opener, text.quote(at)) {
        text.closes(opener, at)?;
        quoted = true;
        at += 1;
        let raw = Quote { ch: b'"', enc: Enc::Raw };
        let backtick = Quote { ch: b'`', enc: Enc::Raw };
        if opener == raw && text.ends(key.name, pattern!("\"\"$")) && text.raw(at) == b'"'
            || opener == backtick && text.ends(key.name, pattern!("``$")) && text.raw(at) == b'`'
        {
            doubled = true;
            at += 1;
        }
        let slashes = matches!(opener.enc, Enc::Slash(_));
        if slashes && text.raw(at) == b'"' && text.raw(key.name - 1) == b'"' {
            at += 1;
        }
    }
    at = text.colours(at);
    if text.ch(at) == b']' && key.place.context == b'[' && text.level(at) <= level {
        bracketed = true;
        at += 1;
    } else if quoted && text.raw(at) == b'>' && text.raw(at + 1) == b'>' {
        at += 2;
    } else if key.place.context == b'*'
        && let Some(end) = text.find_raw(at, pattern!(r"^\*\*?"))
    {
        at = end;
    } else if key.place.context == b'^'
        && let Some(end) = text.find_raw(at, pattern!(r#"^\^\\\^""#))
    {
        (quoted, at) = (true, end);
    }
    let closed = at;
    at = text.blanks(at, level);
    if quoted {
        at = past_fold(text, at);
    }
    let spaced = at > closed;
    if text.enc(at) == Enc::Ansi {
        return None;
    }
    Some(Cursor { closed, at, quoted, doubled, bracketed, spaced, sep: Sep::Spaced, level })
}

/// Skips the closer of what wraps the key: `AnyHashable("Cookie")`, `${access_token}`.
fn unwrap(text: &Text, key: &mut Key, cursor: &mut Cursor) {
    let before = &text.raw[..key.place.outset];
    let after = text.raw.get(cursor.closed..).unwrap_or_default();
    let back = match (before.last(), after.first()) {
        (Some(b'('), Some(b')')) => {
            let name = pattern!("(?-i)[A-Z][A-Za-z0-9_-]{0,62}[(]$");
            let run =
                before[..before.len() - 1].iter().rev().take_while(|raw| is_name(**raw)).count();
            name.is_match(&before[before.len() - 1 - run..]).then_some(run + 1)
        }
        (Some(b'{'), Some(b'}')) if before.ends_with(b"{{") && after.starts_with(b"}}") => Some(2),
        (Some(b'{'), Some(b'}')) => pattern!("[$#%][{]$").is_match(before).then_some(2),
        _ => None,
    };
    let Some(back) = back else { return };
    cursor.closed += if before.ends_with(b"{{") && after.starts_with(b"}}") { 2 } else { 1 };
    cursor.at = text.blanks(cursor.closed, cursor.level);
    cursor.spaced = cursor.at > cursor.closed;
    key.place.outset -= back;
    key.place.context = text.before(key.place.outset);
}

/// A line of a double-quoted YAML scalar that was folded.
fn past_fold(text: &Text, at: usize) -> usize {
    let one = text.start(at + 1) - text.start(at) == 1;
    let line = text.find_raw(at, pattern!(r"^\\\n")).filter(|_| one);
    line.map_or(at, |end| text.blanks(end, 0))
}

/// Skips a separator, if there is one.
pub fn past_separator(text: &Text, key: &Key, cursor: &mut Cursor) -> Option<Passed> {
    let at = cursor.at;
    let (ch, next) = (text.ch(at), text.ch(at + 1));
    let raw = text.enc(at) == Enc::Raw;
    match ch {
        b':' if raw || text.level(at) > 0 => {
            if next == b':' || next == b'<' && key.place.context == b'>' {
                return None;
            }
            cursor.level = cursor.level.max(text.level(at));
            cursor.at += if next == b'=' { 2 } else { 1 };
            if key.place.context == b'*' {
                cursor.at = text.find_raw(cursor.at, pattern!(r"^\*\*?")).unwrap_or(cursor.at);
            }
        }
        b'=' => {
            if matches!(next, b'=' | b'~') {
                return None;
            }
            cursor.level = cursor.level.max(text.level(at));
            cursor.at += if next == b'>' { 2 } else { 1 };
            if next != b'>' && !cursor.quoted && !cursor.spaced && !cursor.bracketed {
                cursor.sep = Sep::Compact;
            }
        }
        b'-' if raw && next == b'>' => {
            cursor.level = cursor.level.max(text.level(at + 1));
            cursor.at += 2;
        }
        b',' | b'|' | b';'
            if cursor.quoted
                && text.level(at) <= cursor.level
                && (ch != b';' || raw && text.quote(at + 1) == key.place.opener) =>
        {
            cursor.at += 1;
            let value = text.blanks(cursor.at, cursor.level);
            if let Some(value) = value_key(text, value) {
                cursor.at = value;
            } else if text.is_newline(value) {
                let named = key.place.is_named(text);
                let line = text.past_newline(value);
                let line = line.filter(|_| key.place.in_sequence(text, key.name) || named);
                let level = cursor.level;
                return Some(Passed::Target(line.map(|at| Target::NextLine {
                    at,
                    sep: Sep::Comma,
                    named,
                    level,
                })));
            } else if key.place.in_sequence(text, key.name) {
                cursor.sep = Sep::Comma;
            } else {
                return Some(Passed::Target(None));
            }
        }
        _ => return None,
    }
    Some(Passed::Yes)
}

/// Reads what opens the value.
fn past_opener(text: &Text, key: &Key, cursor: Cursor) -> Option<Target> {
    let Cursor { mut at, quoted, doubled, bracketed, mut sep, level, .. } = cursor;
    let whole = key;
    let Key { place: key, class, end, .. } = whole;
    let (class, end) = (*class, *end);
    let after = at;
    at = text.blanks(at, level);
    if quoted {
        at = past_fold(text, at);
    }
    let cookies = matches!(class, Class::Cookie | Class::SetCookie);
    if at > after && sep == Sep::Compact {
        let setting = text.find_raw(at, pattern!("^[a-z0-9_-]{1,63}"));
        let equals = |end: usize| text.ch(end) == b'=' && text.level(end) <= level;
        if !cookies && setting.is_some_and(|end| equals(end) && is_name(text.ch(end + 1))) {
            return None;
        }
        sep = Sep::Spaced;
    }
    let ends = key.opener.is_some_and(|opener| text.closes(opener, at).is_some());
    let second = usize::from(text.raw(at) == b'"' && text.raw(at + 1) == b'"');
    if !quoted && at > after && ends && !text.raw(at + 1 + second).is_ascii_alphanumeric() {
        return None;
    }
    if doubled && text.quote(at) == key.opener && text.quote(at + 1) == key.opener {
        let quote = key.opener;
        let frame = Frame { quote, own: true, ..Frame::default() };
        return Some(Target::Value { at: at + 2, frame, sep });
    }
    at = past_type(text, at);
    let old = pattern!(
        r#"^(?:""|''|null|\(sensitive value\)|\(sensitive\)|\(known after apply\)) [-=]> "#
    );
    at = text.find(at, old).filter(|new| text.quote(*new).is_some()).unwrap_or(at);
    if quoted
        && key.context == b'^'
        && let Some(at) = text.find_raw(at, pattern!(r#"^\^\\\^""#))
    {
        let frame = Frame { close: b'^', ..Frame::within(level) };
        return Some(Target::Value { at, frame, sep });
    }
    if text.is_newline(at) {
        return below(text, whole, at, Cursor { sep, ..cursor });
    }
    if let Some(line) = text.find_raw(at, pattern!(r"^[|>][1-9+-]{0,2}"))
        && let Some(line) = text.past_newline(text.blanks(line, 0))
        && text.blanks(line, 0) > line
    {
        return Some(match cookies && whole.exact {
            true => Target::NextLine { at: line, sep: Sep::Spaced, named: false, level },
            false => Target::Value {
                at: text.blanks(line, 0),
                frame: Frame { line: true, ..Frame::within(level) },
                sep: Sep::Spaced,
            },
        });
    }
    if at > after
        && !quoted
        && b"{ ".contains(&key.context)
        && text.find_raw(at, pattern!("(?-i)^[A-Z][A-Za-z]{0,63}:[^ \t\n:]")).is_some()
        && text.raw(whole.name).is_ascii_uppercase()
        && !text.raw[whole.name..end].contains(&b'-')
    {
        return None;
    }
    if let Some(at) = past_array(text, at).filter(|_| quoted || bracketed) {
        return Some(Target::NextLine { at, sep, named: false, level });
    }
    if sep == Sep::Compact && text.quote(at).is_some() {
        // The end of a string, and not the start of a value.
        let next = text.ch(at + 1);
        if b"?&".contains(&key.context) && !is_name(next)
            || text.is_newline(at + 1)
            || b" ,;)".contains(&next)
            || b"+.".contains(&text.raw(at + 1)) && !is_base64(text, at)
        {
            return None;
        }
    }
    let object = sep != Sep::Comma && !cookies && class != Class::Authorization;
    if object && let Some(target) = constructor::in_object(text, at, level) {
        return Some(target);
    }
    if let Some(target) = open(text, at, sep, level) {
        return if cookies {
            Some(target)
        } else {
            constructor::in_brackets(text, target, class, level)
        };
    }
    // 4. Nothing: what encloses the key encloses the value.
    if sep == Sep::Comma {
        return None;
    }
    let delimiter = if b"|^~,".contains(&key.context) { key.context } else { 0 };
    let mut frame = Frame { delimiter, ..Frame::within(level) };
    let bracket = closer(key.context);
    if quoted || bracketed {
        if !quoted {
            frame.line = true;
        } else if key.context != b'<' {
            frame.close = bracket;
        }
        return Some(Target::Value { at, frame, sep: Sep::Spaced });
    }
    if key.opener.is_some() {
        frame.quote = key.opener;
        frame.line = sep != Sep::Compact;
        frame.pairs = !frame.line;
        let plain = Some(Quote { ch: b'"', enc: Enc::Raw });
        frame.close = if key.opener == plain && key.context == b'^' { b'^' } else { 0 };
    } else if key.context == b'<' && class == Class::Cookie {
        frame.close = b'>';
    } else if matches!(key.context, b'[' | b'(') {
        (frame.close, frame.line, frame.call) = (bracket, true, key.context == b'(');
    } else if key.context == b'{'
        || matches!(key.context, b' ' | b',') && sep == Sep::Compact && text.ch(at) != b'"'
    {
        frame.map = sep == Sep::Compact;
        frame.close = if key.context == b'{' { b'}' } else { 0 };
    }
    frame.call |= key.context == b'.'
        || key.context == b' ' && text.before(key.outset.saturating_sub(1)) == b',';
    let colon = text.ch(text.blanks(end, 0)) == b':';
    frame.line |= colon && key.starts_line(text);
    Some(Target::Value { at, frame, sep })
}

/// The value below the line that ends at `at`.
fn below(text: &Text, key: &Key, at: usize, cursor: Cursor) -> Option<Target> {
    let Cursor { quoted, bracketed, sep, level, .. } = cursor;
    // A string that opened before the key and has the line end in it.
    let inside = key.place.opener.is_some() && text.enc(at) != Enc::Raw;
    let at = text.past_newline(at)?;
    let start = text.blanks(at, level);
    let cookies = matches!(key.class, Class::Cookie | Class::SetCookie);
    let header =
        cookies || matches!(key.class, Class::Authorization | Class::Header | Class::Param);
    if quoted || bracketed || header && past_marker(text, start).is_some() {
        return Some(Target::NextLine { at, sep, named: false, level });
    }
    if key.place.opener.is_some() && !inside {
        return None;
    }
    let frame = Frame { line: true, ..Frame::within(level) };
    if cookies {
        let certain = key.exact && start > at || inside || words::sure_pair(text, start).is_some();
        if !certain && !key.place.starts_line(text) {
            return None;
        }
        if is_pair(text, start, false, level) {
            return Some(Target::Value { at: start, frame, sep });
        }
        let name =
            text.find(start, pattern!(r"^[^ \t\r\n]{0,191}[^ \t\r\n:][ \t\x1b]+=[ \t\x1b]*"))?;
        return open(text, name, Sep::Spaced, level)
            .filter(|target| matches!(target, Target::Value { .. }));
    }
    let bare = matches!(key.class, Class::Param | Class::Header);
    if bare && start > at && text.quote(start).is_some() {
        return open(text, start, Sep::Comma, level);
    }
    let end = text.find_raw(start, pattern!(r"^[a-z0-9_.~+/-]{0,4096}=*"))?;
    // A name with an underscore and an equals sign is the next setting.
    let setting = (start..end).any(|k| text.raw(k) == b'_') && text.raw(end - 1) == b'=';
    let alone = end - start >= 16 && !setting && text.is_newline(text.blanks(end, 0));
    (bare && alone).then_some(Target::Value { at: start, frame, sep: Sep::Comma })
}

/// Whether a string of base64 begins with the opener at `at`, and not text that joins two strings.
fn is_base64(text: &Text, at: usize) -> bool {
    let end = text.find_raw(at + 1, pattern!("^[a-z0-9_+/=.-]{16,128}"));
    end.is_some_and(|end| {
        let closes = text.quote(at).is_some_and(|quote| text.closes(quote, end).is_some());
        closes && text.raw(end - 1) != b'+' || end - at - 1 == 128
    })
}

pub fn closer(open: u8) -> u8 {
    match open {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        b'<' => b'>',
        _ => 0,
    }
}

/// The quote of the string at `at`, which may have a prefix.
pub fn opening_quote(text: &Text, at: usize) -> Option<usize> {
    let constructed = || constructor::past(text, at).filter(|(_, known)| *known);
    match text.quote(at) {
        Some(_) => Some(at),
        None => prefixed(text, at).or_else(|| Some(constructed()?.0)),
    }
}

/// The quote behind a prefix: `b'`, `rb"`, `$'`.
fn prefixed(text: &Text, at: usize) -> Option<usize> {
    let prefix = pattern!("^[burf@$][rb]?");
    let end = text.find_raw(at, prefix)?;
    [at + 1, end].into_iter().find(|at| text.quote(*at).is_some())
}

/// What opens a value at `at`, if anything does.
pub fn open(text: &Text, at: usize, sep: Sep, level: usize) -> Option<Target> {
    let here = text.level(at);
    if here > level.max(1) {
        return None;
    }
    if let Some(quote) = text.quote(at) {
        if is_end_of_message(text, at) {
            return None;
        }
        let frame = Frame { quote: Some(quote), own: true, ..Frame::within(level.max(here)) };
        // A doubled quote.
        let doubled = (quote.ch == b'"' && matches!(quote.enc, Enc::Raw | Enc::Slash(_))
            || quote.ch == b'\'' && quote.enc == Enc::Raw)
            && text.raw(at + 1) == quote.ch
            && (text.raw(at + 2).is_ascii_alphanumeric() || b"_/~".contains(&text.raw(at + 2)));
        let at = text.colours(at + usize::from(doubled) + 1) - 1;
        // A string in a string.
        if let Some(inner) = text.quote(at + 1)
            && text.closes(quote, at + 1).is_none()
            && let Some(end) = (at + 2..text.len()).find(|&k| {
                text.raw(k) == b'\n'
                    || text.closes(quote, k).is_some()
                    || text.closes(inner, k).is_some()
            })
            && text.raw(end) != b'\n'
            && text.closes(quote, end).is_none()
            && text.closes(quote, end + 1) == Some(0)
        {
            let frame = Frame { quote: Some(inner), nested: true, ..frame };
            return Some(Target::Value { at: at + 2, frame, sep });
        }
        return Some(Target::Value { at: at + 1, frame, sep });
    }
    let bracket = text.enc(at) == Enc::Raw || here > 0;
    match text.ch(at) {
        b'b' | b'B' | b'u' | b'U' | b'r' | b'R' | b'f' | b'F' | b'@' | b'$' => {
            open(text, prefixed(text, at)?, sep, level)
        }
        b'N' if text.quote(at + 1).is_some() => open(text, at + 1, sep, level),
        b'S' if text.find_raw(at, pattern!(r"^str\(")).is_some()
            && text.quote(at + 4).is_none() =>
        {
            let frame = Frame { close: b')', ..Frame::within(level) };
            Some(Target::Value { at: at + 4, frame, sep })
        }
        b'S' if text.find_raw(at, pattern!(r"^slice\(\[")).is_some() => {
            open(text, at + 6, sep, level)
        }
        b'A'..=b'Z' if let Some((inner, known)) = constructor::past(text, at) => {
            open(text, inner, if known { sep } else { Sep::Comma }, level)
        }
        b'(' if text.find_raw(at, pattern!(r"^\(\[\]string")).is_none() => {
            let mut first = text.blanks(at + 1, level);
            first = text.past_newline(first).map_or(first, |line| text.blanks(line, level));
            let list = Target::List { at: at + 1, close: b')', quoted: true, level };
            text.quote(first).map(|_| list)
        }
        b'[' if bracket => {
            if let Some(at) = text.find(at, pattern!(r"^\[\]string\{")) {
                return Some(Target::List { at, close: b'}', quoted: true, level });
            }
            let first = past_index(text, text.blanks(at + 1, level));
            let quoted = text.quote(first).is_some()
                || text.is_newline(first)
                || matches!(text.ch(first), b'b' | b'u') && text.quote(first + 1).is_some();
            Some(Target::List { at: at + 1, close: b']', quoted, level })
        }
        b'<' if text.raw(at) == b'<' && text.raw(at + 1) == b'<' => {
            text.quote(at + 2).and_then(|_| open(text, at + 2, sep, level))
        }
        b'{' if bracket => match typed(text, at + 1) {
            Some(inner) => open(text, inner, sep, level),
            None => Some(Target::Map { at: at + 1, close: b'}', objects: false }),
        },
        b'a' | b'A' | b'(' => {
            let head = pattern!(
                r"^(?:array(?::[0-9]{0,12}|\([0-9]{1,12}\))?|\(\[\]string\)(?: \(len=[0-9]{0,12}(?: cap=[0-9]{0,12})?\))?)"
            );
            let bracket = text.blanks(text.find_raw(at, head)?, level);
            let close = closer(text.raw(bracket));
            let mut first = text.blanks(bracket + 1, level);
            first = text.past_newline(first).map_or(first, |line| text.blanks(line, level));
            let element = past_index(text, first);
            let quoted = text.quote(element).is_some();
            let at = bracket + 1;
            match (element > first, quoted) {
                _ if close == 0 => None,
                (true, _) => Some(Target::List { at, close, quoted, level }),
                (false, true) => Some(Target::Map { at, close, objects: false }),
                (false, false) => None,
            }
        }
        _ => None,
    }
}

/// Skips OpenTelemetry's names of types.
fn typed(text: &Text, mut at: usize) -> Option<usize> {
    for _ in 0..3 {
        let quote = text.quote(at)?;
        let end = text.find_raw(at + 1, pattern!("^(string_?value|arrayvalue|values)"))?;
        text.closes(quote, end).filter(|more| *more == 0)?;
        let string = text.raw(at + 1).eq_ignore_ascii_case(&b's');
        at = text.blanks(text.find_raw(text.blanks(end + 1, 0), pattern!("^:"))?, 0);
        if string {
            return text.quote(at).map(|_| at);
        }
        at = text.find_raw(at, pattern!(r"^[\[{]{0,4}"))?;
    }
    None
}

/// One string in braces.
pub fn is_single(text: &Text, at: usize) -> bool {
    let at = text.blanks(at, 0);
    let Some(quote) = text.quote(at) else { return false };
    let ends = |k: &usize| text.is_newline(*k) || text.closes(quote, *k).is_some();
    let end = (at + 1..).find(ends).unwrap_or(at + 1);
    !text.is_newline(end) && text.ch(text.blanks(end + 1, 0)) == b'}'
}

/// The start of the string on the next line that continues the one that `frame` has and `k` closes.
pub fn continuation(text: &Text, k: usize, frame: Frame) -> Option<usize> {
    let quote = frame.quote.filter(|quote| text.closes(*quote, k) == Some(0))?;
    let line = text.past_newline(k + 1)?;
    let start = text.blanks(line, 0);
    (start > line && text.quote(start) == Some(quote)).then_some(start + 1)
}

/// Skips `- `, `[0] => `, `0 => ` and the newline after them.
pub fn past_marker(text: &Text, at: usize) -> Option<usize> {
    if let Some(end) = text.find_raw(at, pattern!("^- ")) {
        return Some(end);
    }
    let index = text.find_raw(at, pattern!(r"^(?:\[[0-9]{1,4}\]|[0-9]{1,4})"))?;
    let equals = text.find_raw(text.blanks(index, 0), pattern!("^="))?;
    if text.ch(equals) != b'>' {
        return None;
    }
    let end = text.blanks(equals + 1, 0);
    let line = text.past_newline(end).filter(|&line| matches!(text.raw(line), b' ' | b'\t'));
    Some(line.map_or(end, |line| text.blanks(line, 0)))
}

/// Skips the line that opens an array in PHP.
pub fn past_array(text: &Text, at: usize) -> Option<usize> {
    let mut end = text.find_raw(at, pattern!(r"^array(?:\([0-9][^)]{0,10}\))?"))?;
    if let Some(Target::Map { .. }) = open(text, at, Sep::Spaced, 0) {
        return None;
    }
    end = text.blanks(end, 0);
    end = text.past_newline(end).map_or(end, |line| text.blanks(line, 0));
    let end = text.find_raw(end, pattern!(r"^[({]"))?;
    text.past_newline(text.blanks(end, 0))
}

/// Skips `string(47) `, `(string) (len=47) `.
pub fn past_type(text: &Text, at: usize) -> usize {
    let word = matches!(text.raw(at), b's' | b'S' | b'c' | b'l' | b'(' | b'0')
        .then(|| text.find(at, &words::TYPES))
        .flatten();
    word.filter(|end| text.quote(*end).is_some()).unwrap_or(at)
}

/// Skips `0 => `, `[0] => ` and a type.
pub fn past_index(text: &Text, at: usize) -> usize {
    let marked = past_marker(text, at).filter(|_| text.raw(at) != b'-');
    past_type(text, marked.unwrap_or(at))
}

/// Skips `"value":`, `value=>`, and similar keys.
pub fn value_key(text: &Text, at: usize) -> Option<usize> {
    let quote = text.quote(at);
    let end = text.find_raw(at + usize::from(quote.is_some()), pattern!("^(raw_)?values?"))?;
    past_name(text, end, quote, 0)
}

/// Skips the `quote` that closes a name at `end`, and the separator.
pub fn past_name(text: &Text, mut end: usize, quote: Option<Quote>, level: usize) -> Option<usize> {
    if let Some(quote) = quote {
        text.closes(quote, end).filter(|more| *more == 0)?;
        end += 1;
    }
    let at = text.blanks(end, level);
    text.find(at, pattern!("^[:=]>?"))
}
