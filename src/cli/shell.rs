//! `blackbar completions` and `blackbar man`: what packages install, from the definition of the arguments.

use std::io::Write;

use blackbar::Error;
use clap_complete::aot::Shell;

use super::outcome::Outcome;
use super::{complete, manual, output};

/// What may be typed after `blackbar completions`.
#[derive(clap::Args, Clone, Copy, Debug)]
pub struct CompletionsArgs {
    /// The shell to complete for
    shell: Shell,
}

/// What may be typed after `blackbar man`.
#[derive(clap::Args, Clone, Debug)]
pub struct ManArgs {
    /// The command whose page to print [default: that of blackbar itself]
    command: Option<String>,
}

/// Prints the completion script.
pub fn completions(args: CompletionsArgs) -> Result<Outcome, Error> {
    output::print(|out| out.write_all(&complete::script(args.shell)?))
}

/// Prints a page of the manual.
pub fn man(args: &ManArgs, command: clap::Command) -> Result<Outcome, Error> {
    match manual::page(command, args.command.as_deref()) {
        Some(page) => output::print(|out| out.write_all(page.as_bytes())),
        None => Err(Error::Refused {
            reason: "there is no such command; 'blackbar help' lists them".to_owned(),
        }),
    }
}
