//! The kinds of values that keys have.

/// The kind of value that a key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// `Authorization`, `Proxy-Authorization`: a scheme and credentials.
    Authorization,
    /// `Cookie`: cookie-pairs.
    Cookie,
    /// `Set-Cookie`: a cookie-pair and its attributes.
    SetCookie,
    /// A cookie-name in a map whose values are in lists.
    CookieEntry,
    /// A key that ends in `cookie` but is not the header's name. Its value has to look like one.
    CookieLike,
    /// A header or field whose whole value is a credential, as `X-Api-Key`.
    Header,
    /// An OAuth parameter.
    Param,
    /// An OAuth parameter with a common word as its name. Its value has to look like a token.
    WeakParam,
    /// `assertion`, which is also a word of test frameworks.
    Assertion,
    /// `bearer`, as a key.
    Bearer,
    /// `client_token`, which is a Vault token, or an idempotency key.
    Client,
    /// A session identifier, named like the cookie that usually holds it.
    Session,
    /// A password.
    Password,
    /// A secret, or the name of one.
    Secret,
    /// An API key. Its value has to be random enough.
    ApiKey,
    /// The secret access key of a cloud, which has a fixed form.
    CloudKey,
    /// A key that the user listed.
    Listed,
}

impl Class {
    /// Whether only rules outside the `default` set use it.
    pub fn is_optional(self) -> bool {
        matches!(
            self,
            Class::Password | Class::Secret | Class::ApiKey | Class::CloudKey | Class::Listed
        )
    }
}
