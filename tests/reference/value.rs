//! Values: where a value ends, and what it looks like.

use std::ops::Range;

use super::code::is_caret_end;
use super::text::{Enc, Quote, Text, pattern};

/// What encloses a value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frame {
    pub quote: Option<Quote>,
    /// The quote belongs to the value alone, and does not enclose its key too.
    pub own: bool,
    /// A closing bracket, or 0.
    pub close: u8,
    /// The quote is inside another quote.
    pub nested: bool,
    /// The value is that of a header on its own line: spaces are content.
    pub line: bool,
    /// A map without quotes.
    pub map: bool,
    /// This may be source code.
    pub call: bool,
    /// The depth of percent-encoding of the text around it.
    pub level: usize,
    /// That text has `+` for a space.
    pub plus: bool,
    /// It is one of several values in braces, separated by bars.
    pub bars: bool,
    /// What is between the fields of the record around it, or 0.
    pub delimiter: u8,
    /// It is the text of an XML element.
    pub element: bool,
    /// The quotes are around other pairs too.
    pub pairs: bool,
}

impl Frame {
    /// The grammar of a value that is enclosed, or else `bare`.
    pub fn grammar(self, bare: Grammar) -> Grammar {
        if self.own || self.element { Grammar::Any } else { bare }
    }

    pub fn within(level: usize) -> Frame {
        Frame { level, plus: level > 0, ..Frame::default() }
    }

    pub fn closes(&self, text: &Text, k: usize) -> bool {
        self.quote.is_some_and(|quote| text.closes(quote, k).is_some())
    }

    /// Whether `k` cannot be in percent-encoded text.
    pub fn excludes(&self, text: &Text, k: usize) -> bool {
        let outside = |raw: u8| (1..=b' ').contains(&raw) || b"&\"<>#".contains(&raw);
        self.level > 0 && text.enc(k) == Enc::Raw && (outside(text.raw(k)) || text.ch(k) == 0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// Everything up to the closer.
    Any,
    /// A token. In a query it ends at `#` and `?` too.
    Token,
    Param,
    /// A cookie-value of a request, or of a response, where a comma may start another.
    Cookie,
    SetCookie,
}

/// A value that was read.
pub struct Value {
    pub from: usize,
    /// The character that ends it.
    pub to: usize,
    /// The byte of the input where it ends, which may be inside of `to`.
    pub end: usize,
    /// Its first characters, at most 64.
    pub head: Vec<u8>,
    /// These are all of them.
    pub complete: bool,
}

impl Value {
    /// The longest value that is judged as a whole.
    const HEAD: usize = 64;
    /// This many plain characters with digits among them are not a word, name or placeholder, whatever follows.
    const ENOUGH: usize = 24;

    pub fn read(text: &Text, from: usize, frame: Frame, grammar: Grammar) -> Value {
        let (mut nest, mut dots) = (0usize, 0);
        let jose = text.raw.get(from..).is_some_and(|rest| rest.starts_with(b"eyJ"));
        let mut k = from;
        let mut content = 0;
        loop {
            let level = text.level(k);
            let inside = frame.own && text.enc(k) == Enc::Code(0);
            if text.is_newline(k) && level <= frame.level && !inside {
                break;
            }
            // A shell quote in quotes.
            let single = Some(Quote { ch: b'\'', enc: Enc::Raw });
            if frame.own
                && frame.quote == single
                && let Some(len) = shell_quote(text, k)
            {
                k += len;
                continue;
            }
            if let Some(more) = frame.quote.and_then(|quote| text.closes(quote, k))
                && !(more > 0 && (frame.nested || nest > 0))
            {
                content = more;
                break;
            }
            let other = frame.quote.is_some_and(|quote| quote.ch != b'"');
            if other && nest == 0 && is_end_of_message(text, k) {
                break;
            }
            let plain = text.enc(k) == Enc::Raw || (1..=frame.level).contains(&level);
            let ch = text.ch(k);
            let tag = frame.element && frame.close == b'<' && ch == b'<';
            if tag && (text.enc(k) == Enc::Raw || text.ch(k + 1) == b'/')
                || frame.excludes(text, k)
                || plain && frame.close != 0 && ch == frame.close && nest == 0
                || plain && ch == b'[' && is_wire_end(text, k)
            {
                break;
            }
            let ends = match grammar {
                Grammar::Any => {
                    let end = text.colours(k);
                    end > k && frame.quote.is_some_and(|quote| text.closes(quote, end).is_some())
                }
                _ if level > frame.level => ch == 1 && grammar == Grammar::Token,
                Grammar::Token | Grammar::Param => {
                    ends_token(text, k, frame, grammar)
                        && !(jose && dots == 1 && is_lone_dot(text, k))
                }
                _ => ends_cookie(text, k, frame, grammar, nest),
            };
            let token = matches!(grammar, Grammar::Token | Grammar::Param);
            if ends || grammar != Grammar::Any && ends_field(text, k, frame, token) {
                break;
            }
            if plain && !matches!(grammar, Grammar::Token | Grammar::Param) {
                match ch {
                    b'{' | b'[' | b'(' => nest += 1,
                    b'}' | b']' | b')' => nest = nest.saturating_sub(1),
                    _ => {}
                }
            }
            dots += usize::from(ch == b'.');
            k += 1;
        }
        let mut head = text.ch[from.min(k)..k.min(from + Value::HEAD)].to_vec();
        let mut complete = head.len() < Value::HEAD;
        if is_token_enough(text, from..k, frame, grammar) {
            head.truncate(Value::ENOUGH);
            complete = false;
        }
        Value { from, to: k, end: text.start(k) + content, head, complete }
    }

    pub fn is_empty(&self) -> bool {
        self.head.is_empty()
    }

    fn is(&self, pattern: &regex::bytes::Regex) -> bool {
        self.complete && pattern.is_match(&self.head)
    }

    /// A template, a mask, or a redactor's replacement, also after a scheme.
    pub fn is_mark(&self) -> bool {
        let cut = pattern!(r"^[$#]\{[^}]*$");
        self.complete && (is_mark(self.trimmed()) || cut.is_match(self.trimmed()))
    }

    /// The value without spaces at its end.
    fn trimmed(&self) -> &[u8] {
        let blanks = self.head.iter().rev().take_while(|byte| **byte == b' ').count();
        &self.head[..self.head.len() - blanks]
    }

    /// It is not a secret even after a scheme.
    pub fn is_nothing(&self) -> bool {
        let word = pattern!("^(null|undefined|none|nil|true|false|:[a-z_]+[0-9]{0,2})$");
        self.is_mark()
            || self.complete && word.is_match(self.trimmed())
            || self.starts_template()
            || self.complete && ends_in_template(self.trimmed())
    }

    /// A template with unknown content.
    fn starts_template(&self) -> bool {
        pattern!(r"^(?:[$#]\{|\{\{ )").is_match(&self.head)
    }

    /// It is a placeholder for a secret.
    pub fn is_placeholder(&self) -> bool {
        let word = pattern!(
            r"(?x) ^ (?: : [a-z_]+ [0-9]{0,2} | null | undefined | none | nil | nan | unset | missing | absent | empty | anonymous | n/?a | true
              | false | deleted | secret | sensitive | protected | private | confidential | not [\x20_-]? set
              | not [\x20_] (?: provided | present | available )
              | (?: (?: my | your | the | some | an? | user | valid | invalid | new | old | test | fake | dummy | example
                | sample ) [\x20_-]? )?
                (?: (?: access | refresh | id | auth | api | bearer | client | jwt | session | oauth2? | csrf ) [\x20_-]? )?
                (?: token | secret | key | cookie | jwt | credentials? | verifier | assertion | value )
                (?: [\x20_-]? (?: here | value | goes [\x20_-] here | string | placeholder | name ) )? ) $"
        );
        let name = pattern!(
            r"(?x-i) ^ (?: [A-Z] [A-Z0-9]* (?: [_-]+ [A-Z0-9]+ )* [_-]+ )?
              (?: YOUR | TOKEN | SECRET | KEY | JWT | COOKIE | HERE | CREDENTIALS | PLACEHOLDER | HIDDEN | REDACTED ) (?: [_-] [A-Z0-9_-]* )? $"
        );
        self.is_mark()
            || self.complete && word.is_match(self.trimmed())
            || self.complete && name.is_match(self.trimmed())
            || self.starts_template()
    }

    /// A word of letters and inner hyphens.
    pub fn is_word(&self) -> bool {
        self.head.len() < 20 && self.is(pattern!(r"^([a-z]([a-z-]*[a-z])?\**)?$"))
    }

    /// A word, not in mixed case.
    pub fn is_plain_word(&self) -> bool {
        self.is_word()
            && self.is_written()
            && self.is(pattern!(r"(?-i)^([a-z*-]*|[A-Z*-]*|[A-Za-z][a-z]*(-[A-Za-z][a-z]*)*)$"))
    }

    /// Words separated by spaces.
    pub fn is_prose(&self) -> bool {
        self.head.contains(&b' ')
            && pattern!(r"^[a-z ,.'()/?!:+&-]*$").is_match(&self.head)
            && !(self.complete && pattern!(r"[^ ]{20}").is_match(&self.head))
    }

    /// A sentence with numbers and names in it.
    pub fn is_description(&self) -> bool {
        let blanks = self.head.iter().filter(|ch| **ch == b' ').count();
        let parts: Vec<&[u8]> = self.head.split(|ch| b" -,.'()/:_".contains(ch)).collect();
        let stem = |part: &[u8]| {
            let digits = part.iter().rev().take_while(|ch| ch.is_ascii_digit()).count();
            part[..part.len() - if digits < 3 { digits } else { 0 }].to_vec()
        };
        let letters = |part: &[u8]| pattern!("^[a-z\\x80-\\xff]*$").is_match(&stem(part));
        let written = |part: &[u8]| {
            let stem = stem(part);
            letters(part)
                && (pattern!("[\\x80-\\xff]").is_match(&stem)
                    || stem.len() < 20 && is_written(&stem))
        };
        let words = parts.iter().filter(|part| written(part) && stem(part).len() > 1).count();
        let others = parts.iter().filter(|part| !letters(part)).count();
        let plain = |part: &&[u8]| {
            written(part)
                || pattern!("^[0-9]{1,3}$").is_match(part)
                || blanks >= 3 && pattern!("^(?:[a-z][a-z0-9]{0,7})?$").is_match(part)
        };
        self.head.contains(&b' ')
            && (parts.iter().all(plain) && words >= others || words >= 5 && words >= 3 * others)
    }

    /// The name of a constant.
    pub fn is_constant(&self) -> bool {
        let digits = self.head.iter().filter(|ch| ch.is_ascii_digit()).count();
        self.is(pattern!(
            "(?-i)^(?:[A-Z0-9]*_)*(?:[A-Z]+_[A-Z0-9_]*|_[A-Z]+)$|(?-i)^[A-Z0-9_]*_[A-Z]+$"
        )) && self.head.len() < 32
            && digits * 2 <= self.head.len()
            && self.is_written()
    }

    /// An identifier, or a path of identifiers.
    pub fn is_identifier(&self) -> bool {
        let changes = self
            .head
            .windows(2)
            .filter(|pair| {
                pattern!(r"(?-i)^([a-z][A-Z0-9]|[A-Z][0-9]|[0-9][A-Za-z])$").is_match(pair)
            })
            .count();
        let mixed = pattern!(r"(?-i)[A-Z][^.]*[a-z]|[a-z][^.]*[A-Z]|[/+]").is_match(&self.head);
        self.is(pattern!(r"(?x) ^ [a-z_$@] "))
            && self.is(pattern!(
                r"(?x) ^ (?: (?: [a-z]{1,19} [0-9]{0,2} )? (?: [._/:$@?*+-] | $ ) )* $
                  | (?-i) ^ (?: [a-z]{0,19} [_-] )+ [a-z]{0,19} [_:.-] [0-9]{1,2} $
                  | (?-i) ^ (?: [A-Z]{0,19} [_-] )+ [A-Z]{0,19} [_:.-] [0-9]{1,2} $"
            ))
            && changes * 5 <= self.head.len()
            && !(self.has_digit() && mixed)
            && self.is_written()
    }

    /// A digit, or letters that do not form words.
    pub fn is_random(&self) -> bool {
        self.has_digit() || !self.is_written()
    }

    /// Its pairs of letters are those of words.
    pub fn is_written(&self) -> bool {
        is_written(&self.head)
    }

    pub fn is_url(&self) -> bool {
        pattern!("(?-i)^https?://").is_match(&self.head)
    }

    /// Words run together.
    pub fn is_camel(&self) -> bool {
        let words = pattern!("(?-i)^[a-z]+|[A-Z][a-z]+");
        let shape = pattern!(
            "(?-i)^[a-z]*([A-Z]{1,5}[a-z]{2,}|[A-Z]{0,4}(On|Is|To|By|In|Of|At|As|Id|No))*[A-Z]{1,5}[a-z]+$"
        );
        let plain = pattern!("(?-i)^[a-z]*([A-Z]{1,5}[a-z]{2,})*[A-Z]{1,5}[a-z]+$");
        let digits = self.head.iter().filter(|ch| ch.is_ascii_digit()).count();
        let capitals = self.head.iter().filter(|ch| ch.is_ascii_uppercase()).count();
        let head: Vec<u8> = self.head.iter().copied().filter(|ch| !ch.is_ascii_digit()).collect();
        let letters: Vec<u8> =
            words.find_iter(&head).flat_map(|word| word.as_bytes().to_ascii_lowercase()).collect();
        let long = head.len() >= 16 && capitals * 4 <= head.len() && digits <= 2;
        self.complete
            && pattern!("(?-i)[A-Z]{2,}").find_iter(&head).count() <= 1
            && (plain.is_match(&self.head) || long && shape.is_match(&head))
            && is_written(&letters)
    }

    /// Letters outside ASCII.
    pub fn is_foreign(&self) -> bool {
        let digits = self.head.iter().filter(|ch| ch.is_ascii_digit()).count();
        digits * 8 <= self.head.len() && self.head.iter().any(|ch| *ch >= 0xc3 && *ch != 0xe2)
    }

    pub fn is_long_run(&self) -> bool {
        pattern!("^[a-z]{21,}$").is_match(&self.head) && !self.is_camel()
    }

    pub fn has_digit(&self) -> bool {
        self.head.iter().any(u8::is_ascii_digit)
    }

    pub fn is_number(&self) -> bool {
        self.is(pattern!(r"^[0-9.-]*$"))
    }

    /// A token, whatever precedes it.
    pub fn is_token_like(&self) -> bool {
        let short = pattern!(r"(?-i)^[A-Za-z0-9_-]{10,}$").is_match(&self.head)
            && pattern!("(?-i)[0-9]").is_match(&self.head)
            && pattern!("(?-i)[A-Z]").is_match(&self.head)
            && pattern!("(?-i)[a-z]").is_match(&self.head)
            && !self.is_written();
        (self.head.len() >= 16 || short)
            && self.is_random()
            && self.head.iter().any(u8::is_ascii_alphabetic)
            && !pattern!(r"(?x) [\x00-\x20(] | =[^=] | ^0x[0-9a-f]*$ | :// | ^[^@]*@[0-9a-f]*$")
                .is_match(&self.head)
            && !(self.head.starts_with(b"/") && self.is_written())
            && !is_reversed_domain(&self.head)
            && !self.is_identifier()
            && !(self.is_camel()
                && self.head.iter().filter(|ch| ch.is_ascii_uppercase()).count() * 4
                    <= self.head.len())
            && !self.is_placeholder()
    }
}

/// A word that all tokens of a kind start with, and a template.
fn ends_in_template(text: &[u8]) -> bool {
    let prefix = pattern!(r"^(?P<prefix>[a-z_.=-]{1,19})(?P<rest>[{<$%#].*)$");
    prefix
        .captures(text)
        .is_some_and(|found| is_written(&found["prefix"]) && is_mark(&found["rest"]))
}

/// `com.apple.xpc.activity/4505`
fn is_reversed_domain(text: &[u8]) -> bool {
    let domain = pattern!(r"(?-i)^(?P<domain>[a-z-]{2,}(?:\.[a-z-]{2,}){2,})(?:[/:].{0,6})?$");
    domain.captures(text).is_some_and(|found| is_written(&found["domain"]))
}

/// Its pairs of letters are those of words.
pub fn is_written(text: &[u8]) -> bool {
    let pairs = include_str!("../../src/grammar/value/pairs.txt");
    let rows: Vec<Vec<i32>> = pairs
        .lines()
        .map(|row| row.chars().map(|count| count.to_digit(10).unwrap() as i32 - 4).collect())
        .collect();
    let letter = |byte: u8| usize::from(byte.to_ascii_lowercase() - b'a');
    let mut score = 0;
    for pair in text.windows(2) {
        if pattern!(r"(?-i)^([a-z][A-Z]|[0-9][A-Za-z]|[A-Za-z][0-9])$").is_match(pair) {
            score -= 2;
        } else if pattern!(r"^[a-z]{2}$").is_match(pair) {
            score += rows[letter(pair[0])][letter(pair[1])];
        }
    }
    score >= [text.len() as i32, 17].into_iter().min().unwrap() - 20
}

/// Whether the double quote at `k` ends a string of JSON in which a message was cut off: a member follows, or the end of
/// the object.
pub fn is_end_of_message(text: &Text, k: usize) -> bool {
    let Some(quote) = text.quote(k).filter(|quote| quote.ch == b'"') else { return false };
    match text.ch(k + 1) {
        b',' => text.quote(text.blanks(k + 2, 0)) == Some(quote),
        b'}' | b']' => {
            k + 2 >= text.len()
                || text.is_newline(k + 2)
                || matches!(text.ch(k + 2), b',' | b'}' | b']' | b'"')
        }
        _ => false,
    }
}

/// The length of `'\''` or `'"'"'` at `k`, in characters.
fn shell_quote(text: &Text, k: usize) -> Option<usize> {
    let single = |k: usize| text.raw(k) == b'\'';
    let escaped = |k: usize, ch: u8| text.ch(k) == ch && matches!(text.enc(k), Enc::Slash(_));
    if single(k) && escaped(k + 1, b'\'') && single(k + 2) {
        return Some(3);
    }
    let double = |k: usize| text.raw(k) == b'"' || escaped(k, b'"');
    let quoted = single(k) && double(k + 1) && single(k + 2) && double(k + 3) && single(k + 4);
    quoted.then_some(5)
}

fn is_token_enough(text: &Text, value: Range<usize>, frame: Frame, grammar: Grammar) -> bool {
    let special = match grammar {
        Grammar::Param => pattern!(r"[^a-z0-9_/=-]"),
        _ if frame.level > 0 => pattern!(r"[^a-z0-9_/=-]"),
        Grammar::Token => pattern!(r"[^a-z0-9_/=#-]"),
        Grammar::Any => pattern!(r#"["'`\\%&\r\n\[\](){}<>\x00\x1b]"#),
        _ => pattern!(r#"["'`\\%&\r\n\[\](){}<>\x00-\x1f; ,|^~!$*@\x7f-\xff]"#),
    };
    let head = &text.raw[value.start.min(value.end)..value.end.min(value.start + Value::ENOUGH)];
    let digits = head.iter().filter(|raw| raw.is_ascii_digit()).count();
    head.len() == Value::ENOUGH && digits >= 2 && !special.is_match(head)
}

/// `[\r]`, `[\n]`
pub fn is_wire_end(text: &Text, k: usize) -> bool {
    text.is_newline(k + 1) && text.enc(k + 1) != Enc::Raw && text.ch(k + 2) == b']'
}

fn is_lone_dot(text: &Text, k: usize) -> bool {
    text.raw(k) == b'.' && !b".:!?".contains(&text.ch(k + 1))
}

fn ends_token(text: &Text, k: usize, frame: Frame, grammar: Grammar) -> bool {
    let ends = |k: usize| {
        let ch = text.ch(k);
        text.level(k) <= frame.level
            && (ch <= b' '
                || ch >= 0x7f
                || b"\"'`,;<>()[]{}&\\".contains(&ch)
                || grammar == Grammar::Param && b"#?".contains(&ch)
                || frame.plus && text.raw(k) == b'+')
    };
    if text.raw(k) == b'|' {
        return ends(k + 1) || frame.bars && !text.ends(k, pattern!("[ \\t][0-9]{1,22}$"));
    }
    if text.raw(k) == b'^' {
        return is_caret_end(text, k, ends);
    }
    if frame.plus && text.raw(k) == b'+' {
        return is_words(text, k + 1);
    }
    let is_stop = |k: usize| b".:!?".contains(&text.ch(k));
    let stop = is_stop(k) && (text.enc(k) == Enc::Raw || text.level(k) > 0);
    if !stop || text.ch(k) == b'?' && grammar == Grammar::Param {
        return ends(k);
    }
    // A full stop belongs to the sentence if nothing of the token follows.
    let far = text.start(k) + 8;
    let mut next = k + 1;
    while text.start(next) < far && is_stop(next) {
        next += 1;
    }
    let header = next == k + 2 && text.ch(k) == b'.' && is_header(text, next);
    !is_stop(next) && (ends(next) || header)
}

fn ends_cookie(text: &Text, k: usize, frame: Frame, grammar: Grammar, nest: usize) -> bool {
    let open = frame.quote.is_none();
    let response = grammar == Grammar::SetCookie;
    match text.ch(k) {
        _ if text.enc(k) == Enc::Ansi => true,
        b';' => true,
        b',' => {
            let pair = is_pair(text, k + 1, true, frame.level);
            let field =
                open && !(frame.line && frame.close == 0) && is_field(text, k + 1, frame.level);
            nest == 0 && (pair || field)
        }
        b']' | b'}' | b')' if open && !frame.line && nest == 0 => {
            let end = text.find(k, pattern!(r"^[\]})]{1,9}")).unwrap_or(k);
            text.is_newline(end)
                || frame.excludes(text, end)
                || text.enc(end) == Enc::Ansi
                || b" \t,<>\"'`".contains(&text.ch(end))
        }
        b'|' if open && text.enc(k) == Enc::Raw => {
            frame.bars || is_header(text, k + 1) && !is_numbered(text, k)
        }
        b' ' | b'\t' => {
            let end = text.find_raw(k, pattern!(r"^[ \t]{1,16}")).unwrap_or(k);
            let last = b"\r\n;".contains(&text.raw(end))
                || frame.close != 0 && text.raw(end) == frame.close;
            let list = frame.close == b']' && (response || !frame.line);
            // Prose, unless another cookie follows.
            let prose =
                || open && frame.close == 0 && !frame.line && !semicolon_follows(text, k + 1);
            let entry =
                pattern!(r#"^[ \t]*(?:\[[a-z0-9_.-]{0,63}\] =>|\)(?:[ \t]*[\r\n)"'`<]|[ \t]+\[))"#);
            frame.close == b'>'
                || open
                    && b"]}".contains(&frame.close)
                    && nest == 0
                    && text.ch(text.blanks(k, frame.level)).is_ascii_alphabetic()
                    && is_field(text, k, frame.level)
                || open && frame.line && text.find_raw(k, entry).is_some()
                || list && is_pair(text, k + 1, false, frame.level)
                || nest == 0 && end > k && last
                || prose()
                || frame.pairs && is_pair(text, k + 1, false, frame.level)
                || frame.pairs
                    && text.ch(text.blanks(k, frame.level)).is_ascii_alphabetic()
                    && is_field(text, k, frame.level)
        }
        b'"' | b'\'' | b'`' if open && nest == 0 => {
            text.is_newline(k + 1)
                || text.enc(k + 1) == Enc::Ansi
                || b",)]}> \t".contains(&text.ch(k + 1))
        }
        b'<' if open => text.ch(k + 1) == b'/',
        _ => false,
    }
}

/// What follows the name of a field whose value has a scheme in it: `authorization=Bearer T`.
pub fn past_scheme(text: &Text, k: usize) -> Option<usize> {
    text.find_raw(
        k,
        pattern!(
            r"(?x) ^ (?: bearer | basic | token | api-?key | api-?token | negotiate | ntlm | dpop | kerberos | key | jwt | ssws | splunk
              | geniekey | private-?token | sharedkey(?:lite)? | mac | bot | user | gnap | zoho-oauthtoken ) \x20"
        ),
    )
}

/// Whether the next field of a record begins behind `k`.
fn ends_field(text: &Text, k: usize, frame: Frame, token: bool) -> bool {
    let raw = text.enc(k) == Enc::Raw;
    let is_next = |k: usize| {
        let assignment = pattern!(r"^[ \t]*[a-z0-9_.$!~*-]{1,64}=[^=}| \n]");
        text.find_raw(k, assignment).is_some_and(|end| end <= text.len())
            || text.find_raw(k, pattern!("^[a-z_-]{3,64}:")).is_some()
    };
    let titled = |k: usize| {
        text.find_raw(k, pattern!("^[a-z_-]{3,31}(?::[ \t]|[:=][\"'`])")).is_some()
            || text
                .find_raw(k, pattern!("^[a-z_-]{3,31}[:=]"))
                .is_some_and(|end| past_scheme(text, end).is_some())
    };
    if frame.own || frame.element || text.level(k) > frame.level {
        return false;
    }
    match text.ch(k) {
        b'\t' | 0x1b => false,
        0..=0x1f | 0x7f => true,
        ch @ (b'!' | b'#' | b'$' | b'&' | b'*' | b',' | b'@' | b'^' | b'|' | b'~') if raw => {
            let next = (k..k + 8).find(|k| text.raw(*k) != ch).unwrap_or(k + 8);
            if ch == b'|' && token && is_numbered(text, k) {
                return false;
            }
            (ch == b'|' && token || ch == frame.delimiter) && is_next(next)
                || ch == frame.delimiter && text.is_newline(next)
                || (token || !frame.line) && titled(next)
        }
        b'<' if raw => text.find_raw(k, pattern!(r"^<[a-z]{1,7}[ \t]*/?>")).is_some(),
        0x80.. => {
            let sign = pattern!(r"(?-u)^(?:\xc2.|\xe2[\x80-\xaf].|\xe3\x80.|\xef\xbc[\x80-\xa0])");
            text.find_raw(k, sign).is_some_and(is_next)
        }
        _ => false,
    }
}

/// `Name: `, `Name -> ` after spaces.
fn is_field(text: &Text, k: usize, level: usize) -> bool {
    let start = text.blanks(k, level);
    let Some(end) = text.find_raw(start, pattern!("^[a-z0-9_-]{1,64}")).filter(|_| start > k)
    else {
        return false;
    };
    let dash = text.blanks(end, level);
    text.ch(end) == b':' && !b"/:".contains(&text.ch(end + 1))
        || dash > end && text.raw(dash) == b'-' && text.ch(dash + 1) == b'>'
}

/// A header's name and a colon.
/// Whether only the number of a token precedes the bar at `k`.
fn is_numbered(text: &Text, k: usize) -> bool {
    text.ends(k, pattern!("(?:^|[^A-Za-z0-9_-])[0-9]{1,19}$"))
}

fn is_header(text: &Text, k: usize) -> bool {
    text.find_raw(k, pattern!("^[a-z-]{3,64}:")).is_some()
}

/// Words joined by `+`, without other characters of base64.
fn is_words(text: &Text, k: usize) -> bool {
    let words = pattern!(
        r"(?x-i) ^ (?: (?: [A-Za-z][a-z]* | [A-Z]+ ) (?: [_-]+ (?: [A-Za-z][a-z]* | [A-Z]+ )? )* )? [+]"
    );
    let mut at = k;
    loop {
        let end = text.find_raw(at, pattern!("^([a-z][a-z_-]*)?")).unwrap_or(at);
        let word = &text.raw[at.min(text.len())..end.min(text.len())];
        let next = text.raw(end);
        let plain = words.is_match(&[word, b"+"].concat());
        if word.len() >= 20
            || !plain
            || next.is_ascii_alphanumeric()
            || b"-_/=".contains(&next)
            || word.is_empty() && next == b'+'
        {
            return false;
        }
        if next != b'+' || end - k > 64 {
            return true;
        }
        at = end + 1;
    }
}

/// Whether plain text continues up to a semicolon.
fn semicolon_follows(text: &Text, k: usize) -> bool {
    let escaped = |k: usize| text.ch(k) == b';' && matches!(text.enc(k), Enc::Slash(_));
    let stops = |k: &usize| {
        let quote = text.quote(*k).is_some() && matches!(text.enc(*k), Enc::Raw | Enc::Entity(_));
        quote || escaped(*k) || b";=:\r\n[({".contains(&text.raw(*k))
    };
    let end = (k..).find(stops).unwrap_or(k);
    (text.raw(end) == b';' || escaped(end)) && text.start(end) < text.start(k) + 256
}

/// Whether there is a cookie-name and `=` at `k`.
pub fn is_pair(text: &Text, k: usize, blanks: bool, level: usize) -> bool {
    let start = text.blanks(k, level);
    match text.find_raw(start, pattern!(r"^[a-z0-9_.$!~*-]{1,64}")) {
        Some(end) => text.ch(end) == b'=' && text.level(end) <= level && (start > k || !blanks),
        None => false,
    }
}

/// A template, a mask, or a redactor's replacement.
pub fn is_mark(text: &[u8]) -> bool {
    let mark = pattern!(
        r#"(?x) ^ (?:
              (?: \$?\{\{ [^{}]* \}\} | \$\{ [^{}]* \} | \{\{\{ [^{}]* \}\}\} | \#\{ [^{}]* \} | \$\( [^()]* \) | <[^<>]*>
                | \{ [$@]? [a-z_] [a-z0-9_.]* [\[(] [^{}]* \} | %\{ [^{}]* \} | \\\( [^()]* \)
                | \{ \$? [a-z0-9_.\x20!()>-]* (?: : [^{}",']* )? \}
                | \$ [a-z_] \w* (?: (?: -> | \. | ::? ) [a-z_] \w* | \[ [^\]]* \]? )*
                | % (?: \[ [0-9]+ \] )? [-+0-9.]* \$? [sdvqxr@] | % \( [^()]* \) s | % [a-z_] \w* % | [\x80-\xff]+ [\x00-\x7f]* [\x80-\xff]+ )
              (?: [:.,/_\x20-]? (?: \$?\{\{? [^{}"]* \}?\} | \#\{ [^{}]* \} | \$ [a-z_] \w* | %[sdv] | <[^<>]*> ) )*
              | [$:%?] [0-9]{1,3} | \$ [@*] | @ p _? [0-9]{1,3} | [$%\#] | \*+ | \$[a-z_]{3,24}\$ | \*{3}\x20[a-z\x20]+\x20\*{3} | x{3,} | x{8,} [a-z0-9]{0,4} | \.+ | _{3,} | \#{2,} | -+ | [\x80-\xff]+
              | \[ [a-z] [a-z0-9\x20_:.-]* \] | [\[<(] (?: \.+ | \*+ | null | nil | none | [\x80-\xff]+ ) [\])>] | << [^<>]* >>
              | (?: redact | filter | mask | scrubb | omitt | obfuscat | sanitiz | censor | elid | remov )ed
              | [(<\[{] (?: redact | filter | mask | scrubb | omitt | obfuscat | sanitiz | censor | elid | remov )ed [)>\]}]?
              | [(<\[{]? hidden [)>\]}]? ) $"#
    );
    let scheme = pattern!(
        r"(?x) ^ (?: bearer | basic | token | api-?key | api-?token | negotiate | ntlm | dpop | kerberos | key | jwt
              | ssws | splunk | geniekey | private-?token | sharedkey | sharedkeylite | mac | bot | user | gnap
              | zoho-oauthtoken ) \x20 (?P<mark> [^a-z0-9] .* ) $"
    );
    let number = pattern!(r"^\{(?:[^0-9]*[0-9]){6}");
    let masked = || Some(scheme.captures(text)?.name("mark")?.as_bytes());
    let pair = pattern!(r"^[a-z0-9_-]*=\*+$");
    let is_mark = |text: &[u8]| mark.is_match(text) && !number.is_match(text);
    is_mark(text) || masked().is_some_and(is_mark) || pair.is_match(text)
}
