//! A directory by its descriptor, and operations on the names in it.
//!
//! A path can lead elsewhere from one system call to the next, if another user may rename a component of it. So a path
//! is resolved once, by [`locate`]. From then on the directory is a descriptor, and a name is a single component in it.

use std::ffi::{CStr, OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use rustix::io::Errno;

use crate::stream::sys::FileId;

/// The most symbolic links in one path, as in Linux.
const LINKS_MAX: u32 = 40;

/// The type of the file system `/proc`: PROC_SUPER_MAGIC.
#[cfg(target_os = "linux")]
const PROC: rustix::fs::FsWord = 0x9fa0;

/// An open file, the directory it is in and its name there.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) directory: Directory,
    pub(crate) name: OsString,
    /// A regular file, open for reading.
    pub(crate) file: File,
}

/// Opens the regular file at `path`.
///
/// Below `root`, a part of `path`, no symbolic link is followed. Elsewhere, a symbolic link of another user is followed
/// only to files of that user. Otherwise someone who may write to a directory in the path could choose which file a
/// privileged user works on.
///
/// # Errors
///
/// The system's error; of kind [`io::ErrorKind::Other`] if it is not a regular file, or is behind a link that is not
/// followed.
pub(crate) fn locate(root: Option<&Path>, path: &Path) -> io::Result<Located> {
    if path.as_os_str().is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let mut steps = Steps::new(root, path);
    let mut directory = Directory::open(".")?;
    let mut links = 0;
    let mut foreign = Vec::new();
    let mut magic = None;
    while let Some(Step { name, may_be_link }) = steps.next() {
        if name == "/" {
            directory = Directory::open("/")?;
            continue;
        }
        match directory.examine(&name)? {
            Found::Link { owner, target } => {
                links += 1;
                if !may_be_link {
                    return Err(io::Error::other("it is behind a symbolic link"));
                }
                if links > LINKS_MAX {
                    return Err(Errno::LOOP.into());
                }
                if owner != 0 && owner != rustix::process::geteuid().as_raw() {
                    foreign.push(owner);
                }
                // The text of such a link may be a path in the file system of another process.
                match directory.has_magic_links().then(|| directory.follow(&name)).transpose()? {
                    Some(handle) if handle.metadata()?.is_dir() => directory = Directory(handle),
                    followed => {
                        magic = followed;
                        steps.enter(Path::new(&target));
                    }
                }
            }
            Found::Other(handle) if steps.is_done() => {
                let file = directory.open_regular(&name, &handle)?;
                let metadata = file.metadata()?;
                if let Some(magic) = magic
                    && FileId::of_regular(&magic.metadata()?) != FileId::of_regular(&metadata)
                {
                    return Err(io::Error::other("it is in the file system of another process"));
                }
                let owner = metadata.uid();
                if foreign.iter().any(|link_owner| *link_owner != owner) {
                    return Err(io::Error::other(
                        "it is behind a symbolic link of another user, who does not own it",
                    ));
                }
                return Ok(Located { directory, name, file });
            }
            Found::Other(handle) => directory = Directory(handle),
        }
    }
    // The path ends with a directory: `/`, or `..`.
    Err(io::ErrorKind::IsADirectory.into())
}

/// A component of a path that is still to be resolved.
struct Step {
    name: OsString,
    may_be_link: bool,
}

/// The components of a path, with the next one last.
struct Steps(Vec<Step>);

impl Steps {
    fn new(root: Option<&Path>, path: &Path) -> Steps {
        let mut steps = Steps(Vec::new());
        match root.and_then(|root| Some((root, path.strip_prefix(root).ok()?))) {
            Some((root, below)) => {
                steps.push(below, false);
                steps.push(root, true);
            }
            // If `path` does not begin with `root`, every component counts as below it.
            None => steps.push(path, root.is_none()),
        }
        steps
    }

    /// Continues with the target of a link.
    fn enter(&mut self, target: &Path) {
        self.push(target, true);
    }

    fn push(&mut self, path: &Path, may_be_link: bool) {
        let names = path.components().rev().filter(|part| *part != Component::CurDir);
        self.0.extend(names.map(|part| Step { name: part.as_os_str().to_owned(), may_be_link }));
    }

    fn next(&mut self) -> Option<Step> {
        self.0.pop()
    }

    fn is_done(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a name refers to.
enum Found {
    /// A symbolic link.
    Link { owner: u32, target: OsString },
    /// Anything else. It is kept open, so that a file that takes its name later can be distinguished from it.
    Other(File),
}

/// An open directory.
#[derive(Debug)]
pub(crate) struct Directory(File);

impl Directory {
    /// The root directory or the current one.
    fn open(path: &str) -> io::Result<Directory> {
        #[cfg(target_os = "linux")]
        let access = OFlags::PATH;
        #[cfg(not(target_os = "linux"))]
        let access = OFlags::RDONLY;
        let flags = access | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Directory(File::from(rustix::fs::openat(CWD, path, flags, Mode::empty())?)))
    }

    /// Whether the kernel resolves its links by other means than their text, as in `/proc`.
    #[cfg(target_os = "linux")]
    fn has_magic_links(&self) -> bool {
        rustix::fs::fstatfs(&self.0).is_ok_and(|system| system.f_type == PROC)
    }

    /// Whether the kernel resolves its links by other means than their text.
    #[cfg(not(target_os = "linux"))]
    fn has_magic_links(&self) -> bool {
        false
    }

    /// The target of the link `name`.
    fn follow(&self, name: &OsStr) -> io::Result<File> {
        #[cfg(target_os = "linux")]
        let access = OFlags::PATH;
        #[cfg(not(target_os = "linux"))]
        let access = OFlags::RDONLY | OFlags::NONBLOCK;
        let flags = access | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::openat(&self.0, name, flags, Mode::empty())?))
    }

    /// What `name` refers to. Nothing is opened for reading, because that could wait or have side effects.
    #[cfg(target_os = "linux")]
    fn examine(&self, name: &OsStr) -> io::Result<Found> {
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = File::from(rustix::fs::openat(&self.0, name, flags, Mode::empty())?);
        let metadata = handle.metadata()?;
        if !metadata.is_symlink() {
            return Ok(Found::Other(handle));
        }
        // Read the link by its descriptor, so that owner and target belong together.
        let target = rustix::fs::readlinkat(&handle, c"", Vec::new())?;
        Ok(Found::Link { owner: metadata.uid(), target: owned(&target) })
    }

    /// What `name` refers to.
    #[cfg(not(target_os = "linux"))]
    fn examine(&self, name: &OsStr) -> io::Result<Found> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        match rustix::fs::openat(&self.0, name, flags, Mode::empty()) {
            Ok(handle) => Ok(Found::Other(File::from(handle))),
            Err(Errno::LOOP) => {
                let target = rustix::fs::readlinkat(&self.0, name, Vec::new())?;
                let owner = rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?.st_uid;
                Ok(Found::Link { owner, target: owned(&target) })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the file called `name` for reading, if it is the one behind `handle`.
    fn open_regular(&self, name: &OsStr, handle: &File) -> io::Result<File> {
        let metadata = handle.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let Some(id) = FileId::of_regular(&metadata) else {
            return Err(io::Error::other("it is not a regular file"));
        };
        // If it was replaced by a FIFO in the meantime, opening it must not wait for a writer.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::openat(&self.0, name, flags, Mode::empty())?);
        if FileId::of_regular(&file.metadata()?) != Some(id) {
            return Err(io::Error::other("it was replaced by another file in the meantime"));
        }
        Ok(file)
    }

    /// Whether `name` is the regular file `id` itself, not a link to it.
    pub(crate) fn has(&self, name: &OsStr, id: FileId) -> bool {
        match self.examine(name) {
            Ok(Found::Other(handle)) => {
                handle.metadata().is_ok_and(|metadata| FileId::of_regular(&metadata) == Some(id))
            }
            _ => false,
        }
    }

    /// Creates an empty file without a name, which only the owner can read and write. Nothing of it is left when the
    /// process ends.
    ///
    /// # Errors
    ///
    /// If the system or the file system does not support it, among others.
    pub(crate) fn create_nameless(&self) -> io::Result<File> {
        #[cfg(target_os = "linux")]
        {
            // Without /proc it could not be given a name later.
            if !Path::new("/proc/self/fd").is_dir() {
                return Err(io::ErrorKind::Unsupported.into());
            }
            let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
            let file = rustix::fs::openat(&self.0, c".", flags, Mode::RUSR | Mode::WUSR)?;
            Ok(File::from(file))
        }
        #[cfg(not(target_os = "linux"))]
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Creates such a file under a new name.
    pub(crate) fn create_named(&self) -> io::Result<(File, OsString)> {
        let flags =
            OFlags::CREATE | OFlags::EXCL | OFlags::RDWR | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        with_new_name(|name| {
            let file = rustix::fs::openat(&self.0, name, flags, Mode::RUSR | Mode::WUSR)?;
            Ok(File::from(file))
        })
    }

    /// Gives a new name to a file that was created without one.
    pub(crate) fn name(&self, file: &File) -> io::Result<OsString> {
        let open = format!("/proc/self/fd/{}", file.as_raw_fd());
        let ((), name) = with_new_name(|name| {
            rustix::fs::linkat(CWD, &open, &self.0, name, AtFlags::SYMLINK_FOLLOW)
        })?;
        Ok(name)
    }

    /// Adds the name `other`, which must be new, to the file called `name`.
    pub(crate) fn link(&self, name: &OsStr, other: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::linkat(&self.0, name, &self.0, other, AtFlags::empty())?)
    }

    /// Renames `from` to `to`, replacing an existing file.
    pub(crate) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.0, from, &self.0, to)?)
    }

    /// Removes the name of a file.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Writes the directory to disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let readable = rustix::fs::openat(&self.0, c".", flags, Mode::empty())?;
        Ok(rustix::fs::fsync(readable)?)
    }
}

/// Whether the kernel resolves the links in the directory at `path` by other means than their text.
#[cfg(target_os = "linux")]
pub(crate) fn has_magic_links(path: &Path) -> bool {
    rustix::fs::statfs(path).is_ok_and(|system| system.f_type == PROC)
}

/// Whether the kernel resolves the links in the directory at `path` by other means than their text.
#[cfg(not(target_os = "linux"))]
pub(crate) fn has_magic_links(_: &Path) -> bool {
    false
}

/// Calls `make` with names until one is new.
fn with_new_name<T>(
    mut make: impl FnMut(&OsStr) -> rustix::io::Result<T>,
) -> io::Result<(T, OsString)> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    loop {
        let count = COUNT.fetch_add(1, Relaxed);
        let name = OsString::from(format!(".blackbar-{}-{count}.tmp", std::process::id()));
        match make(&name) {
            // A process with the same number left it.
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
            Ok(made) => return Ok((made, name)),
        }
    }
}

fn owned(text: &CStr) -> OsString {
    OsStr::from_bytes(text.to_bytes()).to_owned()
}
