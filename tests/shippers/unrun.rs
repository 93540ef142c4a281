//! Configurations of shippers of which no release is where the tests install programs from: Vector, Fluent Bit, fluentd and
//! the OpenTelemetry Collector. They were run by hand; the page on shippers says with which versions. What can be checked
//! without them is: that a file is well formed and refers to nothing that is not in it, and that the commands in it, run as
//! the program's documentation says that it runs them, do what they are there for.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::containers;
use crate::daemon::{BLACKBAR, Daemon, INSTALLED, Place, REDACTED, SECRET, recipe, succeed, with};

/// A YAML file.
pub fn yaml(name: &str) -> Value {
    let script = "import sys, json, yaml; json.dump(yaml.safe_load(sys.argv[1]), sys.stdout)";
    let python = containers::environment().join("bin/python");
    let json = succeed(Command::new(python).args(["-c", script, &recipe(name)]));
    serde_json::from_str(&json).unwrap()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect()
}

#[test]
#[ignore = "needs a YAML parser from PyPI"]
fn vector() {
    for name in ["vector/exec.yaml", "vector/stdin.yaml"] {
        let config = yaml(name);
        for sink in config["sinks"].as_object().unwrap().values() {
            for input in strings(&sink["inputs"]) {
                assert!(config["sources"][input].is_object(), "{name}: {input}");
            }
        }
    }
    // In streaming mode the command keeps running, and each line of its output is an event.
    let config = yaml("vector/exec.yaml");
    let source = &config["sources"]["app"];
    assert_eq!(source["mode"], "streaming");
    let place = Place::new();
    place.append("app.log", &format!("{SECRET}\n"));
    let command = strings(&source["command"]);
    assert_eq!(command[0], INSTALLED);
    let log = place.str("app.log");
    let args: Vec<&str> = command[1..]
        .iter()
        .map(|arg| if *arg == "/var/log/app.log" { log.as_str() } else { arg })
        .collect();
    assert!(args.contains(&log.as_str()));
    let mut daemon = Daemon::start(BLACKBAR, &args);
    daemon.wait_for(&format!("{REDACTED}\n"));
    // Vector ends it with SIGTERM.
    assert!(daemon.stop().success());
}

#[test]
#[ignore = "needs a YAML parser from PyPI"]
fn fluent_bit() {
    let config = yaml("fluent-bit/stdin.yaml");
    let names: Vec<&str> = config["parsers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parser| parser["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&config["pipeline"]["inputs"][0]["parser"].as_str().unwrap()));
    for name in ["fluent-bit/stdin.yaml", "fluent-bit/exec.yaml", "fluent-bit/tail.yaml"] {
        let pipeline = &yaml(name)["pipeline"];
        assert_eq!(pipeline["inputs"][0]["tag"], pipeline["outputs"][0]["match"], "{name}");
    }
    // The command is run by popen, in a shell.
    let place = Place::new();
    let job = place.script("job", &format!("#!/bin/sh\necho {SECRET}\necho {SECRET} >&2\n"));
    let config = yaml("fluent-bit/exec.yaml");
    let command = config["pipeline"]["inputs"][0]["command"].as_str().unwrap();
    let command = with(command, &[("/usr/local/bin/job", &job), (INSTALLED, BLACKBAR)]);
    let said = succeed(Command::new("sh").args(["-c", &command]));
    assert_eq!(said, format!("{REDACTED}\n{REDACTED}\n"));
}

#[test]
fn fluentd() {
    let config = recipe("fluentd/exec_filter.conf");
    let mut open: Vec<&str> = Vec::new();
    let mut command = None;
    for line in config.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("</") {
            assert_eq!(open.pop(), Some(name.trim_end_matches('>')));
        } else if let Some(name) = line.strip_prefix('<') {
            open.push(name.trim_end_matches('>').split(' ').next().unwrap());
        } else if let Some(text) = line.strip_prefix("command ") {
            assert_eq!(open, ["match"]);
            command = Some(text);
        }
    }
    assert!(open.is_empty());

    // An event is a line of JSON that contains its tag and time, and the output has the same form.
    let mut child = Command::new("sh")
        .args(["-c", &with(command.expect("a command"), &[(INSTALLED, BLACKBAR)])])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let event = |token: &str, sid: &str| {
        serde_json::json!({
            "log": format!("a \"quoted\" line\nAuthorization: Bearer {token}\n"),
            "headers": {"cookie": format!("sid={sid}")},
            "n": 1, "tag": "its own", "fluentd_tag": "app.web", "fluentd_time": 1732449600.123,
        })
    };
    let secret = event("abcdefghijklmnop0123456789", "31d4d96e407aad42");
    let mut stdin = child.stdin.take().unwrap();
    for _ in 0..100 {
        stdin.write_all(format!("{secret}\n").as_bytes()).unwrap();
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let events: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON stays JSON")).collect();
    assert_eq!(events, vec![event("[REDACTED]", "[REDACTED]"); 100]);
}

#[test]
#[ignore = "needs a YAML parser from PyPI"]
fn opentelemetry_collector() {
    let config = yaml("opentelemetry/filelog.yaml");
    let named = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let used = |value: &Value| -> BTreeSet<String> {
        strings(value).into_iter().map(str::to_owned).collect()
    };
    let pipeline = &config["service"]["pipelines"]["logs"];
    assert_eq!(used(&pipeline["receivers"]), named(&config["receivers"]));
    assert_eq!(used(&pipeline["exporters"]), named(&config["exporters"]));
    assert_eq!(used(&config["service"]["extensions"]), named(&config["extensions"]));
    assert_eq!(config["receivers"]["filelog"]["storage"], "file_storage");
    assert_eq!(config["receivers"]["filelog"]["retry_on_failure"]["enabled"], true);
    // It reads what the unit writes.
    let unit = recipe("systemd/blackbar@.service");
    let include = strings(&config["receivers"]["filelog"]["include"])[0];
    assert!(unit.contains(&format!("--output {}", include.replace('*', "%i"))));
}
