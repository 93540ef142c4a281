//! Wrappings: how loggers encode a text into a line.

use super::forms::{Form, Piece, Tail};
use super::marked::Marked;

/// A way to write a form into a log.
pub(crate) struct Wrapping {
    pub(crate) name: &'static str,
    before: &'static str,
    encode: fn(&str) -> String,
    after: &'static str,
    /// Why a form cannot be written in this way, if it cannot.
    exclude: fn(&Form) -> Option<&'static str>,
}

pub(crate) const WRAPPINGS: &[Wrapping] = &[
    Wrapping { name: "plain", before: "", encode: verbatim, after: "\n", exclude: never },
    Wrapping {
        name: "plain, end of input",
        before: "",
        encode: verbatim,
        after: "",
        exclude: never,
    },
    Wrapping { name: "crlf", before: "", encode: crlf, after: "\r\n", exclude: never },
    Wrapping {
        name: "syslog",
        before: "<134>1 2026-03-04T10:00:01Z web-1 app 4242 - - ",
        encode: verbatim,
        after: "\n",
        exclude: column,
    },
    Wrapping {
        name: "prose before",
        before: "2026-03-04 10:00:01 DEBUG app: upstream wants ",
        encode: verbatim,
        after: "\n",
        exclude: column,
    },
    Wrapping {
        name: "prose around",
        before: "2026-03-04 10:00:01 DEBUG app: upstream wants ",
        encode: verbatim,
        after: " and nothing else\n",
        exclude: runs_on,
    },
    Wrapping {
        name: "json",
        before: "{\"level\":\"debug\",\"msg\":\"",
        encode: json,
        after: "\",\"n\":1}\n",
        exclude: column,
    },
    Wrapping {
        name: "json, slashes escaped",
        before: "{\"level\":\"debug\",\"msg\":\"",
        encode: |text| json(text).replace('/', "\\/"),
        after: "\",\"n\":1}\n",
        exclude: column,
    },
    Wrapping {
        name: "json in json",
        before: "{\"log\":\"{\\\"msg\\\":\\\"",
        encode: |text| json(&json(text)),
        after: "\\\",\\\"n\\\":1}\",\"m\":2}\n",
        exclude: column,
    },
    Wrapping {
        name: "json in json in json",
        before: "{\"a\":\"{\\\"log\\\":\\\"{\\\\\\\"msg\\\\\\\":\\\\\\\"",
        encode: |text| json(&json(&json(text))),
        after: "\\\\\\\",\\\\\\\"n\\\\\\\":1}\\\",\\\"m\\\":2}\",\"k\":3}\n",
        exclude: column,
    },
    Wrapping {
        name: "docker",
        before: "{\"log\":\"",
        encode: go_json,
        after: "\\n\",\"stream\":\"stderr\",\"time\":\"2026-03-04T10:00:01.5Z\"}\n",
        exclude: one_line,
    },
    Wrapping {
        name: "docker, crlf",
        before: "{\"log\":\"\\u003e ",
        encode: go_json,
        after: "\\r\\n\",\"stream\":\"stderr\",\"time\":\"2026-03-04T10:00:01.5Z\"}\n",
        exclude: one_line,
    },
    Wrapping {
        name: "repr",
        before: "msg = '",
        encode: repr,
        after: "', n = 1\n",
        exclude: column,
    },
    Wrapping {
        name: "bytes repr",
        before: "send: b'",
        encode: repr,
        after: "\\r\\n'\n",
        exclude: column,
    },
    Wrapping {
        name: "url",
        before: "GET /log?m=",
        encode: percent,
        after: "&n=1 HTTP/1.1\n",
        exclude: column,
    },
    Wrapping {
        name: "form",
        before: "m=",
        encode: |text| percent(text).replace("%20", "+"),
        after: "&n=1\n",
        exclude: column,
    },
    Wrapping {
        name: "json, url",
        before: "m=%7B%22msg%22%3A%22",
        encode: |text| percent(&json(text)),
        after: "%22%7D&n=1\n",
        exclude: column,
    },
    Wrapping {
        name: "json, html",
        before: "<pre>{&quot;msg&quot;:&quot;",
        encode: |text| html(&json(text), "&quot;", "&#x27;"),
        after: "&quot;}</pre>\n",
        exclude: |form| column(form).or_else(|| quoted_list(form)),
    },
    Wrapping {
        name: "html",
        before: "<pre>\n",
        encode: |text| html(text, "&quot;", "&#x27;"),
        after: "\n</pre>\n",
        exclude: quoted_list,
    },
    Wrapping {
        name: "html, numeric",
        before: "<pre>\n",
        encode: |text| html(text, "&#34;", "&#39;"),
        after: "\n</pre>\n",
        exclude: quoted_list,
    },
    Wrapping {
        name: "coloured",
        before: "\x1b[2m10:00:01\x1b[0m ",
        encode: verbatim,
        after: "\x1b[0m\n",
        exclude: colourless,
    },
    Wrapping {
        name: "docker, coloured",
        before: "{\"log\":\"\\u001b[2m10:00:01\\u001b[0m ",
        encode: go_json,
        after: "\\u001b[0m\\n\",\"stream\":\"stderr\",\"time\":\"2026-03-04T10:00:01.5Z\"}\n",
        exclude: |form| one_line(form).or_else(|| colourless(form)),
    },
    Wrapping {
        name: "json in json, coloured",
        before: "{\"log\":\"{\\\"msg\\\":\\\"",
        encode: |text| json(&json(text)),
        after: "\\\",\\\"n\\\":1}\",\"m\":2}\n",
        exclude: colourless,
    },
    Wrapping {
        name: "repr, coloured",
        before: "b'\\x1b[2m",
        encode: repr,
        after: "\\x1b[0m\\r\\n'\n",
        exclude: colourless,
    },
    Wrapping {
        name: "url, lower case",
        before: "GET /log?m=",
        encode: |text| lower_escapes(&percent(text)),
        after: "&n=1 HTTP/1.1\n",
        exclude: column,
    },
];

impl Wrapping {
    /// Writes `form` with `tokens` in its slots, or returns why that is not possible.
    pub(crate) fn write(&self, form: &Form, tokens: &[&str; 2]) -> Result<Marked, &'static str> {
        if let Some(reason) = (self.exclude)(form) {
            return Err(reason);
        }
        let mut marked = Marked::default();
        marked.keep(self.before);
        let mut slot = 0;
        for piece in form.pieces() {
            match piece {
                Piece::Text(text) => marked.keep(&(self.encode)(text)),
                Piece::Colour if self.name.contains("coloured") => {
                    marked.keep(&(self.encode)("\x1b[39;49;00m\x1b[33m"));
                }
                Piece::Colour => {}
                Piece::Slot => {
                    marked.hide(&(self.encode)(tokens[slot % 2]));
                    slot += 1;
                }
            }
        }
        marked.keep(self.after);
        Ok(marked)
    }
}

fn never(_: &Form) -> Option<&'static str> {
    None
}

fn column(form: &Form) -> Option<&'static str> {
    (form.tail == Tail::Column)
        .then_some("its columns are counted by tabs from the start of the line")
}

fn runs_on(form: &Form) -> Option<&'static str> {
    match form.tail {
        Tail::Closed => None,
        Tail::Line => Some("its value runs to the end of the line and would swallow the prose"),
        Tail::Column => column(form),
    }
}

fn one_line(form: &Form) -> Option<&'static str> {
    let lines = form.text.contains('\n').then_some("a record of a container log holds one line");
    lines.or_else(|| column(form))
}

fn quoted_list(form: &Form) -> Option<&'static str> {
    let ambiguous = form.rule == "cookie" && form.text.contains("=\"«");
    ambiguous.then_some("the `;` of an entity cannot be told from that of the list")
}

fn colourless(form: &Form) -> Option<&'static str> {
    (!form.text.contains('·')).then_some("nothing colours the inside of it")
}

fn verbatim(text: &str) -> String {
    text.to_owned()
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn json(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Go's `encoding/json` escapes characters that have a meaning in HTML.
fn go_json(text: &str) -> String {
    json(text).replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn repr(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte.into());
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Some programs write the digits of an escape in lower case.
fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        out.push_str(&format!("%{}{rest}", digits.to_ascii_lowercase()));
    }
    out
}

fn html(text: &str, double: &str, single: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', double)
        .replace('\'', single)
}
