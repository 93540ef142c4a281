//! The numbers of the built-in rules in the grammar.

use crate::span::RuleId;

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
/// Not built in: the rules for keys and for values that the user gave. The custom rules follow.
pub(crate) const KEY: RuleId = RuleId(10);
pub(crate) const KNOWN: RuleId = RuleId(11);
pub(crate) const CUSTOM: RuleId = RuleId(12);
