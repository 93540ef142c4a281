//! The entrypoint for Docker, which is a shell script, and the sidecar for Kubernetes, whose manifest is checked
//! against the Kubernetes schemas. No container is started here.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::command::wait_until;
use crate::daemon::{
    BLACKBAR, Daemon, INSTALLED, Place, REDACTED, SECRET, TOKEN, recipe, succeed, with,
};

fn entrypoint(place: &Place) -> String {
    place.script("entrypoint", &with(&recipe("docker/entrypoint.sh"), &[(INSTALLED, BLACKBAR)]))
}

#[test]
fn the_entrypoint_passes_on_output_errors_input_and_status() {
    let place = Place::new();
    let entrypoint = entrypoint(&place);
    let script = format!("read line; echo \"$line {SECRET}\"; echo err {SECRET} >&2; exit 7");
    let mut child = Command::new(&entrypoint)
        .args(["sh", "-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"in\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("in {REDACTED}\n"));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("err {REDACTED}\n"));

    let output = Command::new(&entrypoint).arg("/no/such/program").output().unwrap();
    assert_eq!(output.status.code(), Some(127));
    // The names of its pipes have been removed.
    let output = Command::new(&entrypoint).args(["sh", "-c", "ls /tmp/tmp.*"]).output().unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains("/out"));
}

#[test]
fn the_entrypoint_passes_signals_on_and_waits_for_the_last_word() {
    let place = Place::new();
    let script = format!(
        "trap 'echo hup {SECRET}' HUP; trap 'sleep 0.5; echo bye {SECRET}; exit 3' TERM INT\n\
         echo up; while :; do sleep 0.05; done"
    );
    for signal in ["-TERM", "-INT"] {
        let mut daemon = Daemon::start(entrypoint(&place), &["sh", "-c", &script]);
        daemon.wait_for("up\n");
        daemon.signal("-HUP");
        daemon.wait_for(&format!("hup {REDACTED}\n"));
        daemon.signal(signal);
        assert_eq!(daemon.ends().code(), Some(3));
        // The reader of its output may be slightly late.
        wait_until("its last word", || daemon.said().contains("bye "));
        assert_eq!(daemon.said(), format!("up\nhup {REDACTED}\nbye {REDACTED}\n"));
        assert!(!daemon.said().contains(TOKEN));
    }
}

#[test]
#[ignore = "needs kubernetes-validate from PyPI"]
fn the_sidecar_is_a_valid_pod() {
    let validate = environment().join("bin/kubernetes-validate");
    let manifest =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shippers/kubernetes/sidecar.yaml");
    succeed(Command::new(&validate).arg("--strict").arg(manifest));
    // The check does find errors.
    let place = Place::new();
    let wrong = with(&recipe("kubernetes/sidecar.yaml"), &[("restartPolicy", "restartPolice")]);
    let wrong = place.write("wrong.yaml", &wrong);
    assert!(!Command::new(&validate).args(["--strict", &wrong]).output().unwrap().status.success());
}

/// The command of the sidecar, as written in the manifest.
#[test]
fn the_sidecar_prints_the_log_of_the_volume() {
    let place = Place::new();
    let manifest = recipe("kubernetes/sidecar.yaml");
    let command = manifest.lines().find_map(|line| line.trim().strip_prefix("command: ")).unwrap();
    let command: Vec<String> = serde_json::from_str(command).unwrap();
    assert_eq!(command[0], INSTALLED);
    let args: Vec<String> =
        command[1..].iter().map(|arg| arg.replace("/var/log/app/", &place.str(""))).collect();
    let mut daemon = Daemon::start(BLACKBAR, &args.iter().map(String::as_str).collect::<Vec<_>>());
    // The application starts later.
    daemon.wait_for("waiting for it");
    place.append("app.log", &format!("{SECRET}\n"));
    daemon.wait_for(&format!("{REDACTED}\n"));
    place.append("app.log", &format!("last {SECRET}\n"));
    assert!(daemon.stop().success());
    wait_until("its last word", || daemon.said().contains(&format!("last {REDACTED}\n")));
    assert!(!daemon.said().contains(TOKEN));
}

pub fn environment() -> &'static Path {
    static ENVIRONMENT: OnceLock<PathBuf> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kube-venv");
        if !path.join("bin/kubernetes-validate").exists() {
            succeed(Command::new("python3").args(["-m", "venv"]).arg(&path));
            let pip = ["-m", "pip", "install", "--quiet", "kubernetes-validate"];
            succeed(Command::new(path.join("bin/python")).args(pip));
        }
        path
    })
}
