//! Parses line formats in the syntax of nginx's `log_format`, Apache's `LogFormat` and HAProxy's `log-format`.

/// Text, and the variable after it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub text: String,
    /// `None` after the last text.
    pub variable: Option<Variable>,
}

/// A variable, in place of a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Variable {
    /// nginx's name, if nginx has a variable for the same value.
    pub name: String,
    /// As it is written, without its `$` or `%`.
    pub written: String,
}

/// The format that nginx and Apache call `combined`.
const COMBINED: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#;

/// The mark before a variable in `line`: `$` or `%`.
pub(super) fn mark(line: &str) -> char {
    let after = |mark: char| line.split(mark).skip(1);
    let nginx = after('$').any(|rest| !variable(rest).0.is_empty());
    let letter = |c: char| c.is_ascii_alphabetic() || "{[<>!".contains(c);
    if !nginx && after('%').any(|rest| rest.starts_with(letter)) { '%' } else { '$' }
}

/// The parts of `line`. Only the last one has no variable.
pub(super) fn parts(line: &str) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    match mark(line) {
        '%' if is_haproxy(line) => percent(line, &mut parts, haproxy),
        '%' => percent(line, &mut parts, apache),
        _ => nginx(line, &mut parts),
    }
    parts
}

fn text(parts: &mut [Part], more: &str) {
    if let Some(part) = parts.last_mut() {
        part.text.push_str(more);
    }
}

fn value(parts: &mut Vec<Part>, name: String, written: &str) {
    if let Some(part) = parts.last_mut() {
        part.variable = Some(Variable { name, written: written.to_owned() });
        parts.push(Part::default());
    }
}

fn nginx(line: &str, parts: &mut Vec<Part>) {
    let mut rest = line;
    while let Some(dollar) = rest.find('$') {
        text(parts, &rest[..dollar]);
        let (name, after) = variable(&rest[dollar + 1..]);
        match name {
            "" => text(parts, "$"),
            "combined" => nginx(COMBINED, parts),
            name => value(parts, name.to_owned(), name),
        }
        rest = after;
    }
    text(parts, rest);
}

/// The variable's name at the start of `text`, which follows a `$`, and the text after it.
fn variable(text: &str) -> (&str, &str) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(inner) = text.strip_prefix('{')
        && let Some((name, rest)) = inner.split_once('}')
        && !name.is_empty()
        && name.chars().all(is_name)
    {
        return (name, rest);
    }
    text.split_at(text.find(|c| !is_name(c)).unwrap_or(text.len()))
}

/// A header's name in the form of a variable's name.
fn header(name: &str) -> String {
    name.to_ascii_lowercase().replace('-', "_")
}

/// Reads a line whose directives start with `%`, with or without the backslashes that it has in a configuration file.
/// `directive` reads one after its `%`, and returns the text after it.
fn percent<'l>(
    line: &'l str,
    parts: &mut Vec<Part>,
    directive: fn(&'l str, &mut Vec<Part>) -> &'l str,
) {
    let mut rest = line;
    while let Some(at) = rest.find(['%', '\\']) {
        text(parts, &rest[..at]);
        rest = match rest[at..].strip_prefix('\\') {
            Some(after) => escaped(after, parts),
            None => directive(&rest[at + 1..], parts),
        };
    }
    text(parts, rest);
}

/// A directive of Apache's `LogFormat`.
fn apache<'l>(start: &'l str, parts: &mut Vec<Part>) -> &'l str {
    // `%!200,304{...}i`, `%>s`: conditions on the status, and which request is meant.
    let directive = start.trim_start_matches(|c: char| c.is_ascii_digit() || "!,<>".contains(c));
    let (argument, letters) = match directive.strip_prefix('{').and_then(|it| it.split_once('}')) {
        Some((argument, letters)) => (Some(argument), letters),
        None => (None, directive),
    };
    let len = if letters.starts_with('^') { 3 } else { 1 };
    let (letter, after) = letters.split_at_checked(len).unwrap_or((letters, ""));
    let written = &start[..start.len() - after.len()];
    match (letter, argument) {
        ("%" | "", _) => text(parts, "%"),
        ("i", Some(name)) => value(parts, format!("http_{}", header(name)), written),
        ("o", Some(name)) => value(parts, format!("sent_http_{}", header(name)), written),
        ("C", Some(name)) => value(parts, format!("cookie_{name}"), written),
        ("t", None) => {
            text(parts, "[");
            value(parts, "time_local".to_owned(), written);
            text(parts, "]");
        }
        ("s", _) => value(parts, "status".to_owned(), written),
        ("b" | "B", _) => value(parts, "body_bytes_sent".to_owned(), written),
        ("O" | "I", _) => value(parts, "bytes_sent".to_owned(), written),
        _ => value(parts, written.to_owned(), written),
    }
    after
}

/// The character after a backslash.
fn escaped<'l>(after: &'l str, parts: &mut [Part]) -> &'l str {
    let mut chars = after.chars();
    match chars.next() {
        Some('t') => text(parts, "\t"),
        Some('n') => text(parts, "\n"),
        Some(c) => text(parts, c.encode_utf8(&mut [0; 4])),
        None => text(parts, "\\"),
    }
    chars.as_str()
}

/// HAProxy's variables, each before those that are a prefix of it.
const HAPROXY: &[&str] = &[
    "HPO", "hrl", "hsl", "pid", "sslc", "sslv", "trg", "trl", "tsc", "ac", "bc", "bi", "bp", "bq",
    "CC", "ci", "cp", "CS", "fc", "fi", "fp", "ft", "HM", "HP", "HQ", "HU", "HV", "hr", "hs", "ID",
    "lc", "ms", "rc", "rt", "sc", "si", "sp", "sq", "ST", "Ta", "Tc", "Td", "TR", "Tq", "Tr", "Th",
    "Ti", "tr", "ts", "Tt", "Tu", "Tw", "B", "b", "f", "H", "o", "r", "s", "t", "T", "U",
];

fn is_haproxy(line: &str) -> bool {
    [
        "%[", "%{+", "%{-", "%ci", "%ft", "%tr", "%ST", "%TR", "%hr", "%hs", "%CC", "%HM", "%bi",
        "%si",
    ]
    .iter()
    .any(|sign| line.contains(sign))
}

/// A directive of HAProxy's `log-format`.
fn haproxy<'l>(start: &'l str, parts: &mut Vec<Part>) -> &'l str {
    let (flags, directive) = match start.strip_prefix('{').and_then(|it| it.split_once('}')) {
        Some((flags, directive)) => (flags, directive),
        None => ("", start),
    };
    let expression = directive.strip_prefix('[').and_then(|it| it.split_once(']'));
    let (name, after) = match expression {
        Some((expression, after)) => (sample(expression), after),
        None => {
            let name = HAPROXY.iter().find(|name| directive.starts_with(**name));
            let len = name.map_or(0, |name| name.len());
            (name.map_or(String::new(), |name| captured(name)), &directive[len..])
        }
    };
    let written = &start[..start.len() - after.len()];
    if name.is_empty() {
        text(parts, "%");
        return after.strip_prefix('%').unwrap_or(after);
    }
    let quote = if flags.contains("+Q") { "\"" } else { "" };
    text(parts, quote);
    value(parts, name, written);
    text(parts, quote);
    after
}

/// The name for a variable of HAProxy.
fn captured(name: &str) -> String {
    match name {
        "ST" => "status",
        "B" => "bytes_sent",
        // The cookies that `capture cookie` recorded, each with its name.
        "CC" => "cookie_captured",
        "CS" => "upstream_cookie_captured",
        name => name,
    }
    .to_owned()
}

/// The name for a sample expression of HAProxy: `req.hdr(Cookie)`, `capture.req.hdr(0)`.
fn sample(expression: &str) -> String {
    // Converters follow a comma.
    let fetch = expression.split(')').next().unwrap_or(expression);
    match fetch.split_once('(') {
        Some(("req.hdr" | "req.fhdr" | "hdr", name)) => format!("http_{}", header(name)),
        Some(("res.hdr" | "res.fhdr", name)) => format!("sent_http_{}", header(name)),
        Some(("req.cook" | "cook" | "res.cook", name)) => format!("cookie_{name}"),
        _ => expression.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The format as text, with variables in angle brackets.
    fn shown(line: &str) -> String {
        let part = |part: Part| match part.variable {
            Some(variable) => format!("{}<{}>", part.text, variable.name),
            None => part.text,
        };
        parts(line).into_iter().map(part).collect()
    }

    #[test]
    fn lines_of_each_server() {
        for (line, expected) in [
            ("$a ${b}c $ %h", "<a> <b>c $ %h"),
            (
                "$combined|$x",
                "<remote_addr> - <remote_user> [<time_local>] \"<request>\" <status> <body_bytes_sent> \"<http_referer>\" \
                 \"<http_user_agent>\"|<x>",
            ),
            (
                r#"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{X-Api-Key}i\"\t%{sid}C %% %D"#,
                "<h> <l> <u> [<time_local>] \"<r>\" <status> <body_bytes_sent> \"<http_referer>\" \"<http_x_api_key>\"\t\
                 <cookie_sid> % <D>",
            ),
            (
                "%{%Y}t %400,501{User-agent}i %{Set-Cookie}o %^FB",
                "<{%Y}t> <http_user_agent> <sent_http_set_cookie> <^FB>",
            ),
            (
                r"%ci:%cp [%tr] %ft %b/%s %ST %B %CC %CS %{+Q}r %[req.hdr(Cookie),lower] {%[capture.req.hdr(1)]}",
                "<ci>:<cp> [<tr>] <ft> <b>/<s> <status> <bytes_sent> <cookie_captured> <upstream_cookie_captured> \"<r>\" \
                 <http_cookie> {<capture.req.hdr(1)>}",
            ),
            ("100% sure", "100% sure"),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }
}
