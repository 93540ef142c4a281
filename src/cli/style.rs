//! The options for replacements.

use std::path::PathBuf;

use blackbar::{Config, KeepJwt, Origin, RuleStyle, RuleText, Setting, StyleKind};

/// The arguments.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Replacement")]
pub struct Args {
    /// How secrets are replaced: fixed, label, mask, partial or hmac [default: fixed]
    ///
    ///   fixed    [REDACTED]
    ///   label    [REDACTED:jwt], with the rule that found the secret
    ///   mask     one * for each byte of the secret, so that columns stay aligned
    ///   partial  [REDACTED:...wxyz], with the last four characters of a secret of
    ///            twenty or more; partial:first=4 or partial:first=2,last=2 shows
    ///            others, at most one fifth of the secret
    ///   hmac     [REDACTED:jwt:9f86d081], a keyed hash: the same secret always has
    ///            the same replacement, so a session can be followed without its
    ///            token; hmac:16 has 16 digits, from 8 to 32
    ///
    /// RULE=STYLE sets the style of one rule. The option can be repeated. 'blackbar rules' lists the rules.
    #[arg(long = "style", value_name = "[RULE=]STYLE", value_parser = choice, verbatim_doc_comment)]
    styles: Vec<Choice>,

    /// The text of the style fixed, instead of [REDACTED]
    ///
    /// RULE=TEXT sets the text of one rule. The option can be repeated.
    #[arg(long = "replacement", value_name = "[RULE=]TEXT")]
    replacements: Vec<String>,

    /// Read the key of the style hmac from FILE [default: $BLACKBAR_KEY]
    ///
    /// The key has at least 16 bytes, not counting a newline at the end. To create one:
    /// head -c 32 /dev/urandom | base64 >FILE
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Keep a part of each JWT: header (the algorithm and the key's name), or payload (header and payload)
    ///
    /// Without its signature a token cannot be used, but its payload contains the user's name and whatever else the
    /// issuer put there. A payload is kept only if it is a JSON object. Of an encrypted token, only the header is kept.
    #[arg(long, value_name = "PART")]
    keep_jwt: Option<KeepJwt>,

    /// Short for --keep-jwt header
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

/// The rule that `text` is for, if it starts with one and an equals sign, and the rest.
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
