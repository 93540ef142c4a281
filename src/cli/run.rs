//! A run of the default command, once its plan is checked: inputs are opened, redacted, and written.

use std::panic;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use blackbar::command::{
    Accept, Carry, Control, Counters, FileOutput, Follow, InPlace, Masker, MessagePart, MmExternal,
    Opening, Options, Pipeline, Replacing, Sink, Source,
};
use blackbar::{Error, Loaded, Ruleset, Scanner, Styles};

use super::inputs::Place;
use super::outcome::Outcome;
use super::output::plural;
use super::overlap::Files;
use super::progress::Progress;
use super::{config, output, preview, style};

/// What every task needs.
pub struct Run {
    pub rules: Ruleset,
    pub styles: Styles,
    /// The arguments that `rules` and `styles` were made from, for a reload.
    pub config: config::Args,
    pub style: style::Args,
    pub highlight: bool,
    /// No message may be printed during the run.
    pub quiet: bool,
    pub options: Options,
    pub counters: Arc<Counters>,
    pub opening: Opening,
    pub control: Control,
    /// The files that the run reads and writes, including the settings.
    pub files: Arc<Mutex<Files>>,
}

/// Locks the files of a run. They stay valid if a thread panics.
pub fn lock(files: &Mutex<Files>) -> MutexGuard<'_, Files> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Run {
    pub fn pipeline(&self, counting: bool) -> Pipeline<Scanner> {
        let pipeline = Pipeline::styled(&self.rules, &self.styles, self.options)
            .controlled_by(self.control.clone())
            .reloading(self.reload());
        if counting { pipeline.counting(Arc::clone(&self.counters)) } else { pipeline }
    }

    /// A function that reads the configuration again. If that fails, it reports the error and returns `None`.
    fn reload(&self) -> impl FnMut() -> Option<Carry<Scanner>> + use<> {
        let (config, style, quiet) = (self.config.clone(), self.style.clone(), self.quiet);
        let highlight = self.highlight;
        let (counters, files) = (Arc::clone(&self.counters), Arc::clone(&self.files));
        move || {
            let say = |error: &Error, then: &str| {
                if !quiet {
                    output::say(format_args!("{error}{then}"));
                }
            };
            let loaded = config.load_with_files(Some(&style), &mut |error| say(error, ""));
            let loaded = loaded.and_then(|(loaded, settings)| {
                let mut files = lock(&files);
                let others = Files { settings, ..files.clone() };
                others.check()?;
                *files = others;
                Ok(loaded)
            });
            match loaded {
                Ok(Loaded { ruleset: rules, styles, .. }) => {
                    counters.change_rules(&rules);
                    let styles = styles.highlight(highlight);
                    Some(Carry::for_rules(&rules).with_masker(Masker::styled(&rules, &styles)))
                }
                Err(error) => {
                    say(&error, "; keeping the previous settings");
                    None
                }
            }
        }
    }

    fn open_output(&self, output: &Place) -> Result<Sink<FileOutput>, Error> {
        match output.path() {
            None => Sink::stdout(),
            Some(path) => Sink::create_if(path, Some(&self.control), |metadata| {
                lock(&self.files).check_opened(path, metadata)
            }),
        }
    }

    /// All inputs, one after another, into `output`.
    pub fn concatenate(
        &self,
        mut pipeline: Pipeline<Scanner>,
        places: &[Place],
        output: &Place,
        progress: &Progress,
        report: &mut dyn FnMut(&Error),
    ) -> Result<Outcome, Error> {
        // 1. Open the output. It is not truncated if it is also read.
        let mut sink = self.open_output(output)?;

        // 2. Redact each input. After an error in one, continue with the next.
        let mut outcome = Outcome::Done;
        for place in places {
            // A stream is drained, whether the signal comes before it is opened or after.
            if self.control.is_stopping() && !place.is_stream() {
                return Err(Error::Stopped);
            }
            let done = place.open(&self.opening).and_then(|mut source| {
                if sink.feeds(&source) {
                    return Err(Error::SameFile { name: source.name().clone() });
                }
                progress.enter(&source);
                pipeline.run(&mut source, &mut sink)
            });
            match done {
                Ok(()) => {}
                Err(
                    error @ (Error::Open { .. }
                    | Error::Read { .. }
                    | Error::NotText { .. }
                    | Error::SameFile { .. }),
                ) => {
                    report(&error);
                    outcome = Outcome::Partial;
                }
                Err(Error::Closed) if outcome == Outcome::Partial => return Ok(outcome),
                Err(error) => return Err(error),
            }
        }

        // 3. Some write errors are reported only on close.
        sink.close()?;
        Ok(outcome)
    }

    /// Redacts one log into `output` until the run is stopped.
    pub fn follow(
        &self,
        mut pipeline: Pipeline<Scanner>,
        places: &[Place],
        output: &Place,
        report: &mut dyn FnMut(&Error),
    ) -> Result<Outcome, Error> {
        let [Place::File(path)] = places else { return Ok(Outcome::Done) };
        let mut sink = self.open_output(output)?;
        let mut follow = Follow::start(path, self.opening.accept, |error| output::say(error))?;
        let mut last = None;
        while let Some(mut source) = follow.next(Some(&self.control), last.take())? {
            if sink.is_file(&source) {
                return Err(Error::SameFile { name: source.name().clone() });
            }
            match pipeline.run(&mut source, &mut sink) {
                Ok(()) => {}
                // Reading was retried until another file took the name.
                Err(error @ Error::Read { .. }) => report(&error),
                Err(error) => return Err(error),
            }
            last = Some(source);
        }
        sink.close()?;
        Ok(Outcome::Done)
    }

    /// Answers each message on standard input, until rsyslog closes it.
    pub fn answer(&self, part: MessagePart) -> Result<Outcome, Error> {
        if self.quiet {
            panic::set_hook(Box::new(|_| {}));
        }
        let carry =
            Carry::for_rules(&self.rules).with_masker(Masker::styled(&self.rules, &self.styles));
        let mut reload = self.reload();
        MmExternal::new(part, carry).run(
            &mut Source::stdin(&Opening { accept: Accept::Bytes, ..Opening::default() })?,
            &mut Sink::stdout()?,
            &self.control,
            &mut reload,
        )?;
        Ok(Outcome::Done)
    }

    /// Redacts each input in place.
    pub fn in_place(
        &self,
        mut pipeline: Pipeline<Scanner>,
        places: &[Place],
        how: &Replacing,
        progress: &Progress,
        report: &mut dyn FnMut(&Error),
    ) -> (Result<Outcome, Error>, Done) {
        let mut outcome = Outcome::Done;
        let mut files = Done::default();
        for place in places {
            if self.control.is_stopping() {
                return (Err(Error::Stopped), files);
            }
            match self.rewrite(&mut pipeline, place, how, progress) {
                Ok(changed) => {
                    files.read += 1;
                    files.changed += u64::from(changed);
                }
                Err(Error::Stopped) => return (Err(Error::Stopped), files),
                Err(error) => {
                    // After a write error the pipeline cannot be used for another file.
                    pipeline = self.pipeline(true);
                    report(&error);
                    outcome = Outcome::Partial;
                }
            }
        }
        (Ok(outcome), files)
    }

    /// A summary of what was done to `files`.
    pub fn sentence(&self, files: Done) -> String {
        let stats = self.counters.stats(Duration::ZERO);
        format!(
            "redacted {} in {} of {}; read {}",
            plural(stats.total(), "secret"),
            files.changed,
            plural(files.read, "file"),
            plural(stats.bytes_in, "byte")
        )
    }

    /// Opens a file for rewriting. It must not be one that the run itself needs.
    pub fn open_in_place(&self, place: &Place) -> Result<Option<preview::Opened>, Error> {
        let (root, path) = match place {
            Place::Standard => return Ok(None),
            Place::File(path) => (None, path),
            Place::Below { root, path } => (Some(root.as_path()), path),
        };
        let opened = InPlace::open(root, path, &self.opening)?;
        lock(&self.files).check_rewritten(path, opened.0.id())?;
        Ok(Some(opened))
    }

    /// Rewrites a file. Returns whether that changed it.
    fn rewrite(
        &self,
        pipeline: &mut Pipeline<Scanner>,
        place: &Place,
        how: &Replacing,
        progress: &Progress,
    ) -> Result<bool, Error> {
        let found = || self.counters.stats(Duration::ZERO).total();
        let before = found();
        let Some((file, mut source)) = self.open_in_place(place)? else { return Ok(false) };
        let (new, mut sink) = file.sink()?;
        progress.enter(&source);
        pipeline.run(&mut source, &mut sink).map_err(|error| match error {
            Error::Read { name, source } | Error::Write { name, source } => {
                Error::InPlace { name, source }
            }
            error => error,
        })?;
        if found() == before {
            return Ok(false);
        }
        file.commit(new, sink, how)?;
        Ok(true)
    }
}

/// How many files were read to their end, and how many of them were rewritten.
#[derive(Clone, Copy, Default)]
pub struct Done {
    pub read: u64,
    pub changed: u64,
}
