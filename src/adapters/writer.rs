//! A writer adaptor for programs that log from Rust.

use std::fmt;
use std::io::{self, Write};

use crate::redact::redactor::Redactor;
use crate::rules::ruleset::Ruleset;

/// The most bytes that one `write` takes. It bounds the bytes that wait for the inner writer.
const WRITE_MAX: usize = 64 * 1024;

/// Redacts the bytes written to it and passes them on to another writer.
///
/// ```
/// use std::io::Write;
/// use blackbar::{RedactingWriter, Ruleset};
///
/// let mut log = RedactingWriter::new(Vec::new(), &Ruleset::standard());
/// writeln!(log, "Authorization: Bearer {}", "abcdefghijklmnop0123456789")?;
/// assert_eq!(log.finish()?, b"Authorization: Bearer [REDACTED]\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// A write takes bytes only when all output before it has been passed on. So an error of the inner writer may be
/// reported one call late. If that call is repeated, no bytes are lost or written twice.
///
/// Dropping it ends the input and writes the rest, but cannot report errors. Call [`finish`](Self::finish) instead.
pub struct RedactingWriter<W: Write> {
    /// `None` only after `finish`.
    inner: Option<W>,
    redactor: Redactor,
    /// Redacted bytes. Those from `passed` on have not been passed on yet.
    out: Vec<u8>,
    passed: usize,
}

impl<W: Write> RedactingWriter<W> {
    /// A writer to `inner` that redacts by `rules`.
    pub fn new(inner: W, rules: &Ruleset) -> RedactingWriter<W> {
        RedactingWriter::with_redactor(inner, Redactor::new(rules))
    }

    /// A writer to `inner` that uses `redactor`, which has to be at the start of an input.
    pub fn with_redactor(inner: W, redactor: Redactor) -> RedactingWriter<W> {
        RedactingWriter { inner: Some(inner), redactor, out: Vec::new(), passed: 0 }
    }

    /// Ends the input, passes on the rest, flushes the inner writer and returns it.
    ///
    /// # Errors
    ///
    /// The errors of the inner writer; it is then dropped, along with the output that could not be passed on.
    /// [`io::ErrorKind::Other`] if an earlier call panicked; undecided bytes are then never written.
    pub fn finish(mut self) -> io::Result<W> {
        self.check()?;
        self.redactor.finish(&mut self.out);
        let done = self.flush();
        // Taken on an error too, so that Drop does not try again.
        let inner = self.inner.take().expect("only finish takes the inner writer");
        done.map(|()| inner)
    }

    fn check(&self) -> io::Result<()> {
        if self.redactor.is_poisoned() {
            return Err(io::Error::other("redaction stopped after a panic"));
        }
        Ok(())
    }

    /// Passes decided output on.
    fn pass(&mut self) -> io::Result<()> {
        let inner = self.inner.as_mut().expect("only finish takes the inner writer");
        while self.passed < self.out.len() {
            match inner.write(&self.out[self.passed..]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => self.passed += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.out.clear();
        self.passed = 0;
        Ok(())
    }
}

impl<W: Write> Write for RedactingWriter<W> {
    /// Redacts up to 64 KiB of `buf` and passes decided output on.
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.check()?;
        self.pass()?;
        let taken = &buf[..buf.len().min(WRITE_MAX)];
        self.redactor.push(taken, &mut self.out);
        // The bytes have been taken, so an error is reported by the next call.
        let _ = self.pass();
        Ok(taken.len())
    }

    /// Passes decided output on and flushes the inner writer. Undecided bytes stay held.
    fn flush(&mut self) -> io::Result<()> {
        self.check()?;
        self.pass()?;
        self.inner.as_mut().expect("only finish takes the inner writer").flush()
    }
}

impl<W: Write> Drop for RedactingWriter<W> {
    fn drop(&mut self) {
        if self.inner.is_some() && !self.redactor.is_poisoned() {
            self.redactor.finish(&mut self.out);
            let _ = self.flush();
        }
    }
}

/// Shows the inner writer and how many bytes are waiting, but not their content.
impl<W: Write + fmt::Debug> fmt::Debug for RedactingWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedactingWriter")
            .field("inner", &self.inner)
            .field("redactor", &self.redactor)
            .field("waiting_len", &(self.out.len() - self.passed))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Takes at most three bytes at a time, and can fail at every other call. The bytes outlive it.
    #[derive(Clone, Debug, Default)]
    struct Fussy {
        taken: Arc<Mutex<Vec<u8>>>,
        calls: usize,
        fails: Option<io::ErrorKind>,
    }

    impl Fussy {
        fn taken(&self) -> Vec<u8> {
            self.taken.lock().unwrap().clone()
        }
    }

    impl Write for Fussy {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            self.calls += 1;
            if let Some(kind) = self.fails.filter(|_| !self.calls.is_multiple_of(2)) {
                return Err(kind.into());
            }
            let n = buf.len().min(3);
            self.taken.lock().unwrap().extend_from_slice(&buf[..n]);
            Ok(n)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    const LINE: &[u8] = b"Authorization: Bearer abcdefghijklmnop0123456789\n";
    const REDACTED: &[u8] = b"Authorization: Bearer [REDACTED]\n";

    fn writer(inner: &Fussy) -> RedactingWriter<Fussy> {
        RedactingWriter::new(inner.clone(), &Ruleset::standard())
    }

    #[test]
    fn short_and_interrupted_writes_are_continued() {
        let inner = Fussy { fails: Some(io::ErrorKind::Interrupted), ..Fussy::default() };
        let mut log = writer(&inner);
        log.write_all(&LINE.repeat(5000)).unwrap();
        log.finish().unwrap();
        assert!(inner.taken() == REDACTED.repeat(5000));
    }

    #[test]
    fn a_repeated_write_neither_loses_nor_repeats_bytes() {
        let inner = Fussy { fails: Some(io::ErrorKind::WouldBlock), ..Fussy::default() };
        let mut log = writer(&inner);
        for _ in 0..20 {
            let mut rest = LINE;
            while !rest.is_empty() {
                if let Ok(n) = log.write(rest) {
                    rest = &rest[n..];
                }
            }
        }
        while log.flush().is_err() {}
        assert_eq!(inner.taken(), REDACTED.repeat(20));
    }

    #[test]
    fn dropping_writes_the_rest() {
        let inner = Fussy::default();
        let mut log = writer(&inner);
        log.write_all(&LINE[..LINE.len() - 1]).unwrap();
        drop(log);
        assert_eq!(inner.taken(), &REDACTED[..REDACTED.len() - 1]);
    }

    #[test]
    fn an_error_of_the_inner_writer_is_reported_at_the_end() {
        let inner = Fussy { fails: Some(io::ErrorKind::StorageFull), ..Fussy::default() };
        let mut log = writer(&inner);
        log.write_all(b"aaaa").unwrap();
        assert_eq!(log.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn debug_shows_no_content() {
        let mut log = RedactingWriter::new(io::sink(), &Ruleset::standard());
        log.write_all(b"Authorization: Bearer hunter2").unwrap();
        assert!(!format!("{log:?}").contains("hunter2"));
    }
}
