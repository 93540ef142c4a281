//! The arguments, and the plan that is made from them.

use std::ffi::OsString;
use std::io::Write;

use blackbar::Error;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::outcome::Outcome;
use super::{bench, color, complete, config, help, output, redact, rules, scan, shell, usage};

/// The arguments.
#[derive(Debug, Parser)]
#[command(
    name = "blackbar",
    version,
    about = help::ABOUT,
    after_help = help::examples(),
    after_long_help = help::closing(),
    args_conflicts_with_subcommands = true,
    args_override_self = true,
    subcommand_help_heading = "Other commands",
    override_usage = help::USAGE,
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
    /// Report where secrets are, and change nothing
    ///
    /// Prints path:line:column and the rule of each secret, but not the secret itself. Lines and columns are counted
    /// from 1, columns in bytes. A summary goes to standard error. The exit status is 1 if secrets were found, 0 if
    /// none were, and 2 after an error.
    Scan(Box<scan::Args>),
    /// List the rules, with examples
    Rules(Box<rules::Args>),
    /// Measure the cost of redaction on this machine, compared with a plain copy
    Bench(Box<bench::Args>),
    /// Print the current settings and their origins, as a configuration file
    Config(Box<config::CommandArgs>),
    /// Print a completion script for bash, zsh, fish, elvish or powershell
    ///
    /// For bash: blackbar completions bash >/usr/share/bash-completion/completions/blackbar
    Completions(shell::CompletionsArgs),
    /// Print a manual page
    ///
    /// To read it: blackbar man scan | man -l -
    Man(shell::ManArgs),
}

/// A checked plan.
#[derive(Debug)]
pub enum Plan {
    /// Print the help or the version.
    Print(String),
    /// Redact inputs into an output.
    Redact(redact::Plan),
    /// Report where secrets are.
    Scan(scan::Plan),
    /// List the rules.
    Rules(Box<rules::Args>),
    /// Measure what redaction costs.
    Bench(bench::Plan),
    /// Print or check settings.
    Config(Box<config::CommandArgs>),
    /// Print a completion script.
    Completions(shell::CompletionsArgs),
    /// Print a manual page.
    Man(shell::ManArgs),
}

impl Plan {
    /// The plan for `args`. The first of them is the program's name.
    ///
    /// # Errors
    ///
    /// A message of one line.
    pub fn from_args(args: impl IntoIterator<Item = OsString>) -> Result<Plan, String> {
        let args: Vec<OsString> = args.into_iter().collect();
        if complete::answered(Args::command, &args) {
            return Ok(Plan::Print(String::new()));
        }
        let mut command = Args::command();
        let args = usage::subcommand_first(&command, args);
        if let Some(error) = usage::mistyped_subcommand(&command, &args) {
            return Err(error);
        }
        let parsed = command
            .try_get_matches_from_mut(&args)
            .and_then(|matches| Args::from_arg_matches(&matches));
        let args = match parsed {
            Ok(args) => args,
            Err(error) if error.use_stderr() => {
                return Err(usage::message(&command, &args, &error));
            }
            Err(answer) => return Ok(Plan::Print(rendered(&answer))),
        };
        Ok(match args.command {
            None => Plan::Redact(args.redact.into()),
            Some(Command::Scan(args)) => Plan::Scan((*args).into()),
            Some(Command::Rules(args)) => Plan::Rules(args),
            Some(Command::Bench(args)) => Plan::Bench((*args).into()),
            Some(Command::Config(args)) => Plan::Config(args),
            Some(Command::Completions(args)) => Plan::Completions(args),
            Some(Command::Man(args)) => Plan::Man(args),
        })
    }

    /// Runs the plan. After [`Error::Stopped`], the process has to end by [`die_of_signal`]. An error in one input goes
    /// to `report`, and the other inputs are still processed.
    pub fn run(&self, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
        match self {
            Plan::Print(text) => output::print(|out| out.write_all(text.as_bytes())),
            Plan::Redact(plan) => plan.run(report),
            Plan::Scan(plan) => plan.run(report),
            Plan::Rules(args) => rules::run(args, report),
            Plan::Bench(plan) => plan.run(report),
            Plan::Config(args) => config::run(args, report),
            Plan::Completions(args) => shell::completions(*args),
            Plan::Man(args) => shell::man(args, Args::command()),
        }
    }
}

/// The help or the version, with formatting on a terminal.
fn rendered(answer: &clap::Error) -> String {
    match color::Args::default().is_on() {
        true => answer.render().ansi().to_string(),
        false => answer.render().to_string(),
    }
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
        let error = Plan::from_args(["blackbar", "--threads", "0"].map(OsString::from));
        let Err(found) = error else { panic!("{error:?}") };
        assert!(found.starts_with("invalid value '0' for '--threads"), "{found}");
        assert!(!found.contains('\n'));
    }
}
