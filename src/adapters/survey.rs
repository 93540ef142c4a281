//! Reports where secrets are, line by line. It writes no log, and it keeps nothing of a secret.

use memchr::memmem;

use super::excerpt::Excerpt;
use crate::error::Error;
use crate::redact::carry::Carry;
use crate::redact::destination::Destination;
use crate::redact::mask::Masker;
use crate::redact::style::{Digest, Key, Styles};
use crate::redact::unescape::Unescape;
use crate::rules::ruleset::Ruleset;
use crate::scan::scanner::Scanner;
use crate::span::{Edge, RuleId};
use crate::stream::cutter::{Cutter, Fill};
use crate::stream::input::Input;
use crate::stream::pipeline::Options;
use crate::stream::source::Source;

/// The position of a secret in its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: RuleId,
    /// Its line, from 1.
    pub line: u64,
    /// Its first byte in that line, from 1.
    pub column: u64,
    /// Its first character in that line, from 1, in Unicode code points.
    pub character: u64,
    /// Its first byte in the input, from 0. For UTF-16 input, this and the other numbers refer to its UTF-8 form.
    pub offset: u64,
    /// Its length in bytes.
    pub len: u64,
    /// Its pseudonym in hexadecimal, if a key was given.
    pub digest: Option<String>,
}

/// A line with secrets.
#[derive(Debug, Default)]
pub struct Findings {
    /// The secrets, in order, at least one.
    pub list: Vec<Finding>,
    /// The text around them.
    pub excerpt: Excerpt,
    /// Whether the line has a comment that allows its secrets.
    pub allowed: bool,
}

/// A line that contains this is taken to have no secrets, by callers that check [`Findings::allowed`].
const ALLOW: &[u8] = b"blackbar:allow";

/// When a line has more findings or bytes than this, they are reported before its end, so that an endless line takes
/// bounded memory. A later comment does not apply to them.
const LIST_MAX: usize = 4096;
const TEXT_MAX: usize = 64 * 1024;

/// Searches inputs for secrets, one after another.
#[derive(Debug)]
pub struct Survey {
    carry: Carry<Scanner>,
    key: Option<Key>,
}

impl Survey {
    /// A survey that uses `rules`, and shows secrets in excerpts as `styles` say.
    pub fn new(rules: &Ruleset, styles: &Styles) -> Survey {
        let carry = Carry::for_rules(rules).with_masker(Masker::styled(rules, styles));
        Survey { carry, key: None }
    }

    /// The same survey, with a pseudonym by `key` for each secret.
    pub fn with_key(mut self, key: Option<Key>) -> Survey {
        self.key = key;
        self
    }

    /// Reads `source` to its end, and passes each line that has secrets to `found`, in order. Returns the number of
    /// bytes read.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] and [`Error::NotText`]. Everything found before the error has been passed to `found`.
    ///
    /// # Panics
    ///
    /// If an earlier call panicked.
    pub fn read<I: Input>(
        &mut self,
        source: &mut Source<I>,
        found: &mut dyn FnMut(&Findings),
    ) -> Result<u64, Error> {
        let mut cutter = Cutter::new(Options::SEGMENT.get());
        let mut reader = Reader::new(self.key.clone(), found);
        loop {
            let filled = cutter.fill(&mut source.input, true);
            if !cutter.is_empty() {
                self.carry.push(&cutter.take().bytes, &mut reader);
            }
            match filled {
                Ok(Fill::Full | Fill::Dry | Fill::Woken) => {}
                // No stop can be requested here.
                Ok(Fill::End | Fill::Stopped) => break,
                Err(error) => {
                    self.carry.reset();
                    reader.end_line();
                    return Err(Error::read(source.name.clone(), error));
                }
            }
        }
        self.carry.finish(&mut reader);
        reader.end_line();
        Ok(reader.at.offset)
    }
}

/// A position in the input.
#[derive(Clone, Copy, Default)]
struct Place {
    offset: u64,
    /// The lines before it, and the bytes and characters before it in its line.
    lines: u64,
    bytes: u64,
    characters: u64,
}

impl Place {
    fn pass(&mut self, run: &[u8]) {
        let mut rest = run;
        if let Some(newline) = memchr::memrchr(b'\n', run) {
            self.lines += memchr::memchr_iter(b'\n', run).count() as u64;
            (self.bytes, self.characters) = (0, 0);
            rest = &run[newline + 1..];
        }
        self.offset += run.len() as u64;
        self.bytes += rest.len() as u64;
        // In UTF-8, every byte of a character but the first is 10xxxxxx.
        self.characters += rest.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u64;
    }
}

fn hexadecimal(digest: Digest) -> String {
    String::from_utf8_lossy(&digest.finish()).into_owned()
}

/// Tracks positions as the scan moves through the input.
struct Reader<'a> {
    at: Place,
    /// The open secret.
    open: Option<(Place, RuleId)>,
    key: Option<Key>,
    digest: Option<Digest>,
    unescape: Unescape,
    /// The current line.
    line: Findings,
    /// The end of the bytes seen so far, which may be the start of the comment.
    comment: Vec<u8>,
    found: &'a mut dyn FnMut(&Findings),
}

impl<'a> Reader<'a> {
    fn new(key: Option<Key>, found: &'a mut dyn FnMut(&Findings)) -> Reader<'a> {
        Reader {
            at: Place::default(),
            open: None,
            key,
            digest: None,
            unescape: Unescape::default(),
            line: Findings::default(),
            comment: Vec::new(),
            found,
        }
    }

    /// Takes kept bytes of the current line.
    fn take(&mut self, run: &[u8]) {
        self.line.excerpt.keep(run);
        self.look_for_comment(run);
    }

    /// Looks for the comment in bytes of the current line. A secret's bytes count too, because an unquoted cookie value
    /// extends to the end of the line.
    fn look_for_comment(&mut self, run: &[u8]) {
        if !self.line.allowed {
            // The comment may have begun in the previous bytes.
            let size = ALLOW.len();
            self.comment.extend_from_slice(&run[..run.len().min(size)]);
            self.line.allowed =
                memmem::find(&self.comment, ALLOW).is_some() || memmem::find(run, ALLOW).is_some();
            if run.len() > size {
                self.comment.clear();
                self.comment.extend_from_slice(&run[run.len() - size..]);
            }
            let excess = self.comment.len().saturating_sub(size - 1);
            self.comment.drain(..excess);
        }
    }

    fn end_line(&mut self) {
        self.report(false);
        self.line.allowed = false;
        self.comment.clear();
    }

    /// Reports the findings in the line so far.
    fn report(&mut self, within: bool) {
        if !self.line.list.is_empty() {
            self.line.excerpt.end();
            (self.found)(&self.line);
        }
        self.line.list.clear();
        self.line.excerpt.clear(within);
    }
}

impl Destination for Reader<'_> {
    fn keep(&mut self, run: &[u8], _at: Option<usize>) {
        self.at.pass(run);
        let mut rest = run;
        // Only the first line that ends here can have findings. The lines between the first and the last newline have
        // none.
        if let Some(newline) = memchr::memchr(b'\n', run) {
            self.take(&run[..newline]);
            self.end_line();
            let last = memchr::memrchr(b'\n', run).unwrap_or(newline);
            rest = &run[last + 1..];
        }
        self.take(rest);
    }

    fn put(&mut self, text: &[u8]) {
        self.line.excerpt.put(text);
    }

    fn hide(&mut self, secret: &[u8], rule: RuleId, edge: Edge) {
        if edge.begins() {
            self.open = Some((self.at, rule));
            self.digest = self.key.as_ref().map(Key::digest);
            self.unescape.reset();
            self.line.excerpt.begin();
        }
        self.at.pass(secret);
        self.look_for_comment(secret);
        if let Some(digest) = &mut self.digest {
            self.unescape.push(secret, edge.ends(), &mut |bytes| digest.update(bytes));
        }
        if edge.ends()
            && let Some((start, rule)) = self.open.take()
        {
            self.line.list.push(Finding {
                rule,
                line: start.lines + 1,
                column: start.bytes + 1,
                character: start.characters + 1,
                offset: start.offset,
                len: self.at.offset - start.offset,
                digest: self.digest.take().map(hexadecimal),
            });
            if self.line.list.len() >= LIST_MAX || self.line.excerpt.text.len() >= TEXT_MAX {
                self.report(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::error::Name;
    use crate::redact::style::Style;

    /// All findings of a survey of `input`, read `chunk` bytes at a time.
    fn survey(input: &[u8], chunk: usize) -> Vec<Findings> {
        struct Slow<'a>(&'a [u8], usize);
        impl std::io::Read for Slow<'_> {
            fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
                let len = self.1.min(buf.len());
                self.0.read(&mut buf[..len])
            }
        }
        impl Input for Slow<'_> {
            fn ready(&mut self) -> bool {
                false
            }
        }
        let rules = Ruleset::standard();
        let mut found = Vec::new();
        let mut source = Source::new(Name::path(Path::new("log")), Slow(input, chunk));
        let key = Key::new(b"0123456789abcdef").ok();
        let read = Survey::new(&rules, &Styles::new(Style::Label)).with_key(key).read(
            &mut source,
            &mut |line| {
                found.push(Findings {
                    list: line.list.clone(),
                    excerpt: line.excerpt.clone(),
                    allowed: line.allowed,
                });
            },
        );
        assert_eq!(read.unwrap(), input.len() as u64);
        found
    }

    #[test]
    fn positions_refer_to_the_input() {
        let input =
            "one\nüber Cookie: a=secret1; b=secret22\r\n\nX-Api-Key: abcdef0123456789".as_bytes();
        for chunk in [1, 5, 1000] {
            let found = survey(input, chunk);
            let found: Vec<&Finding> = found.iter().flat_map(|line| &line.list).collect();
            let places: Vec<_> =
                found.iter().map(|f| (f.line, f.column, f.character, f.len)).collect();
            assert_eq!(places, [(2, 17, 16, 7), (2, 28, 27, 8), (4, 12, 12, 16)]);
            for finding in found {
                let range = finding.offset as usize..(finding.offset + finding.len) as usize;
                assert!(
                    [&b"secret1"[..], b"secret22", b"abcdef0123456789"].contains(&&input[range])
                );
            }
        }
    }

    #[test]
    fn a_line_is_shown_as_it_is_redacted() {
        let input = b"clean\nCookie: a=secret1; b=secret22\r\nX-Api-Key: abcdef0123456789";
        for chunk in [1, 5, 1000] {
            let found = survey(input, chunk);
            let shown: Vec<String> = found
                .iter()
                .map(|line| String::from_utf8(line.excerpt.text.clone()).unwrap())
                .collect();
            assert_eq!(
                shown,
                [
                    "Cookie: a=[REDACTED:cookie]; b=[REDACTED:cookie]\r",
                    "X-Api-Key: [REDACTED:authorization]"
                ]
            );
            for line in &found {
                for mark in &line.excerpt.marks {
                    assert!(line.excerpt.text[mark.clone()].starts_with(b"[REDACTED:"));
                }
                assert_eq!(line.excerpt.marks.len(), line.list.len());
            }
        }
    }

    #[test]
    fn a_comment_applies_to_its_line_only() {
        let input =
            b"# blackbar:allow\nCookie: a=secret1\nCookie: a=secret1; Path=/ # blackbar:allow\nCookie: a=secret1 # blackbar:allow\n\
            blackbar:allow Cookie: a=secret1\nCookie: a=secret1\nblackbar:all Cookie: a=secret1\n";
        for chunk in 1..40 {
            let allowed: Vec<bool> = survey(input, chunk).iter().map(|line| line.allowed).collect();
            assert_eq!(allowed, [false, true, true, true, false, false], "{chunk}");
        }
    }

    #[test]
    fn the_same_secret_has_the_same_digest_however_it_is_escaped() {
        let input = b"GET /?access_token=ab%2Fcdefghijklmnop HTTP\n{\"access_token\":\"ab/cdefghijklmnop\"}\n\
            {\"access_token\":\"ab/cdefghijklmnoq\"}\n";
        for chunk in [1, 7, 1000] {
            let found = survey(input, chunk);
            let digests: Vec<_> =
                found.iter().map(|line| line.list[0].digest.clone().unwrap()).collect();
            assert_eq!(digests[0], digests[1]);
            assert_ne!(digests[1], digests[2]);
        }
    }

    #[test]
    fn an_endless_line_is_reported_in_parts() {
        let input = b"Cookie: a=secret1; ".repeat(3 * LIST_MAX);
        let found = survey(&input, 100_000);
        assert!(found.len() >= 3);
        assert!(
            found.iter().all(
                |line| line.list.len() <= LIST_MAX && line.excerpt.text.len() < TEXT_MAX + 1000
            )
        );
        assert_eq!(found.iter().map(|line| line.list.len()).sum::<usize>(), 3 * LIST_MAX);
    }
}
