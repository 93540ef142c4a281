//! The output: whole pieces are passed to `writev` immediately.
//!
//! Nothing is buffered here, so there is nothing to flush. When a write returns, the bytes have been handed to the
//! system.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, IoSlice, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::time::Duration;

use crate::error::{Error, Name};
use crate::open;
use crate::redact::destination::Pieces;
use crate::stream::compressed::{Encoder, Format};
use crate::stream::control::Control;
use crate::stream::source::Source;
use crate::stream::sys::{self, FileId};
use crate::stream::utf16::{self, ByteOrder};

/// The error of opening a FIFO without a reader.
const NO_READER: i32 = rustix::io::Errno::NXIO.raw_os_error();

/// How often opening is retried. No system reports when a reader arrives.
const PAUSE: Duration = Duration::from_millis(20);

/// Something to write to.
pub trait Output: Write {
    /// Waits until a write that returned [`io::ErrorKind::WouldBlock`] can continue.
    ///
    /// # Errors
    ///
    /// If readiness cannot be determined, which ends the run.
    fn wait(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::WouldBlock.into())
    }
}

impl Output for Vec<u8> {}

impl Output for File {
    fn wait(&mut self) -> io::Result<()> {
        sys::wait_writable(self)
    }
}

/// An open file, or standard output.
///
/// Standard output is written through a duplicate descriptor rather than `io::stdout`, whose line buffer would search
/// every byte for a newline and split the pieces.
#[derive(Debug)]
pub struct FileOutput(Encoder);

impl Write for FileOutput {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn write_vectored(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.write_vectored(bufs)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Output for FileOutput {
    fn wait(&mut self) -> io::Result<()> {
        sys::wait_writable(self.0.file())
    }
}

/// An output with its name for messages.
#[derive(Debug)]
pub struct Sink<O> {
    name: Name,
    output: O,
    id: Option<FileId>,
    created: bool,
    /// Encodes the output as UTF-16.
    utf16: Option<utf16::Encoder>,
}

impl Sink<FileOutput> {
    /// Standard output.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if it cannot be duplicated.
    pub fn stdout() -> Result<Sink<FileOutput>, Error> {
        let open = || {
            let file = File::from(io::stdout().as_fd().try_clone_to_owned()?);
            sys::widen_pipe(&file);
            let id = FileId::of_regular(&file.metadata()?);
            let output = FileOutput(Encoder::Plain(file));
            Ok(Sink { name: Name::stdout(), output, id, created: false, utf16: None })
        };
        open().map_err(|source| Error::Write { name: Name::stdout(), source })
    }

    /// The file at `path`, which is created or truncated. It is compressed if its name ends in `.gz` or `.zst`.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if it cannot be opened for writing. The file is then unchanged.
    pub fn create(path: &Path) -> Result<Sink<FileOutput>, Error> {
        Sink::create_if(path, None, |_| Ok(()))
    }

    /// As [`create`](Sink::create), if `check` accepts the file that was opened. If not, the file is unchanged.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if it cannot be opened for writing; the error of `check`; [`Error::Stopped`] if it is a FIFO
    /// without a reader when `control` asks to stop.
    pub fn create_if(
        path: &Path,
        control: Option<&Control>,
        check: impl FnOnce(&Metadata) -> Result<(), Error>,
    ) -> Result<Sink<FileOutput>, Error> {
        let failed = |source| Error::Write { name: Name::path(path), source };
        let open = || {
            // Opened for appending, so that a file that is truncated while it is written gets no hole.
            let options = OpenOptions::new().append(true).create(true).clone();
            let Some(file) = open_with_reader(&options, path, control)? else { return Ok(None) };
            sys::block(&file)?;
            let metadata = file.metadata()?;
            Ok(Some((file, metadata)))
        };
        let Some((file, metadata)) = open().map_err(failed)? else { return Err(Error::Stopped) };
        check(&metadata)?;
        let begin = || {
            if metadata.is_file() {
                file.set_len(0)?;
            }
            sys::widen_pipe(&file);
            Sink::to_file(Name::path(path), file, Format::of_name(path))
        };
        begin().map_err(failed)
    }

    /// The open and empty file `file`, which is compressed if there is a `format`.
    pub(crate) fn to_file(
        name: Name,
        file: File,
        format: Option<Format>,
    ) -> io::Result<Sink<FileOutput>> {
        let id = FileId::of_regular(&file.metadata()?);
        Ok(Sink {
            name,
            output: FileOutput(Encoder::new(format, file)?),
            id,
            created: true,
            utf16: None,
        })
    }

    /// Whether `source` is the file that is written here.
    pub fn is_file<I>(&self, source: &Source<I>) -> bool {
        self.id.is_some() && self.id == source.id
    }

    /// Whether reading `source` would read what is written here, as in `blackbar a b >>b`.
    ///
    /// An empty file does no harm: it ends before anything is written to it.
    pub fn feeds<I>(&self, source: &Source<I>) -> bool {
        let grown = || self.output.0.file().metadata().is_ok_and(|metadata| metadata.len() > 0);
        self.is_file(source) && grown()
    }

    /// Ends the output.
    ///
    /// A file that was created here is first written to disk. Some file systems (network, quotas) report only then that
    /// there is no space, and the caller should know before deleting the original.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if that fails.
    pub fn close(self) -> Result<(), Error> {
        let name = self.name.clone();
        let sync = self.created && self.id.is_some();
        let close = || {
            let file = self.finish()?;
            if sync { file.sync_data() } else { Ok(()) }
        };
        close().map_err(|source| Error::Write { name, source })
    }

    /// Ends the output, without writing it to disk.
    pub(crate) fn finish(self) -> io::Result<File> {
        self.output.0.finish()
    }
}

/// Opens the file at `path`. If it is a FIFO, waits for a reader. Returns `None` if `control` asks to stop first.
fn open_with_reader(
    options: &OpenOptions,
    path: &Path,
    control: Option<&Control>,
) -> io::Result<Option<File>> {
    loop {
        let error = match open::nonblocking(options, path) {
            Ok(file) => return Ok(Some(file)),
            Err(error) => error,
        };
        // Writing to a socket file fails with the same error, but waiting would not help.
        let is_fifo = || fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo());
        if error.raw_os_error() != Some(NO_READER) || !is_fifo() {
            return Err(error);
        }
        if control.is_some_and(Control::is_stopping) {
            return Ok(None);
        }
        if !sys::sleep(PAUSE, None, control.map(Control::woken))?
            && let Some(control) = control
        {
            control.drain();
        }
    }
}

impl<O: Output> Sink<O> {
    /// Any other output.
    pub fn new(name: Name, output: O) -> Sink<O> {
        Sink { name, output, id: None, created: false, utf16: None }
    }

    /// The output itself.
    pub fn into_inner(self) -> O {
        self.output
    }

    /// Writes all of `pieces`.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] if the reader has closed the output, [`Error::Write`] for anything else. An unknown part of
    /// `pieces` has then been written.
    pub fn write(&mut self, pieces: &Pieces) -> Result<(), Error> {
        let Some(encoder) = &mut self.utf16 else {
            return self.write_slices(&mut pieces.slices());
        };
        let mut out = Vec::new();
        pieces.slices().iter().for_each(|slice| encoder.encode(slice, &mut out));
        self.write_all(&out)
    }

    /// From now on, writes UTF-16 in this byte order, or the bytes unchanged if `None`.
    pub(crate) fn encode(&mut self, order: Option<ByteOrder>) -> Result<(), Error> {
        if self.utf16.as_ref().map(utf16::Encoder::order) == order {
            return Ok(());
        }
        let mut out = Vec::new();
        if let Some(mut encoder) =
            std::mem::replace(&mut self.utf16, order.map(utf16::Encoder::new))
        {
            encoder.finish(&mut out);
        }
        self.write_all(&out)
    }

    /// Writes all of `bytes`, which have been scanned.
    pub(crate) fn write_all(&mut self, bytes: &[u8]) -> Result<(), Error> {
        // An empty write would look like a device that accepts nothing.
        if bytes.is_empty() {
            return Ok(());
        }
        self.write_slices(&mut [IoSlice::new(bytes)])
    }

    fn write_slices(&mut self, slices: &mut [IoSlice<'_>]) -> Result<(), Error> {
        let mut rest = slices;
        while !rest.is_empty() {
            match write_some(&mut self.output, rest) {
                Ok(n) => IoSlice::advance_slices(&mut rest, n),
                // The runtime ignores SIGPIPE, so a closed pipe is reported as this error.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    return Err(Error::Closed);
                }
                Err(source) => return Err(Error::Write { name: self.name.clone(), source }),
            }
        }
        Ok(())
    }
}

/// Writes at least one byte of `slices`, waiting if necessary.
fn write_some(output: &mut impl Output, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    loop {
        match output.write_vectored(slices) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => return Ok(n),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => output.wait()?,
            Err(error) => return Err(error),
        }
    }
}
