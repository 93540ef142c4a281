//! The incremental scanner: a window in, spans and the number of settled bytes out.
//!
//! [`scanner`] has the loop and the search for anchors, `enter` what begins at one, `reading` the values while they last,
//! `element` the way through open containers (`stack`), `block` the lines of a PEM block, `overlay` the known
//! values, and `due` what a line's shape or a rule of the user's makes certain (`scheduled`).

mod block;
#[cfg(test)]
mod cost;
mod due;
mod element;
mod enter;
mod overlay;
mod plain;
mod reading;
pub(crate) mod scanner;
mod scheduled;
mod stack;
