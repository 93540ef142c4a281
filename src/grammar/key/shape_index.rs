//! The patterns of [`super::shapes`] that may match, by the key and the character after it.
//!
//! Most keys in a text have no value. This tells so without trying two hundred patterns.

use super::shapes::{Before, Keys, NOUNS, Quotes, SHAPES, Then};

/// The number of patterns.
const COUNT: usize = {
    let (mut row, mut count) = (0, 0);
    while row < SHAPES.len() {
        count += SHAPES[row].between.len();
        row += 1;
    }
    count
};

/// A set of patterns.
type Set = [u64; COUNT.div_ceil(64)];

const NONE: Set = [0; COUNT.div_ceil(64)];

/// What many patterns begin with, after spaces.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// `@`
    Nouns,
    /// `%`
    Run,
    /// `!`
    Name,
}

/// The number of sets of keys.
const SETS: usize = 12;

/// A pattern: a row of [`SHAPES`], and its place in that row.
#[derive(Clone, Copy)]
pub(super) struct Pattern {
    pub row: usize,
    pub index: usize,
}

/// The row of each pattern, and its place there.
static PATTERNS: [(u8, u8); COUNT] = {
    let mut table = [(0, 0); COUNT];
    let (mut row, mut k) = (0, 0);
    while row < SHAPES.len() {
        let mut index = 0;
        while index < SHAPES[row].between.len() {
            table[k] = (row as u8, index as u8);
            (index, k) = (index + 1, k + 1);
        }
        row += 1;
    }
    table
};

/// The patterns that may match, by one fact each.
struct Index {
    /// By the set of keys.
    keys: [Set; SETS],
    /// Without quotes around the key, and with them.
    quotes: [Set; 2],
    /// With text directly after the key, and with spaces there.
    spaces: [Set; 2],
    /// By the character after the key and the spaces there.
    character: [Set; 256],
    /// By what they begin with, after spaces.
    start: [Set; 3],
}

static INDEX: Index = {
    let mut index = Index {
        keys: [NONE; SETS],
        quotes: [NONE; 2],
        spaces: [NONE; 2],
        character: [NONE; 256],
        start: [NONE; 3],
    };
    let mut pattern = 0;
    while pattern < COUNT {
        let (row, place) = PATTERNS[pattern];
        let shape = &SHAPES[row as usize];
        let (spaces, rest) = after_spaces(shape.between[place as usize].as_bytes());
        let mut k = 0;
        while k < SETS {
            insert_if(shape.keys >> k & 1 == 1, &mut index.keys[k], pattern);
            k += 1;
        }
        insert_if(!matches!(shape.quotes, Quotes::With), &mut index.quotes[0], pattern);
        insert_if(!matches!(shape.quotes, Quotes::Without), &mut index.quotes[1], pattern);
        insert_if(spaces[0], &mut index.spaces[0], pattern);
        insert_if(spaces[1], &mut index.spaces[1], pattern);
        let mut ch = 0;
        while ch < 256 {
            let may = may_be_first(rest, shape.then, ch as u8);
            insert_if(may, &mut index.character[ch], pattern);
            ch += 1;
        }
        match rest {
            [b'@', ..] => insert_if(true, &mut index.start[Start::Nouns as usize], pattern),
            [b'%', ..] => insert_if(true, &mut index.start[Start::Run as usize], pattern),
            [b'!', ..] => insert_if(true, &mut index.start[Start::Name as usize], pattern),
            _ => {}
        }
        pattern += 1;
    }
    index
};

/// For each row, the characters that a text before the key may end with, and those that it may have before a space. For a
/// row without such texts, all.
static ENDS: [[u128; 2]; SHAPES.len()] = {
    let mut table = [[!0; 2]; SHAPES.len()];
    let mut row = 0;
    while row < SHAPES.len() {
        if let Before::Text(words) = SHAPES[row].before {
            table[row] = [0; 2];
            let mut k = 0;
            while k < words.len() {
                match words[k].as_bytes() {
                    [.., end, b' '] => table[row][1] |= 1 << *end,
                    [.., end] => table[row][0] |= 1 << *end,
                    [] => {}
                }
                k += 1;
            }
        }
        row += 1;
    }
    table
};

/// The first letters of [`NOUNS`], a bit each.
const FIRST_OF_NOUNS: u32 = {
    let mut letters = 0;
    let mut k = 0;
    while k < NOUNS.len() {
        letters |= 1 << (NOUNS[k].as_bytes()[0] - b'a');
        k += 1;
    }
    letters
};

/// Whether one of [`NOUNS`] may begin with `ch`.
#[inline(always)]
pub(super) const fn may_be_noun(ch: u8) -> bool {
    ch.is_ascii_alphabetic() && FIRST_OF_NOUNS >> ((ch | 0x20) - b'a') & 1 == 1
}

/// Whether `sign` does not stand for itself.
pub(super) const fn is_wild(sign: u8) -> bool {
    matches!(sign, b' ' | b'~' | b'@' | b'^' | b'&' | b'#' | b'$' | b'%' | b'!' | b'*')
}

const fn insert_if(may: bool, set: &mut Set, pattern: usize) {
    set[pattern / 64] |= (may as u64) << (pattern % 64);
}

/// Whether a pattern can start without a space and with one, and what comes after that.
const fn after_spaces(between: &[u8]) -> ([bool; 2], &[u8]) {
    match between {
        [b' ', rest @ ..] | [b'&', rest @ ..] => ([false, true], rest),
        [b'~', rest @ ..] => ([true, true], rest),
        // Words, each after spaces.
        [b'@', ..] => ([false, true], between),
        _ => ([true, false], between),
    }
}

/// Whether `ch` may be the first character of the rest of a pattern, or of what `then` describes.
const fn may_be_first(rest: &[u8], then: Then, ch: u8) -> bool {
    let quote = matches!(ch, b'"' | b'\'' | b'`');
    let newline = matches!(ch, b'\n' | b'\r');
    match rest {
        [b'@', ..] => may_be_noun(ch),
        [b'^', ..] => quote || matches!(ch, b'[' | b'v' | b'V' | b'r' | b'R'),
        [sign, ..] if is_wild(*sign) => true,
        [sign, ..] => *sign == ch.to_ascii_lowercase(),
        [] => match then {
            // Erlang's `<<"T">>` starts with neither.
            Then::Text => quote || matches!(ch, b'<' | b'$'),
            Then::SameText | Then::PairText | Then::Token | Then::Argument => quote,
            Then::Attributes => ch.is_ascii_alphabetic(),
            Then::Description => ch.is_ascii_alphabetic() || newline,
            Then::List | Then::Strings | Then::Map | Then::Member | Then::Object | Then::Tags => {
                !quote && !newline && !ch.is_ascii_alphabetic()
            }
            Then::Body
            | Then::NextLine
            | Then::Printed
            | Then::Table
            | Then::MapBelow
            | Then::Below => newline,
            _ => true,
        },
    }
}

/// What the text before a key ends with, ignoring case.
#[derive(Clone, Copy)]
pub(super) struct End {
    /// Its last character.
    pub last: u8,
    /// The one before a space at its end.
    pub word: Option<u8>,
    /// The last character without what is ignored before a key.
    pub context: u8,
}

/// Whether the shape of `row` may follow a text with this `end`.
#[inline(always)]
pub(super) fn may_follow(row: usize, end: End) -> bool {
    let has = |set: u128, byte: u8| byte < 128 && set >> byte.to_ascii_lowercase() & 1 == 1;
    let [ends, words] = ENDS[row];
    ends == !0
        || has(ends, end.last)
        || has(ends, end.context)
        || end.word.is_some_and(|word| has(words, word))
}

/// The patterns that may match, in the order of the table.
pub(super) struct Candidates {
    set: Set,
    word: usize,
}

impl Candidates {
    /// Those for a key of `keys`, with the character `first` after it and the spaces there.
    #[inline(always)]
    pub fn new(keys: Keys, quoted: bool, spaced: bool, first: u8) -> Candidates {
        let mut set = NONE;
        let mut sets = keys;
        while sets != 0 {
            let more = &INDEX.keys[sets.trailing_zeros() as usize];
            set.iter_mut().zip(more).for_each(|(set, more)| *set |= more);
            sets &= sets - 1;
        }
        for other in [
            &INDEX.quotes[usize::from(quoted)],
            &INDEX.spaces[usize::from(spaced)],
            &INDEX.character[usize::from(first)],
        ] {
            set.iter_mut().zip(other).for_each(|(set, other)| *set &= other);
        }
        Candidates { set, word: 0 }
    }

    /// Whether one of them begins with `start`.
    #[inline(always)]
    pub fn has(&self, start: Start) -> bool {
        self.set.iter().zip(&INDEX.start[start as usize]).any(|(set, with)| set & with != 0)
    }

    /// Removes those that begin with `start`.
    #[inline(always)]
    pub fn remove(&mut self, start: Start) {
        self.set.iter_mut().zip(&INDEX.start[start as usize]).for_each(|(set, with)| *set &= !with);
    }
}

impl Iterator for Candidates {
    type Item = Pattern;

    #[inline(always)]
    fn next(&mut self) -> Option<Pattern> {
        while self.set[self.word] == 0 {
            self.word += 1;
            if self.word == self.set.len() {
                self.word = 0;
                return None;
            }
        }
        let bits = &mut self.set[self.word];
        let (row, index) = PATTERNS[self.word * 64 + bits.trailing_zeros() as usize];
        *bits &= *bits - 1;
        Some(Pattern { row: row.into(), index: index.into() })
    }
}
