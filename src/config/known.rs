//! Known values: secrets from environment variables and files.

use std::path::Path;

use globset::Glob;

use super::read::read_secret;
use super::setting::{Origin, Problem, Setting};
use super::settings::{Config, GIVEN};
use crate::error::Name;
use crate::rules::known::{Labels, MIN, Unfit};
use crate::rules::ruleset::Ruleset;

/// The most bytes of a file of values.
const FILE_MAX: u64 = 64 * 1024 * 1024;

/// The known values of the settings.
pub(super) fn values(
    config: &Config,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<Problem>,
) -> Vec<Vec<u8>> {
    if config.secrets_from_env.is_empty() && config.secrets_files.is_empty() {
        return Vec::new();
    }
    let built_in = Ruleset::every();
    let names = built_in.rules().iter().map(|rule| rule.name.as_ref());
    let own = config.custom.iter().map(|custom| custom.rule.name.as_str());
    let mut found = Found {
        labels: Labels::new(names.chain(own).chain(GIVEN)),
        values: Vec::new(),
        problems,
        warnings,
    };
    for glob in &config.secrets_from_env {
        found.of_environment(glob);
    }
    for file in &config.secrets_files {
        found.of_file(&file.value);
    }
    found.values.sort_unstable();
    found.values.dedup();
    found.values
}

struct Found<'a> {
    /// The labels of all rules, which are not secrets.
    labels: Labels,
    values: Vec<Vec<u8>>,
    problems: &'a mut Vec<Problem>,
    warnings: &'a mut Vec<Problem>,
}

impl Found<'_> {
    /// Adds a value, or records why it cannot be used.
    fn take(&mut self, value: &[u8], origin: Origin, remedy: &str) {
        let why = match self.labels.fitness(value) {
            Ok(()) => return self.values.push(value.to_vec()),
            Err(Unfit::Empty | Unfit::Short) => format!(
                "the value has {}; a known value needs at least {}, because shorter ones occur in ordinary text",
                bytes(value.len()),
                MIN
            ),
            Err(unfit) => format!("the value {unfit} and cannot be redacted"),
        };
        self.problems.push(Problem { origin, text: format!("{why}; {remedy}") });
    }

    fn of_environment(&mut self, glob: &Setting<String>) {
        let Ok(compiled) = Glob::new(&glob.value) else {
            self.problems.push(glob.problem(
                "invalid pattern for names of variables; * matches any text, as in *_TOKEN",
            ));
            return;
        };
        let matcher = compiled.compile_matcher();
        let mut any = false;
        for (name, value) in std::env::vars_os().filter(|(name, _)| matcher.is_match(name)) {
            any = true;
            let origin = Origin::Variable(name.to_string_lossy().escape_debug().to_string());
            let remedy = format!("change the pattern {} to exclude it", glob.value);
            self.take(value.as_encoded_bytes(), origin, &remedy);
        }
        if !any {
            self.warnings.push(glob.problem(format!("no variable matches {}", glob.value)));
        }
    }

    /// Adds the values of a file: one per line, except that a PEM block is one value.
    fn of_file(&mut self, path: &Path) {
        let name = Name::path(path);
        let whole = |text: String| Problem { origin: Origin::Whole(name.clone()), text };
        let mut warn = |text| self.warnings.push(whole(text));
        let contents = match read_secret(path, FILE_MAX, &mut warn) {
            Ok(contents) => contents,
            Err(reason) => {
                self.problems
                    .push(whole(format!("{reason}; name a file with one known value per line")));
                return;
            }
        };
        if contents.len() as u64 > FILE_MAX {
            self.problems.push(whole(format!(
                "larger than {FILE_MAX} bytes; a file of known values has one per line"
            )));
            return;
        }
        if contents.is_empty() {
            self.warnings.push(whole("the file has no values".to_owned()));
        }

        let mut block: Option<(usize, Vec<u8>)> = None;
        for (index, line) in contents.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            let origin = |line: usize| Origin::File { name: name.clone(), line };
            match &mut block {
                Some((first, lines)) => {
                    lines.push(b'\n');
                    lines.extend_from_slice(text);
                    if text.starts_with(b"-----END ") {
                        let (first, lines) = (*first, std::mem::take(lines));
                        block = None;
                        self.take(&lines, origin(first), "remove the block");
                    }
                }
                None if text.starts_with(b"-----BEGIN ") => {
                    block = Some((index + 1, text.to_vec()))
                }
                None => self.take(text, origin(index + 1), "remove the line"),
            }
        }
        if let Some((line, _)) = block {
            self.problems.push(Problem {
                origin: Origin::File { name: name.clone(), line },
                text: "-----BEGIN without -----END; complete the block".to_owned(),
            });
        }
    }
}

fn bytes(count: usize) -> String {
    match count {
        0 => "no bytes".to_owned(),
        1 => "1 byte".to_owned(),
        count => format!("{count} bytes"),
    }
}
