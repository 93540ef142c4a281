//! Values that the user gave, found as they are and as programs write them.
//!
//! They are looked for beside the rules and not by them: whatever a rule makes of the text around it, a known value goes,
//! also where it starts in the middle of another secret or runs on behind its end. Two that overlap become one.
//!
//! A [search](search) for the first bytes of the values, as each encoding writes them, finds the places where one may
//! start. There the text is decoded, by each encoding at once, and compared with a [sorted set](set) of the values and
//! of their base64. So what is kept of a value does not depend on how many ways there are to write it.

mod encoding;
mod heads;
mod search;
mod set;
mod values;

pub use values::Unfit;
pub(crate) use values::{Known, Labels, MIN};
