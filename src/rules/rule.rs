//! A rule as people see it.

use std::borrow::Cow;

/// A rule as it is shown to people.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The name it is chosen and counted by.
    pub name: Cow<'static, str>,
    /// What it finds, in one line.
    pub summary: Cow<'static, str>,
    /// Lines it redacts, `«` and `»` around each secret.
    pub examples: Vec<Cow<'static, str>>,
    /// Lines it leaves as they are.
    pub counter_examples: Vec<Cow<'static, str>>,
}

/// The form of a self-identifying token, which the rule `provider` finds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TokenForm {
    /// Who issues such tokens.
    pub provider: &'static str,
    /// What the token is called there.
    pub name: &'static str,
    /// A line with one, `«` and `»` around the token.
    pub example: &'static str,
    /// Where the form is documented.
    pub origin: &'static str,
}
