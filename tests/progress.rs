//! The progress bar: only on a terminal, and only for large files.

mod command;

use std::process::{Command, Stdio};

use command::Dir;

/// Large enough that the run is not over before a bar is drawn.
const LARGE: usize = 80 * 1024 * 1024;

/// What a terminal shows of a run with `args` over a large log, with its output redirected.
fn shown(args: &str) -> String {
    let dir = Dir::new(&[("large.log", &b"nothing to see in this line\n".repeat(LARGE / 28))]);
    let line = format!("{} {args} large.log >out.log", env!("CARGO_BIN_EXE_blackbar"));
    // script(1), of util-linux, provides the terminal.
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .current_dir(dir.path("."))
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(dir.read("out.log").len(), LARGE / 28 * 28);
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "needs script(1), of util-linux, for a terminal"]
fn a_bar_is_drawn_on_a_terminal_and_cleared() {
    let shown = shown("--threads 1");
    assert!(shown.contains("of 80"), "{shown:?}");
    // The last thing drawn is an empty line.
    let last = shown.rsplit('\r').next().unwrap_or_default();
    assert!(!last.contains("MiB"), "{shown:?}");
}

#[test]
fn none_is_drawn_without_a_terminal() {
    let dir = Dir::new(&[("large.log", &b"nothing to see in this line\n".repeat(LARGE / 28))]);
    let ended = dir.run(&["large.log", "-o", "out.log"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}
