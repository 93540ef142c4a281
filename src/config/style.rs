//! The names of styles in settings.

use std::fmt;

use crate::redact::style::{Ends, KeepJwt, Key};
use crate::rules::suggest::nearest;

/// A style without its text or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StyleKind {
    /// `[REDACTED]`, or another text.
    Fixed,
    /// The rule's name.
    Label,
    /// A `*` for each byte.
    Mask,
    /// The first or the last characters.
    Partial(Ends),
    /// A pseudonym with this many hexadecimal digits.
    Hmac(usize),
}

const NAMES: [&str; 5] = ["fixed", "label", "mask", "partial", "hmac"];

/// The possible styles, for messages.
const CHOICE: &str = "choose fixed, label, mask, partial or hmac";

impl StyleKind {
    /// Whether it needs a key.
    pub fn is_hmac(self) -> bool {
        matches!(self, StyleKind::Hmac(_))
    }
}

impl fmt::Display for StyleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StyleKind::Fixed => f.write_str("fixed"),
            StyleKind::Label => f.write_str("label"),
            StyleKind::Mask => f.write_str("mask"),
            StyleKind::Partial(Ends::LAST_FOUR) => f.write_str("partial"),
            StyleKind::Partial(ends) => {
                let ends = [("first", ends.first()), ("last", ends.last())];
                let shown = ends.into_iter().filter(|(_, count)| *count > 0);
                let parts: Vec<String> =
                    shown.map(|(end, count)| format!("{end}={count}")).collect();
                write!(f, "partial:{}", parts.join(","))
            }
            StyleKind::Hmac(Key::DIGITS_MIN) => f.write_str("hmac"),
            StyleKind::Hmac(digits) => write!(f, "hmac:{digits}"),
        }
    }
}

impl std::str::FromStr for StyleKind {
    type Err = String;

    fn from_str(text: &str) -> Result<StyleKind, String> {
        let (name, detail) = match text.split_once(':') {
            None => (text, None),
            Some((name, detail)) => (name, Some(detail)),
        };
        match (name, detail) {
            ("fixed", None) => Ok(StyleKind::Fixed),
            ("label", None) => Ok(StyleKind::Label),
            ("mask", None) => Ok(StyleKind::Mask),
            ("partial", None) => Ok(StyleKind::Partial(Ends::LAST_FOUR)),
            ("partial", Some(detail)) => match ends(detail) {
                Some(ends) => Ok(StyleKind::Partial(ends)),
                None => Err(format!(
                    "partial shows 1 to {} characters at either end; write it as partial:first=4, partial:last=4, or \
                     partial:first=2,last=4",
                    Ends::MAX
                )),
            },
            ("hmac", None) => Ok(StyleKind::Hmac(Key::DIGITS_MIN)),
            ("hmac", Some(detail)) => match detail.parse() {
                Ok(digits @ Key::DIGITS_MIN..=Key::DIGITS_MAX) => Ok(StyleKind::Hmac(digits)),
                _ => Err(format!(
                    "a pseudonym has {} to {} digits; write it as hmac:12",
                    Key::DIGITS_MIN,
                    Key::DIGITS_MAX
                )),
            },
            ("fixed" | "label" | "mask", Some(_)) => {
                Err(format!("the style {name} takes no parameters; write {name}"))
            }
            _ => Err(match nearest(name, NAMES) {
                Some(near) => format!("there is no such style; did you mean {near}?"),
                None => format!("there is no such style; {CHOICE}"),
            }),
        }
    }
}

/// Parses `first=2,last=4`. Either may be missing.
fn ends(detail: &str) -> Option<Ends> {
    let (mut first, mut last) = (None, None);
    for part in detail.split(',') {
        let (end, count) = part.split_once('=')?;
        let slot = match end {
            "first" => &mut first,
            "last" => &mut last,
            _ => return None,
        };
        if slot.replace(count.parse().ok().filter(|count| *count > 0)?).is_some() {
            return None;
        }
    }
    Ends::new(first.unwrap_or(0), last.unwrap_or(0))
}

/// The style of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleStyle {
    /// The rule's name.
    pub rule: String,
    /// Its style.
    pub kind: StyleKind,
}

/// The text of the style `fixed` for one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleText {
    /// The rule's name.
    pub rule: String,
    /// The text.
    pub text: String,
}

/// The part of a JWT that is kept, by its name in settings.
pub(super) fn jwt_name(keep: KeepJwt) -> &'static str {
    match keep {
        KeepJwt::Nothing => "nothing",
        KeepJwt::Header => "header",
        KeepJwt::Payload => "payload",
    }
}

impl std::str::FromStr for KeepJwt {
    type Err = String;

    fn from_str(text: &str) -> Result<KeepJwt, String> {
        [KeepJwt::Nothing, KeepJwt::Header, KeepJwt::Payload]
            .into_iter()
            .find(|keep| jwt_name(*keep) == text)
            .ok_or_else(|| {
                "choose header, payload (which includes the header) or nothing".to_owned()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_shown_as_they_are_read() {
        for text in [
            "fixed",
            "label",
            "mask",
            "partial",
            "partial:first=4",
            "partial:last=8",
            "partial:first=1,last=2",
            "hmac",
            "hmac:32",
        ] {
            assert_eq!(text.parse::<StyleKind>().map(|kind| kind.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("partial:last=4".parse(), Ok(StyleKind::Partial(Ends::LAST_FOUR)));
        for bad in [
            "",
            "blue",
            "mask:3",
            "partial:",
            "partial:4",
            "partial:first=0",
            "partial:first=9",
            "partial:first=1,first=2",
            "partial:middle=2",
            "partial:last=-1",
            "hmac:",
            "hmac:7",
            "hmac:33",
            "hmac:x",
        ] {
            assert!(bad.parse::<StyleKind>().is_err(), "{bad}");
        }
    }
}
