//! Reads values from TOML, and records errors with their lines.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::setting::{List, Origin, Problem, Setting};
use crate::error::Name;
use crate::rules::suggest::nearest;

pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// Reads the values of a file, and records a problem for each that has another type. In its methods, `what` is the key's name
/// as a message shows it, and `example` a right line for that message.
pub(super) struct Reader {
    name: Name,
    /// The offsets of newlines.
    newlines: Vec<usize>,
    /// The end of the text without final newlines.
    end: usize,
    pub problems: Vec<Problem>,
}

impl Reader {
    /// A reader for `text`, the file called `name`.
    pub fn new(name: Name, text: &str) -> Reader {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        let end = text.trim_end_matches('\n').len();
        Reader { name, newlines, end, problems: Vec::new() }
    }

    /// The line of the byte at `offset`.
    pub fn origin(&self, offset: usize) -> Origin {
        // An error at the end of the file belongs to its last line.
        let offset = offset.min(self.end);
        let line = 1 + self.newlines.partition_point(|newline| *newline < offset);
        Origin::File { name: self.name.clone(), line }
    }

    pub fn problem(&mut self, origin: Origin, text: impl Into<String>) {
        self.problems.push(Problem { origin, text: text.into() });
    }

    /// A value that is parsed from a string.
    pub fn parsed<T: std::str::FromStr<Err = String>>(
        &mut self,
        origin: Origin,
        text: &str,
    ) -> Option<Setting<T>> {
        match text.parse() {
            Ok(value) => Some(Setting::new(value, origin)),
            Err(error) => {
                self.problem(origin, error);
                None
            }
        }
    }

    pub fn string(&mut self, what: &str, value: &Value<'_>, example: &str) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong(what, "a string", value, example);
                None
            }
        }
    }

    pub fn boolean(&mut self, what: &str, value: &Value<'_>) -> Option<bool> {
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong(what, "true or false", value, &format!("{what} = true"));
        }
        found
    }

    /// A list of strings, or a single string.
    pub fn list(&mut self, what: &str, value: &Value<'_>, example: &str) -> List<String> {
        let mut list = Vec::new();
        match value.get_ref() {
            DeValue::String(text) => {
                list.push(Setting::new(text.to_string(), self.origin(value.span().start)));
            }
            DeValue::Array(items) => {
                for item in items {
                    match item.get_ref() {
                        DeValue::String(text) => {
                            let origin = self.origin(item.span().start);
                            list.push(Setting::new(text.to_string(), origin));
                        }
                        _ => self.wrong(what, "a list of strings", item, example),
                    }
                }
            }
            _ => self.wrong(what, "a list of strings", value, example),
        }
        list
    }

    pub fn table<'v, 'i>(
        &mut self,
        what: &str,
        value: &'v Value<'i>,
        example: &str,
    ) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(what, "a table", value, example);
        }
        table
    }

    /// The strings of a table, with their keys and origins.
    pub fn strings(
        &mut self,
        what: &str,
        value: &Value<'_>,
        item: &dyn Fn(&str) -> String,
        example: &str,
    ) -> Vec<(String, Setting<String>)> {
        let mut found = Vec::new();
        for (key, value) in self.table(what, value, example).into_iter().flatten() {
            let origin = self.origin(key.span().start);
            if let Some(text) = self.string(&item(key.get_ref()), value, example) {
                found.push((key.get_ref().to_string(), Setting::new(text, origin)));
            }
        }
        found
    }

    /// The tables of an array, with their origins.
    pub fn tables<'v, 'i>(
        &mut self,
        what: &str,
        value: &'v Value<'i>,
        example: &str,
    ) -> Vec<(Origin, &'v DeTable<'i>)> {
        let mut tables = Vec::new();
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(what, "an array of tables", value, example);
            return tables;
        };
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => tables.push((self.origin(item.span().start), table)),
                _ => self.wrong(what, "an array of tables", item, example),
            }
        }
        tables
    }

    pub fn wrong(&mut self, what: &str, needed: &str, value: &Value<'_>, example: &str) {
        let origin = self.origin(value.span().start);
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.problem(
            origin,
            format!("{what} has to be {needed}, not {found}; for example {example}"),
        );
    }

    pub fn unknown(&mut self, origin: Origin, key: &str, place: &str, known: &[&str]) {
        let near = nearest(&key.replace('_', "-"), known.iter().copied());
        let advice = match near {
            Some(near) => format!("did you mean {near}?"),
            None => format!("the keys are {}", known.join(", ")),
        };
        // In a file that was named by mistake, a key may be anything.
        let plain = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_');
        let key = match near.is_some() || key.len() <= KEY_SHOWN && key.bytes().all(plain) {
            true => format!("key '{}'", key.escape_debug()),
            false => "such key".to_owned(),
        };
        self.problem(origin, format!("there is no {key}{place}; {advice}"));
    }
}

/// The longest unknown key that is shown, in bytes.
const KEY_SHOWN: usize = 20;
