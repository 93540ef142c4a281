//! Thousands of log lines, the same on every run: templates that are filled in from a seeded generator.

/// Every line of `templates`, filled in `rounds` times, in order.
pub fn fill(templates: &str, rounds: usize) -> Vec<String> {
    let mut draw = Draw { state: 0x9e37_79b9_7f4a_7c15 };
    (0..rounds).flat_map(|_| templates.lines()).map(|template| draw.fill(template)).collect()
}

const WORDS: &[&str] =
    &["orders", "billing", "stock", "search", "report", "ledger", "basket", "carrier", "bearing"];
const USERS: &[&str] =
    &["ann", "bob", "curi", "deploy", "root", "webmaster", "svc-token", "cookie"];
const HOSTS: &[&str] = &["web1", "web2", "db-primary", "LabSZ", "edge-7"];
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HEX: &[u8] = b"0123456789abcdef";

/// SplitMix64: small, and good enough for this.
struct Draw {
    state: u64,
}

impl Draw {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn run(&mut self, alphabet: &[u8], len: usize) -> String {
        (0..len).map(|_| char::from(alphabet[self.below(alphabet.len() as u64) as usize])).collect()
    }

    fn fill(&mut self, template: &str) -> String {
        let mut line = String::new();
        let mut rest = template;
        while let Some(open) = rest.find('<') {
            line.push_str(&rest[..open]);
            rest = &rest[open..];
            // Angle brackets that do not name a slot are part of the line, as in `<info>` or `<!DOCTYPE`.
            match rest.find('>').and_then(|close| Some((self.blank(&rest[1..close])?, close))) {
                Some((filling, close)) => {
                    line.push_str(&filling);
                    rest = &rest[close + 1..];
                }
                None => {
                    line.push('<');
                    rest = &rest[1..];
                }
            }
        }
        line + rest
    }

    fn blank(&mut self, name: &str) -> Option<String> {
        let (kind, len) = match name.split_once(':') {
            Some((kind, len)) => (kind, len.parse().ok()?),
            None => (name, 0),
        };
        Some(match kind {
            "n" => {
                let bound = 10u64.pow(1 + self.below(6) as u32);
                self.below(bound).to_string()
            }
            "digits" => self.run(b"0123456789", 3),
            "hex" => self.run(HEX, len),
            "b64" => self.run(BASE64, len),
            "b64url" => self.run(BASE64URL, len),
            "uuid" => [8, 4, 4, 4, 12].map(|len| self.run(HEX, len)).join("-"),
            "ip" => format!("10.{}.{}.{}", self.below(256), self.below(256), self.below(256)),
            "port" => (1024 + self.below(60000)).to_string(),
            "clock" => format!("{:02}:{:02}:{:02}", self.below(24), self.below(60), self.below(60)),
            "word" => self.pick(WORDS).to_owned(),
            "user" => self.pick(USERS).to_owned(),
            "host" => self.pick(HOSTS).to_owned(),
            "path" => format!("{}/{}/{}", self.pick(WORDS), self.pick(WORDS), self.run(HEX, 6)),
            _ => return None,
        })
    }
}
