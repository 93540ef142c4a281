//! Rewriting a file in place, so that at every moment either all of the old file is there or all of the new one.
//!
//! The new content goes to another file in the same directory, which gets all that the old one has: owner, permissions,
//! extended attributes, times. It is brought to the disk, and then takes the old one's name. Whatever fails before that
//! leaves the old file as it was.
//!
//! The directory may belong to someone else, who renames and exchanges files while a privileged user works on it. So the
//! path is resolved once; what is known of the file comes from its open descriptor; and names are those of the directory
//! that was opened then. A rename in it can replace only what is in it.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::error::{Error, Name};
use crate::stream::attributes;
use crate::stream::compressed::Format;
use crate::stream::directory::{Directory, Located, locate};
use crate::stream::file_input::FileInput;
use crate::stream::sink::{FileOutput, Sink};
use crate::stream::source::{Opening, Source};
use crate::stream::sys::FileId;

/// How a file is replaced.
#[derive(Clone, Debug, Default)]
pub struct Replacing {
    /// Keep the old file, under its name and this suffix.
    pub backup: Option<OsString>,
    /// Replace one name of a file that has others; they keep the old content.
    pub break_hard_links: bool,
}

/// A file that may be rewritten. Dropping it leaves it as it was.
///
/// Nothing is created or changed before [`sink`](InPlace::sink): without that, it is a file that is read.
#[derive(Debug)]
pub struct InPlace {
    message_name: Name,
    directory: Directory,
    name: OsString,
    /// The old file.
    file: File,
    /// What it was when it was opened.
    before: Metadata,
    id: FileId,
    format: Option<Format>,
}

impl InPlace {
    /// Opens the regular file at `path`. Below `root`, a part of `path`, no symbolic link is followed; elsewhere, one of
    /// another user only to that user's files.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if it cannot be opened, [`Error::InPlace`] if it is not to be rewritten.
    pub fn open(
        root: Option<&Path>,
        path: &Path,
        opening: &Opening,
    ) -> Result<(InPlace, Source<FileInput>), Error> {
        let message_name = Name::path(path);
        let Located { directory, name, file } = locate(root, path).map_err(|source| {
            let name = message_name.clone();
            match source.kind() {
                io::ErrorKind::Other => Error::InPlace { name, source },
                _ => Error::Open { name, source },
            }
        })?;
        let begin = || {
            let before = file.metadata()?;
            let id = FileId::of_regular(&before).ok_or(io::ErrorKind::InvalidInput)?;
            if before.permissions().readonly() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "read-only"));
            }
            let source = Source::from_file(message_name.clone(), file.try_clone()?, opening)?;
            Ok((before, id, source))
        };
        let (before, id, source) =
            begin().map_err(|source| Error::InPlace { name: message_name.clone(), source })?;
        let format = source.format();
        Ok((InPlace { message_name, directory, name, file, before, id, format }, source))
    }

    /// Which file it is.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// Creates the new file. What is written to the sink is compressed as the old one is.
    ///
    /// # Errors
    ///
    /// [`Error::InPlace`] if nothing can be created in its directory.
    pub fn sink(&self) -> Result<(NewFile<'_>, Sink<FileOutput>), Error> {
        let create = || {
            let new = NewFile::create(&self.directory)?;
            let sink =
                Sink::to_file(self.message_name.clone(), new.file.try_clone()?, self.format)?;
            Ok((new, sink))
        };
        create().map_err(|source| self.failed(source))
    }

    /// Puts the new file, all of which was written to `sink`, in the old one's place.
    ///
    /// # Errors
    ///
    /// [`Error::InPlace`]; the old file is then as it was.
    pub fn commit(
        &self,
        new: NewFile<'_>,
        sink: Sink<FileOutput>,
        how: &Replacing,
    ) -> Result<(), Error> {
        self.replace(new, sink, how).map_err(|source| self.failed(source))
    }

    /// Whether a file with secrets in it would be replaced, as far as can be told before it is.
    ///
    /// # Errors
    ///
    /// [`Error::InPlace`] if it has other names that would keep the secrets.
    pub fn check(&self, how: &Replacing) -> Result<(), Error> {
        self.check_names(how).map_err(|source| self.failed(source))
    }

    fn check_names(&self, how: &Replacing) -> io::Result<()> {
        let names = self.file.metadata()?.nlink();
        if names > 1 && !how.break_hard_links {
            return Err(io::Error::other(format!(
                "it has {names} names (hard links), and the others would keep the secrets; \
                 remove them, or let --break-hard-links leave them as they are"
            )));
        }
        Ok(())
    }

    fn replace(
        &self,
        mut new: NewFile<'_>,
        sink: Sink<FileOutput>,
        how: &Replacing,
    ) -> io::Result<()> {
        // 1. The other names would keep the secrets, and whoever reads them what is written later.
        self.check_names(how)?;

        // 2. All of it, as it should be, on the disk.
        let file = sink.finish()?;
        attributes::copy(&self.file, &file)?;
        file.sync_all()?;
        new.give_name()?;

        // 3. What was added to the old file in the meantime would be lost.
        if !self.is_unchanged()? {
            return Err(io::Error::other("it was written to meanwhile; rotate it first"));
        }

        // 4. The backup is a second name of the old file, so there is no moment without it.
        let backup = how.backup.as_deref().map(|suffix| self.link_backup(suffix)).transpose()?;

        // 5. The name changes hands at once, and durably.
        if let Err(error) = new.rename(&self.name) {
            if let Some(backup) = backup {
                let _ = self.directory.remove(&backup);
            }
            return Err(error);
        }
        // Some file systems cannot; the file is whole either way.
        let _ = self.directory.sync();
        Ok(())
    }

    /// Whether the name still is the old file's, and nobody has changed that.
    fn is_unchanged(&self) -> io::Result<bool> {
        let state = |metadata: &Metadata| {
            let changed = (metadata.ctime(), metadata.ctime_nsec());
            (metadata.len(), metadata.mtime(), metadata.mtime_nsec(), changed)
        };
        Ok(self.directory.has(&self.name, self.id)
            && state(&self.file.metadata()?) == state(&self.before))
    }

    fn link_backup(&self, suffix: &OsStr) -> io::Result<OsString> {
        let mut backup = self.name.clone();
        backup.push(suffix);
        self.directory.link(&self.name, &backup).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                io::Error::other("its backup is there already; choose another suffix")
            }
            _ => error,
        })?;
        if !self.directory.has(&backup, self.id) {
            // The name was another file's by then.
            let _ = self.directory.remove(&backup);
            return Err(io::Error::other("it was exchanged for another file meanwhile"));
        }
        Ok(backup)
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::InPlace { name: self.message_name.clone(), source }
    }
}

/// A file that is to take another's name. If it does not, nothing of it is left.
#[derive(Debug)]
pub struct NewFile<'a> {
    directory: &'a Directory,
    file: File,
    /// Its name until then, if it has one.
    name: Option<OsString>,
}

impl NewFile<'_> {
    /// Without a name where that can be had, so that nothing is left of it even if the process is killed.
    fn create(directory: &Directory) -> io::Result<NewFile<'_>> {
        match directory.create_nameless() {
            Ok(file) => Ok(NewFile { directory, file, name: None }),
            Err(_) => NewFile::create_named(directory),
        }
    }

    fn create_named(directory: &Directory) -> io::Result<NewFile<'_>> {
        let (file, name) = directory.create_named()?;
        Ok(NewFile { directory, file, name: Some(name) })
    }

    fn give_name(&mut self) -> io::Result<()> {
        if self.name.is_none() {
            self.name = Some(self.directory.name(&self.file)?);
        }
        Ok(())
    }

    fn rename(&mut self, to: &OsStr) -> io::Result<()> {
        if let Some(name) = &self.name {
            self.directory.rename(name, to)?;
            self.name = None;
        }
        Ok(())
    }
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            let _ = self.directory.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(directory: &Path) -> Vec<OsString> {
        let mut names: Vec<OsString> =
            fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    /// Where a file system has no files without a name.
    #[test]
    fn a_file_that_needs_a_name_from_the_start_is_removed_unless_it_is_renamed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.log");
        fs::write(&path, "old").unwrap();
        let Located { directory, name, .. } = locate(None, &path).unwrap();
        let new = NewFile::create_named(&directory).unwrap();
        assert_eq!(names(dir.path()).len(), 2);
        drop(new);
        assert_eq!(names(dir.path()), ["a.log"]);

        let mut new = NewFile::create_named(&directory).unwrap();
        io::Write::write_all(&mut new.file, b"new").unwrap();
        new.give_name().unwrap();
        new.rename(&name).unwrap();
        drop(new);
        assert_eq!(names(dir.path()), ["a.log"]);
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_rename_that_fails_leaves_no_backup() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.log");
        fs::write(&path, "old").unwrap();
        let (file, _) = InPlace::open(None, &path, &Opening::default()).unwrap();
        let (mut new, sink) = file.sink().unwrap();
        // Someone in the directory removes the name that it has for a moment.
        new.give_name().unwrap();
        fs::remove_file(dir.path().join(new.name.as_ref().unwrap())).unwrap();
        let how = Replacing { backup: Some(".orig".into()), ..Replacing::default() };
        assert!(file.commit(new, sink, &how).is_err());
        assert_eq!(names(dir.path()), ["a.log"]);
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    /// Wherever the path leads by then, it is the directory that was opened in which names change.
    #[test]
    fn a_path_that_leads_elsewhere_meanwhile_changes_nothing_there() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["d", "victim"] {
            fs::create_dir(dir.path().join(name)).unwrap();
            fs::write(dir.path().join(name).join("a.log"), name).unwrap();
        }
        let path = dir.path().join("d/a.log");
        let (file, _) = InPlace::open(None, &path, &Opening::default()).unwrap();
        fs::rename(dir.path().join("d"), dir.path().join("moved")).unwrap();
        std::os::unix::fs::symlink("victim", dir.path().join("d")).unwrap();
        let (new, sink) = file.sink().unwrap();
        file.commit(new, sink, &Replacing::default()).unwrap();
        assert_eq!(fs::read(dir.path().join("victim/a.log")).unwrap(), b"victim");
        assert_eq!(fs::read(dir.path().join("moved/a.log")).unwrap(), b"");
    }
}
