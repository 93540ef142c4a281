//! Rewrites a file in place, so that at any time either the old file or the new one is complete.
//!
//! The new content is written to another file in the same directory, which gets all attributes of the old one: owner,
//! permissions, extended attributes, times. It is written to disk and then renamed to the old name. If anything fails
//! before that, the old file is unchanged.
//!
//! Another user may own the directory, and rename and replace files while a privileged user works in it. So the path is
//! resolved once, everything known about the file comes from its open descriptor, and names refer to the directory that
//! was opened then. A rename in that directory can replace only files in it.

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
    /// Keep the old file, with this suffix added to its name.
    pub backup: Option<OsString>,
    /// Replace one name of a file with hard links. Its other names keep the old content.
    pub break_hard_links: bool,
}

/// A file that may be rewritten. Dropping it leaves the file unchanged.
///
/// Nothing is created or changed before [`sink`](InPlace::sink) is called.
#[derive(Debug)]
pub struct InPlace {
    message_name: Name,
    directory: Directory,
    name: OsString,
    /// The old file.
    file: File,
    /// Its metadata when it was opened.
    before: Metadata,
    id: FileId,
    format: Option<Format>,
}

impl InPlace {
    /// Opens the regular file at `path`. Below `root`, a part of `path`, no symbolic link is followed. Elsewhere a
    /// symbolic link of another user is followed only to files of that user.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if it cannot be opened, [`Error::InPlace`] if it cannot be rewritten.
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

    /// The identity of the file.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// Creates the new file. The sink compresses it if the old one is compressed.
    ///
    /// # Errors
    ///
    /// [`Error::InPlace`] if no file can be created in its directory.
    pub fn sink(&self) -> Result<(NewFile<'_>, Sink<FileOutput>), Error> {
        let create = || {
            let new = NewFile::create(&self.directory)?;
            let sink =
                Sink::to_file(self.message_name.clone(), new.file.try_clone()?, self.format)?;
            Ok((new, sink))
        };
        create().map_err(|source| self.failed(source))
    }

    /// Replaces the old file with the new one. All of the content has to be written to `sink`.
    ///
    /// # Errors
    ///
    /// [`Error::InPlace`]; the old file is then unchanged.
    pub fn commit(
        &self,
        new: NewFile<'_>,
        sink: Sink<FileOutput>,
        how: &Replacing,
    ) -> Result<(), Error> {
        self.replace(new, sink, how).map_err(|source| self.failed(source))
    }

    /// Checks in advance whether a file with secrets in it could be replaced.
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
        // 1. The other names would keep the secrets, and programs that read through them would not see later writes.
        self.check_names(how)?;

        // 2. Write the complete file to disk.
        let file = sink.finish()?;
        attributes::copy(&self.file, &file)?;
        file.sync_all()?;
        new.give_name()?;

        // 3. Anything that was appended to the old file in the meantime would be lost.
        if !self.is_unchanged()? {
            return Err(io::Error::other("it was written to in the meantime; rotate it first"));
        }

        // 4. The backup is a second name of the old file, so the old file always has a name.
        let backup = how.backup.as_deref().map(|suffix| self.link_backup(suffix)).transpose()?;

        // 5. Rename the new file over the old one, and make that durable.
        if let Err(error) = new.rename(&self.name) {
            if let Some(backup) = backup {
                let _ = self.directory.remove(&backup);
            }
            return Err(error);
        }
        // Some file systems cannot do that. The file is complete either way.
        let _ = self.directory.sync();
        Ok(())
    }

    /// Whether the name still refers to the old file, and the file has not been modified.
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
                io::Error::other("its backup exists already; choose another suffix")
            }
            _ => error,
        })?;
        if !self.directory.has(&backup, self.id) {
            // By then the name referred to another file.
            let _ = self.directory.remove(&backup);
            return Err(io::Error::other("it was replaced by another file in the meantime"));
        }
        Ok(backup)
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::InPlace { name: self.message_name.clone(), source }
    }
}

/// A file that will replace another. If it does not, it is removed.
#[derive(Debug)]
pub struct NewFile<'a> {
    directory: &'a Directory,
    file: File,
    /// Its temporary name, if it has one.
    name: Option<OsString>,
}

impl NewFile<'_> {
    /// Creates the file without a name where that is possible, so that nothing is left of it even if the process is
    /// killed.
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

    /// For file systems that do not support files without a name.
    #[test]
    fn a_temporary_file_is_removed_unless_it_is_renamed() {
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
        // Another process in the directory removes its temporary name.
        new.give_name().unwrap();
        fs::remove_file(dir.path().join(new.name.as_ref().unwrap())).unwrap();
        let how = Replacing { backup: Some(".orig".into()), ..Replacing::default() };
        assert!(file.commit(new, sink, &how).is_err());
        assert_eq!(names(dir.path()), ["a.log"]);
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    /// Even if the path leads elsewhere by then, names change in the directory that was opened.
    #[test]
    fn a_path_that_changes_meanwhile_affects_no_other_directory() {
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
