//! The built-in rules, with examples of what each finds and what it keeps.

use std::borrow::Cow;

use super::rule::Rule;

/// A built-in rule.
pub(crate) struct BuiltIn {
    pub set: Set,
    pub name: &'static str,
    pub summary: &'static str,
    pub examples: &'static [&'static str],
    pub counter_examples: &'static [&'static str],
}

/// The smallest set that a rule is in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    /// In `default`, and so in `all`.
    Default,
    /// In `all` only.
    All,
    /// Personal data: in neither.
    Pii,
}

/// The built-in rules. A rule's index is the number that the grammar knows it by.
pub(crate) static BUILT_IN: [BuiltIn; 16] = [
    BuiltIn {
        set: Set::Default,
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
        set: Set::Default,
        name: "jwt",
        summary: "JSON Web Tokens (RFC 7519), JWS and JWE, anywhere",
        examples: &["token «eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.» rejected"],
        counter_examples: &["cursor=eyJpZCI6MTIzfQ==", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..."],
    },
    BuiltIn {
        set: Set::Default,
        name: "cookie",
        summary: "cookie values of Cookie and Set-Cookie (RFC 6265); names and attributes stay",
        examples: &[
            "Cookie: sid=«31d4d96e407aad42»; theme=«dark»",
            "Set-Cookie: sid=«31d4d96e407aad42»; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly",
        ],
        counter_examples: &["cookie consent accepted", "Cookie: -"],
    },
    BuiltIn {
        set: Set::Default,
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
        set: Set::Default,
        name: "oauth",
        summary: "OAuth parameters: access, refresh and ID tokens, client secrets, verifiers, device codes",
        examples: &[
            "GET /cb?access_token=«2YotnFZFEjr1zCsicMWpAA»&state=x",
            r#"{"refresh_token": "«tGzv3JOkF0XG5Qx2TlKWIA»", "expires_in": 3600}"#,
        ],
        counter_examples: &["grant_type=refresh_token&max_tokens=512", "refreshToken: string;"],
    },
    BuiltIn {
        set: Set::All,
        name: "password",
        summary: "passwords and secrets by their key, in all notations for a key and its value",
        examples: &[
            r#"{"user": "ada", "password": "«correct-horse-9»"}"#,
            "POST /login username=ada&password=«s3cretly»&next=/",
            "Server=db;Database=orders;User Id=sa;Password=«p&ss?w0rd#1»;Encrypt=True",
            "connecting with --password «hunter2-hunter2» --host db",
        ],
        counter_examples: &[
            "Failed password for root from 10.0.0.1 port 22 ssh2",
            "password_min_length=8",
            "password: required",
            "password = request.form['password']",
            "PWD=/home/ada OLDPWD=/",
        ],
    },
    BuiltIn {
        set: Set::All,
        name: "api-key",
        summary: "API keys, access keys and tokens by their key, where the value is random enough for one",
        examples: &[
            "ACCOUNT_API_KEY=«8f14e45fceea167a5a36dedd4bea2543»",
            "AccountName=logs;AccountKey=«kVn7xq0T4mQ2hR8bYw1sZc6dLf3gJp5uXa9eBtNiOoM=»;EndpointSuffix=core.windows.net",
            r#"{"deploy_token": "«mZ7wq2Xk9Lr4Tn8Bv6Cy»"}"#,
        ],
        counter_examples: &[
            "primary_key=id foreign_key=order_id",
            r#"{"next_page_token": "CAUQAA3f9Kq2Lm8xTz7w"}"#,
            "api_key = os.environ['API_KEY']",
        ],
    },
    BuiltIn {
        set: Set::All,
        name: "provider",
        summary: "self-identifying tokens of 200 providers: AWS, GitHub, GitLab, Slack, Stripe and others",
        examples: &[
            "credentials of «AKIAZQ3DRSTUVWXY2LMN» are used",
            "git clone with «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»",
            "AWS_SECRET_ACCESS_KEY=«wJalrXUtnFEMIK7MDENGbPxRfiCYzQ4vT8sLq2Ko»",
        ],
        counter_examples: &[
            "Asia/Tokyo",
            "ghp_lifecycle_event_of_some_package_or_other has no capitals",
            "AKIAIOSFODNN7EXAMPLE",
        ],
    },
    BuiltIn {
        set: Set::All,
        name: "url-userinfo",
        summary: "passwords in URLs, and tokens in a user's place",
        examples: &[
            "DATABASE_URL=postgres://orders:«s3cr3t%2Fpw»@db.internal:5432/orders",
            "git fetch https://«x7Kq2mZ9wLr4Tn8Bv6CyQ»@git.example.com/a.git",
        ],
        counter_examples: &[
            "GET http://host:8080/path@x",
            "ssh://git@git.example.com/a.git",
            "postgres://user:${PASSWORD}@db/orders",
        ],
    },
    BuiltIn {
        set: Set::All,
        name: "private-key",
        summary: "private keys in PEM, over lines or on one; certificates and public keys stay",
        examples: &[
            r"key: -----BEGIN PRIVATE KEY-----\n«MC4CAQAwBQYDK2VwBCIEIP4Kq2mZ9wLr4Tn8Bv6CyQx7Kq2mZ9wLr4Tn8Bv6CyQ»\n-----END PRIVATE KEY-----\n",
        ],
        counter_examples: &[
            r"-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2mZ9wLr4Tn8Bv6CyQx7Kq2mZ9w\n-----END CERTIFICATE-----\n",
            "the private key is not shown",
        ],
    },
    BuiltIn {
        set: Set::Pii,
        name: "email",
        summary: "e-mail addresses",
        examples: &[
            "mail from «ada.lovelace@mail.example.com» accepted",
            "GET /signup?email=«ada%2Blists%40example.com»&next=/",
        ],
        counter_examples: &[
            "git clone git@git.example.com:tools/logs.git",
            "Started user@1000.service, icon@2x.png loaded",
            "kex: curve25519-sha256@libssh.org, lodash@4.17.21",
        ],
    },
    BuiltIn {
        set: Set::Pii,
        name: "card",
        summary: "payment card numbers: an issuer's range and length, and the Luhn check digit",
        examples: &[
            r#"{"pan": "«4111 1111 1111 1111»", "amount": 12}"#,
            "charged «5555555555554444», exp 12/27",
        ],
        counter_examples: &[
            "charged 5555555555554445",
            "ts=1732545678123456 trace_id=4111111111111111",
            "4111111111111111a2 0.4111111111111111",
        ],
    },
    BuiltIn {
        set: Set::Pii,
        name: "iban",
        summary: "international bank account numbers: a country's length, and the check digits",
        examples: &["pay to «GB82 WEST 1234 5698 7654 32»", "iban=«DE89370400440532013000»"],
        counter_examples: &["GB82 WEST 1234 5698 7654 33", "build DE89370400440532013000F"],
    },
    BuiltIn {
        set: Set::Pii,
        name: "ssn",
        summary: "US social security numbers: with hyphens, or after their name",
        examples: &["applicant «219-09-1234» verified", r#"{"ssn": "«219091234»"}"#],
        counter_examples: &["666-12-3456 000-12-3456 912-34-5678 123-00-4567", "order 219091234"],
    },
    BuiltIn {
        set: Set::Pii,
        name: "ip",
        summary: "IPv4 and IPv6 addresses; networks, loopback, masks and versions stay",
        examples: &[
            "«203.0.113.9» - - \"GET / HTTP/1.1\"",
            "Connection from [«2001:db8:7::1f»]:51234",
        ],
        counter_examples: &[
            "listening on 127.0.0.1:8080, 0.0.0.0:80 and [::1]:80",
            "version 10.4.2.1, Chrome/99.0.12.51, libfoo-1.2.3.4.so",
            "12:34:56 00:1a:2b:3c:4d:5e std::bad::cafe 10.1.0.0/16",
        ],
    },
    BuiltIn {
        set: Set::Pii,
        name: "phone",
        summary: "phone numbers in international form (E.164), with or without separators",
        examples: &["SMS to «+14155552671» sent", "call «+44 20 7946 0958» back"],
        counter_examples: &[
            "at 12:00:00+0200, offset +1099511627776",
            "x+14155552671 +12345 +999123456789",
        ],
    },
];

/// The names of the sets.
pub(crate) const SETS: [&str; 4] = ["default", "all", "pii", "none"];

impl BuiltIn {
    /// Whether the rule is in the set called `set`.
    pub fn is_in(&self, set: &str) -> bool {
        match self.set {
            Set::Default => matches!(set, "default" | "all"),
            Set::All => set == "all",
            Set::Pii => set == "pii",
        }
    }

    /// The rule in the form that is shown to users.
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
