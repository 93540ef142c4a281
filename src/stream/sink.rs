//! The output: whole pieces to `writev`, written at once.
//!
//! Nothing is buffered here, so there is nothing to flush: when a write returns, the bytes have left.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, IoSlice, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::time::Duration;

use crate::error::{Error, Name};
use crate::open;
use crate::redact::sheet::Pieces;
use crate::stream::compressed::{Encoder, Format};
use crate::stream::control::Control;
use crate::stream::source::Source;
use crate::stream::sys::{self, FileId};
use crate::stream::utf16::{self, ByteOrder};

/// How opening a FIFO that nobody reads fails.
const NO_READER: i32 = rustix::io::Errno::NXIO.raw_os_error();

/// How often it is tried again: no system tells when a reader has come.
const PAUSE: Duration = Duration::from_millis(20);

/// Something to write to.
pub trait Output: Write {
    /// Waits until a write that gave [`io::ErrorKind::WouldBlock`] can go on.
    ///
    /// # Errors
    ///
    /// If there is no telling, which ends the run.
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
/// Standard output is used through a descriptor of its own rather than `io::stdout`, whose line buffer would search
/// every byte for a newline and break up the pieces.
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

/// An output with the name that messages call it by.
#[derive(Debug)]
pub struct Sink<O> {
    name: Name,
    output: O,
    id: Option<FileId>,
    created: bool,
    /// What makes UTF-16 of what is written.
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

    /// The file at `path`, created if it is missing and emptied if it is not, and compressed if its name ends in `.gz`
    /// or `.zst`.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if it cannot be opened for writing. The file is then as it was.
    pub fn create(path: &Path) -> Result<Sink<FileOutput>, Error> {
        Sink::create_if(path, None, |_| Ok(()))
    }

    /// As [`create`](Sink::create), if `check` says so of the file that was opened. If it does not, the file is as it was.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if it cannot be opened for writing; that of `check`; [`Error::Stopped`] if it is a FIFO that nobody
    /// had opened for reading when `control` said to stop.
    pub fn create_if(
        path: &Path,
        control: Option<&Control>,
        check: impl FnOnce(&Metadata) -> Result<(), Error>,
    ) -> Result<Sink<FileOutput>, Error> {
        let failed = |source| Error::Write { name: Name::path(path), source };
        let open = || {
            // Appending, so that whoever truncates it while it is written leaves no hole in it.
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

    /// The open and empty file `file`, to be compressed if there is a `format`.
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
    /// An empty file is no trouble yet: it ends before anything of it is written.
    pub fn feeds<I>(&self, source: &Source<I>) -> bool {
        let grown = || self.output.0.file().metadata().is_ok_and(|metadata| metadata.len() > 0);
        self.is_file(source) && grown()
    }

    /// Ends the output.
    ///
    /// A file that was created here is brought to the disk first. Some file systems (a network's, a quota's) find out
    /// only then that there is no room, and whoever deletes the original next should be told before.
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

    /// Ends the output, and leaves the rest to the caller.
    pub(crate) fn finish(self) -> io::Result<File> {
        self.output.0.finish()
    }
}

/// Opens the file at `path`, when it is no FIFO or somebody reads it. There is none if `control` says to stop first.
fn open_with_reader(
    options: &OpenOptions,
    path: &Path,
    control: Option<&Control>,
) -> io::Result<Option<File>> {
    loop {
        let error = match open::at_once(options, path) {
            Ok(file) => return Ok(Some(file)),
            Err(error) => error,
        };
        // A socket is no file to be written either, and never will be.
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
            control.hear();
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
    /// [`Error::Closed`] if nobody reads the output any more, [`Error::Write`] for anything else. An unknown part of
    /// `pieces` has then been written.
    pub fn write(&mut self, pieces: &Pieces) -> Result<(), Error> {
        let Some(encoder) = &mut self.utf16 else {
            return self.write_slices(&mut pieces.slices());
        };
        let mut out = Vec::new();
        pieces.slices().iter().for_each(|slice| encoder.encode(slice, &mut out));
        self.write_all(&out)
    }

    /// From now on, writes UTF-16 of this byte order, or else the bytes as they are.
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

    /// Writes all of `bytes`, which were judged.
    pub(crate) fn write_all(&mut self, bytes: &[u8]) -> Result<(), Error> {
        // Which a write could not tell from a device that takes nothing.
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
                // The runtime ignores SIGPIPE, so a closed pipe shows as this.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    return Err(Error::Closed);
                }
                Err(source) => return Err(Error::Write { name: self.name.clone(), source }),
            }
        }
        Ok(())
    }
}

/// Writes at least a byte of `slices`, waiting if it has to.
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
