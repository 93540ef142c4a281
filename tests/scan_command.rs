//! `blackbar scan`: positions are right, secrets are not shown, and the exit status is right.

mod command;
mod marked;

use command::{Dir, SECRET};
use marked::tables;
use serde_json::Value;

const LOG: &str = "plain\nüber Cookie: sid=hunter2secret; theme=darkness\n";

#[test]
fn each_secret_has_a_line() {
    let dir = Dir::new(&[("a.log", LOG.as_bytes()), ("b.log", SECRET.as_bytes())]);
    let ended = dir.run(&["scan", "a.log", "b.log"]);
    assert_eq!(ended.stdout, "a.log:2:19 cookie\na.log:2:40 cookie\nb.log:1:23 bearer\n");
    assert_eq!(ended.stderr, "3 secrets in 2 of 2 inputs: bearer 1, cookie 2\n");
    assert_eq!(ended.code, Some(1));
    assert_eq!(dir.read("a.log"), LOG);
}

#[test]
fn the_status_is_0_when_clean_and_2_on_error() {
    let dir = Dir::new(&[("clean.log", b"nothing here\n"), ("b.log", SECRET.as_bytes())]);
    let clean = dir.run(&["scan", "clean.log"]);
    assert_eq!((clean.code, clean.stdout.as_str()), (Some(0), ""));
    assert_eq!(clean.stderr, "nothing found in 1 input\n");
    // An input that was not scanned must count neither as clean nor as merely found.
    let missing = dir.run(&["scan", "missing.log", "b.log"]);
    assert_eq!(missing.code, Some(2));
    assert_eq!(missing.stdout, "b.log:1:23 bearer\n");
    assert_eq!(
        missing.stderr,
        "blackbar: missing.log: no such file or directory\n1 secret in 1 of 2 inputs: bearer 1; 1 not read\n"
    );
    let missing = dir.run(&["scan", "missing.log"]);
    assert!(
        missing.stderr.ends_with("\nnothing found in 0 of 1 input; 1 not read\n"),
        "{missing:?}"
    );
    let zero = |args: &[&str]| dir.run(&[&["scan", "--exit-zero"], args].concat()).code;
    assert_eq!((zero(&["b.log"]), zero(&["b.log", "missing.log"])), (Some(0), Some(2)));
    dir.refuses(&["scan", "-r"], "-r needs a directory");
}

#[test]
fn quiet_prints_nothing() {
    let dir = Dir::new(&[("b.log", SECRET.as_bytes())]);
    let ended = dir.run(&["scan", "--quiet", "b.log"]);
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (Some(1), "", ""));
}

#[test]
fn json_has_one_object_per_line() {
    let dir = Dir::new(&[("odd \"name\".log", LOG.as_bytes())]);
    let ended = dir.run(&["scan", "--json", "odd \"name\".log"]);
    let objects: Vec<Value> =
        ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 2);
    let first = serde_json::json!({
        "path": "odd \"name\".log", "line": 2, "column": 19, "rule": "cookie", "offset": 24, "length": 13,
    });
    assert_eq!(objects[0], first);
    assert_eq!(&LOG[24..37], "hunter2secret");
}

#[test]
fn sarif_has_what_the_standard_requires() {
    let dir = Dir::new(&[("a b.log", LOG.as_bytes()), ("clean.log", b"")]);
    let sarif = |args: &[&str]| -> Value { serde_json::from_str(&dir.run(args).stdout).unwrap() };
    let log = sarif(&["scan", "--sarif", "a b.log"]);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "blackbar");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    for result in results {
        assert!(result["message"]["text"].is_string());
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.log");
        assert_eq!(place["region"]["startLine"], 2);
    }
    let region = &results[0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startColumn"], &region["byteOffset"]), (&18.into(), &24.into()));
    // The report exists, and is empty, even if nothing was found.
    assert_eq!(
        sarif(&["scan", "--format", "sarif", "clean.log"])["runs"][0]["results"],
        Value::Array(vec![])
    );
    assert!(run["tool"]["driver"]["informationUri"].as_str().unwrap().starts_with("https://"));
}

#[test]
fn positions_match_what_is_redacted() {
    let dir = Dir::new(&[]);
    for case in tables() {
        dir.write(&format!("{}.log", case.name), &case.marked.input);
    }
    let ended = dir.run(&["scan", "--text", "--json", "-r", "."]);
    let mut found = std::collections::HashMap::<String, Vec<Vec<u8>>>::new();
    for line in ended.stdout.lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        let path = object["path"].as_str().unwrap().to_owned();
        let bytes = std::fs::read(dir.path(&path)).unwrap();
        let number = |name: &str| object[name].as_u64().unwrap() as usize;
        let (offset, length) = (number("offset"), number("length"));
        let line = bytes[..offset].iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = bytes[..offset].iter().rposition(|byte| *byte == b'\n').map_or(0, |n| n + 1);
        assert_eq!((number("line"), number("column")), (line, offset - start + 1), "{path}");
        found.entry(path).or_default().push(bytes[offset..offset + length].to_vec());
    }
    for case in tables() {
        let path = format!("./{}.log", case.name);
        assert!(found.remove(&path).unwrap_or_default() == case.marked.secrets, "{path}");
    }
}

#[test]
fn no_report_shows_a_secret() {
    let dir = Dir::new(&[]);
    let mut secrets = Vec::new();
    for (index, case) in tables().into_iter().enumerate() {
        dir.write(&format!("{index}.log"), &case.marked.input);
        secrets.extend(case.marked.secrets.into_iter().filter(|secret| secret.len() >= 12));
    }
    // Some of these texts also occur elsewhere in the corpus, where they are not secrets and stay.
    let redacted = dir.command(&["-r", "."]).output().unwrap().stdout;
    let redacted = String::from_utf8_lossy(&redacted).into_owned();
    secrets.retain(|secret| !redacted.contains(&*String::from_utf8_lossy(secret)));
    assert!(secrets.len() > 100);
    for format in ["text", "json", "jsonl", "sarif"].iter().flat_map(|format| {
        [
            vec!["scan", "-r", ".", "--format", format],
            vec!["scan", "-r", ".", "--show", "--color", "always", "--format", format],
        ]
    }) {
        let ended = dir.run(&format);
        for secret in &secrets {
            let secret = String::from_utf8_lossy(secret);
            assert!(
                !ended.stdout.contains(&*secret) && !ended.stderr.contains(&*secret),
                "{format:?}"
            );
        }
    }
}

#[test]
fn each_format_has_the_same_findings() {
    let dir = Dir::new(&[("a.log", LOG.as_bytes()), ("b.log", SECRET.as_bytes())]);
    let run = |args: &[&str]| dir.run(&[&["scan", "a.log", "b.log"], args].concat()).stdout;
    let lines: Vec<Value> = run(&["--format", "jsonl"])
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    let array: Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    assert_eq!(array, Value::Array(lines));
    assert_eq!(run(&["--json"]), run(&["--format", "jsonl"]));
    assert_eq!(run(&["--json", "--sarif"]), run(&["--format", "sarif"]));
    let clean = dir.run(&["scan", "--format", "json", "--rules", "jwt", "a.log"]);
    assert_eq!((clean.stdout.as_str(), clean.code), ("[]\n", Some(0)));
}

#[test]
fn lines_are_shown_with_their_secrets_redacted_and_marked() {
    let dir = Dir::new(&[("a.log", LOG.as_bytes())]);
    let line = "über Cookie: sid=[REDACTED:cookie]; theme=[REDACTED:cookie]";
    assert_eq!(
        dir.run(&["scan", "--show", "a.log"]).stdout,
        format!("a.log:2:19 cookie\na.log:2:40 cookie\n    {line}\n")
    );
    let colored = dir.run(&["scan", "--show", "--color", "always", "a.log"]).stdout;
    assert!(colored.contains("sid=\x1b[7m[REDACTED:cookie]\x1b[27m; theme="), "{colored}");
    let jsonl = dir.run(&["scan", "--show", "--format", "jsonl", "a.log"]).stdout;
    let first: Value = serde_json::from_str(jsonl.lines().next().unwrap()).unwrap();
    assert_eq!(first["text"], line);
    // Characters that a terminal would interpret are escaped, in JSON too.
    dir.write("odd.log", b"\x1b]0;title\x07 Cookie: sid=hunter2secret; a=b\x9bc\r\n");
    for args in [&["--show"][..], &["--show", "--format", "json"]] {
        let shown = dir.run(&[&["scan", "odd.log"], args].concat()).stdout;
        assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
    }
}

#[test]
fn a_summary_counts_by_file_and_rule() {
    let dir = Dir::new(&[("a.log", LOG.as_bytes()), ("b.log", SECRET.as_bytes())]);
    let ended = dir.run(&["scan", "--summary", "b.log", "a.log", "b.log"]);
    assert_eq!(ended.stdout, "2 cookie a.log\n2 bearer b.log\n");
    assert_eq!(ended.stderr, "4 secrets in 3 of 3 inputs: bearer 2, cookie 2\n");
    let jsonl = dir.run(&["scan", "--summary", "--format", "jsonl", "a.log"]).stdout;
    let object: Value = serde_json::from_str(jsonl.trim_end()).unwrap();
    assert_eq!(object, serde_json::json!({ "path": "a.log", "rule": "cookie", "count": 2 }));
    dir.refuses(&["scan", "--summary", "--format", "sarif", "a.log"], "SARIF has no summary");
}

#[test]
fn a_comment_in_the_line_allows_its_secrets() {
    let log = [SECRET.trim_end(), " # blackbar:allow\n", SECRET].concat();
    let dir = Dir::new(&[("a.log", log.as_bytes())]);
    let ended = dir.run(&["scan", "a.log"]);
    assert_eq!((ended.stdout.as_str(), ended.code), ("a.log:2:23 bearer\n", Some(1)));
    assert_eq!(ended.stderr, "1 secret in 1 of 1 input: bearer 1; 1 allowed by a comment\n");
    // Anyone who can write to the log could write the comment, so the filter ignores it.
    assert!(!dir.run(&["a.log"]).stdout.contains("abcdefghij"));
}

#[test]
fn a_baseline_lists_known_findings_without_secrets() {
    let key = "0123456789abcdef0123456789abcdef";
    let dir = Dir::new(&[("a.log", LOG.as_bytes()), ("b.log", SECRET.as_bytes())]);
    let run = |args: &[&str]| {
        let output = dir.command(&[&["scan"], args].concat()).env("BLACKBAR_KEY", key).output();
        let output = output.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, listed, _) = run(&["--write-baseline", "base.json", "a.log", "b.log"]);
    assert_eq!((code, listed.lines().count()), (Some(1), 3));
    let baseline = dir.read("base.json");
    for secret in ["hunter2", "darkness", "abcdefghij", key] {
        assert!(!baseline.contains(secret), "{baseline}");
    }
    let parsed: Value = serde_json::from_str(&baseline).unwrap();
    assert_eq!(parsed["findings"].as_array().unwrap().len(), 3);

    // Known secrets are recognised on other lines and however their path is written; new ones are not.
    let (code, listed, summary) = run(&["--baseline", "base.json", "./a.log", "b.log"]);
    assert_eq!((code, listed.as_str()), (Some(0), ""), "{summary}");
    assert!(summary.ends_with("; 3 in the baseline\n"), "{summary}");
    dir.write("a.log", format!("\n\n{LOG}Cookie: sid=hunter3secret\n").as_bytes());
    let (code, listed, _) = run(&["--baseline", "base.json", "a.log"]);
    assert_eq!((code, listed.as_str()), (Some(1), "a.log:5:13 cookie\n"));
    // In another file, or with another key, they are new.
    dir.write("c.log", SECRET.as_bytes());
    assert_eq!(run(&["--baseline", "base.json", "c.log"]).0, Some(1));
    dir.write("other.key", b"another key of sixteen bytes\n");
    let other = ["--baseline", "base.json", "--key-file", "other.key", "b.log"];
    assert_eq!(run(&other).0, Some(1));

    dir.refuses(&["scan", "--baseline", "base.json", "b.log"], "--baseline needs --key-file FILE");
    assert!(run(&["--baseline", "b.log", "a.log"]).2.contains("b.log: not a baseline; "));
    assert!(run(&["--baseline", "missing", "a.log"]).2.contains("missing: no such file"));
}
