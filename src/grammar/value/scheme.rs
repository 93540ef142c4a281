//! Authentication schemes (RFC 9110, section 11; the registry of HTTP authentication schemes), which may also
//! occur in place of a value.

/// Schemes whose credentials are one token.
pub(crate) const TOKEN_SCHEMES: &[&[u8]] = &[
    b"basic",
    b"token",
    b"apikey",
    b"api-key",
    b"apitoken",
    b"api-token",
    b"negotiate",
    b"ntlm",
    b"dpop",
    b"kerberos",
    b"key",
    b"jwt",
    b"ssws",
    b"splunk",
    b"geniekey",
    b"privatetoken",
    b"private-token",
    b"sharedkey",
    b"sharedkeylite",
    b"mac",
    b"bot",
    b"user",
    b"gnap",
    b"zoho-oauthtoken",
];
