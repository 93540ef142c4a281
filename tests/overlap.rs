//! An output never overwrites an input or another output.

mod command;

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use command::{Dir, REDACTED, SECRET, wait_until};

const KEY: &str = "a key that is for tests only\n";
const KNOWN: &str = "a-value-that-is-known\n";
const SETTINGS: &str = "style = 'hmac'\nkey-file = 'key'\nsecrets-file = 'known'\n";

/// A directory with an input and the files of all settings, each under two names.
fn dir() -> Dir {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("c.toml", SETTINGS.as_bytes())]);
    dir.write_private("key", KEY.as_bytes());
    dir.write_private("known", KNOWN.as_bytes());
    for name in ["a.log", "c.toml", "key", "known"] {
        fs::hard_link(dir.path(name), dir.path(&format!("{name}.hard"))).unwrap();
        symlink(name, dir.path(&format!("{name}.soft"))).unwrap();
    }
    dir
}

#[track_caller]
fn unchanged(dir: &Dir) {
    for (name, text) in [("a.log", SECRET), ("c.toml", SETTINGS), ("key", KEY), ("known", KNOWN)] {
        for name in [name.to_owned(), format!("{name}.hard"), format!("{name}.soft")] {
            assert_eq!(dir.read(&name), text, "{name}");
        }
        assert!(fs::symlink_metadata(dir.path(&format!("{name}.soft"))).unwrap().is_symlink());
    }
}

#[test]
fn inputs_are_not_overwritten() {
    let dir = dir();
    for (name, what) in [
        ("c.toml", "the configuration"),
        ("key", "the key file"),
        ("known", "a file of known values"),
    ] {
        for name in [name.to_owned(), format!("{name}.hard"), format!("{name}.soft")] {
            for option in ["-o", "--stats-file"] {
                for way in [&["a.log"][..], &["--follow", "a.log"]] {
                    let args = [&["--config", "c.toml", option, &name][..], way].concat();
                    dir.refuses(&args, &format!("{name}: is also {what}"));
                }
            }
        }
    }
    for name in ["a.log", "a.log.hard", "a.log.soft"] {
        for way in [&["a.log"][..], &["--follow", "a.log"], &["-i", "a.log"]] {
            let args = [&["--no-config", "--stats-file", name][..], way].concat();
            dir.refuses(&args, &format!("{name}: is also an input"));
        }
        for way in [&["a.log"][..], &["--follow", "a.log"]] {
            let args = [&["--no-config", "-o", name][..], way].concat();
            dir.refuses(&args, "a.log: is also the output");
        }
    }
    unchanged(&dir);
}

#[test]
fn two_outputs_are_two_files() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("out", b"before\n")]);
    fs::hard_link(dir.path("out"), dir.path("out.hard")).unwrap();
    for stats in ["out", "./out", "out.hard"] {
        dir.refuses(&["a.log", "-o", "out", "--stats-file", stats], "is also the output");
    }
    assert_eq!(dir.read("out"), "before\n");
    // Standard output, which another process opened.
    let out = File::options().append(true).open(dir.path("out")).unwrap();
    let mut command = dir.command(&["a.log", "--stats-file", "out.hard"]);
    let output = command.stdout(out).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(dir.read("out"), "before\n");
}

/// Neither exists when the arguments are checked.
#[test]
fn paths_that_will_be_the_same_file_are_the_same() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("d/x", b"")]);
    symlink("new", dir.path("dangling")).unwrap();
    symlink("d", dir.path("e")).unwrap();
    for (one, other) in [("new", "new"), ("new", "./d/../new"), ("new", "dangling"), ("e/n", "d/n")]
    {
        dir.refuses(&["--follow", one, "-o", other], "is also the output");
        dir.refuses(&["--follow", one, "--stats-file", other], "is also an input");
        dir.refuses(&["a.log", "-o", one, "--stats-file", other], "is also the output");
    }
    assert_eq!(dir.names(), ["a.log", "d", "dangling", "e"]);
}

#[test]
fn a_baseline_overwrites_no_input() {
    let dir = dir();
    let scan = ["scan", "--config", "c.toml", "--write-baseline"];
    for name in ["a.log", "a.log.hard", "c.toml", "key.soft", "known"] {
        dir.refuses(&[&scan[..], &[name, "a.log"]].concat(), &format!("{name}: is also "));
    }
    unchanged(&dir);
    // An older baseline may be replaced.
    let again = ["base", "--baseline", "base", "a.log"];
    assert_eq!(dir.run(&[&scan[..], &["base", "a.log"]].concat()).code, Some(1));
    assert_eq!(dir.run(&[&scan[..], &again].concat()).code, Some(0));
}

/// A redacted file of secrets would no longer contain them.
#[test]
fn settings_are_not_redacted_in_place() {
    let dir = dir();
    for name in ["a.log", "c.toml", "key", "known"] {
        fs::remove_file(dir.path(&format!("{name}.hard"))).unwrap();
        fs::remove_file(dir.path(&format!("{name}.soft"))).unwrap();
    }
    let ended = dir.run(&["--config", "c.toml", "--style", "fixed", "-q", "-i", "-r", "."]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    let said: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said.iter().all(|line| line.contains("is also ")), "{said:?}");
    assert_eq!(dir.read("a.log"), REDACTED);
    assert_eq!([dir.read("c.toml"), dir.read("key"), dir.read("known")], [SETTINGS, KEY, KNOWN]);
}

fn signal(child: &Child, signal: &str) {
    let status = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn statistics_do_not_overwrite_a_file_that_became_an_input() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes())]);
    let args = ["--follow", "a.log", "--stats-file", "s.prom", "--stats-interval", "1"];
    let mut child = dir.command(&args).stdout(Stdio::null()).spawn().unwrap();
    wait_until("statistics", || dir.names().contains(&"s.prom".to_owned()));
    fs::remove_file(dir.path("s.prom")).unwrap();
    fs::hard_link(dir.path("a.log"), dir.path("s.prom")).unwrap();
    thread::sleep(Duration::from_millis(2500));
    signal(&child, "-TERM");
    let mut said = String::new();
    std::io::Read::read_to_string(child.stderr.as_mut().unwrap(), &mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let inode = |name: &str| fs::metadata(dir.path(name)).unwrap().ino();
    assert_eq!(inode("s.prom"), inode("a.log"));
    assert!(said.starts_with("blackbar: s.prom: is also an input"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn settings_that_became_the_output_are_not_loaded() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("c.toml", b"style = 'label'\n")]);
    let args = ["--config", "c.toml", "--follow", "a.log", "-o", "out"];
    let mut child = dir.command(&args).spawn().unwrap();
    let label = REDACTED.replace("[REDACTED]", "[REDACTED:bearer]");
    wait_until("output", || dir.names().contains(&"out".to_owned()) && dir.read("out") == label);
    fs::set_permissions(dir.path("out"), fs::Permissions::from_mode(0o600)).unwrap();
    dir.write("c.toml", b"style = 'fixed'\nsecrets-file = 'out'\n");
    signal(&child, "-HUP");
    thread::sleep(Duration::from_millis(300));
    dir.append("a.log", SECRET.as_bytes());
    wait_until("more output", || dir.read("out") == label.repeat(2));
    signal(&child, "-TERM");
    let mut said = String::new();
    std::io::Read::read_to_string(child.stderr.as_mut().unwrap(), &mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(said.starts_with("blackbar: out: is also a file of known values"), "{said}");
    assert!(said.ends_with("; keeping the previous settings\n"), "{said}");
}

/// After copytruncate, writing continues at the start of the file.
#[test]
fn an_output_truncated_by_others_has_no_hole() {
    for way in [&["--follow", "a.log", "-o", "out"][..], &["-o", "out"]] {
        let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("out", b"of an earlier run\n")]);
        let mut child = dir.command(way).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut write = |text: &str| {
            if way.len() > 2 {
                dir.append("a.log", text.as_bytes());
            } else {
                std::io::Write::write_all(&mut stdin, text.as_bytes()).unwrap();
            }
        };
        if way.len() == 2 {
            write(SECRET);
        }
        wait_until("output", || dir.read("out") == REDACTED);
        File::options().write(true).open(dir.path("out")).unwrap().set_len(0).unwrap();
        write("plain\n");
        wait_until("more output", || !dir.read("out").is_empty());
        assert_eq!(dir.read("out"), "plain\n");
        signal(&child, "-TERM");
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}
