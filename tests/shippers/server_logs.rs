//! HAProxy, gunicorn and PostgreSQL: servers that log to standard output, into a FIFO that blackbar reads. runit starts the
//! servers and blackbar.

use std::fs;
use std::os::unix::fs::chown;
use std::path::PathBuf;
use std::process::Command;

use crate::command::wait_until;
use crate::daemon::{Daemon, Place, TOKEN, free_port, recipe, succeed, wait_for_port, with};
use crate::http::{PATH, expected, get};

/// The services of runit: the server by `run`, and blackbar by its recipe.
fn services(place: &Place, run: &str) -> Daemon {
    let log = with(
        &recipe("fifo/run"),
        &[
            ("/usr/local/bin/blackbar-resume", &place.install_resume()),
            ("/var/log/", &place.str("")),
            ("/run/", &place.str("")),
        ],
    );
    place.script("services/app-log/run", &log);
    place.script("services/app/run", &with(run, &[("/run/", &place.str(""))]));
    let daemon = Daemon::start("runsvdir", &["-P", &place.str("services")]);
    wait_until("the filter", || place.filters().len() == 1);
    daemon
}

/// The requests in the access log.
fn access(place: &Place) -> Vec<String> {
    let log = place.read("app.log");
    log.lines().filter(|line| line.contains("&state=")).map(str::to_owned).collect()
}

/// Every request is in the log, redacted, whether there is a filter or not. The first one after a kill is lost.
#[track_caller]
fn check_requests(place: &Place, port: u16) {
    let request = |state: usize| {
        let path = PATH.replace("state=1", &format!("state={state}"));
        assert!(get(port, &path).starts_with("HTTP/1.1 200"));
        path
    };
    let paths: Vec<String> = (0..20).map(request).collect();
    wait_until("20 lines", || access(place).len() == 20);
    for (line, path) in access(place).iter().zip(&paths) {
        expected(line, path, 200);
    }
    place.kill_filter();
    let paths: Vec<String> = (20..40).map(request).collect();
    wait_until("the last line", || access(place).last().unwrap().contains("state=39"));
    let lines = access(place).split_off(20);
    assert!(lines.len() >= 19, "{lines:?}");
    for (line, path) in lines.iter().zip(&paths[20 - lines.len()..]) {
        expected(line, path, 200);
    }
}

#[test]
#[ignore = "needs haproxy and runit from Debian"]
fn haproxy() {
    let (place, port) = (Place::new(), free_port());
    place.write("blackbar.cfg", &recipe("haproxy/blackbar.cfg"));
    place.write(
        "haproxy.cfg",
        &format!(
            "frontend web\n    bind 127.0.0.1:{port}\n\
             \x20   capture request header Cookie len 4096\n\
             \x20   capture request header Authorization len 4096\n\
             \x20   http-request return status 200 content-type text/plain string page\n"
        ),
    );
    let run = with(&recipe("haproxy/run"), &[("/etc/haproxy/", &place.str(""))]);
    let _daemon = services(&place, &run);
    wait_for_port(port);
    check_requests(&place, port);
}

#[test]
#[ignore = "needs gunicorn from PyPI, and runit from Debian"]
fn gunicorn() {
    let (place, port) = (Place::new(), free_port());
    let environment = crate::daemon::environment("gunicorn-venv", &["gunicorn"]);
    place.write(
        "app.py",
        "import sys\n\
         def app(environ, start_response):\n\
         \x20   print('HTTP_AUTHORIZATION', repr(environ['HTTP_AUTHORIZATION']), flush=True)\n\
         \x20   start_response('200 OK', [('Content-Type', 'text/plain')])\n\
         \x20   return [b'page\\n']\n",
    );
    let config = format!(
        "{}bind = '127.0.0.1:{port}'\nworkers = 2\nchdir = '{}'\n",
        recipe("gunicorn/gunicorn.conf.py"),
        place.str("")
    );
    let config = place.write("gunicorn.conf.py", &config);
    let gunicorn = environment.join("bin/gunicorn").to_str().unwrap().to_owned();
    let run = with(
        &recipe("gunicorn/run"),
        &[("exec gunicorn", &format!("exec {gunicorn}")), ("/etc/gunicorn.conf.py", &config)],
    );
    let daemon = services(&place, &run);
    wait_for_port(port);
    check_requests(&place, port);
    // The output of the application and the server's own log pass through the same pipe.
    let log = place.read("app.log");
    assert!(log.matches("HTTP_AUTHORIZATION 'Bearer [REDACTED]'").count() >= 38, "{log}");
    assert!(log.contains("Booting worker") && !log.contains(TOKEN), "{log}");
    succeed(Command::new("sv").args(["-w", "20", "down", &place.str("services/app")]));
    wait_until("its last word", || place.read("app.log").contains("Shutting down: Master"));
    drop(daemon);
}

#[test]
#[ignore = "needs postgresql and runit from Debian"]
fn postgresql() {
    let (place, port) = (Place::new(), free_port());
    let directory = fs::read_dir("/usr/lib/postgresql").unwrap().next().unwrap().unwrap();
    let program = |name: &str| -> PathBuf { directory.path().join("bin").join(name) };
    let data = place.path("data");
    let user = id("-u");
    fs::create_dir(&data).unwrap();
    chown(&data, Some(user), None).unwrap();
    let as_postgres = || {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]);
        command
    };
    let initdb = ["--no-sync", "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8", "-D"];
    succeed(as_postgres().arg(program("initdb")).args(initdb).arg(&data));
    let options = format!(
        "-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c log_statement=all"
    );
    let postgres = format!(
        "exec setpriv --reuid=postgres --regid=postgres --clear-groups -- {} {options}",
        program("postgres").display()
    );
    let run = with(
        &recipe("postgresql/run"),
        &[("exec postgres", &postgres), ("/var/lib/postgresql/data", data.to_str().unwrap())],
    );
    let _daemon = services(&place, &run);
    wait_for_port(port);
    let address = format!("host=127.0.0.1 port={port} user=postgres dbname=postgres");
    let query = |n: usize| {
        let sql = format!("SELECT {n}, 'Authorization: Bearer abcdefghijklmnop0123456789'");
        let mut psql = Command::new(program("psql"));
        succeed(psql.args(["--no-psqlrc", "-d", &address, "-c", &sql]));
    };
    let logged = |n: usize| {
        let line = format!("statement: SELECT {n}, 'Authorization: Bearer [REDACTED]'");
        place.read("app.log").contains(&line)
    };
    wait_until("connections", || place.read("app.log").contains("ready to accept connections"));
    query(1);
    wait_until("the statement", || logged(1));
    place.kill_filter();
    for n in 2..6 {
        query(n);
    }
    wait_until("the last statement", || logged(5));
    assert!((3..5).all(logged), "{}", place.read("app.log"));
    assert!(!place.read("app.log").contains(TOKEN));
    succeed(Command::new("sv").args(["-w", "20", "interrupt", &place.str("services/app")]));
    succeed(Command::new("sv").args(["-w", "20", "down", &place.str("services/app")]));
    wait_until("its last word", || place.read("app.log").contains("database system is shut down"));
}

/// The number of the user who may run PostgreSQL.
fn id(which: &str) -> u32 {
    succeed(Command::new("id").args([which, "postgres"])).trim().parse().unwrap()
}
