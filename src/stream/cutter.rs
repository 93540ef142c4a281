//! Cuts an input into segments. This module does no scanning.

use std::io;

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender};

use crate::stream::control::Control;
use crate::stream::input::Input;

/// A range of the input that is scanned as a whole.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) bytes: Bytes,
    /// Whether it begins the input or follows a newline. Only then is it worth scanning ahead of its turn.
    pub(crate) starts_line: bool,
}

/// Why reading returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    /// The buffer is full.
    Full,
    /// A read would block now.
    Dry,
    /// A request arrived while a read would have blocked.
    Woken,
    /// The input has ended, or everything that it had when a stop was requested has been read.
    End,
    /// A stop was requested, and the input has more.
    Stopped,
}

/// Reads inputs into segments. A segment's buffer returns when its last slice is dropped, in whatever thread.
pub(crate) struct Cutter {
    /// The size of a buffer, and the most bytes of a segment.
    size: usize,
    /// Empty, or `size` bytes long. The first `filled` bytes have been read but not cut off.
    buffer: Vec<u8>,
    filled: usize,
    starts_line: bool,
    spare: Receiver<Vec<u8>>,
    home: Sender<Vec<u8>>,
    control: Option<Control>,
    /// How many bytes are still to be read after a stop was requested.
    backlog: Option<u64>,
}

impl Cutter {
    /// A cutter of segments of at most `size` bytes.
    pub(crate) fn new(size: usize) -> Cutter {
        // Unbounded here: there are as many buffers as segments in flight, and the pool bounds those.
        let (home, spare) = crossbeam_channel::unbounded();
        Cutter {
            size,
            buffer: Vec::new(),
            filled: 0,
            starts_line: true,
            spare,
            home,
            control: None,
            backlog: None,
        }
    }

    /// The same cutter, whose reads `control` can interrupt.
    pub(crate) fn set_control(&mut self, control: Control) {
        self.control = Some(control);
    }

    /// Reads until the buffer is full, the input would block, or it ends. With `may_block` the first read may block
    /// until a request arrives.
    pub(crate) fn fill(&mut self, input: &mut impl Input, may_block: bool) -> io::Result<Fill> {
        let mut must_ask = !may_block;
        if self.buffer.is_empty() {
            self.buffer = self.take_buffer();
        }
        while self.filled < self.size {
            let mut room = self.size - self.filled;
            if self.control.as_ref().is_some_and(Control::is_stopping) {
                // 1. From a stream that never pauses, read what it had when the stop was requested, and no more.
                if self.backlog.is_none() {
                    self.backlog = input.backlog();
                }
                let Some(left) = self.backlog else { return Ok(Fill::Stopped) };
                if left == 0 || !input.ready() {
                    return Ok(Fill::End);
                }
                room = room.min(usize::try_from(left).unwrap_or(usize::MAX));
            } else if must_ask {
                if !input.ready() {
                    return Ok(Fill::Dry);
                }
            } else if let Some(control) = &self.control
                && !input.ready()
            {
                // 2. A blocking read would not notice a request, so wait first.
                if !input.wait(Some(control.woken()))? {
                    control.drain();
                    return Ok(Fill::Woken);
                }
            }
            // 3. Read.
            match input.read(&mut self.buffer[self.filled..][..room]) {
                Ok(0) => return Ok(Fill::End),
                Ok(n) => {
                    self.filled += n;
                    if let Some(left) = &mut self.backlog {
                        *left = left.saturating_sub(n as u64);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                // Another process made the descriptor non-blocking, or read the bytes first.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && must_ask => {
                    return Ok(Fill::Dry);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    // With a control, the wait above has to be repeated, unless the input reports readiness wrongly.
                    if self.control.is_none() || input.ready() {
                        input.wait(None)?;
                    }
                    continue;
                }
                Err(error) => return Err(error),
            }
            must_ask = true;
        }
        Ok(Fill::Full)
    }

    /// Whether everything that was read has been cut off.
    pub(crate) fn is_empty(&self) -> bool {
        self.filled == 0
    }

    /// Cuts a segment off at the last newline, or at the end of the buffer if no newline is near the end.
    ///
    /// The bytes after the newline have to be copied to the next buffer. So only the last quarter is searched: copying
    /// more would cost more than it saves.
    pub(crate) fn cut(&mut self) -> Segment {
        let reach = (self.filled / 4).max(1);
        let tail = memchr::memrchr(b'\n', &self.buffer[self.filled - reach..self.filled])
            .map_or(0, |newline| reach - newline - 1);
        let mut next = Vec::new();
        if tail > 0 {
            next = self.take_buffer();
            next[..tail].copy_from_slice(&self.buffer[self.filled - tail..self.filled]);
        }
        self.filled -= tail;
        let segment = self.take();
        self.buffer = next;
        self.filled = tail;
        segment
    }

    /// Cuts off everything that was read, which is at least one byte.
    pub(crate) fn take(&mut self) -> Segment {
        let buffer = std::mem::take(&mut self.buffer);
        let ends_line = buffer[self.filled - 1] == b'\n';
        let bytes = Bytes::from_owner(PooledBuffer { buffer, home: self.home.clone() })
            .slice(..self.filled);
        self.filled = 0;
        Segment { bytes, starts_line: std::mem::replace(&mut self.starts_line, ends_line) }
    }

    /// Starts another input and drops what is left of the last one.
    pub(crate) fn restart(&mut self) {
        self.filled = 0;
        self.starts_line = true;
        self.backlog = None;
    }

    /// A returned buffer, or else a new one. Its old bytes are never used, because only bytes that a read filled in
    /// are.
    fn take_buffer(&self) -> Vec<u8> {
        self.spare.try_recv().unwrap_or_else(|_| vec![0; self.size])
    }
}

/// A buffer that returns to its cutter when dropped.
struct PooledBuffer {
    buffer: Vec<u8>,
    home: Sender<Vec<u8>>,
}

impl AsRef<[u8]> for PooledBuffer {
    fn as_ref(&self) -> &[u8] {
        &self.buffer
    }
}

impl Drop for PooledBuffer {
    fn drop(&mut self) {
        // The cutter may be gone already.
        let _ = self.home.send(std::mem::take(&mut self.buffer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(input: &[u8], size: usize) -> Vec<(Vec<u8>, bool)> {
        let mut cutter = Cutter::new(size);
        let mut input = input;
        let mut found = Vec::new();
        loop {
            let segment = match cutter.fill(&mut input, true).unwrap() {
                Fill::Full => cutter.cut(),
                Fill::End if cutter.is_empty() => return found,
                _ => cutter.take(),
            };
            assert!(!segment.bytes.is_empty() && segment.bytes.len() <= size);
            found.push((segment.bytes.to_vec(), segment.starts_line));
        }
    }

    #[test]
    fn segments_tile_the_input_whatever_their_size() {
        let input = b"one\ntwo\n\nthree without an end and rather long\nfour".as_slice();
        for size in 1..60 {
            let found = segments(input, size);
            assert_eq!(
                found.iter().map(|(bytes, _)| &bytes[..]).collect::<Vec<_>>().concat(),
                input,
                "size {size}"
            );
            let mut line_start = true;
            for (bytes, starts_line) in found {
                assert_eq!(starts_line, line_start, "size {size}");
                line_start = bytes.ends_with(b"\n");
            }
        }
    }

    #[test]
    fn a_full_buffer_is_cut_at_a_newline_near_its_end() {
        let found = segments(b"0123456789abcd\nXY", 16);
        assert_eq!(found, [(b"0123456789abcd\n".to_vec(), true), (b"XY".to_vec(), true)]);
        // No newline is near enough: the whole buffer is cut off.
        let found = segments(b"0123\n56789abcdefg", 16);
        assert_eq!(found, [(b"0123\n56789abcdef".to_vec(), true), (b"g".to_vec(), false)]);
    }

    #[test]
    fn buffers_come_back() {
        let mut cutter = Cutter::new(4);
        let mut input = b"abcdefgh".repeat(100);
        let mut rest = &input.split_off(0)[..];
        while cutter.fill(&mut rest, true).unwrap() == Fill::Full {
            drop(cutter.cut());
        }
        assert!(cutter.spare.len() <= 1);
    }
}
