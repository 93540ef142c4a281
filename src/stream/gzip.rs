//! The members of gzip data (RFC 1952, section 2.2), and the zeros that may follow them: tapes and some archivers fill up
//! the last block.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// Decompresses gzip data of one member or several. If its source returns [`io::ErrorKind::WouldBlock`], the decoder does
/// too, and can continue later.
pub(crate) struct Members<R> {
    place: Place<R>,
}

enum Place<R> {
    Member(Box<GzDecoder<R>>),
    /// Behind a member, and possibly behind zeros after it.
    Behind {
        source: R,
        padded: bool,
    },
    /// Only between two places.
    Nowhere,
}

impl<R: BufRead> Members<R> {
    pub fn new(source: R) -> Members<R> {
        Members { place: Place::Member(Box::new(GzDecoder::new(source))) }
    }

    /// The compressed source.
    pub fn source_mut(&mut self) -> &mut R {
        match &mut self.place {
            Place::Member(decoder) => decoder.get_mut(),
            Place::Behind { source, .. } => source,
            Place::Nowhere => unreachable!("each step ends at a place"),
        }
    }

    /// Moves on to the next member. `false` at the end of the data.
    fn next_member(&mut self) -> io::Result<bool> {
        let Place::Behind { source, padded } = &mut self.place else { return Ok(true) };
        loop {
            let head = source.fill_buf()?;
            match head.first() {
                None => return Ok(false),
                Some(0) => {
                    *padded = true;
                    let zeros = head.iter().take_while(|byte| **byte == 0).count();
                    source.consume(zeros);
                }
                Some(0x1f) if !*padded => break,
                Some(_) => {
                    let text = "other bytes follow the gzip data; remove them";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, text));
                }
            }
        }
        if let Place::Behind { source, .. } = std::mem::replace(&mut self.place, Place::Nowhere) {
            self.place = Place::Member(Box::new(GzDecoder::new(source)));
        }
        Ok(true)
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.next_member()? {
            let Place::Member(decoder) = &mut self.place else { break };
            let read = decoder.read(buf)?;
            if read > 0 || buf.is_empty() {
                return Ok(read);
            }
            if let Place::Member(decoder) = std::mem::replace(&mut self.place, Place::Nowhere) {
                self.place = Place::Behind { source: decoder.into_inner(), padded: false };
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn member(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read(data: &[u8]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        Members::new(data).read_to_end(&mut text).map(|_| text)
    }

    #[test]
    fn members_are_joined_and_zeros_ignored() {
        let two = [member(b"one "), member(b"two")].concat();
        assert_eq!(read(&two).unwrap(), b"one two");
        assert_eq!(read(&[&two[..], &[0; 700]].concat()).unwrap(), b"one two");
        assert_eq!(read(&member(b"")).unwrap(), b"");
    }

    #[test]
    fn other_bytes_are_an_error() {
        for other in [&b"x"[..], b"Cookie: sid=1\n", b"\0\0\x1f\x8b"] {
            let error = read(&[&member(b"one")[..], other].concat()).unwrap_err();
            assert!(error.to_string().starts_with("other bytes follow"), "{error}");
        }
        let cut = &member(b"one")[..20];
        assert_eq!(read(cut).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
