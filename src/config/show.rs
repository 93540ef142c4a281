//! Prints settings as TOML that can be read again, each with its origin.

use std::fmt::{self, Display, Write};
use std::path::PathBuf;

use super::setting::{List, Origin, Setting};
use super::settings::{Config, KEY_VARIABLE};
use super::style::{StyleKind, jwt_name};
use crate::redact::style::KeepJwt;

/// The settings with their origins. Secrets are not printed, only the names of their files and variables.
impl fmt::Display for Config {
    // Long: one line for each setting.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 1. Settings with one value.
        let every = self.style.as_ref().map_or(StyleKind::Fixed, |setting| setting.value);
        line(
            f,
            "rules",
            self.rules.as_ref().map(|set| (quoted(&set.value), &set.origin)),
            &quoted("default"),
        )?;
        let style = self.style.as_ref().map(|set| (quoted(&set.value.to_string()), &set.origin));
        line(f, "style", style, &quoted(&StyleKind::Fixed.to_string()))?;
        let fixed = self.replacement.as_ref().map(|set| (quoted(&set.value), &set.origin));
        line(f, "replacement", fixed, &quoted("[REDACTED]"))?;
        let jwt = self.keep_jwt.as_ref().map(|set| (quoted(jwt_name(set.value)), &set.origin));
        line(f, "keep-jwt", jwt, &quoted(jwt_name(KeepJwt::Nothing)))?;
        match &self.key_file {
            Some(set) => {
                let path = absolute(&set.value);
                line(f, "key-file", Some((quoted(&path), &set.origin)), "")?;
            }
            None => {
                let hmac =
                    every.is_hmac() || self.styles.iter().any(|set| set.value.kind.is_hmac());
                let from = match (hmac, std::env::var_os(KEY_VARIABLE).is_some()) {
                    (true, true) => format!("the key is in the variable {KEY_VARIABLE}"),
                    _ => "not set".to_owned(),
                };
                writeln!(f, "# key-file  # {from}")?;
            }
        }

        // 2. Lists.
        strings(f, "keep-cookies", &self.keep_cookies)?;
        strings(f, "keys", &self.keys)?;
        strings(f, "secrets-from-env", &self.secrets_from_env)?;
        let file = |set: &Setting<PathBuf>| Setting::new(absolute(&set.value), set.origin.clone());
        let files: List<String> = self.secrets_files.iter().map(file).collect();
        strings(f, "secrets-file", &files)?;

        // 3. Tables.
        let styles = self
            .styles
            .iter()
            .map(|set| (&set.value.rule, set.value.kind.to_string(), &set.origin));
        by_rule(f, "styles", styles.collect())?;
        let texts = self
            .replacements
            .iter()
            .map(|set| (&set.value.rule, set.value.text.clone(), &set.origin));
        by_rule(f, "replacements", texts.collect())?;
        if !self.allow_values.is_empty() || !self.allow_patterns.is_empty() {
            writeln!(f, "\n[allow]")?;
            strings(f, "values", &self.allow_values)?;
            strings(f, "patterns", &self.allow_patterns)?;
        }
        for custom in &self.custom {
            let rule = &custom.rule;
            writeln!(f, "\n[[rule]]  # {}", custom.whole)?;
            writeln!(f, "name = {}", quoted(&rule.name))?;
            if !rule.summary.is_empty() {
                writeln!(f, "summary = {}", quoted(&rule.summary))?;
            }
            if !rule.keywords.is_empty() {
                writeln!(f, "keywords = {}", array(&rule.keywords))?;
            }
            writeln!(f, "pattern = {}", quoted(&rule.pattern))?;
            writeln!(f, "examples = {}", array(&rule.examples))?;
            if !rule.counter_examples.is_empty() {
                writeln!(f, "counter-examples = {}", array(&rule.counter_examples))?;
            }
            for (name, on) in [("decode", rule.decode), ("first", rule.first)] {
                if on {
                    writeln!(f, "{name} = true")?;
                }
            }
        }
        for format in &self.formats {
            writeln!(f, "\n[[format]]  # {}", format.line.origin)?;
            writeln!(f, "line = {}", quoted(&format.line.value))?;
            if !format.secrets.is_empty() {
                let secrets: Vec<String> = format
                    .secrets
                    .iter()
                    .map(|(variable, rule)| format!("{} = {}", key(variable), quoted(&rule.value)))
                    .collect();
                writeln!(f, "secrets = {{ {} }}", secrets.join(", "))?;
            }
        }
        Ok(())
    }
}

/// A setting, or its default.
fn line(
    f: &mut fmt::Formatter<'_>,
    key: &str,
    set: Option<(String, &Origin)>,
    default: &str,
) -> fmt::Result {
    match set {
        Some((value, origin)) => writeln!(f, "{key} = {value}  # {origin}"),
        None => writeln!(f, "{key} = {default}  # default"),
    }
}

/// A table with a value for each rule. The last value for a rule counts.
fn by_rule(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    items: Vec<(&String, String, &Origin)>,
) -> fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n[{name}]")?;
    for (index, (rule, text, origin)) in items.iter().enumerate() {
        if items[index + 1..].iter().all(|(again, ..)| again != rule) {
            writeln!(f, "{} = {}  # {origin}", key(rule), quoted(text))?;
        }
    }
    Ok(())
}

/// A list of strings.
fn strings(f: &mut fmt::Formatter<'_>, key: &str, list: &List<String>) -> fmt::Result {
    let Some(first) = list.first() else { return writeln!(f, "{key} = []  # default") };
    if list.iter().all(|item| item.origin == first.origin) {
        let items: Vec<&String> = list.iter().map(|item| &item.value).collect();
        return writeln!(f, "{key} = {}  # {}", array(&items), first.origin);
    }
    writeln!(f, "{key} = [")?;
    for item in list {
        writeln!(f, "  {},  # {}", quoted(&item.value), item.origin)?;
    }
    writeln!(f, "]")
}

fn array(items: &[impl Display]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(&item.to_string())).collect();
    format!("[{}]", items.join(", "))
}

/// A path that is valid in every working directory.
fn absolute(path: &std::path::Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

fn key(text: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !text.is_empty() && text.bytes().all(bare) { text.to_owned() } else { quoted(text) }
}

/// A string in TOML, as a literal string if possible, because patterns are full of backslashes.
fn quoted(text: &str) -> String {
    let plain = |c: char| !c.is_control() && c != '\'';
    if text.contains(['\\', '"']) && text.chars().all(plain) {
        return format!("'{text}'");
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    #[test]
    fn strings_are_read_as_they_were() {
        for text in ["", "a", "it's", r"\d+", r#"a"b"#, "it's \\ \"", "a\nb\t\u{1}\u{85}é«»", "#"]
        {
            let line = format!("{} = {}", key("a.b"), quoted(text));
            let table = DeTable::parse(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
            let value = table.get_ref().values().next().unwrap();
            assert_eq!(value.get_ref().as_str(), Some(text), "{line}");
        }
    }
}
