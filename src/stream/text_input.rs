//! An input as text: recognised by its first bytes, refused if it is something else, and decoded to UTF-8 if it is
//! UTF-16.
//!
//! It waits for only as many first bytes as it needs, so a line that arrives alone is passed on immediately.

use std::io::{self, Read};
use std::os::fd::BorrowedFd;

use crate::stream::content::{self, Accept, Judgement, NUL_REACH};
use crate::stream::input::Input;
use crate::stream::utf16::{ByteOrder, Decoder};

/// The most bytes of UTF-16 per read.
const CHUNK: usize = 32 * 1024;

/// An input that is read as text.
#[derive(Debug)]
pub(crate) struct TextInput<I> {
    input: I,
    accept: Accept,
    state: State,
    /// Bytes to return before reading more: the first ones, or decoded ones.
    held: Vec<u8>,
    /// How many of the held bytes were returned.
    given: usize,
    /// How many of the next bytes are checked for a NUL.
    watched: usize,
    /// How many bytes of the input are still read after a stop was requested.
    left: Option<u64>,
    /// Nothing has been read yet.
    is_empty: bool,
}

#[derive(Debug)]
enum State {
    /// The kind is not known yet. The bytes read so far are held.
    Unknown,
    Plain,
    Utf16(Decoder),
    /// The end of UTF-16 was reached, and the last decoded bytes are held.
    Ended(ByteOrder),
}

impl<I: Input> TextInput<I> {
    pub(crate) fn new(input: I, accept: Accept) -> TextInput<I> {
        let state = if accept == Accept::Bytes { State::Plain } else { State::Unknown };
        let watched = if accept == Accept::Logs { NUL_REACH } else { 0 };
        TextInput {
            input,
            accept,
            state,
            held: Vec::new(),
            given: 0,
            watched,
            left: None,
            is_empty: true,
        }
    }

    /// The underlying input.
    pub(crate) fn input(&self) -> &I {
        &self.input
    }

    /// The underlying input, mutable.
    pub(crate) fn input_mut(&mut self) -> &mut I {
        &mut self.input
    }

    /// Starts over, with the input at its start again.
    pub(crate) fn restart(self) -> TextInput<I> {
        TextInput::new(self.input, self.accept)
    }

    /// Continues after an end that was not final.
    pub(crate) fn resume(&mut self) {
        self.left = None;
        match self.state {
            State::Ended(order) => self.state = State::Utf16(Decoder::new(order)),
            State::Plain if self.is_empty && self.accept != Accept::Bytes => {
                self.state = State::Unknown;
            }
            _ => {}
        }
    }

    /// The byte order, if the input is UTF-16. It is known once a byte was read.
    pub(crate) fn utf16(&self) -> Option<ByteOrder> {
        match &self.state {
            State::Unknown | State::Plain => None,
            State::Utf16(decoder) => Some(decoder.order()),
            State::Ended(order) => Some(*order),
        }
    }

    /// Returns held bytes.
    fn take_held(&mut self, buf: &mut [u8]) -> usize {
        let held = &self.held[self.given..];
        let n = held.len().min(buf.len());
        buf[..n].copy_from_slice(&held[..n]);
        self.given += n;
        if self.given == self.held.len() {
            self.held.clear();
            self.given = 0;
        }
        n
    }

    /// Reads the input, up to where it was when a stop was requested.
    fn fetch(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Some(left) = self.left else { return self.input.read(buf) };
        if left == 0 || !self.input.ready() {
            return Ok(0);
        }
        let room = buf.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        match self.input.read(&mut buf[..room]) {
            Ok(n) => {
                self.left = Some(left - n as u64);
                Ok(n)
            }
            // Another process read the bytes first.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Reads bytes that are passed on unchanged.
    fn read_plain(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.fetch(buf)?;
        self.watch(&buf[..n])?;
        Ok(n)
    }

    /// Checks for a NUL near the start of what should be a log.
    fn watch(&mut self, bytes: &[u8]) -> io::Result<()> {
        let near = &bytes[..bytes.len().min(self.watched)];
        self.watched -= near.len();
        match content::has_nul(near) {
            true => Err(content::binary()),
            false => Ok(()),
        }
    }

    /// Reads until the kind of the input is known. If it is plain text, the first bytes go to `buf` and their number is
    /// returned; otherwise they are held.
    fn begin(&mut self, buf: &mut [u8]) -> io::Result<Option<usize>> {
        let n = self.fetch(buf)?;
        self.is_empty &= n == 0;
        // Usually the first read decides, and nothing has to be held.
        let had = self.held.len();
        if had > 0 {
            self.held.extend_from_slice(&buf[..n]);
        }
        let head = if had > 0 { &self.held[..] } else { &buf[..n] };
        match content::judge(head, n == 0, self.accept) {
            Judgement::Undecided => {}
            Judgement::Refused(not_text) => return Err(io::Error::other(not_text)),
            Judgement::Utf16(order) => {
                let mut decoder = Decoder::new(order);
                let mut text = Vec::new();
                decoder.decode(head, &mut text);
                self.state = State::Utf16(decoder);
                self.held = text;
                return Ok(None);
            }
            Judgement::Text => {
                self.watched = self.watched.saturating_sub(head.len());
                self.state = State::Plain;
                if had == 0 {
                    return Ok(Some(n));
                }
            }
        }
        if had == 0 {
            self.held.extend_from_slice(&buf[..n]);
        }
        Ok(None)
    }

    /// Reads and decodes UTF-16 until there is some text, or the end.
    fn decode(&mut self) -> io::Result<()> {
        let State::Utf16(decoder) = &self.state else { return Ok(()) };
        let order = decoder.order();
        let mut chunk = vec![0; CHUNK];
        let n = self.fetch(&mut chunk)?;
        let State::Utf16(decoder) = &mut self.state else { return Ok(()) };
        decoder.decode(&chunk[..n], &mut self.held);
        if n == 0 {
            decoder.finish(&mut self.held);
            self.state = State::Ended(order);
        }
        Ok(())
    }
}

impl<I: Input> Read for TextInput<I> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        // The caller expects one read to block, but not the reads after it.
        let mut waited = false;
        loop {
            if self.given < self.held.len() && !matches!(self.state, State::Unknown) {
                return Ok(self.take_held(buf));
            }
            let decided = matches!(self.state, State::Plain | State::Ended(_));
            if waited && !decided && self.left.is_none() && !self.input.ready() {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            waited = true;
            match self.state {
                State::Plain => return self.read_plain(buf),
                State::Ended(_) => return Ok(0),
                State::Utf16(_) => self.decode()?,
                State::Unknown => {
                    if let Some(n) = self.begin(buf)? {
                        return Ok(n);
                    }
                }
            }
        }
    }
}

impl<I: Input> Input for TextInput<I> {
    fn ready(&mut self) -> bool {
        let holds = !self.held.is_empty() && !matches!(self.state, State::Unknown);
        holds || self.left.is_some() || self.input.ready()
    }

    fn wait(&mut self, woken: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        self.input.wait(woken)
    }

    /// The end comes by itself, after the held bytes are returned.
    fn backlog(&mut self) -> Option<u64> {
        self.left = Some(self.input.backlog()?);
        Some(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::NotText;

    /// An input that returns `step` bytes at a time, and would block after each read.
    struct Slow<'a> {
        rest: &'a [u8],
        step: usize,
        dry: bool,
    }

    impl Read for Slow<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.dry = true;
            let room = buf.len().min(self.step);
            self.rest.read(&mut buf[..room])
        }
    }

    impl Input for Slow<'_> {
        fn ready(&mut self) -> bool {
            !std::mem::take(&mut self.dry)
        }

        fn wait(&mut self, _woken: Option<BorrowedFd<'_>>) -> io::Result<bool> {
            self.dry = false;
            Ok(true)
        }
    }

    fn read(bytes: &[u8], step: usize, room: usize, accept: Accept) -> Result<Vec<u8>, String> {
        let mut text = TextInput::new(Slow { rest: bytes, step, dry: false }, accept);
        let (mut found, mut buf) = (Vec::new(), vec![0; room]);
        loop {
            match text.read(&mut buf) {
                Ok(0) => return Ok(found),
                Ok(n) => found.extend_from_slice(&buf[..n]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    text.wait(None).unwrap();
                }
                Err(error) => return Err(error.downcast::<NotText>().unwrap().0),
            }
        }
    }

    const ALL: [Accept; 4] = [Accept::Bytes, Accept::Text, Accept::Open, Accept::Logs];

    #[test]
    fn text_is_read_unchanged() {
        // Each begins like another format.
        let texts = [
            "",
            "x",
            "xylophone",
            "B",
            "BZ",
            "BZh",
            "BZh9",
            "BZh91AY&SX",
            "BZhx",
            "(",
            "%PD",
            "P",
            "PK",
            "]",
            "ID",
            "SQLite format 3",
            "GIF8",
            "LZIP",
            "\u{feff}text",
            "II*",
            "Rar!",
            "plain text\n",
            "\u{1f}",
            "Obj",
        ];
        for text in texts {
            for accept in ALL {
                for (step, room) in [(1, 1), (1, 100), (3, 2), (100, 100)] {
                    let found = read(text.as_bytes(), step, room, accept);
                    assert_eq!(found.as_deref(), Ok(text.as_bytes()), "{text:?} {accept:?}");
                }
            }
        }
    }

    #[test]
    fn one_decisive_byte_is_enough() {
        let mut text = TextInput::new(Slow { rest: b"B\nrest", step: 2, dry: false }, Accept::Logs);
        let mut buf = [0; 8];
        assert_eq!(text.read(&mut buf).unwrap(), 2);
    }

    #[test]
    fn other_formats_are_refused_at_any_read_size() {
        let packed: [&[u8]; 8] = [
            b"\x1f\x8b\x08\0\0",
            b"BZh91AY&SY\x01",
            b"BZh1\x17\x72\x45\x38\x50\x90\0",
            b"\xfd7zXZ\0\0",
            b"PK\x03\x04\x14",
            b"\x78\x9c\x4b",
            b"\xff\xfe\0\0a\0\0\0",
            b"\x28\xb5\x2f\xfd\x04",
        ];
        let others: [&[u8]; 4] = [
            b"SQLite format 3\0\x10",
            b"\x89PNG\r\n\x1a\n\0",
            b"%PDF-1.7\n",
            b"a text\nwith a \0 in it\n",
        ];
        for (step, room) in [(1, 1), (1, 100), (7, 3), (100, 100)] {
            for bytes in packed {
                let reason = read(bytes, step, room, Accept::Open).unwrap_err();
                assert!(reason.contains("FILE | blackbar"), "{reason}");
            }
            for bytes in others {
                assert_eq!(read(bytes, step, room, Accept::Open).as_deref(), Ok(bytes));
            }
            for bytes in packed.into_iter().chain(others) {
                let reason = read(bytes, step, room, Accept::Logs).unwrap_err();
                assert!(reason.starts_with("skipped"), "{reason}");
                for accept in [Accept::Text, Accept::Bytes] {
                    assert_eq!(read(bytes, step, room, accept).as_deref(), Ok(bytes));
                }
            }
        }
    }

    #[test]
    fn utf_16_is_read_as_utf_8() {
        let units: Vec<u16> = "\u{feff}aß€😀\n".encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [little, big] {
            for (step, room) in [(1, 1), (1, 100), (3, 2), (100, 100)] {
                for accept in [Accept::Text, Accept::Open, Accept::Logs] {
                    let found = read(&bytes, step, room, accept);
                    assert_eq!(found.as_deref(), Ok("\u{feff}aß€😀\n".as_bytes()));
                }
            }
        }
    }

    #[test]
    fn a_nul_far_from_the_start_is_accepted() {
        let log = ["a".repeat(NUL_REACH).as_bytes(), b"\0\n"].concat();
        for step in [1, 1000, 10_000] {
            assert!(read(&log, step, 4096, Accept::Logs).as_deref() == Ok(&log));
            assert!(read(&log[1..], step, 4096, Accept::Logs).is_err());
        }
    }
}
