//! The incremental scanner.

mod promise;
pub(crate) mod scanner;
mod stack;
