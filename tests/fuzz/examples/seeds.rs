//! Writes the fuzzer's seeds into a directory: one file for each case of the tables and for each log of the corpus.

#[path = "../../marked/mod.rs"]
mod marked;

use std::path::{Path, PathBuf};

/// The fuzzer mutates short inputs far better than long ones.
const LONGEST: usize = 4096;

fn main() -> std::io::Result<()> {
    let Some(directory) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: seeds DIRECTORY");
        std::process::exit(2);
    };
    std::fs::create_dir_all(&directory)?;
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    for path in marked::files(&corpus.join("cases"), "cases") {
        let table = path.file_stem().unwrap_or_default().to_string_lossy();
        let cases = marked::parse_table(&table, &std::fs::read_to_string(&path)?);
        for case in cases.map_err(std::io::Error::other)? {
            if case.marked.input.len() <= LONGEST {
                std::fs::write(directory.join(case.name.replace('/', "-")), &case.marked.input)?;
            }
        }
    }
    for folder in [corpus.clone(), corpus.join("traps")] {
        for path in marked::files(&folder, "log") {
            log(&directory, &path)?;
        }
    }
    Ok(())
}

/// The lines of a log, as many per file as fit.
fn log(directory: &Path, path: &Path) -> std::io::Result<()> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read(path)?;
    let mut rest = &text[..];
    for part in 0.. {
        if rest.is_empty() {
            break;
        }
        let reach = rest.len().min(LONGEST);
        let end = match rest[..reach].iter().rposition(|byte| *byte == b'\n') {
            Some(newline) => newline + 1,
            None => reach,
        };
        let (piece, after) = rest.split_at(end);
        std::fs::write(directory.join(format!("{stem}-{part}")), piece)?;
        rest = after;
    }
    Ok(())
}
