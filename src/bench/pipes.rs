//! Moves a log through two pipes, with a copy or the redactor between them.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::thread;
use std::time::Instant;

use blackbar::Ruleset;
use blackbar::command::{Opening, Options, Pipeline, Sink, Source, widen_pipe};

use super::cost::{Cost, name};

/// Copies from pipe to pipe, one segment at a time.
pub(super) fn copy(log: &[u8]) -> io::Result<Cost> {
    let mut buffer = vec![0; Options::SEGMENT.get()];
    between(log, |mut from, mut to| {
        loop {
            match from.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(n) => to.write_all(&buffer[..n])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    })
}

/// Redacts from pipe to pipe, as the command does.
pub(super) fn redact(log: &[u8], rules: &Ruleset, options: Options) -> io::Result<Cost> {
    let mut pipeline = Pipeline::new(rules, options);
    between(log, |from, to| {
        let mut source = Source::from_file(name(), from, &Opening::default())?;
        pipeline.run(&mut source, &mut Sink::new(name(), to)).map_err(io::Error::other)
    })
}

/// Feeds `log` into one pipe, drains another, and measures `work`, which connects them.
///
/// Both pipes are widened for every kind of work, so only the work differs. The time ends when everything is drained.
/// The CPU time is that of the working thread.
fn between(log: &[u8], work: impl FnOnce(File, File) -> io::Result<()>) -> io::Result<Cost> {
    let (from, mut feed) = io::pipe()?;
    let (mut drain, to) = io::pipe()?;
    widen_pipe(&from);
    widen_pipe(&to);
    thread::scope(|scope| {
        let start = Instant::now();
        // This write fails only if the work fails, which reports the reason.
        scope.spawn(move || feed.write_all(log));
        let drained = scope.spawn(move || {
            let mut buffer = vec![0; Options::SEGMENT.get()];
            while drain.read(&mut buffer).is_ok_and(|n| n > 0) {}
        });
        // `work` closes both ends when it returns, so neither thread waits forever.
        let cost = Cost::of(|| work(File::from(OwnedFd::from(from)), OwnedFd::from(to).into()))?;
        let _ = drained.join();
        Ok(Cost { time: start.elapsed(), ..cost })
    })
}
