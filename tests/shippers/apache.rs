//! Apache httpd: access and error log through pipes, over a graceful restart.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::command::wait_until;
use crate::daemon::{BLACKBAR, Daemon, INSTALLED, Place, free_port, recipe, wait_for_port, with};
use crate::http::{PATH, expected, get};

#[test]
#[ignore = "needs apache2-bin from Debian"]
fn piped_logs_over_a_graceful_restart() {
    let place = Place::new();
    let port = free_port();
    let recipe = with(
        &recipe("apache/blackbar.conf"),
        &[(INSTALLED, BLACKBAR), ("/var/log/apache2/", &place.str(""))],
    );
    place.write("htdocs/page", "page\n");
    place.write("htdocs/slow/page", &"slow\n".repeat(5000));
    let modules = ["mpm_event", "authz_core", "env", "ratelimit", "log_debug"]
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"));
    let config = place.write(
        "httpd.conf",
        &format!(
            "ServerRoot {root}\nServerName localhost\nPidFile {root}/pid\nDefaultRuntimeDir {root}\n\
             Listen 127.0.0.1:{port}\nUser nobody\nGroup nogroup\nStartServers 1\n{modules}LogLevel log_debug:info\n\
             DocumentRoot {root}/htdocs\n<Location />\nRequire all granted\n\
             LogMessage \"Authorization: %{{req:Authorization}}\"\n</Location>\n\
             <Location /slow/>\nSetOutputFilter RATE_LIMIT\nSetEnv rate-limit 8\n</Location>\n{recipe}",
            root = place.str("").trim_end_matches('/'),
            modules = modules.concat(),
        ),
    );
    let mut daemon = Daemon::start("apache2", &["-f", &config, "-DFOREGROUND"]);
    wait_for_port(port);

    // 1. Each log has a filter, and a line passes it immediately.
    for _ in 0..20 {
        assert!(get(port, PATH).starts_with("HTTP/1.1 200"));
    }
    for line in place.lines("access.log", 20) {
        expected(&line, PATH, 200);
    }
    wait_until("the error log", || {
        place.read("error.log").matches("Authorization: Bearer [REDACTED]").count() == 20
    });
    let before = daemon.filters();
    assert_eq!(before.len(), 2);

    // 2. The old filter logs a request that is in progress during a graceful restart.
    let slow = thread::spawn(move || get(port, &PATH.replace("/page", "/slow/page")));
    thread::sleep(Duration::from_millis(800));
    daemon.signal("-USR1");
    wait_until("new filters", || {
        daemon.filters().iter().filter(|id| !before.contains(id)).count() == 2
    });
    wait_until("an answer after the restart", || get(port, PATH).starts_with("HTTP/1.1 200"));
    let answer = slow.join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("slow\n"), "{answer:?}");
    let lines = place.lines("access.log", 22);
    let slow: Vec<&String> = lines.iter().filter(|line| line.contains("/slow/")).collect();
    assert_eq!(slow.len(), 1, "{lines:?}");
    expected(slow[0], &PATH.replace("/page", "/slow/page"), 200);
    wait_until("the end of the old filters", || {
        !daemon.filters().iter().any(|id| before.contains(id))
    });

    // 3. If the filter of the access log dies, httpd starts another.
    let access = || {
        let log = place.path("access.log");
        let is_its = |id: &u32| fs::read_link(format!("/proc/{id}/fd/1")).is_ok_and(|to| to == log);
        daemon.filters().into_iter().find(is_its)
    };
    let filter = access().expect("there is one");
    crate::daemon::kill("-KILL", &filter.to_string());
    wait_until("another filter", || access().is_some_and(|id| id != filter));
    let count = place.read("access.log").lines().count();
    wait_until("a line of a new filter", || {
        get(port, PATH);
        place.read("access.log").lines().count() > count
    });

    daemon.stop();
    wait_until("the end of the filters", || daemon.filters().is_empty());
    for log in ["access.log", "error.log"] {
        for secret in ["abcdefghijklmnop", "2YotnFZFEjr1", "31d4d96e"] {
            assert!(!place.read(log).contains(secret), "{log}: {}", place.read(log));
        }
    }
}
