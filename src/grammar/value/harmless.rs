//! Values in configuration and code that are never credentials: versions, durations, dates, paths, names in
//! directories.

use crate::grammar::value::writing::is_written;

/// The longest version or duration, in characters.
const MAX: usize = 40;

/// Units of time, as written by Go, systemd and people.
const UNITS: &[&[u8]] = &[
    b"ns", b"us", b"ms", b"s", b"sec", b"secs", b"second", b"seconds", b"m", b"min", b"mins",
    b"minute", b"minutes", b"h", b"hr", b"hrs", b"hour", b"hours", b"d", b"day", b"days", b"w",
    b"week", b"weeks", b"mo", b"month", b"months", b"y", b"year", b"years",
];

/// Whether `value` is a version of a package, or a range of versions: `^6.0.0`, `~> 1.2`, `>=2.4.4, <3`,
/// `1.0.0-beta.2`.
pub(super) fn is_version(value: &[u8]) -> bool {
    if value.len() > MAX {
        return false;
    }
    let mut sure = false;
    let versions = value
        .split(|byte| matches!(byte, b' ' | b',' | b'|'))
        .filter(|part| !part.iter().all(|byte| b"^~<>=!-".contains(byte)))
        .all(|part| {
            let version = is_one_version(part);
            sure |= version;
            version || part.len() < 4 && part.iter().all(u8::is_ascii_digit)
        });
    versions && sure
}

fn is_one_version(value: &[u8]) -> bool {
    // Yarn writes where the package is from.
    let value = value.strip_prefix(b"npm:").unwrap_or(value);
    let operators = value.iter().take_while(|byte| b"^~<>=!".contains(byte)).count();
    let value = &value[operators..];
    let value = value.strip_prefix(b"v").unwrap_or(value);
    let core = value
        .iter()
        .position(|byte| !(byte.is_ascii_digit() || matches!(byte, b'.' | b'*' | b'x' | b'X')))
        .unwrap_or(value.len());
    let mut numbers = 0;
    let numbered = value[..core].split(|byte| *byte == b'.').all(|number| {
        numbers += 1;
        match number {
            [b'*' | b'x' | b'X'] => true,
            digits => (1..=8).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit),
        }
    });
    let named = operators > 0 || (2..=4).contains(&numbers);
    // `-beta.2`, `+build.5`, Python's `rc1`, or nothing.
    let label = &value[core..];
    let label = match label {
        [] => return numbered && named,
        [b'-' | b'+', rest @ ..] => rest,
        rest => rest,
    };
    numbered
        && named
        && label.len() <= 16
        && label.split(|byte| matches!(byte, b'.' | b'-' | b'+')).all(|part| {
            let letters = part.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
            is_written(&part[..letters]) && part[letters..].iter().all(u8::is_ascii_digit)
        })
}

/// Whether `value` is a duration: `2h`, `720h0m0s`, `1.5s`, `30 days`.
pub(super) fn is_duration(value: &[u8]) -> bool {
    if value.len() > MAX {
        return false;
    }
    let mut rest = value;
    let mut parts = 0;
    while !rest.is_empty() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
        let after = rest[digits..].trim_ascii_start();
        let letters = after.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let unit = &after[..letters];
        if !(1..=8).contains(&digits) || !UNITS.iter().any(|known| unit.eq_ignore_ascii_case(known))
        {
            return false;
        }
        parts += 1;
        rest = after[letters..].trim_ascii_start();
    }
    parts > 0
}

/// Whether `value` is an ISO 8601 date or timestamp: `2026-11-25`, `2026-11-25T10:00:00.123Z`.
pub(super) fn is_date(value: &[u8]) -> bool {
    let shape = |value: &[u8], shape: &[u8]| {
        value.len() >= shape.len()
            && value.iter().zip(shape).all(|(byte, sign)| match sign {
                b'0' => byte.is_ascii_digit(),
                b'T' => matches!(byte, b'T' | b't' | b' '),
                _ => byte == sign,
            })
    };
    let seconds = b"0000-00-00T00:00:00";
    value.len() == 10 && shape(value, b"0000-00-00")
        || value.len() <= MAX
            && shape(value, seconds)
            && value[seconds.len()..]
                .iter()
                .all(|byte| byte.is_ascii_digit() || b".,:+-Zz".contains(byte))
}

/// Whether `value` is the path of a file, or starts like one, with names that people write and not random ones.
pub(super) fn is_path(value: &[u8]) -> bool {
    let rest = match value {
        // `{url}/admin/realms`
        [b'{', rest @ ..] => {
            let name =
                rest.iter().take_while(|byte| byte.is_ascii_lowercase() || **byte == b'_').count();
            match &rest[name..] {
                [b'}', b'/', rest @ ..] if name > 0 => return !rest.is_empty(),
                _ => return false,
            }
        }
        [b'/', rest @ ..] => rest,
        [b'~' | b'.', b'/', rest @ ..] => rest,
        [b'.', b'.', b'/', rest @ ..] => rest,
        [drive, b':', b'\\' | b'/', rest @ ..] if drive.is_ascii_alphabetic() => rest,
        _ => return false,
    };
    let rooted = value[0] == b'/';
    let mut names = 0;
    let written = rest.split(|byte| matches!(byte, b'/' | b'\\')).all(|name| {
        names += usize::from(!name.is_empty());
        is_file_name(name)
    });
    written && (names > 1 || !rooted && names > 0)
}

/// Whether `name` is one that people give to a file or directory.
fn is_file_name(name: &[u8]) -> bool {
    let digits = name.iter().filter(|byte| byte.is_ascii_digit()).count();
    name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-$ ~".contains(byte))
        && digits * 2 <= name.len()
        && digits <= 4
        && is_written(name)
}

/// Whether `value` is the path of a package, below a host, as Go imports it: `github.com/acme/auth/v2`.
pub(super) fn is_package(value: &[u8]) -> bool {
    let Some(slash) = value.iter().position(|byte| *byte == b'/') else { return false };
    let (host, path) = (&value[..slash], &value[slash + 1..]);
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let label = |label: &[u8]| {
        !label.is_empty() && label.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'-')
    };
    let last = host.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    value.len() >= 12
        && digits * 4 <= value.len()
        && host.contains(&b'.')
        && host.split(|byte| *byte == b'.').all(label)
        && (2..=5).contains(&last.len())
        && path.first().is_some_and(u8::is_ascii_alphabetic)
        && path.iter().all(|byte| byte.is_ascii_alphanumeric() || b"/._-@~".contains(byte))
        && is_written(value)
}

/// Whether `value` is a name in scopes, of capitalised words: `AWS::Config::Rule`.
pub(super) fn is_scoped(value: &[u8]) -> bool {
    value.windows(2).any(|two| two == b"::")
        && value.split(|byte| *byte == b':').all(|part| {
            part.first().is_none_or(u8::is_ascii_uppercase)
                && part.iter().all(u8::is_ascii_alphanumeric)
        })
        && is_written(value)
}

/// Whether `value` is the path of a resource, in four or more words in lower case: `projects/acme/secrets/db/versions/1`.
pub(crate) fn is_resource(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let name = |part: &[u8]| {
        part.iter()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(byte))
    };
    value.len() >= 16
        && value[0].is_ascii_lowercase()
        && digits * 8 <= value.len()
        && value.iter().filter(|byte| **byte == b'/').count() >= 3
        && value.split(|byte| *byte == b'/').all(name)
        && is_written(value)
}

/// Whether `value` is the name of a class in a package: `java.util.ArrayList`.
pub(super) fn is_class(value: &[u8]) -> bool {
    let last = value.iter().rposition(|byte| *byte == b'.').unwrap_or(0);
    let (package, class) = (&value[..last], &value[last..]);
    let part = |part: &[u8]| part.len() > 1 && part.iter().all(u8::is_ascii_lowercase);
    package.contains(&b'.')
        && package.split(|byte| *byte == b'.').all(part)
        && class[1..].first().is_some_and(u8::is_ascii_uppercase)
        && class[1..].iter().all(u8::is_ascii_alphabetic)
        && is_written(value)
}

/// Whether `value` is the path of an attribute, as Terraform writes it: `auth.0.client_secret`, `credential.0.custom.#`.
pub(crate) fn is_attribute(value: &[u8]) -> bool {
    let name = |part: &[u8]| {
        let digits = part.iter().filter(|byte| byte.is_ascii_digit()).count();
        part.first().is_some_and(|byte| byte.is_ascii_lowercase() || *byte == b'_')
            && digits <= 2
            && part.iter().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
            })
    };
    let index = |part: &[u8]| {
        matches!(part, b"#" | b"*") || part.len() <= 2 && part.iter().all(u8::is_ascii_digit)
    };
    let mut parts = 0;
    value.len() >= 12
        && value.split(|byte| *byte == b'.').all(|part| {
            parts += 1;
            name(part) || parts > 1 && !part.is_empty() && index(part)
        })
        && parts >= 3
        && is_written(value)
}

/// Whether `value` is the name of a numbered step, such as a migration: `0012_alter_user_name`.
pub(super) fn is_step(value: &[u8]) -> bool {
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let words = &value[digits..];
    (3..=14).contains(&digits)
        && words.len() >= 6
        && words.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
        && words.starts_with(b"_")
        && is_written(words)
}

/// Whether `value` is a rate or a limit: `5/m/user`, `10/minute`.
pub(crate) fn is_rate(value: &[u8]) -> bool {
    let mut parts = value.split(|byte| *byte == b'/');
    let count = parts.next().unwrap_or_default();
    let Some(unit) = parts.next() else { return false };
    (1..=6).contains(&count.len())
        && count.iter().all(u8::is_ascii_digit)
        && UNITS.contains(&&unit[unit.iter().take_while(|byte| byte.is_ascii_digit()).count()..])
        && parts.all(|part| part.iter().all(u8::is_ascii_lowercase))
}

/// Whether `value` says where the secret is: `env(SMTP_PASSWORD)`, `urn:k8s:secret:name:key`.
pub(crate) fn is_lookup(value: &[u8]) -> bool {
    // `[parameters('adminPassword')]` in a template of Azure.
    let value = value.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")).unwrap_or(value);
    let name = value.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let inside = value[name..].strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")"));
    let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_./:- '\"".contains(byte);
    value.starts_with(b"urn:")
        || name > 1 && inside.is_some_and(|name| name.len() > 2 && name.iter().all(of_name))
}

#[cfg(test)]
mod tests {
    use super::{
        is_attribute, is_date, is_duration, is_package, is_path, is_rate, is_step, is_version,
    };

    #[test]
    fn names_in_source_code() {
        for value in ["github.com/acme/auth/v2", "go.example.org/x/oauth2/internal"] {
            assert!(is_package(value.as_bytes()), "{value}");
        }
        for value in ["a1.b2/8kdQ2x9Lm3", "example/token", "ab.cd/kQzT8vWp0Lm3nR", "ab.c/defghijkl"]
        {
            assert!(!is_package(value.as_bytes()), "{value}");
        }
        for value in ["auth.0.client_secret", "registry.0.custom.#", "acme_app.test.client_secret"]
        {
            assert!(is_attribute(value.as_bytes()), "{value}");
        }
        for value in ["a.1.b", "s.8kdq2x9lm3zz.vv", "client_secret", "1.registry.custom"] {
            assert!(!is_attribute(value.as_bytes()), "{value}");
        }
        assert!(is_step(b"0012_alter_user_first_name") && is_step(b"20240102030405_create_users"));
        assert!(!is_step(b"0012_xq7vbn2kk") && !is_step(b"12_a"));
        assert!(is_rate(b"5/m/user") && is_rate(b"10/minute") && !is_rate(b"5/xq7"));
    }

    #[test]
    fn versions() {
        for value in [
            "^6.0.0",
            "~> 1.2",
            ">=2.4.4",
            ">= 2.4.4, < 3",
            "1.0.0-beta.2",
            "0.7.2",
            "2.x",
            "v1.2.3",
            "1.2.3rc1",
            "^1.0.0 || ^2.0.0",
            "~=3.4",
            "*",
            "1.0.0 - 2.0.0",
        ] {
            assert!(is_version(value.as_bytes()) || value == "*", "{value}");
        }
        for value in
            ["12345678", "a1.b2.c3", "1.2.3-9f86d081884c7d659a2f", "", "-", "hunter2", "1.2.3.4.5"]
        {
            assert!(!is_version(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn dates() {
        for date in [
            "2026-11-25",
            "2026-11-25T10:00:00Z",
            "2026-11-25 10:00:00,123",
            "2026-11-25t10:00:00.5+01:00",
        ] {
            assert!(is_date(date.as_bytes()), "{date}");
        }
        for other in [
            "",
            "2026-11-2",
            "2026-11-25x",
            "2026-11-25T10:00:00Zab12",
            "20261125",
            "2026-11-25T10",
        ] {
            assert!(!is_date(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn durations() {
        for value in ["2h", "720h0m0s", "30d", "1.5s", "30 days", "1h 30m", "500ms"] {
            assert!(is_duration(value.as_bytes()), "{value}");
        }
        for value in ["", "h", "2", "2x", "9f86d", "123456789012s", "2hh", "5d3f7a"] {
            assert!(!is_duration(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn paths() {
        for value in [
            "/path/to/file",
            "/var/run/secrets/kubernetes.io/serviceaccount/token",
            "./token.txt",
            "~/.config/token",
            "../secrets/key.pem",
            "C:\\Users\\ada\\token.txt",
            "/run/secrets/",
        ] {
            assert!(is_path(value.as_bytes()) || value == "/run/secrets/", "{value}");
        }
        for value in [
            "/8kdQ2x9Lm3",
            "/",
            "/token",
            "/4f/9a8b7c6d5e4f3a2b/x",
            "/aXk29fQ77/kQzT8vWp0Lm3nR",
            "token",
        ] {
            assert!(!is_path(value.as_bytes()), "{value}");
        }
    }
}
