//! nginx: its access log through a FIFO, and through a syslog daemon.

use std::process::Command;

use crate::command::wait_until;
use crate::daemon::{
    BLACKBAR, Daemon, INSTALLED, Place, free_port, recipe, succeed, wait_for_port, with,
};
use crate::http::{PATH, expected, get};
use crate::rsyslog::Rsyslog;

/// Runs nginx with a recipe.
fn serve(place: &Place, port: u16, recipe: &str) -> Daemon {
    let root = place.str("");
    let root = root.trim_end_matches('/');
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {root}/{name};\n"))
        .concat();
    let config = place.write(
        "nginx.conf",
        &format!(
            "daemon off;\nuser nobody nogroup;\npid {root}/nginx.pid;\nerror_log stderr notice;\n\
             worker_processes 2;\nevents {{ worker_connections 64; }}\nhttp {{\n{temporary}{recipe}\n\
             server {{ listen 127.0.0.1:{port}; location / {{ return 200 \"page\\n\"; }} }}\n}}\n"
        ),
    );
    Daemon::start("nginx", &["-c", &config])
}

#[test]
#[ignore = "needs nginx from Debian"]
fn access_log_through_a_fifo() {
    let (place, port) = (Place::new(), free_port());
    let fifo = place.str("nginx-access.fifo");
    let text = recipe("nginx/fifo.conf").replace("/run/nginx-access.fifo", &fifo);
    // The two commands that the recipe tells to run.
    let commands: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("#   ")).collect();
    let [make, filter] = commands[..] else { panic!("{commands:?}") };
    succeed(Command::new("sh").args(["-c", make]));
    let filter = with(
        filter,
        &[
            ("/usr/local/bin/blackbar-resume", &place.install_resume()),
            ("/run/", &place.str("")),
            ("/var/log/nginx/access.log", &place.str("access.log")),
        ],
    );
    let start = || Daemon::start("sh", &["-c", &format!("exec {filter}")]);
    let first = start();
    let mut nginx = serve(&place, port, &text);
    wait_for_port(port);
    for _ in 0..50 {
        assert!(get(port, PATH).starts_with("HTTP/1.1 200"));
    }
    for line in place.lines("access.log", 50) {
        expected(&line, PATH, 200);
    }

    // Neither a reload nor reopened logs end the pipe.
    for signal in ["-HUP", "-USR1"] {
        nginx.signal(signal);
        nginx.wait_for(if signal == "-HUP" { "reconfiguring" } else { "reopening logs" });
        let count = place.read("access.log").lines().count();
        wait_until("a line after that", || {
            get(port, PATH);
            place.read("access.log").lines().count() > count
        });
    }
    // While the filter is dead nginx serves on, and what it would log then is lost.
    place.kill_filter();
    drop(first);
    let before = place.read("access.log").lines().count();
    for _ in 0..10 {
        assert!(get(port, PATH).starts_with("HTTP/1.1 200"));
    }
    let mut filter = start();
    wait_until("a line of another filter", || {
        get(port, PATH);
        place.read("access.log").lines().count() > before
    });
    nginx.stop();
    assert!(filter.ends().success());
    for line in place.read("access.log").lines() {
        expected(line, PATH, 200);
    }
}

#[test]
#[ignore = "needs nginx and rsyslog from Debian"]
fn access_log_through_syslog() {
    let (place, port) = (Place::new(), free_port());
    let omprog = with(
        &recipe("rsyslog/omprog.conf"),
        &[(INSTALLED, BLACKBAR), ("/var/log/redacted.log", &place.str("redacted.log"))],
    );
    let rsyslog = Rsyslog::start(place, &omprog);
    let text = with(&recipe("nginx/syslog.conf"), &[("/dev/log", &rsyslog.place.str("log"))]);
    let mut nginx = serve(&rsyslog.place, port, &text);
    wait_for_port(port);
    // nginx does not wait for the syslog daemon and drops messages that are not accepted immediately. So they are sent
    // one at a time here.
    for count in 1..=20 {
        assert!(get(port, PATH).starts_with("HTTP/1.1 200"));
        rsyslog.place.lines("redacted.log", count);
    }
    for line in rsyslog.place.lines("redacted.log", 20) {
        assert!(line.contains(" nginx: "), "{line}");
        expected(&line, PATH, 200);
    }
    assert!(nginx.stop().success());
}
