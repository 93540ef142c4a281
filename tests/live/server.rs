//! A server whose output goes through the filter: started on a free port, awaited, and stopped.

use std::net::TcpListener;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::relay::{DEADLINE, Relay, Transcript};

const PATIENCE: Duration = Duration::from_secs(60);

pub struct Server {
    relay: Relay,
}

impl Server {
    /// Starts `command` and waits until it has written `ready`.
    pub fn start(command: &mut Command, ready: &str) -> Server {
        let mut relay = Relay::start(command);
        let started = Instant::now();
        loop {
            let written =
                String::from_utf8_lossy(&relay.written.lock().expect("no holder panics").bytes)
                    .into_owned();
            if written.contains(ready) {
                return Server { relay };
            }
            let ended = relay.program.try_wait().expect("the server can be asked");
            assert!(ended.is_none(), "the server ended early: {written}");
            assert!(started.elapsed() < PATIENCE, "the server did not say {ready:?}: {written}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks the server to end, as an init system does, so that it writes its last lines. Before that it is idle for
    /// longer than a line may take: otherwise a filter that waits for more input, or for the end, would go unnoticed.
    pub fn stop(self) -> Transcript {
        thread::sleep(DEADLINE + DEADLINE / 4);
        let id = self.relay.program.id().to_string();
        let status = Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        assert!(status.success(), "the server is gone already");
        self.relay.finish()
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}
