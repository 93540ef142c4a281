//! An Express application with debug output, and clients that log the headers of axios, undici and fetch: Node's
//! `util.inspect` output, through `blackbar`.

#[path = "live/relay.rs"]
mod relay;
#[path = "live/secrets.rs"]
mod secrets;
#[path = "live/server.rs"]
mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use secrets::Secrets;
use server::{Server, free_port};

#[test]
#[ignore = "needs node, npm and packages from npm: express, cookie-parser, morgan, pino, winston, axios, undici"]
fn express_and_its_clients() {
    let directory = install();
    let secrets = Secrets::generate();
    let secrets_file = secrets
        .write("express.json", ["{", ",", "}"], |name, value| format!("{name:?}: {value:?}"));
    let port = free_port();

    let mut shop = Command::new("node");
    shop.current_dir(&directory)
        .args(["shop.js", &port.to_string()])
        .env("DEBUG", "express:*,body-parser:*,morgan,router*")
        .env("SHOP_ISSUES", &secrets_file);
    let server = Server::start(&mut shop, "Listening");

    let mut transcripts = Vec::new();
    for library in ["axios", "undici", "fetch"] {
        let mut client = Command::new("node");
        client
            .current_dir(&directory)
            .args(["client.js", library, &format!("http://127.0.0.1:{port}")])
            .arg(&secrets_file)
            .env("NODE_DEBUG", "http,undici,fetch");
        transcripts.push((format!("express-{library}"), relay::run(&mut client)));
    }
    transcripts.push(("express-server".to_owned(), server.stop()));
    relay::assert_redacted(&transcripts, &secrets);
}

/// Copies the programs next to their packages, where Node looks for these.
fn install() -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node");
    fs::create_dir_all(&directory).expect("the target directory takes directories");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    for name in ["package.json", "shop.js", "client.js"] {
        fs::copy(source.join(name), directory.join(name)).expect("the program is copied");
    }
    let output = Command::new("npm")
        .args(["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline"])
        .current_dir(&directory)
        .output()
        .expect("npm is installed");
    assert!(output.status.success(), "npm install: {}", String::from_utf8_lossy(&output.stderr));
    directory
}
