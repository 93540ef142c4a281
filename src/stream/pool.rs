//! Workers that scan segments ahead of their turn, with their results in order.
//!
//! A worker assumes that its segment starts fresh. Whether it did is for the collector to say, in
//! [`pipeline`](crate::stream::pipeline); this module only keeps the order and the bounds. It does no I/O.

use std::collections::VecDeque;
use std::io;
use std::thread::{self, JoinHandle};

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender};

use crate::redact::carry::{Carry, Scan};
use crate::redact::sheet::Pieces;

/// How many segments may be in flight beyond one a worker: the next ones to start on while the I/O thread writes.
const AHEAD: usize = 2;

/// A segment that was scanned as if it were the start of an input.
pub(crate) struct Scanned<S> {
    /// What it becomes if that was right.
    pub(crate) pieces: Pieces,
    /// The scan's state at its end if that was right.
    pub(crate) carry: Carry<S>,
}

struct Job<S> {
    segment: Bytes,
    /// To be filled in: allocations go round rather than being made anew.
    blank: Scanned<S>,
    /// Dropped unsent if the worker panics, which is how the collector learns of it.
    reply: Sender<Scanned<S>>,
}

/// A bounded pool of scanning threads.
pub(crate) struct Pool<S> {
    /// `None` only while dropping: without a sender the workers end.
    jobs: Option<Sender<Job<S>>>,
    /// The jobs' other end, for workers started later.
    queue: Receiver<Job<S>>,
    workers: Vec<JoinHandle<()>>,
    limit: usize,
    /// One receiver a job in flight, oldest first: waiting for the first of them is what keeps the order.
    order: VecDeque<Receiver<Scanned<S>>>,
    blanks: Vec<Scanned<S>>,
    fresh: Carry<S>,
}

/// The error of a pool whose worker panicked.
#[derive(Debug)]
pub(crate) struct Lost;

impl<S: Scan> Pool<S> {
    /// Starts a pool of at most `limit` workers, each of which begins as `fresh`. The first starts now, others when
    /// there is work that waits.
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
        pool.hire()?;
        Ok(pool)
    }

    fn hire(&mut self) -> io::Result<()> {
        let queue = self.queue.clone();
        let work = move || {
            for Job { segment, mut blank, reply } in queue {
                blank.carry.reset();
                blank.pieces.begin(segment.clone());
                blank.carry.push(&segment, &mut blank.pieces);
                // Nobody waits for it once the run has failed.
                let _ = reply.send(blank);
            }
        };
        self.workers.push(thread::Builder::new().name("scan".to_owned()).spawn(work)?);
        Ok(())
    }

    /// How many segments are in flight.
    pub(crate) fn in_flight(&self) -> usize {
        self.order.len()
    }

    /// Whether the oldest segment has to be collected before another can be submitted.
    pub(crate) fn is_full(&self) -> bool {
        self.in_flight() >= self.limit.saturating_add(AHEAD)
    }

    /// Hands a segment over. The pool must not be full.
    pub(crate) fn submit(&mut self, segment: Bytes) {
        // A job that still waits means that the workers there are do not keep up.
        if !self.queue.is_empty() && self.workers.len() < self.limit && self.hire().is_err() {
            self.limit = self.workers.len();
        }
        let (reply, result) = crossbeam_channel::bounded(1);
        let blank = self
            .blanks
            .pop()
            .unwrap_or_else(|| Scanned { pieces: Pieces::default(), carry: self.fresh.clone() });
        let jobs = self.jobs.as_ref().expect("only dropping takes the sender");
        jobs.send(Job { segment, blank, reply }).expect("the pool itself keeps a receiver");
        self.order.push_back(result);
    }

    /// Waits for the oldest segment in flight; `None` if there is none.
    ///
    /// It cannot wait forever. Jobs are taken up in the order they are collected in, so the oldest is done, or with a
    /// worker, or its worker panicked; if none is left to take it up, an older one has been reported as lost.
    pub(crate) fn collect(&mut self) -> Option<Result<Scanned<S>, Lost>> {
        let result = self.order.pop_front()?;
        Some(result.recv().map_err(|_| Lost))
    }

    /// Takes a result back once it has been used.
    pub(crate) fn reuse(&mut self, mut used: Scanned<S>) {
        // Lets go of the segment, whose buffer can then be read into.
        used.pieces.begin(Bytes::new());
        self.blanks.push(used);
    }
}

impl<S> Drop for Pool<S> {
    fn drop(&mut self) {
        drop(self.jobs.take());
        for worker in self.workers.drain(..) {
            // A panic was reported when its result was collected, or nobody needed the result.
            let _ = worker.join();
        }
    }
}
