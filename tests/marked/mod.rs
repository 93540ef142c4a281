//! Text in which `«…»` marks each secret, and the case tables written in it.
//!
//! A table is a text file of cases. `== name` opens a case, its body follows. Lines that start with `# ` before the
//! body are comments. In a body `␛ ␉ ␍ ␀` are ESC, TAB, CR and NUL; `⏎` at the very end drops the last newline.
//! At the start of a line, it makes the line literal, even if it looks like a comment or a name.

#![allow(dead_code)]

use std::path::Path;

/// The replacement of a secret in the output.
pub const REPLACEMENT: &str = "[REDACTED]";

/// An input and its expected output, given by its marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    pub input: Vec<u8>,
    pub expected: Vec<u8>,
    /// The secrets, in order.
    pub secrets: Vec<Vec<u8>>,
}

impl Marked {
    /// Parses marked text. The error says which mark has no partner.
    pub fn parse(text: &str) -> Result<Marked, String> {
        let mut marked = Marked::default();
        let mut rest = text;
        while let Some(open) = rest.find(['«', '»']) {
            let (kept, tail) = rest.split_at(open);
            marked.keep(kept);
            let Some(tail) = tail.strip_prefix('«') else {
                return Err("» without «".to_owned());
            };
            let close = tail.find(['«', '»']).ok_or("« without »")?;
            let (secret, tail) = tail.split_at(close);
            let Some(tail) = tail.strip_prefix('»') else {
                return Err("« inside «".to_owned());
            };
            if secret.is_empty() {
                return Err("an empty secret".to_owned());
            }
            marked.hide(secret);
            rest = tail;
        }
        marked.keep(rest);
        Ok(marked)
    }

    /// Adds text that has to be kept.
    pub fn keep(&mut self, text: &str) {
        self.input.extend_from_slice(text.as_bytes());
        self.expected.extend_from_slice(text.as_bytes());
    }

    /// Adds a secret.
    pub fn hide(&mut self, secret: &str) {
        self.input.extend_from_slice(secret.as_bytes());
        self.expected.extend_from_slice(REPLACEMENT.as_bytes());
        self.secrets.push(secret.as_bytes().to_vec());
    }

    /// The same without the final newline, if there is one outside of every secret.
    pub fn without_last_newline(&self) -> Option<Marked> {
        let mut shorter = self.clone();
        (shorter.input.pop() == Some(b'\n') && shorter.expected.pop() == Some(b'\n'))
            .then_some(shorter)
    }
}

/// One case of a table.
#[derive(Clone, Debug)]
pub struct Case {
    /// `table/name`
    pub name: String,
    pub marked: Marked,
}

/// Every case of every table under `corpus/cases`, sorted by table and position.
///
/// The tables in `nested` have containers in containers and over several lines. The slow redactor of tests/reference
/// does not support these, and reads only the other tables.
pub fn tables() -> Vec<Case> {
    let mut tables = plain_tables();
    tables.extend(tables_of(&corpus().join("cases").join("nested")));
    tables
}

/// Every case of the tables that the slow redactor supports.
pub fn plain_tables() -> Vec<Case> {
    tables_of(&corpus().join("cases"))
}

/// Every case of every table in `directory`.
pub fn tables_of(directory: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in files(directory, "cases") {
        let table = path.file_stem().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        match parse_table(table, &text) {
            Ok(more) => cases.extend(more),
            Err(problem) => panic!("{}: {problem}", path.display()),
        }
    }
    cases
}

/// Parses a table. The names of its cases are prefixed with `table`.
pub fn parse_table(table: &str, text: &str) -> Result<Vec<Case>, String> {
    let mut drafts: Vec<(String, Vec<&str>)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(name) = line.strip_prefix("== ") {
            if drafts.last().is_some_and(|(_, body)| body.is_empty()) {
                return Err(format!("line {}: the case before it has no body", index + 1));
            }
            drafts.push((format!("{table}/{name}"), Vec::new()));
        } else if let Some((_, body)) = drafts.last_mut() {
            if !(body.is_empty() && line.starts_with("# ")) {
                body.push(line.strip_prefix('⏎').unwrap_or(line));
            }
        } else {
            return Err(format!("line {}: text before the first case", index + 1));
        }
    }
    drafts
        .into_iter()
        .map(|(name, body)| {
            let mut body = body.join("\n") + "\n";
            if let Some(stripped) = body.strip_suffix("⏎\n") {
                body.truncate(stripped.len());
            }
            let body =
                body.replace('␛', "\x1b").replace('␉', "\t").replace('␍', "\r").replace('␀', "\0");
            let marked = Marked::parse(&body).map_err(|problem| format!("{name}: {problem}"))?;
            Ok(Case { name, marked })
        })
        .collect()
}

/// The directory of the corpus.
pub fn corpus() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The files in `directory` with this extension, sorted by name.
pub fn files(directory: &Path, extension: &str) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    found.sort();
    found
}

/// Every log and case of the corpus with its name, and all of them joined.
pub fn inputs() -> Vec<(String, Vec<u8>)> {
    let mut inputs: Vec<(String, Vec<u8>)> = Vec::new();
    for directory in [corpus(), corpus().join("traps")] {
        for path in files(&directory, "log") {
            inputs.push((path.display().to_string(), std::fs::read(path).unwrap()));
        }
    }
    for case in tables() {
        inputs.push((case.name, case.marked.input));
    }
    inputs.push(("everything".to_owned(), inputs.iter().flat_map(|(_, i)| i.clone()).collect()));
    inputs
}
