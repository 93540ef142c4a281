//! The options that say what stands in a secret's place.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use blackbar::{Error, Key, Name, Redactor, RuleId, Ruleset, Style, Styles, Text};

/// The environment variable that the key is taken from when there is no file.
const KEY_VARIABLE: &str = "BLACKBAR_KEY";

/// No key is longer, so whatever is was named by mistake.
const KEY_MAX: u64 = 64 * 1024;

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
    rule: Option<RuleId>,
    kind: Kind,
}

/// A style without what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Fixed,
    Label,
    Mask,
    Partial,
    Hmac,
}

fn choice(text: &str) -> Result<Choice, String> {
    let (rule, kind) = match text.split_once('=') {
        None => (None, text),
        Some((name, kind)) => match Ruleset::standard().find(name) {
            Some(rule) => (Some(rule), kind),
            None => return Err(format!("there is no rule '{name}'; 'blackbar rules' lists them")),
        },
    };
    let kind = match kind {
        "fixed" => Kind::Fixed,
        "label" => Kind::Label,
        "mask" => Kind::Mask,
        "partial" => Kind::Partial,
        "hmac" => Kind::Hmac,
        _ => return Err("one of fixed, label, mask, partial, hmac is needed".to_owned()),
    };
    Ok(Choice { rule, kind })
}

impl Args {
    /// The styles that they ask for. Reads the key.
    pub fn styles(&self, rules: &Ruleset) -> Result<Styles, Error> {
        // 1. Which kind each rule has; of several that concern a rule the last one counts, a rule's own above all.
        let last = |of: Option<RuleId>| {
            self.styles.iter().rev().find(|choice| choice.rule == of).map(|choice| choice.kind)
        };
        let every = last(None).unwrap_or(Kind::Fixed);
        let kinds: Vec<(RuleId, Kind)> =
            rules.ids().map(|rule| (rule, last(Some(rule)).unwrap_or(every))).collect();
        let has = |kind: Kind| kinds.iter().any(|(_, found)| *found == kind);

        // 2. What belongs to a kind must meet one that has it.
        let fixed = match &self.replacement {
            None => Style::Fixed,
            Some(_) if !has(Kind::Fixed) => {
                return Err(refused(
                    "--replacement is of use only with --style fixed; leave one out",
                ));
            }
            Some(text) => Style::Text(
                Text::new(text).map_err(|bad| refused(&format!("--replacement: {bad}")))?,
            ),
        };
        let hmac = match &self.key_file {
            Some(_) if !has(Kind::Hmac) => {
                return Err(refused("--key-file is of use only with --style hmac; leave it out"));
            }
            _ if !has(Kind::Hmac) => None,
            Some(path) => Some(Style::Hmac(key_of_file(path)?)),
            None => Some(Style::Hmac(key_of_variable(std::env::var_os(KEY_VARIABLE))?)),
        };

        // 3. A style for each rule.
        let mut styles = Styles::default().keep_jwt_header(self.keep_jwt_header);
        for (rule, kind) in kinds {
            let style = match kind {
                Kind::Fixed => fixed.clone(),
                Kind::Label => Style::Label,
                Kind::Mask => Style::Mask,
                Kind::Partial => Style::Partial,
                Kind::Hmac => hmac.clone().unwrap_or_default(),
            };
            styles = styles.with(rule, style);
        }
        if let (Some(text), Style::Text(_)) = (&self.replacement, &fixed) {
            check(text, &fixed, rules)?;
        }
        Ok(styles)
    }
}

/// Whether `fixed`, the style of the replacement `text`, is left alone the second time, which is tried on every
/// rule's examples.
fn check(text: &str, fixed: &Style, rules: &Ruleset) -> Result<(), Error> {
    let styles = Styles::new(fixed.clone());
    let redact = |line: &[u8]| {
        let mut redactor = Redactor::styled(rules, &styles);
        let mut out = Vec::new();
        redactor.push(line, &mut out);
        redactor.finish(&mut out);
        out
    };
    for rule in rules.rules() {
        for example in rule.examples {
            let once = redact(example.replace(['«', '»'], "").as_bytes());
            if redact(&once) != once {
                return Err(refused(&format!(
                    "--replacement {text}: a second run would not know it for a replacement; \
                     try it in brackets, as in [{}]",
                    text.trim_matches(|c: char| !c.is_alphanumeric())
                )));
            }
        }
    }
    Ok(())
}

fn key_of_file(path: &Path) -> Result<Key, Error> {
    let name = Name::path(path);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(KEY_MAX + 1).read_to_end(&mut bytes));
    if let Err(source) = read {
        return Err(Error::Open { name, source });
    }
    if bytes.len() as u64 > KEY_MAX {
        return Err(refused(&format!("{name}: too long for a key; a key file holds a key alone")));
    }
    let key = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let key = key.strip_suffix(b"\r").unwrap_or(key);
    key_of(key, &name.to_string())
}

fn key_of_variable(value: Option<OsString>) -> Result<Key, Error> {
    match value {
        Some(value) => key_of(value.as_encoded_bytes(), KEY_VARIABLE),
        None => Err(refused(&format!(
            "--style hmac needs a key; name a file with --key-file, or set {KEY_VARIABLE}"
        ))),
    }
}

fn key_of(bytes: &[u8], place: &str) -> Result<Key, Error> {
    Key::new(bytes).map_err(|short| {
        refused(&format!("{place}: {short}; head -c 32 /dev/urandom | base64 makes one"))
    })
}

fn refused(reason: &str) -> Error {
    Error::Refused { reason: reason.to_owned() }
}
