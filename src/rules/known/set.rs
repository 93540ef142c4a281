//! A sorted set of texts, matched in every encoding at once.

use super::encoding::{Encoding, Unit, is_special};

/// Texts in the order of their bytes, in one buffer.
pub(super) struct Set {
    bytes: Vec<u8>,
    texts: Vec<Text>,
    longest: usize,
}

/// The position of a text in the buffer, and its kind.
#[derive(Clone, Copy)]
struct Text {
    start: usize,
    len: u32,
    /// Whether it is base64 of a value, and so may be written in either alphabet.
    base64: bool,
    /// Whether the characters next to it also encode bits of the value.
    inner: bool,
}

/// How a text was made from its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The value itself.
    Plain,
    /// The base64 of the value.
    Base64,
    /// The base64 characters that depend on the value alone. The characters next to them also encode bits of it.
    Inner,
}

/// The result of a match at one position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The end of the longest text, and whether the base64 characters next to it encode bits of the value.
    pub end: Option<(usize, bool)>,
    /// Whether a longer text may continue after the window.
    pub open: bool,
}

/// The texts that match what has been read: their range, and how many bytes of each have been read.
#[derive(Clone, Copy)]
struct Range {
    from: usize,
    to: usize,
    depth: usize,
}

impl Set {
    /// The set of `texts`, each with its kind. No text is empty.
    pub fn new(texts: impl Iterator<Item = (Vec<u8>, Kind)>) -> Set {
        let mut bytes = Vec::new();
        let mut all = Vec::new();
        for (text, kind) in texts {
            let (base64, inner) = (kind != Kind::Plain, kind == Kind::Inner);
            all.push(Text { start: bytes.len(), len: text.len() as u32, base64, inner });
            bytes.extend_from_slice(&text);
        }
        bytes.shrink_to_fit();
        let of = |text: &Text| &bytes[text.start..text.start + text.len as usize];
        all.sort_unstable_by(|one, other| of(one).cmp(of(other)));
        all.dedup_by(|again, first| {
            let same = of(again) == of(first);
            if same {
                first.base64 |= again.base64;
                first.inner &= again.inner;
            }
            same
        });
        all.shrink_to_fit();
        let longest = all.iter().map(|text| text.len as usize).max().unwrap_or(0);
        Set { bytes, texts: all, longest }
    }

    /// The number of texts.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// The longest text's length, in bytes.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The longest text at `at` in `window`, in any encoding. With `eof` nothing follows the window.
    pub fn find(&self, window: &[u8], at: usize, eof: bool) -> Found {
        let mut found = Found::default();
        let all = Range { from: 0, to: self.texts.len(), depth: 0 };
        self.read_on(u8::MAX, window, at, all, eof, &mut found);
        found
    }

    /// Continues to read at `at`, in the encodings whose bits are set in `encodings`. What was read before is the same
    /// in all of them.
    fn read_on(
        &self,
        encodings: u8,
        window: &[u8],
        at: usize,
        range: Range,
        eof: bool,
        found: &mut Found,
    ) {
        let (mut encodings, mut at, mut range) = (encodings, at, range);
        loop {
            let Some(byte) = window.get(at) else {
                found.open |= !eof;
                return;
            };
            let mut unit = Unit::Bytes { bytes: [*byte, 0, 0, 0], count: 1, len: 1 };
            if is_special(*byte) {
                let raw = unit;
                let mut same = 0;
                for encoding in Encoding::ALL {
                    let bit = 1 << encoding as u8;
                    if encodings & bit == 0 {
                        continue;
                    }
                    let read = encoding.read(&window[at..]);
                    if encodings == bit {
                        (unit, same) = (read, bit);
                    } else if read == raw {
                        same |= bit;
                    } else if let Some((at, range)) = self.step(read, at, range, bit, eof, found) {
                        self.read_on(bit, window, at, range, eof, found);
                    }
                }
                encodings = same;
            }
            match self.step(unit, at, range, encodings, eof, found) {
                Some(next) => (at, range) = next,
                None => return,
            }
        }
    }

    /// Reads the character at `at`. `None` if no text continues with it.
    fn step(
        &self,
        unit: Unit,
        at: usize,
        range: Range,
        encodings: u8,
        eof: bool,
        found: &mut Found,
    ) -> Option<(usize, Range)> {
        let (bytes, count, len) = match unit {
            Unit::Bytes { bytes, count, len } => (bytes, count, len),
            Unit::More => {
                found.open |= !eof;
                return None;
            }
            Unit::Invalid => return None,
        };
        let range =
            bytes[..count].iter().try_fold(range, |range, byte| self.narrow(range, *byte))?;
        let at = at + len;
        // The first of the matching texts is the shortest.
        let first = self.texts[range.from];
        if first.len as usize == range.depth {
            let url = encodings == 1 << Encoding::Url as u8;
            if (first.base64 || !url) && found.end.is_none_or(|(end, _)| end < at) {
                found.end = Some((at, first.inner));
            }
            if range.to - range.from == 1 {
                return None;
            }
        }
        Some((at, range))
    }

    /// The texts of `range` whose next byte is `byte`. `None` if there are none.
    fn narrow(&self, range: Range, byte: u8) -> Option<Range> {
        let Range { from, to, depth } = range;
        let next =
            |text: &Text| (depth < text.len as usize).then(|| self.bytes[text.start + depth]);
        let (from, to) = if to - from == 1 {
            (from, from + usize::from(next(&self.texts[from]) == Some(byte)))
        } else {
            let texts = &self.texts[from..to];
            let start = texts.partition_point(|text| next(text) < Some(byte));
            let count = texts[start..].partition_point(|text| next(text) == Some(byte));
            (from + start, from + start + count)
        };
        (from < to).then_some(Range { from, to, depth: depth + 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_text_in_any_encoding_is_found() {
        let texts = ["abc", "abcd&f", "abc def", "b+c/"];
        let kind = |text: &str| if text == "b+c/" { Kind::Inner } else { Kind::Plain };
        let set = Set::new(texts.iter().map(|text| (text.as_bytes().to_vec(), kind(text))));
        for (written, end) in [
            ("abcx", Some((3, false))),
            ("abcd&fx", Some((6, false))),
            ("abcd%26fx", Some((8, false))),
            ("abcd\\u0026f", Some((11, false))),
            ("abcd&amp;f", Some((10, false))),
            ("abcd&ampf", Some((3, false))),
            ("abc+def", Some((7, false))),
            ("abc%20def", Some((9, false))),
            ("b-c_", Some((4, true))),
            ("b%2Bc\\/", None),
            ("b%2Bc%2F", Some((8, true))),
            ("abx", None),
            ("x", None),
        ] {
            assert_eq!(
                set.find(written.as_bytes(), 0, true),
                Found { end, open: false },
                "{written}"
            );
        }
        for written in ["", "a", "abc", "abcd%2", "abcd\\", "b-c"] {
            assert!(set.find(written.as_bytes(), 0, false).open, "{written}");
        }
        for written in ["abc\n", "b-d", "abcd%z", "abc+e"] {
            assert!(!set.find(written.as_bytes(), 0, false).open, "{written}");
        }
    }
}
