//! Checks that a custom pattern can be decided in a stream.
//!
//! A pattern has to stay on its line, to have one group `secret` that every match fills, and to be decided after a
//! bounded number of bytes. [`Outline`] holds what the check learns about it. A secret may still be unbounded: then it
//! ends in a repetition of one class of bytes, which is split off the pattern and matched separately.

use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::{self, Hir, HirKind, Look};

use super::fault::{Fault, Part};
use super::keyword::{KEYWORD_MIN, Run, flatten, fold, is_keyword};
use crate::grammar::credential::outline::{Bytes, Outline, compile};

/// The name of the group that is replaced.
pub(super) const SECRET: &str = "secret";

/// The most bytes of a match that may be needed to decide it.
pub(super) const DECIDED_MAX: usize = 1024;

/// The most bytes between the start of a match and its keyword.
pub(super) const BEFORE_MAX: usize = 256;

/// The outline of `pattern`, which matches text that is to `decode` first or not, or everything that is wrong with it.
pub(super) fn outline(
    pattern: &str,
    keywords: &[String],
    decode: bool,
) -> Result<Outline, Vec<Fault>> {
    let fault = |part, text: String| Fault { part, text };
    let wrong = |text: String| vec![fault(Part::Pattern, text)];
    if pattern.is_empty() {
        return Err(wrong(
            "a rule needs a pattern; give one, with a group (?<secret>...) around the secret"
                .to_owned(),
        ));
    }

    let (ast, whole) = parse(pattern).map_err(wrong)?;
    let mut faults = line_faults(pattern, &ast, &whole);

    // 1. Every match has exactly one secret.
    let split = match Split::new(&whole) {
        Ok(split) => split,
        Err(text) => {
            faults.push(fault(Part::Pattern, text.to_owned()));
            return Err(faults);
        }
    };
    if split.secret.iter().map(|part| part.properties().minimum_len().unwrap_or(0)).sum::<usize>()
        == 0
    {
        faults.push(fault(
            Part::Pattern,
            "the group secret can be empty; use + or {8,} rather than *".to_owned(),
        ));
    }

    // 2. The number of bytes needed to decide a match is bounded.
    let mut outline = match split.decide() {
        Ok(outline) => outline,
        Err(text) => {
            faults.push(fault(Part::Pattern, text));
            return Err(faults);
        }
    };

    outline.keywords = match keywords {
        [] => split.longest_texts(decode),
        given => given.to_vec(),
    };
    match keyword_distance(&split, &outline.keywords) {
        Ok(before) => outline.before = before,
        Err(found) => faults.push(found),
    }
    if faults.is_empty() { Ok(outline) } else { Err(faults) }
}

/// Parses and translates the pattern. The error says why it does not compile.
fn parse(pattern: &str) -> Result<(Ast, Hir), String> {
    let ast = ast::parse::Parser::new().parse(pattern).map_err(|error| {
        format!(
            "the pattern does not compile: {}, at character {}; correct it there",
            error.kind(),
            error.span().start.column
        )
    })?;
    let mut translator = hir::translate::TranslatorBuilder::new()
        .unicode(false)
        .utf8(false)
        .multi_line(true)
        .crlf(true)
        .build();
    let whole = translator.translate(pattern, &ast).map_err(|error| match error.kind() {
        hir::ErrorKind::UnicodeNotAllowed => format!(
            "the pattern matches bytes, but at character {} it matches characters; \
                 write letters outside ASCII as alternatives, as in (?:ä|ö)",
            error.span().start.column
        ),
        kind => format!(
            "the pattern does not compile: {kind}, at character {}; correct it there",
            error.span().start.column
        ),
    })?;
    Ok((ast, whole))
}

/// Why the pattern may leave its line, or is not a pattern on bytes.
fn line_faults(pattern: &str, ast: &Ast, whole: &Hir) -> Vec<Fault> {
    let fault = |part, text: String| Fault { part, text };
    let mut faults = Vec::new();
    if crosses_line(whole) {
        let place = match line_crosser(ast, pattern) {
            Some(part) => format!(
                "the pattern can match a line feed, by {part}; a rule stays on its line: exclude it, as in [^\"\\n] or [ \\t]"
            ),
            None => "the pattern can match a line feed; a rule stays on its line: exclude it, as in [^\"\\n] or [ \\t]"
                .to_owned(),
        };
        faults.push(fault(Part::Pattern, place));
    }
    let looks = whole.properties().look_set();
    if looks.contains(Look::Start) || looks.contains(Look::End) {
        faults.push(fault(
            Part::Pattern,
            "\\A and \\z match at the ends of the whole input, which a log does not have; use ^ and $ for the ends of a line"
                .to_owned(),
        ));
    }

    if looks.contains_word_unicode() {
        faults.push(fault(
            Part::Pattern,
            "the pattern matches bytes, but \\b matches characters; remove the flag u".to_owned(),
        ));
    }
    faults
}

/// The most bytes from the pattern's start to a keyword that every match contains.
fn keyword_distance(split: &Split<'_>, keywords: &[String]) -> Result<usize, Fault> {
    let usable: Vec<Vec<u8>> = keywords
        .iter()
        .filter(|keyword| is_keyword(keyword))
        .map(|keyword| keyword.bytes().map(fold).collect())
        .collect();
    if keywords.is_empty() {
        return Err(Fault {
            part: Part::Pattern,
            text: format!(
                "the scan needs a text of {KEYWORD_MIN} letters or digits to search for, and no such text is in every match, before \
                 the secret or at its start; write one out in the pattern, or give keywords"
            ),
        });
    }
    // Invalid keywords have a separate fault with a better message.
    if usable.is_empty() {
        return Ok(0);
    }
    match split.keyword(&usable) {
        Some(found) if found <= BEFORE_MAX => Ok(found),
        Some(found) => Err(Fault {
            part: Part::Pattern,
            text: format!(
                "up to {found} bytes can be between the pattern's start and its keyword, and {BEFORE_MAX} are allowed; \
                 make what comes before the keyword shorter"
            ),
        }),
        None => Err(Fault {
            part: Part::Keywords,
            text:
                "the pattern can match without a keyword before its secret or at the start of it; \
                   give one that each of its alternatives has there, written out"
                    .to_owned(),
        }),
    }
}

/// The error of a pattern, without the multi-line drawing of its position.
pub(crate) fn first_line(error: &regex_syntax::Error) -> String {
    match error {
        regex_syntax::Error::Parse(error) => {
            format!("{}, at character {}", error.kind(), error.span().start.column)
        }
        regex_syntax::Error::Translate(error) => {
            format!("{}, at character {}", error.kind(), error.span().start.column)
        }
        _ => "it is no pattern".to_owned(),
    }
}

fn crosses_line(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.contains(&b'\n'),
        HirKind::Class(hir::Class::Bytes(class)) => {
            class.ranges().iter().any(|range| range.start() <= b'\n' && b'\n' <= range.end())
        }
        HirKind::Class(hir::Class::Unicode(class)) => {
            class.ranges().iter().any(|range| range.start() <= '\n' && '\n' <= range.end())
        }
        kind => kind.subs().iter().any(crosses_line),
    }
}

/// The source of the first part of the pattern that can match a line feed.
fn line_crosser<'p>(ast: &Ast, pattern: &'p str) -> Option<&'p str> {
    struct Finder<'p>(&'p str);
    impl<'p> ast::Visitor for Finder<'p> {
        type Output = Option<&'p str>;
        type Err = &'p str;

        fn finish(self) -> Result<Option<&'p str>, &'p str> {
            Ok(None)
        }

        fn visit_pre(&mut self, ast: &Ast) -> Result<(), &'p str> {
            let leaf = matches!(
                ast,
                Ast::Literal(_) | Ast::ClassPerl(_) | Ast::ClassBracketed(_) | Ast::ClassUnicode(_)
            );
            let text = &self.0[ast.span().start.offset..ast.span().end.offset];
            let parsed =
                regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(text);
            match parsed {
                Ok(hir) if leaf && crosses_line(&hir) => Err(text),
                _ => Ok(()),
            }
        }
    }
    match ast::visit(ast, Finder(pattern)) {
        Ok(found) => found,
        Err(text) => Some(text),
    }
}

/// A pattern as a sequence: what comes before the secret, the secret, what follows it.
struct Split<'h> {
    before: Vec<&'h Hir>,
    secret: Vec<&'h Hir>,
    after: Vec<&'h Hir>,
}

impl<'h> Split<'h> {
    fn new(whole: &'h Hir) -> Result<Split<'h>, &'static str> {
        let mut split = Split { before: Vec::new(), secret: Vec::new(), after: Vec::new() };
        let mut found = false;
        split.walk(whole, &mut found)?;
        if !found {
            return Err("the pattern has no group secret; put (?<secret>...) around the secret");
        }
        Ok(split)
    }

    fn walk(&mut self, hir: &'h Hir, found: &mut bool) -> Result<(), &'static str> {
        match hir.kind() {
            HirKind::Capture(capture) if capture.name.as_deref() == Some(SECRET) => {
                *found = true;
                flatten(&capture.sub, &mut self.secret);
                Ok(())
            }
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.walk(part, found)),
            HirKind::Capture(capture) => self.walk(&capture.sub, found),
            _ if has_secret(hir) => Err(
                "the group secret has to be filled by every match; take it out of the alternative or repetition \
                 it is in, as in (?:a|b)(?<secret>...)",
            ),
            _ if *found => {
                self.after.push(hir);
                Ok(())
            }
            _ => {
                self.before.push(hir);
                Ok(())
            }
        }
    }

    /// The pattern without the repetition that ends an unbounded secret, that repetition, and the most bytes of the
    /// rest. Keywords are searched for later.
    fn decide(&self) -> Result<Outline, String> {
        let longest = |parts: &[&Hir]| {
            parts
                .iter()
                .try_fold(0usize, |sum, part| sum.checked_add(part.properties().maximum_len()?))
        };
        let most = DECIDED_MAX;
        let Some(before) = longest(&self.before) else {
            return Err("what comes before the secret has no maximum length; \
                        limit it, as in [a-z]{1,40} rather than [a-z]+"
                .to_owned());
        };
        let Some(after) = longest(&self.after) else {
            return Err("what follows the secret has no maximum length; \
                        limit it, as in [a-z]{1,40}, or remove it"
                .to_owned());
        };

        // 1. The secret has a maximum length, or continues as long as a class of bytes does.
        let mut parts: Vec<Hir> = self.secret.iter().map(|part| (*part).clone()).collect();
        let mut tail = None;
        if longest(&self.secret).is_none() {
            let endless = "the secret has no maximum length; that is allowed only if it ends in one class of bytes \
                           that repeats, as in [0-9a-z]{8,}: limit everything else, as in {1,200}";
            let last = parts.pop().ok_or(endless)?;
            let (class, least) = repeated_class(&last).ok_or(endless)?;
            if longest(&parts.iter().collect::<Vec<_>>()).is_none() {
                return Err(endless.to_owned());
            }
            if !self.after.is_empty() {
                return Err("nothing may follow a secret that has no maximum length, as its end may be far away; \
                            remove what follows, or limit the secret, as in {8,200}"
                    .to_owned());
            }
            tail = Some(class);
            parts.push(least);
        }

        // 2. Put the pattern together again.
        let secret = longest(&parts.iter().collect::<Vec<_>>()).unwrap_or(0);
        let sum = before.saturating_add(secret).saturating_add(after);
        if sum > most {
            return Err(format!(
                "up to {sum} bytes have to be seen before it is certain that the pattern matches, \
                 and {most} may; make its counted repetitions smaller"
            ));
        }
        let mut whole: Vec<Hir> = self.before.iter().map(|part| (*part).clone()).collect();
        whole.push(Hir::capture(hir::Capture {
            index: 1,
            name: Some(SECRET.into()),
            sub: Box::new(Hir::concat(parts)),
        }));
        whole.extend(self.after.iter().map(|part| (*part).clone()));
        let regex = compile(&without_groups(&Hir::concat(whole)))
            .ok_or("the pattern is too large; make its counted repetitions smaller")?;
        Ok(Outline { regex, keywords: Vec::new(), tail, before: 0, longest: sum })
    }

    /// The texts to search for if the user gave no keywords: of the places in the pattern where few texts can be, those of
    /// the place where each has the most letters and digits. They are searched for in the text as it is, and if that is to
    /// `decode`, other characters may be escaped.
    fn longest_texts(&self, decode: bool) -> Vec<String> {
        let mut best = (Vec::new(), 0);
        let mut compare = |run: &Run| {
            if let Some(found) = run.keywords(decode)
                && found.1 > best.1
            {
                best = found;
            }
        };
        let mut run = Run::default();
        for part in &self.before {
            if !run.extend(part) {
                compare(&run);
                run = Run::default();
            }
        }
        for part in &self.secret {
            if !run.extend(part) {
                break;
            }
        }
        compare(&run);
        best.0
    }

    /// The most bytes from the pattern's start to the start of a keyword that every match contains, before the secret
    /// or at its start.
    fn keyword(&self, keywords: &[Vec<u8>]) -> Option<usize> {
        let mut run = Run::default();
        for part in &self.before {
            if let Some(found) = run.pass(part, keywords) {
                return Some(found);
            }
        }
        // A keyword at the secret's start is early enough; one after it is not.
        for (text, limit) in &mut run.texts {
            *limit = text.len();
        }
        for part in &self.secret {
            if !run.extend(part) {
                break;
            }
        }
        run.keyword(keywords)
    }
}

fn has_secret(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Capture(capture) if capture.name.as_deref() == Some(SECRET) => true,
        kind => kind.subs().iter().any(has_secret),
    }
}

/// The same pattern, with no group other than `secret`.
fn without_groups(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Capture(capture) if capture.name.as_deref() == Some(SECRET) => {
            Hir::capture(hir::Capture {
                sub: Box::new(without_groups(&capture.sub)),
                ..capture.clone()
            })
        }
        HirKind::Capture(capture) => without_groups(&capture.sub),
        HirKind::Concat(subs) => Hir::concat(subs.iter().map(without_groups).collect()),
        HirKind::Alternation(subs) => Hir::alternation(subs.iter().map(without_groups).collect()),
        HirKind::Repetition(repetition) => {
            Hir::repetition(repetition.with(without_groups(&repetition.sub)))
        }
        _ => hir.clone(),
    }
}

/// The class that `hir` repeats without bound, and the required minimum of it.
fn repeated_class(hir: &Hir) -> Option<(Bytes, Hir)> {
    let HirKind::Repetition(repetition) = hir.kind() else { return None };
    if repetition.max.is_some() || !repetition.greedy {
        return None;
    }
    let mut table = Box::new([false; 256]);
    match repetition.sub.kind() {
        HirKind::Literal(literal) if literal.0.len() == 1 => {
            table[usize::from(literal.0[0])] = true
        }
        HirKind::Class(hir::Class::Bytes(class)) => {
            for range in class.ranges() {
                table[usize::from(range.start())..=usize::from(range.end())].fill(true);
            }
        }
        _ => return None,
    }
    let least =
        Hir::repetition(hir::Repetition { max: Some(repetition.min), ..repetition.clone() });
    Some((table, least))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages about the pattern and its keywords.
    fn faults(keywords: &[&str], pattern: &str) -> Vec<String> {
        let keywords: Vec<String> = keywords.iter().map(|keyword| (*keyword).to_owned()).collect();
        match outline(pattern, &keywords, false) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.into_iter().map(|fault| fault.text).collect(),
        }
    }

    #[test]
    fn valid_patterns() {
        // The pattern, its keyword, the greatest distance to it, the most bytes needed to decide, and whether it
        // streams.
        for (keyword, pattern, before, longest, streams) in [
            ("itk_", r"itk_(?<secret>[0-9a-f]{32})", 0, 36, false),
            ("itk_", r"(?<secret>itk_\w{8,})", 0, 12, true),
            ("itk_", r"\b(?<secret>itk_\w{8,})", 0, 12, true),
            ("pin", r"(?i)\bpin[:=] ?(?<secret>\d{4,12})\b", 0, 17, false),
            ("pin", r"user=[a-z]{1,20} pin=(?<secret>[^ \n]+)", 26, 31, true),
            ("pin", r"user=(?:[a-z]{1,20})?,?pin=(?<secret>[^ \n]+)", 26, 31, true),
            ("token", r#"(?:x-)?token": ?"(?<secret>[^"\n]{1,200})""#, 2, 212, false),
            ("key", r"((api|my)_key)=(?<secret>(a|b)[c-z]*)", 4, 9, true),
            ("key", r"(?:[a-z]{3}_key|key)=(?<secret>x{2})", 4, 10, false),
            ("key", r"(?:key=){1,3}(?<secret>=+)", 0, 13, true),
            ("@", r"[a-z]{1,9}@(?<secret>[a-z]+)", 9, 11, true),
        ] {
            let found = outline(pattern, &[keyword.to_owned()], false)
                .unwrap_or_else(|faults| panic!("{pattern}: {}", faults[0]));
            assert_eq!(
                (found.before, found.longest, found.tail.is_some()),
                (before, longest, streams),
                "{pattern}"
            );
        }
    }

    #[test]
    fn keywords_are_taken_from_the_pattern() {
        for (pattern, expected, before) in [
            (r"itk_(?<secret>[0-9a-f]{32})", &["itk_"][..], 0),
            (r"(?<secret>itk_\w{8,})", &["itk_"], 0),
            (r"(?i)\bPIN[:=] ?(?<secret>\d{4,12})\b", &["pin:", "pin="], 0),
            (r"user=[a-z]{1,20} password=(?<secret>[^ \n]+)", &[" password="], 25),
            (r"ticket-[0-9]{1,9} (?<secret>no\d+)", &["ticket-"], 0),
            (r"(?:test|live)_key_(?<secret>\w{8})", &["live_key_", "test_key_"], 0),
        ] {
            let found =
                outline(pattern, &[], false).unwrap_or_else(|faults| panic!("{}", faults[0]));
            assert_eq!(
                (found.keywords.iter().map(String::as_str).collect::<Vec<_>>(), found.before),
                (expected.to_vec(), before),
                "{pattern}"
            );
        }
        let found = outline(r#""member": ?"(?<secret>\d{6,12})""#, &[], true).unwrap();
        assert_eq!(found.keywords, ["member"]);
        for pattern in
            [r"(?<secret>\d{3}-\d{2})", r"id=(?<secret>\d+)", r"(?:a|key)=(?<secret>\d+)"]
        {
            assert!(faults(&[], pattern)[0].contains("needs a text"), "{pattern}");
        }
    }

    #[test]
    fn invalid_patterns() {
        for (keyword, pattern, expected) in [
            ("key", r"key=(?<secret>\w+", "does not compile: unclosed group, at character 5"),
            ("key", r"key=(?<secret>\pL+)", "it matches characters"),
            ("key", r"(?u)\bkey=(?<secret>[a-z]+)", "matches characters"),
            ("key", r"key=(\w+)", "has no group secret"),
            ("key", r"key=(?<secret>[^ ]+)", "can match a line feed, by [^ ]; "),
            ("key", r"key\s(?<secret>\w+)", "can match a line feed, by \\s; "),
            ("key", r"key(?s:.)(?<secret>\w+)", "can match a line feed; "),
            ("key", r"key=\n(?<secret>\w+)", "can match a line feed, by \\n; "),
            ("key", r"\Akey=(?<secret>\w+)", "use ^ and $"),
            ("key", r"key=(?<secret>\w+)\z", "use ^ and $"),
            ("key", r"key=(?:(?<secret>\w+)|x)", "filled by every match"),
            ("key", r"(?:key=(?<secret>\w+))+", "filled by every match"),
            ("key", r"key=(?<secret>\w*)", "can be empty"),
            ("key", r"key=(?<secret>)", "can be empty"),
            ("key", r"key *=(?<secret>\w+)", "what comes before the secret has no maximum length"),
            ("key", r"key=(?<secret>\w{8}) .*x", "what follows the secret has no maximum length"),
            ("key", r#"key="(?<secret>[^"\n]+)""#, "nothing may follow a secret"),
            ("key", r"key=(?<secret>\w+)$", "nothing may follow a secret"),
            ("key", r"key=(?<secret>(?:ab)+)", "ends in one class of bytes"),
            ("key", r"key=(?<secret>\w+?)", "ends in one class of bytes"),
            ("key", r"key=(?<secret>\w+\.\w+)", "ends in one class of bytes"),
            ("key", r"key=(?<secret>\w{5000})", "up to 5004 bytes have to be seen"),
            ("key", r"(?:key|pin)=(?<secret>\w{8})", "can match without a keyword"),
            ("key", r"(?:key)?=(?<secret>\w{8})", "can match without a keyword"),
            ("key", r"pin=(?<secret>\w{8})key", "can match without a keyword"),
            ("key", r"pin=(?<secret>xkey\w{8})", "can match without a keyword"),
            ("key", r" {0,300}key=(?<secret>\w{8})", "up to 300 bytes can be between"),
        ] {
            let found = faults(&[keyword], pattern);
            assert!(found.iter().any(|text| text.contains(expected)), "{pattern}: {found:?}");
            assert!(
                found.iter().all(|text| text.contains("; ") || text.contains(": ")),
                "{found:?}"
            );
        }
    }

    #[test]
    fn all_faults_are_reported_at_once() {
        let found = faults(&["key"], r"\Akey[^x](?<secret>\w*)");
        assert_eq!(found.len(), 3, "{found:?}");
    }
}
