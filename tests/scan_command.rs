//! `blackbar scan`: places are right, secrets are not shown, the status tells.

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
    // An input that was not looked at must not pass as clean, or as merely found.
    let missing = dir.run(&["scan", "missing.log", "b.log"]);
    assert_eq!(missing.code, Some(2));
    assert_eq!(missing.stdout, "b.log:1:23 bearer\n");
    assert!(missing.stderr.starts_with("blackbar: missing.log: no such file or directory\n"));
    dir.refuses(&["scan", "--json", "--sarif", "b.log"], "cannot be used with");
    dir.refuses(&["scan", "-r"], "-r needs a directory");
}

#[test]
fn quiet_says_nothing() {
    let dir = Dir::new(&[("b.log", SECRET.as_bytes())]);
    let ended = dir.run(&["scan", "--quiet", "b.log"]);
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (Some(1), "", ""));
}

#[test]
fn json_has_an_object_a_line() {
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
    // Results are there, and empty, also when nothing was found.
    assert_eq!(
        sarif(&["scan", "--sarif", "clean.log"])["runs"][0]["results"],
        Value::Array(vec![])
    );
}

#[test]
fn places_in_the_corpus_are_those_that_are_redacted() {
    let dir = Dir::new(&[]);
    for case in tables() {
        dir.write(&format!("{}.log", case.name), &case.marked.input);
    }
    let ended = dir.run(&["scan", "--json", "-r", "."]);
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
fn no_secret_shows_in_any_report() {
    let dir = Dir::new(&[]);
    let mut secrets = Vec::new();
    for (index, case) in tables().into_iter().enumerate() {
        dir.write(&format!("{index}.log"), &case.marked.input);
        secrets.extend(case.marked.secrets.into_iter().filter(|secret| secret.len() >= 12));
    }
    for format in
        [&["scan", "-r", "."][..], &["scan", "--json", "-r", "."], &["scan", "--sarif", "-r", "."]]
    {
        let ended = dir.run(format);
        for secret in &secrets {
            let secret = String::from_utf8_lossy(secret);
            assert!(
                !ended.stdout.contains(&*secret) && !ended.stderr.contains(&*secret),
                "{format:?}"
            );
        }
    }
}
