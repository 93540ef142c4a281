//! Tests the loaded settings on the examples of the rules.

use std::ops::Range;

use super::setting::{Origin, Problem};
use super::settings::{Config, Custom};
use crate::redact::carry::Carry;
use crate::redact::mask::Masker;
use crate::redact::style::Styles;
use crate::rules::example::Marked;
use crate::rules::fault::Part;
use crate::rules::ruleset::Ruleset;
use crate::scan::scanner::Scanner;
use crate::span::Span;

/// Checks that custom rules find the secrets of their examples, and that redacting again changes nothing.
pub(super) fn try_out(
    config: &Config,
    ruleset: &Ruleset,
    styles: &Styles,
    problems: &mut Vec<Problem>,
) {
    let trial = Trial { ruleset, masker: Masker::styled(ruleset, styles) };
    for custom in &config.custom {
        if let Some(rule) = ruleset.find(&custom.rule.name) {
            trial.examples(custom, problems);
            for (index, line) in custom.rule.counter_examples.iter().enumerate() {
                if trial.scan(line).iter().any(|span| span.rule == rule) {
                    problems.push(Problem {
                        origin: custom.origin(Part::CounterExample(index)).clone(),
                        text: "the rule finds something in this counter-example; make it narrower"
                            .to_owned(),
                    });
                }
            }
        }
    }
    // Every rule has to recognise a custom replacement text as a replacement.
    let own = config.replacement.iter().map(|setting| (&setting.origin, &setting.value));
    let of_rules = config.replacements.iter().map(|set| (&set.origin, &set.value.text));
    let texts: Vec<(&Origin, &String)> = own.chain(of_rules).collect();
    if texts.is_empty() {
        return;
    }
    for example in ruleset.rules().iter().flat_map(|rule| &rule.examples) {
        let once = trial.redact(example.replace(['«', '»'], "").as_bytes());
        if trial.redact(&once) != once {
            // Of several texts, the one in the output is the cause.
            let is_in = |text: &str| memchr::memmem::find(&once, text.as_bytes()).is_some();
            let blamed = texts.iter().find(|(_, text)| is_in(text)).unwrap_or(&texts[0]);
            problems.push(Problem {
                origin: blamed.0.clone(),
                text: format!(
                    "a second run would redact this text again; try it in brackets, as in [{}]",
                    blamed.1.trim_matches(|c: char| !c.is_alphanumeric())
                ),
            });
            return;
        }
    }
}

struct Trial<'a> {
    ruleset: &'a Ruleset,
    masker: Masker,
}

impl Trial<'_> {
    fn scan(&self, line: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        Scanner::new(self.ruleset).scan(line.as_bytes(), true, &mut spans);
        spans
    }

    fn redact(&self, line: &[u8]) -> Vec<u8> {
        let mut carry = Carry::for_rules(self.ruleset).with_masker(self.masker.clone());
        let mut out = Vec::new();
        carry.push(line, &mut out);
        carry.finish(&mut out);
        out
    }

    fn examples(&self, custom: &Custom, problems: &mut Vec<Problem>) {
        for (index, example) in custom.rule.examples.iter().enumerate() {
            let Ok(marked) = Marked::new(example) else { continue };
            let spans = self.scan(&marked.line);
            let is_covered = |secret: &Range<usize>| {
                spans
                    .iter()
                    .any(|span| span.range.start <= secret.start && secret.end <= span.range.end)
            };
            let once = self.redact(marked.line.as_bytes());
            let text = if !marked.secrets.iter().all(is_covered) {
                "with all rules together, a secret of this example is not redacted; \
                 is it a placeholder, or on the list of what is allowed?"
            } else if self.redact(&once) != once {
                "a second run would redact the replacement in this example again; \
                 let the pattern exclude brackets"
            } else {
                continue;
            };
            let origin = custom.origin(Part::Example(index)).clone();
            problems.push(Problem { origin, text: text.to_owned() });
        }
    }
}
