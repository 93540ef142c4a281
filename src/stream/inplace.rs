//! Rewriting a file in place, so that at every moment either all of the old file is there or all of the new one.
//!
//! The new content goes to a file beside the old one, gets its permissions, owner and times, is brought to the disk,
//! and is then renamed over it. Whatever fails before that leaves the old file as it was.

use std::ffi::OsStr;
use std::fs::{self, File, FileTimes, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Name};
use crate::stream::compressed::Format;
use crate::stream::sink::{FileOutput, Sink};
use crate::stream::source::{FileInput, Source};

/// A file that is being rewritten. Dropping it leaves the old file as it was.
#[derive(Debug)]
pub struct InPlace {
    name: Name,
    /// The file itself, not a link to it.
    target: PathBuf,
    /// What it was when it was opened.
    before: Metadata,
    beside: NamedTempFile,
    format: Option<Format>,
}

impl InPlace {
    /// Opens the regular file at `path`, and another beside it.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if it cannot be read, [`Error::InPlace`] if nothing can be written beside it.
    pub fn open(path: &Path) -> Result<(InPlace, Source<FileInput>), Error> {
        let name = Name::path(path);
        let source = Source::open(path)?;
        let begin = || {
            let target = fs::canonicalize(path)?;
            let before = fs::metadata(&target)?;
            if !before.is_file() {
                return Err(io::Error::other("it is no regular file"));
            }
            if before.permissions().readonly() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "read-only"));
            }
            let directory = target.parent().unwrap_or(Path::new("/"));
            let beside = tempfile::Builder::new()
                .prefix(".blackbar-")
                .suffix(".tmp")
                .tempfile_in(directory)?;
            Ok((target, before, beside))
        };
        let (target, before, beside) =
            begin().map_err(|source| Error::InPlace { name: name.clone(), source })?;
        let format = source.format();
        Ok((InPlace { name, target, before, beside, format }, source))
    }

    /// Where the new content goes, compressed as the old one is.
    ///
    /// # Errors
    ///
    /// [`Error::InPlace`] if the file cannot be used twice.
    pub fn sink(&self) -> Result<Sink<FileOutput>, Error> {
        let open = || Sink::to_file(self.name.clone(), self.beside.reopen()?, self.format);
        open().map_err(|source| self.failed(source))
    }

    /// Puts the new file in the old one's place. With `backup`, the old one stays under its name and that suffix.
    ///
    /// # Errors
    ///
    /// [`Error::InPlace`]; the old file is then as it was.
    pub fn commit(self, sink: Sink<FileOutput>, backup: Option<&OsStr>) -> Result<(), Error> {
        let name = self.name.clone();
        self.replace(sink, backup).map_err(|source| Error::InPlace { name, source })
    }

    fn replace(self, sink: Sink<FileOutput>, backup: Option<&OsStr>) -> io::Result<()> {
        // 1. All of it, as it should look, on the disk.
        let file = sink.finish()?;
        let before = &self.before;
        if fchown(&file, Some(before.uid()), Some(before.gid())).is_err() {
            // Only root may give files away; the group alone often works.
            let _ = fchown(&file, None, Some(before.gid()));
        }
        // After the owner, as changing that takes the set-user bits away.
        file.set_permissions(before.permissions())?;
        file.set_times(
            FileTimes::new().set_accessed(before.accessed()?).set_modified(before.modified()?),
        )?;
        file.sync_all()?;

        // 2. What was added to the old file in the meantime would be lost.
        let now = fs::metadata(&self.target)?;
        let is = |metadata: &Metadata| {
            (
                metadata.dev(),
                metadata.ino(),
                metadata.len(),
                metadata.mtime(),
                metadata.mtime_nsec(),
            )
        };
        if is(&now) != is(before) {
            return Err(io::Error::other("it was written to meanwhile; rotate it first"));
        }

        // 3. The backup is a second name of the old file, so there is no moment without it.
        if let Some(suffix) = backup {
            let mut backup = self.target.clone().into_os_string();
            backup.push(suffix);
            if let Err(error) = fs::hard_link(&self.target, &backup) {
                if error.kind() == io::ErrorKind::AlreadyExists {
                    return Err(io::Error::other(
                        "its backup is there already; choose another suffix",
                    ));
                }
                return Err(error);
            }
        }

        // 4. The name changes hands at once, and durably.
        self.beside.persist(&self.target).map_err(|failed| failed.error)?;
        if let Some(directory) = self.target.parent() {
            // Some file systems cannot; the file is whole either way.
            let _ = File::open(directory).and_then(|directory| directory.sync_all());
        }
        Ok(())
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::InPlace { name: self.name.clone(), source }
    }
}
