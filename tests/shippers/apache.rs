//! Apache httpd: access and error log through pipes, into files and into programs that rotate them.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::command::wait_until;
use crate::daemon::{Daemon, Place, free_port, kill, recipe, wait_for_port, with};
use crate::http::{PATH, expected, get};

/// httpd with a recipe in it, which writes its logs to the place.
fn serve(place: &Place, port: u16, name: &str) -> Daemon {
    let recipe = with(
        &recipe(name),
        &[
            ("/usr/local/bin/blackbar-resume", &place.install_resume()),
            ("/var/log/apache2/", &place.str("")),
            ("/run/apache2/", &place.str("")),
        ],
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
    let daemon = Daemon::start("apache2", &["-f", &config, "-DFOREGROUND"]);
    wait_for_port(port);
    daemon
}

/// The text of the files whose names begin with this: rotating programs append the day.
fn log(place: &Place, start: &str) -> String {
    let entries = fs::read_dir(place.path("")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter(|name| name.starts_with(start) && name.ends_with(".log")).collect();
    names.sort();
    names.iter().map(|name| place.read(name)).collect()
}

/// The filter of a log, which is known by the shell or the variable that started it.
fn filter_of(place: &Place, log: &str) -> Option<u32> {
    let is_its = |id: &u32| {
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:\t")).unwrap_or("0");
        let output = fs::read_link(format!("/proc/{id}/fd/1")).unwrap_or_default();
        let shell = fs::read(format!("/proc/{parent}/cmdline")).unwrap_or_default();
        output == place.path(&format!("{log}.log"))
            || String::from_utf8_lossy(&shell).contains(&format!("{log}.pipe"))
    };
    place.filters().into_iter().find(is_its)
}

#[track_caller]
fn nothing_has_passed(place: &Place) {
    for start in ["access", "error"] {
        let log = log(place, start);
        assert!(!log.is_empty());
        for secret in ["abcdefghijklmnop", "2YotnFZFEjr1", "31d4d96e"] {
            assert!(!log.contains(secret), "{start}: {log}");
        }
    }
}

#[test]
#[ignore = "needs apache2-bin from Debian"]
fn piped_logs_over_a_graceful_restart() {
    let (place, port) = (Place::new(), free_port());
    let mut daemon = serve(&place, port, "apache/blackbar.conf");

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
    let before = place.filters();
    assert_eq!(before.len(), 2);

    // 2. The old filter logs a request that is in progress during a graceful restart.
    let slow = thread::spawn(move || get(port, &PATH.replace("/page", "/slow/page")));
    thread::sleep(Duration::from_millis(800));
    daemon.signal("-USR1");
    wait_until("new filters", || {
        place.filters().iter().filter(|id| !before.contains(id)).count() == 2
    });
    wait_until("an answer after the restart", || get(port, PATH).starts_with("HTTP/1.1 200"));
    let answer = slow.join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("slow\n"), "{answer:?}");
    let lines = place.lines("access.log", 22);
    let slow: Vec<&String> = lines.iter().filter(|line| line.contains("/slow/")).collect();
    assert_eq!(slow.len(), 1, "{lines:?}");
    expected(slow[0], &PATH.replace("/page", "/slow/page"), 200);
    wait_until("the end of the old filters", || {
        !place.filters().iter().any(|id| before.contains(id))
    });
    dies(&place, port, &daemon);
    daemon.stop();
    wait_until("the end of the filters", || place.filters().is_empty());
    nothing_has_passed(&place);
}

#[test]
#[ignore = "needs apache2-bin and apache2-utils from Debian"]
fn rotatelogs() {
    rotated("apache/rotatelogs.conf", "rotatelogs");
}

#[test]
#[ignore = "needs apache2-bin and cronolog from Debian"]
fn cronolog() {
    rotated("apache/cronolog.conf", "cronolog");
}

#[track_caller]
fn rotated(name: &str, rotator: &str) {
    let (place, port) = (Place::new(), free_port());
    let mut daemon = serve(&place, port, name);
    for _ in 0..20 {
        assert!(get(port, PATH).starts_with("HTTP/1.1 200"));
    }
    wait_until("the access log", || log(&place, "access").matches('\n').count() == 20);
    for line in log(&place, "access").lines() {
        expected(line, PATH, 200);
    }
    wait_until("the error log", || {
        log(&place, "error").matches("Authorization: Bearer [REDACTED]").count() == 20
    });
    // A graceful restart renews both, and the old ones end.
    let before = place.filters();
    daemon.signal("-USR1");
    wait_until("new filters", || {
        let filters = place.filters();
        filters.len() == 2 && !filters.iter().any(|id| before.contains(id))
    });
    wait_until("a line of a new filter", || {
        get(port, PATH);
        log(&place, "access").matches('\n').count() > 20
    });
    dies(&place, port, &daemon);
    // If the program that rotates dies, its filter ends, and both are started again.
    wait_until("both filters", || place.filters().len() == 2);
    let filter = filter_of(&place, "access").expect("there is one");
    let pattern = format!("^{rotator} {}access", place.str(""));
    crate::daemon::succeed(std::process::Command::new("pkill").args(["-KILL", "-f", &pattern]));
    renewed(&place, port, filter);
    daemon.stop();
    wait_until("the end of the filters", || place.filters().is_empty());
    nothing_has_passed(&place);
}

/// Waits for another filter of the access log than `before`, and for a line of it.
#[track_caller]
fn renewed(place: &Place, port: u16, before: u32) {
    let count = || log(place, "access").matches('\n').count();
    let old = count();
    // It may be the shell that waits for the rest of a line.
    wait_until("a line of another filter", || {
        get(port, PATH);
        count() > old && filter_of(place, "access").is_some_and(|id| id != before)
    });
}

/// The access log's filter is started again when it dies, the error log's only at a restart of httpd.
#[track_caller]
fn dies(place: &Place, port: u16, daemon: &Daemon) {
    let numbered = |state: usize| {
        let path = PATH.replace("state=1", &format!("state={state}"));
        assert!(get(port, &path).starts_with("HTTP/1.1 200"));
    };
    wait_until("both filters", || place.filters().len() == 2);
    let filter = filter_of(place, "access").expect("there is one");
    kill("-KILL", &filter.to_string());
    (100..120).for_each(numbered);
    wait_until("the last line", || log(place, "access").contains("&state=119 "));
    let access = log(place, "access");
    let lost: Vec<usize> =
        (100..120).filter(|n| !access.contains(&format!("&state={n} "))).collect();
    assert!(lost.len() <= 1, "{lost:?}");
    assert!(filter_of(place, "access").is_some_and(|id| id != filter));

    let filter = filter_of(place, "error").expect("there is one");
    let lines = || log(place, "error").matches("Authorization: Bearer").count();
    kill("-KILL", &filter.to_string());
    wait_until("its end", || filter_of(place, "error").is_none());
    let before = lines();
    (120..140).for_each(numbered);
    thread::sleep(Duration::from_secs(1));
    assert!(filter_of(place, "error").is_none());
    daemon.signal("-USR1");
    wait_until("another filter", || filter_of(place, "error").is_some());
    wait_until("a line of another filter", || {
        get(port, PATH);
        lines() > before
    });
    println!("error log: {before} lines before the kill, {} after the restart", lines());
}
