//! The incremental scanner: a window in, spans and the number of settled bytes out.
//!
//! [`scanner`] contains the loop and the search for anchors. `enter` reads what begins at an anchor, `reading` values
//! while they last, and `element` the elements of open containers (`stack`); those of tables are in `columns`. `block` reads the lines of a PEM block.
//! `overlay` adds the known values. `due` starts fields of line formats and scheduled secrets (`scheduled`).

mod block;
mod columns;
#[cfg(test)]
mod cost;
mod due;
mod element;
mod enter;
mod opening;
mod overlay;
mod plain;
mod reading;
pub(crate) mod scanner;
mod scheduled;
mod stack;
