//! Values that the user gave, found as they are and as programs write them.
//!
//! They are looked for beside the rules and not by them: whatever a rule makes of the text around it, a known value goes,
//! also where it starts in the middle of another secret or runs on behind its end. Two that overlap become one.
//!
//! An automaton of all the values in all their encodings reads the text where one of them may start, which a packed
//! search for their first bytes finds.

use std::fmt;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input};

use crate::span::{Edge, RuleId, Span};

/// The shortest value, in bytes: shorter ones are parts of words.
pub(crate) const MIN: usize = 6;
/// The longest value, in bytes: in no encoding it is longer than what may wait for a decision.
pub(crate) const MAX: usize = 4096;
/// How many of its first bytes a value is looked for by.
const PREFIX: usize = 8;

/// The values, compiled.
pub(crate) struct Known {
    automaton: NFA,
    start: StateID,
    prefixes: Prefixes,
    /// The length of the prefixes.
    prefix: usize,
    patterns: Vec<Vec<u8>>,
    /// Whether the base64 characters around a pattern hold bits of the value.
    partial: Vec<bool>,
    longest: usize,
}

enum Prefixes {
    Packed(Searcher),
    Automaton(AhoCorasick),
}

/// Why a value cannot be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unfit {
    /// It has no bytes.
    Empty,
    /// It has fewer than six bytes, and would be found in words.
    Short,
    /// It has more than 4096 bytes.
    Long,
    /// It is part of what stands in a secret's place.
    Replacement,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Empty => f.write_str("is empty"),
            Unfit::Short => {
                write!(f, "is shorter than {MIN} bytes, and would be found in the middle of words")
            }
            Unfit::Long => write!(f, "is longer than {MAX} bytes"),
            Unfit::Replacement => f.write_str("is part of what stands in a secret's place"),
        }
    }
}

/// Whether `value` can be looked for, where the rules are called `names`.
pub(crate) fn fitness<'a>(value: &[u8], names: impl Iterator<Item = &'a str>) -> Result<(), Unfit> {
    match value.len() {
        0 => return Err(Unfit::Empty),
        len if len < MIN => return Err(Unfit::Short),
        len if len > MAX => return Err(Unfit::Long),
        _ => {}
    }
    let inside = |text: String| memchr::memmem::find(text.as_bytes(), value).is_some();
    let mask = value.iter().all(|byte| *byte == b'*');
    if mask
        || inside("[REDACTED:...".to_owned())
        || inside("[REDACTED]".to_owned())
        || names.into_iter().any(|name| {
            inside(format!("[REDACTED:{name}:")) || inside(format!("[REDACTED:{name}]"))
        })
    {
        return Err(Unfit::Replacement);
    }
    Ok(())
}

impl Known {
    /// Compiles values that [`fitness`] has passed.
    pub fn new(values: &[Vec<u8>], portable: bool) -> Known {
        let mut spellings: Vec<(Vec<u8>, bool)> =
            values.iter().flat_map(|value| spellings(value)).collect();
        spellings.sort_unstable();
        spellings.dedup_by(|a, b| a.0 == b.0);
        let (patterns, partial): (Vec<Vec<u8>>, Vec<bool>) = spellings.into_iter().unzip();
        let prefix = patterns.iter().map(Vec::len).min().unwrap_or(1).min(PREFIX);
        let mut firsts: Vec<&[u8]> = patterns.iter().map(|pattern| &pattern[..prefix]).collect();
        firsts.dedup();
        let packed = if portable {
            None
        } else {
            Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(&firsts).build()
        };
        let prefixes = match packed {
            Some(searcher) => Prefixes::Packed(searcher),
            None => Prefixes::Automaton(
                AhoCorasick::builder()
                    .match_kind(aho_corasick::MatchKind::LeftmostFirst)
                    .kind(Some(AhoCorasickKind::DFA))
                    .build(&firsts)
                    .expect("a few bytes of each value compile"),
            ),
        };
        let automaton = NFA::builder().build(&patterns).expect("values of bounded length compile");
        let start = automaton.start_state(Anchored::No).expect("the automaton is not anchored");
        let longest = patterns.iter().map(Vec::len).max().unwrap_or(0);
        Known { automaton, start, prefixes, prefix, patterns, partial, longest }
    }

    /// The most bytes that wait for a decision.
    pub fn hold(&self) -> usize {
        self.longest + 2
    }

    fn candidate(&self, window: &[u8], from: usize) -> Option<usize> {
        match &self.prefixes {
            Prefixes::Packed(searcher) => searcher
                .find_in(window, aho_corasick::Span { start: from, end: window.len() })
                .map(|found| found.start()),
            Prefixes::Automaton(automaton) => automaton
                .find(Input::new(window).span(from..window.len()))
                .map(|found| found.start()),
        }
    }

    /// Replaces `found` by where the values are in `window`, as stretches that do not overlap, and returns up to where
    /// none that is not among them may have started.
    fn find(&self, window: &[u8], eof: bool, found: &mut Vec<(usize, usize)>) -> usize {
        found.clear();
        let mut at = 0;
        let mut sure = window.len();
        while let Some(first) = self.candidate(window, at) {
            let mut state = self.start;
            at = first;
            while at < window.len() {
                state = self.automaton.next_state(Anchored::No, state, window[at]);
                at += 1;
                if self.automaton.is_match(state) {
                    // The first of those that end here is the longest.
                    let pattern = self.automaton.match_pattern(state, 0).as_usize();
                    let mut stretch = (at - self.patterns[pattern].len(), at);
                    if self.partial[pattern] {
                        // What is encoded with bits of its neighbours goes with them.
                        let base64 = |k: usize| window.get(k).is_some_and(|byte| is_base64(*byte));
                        stretch.0 -= usize::from(stretch.0 > 0 && base64(stretch.0 - 1));
                        if at == window.len() && !eof {
                            sure = sure.min(stretch.0);
                        }
                        stretch.1 += usize::from(base64(at));
                    }
                    join(found, stretch);
                }
                if state == self.start {
                    break;
                }
            }
            if state != self.start {
                sure = sure.min(first.max(at.saturating_sub(self.longest)));
                break;
            }
        }
        if eof {
            return window.len();
        }
        // The end may be in the middle of a prefix.
        let lowest = window.len().saturating_sub(self.prefix - 1);
        let cut = (lowest..window.len())
            .find(|&at| self.patterns.iter().any(|pattern| pattern.starts_with(&window[at..])));
        let sure = cut.map_or(sure, |cut| cut.min(sure));
        // The character before a value counts in base64.
        sure - usize::from(sure > 0 && is_base64(window[sure - 1]))
    }
}

/// Adds a stretch, whose end is not before that of any other, to those that are known.
fn join(found: &mut Vec<(usize, usize)>, mut stretch: (usize, usize)) {
    while let Some(last) = found.last()
        && stretch.0 < last.1
    {
        stretch = (stretch.0.min(last.0), stretch.1.max(last.1));
        found.pop();
    }
    found.push(stretch);
}

/// Shows how much there is, and none of it.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("spellings", &self.patterns.len()).finish_non_exhaustive()
    }
}

/// What of known values a scan carries from one window to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlay {
    found: Vec<(usize, usize)>,
    merged: Vec<Part>,
    /// Bytes at the start of the next window that are of a known value.
    left: usize,
    /// The rule of the secret that goes on in the next window.
    open: Option<RuleId>,
}

/// A stretch of a secret, and whether the secret began before it and goes on behind it.
#[derive(Clone, Copy, Debug)]
struct Part {
    start: usize,
    end: usize,
    rule: RuleId,
    began: bool,
    goes_on: bool,
}

impl Overlay {
    /// Whether nothing is carried.
    pub fn is_fresh(&self) -> bool {
        self.left == 0 && self.open.is_none()
    }

    /// Forgets what is carried.
    pub fn reset(&mut self) {
        (self.left, self.open) = (0, None);
    }

    /// Looks for the values in `window`, and returns how much of it the rules may decide on.
    pub fn look(&mut self, known: &Known, window: &[u8], eof: bool) -> usize {
        known.find(window, eof, &mut self.found)
    }

    /// Joins what was found in the `settled` bytes to the `spans` of the rules in them.
    pub fn join(&mut self, rule: RuleId, settled: usize, spans: &mut Vec<Span>) {
        if self.found.is_empty() && self.is_fresh() {
            if let Some(last) = spans.last()
                && !last.edge.ends()
            {
                self.open = Some(last.rule);
            }
            return;
        }
        if settled == 0 {
            return;
        }
        // 1. All parts, by their start.
        self.merged.clear();
        self.merged.extend(spans.iter().map(|span| Part {
            start: span.range.start,
            end: span.range.end,
            rule: span.rule,
            began: !span.edge.begins(),
            goes_on: !span.edge.ends(),
        }));
        let mut reach = self.left;
        if self.left > 0 {
            let (end, goes_on) = (self.left.min(settled), self.left > settled);
            self.merged.push(Part { start: 0, end, rule, began: true, goes_on });
        }
        for &(start, end) in self.found.iter().filter(|(start, _)| *start < settled) {
            let goes_on = end > settled;
            self.merged.push(Part { start, end: end.min(settled), rule, began: false, goes_on });
            reach = reach.max(end);
        }
        self.left = reach.saturating_sub(settled);
        self.merged.sort_by_key(|part| (part.start, !part.began));
        if self.merged.is_empty() {
            return;
        }
        // 2. Those that overlap are one secret.
        spans.clear();
        let mut open = self.open.take();
        let mut current: Option<Part> = None;
        let mut close = |part: Part, spans: &mut Vec<Span>| {
            let edge = match (part.began, part.goes_on) {
                (false, false) => Edge::Whole,
                (false, true) => Edge::Open,
                (true, true) => Edge::Continue,
                (true, false) => Edge::Close,
            };
            spans.push(Span { range: part.start..part.end, rule: part.rule, edge });
            if part.goes_on {
                self.open = Some(part.rule);
            }
        };
        for mut part in self.merged.drain(..) {
            if part.began {
                part.rule = open.take().unwrap_or(part.rule);
            }
            match &mut current {
                Some(before) if part.start < before.end || part.began && before.began => {
                    before.end = before.end.max(part.end);
                    before.goes_on |= part.goes_on;
                }
                _ => {
                    if let Some(before) = current.replace(part) {
                        close(before, spans);
                    }
                }
            }
        }
        if let Some(last) = current {
            close(last, spans);
        }
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// All the ways in which a value is written, and whether its neighbours in base64 hold bits of it.
fn spellings(value: &[u8]) -> Vec<(Vec<u8>, bool)> {
    let mut plain = vec![value.to_vec()];
    if value.contains(&b'\n') {
        let mut crlf = Vec::new();
        let mut before = 0;
        for &byte in value {
            if byte == b'\n' && before != b'\r' {
                crlf.push(b'\r');
            }
            crlf.push(byte);
            before = byte;
        }
        plain.push(crlf);
    }
    let mut all = Vec::new();
    for value in &plain {
        for url in [false, true] {
            for shift in 0..3 {
                all.push((base64(value, shift, url), shift > 0 || value.len() % 3 != 0));
            }
        }
        for keep in [&b"-._~"[..], b"-._~!*'()", b"-._*", b"-._~/", b"-._"] {
            for plus in [false, true] {
                for digits in [b"0123456789ABCDEF", b"0123456789abcdef"] {
                    all.push((percent(value, keep, plus, digits), false));
                }
            }
        }
        let json = [
            escaped(value, b"\"", false, false),
            escaped(value, b"\"/", false, false),
            escaped(value, b"\"", true, false),
            escaped(value, b"\"", false, true),
            escaped(value, b"'", false, false),
            escaped(value, b"", false, false),
        ];
        for once in json {
            all.push((escaped(&once, b"\"", false, false), false));
            all.push((once, false));
        }
        all.push((replaced(value, |byte| (byte == b'\'').then_some(&br"'\''"[..])), false));
        all.push((replaced(value, |byte| (byte == b'\'').then_some(&br#"'"'"'"#[..])), false));
        all.push((backslashed(value, |byte| b"\"$`\\".contains(&byte)), false));
        all.push((
            backslashed(value, |byte| {
                !(byte.is_ascii_alphanumeric() || byte >= 0x80 || b"-_./:=,@%+\n".contains(&byte))
            }),
            false,
        ));
        for quote in [&b"&#39;"[..], b"&#x27;", b"&apos;", b"'"] {
            all.push((
                replaced(value, |byte| match byte {
                    b'&' => Some(b"&amp;"),
                    b'<' => Some(b"&lt;"),
                    b'>' => Some(b"&gt;"),
                    b'"' => Some(b"&quot;"),
                    b'\'' => Some(quote),
                    _ => None,
                }),
                false,
            ));
        }
        all.push((value.clone(), false));
    }
    all
}

/// The characters of base64 that are `value`'s alone when `shift` bytes are before it.
fn base64(value: &[u8], shift: usize, url: bool) -> Vec<u8> {
    let digits: &[u8; 64] = if url {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    } else {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    };
    let bit = |k: usize| (value[k / 8] >> (7 - k % 8)) & 1;
    // The first whole character starts at a multiple of six bits from the group's start.
    let first = (6 - 8 * shift % 6) % 6;
    let mut text = Vec::new();
    let mut k = first;
    while k + 6 <= 8 * value.len() {
        let six = (k..k + 6).fold(0, |six, k| six << 1 | bit(k));
        text.push(digits[usize::from(six)]);
        k += 6;
    }
    text
}

fn percent(value: &[u8], keep: &[u8], plus: bool, digits: &[u8; 16]) -> Vec<u8> {
    let mut text = Vec::new();
    for &byte in value {
        if byte.is_ascii_alphanumeric() || keep.contains(&byte) {
            text.push(byte);
        } else if plus && byte == b' ' {
            text.push(b'+');
        } else {
            text.extend([b'%', digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]);
        }
    }
    text
}

/// With the escapes of JSON and its relatives: of backslashes, control characters, and of the characters of `also`;
/// with `html` of those that have a meaning there too, with `ascii` of all that are not ASCII.
fn escaped(value: &[u8], also: &[u8], html: bool, ascii: bool) -> Vec<u8> {
    let mut text = Vec::new();
    let code = |text: &mut Vec<u8>, unit: u32| text.extend(format!("\\u{unit:04x}").bytes());
    let wide = if ascii { std::str::from_utf8(value).ok() } else { None };
    let one = |text: &mut Vec<u8>, byte: u8| match byte {
        b'\\' => text.extend(b"\\\\"),
        b'\n' => text.extend(b"\\n"),
        b'\r' => text.extend(b"\\r"),
        b'\t' => text.extend(b"\\t"),
        0..=0x1f => code(text, u32::from(byte)),
        b'<' | b'>' | b'&' if html => code(text, u32::from(byte)),
        byte if also.contains(&byte) => text.extend([b'\\', byte]),
        byte => text.push(byte),
    };
    match wide {
        Some(wide) => {
            for c in wide.chars() {
                if c.is_ascii() {
                    one(&mut text, c as u8);
                } else {
                    let mut units = [0; 2];
                    for unit in c.encode_utf16(&mut units) {
                        code(&mut text, u32::from(*unit));
                    }
                }
            }
        }
        None => value.iter().for_each(|byte| one(&mut text, *byte)),
    }
    text
}

fn replaced<'a>(value: &[u8], by: impl Fn(u8) -> Option<&'a [u8]>) -> Vec<u8> {
    let mut text = Vec::new();
    for byte in value {
        match by(*byte) {
            Some(bytes) => text.extend(bytes),
            None => text.push(*byte),
        }
    }
    text
}

fn backslashed(value: &[u8], special: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut text = Vec::new();
    for &byte in value {
        if special(byte) {
            text.push(b'\\');
        }
        text.push(byte);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_each_shift_is_in_the_whole() {
        // base64 of "hunter2-hunter2" behind 0, 1 and 2 bytes.
        for (shift, whole) in [
            (0, "aHVudGVyMi1odW50ZXIy"),
            (1, "eGh1bnRlcjItaHVudGVyMg=="),
            (2, "eHhodW50ZXIyLWh1bnRlcjI="),
        ] {
            let part = base64(b"hunter2-hunter2", shift, false);
            let at = memchr::memmem::find(whole.as_bytes(), &part);
            assert!(at.is_some() && part.len() >= 18, "{shift}: {}", part.len());
        }
    }

    #[test]
    fn overlapping_values_are_one() {
        let known =
            Known::new(&[b"abcdef".to_vec(), b"defghi".to_vec(), b"aaaaaa".to_vec()], false);
        let mut found = Vec::new();
        known.find(b"xabcdefghi abcdef aaaaaaaaaa", true, &mut found);
        assert_eq!(found, [(1, 10), (11, 17), (18, 28)]);
    }

    #[test]
    fn values_that_cannot_be_looked_for() {
        let fit = |value: &[u8]| fitness(value, ["authorization"].into_iter());
        assert_eq!(fit(b""), Err(Unfit::Empty));
        assert_eq!(fit(b"12345"), Err(Unfit::Short));
        assert_eq!(fit(&[b'x'; MAX + 1]), Err(Unfit::Long));
        for value in ["REDACTED", "[REDACTED]", "authorization", "********", "TED:authoriz"] {
            assert_eq!(fit(value.as_bytes()), Err(Unfit::Replacement), "{value}");
        }
        assert_eq!(fit(b"hunter2"), Ok(()));
    }
}
