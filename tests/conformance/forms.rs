//! The forms of a credential. `«»` is a slot for a token; `·` is where a terminal program changes the colour.

/// How a form's last value ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// With a delimiter of its own, or with a space.
    Closed,
    /// At the end of the line, or of the string that contains the line.
    Line,
    /// At the end of the line, in a line of columns.
    Column,
}

/// A text that contains a credential.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    pub(crate) rule: &'static str,
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
    pub(crate) tail: Tail,
}

/// A part of a form.
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Slot,
    Colour,
}

impl Form {
    /// The parts of the text, in order.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        self.text
            .split_inclusive(['«', '·'])
            .flat_map(|part| {
                let (text, mark) = match part.strip_suffix('«') {
                    Some(text) => (text, Some(Piece::Slot)),
                    None => match part.strip_suffix('·') {
                        Some(text) => (text, Some(Piece::Colour)),
                        None => (part, None),
                    },
                };
                let text = text.strip_prefix('»').unwrap_or(text);
                [Some(Piece::Text(text)), mark]
            })
            .flatten()
    }
}

const fn closed(rule: &'static str, name: &'static str, text: &'static str) -> Form {
    Form { rule, name, text, tail: Tail::Closed }
}

const fn line(rule: &'static str, name: &'static str, text: &'static str) -> Form {
    Form { rule, name, text, tail: Tail::Line }
}

const fn column(rule: &'static str, name: &'static str, text: &'static str) -> Form {
    Form { rule, name, text, tail: Tail::Column }
}

#[rustfmt::skip]
pub(crate) const FORMS: &[Form] = &[
    closed("bearer", "header", "Authorization·: ·Bearer «»"),
    closed("bearer", "header, lower case", "authorization: bearer  «»"),
    closed("bearer", "header, upper case and tab", "AUTHORIZATION: BEARER\t«»"),
    closed("bearer", "proxy header", "Proxy-Authorization: Bearer «»"),
    closed("bearer", "bare", "using Bearer «»"),
    closed("bearer", "bare in parentheses", "login ok (Bearer «») for ada"),
    closed("bearer", "compact json", r#"{"authorization":"Bearer «»","x":1}"#),
    closed("bearer", "spaced json", r#"{·"Authorization"·: ·"Bearer «»"·, "x": 1}"#),
    closed("bearer", "pretty json", "{\n  \"Authorization\": \"Bearer «»\",\n  \"x\": 1\n}"),
    closed("bearer", "json list", r#"{"Authorization":["Bearer «»"],"Accept":["*/*"]}"#),
    closed("bearer", "python dict", "{'Authorization': 'Bearer «»', 'Accept': '*/*'}"),
    closed("bearer", "python tuples", "EnvironHeaders([('Host', 'h'), ('Authorization', 'Bearer «»')])"),
    closed("bearer", "python bytes", "[(b'host', b'h'), (b'authorization', b'Bearer «»')]"),
    closed("bearer", "wsgi environ", "{'HTTP_AUTHORIZATION': 'Bearer «»', 'HTTP_HOST': 'h'}"),
    closed("bearer", "werkzeug", "<Authorization Bearer «»>"),
    closed("bearer", "http.client", r"b'GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer «»\r\n\r\n'"),
    closed("bearer", "curl request", "> Authorization: Bearer «»"),
    closed("bearer", "curl http/2", "* [HTTP/2] [1] [authorization: Bearer «»]"),
    closed("bearer", "curl command", "curl -H 'Authorization: Bearer «»' https://h/"),
    closed("bearer", "curl command, double quotes", "curl -H \"Authorization: Bearer «»\" https://h/"),
    closed("bearer", "go map", "map[Accept:[*/*] Authorization:[Bearer «»] Host:[h]]"),
    closed("bearer", "go syntax", r#"http.Header{"Authorization":[]string{"Bearer «»"}}"#),
    closed("bearer", "go http2 debug", r#"encoding header "authorization" = "Bearer «»""#),
    closed("bearer", "java map of lists", "{Authorization=[Bearer «»], Accept=[*/*]}"),
    closed("bearer", "java map", "{Authorization=Bearer «», Accept=*/*}"),
    closed("bearer", "spring", r#"headers=[Authorization:"Bearer «»", Accept:"*/*"]"#),
    closed("bearer", "wire log", r#">> "Authorization: Bearer «»[\r][\n]""#),
    closed("bearer", "envoy", "'authorization', 'Bearer «»'"),
    closed("bearer", "key and value", "key=Authorization value=Bearer «»"),
    closed("bearer", "grpc metadata", "map[authorization:[Bearer «»] user-agent:[grpc-go/1.60]]"),
    closed("bearer", "node pair", "[ 'Authorization', 'Bearer «»' ]"),
    closed("bearer", "node lines", "[\n  'Authorization',\n  'Bearer «»',\n  'Accept',\n  '*/*'\n]"),
    closed("bearer", "ruby", r#"{"HTTP_AUTHORIZATION"=>"Bearer «»", "HTTP_HOST"=>"h"}"#),
    closed("bearer", "php", "[HTTP_AUTHORIZATION] => Bearer «»"),
    closed("bearer", "har", r#"{"name":"Authorization","value":"Bearer «»"}"#),
    closed("bearer", "har, value first", r#"{"value":"Bearer «»","name":"Authorization"}"#),
    closed("bearer", "har, pretty", "{\n  \"name\": \"Authorization\",\n  \"value\": \"Bearer «»\"\n}"),
    closed("bearer", "logfmt", "level=info auth·=·\"Bearer «»\"· path=/x"),
    closed("bearer", "logfmt with the key", "level=info authorization·=·\"Bearer «»\"· path=/x"),
    closed("bearer", "websocket", "Sec-WebSocket-Protocol: bearer, «»"),
    closed("bearer", "query parameter", "/v1/items?access_token=«»&page=2"),

    closed("jwt", "alone", "«»"),
    closed("jwt", "in a message", "verify «» failed"),
    closed("jwt", "two", "old «» new «»"),
    closed("jwt", "query", "/cb?jwt=«»&state=1"),
    closed("jwt", "fragment", "https://h/cb#id_token=«»&state=1"),
    closed("jwt", "json", r#"{"token":"«»","n":1}"#),
    closed("jwt", "json list", r#"["«»","«»"]"#),
    closed("jwt", "repr", "token = '«»'"),
    closed("jwt", "parentheses", "verify(«») failed"),
    closed("jwt", "brackets", "map[X-Jwt:[«»]]"),
    closed("jwt", "element", "<td>«»</td>"),
    closed("jwt", "comma", "a=«»,b=2"),
    closed("jwt", "semicolon", "jwt=«»; Path=/"),
    closed("jwt", "logfmt", "level=info token·=·«»· n=1"),
    closed("jwt", "path", "GET /verify/«»/status HTTP/1.1"),

    line("cookie", "request", "Cookie·: ·a=«»; b=«»"),
    line("cookie", "request, lower case", "cookie: sid=«»"),
    line("cookie", "request, quoted", "Cookie: a=\"«»\"; b=«»"),
    line("cookie", "request, no blanks", "Cookie:a=«»;b=«»"),
    line("cookie", "response, bare", "Set-Cookie: sid=«»"),
    closed("cookie", "response", "Set-Cookie·: ·sid=«»; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Max-Age=3600; Secure; HttpOnly; SameSite=Lax"),
    closed("cookie", "response, folded", "Set-Cookie: a=«»; Path=/, b=«»; HttpOnly"),
    closed("cookie", "json", r#"{·"cookie"·: ·"sid=«»; theme=«»"·, "x": 1}"#),
    closed("cookie", "json list", r#"{"set-cookie":["sid=«»; Path=/","t=«»"],"x":1}"#),
    closed("cookie", "python dict", "{'Cookie': 'sid=«»; theme=«»', 'Accept': '*/*'}"),
    closed("cookie", "python tuples", "[('Set-Cookie', 'sid=«»; HttpOnly; Path=/'), ('Vary', 'Cookie')]"),
    closed("cookie", "python bytes", "[(b'cookie', b'sid=«»; theme=«»'), (b'host', b'h')]"),
    closed("cookie", "wsgi environ", "{'HTTP_COOKIE': 'sid=«»; theme=«»', 'HTTP_HOST': 'h'}"),
    closed("cookie", "http.client", r"b'GET / HTTP/1.1\r\nCookie: sid=«»; theme=«»\r\nHost: h\r\n\r\n'"),
    line("cookie", "curl request", "> Cookie: sid=«»; theme=«»"),
    closed("cookie", "curl http/2", "* [HTTP/2] [1] [cookie: sid=«»; theme=«»]"),
    closed("cookie", "curl command", "curl -H 'Cookie: sid=«»; theme=«»' https://h/"),
    closed("cookie", "go map", "map[Accept:[*/*] Cookie:[sid=«»; theme=«»] Host:[h]]"),
    closed("cookie", "go syntax", r#"http.Header{"Cookie":[]string{"sid=«»; theme=«»"}}"#),
    closed("cookie", "java map of lists", "{Cookie=[sid=«»; theme=«»], Accept=[*/*]}"),
    closed("cookie", "java set-cookie", "{Set-Cookie=[sid=«»; Path=/, t=«»; HttpOnly], Accept=[*/*]}"),
    closed("cookie", "spring", r#"headers=[Cookie:"sid=«»; theme=«»", Accept:"*/*"]"#),
    closed("cookie", "wire log", r#">> "Cookie: sid=«»; theme=«»[\r][\n]""#),
    closed("cookie", "envoy", "'cookie', 'sid=«»; theme=«»'"),
    closed("cookie", "node lines", "[\n  'Cookie',\n  'sid=«»; theme=«»',\n  'Accept',\n  '*/*'\n]"),
    closed("cookie", "node list", "{ 'set-cookie': [ 'sid=«»; Path=/', 't=«»' ] }"),
    closed("cookie", "ruby", r#"{"HTTP_COOKIE"=>"sid=«»; theme=«»", "HTTP_HOST"=>"h"}"#),
    line("cookie", "php", "[HTTP_COOKIE] => sid=«»; theme=«»"),
    closed("cookie", "har", r#"{"name":"Cookie","value":"sid=«»; theme=«»"}"#),
    closed("cookie", "har, value first", r#"{"value":"sid=«»; theme=«»","name":"Cookie"}"#),
    closed("cookie", "har, pretty", "{\n  \"name\": \"Cookie\",\n  \"value\": \"sid=«»; theme=«»\"\n}"),
    closed("cookie", "logfmt", "level=info cookie·=·\"sid=«»; theme=«»\"· path=/x"),
    line("cookie", "iis header", "Cookie: a=«»;+b=«»"),
    column("cookie", "jar", ".example.com\tTRUE\t/\tTRUE\t0\tsid\t«»"),
    column("cookie", "jar, http only", "#HttpOnly_.example.com\tTRUE\t/\tTRUE\t0\tsid\t«»"),

    closed("authorization", "basic", "Authorization·: ·Basic «»"),
    closed("authorization", "token", "Authorization: Token «»"),
    closed("authorization", "apikey", "Authorization: ApiKey «»"),
    closed("authorization", "negotiate", "Authorization: Negotiate «»"),
    closed("authorization", "dpop", "Authorization: DPoP «»"),
    closed("authorization", "proxy", "Proxy-Authorization: Basic «»"),
    closed("authorization", "digest", r#"Authorization: Digest username="ada", realm="staff", uri="/", response="«»", opaque="x""#),
    closed("authorization", "signature", "Authorization: AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260304/eu/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=«»"),
    line("authorization", "bare value", "Authorization: «»"),
    closed("authorization", "json", r#"{·"authorization"·: ·"Basic «»"·, "x": 1}"#),
    closed("authorization", "json, bare value", r#"{"authorization":"«»","x":1}"#),
    closed("authorization", "python dict", "{'Authorization': 'Basic «»', 'Accept': '*/*'}"),
    closed("authorization", "wsgi environ", "{'HTTP_AUTHORIZATION': 'Basic «»', 'HTTP_HOST': 'h'}"),
    closed("authorization", "go map", "map[Accept:[*/*] Authorization:[Basic «»] Host:[h]]"),
    closed("authorization", "java map of lists", "{Authorization=[Basic «»], Accept=[*/*]}"),
    closed("authorization", "envoy", "'authorization', 'Basic «»'"),
    closed("authorization", "har", r#"{"name":"Authorization","value":"Basic «»"}"#),
    line("authorization", "api key", "X-Api-Key: «»"),
    closed("authorization", "api key, json", r#"{"x-api-key":"«»","x":1}"#),
    closed("authorization", "api key, go map", "map[Accept:[*/*] X-Api-Key:[«»]]"),
    closed("authorization", "api key, wsgi", "{'HTTP_X_API_KEY': '«»', 'HTTP_HOST': 'h'}"),
    line("authorization", "auth token", "X-Auth-Token: «»"),
    line("authorization", "amz security token", "X-Amz-Security-Token: «»"),
    line("authorization", "csrf token", "X-CSRF-Token: «»"),

    closed("oauth", "query", "GET /cb?access_token=«»&state=x HTTP/1.1"),
    closed("oauth", "query, last", "GET /cb?state=x&access_token=«» HTTP/1.1"),
    closed("oauth", "fragment", "https://h/cb#access_token=«»&token_type=Bearer&state=x"),
    closed("oauth", "form", "grant_type=refresh_token&refresh_token=«»&client_secret=«»"),
    closed("oauth", "form, code", "grant_type=authorization_code&code_verifier=«»&client_id=web"),
    closed("oauth", "form, device", "device_code=«»&client_id=tv"),
    closed("oauth", "form, assertions", "assertion=«»&client_assertion=«»&scope=read"),
    closed("oauth", "json", r#"{"access_token":"«»","token_type":"Bearer","expires_in":3600}"#),
    closed("oauth", "spaced json", r#"{·"refresh_token"·: ·"«»"·, "scope": "read"}"#),
    closed("oauth", "pretty json", "{\n  \"access_token\": \"«»\",\n  \"id_token\": \"«»\"\n}"),
    closed("oauth", "camel case", r#"{"accessToken":"«»","clientSecret":"«»","expiresIn":3600}"#),
    closed("oauth", "hyphens", r#"{"access-token":"«»","x":1}"#),
    closed("oauth", "python dict", "{'access_token': '«»', 'token_type': 'Bearer'}"),
    closed("oauth", "python tuples", "[('grant_type', 'refresh_token'), ('refresh_token', '«»')]"),
    closed("oauth", "python call", "fetch(client_id='web', client_secret='«»', timeout=5)"),
    closed("oauth", "java map", "{access_token=«», token_type=Bearer}"),
    closed("oauth", "go map", "map[client_secret:[«»] grant_type:[client_credentials]]"),
    closed("oauth", "ruby", r#"{"refresh_token"=>"«»", "grant_type"=>"refresh_token"}"#),
    closed("oauth", "node", "{ access_token: '«»', token_type: 'Bearer' }"),
    closed("oauth", "har", r#"{"name":"access_token","value":"«»"}"#),
    closed("oauth", "logfmt", "level=info access_token·=·«»· user=ada"),
    closed("oauth", "logfmt, quoted", "level=info refresh_token=\"«»\" user=ada"),
];
