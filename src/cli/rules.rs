//! `blackbar rules`: what is looked for.

use std::io::{self, Write};

use blackbar::{Error, Name, Ruleset};

use super::Outcome;

/// Lists the rules by name, each with the sets that it is in, what it redacts (between « and ») and what it leaves.
pub fn run() -> Result<Outcome, Error> {
    match list(&mut io::stdout().lock()) {
        Ok(()) => Ok(Outcome::Done),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Error::Closed),
        Err(source) => Err(Error::Write { name: Name::stdout(), source }),
    }
}

fn list(out: &mut impl Write) -> io::Result<()> {
    let rules = Ruleset::all();
    let width = rules.rules().iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    for rule in rules.rules() {
        let sets: Vec<&str> = Ruleset::sets_of(&rule.name).collect();
        writeln!(out, "{:width$}  {} [{}]", rule.name, rule.summary, sets.join(", "))?;
        for example in &rule.examples {
            writeln!(out, "{:width$}    redacts  {example}", "")?;
        }
        for example in &rule.counter_examples {
            writeln!(out, "{:width$}    leaves   {example}", "")?;
        }
    }
    out.flush()
}
