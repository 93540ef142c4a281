//! IP addresses, and what looks like one and is a version.

use std::io::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::context::{Name, is_word};
use crate::grammar::text::lex::{Step, Text};

/// The most bytes of an IPv6 address: six groups, then four numbers.
pub(crate) const MAX_IPV6: usize = 45;

/// The end of the IPv4 address at `at`.
pub(super) fn v4(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut octets = [0u8; 4];
    let mut end = at;
    for (k, octet) in octets.iter_mut().enumerate() {
        if k > 0 {
            if text.at(end)? != b'.' {
                return Ok(None);
            }
            end += 1;
        }
        let (mut value, first) = (0u16, end);
        while end < first + 3 && text.at(end)?.is_ascii_digit() {
            value = 10 * value + u16::from(text.at(end)? - b'0');
            end += 1;
        }
        let zero = end - first > 1 && text.at(first)? == b'0';
        let Some(value) = u8::try_from(value).ok().filter(|_| end > first && !zero) else {
            return Ok(None);
        };
        *octet = value;
    }
    let address = Ipv4Addr::from(octets);
    // This host, no host, all hosts, and masks.
    if address.is_loopback() || matches!(octets[0], 0 | 224..) {
        return Ok(None);
    }
    let network = prefix(text, end)?
        .is_some_and(|len| len <= 24 && u32::from(address).checked_shl(len).unwrap_or(0) == 0);
    let found = !network && v4_ends(text, end)? && !is_version(text, at, end)?;
    Ok(found.then_some(end))
}

/// Whether no fifth number and no name follows: `1.2.3.4.5`, `1.2.3.4.jar`, `1.2.3.4-beta`.
fn v4_ends(text: &Text, end: usize) -> Step<bool> {
    let unit = text.unit(end)?;
    let next = text.at(end + unit.len.max(1))?;
    Ok(match unit.ch {
        ch if is_word(ch) => false,
        b'.' => !is_word(next),
        b'-' => !next.is_ascii_alphabetic(),
        _ => true,
    })
}

/// Whether the text before four numbers says that they are a version.
fn is_version(text: &Text, at: usize, end: usize) -> Step<bool> {
    let last = text.unit_before(at, 0);
    let second = text.unit_before(at, last.len).ch;
    Ok(match last.ch {
        ch if is_word(ch) || matches!(ch, b'^' | b'~') => true,
        // `1.1.2.3.4`.
        b'.' => is_word(second),
        // `lib-1.2.3.4`, and not the end of a range.
        b'-' => {
            let mut skip = last.len;
            let mut unit = text.unit_before(at, skip);
            while unit.ch.is_ascii_digit() || unit.ch == b'.' {
                skip += unit.len;
                unit = text.unit_before(at, skip);
            }
            is_word(unit.ch)
        }
        // `package==1.2.3.4`, and a .NET assembly's `Version=1.2.3.4`.
        b'=' => {
            matches!(second, b'=' | b'<' | b'>' | b'~' | b'!')
                || Name::before(text, at).is_version()
        }
        b'/' => {
            // `Product/1.2.3.4`, and not Java's `host/10.1.2.3:8080`.
            let (mut skip, mut first) = (last.len, 0);
            loop {
                let unit = text.unit_before(at, skip);
                if !unit.ch.is_ascii_alphabetic() {
                    break;
                }
                (skip, first) = (skip + unit.len, unit.ch);
            }
            first.is_ascii_uppercase() && text.at(end)? != b':'
        }
        _ => Name::before(text, at).is_version(),
    })
}

/// The address around the colon at `at`, which is its first: where it starts and ends.
pub(super) fn v6(text: &Text, at: usize) -> Step<Option<(usize, usize)>> {
    // 1. The first group, if there is one.
    let digits = (1..=4).take_while(|k| text.before(at, *k).is_ascii_hexdigit()).count();
    if digits > at {
        return Ok(None);
    }
    // Most colons are followed by something else. That is cheaper to see than what is before them.
    let follows = |next: u8| next == b':' || digits > 0 && next.is_ascii_hexdigit();
    if text.window().get(at + 1).is_some_and(|next| !follows(*next)) {
        return Ok(None);
    }
    let start = at - digits;
    let before = text.unit_before(start, 0).ch;
    if is_word(before) || matches!(before, b':' | b'.' | b'-') {
        return Ok(None);
    }
    if !follows(text.at(at + 1)?) {
        return Ok(None);
    }
    // 2. All of it.
    let mut end = at;
    while end - start <= MAX_IPV6 {
        let byte = text.at(end)?;
        if !(byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')) {
            break;
        }
        end += 1;
    }
    if end - start > MAX_IPV6 || is_word(text.at(end)?) {
        return Ok(None);
    }
    let written = &text.window()[start..end];
    let punctuation =
        matches!(written, [.., last @ (b':' | b'.')] if *last == b'.' || !written.ends_with(b"::"));
    let written = &written[..written.len() - usize::from(punctuation)];
    let end = start + written.len();
    let address = std::str::from_utf8(written).ok().and_then(|text| text.parse::<Ipv6Addr>().ok());
    let Some(address) = address else { return Ok(None) };
    // 3. Where the first group is given out to hosts. That leaves paths of names, `dead::beef`.
    let first = address.segments()[0];
    let global =
        digits == 4 && matches!(first, 0x2000..=0x3fff | 0xfc00..=0xfdff | 0xfe80..=0xfebf);
    let translated = address
        .to_ipv4_mapped()
        .is_some_and(|inner| !inner.is_loopback() && !inner.is_unspecified())
        || matches!(address.segments(), [0x64, 0xff9b, ..]);
    // A hardware address of eight bytes has as many groups.
    let hardware = written.split(|byte| *byte == b':').all(|group| group.len() == 2);
    let network = prefix(text, end)?
        .is_some_and(|len| len <= 48 && u128::from(address).checked_shl(len).unwrap_or(0) == 0);
    Ok(((global || translated) && !hardware && !network).then_some((start, end)))
}

/// The length of a network's prefix at `at`: `/24`.
fn prefix(text: &Text, at: usize) -> Step<Option<u32>> {
    if text.at(at)? != b'/' {
        return Ok(None);
    }
    let (mut len, mut end) = (0, at + 1);
    while end <= at + 3 && text.at(end)?.is_ascii_digit() {
        len = 10 * len + u32::from(text.at(end)? - b'0');
        end += 1;
    }
    Ok((end > at + 1).then_some(len))
}

/// The network of an address, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    bytes: [u8; MAX_IPV6],
    len: usize,
}

impl Network {
    /// The network of the address that `text` is, with zeros for the rest of it: of IPv4 the first 24 bits, of IPv6 the
    /// first 48.
    pub fn of(text: &[u8]) -> Option<Network> {
        let text = std::str::from_utf8(text).ok()?;
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            let [a, b, c, _] = address.octets();
            return Network::written(format_args!("{a}.{b}.{c}.0"));
        }
        let address: Ipv6Addr = text.parse().ok()?;
        if let Some(inner) = address.to_ipv4_mapped() {
            let [a, b, c, _] = inner.octets();
            return Network::written(format_args!("::ffff:{a}.{b}.{c}.0"));
        }
        let [a, b, c, ..] = address.segments();
        Network::written(format_args!("{}", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)))
    }

    fn written(text: std::fmt::Arguments<'_>) -> Option<Network> {
        let mut bytes = [0; MAX_IPV6];
        let mut room = &mut bytes[..];
        room.write_fmt(text).ok()?;
        let len = MAX_IPV6 - room.len();
        Some(Network { bytes, len })
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_zeros_for_the_host() {
        for (address, expected) in [
            ("203.0.113.250", "203.0.113.0"),
            ("203.0.113.0", "203.0.113.0"),
            ("2001:db8:7:1:2:3:4:5", "2001:db8:7::"),
            ("2001:db8::1", "2001:db8::"),
            ("::ffff:203.0.113.9", "::ffff:203.0.113.0"),
        ] {
            assert_eq!(Network::of(address.as_bytes()).unwrap().as_bytes(), expected.as_bytes());
        }
        assert_eq!(Network::of(b"203.0.113"), None);
    }
}
