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
/// Personal data, which is not a credential.
pub(crate) const EMAIL: RuleId = RuleId(10);
pub(crate) const CARD: RuleId = RuleId(11);
pub(crate) const IBAN: RuleId = RuleId(12);
pub(crate) const SSN: RuleId = RuleId(13);
pub(crate) const IP: RuleId = RuleId(14);
pub(crate) const PHONE: RuleId = RuleId(15);
/// Not built in: there is one for the keys and one for the values that the user gave, and then
/// come the custom rules.
pub(crate) const KEY: RuleId = RuleId(16);
pub(crate) const KNOWN: RuleId = RuleId(17);
pub(crate) const CUSTOM: RuleId = RuleId(18);
