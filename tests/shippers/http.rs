//! A client for the local servers under test.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Requests `path` with every kind of secret that an access log can contain, and returns the whole response.
pub fn get(port: u16, path: &str) -> String {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(
        connection,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: Bearer abcdefghijklmnop0123456789\r\n\
         Cookie: sid=31d4d96e407aad42; theme=dark-31d4d96e\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).expect("an answer comes");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A path whose query is a secret.
pub const PATH: &str = "/page?access_token=2YotnFZFEjr1zCsicMWpAA&state=1";

/// Checks that `line` is what the recipe's log format should give for such a request and `status`.
pub fn expected(line: &str, path: &str, status: u16) {
    let path = path.replace("2YotnFZFEjr1zCsicMWpAA", "[REDACTED]");
    assert!(line.contains(&format!("\"GET {path} HTTP/1.1\" {status} ")), "{line}");
    let fields = "cookie=\"sid=[REDACTED]; theme=[REDACTED]\" authorization=\"Bearer [REDACTED]\"";
    assert!(line.ends_with(fields), "{line}");
    for secret in ["abcdefghijklmnop", "2YotnFZFEjr1", "31d4d96e"] {
        assert!(!line.contains(secret), "{line}");
    }
}
