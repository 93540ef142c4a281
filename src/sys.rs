//! The system calls that the standard library has no words for, as safe wrappers around `rustix`.

use std::fs::Metadata;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// The capacity that pipes are asked to have, in bytes: Linux grants an unprivileged process 1 MiB a pipe.
#[cfg(target_os = "linux")]
const PIPE_CAPACITY: usize = 1024 * 1024;

/// Which file something is, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// The identity of a regular file. Anything else (a terminal, a pipe, `/dev/null`) may well be input and output at
    /// once, so it gets none.
    pub fn of_regular(metadata: &Metadata) -> Option<FileId> {
        metadata.is_file().then(|| FileId { device: metadata.dev(), inode: metadata.ino() })
    }
}

/// Whether a read would return at once, be it with bytes, with the end or with an error.
pub fn readable_now(fd: impl AsFd) -> bool {
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    // If the question cannot be asked the read will give the answer.
    poll(&mut [PollFd::new(&fd, PollFlags::IN)], Some(&now)).map_or(true, |ready| ready > 0)
}

/// Waits until a read of a non-blocking descriptor can go on.
pub fn wait_readable(fd: impl AsFd) -> io::Result<()> {
    wait(&mut [PollFd::new(&fd, PollFlags::IN)])
}

/// Waits until a write to a non-blocking descriptor can go on.
pub fn wait_writable(fd: impl AsFd) -> io::Result<()> {
    wait(&mut [PollFd::new(&fd, PollFlags::OUT)])
}

fn wait(fds: &mut [PollFd<'_>]) -> io::Result<()> {
    match poll(fds, None) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Asks for a larger buffer in a pipe, where that can be had: fewer, longer reads and writes are worth about half as much speed again.
/// It is no loss if this fails, because it is not a pipe, or the user has used up what is allowed.
#[cfg(target_os = "linux")]
pub fn widen_pipe(fd: impl AsFd) {
    let _ = rustix::pipe::fcntl_setpipe_size(fd, PIPE_CAPACITY);
}

/// Asks for a larger buffer in a pipe; pipes have a fixed capacity here.
#[cfg(not(target_os = "linux"))]
pub fn widen_pipe(_fd: impl AsFd) {}
