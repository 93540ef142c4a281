//! `blackbar scan`: where secrets are, and how many. Nothing of a secret is shown.

use std::fmt;
use std::io::{self, Write};

use blackbar::command::{Finding, Survey, is_visible, visible};
use blackbar::{Error, Name, Ruleset};

use super::config;
use super::inputs;
use super::outcome::Outcome;
use super::output::{self, Report};
use super::progress::Progress;

/// What may be typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    inputs: inputs::Args,

    #[command(flatten)]
    config: config::Args,

    /// Print one JSON object a line
    ///
    /// With path, line, column, rule, and the secret's place in the input: offset from 0, and length, in bytes.
    #[arg(long, group = "format", help_heading = "Report")]
    json: bool,

    /// Print SARIF 2.1.0, as code-scanning services read it
    #[arg(long, group = "format", help_heading = "Report")]
    sarif: bool,

    /// Print nothing; the exit status tells
    #[arg(short, long, group = "format", help_heading = "Report")]
    quiet: bool,
}

/// What is to be done.
#[derive(Debug)]
pub struct Plan {
    inputs: inputs::Args,
    config: config::Args,
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// `path:line:column rule`.
    Text,
    Json,
    Sarif,
    Quiet,
}

impl From<Args> for Plan {
    fn from(args: Args) -> Plan {
        let format = match args {
            Args { json: true, .. } => Format::Json,
            Args { sarif: true, .. } => Format::Sarif,
            Args { quiet: true, .. } => Format::Quiet,
            _ => Format::Text,
        };
        Plan { inputs: args.inputs, config: args.config, format }
    }
}

impl Plan {
    /// Carries it out; see [`super::Plan::run`].
    pub fn run(&self, report: &mut dyn FnMut(&Error)) -> Result<Outcome, Error> {
        let rules = self.config.load(None, report)?.ruleset;
        let mut failed = false;
        let places = self.inputs.places(&mut |error| {
            failed = true;
            report(error);
        })?;
        self.inputs.hint();
        let mut survey = Survey::new(&rules);
        let mut list = List::new(&rules, self.format);
        let mut counts = vec![0u64; rules.rules().len()];
        let mut files = 0u64;

        let progress = Progress::new(&places, self.format != Format::Quiet);
        let mut written = list.begin();
        for place in &places {
            let path = place.path().map_or("-".to_owned(), |path| path.display().to_string());
            let mut any = false;
            let read = place.open().and_then(|mut source| {
                progress.enter(&source);
                survey.read(&mut source, &mut |finding| {
                    any = true;
                    counts[finding.rule.index()] += 1;
                    if written.is_ok() {
                        written = list.item(&path, &finding);
                    }
                })
            });
            files += u64::from(any);
            if let Err(error) = read {
                failed = true;
                progress.aside(|| report(&error));
            }
        }
        drop(progress);
        let written = written.and_then(|()| list.end());

        let total: u64 = counts.iter().sum();
        let outcome = match total {
            _ if failed => Outcome::Partial,
            0 => Outcome::Done,
            _ => Outcome::Found,
        };
        match written {
            Ok(()) => {}
            // Whoever reads the list has seen enough; the status is as if they had not.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(outcome),
            Err(source) => return Err(Error::Write { name: Name::stdout(), source }),
        }
        if self.format != Format::Quiet {
            let parts = rules.rules().iter().zip(&counts).filter(|(_, count)| **count > 0);
            let parts: Vec<String> =
                parts.map(|(rule, count)| format!("{} {count}", rule.name)).collect();
            let inputs = places.len();
            let summary = match total {
                0 => format!("nothing found in {inputs} input{}", plural(inputs as u64)),
                _ => format!(
                    "{total} secret{} in {files} of {inputs} input{}: {}",
                    plural(total),
                    plural(inputs as u64),
                    parts.join(", ")
                ),
            };
            output::note(summary);
        }
        Ok(outcome)
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Writes findings in a format.
struct List<'a> {
    rules: &'a Ruleset,
    format: Format,
    out: Report,
    first: bool,
}

impl List<'_> {
    fn new(rules: &Ruleset, format: Format) -> List<'_> {
        List { rules, format, out: output::report(), first: true }
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.format != Format::Sarif {
            return Ok(());
        }
        // Columns are counted in characters here: SARIF knows no other unit that fits.
        write!(
            self.out,
            r#"{{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{{"columnKind":"unicodeCodePoints","tool":{{"driver":{{"name":"blackbar","version":{},"rules":["#,
            Json(env!("CARGO_PKG_VERSION"))
        )?;
        for (index, rule) in self.rules.rules().iter().enumerate() {
            write!(
                self.out,
                r#"{}{{"id":{},"shortDescription":{{"text":{}}},"defaultConfiguration":{{"level":"error"}}}}"#,
                if index == 0 { "" } else { "," },
                Json(&rule.name),
                Json(&rule.summary)
            )?;
        }
        write!(self.out, r#"]}}}},"results":["#)
    }

    fn item(&mut self, path: &str, finding: &Finding) -> io::Result<()> {
        let Finding { rule, line, column, character, offset, len } = *finding;
        let name = self.rules.rule(rule).name.as_ref();
        let first = std::mem::replace(&mut self.first, false);
        match self.format {
            Format::Quiet => Ok(()),
            Format::Text => {
                writeln!(self.out, "{}:{line}:{column} {name}", visible(path))
            }
            Format::Json => writeln!(
                self.out,
                r#"{{"path":{},"line":{line},"column":{column},"rule":{},"offset":{offset},"length":{len}}}"#,
                Json(path),
                Json(name)
            ),
            Format::Sarif => write!(
                self.out,
                r#"{}{{"ruleId":{},"ruleIndex":{},"level":"error","message":{{"text":"A credential in a log ({})"}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":{}}},"region":{{"startLine":{line},"startColumn":{character},"byteOffset":{offset},"byteLength":{len}}}}}}}]}}"#,
                if first { "" } else { "," },
                Json(name),
                rule.index(),
                name,
                Json(&uri(path))
            ),
        }
    }

    fn end(&mut self) -> io::Result<()> {
        if self.format == Format::Sarif {
            writeln!(self.out, "]}}]}}")?;
        }
        self.out.flush()
    }
}

/// A path as a reference (RFC 3986): relative ones stay relative, for the service to resolve.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// A string as JSON writes it.
struct Json<'a>(&'a str);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                c if !is_visible(c) => write!(f, "\\u{:04x}", u32::from(c))?,
                c => write!(f, "{c}")?,
            }
        }
        f.write_str("\"")
    }
}
