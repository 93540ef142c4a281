//! Names that describe a cookie and are not cookies: attributes of `Set-Cookie`, settings of session libraries, and
//! members of objects such as `{"name":"sid","value":"T","path":"/"}`. One table, and how such a name is read.

use crate::grammar::text::lex::{Step, Text, is_name};

/// The places in which a name describes a cookie, a bit each.
type Roles = u8;

/// An entry of a map in which every other name is that of a cookie: a setting of a session library, or what a browser
/// knows about a cookie.
pub(crate) const SETTING: Roles = 1;
/// A member of an object that describes a cookie, besides its value.
pub(crate) const MEMBER: Roles = 1 << 1;
/// The member of such an object that has the value.
pub(crate) const VALUE: Roles = 1 << 2;
/// The first member of such an object, in a place where a cookie-pair may be.
pub(crate) const FIRST: Roles = 1 << 3;
/// The first member of such an object, after the name of its class or the word `cookie`.
pub(crate) const FIRST_OF_CLASS: Roles = 1 << 4;
/// An attribute that may have no value.
pub(crate) const FLAG: Roles = 1 << 5;

/// The values of an attribute, in a place where a cookie of the same name may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Nothing, or `true` or `false`.
    Flag,
    Date,
    /// Digits.
    Number,
    /// Digits and a unit, `3s`.
    Duration,
    Host,
    Path,
    SameSite,
    Priority,
}

/// A name that describes a cookie.
pub(crate) struct Field {
    /// In lower case, without `-` and `_`.
    name: &'static [u8],
    /// The values of the attribute that has the name.
    pub attribute: Option<Form>,
    roles: Roles,
}

impl Field {
    pub fn is(&self, roles: Roles) -> bool {
        self.roles & roles != 0
    }
}

const fn attribute(name: &'static [u8], form: Form, roles: Roles) -> Field {
    Field { name, attribute: Some(form), roles }
}

const fn other(name: &'static [u8], roles: Roles) -> Field {
    Field { name, attribute: None, roles }
}

/// Attributes are those of RFC 6265 and RFC 2109, those that browsers added, and those that clients' cookie jars print
/// (tough-cookie's `hostOnly`, `aAge` and `cAge`). Haskell's http-client prints members that start with `cookie_`.
/// Sorted by the first letter.
#[rustfmt::skip]
static FIELDS: &[Field] = &[
    attribute(b"aage", Form::Duration, 0),
    attribute(b"cage", Form::Duration, 0),
    attribute(b"comment", Form::Flag, 0),
    attribute(b"commenturl", Form::Flag, 0),
    other(b"cookiecreationtime", MEMBER),
    other(b"cookiedomain", MEMBER),
    other(b"cookieexpirytime", MEMBER),
    other(b"cookiehostonly", MEMBER),
    other(b"cookiehttponly", MEMBER),
    other(b"cookielastaccesstime", MEMBER),
    other(b"cookiename", MEMBER | FIRST | FIRST_OF_CLASS),
    other(b"cookiepath", MEMBER),
    other(b"cookiepersistent", MEMBER),
    other(b"cookiesecureonly", MEMBER),
    other(b"cookiestring", FIRST_OF_CLASS),
    other(b"cookievalue", VALUE),
    attribute(b"creation", Form::Flag, 0),
    attribute(b"discard", Form::Flag, FLAG),
    attribute(b"domain", Form::Host, SETTING | MEMBER | FIRST_OF_CLASS),
    other(b"encode", SETTING),
    other(b"expirationdate", SETTING),
    attribute(b"expires", Form::Date, SETTING | MEMBER),
    attribute(b"hostonly", Form::Flag, SETTING | FLAG),
    attribute(b"httponly", Form::Flag, SETTING | MEMBER | FLAG),
    other(b"key", FIRST_OF_CLASS),
    attribute(b"lastaccessed", Form::Flag, 0),
    other(b"license", SETTING),
    other(b"lifetime", SETTING),
    attribute(b"maxage", Form::Number, SETTING | MEMBER),
    other(b"name", SETTING | MEMBER | FIRST | FIRST_OF_CLASS),
    other(b"originalmaxage", SETTING),
    other(b"overwrite", SETTING),
    attribute(b"partitioned", Form::Flag, SETTING | FLAG),
    other(b"partitionkey", SETTING),
    other(b"partitionkeyopaque", SETTING),
    attribute(b"path", Form::Path, SETTING | MEMBER | FIRST_OF_CLASS),
    attribute(b"port", Form::Flag, 0),
    attribute(b"priority", Form::Priority, SETTING),
    other(b"sameparty", SETTING),
    attribute(b"samesite", Form::SameSite, SETTING | MEMBER),
    attribute(b"secure", Form::Flag, SETTING | MEMBER | FLAG),
    other(b"signed", SETTING),
    other(b"sourceport", SETTING),
    other(b"sourcescheme", SETTING),
    other(b"value", VALUE | FIRST | FIRST_OF_CLASS),
    attribute(b"version", Form::Number, SETTING | FIRST | FIRST_OF_CLASS),
];

/// By the first letter of a name: where its rows of [`FIELDS`] start.
const STARTS: [usize; 27] = {
    let mut starts = [0; 27];
    let (mut row, mut letter) = (0, 0);
    while letter < 26 {
        while row < FIELDS.len() && FIELDS[row].name[0] - b'a' == letter {
            row += 1;
        }
        letter += 1;
        starts[letter as usize] = row;
    }
    assert!(row == FIELDS.len(), "the rows are not sorted by their first letters");
    starts
};

/// By the first letter of a name: the second letters of its rows, a bit each. Most other names differ in them.
const SECOND_LETTERS: [u32; 26] = {
    let mut letters = [0; 26];
    let mut row = 0;
    while row < FIELDS.len() {
        let [first, second, ..] = FIELDS[row].name else { panic!("a name of one letter") };
        letters[(*first - b'a') as usize] |= 1 << (*second - b'a');
        row += 1;
    }
    letters
};

/// The row of `name`, in any case, with `-` and `_` anywhere in it.
#[inline]
pub(crate) fn field(name: &[u8]) -> Option<&'static Field> {
    let name = &name[name.iter().position(|byte| !is_joint(*byte))?..];
    let letter = |at: usize| name.get(at).map_or(u8::MAX, |byte| (byte | 0x20).wrapping_sub(b'a'));
    let (first, second) = (usize::from(letter(0)), letter(1));
    let seconds = SECOND_LETTERS.get(first)?;
    if second < 26 && seconds >> second & 1 == 0 {
        return None;
    }
    let mut rows = FIELDS[STARTS[first]..STARTS[first + 1]].iter();
    match name.iter().any(|byte| is_joint(*byte)) {
        true => rows.find(|field| is_same(name, field.name)),
        false => rows.find(|field| name.eq_ignore_ascii_case(field.name)),
    }
}

/// Whether `name` describes a cookie in one of these places.
pub(crate) fn describes_cookie(name: &[u8], roles: Roles) -> bool {
    field(name).is_some_and(|field| field.is(roles))
}

/// Whether `name` is that of an attribute, in a place where only an attribute can be.
pub(crate) fn is_attribute_name(name: &[u8]) -> bool {
    field(name).is_some_and(|field| field.attribute.is_some())
}

/// Whether `name` is one of `names`, in any case, with `-` and `_` anywhere in between.
pub(crate) fn is_one_of(name: &[u8], names: &[&[u8]]) -> bool {
    names.iter().any(|other| is_same(name, other))
}

fn is_same(name: &[u8], other: &[u8]) -> bool {
    let letters =
        name.iter().filter(|byte| !is_joint(**byte)).map(|byte| byte.to_ascii_lowercase());
    name.len() >= other.len() && letters.eq(other.iter().copied())
}

fn is_joint(byte: u8) -> bool {
    matches!(byte, b'-' | b'_')
}

/// The longest unquoted name in a map. A longer one may be a secret itself.
const MAX_BARE: usize = 64;

/// The end of the unquoted name at `at`.
pub(crate) fn bare_end(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_BARE && (is_name(text.at(end)?) || text.at(end)? == b'.') {
        end += 1;
    }
    Ok(end)
}

/// The name at `at`, after the quote, bracket or colon that opens it, if a separator follows it. Otherwise it is empty.
pub(crate) fn member_name<'a>(text: &Text<'a>, at: usize) -> Step<&'a [u8]> {
    let unit = text.unit(at)?;
    let name = match unit.ch {
        _ if unit.quote().is_some() => text.past_quote(at)?,
        b'[' if matches!(text.at(at + 1)?, b'"' | b'\'') => at + 2,
        b'[' | b'@' | b':' => at + unit.len,
        _ => at,
    };
    let len = member_len(text, name)?;
    Ok(&text.window()[name..name + len])
}

/// The position after the visibility of a property at `at`, if a bracket follows it: PHP's `["token":protected]=>`,
/// `["token":"Client":private]=>`, `[token:Client:private] => `.
pub(crate) fn past_visibility(text: &Text, at: usize) -> Step<usize> {
    let mut end = at;
    while end - at < MAX_BARE
        && matches!(text.at(end)?, b':' | b'"' | b'\\' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9')
    {
        end += 1;
    }
    let closes = text.at(end)? == b']'
        && [&b":protected"[..], b":private"].iter().any(|word| text.ends_before(end, 0, word));
    Ok(if closes { end } else { at })
}

/// The length of the name at `at`, if a separator follows it, possibly after a quote; otherwise 0. A string may follow a
/// keyword of Clojure.
pub(crate) fn member_len(text: &Text, at: usize) -> Step<usize> {
    let end = bare_end(text, at)?;
    let unit = text.unit(end)?;
    let mut closed = match unit.quote() {
        Some(_) => text.past_quote(end)?,
        None => end,
    };
    if text.at(closed)? == b':' {
        closed = past_visibility(text, closed)?;
    }
    // PHP's `["name":protected]=>` has a quote and a bracket.
    let bracket = text.unit(closed)?;
    if bracket.ch == b']' && (unit.quote().is_none() || text.before(at, 2) == b'[') {
        closed += bracket.len;
    }
    let next = text.skip_blanks(closed, 0)?;
    let separated = match text.unit(next)?.ch {
        b':' | b'=' => true,
        b'"' => next > end && text.before(at, 1) == b':',
        _ => false,
    };
    Ok(if separated { end - at } else { 0 })
}
