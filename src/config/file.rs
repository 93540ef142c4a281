//! Settings as TOML.
//!
//! Nothing here stops at the first mistake: what is wrong is noted with its line, and the rest is read.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::settings::{
    Config, Custom, Format, List, Origin, Problem, RuleStyle, Setting, read_file,
};
use crate::error::Name;
use crate::rules::custom::CustomRule;
use crate::rules::near::nearest;

/// The most bytes of a configuration.
const FILE_MAX: u64 = 4 * 1024 * 1024;

const KEYS: &[&str] = &[
    "rules",
    "style",
    "styles",
    "replacement",
    "key-file",
    "keep-jwt-header",
    "keep-cookies",
    "keys",
    "allow",
    "secrets-from-env",
    "secrets-file",
    "rule",
    "format",
];
const ALLOW_KEYS: &[&str] = &["values", "patterns"];
const RULE_KEYS: &[&str] =
    &["name", "summary", "keywords", "pattern", "examples", "counter-examples"];
const FORMAT_KEYS: &[&str] = &["line", "secrets"];

/// The settings of the file at `path`.
pub(super) fn read(path: &Path) -> Config {
    let name = Name::path(path);
    let broken = |text: String| Config {
        problems: vec![Problem { origin: Origin::Whole(name.clone()), text }],
        ..Config::default()
    };
    let bytes = match read_file(path, FILE_MAX) {
        Ok(bytes) if bytes.len() as u64 > FILE_MAX => {
            return broken("too long for a configuration; is it another file?".to_owned());
        }
        Ok(bytes) => bytes,
        Err(reason) => {
            return broken(format!(
                "{reason}; settings are to be in it, and --no-config goes on without"
            ));
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => parse(&text, name, path.parent().unwrap_or(Path::new(""))),
        Err(error) => {
            let line = 1 + memchr::memchr_iter(
                b'\n',
                &error.as_bytes()[..error.utf8_error().valid_up_to()],
            )
            .count();
            Config {
                problems: vec![Problem {
                    origin: Origin::File { name, line },
                    text: "is not UTF-8; a configuration has to be".to_owned(),
                }],
                ..Config::default()
            }
        }
    }
}

/// The settings in `text`, which is called `name`. Files that they name are relative to `base`.
fn parse(text: &str, name: Name, base: &Path) -> Config {
    let mut reader = Reader { name, text, base, problems: Vec::new() };

    // 1. What is no TOML. What the parser makes of the rest of such a line says nothing.
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut damaged = Vec::new();
    for error in errors {
        let origin = reader.origin(error.span().unwrap_or_default().start);
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        if !damaged.contains(&origin) {
            damaged.push(origin.clone());
            reader
                .problems
                .push(Problem { origin, text: format!("is no TOML: {message}; correct it there") });
        }
    }

    // 2. What it means.
    let mut config = reader.config(table.get_ref());
    let told = reader.problems.split_off(damaged.len());
    reader.problems.extend(told.into_iter().filter(|problem| !damaged.contains(&problem.origin)));
    config.problems = reader.problems;
    config
}

struct Reader<'a> {
    name: Name,
    text: &'a str,
    base: &'a Path,
    problems: Vec<Problem>,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn origin(&self, offset: usize) -> Origin {
        // What is missing at the end is missing from the last line, which a line feed ends.
        let end = self.text.trim_end_matches('\n').len();
        let before = &self.text.as_bytes()[..offset.min(end)];
        Origin::File {
            name: self.name.clone(),
            line: 1 + memchr::memchr_iter(b'\n', before).count(),
        }
    }

    fn problem(&mut self, origin: Origin, text: impl Into<String>) {
        self.problems.push(Problem { origin, text: text.into() });
    }

    fn config(&mut self, table: &DeTable<'_>) -> Config {
        let mut config = Config::default();
        for (key, value) in table {
            let origin = self.origin(key.span().start);
            match key.get_ref().as_ref() {
                "rules" => {
                    let list = self.list("rules", value, r#"rules = "default,-cookie""#);
                    config.rules = list.map(|items| {
                        let items: Vec<String> = items.into_iter().map(|item| item.value).collect();
                        Setting::new(items.join(","), origin)
                    });
                }
                "style" => {
                    config.style = self
                        .string("style", value, r#"style = "label""#)
                        .and_then(|text| self.parsed(origin, &text));
                }
                "styles" => config.styles = self.styles(value),
                "replacement" => {
                    config.replacement = self
                        .string("replacement", value, r#"replacement = "[gone]""#)
                        .map(|text| Setting::new(text, origin));
                }
                "key-file" => {
                    config.key_file = self
                        .string("key-file", value, r#"key-file = "/etc/blackbar.key""#)
                        .map(|text| Setting::new(self.path(&text), origin));
                }
                "keep-jwt-header" => match value.get_ref().as_bool() {
                    Some(keep) => config.keep_jwt_header = Some(Setting::new(keep, origin)),
                    None => self.wrong(
                        "keep-jwt-header",
                        "true or false",
                        value,
                        "keep-jwt-header = true",
                    ),
                },
                "keep-cookies" => {
                    config.keep_cookies =
                        self.list("keep-cookies", value, r#"keep-cookies = ["theme"]"#);
                }
                "keys" => config.keys = self.list("keys", value, r#"keys = ["x-pin"]"#),
                "allow" => self.allow(value, &mut config),
                "secrets-from-env" => {
                    config.secrets_from_env =
                        self.list("secrets-from-env", value, r#"secrets-from-env = ["*_TOKEN"]"#);
                }
                "secrets-file" => {
                    let files = self.list(
                        "secrets-file",
                        value,
                        r#"secrets-file = "/etc/blackbar.secrets""#,
                    );
                    let path =
                        |file: Setting<String>| Setting::new(self.path(&file.value), file.origin);
                    config.secrets_files = files.map(|files| files.into_iter().map(path).collect());
                }
                "rule" => {
                    for (origin, table) in self.tables("rule", value, "[[rule]]") {
                        let custom = self.rule(origin, table);
                        config.custom.push(custom);
                    }
                }
                "format" => {
                    for (origin, table) in self.tables("format", value, "[[format]]") {
                        config.formats.extend(self.format(origin, table));
                    }
                }
                unknown => self.unknown(origin, unknown, "", KEYS),
            }
        }
        config
    }

    /// A file that is named, from where the configuration is.
    fn path(&self, text: &str) -> PathBuf {
        self.base.join(text)
    }

    /// A word that stands for something.
    fn parsed<T: std::str::FromStr<Err = String>>(
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

    fn styles(&mut self, value: &Value<'_>) -> Vec<Setting<RuleStyle>> {
        let mut styles = Vec::new();
        let Some(table) = self.table("styles", value, r#"[styles] and below it cookie = "hmac""#)
        else {
            return styles;
        };
        for (key, value) in table {
            let (rule, origin) = (key.get_ref().to_string(), self.origin(key.span().start));
            let kind = self
                .string(&format!("the style of {rule}"), value, r#"cookie = "hmac""#)
                .and_then(|text| self.parsed(origin, &text));
            styles.extend(kind.map(|Setting { value: kind, origin }| {
                Setting::new(RuleStyle { rule, kind }, origin)
            }));
        }
        styles
    }

    fn allow(&mut self, value: &Value<'_>, config: &mut Config) {
        let Some(table) = self.table("allow", value, "[allow] and below it values = []") else {
            return;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "values" => {
                    config.allow_values = self.list("values", value, r#"values = ["guest-token"]"#);
                }
                "patterns" => {
                    config.allow_patterns =
                        self.list("patterns", value, "patterns = ['test-\\d+']");
                }
                unknown => {
                    self.unknown(self.origin(key.span().start), unknown, " in [allow]", ALLOW_KEYS)
                }
            }
        }
    }

    fn rule(&mut self, whole: Origin, table: &DeTable<'_>) -> Custom {
        let mut custom = Custom {
            rule: CustomRule::default(),
            whole: whole.clone(),
            name: None,
            pattern: None,
            keywords: (None, Vec::new()),
            examples: Vec::new(),
            counter_examples: Vec::new(),
        };
        let mut missing = vec!["name", "keywords", "pattern", "examples"];
        for (key, value) in table {
            let origin = self.origin(key.span().start);
            let key = key.get_ref().as_ref();
            missing.retain(|missing| *missing != key);
            match key {
                "name" => {
                    custom.rule.name =
                        self.string("name", value, r#"name = "badge""#).unwrap_or_default();
                    custom.name = Some(origin);
                }
                "summary" => {
                    custom.rule.summary = self
                        .string("summary", value, r#"summary = "badge numbers""#)
                        .unwrap_or_default();
                }
                "pattern" => {
                    custom.rule.pattern = self
                        .string("pattern", value, r"pattern = 'badge=(?<secret>\d{8})'")
                        .unwrap_or_default();
                    custom.pattern = Some(origin);
                }
                "keywords" => {
                    let list = self.list(key, value, r#"keywords = ["badge="]"#);
                    let (texts, origins) = unzip(list);
                    custom.rule.keywords = texts;
                    custom.keywords = (Some(origin), origins);
                }
                "examples" => {
                    let list = self.list(key, value, r#"examples = ["badge=«12345678»"]"#);
                    (custom.rule.examples, custom.examples) = unzip(list);
                    if custom.examples.is_empty() {
                        custom.examples.push(origin);
                    }
                }
                "counter-examples" => {
                    let list = self.list(key, value, r#"counter-examples = ["badge=none"]"#);
                    (custom.rule.counter_examples, custom.counter_examples) = unzip(list);
                }
                unknown => self.unknown(origin, unknown, " in [[rule]]", RULE_KEYS),
            }
        }
        // What its check would say is said better there, but for a name, which is how others tell of it.
        if missing.contains(&"name") {
            self.problem(whole, r#"the rule has no name; give it one, as in name = "badge""#);
        }
        custom
    }

    fn format(&mut self, whole: Origin, table: &DeTable<'_>) -> Option<Format> {
        let mut line = None;
        let mut secrets = Vec::new();
        let mut has_line = false;
        for (key, value) in table {
            let origin = self.origin(key.span().start);
            match key.get_ref().as_ref() {
                "line" => {
                    has_line = true;
                    line = self
                        .string("line", value, r#"line = '$combined "$http_cookie"'"#)
                        .map(|text| Setting::new(text, origin));
                }
                "secrets" => {
                    let Some(table) =
                        self.table("secrets", value, r#"secrets = { sid = "cookie" }"#)
                    else {
                        continue;
                    };
                    for (variable, value) in table {
                        let origin = self.origin(variable.span().start);
                        let variable = variable.get_ref().trim_start_matches('$').to_owned();
                        let rule = self.string(
                            "a secret's rule",
                            value,
                            r#"secrets = { sid = "cookie" }"#,
                        );
                        secrets.extend(rule.map(|rule| (variable, Setting::new(rule, origin))));
                    }
                }
                unknown => self.unknown(origin, unknown, " in [[format]]", FORMAT_KEYS),
            }
        }
        if !has_line {
            self.problem(
                whole,
                r#"the format has no line; give it one, as in line = '$combined "$http_cookie"'"#,
            );
        }
        line.map(|line| Format { line, secrets })
    }

    fn string(&mut self, what: &str, value: &Value<'_>, example: &str) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong(what, "a string", value, example);
                None
            }
        }
    }

    /// A list of strings, or one of them alone.
    fn list(&mut self, what: &str, value: &Value<'_>, example: &str) -> List<String> {
        match value.get_ref() {
            DeValue::String(text) => {
                Some(vec![Setting::new(text.to_string(), self.origin(value.span().start))])
            }
            DeValue::Array(items) => {
                let mut list = Vec::new();
                for item in items {
                    let origin = self.origin(item.span().start);
                    match item.get_ref() {
                        DeValue::String(text) => list.push(Setting::new(text.to_string(), origin)),
                        _ => self.wrong(what, "a list of strings", item, example),
                    }
                }
                Some(list)
            }
            _ => {
                self.wrong(what, "a list of strings", value, example);
                None
            }
        }
    }

    fn table<'v, 'i>(
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

    /// The tables of an array, and where each starts.
    fn tables<'v, 'i>(
        &mut self,
        what: &str,
        value: &'v Value<'i>,
        example: &str,
    ) -> Vec<(Origin, &'v DeTable<'i>)> {
        let mut tables = Vec::new();
        match value.get_ref() {
            DeValue::Array(items) => {
                for item in items {
                    match item.get_ref() {
                        DeValue::Table(table) => {
                            tables.push((self.origin(item.span().start), table))
                        }
                        _ => self.wrong(what, "an array of tables", item, example),
                    }
                }
            }
            _ => self.wrong(what, "an array of tables", value, example),
        }
        tables
    }

    fn wrong(&mut self, what: &str, needed: &str, value: &Value<'_>, example: &str) {
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
            format!("{what} is {needed}, and this is {found}; write it as in {example}"),
        );
    }

    fn unknown(&mut self, origin: Origin, key: &str, place: &str, known: &[&str]) {
        let near = nearest(&key.replace('_', "-"), known.iter().copied());
        let advice = match near {
            Some(near) => format!("is it {near}?"),
            None => format!("there are {}", known.join(", ")),
        };
        self.problem(origin, format!("there is no key '{}'{place}; {advice}", key.escape_debug()));
    }
}

fn unzip(list: List<String>) -> (Vec<String>, Vec<Origin>) {
    list.unwrap_or_default().into_iter().map(|item| (item.value, item.origin)).unzip()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

        /// Whatever becomes of a file, it is read to its end, and either taken or told what is wrong, line by line.
        #[test]
        fn a_damaged_file_is_told_from_a_sound_one(
            cuts in proptest::collection::vec((0usize..5000, 0usize..60, "[\\[\\]=\"'a-z #\n{},.(?<)0-9\\\\-]{0,6}"), 0..4),
        ) {
            let mut text = include_str!("../../tests/config/blackbar.toml").to_owned();
            for (at, len, by) in cuts {
                let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
                let end = (at..=text.len().min(at + len)).rev().find(|end| text.is_char_boundary(*end));
                text.replace_range(at..end.unwrap_or(at), &by);
            }
            let name = Name::path(Path::new("c.toml"));
            if let Err(problems) = parse(&text, name, Path::new("")).check() {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    let shown = problem.to_string();
                    prop_assert_eq!(shown.lines().count(), 1, "{}", shown);
                    let Origin::File { line, .. } = problem.origin else {
                        return Err(TestCaseError::fail(shown));
                    };
                    prop_assert!(line <= text.lines().count().max(1), "{}", shown);
                }
            }
        }
    }
}
