//! Whether the text around a keyword has room for a token of a form.
//!
//! Most keywords in a text are part of a word or a name, and too little of what may be in a token is around them. That is
//! seen without the automaton of the form, which takes millions of instructions to build.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::grammar::credential::escaped::ESCAPED;
use crate::grammar::credential::outline::Bytes;
use crate::grammar::text::lex::{Step, Text};

/// What a match consists of.
#[derive(Debug)]
pub(super) struct Room {
    /// The bytes that may be in it.
    bytes: Bytes,
    /// The fewest bytes of a match.
    least: usize,
    /// The most bytes of it before the keyword.
    before: usize,
}

impl Room {
    /// For the pattern of a form without its escapes.
    pub fn new(shape: &Hir, before: usize) -> Room {
        let mut bytes = Box::new([false; 256]);
        add(shape, &mut bytes);
        if ESCAPED.iter().any(|byte| bytes[usize::from(*byte)]) {
            b"%\\u0123456789abcdefABCDEF".iter().for_each(|byte| bytes[usize::from(*byte)] = true);
        }
        Room { bytes, least: shape.properties().minimum_len().unwrap_or(0), before }
    }

    /// Whether the keyword at `at` has enough of these bytes around it.
    pub fn is_around(&self, text: &Text, at: usize) -> Step<bool> {
        let holds = |byte: u8| self.bytes[usize::from(byte)];
        let before = (1..=self.before).take_while(|k| holds(text.before(at, *k))).count();
        let wanted = self.least.saturating_sub(before);
        let rest = text.window()[at..].iter().take(wanted);
        let len = rest.take_while(|byte| holds(**byte)).count();
        Ok(len == wanted || at + len == text.window().len() && text.at(at + len).map(|_| false)?)
    }
}

/// Adds what a pattern may match to `bytes`.
fn add(hir: &Hir, bytes: &mut [bool; 256]) {
    match hir.kind() {
        HirKind::Literal(literal) => {
            literal.0.iter().for_each(|byte| bytes[usize::from(*byte)] = true);
        }
        HirKind::Class(Class::Bytes(class)) => class
            .iter()
            .flat_map(|range| range.start()..=range.end())
            .for_each(|byte| bytes[usize::from(byte)] = true),
        // Patterns of built-in forms have no others.
        HirKind::Class(Class::Unicode(_)) => bytes.fill(true),
        kind => kind.subs().iter().for_each(|sub| add(sub, bytes)),
    }
}
