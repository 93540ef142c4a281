//! Settings: all errors of a file are reported at once, and valid settings apply to every command.

mod command;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use blackbar::{Config, Redactor};
use command::{Dir, REDACTED, SECRET};

/// Checks that `toml` has exactly these problems, each given by its line and the start of its message.
#[track_caller]
fn check(toml: &str, expected: &[(usize, &str)]) {
    let dir = Dir::new(&[("c.toml", toml.as_bytes()), ("log", SECRET.as_bytes())]);
    for args in [
        &["--config", "c.toml", "log"][..],
        &["scan", "--config", "c.toml", "log"],
        &["bench", "--config", "c.toml", "log"],
        &["config", "--config", "c.toml"],
        &["config", "--check", "c.toml"],
    ] {
        let ended = dir.run(args);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{args:?}: {ended:?}");
        let lines: Vec<&str> = ended.stderr.lines().collect();
        for (line, (number, says)) in lines.iter().zip(expected) {
            let start = format!("blackbar: c.toml:{number}: {says}");
            assert!(line.starts_with(&start), "{line}\nis not\n{start}");
            assert!(line.contains("; "), "{line}: does not say what to do");
        }
        assert_eq!(lines.len(), expected.len(), "{}", ended.stderr);
    }
}

/// Runs the filter on `input` with the settings `toml`.
#[track_caller]
fn redact(toml: &str, args: &[&str], input: &str) -> String {
    let dir = Dir::new(&[("c.toml", toml.as_bytes()), ("log", input.as_bytes())]);
    let ended = dir.run(&[&["--config", "c.toml", "log"], args].concat());
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{toml}");
    ended.stdout
}

#[test]
fn invalid_toml() {
    check(
        "style = \"label\nrules = \"nothing\"\n",
        &[(1, "invalid TOML: "), (2, "there is no rule 'nothing'")],
    );
    check("style = 'mask'\nstyle = 'label'\n", &[(2, "invalid TOML: duplicate key")]);
    check("[styles\n", &[(1, "invalid TOML: ")]);
    // Consequences of the error are not reported separately.
    check("[allow\nvalues = ['a']\npatterns = ['b']\n", &[(1, "invalid TOML: ")]);
    check("keys = ['abc',\nstyle = 'mask'\nx = 1\n", &[(2, "invalid TOML: ")]);
    check(
        "rules = 'default\nx = 1\nstyle = \"blue\n",
        &[(1, "invalid TOML: "), (2, "there is no key 'x'"), (3, "invalid TOML: ")],
    );
    check("[[rule]]\nname = 5\n", &[(1, "a rule needs a pattern"), (2, "name has to be a string")]);
    let dir = Dir::new(&[("c.toml", b"# ok\n# \xff\n")]);
    dir.refuses(&["--config", "c.toml"], "c.toml:2: invalid UTF-8");
}

#[test]
fn unknown_keys() {
    check(
        "stlye = 'mask'\nkeep_cookies = []\nx = 1\n[allow]\nvalue = []\n[[rule]]\nname = 'a'\nregex = 'b'\n",
        &[
            (1, "there is no key 'stlye'; did you mean style?"),
            (2, "there is no key 'keep_cookies'; did you mean keep-cookies?"),
            (3, "there is no key 'x'; the keys are rules, style,"),
            (5, "there is no key 'value' in [allow]; did you mean values?"),
            (6, "a rule needs a pattern"),
            (8, "there is no key 'regex' in [[rule]]; the keys are name,"),
        ],
    );
    check(
        "[[format]]\nline = '$cookie_a'\nsecret = 1\n",
        &[(3, "there is no key 'secret' in [[format]]; did you mean secrets?")],
    );
}

#[test]
fn wrong_types() {
    check(
        "rules = 1\nstyle = true\nreplacement = 1.5\nkey-file = ['a']\nkeep-jwt-header = 'yes'\nkeep-cookies = { a = 1 }\n\
         keys = ['abc',\n  2]\nallow = 'x'\nstyles = 'hmac'\nrule = 'x'\nformat = [1]\nsecrets-file = 1979-05-27\n",
        &[
            (1, "rules has to be a list of strings, not an integer; for example rules = "),
            (2, "style has to be a string, not true or false"),
            (3, "replacement has to be a string, not a number"),
            (4, "key-file has to be a string, not a list"),
            (5, "keep-jwt-header has to be true or false, not a string"),
            (6, "keep-cookies has to be a list of strings, not a table"),
            (8, "keys has to be a list of strings, not an integer"),
            (9, "allow has to be a table, not a string"),
            (10, "styles has to be a table, not a string"),
            (11, "rule has to be an array of tables, not a string"),
            (12, "format has to be an array of tables, not an integer"),
            (13, "secrets-file has to be a list of strings, not a date or time"),
        ],
    );
}

#[test]
fn unknown_rules_and_styles() {
    check(
        "rules = ['default', 'coockie', '-jot']\nstyle = 'blue'\n[styles]\ncookie = 'hmca'\nbarer = 'mask'\n[[format]]\n\
         line = '$combined \"$sid\"'\nsecrets = { sid = 'coockie', user = 'cookie' }\n",
        &[
            (1, "there is no rule 'coockie'"),
            (1, "there is no rule 'jot'"),
            (2, "there is no such style"),
            (4, "there is no such style"),
            (5, "there is no rule 'barer'"),
            (8, "there is no rule 'coockie'"),
            (8, "the line has no variable $user"),
        ],
    );
}

#[test]
fn invalid_custom_rules() {
    check(
        "[[rule]]\nname = 'badge'\nkeywords = ['badge', 'no']\npattern = 'badge=(?<secret>[^ ]+'\nexamples = ['badge=«1»']\n\
         [[rule]]\nname = 'badge'\nkeywords = ['badge']\npattern = 'badge=(?<secret>\\d+)'\nexamples = [\n'badge=«1»',\n\
         'badge=«x»']\ncounter-examples = [\n'badge=',\n'badge=1']\n\
         [[rule]]\nname = 'jwt'\nkeywords = ['pin']\npattern = 'pin=(?<secret>\\d+)'\nexamples = ['pin=«1»']\n\
         [[rule]]\nname = 'a name'\nkeywords = ['pin']\npattern = 'pin=(?<secret>\\d+)'\n",
        &[
            (3, "a keyword needs 3 bytes or more, and this has 2"),
            (4, "the pattern does not compile: unclosed group, at character 7"),
            (7, "there is already a rule 'badge', at c.toml:2; choose another name"),
            (12, "the pattern does not match this example"),
            (15, "the pattern matches this counter-example"),
            (17, "'jwt' is the name of a built-in rule or set"),
            (21, "a rule needs an example"),
            (22, "invalid rule name"),
        ],
    );
}

#[test]
fn invalid_values() {
    check(
        "keep-cookies = ['']\nkeys = ['abc', ' ']\nreplacement = 'a b'\n[allow]\nvalues = ['']\npatterns = ['a', '(']\n",
        &[
            (1, "the name is empty"),
            (2, "invalid key name ' '; use"),
            (3, "whitespace would end a token"),
            (5, "the value is empty"),
            (6, "invalid pattern: unclosed group, at character 1"),
        ],
    );
    check("replacement = 'a]b'\n", &[(1, "a second run would redact this text again")]);
}

#[test]
fn known_values_that_are_too_short() {
    let dir = Dir::new(&[
        ("c.toml", b"secrets-file = ['known', 'missing']\nsecrets-from-env = ['SHORT_*']\n"),
        ("known", b"a-long-enough-value\n\nabcde\r\n[REDACTED]\n-----BEGIN X-----\n"),
        ("log", SECRET.as_bytes()),
    ]);
    fs::set_permissions(dir.path("known"), fs::Permissions::from_mode(0o600)).unwrap();
    let output =
        dir.command(&["--config", "c.toml", "log"]).env("SHORT_PIN", "12345").output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = stderr.lines().collect();
    for (line, says) in lines.iter().zip([
        "blackbar: known:2: the value has no bytes; a known value needs at least 6",
        "blackbar: known:3: the value has 5 bytes; a known value needs at least 6",
        "blackbar: known:4: the value is part of a replacement and cannot be redacted; remove",
        "blackbar: known:5: -----BEGIN without -----END; ",
        "blackbar: missing: no such file or directory; ",
        "blackbar: the variable SHORT_PIN: the value has 5 bytes",
    ]) {
        assert!(line.starts_with(says), "{stderr}");
    }
    assert_eq!(lines.len(), 6, "{stderr}");
    assert!(
        !stderr.contains("abcde") && !stderr.contains("12345") && !stderr.contains("a-long"),
        "{stderr}"
    );
    // The machine that checks the file may not have the values.
    assert_eq!(dir.run(&["config", "--check", "c.toml"]).code, Some(0));
}

#[test]
fn known_values_are_redacted() {
    let pem =
        "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIAbcdefghijklmnop\n-----END EC PRIVATE KEY-----";
    let dir = Dir::new(&[
        ("etc/c.toml", b"style = 'label'\nsecrets-file = 'known'\nsecrets-from-env = 'SHOP_*_TOKEN'\n"),
        ("etc/known", format!("correct horse\r\n{pem}\n").as_bytes()),
        ("log", b"a correct horse, b Y29ycmVjdCBob3JzZQ== c shop-token-1 d\nE -----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIAbcdefghijklmnop\\n-----END EC PRIVATE KEY----- f\n"),
    ]);
    fs::set_permissions(dir.path("etc/known"), fs::Permissions::from_mode(0o600)).unwrap();
    let mut command = dir.command(&["--config", "etc/c.toml", "log"]);
    let output = command.env("SHOP_CART_TOKEN", "shop-token-1").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "a [REDACTED:known], b [REDACTED:known]== c [REDACTED:known] d\nE [REDACTED:known] f\n"
    );
}

#[test]
fn the_file_is_found() {
    let dir = Dir::new(&[
        ("log", SECRET.as_bytes()),
        ("label.toml", b"style = 'label'\n"),
        ("mask.toml", b"style = 'mask'\n"),
        ("bad.toml", b"x = 1\n"),
    ]);
    let run = |args: &[&str], variable: &str| {
        let output = dir.command(args).env("BLACKBAR_CONFIG", variable).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run(&["log"], "label.toml").contains("[REDACTED:bearer]"));
    assert!(run(&["log", "--config", "mask.toml"], "label.toml").contains(" *****"));
    assert_eq!(run(&["log", "--no-config"], "label.toml"), REDACTED);
    assert_eq!(run(&["log", "--no-config"], "bad.toml"), REDACTED);
    assert_eq!(run(&["log", "--style", "fixed"], "label.toml"), REDACTED);
    assert_eq!(run(&["log"], "bad.toml"), "");
    assert_eq!(run(&["log"], "missing.toml"), "");
    dir.refuses(&["--config", "missing.toml", "log"], "missing.toml: no such file or directory");
}

#[test]
fn command_line_options_take_precedence() {
    let line = "Cookie: a=0123456789abcdef\nAuthorization: Bearer abcdefghijklmnop0123456789\n";
    let toml =
        "rules = '-cookie'\nstyle = 'label'\nreplacement = '[gone]'\n[styles]\ncookie = 'mask'\n";
    let out = |args: &[&str]| redact(toml, args, line);
    assert_eq!(out(&[]), "Cookie: a=0123456789abcdef\nAuthorization: Bearer [REDACTED:bearer]\n");
    assert_eq!(
        out(&["--rules", "default"]),
        "Cookie: a=****************\nAuthorization: Bearer [REDACTED:bearer]\n"
    );
    assert_eq!(
        out(&["--rules", "cookie", "--style", "cookie=label"]),
        "Cookie: a=[REDACTED:cookie]\nAuthorization: Bearer abcdefghijklmnop0123456789\n"
    );
    // A list that only removes rules.
    assert_eq!(out(&["--rules", "-bearer"]), line);
    // A style for all rules applies to all.
    assert_eq!(
        out(&["--rules", "default", "--style", "fixed"]),
        "Cookie: a=[gone]\nAuthorization: Bearer [gone]\n"
    );
}

#[test]
fn scan_and_bench_use_the_same_rules() {
    let dir = Dir::new(&[
        ("c.toml", b"rules = '-bearer,-jwt'\nstyle = 'hmac'\n"),
        ("log", format!("{SECRET}Cookie: a=0123456789abcdef\n").as_bytes()),
    ]);
    // Neither command needs the key.
    let scan = dir.run(&["scan", "--config", "c.toml", "log"]);
    assert_eq!((scan.code, scan.stdout.as_str()), (Some(1), "log:2:11 cookie\n"), "{scan:?}");
    let bench = dir.run(&["bench", "--config", "c.toml", "--json", "log"]);
    assert_eq!(bench.code, Some(0), "{bench:?}");
    assert!(bench.stdout.contains(r#""redactions":{"cookie":1,"#), "{}", bench.stdout);
    dir.refuses(&["--config", "c.toml", "log"], "c.toml:2: the style hmac needs a key");
}

#[test]
fn the_list_of_rules_includes_custom_ones() {
    let dir = Dir::new(&[("c.toml", include_bytes!("config/blackbar.toml"))]);
    let ended = dir.run(&["rules", "--config", "c.toml", "--rules", "default,-jwt"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let (selected, others) = ended.stdout.split_once("\nNot selected; ").unwrap();
    assert!(selected.contains("\nbadge          numbers of staff badges\n"), "{selected}");
    assert!(selected.contains("redacts  badge: «12345678»\n"), "{selected}");
    assert!(!selected.contains("jwt  ") && others.contains("\njwt "), "{}", ended.stdout);
}

#[test]
fn the_printed_settings_can_be_read_again() {
    let dir = Dir::new(&[
        ("etc/c.toml", include_bytes!("config/blackbar.toml")),
        ("etc/blackbar.key", b"a key that is for tests only"),
        ("etc/blackbar.secrets", b"a-known-value\n"),
        ("elsewhere/none", b""),
    ]);
    for name in ["etc/blackbar.secrets", "etc/blackbar.key"] {
        fs::set_permissions(dir.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let config = |args: &[&str]| {
        let mut command = dir.command(&[&["config"], args].concat());
        let output = command
            .env("BLACKBAR_KEY", "this key is not to be shown")
            .env("SHOP_CART_TOKEN", "neither is this value")
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    let first = config(&["--config", "etc/c.toml", "--rules", "default,-jwt", "--keys", "x-pin"]);
    for says in [
        "rules = \"default,-jwt\"  # --rules\n",
        "style = \"label\"  # etc/c.toml:12\n",
        "keep-jwt = \"nothing\"  # etc/c.toml:21\n",
        "keys = [\n  \"x-internal-pin\",  # etc/c.toml:27\n  \"x-pin\",  # --keys\n]\n",
        "cookie = \"hmac\"  # etc/c.toml:37\n",
        "from etc/c.toml, named by --config.",
    ] {
        assert!(first.contains(says), "{says}\n{first}");
    }
    assert!(!first.contains("not to be shown") && !first.contains("for tests only"), "{first}");
    assert!(!first.contains("a-known-value") && !first.contains("neither is"), "{first}");
    // Its settings do not depend on where it is read.
    dir.write("elsewhere/again.toml", first.as_bytes());
    let second = config(&["--config", "elsewhere/again.toml"]);
    let values = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.split("  # ").next().unwrap().to_owned())
            .filter(|line| !line.starts_with('#'))
            .collect()
    };
    assert_eq!(values(&first), values(&second));
    let defaults = config(&["--no-config"]);
    assert!(defaults.contains("rules = \"default\"  # default\n"), "{defaults}");
    dir.write("elsewhere/defaults.toml", defaults.as_bytes());
    config(&["--config", "elsewhere/defaults.toml", "--style", "mask"]);
}

#[test]
fn the_example_is_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/blackbar.toml");
    let loaded = Config::read(&path).check().unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(|problem| format!("{problem}\n")).collect::<String>())
    });
    let mut redactor = Redactor::styled(&loaded.ruleset, &loaded.styles);
    for (line, expected) in [
        ("Badge No: 12345678\n", "Badge No: [gone]\n"),
        ("acme_live_0123456789abcdef\n", "[REDACTED:acme]\n"),
        (
            "Cookie: theme=dark; sid=31d4d96e407aad42\n",
            "Cookie: theme=dark; sid=[REDACTED:cookie:#]\n",
        ),
        (
            "::1 - - [t] \"GET /\" 200 1 \"-\" \"curl\" \"lang=de; sid=31d4d96e407aad42\"\n",
            "::1 - - [t] \"GET /\" 200 1 \"-\" \"curl\" \"lang=de; sid=[REDACTED:cookie:#]\"\n",
        ),
        ("12:00|h|31d4d96e407aad42|200\n", "12:00|h|[REDACTED:cookie:#]|200\n"),
        (
            "#Fields: time cs(Cookie) cs(X-Pin)\n12 lang=de;+sid=31d4d96e407aad42 4711\n",
            "#Fields: time cs(Cookie) cs(X-Pin)\n12 lang=de;+sid=[REDACTED:cookie:#] [REDACTED:oauth]\n",
        ),
        ("x-internal-pin: 4711-0815\n", "x-internal-pin: [REDACTED:key]\n"),
        ("token=example-0a1b2c3d4e5f\n", "token=example-0a1b2c3d4e5f\n"),
    ] {
        let mut out = Vec::new();
        redactor.push(line.as_bytes(), &mut out);
        redactor.finish(&mut out);
        let mut out = String::from_utf8(out).unwrap();
        if let Some(at) = out.find(":cookie:") {
            // The eight digits depend on an arbitrary key.
            out.replace_range(at + 8..at + 16, "#");
        }
        assert_eq!(out, expected);
    }
}

#[test]
fn the_example_of_the_guide_is_valid() {
    let page = include_str!("../src/guide/configuration.md");
    let toml = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let dir = Dir::new(&[("c.toml", toml.as_bytes())]);
    let ended = dir.run(&["config", "--check", "c.toml"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let rules = "bearer, cookie, authorization, oauth, key, badge, member";
    assert_eq!(ended.stdout, format!("c.toml: valid; rules: {rules}\n"));
}

#[test]
fn a_file_that_others_can_read_gives_a_warning() {
    let dir = Dir::new(&[("known", b"a-known-value\n"), ("log", SECRET.as_bytes())]);
    let args = ["--no-config", "--secrets-file", "known", "--secrets-from-env", "NONE_*", "log"];
    fs::set_permissions(dir.path("known"), fs::Permissions::from_mode(0o644)).unwrap();
    let ended = dir.run(&args);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), REDACTED));
    assert_eq!(
        ended.stderr,
        "blackbar: --secrets-from-env: no variable matches NONE_*\n\
         blackbar: known: other users can read the file; run chmod 600 known\n"
    );
    // The key is a secret too, because it allows guesses to be checked against pseudonyms.
    dir.write("key", b"a key that is for tests only\n");
    let args = ["--no-config", "--style", "hmac", "--key-file", "key", "log"];
    let warning = "blackbar: key: other users can read the file; run chmod 600 key\n";
    for (mode, says) in [(0o644, warning), (0o640, warning), (0o600, "")] {
        fs::set_permissions(dir.path("key"), fs::Permissions::from_mode(mode)).unwrap();
        let ended = dir.run(&args);
        assert_eq!(ended.code, Some(0));
        assert_eq!(ended.stderr, says, "{mode:o}");
    }
}

#[test]
fn the_content_of_a_wrong_file_is_not_shown() {
    for file in [
        "AKIAZQ3DRSTUVWXY2LMN=hunter2-hunter2\n",
        "hunter2-hunter2\n",
        "Hunter2Hunter2 = 'hunter3-hunter3'\n",
        "\"hunter2-hunter2\" = { hunter3 = 1 }\n",
        "[hunter2-hunter2]\nkey = hunter3\n",
        "root:$6$hunter2$hunter3:19000:0:99999:7:::\n",
        "a = 1\nhunter2-hunter2 = 1\nhunter2-hunter2 = 2\n",
        "[x]\n[x.hunter2]\n[x.hunter2]\n",
        "a = \"\\hunter2\"\n",
        "a = 2026-99-99hunter2\n",
    ] {
        let dir = Dir::new(&[("c.toml", file.as_bytes())]);
        let ended = dir.run(&["config", "--check", "c.toml"]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{file}");
        assert!(ended.stderr.starts_with("blackbar: c.toml:"), "{}", ended.stderr);
        let lower = ended.stderr.to_lowercase();
        assert!(!lower.contains("hunter") && !lower.contains("akia"), "{}", ended.stderr);
    }
}

#[test]
fn lists_on_the_command_line_add_to_those_of_the_file() {
    let dir = Dir::new(&[
        ("c.toml", b"keys = ['pin']\nsecrets-file = 'known'\nsecrets-from-env = 'SHOP_*'\nkeep-cookies = ['theme']\n\
          [allow]\nvalues = ['0123456789abcdef0123']\n"),
        ("known", b"value-of-the-file\n"),
        ("more", b"value-of-another\n"),
        ("log", b"pin=4711; foo=0815; value-of-the-file value-of-another value-of-shop value-of-bank\n\
          Cookie: theme=dark; lang=de; sid=1\naccess_token=0123456789abcdef0123&id_token=abcdefghijklmnop0123\n\
          Bearer example-0a1b2c3d4e5f67890123 Bearer sample-0a1b2c3d4e5f67890123\n"),
    ]);
    for name in ["known", "more"] {
        fs::set_permissions(dir.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let output = dir
        .command(&[
            "--config",
            "c.toml",
            "--keys",
            "foo",
            "--secrets-file",
            "more",
            "--secrets-from-env",
            "BANK_*",
            "--keep-cookies",
            "lang",
            "--allow",
            "abcdefghijklmnop0123",
            "--allow-pattern",
            "example-[0-9a-f]+",
            "log",
        ])
        .env("SHOP_A", "value-of-shop")
        .env("BANK_A", "value-of-bank")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "pin=[REDACTED]; foo=[REDACTED]; [REDACTED] [REDACTED] [REDACTED] [REDACTED]\n\
         Cookie: theme=dark; lang=de; sid=[REDACTED]\naccess_token=0123456789abcdef0123&id_token=abcdefghijklmnop0123\n\
         Bearer example-0a1b2c3d4e5f67890123 Bearer [REDACTED]\n"
    );
    // A list of rules that starts with a sign changes the selection of the file.
    let out = |rules: &str| {
        redact("rules = 'cookie'\n", &["--rules", rules], "pwd=hunter2-hunter2 Cookie: a=b\n")
    };
    assert_eq!(out("+password"), "pwd=[REDACTED] Cookie: a=[REDACTED]\n");
    assert_eq!(out("password"), "pwd=[REDACTED] Cookie: a=b\n");
}

#[test]
fn a_field_of_a_rule_that_is_not_selected_is_an_error() {
    check(
        "[[format]]\nline = '$a|$b'\nsecrets = { b = 'password' }\n",
        &[(3, "the field belongs to the rule 'password', which is not selected; add it")],
    );
    check(
        "rules = 'jwt'\n[[format]]\nline = '$a \"$http_cookie\"'\n",
        &[(3, "the field belongs to the rule 'cookie', which is not selected; add it")],
    );
    // An explicit removal is accepted silently; a list on the command line that leaves the rule out gives a warning.
    let format = "[[format]]\nline = '$a|$b'\nsecrets = { b = 'cookie' }\n";
    assert_eq!(redact(&format!("rules = '-cookie'\n{format}"), &[], "a|b\n"), "a|b\n");
    assert_eq!(redact(format, &["--rules", "-cookie"], "a|b\n"), "a|b\n");
    assert_eq!(
        redact("[[format]]\nline = '$a|$b'\nsecrets = { b = 'key' }\n", &[], "a|b\n"),
        "a|[REDACTED]\n"
    );
    let dir = Dir::new(&[("c.toml", format.as_bytes()), ("log", b"a|b\n")]);
    let ended = dir.run(&["--config", "c.toml", "--rules", "jwt", "log"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "a|b\n"));
    assert_eq!(
        ended.stderr,
        "blackbar: c.toml:3: the field belongs to the rule 'cookie', which --rules does not select; it is not redacted\n"
    );
}

#[test]
fn keys_by_pattern() {
    let out = |keys: &str, line: &str| redact("", &["--keys", keys], line);
    assert_eq!(
        out("*_pin", "card_pin=4711 {\"cardPin\":\"0815\"} spin=12 CARD-PIN: 99 shopping=1\n"),
        "card_pin=[REDACTED] {\"cardPin\":\"[REDACTED]\"} spin=12 CARD-PIN: [REDACTED] shopping=1\n"
    );
    assert_eq!(
        out("acme-*-key", "acme_live_key=4711 acme_key=1\n"),
        "acme_live_key=[REDACTED] acme_key=[REDACTED]\n"
    );
    check(
        "keys = ['*_a', '*', 'a?c']\n",
        &[
            (1, "invalid key name '*_a'"),
            (1, "invalid key name '*'"),
            (1, "invalid key name 'a?c'"),
        ],
    );
}

#[test]
fn a_replacement_by_rule() {
    let line = "Cookie: a=0123456789abcdef\nAuthorization: Bearer abcdefghijklmnop0123456789\n";
    let toml = "replacement = '[gone]'\n[replacements]\ncookie = '[biscuit]'\n";
    assert_eq!(redact(toml, &[], line), "Cookie: a=[biscuit]\nAuthorization: Bearer [gone]\n");
    assert_eq!(
        redact(toml, &["--replacement", "bearer=[bear]"], line),
        "Cookie: a=[biscuit]\nAuthorization: Bearer [bear]\n"
    );
    // A text for all rules applies to all.
    assert_eq!(
        redact(toml, &["--replacement", "[x]"], line),
        "Cookie: a=[x]\nAuthorization: Bearer [x]\n"
    );
    assert_eq!(
        redact(toml, &["--style", "label", "--style", "cookie=fixed"], line),
        "Cookie: a=[biscuit]\nAuthorization: Bearer [REDACTED:bearer]\n"
    );
    check(
        "[replacements]\nnone = '[x]'\nbearer = 'a b'\ncookie = 'a]b'\n",
        &[(2, "there is no rule 'none'"), (3, "whitespace would end a token")],
    );
    let dir = Dir::new(&[]);
    dir.refuses(
        &["--no-config", "--style", "mask", "--replacement", "cookie=x"],
        "a replacement text needs the style fixed",
    );
}

#[test]
fn the_users_settings_override_the_machines() {
    let dir = Dir::new(&[
        ("xdg/blackbar/config.toml", b"style = 'label'\n"),
        ("home/.config/blackbar/config.toml", b"style = 'mask'\n"),
        ("log", SECRET.as_bytes()),
        ("file/blackbar", b""),
    ]);
    let run = |args: &[&str], xdg: &str, home: &str| {
        let mut command = dir.command(args);
        command.env("XDG_CONFIG_HOME", xdg).env("HOME", home);
        let output = command.output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        String::from_utf8(output.stdout).unwrap()
    };
    let path = |name: &str| dir.path(name).to_str().unwrap().to_owned();
    let (xdg, home) = (path("xdg"), path("home"));
    assert!(run(&["log"], &xdg, &home).contains("[REDACTED:bearer]"));
    assert!(run(&["log"], "", &home).contains(" *****"));
    // A relative path is ignored, and so is a missing directory.
    assert!(run(&["log"], "xdg", &home).contains(" *****"));
    assert_eq!(run(&["log"], &path("nowhere"), &home), REDACTED);
    assert_eq!(run(&["log"], &path("file/blackbar"), &home), REDACTED);
    assert_eq!(run(&["log", "--no-config"], &xdg, &home), REDACTED);
    assert_eq!(run(&["log", "--style", "fixed"], &xdg, &home), REDACTED);
    assert!(run(&["config"], &xdg, &home).contains("xdg/blackbar/config.toml, the user's"));
}

#[test]
fn a_configuration_is_not_read_from_a_pipe() {
    let dir = Dir::new(&[("log", SECRET.as_bytes())]);
    rustix::fs::mkfifoat(
        rustix::fs::CWD,
        dir.path("fifo"),
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
    )
    .unwrap();
    dir.refuses(&["--config", "fifo", "log"], "fifo: is a pipe or a terminal; a file is needed");
    dir.refuses(
        &["--no-config", "--secrets-file", "fifo", "log"],
        "fifo: is a pipe or a terminal; a file is needed",
    );
}
