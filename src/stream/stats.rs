//! Counts of bytes, lines, and secrets by rule.
//!
//! Secrets are counted where they are replaced, in the segment's own [`Pieces`]. The counts of a segment are added up
//! here once it is written. So counting is cheap, and a segment that was scanned twice is counted once.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use crate::redact::destination::Pieces;
use crate::rules::ruleset::Ruleset;

/// Counters that one thread updates while others may read them.
#[derive(Debug)]
pub struct Counters {
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    lines: AtomicU64,
    /// The rules in order, then rules that were removed, because counts never decrease.
    rules: RwLock<Vec<(Cow<'static, str>, AtomicU64)>>,
}

impl Counters {
    /// Counters for `rules`, all zero.
    pub fn new(rules: &Ruleset) -> Counters {
        let counters = Counters {
            bytes_in: AtomicU64::new(0),
            bytes_out: AtomicU64::new(0),
            lines: AtomicU64::new(0),
            rules: RwLock::default(),
        };
        counters.change_rules(rules);
        counters
    }

    /// Continues with other rules. Everything that the old ones found has to be added before. A rule of the same name
    /// keeps its count.
    pub fn change_rules(&self, rules: &Ruleset) {
        let mut counters = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        let mut old = std::mem::take(&mut *counters);
        for rule in rules.rules() {
            let known = old.iter().position(|(name, _)| *name == rule.name);
            counters.push(match known {
                Some(index) => old.remove(index),
                None => (rule.name.clone(), AtomicU64::new(0)),
            });
        }
        counters.extend(old);
    }

    /// Adds a segment that was written.
    pub(crate) fn add(&self, pieces: &Pieces) {
        let segment = pieces.segment();
        let lines = memchr::memchr_iter(b'\n', segment).count();
        let written: usize = pieces.slices().iter().map(|slice| slice.len()).sum();
        self.bytes_in.fetch_add(segment.len() as u64, Relaxed);
        self.bytes_out.fetch_add(written as u64, Relaxed);
        self.lines.fetch_add(lines as u64, Relaxed);
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        for ((_, counter), found) in rules.iter().zip(pieces.found()) {
            counter.fetch_add(*found, Relaxed);
        }
    }

    /// The counts now, `elapsed` after the start.
    pub fn stats(&self, elapsed: Duration) -> Stats {
        Stats {
            bytes_in: self.bytes_in.load(Relaxed),
            bytes_out: self.bytes_out.load(Relaxed),
            lines: self.lines.load(Relaxed),
            redactions: self
                .rules
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .iter()
                .map(|(name, n)| (name.clone(), n.load(Relaxed)))
                .collect(),
            elapsed,
        }
    }
}

/// The counts at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Bytes read.
    pub bytes_in: u64,
    /// Bytes written.
    pub bytes_out: u64,
    /// Line feeds read.
    pub lines: u64,
    /// Secrets replaced, by the name of the rule.
    pub redactions: Vec<(Cow<'static, str>, u64)>,
    /// Time since the start.
    pub elapsed: Duration,
}

impl Stats {
    /// Secrets replaced by all rules together.
    pub fn total(&self) -> u64 {
        self.redactions.iter().map(|(_, count)| count).sum()
    }

    fn gigabytes_per_second(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.bytes_in as f64 / seconds / 1e9 } else { 0.0 }
    }

    /// The counts as a JSON object on one line.
    pub fn json(&self) -> String {
        let rules: Vec<String> =
            self.redactions.iter().map(|(name, count)| format!("\"{name}\":{count}")).collect();
        format!(
            "{{\"bytes_in\":{},\"bytes_out\":{},\"lines\":{},\"redactions\":{{{}}},\
             \"redactions_total\":{},\"seconds\":{:.6},\"gigabytes_per_second\":{:.3}}}",
            self.bytes_in,
            self.bytes_out,
            self.lines,
            rules.join(","),
            self.total(),
            self.elapsed.as_secs_f64(),
            self.gigabytes_per_second(),
        )
    }

    /// The counts in the text format of Prometheus.
    pub fn prometheus(&self) -> String {
        let mut text = String::new();
        let mut family = |name: &str, help: &str, samples: &[(String, String)]| {
            let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, value) in samples {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        };
        let one = |value: u64| [(String::new(), value.to_string())];
        family("blackbar_read_bytes_total", "Bytes read.", &one(self.bytes_in));
        family("blackbar_written_bytes_total", "Bytes written.", &one(self.bytes_out));
        family("blackbar_lines_total", "Lines read.", &one(self.lines));
        let samples: Vec<(String, String)> = self
            .redactions
            .iter()
            .map(|(name, count)| (format!("{{rule=\"{name}\"}}"), count.to_string()))
            .collect();
        family("blackbar_redactions_total", "Secrets replaced, by rule.", &samples);
        let seconds = [(String::new(), format!("{:.3}", self.elapsed.as_secs_f64()))];
        family("blackbar_uptime_seconds", "Time since the start.", &seconds);
        text
    }
}

/// The counts in two lines.
impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} bytes in, {} bytes out, {} lines, {:.3} s, {:.2} GB/s",
            self.bytes_in,
            self.bytes_out,
            self.lines,
            self.elapsed.as_secs_f64(),
            self.gigabytes_per_second()
        )?;
        write!(f, "{} redacted", self.total())?;
        let found = self.redactions.iter().filter(|(_, count)| *count > 0);
        for (index, (name, count)) in found.enumerate() {
            write!(f, "{} {name} {count}", if index == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats() -> Stats {
        Stats {
            bytes_in: 2_000_000,
            bytes_out: 1_900_000,
            lines: 1000,
            redactions: vec![("bearer".into(), 3), ("jwt".into(), 0), ("cookie".into(), 12)],
            elapsed: Duration::from_millis(10),
        }
    }

    #[test]
    fn counts_continue_when_rules_change() {
        let rules = Ruleset::standard();
        let counters = Counters::new(&rules);
        let names = |stats: &Stats| stats.redactions.clone();
        counters.rules.read().unwrap()[2].1.store(7, Relaxed);
        let before = names(&counters.stats(Duration::ZERO));
        counters.change_rules(&rules);
        assert_eq!(names(&counters.stats(Duration::ZERO)), before);
        // As if there had been another rule before these. It keeps its count but loses its place.
        counters.rules.write().unwrap().insert(0, ("gone".into(), AtomicU64::new(3)));
        counters.change_rules(&rules);
        let after = names(&counters.stats(Duration::ZERO));
        assert_eq!(after, [&before[..], &[("gone".into(), 3)]].concat());
        assert_eq!(after[2].1, 7);
    }

    #[test]
    fn the_text_form_has_two_lines() {
        assert_eq!(
            stats().to_string(),
            "2000000 bytes in, 1900000 bytes out, 1000 lines, 0.010 s, 0.20 GB/s\n\
             15 redacted: bearer 3, cookie 12"
        );
    }

    #[test]
    fn the_json_form_is_one_object() {
        assert_eq!(
            stats().json(),
            r#"{"bytes_in":2000000,"bytes_out":1900000,"lines":1000,"redactions":{"bearer":3,"jwt":0,"cookie":12},"redactions_total":15,"seconds":0.010000,"gigabytes_per_second":0.200}"#
        );
    }

    #[test]
    fn every_prometheus_sample_belongs_to_a_family() {
        let text = stats().prometheus();
        assert!(text.contains("\nblackbar_redactions_total{rule=\"jwt\"} 0\n"), "{text}");
        let mut family = String::new();
        for line in text.lines() {
            match line.strip_prefix("# TYPE ") {
                Some(rest) => family = rest.split(' ').next().unwrap().to_owned(),
                None => assert!(line.starts_with("# HELP ") || line.starts_with(&family), "{line}"),
            }
        }
    }
}
