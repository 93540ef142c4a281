//! Randomly generated tokens, thousands of each kind in every form and wrapping.
//!
//! The tokens of the other tests are chosen to differ from words. Real tokens are random, and a random token can look
//! like a word, a name or a number: one of 16 letters and digits in seventeen has no digit at all.

mod driver;
#[allow(dead_code)]
#[path = "conformance/forms.rs"]
mod forms;
mod marked;
mod random;
#[allow(dead_code)]
#[path = "conformance/wrappings.rs"]
mod wrappings;

use blackbar::Ruleset;
use driver::Driver;
use forms::{FORMS, Form};
use marked::Marked;
use random::Random;
use wrappings::WRAPPINGS;

const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE62: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Token generators: the alphabet, the number of characters, and what follows them.
const GENERATORS: &[(&str, usize, &str)] = &[
    (BASE64URL, 22, ""),
    (BASE64URL, 32, ""),
    (BASE64URL, 43, ""),
    (BASE64, 22, "=="),
    (BASE64, 40, ""),
    (BASE62, 16, ""),
    (BASE62, 24, ""),
    (LETTERS, 20, ""),
    (LETTERS, 32, ""),
    ("abcdefghijklmnopqrstuvwxyz0123456789", 16, ""),
    ("abcdefghijklmnopqrstuvwxyz0123456789", 26, ""),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 26, ""),
    ("0123456789abcdef", 16, ""),
    ("0123456789abcdef", 32, ""),
    ("0123456789ABCDEF", 40, ""),
];

/// Lines of each form in each wrapping, for each generator.
const LINES: usize = 10;
/// The forms of keys outside the default rules.
const KEYED: &[&str] = &[
    r#"{"api_key":"«»"}"#,
    r#"{"apiKey": "«»", "x": 1}"#,
    "API_KEY=«»",
    "api_key: «»",
    "/v1?api_key=«»&x=1",
    "run --api-key «» --fast",
    "STRIPE_SECRET_KEY=«»",
    "SECRET_KEY = \"«»\"",
    "{'secret_key': '«»'}",
    "export AWS_SECRET_ACCESS_KEY=«»",
    r#""slack_token": "«»""#,
    r#"signing_key="«»""#,
    "private_key: «»",
    "AccountKey=«»;EndpointSuffix=x",
    r#"{"password":"«»"}"#,
    "user=ada&password=«»",
    "DB_PASSWORD=«»",
    "password: «»",
    r#""db_pass" => "«»""#,
    "'PASSWORD': '«»'",
    "Password=«»;Server=db",
    "user=ada password=«» host=db",
    "<password>«»</password>",
    r#"webhook_secret: "«»""#,
];

#[test]
fn tokens_are_rarely_mistaken_for_words() {
    let driver = Driver::new();
    rarely_missed(&driver, 4000, |len, write| {
        for form in FORMS.iter().filter(|form| form.rule != "jwt" && !takes_words(form, len)) {
            for wrapping in WRAPPINGS.iter().flat_map(|wrapping| [wrapping; LINES]) {
                write(&|[one, two]| wrapping.write(form, &[one, two]).ok());
            }
        }
    });
}

#[test]
fn values_of_keys_are_rarely_mistaken_for_words() {
    let driver = Driver::of(Ruleset::all());
    // A key's name alone is weaker evidence than a header's name.
    rarely_missed(&driver, 600, |_, write| {
        for form in KEYED.iter().flat_map(|form| [form; 40 * LINES]) {
            write(&|[token, _]| Marked::parse(&form.replace("«»", &format!("«{token}»"))).ok());
        }
    });
}

type Line<'a> = &'a dyn Fn([&str; 2]) -> Option<Marked>;

/// Checks for each generator that the lines of `forms` with its tokens are redacted, with at most one miss in `one_in`
/// lines. `forms` gets the length of the tokens.
fn rarely_missed(driver: &Driver, one_in: usize, forms: impl Fn(usize, &mut dyn FnMut(Line))) {
    let mut random = Random(1);
    let mut failed = false;
    for &(alphabet, len, tail) in GENERATORS {
        let (mut lines, mut missed) = (0, Vec::new());
        forms(len, &mut |write| {
            let tokens = [(); 2].map(|()| random.token(alphabet, len) + tail);
            let Some(line) = write([&tokens[0], &tokens[1]]) else { return };
            lines += 1;
            if driver.whole(&line.input) != line.expected {
                missed.push(String::from_utf8(line.input).unwrap());
            }
        });
        println!("{len:2} of {alphabet:64}  {} of {lines} missed", missed.len());
        if missed.len() * one_in > lines {
            failed = true;
            println!("{}", missed.join("\n"));
        }
    }
    assert!(!failed, "more are missed than may be");
}

/// Whether fewer than 20 letters are prose in this form, because only the scheme indicates a token.
fn takes_words(form: &Form, len: usize) -> bool {
    len < 20 && ["bare", "bare in parentheses", "websocket"].contains(&form.name)
}

impl Random {
    fn token(&mut self, alphabet: &str, len: usize) -> String {
        let alphabet = alphabet.as_bytes();
        (0..len).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 20) as usize % bound
    }
}
