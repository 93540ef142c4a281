//! The bytes of an open file: the first of them can be looked at, and no packet is cut off.

use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::sync::Arc;

use crate::stream::sys::{self, Packets};

/// How much is read to look at: more than the magic of any compressed format.
const AHEAD: usize = 512;

/// The bytes of a file from its position on.
#[derive(Debug)]
pub(crate) struct Feed {
    file: Arc<File>,
    regular: bool,
    packets: Packets,
    /// Bytes to be given before more are read: the first ones, or the rest of a packet.
    held: Vec<u8>,
    given: usize,
    /// Whether a read that would wait fails instead.
    hasty: bool,
    /// How many bytes are still read.
    left: Option<u64>,
    /// The end was met by reading ahead, and is still to be told: of a terminal it is met once.
    ended: bool,
}

impl Feed {
    pub(crate) fn new(file: Arc<File>, regular: bool) -> Feed {
        let packets = if regular { Packets::None } else { Packets::of(&file) };
        let held = Vec::new();
        Feed { file, regular, packets, held, given: 0, hasty: false, left: None, ended: false }
    }

    /// What was read ahead.
    pub(crate) fn head(&self) -> &[u8] {
        &self.held[self.given..]
    }

    /// Reads more to look at, and tells whether there was any. What is there is not waited for a second time: that fails
    /// with [`io::ErrorKind::WouldBlock`].
    pub(crate) fn read_ahead(&mut self) -> io::Result<bool> {
        if !self.head().is_empty() && !sys::readable_now(&self.file) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let n = self.hold(AHEAD)?;
        self.ended = n == 0 && !self.regular;
        Ok(n > 0)
    }

    /// From now on, what would wait fails with [`io::ErrorKind::WouldBlock`].
    pub(crate) fn never_wait(&mut self) {
        self.hasty = true;
    }

    /// Whether a read would return at once.
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

    /// Gives what can be read without waiting, and then nothing more: a read fails with [`io::ErrorKind::WouldBlock`].
    pub(crate) fn stop(&mut self) {
        self.left = Some(sys::readable_len(&self.file));
    }

    /// Reads at least `room` bytes more if they come together, to be given later.
    fn hold(&mut self, room: usize) -> io::Result<usize> {
        let room = room.max(self.packets.room(&self.file));
        let had = self.held.len();
        self.held.resize(had + room, 0);
        let read = self.packets.read(&self.file, &mut self.held[had..]);
        self.held.truncate(had + *read.as_ref().unwrap_or(&0));
        read
    }

    fn give(&mut self, buf: &mut [u8]) -> usize {
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
        // 1. What was read before.
        if !self.head().is_empty() {
            return Ok(self.give(buf));
        }
        if mem::take(&mut self.ended) {
            return Ok(0);
        }
        if self.regular {
            return (&*self.file).read(buf);
        }
        if self.hasty && !self.ready() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        // 2. The rest of a packet that is read with too little room is lost.
        let n = if buf.len() < self.packets.room(&self.file) {
            self.hold(0)?;
            self.give(buf)
        } else {
            self.packets.read(&self.file, buf)?
        };
        self.left = self.left.map(|left| left.saturating_sub(n as u64));
        Ok(n)
    }
}
