//! Anchors: what each announces, and where one was found.

/// What an anchor announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// Part of a key.
    Key,
    /// The same, and part of keywords of recognisers: the number of these keywords.
    KeyOrWord(u16),
    /// `code`, which is a key next to other parameters.
    Code,
    /// The scheme `bearer`, or a key that contains it.
    Bearer,
    /// The scheme `basic`.
    Basic,
    /// base64url of `"alg"`.
    Alg,
    /// A dot and the start of a JWT's payload.
    Payload,
    /// base64 of a JWT's first characters.
    Wrapped,
    /// Two tabs and a boolean: a line of a cookie file.
    Jar,
    /// `value`, whose name may follow.
    Value,
    /// curl's option for a cookie, after a space.
    Option,
    /// The same after a tab that is written as `\t`.
    EscapedOption,
    /// A semicolon and `path`, which may be an attribute of a cookie without a key.
    Attribute,
    /// `;+` or `;%20`, the separator of cookies where spaces are encoded.
    Plus,
    /// `://`, after a URL's scheme.
    Url,
    /// `private`, which may be part of a key, or of the first line of a private key.
    Private,
    /// A group of recognisers that look at the text around it.
    Group(u16),
}

/// An anchor found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Its offset in the window.
    pub at: usize,
    /// Its length in bytes.
    pub len: usize,
    pub anchor: Anchor,
    /// The bank that found it.
    pub rank: usize,
}

impl Hit {
    /// Its place.
    pub fn place(&self) -> Place {
        Place { at: self.at, rank: self.rank }
    }

    /// The place to continue the search from. Other banks may have an anchor at the same offset.
    pub fn next(&self) -> Place {
        Place { at: self.at, rank: self.rank + 1 }
    }
}

/// Where a search begins: an offset, and the first bank that counts at that offset.
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
