//! Connects a source, the scan and a sink.
//!
//! One thread does all reading and writing. Before a read that could block, it writes everything it can, so a line that
//! arrives alone is passed on immediately. Segments go to the pool only while input arrives faster than this thread
//! scans it.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use bytes::Bytes;

use crate::error::Error;
use crate::redact::carry::{Carry, Scan};
use crate::redact::destination::Pieces;
use crate::redact::mask::Masker;
use crate::redact::style::Styles;
use crate::rules::ruleset::Ruleset;
use crate::scan::scanner::Scanner;
use crate::stream::control::Control;
use crate::stream::cutter::{Cutter, Fill, Segment};
use crate::stream::input::Input;
use crate::stream::pool::{Pool, WorkerPanicked};
use crate::stream::sink::{Output, Sink};
use crate::stream::source::Source;
use crate::stream::stats::Counters;

/// How a run uses the machine. These options do not change the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The most threads that scan. With 1, no thread is started.
    pub threads: NonZeroUsize,
    /// The size of a segment, in bytes. Memory is bounded by a small multiple of this and of `threads`.
    pub segment: NonZeroUsize,
}

impl Options {
    /// 256 KiB: a quarter of a pipe's capacity, and small enough that a segment is still in the core's cache when it is
    /// masked and written.
    pub const SEGMENT: NonZeroUsize = NonZeroUsize::new(256 * 1024).expect("not zero");
}

impl Default for Options {
    /// As many threads as the machine runs in parallel.
    fn default() -> Options {
        Options {
            threads: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            segment: Options::SEGMENT,
        }
    }
}

/// Redacts sources one after another.
pub struct Pipeline<S: Scan> {
    threads: usize,
    cutter: Cutter,
    /// The true state of the scan, up to the last byte written.
    carry: Carry<S>,
    pieces: Pieces,
    /// Started when input first arrives faster than one thread scans it.
    pool: Option<Pool<S>>,
    counters: Option<Arc<Counters>>,
    control: Option<Control>,
    reload: Option<Reload<S>>,
    /// A change of rules was requested, and waits for the end of a line.
    reload_due: bool,
}

/// Returns a scan by new rules at the start of an input, or `None` if the new rules are invalid.
type Reload<S> = Box<dyn FnMut() -> Option<Carry<S>>>;

impl Pipeline<Scanner> {
    /// A pipeline that redacts by `rules`.
    pub fn new(rules: &Ruleset, options: Options) -> Pipeline<Scanner> {
        Pipeline::with_scanner(Scanner::new(rules), options)
    }

    /// A pipeline that redacts by `rules`, with the replacements of `styles`.
    pub fn styled(rules: &Ruleset, styles: &Styles, options: Options) -> Pipeline<Scanner> {
        let carry = Carry::for_rules(rules).with_masker(Masker::styled(rules, styles));
        Pipeline::with_carry(carry, options)
    }
}

impl<S: Scan> Pipeline<S> {
    /// A pipeline that redacts what `scanner` finds. `scanner` has to be at the start of an input.
    pub fn with_scanner(scanner: S, options: Options) -> Pipeline<S> {
        Pipeline::with_carry(Carry::new(scanner), options)
    }

    fn with_carry(carry: Carry<S>, options: Options) -> Pipeline<S> {
        Pipeline {
            threads: options.threads.get(),
            cutter: Cutter::new(options.segment.get()),
            carry,
            pieces: Pieces::default(),
            pool: None,
            counters: None,
            control: None,
            reload: None,
            reload_due: false,
        }
    }

    /// The same pipeline, controlled by `control`.
    ///
    /// When asked to stop, it reads what a stream has by then, ends it there, and returns. It stops any other input
    /// immediately, with [`Error::Stopped`].
    pub fn controlled_by(mut self, control: Control) -> Pipeline<S> {
        self.cutter.set_control(control.clone());
        self.control = Some(control);
        self
    }

    /// The same pipeline. When its control asks for new rules, it continues with the scan that `reload` returns, if
    /// any. The change happens at the next line end where nothing is carried over, so that no secret is scanned partly
    /// by the old and partly by the new rules.
    pub fn reloading(mut self, reload: impl FnMut() -> Option<Carry<S>> + 'static) -> Pipeline<S> {
        self.reload = Some(Box::new(reload));
        self
    }

    /// The same pipeline, which counts its output in `counters`.
    pub fn counting(mut self, counters: Arc<Counters>) -> Pipeline<S> {
        self.counters = Some(counters);
        self
    }

    /// Counts what was written. A segment that was scanned twice is counted once.
    fn count(&self, pieces: &Pieces) {
        if let Some(counters) = &self.counters {
            counters.add(pieces);
        }
    }

    /// Redacts `source` to its end into `sink`. Nothing is carried from one source to the next.
    ///
    /// # Errors
    ///
    /// After [`Error::NotText`], [`Error::Read`] and [`Error::Stopped`], what was read and decided is written,
    /// undecided bytes are dropped, and another source can be run. After any other error the pipeline has to be
    /// dropped.
    ///
    /// # Panics
    ///
    /// If the scanner panics, now or in an earlier call. Nothing is written that was not scanned.
    pub fn run<I: Input, O: Output>(
        &mut self,
        source: &mut Source<I>,
        sink: &mut Sink<O>,
    ) -> Result<(), Error> {
        let ended = loop {
            // 1. Read as long as that cannot block. Block only when everything that was read has been written.
            let idle = self.in_flight() == 0 && self.cutter.is_empty();
            let filled = self.cutter.fill(&mut source.input, idle);
            sink.encode(source.input.utf16())?;
            match filled {
                Ok(Fill::Full) => {
                    let segment = self.cutter.cut();
                    self.scan(segment, sink)?;
                }
                // 2. Before blocking, write what is in flight, one segment at a time, because more input may arrive
                //    in between ...
                Ok(Fill::Dry) if self.in_flight() > 0 => self.collect(sink)?,
                // ... and then the bytes that do not fill a segment.
                Ok(Fill::Dry) => {
                    let segment = self.cutter.take();
                    self.scan_here(segment.bytes, sink)?;
                }
                // A request is handled with the next bytes, or here if there are none.
                Ok(Fill::Woken) => self.scan_here(Bytes::new(), sink)?,
                Ok(Fill::End) => break Ok(()),
                Ok(Fill::Stopped) => break Err(Error::Stopped),
                Err(error) => break Err(Error::read(source.name.clone(), error)),
            }
        };

        // 3. Write the rest of what was read.
        self.drain(sink)?;
        if !self.cutter.is_empty() {
            let segment = self.cutter.take();
            self.scan_here(segment.bytes, sink)?;
        }
        self.cutter.restart();

        // 4. The end of the input decides the undecided bytes; an error must not.
        match ended {
            Ok(()) => {
                self.pieces.begin(Default::default());
                self.carry.finish(&mut self.pieces);
                sink.write(&self.pieces)?;
                self.count(&self.pieces);
                sink.encode(None)
            }
            Err(error) => {
                self.carry.reset();
                sink.encode(None)?;
                Err(error)
            }
        }
    }

    fn in_flight(&self) -> usize {
        self.pool.as_ref().map_or(0, Pool::in_flight)
    }

    /// Scans a full segment: in the pool if it may start fresh, else in this thread.
    fn scan<O: Output>(&mut self, segment: Segment, sink: &mut Sink<O>) -> Result<(), Error> {
        let hopeful = segment.starts_line && (self.in_flight() > 0 || self.carry.is_fresh());
        if self.is_reload_due() || !hopeful || !self.has_pool() {
            self.drain(sink)?;
            return self.scan_here(segment.bytes, sink);
        }
        while self.pool.as_ref().is_some_and(Pool::is_full) {
            self.collect(sink)?;
        }
        if let Some(pool) = &mut self.pool {
            pool.submit(segment.bytes, self.carry.header());
        }
        Ok(())
    }

    /// Starts the pool if there should be one. If the system cannot start a thread, the run continues without it.
    fn has_pool(&mut self) -> bool {
        if self.pool.is_none() && self.threads > 1 {
            let mut fresh = self.carry.clone();
            fresh.reset();
            match Pool::start(self.threads, fresh) {
                Ok(pool) => self.pool = Some(pool),
                Err(_) => self.threads = 1,
            }
        }
        self.pool.is_some()
    }

    /// Scans bytes from the true state and writes them. No segment may be in flight.
    fn scan_here<O: Output>(&mut self, bytes: Bytes, sink: &mut Sink<O>) -> Result<(), Error> {
        debug_assert_eq!(self.in_flight(), 0, "a segment overtook those before it");
        let mut rest = bytes;
        // Line by line, because the rules can change only where the scan carries nothing.
        while self.is_reload_due() {
            if self.carry.is_fresh() {
                self.change_rules();
                break;
            }
            let Some(newline) = memchr::memchr(b'\n', &rest) else { break };
            self.push(rest.split_to(newline + 1), sink)?;
        }
        if rest.is_empty() { Ok(()) } else { self.push(rest, sink) }
    }

    fn push<O: Output>(&mut self, bytes: Bytes, sink: &mut Sink<O>) -> Result<(), Error> {
        self.pieces.begin(bytes.clone());
        self.carry.push(&bytes, &mut self.pieces);
        let written = sink.write(&self.pieces);
        self.count(&self.pieces);
        // Releases the segment, so that its buffer can be reused.
        self.pieces.begin(Default::default());
        written
    }

    fn is_reload_due(&mut self) -> bool {
        if self.control.as_ref().is_some_and(Control::take_reload) {
            self.reload_due = self.reload.is_some();
        }
        self.reload_due
    }

    /// Continues with the new rules, if they are valid.
    fn change_rules(&mut self) {
        self.reload_due = false;
        let Some(mut carry) = self.reload.as_mut().and_then(|reload| reload()) else { return };
        carry.restart(self.carry.header().as_ref());
        carry.reread();
        self.carry = carry;
        // The workers have the old rules.
        self.pool = None;
    }

    /// Writes all segments in flight.
    fn drain<O: Output>(&mut self, sink: &mut Sink<O>) -> Result<(), Error> {
        while self.in_flight() > 0 {
            self.collect(sink)?;
        }
        Ok(())
    }

    /// Writes the oldest segment in flight. It is scanned again if it did not start fresh.
    fn collect<O: Output>(&mut self, sink: &mut Sink<O>) -> Result<(), Error> {
        let Some(pool) = &mut self.pool else { return Ok(()) };
        let mut scanned = match pool.collect() {
            None => return Ok(()),
            Some(Err(WorkerPanicked)) => return Err(Error::WorkerLost),
            Some(Ok(scanned)) => scanned,
        };
        if self.carry.is_fresh() && self.carry.header() == scanned.header {
            std::mem::swap(&mut self.carry, &mut scanned.carry);
        } else {
            // The worker's assumption was wrong. Only its time is lost.
            let segment = scanned.pieces.segment().clone();
            scanned.pieces.begin(segment.clone());
            self.carry.push(&segment, &mut scanned.pieces);
        }
        let written = sink.write(&scanned.pieces);
        self.count(&scanned.pieces);
        if let Some(pool) = &mut self.pool {
            pool.reuse(scanned);
        }
        written
    }
}
