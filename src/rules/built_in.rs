//! The built-in rules, with examples of what each finds and what it keeps.

use std::borrow::Cow;

use super::rule::Rule;

/// A built-in rule.
pub(crate) struct BuiltIn {
    /// Whether it is in the `default` set. Every rule is in `all`.
    pub default: bool,
    pub name: &'static str,
    pub summary: &'static str,
    pub examples: &'static [&'static str],
    pub counter_examples: &'static [&'static str],
}

/// The built-in rules. A rule's index is the number that the grammar knows it by.
pub(crate) static BUILT_IN: [BuiltIn; 10] = [
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
    BuiltIn {
        default: false,
        name: "password",
        summary: "passwords and secrets by their key, in every way to print a key and its value",
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
        default: false,
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
        default: false,
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
        default: false,
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
        default: false,
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
];

/// The names of the sets.
pub(crate) const SETS: [&str; 3] = ["default", "all", "none"];

impl BuiltIn {
    /// Whether the rule is in the set called `set`.
    pub fn is_in(&self, set: &str) -> bool {
        set == "all" || set == "default" && self.default
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
