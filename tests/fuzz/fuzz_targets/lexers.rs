//! How each rule reads a value. The context is written here, so that the fuzzer spends its time on the text after it.
//! The scanner's guarantees about its spans have to hold.
//!
//! The last byte of the fuzzer's input chooses the context.

#![no_main]

use blackbar::{Edge, Scanner, Span};
use libfuzzer_sys::fuzz_target;
use push::STANDARD;

/// The text before a value, by rule.
const CONTEXTS: &[&str] = &[
    // bearer
    "Bearer ",
    "{\"authorization\":\"Bearer ",
    "m=%22authorization%22%3A%22Bearer%20",
    "base64url.bearer.authorization.k8s.io.",
    // jwt
    "eyJhbGciOiJIUzI1NiJ9.",
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0.",
    "ZXlKaGJHY2lPaUpJVXpJMU5pSjku",
    "eyJ",
    // cookie
    "Cookie: ",
    "Set-Cookie: ",
    "\"cookie\": \"",
    "'set-cookie': [ '",
    "cookies: {",
    "Added cookie ",
    ".example.com\tTRUE\t/\tTRUE\t0\tsid\t",
    // authorization
    "Authorization: ",
    "Authorization: Digest ",
    "Authorization: AWS4-HMAC-SHA256 ",
    "X-Api-Key: ",
    "\"Authorization\", \"",
    "[\n  'Authorization',\n",
    "{\"value\":\"",
    // oauth
    "/cb?access_token=",
    "\\\"refresh_token\\\": \\\"",
    "client_secret=",
];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, value)) = data.split_last() else { return };
    let context = CONTEXTS[usize::from(choice) % CONTEXTS.len()];
    let input = [context.as_bytes(), value].concat();

    // Whole, and with the second half held back: the spans cover each settled range in order.
    let mut scanner = Scanner::new(&STANDARD);
    let mut spans = Vec::new();
    let mut open = false;
    let mut from = 0;
    for to in [context.len() + value.len() / 2, input.len()] {
        let settled = scanner.scan(&input[from..to], false, &mut spans);
        assert!(to - from - settled <= STANDARD.hold(), "more bytes are held than `hold` allows");
        open = check(&spans, settled, open);
        from += settled;
    }
    let rest = input.len() - from;
    assert_eq!(scanner.scan(&input[from..], true, &mut spans), rest);
    check(&spans, rest, open);
});

/// Checks the spans of one scan. `open` says whether a secret is open at its start. Returns whether one is open at its
/// end.
fn check(spans: &[Span], settled: usize, mut open: bool) -> bool {
    let mut at = 0;
    for span in spans {
        assert!(span.range.start >= at && span.range.end >= span.range.start);
        assert_eq!(open, !span.edge.begins());
        if open {
            assert_eq!(span.range.start, 0, "a secret goes on where the window starts");
        }
        assert!(span.edge == Edge::Close || !span.range.is_empty());
        open = matches!(span.edge, Edge::Open | Edge::Continue);
        at = span.range.end;
        assert!(!open || at == settled, "an open secret reaches to the end of what is settled");
    }
    assert!(at <= settled);
    open
}
