//! Rules that are not built in.

/// A rule of the user's own: keywords that the scan looks for, and a pattern that finds the secret around one of them.
///
/// [`Builder::custom`](crate::Builder::custom) takes it.
#[derive(Clone, Debug)]
pub struct CustomRule {
    /// The name it is counted by.
    pub name: String,
    /// What it finds, in one line.
    pub summary: String,
    /// What the text of a match has in it, in any case; each at least three bytes.
    pub keywords: Vec<String>,
    /// A pattern whose group `secret` is what goes.
    pub pattern: String,
    /// Lines it redacts, `«` and `»` around each secret.
    pub examples: Vec<String>,
    /// Lines it leaves as they are.
    pub counter_examples: Vec<String>,
}
