//! Files: in place, in directories, compressed; and the state after a failure.

mod command;

use std::fs::{self, File, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use blackbar::Ruleset;
use blackbar::command::{InPlace, Opening, Options, Pipeline, Replacing, Source};
use command::{Dir, REDACTED, SECRET};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Default::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    // As the command-line tool does. Without a checksum, damage may go unnoticed.
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

fn unzstd(bytes: &[u8]) -> String {
    String::from_utf8(zstd::decode_all(bytes).unwrap()).unwrap()
}

/// A log without patterns, so that its compressed form is large enough to be truncated.
fn noise(lines: u64) -> String {
    (0..lines).map(|n| format!("{:x}\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect()
}

#[test]
fn a_file_is_redacted_in_place() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("b.log", SECRET.as_bytes())]);
    fs::set_permissions(dir.path("a.log"), Permissions::from_mode(0o640)).unwrap();
    let then = SystemTime::now() - Duration::from_secs(1_000_000);
    File::open(dir.path("a.log")).unwrap().set_modified(then).unwrap();
    let before = fs::metadata(dir.path("a.log")).unwrap();
    let ended = dir.run(&["-i", "a.log", "b.log"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""));
    assert!(ended.stderr.starts_with("redacted 2 secrets in 2 of 2 files; read "), "{ended:?}");
    assert_eq!([dir.read("a.log"), dir.read("b.log")], [REDACTED, REDACTED]);
    let after = fs::metadata(dir.path("a.log")).unwrap();
    assert_ne!(after.ino(), before.ino());
    assert_eq!(after.mode(), before.mode());
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
    assert_eq!((after.mtime(), after.mtime_nsec()), (before.mtime(), before.mtime_nsec()));
    assert_eq!(dir.names(), ["a.log", "b.log"]);
}

#[test]
fn a_file_without_secrets_is_not_touched() {
    let dir = Dir::new(&[("a.log", b"plain\n")]);
    let before = fs::metadata(dir.path("a.log")).unwrap();
    assert_eq!(dir.run(&["-i", "--backup", ".orig", "a.log"]).code, Some(0));
    let after = fs::metadata(dir.path("a.log")).unwrap();
    assert_eq!((after.ino(), after.ctime_nsec()), (before.ino(), before.ctime_nsec()));
    assert_eq!(dir.names(), ["a.log"]);
}

#[test]
fn a_backup_is_the_original() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes())]);
    assert_eq!(dir.run(&["-i", "--backup", ".orig", "a.log"]).code, Some(0));
    assert_eq!([dir.read("a.log"), dir.read("a.log.orig")], [REDACTED, SECRET]);
    // An older backup is not overwritten.
    dir.write("a.log", SECRET.as_bytes());
    dir.refuses(&["-i", "--backup", ".orig", "a.log"], "its backup exists already");
    assert_eq!(dir.read("a.log"), SECRET);
    assert_eq!(dir.names(), ["a.log", "a.log.orig"]);
}

#[test]
fn a_link_stays_a_link() {
    let dir = Dir::new(&[("real/a.log", SECRET.as_bytes())]);
    symlink("real/a.log", dir.path("link")).unwrap();
    assert_eq!(dir.run(&["-i", "link"]).code, Some(0));
    assert!(fs::symlink_metadata(dir.path("link")).unwrap().is_symlink());
    assert_eq!(dir.read("real/a.log"), REDACTED);
}

#[test]
fn compressed_files_are_recognised_by_content_and_stay_compressed() {
    let zst = zstd(SECRET.as_bytes());
    let gz = [gzip(SECRET.as_bytes()), gzip(SECRET.as_bytes())].concat();
    let dir = Dir::new(&[("a.1", &gz), ("a.2", &zst), ("plain.gz", SECRET.as_bytes())]);
    let ended = dir.run(&["a.1", "a.2", "plain.gz"]);
    assert_eq!((ended.code, ended.stdout), (Some(0), REDACTED.repeat(4)));
    assert_eq!(dir.run(&["scan", "a.1"]).stdout, "a.1:1:23 bearer\na.1:2:23 bearer\n");

    assert_eq!(dir.run(&["-i", "a.1", "a.2", "plain.gz"]).code, Some(0));
    assert_eq!(gunzip(&fs::read(dir.path("a.1")).unwrap()), REDACTED.repeat(2));
    assert_eq!(unzstd(&fs::read(dir.path("a.2")).unwrap()), REDACTED);
    assert_eq!(dir.read("plain.gz"), REDACTED);

    for (name, text) in [("out.gz", gunzip as fn(&[u8]) -> String), ("out.zst", unzstd)] {
        assert_eq!(dir.run(&["plain.gz", "-o", name]).code, Some(0));
        assert_eq!(text(&fs::read(dir.path(name)).unwrap()), REDACTED);
    }
}

#[test]
fn a_damaged_archive_is_an_error_and_unchanged() {
    let text = SECRET.to_owned() + &noise(50_000);
    for (name, whole) in [("gzip", gzip(text.as_bytes())), ("zstd", zstd(text.as_bytes()))] {
        let cut = &whole[..whole.len() / 2];
        let mut wrong = whole.clone();
        let middle = wrong.len() / 2;
        wrong[middle..middle + 64].fill(0xff);
        for (bytes, says) in [(cut, "truncated"), (&wrong[..], "corrupt")] {
            let dir = Dir::new(&[("a", bytes)]);
            dir.refuses(
                &["-i", "a"],
                &format!("a: cannot be rewritten: the {name} data is {says}"),
            );
            assert!(fs::read(dir.path("a")).unwrap() == bytes);
            assert_eq!(dir.names(), ["a"]);
            let ended = dir.run(&["a"]);
            assert_eq!(ended.code, Some(2));
            assert!(ended.stderr.contains(says) && ended.stderr.lines().count() == 1);
            assert!(!ended.stdout.contains("abcdefghijklmnop"));
        }
    }
}

#[test]
fn directories_need_a_flag_and_take_globs() {
    let secret = SECRET.as_bytes();
    let dir = Dir::new(&[
        ("logs/b.log", secret),
        ("logs/a/x.log", secret),
        ("logs/a/x.txt", secret),
        ("logs/.hidden.log", secret),
        ("logs/.gitignore", b"*.log\n"),
    ]);
    dir.refuses(
        &["logs"],
        "logs: is a directory; name the files in it, or redact or scan it with -r",
    );
    dir.refuses(
        &["-i", "logs"],
        "logs: is a directory; name the files in it, or redact or scan it with -r",
    );
    let scan = |args: &[&str]| {
        let ended = dir.run(&[&["scan", "-r", "logs"], args].concat());
        ended.stdout.replace(":1:23 bearer", "")
    };
    let all = "logs/.hidden.log\nlogs/a/x.log\nlogs/a/x.txt\nlogs/b.log\n";
    assert_eq!(scan(&[]), all);
    assert_eq!(scan(&["-g", "*.txt"]), "logs/a/x.txt\n");
    assert_eq!(scan(&["-g", "!*.txt", "-g", "!.*"]), "logs/a/x.log\nlogs/b.log\n");
    dir.refuses(&["scan", "-r", "-g", "[", "logs"], "invalid glob");
    dir.refuses(&["-g", "*.log", "logs/b.log"], "--recursive");
    assert_eq!(dir.run(&["-i", "-r", "-g", "*.log", "logs"]).code, Some(0));
    assert_eq!(scan(&[]), "logs/a/x.txt\n");
}

#[test]
fn invalid_combinations_are_refused_before_anything_changes() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("b.log", SECRET.as_bytes())]);
    for (args, says) in [
        (&["-i"][..], "--in-place needs files"),
        (&["-i", "a.log", "-"], "--in-place needs files"),
        (&["-i", "-o", "x", "a.log"], "cannot be used with"),
        (&["-i", "-f", "a.log"], "cannot be used with"),
        (&["--backup", ".orig", "a.log"], "--in-place"),
        (&["-i", "--backup", "", "a.log"], "--backup needs a suffix"),
        (&["-i", "--backup", "/x", "a.log"], "not a path"),
        (&["-f"], "--follow needs a file"),
        (&["-f", "a.log", "b.log"], "--follow takes one file"),
        (&["-f", "-r", "a.log"], "cannot be used with"),
        (&["-f", "."], "is a directory"),
        (&["-i", "--style", "hmac", "a.log"], "needs a key"),
    ] {
        dir.refuses(args, says);
    }
    assert_eq!([dir.read("a.log"), dir.read("b.log")], [SECRET, SECRET]);
    assert_eq!(dir.names(), ["a.log", "b.log"]);
}

#[test]
fn a_file_that_fails_does_not_stop_the_others() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("b.log", SECRET.as_bytes())]);
    fs::set_permissions(dir.path("a.log"), Permissions::from_mode(0o444)).unwrap();
    let ended = dir.run(&["-i", "missing.log", "a.log", "b.log"]);
    assert_eq!(ended.code, Some(2));
    assert_eq!(
        ended.stderr,
        "blackbar: missing.log: no such file or directory\n\
         blackbar: a.log: cannot be rewritten: it or its directory is write-protected; it is unchanged\n\
         redacted 1 secret in 1 of 1 file; read 49 bytes\n"
    );
    assert_eq!([dir.read("a.log"), dir.read("b.log")], [SECRET, REDACTED]);
}

/// The shell limits the size of files here, so a write fails as on a full disk.
#[test]
fn a_full_disk_leaves_the_file_unchanged() {
    let log = SECRET.repeat(100_000);
    let dir = Dir::new(&[("a.log", log.as_bytes())]);
    // By default the signal for that ends the process.
    for signal in ["trap '' XFSZ; ", ""] {
        let script =
            format!("{signal}ulimit -f 1000; exec {} -i a.log", env!("CARGO_BIN_EXE_blackbar"));
        let mut command = std::process::Command::new("bash");
        let output = command.args(["-c", &script]).current_dir(dir.path(".")).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{signal}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with("blackbar: a.log: cannot be rewritten: "), "{stderr}");
        assert!(stderr.ends_with("; it is unchanged\n"), "{stderr}");
        assert!(dir.read("a.log") == log);
        assert_eq!(dir.names(), ["a.log"]);
    }
}

#[test]
fn a_file_that_grew_in_the_meantime_is_not_replaced() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes())]);
    let (file, _) = InPlace::open(None, &dir.path("a.log"), &Opening::default()).unwrap();
    let (new, mut sink) = file.sink().unwrap();
    dir.append("a.log", b"late\n");
    let mut source = Source::open(&dir.path("a.log"), &Opening::default()).unwrap();
    Pipeline::new(&Ruleset::standard(), Options::default()).run(&mut source, &mut sink).unwrap();
    let error = file.commit(new, sink, &Replacing::default()).unwrap_err().to_string();
    assert!(error.contains("it was written to in the meantime; rotate it first"), "{error}");
    assert_eq!(dir.read("a.log"), SECRET.to_owned() + "late\n");
    assert_eq!(dir.names(), ["a.log"]);
}

#[test]
fn a_file_with_hard_links_is_refused() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("plain.log", b"plain\n")]);
    for name in ["a.log", "plain.log"] {
        fs::hard_link(dir.path(name), dir.path(&format!("{name}.2"))).unwrap();
    }
    dir.refuses(&["-i", "a.log"], "it has 2 names (hard links)");
    assert_eq!([dir.read("a.log"), dir.read("a.log.2")], [SECRET, SECRET]);
    // This file contains nothing to replace.
    assert_eq!(dir.run(&["-i", "plain.log"]).code, Some(0));
    assert_eq!(dir.run(&["-i", "--break-hard-links", "a.log"]).code, Some(0));
    assert_eq!([dir.read("a.log"), dir.read("a.log.2")], [REDACTED, SECRET]);
    dir.refuses(&["--break-hard-links", "a.log"], "--in-place");
}

/// An access control list in the kernel's format: a version, then tag, permissions and id of each entry.
fn access_list(entries: &[(u16, u16, u32)]) -> Vec<u8> {
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in entries {
        list.extend(tag.to_le_bytes());
        list.extend(permissions.to_le_bytes());
        list.extend(id.to_le_bytes());
    }
    list
}

const NOBODY: u32 = u32::MAX;
/// The owner reads and writes, user 65534 reads, the group nothing.
const LIST: [(u16, u16, u32); 5] =
    [(1, 6, NOBODY), (2, 4, 65534), (4, 0, NOBODY), (16, 4, NOBODY), (32, 0, NOBODY)];
const ACCESS: &str = "system.posix_acl_access";

fn attribute(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut value = [0; 256];
    let len = rustix::fs::getxattr(path, name, &mut value[..]).ok()?;
    Some(value[..len].to_vec())
}

fn set_attribute(path: &Path, name: &str, value: &[u8]) {
    let flags = rustix::fs::XattrFlags::empty();
    rustix::fs::setxattr(path, name, value, flags).expect("the file system has attributes");
}

#[test]
fn access_lists_and_other_attributes_are_kept() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("b.log", SECRET.as_bytes())]);
    let [a, b] = ["a.log", "b.log"].map(|name| dir.path(name));
    set_attribute(&a, "user.origin", b"web-1");
    set_attribute(&a, ACCESS, &access_list(&LIST));
    let mode = fs::metadata(&a).unwrap().mode();
    // A default list: user 65534 may read files created in this directory.
    set_attribute(&dir.path("."), "system.posix_acl_default", &access_list(&LIST));
    assert_eq!(dir.run(&["-i", "a.log", "b.log"]).code, Some(0));
    assert_eq!([dir.read("a.log"), dir.read("b.log")], [REDACTED, REDACTED]);
    assert_eq!(attribute(&a, "user.origin").as_deref(), Some(&b"web-1"[..]));
    assert_eq!(attribute(&a, ACCESS), Some(access_list(&LIST)));
    assert_eq!(fs::metadata(&a).unwrap().mode(), mode);
    assert_eq!(attribute(&b, ACCESS), None);
}

/// Run by another user, who may write to the directory and read the file.
#[test]
#[ignore = "needs root"]
fn a_file_whose_owner_cannot_be_kept_is_refused() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes())]);
    fs::set_permissions(dir.path("."), Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(dir.path("a.log"), Permissions::from_mode(0o666)).unwrap();
    // The other user may not have access to the build directory.
    let place = Dir::new(&[]);
    fs::set_permissions(place.path("."), Permissions::from_mode(0o755)).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_blackbar"), place.path("blackbar")).unwrap();
    let mut command = std::process::Command::new(place.path("blackbar"));
    command
        .args(["-i", "a.log"])
        .current_dir(dir.path("."))
        .uid(65534)
        .gid(65534)
        .env("HOME", "/nonexistent");
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("its owner or group cannot be kept"), "{stderr}");
    assert_eq!(dir.read("a.log"), SECRET);
    assert_eq!(dir.names(), ["a.log"]);

    // Root can keep the owner of any file.
    std::os::unix::fs::chown(dir.path("a.log"), Some(65534), Some(65534)).unwrap();
    assert_eq!(dir.run(&["-i", "a.log"]).code, Some(0));
    let after = fs::metadata(dir.path("a.log")).unwrap();
    assert_eq!((after.uid(), after.gid(), after.mode() & 0o7777), (65534, 65534, 0o666));
    assert_eq!(dir.read("a.log"), REDACTED);
}

/// Anyone who may write to a directory can put a link there to a file that root should not rewrite.
#[test]
#[ignore = "needs root"]
fn a_link_of_another_user_leads_only_to_their_files() {
    let secret = SECRET.as_bytes();
    let dir = Dir::new(&[("theirs/a.log", secret), ("mine/a.log", secret), ("mine/b.log", secret)]);
    std::os::unix::fs::chown(dir.path("mine/b.log"), Some(65534), None).unwrap();
    for (target, link) in
        [("../mine/a.log", "file"), ("../mine", "directory"), ("../mine/b.log", "own")]
    {
        symlink(target, dir.path("theirs").join(link)).unwrap();
        std::os::unix::fs::lchown(dir.path("theirs").join(link), Some(65534), None).unwrap();
    }
    let says = "it is behind a symbolic link of another user, who does not own it";
    dir.refuses(&["-i", "theirs/file"], says);
    dir.refuses(&["-i", "theirs/directory/a.log"], says);
    assert_eq!(dir.read("mine/a.log"), SECRET);
    assert_eq!(dir.run(&["-i", "theirs/own"]).code, Some(0));
    assert_eq!(dir.read("mine/b.log"), REDACTED);
}

/// Another process replaces the directory with a link to another one, and back, as fast as it can.
#[test]
fn replacing_the_directory_during_a_run_affects_no_other_file() {
    let names: Vec<String> = (0..200).map(|n| format!("{n}.log")).collect();
    let dir = Dir::new(&[]);
    for name in &names {
        dir.write(&format!("d/{name}"), SECRET.as_bytes());
        dir.write(&format!("victim/{name}"), b"untouched\n");
    }
    symlink("victim", dir.path("link")).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let (d, link) = (dir.path("d"), dir.path("link"));
            let here = rustix::fs::CWD;
            while !done.load(Ordering::Relaxed) {
                let flags = rustix::fs::RenameFlags::EXCHANGE;
                rustix::fs::renameat_with(here, &d, here, &link, flags).unwrap();
            }
        });
        let paths: Vec<String> = names.iter().map(|name| format!("d/{name}")).collect();
        let args = [&["-i"][..], &paths.iter().map(String::as_str).collect::<Vec<_>>()].concat();
        for _ in 0..20 {
            dir.run(&args);
        }
        done.store(true, Ordering::Relaxed);
    });
    for name in &names {
        assert_eq!(dir.read(&format!("victim/{name}")), "untouched\n");
    }
    let left = fs::read_dir(dir.path("victim")).unwrap().count();
    assert_eq!(left, names.len());
}

#[test]
fn below_a_directory_no_link_is_followed() {
    let secret = SECRET.as_bytes();
    let dir = Dir::new(&[("logs/a.log", secret), ("real/b.log", secret)]);
    symlink("../real", dir.path("logs/d")).unwrap();
    symlink("../real/b.log", dir.path("logs/b.log")).unwrap();
    symlink("logs", dir.path("link")).unwrap();
    // The directory on the command line may be a link.
    assert_eq!(dir.run(&["-i", "-r", "link"]).code, Some(0));
    assert_eq!([dir.read("logs/a.log"), dir.read("real/b.log")], [REDACTED, SECRET]);
    // As if it had become a link after the directory was listed.
    for path in ["logs/d/b.log", "logs/b.log"] {
        let (root, path) = (dir.path("logs"), dir.path(path));
        let error = InPlace::open(Some(&root), &path, &Opening::default()).unwrap_err().to_string();
        assert!(error.contains("it is behind a symbolic link"), "{error}");
        let error = Source::open_below(&root, &path, &Opening::default()).unwrap_err().to_string();
        assert!(error.contains("it is behind a symbolic link"), "{error}");
        assert!(InPlace::open(None, &path, &Opening::default()).is_ok());
    }
}

/// The links of `/proc` lead into the file system of another process, whatever their text says.
#[test]
fn a_file_is_found_through_proc() {
    let secret = SECRET.as_bytes();
    let dir = Dir::new(&[("d/a.log", secret), ("d/b.log", secret), ("c.log", secret)]);
    let proc = format!("/proc/{}", std::process::id());
    let root = format!("{proc}/root{}", dir.path("d/a.log").display());
    assert_eq!(dir.run(&["-i", &root]).code, Some(0));
    assert_eq!(dir.read("d/a.log"), REDACTED);
    let mut sleep = std::process::Command::new("sleep");
    let mut child = sleep.arg("60").current_dir(dir.path("d")).spawn().unwrap();
    let ended = dir.run(&["-i", &format!("/proc/{}/cwd/b.log", child.id())]);
    let _ = (child.kill(), child.wait());
    assert_eq!((ended.code, dir.read("d/b.log")), (Some(0), REDACTED.to_owned()), "{ended:?}");
    let input = File::open(dir.path("c.log")).unwrap();
    let mut command = dir.command(&["-i", "/dev/stdin"]);
    assert!(command.stdin(input).status().unwrap().success());
    assert_eq!(dir.read("c.log"), REDACTED);
}

#[test]
fn a_fifo_is_not_waited_for() {
    let dir = Dir::new(&[]);
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, dir.path("fifo"), kind, mode, 0).unwrap();
    dir.refuses(&["-i", "fifo"], "it is not a regular file");
}

#[test]
fn a_second_signal_leaves_no_temporary_files() {
    let log = SECRET.repeat(300_000);
    for step in 0..10 {
        let dir = Dir::new(&[("a.log", log.as_bytes())]);
        let mut child = dir.command(&["-i", "--threads", "1", "a.log"]).spawn().unwrap();
        let id = child.id().to_string();
        thread::sleep(Duration::from_millis(50 + step * 5));
        for _ in 0..2 {
            let _ = std::process::Command::new("kill").args(["-TERM", &id]).output();
        }
        child.wait().unwrap();
        assert_eq!(dir.names(), ["a.log"]);
    }
}

#[test]
fn killed_at_any_moment_there_is_the_old_file_or_the_new_one() {
    let log = SECRET.repeat(30_000);
    let redacted = REDACTED.repeat(30_000);
    let (mut old, mut new) = (0, 0);
    for step in 0..40 {
        let dir = Dir::new(&[("a.log", log.as_bytes())]);
        let mut command = dir.command(&["-i", "a.log"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(step * 5));
        let _ = child.kill();
        child.wait().unwrap();
        let found = dir.read("a.log");
        if found == log {
            old += 1;
        } else {
            assert!(found == redacted, "killed after {step} steps: neither the one nor the other");
            new += 1;
        }
    }
    println!("{old} times the old file, {new} times the new one");
}

#[test]
fn a_preview_changes_nothing_and_shows_no_secret() {
    let log = "plain\nCookie: sid=hunter2secret; theme=darkness\r\n";
    let dir = Dir::new(&[
        ("a.log", log.as_bytes()),
        ("clean.log", b"plain\n"),
        ("z.log.gz", &gzip(SECRET.as_bytes())),
    ]);
    let before = dir.names();
    let files = ["a.log", "clean.log", "z.log.gz"];
    let run = |args: &[&str]| dir.run(&[args, &files].concat());
    let dry = run(&["-i", "--dry-run"]);
    assert_eq!(dry.stdout, "a.log: 2 secrets: cookie 2\nz.log.gz: 1 secret: bearer 1\n");
    let end = "would redact 3 secrets in 2 of 3 files; read 104 bytes\n";
    assert_eq!((dry.code, dry.stderr.as_str()), (Some(0), end));
    let diff = run(&["-i", "--diff", "-q", "--style", "label"]);
    assert_eq!((diff.code, diff.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        diff.stdout,
        "--- a.log\n+++ a.log\n@@ line 2 @@\n\
         -Cookie: sid=******; theme=******\n\
         +Cookie: sid=[REDACTED:cookie]; theme=[REDACTED:cookie]\n\
         --- z.log.gz\n+++ z.log.gz\n@@ line 1 @@\n\
         -Authorization: Bearer ******\n\
         +Authorization: Bearer [REDACTED:bearer]\n"
    );
    assert_eq!((dir.names(), dir.read("a.log").as_str()), (before, log));
    // Files that could not be rewritten are reported in advance.
    fs::hard_link(dir.path("a.log"), dir.path("other.log")).unwrap();
    let refused = dir.run(&["-i", "--dry-run", "a.log", "clean.log"]);
    assert!(refused.stderr.contains("hard links") && refused.code == Some(2), "{refused:?}");
    dir.refuses(&["--diff", "a.log"], "--in-place");
    dir.refuses(&["-i", "--dry-run", "--backup", ".o", "a.log"], "cannot be used with");
}

#[test]
fn a_summary_is_printed_at_the_end() {
    let dir = Dir::new(&[("a.log", SECRET.as_bytes()), ("b.log", b"plain\n")]);
    let ended = dir.run(&["-i", "a.log", "b.log", "missing.log"]);
    assert_eq!(ended.code, Some(2));
    let said: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(said[1], "redacted 1 secret in 1 of 2 files; read 55 bytes", "{said:?}");
    assert_eq!(dir.run(&["-qi", "a.log"]).stderr, "");
}
