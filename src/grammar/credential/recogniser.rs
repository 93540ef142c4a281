//! Recognises secrets by a pattern: provider tokens and custom rules.
//!
//! The scan finds a keyword, and the pattern is tried on the bytes around it, within the line. The length of a match is
//! bounded, so a decision needs a bounded amount of text. An unbounded secret continues after the match for as long as
//! its bytes are in the class of the tail.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};
use regex_syntax::hir::{self, Hir};

use crate::grammar::credential::decoded::Decoded;
use crate::grammar::credential::escaped::escaped;
use crate::grammar::credential::form::{Entry, Form, Tail};
use crate::grammar::credential::outline::{Bytes, Outline, compile, search};
use crate::grammar::credential::room::Room;
use crate::grammar::text::lex::{More, Step, Text, hex};
use crate::grammar::text::reads;
use crate::grammar::value::frame::Frame;
use crate::grammar::value::placeholder;
use crate::span::RuleId;

/// A pattern with its rule and conditions.
#[derive(Debug)]
pub(crate) struct Recogniser {
    pub rule: RuleId,
    source: Source,
    compiled: OnceLock<Option<Box<Compiled>>>,
    /// What a match of a built-in form consists of.
    room: OnceLock<Box<Room>>,
    /// Whether the pattern is one of decoded text.
    decode: bool,
    /// Whether its rule takes precedence over other rules that find the same secret.
    pub first: bool,
    /// Keywords that are found by an anchor in them, each with the anchor's offset.
    words: Vec<(&'static [u8], usize)>,
}

/// The source of the pattern. It is compiled when its keyword is first met, because most keywords never are.
#[derive(Debug)]
enum Source {
    BuiltIn(&'static Entry),
    Custom(Box<Outline>),
}

#[derive(Debug)]
struct Compiled {
    regex: Regex,
    /// The group that is the secret.
    group: usize,
    /// The most bytes from the start of a match that are needed to decide it.
    longest: usize,
    before: usize,
    tail: Option<Bytes>,
    /// The built-in form.
    form: Option<Form>,
}

/// A secret that was found: from `start` to `end` or further.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub start: usize,
    pub end: usize,
}

/// The next match is searched for within this many times the longest match.
const REACH: usize = 4;

impl Recogniser {
    /// For a built-in form.
    pub fn built_in(rule: RuleId, form: &'static Entry) -> Recogniser {
        Recogniser {
            rule,
            source: Source::BuiltIn(form),
            compiled: OnceLock::new(),
            room: OnceLock::new(),
            decode: false,
            first: false,
            words: Vec::new(),
        }
    }

    /// For a checked custom rule.
    pub fn custom(rule: RuleId, outline: Outline) -> Recogniser {
        Recogniser {
            rule,
            source: Source::Custom(Box::new(outline)),
            compiled: OnceLock::new(),
            room: OnceLock::new(),
            decode: false,
            first: false,
            words: Vec::new(),
        }
    }

    /// The same, with a keyword that is found by the anchor at `offset` in it.
    pub fn around(mut self, keyword: &'static str, offset: usize) -> Recogniser {
        self.words.push((keyword.as_bytes(), offset));
        self
    }

    /// Whether one of these keywords is around the anchor at `at`.
    pub fn is_around(&self, text: &Text, at: usize) -> Step<bool> {
        for (word, offset) in &self.words {
            let (before, rest) = word.split_at(*offset);
            // Most words differ at their ends; what they begin with is the anchor.
            reads::count();
            if let Some((wanted, others)) = rest.split_last()
                && let Some(here) = text.window().get(at + others.len())
                && !here.eq_ignore_ascii_case(wanted)
            {
                continue;
            }
            if text.ends_before(at, 0, before) && text.has_word(at, rest)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The same, of a rule that is searched for independently of the others.
    pub fn independent(self, decode: bool, first: bool) -> Recogniser {
        Recogniser { decode, first, ..self }
    }

    /// The secret around the keyword at `at`, in decoded text if its rule asks for that.
    pub fn find_independent(
        &self,
        text: &Text,
        at: usize,
        scratch: &mut Vec<u8>,
        decoded: &mut Decoded,
    ) -> Step<Option<Found>> {
        match self.decode {
            true => self.find_decoded(text, at, decoded),
            false => self.find(text, at, 0, scratch),
        }
    }

    /// Whether it is of a custom rule.
    pub fn is_custom(&self) -> bool {
        matches!(self.source, Source::Custom(_))
    }

    /// The secret around the keyword at `at`, with a pattern for decoded text. `decoded` is scratch space.
    fn find_decoded(&self, text: &Text, at: usize, decoded: &mut Decoded) -> Step<Option<Found>> {
        let Some(compiled) = self.compiled() else { return Ok(None) };
        let keyword = decoded.read(text, at, compiled.before, compiled.longest + 1)?;
        let mut from = keyword.saturating_sub(compiled.before);
        while from <= keyword {
            let input = Input::new(&decoded.bytes).span(from..decoded.bytes.len());
            let Some((whole, secret)) = compiled.search(&input) else { return Ok(None) };
            if whole.start > keyword {
                return Ok(None);
            }
            from = whole.start + 1;
            if whole.end <= keyword || secret.is_empty() || secret.start < keyword {
                continue;
            }
            let (start, end) = decoded.written(secret.start, secret.end);
            let found = Found { start, end };
            if !is_replaced(text, found, None)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Whether a match of a built-in form has room around the keyword at `at`.
    pub fn has_room(&self, text: &Text, at: usize) -> Step<bool> {
        let Source::BuiltIn(entry) = self.source else { return Ok(true) };
        let room = || {
            let form = entry.form();
            Box::new(Room::new(&form.parsed(), form.before + self.offset()))
        };
        self.room.get_or_init(room).is_around(text, at)
    }

    /// The furthest that an anchor is inside a keyword.
    fn offset(&self) -> usize {
        self.words.iter().map(|(_, offset)| *offset).max().unwrap_or(0)
    }

    fn compiled(&self) -> Option<&Compiled> {
        let compile = || {
            let compiled = self.source.compile()?;
            Some(Box::new(Compiled { before: compiled.before + self.offset(), ..compiled }))
        };
        self.compiled.get_or_init(compile).as_deref()
    }

    /// How a token of a built-in form continues.
    fn form_tail(&self) -> Option<Tail> {
        self.compiled()?.form.as_ref()?.tail
    }

    /// The bytes with which a secret continues after the match.
    pub fn tail(&self) -> Option<&[bool; 256]> {
        self.compiled()?.tail.as_deref()
    }

    /// The length of the escape at `at` with which a secret continues, such as `%2F` in base64; 0 if it does not.
    pub fn escape(&self, text: &Text, at: usize) -> Step<usize> {
        if self.form_tail() != Some(Tail::Base64) {
            return Ok(0);
        }
        if !matches!(text.at(at)?, b'%' | b'\\') {
            return Ok(0);
        }
        let unit = text.unit(at)?;
        Ok(if matches!(unit.ch, b'+' | b'/' | b'=') { unit.len } else { 0 })
    }

    /// How a secret at `at` is enclosed, if it is an argument of a command in quotes.
    pub fn quoted(&self, text: &Text, at: usize) -> Option<Frame> {
        if self.form_tail() != Some(Tail::Argument) {
            return None;
        }
        let quote = text.unit_before(at, 0).quote()?;
        Some(Frame::argument(quote))
    }

    /// The most bytes from the start of a match that are needed to decide it.
    pub fn longest(&self) -> usize {
        self.compiled().map_or(0, |compiled| compiled.longest)
    }

    /// Where in its line the next match after `at` may start. At most a few times the longest match is searched.
    pub fn no_match_until(&self, text: &Text, at: usize) -> usize {
        let Some(compiled) = self.compiled() else { return at + 1 };
        let window = text.window();
        let to = window.len().min(at + 1 + REACH * (compiled.longest + 1));
        let line = memchr::memchr(b'\n', &window[at..to]).map(|len| at + len);
        let end = line.unwrap_or(to);
        if end <= at {
            return at + 1;
        }
        let past = end + usize::from(line.is_some());
        let input = Input::new(&window[..past]).span(at + 1..end);
        match compiled.regex.search(&input) {
            Some(found) => found.start(),
            None if line.is_some() || end == window.len() && text.is_end() => end,
            // A later match may end beyond what was searched.
            None => end.saturating_sub(compiled.longest).max(at + 1),
        }
    }

    /// Finds the secret around the keyword at `at`, but not before `floor`. `scratch` is a buffer for joining text.
    pub fn find(
        &self,
        text: &Text,
        at: usize,
        floor: usize,
        scratch: &mut Vec<u8>,
    ) -> Step<Option<Found>> {
        let Some(compiled) = self.compiled() else { return Ok(None) };
        let window = text.window();
        // 1. How much text is needed: up to the end of the line, or until a match is certain.
        let reach = at + compiled.longest + 1;
        let seen = &window[at..window.len().min(reach)];
        let line = memchr::memchr(b'\n', seen).map(|n| at + n);
        if line.is_none() && reach > window.len() && !text.is_end() {
            return Err(More);
        }
        let end = line.unwrap_or(at + seen.len());
        // 2. The text, with the part of a match before the keyword, even if some of it was settled.
        let past = end + usize::from(line.is_some());
        let wanted = compiled.before + 1;
        let (haystack, shift) = if at >= wanted || text.before(0, 1) == b'\n' {
            (&window[..past], 0)
        } else {
            let shift = (1..=wanted - at).take_while(|k| text.before(0, *k) != b'\n').count();
            scratch.clear();
            scratch.extend((1..=shift).rev().map(|k| text.before(0, k)));
            scratch.extend_from_slice(&window[..past]);
            (&scratch[..], shift)
        };
        // 3. The first match that contains the keyword, and whose secret has not been settled yet.
        let (at, end, floor) = (at + shift, end + shift, floor + shift);
        let anchored = if compiled.before == 0 { Anchored::Yes } else { Anchored::No };
        let mut from = at.saturating_sub(compiled.before);
        while from <= at {
            let input = Input::new(haystack).span(from..end).anchored(anchored);
            let Some((whole, secret)) = compiled.search(&input) else { return Ok(None) };
            let (whole, whole_end) = (whole.start, whole.end);
            let (start, stop) = (secret.start, secret.end);
            if whole > at {
                return Ok(None);
            }
            // The keyword leads to the secret of a custom rule. That cannot depend on what was found before, which may
            // have been in another window.
            let settled = if self.is_custom() { at } else { floor };
            if whole_end <= at || stop <= start || start < settled {
                from = whole + 1;
                continue;
            }
            let found = Found { start: start - shift, end: stop - shift };
            if compiled.agrees(text, (whole, shift), found)?
                && !(self.is_custom() && is_replaced(text, found, compiled.tail.as_deref())?)
            {
                return Ok(Some(found));
            }
            from = whole + 1;
        }
        Ok(None)
    }
}

impl Compiled {
    /// The first match, and the secret in it.
    fn search(&self, input: &Input) -> Option<(Range<usize>, Range<usize>)> {
        search(&self.regex, self.group, input)
    }

    /// Whether `found` is a whole token, as far as that can be decided. The match starts at `whole`, less the bytes
    /// before the window.
    fn agrees(&self, text: &Text, whole: (usize, usize), found: Found) -> Step<bool> {
        let Some(form) = &self.form else { return Ok(true) };
        let at = (whole.0.saturating_sub(whole.1), whole.1.saturating_sub(whole.0));
        // A word or an address precedes these tokens.
        let word = form.word;
        // Some matches begin with a special character, which continues a path.
        let first = if at.1 > 0 { text.before(0, at.1) } else { text.at(at.0)? };
        let marked = !first.is_ascii_alphanumeric();
        let elsewhere = || {
            !begins(text, at.0, at.1) || is_hash(text, at.0, at.1) || is_in_blob(text, at.0, at.1)
        };
        if !(word || marked) && elsewhere() {
            return Ok(false);
        }
        let secret = &text.window()[found.start..found.end];
        let next = text.at(found.end)?;
        let goes_on = secret.last().is_some_and(u8::is_ascii_alphanumeric)
            && (next.is_ascii_alphanumeric() || next == b'_');
        let blob = !word && form.tail != Some(Tail::Base64);
        if form.tail.is_none() && goes_on || blob && continues_blob(text, found.start, found.end)? {
            return Ok(false);
        }
        let sample = if word { is_stand_in(secret) } else { is_sample(secret) };
        Ok(!sample
            && form.checks.iter().all(|check| check.holds(secret))
            && (form.near.is_empty() || is_near(text, at, &form.near)))
    }
}

impl Source {
    fn compile(&self) -> Option<Compiled> {
        match self {
            Source::BuiltIn(entry) => {
                let form = entry.form();
                let hir = form.hir();
                let longest = hir.properties().maximum_len().expect("a test looks at that");
                let group = usize::from(has_group(&hir));
                let tail = form.tail.map(|tail| {
                    class(|byte| match tail {
                        Tail::Argument => !(byte <= b' ' || b"\"'`\\;|&<>()".contains(&byte)),
                        _ if byte.is_ascii_alphanumeric() => true,
                        Tail::Word => matches!(byte, b'-' | b'_'),
                        Tail::Base64 => matches!(byte, b'-' | b'_' | b'+' | b'/' | b'='),
                    })
                });
                let (regex, before) = (compile(&hir)?, form.before);
                Some(Compiled { regex, group, longest, before, tail, form: Some(form) })
            }
            Source::Custom(outline) => Some(Compiled {
                regex: outline.regex.clone(),
                group: 1,
                longest: outline.longest,
                before: outline.before,
                tail: outline.tail.clone(),
                form: None,
            }),
        }
    }
}

impl Form {
    /// The regular expression of the shape, including its escapes.
    pub(crate) fn hir(&self) -> Hir {
        escaped(&self.parsed())
    }

    fn parsed(&self) -> Hir {
        regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .parse(&self.shape)
            .expect("the shape is constant and a test builds it")
    }
}

/// Whether `found`, continued by `tail`, is a redactor's replacement. A pattern may match all or part of one as if it
/// were a secret.
fn is_replaced(text: &Text, found: Found, tail: Option<&[bool; 256]>) -> Step<bool> {
    let window = text.window();
    // 1. As a whole: stars, or a label in brackets.
    let most = found.start + placeholder::MAX;
    let mut end = found.end;
    if let Some(tail) = tail {
        while end <= most && !text.is_past(end) && tail[usize::from(text.at(end)?)] {
            end += 1;
        }
    }
    if end <= most && placeholder::is_mark(&window[found.start..end]) {
        return Ok(true);
    }
    // 2. As a part of a replacement in brackets.
    const START: &[u8] = b"[REDACTED";
    let from = found.start + 1;
    let back =
        (1..=placeholder::MAX).find(|k| matches!(text.before(from, *k), b'[' | b']' | b'\n'));
    let Some(back) = back.filter(|back| text.before(from, *back) == b'[') else {
        return Ok(false);
    };
    let byte = |k: usize| {
        if k < back { Ok(text.before(from, back - k)) } else { text.at(from + k - back) }
    };
    let mut whole = [0; placeholder::MAX];
    for (k, slot) in whole.iter_mut().enumerate() {
        *slot = byte(k)?;
        if START.get(k).is_some_and(|want| want != slot) || *slot == b'\n' {
            return Ok(false);
        }
        if *slot == b']' {
            let inside = end.min(most) <= from + k + 1 - back;
            return Ok(inside && placeholder::is_mark(&whole[..=k]));
        }
    }
    Ok(false)
}

fn has_group(hir: &Hir) -> bool {
    matches!(hir.kind(), hir::HirKind::Capture(_)) || hir.kind().subs().iter().any(has_group)
}

fn class(holds: impl Fn(u8) -> bool) -> Bytes {
    Box::new(std::array::from_fn(|byte| holds(byte as u8)))
}

/// Whether a token may begin at `at`, less `skip` bytes: only the end of an escape may be a letter or digit before it.
fn begins(text: &Text, at: usize, skip: usize) -> bool {
    let before = |k: usize| text.before(at, skip + k);
    let last = before(1);
    if !last.is_ascii_alphanumeric() {
        return true;
    }
    let second = before(2);
    let digits = hex(last).is_some() && hex(second).is_some();
    let escape = second == b'\\' && matches!(last, b'n' | b'r' | b't' | b'b' | b'f' | b'v');
    let percent = digits && (before(3) == b'%' || text.ends_before(at, skip + 2, b"%25"));
    let code = digits
        && (text.ends_before(at, skip + 2, b"\\u00") || text.ends_before(at, skip + 2, b"\\x"));
    let control = digits && before(3) == b'0' && before(4) == b'#';
    let digits = (2..6).take_while(|k| before(*k).is_ascii_digit()).count();
    let colour = last == b'm' && matches!(before(2 + digits), b'[' | b';');
    escape || percent || code || control || colour
}

/// Whether what begins at `at`, less `skip` bytes, is a hash by the name before it: `sha256-`, `sha512=`.
fn is_hash(text: &Text, at: usize, skip: usize) -> bool {
    matches!(text.before(at, skip + 1), b'-' | b'=' | b':')
        && [&b"sha256"[..], b"sha384", b"sha512", b"sha1"]
            .iter()
            .any(|name| text.ends_before(at, skip + 1, name))
}

/// How many bytes before a token are checked for base64 that it may be part of.
const BLOB: usize = 64;

/// Whether the text before `at`, less `skip` bytes, is base64 of something large, in which any form can occur by
/// chance. Paths and names have a special character or a word every few letters.
fn is_in_blob(text: &Text, at: usize, skip: usize) -> bool {
    let before = |k: usize| text.before(at, skip + k);
    if !matches!(before(1), b'-' | b'_' | b'+' | b'/') {
        return false;
    }
    let (mut marks, mut changes, mut digits, mut len) = (0, 0, 0, BLOB);
    for k in 1..=BLOB {
        match before(k) {
            // Half a line of one that is folded.
            b'\n' if k > BLOB / 2 => {
                len = k;
                break;
            }
            // Neither paths nor names have it.
            b'+' => {}
            b'-' | b'_' | b'/' => marks += 1,
            byte if byte.is_ascii_alphanumeric() => {
                digits += usize::from(byte.is_ascii_digit());
                changes +=
                    usize::from(byte.is_ascii_lowercase() != before(k + 1).is_ascii_lowercase());
            }
            _ => return false,
        }
    }
    // Words have a special character after fewer letters.
    let long = marks <= 2 && changes * 6 >= len;
    marks <= 6 && (long || changes >= if digits > 0 { len / 4 } else { len * 3 / 8 })
}

/// The usual widths of lines of base64.
const WIDTHS: [usize; 3] = [BLOB, 72, 76];

/// Whether what follows the token between `start` and `end` is the rest of base64, with its padding or to the end of a line
/// of a usual width, so that the token is a part of something larger.
fn continues_blob(text: &Text, start: usize, end: usize) -> Step<bool> {
    // A token of any length may go on after the match.
    let mut tail = end;
    while tail - end < BLOB && text.at(tail)?.is_ascii_alphanumeric() {
        tail += 1;
    }
    if !matches!(text.at(tail)?, b'+' | b'/') {
        return Ok(false);
    }
    let of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut after = tail;
    while after - tail < BLOB && of_base64(text.at(after)?) {
        after += 1;
    }
    Ok(match text.at(after)? {
        b'\n' => text.before(start, 1) == b'\n' && WIDTHS.contains(&(after - start)),
        b'=' => {
            let next = text.at(after + 1)?;
            next == b'=' || !(next.is_ascii_alphanumeric() || b"/?%_-.".contains(&next))
        }
        _ => false,
    })
}

/// How many bytes before a token a word that belongs to it may be.
const NEAR: usize = 96;

/// Whether one of `words` is in the line, shortly before `at.0`, less `at.1` bytes.
fn is_near(text: &Text, at: (usize, usize), words: &[&str]) -> bool {
    let mut line = [0; NEAR];
    let len = (1..=NEAR).take_while(|k| text.before(at.0, at.1 + k) != b'\n').count();
    for (k, slot) in line[..len].iter_mut().enumerate() {
        *slot = text.before(at.0, at.1 + len - k).to_ascii_lowercase();
    }
    words.iter().any(|word| memchr::memmem::find(&line[..len], word.as_bytes()).is_some())
}

/// Whether the argument of a command is a template, a mask, one repeated character, or a word for what belongs there:
/// `PASSWORD`, `your_password`.
fn is_stand_in(secret: &[u8]) -> bool {
    const WORDS: &[&[u8]] =
        &[b"password", b"passwd", b"passphrase", b"pass", b"pwd", b"secret", b"token"];
    const WHOSE: &[&[u8]] = &[
        b"", b"my", b"your", b"the", b"new", b"old", b"user", b"db", b"root", b"admin", b"some",
        b"example",
    ];
    // The entity of a quote may end it.
    let end = secret.windows(5).position(|five| matches!(five, b"&#39;" | b"&quot" | b"&#34;"));
    let secret = &secret[..end.filter(|end| *end > 0).unwrap_or(secret.len())];
    let letters = |byte: &&u8| !matches!(byte, b'-' | b'_' | b'<' | b'>' | b'[' | b']');
    let is = |whose: &&[u8], word: &[u8]| {
        let name = whose.iter().chain(word);
        secret.iter().filter(letters).map(u8::to_ascii_lowercase).eq(name.copied())
    };
    secret.iter().all(|byte| Some(byte) == secret.first())
        || placeholder::is_mark(secret)
        || WORDS.iter().any(|word| WHOSE.iter().any(|whose| is(whose, word)))
        || secret.windows(2).any(|two| matches!(two, b"${" | b"{{" | b"$(" | b"<%"))
        // The option of `find` after a folder called `mysql`, the name in `-P style='x'`, and the host in `pgsql://ada@unix(`.
        || secret == b"rint0"
        || matches!(secret, [name @ .., b'='] if name.iter().all(u8::is_ascii_lowercase))
        || secret.starts_with(b"//")
        || secret.starts_with(b"--")
        // The start of `<your password>`, the number of an issue, the call after a literal: `".q(`.
        || matches!(secret, [b'<', b'a'..=b'z', ..])
        // `/expires:never`, an option of Windows.
        || matches!(secret, [b'/', b'a'..=b'z', rest @ ..] if rest.contains(&b':'))
        || matches!(secret, [b'#', digits @ ..] if digits.iter().all(u8::is_ascii_digit))
        || matches!(secret, [b'.', b'$' | b'a'..=b'z', rest @ ..] if rest.contains(&b'('))
}

/// Whether the token contains a word for an example, or is one repeated character.
fn is_sample(secret: &[u8]) -> bool {
    let mut seen = [false; 256];
    secret.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    let different = seen.iter().filter(|seen| **seen).count();
    different < 8
        || secret.windows(4).any(|four| four.iter().all(|byte| *byte == b'.' || *byte == b'*'))
        || secret.windows(7).any(|seven| seven.eq_ignore_ascii_case(b"example"))
        || secret.windows(8).any(|run| {
            run.iter().all(|byte| matches!(byte, b'x' | b'X'))
                || run.iter().all(|byte| *byte == b'0')
        })
}
