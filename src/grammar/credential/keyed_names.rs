//! Names of keys outside the `default` set: passwords, API keys, and names that the user gave.

use std::sync::OnceLock;

use crate::grammar::key::{Class, Listed, is_boundary, strip_letters};

/// The last words of a password's name, without `-` and `_`.
const PASSWORDS: &[&[u8]] = &[
    b"password",
    b"passwords",
    b"passwd",
    b"passphrase",
    b"passcode",
    b"userpass",
    b"pwd",
    b"passwort",
    b"psk",
    b"authtok",
    b"motdepasse",
    b"pw",
];

/// The same, of names that are searched for whole.
pub(crate) const WHOLE_PASSWORDS: &[&[u8]] = &[
    b"rootpw",
    b"bindpw",
    b"kennwort",
    b"wachtwoord",
    b"contrasena",
    b"contrase\xc3\xb1a",
    b"senha",
];

/// Words that may follow them in a name.
const PASSWORD_TRAILERS: &[&[u8]] = &[
    b"confirmation",
    b"confirm",
    b"again",
    b"repeat",
    b"repeated",
    b"retype",
    b"verify",
    b"old",
    b"new",
    b"current",
    b"plain",
    b"plaintext",
    b"value",
];

/// Words before them in the name of an action on a password, which is not a key.
const NO_PASSWORDS: &[&[u8]] = &[
    b"forgot",
    b"forgotten",
    b"add",
    b"lost",
    b"no",
    b"remove",
    b"has",
    b"show",
    b"hide",
    b"get",
    b"use",
    b"by",
    b"request",
];

/// Words before them in the name of an action, or of a field in a form. The value is a new password, or a label in a translation.
const ACTIONS: &[&[u8]] =
    &[b"change", b"reset", b"update", b"your", b"bot", b"mailmy", b"remembermy"];

/// Words before `pass` that make it a password.
const PASSES: &[&[u8]] = &[
    b"",
    b"user",
    b"admin",
    b"root",
    b"db",
    b"database",
    b"sql",
    b"mysql",
    b"pg",
    b"postgres",
    b"redis",
    b"mongo",
    b"mongodb",
    b"mq",
    b"amqp",
    b"rabbitmq",
    b"smtp",
    b"mail",
    b"email",
    b"imap",
    b"ftp",
    b"sftp",
    b"ssh",
    b"sudo",
    b"become",
    b"master",
    b"proxy",
    b"backup",
    b"cert",
    b"ssl",
    b"tls",
    b"rpc",
    b"wallet",
    b"ldap",
    b"bind",
    b"basic",
    b"auth",
    b"login",
    b"http",
    b"app",
    b"service",
    b"svc",
    b"key",
    b"keystore",
    b"truststore",
    b"store",
    b"vnc",
    b"wifi",
    b"jdbc",
    b"default",
    b"old",
    b"new",
];

/// The last words of a key's name.
const API_KEYS: &[&[u8]] = &[
    b"apikey",
    b"apikeys",
    b"apitoken",
    b"csrfmiddlewaretoken",
    b"secretkeybase",
    b"sessionid",
    b"accesskey",
    b"accesskeysecret",
    b"secretkey",
    b"secretaccesskey",
    b"privatekey",
    b"encryptionkey",
    b"decryptionkey",
    b"signingkey",
    b"masterkey",
    b"writekey",
    b"accountkey",
    b"storagekey",
    b"subscriptionkey",
    b"servicekey",
    b"sharedkey",
    b"presharedkey",
    b"fernetkey",
    b"appkey",
    b"integrationkey",
    b"authkey",
    b"functionskey",
    b"licensekey",
    b"cryptkey",
    b"clientkey",
    b"databasekey",
    b"dbkey",
    b"hmackey",
    b"authsalt",
    b"passwordsalt",
    b"secretsalt",
    b"signature",
];

/// Words before `token` in the name of a list position or of a token of a language.
const NO_TOKENS: &[&[u8]] = &[
    b"next",
    b"asset",
    b"public",
    b"publickey",
    b"page",
    b"nextpage",
    b"continuation",
    b"continue",
    b"sync",
    b"nextsync",
    b"cursor",
    b"resume",
    b"pagination",
    b"cancellation",
    b"cancel",
    b"scroll",
    b"start",
    b"end",
    b"stop",
    b"eos",
    b"bos",
    b"pad",
    b"mask",
    b"change",
    b"delta",
    b"marker",
    b"client",
    b"idempotency",
    b"dedup",
    b"fencing",
    b"prev",
    b"previous",
    b"unk",
    b"sep",
    b"cls",
    b"special",
    b"max",
    b"min",
    b"placement",
    b"partition",
    b"ring",
    b"request",
    b"lock",
    b"purchase",
    b"creation",
    b"update",
    b"sequence",
    b"action",
    b"backward",
    b"forward",
    b"starting",
    b"input",
    b"output",
    b"product",
    b"poll",
    b"watch",
    b"lease",
    b"checkpoint",
    b"iterator",
    b"snapshot",
    b"unit",
    b"hashed",
    b"import",
    b"export",
];

/// The keys outside the `default` set, as far as their rules are selected.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keyed {
    pub password: bool,
    pub api_key: bool,
    pub provider: bool,
    /// Names that the user gave.
    pub listed: Listed,
}

/// What the scan searches for to find them, in addition to the anchors of the `default` set.
pub(crate) const PASSWORD_ANCHORS: &[&[u8]] = &[
    b"pass", b"pwd=", b"pwd\"", b"pwd'", b"pwd:", b"pwd\\", b"pwd ", b"psk=", b"psk\"", b"_pw=",
    b"_pw:", b"_pw ", b"_pw\"", b"_pw'", b"clave",
];
/// The anchors of the `default` set find `_key`, `-key`, `session_id` and `signature`. The anchor of `Secret Key: T`
/// begins with the space, and that of a parameter of a query that is only called `key` with the character before it.
pub(crate) const API_KEY_ANCHORS: &[&[u8]] = &[
    b"akey", b"bkey", b"ckey", b"dkey", b"ekey", b"gkey", b"hkey", b"ikey", b"kkey", b"lkey",
    b"mkey", b"nkey", b"okey", b"pkey", b"rkey", b"skey", b"tkey", b"ykey", b" key", b"?key",
    b"&key", b"_pat=", b"_pat:", b"_pat\"", b"bpat",
];

impl Keyed {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        !(self.password || self.api_key || self.provider) && self.listed.is_empty()
    }

    /// The class of `name`, and whether that is the whole name.
    pub fn classify(&self, name: &[u8]) -> Option<(Class, bool)> {
        // `Secret Key`: the anchor begins with the space. In capitals, it could be SQL.
        if let Some(blank) = name.iter().position(|byte| *byte == b' ') {
            let mut joined = [0; 32];
            let joined = joined.get_mut(..name.len())?;
            joined.copy_from_slice(name);
            joined.make_ascii_lowercase();
            joined[blank] = b'_';
            return self.classify(joined);
        }
        if !self.listed.is_empty() && self.listed.has(name) {
            return Some((Class::Listed, true));
        }
        // The start of the last word, if it is one of these.
        let ends = |words: &[&[u8]]| {
            words
                .iter()
                .any(|word| strip_letters(name, word).is_some_and(|at| is_boundary(name, at)))
        };
        if self.provider && ends(&[b"secretaccesskey"]) {
            return Some((Class::CloudKey, false));
        }
        if self.password
            && ends(&[b"secret", b"clave"])
            && !ends(&[b"generatesecret", b"createsecret", b"getsecret"])
        {
            return Some((Class::Secret, false));
        }
        if self.password && (is_password_name(name) || self.is_pass(name)) {
            let action = ACTIONS.iter().any(|word| names_action(name, word));
            return Some((if action { Class::Secret } else { Class::Password }, false));
        }
        let variable =
            || is_variable_of_key(name) || name.ends_with(b"_PAT") || name.ends_with(b"_AUTH");
        if self.api_key && (variable() || is_owned(name)) {
            return Some((Class::ApiKey, false));
        }
        if self.api_key && (name.ends_with(b"?key") || name.ends_with(b"&key")) {
            return Some((Class::ApiKey, false));
        }
        if self.api_key && ends(API_KEYS) {
            // `signature` is too common a word, except as a parameter of a cloud service.
            let signature = strip_letters(name, b"signature").is_some();
            let cloud = || ends(&[b"xamzsignature", b"xgoogsignature"]);
            return (!signature || cloud()).then_some((Class::ApiKey, false));
        }
        if self.api_key
            && let Some(at) = strip_letters(name, b"token").filter(|at| is_boundary(name, *at))
            && at > 0
        {
            let place = NO_TOKENS.iter().any(|word| {
                strip_letters(&name[..at], word).is_some_and(|start| is_boundary(name, start))
            });
            return (!place).then_some((Class::ApiKey, false));
        }
        None
    }

    /// Whether `name` is `pass`, possibly after a word for its owner.
    fn is_pass(&self, name: &[u8]) -> bool {
        let Some(at) = strip_letters(name, b"pass") else { return false };
        is_boundary(name, at)
            && PASSES.iter().any(|word| match word.len() {
                0 => at == 0,
                _ => strip_letters(&name[..at], word).is_some_and(|start| is_boundary(name, start)),
            })
    }
}

/// Whether `name` ends with a word for a password, possibly followed by a number or a word such as `old`.
fn is_password_name(name: &[u8]) -> bool {
    let digits = name.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let name = &name[..name.len() - digits];
    let name = PASSWORD_TRAILERS
        .iter()
        .find_map(|word| strip_letters(name, word).filter(|at| is_boundary(name, *at)))
        .map_or(name, |at| &name[..at]);
    // `GUID_USER_CHANGE_PASSWORD` names an object.
    let guid = name.len() > 4 && name[..4].eq_ignore_ascii_case(b"guid");
    !guid
        && PASSWORDS.iter().chain(WHOLE_PASSWORDS).any(|word| {
            // `PGPASSWORD`, `dbpassword`: long words do not need a word boundary before them.
            strip_letters(name, word).is_some_and(|at| {
                // `en_PW` is a locale.
                let locale =
                    word.len() == 2 && at == 3 && name[0].is_ascii_lowercase() && name[4] == b'W';
                (word.len() >= 6 || is_boundary(name, at) && !locale)
                    && !NO_PASSWORDS.iter().any(|action| {
                        strip_letters(&name[..at], action)
                            .is_some_and(|start| is_boundary(name, start))
                    })
            })
        })
}

/// Whether `name` is `change_password`, or a name that ends like it, for the word `action`.
fn names_action(name: &[u8], action: &[u8]) -> bool {
    let name = name.strip_suffix(b"s").unwrap_or(name);
    strip_letters(name, b"password")
        .or_else(|| strip_letters(name, b"passwd"))
        .and_then(|at| strip_letters(&name[..at], action))
        .is_some_and(|start| is_boundary(name, start))
}

/// Services and algorithms, before `key` in the name of a key: lower case, letters and digits, sorted, one per line. Keys
/// of tables, caches and maps are called `key` too, so words that a program may use for its own data are not in the list.
fn owners() -> &'static [&'static str] {
    static OWNERS: OnceLock<Vec<&str>> = OnceLock::new();
    OWNERS.get_or_init(|| include_str!("owners.txt").lines().collect())
}

/// The longest name of an owner, in bytes.
const MAX_OWNER: usize = 32;

/// Whether `name` ends with a service or an algorithm: `my_adobe`, `azureOpenAi`, `new_relic`.
fn ends_with_owner(name: &[u8]) -> bool {
    let mut letters = [0; MAX_OWNER];
    let mut from = MAX_OWNER;
    for at in (0..name.len()).rev() {
        if matches!(name[at], b'-' | b'_') {
            continue;
        }
        if from == 0 {
            return false;
        }
        from -= 1;
        letters[from] = name[at].to_ascii_lowercase();
        let owner = || owners().binary_search_by(|owner| owner.as_bytes().cmp(&letters[from..]));
        if is_boundary(name, at) && owner().is_ok() {
            return true;
        }
    }
    false
}

/// Owners before `pat`, for personal access token.
const PAT_OWNERS: &[&[u8]] =
    &[b"github", b"gitlab", b"azure", b"ado", b"devops", b"databricks", b"airtable", b"figma"];

/// Whether `name` is that of a known service's key: `cosmosKey`, `githubPat`, `stripe_key`.
fn is_owned(name: &[u8]) -> bool {
    let before = |word: &[u8]| {
        let at = strip_letters(name, word).filter(|at| is_boundary(name, *at));
        at.map(|at| &name[..at])
    };
    let is_pat = |before: &[u8]| {
        PAT_OWNERS.iter().any(|owner| {
            strip_letters(before, owner).is_some_and(|start| is_boundary(before, start))
        })
    };
    before(b"key").is_some_and(ends_with_owner) || before(b"pat").is_some_and(is_pat)
}

/// Whether `name` is that of an environment variable with a key: `OPENAI_KEY`. Keys of tables and caches are excluded.
fn is_variable_of_key(name: &[u8]) -> bool {
    const NO_KEYS: &[&[u8]] = &[
        b"PRIMARY",
        b"FOREIGN",
        b"SORT",
        b"PARTITION",
        b"CACHE",
        // Keys that a page shows to everybody.
        b"PUBLIC",
        b"PUB",
        b"SITE",
        b"VERIFY",
        b"VERIFICATION",
        // The fingerprint of a public key, in every image that is built with one.
        b"GPG",
        b"PGP",
        b"HASH",
        b"ROW",
        b"INDEX",
        b"UNIQUE",
        b"LOOKUP",
        b"OBJECT",
        b"GROUP",
        b"ROUTING",
        b"IDEMPOTENCY",
        b"MAP",
        b"REGISTRY",
        b"STORAGE",
        b"SESSION",
        b"I18N",
        b"TRANSLATION",
        b"SHARD",
        b"DEDUP",
    ];
    const PUBLISHABLE: &[u8] = b"PUBLISHABLE";
    let Some(before) = name.strip_suffix(b"_KEY") else { return false };
    !before.is_empty()
        && before
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        && !NO_KEYS.iter().any(|word| before.ends_with(word))
        && !before.windows(PUBLISHABLE.len()).any(|part| part == PUBLISHABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_sorted_letters_and_digits() {
        assert!(owners().windows(2).all(|two| two[0] < two[1]));
        for owner in owners() {
            let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            assert!((3..MAX_OWNER).contains(&owner.len()) && owner.bytes().all(letters), "{owner}");
        }
    }

    #[test]
    fn keys_of_services_are_keys() {
        for name in ["adobeKey", "MY_ADOBE_KEY", "new_relic_key", "newRelicKey", "azure-openai-key"]
        {
            assert!(is_owned(name.as_bytes()), "{name}");
        }
        for name in ["cache_key", "columnKey", "key", "segment_key", "myadobekey", "adobe_keys"] {
            assert!(!is_owned(name.as_bytes()), "{name}");
        }
    }
}
