//! Secrets in nested lists, tuples, maps and objects, in fourteen notations.
//!
//! A document is a tree. Every notation can write every tree, with `«` and `»` around each secret. So every combination
//! of a form and a nesting is tested without being written by hand.

mod driver;
mod marked;
mod verdict;

use driver::Driver;
use marked::Marked;
use verdict::Verdict;

/// A value of a document.
#[derive(Clone)]
enum Tree {
    /// A string with marks around its secrets.
    Text(String),
    Number(u32),
    List(Vec<Tree>),
    Map(Vec<(&'static str, Tree)>),
}

use Tree::{List, Map, Number, Text};

/// How a language or a format writes a document.
struct Notation {
    name: &'static str,
    writing: Writing,
}

enum Writing {
    /// With brackets.
    Flow(Style),
    /// The same, in a string of a JSON object.
    InJson(Style),
    /// YAML's block style.
    Block,
}

/// The strings, separators and brackets of a notation.
struct Style {
    /// One element on each line, indented.
    lines: bool,
    quote: char,
    arrow: &'static str,
    comma: &'static str,
    map: (&'static str, &'static str),
    list: (&'static str, &'static str),
    bare_names: bool,
}

const COMPACT: Style = Style {
    lines: false,
    quote: '"',
    arrow: ":",
    comma: ",",
    map: ("{", "}"),
    list: ("[", "]"),
    bare_names: false,
};
const SPACED: Style = Style { arrow: ": ", comma: ", ", ..COMPACT };
const PRETTY: Style = Style { lines: true, arrow: ": ", ..COMPACT };

const NOTATIONS: &[Notation] = &[
    Notation { name: "json", writing: Writing::Flow(COMPACT) },
    Notation { name: "json-spaced", writing: Writing::Flow(SPACED) },
    Notation { name: "json-pretty", writing: Writing::Flow(PRETTY) },
    Notation { name: "json-in-json", writing: Writing::InJson(COMPACT) },
    Notation { name: "python", writing: Writing::Flow(Style { quote: '\'', ..SPACED }) },
    Notation { name: "python-pprint", writing: Writing::Flow(Style { quote: '\'', ..PRETTY }) },
    Notation { name: "ruby", writing: Writing::Flow(Style { arrow: "=>", ..SPACED }) },
    Notation {
        name: "node",
        writing: Writing::Flow(Style {
            quote: '\'',
            map: ("{ ", " }"),
            list: ("[ ", " ]"),
            bare_names: true,
            ..SPACED
        }),
    },
    Notation {
        name: "elixir",
        writing: Writing::Flow(Style { arrow: " => ", map: ("%{", "}"), ..SPACED }),
    },
    Notation { name: "crystal", writing: Writing::Flow(Style { arrow: " => ", ..SPACED }) },
    Notation {
        name: "toml",
        writing: Writing::Flow(Style {
            arrow: " = ",
            map: ("{ ", " }"),
            bare_names: true,
            ..SPACED
        }),
    },
    Notation { name: "swift", writing: Writing::Flow(Style { map: ("[", "]"), ..SPACED }) },
    Notation {
        name: "php",
        writing: Writing::Flow(Style { quote: '\'', arrow: " => ", map: ("[", "]"), ..SPACED }),
    },
    Notation { name: "yaml", writing: Writing::Block },
];

fn write(tree: &Tree, writing: &Writing) -> String {
    match writing {
        Writing::Flow(style) => flow(tree, 0, style),
        Writing::InJson(style) => {
            let log = flow(tree, 0, style).replace('"', "\\\"");
            format!("{{\"log\":\"{log}\\n\",\"stream\":\"stdout\"}}")
        }
        Writing::Block => yaml(tree, 0),
    }
}

fn flow(tree: &Tree, depth: usize, style: &Style) -> String {
    let (elements, (open, close)): (Vec<String>, _) = match tree {
        Text(text) => return format!("{0}{text}{0}", style.quote),
        Number(number) => return number.to_string(),
        List(items) => {
            (items.iter().map(|item| flow(item, depth + 1, style)).collect(), style.list)
        }
        Map(entries) => {
            let entry = |(name, value): &(&str, Tree)| {
                let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                let name = match style.bare_names && plain {
                    true => (*name).to_string(),
                    false => format!("{0}{name}{0}", style.quote),
                };
                format!("{name}{}{}", style.arrow, flow(value, depth + 1, style))
            };
            (entries.iter().map(entry).collect(), style.map)
        }
    };
    let newline = |depth: usize| match style.lines {
        true => format!("\n{}", "  ".repeat(depth)),
        false => String::new(),
    };
    let (first, last) = (newline(depth + 1), newline(depth));
    format!("{open}{first}{}{last}{close}", elements.join(&format!("{}{first}", style.comma)))
}

/// Block style, as used by libraries that record HTTP.
fn yaml(tree: &Tree, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    match tree {
        Text(text) => text.clone(),
        Number(number) => number.to_string(),
        List(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| format!("{indent}- {}", yaml(item, depth + 1).trim_start()))
                .collect();
            items.join("\n")
        }
        Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(name, value)| match value {
                    Text(_) | Number(_) => format!("{indent}{name}: {}", yaml(value, depth)),
                    List(_) => format!("{indent}{name}:\n{}", yaml(value, depth)),
                    Map(_) => format!("{indent}{name}:\n{}", yaml(value, depth + 1)),
                })
                .collect();
            entries.join("\n")
        }
    }
}

/// Only indentation shows the structure here. The README says that these are not found.
const NOT_IN_YAML: &[&str] = &["list-of-pairs", "cookies/map-of-lists", "cookies/map-of-objects"];

fn text(text: &str) -> Tree {
    Text(text.to_string())
}

const BEARER: &str = "Bearer «u8jzPde0IgxL7d6GncfBAepfJBd0Kh8oO»";
const REQUEST: &str = "sid=«31d4d96e407aad42»; theme=«dark»";
const RESPONSE: &str = "sid=«31d4d96e407aad42»; Path=/; HttpOnly";
const KEY: &str = "«8f14e45fceea167a5a36dedd4bea2543»";

/// The headers of a request or a response, with their values.
fn headers() -> [(&'static str, Tree); 4] {
    [
        ("Authorization", text(BEARER)),
        ("Cookie", text(REQUEST)),
        ("Set-Cookie", text(RESPONSE)),
        ("X-Api-Key", text(KEY)),
    ]
}

/// Each form in each nesting, with a name. Everything around the secrets is kept.
fn documents() -> Vec<(String, Tree)> {
    let mut documents = Vec::new();
    for (name, value) in headers() {
        let several = match name {
            "Set-Cookie" => List(vec![value.clone(), text("theme=«dark»; Path=/; Secure")]),
            _ => List(vec![value.clone()]),
        };
        let host = ("Host", text("api.example.com"));
        let pair = |name: &str, value: &Tree| List(vec![text(name), value.clone()]);
        let object =
            |name: &str, value: &Tree| Map(vec![("name", text(name)), ("value", value.clone())]);
        let nestings = [
            ("map", Map(vec![(name, value.clone()), host.clone()])),
            ("map-last", Map(vec![host.clone(), (name, value.clone())])),
            ("map-of-lists", Map(vec![(name, several.clone()), ("Host", List(vec![text("h")]))])),
            (
                "list-of-pairs",
                List(vec![
                    pair("Host", &text("h")),
                    pair(name, &value),
                    pair("Accept", &text("*/*")),
                ]),
            ),
            (
                "list-of-objects",
                List(vec![
                    object("Host", &text("h")),
                    object(name, &value),
                    object("Accept", &text("*/*")),
                ]),
            ),
            (
                "nested",
                Map(vec![
                    (
                        "request",
                        Map(vec![
                            ("headers", Map(vec![(name, value.clone()), host.clone()])),
                            ("n", Number(3)),
                        ]),
                    ),
                    ("status", Number(200)),
                ]),
            ),
            (
                "list-in-map-in-list",
                List(vec![
                    Map(vec![("headers", Map(vec![(name, several.clone())])), ("n", Number(1))]),
                    Map(vec![("headers", Map(vec![("Host", text("h"))])), ("n", Number(2))]),
                ]),
            ),
        ];
        documents.extend(nestings.map(|(nesting, tree)| (format!("{name}/{nesting}"), tree)));
    }
    let cookies = Map(vec![("sid", text("«31d4d96e407aad42»")), ("theme", text("«4f6e2a»"))]);
    let objects = List(vec![
        Map(vec![
            ("name", text("JSESSIONID")),
            ("value", text("«31d4d96e407aad42»")),
            ("path", text("/")),
        ]),
        Map(vec![("name", text("theme")), ("value", text("«4f6e2a»")), ("path", text("/"))]),
    ]);
    let lists = Map(vec![
        ("sid", List(vec![text("«31d4d96e407aad42»")])),
        ("theme", List(vec![text("«4f6e2a»"), text("«77aa12»")])),
    ]);
    let described =
        Map(vec![("sid", Map(vec![("value", text("«31d4d96e407aad42»")), ("path", text("/"))]))]);
    for (nesting, tree) in [
        ("map", cookies),
        ("objects", objects),
        ("map-of-lists", lists),
        ("map-of-objects", described),
    ] {
        let outer = Map(vec![("cookies", tree.clone()), ("status", Number(200))]);
        documents.push((format!("cookies/{nesting}"), outer.clone()));
        documents.push((
            format!("cookies/{nesting}-nested"),
            Map(vec![("request", outer), ("path", text("/x"))]),
        ));
    }
    let tokens = Map(vec![
        ("access_token", text("«2YotnFZFEjr1zCsicMWpAA»")),
        ("token_type", text("Bearer")),
        ("expires_in", Number(3600)),
        ("refresh_token", text("«tGzv3JOkF0XG5Qx2TlKWIA»")),
    ]);
    documents.push(("oauth/map".to_string(), tokens.clone()));
    documents
        .push(("oauth/list".to_string(), List(vec![tokens.clone(), Map(vec![("n", Number(1))])])));
    documents
        .push(("oauth/nested".to_string(), Map(vec![("response", Map(vec![("body", tokens)]))])));
    documents
}

#[test]
fn secrets_in_every_nesting() {
    let mut verdict = Verdict::default();
    let driver = Driver::new();
    for (document, tree) in documents() {
        for notation in NOTATIONS {
            if notation.name == "yaml"
                && NOT_IN_YAML.iter().any(|nesting| document.contains(nesting))
            {
                continue;
            }
            let name = format!("{document} in {}", notation.name);
            let text = write(&tree, &notation.writing) + "\n";
            let Marked { input, expected, .. } = Marked::parse(&text).expect("marks in pairs");
            // Some offsets, different ones for each document.
            let offsets = (text.len() % 7..input.len()).step_by(7);
            let miss = driver.first_miss(&input, &expected, offsets);
            verdict.judge(&name, &input, &expected, miss);
        }
    }
    verdict.conclude("nestings");
}
