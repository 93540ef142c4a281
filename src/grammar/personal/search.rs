//! The pass over a window that finds personal data.

use super::context::{is_in_mark, is_word};
use super::{address, email, iban, number, phone};
use crate::grammar::ids::{CARD, EMAIL, IBAN, IP, PHONE, SSN};
use crate::grammar::text::lex::{More, Step, Text};
use crate::span::RuleId;

/// The most bytes that wait at the end of a window, for example for an `@` after them.
pub(crate) const HOLD: usize = 256;

/// Which kinds of personal data are searched for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// By byte: the kinds that may be found at it, among those that are searched for.
    classes: [Class; 256],
    email: bool,
    card: bool,
    iban: bool,
    ssn: bool,
    ip: bool,
    phone: bool,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub start: usize,
    pub end: usize,
    /// As the grammar numbers them.
    pub rule: RuleId,
}

/// What a byte may be the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Other,
    Digit,
    At,
    Plus,
    Colon,
    /// It may be one of them, escaped: `%40`.
    Escape,
}

static CLASSES: [Class; 256] = {
    let mut table = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' => Class::Digit,
            b'@' => Class::At,
            b'+' => Class::Plus,
            b':' => Class::Colon,
            b'%' | b'\\' | b'&' => Class::Escape,
            _ => Class::Other,
        };
        byte += 1;
    }
    table
};

/// How many bytes from `at` on have nothing, if nothing was found at `at`. No number starts within the digits of another,
/// unless the first of them are the end of an escape.
fn passed(text: &Text, at: usize) -> usize {
    let digits = || text.window()[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    match text.before(at, 1) {
        b' ' | b'\t' | b'\n' | b'"' | b'.' | b':' | b'-' | b'/' | b'[' | b'(' | b',' => {
            digits().max(1)
        }
        _ => 1,
    }
}

impl Wanted {
    /// The kinds of the rules for which `has` is true. `None` if there are none.
    pub fn new(has: impl Fn(RuleId) -> bool) -> Option<Wanted> {
        let (email, phone) = (has(EMAIL), has(PHONE));
        let numbers = [CARD, IBAN, SSN, IP].into_iter().any(&has);
        let classes = CLASSES.map(|class| match class {
            Class::Digit if !numbers => Class::Other,
            Class::Colon if !has(IP) => Class::Other,
            Class::At if !email => Class::Other,
            Class::Plus if !phone => Class::Other,
            Class::Escape if !(email || phone) => Class::Other,
            class => class,
        });
        let wanted = Wanted {
            classes,
            email,
            card: has(CARD),
            iban: has(IBAN),
            ssn: has(SSN),
            ip: has(IP),
            phone,
        };
        [EMAIL, CARD, IBAN, SSN, IP, PHONE].into_iter().any(has).then_some(wanted)
    }

    /// Finds the personal data in a window from `from` on. Returns how many bytes of the window are decided.
    pub fn find(&self, text: &Text, from: usize, found: &mut Vec<Found>) -> usize {
        found.clear();
        let decided = self.pass(text, from, found);
        // A secret that is not decided as a whole is found again.
        match found.last() {
            Some(last) if (last.start..last.end).contains(&decided) => last.start,
            _ => decided,
        }
    }

    fn pass(&self, text: &Text, from: usize, found: &mut Vec<Found>) -> usize {
        let window = text.window();
        let mut at = from.min(window.len());
        while let Some(len) =
            window[at..].iter().position(|byte| self.classes[usize::from(*byte)] != Class::Other)
        {
            at += len;
            match self.read(text, at) {
                Ok(Some(hit)) => {
                    at = hit.end.max(at + 1);
                    found.push(hit);
                }
                Ok(None) => at += passed(text, at),
                Err(More) => return self.pending(text, at),
            }
        }
        if text.is_end() { window.len() } else { self.pending(text, window.len()) }
    }

    /// Where something may have started that only the text at or after `to` identifies.
    fn pending(&self, text: &Text, to: usize) -> usize {
        let lowest = to.saturating_sub(HOLD);
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || b"._+-~%\\&#;".contains(byte);
        to - text.window()[lowest..to].iter().rev().take_while(|byte| part(byte)).count()
    }

    /// Finds the secret around the byte at `at`.
    fn read(&self, text: &Text, at: usize) -> Step<Option<Found>> {
        let (ch, len) = match self.classes[usize::from(text.window()[at])] {
            Class::Escape => {
                let unit = text.unit(at)?;
                (unit.ch, unit.len)
            }
            _ => (text.window()[at], 1),
        };
        let hit = |start: usize, end: usize, rule: RuleId| {
            Ok((!is_in_mark(text, start)).then_some(Found { start, end, rule }))
        };
        match ch {
            b'@' if self.email => {
                if let Some((start, end)) = email::find(text, at, len)? {
                    return hit(start, end, EMAIL);
                }
            }
            b'+' if self.phone => {
                if let Some(end) = phone::find(text, at, len)? {
                    return hit(at, end, PHONE);
                }
            }
            b':' if self.ip && len == 1 => {
                if let Some((start, end)) = address::v6(text, at)? {
                    return hit(start, end, IP);
                }
            }
            b'0'..=b'9' if len == 1 => {
                if self.iban
                    && text.before(at, 1).is_ascii_uppercase()
                    && let Some((start, end)) = iban::find(text, at)?
                {
                    return hit(start, end, IBAN);
                }
                if is_word(text.before(at, 1)) && is_word(text.unit_before(at, 0).ch) {
                    return Ok(None);
                }
                if self.ip
                    && let Some(end) = address::v4(text, at)?
                {
                    return hit(at, end, IP);
                }
                if !number::may_start(text, at) {
                    return Ok(None);
                }
                if self.card
                    && let Some(end) = number::card(text, at)?
                {
                    return hit(at, end, CARD);
                }
                if self.ssn
                    && let Some(end) = number::ssn(text, at)?
                {
                    return hit(at, end, SSN);
                }
            }
            _ => {}
        }
        Ok(None)
    }
}
