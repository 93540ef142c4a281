//! Joins a source, the scan and a sink.
//!
//! One thread does all reading and writing. Before a read that could block it writes all that it can, so a line that
//! arrives alone leaves at once. Segments go to the pool only while the input arrives faster than it is
//! scanned here.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use crate::carry::{Carry, Scan};
use crate::error::Error;
use crate::mask::{Masker, Pieces};
use crate::pool::{Lost, Pool};
use crate::rules::Ruleset;
use crate::scan::Scanner;
use crate::sink::{Output, Sink};
use crate::source::{Cutter, Fill, Input, Segment, Source};
use crate::stats::Counters;
use crate::style::Styles;

/// How a run is carried out. None of it changes the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The most threads that scan. With one, no thread is started.
    pub threads: NonZeroUsize,
    /// The most bytes of a segment. Memory is bounded by a small multiple of this and `threads`.
    pub segment: NonZeroUsize,
}

impl Options {
    /// 256 KiB: a quarter of a pipe, and it is still in a core's cache when it is masked and written.
    pub const SEGMENT: NonZeroUsize = NonZeroUsize::new(256 * 1024).expect("not zero");
}

impl Default for Options {
    /// As many threads as the machine runs at once.
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
    /// Started when the input first saturates.
    pool: Option<Pool<S>>,
    counters: Option<Arc<Counters>>,
}

impl Pipeline<Scanner> {
    /// A pipeline that redacts by `rules`.
    pub fn new(rules: &Ruleset, options: Options) -> Pipeline<Scanner> {
        Pipeline::with_scanner(Scanner::new(rules), options)
    }

    /// A pipeline that redacts by `rules` and writes what `styles` say.
    pub fn styled(rules: &Ruleset, styles: &Styles, options: Options) -> Pipeline<Scanner> {
        let carry = Carry::for_rules(rules).with_masker(Masker::styled(rules, styles));
        Pipeline::with_carry(carry, options)
    }
}

impl<S: Scan> Pipeline<S> {
    /// A pipeline that redacts what `scanner`, which is at the start of an input, finds.
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
        }
    }

    /// The same pipeline; what it writes is counted in `counters`.
    pub fn counting(mut self, counters: Arc<Counters>) -> Pipeline<S> {
        self.counters = Some(counters);
        self
    }

    /// Counts what was written. A segment that was scanned twice is counted once, here.
    fn count(&self, pieces: &Pieces) {
        if let Some(counters) = &self.counters {
            counters.add(pieces);
        }
    }

    /// Redacts `source` to its end into `sink`. Nothing is carried from one source to the next.
    ///
    /// # Errors
    ///
    /// After [`Error::Read`], what was read and decided is written, what was undecided is dropped, and another source
    /// can be run. After any other error the pipeline has to be dropped.
    ///
    /// # Panics
    ///
    /// If the scanner does, here or at an earlier call. Nothing that was not scanned has been written.
    pub fn run<I: Input, O: Output>(
        &mut self,
        source: &mut Source<I>,
        sink: &mut Sink<O>,
    ) -> Result<(), Error> {
        let ended = loop {
            // 1. Read as long as that cannot block; wait for input only when all that was read is written.
            let idle = self.in_flight() == 0 && self.cutter.is_empty();
            match self.cutter.fill(&mut source.input, idle) {
                Ok(Fill::Full) => {
                    let segment = self.cutter.cut();
                    self.scan(segment, sink)?;
                }
                // 2. About to block: write what is in flight, one at a time, as input may come in between ...
                Ok(Fill::Dry) if self.in_flight() > 0 => self.collect(sink)?,
                // ... and then the bytes that do not fill a segment.
                Ok(Fill::Dry) => {
                    let segment = self.cutter.take();
                    self.scan_here(&segment, sink)?;
                }
                Ok(Fill::End) => break Ok(()),
                Err(error) => break Err(error),
            }
        };

        // 3. The last of what was read.
        self.drain(sink)?;
        if !self.cutter.is_empty() {
            let segment = self.cutter.take();
            self.scan_here(&segment, sink)?;
        }
        self.cutter.restart();

        // 4. The end decides on what is undecided; a failure must not.
        match ended {
            Ok(()) => {
                self.pieces.begin(Default::default());
                self.carry.finish(&mut self.pieces);
                sink.write(&self.pieces)?;
                self.count(&self.pieces);
                Ok(())
            }
            Err(error) => {
                self.carry.reset();
                Err(Error::Read { name: source.name.clone(), source: error })
            }
        }
    }

    fn in_flight(&self) -> usize {
        self.pool.as_ref().map_or(0, Pool::in_flight)
    }

    /// Scans a full segment: ahead of its turn if it can be hoped to start fresh, else here.
    fn scan<O: Output>(&mut self, segment: Segment, sink: &mut Sink<O>) -> Result<(), Error> {
        let hopeful = segment.starts_line && (self.in_flight() > 0 || self.carry.is_fresh());
        if !hopeful || !self.has_pool() {
            self.drain(sink)?;
            return self.scan_here(&segment, sink);
        }
        while self.pool.as_ref().is_some_and(Pool::is_full) {
            self.collect(sink)?;
        }
        if let Some(pool) = &mut self.pool {
            pool.submit(segment.bytes);
        }
        Ok(())
    }

    /// Starts the pool if there should be one. If the system has no thread to give, the run goes on without.
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

    /// Scans a segment from the true state and writes it. Nothing may be in flight.
    fn scan_here<O: Output>(&mut self, segment: &Segment, sink: &mut Sink<O>) -> Result<(), Error> {
        debug_assert_eq!(self.in_flight(), 0, "a segment overtook those before it");
        self.pieces.begin(segment.bytes.clone());
        self.carry.push(&segment.bytes, &mut self.pieces);
        let written = sink.write(&self.pieces);
        self.count(&self.pieces);
        // Lets go of the segment, whose buffer can then be read into.
        self.pieces.begin(Default::default());
        written
    }

    /// Writes everything in flight.
    fn drain<O: Output>(&mut self, sink: &mut Sink<O>) -> Result<(), Error> {
        while self.in_flight() > 0 {
            self.collect(sink)?;
        }
        Ok(())
    }

    /// Writes the oldest segment in flight, after another scan if it did not start fresh.
    fn collect<O: Output>(&mut self, sink: &mut Sink<O>) -> Result<(), Error> {
        let Some(pool) = &mut self.pool else { return Ok(()) };
        let mut scanned = match pool.collect() {
            None => return Ok(()),
            Some(Err(Lost)) => return Err(Error::WorkerLost),
            Some(Ok(scanned)) => scanned,
        };
        if self.carry.is_fresh() {
            std::mem::swap(&mut self.carry, &mut scanned.carry);
        } else {
            // The worker's assumption was wrong, which costs time and nothing else.
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
