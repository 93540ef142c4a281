//! What a [`recogniser`](super::recogniser) needs to know about a pattern that has been checked.

use std::ops::Range;

use regex_automata::Input;
use regex_automata::meta::Regex;
use regex_automata::util::primitives::NonMaxUsize;
use regex_syntax::hir::Hir;

/// A set of bytes.
pub(crate) type Bytes = Box<[bool; 256]>;

/// The memory limit of a pattern's automaton, in bytes.
const AUTOMATON_MAX: usize = 4 << 20;

/// No pattern has more groups than this, because all groups except the secret are removed.
const SLOTS: usize = 4;

/// Compiles a pattern. `None` if its automaton is too large.
pub(crate) fn compile(hir: &Hir) -> Option<Regex> {
    let config = Regex::config()
        .utf8_empty(false)
        // The search begins where a keyword was found.
        .auto_prefilter(false)
        .nfa_size_limit(Some(AUTOMATON_MAX))
        .hybrid_cache_capacity(256 * 1024);
    Regex::builder().configure(config).build_from_hir(hir).ok()
}

/// The first match of `regex`, and its group with this number.
pub(crate) fn search(
    regex: &Regex,
    group: usize,
    input: &Input,
) -> Option<(Range<usize>, Range<usize>)> {
    let mut slots: [Option<NonMaxUsize>; SLOTS] = [None; SLOTS];
    regex.search_slots(input, &mut slots);
    let place = |k: usize| slots[k].map(NonMaxUsize::get);
    Some((place(0)?..place(1)?, place(2 * group)?..place(2 * group + 1)?))
}

/// A checked pattern, split into the parts that a scan needs.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The pattern without the tail of an unbounded secret. Each match has one group, `secret`.
    pub(crate) regex: Regex,
    /// What the scan searches for, in any case.
    pub(crate) keywords: Vec<String>,
    /// The bytes with which an unbounded secret continues after the match.
    pub(crate) tail: Option<Bytes>,
    /// The most bytes from the start of a match to the keyword that it was found by.
    pub before: usize,
    /// The most bytes that have to match before the whole pattern is certain to match.
    pub longest: usize,
}
