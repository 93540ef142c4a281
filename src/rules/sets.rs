//! The sets of rules that most programs want.

use super::build::Builder;
use super::built_in::{BUILT_IN, SETS};
use super::rule::TokenForm;
use super::ruleset::Ruleset;
use crate::grammar::credential::form;

impl Ruleset {
    /// The `default` set: `bearer`, `jwt`, `cookie`, `authorization`, `oauth`.
    pub fn standard() -> Ruleset {
        Builder::default().build().expect("the default set is consistent")
    }

    /// Every rule that finds credentials: the set `all`.
    pub fn all() -> Ruleset {
        Builder::default()
            .select("all")
            .expect("the set has a name")
            .build()
            .expect("the rules of the set are consistent")
    }

    /// Every built-in rule: the sets `all` and `pii`.
    pub fn every() -> Ruleset {
        Builder::default()
            .select("all,pii")
            .expect("the sets have these names")
            .build()
            .expect("the rules of the sets are consistent")
    }

    /// A builder, which starts as the `default` set.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The `default` set without the SIMD search, as on machines that do not have it, and without the straight loops
    /// for plain text. It finds the same secrets, more slowly.
    pub fn portable() -> Ruleset {
        Builder::default().portable().build().expect("the default set is consistent")
    }

    /// The token forms that the rule called `name` finds, sorted by provider and name. Only `provider` has any.
    pub fn forms_of(name: &str) -> impl Iterator<Item = TokenForm> {
        let forms = if name == "provider" { form::forms() } else { &[] };
        forms.iter().map(|form| {
            let (provider, name) = form.title();
            TokenForm { provider, name, example: form.example(), origin: form.origin() }
        })
    }

    /// The names of the sets that contain the built-in rule called `name`.
    pub fn sets_of(name: &str) -> impl Iterator<Item = &'static str> {
        let rule = BUILT_IN.iter().find(|rule| rule.name == name);
        SETS.into_iter().filter(move |set| rule.is_some_and(|rule| rule.is_in(set)))
    }

    /// Whether `name` is the name of a set.
    pub(crate) fn is_set(name: &str) -> bool {
        SETS.contains(&name)
    }
}
