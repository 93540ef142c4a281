//! Reads settings from TOML.
//!
//! It does not stop at the first error. Each error is recorded with its line, and the rest of the file is read.

use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::read::read_file;
use super::setting::{Origin, Problem, Setting};
use super::settings::{Config, Custom, Format};
use super::style::{RuleStyle, RuleText};
use super::table::{Reader, Value};
use crate::error::Name;
use crate::redact::style::KeepJwt;
use crate::rules::custom::CustomRule;

/// The most bytes of a configuration.
const FILE_MAX: u64 = 64 * 1024 * 1024;

const KEYS: &[&str] = &[
    "rules",
    "style",
    "styles",
    "replacement",
    "replacements",
    "key-file",
    "keep-jwt",
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
    &["name", "summary", "keywords", "pattern", "examples", "counter-examples", "decode", "first"];
const FORMAT_KEYS: &[&str] = &["line", "secrets"];

impl Config {
    /// The settings in the file at `path`. Its errors are reported when the settings are loaded.
    pub fn read(path: &Path) -> Config {
        let name = Name::path(path);
        let broken = |origin: Origin, text: String| Config {
            problems: vec![Problem { origin, text }],
            ..Config::default()
        };
        let whole = Origin::Whole(name.clone());
        let bytes = match read_file(path, FILE_MAX) {
            Ok(bytes) if bytes.len() as u64 > FILE_MAX => {
                return broken(
                    whole,
                    "too large for a configuration file; is the path right?".to_owned(),
                );
            }
            Ok(bytes) => bytes,
            Err(reason) => {
                return broken(
                    whole,
                    format!(
                        "{reason}; name a file with settings, or use --no-config to run without"
                    ),
                );
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => parse(&text, name, path.parent().unwrap_or(Path::new(""))),
            Err(error) => {
                let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = 1 + memchr::memchr_iter(b'\n', valid).count();
                broken(
                    Origin::File { name, line },
                    "invalid UTF-8; a configuration file is UTF-8 text".to_owned(),
                )
            }
        }
    }
}

/// The settings in `text`, which is called `name`. Files that they name are relative to `base`.
fn parse(text: &str, name: Name, base: &Path) -> Config {
    let mut file = File { reader: Reader::new(name, text), base };

    // 1. Errors in the TOML syntax.
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let mut config = file.config(table.get_ref());
        config.problems = file.reader.problems;
        return config;
    }
    let mut offsets = Vec::new();
    for error in errors {
        let offset = error.span().unwrap_or_default().start;
        let origin = file.reader.origin(offset);
        if file.reader.problems.iter().all(|problem| problem.origin != origin) {
            offsets.push(offset);
            let text = format!("invalid TOML: {}; correct the line", described(error.message()));
            file.reader.problem(origin, text);
        }
    }

    // 2. The rest of the file, if each error is confined to its line. Otherwise the rest would be misread.
    if let Some(sound) = without_lines(text, &offsets) {
        let (table, errors) = DeTable::parse_recoverable(&sound);
        if errors.is_empty() {
            let damaged: Vec<Origin> =
                file.reader.problems.iter().map(|problem| problem.origin.clone()).collect();
            let mut config = file.config(table.get_ref());
            file.reader.problems.sort_by_key(|problem| !damaged.contains(&problem.origin));
            config.problems = file.reader.problems;
            return config;
        }
    }
    file.reader.problems.truncate(1);
    Config { problems: file.reader.problems, ..Config::default() }
}

/// The parser's message without its quotes from the file, which may have been named by mistake.
fn described(message: &str) -> String {
    let mut text = String::new();
    for (index, part) in message.lines().collect::<Vec<_>>().join(", ").split('`').enumerate() {
        // Backquotes enclose a quote from the file, or a mark that was expected.
        match index % 2 {
            0 => text.push_str(part),
            _ if part.chars().count() <= 2 => text.push_str(&format!("`{part}`")),
            _ => text.push_str("..."),
        }
    }
    text
}

/// `text` with the lines at `offsets` blanked. `None` if one of them is the header of a table, which the lines below it
/// depend on.
fn without_lines(text: &str, offsets: &[usize]) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    for offset in offsets {
        let offset = *offset.min(&text.trim_end_matches('\n').len());
        let start = memchr::memrchr(b'\n', &bytes[..offset]).map_or(0, |newline| newline + 1);
        let end = memchr::memchr(b'\n', &bytes[offset..]).map_or(bytes.len(), |len| offset + len);
        if bytes[start..end].trim_ascii_start().starts_with(b"[") {
            return None;
        }
        bytes[start..end].fill(b' ');
    }
    String::from_utf8(bytes).ok()
}

/// A file that is being read.
struct File<'a> {
    reader: Reader,
    base: &'a Path,
}

impl File<'_> {
    fn config(&mut self, table: &DeTable<'_>) -> Config {
        let mut config = Config::default();
        for (key, value) in table {
            let origin = self.reader.origin(key.span().start);
            let reader = &mut self.reader;
            match key.get_ref().as_ref() {
                "rules" => {
                    let list = reader.list("rules", value, r#"rules = "default,-cookie""#);
                    let items: Vec<String> = list.into_iter().map(|item| item.value).collect();
                    config.rules = Some(Setting::new(items.join(","), origin));
                }
                "keep-cookies" => {
                    config.keep_cookies =
                        reader.list("keep-cookies", value, r#"keep-cookies = ["theme"]"#);
                }
                "keys" => config.keys = reader.list("keys", value, r#"keys = ["x-pin"]"#),
                "allow" => self.allow(value, &mut config),
                "secrets-from-env" => {
                    config.secrets_from_env =
                        reader.list("secrets-from-env", value, r#"secrets-from-env = ["*_TOKEN"]"#);
                }
                "secrets-file" => {
                    let example = r#"secrets-file = "/etc/blackbar.secrets""#;
                    let files = reader.list("secrets-file", value, example);
                    let path =
                        |file: Setting<String>| Setting::new(self.path(&file.value), file.origin);
                    config.secrets_files = files.into_iter().map(path).collect();
                }
                "rule" => {
                    for (origin, table) in reader.tables("rule", value, "[[rule]]") {
                        let custom = self.rule(origin, table);
                        config.custom.push(custom);
                    }
                }
                "format" => {
                    for (origin, table) in reader.tables("format", value, "[[format]]") {
                        config.formats.extend(self.format(origin, table));
                    }
                }
                other => self.style(other, origin, value, &mut config),
            }
        }
        config
    }

    /// Reads a setting about replacements.
    fn style(&mut self, key: &str, origin: Origin, value: &Value<'_>, config: &mut Config) {
        let reader = &mut self.reader;
        match key {
            "style" => {
                let text = reader.string(key, value, r#"style = "label""#);
                config.style = text.and_then(|text| reader.parsed(origin, &text));
            }
            "styles" => {
                let example = r#"[styles] and below it cookie = "hmac""#;
                let item = |rule: &str| format!("the style of {rule}");
                for (rule, text) in reader.strings(key, value, &item, example) {
                    let kind = reader.parsed(text.origin, &text.value);
                    config.styles.extend(kind.map(|Setting { value: kind, origin }| {
                        Setting::new(RuleStyle { rule, kind }, origin)
                    }));
                }
            }
            "replacement" => {
                let text = reader.string(key, value, r#"replacement = "[gone]""#);
                config.replacement = text.map(|text| Setting::new(text, origin));
            }
            "replacements" => {
                let example = r#"[replacements] and below it cookie = "[cookie]""#;
                let item = |rule: &str| format!("the replacement of {rule}");
                for (rule, text) in reader.strings(key, value, &item, example) {
                    let own = RuleText { rule, text: text.value };
                    config.replacements.push(Setting::new(own, text.origin));
                }
            }
            "key-file" => {
                let text = reader.string(key, value, r#"key-file = "/etc/blackbar.key""#);
                config.key_file = text.map(|text| Setting::new(self.path(&text), origin));
            }
            "keep-jwt" => {
                let text = reader.string(key, value, r#"keep-jwt = "header""#);
                config.keep_jwt = text.and_then(|text| reader.parsed(origin, &text));
            }
            // An earlier form of `keep-jwt`.
            "keep-jwt-header" => {
                let keep = reader.boolean(key, value);
                let part = |keep| if keep { KeepJwt::Header } else { KeepJwt::Nothing };
                let setting = keep.map(|keep| Setting::new(part(keep), origin));
                config.keep_jwt = config.keep_jwt.take().or(setting);
            }
            unknown => reader.unknown(origin, unknown, "", KEYS),
        }
    }

    /// A path in the configuration, which is relative to its directory.
    fn path(&self, text: &str) -> PathBuf {
        self.base.join(text)
    }

    fn allow(&mut self, value: &Value<'_>, config: &mut Config) {
        let reader = &mut self.reader;
        let Some(table) = reader.table("allow", value, "[allow] and below it values = []") else {
            return;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "values" => {
                    config.allow_values =
                        reader.list("values", value, r#"values = ["guest-token"]"#);
                }
                "patterns" => {
                    config.allow_patterns =
                        reader.list("patterns", value, "patterns = ['test-\\d+']");
                }
                unknown => {
                    let origin = reader.origin(key.span().start);
                    reader.unknown(origin, unknown, " in [allow]", ALLOW_KEYS);
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
        let mut named = false;
        let reader = &mut self.reader;
        for (key, value) in table {
            let origin = reader.origin(key.span().start);
            let key = key.get_ref().as_ref();
            let rule = &mut custom.rule;
            match key {
                "name" => {
                    named = true;
                    rule.name = reader.string(key, value, r#"name = "badge""#).unwrap_or_default();
                    custom.name = Some(origin);
                }
                "summary" => {
                    let text = reader.string(key, value, r#"summary = "badge numbers""#);
                    rule.summary = text.unwrap_or_default();
                }
                "pattern" => {
                    let example = r"pattern = 'badge=(?<secret>\d{8})'";
                    rule.pattern = reader.string(key, value, example).unwrap_or_default();
                    custom.pattern = Some(origin);
                }
                "keywords" => {
                    let list = reader.list(key, value, r#"keywords = ["badge="]"#);
                    let (texts, origins) = unzip(list);
                    rule.keywords = texts;
                    custom.keywords = (Some(origin), origins);
                }
                "examples" => {
                    let list = reader.list(key, value, r#"examples = ["badge=«12345678»"]"#);
                    (rule.examples, custom.examples) = unzip(list);
                    if custom.examples.is_empty() {
                        custom.examples.push(origin);
                    }
                }
                "counter-examples" => {
                    let list = reader.list(key, value, r#"counter-examples = ["badge=none"]"#);
                    (rule.counter_examples, custom.counter_examples) = unzip(list);
                }
                "decode" => rule.decode = reader.boolean(key, value).unwrap_or_default(),
                "first" => rule.first = reader.boolean(key, value).unwrap_or_default(),
                unknown => reader.unknown(origin, unknown, " in [[rule]]", RULE_KEYS),
            }
        }
        // The rule's own check reports other missing parts. A name is required here, because messages refer to it.
        if !named {
            reader.problem(whole, r#"the rule has no name; give it one, as in name = "badge""#);
        }
        custom
    }

    fn format(&mut self, whole: Origin, table: &DeTable<'_>) -> Option<Format> {
        let mut line = None;
        let mut secrets = Vec::new();
        let mut has_line = false;
        let reader = &mut self.reader;
        for (key, value) in table {
            let origin = reader.origin(key.span().start);
            let key = key.get_ref().as_ref();
            match key {
                "line" => {
                    has_line = true;
                    line = reader
                        .string(key, value, r#"line = '$combined "$http_cookie"'"#)
                        .map(|text| Setting::new(text, origin));
                }
                "secrets" => {
                    let example = r#"secrets = { sid = "cookie" }"#;
                    let item = |_: &str| "a secret's rule".to_owned();
                    for (variable, rule) in reader.strings(key, value, &item, example) {
                        secrets.push((variable, rule));
                    }
                }
                unknown => reader.unknown(origin, unknown, " in [[format]]", FORMAT_KEYS),
            }
        }
        if !has_line {
            reader.problem(
                whole,
                r#"the format has no line; give it one, as in line = '$combined "$http_cookie"'"#,
            );
        }
        line.map(|line| Format { line, secrets })
    }
}

fn unzip(list: Vec<Setting<String>>) -> (Vec<String>, Vec<Origin>) {
    list.into_iter().map(|item| (item.value, item.origin)).unzip()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

        /// A damaged file is read to its end, and is either valid or has errors with line numbers.
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
