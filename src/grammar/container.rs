//! Containers of values: a list of pairs, a map, a list, lines that belong together.

use crate::grammar::ids::COOKIE;
use crate::grammar::key::{Class, Columns, Separator};
use crate::grammar::value::extent::Value;
use crate::grammar::value::frame::Frame;
use crate::span::RuleId;

/// An open container: what its elements are, what closes it, and how its text is escaped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Container {
    pub elements: Elements,
    /// The quote or bracket that closes it, and the escaping of its text.
    pub frame: Frame,
    /// No element has been read yet. The first pair of `Set-Cookie` is a cookie, whatever its name.
    pub first: bool,
}

/// What the elements of a container are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Elements {
    /// `name=value` separated by semicolons: the cookie-pairs of a request.
    Cookies,
    /// The cookie-pair of a response, then attributes.
    SetCookie,
    /// `name=value` separated by commas: the parameters of an authorization scheme.
    Params {
        /// The rule of the scheme's credentials.
        rule: RuleId,
    },
    /// `name: value` in brackets: a map whose keys are cookie-names.
    Entries {
        /// The previous value had its own quotes inside the map's quotes, and they still have to be closed.
        closing: bool,
        /// The map's key is `cookies` or the name of a header, so each value is that of a cookie. So is each value behind
        /// one that can only be that of a cookie.
        exact: bool,
        /// Such a value had no quotes, so the map is not source code.
        bare: bool,
    },
    /// Objects that describe cookies, as in HAR and browser automation. The `value` of each is the secret.
    Objects {
        /// As in a map.
        closing: bool,
        /// If no bracket closes it, its lines are indented by at least this many bytes.
        column: usize,
    },
    /// Elements of XML, each with the value of a cookie.
    Markup {
        /// They are the members of one cookie.
        single: bool,
    },
    /// Values of a key of this class, in brackets.
    Values {
        class: Class,
        exact: bool,
        /// Each element is quoted.
        quoted: bool,
    },
    /// Values of a key of this class on the following lines: a single value, or one after each list mark such as `- `.
    Lines {
        class: Class,
        exact: bool,
        separator: Separator,
        /// The key was the value of a `name`, so a `value` has to follow.
        named: bool,
        marks: Marks,
    },
    /// Cells of a table whose first row has the names of keys.
    Columns {
        table: Columns,
        /// How many separators precede the position on its line.
        cell: u8,
    },
    /// The new value in a change, `"T" -> "T"`, or the same value again.
    Change {
        class: Class,
        exact: bool,
        /// Each side is a member of an object, `"old":"T","new":"T"`.
        sides: bool,
    },
    /// The cookie as it was received, which Go prints after its value: `Value:T Path:/ Raw:sid=T; Path=/`.
    Received,
    /// The rest of a value that is not secret, after another value that was found in it.
    Rest(Value),
}

/// How the lines of a list are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marks {
    /// Unknown: the first line is still to come.
    Awaited,
    /// Each line has a mark such as `- `, after this many spaces. Deeper lines without a mark continue the element.
    Marked(usize),
    /// No line has a mark, and each is indented by this many spaces.
    Bare(usize),
}

impl Container {
    /// A container of `elements` that `frame` encloses, before its first element.
    pub fn new(elements: Elements, frame: Frame) -> Container {
        Container { elements, frame, first: true }
    }

    /// The same container after an element has been read.
    pub fn begun(self) -> Container {
        Container { first: false, ..self }
    }

    /// Whether its elements are objects that describe cookies.
    pub fn is_objects(&self) -> bool {
        matches!(self.elements, Elements::Objects { .. })
    }

    /// The rule of its secrets, if it is the same for every element.
    pub fn rule(&self) -> Option<RuleId> {
        match self.elements {
            Elements::Cookies
            | Elements::SetCookie
            | Elements::Received
            | Elements::Markup { .. }
            | Elements::Entries { .. }
            | Elements::Objects { .. } => Some(COOKIE),
            Elements::Params { rule } => Some(rule),
            _ => None,
        }
    }

    /// Whether it is a list in brackets of the values of one key.
    pub fn is_list(&self) -> bool {
        matches!(self.elements, Elements::Values { .. })
    }

    /// Whether its elements are `name=value` pairs without brackets around them.
    pub fn is_pairs(&self) -> bool {
        matches!(self.elements, Elements::Cookies | Elements::SetCookie | Elements::Params { .. })
    }
}
