//! The incremental scanner: a window in, spans and the number of settled bytes out.
//!
//! | file | contents |
//! |---|---|
//! | [`scanner`] | the loop, its modes, and the search for anchors |
//! | `enter` | what begins at an anchor |
//! | `reading` | values, over as many windows as they last |
//! | `stack`, `element`, `columns` | the open containers, and their elements; those of tables |
//! | `plain`, `opening` | the straight loops for text without escapes |
//! | `block` | the lines of a PEM block |
//! | `fixed`, `scheduled` | secrets that start at a known position: fields of line formats, secrets found earlier |
//! | `overlay` | known values, personal data and independent custom rules, merged with the rest |

mod block;
mod columns;
#[cfg(test)]
mod cost;
mod element;
mod enter;
mod fixed;
mod opening;
mod overlay;
mod plain;
mod reading;
pub(crate) mod scanner;
mod scheduled;
mod stack;
