//! The command on logs that name their fields in a header.

mod command;

use command::Dir;

const SETTINGS: &[u8] = b"[[format]]\nline = '#Fields:'\n";
const HEADER: &str = "#Version: 1.0\n#Fields: time cs(Cookie) sc-status\n";

fn rows(value: &str) -> String {
    (10..60).map(|second| format!("12:00:{second} sid={value} 200\n")).collect()
}

fn dir() -> Dir {
    let headed = HEADER.to_owned() + &rows("31d4d96e407aad42");
    Dir::new(&[
        ("blackbar.toml", SETTINGS),
        ("a.log", headed.as_bytes()),
        // A header counts for its own file only.
        ("b.log", rows("31d4d96e407aad42").as_bytes()),
    ])
}

fn run(dir: &Dir, args: &[&str]) -> command::Ended {
    dir.run(&[args, &["--config", "blackbar.toml"]].concat())
}

#[test]
fn each_file_is_read_by_its_own_header() {
    let dir = dir();
    let redacted = HEADER.to_owned() + &rows("[REDACTED]");
    let ended = run(&dir, &["a.log", "b.log"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stdout, redacted + &dir.read("b.log"));
}

#[test]
fn what_scan_reports() {
    let dir = dir();
    let ended = run(&dir, &["scan", "a.log", "b.log"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let places: String = (3..53).map(|line| format!("a.log:{line}:14 cookie\n")).collect();
    assert_eq!(ended.stdout, places);
    let shown = run(&dir, &["scan", "--show", "a.log"]);
    assert!(!shown.stdout.contains("31d4d96e"), "{shown:?}");
}

#[test]
fn what_is_rewritten() {
    let dir = dir();
    let before = dir.read("a.log");
    for look in ["--dry-run", "--diff"] {
        let ended = run(&dir, &["-i", look, "a.log", "b.log"]);
        assert!(ended.stdout.contains("a.log") && !ended.stdout.contains("b.log"), "{ended:?}");
        assert!(!ended.stdout.contains("31d4d96e"), "{ended:?}");
        assert_eq!(dir.read("a.log"), before);
    }
    let ended = run(&dir, &["-i", "a.log", "b.log"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stderr.contains("redacted 50 secrets in 1 of 2 files"), "{ended:?}");
    assert_eq!(dir.read("a.log"), HEADER.to_owned() + &rows("[REDACTED]"));
    assert_eq!(dir.read("b.log"), rows("31d4d96e407aad42"));
    // Again, it finds nothing.
    let ended = run(&dir, &["-i", "a.log"]);
    assert!(ended.stderr.contains("redacted 0 secrets in 0 of 1 file"), "{ended:?}");
}
