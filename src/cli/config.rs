//! `blackbar config`, and the options that every command takes which looks for secrets: rules, and where settings are.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use blackbar::{Config, Error, List, Loaded, Name, Origin, Problem, Setting, StyleKind};

use super::outcome::Outcome;
use super::overlap::SettingsFile;
use super::{output, style};

/// The environment variable that names the configuration.
const VARIABLE: &str = "BLACKBAR_CONFIG";

/// Where the configuration is if nothing names it.
const PLACE: &str = "/etc/blackbar.toml";

/// What may be typed.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Args {
    /// Take the settings from FILE [default: the variable BLACKBAR_CONFIG, or else /etc/blackbar.toml if it is there]
    ///
    /// TOML. What is given here on the command line counts for more. 'blackbar config' shows what is in force.
    #[arg(long, value_name = "FILE", overrides_with = "no_config", help_heading = "Configuration")]
    config: Option<PathBuf>,

    /// Take no settings from any file
    #[arg(long, overrides_with = "config", help_heading = "Configuration")]
    no_config: bool,

    /// Look for these: names of rules and of the sets default and all, as in default,-cookie
    ///
    /// A name adds, one with - before it takes away; a list that starts with - changes what the configuration says, or else
    /// the default. 'blackbar rules' lists them.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true, help_heading = "Rules")]
    rules: Option<String>,

    /// Leave the values of cookies with these names, as in theme,lang
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Rules")]
    keep_cookies: Option<Vec<String>>,

    /// Redact the values of keys with these names wherever they stand: JSON, queries, headers, code
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Rules")]
    keys: Option<Vec<String>>,

    /// Redact the values of the environment variables whose names match GLOB, as in '*_TOKEN'
    ///
    /// They are found as they are and in base64, percent-, JSON- and shell-encodings.
    #[arg(long, value_name = "GLOB", help_heading = "Rules")]
    secrets_from_env: Option<Vec<String>>,

    /// Redact the values in FILE, one a line; a PEM block is one value
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    secrets_file: Option<Vec<PathBuf>>,
}

impl Args {
    /// The settings: what was typed, over what the file says.
    pub fn settings(&self, style: Option<&style::Args>) -> Config {
        let file = match self.file() {
            Some((path, _)) => Config::read(&path),
            None => Config::default(),
        };
        let mut typed = Config::default();
        typed.rules = self.rules.clone().map(|list| Setting::new(list, Origin::Option("--rules")));
        typed.keep_cookies = listed(&self.keep_cookies, "--keep-cookies");
        typed.keys = listed(&self.keys, "--keys");
        typed.secrets_from_env = listed(&self.secrets_from_env, "--secrets-from-env");
        typed.secrets_files = listed(&self.secrets_file, "--secrets-file");
        if let Some(style) = style {
            style.set(&mut typed);
        }
        typed.over(file)
    }

    /// The settings put in force, with `style` or for what puts nothing in a secret's place. Of what is wrong all but the
    /// last goes to `report`, and nothing is in force.
    pub fn load(
        &self,
        style: Option<&style::Args>,
        report: &mut dyn FnMut(&Error),
    ) -> Result<Loaded, Error> {
        self.load_with_files(style, report).map(|(loaded, _)| loaded)
    }

    /// The same, and the files that all of it comes from.
    pub fn load_with_files(
        &self,
        style: Option<&style::Args>,
        report: &mut dyn FnMut(&Error),
    ) -> Result<(Loaded, Vec<SettingsFile>), Error> {
        let settings = self.settings(style);
        let loaded = if style.is_some() { settings.load() } else { settings.load_rules() };
        Ok((put_in_force(loaded, report)?, self.files(&settings)))
    }

    /// The files that `settings`, which are these, come from.
    fn files(&self, settings: &Config) -> Vec<SettingsFile> {
        let configuration = self.file().map(|(path, _)| ("the configuration", path));
        let known = settings.secrets_files.iter().flatten();
        let known = known.map(|file| ("a file of known values", file.value.clone()));
        let key = settings.key_file.iter().map(|file| ("the key file", file.value.clone()));
        configuration.into_iter().chain(known).chain(key).collect()
    }

    /// The settings put in force with pseudonyms in every secret's place, for what `option` asks for; and the files that
    /// all of it comes from.
    pub fn load_pseudonyms(
        &self,
        option: &'static str,
        key_file: Option<&Path>,
        report: &mut dyn FnMut(&Error),
    ) -> Result<(Loaded, Vec<SettingsFile>), Error> {
        let mut settings = self.settings(None);
        settings.style = Some(Setting::new(StyleKind::Hmac, Origin::Option(option)));
        settings.styles.clear();
        if let Some(path) = key_file {
            settings.key_file = Some(Setting::new(path.to_owned(), Origin::Option("--key-file")));
        }
        Ok((put_in_force(settings.load(), report)?, self.files(&settings)))
    }

    /// The settings, checked without the files and variables that they name.
    pub fn check(&self, report: &mut dyn FnMut(&Error)) -> Result<Loaded, Error> {
        self.settings(None).check().map_err(|problems| refused(&problems, report))
    }

    /// The configuration, if there is one, and what named it.
    fn file(&self) -> Option<(PathBuf, &'static str)> {
        if self.no_config {
            return None;
        }
        if let Some(path) = &self.config {
            return Some((path.clone(), "--config"));
        }
        // An empty variable is as good as none to a shell.
        if let Some(path) = std::env::var_os(VARIABLE).filter(|path: &OsString| !path.is_empty()) {
            return Some((path.into(), "the variable BLACKBAR_CONFIG"));
        }
        // One that cannot be looked at is no reason to go on as if there were none.
        let there =
            !matches!(fs::metadata(PLACE), Err(error) if error.kind() == io::ErrorKind::NotFound);
        there.then(|| (PLACE.into(), "its place"))
    }
}

fn listed<T: Clone>(items: &Option<Vec<T>>, option: &'static str) -> List<T> {
    let item = |item: &T| Setting::new(item.clone(), Origin::Option(option));
    items.as_ref().map(|items| items.iter().map(item).collect())
}

/// Reports all problems but the last, which ends the run.
fn refused(problems: &[Problem], report: &mut dyn FnMut(&Error)) -> Error {
    let error = |problem: &Problem| Error::Refused { reason: problem.to_string() };
    let Some((last, others)) = problems.split_last() else {
        return Error::Refused { reason: "the settings cannot be put in force".to_owned() };
    };
    for problem in others {
        report(&error(problem));
    }
    error(last)
}

/// What was loaded, with its warnings told, or what is wrong.
fn put_in_force(
    loaded: Result<Loaded, Vec<Problem>>,
    report: &mut dyn FnMut(&Error),
) -> Result<Loaded, Error> {
    let loaded = loaded.map_err(|problems| refused(&problems, report))?;
    for warning in &loaded.warnings {
        report(&Error::Refused { reason: warning.to_string() });
    }
    Ok(loaded)
}

/// What may be typed after `blackbar config`.
#[derive(clap::Args, Debug)]
pub struct CommandArgs {
    /// Check FILE alone, and neither files nor variables that it names: they are for another machine
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "no_config"])]
    check: Option<PathBuf>,

    #[command(flatten)]
    config: Args,

    #[command(flatten)]
    style: style::Args,
}

/// Prints what is in force and where it comes from, or checks a file.
pub fn run(args: &CommandArgs, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
    let text = match &args.check {
        Some(path) => check(path, report)?,
        None => {
            args.config.load(Some(&args.style), report)?;
            let file = match args.config.file() {
                Some((path, by)) => format!("{}, named by {by}", Name::path(&path)),
                None => "no file".to_owned(),
            };
            let settings = args.config.settings(Some(&args.style));
            format!(
                "# The settings of blackbar {} in force here: {file}.\n\n{settings}",
                env!("CARGO_PKG_VERSION")
            )
        }
    };
    output::print(|out| out.write_all(text.as_bytes()))
}

fn check(path: &Path, report: &mut dyn FnMut(&Error)) -> Result<String, Error> {
    let name = Name::path(path);
    let loaded = Config::read(path).check().map_err(|problems| refused(&problems, report))?;
    let rules: Vec<&str> = loaded.ruleset.rules().iter().map(|rule| rule.name.as_ref()).collect();
    Ok(format!("{name}: nothing is wrong; rules: {}\n", rules.join(", ")))
}
