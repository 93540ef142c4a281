//! `blackbar rules`: lists the rules.

use std::io::{self, Write};

use blackbar::command::visible;
use blackbar::{Error, Rule, Ruleset, UnknownRule};
use serde_json::{Value, json};

use super::outcome::{Format, Outcome};
use super::{config, output};

/// The arguments.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Show only these rules, or those of these sets
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// How to print the rules: text, or json, an array of objects
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    format: Format,

    #[command(flatten)]
    config: config::Args,
}

/// A rule, and whether it is selected.
struct Listed<'a> {
    rule: &'a Rule,
    selected: bool,
}

/// Lists the rules by name, each with its sets, with what it redacts (between « and ») and what it keeps: first the
/// selected rules, then the others.
pub fn run(args: &Args, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
    let rules = args.config.check(report)?.ruleset;
    let all = Ruleset::every();
    let others = all.rules().iter().filter(|rule| rules.find(&rule.name).is_none());
    let mut listed: Vec<Listed<'_>> = rules
        .rules()
        .iter()
        .map(|rule| Listed { rule, selected: true })
        .chain(others.map(|rule| Listed { rule, selected: false }))
        .collect();
    if !args.names.is_empty() {
        listed = chosen(&args.names, listed)?;
    }
    output::print(|out| match args.format {
        Format::Text => text(&listed, !args.names.is_empty(), out),
        Format::Json => writeln!(out, "{:#}", listed.iter().map(json).collect::<Value>()),
    })
}

/// The rules of `listed` that `names` name, in this order.
fn chosen<'a>(names: &[String], listed: Vec<Listed<'a>>) -> Result<Vec<Listed<'a>>, Error> {
    let mut chosen = Vec::new();
    for name in names {
        let before = chosen.len();
        chosen.extend(listed.iter().filter_map(|Listed { rule, selected }| {
            let named = rule.name == *name || Ruleset::sets_of(&rule.name).any(|set| set == name);
            named.then_some(Listed { rule, selected: *selected })
        }));
        if chosen.len() == before {
            let unknown = UnknownRule { name: name.clone() };
            return Err(Error::Refused { reason: unknown.to_string() });
        }
    }
    Ok(chosen)
}

fn json(listed: &Listed<'_>) -> Value {
    let rule = listed.rule;
    json!({
        "name": rule.name,
        "summary": rule.summary,
        "sets": Ruleset::sets_of(&rule.name).collect::<Vec<_>>(),
        "selected": listed.selected,
        "examples": rule.examples,
        "counter_examples": rule.counter_examples,
        "forms": Ruleset::forms_of(&rule.name)
            .map(|form| json!({
                "provider": form.provider,
                "name": form.name,
                "example": form.example,
                "origin": form.origin,
            }))
            .collect::<Vec<_>>(),
    })
}

/// With `forms`, what tokens look like is shown as well.
fn text(listed: &[Listed<'_>], forms: bool, out: &mut impl Write) -> io::Result<()> {
    let width = listed.iter().map(|listed| listed.rule.name.len()).max().unwrap_or(0);
    for Listed { rule, .. } in listed.iter().filter(|listed| listed.selected) {
        show(rule, width, forms, out)?;
    }
    let mut others = listed.iter().filter(|listed| !listed.selected).peekable();
    if others.peek().is_some() && listed.iter().any(|listed| listed.selected) {
        writeln!(out)?;
    }
    if others.peek().is_some() {
        writeln!(
            out,
            "Not selected; --rules adds a rule by its name, or by the name of a set in brackets:\n"
        )?;
    }
    for Listed { rule, .. } in others {
        show(rule, width, forms, out)?;
    }
    Ok(())
}

fn show(rule: &Rule, width: usize, forms: bool, out: &mut impl Write) -> io::Result<()> {
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
        writeln!(out, "{:width$}    keeps    {}", "", visible(example))?;
    }
    for form in Ruleset::forms_of(&rule.name).filter(|_| forms) {
        writeln!(out, "{:width$}    {}: {}", "", form.provider, form.name)?;
        writeln!(out, "{:width$}      redacts  {}", "", visible(form.example))?;
    }
    Ok(())
}
