//! The parameters of a statement: its text has a placeholder where the value belongs, and the list behind it has the value.
//!
//! ```text
//! SELECT * FROM tokens WHERE access_token = ? AND id = ?; args=('T', 1)
//! INSERT INTO tokens (id, access_token) VALUES ($1, $2) -- PARAMETERS: [1, "T"]
//! execute <unnamed>: SELECT 1 FROM tokens WHERE access_token = $1
//! DETAIL:  parameters: $1 = 'T'
//! ```
//!
//! Which element of the list belongs to the key follows from the placeholders: from the name or number of its own, or from
//! how many precede or follow it. So an id beside the secret stays.

use super::candidate::Key;
use super::columns::Columns;
use super::log_prefix::line_below;
use super::open::open;
use super::pattern::past;
use super::target::{Separator, Target};
use super::tuples::past_gap;
use super::types::opening_quote;
use crate::grammar::text::lex::{LOOKBACK, More, Step, Text, is_blank, is_name};
use crate::grammar::text::reads;
use crate::grammar::value::frame::Frame;

/// The longest text from the placeholder to the value, in bytes.
const MAX_TEXT: usize = 4096;
/// The most lines below the placeholder on which its statement may go on.
const MAX_LINES: usize = 4;
/// The most rows of parameters of one statement.
const MAX_ROWS: usize = 4;
/// The most parameters of a row, and of placeholders before one.
const MAX_PARAMETERS: usize = 32;

/// The longest parameter without quotes that is passed.
const MAX_BARE: usize = 64;
/// The most placeholders behind one, and of parameters before a literal among them.
const MAX_BEHIND: usize = 20;

/// A value among the parameters: where it starts, what encloses it, and where it ends.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parameter {
    pub at: usize,
    pub frame: Frame,
    pub end: usize,
}

/// The values of a key among the parameters: one of each row, or with literals in the statement, one of each literal.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parameters {
    pub values: [Option<Parameter>; MAX_ROWS],
    /// They are in the statement, too.
    pub repeated: bool,
}

/// With which words a statement begins.
const VERBS: &[&[u8]] = &[b"select", b"update", b"delete", b"insert", b"merge", b"exec"];

/// With which words a line goes on with a statement.
const CLAUSES: &[&[u8]] = &[
    b"and ",
    b"or ",
    b"from ",
    b"where ",
    b"limit ",
    b"offset ",
    b"order by ",
    b"group by ",
    b"values ",
    b"set ",
    b"returning ",
    b"on ",
    b"for ",
    b"having ",
    b")",
];

/// Words before the list of parameters. On a line below the statement one of them is required, or a bracket.
const ANNOUNCING: &[&[u8]] = &[b"param", b"bind", b"args"];

/// What Hibernate and Spring print for each parameter, on a line of its own: the text before its number, and that between
/// the number and the value.
const NUMBERED: &[(&[u8], &str)] = &[
    (b"binding parameter [", "*- ["),
    (b"binding parameter (", "*- ["),
    (b"column index ", ", parameter value ["),
];

/// Whether neither a placeholder, a list nor one of the words before it begins with the byte, and it is not escaped.
fn is_plain(byte: u8) -> bool {
    !matches!(byte, b'a' | b'A' | b'b' | b'B' | b'c' | b'C' | b'p' | b'P')
        && (is_name(byte) || matches!(byte, b' ' | b',' | b'.' | b'=' | b'*'))
}

/// A placeholder for a parameter.
#[derive(Clone, Copy)]
enum Placeholder {
    /// `?`, `%s`
    Next,
    /// `$2`, `@p0`, `:name`, `%(name)s`: where the name is, with its sign, and its number.
    Named { start: usize, end: usize, number: Option<usize> },
}

impl Key {
    /// The values of the key among the parameters of its statement.
    #[inline(always)]
    pub fn parameters(&self, text: &Text, anchor: usize) -> Step<Option<Parameters>> {
        match self.assigned(text)? {
            Some(at) => self.parameters_of(text, anchor, at),
            None => Ok(None),
        }
    }

    /// Where a placeholder or a literal may be that the key, the name of a column, is compared with or set to.
    #[inline(always)]
    fn assigned(&self, text: &Text) -> Step<Option<usize>> {
        let before = matches!(self.context, b' ' | b'.' | b'(' | b'[' | b'`' | b',' | b'\n');
        match text.window().get(self.end()) {
            Some(b' ' | b'=' | b'"' | b'`' | b'\\' | b']') if before => {
                let closer = text.unit(self.end())?;
                let closes = matches!(closer.ch, b'"' | b'`' | b']');
                past(text, self.end() + if closes { closer.len } else { 0 }, "~=~", 0)
            }
            _ => Ok(None),
        }
    }

    #[inline(never)]
    fn parameters_of(&self, text: &Text, anchor: usize, at: usize) -> Step<Option<Parameters>> {
        let literal = text.at(at)? == b'\'';
        let own = placeholder(text, at)?;
        if !literal && own.is_none() {
            return Ok(None);
        }
        let Some(before) = placeholders_before(text, anchor) else { return Ok(None) };
        match own {
            Some((own, at)) => Search { own, before, from: at }.run(text),
            None => Ok(again(text, at)?.map(Parameters::repeating)),
        }
    }
}

impl Parameters {
    fn one(value: Parameter) -> Parameters {
        Parameters { values: [Some(value), None, None, None], repeated: false }
    }

    fn repeating(value: Parameter) -> Parameters {
        Parameters { repeated: true, ..Parameters::one(value) }
    }
}

/// The literal at `at` again, among the parameters that Django prints behind a statement: `.. = 'T'; args=('T', 1)`.
fn again(text: &Text, at: usize) -> Step<Option<Parameter>> {
    const ARGUMENTS: &[u8] = b"; args=";
    let own = element(text, at)?;
    let near = &text.window()[own.at..text.window().len().min(own.at + MAX_TEXT)];
    let line = memchr::memchr(b'\n', near);
    let Some(found) = memchr::memmem::find(&near[..line.unwrap_or(near.len())], ARGUMENTS) else {
        let decided = line.is_some() || near.len() == MAX_TEXT || text.is_end();
        return if decided { Ok(None) } else { Err(More) };
    };
    let Some(len) = near[..found].iter().position(|byte| *byte == b'\'') else { return Ok(None) };
    let mut at = own.at + found + ARGUMENTS.len();
    if !matches!(text.at(at)?, b'(' | b'[') {
        return Ok(None);
    }
    for _ in 0..MAX_BEHIND {
        let start = past_gap(text, at + 1)?;
        let mut end = start;
        if opening_quote(text, start)?.is_some() {
            let parameter = element(text, start)?;
            let value = text.window().get(parameter.at..parameter.at + len);
            let quote = parameter.frame.quote.map(|quote| Ok(quote.ch));
            if value == Some(&near[..len]) && quote == Some(text.at(parameter.at + len)) {
                return Ok(Some(parameter));
            }
            end = parameter.end;
        }
        // A number or a name.
        while end - start < MAX_BARE && is_name(text.at(end)?) {
            end += 1;
        }
        at = end;
        if text.at(at)? != b',' {
            break;
        }
    }
    Ok(None)
}

impl Columns {
    /// The values of the first key among the parameters of a statement whose row of placeholders, `VALUES (?, ?)`, opens at
    /// `row`.
    pub fn parameters(&self, text: &Text, row: usize) -> Step<Option<Parameters>> {
        if !self.tuples || self.separator != b',' {
            return Ok(None);
        }
        let (mut at, mut before) = (row + 1, 0);
        for _ in 0..self.first_key() {
            at = past_gap(text, at)?;
            before += usize::from(placeholder(text, at)?.is_some());
            let element = element(text, at)?;
            if text.at(element.end)? != b',' {
                return Ok(None);
            }
            at = element.end + 1;
        }
        at = past_gap(text, at)?;
        if text.at(at)? == b'\'' {
            return self.literals(text, row);
        }
        match placeholder(text, at)? {
            Some((own, at)) => Search { own, before: Some(before), from: at }.run(text),
            None => Ok(None),
        }
    }

    /// The literals of keys in the row that opens at `row`, among the parameters behind the statement.
    fn literals(&self, text: &Text, row: usize) -> Step<Option<Parameters>> {
        let (mut at, mut found) = (row + 1, Parameters { repeated: true, ..Parameters::default() });
        let mut slots = found.values.iter_mut();
        for column in 0..MAX_PARAMETERS {
            at = past_gap(text, at)?;
            if text.at(at)? == b'\''
                && self.class(column as u8).is_some()
                && let Some(slot) = slots.next()
            {
                *slot = again(text, at)?;
            }
            let element = element(text, at)?;
            if text.at(element.end)? != b',' {
                break;
            }
            at = element.end + 1;
        }
        Ok(found.values.iter().any(Option::is_some).then_some(found))
    }
}

/// The search for the values of a placeholder.
struct Search {
    own: Placeholder,
    /// How many placeholders precede it, if that is known.
    before: Option<usize>,
    /// Where it ends.
    from: usize,
}

impl Search {
    fn run(&self, text: &Text) -> Step<Option<Parameters>> {
        let (mut at, mut after, mut lines) = (self.from, 0, 0);
        // What its name begins with where the value is, which may be a letter.
        let name = match self.own {
            Placeholder::Named { start, .. } => text.window()[start],
            Placeholder::Next => b'@',
        };
        // Whether the statement has ended on a line above, and whether a list has been announced on this line.
        let (mut below, mut announced) = (false, false);
        // A statement of more parameters than are counted is not followed.
        while at - self.from < MAX_TEXT && after < MAX_BEHIND {
            let rest = &text.window()[at..text.window().len().min(self.from + MAX_TEXT)];
            let plain = |byte: &&u8| is_plain(**byte) && **byte != name;
            let plain = rest.iter().take_while(plain).count();
            (0..plain / 8).for_each(|_| reads::count());
            at += plain;
            let unit = text.unit(at)?;
            if unit.is_newline() {
                let Some(line) = line_below(text, at)?.filter(|_| !below) else { break };
                lines += 1;
                below = lines > MAX_LINES || !is_continued(text, line)?;
                at = line;
                continue;
            }
            if below && number_at(text, at)?.is_some() {
                return self.numbered(text, at);
            }
            let starts = unit.ch.is_ascii_alphabetic() && !is_name(text.before(at, 1));
            for word in ANNOUNCING.iter().filter(|word| starts && word[0] == unit.ch | 0x20) {
                announced |= text.has_word(at, word)?;
            }
            if let Some(found) = self.named(text, at)? {
                return Ok(Some(Parameters::one(found)));
            }
            // Sequelize prints the values without brackets.
            let behind = if unit.ch == b';' { text.skip_blanks(at + 1, 0)? } else { at };
            if behind > at && !below && text.unit(behind)?.quote().is_some() {
                return self.in_list(text, List { at: behind, nested: false }, after);
            }
            let opens = matches!(unit.ch, b'[' | b'(' | b'{' | b'P');
            if opens && let Some(list) = list(text, at, below && !announced)? {
                return self.in_list(text, list, after);
            }
            let sign = !below && matches!(unit.ch, b'?' | b'%' | b'$' | b':' | b'@');
            at = match if sign { placeholder(text, at)? } else { None } {
                Some((_, end)) => {
                    after += 1;
                    end
                }
                _ => at + unit.len,
            };
        }
        Ok(None)
    }

    /// The value behind the name of the placeholder at `at`: `$1 = 'T'`, `{"$1":"T"}`, `@p0=N'T'`.
    fn named(&self, text: &Text, at: usize) -> Step<Option<Parameter>> {
        let mut after = match self.own {
            Placeholder::Named { start, end, .. } => {
                let name = &text.window()[start..end];
                if text.at(at)? != name[0] || is_name(text.before(at, 1)) {
                    return Ok(None);
                }
                for (k, byte) in name.iter().enumerate() {
                    if text.at(at + k)? != *byte {
                        return Ok(None);
                    }
                }
                at + name.len()
            }
            // NHibernate numbers them.
            Placeholder::Next if text.at(at)? == b'@' && text.at(at + 1)? == b'p' => {
                match digits(text, at + 2)? {
                    Some((number, end)) if Some(number) == self.before => end,
                    _ => return Ok(None),
                }
            }
            Placeholder::Next => return Ok(None),
        };
        let closer = text.unit(after)?;
        if closer.quote().is_some() {
            after += closer.len;
        }
        let sign = text.unit(text.skip_blanks(after, 0)?)?;
        if !matches!(sign.ch, b'=' | b':') {
            return Ok(None);
        }
        let value = text.skip_blanks(text.skip_blanks(after, 0)? + sign.len, 0)?;
        let string = opening_quote(text, value)?.is_some();
        string.then(|| element(text, value)).transpose()
    }

    /// The value in one of the lines that Hibernate prints, the first of which has its words at `at`.
    fn numbered(&self, text: &Text, at: usize) -> Step<Option<Parameters>> {
        let (mut at, number) = (at, self.before.map_or(0, |before| before + 1));
        while at - self.from < MAX_TEXT && number > 0 {
            if text.unit(at)?.is_newline() {
                let Some(line) = line_below(text, at)? else { break };
                at = line;
            } else if let Some((found, value)) = number_at(text, at)?
                && found == number
            {
                return Ok(Some(Parameters::one(element(text, value)?)));
            } else {
                at += 1;
            }
        }
        Ok(None)
    }

    /// The values in the list whose first element is at `list`. `after` placeholders follow the own one.
    fn in_list(&self, text: &Text, list: List, after: usize) -> Step<Option<Parameters>> {
        let (mut at, mut rows) = (list.at, Parameters::default());
        for row in &mut rows.values {
            let (mut values, mut count) = ([Parameter::default(); MAX_PARAMETERS], 0);
            while count < MAX_PARAMETERS && at - self.from < MAX_TEXT {
                values[count] = element(text, past_gap(text, at)?)?;
                at = values[count].end;
                count += 1;
                if text.at(at)? != b',' {
                    break;
                }
                at += 1;
                // Python's tuples of one element.
                if text.at(at)? == b')' {
                    break;
                }
            }
            let index = match (self.own, self.before) {
                (Placeholder::Named { number: Some(number), .. }, _) => number.checked_sub(1),
                (_, Some(before)) => Some(before),
                _ => count.checked_sub(after + 1),
            };
            *row = index.and_then(|index| values[..count].get(index).copied());
            let next = if list.nested { past(text, at, ")~,~(", 0)? } else { None };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        Ok(Some(rows))
    }
}

/// A list of parameters.
#[derive(Clone, Copy)]
struct List {
    /// Where its first element is.
    at: usize,
    /// Its elements are rows.
    nested: bool,
}

/// The list of parameters that starts at `at`. An `unannounced` one has to follow a bracket.
fn list(text: &Text, at: usize, unannounced: bool) -> Step<Option<List>> {
    // MyBatis prints its values without quotes.
    if !matches!(text.at(at)?, b'[' | b'(' | b'{') {
        let bare = text.at(at)? == b'P' && text.has_word(at, b"parameters: ")?;
        let start = at + b"parameters: ".len();
        let bare = bare && text.at(start)?.is_ascii_alphanumeric();
        return Ok(bare.then_some(List { at: start, nested: false }));
    }
    let gap = (1..=3).find(|k| !is_blank(text.before(at, *k))).unwrap_or(1);
    let before = text.before(at, gap);
    let behind = matches!(before, b':' | b'=' | b'[' | b']');
    if unannounced && before != b']' {
        return Ok(None);
    }
    let mut start = past_gap(text, at + 1)?;
    let nested = text.at(at)? == b'[' && text.at(start)? == b'(';
    if nested {
        start = past_gap(text, start + 1)?;
    }
    // Most brackets in a statement are around names and placeholders.
    let first = text.unit(start)?;
    if matches!(first.ch, b'?' | b'*' | b'_' | b')' | b'a' | b'c'..=b'e' | b'g'..=b'm' | b'o'..=b'q' | b's' | b't' | b'v'..=b'z')
    {
        return Ok(None);
    }
    let first = first.ch;
    let labelled = past_label(text, start)?;
    let found = match text.at(at)? {
        _ if opening_quote(text, labelled)?.is_some() => {
            let string = behind || text.at(at)? == b'[' && gap > 1 && !before.is_ascii_alphabetic();
            labelled > start || string && text.at(at)? != b'{'
        }
        b'{' => false,
        _ => behind && (nested || first.is_ascii_digit() || text.has_word(start, b"none,")?),
    };
    Ok(found.then_some(List { at: start, nested }))
}

/// The element of a list at `at`, which ends before the next comma or closing bracket.
fn element(text: &Text, at: usize) -> Step<Parameter> {
    let start = past_label(text, at)?;
    if let Some(quote) = opening_quote(text, start)?
        && let Some(Target::Value { at, frame, .. }) = open(text, quote, Separator::Spaced, 0)?
    {
        let mut end = at;
        while end - at < MAX_TEXT {
            let unit = text.unit(end)?;
            if unit.is_newline() && unit.len == 0 {
                break;
            }
            end += unit.len;
            if frame.quote.is_some_and(|quote| quote.closed_by(unit).is_some()) {
                return Ok(Parameter { at, frame, end: past_gap(text, end)? });
            }
        }
        return Ok(Parameter { at, frame, end });
    }
    // MyBatis prints the type in brackets behind the value.
    let (mut end, mut depth, mut close) = (start, 0usize, 0);
    while end - start < MAX_TEXT {
        let unit = text.unit(end)?;
        match unit.ch {
            _ if unit.is_newline() => break,
            b',' | b')' | b']' | b'}' if depth == 0 => {
                close = if close == 0 { unit.ch } else { close };
                break;
            }
            b'(' | b'[' | b'{' => {
                close = if close == 0 { unit.ch } else { close };
                depth += 1;
            }
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        end += unit.len;
    }
    Ok(Parameter { at: start, frame: Frame { close, own_quote: true, ..Frame::default() }, end })
}

/// The position after the number of an element at `at`, in a map or an array of PHP: `"1":`, `0 => `.
fn past_label(text: &Text, at: usize) -> Step<usize> {
    let opener = text.unit(at)?;
    let start = at + if opener.quote().is_some() { opener.len } else { 0 };
    let Some((_, end)) = digits(text, start)? else { return Ok(at) };
    let end = end + if start > at { text.unit(end)?.len } else { 0 };
    let arrow = past(text, end, "~=>~", 0)?;
    let colon = if arrow.is_some() { arrow } else { past(text, end, "~:~", 0)? };
    Ok(colon.unwrap_or(at))
}

/// The number of the parameter that is printed on the line with these words at `at`, and the start of its value.
fn number_at(text: &Text, at: usize) -> Step<Option<(usize, usize)>> {
    for (words, between) in NUMBERED {
        if text.has_word(at, words)?
            && let Some((number, end)) = digits(text, at + words.len())?
        {
            return Ok(past(text, end, between, 0)?.map(|value| (number, value)));
        }
    }
    Ok(None)
}

/// The number at `at`, and where it ends.
fn digits(text: &Text, at: usize) -> Step<Option<(usize, usize)>> {
    let (mut end, mut number) = (at, 0);
    while end - at < 3 && text.at(end)?.is_ascii_digit() {
        number = number * 10 + usize::from(text.at(end)? - b'0');
        end += 1;
    }
    Ok((end > at && !is_name(text.at(end)?)).then_some((number, end)))
}

/// The placeholder at `at`, and where it ends.
fn placeholder(text: &Text, at: usize) -> Step<Option<(Placeholder, usize)>> {
    let sign = text.at(at)?;
    if !matches!(sign, b'?' | b'%' | b'$' | b':' | b'@') || text.before(at, 1) == sign {
        return Ok(None);
    }
    let next = text.at(at + 1)?;
    let (start, name) = match sign {
        b'%' if next == b's' => {
            return Ok((!is_name(text.at(at + 2)?)).then_some((Placeholder::Next, at + 2)));
        }
        b'%' if next == b'(' => (at + 2, at + 2),
        b'%' => return Ok(None),
        // Names in the map of parameters have no colon.
        b':' => (at + 1, at + 1),
        _ => (at, at + 1),
    };
    let mut end = name;
    let of_name = |byte: u8| is_name(byte) && byte != b'-';
    while end - name < MAX_PARAMETERS && of_name(text.at(end)?) {
        end += 1;
    }
    if end == name {
        return Ok((sign == b'?').then_some((Placeholder::Next, at + 1)));
    }
    let number = digits(text, name)?.map(|(number, _)| number);
    let named = number.is_some() || sign != b'$' && sign != b'?';
    // The text may end in the middle of `%(name)s`.
    if sign == b'%' && !(text.at(end)? == b')' && is_name(text.at(end + 1)?)) {
        return Ok(None);
    }
    let after = if sign == b'%' { end + 2 } else { end };
    Ok(named.then_some((Placeholder::Named { start, end, number }, after)))
}

/// How many placeholders without a name precede `anchor` in its statement, if all of it is on the line. `None` if nothing
/// there is a part of a statement.
fn placeholders_before(text: &Text, anchor: usize) -> Option<Option<usize>> {
    let mut copy = [0; LOOKBACK];
    let before = text.bytes_before(anchor, 0, &mut copy);
    let line = &before[memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1)..];
    let counted = memchr::memchr2(b'?', b'%', line).is_some();
    let (mut count, mut clause) = (0, false);
    // What is behind the last space is the beginning of the key.
    for part in line.rsplit(|byte| *byte == b' ').skip(1) {
        (0..=part.len() / 8).for_each(|_| reads::count());
        let letters = part.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (rest, word) = part.split_at(part.len() - letters);
        let first = word.first().map_or(b' ', u8::to_ascii_lowercase);
        let is = |other: &&[u8]| other[0] == first && word.eq_ignore_ascii_case(other);
        // A statement in brackets is a part of one.
        if rest.last() != Some(&b'(') && VERBS.iter().any(is) {
            return Some(Some(count));
        }
        // `order by ` ends with a word, too.
        let ends = |clause: &&[u8]| {
            let last = clause.trim_ascii_end().rsplit(|byte| *byte == b' ').next();
            last.is_some_and(|last| is(&last))
        };
        clause = clause || part.ends_with(b")") || letters > 1 && CLAUSES.iter().any(ends);
        if counted {
            count += part.iter().filter(|byte| **byte == b'?').count();
            count += part.windows(2).filter(|two| *two == b"%s").count();
        }
        if count >= MAX_PARAMETERS {
            return None;
        }
    }
    clause.then_some(None)
}

/// Whether the line at `at` goes on with a statement.
fn is_continued(text: &Text, at: usize) -> Step<bool> {
    let start = text.skip_blanks(at, 0)?;
    for clause in CLAUSES {
        if text.has_word(start, clause)? {
            return Ok(true);
        }
    }
    Ok(false)
}
