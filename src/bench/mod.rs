//! What redaction costs, for `blackbar bench`.

mod cost;
mod pipes;
pub mod sample;
pub mod speeds;
