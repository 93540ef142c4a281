//! Names of keys that the user gave, and patterns of names: `card_pin`, `*_pin`.

use std::collections::HashSet;

use super::names::{MAX_NAME, is_boundary};

/// Names and patterns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed {
    /// In lower case, without the characters that join their words.
    names: HashSet<Vec<u8>>,
    globs: Vec<NameGlob>,
}

/// A pattern of a name, in which `*` matches any text.
#[derive(Clone, Debug)]
pub(crate) struct NameGlob {
    /// The parts between the stars. The first is a prefix of the name, the last a suffix.
    pieces: Vec<Piece>,
}

/// Letters of a name in lower case, and whether a word has to start with the first and end with the last of them.
#[derive(Clone, Debug)]
struct Piece {
    letters: Vec<u8>,
    starts_word: bool,
    ends_word: bool,
}

/// Whether the byte may be between the words of a name.
pub(crate) fn is_joint(byte: u8) -> bool {
    matches!(byte, b'-' | b'_')
}

fn letters(text: &[u8]) -> Vec<u8> {
    text.iter().filter(|byte| !is_joint(**byte)).map(u8::to_ascii_lowercase).collect()
}

impl NameGlob {
    fn new(glob: &[u8]) -> NameGlob {
        let piece = |text: &[u8]| Piece {
            letters: letters(text),
            starts_word: text.first().copied().is_some_and(is_joint),
            ends_word: text.last().copied().is_some_and(is_joint),
        };
        NameGlob { pieces: glob.split(|byte| *byte == b'*').map(piece).collect() }
    }

    /// Whether the pattern matches a name with these letters, each with a flag for the start of a word.
    fn matches(&self, name: &[(u8, bool)]) -> bool {
        let fits = |piece: &Piece, at: usize| {
            let end = at + piece.letters.len();
            let boundary = |at: usize| name.get(at).is_none_or(|(_, starts)| *starts);
            end <= name.len()
                && (at..end).zip(&piece.letters).all(|(k, want)| name[k].0 == *want)
                // The separator is between two words, so something has to precede or follow it.
                && (!piece.starts_word || at > 0 && boundary(at))
                && (!piece.ends_word || end < name.len() && boundary(end))
        };
        let [first, middle @ .., last] = &self.pieces[..] else {
            return self
                .pieces
                .iter()
                .all(|only| only.letters.len() == name.len() && fits(only, 0));
        };
        if !fits(first, 0) {
            return false;
        }
        let mut at = first.letters.len();
        for piece in middle {
            match (at..=name.len()).find(|at| fits(piece, *at)) {
                Some(found) => at = found + piece.letters.len(),
                None => return false,
            }
        }
        name.len()
            .checked_sub(last.letters.len())
            .is_some_and(|start| start >= at && fits(last, start))
    }
}

impl Listed {
    /// Adds a name, or a pattern if it contains a star.
    pub fn add(&mut self, key: &str) {
        match key.contains('*') {
            true => self.globs.push(NameGlob::new(key.as_bytes())),
            false => {
                self.names.insert(letters(key.as_bytes()));
            }
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.globs.is_empty()
    }

    /// Whether `name` is one of them, possibly after `HTTP_`.
    pub fn has(&self, name: &[u8]) -> bool {
        let mut known = [(0, false); MAX_NAME];
        let mut bytes = [0; MAX_NAME];
        let mut count = 0;
        for (at, byte) in name.iter().enumerate().filter(|(_, byte)| !is_joint(**byte)) {
            if count == MAX_NAME {
                return false;
            }
            bytes[count] = byte.to_ascii_lowercase();
            known[count] = (bytes[count], is_boundary(name, at));
            count += 1;
        }
        let has = |from: usize| {
            self.names.contains(&bytes[from..count])
                || self.globs.iter().any(|glob| glob.matches(&known[from..count]))
        };
        has(0)
            || bytes[..count].starts_with(b"http")
                && known[..count].get(4).is_some_and(|(_, starts)| *starts)
                && has(4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_patterns() {
        let mut listed = Listed::default();
        for key in ["x-internal-pin", "*_pin", "acme*token", "*-vault-*"] {
            listed.add(key);
        }
        for name in [
            "X-Internal-Pin",
            "xInternalPin",
            "HTTP_X_INTERNAL_PIN",
            "card_pin",
            "cardPin",
            "CARD-PIN",
            "acme_token",
            "AcmeLiveToken",
            "acmetoken",
            "my-vault-key",
            "myVaultKey",
        ] {
            assert!(listed.has(name.as_bytes()), "{name}");
        }
        for name in [
            "pin",
            "spin",
            "shopping",
            "xacmetoken",
            "acme_tokens",
            "vault-key",
            "my-vault",
            "vaults",
        ] {
            assert!(!listed.has(name.as_bytes()), "{name}");
        }
    }
}
