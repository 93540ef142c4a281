//! Loads settings: all of them, or none if there is a problem.

use super::setting::{List, Origin, Problem};
use super::settings::{Config, Custom, Format, GIVEN, Loaded, is_built_in};
use super::styling::KeyFrom;
use super::{known, styling, trial};
use crate::rules::build::{Builder, key_fault};
use crate::rules::fault::{Fault, Part};
use crate::rules::format::{BadFormat, LineFormat};
use crate::rules::pattern::first_line;
use crate::rules::ruleset::Ruleset;
use crate::rules::suggest::UnknownRule;

/// What is read in addition to the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Known values, and the key for pseudonyms.
    Everything,
    /// Known values.
    Rules,
    /// Nothing, because the settings are for another machine.
    Settings,
}

impl Config {
    /// Loads the settings, and the files and variables that they name. It can be called again when those have changed.
    ///
    /// # Errors
    ///
    /// All problems, in the order of their origins.
    pub fn load(&self) -> Result<Loaded, Vec<Problem>> {
        load(self, Reach::Everything)
    }

    /// As [`load`](Config::load), without the key for pseudonyms, for a program that replaces nothing.
    ///
    /// # Errors
    ///
    /// All problems, in the order of their origins.
    pub fn load_rules(&self) -> Result<Loaded, Vec<Problem>> {
        load(self, Reach::Rules)
    }

    /// Checks the settings. The files and variables that they name are not read.
    ///
    /// # Errors
    ///
    /// All problems, in the order of their origins.
    pub fn check(&self) -> Result<Loaded, Vec<Problem>> {
        load(self, Reach::Settings)
    }
}

fn load(config: &Config, reach: Reach) -> Result<Loaded, Vec<Problem>> {
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());

    // 1. Check each part.
    let builder = chosen(config, &mut problems);
    let builder = told(config, builder, &mut problems);
    let builder = with_formats(config, builder, &mut problems, &mut warnings);
    let builder = match reach {
        Reach::Settings => builder,
        _ => builder.known(known::values(config, &mut problems, &mut warnings)),
    };
    let key = match reach {
        Reach::Everything => KeyFrom::Settings,
        Reach::Rules => KeyFrom::Nowhere,
        Reach::Settings => KeyFrom::Anywhere,
    };
    let styling = styling::styling(config, key, &mut problems, &mut warnings);
    // Keep only the first problem of a line; others follow from it.
    problems.retain(|problem| config.problems.iter().all(|read| read.origin != problem.origin));
    problems.extend(config.problems.iter().cloned());
    if !problems.is_empty() {
        return Err(in_order(problems));
    }

    // 2. Build everything. Problems of single parts were found above.
    let whole = |text: String| vec![Problem { origin: origin_of_all(config), text }];
    let ruleset = builder.build().map_err(|error| whole(error.to_string()))?;
    let styles = styling.styles(&ruleset);
    trial::try_out(config, &ruleset, &styles, &mut problems);
    if problems.is_empty() {
        Ok(Loaded { ruleset, styles, warnings })
    } else {
        Err(in_order(problems))
    }
}

/// The origin of a problem that concerns the rules as a whole.
fn origin_of_all(config: &Config) -> Origin {
    let rules = config.rules.iter().map(|setting| &setting.origin);
    let custom = config.custom.iter().map(|custom| &custom.whole);
    let formats = config.formats.iter().map(|format| &format.line.origin);
    rules.chain(custom).chain(formats).next().cloned().unwrap_or(Origin::Option("--rules"))
}

/// The custom rules, and the selection of rules.
fn chosen(config: &Config, problems: &mut Vec<Problem>) -> Builder {
    let mut builder = Ruleset::builder();
    for (index, custom) in config.custom.iter().enumerate() {
        problems.extend(name_taken(&config.custom[..index], custom));
        match custom.rule.check() {
            Ok(outline) => builder = builder.checked(custom.rule.clone(), outline),
            Err(faults) => {
                let problem =
                    |Fault { part, text }| Problem { origin: custom.origin(part).clone(), text };
                problems.extend(faults.into_iter().map(problem));
            }
        }
    }
    let Some(list) = &config.rules else { return builder };
    let before = problems.len();
    for item in list.value.split(',').map(str::trim) {
        let name = item.strip_prefix(['-', '+']).unwrap_or(item);
        if !config.is_rule(name)
            && let Err(unknown) = Ruleset::builder().select(item)
        {
            problems.push(list.problem(unknown.to_string()));
        }
    }
    // A custom rule with a problem cannot be selected, which is not a problem of the list.
    match problems.len() == before {
        true => builder.clone().select(&list.value).unwrap_or(builder),
        false => builder,
    }
}

/// The problem of a custom rule's name that another rule has: one of `others` before it, or a built-in one.
fn name_taken(others: &[Custom], custom: &Custom) -> Option<Problem> {
    let name = custom.rule.name.as_str();
    let text = if let Some(other) = others.iter().find(|other| other.rule.name == name) {
        format!(
            "there is already a rule '{name}', at {}; choose another name",
            other.origin(Part::Name)
        )
    } else if GIVEN.contains(&name) || is_built_in(name) || Ruleset::is_set(name) {
        format!("'{name}' is the name of a built-in rule or set; choose another name")
    } else {
        return None;
    };
    Some(Problem { origin: custom.origin(Part::Name).clone(), text })
}

/// Keys and allowed values.
fn told(config: &Config, builder: Builder, problems: &mut Vec<Problem>) -> Builder {
    for setting in &config.keep_cookies {
        if setting.value.trim().is_empty() {
            problems.push(setting.problem("the name is empty; remove it"));
        }
    }
    for setting in &config.keys {
        problems.extend(key_fault(&setting.value).map(|fault| setting.problem(fault.to_string())));
    }
    for setting in &config.allow_values {
        if setting.value.is_empty() {
            problems.push(setting.problem("the value is empty; remove it"));
        }
    }
    for setting in &config.allow_patterns {
        let mut parser = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build();
        if let Err(error) = parser.parse(&setting.value) {
            problems.push(
                setting.problem(format!("invalid pattern: {}; correct it", first_line(&error))),
            );
        }
    }
    let values = |list: &List<String>| -> Vec<String> {
        list.iter().map(|setting| setting.value.clone()).collect()
    };
    builder
        .keep_cookies(values(&config.keep_cookies))
        .keys(values(&config.keys))
        .allow_values(values(&config.allow_values).into_iter().map(String::into_bytes))
        .allow_patterns(values(&config.allow_patterns))
}

/// Line formats. The rule of each field has to be selected.
fn with_formats(
    config: &Config,
    mut builder: Builder,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<Problem>,
) -> Builder {
    for format in &config.formats {
        let secrets: Vec<(&str, &str)> = format
            .secrets
            .iter()
            .map(|(variable, rule)| (variable.as_str(), rule.value.as_str()))
            .collect();
        let unknown: Vec<Problem> = format
            .secrets
            .iter()
            .filter(|(_, rule)| !config.is_rule(&rule.value))
            .map(|(_, rule)| rule.problem(UnknownRule { name: rule.value.clone() }.to_string()))
            .collect();
        let is_known = unknown.is_empty();
        problems.extend(unknown);
        match LineFormat::new(&format.line.value, &secrets) {
            Ok(shape) if is_known => {
                for secret in shape.secrets() {
                    if builder.is_chosen(&secret.rule) || builder.is_removed(&secret.rule) {
                        continue;
                    }
                    let said = format.secrets.iter().find(|(_, rule)| rule.value == secret.rule);
                    let origin = said.map_or(&format.line.origin, |(_, rule)| &rule.origin);
                    let (text, by_option) = not_selected(config, &secret.rule, origin);
                    let problem = Problem { origin: origin.clone(), text };
                    match by_option {
                        true => warnings.push(problem),
                        false => problems.push(problem),
                    }
                    builder = builder.without(&secret.rule);
                }
                builder = builder.formats([shape]);
            }
            Ok(_) => {}
            Err(bad) => problems.extend(bad.into_iter().map(|bad| bad_format(format, bad))),
        }
    }
    builder
}

/// The problem of a field from `origin` whose rule is not selected, and whether a command-line option is the reason.
fn not_selected(config: &Config, rule: &str, origin: &Origin) -> (String, bool) {
    let typed = |origin: &Origin| matches!(origin, Origin::Option(_));
    let by_option = config.rules.as_ref().is_some_and(|list| typed(&list.origin)) && !typed(origin);
    let text = match by_option {
        true => format!(
            "the field belongs to the rule '{rule}', which --rules does not select; it is not redacted"
        ),
        false => format!(
            "the field belongs to the rule '{rule}', which is not selected; add it, as in rules = \"default,{rule}\", \
             or remove it with -{rule}"
        ),
    };
    (text, by_option)
}

fn bad_format(format: &Format, bad: BadFormat) -> Problem {
    match bad {
        BadFormat::Line(text) => format.line.problem(text),
        BadFormat::Variable(name, text) => {
            let said = format.secrets.iter().find(|(variable, _)| *variable == name);
            match said {
                Some((_, rule)) => rule.problem(text),
                None => format.line.problem(text),
            }
        }
    }
}

/// Sorts by file and line.
fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    let line = |problem: &Problem| match &problem.origin {
        Origin::File { name, line } => (0, name.to_string(), *line),
        Origin::Whole(name) => (1, name.to_string(), 0),
        Origin::Option(_) => (2, String::new(), 0),
        Origin::Variable(_) => (3, String::new(), 0),
    };
    problems.sort_by_cached_key(line);
    problems.dedup();
    problems
}
