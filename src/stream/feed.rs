//! Reads an open file. The first bytes can be examined before they are read, and packets are read whole.

use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::sync::Arc;

use crate::stream::sys::{self, Packets};

/// How many bytes are read ahead: more than the magic number of any compressed format.
const AHEAD: usize = 512;

/// The bytes of a file from its current position.
#[derive(Debug)]
pub(crate) struct Feed {
    file: Arc<File>,
    regular: bool,
    packets: Packets,
    /// Bytes to return before reading more: the first ones, or the rest of a packet.
    held: Vec<u8>,
    /// How many of the held bytes were returned.
    given: usize,
    /// Whether a read that would block fails instead.
    nonblocking: bool,
    /// How many more bytes may be read.
    left: Option<u64>,
    /// Reading ahead met the end, which has not been reported yet. A terminal reports its end only once.
    ended: bool,
}

impl Feed {
    pub(crate) fn new(file: Arc<File>, regular: bool) -> Feed {
        let packets = if regular { Packets::None } else { Packets::of(&file) };
        let held = Vec::new();
        Feed {
            file,
            regular,
            packets,
            held,
            given: 0,
            nonblocking: false,
            left: None,
            ended: false,
        }
    }

    /// The bytes that were read ahead.
    pub(crate) fn head(&self) -> &[u8] {
        &self.held[self.given..]
    }

    /// Reads more bytes ahead, and returns whether there were any. It never blocks while bytes are held: it then fails
    /// with [`io::ErrorKind::WouldBlock`].
    pub(crate) fn read_ahead(&mut self) -> io::Result<bool> {
        if !self.head().is_empty() && !sys::readable_now(&self.file) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let n = self.hold(AHEAD)?;
        self.ended = n == 0 && !self.regular;
        Ok(n > 0)
    }

    /// From now on, reads that would block fail with [`io::ErrorKind::WouldBlock`].
    pub(crate) fn never_wait(&mut self) {
        self.nonblocking = true;
    }

    /// Whether a read would return immediately.
    pub(crate) fn ready(&self) -> bool {
        if self.ended || !self.head().is_empty() {
            return true;
        }
        self.regular || (self.left != Some(0) && sys::readable_now(&self.file))
    }

    /// How many bytes can be read without waiting.
    pub(crate) fn backlog(&self) -> u64 {
        self.head().len() as u64 + sys::readable_len(&self.file)
    }

    /// Returns what can be read without blocking. After that, reads fail with [`io::ErrorKind::WouldBlock`].
    pub(crate) fn stop(&mut self) {
        self.left = Some(sys::readable_len(&self.file));
    }

    /// Reads a packet, or at least `room` bytes if there are as many, to be returned later.
    fn hold(&mut self, room: usize) -> io::Result<usize> {
        let room = room.max(self.packets.room(&self.file));
        let had = self.held.len();
        self.held.resize(had + room, 0);
        let read = self.packets.read(&self.file, &mut self.held[had..]);
        self.held.truncate(had + *read.as_ref().unwrap_or(&0));
        read
    }

    fn take_held(&mut self, buf: &mut [u8]) -> usize {
        let n = self.head().len().min(buf.len());
        buf[..n].copy_from_slice(&self.held[self.given..][..n]);
        self.given += n;
        if self.given == self.held.len() {
            self.held.clear();
            self.given = 0;
        }
        n
    }
}

impl Read for Feed {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        // 1. Bytes that were read ahead.
        if !self.head().is_empty() {
            return Ok(self.take_held(buf));
        }
        if mem::take(&mut self.ended) {
            return Ok(0);
        }
        if self.regular {
            return (&*self.file).read(buf);
        }
        if self.nonblocking && !self.ready() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        // 2. The rest of a packet is lost if it is read into too little space.
        let n = if buf.len() < self.packets.room(&self.file) {
            self.hold(0)?;
            self.take_held(buf)
        } else {
            self.packets.read(&self.file, buf)?
        };
        self.left = self.left.map(|left| left.saturating_sub(n as u64));
        Ok(n)
    }
}
