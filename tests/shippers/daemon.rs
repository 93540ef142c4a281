//! Programs that run in their own directory for the duration of a test.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::command::{PATIENCE, wait_until};

/// The path of the command in the recipes.
pub const INSTALLED: &str = "/usr/local/bin/blackbar";
pub const BLACKBAR: &str = env!("CARGO_BIN_EXE_blackbar");

/// A line with a secret, its expected output, and the text that must not appear.
pub const SECRET: &str = "GET /me Authorization: Bearer abcdefghijklmnop0123456789";
pub const REDACTED: &str = "GET /me Authorization: Bearer [REDACTED]";
pub const TOKEN: &str = "abcdefghijklmnop";

/// The text of a recipe, which the README quotes or links.
pub fn recipe(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shippers").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `text` with the first string of each pair replaced by the second. Each must occur: if a recipe no longer contained
/// what a test replaces, it would run with the real paths of the system.
#[track_caller]
pub fn with(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in the recipe");
        text.replace(from, to)
    })
}

/// A directory for the test, which programs of other users may enter.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        fs::set_permissions(place.0.path(), fs::Permissions::from_mode(0o755)).unwrap();
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The same path as a string.
    pub fn str(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        self.str(name)
    }

    /// An executable script.
    pub fn script(&self, name: &str, text: &str) -> String {
        let path = self.write(name, text);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// The command under a path that only this test runs, so that its processes are known whoever starts them, and whatever
    /// group they are in.
    pub fn install(&self) -> String {
        let path = self.path("blackbar");
        if !path.exists() {
            let copied = || fs::copy(BLACKBAR, &path).map(drop);
            fs::hard_link(BLACKBAR, &path).or_else(|_| copied()).unwrap();
        }
        self.str("blackbar")
    }

    /// The recipe for pipes that outlive a filter, with the installed command.
    pub fn install_resume(&self) -> String {
        let text = with(&recipe("resume/blackbar-resume"), &[(INSTALLED, &self.install())]);
        self.script("blackbar-resume", &text)
    }

    /// The filters that run the installed command.
    pub fn filters(&self) -> Vec<u32> {
        let command = self.path("blackbar");
        processes()
            .filter(|id| fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|exe| exe == command))
            .collect()
    }

    /// Kills the filter that runs, which has to be one, and returns it.
    #[track_caller]
    pub fn kill_filter(&self) -> u32 {
        wait_until("a filter", || self.filters().len() == 1);
        let id = self.filters()[0];
        kill("-KILL", &id.to_string());
        wait_until("its end", || !self.filters().contains(&id));
        id
    }

    pub fn append(&self, name: &str, text: &str) {
        let mut file = fs::File::options().append(true).create(true).open(self.path(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// The content of a file; empty if it does not exist yet.
    pub fn read(&self, name: &str) -> String {
        fs::read(self.path(name)).map_or(String::new(), |bytes| {
            String::from_utf8(bytes).expect("what the test wrote was text")
        })
    }

    /// Waits until a file has `count` lines, and returns them.
    #[track_caller]
    pub fn lines(&self, name: &str, count: usize) -> Vec<String> {
        wait_until(&format!("{count} lines in {name}"), || {
            self.read(name).matches('\n').count() >= count
        });
        self.read(name).lines().map(str::to_owned).collect()
    }
}

/// No process that was started with the directory outlives it, even one that a service manager put into another group.
impl Drop for Place {
    fn drop(&mut self) {
        // A service manager may start what it has not been killed before: then there is more.
        for _ in 0..10 {
            let left: Vec<u32> = processes().filter(|id| self.is_of(*id)).collect();
            left.iter().for_each(|id| kill("-KILL", &id.to_string()));
            if left.is_empty() {
                break;
            }
        }
    }
}

impl Place {
    /// Whether a process runs in the directory, or a program of it, or was told of it.
    fn is_of(&self, id: u32) -> bool {
        let place = self.0.path();
        let named = place.as_os_str().as_encoded_bytes();
        let link = |name: &str| fs::read_link(format!("/proc/{id}/{name}")).unwrap_or_default();
        let command = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        id != std::process::id()
            && (link("cwd").starts_with(place)
                || link("exe").starts_with(place)
                || memchr::memmem::find(&command, named).is_some())
    }
}

/// The processes of the system.
fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").expect("there is /proc").flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// A program, and all that it starts. They end with the test.
pub struct Daemon {
    child: Child,
    /// Its standard output and standard error so far.
    said: Arc<Mutex<String>>,
}

impl Daemon {
    pub fn start(program: impl AsRef<OsStr>, args: &[&str]) -> Daemon {
        let mut command = Command::new(program);
        command.args(args);
        Daemon::start_command(&mut command)
    }

    pub fn start_command(command: &mut Command) -> Daemon {
        let (said, output) = std::io::pipe().unwrap();
        command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
        // Its children are in its process group, so that none is left when a test fails.
        let child = command
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{:?} does not start: {error}", command.get_program()));
        // The command still has the write end.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let daemon = Daemon { child, said: Arc::default() };
        let collected = Arc::clone(&daemon.said);
        thread::spawn(move || {
            for line in BufReader::new(said).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                collected.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        daemon
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Waits until its output contains `words`.
    #[track_caller]
    pub fn wait_for(&mut self, words: &str) {
        let start = Instant::now();
        while !self.said().contains(words) {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended, {ended:?}: {}", self.said());
            assert!(start.elapsed() < 3 * PATIENCE, "it did not say {words:?}: {}", self.said());
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn signal(&self, signal: &str) {
        kill(signal, &self.id().to_string());
    }

    /// Asks it to end, and waits for that.
    #[track_caller]
    pub fn stop(&mut self) -> ExitStatus {
        self.signal("-TERM");
        self.ends()
    }

    #[track_caller]
    pub fn ends(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < 3 * PATIENCE, "it did not end: {}", self.said());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The filters that it started.
    pub fn filters(&self) -> Vec<u32> {
        let group = self.id().to_string();
        let output = Command::new("pgrep").args(["-g", &group, "-x", "blackbar"]).output();
        let output = String::from_utf8(output.expect("pgrep runs").stdout).unwrap();
        output.lines().map(|line| line.parse().unwrap()).collect()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        kill("-KILL", &format!("-{}", self.id()));
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("it said:\n{}", self.said());
        }
    }
}

/// A virtual environment with packages from PyPI in it, made once and kept between runs.
pub fn environment(name: &str, packages: &[&str]) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let complete = path.join("complete");
    if !complete.exists() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&path));
        let pip = ["-m", "pip", "install", "--quiet"];
        succeed(Command::new(path.join("bin/python")).args(pip).args(packages));
        fs::write(&complete, "").unwrap();
    }
    path
}

/// A process that does not outlive the test.
pub struct Killed(pub Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends a signal to a process or, with a minus, to a group. It may be gone.
pub fn kill(signal: &str, id: &str) {
    let _ = Command::new("kill").args([signal, "--", id]).stderr(Stdio::null()).status();
}

/// A port on the loopback that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    listener.local_addr().unwrap().port()
}

/// Waits until a local server accepts connections.
#[track_caller]
pub fn wait_for_port(port: u16) {
    wait_until(&format!("port {port}"), || TcpStream::connect(("127.0.0.1", port)).is_ok());
}

/// Runs a command that has to succeed, and returns its output.
#[track_caller]
pub fn succeed(command: &mut Command) -> String {
    let output =
        command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}
