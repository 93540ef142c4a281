//! The settings, each with its [`Origin`]: a file, the command line or the environment.
//!
//! A [`Config`] is read from a file (`file`), merged with others, printed (`show`) and loaded (`load`). Loading checks all
//! of it, and returns either a rule set and styles, or all problems.

use std::path::PathBuf;

use super::setting::{List, Origin, Problem, Setting};
use super::style::{RuleStyle, RuleText, StyleKind};
use crate::redact::style::{KeepJwt, Styles};
use crate::rules::custom::CustomRule;
use crate::rules::fault::Part;
use crate::rules::ruleset::Ruleset;

/// The environment variable with the key for pseudonyms, if there is no key file.
pub(super) const KEY_VARIABLE: &str = "BLACKBAR_KEY";

/// Rules that exist only if keys or values are given.
pub(super) const GIVEN: [&str; 2] = ["key", "known"];

/// A custom rule, and the origins of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Custom {
    pub(super) rule: CustomRule,
    pub(super) whole: Origin,
    pub(super) name: Option<Origin>,
    pub(super) pattern: Option<Origin>,
    pub(super) keywords: (Option<Origin>, Vec<Origin>),
    pub(super) examples: Vec<Origin>,
    pub(super) counter_examples: Vec<Origin>,
}

impl Custom {
    /// The origin of a part.
    pub(super) fn origin(&self, part: Part) -> &Origin {
        let found = match part {
            Part::Name => self.name.as_ref(),
            Part::Pattern => self.pattern.as_ref(),
            Part::Keywords => self.keywords.0.as_ref(),
            Part::Keyword(index) => self.keywords.1.get(index),
            Part::Example(index) => self.examples.get(index),
            Part::CounterExample(index) => self.counter_examples.get(index),
        };
        found.unwrap_or(&self.whole)
    }
}

/// The format of a log's lines, with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) line: Setting<String>,
    /// Variables, with the rules that they belong to.
    pub(super) secrets: Vec<(String, Setting<String>)>,
}

/// Settings. A setting that is missing has its default.
///
/// ```no_run
/// use std::path::Path;
/// use blackbar::{Config, Redactor};
///
/// match Config::read(Path::new("/etc/blackbar.toml")).load() {
///     Ok(loaded) => {
///         let redactor = Redactor::styled(&loaded.ruleset, &loaded.styles);
///         // ...
///     }
///     Err(problems) => problems.iter().for_each(|problem| eprintln!("{problem}")),
/// }
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Config {
    /// The selection of rules, as a list for [`Builder::select`](crate::Builder::select).
    pub rules: Option<Setting<String>>,
    /// The style of every rule that is not in `styles`.
    pub style: Option<Setting<StyleKind>>,
    /// Styles of rules. The last one for a rule counts.
    pub styles: Vec<Setting<RuleStyle>>,
    /// The text of the style `fixed`.
    pub replacement: Option<Setting<String>>,
    /// Texts of the style `fixed` for single rules. The last one for a rule counts.
    pub replacements: Vec<Setting<RuleText>>,
    /// The file with the key for pseudonyms.
    pub key_file: Option<Setting<PathBuf>>,
    /// The part of a JWT that is kept.
    pub keep_jwt: Option<Setting<KeepJwt>>,
    /// Names of cookies whose values are kept.
    pub keep_cookies: List<String>,
    /// Keys whose values are redacted.
    pub keys: List<String>,
    /// Values that are kept.
    pub allow_values: List<String>,
    /// Patterns of values that are kept.
    pub allow_patterns: List<String>,
    /// Globs for names of environment variables whose values are redacted.
    pub secrets_from_env: List<String>,
    /// Files with values that are redacted.
    pub secrets_files: List<PathBuf>,
    pub(super) custom: Vec<Custom>,
    pub(super) formats: Vec<Format>,
    /// Problems in the files that the settings were read from.
    pub(super) problems: Vec<Problem>,
}

/// A loaded configuration.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The rules.
    pub ruleset: Ruleset,
    /// The replacements.
    pub styles: Styles,
    /// Warnings.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// Merges the settings with those of `below`. These take precedence; lists are combined.
    pub fn over(self, below: Config) -> Config {
        // A style for all rules overrides the styles of single rules in the other settings.
        let mut styles = if self.style.is_some() { Vec::new() } else { below.styles };
        styles.extend(self.styles);
        let mut replacements =
            if self.replacement.is_some() { Vec::new() } else { below.replacements };
        replacements.extend(self.replacements);
        // A list that starts with a sign changes the selection of the other settings.
        let rules = match (self.rules, below.rules) {
            (Some(ours), Some(theirs)) if ours.value.trim_start().starts_with(['-', '+']) => {
                Some(Setting::new(format!("{},{}", theirs.value, ours.value), ours.origin))
            }
            (ours, theirs) => ours.or(theirs),
        };
        Config {
            rules,
            style: self.style.or(below.style),
            styles,
            replacement: self.replacement.or(below.replacement),
            key_file: self.key_file.or(below.key_file),
            replacements,
            keep_jwt: self.keep_jwt.or(below.keep_jwt),
            keep_cookies: joined(below.keep_cookies, self.keep_cookies),
            keys: joined(below.keys, self.keys),
            allow_values: joined(below.allow_values, self.allow_values),
            allow_patterns: joined(below.allow_patterns, self.allow_patterns),
            secrets_from_env: joined(below.secrets_from_env, self.secrets_from_env),
            secrets_files: joined(below.secrets_files, self.secrets_files),
            custom: joined(self.custom, below.custom),
            formats: joined(self.formats, below.formats),
            problems: joined(self.problems, below.problems),
        }
    }

    /// Whether there is a rule called `name`, selected or not.
    pub(super) fn is_rule(&self, name: &str) -> bool {
        GIVEN.contains(&name)
            || is_built_in(name)
            || self.custom.iter().any(|custom| custom.rule.name == name)
    }
}

/// One list after another. Lists may be long, so they are not copied.
fn joined<T>(mut first: Vec<T>, mut second: Vec<T>) -> Vec<T> {
    match first.is_empty() {
        true => second,
        false => {
            first.append(&mut second);
            first
        }
    }
}

/// Whether `name` is a built-in rule.
pub(super) fn is_built_in(name: &str) -> bool {
    Ruleset::sets_of(name).next().is_some()
}
