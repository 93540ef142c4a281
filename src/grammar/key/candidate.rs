//! A key at an anchor: its position, and what opened it.

use super::class::Class;
use super::known::{PHRASE_LENS, PHRASES, Phrase};
use super::names::MAX_NAME;
use super::query;
use super::target::DOUBLE;
use crate::grammar::text::lex::{Enc, Quote, Step, Text, hex, is_name};

/// How far the text before a key is read, in bytes.
pub(super) const MAX_OUTER: usize = 192;

/// The most spaces in a quoted key of several words.
const MAX_WORDS: usize = 3;

/// A key at an anchor: its position, and what opened it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub class: Class,
    /// The number of bytes of the name before the anchor.
    pub(crate) back: usize,
    /// The end of the name.
    pub(crate) end: usize,
    /// The quote directly before the name.
    pub(crate) opener: Option<Quote>,
    /// The character before the name, its opening quote and a string prefix.
    pub(crate) context: u8,
    /// The number of bytes from the anchor back to the start of the opener.
    pub(crate) outer_start: usize,
    /// The depth of percent-encoding of the text that contains the key.
    pub(crate) level: u8,
    /// The name is only that of the field, with at most the prefixes that servers add.
    pub(crate) exact: bool,
}

impl Key {
    /// The key around the anchor `at..at + len`. `classify` knows the names.
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
            // The name started in settled text.
            let length = back + end - at;
            for (k, slot) in copy[..length].iter_mut().enumerate() {
                *slot =
                    if k < back { text.before(at, back - k) } else { text.window()[at + k - back] };
            }
            &copy[..length]
        };
        let (mut words, mut found) = (0, None);
        if let Some((phrase, length)) = phrase(text, at, back, name) {
            (words, found) = (length, Some((phrase.class, false)));
        } else if name.eq_ignore_ascii_case(b"device") && text.has_word(end, b" code")? {
            // The anchor is the first of two words.
            end += 5;
            found = Some((Class::Param, false));
        } else if let Some(class) = query::classify(text, at, back, end, name)? {
            found = Some((class, false));
        }
        let found = found.or_else(|| classify(name));
        let Some((class, exact)) = found else { return Ok(None) };
        if is_no_key(text, at, back, class) {
            return Ok(None);
        }
        let back = back + words;
        let OuterStart { opener, context, outer_start, level } =
            OuterStart::of(text, at, back, end)?;
        Ok(Some(Key { class, back, end, opener, context, outer_start, level, exact }))
    }

    /// The end of the name.
    pub fn end(&self) -> usize {
        self.end
    }

    /// Whether the name is quoted.
    pub fn is_quoted(&self) -> bool {
        self.opener.is_some()
    }

    /// Whether the name is that of the header itself.
    pub fn is_exact(&self) -> bool {
        self.exact
    }
}

/// The key that consists of `name`, which starts `back` bytes before `at`, and the word before it; with the length of
/// that word and of the space or dot after it.
fn phrase(text: &Text, at: usize, back: usize, name: &[u8]) -> Option<(&'static Phrase, usize)> {
    let between = text.before(at, back + 1);
    if !matches!(between, b'.' | b' ') || !PHRASE_LENS.contains(&name.len()) {
        return None;
    }
    let phrase = PHRASES.iter().find(|phrase| {
        name.eq_ignore_ascii_case(phrase.last) && text.ends_before(at, back + 1, phrase.first)
    })?;
    let words = phrase.first.len() + 1;
    // The word has to be a whole word.
    let mut start = back + words;
    while start <= MAX_NAME && is_name(text.before(at, start + 1)) {
        start += 1;
    }
    // `-Dclient.secret=T`
    if start == back + words + 2 && text.ends_before(at, back + words, b"-d") {
        return Some((phrase, words + 2));
    }
    let own = start - residue(text, at, start) <= back + words;
    own.then_some((phrase, words))
}

/// Whether the text before a name means that it is not a key.
fn is_no_key(text: &Text, at: usize, back: usize, class: Class) -> bool {
    // `next page token: 8f3b` says where to continue, and is not a secret.
    const CURSORS: [&[u8]; 4] = [b"page ", b"next ", b"continuation ", b"pagination "];
    class == Class::WeakParam && CURSORS.iter().any(|word| text.ends_before(at, back, word))
        // `"node_modules/cookie": {` is a package.
        || matches!(class, Class::Cookie | Class::SetCookie)
            && text.before(at, back + 1) == b'/'
            && past_pointer(text, at, back).is_none()
        // `AWS::Config::AggregationAuthorization` is a type.
        || class == Class::Authorization && text.ends_before(at, back, b"::")
        // `[REDACTED:authorization:9f86d081]` names the rule that redacted a value.
        || text.ends_before(at, back, b"[redacted:")
}

/// How far back the quote is of the JSON Pointer (RFC 6901) that the name ends or is a part of, if that is the value of a
/// `path`: `"path": "/cookies/sid"`.
pub(super) fn past_pointer(text: &Text, at: usize, back: usize) -> Option<usize> {
    let mut start = back;
    while start < MAX_OUTER / 2
        && (is_name(text.before(at, start + 1)) || text.before(at, start + 1) == b'/')
    {
        start += 1;
    }
    let quote = text.unit_before(at, start);
    let slash = text.before(at, start) == b'/';
    if !slash || quote.quote().is_none() {
        return None;
    }
    let mut member = start + quote.len;
    member += usize::from(text.before(at, member + 1) == b' ');
    if text.before(at, member + 1) != b':' {
        return None;
    }
    let closer = text.unit_before(at, member + 1);
    member += 1 + if closer.quote().is_some() { closer.len } else { 0 };
    text.ends_before(at, member, b"path").then_some(start)
}

/// The text before a name.
struct OuterStart {
    /// As in [`Key`].
    opener: Option<Quote>,
    context: u8,
    outer_start: usize,
    level: u8,
}

impl OuterStart {
    /// The text before the name that starts `back` bytes before `at` and ends at `end`.
    #[inline(always)]
    fn of(text: &Text, at: usize, back: usize, end: usize) -> Step<OuterStart> {
        let unit = text.unit_before(at, back);
        let (mut opener, mut outer_start, mut context) = (unit.quote(), back, unit);
        let outer = match unit.ch {
            _ if opener.is_some() => None,
            b'.' | b'/' | b':' | b' ' => path_opener(text, at, back, end)?,
            0 | b'0' => mangled_opener(text, at, back, end)?,
            0x1b if unit.enc == Enc::Ansi => coloured_opener(text, at, back, end)?,
            _ => None,
        };
        if unit.ch == b'.' && outer.is_none() && text.window().get(end) == Some(&b'<') {
            // `<name>mail.smtp.password</name>`
            let of_path = |byte: u8| is_name(byte) || byte == b'.';
            while outer_start < MAX_OUTER / 2 && of_path(text.before(at, outer_start + 1)) {
                outer_start += 1;
            }
            context = text.unit_before(at, outer_start);
        }
        if let Some((quote, start)) = outer {
            (opener, outer_start, context) = (Some(quote), start, text.unit_before(at, start));
        }
        if let Some(quote) = opener {
            let (quote, past) = before_opener(text, at, outer_start + context.len, quote, end)?;
            (opener, outer_start, context) = (Some(quote), past, text.unit_before(at, past));
        }
        // Colour sequences may be anywhere.
        while context.enc == Enc::Ansi && outer_start < MAX_OUTER {
            outer_start += context.len;
            context = text.unit_before(at, outer_start);
        }
        // Percent-encoded text contains no unencoded double quote or ampersand, so these end it.
        let level = match opener {
            Some(Quote { ch: b'"', enc: Enc::Raw })
            | Some(Quote { enc: Enc::Entity(_) | Enc::EntitySlash(..), .. }) => 0,
            opener => opener.map_or(0, Quote::level).max(context.level()),
        };
        // Percent-encoded text starts at its first encoded character, whatever precedes it.
        let starts = opener.is_some_and(|opener| opener.level() > context.level());
        let context = if starts { b'\n' } else { context.ch };
        Ok(OuterStart { opener, context, outer_start, level })
    }
}

/// The quote before a path or a few words that end with the name, `"http.request.header.cookie"`,
/// `"facebook access_token"`, and how far back it is.
fn path_opener(text: &Text, at: usize, back: usize, end: usize) -> Step<Option<(Quote, usize)>> {
    let Some(quote) = text.unit(end)?.quote() else { return Ok(None) };
    let (mut start, mut words) = (back, 0);
    while start < MAX_OUTER / 2 && words <= MAX_WORDS {
        match text.before(at, start + 1) {
            b' ' => words += 1,
            b'.' | b'/' | b':' | b'@' => {}
            byte if is_name(byte) => {}
            _ => break,
        }
        start += 1;
    }
    start -= residue(text, at, start);
    Ok((text.unit_before(at, start).quote() == Some(quote)).then_some((quote, start)))
}

/// The quote before a name that is coloured inside its quotes, as Symfony's dumper prints it, and how far back it is.
fn coloured_opener(
    text: &Text,
    at: usize,
    back: usize,
    end: usize,
) -> Step<Option<(Quote, usize)>> {
    let Some(quote) = text.unit(text.skip_ansi(end)?)?.quote() else { return Ok(None) };
    let mut start = back;
    let mut unit = text.unit_before(at, start);
    while unit.enc == Enc::Ansi && start < MAX_OUTER {
        start += unit.len;
        unit = text.unit_before(at, start);
    }
    Ok((unit.quote() == Some(quote)).then_some((quote, start)))
}

/// The quote before a name that PHP mangled, `"<NUL>*<NUL>token"`, `"\u0000Client\u0000token"`, and how far back it is.
/// A private property has its class before its name, and a protected one an asterisk.
fn mangled_opener(text: &Text, at: usize, back: usize, end: usize) -> Step<Option<(Quote, usize)>> {
    let Some(quote) = text.unit(end)?.quote() else { return Ok(None) };
    if text.before(at, back + 1) != 0 && !text.ends_before(at, back, b"\\u0000") {
        return Ok(None);
    }
    let mut start = back;
    while start < MAX_OUTER / 2 {
        match text.before(at, start + 1) {
            0 | b'*' | b'\\' => {}
            byte if is_name(byte) => {}
            _ => break,
        }
        start += 1;
    }
    Ok((text.unit_before(at, start).quote() == Some(quote)).then_some((quote, start)))
}

/// The quote that encloses a quoted name, and how far back the text before that quote and before a string prefix is.
/// `outer_start` is how far back the opener starts.
fn before_opener(
    text: &Text,
    at: usize,
    outer_start: usize,
    opener: Quote,
    end: usize,
) -> Step<(Quote, usize)> {
    let (mut opener, mut outer_start) = (opener, outer_start);
    let mut context = text.unit_before(at, outer_start);
    // `""` on both sides: a CSV field doubles its quotes.
    if opener == DOUBLE
        && context.quote() == Some(opener)
        && text.at(end)? == b'"'
        && text.at(end + 1)? == b'"'
    {
        outer_start += 1;
        context = text.unit_before(at, outer_start);
    }
    // `\\""`: JSON in a JSON string in a CSV field.
    if opener == DOUBLE
        && let Some(quote) = context.quote()
        && quote.ch == b'"'
        && matches!(quote.enc, Enc::Slash(_))
    {
        opener = quote;
        outer_start += context.len;
        context = text.unit_before(at, outer_start);
    }
    // b'..', u'..': the prefix of a Python string.
    if matches!(context.ch, b'b' | b'u' | b'B' | b'U' | b'@')
        && !is_name(text.unit_before(at, outer_start + 1).ch)
    {
        outer_start += 1;
    }
    Ok((opener, outer_start))
}

/// How many of the `back` bytes before `at` belong to an escape before the name: the `22` of `%22`, the `n` of `\n`,
/// the `0m` of a colour sequence.
#[inline(always)]
pub(super) fn residue(text: &Text, at: usize, back: usize) -> usize {
    match text.before(at, back + 1) {
        b'#' | b'%' | b'\\' | b'[' | b';' => escape_residue(text, at, back),
        _ => 0,
    }
}

fn escape_residue(text: &Text, at: usize, back: usize) -> usize {
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
            // `%5Cn`: a backslash and the character it escapes.
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
            b'0'..=b'3' if (1..3).all(|k| k < back && matches!(name(k), b'0'..=b'7')) => 3,
            b'0' => 1,
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
