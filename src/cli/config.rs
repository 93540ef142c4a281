//! `blackbar config`, and the options that every command takes which looks for secrets: rules, and where settings are.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use blackbar::{Config, Error, Key, List, Loaded, Name, Origin, Problem, Setting, StyleKind};

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
    /// Take the settings from FILE [default: the variable BLACKBAR_CONFIG, or else the machine's and the user's, if there]
    ///
    /// TOML. The machine's settings are in /etc/blackbar.toml, the user's in $XDG_CONFIG_HOME/blackbar/config.toml, or in
    /// ~/.config/blackbar/config.toml; where both say something the user's count, and lists add up. Options take precedence
    /// over files, and what they list is added. 'blackbar config' shows what is in force.
    #[arg(long, value_name = "FILE", overrides_with = "no_config", help_heading = "Configuration")]
    config: Option<PathBuf>,

    /// Take no settings from any file
    #[arg(long, overrides_with = "config", help_heading = "Configuration")]
    no_config: bool,

    /// Look for these: names of rules and of the sets default and all, as in default,-cookie
    ///
    /// A name adds, one with - before it takes away; a list that starts with + or - changes what the configuration says, or
    /// else the default. 'blackbar rules' lists them.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true, help_heading = "Rules")]
    rules: Option<String>,

    /// Leave the values of cookies with these names, as in theme,lang
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Rules")]
    keep_cookies: Option<Vec<String>>,

    /// Redact the values of keys with these names wherever they stand: JSON, queries, headers, code
    ///
    /// In '*_pin' the star stands for any text: card_pin, cardPin, and not spin.
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

    /// Leave VALUE, byte for byte, whatever finds it
    #[arg(long, value_name = "VALUE", help_heading = "Rules")]
    allow: Option<Vec<String>>,

    /// Leave values that PATTERN, a regular expression, matches from start to end
    #[arg(long, value_name = "PATTERN", help_heading = "Rules")]
    allow_pattern: Option<Vec<String>>,
}

impl Args {
    /// The settings: what was typed, over what the file says.
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
        let configurations = self.configurations().into_iter();
        let configurations = configurations.map(|(path, _)| ("the configuration", path));
        let known = settings.secrets_files.iter();
        let known = known.map(|file| ("a file of known values", file.value.clone()));
        let key = settings.key_file.iter().map(|file| ("the key file", file.value.clone()));
        configurations.chain(known).chain(key).collect()
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
        Ok((put_in_force(settings.load(), report)?, self.files(&settings)))
    }

    /// The settings, checked without the files and variables that they name.
    pub fn check(&self, report: &mut dyn FnMut(&Error)) -> Result<Loaded, Error> {
        self.settings(None).check().map_err(|problems| refused(&problems, report))
    }

    /// The configurations, and what named each: the later ones take precedence.
    fn configurations(&self) -> Vec<(PathBuf, &'static str)> {
        if self.no_config {
            return Vec::new();
        }
        if let Some(path) = &self.config {
            return vec![(path.clone(), "named by --config")];
        }
        // An empty variable is as good as none to a shell.
        if let Some(path) = variable(VARIABLE) {
            return vec![(path, "named by the variable BLACKBAR_CONFIG")];
        }
        let machine = (PathBuf::from(PLACE), "the machine's");
        let user = user_place().map(|path| (path, "the user's"));
        // One that cannot be looked at is no reason to go on as if there were none.
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

/// Where the user's configuration is, as the XDG Base Directory Specification has it: a relative path counts for none.
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
            let files = args.config.configurations();
            let files: Vec<String> =
                files.iter().map(|(path, by)| format!("{}, {by}", Name::path(path))).collect();
            let file = if files.is_empty() { "no file".to_owned() } else { files.join("; ") };
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
    Ok(format!("{name}: valid; rules: {}\n", rules.join(", ")))
}
