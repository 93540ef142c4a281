//! The packages: they are built, installed below a directory, and run.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The largest binary, in bytes.
const BINARY_MAX: u64 = 6_000_000;

/// What each package installs.
const INSTALLED: &[&str] = &[
    "usr/bin/blackbar",
    "usr/bin/blackbar-resume",
    "usr/lib/systemd/system/blackbar.service",
    "usr/lib/systemd/system/blackbar.socket",
    "usr/lib/systemd/system/blackbar@.service",
    "usr/share/bash-completion/completions/blackbar",
    "usr/share/doc/blackbar/LICENSE-MIT",
    "usr/share/doc/blackbar/examples/blackbar.toml",
    "usr/share/fish/vendor_completions.d/blackbar.fish",
    "usr/share/man/man1/blackbar-scan.1",
    "usr/share/man/man1/blackbar.1",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a command in the checkout, with the tools that the tests installed in its path.
#[track_caller]
fn run(command: &[&str]) -> String {
    let tools = root().join("target/package-tools");
    let path = format!("{}/bin:{}", tools.display(), std::env::var("PATH").unwrap());
    let output = Command::new(command[0])
        .args(&command[1..])
        .current_dir(root())
        .env("PATH", path)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// The file in target/package whose name ends so.
fn package(ending: &str) -> PathBuf {
    let files = fs::read_dir(root().join("target/package")).unwrap();
    let mut found = files.map(|file| file.unwrap().path());
    found.find(|path| path.extension().is_some_and(|extension| extension == ending)).unwrap()
}

/// The files below `directory`, without the suffix that compression adds.
fn files_below(directory: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut open = vec![directory.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(directory).unwrap().to_str().unwrap();
                files.insert(name.strip_suffix(".gz").unwrap_or(name).to_owned());
            }
        }
    }
    files
}

/// Checks the files installed below `directory`.
fn check(directory: &Path) {
    let files = files_below(directory);
    for file in INSTALLED {
        assert!(files.contains(*file), "{file} is not in {files:?}");
    }
    assert!(files.iter().any(|file| file.ends_with("/_blackbar")), "{files:?}");
    let binary = directory.join("usr/bin/blackbar");
    assert!(fs::metadata(&binary).unwrap().len() < BINARY_MAX);
    let version = run(&[binary.to_str().unwrap(), "--version"]);
    assert_eq!(version, format!("blackbar {}\n", env!("CARGO_PKG_VERSION")));
    let example = directory.join("usr/share/doc/blackbar/examples/blackbar.toml");
    run(&[binary.to_str().unwrap(), "config", "--check", example.to_str().unwrap()]);
    let unit = directory.join("usr/lib/systemd/system/blackbar@.service");
    assert!(fs::read_to_string(unit).unwrap().contains("\nExecStart=/usr/bin/blackbar "));
}

#[test]
#[ignore = "needs cargo-deb and cargo-generate-rpm, which it installs, dpkg, rpm, and minutes"]
fn packages_can_be_built_and_installed() {
    let tools = root().join("target/package-tools");
    let mut missing = vec!["cargo-deb", "cargo-generate-rpm"];
    missing.retain(|tool| !tools.join("bin").join(tool).exists());
    if !missing.is_empty() {
        // They share most of their dependencies.
        let build = format!("CARGO_TARGET_DIR={}", tools.join("build").display());
        let install = ["env", &build, "cargo", "install", "--quiet", "--debug", "--locked"];
        run(&[&install[..], &["--root", tools.to_str().unwrap()], &missing].concat());
    }
    run(&[".ci/package"]);

    let deb = tempfile::tempdir().unwrap();
    let path = package("deb");
    run(&["dpkg-deb", "--extract", path.to_str().unwrap(), deb.path().to_str().unwrap()]);
    check(deb.path());
    let control = run(&["dpkg-deb", "--field", path.to_str().unwrap()]);
    assert!(control.contains("Package: blackbar\n") && control.contains("libc6"), "{control}");

    let rpm = tempfile::tempdir().unwrap();
    let install = format!("--root={}", rpm.path().display());
    run(&["rpm", &install, "--nodeps", "--install", package("rpm").to_str().unwrap()]);
    check(rpm.path());
}

#[test]
#[ignore = "needs podman and runc from Debian, root, and minutes"]
fn the_container_has_a_static_binary_that_redacts() {
    // What is tested is how it is linked, so it is compiled as fast as possible.
    run(&[
        "env",
        "CARGO_PROFILE_RELEASE_OPT_LEVEL=1",
        "CARGO_PROFILE_RELEASE_LTO=off",
        "CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16",
        ".ci/package",
        "static",
    ]);
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    // Storage of its own. A user who may not raise limits can still lower them.
    fs::write(
        path("containers.conf"),
        "[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]\n\
         [engine]\nruntime = \"runc\"\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\n",
    )
    .unwrap();
    let storage = format!(
        "[storage]\ndriver = \"vfs\"\ngraphroot = \"{}\"\nrunroot = \"{}\"\n",
        path("graph"),
        path("run")
    );
    fs::write(path("storage.conf"), storage).unwrap();
    // The commands in the recipe's head.
    let script = format!(
        "export CONTAINERS_CONF={} CONTAINERS_STORAGE_CONF={}\n\
         podman build --quiet -f .ci/Containerfile -t blackbar target/package/static >&2\n\
         printf 'Cookie: sid=hunter2secret\\n' | podman run --rm -i --network none blackbar --rules all",
        path("containers.conf"),
        path("storage.conf")
    );
    assert_eq!(run(&["sh", "-c", &script]), "Cookie: sid=[REDACTED]\n");
}

/// The dependencies of the command are not compiled for users of the library.
#[test]
fn a_program_that_uses_the_library_compiles_little_else() {
    let tree = |features: &[&str]| {
        let args = ["tree", "--locked", "--edges", "normal", "--prefix", "none"];
        let args = [&args[..], features].concat();
        let crates = run(&[&[env!("CARGO")], &args[..]].concat());
        let names = crates.lines().filter_map(|line| line.split(' ').next());
        names.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let library = tree(&["--no-default-features"]);
    assert!(library.len() <= 20, "{library:?}");
    for name in ["clap", "zstd", "toml", "rustix", "serde_json"] {
        assert!(!library.contains(name), "{name}");
    }
    assert!(tree(&["--no-default-features", "--features", "config"]).contains("toml"));
    assert!(tree(&[]).contains("clap"));
}

/// The uploaded crate contains only what its users compile.
#[test]
fn the_crate_has_no_tests_and_no_logs() {
    let list = run(&[env!("CARGO"), "package", "--locked", "--allow-dirty", "--list"]);
    for line in list.lines() {
        let known = ["src/", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];
        let known = known.iter().chain(&["Cargo.", "LICENSE-", ".cargo_vcs_info.json"]);
        let dotfile = line == ".gitignore" || line == "rustfmt.toml";
        assert!(dotfile || known.into_iter().any(|start| line.starts_with(start)), "{line}");
    }
    assert!(list.contains("src/guide/shippers.md\n"));
}
