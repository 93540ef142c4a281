//! The table of self-identifying tokens: its own examples, and generated tokens of each form in various wrappings.

mod driver;
mod marked;
mod random;
mod tokens;
mod verdict;

use blackbar::Ruleset;
use driver::Driver;
use marked::Marked;
use random::Random;
use tokens::{Row, Token, commands, rows};
use verdict::Verdict;

fn driver() -> Driver {
    Driver::of(Ruleset::builder().select("provider").unwrap().build().unwrap())
}

#[test]
fn the_table_is_sorted_and_whole() {
    for rows in [rows(), commands()] {
        for pair in rows.windows(2) {
            let key = |row: &Row| row.title.to_ascii_lowercase();
            assert!(key(&pair[0]) < key(&pair[1]), "{} before {}", pair[0].title, pair[1].title);
        }
        for row in &rows {
            let whole = row.title.contains(": ") && !row.from.is_empty() && !row.keys.is_empty();
            assert!(whole && !row.yes.is_empty() && !row.no.is_empty(), "{}", row.title);
        }
    }
}

#[test]
fn the_rule_lists_its_forms() {
    let listed: Vec<String> = Ruleset::forms_of("provider")
        .map(|form| format!("{}: {}", form.provider, form.name))
        .collect();
    assert_eq!(listed, rows().iter().map(|row| row.title).collect::<Vec<_>>());
    assert_eq!(Ruleset::forms_of("jwt").count(), 0);
}

#[test]
fn examples_and_counter_examples() {
    let driver =
        Driver::of(Ruleset::builder().select("provider,password").unwrap().build().unwrap());
    let mut verdict = Verdict::default();
    for row in rows().into_iter().chain(commands()) {
        let cases = row.yes.iter().map(|yes| Marked::parse(yes).unwrap());
        let counters = row.no.iter().map(|no| Marked::parse(no).unwrap());
        for Marked { input, expected, .. } in cases.chain(counters) {
            let miss = driver.first_miss(&input, &expected, 1..input.len());
            verdict.judge(row.title, &input, &expected, miss);
        }
    }
    verdict.conclude("examples of forms");
}

/// A text with `@` in place of a token, and how the token is encoded there.
type Wrapping = (&'static str, fn(&str) -> String);

/// The texts around tokens.
const WRAPPINGS: &[Wrapping] = &[
    ("@", str::to_owned),
    ("using @, again", str::to_owned),
    ("(@)", str::to_owned),
    ("'@'; done", str::to_owned),
    ("MY_@", str::to_owned),
    ("TOKEN=@", str::to_owned),
    ("\x1b[33m@\x1b[0m", str::to_owned),
    ("#012@#012", str::to_owned),
    (r#"{"k":"@","n":1}"#, str::to_owned),
    (r#"{"k":"@","n":1}"#, slashed),
    (r#"{\"k\":\"line\n@\",\"n\":1}"#, str::to_owned),
    ("GET /?k=@&n=1 HTTP/1.1", percent),
    ("x%3D@%26n%3D1", percent),
    ("u%253D@%2526n", |token| percent(&percent(token))),
];

fn percent(token: &str) -> String {
    let mut text = String::new();
    for c in token.chars() {
        if c.is_ascii_alphanumeric() || "-_.~".contains(c) {
            text.push(c);
        } else {
            text += &format!("%{:02X}", u32::from(c));
        }
    }
    text
}

fn slashed(token: &str) -> String {
    token.replace('/', r"\/")
}

/// A line with `token` in a wrapping, and the expected output.
fn line(row: &Row, token: &Token, wrapping: &str, write: fn(&str) -> String) -> (String, String) {
    let near = row.near.split(' ').next().unwrap_or_default();
    let near = if near.is_empty() { String::new() } else { format!("{near}: ") };
    let fill = |secret: &str| {
        near.clone()
            + &wrapping.replace('@', &(write(&token.before) + secret + &write(&token.after)))
    };
    (fill(&write(&token.secret)), fill("[REDACTED]"))
}

/// The text one letter after the start of a token may look like the start of another one. The search continues there.
#[test]
fn a_token_is_found_after_the_start_of_another() {
    let driver = driver();
    let token = "f006a0de953e30c07d7e611d5338d90e-58ed530e-04ad486b";
    for (before, after) in [("u%253D", "%2526n"), ("u%3D", "%26n"), ("k=", "&n")] {
        let input = format!("{before}{token}{after}");
        let expected = format!("{before}[REDACTED]{after}");
        let miss = driver.first_miss(input.as_bytes(), expected.as_bytes(), 1..input.len());
        assert!(miss.is_none(), "{input}: {miss:?}");
    }
}

#[test]
fn tokens_of_every_form_in_every_wrapping() {
    let driver = driver();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut verdict = Verdict::default();
    // Some forms include a word before the token, which is generated too.
    let is_made = |row: &Row| row.keys.iter().any(|(kind, _)| *kind == "word");
    for row in rows().into_iter().filter(|row| !is_made(row)) {
        for (k, (wrapping, write)) in WRAPPINGS.iter().enumerate() {
            let token = row.token(&mut random, k % 2 == 0);
            // A browser has encoded it already.
            if row.title == "Slack: session cookie" && wrapping.contains(['?', '%']) {
                continue;
            }
            let (line, expected) = line(&row, &token, wrapping, *write);
            let miss = driver.first_miss(line.as_bytes(), expected.as_bytes(), 1..line.len());
            verdict.judge(row.title, line.as_bytes(), expected.as_bytes(), miss);
        }
    }
    verdict.conclude("tokens in wrappings");
}

/// A form matches only at the start of a word, not inside one, and not in the base64 of an image.
#[test]
fn tokens_inside_words_are_unchanged() {
    let driver = driver();
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut verdict = Verdict::default();
    let blob = |random: &mut Random, marks: &str| {
        let mut text = String::new();
        for k in 0..200 {
            let set = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
            let mark = marks.as_bytes()[random.next() as usize % marks.len()];
            let plain = set[random.next() as usize % set.len()];
            text.push(char::from(if k % 31 == 30 { mark } else { plain }));
        }
        text
    };
    for row in rows() {
        let (kind, _) = row.keys[0];
        if kind != "start" || row.shape.starts_with("[0-9") {
            continue;
        }
        let token = row.token(&mut random, true);
        let text = token.before + &token.secret + &token.after;
        // One form inside another, after a dot, where it would be part of a domain name.
        if text.starts_with("xoxe.") {
            continue;
        }
        let first = char::from(text.as_bytes()[0]);
        if first.is_ascii_alphanumeric() {
            let line = format!("word{text} and xX9{text}");
            let miss = driver.first_miss(line.as_bytes(), line.as_bytes(), None);
            verdict.judge(row.title, line.as_bytes(), line.as_bytes(), miss);
        }
        for marks in ["-_", "+/"] {
            let line = format!("data:{}{}{text}", blob(&mut random, marks), &marks[..1]);
            let miss = driver.first_miss(line.as_bytes(), line.as_bytes(), None);
            verdict.judge(row.title, line.as_bytes(), line.as_bytes(), miss);
        }
    }
    verdict.conclude("forms in the middle of something else");
}

/// What secret scanners publish: the provider, how it is found or why not, and the shape.
const PUBLISHED: &str = include_str!("tokens/published.txt");

/// Why a shape is not found.
const REASONS: [&str; 4] = ["host", "identifier", "public", "shape"];

fn published() -> impl Iterator<Item = [&'static str; 3]> {
    PUBLISHED.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut fields = line.splitn(3, ' ');
        [(); 3].map(|()| fields.next().expect("a provider, how it is found, and a shape"))
    })
}

#[test]
fn what_scanners_publish_is_found_or_not() {
    let driver = Driver::of(Ruleset::all());
    let mut random = Random(0x5851_f42d_4c95_7f2d);
    let mut verdict = Verdict::default();
    for [provider, how, shape] in published() {
        let row = Row { title: shape, shape: shape.into(), ..Row::default() };
        let token = row.token(&mut random, true).secret;
        let upper = provider.to_ascii_uppercase();
        let wrappings = match how {
            "name" => vec![
                format!("{upper}_API_KEY=@"),
                format!(r#"{{"{provider}_api_key":"@","n":1}}"#),
                format!("{provider}_token: @"),
            ],
            "form" => vec!["using @, again".to_owned(), r#"{"k":"@","n":1}"#.to_owned()],
            reason => {
                assert!(REASONS.contains(&reason), "{reason}");
                vec!["using @, again".to_owned()]
            }
        };
        for wrapping in wrappings {
            let found = if REASONS.contains(&how) { &token } else { "[REDACTED]" };
            let (input, expected) = (wrapping.replace('@', &token), wrapping.replace('@', found));
            let miss = driver.first_miss(input.as_bytes(), expected.as_bytes(), None);
            let name = format!("{provider} {how} {shape}");
            verdict.judge(&name, input.as_bytes(), expected.as_bytes(), miss);
        }
    }
    verdict.conclude("what scanners publish");
}

#[test]
fn the_page_counts_what_scanners_publish() {
    let mut providers: Vec<(&str, [usize; 6])> = Vec::new();
    let kinds = ["form", "name"].into_iter().chain(REASONS);
    for [provider, how, _] in published() {
        if providers.last().is_none_or(|(last, _)| *last != provider) {
            providers.push((provider, [0; 6]));
        }
        let kind = kinds.clone().position(|kind| kind == how).unwrap();
        providers.last_mut().unwrap().1[kind] += 1;
    }
    let (mut table, mut named) = (String::new(), Vec::new());
    for (provider, counts) in &providers {
        let [form, name, others @ ..] = counts;
        let all: usize = counts.iter().sum();
        if all == *name {
            named.push(*provider);
            continue;
        }
        let reasons = others.iter().zip(REASONS).filter(|(count, _)| **count > 0);
        let reasons: Vec<String> = reasons.map(|(count, why)| format!("{count} {why}")).collect();
        table += &format!("| {provider} | {all} | {form} | {name} | {} |\n", reasons.join(", "));
    }
    let page = include_str!("../src/guide/tokens.md");
    assert!(page.contains(&format!("|---|---|---|---|---|\n{table}\n")), "the table:\n{table}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = format!("Found only by name: {}.", named.join(", "));
    assert!(words(page).contains(&named), "the list:\n{named}");
    let total = format!("{} shapes of {} providers", published().count(), providers.len());
    assert!(words(page).contains(&total), "{total}");
}

#[test]
fn the_page_lists_the_forms() {
    let mut table = String::new();
    let mut last = "";
    for row in rows() {
        let (provider, name) = row.title.split_once(": ").unwrap();
        if provider == last {
            table.truncate(table.len() - " |\n".len());
            table += &format!(", {name} |\n");
        } else {
            table += &format!("| {provider} | {name} |\n");
        }
        last = provider;
    }
    let page = include_str!("../src/guide/tokens.md");
    assert!(page.contains(&format!("|---|---|\n{table}\n")), "the table should be\n{table}");
}
