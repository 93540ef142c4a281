//! How many characters have been looked at, which the tests take for the cost of a scan: it is the same in every run.

#[cfg(test)]
thread_local!(static READS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });

/// Takes note of one character. Outside of the tests it does nothing.
#[inline(always)]
pub(super) fn note() {
    #[cfg(test)]
    READS.with(|reads| reads.set(reads.get() + 1));
}

/// The number of them since this was asked last.
#[cfg(test)]
pub(crate) fn take() -> u64 {
    READS.with(|reads| reads.take())
}
