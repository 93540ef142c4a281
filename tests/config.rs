//! Settings: what is wrong with a file is told all at once, and what is right is in force everywhere.

mod command;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use blackbar::{Config, Redactor};
use command::{Dir, REDACTED, SECRET};

/// Checks that `toml` has these problems and no others, each by its line and the start of what is said.
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
fn what_is_no_toml() {
    check(
        "style = \"label\nrules = \"nothing\"\n",
        &[(1, "is no TOML: "), (2, "there is no rule 'nothing'")],
    );
    check("style = 'mask'\nstyle = 'label'\n", &[(2, "is no TOML: duplicate key")]);
    check("[styles\n", &[(1, "is no TOML: ")]);
    let dir = Dir::new(&[("c.toml", b"# ok\n# \xff\n")]);
    dir.refuses(&["--config", "c.toml"], "c.toml:2: is not UTF-8");
}

#[test]
fn unknown_keys() {
    check(
        "stlye = 'mask'\nkeep_cookies = []\nx = 1\n[allow]\nvalue = []\n[[rule]]\nname = 'a'\nregex = 'b'\n",
        &[
            (1, "there is no key 'stlye'; is it style?"),
            (2, "there is no key 'keep_cookies'; is it keep-cookies?"),
            (3, "there is no key 'x'; there are rules, style,"),
            (5, "there is no key 'value' in [allow]; is it values?"),
            (6, "a rule needs a keyword"),
            (6, "a rule needs a pattern"),
            (8, "there is no key 'regex' in [[rule]]; there are name,"),
        ],
    );
    check(
        "[[format]]\nline = '$cookie_a'\nsecret = 1\n",
        &[(3, "there is no key 'secret' in [[format]]; is it secrets?")],
    );
}

#[test]
fn wrong_types() {
    check(
        "rules = 1\nstyle = true\nreplacement = 1.5\nkey-file = ['a']\nkeep-jwt-header = 'yes'\nkeep-cookies = { a = 1 }\n\
         keys = ['abc',\n  2]\nallow = 'x'\nstyles = 'hmac'\nrule = 'x'\nformat = [1]\nsecrets-file = 1979-05-27\n",
        &[
            (1, "rules is a list of strings, and this is an integer; write it as in rules = "),
            (2, "style is a string, and this is true or false"),
            (3, "replacement is a string, and this is a number"),
            (4, "key-file is a string, and this is a list"),
            (5, "keep-jwt-header is true or false, and this is a string"),
            (6, "keep-cookies is a list of strings, and this is a table"),
            (8, "keys is a list of strings, and this is an integer"),
            (9, "allow is a table, and this is a string"),
            (10, "styles is a table, and this is a string"),
            (11, "rule is an array of tables, and this is a string"),
            (12, "format is an array of tables, and this is an integer"),
            (13, "secrets-file is a list of strings, and this is a date or time"),
        ],
    );
}

#[test]
fn names_that_mean_nothing() {
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
fn rules_that_cannot_be() {
    check(
        "[[rule]]\nname = 'badge'\nkeywords = ['badge', 'no']\npattern = 'badge=(?<secret>[^ ]+'\nexamples = ['badge=«1»']\n\
         [[rule]]\nname = 'badge'\nkeywords = ['badge']\npattern = 'badge=(?<secret>\\d+)'\nexamples = [\n'badge=«1»',\n\
         'badge=«x»']\ncounter-examples = [\n'badge=',\n'badge=1']\n\
         [[rule]]\nname = 'jwt'\nkeywords = ['pin']\npattern = 'pin=(?<secret>\\d+)'\nexamples = ['pin=«1»']\n\
         [[rule]]\nname = 'a name'\nkeywords = ['pin']\npattern = 'pin=(?<secret>\\d+)'\n",
        &[
            (3, "a keyword needs 3 bytes or more, and this has 2"),
            (4, "the pattern does not compile: unclosed group, at character 7"),
            (7, "there is a rule 'badge' already, at c.toml:2; give this one another name"),
            (12, "the pattern does not match this example"),
            (15, "the pattern matches this counter-example"),
            (17, "blackbar has a rule or a set 'jwt' of its own"),
            (21, "a rule needs an example"),
            (22, "a rule cannot be called that"),
        ],
    );
}

#[test]
fn values_that_are_none() {
    check(
        "keep-cookies = ['']\nkeys = ['abc', ' ']\nreplacement = 'a b'\n[allow]\nvalues = ['']\npatterns = ['a', '(']\n",
        &[
            (1, "an empty text is no name"),
            (2, "a key cannot be called ' '; letters"),
            (3, "a blank would end a token"),
            (5, "an empty text is no value"),
            (6, "the pattern does not compile: unclosed group, at character 1"),
        ],
    );
    check("replacement = 'a]b'\n", &[(1, "a second run would not know it for a replacement")]);
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
        "blackbar: known:2: has no bytes, and a known value needs 6 or more",
        "blackbar: known:3: has 5 bytes, and a known value needs 6 or more",
        "blackbar: known:4: is part of what stands in a secret's place, which no known value can be; take",
        "blackbar: known:5: is a -----BEGIN without its -----END; ",
        "blackbar: missing: no such file or directory; ",
        "blackbar: the variable SHORT_PIN: has 5 bytes, and",
    ]) {
        assert!(line.starts_with(says), "{stderr}");
    }
    assert_eq!(lines.len(), 6, "{stderr}");
    assert!(
        !stderr.contains("abcde") && !stderr.contains("12345") && !stderr.contains("a-long"),
        "{stderr}"
    );
    // On the machine that checks the file there are no such values.
    assert_eq!(dir.run(&["config", "--check", "c.toml"]).code, Some(0));
}

#[test]
fn known_values_go() {
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
fn where_the_file_is() {
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
fn what_is_typed_counts_for_more() {
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
    // A list that only takes away.
    assert_eq!(out(&["--rules", "-bearer"]), line);
    // A style for all is for all.
    assert_eq!(
        out(&["--rules", "default", "--style", "fixed"]),
        "Cookie: a=[gone]\nAuthorization: Bearer [gone]\n"
    );
}

#[test]
fn scan_and_bench_look_for_the_same() {
    let dir = Dir::new(&[
        ("c.toml", b"rules = '-bearer,-jwt'\nstyle = 'hmac'\n"),
        ("log", format!("{SECRET}Cookie: a=0123456789abcdef\n").as_bytes()),
    ]);
    // Neither needs the key.
    let scan = dir.run(&["scan", "--config", "c.toml", "log"]);
    assert_eq!((scan.code, scan.stdout.as_str()), (Some(1), "log:2:11 cookie\n"), "{scan:?}");
    let bench = dir.run(&["bench", "--config", "c.toml", "--json", "log"]);
    assert_eq!(bench.code, Some(0), "{bench:?}");
    assert!(bench.stdout.contains(r#""redactions":{"cookie":1,"#), "{}", bench.stdout);
    dir.refuses(&["--config", "c.toml", "log"], "c.toml:2: the style hmac needs a key");
}

#[test]
fn the_list_of_rules_has_those_of_ones_own() {
    let dir = Dir::new(&[("c.toml", include_bytes!("config/blackbar.toml"))]);
    let ended = dir.run(&["rules", "--config", "c.toml", "--rules", "default,-jwt"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let (in_force, others) = ended.stdout.split_once("\nNot in force; ").unwrap();
    assert!(in_force.contains("\nbadge          numbers of staff badges\n"), "{in_force}");
    assert!(in_force.contains("redacts  badge: «12345678»\n"), "{in_force}");
    assert!(!in_force.contains("jwt  ") && others.contains("\njwt "), "{}", ended.stdout);
}

#[test]
fn what_is_in_force_can_be_read_again() {
    let dir = Dir::new(&[
        ("etc/c.toml", include_bytes!("config/blackbar.toml")),
        ("etc/blackbar.key", b"a key that is for tests only"),
        ("etc/blackbar.secrets", b"a-known-value\n"),
        ("elsewhere/none", b""),
    ]);
    fs::set_permissions(dir.path("etc/blackbar.secrets"), fs::Permissions::from_mode(0o600))
        .unwrap();
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
        "style = \"label\"  # etc/c.toml:11\n",
        "keep-jwt-header = false  # etc/c.toml:20\n",
        "keys = [\"x-pin\"]  # --keys\n",
        "cookie = \"hmac\"  # etc/c.toml:35\n",
        "in force here: etc/c.toml, named by --config.",
    ] {
        assert!(first.contains(says), "{says}\n{first}");
    }
    assert!(!first.contains("not to be shown") && !first.contains("for tests only"), "{first}");
    assert!(!first.contains("a-known-value") && !first.contains("neither is"), "{first}");
    // Its settings are the same wherever it is read.
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
fn the_example_has_nothing_wrong() {
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
        ("x-internal-pin: 4711-0815\n", "x-internal-pin: [REDACTED:key]\n"),
        ("token=example-0a1b2c3d4e5f\n", "token=example-0a1b2c3d4e5f\n"),
    ] {
        let mut out = Vec::new();
        redactor.push(line.as_bytes(), &mut out);
        redactor.finish(&mut out);
        let mut out = String::from_utf8(out).unwrap();
        if let Some(at) = out.find(":cookie:") {
            // Eight digits, by a key of no meaning.
            out.replace_range(at + 8..at + 16, "#");
        }
        assert_eq!(out, expected);
    }
}

#[test]
fn the_example_of_the_guide_has_nothing_wrong() {
    let page = include_str!("../src/guide/configuration.md");
    let toml = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let dir = Dir::new(&[("c.toml", toml.as_bytes())]);
    let ended = dir.run(&["config", "--check", "c.toml"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let rules = "bearer, cookie, authorization, oauth, key, badge";
    assert_eq!(ended.stdout, format!("c.toml: nothing is wrong; rules: {rules}\n"));
}

#[test]
fn a_file_that_others_can_read_is_warned_of() {
    let dir = Dir::new(&[("known", b"a-known-value\n"), ("log", SECRET.as_bytes())]);
    let args = ["--no-config", "--secrets-file", "known", "--secrets-from-env", "NONE_*", "log"];
    fs::set_permissions(dir.path("known"), fs::Permissions::from_mode(0o644)).unwrap();
    let ended = dir.run(&args);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), REDACTED));
    assert_eq!(
        ended.stderr,
        "blackbar: --secrets-from-env: no variable is called like NONE_*\n\
         blackbar: known: others can read it; chmod 600 known\n"
    );
    // So is a key: with it, pseudonyms can be tried out.
    dir.write("key", b"a key that is for tests only\n");
    let args = ["--no-config", "--style", "hmac", "--key-file", "key", "log"];
    let warning = "blackbar: key: others can read it; chmod 600 key\n";
    for (mode, says) in [(0o644, warning), (0o640, warning), (0o600, "")] {
        fs::set_permissions(dir.path("key"), fs::Permissions::from_mode(mode)).unwrap();
        let ended = dir.run(&args);
        assert_eq!(ended.code, Some(0));
        assert_eq!(ended.stderr, says, "{mode:o}");
    }
}
