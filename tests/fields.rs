//! Fields of access logs that hold a secret without a key.

use blackbar::{BuildError, CustomRule, LineFormat, Redactor, Ruleset, Style, Styles};

const LINE: &str =
    r#"10.0.0.1 - ada [24/Nov/2026:20:22:24 +0000] "GET /x HTTP/1.1" 200 612 "-" "curl/8.5.0""#;

/// A rule set with these formats: a line, and variables with the rules they belong to.
fn rules(formats: &[(&str, &[(&str, &str)])]) -> Ruleset {
    let formats = formats.iter().map(|(line, secrets)| LineFormat::new(line, secrets).unwrap());
    Ruleset::builder().formats(formats).build().unwrap()
}

fn redact<'a>(rules: &Ruleset, pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut redactor = Redactor::styled(rules, &Styles::new(Style::Label));
    let mut out = Vec::new();
    for piece in pieces {
        redactor.push(piece, &mut out);
    }
    redactor.finish(&mut out);
    String::from_utf8(out).unwrap()
}

/// Checks the input whole, split everywhere, byte by byte, and redacted again.
fn check(rules: &Ruleset, input: &str, expected: &str) {
    let input = input.as_bytes();
    assert_eq!(redact(rules, [input]), expected);
    for at in 0..=input.len() {
        assert_eq!(redact(rules, [&input[..at], &input[at..]]), expected, "split at {at}");
    }
    assert_eq!(redact(rules, input.chunks(1)), expected, "byte by byte");
    assert_eq!(redact(rules, [expected.as_bytes()]), expected, "twice");
}

#[test]
fn cookies_at_the_end_of_a_combined_line() {
    let rules = rules(&[(r#"$combined "$http_cookie""#, &[])]);
    for (field, expected) in [
        ("sid=31d4d96e407aad42; theme=dark", "sid=[REDACTED:cookie]; theme=[REDACTED:cookie]"),
        (r"a=\x22b c\x22; d=e", r"a=\x22[REDACTED:cookie]\x22; d=[REDACTED:cookie]"),
        ("a=1,2 3; b=(4)", "a=[REDACTED:cookie]; b=[REDACTED:cookie]"),
        ("-", "-"),
        ("", ""),
    ] {
        let line =
            |field: &str| format!("{LINE} \"{field}\"\r\nx=1; y=2\n{LINE} \"{field}\" 0.004\n");
        check(&rules, &line(field), &line(expected));
    }
}

#[test]
fn secrets_before_the_field_are_redacted_too() {
    let rules = rules(&[(r#"$combined "$http_cookie""#, &[])]);
    let line = |query: &str, referer: &str, cookies: &str| {
        format!(
            "::1 - - [t] \"GET /cb?{query} HTTP/1.1\" 200 1 \"{referer}\" \"a\\\"b\" \"{cookies}\"\n"
        )
    };
    check(
        &rules,
        &line(
            "access_token=2YotnFZFEjr1zCsicMWpAA&s=x",
            "https://h/?id_token=abcdefghij0123456789",
            "sid=1",
        ),
        &line(
            "access_token=[REDACTED:oauth]&s=x",
            "https://h/?id_token=[REDACTED:oauth]",
            "sid=[REDACTED:cookie]",
        ),
    );
    // Text that seems to begin something that would extend over the field.
    for agent in [
        "Cookie: a",
        "Set-Cookie: a=; Path=/",
        "Authorization: Bearer realm=x",
        "cookies [{",
        "'cookie': [",
    ] {
        let input = format!("::1 - - [t] \"GET /\" 200 1 \"-\" \"{agent}\" \"sid=4711; t=0815\"\n");
        let out = redact(&rules, [input.as_bytes()]);
        assert!(!out.contains("4711") && !out.contains("0815"), "{out}");
        for at in 0..=input.len() {
            let (start, end) = input.as_bytes().split_at(at);
            assert_eq!(redact(&rules, [start, end]), out, "{agent}: split at {at}");
        }
    }
}

#[test]
fn fields_of_every_kind() {
    let rules = rules(&[(
        "$host|\"$http_authorization\"|$cookie_sid|$pin|\"$upstream_http_set_cookie\"|$http_authorization|$http_cookie",
        &[("pin", "oauth")],
    )]);
    check(
        &rules,
        "h|\"Bearer abcdefghijklmnop0123456789\"|a b\"c|12|\"a=b; Path=/\"|Basic x|c=d; e=f g\r\n\
         h|\"-\"|-||\"-\"|-|-\nno|such|line\n",
        "h|\"Bearer [REDACTED:bearer]\"|[REDACTED:cookie]|[REDACTED:oauth]|\"a=[REDACTED:cookie]; Path=/\"|\
         [REDACTED:authorization]|c=[REDACTED:cookie]; e=[REDACTED:cookie]\r\n\
         h|\"-\"|-||\"-\"|-|-\nno|such|line\n",
    );
}

#[test]
fn a_cookie_after_a_field_is_found_wherever_the_input_is_cut() {
    let line = |field: &str, theme: &str| {
        format!("Set-Cookie: {field}; Path=/, theme={theme}; Path=/; HttpOnly\n")
    };
    check(
        &rules(&[("$remote_addr $http_authorization", &[])]),
        &line("sid=9152e8771cb1e788a1f33b1849253919", "o4DG2CbAOhjX5e64cYqWc8gEE"),
        &line("[REDACTED:authorization]", "[REDACTED:cookie]"),
    );
}

/// The space before the option separates the field from the one before it.
#[test]
fn an_option_at_the_start_of_a_field_is_found() {
    let rules = rules(&[("$a $http_cookie", &[])]);
    for (line, expected) in [
        ("curl -b \"sid=31d4d96e407aad42\"\n", "curl -b \"sid=[REDACTED:cookie]\"\n"),
        (" -B 'sid=1d' https://h/\n", " -B 'sid=[REDACTED:cookie]' https://h/\n"),
        ("sort -b file\n", "sort -b file\n"),
    ] {
        check(&rules, line, expected);
    }
}

#[test]
fn lines_of_other_formats_are_unchanged() {
    let rules = rules(&[(r#"$combined "$http_cookie""#, &[])]);
    let lines = format!("{LINE}\n{LINE} sid=1\n{} \"sid=1\"\n", LINE.replace(" 200 ", " OK "));
    check(&rules, &lines, &lines);
}

#[test]
fn a_removed_rule_has_no_fields() {
    let formats = || [LineFormat::new(r#"$combined "$http_cookie""#, &[]).unwrap()];
    let rules =
        Ruleset::builder().select("default,-cookie").unwrap().formats(formats()).build().unwrap();
    let line = format!("{LINE} \"sid=31d4d96e407aad42\"\n");
    check(&rules, &line, &line);
    // A custom rule does not either.
    let badge = CustomRule {
        name: "badge".to_owned(),
        keywords: vec!["badge".to_owned()],
        pattern: r"badge=(?<secret>\d{4})".to_owned(),
        examples: vec!["badge=«1234»".to_owned()],
        ..CustomRule::default()
    };
    let format = || [LineFormat::new("$a|$b|", &[("b", "badge")]).unwrap()];
    let builder = || Ruleset::builder().custom(badge.clone()).formats(format());
    check(&builder().build().unwrap(), "a|b|c\n", "a|[REDACTED:badge]|c\n");
    let without = builder().select("-badge").unwrap().build().unwrap();
    check(&without, "a|b|c\n", "a|b|c\n");
    let unknown = [LineFormat::new("$a", &[("a", "acme")]).unwrap()];
    assert!(Ruleset::builder().formats(unknown).build().is_err());
    // A rule that was never selected is an error: its field would find nothing, and the user did not ask for that.
    let only = Ruleset::builder().select("jwt").unwrap().formats(formats());
    let name = "cookie".to_owned();
    assert_eq!(only.build().unwrap_err(), BuildError::NotSelected { name });
}

#[test]
fn lines_as_apache_and_haproxy_describe_them() {
    let apache = r#"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" \"%{Cookie}i\" %{X-Pin}i %D"#;
    let rules = rules(&[
        (apache, &[("%{X-Pin}i", "oauth")]),
        (
            r"%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc {%[capture.req.hdr(0)]|%[req.hdr(X-Api-Key)]} %{+Q}r",
            &[],
        ),
    ]);
    let line = |cookies: &str, pin: &str| format!("{LINE} \"{cookies}\" {pin} 1234\n");
    check(
        &rules,
        &line("sid=31d4d96e407aad42; theme=dark", "4711"),
        &line("sid=[REDACTED:cookie]; theme=[REDACTED:cookie]", "[REDACTED:oauth]"),
    );
    let line = |cookie: &str, key: &str| {
        format!(
            "10.0.0.1:33317 [24/Nov/2026:20:22:24.655] http-in static/srv1 10/0/30/69/109 200 2750 {cookie} - ---- \
             {{h.example|{key}}} \"GET /x HTTP/1.1\"\n"
        )
    };
    check(
        &rules,
        &line("SID=31d4d96e407aad42", "8f14e45fceea167a"),
        &line("[REDACTED:cookie]", "[REDACTED:authorization]"),
    );
    check(&rules, &line("-", "-"), &line("-", "-"));
}

#[test]
fn short_lines_hide_no_field() {
    let rules = rules(&[("[$t] $s", &[("s", "oauth")]), (r#"$combined "$http_cookie""#, &[])]);
    for between in ["\n", "\r\n", "x\n", "\n\n\n\n", "[a\n\n[]\n"] {
        let lines = |one: &str, other: &str| {
            let line = format!("[now] {one}\n{between}{LINE} \"a={other}\"\n{between}");
            format!("{between}{}", line.repeat(3))
        };
        check(&rules, &lines("value", "b"), &lines("[REDACTED:oauth]", "[REDACTED:cookie]"));
    }
}

#[test]
fn many_formats_and_many_lines() {
    let secrets: &[(&str, &str)] = &[("s", "oauth")];
    let formats: Vec<(&str, &[(&str, &str)])> =
        (0..30).map(|_| (r#"$combined "$s""#, secrets)).chain([("[$t] $s", secrets)]).collect();
    let rules = rules(&formats);
    let (mut input, mut expected) = (String::new(), String::new());
    for n in 0..2000 {
        input.push_str(&format!("{LINE} \"value{n}\"\n[now] value {n}\nx\n"));
        expected.push_str(&format!("{LINE} \"[REDACTED:oauth]\"\n[now] [REDACTED:oauth]\nx\n"));
    }
    for size in [7, 1000, 65536, usize::MAX] {
        assert!(redact(&rules, input.as_bytes().chunks(size)) == expected, "{size}");
    }
}

#[test]
fn endless_fields_and_lines() {
    let rules = rules(&[(r#"$combined "$s""#, &[("s", "oauth")]), ("$a|$http_cookie", &[])]);
    let block = "0123456789abcdef".repeat(4096);
    for (start, secret) in [
        (format!("{LINE} \""), true),
        ("a|b=".to_owned(), true),
        (LINE.replace("curl", "\\\""), false),
    ] {
        let mut redactor = Redactor::new(&rules);
        let mut out = Vec::new();
        redactor.push(start.as_bytes(), &mut out);
        let mut pushed = start.len();
        for _ in 0..256 {
            redactor.push(block.as_bytes(), &mut out);
            pushed += block.len();
            let expected = if secret { start.len() } else { pushed };
            assert!(
                out.len() + rules.hold() >= expected && out.len() <= expected + 10,
                "{}",
                out.len()
            );
        }
    }
}

/// A slow, separate matcher of a format: the range of the secret's text.
fn secret_of(line: &str, texts: &[(&str, bool)], secret: usize) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for (index, (text, quoted)) in texts.iter().enumerate() {
        let mut end = at;
        // The value extends to the first occurrence of the text, ignoring escaped characters.
        loop {
            let rest = line.get(end..)?;
            if text.is_empty() && rest.is_empty() || !text.is_empty() && rest.starts_with(text) {
                break;
            }
            let escape = if *quoted && rest.starts_with('\\') { 1 } else { 0 };
            let c = rest[escape..].chars().next()?;
            end += escape + c.len_utf8();
        }
        if index == secret {
            return Some(at..end);
        }
        at = end + text.len();
    }
    None
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 3000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..Default::default() })]

    #[test]
    fn every_line_is_matched_as_by_the_slow_matcher(
        words in proptest::collection::vec(
            proptest::sample::select(vec![" - ", "[", "] ", "\"", "\\", "\\\"", " ", "|", "||", "a", "b7", "é", "-", "\n", "\r", "a - b [c] \"d\" ||e|| \"f"]),
            0..40,
        ),
        sizes in proptest::collection::vec(1usize..9, 1..60),
    ) {
        // No value looks like a secret of another rule.
        let input = words.concat();
        let rules = rules(&[("$a - $b [$c] \"$d\" ||$s|| \"$e\"", &[("s", "oauth")])]);
        let texts = [(" - ", false), (" [", false), ("] \"", false), ("\" ||", true), ("|| \"", false), ("\"", true)];
        let mut expected = String::new();
        for line in input.split_inclusive('\n') {
            let text = line.strip_suffix('\n').unwrap_or(line);
            // The text after the secret need not follow: the end of the line ends it too.
            let place = secret_of(text, &texts, 4).or_else(|| {
                let open = secret_of(&format!("{text}|| \""), &texts, 4)?;
                (open.end >= text.len() - text.ends_with('\r') as usize).then_some(open.start..text.len())
            });
            match place {
                Some(place) => {
                    let mut place = place;
                    if place.end == text.len() && text[place.clone()].ends_with('\r') {
                        place.end -= 1;
                    }
                    let value = &text[place.clone()];
                    let stays = value.is_empty() || value.bytes().all(|byte| byte == b'-');
                    expected.push_str(&text[..place.start]);
                    expected.push_str(if stays { value } else { "[REDACTED:oauth]" });
                    expected.push_str(&line[place.end..]);
                }
                None => expected.push_str(line),
            }
        }
        let bytes = input.as_bytes();
        proptest::prop_assert_eq!(redact(&rules, [bytes]), expected.clone());
        let mut pieces = Vec::new();
        let mut rest = bytes;
        for size in sizes {
            let (piece, after) = rest.split_at(size.min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        pieces.push(rest);
        proptest::prop_assert_eq!(redact(&rules, pieces), expected.clone());
        proptest::prop_assert_eq!(redact(&rules, [expected.as_bytes()]), expected);
    }
}

/// A rule set for logs that name their own fields.
fn headed(secrets: &[(&str, &str)]) -> Ruleset {
    rules(&[("#Fields:", secrets)])
}

const IIS: &str = "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2026-11-24 20:22:24\r\n\
    #Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Cookie) \
    cs(Authorization) sc-status time-taken\r\n";

fn iis(cookies: &str, authorization: &str) -> String {
    format!(
        "2026-11-24 20:22:24 10.0.0.5 GET /x.aspx a=1&b=2 443 ada 10.0.0.1 Mozilla/5.0+(X11;+Linux) {cookies} {authorization} 200 15\r\n"
    )
}

#[test]
fn a_log_names_its_fields() {
    let line = iis;
    let (c, a, b) = ("[REDACTED:cookie]", "[REDACTED:authorization]", "[REDACTED:bearer]");
    let rows = [
        ("sid=31d4d96e407aad42".to_owned(), "-".to_owned(), format!("sid={c}"), "-".to_owned()),
        (
            "a=1;+b=2".to_owned(),
            "Basic+YWRhOng=".to_owned(),
            format!("a={c};+b={c}"),
            format!("Basic+{a}"),
        ),
        (
            "a=x=y;b=;c".to_owned(),
            "Bearer+mF_9.B5f".to_owned(),
            format!("a={c};b=;c"),
            format!("Bearer+{b}"),
        ),
        ("-".to_owned(), "s3cr+t".to_owned(), "-".to_owned(), a.to_owned()),
        ("-".to_owned(), "Bearer".to_owned(), "-".to_owned(), "Bearer".to_owned()),
    ];
    let mut input = format!("{}{IIS}", line("a=1", "x"));
    let mut expected = input.clone();
    for (cookies, authorization, after, credential) in &rows {
        input.push_str(&line(cookies, authorization));
        expected.push_str(&line(after, credential));
    }
    check(&headed(&[]), &input, &expected);
    // Lines that the header does not describe.
    let other = format!(
        "{IIS}2026-11-24 20:22 x y z a 1 c d agent key=value\nGET / - - - - - - - - a=b Basic+x\n{LINE} \"a=b\"\n"
    );
    check(&headed(&[]), &other, &other.replace("key=value", "key=[REDACTED:cookie]"));
    // Without the setting, the names are not looked at.
    let plain = format!("{IIS}{}", line("sid=31d4d96e407aad42", "-"));
    check(&Ruleset::standard(), &plain, &plain);
}

#[test]
fn fields_are_separated_by_tabs_or_blanks_and_may_be_quoted() {
    let rules = headed(&[("cs(X-Pin)", "oauth"), ("x-note", "oauth")]);
    let c = "[REDACTED:cookie]";
    // CloudFront: names with blanks between them, values with tabs.
    check(
        &rules,
        "#Version: 1.0\n#Fields: date time cs-method cs(Cookie) cs(X-Pin) sc-status\n\
         2026-11-24\t20:22:24\tGET\tsid=ab;%20theme=dark\t4711\t200\n2026-11-24\t20:22:25\tGET\t-\t-\t304\n",
        &format!(
            "#Version: 1.0\n#Fields: date time cs-method cs(Cookie) cs(X-Pin) sc-status\n\
             2026-11-24\t20:22:24\tGET\tsid={c};%20theme={c}\t[REDACTED:oauth]\t200\n2026-11-24\t20:22:25\tGET\t-\t-\t304\n"
        ),
    );
    // Tomcat: quotes, with those inside doubled.
    check(
        &rules,
        "#Fields: time cs(User-Agent) cs(Cookie) x-C(sid) sc(Set-Cookie) x-note sc-status\n\
         20:22 \"a \"\"b\"\" c\" \"a=1; b=\"\"2 3\"\"; c=4\" '-' \"s=1; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT, t=2; Secure\" \"x \"\"y\"\"\" 200\n\
         20:22 - - \"0815\" - - 200\n20:22 \"\" \"\" \"\" \"\" \"\" 200\n20:22 \"-\" \"x\"=\"y\" 1 2\n",
        &format!(
            "#Fields: time cs(User-Agent) cs(Cookie) x-C(sid) sc(Set-Cookie) x-note sc-status\n\
             20:22 \"a \"\"b\"\" c\" \"a={c}; b={c}; c={c}\" {c} \"s={c}; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT, t={c}; Secure\" \"[REDACTED:oauth]\" 200\n\
             20:22 - - \"{c}\" - - 200\n20:22 \"\" \"\" \"\" \"\" \"\" 200\n20:22 \"-\" \"x\"=\"y\" {c} 2\n"
        ),
    );
    // Zeek: names and values with tabs between them, where a value may have blanks or be missing.
    let zeek = rules_of_zeek();
    check(
        &zeek,
        "#separator \\x09\n#fields\tts\tnote\tpassword\tid\n#types\ttime\tstring\tstring\tint\n1.5\ta b\tx y\t1\n2.5\t\t-\t2\n",
        "#separator \\x09\n#fields\tts\tnote\tpassword\tid\n#types\ttime\tstring\tstring\tint\n1.5\ta b\t[REDACTED:password]\t1\n2.5\t\t-\t2\n",
    );
}

fn rules_of_zeek() -> Ruleset {
    let format = LineFormat::new("#fields", &[("password", "password")]).unwrap();
    Ruleset::builder().select("+password").unwrap().formats([format]).build().unwrap()
}

#[test]
fn a_later_header_replaces_the_earlier_one() {
    let line = |n: u32, value: &str| format!("{n} {value}=x1y2 z{n}\n");
    let other =
        "#Fields: cs(X-Api-Key) time cs-host\n#Remark: cs(Cookie) no\n#FieldsOther: cs(Cookie)\n";
    let input = [
        line(1, "a"),
        "#Fields: time cs(Cookie) x\n".to_owned(),
        line(2, "b"),
        other.to_owned(),
        line(3, "c"),
        "#fields: time cs(Cookie) x\n".to_owned(),
        line(4, "d"),
        "#Fields: time x y\n".to_owned(),
        line(5, "e"),
    ]
    .concat();
    let expected = input
        .replace("2 b=x1y2", "2 b=[REDACTED:cookie]")
        .replace("3 c=", "[REDACTED:authorization] c=")
        .replace("4 d=x1y2", "4 d=[REDACTED:cookie]");
    check(&headed(&[]), &input, &expected);
    // A header that is too long is a comment, and so is what it would have replaced not.
    let long = format!("#Fields: {}cs-host cs(Cookie)\n", "x ".repeat(9000));
    let rules = headed(&[]);
    let input = format!("#Fields: cs(Cookie)\na=1\n{long}a=2\n");
    let expected = format!("#Fields: cs(Cookie)\na=[REDACTED:cookie]\n{long}a=[REDACTED:cookie]\n");
    for size in [1, 7, 4096, usize::MAX] {
        assert_eq!(redact(&rules, input.as_bytes().chunks(size)), expected);
    }
}

#[test]
fn other_secrets_of_the_line_are_found_too() {
    let c = "[REDACTED:cookie]";
    let header = "#Fields: time cs-uri-query cs(Referer) cs(Cookie) cs(User-Agent)\n";
    check(
        &headed(&[]),
        &format!(
            "{header}1 access_token=2YotnFZFEjr1zCsicMWpAA&s=x https://h/?id_token=abcdefghij0123456789 sid=1 x\n\
             2 a=Cookie: - t=2;+u=3 Cookie:+v=4\n"
        ),
        &format!(
            "{header}1 access_token=[REDACTED:oauth]&s=x https://h/?id_token=[REDACTED:oauth] sid={c} x\n\
             2 a=Cookie: - t={c};+u={c} Cookie:+v={c}\n"
        ),
    );
    let keep = Ruleset::builder()
        .formats([LineFormat::new("#Fields:", &[]).unwrap()])
        .keep_cookies(["theme".to_owned()])
        .allow_values([b"guest".to_vec()])
        .build()
        .unwrap();
    check(
        &keep,
        "#Fields: cs(Cookie) x\nsid=1;+theme=dark;+u=guest y\n",
        &format!("#Fields: cs(Cookie) x\nsid={c};+theme=dark;+u=guest y\n"),
    );
    let without = Ruleset::builder()
        .select("default,-cookie")
        .unwrap()
        .formats([LineFormat::new("#Fields:", &[]).unwrap()])
        .build()
        .unwrap();
    check(&without, "#Fields: cs(Cookie) x\nsid=1 y\n", "#Fields: cs(Cookie) x\nsid=1 y\n");
}

#[test]
fn an_endless_column_takes_no_memory() {
    let rules = headed(&[]);
    let mut redactor = Redactor::new(&rules);
    let mut out = Vec::new();
    redactor.push(b"#Fields: time cs(Cookie) x\n12:00 sid=", &mut out);
    for _ in 0..256 {
        redactor.push("0123456789abcdef".repeat(4096).as_bytes(), &mut out);
    }
    redactor.push(b" y\n", &mut out);
    redactor.finish(&mut out);
    assert_eq!(out, b"#Fields: time cs(Cookie) x\n12:00 sid=[REDACTED] y\n");
}

#[test]
fn headers_reach_every_segment_and_thread() {
    use blackbar::Name;
    use blackbar::command::{Options, Pipeline, Sink, Source};
    use std::num::NonZeroUsize;
    use std::path::Path;

    let rules = headed(&[]);
    let mut input = iis("before=1", "x");
    for part in 0..4 {
        input.push_str(&if part == 2 {
            IIS.replace("cs(Cookie)", "cs(X)")
        } else {
            IIS.to_owned()
        });
        for n in 0..300 {
            input.push_str(&iis(&format!("sid=v{n}"), "-"));
        }
    }
    let expected = redact_plainly(&rules, input.as_bytes());
    assert_eq!(expected.matches("[REDACTED]").count(), 3 * 300);
    for threads in 1..=4 {
        for segment in [64, 1000, 4096, 65536] {
            let options = Options {
                threads: NonZeroUsize::new(threads).unwrap(),
                segment: NonZeroUsize::new(segment).unwrap(),
            };
            let name = || Name::path(Path::new("x"));
            let mut sink = Sink::new(name(), Vec::new());
            let mut pipeline = Pipeline::new(&rules, options);
            pipeline.run(&mut Source::new(name(), input.as_bytes()), &mut sink).unwrap();
            assert!(sink.into_inner() == expected.as_bytes(), "{threads} threads, {segment}");
        }
    }
}

fn redact_plainly(rules: &Ruleset, input: &[u8]) -> String {
    let mut redactor = Redactor::new(rules);
    let mut out = Vec::new();
    redactor.push(input, &mut out);
    redactor.finish(&mut out);
    String::from_utf8(out).unwrap()
}
