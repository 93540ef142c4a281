//! Selects rules, adds the user's own secrets to them, and compiles them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::allowed::Allowed;
use super::built_in::{BUILT_IN, SETS};
use super::independent::Independent;
use super::keys::{Keys, MAX_KEY, MIN_KEY, is_key};
use super::keyword::KEYWORDS_MAX;
use super::keywords::{Keywords, of_key};
use super::rule::Rule;
use super::ruleset::{Compiled, Ruleset};
use super::suggest::UnknownRule;
use crate::anchor::{Anchor, Anchors, Banks};
use crate::grammar::credential::form;
use crate::grammar::credential::keyed_names::{
    API_KEY_ANCHORS, Keyed, PASSWORD_ANCHORS, WHOLE_PASSWORDS,
};
use crate::grammar::credential::outline::Outline;
use crate::grammar::credential::recogniser::Recogniser;
use crate::grammar::ids::{
    API_KEY, AUTHORIZATION, BEARER, COOKIE, CUSTOM, JWT, KEY as KEYS, KNOWN as KNOWN_VALUES, OAUTH,
    PASSWORD, PRIVATE_KEY, PROVIDER, URL_USERINFO,
};
use crate::grammar::personal::search::Wanted;
use crate::rules::custom::CustomRule;
use crate::rules::format::LineFormat;
use crate::rules::known::{Known, Labels, Unfit};
use crate::span::RuleId;

/// The longest name of a rule, in bytes: its label has to fit into a placeholder.
const MAX_NAME: usize = 32;

/// The most custom rules, and the most keywords of all of them together: rules and keywords are numbered with 16 bits.
const MAX_CUSTOM: usize = 50_000;

/// The names of the rules that exist only if the user gave them something to find.
const KEY: &str = "key";
const KNOWN: &str = "known";

/// A set of rules that is being selected. It starts as the `default` set.
///
/// ```
/// use blackbar::{Redactor, Ruleset};
///
/// let rules = Ruleset::builder().select("default,-cookie")?.keep_cookies(["theme"]).build()?;
/// assert_eq!(rules.rules().len(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Builder {
    selected: [bool; BUILT_IN.len()],
    /// Whether `key` and `known` can be selected; a list of rules can remove them.
    with_keys: bool,
    with_known: bool,
    portable: bool,
    cookies: Vec<String>,
    keys: Vec<String>,
    known: Vec<Vec<u8>>,
    allowed: Vec<Vec<u8>>,
    allowed_patterns: Vec<String>,
    custom: Vec<Custom>,
    /// The names of the rules that were removed.
    removed: Vec<String>,
    formats: Vec<LineFormat>,
}

/// A custom rule, and what a check of it has found.
#[derive(Clone)]
struct Custom {
    rule: CustomRule,
    outline: Option<Outline>,
}

impl Default for Builder {
    fn default() -> Builder {
        Builder {
            selected: std::array::from_fn(|k| BUILT_IN[k].is_in("default")),
            with_keys: true,
            with_known: true,
            portable: false,
            cookies: Vec::new(),
            keys: Vec::new(),
            known: Vec::new(),
            allowed: Vec::new(),
            allowed_patterns: Vec::new(),
            custom: Vec::new(),
            removed: Vec::new(),
            formats: Vec::new(),
        }
    }
}

impl Builder {
    /// Selects rules by a comma-separated list of names: `default`, `all`, `none`, and rules. A name, with or without a
    /// `+`, adds rules; a name after `-` removes them. A list that starts with a sign changes the current selection;
    /// any other list replaces it.
    ///
    /// The rules of [`keys`](Builder::keys), [`known`](Builder::known) and [`custom`](Builder::custom) are selected as
    /// soon as they are given, and can be removed.
    ///
    /// # Errors
    ///
    /// [`UnknownRule`] for the first name that neither a rule nor a set has.
    pub fn select(mut self, list: &str) -> Result<Builder, UnknownRule> {
        for (index, item) in list.split(',').map(str::trim).enumerate() {
            let (name, adds) = match item.strip_prefix('-') {
                Some(name) => (name, false),
                None => (item.strip_prefix('+').unwrap_or(item), true),
            };
            if index == 0 && name.len() == item.len() {
                self.selected = [false; BUILT_IN.len()];
            }
            let set = SETS.contains(&name);
            let mut found = set;
            if name == "none" && adds {
                self.selected = [false; BUILT_IN.len()];
            }
            for (selected, rule) in self.selected.iter_mut().zip(&BUILT_IN) {
                if rule.name == name || set && rule.is_in(name) {
                    *selected = adds;
                    found = true;
                    self.removed.retain(|removed| removed != rule.name);
                    if !adds {
                        self.removed.push(rule.name.to_owned());
                    }
                }
            }
            match name {
                KEY => (self.with_keys, found) = (adds, true),
                KNOWN => (self.with_known, found) = (adds, true),
                _ => {}
            }
            let own = self.custom.iter().any(|custom| custom.rule.name == name);
            if own && !adds {
                self.custom.retain(|custom| custom.rule.name != name);
                self.removed.push(name.to_owned());
            }
            if !(found || own) {
                return Err(UnknownRule { name: name.to_owned() });
            }
        }
        Ok(self)
    }

    /// The same selection without the rule called `name`, if there is one.
    pub(crate) fn without(self, name: &str) -> Builder {
        self.clone().select(&format!("-{name}")).unwrap_or(self)
    }

    /// Whether the rule called `name` is selected so far.
    pub(crate) fn is_chosen(&self, name: &str) -> bool {
        match name {
            KEY => self.with_keys,
            KNOWN => self.with_known,
            _ => {
                let mut built_in = BUILT_IN.iter().zip(self.selected);
                built_in.any(|(rule, selected)| selected && rule.name == name)
                    || self.custom.iter().any(|custom| custom.rule.name == name)
            }
        }
    }

    /// Whether the rule called `name` was removed, by its name or by the name of a set.
    pub(crate) fn is_removed(&self, name: &str) -> bool {
        match name {
            KEY => !self.with_keys,
            KNOWN => !self.with_known,
            _ => self.removed.iter().any(|removed| removed == name),
        }
    }

    /// Keeps the values of cookies with these names. Names are case-sensitive.
    pub fn keep_cookies<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Builder {
        self.cookies.extend(names.into_iter().map(Into::into));
        self
    }

    /// Redacts the values of keys with these names everywhere, as the rule `key`. A name matches in any case, with `-`,
    /// `_` or capitals between its words. In a pattern `*` matches any text, and a part next to a `-` or `_` matches
    /// whole words: `*_pin` matches `card_pin` and `cardPin`, but not `spin`.
    /// A name has at most 64 bytes and at least three letters or digits; [`build`](Builder::build) checks that.
    pub fn keys<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Builder {
        self.keys.extend(names.into_iter().map(Into::into));
        self
    }

    /// Redacts these values everywhere, as the rule `known`: as they are, and in base64, percent-, JSON- and
    /// shell-encodings.
    /// A value has from 6 to 4096 bytes; [`build`](Builder::build) checks that. Any number of values can be given.
    pub fn known(mut self, values: impl IntoIterator<Item = Vec<u8>>) -> Builder {
        self.known.extend(values);
        self
    }

    /// Keeps these values, compared byte for byte, whichever rule finds them.
    /// A value of more than 1024 bytes has no effect, because a value can be compared only if all of it is in the
    /// window.
    pub fn allow_values(mut self, values: impl IntoIterator<Item = Vec<u8>>) -> Builder {
        self.allowed.extend(values);
        self
    }

    /// Keeps values that one of these patterns matches as a whole, whichever rule finds them.
    pub fn allow_patterns<S: Into<String>>(
        mut self,
        patterns: impl IntoIterator<Item = S>,
    ) -> Builder {
        self.allowed_patterns.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Adds a custom rule.
    pub fn custom(mut self, rule: CustomRule) -> Builder {
        self.custom.push(Custom { rule, outline: None });
        self
    }

    /// The same, with a rule that has been checked.
    pub(crate) fn checked(mut self, rule: CustomRule, outline: Outline) -> Builder {
        self.custom.push(Custom { rule, outline: Some(outline) });
        self
    }

    /// Redacts fields of lines that have one of these formats, by the rules that the format names.
    pub fn formats(mut self, formats: impl IntoIterator<Item = LineFormat>) -> Builder {
        self.formats.extend(formats);
        self
    }

    /// Searches without SIMD, as on machines that do not have it. The set finds the same secrets, more slowly.
    pub fn portable(mut self) -> Builder {
        self.portable = true;
        self
    }

    // Long: each step of compilation depends on the ones before it.
    /// Compiles the set.
    ///
    /// # Errors
    ///
    /// The first fault of a rule, name, value, pattern or field.
    pub fn build(self) -> Result<Ruleset, BuildError> {
        let keywords = self.custom.iter().map(|custom| match custom.rule.keywords.len() {
            0 => KEYWORDS_MAX,
            given => given,
        });
        let keywords = keywords.sum();
        if self.custom.len().max(keywords) > MAX_CUSTOM {
            return Err(BuildError::TooMany { most: MAX_CUSTOM });
        }
        // 1. The selected rules and their indices.
        let mut rules = Vec::new();
        let mut places = Vec::new();
        let mut place = |rule: Option<Rule>| {
            places.push(rule.as_ref().map(|_| RuleId(rules.len() as u16)));
            rules.extend(rule);
        };
        for (built_in, selected) in BUILT_IN.iter().zip(self.selected) {
            place(selected.then(|| built_in.shown()));
        }
        // Fields of line formats can give these rules something to find.
        let fields = |name: &str| {
            self.formats.iter().flat_map(LineFormat::secrets).any(|secret| secret.rule == name)
        };
        place((self.with_keys && (!self.keys.is_empty() || fields(KEY))).then(|| Rule {
            name: Cow::Borrowed(KEY),
            summary: Cow::Borrowed("values of the keys given by name"),
            examples: Vec::new(),
            counter_examples: Vec::new(),
        }));
        place((self.with_known && (!self.known.is_empty() || fields(KNOWN))).then(|| Rule {
            name: Cow::Borrowed(KNOWN),
            summary: Cow::Borrowed("the values that were given, in any encoding"),
            examples: Vec::new(),
            counter_examples: Vec::new(),
        }));
        for Custom { rule, .. } in &self.custom {
            let lines = |lines: &[String]| lines.iter().cloned().map(Cow::Owned).collect();
            place(Some(Rule {
                name: Cow::Owned(rule.name.clone()),
                summary: Cow::Owned(rule.summary.clone()),
                examples: lines(&rule.examples),
                counter_examples: lines(&rule.counter_examples),
            }));
        }
        // 2. Check the names, which label what is found.
        for (k, rule) in rules.iter().enumerate() {
            let name = rule.name.as_ref();
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            if !(1..=MAX_NAME).contains(&name.len()) || !name.bytes().all(plain) {
                return Err(BuildError::Name { name: name.to_owned() });
            }
            let built_in = BUILT_IN.iter().any(|rule| rule.name == name);
            let own = k >= rules.len() - self.custom.len();
            let taken = built_in || SETS.contains(&name) || name == KEY || name == KNOWN;
            if rules[..k].iter().any(|other| other.name == name) || own && taken {
                return Err(BuildError::Taken { name: name.to_owned() });
            }
        }
        // 3. What the scan looks for.
        let has = |rule: RuleId| places.get(rule.index()).is_some_and(Option::is_some);
        let keys = match has(KEYS) {
            true => {
                Keys::new(&self.keys).map_err(|name| BuildError::Key { name: name.to_owned() })?
            }
            false => Keys::default(),
        };
        let keyed = Keyed {
            password: has(PASSWORD),
            api_key: has(API_KEY),
            provider: has(PROVIDER),
            listed: keys.listed,
        };
        let mut search = Keywords::default();
        let passwords = [(PASSWORD, PASSWORD_ANCHORS), (PASSWORD, WHOLE_PASSWORDS)];
        for (rule, anchors) in passwords.into_iter().chain([(API_KEY, API_KEY_ANCHORS)]) {
            if has(rule) {
                anchors.iter().for_each(|bytes| search.add(bytes, Anchor::Key));
            }
        }
        keys.anchors.iter().for_each(|bytes| search.add(bytes, Anchor::Key));
        if has(URL_USERINFO) {
            for bytes in [&br":\/\/"[..], b"%3a%2f%2f", b"%253a%252f%252f"] {
                search.add(bytes, Anchor::Url);
            }
        }
        if has(PRIVATE_KEY) {
            search.add(b"private", Anchor::Private);
        }
        let mut waits = 0;
        if has(PASSWORD) {
            waits = form::MAX_WAIT;
            for form in form::commands() {
                search.form(Recogniser::built_in(PASSWORD, form), form.keys());
            }
        }
        if has(PROVIDER) {
            waits = form::MAX_WAIT;
            for form in form::forms() {
                search.form(Recogniser::built_in(PROVIDER, form), form.keys());
            }
        }
        let mut independent = Vec::new();
        let mut plain_attributes = true;
        for (k, Custom { rule, outline }) in self.custom.into_iter().enumerate() {
            let id = RuleId(CUSTOM.0 + k as u16);
            let outline = match outline {
                Some(outline) => outline,
                None => rule.check().map_err(|_| BuildError::Custom { name: rule.name.clone() })?,
            };
            let texts = outline.keywords.clone();
            let keywords = texts.iter().map(|keyword| keyword.as_bytes());
            let recogniser = Recogniser::custom(id, outline);
            match rule.is_independent() {
                false => {
                    plain_attributes = false;
                    search.recogniser(recogniser, keywords);
                }
                true => {
                    let number = search.recognisers.len() as u16;
                    independent.extend(keywords.map(|keyword| (keyword.to_vec(), number)));
                    search.recognisers.push(recogniser.independent(rule.decode, rule.first));
                }
            }
        }
        let independent = match independent.is_empty() {
            true => None,
            false => Some(Independent::new(independent)),
        };
        let Keywords { mut anchors, starts, recognisers, groups, around, spaced, .. } = search;
        for (bytes, anchor) in anchors.iter_mut().filter(|(_, anchor)| *anchor == Anchor::Key) {
            *anchor = of_key(bytes, &around);
        }
        let mut banks = Banks::new(anchors, starts, has(URL_USERINFO), self.portable);
        banks.any_space |= spaced;

        let known = if has(KNOWN_VALUES) && !self.known.is_empty() {
            let labels = Labels::new(rules.iter().map(|rule| rule.name.as_ref()));
            for (index, value) in self.known.iter().enumerate() {
                labels.fitness(value).map_err(|unfit| BuildError::Known { index, unfit })?;
            }
            Some(Known::new(self.known, self.portable))
        } else {
            None
        };

        let personal = Wanted::new(has);

        // 4. Values and cookies that are kept.
        let gone = [(KEY, self.with_keys), (KNOWN, self.with_known)];
        let removed = |name: &str| {
            gone.contains(&(name, false)) || self.removed.iter().any(|removed| removed == name)
        };
        let allowed = Allowed::new(self.allowed, &self.allowed_patterns, self.cookies)
            .map_err(|(index, reason)| BuildError::Pattern { index, reason })?;

        // 5. Fields of a removed rule are ignored; fields of a rule that was never selected are an error.
        for secret in self.formats.iter().flat_map(LineFormat::secrets) {
            let name = secret.rule.clone();
            if rules.iter().all(|rule| rule.name != name) && !removed(&name) {
                return Err(match BUILT_IN.iter().any(|rule| rule.name == name) {
                    true => BuildError::NotSelected { name },
                    false => BuildError::Unknown { name },
                });
            }
        }
        let place = |name: &str| {
            rules.iter().position(|rule| rule.name == name).map(|place| RuleId(place as u16))
        };
        // Keyed rules share the anchors of the `default` rules, so with one of them each candidate has to be checked.
        let whole =
            allowed.is_empty() && [BEARER, JWT, COOKIE, AUTHORIZATION, OAUTH].into_iter().all(has);
        let unrestricted = whole && keyed.is_empty();
        let placed = self.formats.into_iter().map(|format| format.placed(place));
        let (headed, formats): (Vec<_>, Vec<_>) =
            placed.partition(|format| format.heading.is_some());
        let headings = headed.into_iter().filter_map(|format| format.heading).collect();
        Ok(Ruleset {
            compiled: Arc::new(Compiled {
                anchors: Anchors::new(self.portable, banks, |bytes| of_key(bytes, &around)),
                plain: whole && !self.portable,
                plain_attributes,
                rules,
                places,
                keyed,
                recognisers,
                groups,
                around,
                waits,
                unrestricted,
                allowed,
                known,
                personal,
                independent,
                formats: formats.into(),
                headings,
            }),
        })
    }
}

/// The error for `key`, if it is not a valid name of a key.
pub(crate) fn key_fault(key: &str) -> Option<BuildError> {
    (!is_key(key)).then(|| BuildError::Key { name: key.to_owned() })
}

/// Shows how many values were given but not the values: known values are secrets.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("selected", &self.selected)
            .field("keys", &self.keys.len())
            .field("known", &self.known.len())
            .field("custom", &self.custom.len())
            .finish_non_exhaustive()
    }
}

/// Why a set of rules cannot be built.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// A rule's name is invalid. A name has at most 32 characters: letters, digits, `-` and `_`.
    Name {
        /// The name.
        name: String,
    },
    /// A field of a line format belongs to a rule that does not exist.
    Unknown {
        /// The name.
        name: String,
    },
    /// A field of a line format belongs to a rule that is neither selected nor explicitly removed.
    NotSelected {
        /// The name.
        name: String,
    },
    /// Two rules have the same name, or a custom rule has the name of a set or of a built-in rule.
    Taken {
        /// The name.
        name: String,
    },
    /// A key's name is invalid. A name has at most 64 characters: letters, digits, `-` and `_`, with at least three
    /// letters or digits.
    Key {
        /// The name.
        name: String,
    },
    /// A custom rule fails its [check](CustomRule::check), which gives the reasons.
    Custom {
        /// The rule's name.
        name: String,
    },
    /// There are more custom rules, or keywords of them, than can be searched for.
    TooMany {
        /// How many there may be.
        most: usize,
    },
    /// A known value cannot be searched for.
    Known {
        /// Its index, from 0.
        index: usize,
        /// The reason.
        unfit: Unfit,
    },
    /// A pattern of allowed values does not compile.
    Pattern {
        /// Its index, from 0.
        index: usize,
        /// The reason.
        reason: String,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::Name { name } => write!(
                f,
                "invalid rule name '{name}'; use at most {MAX_NAME} letters, digits, - and _"
            ),
            BuildError::Unknown { name } => UnknownRule { name: name.clone() }.fmt(f),
            BuildError::NotSelected { name } => write!(
                f,
                "a field belongs to the rule '{name}', which is not selected; select it, or remove it with -{name}"
            ),
            BuildError::Key { name } => {
                write!(
                    f,
                    "invalid key name '{name}'; use {MIN_KEY} to {MAX_KEY} letters and digits, joined by - or _"
                )?;
                if name.contains('*') {
                    write!(f, ", with {MIN_KEY} of them in a row beside a *")?;
                }
                Ok(())
            }
            BuildError::Custom { name } => {
                write!(f, "the rule '{name}' fails its check, which gives the reasons")
            }
            BuildError::TooMany { most } => {
                write!(f, "there are more than {most} custom rules or keywords; use fewer")
            }
            BuildError::Known { index, unfit } => write!(f, "known value {} {unfit}", index + 1),
            BuildError::Pattern { index, reason } => {
                write!(f, "allowed pattern {}: {reason}", index + 1)
            }
            BuildError::Taken { name } => {
                write!(f, "there is another rule called '{name}'; choose another name")
            }
        }
    }
}

impl std::error::Error for BuildError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &str) -> Vec<String> {
        let rules = Ruleset::builder().select(list).unwrap().build().unwrap();
        rules.rules().iter().map(|rule| rule.name.to_string()).collect()
    }

    #[test]
    fn a_list_adds_and_takes_away() {
        assert_eq!(names("default,-cookie,-oauth"), ["bearer", "jwt", "authorization"]);
        assert_eq!(names("-cookie,-oauth"), ["bearer", "jwt", "authorization"]);
        assert_eq!(names("jwt"), ["jwt"]);
        assert_eq!(names("none, jwt ,bearer"), ["bearer", "jwt"]);
        assert_eq!(names("all,-default"), names("-default,all,-default"));
        assert_eq!(names("none"), [""; 0]);
    }

    #[test]
    fn an_unknown_name_is_reported() {
        for list in ["jwt,coockie", "", "jwt,", "-nothing", "key,acme"] {
            let error = Ruleset::builder().select(list).unwrap_err();
            let last = list.rsplit(',').next().unwrap().trim_start_matches('-');
            assert_eq!(error.name, last);
        }
    }

    #[test]
    fn too_many_rules_are_refused() {
        let rule = |k: usize| CustomRule { name: format!("r{k}"), ..CustomRule::default() };
        let rules = (0..=MAX_CUSTOM).map(rule).fold(Ruleset::builder(), Builder::custom);
        assert_eq!(rules.build().unwrap_err(), BuildError::TooMany { most: MAX_CUSTOM });
        let rule = CustomRule { keywords: vec!["abc".to_owned(); MAX_CUSTOM + 1], ..rule(0) };
        let rules = Ruleset::builder().custom(rule);
        assert_eq!(rules.build().unwrap_err(), BuildError::TooMany { most: MAX_CUSTOM });
    }

    #[test]
    fn debug_shows_no_value() {
        let builder = Ruleset::builder().known([b"hunter2-hunter2".to_vec()]);
        assert!(!format!("{builder:?}").contains("hunter2"));
    }

    #[test]
    fn the_banks_of_all_rules_are_in_the_order_that_is_fast() {
        let rules = Ruleset::builder().select("all").unwrap().build().unwrap();
        assert_eq!(rules.anchors().banks_in_order(), [true, true, true]);
    }
}
