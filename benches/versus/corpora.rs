//! Generates the logs that `versus.sh` compares filters on, and checks the output of a filter.
//!
//!     corpora write DIRECTORY MEGABYTES        clean.log, mixed.log, dense.log, and each one's secrets beside it
//!     corpora check LOG SECRETS <OUTPUT        counts the secrets that are left, and the lines that lost other text
//!
//! Each line of the list of secrets is a line number of the log, a tab, and a secret on that line.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

#[path = "../logs/mod.rs"]
mod logs;

/// A secret counts as left if this many of its bytes in a row are left.
const STRETCH: usize = 16;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["write", directory, megabytes] => {
            let size = megabytes.parse::<usize>()? * 1_000_000;
            ["clean", "mixed", "dense"]
                .into_iter()
                .try_for_each(|name| write(Path::new(directory), name, size))
        }
        ["check", log, secrets] => check(&fs::read(log)?, secrets),
        _ => {
            Err("usage: corpora write DIRECTORY MEGABYTES | corpora check LOG SECRETS <OUTPUT"
                .into())
        }
    }
}

fn write(directory: &Path, name: &str, size: usize) -> Result<(), Box<dyn Error>> {
    let log = logs::mixed(name, size);
    let mut list = BufWriter::new(File::create(directory.join(format!("{name}.secrets")))?);
    let (mut line, mut counted) = (1, 0);
    for secret in log.secrets {
        line += memchr::memchr_iter(b'\n', &log.bytes[counted..secret.start]).count();
        counted = secret.start;
        write!(list, "{line}\t")?;
        list.write_all(&log.bytes[secret])?;
        list.write_all(b"\n")?;
    }
    list.flush()?;
    Ok(fs::write(directory.join(format!("{name}.log")), log.bytes)?)
}

/// Prints how many secrets are left, and how many lines lost other text, each with the total.
fn check(log: &[u8], secrets: &str) -> Result<(), Box<dyn Error>> {
    let mut planted = BufReader::new(File::open(secrets)?).split(b'\n').peekable();
    let mut output = io::stdin().lock();
    let (mut left, mut secrets, mut damaged, mut lines) = (0, 0, 0, 0);
    let mut came = Vec::new();
    for line in log.strip_suffix(b"\n").unwrap_or(log).split(|byte| *byte == b'\n') {
        lines += 1;
        came.clear();
        if output.read_until(b'\n', &mut came)? == 0 {
            return Err("the output has fewer lines than the log".into());
        }
        let came = came.strip_suffix(b"\n").unwrap_or(&came);

        // The text before, between and after the secrets must still be there, in order.
        let (mut rest, mut kept, mut whole) = (line, came, true);
        let number = format!("{lines}\t");
        while let Some(Ok(next)) = planted.peek() {
            let Some(secret) = next.strip_prefix(number.as_bytes()) else { break };
            let at = memchr::memmem::find(rest, secret).ok_or("the list is not this log's")?;
            whole &= skip(&mut kept, &rest[..at]);
            rest = &rest[at + secret.len()..];
            secrets += 1;
            let is_left =
                |from: usize| memchr::memmem::find(came, &secret[from..from + STRETCH]).is_some();
            left += usize::from((0..=secret.len() - STRETCH).step_by(STRETCH / 2).any(is_left));
            planted.next();
        }
        whole &= kept.ends_with(rest);
        damaged += usize::from(!whole);
    }
    if output.read_until(b'\n', &mut came)? > 0 && planted.next().is_none() {
        // Lines that a filter adds at the end are not lines of the log.
        eprintln!("the output has more lines than the log");
    }
    println!("{left} {secrets} {damaged} {lines}");
    Ok(())
}

/// Skips the next occurrence of `text` in `kept`, if there is one.
fn skip(kept: &mut &[u8], text: &[u8]) -> bool {
    let at = memchr::memmem::find(kept, text);
    if let Some(at) = at {
        *kept = &kept[at + text.len()..];
    }
    at.is_some()
}
