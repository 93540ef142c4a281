//! `-i --dry-run` and `-i --diff`: show what redacting in place would change.

use std::io::{self, Write};

use blackbar::command::{FileInput, Findings, InPlace, Replacing, Source, Survey};
use blackbar::{Error, Name, Ruleset, Styles};

use super::findings::marked;
use super::inputs::Place;
use super::outcome::Outcome;
use super::output::{self, Report, plural};

/// Hides a secret in the old line, and its length.
const HIDDEN: &str = "******";

/// How it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Show each line that would change, not only each file.
    pub diff: bool,
    pub color: bool,
    /// Print no summary.
    pub quiet: bool,
}

/// The summary.
#[derive(Default)]
struct Total {
    files: u64,
    changed: u64,
    secrets: u64,
    bytes: u64,
}

/// Shows what redacting the files at `places` in place would change.
pub fn run(
    rules: &Ruleset,
    styles: &Styles,
    places: &[Place],
    look: Look,
    how: &Replacing,
    open: &dyn Fn(&Place) -> Result<Option<Opened>, Error>,
    report: &mut dyn FnMut(&Error),
) -> Result<Outcome, Error> {
    let mut survey = Survey::new(rules, styles);
    let mut out = output::report();
    let mut total = Total::default();
    let mut outcome = Outcome::Done;
    for place in places {
        let mut file = File { rules, look, counts: vec![0; rules.rules().len()], written: Ok(()) };
        let name = place.path().map_or(Name::stdin(), Name::path).to_string();
        let read = open(place).and_then(|opened| match opened {
            None => Ok(0),
            Some((target, mut source)) => {
                let read =
                    survey.read(&mut source, &mut |line| file.line(&name, line, &mut out))?;
                if file.counts.iter().any(|count| *count > 0) {
                    target.check(how)?;
                }
                Ok(read)
            }
        });
        match read {
            Ok(bytes) => total.add(bytes, &file.counts),
            Err(error) => {
                report(&error);
                outcome = Outcome::Partial;
            }
        }
        let written = file.end(&name, &mut out).and_then(|()| out.flush());
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Err(Error::Closed),
            Err(source) => return Err(Error::Write { name: Name::stdout(), source }),
        }
    }
    if !look.quiet && total.files > 0 {
        output::note(total.sentence());
    }
    Ok(outcome)
}

/// A file that could be rewritten, and the source that reads it.
pub type Opened = (InPlace, Source<FileInput>);

impl Total {
    fn add(&mut self, bytes: u64, counts: &[u64]) {
        let secrets: u64 = counts.iter().sum();
        self.files += 1;
        self.changed += u64::from(secrets > 0);
        self.secrets += secrets;
        self.bytes += bytes;
    }

    fn sentence(&self) -> String {
        format!(
            "would redact {} in {} of {}; read {}",
            plural(self.secrets, "secret"),
            self.changed,
            plural(self.files, "file"),
            plural(self.bytes, "byte")
        )
    }
}

/// What would change in a file.
struct File<'a> {
    rules: &'a Ruleset,
    look: Look,
    /// Secrets by rule.
    counts: Vec<u64>,
    written: io::Result<()>,
}

impl File<'_> {
    fn line(&mut self, name: &str, line: &Findings, out: &mut Report) {
        let first = self.counts.iter().all(|count| *count == 0);
        for finding in &line.list {
            self.counts[finding.rule.index()] += 1;
        }
        if self.look.diff && self.written.is_ok() {
            self.written = self.difference(name, first, line, out);
        }
    }

    /// Shows a line with its secrets hidden, and the redacted line.
    fn difference(
        &self,
        name: &str,
        first: bool,
        line: &Findings,
        out: &mut Report,
    ) -> io::Result<()> {
        let Look { color, .. } = self.look;
        let mut write = |code: &str, text: &str| match color {
            true => writeln!(out, "\x1b[{code}m{text}\x1b[0m"),
            false => writeln!(out, "{text}"),
        };
        if first {
            write("1", &format!("--- {name}"))?;
            write("1", &format!("+++ {name}"))?;
        }
        write("36", &format!("@@ line {} @@", line.list[0].line))?;
        write("31", &format!("-{}", marked(&line.excerpt, false, Some(HIDDEN))))?;
        write("32", &format!("+{}", marked(&line.excerpt, false, None)))
    }

    fn end(self, name: &str, out: &mut Report) -> io::Result<()> {
        self.written?;
        let secrets: u64 = self.counts.iter().sum();
        if self.look.diff || secrets == 0 {
            return Ok(());
        }
        let parts = self.rules.rules().iter().zip(&self.counts).filter(|(_, count)| **count > 0);
        let parts: Vec<String> =
            parts.map(|(rule, count)| format!("{} {count}", rule.name)).collect();
        writeln!(out, "{name}: {}: {}", plural(secrets, "secret"), parts.join(", "))
    }
}
