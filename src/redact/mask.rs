//! Turns spans, and the bytes they were found in, into output.
//!
//! Only [`Masker`] knows what a replacement looks like. It writes to a [`Destination`]: a plain `Vec<u8>`, or [`Pieces`],
//! which refers to the segment wherever that is cheaper than copying.
//!
//! This module does no scanning and no I/O. It reads only the settled bytes it is given.

use std::fmt;
use std::sync::Arc;

use crate::redact::destination::Destination;
use crate::redact::replacement::{FIXED, Form, OpenSecret};
use crate::redact::style::{KeepJwt, Styles};
use crate::rules::ruleset::Ruleset;
use crate::span::{Quotes, Span};

/// Reverse video (ECMA-48, 8.3.117), before and after highlighted text. It leaves the colours of the surrounding text
/// alone.
const HIGHLIGHT: (&[u8], &[u8]) = (b"\x1b[7m", b"\x1b[27m");

/// Turns spans into output: kept bytes as they are, secrets as their replacement.
#[derive(Clone, Default)]
pub struct Masker {
    /// The compiled style of each rule; empty if every secret becomes `[REDACTED]`.
    forms: Arc<[Form]>,
    jwt: KeepJwt,
    /// Whether replacements are highlighted for a terminal.
    highlight: bool,
    /// The open secret, if its replacement depends on more than its rule.
    open_secret: OpenSecret,
    /// The closing quote, where the replacement is a string.
    closing: Option<Quotes>,
}

impl Masker {
    /// A masker that writes `[REDACTED]` for each secret.
    pub fn new() -> Masker {
        Masker::default()
    }

    /// A masker that follows `styles` for each of `rules`.
    pub fn styled(rules: &Ruleset, styles: &Styles) -> Masker {
        Masker {
            forms: rules.ids().map(|rule| Form::new(rules, rule, styles)).collect(),
            jwt: styles.kept_of_jwt(),
            open_secret: OpenSecret::default(),
            closing: None,
            highlight: styles.highlights(),
        }
    }

    /// Writes `settled` to `out`, with each of `spans` replaced. Spans are relative to the start of `settled`.
    ///
    /// `at` is the offset of `settled` in the segment, or `None` if `settled` is a copy held elsewhere. A secret in
    /// parts is replaced once: at its start if the replacement is known there, otherwise at its end. Its parts come in
    /// order, one or more per window.
    ///
    /// # Panics
    ///
    /// If a span lies outside `settled`, or starts before the previous span ends.
    pub fn mask(
        &mut self,
        settled: &[u8],
        at: Option<usize>,
        spans: &[Span],
        out: &mut impl Destination,
    ) {
        let mut done = 0;
        for span in spans {
            out.keep(&settled[done..span.range.start], at.map(|at| at + done));
            let secret = &settled[span.range.clone()];
            out.hide(secret, span.rule, span.edge);
            if let Some(quotes) = span.quotes {
                quotes.write(&mut |bytes| out.put(bytes));
                self.closing = span.quotes;
            }
            if self.highlight && span.edge.begins() {
                out.put(HIGHLIGHT.0);
            }
            let text = match self.forms.get(span.rule.index()) {
                None => FIXED,
                // The common case: no state has to be kept.
                Some(Form::Text(text)) if self.jwt == KeepJwt::Nothing => text,
                Some(form) => {
                    if span.edge.begins() {
                        self.open_secret.open(form, self.jwt);
                    }
                    self.open_secret.take(form, secret, span.edge.ends(), out);
                    b""
                }
            };
            if span.edge.begins() {
                out.put(text);
            }
            if self.highlight && span.edge.ends() {
                out.put(HIGHLIGHT.1);
            }
            if span.edge.ends()
                && let Some(quotes) = self.closing.take()
            {
                quotes.write(&mut |bytes| out.put(bytes));
            }
            done = span.range.end;
        }
        out.keep(&settled[done..], at.map(|at| at + done));
    }
}

/// Shows neither a secret nor anything derived from one.
impl fmt::Debug for Masker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Masker").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use bytes::Bytes;

    use super::*;
    use crate::redact::destination::{Pieces, SLICE_MIN};
    use crate::span::{Edge, RuleId};

    fn span(range: Range<usize>, edge: Edge) -> Span {
        Span { range, rule: RuleId(0), edge, quotes: None }
    }

    fn flat(pieces: &Pieces) -> Vec<u8> {
        pieces.slices().iter().flat_map(|slice| slice.to_vec()).collect()
    }

    /// Masks `input` both ways; both must give `expected`. Returns the number of pieces.
    fn check(input: &[u8], spans: &[Span], expected: &[u8]) -> usize {
        let mut plain = Vec::new();
        Masker::new().mask(input, None, spans, &mut plain);
        assert_eq!(plain, expected);

        let mut pieces = Pieces::default();
        pieces.begin(Bytes::copy_from_slice(input));
        Masker::new().mask(input, Some(0), spans, &mut pieces);
        let slices = pieces.slices();
        assert!(slices.iter().all(|slice| !slice.is_empty()));
        assert_eq!(flat(&pieces), expected);
        slices.len()
    }

    #[test]
    fn short_runs_are_gathered_into_one_piece() {
        let spans = [span(2..4, Edge::Whole), span(7..9, Edge::Whole)];
        assert_eq!(check(b"a=ss;b=tt;", &spans, b"a=[REDACTED];b=[REDACTED];"), 1);
    }

    #[test]
    fn long_runs_are_slices_of_the_segment() {
        let mut input = vec![b'x'; SLICE_MIN];
        input.extend_from_slice(b"secret");
        input.resize(input.len() + SLICE_MIN - 1, b'y');
        let secret = SLICE_MIN..SLICE_MIN + 6;
        let mut expected = input.clone();
        expected.splice(secret.clone(), *b"[REDACTED]");
        // The run of `y` is one byte too short to be passed on as a slice.
        assert_eq!(check(&input, &[span(secret.clone(), Edge::Whole)], &expected), 2);

        let mut pieces = Pieces::default();
        pieces.begin(Bytes::from(input.clone()));
        Masker::new().mask(&input, Some(0), &[span(secret, Edge::Whole)], &mut pieces);
        assert_eq!(pieces.sliced(), SLICE_MIN);
    }

    #[test]
    fn a_secret_in_parts_is_replaced_once() {
        let spans = [span(0..0, Edge::Close), span(1..3, Edge::Open)];
        assert_eq!(check(b"-ss", &spans, b"-[REDACTED]"), 1);
        assert_eq!(check(b"sss", &[span(0..3, Edge::Continue)], b""), 0);
        assert_eq!(check(b"s-", &[span(0..1, Edge::Close)], b"-"), 1);
        assert_eq!(check(b"--", &[span(2..2, Edge::Close)], b"--"), 1);
    }

    #[test]
    fn a_run_across_two_windows_is_one_piece() {
        let input = vec![b'x'; 3 * SLICE_MIN];
        let mut pieces = Pieces::default();
        pieces.begin(Bytes::from(input.clone()));
        let (first, second) = input.split_at(2 * SLICE_MIN + 5);
        Masker::new().mask(first, Some(0), &[], &mut pieces);
        Masker::new().mask(second, Some(first.len()), &[], &mut pieces);
        assert_eq!(pieces.slices().len(), 1);
        assert_eq!(flat(&pieces), input);
    }

    #[test]
    fn held_bytes_never_point_into_the_segment() {
        let mut pieces = Pieces::default();
        pieces.begin(Bytes::from_static(b"segment"));
        Masker::new().mask(&[b'h'; 2 * SLICE_MIN], None, &[], &mut pieces);
        Masker::new().mask(b"segment", Some(0), &[], &mut pieces);
        assert_eq!(flat(&pieces), [&[b'h'; 2 * SLICE_MIN][..], b"segment"].concat());
    }
}
