//! `blackbar completions` and `blackbar man`: what packages install, from the definition of the arguments.

use std::io::Write;

use blackbar::{Error, Name};
use clap_complete::Shell;

use super::outcome::Outcome;
use super::output;

/// What may be typed.
#[derive(clap::Args, Clone, Copy, Debug)]
pub struct Args {
    /// The shell to complete for
    shell: Shell,
}

/// Prints the completion script.
pub fn completions(args: &Args, mut command: clap::Command) -> Result<Outcome, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "blackbar", &mut script);
    output::print(|out| out.write_all(&script))
}

/// Prints the manual page.
pub fn man(command: clap::Command) -> Result<Outcome, Error> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut page);
    rendered.map_err(|source| Error::Write { name: Name::stdout(), source })?;
    output::print(|out| out.write_all(&page))
}
