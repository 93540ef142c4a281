//! What an anchor announces, and where one was found.

/// What an anchor announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// Part of a key.
    Key,
    /// The scheme `bearer`, or a key that has it.
    Bearer,
    /// The scheme `basic`.
    Basic,
    /// base64url of `"alg"`.
    Alg,
    /// A dot and the start of a JWT's payload.
    Payload,
    /// base64 of a JWT's first characters.
    Wrapped,
    /// Two tabs and a boolean: a line of a cookie jar.
    Jar,
    /// `value`, whose name may follow.
    Value,
    /// curl's option for a cookie, behind a blank.
    Option,
    /// A cookie as it was received, in what Go prints of one.
    Raw,
    /// `;+` or `;%20`, which is between cookies where blanks are written so.
    Plus,
    /// What separates a URL's scheme from the rest.
    Url,
    /// `private`, which may be part of a key, or of a private key's first line.
    Private,
    /// What the recognisers of this group look around.
    Group(u16),
}

/// An anchor found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Where it starts in the window.
    pub at: usize,
    /// Its length in bytes.
    pub len: usize,
    pub anchor: Anchor,
    /// The bank that found it.
    pub rank: usize,
}

impl Hit {
    /// Where it is found.
    pub fn place(&self) -> Place {
        Place { at: self.at, rank: self.rank }
    }

    /// Where to search on: other banks may have an anchor at the same place.
    pub fn next(&self) -> Place {
        Place { at: self.at, rank: self.rank + 1 }
    }
}

/// Where to search from: an offset, and the first bank that counts there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(super) at: usize,
    pub(super) rank: usize,
}

impl From<usize> for Place {
    fn from(at: usize) -> Place {
        Place { at, rank: 0 }
    }
}

pub(super) fn fold(byte: u8) -> u8 {
    byte | 0x20
}
