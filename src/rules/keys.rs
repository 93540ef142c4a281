//! Names of keys given by the user: which names are valid, and what the scan searches for to find them.

use std::collections::BTreeSet;

use crate::grammar::key::{Listed, is_joint};

/// The fewest letters and digits of a key's name, and of a part of one that the scan searches for.
pub(crate) const MIN_KEY: usize = 3;

/// The most bytes of a key's name.
pub(crate) const MAX_KEY: usize = 64;

/// So many keys are searched for by the starts of their words only, which many of them have in common: the search for a
/// million words would take more memory than the names.
const MANY: usize = 4096;

/// How many bytes of a word are searched for then.
const START: usize = 4;

/// Names of keys, and what the scan searches for to find them.
#[derive(Default)]
pub(crate) struct Keys {
    pub listed: Listed,
    pub anchors: Vec<Vec<u8>>,
}

impl Keys {
    /// Compiles `keys`. The error is the first that is neither a name nor a pattern.
    pub fn new(keys: &[String]) -> Result<Keys, &str> {
        let mut listed = Listed::default();
        let mut found = BTreeSet::new();
        for key in keys {
            if !is_key(key) {
                return Err(key);
            }
            listed.add(key);
            for mut anchor in anchors(key) {
                if keys.len() > MANY {
                    anchor.truncate(START);
                }
                found.insert(anchor);
            }
        }
        Ok(Keys { listed, anchors: found.into_iter().collect() })
    }
}

/// Whether `key` can be searched for: letters, digits, `-`, `_` and `*`, with at least one word of three letters.
pub(crate) fn is_key(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || is_joint(byte) || byte == b'*';
    let letters = key.bytes().filter(u8::is_ascii_alphanumeric).count();
    let has_word = !key.contains('*') || longest_word(key).is_some();
    key.bytes().all(plain) && letters >= MIN_KEY && key.len() <= MAX_KEY && has_word
}

/// The words of a name, in lower case.
fn words(key: &str) -> Vec<Vec<u8>> {
    let mut words: Vec<Vec<u8>> = vec![Vec::new()];
    let mut before = 0u8;
    for byte in key.bytes() {
        let joint = is_joint(byte) || byte == b'*';
        if joint || byte.is_ascii_uppercase() && before.is_ascii_lowercase() {
            words.push(Vec::new());
        }
        if let Some(word) = words.last_mut().filter(|_| !joint) {
            word.push(byte.to_ascii_lowercase());
        }
        before = byte;
    }
    words.retain(|word| !word.is_empty());
    words
}

fn longest_word(key: &str) -> Option<Vec<u8>> {
    words(key).into_iter().max_by_key(Vec::len).filter(|word| word.len() >= MIN_KEY)
}

/// What the scan searches for to find a key: its longest word, which is the same however the words are joined, or all
/// words if all are short.
fn anchors(key: &str) -> Vec<Vec<u8>> {
    match longest_word(key) {
        Some(word) => vec![word],
        None => [&b""[..], b"-", b"_"].iter().map(|joint| words(key).join(*joint)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_share_what_is_searched_for() {
        let names = |count: usize| (0..count).map(|k| format!("key{:06}_name", k * 7));
        let anchors = |count| Keys::new(&names(count).collect::<Vec<_>>()).unwrap().anchors;
        assert_eq!(anchors(MANY).len(), MANY);
        assert_eq!(anchors(MANY + 1), [b"key0"]);
    }
}
