//! What is asked for, and by whom: a file, the command line, the environment.
//!
//! A [`Config`] is settings, each with its [`Origin`]. It is read from a file, laid over another, and loaded: then all of
//! it is checked, and there are a rule set and styles, or else all that is wrong. Nothing in between.

use std::fmt::{self, Write};
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::error::Name;
use crate::open;
use crate::redact::redactor::Redactor;
use crate::redact::style::{Key, Style, Styles, Text};
use crate::rules::build::{Builder, UnknownRule, listed};
use crate::rules::custom::{CustomRule, Fault, Marked, Part};
use crate::rules::fields::{BadFormat, LineFormat};
use crate::rules::near::nearest;
use crate::rules::ruleset::Ruleset;
use crate::scan::scanner::Scanner;

/// The environment variable that the key of pseudonyms is taken from when there is no file.
pub(super) const KEY_VARIABLE: &str = "BLACKBAR_KEY";

/// No key is longer, so whatever is was named by mistake.
const KEY_MAX: u64 = 64 * 1024;

/// Rules that are there once something is given for them to find.
pub(super) const GIVEN: [&str; 2] = ["key", "known"];

/// Where a setting was made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// In a configuration.
    File {
        /// Its name.
        name: Name,
        /// The line, from 1.
        line: usize,
    },
    /// A file as a whole, one that the configuration names for example.
    Whole(Name),
    /// By an option of the command.
    Option(&'static str),
    /// By an environment variable.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File { name, line } => write!(f, "{name}:{line}"),
            Origin::Whole(name) => write!(f, "{name}"),
            Origin::Option(option) => f.write_str(option),
            Origin::Variable(name) => write!(f, "the variable {name}"),
        }
    }
}

/// What is wrong with a setting, and what to do about it, in one line. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Where the setting was made.
    pub origin: Origin,
    /// What is wrong; what to do.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        // What it quotes of the settings does not break the line.
        for c in self.text.chars() {
            match c.is_control() {
                true => write!(f, "{}", c.escape_default())?,
                false => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// A setting, and where it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// What is asked for.
    pub value: T,
    /// By what.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// `value`, asked for by `origin`.
    pub fn new(value: T, origin: Origin) -> Setting<T> {
        Setting { value, origin }
    }

    pub(super) fn problem(&self, text: impl Into<String>) -> Problem {
        Problem { origin: self.origin.clone(), text: text.into() }
    }
}

/// A list that replaces any other when it was given, though it be empty. Each item has its own origin.
pub type List<T> = Option<Vec<Setting<T>>>;

/// A style without what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StyleKind {
    /// `[REDACTED]`, or the text that replaces it.
    Fixed,
    /// The rule's name.
    Label,
    /// As many `*` as bytes.
    Mask,
    /// The last four characters.
    Partial,
    /// A pseudonym.
    Hmac,
}

impl StyleKind {
    const ALL: [StyleKind; 5] =
        [StyleKind::Fixed, StyleKind::Label, StyleKind::Mask, StyleKind::Partial, StyleKind::Hmac];

    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            StyleKind::Fixed => "fixed",
            StyleKind::Label => "label",
            StyleKind::Mask => "mask",
            StyleKind::Partial => "partial",
            StyleKind::Hmac => "hmac",
        }
    }
}

impl std::str::FromStr for StyleKind {
    type Err = String;

    fn from_str(text: &str) -> Result<StyleKind, String> {
        let found = StyleKind::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| {
            let names = StyleKind::ALL.map(StyleKind::name);
            let near =
                nearest(text, names).map(|near| format!("is it {near}? ")).unwrap_or_default();
            format!("there is no such style; {near}choose fixed, label, mask, partial or hmac")
        })
    }
}

/// The style of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleStyle {
    /// The rule's name.
    pub rule: String,
    /// Its style.
    pub kind: StyleKind,
}

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
    fn origin(&self, part: Part) -> &Origin {
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
    /// Which rules there are, as a list for [`Builder::select`].
    pub rules: Option<Setting<String>>,
    /// The style of every rule that has none of its own.
    pub style: Option<Setting<StyleKind>>,
    /// Styles of rules, the last of which counts.
    pub styles: Vec<Setting<RuleStyle>>,
    /// What stands where the style is fixed.
    pub replacement: Option<Setting<String>>,
    /// The file that holds the key of pseudonyms.
    pub key_file: Option<Setting<PathBuf>>,
    /// Whether a JWT's header is kept.
    pub keep_jwt_header: Option<Setting<bool>>,
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

/// What is read besides the settings themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// The values that are known for secrets, and the key of pseudonyms.
    Everything,
    /// All but the key.
    Rules,
    /// Nothing: they are on another machine.
    Settings,
}

impl Config {
    /// The settings of the file at `path`. What is wrong with it is told when they are loaded.
    pub fn read(path: &Path) -> Config {
        super::file::read(path)
    }

    /// These settings, and where they say nothing those of `below`.
    pub fn over(self, below: Config) -> Config {
        // A style for all that is asked for here is not meant to have exceptions that were made elsewhere.
        let mut styles = if self.style.is_some() { Vec::new() } else { below.styles };
        styles.extend(self.styles);
        // A list that only takes away takes from what was chosen below.
        let rules = match (self.rules, below.rules) {
            (Some(ours), Some(theirs)) if ours.value.trim_start().starts_with('-') => {
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
            keep_jwt_header: self.keep_jwt_header.or(below.keep_jwt_header),
            keep_cookies: self.keep_cookies.or(below.keep_cookies),
            keys: self.keys.or(below.keys),
            allow_values: self.allow_values.or(below.allow_values),
            allow_patterns: self.allow_patterns.or(below.allow_patterns),
            secrets_from_env: self.secrets_from_env.or(below.secrets_from_env),
            secrets_files: self.secrets_files.or(below.secrets_files),
            custom: [self.custom, below.custom].concat(),
            formats: [self.formats, below.formats].concat(),
            problems: [self.problems, below.problems].concat(),
        }
    }

    /// Puts the settings in force. Reads the files and variables that they name, and can be called again when those may
    /// have changed.
    ///
    /// # Errors
    ///
    /// All that is wrong, in the order of the places where it is.
    pub fn load(&self) -> Result<Loaded, Vec<Problem>> {
        self.put_in_force(Reach::Everything)
    }

    /// As [`load`](Config::load), without the key of pseudonyms, for what puts nothing in a secret's place.
    ///
    /// # Errors
    ///
    /// All that is wrong, in the order of the places where it is.
    pub fn load_rules(&self) -> Result<Loaded, Vec<Problem>> {
        self.put_in_force(Reach::Rules)
    }

    /// Checks the settings alone: the files and variables that they name are not read.
    ///
    /// # Errors
    ///
    /// All that is wrong, in the order of the places where it is.
    pub fn check(&self) -> Result<Loaded, Vec<Problem>> {
        self.put_in_force(Reach::Settings)
    }

    fn put_in_force(&self, reach: Reach) -> Result<Loaded, Vec<Problem>> {
        let mut problems = self.problems.clone();
        let mut warnings = Vec::new();

        // 1. What each part is.
        let builder = self.builder(&mut problems);
        let builder = match reach {
            Reach::Settings => builder,
            _ => builder.known(super::known::values(self, &mut problems, &mut warnings)),
        };
        let styling = self.styling(reach, &mut problems, &mut warnings);
        if !problems.is_empty() {
            return Err(in_order(problems));
        }

        // 2. All of it together. What is wrong with one part was found above.
        let whole = |text: String| vec![Problem { origin: self.origin_of_all(), text }];
        let ruleset = builder.build().map_err(|error| whole(error.to_string()))?;
        let styles = styling.styles(&ruleset);
        self.try_out(&ruleset, &styles, &mut problems);
        if problems.is_empty() {
            Ok(Loaded { ruleset, styles, warnings })
        } else {
            Err(in_order(problems))
        }
    }

    /// Where it all begins, for what cannot be told apart.
    fn origin_of_all(&self) -> Origin {
        let rules = self.rules.iter().map(|setting| &setting.origin);
        let custom = self.custom.iter().map(|custom| &custom.whole);
        let formats = self.formats.iter().map(|format| &format.line.origin);
        rules.chain(custom).chain(formats).next().cloned().unwrap_or(Origin::Option("--rules"))
    }

    /// Whether there is a rule called `name`, in force or not.
    fn is_rule(&self, name: &str) -> bool {
        GIVEN.contains(&name)
            || is_built_in(name)
            || self.custom.iter().any(|custom| custom.rule.name == name)
    }

    /// The rules as they are to be, but for known values.
    fn builder(&self, problems: &mut Vec<Problem>) -> Builder {
        let mut builder = Ruleset::builder();

        // 1. Rules of the user's own.
        for (index, custom) in self.custom.iter().enumerate() {
            let name = &custom.rule.name;
            let taken = |text| Problem { origin: custom.origin(Part::Name).clone(), text };
            if let Some(other) = self.custom[..index].iter().find(|other| other.rule.name == *name)
            {
                problems.push(taken(format!(
                    "there is a rule '{name}' already, at {}; give this one another name",
                    other.origin(Part::Name)
                )));
            } else if GIVEN.contains(&&**name)
                || is_built_in(name)
                || ["default", "all", "none"].contains(&&**name)
            {
                problems.push(taken(format!(
                    "blackbar has a rule or a set '{name}' of its own; give this one another name"
                )));
            }
            match custom.rule.check() {
                Ok(_) => builder = builder.custom(custom.rule.clone()),
                Err(faults) => {
                    let problem = |Fault { part, text }| Problem {
                        origin: custom.origin(part).clone(),
                        text,
                    };
                    problems.extend(faults.into_iter().map(problem));
                }
            }
        }

        // 2. Which of them all.
        if let Some(list) = &self.rules {
            let before = problems.len();
            for item in list.value.split(',').map(str::trim) {
                let name = item.strip_prefix('-').unwrap_or(item);
                if !self.is_rule(name)
                    && let Err(unknown) = Ruleset::builder().select(item)
                {
                    problems.push(list.problem(unknown.to_string()));
                }
            }
            if problems.len() == before {
                // A custom rule with a problem is not there to be chosen, which is no problem of the list.
                builder = builder.clone().select(&list.value).unwrap_or(builder);
            }
        }

        // 3. What they are told.
        let values = |list: &List<String>| -> Vec<String> {
            list.iter().flatten().map(|setting| setting.value.clone()).collect()
        };
        for setting in self.keep_cookies.iter().flatten() {
            if setting.value.trim().is_empty() {
                problems.push(setting.problem("an empty text is no name; take it out"));
            }
        }
        for setting in self.keys.iter().flatten() {
            if let Err(error) = listed(std::slice::from_ref(&setting.value)) {
                problems.push(setting.problem(error.to_string()));
            }
        }
        for setting in self.allow_values.iter().flatten() {
            if setting.value.is_empty() {
                problems.push(setting.problem("an empty text is no value; take it out"));
            }
        }
        for setting in self.allow_patterns.iter().flatten() {
            if let Err(error) = regex_syntax::ParserBuilder::new()
                .unicode(false)
                .utf8(false)
                .build()
                .parse(&setting.value)
            {
                problems.push(setting.problem(format!(
                    "the pattern does not compile: {}; correct it",
                    crate::rules::custom::first_line(&error)
                )));
            }
        }
        builder = builder
            .keep_cookies(values(&self.keep_cookies))
            .keys(values(&self.keys))
            .allow_values(values(&self.allow_values).into_iter().map(String::into_bytes))
            .allow_patterns(values(&self.allow_patterns));

        // 4. Positions that have no name.
        for format in &self.formats {
            let secrets: Vec<(&str, &str)> = format
                .secrets
                .iter()
                .map(|(variable, rule)| (variable.as_str(), rule.value.as_str()))
                .collect();
            for (_, rule) in &format.secrets {
                if !self.is_rule(&rule.value) {
                    let unknown = UnknownRule { name: rule.value.clone() };
                    problems.push(rule.problem(unknown.to_string()));
                }
            }
            match LineFormat::new(&format.line.value, &secrets) {
                Ok(shape) => builder = builder.formats([shape]),
                Err(bad) => problems.extend(bad.into_iter().map(|bad| match bad {
                    BadFormat::Line(text) => format.line.problem(text),
                    BadFormat::Variable(name, text) => {
                        let said = format.secrets.iter().find(|(variable, _)| *variable == name);
                        match said {
                            Some((_, rule)) => rule.problem(text),
                            None => format.line.problem(text),
                        }
                    }
                })),
            }
        }
        builder
    }

    /// The styles as they are to be.
    fn styling(
        &self,
        reach: Reach,
        problems: &mut Vec<Problem>,
        warnings: &mut Vec<Problem>,
    ) -> Styling {
        // 1. Which kind each rule has; of several that concern a rule the last one counts.
        let every = self.style.as_ref().map_or(StyleKind::Fixed, |setting| setting.value);
        let mut kinds: Vec<(String, StyleKind)> = Vec::new();
        for setting in &self.styles {
            let RuleStyle { rule, kind } = &setting.value;
            if self.is_rule(rule) {
                kinds.push((rule.clone(), *kind));
            } else {
                let unknown = UnknownRule { name: rule.clone() };
                problems.push(setting.problem(unknown.to_string()));
            }
        }
        let has = |kind| every == kind || kinds.iter().any(|(_, found)| *found == kind);

        // 2. What was typed for a kind must meet one that has it. In a file it may wait for that.
        let typed = |origin: &Origin| matches!(origin, Origin::Option(_));
        let mut fixed = Style::Fixed;
        if let Some(setting) = &self.replacement {
            match Text::new(&setting.value) {
                Ok(text) => fixed = Style::Text(text),
                Err(bad) => problems.push(setting.problem(bad.to_string())),
            }
            if !has(StyleKind::Fixed) && typed(&setting.origin) {
                problems.push(
                    setting.problem("is of use only with the style fixed; leave one of them out"),
                );
            }
        }
        if let Some(setting) = &self.key_file
            && !has(StyleKind::Hmac)
            && typed(&setting.origin)
        {
            problems.push(setting.problem("is of use only with the style hmac; leave it out"));
        }
        let hmac = match reach {
            Reach::Everything if has(StyleKind::Hmac) => match self.key(warnings) {
                Ok(key) => Style::Hmac(key),
                Err(problem) => {
                    problems.push(problem);
                    Style::Fixed
                }
            },
            // Any key shows what a pseudonym looks like.
            Reach::Settings => Key::new(&[0; Key::MIN]).map_or(Style::Fixed, Style::Hmac),
            _ => Style::Fixed,
        };
        let jwt_header = self.keep_jwt_header.as_ref().is_some_and(|setting| setting.value);
        Styling { every, kinds, fixed, hmac, jwt_header }
    }

    /// The key of pseudonyms.
    fn key(&self, warnings: &mut Vec<Problem>) -> Result<Key, Problem> {
        let short = |origin: Origin, bytes: &[u8]| {
            Key::new(bytes).map_err(|short| Problem {
                origin,
                text: format!("{short}; head -c 32 /dev/urandom | base64 makes one"),
            })
        };
        let Some(setting) = &self.key_file else {
            return match std::env::var_os(KEY_VARIABLE) {
                Some(value) => {
                    short(Origin::Variable(KEY_VARIABLE.to_owned()), value.as_encoded_bytes())
                }
                None => Err(Problem {
                    origin: self.hmac_origin(),
                    text: format!(
                        "the style hmac needs a key; name a file with key-file or --key-file, or set {KEY_VARIABLE}"
                    ),
                }),
            };
        };
        let origin = Origin::Whole(Name::path(&setting.value));
        let mut warn = |text| warnings.push(Problem { origin: origin.clone(), text });
        match read_secret(&setting.value, KEY_MAX, &mut warn) {
            Err(reason) => {
                Err(Problem { origin, text: format!("{reason}; the key is to be in it") })
            }
            Ok(bytes) if bytes.len() as u64 > KEY_MAX => Err(Problem {
                origin,
                text: "too long for a key; a key file holds a key alone".to_owned(),
            }),
            Ok(bytes) => {
                let key = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
                short(origin, key.strip_suffix(b"\r").unwrap_or(key))
            }
        }
    }

    /// What asks for pseudonyms.
    fn hmac_origin(&self) -> Origin {
        let styles = self.styles.iter().filter(|setting| setting.value.kind == StyleKind::Hmac);
        let style = self.style.iter().filter(|setting| setting.value == StyleKind::Hmac);
        style
            .map(|setting| &setting.origin)
            .chain(styles.map(|setting| &setting.origin))
            .next()
            .cloned()
            .unwrap_or(Origin::Option("--style"))
    }

    /// Tries the whole on examples: custom rules find what theirs say, and nothing changes the second time.
    fn try_out(&self, ruleset: &Ruleset, styles: &Styles, problems: &mut Vec<Problem>) {
        let redact = |line: &[u8]| {
            let mut redactor = Redactor::styled(ruleset, styles);
            let mut out = Vec::new();
            redactor.push(line, &mut out);
            redactor.finish(&mut out);
            out
        };
        for custom in &self.custom {
            let Some(id) = ruleset.find(&custom.rule.name) else { continue };
            for (index, example) in custom.rule.examples.iter().enumerate() {
                let Ok(marked) = Marked::new(example) else { continue };
                let mut spans = Vec::new();
                Scanner::new(ruleset).scan(marked.line.as_bytes(), true, &mut spans);
                let mut problem = |text: &str| {
                    problems.push(Problem {
                        origin: custom.origin(Part::Example(index)).clone(),
                        text: text.to_owned(),
                    });
                };
                let is_covered = |secret: &std::ops::Range<usize>| {
                    spans.iter().any(|span| {
                        span.range.start <= secret.start && secret.end <= span.range.end
                    })
                };
                if !marked.secrets.iter().all(is_covered) {
                    problem(
                        "with all rules in force a secret of this example stays; \
                         is it a placeholder, or on the list of what is allowed?",
                    );
                    continue;
                }
                let once = redact(marked.line.as_bytes());
                if redact(&once) != once {
                    problem(
                        "a second run would take what replaced this example's secret for another; \
                         let the pattern exclude brackets",
                    );
                }
            }
            for (index, line) in custom.rule.counter_examples.iter().enumerate() {
                let mut spans = Vec::new();
                Scanner::new(ruleset).scan(line.as_bytes(), true, &mut spans);
                if spans.iter().any(|span| span.rule == id) {
                    problems.push(Problem {
                        origin: custom.origin(Part::CounterExample(index)).clone(),
                        text: "the rule finds something in this counter-example; make it narrower"
                            .to_owned(),
                    });
                }
            }
        }
        // A text of the user's own has to be known for a replacement by every rule.
        let Some(replacement) = &self.replacement else { return };
        for example in ruleset.rules().iter().flat_map(|rule| &rule.examples) {
            let once = redact(example.replace(['«', '»'], "").as_bytes());
            if redact(&once) != once {
                problems.push(replacement.problem(format!(
                    "a second run would not know it for a replacement; try it in brackets, as in [{}]",
                    replacement.value.trim_matches(|c: char| !c.is_alphanumeric())
                )));
                return;
            }
        }
    }
}

fn is_built_in(name: &str) -> bool {
    Ruleset::sets_of(name).next().is_some()
}

/// Styles, before it is known which rules there are.
struct Styling {
    every: StyleKind,
    kinds: Vec<(String, StyleKind)>,
    fixed: Style,
    hmac: Style,
    jwt_header: bool,
}

impl Styling {
    fn styles(self, rules: &Ruleset) -> Styles {
        let style = |kind| match kind {
            StyleKind::Fixed => self.fixed.clone(),
            StyleKind::Label => Style::Label,
            StyleKind::Mask => Style::Mask,
            StyleKind::Partial => Style::Partial,
            StyleKind::Hmac => self.hmac.clone(),
        };
        let mut styles = Styles::new(style(self.every)).keep_jwt_header(self.jwt_header);
        for (name, kind) in &self.kinds {
            if let Some(rule) = rules.find(name) {
                styles = styles.with(rule, style(*kind));
            }
        }
        styles
    }
}

/// As a person would go through them: a file from its top, then the next.
fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    let line = |problem: &Problem| match &problem.origin {
        Origin::File { name, line } => (0, name.to_string(), *line),
        Origin::Whole(name) => (1, name.to_string(), 0),
        Origin::Option(_) => (2, String::new(), 0),
        Origin::Variable(_) => (3, String::new(), 0),
    };
    problems.sort_by_key(line);
    problems.dedup();
    problems
}

/// The file at `path`, or as much of it as shows that it is longer than `most`; or why it cannot be read.
pub(super) fn read_file(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let file = open::settled(path).map_err(|error| reason(&error))?;
    read_open(file, most)
}

/// As [`read_file`], for a file that holds secrets: `warn` is told if other users can read it.
pub(super) fn read_secret(
    path: &Path,
    most: u64,
    warn: &mut dyn FnMut(String),
) -> Result<Vec<u8>, String> {
    let file = open::settled(path).map_err(|error| reason(&error))?;
    // Of the open file: the path may lead to another one a moment later.
    if file.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o077 != 0) {
        warn(format!("others can read it; chmod 600 {}", Name::path(path)));
    }
    read_open(file, most)
}

fn read_open(file: File, most: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match file.take(most + 1).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(reason(&error)),
    }
}

fn reason(error: &io::Error) -> String {
    crate::error::reason(error)
}
