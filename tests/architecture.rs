//! Checks the layers: a module imports only from its own folder and from those below it, and no two files import each
//! other, directly or through others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The layers of the library and the command, lowest first. A file belongs to the longest entry that is a prefix of its
/// path.
const LAYERS: &[&str] = &[
    "error",
    "span",
    "open",
    "grammar/ids",
    "grammar/text",
    "grammar/value",
    "grammar/key",
    "grammar/container",
    "grammar/start",
    "grammar/personal",
    "grammar/credential",
    "anchor",
    "rules",
    "scan",
    "redact",
    "stream",
    "adapters",
    "config",
    "bench",
    "cli",
    "main",
];

/// A longer file has more than one subject.
const MAX_LINES: usize = 600;

/// A longer function does more than one thing.
const MAX_FUNCTION: usize = 80;

/// A comment that exempts its file or function from a limit. It has to give a reason.
const REASON: &str = "// Long: ";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file: its path below `src` without `.rs`, and its text. `mod.rs` and `lib.rs` only declare and
/// re-export, and are tested for that.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().with_extension("");
                files.insert(name.to_str().unwrap().to_string(), fs::read_to_string(path).unwrap());
            }
        }
    }
    assert!(files.len() > 50, "the sources were not found");
    files
}

/// The code of `text` before its tests, without comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let lines = text.lines().map(|line| match line.find("//") {
        Some(at) if !line[..at].contains('"') => &line[..at],
        _ => line,
    });
    lines.fold(String::new(), |code, line| code + line + "\n")
}

/// The paths named by `use` items and in the code, from the crate's root, as `a/b/Item`.
fn named(file: &str, code: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let folder: Vec<&str> =
        file.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect();
    for prefix in ["crate::", "super::"] {
        for (at, _) in code.match_indices(prefix) {
            if code[..at].ends_with(|before: char| {
                before.is_alphanumeric() || before == '_' || before == ':'
            }) {
                continue;
            }
            let base = if prefix == "crate::" { Vec::new() } else { folder.clone() };
            let rest = &code[at + prefix.len()..];
            let is_use = code[..at].trim_end().ends_with("use");
            let end = if is_use {
                rest.find(';')
            } else {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            };
            expand(&base.join("/"), &rest[..end.unwrap_or(rest.len())], &mut paths);
        }
    }
    paths
}

/// Expands `a::{b, c::d}`.
fn expand(base: &str, path: &str, paths: &mut BTreeSet<String>) {
    let path: String = path.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(open) = path.find('{') else {
        let path = path.split("as ").next().unwrap().trim_end_matches(':').replace("::", "/");
        paths.insert(format!("{base}/{path}").trim_start_matches('/').to_string());
        return;
    };
    let base = format!("{base}/{}", path[..open].trim_end_matches(':').replace("::", "/"));
    let inner = &path[open + 1..path.rfind('}').unwrap_or(path.len())];
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !inner[start..at].is_empty() {
                    expand(base.trim_start_matches('/'), &inner[start..at], paths);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// The file that a path refers to: the longest prefix of the path that is a file, after following the re-exports of
/// `mod.rs`.
fn target<'a>(path: &str, files: &'a BTreeMap<String, String>) -> Vec<&'a str> {
    let parts: Vec<&str> = path.split('/').collect();
    for len in (1..=parts.len()).rev() {
        let start = parts[..len].join("/");
        if let Some((file, _)) = files.get_key_value(&start) {
            return vec![file];
        }
        if let Some(text) = files.get(&format!("{start}/mod")) {
            let Some(item) = parts.get(len) else { return Vec::new() };
            // The file that the folder's `mod.rs` re-exports the item from.
            let exported: Vec<&str> = code(text)
                .split(';')
                .filter(|statement| statement.contains("use "))
                .filter_map(|statement| {
                    let (_, what) = statement.split_once("use ")?;
                    let (module, items) = what.split_once("::")?;
                    let has = items
                        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                        .any(|word| word == *item);
                    has.then(|| format!("{start}/{}", module.trim()))
                })
                .filter_map(|name| files.get_key_value(&name).map(|(file, _)| file.as_str()))
                .collect();
            return exported;
        }
    }
    Vec::new()
}

/// The files that each file imports.
fn imports(files: &BTreeMap<String, String>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut imports: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (file, text) in files {
        if file.ends_with("/mod") || file == "lib" {
            continue;
        }
        let entry = imports.entry(file).or_default();
        for path in named(file, &code(text)) {
            entry.extend(target(&path, files).into_iter().filter(|other| *other != file));
        }
    }
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 100, "the imports were not found");
    imports
}

fn layer(file: &str) -> usize {
    let known = LAYERS
        .iter()
        .enumerate()
        .filter(|(_, layer)| file == **layer || file.starts_with(&format!("{layer}/")));
    let (index, _) = known
        .max_by_key(|(_, layer)| layer.len())
        .unwrap_or_else(|| panic!("{file} is in no layer"));
    index
}

#[test]
fn imports_go_downwards() {
    let files = files();
    let mut wrong = Vec::new();
    for (file, imported) in imports(&files) {
        for other in imported {
            if layer(other) > layer(file) {
                wrong.push(format!("{file} imports {other}, which is above it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_two_files_import_each_other() {
    let files = files();
    let imports = imports(&files);
    // Repeatedly remove files that import nothing left or that nothing left imports, until only cycles remain.
    let mut left: BTreeSet<&str> = imports.keys().copied().collect();
    loop {
        let free: Vec<&str> = left
            .iter()
            .copied()
            .filter(|file| {
                imports[file].iter().all(|other| !left.contains(other))
                    || left.iter().all(|other| !imports[other].contains(file))
            })
            .collect();
        if free.is_empty() {
            break;
        }
        for file in free {
            left.remove(file);
        }
    }
    let circles: Vec<String> = left
        .iter()
        .map(|file| {
            let others: Vec<&str> =
                imports[file].iter().copied().filter(|other| left.contains(other)).collect();
            format!("{file} -> {}", others.join(", "))
        })
        .collect();
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

#[test]
fn folders_only_declare_and_re_export() {
    for (file, text) in files() {
        if !file.ends_with("/mod") {
            continue;
        }
        for statement in
            code(&text).split(';').map(str::trim).filter(|statement| !statement.is_empty())
        {
            let lines = statement
                .lines()
                .filter(|line| !line.starts_with("#[") && !line.starts_with("#!["));
            let statement = lines.collect::<Vec<_>>().join(" ");
            let statement = statement.trim();
            let words = [
                "mod ",
                "use ",
                "pub mod ",
                "pub use ",
                "pub(crate) mod ",
                "pub(crate) use ",
                "pub(super) mod ",
            ];
            assert!(words.iter().any(|word| statement.starts_with(word)), "{file}.rs: {statement}");
        }
    }
}

#[test]
fn files_and_functions_are_short_or_say_why_not() {
    let mut long = Vec::new();
    for (file, text) in files() {
        let lines: Vec<&str> = text.lines().collect();
        let tests = lines.iter().position(|line| *line == "#[cfg(test)]").unwrap_or(lines.len());
        if tests > MAX_LINES && !text.contains(&format!("//{}", REASON.trim_start_matches("//"))) {
            long.push(format!("{file}.rs: {tests} lines"));
        }
        let mut start = None;
        for (index, line) in lines[..tests].iter().enumerate() {
            let trimmed = line.trim_start();
            let indent = line.len() - trimmed.len();
            let is_function = ["fn ", "pub fn ", "const fn ", "pub const fn "]
                .iter()
                .any(|word| trimmed.starts_with(word))
                || trimmed.starts_with("pub(")
                    && trimmed
                        .split(')')
                        .nth(1)
                        .is_some_and(|rest| rest.trim_start().starts_with("fn "));
            if is_function && indent <= 8 {
                start = Some((index, indent));
            }
            if let Some((first, column)) = start
                && indent == column
                && trimmed == "}"
            {
                let excused = lines[first.saturating_sub(6)..first]
                    .iter()
                    .any(|line| line.trim_start().starts_with(REASON));
                if index - first > MAX_FUNCTION && !excused {
                    long.push(format!("{file}.rs:{}: {} lines", first + 1, index - first + 1));
                }
                start = None;
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}
