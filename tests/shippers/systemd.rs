//! The systemd units: systemd itself checks them, and their commands are run. No systemd starts them here.

use std::fs;
use std::process::{Command, Stdio};

use crate::daemon::{
    BLACKBAR, Daemon, INSTALLED, Killed, Place, REDACTED, SECRET, recipe, succeed, with,
};

const UNITS: [&str; 3] = ["blackbar.service", "blackbar.socket", "blackbar@.service"];

/// The units, with the path of the command under test.
fn units() -> Place {
    let place = Place::new();
    for unit in UNITS {
        let text = recipe(&format!("systemd/{unit}"));
        let text = text.replace("/usr/local/bin/blackbar-resume", &place.install_resume());
        place.write(unit, &text.replace(INSTALLED, BLACKBAR));
    }
    place
}

pub fn setting<'a>(unit: &'a str, name: &str) -> &'a str {
    unit.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).expect(name)
}

#[test]
#[ignore = "needs systemd from Debian"]
fn systemd_finds_nothing_wrong_with_the_units() {
    let place = units();
    for unit in ["blackbar.service", "blackbar.socket", "blackbar@app.service"] {
        let said = succeed(
            Command::new("systemd-analyze")
                .args(["verify", "--man=no", unit])
                .current_dir(place.path(""))
                .stderr(Stdio::piped()),
        );
        assert_eq!(said, "");
    }
    // The check does find errors.
    place.write("wrong.service", "[Service]\nExecStart=blackbar --follow\nProtectSystem=very\n");
    let output = Command::new("systemd-analyze")
        .args(["verify", "--man=no", "wrong.service"])
        .current_dir(place.path(""))
        .output()
        .unwrap();
    assert!(!output.stderr.is_empty());
}

/// systemd's measure of how much a service may still do, from 0 to 10. Below 1 it is a sandbox.
#[test]
#[ignore = "needs systemd from Debian"]
fn the_services_may_do_next_to_nothing() {
    let place = units();
    for unit in ["blackbar.service", "blackbar@app.service"] {
        let table = succeed(
            Command::new("systemd-analyze")
                .args(["security", "--offline=yes", "--threshold=9", "--no-pager", unit])
                .current_dir(place.path("")),
        );
        assert!(table.lines().last().unwrap_or_default().contains("SAFE"), "{table}");
        for barred in ["NoNewPrivileges=", "PrivateNetwork=", "ProtectSystem=", "ProtectHome="] {
            let line = table.lines().find(|line| line.contains(barred)).expect(barred);
            assert!(line.starts_with('✓'), "{line}");
        }
    }
}

#[test]
fn both_services_have_the_same_sandbox() {
    let sandbox = |name: &str| -> Vec<String> {
        let unit = recipe(name);
        let settings = unit.lines().skip_while(|line| !line.starts_with("DynamicUser="));
        settings
            .take_while(|line| !line.is_empty())
            .filter(|line| !line.starts_with("SupplementaryGroups="))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(sandbox("systemd/blackbar.service"), sandbox("systemd/blackbar@.service"));
    assert!(sandbox("systemd/blackbar.service").contains(&"NoNewPrivileges=yes".to_owned()));
}

/// Follows, reloads and ends with the commands of the unit.
#[test]
fn what_the_template_unit_runs() {
    let place = Place::new();
    place.append("app.log", &format!("{SECRET}\n"));
    let unit = with(
        &recipe("systemd/blackbar@.service"),
        &[
            (INSTALLED, BLACKBAR),
            ("/var/log/redacted/%i.log", &place.str("redacted.log")),
            ("/var/log/%i.log", &place.str("app.log")),
        ],
    );
    let mut words = setting(&unit, "ExecStart").split(' ');
    let program = words.next().unwrap();
    let mut daemon = Daemon::start(program, &words.collect::<Vec<_>>());
    place.lines("redacted.log", 1);
    let reload = setting(&unit, "ExecReload").replace("$MAINPID", &daemon.id().to_string());
    succeed(Command::new("sh").args(["-c", &reload]));
    fs::rename(place.path("app.log"), place.path("app.log.1")).unwrap();
    place.append("app.log", &format!("{SECRET}\n"));
    assert_eq!(place.lines("redacted.log", 2), [REDACTED; 2]);
    // copytruncate of the redacted log: what comes next is at its new start, without a hole before it.
    fs::File::options().write(true).open(place.path("redacted.log")).unwrap().set_len(0).unwrap();
    place.append("app.log", &format!("{SECRET}\n"));
    assert!(daemon.stop().success());
    assert_eq!(place.read("redacted.log"), format!("{REDACTED}\n"));
}

/// systemd holds the pipe open for reading and writing, so it has no end, and opens the file for appending.
#[test]
fn what_the_unit_with_a_pipe_runs() {
    let place = Place::new();
    place.append("fifo.log", "what was there before\n");
    let unit = recipe("systemd/blackbar.service");
    let command = with(
        setting(&unit, "ExecStart"),
        &[
            ("/usr/local/bin/blackbar-resume", &place.install_resume()),
            ("/run/blackbar/", &place.str("")),
        ],
    );
    let (program, mark) = command.split_once(' ').unwrap();
    assert_eq!(setting(&unit, "StandardInput"), "socket");
    assert_eq!(setting(&unit, "StandardOutput"), "append:/var/log/redacted/fifo.log");
    let fifo = place.path("fifo");
    assert_eq!(setting(&recipe("systemd/blackbar.socket"), "ListenFIFO"), "/run/blackbar.fifo");
    succeed(Command::new("mkfifo").arg(&fifo));
    let open = || fs::File::options().read(true).write(true).open(&fifo).unwrap();
    let log = fs::File::options().append(true).open(place.path("fifo.log")).unwrap();
    let log = || log.try_clone().unwrap();
    let start =
        || Killed(Command::new(program).arg(mark).stdin(open()).stdout(log()).spawn().unwrap());
    let child = start();

    // Programs that start and end.
    for n in 0..20 {
        let script = format!("echo {n} {SECRET} >{}", fifo.display());
        succeed(Command::new("sh").args(["-c", &script]));
        let line = place.lines("fifo.log", n + 2).pop();
        assert_eq!(line, Some(format!("{n} {REDACTED}")));
    }
    // Killed, and started again, it drops what may be the rest of a line.
    drop(child);
    let mut child = start();
    let script = format!("echo rest of {SECRET} >{0}; echo 20 {SECRET} >{0}", fifo.display());
    succeed(Command::new("sh").args(["-c", &script]));
    assert_eq!(place.lines("fifo.log", 22)[21], format!("20 {REDACTED}"));
    crate::daemon::kill("-TERM", &child.0.id().to_string());
    assert!(child.0.wait().unwrap().success());
    assert_eq!(place.lines("fifo.log", 22)[0], "what was there before");
}
