//! Cookies (RFC 6265): `Cookie` and `Set-Cookie` values, and maps of cookies.

use crate::grammar::container::{Container, Elements};
use crate::grammar::ids::COOKIE;
use crate::grammar::key::{Class, Separator, classify, continuation, newline, open, value_string};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text, is_blank, is_name};
use crate::grammar::value::extent::{Flavour, Value, is_pair};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::placeholder;

/// Longest cookie-name; browsers limit name and value together to 4096 bytes.
const MAX_NAME: usize = 256;

/// Longest name without quotes in a map: what is longer may be a secret itself.
const MAX_BARE: usize = 64;

/// Longest value in a cookie that a program printed, in bytes.
const MAX_PRINTED: usize = 4096;

/// The attributes of a cookie (RFC 6265, section 4.1.1, RFC 2109, and what browsers added).
const ATTRIBUTES: &[&[u8]] = &[
    b"path",
    b"domain",
    b"expires",
    b"max-age",
    b"samesite",
    b"secure",
    b"httponly",
    b"partitioned",
    b"priority",
    b"version",
    b"comment",
    b"commenturl",
    b"port",
    b"discard",
];

/// What a session library is told about its cookie, which no cookie is named.
const SETTINGS: &[&[u8]] = &[
    b"path",
    b"domain",
    b"expires",
    b"maxage",
    b"max_age",
    b"samesite",
    b"secure",
    b"httponly",
    b"partitioned",
    b"priority",
    b"signed",
    b"overwrite",
    b"originalmaxage",
    b"name",
    b"encode",
];

/// What a schema or a form says about a field for cookies. A cookie of such a name has a token.
const SCHEMA: &[&[u8]] = &[
    b"type",
    b"shape",
    b"description",
    b"documentation",
    b"title",
    b"label",
    b"format",
    b"message",
    b"$ref",
];

/// The value of a `Cookie` or `Set-Cookie` key at `at`.
pub(crate) fn begin(
    text: &Text,
    at: usize,
    class: Class,
    frame: Frame,
    separator: Separator,
    exact: bool,
) -> Step<Start> {
    let elements = if class == Class::SetCookie { Elements::SetCookie } else { Elements::Cookies };
    let list = Container::new(elements, frame);
    // Go's `[a=T b=T]` in a string.
    if frame.own_quote
        && text.at(at)? == b'['
        && let Name::Pair { .. } = name(text, at + 1, &frame)?
    {
        return Ok(Start::Enter(
            at + 1,
            Container { frame: Frame { close: b']', ..frame }, ..list },
        ));
    }
    if let Name::Pair { .. } = name(text, at, &frame)? {
        return Ok(Start::Enter(at, list));
    }
    // Scala's ArraySeq(a=T; b=T).
    let mut inner = at;
    while inner - at < 16 && text.at(inner)?.is_ascii_alphabetic() {
        inner += 1;
    }
    if !frame.own_quote && inner > at && text.at(inner)? == b'(' {
        let frame = Frame { close: b')', ..Frame::within(frame.level) };
        if let Name::Pair { .. } = name(text, inner + 1, &frame)? {
            return Ok(Start::Enter(inner + 1, Container { frame, ..list }));
        }
    }
    // A cookie without its name, as some servers log one.
    let flavour = if frame.own_quote { Flavour::Opaque } else { Flavour::Param };
    let value = Value::new(frame, flavour, COOKIE);
    let head = value.head(text, at)?;
    let alone = frame.own_quote || frame.line || separator == Separator::Compact;
    if exact && alone && separator != Separator::Comma && head.is_token_like() {
        return Ok(Start::Value(at, value, None));
    }
    Ok(Start::Nothing(at))
}

/// The string after curl's `-b`, behind its quote, at `at`: cookies, or the name of a file.
pub(crate) fn option(text: &Text, at: usize) -> Step<Start> {
    let quote = text.unit_before(at, 0).quote();
    let frame = Frame { quote, own_quote: true, ..Frame::default() };
    begin(text, at, Class::Cookie, frame, Separator::Spaced, false)
}

/// `Raw:sid=T; Path=/`, `Raw:"sid=T; Path=/"`: what Go's HTTP library keeps of a `Set-Cookie` header, at `at`, between
/// other fields of the cookie.
pub(crate) fn received(text: &Text, at: usize) -> Step<Start> {
    let comma = 5 + usize::from(text.before(at, 6) == b',');
    let digit = usize::from(text.before(at, comma + 1).is_ascii_digit());
    let field = [&b"partitioned:true"[..], b"partitioned:false"]
        .iter()
        .any(|field| text.ends_before(at, comma, field))
        || digit > 0 && text.ends_before(at, comma + digit, b"samesite:");
    if text.before(at, 5) != b' ' || !field {
        return Ok(Start::Nothing(at));
    }
    let unit = text.unit(at)?;
    let (at, frame) = match unit.quote() {
        Some(quote) => {
            (at + unit.len, Frame { quote: Some(quote), own_quote: true, ..Frame::default() })
        }
        None => (at, Frame::default()),
    };
    begin(text, at, Class::SetCookie, frame, Separator::Spaced, false)
}

/// `{Name:sid Value:T Path:/`: the value of a cookie that Go printed, behind the word `value` at `at`.
fn structured(text: &Text, at: usize) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at + 5));
    if text.at(at + 5)? != b':' || text.before(at, 1) != b' ' {
        return nothing;
    }
    let mut k = 2;
    while k < 72 && !matches!(text.before(at, k), b'{' | b' ' | b'\t' | b'\n') {
        k += 1;
    }
    if k < 8 || text.before(at, k) != b'{' || !text.ends_before(at, k - 6, b"name:") {
        return nothing;
    }
    let start = at + 6;
    let mut end = start;
    while end - start < MAX_PRINTED && !matches!(text.at(end)?, b' ' | b'\n') {
        end += 1;
    }
    // Other objects have a name and a value too.
    if !(text.has_word(end, b" path:")? || text.has_word(end, b" quoted:")?) {
        return nothing;
    }
    let value = Value::new(Frame::default(), Flavour::Cookie, COOKIE);
    let head = value.head(text, start)?;
    if head.is_empty() || head.is_mark() {
        return nothing;
    }
    Ok(Start::Value(start, value.started(text, start, &head), None))
}

/// What stands where a cookie-name is expected.
enum Name {
    /// A name from `at` to `end`, then `=`; the value is at `value`.
    Pair { at: usize, end: usize, value: usize },
    /// Something without `=`, up to a semicolon or the list's end.
    Flag,
    /// No name.
    Other,
}

#[inline(always)]
fn name(text: &Text, at: usize, frame: &Frame) -> Step<Name> {
    let rest = text.window().get(at..).unwrap_or_default();
    let near = &rest[..rest.len().min(MAX_NAME)];
    let len = near.iter().position(|byte| !is_name(*byte)).unwrap_or(0);
    // Where it stands for itself, an equals sign is one in any frame.
    if len > 0 && rest[len] == b'=' {
        let end = at + len;
        return Ok(Name::Pair { at, end, value: end + 1 });
    }
    any_name(text, at, frame)
}

#[inline(never)]
fn any_name(text: &Text, at: usize, frame: &Frame) -> Step<Name> {
    let mut end = at;
    while end - at < MAX_NAME {
        let rest = text.window().get(end..).unwrap_or_default();
        let room = rest.len().min(MAX_NAME - (end - at));
        end += rest[..room].iter().position(|byte| !is_name(*byte)).unwrap_or(room);
        if end - at == MAX_NAME {
            break;
        }
        let unit = text.unit(end)?;
        if unit.is_newline() || frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some()) {
            return Ok(if end > at { Name::Flag } else { Name::Other });
        }
        if frame.excludes(unit) {
            return Ok(if end > at { Name::Flag } else { Name::Other });
        }
        if unit.level() > frame.level {
            end += unit.len;
            continue;
        }
        match unit.ch {
            b'=' => {
                return Ok(if end > at {
                    Name::Pair { at, end, value: end + unit.len }
                } else {
                    Name::Other
                });
            }
            b';' | b',' if end > at => return Ok(Name::Flag),
            b']' | b'}' | b')' if unit.ch == frame.close => return Ok(Name::Flag),
            b' ' | b'\t' if end > at => {
                let next = text.skip_blanks(end, 0)?;
                let unit = text.unit(next)?;
                return Ok(if unit.is_newline() || unit.ch == b';' {
                    Name::Flag
                } else {
                    Name::Other
                });
            }
            0..=b' '
            | b'"'
            | b'\''
            | b'`'
            | b','
            | b';'
            | b'<'
            | b'>'
            | b'('
            | b')'
            | b'{'
            | b'}'
            | b'\\'
            | 0x7f => {
                return Ok(Name::Other);
            }
            _ if unit.enc == Enc::Ansi => return Ok(Name::Other),
            _ => end += unit.len,
        }
    }
    // Longer than any name: most likely a token that was cut off.
    Ok(Name::Flag)
}

/// The next cookie-pair or attribute of a list, at `at`.
#[inline(never)]
pub(crate) fn next_pair(text: &Text, at: usize, list: &Container) -> Step<Start> {
    let frame = &list.frame;
    let set_cookie = matches!(list.elements, Elements::SetCookie);
    // 1. What separates pairs.
    let mut start = at;
    let (mut semicolon, mut comma) = (false, false);
    while start - at < 128 {
        // Most of it is plain, and neither ends the list nor is written in some other way.
        match text.window().get(start) {
            Some(b' ') if frame.level == 0 => {
                start += 1;
                continue;
            }
            Some(b';') if frame.level == 0 => {
                semicolon = true;
                start += 1;
                continue;
            }
            Some(byte) if is_name(*byte) => break,
            _ => {}
        }
        let unit = text.unit(start)?;
        // Rack joins the cookies of a response with line feeds.
        if unit.is_newline()
            && unit.len > 1
            && frame.own_quote
            && is_pair(text, start + unit.len, false, frame.level)?
        {
            comma = true;
            start += unit.len;
            continue;
        }
        if semicolon
            && frame.own_quote
            && let Some(next) = continuation(text, start, frame.quote)?
        {
            start = next;
            continue;
        }
        if unit.is_newline() && unit.level() <= frame.level && !frame.has_as_content(unit)
            || unit.enc == Enc::Ansi
            || frame.excludes(unit)
            || frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some())
        {
            return Ok(Start::Done(start));
        }
        if unit.level() > frame.level {
            break;
        }
        match unit.ch {
            b' ' | b'\t' => {}
            b';' => semicolon = true,
            b',' if !semicolon
                && !frame.map
                && is_pair(text, start + unit.len, true, frame.level)? =>
            {
                comma = true
            }
            b'|' if frame.bars && is_pair(text, start + unit.len, false, frame.level)? => {
                comma = true
            }
            // IIS writes blanks as `+`.
            b'+' if unit.enc == Enc::Raw && (semicolon || frame.level > 0) => {}
            _ => break,
        }
        start += unit.len;
    }
    if !(list.first || semicolon || comma)
        && !((set_cookie
            || frame.close == b'>'
            || frame.close == b']' && !frame.line)
            // Behind an option's argument the next option comes.
            && text.at(start)? != b'-'
            && is_pair(text, start, false, frame.level)?)
    {
        return Ok(Start::Done(at));
    }
    // 2. Its name.
    let first = list.first || !semicolon;
    let flavour = if set_cookie { Flavour::SetCookie } else { Flavour::Cookie };
    let (name_at, name_end, value_at) = match name(text, start, frame)? {
        Name::Pair { at, end, value } => (at, end, value),
        Name::Flag => {
            let value = Value::new(Frame { own_quote: false, ..*frame }, flavour, COOKIE);
            let head = value.head(text, start)?;
            let kept = set_cookie || !head.is_token_like();
            return Ok(Start::Value(start, value.keep(kept), None));
        }
        Name::Other => return Ok(Start::Done(start)),
    };
    // 3. Its value.
    let name = &text.window()[name_at..name_end];
    let attribute = if set_cookie {
        !first && ATTRIBUTES.iter().any(|attribute| name.eq_ignore_ascii_case(attribute))
    } else {
        // RFC 2109: $Path, $Version. Clients' jars and scripts write attributes too.
        name.first() == Some(&b'$') || !first && is_attribute(text, name, value_at, frame)?
    };
    let mut value_at = value_at;
    let unit = text.unit(value_at)?;
    let closes = frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some());
    let inner = match unit.quote() {
        Some(quote)
            if !closes && unit.level() <= frame.level && !is_lone(text, value_at + unit.len)? =>
        {
            value_at += unit.len;
            Frame {
                quote: Some(quote),
                own_quote: true,
                nested: true,
                level: frame.level,
                ..Frame::default()
            }
        }
        _ => Frame { own_quote: false, ..*frame },
    };
    let value = Value::new(inner, if inner.own_quote { Flavour::Opaque } else { flavour }, COOKIE);
    if attribute {
        // Expires has blanks.
        let value = value.on_line();
        return Ok(Start::Value(value_at, value.keep(true), None));
    }
    let head = value.head(text, value_at)?;
    let kept = head.is_empty() || head.is_mark();
    Ok(Start::Value(value_at, value.started(text, value_at, &head).keep(kept), None))
}

/// Whether `name` and the value at `at` are an attribute, where one may be and a cookie too:
/// the value is what the attribute has.
fn is_attribute(text: &Text, name: &[u8], at: usize, frame: &Frame) -> Step<bool> {
    let named = |attribute: &[u8]| name.eq_ignore_ascii_case(attribute);
    if !ATTRIBUTES.iter().any(|attribute| named(attribute)) {
        return Ok(false);
    }
    if named(b"expires") {
        return is_date(text, at);
    }
    let frame = Frame { own_quote: false, ..*frame };
    let head = Value::new(frame, Flavour::Cookie, COOKIE).head(text, at)?;
    let is = |words: &[&[u8]]| words.iter().any(|word| head.chars().eq_ignore_ascii_case(word));
    Ok(head.complete
        && if named(b"path") {
            head.chars().first() == Some(&b'/')
        } else if named(b"max-age") || named(b"version") {
            head.chars().iter().all(u8::is_ascii_digit)
        } else {
            named(b"samesite") && is(&[b"lax", b"strict", b"none"])
                || named(b"priority") && is(&[b"low", b"medium", b"high"])
        })
}

/// Whether a date as HTTP writes it is at `at`: a weekday, then a comma.
fn is_date(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < 10 && text.at(end)?.is_ascii_alphabetic() {
        end += 1;
    }
    Ok(end - at >= 3 && text.at(end)? == b',')
}

/// Whether a quote before `i` closes something instead of opening a value: nothing that a
/// value has follows.
fn is_lone(text: &Text, i: usize) -> Step<bool> {
    let unit = text.unit(i)?;
    Ok(unit.is_newline() || matches!(unit.ch, b',' | b'}' | b')' | b']' | b' '))
}

/// Furthest that an object is read on either side of its `value`, in bytes.
const MAX_OBJECT: usize = 384;

/// `{"name": "sid", "value": "T", "domain": "h", "path": "/"}`: an object that can only describe a
/// cookie, as browsers' drivers list them. `at` is where the word `value` stands, behind its quote.
pub(crate) fn described(text: &Text, at: usize) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at + 5));
    let before = text.unit_before(at, 0);
    let Some(way) = value_string(text, at)? else { return structured(text, at) };
    let (value, frame, end) = way;
    // 1. The names before it, on the same line.
    let mut found = [false; 3];
    let mut k = before.len;
    while k < MAX_OBJECT && !matches!(text.before(at, k + 1), b'{' | b'}' | b'\n') {
        k += 1;
        for (word, found) in DESCRIPTION.iter().zip(&mut found) {
            *found |= text.ends_before(at, k, word)
                && text.unit_before(at, k + word.len()).quote() == before.quote();
        }
    }
    // 2. The names after it.
    let mut next = end;
    while next - end < MAX_OBJECT && !text.is_past(next) && !matches!(text.at(next)?, b'{' | b'}') {
        next += 1;
        for (word, found) in DESCRIPTION.iter().zip(&mut found) {
            *found |=
                text.has_word(next, word)? && text.unit_before(next, 0).quote() == before.quote();
        }
    }
    let [domain, path, flag] = found;
    if !(domain && (path || flag)) {
        return nothing;
    }
    let value_of = Value::new(frame, Flavour::Opaque, COOKIE);
    let head = value_of.head(text, value)?;
    if head.is_empty() || head.is_mark() {
        return nothing;
    }
    Ok(Start::Value(value, value_of.started(text, value, &head), None))
}

/// Names of a cookie's description.
const DESCRIPTION: [&[u8]; 3] = [b"domain", b"path", b"httponly"];

/// The cookies that may follow a value that is in braces with others.
pub(crate) fn captured(frame: Frame) -> Option<Container> {
    frame.bars.then(|| Container::new(Elements::Cookies, frame).begun())
}

/// Longest first value of a cookie field without a key, in bytes.
const MAX_KEYLESS: usize = 4096;

/// The field `a=T;+b=T` of a W3C extended log, which IIS writes without a key, and CloudFront as `a=T;%20b=T`: the start
/// of its first value, before the separator of `len` bytes at `at`. `floor` is where the text that is not decided yet
/// starts.
pub(crate) fn keyless(text: &Text, at: usize, len: usize, floor: usize) -> Step<Start> {
    let nothing = Ok(Start::Nothing(at + len));
    let encoded = len > 2;
    if &text.window()[at..at + len] != if encoded { &b";%20"[..] } else { b";+" }
        || !is_pair(text, at + len, false, 0)?
    {
        return nothing;
    }
    let Some(start) = keyless_value(text, at, floor) else { return nothing };
    if text.window()[start..at].contains(&b';') || encoded && !is_column(text, start) {
        return nothing;
    }
    let frame = Frame { level: u8::from(encoded), ..Frame::default() };
    let list = Container::new(Elements::Cookies, frame).begun();
    let value = Value::new(frame, Flavour::Cookie, COOKIE);
    let head = value.head(text, start)?;
    if head.complete && head.end < at {
        return nothing;
    }
    Ok(Start::Value(start, value.keep(head.is_mark()), Some(list)))
}

/// Whether the name before the value at `at` starts a column behind a tab. Other things than cookies are percent-encoded
/// elsewhere.
fn is_column(text: &Text, at: usize) -> bool {
    let mut k = 2;
    while k < 64 && (is_name(text.before(at, k)) || text.before(at, k) == b'.') {
        k += 1;
    }
    text.before(at, k) == b'\t'
}

/// The first value of a field without a key that reaches to `end`: what follows `name=` in
/// the run without blanks before it.
pub(crate) fn keyless_value(text: &Text, end: usize, floor: usize) -> Option<usize> {
    let window = text.window();
    let lowest = floor.max(end.saturating_sub(MAX_KEYLESS));
    let mut run = end;
    while run > lowest && !matches!(window[run - 1], b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'') {
        run -= 1;
    }
    let start = if run == floor && text.before(run, 1) == b'=' {
        run
    } else {
        run + memchr::memchr(b'=', &window[run..end])? + 1
    };
    let mut k = 2;
    while k < 64 && (is_name(text.before(start, k)) || text.before(start, k) == b'.') {
        k += 1;
    }
    (k > 2 && matches!(text.before(start, k), b' ' | b'\t' | b'\n')).then_some(start)
}

/// The next cookie of a map or list of objects, at `at`.
pub(crate) fn next_entry(text: &Text, at: usize, jar: &Container) -> Step<Start> {
    let close = jar.frame.close;
    let (objects, closing) = match jar.elements {
        Elements::Objects { closing } => (true, closing),
        Elements::Entries { closing } => (false, closing),
        _ => return Ok(Start::Done(at)),
    };
    // 1. What separates entries.
    let mut start = at;
    if closing {
        let unit = text.unit(start)?;
        start += if unit.quote().is_some() { unit.len } else { 0 };
    }
    let mut complete = false;
    loop {
        let byte = text.at(start)?;
        let pair = byte == b']' && close == b']' && opens_pair(text, start)?;
        if byte == close && !pair || start - at > 1024 || start >= text.window().len() {
            return Ok(Start::Done(at));
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b',' => complete = false,
            b'[' | b']' if close == b']' => {}
            b'(' | b')' if !objects => {}
            // Without a comma the next object is none of the list, which was cut off.
            b'{' if objects && !complete => {}
            b'}' if objects => complete = true,
            _ => break,
        }
        start += 1;
    }
    if complete {
        return Ok(Start::Done(at));
    }
    // 2. Its name.
    let unit = text.unit(start)?;
    let (name_at, name_end, mut next) = match unit.quote() {
        Some(quote) => {
            let name_at = start + unit.len;
            let mut end = name_at;
            loop {
                let unit = text.unit(end)?;
                if unit.is_newline() || end - name_at > MAX_NAME {
                    return Ok(Start::Done(at));
                }
                if quote.closed_by(unit).is_some() {
                    break (name_at, end, end + unit.len);
                }
                end += unit.len;
            }
        }
        None => {
            let mut end = start;
            while end - start < MAX_BARE && (is_name(text.at(end)?) || text.at(end)? == b'.') {
                end += 1;
            }
            // A comma pairs strings only; anything may stand bare before one.
            if text.unit(end)?.ch == b',' {
                return Ok(Start::Done(at));
            }
            (start, end, end)
        }
    };
    if name_end == name_at {
        return Ok(Start::Done(at));
    }
    // 3. Its separator and value.
    let bare = next == name_end;
    next = text.skip_blanks(next, 0)?;
    let equals = text.at(next)? == b'=';
    match text.at(next)? {
        b':' | b',' => next += 1,
        // Maps that are written on several lines have quotes or colons: this is another line.
        b'=' if bare && !objects && text.window()[at..start].contains(&b'\n') => {
            return Ok(Start::Done(at));
        }
        b'=' => next += 1 + usize::from(text.at(next + 1)? == b'>'),
        _ => return Ok(Start::Done(at)),
    }
    next = text.skip_blanks(next, 0)?;
    let name = &text.window()[name_at..name_end];
    // No cookie is named so (RFC 6265, section 4.1.1), and a secret in the place of a name is not passed over.
    // What stands for one is no name either.
    if name.iter().any(|byte| *byte <= b' ')
        || memchr::memmem::find(name, b"eyJ").is_some()
        || placeholder::is_mark(name)
        || name.iter().all(|byte| *byte == b'*')
    {
        return Ok(Start::Done(at));
    }
    // A key of another rule's: this is something else, and its value is not to be passed over.
    let foreign = match classify(name) {
        Some((Class::Authorization | Class::Cookie | Class::SetCookie, _)) => true,
        class => objects && class.is_some(),
    };
    if foreign {
        return Ok(Start::Done(at));
    }
    let is = |names: &[&[u8]]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
    let schema = !objects && is(SCHEMA);
    let secret = if objects { name.eq_ignore_ascii_case(b"value") } else { !is(SETTINGS) };
    let value = match open(text, next, Separator::Spaced, 0)? {
        Some(crate::grammar::key::Way::Value { at, frame, .. }) => {
            next = at;
            let mut frame = frame;
            let unit = text.unit(at)?;
            // A cookie-value in quotes of its own.
            if let Some(quote) = unit.quote()
                && frame.quote.is_some_and(|outer| outer.closed_by(unit).is_none())
            {
                next += unit.len;
                frame = Frame { quote: Some(quote), nested: true, ..frame };
            }
            // The cookie as it was received.
            if objects
                && name.eq_ignore_ascii_case(b"raw")
                && is_pair(text, next, false, frame.level)?
            {
                let list = Container::new(Elements::SetCookie, frame);
                return Ok(Start::Enter(next, list));
            }
            Value::new(frame, Flavour::Opaque, COOKIE)
        }
        Some(_) => return Ok(Start::Done(at)),
        None => Value::new(Frame { close, ..Frame::default() }, Flavour::Token, COOKIE),
    };
    let head = value.head(text, next)?;
    let kept = !secret
        || head.is_empty()
        || head.is_mark()
        || schema && !head.is_token_like()
        || !value.frame.own_quote
            && !head.is_token_like()
            && !(objects && equals && head.has_digit());
    Ok(Start::Value(next, value.started(text, next, &head).keep(kept), None))
}

/// Whether the bracket at `at` closes a pair and another pair follows it: on the same line, or
/// behind a comma.
fn opens_pair(text: &Text, at: usize) -> Step<bool> {
    let mut next = at + 1;
    let (mut comma, mut newline) = (false, false);
    while next - at < 64 && !text.is_past(next) {
        match text.at(next)? {
            b' ' | b'\t' => {}
            b'\r' | b'\n' => newline = true,
            b',' => comma = true,
            byte => return Ok(byte == b'[' && (comma || !newline)),
        }
        next += 1;
    }
    Ok(false)
}

/// Whether the first string in the braces that open before `at` is a pair, which no name of a cookie is.
pub(crate) fn is_list(text: &Text, at: usize) -> Step<bool> {
    let mut start = text.skip_blanks(at, 0)?;
    if let Some(line) = newline(text, start)? {
        start = text.skip_blanks(line, 0)?;
    }
    let unit = text.unit(start)?;
    Ok(unit.quote().is_some() && is_pair(text, start + unit.len, false, 0)?)
}

/// A map of cookies that `close` closes.
pub(crate) fn map(close: u8) -> Container {
    let frame = Frame { close, ..Frame::default() };
    Container::new(Elements::Entries { closing: false }, frame)
}

/// A list of objects that describe cookies, or one, that `close` closes.
pub(crate) fn objects(close: u8) -> Container {
    let frame = Frame { close, ..Frame::default() };
    Container::new(Elements::Objects { closing: false }, frame)
}

/// What Node prints before a map without a prototype, as parsers of cookies return it.
const NO_PROTOTYPE: &[u8] = b"[object: null prototype] ";

/// Whether a map or list of cookies opens at `at`: `{`, `[{`, `ImmutableMultiDict([(`.
pub(crate) fn jar(text: &Text, at: usize) -> Step<Option<(usize, Container)>> {
    let mut start = at;
    // Node's `[Object: null prototype] {`, Elixir's `%{`, Erlang's `#{`.
    if text.has_word(at, NO_PROTOTYPE)? {
        start += NO_PROTOTYPE.len();
    } else if matches!(text.at(at)?, b'%' | b'#') && text.at(at + 1)? == b'{' {
        start += 1;
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
        b'{' => Ok(Some((start + 1, map(b'}')))),
        b'[' => {
            let mut inner = start + 1;
            while inner - start < 256
                && (is_blank(text.at(inner)?) || matches!(text.at(inner)?, b'\r' | b'\n'))
            {
                if inner >= text.window().len() {
                    return Ok(None);
                }
                inner += 1;
            }
            match text.at(inner)? {
                b'(' | b'[' => Ok(Some((inner, map(b']')))),
                b'{' => Ok(Some((inner, objects(b']')))),
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

/// Whether the value at `at` is that of a cookie with one of these `names`.
pub(crate) fn kept_cookie(text: &Text, at: usize, names: &[Vec<u8>]) -> bool {
    if names.is_empty() {
        return false;
    }
    // Back over the value's opener, the separator, and the name's closer.
    let mut skip = 0;
    let mut separated = false;
    while skip < 64 {
        let unit = text.unit_before(at, skip);
        match unit.ch {
            b'=' | b':' | b',' | b'>' => separated = true,
            b' ' => {}
            _ if unit.quote().is_some() => {}
            _ => break,
        }
        skip += unit.len;
    }
    separated
        && names.iter().any(|name| {
            let stands = name
                .iter()
                .rev()
                .enumerate()
                .all(|(k, want)| text.before(at, skip + k + 1) == *want);
            let before = text.unit_before(at, skip + name.len());
            stands && !(before.len == 1 && (is_name(before.ch) || before.ch == b'.'))
        })
}
