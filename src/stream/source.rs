//! Inputs, with the names that messages call them by.
//!
//! Input files are read, never mapped: a log that is truncated while it is read gives a shorter input, not a crash,
//! and what was scanned is what is written.

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
use crate::stream::text::Text;

/// How inputs are opened and read.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// What is read as a log. Anything else is refused.
    pub accept: Accept,
    /// Whether zstd data may need more memory than 8 MiB.
    pub long_window: bool,
    /// What ends the wait for another process to open a FIFO.
    pub control: Option<Control>,
}

/// An input with the name that messages call it by.
#[derive(Debug)]
pub struct Source<I> {
    pub(crate) name: Name,
    pub(crate) input: Text<I>,
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

    /// The file at `path`, which may be a pipe or a device. A FIFO is waited for until there is something to read, or the
    /// run is told to stop: then it has what came by then, which may be nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if it cannot be opened for reading, or is a directory.
    pub fn open(path: &Path, opening: &Opening) -> Result<Source<FileInput>, Error> {
        let open = || {
            let file = open::at_once(OpenOptions::new().read(true), path)?;
            if file.metadata()?.file_type().is_fifo() {
                wait(&file, opening.control.as_ref())?;
            }
            sys::block(&file)?;
            Source::from_file(Name::path(path), file, opening)
        };
        open().map_err(|source| Error::Open { name: Name::path(path), source })
    }

    /// The regular file at `path`, which begins with `root`. Below that no symbolic link is followed.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if it cannot be opened for reading, or is another kind of file by now.
    pub fn open_below(
        root: &Path,
        path: &Path,
        opening: &Opening,
    ) -> Result<Source<FileInput>, Error> {
        let name = Name::path(path);
        let open = || Source::from_file(name.clone(), locate(Some(root), path)?.file, opening);
        open().map_err(|source| Error::Open { name: name.clone(), source })
    }

    /// A file that is open already, or the reading end of a pipe, which is asked to have a larger buffer. Nothing is
    /// read yet.
    ///
    /// # Errors
    ///
    /// If it is a directory, or there is no telling what it is.
    pub fn from_file(name: Name, file: File, opening: &Opening) -> io::Result<Source<FileInput>> {
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        sys::widen_pipe(&file);
        let id = FileId::of_regular(&metadata);
        let input = FileInput::new(file, metadata.is_file(), opening.long_window);
        Ok(Source::text(name, input, id, opening.accept))
    }

    /// Another handle of the same open file, with the same position: it tells how far reading has got.
    ///
    /// # Errors
    ///
    /// If the system has no descriptor left.
    pub fn handle(&self) -> io::Result<File> {
        self.input.input().file().try_clone()
    }

    /// Reads its first bytes, at most `most`. It waits for them.
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

    /// How a regular file is compressed, if it is. What is read is what it holds.
    pub fn format(&self) -> Option<Format> {
        self.input.input().format()
    }
}

/// Waits until the FIFO `file` can be read, or `control` says to stop.
///
/// That is more than until somebody opens it for writing, and the same to the reader. If nobody has, a read would say that
/// the end was reached.
fn wait(file: &File, control: Option<&Control>) -> io::Result<()> {
    while !control.is_some_and(Control::is_stopping) {
        if sys::wait_readable(file, control.map(Control::woken))? {
            break;
        }
        if let Some(control) = control {
            control.hear();
        }
    }
    Ok(())
}

impl<I: Input> Source<I> {
    /// Any other input, whose bytes are read as they are.
    pub fn new(name: Name, input: I) -> Source<I> {
        Source::text(name, input, None, Accept::Bytes)
    }

    /// An input that is read as the text that it is.
    pub(crate) fn text(name: Name, input: I, id: Option<FileId>, accept: Accept) -> Source<I> {
        Source { name, input: Text::new(input, accept), id }
    }

    /// The name that messages call it by.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Which file it is, if it is a regular one.
    pub fn id(&self) -> Option<FileId> {
        self.id
    }
}
