//! The start of a value, and what it shows: a token, a word, a name, a placeholder.

use std::cell::Cell;

use crate::grammar::text::lex::{Quote, hex, is_name};
use crate::grammar::value::base64::is_base64url;
use crate::grammar::value::bytes::{PLAIN, Table};
use crate::grammar::value::characters::{
    self, COLON, Characters, DIGIT, FOREIGN, LOWER, SLASH, SPACE, UNDERSCORE, UPPER,
};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::harmless;
use crate::grammar::value::placeholder;
use crate::grammar::value::wording::is_foreign;
use crate::grammar::value::writing::is_written;

pub(super) const HEAD: usize = placeholder::MAX;
/// A run of letters of this length is not a word.
pub(crate) const LONG_WORD: usize = 20;

/// The start of a value, decoded.
pub(crate) struct Head {
    pub(super) chars: [u8; HEAD],
    pub(super) len: usize,
    /// Whether this is the whole value, which ends at `end`.
    pub complete: bool,
    /// The end of the value, or of the part that was read.
    pub end: usize,
    /// The kinds of characters in it, once a rule has asked for them. None occurs only in an empty head.
    characters: Cell<Characters>,
    /// Whether it is written, once a rule has asked for it.
    written: Cell<Option<bool>>,
}

impl Head {
    /// Nothing yet of a value at `at`.
    pub(super) fn empty(at: usize) -> Head {
        Head {
            chars: [0; HEAD],
            len: 0,
            complete: false,
            end: at,
            characters: Cell::new(0),
            written: Cell::new(None),
        }
    }

    /// The `first` bytes of a value at `at`, which continues.
    #[inline(always)]
    pub(super) fn enough<const N: usize>(first: &[u8; N], at: usize) -> Head {
        let mut head = Head::empty(at);
        head.chars[..N].copy_from_slice(first);
        (head.len, head.end) = (N, at + N);
        head
    }

    /// Appends the plain bytes that follow, as many as fit.
    #[inline(always)]
    pub(super) fn take_plain(&mut self, window: &[u8], table: &Table) {
        let rest = window.get(self.end..).unwrap_or_default();
        let room = &mut self.chars[self.len..];
        let mut taken = 0;
        for (slot, &byte) in room.iter_mut().zip(rest) {
            if table[usize::from(byte)] != PLAIN {
                break;
            }
            *slot = byte;
            taken += 1;
        }
        self.len += taken;
        self.end += taken;
    }

    /// Appends a character of `len` bytes.
    #[inline(always)]
    pub(super) fn push(&mut self, ch: u8, len: usize) {
        self.chars[self.len] = ch;
        self.len += 1;
        self.end += len;
    }

    pub fn chars(&self) -> &[u8] {
        &self.chars[..self.len]
    }

    /// Whether it has a character of one of these kinds.
    #[inline]
    pub fn has(&self, kinds: Characters) -> bool {
        if self.characters.get() == 0 {
            self.characters.set(characters::of(self.chars()));
        }
        self.characters.get() & kinds != 0
    }

    /// Whether its letters can be words.
    pub fn is_written(&self) -> bool {
        let written = self.written.get().unwrap_or_else(|| is_written(self.chars()));
        self.written.set(Some(written));
        written
    }

    pub fn is_empty(&self) -> bool {
        self.complete && self.len == 0
    }

    /// Whether the value is a placeholder.
    pub fn is_placeholder(&self) -> bool {
        let chars = self.trimmed();
        self.complete && placeholder::is_placeholder(chars) || starts_template(chars)
    }

    /// Whether the value is not a secret even if the text around it says so: a template, `null`, a redactor's
    /// replacement.
    pub fn is_nothing(&self) -> bool {
        let chars = self.trimmed();
        self.complete && (placeholder::is_nothing(chars) || ends_in_template(chars))
            || starts_template(chars)
    }

    /// A command in backticks, which a shell replaces by its output: `` `cat token.txt` ``.
    pub fn is_command(&self, frame: Frame) -> bool {
        matches!(frame.quote, Some(Quote { ch: b'`', .. }))
            && frame.own_quote
            && self.chars().contains(&b' ')
    }

    /// A version, a duration or a path.
    pub fn is_harmless(&self) -> bool {
        let chars = self.chars();
        harmless::is_path(chars)
            || self.has(SLASH) && (harmless::is_package(chars) || harmless::is_resource(chars))
            || harmless::is_step(chars)
            || self.has(COLON) && harmless::is_scoped(chars)
            || self.complete
                && (harmless::is_version(chars)
                    || harmless::is_duration(chars)
                    || harmless::is_rate(chars)
                    || harmless::is_date(chars)
                    || harmless::is_lookup(chars)
                    || harmless::is_class(chars)
                    || harmless::is_attribute(chars))
    }

    /// A date, or a time with its date.
    pub fn is_date(&self) -> bool {
        self.complete && harmless::is_date(self.chars())
    }

    /// Whether the value is a mark that a cookie never has, or `deleted`.
    pub fn is_mark(&self) -> bool {
        let chars = self.trimmed();
        // A template that a quote inside it cuts off: `sid=${cookies["sid"]}`.
        let is_cut = starts_template(chars) && !chars.contains(&b'}');
        self.complete && (placeholder::is_mark(chars) || is_cut || chars == b"deleted")
    }

    /// Without spaces at its end, which a line has if a string in it was cut off.
    fn trimmed(&self) -> &[u8] {
        let chars = self.chars();
        let len = chars.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
        &chars[..len]
    }

    /// A word of letters and inner hyphens that is too short for a token. Markdown emphasis may follow it.
    pub fn is_word(&self) -> bool {
        let chars = self.chars();
        let len = chars.iter().rposition(|byte| *byte != b'*').map_or(0, |last| last + 1);
        let chars = &chars[..len];
        self.complete
            && (1..LONG_WORD).contains(&len)
            && chars.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'-')
            && chars.first() != Some(&b'-')
            && chars.last() != Some(&b'-')
    }

    /// A word as people write it: not in mixed case, and not random letters.
    pub fn is_plain_word(&self) -> bool {
        let chars = self.chars();
        self.is_word()
            && self.is_written()
            && (!chars.iter().any(u8::is_ascii_uppercase)
                || !chars.iter().any(u8::is_ascii_lowercase)
                || chars
                    .split(|byte| *byte == b'-')
                    .all(|word| !word.is_empty() && !word[1..].iter().any(u8::is_ascii_uppercase)))
    }

    /// Several words: a sentence.
    pub fn is_prose(&self) -> bool {
        let chars = self.chars();
        self.has(SPACE)
            && chars
                .iter()
                .all(|byte| byte.is_ascii_alphabetic() || b" -,.'()/?!:+&".contains(byte))
            && chars
                .split(|byte| *byte == b' ')
                .all(|word| word.len() < LONG_WORD || !self.complete)
    }

    /// A sentence with numbers and names in it: `OAuth 2.0`, `Access Token (can access 1 repository)`. It may be in any
    /// language, and it may contain anything if most of it is words.
    pub fn is_description(&self) -> bool {
        if !self.has(SPACE) {
            return false;
        }
        let chars = self.chars();
        let blanks = chars.iter().filter(|byte| **byte == b' ').count();
        let (mut words, mut others) = (0, 0);
        let all = chars.split(|byte| b" -,.'()/:_".contains(byte)).all(|word| {
            let foreign = word.iter().any(|byte| *byte >= 0x80);
            // `OAuth2`
            let number = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
            let word = if number < 3 { &word[..word.len() - number] } else { word };
            let letters = word.iter().all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80);
            let written = letters && (foreign || word.len() < LONG_WORD && is_written(word));
            words += usize::from(written && word.len() > 1);
            others += usize::from(!letters);
            let begins = word.first().is_none_or(u8::is_ascii_alphabetic);
            let rest = || word.len() <= 8 && word.iter().all(u8::is_ascii_alphanumeric);
            let name = || blanks >= 3 && begins && rest();
            written || word.len() < 4 && word.iter().all(u8::is_ascii_digit) || name()
        });
        all && words >= others || words >= 5 && words >= 3 * others
    }

    /// An identifier or a path of identifiers, as in source code: `self.token`, `req.headers`, `refresh_token`.
    pub fn is_identifier(&self) -> bool {
        let chars = self.chars();
        let changes = || {
            let pairs = chars.windows(2).filter(|pair| match (pair[0], pair[1]) {
                (b'a'..=b'z', next) => next.is_ascii_uppercase() || next.is_ascii_digit(),
                (b'A'..=b'Z', next) => next.is_ascii_digit(),
                (b'0'..=b'9', next) => next.is_ascii_alphabetic(),
                _ => false,
            });
            pairs.count()
        };
        self.complete
            && changes() * 5 <= chars.len()
            && self.is_written()
            && !(self.has_digit()
                && (is_mixed(chars) || chars.iter().any(|byte| matches!(byte, b'/' | b'+'))))
            && chars.first().is_some_and(|byte| {
                byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$' | b'@')
            })
            && without_number(chars).split(|byte| b"._-/:$@?*+".contains(byte)).all(|part| {
                let letters = part.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                let digits =
                    part[letters..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let rest = &part[letters + digits..];
                // `u8string_literal`
                let word = rest.len() >= 3
                    && rest.iter().all(u8::is_ascii_lowercase)
                    && chars.contains(&b'_');
                letters < LONG_WORD
                    && digits <= 2
                    && (rest.is_empty() || word)
                    && (letters > 0 || part.is_empty())
            })
    }

    /// Has a digit, or letters that do not form words.
    pub fn is_random(&self) -> bool {
        self.has_digit() || !self.is_written()
    }

    /// Whether it is one of these `kinds`.
    pub fn is_any(&self, kinds: &[fn(&Head) -> bool]) -> bool {
        kinds.iter().any(|is| is(self))
    }

    /// The address of a web page.
    pub fn is_url(&self) -> bool {
        let chars = self.chars();
        chars.starts_with(b"http://") || chars.starts_with(b"https://")
    }

    /// Letters, more than a word has, that are not words run together.
    pub fn is_long_run(&self) -> bool {
        let chars = self.chars();
        chars.len() > LONG_WORD && chars.iter().all(u8::is_ascii_alphabetic) && !self.is_camel()
    }

    /// Words run together, as in names in source code: `JWTBearerTokenGenerator`, `OAuth2AuthenticationToken`.
    pub fn is_camel(&self) -> bool {
        self.complete && is_camel(self.chars())
    }

    /// The same, with long words: a capital at every fourth letter at most. Random text has one at every second.
    fn is_long_camel(&self) -> bool {
        let capitals = || self.chars().iter().filter(|byte| byte.is_ascii_uppercase()).count();
        self.complete && capitals() * 4 <= self.len() && self.is_camel()
    }

    /// Letters outside ASCII, as in a translation.
    pub fn is_foreign(&self) -> bool {
        self.has(FOREIGN) && is_foreign(self.chars())
    }

    /// The name of a constant in source code: `WBEM_128BITS`.
    pub fn is_constant(&self) -> bool {
        let chars = self.chars();
        let digits = || chars.iter().filter(|byte| byte.is_ascii_digit()).count();
        self.complete
            && self.has(UNDERSCORE)
            && chars.len() < LONG_WORD + 12
            && digits() * 2 <= chars.len()
            && chars
                .iter()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
            && self.is_written()
            && chars
                .split(|byte| *byte == b'_')
                .any(|part| !part.is_empty() && part.iter().all(u8::is_ascii_uppercase))
    }

    pub fn has_digit(&self) -> bool {
        self.has(DIGIT)
    }

    pub fn is_number(&self) -> bool {
        self.complete
            && self.chars().iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
    }

    /// Long and mixed enough to be a token without a key.
    pub fn is_token_like(&self) -> bool {
        let chars = self.chars();
        (self.len >= 16 || !self.complete || is_short_token(chars))
            && self.is_random()
            && self.has(UPPER | LOWER)
            && !chars.iter().any(|byte| *byte <= b' ' || *byte == b'(')
            && !chars.split(|byte| *byte == b'=').skip(1).any(|part| !part.is_empty())
            && !self.is_identifier()
            && !self.is_long_camel()
            && !self.is_placeholder()
            && !is_address(chars)
            && !is_object(chars)
    }

    /// A token with a name before it, `key=T`, as services that send notifications have it.
    pub fn is_named_token(&self) -> bool {
        let chars = self.chars();
        let name = chars.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let Some([b'=', token @ ..]) = chars.get(name..) else { return false };
        let has = |is: fn(&u8) -> bool| token.iter().any(is);
        name > 1
            && token.len() >= 16
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_alphabetic)
            && token.iter().all(|byte| is_name(*byte) || *byte == b':')
    }

    pub fn len(&self) -> usize {
        self.len
    }
}

/// Words run together, `WaitPeriod`, `JWTBearerToken`: each word begins with a capital, one of them possibly after an
/// abbreviation, and has two or more small letters; the last may be short. Together their letters form words. In a name of long words
/// there may also be a digit or two, and words such as `On`.
fn is_camel(chars: &[u8]) -> bool {
    const SHORT: &[u8; 20] = b"onistobyinofatasidno";
    let mut letters = [0; HEAD];
    let (mut count, mut capitals) = (0, 0);
    for byte in chars.iter().filter(|byte| !byte.is_ascii_digit()) {
        letters[count] = *byte;
        count += 1;
        capitals += usize::from(byte.is_ascii_uppercase());
    }
    let digits = chars.len() - count;
    let chars = &letters[..count];
    let long = count >= 16 && capitals * 4 <= count;
    if capitals == 0
        || digits > 0 && !(long && digits <= 2)
        || !chars.iter().all(u8::is_ascii_alphabetic)
    {
        return false;
    }
    let run = |rest: &[u8], is: fn(&u8) -> bool| rest.iter().take_while(|byte| is(byte)).count();
    let mut words = [0; HEAD];
    let mut len = 0;
    let mut take = |word: &[u8]| {
        for (slot, byte) in words[len..].iter_mut().zip(word) {
            *slot = byte.to_ascii_lowercase();
        }
        len += word.len();
    };
    let first = run(chars, u8::is_ascii_lowercase);
    take(&chars[..first]);
    let mut rest = &chars[first..];
    let mut abbreviations = 0;
    while !rest.is_empty() {
        let capitals = run(rest, u8::is_ascii_uppercase);
        abbreviations += usize::from(capitals > 1);
        let small = run(&rest[capitals..], u8::is_ascii_lowercase);
        let last = capitals + small == rest.len();
        let word = &rest[capitals.saturating_sub(1)..capitals + small];
        let short = || long && SHORT.chunks(2).any(|short| short.eq_ignore_ascii_case(word));
        if !(1..=5).contains(&capitals)
            || abbreviations > 1
            || small < 2 && !(last && small > 0 || short())
        {
            return false;
        }
        take(word);
        rest = &rest[capitals + small..];
    }
    is_written(&words[..len])
}

/// Ten characters or more, with digits and letters of both cases, that do not form words. Of random letters and digits,
/// two in three have this form at 10 characters and nine in ten at 15; of such words in sources, one in thirty, and most
/// of those are random as well.
fn is_short_token(chars: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| chars.iter().any(is);
    chars.len() >= 10
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && chars.iter().all(|byte| is_base64url(*byte))
        && !is_written(chars)
}

/// A name of two or more words in lower case without the number at its end: `ap-south-1`, `session-token:1`.
fn without_number(chars: &[u8]) -> &[u8] {
    let digits = chars.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let name = &chars[..chars.len() - digits];
    match name {
        [words @ .., b'-' | b'_' | b':' | b'.']
            if (1..=2).contains(&digits)
                && words.iter().any(|byte| matches!(byte, b'-' | b'_'))
                && [u8::is_ascii_lowercase, u8::is_ascii_uppercase]
                    .iter()
                    .any(|is| words.iter().all(|byte| is(byte) || b"-_".contains(byte))) =>
        {
            words
        }
        _ => chars,
    }
}

/// Letters of both cases in one name, which is rare in names with digits.
fn is_mixed(chars: &[u8]) -> bool {
    chars.split(|byte| *byte == b'.').any(|name| {
        name.iter().any(u8::is_ascii_uppercase) && name.iter().any(u8::is_ascii_lowercase)
    })
}

/// What Java prints for an object: its class and a hexadecimal number.
fn is_object(chars: &[u8]) -> bool {
    let Some(at) = chars.iter().position(|byte| *byte == b'@') else { return false };
    chars[at + 1..].iter().all(|byte| hex(*byte).is_some())
}

/// A template with an expression in it, whose end is not known.
fn starts_template(chars: &[u8]) -> bool {
    chars.starts_with(b"${") || chars.starts_with(b"#{") || chars.starts_with(b"{{ ")
}

/// Whether a template follows a prefix that all tokens of a kind have: `sk_{token}`, `dstok_<token>`.
fn ends_in_template(chars: &[u8]) -> bool {
    // `key=` is a parameter of a scheme.
    let prefix =
        chars.iter().take_while(|byte| is_name(**byte) || matches!(byte, b'.' | b'=')).count();
    (1..LONG_WORD).contains(&prefix)
        && !chars[..prefix].iter().any(u8::is_ascii_digit)
        && is_written(&chars[..prefix])
        && matches!(chars.get(prefix), Some(b'{' | b'<' | b'$' | b'%' | b'#'))
        && placeholder::is_mark(&chars[prefix..])
}

/// A reversed domain name, as used by Apple and Java: `com.apple.xpc.activity/4505`.
fn is_reversed_domain(chars: &[u8]) -> bool {
    let mut labels = 0;
    let domain = chars.iter().position(|byte| matches!(byte, b'/' | b':')).unwrap_or(chars.len());
    let named = chars[..domain].split(|byte| *byte == b'.').all(|label| {
        labels += 1;
        label.len() > 1 && label.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'-')
    });
    named && labels >= 3 && is_written(&chars[..domain]) && chars.len() - domain < 8
}

/// A path, a URL or a hexadecimal number, which contain letters and digits too.
fn is_address(chars: &[u8]) -> bool {
    chars.starts_with(b"/") && is_written(chars)
        || is_reversed_domain(chars)
        || chars.starts_with(b"0x") && chars[2..].iter().all(|byte| hex(*byte).is_some())
        || chars.windows(3).any(|three| three == b"://")
}
