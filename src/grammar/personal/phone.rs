//! Phone numbers in international form (ITU-T E.164), from their `+`.

use super::context::is_word;
use crate::grammar::text::lex::{Step, Text};

/// The most digits of a number.
const MAX_DIGITS: usize = 15;
/// From this many digits in the first group on the number is written without separators.
const SOLID: usize = 7;

/// The end of the number after the plus sign at `at`, which takes `len` bytes.
pub(super) fn find(text: &Text, at: usize, len: usize) -> Step<Option<usize>> {
    let before = text.unit_before(at, 0).ch;
    if is_word(before) || matches!(before, b'+' | b')' | b']') {
        return Ok(None);
    }
    let mut digits = [0; MAX_DIGITS];
    let (mut count, mut end, mut group) = (0, at + len, 0);
    let mut plan = None;
    loop {
        let byte = text.at(end)?;
        if byte.is_ascii_digit() {
            if count == MAX_DIGITS {
                return Ok(None);
            }
            digits[count] = byte - b'0';
            (count, end, group) = (count + 1, end + 1, group + 1);
            if count == 3 {
                plan = Plan::of(&digits);
                if plan.is_none() {
                    return Ok(None);
                }
            }
            continue;
        }
        let solid = group == count && count >= SOLID;
        let full = plan.as_ref().is_some_and(|plan| count >= plan.most);
        let separator = if solid || full || count == 0 { 0 } else { separator(text, end)? };
        if separator == 0 {
            break;
        }
        (end, group) = (end + separator, 0);
    }
    let Some(plan) = plan else { return Ok(None) };
    let next = text.at(end)?;
    let goes_on = is_word(next) || next == b'.' && text.at(end + 1)?.is_ascii_digit();
    let fits = (plan.least..=plan.most).contains(&count) && plan.takes(&digits);
    Ok((fits && !goes_on).then_some(end))
}

/// The length of what separates two groups of digits at `at`, 0 if nothing does: a blank, a hyphen, a dot, brackets.
fn separator(text: &Text, at: usize) -> Step<usize> {
    let mut len = 0;
    for marks in [&b")"[..], b" -.", b"("] {
        len += usize::from(marks.contains(&text.at(at + len)?));
    }
    Ok(if len > 0 && text.at(at + len)?.is_ascii_digit() { len } else { 0 })
}

/// How many digits the numbers of a country have, with its code.
struct Plan {
    code: u16,
    least: usize,
    most: usize,
}

impl Plan {
    /// The plan of the country whose code `digits` begin with, if the code is given out (E.164, list of 2016).
    fn of(digits: &[u8; MAX_DIGITS]) -> Option<Plan> {
        let [a, b, c] = [digits[0], digits[1], digits[2]].map(u16::from);
        let (one, two, three) = (a, 10 * a + b, 100 * a + 10 * b + c);
        let plan = |code, least, most| Some(Plan { code, least, most });
        match (one, two, three) {
            (1 | 7, ..) => plan(one, 11, 11),
            (_, 20 | 27 | 30 | 31 | 32 | 33 | 34 | 36 | 41 | 47 | 48 | 61 | 64, _) => {
                plan(two, 10, 12)
            }
            (_, 44 | 51 | 53 | 54 | 56 | 57 | 58 | 60 | 63 | 65 | 66 | 81 | 82, _) => {
                plan(two, 10, 13)
            }
            (_, 90 | 91 | 92 | 93 | 94 | 95 | 98 | 45 | 52 | 55 | 84 | 86, _) => plan(two, 10, 13),
            (_, 39 | 40 | 43 | 46 | 49 | 62, _) => plan(two, 9, 15),
            (
                _,
                _,
                211..=213 | 216 | 218 | 220..=269 | 290 | 291 | 297..=299 | 350..=359 | 370..=378,
            ) => plan(three, 9, 14),
            (_, _, 380..=383 | 385..=387 | 389 | 420 | 421 | 423 | 500..=509 | 590..=599) => {
                plan(three, 9, 13)
            }
            (_, _, 670 | 672..=683 | 685..=692 | 800 | 808 | 850 | 852 | 853 | 855 | 856) => {
                plan(three, 9, 13)
            }
            (
                _,
                _,
                870 | 878 | 880..=883 | 886 | 888 | 960..=968 | 970..=977 | 979 | 992..=996 | 998,
            ) => plan(three, 10, 15),
            _ => None,
        }
    }

    /// Whether a number of the country may begin so. In North America neither area nor exchange begin with 0 or 1.
    fn takes(&self, digits: &[u8; MAX_DIGITS]) -> bool {
        self.code != 1 || digits[1] > 1 && digits[4] > 1
    }
}
