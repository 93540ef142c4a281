//! What was typed, and the plan that it means.

use std::ffi::OsString;
use std::io::Write;

use blackbar::Error;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::outcome::Outcome;
use super::{bench, color, complete, config, help, output, redact, rules, scan, shell, usage};

/// What may be typed.
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
    /// Tell where secrets are, and change nothing
    ///
    /// Prints path:line:column and the rule for each, and never the secret. Lines and columns count from 1, columns in
    /// bytes. A summary goes to standard error. The exit status is 1 if anything was found, 0 if nothing was, 2 on an
    /// error.
    Scan(Box<scan::Args>),
    /// List what is looked for, and what could be
    Rules(Box<rules::Args>),
    /// Measure what redaction costs here, against a plain copy of the same bytes
    Bench(Box<bench::Args>),
    /// Print the settings in force and where each comes from, as TOML that can be read again
    Config(Box<config::CommandArgs>),
    /// Print a completion script for bash, zsh, fish, elvish or powershell
    ///
    /// For bash: blackbar completions bash >/usr/share/bash-completion/completions/blackbar
    Completions(shell::CompletionsArgs),
    /// Print a page of the manual
    ///
    /// To read it: blackbar man scan | man -l -
    Man(shell::ManArgs),
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
    Completions(shell::CompletionsArgs),
    /// Print a page of the manual.
    Man(shell::ManArgs),
}

impl Plan {
    /// The plan that `args`, the first of which is the program's name, ask for.
    ///
    /// # Errors
    ///
    /// What is wrong with them, in a line.
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

    /// Carries it out. After [`Error::Stopped`], [`die_of_signal`] is how to end. An error that concerns one input alone goes to `report`, and the others are still done.
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

/// Help or version, in bold type and the like where a terminal shows them.
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
