//! Maps whose keys are cookie-names, and objects that describe cookies.

use super::attribute::{SCHEMA, is_one_of, is_setting};
use super::pairs::MAX_NAME;
use crate::grammar::container::{Container, Elements};
use crate::grammar::ids::COOKIE;
use crate::grammar::key::{Class, Separator, Target, classify, newline, open, skip_type};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text, hex, is_blank, is_name};
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::placeholder;

/// The longest unquoted name in a map. A longer one may be a secret itself.
const MAX_BARE: usize = 64;

/// The most bytes between two entries.
const MAX_GAP: usize = 1024;

/// Reads the next cookie of a map or list of objects, at `at`.
pub(crate) fn next_entry(text: &Text, at: usize, jar: &Container) -> Step<Start> {
    let Some(gap) = past_gap(text, at, jar)? else { return Ok(Start::Done(at)) };
    if text.at(gap.end)? == jar.frame.close && jar.frame.close != 0 {
        return Ok(Start::Done(gap.end));
    }
    let Some(entry) = entry_name(text, &gap, jar)? else { return Ok(Start::Done(at)) };
    let name = &text.window()[entry.from..entry.to];
    let objects = jar.is_objects();
    // No cookie has such a name (RFC 6265, section 4.1.1), and a secret in place of a name must not be skipped. A
    // placeholder is not a name either.
    if name.iter().any(|byte| *byte <= b' ')
        || memchr::memmem::find(name, b"eyJ").is_some()
        || placeholder::is_mark(name)
        || name.iter().all(|byte| *byte == b'*')
    {
        return Ok(Start::Done(at));
    }
    // A key of another rule: this is not a cookie, and its value must not be skipped.
    let foreign = match classify(name) {
        // Rust's `cookie_string: None`.
        _ if text.has_word(entry.value, b"none")? => false,
        Some((Class::Authorization | Class::Cookie | Class::SetCookie, _)) => true,
        class => objects && class.is_some(),
    };
    if foreign {
        return Ok(Start::Done(at));
    }
    entry_value(text, at, name, entry, jar)
}

/// The separator between two entries.
struct Gap {
    /// The start of the next name, or of the bracket that closes the jar.
    end: usize,
    has_newline: bool,
}

/// Skips the separator of the entries of `jar` at `at`.
fn past_gap(text: &Text, at: usize, jar: &Container) -> Step<Option<Gap>> {
    let close = jar.frame.close;
    let objects = jar.is_objects();
    let mut start = at;
    if matches!(
        jar.elements,
        Elements::Objects { closing: true, .. } | Elements::Entries { closing: true, .. }
    ) {
        let unit = text.unit(start)?;
        start += if unit.quote().is_some() { unit.len } else { 0 };
    }
    start += usize::from(text.is_second_quote(start)?);
    let mut complete = false;
    // The start of the line that the next name is on.
    let mut line = None;
    loop {
        let byte = text.at(start)?;
        let pair = byte == b']' && close == b']' && opens_pair(text, start)?;
        if start - at > MAX_GAP || start >= text.window().len() {
            return Ok(None);
        }
        if byte == close && close != 0 && !pair {
            return Ok(Some(Gap { end: start, has_newline: line.is_some() }));
        }
        let unit = text.unit(start)?;
        if unit.level() == 0 && (unit.is_newline() || is_blank(unit.ch)) {
            start += unit.len;
            line = if unit.is_newline() { Some(start) } else { line };
            continue;
        }
        match byte {
            b',' => complete = false,
            b'[' | b']' if close == b']' => {}
            b'(' | b')' if !objects => {}
            // Rust's `name: Concrete("sid"), `.
            b')' => {}
            // Without a comma, the next object is not in the list, which was cut off.
            b'{' if objects && !complete => {}
            // Elixir's `%{`, Erlang's `#{`.
            b'%' | b'#' if objects && !complete && text.at(start + 1)? == b'{' => {}
            b'}' if objects => complete = true,
            _ => break,
        }
        start += 1;
    }
    if let (0, Elements::Objects { column, .. }, Some(line)) = (close, jar.elements, line)
        && start - line <= column
    {
        return Ok(None);
    }
    Ok((!complete).then_some(Gap { end: start, has_newline: line.is_some() }))
}

/// The name of an entry of a map.
struct Entry {
    from: usize,
    to: usize,
    /// Where its value may begin.
    value: usize,
    /// An equals sign separates them.
    equals: bool,
    /// The name is in brackets, as printed by PHP: the value extends to the end of its line.
    bracketed: bool,
}

/// The name after the `gap`, and the separator after the name.
fn entry_name(text: &Text, gap: &Gap, jar: &Container) -> Step<Option<Entry>> {
    let start = gap.end;
    let bracketed = text.at(start)? == b'[' && jar.frame.close != b']';
    // Ruby's `@name="sid"`.
    let start = start + usize::from(bracketed || text.at(start)? == b'@');
    let unit = text.unit(start)?;
    // PHP's `[name] => T` ends with its line. In `["name"]=>` the value is quoted.
    let quoted = unit.quote().is_some();
    let (from, to, mut next) = if let Some(quote) = unit.quote() {
        let from = text.past_quote(start)?;
        let mut end = from;
        loop {
            let unit = text.unit(end)?;
            if unit.is_newline() || end - from > MAX_NAME {
                return Ok(None);
            }
            if quote.closed_by(unit).is_some() {
                break (from, end, text.past_quote(end)? + usize::from(bracketed));
            }
            end += unit.len;
        }
    } else {
        let from = start;
        let mut end = from;
        while end - from < MAX_BARE && (is_name(text.at(end)?) || text.at(end)? == b'.') {
            end += 1;
        }
        // A comma pairs only strings, because any unquoted text can precede a comma.
        if text.unit(end)?.ch == b',' || bracketed && text.at(end)? != b']' {
            return Ok(None);
        }
        (from, end, end + usize::from(bracketed))
    };
    if to == from {
        return Ok(None);
    }
    let bare = next == to;
    next = text.skip_blanks(next, 0)?;
    let equals = text.at(next)? == b'=';
    match text.at(next)? {
        b':' | b',' => next += 1,
        // Maps over several lines have quotes or colons, so this is another line.
        b'=' if bare && !jar.is_objects() && gap.has_newline => return Ok(None),
        b'=' => {
            let arrow = text.unit(next + 1)?;
            next += 1 + if arrow.ch == b'>' { arrow.len } else { 0 };
        }
        _ => return Ok(None),
    }
    next = text.skip_blanks(next, 0)?;
    if bracketed && let Some(line) = newline(text, next)? {
        next = text.skip_blanks(line, 0)?;
    }
    let value = skip_type(text, next)?;
    Ok(Some(Entry { from, to, value, equals, bracketed: bracketed && !quoted }))
}

/// The value of the `entry` called `name`, in the jar whose gap began at `at`.
fn entry_value(text: &Text, at: usize, name: &[u8], entry: Entry, jar: &Container) -> Step<Start> {
    let close = jar.frame.close;
    let objects = jar.is_objects();
    let schema = !objects && (is_one_of(name, SCHEMA) || is_one_of(name, MATCHERS));
    let secret = if objects { name.eq_ignore_ascii_case(b"value") } else { !is_setting(name) };
    let mut next = entry.value;
    if matches!(text.at(next)?, b'%' | b'#') && text.at(next + 1)? == b'{' {
        next += 1;
    }
    let value = match open_entry(text, next)? {
        _ if entry.bracketed => {
            Value::new(Frame { line: true, ..Frame::default() }, Flavour::Opaque, COOKIE)
        }
        Some(Target::Value { at, frame, .. }) => {
            next = at;
            let mut frame = frame;
            let unit = text.unit(at)?;
            // A cookie-value in its own quotes.
            if let Some(quote) = unit.quote()
                && frame.quote.is_some_and(|outer| outer.closed_by(unit).is_none())
            {
                next += unit.len;
                frame = Frame { quote: Some(quote), nested: true, ..frame };
            }
            if let Some(elements) = header_elements(name, objects)
                && is_pair(text, next, false, frame.level)?
            {
                return Ok(Start::Enter(next, Container::new(elements, frame)));
            }
            Value::new(frame, Flavour::Opaque, COOKIE)
        }
        // `{"sid":["T"]}`, `{sid=[sid=T; Path=/]}`, `{"sid":[{"name":"sid","value":"T"}]}`.
        Some(Target::List { at, close, quoted, level }) if secret && !schema => {
            if close == b']'
                && let Some((at, list)) = self::jar(text, at - 1, true)?
                && list.is_objects()
            {
                return Ok(Start::Enter(at, list));
            }
            let frame = Frame { close, ..Frame::within(level) };
            let exact = !matches!(jar.elements, Elements::Entries { exact: false, .. });
            let elements = Elements::Values { class: Class::CookieEntry, exact, quoted };
            return Ok(Start::Enter(at, Container::new(elements, frame)));
        }
        // `{"sid":{"value":"T","path":"/"}}`, or another description of a cookie.
        Some(Target::Map { at, close })
            if objects || is_described(text, at, close)? || secret && opens_value(text, at)? =>
        {
            return Ok(Start::Enter(at, self::objects(close)));
        }
        // `{"sid":{"equalTo":"T"}}`: an expectation about a cookie, or how one is made.
        Some(Target::Map { at, close }) if secret && !schema => {
            return Ok(Start::Enter(at, self::map(close, false)));
        }
        Some(_) => return Ok(Start::Done(at)),
        None => Value::new(Frame { close, ..Frame::default() }, Flavour::Token, COOKIE),
    };
    let head = value.head(text, next)?;
    // A package of that name: `"cookie": {"version": "0.7.2", "license": "MIT"}`.
    if !objects && name == b"version" && head.is_harmless() {
        return Ok(Start::Done(at));
    }
    // Unquoted text may be source code.
    let evident = value.frame.own_quote
        || entry.bracketed
        || head.is_token_like()
        || objects && (close == 0 || entry.equals && (head.has_digit() || close != b')'));
    let exact = !matches!(jar.elements, Elements::Entries { exact: false, .. });
    let kept = !secret
        || head.is_empty()
        || head.is_placeholder()
        || (schema || !exact) && !head.is_token_like()
        || !evident;
    Ok(Start::Value(next, value.started(text, next, &head).keep(kept), None))
}

/// The names of entries that say what is expected of a header, from WireMock.
const MATCHERS: &[&[u8]] = &[b"equalto", b"contains", b"matches"];

/// The elements of the entry called `name`, if its value is a whole header: a cookie as it was received, or is expected.
fn header_elements(name: &[u8], objects: bool) -> Option<Elements> {
    match objects {
        true => name.eq_ignore_ascii_case(b"raw").then_some(Elements::SetCookie),
        false => is_one_of(name, MATCHERS).then_some(Elements::Cookies),
    }
}

/// The members of a cookie's description besides its value.
const DESCRIBED: [&[u8]; 8] =
    [b"name", b"domain", b"path", b"httponly", b"secure", b"samesite", b"expires", b"maxage"];

/// How far an object is read to decide whether it describes a cookie, in bytes.
const MAX_DESCRIPTION: usize = 512;

/// The deepest nesting of brackets there. Without a limit, brackets that only open would each be read that far.
const MAX_DEPTH: u32 = 3;

/// Whether the braces that open before `at` and are closed by `close` contain a `value` and another member of a
/// description, and so are not a map of cookies.
pub(crate) fn is_described(text: &Text, at: usize, close: u8) -> Step<bool> {
    let (mut value, mut other) = (false, false);
    let (mut end, mut depth) = (at, 0u32);
    let mut boundary = true;
    while end - at < MAX_DESCRIPTION && !text.is_past(end) {
        let unit = text.unit(end)?;
        // `[name] => `.
        let name_at = if unit.ch == b'[' { end + unit.len } else { end };
        let len = match depth {
            0 if name_at > end || boundary && is_name(unit.ch) => key_len(text, name_at)?,
            _ => 0,
        };
        if len > 0 {
            let name = &text.window()[name_at..name_at + len];
            value |= name.eq_ignore_ascii_case(b"value");
            other |= is_one_of(name, &DESCRIBED);
            if value && other {
                return Ok(true);
            }
            end = past_string(text, name_at + len)?;
            boundary = false;
            continue;
        }
        match unit.ch {
            b'{' | b'[' | b'(' if depth == MAX_DEPTH => break,
            b'{' | b'[' | b'(' => depth += 1,
            ch if depth == 0 && ch == close => break,
            b'}' | b']' | b')' if depth == 0 && name_at == end => break,
            b'}' | b']' | b')' => depth -= 1,
            _ => {}
        }
        boundary = !is_name(unit.ch);
        end += unit.len;
    }
    Ok(false)
}

/// Skips the closer of a name that ends at `at`, its separator, and the string after that, if there is one.
fn past_string(text: &Text, at: usize) -> Step<usize> {
    let closer = text.unit(at)?;
    let mut end = match closer.quote() {
        Some(_) => text.past_quote(at)?,
        None => at + if closer.ch == b']' { closer.len } else { 0 },
    };
    end = text.skip_blanks(end, 0)?;
    while matches!(text.unit(end)?.ch, b':' | b'=' | b'>') {
        end += text.unit(end)?.len;
    }
    end = text.skip_blanks(end, 0)?;
    let opener = text.unit(end)?;
    let Some(quote) = opener.quote() else { return Ok(end) };
    let start = text.past_quote(end)?;
    end = start;
    while end - start < MAX_DESCRIPTION {
        let unit = text.unit(end)?;
        if unit.is_newline() && unit.enc == Enc::Raw {
            break;
        }
        if quote.closed_by(unit).is_some() {
            return text.past_quote(end);
        }
        end += unit.len;
    }
    Ok(end)
}

/// Whether the braces that open before `at` begin with a `value`.
fn opens_value(text: &Text, at: usize) -> Step<bool> {
    let name = first_name(text, text.skip_blanks(at, 0)?)?;
    Ok(name.eq_ignore_ascii_case(b"value"))
}

/// The name at `at`, behind the quote or bracket that opens it, if a separator follows it.
fn first_name<'a>(text: &Text<'a>, at: usize) -> Step<&'a [u8]> {
    let unit = text.unit(at)?;
    let name = match unit.ch {
        _ if unit.quote().is_some() => text.past_quote(at)?,
        b'[' | b'@' => at + unit.len,
        _ => at,
    };
    let len = key_len(text, name)?;
    Ok(&text.window()[name..name + len])
}

/// The length of the name at `at`, if a separator follows it, possibly after a quote; otherwise 0.
fn key_len(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_BARE && is_name(text.at(end)?) {
        end += 1;
    }
    let unit = text.unit(end)?;
    let closed = match unit.quote() {
        Some(_) => text.past_quote(end)?,
        None => end + if unit.ch == b']' { unit.len } else { 0 },
    };
    let next = text.skip_blanks(closed, 0)?;
    Ok(if matches!(text.unit(next)?.ch, b':' | b'=') { end - at } else { 0 })
}

/// Whether the description of a cookie starts at `at`: `name=`, `"name": `, `[name] => `, `Value = `.
pub(crate) fn describes(text: &Text, at: usize) -> Step<bool> {
    let name = first_name(text, at)?;
    // The first cookie may be called `name`. Then a semicolon ends its value.
    Ok(is_one_of(name, &[b"name", b"version", b"value"]) && is_described(text, at, 0)?)
}

/// Whether the bracket at `at` closes a pair and another pair follows it, on the same line or after a comma.
fn opens_pair(text: &Text, at: usize) -> Step<bool> {
    let mut next = at + 1;
    let (mut comma, mut newline) = (false, false);
    while next - at < 64 && !text.is_past(next) {
        let unit = text.unit(next)?;
        match unit.ch {
            b' ' | b'\t' => {}
            b'\r' | b'\n' => newline = true,
            b',' => comma = true,
            ch => return Ok(ch == b'[' && (comma || !newline)),
        }
        next += unit.len;
    }
    Ok(false)
}

/// A map of cookies that `close` closes. If the key is not `exact`, a word may be something other than a cookie.
pub(crate) fn map(close: u8, exact: bool) -> Container {
    let frame = Frame { close, ..Frame::default() };
    Container::new(Elements::Entries { closing: false, exact }, frame)
}

/// One or more objects that describe cookies, which `close` closes.
pub(crate) fn objects(close: u8) -> Container {
    let frame = Frame { close, ..Frame::default() };
    Container::new(Elements::Objects { closing: false, column: 0 }, frame)
}

/// An object that describes a cookie, with one field per line after a list mark in this `column`. No bracket closes it.
pub(crate) fn lines(column: usize) -> Container {
    Container::new(Elements::Objects { closing: false, column }, Frame::default())
}

/// Reads a cookie on its own line at `at`, of a table or of YAML: `sid = 'T'`, `sid: T`. Among `settings`, a word is not
/// the value of a cookie.
pub(crate) fn on_line(text: &Text, at: usize, settings: bool) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at));
    let bracketed = text.at(at)? == b'[';
    let at = at + usize::from(bracketed);
    let mut end = at;
    while end - at < MAX_BARE && (is_name(text.at(end)?) || text.at(end)? == b'.') {
        end += 1;
    }
    if end == at || bracketed && text.at(end)? != b']' {
        return nothing;
    }
    let separator = text.skip_blanks(end + usize::from(bracketed), 0)?;
    let head = text.unit(separator + 1)?;
    let arrow = text.at(separator)? == b'=' && head.ch == b'>';
    if !matches!(text.at(separator)?, b'=' | b':') || bracketed && !arrow {
        return nothing;
    }
    let name = &text.window()[at..end];
    let start = text.skip_blanks(separator + 1 + if arrow { head.len } else { 0 }, 0)?;
    // A time of day starts with digits, too.
    if is_setting(name)
        || is_one_of(name, SCHEMA)
        || classify(name).is_some()
        || name.iter().all(u8::is_ascii_digit)
    {
        return nothing;
    }
    let (start, frame) = match open(text, start, Separator::Spaced, 0)? {
        Some(Target::Value { at, frame, .. }) => (at, frame),
        Some(_) => return nothing,
        None => (start, Frame { line: true, ..Frame::default() }),
    };
    let value = Value::new(frame, Flavour::Opaque, COOKIE);
    let head = value.head(text, start)?;
    let secret = !head.is_empty()
        && !head.is_mark()
        && (head.is_token_like()
            || bracketed
            || frame.own_quote
                && text.at(separator)? == b'='
                && !(settings && head.is_plain_word())
            || head.has_digit() && head.len() >= 6 && !head.is_number() && !head.is_harmless());
    Ok(if secret {
        Start::Value(start, value.started(text, start, &head), None)
    } else {
        Start::Nothing(at)
    })
}

/// What Node prints before a map without a prototype, as returned by cookie parsers.
const NO_PROTOTYPE: &[u8] = b"[object: null prototype] ";

/// Whether a map or list of cookies opens at `at`: `{`, `[{`, `ImmutableMultiDict([(`.
pub(crate) fn jar(text: &Text, at: usize, exact: bool) -> Step<Option<(usize, Container)>> {
    let mut start = at;
    // Node's `[Object: null prototype] {`, Elixir's `%{`, Erlang's `#{`.
    if text.has_word(at, NO_PROTOTYPE)? {
        start += NO_PROTOTYPE.len();
    } else if matches!(text.at(at)?, b'%' | b'#') && text.at(at + 1)? == b'{' {
        start += 1;
    }
    // Ruby's `#<Mechanize::Cookie:0x000055d0 name=sid, value=T>`.
    if text.has_word(at, b"0x")?
        && let Some(start) = past_address(text, at + 2)?
    {
        return Ok(describes(text, start)?.then_some((start, objects(b'>'))));
    }
    let at = start;
    while start - at < 32 && (text.at(start)?.is_ascii_alphanumeric() || text.at(start)? == b'_') {
        start += 1;
    }
    if start > at {
        if text.at(start)? != b'(' {
            return Ok(None);
        }
        start += 1;
    }
    match text.at(start)? {
        b'{' => Ok(Some((start + 1, map(b'}', exact)))),
        b'[' => {
            let mut inner = start + 1;
            while inner - start < 256 {
                let unit = text.unit(inner)?;
                if !(is_blank(unit.ch) || unit.is_newline()) {
                    break;
                }
                if inner >= text.window().len() {
                    return Ok(None);
                }
                inner += unit.len;
            }
            if matches!(text.at(inner)?, b'%' | b'#') && text.at(inner + 1)? == b'{' {
                inner += 1;
            }
            match text.at(inner)? {
                b'(' | b'[' => Ok(Some((inner, map(b']', exact)))),
                b'{' => Ok(Some((inner, objects(b']')))),
                // Swift's `["sid": "T"]`, PHP's `['sid' => 'T']`.
                _ if is_entry(text, inner)? => Ok(Some((inner, map(b']', exact)))),
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

/// What the value of an entry at `at` opens with: a map may have the brackets of a list.
fn open_entry(text: &Text, at: usize) -> Step<Option<Target>> {
    Ok(match open(text, at, Separator::Spaced, 0)? {
        Some(Target::List { at, close: b']', .. }) if is_entry(text, text.skip_blanks(at, 0)?)? => {
            Some(Target::Map { at, close: b']' })
        }
        target => target,
    })
}

/// Whether a name in quotes is at `at`, with a colon or an arrow after it.
fn is_entry(text: &Text, at: usize) -> Step<bool> {
    let opener = text.unit(at)?;
    let Some(quote) = opener.quote() else { return Ok(false) };
    let name = text.past_quote(at)?;
    let mut end = name;
    while end - name < MAX_BARE && (is_name(text.at(end)?) || text.at(end)? == b'.') {
        end += 1;
    }
    if end == name || quote.closed_by(text.unit(end)?) != Some(0) {
        return Ok(false);
    }
    let separator = text.skip_blanks(text.past_quote(end)?, 0)?;
    Ok(match text.unit(separator)?.ch {
        b':' => true,
        b'=' => text.unit(separator + 1)?.ch == b'>',
        _ => false,
    })
}

/// Past the digits of an object's address at `at` and the space after them.
fn past_address(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut end = at;
    while end - at < 16 && hex(text.at(end)?).is_some() {
        end += 1;
    }
    Ok((end > at && text.at(end)? == b' ').then_some(end + 1))
}

/// Whether the first string in the braces that open before `at` is a pair, which cannot be the name of a cookie.
pub(crate) fn is_list(text: &Text, at: usize) -> Step<bool> {
    let mut start = text.skip_blanks(at, 0)?;
    if let Some(line) = newline(text, start)? {
        start = text.skip_blanks(line, 0)?;
    }
    let unit = text.unit(start)?;
    Ok(unit.quote().is_some() && is_pair(text, start + unit.len, false, 0)?)
}
