//! The rules that come with the program: what each finds and leaves, said by example.

use std::borrow::Cow;

use super::Rule;

/// A rule of the program's own.
pub(crate) struct BuiltIn {
    /// Whether it is in the `default` set; all are in `all`.
    pub default: bool,
    pub name: &'static str,
    pub summary: &'static str,
    pub examples: &'static [&'static str],
    pub counter_examples: &'static [&'static str],
}

/// All of them. A rule's place is the number that the grammar knows it by.
pub(crate) static BUILT_IN: [BuiltIn; 5] = [
    BuiltIn {
        default: true,
        name: "bearer",
        summary: "Bearer tokens (RFC 6750), in headers, in messages and in every wrapping of both",
        examples: &[
            "Authorization: Bearer «mF_9.B5f-4.1JqM»",
            r#"{"msg":"{\"authorization\":\"Bearer «mF_9.B5f-4.1JqM»\"}"}"#,
            "retrying with Bearer «mF_9.B5f-4.1JqM», attempt 2",
        ],
        counter_examples: &[
            r#"WWW-Authenticate: Bearer realm="api", error="invalid_token""#,
            "Bearer authentication is required",
            "Authorization: Bearer ${TOKEN}",
        ],
    },
    BuiltIn {
        default: true,
        name: "jwt",
        summary: "JSON Web Tokens (RFC 7519), JWS and JWE, wherever they stand",
        examples: &["token «eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.» rejected"],
        counter_examples: &["cursor=eyJpZCI6MTIzfQ==", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..."],
    },
    BuiltIn {
        default: true,
        name: "cookie",
        summary: "cookie values of Cookie and Set-Cookie (RFC 6265); names and attributes stay",
        examples: &[
            "Cookie: sid=«31d4d96e407aad42»; theme=«dark»",
            "Set-Cookie: sid=«31d4d96e407aad42»; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly",
        ],
        counter_examples: &["cookie consent accepted", "Cookie: -"],
    },
    BuiltIn {
        default: true,
        name: "authorization",
        summary: "credentials of other schemes, and headers that are a credential, as X-Api-Key",
        examples: &[
            "Authorization: Basic «QWxhZGRpbjpvcGVuIHNlc2FtZQ==»",
            r#"Authorization: Digest username="u", realm="r", response="«6629fae49393a05397450978507c4ef1»""#,
            "X-Api-Key: «8f14e45fceea167a»",
        ],
        counter_examples: &[
            "authorization mode: Node,RBAC",
            "Access-Control-Allow-Headers: Authorization, Cookie",
        ],
    },
    BuiltIn {
        default: true,
        name: "oauth",
        summary: "OAuth parameters: access, refresh and ID tokens, client secrets, verifiers, device codes",
        examples: &[
            "GET /cb?access_token=«2YotnFZFEjr1zCsicMWpAA»&state=x",
            r#"{"refresh_token": "«tGzv3JOkF0XG5Qx2TlKWIA»", "expires_in": 3600}"#,
        ],
        counter_examples: &["grant_type=refresh_token&max_tokens=512", "refreshToken: string;"],
    },
];

/// The names of sets, and what is in them.
pub(crate) const SETS: [&str; 3] = ["default", "all", "none"];

impl BuiltIn {
    /// Whether the set called `set` has it.
    pub fn is_in(&self, set: &str) -> bool {
        set == "all" || set == "default" && self.default
    }

    /// The rule as it is shown to people.
    pub fn shown(&self) -> Rule {
        let lines =
            |lines: &[&'static str]| lines.iter().map(|line| Cow::Borrowed(*line)).collect();
        Rule {
            name: Cow::Borrowed(self.name),
            summary: Cow::Borrowed(self.summary),
            examples: lines(self.examples),
            counter_examples: lines(self.counter_examples),
        }
    }
}
