//! Baselines: keyed hashes of secrets that an earlier scan found, with their positions.
//!
//! Without the key, a hash reveals nothing about the secret, not even whether a guess is right. So a baseline can be
//! shared, as long as the key is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use blackbar::command::Finding;
use blackbar::{Error, Name};
use serde_json::{Value, json};

/// The version of the format.
const VERSION: u64 = 1;

/// The most bytes of a baseline. A larger file was named by mistake.
const SIZE_MAX: u64 = 1 << 30;

/// Path, rule and hash of a secret.
type Entry = (String, String, String);

/// A baseline.
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

    /// Whether `finding` of `rule` in the input at `path` is in the baseline, on any line.
    pub fn knows(&self, path: &str, rule: &str, finding: &Finding) -> bool {
        finding
            .digest
            .as_ref()
            .is_some_and(|hash| self.entries.contains(&(bare(path), rule.to_owned(), hash.clone())))
    }
}

/// A new baseline: for each secret its first line, and how often it was found.
#[derive(Debug, Default)]
pub struct New {
    entries: BTreeMap<Entry, (u64, u64)>,
}

impl New {
    /// Adds `finding`, of `rule`, in the input at `path`.
    pub fn add(&mut self, path: &str, rule: &str, finding: &Finding) {
        if let Some(hash) = &finding.digest {
            let entry = (bare(path), rule.to_owned(), hash.clone());
            self.entries.entry(entry).or_insert((finding.line, 0)).1 += 1;
        }
    }

    /// Writes the baseline to the file at `path`, atomically.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let write = || -> io::Result<()> {
            let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            let mut file = tempfile::Builder::new()
                .prefix(".blackbar-")
                .tempfile_in(directory.unwrap_or(Path::new(".")))?;
            write!(file, "{{\"blackbar-baseline\": {VERSION}, \"findings\": [")?;
            // One sorted entry per line, so that a diff shows changes.
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

/// The path without a leading `./`.
fn bare(path: &str) -> String {
    path.trim_start_matches("./").to_owned()
}
