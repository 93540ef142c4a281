//! International bank account numbers (ISO 13616), from the first of their check digits.

use super::context::is_word;
use crate::grammar::text::lex::{Step, Text};

/// The length of each country's numbers, from the registry of ISO 13616.
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 \
    EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 \
    LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 \
    RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

/// The number whose check digits are at `at`: where it starts and ends.
pub(super) fn find(text: &Text, at: usize) -> Step<Option<(usize, usize)>> {
    let country = [text.before(at, 2), text.before(at, 1)];
    if at < 2 || !country.iter().all(u8::is_ascii_uppercase) || is_word(text.unit_before(at, 2).ch)
    {
        return Ok(None);
    }
    let Some(len) = length(country) else { return Ok(None) };
    let start = at - 2;
    // 1. All of it, with a blank before each four characters or with none.
    let (mut end, mut count) = (start, 0);
    let mut remainder = 0;
    let mut number = [0; 34];
    let grouped = text.at(start + 4)? == b' ';
    while count < len {
        let byte = text.at(end)?;
        if grouped && count > 0 && count % 4 == 0 {
            if byte != b' ' {
                return Ok(None);
            }
            end += 1;
        }
        let byte = text.at(end)?;
        if !(byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
            return Ok(None);
        }
        number[count] = byte;
        (count, end) = (count + 1, end + 1);
    }
    // 2. With the country and check digits moved to the end and letters as two digits, it is 1 modulo 97.
    for byte in number[4..len].iter().chain(&number[..4]) {
        remainder = match byte {
            b'0'..=b'9' => 10 * remainder + u32::from(byte - b'0'),
            _ => 100 * remainder + u32::from(byte - b'A') + 10,
        } % 97;
    }
    let whole = !is_word(text.unit(end)?.ch);
    Ok((remainder == 1 && whole).then_some((start, end)))
}

fn length(country: [u8; 2]) -> Option<usize> {
    let row = LENGTHS.split(' ').find(|row| row.as_bytes().starts_with(&country))?;
    row.get(2..)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_fit() {
        for row in LENGTHS.split(' ').filter(|row| !row.is_empty()) {
            let country = row.as_bytes().first_chunk().copied().unwrap();
            assert!((15..=34).contains(&length(country).unwrap()), "{row}");
        }
        assert_eq!(length(*b"ZZ"), None);
    }
}
