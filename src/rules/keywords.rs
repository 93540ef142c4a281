//! What the prefilter searches for in a set of rules: keywords, the starts of tokens, and the recognisers that run at each.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Groups;
use crate::anchor::{self, Anchor, Starts};
use crate::grammar::credential::form::Key;
use crate::grammar::credential::recogniser::Recogniser;

/// Keywords that contain an anchor of a key, as `x-vault-token` contains `token`. The prefilter finds that anchor anyway, so
/// the keywords need no other.
#[derive(Debug)]
pub(super) struct Around {
    anchor: Vec<u8>,
    /// The group of the recognisers of these keywords.
    pub group: u16,
    /// The words that follow the anchor in the keywords, each with the character after it.
    words: Vec<Vec<u8>>,
}

impl Around {
    /// Whether one of the keywords may be where the anchor is before `rest`.
    #[inline]
    pub fn may_be(&self, rest: &[u8]) -> bool {
        self.words.iter().any(|word| {
            let len = word.len().min(rest.len());
            // Most differ in their first bytes.
            word.first()
                .zip(rest.first())
                .is_none_or(|(one, other)| one.eq_ignore_ascii_case(other))
                && rest[..len].eq_ignore_ascii_case(&word[..len])
        })
    }

    fn add(&mut self, rest: &[u8]) {
        let word = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let word = &rest[..rest.len().min(word + 1)];
        if !self.words.iter().any(|known| known == word) {
            self.words.push(word.to_vec());
        }
    }
}

/// What the anchor `bytes` of a key announces, which may be `around` one.
pub(super) fn of_key(bytes: &[u8], around: &[Around]) -> Anchor {
    let words = around.iter().position(|around| around.anchor == bytes);
    words.map_or(Anchor::Key, |number| Anchor::KeyOrWord(number as u16))
}

/// The keywords of a set of rules, while it is compiled.
#[derive(Default)]
pub(super) struct Keywords {
    pub anchors: Vec<(Vec<u8>, Anchor)>,
    pub starts: Starts,
    /// The keywords that lead to a key, a scheme or a URL, and not to a recogniser.
    added: BTreeSet<Vec<u8>>,
    /// Whether a custom rule has a keyword that starts with a space.
    pub spaced: bool,
    by_keyword: BTreeMap<Vec<u8>, u16>,
    pub around: Vec<Around>,
    pub recognisers: Vec<Recogniser>,
    /// Each group of recognisers that one anchor leads to, by their numbers.
    pub groups: Groups,
}

impl Keywords {
    /// Adds a keyword that is an `anchor` by itself, unless the default anchors have it.
    pub fn add(&mut self, bytes: &[u8], anchor: Anchor) {
        let bytes = bytes.to_ascii_lowercase();
        if anchor == Anchor::Key && anchor::key_anchors().any(|known| known == bytes) {
            return;
        }
        if self.added.insert(bytes.clone()) {
            self.anchors.push((bytes, anchor));
        }
    }

    /// Adds a recogniser that runs at each of its keywords.
    pub fn recogniser<'a>(
        &mut self,
        recogniser: Recogniser,
        keywords: impl Iterator<Item = &'a [u8]>,
    ) {
        let number = self.recognisers.len() as u16;
        self.recognisers.push(recogniser);
        for keyword in keywords {
            self.spaced |= keyword.starts_with(b" ");
            self.keyword(number, keyword);
        }
    }

    /// Adds a recogniser of self-identifying tokens.
    pub fn form(&mut self, mut recogniser: Recogniser, keys: impl Iterator<Item = Key>) {
        let number = self.recognisers.len() as u16;
        for key in keys {
            let place = match key {
                Key::Word(word) => {
                    match self.anchor_in(word.as_bytes()) {
                        Some((anchor, offset)) => {
                            recogniser = recogniser.around(word, offset);
                            self.around(number, anchor, &word.as_bytes()[offset..]);
                        }
                        None => self.keyword(number, word.as_bytes()),
                    }
                    continue;
                }
                Key::Start(text) => anchor::Key::Start(text.as_bytes()),
                Key::Inside(offset, text) => anchor::Key::Inside(offset, text.as_bytes()),
                Key::Padded(text) => anchor::Key::Padded(text.as_bytes()),
                Key::Behind(text) => anchor::Key::Mark(text.as_bytes()),
            };
            let group = self.starts.add(place, self.groups.next());
            if group == self.groups.next() {
                self.groups.add();
            }
            self.groups.join(group, number);
        }
        self.recognisers.push(recogniser);
    }

    /// The anchor of a key that `keyword` has in it, and where. It is found anyway, so the keyword needs no other.
    fn anchor_in(&self, keyword: &[u8]) -> Option<(Vec<u8>, usize)> {
        let place = |bytes: &[u8]| {
            let offset = keyword
                .windows(bytes.len())
                .position(|window| window[0] == bytes[0] && window == bytes)?;
            Some((bytes.to_vec(), offset))
        };
        let mut added = self.anchors.iter().filter(|(_, anchor)| *anchor == Anchor::Key);
        added.find_map(|(bytes, _)| place(bytes)).or_else(|| anchor::key_anchors().find_map(place))
    }

    /// Adds a keyword that has `anchor` in it: `rest` is the keyword from there on.
    fn around(&mut self, number: u16, anchor: Vec<u8>, rest: &[u8]) {
        let known = self.around.iter().position(|around| around.anchor == anchor);
        let place = known.unwrap_or_else(|| {
            let group = self.groups.add();
            self.around.push(Around { anchor, group, words: Vec::new() });
            self.around.len() - 1
        });
        let around = &mut self.around[place];
        around.add(&rest[around.anchor.len()..]);
        self.groups.join(around.group, number);
    }

    fn keyword(&mut self, number: u16, keyword: &[u8]) {
        let bytes = keyword.to_ascii_lowercase();
        let group = *self.by_keyword.entry(bytes).or_insert_with_key(|bytes| {
            let group = self.groups.add();
            self.anchors.push((bytes.clone(), Anchor::Group(group)));
            group
        });
        self.groups.join(group, number);
    }
}
