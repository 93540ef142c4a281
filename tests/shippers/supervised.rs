//! runit and s6, with the filter as the log processor of a service.

use std::process::Command;

use crate::command::wait_until;
use crate::daemon::{BLACKBAR, Daemon, INSTALLED, Place, REDACTED, TOKEN, recipe, succeed, with};

/// A service that prints a line when it starts and when it is stopped.
const SERVICE: &str = "#!/bin/sh\nexec 2>&1\n\
    trap 'echo stop Authorization: Bearer abcdefghijklmnop0123456789; exit 0' TERM\n\
    n=0; while [ $n -lt 1000 ]; do echo $n GET /me Authorization: Bearer abcdefghijklmnop0123456789; n=$((n+1)); done\n\
    while :; do sleep 0.1; done\n";

/// A service directory with a recipe for its log.
fn services(run: &str) -> Place {
    let place = Place::new();
    let run = with(run, &[(INSTALLED, BLACKBAR), ("/var/log/app", &place.str("log"))]);
    place.script("services/app/run", SERVICE);
    place.script("services/app/log/run", &run);
    std::fs::create_dir(place.path("log")).unwrap();
    place
}

/// The messages in the log, without their time stamps.
fn messages(place: &Place) -> Vec<String> {
    let text = place.read("log/current");
    // s6-log prints one space between date and time, and two after the time.
    let message = |line: &str| {
        let parts = line.split_once("  ").or_else(|| line.split_once(' '));
        parts.expect("a time and a message").1.to_owned()
    };
    text.lines().map(message).collect()
}

fn expected() -> Vec<String> {
    let mut lines: Vec<String> = (0..1000).map(|n| format!("{n} {REDACTED}")).collect();
    lines.push("stop Authorization: Bearer [REDACTED]".to_owned());
    lines
}

#[track_caller]
fn check(place: &Place, daemon: &Daemon) {
    wait_until("the last message", || messages(place).len() >= 1001);
    assert_eq!(messages(place), expected());
    assert!(!place.read("log/current").contains(TOKEN));
    // Nobody waits for more output.
    wait_until("the end of the filter", || daemon.filters().is_empty());
}

#[test]
#[ignore = "needs runit from Debian"]
fn runit_log_service() {
    let place = services(&recipe("runit/run"));
    let mut daemon = Daemon::start("runsvdir", &["-P", &place.str("services")]);
    place.lines("log/current", 1000);
    succeed(Command::new("sv").args(["-w", "20", "exit", &place.str("services/app")]));
    check(&place, &daemon);
    daemon.signal("-HUP");
    daemon.ends();
}

#[test]
#[ignore = "needs s6 from Debian"]
fn s6_log_service() {
    let place = services(&recipe("s6/run"));
    let services = place.str("services");
    let mut daemon = Daemon::start("s6-svscan", &[&services]);
    place.lines("log/current", 1000);
    succeed(Command::new("s6-svscanctl").args(["-t", &services]));
    check(&place, &daemon);
    assert!(daemon.ends().success());
}
