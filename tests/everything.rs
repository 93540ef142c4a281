//! All rules and all settings at once: chunking makes no difference, and a second run changes nothing.

mod driver;
mod marked;
mod verdict;

use std::num::NonZeroUsize;
use std::path::Path;

use blackbar::command::{Options, Pipeline, Sink, Source};
use blackbar::{CustomRule, LineFormat, Name, Ruleset, Style, Styles};
use driver::redact;
use marked::inputs;

/// With only the formats of real access logs, or also with formats that most lines match by chance.
fn rules(real: bool) -> Ruleset {
    let custom = |name: &str, keyword: &str, pattern: &str, example: &str| CustomRule {
        name: name.to_owned(),
        keywords: vec![keyword.to_owned()],
        pattern: pattern.to_owned(),
        examples: vec![example.to_owned()],
        ..CustomRule::default()
    };
    // These values are in the logs of the corpus.
    let formats = [
        (r#"$combined "$http_cookie""#, vec![]),
        ("#Fields:", vec![]),
        (r#"$combined $time"#, vec![("time", "oauth")]),
        (r#"$a "$http_cookie""#, vec![]),
        ("$time $level $word $rest", vec![("word", "oauth")]),
        ("[$a] $http_authorization", vec![]),
        ("{$a:$b,$c", vec![("b", "request")]),
    ];
    let formats = formats.iter().take(if real { 2 } else { formats.len() });
    Ruleset::builder()
        .custom(custom(
            "request",
            "request",
            r#"(?i)request[-_ ]?id["']?[:=] ?["']?(?<secret>[\w-]{6,})"#,
            "request_id=«abcdef»",
        ))
        .custom(custom(
            "host",
            "host",
            r"(?i)\bhost: (?<secret>[\w.]{1,40})$",
            "Host: «example.com»",
        ))
        .custom(custom("http", "http", r"http/(?<secret>[12](?:\.[01])?)\b", "http/«1.1»"))
        .select("all,pii")
        .unwrap()
        .keys(["level", "user-agent", "status"])
        .known([b"application/json".to_vec(), b"GET /api".to_vec()])
        .keep_cookies(["theme"])
        .allow_values([b"example.com".to_vec()])
        .allow_patterns(["[0-9]{3}"])
        .formats(formats.map(|(line, secrets)| LineFormat::new(line, secrets).unwrap()))
        .build()
        .unwrap()
}

#[test]
fn chunks_do_not_matter() {
    let (rules, styles) = (rules(false), Styles::new(Style::Label));
    let mut found: Vec<&str> = Vec::new();
    for (name, input) in &inputs() {
        let expected = redact(&rules, &styles, [&input[..]]);
        for size in [1, 2, 3, 7, 64, 1000] {
            let cut = redact(&rules, &styles, input.chunks(size));
            if cut != expected {
                let difference = verdict::difference(name, "label", input, &expected, &cut);
                panic!("chunks of {size}: {difference}");
            }
        }
        let text = String::from_utf8_lossy(&expected);
        let names = ["request", "host", "http", "key", "known", "oauth", "cookie", "email"];
        found.extend(names.iter().filter(|name| text.contains(&format!("[REDACTED:{name}]"))));
    }
    found.sort_unstable();
    found.dedup();
    assert_eq!(found.len(), 8, "only {found:?} find anything");
}

#[test]
fn every_split_of_a_short_input() {
    let (rules, styles) = (rules(false), Styles::new(Style::Label));
    for (name, input) in inputs().iter().filter(|(_, input)| input.len() < 300) {
        let expected = redact(&rules, &styles, [&input[..]]);
        for at in 0..=input.len() {
            let cut = redact(&rules, &styles, [&input[..at], &input[at..]]);
            if cut != expected {
                let difference = verdict::difference(name, "label", input, &expected, &cut);
                panic!("split at {at}: {difference}");
            }
        }
    }
}

#[test]
fn threads_and_segments_do_not_matter() {
    let (rules, styles) = (rules(false), Styles::new(Style::Label));
    let (_, input) = inputs().pop().unwrap();
    let expected = redact(&rules, &styles, [&input[..]]);
    for (threads, segment) in [(1, 100), (2, 1000), (3, 5000), (2, 256 * 1024)] {
        let options = Options {
            threads: NonZeroUsize::new(threads).unwrap(),
            segment: NonZeroUsize::new(segment).unwrap(),
        };
        let name = Name::path(Path::new("log"));
        let mut sink = Sink::new(name.clone(), Vec::new());
        Pipeline::styled(&rules, &styles, options)
            .run(&mut Source::new(name, &input[..]), &mut sink)
            .unwrap();
        assert!(sink.into_inner() == expected, "{threads} threads, {segment}");
    }
}

#[test]
fn redacting_again_changes_nothing() {
    // A very loose format may match elsewhere once a secret with spaces in it is replaced.
    let rules = rules(true);
    let mut wrong = Vec::new();
    for style in [Style::Fixed, Style::Label, Style::Mask, Style::Partial] {
        let styles = Styles::new(style.clone());
        for (name, input) in inputs() {
            let once = redact(&rules, &styles, [&input[..]]);
            let again = redact(&rules, &styles, [&once[..]]);
            if once != again {
                wrong.push(verdict::difference(&name, &format!("{style:?}"), &once, &once, &again));
            }
        }
    }
    assert!(wrong.is_empty(), "{} change:\n{}", wrong.len(), wrong.join("\n"));
}
