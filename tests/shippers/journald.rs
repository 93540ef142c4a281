//! The journal, by a systemd-journald of the test's own: in a mount namespace it has /run and /var/log to itself.

use std::fs;
use std::process::Command;

use crate::command::wait_until;
use crate::daemon::{Daemon, Place, REDACTED, SECRET, TOKEN, kill, recipe, succeed, with};

/// systemd-journald, which keeps its journal in memory.
struct Journal {
    daemon: Daemon,
}

impl Journal {
    fn start() -> Journal {
        let script = "mount -t tmpfs run /run && mount -t tmpfs log /var/log && mkdir -p /run/systemd/journal &&\n\
             { [ -s /etc/machine-id ] || { systemd-machine-id-setup --print >/run/id && mount --bind /run/id /etc/machine-id; }; } &&\n\
             exec /usr/lib/systemd/systemd-journald";
        let daemon = Daemon::start("unshare", &["--mount", "sh", "-c", script]);
        let journal = Journal { daemon };
        wait_until("the journal's socket", || {
            fs::exists(format!("/proc/{}/root/run/systemd/journal/stdout", journal.daemon.id()))
                .unwrap_or(false)
                && journal.in_it("journalctl --quiet --lines=1").is_ok()
        });
        journal
    }

    /// A command line where the journal is.
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new("nsenter");
        let target = self.daemon.id().to_string();
        command.args(["--mount", "--target", &target, "--", "bash", "-c", line]);
        command
    }

    fn in_it(&self, line: &str) -> Result<String, String> {
        let output = self.command(line).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Logs what printf makes of `format`, under the name of the recipes.
    fn log(&self, format: &str) {
        succeed(&mut self.command(&format!("printf '{format}' | systemd-cat --identifier=app")));
    }

    fn redacted(&self) -> String {
        self.in_it("journalctl --quiet --output=cat --identifier=app-redacted").unwrap()
    }
}

fn run(place: &Place, name: &str, pairs: &[(&str, &str)]) -> String {
    let blackbar = place.install();
    let pairs = [&[("/usr/local/bin/blackbar", blackbar.as_str())], pairs].concat();
    place.script("run", &with(&recipe(name), &pairs))
}

#[test]
#[ignore = "needs systemd and jq from Debian, and root"]
fn the_journal_as_json() {
    let (place, journal) = (Place::new(), Journal::start());
    let run = run(&place, "journald/run", &[("/var/log/redacted/", &place.str(""))]);
    journal.log(&format!("1 {SECRET}\\n"));
    journal.log(&format!("2 \\033[31m{SECRET}\\033[0m\\n"));
    journal.log(&format!("3 \\377 {SECRET}\\n"));
    journal.log(&format!("4 {SECRET} %05000d\\n"));
    let start = || Daemon::start_command(&mut journal.command(&format!("exec {run}")));
    let messages = |count: usize| -> Vec<String> {
        let lines = place.lines("app.json", count);
        assert!(!lines.concat().contains(TOKEN), "{lines:?}");
        let message = |line: &String| {
            let entry: serde_json::Value = serde_json::from_str(line).expect("JSON stays JSON");
            assert_eq!(entry["SYSLOG_IDENTIFIER"], "app");
            entry["MESSAGE"].as_str().expect("a text").to_owned()
        };
        lines.iter().map(message).collect()
    };
    let first = start();
    let found = messages(4);
    assert_eq!(found[0], format!("1 {REDACTED}"));
    assert_eq!(found[1], format!("2 \u{1b}[31m{REDACTED}\u{1b}[0m"));
    assert!(found[2].starts_with("3 ") && found[2].ends_with(REDACTED), "{}", found[2]);
    assert_eq!(found[3], format!("4 {REDACTED} {}", "0".repeat(5000)));

    // What is logged later comes as it is logged. Killed, and started again, it has all of it.
    journal.log(&format!("5 {SECRET}\\n"));
    assert_eq!(messages(5)[4], format!("5 {REDACTED}"));
    place.kill_filter();
    journal.log(&format!("6 {SECRET}\\n"));
    drop(first);
    let _second = start();
    wait_until("all of it", || place.read("app.json").matches('\n').count() == 6);
    assert_eq!(messages(6)[5], format!("6 {REDACTED}"));
}

#[test]
#[ignore = "needs systemd from Debian, and root"]
fn back_into_the_journal() {
    let (place, journal) = (Place::new(), Journal::start());
    let run = run(&place, "journald/back", &[]);
    journal.log(&format!("0 \\033[31m{SECRET}\\033[0m\\n"));
    for n in 1..20 {
        journal.log(&format!("{n} {SECRET}\\n"));
    }
    let start = || Daemon::start_command(&mut journal.command(&format!("exec {run}")));
    let first = start();
    wait_until("20 messages", || journal.redacted().lines().count() == 20);
    let coloured = format!("0 \u{1b}[31m{REDACTED}\u{1b}[0m");
    assert!(journal.redacted().starts_with(&coloured), "{:?}", journal.redacted());
    place.kill_filter();
    drop(first);
    journal.log(&format!("20 {SECRET}\\n"));
    let second = start();
    wait_until("what came between", || journal.redacted().contains("20 "));
    journal.log(&format!("21 {SECRET}\\n"));
    wait_until("what comes", || journal.redacted().contains("21 "));
    kill("-TERM", &second.id().to_string());
    let redacted = journal.redacted();
    for n in 1..=21 {
        assert!(redacted.contains(&format!("{n} {REDACTED}\n")), "{n}: {redacted}");
    }
    assert!(!redacted.contains(TOKEN), "{redacted}");
}
