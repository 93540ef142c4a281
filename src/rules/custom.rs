//! Rules of the user's own: what one may say, and what a pattern must be like to be decided in a stream.
//!
//! A pattern is checked before anything is read. It has to stay on its line, to have one group `secret` that each match
//! fills, and to be decided after a bounded number of bytes; [`Outline`] is what the check learns about it. A secret may
//! still be endless: then its end is a repetition of one class of bytes, which is cut off the pattern and read apart.

use std::fmt;

use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::{self, Hir, HirKind, Look};

use crate::grammar::credential::outline::{AUTOMATON_MAX, Bytes, Outline};

/// A rule of the user's own, for [`Builder::custom`](crate::Builder::custom).
///
/// ```
/// use blackbar::{CustomRule, Redactor, Ruleset};
///
/// let badge = CustomRule {
///     name: "badge".to_owned(),
///     summary: "numbers of staff badges".to_owned(),
///     keywords: vec!["badge".to_owned()],
///     pattern: r"(?i)badge(?: no)?: (?<secret>\d{8,})".to_owned(),
///     examples: vec!["Badge no: «12345678»".to_owned()],
///     counter_examples: vec!["badge: 1234".to_owned()],
///     ..CustomRule::default()
/// };
/// for fault in badge.check().err().iter().flatten() {
///     eprintln!("{fault}");
/// }
/// let rules = Ruleset::builder().custom(badge).build()?;
/// let mut out = Vec::new();
/// let mut redactor = Redactor::new(&rules);
/// redactor.push(b"badge: 0012345678 opens gate 3\n", &mut out);
/// redactor.finish(&mut out);
/// assert_eq!(out, b"badge: [REDACTED] opens gate 3\n");
/// # Ok::<(), blackbar::BuildError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomRule {
    /// The name it is chosen, counted and labelled by.
    pub name: String,
    /// What it finds, in one line.
    pub summary: String,
    /// What the scan looks for, in any case; the pattern is tried only where one of them stands.
    pub keywords: Vec<String>,
    /// A regular expression on bytes, whose group `secret` is what goes.
    pub pattern: String,
    /// Lines it redacts, `«` and `»` around each secret.
    pub examples: Vec<String>,
    /// Lines in which it finds nothing.
    pub counter_examples: Vec<String>,
}

/// What is wrong with a rule, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Where in the rule it is.
    pub part: Part,
    /// In words, without the rule's texts: an example may hold a secret that is one.
    pub text: String,
}

/// A part of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Its name.
    Name,
    /// All of its keywords.
    Keywords,
    /// One keyword, by its index.
    Keyword(usize),
    /// Its pattern.
    Pattern,
    /// An example, by its index.
    Example(usize),
    /// A counter-example, by its index.
    CounterExample(usize),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Fault {}

impl CustomRule {
    /// The group that goes.
    pub const SECRET: &str = "secret";

    /// The fewest bytes of a keyword.
    pub const KEYWORD_MIN: usize = 3;

    /// The most bytes of a keyword.
    pub const KEYWORD_MAX: usize = 64;

    /// The most bytes that a match may have before it is certain.
    ///
    /// Each byte of a text that is full of keywords can be part of as many beginnings of a match, so this also bounds what a
    /// pattern can cost.
    pub const DECIDED_MAX: usize = 1024;

    /// The most bytes from a match's start to its keyword. The scan looks back no further.
    pub const BEFORE_MAX: usize = 256;

    /// The most bytes of a name, so that a label with a pseudonym is still known for a replacement.
    pub const NAME_MAX: usize = 32;

    /// Checks the rule as far as that goes without the others.
    ///
    /// # Errors
    ///
    /// All that is wrong with it.
    pub fn check(&self) -> Result<Outline, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut fault = |part, text: String| faults.push(Fault { part, text });

        // 1. Name and keywords.
        if !is_rule_name(&self.name) {
            fault(
                Part::Name,
                format!(
                    "a rule cannot be called that; letters, digits, - and _ make a name, a letter first, at most {}",
                    CustomRule::NAME_MAX
                ),
            );
        }
        if self.keywords.is_empty() {
            fault(
                Part::Keywords,
                "a rule needs a keyword; give a part of the pattern that is always the same"
                    .to_owned(),
            );
        }
        for (index, keyword) in self.keywords.iter().enumerate() {
            if keyword.len() < CustomRule::KEYWORD_MIN {
                let text = format!(
                    "a keyword needs {} bytes or more, and this has {}; give a longer part of the pattern",
                    CustomRule::KEYWORD_MIN,
                    keyword.len()
                );
                fault(Part::Keyword(index), text);
            } else if keyword.len() > CustomRule::KEYWORD_MAX {
                let text = format!(
                    "a keyword has at most {} bytes, and this has {}; a part of it does",
                    CustomRule::KEYWORD_MAX,
                    keyword.len()
                );
                fault(Part::Keyword(index), text);
            } else if keyword.contains('\n') {
                let text = "a keyword stands on one line; leave out the line feed".to_owned();
                fault(Part::Keyword(index), text);
            }
        }

        // 2. The pattern, and then the examples, which need it.
        let outline = match outline(&self.pattern, &self.keywords) {
            Ok(outline) => outline,
            Err(found) => {
                faults.extend(found);
                return Err(faults);
            }
        };
        self.try_examples(&outline, &mut faults);
        if faults.is_empty() { Ok(outline) } else { Err(faults) }
    }

    /// Tries the pattern on the rule's own examples.
    fn try_examples(&self, outline: &Outline, faults: &mut Vec<Fault>) {
        let Some(trial) = Trial::new(outline) else {
            faults.push(Fault {
                part: Part::Pattern,
                text: "the pattern is too large; make its counted repetitions smaller".to_owned(),
            });
            return;
        };
        if self.examples.is_empty() {
            faults.push(Fault {
                part: Part::Example(0),
                text: "a rule needs an example; give a line that it redacts, with « and » around the secret"
                    .to_owned(),
            });
        }
        for (index, example) in self.examples.iter().enumerate() {
            let mut fault = |text: &str| {
                faults.push(Fault { part: Part::Example(index), text: text.to_owned() });
            };
            match Marked::new(example) {
                Err(text) => fault(text),
                Ok(marked) if marked.secrets.is_empty() => {
                    fault("the example marks no secret; put « and » around what goes");
                }
                Ok(marked) => {
                    let found = trial.find(marked.line.as_bytes());
                    if found.is_empty() {
                        fault("the pattern does not match this example; change one of them");
                    } else if found != marked.secrets {
                        fault(
                            "the pattern finds something else in this example than is marked; change one of them",
                        );
                    }
                }
            }
        }
        for (index, line) in self.counter_examples.iter().enumerate() {
            if !trial.find(line.as_bytes()).is_empty() {
                faults.push(Fault {
                    part: Part::CounterExample(index),
                    text: "the pattern matches this counter-example; make it narrower, or take the line out"
                        .to_owned(),
                });
            }
        }
    }
}

fn is_rule_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() <= CustomRule::NAME_MAX
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A line with its secrets marked by `«` and `»`.
pub(crate) struct Marked {
    /// The line without the marks.
    pub line: String,
    /// Where the secrets are in it.
    pub secrets: Vec<std::ops::Range<usize>>,
}

impl Marked {
    /// The line that `text` marks, or why it is none.
    pub fn new(text: &str) -> Result<Marked, &'static str> {
        let (mut line, mut secrets) = (String::new(), Vec::new());
        let mut open = None;
        for c in text.chars() {
            match (c, open) {
                ('«', None) => open = Some(line.len()),
                ('»', Some(start)) if start < line.len() => {
                    secrets.push(start..line.len());
                    open = None;
                }
                ('«' | '»', _) => {
                    return Err("« and » do not match; put one pair around each secret");
                }
                ('\n', _) => return Err("an example is one line; leave out the line feed"),
                (c, _) => line.push(c),
            }
        }
        match open {
            None => Ok(Marked { line, secrets }),
            Some(_) => Err("« and » do not match; put one pair around each secret"),
        }
    }
}

/// A pattern, tried on whole lines.
struct Trial {
    regex: regex_automata::nfa::thompson::pikevm::PikeVM,
    secret: usize,
    tail: Option<Bytes>,
}

impl Trial {
    /// Nothing if the pattern is too large.
    fn new(outline: &Outline) -> Option<Trial> {
        use regex_automata::nfa::thompson::{self, pikevm::PikeVM};

        let nfa = thompson::Compiler::new()
            .configure(thompson::Config::new().utf8(false).nfa_size_limit(Some(AUTOMATON_MAX)))
            .build_from_hir(&outline.decided)
            .ok()?;
        let secret =
            nfa.group_info().to_index(regex_automata::PatternID::ZERO, CustomRule::SECRET)?;
        let regex = PikeVM::new_from_nfa(nfa).ok()?;
        Some(Trial { regex, secret, tail: outline.tail.clone() })
    }

    /// Where the secrets in `line` are.
    fn find(&self, line: &[u8]) -> Vec<std::ops::Range<usize>> {
        let mut cache = self.regex.create_cache();
        let mut captures = self.regex.create_captures();
        let mut found = Vec::new();
        let mut at = 0;
        while at <= line.len() {
            let input = regex_automata::Input::new(line).span(at..line.len());
            self.regex.search(&mut cache, &input, &mut captures);
            let (Some(whole), Some(secret)) =
                (captures.get_match(), captures.get_group(self.secret))
            else {
                break;
            };
            let mut end = secret.end;
            if let Some(tail) = &self.tail {
                end += line[end..].iter().take_while(|byte| tail[usize::from(**byte)]).count();
            }
            found.push(secret.start..end);
            at = whole.end().max(end).max(at + 1);
        }
        found
    }
}

/// What `pattern` is like, or all that is wrong with it.
fn outline(pattern: &str, keywords: &[String]) -> Result<Outline, Vec<Fault>> {
    let fault = |part, text: String| Fault { part, text };
    let wrong = |text: String| vec![fault(Part::Pattern, text)];
    if pattern.is_empty() {
        return Err(wrong(
            "a rule needs a pattern; give one, with a group (?<secret>...) around what goes"
                .to_owned(),
        ));
    }

    // 1. It has to compile.
    let ast = ast::parse::Parser::new().parse(pattern).map_err(|error| {
        wrong(format!(
            "the pattern does not compile: {}, at character {}; correct it there",
            error.kind(),
            error.span().start.column
        ))
    })?;
    let mut translator = hir::translate::TranslatorBuilder::new()
        .unicode(false)
        .utf8(false)
        .multi_line(true)
        .crlf(true)
        .build();
    let whole = translator.translate(pattern, &ast).map_err(|error| {
        wrong(match error.kind() {
            hir::ErrorKind::UnicodeNotAllowed => format!(
                "the pattern is one of bytes, and what it has at character {} is one of characters; \
                 write letters outside ASCII one by one, as in (?:ä|ö)",
                error.span().start.column
            ),
            kind => format!(
                "the pattern does not compile: {kind}, at character {}; correct it there",
                error.span().start.column
            ),
        })
    })?;

    // 2. It stays on its line.
    let mut faults = Vec::new();
    if crosses_line(&whole) {
        let place = match line_crosser(&ast, pattern) {
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
            "\\A and \\z are the ends of the whole input, which a log does not have; use ^ and $ for those of a line"
                .to_owned(),
        ));
    }

    if looks.contains_word_unicode() {
        faults.push(fault(
            Part::Pattern,
            "the pattern is one of bytes, and \\b one of characters; leave out the flag u"
                .to_owned(),
        ));
    }

    // 3. It has a secret, once and always.
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

    // 4. What has to be seen is bounded.
    let mut outline = match split.decide() {
        Ok(outline) => outline,
        Err(text) => {
            faults.push(fault(Part::Pattern, text));
            return Err(faults);
        }
    };

    // 5. A keyword leads to every match.
    let usable: Vec<Vec<u8>> = keywords
        .iter()
        .filter(|keyword| keyword.len() >= CustomRule::KEYWORD_MIN)
        .map(|keyword| keyword.bytes().map(fold).collect())
        .collect();
    if !usable.is_empty() {
        match split.keyword(&usable) {
            Some(found) if found <= CustomRule::BEFORE_MAX => outline.before = found,
            Some(found) => faults.push(fault(
                Part::Pattern,
                format!(
                    "up to {found} bytes can stand between the pattern's start and its keyword, and {} may; \
                     make what comes before the keyword shorter",
                    CustomRule::BEFORE_MAX
                ),
            )),
            None => faults.push(fault(
                Part::Keywords,
                "the pattern can match without a keyword before its secret or at the start of it; \
                 give one that each of its alternatives has there, written out"
                    .to_owned(),
            )),
        }
    }
    if faults.is_empty() { Ok(outline) } else { Err(faults) }
}

/// What is wrong with a pattern, without the drawing of where.
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

/// As the scan does, which knows no case.
fn fold(byte: u8) -> u8 {
    byte.to_ascii_lowercase()
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

/// The first part of the pattern that matches a line feed by itself, as it is written.
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
            return Err("the pattern has no group secret; put (?<secret>...) around what goes");
        }
        Ok(split)
    }

    fn walk(&mut self, hir: &'h Hir, found: &mut bool) -> Result<(), &'static str> {
        match hir.kind() {
            HirKind::Capture(capture) if capture.name.as_deref() == Some(CustomRule::SECRET) => {
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

    /// The pattern without an endless secret's tail, that tail, and the most bytes of the rest. Keywords are looked for
    /// afterwards.
    fn decide(&self) -> Result<Outline, String> {
        let longest = |parts: &[&Hir]| {
            parts
                .iter()
                .try_fold(0usize, |sum, part| sum.checked_add(part.properties().maximum_len()?))
        };
        let most = CustomRule::DECIDED_MAX;
        let Some(before) = longest(&self.before) else {
            return Err("what comes before the secret has no greatest length; \
                        count it, as in [a-z]{1,40} rather than [a-z]+"
                .to_owned());
        };
        let Some(after) = longest(&self.after) else {
            return Err("what follows the secret has no greatest length; \
                        count it, as in [a-z]{1,40}, or leave it out"
                .to_owned());
        };

        // 1. The secret ends after a number of bytes, or goes on as long as a class of bytes does.
        let mut parts: Vec<Hir> = self.secret.iter().map(|part| (*part).clone()).collect();
        let mut tail = None;
        if longest(&self.secret).is_none() {
            let endless = "the secret has no greatest length; that is possible only if it ends in one class of bytes \
                           that repeats, as in [0-9a-z]{8,}: count everything else, as in {1,200}";
            let last = parts.pop().ok_or(endless)?;
            let (class, least) = repeated_class(&last).ok_or(endless)?;
            if longest(&parts.iter().collect::<Vec<_>>()).is_none() {
                return Err(endless.to_owned());
            }
            if !self.after.is_empty() {
                return Err("nothing may follow a secret that has no greatest length, as its end may be far away; \
                            leave out what follows, or count the secret, as in {8,200}"
                    .to_owned());
            }
            tail = Some(class);
            parts.push(least);
        }

        // 2. Put together again.
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
            name: Some(CustomRule::SECRET.into()),
            sub: Box::new(Hir::concat(parts)),
        }));
        whole.extend(self.after.iter().map(|part| (*part).clone()));
        let decided = without_groups(&Hir::concat(whole));
        Ok(Outline { decided, tail, before: 0, longest: sum })
    }

    /// The most bytes from the pattern's start to the start of a keyword that every match has, before the secret or at
    /// its start.
    fn keyword(&self, keywords: &[Vec<u8>]) -> Option<usize> {
        let mut run = Run::default();
        for part in &self.before {
            if let Some(found) = run.pass(part, keywords) {
                return Some(found);
            }
        }
        // At the secret's start is early enough, after it is not.
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

fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Concat(subs) => subs.iter().for_each(|sub| flatten(sub, parts)),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        _ => parts.push(hir),
    }
}

fn has_secret(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Capture(capture) if capture.name.as_deref() == Some(CustomRule::SECRET) => true,
        kind => kind.subs().iter().any(has_secret),
    }
}

/// The same, with no group but `secret`.
fn without_groups(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Capture(capture) if capture.name.as_deref() == Some(CustomRule::SECRET) => {
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

/// The class that `hir` repeats without end, and the least of it.
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

/// What a stretch of a pattern can be, where that is known to the byte.
struct Run {
    /// The most bytes before the stretch.
    start: usize,
    /// Each text it can be, in lower case, and the last place in it where a keyword may start.
    texts: Vec<(Vec<u8>, usize)>,
}

/// More texts than this are not worth telling apart.
const TEXTS_MAX: usize = 64;

impl Default for Run {
    fn default() -> Run {
        Run::from(0)
    }
}

impl Run {
    fn from(start: usize) -> Run {
        Run { start, texts: vec![(Vec::new(), usize::MAX)] }
    }

    /// Adds `part`, if what it can be is known to the byte.
    fn extend(&mut self, part: &Hir) -> bool {
        let Some(more) = texts(part) else { return false };
        if more.len() * self.texts.len() > TEXTS_MAX {
            return false;
        }
        let join =
            |(text, limit): &(Vec<u8>, usize), more: &Vec<u8>| ([&text[..], more].concat(), *limit);
        self.texts = self
            .texts
            .iter()
            .flat_map(|text| more.iter().map(move |more| join(text, more)))
            .collect();
        true
    }

    /// Adds `part`, or goes to behind it. Where a keyword is found on the way, its greatest distance.
    fn pass(&mut self, part: &Hir, keywords: &[Vec<u8>]) -> Option<usize> {
        if self.extend(part) {
            return None;
        }
        if let Some(found) = self.keyword(keywords) {
            return Some(found);
        }
        let len: usize = self.texts.iter().map(|(text, _)| text.len()).max().unwrap_or(0);
        let start = self.start.saturating_add(len);
        if let Some(found) = inner_keyword(part, keywords) {
            return Some(start.saturating_add(found));
        }
        *self =
            Run::from(start.saturating_add(part.properties().maximum_len().unwrap_or(usize::MAX)));
        None
    }

    /// The greatest distance of a keyword that each text has.
    fn keyword(&self, keywords: &[Vec<u8>]) -> Option<usize> {
        let mut most = 0;
        for (text, limit) in &self.texts {
            let found = keywords
                .iter()
                .filter_map(|keyword| memchr::memmem::find(text, keyword))
                .min()
                .filter(|found| found <= limit)?;
            most = most.max(found);
        }
        Some(self.start.saturating_add(most))
    }
}

/// The greatest distance from the start of `part`, which can be many things, to a keyword that each of them has.
fn inner_keyword(part: &Hir, keywords: &[Vec<u8>]) -> Option<usize> {
    match part.kind() {
        HirKind::Alternation(subs) => {
            subs.iter().try_fold(0, |most, sub| Some(most.max(inner_keyword(sub, keywords)?)))
        }
        HirKind::Capture(capture) => inner_keyword(&capture.sub, keywords),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            inner_keyword(&repetition.sub, keywords)
        }
        HirKind::Concat(_) | HirKind::Literal(_) => {
            let mut parts = Vec::new();
            flatten(part, &mut parts);
            let mut run = Run::default();
            parts.iter().find_map(|part| run.pass(part, keywords)).or_else(|| run.keyword(keywords))
        }
        _ => None,
    }
}

/// All that `hir` matches, in lower case, if that is a few texts.
fn texts(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let mut found: Vec<Vec<u8>> = match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![Vec::new()],
        HirKind::Literal(literal) => vec![literal.0.iter().map(|byte| fold(*byte)).collect()],
        HirKind::Class(hir::Class::Bytes(class)) => {
            let bytes: usize = class.ranges().iter().map(|range| range.len()).sum();
            if bytes > TEXTS_MAX {
                return None;
            }
            let range = |range: &hir::ClassBytesRange| {
                (range.start()..=range.end()).map(|byte| vec![fold(byte)])
            };
            class.ranges().iter().flat_map(range).collect()
        }
        HirKind::Class(_) => return None,
        HirKind::Capture(capture) => texts(&capture.sub)?,
        HirKind::Concat(subs) => {
            let mut run = Run::default();
            if !subs.iter().all(|sub| run.extend(sub)) {
                return None;
            }
            run.texts.into_iter().map(|(text, _)| text).collect()
        }
        HirKind::Alternation(subs) => {
            let mut all = Vec::new();
            for sub in subs {
                all.extend(texts(sub)?);
            }
            all
        }
        HirKind::Repetition(repetition)
            if repetition.max == Some(repetition.min) && repetition.min <= 8 =>
        {
            let mut run = Run::default();
            if !(0..repetition.min).all(|_| run.extend(&repetition.sub)) {
                return None;
            }
            run.texts.into_iter().map(|(text, _)| text).collect()
        }
        HirKind::Repetition(_) => return None,
    };
    found.sort_unstable();
    found.dedup();
    (found.len() <= TEXTS_MAX).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(keywords: &[&str], pattern: &str) -> CustomRule {
        CustomRule {
            name: "test".to_owned(),
            keywords: keywords.iter().map(|keyword| (*keyword).to_owned()).collect(),
            pattern: pattern.to_owned(),
            ..CustomRule::default()
        }
    }

    /// The texts of what is wrong with the pattern and its keywords.
    fn faults(keywords: &[&str], pattern: &str) -> Vec<String> {
        let keywords = rule(keywords, pattern).keywords;
        match outline(pattern, &keywords) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.into_iter().map(|fault| fault.text).collect(),
        }
    }

    #[test]
    fn patterns_that_can_be_decided() {
        // The pattern, its keyword, the greatest distance to it, the most bytes that are decided, and whether it streams.
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
        ] {
            let found = outline(pattern, &[keyword.to_owned()])
                .unwrap_or_else(|faults| panic!("{pattern}: {}", faults[0]));
            assert_eq!(
                (found.before, found.longest, found.tail.is_some()),
                (before, longest, streams),
                "{pattern}"
            );
        }
    }

    #[test]
    fn patterns_that_cannot() {
        for (keyword, pattern, expected) in [
            ("key", r"key=(?<secret>\w+", "does not compile: unclosed group, at character 5"),
            ("key", r"key=(?<secret>\pL+)", "one of characters"),
            ("key", r"(?u)\bkey=(?<secret>[a-z]+)", "one of characters"),
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
            ("key", r"key *=(?<secret>\w+)", "what comes before the secret has no greatest length"),
            ("key", r"key=(?<secret>\w{8}) .*x", "what follows the secret has no greatest length"),
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
            ("key", r" {0,300}key=(?<secret>\w{8})", "up to 300 bytes can stand between"),
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
    fn all_that_is_wrong_is_told_at_once() {
        let found = faults(&["key"], r"\Akey[^x](?<secret>\w*)");
        assert_eq!(found.len(), 3, "{found:?}");
        let mut rule = rule(&["ab", "key\n"], r"key=(?<secret>\w+)");
        rule.name = "Not a name".to_owned();
        let parts: Vec<Part> =
            rule.check().unwrap_err().into_iter().map(|fault| fault.part).collect();
        assert_eq!(parts[..3], [Part::Name, Part::Keyword(0), Part::Keyword(1)]);
    }

    #[test]
    fn examples_are_tried() {
        let check = |examples: &[&str], counter_examples: &[&str]| {
            let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            let rule = CustomRule {
                examples: owned(examples),
                counter_examples: owned(counter_examples),
                ..rule(&["pin"], r"pin=(?<secret>\d{4,})")
            };
            match rule.check() {
                Ok(_) => Vec::new(),
                Err(faults) => faults.into_iter().map(|fault| (fault.part, fault.text)).collect(),
            }
        };
        assert!(check(&["pin=«1234» pin=«123456789»"], &["pin=123", "pin"]).is_empty());
        for (example, expected) in [
            ("pin=«123»", "does not match this example"),
            ("pin=«1234»5", "something else in this example"),
            ("pin=«1234» pin=5678", "something else in this example"),
            ("pin=1234", "marks no secret"),
            ("pin=«1234", "do not match"),
            ("pin=»1234«", "do not match"),
            ("pin=«»1234", "do not match"),
        ] {
            let found = check(&[example], &[]);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].0, Part::Example(0));
            assert!(found[0].1.contains(expected), "{example}: {found:?}");
            assert!(!found[0].1.contains("123"), "{found:?}");
        }
        assert_eq!(check(&["pin=«1234»"], &["pin=12", "pin=12345"])[0].0, Part::CounterExample(1));
        assert_eq!(check(&[], &[])[0].0, Part::Example(0));
    }
}
