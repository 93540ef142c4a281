//! Redacting redacted output changes nothing, in any style, on logs of whole lines.
//!
//! The fuzzer's input is not the log, but choices from which a log is made; the first choice is the style. On noise and
//! damaged lines the property does not always hold: a rule looks back only a bounded distance, and a replacement is
//! shorter than its secret, so something can come into range that was out of range before.

#![no_main]

use std::sync::LazyLock;

use blackbar::{Key, Redactor, Style, Styles, Text};
use libfuzzer_sys::fuzz_target;
use push::{STANDARD, assert_same, whole_lines};

static STYLES: LazyLock<Vec<Styles>> = LazyLock::new(|| {
    let key = Key::new(b"a key that is for tests only").expect("it is long enough");
    let text = Text::new("<masked>").expect("a text that is no secret");
    let styles = [
        Style::Fixed,
        Style::Label,
        Style::Mask,
        Style::Partial,
        Style::Text(text),
        Style::Hmac(key),
    ];
    styles
        .into_iter()
        .flat_map(|style| {
            [false, true].map(|keep| Styles::new(style.clone()).keep_jwt_header(keep))
        })
        .collect()
});

fn redact(styles: &Styles, input: &[u8]) -> Vec<u8> {
    let mut redactor = Redactor::styled(&STANDARD, styles);
    let mut out = Vec::new();
    redactor.push(input, &mut out);
    redactor.finish(&mut out);
    out
}

fuzz_target!(|choices: &[u8]| {
    let Some((&style, choices)) = choices.split_first() else { return };
    let styles = &STYLES[usize::from(style) % STYLES.len()];
    let once = redact(styles, &whole_lines(choices));
    assert_same("once", &once, "twice", &redact(styles, &once));
});
