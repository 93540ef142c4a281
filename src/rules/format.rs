//! Line formats, as the configurations of servers describe them.
//!
//! A [`LineFormat`] is a sequence of texts and variables. This module parses it; [`fields`] matches lines against it.
//!
//! [`fields`]: super::fields

use super::heading::{Heading, MARK};
use super::log_format::{Part, Variable, mark, parts};
use super::secret_field::{Reading, SecretField};
use crate::span::RuleId;

/// The format of a log's lines, and which of its fields are secrets, for [`Builder::formats`](crate::Builder::formats).
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
    /// The fewest bytes of a line that contains a secret.
    pub(super) min_len: usize,
    /// The log describes its lines itself. There are no steps then.
    pub(super) heading: Option<Heading>,
}

/// An error in a format, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadFormat {
    /// In the line as a whole.
    Line(String),
    /// In a variable: its name and the error.
    Variable(String, String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Literal text.
    Text(Box<[u8]>),
    /// A value, up to the text after it.
    Value { end: Box<[u8]>, quoted: bool, digits: bool, secret: Option<SecretField> },
}

/// Variables that are always a number.
const NUMBERS: &[&str] = &["status", "body_bytes_sent", "bytes_sent", "request_length"];

impl LineFormat {
    /// Parses `line`: text with variables as in nginx's `log_format` (`$combined` is the format of that name),
    /// in Apache's `LogFormat` or in HAProxy's `log-format`. Variables that are known to hold credentials are secrets,
    /// for example `$http_cookie`, `%{Cookie}i` or `%[req.hdr(Cookie)]`. So are those in `secrets`, which gives the
    /// name of a variable and of the rule it belongs to.
    ///
    /// If `line` starts with `#` and has no variables, as `#Fields:`, it is how a header starts by which the log itself
    /// names its fields. `secrets` then has names of fields.
    ///
    /// ```
    /// use blackbar::{LineFormat, Redactor, Ruleset};
    ///
    /// let rules = Ruleset::builder().formats([LineFormat::new("#Fields:", &[]).unwrap()]).build()?;
    /// let mut out = Vec::new();
    /// let mut redactor = Redactor::new(&rules);
    /// redactor.push(b"#Fields: date cs(Cookie) sc-status\n2026-11-24 sid=31d4d96e407aad42 200\n", &mut out);
    /// redactor.finish(&mut out);
    /// assert_eq!(out, b"#Fields: date cs(Cookie) sc-status\n2026-11-24 sid=[REDACTED] 200\n");
    /// # Ok::<(), blackbar::BuildError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn new(line: &str, secrets: &[(&str, &str)]) -> Result<LineFormat, Vec<BadFormat>> {
        let mut bad = Vec::new();
        let (mark, parts) = (mark(line), parts(line));
        if parts.iter().any(|part| part.text.contains('\n')) {
            bad.push(BadFormat::Line("a format is one line; remove the newline".to_owned()));
        }
        if line.as_bytes().first() == Some(&MARK) && parts.len() == 1 && bad.is_empty() {
            let heading = Some(Heading::new(line.trim_end_matches([':', ' ', '\t']), secrets));
            return Ok(LineFormat { steps: Vec::new(), min_len: 0, heading });
        }
        let names = |variable: &Variable, name: &str| {
            let name = name.trim_start_matches(['$', '%']);
            variable.name == name || variable.written == name
        };

        // 1. Each variable in `secrets` has to be in the line.
        for (name, _) in secrets {
            let mut variables = parts.iter().filter_map(|part| part.variable.as_ref());
            if !variables.any(|variable| names(variable, name)) {
                bad.push(BadFormat::Variable(
                    (*name).to_owned(),
                    format!(
                        "the line has no variable {mark}{}; add it to the line, or remove it here",
                        name.trim_start_matches(['$', '%'])
                    ),
                ));
            }
        }

        // 2. The kind of each variable, and where it ends.
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
                    "it is unclear where {mark}{} ends; put text between two variables",
                    variable.written
                )));
            }
            let quoted = text.ends_with('"') && end.starts_with(b"\"");
            let mut secret = secrets
                .iter()
                .find(|(said, _)| names(variable, said))
                .map(|(_, rule)| secret(name, rule))
                .or_else(|| known(name));
            // Of the text that can end a field in the middle of a line, the value grammar knows only a quote.
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
                "none of its variables is known to hold a secret; name one and its rule, as in secrets = { sid = \"cookie\" }"
                    .to_owned(),
            ));
        }
        if bad.is_empty() {
            Ok(LineFormat { min_len: min_len(&steps), steps, heading: None })
        } else {
            Err(bad)
        }
    }

    /// The fields that are secrets. Those that a log names itself are not known yet, except for the given ones.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretField> {
        let steps = self.steps.iter().filter_map(|step| match step {
            Step::Value { secret, .. } => secret.as_ref(),
            Step::Text(_) => None,
        });
        steps.chain(self.heading.iter().flat_map(Heading::secrets))
    }

    /// The same format, with the index of each field's rule. A field whose rule has no index is not a secret.
    pub(crate) fn placed(mut self, place: impl Fn(&str) -> Option<RuleId>) -> LineFormat {
        for step in &mut self.steps {
            if let Step::Value { secret, .. } = step {
                *secret = secret.take().and_then(|secret| {
                    Some(SecretField { place: Some(place(&secret.rule)?), ..secret })
                });
            }
        }
        self.heading = self.heading.map(|heading| heading.placed(place));
        self
    }
}

/// The variable `name`, which belongs to `rule`.
fn secret(name: &str, rule: &str) -> SecretField {
    SecretField { rule: rule.to_owned(), reading: reading(name, rule), place: None }
}

/// How to read the value of a variable that belongs to `rule`.
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

/// The nginx variables that are known to hold a credential.
fn known(name: &str) -> Option<SecretField> {
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
    Some(secret(name, rule))
}

/// The fewest bytes of a line that has one of the secrets: the text before the first secret, and one byte of it.
fn min_len(steps: &[Step]) -> usize {
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
    fn a_field_is_read_by_its_name_and_position() {
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
    fn errors_are_reported() {
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
        assert!(bad("$a$b", &[("b", "oauth")]).contains("it is unclear where $a ends"));
        assert!(bad("$a $b", &[("c", "oauth")]).contains("no variable $c"));
        assert!(bad("$a\n$cookie_b", &[]).contains("one line"));
    }
}
