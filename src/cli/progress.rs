//! The progress bar over large files, where there is a terminal to draw it on.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Seek};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use blackbar::command::{FileInput, Source};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::inputs::Place;

/// Inputs of fewer bytes are done before anybody has read the bar.
const LARGE: u64 = 64 * 1024 * 1024;

/// How often the bar is looked after.
const TICK: Duration = Duration::from_millis(100);

const TEMPLATE: &str = "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";

/// How far a run over files has got. Without a terminal, or on small inputs, it shows nothing.
pub struct Progress {
    bar: ProgressBar,
    reading: Arc<Mutex<Reading>>,
}

/// What the bar's position is made of.
#[derive(Default)]
struct Reading {
    /// Bytes of the files before this one, on the disk.
    before: u64,
    /// This file, by a handle that shares its position: what counts of a compressed file is what was read of it.
    file: Option<File>,
}

impl Reading {
    fn position(&mut self) -> u64 {
        self.before + self.file.as_mut().map_or(0, |file| file.stream_position().unwrap_or(0))
    }
}

impl Progress {
    /// A bar for `places`. It is drawn if standard error is a terminal, nothing is `printed` to a terminal on the way
    /// (it would run through the bar), and all of the inputs are files, large ones.
    pub fn new(places: &[Place], printed: bool) -> Progress {
        let drawable = io::stderr().is_terminal() && !(printed && io::stdout().is_terminal());
        let total = if drawable { total(places).filter(|total| *total >= LARGE) } else { None };
        let reading = Arc::new(Mutex::new(Reading::default()));
        let Some(total) = total else { return Progress { bar: ProgressBar::hidden(), reading } };
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template(TEMPLATE).expect("a template of known keys"));
        Progress { bar, reading }
    }

    /// Goes on to `source`.
    pub fn enter(&self, source: &Source<FileInput>) {
        if self.bar.is_hidden() {
            return;
        }
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        reading.before = reading.position();
        reading.file = source.handle().ok();
        drop(reading);
        if self.bar.position() == 0 {
            self.keep_up();
        }
    }

    /// Moves the bar from a thread of its own, which ends with it: the run itself has no time for that.
    fn keep_up(&self) {
        let (bar, reading) = (self.bar.downgrade(), Arc::clone(&self.reading));
        let work = move || {
            while let Some(bar) = bar.upgrade() {
                let position = reading.lock().unwrap_or_else(PoisonError::into_inner).position();
                bar.set_position(position);
                drop(bar);
                std::thread::sleep(TICK);
            }
        };
        // Without a thread there is no bar, which is no reason not to redact.
        let _ = std::thread::Builder::new().name("progress".to_owned()).spawn(work);
    }

    /// Tells something by `tell`, on a line where no bar is.
    pub fn aside<T>(&self, tell: impl FnOnce() -> T) -> T {
        self.bar.suspend(tell)
    }
}

impl Drop for Progress {
    /// Leaves no trace of the bar: what follows are statistics, or the shell.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The bytes of `places` on the disk, if all of them are files. One that is not there has none.
fn total(places: &[Place]) -> Option<u64> {
    let size = |place: &Place| match place {
        Place::Standard => None,
        Place::File(path) | Place::Below { path, .. } => match fs::metadata(path) {
            Ok(metadata) => metadata.is_file().then_some(metadata.len()),
            Err(_) => Some(0),
        },
    };
    places.iter().map(size).sum()
}
