//! The default command: redacts inputs, one after another, into an output or in place.

use std::ffi::{OsStr, OsString};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use blackbar::command::{Accept, Counters, MessagePart, Opening, Options, Pipeline, Replacing};
use blackbar::{Error, Loaded, Scanner};

use super::inputs::{self, Place};
use super::outcome::Outcome;
use super::overlap::Files;
use super::progress::Progress;
use super::run::{Run, lock};
use super::signals::{self, Manner};
use super::{color, config, output, preview, stats, style};

/// The arguments.
#[derive(clap::Args, Debug)]
#[group(skip)]
pub struct Args {
    #[command(flatten)]
    inputs: inputs::Args,

    /// Write to FILE instead of standard output
    ///
    /// FILE is created or overwritten, and has been written to disk when the command exits with status 0. It cannot be
    /// one of the inputs. It is compressed if its name ends in .gz or .zst.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Redact each FILE in place
    ///
    /// The redacted file is written beside the original, with the same permissions and times, and replaces it once all
    /// of it is on disk. After a crash there is either the original or the redacted file. A file without secrets is not
    /// modified, and a compressed file stays compressed. Do not use this on a log that is being written; rotate it
    /// first.
    #[arg(short, long, conflicts_with = "output", help_heading = "Files")]
    in_place: bool,

    /// With -i, keep the original, with its secrets, under its name with SUFFIX added
    #[arg(long, value_name = "SUFFIX", requires = "in_place", help_heading = "Files")]
    backup: Option<OsString>,

    /// With -i, redact a file that has other hard links, under the given name only
    ///
    /// Without this option such a file is an error, because its other names would still refer to the secrets.
    #[arg(long, requires = "in_place", help_heading = "Files")]
    break_hard_links: bool,

    /// With -i, change nothing, and list the files that would be changed
    #[arg(long, requires = "in_place", conflicts_with = "backup", help_heading = "Files")]
    dry_run: bool,

    /// With -i, change nothing, and show each line that would be changed, before and after
    ///
    /// Secrets are hidden in the old line too. Long lines are shortened to the text around the secrets.
    #[arg(long, requires = "in_place", conflicts_with = "backup", help_heading = "Files")]
    diff: bool,

    /// With -i, print no summary at the end
    #[arg(short, long, help_heading = "Files")]
    quiet: bool,

    /// Wait for more data at the end of FILE, also after a rotation or before FILE exists
    ///
    /// Like tail -F, but from the start of the file. The command runs until it is stopped.
    #[arg(short, long, conflicts_with_all = ["in_place", "recursive"], help_heading = "Files")]
    follow: bool,

    /// Ignore interrupts, like tee -i
    ///
    /// Ctrl-C interrupts every command of a pipeline. With this option, what the others print while they shut down is
    /// still redacted.
    #[arg(long, help_heading = "Pipes")]
    ignore_interrupts: bool,

    /// Speak a protocol instead of redacting a stream: mmexternal, that of the rsyslog module
    ///
    /// Each line of the input is a message. The answer to it is a JSON object with the changes, written immediately.
    /// Each message is redacted separately. If the module's parameter interface.input is rawmsg or fulljson, use
    /// mmexternal-rawmsg or mmexternal-fulljson.
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

    /// Scan with up to N threads [default: the number of CPUs]
    ///
    /// Threads are started only when input arrives faster than one thread scans it. The output does not depend on N.
    /// With 1, no thread is started.
    #[arg(long, value_name = "N", value_parser = threads, help_heading = "Tuning")]
    threads: Option<NonZeroUsize>,
}

/// More threads than this only use memory, because a single thread reads and writes.
const THREADS_MAX: usize = 256;

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    match text.parse::<NonZeroUsize>() {
        Ok(n) if n.get() <= THREADS_MAX => Ok(n),
        _ => Err(format!("expected a number from 1 to {THREADS_MAX}")),
    }
}

fn protocol(text: &str) -> Result<MessagePart, String> {
    let part = match text.strip_prefix("mmexternal") {
        Some("") => Ok(MessagePart::Msg),
        Some(part) => part.strip_prefix('-').unwrap_or_default().parse(),
        None => Err(()),
    };
    part.map_err(|()| "expected mmexternal, mmexternal-rawmsg or mmexternal-fulljson".to_owned())
}

/// The checked plan.
#[derive(Debug)]
pub struct Plan {
    inputs: inputs::Args,
    task: Task,
    ignore_interrupts: bool,
    options: Options,
    config: config::Args,
    style: style::Args,
    /// Only standard output can have colours.
    color: Option<color::Args>,
    stats: stats::Args,
}

/// Where the redacted bytes go.
#[derive(Debug)]
enum Task {
    /// All inputs into one output.
    Into(Place),
    /// One log, which is followed.
    Follow(Place),
    /// Each input is replaced by its redacted version.
    InPlace { how: Replacing, quiet: bool },
    /// No file is changed.
    Preview { how: Replacing, look: preview::Look },
    /// Messages on standard input are answered on standard output.
    Answer(MessagePart),
}

impl From<Args> for Plan {
    fn from(args: Args) -> Plan {
        let output = args.output.map_or(Place::Standard, Place::from);
        let task = match (args.protocol, args.in_place, args.follow) {
            (Some(part), ..) => Task::Answer(part),
            (_, true, _) => {
                let Args { backup, break_hard_links, diff, dry_run, quiet, color, .. } = args;
                let how = Replacing { backup, break_hard_links };
                let look = preview::Look { diff, color: color.is_on(), quiet };
                match dry_run || diff {
                    true => Task::Preview { how, look },
                    false => Task::InPlace { how, quiet },
                }
            }
            (.., true) => Task::Follow(output),
            _ => Task::Into(output),
        };
        let mut options = Options::default();
        if let Some(threads) = args.threads {
            options.threads = threads;
        }
        let color = match task {
            Task::Into(Place::Standard) | Task::Follow(Place::Standard) => Some(args.color),
            _ => None,
        };
        Plan {
            inputs: args.inputs,
            color,
            task,
            ignore_interrupts: args.ignore_interrupts,
            options,
            config: args.config,
            style: args.style,
            stats: args.stats,
        }
    }
}

impl Plan {
    /// Runs the plan; see [`super::Plan::run`].
    pub fn run(&self, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
        // 1. Find every error that can be found before anything is opened.
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
        match &self.task {
            Task::InPlace { how, .. } => self.check_in_place(&places, how.backup.as_deref())?,
            Task::Preview { .. } => self.check_in_place(&places, None)?,
            Task::Follow(_) => self.check_follow(&places)?,
            Task::Into(_) | Task::Answer(_) => {}
        }
        let files = Files {
            settings,
            inputs: places.clone(),
            output: match &self.task {
                Task::Into(output) | Task::Follow(output) => Some(output.clone()),
                Task::Answer(_) => Some(Place::Standard),
                Task::InPlace { .. } | Task::Preview { .. } => None,
            },
            replaced: self.stats.file().cloned(),
        };
        files.check()?;
        let manner = match &self.task {
            Task::InPlace { .. } => Manner::Whole,
            Task::Preview { .. } => Manner::Files,
            Task::Into(_) if !places.iter().any(Place::is_stream) => Manner::Files,
            _ => Manner::Stream,
        };
        self.inputs.hint();
        let control = signals::handle(manner, self.ignore_interrupts)?;
        let accept = match &self.task {
            Task::InPlace { .. } => Accept::Logs,
            _ => Accept::Open,
        };
        let opening = Opening { control: Some(control.clone()), ..self.inputs.opening(accept) };

        // 2. Set up the run. Counting also shows which files have no secrets.
        let counters = Arc::new(Counters::new(&rules));
        let counting = self.stats.is_any() || matches!(self.task, Task::InPlace { .. });
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

        // 3. Run, and report statistics even after an error.
        let done = self.carry_out(&run, pipeline, &places, report);
        if let Some(reporter) = reporter {
            reporter.finish();
        }
        match done {
            Ok(Outcome::Done) if partial => Ok(Outcome::Partial),
            // A closed pipe is not an error, but there were errors before.
            Err(Error::Closed) if partial => Ok(Outcome::Partial),
            done => done,
        }
    }

    /// Performs the task.
    fn carry_out(
        &self,
        run: &Run,
        pipeline: Pipeline<Scanner>,
        places: &[Place],
        report: &mut dyn FnMut(&Error),
    ) -> Result<Outcome, Error> {
        match &self.task {
            Task::Into(output) => {
                let progress = Progress::new(places, matches!(output, Place::Standard));
                let report = &mut |error: &Error| progress.aside(|| report(error));
                run.concatenate(pipeline, places, output, &progress, report)
            }
            Task::Follow(output) => run.follow(pipeline, places, output, report),
            Task::InPlace { how, quiet } => {
                let progress = Progress::new(places, false);
                let report = &mut |error: &Error| progress.aside(|| report(error));
                let (done, files) = run.in_place(pipeline, places, how, &progress, report);
                drop(progress);
                if !quiet && files.read > 0 {
                    output::note(run.sentence(files));
                }
                done
            }
            Task::Preview { how, look } => preview::run(
                &run.rules,
                &run.styles,
                places,
                *look,
                how,
                &|place| run.open_in_place(place),
                report,
            ),
            Task::Answer(part) => run.answer(*part),
        }
    }

    /// Whether no message may be printed. rsyslog would take text on standard error for an answer, and would then match
    /// every later answer with the wrong message.
    fn is_quiet(&self) -> bool {
        matches!(self.task, Task::Answer(_)) && signals::errors_go_to_output()
    }

    fn check_in_place(&self, places: &[Place], backup: Option<&OsStr>) -> Result<(), Error> {
        let refused = |reason: &str| Err(Error::Refused { reason: reason.to_owned() });
        if places.iter().any(|place| matches!(place, Place::Standard)) {
            return refused("--in-place needs files; standard input cannot be replaced");
        }
        match backup {
            Some(suffix) if suffix.is_empty() => refused("--backup needs a suffix, such as .orig"),
            Some(suffix) if suffix.as_encoded_bytes().contains(&b'/') => {
                refused("--backup takes a suffix, such as .orig, not a path")
            }
            _ => Ok(()),
        }
    }

    fn check_follow(&self, places: &[Place]) -> Result<(), Error> {
        match places {
            [Place::File(_)] => Ok(()),
            [Place::Standard] => Err(Error::Refused {
                reason: "--follow needs a file; standard input is always read to its end"
                    .to_owned(),
            }),
            _ => Err(Error::Refused {
                reason: "--follow takes one file; run one command per file".to_owned(),
            }),
        }
    }
}
