//! The shape of a log's lines, as servers' configurations describe it.
//!
//! A [`LineFormat`] is text, and variables that stand for values. What is said of it here is what it is; [`fields`] follows
//! lines through it.
//!
//! [`fields`]: super::fields

use super::log_format::{Part, Variable, mark, parts};
use crate::span::RuleId;

/// The shape of a log's lines, and which of its fields are secrets, for [`Builder::formats`](crate::Builder::formats).
///
/// ```
/// use blackbar::{LineFormat, Redactor, Ruleset};
///
/// let format = LineFormat::new("$time $host $session", &[("session", "cookie")]).unwrap();
/// let rules = Ruleset::builder().formats([format]).build()?;
/// let mut out = Vec::new();
/// let mut redactor = Redactor::new(&rules);
/// redactor.push(b"12:00 example.com 31d4d96e407aad42\n", &mut out);
/// redactor.finish(&mut out);
/// assert_eq!(out, b"12:00 example.com [REDACTED]\n");
/// # Ok::<(), blackbar::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFormat {
    pub(super) steps: Vec<Step>,
    /// The fewest bytes of a line that has a secret.
    pub(super) least: usize,
}

/// How the value of a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reading {
    /// As the value of a `Cookie` header.
    Cookies,
    /// As the value of a `Set-Cookie` header.
    SetCookie,
    /// As the value of an `Authorization` header.
    Authorization,
    /// All of it is the secret.
    Whole,
}

/// A field that is a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The name of the rule that it counts for.
    pub rule: String,
    /// How its value is read.
    pub reading: Reading,
    /// The rule among those in force, once that is known.
    pub(crate) place: Option<RuleId>,
}

/// What is wrong with a format, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadFormat {
    /// With the line as a whole.
    Line(String),
    /// With what is said of a variable.
    Variable(String, String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Text that stands there.
    Text(Box<[u8]>),
    /// A value, up to the text after it.
    Value { end: Box<[u8]>, quoted: bool, digits: bool, secret: Option<Secret> },
}

/// Variables that are a number wherever they are logged.
const NUMBERS: &[&str] = &["status", "body_bytes_sent", "bytes_sent", "request_length"];

impl LineFormat {
    /// The format that `line` describes: text, and variables as in nginx's `log_format`, where `$combined` stands for the
    /// format of that name, or as in Apache's `LogFormat` or HAProxy's `log-format`. Of its variables those are secrets
    /// that are known to hold credentials, `$http_cookie`, `%{Cookie}i` or `%[req.hdr(Cookie)]` for example, and those in
    /// `secrets`, each with the rule that it counts for.
    ///
    /// # Errors
    ///
    /// All that is wrong with it.
    pub fn new(line: &str, secrets: &[(&str, &str)]) -> Result<LineFormat, Vec<BadFormat>> {
        let mut bad = Vec::new();
        let (mark, parts) = (mark(line), parts(line));
        if parts.iter().any(|part| part.text.contains('\n')) {
            bad.push(BadFormat::Line("a format is one line; leave out the line feed".to_owned()));
        }
        let names = |variable: &Variable, name: &str| {
            let name = name.trim_start_matches(['$', '%']);
            variable.name == name || variable.written == name
        };

        // 1. What is said of variables is said of some that there are.
        for (name, _) in secrets {
            let mut variables = parts.iter().filter_map(|part| part.variable.as_ref());
            if !variables.any(|variable| names(variable, name)) {
                bad.push(BadFormat::Variable(
                    (*name).to_owned(),
                    format!(
                        "the line has no variable {mark}{}; write it there, or leave it out here",
                        name.trim_start_matches(['$', '%'])
                    ),
                ));
            }
        }

        // 2. What each variable is, and where it ends.
        let mut steps = Vec::new();
        for (index, Part { text, variable }) in parts.iter().enumerate() {
            if !text.is_empty() {
                steps.push(Step::Text(text.as_bytes().into()));
            }
            let Some(variable) = variable else { continue };
            let name = &variable.name;
            let end = parts[index + 1].text.as_bytes();
            if end.is_empty() && index + 2 < parts.len() {
                bad.push(BadFormat::Line(format!(
                    "nothing tells where {mark}{} ends; there has to be text between two variables",
                    variable.written
                )));
            }
            let quoted = text.ends_with('"') && end.starts_with(b"\"");
            let mut secret = secrets
                .iter()
                .find(|(said, _)| names(variable, said))
                .map(|(_, rule)| Secret::new(name, rule))
                .or_else(|| known(name));
            // The grammars know nothing of what ends a field in the middle of a line, but for a quote.
            if let Some(secret) = &mut secret
                && !quoted
                && !end.is_empty()
            {
                secret.reading = Reading::Whole;
            }
            let digits = NUMBERS.contains(&&**name) && secret.is_none();
            steps.push(Step::Value { end: end.into(), quoted, digits, secret });
        }
        if !steps.iter().any(|step| matches!(step, Step::Value { secret: Some(_), .. }))
            && bad.is_empty()
        {
            bad.push(BadFormat::Line(
                "none of its variables is known for a secret; name one and its rule, as in secrets = { sid = \"cookie\" }"
                    .to_owned(),
            ));
        }
        if bad.is_empty() { Ok(LineFormat { least: least(&steps), steps }) } else { Err(bad) }
    }

    /// The secrets that it has.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.steps.iter().filter_map(|step| match step {
            Step::Value { secret, .. } => secret.as_ref(),
            Step::Text(_) => None,
        })
    }

    /// The same, with the places that rules have by their names. A field whose rule has none is no secret.
    pub(crate) fn placed(mut self, place: impl Fn(&str) -> Option<RuleId>) -> LineFormat {
        for step in &mut self.steps {
            if let Step::Value { secret, .. } = step {
                *secret = secret.take().and_then(|secret| {
                    Some(Secret { place: Some(place(&secret.rule)?), ..secret })
                });
            }
        }
        self
    }
}

impl Secret {
    /// The variable `name`, which counts for `rule`.
    fn new(name: &str, rule: &str) -> Secret {
        Secret { rule: rule.to_owned(), reading: reading(name, rule), place: None }
    }
}

/// How the value of a variable is read that counts for `rule`.
fn reading(name: &str, rule: &str) -> Reading {
    match rule {
        "cookie" if is_set_cookie(name) => Reading::SetCookie,
        "cookie" if is_one_cookie(name) => Reading::Whole,
        "cookie" => Reading::Cookies,
        "authorization" if !name.starts_with("http_x_") => Reading::Authorization,
        _ => Reading::Whole,
    }
}

fn is_set_cookie(name: &str) -> bool {
    name.ends_with("http_set_cookie")
}

fn is_one_cookie(name: &str) -> bool {
    name.starts_with("cookie_") || name.starts_with("upstream_cookie_")
}

/// What nginx has a credential in, by its name.
fn known(name: &str) -> Option<Secret> {
    let rule = match name {
        "http_cookie" => "cookie",
        _ if is_set_cookie(name) || is_one_cookie(name) => "cookie",
        "http_authorization" | "http_proxy_authorization" => "authorization",
        "http_x_api_key"
        | "http_x_auth_token"
        | "http_x_csrf_token"
        | "http_x_xsrf_token"
        | "http_x_amz_security_token" => "authorization",
        "arg_access_token"
        | "arg_refresh_token"
        | "arg_id_token"
        | "arg_client_secret"
        | "arg_client_assertion"
        | "arg_assertion"
        | "arg_code_verifier"
        | "arg_device_code" => "oauth",
        _ => return None,
    };
    Some(Secret::new(name, rule))
}

/// The fewest bytes of a line that has one of the secrets: the text before the first of them, and a byte of its own.
fn least(steps: &[Step]) -> usize {
    let before =
        steps.iter().take_while(|step| !matches!(step, Step::Value { secret: Some(_), .. }));
    let text = before.map(|step| match step {
        Step::Text(text) => text.len(),
        Step::Value { .. } => 0,
    });
    text.sum::<usize>().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_field_is_read_follows_from_its_name_and_place() {
        for (line, reading) in [
            ("$http_x_api_key", Reading::Whole),
            ("$http_cookie", Reading::Cookies),
            ("\"$http_cookie\" $a", Reading::Cookies),
            ("$http_cookie $a", Reading::Whole),
            ("$cookie_a", Reading::Whole),
            ("$sent_http_set_cookie", Reading::SetCookie),
            ("$http_authorization", Reading::Authorization),
            ("$http_authorization|", Reading::Whole),
        ] {
            let format = LineFormat::new(line, &[]).unwrap();
            assert_eq!(format.secrets().next().unwrap().reading, reading, "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let bad = |line: &str, secrets: &[(&str, &str)]| -> String {
            let bad = LineFormat::new(line, secrets).unwrap_err();
            bad.iter()
                .map(|bad| match bad {
                    BadFormat::Line(text) | BadFormat::Variable(_, text) => text.clone(),
                })
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert!(bad("$combined", &[]).contains("none of its variables"));
        assert!(bad("$a$b", &[("b", "oauth")]).contains("nothing tells where $a ends"));
        assert!(bad("$a $b", &[("c", "oauth")]).contains("no variable $c"));
        assert!(bad("$a\n$cookie_b", &[]).contains("one line"));
    }
}
