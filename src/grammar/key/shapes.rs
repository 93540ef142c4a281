//! The shapes in which programs print a key and its value without a separator.
//!
//! Data only. [`super::find_value`] reads the table while the log streams by. The slow redactor of the tests matches it
//! with regular expressions on whole lines. A test redacts every example, and `shapes.md` lists them. A new notation of
//! a known kind is a new row.
//!
//! The text between a key and its value is written as a pattern in lower case, which matches in any case. In a pattern
//!
//! | sign | matches |
//! |---|---|
//! | space | one or more spaces or tabs |
//! | `~` | any number of spaces or tabs |
//! | `@` | one to four words of [`NOUNS`], each with spaces before it |
//! | `^` | the key `value`, `values` or `raw_value`, and a separator |
//! | `&` | the gap between columns: a tab, or two or more spaces |
//! | `#` | digits |
//! | `$` | hexadecimal digits |
//! | `%` | up to 192 characters other than spaces, not including a colon at their end |
//! | `*` | anything on the line, up to the next character of the text |
//! | `!` | a name |

/// Words after a key that repeat its kind, or name an operation on it.
#[rustfmt::skip]
pub(crate) const NOUNS: &[&str] = &[
    "pair", "headers", "header", "value", "string", "jar", "received", "accepted", "rejected",
    "sent", "is", "are", "was", "were", "has", "been", "data", "expired", "refreshed", "issued",
    "created", "obtained", "returned", "generated", "updated", "saved", "stored", "revoked",
    "found", "changed", "used", "parsed", "decoded", "now", "set", "present", "acquired", "fetched", "retrieved", "extracted", "provided",
];

/// Sets of keys.
pub(crate) type Keys = u16;

/// `Cookie`, a request's header.
pub(crate) const COOKIE: Keys = 1;
/// `Set-Cookie`
pub(crate) const SET_COOKIE: Keys = 1 << 1;
/// A name that ends in `cookie` but is not that of the header.
pub(crate) const COOKIE_LIKE: Keys = 1 << 2;
/// `Authorization`
pub(crate) const AUTHORIZATION: Keys = 1 << 3;
/// A header whose whole value is a credential: `X-Api-Key`.
pub(crate) const HEADER: Keys = 1 << 4;
/// A parameter of OAuth: `access_token`.
pub(crate) const PARAM: Keys = 1 << 5;
/// `token`, and other names that are common words.
pub(crate) const WEAK: Keys = 1 << 6;
/// Passwords, API keys, and the names that the user gave.
pub(crate) const OPTIONAL: Keys = 1 << 7;
/// All others.
pub(crate) const OTHER: Keys = 1 << 8;
/// A name that ends in `cookies`, in addition to [`COOKIE`].
pub(crate) const COOKIES: Keys = 1 << 9;
/// The name of a parameter that starts with a capital, like the name of a type, in addition to [`PARAM`] and [`WEAK`].
pub(crate) const TYPE: Keys = 1 << 10;
/// Exactly the name `Cookie`, `Set-Cookie` or `Authorization`, in addition to these.
pub(crate) const OWN_NAME: Keys = 1 << 11;

const FIELDS: Keys = COOKIE | SET_COOKIE | AUTHORIZATION;
const ANY: Keys = !0;

/// Whether the key is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    Without,
    With,
    Either,
}

/// The text before the key and its quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    Anything,
    /// One of these texts.
    Text(&'static [&'static str]),
    /// `name:`, `key=`, `header =`: the key is a value itself.
    Name,
    /// The two dashes of an option.
    Option,
    /// `<`, possibly with the prefix of a namespace.
    Tag,
    /// Anything except `<`.
    NoTag,
    /// Anything except an equals sign, as in `grant_type=refresh_token`.
    NoEquals,
    /// The bar at the start of a table cell, and spaces.
    Bar,
    /// The start of a line.
    Line,
    /// The same, or for a parameter a dot of the path at the start of the line.
    Path,
}

/// What follows the pattern, and where the value ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// A separator and a value.
    Separator,
    /// A value, as after a separator.
    Value,
    /// A quoted string.
    Text,
    /// A string in the same quotes as the key.
    SameText,
    /// A quoted string with one or more cookie-pairs.
    PairText,
    /// A value without the name of a cookie.
    Whole,
    /// A value that has to look like one, up to the next bar or space.
    Cell,
    /// A value up to the next bar or space, if it is as long and mixed as a token.
    SureCell,
    /// The same before a verb, or in quotes at the end of the sentence or line.
    Subject,
    /// A newline and a line that is a credential as a whole (cookie-pairs, or a token), or Pydantic's complaint about one.
    Below,
    /// A known scheme, and a value as long and mixed as a token.
    Scheme,
    /// A value that has to look like one, and is the last word of its line.
    LastWord,
    /// A value that has to look like one, up to the end of the column.
    Column,
    /// A quoted string, in the same quotes as the key if it has some, that has to look like a token.
    Token,
    /// A list in brackets.
    List,
    /// A list of quoted strings in parentheses.
    Strings,
    /// A map in braces.
    Map,
    /// A newline, indentation, and a map in braces.
    MapBelow,
    /// An object in brackets, with the value in one of its members.
    Member,
    /// An object that describes a cookie: `(name='sid', value='T')`.
    Object,
    /// The same without an opening bracket, up to `>`.
    Description,
    /// `sid=T`, possibly more of them, up to a space that no other pair follows.
    Pairs,
    /// The same, if there is a pair.
    SomePairs,
    /// The same, if the value of the pair looks like a token.
    SurePairs,
    /// The same, if another pair follows it, after a semicolon.
    SureList,
    /// The second string of a call's arguments, of which the first is a cookie's name.
    Argument,
    /// The value, up to the bracket that closes the one before the key.
    Enclosed,
    /// The rest of the line.
    Line,
    /// The text of an element, up to its end tag.
    Element,
    /// The elements in an element.
    Children,
    /// The attributes of a tag, then the elements in its element.
    TagChildren,
    /// The elements in a dictionary or array, the next element.
    Dictionary,
    /// The attributes of a tag, then the text of its element.
    Tag,
    /// Attributes, with the value in `value` or `content`.
    Attributes,
    /// The next cell of an HTML table, after tags.
    Tags,
    /// A newline and an empty line, then a line with the value.
    Body,
    /// A newline, then a line with `value:`.
    NextLine,
    /// A newline, then the branches of a tree, one line each.
    Branches,
    /// A newline, then the next item of the list, `- T`.
    NextItem,
    /// A newline, then a string that looks like a token.
    Reply,
    /// The brackets that end the header of a table, and its lines, `name = "sid"` and `value = "T"`.
    Members,
    /// The bracket that ends the header of a table, and its lines, `name = "T"`.
    Table,
    /// The rest of what a validator prints after the path in `"loc"`.
    Location,
    /// The end of a path to what was changed, and the members behind it, one of which has the value.
    Changed,
    /// A newline, a number in brackets or before one, and a string.
    Printed,
}

/// What precedes a key in a message about its value.
const MESSAGE: &[&str] = &[
    "ing ",
    "ed ",
    "set ",
    "sent ",
    "got ",
    "with ",
    "invalid ",
    "unknown ",
    "session ",
    "new ",
    "old ",
    "bad ",
    "csrf ",
    "decode ",
    "parse ",
    "verify ",
    "validate ",
    "found ",
    "{",
    "[",
    "<",
    ", ",
];

/// How programs print a key and its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub keys: Keys,
    pub quotes: Quotes,
    pub before: Before,
    /// The patterns of the text in between, of which one has to match.
    pub between: &'static [&'static str],
    pub then: Then,
    /// Lines of this shape, with `«»` around each secret.
    #[allow(dead_code, reason = "tests and documentation read it")]
    pub example: &'static str,
    /// Where it is printed.
    #[allow(dead_code, reason = "tests and documentation read it")]
    pub origin: &'static str,
}

// Long: one row for each shape.
/// The shapes. Those with more conditions come first.
#[rustfmt::skip]
pub(crate) const SHAPES: &[Shape] = &[
    Shape {
        keys: FIELDS | PARAM | HEADER | WEAK, quotes: Quotes::Either, before: Before::Anything,
        between: &[" changed from ", "] changed from "], then: Then::Text,
        example: "Value of root['access_token'] changed from \"«8f14e45fceea167a5a36dedd4bea2543»\" to \"«1679091c5a880faf6fb5e6087eb1b2dc»\".",
        origin: "DeepDiff, messages of programs",
    },
    Shape {
        keys: PARAM | HEADER | WEAK | OPTIONAL, quotes: Quotes::Without, before: Before::Anything,
        between: &[" reg_sz ", " reg_multi_sz ", " dup key: { : "], then: Then::Value,
        example: "    AccessToken    REG_SZ    «8f14e45fceea167a5a36dedd4bea2543»", origin: "Windows' registry, MongoDB",
    },
    Shape {
        keys: COOKIE | SET_COOKIE, quotes: Quotes::Without, before: Before::Anything,
        between: &[" value~:~", " value~=~", " value is "], then: Then::Whole,
        example: "New cookie value: «8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of servers",
    },
    Shape {
        keys: COOKIES | COOKIE, quotes: Quotes::Without, before: Before::Anything,
        between: &["['*']~=>~", "['*']~=~", "[\"*\"]~=~", "['*']~:~", "['*']&", "[\"*\"]&", "['*']~</td>~<td*>~", "[\"*\"]~</td>~<td*>~"],
        then: Then::Whole,
        example: "$_COOKIE['sid'] => «8f14e45fceea167a5a36dedd4bea2543»",
        origin: "phpinfo and other pages of PHP, source code",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::With, before: Before::Text(&["["]), between: &[" changed from {} to {"], then: Then::Map,
        example: "Value of root['cookies'] changed from {} to {'sid': '«8f14e45fceea167a»'}.", origin: "DeepDiff",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::With, before: Before::Text(&["["]),
        between: &["['!']\"~:~", "['!']'~:~", "['!'] changed from ", "['!']~:~", "[\"!\"]~:~"], then: Then::Whole,
        example: "{\"root['cookies']['sid']\": {'new_value': '«8f14e45fceea167a»', 'old_value': '«1679091c5a880faf»'}}", origin: "DeepDiff",
    },
    Shape {
        keys: FIELDS, quotes: Quotes::Without, before: Before::Anything, between: &["@~", "~(#)~"], then: Then::Separator,
        example: "sending cookie header: sid=«8f14e45fceea167a»; theme=«1679091c5a880faf»",
        origin: "messages of HTTP clients",
    },
    Shape {
        keys: FIELDS, quotes: Quotes::Without, before: Before::Anything, between: &["@~"], then: Then::List,
        example: "Cookie header received [sid=«8f14e45fceea167a»; theme=«1679091c5a880faf»]",
        origin: "messages of Java servers",
    },
    Shape {
        keys: FIELDS, quotes: Quotes::Without, before: Before::Anything, between: &["@ "], then: Then::Text,
        example: "Invalid cookie header \"sid=«8f14e45fceea167a»; Path=/\"", origin: "messages of HTTP clients",
    },
    Shape {
        keys: COOKIE | SET_COOKIE | COOKIE_LIKE, quotes: Quotes::Without, before: Before::Anything, between: &[" ", ", ", "~==~"], then: Then::PairText,
        example: "rejected cookie \"sid=«8f14e45fceea167a»\" from h.example", origin: "messages of HTTP clients",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER, quotes: Quotes::Without, before: Before::Anything,
        between: &[" for %~", " from %~", " of %~", " to %~", "@ for %~", "@ from %~", "@ of %~", "@ to %~", " for % %~", "@ for % %~", "~[#]~"],
        then: Then::Separator,
        example: "Cookies for https://h.example/a: sid=«8f14e45fceea167a»; theme=«1679091c5a880faf»",
        origin: "Scrapy, and messages of browsers' drivers",
    },
    Shape {
        keys: PARAM | HEADER, quotes: Quotes::Without, before: Before::NoEquals,
        between: &[" set to ", " is set to ", " was set to "], then: Then::SureCell,
        example: "Variable access_token set to «8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of programs",
    },
    Shape {
        keys: PARAM | HEADER | WEAK | OPTIONAL, quotes: Quotes::Without, before: Before::Anything,
        between: &["@~"], then: Then::Separator,
        example: "access_token value: «8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of programs",
    },
    Shape {
        keys: PARAM | HEADER | WEAK | OPTIONAL, quotes: Quotes::Without, before: Before::Anything,
        between: &["@ "], then: Then::Cell,
        example: "client secret is «8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of programs",
    },
    Shape {
        keys: ANY, quotes: Quotes::Either, before: Before::NoTag, between: &[" ^"], then: Then::Value,
        example: "key=Authorization value=Bearer «8f14e45fceea167a5a36dedd4bea2543»", origin: "Envoy",
    },
    Shape {
        keys: ANY, quotes: Quotes::Without, before: Before::Text(&["["]), between: &[", "], then: Then::Enclosed,
        example: "[Authorization, Bearer «8f14e45fceea167a5a36dedd4bea2543»]", origin: ".NET's key-value pairs",
    },
    Shape {
        keys: PARAM, quotes: Quotes::Without, before: Before::Text(&["-protocol: ", "-protocol:", "-protocol\": \"", "-protocol\":\"", "-protocol': '", "-ws, ", "mqtt, ", "stomp, "]),
        between: &[", "], then: Then::Value,
        example: "Sec-WebSocket-Protocol: access_token, «8f14e45fceea167a5a36dedd4bea2543»",
        origin: "browsers, which can send no other header with a WebSocket",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER, quotes: Quotes::Without, before: Before::Text(&["("]),
        between: &[", ", ","], then: Then::Enclosed,
        example: "List((Host,h), (Cookie,sid=«8f14e45fceea167a»; theme=«1679091c5a880faf»))",
        origin: "Scala's and Kotlin's pairs",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER | WEAK | OPTIONAL, quotes: Quotes::Either, before: Before::Bar,
        between: &["~|~", "~│~", "~┃~", "~║~"], then: Then::Cell,
        example: "| access_token | «8f14e45fceea167a5a36dedd4bea2543» |",
        origin: "clients of databases, Rich, Markdown",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER | WEAK, quotes: Quotes::With, before: Before::Text(&[") "]),
        between: &["~"], then: Then::Printed,
        example: "1) \"access_token\"\n2) \"«8f14e45fceea167a5a36dedd4bea2543»\"", origin: "redis-cli",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER | WEAK, quotes: Quotes::Without, before: Before::Text(&["$"]),
        between: &["~"], then: Then::Printed,
        example: "$access_token\n[1] \"«8f14e45fceea167a5a36dedd4bea2543»\"", origin: "R's lists",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER, quotes: Quotes::Without, before: Before::Line, between: &[" | ", " │ "], then: Then::Cell,
        example: "access_token  | «8f14e45fceea167a5a36dedd4bea2543»", origin: "psql's expanded tables",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER, quotes: Quotes::Without, before: Before::Line, between: &["&", ","], then: Then::Column,
        example: "Cookie\tsid=«8f14e45fceea167a»; theme=«1679091c5a880faf»",
        origin: "tables that were copied from browsers",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER, quotes: Quotes::With, before: Before::Text(&["["]), between: &["&"], then: Then::Column,
        example: "$_SERVER['HTTP_COOKIE']\tsid=«8f14e45fceea167a»; theme=«1679091c5a880faf»",
        origin: "pages of phpinfo that were copied from browsers",
    },
    Shape {
        keys: COOKIE, quotes: Quotes::With, before: Before::Anything, between: &[" a#="], then: Then::PairText,
        example: "a0=\"curl\" a1=\"--cookie\" a2=\"sid=«8f14e45fceea167a»\"", origin: "the arguments in Linux' audit log",
    },
    Shape {
        keys: WEAK, quotes: Quotes::Without, before: Before::Anything, between: &[" username=*passworddigest="], then: Then::Text,
        example: "X-WSSE: UsernameToken Username=\"u\", PasswordDigest=\"«8f14e45fceea167a5a36dedd4bea2543»\", Created=\"2026\"",
        origin: "WSSE, which logs print without the name of the header",
    },
    Shape {
        keys: WEAK, quotes: Quotes::Without, before: Before::Line, between: &["&"], then: Then::SureCell,
        example: "token                «8f14e45fceea167a5a36dedd4bea2543»", origin: "Vault's client",
    },
    Shape {
        keys: COOKIE | PARAM | HEADER | WEAK, quotes: Quotes::Without, before: Before::Text(&["label="]), between: &[" cs#="], then: Then::Whole,
        example: "cs1Label=access_token cs1=«8f14e45fceea167a5a36dedd4bea2543» cs2Label=user cs2=bob", origin: "CEF",
    },
    Shape {
        keys: ANY, quotes: Quotes::Either, before: Before::Anything, between: &[", ^", ";~^", ", header ^"], then: Then::Value,
        example: "{name: Authorization, value: Bearer «8f14e45fceea167a5a36dedd4bea2543»}",
        origin: "objects in YAML's flow style",
    },
    Shape {
        keys: ANY, quotes: Quotes::With, before: Before::Anything, between: &[";s:#:"], then: Then::Value,
        example: "s:13:\"Authorization\";s:39:\"Bearer «8f14e45fceea167a5a36dedd4bea2543»\";",
        origin: "PHP's serialize",
    },
    Shape {
        keys: COOKIE, quotes: Quotes::Without, before: Before::Tag, between: &[">"], then: Then::Children,
        example: "<cookies><sid>«8f14e45fceea167a»</sid><uid>«1679091c5a880faf»</uid></cookies>", origin: "XML",
    },
    Shape {
        keys: COOKIE, quotes: Quotes::Without, before: Before::Tag, between: &[" "], then: Then::TagChildren,
        example: "<cookies type=\"dict\"><sid type=\"str\">«8f14e45fceea167a»</sid></cookies>", origin: "XML",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::With, before: Before::Name, between: &[">"], then: Then::Children,
        example: "<set name=\"cookies\">\n  <string>sid=«8f14e45fceea167a»; path=/</string>\n</set>", origin: "Android's preferences",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::Without, before: Before::Text(&[">"]), between: &["</key>"], then: Then::Dictionary,
        example: "<key>cookies</key>\n<dict>\n\t<key>sid</key>\n\t<string>«8f14e45fceea167a»</string>\n</dict>", origin: "property lists",
    },
    Shape {
        keys: ANY, quotes: Quotes::Without, before: Before::Tag, between: &[">"], then: Then::Element,
        example: "<access_token>«8f14e45fceea167a5a36dedd4bea2543»</access_token>", origin: "XML",
    },
    Shape {
        keys: ANY, quotes: Quotes::Without, before: Before::Name, between: &["~"], then: Then::NextLine,
        example: "- name: ACCESS_TOKEN\n  value: «8f14e45fceea167a5a36dedd4bea2543»",
        origin: "Kubernetes' lists of variables",
    },
    Shape {
        keys: ANY, quotes: Quotes::Without, before: Before::Option, between: &[" "], then: Then::Text,
        example: "curl --cookie 'sid=«8f14e45fceea167a»' https://h/", origin: "command lines",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::Either, before: Before::Anything, between: &[" {", ".update({"], then: Then::Map,
        example: "cookies { sid: '«8f14e45fceea167a»' }", origin: "Node's console.log with a label",
    },
    Shape {
        keys: SET_COOKIE, quotes: Quotes::Without, before: Before::Anything, between: &[" (id=*{"], then: Then::Map,
        example: "Network.setCookie (id=12) {\n   \"name\": \"sid\",\n   \"value\": \"«8f14e45fceea167a»\"\n}", origin: "ChromeDriver",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::Without, before: Before::Text(&["[", "."]), between: &["~", "]~"], then: Then::Table,
        example: "[request.cookies]\nsid = \"«8f14e45fceea167a5a36dedd4bea2543»\"", origin: "TOML, INI",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::Without, before: Before::Text(&["[", "."]), between: &["]", "]]"], then: Then::Members,
        example: "[[request.cookies]]\nname = \"sid\"\nvalue = \"«8f14e45fceea167a»\"", origin: "TOML",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::Without, before: Before::Text(&[":"]), between: &["~"], then: Then::MapBelow,
        example: ":cookies\n {\"sid\" {:value \"«8f14e45fceea167a5a36dedd4bea2543»\", :path \"/\"}},",
        origin: "Clojure's pprint",
    },
    Shape {
        keys: PARAM | HEADER | OPTIONAL, quotes: Quotes::Either, before: Before::Anything, between: &[" in~"], then: Then::Strings,
        example: "DELETE FROM t WHERE access_token IN ('«8f14e45fceea167a»', '«1679091c5a880faf»')", origin: "SQL",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::Without, before: Before::Anything, between: &[".!',~"], then: Then::Strings,
        example: "('change', 'cookies.sid', ('«8f14e45fceea167a»', '«1679091c5a880faf»'))", origin: "dictdiffer",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::Without, before: Before::Anything, between: &["~"], then: Then::Branches,
        example: "├── cookies\n│   ├── sid: «8f14e45fceea167a»\n│   └── uid: «1679091c5a880faf»", origin: "trees of Rich, treeify and others",
    },
    Shape {
        keys: SET_COOKIE | COOKIES, quotes: Quotes::Either, before: Before::Anything, between: &[" "], then: Then::List,
        example: "cookies [ 'sid=«8f14e45fceea167a»', 'theme=«1679091c5a880faf»' ]",
        origin: "Node's console.log with a label",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER | WEAK, quotes: Quotes::Without, before: Before::Text(&["[:"]),
        between: &[",~", "]~=~"], then: Then::Text,
        example: "[[:access_token, \"«8f14e45fceea167a5a36dedd4bea2543»\"], [:cookie, \"sid=«8f14e45fceea167a»\"]]",
        origin: "Ruby's pairs, whose names may be symbols",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER, quotes: Quotes::Either, before: Before::Text(&["(", "(:"]),
        between: &[" . "], then: Then::Text,
        example: "((access-token . \"«8f14e45fceea167a5a36dedd4bea2543»\") (\"cookie\" . \"sid=«8f14e45fceea167a»\"))",
        origin: "Lisp's association lists",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER | WEAK, quotes: Quotes::Without, before: Before::Text(&["{"]), between: &[",~"], then: Then::Text,
        example: "[{authorization,\"Bearer «8f14e45fceea167a5a36dedd4bea2543»\"},{cookie,<<\"sid=«8f14e45fceea167a»\">>}]",
        origin: "Erlang, whose names may be atoms",
    },
    Shape {
        keys: COOKIE | SET_COOKIE | COOKIE_LIKE, quotes: Quotes::Without, before: Before::Anything,
        between: &["(", ".set(", "().set(", ".add(", ".put(", ".append("], then: Then::Argument,
        example: "$session.Cookies.Add((New-Object System.Net.Cookie(\"sid\", \"«8f14e45fceea167a»\", \"/\", \"h.example\")))",
        origin: "requests that a browser copied for PowerShell, calls in tests of browsers",
    },
    Shape {
        keys: COOKIE | PARAM | HEADER | WEAK | OPTIONAL, quotes: Quotes::Either, before: Before::Option, between: &["~"], then: Then::NextItem,
        example: "- --client-secret\n- «8f14e45fceea167a5a36dedd4bea2543»", origin: "Kubernetes' lists of arguments",
    },
    Shape {
        keys: PARAM | HEADER, quotes: Quotes::Without, before: Before::Text(&[">>> ", "b) p ", "b) pp ", "b> p ", "b> pp ", "v) p ", "]: ", "> "]),
        between: &["~"], then: Then::Reply,
        example: ">>> access_token\n'«8f14e45fceea167a5a36dedd4bea2543»'", origin: "sessions of Python and its debuggers",
    },
    Shape {
        keys: PARAM | HEADER, quotes: Quotes::Without, before: Before::Anything,
        between: &["~<-~", " as string = ", " nvarchar(*)~=~", " varchar(*)~=~", " varchar2(*)~:=~", " text~:=~"], then: Then::Text,
        example: "access_token <- \"«8f14e45fceea167a5a36dedd4bea2543»\"", origin: "R, Visual Basic",
    },
    Shape {
        keys: COOKIE | SET_COOKIE | COOKIE_LIKE, quotes: Quotes::Without, before: Before::Anything,
        between: &["~", ")(0x$)(", " object~", ")% (#) "], then: Then::Object,
        example: "<Cookie(version=0, name='sid', value='«8f14e45fceea167a»', port=None)>",
        origin: "Python's http.cookiejar, and classes of that name",
    },
    Shape {
        keys: COOKIE, quotes: Quotes::Without, before: Before::Anything, between: &[" % = "], then: Then::Text,
        example: "cookie sid = '«8f14e45fceea167a5a36dedd4bea2543»'", origin: "Karate",
    },
    Shape {
        keys: ANY, quotes: Quotes::Without, before: Before::Text(&["<"]), between: &[" ", ""], then: Then::Description,
        example: "<Cookie version=\"0\" name=\"sid\" value=\"«8f14e45fceea167a»\" path=\"/\">",
        origin: "classes of that name",
    },
    Shape {
        keys: TYPE, quotes: Quotes::Without, before: Before::Anything, between: &["~"], then: Then::Member,
        example: "OAuth2AccessToken{tokenValue='«8f14e45fceea167a5a36dedd4bea2543»', tokenType=Bearer}",
        origin: "Java's toString, Kotlin's data classes, Rust's Debug",
    },
    Shape {
        keys: TYPE, quotes: Quotes::Without, before: Before::Anything, between: &["("], then: Then::Token,
        example: "AccessToken(\"«8f14e45fceea167a5a36dedd4bea2543»\")",
        origin: "Rust's Debug of a type around a string",
    },
    Shape {
        keys: TYPE, quotes: Quotes::Without, before: Before::Anything, between: &["("], then: Then::SureCell,
        example: "AccessToken(«8f14e45fceea167a5a36dedd4bea2543»)", origin: "Scala's case classes",
    },
    Shape {
        keys: ANY, quotes: Quotes::Either, before: Before::Text(&[">"]), between: &["", "~", ":~"], then: Then::Tags,
        example: "<td>HTTP_COOKIE</td><td>sid=«8f14e45fceea167a»</td>", origin: "phpinfo, Django's error page",
    },
    Shape {
        keys: ANY, quotes: Quotes::With, before: Before::Text(&[">", "["]), between: &[""], then: Then::Tags,
        example: "<span class=\"nt\">&quot;access_token&quot;</span><span class=\"p\">:</span> <span class=\"s2\">&quot;«8f14e45fceea167a5a36dedd4bea2543»&quot;</span>",
        origin: "Pygments and other highlighters, Werkzeug's error page",
    },
    Shape {
        keys: ANY, quotes: Quotes::With, before: Before::Name, between: &[">"], then: Then::Element,
        example: "<property name=\"access_token\">«8f14e45fceea167a5a36dedd4bea2543»</property>", origin: "XML",
    },
    Shape {
        keys: OWN_NAME, quotes: Quotes::With, before: Before::Anything, between: &[" "], then: Then::SameText,
        example: "{\"cookie\" \"sid=«8f14e45fceea167a»\", \"host\" \"h\"}", origin: "Clojure",
    },
    Shape {
        keys: PARAM | HEADER, quotes: Quotes::With, before: Before::Anything, between: &[" ", " a#="], then: Then::Token,
        example: "\"HSET\" \"session:1\" \"access_token\" \"«8f14e45fceea167a5a36dedd4bea2543»\"",
        origin: "Redis' MONITOR, the arguments in Linux' audit log",
    },
    Shape {
        keys: PARAM | HEADER | WEAK | OPTIONAL, quotes: Quotes::Without,
        before: Before::Text(&["(", ":", ":auth/", ":http/", ":oauth/", ":oauth2/", ":session/", ":token/", ":user/"]),
        between: &[" "], then: Then::Token,
        example: "{:access_token \"«8f14e45fceea167a5a36dedd4bea2543»\", :id 7}", origin: "Clojure",
    },
    Shape {
        keys: PARAM | HEADER, quotes: Quotes::Without, before: Before::Anything,
        between: &[" ", ", ", ".keyword\"~:~", ".raw\"~:~", "\" got invalid value ", " got invalid value "], then: Then::Token,
        example: "invalid bearer token \"«8f14e45fceea167a5a36dedd4bea2543»\"", origin: "messages of programs",
    },
    Shape {
        keys: PARAM | HEADER | WEAK, quotes: Quotes::Without, before: Before::Text(&["("]), between: &[")=("], then: Then::Enclosed,
        example: "DETAIL:  Key (access_token)=(«8f14e45fceea167a5a36dedd4bea2543») already exists.", origin: "PostgreSQL",
    },
    Shape {
        keys: WEAK, quotes: Quotes::Without, before: Before::Anything,
        between: &[" xoauth2 ", " oauthbearer ", " plain ", " ntlm "], then: Then::Cell,
        example: "A01 AUTHENTICATE XOAUTH2 «dXNlcj1ib2JAaC5leGFtcGxlAWF1dGg9QmVhcmVyIDEyMzQ1Njc4AQE=»",
        origin: "IMAP, POP3 and SMTP, SASL (RFC 4422)",
    },
    Shape {
        keys: OTHER, quotes: Quotes::Without, before: Before::Text(&["-a "]),
        between: &[" -a ", " --auth ", " --auth="], then: Then::Value,
        example: "http -A bearer -a «8f14e45fceea167a5a36dedd4bea2543» https://h.example/", origin: "HTTPie, xh",
    },
    Shape {
        keys: ANY, quotes: Quotes::With, before: Before::Name, between: &[" "], then: Then::Attributes,
        example: "<input name=\"access_token\" type=\"hidden\" value=\"«8f14e45fceea167a5a36dedd4bea2543»\">",
        origin: "HTML forms",
    },
    Shape {
        keys: ANY, quotes: Quotes::With, before: Before::Text(&["; name="]), between: &["~"], then: Then::Body,
        example: "Content-Disposition: form-data; name=\"access_token\"\n\n«8f14e45fceea167a5a36dedd4bea2543»",
        origin: "multipart/form-data (RFC 7578)",
    },
    Shape {
        keys: ANY, quotes: Quotes::With, before: Before::Name, between: &["~"], then: Then::NextLine,
        example: "  key: \"cookie\"\n  value: \"sid=«8f14e45fceea167a»\"", origin: "protocol buffers as text",
    },
    Shape {
        keys: COOKIE, quotes: Quotes::Either, before: Before::Text(&["stored "]), between: &[" * [expiry *] % "], then: Then::Line,
        example: "Stored cookie h.example -1 (ANY) / <session> <insecure> [expiry none] sid «8f14e45fceea167a»",
        origin: "wget",
    },
    Shape {
        keys: COOKIE, quotes: Quotes::Either, before: Before::Text(&["added ", "replaced "]), between: &[" "], then: Then::Pairs,
        example: "* Added cookie sid=\"«8f14e45fceea167a»\" for domain h.example, path /, expire 0", origin: "curl",
    },
    Shape {
        keys: PARAM | HEADER | WEAK | OPTIONAL, quotes: Quotes::Either, before: Before::Option, between: &[" "], then: Then::Value,
        example: "tool --access-token «8f14e45fceea167a5a36dedd4bea2543» --verbose", origin: "command lines",
    },
    Shape {
        keys: COOKIE, quotes: Quotes::Without, before: Before::Option, between: &[" "], then: Then::SomePairs,
        example: "curl --cookie sid=«8f14e45fceea167a» https://h/", origin: "command lines",
    },
    Shape {
        keys: COOKIE, quotes: Quotes::Without, before: Before::Option, between: &[" % "], then: Then::Whole,
        example: "http-client --cookie sid «8f14e45fceea167a5a36dedd4bea2543» https://h/",
        origin: "command lines whose option takes a name and a value",
    },
    Shape {
        keys: FIELDS, quotes: Quotes::Without, before: Before::Text(&["$", ":"]), between: &[" "], then: Then::Text,
        example: "\"$http_cookie\" is not used, $http_cookie \"sid=«8f14e45fceea167a»\"",
        origin: "nginx' names of headers, Clojure's keywords",
    },
    Shape {
        keys: ANY, quotes: Quotes::Without, before: Before::Tag, between: &[" "], then: Then::Tag,
        example: "<BinarySecurityToken ValueType=\"x\">«8f14e45fceea167a5a36dedd4bea2543»</BinarySecurityToken>",
        origin: "SOAP",
    },
    Shape {
        keys: COOKIE, quotes: Quotes::Either, before: Before::Text(&["<"]), between: &[" "], then: Then::Pairs,
        example: "<Cookie sid=«8f14e45fceea167a» for h.example/>", origin: "Python's http.cookiejar",
    },
    Shape {
        keys: COOKIE | SET_COOKIE, quotes: Quotes::Without,
        before: Before::Text(MESSAGE), between: &[" "], then: Then::SurePairs,
        example: "received cookie sid=«8f14e45fceea167a5a36dedd4bea2543» from 10.0.0.1",
        origin: "messages of servers, maps that Clojure's println prints",
    },
    Shape {
        keys: COOKIE | SET_COOKIE, quotes: Quotes::Without, before: Before::Anything, between: &["@ ", " [", "[", " (", " {", "~::~", "~→~"],
        then: Then::SurePairs,
        example: "the session cookie is sid=«8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of programs",
    },
    Shape {
        keys: AUTHORIZATION, quotes: Quotes::Without, before: Before::Anything, between: &["@ ", "@ to ", " to ", " (bearer)~:~"], then: Then::SureCell,
        example: "Authorization header is Basic «QWxhZGRpbjpvcGVuIHNlc2FtZQ==»", origin: "messages of programs",
    },
    Shape {
        keys: AUTHORIZATION, quotes: Quotes::Without, before: Before::Anything,
        between: &[" ", "~(", "~[", "~{", "~::~", "~→~", "~-->~", "~==>~", "~>>~"], then: Then::Scheme,
        example: "rejected authorization \"Basic «QWxhZGRpbjpvcGVuIHNlc2FtZQ==»\"", origin: "messages of programs",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER, quotes: Quotes::Without, before: Before::Anything,
        between: &[".^~", ".0~=~", ".0~:~", " ?= "], then: Then::Value,
        example: "access_token.value = \"«8f14e45fceea167a5a36dedd4bea2543»\"", origin: "settings of programs, debuggers",
    },
    Shape {
        keys: OPTIONAL, quotes: Quotes::Without,
        before: Before::Text(&["ing ", "ed ", "set ", "sent ", "got ", "for ", "with ", "invalid ", "unknown ", "new ", "old ", "bad "]),
        between: &[" "], then: Then::SureCell,
        example: "rejected unknown api key «Xq7vbn2kkLw93hTz0aQe»", origin: "messages of servers",
    },
    Shape {
        keys: COOKIE | SET_COOKIE, quotes: Quotes::Without, before: Before::Text(&["| ", "] ", ": "]), between: &[" "],
        then: Then::SurePairs,
        example: "[proxy] cookie sid=«8f14e45fceea167a5a36dedd4bea2543»", origin: "messages after a logger's prefix",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::Without, before: Before::Anything, between: &[" started "], then: Then::List,
        example: "pw:api => addCookies started [{\"name\":\"sid\",\"value\":\"«8f14e45fceea167a»\"}]", origin: "Playwright",
    },
    Shape {
        keys: COOKIE | SET_COOKIE, quotes: Quotes::Without, before: Before::Line, between: &[" "], then: Then::SurePairs,
        example: "cookie sid=«8f14e45fceea167a5a36dedd4bea2543»",
        origin: "a name and a value that Go's Println prints",
    },
    Shape {
        keys: PARAM | HEADER, quotes: Quotes::Without, before: Before::NoEquals, between: &[
            " ", "~(", "~[", "~<", "~{", " to ", " like ", "~<>~", "~==~", "~===~", "~==>~", "~===>~", "~-->~", "~--->~", "~>>~", "~>>>~", "~<<<~", "~::~", "~:::~", "~→~", "~⇒~", " ..* ", "..*: ",
        ],
        then: Then::SureCell,
        example: "rejected expired access token «8f14e45fceea167a5a36dedd4bea2543»",
        origin: "messages of servers, names and values that Go's Println prints, Tcl's dictionaries",
    },
    Shape {
        keys: PARAM | HEADER, quotes: Quotes::With, before: Before::NoEquals, between: &[" ", " is ", " was ", " set to "], then: Then::SureCell,
        example: "parameter \"access_token\" is «8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of programs",
    },
    Shape {
        keys: PARAM | HEADER, quotes: Quotes::Without, before: Before::Text(&["("]), between: &[") "], then: Then::SureCell,
        example: "(access_token) «8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of programs",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER, quotes: Quotes::Without, before: Before::Anything, between: &[" (*)~", " [*]~"], then: Then::Separator,
        example: "Access token (expires in 3600s): «8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of programs",
    },
    Shape {
        keys: PARAM | HEADER, quotes: Quotes::Without, before: Before::Text(&["="]), between: &["::", "]", ";*]"], then: Then::SureCell,
        example: "::set-output name=access_token::«8f14e45fceea167a5a36dedd4bea2543»",
        origin: "commands of the workflows of GitHub and Azure",
    },
    Shape {
        keys: WEAK | COOKIE, quotes: Quotes::Without, before: Before::Text(MESSAGE), between: &[" ", " (", " ["], then: Then::SureCell,
        example: "using token «8f14e45fceea167a5a36dedd4bea2543» for bob", origin: "messages of programs",
    },
    Shape {
        keys: AUTHORIZATION | WEAK, quotes: Quotes::Without, before: Before::Anything,
        between: &[" code~:~", " code~=~", " code ", " code is "], then: Then::SureCell,
        example: "received authorization code «8f14e45fceea167a5a36dedd4bea2543»",
        origin: "messages of clients of OAuth",
    },
    Shape {
        keys: COOKIE | SET_COOKIE, quotes: Quotes::Without, before: Before::Anything, between: &[" "], then: Then::SureList,
        example: "INFO app cookie sid=«8f14e45fceea167a5a36dedd4bea2543»; theme=«dark»", origin: "messages of programs",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER, quotes: Quotes::With, before: Before::Anything, between: &["~]", "~"], then: Then::Changed,
        example: "{\"kind\":\"E\",\"path\":[\"oauth\",\"access_token\"],\"lhs\":\"«8f14e45fceea167a»\",\"rhs\":\"«1679091c5a880faf»\"}",
        origin: "deep-diff and other libraries that compare objects",
    },
    Shape {
        keys: COOKIES, quotes: Quotes::Without, before: Before::Text(&["/"]), between: &["/!\"", "/!'"], then: Then::Changed,
        example: "[{\"op\":\"replace\",\"path\":\"/cookies/sid\",\"value\":\"«8f14e45fceea167a»\"}]", origin: "JSON Patch (RFC 6902)",
    },
    Shape {
        keys: FIELDS | PARAM | HEADER | WEAK | OPTIONAL, quotes: Quotes::With, before: Before::Anything,
        between: &["]", ")"], then: Then::Location,
        example: "{\"loc\":[\"body\",\"access_token\"],\"msg\":\"too long\",\"input\":\"«8f14e45fceea167a5a36dedd4bea2543»\"}",
        origin: "Pydantic, FastAPI",
    },
    Shape {
        keys: COOKIE | SET_COOKIE | COOKIE_LIKE, quotes: Quotes::Without, before: Before::Anything, between: &[
            " variable !~:~", " % with value ", " % with value~:~", " % to ", " % has value ", " % has the value ", " named % with value ", " !:~",
            " !~->~", " !~=>~", " name~:~% value~:~", " name~=~% value~=~", "[:!]~=~", ".![:!]~=~", ".!=", ".! = ", ".!~:~", ".!'~:~", ".!\"~:~", "[!]=", "[!] = ", "[!]~:~", "(!,~", " !,~", "['!']~:~", "[\"!\"]~:~", "['!']~==~", "[\"!\"]~==~",
        ],
        then: Then::SureCell,
        example: "setting cookie sid to «8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of servers",
    },
    Shape {
        keys: COOKIE | COOKIE_LIKE, quotes: Quotes::Without, before: Before::Anything, between: &["@ "], then: Then::SureCell,
        example: "session cookie is «8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of programs",
    },
    Shape {
        keys: PARAM | HEADER, quotes: Quotes::Without, before: Before::Anything,
        between: &[" - ", "|", ";", "... ", " for % is ", " of % is "], then: Then::SureCell,
        example: "access_token|«8f14e45fceea167a5a36dedd4bea2543»", origin: "messages of programs, consoles of databases",
    },
    Shape {
        keys: WEAK | COOKIE, quotes: Quotes::Without, before: Before::Anything, between: &[" "], then: Then::Subject,
        example: "Token «8f14e45fceea167a5a36dedd4bea2543» has expired", origin: "messages of servers",
    },
    Shape {
        keys: OWN_NAME | HEADER | PARAM, quotes: Quotes::Without, before: Before::Path, between: &["~"], then: Then::Below,
        example: "cookie\nsid=«8f14e45fceea167a5a36dedd4bea2543»; theme=«1679091c5a880faf»",
        origin: "headers that were copied from a browser's tools",
    },
    Shape {
        keys: OPTIONAL, quotes: Quotes::Without, before: Before::Text(&["set ", "setx ", "env ", "export "]),
        between: &[" "], then: Then::Value,
        example: "Step 5/9 : ENV DB_PASSWORD «Xq7vbn2kkLw»", origin: "commands that set a variable, Dockerfiles",
    },
    Shape {
        keys: OPTIONAL, quotes: Quotes::Without, before: Before::Anything, between: &[" "], then: Then::Token,
        example: "password '«Xq7vbn2kkLw»' does not match", origin: "messages of servers",
    },
    Shape {
        keys: OPTIONAL, quotes: Quotes::Without, before: Before::Line, between: &[" "], then: Then::LastWord,
        example: "  password «Xq7vbn2kkLw»", origin: ".netrc over several lines, configurations of routers",
    },
    Shape {
        keys: OPTIONAL, quotes: Quotes::Without, before: Before::Anything, between: &["[]~=~", "[#]~=~"], then: Then::Value,
        example: "char db_password[] = \"«Xq7vbn2kkLw»\";",
        origin: "arrays in C",
    },
    Shape {
        keys: OPTIONAL, quotes: Quotes::With, before: Before::Text(&["variable "]), between: &["~{~default~=~"], then: Then::Text,
        example: "variable \"db_password\" { default = \"«Xq7vbn2kkLw»\" }", origin: "Terraform",
    },
];
