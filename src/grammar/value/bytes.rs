//! The meaning of an unescaped byte in a value: content, the end, or undecided without its context.

/// The meaning of each unescaped byte in a value.
pub(super) type Table = [u8; 256];
/// Content in any context.
pub(super) const PLAIN: u8 = 0;
/// Needs context.
const LOOK: u8 = 1;
/// The end of the value in any context.
pub(super) const END: u8 = 2;

pub(super) static OPAQUE: Table = all_but(b"\"'`\\%&#\r\n[](){}<>\x1b", b"");
pub(super) static TOKEN: Table = token(b"", b" \"',;<>{}()]");
pub(super) static PARAM: Table = token(b"#", b" \"',;<>{}()]");
/// A character that cannot be in percent-encoded text ends the value too; see [`Frame::excludes`].
pub(super) static ENCODED: Table = token(b"#", b"");
/// A cookie-value contains neither control characters nor, in most cases, characters outside ASCII (RFC 6265, section 4.1.1).
pub(super) static COOKIE: Table =
    without_foreign(all_but(b"\"'`\\%&#\r\n[](){}<>\x1b; \t,|^~!$*@", b";"));
pub(super) static JWT: Table = none_but(b"-_");
pub(super) static BASE64: Table = none_but(b"-_+/");
/// Dashes end a block.
pub(super) static PEM: Table = none_but(b"+/");

/// All bytes are plain except `look`, of which `ends` are ends.
const fn all_but(look: &[u8], ends: &[u8]) -> Table {
    let mut table = [PLAIN; 256];
    table = with(table, look, LOOK);
    with(with(table, ends, END), b"\n", END)
}

/// Letters, digits and `plain` are plain, and nothing else is.
const fn none_but(plain: &[u8]) -> Table {
    let mut table = [LOOK; 256];
    let mut k = 0;
    while k < 256 {
        if (k as u8).is_ascii_alphanumeric() {
            table[k] = PLAIN;
        }
        k += 1;
    }
    with(with(table, plain, PLAIN), b"\n", END)
}

const fn token(look: &[u8], ends: &[u8]) -> Table {
    with(with(none_but(b"-_/="), look, LOOK), ends, END)
}

/// The same, but neither control characters nor characters outside ASCII are plain.
const fn without_foreign(mut table: Table) -> Table {
    let mut k = 0;
    while k < 256 {
        if table[k] == PLAIN && (k < 0x20 || k >= 0x7f) {
            table[k] = LOOK;
        }
        k += 1;
    }
    table
}

const fn with(mut table: Table, bytes: &[u8], what: u8) -> Table {
    let mut k = 0;
    while k < bytes.len() {
        table[bytes[k] as usize] = what;
        k += 1;
    }
    table
}
