//! Apache Spark: archives with `RDD.pipe`, and new logs with Structured Streaming, compared with a local run of the
//! command.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::daemon::{BLACKBAR, Place, TOKEN, succeed};

const KEY: &str = "the key that all workers have\n";

/// Archived logs: lines with secrets, without secrets, that are not text, with carriage returns, and keys whose value
/// is on the next line.
fn archive(place: &Place, names: &[&str]) {
    for (number, name) in names.iter().enumerate() {
        let mut log = String::new();
        for n in 0..3000 {
            // A session occurs in several files.
            let session = format!("{:016x}", (n % 37_u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            log += &match n % 6 {
                0 => format!("{number} {n} GET /me Authorization: Bearer {TOKEN}{session}\r\n"),
                1 => format!("{number} {n} Cookie: sid={session}; theme=dark\n"),
                2 => format!("\"access_token\":\n  \"{session}{session}\"\n"),
                3 => "\n".to_owned(),
                4 => format!("{number} {n} übrigens: \u{1f512} {{\"cookie\":\"sid={session}\"}}\n"),
                _ => format!("{number} {n} nothing\tto see\n"),
            };
        }
        // A key at the end of a file does not get its value from the next file.
        log += "\"access_token\":\n";
        let plain = place.write(name.trim_end_matches(".gz"), &log);
        succeed(Command::new("gzip").arg(plain));
    }
}

/// The command's output for local files.
fn locally(place: &Place, args: &[&str], names: &[&str]) -> String {
    let mut command = Command::new(BLACKBAR);
    let output = command.args(args).args(names).current_dir(place.path("")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

/// The parts in one of Spark's output directories, in order.
fn parts(directory: &Path) -> String {
    let mut names: Vec<PathBuf> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.contains(&directory.join("_SUCCESS")), "{names:?}");
    assert!(!names.contains(&directory.join("_temporary")), "{names:?}");
    let parts = names.iter().filter(|path| path.extension().is_some_and(|name| name == "gz"));
    parts
        .filter(|path| !path.file_name().unwrap().to_str().unwrap().starts_with('.'))
        .map(|part| succeed(Command::new("gzip").arg("-dc").arg(part)))
        .collect()
}

/// A program of the recipes, on two workers that try each task up to four times.
fn submit(program: &str, args: &[&str]) -> Output {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shippers/spark");
    let mut command = Command::new(environment().join("bin/spark-submit"));
    command
        .args(["--master", "local[2,4]", "--conf", "spark.ui.enabled=false"])
        .args(["--conf", "spark.driver.bindAddress=127.0.0.1", "--driver-memory", "1g"])
        .arg(directory.join(program))
        .args(args)
        .env("SPARK_LOCAL_IP", "127.0.0.1")
        .env("PYSPARK_PYTHON", environment().join("bin/python"));
    let output = command.output().expect("spark-submit starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
#[ignore = "needs pyspark from PyPI, and Java"]
fn an_archive_by_rdd_pipe_equals_a_local_run() {
    let place = Place::new();
    let names =
        ["2024-01.log.gz", "2024-02.log.gz", "2024-03.log.gz", "2024-04.log.gz", "2024-05.log.gz"];
    archive(&place, &names);
    let key = place.write("key", KEY);
    // A key that others can read would give a warning.
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let hmac = ["--style", "hmac", "--key-file", &key];

    // The first two tasks die in the middle of their output, as if their worker had failed: the command has written
    // something, and its status is not 0.
    let died = place.str("died");
    fs::create_dir(&died).unwrap();
    let flaky = place.script(
        "flaky",
        &format!(
            "#!/bin/sh\nfor n in 1 2; do if mkdir {died}/$n 2>/dev/null; then head -n 1000 | {BLACKBAR} \"$@\"; exit 1; fi; done\n\
             exec {BLACKBAR} \"$@\"\n"
        ),
    );
    let command = format!("{flaky} {}", hmac.join(" "));
    let output = submit("archive.py", &[&place.str(""), &place.str("redacted"), &command]);
    assert_eq!(fs::read_dir(&died).unwrap().count(), 2);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("exited with error code 1"), "{said}");

    let expected = locally(&place, &hmac, &names);
    assert!(!expected.contains(TOKEN) && expected.contains("[REDACTED:bearer:"));
    let found = parts(&place.path("redacted"));
    assert!(found == expected, "{} bytes and not {}", found.len(), expected.len());
    assert_eq!(
        fs::read_dir(place.path("redacted"))
            .unwrap()
            .filter(|entry| {
                entry.as_ref().unwrap().file_name().to_str().unwrap().starts_with("part-")
            })
            .count(),
        names.len()
    );

    // The same session has the same pseudonym in the first file and the last, although different processes wrote them.
    let cookie = |name: &str| {
        let text = locally(&place, &hmac, &[name]);
        text.lines().find(|line| line.contains(" 1 Cookie: ")).unwrap()[1..].to_owned()
    };
    assert_eq!(cookie(names[0]), cookie(names[4]));
    assert_eq!(found.matches(&cookie(names[0])).count(), names.len());
}

#[test]
#[ignore = "needs pyspark from PyPI, and Java"]
fn logs_that_arrive_by_structured_streaming() {
    let place = Place::new();
    let [incoming, target, checkpoint] =
        ["incoming", "redacted", "checkpoint"].map(|name| place.str(name));
    let run = || submit("stream.py", &[&incoming, &target, &checkpoint, BLACKBAR, "once"]);
    for (batch, names) in
        [["incoming/a.log.gz", "incoming/b.log.gz"], ["incoming/c.log.gz", "incoming/d.log.gz"]]
            .iter()
            .enumerate()
    {
        archive(&place, names);
        run();
        let sorted = |text: String| {
            let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            lines.sort();
            lines
        };
        // Spark chooses the order of files within a batch. Within a file the order is kept, as the pairs of lines show.
        let found = parts(&place.path("redacted").join(format!("batch={batch}")));
        let expected = locally(&place, &[], names);
        assert_eq!(sorted(found.clone()), sorted(expected.clone()));
        for name in names {
            assert!(
                found.contains(&locally(&place, &[], &[name])),
                "{name} is not there as a whole"
            );
        }
        assert!(!found.contains(TOKEN));
    }
    assert_eq!(fs::read_dir(place.path("redacted")).unwrap().count(), 2);
}

fn environment() -> PathBuf {
    crate::daemon::environment("spark-venv", &["pyspark"])
}
