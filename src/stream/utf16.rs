//! UTF-16 (RFC 2781), decoded for the scan and encoded again.
//!
//! The intermediate form is WTF-8: UTF-8 in which an unpaired surrogate is encoded as three bytes like any other
//! character of its range. So every sequence of code units can be represented and restored. A last byte that is half a
//! code unit has a form too. It begins with `FF`, a byte that never occurs in WTF-8.

use std::mem;

/// Which byte of a code unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    /// The low byte, as PowerShell writes it.
    Little,
    Big,
}

/// The first byte of the form of half a code unit.
const HALF: u8 = 0xff;

/// Decodes UTF-16, in pieces of any length.
#[derive(Debug)]
pub(crate) struct Decoder {
    order: ByteOrder,
    /// The first byte of a code unit.
    half: Option<u8>,
    /// A high surrogate that is waiting for its partner.
    high: Option<u16>,
}

impl Decoder {
    pub(crate) fn new(order: ByteOrder) -> Decoder {
        Decoder { order, half: None, high: None }
    }

    pub(crate) fn order(&self) -> ByteOrder {
        self.order
    }

    /// Appends the text of `bytes` to `out`. Up to three bytes wait for the next ones.
    pub(crate) fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for &byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(byte);
                continue;
            };
            self.unit(
                match self.order {
                    ByteOrder::Little => u16::from_le_bytes([first, byte]),
                    ByteOrder::Big => u16::from_be_bytes([first, byte]),
                },
                out,
            );
        }
    }

    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        match (self.high.take(), unit) {
            (Some(high), 0xdc00..=0xdfff) => {
                let c = 0x10000 + ((u32::from(high) - 0xd800) << 10) + (u32::from(unit) - 0xdc00);
                put(c, out);
            }
            (lone, unit) => {
                if let Some(lone) = lone {
                    put(lone.into(), out);
                }
                match unit {
                    0xd800..=0xdbff => self.high = Some(unit),
                    _ => put(unit.into(), out),
                }
            }
        }
    }

    /// Appends what is left, after the last of the bytes.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        if let Some(lone) = self.high.take() {
            put(lone.into(), out);
        }
        if let Some(half) = self.half.take() {
            out.extend([HALF, 0x80 | half >> 4, 0x80 | half & 0xf]);
        }
    }
}

/// Appends the bytes of a character, or of a surrogate.
fn put(c: u32, out: &mut Vec<u8>) {
    let tail = |shift: u32| 0x80 | (c >> shift & 0x3f) as u8;
    match c {
        0..0x80 => out.push(c as u8),
        0x80..0x800 => out.extend([0xc0 | (c >> 6) as u8, tail(0)]),
        0x800..0x10000 => out.extend([0xe0 | (c >> 12) as u8, tail(6), tail(0)]),
        _ => out.extend([0xf0 | (c >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}

/// Encodes UTF-16, from pieces of any length.
#[derive(Debug)]
pub(crate) struct Encoder {
    order: ByteOrder,
    /// An incomplete character, and how many bytes of it are missing.
    begun: Vec<u8>,
    missing: usize,
}

impl Encoder {
    pub(crate) fn new(order: ByteOrder) -> Encoder {
        Encoder { order, begun: Vec::with_capacity(4), missing: 0 }
    }

    pub(crate) fn order(&self) -> ByteOrder {
        self.order
    }

    /// Appends `text` to `out`. The bytes of an incomplete character wait.
    pub(crate) fn encode(&mut self, text: &[u8], out: &mut Vec<u8>) {
        for &byte in text {
            let continues = byte & 0xc0 == 0x80;
            if self.missing > 0 && continues {
                self.begun.push(byte);
                self.missing -= 1;
                if self.missing == 0 {
                    let whole = mem::take(&mut self.begun);
                    self.character(&whole, out);
                    self.begun = whole;
                    self.begun.clear();
                }
                continue;
            }
            self.finish(out);
            self.missing = match byte {
                0..0x80 => {
                    self.unit(byte.into(), out);
                    continue;
                }
                0xc0..0xe0 => 1,
                0xe0..0xf0 | HALF => 2,
                0xf0..0xf8 => 3,
                // A secret ended within a character.
                _ => {
                    self.unit(REPLACEMENT, out);
                    continue;
                }
            };
            self.begun.push(byte);
        }
    }

    fn character(&self, bytes: &[u8], out: &mut Vec<u8>) {
        let lead = u32::from(bytes[0]) & (0x7f >> bytes.len());
        let c = bytes[1..].iter().fold(lead, |c, byte| c << 6 | u32::from(byte & 0x3f));
        match c {
            _ if bytes[0] == HALF => out.push(bytes[1] << 4 | bytes[2] & 0xf),
            0..0x10000 => self.unit(c as u16, out),
            _ => {
                let c = c - 0x10000;
                self.unit(0xd800 | (c >> 10 & 0x3ff) as u16, out);
                self.unit(0xdc00 | (c & 0x3ff) as u16, out);
            }
        }
    }

    fn unit(&self, unit: u16, out: &mut Vec<u8>) {
        out.extend(match self.order {
            ByteOrder::Little => unit.to_le_bytes(),
            ByteOrder::Big => unit.to_be_bytes(),
        });
    }

    /// Ends the text. A character whose last bytes are missing is written as U+FFFD.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        if self.missing > 0 {
            self.missing = 0;
            self.begun.clear();
            self.unit(REPLACEMENT, out);
        }
    }
}

/// U+FFFD, which replaces an invalid character.
const REPLACEMENT: u16 = 0xfffd;

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(order: ByteOrder, bytes: &[u8], size: usize) -> Vec<u8> {
        let (mut decoder, mut text) = (Decoder::new(order), Vec::new());
        bytes.chunks(size).for_each(|chunk| decoder.decode(chunk, &mut text));
        decoder.finish(&mut text);
        let (mut encoder, mut out) = (Encoder::new(order), Vec::new());
        text.chunks(size).for_each(|chunk| encoder.encode(chunk, &mut out));
        encoder.finish(&mut out);
        out
    }

    #[test]
    fn every_code_unit_is_restored() {
        let units: Vec<u16> = (0..=u16::MAX).chain((0..=u16::MAX).rev()).collect();
        let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        for order in [ByteOrder::Little, ByteOrder::Big] {
            for size in [1, 2, 3, 1000, bytes.len()] {
                assert!(there_and_back(order, &bytes, size) == bytes, "{order:?} {size}");
                // Half a code unit at the end, for each value of it.
                for last in 0..=255 {
                    let odd = [&bytes[..6], &[last]].concat();
                    assert_eq!(there_and_back(order, &odd, size), odd);
                }
            }
        }
    }

    #[test]
    fn surrogates_in_any_order_are_restored() {
        let some = [0xd83d_u16, 0xde00, 0xdbff, 0xdc00, u16::from(b'a')];
        for seed in 0..5_usize.pow(5) {
            let units = (0..5).map(|n| some[seed / 5_usize.pow(n) % 5]);
            let bytes: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
            for size in 1..4 {
                assert_eq!(there_and_back(ByteOrder::Big, &bytes, size), bytes);
            }
        }
    }

    #[test]
    fn valid_text_is_decoded_to_utf_8() {
        let (mut decoder, mut text) = (Decoder::new(ByteOrder::Little), Vec::new());
        let bytes: Vec<u8> = "aß€😀\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        decoder.decode(&bytes, &mut text);
        assert_eq!(text, "aß€😀\n".as_bytes());
    }

    #[test]
    fn an_invalid_character_is_replaced() {
        let mut encoder = Encoder::new(ByteOrder::Big);
        let mut out = Vec::new();
        encoder.encode(b"\x80a\xe2\x82b\xf0\x9f", &mut out);
        encoder.finish(&mut out);
        assert_eq!(out, [0xff, 0xfd, 0, b'a', 0xff, 0xfd, 0, b'b', 0xff, 0xfd]);
    }
}
