//! Adds to a pattern the escapes in which its characters may be written.
//!
//! A token with a `/` in it is written `%2F` in a URL and `\\/` in JSON. A pattern describes the unescaped token; this
//! module adds the escaped spellings.

use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, Hir, HirKind};

/// Characters that URLs or JSON escape.
pub(super) const ESCAPED: &[u8] = b"+/=:|!$@~?,";

/// The same pattern, in which each of these characters may also be escaped.
pub(crate) fn escaped(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Literal(literal) => {
            Hir::concat(literal.0.iter().map(|byte| either(&[*byte], byte_of(*byte))).collect())
        }
        HirKind::Class(Class::Bytes(class)) => {
            let has = |byte: &u8| {
                class.ranges().iter().any(|range| (range.start()..=range.end()).contains(byte))
            };
            // A class of nearly all characters is not part of a token.
            let all = class.ranges().iter().map(|range| range.len()).sum::<usize>() > 128;
            let these: Vec<u8> = ESCAPED.iter().copied().filter(|byte| !all && has(byte)).collect();
            either(&these, hir.clone())
        }
        HirKind::Repetition(repetition) => {
            Hir::repetition(repetition.with(escaped(&repetition.sub)))
        }
        HirKind::Capture(capture) => {
            let sub = Box::new(escaped(&capture.sub));
            Hir::capture(regex_syntax::hir::Capture { sub, ..capture.clone() })
        }
        HirKind::Concat(subs) => Hir::concat(subs.iter().map(escaped).collect()),
        HirKind::Alternation(subs) => Hir::alternation(subs.iter().map(escaped).collect()),
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => hir.clone(),
    }
}

fn byte_of(byte: u8) -> Hir {
    Hir::literal([byte])
}

/// `plain`, or one of `bytes` as an escape.
fn either(bytes: &[u8], plain: Hir) -> Hir {
    let escapes = bytes.iter().filter(|byte| ESCAPED.contains(byte)).flat_map(|byte| {
        let digits = || {
            let digit = |value: u8| {
                let upper = b"0123456789ABCDEF"[usize::from(value)];
                let mut class = ClassBytes::new([ClassBytesRange::new(upper, upper)]);
                class.case_fold_simple();
                Hir::class(Class::Bytes(class))
            };
            [digit(byte >> 4), digit(byte & 15)]
        };
        let concat = |lead: &[u8]| {
            let [high, low] = digits();
            Hir::concat(vec![Hir::literal(lead.to_vec()), high, low])
        };
        let mut forms = vec![concat(b"%"), concat(b"%25"), concat(b"\\u00")];
        if *byte == b'/' {
            forms.extend([&b"\\/"[..], b"\\\\/"].map(|text| Hir::literal(text.to_vec())));
        }
        forms
    });
    Hir::alternation(std::iter::once(plain).chain(escapes).collect())
}
