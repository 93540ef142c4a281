//! The entries of maps whose keys are cookie-names, and of objects that describe cookies.

use super::attribute::SCHEMA;
use super::described::{has_description, has_semicolon, opens_value};
use super::jar::{self, jar, map, open_entry};
use super::pairs::MAX_NAME;
use crate::grammar::container::{Container, Elements};
use crate::grammar::ids::COOKIE;
use crate::grammar::key::{
    Class, MEMBER, SETTING, Separator, Target, VALUE, bare_end, classify, describes_cookie,
    first_in_brackets, is_one_of, line_below, line_in_brackets, open, past_arrow, past_border,
    past_unit, past_visibility, printed_array, skip_type,
};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, LOOKBACK, Step, Text, is_blank};
use crate::grammar::value::extent::{Flavour, Value, is_end_of_message, is_pair};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::head::Head;
use crate::grammar::value::placeholder;

/// The most bytes between two entries.
const MAX_GAP: usize = 1024;
/// The most bytes between two pairs in brackets.
const MAX_PAIR_GAP: usize = 192;

/// Reads the next cookie of a map or list of objects, at `at`.
pub(crate) fn next_entry(text: &Text, at: usize, jar: &Container) -> Step<Start> {
    if let Some(new) = new_value(text, at, jar)? {
        return Ok(new);
    }
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
        class => objects && (class.is_some() || is_setting_of_key(name)),
    } && !(objects && describes_cookie(name, VALUE | MEMBER));
    if foreign {
        return Ok(Start::Done(at));
    }
    entry_value(text, at, name, entry, jar)
}

/// The new value of the cookie whose old value ended at `at`: `sid: "T" => "T"`.
fn new_value(text: &Text, at: usize, jar: &Container) -> Step<Option<Start>> {
    if jar.first || jar.is_objects() || text.at(at)? != b' ' {
        return Ok(None);
    }
    let Some(new) = past_arrow(text, at)? else { return Ok(None) };
    if text.unit(new)?.quote().is_none() {
        return Ok(None);
    }
    let Some(Target::Value { at, frame, .. }) = open(text, new, Separator::Spaced, 0)? else {
        return Ok(None);
    };
    let value = Value::new(frame, Flavour::Opaque, COOKIE);
    let head = value.head(text, at)?;
    let kept = head.is_empty() || head.is_placeholder();
    Ok(Some(Start::Value(at, value.started(text, at, &head).keep(kept), None)))
}

/// Whether `name` is a path of names, the last of which is a key: `oauth.client_secret`, the setting of a program.
fn is_setting_of_key(name: &[u8]) -> bool {
    memchr::memrchr(b'.', name).is_some_and(|dot| classify(&name[dot + 1..]).is_some())
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
    let (mut complete, mut comma) = (false, false);
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
        // A colour, or the side of a box that the map is printed in.
        if unit.enc == Enc::Ansi {
            start += unit.len;
            continue;
        }
        if let Some(end) = past_border(text, start)? {
            start = end;
            continue;
        }
        if unit.level() == 0 && (unit.is_newline() || is_blank(unit.ch)) {
            if unit.is_newline() {
                let first = line.is_none() && !comma && unit.enc == Enc::Raw;
                if first && begins_on_line(text, start, close) {
                    return Ok(None);
                }
                let below = if close == 0 { line_below } else { line_in_brackets };
                start = below(text, start)?.unwrap_or(start + unit.len);
                line = Some(start);
            } else {
                start += unit.len;
            }
            continue;
        }
        match byte {
            b',' => (complete, comma) = (false, true),
            // `Cookie={sid=T; theme=T}`
            b';' if close == b'}' && !objects => {}
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
        && start - line < column
    {
        return Ok(None);
    }
    Ok((!complete).then_some(Gap { end: start, has_newline: line.is_some() }))
}

/// Whether the map that `close` closes begins on the line that ends at `at`, with its first entry. Such a map continues below
/// only after a comma; without one, the line was cut off.
fn begins_on_line(text: &Text, at: usize, close: u8) -> bool {
    let open = match close {
        b'}' => b'{',
        b']' => b'[',
        b')' => b'(',
        _ => return false,
    };
    let (mut depth, mut has_entry) = (0, false);
    let mut back = 0;
    while back < LOOKBACK {
        back += 1;
        match text.before(at, back) {
            b'\n' => break,
            // The end of a colour.
            b'm' if text.unit_before(at, back - 1).enc == Enc::Ansi => {
                back += text.unit_before(at, back - 1).len - 1;
            }
            byte if byte == close => depth += 1,
            byte if byte == open && depth == 0 => return has_entry,
            byte if byte == open => depth -= 1,
            // Not the side of a box.
            byte => has_entry |= !is_blank(byte) && byte != b'\r' && byte.is_ascii(),
        }
    }
    false
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
    // Ruby's `@name="sid"`, a symbol of Ruby or keyword of Clojure: `{:sid=>"T"}`, `{:sid "T"}`.
    let symbol = !bracketed && text.at(start)? == b':';
    let mut start = start + usize::from(bracketed || symbol || text.at(start)? == b'@');
    let mut unit = text.unit(start)?;
    // Python's bytes.
    if matches!(unit.ch, b'b' | b'u') && text.unit(start + 1)?.quote().is_some() {
        start += 1;
        unit = text.unit(start)?;
    }
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
                let closed = text.past_quote(end)?;
                let closed = if bracketed { past_visibility(text, closed)? } else { closed };
                break (from, end, closed + usize::from(bracketed));
            }
            end += unit.len;
        }
    } else {
        let from = start;
        let end = bare_end(text, from)?;
        let closed = if bracketed { past_visibility(text, end)? } else { end };
        // A comma pairs only strings, because any unquoted text can precede a comma.
        if text.unit(end)?.ch == b',' || bracketed && text.at(closed)? != b']' {
            return Ok(None);
        }
        (from, end, closed + usize::from(bracketed))
    };
    if to == from {
        return Ok(None);
    }
    let (bare, after) = (next == to, next);
    next = text.skip_blanks(text.skip_ansi(next)?, 0)?;
    let equals = text.at(next)? == b'=';
    // Bash's `[sid]="T"`: the value is in quotes, or a word.
    let array = bracketed && jar.frame.close == b')' && equals && text.at(next + 1)? != b'>';
    match text.at(next)? {
        b'-' if text.at(next + 1)? == b'>' => next += 2,
        b':' => next += 1,
        // JSON in lines: `["sid", "T"]`.
        b',' => next = first_in_brackets(text, next + 1, 0)?,
        // Maps over several lines have quotes or colons, so this is another line.
        b'=' if bare && !jar.is_objects() && gap.has_newline && !ends_member(text, next)? => {
            return Ok(None);
        }
        b'=' => {
            let arrow = text.unit(next + 1)?;
            next += 1 + if arrow.ch == b'>' { arrow.len } else { 0 };
        }
        // Clojure's maps have only spaces there, or when they are pretty-printed a newline.
        _ if quoted || symbol => match past_blank(text, after, next, symbol)? {
            Some(at) => next = at,
            None => return Ok(None),
        },
        _ => return Ok(None),
    }
    next = text.skip_blanks(next, 0)?;
    if bracketed
        && quoted
        && let Some(line) = line_below(text, next)?
    {
        next = text.skip_blanks(line, 0)?;
    }
    let value = skip_type(text, next)?;
    Ok(Some(Entry { from, to, value, equals, bracketed: bracketed && !quoted && !array }))
}

/// Whether a semicolon ends the line of `at`, as it does for each member of a dictionary that Cocoa prints:
///
/// ```text
/// cookies =     {
///     sid = T;
/// };
/// ```
fn ends_member(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_GAP && !matches!(text.at(end)?, b'\n' | b'\r' | b'{' | b'(') {
        end += 1;
    }
    Ok(text.unit(end)?.is_newline() && text.before(end, 1) == b';')
}

/// The start of the value at `at`, which only blanks separate from the name that ends at `after`, as in Clojure's maps. A
/// pretty-printed map may be on the next line. Behind a `symbol` the value may be any literal.
fn past_blank(text: &Text, after: usize, at: usize, symbol: bool) -> Step<Option<usize>> {
    if let Some(line) = line_below(text, at)? {
        let start = text.skip_blanks(line, 0)?;
        return Ok((start > line && text.at(start)? == b'{').then_some(start));
    }
    if at == after {
        return Ok(None);
    }
    let unit = text.unit(at)?;
    Ok(match unit.ch {
        b'"' | b'{' | b'[' => Some(at),
        b't' | b'f' | b'n' | b'-' | b'0'..=b'9' if symbol => Some(at),
        b'#' if symbol && text.has_word(at, b"#inst ")? => Some(at + b"#inst ".len()),
        _ => None,
    })
}

/// Where the value of `entry` is, and what opens it.
fn open_value(text: &Text, entry: &Entry) -> Step<(usize, Option<Target>)> {
    let mut at = entry.value;
    if entry.bracketed {
        return Ok((at, printed_array(text, at, 0)?));
    }
    // An object that is percent-encoded is the value.
    if text.unit(at)?.level() > 0 {
        return Ok((at, None));
    }
    if matches!(text.at(at)?, b'%' | b'#') && text.at(at + 1)? == b'{' {
        at += 1;
    }
    Ok((at, open_entry(text, at)?))
}

/// The value of the `entry` called `name`, in the jar whose gap began at `at`.
fn entry_value(text: &Text, at: usize, name: &[u8], entry: Entry, list: &Container) -> Step<Start> {
    let close = list.frame.close;
    let objects = list.is_objects();
    let schema = !objects && (is_one_of(name, SCHEMA) || is_one_of(name, MATCHERS));
    let secret =
        if objects { describes_cookie(name, VALUE) } else { !describes_cookie(name, SETTING) };
    let (mut next, target) = open_value(text, &entry)?;
    let value = match target {
        None if entry.bracketed => {
            Value::new(Frame { entry: true, ..Frame::default() }, Flavour::Cookie, COOKIE)
        }
        Some(Target::Value { at, frame, .. }) => {
            next = at;
            let mut frame = frame;
            let unit = text.unit(at)?;
            // A cookie-value in its own quotes.
            if let Some(quote) = unit.quote()
                && frame.quote.is_some_and(|outer| outer.closed_by(unit).is_none())
                && !is_end_of_message(text, at, unit)?
            {
                next += unit.len;
                frame = Frame { quote: Some(quote), nested: true, ..frame };
            }
            if let Some(elements) = header_elements(text, next, &frame, name, objects)?
                && is_pair(text, next, false, frame.level)?
            {
                return Ok(Start::Enter(next, Container::new(elements, frame)));
            }
            Value::new(frame, Flavour::Opaque, COOKIE)
        }
        // `{"sid":["T"]}`, `{sid=[sid=T; Path=/]}`, `{"sid":[{"name":"sid","value":"T"}]}`.
        Some(Target::List { at, close, quoted, level }) if secret && !schema => {
            if close == b']'
                && let Some((at, inner)) = jar(text, at - 1, true)?
                && inner.is_objects()
            {
                return Ok(Start::Enter(at, inner));
            }
            let frame = Frame { close, ..Frame::within(level) };
            let exact = !matches!(list.elements, Elements::Entries { exact: false, .. });
            let elements = Elements::Values { class: Class::CookieEntry, exact, quoted };
            return Ok(Start::Enter(at, Container::new(elements, frame)));
        }
        // `{"sid":{"value":"T","path":"/"}}`, or another description of a cookie.
        Some(Target::Map { at, close })
            if objects || has_description(text, at, close)? || secret && opens_value(text, at)? =>
        {
            return Ok(Start::Enter(at, jar::objects(close)));
        }
        // `{"sid":{"equalTo":"T"}}`: an expectation about a cookie, or how one is made.
        Some(Target::Map { at, close }) if secret && !schema => {
            return Ok(Start::Enter(at, map(close, false)));
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
    let exact = !matches!(list.elements, Elements::Entries { exact: false, .. });
    // Text that is percent-encoded is neither code nor a placeholder.
    let encoded = text.unit(next)?.level() > 0;
    let named = exact && !objects;
    let evident = value.frame.own_quote
        || entry.bracketed
        || head.is_token_like()
        || named && (encoded || is_mixed(&head) || entry.equals && is_long_number(&head))
        || matches!(list.elements, Elements::Entries { bare: true, .. })
        || objects && (close == 0 || entry.equals && (head.has_digit() || close != b')'));
    let kept = !secret
        || head.is_empty()
        || head.is_placeholder() && !encoded
        || (schema || !exact) && !head.is_token_like()
        || !evident;
    Ok(Start::Value(next, value.started(text, next, &head).keep(kept), None))
}

/// Whether a value is not a word, a number or a name, and so neither source code nor a setting.
pub(super) fn is_mixed(head: &Head) -> bool {
    head.has_digit()
        && head.len() >= 6
        && !head.is_number()
        && !head.is_harmless()
        && !head.is_identifier()
}

/// Whether a value is a number of more digits than a size or a duration has.
fn is_long_number(head: &Head) -> bool {
    head.len() >= 8 && head.chars().iter().all(u8::is_ascii_digit)
}

/// The names of entries for an expected header, from WireMock.
const MATCHERS: &[&[u8]] = &[b"equalto", b"contains", b"matches"];

/// The elements of the entry called `name`, if its value is a whole header: a cookie as it was received, or is expected.
fn header_elements(
    text: &Text,
    at: usize,
    frame: &Frame,
    name: &[u8],
    objects: bool,
) -> Step<Option<Elements>> {
    // `{"set-cookie":{"value":"sid=T; Path=/"}}`
    if name.eq_ignore_ascii_case(b"value") && frame.own_quote && has_semicolon(text, at, frame)? {
        return Ok(Some(Elements::SetCookie));
    }
    Ok(match objects {
        true => name.eq_ignore_ascii_case(b"raw").then_some(Elements::SetCookie),
        false => is_one_of(name, MATCHERS).then_some(Elements::Cookies),
    })
}

/// Whether the bracket at `at` closes a pair and another pair follows it, on the same line or after a comma.
fn opens_pair(text: &Text, at: usize) -> Step<bool> {
    let mut next = at + 1;
    let (mut comma, mut newline) = (false, false);
    while next - at < MAX_PAIR_GAP && !text.is_past(next) {
        let unit = text.unit(next)?;
        match unit.ch {
            b' ' | b'\t' => {}
            b'\r' | b'\n' => {
                newline = true;
                next = past_unit(text, next, unit)?;
                continue;
            }
            b',' => comma = true,
            ch => return Ok(ch == b'[' && (comma || !newline)),
        }
        next += unit.len;
    }
    Ok(false)
}

/// Reads a cookie on its own line at `at`, of a table or of YAML: `sid = 'T'`, `sid: T`. Among `settings`, a word is not
/// the value of a cookie. Below a line on which a cookie was `found`, it is.
pub(crate) fn on_line(text: &Text, at: usize, settings: bool, found: bool) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at));
    let bracketed = text.at(at)? == b'[';
    // YAML's `"sid": T`.
    let quote =
        if bracketed { None } else { text.unit(at)?.quote().filter(|quote| quote.enc == Enc::Raw) };
    let closer = usize::from(bracketed || quote.is_some());
    let at = at + closer;
    let end = bare_end(text, at)?;
    if end == at
        || bracketed && text.at(end)? != b']'
        || quote.is_some_and(|quote| text.window().get(end) != Some(&quote.ch))
    {
        return nothing;
    }
    let separator = text.skip_blanks(end + closer, 0)?;
    let head = text.unit(separator + 1)?;
    let arrow = text.at(separator)? == b'=' && head.ch == b'>';
    if !matches!(text.at(separator)?, b'=' | b':')
        || bracketed && !arrow
        || quote.is_some() && text.at(separator)? != b':'
    {
        return nothing;
    }
    let name = &text.window()[at..end];
    let start = text.skip_blanks(separator + 1 + if arrow { head.len } else { 0 }, 0)?;
    // A time of day starts with digits, and so does a date: the line is not one of the table.
    if describes_cookie(name, SETTING)
        || is_one_of(name, SCHEMA)
        || !matches!(classify(name), None | Some((Class::Session | Class::Header, _)))
        || !bracketed && name[0].is_ascii_digit() && text.at(separator)? == b':'
        || name.iter().all(u8::is_ascii_digit)
    {
        return nothing;
    }
    let (start, frame) = match open(text, start, Separator::Spaced, 0)? {
        Some(Target::Value { at, frame, .. }) => (at, frame),
        Some(_) => return nothing,
        None => (start, Frame { line: true, ..Frame::default() }),
    };
    // Without its own quotes it ends with the string that the lines are in.
    let flavour = if frame.own_quote { Flavour::Opaque } else { Flavour::Cookie };
    let value = Value::new(frame, flavour, COOKIE);
    let head = value.head(text, start)?;
    let secret = !head.is_empty()
        && !head.is_mark()
        && (head.is_token_like()
            || bracketed
            || found && !head.is_nothing() && !head.is_harmless()
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
