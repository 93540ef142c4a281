//! Whether letters form words or are random. Random tokens often contain no digit: one in fifty with 22 characters of
//! base64url does not.
//!
//! Words are recognised by their pairs of letters. Each pair counts by how much more often it occurs in words than in
//! random letters. A capital or a digit within a word counts against it. Measured: of the names and words in Python's
//! library and in npm manuals, one in 650 is taken for random, most of them host names and runs of one letter. Of
//! base64url without a digit, one in 70 is taken for words at 16 characters, one in 300 at 22, and one in 7,000 at 32.

/// `log2` of how much more often a pair occurs in words than by chance, from -4 to 3, plus 4: one line per first
/// letter. Counted in the distinct words of the sources and manuals of 370 Rust libraries.
static PAIRS: &[u8; 26 * 27] = include_bytes!("pairs.txt");

/// The weight of a capital after a small letter, and of a digit next to a letter. Names in camel case have such a
/// capital at every sixth letter, random text at every fourth.
const BREAK: i32 = -2;

/// Whether `chars` can be words, as people write them or run them together in names.
pub(crate) fn is_written(chars: &[u8]) -> bool {
    score(chars) >= chars.len().min(17) as i32 - 20
}

fn score(chars: &[u8]) -> i32 {
    chars
        .windows(2)
        .map(|pair| match (pair[0], pair[1]) {
            (b'a'..=b'z', b'A'..=b'Z') => BREAK,
            (b'0'..=b'9', other) | (other, b'0'..=b'9') if other.is_ascii_alphabetic() => BREAK,
            (a, b) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                let [a, b] = [a, b].map(|letter| usize::from(letter.to_ascii_lowercase() - b'a'));
                i32::from(PAIRS[a * 27 + b]) - i32::from(b'4')
            }
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::is_written;

    #[test]
    fn words_and_names_are_written() {
        for text in [
            "a",
            "nginx",
            "kubectl",
            "refreshTokenFactory",
            "HTTPServerError",
            "XMLHttpRequest",
            "self.request.headers",
            "spring-security-oauth",
            "AWS_SECRET_ACCESS_KEY",
            "Geschwindigkeitsbegrenzung",
            "GONAVYBEATARMYYESYOUCAN",
            "eyes.eyeball.eyebrow",
        ] {
            assert!(is_written(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn random_letters_are_not() {
        for text in [
            "aRnsfxXjrBLUDTO-dCYBQEgnflZQwygn",
            "p_fjVuUuDDuNdsi_JPEJPX",
            "xllerbtmqmuvvsor",
            "LTqzisuAUUbRLUMw",
            "AZXGOKKUOGRPXEHQHUMHMZNNIL",
            "qkzvwpxtqj",
        ] {
            assert!(!is_written(text.as_bytes()), "{text}");
        }
    }
}
