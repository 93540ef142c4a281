//! Values of passwords' and keys' names that are not secrets: words, names, dates, templates.
//!
//! The functions here look at the value alone. The caller looks at the text around it.

use crate::grammar::value::characters::{
    self, DIGIT, DOT, FOREIGN, HASH, LOWER, MARK, SPACE, TAB, UNDERSCORE,
};
use crate::grammar::value::harmless::{is_attribute, is_rate, is_resource};
use crate::grammar::value::head::Head;
use crate::grammar::value::status;
use crate::grammar::value::wording::is_translation;
use crate::grammar::value::writing::is_written;

// Long: one list of words.
/// Words that are the status of a password, or the kind of something.
pub(super) fn is_status(head: &Head) -> bool {
    const OTHERS: &[&[u8]] = &[
        b"on",
        b"off",
        b"true",
        b"false",
        b"any",
        b"int",
        b"integer",
        b"boolean",
        b"bool",
        b"nullable",
        b"incorrect",
        b"wrong",
        b"correct",
        b"changed",
        b"unchanged",
        b"updated",
        b"reset",
        b"set",
        b"weak",
        b"strong",
        b"medium",
        b"encrypted",
        b"hashed",
        b"plain",
        b"plaintext",
        b"prompt",
        b"ask",
        b"input",
        b"file",
        b"env",
        b"auto",
        b"default",
        b"blank",
        b"this",
        b"varchar",
        b"char",
        b"byte",
        b"password",
        b"passwd",
        b"username",
        b"user",
        // Laravel: the table of users whose passwords can be reset.
        b"users",
        b"publickey",
        b"locked",
        b"binary",
        b"error",
        b"utf-8",
        b"not-provided",
        b"not-needed",
        b"never",
        b"always",
        b"basic",
        b"stored",
        b"cleared",
        b"provided",
        b"supplied",
        b"given",
        b"passed",
        b"confirmed",
        b"sometimes",
        b"filled",
        b"method",
        b"type",
        b"md5",
        b"sha1",
        b"sha256",
        b"sha512",
        b"bcrypt",
        b"base64",
        // The passes of a setup of Windows.
        b"windowspe",
        b"specialize",
        b"generalize",
        b"oobesystem",
        b"auditsystem",
        b"audituser",
        b"offlineservicing",
    ];
    // A type, a role in a policy, a code of an error.
    const KINDS: &[&[u8]] = &[
        b"?",
        b"rule:",
        b"role:",
        b"invalid_",
        b"missing_",
        b"cannot_",
        b"unknown_",
        b"required_",
    ];
    let chars = head.chars();
    let of_name = |byte: &u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b':');
    let kind = |start: &&[u8]| {
        chars.strip_prefix(*start).is_some_and(|name| name.len() > 2 && name.iter().all(of_name))
    };
    let failed = [&b"_failed"[..], b"_error"].iter().any(|end| {
        chars.strip_suffix(*end).is_some_and(|name| name.len() > 2 && name.iter().all(of_name))
    });
    status::is_word(head, OTHERS)
        || head.complete && failed
        || head.complete && KINDS.iter().any(kind)
        // Validation rules of web frameworks.
        || [&b"required|"[..], b"string|", b"nullable|", b"required,", b"varchar(", b"optional|", b"confirmed|", b"false,", b"true,", b"null,", b"min:", b"max:", b"size:", b"between:", b"regex:", b"unique:", b"same:", b"exists:"]
            .iter()
            .any(|rule| chars.starts_with(rule))
}

/// Whether it is the name of a file, which a key or password may be in.
pub(super) fn is_file(head: &Head) -> bool {
    const ENDS: &[&[u8]] = &[
        b".pem", b".key", b".crt", b".cer", b".json", b".p12", b".pfx", b".jks", b".txt", b".yml",
        b".yaml", b".env", b".toml", b".conf", b".html", b".js", b".ts", b".py", b".go", b".rb",
        b".php", b".java",
    ];
    head.complete && ENDS.iter().any(|end| head.chars().ends_with(end))
}

/// One repeated character, a date, a hexadecimal number, or a word of another language as in a label.
pub(super) fn is_no_text(head: &Head) -> bool {
    let chars = head.chars();
    let [first, rest @ ..] = chars else { return false };
    let date = || {
        let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
        chars.len() == 10 && chars.split(|byte| *byte == b'-').map(digits).eq([true; 3])
    };
    let word = || {
        (first.is_ascii_uppercase() || *first >= 0x80)
            && rest.iter().any(|byte| *byte >= 0x80)
            && rest.iter().all(|byte| byte.is_ascii_lowercase() || *byte >= 0x80)
    };
    let hex = [&b"0x"[..], b"0X", b"dword:"].iter().find_map(|start| chars.strip_prefix(*start));
    let hex = hex.map(|digits| digits.strip_suffix(b"u8").unwrap_or(digits));
    let number = hex.is_some_and(|digits| {
        matches!(digits.len(), 1..=16) && digits.iter().all(u8::is_ascii_hexdigit)
    });
    // Versions, addresses, and the numbers of objects in ASN.1.
    let dotted = || {
        let chars = chars.strip_prefix(b"npm:").unwrap_or(chars);
        // `<2.0.5|>=3,<3.0.3`
        if matches!(first, b'<' | b'>') {
            return chars.contains(&b'.')
                && chars.iter().all(|byte| byte.is_ascii_digit() || b".,|<>=*".contains(byte));
        }
        let range = chars.strip_prefix(b"^").or_else(|| chars.strip_prefix(b"~"));
        let least = if range.is_some() { 1 } else { 2 };
        let chars = range.unwrap_or(chars);
        chars.iter().filter(|byte| **byte == b'.').count() >= least
            && chars.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    };
    // `22528u16`: the literal of a type in Rust.
    let literal = || {
        let digits = chars.iter().take_while(|byte| byte.is_ascii_digit()).count();
        digits > 0
            && matches!(&chars[digits..], [b'i' | b'u', size @ ..] if matches!(size, b"8" | b"16" | b"32" | b"64" | b"128" | b"size"))
    };
    // `#9e9`, a colour, and `\f21b`, the number of a sign in CSS.
    let color = chars.strip_prefix(b"#").is_some_and(|digits| {
        matches!(digits.len(), 3 | 6 | 8) && digits.iter().all(u8::is_ascii_hexdigit)
    });
    let sign = matches!(chars, [b'\\', digits @ ..] if digits.len() < 8 && digits.iter().all(u8::is_ascii_hexdigit));
    if head.complete && (sign || color) {
        return true;
    }
    if rest.len() >= 4 && rest.iter().all(|byte| byte == first || *byte == b'-')
        || head.has(FOREIGN) && is_translation(chars)
    {
        return true;
    }
    head.complete
        && (literal()
            || head.has(DIGIT) && date()
            || head.has(FOREIGN) && word()
            || number
            || head.has(DOT) && dotted()
            || chars.split(|byte| *byte == b',').all(is_rate)
            || is_attribute(chars)
            || is_resource(chars))
}

/// The name of a constant: `POSTGRES_SCRAM_SHA_256`.
pub(super) fn is_constant(head: &Head) -> bool {
    let chars = head.chars();
    let words = chars.split(|byte| *byte == b'_');
    chars.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        && words.clone().count() >= 3
        && chars.len() >= 12
        && words
            .filter(|word| word.iter().all(u8::is_ascii_uppercase))
            .map(|word| usize::from(word.len() >= 3) + usize::from(word.len() >= 8))
            .sum::<usize>()
            >= 2
}

/// The name of a constant of two words: `WBEM_128BITS`.
pub(super) fn is_capital_name(chars: &[u8]) -> bool {
    let digits = chars.iter().filter(|byte| byte.is_ascii_digit()).count();
    let marks = chars.iter().filter(|byte| **byte == b'_').count();
    let capitals = chars.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    let all = digits + marks + capitals == chars.len();
    all && marks > 0 && chars.len() < 20 && digits * 3 <= chars.len()
}

/// A word and a number: `walrus42`, but not a type or an algorithm such as `sha256`, or a variable such as `value2`.
pub(super) fn is_word_with_number(chars: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[
        b"float", b"vector", b"argon", b"pbkdf", b"bcrypt", b"windows", b"value", b"param",
        b"input", b"string", b"field", b"label", b"column", b"group", b"token", b"array",
        b"buffer", b"object",
    ];
    let letters = chars.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (word, number) = chars.split_at(letters);
    letters >= 5
        && (1..=4).contains(&number.len())
        && number.iter().all(u8::is_ascii_digit)
        && word[1..].iter().all(u8::is_ascii_lowercase)
        && !NAMES.iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// Digits, and letters of both cases.
pub(super) fn is_varied(chars: &[u8]) -> bool {
    let has = |of: fn(&u8) -> bool| chars.iter().any(of);
    has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
}

/// Three or more words in lower case with hyphens between, none of which is about passwords: `correct-horse-battery`.
pub(super) fn is_joined_passphrase(chars: &[u8]) -> bool {
    let words = chars.split(|byte| *byte == b'-');
    let word =
        |word: &[u8]| word.len() >= 3 && word.iter().all(u8::is_ascii_lowercase) && !is_about(word);
    chars.len() >= 16 && (3..=8).contains(&words.clone().count()) && words.clone().all(word)
}

// Long: one list of words.
/// Words about passwords, and words of sentences.
const ABOUT: &[&[u8]] = &[
    b"password",
    b"passwords",
    b"passphrase",
    b"enter",
    b"your",
    b"must",
    b"required",
    b"should",
    b"invalid",
    b"please",
    b"forgot",
    b"least",
    b"characters",
    b"field",
    b"incorrect",
    b"wrong",
    b"confirm",
    b"user",
    b"login",
    b"email",
    b"account",
    b"the",
    b"is",
    b"are",
    b"not",
    b"be",
    b"for",
    b"to",
    b"of",
    b"and",
    b"or",
    b"a",
    b"an",
    b"this",
    b"that",
    b"with",
    b"from",
    b"new",
    b"current",
];

/// Whether a word is about passwords, also in another language, or a part of a sentence.
fn is_about(word: &[u8]) -> bool {
    ABOUT.contains(&word) || word.starts_with(b"passe") || is_word_for_password(word)
}

/// Several words in lower case, none of which is about passwords.
pub(super) fn is_passphrase(head: &Head) -> bool {
    let chars = head.chars();
    let words = chars.split(|byte| *byte == b' ');
    head.complete
        && (3..=8).contains(&words.clone().count())
        && chars.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b' ')
        && words.clone().all(|word| !word.is_empty() && !is_about(word))
        // Three words with a short one between are rather a translation.
        && (words.clone().count() > 3 || words.clone().all(|word| word.len() >= 4))
}

/// Whether the value is a name of the same kind as its key: `password=new_password`, `pwd: userPwd`.
pub(super) fn is_own_name(head: &Head) -> bool {
    // Rails' routes: `passwords#update`.
    let route = || {
        let is = |byte: &u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'/' | b'#');
        head.complete && head.has(HASH) && head.chars().iter().all(is)
    };
    // `DB_PASSWORD1`, which documentation has in place of a password.
    let capitals = || {
        head.has(UNDERSCORE)
            && !head.has(LOWER)
            && head.chars().windows(9).any(|part| part == b"_PASSWORD")
            && head.chars().iter().all(|byte| {
                byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b',')
            })
    };
    if capitals() || is_word_for_password(head.chars()) {
        return true;
    }
    !head.has_digit()
        && (head.is_identifier() || head.is_camel() || route())
        && [
            &b"pass"[..],
            b"pwd",
            b"secret",
            b"key",
            b"config",
            b"self.",
            b"this.",
            b"env",
            b"settings",
            b"creds",
            b"name",
        ]
        .iter()
        .any(|word| head.chars().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word)))
}

/// Whether it is letters that contain the word for a password in another language, as translations of labels do:
/// `wachtwoordbevestiging`, `nueva_contrase\u{f1}a`. Short words have to stand alone.
pub(super) fn is_word_for_password(chars: &[u8]) -> bool {
    const LONG: &[&str] = &[
        "passwort",
        "kennwort",
        "wachtwoord",
        "wagwoord",
        "contrase",
        "contrasinal",
        "has\u{142}o",
        "salasana",
        "l\u{f6}senord",
        "adgangskode",
        "lozink",
        "jelsz",
        "\u{15f}ifre",
        "slapta\u{17e}od",
        "katasandi",
        "pasahitz",
        "lykilor\u{f0}",
        "parolle",
        "geheimwoord",
    ];
    const SHORT: &[&str] = &[
        "senha", "parola", "parole", "heslo", "hesla", "hasla", "sandi", "geslo", "parool",
        "sifre", "clave",
    ];
    let part = |word: &str| {
        chars.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    let mut parts = chars.split(|byte| !(byte.is_ascii_alphabetic() || *byte >= 0x80));
    chars.iter().all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80 || b"-_ '.:".contains(byte))
        && (LONG.iter().any(|word| part(word))
            || parts
                .any(|part| SHORT.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes()))))
}

/// Whether it is a key that its provider calls publishable, or a public key of SSH.
pub(super) fn is_publishable(chars: &[u8]) -> bool {
    const STARTS: &[&[u8]] = &[
        b"AAAAB3NzaC1",
        b"AAAAC3NzaC1",
        b"AAAAE2VjZHNh",
        b"sb_publishable_",
        b"pk_live_",
        b"pk_test_",
    ];
    STARTS.iter().any(|start| chars.starts_with(start))
}

/// Whether it is the name of a secret in a list of names: `CA2-secret`.
pub(super) fn is_name_of_secret(chars: &[u8]) -> bool {
    const ENDS: &[&[u8]] = &[b"secret", b"password", b"token", b"key"];
    let digits = chars.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let name = &chars[..chars.len() - digits];
    ENDS.iter().any(|end| {
        name.len() > end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end)
    })
}

/// Whether it is the name of a variable with a key or a password: `keyRSA2048`, `totpSecret32`.
pub(super) fn is_variable_of_secret(chars: &[u8]) -> bool {
    const WORDS: &[&[u8]] = &[b"key", b"secret", b"password", b"token", b"pwd"];
    let has = |word: &&[u8]| chars.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    chars.first().is_some_and(u8::is_ascii_lowercase)
        && chars.iter().all(u8::is_ascii_alphanumeric)
        && WORDS.iter().any(has)
}

/// Whether it is an option of a command: `--password`, `--password=`.
pub(super) fn is_option_name(chars: &[u8]) -> bool {
    chars.strip_prefix(b"--").is_some_and(|name| {
        let name = name.strip_suffix(b"=").unwrap_or(name);
        name.first().is_some_and(u8::is_ascii_lowercase)
            && name.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'-')
    })
}

/// Whether it is a name of three or more words in lower case: `_aj_ruby2_keywords`.
pub(super) fn is_snake(chars: &[u8]) -> bool {
    let mut words = 0;
    let all = chars.split(|byte| *byte == b'_').all(|word| {
        words += usize::from(word.len() > 1);
        let letters = word.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        letters == word.len()
            || letters > 1 && word.len() - letters == 1 && word[letters].is_ascii_digit()
    });
    all && words >= 3 && chars.len() < 48
}

/// Whether it is an address of mail, in a list of values.
pub(super) fn is_mail(chars: &[u8]) -> bool {
    let Some(at) = chars.iter().position(|byte| *byte == b'@') else { return false };
    let (name, host) = (&chars[..at], &chars[at + 1..]);
    let of_host = |byte: &u8| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'-');
    !name.is_empty()
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._+-".contains(byte))
        && host.iter().all(of_host)
        && host
            .iter()
            .rposition(|byte| *byte == b'.')
            .is_some_and(|dot| dot > 1 && host.len() - dot > 2)
}

/// Whether it is the name of an algorithm: words and numbers in lower case, as in `chacha20-poly1305`.
pub(super) fn is_algorithm(chars: &[u8]) -> bool {
    let part = |part: &[u8]| {
        let letters = part.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        let number = &part[letters..];
        (letters == 0 || letters > 1 && is_written(&part[..letters]))
            && number.len() <= 4
            && number.iter().all(u8::is_ascii_digit)
    };
    chars.len() < 32 && chars.split(|byte| matches!(byte, b'-' | b'_')).all(part)
}

/// Whether it is a label: a word with a colon behind it, a capitalised word, or an abbreviation and a word, `API-sleutel`.
pub(super) fn is_label(chars: &[u8]) -> bool {
    // `Adgangskode:`
    if let [word @ .., b':'] = chars {
        let word = word.strip_suffix(b" ").unwrap_or(word);
        return word
            .iter()
            .all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80 || b"'-".contains(byte));
    }
    if is_capitalised(chars) {
        return is_written(chars);
    }
    // `Geslo.`, `Şîfre.`
    if let [word @ .., b'.'] = chars {
        let starts = word.first().is_some_and(|byte| byte.is_ascii_uppercase() || *byte >= 0x80);
        return is_label(word) || is_compound_label(chars) || starts && is_letters(word);
    }
    if is_compound_label(chars) {
        return true;
    }
    let capitals = chars.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let [b'-', word @ ..] = &chars[capitals..] else { return false };
    (2..=5).contains(&capitals)
        && word.len() >= 4
        && word.iter().all(u8::is_ascii_lowercase)
        && is_written(word)
}

/// Whether it is a capitalised word with a full stop or an asterisk behind it, `Wachtwurd.`, or two or three joined words,
/// of which one is longer than those of a passphrase, `Wachtwoord-herstelpagina`.
fn is_compound_label(chars: &[u8]) -> bool {
    if let [word @ .., b'.'] | [word @ .., b' ', b'*'] = chars {
        return word.len() >= 8 && is_capitalised(word) && is_written(word);
    }
    let foreign = chars.iter().any(|byte| *byte >= 0x80);
    let word = |word: &[u8]| {
        word.len() >= 3 && word.iter().all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80)
    };
    let words = chars.split(|byte| *byte == b'-');
    let longest = words.clone().map(<[u8]>::len).max().unwrap_or_default();
    chars.first().is_some_and(u8::is_ascii_uppercase)
        && (2..=3).contains(&words.clone().count())
        && words.clone().all(word)
        && (foreign && longest >= 8 || longest >= 12 && is_written(chars))
}

/// Whether it is words of another language, or joined by hyphens, underscores or apostrophes.
pub(super) fn is_letters(chars: &[u8]) -> bool {
    let joined = chars.iter().any(|byte| *byte >= 0x80 || b"_-'".contains(byte));
    joined
        && chars
            .iter()
            .all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80 || b"_-'".contains(byte))
        && (chars.iter().any(|byte| *byte >= 0x80) || is_written(chars))
}

/// Whether it is a word as in a label: `Password`.
pub(super) fn is_capitalised(chars: &[u8]) -> bool {
    chars.first().is_some_and(u8::is_ascii_uppercase)
        && chars[1..].iter().all(u8::is_ascii_lowercase)
}

/// Whether it consists of words, like the names of types and constants: six or more letters in a row, of one case and
/// with vowels, and few digits.
pub(super) fn is_wordy(chars: &[u8]) -> bool {
    let digits = chars.iter().filter(|byte| byte.is_ascii_digit()).count();
    let word = |of: fn(&u8) -> bool| {
        chars.split(|byte| !of(byte)).any(|part| {
            let vowels = part.iter().filter(|byte| b"aeiouAEIOU".contains(byte)).count();
            part.len() >= 6 && vowels >= 2
        })
    };
    // `SslImportMasterKeyFn`: each capital starts a word of a few letters.
    let capitals = chars.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    let alone =
        chars.windows(2).any(|two| two[0].is_ascii_uppercase() && !two[1].is_ascii_lowercase());
    // A number may follow the words.
    let number = chars.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let letters = &chars[..chars.len() - number];
    let camel = number <= 2
        && letters.iter().all(u8::is_ascii_alphabetic)
        && !alone
        && capitals * 3 <= letters.len();
    let named = [&b"PrivateKey"[..], b"PublicKey", b"private_key", b"::"];
    let words =
        digits * 8 <= chars.len() && (word(u8::is_ascii_lowercase) || word(u8::is_ascii_uppercase));
    (words || camel || is_dotted_name(chars)) && is_written(chars)
        || named.iter().any(|name| chars.windows(name.len()).any(|part| part == *name))
}

/// Names with dots between: `fs.s3.cse.kms.keyId`, `_win32typing.PyIID`, `key2.Secret`.
pub(super) fn is_dotted_name(chars: &[u8]) -> bool {
    if !chars.contains(&b'.') {
        return false;
    }
    let digits = chars.iter().filter(|byte| byte.is_ascii_digit()).count();
    let starts =
        |part: &[u8]| part.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    // Names have digits at the end of a word.
    let within =
        chars.windows(2).any(|two| two[0].is_ascii_digit() && two[1].is_ascii_alphabetic());
    digits * 8 <= chars.len()
        && !(within && chars.len() < 16)
        && chars.split(|byte| *byte == b'.').all(starts)
}

/// Whether it has a character that words, identifiers and paths do not have.
pub(super) fn has_mark(chars: &[u8]) -> bool {
    let characters = characters::of(chars);
    characters & MARK != 0 && characters & (SPACE | TAB) == 0
}

/// Whether special characters are all over it, as in keys that Django generates.
pub(super) fn is_scattered(chars: &[u8]) -> bool {
    let marks = chars.iter().filter(|byte| b"!@#$%^&*(-_=+)~?[]{}|;:,.<>/".contains(byte)).count();
    chars.len() >= 24 && marks * 8 >= chars.len() && !is_written(chars)
}

/// Whether it is the path of a file: words, not just the slash that base64 can start with.
pub(super) fn is_path(chars: &[u8]) -> bool {
    const ROOTS: &[&[u8]] =
        &[b"/home/", b"/etc/", b"/usr/", b"/var/", b"/opt/", b"/tmp/", b"/root/"];
    // `$dir/private/ca.key`
    let variable = || {
        let name = chars[1..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        name > 1
            && chars.get(name + 1) == Some(&b'/')
            && chars.iter().filter(|byte| **byte == b'/').count() > 1
    };
    let starts = match chars.first() {
        Some(b'/' | b'~' | b'.') => true,
        Some(b'$') => variable(),
        _ => false,
    };
    starts
        && !chars.ends_with(b"=")
        && (is_written(chars) || ROOTS.iter().any(|root| chars.starts_with(root)))
}
