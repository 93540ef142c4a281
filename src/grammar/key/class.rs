//! What a key's value is.

/// What a key's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// `Authorization`, `Proxy-Authorization`: a scheme and its credentials.
    Authorization,
    /// `Cookie`: cookie-pairs.
    Cookie,
    /// `Set-Cookie`: a cookie-pair and its attributes.
    SetCookie,
    /// A cookie-name in a map, whose value stands in a list.
    CookieEntry,
    /// A key that ends in `cookie` without being the header's name: a value if it looks
    /// like one.
    CookieLike,
    /// A header or field that is a credential as a whole, as `X-Api-Key`.
    Header,
    /// An OAuth parameter.
    Param,
    /// An OAuth parameter whose name is also a common word: only values that look like
    /// tokens.
    WeakParam,
    /// `assertion`, which is a word of test frameworks too.
    Assertion,
    /// `bearer`, as a key.
    Bearer,
    /// `client_token`, which is a token of Vault's, or says which of a client's requests are the same.
    Client,
    /// A session identifier that is named like the cookie it usually is.
    Session,
    /// A password.
    Password,
    /// A secret, which may be the name of one.
    Secret,
    /// An API key: only values that are random enough for one.
    ApiKey,
    /// A cloud's secret access key, which has a form.
    CloudKey,
    /// A key that the user named.
    Listed,
}

impl Class {
    /// Whether it is one that only the rules beyond `default` have.
    pub fn is_further(self) -> bool {
        matches!(
            self,
            Class::Password | Class::Secret | Class::ApiKey | Class::CloudKey | Class::Listed
        )
    }
}
