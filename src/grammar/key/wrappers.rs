//! What languages print around a value: constructors, types, and members of objects. Data only, as in `shapes.rs`.

/// What a language or library prints around a string.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wrapper {
    pub opens: &'static str,
    /// A line with it, with `«»` around the secret.
    #[allow(dead_code, reason = "tests and documentation read it")]
    pub example: &'static str,
    #[allow(dead_code, reason = "tests and documentation read it")]
    pub origin: &'static str,
}

const fn wrapper(opens: &'static str, example: &'static str, origin: &'static str) -> Wrapper {
    Wrapper { opens, example, origin }
}

/// Constructors and types before a quoted string.
#[rustfmt::skip]
pub(crate) const WRAPPERS: &[Wrapper] = &[
    wrapper("some(", "access_token: Some(\"«8f14e45fceea167a»\")", "Rust, Scala, OCaml"),
    wrapper("optional(", "accessToken: Optional(\"«8f14e45fceea167a»\")", "Swift"),
    wrapper("secret(", "access_token: Secret(\"«8f14e45fceea167a»\")", "types that hide a secret"),
    wrapper("secretstr(", "access_token=SecretStr('«8f14e45fceea167a»')", "Pydantic"),
    wrapper("secretstring(", "access_token: SecretString(\"«8f14e45fceea167a»\")", "Rust's secrecy"),
    wrapper("string(", "access_token: String(\"«8f14e45fceea167a»\")", "serde_json's Debug"),
    wrapper("string ", "(\"access_token\",String \"«8f14e45fceea167a»\")", "Haskell's Aeson"),
    wrapper("just ", "access_token = Just \"«8f14e45fceea167a»\"", "Haskell, Elm"),
    wrapper("ok(", "access_token: Ok(\"«8f14e45fceea167a»\")", "Rust"),
];

/// Text before a string that gives its type, without a closing part.
#[rustfmt::skip]
pub(crate) const TYPES: &[Wrapper] = &[
    wrapper("string(#) ", "\"access_token\" => string(16) \"«8f14e45fceea167a»\"", "PHP's var_dump"),
    wrapper("(string) (len=#) ", "AccessToken: (string) (len=16) \"«8f14e45fceea167a»\",", "Go's spew"),
    wrapper("chr ", " $ access_token: chr \"«8f14e45fceea167a»\"", "R's str"),
    wrapper("0x$ ", "$1 = {access_token = 0x602010 \"«8f14e45fceea167a»\", expires = 3600}", "GDB"),
    wrapper("str~=~", "access_token: str = \"«8f14e45fceea167a»\"", "Python's annotations"),
    wrapper("string~=~", "let accessToken: string = \"«8f14e45fceea167a»\";", "annotations of TypeScript, Kotlin, Swift, Scala"),
    wrapper("string?~=~", "var accessToken: String? = \"«8f14e45fceea167a»\"", "annotations of Kotlin, Swift"),
    wrapper("string ", "'access_token' => string '«8f14e45fceea167a»' (length=16)", "Xdebug's var_dump"),
    wrapper("longstr,<<", "{<<\"x-api-key\">>,longstr,<<\"«8f14e45fceea167a5a36dedd4bea2543»\">>}", "RabbitMQ, tables of AMQP"),
    wrapper("(string) ", "access_token = (string) \"«8f14e45fceea167a»\";", "casts"),
    wrapper("(string) (len=# cap=#) ", "AccessToken: (string) (len=16 cap=16) \"«8f14e45fceea167a»\",", "Go's spew"),
];

/// The names of the member that is the value of an object.
pub(crate) const MEMBERS: &[&str] = &[
    "value",
    "equalTo",
    "tokenValue",
    "token",
    "secret",
    "secretValue",
    "raw",
    "inner",
    "string",
    "string_value",
    "stringValue",
    "S",
    "$eq",
    "$ne",
    "$in",
    "plaintext",
    "access_token",
    "accessToken",
    "atoken",
    "rtoken",
];

/// The text between a quoted value, after the word `value`, and the name of its key.
#[rustfmt::skip]
pub(crate) const AFTER: &[Wrapper] = &[
    wrapper(" for key ", "net/http: invalid header field value \"Bearer «8f14e45fceea167a»\" for key Authorization", "Go's net/http"),
    wrapper(" for header ", "invalid value \"«8f14e45fceea167a»\" for header X-Api-Key", "messages of HTTP clients"),
    wrapper(" of header ", "illegal value \"«8f14e45fceea167a»\" of header \"X-Api-Key\"", "messages of HTTP clients"),
    wrapper(" in header ", "bad value \"sid=«8f14e45fceea167a»\" in header Cookie", "messages of HTTP clients"),
    wrapper(" for field ", "invalid value '«8f14e45fceea167a»' for field access_token", "validators"),
    wrapper(" for parameter ", "invalid value '«8f14e45fceea167a»' for parameter access_token", "validators"),
];
