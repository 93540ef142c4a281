//! Messages about wrong usage, in one line, and options before a subcommand.

use std::ffi::{OsStr, OsString};
use std::fs;

use blackbar::command::nearest;
use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error};

/// Moves a subcommand that follows options to the front, where the parser expects it. In `blackbar --config f scan log`,
/// the options belong to the subcommand.
///
/// The first word that is neither an option nor its value decides. If it is not a subcommand, it is a file.
pub fn subcommand_first(command: &Command, mut args: Vec<OsString>) -> Vec<OsString> {
    let mut at = 1;
    while let Some(arg) = args.get(at) {
        if arg == "--" {
            break;
        }
        if !is_option(arg) {
            if arg == "help" {
                args.drain(1..at);
            } else if is_subcommand(command, arg) {
                args[1..=at].rotate_right(1);
            }
            break;
        }
        at += if takes_next(command, arg) { 2 } else { 1 };
    }
    args
}

/// Whether `arg` is an option. `-` alone is standard input.
fn is_option(arg: &OsStr) -> bool {
    let arg = arg.as_encoded_bytes();
    arg.len() > 1 && arg[0] == b'-'
}

/// The error for a first argument that is neither a subcommand nor a file, and is spelled almost like a subcommand.
pub fn mistyped_subcommand(command: &Command, args: &[OsString]) -> Option<String> {
    let word = args.get(1)?.to_str()?;
    let is_word = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_word || is_subcommand(command, OsStr::new(word)) || fs::symlink_metadata(word).is_ok() {
        return None;
    }
    let meant = nearest_subcommand(command, word)?;
    Some(format!("{word}: no such file; did you mean the command '{meant}'?"))
}

fn nearest_subcommand<'a>(command: &'a Command, word: &str) -> Option<&'a str> {
    nearest(word, command.get_subcommands().map(Command::get_name))
}

fn is_subcommand(command: &Command, arg: &OsStr) -> bool {
    command.get_subcommands().any(|known| known.get_name() == arg)
}

/// Whether the value of the option `arg` is the word after it. The options are those of every subcommand: in
/// `blackbar --format json scan`, `json` is not a file.
fn takes_next(command: &Command, arg: &OsStr) -> bool {
    let Some(arg) = arg.to_str() else { return false };
    let all = || command.get_subcommands().chain([command]).flat_map(Command::get_arguments);
    if let Some(long) = arg.strip_prefix("--") {
        return all().any(|known| known.get_long() == Some(long) && takes_word(known));
    }
    // In a cluster of short options, the first that takes a value takes the rest of the cluster. Only the last one
    // takes the next word.
    let valued =
        |short: char| all().any(|known| known.get_short() == Some(short) && takes_word(known));
    let mut shorts = arg[1..].chars();
    let first = shorts.find(|short| valued(*short));
    first.is_some() && shorts.next().is_none()
}

fn takes_word(arg: &clap::Arg) -> bool {
    arg.get_action().takes_values() && !arg.is_require_equals_set()
}

/// The error in `args`, in one line, with a suggestion and a reference to the help.
pub fn message(command: &Command, args: &[OsString], error: &Error) -> String {
    // The parser lists details on further lines, and hints after an empty line.
    let text = error.render().to_string();
    let lines: Vec<&str> =
        text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let line = lines.join(" ");
    let line = line.strip_prefix("error: ").unwrap_or(&line);
    let help = match args.get(1) {
        Some(name) if name != "help" && command.find_subcommand(name).is_some() => {
            format!("blackbar {} --help", name.display())
        }
        _ => "blackbar --help".to_owned(),
    };
    let line = line.replace("the following required arguments were not provided:", "missing");
    match meant(command, error) {
        Some(meant) => format!("{line}; did you mean '{meant}'?"),
        None => format!("{line}; see '{help}'"),
    }
}

/// The correct spelling of what was mistyped.
fn meant<'a>(command: &'a Command, error: &'a Error) -> Option<&'a str> {
    // `blackbar help scna`: the parser has no suggestion.
    if let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) {
        return nearest_subcommand(command, word);
    }
    let kinds = [ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    kinds.into_iter().find_map(|kind| match error.get(kind)? {
        ContextValue::String(meant) => Some(meant.as_str()),
        ContextValue::Strings(meant) => meant.first().map(String::as_str),
        _ => None,
    })
}
