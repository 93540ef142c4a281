//! Counts the characters that are read. The tests use the count as the cost of a scan, because it is the same on every
//! run.

#[cfg(test)]
thread_local!(static READS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });

/// Counts one character. Outside of the tests it does nothing.
#[inline(always)]
pub(crate) fn count() {
    #[cfg(test)]
    READS.with(|reads| reads.set(reads.get() + 1));
}

/// The number of characters since the last call.
#[cfg(test)]
pub(crate) fn take() -> u64 {
    READS.with(|reads| reads.take())
}
