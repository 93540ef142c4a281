//! Wrong usage, told in a line, and options before a subcommand.

use std::ffi::{OsStr, OsString};
use std::fs;

use blackbar::command::nearest;
use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error};

/// Moves a subcommand that stands behind options to the front, where the parser looks for it: in
/// `blackbar --config f scan log` the options are the subcommand's.
///
/// The first word that is neither an option nor the value of one decides. If it names no subcommand, it is a file.
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

/// Whether it is an option: `-` alone is standard input.
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
/// `blackbar --format json scan`, `json` is no file.
fn takes_next(command: &Command, arg: &OsStr) -> bool {
    let Some(arg) = arg.to_str() else { return false };
    let all = || command.get_subcommands().chain([command]).flat_map(Command::get_arguments);
    if let Some(long) = arg.strip_prefix("--") {
        return all().any(|known| known.get_long() == Some(long) && takes_word(known));
    }
    // Of a cluster of short options the first that takes a value takes the rest as one; the last takes the next word.
    let valued =
        |short: char| all().any(|known| known.get_short() == Some(short) && takes_word(known));
    let mut shorts = arg[1..].chars();
    let first = shorts.find(|short| valued(*short));
    first.is_some() && shorts.next().is_none()
}

fn takes_word(arg: &clap::Arg) -> bool {
    arg.get_action().takes_values() && !arg.is_require_equals_set()
}

/// What is wrong with `args`, in a line, with what was meant if that can be told, and where to read on.
pub fn message(command: &Command, args: &[OsString], error: &Error) -> String {
    // The parser lists what is wrong on further lines, and its hints after an empty one.
    let text = error.render().to_string();
    let lines: Vec<&str> =
        text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let line = lines.join(" ");
    let line = line.strip_prefix("error: ").unwrap_or(&line);
    let meant =
        meant(command, error).map(|meant| format!("; is it '{meant}'?")).unwrap_or_default();
    let help = match args.get(1) {
        Some(name) if name != "help" && command.find_subcommand(name).is_some() => {
            format!("blackbar {} --help", name.display())
        }
        _ => "blackbar --help".to_owned(),
    };
    format!("{line}{meant}; try '{help}'")
}

/// What was mistyped, as it should be.
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
