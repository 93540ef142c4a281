//! A Java service and its `java.net.http` client with the JDK's header logging enabled, through `blackbar`.

#[path = "live/relay.rs"]
mod relay;
#[path = "live/secrets.rs"]
mod secrets;

use std::path::Path;
use std::process::Command;

use secrets::Secrets;

#[test]
#[ignore = "needs a JDK, 17 or later"]
fn header_logging() {
    calls_with("java-headers", &["-Djdk.httpclient.HttpClient.log=headers,requests"]);
}

#[test]
#[ignore = "needs a JDK, 17 or later"]
fn all_logging() {
    calls_with(
        "java-all",
        &["-Djdk.httpclient.HttpClient.log=all", "-Djdk.internal.httpclient.debug=true"],
    );
}

fn calls_with(name: &str, options: &[&str]) {
    let secrets = Secrets::generate();
    let properties =
        secrets.write(&format!("{name}.properties"), ["", "\n", "\n"], |name, value| {
            format!("{name}={value}")
        });
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java/Shop.java");
    let mut java = Command::new("java");
    java.args(options).arg(program).arg(properties);
    relay::assert_redacted(&[(name.to_owned(), relay::run(&mut java))], &secrets);
}
