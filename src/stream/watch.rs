//! Waits for changes in directories and files, with Linux's inotify. On other systems, or if the system's limit is
//! reached, a watch reports nothing, and its user has to check again after a while.

use std::ffi::OsString;
use std::os::fd::BorrowedFd;
use std::path::PathBuf;

/// Identifies the directory of a change, as returned by [`Watch::set`].
pub(crate) type Wd = i32;

/// A change of the names in a directory.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) directory: Wd,
    pub(crate) name: OsString,
    pub(crate) kind: Kind,
    /// The same for the two halves of a rename; otherwise zero.
    pub(crate) cookie: u32,
}

/// What happened to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file appeared under it, or replaced another.
    Came,
    /// Its file was renamed to another name.
    Left,
    /// Its file was removed or replaced.
    Removed,
}

#[cfg(target_os = "linux")]
mod system {
    use std::collections::BTreeMap;
    use std::ffi::OsStr;
    use std::fs::File;
    use std::mem::MaybeUninit;
    use std::os::fd::{AsFd, AsRawFd, OwnedFd};
    use std::os::unix::ffi::OsStrExt;

    use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};

    use super::{BorrowedFd, Change, Kind, PathBuf, Wd};

    /// A set of watched directories or files.
    #[derive(Debug)]
    pub(crate) struct Watch {
        inotify: Option<OwnedFd>,
        directories: BTreeMap<PathBuf, Wd>,
    }

    impl Watch {
        /// A watch of nothing. It stays without reports if the system has none to give.
        pub(crate) fn new() -> Watch {
            let inotify = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok();
            Watch { inotify, directories: BTreeMap::new() }
        }

        /// A watch for changes of the content of `file`.
        pub(crate) fn of_content(file: &File) -> Watch {
            let watch = Watch::new();
            if let Some(inotify) = &watch.inotify {
                let open = format!("/proc/self/fd/{}", file.as_raw_fd());
                let _ = inotify::add_watch(inotify, &open, WatchFlags::MODIFY);
            }
            watch
        }

        /// Watches exactly these directories, and returns the identifier of the last one.
        pub(crate) fn set(&mut self, directories: impl Iterator<Item = PathBuf>) -> Option<Wd> {
            let inotify = self.inotify.as_ref()?;
            let events = WatchFlags::CREATE
                | WatchFlags::MOVED_TO
                | WatchFlags::MOVED_FROM
                | WatchFlags::DELETE
                | WatchFlags::ONLYDIR;
            // 1. Add each of them again, because a path may lead to another directory by now.
            let mut last = None;
            let mut now = BTreeMap::new();
            for directory in directories {
                last = inotify::add_watch(inotify, &directory, events).ok();
                if let Some(wd) = last {
                    now.insert(directory, wd);
                }
            }
            // 2. Remove those that are no longer in the list.
            for wd in self.directories.values() {
                if !now.values().any(|kept| kept == wd) {
                    let _ = inotify::remove_watch(inotify, *wd);
                }
            }
            self.directories = now;
            last
        }

        /// The changes since the last call, in order.
        pub(crate) fn changes(&mut self) -> Vec<Change> {
            let mut changes = Vec::new();
            let Some(inotify) = &self.inotify else { return changes };
            let mut buffer = [MaybeUninit::uninit(); 4096];
            let mut reader = Reader::new(inotify, &mut buffer);
            // Read until there are none. If too many changes were pending, the kept ones are still in order.
            while let Ok(event) = reader.next() {
                let kind = match event.events() {
                    events if events.intersects(ReadFlags::CREATE | ReadFlags::MOVED_TO) => {
                        Kind::Came
                    }
                    events if events.contains(ReadFlags::MOVED_FROM) => Kind::Left,
                    events if events.contains(ReadFlags::DELETE) => Kind::Removed,
                    _ => continue,
                };
                let Some(name) = event.file_name() else { continue };
                changes.push(Change {
                    directory: event.wd(),
                    name: OsStr::from_bytes(name.to_bytes()).to_owned(),
                    kind,
                    cookie: event.cookie(),
                });
            }
            changes
        }

        /// Readable when something has changed.
        pub(crate) fn fd(&self) -> Option<BorrowedFd<'_>> {
            self.inotify.as_ref().map(AsFd::as_fd)
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::fs::File;

    use super::{BorrowedFd, Change, PathBuf, Wd};

    /// A watch that reports nothing.
    #[derive(Debug)]
    pub(crate) struct Watch;

    impl Watch {
        pub(crate) fn new() -> Watch {
            Watch
        }

        pub(crate) fn of_content(_: &File) -> Watch {
            Watch
        }

        pub(crate) fn set(&mut self, _: impl Iterator<Item = PathBuf>) -> Option<Wd> {
            None
        }

        pub(crate) fn changes(&mut self) -> Vec<Change> {
            Vec::new()
        }

        pub(crate) fn fd(&self) -> Option<BorrowedFd<'_>> {
            None
        }
    }
}

pub(crate) use system::Watch;
