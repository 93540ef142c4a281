//! Follows a log as it grows and is rotated, as `tail -F` does.
//!
//! Rotation by renaming: each file that takes the name is opened immediately and waits for its turn ([`Successors`]).
//! The previous file is read until nothing has been written to it for a while, because the program that writes it still
//! has it open. After that it is kept open for some time, and late writes to it are read between two lines of the
//! current file.
//!
//! Rotation by truncation: if the file is shorter than what was read of it, or the bytes that were read last are no
//! longer there, it is read from its start again. Each read reads them again together with what follows, so that a file that
//! was truncated and grew again is not continued in its middle. Data that is written and truncated between two reads is
//! lost to any reader.
//!
//! Either ends a [`Source`], so nothing is carried from one file into the next. A failed read does not end it; it is
//! retried at the same position.

use std::cell::RefCell;
use std::fmt;
use std::fs::File;
use std::io::{self, IoSliceMut, Read};
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::error::{Error, Name};
use crate::stream::content::Accept;
use crate::stream::control::Control;
use crate::stream::input::Input;
use crate::stream::source::Source;
use crate::stream::successors::{Opened, Report, Successors};
use crate::stream::sys::{self, FileId};
use crate::stream::text_input::TextInput;
use crate::stream::watch::Watch;

/// The interval for checking the end of the file, if no notification arrives.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a renamed file has to be quiet before its successor is read.
const GRACE: Duration = Duration::from_secs(1);

/// The same, measured by the file's modification time, which may be coarse. It applies if the file was quiet before its
/// turn came.
const GRACE_BEFORE: Duration = Duration::from_secs(3);

/// How long a renamed file that is not quiet may delay the next one.
const TURN: Duration = Duration::from_secs(10);

/// How long a finished file is still checked after it has last grown, and how many such files are.
const LATE: Duration = Duration::from_secs(60);
const LATE_MAX: usize = 8;

/// How many of the last bytes read are kept, to check whether they are still in the file.
const SEEN_MAX: usize = 64;

/// A name whose files are read one after another.
pub struct Follow {
    path: PathBuf,
    accept: Accept,
    successors: Successors,
    report: Report,
    /// A file that was truncated while the run stops has been read once more, and is not read again.
    read_again: bool,
    /// Finished files that had the name before the current one, and may still grow.
    left: Left,
    /// The current file, while a finished one is read.
    present: Option<Source<Followed>>,
}

/// Finished files.
type Left = Rc<RefCell<Vec<TextInput<Followed>>>>;

impl Follow {
    /// Follows the file at `path`, which may not exist yet. `accept` decides which content is read. Each reason to wait
    /// is passed to `report` once.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if there is something at `path` that cannot be followed.
    pub fn start(
        path: &Path,
        accept: Accept,
        report: impl Fn(&Error) + Send + Sync + 'static,
    ) -> Result<Follow, Error> {
        let report: Report = Arc::new(report);
        let successors = Successors::watch(path, Arc::clone(&report))
            .map_err(|source| Error::Open { name: Name::path(path), source })?;
        Ok(Follow {
            path: path.to_owned(),
            accept,
            successors,
            report,
            read_again: false,
            left: Left::default(),
            present: None,
        })
    }

    /// The next file to read, after `last` was read to its end: `last` again if it was truncated, a finished file that
    /// has grown, or the next file that takes the name, which is waited for. When `control` asks to stop, the files
    /// that have the name by then are still returned, and then `None`.
    ///
    /// # Errors
    ///
    /// [`Error::WorkerLost`] if the name is no longer watched.
    pub fn next(
        &mut self,
        control: Option<&Control>,
        last: Option<Source<Followed>>,
    ) -> Result<Option<Source<Followed>>, Error> {
        let name = Name::path(&self.path);
        let is_stopping = || control.is_some_and(Control::is_stopping);
        // After a finished file it is the current file's turn, even if the finished one keeps growing.
        let mut is_turn_of_left = true;
        if let Some(mut last) = last {
            let file = last.input.input_mut();
            is_turn_of_left = !file.is_left || is_stopping();
            if !file.is_left
                && (file.rewritten || file.is_rewritten())
                && !std::mem::replace(&mut self.read_again, is_stopping())
            {
                file.rewind();
                last.input = last.input.restart();
                return Ok(Some(last));
            }
            let gives_way = std::mem::take(&mut file.gives_way);
            // What was written to it since the last read is still read, once.
            let is_left_over = !is_stopping() || !file.is_left && file.has_grown();
            if gives_way {
                last.input.resume();
                self.present = Some(last);
            } else if !file.failing && is_left_over {
                self.leave(last.input);
            }
        }
        if is_turn_of_left && let Some(input) = self.take_grown() {
            let id = Some(input.input().id);
            return Ok(Some(Source { name, input, id }));
        }
        if let Some(present) = self.present.take() {
            return Ok(Some(present));
        }
        loop {
            if is_stopping() {
                self.successors.stop();
            }
            match self.successors.arrivals().recv_timeout(PAUSE) {
                Ok(opened) => {
                    let id = Some(opened.id);
                    // It may have got the name back.
                    self.left.borrow_mut().retain(|left| Some(left.input().id) != id);
                    let input = Followed::new(self, opened);
                    return Ok(Some(Source::text(name, input, id, self.accept)));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) if self.successors.is_stopped() => {
                    return Ok(None);
                }
                Err(RecvTimeoutError::Disconnected) => return Err(Error::WorkerLost),
            }
        }
    }

    /// Keeps a file that was read to its end, because it may still grow.
    fn leave(&mut self, mut text: TextInput<Followed>) {
        text.resume();
        let file = text.input_mut();
        file.is_left = true;
        file.growth = None;
        file.quiet = Some(Instant::now());
        let mut left = self.left.borrow_mut();
        left.push(text);
        if left.len() > LATE_MAX {
            left.remove(0);
        }
    }

    /// The first finished file that has grown.
    fn take_grown(&mut self) -> Option<TextInput<Followed>> {
        let mut left = self.left.borrow_mut();
        let is_late = |file: &Followed| file.quiet.is_some_and(|since| since.elapsed() >= LATE);
        left.retain(|text| text.input().has_grown() || !is_late(text.input()));
        let grown = left.iter().position(|text| text.input().has_grown())?;
        Some(left.remove(grown))
    }
}

impl fmt::Debug for Follow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow").field("path", &self.path).finish_non_exhaustive()
    }
}

/// One file of a followed log. It ends when another file takes its place or when it is truncated. Until then a read at
/// its end returns [`io::ErrorKind::WouldBlock`].
pub struct Followed<F = File> {
    path: PathBuf,
    file: F,
    id: FileId,
    /// The number of bytes read so far.
    position: Arc<AtomicU64>,
    /// The last bytes read.
    seen: Vec<u8>,
    /// Files that have taken the name since.
    successors: Receiver<Opened>,
    /// Wakes when the file is written to.
    growth: Option<Watch>,
    /// Since when nothing was written, although another file has its name.
    quiet: Option<Instant>,
    /// Since when another file has its name.
    replaced: Option<Instant>,
    /// Finished files that had the name before.
    left: Left,
    /// It is a finished file itself.
    is_left: bool,
    /// It has not ended, but a finished file has grown and is read first.
    gives_way: bool,
    /// A read found that it was truncated. A writer may be filling it again, so a later look can miss that.
    rewritten: bool,
    /// It was truncated, and only a hole has been read since: the writer continues at its old position.
    in_hole: bool,
    /// Everything in the file had been read before the last wait.
    has_waited: bool,
    /// The last read failed.
    failing: bool,
    report: Report,
}

/// What is needed of a file.
pub trait Content {
    /// Its length, in bytes.
    fn len(&self) -> io::Result<u64>;
    /// The time of its last modification.
    fn modified(&self) -> io::Result<SystemTime>;
    /// Reads the bytes before `offset` into `before`, and those from there on into `buf`, in one call. Returns how many were
    /// read into both.
    fn read_around(&self, before: &mut [u8], buf: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Opens the file at `path`, if it is the file `id`.
    fn open_again(path: &Path, id: FileId) -> Option<Self>
    where
        Self: Sized;
}

impl Content for File {
    fn len(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn modified(&self) -> io::Result<SystemTime> {
        self.metadata()?.modified()
    }

    fn read_around(&self, before: &mut [u8], buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let from = offset - before.len() as u64;
        Ok(rustix::io::preadv(self, &mut [IoSliceMut::new(before), IoSliceMut::new(buf)], from)?)
    }

    fn open_again(path: &Path, id: FileId) -> Option<File> {
        if FileId::of_regular(&path.metadata().ok()?) != Some(id) {
            return None;
        }
        let file = File::open(path).ok()?;
        (FileId::of_regular(&file.metadata().ok()?) == Some(id)).then_some(file)
    }
}

impl Followed {
    fn new(follow: &Follow, opened: Opened) -> Followed {
        let Opened { file, id, position } = opened;
        // One that was replaced is hardly written to, and the system takes many milliseconds to end a watch.
        let growth = follow.successors.arrivals().is_empty().then(|| Watch::of_content(&file));
        Followed {
            path: follow.path.clone(),
            file,
            id,
            position,
            seen: Vec::new(),
            successors: follow.successors.arrivals().clone(),
            growth,
            quiet: None,
            replaced: None,
            left: Rc::clone(&follow.left),
            is_left: false,
            gives_way: false,
            rewritten: false,
            in_hole: false,
            has_waited: false,
            failing: false,
            report: Arc::clone(&follow.report),
        }
    }
}

impl<F: Content> Followed<F> {
    fn position(&self) -> u64 {
        self.position.load(Relaxed)
    }

    /// Whether the file no longer begins with what was read: it was truncated, and may have grown again.
    fn is_rewritten(&self) -> bool {
        let mut now = [0; SEEN_MAX];
        let now = &mut now[..self.seen.len()];
        let read = self.file.read_around(now, &mut [], self.position());
        read.is_ok_and(|n| self.is_other(&now[..n]))
    }

    /// Whether the bytes that are `now` where the last ones were read show that the file was truncated.
    fn is_other(&self, now: &[u8]) -> bool {
        // The bytes count and not the length, because files of the kernel may report a length of 0. A writer that does not
        // append continues at its old position and leaves a hole. Reading does the same.
        now.len() < self.seen.len() || now != self.seen && now.iter().any(|byte| *byte != 0)
    }

    /// Whether the file has more than what was read, and begins with what was read.
    fn has_grown(&self) -> bool {
        self.file.len().is_ok_and(|len| len > self.position()) && !self.is_rewritten()
    }

    /// Whether what was read ends with a newline.
    fn is_between_lines(&self) -> bool {
        self.seen.last().is_none_or(|last| *last == b'\n')
    }

    /// Whether this source ends here, now that no more can be read. `replaced` says whether another file has the name.
    fn ends(&mut self, replaced: bool) -> bool {
        if self.is_left {
            return self.is_between_lines() || self.is_quiet();
        }
        if replaced {
            let turn = self.replaced.get_or_insert_with(Instant::now).elapsed();
            return self.is_quiet() || turn >= TURN && self.is_between_lines();
        }
        self.quiet = None;
        self.gives_way = self.is_between_lines()
            && self.left.borrow().iter().any(|text| text.input().has_grown());
        self.gives_way
    }

    /// Returns to the start.
    fn rewind(&mut self) {
        self.position.store(0, Relaxed);
        self.seen.clear();
        self.rewritten = false;
        self.gives_way = false;
        self.in_hole = true;
    }

    /// Records the bytes read, and returns how many of them to pass on.
    fn record(&mut self, buf: &mut [u8]) -> usize {
        self.position.fetch_add(buf.len() as u64, Relaxed);
        let keep = buf.len().min(SEEN_MAX);
        let excess = (self.seen.len() + keep).saturating_sub(SEEN_MAX);
        self.seen.drain(..excess);
        self.seen.extend_from_slice(&buf[buf.len() - keep..]);
        let mut hole = 0;
        if self.in_hole {
            hole = buf.iter().take_while(|byte| **byte == 0).count();
            self.in_hole = hole == buf.len();
            buf.copy_within(hole.., 0);
        }
        buf.len() - hole
    }

    /// Whether nothing has been written for so long that no more is expected.
    fn is_quiet(&mut self) -> bool {
        let quiet = self.quiet.get_or_insert_with(Instant::now).elapsed();
        let before = || self.file.modified().ok()?.elapsed().ok();
        quiet >= GRACE || before().is_some_and(|before| before >= GRACE_BEFORE)
    }

    /// Reports a failed read. Undecided bytes stay held, because what follows may still be read.
    fn fail(&mut self, error: &io::Error) {
        if !std::mem::replace(&mut self.failing, true) {
            let reason = crate::error::reason(error);
            let reason = format!("{}: {reason}; trying again", Name::path(&self.path));
            (self.report)(&Error::Refused { reason });
        }
        // A network file system may need the file to be opened again.
        if let Some(file) = F::open_again(&self.path, self.id) {
            self.file = file;
        }
    }
}

impl<F: Content> Read for Followed<F> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        // 1. Check this before reading, so that what is written in between is read and not mistaken for the end.
        let replaced = !self.successors.is_empty();
        // A file that is written to constantly can end only between two waits.
        if std::mem::take(&mut self.has_waited)
            && !self.failing
            && !self.is_left
            && self.ends(replaced)
        {
            return Ok(0);
        }
        // What was read last is read again in the same call: if the file was truncated and has grown past this position, what
        // is here now does not follow it.
        let mut before = [0; SEEN_MAX];
        let before = &mut before[..self.seen.len()];
        let failed = match self.file.read_around(before, buf, self.position()) {
            Ok(n) => {
                self.failing = false;
                let again = n.min(before.len());
                self.rewritten = self.is_other(&before[..again]);
                if self.rewritten {
                    return Ok(0);
                }
                if n > again {
                    self.quiet = None;
                    return match self.record(&mut buf[..n - again]) {
                        0 => Err(io::ErrorKind::Interrupted.into()),
                        n => Ok(n),
                    };
                }
                None
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                self.fail(&error);
                Some(error)
            }
        };
        // 2. Check whether this is the end of the file, and of this source.
        if self.ends(replaced) {
            return failed.map_or(Ok(0), Err);
        }
        Err(io::ErrorKind::WouldBlock.into())
    }
}

impl<F: Content> Input for Followed<F> {
    fn ready(&mut self) -> bool {
        let ends_at_once = self.is_left && self.is_between_lines();
        !self.failing && (ends_at_once || self.file.len().is_ok_and(|len| len != self.position()))
    }

    /// Waits for a limited time, because only a read can tell whether the file has ended.
    fn wait(&mut self, woken: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        self.has_waited = true;
        // A notification does not help while reads fail.
        let growth = self.growth.as_mut().filter(|_| !self.failing);
        let undisturbed = sys::sleep(PAUSE, growth.as_ref().and_then(|growth| growth.fd()), woken);
        if let Some(growth) = growth {
            growth.changes();
        }
        undisturbed
    }

    fn backlog(&mut self) -> Option<u64> {
        if self.is_rewritten() {
            return Some(0);
        }
        Some(self.file.len().unwrap_or(0).saturating_sub(self.position()))
    }
}

impl<F> fmt::Debug for Followed<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Followed")
            .field("path", &self.path)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Mutex;

    use super::*;

    /// A file whose reads fail at one position, a few times.
    struct Failing {
        bytes: Vec<u8>,
        at: usize,
        times: Cell<u32>,
    }

    impl Content for Failing {
        fn len(&self) -> io::Result<u64> {
            Ok(self.bytes.len() as u64)
        }

        fn modified(&self) -> io::Result<SystemTime> {
            Ok(SystemTime::now())
        }

        fn read_around(&self, before: &mut [u8], buf: &mut [u8], offset: u64) -> io::Result<usize> {
            let at = offset as usize;
            if at == self.at && !buf.is_empty() && self.times.get() > 0 {
                self.times.set(self.times.get() - 1);
                return Err(io::Error::from_raw_os_error(5));
            }
            before.copy_from_slice(&self.bytes[at - before.len()..at]);
            let end = if at < self.at { self.at } else { self.bytes.len() };
            let n = buf.len().min(end - at);
            buf[..n].copy_from_slice(&self.bytes[at..at + n]);
            Ok(before.len() + n)
        }

        fn open_again(_: &Path, _: FileId) -> Option<Failing> {
            None
        }
    }

    #[test]
    fn a_failed_read_is_retried_at_the_same_position() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let id = FileId::of_regular(&file.as_file().metadata().unwrap()).unwrap();
        let text = b"one\ntwo\nthree\n";
        let bytes = text.to_vec();
        let said = Arc::new(Mutex::new(Vec::new()));
        let says = Arc::clone(&said);
        let mut followed = Followed {
            path: "a.log".into(),
            file: Failing { bytes, at: 6, times: Cell::new(3) },
            id,
            position: Arc::default(),
            seen: Vec::new(),
            successors: crossbeam_channel::unbounded().1,
            growth: None,
            quiet: None,
            replaced: None,
            left: Left::default(),
            is_left: false,
            gives_way: false,
            rewritten: false,
            in_hole: false,
            has_waited: false,
            failing: false,
            report: Arc::new(move |error| says.lock().unwrap().push(error.to_string())),
        };
        let mut found = Vec::new();
        let mut buf = [0; 64];
        while found.len() < text.len() {
            match followed.read(&mut buf) {
                Ok(n) => found.extend_from_slice(&buf[..n]),
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
            }
        }
        assert_eq!(found, text);
        assert_eq!(*said.lock().unwrap(), ["a.log: input/output error; trying again"]);
    }
}
