//! Examples of a custom rule, and trying its pattern on them.

use std::ops::Range;

use regex_automata::Input;

use crate::grammar::credential::decoded::Decoded;
use crate::grammar::credential::outline::{Outline, search};

/// A line with its secrets marked by `«` and `»`.
pub(crate) struct Marked {
    /// The line without the marks.
    pub line: String,
    /// Where the secrets are in the line.
    pub secrets: Vec<Range<usize>>,
}

impl Marked {
    /// Parses a marked line. The error says what is wrong with the marks.
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
                ('\n', _) => return Err("an example is one line; remove the newline"),
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
pub(super) struct Trial<'o> {
    pub outline: &'o Outline,
    /// Whether it is one of decoded text.
    pub decode: bool,
}

impl Trial<'_> {
    /// Where the secrets in `line` are.
    pub fn find(&self, line: &[u8]) -> Vec<Range<usize>> {
        if !self.decode {
            return self.find_in(line);
        }
        let decoded = Decoded::line(line);
        let written = |found: Range<usize>| {
            let (start, end) = decoded.written(found.start, found.end);
            start..end
        };
        self.find_in(&decoded.bytes).into_iter().map(written).collect()
    }

    fn find_in(&self, line: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at <= line.len() {
            let input = Input::new(line).span(at..line.len());
            let Some((whole, secret)) = search(&self.outline.regex, 1, &input) else { break };
            let mut end = secret.end;
            if let Some(tail) = &self.outline.tail {
                end += line[end..].iter().take_while(|byte| tail[usize::from(**byte)]).count();
            }
            found.push(secret.start..end);
            at = whole.end.max(end).max(at + 1);
        }
        found
    }
}
