//! Values of the keys outside the `default` set: passwords, API keys, and keys with names that the user gave.
//!
//! The search from a key to its value is the same as for every other key. This module decides which values are secrets,
//! because `password` is a common word in forms, policies, messages and source code.

use crate::grammar::credential::authorization::ends_field;
use crate::grammar::credential::keyed_lines::{is_password as is_assigned, setting};
use crate::grammar::credential::keyed_prose::{
    closes_prompt, is_appended, is_before_comment, is_before_word, is_in_argument, is_option,
    is_own_key, is_quoted_in_sentence, is_text_of_element, is_verdict,
};
use crate::grammar::credential::keyed_source::{
    is_call, is_camel_of_secret, is_dimension, is_exponential, is_function, is_masked,
    is_name_of_algorithm, is_namespaced, is_numbered_name, is_pattern, is_region, is_required_type,
    is_short_name, is_start, is_start_of_call, is_template,
};
use crate::grammar::credential::keyed_values::{
    has_mark, is_algorithm, is_capital_name, is_capitalised, is_constant, is_dotted_name, is_file,
    is_label, is_letters, is_mail, is_name_of_secret, is_no_text, is_option_name, is_own_name,
    is_passphrase, is_path, is_publishable, is_scattered, is_snake, is_status,
    is_variable_of_secret, is_varied, is_word_with_number, is_wordy,
};
use crate::grammar::credential::record::{is_field, is_in_record};
use crate::grammar::ids::{API_KEY, KEY, PASSWORD, PROVIDER};
use crate::grammar::key::{Class, Separator, past_hash_scheme};
use crate::grammar::start::Start;
use crate::grammar::text::lex::{Enc, Step, Text, is_blank, is_name};
use crate::grammar::value::characters::{LOWER, SPACE, UPPER};
use crate::grammar::value::code::{
    is_expression, is_markup, is_member, is_name_of_next, is_numbered, is_punctuation,
    is_struct_tag, is_variable,
};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::head::Head;
use crate::grammar::value::wording::{is_foreign, is_sentence};
use crate::grammar::value::writing::is_written;

/// Reads the value of a key of `class` at `at`.
pub(crate) fn begin(
    text: &Text,
    at: usize,
    class: Class,
    frame: Frame,
    separator: Separator,
) -> Step<Start> {
    let rule = match class {
        Class::Password | Class::Secret => PASSWORD,
        Class::CloudKey => PROVIDER,
        Class::Listed => KEY,
        _ => API_KEY,
    };
    let nothing = Ok(Start::Nothing(at));
    let Some(at) = past_items(text, at, frame, separator)? else { return nothing };
    let at = past_scheme(text, at)?;
    let setting = match class {
        Class::Password if separator != Separator::Comma => setting(text, at, frame)?,
        _ => None,
    };
    // A value in a connection string ends with a semicolon, and may contain other special characters.
    let flavour = match (frame.is_whole(), separator) {
        (true, _) => Flavour::Opaque,
        (_, Separator::Compact) if is_setting_of_many(text, at) => Flavour::Cookie,
        _ if setting.is_some() => Flavour::Opaque,
        // A fragment follows only a query, and passwords may contain `#` and `?`.
        _ if class == Class::Password && !is_in_query(text, at) => Flavour::Token,
        _ => Flavour::Param,
    };
    let value = Value::new(frame, flavour, rule);
    let head = value.head(text, at)?;
    if head.is_empty() || head.is_placeholder() || is_punctuation(&head) {
        return nothing;
    }
    // `input('Password: ')`: the quote ends the text that contains the name.
    if frame.own_quote && separator == Separator::Spaced && closes_prompt(text, at, frame) {
        return nothing;
    }
    if class != Class::Listed
        && (is_suffix(text, at, &head)?
            || is_branch(text, at)
            || frame.own_quote && is_name_of_next(text, &head)?)
    {
        return nothing;
    }
    if class == Class::Listed {
        return Ok(Start::Value(at, value.started(text, at, &head), None));
    }
    let separator = match separator {
        // PHP's `define('DB_PASSWORD', 'T')` assigns.
        Separator::Comma if is_definition(text, at) => Separator::Spaced,
        _ if frame.own_quote && is_in_argument(text, at) => Separator::Comma,
        separator => separator,
    };
    let listed = separator == Separator::Comma && is_after_comma(text, at);
    if is_part_of_name(text, at) || listed && !is_item(text, at) {
        return nothing;
    }
    if is_no_secret(text, at, &head, class, frame)? {
        return nothing;
    }
    let assigned = setting.is_some_and(|setting| {
        is_assigned(setting, &head)
            && !(is_path(head.chars()) || is_own_name(&head) || is_verdict(text, at))
    });
    let secret = assigned || is_secret(text, at, &head, class, frame, separator)?;
    if secret { Ok(Start::Value(at, value.started(text, at, &head), None)) } else { nothing }
}

/// Whether the value of a key of `class` is a secret.
fn is_secret(
    text: &Text,
    at: usize,
    head: &Head,
    class: Class,
    frame: Frame,
    separator: Separator,
) -> Step<bool> {
    Ok(match class {
        Class::Password if is_verdict(text, at) && !has_mark(head.chars()) => false,
        Class::Password => is_password(text, at, head, frame, separator)?,
        // Orchestrators print the names of objects that hold secrets.
        Class::Secret => {
            let name = (head.is_identifier() || head.is_camel() || is_letters(head.chars()))
                && !head.has_digit();
            let bare = !frame.own_quote && separator != Separator::Compact;
            !name
                && (!bare || head.is_token_like() && !is_camel_of_secret(head.chars()))
                && is_password(text, at, head, frame, separator)?
        }
        // Other services that use the protocol of AWS have keys of other lengths.
        Class::CloudKey => is_cloud_key(head) || is_key(text, head, frame, separator)?,
        _ => {
            !(is_session(text, at) && is_number_of_session(head.chars()))
                && !(is_query_key(text, at) && !is_bare_key(head))
                && is_key(text, head, frame, separator)?
                && !is_constant_of_map(text, at)
        }
    })
}

/// Whether a value is not a secret in any context: words, code, a template, a status, a file.
fn is_no_secret(text: &Text, at: usize, head: &Head, class: Class, frame: Frame) -> Step<bool> {
    let phrase = class == Class::Password && frame.own_quote && is_passphrase(head);
    // `Secret: totpSecret32,` in source code.
    let variable = !frame.own_quote
        && head.complete
        && is_variable_of_secret(head.chars())
        && match text.at(head.end)? {
            b',' | b']' => true,
            b';' => text.before(at, 1) == b' ',
            _ => false,
        };
    Ok(variable
        || !frame.own_quote && is_variable(text, at, head)
        || !phrase && head.has(SPACE) && (head.is_prose() || is_sentence(head.chars()))
        || !frame.own_quote
            && (is_expression(text, head)? || head.is_any(CODE) || is_call(text, head)?)
        || head.is_command(frame)
        || is_start(head) && is_appended(text, head)?
        || head.is_any(NEVER)
        || is_own_key(text, at, head, frame.own_quote))
}

/// What an unquoted value is in source code and YAML.
const CODE: &[fn(&Head) -> bool] = &[is_markup, is_member, is_function];

/// What neither a password nor a key is, in quotes or not. The last is a block in PEM, which has its own rule.
const NEVER: &[fn(&Head) -> bool] = &[
    is_template,
    is_pattern,
    is_no_text,
    is_dimension,
    is_exponential,
    |head| head.complete && is_region(head.chars()),
    is_constant,
    is_status,
    is_file,
    is_struct_tag,
    is_masked,
    is_namespaced,
    |head| head.chars().starts_with(b"-----"),
];

/// The position after the prefix of the value at `at` that names its encoding: Laravel's `base64:T`, `{bcrypt}T` as in LDAP and Spring.
fn past_scheme(text: &Text, at: usize) -> Step<usize> {
    match text.at(at)? {
        b'b' if text.has_word(at, b"base64:")? => Ok(at + 7),
        b'{' => Ok(past_hash_scheme(text, at)?.unwrap_or(at)),
        _ => Ok(at),
    }
}

/// Whether a value of a password's key is a password, and not a statement about one.
fn is_password(
    text: &Text,
    at: usize,
    head: &Head,
    frame: Frame,
    separator: Separator,
) -> Step<bool> {
    let chars = head.chars();
    // `pwd` is also the working directory.
    let path = is_path(chars)
        || chars.windows(2).any(|two| two == b"::")
        || chars.get(1) == Some(&b':') && chars.get(2) == Some(&b'\\');
    if path || chars.windows(3).any(|three| three == b"://") || is_own_name(head) {
        return Ok(false);
    }
    if frame.own_quote && separator == Separator::Comma && is_option(text, at) {
        return Ok(is_argument(head) && !head.has(SPACE));
    }
    if frame.own_quote {
        return is_quoted_password(text, head, separator);
    }
    if is_unquoted_name(text, at, head, separator)? {
        return Ok(false);
    }
    if head.len() >= 4
        && (head.has_digit() || has_mark(chars))
        && is_text_of_element(text, at, head)?
    {
        return Ok(true);
    }
    Ok(match separator {
        // `Password=Adgangskode`: translations of labels, one per line.
        Separator::Compact if is_label_of_line(text, at, head)? => false,
        Separator::Compact => {
            // Keyword arguments and assignments in source code.
            head.len() >= 3
                && (!(head.is_identifier() && (!head.has_digit() || frame.call))
                    || is_setting_of_many(text, at))
                || (head.is_plain_word() || is_word_with_number(chars))
                    && head.len() >= 4
                    && (!frame.call && is_outside_code(text, at, head)?
                        || is_in_record(text, at, name_before(text, at).1, head.end)?)
        }
        Separator::Spaced if is_option(text, at) => is_argument(head),
        Separator::Spaced
            if is_field(text, at, head)?
                || is_before_comment(text, head)? && !is_wordy(chars) && !head.is_identifier() =>
        {
            head.len() >= 4 && (head.has_digit() || has_mark(chars))
        }
        // `password: T for user bob`: more than a word of the sentence.
        Separator::Spaced
            if head.is_token_like()
                || head.len() >= 8
                    && (has_mark(chars) && is_varied(chars)
                        || head.has(UPPER | LOWER) && head.has_digit() && !head.is_written()) =>
        {
            true
        }
        Separator::Spaced => {
            ends_field(text, head, frame)?
                && head.len() >= 4
                && (head.is_random() && (frame.line || !head.is_identifier())
                    || frame.line && !head.is_word() && !head.is_identifier() && has_mark(chars))
        }
        // The cell of a table.
        Separator::Comma => {
            head.is_random()
                && !head.is_identifier()
                && head.has_digit()
                && (head.len() >= 6 && has_mark(chars) || head.len() >= 8 && is_varied(chars))
        }
    })
}

/// Whether it is the argument of an option for a password, and not the next word of a sentence about the option.
fn is_argument(head: &Head) -> bool {
    let chars = head.chars();
    head.len() >= 4 && chars.first() != Some(&b'-') && (head.is_random() || has_mark(chars))
}

/// Whether a value of a password's key in quotes is a password.
fn is_quoted_password(text: &Text, head: &Head, separator: Separator) -> Step<bool> {
    let chars = head.chars();
    Ok(match separator {
        Separator::Comma => {
            head.is_random()
                && !head.is_identifier()
                && !is_name_of_secret(chars)
                && !is_mail(chars)
                && !is_algorithm(chars)
                && !is_numbered_name(chars)
                && !is_numbered(chars)
                && (head.len() >= 6 && has_mark(chars) || head.len() >= 8 && is_varied(chars))
        }
        _ => {
            head.len() >= 3
                && !is_start_of_call(chars)
                && !is_option_name(chars)
                && !(head.is_plain_word() && is_quoted_in_sentence(text, head)?
                    || head.complete && is_label(chars))
        }
    })
}

/// Whether a value without quotes is a short number, a constant, or names with dots between.
fn is_unquoted_name(text: &Text, at: usize, head: &Head, separator: Separator) -> Step<bool> {
    let chars = head.chars();
    // In an enumeration, an error has a number: `ERROR_NO_PASSWORD = 404006,`.
    let constant = head.is_number()
        && text.before(at, 4).is_ascii_uppercase()
        && text.ends_before(at, 0, b" = ");
    Ok(head.is_number() && head.len() < 6
        || constant && text.at(head.end)? == b','
        || separator == Separator::Spaced && (head.is_constant() || is_required_type(chars))
        || is_dotted_name(chars) && is_written(chars) && !has_mark(chars)
        // `what is the password to?`
        || matches!(chars, [word @ .., b'?'] if word.iter().all(u8::is_ascii_lowercase))
        || chars.starts_with(b".*"))
}

/// Whether a value of a key's name is random enough for a key.
fn is_key(text: &Text, head: &Head, frame: Frame, separator: Separator) -> Step<bool> {
    let chars = head.chars();
    let random = head.is_random()
        && (head.len() >= 16 || head.len() >= 8 && chars.iter().any(u8::is_ascii_alphabetic));
    let path = is_path(chars) && chars.iter().filter(|byte| **byte == b'/').count() > 1;
    Ok(random
        && !path
        && !is_foreign(chars)
        && !(separator == Separator::Comma
            && (chars.contains(&b'|') || is_algorithm(chars) || head.is_constant()))
        && !(is_wordy(chars)
            || is_numbered_name(chars)
            || is_short_name(chars)
            || is_name_of_algorithm(chars)
            || head.complete && is_snake(chars))
        && (frame.own_quote && is_scattered(chars)
            || !chars.iter().any(|byte| matches!(byte, b' ' | b'@')))
        && !head.is_identifier()
        // `n8n_api_`: what keys begin with.
        && !(head.complete && head.len() < 16 && chars.ends_with(b"_"))
        && !is_publishable(chars)
        && !(is_capital_name(chars) && !frame.own_quote)
        && !chars.windows(3).any(|three| three == b"://")
        && !(chars.starts_with(b"arn:") || chars.starts_with(b"npm:"))
        && (head.is_token_like()
            || separator != Separator::Comma
                && (frame.own_quote
                    || separator == Separator::Compact
                    || ends_field(text, head, frame)?)))
}

/// An AWS secret access key: 40 characters of base64.
fn is_cloud_key(head: &Head) -> bool {
    head.chars().len() >= 24
        && head
            .chars()
            .iter()
            .take(40)
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'))
        && (!head.complete || head.len() == 40)
        && head.is_random()
}

/// How far before the value at `at` the name of its key ends, and how far the byte before the name is, in bytes.
fn name_before(text: &Text, at: usize) -> (usize, usize) {
    let mut back = 1;
    while back < 80 && b" \t\r\n:=,<>'\"\\".contains(&text.before(at, back)) {
        back += 1;
    }
    let end = back;
    while back < 80 && is_name(text.before(at, back)) {
        back += 1;
    }
    (end, back)
}

/// Whether the value at `at` is a parameter's of a URL.
fn is_in_query(text: &Text, at: usize) -> bool {
    matches!(text.before(at, name_before(text, at).1), b'?' | b'&' | b';')
}

/// Whether the key's name is a part of a longer one: `AWS::IAM::AccessKey`, `arn:aws:secretsmanager:eu:1:secret:x`.
fn is_part_of_name(text: &Text, at: usize) -> bool {
    let (_, mut back) = name_before(text, at);
    match text.before(at, back) {
        b':' => {}
        // A file, and a variable of a database server.
        b'/' => return text.ends_before(at, back - 1, b"/etc/"),
        b'.' => {
            let scopes = [&b"@@global."[..], b"@@session."];
            return scopes.iter().any(|scope| text.ends_before(at, back - 1, scope));
        }
        _ => return false,
    }
    if text.before(at, back + 1) == b':' {
        return is_name(text.before(at, back + 2));
    }
    let mut colons = 0;
    while back < 160
        && colons < 4
        && (is_name(text.before(at, back)) || b":*/.".contains(&text.before(at, back)))
    {
        colons += usize::from(text.before(at, back) == b':');
        back += 1;
    }
    // `cpe:/a:acme:password:1.0`: what begins with the name of its kind may be shorter.
    let named = [&b"cpe:"[..], b"urn:", b"arn:"];
    colons == 4
        || (0..named.len()).any(|k| (0..4).all(|i| text.before(at, back - 1 - i) == named[k][i]))
}

/// Whether a comma is before the value at `at`, and not a word or a cell's border.
fn is_after_comma(text: &Text, at: usize) -> bool {
    let mut back = 1;
    while back < 40 && b" \t\r\n'\"\\".contains(&text.before(at, back)) {
        back += 1;
    }
    text.before(at, back) == b','
}

/// Whether the value at `at` is the second argument of `define`.
fn is_definition(text: &Text, at: usize) -> bool {
    let (_, mut back) = name_before(text, at);
    while back < 96 && b" '\"\\".contains(&text.before(at, back)) {
        back += 1;
    }
    text.before(at, back) == b'(' && text.ends_before(at, back, b"define")
}

/// Whether the name before the comma is all that its quotes have in them.
fn is_item(text: &Text, at: usize) -> bool {
    matches!(text.before(at, name_before(text, at).1), b'"' | b'\'' | b'`' | b'(' | b'[' | b'{')
}

/// Whether the text before the value at `at` says that it is a part of something else: the alternative in
/// `${PASSWORD:+set}`, what follows a placeholder, as in `<secret>-ca` or `<password>@host`, and the conversion of a member
/// in a format, `{0.password!r}`.
fn is_suffix(text: &Text, at: usize, head: &Head) -> Step<bool> {
    Ok(match head.chars() {
        [b'+', ..] => text.before(at, 1) == b':',
        // The type of a parameter in Rust.
        [b'A'..=b'Z', ..] if text.ends_before(at, 0, b"&mut ") => true,
        [b'-' | b'_', ..] => text.before(at, 1) == b'>',
        [b'|' | b'@', ..] if head.complete && text.before(at, 1) == b'>' => {
            text.at(head.end)? != b'<'
        }
        [b'@', ..] if text.ends_before(at, 0, b"&gt;") => true,
        [.., b'!', b'r' | b's'] => text.before(at, 1) == b'{',
        _ => false,
    })
}

/// Whether the key is the first branch of a conditional expression: `ok ? "password" : "text"`.
fn is_branch(text: &Text, at: usize) -> bool {
    let (_, mut back) = name_before(text, at);
    if !matches!(text.before(at, back), b'"' | b'\'') {
        return false;
    }
    back += 1;
    while back < 96 && is_blank(text.before(at, back)) {
        back += 1;
    }
    text.before(at, back) == b'?'
}

/// The most names that may precede the key in an assignment of several values.
const MAX_ITEMS: usize = 4;

/// The value at `at`, or if as many names precede the key in an assignment, `user, password = 'ada', 'T'`, the value
/// after as many others. `None` if it is no string.
fn past_items(text: &Text, at: usize, frame: Frame, separator: Separator) -> Step<Option<usize>> {
    let Some(quote) = frame.quote.filter(|quote| frame.own_quote && quote.enc == Enc::Raw) else {
        return Ok(Some(at));
    };
    if !text.ends_before(at, 1, b"= ") || separator == Separator::Comma {
        return Ok(Some(at));
    }
    // `cx.user, cx.pass = `: names of members have dots.
    let of_name = |byte: u8| is_name(byte) || byte == b'.';
    let (_, mut back) = name_before(text, at);
    while back < 80 && of_name(text.before(at, back)) {
        back += 1;
    }
    let mut names = 0;
    while names < MAX_ITEMS && text.ends_before(at, back - 1, b", ") {
        let name = back + 2;
        back = name;
        while back - name < 80 && of_name(text.before(at, back)) {
            back += 1;
        }
        if back == name {
            return Ok(Some(at));
        }
        names += 1;
    }
    let mut start = at;
    for _ in 0..names {
        let head = Value::new(frame, Flavour::Opaque, PASSWORD).head(text, start)?;
        let end = text.unit(head.end)?;
        if !head.complete || end.ch != quote.ch || text.at(head.end + end.len)? != b',' {
            // It is not a list.
            return Ok(Some(at));
        }
        start = text.skip_blanks(head.end + end.len + 1, 0)?;
        if text.unit(start)?.ch != quote.ch {
            return Ok(None);
        }
        start += 1;
    }
    Ok(Some(start))
}

/// Whether the key is the number of a session, which need not be a secret.
fn is_session(text: &Text, at: usize) -> bool {
    const NAME: &[u8] = b"sessionid";
    let (end, before) = name_before(text, at);
    let letters = (end..before).map(|back| text.before(at, back).to_ascii_lowercase());
    letters.filter(u8::is_ascii_alphabetic).take(NAME.len()).eq(NAME.iter().rev().copied())
}

/// Whether the key is a constant that names the key of a map, and not of a lock: `{consts.MAC_ADDRESS_KEY: 'T'}`.
fn is_constant_of_map(text: &Text, at: usize) -> bool {
    let (end, back) = name_before(text, at);
    text.before(at, back) == b'.'
        && (end..back).all(|k| !text.before(at, k).is_ascii_lowercase())
        && (1..end).any(|k| text.before(at, k) == b':')
        && !(1..end).any(|k| text.before(at, k) == b'=')
        && text.before(at, back + 1).is_ascii_alphanumeric()
}

/// Whether the key is a parameter of a query that is only called `key`.
fn is_query_key(text: &Text, at: usize) -> bool {
    text.ends_before(at, 0, b"key=") && matches!(text.before(at, 5), b'?' | b'&')
}

/// Whether a value is one run of letters and digits that is long enough for a key, and not the name of an object.
fn is_bare_key(head: &Head) -> bool {
    head.is_token_like()
        && head.chars().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        && (head.len() >= 20 || is_varied(head.chars()))
}

/// Words and a number, `Jane-Roe-07a16060613c408b5`, or few characters: what people are shown.
fn is_number_of_session(chars: &[u8]) -> bool {
    let word = |part: &[u8]| {
        (2..16).contains(&part.len())
            && part.iter().all(u8::is_ascii_alphabetic)
            && is_written(part)
    };
    chars.len() < 16 || chars.split(|byte| *byte == b'-').any(word)
}

/// Whether the value of `key=` at `at` is between semicolons, as in a connection string.
fn is_setting_of_many(text: &Text, at: usize) -> bool {
    let mut back = 1;
    while back < 80 && matches!(text.before(at, back), b'=' | b' ') {
        back += 1;
    }
    while back < 80 && (is_name(text.before(at, back)) || text.before(at, back) == b' ') {
        back += 1;
    }
    text.before(at, back) == b';' && !text.ends_before(at, back - 1, b"&amp;")
}

/// Whether an unquoted word after `=` is a value in a query, a form or a log, and not source code: neither the
/// separator nor the end of the value looks like code.
fn is_outside_code(text: &Text, at: usize, head: &Head) -> Step<bool> {
    let before = text.before(at, name_before(text, at).1);
    let unit = text.unit(head.end)?;
    Ok(matches!(before, b'?' | b'&' | b';' | b'\n')
        && !(before == b'\n' && is_before_word(text, at, head.end)?)
        && (unit.is_newline() || matches!(unit.ch, b'&' | b';' | b' ' | b'"' | b'\'' | b'#'))
        && unit.enc == Enc::Raw
        || matches!(before, b'?' | b'&'))
}

/// Whether a capitalised word is alone on its line with a key that is capitalised as well.
fn is_label_of_line(text: &Text, at: usize, head: &Head) -> Step<bool> {
    if !head.complete || !is_capitalised(head.chars()) || !text.unit(head.end)?.is_newline() {
        return Ok(false);
    }
    let (_, before) = name_before(text, at);
    Ok(text.before(at, before) == b'\n' && text.before(at, before - 1).is_ascii_uppercase())
}
