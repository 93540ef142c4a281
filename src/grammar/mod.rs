//! What secrets look like: one file a credential kind, and the lexing they share.
//!
//! Every function here is a decision on a [`lex::Text`] that either is made from the bytes
//! it has seen, whatever comes after them, or fails with [`lex::More`]. That is what makes
//! the output independent of how the input was cut.

pub(crate) mod authorization;
pub(crate) mod barren;
pub(crate) mod bearer;
pub(crate) mod cookie;
pub(crate) mod head;
pub(crate) mod jar;
pub(crate) mod jwt;
pub(crate) mod key;
pub(crate) mod keyed;
pub(crate) mod lex;
pub(crate) mod params;
pub(crate) mod pem;
pub(crate) mod placeholder;
pub(crate) mod provider;
pub(crate) mod recogniser;
pub(crate) mod url;
pub(crate) mod value;
mod writing;

use crate::span::RuleId;
use key::{Class, Frame, Separator};
use lex::{Step, Text};
use value::Value;

pub(crate) const BEARER: RuleId = RuleId(0);
pub(crate) const JWT: RuleId = RuleId(1);
pub(crate) const COOKIE: RuleId = RuleId(2);
pub(crate) const AUTHORIZATION: RuleId = RuleId(3);
pub(crate) const OAUTH: RuleId = RuleId(4);
pub(crate) const PASSWORD: RuleId = RuleId(5);
pub(crate) const API_KEY: RuleId = RuleId(6);
pub(crate) const PROVIDER: RuleId = RuleId(7);
pub(crate) const URL_USERINFO: RuleId = RuleId(8);
pub(crate) const PRIVATE_KEY: RuleId = RuleId(9);
/// Not built in: there is one for the keys and one for the values that the user gave, and then
/// come the custom rules.
pub(crate) const KEY: RuleId = RuleId(10);
pub(crate) const KNOWN: RuleId = RuleId(11);
pub(crate) const CUSTOM: RuleId = RuleId(12);

/// A list whose items are `name=value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    /// Cookie-pairs of a request.
    Cookie,
    /// A cookie-pair of a response, then attributes.
    SetCookie,
    /// The parameters of an authorization scheme.
    Params,
}

/// Where in a list the scanner is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub kind: ListKind,
    pub frame: Frame,
    /// No item has been read: the first pair of `Set-Cookie` is a cookie, whatever its name.
    pub first: bool,
    pub rule: RuleId,
}

/// What a rule makes of the place it was entered at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    /// Nothing here; search on from the offset.
    Nothing(usize),
    /// A value from the offset on, perhaps the first of a list's.
    Value(usize, Value, Option<List>),
    /// A list from the offset on.
    List(usize, List),
    /// A list ends at the offset.
    Done(usize),
    /// A secret that was seen to its end, but for the tail of the recogniser of that number.
    Match { start: usize, end: usize, rule: RuleId, tail: Option<u16> },
}

/// A key's value at `at`.
pub(crate) fn begin(
    text: &Text,
    at: usize,
    class: Class,
    frame: Frame,
    separator: Separator,
    exact: bool,
) -> Step<Start> {
    match class {
        Class::Authorization => authorization::begin(text, at, frame, separator),
        Class::Cookie | Class::SetCookie => cookie::begin(text, at, class, frame, separator, exact),
        class if keyed::is_keyed(class) => keyed::begin(text, at, class, frame, separator),
        _ => params::begin(text, at, class, frame, separator),
    }
}
