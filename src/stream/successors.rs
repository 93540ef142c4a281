//! The files that have a name, one after another. Each is opened as soon as it gets the name.
//!
//! A log may be rotated again before it is read, while the reader of the output stalls or within a millisecond. So a
//! thread watches the name and opens each file that takes it; an open file can be read whatever it is called later. A
//! file that had the name only between two checks is found under its new name, by the record of renames that the watch
//! keeps. Where there is no watch, the name is checked in short intervals, and a file that has it for a shorter time is
//! missed.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::AsFd;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};
use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;

use crate::error::{Error, Name};
use crate::stream::directory::has_magic_links;
use crate::stream::sys::{self, FileId};
use crate::stream::watch::{Change, Kind, Watch, Wd};

/// The interval of checks if the watch reports nothing: a network file system does not report what other machines do.
const PAUSE: Duration = Duration::from_millis(100);

/// The interval of checks without a watch.
const BLIND_PAUSE: Duration = Duration::from_millis(20);

/// The most symbolic links in one path, as in Linux.
const LINKS_MAX: usize = 40;

/// How often a search for renamed files is restarted because files were renamed in the meantime.
const ROUNDS_MAX: usize = 100;

/// Receives messages, from any thread.
pub(crate) type Report = Arc<dyn Fn(&Error) + Send + Sync>;

/// A file that had the name.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) file: File,
    pub(crate) id: FileId,
    /// How far it has been read, in bytes. A file that gets the name back shares this with its earlier entry.
    pub(crate) position: Arc<AtomicU64>,
}

/// The thread that opens the files.
#[derive(Debug)]
pub(crate) struct Successors {
    arrivals: Receiver<Opened>,
    /// When this is dropped, the thread checks once more and ends.
    running: Option<PipeWriter>,
}

impl Successors {
    /// Watches `path` from now on. Reasons why a file cannot be opened go to `report`.
    ///
    /// # Errors
    ///
    /// If there is something at `path` that cannot be followed, or no thread can be started.
    pub(crate) fn watch(path: &Path, report: Report) -> io::Result<Successors> {
        let (send, arrivals) = crossbeam_channel::unbounded();
        let mut lookout = Watcher::new(path, send, report);
        lookout.check_first()?;
        let (stopped, running) = io::pipe()?;
        let work = move || lookout.run(&stopped);
        thread::Builder::new().name("follow".to_owned()).spawn(work)?;
        Ok(Successors { arrivals, running: Some(running) })
    }

    /// The opened files, oldest first. The channel is closed after the last one, once this has been stopped.
    pub(crate) fn arrivals(&self) -> &Receiver<Opened> {
        &self.arrivals
    }

    /// Makes the thread check once more and end.
    pub(crate) fn stop(&mut self) {
        self.running = None;
    }

    /// Whether it was asked to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.running.is_none()
    }
}

/// The state of the thread.
struct Watcher {
    path: PathBuf,
    watch: Watch,
    /// Where the path led at the last check: the directory, its identifier in the watch, and the name in it.
    place: Option<(PathBuf, Wd, OsString)>,
    /// Files that had the name and were renamed, until it is clear which files they are.
    renamed: Vec<Renamed>,
    /// The last file that was sent.
    last: Option<FileId>,
    /// All files that are still open.
    held: Vec<(FileId, Weak<AtomicU64>)>,
    arrivals: Sender<Opened>,
    report: Report,
    /// The last message, until its cause is gone.
    reported: Option<String>,
}

/// A file that had the name.
struct Renamed {
    /// Its current name; `None` between the two halves of a rename.
    name: Option<OsString>,
    /// The cookie of its last rename.
    cookie: u32,
    opened: Option<(File, FileId)>,
    /// Whether this file, or one before it, could not be opened and may be openable later.
    is_to_wait: bool,
}

impl Renamed {
    /// The cookie that will identify its new name.
    fn between(&self) -> Option<u32> {
        self.name.is_none().then_some(self.cookie)
    }
}

impl Watcher {
    fn new(path: &Path, arrivals: Sender<Opened>, report: Report) -> Watcher {
        Watcher {
            path: path.to_owned(),
            watch: Watch::new(),
            place: None,
            renamed: Vec::new(),
            last: None,
            held: Vec::new(),
            arrivals,
            report,
            reported: None,
        }
    }

    /// Runs until the other end of `stopped` is closed.
    fn run(mut self, stopped: &PipeReader) {
        let mut is_last = false;
        loop {
            // 1. Check again for anything that came during the last check.
            while self.check() {}
            if is_last {
                break;
            }
            // 2. If waiting fails, keep checking.
            let pause = if self.watch.fd().is_some() { PAUSE } else { BLIND_PAUSE };
            match sys::sleep(pause, self.watch.fd(), Some(stopped.as_fd())) {
                Ok(undisturbed) => is_last = !undisturbed,
                Err(_) => thread::sleep(pause),
            }
        }
    }

    /// The first check. Anything there now that can never be followed is an error.
    fn check_first(&mut self) -> io::Result<()> {
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.report("does not exist yet; waiting for it".to_owned());
            }
            Err(error) => return Err(error),
            Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(metadata) if !metadata.is_file() => {
                return Err(io::Error::other(
                    "only a regular file can be followed; leave out --follow",
                ));
            }
            Ok(_) => {
                File::open(&self.path)?;
            }
        }
        self.check();
        Ok(())
    }

    /// Sends the files that have had the name since the last check. Returns whether there may be more already.
    fn check(&mut self) -> bool {
        // 1. Watch before opening anything, so that everything that happens later is reported.
        let Chain { names, is_exact } = chain(&self.path);
        let wd = self.watch.set(names.iter().map(|(directory, _)| directory.clone()));
        let place = wd.zip(names.last().cloned()).filter(|_| is_exact);
        let place = place.map(|(wd, (directory, name))| (directory, wd, name));
        if place != self.place {
            self.renamed.clear();
            self.place = place;
        }

        // 2. Open the file that has the name now, after the files that had it before.
        let is_waiting = self.renamed.iter().any(|renamed| renamed.is_to_wait);
        let mut current = if is_waiting { None } else { self.open_current() };
        let mut again = self.open_renamed();
        let mut renamed = std::mem::take(&mut self.renamed);
        renamed.retain_mut(|renamed| {
            let Some((file, id)) = renamed.opened.take() else { return true };
            if current.as_ref().is_some_and(|(_, current)| *current == id) {
                current = None;
            }
            if !self.holds(id) {
                self.send(file, id);
                again = true;
            }
            false
        });
        // 3. Send it, unless a file before it cannot be opened yet.
        let is_waiting = renamed.iter().any(|renamed| renamed.is_to_wait);
        self.renamed = renamed;
        if is_waiting {
            self.report("too many files are open; waiting until some are read".to_owned());
        } else if let Some((file, id)) = current {
            self.send(file, id);
        }
        again
    }

    fn holds(&self, id: FileId) -> bool {
        self.held.iter().any(|(held, position)| *held == id && position.strong_count() > 0)
    }

    /// The file that has the name, if it is not the last one sent. If it cannot be opened yet, the next check tries
    /// again.
    fn open_current(&mut self) -> Option<(File, FileId)> {
        // Check the type first, because opening other types may have side effects.
        let kind = |metadata: &Metadata| match FileId::of_regular(metadata) {
            Some(id) => Ok(id),
            None if metadata.is_dir() => Err(io::Error::other("is a directory")),
            None => Err(io::Error::other("is not a regular file")),
        };
        let found = fs::metadata(&self.path).and_then(|metadata| kind(&metadata));
        if found.as_ref().is_ok_and(|id| Some(*id) == self.last) {
            self.reported = None;
            return None;
        }
        let opened = found.and_then(|_| {
            let file = File::from(rustix::fs::openat(CWD, &self.path, READ, Mode::empty())?);
            let id = kind(&file.metadata()?)?;
            Ok((file, id))
        });
        match opened {
            Ok((_, id)) if Some(id) == self.last => None,
            Ok(opened) => {
                self.reported = None;
                Some(opened)
            }
            // Usually this is between two files of a rotation.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                let reason = crate::error::reason(&error);
                self.report(format!("{reason}; waiting for a file that can be read"));
                None
            }
        }
    }

    fn report(&mut self, text: String) {
        if self.reported.as_ref() != Some(&text) {
            let reason = format!("{}: {text}", Name::path(&self.path));
            (self.report)(&Error::Refused { reason });
            self.reported = Some(text);
        }
    }

    /// Opens the files that had the name and were renamed, in order, up to one that cannot be opened yet. Returns
    /// whether any names have changed since the last call.
    fn open_renamed(&mut self) -> bool {
        let mut any = false;
        let between: Vec<u32> = self.renamed.iter().filter_map(Renamed::between).collect();
        for round in 0..ROUNDS_MAX {
            // A rename while files are opened may have put another file in the place of one of them.
            let changes = self.watch.changes();
            any |= !changes.is_empty();
            if changes.is_empty() && round > 0 {
                break;
            }
            let Some((directory, wd, name)) = &self.place else { continue };
            trace(&changes, *wd, name, &mut self.renamed);
            let mut is_waiting = false;
            for renamed in &mut self.renamed {
                renamed.opened = None;
                renamed.is_to_wait |= is_waiting;
                if let Some(name) = renamed.name.as_ref().filter(|_| !is_waiting) {
                    let opened = open_in(directory, name);
                    renamed.is_to_wait = opened.as_ref().is_err_and(are_too_many);
                    renamed.opened = opened.ok();
                    is_waiting |= renamed.is_to_wait;
                }
            }
        }
        // Files between the two halves of a rename may appear at the next check, and only then.
        self.renamed.retain(|renamed| match renamed.between() {
            Some(cookie) => !between.contains(&cookie),
            None => renamed.opened.is_some() || renamed.is_to_wait,
        });
        any
    }

    fn send(&mut self, file: File, id: FileId) {
        self.held.retain(|(_, position)| position.strong_count() > 0);
        let held = self.held.iter().find(|(held, _)| *held == id);
        let position = held.and_then(|(_, position)| position.upgrade()).unwrap_or_default();
        self.held.push((id, Arc::downgrade(&position)));
        self.last = Some(id);
        // If the receiver is gone, the thread is about to be stopped.
        let _ = self.arrivals.send(Opened { file, id, position });
    }
}

/// Opening does not wait for the writer of a FIFO that has taken the name.
const READ: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// The regular file called `name` in `directory`.
fn open_in(directory: &Path, name: &OsStr) -> io::Result<(File, FileId)> {
    let path = directory.join(name);
    let id = |metadata| FileId::of_regular(&metadata).ok_or(io::ErrorKind::NotFound);
    id(fs::symlink_metadata(&path)?)?;
    let file = File::from(rustix::fs::openat(CWD, &path, READ | OFlags::NOFOLLOW, Mode::empty())?);
    let id = id(file.metadata()?)?;
    Ok((file, id))
}

/// Whether a file could not be opened because too many others are open, which will be closed once they are read.
fn are_too_many(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE | Errno::NOMEM))
}

/// Tracks the files that have had `name` through `changes` in its directory.
fn trace(changes: &[Change], directory: Wd, name: &OsStr, renamed: &mut Vec<Renamed>) {
    for change in changes.iter().filter(|change| change.directory == directory) {
        let has_name = |renamed: &Renamed| renamed.name.as_ref() == Some(&change.name);
        match change.kind {
            Kind::Left => {
                if let Some(known) = renamed.iter_mut().find(|renamed| has_name(renamed)) {
                    (known.name, known.cookie) = (None, change.cookie);
                } else if change.name == name {
                    let cookie = change.cookie;
                    renamed.push(Renamed { name: None, cookie, opened: None, is_to_wait: false });
                }
            }
            Kind::Came => {
                // The file that had the name has lost it.
                renamed.retain(|renamed| !has_name(renamed));
                let moved = |renamed: &&mut Renamed| {
                    change.cookie != 0 && renamed.name.is_none() && renamed.cookie == change.cookie
                };
                if let Some(renamed) = renamed.iter_mut().find(moved) {
                    renamed.name = Some(change.name.clone());
                }
            }
            Kind::Removed => renamed.retain(|renamed| !has_name(renamed)),
        }
    }
}

/// The names that a path is resolved through.
struct Chain {
    /// Each name with its directory: the symbolic links, and the last name, which may be missing.
    names: Vec<(PathBuf, OsString)>,
    /// Whether the last name is the file itself. A link of `/proc` may lead to another file, in another file system.
    is_exact: bool,
}

fn chain(path: &Path) -> Chain {
    let mut chain = Vec::new();
    let mut is_exact = true;
    let mut directory = PathBuf::from(".");
    let parts = |path: &Path| -> Vec<OsString> {
        let parts = path.components().rev().filter(|part| *part != Component::CurDir);
        parts.map(|part| part.as_os_str().to_owned()).collect()
    };
    let mut rest = parts(path);
    let mut links = 0;
    while let Some(name) = rest.pop() {
        let full = directory.join(&name);
        let metadata = fs::symlink_metadata(&full);
        if metadata.as_ref().is_ok_and(Metadata::is_symlink) && links < LINKS_MAX {
            links += 1;
            is_exact &= !has_magic_links(&directory);
            if let Ok(target) = fs::read_link(&full) {
                rest.extend(parts(&target));
            }
            chain.push((directory.clone(), name));
        } else if rest.is_empty() || metadata.is_err() {
            chain.push((directory, name));
            break;
        } else {
            directory = full;
        }
    }
    Chain { names: chain, is_exact }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: Kind, name: &str, cookie: u32) -> Change {
        Change { directory: 1, name: name.into(), kind, cookie }
    }

    fn rename(from: &str, to: &str, cookie: u32) -> [Change; 2] {
        [change(Kind::Left, from, cookie), change(Kind::Came, to, cookie)]
    }

    #[track_caller]
    fn check(changes: impl IntoIterator<Item = Change>, expected: &[&str]) {
        let changes: Vec<Change> = changes.into_iter().collect();
        let mut renamed = Vec::new();
        trace(&changes, 1, OsStr::new("a"), &mut renamed);
        let found: Vec<OsString> = renamed.into_iter().filter_map(|renamed| renamed.name).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_renamed_file_is_found_under_its_new_name() {
        check(rename("a", "a.1", 1), &["a.1"]);
        check(rename("b", "b.1", 1), &[]);
        // Created twice, with another event in between.
        let created = || [change(Kind::Came, "a", 0)];
        let twice = || rename("a", "a.1", 1).into_iter().chain(created());
        let twice = || twice().chain(rename("a.1", "a.2", 2)).chain(rename("a", "a.1", 3));
        check(twice().chain(created()), &["a.2", "a.1"]);
        // The older one is removed, or another file takes its name.
        check(twice().chain([change(Kind::Removed, "a.2", 0)]), &["a.1"]);
        check(twice().chain(rename("x", "a.2", 4)), &["a.1"]);
        check(twice().chain(rename("a.1", "a.2", 4)), &["a.2"]);
        // Renamed to another directory.
        check(rename("a", "a.1", 1).into_iter().chain([change(Kind::Left, "a.1", 2)]), &[]);
    }

    #[test]
    fn every_link_of_the_path_is_watched() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("pods/1")).unwrap();
        std::os::unix::fs::symlink("1", root.join("pods/current")).unwrap();
        std::os::unix::fs::symlink("pods/current/a.log", root.join("a.log")).unwrap();
        let expected = [
            (root.clone(), "a.log".into()),
            (root.join("pods"), "current".into()),
            (root.join("pods/1"), "a.log".into()),
        ];
        assert_eq!(
            chain(&root.join("a.log")).names,
            expected.map(|(at, name)| (Path::new(".").join(at), name))
        );
        // A missing directory is waited for.
        let found = chain(&root.join("x/y/a.log")).names;
        assert_eq!(found, [(Path::new(".").join(&root), OsString::from("x"))]);
    }
}
