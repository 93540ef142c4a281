//! A program that logs with `log` and `env_logger`, with its log redacted before it is written.

use std::io;

#[path = "shared.rs"]
mod shared;
use shared::Shared;

fn main() -> io::Result<()> {
    let log = Shared::new(io::stderr());
    env_logger::Builder::new()
        .filter_level(log::LevelFilter::Info)
        .target(env_logger::Target::Pipe(Box::new(log.clone())))
        .init();

    log::info!("request /me Authorization: Bearer mF_9.B5f-4.1JqM");
    log::warn!("no session: {:?}", [("cookie", "sid=31d4d96e407aad42; theme=dark")]);
    log.finish().map(drop)
}
