//! The options for statistics, and the code that writes them.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use blackbar::command::Counters;
use blackbar::{Error, Name};
use clap::ValueEnum;

use super::output;

/// The arguments.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Statistics")]
pub struct Args {
    /// At the end, print the counts and the speed to standard error
    #[arg(
        long,
        value_name = "FORMAT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "text"
    )]
    stats: Option<Format>,

    /// Keep the counts in FILE up to date, for Prometheus
    ///
    /// FILE has the format of node_exporter's textfile collector, and its name should end in .prom. It is replaced
    /// atomically. If writing it fails, there is one warning, and redaction continues.
    #[arg(long, value_name = "FILE")]
    stats_file: Option<PathBuf>,

    /// Replace the statistics file every N seconds
    #[arg(long, value_name = "N", default_value = "15", requires = "stats_file",
        value_parser = interval)]
    stats_interval: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

fn interval(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(seconds @ 1..=86400) => Ok(seconds),
        _ => Err("expected a number of seconds from 1 to 86400".to_owned()),
    }
}

impl Args {
    /// The file that is kept up to date.
    pub fn file(&self) -> Option<&PathBuf> {
        self.stats_file.as_ref()
    }

    /// Whether statistics were asked for.
    pub fn is_any(&self) -> bool {
        self.stats.is_some() || self.stats_file.is_some()
    }
}

/// Reports counts during a run and at its end.
pub struct Reporter {
    args: Args,
    counters: Arc<Counters>,
    start: Instant,
    /// The thread that rewrites the file, which ends when the sender is dropped.
    writer: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Reporter {
    /// Starts reporting `counters`. Before the file is replaced, `check` says whether it may be.
    pub fn start(
        args: &Args,
        counters: Arc<Counters>,
        check: impl Fn() -> Result<(), Error> + Send + 'static,
    ) -> Reporter {
        let start = Instant::now();
        let writer = args.stats_file.clone().and_then(|path| {
            let pause = Duration::from_secs(args.stats_interval);
            let counters = Arc::clone(&counters);
            let (stop, stopped) = mpsc::channel();
            let mut warned = false;
            let mut write = move || {
                let text = counters.stats(start.elapsed()).prometheus();
                let failed = |source| Error::Write { name: Name::path(&path), source };
                let written = check().and_then(|()| replace(&path, &text).map_err(failed));
                if let Err(error) = written
                    && !std::mem::replace(&mut warned, true)
                {
                    output::say(format_args!("{error}; continuing without the statistics file"));
                }
            };
            let work = move || {
                loop {
                    write();
                    if stopped.recv_timeout(pause) != Err(RecvTimeoutError::Timeout) {
                        // The final counts.
                        write();
                        break;
                    }
                }
            };
            let thread = thread::Builder::new().name("stats".to_owned()).spawn(work).ok()?;
            Some((stop, thread))
        });
        Reporter { args: args.clone(), counters, start, writer }
    }

    /// Reports the final counts.
    pub fn finish(self) {
        if let Some((stop, thread)) = self.writer {
            drop(stop);
            let _ = thread.join();
        }
        let stats = self.counters.stats(self.start.elapsed());
        match self.args.stats {
            None => {}
            Some(Format::Text) => output::note(stats),
            Some(Format::Json) => output::note(stats.json()),
        }
    }
}

/// Replaces the file at `path` by `text`.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".blackbar-")
        .permissions(fs::Permissions::from_mode(0o644))
        .tempfile_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
