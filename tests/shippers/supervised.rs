//! runit, s6 and daemontools: as the log processor of a service. They keep the pipe between the two, and start either again.

use std::process::Command;

use crate::application::{self, grows, numbers, restarts_and_losses};
use crate::command::wait_until;
use crate::daemon::{Daemon, Place, REDACTED, recipe, succeed, with};

/// A service directory with a recipe for its log.
fn services(run: &str) -> Place {
    let place = Place::new();
    let run = with(
        run,
        &[
            ("/usr/local/bin/blackbar-resume", &place.install_resume()),
            ("/var/log/app", &place.str("log")),
            ("/run/", &place.str("")),
        ],
    );
    let app = application::install(&place, "exec 2>&1");
    place.script("services/app/run", &format!("#!/bin/sh\nexec {app}\n"));
    place.script("services/app/log/run", &run);
    std::fs::create_dir(place.path("log")).unwrap();
    place
}

/// The messages in the log, without their time stamps. The log of a killed writer is in a separate file, named by its time.
fn messages(place: &Place) -> String {
    let mut names: Vec<String> = std::fs::read_dir(place.path("log"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('@') || name == "current")
        .collect();
    names.sort();
    let text: String = names.iter().map(|name| place.read(&format!("log/{name}"))).collect();
    // multilog and svlogd have one blank after the time; s6-log has one within it, and two after it.
    let message = |line: &str| {
        let parts = line.split_once("  ").or_else(|| line.split_once(' '));
        parts.expect("a time and a message").1.to_owned() + "\n"
    };
    text.split_inclusive('\n')
        .filter(|line| line.ends_with('\n'))
        .map(|line| message(line.trim_end()))
        .collect()
}

/// Restarts the filter in three cases: it is killed, it is asked to end, and its reader ends.
fn restart(place: &Place, writer: &str, term: &[&str]) {
    let log = || messages(place);
    let another = |before: u32| {
        wait_until("another filter", || place.filters().iter().any(|id| *id != before));
        grows(20, log);
        // Two readers of one pipe would tear lines apart.
        wait_until("the end of the one before", || place.filters().len() == 1);
    };
    grows(20, log);
    let killed = place.kill_filter();
    another(killed);
    let before = place.filters()[0];
    let (program, args) = term.split_first().unwrap();
    succeed(Command::new(program).args(args));
    another(before);
    let before = place.filters()[0];
    let directory = place.str("");
    let find = ["-f", &format!("^{writer} .*{directory}")];
    succeed(Command::new("pkill").arg("-KILL").args(find));
    another(before);
    let (restarts, lost) = restarts_and_losses(&numbers(&log()));
    println!(
        "{writer}: lost {lost} lines in a kill of the filter, a restart, and a kill of {writer}"
    );
    assert_eq!(restarts, 0);
    assert!(lost <= 12, "{lost}");
}

#[track_caller]
fn ends(place: &Place) {
    wait_until("the last word", || messages(place).ends_with(&format!("last {REDACTED}\n")));
    // Nobody is left who would wait for more.
    wait_until("the end of the filter", || place.filters().is_empty());
}

#[test]
#[ignore = "needs runit from Debian"]
fn runit_log_service() {
    let place = services(&recipe("runit/run"));
    let services = place.str("services");
    let mut daemon = Daemon::start("runsvdir", &["-P", &services]);
    wait_until("a log", || !messages(&place).is_empty());
    let log = place.str("services/app/log");
    restart(&place, "svlogd", &["sv", "term", &log]);
    succeed(Command::new("sv").args(["-w", "20", "exit", &place.str("services/app")]));
    ends(&place);
    daemon.signal("-HUP");
    daemon.ends();
}

#[test]
#[ignore = "needs s6 from Debian"]
fn s6_log_service() {
    let place = services(&recipe("s6/run"));
    let services = place.str("services");
    let mut daemon = Daemon::start("s6-svscan", &[&services]);
    wait_until("a log", || !messages(&place).is_empty());
    let log = place.str("services/app/log");
    restart(&place, "s6-log", &["s6-svc", "-t", &log]);
    succeed(Command::new("s6-svscanctl").args(["-t", &services]));
    ends(&place);
    assert!(daemon.ends().success());
}

#[test]
#[ignore = "needs daemontools from Debian"]
fn daemontools_log_service() {
    let place = services(&recipe("daemontools/run"));
    let services = place.str("services");
    let mut daemon = Daemon::start("svscan", &[&services]);
    wait_until("a log", || !messages(&place).is_empty());
    let log = place.str("services/app/log");
    restart(&place, "multilog", &["svc", "-t", &log]);
    // svscan keeps the pipe, so the log does not end with the service.
    succeed(Command::new("svc").args(["-dx", &place.str("services/app")]));
    wait_until("the last word", || messages(&place).ends_with(&format!("last {REDACTED}\n")));
    succeed(Command::new("svc").args(["-dx", &log]));
    ends(&place);
    daemon.stop();
}
