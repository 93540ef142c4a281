//! Tokens generated from the table of forms.

#![allow(dead_code)]

use crate::random::Random;
use regex_syntax::hir::{Class, Hir, HirKind};

/// A row of the table.
#[derive(Debug, Default)]
pub struct Row {
    pub title: &'static str,
    pub shape: std::borrow::Cow<'static, str>,
    pub then: &'static str,
    pub check: &'static str,
    pub near: &'static str,
    /// How the scan finds it: the name of the field and its value.
    pub keys: Vec<(&'static str, &'static str)>,
    pub yes: Vec<&'static str>,
    pub no: Vec<&'static str>,
    pub from: &'static str,
}

/// The rows of the table of tokens, in order.
pub fn rows() -> Vec<Row> {
    rows_of(include_str!("../../src/grammar/credential/forms.txt"))
}

/// The rows of the table of commands.
pub fn commands() -> Vec<Row> {
    rows_of(include_str!("../../src/grammar/credential/commands.txt"))
}

fn rows_of(table: &'static str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut parts: Vec<(&str, &str)> = Vec::new();
    for line in table.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with('{') {
            parts.push(line.split_once(' ').expect("a name and a part"));
            continue;
        }
        let Some(field) = line.strip_prefix("  ") else {
            rows.push(Row { title: line, ..Row::default() });
            continue;
        };
        let row = rows.last_mut().expect("a field belongs to a form");
        let (name, value) = field.split_at(8);
        match name.trim_end() {
            "shape" => {
                row.shape = value.into();
                for (name, part) in &parts {
                    row.shape = row.shape.replace(name, part).into();
                }
            }
            "then" => row.then = value,
            "check" => row.check = value,
            "near" => row.near = value,
            "yes" => row.yes.push(value),
            "no" => row.no.push(value),
            "from" => row.from = value,
            "start" => row.keys.push(("start", value)),
            "inside" => row.keys.push(("inside", value)),
            "padded" => row.keys.push(("padded", value)),
            "behind" => row.keys.push(("behind", value)),
            "word" => row.keys.push(("word", value)),
            "before" => row.keys.push(("before", value)),
            other => panic!("{other}: no field is called that"),
        }
    }
    rows
}

/// A text with a token in it: the text before it, the token, and the text after it within the shape.
#[derive(Clone, Debug, Default)]
pub struct Token {
    pub before: String,
    pub secret: String,
    pub after: String,
}

impl Row {
    pub fn provider(&self) -> &'static str {
        self.title.split_once(": ").expect("a provider").0
    }

    pub fn hir(&self) -> Hir {
        regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .parse(&self.shape)
            .unwrap_or_else(|error| panic!("{}: {error}", self.title))
    }

    /// A token of this form. With `least` it is as short as possible.
    pub fn token(&self, random: &mut Random, least: bool) -> Token {
        let hir = self.hir();
        for _ in 0..10_000 {
            let mut parts = [String::new(), String::new(), String::new()];
            let mut part = usize::from(!has_group(&hir));
            sample(&hir, random, least, &mut parts, &mut part);
            let [before, mut secret, after] = parts;
            // What is checked is the shape, whatever follows.
            let shaped = holds(self, &secret);
            let tail = match self.then {
                _ if least => 0,
                "" => 0,
                _ => 1 + random.next() as usize % 20,
            };
            let more = if self.then == "base64" { &[BASE62, b"+/+/+/"].concat() } else { BASE62 };
            secret.extend((0..tail).map(|_| pick(random, more)));
            if shaped
                && holds(self, &secret)
                && (self.keys.is_empty() || has_core(&before, &secret))
            {
                return Token { before, secret, after };
            }
        }
        panic!("{}: no token holds its checks", self.title);
    }
}

const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn pick(random: &mut Random, from: &[u8]) -> char {
    char::from(from[random.next() as usize % from.len()])
}

/// Whether a token has as many characters without a dot in a row as the search needs. Hashes of 22 characters, and some
/// other tokens with dots, may have not, and are then found only beside a name.
fn has_core(before: &str, secret: &str) -> bool {
    const CORE: usize = 20;
    (before.to_owned() + secret).split(['.', '$', '=']).any(|part| part.len() >= CORE)
}

/// Whether a generated token does not look like documentation, and ends where it should.
fn holds(row: &Row, secret: &str) -> bool {
    let bytes = secret.as_bytes();
    let mut seen = bytes.to_vec();
    seen.sort_unstable();
    seen.dedup();
    let changes = bytes
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() != pair[1].is_ascii_lowercase())
        .count();
    let last = bytes[bytes.len() - 1];
    seen.len() >= 8
        && (last.is_ascii_alphanumeric() || last == b'=')
        && (row.check.is_empty() || row.check == "mixed" || bytes.iter().any(u8::is_ascii_digit))
        && (!matches!(row.check, "mixed" | "random")
            || changes * 5 >= bytes.len()
                && bytes.iter().any(u8::is_ascii_uppercase)
                && bytes.iter().any(u8::is_ascii_lowercase))
}

fn has_group(hir: &Hir) -> bool {
    matches!(hir.kind(), HirKind::Capture(capture) if capture.name.is_some())
        || hir.kind().subs().iter().any(has_group)
}

fn sample(hir: &Hir, random: &mut Random, least: bool, parts: &mut [String; 3], part: &mut usize) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => parts[*part] += std::str::from_utf8(&literal.0).unwrap(),
        HirKind::Class(Class::Bytes(class)) => {
            let all: Vec<u8> =
                class.ranges().iter().flat_map(|range| range.start()..=range.end()).collect();
            let plain: Vec<u8> = all.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
            // Special characters are rarer than in random bytes, because two in a row can have another meaning.
            let from =
                if plain.is_empty() || random.next().is_multiple_of(40) { &all } else { &plain };
            parts[*part].push(pick(random, from));
        }
        HirKind::Class(Class::Unicode(_)) => unreachable!("shapes are of bytes"),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min);
            let spread = u64::from(most - repetition.min) + 1;
            let more = if least { 0 } else { random.next() % spread };
            for _ in 0..u64::from(repetition.min) + more {
                sample(&repetition.sub, random, least, parts, part);
            }
        }
        HirKind::Capture(capture) if capture.name.is_some() => {
            *part = 1;
            sample(&capture.sub, random, least, parts, part);
            *part = 2;
        }
        HirKind::Capture(capture) => sample(&capture.sub, random, least, parts, part),
        HirKind::Concat(subs) => {
            subs.iter().for_each(|sub| sample(sub, random, least, parts, part))
        }
        HirKind::Alternation(subs) => {
            sample(&subs[random.next() as usize % subs.len()], random, least, parts, part)
        }
    }
}
