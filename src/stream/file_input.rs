//! An open file as an input: a regular file, a pipe, a socket or a terminal. Compressed files are decompressed.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::mem;
use std::os::fd::BorrowedFd;
use std::sync::Arc;

use crate::stream::compressed::{Decoder, Format, Sniffed};
use crate::stream::feed::Feed;
use crate::stream::input::Input;
use crate::stream::sys;

/// The most compressed bytes per read.
const CHUNK: usize = 32 * 1024;

/// An open file, or standard input.
#[derive(Debug)]
pub struct FileInput {
    file: Arc<File>,
    /// Reads of a regular file never block.
    regular: bool,
    format: Option<Format>,
    long_window: bool,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// Nothing has been returned yet, because the file may be compressed.
    Begun(Feed),
    Plain(Feed),
    Packed(Packed),
    /// Decompression failed.
    Failed,
}

#[derive(Debug)]
struct Packed {
    decoder: Decoder<BufReader<Feed>>,
    /// Whether the bytes read so far may decode to more output.
    pending: bool,
}

impl FileInput {
    /// The bytes of `file` from its current position. Nothing is read yet.
    pub(crate) fn new(mut file: File, regular: bool, long_window: bool) -> FileInput {
        let format = match regular {
            true => file.stream_position().ok().and_then(|at| Format::of_file(&file, at)),
            // A pipe cannot be examined without reading from it.
            false => None,
        };
        let file = Arc::new(file);
        let feed = Feed::new(Arc::clone(&file), regular);
        let plain = regular && format.is_none();
        let body = if plain { Body::Plain(feed) } else { Body::Begun(feed) };
        FileInput { file, regular, format, long_window, body }
    }

    /// The same, without decompression.
    pub(crate) fn unchanged(file: File, regular: bool) -> FileInput {
        let file = Arc::new(file);
        let body = Body::Plain(Feed::new(Arc::clone(&file), regular));
        FileInput { file, regular, format: None, long_window: false, body }
    }

    /// How the file is compressed. For a pipe this is known only after the first read.
    pub(crate) fn format(&self) -> Option<Format> {
        self.format
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Decides whether the input is compressed, by what can be read without blocking.
    fn settle(&mut self) {
        while let Body::Begun(feed) = &self.body {
            if !feed.ready() && feed.head().is_empty() {
                return;
            }
            match self.begin() {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // The bytes read so far are held, and too few to decide.
                Err(_) => return self.go_plain(),
            }
        }
    }

    /// Finds out whether the input is compressed, and sets up decoding.
    fn begin(&mut self) -> io::Result<()> {
        let Body::Begun(feed) = &mut self.body else { return Ok(()) };
        if self.format.is_none() {
            match Format::of_head(feed.head()) {
                Sniffed::Unknown if feed.read_ahead()? => return Ok(()),
                Sniffed::Unknown | Sniffed::Plain => {}
                Sniffed::Packed(format) => self.format = Some(format),
            }
        }
        let Some(format) = self.format else {
            self.go_plain();
            return Ok(());
        };
        if let Body::Begun(mut feed) = mem::replace(&mut self.body, Body::Failed) {
            // A decoder that blocks would not notice a request to stop.
            feed.never_wait();
            let source = BufReader::with_capacity(CHUNK, feed);
            let decoder = Decoder::new(format, source, self.long_window)?;
            self.body = Body::Packed(Packed { decoder, pending: false });
        }
        Ok(())
    }

    fn go_plain(&mut self) {
        if let Body::Begun(feed) = mem::replace(&mut self.body, Body::Failed) {
            self.body = Body::Plain(feed);
        }
    }
}

impl Read for FileInput {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match &mut self.body {
                Body::Begun(_) => self.begin()?,
                Body::Plain(feed) => return feed.read(buf),
                Body::Packed(packed) => {
                    let read = packed.decoder.read(buf);
                    packed.pending = !buf.is_empty() && read.is_ok();
                    return read;
                }
                Body::Failed => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
    }
}

impl Input for FileInput {
    fn ready(&mut self) -> bool {
        match &mut self.body {
            Body::Begun(feed) | Body::Plain(feed) => feed.ready(),
            Body::Packed(packed) => packed.pending || packed.decoder.source_mut().get_mut().ready(),
            Body::Failed => true,
        }
    }

    fn wait(&mut self, woken: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        sys::wait_readable(&self.file, woken)
    }

    fn backlog(&mut self) -> Option<u64> {
        if self.regular {
            return None;
        }
        self.settle();
        match &mut self.body {
            Body::Begun(feed) | Body::Plain(feed) => Some(feed.backlog()),
            // The decoded length is unknown.
            Body::Packed(packed) => {
                packed.decoder.source_mut().get_mut().stop();
                Some(u64::MAX)
            }
            Body::Failed => Some(0),
        }
    }
}
