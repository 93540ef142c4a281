//! Known values: values that the user gave, found as they are and in the encodings that programs use.
//!
//! They are searched for independently of the rules. A known value is redacted whatever a rule does with the text
//! around it, also where it starts in the middle of another secret or ends after it. Two that overlap become one.
//!
//! A [search](search) for the first bytes of the values, in each encoding, finds the candidates. At a candidate the
//! text is decoded by all encodings at once, and compared with a [sorted set](set) of the values and of their base64.
//! So the size of the compiled values does not depend on the number of encodings.

mod encoding;
mod heads;
mod search;
mod set;
mod values;

#[cfg(feature = "config")]
pub(crate) use values::MIN;
pub use values::Unfit;
pub(crate) use values::{Known, Labels};
