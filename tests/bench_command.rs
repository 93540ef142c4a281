//! `blackbar bench`: its output and exit status. No test here depends on a time.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

const BIN: &str = env!("CARGO_BIN_EXE_blackbar");

const LOG: &[u8] = b"GET / HTTP/1.1\n\
    Authorization: Bearer abcdefghijklmnop0123456789\n\
    Cookie: sid=31d4d96e407aad42; theme=dark\n\
    the last line";

fn bench(args: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(BIN)
        .arg("bench")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The command need not read all of it.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

/// The standard output of a run that succeeded without messages.
#[track_caller]
fn printed(args: &[&str], stdin: &[u8]) -> String {
    let output = bench(args, stdin);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

/// The message of a run that failed without output.
#[track_caller]
fn refused(args: &[&str]) -> String {
    let output = bench(args, b"");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

/// The words of the table row that starts with `label`.
#[track_caller]
fn row<'t>(table: &'t str, label: &str) -> Vec<&'t str> {
    let rest = table.lines().find_map(|line| line.strip_prefix(label));
    rest.unwrap_or_else(|| panic!("no row {label:?} in\n{table}")).split_whitespace().collect()
}

/// The text of a key's value. The value must not contain commas or braces.
#[track_caller]
fn value<'t>(json: &'t str, key: &str) -> &'t str {
    let (_, rest) =
        json.split_once(&format!("\"{key}\":")).unwrap_or_else(|| panic!("no {key} in {json}"));
    &rest[..rest.find([',', '}', ']']).unwrap()]
}

#[test]
fn a_log_is_counted_and_every_workload_is_measured() {
    let table = printed(&["-", "--rate", "2GB/s"], LOG);
    assert!(table.starts_with("standard input\n"), "{table}");
    assert_eq!(row(&table, "bytes")[0], LOG.len().to_string());
    assert_eq!(row(&table, "lines"), ["4"]);
    assert_eq!(row(&table, "redactions")[0], "3");
    assert_eq!(row(&table, "  bearer"), ["1"]);
    assert_eq!(row(&table, "  cookie"), ["2"]);
    assert_eq!(row(&table, "  jwt"), ["0"]);
    for way in [
        "copy in memory",
        "scan in memory",
        "redaction in memory, 1 thread",
        "copy, from pipe to pipe",
        "blackbar, from pipe to pipe, 1 thread",
    ] {
        let row = row(&table, &format!("{way} "));
        assert_eq!(row[1], "GB/s", "{way}");
        assert!(row[0].parse::<f64>().unwrap() >= 0.0, "{way}");
    }
    assert_eq!(row(&table, "at 2 GB/s, about")[1..5], ["%", "of", "a", "core"]);
    // No content of the log is printed.
    assert!(!table.contains("31d4") && !table.contains("last line"), "{table}");
}

#[test]
fn without_a_log_a_sample_is_measured() {
    let table = printed(&[], b"");
    assert!(table.starts_with("generated log\n"), "{table}");
    assert_ne!(row(&table, "redactions")[0], "0");
    assert_eq!(row(&table, "at 50 MB/s, about")[1], "%");
}

#[test]
fn json_has_the_same_numbers() {
    let json = printed(&["-", "--json", "--rate", "1kB/s"], LOG);
    assert_eq!(json.matches('\n').count(), 1);
    assert!(json.starts_with('{') && json.ends_with("}\n"), "{json}");
    assert_eq!(value(&json, "file"), "\"standard input\"");
    assert_eq!(value(&json, "cut"), "false");
    assert_eq!(value(&json, "bytes"), LOG.len().to_string());
    assert_eq!(value(&json, "lines"), "4");
    assert_eq!(value(&json, "bearer"), "1");
    assert_eq!(value(&json, "cookie"), "2");
    assert_eq!(value(&json, "redacted_bytes"), (26 + 16 + 4).to_string());
    for way in ["copy", "scan", "redact", "pipe-copy", "pipe-redact"] {
        let (_, speed) = json.split_once(&format!(r#""way":"{way}","#)).unwrap();
        assert!(value(speed, "bytes_per_second").parse::<f64>().unwrap() > 0.0, "{way}");
    }
    let (_, at) = json.split_once(r#""at":"#).unwrap();
    assert_eq!(value(at, "bytes_per_second"), "1000");
    assert!(value(at, "cores").parse::<f64>().unwrap() >= 0.0);
    assert!(value(at, "cores_copying").parse::<f64>().unwrap() >= 0.0);
}

#[test]
fn an_empty_log_has_counts_and_no_speeds() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("empty.log");
    fs::write(&path, b"").unwrap();
    let path = path.to_str().unwrap();
    let table = printed(&[path], b"");
    assert_eq!(row(&table, "bytes"), ["0"]);
    assert_eq!(row(&table, "redactions"), ["0"]);
    assert!(!table.contains("GB/s") && !table.contains("NaN"), "{table}");
    let json = printed(&["--json", path], b"");
    assert!(json.contains(r#""speeds":[],"#), "{json}");
    assert_eq!(value(&json, "cores"), "null");
}

#[test]
fn only_the_start_of_a_large_log_is_measured() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("large.log");
    let line = b"a line that says nothing, and says it again\n";
    fs::write(&path, line.repeat(65 * 1024 * 1024 / line.len())).unwrap();
    let table = printed(&[path.to_str().unwrap()], b"");
    assert!(table.lines().next().unwrap().ends_with("large.log, the first 64 MiB"), "{table}");
    // Whole lines.
    let bytes = 64 * 1024 * 1024 / line.len() * line.len();
    assert_eq!(row(&table, "bytes")[0].replace(',', ""), bytes.to_string());
}

#[test]
fn read_errors_are_reported() {
    assert_eq!(refused(&["missing.log"]), "blackbar: missing.log: no such file or directory\n");
    assert_eq!(
        refused(&["/"]),
        "blackbar: /: is a directory; name the files in it, or redact or scan it with -r\n"
    );
}

#[test]
fn invalid_rates_and_second_files_are_refused() {
    let message = refused(&["--rate", "fast"]);
    assert!(message.contains("expected a rate above zero, such as 50MB/s"), "{message}");
    assert_eq!(message.lines().count(), 1);
    assert!(refused(&["a.log", "b.log"]).contains("unexpected argument 'b.log'"));
}

#[test]
fn names_are_escaped() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a\"b\nc.log");
    fs::write(&path, b"").unwrap();
    let json = printed(&["--json", path.to_str().unwrap()], b"");
    assert!(json.contains(r#"a\"b\\nc.log","cut""#), "{json}");
}

#[test]
fn a_compressed_log_is_measured_decompressed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("app.log.gz");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Default::default());
    gzip.write_all(LOG).unwrap();
    fs::write(&path, gzip.finish().unwrap()).unwrap();
    let table = printed(&[path.to_str().unwrap()], b"");
    assert_eq!(row(&table, "bytes")[0], LOG.len().to_string());
    assert_eq!(row(&table, "redactions")[0], "3");
}
