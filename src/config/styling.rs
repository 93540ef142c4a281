//! The styles of the settings, and the key for pseudonyms.

use super::read::read_secret;
use super::setting::{Origin, Problem, Setting};
use super::settings::{Config, KEY_VARIABLE};
use super::style::{RuleStyle, RuleText, StyleKind};
use crate::error::Name;
use crate::redact::style::{Ends, KeepJwt, Key, Style, Styles, Text};
use crate::rules::ruleset::Ruleset;
use crate::rules::suggest::UnknownRule;

/// The most bytes of a key. A larger file was named by mistake.
const KEY_MAX: u64 = 64 * 1024;

/// Where the key for pseudonyms comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyFrom {
    /// The file or the variable of the settings.
    Settings,
    /// No key is needed.
    Nowhere,
    /// Any key, because the pseudonyms are only examples.
    Anywhere,
}

/// Styles before the rules are built.
pub(super) struct Styling {
    every: StyleKind,
    kinds: Vec<(String, StyleKind)>,
    /// The texts of the style `fixed`, for all rules and for single ones.
    text: Option<Text>,
    texts: Vec<(String, Text)>,
    key: Option<Key>,
    jwt: KeepJwt,
}

/// The styles of the settings.
pub(super) fn styling(
    config: &Config,
    from: KeyFrom,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<Problem>,
) -> Styling {
    // 1. The kind of each rule. The last setting for a rule counts.
    let every = config.style.as_ref().map_or(StyleKind::Fixed, |setting| setting.value);
    let mut kinds: Vec<(String, StyleKind)> = Vec::new();
    for setting in &config.styles {
        let RuleStyle { rule, kind } = &setting.value;
        match config.is_rule(rule) {
            true => kinds.push((rule.clone(), *kind)),
            false => problems.push(unknown(setting, rule)),
        }
    }
    let any = |is: &dyn Fn(StyleKind) -> bool| is(every) || kinds.iter().any(|(_, kind)| is(*kind));

    // 2. An option for a style needs a rule with that style. In a file it may be unused.
    let typed = |origin: &Origin| matches!(origin, Origin::Option(_));
    let mut text = |setting: &Setting<String>| {
        Text::new(&setting.value)
            .map_err(|bad| problems.push(setting.problem(bad.to_string())))
            .ok()
    };
    let fixed = config.replacement.as_ref().and_then(&mut text);
    let of_rules: Vec<(String, Text)> = config
        .replacements
        .iter()
        .filter_map(|setting| {
            let RuleText { rule, text: own } = &setting.value;
            Some((rule.clone(), text(&Setting::new(own.clone(), setting.origin.clone()))?))
        })
        .collect();
    for setting in &config.replacements {
        let rule = &setting.value.rule;
        let kind =
            kinds.iter().rev().find(|(name, _)| name == rule).map_or(every, |(_, kind)| *kind);
        if !config.is_rule(rule) {
            problems.push(unknown(setting, rule));
        } else if kind != StyleKind::Fixed && typed(&setting.origin) {
            problems.push(setting.problem(format!(
                "a replacement text needs the style fixed, but the style of {rule} is {kind}; remove one of them"
            )));
        }
    }
    if let Some(setting) = &config.replacement
        && !any(&|kind| kind == StyleKind::Fixed)
        && typed(&setting.origin)
    {
        problems
            .push(setting.problem("a replacement text needs the style fixed; remove one of them"));
    }
    if let Some(setting) = &config.key_file
        && !any(&StyleKind::is_hmac)
        && typed(&setting.origin)
    {
        problems.push(setting.problem("a key file needs the style hmac; remove it"));
    }

    // 3. The key.
    let key = match from {
        KeyFrom::Settings if any(&StyleKind::is_hmac) => {
            key(config, warnings).map_err(|problem| problems.push(problem)).ok()
        }
        KeyFrom::Anywhere => Key::new(&[0; Key::MIN]).ok(),
        _ => None,
    };
    let jwt = config.keep_jwt.as_ref().map(|setting| setting.value).unwrap_or_default();
    Styling { every, kinds, text: fixed, texts: of_rules, key, jwt }
}

fn unknown<T>(setting: &Setting<T>, rule: &str) -> Problem {
    setting.problem(UnknownRule { name: rule.to_owned() }.to_string())
}

/// The key for pseudonyms.
fn key(config: &Config, warnings: &mut Vec<Problem>) -> Result<Key, Problem> {
    let short = |origin: Origin, bytes: &[u8]| {
        Key::new(bytes).map_err(|short| Problem {
            origin,
            text: format!("{short}; to create one: head -c 32 /dev/urandom | base64"),
        })
    };
    let Some(setting) = &config.key_file else {
        return match std::env::var_os(KEY_VARIABLE) {
            Some(value) => {
                short(Origin::Variable(KEY_VARIABLE.to_owned()), value.as_encoded_bytes())
            }
            None => Err(Problem {
                origin: hmac_origin(config),
                text: format!(
                    "the style hmac needs a key; name a file with key-file or --key-file, or set {KEY_VARIABLE}"
                ),
            }),
        };
    };
    let origin = Origin::Whole(Name::path(&setting.value));
    let mut warn = |text| warnings.push(Problem { origin: origin.clone(), text });
    match read_secret(&setting.value, KEY_MAX, &mut warn) {
        Err(reason) => Err(Problem { origin, text: format!("{reason}; name a file with the key") }),
        Ok(bytes) if bytes.len() as u64 > KEY_MAX => {
            Err(Problem { origin, text: "too large for a key file".to_owned() })
        }
        Ok(bytes) => {
            let key = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
            short(origin, key.strip_suffix(b"\r").unwrap_or(key))
        }
    }
}

/// The setting that asks for pseudonyms.
fn hmac_origin(config: &Config) -> Origin {
    let styles = config.styles.iter().filter(|setting| setting.value.kind.is_hmac());
    let style = config.style.iter().filter(|setting| setting.value.is_hmac());
    style
        .map(|setting| &setting.origin)
        .chain(styles.map(|setting| &setting.origin))
        .next()
        .cloned()
        .unwrap_or(Origin::Option("--style"))
}

impl Styling {
    /// The styles of `rules`.
    pub fn styles(&self, rules: &Ruleset) -> Styles {
        let style = |kind, text: Option<&Text>| match kind {
            StyleKind::Fixed => text.cloned().map_or(Style::Fixed, Style::Text),
            StyleKind::Label => Style::Label,
            StyleKind::Mask => Style::Mask,
            // This one also masks addresses.
            StyleKind::Partial(Ends::LAST_FOUR) => Style::Partial,
            StyleKind::Partial(ends) => Style::Ends(ends),
            StyleKind::Hmac(digits) => match &self.key {
                Some(key) => Style::Hmac(key.clone().with_digits(digits)),
                None => Style::Fixed,
            },
        };
        let every = style(self.every, self.text.as_ref());
        let mut styles = Styles::new(every).keep_jwt(self.jwt);
        let own =
            self.kinds.iter().map(|(name, _)| name).chain(self.texts.iter().map(|(name, _)| name));
        for name in own {
            let Some(rule) = rules.find(name) else { continue };
            let kind = self.kinds.iter().rev().find(|(other, _)| other == name);
            let text = self.texts.iter().rev().find(|(other, _)| other == name);
            let kind = kind.map_or(self.every, |(_, kind)| *kind);
            let text = text.map(|(_, text)| text).or(self.text.as_ref());
            styles = styles.with(rule, style(kind, text));
        }
        styles
    }
}
