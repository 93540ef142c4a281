//! Recognises what kind of input it is by its first bytes: text that can be redacted, data that hides its secrets, or
//! data that redaction would damage.

use std::io;

use crate::error::NotText;
use crate::stream::utf16::ByteOrder;

/// Which inputs are accepted as logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Accept {
    /// Any bytes, unchanged.
    Bytes,
    /// Any bytes. UTF-16 is decoded.
    Text,
    /// Any bytes, except formats that hide their content from the scan and would be passed on as if they had no
    /// secrets.
    #[default]
    Open,
    /// Only what looks like a log, because a change of length damages anything else.
    Logs,
}

/// A NUL within this many bytes of the start means that the input is not text.
pub(crate) const NUL_REACH: usize = 8 * 1024;

/// The verdict on the first bytes.
#[derive(Debug)]
pub(crate) enum Judgement {
    /// More bytes are needed.
    Undecided,
    Text,
    Utf16(ByteOrder),
    Refused(NotText),
}

/// Why the content is hidden.
#[derive(Clone, Copy)]
enum Kind {
    /// It is compressed, with the program that decompresses it.
    Packed(&'static str),
    /// It is another file format.
    Other,
}

/// The first bytes of files that are not logs. Formats that consist mostly of text are not listed, because a log may
/// begin as they do.
const MAGIC: &[(&[u8], &str, Kind)] = &[
    (b"\x1f\x8b\x08", "gzip", Kind::Packed("gzip -dc")),
    (b"\x28\xb5\x2f\xfd", "zstd", Kind::Packed("zstd -dc")),
    (b"\xfd7zXZ\0", "xz", Kind::Packed("xz -dc")),
    (b"\x04\x22\x4d\x18", "lz4", Kind::Packed("lz4 -dc")),
    (b"\x02\x21\x4c\x18", "lz4", Kind::Packed("lz4 -dc")),
    (b"\x1f\x9d", "compress", Kind::Packed("gzip -dc")),
    (b"\x1f\xa0", "compress", Kind::Packed("gzip -dc")),
    (b"\x1f\x1e", "pack", Kind::Packed("gzip -dc")),
    (b"LZIP\x01", "lzip", Kind::Packed("lzip -dc")),
    (b"\x5d\0\0", "lzma", Kind::Packed("xz -dc")),
    (b"\x89LZO\0\r\n\x1a\n", "lzop", Kind::Packed("lzop -dc")),
    (b"\xff\x06\0\0sNaPpY", "snappy", Kind::Packed("snzip -dc")),
    (b"\x78\x01", "zlib", Kind::Packed("zlib-flate -uncompress")),
    (b"\x78\x9c", "zlib", Kind::Packed("zlib-flate -uncompress")),
    (b"\x78\xda", "zlib", Kind::Packed("zlib-flate -uncompress")),
    (b"PK\x03\x04", "zip", Kind::Packed("unzip -p")),
    (b"PK\x05\x06", "zip", Kind::Packed("unzip -p")),
    (b"PK\x07\x08", "zip", Kind::Packed("unzip -p")),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip", Kind::Packed("7z x -so")),
    (b"Rar!\x1a\x07", "RAR", Kind::Packed("unrar p -inul")),
    (b"\xff\xfe\0\0", "UTF-32", Kind::Packed("iconv -f UTF-32 -t UTF-8")),
    (b"\0\0\xfe\xff", "UTF-32", Kind::Packed("iconv -f UTF-32 -t UTF-8")),
    (b"SQLite format 3\0", "SQLite", Kind::Other),
    (b"\x89PNG\r\n\x1a\n", "PNG", Kind::Other),
    (b"\xff\xd8\xff", "JPEG", Kind::Other),
    (b"GIF87a", "GIF", Kind::Other),
    (b"GIF89a", "GIF", Kind::Other),
    (b"II*\0", "TIFF", Kind::Other),
    (b"MM\0*", "TIFF", Kind::Other),
    (b"%PDF-", "PDF", Kind::Other),
    (b"\x7fELF", "ELF", Kind::Other),
    (b"\xca\xfe\xba\xbe", "Java class", Kind::Other),
    (b"\0asm", "WebAssembly", Kind::Other),
    (b"LPKSHHRH", "systemd journal", Kind::Other),
    (b"\xd4\xc3\xb2\xa1", "pcap", Kind::Other),
    (b"\xa1\xb2\xc3\xd4", "pcap", Kind::Other),
    (b"\x0a\x0d\x0d\x0a", "pcapng", Kind::Other),
    (b"OggS\0", "Ogg", Kind::Other),
    (b"PAR1\x15", "Parquet", Kind::Other),
    (b"Obj\x01", "Avro", Kind::Other),
];

/// A tar archive's magic number and its offset.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// The byte order marks of UTF-16.
const MARKS: [([u8; 2], ByteOrder); 2] =
    [([0xff, 0xfe], ByteOrder::Little), ([0xfe, 0xff], ByteOrder::Big)];

/// Judges an input by its first bytes, `head`. If it `ended`, there are no more.
pub(crate) fn judge(head: &[u8], ended: bool, accept: Accept) -> Judgement {
    if accept == Accept::Bytes {
        return Judgement::Text;
    }
    // 1. Wait as long as one more byte could change the verdict.
    let mut undecided = false;
    let mut begins = |magic: &[u8]| {
        undecided |= !ended && head.len() < magic.len() && magic.starts_with(head);
        head.starts_with(magic)
    };
    let format = MAGIC.iter().find(|(magic, ..)| begins(magic));
    let bzip2 = begins_bzip2(head, ended, &mut undecided);
    let mark = MARKS.iter().find(|(mark, _)| {
        undecided |= !ended && head.len() < 2 && mark.starts_with(head);
        head.starts_with(mark)
    });
    let refused = |reason: String| Judgement::Refused(NotText(reason));
    // 2. The longer match counts: the byte order mark of UTF-32 begins with that of UTF-16.
    let format = format.map(|(_, name, kind)| (*name, *kind)).or(bzip2);
    match (format, mark) {
        (Some((name, Kind::Packed(by))), _) if accept == Accept::Open => refused(hidden(name, by)),
        (Some((name, _)), _) if accept == Accept::Logs => refused(no_log(&format!("{name} data"))),
        _ if undecided => Judgement::Undecided,
        (None, Some((_, order))) => Judgement::Utf16(*order),
        _ if accept == Accept::Logs && has_nul(head) => {
            let (at, magic) = TAR;
            let is_tar = head.get(at..).is_some_and(|rest| rest.starts_with(magic));
            refused(no_log(if is_tar { "a tar archive" } else { "binary data" }))
        }
        _ => Judgement::Text,
    }
}

/// bzip2's magic number: a level, then the start of a block or of the end.
fn begins_bzip2(head: &[u8], ended: bool, undecided: &mut bool) -> Option<(&'static str, Kind)> {
    const BLOCKS: [&[u8]; 2] = [b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"];
    let (start, rest) = head.split_at(head.len().min(3));
    let level = rest.first();
    if !b"BZh".starts_with(start) || level.is_some_and(|level| !level.is_ascii_digit()) {
        return None;
    }
    let block = rest.get(1..).unwrap_or_default();
    let found = BLOCKS.iter().any(|magic| block.starts_with(magic));
    *undecided |= !ended && !found && BLOCKS.iter().any(|magic| magic.starts_with(block));
    found.then_some(("bzip2", Kind::Packed("bzip2 -dc")))
}

/// Whether `head` has a NUL near its start.
pub(crate) fn has_nul(head: &[u8]) -> bool {
    memchr::memchr(0, &head[..head.len().min(NUL_REACH)]).is_some()
}

/// The error of reading binary data where a log is expected.
pub(crate) fn binary() -> io::Error {
    io::Error::other(NotText(no_log("binary data")))
}

fn no_log(what: &str) -> String {
    format!("skipped: {what} is not a log; --text redacts it anyway")
}

fn hidden(name: &str, by: &str) -> String {
    format!("{name} data cannot be searched for secrets; decode it first: {by} FILE | blackbar")
}
