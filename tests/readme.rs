//! The terminal sessions in the README are accurate: their commands are run, and print what it shows.

mod command;

use std::path::Path;
use std::process::Command;

use command::Dir;

const README: &str = include_str!("../README.md");
const CONFIGURATION: &str = include_str!("../src/guide/configuration.md");
const FILES: &str = include_str!("../src/guide/files.md");
const SCAN: &str = include_str!("../src/guide/scan.md");
const STYLES: &str = include_str!("../src/guide/styles.md");

/// The commands of a page, each after `$ `, with their output.
fn sessions(page: &str, fence: &str) -> Vec<Vec<(String, String)>> {
    blocks(page, fence)
        .into_iter()
        .filter(|block| block.starts_with("$ "))
        .map(|block| {
            let mut commands: Vec<(String, String)> = Vec::new();
            for line in block.lines() {
                match (line.strip_prefix("$ "), commands.last_mut()) {
                    (Some(command), _) => commands.push((command.to_owned(), String::new())),
                    (None, Some((_, printed))) => *printed += &format!("{line}\n"),
                    (None, None) => unreachable!("a block begins with a command"),
                }
            }
            commands
        })
        .collect()
}

/// The output of `command` in a shell, with blackbar in its path.
fn printed(dir: &Dir, command: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_blackbar")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(dir.path("."))
        .env("PATH", path)
        .env("BLACKBAR_KEY", "a key that is for tests only")
        .env("BLACKBAR_CONFIG", "/dev/null")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_five_commands_print_what_is_shown() {
    let dir = Dir::new(&[]);
    let mut run = 0;
    for session in sessions(README, "console") {
        for (command, expected) in session {
            if let Some(file) = command.strip_prefix("cat ") {
                dir.write(file, expected.as_bytes());
            } else {
                assert_eq!(printed(&dir, &command), expected, "{command}");
                run += 1;
            }
        }
    }
    assert!(run >= 5);
}

#[test]
fn each_style_prints_what_is_shown() {
    let secret = "2YotnFZFEjr1zCsicMWpwxyz";
    let log =
        format!("GET /me Authorization: Bearer {secret}\nGET /cb?access_token={secret}&state=1\n");
    let dir = Dir::new(&[("app.log", log.as_bytes())]);
    let mut run = 0;
    for (command, expected) in sessions(STYLES, "text").concat() {
        let printed = printed(&dir, &command);
        // No other line of the log is shown.
        assert!(printed.starts_with(&expected), "{command}: {printed}");
        run += 1;
    }
    assert_eq!(run, 5);
}

/// The blocks of a page that start with this fence.
fn blocks<'a>(page: &'a str, fence: &str) -> Vec<&'a str> {
    let start = format!("```{fence}\n");
    page.split(&start).skip(1).map(|block| block.split("```").next().unwrap()).collect()
}

#[test]
fn every_configuration_can_be_copied() {
    let mut run = 0;
    for page in [README, CONFIGURATION, FILES, SCAN, STYLES] {
        for block in blocks(page, "toml") {
            let dir = Dir::new(&[("blackbar.toml", block.as_bytes()), ("app.log", b"a line\n")]);
            let checked = printed(&dir, "blackbar config --check blackbar.toml");
            assert!(checked.contains(": valid; rules: "), "{checked}{block}");
            let line = printed(&dir, "blackbar --config blackbar.toml app.log");
            assert!(line.ends_with("a line\n"), "{line}{block}");
            run += 1;
        }
    }
    assert!(run >= 2);
}

#[test]
fn a_header_names_fields_as_is_shown() {
    let text = blocks(CONFIGURATION, "text");
    let [log, redacted, ..] = text[..] else { panic!("there are two blocks") };
    let settings = b"[[format]]\nline = '#Fields:'\n";
    let dir = Dir::new(&[("blackbar.toml", settings), ("iis.log", log.as_bytes())]);
    let out = printed(&dir, "blackbar --config blackbar.toml iis.log");
    assert_eq!(out.lines().last(), Some(redacted.trim_end()));
    assert_eq!(out.lines().count(), log.lines().count());
}

#[test]
fn errors_in_a_configuration_are_as_shown() {
    let settings = "rules = \"coockie\"\n\n[[rule]]\nname = \"badge\"\nkeywords = [\"badge\"]\n\n\
        pattern = 'badge=(?<secret>[^ ]{1,20})'\nexamples = [\"badge=«1»\"]\n";
    let dir = Dir::new(&[("blackbar.toml", settings.as_bytes()), ("app.log", b"a line\n")]);
    let [(command, expected)] = &sessions(CONFIGURATION, "text").concat()[..] else {
        panic!("there is one session")
    };
    assert_eq!(printed(&dir, command), *expected);
}

/// Every option that the README and the pages on files and `scan` mention exists.
#[test]
fn options_are_known() {
    let dir = Dir::new(&[]);
    let mut help = String::new();
    for command in
        [&["--help"][..], &["scan", "--help"], &["bench", "--help"], &["config", "--help"]]
    {
        help += &dir.run(command).stdout;
    }
    // Options of cargo and of other programs.
    let others =
        ["--no-default-features", "--path", "--release", "--open", "--trace-ascii", "--cookie"];
    let pages = [README, CONFIGURATION, FILES, SCAN].concat();
    let words = pages.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    for option in words.filter(|word| word.starts_with("--") && word.len() > 3) {
        if !option.trim_matches('-').is_empty() && !others.contains(&option) {
            assert!(help.contains(option), "{option}");
        }
    }
}
