//! Invariants on any input: linear time, chunk invariance on large inputs, conservation of all bytes, no unsafe code,
//! and no secrets in `Debug` output.
//!
//! No test here asserts a time. The quadratic traps are so large that an engine that is not linear takes minutes, which
//! is noticed by whoever runs the tests.

mod driver;
mod marked;
mod verdict;

use std::path::Path;
use std::time::Instant;

use blackbar::{Redactor, Ruleset, Scanner};
use driver::Driver;
use marked::{Case, corpus, files, tables};

/// Large enough to make anything quadratic visible: (512 KiB)² is 3e11.
const SIZE: usize = 512 << 10;

/// The most bytes of a case that are cut off one by one.
const SHORT: usize = 2 << 10;

/// Each trap is repeated after its prefix, up to [`SIZE`]. It starts something that never commits, or commits again and
/// again, or makes the engine look back or ahead as far as it can.
const TRAPS: &[(&str, &str)] = &[
    ("", "eyJ"),
    ("", "eyJhbGciOi"),
    ("", "eyJhbGciOiJIUzI1NiJ9"),
    ("", "eyJhbGciOiJIUzI1NiJ9."),
    ("", "eyJhbGciOiJIUzI1NiJ9.."),
    ("", "eyJhbGciOiJIUzI1NiJ9.e30."),
    ("", "ewo"),
    ("", "ewogICJh."),
    ("", "ZXlK"),
    ("", "ZXlKaGJHY2lPaUpJVXpJMU5pSjku"),
    ("", "Cookie: a="),
    ("", "Cookie: a=; "),
    ("", "Cookie: "),
    ("Cookie: ", "a;"),
    ("Cookie: ", "a=b; "),
    ("Cookie: ", "a=b;\\\""),
    ("Cookie: ", ";+a="),
    ("Cookie: a=", "="),
    ("Cookie: a=", " "),
    ("Cookie: a=", "\\"),
    ("Cookie: a=", ","),
    ("{\"cookie\":\"a=", "\\\""),
    ("Set-Cookie: a=b", "; Path=/"),
    ("Set-Cookie: a=b", ", c=d"),
    ("Set-Cookie: a=deleted", "; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
    ("", "Set-Cookie: a=deleted; "),
    ("", "a=b;+"),
    ("", ".example.com\tTRUE\t/\tTRUE\t0\tsid\t"),
    ("", "a\tTRUE\t"),
    ("", "\t"),
    ("", "\\"),
    ("", "\\\""),
    ("", "\\u0022"),
    ("\"authorization\":\"Bearer a", "\\u003d"),
    ("\"authorization\":\"Bearer a", "\\"),
    ("\"authorization\":", "\\"),
    ("", "\"value\":\""),
    ("", "\"value\":\"x\","),
    ("", "{\"value\":\"Basic x\"},"),
    ("", "\"name\":\"Authorization\","),
    ("", "\"name\":\"Cookie\",\"value\":\""),
    ("", "'Authorization', "),
    ("", "'Cookie',\n"),
    ("", "%25"),
    ("", "%20"),
    ("", "Bearer%20"),
    ("", "%22authorization%22%3A"),
    ("", "&quot;"),
    ("", "&#39;"),
    ("", "&amp;"),
    ("", "Bearer "),
    ("", "bearer, "),
    ("", "Bearer"),
    ("Bearer", " "),
    ("", "bearer token "),
    ("", "Bearer <"),
    ("", "Bearer ${"),
    ("Authorization: Bearer ", "x"),
    ("Authorization: Bearer ", "*"),
    ("Authorization: Bearer ", "."),
    ("Authorization: Bearer ", "<"),
    ("Authorization: Bearer ", "${"),
    ("Authorization:", " "),
    ("Authorization", " "),
    ("\"authorization\"", " "),
    ("", "Authorization: "),
    ("", "Authorization:"),
    ("", "Authorization"),
    ("", "Authorization[m"),
    ("Authorization", "\x1b[0m"),
    ("", "\x1b["),
    ("\x1b[", "0;"),
    ("", "Authorization: Digest response="),
    ("Authorization: Digest ", "a=\"b\", "),
    ("Authorization: AWS4-HMAC-SHA256 ", "Credential=x, "),
    ("Authorization: ", "a b "),
    ("", "X-Api-Key: "),
    ("", "access_token="),
    ("", "access_token"),
    ("", "access_token=&"),
    ("", "accessToken:"),
    ("", "refresh_token\":\""),
    ("access_token", " "),
    ("", "_token"),
    ("", "[\n"),
    ("", "["),
    ("map[Cookie:", "["),
    ("", "{"),
    ("", "("),
    ("", "\""),
    ("", "'"),
    ("", "=>"),
    ("", "\n"),
    ("", "\r\n"),
    ("", "\\r\\n"),
    ("", "."),
    ("", "="),
    ("", "a"),
    ("", "ey"),
    ("", "\0"),
    ("", "é"),
    ("", "base64url.bearer.authorization.k8s.io."),
    ("", "Sec-WebSocket-Protocol: bearer, "),
    // Tables full of cells in which nothing is found.
    ("id,access_token,c\n1,q8Zk3Lm9vT2Aa5Bb7CcDd9Ee,x\n", "7,ab,c\n"),
    ("access_token  scope\n------------  -----\nq8Zk3Lm9vT2Aa5Bb7CcDd9Ee  x\n", "\" ; ab "),
    ("scope    access_token\n-----    ------------\n", "a b c d  q8Zk3Lm9vT2Aa5Bb7CcDd9Ee e f\n"),
];

/// A log may end anywhere: in a name, an escape, a placeholder.
#[test]
fn a_case_that_is_cut_off_anywhere_is_read_to_its_end() {
    for rules in [Ruleset::standard(), Ruleset::all()] {
        for Case { name, marked } in tables() {
            for end in 0..marked.input.len().min(SHORT) {
                let read = Scanner::new(&rules).scan(&marked.input[..end], true, &mut Vec::new());
                assert_eq!(read, end, "{name}");
            }
        }
    }
}

#[test]
fn quadratic_traps_take_linear_time_at_any_chunking() {
    let driver = Driver::new();
    let mut wrong = Vec::new();
    for (prefix, unit) in TRAPS {
        let mut input = prefix.as_bytes().to_vec();
        while input.len() < SIZE {
            input.extend_from_slice(unit.as_bytes());
        }
        let start = Instant::now();
        let whole = driver.whole(&input);
        let pages = driver.chunked(&input, 4096);
        let slivers = driver.chunked(&input, 64);
        println!("{:8.1?} {prefix:?} then {unit:?}", start.elapsed());
        for (way, out) in [("4096", &pages), ("64", &slivers)] {
            if *out != whole {
                let same = out.iter().zip(&whole).take_while(|(a, b)| a == b).count();
                wrong.push(format!("{prefix:?} then {unit:?}: by {way} differs at {same}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} traps:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_distant_closer_is_searched_for_once() {
    // Openers first and closers last: an engine that searches for the closer from each opener is quadratic here. The
    // traps above would not show that.
    let driver = Driver::new();
    for (opener, closer) in [
        ("{\"value\":\"", "\",\"name\":\"Cookie\"}"),
        ("Cookie: a=\"", "\""),
        ("[", "]"),
        ("\\\"Bearer ", "\\\""),
        ("&quot;", "&quot;"),
        ("Bearer <", ">"),
        ("Bearer {{", "}}"),
    ] {
        let mut input = opener.repeat(SIZE / 2 / opener.len());
        input.push_str(&closer.repeat(SIZE / 2 / closer.len()));
        let start = Instant::now();
        let whole = driver.whole(input.as_bytes());
        assert_eq!(whole, driver.chunked(input.as_bytes(), 4096), "{opener:?} {closer:?}");
        println!("{:8.1?} {opener:?} and {closer:?}", start.elapsed());
    }
}

#[test]
fn bytes_of_any_kind_are_conserved() {
    // Every pair of byte values, with no key or scheme among them.
    let driver = Driver::new();
    let mut input = Vec::new();
    for a in 0..=255u8 {
        for b in 0..=255u8 {
            input.extend([a, b]);
        }
    }
    assert_eq!(driver.whole(&input), input);
    assert_eq!(driver.bytewise(&input), input);
    assert_eq!(driver.chunked(&input, 1000), input);
}

#[test]
fn invalid_utf_8_around_a_secret_is_unchanged() {
    let driver = Driver::new();
    for noise in [&b"\xff"[..], b"\xc3", b"\xe2\x82", b"\x80\x80", b"\0", b"\xf0\x9f\x92\xa9"] {
        let [mut input, mut expected] = [noise.to_vec(), noise.to_vec()];
        input.extend(b" Authorization: Bearer a1b2c3d4e5f6 ");
        expected.extend(b" Authorization: Bearer [REDACTED] ");
        input.extend(noise);
        expected.extend(noise);
        let miss = driver.first_miss(&input, &expected, 1..input.len());
        if let Some((way, got)) = miss {
            panic!("{}", verdict::difference("noise", &way, &input, &expected, &got));
        }
    }
}

/// Cookies without a key are found by the attributes after them, so the text is read back from there.
#[test]
fn a_cookie_is_found_by_its_attributes_in_any_chunks() {
    let driver = Driver::new();
    let before = ["", "x; ", "x;", "path=x,", "; path=x,", "foo:", "k=v:", "a=b; ", "; c=", "["];
    let attributes = ["; Secure", "; Max-Age=60", "; comment=a b=c d", "; h-t-t-p-o-n-l-y-"];
    let mut found = 0;
    let mut check = |text: String| {
        let text = text.as_bytes();
        let expected = driver.whole(text);
        found += usize::from(expected != text);
        for size in [1, 5, 64] {
            let got = driver.chunked(text, size);
            if got != expected {
                let way = format!("chunks of {size}");
                panic!("{}", verdict::difference("attributes", &way, text, &expected, &got));
            }
        }
    };
    for before in before {
        for count in 0..16 {
            for first in 0..attributes.len() {
                let list: String =
                    (0..count).map(|k| attributes[(first + k % 3) % attributes.len()]).collect();
                check(format!("{before}sid=A1b2C3d4E5f6G7h8I9j0{list}; path=/; secure\n"));
            }
        }
        // As far back as the text is read.
        for len in (4088..4100).chain([10_000]) {
            check(format!(
                "{before}sid={}; path=/; secure\n",
                "A1b2".repeat(len)[..len].to_owned()
            ));
            let long = "a=b&".repeat(len)[..len].to_owned();
            check(format!("{before}{long}:sid=A1b2C3d4E5f6G7h8I9j0; path=/; secure\n"));
        }
    }
    assert!(found > 100, "{found}");
}

#[test]
fn an_empty_input_has_an_empty_output() {
    let driver = Driver::new();
    assert_eq!(driver.whole(b""), b"");
    assert_eq!(driver.pieces([]), b"");
    let empties = [&b""[..], b"Bearer", b"", b" a1b2c3d4e5f6", b"", b"\n", b""];
    assert_eq!(driver.pieces(empties), b"Bearer [REDACTED]\n");
}

#[test]
fn a_redactor_can_be_reused_after_finish() {
    let mut redactor = Redactor::new(&Ruleset::standard());
    for open in ["Authorization: Bearer a1b2", "Cookie: a=b", "\"cookie\":\"", "{\"access_token\":"]
    {
        let mut out = Vec::new();
        redactor.push(open.as_bytes(), &mut out);
        redactor.finish(&mut out);
        out.clear();
        redactor.push(b"plain; words=here \"and\" there\n", &mut out);
        redactor.finish(&mut out);
        assert_eq!(out, b"plain; words=here \"and\" there\n", "after {open:?}");
    }
}

#[test]
fn redacting_a_large_log_again_changes_nothing() {
    // The whole corpus in one stream, so that state carried from one line into the next shows up.
    let driver = Driver::new();
    let mut stream = Vec::new();
    for path in files(&corpus(), "log") {
        stream.extend(std::fs::read(path).unwrap());
        stream.push(b'\n');
    }
    for case in tables() {
        stream.extend(case.marked.input);
        stream.push(b'\n');
    }
    let once = driver.whole(&stream);
    let again = driver.whole(&once);
    if again != once {
        panic!("{}", verdict::difference("stream", "redacted again", &once, &once, &again));
    }
    for size in [1, 2, 3, 7, 64, 1000, 4096, 65536] {
        assert!(driver.chunked(&stream, size) == once, "pushes of {size} differ");
    }
}

#[test]
fn debug_shows_no_content() {
    let secret = "a1b2c3d4e5f6g7h8";
    for line in ["Authorization: Bearer ", "Cookie: sid=", "access_token=", "\"value\":\""] {
        let input = format!("{line}{secret}");
        let mut redactor = Redactor::new(&Ruleset::standard());
        redactor.push(input.as_bytes(), &mut Vec::new());
        assert_no_content(&format!("{redactor:?} {redactor:#?}"), secret);
        let mut scanner = Scanner::new(&Ruleset::standard());
        scanner.scan(input.as_bytes(), false, &mut Vec::new());
        assert_no_content(&format!("{scanner:?} {scanner:#?}"), secret);
    }
}

/// Neither as text nor as a list of bytes.
fn assert_no_content(shown: &str, secret: &str) {
    let numbers = secret.bytes().take(4).map(|b| b.to_string()).collect::<Vec<_>>();
    let flat: String = shown.split_whitespace().collect();
    assert!(!shown.contains(&secret[..4]), "Debug shows text: {shown}");
    assert!(!flat.contains(&numbers.join(",")), "Debug shows bytes: {shown}");
}

#[test]
fn no_unsafe_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let library = std::fs::read_to_string(root.join("src/lib.rs")).unwrap();
    let forbidden = manifest.lines().any(|line| line.trim() == "unsafe_code = \"forbid\"")
        || library.contains("#![forbid(unsafe_code)]");
    assert!(forbidden, "neither the manifest nor the library forbids unsafe code");
    let mut directories = vec![root.join("src")];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for (index, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap();
                let found = code.contains("unsafe ") || code.contains("allow(unsafe_code)");
                assert!(!found, "{}:{}: {line}", path.display(), index + 1);
            }
        }
    }
}
