//! The progress bar for large files, on a terminal.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Seek};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use blackbar::command::{FileInput, Source};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::inputs::Place;

/// Smaller inputs have no bar: they are processed before anybody could read it.
const LARGE: u64 = 64 * 1024 * 1024;

/// How often the bar is updated.
const TICK: Duration = Duration::from_millis(100);

const TEMPLATE: &str = "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";

/// The progress of a run over files. Without a terminal, or with small inputs, it shows nothing.
pub struct Progress {
    bar: ProgressBar,
    reading: Arc<Mutex<Reading>>,
}

/// The parts of the bar's position.
#[derive(Default)]
struct Reading {
    /// The sizes of the files before this one.
    before: u64,
    /// The current file, by a handle that shares its position. For a compressed file, compressed bytes count.
    file: Option<File>,
}

impl Reading {
    fn position(&mut self) -> u64 {
        self.before + self.file.as_mut().map_or(0, |file| file.stream_position().unwrap_or(0))
    }
}

impl Progress {
    /// A bar for `places`. It is drawn if standard error is a terminal, no output is `printed` to a terminal, and all
    /// inputs are files and large enough.
    pub fn new(places: &[Place], printed: bool) -> Progress {
        let drawable = io::stderr().is_terminal() && !(printed && io::stdout().is_terminal());
        let total = if drawable { total(places).filter(|total| *total >= LARGE) } else { None };
        let reading = Arc::new(Mutex::new(Reading::default()));
        let Some(total) = total else { return Progress { bar: ProgressBar::hidden(), reading } };
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template(TEMPLATE).expect("a template of known keys"));
        Progress { bar, reading }
    }

    /// Continues with `source`.
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

    /// Starts a thread that updates the bar, so that the run itself does not have to.
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
        // Without a thread there is no bar, but the run continues.
        let _ = std::thread::Builder::new().name("progress".to_owned()).spawn(work);
    }

    /// Calls `tell`, which prints something, while the bar is hidden.
    pub fn aside<T>(&self, tell: impl FnOnce() -> T) -> T {
        self.bar.suspend(tell)
    }
}

impl Drop for Progress {
    /// Removes the bar.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The total size of `places`, if all of them are files. A missing file counts as empty.
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
