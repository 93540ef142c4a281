//! Compressed logs: recognised by their first bytes, decompressed for the scan, and written in the same format.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, IoSlice, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use flate2::write::GzEncoder;

use super::gzip::Members;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// gzip (RFC 1952), of one member or several.
    Gzip,
    /// Zstandard (RFC 8878), of one frame or several.
    Zstd,
}

/// What the first bytes reveal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sniffed {
    /// More bytes are needed.
    Unknown,
    Plain,
    Packed(Format),
}

impl Format {
    /// The format of a regular file, by its bytes at `position`. The file's own position does not change.
    pub(crate) fn of_file(file: &File, position: u64) -> Option<Format> {
        let mut magic = [0; 4];
        file.read_exact_at(&mut magic, position).ok()?;
        match Format::of_head(&magic) {
            Sniffed::Packed(format) => Some(format),
            Sniffed::Plain | Sniffed::Unknown => None,
        }
    }

    /// The format of data that begins with `head`.
    pub(crate) fn of_head(head: &[u8]) -> Sniffed {
        let magic: [(&[u8], Format); 2] =
            [(b"\x1f\x8b\x08", Format::Gzip), (b"\x28\xb5\x2f\xfd", Format::Zstd)];
        for (magic, format) in magic {
            if head.starts_with(magic) {
                return Sniffed::Packed(format);
            }
            if magic.starts_with(head) {
                return Sniffed::Unknown;
            }
        }
        // Some compressors write a skippable frame with metadata before the first frame.
        match head {
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Sniffed::Packed(Format::Zstd),
            [0x50..=0x5f] | [0x50..=0x5f, 0x2a] | [0x50..=0x5f, 0x2a, 0x4d] => Sniffed::Unknown,
            _ => Sniffed::Plain,
        }
    }

    /// The format for a file of this name.
    pub(crate) fn of_name(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()? {
            "gz" => Some(Format::Gzip),
            "zst" => Some(Format::Zstd),
            _ => None,
        }
    }
}

/// The base-2 logarithm of the largest window of zstd data, which is the amount of decoded data that has to be kept.
/// RFC 8878 (section 3.1.1.1.2) requires every decoder to support 8 MiB, and every compression level below 20 stays
/// within that.
const WINDOW_LOG: u32 = 23;

/// The same limit with `--long-window`: the most that the library supports, 2 GiB.
const LONG_WINDOW_LOG: u32 = if usize::BITS < 64 { 30 } else { 31 };

/// Decompresses data. If its source returns [`io::ErrorKind::WouldBlock`], the decoder does too, and can continue
/// later.
pub(crate) enum Decoder<R: BufRead> {
    Gzip(Members<R>),
    Zstd { decoder: zstd::Decoder<'static, R>, long_window: bool },
}

impl<R: BufRead> Decoder<R> {
    /// A decoder of `source`.
    pub(crate) fn new(format: Format, source: R, long_window: bool) -> io::Result<Decoder<R>> {
        Ok(match format {
            Format::Gzip => Decoder::Gzip(Members::new(source)),
            Format::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(source)?;
                decoder.window_log_max(if long_window { LONG_WINDOW_LOG } else { WINDOW_LOG })?;
                Decoder::Zstd { decoder, long_window }
            }
        })
    }

    /// The compressed source.
    pub(crate) fn source_mut(&mut self) -> &mut R {
        match self {
            Decoder::Gzip(members) => members.source_mut(),
            Decoder::Zstd { decoder, .. } => decoder.get_mut(),
        }
    }

    fn failed(&self, error: io::Error) -> io::Error {
        let (name, window) = match self {
            Decoder::Gzip(_) => ("gzip", None),
            Decoder::Zstd { long_window: false, .. } => {
                ("zstd", Some("larger than 8 MiB; --long-window allows it"))
            }
            Decoder::Zstd { long_window: true, .. } => ("zstd", Some("larger than 2 GiB")),
        };
        match (error.kind(), window) {
            (io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock, _) => error,
            (io::ErrorKind::UnexpectedEof, _) => {
                io::Error::other(format!("the {name} data is truncated; fetch the file again"))
            }
            (io::ErrorKind::InvalidData, None) => error,
            // System errors have a number; decoder errors do not.
            _ if error.raw_os_error().is_some() => error,
            (_, Some(window)) if error.to_string() == WINDOW_TOO_LARGE => {
                io::Error::other(format!("the window of the zstd data is {window}"))
            }
            _ => io::Error::other(format!("the {name} data is corrupt")),
        }
    }
}

/// The error message of the zstd library.
const WINDOW_TOO_LARGE: &str = "Frame requires too much memory for decoding";

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = match self {
            Decoder::Gzip(decoder) => decoder.read(buf),
            Decoder::Zstd { decoder, .. } => decoder.read(buf),
        };
        read.map_err(|error| self.failed(error))
    }
}

impl<R: BufRead> fmt::Debug for Decoder<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Decoder::Gzip(_) => "Decoder::Gzip",
            Decoder::Zstd { .. } => "Decoder::Zstd",
        })
    }
}

/// Writes a file, compressed or not.
pub(crate) enum Encoder {
    Plain(File),
    Gzip(GzEncoder<File>),
    Zstd(zstd::Encoder<'static, File>),
}

impl Encoder {
    /// A writer to `file` at the compressor's default level.
    pub(crate) fn new(format: Option<Format>, file: File) -> io::Result<Encoder> {
        Ok(match format {
            None => Encoder::Plain(file),
            Some(Format::Gzip) => Encoder::Gzip(GzEncoder::new(file, Default::default())),
            Some(Format::Zstd) => {
                let mut encoder = zstd::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                // As the zstd command does.
                encoder.include_checksum(true)?;
                Encoder::Zstd(encoder)
            }
        })
    }

    /// The file itself.
    pub(crate) fn file(&self) -> &File {
        match self {
            Encoder::Plain(file) => file,
            Encoder::Gzip(encoder) => encoder.get_ref(),
            Encoder::Zstd(encoder) => encoder.get_ref(),
        }
    }

    /// Writes the end of the compressed data.
    pub(crate) fn finish(self) -> io::Result<File> {
        match self {
            Encoder::Plain(file) => Ok(file),
            Encoder::Gzip(encoder) => encoder.finish(),
            Encoder::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl Write for Encoder {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Encoder::Plain(file) => file.write(buf),
            Encoder::Gzip(encoder) => encoder.write(buf),
            Encoder::Zstd(encoder) => encoder.write(buf),
        }
    }

    fn write_vectored(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Encoder::Plain(file) => file.write_vectored(bufs),
            Encoder::Gzip(encoder) => encoder.write_vectored(bufs),
            Encoder::Zstd(encoder) => encoder.write_vectored(bufs),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Encoder::Plain(file) => file.flush(),
            Encoder::Gzip(encoder) => encoder.flush(),
            Encoder::Zstd(encoder) => encoder.flush(),
        }
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Encoder").field(self.file()).finish()
    }
}
