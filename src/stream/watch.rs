//! Waiting for changes in directories and files, by Linux' inotify. Elsewhere, and where the system has no more to give, a
//! watch is blind: it tells nothing, and whoever waits for it has to look again after a while.

use std::ffi::OsString;
use std::os::fd::BorrowedFd;
use std::path::PathBuf;

/// Which directory a change was in, as [`Watch::set`] says.
pub(crate) type Wd = i32;

/// A change of the names in a directory.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) directory: Wd,
    pub(crate) name: OsString,
    pub(crate) kind: Kind,
    /// The same for the two ends of a renaming; else zero.
    pub(crate) cookie: u32,
}

/// What happened to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is there, or another file has it.
    Came,
    /// The file that had it has another name now.
    Left,
    /// The file that had it has lost it.
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

    /// What is watched.
    #[derive(Debug)]
    pub(crate) struct Watch {
        inotify: Option<OwnedFd>,
        directories: BTreeMap<PathBuf, Wd>,
    }

    impl Watch {
        /// A watch that watches nothing yet. It is blind if the system has none to give.
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

        /// Watches these directories and no others, and says what changes in the last of them are known by.
        pub(crate) fn set(&mut self, directories: impl Iterator<Item = PathBuf>) -> Option<Wd> {
            let inotify = self.inotify.as_ref()?;
            let events = WatchFlags::CREATE
                | WatchFlags::MOVED_TO
                | WatchFlags::MOVED_FROM
                | WatchFlags::DELETE
                | WatchFlags::ONLYDIR;
            // 1. Each again: a path may lead to another directory by now.
            let mut last = None;
            let mut now = BTreeMap::new();
            for directory in directories {
                last = inotify::add_watch(inotify, &directory, events).ok();
                if let Some(wd) = last {
                    now.insert(directory, wd);
                }
            }
            // 2. Those that nothing leads through any more.
            for wd in self.directories.values() {
                if !now.values().any(|kept| kept == wd) {
                    let _ = inotify::remove_watch(inotify, *wd);
                }
            }
            self.directories = now;
            last
        }

        /// What has changed since the last call, in order.
        pub(crate) fn changes(&mut self) -> Vec<Change> {
            let mut changes = Vec::new();
            let Some(inotify) = &self.inotify else { return changes };
            let mut buffer = [MaybeUninit::uninit(); 4096];
            let mut reader = Reader::new(inotify, &mut buffer);
            // Until there are none. If some were too many to keep, the rest still is in order.
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

    /// Nothing is watched.
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
