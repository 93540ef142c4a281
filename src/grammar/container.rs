//! What values stand in: a list of pairs, a map, a list, lines that belong together.

use crate::grammar::ids::COOKIE;
use crate::grammar::key::{Class, Separator};
use crate::grammar::value::extent::Value;
use crate::grammar::value::frame::Frame;
use crate::span::RuleId;

/// An open container: what its elements are, what closes it, and how its text is escaped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Container {
    pub elements: Elements,
    /// The quote or bracket that closes it, and the escaping of the text in it.
    pub frame: Frame,
    /// No element has been read: the first pair of `Set-Cookie` is a cookie, whatever its name.
    pub first: bool,
}

/// What the elements of a container are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Elements {
    /// `name=value` and a semicolon: cookie-pairs of a request.
    Cookies,
    /// A cookie-pair of a response, then attributes.
    SetCookie,
    /// `name=value` and a comma: the parameters of an authorization scheme.
    Params {
        /// Of the scheme's credentials.
        rule: RuleId,
    },
    /// `name: value` in brackets: a map whose keys are cookie-names.
    Entries {
        /// The value before had quotes of its own inside the map's, which still have to close.
        closing: bool,
        /// The map's key is `cookies` or a header's name: each value is a cookie's.
        exact: bool,
    },
    /// Objects that describe cookies: HAR, browser automation. Each one's `value` is the secret.
    Objects {
        /// As in a map.
        closing: bool,
        /// Where no bracket closes it: its lines are indented by more bytes than this.
        column: usize,
    },
    /// Values of a key of this class, in brackets.
    Values {
        class: Class,
        exact: bool,
        /// Each element is in quotes.
        quoted: bool,
    },
    /// Values of a key of this class on the lines that follow: one, or each behind a mark, as `- `.
    Lines {
        class: Class,
        exact: bool,
        separator: Separator,
        /// The key was the value of a `name`: a `value` has to follow.
        named: bool,
        marks: Marks,
    },
    /// The value that the one before is changed to: `"T" -> "T"`.
    Change { class: Class, exact: bool },
    /// What is left of a value that is no secret and that another one was found in.
    Rest(Value),
}

/// What is known of lines that are elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marks {
    /// Nothing: the first one is still to come.
    Awaited,
    /// Each has a mark, as `- `, behind so many blanks. What is indented deeper, without one, goes on with the element.
    Marked(usize),
    /// None has, and each is indented by so many blanks.
    Bare(usize),
}

impl Container {
    /// A container of `elements` that `frame` encloses, of which nothing has been read.
    pub fn new(elements: Elements, frame: Frame) -> Container {
        Container { elements, frame, first: true }
    }

    /// The same once an element has been read.
    pub fn begun(self) -> Container {
        Container { first: false, ..self }
    }

    /// Whether its elements are objects that describe cookies.
    pub fn is_objects(&self) -> bool {
        matches!(self.elements, Elements::Objects { .. })
    }

    /// The rule of its secrets, where that does not depend on what each of them is.
    pub fn rule(&self) -> Option<RuleId> {
        match self.elements {
            Elements::Cookies
            | Elements::SetCookie
            | Elements::Entries { .. }
            | Elements::Objects { .. } => Some(COOKIE),
            Elements::Params { rule } => Some(rule),
            _ => None,
        }
    }

    /// Whether its elements are `name=value` without brackets around them.
    pub fn is_pairs(&self) -> bool {
        matches!(self.elements, Elements::Cookies | Elements::SetCookie | Elements::Params { .. })
    }
}
