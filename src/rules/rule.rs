//! Rules and token forms as users see them.

use std::borrow::Cow;

/// A rule as it is shown to people.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The name that selects the rule, and that labels and counts what it finds.
    pub name: Cow<'static, str>,
    /// What it finds, in one line.
    pub summary: Cow<'static, str>,
    /// Lines that it redacts, with `«` and `»` around each secret.
    pub examples: Vec<Cow<'static, str>>,
    /// Lines that it does not change.
    pub counter_examples: Vec<Cow<'static, str>>,
}

/// The form of a self-identifying token, which the rule `provider` finds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TokenForm {
    /// Who issues such tokens.
    pub provider: &'static str,
    /// The provider's name for the token.
    pub name: &'static str,
    /// A line with such a token, marked by `«` and `»`.
    pub example: &'static str,
    /// Where the form is documented.
    pub origin: &'static str,
}
