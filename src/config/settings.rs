//! What is asked for, and by whom: a file, the command line, the environment.
//!
//! A [`Config`] is settings, each with its [`Origin`]. It is read from a file (`file`), laid over another, shown (`show`)
//! and loaded (`load`): then all of it is checked, and there are a rule set and styles, or else all that is wrong. Nothing
//! in between.

use std::path::PathBuf;

use super::setting::{List, Origin, Problem, Setting};
use super::style::{RuleStyle, RuleText, StyleKind};
use crate::redact::style::{KeepJwt, Styles};
use crate::rules::custom::CustomRule;
use crate::rules::fault::Part;
use crate::rules::ruleset::Ruleset;

/// The environment variable that the key of pseudonyms is taken from when there is no file.
pub(super) const KEY_VARIABLE: &str = "BLACKBAR_KEY";

/// Rules that are there once something is given for them to find.
pub(super) const GIVEN: [&str; 2] = ["key", "known"];

/// A custom rule, and where its parts stand.
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
    /// Where a part of it stands.
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

/// The shape of a log's lines, and where it is described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) line: Setting<String>,
    /// Variables and the rules that they count for.
    pub(super) secrets: Vec<(String, Setting<String>)>,
}

/// Settings. What is not set has its default.
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
    /// Which rules there are, as a list for [`Builder::select`](crate::Builder::select).
    pub rules: Option<Setting<String>>,
    /// The style of every rule that has none of its own.
    pub style: Option<Setting<StyleKind>>,
    /// Styles of rules, the last of which counts.
    pub styles: Vec<Setting<RuleStyle>>,
    /// What stands where the style is fixed.
    pub replacement: Option<Setting<String>>,
    /// What stands where the style of a rule is fixed, by rule; the last counts.
    pub replacements: Vec<Setting<RuleText>>,
    /// The file that holds the key of pseudonyms.
    pub key_file: Option<Setting<PathBuf>>,
    /// What is kept of a JWT.
    pub keep_jwt: Option<Setting<KeepJwt>>,
    /// Cookies whose values stay.
    pub keep_cookies: List<String>,
    /// Keys whose values go.
    pub keys: List<String>,
    /// Values that stay.
    pub allow_values: List<String>,
    /// Patterns of values that stay.
    pub allow_patterns: List<String>,
    /// Globs for names of environment variables whose values go.
    pub secrets_from_env: List<String>,
    /// Files with values that go.
    pub secrets_files: List<PathBuf>,
    pub(super) custom: Vec<Custom>,
    pub(super) formats: Vec<Format>,
    /// What is wrong with the files that it was read from.
    pub(super) problems: Vec<Problem>,
}

/// A configuration in force.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// What to look for.
    pub ruleset: Ruleset,
    /// What to put in its place.
    pub styles: Styles,
    /// What should be seen to, and keeps nothing from going on.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// These settings, and where they say nothing those of `below`. Lists add up: what is asked for here takes nothing away
    /// from what was asked for there.
    pub fn over(self, below: Config) -> Config {
        // A style for all that is asked for here is not meant to have exceptions that were made elsewhere.
        let mut styles = if self.style.is_some() { Vec::new() } else { below.styles };
        styles.extend(self.styles);
        let mut replacements =
            if self.replacement.is_some() { Vec::new() } else { below.replacements };
        replacements.extend(self.replacements);
        // A list that starts with a sign changes what was chosen below.
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
            keep_cookies: [below.keep_cookies, self.keep_cookies].concat(),
            keys: [below.keys, self.keys].concat(),
            allow_values: [below.allow_values, self.allow_values].concat(),
            allow_patterns: [below.allow_patterns, self.allow_patterns].concat(),
            secrets_from_env: [below.secrets_from_env, self.secrets_from_env].concat(),
            secrets_files: [below.secrets_files, self.secrets_files].concat(),
            custom: [self.custom, below.custom].concat(),
            formats: [self.formats, below.formats].concat(),
            problems: [self.problems, below.problems].concat(),
        }
    }

    /// Whether there is a rule called `name`, in force or not.
    pub(super) fn is_rule(&self, name: &str) -> bool {
        GIVEN.contains(&name)
            || is_built_in(name)
            || self.custom.iter().any(|custom| custom.rule.name == name)
    }
}

/// Whether blackbar has a rule called `name` of its own.
pub(super) fn is_built_in(name: &str) -> bool {
    Ruleset::sets_of(name).next().is_some()
}
