//! The options that say what stands in a secret's place.

use std::path::PathBuf;

use blackbar::{Config, KeepJwt, Origin, RuleStyle, RuleText, Setting, StyleKind};

/// What may be typed.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Replacement")]
pub struct Args {
    /// What stands in a secret's place: fixed, label, mask, partial or hmac [default: fixed]
    ///
    ///   fixed    [REDACTED]
    ///   label    [REDACTED:jwt], with the rule that found it
    ///   mask     as many * as the secret has bytes, so that columns hold
    ///   partial  [REDACTED:...wxyz], the last four of a secret of twenty or more;
    ///            partial:first=4 and partial:first=2,last=2 show others, of a secret
    ///            that has five characters for each that is shown
    ///   hmac     [REDACTED:jwt:9f86d081], the same for the same secret, as long as
    ///            the key is: a session can be followed without knowing its token;
    ///            hmac:16 has 16 digits, where 8 to 32 can be had
    ///
    /// RULE=STYLE sets it for one rule, and can be given several times; 'blackbar rules' lists them.
    #[arg(long = "style", value_name = "[RULE=]STYLE", value_parser = choice, verbatim_doc_comment)]
    styles: Vec<Choice>,

    /// Let TEXT stand where the style is fixed, rather than [REDACTED]
    ///
    /// RULE=TEXT sets it for one rule, and can be given several times.
    #[arg(long = "replacement", value_name = "[RULE=]TEXT")]
    replacements: Vec<String>,

    /// Take the key of the style hmac from FILE [default: from the variable BLACKBAR_KEY]
    ///
    /// At least 16 bytes; a line end after them does not count. This makes one:
    /// head -c 32 /dev/urandom | base64 >FILE
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Keep a part of each JWT: header, which names the algorithm and the key, or payload, which is header and payload
    ///
    /// Without its signature a token is of no use, but its payload names the user, and whatever else the issuer has put
    /// there stands in the log. A payload is kept if it is a JSON object; of an encrypted token only the header is.
    #[arg(long, value_name = "PART")]
    keep_jwt: Option<KeepJwt>,

    /// As --keep-jwt header
    #[arg(long, hide = true)]
    keep_jwt_header: bool,
}

/// One `--style`.
#[derive(Clone, Debug)]
struct Choice {
    /// All of them if there is none.
    rule: Option<String>,
    kind: StyleKind,
}

/// Which rules there are is not known yet: a configuration may add some.
fn choice(text: &str) -> Result<Choice, String> {
    let (rule, kind) = of_rule(text);
    Ok(Choice { rule, kind: kind.parse()? })
}

/// The rule that `text` is for, if it starts with one and an equals sign, and what is said of it.
fn of_rule(text: &str) -> (Option<String>, &str) {
    match text.split_once('=') {
        // `partial:first=4` is a style.
        Some((rule, rest)) if !rule.contains(':') => (Some(rule.to_owned()), rest),
        _ => (None, text),
    }
}

impl Args {
    /// Sets what was asked for.
    pub fn set(&self, config: &mut Config) {
        let style = Origin::Option("--style");
        for Choice { rule, kind } in &self.styles {
            match rule {
                None => config.style = Some(Setting::new(*kind, style.clone())),
                Some(rule) => {
                    let of_rule = RuleStyle { rule: rule.clone(), kind: *kind };
                    config.styles.push(Setting::new(of_rule, style.clone()));
                }
            }
        }
        let replacement = Origin::Option("--replacement");
        for text in &self.replacements {
            match of_rule(text) {
                (None, text) => {
                    config.replacement = Some(Setting::new(text.to_owned(), replacement.clone()));
                }
                (Some(rule), text) => {
                    let of_rule = RuleText { rule, text: text.to_owned() };
                    config.replacements.push(Setting::new(of_rule, replacement.clone()));
                }
            }
        }
        if let Some(path) = &self.key_file {
            config.key_file = Some(Setting::new(path.clone(), Origin::Option("--key-file")));
        }
        let header = self.keep_jwt_header.then_some(KeepJwt::Header);
        if let Some(keep) = self.keep_jwt.or(header) {
            config.keep_jwt = Some(Setting::new(keep, Origin::Option("--keep-jwt")));
        }
    }
}
