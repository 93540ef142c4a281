//! Numbers that are recognised by their digits: payment cards (ISO/IEC 7812) and US social security numbers.

use super::context::{Name, ends, starts};
use crate::grammar::text::lex::{Step, Text};

/// The most digits of a card's number.
const MAX_DIGITS: usize = 19;

/// Digits in groups, as a text writes them.
struct Groups {
    digits: [u8; MAX_DIGITS + 1],
    count: usize,
    /// The length of each group, up to the one with the index `last`.
    groups: [usize; 6],
    last: usize,
    /// The character between groups, or 0.
    separator: u8,
    end: usize,
    /// Whether there are more digits than any form has.
    is_longer: bool,
}

impl Groups {
    /// The digits at `at`, with a blank or a hyphen between groups, the same throughout.
    fn read(text: &Text, at: usize) -> Step<Groups> {
        let mut read = Groups {
            digits: [0; MAX_DIGITS + 1],
            count: 0,
            groups: [0; 6],
            last: 0,
            separator: 0,
            end: at,
            is_longer: false,
        };
        loop {
            let byte = text.at(read.end)?;
            if byte.is_ascii_digit() {
                if read.count > MAX_DIGITS {
                    read.is_longer = true;
                    return Ok(read);
                }
                read.digits[read.count] = byte - b'0';
                read.count += 1;
                read.groups[read.last] += 1;
                read.end += 1;
                continue;
            }
            let separates = matches!(byte, b' ' | b'-')
                && (read.separator == 0 || read.separator == byte)
                && read.last + 1 < read.groups.len()
                && read.fits_so_far()
                && text.at(read.end + 1)?.is_ascii_digit();
            if !separates {
                return Ok(read);
            }
            read.separator = byte;
            read.last += 1;
            read.end += 1;
        }
    }

    /// Whether another group may follow.
    fn fits_so_far(&self) -> bool {
        matches!(self.lens(), [4] | [4, 4] | [4, 4, 4] | [4, 4, 4, 4] | [4, 6] | [3] | [3, 2])
    }

    fn lens(&self) -> &[usize] {
        &self.groups[..=self.last]
    }

    fn digits(&self) -> &[u8] {
        &self.digits[..self.count]
    }

    fn number(&self, from: usize, to: usize) -> u32 {
        self.digits[from..to].iter().fold(0, |number, digit| 10 * number + u32::from(*digit))
    }

    /// Whether a number that starts at `at` may end here.
    fn is_whole(&self, text: &Text, at: usize) -> Step<bool> {
        if self.is_longer || !starts(text, at) {
            return Ok(false);
        }
        let unit = text.unit(self.end)?;
        Ok(ends(unit, text.at(self.end + unit.len.max(1))?))
    }
}

/// Whether a card's number or a social security number may start at `at`. A cheap test first, because most numbers in logs
/// are shorter.
pub(super) fn may_start(text: &Text, at: usize) -> bool {
    let rest = &text.window()[at..];
    let digits = rest.iter().take(MAX_DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
    match rest.get(digits) {
        Some(next) => digits >= 9 || matches!(digits, 3 | 4) && matches!(next, b' ' | b'-'),
        // The window ends within the digits. The readers below wait for more.
        None => true,
    }
}

/// The end of the card's number at `at`.
pub(super) fn card(text: &Text, at: usize) -> Step<Option<usize>> {
    let mut read = Groups::read(text, at)?;
    // A month and year in figures after it are not part of it.
    if let [4, 4, 4, 4, last @ (1 | 2)] = *read.lens() {
        read.end -= last + 1;
        read.count -= last;
        read.last -= 1;
    }
    let grouped =
        matches!(read.lens(), [_] | [4, 4, 4, 4] | [4, 4, 4, 4, 3] | [4, 6, 4] | [4, 6, 5]);
    let card = grouped && is_issued(&read) && luhn(read.digits()) && read.is_whole(text, at)? && {
        // Barcodes have 13 digits, and ids of messages 17 to 19.
        let name = Name::before(text, at);
        if matches!(read.count, 14..=16) { !name.is_id() } else { name.is_card() }
    };
    Ok(card.then_some(read.end))
}

/// Whether an issuer has numbers of this length that begin so.
fn is_issued(read: &Groups) -> bool {
    if read.count < 13 || read.count > MAX_DIGITS {
        return false;
    }
    let long = (16..=19).contains(&read.count);
    match read.number(0, 6) {
        // Visa.
        400_000..=499_999 => matches!(read.count, 13 | 16 | 19),
        // Mastercard.
        510_000..=559_999 | 222_100..=272_099 => read.count == 16,
        // American Express.
        340_000..=349_999 | 370_000..=379_999 => read.count == 15,
        // Diners Club.
        300_000..=305_999 | 309_500..=309_599 | 360_000..=369_999 | 380_000..=399_999 => {
            read.count == 14 || long
        }
        // Discover, and RuPay.
        601_100..=601_199 | 644_000..=659_999 | 608_000..=608_999 => long,
        // UnionPay.
        620_000..=629_999 | 810_000..=817_199 => long,
        // JCB, and Mir.
        352_800..=358_999 | 220_000..=220_499 => long,
        // Maestro.
        501_800..=501_899 | 502_000..=502_099 | 503_800..=503_899 | 589_300..=589_399 => long,
        630_400..=630_499 | 675_900..=675_999 | 676_100..=676_399 => long,
        _ => false,
    }
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(k, digit)| {
            let digit = u32::from(*digit) << (k % 2);
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The end of the social security number at `at`. Without hyphens it needs its name.
pub(super) fn ssn(text: &Text, at: usize) -> Step<Option<usize>> {
    let read = Groups::read(text, at)?;
    if read.count != 9 {
        return Ok(None);
    }
    let hyphens = match read.lens() {
        [3, 2, 4] => read.separator == b'-',
        [9] => false,
        _ => return Ok(None),
    };
    let (area, group, serial) = (read.number(0, 3), read.number(3, 5), read.number(5, 9));
    let issued = !matches!(area, 0 | 666 | 900..) && group != 0 && serial != 0;
    // Printed on a card in wallets, and in an advertisement.
    let invalid = matches!((area, group, serial), (78, 5, 1120) | (219, 9, 9999));
    if !issued || invalid || !read.is_whole(text, at)? {
        return Ok(None);
    }
    let name = Name::before(text, at);
    let found = name.is_ssn() || hyphens && !name.is_id();
    Ok(found.then_some(read.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        let digits = |text: &str| text.bytes().map(|byte| byte - b'0').collect::<Vec<_>>();
        for (number, holds) in [
            ("4111111111111111", true),
            ("378282246310005", true),
            ("4111111111111112", false),
            ("4111111111111121", false),
        ] {
            assert_eq!(luhn(&digits(number)), holds, "{number}");
        }
    }
}
