//! The default command: redact inputs, one after another, into an output or in place.

// Long: the options of the filter stand beside what carries them out.

use std::ffi::{OsStr, OsString};
use std::num::NonZeroUsize;
use std::panic;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use blackbar::command::{
    Accept, Carry, Control, Counters, FileOutput, Follow, InPlace, Masker, MessagePart, MmExternal,
    Opening, Options, Pipeline, Replacing, Sink, Source,
};
use blackbar::{Error, Loaded, Ruleset, Scanner, Styles};

use super::inputs::{self, Place};
use super::outcome::Outcome;
use super::output::plural;
use super::overlap::Files;
use super::progress::Progress;
use super::signals::{self, Manner};
use super::{color, config, output, preview, stats, style};

/// What may be typed.
#[derive(clap::Args, Debug)]
#[group(skip)]
pub struct Args {
    #[command(flatten)]
    inputs: inputs::Args,

    /// Write to FILE rather than to standard output
    ///
    /// FILE is created, or emptied if it is there, and is on the disk when the command ends with status 0. It may not
    /// be one of the inputs. It is compressed if its name ends in .gz or .zst.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Redact each FILE where it is
    ///
    /// The redacted file is written beside the original, with its permissions and times, and takes its name when all
    /// of it is on the disk: whatever happens, there is one or the other. A file without secrets is not touched, and a
    /// compressed one stays compressed. Not for a log that is being written; rotate it first.
    #[arg(short, long, conflicts_with = "output", help_heading = "Files")]
    in_place: bool,

    /// Keep the original, secrets and all, under its name and SUFFIX
    #[arg(long, value_name = "SUFFIX", requires = "in_place", help_heading = "Files")]
    backup: Option<OsString>,

    /// Redact a file that has other names (hard links) under the name given, and leave the others as they are
    ///
    /// Without it such a file is refused: under its other names the secrets would stay.
    #[arg(long, requires = "in_place", help_heading = "Files")]
    break_hard_links: bool,

    /// Change nothing, and tell what -i would change in which file
    #[arg(long, requires = "in_place", conflicts_with = "backup", help_heading = "Files")]
    dry_run: bool,

    /// As --dry-run, with each line that would change, before and after
    ///
    /// Secrets are hidden in the line before too. Of a long line, what is around them is shown.
    #[arg(long, requires = "in_place", conflicts_with = "backup", help_heading = "Files")]
    diff: bool,

    /// With -i, no line at the end that tells how many files, secrets and bytes there were
    #[arg(short, long, help_heading = "Files")]
    quiet: bool,

    /// Go on when FILE ends and redact what is added, also when it is rotated or not there yet
    ///
    /// As tail -F does, but from the start of the file. It ends when it is stopped.
    #[arg(short, long, conflicts_with_all = ["in_place", "recursive"], help_heading = "Files")]
    follow: bool,

    /// Outlive an interrupt, as tee -i does
    ///
    /// Ctrl-C reaches every command of a pipeline. With this, what the others still say when they end is redacted too.
    #[arg(long, help_heading = "Pipes")]
    ignore_interrupts: bool,

    /// Answer messages rather than redact a stream: mmexternal is what rsyslog's module of that name speaks
    ///
    /// A message a line comes in, a JSON object with what has to change in it goes out at once, each message for
    /// itself. mmexternal-rawmsg and mmexternal-fulljson are for the values that the module's parameter interface.input
    /// can have besides msg.
    #[arg(long, value_name = "PROTOCOL", value_parser = protocol, help_heading = "Pipes",
        conflicts_with_all = ["files", "output", "in_place", "follow", "recursive", "stats", "stats_file"])]
    protocol: Option<MessagePart>,

    #[command(flatten)]
    config: config::Args,

    #[command(flatten)]
    style: style::Args,

    #[command(flatten)]
    color: color::Args,

    #[command(flatten)]
    stats: stats::Args,

    /// Scan with up to N threads [default: as many as the machine has]
    ///
    /// Threads are started only while input comes faster than one can scan it. The output does not depend on N. With
    /// 1 everything happens on the main thread.
    #[arg(long, value_name = "N", value_parser = threads, help_heading = "Tuning")]
    threads: Option<NonZeroUsize>,
}

/// More threads than this do nothing but use memory: one thread reads and writes for all of them.
const THREADS_MAX: usize = 256;

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    match text.parse::<NonZeroUsize>() {
        Ok(n) if n.get() <= THREADS_MAX => Ok(n),
        _ => Err(format!("a number from 1 to {THREADS_MAX} is needed")),
    }
}

fn protocol(text: &str) -> Result<MessagePart, String> {
    let part = match text.strip_prefix("mmexternal") {
        Some("") => Ok(MessagePart::Msg),
        Some(part) => part.strip_prefix('-').unwrap_or_default().parse(),
        None => Err(()),
    };
    part.map_err(|()| {
        "one of mmexternal, mmexternal-rawmsg, mmexternal-fulljson is needed".to_owned()
    })
}

/// What is to be done.
#[derive(Debug)]
pub struct Plan {
    inputs: inputs::Args,
    way: Way,
    ignore_interrupts: bool,
    options: Options,
    config: config::Args,
    style: style::Args,
    /// Only what goes to standard output can have colours.
    color: Option<color::Args>,
    stats: stats::Args,
}

/// Where the redacted bytes go.
#[derive(Debug)]
enum Way {
    /// All into one output.
    Into(Place),
    /// One log, for ever.
    Follow(Place),
    /// Each into its own file.
    InPlace { how: Replacing, quiet: bool },
    /// No file is changed.
    Preview { how: Replacing, look: preview::Look },
    /// Messages on standard input, each answered on standard output.
    Answer(MessagePart),
}

impl From<Args> for Plan {
    fn from(args: Args) -> Plan {
        let output = args.output.map_or(Place::Standard, Place::from);
        let way = match (args.protocol, args.in_place, args.follow) {
            (Some(part), ..) => Way::Answer(part),
            (_, true, _) => {
                let Args { backup, break_hard_links, diff, dry_run, quiet, color, .. } = args;
                let how = Replacing { backup, break_hard_links };
                let look = preview::Look { diff, color: color.is_on(), quiet };
                match dry_run || diff {
                    true => Way::Preview { how, look },
                    false => Way::InPlace { how, quiet },
                }
            }
            (.., true) => Way::Follow(output),
            _ => Way::Into(output),
        };
        let mut options = Options::default();
        if let Some(threads) = args.threads {
            options.threads = threads;
        }
        let color = match way {
            Way::Into(Place::Standard) | Way::Follow(Place::Standard) => Some(args.color),
            _ => None,
        };
        Plan {
            inputs: args.inputs,
            color,
            way,
            ignore_interrupts: args.ignore_interrupts,
            options,
            config: args.config,
            style: args.style,
            stats: args.stats,
        }
    }
}

impl Plan {
    /// Carries it out; see [`super::Plan::run`].
    pub fn run(&self, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
        // 1. All that can be refused before anything is opened.
        let quiet = self.is_quiet();
        let (Loaded { ruleset: rules, styles, .. }, settings) =
            self.config.load_with_files(Some(&self.style), &mut |error| {
                if !quiet {
                    report(error);
                }
            })?;
        let mut partial = false;
        let places = self.inputs.places(&mut |error| {
            partial = true;
            report(error);
        })?;
        match &self.way {
            Way::InPlace { how, .. } => self.check_in_place(&places, how.backup.as_deref())?,
            Way::Preview { .. } => self.check_in_place(&places, None)?,
            Way::Follow(_) => self.check_follow(&places)?,
            Way::Into(_) | Way::Answer(_) => {}
        }
        let files = Files {
            settings,
            inputs: places.clone(),
            output: match &self.way {
                Way::Into(output) | Way::Follow(output) => Some(output.clone()),
                Way::Answer(_) => Some(Place::Standard),
                Way::InPlace { .. } | Way::Preview { .. } => None,
            },
            replaced: self.stats.file().cloned(),
        };
        files.check()?;
        let manner = match &self.way {
            Way::InPlace { .. } => Manner::Whole,
            Way::Preview { .. } => Manner::Files,
            Way::Into(_) if !places.iter().any(Place::is_stream) => Manner::Files,
            _ => Manner::Stream,
        };
        self.inputs.hint();
        let control = signals::handle(manner, self.ignore_interrupts)?;
        let accept = match &self.way {
            Way::InPlace { .. } => Accept::Logs,
            _ => Accept::Open,
        };
        let opening = Opening { control: Some(control.clone()), ..self.inputs.opening(accept) };

        // 2. What is counted is also how a file without secrets is known.
        let counters = Arc::new(Counters::new(&rules));
        let counting = self.stats.is_any() || matches!(self.way, Way::InPlace { .. });
        let highlight = self.color.is_some_and(color::Args::is_on);
        let run = Run {
            rules,
            styles: styles.highlight(highlight),
            highlight,
            config: self.config.clone(),
            style: self.style.clone(),
            quiet,
            options: self.options,
            counters: Arc::clone(&counters),
            opening,
            control,
            files: Arc::new(Mutex::new(files)),
        };
        let pipeline = run.pipeline(counting);
        let reporter = self.stats.is_any().then(|| {
            let files = Arc::clone(&run.files);
            stats::Reporter::start(&self.stats, counters, move || lock(&files).check_replaced())
        });

        // 3. The run, and its statistics however it ended.
        let done = self.carry_out(&run, pipeline, &places, report);
        if let Some(reporter) = reporter {
            reporter.finish();
        }
        match done {
            Ok(Outcome::Done) if partial => Ok(Outcome::Partial),
            // Quiet, but it does not undo what was reported before.
            Err(Error::Closed) if partial => Ok(Outcome::Partial),
            done => done,
        }
    }

    /// The run itself, in its way.
    fn carry_out(
        &self,
        run: &Run,
        pipeline: Pipeline<Scanner>,
        places: &[Place],
        report: &mut dyn FnMut(&Error),
    ) -> Result<Outcome, Error> {
        match &self.way {
            Way::Into(output) => {
                let progress = Progress::new(places, matches!(output, Place::Standard));
                let report = &mut |error: &Error| progress.aside(|| report(error));
                run.concatenate(pipeline, places, output, &progress, report)
            }
            Way::Follow(output) => run.follow(pipeline, places, output, report),
            Way::InPlace { how, quiet } => {
                let progress = Progress::new(places, false);
                let report = &mut |error: &Error| progress.aside(|| report(error));
                let (done, files) = run.in_place(pipeline, places, how, &progress, report);
                drop(progress);
                if !quiet && files.read > 0 {
                    output::note(run.sentence(files));
                }
                done
            }
            Way::Preview { how, look } => preview::run(
                &run.rules,
                &run.styles,
                places,
                *look,
                how,
                &|place| run.open_in_place(place),
                report,
            ),
            Way::Answer(part) => run.answer(*part),
        }
    }

    /// Whether nothing may be said: rsyslog takes what comes on standard error for an answer, and each answer after that
    /// for another message's.
    fn is_quiet(&self) -> bool {
        matches!(self.way, Way::Answer(_)) && signals::errors_go_to_output()
    }

    fn check_in_place(&self, places: &[Place], backup: Option<&OsStr>) -> Result<(), Error> {
        let refused = |reason: &str| Err(Error::Refused { reason: reason.to_owned() });
        if places.iter().any(|place| matches!(place, Place::Standard)) {
            return refused(
                "--in-place needs files; standard input has no place to be put back to",
            );
        }
        match backup {
            Some(suffix) if suffix.is_empty() => refused("--backup needs a suffix, such as .orig"),
            Some(suffix) if suffix.as_encoded_bytes().contains(&b'/') => {
                refused("--backup takes a suffix, such as .orig, and no path")
            }
            _ => Ok(()),
        }
    }

    fn check_follow(&self, places: &[Place]) -> Result<(), Error> {
        match places {
            [Place::File(_)] => Ok(()),
            [Place::Standard] => Err(Error::Refused {
                reason: "--follow needs a file; standard input is followed anyway".to_owned(),
            }),
            _ => Err(Error::Refused {
                reason: "--follow takes one file; run one command for each".to_owned(),
            }),
        }
    }
}

/// What a run needs on every way.
struct Run {
    rules: Ruleset,
    styles: Styles,
    /// What the two were made of, to make them anew.
    config: config::Args,
    style: style::Args,
    highlight: bool,
    /// Nothing may be said while it runs.
    quiet: bool,
    options: Options,
    counters: Arc<Counters>,
    opening: Opening,
    control: Control,
    /// What it reads and writes, with the settings in force.
    files: Arc<Mutex<Files>>,
}

/// The files of a run, wherever it is. A thread that panicked has left them whole.
fn lock(files: &Mutex<Files>) -> MutexGuard<'_, Files> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Run {
    fn pipeline(&self, counting: bool) -> Pipeline<Scanner> {
        let pipeline = Pipeline::styled(&self.rules, &self.styles, self.options)
            .controlled_by(self.control.clone())
            .reloading(self.reload());
        if counting { pipeline.counting(Arc::clone(&self.counters)) } else { pipeline }
    }

    /// Reads the configuration again. If something is wrong with it, it says so, and there is nothing.
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
                    say(&error, "; going on as it was configured before");
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
    fn concatenate(
        &self,
        mut pipeline: Pipeline<Scanner>,
        places: &[Place],
        output: &Place,
        progress: &Progress,
        report: &mut dyn FnMut(&Error),
    ) -> Result<Outcome, Error> {
        // 1. Before the output is emptied: is it anything that is read?
        let mut sink = self.open_output(output)?;

        // 2. Each input on its own, so that one that fails does not take the others with it.
        let mut outcome = Outcome::Done;
        for place in places {
            if self.control.is_stopping() {
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

        // 3. Errors that show only at the end.
        sink.close()?;
        Ok(outcome)
    }

    /// One log into `output`, until somebody ends it.
    fn follow(
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
                // It was tried for as long as no other file had its name.
                Err(error @ Error::Read { .. }) => report(&error),
                Err(error) => return Err(error),
            }
            last = Some(source);
        }
        sink.close()?;
        Ok(Outcome::Done)
    }

    /// Each message on standard input is answered, until rsyslog closes it.
    fn answer(&self, part: MessagePart) -> Result<Outcome, Error> {
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

    /// Each input into its own place.
    fn in_place(
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
                    // After a failure to write, what the pipeline carries is of no use to the next file.
                    pipeline = self.pipeline(true);
                    report(&error);
                    outcome = Outcome::Partial;
                }
            }
        }
        (Ok(outcome), files)
    }

    /// What was done to `files`, in a line.
    fn sentence(&self, files: Done) -> String {
        let stats = self.counters.stats(Duration::ZERO);
        format!(
            "redacted {} in {} of {}; read {}",
            plural(stats.total(), "secret"),
            files.changed,
            plural(files.read, "file"),
            plural(stats.bytes_in, "byte")
        )
    }

    /// Opens a file that may be rewritten, and is nothing that the run itself needs.
    fn open_in_place(&self, place: &Place) -> Result<Option<preview::Opened>, Error> {
        let (root, path) = match place {
            Place::Standard => return Ok(None),
            Place::File(path) => (None, path),
            Place::Below { root, path } => (Some(root.as_path()), path),
        };
        let opened = InPlace::open(root, path, &self.opening)?;
        lock(&self.files).check_rewritten(path, opened.0.id())?;
        Ok(Some(opened))
    }

    /// Rewrites a file, and tells whether that changed it.
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

/// How many files were looked at to their end, and how many of them rewritten.
#[derive(Clone, Copy, Default)]
struct Done {
    read: u64,
    changed: u64,
}
