//! An archive that many machines work through, by xargs and by GNU parallel over ssh. The machines are this one.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::wait_until;
use crate::daemon::{
    BLACKBAR, Daemon, INSTALLED, Place, TOKEN, free_port, kill, recipe, succeed, wait_for_port,
    with,
};

const PARTS: usize = 60;

/// An archive, of files with secrets of which every third is compressed, its list of keys, and the recipe. The command is `blackbar`.
fn archive(place: &Place, blackbar: &str) -> String {
    let mut keys = String::new();
    for number in 0..PARTS {
        let name = format!("2024/{:02}/app {number}.log", number % 12 + 1);
        let lines =
            (0..2000).map(|n| format!("{number} {n} Authorization: Bearer {TOKEN}{n:010}\r\n"));
        let path = place
            .write(&format!("source/{name}"), &(lines.collect::<String>() + "\"access_token\":\n"));
        if number % 3 == 0 {
            succeed(Command::new("gzip").arg(path));
            keys += &format!("{name}.gz\n");
        } else {
            keys += &format!("{name}\n");
        }
    }
    place.write("keys", &keys);
    place.script("redact-part", &with(&recipe("cluster/redact-part"), &[(INSTALLED, blackbar)]))
}

fn command(place: &Place, program: &str) -> Command {
    let mut command = Command::new(program);
    for name in ["SOURCE", "TARGET", "DONE"] {
        command.env(name, place.path(&name.to_lowercase()));
    }
    command.env("PATH", format!("{}:/usr/bin:/bin", place.str("")));
    command
}

/// The keys of the manifest.
fn done(place: &Place) -> Vec<String> {
    let keys = place.read("keys");
    keys.lines()
        .filter(|key| place.path(&format!("done/{key}")).exists())
        .map(str::to_owned)
        .collect()
}

/// Every part is there once, is what the command makes of it here, and has the sum that the manifest says.
#[track_caller]
fn check(place: &Place) {
    assert_eq!(done(place).len(), PARTS);
    for key in place.read("keys").lines() {
        let decoded = |directory: &str| {
            let path = place.path(&format!("{directory}/{key}"));
            let mut cat = Command::new(if key.ends_with(".gz") { "zcat" } else { "cat" });
            succeed(cat.arg(path))
        };
        let redacted = succeed(Command::new(BLACKBAR).arg(place.path(&format!("source/{key}"))));
        assert!(decoded("target") == redacted && !redacted.contains(TOKEN), "{key}");
        assert!(decoded("source").contains(TOKEN));
        let directory = place.path(&format!("target/{key}"));
        let sum = Command::new("sha256sum")
            .args(["--check", "--quiet"])
            .arg(place.path(&format!("done/{key}")))
            .current_dir(directory.parent().unwrap())
            .status();
        assert!(sum.unwrap().success(), "{key}");
    }
}

/// The times of all parts.
fn times(directory: &Path) -> Vec<std::time::SystemTime> {
    let mut times = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => times.extend(self::times(&path)),
            false => times.push(path.metadata().unwrap().modified().unwrap()),
        }
    }
    times.sort();
    times
}

#[test]
fn two_machines_by_xargs_with_kills() {
    let place = Place::new();
    // Of the first runs some are killed in the middle of their output, and some are refused.
    let flaky = format!(
        "#!/bin/bash\nfor n in 1 2 3 4; do if mkdir {0}died-$n 2>/dev/null; then\n\
         out=${{@: -2:1}}; head -c 5000 \"${{@: -1}}\" >\"$out\"\n\
         [ $((n % 2)) = 0 ] && kill -KILL $$; exit 2; fi; done\nexec {BLACKBAR} \"$@\"\n",
        place.str("")
    );
    let flaky = place.script("flaky", &flaky);
    archive(&place, &flaky);
    let line = "shuf keys | tr '\\n' '\\0' | xargs -0 -P 2 -n 1 redact-part";
    let machine = || {
        let mut shell = command(&place, "bash");
        shell.args(["-o", "pipefail", "-c", line]).current_dir(place.path(""));
        shell
    };

    // 1. One machine is lost in the middle of its work, and the other's parts fail at times.
    let lost = Daemon::start_command(&mut machine());
    let mut other = Daemon::start_command(&mut machine());
    wait_until("some parts", || done(&place).len() >= 5);
    kill("-KILL", &format!("-{}", lost.id()));
    drop(lost);
    other.ends();
    assert!(place.path("died-4").exists());

    // 2. The same again, until it succeeds.
    for _ in 0..5 {
        if machine().status().unwrap().success() {
            break;
        }
    }
    check(&place);

    // 3. Once more changes nothing.
    let before = times(&place.path("target"));
    assert!(machine().status().unwrap().success());
    assert_eq!(times(&place.path("target")), before);
}

#[test]
#[ignore = "needs parallel and openssh-server from Debian, and root"]
fn two_machines_by_parallel_over_ssh() {
    let (place, port) = (Place::new(), free_port());
    archive(&place, BLACKBAR);
    let key = place.str("key");
    let host = place.str("host");
    for path in [&key, &host] {
        succeed(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", path]));
    }
    fs::create_dir_all("/run/sshd").unwrap();
    let config = place.write(
        "sshd_config",
        &format!(
            "Port {port}\nListenAddress 127.0.0.1\nListenAddress 127.0.0.2\nHostKey {host}\nPidFile none\n\
             AuthorizedKeysFile {key}.pub\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nAcceptEnv *\n"
        ),
    );
    let _sshd = Daemon::start("/usr/sbin/sshd", &["-D", "-e", "-f", &config]);
    wait_for_port(port);
    let options = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR";
    let machines: String = ["127.0.0.1", "127.0.0.2"]
        .map(|address| format!("2/ssh -i {key} -p {port} {options} {address}\n"))
        .concat();
    let machines = place.write("machines", &machines);
    let part = place.str("redact-part");
    let parallel = || {
        let args = ["--will-cite", "--sshloginfile", &machines, "--retries", "3"];
        let mut parallel = command(&place, "parallel");
        parallel.env("HOME", place.path("")).args(args);
        for name in ["SOURCE", "TARGET", "DONE"] {
            parallel.args(["--env", name]);
        }
        parallel.args([&part, "::::", &place.str("keys")]).current_dir(place.path(""));
        parallel
    };
    let first = Daemon::start_command(&mut parallel());
    wait_until("some parts", || done(&place).len() >= 5);
    kill("-KILL", &format!("-{}", first.id()));
    drop(first);
    let output = parallel().output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    check(&place);
}
