//! Custom rules. They are checked before any input is read: the pattern (`pattern`, `keyword`), and what it finds in
//! the rule's examples (`example`).

use super::example::{Marked, Trial};
use super::fault::{Fault, Part};
use super::keyword::{self, is_keyword};
use super::pattern::{self, outline};
use crate::grammar::credential::outline::Outline;

/// A custom rule, for [`Builder::custom`](crate::Builder::custom).
///
/// ```
/// use blackbar::{CustomRule, Redactor, Ruleset};
///
/// let badge = CustomRule {
///     name: "badge".to_owned(),
///     summary: "numbers of staff badges".to_owned(),
///     keywords: vec!["badge".to_owned()],
///     pattern: r"(?i)badge(?: no)?: (?<secret>\d{8,})".to_owned(),
///     examples: vec!["Badge no: «12345678»".to_owned()],
///     counter_examples: vec!["badge: 1234".to_owned()],
///     ..CustomRule::default()
/// };
/// for fault in badge.check().err().iter().flatten() {
///     eprintln!("{fault}");
/// }
/// let rules = Ruleset::builder().custom(badge).build()?;
/// let mut out = Vec::new();
/// let mut redactor = Redactor::new(&rules);
/// redactor.push(b"badge: 0012345678 opens gate 3\n", &mut out);
/// redactor.finish(&mut out);
/// assert_eq!(out, b"badge: [REDACTED] opens gate 3\n");
/// # Ok::<(), blackbar::BuildError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomRule {
    /// The name that selects the rule, and that labels and counts what it finds.
    pub name: String,
    /// What it finds, in one line.
    pub summary: String,
    /// What the scan searches for, in any case. The pattern is tried only near a keyword. Without any, it is the longest
    /// text that every match has before the secret or at its start.
    pub keywords: Vec<String>,
    /// A regular expression on bytes. Its group `secret` is replaced.
    pub pattern: String,
    /// Lines that the rule redacts, with `«` and `»` around each secret.
    pub examples: Vec<String>,
    /// Lines in which it finds nothing.
    pub counter_examples: Vec<String>,
    /// Whether the pattern is matched against decoded text: without the escapes of JSON, at any depth, of URLs and of HTML.
    /// The keywords are searched for in the text as it is.
    pub decode: bool,
    /// Whether it takes precedence over the built-in rules. If one of them finds the same secret or a part of it, the
    /// secret counts for this rule. Otherwise it counts for the rule that finds it first.
    pub first: bool,
}

impl CustomRule {
    /// The name of the group that is replaced.
    pub const SECRET: &str = pattern::SECRET;

    /// The fewest bytes of a keyword, except for a special character such as `@`, which can be a keyword by itself.
    /// The scan stops at each keyword, so a frequent one costs time: `@` in every line costs a few per cent, and `"` or
    /// `:` make the scan several times slower.
    pub const KEYWORD_MIN: usize = keyword::KEYWORD_MIN;

    /// The most bytes of a keyword.
    pub const KEYWORD_MAX: usize = keyword::KEYWORD_MAX;

    /// The most bytes of a match that may be needed to decide it.
    ///
    /// In a text full of keywords, each byte can be part of many potential matches, so this also bounds the cost of a
    /// pattern.
    pub const DECIDED_MAX: usize = pattern::DECIDED_MAX;

    /// The most bytes between the start of a match and its keyword. The scan looks back no further.
    pub const BEFORE_MAX: usize = pattern::BEFORE_MAX;

    /// The most bytes of a name, so that a label with a pseudonym is still recognised as a replacement.
    pub const NAME_MAX: usize = 32;

    /// Checks the rule by itself, without the other rules.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<Outline, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut fault = |part, text: String| faults.push(Fault { part, text });

        // 1. Name and keywords.
        if !is_rule_name(&self.name) {
            fault(
                Part::Name,
                format!(
                    "invalid rule name; use at most {} letters, digits, - and _, starting with a letter",
                    CustomRule::NAME_MAX
                ),
            );
        }
        for (index, keyword) in self.keywords.iter().enumerate() {
            if !is_keyword(keyword) {
                let text = format!(
                    "a keyword needs {} bytes or more, and this has {}; give a longer part of the pattern, or a special character such as @",
                    CustomRule::KEYWORD_MIN,
                    keyword.len()
                );
                fault(Part::Keyword(index), text);
            } else if keyword.len() > CustomRule::KEYWORD_MAX {
                let text = format!(
                    "a keyword has at most {} bytes, and this has {}; use a part of it",
                    CustomRule::KEYWORD_MAX,
                    keyword.len()
                );
                fault(Part::Keyword(index), text);
            } else if keyword.contains('\n') {
                let text = "a keyword has to be on one line; remove the newline".to_owned();
                fault(Part::Keyword(index), text);
            }
        }

        // 2. The pattern, and then the examples, which need it.
        let outline = match outline(&self.pattern, &self.keywords, self.decode) {
            Ok(outline) => outline,
            Err(found) => {
                faults.extend(found);
                return Err(faults);
            }
        };
        if self.is_independent() && outline.tail.is_some() {
            faults.push(Fault {
                part: Part::Pattern,
                text:
                    "with decode or first a secret needs a greatest length; count it, as in {8,200}"
                        .to_owned(),
            });
        }
        self.try_examples(&outline, &mut faults);
        if faults.is_empty() { Ok(outline) } else { Err(faults) }
    }

    /// Whether it is searched for independently of the built-in rules.
    pub(crate) fn is_independent(&self) -> bool {
        self.decode || self.first
    }

    /// Tries the pattern on the rule's own examples.
    fn try_examples(&self, outline: &Outline, faults: &mut Vec<Fault>) {
        let trial = Trial { outline, decode: self.decode };
        if self.examples.is_empty() {
            faults.push(Fault {
                part: Part::Example(0),
                text: "a rule needs an example; give a line that it redacts, with « and » around the secret"
                    .to_owned(),
            });
        }
        for (index, example) in self.examples.iter().enumerate() {
            let mut fault = |text: &str| {
                faults.push(Fault { part: Part::Example(index), text: text.to_owned() });
            };
            match Marked::new(example) {
                Err(text) => fault(text),
                Ok(marked) if marked.secrets.is_empty() => {
                    fault("the example marks no secret; put « and » around the secret");
                }
                Ok(marked) => {
                    let found = trial.find(marked.line.as_bytes());
                    if found.is_empty() {
                        fault("the pattern does not match this example; change one of them");
                    } else if found != marked.secrets {
                        fault(
                            "the pattern finds something other than the marked secret in this example; change one of them",
                        );
                    }
                }
            }
        }
        for (index, line) in self.counter_examples.iter().enumerate() {
            if !trial.find(line.as_bytes()).is_empty() {
                faults.push(Fault {
                    part: Part::CounterExample(index),
                    text: "the pattern matches this counter-example; make it narrower, or remove the line"
                        .to_owned(),
                });
            }
        }
    }
}

fn is_rule_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() <= CustomRule::NAME_MAX
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(keywords: &[&str], pattern: &str) -> CustomRule {
        CustomRule {
            name: "test".to_owned(),
            keywords: keywords.iter().map(|keyword| (*keyword).to_owned()).collect(),
            pattern: pattern.to_owned(),
            ..CustomRule::default()
        }
    }

    #[test]
    fn all_faults_are_reported_at_once() {
        let mut rule = rule(&["ab", "key\n"], r"key=(?<secret>\w+)");
        rule.name = "Not a name".to_owned();
        let parts: Vec<Part> =
            rule.check().unwrap_err().into_iter().map(|fault| fault.part).collect();
        assert_eq!(parts[..3], [Part::Name, Part::Keyword(0), Part::Keyword(1)]);
    }

    #[test]
    fn examples_are_tried() {
        let check = |examples: &[&str], counter_examples: &[&str]| {
            let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            let rule = CustomRule {
                examples: owned(examples),
                counter_examples: owned(counter_examples),
                ..rule(&["pin"], r"pin=(?<secret>\d{4,})")
            };
            match rule.check() {
                Ok(_) => Vec::new(),
                Err(faults) => faults.into_iter().map(|fault| (fault.part, fault.text)).collect(),
            }
        };
        assert!(check(&["pin=«1234» pin=«123456789»"], &["pin=123", "pin"]).is_empty());
        for (example, expected) in [
            ("pin=«123»", "does not match this example"),
            ("pin=«1234»5", "something other than the marked secret"),
            ("pin=«1234» pin=5678", "something other than the marked secret"),
            ("pin=1234", "marks no secret"),
            ("pin=«1234", "do not match"),
            ("pin=»1234«", "do not match"),
            ("pin=«»1234", "do not match"),
        ] {
            let found = check(&[example], &[]);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].0, Part::Example(0));
            assert!(found[0].1.contains(expected), "{example}: {found:?}");
            assert!(!found[0].1.contains("123"), "{found:?}");
        }
        assert_eq!(check(&["pin=«1234»"], &["pin=12", "pin=12345"])[0].0, Part::CounterExample(1));
        assert_eq!(check(&[], &[])[0].0, Part::Example(0));
    }
}
