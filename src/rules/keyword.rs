//! Finds the keyword in a pattern: the text that every match contains.

use regex_syntax::hir::{self, Hir, HirKind};

use crate::grammar::text::lex::is_name;

/// The texts that a part of a pattern can match, where they can be listed.
pub(super) struct Run {
    /// The most bytes before the part.
    start: usize,
    /// Each text in lower case, and the last position in it where a keyword may start.
    pub texts: Vec<(Vec<u8>, usize)>,
}

/// More texts than this are not listed.
const TEXTS_MAX: usize = 64;

/// The fewest bytes of a keyword that is part of a word.
pub(super) const KEYWORD_MIN: usize = 3;

/// The most bytes of a keyword.
pub(super) const KEYWORD_MAX: usize = 64;

/// The most keywords that are taken from a pattern.
pub(super) const KEYWORDS_MAX: usize = 8;

impl Default for Run {
    fn default() -> Run {
        Run::from(0)
    }
}

impl Run {
    fn from(start: usize) -> Run {
        Run { start, texts: vec![(Vec::new(), usize::MAX)] }
    }

    /// Appends `part`, if the texts that it matches can be listed.
    pub fn extend(&mut self, part: &Hir) -> bool {
        let Some(more) = texts(part) else { return false };
        if more.len() * self.texts.len() > TEXTS_MAX {
            return false;
        }
        let join =
            |(text, limit): &(Vec<u8>, usize), more: &Vec<u8>| ([&text[..], more].concat(), *limit);
        self.texts = self
            .texts
            .iter()
            .flat_map(|text| more.iter().map(move |more| join(text, more)))
            .collect();
        true
    }

    /// Appends `part`, or skips it. Returns the greatest distance of a keyword that was found.
    pub fn pass(&mut self, part: &Hir, keywords: &[Vec<u8>]) -> Option<usize> {
        if self.extend(part) {
            return None;
        }
        if let Some(found) = self.keyword(keywords) {
            return Some(found);
        }
        let len: usize = self.texts.iter().map(|(text, _)| text.len()).max().unwrap_or(0);
        let start = self.start.saturating_add(len);
        if let Some(found) = inner_keyword(part, keywords) {
            return Some(start.saturating_add(found));
        }
        *self =
            Run::from(start.saturating_add(part.properties().maximum_len().unwrap_or(usize::MAX)));
        None
    }

    /// The texts as keywords, or the longest `word` in each, and how many letters and digits the shortest has. `None` if
    /// these are too few for a search, or the texts too many.
    pub fn keywords(&self, word: bool) -> Option<(Vec<String>, usize)> {
        if self.texts.len() > KEYWORDS_MAX {
            return None;
        }
        let keyword = |text: &[u8]| {
            let words = text.split(|byte| word && !is_name(*byte));
            let text = words.max_by_key(|text| text.len())?;
            let text = &text[..text.len().min(KEYWORD_MAX)];
            str::from_utf8(text).ok().map(str::to_owned)
        };
        let letters = |text: &String| text.bytes().filter(u8::is_ascii_alphanumeric).count();
        let texts: Vec<String> =
            self.texts.iter().map(|(text, _)| keyword(text)).collect::<Option<_>>()?;
        let least = texts.iter().map(letters).min()?;
        (least >= KEYWORD_MIN).then_some((texts, least))
    }

    /// The greatest distance of a keyword that every text contains.
    pub fn keyword(&self, keywords: &[Vec<u8>]) -> Option<usize> {
        let mut most = 0;
        for (text, limit) in &self.texts {
            let found = keywords
                .iter()
                .filter_map(|keyword| memchr::memmem::find(text, keyword))
                .min()
                .filter(|found| found <= limit)?;
            most = most.max(found);
        }
        Some(self.start.saturating_add(most))
    }
}

/// The greatest distance from the start of `part`, which can be an alternation, to a keyword that each alternative
/// contains.
fn inner_keyword(part: &Hir, keywords: &[Vec<u8>]) -> Option<usize> {
    match part.kind() {
        HirKind::Alternation(subs) => {
            subs.iter().try_fold(0, |most, sub| Some(most.max(inner_keyword(sub, keywords)?)))
        }
        HirKind::Capture(capture) => inner_keyword(&capture.sub, keywords),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            inner_keyword(&repetition.sub, keywords)
        }
        HirKind::Concat(_) | HirKind::Literal(_) => {
            let mut parts = Vec::new();
            flatten(part, &mut parts);
            let mut run = Run::default();
            parts.iter().find_map(|part| run.pass(part, keywords)).or_else(|| run.keyword(keywords))
        }
        _ => None,
    }
}

/// All texts that `hir` matches, in lower case, if they are few.
fn texts(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let mut found: Vec<Vec<u8>> = match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![Vec::new()],
        HirKind::Literal(literal) => vec![literal.0.iter().map(|byte| fold(*byte)).collect()],
        HirKind::Class(hir::Class::Bytes(class)) => {
            let bytes: usize = class.ranges().iter().map(|range| range.len()).sum();
            if bytes > TEXTS_MAX {
                return None;
            }
            let range = |range: &hir::ClassBytesRange| {
                (range.start()..=range.end()).map(|byte| vec![fold(byte)])
            };
            class.ranges().iter().flat_map(range).collect()
        }
        HirKind::Class(_) => return None,
        HirKind::Capture(capture) => texts(&capture.sub)?,
        HirKind::Concat(subs) => {
            let mut run = Run::default();
            if !subs.iter().all(|sub| run.extend(sub)) {
                return None;
            }
            run.texts.into_iter().map(|(text, _)| text).collect()
        }
        HirKind::Alternation(subs) => {
            let mut all = Vec::new();
            for sub in subs {
                all.extend(texts(sub)?);
            }
            all
        }
        HirKind::Repetition(repetition)
            if repetition.max == Some(repetition.min) && repetition.min <= 8 =>
        {
            let mut run = Run::default();
            if !(0..repetition.min).all(|_| run.extend(&repetition.sub)) {
                return None;
            }
            run.texts.into_iter().map(|(text, _)| text).collect()
        }
        HirKind::Repetition(_) => return None,
    };
    found.sort_unstable();
    found.dedup();
    (found.len() <= TEXTS_MAX).then_some(found)
}

/// Whether `keyword` is rare enough to search for: three bytes, or a character that is not part of a word.
pub(super) fn is_keyword(keyword: &str) -> bool {
    let is_mark = |byte: u8| byte.is_ascii_punctuation();
    keyword.len() >= KEYWORD_MIN || !keyword.is_empty() && keyword.bytes().all(is_mark)
}

/// Folds case as the scan does.
pub(super) fn fold(byte: u8) -> u8 {
    byte.to_ascii_lowercase()
}

/// The parts of a sequence, with groups flattened.
pub(super) fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Concat(subs) => subs.iter().for_each(|sub| flatten(sub, parts)),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        _ => parts.push(hir),
    }
}
