//! Collects the values under the names of credentials in JSON and YAML.

use serde_json::Value as Json;
use yaml_rust2::{Yaml, YamlLoader};

/// The format of a recording.
#[derive(Clone, Copy)]
pub enum Format {
    Json,
    /// One JSON text per line.
    Lines,
    Yaml,
}

impl Format {
    /// By the name of the file.
    pub fn of(name: &str) -> Option<Format> {
        match name.rsplit_once('.')?.1 {
            "json" | "har" => Some(Format::Json),
            "jsonl" => Some(Format::Lines),
            "yaml" | "yml" => Some(Format::Yaml),
            _ => None,
        }
    }
}

/// The common structure of JSON and YAML.
enum Node {
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    Other,
}

/// The secrets of a recording, without duplicates; `None` if it cannot be parsed.
pub fn secrets(name: &str, input: &[u8]) -> Option<Vec<String>> {
    let mut found = Vec::new();
    collect(&parse(name, input)?, &mut found);
    found.sort();
    found.dedup();
    Some(found)
}

/// Which of the `secrets` occur in an output; `None` if it cannot be parsed.
pub fn left(name: &str, output: &[u8], secrets: &[String]) -> Option<Vec<String>> {
    let mut strings = Vec::new();
    texts(&parse(name, output)?, &mut strings);
    let raw = String::from_utf8_lossy(output);
    let is_left = |secret: &&String| {
        raw.contains(secret.as_str()) || strings.iter().any(|text| text.contains(secret.as_str()))
    };
    Some(secrets.iter().filter(is_left).cloned().collect())
}

/// Which of the `secrets` are still values under a credential's name in an output; `None` if it cannot be parsed.
/// Elsewhere the same text may be something else.
pub fn left_in_place(name: &str, output: &[u8], known: &[String]) -> Option<Vec<String>> {
    let mut found = secrets(name, output)?;
    found.retain(|secret| known.contains(secret));
    Some(found)
}

fn parse(name: &str, input: &[u8]) -> Option<Node> {
    let text = std::str::from_utf8(input).ok()?;
    Some(match Format::of(name)? {
        Format::Json => json(serde_json::from_str(text).ok()?),
        Format::Lines => {
            let lines = text.lines().filter(|line| !line.is_empty());
            Node::List(
                lines
                    .map(|line| Some(json(serde_json::from_str(line).ok()?)))
                    .collect::<Option<_>>()?,
            )
        }
        Format::Yaml => {
            Node::List(YamlLoader::load_from_str(text).ok()?.into_iter().map(yaml).collect())
        }
    })
}

fn json(value: Json) -> Node {
    match value {
        Json::String(text) => Node::Text(text),
        Json::Array(values) => Node::List(values.into_iter().map(json).collect()),
        Json::Object(members) => {
            Node::Map(members.into_iter().map(|(name, value)| (name, json(value))).collect())
        }
        _ => Node::Other,
    }
}

fn yaml(value: Yaml) -> Node {
    match value {
        Yaml::String(text) => Node::Text(text),
        Yaml::Array(values) => Node::List(values.into_iter().map(yaml).collect()),
        Yaml::Hash(members) => Node::Map(
            members
                .into_iter()
                .filter_map(|(name, value)| Some((name.into_string()?, yaml(value))))
                .collect(),
        ),
        _ => Node::Other,
    }
}

/// All strings.
fn texts(node: &Node, found: &mut Vec<String>) {
    match node {
        Node::Text(text) => found.push(text.clone()),
        Node::List(nodes) => nodes.iter().for_each(|node| texts(node, found)),
        Node::Map(members) => members.iter().for_each(|(_, node)| texts(node, found)),
        Node::Other => {}
    }
}

/// The meaning of a value, by its name.
#[derive(Clone, Copy)]
enum Kind {
    Cookie,
    SetCookie,
    Authorization,
    /// The whole value is a credential.
    Whole,
}

fn kind(name: &str) -> Option<Kind> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    Some(match name.as_str() {
        "cookie" => Kind::Cookie,
        "set-cookie" => Kind::SetCookie,
        "authorization" | "proxy-authorization" => Kind::Authorization,
        "x-api-key"
        | "x-auth-token"
        | "x-csrf-token"
        | "x-xsrf-token"
        | "x-amz-security-token"
        | "private-token"
        | "access-token"
        | "refresh-token"
        | "id-token"
        | "client-secret"
        | "code-verifier"
        | "device-code" => Kind::Whole,
        _ => return None,
    })
}

fn collect(node: &Node, found: &mut Vec<String>) {
    match node {
        Node::Text(text) => inside(text, found),
        Node::Other => {}
        Node::List(nodes) => {
            // `["Cookie", "a=T", "Accept", "*/*"]`
            for pair in nodes.windows(2) {
                if let [Node::Text(name), Node::Text(value)] = pair
                    && let Some(kind) = kind(name)
                    && kind_of_header(kind)
                {
                    add_from(kind, value, found);
                }
            }
            nodes.iter().for_each(|node| collect(node, found));
        }
        Node::Map(members) => {
            let member = |wanted: &[&str]| {
                members
                    .iter()
                    .find(|(name, _)| wanted.contains(&name.as_str()))
                    .map(|(_, node)| node)
            };
            // `{"name": "Cookie", "value": "a=T"}`
            if let (Some(Node::Text(name)), Some(value)) =
                (member(&["name", "key"]), member(&["value"]))
                && let Some(kind) = kind(name)
            {
                under(kind, value, found);
            }
            for (name, value) in members {
                match kind(name) {
                    Some(kind) => under(kind, value, found),
                    None if name == "cookies" || name == "cookie" => cookies(value, found),
                    None => {}
                }
                collect(value, found);
            }
        }
    }
}

fn kind_of_header(kind: Kind) -> bool {
    !matches!(kind, Kind::Whole)
}

/// Cookies as objects: `[{"name": "sid", "value": "T"}]`, and WireMock's `{"sid": {"equalTo": "T"}}`.
fn cookies(node: &Node, found: &mut Vec<String>) {
    match node {
        Node::List(nodes) => nodes.iter().for_each(|node| cookies(node, found)),
        Node::Map(members) => {
            for (name, value) in members {
                if let ("value", Node::Text(value)) = (name.as_str(), value) {
                    add(value, found);
                }
            }
        }
        _ => {}
    }
}

/// The strings under a name.
fn under(kind: Kind, node: &Node, found: &mut Vec<String>) {
    match node {
        Node::Text(text) => add_from(kind, text, found),
        Node::List(nodes) => nodes.iter().for_each(|node| under(kind, node, found)),
        Node::Map(members) => {
            for (name, node) in members {
                if ["equalTo", "value"].contains(&name.as_str()) {
                    under(kind, node, found);
                }
            }
        }
        Node::Other => {}
    }
}

/// Adds the secrets of a value.
fn add_from(kind: Kind, text: &str, found: &mut Vec<String>) {
    match kind {
        Kind::Cookie => text.split("; ").for_each(|pair| cookie(pair, found)),
        Kind::SetCookie => {
            for line in text.split('\n') {
                cookie(line.split(';').next().unwrap_or(""), found);
            }
        }
        Kind::Whole => add(text, found),
        Kind::Authorization => {
            let Some((scheme, rest)) = text.split_once(' ') else { return add(text, found) };
            if !rest.contains('=') || rest.trim_end_matches('=').find('=').is_none() {
                return add(rest, found);
            }
            let _ = scheme;
            for parameter in rest.split(',') {
                let Some((name, value)) = parameter.trim().split_once('=') else { continue };
                if ["response", "Signature", "signature", "oauth_signature", "oauth_token"]
                    .contains(&name)
                {
                    add(value.trim_matches('"'), found);
                }
            }
        }
    }
}

fn cookie(pair: &str, found: &mut Vec<String>) {
    if let Some((_, value)) = pair.split_once('=') {
        add(value.trim().trim_matches('"'), found);
    }
}

/// The content of a string: JSON, a form, a query.
fn inside(text: &str, found: &mut Vec<String>) {
    if text.starts_with(['{', '['])
        && let Ok(value) = serde_json::from_str(text)
    {
        return collect(&json(value), found);
    }
    let query = text.split_once('?').map_or(text, |(_, query)| query);
    for pair in query.split('&') {
        if let Some((name, value)) = pair.split_once('=')
            && let Some(Kind::Whole) = kind(name)
        {
            add(value, found);
        }
    }
}

/// Adds a secret, unless it is a placeholder, or so short or plain that it may occur elsewhere too.
fn add(secret: &str, found: &mut Vec<String>) {
    let plain = secret.chars().all(|ch| ch.is_ascii_digit())
        || ["deleted", "REDACTED", "undefined", "false", "true"].contains(&secret);
    let template = secret.starts_with(['<', '{', '[', '$', '%', '*', '/']);
    if secret.len() >= 6 && !plain && !template && !secret.contains([' ', '\n']) {
        found.push(secret.to_owned());
    }
}
