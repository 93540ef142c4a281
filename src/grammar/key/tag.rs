//! HTML and XML tags between a key and its value.

use std::ops::ControlFlow::Break;

use super::candidate::MAX_OUTER;
use super::class::Class;
use super::cookie_field::{MEMBER, VALUE, bare_end, describes_cookie};
use super::cursor::{Cursor, NO_VALUE, NOTHING, ON, Outcome};
use super::log_prefix::past_unit;
use super::names::{MAX_NAME, classify};
use super::open::open;
use super::target::{Separator, Target};
use super::value_member::past_colon;
use crate::grammar::text::lex::{Enc, Step, Text, is_blank, is_name};
use crate::grammar::value::frame::Frame;

/// The longest tag with attributes, in bytes.
const MAX_TAG: usize = 1024;

/// Whether there is `name="` at `at`.
pub(super) fn has_attributes(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_NAME && (is_name(text.at(end)?) || text.at(end)? == b':') {
        end += 1;
    }
    let equals = text.unit(end)?;
    Ok(end > at && equals.ch == b'=' && text.unit(end + equals.len)?.quote().is_some())
}

/// The position after the tag whose attributes are at `at`, if it opens an element.
pub(crate) fn past_tag(text: &Text, at: usize) -> Step<Option<usize>> {
    let (mut end, mut last) = (at, 0);
    loop {
        let unit = text.unit(end)?;
        if end - at > MAX_TAG || unit.ch == b'<' || text.at(end)? == b'\n' {
            return Ok(None);
        }
        end += unit.len;
        if unit.ch == b'>' {
            return Ok((last != b'/').then_some(end));
        }
        last = unit.ch;
    }
}

/// The elements in the element of cookies whose text is at `at`, `<cookies><sid>T</sid>`, or of a `single` one. If they are
/// `listed`, that is a property list, in which they are in a dictionary or array.
pub(super) fn children(text: &Text, at: usize, listed: bool, single: bool) -> Step<Outcome> {
    let mut start = at;
    while start - at < MAX_OUTER {
        let unit = text.unit(start)?;
        if unit.len == 0 || !(is_blank(unit.ch) || unit.is_newline()) {
            break;
        }
        start = past_unit(text, start, unit)?;
    }
    let opens = text.at(start)? == b'<' && text.at(start + 1)?.is_ascii_alphabetic();
    let holds = text.has_word(start + 1, b"dict>")? || text.has_word(start + 1, b"array>")?;
    if !opens || holds != listed {
        return Ok(NOTHING);
    }
    let name = &text.window()[start + 1..bare_end(text, start + 1)?];
    let found = match classify(name) {
        _ if single => describes_cookie(name, MEMBER | VALUE),
        Some((class, _)) => class == Class::Cookie,
        None => true,
    };
    Ok(if found { Break(Target::Markup { at: start, single }) } else { NOTHING })
}

/// Names of elements in XML that say what their value is: another field of the same record, and not the value of the
/// name before it.
const FIELDS: &[&[u8]] = &[
    b"id",
    b"uuid",
    b"guid",
    b"type",
    b"kind",
    b"class",
    b"owner",
    b"user",
    b"username",
    b"url",
    b"uri",
    b"link",
    b"path",
    b"file",
    b"version",
    b"etag",
    b"hash",
    b"checksum",
    b"digest",
    b"md5",
    b"sha1",
    b"sha256",
    b"size",
    b"date",
    b"time",
    b"created",
    b"updated",
    b"modified",
    b"description",
    b"status",
    b"state",
];

/// Skips tags, spaces and newlines at `at`, between a table cell with a name and the cell with its value.
pub(super) fn past_tags(text: &Text, at: usize) -> Step<Option<usize>> {
    let (mut end, mut last) = (at, at);
    while end - at < MAX_OUTER {
        let mut unit = text.unit(end)?;
        if unit.len > 0 && (is_blank(unit.ch) || unit.is_newline()) {
            end = past_unit(text, end, unit)?;
            continue;
        }
        if unit.ch != b'<' {
            return Ok((!is_field(text, last)?).then_some(end));
        }
        last = end + unit.len;
        while unit.ch != b'>' {
            if end - at > MAX_OUTER || text.at(end)? == b'\n' {
                return Ok(None);
            }
            end += unit.len;
            unit = text.unit(end)?;
        }
        end += unit.len;
    }
    Ok(None)
}

/// Whether the name of the tag at `at` is that of a field of its own.
fn is_field(text: &Text, at: usize) -> Step<bool> {
    for field in FIELDS {
        if text.has_word(at, field)? && !is_name(text.at(at + field.len())?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The position after one of the attributes called `names` at `at`, `value=`, possibly after other quoted attributes.
pub(super) fn past_attributes(text: &Text, at: usize, names: &[&[u8]]) -> Step<Option<usize>> {
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
        for name in names {
            if end - start == name.len() && text.has_word(start, name)? {
                return Ok(Some(inner));
            }
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

/// The value in one of the attributes at `at`, `value="T"`, or in the element that they open.
pub(super) fn in_attributes(text: &Text, at: usize, cursor: &mut Cursor) -> Step<Outcome> {
    if let Some(value) = past_attributes(text, at, &[b"value", b"content"])? {
        cursor.at = value;
        return Ok(ON);
    }
    past_tag(text, at)?.map_or(Ok(NO_VALUE), |at| element(text, at, Separator::Comma))
}

/// The next cell of a table, after the tags at `at` that close the previous one.
pub(super) fn past_cell(text: &Text, at: usize, level: u8) -> Step<Outcome> {
    let bracket = text.unit(at)?;
    if bracket.ch != b'<' || text.unit(at + bracket.len)?.ch != b'/' {
        return Ok(NOTHING);
    }
    let Some(at) = past_tags(text, at)? else { return Ok(NO_VALUE) };
    // Symfony's dumper has the tags inside the quotes: `</span>" => "<span>`.
    let unit = text.unit(at)?;
    let closed = if unit.quote().is_some() { at + unit.len } else { at };
    if let Some(separator) = past_colon(text, text.skip_blanks(closed, 0)?)? {
        return highlighted(text, separator);
    }
    if closed > at && is_blank(text.unit(closed)?.ch) {
        return Ok(NO_VALUE);
    }
    let bare = Target::Value {
        at,
        frame: Frame { close: b'<', ..Frame::within(level) },
        separator: Separator::Spaced,
    };
    Ok(Break(open(text, at, Separator::Spaced, level)?.unwrap_or(bare)))
}

/// The value after the separator before `at`, each of which is in a tag of its own, as dumpers and highlighters write
/// HTML: `: "<span class=str>T</span>"`, `: <span class="str">&quot;T&quot;</span>`.
fn highlighted(text: &Text, at: usize) -> Step<Outcome> {
    let Some(start) = past_tags(text, at)? else { return Ok(NO_VALUE) };
    let unit = text.unit(start)?;
    let separator = Separator::Comma;
    let frame = Frame { close: b'<', ..Frame::default() };
    let Some(quote) = unit.quote() else {
        return Ok(Break(Target::Value { at: start, frame, separator }));
    };
    let frame = Frame { quote: Some(quote), own_quote: true, ..frame };
    let Some(at) = past_tags(text, start + unit.len)? else { return Ok(NO_VALUE) };
    Ok(Break(Target::Value { at, frame, separator }))
}

/// The longest text of an element that is read to see where it ends, in bytes. A longer one ends as a token does.
const MAX_TEXT: usize = 512;

/// Whether a closing tag follows the text at `at`, on the same line and without a quote in between: `"<token>","id":5` is a
/// placeholder in a string.
fn is_closed(text: &Text, at: usize) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_TEXT {
        let unit = text.unit(end)?;
        if unit.ch == b'<' {
            let closing = text.unit(end + unit.len)?.ch == b'/';
            if closing || unit.enc == Enc::Raw {
                return Ok(closing);
            }
        }
        if unit.is_newline() || unit.quote().is_some() && !matches!(unit.enc, Enc::Entity(_)) {
            break;
        }
        end += unit.len;
    }
    Ok(false)
}

/// Whether there is a closing tag between `at` and `to`.
fn closes_tag(text: &Text, at: usize, to: usize) -> Step<bool> {
    let mut end = at;
    while end < to {
        let unit = text.unit(end)?;
        end += unit.len;
        if unit.ch == b'<' && text.unit(end)?.ch == b'/' {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The text of an XML element at `at`, which may be in a CDATA section.
pub(super) fn element(text: &Text, at: usize, separator: Separator) -> Step<Outcome> {
    let (mut at, mut separator) = (at, separator);
    let mut bracket = text.unit(at)?;
    // The text of a SAML attribute is in an element of its own. An inner element may also be about something else.
    if bracket.ch == b'<'
        && text.unit(at + bracket.len)?.ch.is_ascii_alphabetic()
        && let Some(inner) = past_tags(text, at)?
        && !closes_tag(text, at, inner)?
    {
        (at, separator) = (inner, Separator::Comma);
        bracket = text.unit(at)?;
    }
    let section = at + bracket.len;
    let data = bracket.ch == b'<' && text.has_word(section, b"![cdata[")?;
    let (at, close) = if data { (section + 8, b']') } else { (at, b'<') };
    let frame = Frame { close, element: is_closed(text, at)?, ..Frame::default() };
    Ok(Break(Target::Value { at, frame, separator }))
}
