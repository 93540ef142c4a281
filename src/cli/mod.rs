//! The command line: what was typed, and the plan that it means.
//!
//! [`Args`] is syntax and belongs to `clap`. [`Plan`] is checked and is all that runs. One file a subcommand.

#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

use blackbar::Error;
use clap::{CommandFactory, Parser, Subcommand};

mod bench;
mod config;
mod inputs;
mod output;
mod progress;
mod redact;
mod rules;
mod scan;
mod shell;
mod signals;
mod stats;
mod style;

const ABOUT: &str = "Blacks out bearer tokens, JWTs, cookies and other credentials in logs. \
    Every other byte is passed on unchanged.";

const EXAMPLES: &str = "\
Examples:
  tail -F app.log | blackbar                 redact a log as it is written
  flask run 2>&1 | blackbar | tee run.log    redact what a program prints
  blackbar app.log -o app.redacted.log       redact a file into another
  blackbar app.log.2 app.log.1 app.log       redact several, one after another
  blackbar --style label app.log             tell which rule found each secret
  blackbar -i --backup .orig *.log.gz        redact files where they are
  blackbar scan -r /var/log                  tell where secrets are
  blackbar rules                             list what is looked for
  blackbar --rules all,-cookie app.log       look for more, or for less
  blackbar config                            show the settings and where they come from
  blackbar bench app.log                     measure what redacting that log costs";

const NOTES: &str = "\
Each secret becomes [REDACTED]; the name before it, the quotes around it and the
rest of the line stay, so JSON stays JSON. A line leaves as soon as it is read,
and whatever is not known to be safe yet waits.

A file that is called like a command is named with a path: blackbar ./rules

Signals:
  SIGTERM  a pipe or a followed file is read as far as it has come, and the exit
           status is 0; sent again, it ends the command at once
  SIGHUP   the configuration is read again, between two lines
  In place, both and an interrupt leave the file at hand as it was.

Exit status:
  0  everything was redacted, or the reader of the output closed it
  1  scan found something
  2  wrong usage or settings, or an input or output error; what could be done was done";

pub use output::{print, say};
pub use signals::die_of_signal;

/// What may be typed.
#[derive(Debug, Parser)]
#[command(
    name = "blackbar",
    version,
    about = ABOUT,
    after_help = EXAMPLES,
    after_long_help = format!("{EXAMPLES}\n\n{NOTES}"),
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    subcommand_help_heading = "Other commands",
    override_usage = "blackbar [OPTIONS] [FILE]...\n       blackbar <COMMAND>",
    max_term_width = 100
)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    redact: redact::Args,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell where secrets are, and change nothing
    ///
    /// Prints path:line:column and the rule for each, and never the secret. Lines and columns count from 1, columns in
    /// bytes. A summary goes to standard error. The exit status is 1 if anything was found, 0 if nothing was, 2 on an
    /// error.
    Scan(Box<scan::Args>),
    /// List what is looked for, and what could be
    Rules(Box<rules::Args>),
    /// Measure what redaction costs here, against a plain copy of the same bytes
    Bench(bench::Args),
    /// Print the settings in force and where each comes from, as TOML that can be read again
    Config(Box<config::CommandArgs>),
    /// Print a completion script for bash, zsh, fish, elvish or powershell
    ///
    /// For bash: blackbar completions bash >/usr/share/bash-completion/completions/blackbar
    #[command(hide = true)]
    Completions(shell::Args),
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

/// What is to be done.
#[derive(Debug)]
pub enum Plan {
    /// Print the help or the version.
    Print(String),
    /// Redact inputs into an output.
    Redact(redact::Plan),
    /// Tell where secrets are.
    Scan(scan::Plan),
    /// List the rules.
    Rules(Box<rules::Args>),
    /// Measure what redaction costs.
    Bench(bench::Plan),
    /// Print or check settings.
    Config(Box<config::CommandArgs>),
    /// Print a completion script.
    Completions(shell::Args),
    /// Print the manual page.
    Man,
}

/// How a run that went through ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All of it is done.
    Done,
    /// All of it is done, and a scan found something.
    Found,
    /// Some inputs were reported and left out.
    Partial,
}

impl Plan {
    /// The plan that `args`, the first of which is the program's name, ask for.
    pub fn from_args(args: impl IntoIterator<Item = OsString>) -> Result<Plan, clap::Error> {
        let args = match Args::try_parse_from(args) {
            Ok(args) => args,
            Err(answer) if !answer.use_stderr() => return Ok(Plan::Print(rendered(&answer))),
            Err(error) => return Err(error),
        };
        Ok(match args.command {
            None => Plan::Redact(args.redact.into()),
            Some(Command::Scan(args)) => Plan::Scan((*args).into()),
            Some(Command::Rules(args)) => Plan::Rules(args),
            Some(Command::Bench(args)) => Plan::Bench(args.into()),
            Some(Command::Config(args)) => Plan::Config(args),
            Some(Command::Completions(args)) => Plan::Completions(args),
            Some(Command::Man) => Plan::Man,
        })
    }

    /// Carries it out. After [`Error::Stopped`], [`die_of_signal`] is how to end. An error that concerns one input alone goes to `report`, and the others are still done.
    pub fn run(&self, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
        match self {
            Plan::Print(text) => print(|out| out.write_all(text.as_bytes())),
            Plan::Redact(plan) => plan.run(report),
            Plan::Scan(plan) => plan.run(report),
            Plan::Rules(args) => rules::run(args, report),
            Plan::Bench(plan) => plan.run(report),
            Plan::Config(args) => config::run(args, report),
            Plan::Completions(args) => shell::completions(args, Args::command()),
            Plan::Man => shell::man(Args::command()),
        }
    }
}

/// Help or version, in bold type and the like where a terminal shows them.
fn rendered(answer: &clap::Error) -> String {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match io::stdout().is_terminal() && !plain {
        true => answer.render().ansi().to_string(),
        false => answer.render().to_string(),
    }
}

/// What is wrong with the arguments, in a line. `clap` lists them on further lines, and its hints after an empty one.
pub fn usage_error(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines: Vec<&str> =
        text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let line = lines.join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_name_that_is_no_command_is_a_file() {
        let plan = |args: &[&str]| Plan::from_args(args.iter().map(OsString::from));
        assert!(matches!(plan(&["blackbar"]), Ok(Plan::Redact(_))));
        assert!(matches!(plan(&["blackbar", "app.log", "rules"]), Ok(Plan::Redact(_))));
        assert!(matches!(plan(&["blackbar", "./rules"]), Ok(Plan::Redact(_))));
        assert!(matches!(plan(&["blackbar", "rules"]), Ok(Plan::Rules(_))));
    }

    #[test]
    fn usage_errors_are_one_line() {
        let error =
            Plan::from_args(["blackbar", "--threads", "0"].map(OsString::from)).unwrap_err();
        let found = usage_error(&error);
        assert!(found.starts_with("invalid value '0' for '--threads"), "{found}");
        assert!(!found.contains('\n'));
    }
}
