//! supervisord and pm2: programs whose output they collect themselves.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::application::{self, grows, numbers, restarts_and_losses};
use crate::command::wait_until;
use crate::daemon::{Daemon, INSTALLED, Place, REDACTED, recipe, succeed, with};

const LAST: &str = "last GET /me Authorization: Bearer [REDACTED]\n";

/// supervisord with a recipe in it.
fn supervise(place: &Place, recipe: &str) -> Daemon {
    place.write("conf.d/app.conf", recipe);
    let config = place.write(
        "supervisord.conf",
        &format!(
            "[supervisord]\nlogfile=/dev/stdout\nlogfile_maxbytes=0\npidfile={root}pid\n\
             [unix_http_server]\nfile={root}sock\n\
             [rpcinterface:supervisor]\n\
             supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n\
             [supervisorctl]\nserverurl=unix://{root}sock\n[include]\nfiles={root}conf.d/*.conf\n",
            root = place.str("")
        ),
    );
    let mut daemon = Daemon::start("supervisord", &["--nodaemon", "--configuration", &config]);
    daemon.wait_for("success: app entered RUNNING state");
    daemon
}

fn supervisorctl(place: &Place, args: &[&str]) -> String {
    let config = place.str("supervisord.conf");
    succeed(Command::new("supervisorctl").args(["--configuration", &config]).args(args))
}

#[test]
#[ignore = "needs supervisor from Debian"]
fn supervisord_program() {
    let place = Place::new();
    let text = with(
        &recipe("supervisord/app.conf"),
        &[
            (INSTALLED, &place.install()),
            ("/usr/local/bin/app", &application::install(&place, "")),
            ("/var/log/app.log", &place.str("app.log")),
        ],
    );
    let mut daemon = supervise(&place, &text);
    let log = || place.read("app.log");

    // 1. It is stopped to its last word, with its filter.
    grows(20, log);
    supervisorctl(&place, &["stop", "app"]);
    wait_until("the end of the filter", || place.filters().is_empty());
    assert!(log().ends_with(LAST), "{}", log());
    assert_eq!(restarts_and_losses(&numbers(&log())), (0, 0));

    // 2. If the filter is killed both are started again.
    supervisorctl(&place, &["start", "app"]);
    grows(20, log);
    let filter = place.kill_filter();
    wait_until("another filter", || place.filters().iter().any(|id| *id != filter));
    grows(20, log);
    daemon.wait_for("terminated by SIGPIPE");
    let (restarts, lost) = restarts_and_losses(&numbers(&log()));
    assert_eq!(restarts, 2, "{}", log());
    println!("lost {lost} lines between two starts");
    daemon.stop();
}

/// The application ignores SIGPIPE, as many do, and it would run on without a log. It never gets one.
#[test]
#[ignore = "needs supervisor from Debian"]
fn supervisord_fifo() {
    let place = Place::new();
    let text = with(
        &recipe("supervisord/fifo.conf"),
        &[
            ("/usr/local/bin/blackbar-resume", &place.install_resume()),
            ("/usr/local/bin/app", &application::install(&place, "trap '' PIPE")),
            ("/var/log/", &place.str("")),
            ("/run/", &place.str("")),
        ],
    );
    let mut daemon = supervise(&place, &text);
    let log = || place.read("app.log");
    grows(20, log);
    for _ in 0..2 {
        let filter = place.kill_filter();
        wait_until("another filter", || place.filters().iter().any(|id| *id != filter));
        grows(20, log);
    }
    supervisorctl(&place, &["stop", "app"]);
    wait_until("the last word", || log().ends_with(LAST));
    supervisorctl(&place, &["stop", "app-log"]);
    // The application was never restarted. Two lines may be lost at a kill: the one that the filter was at, and what is
    // left of one that it has begun to read.
    let (restarts, lost) = restarts_and_losses(&numbers(&log()));
    assert_eq!(restarts, 0, "{}", log());
    assert!(lost <= 6, "{lost}");
    println!("lost {lost} lines in two kills");

    // What is in the FIFO's place is not written to.
    std::fs::remove_file(place.path("app.fifo")).unwrap();
    place.write("app.fifo", "");
    let output = Command::new("supervisorctl")
        .args(["--configuration", &place.str("supervisord.conf"), "start", "app"])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("ERROR"), "{output:?}");
    assert_eq!(place.read("app.fifo"), "");
    daemon.stop();
}

#[test]
#[ignore = "needs pm2 from npm"]
fn pm2_application() {
    let place = Place::new();
    let text = with(
        &recipe("pm2/ecosystem.config.js"),
        &[
            (INSTALLED, &place.install()),
            ("/usr/local/bin/app", &application::install(&place, "")),
            ("/var/log/", &place.str("")),
        ],
    );
    let config = place.write("ecosystem.config.js", &text);
    let pm2 = |args: &[&str]| {
        let home = place.str("pm2");
        let mut command = Command::new(pm2());
        command.args(args).env("PM2_HOME", home).env("PM2_DISABLE_VERSION_CHECK", "true");
        succeed(&mut command)
    };
    let log = || place.read("app.log");
    pm2(&["start", &config]);
    grows(20, log);
    pm2(&["stop", "app"]);
    wait_until("the last word", || log().ends_with(LAST));
    assert_eq!(restarts_and_losses(&numbers(&log())), (0, 0));

    pm2(&["start", "app"]);
    grows(20, log);
    let filter = place.kill_filter();
    wait_until("another filter", || place.filters().iter().any(|id| *id != filter));
    grows(20, log);
    let (restarts, lost) = restarts_and_losses(&numbers(&log()));
    assert_eq!(restarts, 2, "{}", log());
    println!("lost {lost} lines between two starts");
    pm2(&["kill"]);
    wait_until("the end of the filter", || place.filters().is_empty());
    assert!(log().contains(&format!("last {REDACTED}")), "{}", log());
}

/// Installed once, and kept between runs.
fn pm2() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pm2");
        let program = directory.join("node_modules/.bin/pm2");
        if !program.exists() {
            std::fs::create_dir_all(&directory).unwrap();
            let args = ["install", "--silent", "--no-audit", "--no-fund", "--prefix"];
            succeed(Command::new("npm").args(args).arg(&directory).arg("pm2"));
        }
        program
    })
}
