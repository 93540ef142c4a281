//! The known names of keys and of session cookies, with the source of each. Data only.

use super::class::Class;

/// What may precede the last words of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anything, if a word starts there: at the start of the name, after `-` or `_`, or at a capital.
    Any,
    /// The same, with a `-` somewhere: the name of a header.
    Dashed,
}

/// The last words of a name.
pub(crate) struct Known {
    /// In lower case, without `-` and `_`.
    pub words: &'static [u8],
    pub class: Class,
    pub kind: Kind,
    /// The specification or program that defines it.
    #[allow(dead_code, reason = "it is for the reader")]
    pub source: &'static str,
}

const fn known(words: &'static [u8], class: Class, source: &'static str) -> Known {
    Known { words, class, kind: Kind::Any, source }
}

const fn dashed(words: &'static [u8], class: Class, source: &'static str) -> Known {
    Known { words, class, kind: Kind::Dashed, source }
}

/// The names, longest first. The first match counts.
#[rustfmt::skip]
pub(crate) const KNOWN: &[Known] = &[
    known(b"authorizationheadervalue", Class::Authorization, "log fields of services"),
    known(b"requestverificationtoken", Class::Header, "ASP.NET"),
    known(b"registrationaccesstoken", Class::Param, "RFC 7592"),
    known(b"authenticationtoken", Class::Param, "many"),
    known(b"authorizationheader", Class::Authorization, "log fields of services"),
    known(b"resourceownersecret", Class::Param, "OAuth 1.0a clients of Python"),
    known(b"csrfmiddlewaretoken", Class::Header, "Django"),
    known(b"authorizationtoken", Class::Param, "many"),
    known(b"accesstokensecret", Class::Param, "OAuth 1.0a clients"),
    known(b"authenticitytoken", Class::Header, "Rails"),
    known(b"rememberusertoken", Class::Param, "Devise"),
    known(b"resourceownerkey", Class::Param, "OAuth 1.0a clients of Python"),
    known(b"oauthtokensecret", Class::Param, "RFC 5849, section 2.1"),
    known(b"oauthverifier", Class::Param, "RFC 5849, section 2.2"),
    known(b"clientassertion", Class::Param, "RFC 7521, section 4.2"),
    known(b"remembermetoken", Class::Param, "frameworks"),
    known(b"setcookieheader", Class::SetCookie, "log fields of services"),
    dashed(b"subscriptionkey", Class::Header, "Ocp-Apim-Subscription-Key (Azure)"),
    dashed(b"applicationkey", Class::Header, "DD-APPLICATION-KEY (Datadog)"),
    known(b"cloudfrontsignature", Class::Session, "CloudFront's signed cookies"),
    known(b"authorizationcode", Class::WeakParam, "RFC 6749, section 1.3.1"),
    known(b"oauthsignature", Class::Param, "RFC 5849, section 3.1"),
    known(b"consumersecret", Class::Param, "OAuth 1.0a clients"),
    known(b"grafanasession", Class::Session, "Grafana"),
    known(b"httpcookiepair", Class::Cookie, "Akka HTTP"),
    known(b"laravelsession", Class::Session, "Laravel"),
    known(b"octobersession", Class::Session, "October CMS"),
    known(b"xgoogsignature", Class::Header, "Google Cloud, signed URLs"),
    known(b"authorization", Class::Authorization, "RFC 9110, section 11.6.2"),
    known(b"usernametoken", Class::WeakParam, "WSSE"),
    known(b"cookiesstring", Class::Cookie, "variables of clients"),
    known(b"xoauth2bearer", Class::Param, "libcurl's CURLOPT_XOAUTH2_BEARER"),
    known(b"gitlabsession", Class::Session, "GitLab"),
    known(b"identitytoken", Class::Param, "identity providers"),
    known(b"kratossession", Class::Session, "Ory"),
    known(b"registrytoken", Class::Param, "npm, container registries"),
    known(b"remembertoken", Class::Param, "Rails with Clearance, Laravel"),
    known(b"securesession", Class::Session, "cookies with the prefix __Secure-"),
    known(b"securitytoken", Class::Header, "X-Amz-Security-Token (AWS)"),
    known(b"xamzsignature", Class::Header, "AWS, presigned URLs"),
    known(b"clientsecret", Class::Param, "RFC 6749, section 2.3.1"),
    known(b"codeverifier", Class::Param, "RFC 7636, section 4.5"),
    known(b"cookieheader", Class::Cookie, "log fields of services"),
    known(b"cookiestring", Class::Cookie, "variables of clients"),
    dashed(b"functionskey", Class::Header, "X-Functions-Key (Azure)"),
    known(b"nshttpcookie", Class::Cookie, "Apple's Foundation"),
    known(b"oauth2bearer", Class::Param, "curl's --oauth2-bearer"),
    known(b"privatetoken", Class::Param, "GitLab"),
    known(b"refreshtoken", Class::Param, "RFC 6749, section 6"),
    dashed(b"registryauth", Class::Header, "X-Registry-Auth (Docker)"),
    known(b"samlresponse", Class::Param, "SAML 2.0 Bindings, section 3.5.4"),
    known(b"sessiontoken", Class::Param, "AWS, next-auth.session-token (Auth.js)"),
    known(b"subjecttoken", Class::Param, "RFC 8693, section 2.1"),
    known(b"tokensecret", Class::Param, "OAuth 1.0a clients"),
    known(b"tokenvalue", Class::WeakParam, "Spring's toString"),
    known(b"accesstoken", Class::Param, "RFC 6749, section 5.1; RFC 6750, section 2"),
    known(b"bearertoken", Class::Param, "many"),
    dashed(b"rapidapikey", Class::Header, "X-RapidAPI-Key"),
    dashed(b"jfrogartapi", Class::Header, "X-JFrog-Art-Api (Artifactory)"),
    dashed(b"circletoken", Class::Header, "CircleCI"),
    known(b"cookievalue", Class::CookieLike, "records of Haskell's cookie, log fields"),
    known(b"hostsession", Class::Session, "cookies with the prefix __Host-"),
    known(b"idtokenhint", Class::Param, "OpenID Connect Core, section 3.1.2.1"),
    known(b"oauth2token", Class::Param, "many"),
    known(b"usersession", Class::Session, "GitHub"),
    // Its anchor includes the dot.
    known(b"connect.sid", Class::Session, "Express"),
    known(b"actortoken", Class::Param, "RFC 8693, section 2.1"),
    known(b"cijobtoken", Class::Param, "GitLab CI"),
    known(b"cookiehash", Class::Cookie, "fields of access logs"),
    known(b"devicecode", Class::Param, "RFC 8628, section 3.4"),
    known(b"oauthtoken", Class::Param, "RFC 5849, section 3.1"),
    known(b"csrfsecret", Class::Param, "csurf, in sessions of Express"),
    known(b"setcookie2", Class::SetCookie, "RFC 2965"),
    known(b"setcookie3", Class::SetCookie, "servers with several headers"),
    known(b"setcookies", Class::SetCookie, "maps of frameworks"),
    known(b"authcode", Class::WeakParam, "clients of OAuth"),
    known(b"assertion", Class::Assertion, "RFC 7521, section 4.1"),
    known(b"authenticate", Class::WeakParam, "IMAP (RFC 9051, section 6.2.2)"),
    known(b"authtoken", Class::Param, "X-Auth-Token (OpenStack), npm"),
    known(b"cisession", Class::Session, "CodeIgniter"),
    known(b"csrftoken", Class::Header, "frameworks"),
    dashed(b"insertkey", Class::Header, "X-Insert-Key (New Relic)"),
    dashed(b"fastlykey", Class::Header, "Fastly"),
    dashed(b"masterkey", Class::Header, "X-Master-Key (JSONBin), X-Parse-Master-Key"),
    known(b"sessionid", Class::Session, "JSESSIONID (Java servlets), ASPSESSIONID, ASP.NET_SessionId"),
    known(b"setcookie", Class::SetCookie, "RFC 6265, section 4.1"),
    known(b"xsrftoken", Class::Header, "Angular, Laravel"),
    known(b"jwttoken", Class::Param, "many"),
    dashed(b"authkey", Class::Header, "X-Auth-Key (Cloudflare)"),
    known(b"cookie2", Class::Cookie, "RFC 2965"),
    known(b"cookies", Class::Cookie, "maps of frameworks"),
    known(b"idtoken", Class::Param, "OpenID Connect Core, section 3.1.3.3"),
    known(b"apikey", Class::Header, "X-Api-Key (AWS API Gateway and many others)"),
    dashed(b"secret", Class::Header, "X-Hasura-Admin-Secret, X-Webhook-Secret"),
    known(b"bearer", Class::Bearer, "maps of schemes"),
    known(b"cookie", Class::Cookie, "RFC 6265, section 4.2"),
    known(b"samlart", Class::Param, "SAML 2.0 Bindings, section 3.6.3"),
    known(b"session", Class::Session, "SESSION (Spring Session)"),
    known(b"sessid", Class::Session, "PHPSESSID (PHP)"),
    known(b"token", Class::WeakParam, "many"),
    known(b"auth", Class::WeakParam, "Docker, npm"),
];

/// A key of two words, with a dot or a space between them: `oauth2.client.secret`, `Access Token`.
pub(crate) struct Phrase {
    pub first: &'static [u8],
    pub last: &'static [u8],
    pub class: Class,
    #[allow(dead_code, reason = "it is for the reader")]
    pub source: &'static str,
}

const fn phrase(
    first: &'static [u8],
    last: &'static [u8],
    class: Class,
    source: &'static str,
) -> Phrase {
    Phrase { first, last, class, source }
}

#[rustfmt::skip]
pub(crate) const PHRASES: &[Phrase] = &[
    phrase(b"client", b"secret", Class::Param, "settings of OAuth clients, messages"),
    phrase(b"consumer", b"secret", Class::Param, "settings of OAuth clients, messages"),
    phrase(b"access", b"token", Class::Param, "settings of OAuth clients, messages"),
    phrase(b"refresh", b"token", Class::Param, "settings of OAuth clients, messages"),
    phrase(b"id", b"token", Class::Param, "messages"),
    phrase(b"auth", b"token", Class::Param, "settings, messages"),
    phrase(b"bearer", b"token", Class::Param, "messages"),
    phrase(b"session", b"token", Class::Param, "messages"),
    phrase(b"security", b"token", Class::Param, "messages"),
    phrase(b"code", b"verifier", Class::Param, "messages"),
    phrase(b"aspnetcore", b"session", Class::Session, "ASP.NET Core"),
    phrase(b"rack", b"session", Class::Session, "Rack"),
];

/// How long the last words of [`PHRASES`] are.
pub(crate) const PHRASE_LENS: std::ops::RangeInclusive<usize> = {
    let (mut least, mut most, mut k) = (usize::MAX, 0, 0);
    while k < PHRASES.len() {
        let len = PHRASES[k].last.len();
        least = if len < least { len } else { least };
        most = if len > most { len } else { most };
        k += 1;
    }
    least..=most
};

/// A query parameter with a common name. Another parameter of the same query identifies it.
pub(crate) struct QueryKey {
    pub name: &'static [u8],
    /// One of these, each followed by `=`. If there are none, the parameter has to follow `?` or `&`.
    pub others: &'static [&'static [u8]],
    /// The parameter is also found in a map of parameters.
    pub in_maps: bool,
    pub class: Class,
    #[allow(dead_code, reason = "it is for the reader")]
    pub source: &'static str,
}

#[rustfmt::skip]
pub(crate) const QUERY_KEYS: &[QueryKey] = &[
    QueryKey {
        name: b"code", others: &[b"state", b"session_state", b"code_verifier", b"redirect_uri", b"grant_type", b"scope", b"iss", b"authuser"],
        in_maps: true, class: Class::WeakParam, source: "RFC 6749, section 4.1.2",
    },
    QueryKey {
        name: b"signature", others: &[b"awsaccesskeyid", b"key-pair-id", b"googleaccessid", b"ossaccesskeyid", b"signedheaders"],
        in_maps: false, class: Class::Header, source: "presigned URLs of AWS, CloudFront, Google Cloud, Alibaba Cloud",
    },
    QueryKey {
        name: b"ticket", others: &[],
        in_maps: false, class: Class::WeakParam, source: "WebSockets, to which browsers add no headers; CAS",
    },
];
