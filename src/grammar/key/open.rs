//! What opens a value: a quote, a bracket, or what a language prints before these.

use super::constructor::{lone, past_type_name};
use super::line::{past_fold, past_index};
use super::log_prefix::first_in_brackets;
use super::printed_array::{past_class, printed_array};
use super::target::{Separator, Target};
use super::types::{past_bare_wrapper, past_wrapper, typed};
use crate::grammar::text::lex::{Enc, Quote, Step, Text, Unit, is_name};
use crate::grammar::value::extent::is_end_of_message;
use crate::grammar::value::frame::Frame;

/// The longest string that is read to find its end, in bytes.
pub(super) const MAX_STRING: usize = 4096;

/// How far a string is read to decide whether it is base64, in bytes.
const MAX_BASE64: usize = 128;

/// What opens a value at `at`: a quote, a list, a map; `None` if the value is bare. The text is percent-encoded to
/// `level`.
#[inline(always)]
pub(crate) fn open(
    text: &Text,
    at: usize,
    separator: Separator,
    level: u8,
) -> Step<Option<Target>> {
    match text.window().get(at) {
        Some(byte) if is_name(*byte) && !is_prefix(*byte) => match byte {
            b'A'..=b'Z'
                if past_type_name(text, at)?.is_some() || past_class(text, at)?.is_some() =>
            {
                opened(text, at, separator, level)
            }
            _ => Ok(None),
        },
        _ => opened(text, at, separator, level),
    }
}

/// Whether a string prefix, a constructor or the word `array` may start with the byte.
fn is_prefix(byte: u8) -> bool {
    matches!(
        byte,
        b'b' | b'B'
            | b'u'
            | b'U'
            | b'r'
            | b'R'
            | b'f'
            | b'F'
            | b'S'
            | b'O'
            | b'J'
            | b'a'
            | b'A'
            | b'N'
            | b'E'
            | b'L'
    )
}

/// The typographic quotes that open and close a string, in UTF-8.
const OPENING: &[&str] =
    &["\u{201c}", "\u{201e}", "\u{2018}", "\u{201a}", "\u{ab}", "\u{300c}", "\u{300e}"];
pub(super) const CLOSING: &[&str] =
    &["\u{201d}", "\u{201c}", "\u{2019}", "\u{bb}", "\u{300d}", "\u{300f}"];

/// The one of these `quotes` at `at`.
pub(super) fn typographic(
    text: &Text,
    at: usize,
    quotes: &[&'static str],
) -> Step<Option<&'static [u8]>> {
    for quote in quotes {
        if text.has_word(at, quote.as_bytes())? {
            return Ok(Some(quote.as_bytes()));
        }
    }
    Ok(None)
}

#[inline(never)]
fn opened(text: &Text, at: usize, separator: Separator, level: u8) -> Step<Option<Target>> {
    let unit = text.unit(at)?;
    // Word processors and chats replace quotes: `access_token: “T”`. Text outside ASCII ends a token anyway.
    if unit.ch >= 0x80
        && let Some(quote) = typographic(text, at, OPENING)?
    {
        let frame = Frame::within(level);
        return Ok(Some(Target::Value { at: at + quote.len(), frame, separator }));
    }
    if unit.level() > level.max(1) {
        return Ok(None);
    }
    if let Some(quote) = unit.quote() {
        // The text was cut off before the value, in a string of JSON that ends here.
        if is_end_of_message(text, at, unit)? {
            return Ok(None);
        }
        return Ok(Some(string(text, at + unit.len, quote, separator, level)?));
    }
    let raw = unit.enc == Enc::Raw;
    match unit.ch {
        b'[' if raw || unit.level() > 0 => list(text, at + unit.len, level),
        b'{' if raw && past_hash_scheme(text, at)?.is_some() => Ok(None),
        b'{' if raw || unit.level() > 0 => match typed(text, at + unit.len)? {
            Some(inner) => open(text, inner, separator, level),
            None => Ok(Some(Target::Map { at: at + unit.len, close: b'}' })),
        },
        b'<' if unit.enc != Enc::Ansi => wrapped(text, at, separator, level),
        _ if !raw => Ok(None),
        // OpenTelemetry Collector's `Str(T)` and `Slice(["T"])`.
        b'S' if text.has_word(at, b"str(")? && text.unit(at + 4)?.quote().is_none() => {
            let frame = Frame { close: b')', ..Frame::within(level) };
            Ok(Some(Target::Value { at: at + 4, frame, separator }))
        }
        b'S' if text.has_word(at, b"slice([")? => open(text, at + 6, separator, level),
        // Nim's `@["T"]`, PowerShell's `@("T")`.
        b'@' if text.at(at + 1)? == b'[' => list(text, at + 2, level),
        b'@' if text.at(at + 1)? == b'(' => strings(text, at + 2, level),
        // Jest.
        b'A' if text.has_word(at, b"array [")? => list(text, at + 7, level),
        b'O' if text.has_word(at, b"object {")? => {
            Ok(Some(Target::Map { at: at + 8, close: b'}' }))
        }
        _ => match printed_array(text, at, level)? {
            None if unit.ch == b'(' => strings(text, at + 1, level),
            None if unit.ch != b'a' => wrapped(text, at, separator, level),
            target => Ok(target),
        },
    }
}

/// The position after the name of a password's encoding at `at`, as LDAP and Spring write it before the value: `{SSHA}T`.
pub(crate) fn past_hash_scheme(text: &Text, at: usize) -> Step<Option<usize>> {
    const SCHEMES: &[&[u8]] = &[
        b"{noop}",
        b"{bcrypt}",
        b"{argon2}",
        b"{scrypt}",
        b"{pbkdf2}",
        b"{sha256}",
        b"{sha}",
        b"{ssha}",
        b"{ssha256}",
        b"{ssha512}",
        b"{smd5}",
        b"{md5}",
        b"{crypt}",
        b"{cipher}",
        b"{xor}",
        b"{aes}",
    ];
    for scheme in SCHEMES {
        if text.has_word(at, scheme)? {
            return Ok(Some(at + scheme.len()));
        }
    }
    Ok(None)
}

/// A string that `quote` opened before `at`.
fn string(text: &Text, at: usize, quote: Quote, separator: Separator, level: u8) -> Step<Target> {
    let frame =
        Frame { quote: Some(quote), own_quote: true, ..Frame::within(level.max(quote.level())) };
    // `""T""`: a CSV field doubles its quotes. So do strings of SQL, `''T''`.
    let doubled = (quote.ch == b'"' && matches!(quote.enc, Enc::Raw | Enc::Slash(_))
        || quote.ch == b'\'' && quote.enc == Enc::Raw)
        && text.at(at)? == quote.ch
        && (text.at(at + 1)?.is_ascii_alphanumeric()
            || matches!(text.at(at + 1)?, b'_' | b'/' | b'~'));
    let at = at + usize::from(doubled) + triple(text, at, quote)?;
    let at = if matches!(quote.enc, Enc::Slash(_)) { past_fold(text, at)? } else { at };
    // `"'T'"`: a quoted string inside a string.
    let mut at = at;
    let mut unit = text.unit(at)?;
    // A value that is coloured inside its quotes.
    if unit.enc == Enc::Ansi {
        at = text.skip_ansi(at)?;
        unit = text.unit(at)?;
    }
    if let Some(inner) = unit.quote()
        && quote.closed_by(unit).is_none()
        && is_enclosed(text, at + unit.len, inner, quote)?
    {
        let frame = Frame { quote: Some(inner), nested: true, ..frame };
        return Ok(Target::Value { at: at + unit.len, frame, separator });
    }
    // PowerShell's `"T`", whose first quote is the backtick here.
    if quote.ch == b'`' && unit.ch == b'"' {
        at += unit.len;
    }
    Ok(Target::Value { at, frame, separator })
}

/// The length of the second and third quote at `at` of a string in three, `"""T"""`, as in TOML and Python.
fn triple(text: &Text, at: usize, quote: Quote) -> Step<usize> {
    let second = text.unit(at)?;
    if second.quote() != Some(quote) {
        return Ok(0);
    }
    let third = text.unit(at + second.len)?;
    let len = second.len + third.len;
    let starts = third.quote() == Some(quote) && text.at(at + len)?.is_ascii_alphanumeric();
    Ok(if starts { len } else { 0 })
}

/// A list whose bracket opened before `at`.
fn list(text: &Text, at: usize, level: u8) -> Step<Option<Target>> {
    // Go's syntax for a slice of strings.
    let unit = text.unit(at)?;
    if unit.ch == b']' && text.has_word(at + unit.len, b"string")? {
        let brace = at + unit.len + 6;
        let unit = text.unit(brace)?;
        if unit.ch == b'{' {
            return Ok(Some(Target::List {
                at: brace + unit.len,
                close: b'}',
                quoted: true,
                level,
            }));
        }
    }
    let first = past_index(text, text.skip_blanks(at, level)?)?;
    let unit = text.unit(first)?;
    let prefixed = matches!(unit.ch, b'b' | b'u') && text.unit(first + 1)?.quote().is_some();
    let quoted = unit.quote().is_some() || unit.is_newline() || prefixed;
    Ok(Some(Target::List { at, close: b']', quoted, level }))
}

/// A string after a constructor or a prefix at `at`. After an unknown constructor, it has to look like a value.
fn wrapped(text: &Text, at: usize, separator: Separator, level: u8) -> Step<Option<Target>> {
    Ok(match past_wrapper(text, at)? {
        Some((inner, true)) => open(text, inner, separator, level)?,
        Some((inner, false)) => open(text, inner, Separator::Comma, level)?,
        // Scala's `Some(T)`, Java's `Optional[T]`.
        None => match past_bare_wrapper(text, at)? {
            Some(inner) => lone(text, inner - 1, None)?.map(|close| {
                let frame = Frame { close, ..Frame::within(level) };
                Target::Value { at: inner, frame, separator: Separator::Comma }
            }),
            None => None,
        },
    })
}

/// Strings in parentheses that open before `at`, as Objective-C prints a list.
fn strings(text: &Text, at: usize, level: u8) -> Step<Option<Target>> {
    let first = first_in_brackets(text, at, level)?;
    let quoted = text.unit(first)?.quote().is_some();
    Ok(quoted.then_some(Target::List { at, close: b')', quoted, level }))
}

/// Whether the string from `at` on ends with the `inner` quote followed by the `outer` one.
fn is_enclosed(text: &Text, at: usize, inner: Quote, outer: Quote) -> Step<bool> {
    let mut end = at;
    while end - at < MAX_STRING {
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

/// Whether the braces that open before `at` contain a single string: a list, where a printer omits its type.
pub(crate) fn is_single(text: &Text, at: usize) -> Step<bool> {
    let at = text.skip_blanks(at, 0)?;
    let unit = text.unit(at)?;
    let Some(quote) = unit.quote() else { return Ok(false) };
    let mut end = at + unit.len;
    while end - at < MAX_STRING {
        let unit = text.unit(end)?;
        if unit.is_newline() {
            return Ok(false);
        }
        end += unit.len;
        if quote.closed_by(unit).is_some() {
            return Ok(text.unit(text.skip_blanks(end, 0)?)?.ch == b'}');
        }
    }
    Ok(false)
}

/// Whether a string that `quote` opened before `at` is base64 of some length, and not an expression between two
/// strings.
pub(super) fn is_base64(text: &Text, at: usize, quote: Unit) -> Step<bool> {
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
