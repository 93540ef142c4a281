//! Values that are known for secrets: of environment variables, and of files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use globset::Glob;

use super::{Config, Origin, Problem, Setting, read_file};
use crate::error::Name;

/// The fewest bytes of a value. What is shorter is in ordinary text too.
pub(super) const VALUE_MIN: usize = 6;

/// The most bytes of a file of values.
const FILE_MAX: u64 = 1024 * 1024;

/// The values that the settings name.
pub(super) fn values(
    config: &Config,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<Problem>,
) -> Vec<Vec<u8>> {
    let mut values = Vec::new();
    for glob in config.secrets_from_env.iter().flatten() {
        of_environment(glob, &mut values, problems, warnings);
    }
    for file in config.secrets_files.iter().flatten() {
        of_file(&file.value, &mut values, problems, warnings);
    }
    values.sort_unstable();
    values.dedup();
    values
}

fn of_environment(
    glob: &Setting<String>,
    values: &mut Vec<Vec<u8>>,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<Problem>,
) {
    let Ok(compiled) = Glob::new(&glob.value) else {
        problems.push(
            glob.problem(
                "is no pattern for names of variables; * stands for any text, as in *_TOKEN",
            ),
        );
        return;
    };
    let matcher = compiled.compile_matcher();
    let mut any = false;
    for (name, value) in std::env::vars_os() {
        if !matcher.is_match(&name) {
            continue;
        }
        any = true;
        let value = value.as_encoded_bytes();
        if value.len() < VALUE_MIN {
            problems.push(Problem {
                origin: Origin::Variable(name.to_string_lossy().escape_debug().to_string()),
                text: format!(
                    "has {}, and a known value needs {VALUE_MIN} or more, as less is in ordinary text too; \
                     let the pattern {} leave it out",
                    bytes(value.len()),
                    glob.value
                ),
            });
        } else {
            values.push(value.to_vec());
        }
    }
    if !any {
        warnings.push(glob.problem(format!("no variable is called like {}", glob.value)));
    }
}

/// One value a line, but that a PEM block is one value.
fn of_file(
    path: &Path,
    values: &mut Vec<Vec<u8>>,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<Problem>,
) {
    let name = Name::path(path);
    let whole = |text: String| Problem { origin: Origin::Whole(name.clone()), text };
    let contents = match read_file(path, FILE_MAX) {
        Ok(contents) => contents,
        Err(reason) => {
            problems.push(whole(format!("{reason}; known values are to be in it")));
            return;
        }
    };
    if contents.len() as u64 > FILE_MAX {
        problems.push(whole(format!(
            "has more than {FILE_MAX} bytes; a file of known values has one a line, and nothing else"
        )));
        return;
    }
    if fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0) {
        warnings.push(whole(format!("others can read it; chmod 600 {name}")));
    }

    let mut block: Option<Vec<u8>> = None;
    let before = values.len();
    for (index, line) in contents.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if let Some(lines) = &mut block {
            lines.push(b'\n');
            lines.extend_from_slice(text);
            if text.starts_with(b"-----END ") {
                values.extend(block.take());
            }
        } else if text.starts_with(b"-----BEGIN ") {
            block = Some(text.to_vec());
        } else if text.len() < VALUE_MIN {
            problems.push(Problem {
                origin: Origin::File { name: name.clone(), line: index + 1 },
                text: format!(
                    "has {}, and a known value needs {VALUE_MIN} or more, as less is in ordinary text too; \
                     take the line out",
                    bytes(text.len())
                ),
            });
        } else {
            values.push(text.to_vec());
        }
    }
    if block.is_some() {
        problems.push(whole("has a -----BEGIN without its -----END; complete it".to_owned()));
    } else if values.len() == before && problems.is_empty() {
        warnings.push(whole("has no values".to_owned()));
    }
}

fn bytes(count: usize) -> String {
    match count {
        0 => "no bytes".to_owned(),
        1 => "1 byte".to_owned(),
        count => format!("{count} bytes"),
    }
}
