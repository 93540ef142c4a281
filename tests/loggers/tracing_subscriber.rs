//! A program that logs with `tracing`, with its log redacted before it is written.

use std::io;

#[path = "shared.rs"]
mod shared;
use shared::Shared;

fn main() -> io::Result<()> {
    let log = Shared::new(io::stderr());
    let writer = log.clone();
    tracing_subscriber::fmt().json().with_writer(move || writer.clone()).init();

    tracing::info!(authorization = "Bearer mF_9.B5f-4.1JqM", path = "/me", "request");
    tracing::warn!(headers = ?[("cookie", "sid=31d4d96e407aad42; theme=dark")], "no session");
    log.finish().map(drop)
}
