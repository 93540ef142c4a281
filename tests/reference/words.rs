//! The table of shapes, matched by regular expressions.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::constructor;
use super::key::{
    Class, Cursor, Key, Passed, Sep, Target, closer, open, opening_quote, past_separator,
};
use super::scheme::TOKEN_SCHEMES;
use super::table::{self, Before, Keys, Quotes, Then};
use super::text::{Enc, Text, pattern};
use super::value::{Frame, Grammar, Value, is_pair};
use super::wrappers;

/// A row of the table.
pub struct Shape {
    row: &'static table::Shape,
    /// What may be between key and value, in plain text and in text where `+` is a space; in the order of the row.
    between: Vec<[Regex; 2]>,
    before: Option<Regex>,
}

pub static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    table::SHAPES
        .iter()
        .map(|row| Shape {
            row,
            between: row
                .between
                .iter()
                .map(|text| ["", "+"].map(|plus| compile(text, plus)))
                .collect(),
            before: match row.before {
                Before::Text([text]) if text.len() == 1 => None,
                Before::Text(texts) => Some(regex(&format!("(?:{})$", any(texts)))),
                _ => None,
            },
        })
        .collect()
});

/// Constructors before a string.
pub static WRAPPERS: LazyLock<Regex> = LazyLock::new(|| {
    let opens: Vec<&str> = wrappers::WRAPPERS.iter().map(|wrapper| wrapper.opens).collect();
    regex(&format!("^(?:{})", any(&opens)))
});

/// Types before a string.
pub static TYPES: LazyLock<Regex> = LazyLock::new(|| {
    let types: Vec<String> =
        wrappers::TYPES.iter().map(|word| expression(word.opens, "")).collect();
    regex(&format!("^(?:{})", types.join("|")))
});

/// What is between a value and its name in a message.
pub static AFTER: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<String> =
        wrappers::AFTER.iter().map(|word| expression(word.opens, "")).collect();
    regex(&format!("^(?:{})", words.join("|")))
});

fn regex(pattern: &str) -> Regex {
    Regex::new(&format!("(?is-u){pattern}")).expect("a pattern of the table")
}

/// One of several texts.
fn any(texts: &[&str]) -> String {
    texts.iter().map(|text| regex::escape(text)).collect::<Vec<_>>().join("|")
}

fn compile(pattern: &str, plus: &str) -> Regex {
    regex(&format!("^{}", expression(pattern, plus)))
}

/// A pattern of the table as a regular expression.
fn expression(pattern: &str, plus: &str) -> String {
    let blank = format!(r"[ \t\x1b{plus}]");
    let nouns = any(table::NOUNS);
    pattern
        .chars()
        .map(|sign| match sign {
            ' ' => format!("{blank}+"),
            '~' => format!("{blank}*"),
            '@' => format!(r"(?:{blank}+(?:{nouns})\b{{end-half}}){{1,4}}"),
            '^' => format!(r#"["'`]?(?:raw_)?values?["'`]?{blank}*[:=]>?"#),
            '&' => format!(r"(?:\t|{blank}{{2}}){blank}*"),
            '#' => "[0-9]{1,12}".to_owned(),
            '$' => "[0-9a-f]{1,16}".to_owned(),
            '%' => r"[^ \t\r\n]{0,191}[^ \t\r\n:]".to_owned(),
            '*' => r"[^\n]{0,384}?".to_owned(),
            '!' => "[a-z0-9_.-]{1,64}".to_owned(),
            sign => regex::escape(&sign.to_string()),
        })
        .collect()
}

impl Shape {
    /// Skips the words, if they are there, and then reads what the row says.
    pub fn past(&self, text: &Text, key: &Key, cursor: &mut Cursor) -> Option<Passed> {
        let quotes = match self.row.quotes {
            Quotes::Without => !cursor.quoted,
            Quotes::With => cursor.quoted,
            Quotes::Either => true,
        };
        if self.row.keys & sets(text, key) == 0 || !quotes || !self.stands_behind(text, key) {
            return None;
        }
        self.between.iter().find_map(|between| {
            let at = text.find(cursor.closed, &between[usize::from(cursor.level > 0)])?;
            self.reach(text, key, cursor, at)
        })
    }

    fn stands_behind(&self, text: &Text, key: &Key) -> bool {
        let place = &key.place;
        match self.row.before {
            Before::Anything => true,
            Before::NoTag => place.context != b'<',
            Before::NoEquals => place.context != b'=',
            Before::Line | Before::Path => place.opener.is_some() || place.starts_line(text),
            Before::Bar => text.ends(
                place.outset,
                pattern!("(?:[|]|\\xe2\\x94\\x82|\\xe2\\x94\\x83|\\xe2\\x95\\x91)[ \\t*]*$"),
            ),
            Before::Name => place.is_named(text),
            Before::Tag => {
                place.context == b'<' || text.ends(place.outset, pattern!(r"<[a-z0-9_-]{0,32}:$"))
            }
            Before::Option => text.raw[key.name..].starts_with(b"--"),
            Before::Text(words) => match &self.before {
                Some(before) => text.ends(place.outset, before),
                None => words.iter().any(|word| word.as_bytes() == [place.context]),
            },
        }
    }

    /// Reads what follows the words, at `at`.
    fn reach(&self, text: &Text, key: &Key, cursor: &mut Cursor, at: usize) -> Option<Passed> {
        let level = cursor.level;
        let until = |close| Frame { close, ..Frame::default() };
        let inside = |at, close| Frame { element: is_closed(text, at), ..until(close) };
        let found = |target| Some(Passed::Target(target));
        let value = |at, frame, sep| found(Some(Target::Value { at, frame, sep }));
        let describes = pattern!(r"^(name|version|value|domain|path|cookie_string|key)[ \t]*[:=]");
        let (then, quote) = (self.row.then, text.quote(at));
        // A JWT is found by its form.
        let header = key.class == Class::Weak && text.find_raw(at, pattern!("^eyj")).is_some();
        if header && matches!(then, Then::SureCell | Then::Subject) {
            return None;
        }
        match then {
            Then::Separator => {
                let spaced = matches!(text.before(at), b' ' | b'\t');
                let mut further = Cursor { at, spaced, ..*cursor };
                let passed = past_separator(text, key, &mut further)?;
                *cursor = further;
                return Some(passed);
            }
            Then::Value => {}
            Then::Text => {
                let binary = text.find_raw(at, pattern!("^<<"));
                let string = binary.map_or_else(
                    || opening_quote(text, at).filter(|quote| *quote == at || text.ch(at) == b'$'),
                    |at| text.quote(at).map(|_| at),
                );
                string?;
            }
            Then::Argument => {
                let quote = quote?;
                let end = text.find_raw(at + 1, pattern!("^[a-z0-9_-]{1,64}"))?;
                let closed = text.quote(end) == Some(quote) && text.raw(end + 1) == b',';
                let from = closed.then(|| text.blanks(end + 2, level))?;
                let target = open(text, from, Sep::Spaced, level);
                return target
                    .filter(|target| matches!(target, Target::Value { .. }))
                    .map(|target| Passed::Target(Some(target)));
            }
            Then::Printed => {
                let line = text.past_newline(at)?;
                let at =
                    text.find_raw(line, pattern!(r"^(\[[0-9]{1,12}\]|[ \t]*[0-9]{1,12}\))[ \t]+"))?;
                return open(text, at, Sep::Comma, level)
                    .map(|target| Passed::Target(Some(target)));
            }
            Then::PairText => {
                quote.filter(|_| is_pair(text, at + 1, false, 0))?;
            }
            Then::Whole => {
                (text.raw(at) != b'=').then_some(())?;
                cursor.sep = Sep::Compact;
            }
            Then::Cell if quote.is_some() => return found(open(text, at, Sep::Comma, level)),
            Then::Cell => return value(at, Frame::within(level), Sep::Comma),
            Then::LastWord => {
                text.find_raw(at, pattern!(r"^[^\x00-\x20]{1,255}[ \t]*(\r?\n|$)"))?;
                return value(at, Frame::within(level), Sep::Comma);
            }
            Then::SureCell | Then::Scheme => {
                let (at, frame) = match (quote, open(text, at, Sep::Comma, level)) {
                    (Some(_), Some(Target::Value { at, frame, .. })) => (at, frame),
                    _ => (at, Frame::within(level)),
                };
                let schemes = TOKEN_SCHEMES.iter().filter(|_| key.class == Class::Authorization);
                let mut scheme = schemes.filter(|name| {
                    let end = at + name.len();
                    let word = text.raw.get(at..end);
                    word.is_some_and(|word| word.eq_ignore_ascii_case(name))
                        && matches!(text.raw(end), b' ' | b'\t')
                });
                let token =
                    scheme.next_back().map_or(at, |name| text.blanks(at + name.len(), level));
                (token > at || then == Then::SureCell).then_some(())?;
                Value::read(text, token, frame, Grammar::Param).is_token_like().then_some(())?;
                let cookie = matches!(key.class, Class::Cookie | Class::SetCookie);
                if cookie && !frame.own && text.ends(at, pattern!("= $")) {
                    return None;
                }
                return value(at, frame, if cookie { Sep::Compact } else { Sep::Comma });
            }
            Then::Column
                if text.raw(at) == b'{'
                    && matches!(key.class, Class::Cookie | Class::SetCookie) =>
            {
                return found(Some(Target::Map { at: at + 1, close: b'}', objects: false }));
            }
            Then::Column => {
                return value(at, Frame { line: true, ..Frame::within(level) }, Sep::Comma);
            }
            Then::Member => {
                return Some(Passed::Target(Some(constructor::member(text, at, level)?)));
            }
            Then::SameText => {
                quote.filter(|quote| Some(*quote) == key.place.opener)?;
            }
            Then::Token => {
                quote.filter(|quote| !cursor.quoted || Some(*quote) == key.place.opener)?;
                cursor.sep = Sep::Comma;
            }
            Then::Attributes => {
                let attributes = pattern!(
                    r#"(?x) ^ (?: [a-z0-9_-]{1,64} = (?: "[^"\r\n]*" | '[^'\r\n]*' | `[^`\r\n]*` ) [\x20\t]* ){0,3}? (?: value | content ) = "#
                );
                (text.raw(at).is_ascii_lowercase()).then_some(())?;
                let Some(at) = text.find(at, attributes) else { return found(None) };
                cursor.at = at;
                return Some(Passed::Yes);
            }
            Then::List => {
                return (text.ch(at) == b'[')
                    .then(|| Passed::Target(open(text, at, Sep::Spaced, level)));
            }
            Then::Strings => {
                (text.raw(at) == b'(').then_some(())?;
                return open(text, at, Sep::Comma, level).map(|list| Passed::Target(Some(list)));
            }
            Then::Map => return found(Some(Target::Map { at, close: b'}', objects: false })),
            Then::NextItem => {
                let line = text.past_newline(at)?;
                let at = text.find_raw(line, pattern!(r"^[ \t]*-[ \t]+"))?;
                (text.raw(at) != b'-').then_some(())?;
                return match open(text, at, Sep::Comma, level) {
                    None => value(at, Frame { line: true, ..Frame::within(level) }, Sep::Comma),
                    target => found(target),
                };
            }
            Then::Reply => {
                let line = text.past_newline(at)?;
                let line = text.find_raw(line, pattern!("^=>[ \\t]+")).unwrap_or(line);
                text.quote(line)?;
                return found(Some(open(text, line, Sep::Comma, level)?));
            }
            Then::MapBelow => {
                let line = text.past_newline(at)?;
                let start = text.blanks(line, level);
                (start > line && text.raw(start) == b'{').then_some(())?;
                return found(Some(Target::Map { at: start + 1, close: b'}', objects: false }));
            }
            Then::Object => {
                let object = pattern!(r"^(@[0-9a-f]{0,19})?[(\[{][ \t]{0,31}");
                let at = text.find_raw(at, object)?;
                let opener = text.raw[..at].iter().rposition(|raw| !matches!(raw, b' ' | b'\t'))?;
                let close = closer(text.raw(opener));
                if text.find_raw(at, describes).is_none() {
                    (close != b']').then_some(())?;
                    sure_pair(text, at)?;
                    return value(at, Frame { close, map: true, ..Frame::default() }, Sep::Spaced);
                }
                return found(Some(Target::Map { at, close, objects: true }));
            }
            Then::Description => {
                let at = text.past_newline(at).map_or(at, |line| text.blanks(line, level));
                text.find_raw(at, describes)?;
                return found(Some(Target::Map { at, close: b'>', objects: true }));
            }
            Then::Pairs => return value(at, until(b'>'), Sep::Spaced),
            Then::SomePairs => {
                (text.raw(at) != b'-' && is_pair(text, at, false, 0)).then_some(())?;
                return value(at, until(b'>'), Sep::Spaced);
            }
            Then::SurePairs => {
                sure_pair(text, at)?;
                return value(at, until(b'>'), Sep::Spaced);
            }
            Then::Location => {
                let path = pattern!(r#"loc[\\]*["']: ?[\[(][a-z0-9_"'\\, -]{0,160}$"#);
                text.ends(key.place.outset, path).then_some(())?;
                cursor.at = text.find(at, pattern!(r#"^[^\n}]{0,384}?["']input["'] *: *"#))?;
                text.quote(cursor.at)?;
                return Some(Passed::Yes);
            }
            Then::SureList => {
                text.find_raw(at, pattern!(r"^[^\x00-\x20;]{1,255}; [a-z0-9_.-]{1,64}="))?;
                sure_pair(text, at)?;
                return value(at, until(b'>'), Sep::Spaced);
            }
            Then::Enclosed => {
                key.place.opener.is_none().then_some(())?;
                let capital = text.raw(key.name).is_ascii_uppercase();
                let cookies = matches!(key.class, Class::Cookie | Class::SetCookie);
                let sure = !cookies
                    && Value::read(text, at, Frame::within(level), Grammar::Param).is_token_like();
                if key.place.context == b'(' && !capital && !sure && is_pair(text, at, false, 0) {
                    sure_pair(text, at)?;
                }
                let close = closer(key.place.context);
                return value(at, Frame { close, line: true, ..Frame::within(level) }, Sep::Comma);
            }
            Then::Line => return value(at, Frame { line: true, ..Frame::default() }, Sep::Spaced),
            Then::Element => {
                let sep = if cursor.quoted { Sep::Spaced } else { Sep::Compact };
                let tag = pattern!(r"^<[a-z]");
                let tags = pattern!(r"^(?:[ \t\r\n]|<[^/>\n][^>\n]*>){1,192}");
                let (at, sep) = match text.find_raw(at, tag).and_then(|_| text.find_raw(at, tags)) {
                    Some(at) => (at, Sep::Comma),
                    None => (at, sep),
                };
                return match text.find_raw(at, pattern!(r"^<!\[cdata\[")) {
                    Some(at) => value(at, inside(at, b']'), sep),
                    None => value(at, inside(at, b'<'), sep),
                };
            }
            Then::Tag => {
                text.find(at, pattern!("^[a-z0-9_:-]{1,64}=[\"'`]"))?;
                let end = text.find_raw(at, pattern!("^[^<>\n]*>"));
                let at = end.filter(|end| text.raw(end - 2) != b'/')?;
                return value(at, inside(at, b'<'), Sep::Compact);
            }
            Then::Tags => {
                text.find_raw(at, pattern!("^</"))?;
                let Some(at) = text.find_raw(at, pattern!(r"^(?:[ \t\r\n]|<[^>\n]*>){1,192}"))
                else {
                    return found(None);
                };
                let closed = at + usize::from(text.quote(at).is_some());
                if let Some(next) = text.find(text.blanks(closed, 0), pattern!("^[:=]>?")) {
                    return found(highlighted(text, next));
                }
                let blank = matches!(text.ch(at + 1), b' ' | b'\t');
                if text.raw(at) == b'<' || text.quote(at).is_some() && blank {
                    return found(None);
                }
                let frame = Frame { close: b'<', ..Frame::within(level) };
                let bare = Target::Value { at, frame, sep: Sep::Spaced };
                return found(Some(open(text, at, Sep::Spaced, level).unwrap_or(bare)));
            }
            // Their lines, and the members and elements behind them, are read by the engine only.
            Then::Table
            | Then::Members
            | Then::Below
            | Then::Changed
            | Then::Children
            | Then::TagChildren
            | Then::Dictionary
            | Then::Branches => return None,
            Then::Subject => {
                let (at, frame) = match (quote, open(text, at, Sep::Comma, level)) {
                    (Some(_), Some(Target::Value { at, frame, .. })) => (at, frame),
                    (None, None) => (at, Frame::within(level)),
                    _ => return None,
                };
                Value::read(text, at, frame, Grammar::Param).is_token_like().then_some(())?;
                let end = text.find(at, pattern!("^[a-z0-9_.~+/=-]{1,255}"))?;
                let closed = end + usize::from(quote.is_some());
                if quote.is_some() && text.quote(end) != quote {
                    return None;
                }
                let ends = text.past_newline(closed).is_some()
                    || text.quote(closed).is_some()
                    || matches!(text.ch(closed), b',' | b'.' | b';' | b')');
                if quote.is_none() || !ends {
                    text.find(closed, &VERBS)?;
                }
                let sep = if key.class == Class::Cookie { Sep::Compact } else { Sep::Comma };
                return value(at, frame, sep);
            }
            Then::Body => {
                let line = text.past_newline(at)?;
                let headers = pattern!(r"^(?:content-[^\r\n]{0,110}\r?\n){1,3}");
                let line = text.find_raw(line, headers).unwrap_or(line);
                let Some(at) = text.past_newline(line) else { return found(None) };
                return value(at, Frame { line: true, ..Frame::within(level) }, Sep::Compact);
            }
            Then::NextLine => {
                let (at, sep) = (text.past_newline(at)?, cursor.sep);
                return found(Some(Target::NextLine { at, sep, named: true, level }));
            }
        }
        cursor.at = at;
        Some(Passed::Yes)
    }
}

/// What a message says about a token that it names.
static VERBS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^[ \t]+(?:has|is|was|does|not|could|cannot|already|expired|revoked|invalid|belongs)")
});

/// The value after a separator, with tags around it.
fn highlighted(text: &Text, at: usize) -> Option<Target> {
    let past_tags = |at: usize| {
        let tags = pattern!(r"^(?:[ \t\r\n]|<[^>\n]*>){0,192}");
        text.find_raw(at, tags).filter(|at| text.raw(*at) != b'<')
    };
    let start = past_tags(at)?;
    let frame = Frame { close: b'<', ..Frame::default() };
    let sep = Sep::Comma;
    let Some(quote) = text.quote(start) else {
        return Some(Target::Value { at: start, frame, sep });
    };
    let frame = Frame { quote: Some(quote), own: true, ..frame };
    Some(Target::Value { at: past_tags(start + 1)?, frame, sep })
}

/// A pair whose value looks like a token.
pub fn sure_pair(text: &Text, at: usize) -> Option<()> {
    let from = text.find_raw(at, pattern!("^[a-z0-9_.-]{1,64}="))?;
    let frame = Frame { close: b'>', ..Frame::default() };
    Value::read(text, from, frame, Grammar::Cookie).is_token_like().then_some(())
}

/// The sets of keys that this one belongs to.
fn sets(text: &Text, key: &Key) -> Keys {
    let own = if key.exact { table::OWN_NAME } else { 0 };
    match key.class {
        Class::Cookie if text.ends(key.end, pattern!("cookies$")) => {
            table::COOKIE | table::COOKIES | own
        }
        Class::Cookie => table::COOKIE | own,
        Class::SetCookie => table::SET_COOKIE | own,
        Class::Authorization => table::AUTHORIZATION | own,
        Class::CookieLike => table::COOKIE_LIKE,
        Class::Header => table::HEADER,
        Class::Param if text.raw(key.name).is_ascii_uppercase() => table::PARAM | table::TYPE,
        Class::Param => table::PARAM,
        Class::Weak if text.raw(key.name).is_ascii_uppercase() => table::WEAK | table::TYPE,
        Class::Weak => table::WEAK,
        Class::Bearer if text.raw(key.name).is_ascii_uppercase() => table::OTHER | table::TYPE,
        Class::Assertion | Class::Bearer | Class::Session | Class::Client => table::OTHER,
    }
}

/// Whether a closing tag follows on the line, without a quote before it.
fn is_closed(text: &Text, at: usize) -> bool {
    for k in at..text.len() {
        let closing = text.ch(k) == b'<' && text.ch(k + 1) == b'/';
        if closing || text.ch(k) == b'<' && text.enc(k) == Enc::Raw {
            return closing;
        }
        let quote = text.quote(k).is_some() && !matches!(text.enc(k), Enc::Entity(_));
        if quote || text.is_newline(k) || text.start(k) - text.start(at) >= 512 {
            break;
        }
    }
    false
}
