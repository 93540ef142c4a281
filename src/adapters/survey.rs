//! Where secrets are, as lines and columns. Nothing is written, and nothing of a secret is kept.

use crate::error::Error;
use crate::redact::carry::Carry;
use crate::redact::mask::Sheet;
use crate::rules::ruleset::Ruleset;
use crate::scan::scanner::Scanner;
use crate::span::{Edge, RuleId};
use crate::stream::pipeline::Options;
use crate::stream::source::{Cutter, Fill, Input, Source};

/// A secret's place in its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: RuleId,
    /// Its line, from 1.
    pub line: u64,
    /// Its first byte in that line, from 1.
    pub column: u64,
    /// Its first character in that line, from 1, in Unicode code points.
    pub character: u64,
    /// Its first byte in the input, from 0.
    pub offset: u64,
    /// Its length in bytes.
    pub len: u64,
}

/// Looks for secrets in inputs, one after another.
#[derive(Debug)]
pub struct Survey {
    carry: Carry<Scanner>,
}

impl Survey {
    /// A survey that looks for what `rules` find.
    pub fn new(rules: &Ruleset) -> Survey {
        Survey { carry: Carry::for_rules(rules) }
    }

    /// Reads `source` to its end, and gives each secret in it to `found`, in order. Returns how many bytes were read.
    ///
    /// # Errors
    ///
    /// [`Error::Read`], with everything found before that given.
    ///
    /// # Panics
    ///
    /// If an earlier call panicked.
    pub fn read<I: Input>(
        &mut self,
        source: &mut Source<I>,
        found: &mut dyn FnMut(Finding),
    ) -> Result<u64, Error> {
        let mut cutter = Cutter::new(Options::SEGMENT.get());
        let mut reader = Reader { at: Place::default(), open: None, found };
        loop {
            let filled = cutter.fill(&mut source.input, true);
            if !cutter.is_empty() {
                self.carry.push(&cutter.take().bytes, &mut reader);
            }
            match filled {
                Ok(Fill::Full | Fill::Dry | Fill::Woken) => {}
                // Nobody can say stop here.
                Ok(Fill::End | Fill::Stopped) => break,
                Err(error) => {
                    self.carry.reset();
                    return Err(Error::Read { name: source.name.clone(), source: error });
                }
            }
        }
        self.carry.finish(&mut reader);
        Ok(reader.at.offset)
    }
}

/// A place in the input.
#[derive(Clone, Copy, Default)]
struct Place {
    offset: u64,
    /// Lines, bytes and characters before it, the latter two in its line.
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
        // In UTF-8 all but a character's first byte are 10xxxxxx.
        self.characters += rest.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u64;
    }
}

/// Follows the scan through the input.
struct Reader<'a> {
    at: Place,
    /// The secret that has begun.
    open: Option<(Place, RuleId)>,
    found: &'a mut dyn FnMut(Finding),
}

impl Sheet for Reader<'_> {
    fn keep(&mut self, run: &[u8], _at: Option<usize>) {
        self.at.pass(run);
    }

    fn put(&mut self, _text: &[u8]) {}

    fn hide(&mut self, secret: &[u8], rule: RuleId, edge: Edge) {
        if edge.begins() {
            self.open = Some((self.at, rule));
        }
        self.at.pass(secret);
        if edge.ends()
            && let Some((start, rule)) = self.open.take()
        {
            (self.found)(Finding {
                rule,
                line: start.lines + 1,
                column: start.bytes + 1,
                character: start.characters + 1,
                offset: start.offset,
                len: self.at.offset - start.offset,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::error::Name;

    #[test]
    fn places_are_those_of_the_input() {
        let rules = Ruleset::standard();
        let input =
            "one\nüber Cookie: a=secret1; b=secret22\r\n\nX-Api-Key: abcdef0123456789".as_bytes();
        let mut found = Vec::new();
        let mut source = Source::new(Name::path(Path::new("log")), input);
        let read = Survey::new(&rules).read(&mut source, &mut |finding| found.push(finding));
        assert_eq!(read.unwrap(), input.len() as u64);
        let places: Vec<_> = found.iter().map(|f| (f.line, f.column, f.character, f.len)).collect();
        assert_eq!(places, [(2, 17, 16, 7), (2, 28, 27, 8), (4, 12, 12, 16)]);
        for finding in found {
            let range = finding.offset as usize..(finding.offset + finding.len) as usize;
            assert!([&b"secret1"[..], b"secret22", b"abcdef0123456789"].contains(&&input[range]));
        }
    }
}
