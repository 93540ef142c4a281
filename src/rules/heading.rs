//! Headers by which logs name their own fields: `#Fields: date time cs(Cookie)`.
//!
//! A [`Heading`] defines how the header of a log starts, and which additional names are secrets. [`Header::read`] reads a line
//! of the log. [`columns`](super::columns) tracks the lines after it.

use super::secret_field::{Reading, SecretField};
use crate::grammar::key::{Class, classify};
use crate::span::RuleId;

/// Lines that start with this byte are headers and comments.
pub(super) const MARK: u8 = b'#';

/// How the lines start by which a log names its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// In any case, as `#Fields:`.
    text: String,
    /// Names of fields, and the secrets in them.
    secrets: Vec<(String, SecretField)>,
    /// The rules for fields with a known name, with their indices among the selected rules.
    rules: Vec<(&'static str, RuleId)>,
}

/// The rules that fields with a known name belong to.
const RULES: &[&str] = &["bearer", "cookie", "authorization", "oauth"];

impl Heading {
    pub fn new(text: &str, secrets: &[(&str, &str)]) -> Heading {
        let secret = |name: &str, rule: &str| {
            let class = class(name);
            let reading = match (rule, class) {
                ("cookie", Some(Class::Cookie)) => Reading::Cookies,
                ("cookie", Some(Class::SetCookie)) => Reading::SetCookie,
                ("authorization" | "bearer", Some(Class::Authorization)) => Reading::Authorization,
                _ => Reading::Whole,
            };
            SecretField { rule: rule.to_owned(), reading, place: None }
        };
        Heading {
            text: text.to_owned(),
            secrets: secrets
                .iter()
                .map(|(name, rule)| ((*name).to_owned(), secret(name, rule)))
                .collect(),
            rules: Vec::new(),
        }
    }

    /// The fields that were named as secrets.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretField> {
        self.secrets.iter().map(|(_, secret)| secret)
    }

    /// The same heading, with the indices of its rules.
    pub fn placed(mut self, place: impl Fn(&str) -> Option<RuleId>) -> Heading {
        for (_, secret) in &mut self.secrets {
            secret.place = place(&secret.rule);
        }
        self.rules = RULES.iter().filter_map(|rule| Some((*rule, place(rule)?))).collect();
        self
    }

    /// The text after the heading in `line`.
    fn strip<'l>(&self, line: &'l [u8]) -> Option<&'l [u8]> {
        let (start, rest) = line.split_at_checked(self.text.len())?;
        let rest = rest.strip_prefix(b":").unwrap_or(rest);
        (start.eq_ignore_ascii_case(self.text.as_bytes())
            && matches!(rest.first(), Some(b' ' | b'\t')))
        .then_some(rest)
    }

    /// The secret in the field called `name`.
    fn secret(&self, name: &[u8]) -> Option<SecretField> {
        let given =
            self.secrets.iter().find(|(given, _)| given.as_bytes().eq_ignore_ascii_case(name));
        if let Some((_, secret)) = given {
            return secret.place.map(|_| secret.clone());
        }
        let (rule, reading) = match class(std::str::from_utf8(name).ok()?)? {
            Class::Authorization => ("authorization", Reading::Authorization),
            Class::Cookie => ("cookie", Reading::Cookies),
            Class::SetCookie => ("cookie", Reading::SetCookie),
            Class::Session => ("cookie", Reading::Whole),
            Class::Header => ("authorization", Reading::Whole),
            Class::Param => ("oauth", Reading::Whole),
            Class::Bearer => ("bearer", Reading::Whole),
            _ => return None,
        };
        let (_, place) = self.rules.iter().find(|(name, _)| *name == rule)?;
        Some(SecretField { rule: rule.to_owned(), reading, place: Some(*place) })
    }
}

/// The class of a field by its name, for example `cs(Cookie)`, `cs-cookie` or `x-C(sid)`.
fn class(name: &str) -> Option<Class> {
    let name = match name.strip_suffix(')').and_then(|name| name.split_once('(')) {
        // Tomcat's field of one cookie.
        Some(("x-C", _)) => return Some(Class::Session),
        Some((_, name)) => name,
        None => ["cs-", "sc-", "rs-", "sr-"]
            .iter()
            .find_map(|prefix| name.strip_prefix(prefix))
            .unwrap_or(name),
    };
    classify(name.as_bytes()).map(|(class, _)| class)
}

/// A header of a log: the names of its fields.
#[derive(Debug)]
pub struct Header {
    /// The line.
    pub(super) line: Box<[u8]>,
    /// What each field has, up to the last one that has a secret.
    pub(super) fields: Box<[Kind]>,
    /// Fields are separated by tabs only, as the names are.
    pub(super) tabs: bool,
}

/// What a field has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Digits and these marks: a date, a time or a number. A line that has something else there is not described by the
    /// header.
    Digits(&'static str),
    SecretField(SecretField),
}

/// Names of fields whose values consist of digits and marks.
const DIGITS: &[(&str, &str)] = &[
    ("date", "-/"),
    ("time", ":."),
    ("time-taken", "-.,"),
    ("bytes", "-"),
    ("cs-bytes", "-"),
    ("sc-bytes", "-"),
    ("sc-status", "-"),
    ("sc-substatus", "-"),
    ("sc-win32-status", "-"),
    ("status", "-"),
    ("s-port", "-"),
    ("c-port", "-"),
];

/// Headers are compared by their text, because logs repeat them.
impl PartialEq for Header {
    fn eq(&self, other: &Header) -> bool {
        self.line == other.line
    }
}

impl Eq for Header {}

impl Header {
    /// Reads a line that starts with [`MARK`]. `None` if it is a comment.
    pub(super) fn read(line: &[u8], headings: &[Heading]) -> Option<Header> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let names = headings.iter().find_map(|heading| heading.strip(line))?;
        let tabs = names.contains(&b'\t');
        let kind = |name: &[u8]| {
            let of = headings.iter().filter(|heading| heading.strip(line).is_some());
            match of.filter_map(|heading| heading.secret(name)).next() {
                Some(secret) => Kind::SecretField(secret),
                None => DIGITS
                    .iter()
                    .find(|(digits, _)| digits.as_bytes() == name)
                    .map_or(Kind::Text, |(_, marks)| Kind::Digits(marks)),
            }
        };
        let mut fields: Vec<Kind> = names
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|name| !name.is_empty())
            .map(kind)
            .collect();
        let last = fields.iter().rposition(|kind| matches!(kind, Kind::SecretField(_)));
        fields.truncate(last.map_or(0, |last| last + 1));
        Some(Header { line: line.into(), fields: fields.into(), tabs })
    }
}
