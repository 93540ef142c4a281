//! `blackbar bench`: measures the cost of redaction.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use blackbar::command::Opening;
use blackbar::{Error, Name};
use bytes::Bytes;

use super::config;
use super::inputs::Place;
use super::outcome::{Format, Outcome};
use super::output;
use crate::bench::sample::{Log, Mix};
use crate::bench::speeds::{self, Counts, Speed, Workload};

/// The most bytes of a log that are read. All of them have to fit into memory.
const READ_MAX: u64 = 64 * 1024 * 1024;

/// The built-in sample: an application's log at some debug level, of a size that a few caches cannot hold.
const SAMPLE: usize = 16 * 1024 * 1024;
const SAMPLE_MIX: Mix = Mix { near: 20, secret: 20 };

/// The arguments.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The log to measure with, - for standard input [default: a generated log with a secret in every 20th line]
    ///
    /// The first 64 MiB are read into memory. Compressed logs are decompressed first. A short log is repeated.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Estimate the CPU share for a log that grows by RATE, such as 50MB/s, 800kB/s or 2GiB/s
    #[arg(long, value_name = "RATE", default_value = "50MB/s", value_parser = rate)]
    rate: Rate,

    /// How to print the results: text, or json, an object with rates in bytes per second
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    format: Format,

    /// Short for --format json
    #[arg(long, hide = true, overrides_with = "format")]
    json: bool,

    #[command(flatten)]
    config: config::Args,
}

/// Bytes per second.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rate(f64);

fn rate(text: &str) -> Result<Rate, String> {
    let number = text.strip_suffix("/s").unwrap_or(text).trim_end();
    let digits = number.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match number[digits.len()..].to_ascii_lowercase().as_str() {
        "" if digits.trim_end().parse::<f64>().is_ok() => {
            return Err(format!("the rate has no unit; write {}MB/s", digits.trim_end()));
        }
        "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => f64::NAN,
    };
    match digits.trim_end().parse::<f64>() {
        Ok(n) if n * factor > 0.0 && (n * factor).is_finite() => Ok(Rate(n * factor)),
        _ => Err("expected a rate above zero, such as 50MB/s".to_owned()),
    }
}

/// The checked plan.
#[derive(Debug)]
pub struct Plan {
    file: Option<PathBuf>,
    rate: Rate,
    json: bool,
    config: config::Args,
}

impl From<Args> for Plan {
    fn from(args: Args) -> Plan {
        let json = args.json || args.format == Format::Json;
        Plan { file: args.file, rate: args.rate, json, config: args.config }
    }
}

impl Plan {
    /// Measures and prints the results; see [`super::Plan::run`].
    pub fn run(&self, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
        let rules = self.config.load(None, report)?.ruleset;
        let log = match &self.file {
            None => Input::sample(),
            Some(path) => Input::read(&Place::from(path.clone()))?,
        };
        let counts = Counts::of(&log.bytes, &rules);
        let mut progress = Progress::new();
        let measured = speeds::speeds(&log.bytes, &rules, |round, most| progress.tell(round, most));
        drop(progress);
        // The log is in memory by now, so the error is from a pipe.
        let speeds = measured
            .map_err(|source| Error::Write { name: Name::path("measurement".as_ref()), source })?;

        let report = Report { log, counts, speeds, rate: self.rate };
        output::print(|out| if self.json { report.json(out) } else { report.table(out) })
    }
}

/// What is measured.
struct Input {
    /// Its name. `None` for the generated log.
    name: Option<Name>,
    bytes: Bytes,
    /// Whether the log is longer than what was read.
    cut: bool,
}

impl Input {
    fn sample() -> Input {
        Input { name: None, bytes: Log::new(SAMPLE, SAMPLE_MIX).bytes.into(), cut: false }
    }

    /// The first [`READ_MAX`] bytes of the log at `place`, decompressed, without the line that they cut.
    fn read(place: &Place) -> Result<Input, Error> {
        let mut source = place.open(&Opening::default())?;
        let mut bytes = source.read_start(READ_MAX + 1)?;
        let cut = bytes.len() as u64 > READ_MAX;
        if cut {
            bytes.pop();
            let end = memchr::memrchr(b'\n', &bytes).map_or(bytes.len(), |newline| newline + 1);
            bytes.truncate(end);
        }
        Ok(Input { name: Some(source.name().clone()), bytes: bytes.into(), cut })
    }
}

/// Shows on a terminal that the measurement makes progress.
struct Progress {
    shown: bool,
}

impl Progress {
    fn new() -> Progress {
        Progress { shown: io::stderr().is_terminal() }
    }

    fn tell(&mut self, round: usize, most: usize) {
        if self.shown {
            // An error here does not matter.
            let _ = write!(io::stderr(), "\r\x1b[Kmeasuring: round {round} of at most {most}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

struct Report {
    log: Input,
    counts: Counts,
    /// `None` if the log is empty.
    speeds: Vec<Speed>,
    rate: Rate,
}

impl Report {
    /// A table of three columns: a name, a number, and a share.
    fn table(&self, out: &mut impl Write) -> io::Result<()> {
        let counts = &self.counts;
        match &self.log.name {
            None => writeln!(out, "generated log")?,
            Some(name) if self.log.cut => {
                writeln!(out, "{name}, the first {} MiB", READ_MAX / 1024 / 1024)?
            }
            Some(name) => writeln!(out, "{name}")?,
        }
        let mut row = |what: &str, how_much: String, of: String| {
            writeln!(out, "{}", format!("{what:36}{how_much:>16}  {of}").trim_end())
        };
        let share = |part: u64| match counts.bytes {
            0 => String::new(),
            all => format!("{:.1} % of the bytes", 100.0 * part as f64 / all as f64),
        };

        row("bytes", grouped(counts.bytes), String::new())?;
        row("lines", grouped(counts.lines), String::new())?;
        row("redactions", grouped(counts.total()), share(counts.redacted))?;
        for (rule, count) in &counts.redactions {
            row(&format!("  {rule}"), grouped(*count), String::new())?;
        }
        row("bytes not copied", grouped(counts.untouched), share(counts.untouched))?;
        row("bytes copied", grouped(counts.copied()), share(counts.copied()))?;
        for speed in &self.speeds {
            let against = speed.workload.copy();
            let times = if against == speed.workload {
                String::new()
            } else {
                format!("{:.2} of the copy", speed.rate / self.speed(against).rate)
            };
            row(&speed.workload.words(), format!("{:.2} GB/s", speed.rate / 1e9), times)?;
        }
        if let Some((redacting, copying)) = self.cores() {
            row(
                &format!("at {}, about", self.rate),
                format!("{:.2} % of a core", 100.0 * redacting),
                format!("{:.2} % for the copy", 100.0 * copying),
            )?;
        }
        Ok(())
    }

    /// A JSON object. What could not be measured is null.
    fn json(&self, out: &mut impl Write) -> io::Result<()> {
        let counts = &self.counts;
        let name = self.log.name.as_ref().map(|name| quoted(&name.to_string()));
        let redactions: Vec<String> = counts
            .redactions
            .iter()
            .map(|(rule, count)| format!("{}:{count}", quoted(rule)))
            .collect();
        let speeds: Vec<String> = self
            .speeds
            .iter()
            .map(|speed| {
                format!(
                    r#"{{"way":{},"threads":{},"bytes_per_second":{:.0}}}"#,
                    quoted(speed.workload.key()),
                    speed.workload.threads(),
                    speed.rate
                )
            })
            .collect();
        let cores = self.cores();
        let number = |number: Option<f64>| number.map_or("null".to_owned(), |n| format!("{n:.6}"));
        writeln!(
            out,
            concat!(
                r#"{{"file":{},"cut":{},"bytes":{},"lines":{},"redactions":{{{}}},"redacted_bytes":{},"#,
                r#""untouched_bytes":{},"copied_bytes":{},"speeds":[{}],"#,
                r#""at":{{"bytes_per_second":{:.0},"cores":{},"cores_copying":{}}}}}"#
            ),
            name.unwrap_or("null".to_owned()),
            self.log.cut,
            counts.bytes,
            counts.lines,
            redactions.join(","),
            counts.redacted,
            counts.untouched,
            counts.copied(),
            speeds.join(","),
            self.rate.0,
            number(cores.map(|cores| cores.0)),
            number(cores.map(|cores| cores.1)),
        )
    }

    fn speed(&self, workload: Workload) -> &Speed {
        self.speeds
            .iter()
            .find(|speed| speed.workload == workload)
            .expect("every workload is measured")
    }

    /// How many cores redaction takes at the given rate, and how many a copy takes, both with pipes.
    ///
    /// A log that arrives line by line costs more per byte, but at such low rates that it does not matter.
    fn cores(&self) -> Option<(f64, f64)> {
        let at =
            |workload: Workload| self.speeds.iter().find(|speed| speed.workload == workload)?.cpu;
        let one = std::num::NonZeroUsize::MIN;
        Some((at(Workload::PipeRedact(one))? * self.rate.0, at(Workload::PipeCopy)? * self.rate.0))
    }
}

impl Workload {
    fn words(self) -> String {
        match self {
            Workload::Copy => "copy in memory".to_owned(),
            Workload::Scan => "scan in memory".to_owned(),
            Workload::Redact(n) => format!("redaction in memory, {}", threads(n.get())),
            Workload::PipeCopy => "copy, from pipe to pipe".to_owned(),
            Workload::PipeRedact(n) => format!("blackbar, from pipe to pipe, {}", threads(n.get())),
        }
    }

    fn key(self) -> &'static str {
        match self {
            Workload::Copy => "copy",
            Workload::Scan => "scan",
            Workload::Redact(_) => "redact",
            Workload::PipeCopy => "pipe-copy",
            Workload::PipeRedact(_) => "pipe-redact",
        }
    }

    fn threads(self) -> usize {
        match self {
            Workload::Redact(n) | Workload::PipeRedact(n) => n.get(),
            Workload::Copy | Workload::Scan | Workload::PipeCopy => 1,
        }
    }

    /// The copy that it is compared with.
    fn copy(self) -> Workload {
        match self {
            Workload::PipeCopy | Workload::PipeRedact(_) => Workload::PipeCopy,
            Workload::Copy | Workload::Scan | Workload::Redact(_) => Workload::Copy,
        }
    }
}

fn threads(n: usize) -> String {
    if n == 1 { "1 thread".to_owned() } else { format!("{n} threads") }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            rate if rate >= 1e9 => write!(f, "{} GB/s", rate / 1e9),
            rate if rate >= 1e6 => write!(f, "{} MB/s", rate / 1e6),
            rate if rate >= 1e3 => write!(f, "{} kB/s", rate / 1e3),
            rate => write!(f, "{rate} B/s"),
        }
    }
}

/// With a comma between thousands.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// As a JSON string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_units() {
        for (text, expected) in [
            ("50MB/s", 50e6),
            ("50 MB/s", 50e6),
            ("1.5G", 1.5e9),
            ("800kB/s", 800e3),
            ("800 KB/s", 800e3),
            ("2MiB/s", 2.0 * 1024.0 * 1024.0),
            ("300B/s", 300.0),
        ] {
            assert_eq!(rate(text), Ok(Rate(expected)), "{text}");
        }
        for text in [
            "", "MB/s", "0", "50", "50/s", "0MB/s", "-1MB/s", "50XB/s", "50MB/h", "nan", "inf",
            "1e400", "é",
        ] {
            assert!(rate(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_and_rates_are_shown_as_people_write_them() {
        assert_eq!(
            [0, 12, 999, 1000, 1234567].map(grouped),
            ["0", "12", "999", "1,000", "1,234,567"]
        );
        assert_eq!(Rate(50e6).to_string(), "50 MB/s");
        assert_eq!(Rate(1.5e9).to_string(), "1.5 GB/s");
        assert_eq!(Rate(12.0).to_string(), "12 B/s");
    }

    #[test]
    fn strings_are_quoted() {
        assert_eq!(quoted("a\"b\\c\u{1}é"), r#""a\"b\\c\u0001é""#);
    }
}
