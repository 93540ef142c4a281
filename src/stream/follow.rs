//! A log that is followed as it grows, through rotation, as `tail -F` does.
//!
//! Rotation by rename: each file that takes the name is opened at once and waits for its turn ([`Successors`]). The one
//! before it is read on until it has been quiet for a while, since the program that writes it has it open still. After that
//! it is kept aside for some time: what is written to it late is read between two lines of the present one.
//!
//! Rotation by truncation: when the file is shorter than what was read of it, or what was read last is no longer there,
//! it is read from its start again. What is written and truncated between two reads is lost to whoever reads: it never was
//! in the file when they looked.
//!
//! Either ends a [`Source`]: nothing is carried from one file into the next. A read that fails does not: it is tried again
//! where it failed.

use std::cell::RefCell;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::BorrowedFd;
use std::os::unix::fs::FileExt;
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
use crate::stream::text::Text;
use crate::stream::watch::Watch;

/// How often the end of the file is looked at again, if nothing tells of a change.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a file that lost its name has to be quiet before it is left.
const GRACE: Duration = Duration::from_secs(1);

/// The same by the file's own time, which may be coarse: then it has been quiet before its turn came.
const GRACE_BEFORE: Duration = Duration::from_secs(3);

/// How long such a file may keep the next one waiting if it is not quiet.
const TURN: Duration = Duration::from_secs(10);

/// How long one that was left is looked at after it has last grown, and how many are.
const LATE: Duration = Duration::from_secs(60);
const LATE_MAX: usize = 8;

/// How many of the bytes that were read last are kept, to see whether they still are in the file.
const SEEN_MAX: usize = 64;

/// A name whose files are followed, one after another.
pub struct Follow {
    path: PathBuf,
    accept: Accept,
    successors: Successors,
    report: Report,
    /// A file that was truncated while the run stops is read once more, not for ever.
    read_again: bool,
    /// Files that had the name before the present one, which may still grow.
    left: Left,
    /// The present one, while one of those is read.
    present: Option<Source<Followed>>,
}

/// Files that were left.
type Left = Rc<RefCell<Vec<Text<Followed>>>>;

impl Follow {
    /// Follows the file at `path`, which need not be there yet. What each holds is judged by `accept`. What is to be
    /// waited for goes to `report`, each once.
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

    /// The next file to be read from where it is, after `last` was read to its end: that one again if it was truncated,
    /// one that was left and has grown, or else the next that took the name, which is waited for. When `control` says to stop, those that have taken it by
    /// then still come, and then there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if it cannot be read, [`Error::WorkerLost`] if it is no longer known what takes the name.
    pub fn next(
        &mut self,
        control: Option<&Control>,
        last: Option<Source<Followed>>,
    ) -> Result<Option<Source<Followed>>, Error> {
        let name = Name::path(&self.path);
        let failed = |source| Error::Open { name: name.clone(), source };
        let is_stopping = || control.is_some_and(Control::is_stopping);
        // After one that was left, the present one has its turn, though the other may grow all the time.
        let mut is_turn_of_left = true;
        if let Some(mut last) = last {
            let file = last.input.input_mut();
            is_turn_of_left = !file.is_left || is_stopping();
            if !file.is_left
                && file.is_rewritten()
                && !std::mem::replace(&mut self.read_again, is_stopping())
            {
                file.rewind().map_err(failed)?;
                last.input = last.input.restart();
                return Ok(Some(last));
            }
            let gives_way = std::mem::take(&mut file.gives_way);
            // What has come to it since the last read is still taken, once.
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
                    let input = Followed::new(self, opened).map_err(failed)?;
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

    /// Keeps a file that was read to its end, as it may still grow.
    fn leave(&mut self, mut text: Text<Followed>) {
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

    /// The first file that was left and has grown.
    fn take_grown(&mut self) -> Option<Text<Followed>> {
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

/// One file of a followed log. It ends when another takes its place, or when it is truncated; until then a read at its
/// end gives [`io::ErrorKind::WouldBlock`].
pub struct Followed<F = File> {
    path: PathBuf,
    file: F,
    id: FileId,
    /// Bytes read so far.
    position: Arc<AtomicU64>,
    /// The last of them.
    seen: Vec<u8>,
    /// Those that have taken the name since.
    successors: Receiver<Opened>,
    /// Wakes when something is written.
    growth: Option<Watch>,
    /// Since when nothing came, though another file has its name.
    quiet: Option<Instant>,
    /// Since when another file has its name.
    replaced: Option<Instant>,
    /// Those that had the name before.
    left: Left,
    /// It is one of them: it was read until it was quiet.
    is_left: bool,
    /// It has not ended, but one of those has grown.
    gives_way: bool,
    /// It was truncated, and nothing but a hole was read since: the writer has gone on where it was.
    in_hole: bool,
    /// All that there was had been read.
    has_waited: bool,
    /// The last read failed.
    failing: bool,
    report: Report,
}

/// What is asked of a file besides its bytes.
pub trait Content: Read + Seek {
    /// Its length, in bytes.
    fn len(&self) -> io::Result<u64>;
    /// When it was last written to.
    fn modified(&self) -> io::Result<SystemTime>;
    /// Fills `buf` with what is at `offset`, without a change of the position.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()>;
    /// Opens the file at `path`, if it is the same one.
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

    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        self.read_exact_at(buf, offset)
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
    fn new(follow: &Follow, opened: Opened) -> io::Result<Followed> {
        let Opened { mut file, id, position } = opened;
        file.seek(SeekFrom::Start(position.load(Relaxed)))?;
        let growth = Some(Watch::of_content(&file));
        Ok(Followed {
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
            in_hole: false,
            has_waited: false,
            failing: false,
            report: Arc::clone(&follow.report),
        })
    }
}

impl<F: Content> Followed<F> {
    fn position(&self) -> u64 {
        self.position.load(Relaxed)
    }

    /// Whether what was read is no longer what the file begins with: it was truncated, and may be longer again.
    fn is_rewritten(&self) -> bool {
        let mut now = vec![0; self.seen.len()];
        let from = self.position() - self.seen.len() as u64;
        match self.file.read_at(&mut now, from) {
            // A writer that does not append goes on where it was, and leaves a hole. So do we.
            Ok(()) => now != self.seen && now.iter().any(|byte| *byte != 0),
            // The bytes count, as a file of the kernel's may have a length of 0.
            Err(error) => {
                error.kind() == io::ErrorKind::UnexpectedEof
                    && self.file.len().is_ok_and(|len| len < self.position())
            }
        }
    }

    /// Whether there is more than was read, after what was read.
    fn has_grown(&self) -> bool {
        self.file.len().is_ok_and(|len| len > self.position()) && !self.is_rewritten()
    }

    /// Whether what was read ends with a line.
    fn is_between_lines(&self) -> bool {
        self.seen.last().is_none_or(|last| *last == b'\n')
    }

    /// Whether it has ended, or ends here for now; no more can be read, and `replaced` says whether another file has its
    /// name.
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

    /// Goes back to the start.
    fn rewind(&mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.position.store(0, Relaxed);
        self.seen.clear();
        self.in_hole = true;
        Ok(())
    }

    /// Notes what was read, and gives how much of it is to be passed on.
    fn note(&mut self, buf: &mut [u8]) -> usize {
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

    /// Whether nothing has come for so long that nothing will.
    fn is_quiet(&mut self) -> bool {
        let quiet = self.quiet.get_or_insert_with(Instant::now).elapsed();
        let before = || self.file.modified().ok()?.elapsed().ok();
        quiet >= GRACE || before().is_some_and(|before| before >= GRACE_BEFORE)
    }

    /// A read failed. What is undecided waits, as what comes after it may still be read.
    fn fail(&mut self, error: &io::Error) {
        if !std::mem::replace(&mut self.failing, true) {
            let reason = crate::error::reason(error);
            let reason = format!("{}: {reason}; trying again", Name::path(&self.path));
            (self.report)(&Error::Refused { reason });
        }
        // A network's file may come back as another handle.
        if let Some(mut file) = F::open_again(&self.path, self.id)
            && file.seek(SeekFrom::Start(self.position())).is_ok()
        {
            self.file = file;
        }
    }
}

impl<F: Content> Read for Followed<F> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.is_rewritten() {
            return Ok(0);
        }
        // 1. Asked before reading: what came between is then read, not taken for the end.
        let replaced = !self.successors.is_empty();
        // A file that is written to all the time has an end only between two waits.
        if std::mem::take(&mut self.has_waited)
            && !self.failing
            && !self.is_left
            && self.ends(replaced)
        {
            return Ok(0);
        }
        let failed = match self.file.read(buf) {
            Ok(0) => {
                self.failing = false;
                None
            }
            Ok(n) => {
                self.failing = false;
                self.quiet = None;
                return match self.note(&mut buf[..n]) {
                    0 => Err(io::ErrorKind::Interrupted.into()),
                    n => Ok(n),
                };
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                self.fail(&error);
                Some(error)
            }
        };
        // 2. The end of the file, and of this source?
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

    /// For a while: only a read can tell whether this file has ended.
    fn wait(&mut self, woken: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        self.has_waited = true;
        // What is not readable is no better for being written to.
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
    use std::io::Cursor;
    use std::sync::Mutex;

    use super::*;

    /// A file whose reads fail at a place, a few times.
    struct Failing {
        bytes: Cursor<Vec<u8>>,
        at: u64,
        times: Cell<u32>,
    }

    impl Read for Failing {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let position = self.bytes.position();
            if position == self.at && self.times.get() > 0 {
                self.times.set(self.times.get() - 1);
                return Err(io::Error::from_raw_os_error(5));
            }
            let n = if position < self.at { (self.at - position) as usize } else { buf.len() };
            let n = n.min(buf.len());
            self.bytes.read(&mut buf[..n])
        }
    }

    impl Seek for Failing {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.bytes.seek(to)
        }
    }

    impl Content for Failing {
        fn len(&self) -> io::Result<u64> {
            Ok(self.bytes.get_ref().len() as u64)
        }

        fn modified(&self) -> io::Result<SystemTime> {
            Ok(SystemTime::now())
        }

        fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
            let from = offset as usize;
            buf.copy_from_slice(&self.bytes.get_ref()[from..from + buf.len()]);
            Ok(())
        }

        fn open_again(_: &Path, _: FileId) -> Option<Failing> {
            None
        }
    }

    #[test]
    fn a_read_that_fails_is_tried_again_where_it_failed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let id = FileId::of_regular(&file.as_file().metadata().unwrap()).unwrap();
        let text = b"one\ntwo\nthree\n";
        let bytes = Cursor::new(text.to_vec());
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
