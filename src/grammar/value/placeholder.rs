//! Placeholders for secrets: `null`, `<token>`, `${TOKEN}`, `[REDACTED]`.

use std::sync::OnceLock;

use crate::grammar::value::scheme::TOKEN_SCHEMES;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::pool::Pool;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

/// The longest placeholder, in characters.
pub(crate) const MAX: usize = 64;

/// Marks, which are never part of a real value: templates, masks, redactors' replacements.
const MARKS: &str = r"(?x) ^ (?:
      # Shell, templates and format strings, alone or joined by a colon.
      (?: \$?\{\{ [^{}]* \}\} | \$\{ [^{}]* \} | \{\{\{ [^{}]* \}\}\} | \{ \$? [A-Za-z0-9_.\x20!()>-]* (?: :[^{}\x22',]* )? \}
        # An index or a call in braces, as Python's f-strings have: {auth['token']}.
        | \{ [$@]? [A-Za-z_][A-Za-z0-9_.]* [\[(] [^{}]* \} | %\{ [^{}]* \} | \\\( [^()]* \)
        | \#\{ [^{}]* \} | \$\( [^()]* \) | \$ [A-Za-z_][A-Za-z0-9_]* (?: (?: -> | \. | ::? ) [A-Za-z_][A-Za-z0-9_]* | \[ [^\]]* \]? )* | <[^<>]*> | «[^»]*»
        | %(?:\[[0-9]+\])?[-+0-9.*]*\$?[sdvqxr@] | %\([^()]*\)s | %[A-Za-z_][A-Za-z0-9_.]*%
      ) (?: [:.,/_\x20-]? (?: \$?\{\{?[^{}\x22]*\}?\} | \#\{ [^{}]* \} | \$ [A-Za-z_][A-Za-z0-9_]* | %[sdv] | <[^<>]*> ) )*
      # Parameters of shells and statements, by their number.
    | [$:%?] [0-9]{1,3} | \$ [0-9] \. [a-z_]+ | \$ [@*] | @ [Pp] _? [0-9]{1,3} | @__ [A-Za-z0-9_]+ _[0-9]{1,2}
      # What is left of them where a bracket ends the value.
    | [$%\#]
    | \*+ | \$[A-Z_]{3,24}\$ | \*{1,3}\x20?[A-Z_\x20-]+\x20?\*{1,3} | \.+ | \x{2026} | _{3,} | \#{2,} | -+ | (?: \x{2022} | \x{25CF} | \x{2588} )+
    | \[ [a-z] [a-z0-9\x20_:.-]* \] | [\[<(] (?: \.+ | \*+ | null | nil | none | [\x80-\xFF]+ ) [\])>] | << [^<>]* >>
    | [(<\[{] (?: redacted | filtered | masked | hidden | removed | scrubbed | omitted | obfuscated | sanitized | censored | elided ) [)>\]}]?
    ) $";

/// Words that redactors write without brackets.
const MASKED: &[&[u8]] = &[
    b"redacted",
    b"filtered",
    b"masked",
    b"hidden",
    b"removed",
    b"scrubbed",
    b"omitted",
    b"obfuscated",
    b"sanitized",
    b"censored",
    b"elided",
];

/// What languages and databases print for a missing value.
const NOTHINGS: &[&[u8]] = &[b"null", b"undefined", b"none", b"nil", b"true", b"false"];

/// Words for a missing value, or for the status of a value.
const WORDS: &[&[u8]] = &[
    b"nan",
    b"unset",
    b"missing",
    b"absent",
    b"empty",
    b"anonymous",
    b"n/a",
    b"na",
    b"deleted",
    b"secret",
    b"sensitive",
    b"protected",
    b"private",
    b"confidential",
    b"not set",
    b"not_set",
    b"not-set",
    b"notset",
    b"not provided",
    b"not_provided",
    b"not present",
    b"not_present",
    b"not available",
    b"not_available",
];

/// The parts of a name in place of a value, `your-access-token-here`. Each is optional except the noun, and so are the
/// separators.
const WHOSE: &[&[u8]] = &[
    b"my", b"your", b"the", b"some", b"a", b"an", b"user", b"valid", b"invalid", b"new", b"old",
    b"test", b"fake", b"dummy", b"example", b"sample",
];
const KINDS: &[&[u8]] = &[
    b"access", b"refresh", b"id", b"auth", b"api", b"bearer", b"client", b"jwt", b"session",
    b"oauth", b"oauth2", b"csrf",
];
const NOUNS: &[&[u8]] = &[
    b"token",
    b"secret",
    b"key",
    b"cookie",
    b"jwt",
    b"credential",
    b"credentials",
    b"verifier",
    b"assertion",
    b"value",
];
const TRAILERS: &[&[u8]] = &[
    b"here",
    b"value",
    b"goes here",
    b"goes-here",
    b"goes_here",
    b"string",
    b"placeholder",
    b"name",
];

/// Words in upper-case names that are to be filled in: `YOUR_ACCESS_TOKEN`.
const NAMES: &[&[u8]] = &[
    b"YOUR",
    b"TOKEN",
    b"SECRET",
    b"KEY",
    b"JWT",
    b"COOKIE",
    b"HERE",
    b"CREDENTIALS",
    b"PLACEHOLDER",
    b"HIDDEN",
    b"REDACTED",
];

type Automaton = (DFA, Pool<Cache, fn() -> Cache>);

/// The automaton of the marks. It is built when the first value that could be a mark is seen, and its states are built
/// as they are reached: few ever are, and building all of them takes longer than scanning a small log.
fn automaton() -> &'static Automaton {
    static AUTOMATON: OnceLock<Automaton> = OnceLock::new();
    AUTOMATON.get_or_init(|| {
        let dfa = DFA::builder()
            .syntax(
                syntax::Config::new()
                    .unicode(false)
                    .utf8(false)
                    .case_insensitive(true)
                    .ignore_whitespace(true),
            )
            .build(&byte_pattern(MARKS))
            .expect("the pattern is constant and a test builds it");
        (dfa, Pool::new(|| automaton().0.create_cache()))
    })
}

/// A character of a value outside ASCII reads as 0xFF, see [`crate::grammar::text::lex::Unit`]; so does one of the
/// pattern.
fn byte_pattern(pattern: &str) -> String {
    pattern
        .replace("(?: \\x{2022} | \\x{25CF} | \\x{2588} )+", "[\\x80-\\xFF]+")
        .replace("\\x{2026}", "[\\x80-\\xFF]{1,3}")
        .replace("«[^»]*»", "[\\x80-\\xFF]+[^\\x80-\\xFF]*[\\x80-\\xFF]+")
}

/// Whether `value`, a whole decoded value, is a placeholder.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    is_nothing(value) || is_word(value) || is_name(value)
}

/// Whether `value` is not a secret even if the text around it says so: a mark, or a language's word for a missing
/// value. For other words, leaking a secret is worse than redacting a placeholder.
pub(super) fn is_nothing(value: &[u8]) -> bool {
    is_mark(value)
        || is_parameter(value)
        || NOTHINGS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Whether `value` is a parameter of a statement, by its name: `:token`. A custom rule may find such a text as well.
fn is_parameter(value: &[u8]) -> bool {
    let Some(name) = value.strip_prefix(b":") else { return false };
    let letters =
        name.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'_').count();
    let digits = &name[letters..];
    letters > 0 && digits.len() <= 2 && digits.iter().all(u8::is_ascii_digit)
}

/// Whether `value` is a mark: a template, a mask, a redactor's replacement.
pub(crate) fn is_mark(value: &[u8]) -> bool {
    // Most values start with a letter or digit. No mark does, except a run of `x`.
    match value.first() {
        None => false,
        Some(b'x' | b'X') => {
            // All of it is masked, or all but the last characters.
            let masked = value.iter().take_while(|byte| matches!(byte, b'x' | b'X')).count();
            let rest = &value[masked..];
            masked >= 3 && rest.is_empty()
                || masked >= 8 && rest.len() <= 4 && rest.iter().all(u8::is_ascii_alphanumeric)
        }
        Some(first) if first.is_ascii_alphanumeric() => {
            MASKED.iter().any(|word| value.eq_ignore_ascii_case(word))
                || is_label(value)
                || is_masked_pair(value)
                || is_masked_scheme(value)
        }
        Some(_) => {
            value.len() <= MAX && !is_number_in_braces(value) && {
                let (dfa, caches) = automaton();
                let input = Input::new(value).anchored(Anchored::Yes);
                matches!(dfa.try_search_fwd(&mut caches.get(), &input), Ok(Some(_)))
            }
        }
    }
}

/// Whether `value` is an identifier as Windows writes it, `{550e8400-e29b-41d4-a716-446655440000}`: a name in a
/// template has fewer digits.
fn is_number_in_braces(value: &[u8]) -> bool {
    value.first() == Some(&b'{') && value.iter().filter(|byte| byte.is_ascii_digit()).count() >= 6
}

/// Whether `value` is `REDACTED:jwt:9f86d081`: the inside of a redactor's brackets.
fn is_label(value: &[u8]) -> bool {
    let Some((word, label)) = value.split_at_checked(b"redacted:".len()) else { return false };
    word.eq_ignore_ascii_case(b"redacted:")
        && value.len() <= MAX
        && label
            .strip_suffix(b"]")
            .unwrap_or(label)
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-'))
}

/// Whether `value` is a name and a mask, as in `Bearer access_token=***`.
fn is_masked_pair(value: &[u8]) -> bool {
    let stars = value.iter().rev().take_while(|byte| **byte == b'*').count();
    stars > 0
        && value[..value.len() - stars]
            .strip_suffix(b"=")
            .is_some_and(|name| name.iter().copied().all(crate::grammar::text::lex::is_name))
}

/// Whether `value` is a scheme and a mark, `Basic [REDACTED]`: its credentials have been redacted.
fn is_masked_scheme(value: &[u8]) -> bool {
    let Some(blank) = value.iter().position(|byte| *byte == b' ') else { return false };
    let (scheme, mark) = (&value[..blank], &value[blank + 1..]);
    mark.first().is_some_and(|first| !first.is_ascii_alphanumeric())
        && is_mark(mark)
        && (scheme.eq_ignore_ascii_case(b"bearer")
            || TOKEN_SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)))
}

/// Whether `value` says that there is none, or is a name in place of the value.
fn is_word(value: &[u8]) -> bool {
    let mut lower = [0; MAX];
    let Some(lower) = lower.get_mut(..value.len()) else { return false };
    lower.copy_from_slice(value);
    lower.make_ascii_lowercase();
    let lower = &*lower;
    WORDS.contains(&lower)
        || after_any(lower, WHOSE, |rest| {
            after_any(rest, KINDS, |rest| {
                NOUNS
                    .iter()
                    .filter_map(|noun| rest.strip_prefix(*noun))
                    .any(|rest| rest.is_empty() || TRAILERS.contains(&past_break(rest)))
            })
        })
}

/// Whether `rest` holds for `value`, with or without one of `words` removed from its start.
fn after_any(value: &[u8], words: &[&[u8]], rest: impl Fn(&[u8]) -> bool) -> bool {
    rest(value)
        || words
            .iter()
            .filter_map(|word| value.strip_prefix(*word))
            .any(|value| rest(past_break(value)))
}

fn past_break(value: &[u8]) -> &[u8] {
    match value {
        [b' ' | b'_' | b'-', rest @ ..] => rest,
        _ => value,
    }
}

fn is_name(value: &[u8]) -> bool {
    value.first().is_some_and(u8::is_ascii_uppercase)
        && value.iter().all(|byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
        })
        && value.split(|byte| matches!(byte, b'_' | b'-')).any(|word| NAMES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::{is_mark, is_placeholder};

    #[test]
    fn tells_placeholders_from_secrets() {
        for value in [
            "null",
            "None",
            "undefined",
            "nil",
            "<token>",
            "<your token here>",
            "${TOKEN}",
            "$TOKEN",
            "{{token}}",
            "{{ secrets.TOKEN }}",
            "{token}",
            "%s",
            "%(token)s",
            "***",
            "xxxx",
            "...",
            "[REDACTED]",
            "[FILTERED]",
            "<masked>",
            "YOUR_ACCESS_TOKEN",
            "your-token-here",
            "token",
            "access_token",
            "[REDACTED:jwt]",
            "-",
            "{}",
            "#{token}",
            "$(cat token)",
            "${user}:${pass}",
            "ACCESS_TOKEN",
            "[sanitized]",
            "deleted",
            "%TOKEN%",
        ] {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
        for mark in ["<token>", "${TOKEN}", "***", "[REDACTED]", "{{sid}}"] {
            assert!(is_mark(mark.as_bytes()), "{mark}");
        }
        for word in ["none", "token", "true", "dark", "YOUR_TOKEN"] {
            assert!(!is_mark(word.as_bytes()), "{word}");
        }
        for value in [
            "abc123",
            "tokenabc1",
            "eyJhbGciOiJIUzI1NiJ9.e30.x",
            "nullx9",
            "***abc",
            "xx",
            "a",
            "$2b$10$abcdef",
            "%20abc",
            "secretsauce",
            "AKIA12345",
            "TOKENS",
            "[REDACTED]x",
            "{550e8400-e29b-41d4-a716-446655440000}",
        ] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }
}
