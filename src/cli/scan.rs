//! `blackbar scan`: reports where secrets are, and how many. It shows no part of a secret.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;

use blackbar::command::{Accept, Finding, Findings, Survey};
use blackbar::{Error, Key, Name, Ruleset, Style, Styles};

use super::baseline::{Baseline, New};
use super::findings::{Format, List, Look};
use super::inputs;
use super::outcome::Outcome;
use super::output::plural;
use super::overlap::{Files, SettingsFile};
use super::progress::Progress;
use super::{color, config, output};

/// The arguments.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    inputs: inputs::Args,

    #[command(flatten)]
    config: config::Args,

    #[command(flatten)]
    report: Report,

    #[command(flatten)]
    baseline: Known,
}

/// How findings are reported.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Report")]
struct Report {
    /// How to print findings: text, json (an array), jsonl (an object per line) or sarif
    ///
    /// JSON has the path, line, column and rule, and the offset (from 0) and length of the secret in bytes. SARIF 2.1.0
    /// is the format of code-scanning services.
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true,
        overrides_with_all = ["json", "sarif"])]
    format: Format,

    /// Short for --format jsonl
    #[arg(long, hide = true, overrides_with_all = ["format", "sarif"])]
    json: bool,

    /// Short for --format sarif
    #[arg(long, hide = true, overrides_with_all = ["format", "json"])]
    sarif: bool,

    /// Show the line of each finding, with its secrets redacted
    ///
    /// Long lines are shortened to the text around the secrets.
    #[arg(long)]
    show: bool,

    /// Print counts by file and rule instead of findings
    #[arg(long, conflicts_with = "show")]
    summary: bool,

    /// Print nothing; use the exit status
    #[arg(short, long)]
    quiet: bool,

    /// Exit with status 0 even if secrets were found; errors still give 2
    #[arg(long)]
    exit_zero: bool,

    #[command(flatten)]
    color: color::Args,
}

/// The options for earlier findings.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Baseline")]
struct Known {
    /// Report only secrets that are not in FILE, a baseline
    ///
    /// A secret is in the baseline if the same rule found it in the file of the same path, on any line.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Write everything that is found to FILE, as a baseline for later scans
    ///
    /// It contains keyed hashes of the secrets and their positions. Without the key, the hashes reveal nothing.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,

    /// Read the key of the hashes from FILE [default: $BLACKBAR_KEY]
    ///
    /// The key has at least 16 bytes. To create one: head -c 32 /dev/urandom | base64 >FILE
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// The checked plan.
#[derive(Debug)]
pub struct Plan {
    inputs: inputs::Args,
    config: config::Args,
    format: Format,
    look: Look,
    quiet: bool,
    exit_zero: bool,
    baseline: Known,
}

impl From<Args> for Plan {
    fn from(Args { inputs, config, report, baseline }: Args) -> Plan {
        let format = match &report {
            Report { json: true, .. } => Format::Jsonl,
            Report { sarif: true, .. } => Format::Sarif,
            _ => report.format,
        };
        let color = format == Format::Text && report.color.is_on();
        let look = Look { show: report.show, color, summary: report.summary };
        let Report { quiet, exit_zero, .. } = report;
        Plan { inputs, config, format, look, quiet, exit_zero, baseline }
    }
}

impl Plan {
    /// Runs the plan; see [`super::Plan::run`].
    pub fn run(&self, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
        if self.look.summary && self.format == Format::Sarif {
            let reason = "SARIF has no summary; choose --format text, json or jsonl".to_owned();
            return Err(Error::Refused { reason });
        }
        // 1. The rules and the inputs.
        let (rules, key, settings) = self.load(report)?;
        let known = self.baseline.baseline.as_deref().map(Baseline::read).transpose()?;
        let mut tally = Tally { counts: vec![0; rules.rules().len()], ..Tally::default() };
        let places = self.inputs.places(&mut |error| {
            tally.unread += 1;
            report(error);
        })?;
        let files = Files {
            settings,
            inputs: places.clone(),
            output: None,
            replaced: self.baseline.write_baseline.clone(),
        };
        files.check()?;
        self.inputs.hint();
        let opening = self.inputs.opening(Accept::Logs);

        // 2. Scan one input after another.
        let mut survey = Survey::new(&rules, &Styles::new(Style::Label)).with_key(key);
        let mut list = List::new(&rules, self.format, self.look, output::report());
        let mut new = New::default();
        let progress = Progress::new(&places, !self.quiet);
        let mut written = if self.quiet { Ok(()) } else { list.begin() };
        for place in &places {
            let path = place.path().map_or("-".into(), |path| path.as_os_str().to_owned());
            let before = tally.total();
            let read = place.open(&opening).and_then(|mut source| {
                progress.enter(&source);
                survey.read(&mut source, &mut |line| {
                    let reported = tally.take(line, &rules, &path, known.as_ref(), &mut new);
                    if written.is_ok() && !self.quiet {
                        written = list.line(&path, &reported, &line.excerpt);
                    }
                })
            });
            tally.inputs += 1;
            tally.with_findings += u64::from(tally.total() > before);
            if let Err(error) = read {
                tally.unread += 1;
                progress.aside(|| report(&error));
            }
        }
        drop(progress);
        if written.is_ok() && !self.quiet {
            written = list.end();
        }

        // 3. The summary.
        if let Some(path) = &self.baseline.write_baseline {
            files.check_replaced()?;
            new.write(path)?;
        }
        let outcome = match tally.total() {
            _ if tally.unread > 0 => Outcome::Partial,
            0 => Outcome::Done,
            _ if self.exit_zero => Outcome::Done,
            _ => Outcome::Found,
        };
        match written {
            Ok(()) => {}
            // The reader closed the output, which does not change the status.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(outcome),
            Err(source) => return Err(Error::Write { name: Name::stdout(), source }),
        }
        if !self.quiet {
            output::note(tally.summary(&rules));
        }
        Ok(outcome)
    }

    /// The rules, the key of the hashes if there is a baseline, and the files that they were read from.
    fn load(
        &self,
        report: &mut dyn FnMut(&Error),
    ) -> Result<(Ruleset, Option<Key>, Vec<SettingsFile>), Error> {
        let option = match &self.baseline {
            Known { write_baseline: Some(_), .. } => "--write-baseline",
            Known { baseline: Some(_), .. } => "--baseline",
            _ => {
                let (loaded, files) = self.config.load_with_files(None, report)?;
                return Ok((loaded.ruleset, None, files));
            }
        };
        let key_file = self.baseline.key_file.as_deref();
        let (loaded, files) = self.config.load_pseudonyms(option, key_file, report)?;
        let key = loaded.ruleset.ids().find_map(|rule| match loaded.styles.of(rule) {
            Style::Hmac(key) => Some(key.clone()),
            _ => None,
        });
        Ok((loaded.ruleset, key, files))
    }
}

/// What was found, and what was not read.
#[derive(Default)]
struct Tally {
    /// By rule.
    counts: Vec<u64>,
    known: u64,
    allowed: u64,
    inputs: u64,
    with_findings: u64,
    unread: u64,
}

impl Tally {
    /// Counts the findings of a line, and returns those to report. All of them go into the `new` baseline.
    fn take<'a>(
        &mut self,
        line: &'a Findings,
        rules: &Ruleset,
        path: &OsStr,
        known: Option<&Baseline>,
        new: &mut New,
    ) -> Vec<&'a Finding> {
        if line.allowed {
            self.allowed += line.list.len() as u64;
            return Vec::new();
        }
        let path = path.to_string_lossy();
        let is_new = |finding: &&Finding| {
            let rule = &rules.rule(finding.rule).name;
            new.add(&path, rule, finding);
            !known.is_some_and(|known| known.knows(&path, rule, finding))
        };
        let reported: Vec<&Finding> = line.list.iter().filter(is_new).collect();
        self.known += (line.list.len() - reported.len()) as u64;
        for finding in &reported {
            self.counts[finding.rule.index()] += 1;
        }
        reported
    }

    fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The summary, in one line.
    fn summary(&self, rules: &Ruleset) -> String {
        let parts = rules.rules().iter().zip(&self.counts).filter(|(_, count)| **count > 0);
        let parts: Vec<String> =
            parts.map(|(rule, count)| format!("{} {count}", rule.name)).collect();
        let (total, inputs) = (self.total(), plural(self.inputs, "input"));
        let mut text = match (total, self.unread) {
            (0, 0) => format!("nothing found in {inputs}"),
            (0, unread) => {
                format!("nothing found in {} of {inputs}", self.inputs.saturating_sub(unread))
            }
            _ => format!(
                "{} in {} of {inputs}: {}",
                plural(total, "secret"),
                self.with_findings,
                parts.join(", ")
            ),
        };
        for (count, what) in [
            (self.known, "in the baseline"),
            (self.allowed, "allowed by a comment"),
            (self.unread, "not read"),
        ] {
            if count > 0 {
                text += &format!("; {count} {what}");
            }
        }
        text
    }
}
