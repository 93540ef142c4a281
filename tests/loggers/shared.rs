//! One log that several parts of a program write to.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use blackbar::{RedactingWriter, Ruleset};

/// A redacted log; clones write to the same one.
pub struct Shared<W: Write>(Arc<Mutex<Option<RedactingWriter<W>>>>);

impl<W: Write> Shared<W> {
    pub fn new(log: W) -> Shared<W> {
        let writer = RedactingWriter::new(log, &Ruleset::standard());
        Shared(Arc::new(Mutex::new(Some(writer))))
    }

    /// Ends the log. A logger is usually never dropped, so this call writes the bytes that still wait for a decision.
    pub fn finish(&self) -> io::Result<W> {
        let writer = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        writer.ok_or_else(closed)?.finish()
    }

    fn with<T>(&self, f: impl FnOnce(&mut RedactingWriter<W>) -> io::Result<T>) -> io::Result<T> {
        // If a thread panicked while it wrote, the writer reports it.
        f(self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut().ok_or_else(closed)?)
    }
}

fn closed() -> io::Error {
    io::Error::other("the log is closed")
}

impl<W: Write> Clone for Shared<W> {
    fn clone(&self) -> Shared<W> {
        Shared(Arc::clone(&self.0))
    }
}

impl<W: Write> Write for Shared<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|log| log.write(bytes))
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        // One lock per line, so that lines are not mixed.
        self.with(|log| log.write_all(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(Write::flush)
    }
}
