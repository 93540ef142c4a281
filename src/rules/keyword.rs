//! Where in a pattern a keyword is: what every match has, to the byte.

use regex_syntax::hir::{self, Hir, HirKind};

/// What a stretch of a pattern can be, where that is known to the byte.
pub(super) struct Run {
    /// The most bytes before the stretch.
    start: usize,
    /// Each text it can be, in lower case, and the last place in it where a keyword may start.
    pub texts: Vec<(Vec<u8>, usize)>,
}

/// More texts than this are not worth telling apart.
const TEXTS_MAX: usize = 64;

impl Default for Run {
    fn default() -> Run {
        Run::from(0)
    }
}

impl Run {
    fn from(start: usize) -> Run {
        Run { start, texts: vec![(Vec::new(), usize::MAX)] }
    }

    /// Adds `part`, if what it can be is known to the byte.
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

    /// Adds `part`, or goes to behind it. Where a keyword is found on the way, its greatest distance.
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

    /// The greatest distance of a keyword that each text has.
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

/// The greatest distance from the start of `part`, which can be many things, to a keyword that each of them has.
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

/// All that `hir` matches, in lower case, if that is a few texts.
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

/// As the scan does, which knows no case.
pub(super) fn fold(byte: u8) -> u8 {
    byte.to_ascii_lowercase()
}

/// The parts of a sequence, whatever groups they are in.
pub(super) fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Concat(subs) => subs.iter().for_each(|sub| flatten(sub, parts)),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        _ => parts.push(hir),
    }
}
