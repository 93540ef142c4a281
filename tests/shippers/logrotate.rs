//! Runs logrotate on the three logs of its recipe.

use std::process::Command;

use crate::command::wait_until;
use crate::daemon::{
    BLACKBAR, Daemon, INSTALLED, Place, REDACTED, SECRET, TOKEN, recipe, succeed, with,
};
use crate::systemd::setting;

/// Writes numbered lines to a log, and reopens it when asked to. Ends with one last line.
fn writer(place: &Place, log: &str, pid: &str) -> Daemon {
    let script = format!(
        "echo $$ >{pid}; exec 3>>{log}; trap 'exec 3>>{log}' HUP; trap 'echo last {SECRET} >&3; exit' TERM\n\
         n=0; while :; do echo $n {SECRET} >&3; n=$((n+1)); sleep 0.01; done",
        pid = place.str(pid),
        log = place.str(log)
    );
    let writer = Daemon::start("bash", &["-c", &script]);
    wait_until("its first line", || !place.read(log).is_empty());
    writer
}

/// The lines of several files, in order.
fn lines(place: &Place, names: &[&str]) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| {
            let path = place.str(name);
            let text = match name.ends_with(".gz") {
                true => succeed(Command::new("gzip").args(["-dc", &path])),
                false => place.read(name),
            };
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

#[track_caller]
fn check(found: &[String], line: &str) {
    let (last, numbered) = found.split_last().unwrap();
    for (n, found) in numbered.iter().enumerate() {
        assert_eq!(*found, format!("{n} {line}"));
    }
    assert_eq!(*last, format!("last {line}"));
}

#[test]
#[ignore = "needs logrotate from Debian"]
fn logs_are_rotated_and_nothing_is_lost() {
    let place = Place::new();
    let text = with(
        &recipe("logrotate/app"),
        &[
            (INSTALLED, BLACKBAR),
            ("/var/log/app.log", &place.str("app.log")),
            ("/var/log/redacted/app.log", &place.str("redacted/app.log")),
            ("/var/log/batch.log", &place.str("batch.log")),
            ("/run/", &place.str("")),
        ],
    );
    // Without this, it does not rotate logs in directories that another group may write to.
    let config = place.write("logrotate.conf", &text);
    let state = place.str("state");
    let rotate =
        || succeed(Command::new("logrotate").args(["--force", "--state", &state, &config]));

    place.write("redacted/app.log", "");
    let mut app = writer(&place, "app.log", "app.pid");
    let mut batch = writer(&place, "batch.log", "batch.pid");
    // As blackbar@app.service has it, which is rotated by copytruncate.
    let follow = with(
        setting(&recipe("systemd/blackbar@.service"), "ExecStart"),
        &[
            (INSTALLED, BLACKBAR),
            ("/var/log/redacted/%i.log", &place.str("redacted/app.log")),
            ("/var/log/%i.log", &place.str("app.log")),
        ],
    );
    let mut filter = Daemon::start("sh", &["-c", &format!("exec {follow}")]);
    for _ in 0..2 {
        place.lines("redacted/app.log", 50);
        rotate();
        // Everything written before the log was emptied was copied, because the writer was slow enough.
    }
    place.lines("redacted/app.log", 50);
    app.stop();
    batch.stop();
    wait_until("the last line", || place.read("redacted/app.log").contains("last "));
    assert!(filter.stop().success());

    // 1. The followed log: every file exists, and the filter has passed all of it on.
    check(&lines(&place, &["app.log.2", "app.log.1", "app.log"]), SECRET);
    let redacted =
        lines(&place, &["redacted/app.log.2.gz", "redacted/app.log.1.gz", "redacted/app.log"]);
    check(&redacted, REDACTED);

    // 2. The logs that were redacted when they were archived.
    let archived = lines(&place, &["batch.log.2.gz", "batch.log.1.gz"]);
    assert!(archived.len() > 50 && !archived.concat().contains(TOKEN));
    let current: Vec<String> =
        lines(&place, &["batch.log"]).iter().map(|line| line.replace(SECRET, REDACTED)).collect();
    check(&[archived, current].concat(), REDACTED);
}
