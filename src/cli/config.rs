//! `blackbar config`, and the options for rules and configuration files, which several commands have.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use blackbar::{Config, Error, Key, List, Loaded, Name, Origin, Problem, Setting, StyleKind};

use super::outcome::Outcome;
use super::overlap::SettingsFile;
use super::{output, style};

/// The environment variable with the path of the configuration.
const VARIABLE: &str = "BLACKBAR_CONFIG";

/// The machine's configuration.
const PLACE: &str = "/etc/blackbar.toml";

/// The arguments.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Args {
    /// Read the settings from FILE, in TOML [default: $BLACKBAR_CONFIG, or the files of the machine and the user]
    ///
    /// The machine's file is /etc/blackbar.toml. The user's is $XDG_CONFIG_HOME/blackbar/config.toml, or else
    /// ~/.config/blackbar/config.toml, and takes precedence. Command-line options take precedence over files. Lists are
    /// combined. 'blackbar config' shows the result.
    #[arg(long, value_name = "FILE", overrides_with = "no_config", help_heading = "Configuration")]
    config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long, overrides_with = "config", help_heading = "Configuration")]
    no_config: bool,

    /// Select rules, by their names or the sets default, all and pii, as in default,-cookie
    ///
    /// -NAME removes a rule. A list that starts with + or - changes the selection of the configuration, or else the
    /// default. 'blackbar rules' lists the names.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true, help_heading = "Rules")]
    rules: Option<String>,

    /// Keep the values of cookies with these names, as in theme,lang
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Rules")]
    keep_cookies: Option<Vec<String>>,

    /// Redact the values of these keys too, in JSON, queries, headers, code
    ///
    /// A * matches any text: '*_pin' matches card_pin and cardPin, but not spin.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Rules")]
    keys: Option<Vec<String>>,

    /// Redact the values of environment variables whose names match GLOB, such as '*_TOKEN'
    ///
    /// The values are found in plain text, in base64, and as URLs, JSON, HTML and shells write them.
    #[arg(long, value_name = "GLOB", help_heading = "Rules")]
    secrets_from_env: Option<Vec<String>>,

    /// Redact the values in FILE, one per line; a PEM block is one value
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    secrets_file: Option<Vec<PathBuf>>,

    /// Keep VALUE, whichever rule finds it
    #[arg(long, value_name = "VALUE", help_heading = "Rules")]
    allow: Option<Vec<String>>,

    /// Keep values that match PATTERN, a regular expression, as a whole
    #[arg(long, value_name = "PATTERN", help_heading = "Rules")]
    allow_pattern: Option<Vec<String>>,
}

impl Args {
    /// The settings: those of the command line, and then those of the files.
    pub fn settings(&self, style: Option<&style::Args>) -> Config {
        let files = self.configurations().into_iter().map(|(path, _)| Config::read(&path));
        let files = files.fold(Config::default(), |below, file| file.over(below));
        let mut typed = Config::default();
        typed.rules = self.rules.clone().map(|list| Setting::new(list, Origin::Option("--rules")));
        typed.keep_cookies = listed(&self.keep_cookies, "--keep-cookies");
        typed.keys = listed(&self.keys, "--keys");
        typed.secrets_from_env = listed(&self.secrets_from_env, "--secrets-from-env");
        typed.secrets_files = listed(&self.secrets_file, "--secrets-file");
        typed.allow_values = listed(&self.allow, "--allow");
        typed.allow_patterns = listed(&self.allow_pattern, "--allow-pattern");
        if let Some(style) = style {
            style.set(&mut typed);
        }
        typed.over(files)
    }

    /// Loads the settings, with `style` unless nothing is replaced. All errors but the last go to `report`.
    pub fn load(
        &self,
        style: Option<&style::Args>,
        report: &mut dyn FnMut(&Error),
    ) -> Result<Loaded, Error> {
        self.load_with_files(style, report).map(|(loaded, _)| loaded)
    }

    /// The same, with the files that the settings were read from.
    pub fn load_with_files(
        &self,
        style: Option<&style::Args>,
        report: &mut dyn FnMut(&Error),
    ) -> Result<(Loaded, Vec<SettingsFile>), Error> {
        let settings = self.settings(style);
        let loaded = if style.is_some() { settings.load() } else { settings.load_rules() };
        Ok((reported(loaded, report)?, self.files(&settings)))
    }

    /// The files that `settings` were read from.
    fn files(&self, settings: &Config) -> Vec<SettingsFile> {
        let configurations = self.configurations().into_iter();
        let configurations = configurations.map(|(path, _)| ("the configuration", path));
        let known = settings.secrets_files.iter();
        let known = known.map(|file| ("a file of known values", file.value.clone()));
        let key = settings.key_file.iter().map(|file| ("the key file", file.value.clone()));
        configurations.chain(known).chain(key).collect()
    }

    /// Loads the settings with pseudonyms as the style of every rule, for `option`. Also returns the files that they were
    /// read from.
    pub fn load_pseudonyms(
        &self,
        option: &'static str,
        key_file: Option<&Path>,
        report: &mut dyn FnMut(&Error),
    ) -> Result<(Loaded, Vec<SettingsFile>), Error> {
        let mut settings = self.settings(None);
        settings.style =
            Some(Setting::new(StyleKind::Hmac(Key::DIGITS_MIN), Origin::Option(option)));
        settings.styles.clear();
        if let Some(path) = key_file {
            settings.key_file = Some(Setting::new(path.to_owned(), Origin::Option("--key-file")));
        }
        if settings.key_file.is_none() && std::env::var_os("BLACKBAR_KEY").is_none() {
            let reason = format!("{option} needs --key-file FILE, or a key in BLACKBAR_KEY");
            return Err(Error::Refused { reason });
        }
        Ok((reported(settings.load(), report)?, self.files(&settings)))
    }

    /// Checks the settings, without the files and variables that they name.
    pub fn check(&self, report: &mut dyn FnMut(&Error)) -> Result<Loaded, Error> {
        self.settings(None).check().map_err(|problems| refused(&problems, report))
    }

    /// The configuration files, and what named each. Later ones take precedence.
    fn configurations(&self) -> Vec<(PathBuf, &'static str)> {
        if self.no_config {
            return Vec::new();
        }
        if let Some(path) = &self.config {
            return vec![(path.clone(), "named by --config")];
        }
        // To a shell, an empty variable is like an unset one.
        if let Some(path) = variable(VARIABLE) {
            return vec![(path, "named by the variable BLACKBAR_CONFIG")];
        }
        let machine = (PathBuf::from(PLACE), "the machine's");
        let user = user_place().map(|path| (path, "the user's"));
        // If it cannot be checked whether a file exists, reading it reports the error.
        let is_there = |(path, _): &(PathBuf, _)| {
            use io::ErrorKind::{NotADirectory, NotFound};
            !matches!(fs::metadata(path), Err(error) if matches!(error.kind(), NotFound | NotADirectory))
        };
        [Some(machine), user].into_iter().flatten().filter(is_there).collect()
    }
}

/// The environment variable `name`, unless it is empty.
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The user's configuration, by the XDG Base Directory Specification, which ignores relative paths.
fn user_place() -> Option<PathBuf> {
    let configured = variable("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    let home = || Some(variable("HOME").filter(|path| path.is_absolute())?.join(".config"));
    Some(configured.or_else(home)?.join("blackbar/config.toml"))
}

fn listed<T: Clone>(items: &Option<Vec<T>>, option: &'static str) -> List<T> {
    let item = |item: &T| Setting::new(item.clone(), Origin::Option(option));
    items.iter().flatten().map(item).collect()
}

/// Reports all problems but the last, which ends the run.
fn refused(problems: &[Problem], report: &mut dyn FnMut(&Error)) -> Error {
    let error = |problem: &Problem| Error::Refused { reason: problem.to_string() };
    let Some((last, others)) = problems.split_last() else {
        return Error::Refused { reason: "the settings are invalid".to_owned() };
    };
    for problem in others {
        report(&error(problem));
    }
    error(last)
}

/// The loaded settings, with their warnings reported, or the last error.
fn reported(
    loaded: Result<Loaded, Vec<Problem>>,
    report: &mut dyn FnMut(&Error),
) -> Result<Loaded, Error> {
    let loaded = loaded.map_err(|problems| refused(&problems, report))?;
    for warning in &loaded.warnings {
        report(&Error::Refused { reason: warning.to_string() });
    }
    Ok(loaded)
}

/// The arguments of `blackbar config`.
#[derive(clap::Args, Debug)]
pub struct CommandArgs {
    /// Check FILE, without reading the files and variables that it names
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "no_config"])]
    check: Option<PathBuf>,

    #[command(flatten)]
    config: Args,

    #[command(flatten)]
    style: style::Args,
}

/// Prints the settings and their origins, or checks a file.
pub fn run(args: &CommandArgs, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
    let text = match &args.check {
        Some(path) => check(path, report)?,
        None => {
            args.config.load(Some(&args.style), report)?;
            let files = args.config.configurations();
            let files: Vec<String> =
                files.iter().map(|(path, by)| format!("{}, {by}", Name::path(path))).collect();
            let file = if files.is_empty() { "no file".to_owned() } else { files.join("; ") };
            let settings = args.config.settings(Some(&args.style));
            format!(
                "# The settings of blackbar {}, from {file}.\n\n{settings}",
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
    Ok(format!("{name}: valid; rules: {}\n", rules.join(", ")))
}
