//! Inputs, with their names for messages.
//!
//! Input files are read, never mapped. A log that is truncated while it is read gives a shorter input and not a crash,
//! and exactly the bytes that were scanned are written.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use crate::error::{Error, Name};
use crate::open;
use crate::stream::compressed::Format;
use crate::stream::content::Accept;
use crate::stream::control::Control;
use crate::stream::directory::locate;
use crate::stream::file_input::FileInput;
use crate::stream::input::Input;
use crate::stream::sys::{self, FileId};
use crate::stream::text_input::TextInput;

/// How inputs are opened and read.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// Which content is accepted. Anything else is refused.
    pub accept: Accept,
    /// Whether zstd data may need a window above 8 MiB.
    pub long_window: bool,
    /// Can end the wait for another process to open a FIFO.
    pub control: Option<Control>,
}

/// An input with its name for messages.
#[derive(Debug)]
pub struct Source<I> {
    pub(crate) name: Name,
    pub(crate) input: TextInput<I>,
    pub(crate) id: Option<FileId>,
}

impl Source<FileInput> {
    /// Standard input.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if it cannot be duplicated.
    pub fn stdin(opening: &Opening) -> Result<Source<FileInput>, Error> {
        let open = || {
            let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
            Source::from_file(Name::stdin(), file, opening)
        };
        open().map_err(|source| Error::Open { name: Name::stdin(), source })
    }

    /// The file at `path`, which may be a pipe or a device. Opening a FIFO waits until there is something to read, or
    /// until a stop is requested; then the source has what was written by then, which may be nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if it cannot be opened for reading, or is a directory.
    pub fn open(path: &Path, opening: &Opening) -> Result<Source<FileInput>, Error> {
        let open = || {
            let file = open::nonblocking(OpenOptions::new().read(true), path)?;
            if file.metadata()?.file_type().is_fifo() {
                wait(&file, opening.control.as_ref())?;
            }
            sys::block(&file)?;
            Source::from_file(Name::path(path), file, opening)
        };
        open().map_err(|source| Error::Open { name: Name::path(path), source })
    }

    /// The regular file at `path`, which begins with `root`. No symbolic link below `root` is followed.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if it cannot be opened for reading, or is no longer a regular file.
    pub fn open_below(
        root: &Path,
        path: &Path,
        opening: &Opening,
    ) -> Result<Source<FileInput>, Error> {
        let name = Name::path(path);
        let open = || Source::from_file(name.clone(), locate(Some(root), path)?.file, opening);
        open().map_err(|source| Error::Open { name: name.clone(), source })
    }

    /// A file that is open already, or the reading end of a pipe, whose buffer is enlarged. Nothing is read yet.
    ///
    /// # Errors
    ///
    /// If it is a directory, or its type cannot be determined.
    pub fn from_file(name: Name, file: File, opening: &Opening) -> io::Result<Source<FileInput>> {
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        sys::widen_pipe(&file);
        let id = FileId::of_regular(&metadata);
        let input = match opening.accept {
            Accept::Bytes => FileInput::unchanged(file, metadata.is_file()),
            _ => FileInput::new(file, metadata.is_file(), opening.long_window),
        };
        Ok(Source::text(name, input, id, opening.accept))
    }

    /// Another handle of the same open file. It shares the position, so it shows how far reading has got.
    ///
    /// # Errors
    ///
    /// If the process has no descriptors left.
    pub fn handle(&self) -> io::Result<File> {
        self.input.input().file().try_clone()
    }

    /// Reads its first bytes, at most `most`, and waits for them.
    ///
    /// # Errors
    ///
    /// [`Error::NotText`], or [`Error::Open`] if it cannot be read.
    pub fn read_start(&mut self, most: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        loop {
            let room = most - bytes.len() as u64;
            match (&mut self.input).take(room).read_to_end(&mut bytes) {
                Ok(_) => return Ok(bytes),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let name = &self.name;
                    let failed = |source| Error::Open { name: name.clone(), source };
                    self.input.wait(None).map_err(failed)?;
                }
                Err(error) => {
                    return Err(match Error::read(self.name.clone(), error) {
                        Error::Read { name, source } => Error::Open { name, source },
                        error => error,
                    });
                }
            }
        }
    }

    /// How a regular file is compressed, if it is. Reads return decompressed bytes.
    pub fn format(&self) -> Option<Format> {
        self.input.input().format()
    }
}

/// Waits until the FIFO `file` can be read, or `control` asks to stop.
///
/// Waiting for a writer alone is not enough: without one, a read would report the end.
fn wait(file: &File, control: Option<&Control>) -> io::Result<()> {
    while !control.is_some_and(Control::is_stopping) {
        if sys::wait_readable(file, control.map(Control::woken))? {
            break;
        }
        if let Some(control) = control {
            control.drain();
        }
    }
    Ok(())
}

impl<I: Input> Source<I> {
    /// Any other input. Its bytes are read unchanged.
    pub fn new(name: Name, input: I) -> Source<I> {
        Source::text(name, input, None, Accept::Bytes)
    }

    /// An input that is read as text.
    pub(crate) fn text(name: Name, input: I, id: Option<FileId>, accept: Accept) -> Source<I> {
        Source { name, input: TextInput::new(input, accept), id }
    }

    /// Its name for messages.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The identity of the file, if it is a regular one.
    pub fn id(&self) -> Option<FileId> {
        self.id
    }
}
