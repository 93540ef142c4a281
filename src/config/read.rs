//! Reads files with settings, and files that settings name.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::error::{Name, reason};
use crate::open;

/// Reads the file at `path`, at most one byte more than `most`. The error says why it cannot be read.
pub(super) fn read_file(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    read_open(open::rereadable(path).map_err(|error| reason(&error))?, most)
}

/// As [`read_file`], for a file with secrets. Calls `warn` if other users can read it.
pub(super) fn read_secret(
    path: &Path,
    most: u64,
    warn: &mut dyn FnMut(String),
) -> Result<Vec<u8>, String> {
    let file = open::rereadable(path).map_err(|error| reason(&error))?;
    // Check the open file, because the path may refer to another one by now.
    if file.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o077 != 0) {
        warn(format!("other users can read the file; run chmod 600 {}", Name::path(path)));
    }
    read_open(file, most)
}

fn read_open(file: File, most: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match file.take(most + 1).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(reason(&error)),
    }
}
