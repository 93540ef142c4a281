//! The compiled rules: what the scanner looks for.

use std::sync::Arc;

use super::allowed::Allowed;
use super::groups::Groups;
use super::independent::Independent;
use super::keywords::Around;
use super::rule::Rule;
use crate::anchor::Anchors;
use crate::grammar::credential::keyed_names::Keyed;
use crate::grammar::credential::recogniser::Recogniser;
use crate::grammar::personal::search::{self, Wanted};
use crate::rules::format::LineFormat;
use crate::rules::heading::Heading;
use crate::rules::known::Known;
use crate::span::RuleId;

/// The most bytes that wait for a decision; see [`Ruleset::hold`].
const HOLD: usize = 16 * 1024;

/// A compiled set of rules, cheap to clone and shared by every scanner.
#[derive(Clone, Debug)]
pub struct Ruleset {
    pub(super) compiled: Arc<Compiled>,
}

#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) anchors: Anchors,
    /// The selected rules.
    pub(super) rules: Vec<Rule>,
    /// By the grammar's number of a rule: its index among the selected rules.
    pub(super) places: Vec<Option<RuleId>>,
    /// Line formats, for secrets without a key.
    pub(super) formats: Arc<[LineFormat]>,
    /// Headers by which logs name their fields.
    pub(super) headings: Arc<[Heading]>,
    pub(super) keyed: Keyed,
    pub(super) recognisers: Vec<Recogniser>,
    /// The recognisers that look around the same keyword, by group; see [`crate::anchor::Anchor::Group`].
    pub(super) groups: Groups,
    /// The anchors of keys that keywords of recognisers have in them, and the groups of these.
    pub(super) around: Vec<Around>,
    /// The most bytes before a keyword that wait for it; see [`Ruleset::waits`].
    pub(super) waits: usize,
    /// Whether everything found is redacted: every rule that the anchors lead to is selected, and nothing is allowed.
    pub(super) unrestricted: bool,
    pub(super) plain: bool,
    /// Whether no rule finds anything in the date or number of a cookie's attribute, as a custom one may.
    pub(super) plain_attributes: bool,
    pub(super) allowed: Allowed,
    pub(super) known: Option<Known>,
    /// Which kinds of personal data are searched for.
    pub(super) personal: Option<Wanted>,
    /// Custom rules that are searched for independently of the others.
    pub(super) independent: Option<Independent>,
}

impl Ruleset {
    /// The most bytes that wait for a decision: 16 KiB, or more if known values are long. Whatever the input, at most
    /// this many bytes at the end of a window are not settled.
    pub fn hold(&self) -> usize {
        let personal = self.personal().map_or(0, |_| search::HOLD);
        HOLD + self.known().map_or(0, Known::hold) + personal
    }

    /// The selected rules, indexed by [`RuleId::index`]: the built-in ones, then `key` and `known` if they have
    /// something to find, then custom ones.
    pub fn rules(&self) -> &[Rule] {
        &self.compiled.rules
    }

    /// The ids of all selected rules, in order.
    pub fn ids(&self) -> impl Iterator<Item = RuleId> + use<> {
        (0..self.compiled.rules.len() as u16).map(RuleId)
    }

    /// The rule called `name`, if it is selected.
    pub fn find(&self, name: &str) -> Option<RuleId> {
        self.ids().find(|id| self.rule(*id).name == name)
    }

    /// The rule with this id.
    ///
    /// # Panics
    ///
    /// If `id` belongs to a set with more rules.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.compiled.rules[id.index()]
    }

    pub(crate) fn anchors(&self) -> &Anchors {
        &self.compiled.anchors
    }

    pub(crate) fn formats(&self) -> &Arc<[LineFormat]> {
        &self.compiled.formats
    }

    pub(crate) fn headings(&self) -> &Arc<[Heading]> {
        &self.compiled.headings
    }

    pub(crate) fn keyed(&self) -> &Keyed {
        &self.compiled.keyed
    }

    /// The recognisers of a group, with their indices.
    pub(crate) fn group(&self, group: u16) -> impl Iterator<Item = (u16, &Recogniser)> {
        self.compiled.groups.of(group).map(|number| (number, self.recogniser(number)))
    }

    /// The group of recognisers with these keywords, if one of them may have the anchor before `rest` in it.
    pub(crate) fn around(&self, words: u16, rest: &[u8]) -> Option<u16> {
        let around = &self.compiled.around[usize::from(words)];
        around.may_be(rest).then_some(around.group)
    }

    pub(crate) fn recogniser(&self, number: u16) -> &Recogniser {
        &self.compiled.recognisers[usize::from(number)]
    }

    /// The most bytes that a token may have before the keyword that identifies it.
    pub(crate) fn waits(&self) -> usize {
        self.compiled.waits
    }

    /// Whether everything found is redacted, so that no check is needed.
    pub(crate) fn is_unrestricted(&self) -> bool {
        self.compiled.unrestricted
    }

    /// Whether straight loops may read plain text: all rules of the `default` set are selected, and nothing is allowed.
    pub(crate) fn is_plain(&self) -> bool {
        self.compiled.plain
    }

    /// Whether straight loops may skip the attributes of cookies.
    pub(crate) fn skips_attributes(&self) -> bool {
        self.compiled.plain_attributes
    }

    pub(crate) fn allowed(&self) -> &Allowed {
        &self.compiled.allowed
    }

    pub(crate) fn known(&self) -> Option<&Known> {
        self.compiled.known.as_ref()
    }

    /// Whether there is anything to find that needs no anchor.
    pub(crate) fn has_overlay(&self) -> bool {
        self.compiled.known.is_some()
            || self.compiled.personal.is_some()
            || self.compiled.independent.is_some()
    }

    pub(crate) fn independent(&self) -> Option<&Independent> {
        self.compiled.independent.as_ref()
    }

    pub(crate) fn personal(&self) -> Option<&Wanted> {
        self.compiled.personal.as_ref()
    }

    /// The index of a rule among the selected rules, by the grammar's number.
    pub(crate) fn place(&self, rule: RuleId) -> Option<RuleId> {
        self.compiled.places[rule.index()]
    }

    /// Whether the grammar's rule is selected.
    pub(crate) fn has(&self, rule: RuleId) -> bool {
        self.place(rule).is_some()
    }
}
