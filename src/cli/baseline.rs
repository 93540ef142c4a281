//! What a scan has found before and is not to report again: keyed hashes of secrets, and where they are.
//!
//! A hash without its key tells nothing about the secret, not even to whoever guesses: a baseline can be shared where the
//! key is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use blackbar::command::Finding;
use blackbar::{Error, Name};
use serde_json::{Value, json};

/// The number of the format, for programs that read it.
const VERSION: u64 = 1;

/// No baseline is larger, in bytes, so whatever is was named by mistake.
const SIZE_MAX: u64 = 1 << 30;

/// Path, rule and hash of a secret.
type Entry = (String, String, String);

/// What is known.
#[derive(Debug, Default)]
pub struct Baseline {
    entries: BTreeSet<Entry>,
}

impl Baseline {
    /// Reads a baseline that [`New`] has written.
    pub fn read(path: &Path) -> Result<Baseline, Error> {
        let name = Name::path(path);
        let refused = |why: &str| Error::Refused {
            reason: format!("{name}: {why}; scan --write-baseline writes one"),
        };
        let open = |source| Error::Open { name: name.clone(), source };
        if fs::metadata(path).map_err(open)?.len() > SIZE_MAX {
            return Err(refused("too large for a baseline"));
        }
        let text = fs::read(path).map_err(open)?;
        let value: Value = serde_json::from_slice(&text).map_err(|_| refused("not a baseline"))?;
        if value["blackbar-baseline"] != VERSION {
            return Err(refused("not a baseline of this version"));
        }
        let entry = |value: &Value| {
            let field = |name: &str| value[name].as_str().map(str::to_owned);
            Some((field("path")?, field("rule")?, field("hash")?))
        };
        let entries = value["findings"].as_array().map(|list| list.iter().map(entry).collect());
        match entries.flatten() {
            Some(entries) => Ok(Baseline { entries }),
            None => Err(refused("not a baseline")),
        }
    }

    /// Whether `finding` of `rule` in the input at `path` is known. Its line does not matter: logs move.
    pub fn knows(&self, path: &str, rule: &str, finding: &Finding) -> bool {
        finding
            .digest
            .as_ref()
            .is_some_and(|hash| self.entries.contains(&(bare(path), rule.to_owned(), hash.clone())))
    }
}

/// A baseline in the making: of each secret the first line, and how often it was found.
#[derive(Debug, Default)]
pub struct New {
    entries: BTreeMap<Entry, (u64, u64)>,
}

impl New {
    /// Takes note of `finding`, which `rule` has made in the input at `path`.
    pub fn add(&mut self, path: &str, rule: &str, finding: &Finding) {
        if let Some(hash) = &finding.digest {
            let entry = (bare(path), rule.to_owned(), hash.clone());
            self.entries.entry(entry).or_insert((finding.line, 0)).1 += 1;
        }
    }

    /// Writes it to the file at `path`, all of it or nothing.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let write = || -> io::Result<()> {
            let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            let mut file = tempfile::Builder::new()
                .prefix(".blackbar-")
                .tempfile_in(directory.unwrap_or(Path::new(".")))?;
            write!(file, "{{\"blackbar-baseline\": {VERSION}, \"findings\": [")?;
            // An entry a line, in order, so that a change is seen in a difference.
            for (index, ((path, rule, hash), (line, count))) in self.entries.iter().enumerate() {
                let entry = json!({
                    "path": path, "rule": rule, "hash": hash, "line": line, "count": count,
                });
                write!(file, "{}\n  {entry}", if index == 0 { "" } else { "," })?;
            }
            writeln!(file, "\n]}}")?;
            file.persist(path)?;
            Ok(())
        };
        write().map_err(|source| Error::Write { name: Name::path(path), source })
    }
}

/// The path without what does not tell it from others.
fn bare(path: &str) -> String {
    path.trim_start_matches("./").to_owned()
}
