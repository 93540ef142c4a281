//! Fields of a line format whose values are secret, and how the values are read.

use crate::span::RuleId;

/// How the value of a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reading {
    /// As the value of a `Cookie` header.
    Cookies,
    /// As the value of a `Set-Cookie` header.
    SetCookie,
    /// As the value of an `Authorization` header.
    Authorization,
    /// The whole value is the secret.
    Whole,
}

impl Reading {
    /// Whether the value has several secrets, separated by semicolons.
    pub(super) fn is_divided(self) -> bool {
        matches!(self, Reading::Cookies | Reading::SetCookie)
    }
}

/// A field of a line format whose value is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretField {
    /// The name of the rule that it belongs to.
    pub rule: String,
    /// How its value is read.
    pub reading: Reading,
    /// The index of that rule among the selected rules, once it is known.
    pub(crate) place: Option<RuleId>,
}
