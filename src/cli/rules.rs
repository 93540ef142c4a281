//! `blackbar rules`: what is looked for.

use std::io::{self, Write};

use blackbar::command::visible;
use blackbar::{Error, Rule, Ruleset};

use super::{Outcome, config, output};

/// What may be typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    config: config::Args,
}

/// Lists the rules by name, each with the sets that it is in, what it redacts (between « and ») and what it leaves: those
/// in force, and then those that can be chosen.
pub fn run(args: &Args, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
    let rules = args.config.check(report)?.ruleset;
    output::print(|out| list(&rules, out))
}

fn list(rules: &Ruleset, out: &mut impl Write) -> io::Result<()> {
    let all = Ruleset::all();
    let others: Vec<&Rule> =
        all.rules().iter().filter(|rule| rules.find(&rule.name).is_none()).collect();
    let names = rules.rules().iter().chain(others.iter().copied()).map(|rule| rule.name.len());
    let width = names.max().unwrap_or(0);
    for rule in rules.rules() {
        show(rule, width, out)?;
    }
    if !others.is_empty() {
        writeln!(
            out,
            "\nNot in force; --rules takes them in by their names, or by those of the sets in brackets:\n"
        )?;
    }
    for rule in others {
        show(rule, width, out)?;
    }
    Ok(())
}

fn show(rule: &Rule, width: usize, out: &mut impl Write) -> io::Result<()> {
    write!(out, "{:width$}  {}", rule.name, visible(&rule.summary))?;
    let sets: Vec<&str> = Ruleset::sets_of(&rule.name).collect();
    match sets.is_empty() {
        true => writeln!(out)?,
        false => writeln!(out, " [{}]", sets.join(", "))?,
    }
    for example in &rule.examples {
        writeln!(out, "{:width$}    redacts  {}", "", visible(example))?;
    }
    for example in &rule.counter_examples {
        writeln!(out, "{:width$}    leaves   {}", "", visible(example))?;
    }
    Ok(())
}
