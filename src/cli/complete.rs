//! Completion of command lines.
//!
//! The shell's script asks the command itself, which knows its options from the definition of the arguments. This module
//! completes names of rules and styles, which are not in that definition.

use std::ffi::{OsStr, OsString};
use std::io;

use blackbar::Ruleset;
use clap::Command;
use clap_complete::aot::Shell;
use clap_complete::env::{CompleteEnv, Shells};
use clap_complete::{ArgValueCompleter, CompletionCandidate as Candidate};

/// The environment variable by which a shell's script asks for completions. It is not `COMPLETE`, which may be set for
/// another command: a filter must not print anything but its input.
const VARIABLE: &str = "_BLACKBAR_COMPLETE";

const STYLES: [&str; 5] = ["fixed", "label", "mask", "partial", "hmac"];

/// The rules and sets, with what they find.
fn names() -> Vec<(String, String)> {
    let rules = Ruleset::every();
    let mut names = vec![
        ("default".to_owned(), "the rules that are selected by default".to_owned()),
        ("all".to_owned(), "every rule for credentials".to_owned()),
        ("pii".to_owned(), "personal data".to_owned()),
    ];
    names
        .extend(rules.rules().iter().map(|rule| (rule.name.to_string(), rule.summary.to_string())));
    names
}

/// A rule or a set.
fn rule(current: &OsStr) -> Vec<Candidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    let matching = names().into_iter().filter(|(name, _)| name.starts_with(current));
    matching.map(|(name, summary)| Candidate::new(name).help(Some(summary.into()))).collect()
}

/// The last item of a list of rules. A `-` before an item removes it.
fn rules(current: &OsStr) -> Vec<Candidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    let (before, item) = current.split_at(current.rfind(',').map_or(0, |comma| comma + 1));
    let (sign, item) = item.split_at(usize::from(item.starts_with('-')));
    let matching = names().into_iter().filter(|(name, _)| name.starts_with(item));
    matching
        .map(|(name, summary)| {
            Candidate::new(format!("{before}{sign}{name}")).help(Some(summary.into()))
        })
        .collect()
}

/// A style, or a rule with its style.
fn style(current: &OsStr) -> Vec<Candidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    let styles = STYLES;
    match current.split_once('=') {
        Some((rule, style)) => styles
            .iter()
            .filter(|name| name.starts_with(style))
            .map(|name| Candidate::new(format!("{rule}={name}")))
            .collect(),
        None => styles
            .iter()
            .filter(|name| name.starts_with(current))
            .map(|name| Candidate::new(*name))
            .chain(rule(OsStr::new(current)).into_iter().filter_map(|candidate| {
                let name = candidate.get_value().to_str()?;
                let is_set = matches!(name, "default" | "all" | "pii");
                (!is_set).then(|| Candidate::new(format!("{name}=")))
            }))
            .collect(),
    }
}

/// The values of `--protocol`.
fn protocol(current: &OsStr) -> Vec<Candidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    let all = ["mmexternal", "mmexternal-rawmsg", "mmexternal-fulljson"];
    all.iter().filter(|name| name.starts_with(current)).map(|name| Candidate::new(*name)).collect()
}

/// Adds completers to the arguments of `command`.
fn completed(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let completer = match arg.get_id().as_str() {
            "rules" => ArgValueCompleter::new(rules),
            "names" => ArgValueCompleter::new(rule),
            "styles" => ArgValueCompleter::new(style),
            "protocol" => ArgValueCompleter::new(protocol),
            _ => return arg,
        };
        arg.add(completer)
    });
    command.mut_subcommands(completed)
}

/// Answers a shell that asks for completions. Returns whether it did.
pub fn answered(command: fn() -> Command, args: &[OsString]) -> bool {
    if std::env::var_os(VARIABLE).is_none() {
        return false;
    }
    let factory = move || completed(command());
    let here = std::env::current_dir().ok();
    let done = CompleteEnv::with_factory(factory).var(VARIABLE).try_complete(args, here.as_deref());
    done.unwrap_or(true)
}

/// The completion script for `shell`.
pub fn script(shell: Shell) -> Result<Vec<u8>, io::Error> {
    match shell {
        // The library's script for bash does not handle words that bash splits at `=`, and its script for zsh completes
        // nothing when it is first loaded.
        Shell::Bash => Ok(include_bytes!("completions/blackbar.bash").to_vec()),
        Shell::Zsh => Ok(include_bytes!("completions/_blackbar").to_vec()),
        Shell::Fish => Ok(include_bytes!("completions/blackbar.fish").to_vec()),
        _ => {
            let name = shell.to_string();
            let shells = Shells::builtins();
            let completer = shells.completer(&name).ok_or(io::ErrorKind::Unsupported)?;
            let mut script = Vec::new();
            let [command, binary] = ["blackbar"; 2];
            completer.write_registration(VARIABLE, command, binary, binary, &mut script)?;
            Ok(script)
        }
    }
}
