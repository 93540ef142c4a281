//! Compressed logs: told by their first bytes, read as what they hold, written as they were.

use std::fmt;
use std::fs::File;
use std::io::{self, IoSlice, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// gzip (RFC 1952), of one member or several.
    Gzip,
    /// Zstandard (RFC 8878), of one frame or several.
    Zstd,
}

impl Format {
    /// The format of a regular file, by its first bytes. Its position does not move.
    pub(crate) fn of_content(file: &File) -> Option<Format> {
        let mut magic = [0; 4];
        file.read_exact_at(&mut magic, 0).ok()?;
        match magic {
            [0x1f, 0x8b, 0x08, _] => Some(Format::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd] => Some(Format::Zstd),
            _ => None,
        }
    }

    /// The format that a file of this name should have.
    pub(crate) fn of_name(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()? {
            "gz" => Some(Format::Gzip),
            "zst" => Some(Format::Zstd),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Format::Gzip => "gzip",
            Format::Zstd => "zstd",
        }
    }
}

/// Reads what a compressed file holds.
pub(crate) struct Decoder {
    format: Format,
    inner: Box<dyn Read + Send>,
}

impl Decoder {
    /// A reader of `file`, which stands at its start.
    pub(crate) fn new(format: Format, file: File) -> io::Result<Decoder> {
        let inner: Box<dyn Read + Send> = match format {
            Format::Gzip => Box::new(MultiGzDecoder::new(file)),
            Format::Zstd => Box::new(zstd::Decoder::new(file)?),
        };
        Ok(Decoder { format, inner })
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }
}

impl Read for Decoder {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buf).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock => error,
            io::ErrorKind::UnexpectedEof => io::Error::other(format!(
                "the {} data is cut off; fetch the file again",
                self.format.name()
            )),
            // The system's errors have a number, a decoder's have none.
            _ if error.raw_os_error().is_some() => error,
            _ => io::Error::other(format!("the {} data is corrupt", self.format.name())),
        })
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("format", &self.format).finish_non_exhaustive()
    }
}

/// Writes a file, compressed or not.
pub(crate) enum Encoder {
    Plain(File),
    Gzip(GzEncoder<File>),
    Zstd(zstd::Encoder<'static, File>),
}

impl Encoder {
    /// A writer to `file`, with the compressor's usual level.
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

    /// Writes what compression still needs to end.
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
