//! Shell completions, tested in the shells themselves, and the manual pages, as man displays them.

mod command;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use command::Dir;

/// What is typed before Tab, and the line after it.
const LINES: &[(&str, &str)] = &[
    ("blackbar sca", "blackbar scan"),
    ("blackbar --config app.log sca", "blackbar --config app.log scan"),
    ("blackbar help benc", "blackbar help bench"),
    ("blackbar scan --exi", "blackbar scan --exit-zero"),
    ("blackbar --in-p", "blackbar --in-place"),
    ("blackbar --style par", "blackbar --style partial"),
    ("blackbar --style=lab", "blackbar --style=label"),
    ("blackbar --style cookie=hm", "blackbar --style cookie=hmac"),
    ("blackbar --rules default,prov", "blackbar --rules default,provider"),
    ("blackbar scan --rules=all,-coo", "blackbar scan --rules=all,-cookie"),
    ("blackbar --protocol mmexternal-r", "blackbar --protocol mmexternal-rawmsg"),
    ("blackbar --color alw", "blackbar --color always"),
    ("blackbar scan --format sar", "blackbar scan --format sarif"),
    ("blackbar rules passw", "blackbar rules password"),
    ("blackbar completions fi", "blackbar completions fish"),
    ("blackbar app", "blackbar app.log"),
    ("blackbar scan --baseline logs/ot", "blackbar scan --baseline logs/other.log"),
];

fn drive(shell: &str) {
    let dir = Dir::new(&[("app.log", b""), ("logs/other.log", b"")]);
    let binary = Path::new(env!("CARGO_BIN_EXE_blackbar")).parent().unwrap();
    let mut child = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/completions/drive.py"))
        .args([shell, binary.to_str().unwrap()])
        .current_dir(dir.path("."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let typed: String = LINES.iter().map(|(typed, _)| format!("{typed}\n")).collect();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let found: Vec<&str> = stdout.lines().map(str::trim_end).collect();
    let expected: Vec<&str> = LINES.iter().map(|(_, completed)| *completed).collect();
    assert_eq!(found, expected, "{shell}");
}

#[test]
#[ignore = "needs Python, for a terminal to type into"]
fn bash_completes() {
    drive("bash");
}

#[test]
#[ignore = "needs zsh, and Python"]
fn zsh_completes() {
    drive("zsh");
}

#[test]
#[ignore = "needs fish, and Python"]
fn fish_completes() {
    drive("fish");
}

/// The command's answer to a shell that completes the last of `words`.
fn candidates(words: &[&str]) -> Vec<String> {
    let dir = Dir::new(&[("app.log", b"")]);
    let index = (words.len() - 1).to_string();
    let output = dir
        .command(&[&["--"], words].concat())
        .env("_BLACKBAR_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", index)
        .env("_CLAP_IFS", "\n")
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn candidates_depend_on_the_position() {
    let first = candidates(&["blackbar", ""]);
    for expected in ["scan", "rules", "app.log", "--in-place"] {
        assert!(first.iter().any(|found| found == expected), "{expected}: {first:?}");
    }
    assert!(candidates(&["blackbar", "rules", ""]).contains(&"jwt".to_owned()));
    assert!(!candidates(&["blackbar", "rules", "--"]).contains(&"--in-place".to_owned()));
    assert_eq!(candidates(&["blackbar", "--style", "m"]), ["mask"]);
    assert_eq!(candidates(&["blackbar", "--rules", "jwt,-co"]), ["jwt,-cookie"]);
    // There is a script for each supported shell.
    let dir = Dir::new(&[]);
    for shell in candidates(&["blackbar", "completions", ""]) {
        if !shell.starts_with('-') {
            let ended = dir.run(&["completions", &shell]);
            assert!(ended.code == Some(0) && ended.stdout.contains("blackbar"), "{ended:?}");
        }
    }
    dir.refuses(&["completions", "tcl"], "invalid value 'tcl'");
}

/// The pages of the command and of each of its subcommands.
const PAGES: &[&str] = &["", "scan", "rules", "bench", "config", "completions", "man"];

fn page(name: &str) -> String {
    let mut args = vec!["man"];
    args.extend((!name.is_empty()).then_some(name));
    let ended = Dir::new(&[]).run(&args);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{name}");
    ended.stdout
}

#[test]
fn each_command_has_a_page_with_its_options() {
    let dir = Dir::new(&[]);
    let main = page("");
    for name in PAGES {
        let page = page(name);
        let help = dir.run(&[&["help"][..], &[*name][usize::from(name.is_empty())..]].concat());
        let options = help.stdout.split_whitespace().filter(|word| word.starts_with("--"));
        for option in options.filter(|word| word.len() > 2 && !word.contains(['\'', '='])) {
            let option = option.trim_end_matches([',', '.', ';', ':', ')', ']']);
            let escaped = option.replace('-', "\\-");
            assert!(page.contains(&escaped), "{name}: {option}");
        }
        let reference = format!("\\fBblackbar\\-{name}\\fR(1)");
        assert!(name.is_empty() || main.contains(&reference), "{name}");
    }
    dir.refuses(&["man", "nothing"], "there is no such command; 'blackbar help' lists them");
}

#[test]
#[ignore = "needs man, of man-db"]
fn man_displays_the_pages_correctly() {
    let dir = tempfile::tempdir().unwrap();
    let shown = |name: &str| {
        let path = dir.path().join(format!("blackbar{name}.1"));
        fs::write(&path, page(name)).unwrap();
        let output = Command::new("man")
            .args(["--warnings=all", "--local-file"])
            .arg(&path)
            .env("MANWIDTH", "80")
            .env("LC_ALL", "C.UTF-8")
            .env_remove("MAN_KEEP_FORMATTING")
            .output()
            .unwrap();
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{name}");
        String::from_utf8(output.stdout).unwrap()
    };
    for name in PAGES {
        let shown = shown(name);
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"] {
            assert!(shown.contains(&format!("\n{section}\n")), "{name}: {section}\n{shown}");
        }
    }
    let main = shown("");
    for section in ["COMMANDS", "SIGNALS", "ENVIRONMENT", "FILES", "EXAMPLES"] {
        assert!(main.contains(&format!("\n{section}\n")), "{section}\n{main}");
    }
    // Lines of a table are not wrapped. The styles are one: each has a row in the help.
    let row = |line: &str| main.lines().any(|shown| shown.trim() == line);
    let help = Dir::new(&[]).run(&["--help"]).stdout;
    for style in ["fixed  ", "label  ", "mask  ", "partial  ", "hmac  "] {
        let described = help.lines().map(str::trim).find(|line| line.starts_with(style)).unwrap();
        assert!(row(described), "{described}\n{main}");
    }
    assert!(row("tail -F app.log | blackbar") && row("BLACKBAR_CONFIG"), "{main}");
    assert!(shown("scan").contains("blackbar-rules(1)"));
}
