//! Workers that scan segments ahead of their turn. Results are returned in order.
//!
//! A worker assumes that its segment starts fresh, and that the log's header is the last one that was collected. The
//! collector, in [`pipeline`](crate::stream::pipeline), checks that assumption; this module only keeps the order and the
//! bounds. It does no I/O.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender};

use crate::redact::carry::{Carry, Scan};
use crate::redact::destination::Pieces;
use crate::rules::heading::Header;

/// How many segments may be in flight beyond one per worker, so that workers have the next ones to start on while the
/// I/O thread writes.
const AHEAD: usize = 2;

/// A segment that was scanned as if it were the start of an input.
pub(crate) struct Scanned<S> {
    /// The header that was assumed.
    pub(crate) header: Option<Arc<Header>>,
    /// Its output, if the assumption was right.
    pub(crate) pieces: Pieces,
    /// The state of the scan at its end, if the assumption was right.
    pub(crate) carry: Carry<S>,
}

struct Job<S> {
    segment: Bytes,
    /// To be filled in. Its allocations are reused.
    blank: Scanned<S>,
    /// If the worker panics, this is dropped without a message, which tells the collector.
    reply: Sender<Scanned<S>>,
}

/// A bounded pool of scanning threads.
pub(crate) struct Pool<S> {
    /// `None` only during drop. Without a sender the workers end.
    jobs: Option<Sender<Job<S>>>,
    /// The other end of `jobs`, for workers that are started later.
    queue: Receiver<Job<S>>,
    workers: Vec<JoinHandle<()>>,
    limit: usize,
    /// One receiver per job in flight, oldest first. The collector waits for the first one, which keeps the order.
    order: VecDeque<Receiver<Scanned<S>>>,
    blanks: Vec<Scanned<S>>,
    fresh: Carry<S>,
}

/// The error of a pool whose worker panicked.
#[derive(Debug)]
pub(crate) struct WorkerPanicked;

impl<S: Scan> Pool<S> {
    /// Starts a pool of at most `limit` workers, each with a copy of `fresh`. The first starts now, the others when
    /// there is work for them.
    pub(crate) fn start(limit: usize, fresh: Carry<S>) -> io::Result<Pool<S>> {
        let (jobs, queue) = crossbeam_channel::bounded(limit.saturating_add(AHEAD));
        let mut pool = Pool {
            jobs: Some(jobs),
            queue,
            workers: Vec::new(),
            limit,
            order: VecDeque::new(),
            blanks: Vec::new(),
            fresh,
        };
        pool.start_worker()?;
        Ok(pool)
    }

    fn start_worker(&mut self) -> io::Result<()> {
        let queue = self.queue.clone();
        let work = move || {
            for Job { segment, mut blank, reply } in queue {
                blank.carry.restart(blank.header.as_ref());
                blank.pieces.begin(segment.clone());
                blank.carry.push(&segment, &mut blank.pieces);
                // After a failed run, nobody waits for the reply.
                let _ = reply.send(blank);
            }
        };
        self.workers.push(thread::Builder::new().name("scan".to_owned()).spawn(work)?);
        Ok(())
    }

    /// The number of segments in flight.
    pub(crate) fn in_flight(&self) -> usize {
        self.order.len()
    }

    /// Whether the oldest segment has to be collected before another can be submitted.
    pub(crate) fn is_full(&self) -> bool {
        self.in_flight() >= self.limit.saturating_add(AHEAD)
    }

    /// Submits a segment, to be scanned on the assumption that `header` describes its first line. The pool must not be
    /// full.
    pub(crate) fn submit(&mut self, segment: Bytes, header: Option<Arc<Header>>) {
        // A waiting job means that the workers do not keep up.
        if !self.queue.is_empty() && self.workers.len() < self.limit && self.start_worker().is_err()
        {
            self.limit = self.workers.len();
        }
        let (reply, result) = crossbeam_channel::bounded(1);
        let mut blank = self.blanks.pop().unwrap_or_else(|| Scanned {
            header: None,
            pieces: Pieces::default(),
            carry: self.fresh.clone(),
        });
        blank.header = header;
        let jobs = self.jobs.as_ref().expect("only dropping takes the sender");
        jobs.send(Job { segment, blank, reply }).expect("the pool itself keeps a receiver");
        self.order.push_back(result);
    }

    /// Waits for the oldest segment in flight; `None` if there is none.
    ///
    /// It cannot wait forever. Jobs are taken up in the order in which they are collected. So the oldest job is done,
    /// or being worked on, or its worker panicked. If no worker is left to take it up, an older one has been reported
    /// as lost.
    pub(crate) fn collect(&mut self) -> Option<Result<Scanned<S>, WorkerPanicked>> {
        let result = self.order.pop_front()?;
        Some(result.recv().map_err(|_| WorkerPanicked))
    }

    /// Takes a result back after use.
    pub(crate) fn reuse(&mut self, mut used: Scanned<S>) {
        // Releases the segment, so that its buffer can be reused.
        used.pieces.begin(Bytes::new());
        self.blanks.push(used);
    }
}

impl<S> Drop for Pool<S> {
    fn drop(&mut self) {
        drop(self.jobs.take());
        for worker in self.workers.drain(..) {
            // A panic was reported when its result was collected, or its result was not needed.
            let _ = worker.join();
        }
    }
}
