//! The command line: subcommands and options in any order, help, and suggestions for mistyped words.

mod command;

use std::process::{Command, Stdio};

use command::{Dir, REDACTED, SECRET};
use serde_json::Value;

fn dir() -> Dir {
    Dir::new(&[("log", SECRET.as_bytes()), ("label.toml", b"style = 'label'\nrules = 'jwt'\n")])
}

#[test]
fn options_may_stand_before_a_subcommand() {
    let dir = dir();
    for args in [
        &["--config", "label.toml", "scan", "log"][..],
        &["--config=label.toml", "scan", "log"],
        &["--format", "text", "--config", "label.toml", "scan", "log"],
        &["--rules", "-bearer", "scan", "log"],
        &["-rg", "*.toml", "scan", "."],
    ] {
        let ended = dir.run(args);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{args:?}: {ended:?}");
        assert!(ended.stderr.starts_with("nothing found in 1 input"), "{args:?}: {ended:?}");
    }
    // The first word that is not an option's value decides. After -- there are only files.
    dir.write("rules", SECRET.as_bytes());
    for args in [&["log", "rules"][..], &["--threads", "1", "log", "rules"]] {
        assert_eq!(dir.run(args).stdout, REDACTED.repeat(2), "{args:?}");
    }
    assert_eq!(dir.run(&["--", "rules"]).stdout, REDACTED);
    assert_eq!(dir.run(&["-o", "rules", "log"]).code, Some(0));
    assert_eq!(dir.read("rules"), REDACTED);
    dir.refuses(&["-i", "rules"], "unexpected argument '-i' found; see 'blackbar rules --help'");
}

#[test]
fn help_is_a_subcommand_too() {
    let dir = dir();
    for args in [&["help"][..], &["--help"], &["--no-config", "help"]] {
        let ended = dir.run(args);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{args:?}");
        assert!(ended.stdout.contains("Exit status:\n  0  Success"), "{args:?}");
    }
    for name in ["scan", "rules", "bench", "config", "completions", "man"] {
        let (one, other) = (dir.run(&["help", name]), dir.run(&[name, "--help"]));
        assert_eq!(one.stdout, other.stdout);
        assert!(one.stdout.contains(&format!("Usage: blackbar {name}")), "{}", one.stdout);
    }
}

#[test]
fn a_mistyped_word_is_recognised() {
    let dir = dir();
    dir.refuses(&["--styel", "label"], "did you mean '--style'?\n");
    dir.refuses(&["scan", "--qiet"], "did you mean '--quiet'?\n");
    dir.refuses(&["bench", "--rat", "5MB/s"], "did you mean '--rate'?\n");
    dir.refuses(&["--stats=jsn"], "did you mean 'json'?");
    dir.refuses(&["--style", "lable"], "did you mean label?");
    dir.refuses(&["--style", "coockie=mask"], "did you mean cookie?");
    dir.refuses(&["--rules", "defualt"], "did you mean default?");
    dir.refuses(&["--rules", "default,-coockie"], "did you mean cookie?");
    dir.refuses(&["rules", "pasword"], "did you mean password?");
    dir.refuses(&["scna", "log"], "scna: no such file; did you mean the command 'scan'?");
    dir.refuses(&["help", "scna"], "did you mean 'scan'?\n");
    dir.refuses(&["help", "nope"], "unrecognized subcommand 'nope'; see 'blackbar --help'");
    // A file of that name is read, and other names are not taken for commands.
    dir.write("scna", SECRET.as_bytes());
    assert_eq!(dir.run(&["scna"]).stdout, REDACTED);
    for name in ["scan.log", "./scam", "missing"] {
        assert!(!dir.run(&[name]).stderr.contains("did you mean"), "{name}");
    }
    // `none` would turn redaction off.
    dir.refuses(&["rules", "nope"], "there is no rule 'nope'; 'blackbar rules' lists them");
    dir.refuses(&["--rules", "nope"], "there is no rule 'nope'; 'blackbar rules' lists them");
    dir.refuses(&["--rules", ""], "the name of a rule is missing; 'blackbar rules' lists them");
    dir.refuses(&["rules", "q"], "there is no rule 'q'; 'blackbar rules' lists them");
}

#[test]
fn an_error_names_what_is_missing() {
    let dir = dir();
    let needed = "expected a number of seconds from 1 to 86400";
    dir.refuses(&["--stats-file", "x", "--stats-interval", "abc"], needed);
    dir.refuses(&["--stats-file", "x", "--stats-interval", "0"], needed);
    for option in ["--baseline", "--write-baseline"] {
        let needed = format!("{option} needs --key-file FILE, or a key in BLACKBAR_KEY");
        dir.refuses(&["scan", option, "known.json", "log"], &needed);
    }
    let plain = "use 3 to 64 letters and digits, joined by - or _";
    let star = format!("{plain}, with 3 of them in a row beside a *");
    for (name, needed) in [("a", plain), ("a b c d", plain), ("*_a", &star)] {
        let error = dir.run(&["--keys", name]).stderr;
        assert_eq!(error, format!("blackbar: --keys: invalid key name '{name}'; {needed}\n"));
    }
    dir.refuses(&["scan", "--show", "--summary"], "'--show' cannot be used with '--summary'");
    dir.refuses(&["scan", "--summary", "--show"], "'--summary' cannot be used with '--show'");
    dir.refuses(&["bench", "--rate", "50"], "the rate has no unit; write 50MB/s");
}

#[test]
fn the_last_of_a_repeated_option_counts() {
    let dir = dir();
    let run = |args: &[&str]| dir.run(args).stdout;
    assert_eq!(run(&["--rules", "jwt", "--rules", "bearer", "log"]), REDACTED);
    assert_eq!(run(&["--threads", "1", "--threads=2", "log"]), REDACTED);
    assert_eq!(run(&["--config", "missing.toml", "--no-config", "log"]), REDACTED);
    assert_eq!(run(&["--no-config", "--config", "label.toml", "log"]), SECRET);
    assert_eq!(run(&["--color", "always", "--color", "never", "log"]), REDACTED);
    assert_eq!(dir.run(&["scan", "--rules", "all", "--rules", "jwt", "log"]).code, Some(0));
    // Repeated options whose values are added are not an error.
    let labelled = REDACTED.replace("REDACTED", "REDACTED:bearer");
    assert_eq!(run(&["--style", "mask", "--style", "bearer=label", "log"]), labelled);
}

#[test]
fn rules_can_be_named_and_read_by_programs() {
    let dir = dir();
    let printed = dir.run(&["rules", "password"]);
    assert!(printed.stdout.contains("\npassword  ") && !printed.stdout.contains("bearer"));
    let json = |args: &[&str]| -> Vec<Value> {
        serde_json::from_str(&dir.run(&[&["rules", "--format", "json"], args].concat()).stdout)
            .unwrap()
    };
    let names = |rules: &[Value]| -> Vec<String> {
        rules.iter().map(|rule| rule["name"].as_str().unwrap().to_owned()).collect()
    };
    let all = json(&[]);
    let password = all.iter().find(|rule| rule["name"] == "password").unwrap();
    assert_eq!(password["selected"], false);
    assert_eq!(password["sets"], serde_json::json!(["all"]));
    assert!(password["examples"][0].as_str().unwrap().contains('«'));
    assert_eq!(names(&json(&["jwt", "bearer"])), ["jwt", "bearer"]);
    assert_eq!(names(&json(&["all", "pii"])), names(&all));
    assert!(!names(&json(&["all"])).contains(&"email".to_owned()));
    let default = json(&["default"]);
    assert!(default.iter().all(|rule| rule["selected"] == true) && default.len() < all.len());
}

#[test]
fn colour_follows_the_options() {
    const HIGHLIGHTED: &str = "Authorization: Bearer \x1b[7m[REDACTED]\x1b[27m\n";
    let dir = dir();
    let run = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = dir.command(args);
        for name in ["NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        let output = command.envs(variables.iter().copied()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run(&["log"], &[]), REDACTED);
    assert_eq!(run(&["--color", "always", "log"], &[]), HIGHLIGHTED);
    assert_eq!(run(&["--color", "always", "log"], &[("NO_COLOR", "1")]), HIGHLIGHTED);
    assert_eq!(run(&["log"], &[("CLICOLOR_FORCE", "1")]), HIGHLIGHTED);
    assert_eq!(run(&["log"], &[("CLICOLOR_FORCE", "0")]), REDACTED);
    assert_eq!(run(&["log"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), REDACTED);
    assert_eq!(run(&["log"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]), HIGHLIGHTED);
    assert_eq!(run(&["--color", "never", "log"], &[("CLICOLOR_FORCE", "1")]), REDACTED);
    // A file is not a terminal, and a second run has nothing left to do.
    assert_eq!(run(&["--color", "always", "log", "-o", "out"], &[]), "");
    assert_eq!(dir.read("out"), REDACTED);
    dir.write("highlighted", HIGHLIGHTED.as_bytes());
    assert_eq!(run(&["highlighted"], &[]), HIGHLIGHTED);
}

#[test]
#[ignore = "needs script(1), of util-linux, for a terminal"]
fn a_terminal_has_colour_and_a_hint() {
    let dir = dir();
    let shown = |line: &str| {
        let output = Command::new("script")
            .args(["--quiet", "--return", "--command", line, "/dev/null"])
            .current_dir(dir.path("."))
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let binary = env!("CARGO_BIN_EXE_blackbar");
    assert!(shown(&format!("{binary} log")).contains("\x1b[7m[REDACTED]\x1b[27m"));
    assert!(!shown(&format!("TERM=dumb {binary} log")).contains('\x1b'));
    for subcommand in ["", "scan"] {
        let hint = "blackbar: reading from the terminal; Ctrl-D ends the input";
        assert!(shown(&format!("{binary} {subcommand}")).contains(hint), "{subcommand}");
        assert!(!shown(&format!("{binary} {subcommand} log")).contains("terminal"));
    }
}
