//! What runs once and has a status: jobs of cron, and steps of GitHub's and GitLab's runners.

use std::process::{Command, Output};

use serde_json::Value;

use crate::command::wait_until;
use crate::daemon::{
    BLACKBAR, Daemon, INSTALLED, Place, REDACTED, SECRET, TOKEN, recipe, succeed, with,
};

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// As GitHub's runner does it: the script is in a file, whose name is put in the place of {0}.
#[test]
fn a_step_of_githubs_runner() {
    let place = Place::new();
    let wrapper = with(&recipe("ci/redacted-step"), &[(INSTALLED, &place.install())]);
    let wrapper = place.script("redacted-step", &wrapper);
    let step = |script: &str| {
        let file = place.write("step.sh", script);
        Command::new(&wrapper).arg(file).output().unwrap()
    };
    let output = step(&format!("echo {SECRET}\necho err {SECRET} >&2\nfalse | true\necho not\n"));
    assert_eq!(text(&output), format!("{REDACTED}\nerr {REDACTED}\n"));
    assert!(output.stderr.is_empty());
    assert_eq!(output.status.code(), Some(1));
    let output = step("exit 7\n");
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(step("echo fine\n").status.code(), Some(0));

    // If the filter is killed the step ends at its next output, and has failed.
    let kill = format!("pkill -KILL -f '^{}'\n", place.str("blackbar"));
    let output =
        step(&format!("sleep 0.2\n{kill}for n in 1 2 3; do echo {SECRET}; sleep 0.1; done\n"));
    assert_eq!(text(&output), "");
    assert!(!output.status.success());
}

/// As GitLab's runner does it: the lines of both lists are one string, in a script that bash evaluates, and each is printed before
/// it is run.
#[test]
#[ignore = "needs a YAML parser from PyPI"]
fn a_job_of_gitlabs_runner() {
    let place = Place::new();
    let config: Value = crate::unrun::yaml("ci/gitlab.yml");
    let lines: Vec<String> = config["default"]["before_script"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap().replace(INSTALLED, &place.install()))
        .collect();
    let job = |script: &[&str]| {
        let lines = lines.iter().map(String::as_str).chain(script.iter().copied());
        let commands: String =
            lines.map(|line| format!("echo {}\n{line}\n", quoted(&format!("$ {line}")))).collect();
        let script = format!(
            "#!/usr/bin/env bash\n\ntrap exit 1 TERM\n\n\
             if set -o | grep pipefail > /dev/null; then set -o pipefail; fi; set -o errexit\n\
             set +o noclobber\n: | (eval {})\nexit 0\n",
            quoted(&commands)
        );
        Command::new("bash").arg(place.write("job", &script)).output().unwrap()
    };
    let output = job(&[&format!("echo {SECRET}"), &format!("echo err {SECRET} >&2")]);
    assert!(output.status.success(), "{output:?}");
    assert!(text(&output).contains(&format!("\n{REDACTED}\n")), "{output:?}");
    assert!(text(&output).ends_with(&format!("\nerr {REDACTED}\n")), "{output:?}");
    // The lines that the runner prints are redacted too.
    assert!(!text(&output).contains(TOKEN) && output.stderr.is_empty(), "{output:?}");

    let output = job(&[&format!("echo {SECRET}; exit 7"), "echo not"]);
    assert_eq!(output.status.code(), Some(7));
    assert!(text(&output).ends_with(&format!("\n{REDACTED}\n")), "{output:?}");

    // A long output is out before the job ends.
    let output = job(&[&format!("for n in $(seq 20000); do echo $n {SECRET}; done")]);
    assert!(text(&output).ends_with(&format!("\n20000 {REDACTED}\n")));
}

/// A string of bash's.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Debian's cron, in a mount namespace where the recipe is the only job. It is run at the start, not at a time.
#[test]
#[ignore = "needs cron from Debian, and root"]
fn a_job_of_cron() {
    let place = Place::new();
    let job =
        place.script("job", &format!("#!/bin/sh\necho {SECRET}\necho err {SECRET} >&2\nexit 7\n"));
    let text = with(
        &recipe("cron/app"),
        &[(INSTALLED, BLACKBAR), ("/usr/local/bin/job", &job), ("*/5 * * * *", "@reboot")],
    );
    place.write("cron.d/app", &text);
    // What cron hands its mail to.
    let sendmail = place.script(
        "sendmail",
        &format!("#!/bin/sh\ncat >{0}mail.part && mv {0}mail.part {0}mail\n", place.str("")),
    );
    let script = format!(
        "mount -t tmpfs run /run && mount -t tmpfs spool /var/spool/cron && mkdir /var/spool/cron/crontabs &&\n\
         mount --bind {place}cron.d /etc/cron.d && mount --bind /dev/null /etc/crontab &&\n\
         mkdir -p {place}upper {place}work &&\n\
         mount -t overlay -o lowerdir=/usr/sbin,upperdir={place}upper,workdir={place}work overlay /usr/sbin &&\n\
         cp {sendmail} /usr/sbin/sendmail && exec cron -f -L 15",
        place = place.str("")
    );
    let _daemon = Daemon::start("unshare", &["--mount", "sh", "-c", &script]);
    wait_until("the mail", || !place.read("mail").is_empty());
    let mail = place.read("mail");
    assert!(mail.contains("To: root"), "{mail}");
    assert!(mail.ends_with(&format!("{REDACTED}\nerr {REDACTED}\nstatus 7\n")), "{mail}");
    assert!(!mail.contains(TOKEN));
}

/// Ctrl-C on a terminal, in front of a program that ends at it, as shippers do: rotatelogs. The application says its last
/// words a while later.
#[test]
#[ignore = "needs apache2-utils from Debian"]
fn an_interrupt_reaches_the_application_and_not_the_shipper() {
    // Types it as soon as there is a first line. The pipeline is in the foreground of a separate terminal.
    const TYPE: &str = "\
import glob, os, pty, sys, time
child, terminal = pty.fork()
if child == 0: os.execvp('bash', ['bash', '-c', sys.argv[1]])
while not any(map(os.path.getsize, glob.glob(sys.argv[2]))): time.sleep(0.05)
os.write(terminal, b'\\x03')
os.waitpid(child, 0)
";
    for (shipper, arrives) in [("setsid -w rotatelogs", true), ("rotatelogs", false)] {
        let place = Place::new();
        let app = format!(
            "#!/bin/bash\ntrap 'sleep 0.5; echo last {SECRET}; exit' INT\necho first {SECRET}\n\
             while :; do sleep 0.1; done\n"
        );
        let app = place.script("app", &app);
        // rotatelogs appends the time to a name without a place for it.
        let log = format!("log.{}", succeed(Command::new("date").arg("+%Y")).trim());
        let pattern = place.str("log.%Y");
        let pipeline =
            format!("{app} 2>&1 | {BLACKBAR} --ignore-interrupts | {shipper} {pattern} 86400");
        let args = ["20", "python3", "-c", TYPE, &pipeline, &place.str("log.*")];
        succeed(Command::new("timeout").args(args));
        let first = format!("first {REDACTED}\n");
        let all = format!("{first}last {REDACTED}\n");
        if arrives {
            wait_until("the last word", || place.read(&log) == all);
        } else {
            std::thread::sleep(std::time::Duration::from_secs(1));
            assert_eq!(place.read(&log), first);
        }
    }
}
