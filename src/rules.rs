//! The rule table, compiled: what the scanner looks for.

use std::sync::Arc;

use crate::anchor::Anchors;
use crate::span::RuleId;

/// A rule as it is shown to people.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The name it is chosen and counted by.
    pub name: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Lines it redacts, `«` and `»` around each secret.
    pub examples: &'static [&'static str],
    /// Lines it leaves as they are.
    pub counter_examples: &'static [&'static str],
}

/// The `default` set. A rule's place is its [`RuleId`].
static RULES: [Rule; 5] = [
    Rule {
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
    Rule {
        name: "jwt",
        summary: "JSON Web Tokens (RFC 7519), JWS and JWE, wherever they stand",
        examples: &["token «eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.» rejected"],
        counter_examples: &["cursor=eyJpZCI6MTIzfQ==", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..."],
    },
    Rule {
        name: "cookie",
        summary: "cookie values of Cookie and Set-Cookie (RFC 6265); names and attributes stay",
        examples: &[
            "Cookie: sid=«31d4d96e407aad42»; theme=«dark»",
            "Set-Cookie: sid=«31d4d96e407aad42»; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly",
        ],
        counter_examples: &["cookie consent accepted", "Cookie: -"],
    },
    Rule {
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
    Rule {
        name: "oauth",
        summary: "OAuth parameters: access, refresh and ID tokens, client secrets, verifiers, device codes",
        examples: &[
            "GET /cb?access_token=«2YotnFZFEjr1zCsicMWpAA»&state=x",
            r#"{"refresh_token": "«tGzv3JOkF0XG5Qx2TlKWIA»", "expires_in": 3600}"#,
        ],
        counter_examples: &["grant_type=refresh_token&max_tokens=512", "refreshToken: string;"],
    },
];

/// The most bytes that wait for a decision; see [`Ruleset::hold`].
const HOLD: usize = 16 * 1024;

/// A compiled set of rules, cheap to clone and shared by every scanner.
#[derive(Clone, Debug)]
pub struct Ruleset {
    anchors: Arc<Anchors>,
}

impl Ruleset {
    /// The `default` set: `bearer`, `jwt`, `cookie`, `authorization`, `oauth`.
    pub fn standard() -> Ruleset {
        Ruleset { anchors: Arc::new(Anchors::new(false)) }
    }

    /// The `default` set without the SIMD search, as on machines that have none. It finds the
    /// same, slower.
    pub fn portable() -> Ruleset {
        Ruleset { anchors: Arc::new(Anchors::new(true)) }
    }

    /// The most bytes that wait for a decision: a scanner settles all but this many of the
    /// bytes it was shown, whatever they are.
    pub fn hold(&self) -> usize {
        HOLD
    }

    /// The rules of the set, indexed by [`RuleId::index`].
    pub fn rules(&self) -> &[Rule] {
        &RULES
    }

    /// The names of all of them, in order.
    pub fn ids(&self) -> impl Iterator<Item = RuleId> + use<> {
        (0..RULES.len() as u16).map(RuleId)
    }

    /// The rule called `name`, if there is one.
    pub fn find(&self, name: &str) -> Option<RuleId> {
        self.ids().find(|id| self.rule(*id).name == name)
    }

    /// The rule that `id` names.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &RULES[id.index()]
    }

    pub(crate) fn anchors(&self) -> &Anchors {
        &self.anchors
    }
}
