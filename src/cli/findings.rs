//! Prints findings: as text, as JSON, as SARIF.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;

use blackbar::Ruleset;
use blackbar::command::{Excerpt, Finding, visible};
use clap::ValueEnum;
use serde_json::{Value, json};

use super::output::Report;

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// `path:line:column rule`.
    Text,
    /// One array.
    Json,
    /// One object per line.
    Jsonl,
    /// SARIF 2.1.0.
    Sarif,
}

/// The address for information about the rules, in SARIF.
const INFORMATION: &str = "https://docs.rs/blackbar";

/// What is shown besides positions.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The redacted line.
    pub show: bool,
    pub color: bool,
    /// Counts instead of findings.
    pub summary: bool,
}

/// Writes findings in a format.
pub struct List<'a> {
    rules: &'a Ruleset,
    format: Format,
    look: Look,
    out: Report,
    first: bool,
    /// Counts by path and rule, for a summary.
    counts: BTreeMap<(String, String), u64>,
}

impl List<'_> {
    /// An empty list.
    pub fn new(rules: &Ruleset, format: Format, look: Look, out: Report) -> List<'_> {
        List { rules, format, look, out, first: true, counts: BTreeMap::new() }
    }

    /// Writes the text before the findings.
    pub fn begin(&mut self) -> io::Result<()> {
        match self.format {
            Format::Text | Format::Jsonl => Ok(()),
            Format::Json => write!(self.out, "["),
            Format::Sarif => self.begin_sarif(),
        }
    }

    /// Writes the findings of a line of the input at `path`.
    pub fn line(&mut self, path: &OsStr, list: &[&Finding], excerpt: &Excerpt) -> io::Result<()> {
        for finding in list {
            let rule = self.rules.rule(finding.rule).name.to_string();
            if self.look.summary {
                let entry = (path.to_string_lossy().into_owned(), rule);
                *self.counts.entry(entry).or_default() += 1;
                continue;
            }
            match self.format {
                Format::Text => self.text(path, &rule, finding)?,
                Format::Json | Format::Jsonl => {
                    let object = self.object(path, &rule, finding, excerpt);
                    self.item(&object)?;
                }
                Format::Sarif => {
                    let result = self.result(path, &rule, finding, excerpt);
                    self.item(&result)?;
                }
            }
        }
        if self.look.show && self.format == Format::Text && !self.look.summary && !list.is_empty() {
            writeln!(self.out, "    {}", marked(excerpt, self.look.color, None))?;
        }
        Ok(())
    }

    /// Writes the text after the findings.
    pub fn end(&mut self) -> io::Result<()> {
        let counts = std::mem::take(&mut self.counts);
        let digits = counts.values().max().map_or(1, |most| most.to_string().len());
        let width = counts.keys().map(|(_, rule)| rule.len()).max().unwrap_or(0);
        for ((path, rule), count) in &counts {
            match self.format {
                Format::Text => {
                    writeln!(self.out, "{count:digits$} {rule:width$} {}", visible(path))?;
                }
                _ => self.item(&json!({ "path": path, "rule": rule, "count": count }))?,
            }
        }
        match self.format {
            Format::Text | Format::Jsonl => {}
            Format::Json if self.first => writeln!(self.out, "]")?,
            Format::Json => writeln!(self.out, "\n]")?,
            Format::Sarif => writeln!(self.out, "]}}]}}")?,
        }
        self.out.flush()
    }

    fn text(&mut self, path: &OsStr, rule: &str, finding: &Finding) -> io::Result<()> {
        let Finding { line, column, .. } = finding;
        let path = visible(&path.to_string_lossy());
        match self.look.color {
            true => writeln!(
                self.out,
                "\x1b[35m{path}\x1b[0m:\x1b[32m{line}\x1b[0m:\x1b[32m{column}\x1b[0m \x1b[1;31m{rule}\x1b[0m"
            ),
            false => writeln!(self.out, "{path}:{line}:{column} {rule}"),
        }
    }

    /// Writes an element of an array, or a line.
    fn item(&mut self, value: &Value) -> io::Result<()> {
        let first = std::mem::replace(&mut self.first, false);
        let value = printable(&value.to_string());
        match self.format {
            Format::Jsonl => writeln!(self.out, "{value}"),
            Format::Json => write!(self.out, "{}{value}", if first { "\n" } else { ",\n" }),
            _ => write!(self.out, "{}{value}", if first { "" } else { "," }),
        }
    }

    fn object(&self, path: &OsStr, rule: &str, finding: &Finding, excerpt: &Excerpt) -> Value {
        let Finding { line, column, offset, len, .. } = finding;
        let mut object = json!({
            "path": path.to_string_lossy(), "line": line, "column": column, "rule": rule,
            "offset": offset, "length": len,
        });
        if let Some(hash) = &finding.digest {
            object["hash"] = json!(hash);
        }
        if self.look.show {
            object["text"] = json!(String::from_utf8_lossy(&excerpt.text));
        }
        object
    }

    fn begin_sarif(&mut self) -> io::Result<()> {
        let rules: Vec<Value> = self
            .rules
            .rules()
            .iter()
            .map(|rule| {
                json!({
                    "id": rule.name, "shortDescription": { "text": rule.summary },
                    "defaultConfiguration": { "level": "error" },
                })
            })
            .collect();
        let driver = json!({
            "name": "blackbar", "version": env!("CARGO_PKG_VERSION"),
            "informationUri": INFORMATION, "rules": rules,
        });
        // SARIF has no unit for bytes, so columns are counted in characters.
        write!(
            self.out,
            r#"{{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{{"columnKind":"unicodeCodePoints","tool":{{"driver":{driver}}},"results":["#
        )
    }

    fn result(&self, path: &OsStr, rule: &str, finding: &Finding, excerpt: &Excerpt) -> Value {
        let mut place = json!({
            "artifactLocation": { "uri": uri(path) },
            "region": {
                "startLine": finding.line, "startColumn": finding.character,
                "byteOffset": finding.offset, "byteLength": finding.len,
            },
        });
        if self.look.show {
            place["contextRegion"] = json!({
                "startLine": finding.line,
                "snippet": { "text": String::from_utf8_lossy(&excerpt.text) },
            });
        }
        let mut result = json!({
            "ruleId": rule, "ruleIndex": finding.rule.index(), "level": "error",
            "message": { "text": format!("A credential in a log ({rule})") },
            "locations": [{ "physicalLocation": place }],
        });
        if let Some(hash) = &finding.digest {
            result["partialFingerprints"] = json!({ "secret/v1": hash });
        }
        result
    }
}

/// An excerpt for a terminal. Replacements are in reverse video with `color`, or are replaced by `instead`.
pub fn marked(excerpt: &Excerpt, color: bool, instead: Option<&str>) -> String {
    let text = |range: Range<usize>| visible(&String::from_utf8_lossy(&excerpt.text[range]));
    let mut shown = String::new();
    let mut at = 0;
    for mark in &excerpt.marks {
        shown += &text(at..mark.start);
        let replacement = instead.map_or_else(|| text(mark.clone()), str::to_owned);
        match color {
            true => shown += &format!("\x1b[7m{replacement}\x1b[27m"),
            false => shown += &replacement,
        }
        at = mark.end;
    }
    let rest = text(at..excerpt.text.len());
    // A carriage return at the end belongs to the line end.
    shown + rest.strip_suffix("\\r").unwrap_or(&rest)
}

/// A JSON text without control characters.
fn printable(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match blackbar::command::is_visible(c) {
            true => text.push(c),
            false => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    text += &format!("\\u{unit:04x}");
                }
            }
        }
    }
    text
}

/// A path as a URI reference (RFC 3986). A relative path stays relative.
fn uri(path: &OsStr) -> String {
    let path = path.as_bytes();
    let mut uri = String::new();
    if path.starts_with(b"/") {
        uri.push_str("file://");
    }
    for &byte in path.strip_prefix(b"./").unwrap_or(path) {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        for (path, expected) in [
            (&b"a b.log"[..], "a%20b.log"),
            (b"./logs/a#1.log", "logs/a%231.log"),
            (b"/var/log/a:1%.log", "file:///var/log/a%3A1%25.log"),
            ("\u{e9}.log".as_bytes(), "%C3%A9.log"),
            (b"\xff.log", "%FF.log"),
        ] {
            assert_eq!(uri(OsStr::from_bytes(path)), expected);
        }
    }
}
