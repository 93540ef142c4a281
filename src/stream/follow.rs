//! A log that is followed as it grows, through rotation, as `tail -F` does.
//!
//! Rotation by rename: the old file is read on until nothing has come for a while after another took its name, since
//! the program that writes it has it open still. Rotation by truncation: the file is shorter than what was read of it,
//! and is read from its start again. Either ends a [`Source`]: nothing is carried from one file into the next.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, Name};
use crate::stream::control::Control;
use crate::stream::source::{Input, Source};
use crate::stream::sys::{self, FileId};

/// How often the end of the file is looked at again.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a file that lost its name has to be quiet before it is left.
const GRACE: Duration = Duration::from_secs(1);

/// A name whose file is followed, whichever file that is at the time.
#[derive(Debug)]
pub struct Follow {
    path: PathBuf,
}

impl Follow {
    /// Follows the file at `path`, which need not be there yet.
    pub fn new(path: &Path) -> Follow {
        Follow { path: path.to_owned() }
    }

    /// Waits for the file and opens it at its start. `missing` is called once if it is not there yet. There is none
    /// if `control` says to stop first.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if it is there and cannot be followed.
    pub fn open(
        &self,
        control: Option<&Control>,
        missing: &mut dyn FnMut(),
    ) -> Result<Option<Source<Followed>>, Error> {
        let name = Name::path(&self.path);
        let failed = |source| Error::Open { name: Name::path(&self.path), source };
        let mut told = false;
        let file = loop {
            match File::open(&self.path) {
                Ok(file) => break file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    if control.is_some_and(Control::is_stopping) {
                        return Ok(None);
                    }
                    if !std::mem::replace(&mut told, true) {
                        missing();
                    }
                    sys::sleep(PAUSE, None).map_err(failed)?;
                }
                Err(error) => return Err(failed(error)),
            }
        };
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        if !metadata.is_file() {
            return Err(failed(io::Error::other(
                "only a regular file can be followed; leave out --follow",
            )));
        }
        let id = FileId::of_regular(&metadata);
        let followed = Followed { file, path: self.path.clone(), id, read: 0, quiet: None };
        Ok(Some(Source { name, input: followed, id }))
    }
}

/// One file of a followed log. It ends when another takes its place; until then a read at its end gives
/// [`io::ErrorKind::WouldBlock`].
#[derive(Debug)]
pub struct Followed {
    file: File,
    path: PathBuf,
    id: Option<FileId>,
    /// Bytes read so far.
    read: u64,
    /// Since when another file has its name and nothing came.
    quiet: Option<Instant>,
}

impl Followed {
    /// Whether another file has the name now. If none has, the next may be long in coming.
    fn is_replaced(&self) -> bool {
        fs::metadata(&self.path)
            .is_ok_and(|metadata: Metadata| FileId::of_regular(&metadata) != self.id)
    }
}

impl Read for Followed {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        // 1. Asked before reading: what came between is then read, not taken for the end.
        let replaced = self.is_replaced();
        let n = self.file.read(buf)?;
        if n > 0 {
            self.read += n as u64;
            self.quiet = None;
            return Ok(n);
        }
        // 2. The end of the file, and of this source?
        if self.file.metadata()?.len() < self.read {
            return Ok(0);
        }
        if !replaced {
            self.quiet = None;
        } else if self.quiet.get_or_insert_with(Instant::now).elapsed() >= GRACE {
            return Ok(0);
        }
        Err(io::ErrorKind::WouldBlock.into())
    }
}

impl Input for Followed {
    fn ready(&mut self) -> bool {
        self.backlog() != Some(0)
    }

    /// For a while: only a read can tell whether this file has ended.
    fn wait(&mut self, woken: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        sys::sleep(PAUSE, woken)
    }

    fn backlog(&mut self) -> Option<u64> {
        let len = self.file.metadata().map_or(0, |metadata| metadata.len());
        Some(len.saturating_sub(self.read))
    }
}
