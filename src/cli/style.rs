//! The options that say what stands in a secret's place.

use std::path::PathBuf;

use blackbar::{Config, Origin, RuleStyle, Setting, StyleKind};

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
    ///   partial  [REDACTED:...wxyz], the last four of a secret of twenty or more
    ///   hmac     [REDACTED:jwt:9f86d081], the same for the same secret, as long as
    ///            the key is: a session can be followed without knowing its token
    ///
    /// RULE=STYLE sets it for one rule, and can be given several times; 'blackbar rules' lists them.
    #[arg(long = "style", value_name = "[RULE=]STYLE", value_parser = choice, verbatim_doc_comment)]
    styles: Vec<Choice>,

    /// Let TEXT stand where the style is fixed, rather than [REDACTED]
    #[arg(long, value_name = "TEXT")]
    replacement: Option<String>,

    /// Take the key of the style hmac from FILE [default: from the variable BLACKBAR_KEY]
    ///
    /// At least 16 bytes; a line end after them does not count. This makes one:
    /// head -c 32 /dev/urandom | base64 >FILE
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Keep a JWT up to its first dot: the header, which names the algorithm and the key
    #[arg(long)]
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
    let (rule, kind) = match text.split_once('=') {
        None => (None, text),
        Some((rule, kind)) => (Some(rule.to_owned()), kind),
    };
    Ok(Choice { rule, kind: kind.parse()? })
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
        if let Some(text) = &self.replacement {
            config.replacement = Some(Setting::new(text.clone(), Origin::Option("--replacement")));
        }
        if let Some(path) = &self.key_file {
            config.key_file = Some(Setting::new(path.clone(), Origin::Option("--key-file")));
        }
        if self.keep_jwt_header {
            let origin = Origin::Option("--keep-jwt-header");
            config.keep_jwt_header = Some(Setting::new(true, origin));
        }
    }
}
