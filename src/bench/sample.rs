//! A generated log, for users who have no log at hand. It has the same bytes each time, in the formats of real systems.
//!
//! The positions of its secrets are known, so it also serves to count what a filter misses.

use std::io::Write;
use std::ops::Range;

/// Typical server lines without anything that looks like a credential.
///
/// A «name» is replaced by generated text; see [`Writer::fill`].
const PLAIN: &[&str] = &[
    r#"«ip» - - [04/Mar/2026:«time» +0000] "GET /«path» HTTP/1.1" 200 «n» "-" "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0""#,
    r#"«ip» - - [04/Mar/2026:«time» +0000] "GET /static/app.«hex8».js HTTP/2.0" 304 0 "https://shop.example.com/" "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15""#,
    r#"«ip» - ada [04/Mar/2026:«time» +0000] "POST /«path»?page=«n»&sort=price HTTP/1.1" 201 «n» "-" "okhttp/4.12.0""#,
    r#"{"ts":"2026-03-04T«time»Z","level":"info","logger":"shop.orders","msg":"order placed","order":«n»,"items":3,"ms":«n»,"request_id":"«uuid»"}"#,
    r#"{"ts":"2026-03-04T«time»Z","level":"debug","logger":"shop.db","msg":"query","sql":"SELECT id, name, price FROM items WHERE shop = $1 ORDER BY price LIMIT 50","rows":«n»,"ms":«n»}"#,
    r#"time=2026-03-04T«time»Z level=info msg="request handled" method=GET path=/«path» status=200 bytes=«n» duration=«n»us trace_id=«hex32»"#,
    r"2026-03-04T«time»Z  INFO 1 --- [nio-8080-exec-7] c.e.shop.inventory.StockService          : Reserved «n» of item «n» in warehouse north",
    r"2026-03-04T«time»Z DEBUG 1 --- [   scheduling-1] o.h.e.t.internal.TransactionImpl         : committing",
    r"	at org.springframework.web.servlet.FrameworkServlet.doGet(FrameworkServlet.java:903) ~[spring-webmvc-6.1.4.jar!/:6.1.4]",
    r"I0304 «time»    4242 controller.go:«n»] reconciling deployment shop/frontend generation=«n» replicas=4 ready=4",
    r"Mar  4 «time» web-03 sshd[«n»]: Received disconnect from «ip» port «n»:11: disconnected by user",
    r"Mar  4 «time» web-03 kernel: [«n».«n»] IPv4: martian source «ip» from «ip», on dev eth0",
    r"2026-03-04 «time» UTC [«n»] LOG:  checkpoint complete: wrote «n» buffers (0.6%); 0 WAL file(s) added, 0 removed, 1 recycled",
    r"«n»:M 04 Mar 2026 «time» * Background saving terminated with success",
];

/// Lines that mention credentials and contain none.
const NEAR: &[&str] = &[
    r#"«ip» - - [04/Mar/2026:«time» +0000] "GET /static/cookie-banner.«hex8».js HTTP/1.1" 200 «n» "-" "Mozilla/5.0""#,
    r#"«ip» - - [04/Mar/2026:«time» +0000] "GET /«path»?cursor=eyJpZCI6ODAzODgsInRzIjozNTg1NTg3ODZ9 HTTP/2.0" 200 «n» "-" "okhttp/4.12.0""#,
    r#"{"ts":"2026-03-04T«time»Z","level":"info","msg":"completion","model":"small-2","max_tokens":«n»,"prompt_tokens":«n»,"total_tokens":«n»}"#,
    r#"time=2026-03-04T«time»Z level=warn msg="no bearer token is available" grant_type=refresh_token attempt=«n»"#,
    r"2026-03-04T«time»Z DEBUG 1 --- [nio-8080-exec-1] o.s.s.w.a.AnonymousAuthenticationFilter  : Set SecurityContextHolder to anonymous SecurityContext; authorization was not needed",
    r#"[2026-03-04 «time»] DEBUG in app: pay.example.com said WWW-Authenticate: Bearer realm="pay", error="invalid_token""#,
    r"header: Access-Control-Allow-Headers: Authorization, Cookie, X-Request-Id",
    r"[2026-03-04 «time»] INFO in auth: Bearer authentication is required for /«path»",
];

/// Lines with at least one bearer token, JWT or cookie, in the formats that loggers use.
const SECRET: &[&str] = &[
    r#"«ip» - - [04/Mar/2026:«time» +0000] "GET /«path» HTTP/1.1" 200 «n» "-" "okhttp/4.12.0" "Bearer «OPAQUE»""#,
    r#"«ip» - - [04/Mar/2026:«time» +0000] "GET /cb?state=«hex8»&id_token=«JWT» HTTP/1.1" 302 0 "-" "Mozilla/5.0""#,
    r#"{"ts":"2026-03-04T«time»Z","level":"debug","msg":"request","headers":{"host":"api.example.com","authorization":"Bearer «JWT»","cookie":"sid=«ID»; csrf=«ID»","accept":"*/*"},"status":200}"#,
    r#"{"ts":"2026-03-04T«time»Z","level":"debug","msg":"response","headers":{"set-cookie":["sid=«ID»; Path=/; HttpOnly","csrf=«ID»; Max-Age=60"],"vary":"Cookie, Authorization"}}"#,
    r#"{"log":"{\"msg\":\"upstream\",\"authorization\":\"Bearer «OPAQUE»\",\"ms\":«n»}\n","stream":"stdout","time":"2026-03-04T«time»Z"}"#,
    r#"{"log":"\u003e Authorization: Bearer «OPAQUE»\r\n","stream":"stderr","time":"2026-03-04T«time»Z"}"#,
    r"[2026-03-04 «time»] DEBUG in app: EnvironHeaders([('Host', 'localhost:5000'), ('Authorization', 'Bearer «OPAQUE»'), ('Cookie', 'session=«ID»; csrf=«ID»')])",
    r"[2026-03-04 «time»] DEBUG in auth: <Authorization Bearer «JWT»>",
    r"send: b'GET /«path» HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: Bearer «OPAQUE»\r\nCookie: sid=«ID»; csrf=«ID»\r\n\r\n'",
    r"header: Set-Cookie: session=«ID»; Expires=Sat, 04 Apr 2026 10:00:10 GMT; HttpOnly; Path=/; SameSite=Lax",
    r"* [HTTP/2] [1] [authorization: Bearer «OPAQUE»]",
    r"> Cookie: sid=«ID»; csrf=«ID»",
    r#"time=2026-03-04T«time»Z level=debug msg=request auth="Bearer «OPAQUE»" cookie="sid=«ID»; csrf=«ID»" status=200"#,
    r"2026/03/04 «time» request map[Accept:[*/*] Authorization:[Bearer «JWT»] Cookie:[sid=«ID»; csrf=«ID»]]",
    r"2026-03-04T«time»Z DEBUG 1 --- [nio-8080-exec-1] c.e.shop.HeaderLogger                    : {Authorization=[Bearer «OPAQUE»], Accept=[*/*], Cookie=[JSESSIONID=«ID»]}",
    r"2026-03-04T«time»Z DEBUG 1 --- [nio-8080-exec-1] o.s.s.o.s.r.a.JwtAuthenticationProvider  : Failed to authenticate since the JWT was invalid: «JWT»",
];

const PATHS: &[&str] =
    &["", "api/items", "api/items/42", "cart", "checkout", "healthz", "v1/orders", "metrics"];

/// How often each kind of line occurs: on average one line in this many, or none if it is 0.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    /// Lines that mention credentials and contain none.
    pub near: u64,
    /// Lines with secrets.
    pub secret: u64,
}

/// A log and the positions of its secrets.
#[derive(Debug, Default)]
pub struct Log {
    /// Whole lines.
    pub bytes: Vec<u8>,
    /// The secrets, in order.
    pub secrets: Vec<Range<usize>>,
}

impl Log {
    /// A log of whole lines with at least `size` bytes.
    pub fn new(size: usize, mix: Mix) -> Log {
        let mut random = Random(0);
        Log::of_lines(size, |line| {
            let one_in = |n: u64, random: &mut Random| n != 0 && random.below(n) == 0;
            let lines = if one_in(mix.secret, &mut random) {
                SECRET
            } else if one_in(mix.near, &mut random) {
                NEAR
            } else {
                PLAIN
            };
            let template = lines[random.index(lines.len())];
            line.fill(template, &mut random);
        })
    }

    /// As [`Log::new`], with the lines that `write` writes.
    pub fn of_lines(size: usize, mut write: impl FnMut(&mut Writer)) -> Log {
        let mut writer = Writer { log: Log::default(), count: 0 };
        writer.log.bytes.reserve(size + 4096);
        while writer.log.bytes.len() < size {
            writer.count += 1;
            write(&mut writer);
            writer.log.bytes.push(b'\n');
        }
        writer.log
    }
}

/// Writes the lines of a log.
pub struct Writer {
    log: Log,
    /// The number of lines so far, which is also the log's clock.
    count: u64,
}

impl Writer {
    /// Writes `template` with its «names» filled in. A name in capitals becomes a secret.
    pub fn fill(&mut self, template: &str, random: &mut Random) {
        let mut rest = template;
        while let Some((text, after)) = rest.split_once('«') {
            let (name, after) = after.split_once('»').expect("every « has its »");
            self.log.bytes.extend_from_slice(text.as_bytes());
            let start = self.log.bytes.len();
            self.value(name, random);
            if name.starts_with(|c: char| c.is_ascii_uppercase()) {
                self.log.secrets.push(start..self.log.bytes.len());
            }
            rest = after;
        }
        self.log.bytes.extend_from_slice(rest.as_bytes());
    }

    fn value(&mut self, name: &str, random: &mut Random) {
        const HEX: &[u8] = b"0123456789abcdef";
        const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        // Without dashes, so that every pattern sees one word.
        const ALNUM: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let out = &mut self.log.bytes;
        match name {
            "time" => {
                let (s, ms) = (self.count / 100 % 86_400, self.count % 100 * 10);
                let (hour, minute, second) = (s / 3600, s / 60 % 60, s % 60);
                // Writing to a vector cannot fail, here as below.
                let _ = write!(out, "{hour:02}:{minute:02}:{second:02}.{ms:03}");
            }
            "ip" => {
                let _ = write!(out, "10.0.{}.{}", random.below(16), random.below(250) + 1);
            }
            "n" => {
                let digits = random.below(5) as u32 + 1;
                let n = random.below(10_u64.pow(digits));
                let _ = write!(out, "{n}");
            }
            "path" => out.extend_from_slice(PATHS[random.index(PATHS.len())].as_bytes()),
            "hex8" => random.characters(HEX, 8, out),
            "hex32" => random.characters(HEX, 32, out),
            "uuid" => {
                for (k, digits) in [8, 4, 4, 4, 12].into_iter().enumerate() {
                    out.extend_from_slice(if k == 0 { b"" } else { b"-" });
                    random.characters(HEX, digits, out);
                }
            }
            "OPAQUE" => random.characters(ALNUM, 40, out),
            "ID" => random.characters(ALNUM, 32, out),
            "JWT" => {
                let (header, signature) = if random.below(2) == 0 {
                    ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOi", 43)
                } else {
                    ("eyJhbGciOiJSUzI1NiIsImtpZCI6ImMwYWY0YzNhIn0.eyJzdWIiOi", 342)
                };
                out.extend_from_slice(header.as_bytes());
                random.characters(BASE64, 90, out);
                out.push(b'.');
                random.characters(BASE64, signature, out);
            }
            _ => unreachable!("no template has «{name}»"),
        }
    }
}

/// Reproducible pseudo-random numbers (Steele, Lea and Flood's SplitMix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`. `n` is small, so the bias of the remainder does not matter.
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    fn characters(&mut self, alphabet: &[u8], count: usize, out: &mut Vec<u8>) {
        out.extend((0..count).map(|_| alphabet[self.index(alphabet.len())]));
    }
}
