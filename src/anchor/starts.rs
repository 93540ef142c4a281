//! Finds tokens by how they begin, in one pass over the text for any number of token forms.
//!
//! Every self-identifying token has a long run of token characters, its core. The pass looks for cores in strides of
//! [`MIN_CORE`] bytes, as Boyer and Moore look for a word: if the byte at the end of a stride is not a token character,
//! no core covers the stride. Around a core, the text at each position where a token may begin is looked up in a table.
//! Dots and equals signs occur in tokens too, but are not part of cores, because they join the words of paths and
//! settings.
//!
//! This module reports candidates and does not decide what is a token. It may report too many, and never too few.

use std::ops::ControlFlow;

use crate::grammar::text::lex::hex;
use crate::grammar::text::reads;
use crate::grammar::text::run::{CLASSES, Class, IN_CORE, IN_RUN};

/// The length of the shortest core. No token form has a shorter one.
const MIN_CORE: usize = 20;

/// How far before a core a token may begin, in bytes.
const REACH: usize = 64;

/// The fewest bytes of a key that is looked up at the start of a token.
const PREFIX: usize = 3;

/// The table has two to the power of this many slots.
const SLOT_BITS: u32 = 12;

/// The longest escape that may precede a token, in bytes. Where the text before a run is unknown, this many of its
/// positions are looked up.
const ESCAPE: usize = 8;

/// The longest run of letters and digits whose length is counted.
const COUNTED: usize = 96;

/// The shortest run of letters and digits after which keys inside a token are searched for.
const COUNTED_MIN: usize = 24;

/// The distance of the key from the padding of a base64 token, in bytes.
const PADDED: usize = 10;

/// Where a form has its key, the fixed text that identifies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    /// At the start of the token. At least three bytes.
    Start(&'a [u8]),
    /// After this many letters and digits, without any other character between them.
    Inside(usize, &'a [u8]),
    /// Ten bytes before the token's padding, an equals sign. Four bytes.
    Padded(&'a [u8]),
    /// In the token or before it. The lookup uses the key's first character that is not a letter or digit. A question
    /// mark matches any character.
    Mark(&'a [u8]),
}

/// A key and the group of forms that it belongs to.
#[derive(Debug)]
struct Entry {
    /// The distance from the key's start to the position that is looked up; for a key inside a token, the distance from
    /// the token's start to the key.
    offset: usize,
    key: &'static [u8],
    group: u16,
    /// The number of the next entry of the same list, from 1; 0 for the last.
    next: u16,
}

/// The table of keys.
#[derive(Debug, Default)]
pub(crate) struct Starts {
    /// The entries of all lists, so that a table of hundreds of keys is a few allocations.
    entries: Vec<Entry>,
    /// By a hash of a key's first three bytes: the number of the first entry, from 1.
    slots: Vec<u16>,
    /// By the character that a key is looked up by: the same.
    marks: Vec<u16>,
    /// A bit for each such character and one that may follow it in a key or after the key. Few of those in a text have
    /// their bit set.
    pairs: Vec<[u64; 4]>,
    inside: Vec<Entry>,
    /// By a run's number of letters and digits: whether any key inside a token follows that many.
    counts: Vec<bool>,
    padded: Vec<Entry>,
}

/// A key that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub at: usize,
    /// Its number among the keys at the same position, from 0.
    pub nth: usize,
    pub len: usize,
    pub group: u16,
}

/// Adds `new` to the list that starts with the entry number `first`, and returns the group of its key.
fn add_to(entries: &mut Vec<Entry>, first: &mut u16, new: Entry) -> u16 {
    let (number, group) = (entries.len() as u16 + 1, new.group);
    let mut last = *first;
    while let Some(index) = last.checked_sub(1) {
        let entry = &mut entries[usize::from(index)];
        if (entry.offset, entry.key) == (new.offset, new.key) {
            return entry.group;
        }
        last = entry.next;
        if last == 0 {
            entry.next = number;
        }
    }
    if *first == 0 {
        *first = number;
    }
    entries.push(new);
    group
}

fn slot(first: &[u8]) -> usize {
    let value = u32::from(first[0]) | u32::from(first[1]) << 8 | u32::from(first[2]) << 16;
    // Fibonacci hashing: the highest bits of the product depend on all bits of the value.
    (value.wrapping_mul(0x9e37_79b1) >> (32 - SLOT_BITS)) as usize
}

impl Starts {
    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds `key`, and returns its group: `group`, unless the key is known already.
    pub fn add(&mut self, key: Key<'static>, group: u16) -> u16 {
        if self.is_empty() {
            self.slots = vec![0; 1 << SLOT_BITS];
            self.marks = vec![0; 256];
            self.pairs = vec![[0; 4]; 256];
            self.counts = vec![false; COUNTED];
        }
        let entry = |offset, key| Entry { offset, key, group, next: 0 };
        let known = |entries: &[Entry], new: &Entry| {
            entries
                .iter()
                .find(|old| (old.offset, old.key) == (new.offset, new.key))
                .map(|old| old.group)
        };
        match key {
            Key::Start(bytes) => {
                add_to(&mut self.entries, &mut self.slots[slot(&bytes[..PREFIX])], entry(0, bytes))
            }
            Key::Mark(bytes) => {
                let offset = bytes.iter().position(|byte| !byte.is_ascii_alphanumeric());
                let offset = offset.expect("a key of this kind has a mark");
                let mark = usize::from(bytes[offset]);
                match bytes.get(offset + 1) {
                    None | Some(b'?') => self.pairs[mark] = [u64::MAX; 4],
                    Some(next) => self.pairs[mark][usize::from(next / 64)] |= 1 << (next % 64),
                }
                let first = &mut self.marks[mark];
                add_to(&mut self.entries, first, entry(offset, bytes))
            }
            Key::Inside(offset, bytes) => {
                let alphanumeric = bytes[0].is_ascii_alphanumeric();
                let last = if alphanumeric { COUNTED - 1 } else { offset };
                self.counts[offset + usize::from(alphanumeric)..=last].fill(true);
                let new = entry(offset, bytes);
                known(&self.inside, &new).unwrap_or_else(|| {
                    self.inside.push(new);
                    group
                })
            }
            Key::Padded(bytes) => {
                let new = entry(PADDED, bytes);
                known(&self.padded, &new).unwrap_or_else(|| {
                    self.padded.push(new);
                    group
                })
            }
        }
    }

    /// The entries of the list whose first has the number `first`.
    #[inline(always)]
    fn list(&self, first: u16) -> impl Iterator<Item = &Entry> {
        let entry = |number: u16| Some(&self.entries[usize::from(number.checked_sub(1)?)]);
        std::iter::successors(entry(first), move |last| entry(last.next))
    }

    /// Whether a key may begin in the run that ends with the byte before `to`, and not before `from`.
    fn may_begin(&self, window: &[u8], from: usize, to: usize) -> bool {
        let run = window[from..to].iter().rev().take(REACH);
        let len = run.take_while(|byte| IN_RUN[usize::from(**byte)]).count();
        (to - len..to).any(|at| {
            let rest = &window[at..];
            let escaped = matches!(rest[0], b'%' | b'\\')
                && decoded(rest).is_some_and(|(mark, _)| self.marks[usize::from(mark)] != 0);
            let marked = self.list(self.marks[usize::from(rest[0])]).any(|entry| {
                let (before, key) = entry.key.split_at(entry.offset);
                begins_with(rest, key) && window[..at].ends_with(before)
            });
            let starts = || {
                let first = rest.get(..PREFIX).map_or(0, |first| self.slots[slot(first)]);
                self.list(first).any(|entry| rest.starts_with(entry.key))
            };
            marked || escaped || starts() && begins(window, from, at)
        })
    }

    /// The first key in `window` between `from` and `to`, leaving out the first `skip` keys at `from` itself.
    #[inline(never)]
    pub(super) fn find(&self, window: &[u8], from: usize, to: usize, skip: usize) -> Option<Start> {
        // If the search starts inside a core, the bytes before it count.
        let mut lowest = from;
        if window.get(from).is_some_and(|byte| IN_RUN[usize::from(*byte)]) {
            let before = window[..from].iter().rev().take(MIN_CORE);
            lowest -= before.take_while(|byte| IN_CORE[usize::from(**byte)]).count();
        }
        let mut limit = to;
        loop {
            // The core of a token that begins before `to` may start after it.
            if lowest >= limit {
                if limit > to || !self.may_begin(window, from, to) {
                    return None;
                }
                let after = window[to..].iter().take(REACH);
                limit = to + after.take_while(|byte| IN_RUN[usize::from(**byte)]).count();
                if lowest >= limit {
                    return None;
                }
            }
            reads::count();
            // 1. Find the next core.
            lowest = next_core(window, lowest, limit);
            if lowest >= limit {
                continue;
            }
            // 2. Find the keys in the run around the core.
            let core = lowest.max(from);
            let before = window[from..core].iter().rev().take(REACH);
            let start = core - before.take_while(|byte| IN_RUN[usize::from(**byte)]).count();
            let mut run = Run { starts: self, window, from, to, skip, counted: (from, 0) };
            match run.find(start) {
                ControlFlow::Break(found) => return Some(found),
                // All positions before `to` were looked at, wherever the run ends.
                ControlFlow::Continue(end) if end >= to => return None,
                ControlFlow::Continue(end) => lowest = end.max(lowest) + 1,
            }
        }
    }
}

/// How many bytes before a position the special character of an escape may be that ends there: `\u0022`.
const ESCAPED: usize = 6;

/// Whether a token may begin at `at`: at the start of a run, after a special character, or after an escape, whose last
/// characters are letters and digits.
fn begins(window: &[u8], from: usize, at: usize) -> bool {
    let special = |k: usize| {
        at < from + k
            || matches!(CLASSES[usize::from(window[at - k])], Class::Percent | Class::Backslash)
    };
    at == from
        || CLASSES[usize::from(window[at - 1])] != Class::Alphanumeric
        || window[at - 1] == b'm'
        || (2..=ESCAPED).any(special)
        || at >= from + 4 && window[at - 4] == b'#'
}

/// The next core in `window` between `lowest` and `limit`, or a place after `limit` if there is none: goes back from the
/// end of each stride to a byte that is not a token character.
#[inline(always)]
fn next_core(window: &[u8], lowest: usize, limit: usize) -> usize {
    let (mut rest, after) = (&window[lowest..], window.len() - limit);
    while rest.len() > after {
        let Some(stride) = rest.first_chunk() else { return window.len() };
        match an_other(stride) {
            Some(other) => rest = &rest[other + 1..],
            None => break,
        }
    }
    window.len() - rest.len()
}

/// The last byte of the stride that is not in a core.
#[inline(always)]
fn an_other(stride: &[u8; MIN_CORE]) -> Option<usize> {
    // Most words are short, so a few bytes are looked at. The length is a constant, for the sake of a loop without a counter.
    let mut k = MIN_CORE;
    while k > 0 {
        k -= 1;
        if !IN_CORE[usize::from(stride[k])] {
            return Some(k);
        }
    }
    None
}

/// Whether `text` begins with `key`, in which a question mark matches any character.
#[inline(always)]
fn begins_with(text: &[u8], key: &[u8]) -> bool {
    text.len() >= key.len()
        && key.iter().zip(text).all(|(want, byte)| want == byte || *want == b'?')
}

/// A run that is being searched. A function returns early when it finds a key.
struct Run<'a> {
    starts: &'a Starts,
    window: &'a [u8],
    from: usize,
    to: usize,
    skip: usize,
    /// The number of keys found at the last position.
    counted: (usize, usize),
}

impl Run<'_> {
    /// Searches the run at `start` and returns its end.
    fn find(&mut self, start: usize) -> ControlFlow<Start, usize> {
        if start > self.from {
            // `:`, `|` and `!` are not part of a run, but some forms contain them.
            self.mark(start - 1)?;
        }
        // The search may start in the middle of an escape, or among letters and digits, where no token begins.
        let resumed = start == self.from;
        let continued = resumed && self.is_continued(start);
        let unsure = if resumed && !continued { start + ESCAPE } else { 0 };
        let mut at = start;
        // Where a token would start if the text before `at` and its first letters are an escape.
        let mut other = self.skip_escape_end(start);
        while at < self.to {
            // 1. Letters and digits.
            if !continued || at > start {
                self.place(at)?;
            }
            let limit = self.window.len().min(self.to + COUNTED);
            let rest = &self.window[at..limit];
            let mark = |byte: &u8| CLASSES[usize::from(*byte)] != Class::Alphanumeric;
            // The run may be as long as the window. If a key is near its start, it is not read to its end.
            let mut len = 0;
            while at + len < unsure && rest.get(len).is_some_and(|byte| !mark(byte)) {
                if len > 0 {
                    self.place(at + len)?;
                }
                len += 1;
            }
            len += rest[len..].iter().position(mark).unwrap_or(rest.len() - len);
            // A few bytes of a run cost as much as one character.
            (0..len / 8).for_each(|_| reads::count());
            if other > at {
                self.place(other)?;
            }
            let end = at + len;
            if len >= COUNTED_MIN || len > 0 && resumed && at == start {
                self.inside(at, end)?;
                for place in at + 1..unsure.min(end) {
                    self.inside(place, end)?;
                }
                if other > at && other < end {
                    self.inside(other, end)?;
                }
            }
            // 2. The character that ends them.
            let class =
                self.window.get(end).map_or(Class::Other, |byte| CLASSES[usize::from(*byte)]);
            other = 0;
            at = match class {
                Class::Other | Class::Alphanumeric => return ControlFlow::Continue(end),
                Class::Mark | Class::Joint => {
                    self.mark(end)?;
                    end + 1
                }
                Class::Percent => {
                    self.mark(end)?;
                    self.percent(end)?
                }
                Class::Backslash => {
                    self.mark(end)?;
                    other = self.escape(end);
                    end + 1
                }
            };
        }
        ControlFlow::Continue(at)
    }

    /// Whether letters and digits precede `at` that cannot be the end of an escape.
    fn is_continued(&self, at: usize) -> bool {
        let before = &self.window[at.saturating_sub(ESCAPE)..at];
        match before.iter().rposition(|byte| !byte.is_ascii_alphanumeric()) {
            Some(other) => {
                other + 1 < before.len()
                    && !matches!(before[other], b'%' | b'\\' | b'#' | b'[' | b';')
            }
            None => before.len() == ESCAPE,
        }
    }

    /// Where a token may begin in the run at `start`, if the run starts with the end of an escape.
    fn skip_escape_end(&self, start: usize) -> usize {
        match start.checked_sub(1).map(|before| self.window[before]) {
            // A colour: `[33m`.
            Some(b'[' | b';') => {
                let rest = &self.window[start..];
                let digits = rest.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
                if rest.get(digits) == Some(&b'm') { start + digits + 1 } else { 0 }
            }
            // A control character as a syslog daemon writes it: `#012`.
            Some(b'#') => start + 3,
            _ => 0,
        }
    }

    /// Looks up keys after the percent-encoded character at `at`: `%3D`, `%253D`.
    fn percent(&mut self, at: usize) -> ControlFlow<Start, usize> {
        let mut end = at + 1;
        loop {
            let digits = self.window.get(end..end + 2);
            let Some(digits) = digits.filter(|two| two.iter().all(u8::is_ascii_hexdigit)) else {
                return ControlFlow::Continue(end);
            };
            end += 2;
            if digits != b"25" {
                return ControlFlow::Continue(end);
            }
            self.place(end)?;
        }
    }

    /// The position after the escape sequence at `at`: `\n`, `\u0022`, `\x22`.
    fn escape(&self, at: usize) -> usize {
        let end = match self.window.get(at + 1) {
            Some(b'n' | b'r' | b't' | b'b' | b'f' | b'v' | b'e') => at + 2,
            Some(b'u') => at + 6,
            Some(b'x') => at + 4,
            _ => return 0,
        };
        let escaped = self.window.get(at + 1..end);
        if escaped.is_some_and(|bytes| bytes.iter().all(u8::is_ascii_alphanumeric)) {
            end
        } else {
            0
        }
    }

    /// Looks up the keys that start at `at`.
    #[inline(always)]
    fn place(&mut self, at: usize) -> ControlFlow<Start> {
        reads::count();
        let Some(first) = self.window.get(at..at + PREFIX) else {
            return ControlFlow::Continue(());
        };
        match self.starts.slots[slot(first)] {
            0 => ControlFlow::Continue(()),
            list => self.keys_at(at, list),
        }
    }

    /// Looks up keys inside a token, in the letters and digits from `start` to `end`.
    fn inside(&mut self, start: usize, end: usize) -> ControlFlow<Start> {
        // Letters and digits before the start of the search belong to the run, unless they end an escape.
        let before = self.window[..start].iter().rev().take(COUNTED);
        let before = if start == self.from {
            before.take_while(|byte| byte.is_ascii_alphanumeric()).count()
        } else {
            0
        };
        // The token may begin at any of them, after the end of an escape: the search started at the next key.
        (0..=before).rev().try_for_each(|back| self.counted(start - back, end))
    }

    /// Looks up keys in the letters and digits from `start` to `end`, which are all of them.
    #[inline(always)]
    fn counted(&mut self, start: usize, end: usize) -> ControlFlow<Start> {
        if self.starts.counts.get(end - start) == Some(&true) {
            for entry in &self.starts.inside {
                self.entry(end - 1, start + entry.offset, entry)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Looks up keys that contain or follow the special character at `at`, escaped or not.
    #[inline(always)]
    fn mark(&mut self, at: usize) -> ControlFlow<Start> {
        match self.window[at] {
            b'%' | b'\\' => self.escaped_mark(at),
            mark => {
                if mark == b'=' {
                    self.padding(at, at)?;
                }
                // A key that ends with the mark may be at the end of the window.
                let next = self.window.get(at + 1).copied().unwrap_or_default();
                let pairs = &self.starts.pairs[usize::from(mark)];
                if pairs[usize::from(next / 64)] >> (next % 64) & 1 == 0 {
                    return ControlFlow::Continue(());
                }
                self.keys_with(at, 1, self.starts.marks[usize::from(mark)])
            }
        }
    }

    #[inline(never)]
    fn escaped_mark(&mut self, at: usize) -> ControlFlow<Start> {
        let Some((mark, len)) = decoded(&self.window[at..]) else {
            return ControlFlow::Continue(());
        };
        if mark == b'=' {
            // Escapes before the padding are longer than the characters they encode.
            self.padding(at, at - at.min(3 * PADDED))?;
        }
        match self.starts.marks[usize::from(mark)] {
            0 => ControlFlow::Continue(()),
            list => self.keys_with(at, len, list),
        }
    }

    /// Looks up the keys of a list whose special character is the `len` bytes at `at`.
    #[inline(never)]
    fn keys_with(&mut self, at: usize, len: usize, list: u16) -> ControlFlow<Start> {
        for entry in self.starts.list(list) {
            let (before, rest) = entry.key.split_at(entry.offset);
            if begins_with(&self.window[at + len..], &rest[1..])
                && self.window[..at].ends_with(before)
            {
                self.found(at, len, entry.group)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Looks up keys before the padding at `at`, down to `lowest`.
    #[inline(always)]
    fn padding(&mut self, at: usize, lowest: usize) -> ControlFlow<Start> {
        let Some(first) = at.checked_sub(PADDED) else { return ControlFlow::Continue(()) };
        let lowest = lowest.min(first);
        for start in lowest..=first {
            for entry in &self.starts.padded {
                if self.window[start] == entry.key[0] {
                    self.entry(at, start, entry)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Looks up the keys of a list at their start, `at`.
    #[inline(never)]
    fn keys_at(&mut self, at: usize, list: u16) -> ControlFlow<Start> {
        self.starts.list(list).try_for_each(|entry| self.entry(at, at, entry))
    }

    /// Reports the key of `entry` at `at`, if the text at `start` is that key.
    fn entry(&mut self, at: usize, start: usize, entry: &Entry) -> ControlFlow<Start> {
        let rest = self.window.get(start..).unwrap_or_default();
        if rest.first() != entry.key.first() || !rest.starts_with(entry.key) {
            return ControlFlow::Continue(());
        }
        self.found(at, entry.key.len(), entry.group)
    }

    /// Reports a key at `at`, unless it was reported before.
    fn found(&mut self, at: usize, len: usize, group: u16) -> ControlFlow<Start> {
        if at >= self.to {
            return ControlFlow::Continue(());
        }
        if self.counted.0 != at {
            self.counted = (at, 0);
        }
        let nth = self.counted.1;
        self.counted.1 += 1;
        if at == self.from && nth < self.skip {
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(Start { at, nth, len, group })
    }
}

/// Decodes the character at the start of `text` and returns it with the length of its escape: `%2B`, `%252B`, `\/`,
/// `\u002b`.
fn decoded(text: &[u8]) -> Option<(u8, usize)> {
    let digits = |at: usize| {
        let (high, low) = (hex(*text.get(at)?)?, hex(*text.get(at + 1)?)?);
        Some(high << 4 | low)
    };
    match text {
        [b'%', b'2', b'5', rest @ ..] => {
            let skip = 3 + 2 * usize::from(rest.starts_with(b"25"));
            Some((digits(skip)?, skip + 2))
        }
        [b'%', ..] => Some((digits(1)?, 3)),
        [b'\\', b'u', b'0', b'0', ..] => Some((digits(4)?, 6)),
        [b'\\', b'/', ..] => Some((b'/', 2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_begins_among_letters_and_digits() {
        let mut starts = Starts::default();
        starts.add(Key::Start(b"AAAA"), 0);
        let found = |text: &str| {
            let window = text.as_bytes();
            let next = |from: usize| starts.find(window, from, window.len(), 0).map(|key| key.at);
            std::iter::successors(next(0), |at| next(at + 1)).collect::<Vec<_>>()
        };
        let run = "A".repeat(64);
        assert_eq!(found(&format!("image: {run}")), [7]);
        assert_eq!(found(&format!("image: x{run}")), [0; 0]);
        // What precedes the text is not known, and an escape may.
        assert_eq!(found(&run), (0..ESCAPE).collect::<Vec<_>>());
        for escape in ["\\n", "\\u0022", "%3D", "#012", "\x1b[33m"] {
            let text = format!("{escape}{run}");
            assert!(found(&text).contains(&escape.len()), "{escape}");
        }
    }
}
