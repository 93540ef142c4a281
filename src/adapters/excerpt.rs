//! Excerpts of lines for a report: the text around each secret, with replacements in place of the secrets.
//!
//! A line may be endless, so only the bytes near secrets are kept.

use std::ops::Range;

/// How many bytes are shown before and after a secret.
const AROUND: usize = 160;

/// Marks omitted text.
const LEFT_OUT: &str = "...";

/// A part of the redacted line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The bytes, as the log has them, with replacements in the place of secrets.
    pub text: Vec<u8>,
    /// Where the replacements are in the text.
    pub marks: Vec<Range<usize>>,
    gap: Gap,
    /// Whether the current gap follows a replacement, so that its start is shown too.
    follows_secret: bool,
}

/// The bytes since the last replacement, or since the start of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Gap {
    /// The first bytes, which are shown after the replacement.
    start: Vec<u8>,
    /// The last bytes, which are shown if a secret follows.
    end: Vec<u8>,
    /// Whether bytes between them were dropped.
    cut: bool,
}

impl Excerpt {
    /// Takes kept bytes of the line.
    pub(super) fn keep(&mut self, mut run: &[u8]) {
        if self.follows_secret {
            let len = run.len().min(AROUND.saturating_sub(self.gap.start.len()));
            self.gap.start.extend_from_slice(&run[..len]);
            run = &run[len..];
        }
        let Gap { end, cut, .. } = &mut self.gap;
        let excess = (end.len() + run.len()).saturating_sub(AROUND);
        if excess > 0 {
            *cut = true;
            end.drain(..excess.min(end.len()));
        }
        end.extend_from_slice(&run[run.len() - run.len().min(AROUND)..]);
    }

    /// Begins a secret.
    pub(super) fn begin(&mut self) {
        self.close_gap();
        if let Gap { cut: true, .. } = self.gap {
            self.text.extend_from_slice(LEFT_OUT.as_bytes());
            // Do not start in the middle of a UTF-8 character.
            let end = &self.gap.end;
            let start = end.iter().take(3).take_while(|byte| **byte & 0xc0 == 0x80).count();
            self.text.extend_from_slice(&end[start..]);
        } else {
            self.text.extend_from_slice(&self.gap.end);
        }
        self.gap = Gap::default();
        self.follows_secret = true;
        self.marks.push(self.text.len()..self.text.len());
    }

    /// Takes the replacement of the secret.
    pub(super) fn put(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
        if let Some(mark) = self.marks.last_mut() {
            mark.end = self.text.len();
        }
    }

    /// Ends the line.
    pub(super) fn end(&mut self) {
        self.close_gap();
        // No secret follows, so the end of the gap is shown only if it is short.
        let is_short = !self.gap.cut && self.gap.end.len() < AROUND;
        let end = if is_short { &self.gap.end[..] } else { LEFT_OUT.as_bytes() };
        self.text.extend_from_slice(end);
        self.gap = Gap::default();
    }

    /// Clears the excerpt. `within` says whether the line continues.
    pub(super) fn clear(&mut self, within: bool) {
        self.text.clear();
        self.marks.clear();
        self.gap = Gap { cut: within, ..Gap::default() };
        self.follows_secret = false;
    }

    fn close_gap(&mut self) {
        let start = &mut self.gap.start;
        if self.gap.cut {
            // Do not end in the middle of a UTF-8 character.
            let lead = start.iter().rev().take(3).position(|byte| *byte >= 0xc0);
            let cut =
                lead.filter(|at| start[start.len() - 1 - at].leading_ones() as usize > at + 1);
            start.truncate(start.len() - cut.map_or(0, |at| at + 1));
        }
        self.text.append(start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The excerpt of kept runs between secrets.
    fn excerpt(runs: &[&[u8]], chunk: usize) -> String {
        let mut excerpt = Excerpt::default();
        for (index, run) in runs.iter().enumerate() {
            if index > 0 {
                excerpt.begin();
                excerpt.put(b"[X]");
            }
            run.chunks(chunk).for_each(|run| excerpt.keep(run));
        }
        excerpt.end();
        for mark in &excerpt.marks {
            assert_eq!(&excerpt.text[mark.clone()], b"[X]");
        }
        assert_eq!(excerpt.marks.len(), runs.len() - 1);
        String::from_utf8(excerpt.text).unwrap()
    }

    #[test]
    fn short_lines_are_shown_whole_and_long_ones_only_near_secrets() {
        let (short, long) = (b"near ".as_slice(), "é".repeat(1000).into_bytes());
        let near = "é".repeat(AROUND / 2);
        for chunk in [1, 7, 100, 5000] {
            assert_eq!(excerpt(&[short, short, short], chunk), "near [X]near [X]near ");
            let found = excerpt(&[&long, &long, &long], chunk);
            let head = "é".repeat(AROUND / 2 - 1);
            let heads = [&near, &head];
            assert!(
                heads
                    .iter()
                    .any(|head| { found == format!("...{near}[X]{head}...{near}[X]{head}...") }),
                "{found}"
            );
            let middle = vec![b'm'; AROUND + 20];
            let found = excerpt(&[b"", &middle, &middle], chunk);
            assert_eq!(found, format!("[X]{0}[X]{0}", String::from_utf8(middle).unwrap()));
        }
    }
}
