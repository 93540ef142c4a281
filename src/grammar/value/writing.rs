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
const BREAK: i8 = -2;

/// Whether `chars` can be words, as people write them or run them together in names.
pub(crate) fn is_written(chars: &[u8]) -> bool {
    score(chars) >= chars.len().min(17) as i32 - 20
}

fn score(chars: &[u8]) -> i32 {
    let kind = |byte: u8| usize::from(KINDS[usize::from(byte)]);
    chars.windows(2).map(|pair| i32::from(WEIGHTS[kind(pair[0])][kind(pair[1])])).sum()
}

/// The number of small letters and of capitals.
const LETTERS: usize = 26;
const DIGIT: usize = 2 * LETTERS;
const OTHER: usize = DIGIT + 1;

/// The kind of each byte: a small letter, a capital, a digit, or another.
static KINDS: [u8; 256] = {
    let mut kinds = [OTHER as u8; 256];
    let mut k = 0;
    while k < LETTERS {
        kinds[b'a' as usize + k] = k as u8;
        kinds[b'A' as usize + k] = (LETTERS + k) as u8;
        k += 1;
    }
    let mut digit = b'0';
    while digit <= b'9' {
        kinds[digit as usize] = DIGIT as u8;
        digit += 1;
    }
    kinds
};

/// What a pair of bytes of these kinds counts.
static WEIGHTS: [[i8; OTHER + 1]; OTHER + 1] = {
    let mut weights = [[0; OTHER + 1]; OTHER + 1];
    let mut a = 0;
    while a < DIGIT {
        let mut b = 0;
        while b < DIGIT {
            weights[a][b] = match a < LETTERS && b >= LETTERS {
                true => BREAK,
                false => PAIRS[a % LETTERS * 27 + b % LETTERS] as i8 - b'4' as i8,
            };
            b += 1;
        }
        (weights[a][DIGIT], weights[DIGIT][a]) = (BREAK, BREAK);
        a += 1;
    }
    weights
};

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
