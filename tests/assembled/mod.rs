//! Texts that are put together from what may stand before a key, a key, a separator, a value and what may follow.

#[rustfmt::skip]
const BEFORE: &[&str] = &[
    "", "x ", "x: ", "x]: ", "app[1]: ", "\n", "\n  ", "\n\t", "\n> ", "> ", "x > ", "\n* ", "* ", "| ", "\n| ",
    "\n- ", "- ", "; ", ": ", "=", "] ", ") ", "} ", ",", ", ", "&", "?", "?x=1&", "%20", "%26", "%26\\\"", "#012",
    "\u{1b}[1m", "\u{1b}[0m ", "[", "x[", "[[", "[\"", "[('", "('", "(", "f(", "{", "x {", "{a|", "f|", "<", "x<",
    "\"", "\\\"", "\\\\\\\"", "\\\\\"", "'", "b'", "\"\"", "a=\"", "@", "@\"", "h:", "h: \"", "\"h: ", "'h: ", "-H '",
    "-H \"", "^\"", "&quot;", "&#39;", "\\n", "\\r\\n", "\\n> ", "\\u003e ", "{\"a\":1,\"", "{'a': 1, '",
    "2026-03-04T10:00:00Z ", "z/",
];
#[rustfmt::skip]
const KEYS: &[&str] = &[
    "Cookie", "cookie", "Set-Cookie", "set-cookie", "Authorization", "authorization", "Proxy-Authorization",
    "X-Auth-Token", "X-Api-Key", "access_token", "id_token", "client_secret", "token", "auth", "code", "state",
    "session", "sessionid", "HTTP_COOKIE", "HTTP_AUTHORIZATION", "Bearer", "password", "db_password", "apiKey",
    "private_key", "AWS_SECRET_ACCESS_KEY", "passphrase", "--password", "-p", "user", "login", "X-Amz-Signature",
    "pin", "email", "iban",
];
#[rustfmt::skip]
const SEPARATORS: &[&str] = &[
    ": ", ": !!str ", ": &a ", ":", "=", "= ", " = ", " ", "\t", ":\n", ": \n  ", "\":\"", "\": \"", "\": ", "\":[\"",
    "\": [\"",
    "\": [\n  \"", "':'", "': '", "': ['", "', '", "','", "\", \"", "\", value=\"", "=\"", "='", ": \"", ": '",
    "\\\":\\\"", "\\\": \\\"", "\\u0022:\\u0022", "=[", ":[", ": [", "=>", "\"=>\"", "\" => \"", "=Bearer ",
    ": Bearer ", ":Bearer ", "\":\"Bearer ", "': 'Basic ", ": a=", "</td><td>", ", Accept: ",
];
#[rustfmt::skip]
const VALUES: &[&str] = &[
    "d=1", "d=}", "d={f}", "d=]", "d=", "=d1", "d", "d=#1", "d='1'", "d=\"a1b2\"", "d=a1=", "d=a1==", "d=a1b2c3\\",
    "d=a1b2c3\\n", "d=a1b2c3\\\"", "d=a%3Db1", "d=1;e=2;f=3", "d=1, e=2", "d=e1&f=g2", "d=e1>", "d=e1<", "d=e1 f=g2",
    "d=e1 and 2", "d=e1:f", "d=e1\u{1b}[0m", "d=1)", "a1b2c3; ; d=4e5f", "name=a1; value=b2", "sid=abc123; b=de4f",
    "a=1; path=/", "sid=T1; Path=/; HttpOnly", "sid=T1; SameSite=Lax", "8f3b9c2a7d1e4f60a5b8c9d0e1f2a3b4",
    "8f3b9c2a7d1e,x=1", "8f3b9c2a7d1e4f60a5b8c9d0|", "Bearer 8f3b9c2a7d1e4f60a5b8c9d0e1f2a3b4",
    "Token 8f3b9c2a7d1e4f60a5b8c9d0e1f2a3b4", "Basic dXNlcjpwYXNzd29yZDE=",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123_-", "abcdef", "{x}", "${T}", "[REDACTED]", "***", "d=***", "null",
    "true", "12345678", "hunter2", "Sw0rdf!sh", "ada:hunter2@h", "https://ada:hunter2@h/", "AKIAIOSFODNN7EXAMPLE",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "-----BEGIN PRIVATE KEY-----", "DE89370400440532013000",
    "+49 30 901820", "ada@example.org", "10.0.0.1", "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
];
#[rustfmt::skip]
const AFTER: &[&str] = &[
    "", "\n", "\"", "'", "\"}", "'}", "\\\"", "\\\"}", "]", "\"]", "\"],", "','", "', '", "\", \"", "\",\"x=1\"]",
    ")", "}", ",", ", ", ", b=c", ";", "; ", " ", "\r\n", "\\r\\n", "\n\n", "\nHost: h\n", "\n x", "\n\tpath=/x",
    "&x=1", "&quot;", "&amp;b=c", "|", "<", "</td>", ">", "\u{1b}[0m", " HTTP/1.1\"", "\",\"b\":\"c\"}",
    "', 'b': 'c'}", ": ", "\\", "\\n", "\\u0026x=1", "#", "*",
];

/// A text of one to three keys with what is around them.
pub fn assembled(below: &mut dyn FnMut(usize) -> usize) -> String {
    let mut text = String::new();
    let one = |parts: &[&str], text: &mut String, below: &mut dyn FnMut(usize) -> usize| {
        text.push_str(parts[below(parts.len())]);
    };
    for _ in 0..below(3) + 1 {
        if below(2) == 0 {
            one(BEFORE, &mut text, below);
        }
        for parts in [BEFORE, KEYS, SEPARATORS, VALUES] {
            one(parts, &mut text, below);
        }
        if below(3) == 0 {
            text.push_str([";", "; ", ",", " "][below(4)]);
            one(VALUES, &mut text, below);
        }
        one(AFTER, &mut text, below);
        if below(2) == 0 {
            one(AFTER, &mut text, below);
        }
    }
    text
}
