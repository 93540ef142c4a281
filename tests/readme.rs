//! The terminal sessions in the README are accurate: their commands are run, and print what it shows.

mod command;

use std::path::Path;
use std::process::Command;

use command::Dir;

const README: &str = include_str!("../README.md");
const FILES: &str = include_str!("../src/guide/files.md");
const SCAN: &str = include_str!("../src/guide/scan.md");
const STYLES: &str = include_str!("../src/guide/styles.md");

/// The commands of a page, each after `$ `, with their output.
fn sessions(page: &str, fence: &str) -> Vec<Vec<(String, String)>> {
    let start = format!("```{fence}\n");
    let blocks = page.split(&start).skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    blocks
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
    let pages = [README, FILES, SCAN].concat();
    let words = pages.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    for option in words.filter(|word| word.starts_with("--") && word.len() > 3) {
        if !option.trim_matches('-').is_empty() && !others.contains(&option) {
            assert!(help.contains(option), "{option}");
        }
    }
}
