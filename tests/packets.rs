//! Streams of packets: the system discards the part of a packet that a read has no space for.

mod command;

use std::fs::File;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::thread;

use command::{Dir, REDACTED, SECRET};
use rustix::net::{AddressFamily, SendFlags, SocketFlags, SocketType, send, socketpair};

/// Lines of every length, as one text and in packets with arbitrary boundaries.
fn log() -> (Vec<u8>, Vec<u8>) {
    let mut log = Vec::new();
    for n in 0..40_000_usize {
        log.extend_from_slice("x".repeat(n % 97).as_bytes());
        log.extend_from_slice(if n % 100 == 0 { SECRET.as_bytes() } else { b"\n" });
    }
    let redacted = String::from_utf8(log.clone()).unwrap().replace(SECRET, REDACTED);
    (log, redacted.into_bytes())
}

/// The output of the command for `stdin`, while `write` writes to its other end.
fn redact(stdin: OwnedFd, write: impl FnOnce() + Send + 'static) -> Vec<u8> {
    let dir = Dir::new(&[]);
    let child = dir.command(&["--threads", "1"]).stdin(Stdio::from(stdin)).spawn().unwrap();
    let writer = thread::spawn(write);
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
#[cfg(target_os = "linux")]
fn a_pipe_of_packets_is_read_whole() {
    use std::io::Write;

    use rustix::pipe::{PipeFlags, pipe_with};

    let (log, redacted) = log();
    // One page, and odd sizes for which the end of a buffer has no room.
    for size in [4096, 3001, 777] {
        let (reader, writer) = pipe_with(PipeFlags::DIRECT | PipeFlags::CLOEXEC).unwrap();
        let log = log.clone();
        let found = redact(reader, move || {
            let mut writer = File::from(writer);
            log.chunks(size).for_each(|packet| writer.write_all(packet).unwrap());
        });
        assert!(found == redacted, "{size}: {} of {} bytes", found.len(), redacted.len());
    }
}

#[test]
fn a_socket_of_packets_is_read_whole() {
    let (log, redacted) = log();
    for size in [150_000, 65_536, 9_001] {
        let (reader, writer) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
                .unwrap();
        let log = log.clone();
        let found = redact(reader, move || {
            for (index, packet) in log.chunks(size).enumerate() {
                // An empty packet is not the end.
                if index == 3 {
                    send(&writer, b"", SendFlags::empty()).unwrap();
                }
                assert_eq!(send(&writer, packet, SendFlags::empty()), Ok(packet.len()));
            }
        });
        assert!(found == redacted, "{size}: {} of {} bytes", found.len(), redacted.len());
    }
}
