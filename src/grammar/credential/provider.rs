//! Tokens whose providers gave them a form that tells them from everything else.

use crate::grammar::credential::recogniser::{Form, Tail};

const fn form(keywords: &'static [&'static str], pattern: &'static str, tail: Tail) -> Form {
    Form { keywords, pattern, tail, before: 0, word: true, check: None }
}

impl Form {
    /// The same, where up to `before` bytes of it stand before the keyword.
    const fn before(self, before: usize) -> Form {
        Form { before, ..self }
    }

    /// The same in the middle of a word.
    const fn anywhere(self) -> Form {
        Form { word: false, ..self }
    }

    const fn checked(self, check: fn(&[u8], bool) -> bool) -> Form {
        Form { check: Some(check), ..self }
    }
}

/// The most bytes of a token that may stand before its keyword, see [`Form::before`]; where the token is all there is
/// to see, those bytes wait.
pub(crate) const MAX_BEFORE: usize = 36;

/// The forms, by provider.
pub(crate) static FORMS: &[Form] = &[
    // Amazon Web Services: identifiers of access keys. The secret that belongs to one is found by its key.
    form(&["akia", "asia"], r"A[KS]IA[A-Z2-7]{16}", Tail::End),
    // GitHub, npm: 30 random characters and their CRC-32 in base 62.
    form(
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        r"gh[pousr]_[0-9A-Za-z]{36}",
        Tail::Word,
    )
    .checked(has_checksum),
    form(&["github_pat_"], r"github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{40}", Tail::Word),
    form(&["npm_"], r"npm_[0-9A-Za-z]{36}", Tail::Word).checked(has_checksum),
    // GitLab.
    form(
        &[
            "glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-",
            "glsoat-", "glffct-",
        ],
        r"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-(?:[0-9A-Za-z_-]{20,300}\.[0-9a-z]{2}\.[0-9a-z]{7,9}|[0-9A-Za-z_=-]{18})",
        Tail::Word,
    ),
    // Slack.
    form(&["xox"], r"xox[abcdeoprs][.-][0-9A-Za-z-]{0,12}[.-]?[0-9A-Za-z-]{16}", Tail::Word).checked(has_digit),
    form(&["xapp-"], r"xapp-[0-9]-[0-9A-Za-z-]{16}", Tail::Word),
    form(
        &["hooks"],
        r"hooks\.slack\.com\\?/(?:services|workflows|triggers)\\?/(?P<secret>[0-9A-Za-z]{8,14}\\?/[0-9A-Za-z]{8,20}\\?/[0-9A-Za-z]{16})",
        Tail::Word,
    ),
    // Discord, Microsoft Teams: webhooks.
    form(
        &["hooks"],
        r"discord(?:app)?\.com\\?/api\\?/(?:v[0-9]{1,2}\\?/)?webhooks\\?/[0-9]{17,20}\\?/(?P<secret>[0-9A-Za-z_-]{60})",
        Tail::Word,
    )
    .before(36),
    form(
        &["webhookb2"],
        r"webhookb2\\?/(?P<secret>[0-9a-f-]{36}@[0-9a-f-]{36}\\?/IncomingWebhook\\?/[0-9a-f]{32}\\?/[0-9a-f-]{36})",
        Tail::End,
    ),
    // Stripe.
    form(&["k_live_", "k_test_"], r"[sr]k_(?:live|test)_[0-9A-Za-z]{16}", Tail::Word).before(1),
    form(&["whsec_"], r"whsec_[0-9A-Za-z+/]{24}", Tail::Base64),
    // Google.
    form(&["aiza"], r"AIza[0-9A-Za-z_-]{35}", Tail::End),
    form(&["gocspx-"], r"GOCSPX-[0-9A-Za-z_-]{24}", Tail::Word),
    form(&["ya29."], r"ya29\.[0-9A-Za-z_-]{20}", Tail::Word),
    form(&["1//0", r"1\/\/0"], r"1(?://|\\/\\/)0[0-9A-Za-z_-]{30}", Tail::Word),
    // PyPI: a macaroon that names the index, or the one for tests.
    form(&["pypi-"], r"pypi-AgE[0-9A-Za-z_-]{40}", Tail::Word),
    // OpenAI, Anthropic, OpenRouter and others of their kind.
    form(&["sk-"], r"sk-[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20}", Tail::Word),
    form(&["sk-"], r"sk-(?:proj|svcacct|admin|None)-[0-9A-Za-z_-]{32}", Tail::Word),
    form(&["sk-"], r"sk-ant-[0-9A-Za-z]{3,8}-[0-9A-Za-z_-]{20}", Tail::Word),
    form(&["sk-"], r"sk-or-v1-[0-9a-f]{64}", Tail::End),
    form(&["sk-"], r"sk-(?:[0-9a-f]{32}|[0-9A-Za-z]{48})", Tail::End).checked(has_digit),
    // SendGrid.
    form(&["sg."], r"SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}", Tail::End),
    // Twilio: an API key, which has no form of its own, close behind the name.
    form(&["twilio"], r"(?i:twilio)[^\n]{0,64}?[^0-9A-Za-z](?P<secret>SK[0-9a-f]{32})", Tail::End).anywhere(),
    // DigitalOcean.
    form(&["_v1_"], r"do[opr]_v1_[0-9a-f]{64}", Tail::End).before(3),
    // Hugging Face, Replicate.
    form(&["hf_"], r"hf_[0-9A-Za-z]{34}", Tail::Word).checked(is_mixed),
    form(&["r8_"], r"r8_[0-9A-Za-z]{37}", Tail::End),
    // Shopify.
    form(&["shp"], r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", Tail::End),
    // HashiCorp: Vault, Terraform Cloud.
    form(&["hvs.", "hvb.", "hvr."], r"hv[sbr]\.[0-9A-Za-z_-]{24}", Tail::Word),
    form(&[".atlasv1."], r"[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_-]{60}", Tail::Word).before(14),
    // Azure: shared access signatures, which are base64 of 32 bytes, and client secrets.
    form(
        &["sig="],
        r"sig=(?P<secret>(?:[0-9A-Za-z+/_-]|%2[BbFf]){43}(?:=|%3[Dd]))",
        Tail::End,
    ),
    form(
        &["sig%3d"],
        r"sig%3[Dd](?P<secret>(?:[0-9A-Za-z+/_-]|%(?:25)?2[BbFf]){43}%(?:25)?3[Dd])",
        Tail::End,
    ),
    form(&["7q~", "8q~"], r"[0-9A-Za-z_~.-]{3}[78]Q~[0-9A-Za-z_~.-]{31,34}", Tail::End).before(4),
    // Telegram: a bot's number and its token.
    form(&[":aae", ":aaf", ":aag", ":aah"], r"[0-9]{8,10}:AA[0-9A-Za-z_-]{33}", Tail::End).before(10).anywhere(),
    // Mailgun, Mailchimp.
    form(&["key-"], r"key-[0-9a-f]{32}", Tail::End),
    form(
        &["-us1", "-us2", "-us3", "-us4", "-us5", "-us6", "-us7", "-us8", "-us9"],
        r"[0-9a-f]{32}-us[0-9]{1,2}",
        Tail::End,
    )
    .before(32),
    // Square.
    form(&["sq0atp-", "sq0csp-"], r"sq0(?:atp|csp)-[0-9A-Za-z_-]{22}", Tail::Word),
    form(&["eaaa"], r"EAAA[0-9A-Za-z_-]{60}", Tail::End).checked(is_mixed),
    // Atlassian.
    form(&["atatt3", "atctt3"], r"AT[AC]TT3[0-9A-Za-z_=-]{60}", Tail::Base64),
    form(&["atbb"], r"ATBB[0-9A-Za-z]{32}", Tail::End),
    // Linear, Notion.
    form(&["lin_api_"], r"lin_api_[0-9A-Za-z]{32}", Tail::Word),
    form(&["ntn_"], r"ntn_[0-9A-Za-z]{40}", Tail::Word),
    form(&["secret_"], r"secret_[0-9A-Za-z]{43}", Tail::End).checked(is_mixed),
    // Doppler, Databricks.
    form(&["dp."], r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[0-9a-z_-]{1,14}\.)?[0-9A-Za-z]{40}", Tail::Word),
    form(&["dapi"], r"dapi[0-9a-f]{32}(?:-[0-9])?", Tail::End),
    // Grafana: a token and its CRC-32 in hexadecimal; a cloud token is base64 of JSON.
    form(&["glsa_"], r"glsa_[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}", Tail::End),
    form(&["glc_"], r"glc_eyJ[0-9A-Za-z+/=_-]{30}", Tail::Base64),
    // New Relic, Sentry.
    form(&["nrak-"], r"NRAK-[0-9A-Z]{27}", Tail::End),
    form(&["sntrys_", "sntryu_"], r"sntry(?:s_eyJ[0-9A-Za-z+/=_-]{40}|u_[0-9a-f]{64})", Tail::Base64),
    // Cloudflare: keys of the origin's certificate authority.
    form(&["v1.0-"], r"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}", Tail::End),
    // Heroku, Netlify, Fly, PlanetScale, Supabase.
    form(&["hrku-"], r"HRKU-[0-9A-Za-z_-]{30}", Tail::Word),
    form(&["nfp_"], r"nfp_[0-9A-Za-z]{36}", Tail::End),
    form(&["fo1_", "fm2_"], r"(?:fo1_[0-9A-Za-z_-]{43}|fm2_[0-9A-Za-z+/=_-]{60})", Tail::Base64),
    form(&["pscale_"], r"pscale_(?:tkn|oauth|pw)_[0-9A-Za-z_-]{20}", Tail::Word),
    form(&["sbp_", "sb_secret_"], r"sbp?_(?:[0-9a-f]{40}|secret_[0-9A-Za-z_-]{28})", Tail::Word),
    // Postman, Figma, Dropbox.
    form(&["pmak-"], r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}", Tail::End),
    form(&["figd_"], r"figd_[0-9A-Za-z_-]{36}", Tail::Word),
    form(&["sl.u", "sl.b"], r"sl\.(?:u\.|B)[0-9A-Za-z_-]{100}", Tail::Word),
    // Package registries: RubyGems, Cargo, Docker Hub.
    form(&["rubygems_"], r"rubygems_[0-9a-f]{48}", Tail::End),
    form(&["cio"], r"cio[0-9A-Za-z]{32}", Tail::End).checked(is_mixed),
    form(&["dckr_"], r"dckr_[po]at_[0-9A-Za-z_-]{24}", Tail::Word),
    // Tailscale, Pulumi, Buildkite, CircleCI.
    form(&["tskey-"], r"tskey-[a-z]{3,10}-[0-9A-Za-z]{8,24}-[0-9A-Za-z]{20}", Tail::Word),
    form(&["pul-"], r"pul-[0-9a-f]{40}", Tail::End),
    form(&["bkua_"], r"bkua_[0-9a-f]{40}", Tail::End),
    form(&["ccipat_"], r"CCIPAT_[0-9A-Za-z]{16,24}_[0-9a-f]{40}", Tail::End),
    // Groq, xAI, Perplexity, LangSmith.
    form(&["gsk_"], r"gsk_[0-9A-Za-z]{52}", Tail::End),
    form(&["xai-"], r"xai-[0-9A-Za-z]{70}", Tail::Word),
    form(&["pplx-"], r"pplx-[0-9A-Za-z]{48}", Tail::End),
    form(&["lsv2_"], r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}", Tail::End),
    // Dynatrace, HubSpot, Brevo.
    form(&["dt0c", "dt0s"], r"dt0[cs][0-9]{2}\.[0-9A-Z]{8,24}\.[0-9A-Z]{64}", Tail::End),
    form(&["pat-na", "pat-eu"], r"pat-(?:na|eu)[0-9]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Tail::End),
    form(&["xkeysib-"], r"xkeysib-[0-9a-f]{64}-[0-9A-Za-z]{16}", Tail::End),
    // Alibaba Cloud, Mapbox, 1Password, age.
    form(&["ltai"], r"LTAI[0-9A-Za-z]{20}", Tail::End).checked(is_mixed),
    form(&["sk.eyj"], r"sk\.eyJ[0-9A-Za-z_-]{50,250}\.[0-9A-Za-z_-]{20}", Tail::Word),
    form(&["ops_eyj"], r"ops_eyJ[0-9A-Za-z_=-]{100}", Tail::Base64),
    form(&["age-secret-key-"], r"AGE-SECRET-KEY-1[0-9A-Z]{58}", Tail::End),
];

/// Whether a token's last six characters are the CRC-32 of the thirty before them, in base 62. One that goes on is of a
/// form that is not known, and is not judged by it.
fn has_checksum(token: &[u8], goes_on: bool) -> bool {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let Some((random, checksum)) = token.len().checked_sub(6).map(|at| token.split_at(at)) else {
        return true;
    };
    let Some((_, random)) = random.split_at_checked(4) else { return true };
    let value = checksum.iter().try_fold(0u64, |value, byte| {
        Some(value * 62 + DIGITS.iter().position(|digit| digit == byte)? as u64)
    });
    goes_on || value == Some(u64::from(crc32(random)))
}

/// CRC-32 (ISO 3309), bit by bit: it is of a few dozen bytes.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

fn has_digit(token: &[u8], _: bool) -> bool {
    token.iter().any(u8::is_ascii_digit)
}

/// Whether it has letters of both cases, and changes between them often enough not to be words.
fn is_mixed(token: &[u8], _: bool) -> bool {
    let changes = token
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() != pair[1].is_ascii_lowercase())
        .count();
    token.iter().any(u8::is_ascii_uppercase)
        && token.iter().any(u8::is_ascii_lowercase)
        && changes * 5 >= token.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_tells_a_token_from_a_lookalike() {
        assert!(has_checksum(b"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", false));
        assert!(!has_checksum(b"ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkK0mLq17", false));
        assert!(has_checksum(b"ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkK0mLq17", true));
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn every_form_is_bounded_and_looked_for() {
        for form in FORMS {
            let hir = regex_syntax::ParserBuilder::new()
                .unicode(false)
                .utf8(false)
                .build()
                .parse(form.pattern)
                .unwrap_or_else(|error| panic!("{}: {error}", form.pattern));
            assert!(
                hir.properties().maximum_len().is_some_and(|len| len < 512),
                "{}",
                form.pattern
            );
            assert!(form.before <= MAX_BEFORE, "{}", form.pattern);
            for keyword in form.keywords {
                assert!(
                    keyword.len() >= 3 && !keyword.bytes().any(|byte| byte.is_ascii_uppercase())
                );
            }
        }
    }
}
