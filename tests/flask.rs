//! A Flask application that logs everything, on both of its usual servers, and clients in Python and the shell: all of
//! their output goes through `blackbar`.

#[path = "live/relay.rs"]
mod relay;
#[path = "live/secrets.rs"]
mod secrets;
#[path = "live/server.rs"]
mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use relay::Transcript;
use secrets::Secrets;
use server::{Server, free_port};

#[test]
#[ignore = "needs Python packages from PyPI: flask, gunicorn, requests, httpx, and curl"]
fn werkzeug_and_its_clients() {
    let visit = Visit::new("werkzeug", Secrets::generate());
    let server = visit.serve_with_werkzeug();
    visit.call_from_everywhere(server);
}

#[test]
#[ignore = "needs Python packages from PyPI: flask, gunicorn, requests, httpx, and curl"]
fn gunicorn_and_its_clients() {
    let visit = Visit::new("gunicorn", Secrets::generate());
    let server = Server::start(
        visit.python("gunicorn").arg("--config").arg(source("gunicorn.conf.py")).args([
            "--bind",
            &format!("127.0.0.1:{}", visit.port),
            "app:app",
        ]),
        "Booting worker",
    );
    visit.call_from_everywhere(server);
}

/// Werkzeug quotes a value with a comma or a space, and writes the comma as `\054`.
#[test]
#[ignore = "needs Python packages from PyPI: flask, gunicorn, requests, httpx, and curl"]
fn quoted_cookie_values() {
    let mut secrets = Secrets::generate();
    let sid = secrets["cart"].replace("cart-", "lang ");
    let theme = secrets["theme"].replace("dark-", "mode ");
    secrets.add("prefs", format!("{sid}, {theme}"));
    let visit = Visit::new("quoted", secrets);
    let server = visit.serve_with_werkzeug();
    visit.call_from_everywhere(server);
}

/// One server, its clients, and the secrets they use.
struct Visit {
    name: &'static str,
    port: u16,
    secrets: Secrets,
    secrets_file: PathBuf,
    issued_file: PathBuf,
    jar: PathBuf,
}

impl Visit {
    fn new(name: &'static str, secrets: Secrets) -> Visit {
        let secrets_file =
            secrets.write(&format!("{name}.json"), ["{", ",", "}"], |name, value| {
                format!("{name:?}: {value:?}")
            });
        let beside = |suffix: &str| {
            let path = secrets_file.with_file_name(format!("{name}.{suffix}"));
            fs::write(&path, "").expect("the target directory takes files");
            path
        };
        let (issued_file, jar) = (beside("issued"), beside("jar"));
        Visit { name, port: free_port(), secrets, secrets_file, issued_file, jar }
    }

    fn serve_with_werkzeug(&self) -> Server {
        let app = source("app.py");
        Server::start(
            self.python("python").arg(app).arg(self.port.to_string()),
            "Press CTRL+C to quit",
        )
    }

    /// A `program` of the environment, with the variables that the application and the clients expect.
    fn python(&self, program: &str) -> Command {
        let mut command = Command::new(environment().join("bin").join(program));
        command
            .current_dir(source(""))
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("SHOP_ISSUES", &self.secrets_file);
        command
    }

    fn call_from_everywhere(mut self, server: Server) {
        let mut transcripts: Vec<(&str, Transcript)> = Vec::new();
        for library in ["requests", "httpx"] {
            let mut client = self.python("python");
            client.arg(source("client.py")).args([library, &self.base()]);
            transcripts
                .push((library, relay::run(client.arg(&self.secrets_file).arg(&self.issued_file))));
        }
        for (name, arguments) in self.curl_calls() {
            transcripts
                .push((name, relay::run(Command::new("curl").args(["-sS", "-v"]).args(arguments))));
        }
        transcripts.push(("curl-jar", relay::run(Command::new("cat").arg(&self.jar))));
        transcripts.push(("server", server.stop()));

        self.learn_what_was_issued();
        let named: Vec<(String, Transcript)> = transcripts
            .into_iter()
            .map(|(client, transcript)| (format!("{}-{client}", self.name), transcript))
            .collect();
        relay::assert_redacted(&named, &self.secrets);
    }

    fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn curl_calls(&self) -> Vec<(&'static str, Vec<String>)> {
        let secret = |name| &self.secrets[name];
        let base = self.base();
        let jar = self.jar.display().to_string();
        let call =
            |arguments: &[&str]| arguments.iter().map(|&argument| argument.to_owned()).collect();
        vec![
            (
                "curl-bearer",
                call(&[
                    "-H",
                    &format!("Authorization: Bearer {}", secret("opaque")),
                    "-b",
                    &format!("cart={}; theme={}", secret("cart"), secret("theme")),
                    &format!("{base}/"),
                ]),
            ),
            (
                "curl-query",
                call(&[&format!("{base}/callback?access_token={}&state=xyz", secret("opaque"))]),
            ),
            (
                "curl-user",
                call(&[
                    "-H",
                    &format!("Authorization: Basic {}", secret("basic")),
                    &format!("{base}/"),
                ]),
            ),
            (
                "curl-login",
                call(&[
                    "-c",
                    &jar,
                    "-H",
                    &format!("Authorization: Bearer {}", secret("jwt")),
                    "-d",
                    &format!("user=ann&client_secret={}", secret("client_secret")),
                    &format!("{base}/login"),
                ]),
            ),
            (
                "curl-token",
                call(&[
                    "-b",
                    &jar,
                    "-d",
                    &format!("grant_type=refresh_token&refresh_token={}", secret("refresh_token")),
                    &format!("{base}/oauth/token"),
                ]),
            ),
            (
                "curl-broken",
                call(&[
                    "-H",
                    &format!("Authorization: Bearer {}", secret("opaque")),
                    &format!("{base}/broken"),
                ]),
            ),
        ]
    }

    /// Flask signs the session cookies when it sets them, so they are known only now.
    fn learn_what_was_issued(&mut self) {
        let issued =
            fs::read_to_string(&self.issued_file).expect("the clients noted their sessions");
        let jar = fs::read_to_string(&self.jar).expect("curl filled its jar");
        let in_jar =
            jar.lines().filter_map(|line| line.split_once("\tsession\t")).map(|(_, value)| value);
        for session in issued.lines().chain(in_jar) {
            self.secrets.add("session", session.to_owned());
        }
    }
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flask").join(name)
}

/// A virtual environment with the dependencies of the application and its clients. It is created once and kept between
/// runs.
fn environment() -> &'static Path {
    static ENVIRONMENT: OnceLock<PathBuf> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flask-venv");
        let python = path.join("bin/python");
        let complete = Command::new(&python)
            .args(["-c", "import flask, gunicorn, requests, httpx"])
            .output()
            .is_ok_and(|output| output.status.success());
        if !complete {
            succeed(Command::new("python3").args(["-m", "venv"]).arg(&path));
            succeed(Command::new(&python).args([
                "-m", "pip", "install", "--quiet", "flask", "gunicorn", "requests", "httpx",
            ]));
        }
        path
    })
}

fn succeed(command: &mut Command) {
    let output =
        command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
