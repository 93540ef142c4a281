//! Where a value ends, and what kind of value it is.
//!
//! The end of a value depends on how it was opened. A [`Value`] is the state of a value that is being read.
//! [`Value::consume`] advances it over as many windows as the value has. [`Value::head`] runs a copy of it ahead, to
//! see what the value begins with. So the check before a decision and the reading after it always agree about the end.

use crate::grammar::ids::{self, PASSWORD};
use crate::grammar::text::lex::{Enc, Quote, Step, Text, Unit, is_blank};
use crate::grammar::value::base64::{self, is_base64url};
use crate::grammar::value::bytes::{
    BASE64, COOKIE, ENCODED, END, JWT, OPAQUE, PARAM, PEM, PLAIN, TOKEN, Table,
};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::head::{HEAD, Head};
use crate::span::RuleId;

use super::lookahead::{
    ends_entry, ends_map, ends_value, is_captured, is_escaped_by_caret, is_field, is_header,
    is_named_field, is_quoted_pair, is_tag, is_word, quoted_quote, semicolon_follows, starts_jose,
};
pub(crate) use super::lookahead::{is_end_of_message, is_pair, is_wire_end};
use super::next_field::{ends_field, may_separate};
use super::plain::{ENOUGH, are_words, chunk, has_digits, is_wide, plain_run};
pub(crate) use super::plain::{Kind, evident_token, plain_cookie};

/// A plain single quote.
const SINGLE: Quote = Quote { ch: b'\'', enc: Enc::Raw };

/// The grammar of the characters of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Everything up to the closer.
    Opaque,
    /// A token in running text or a header: up to a space, a quote, a bracket, a comma.
    Token,
    /// A token that a query or fragment can follow, so `#` ends it too.
    Param,
    /// A cookie-value of a request: up to a semicolon.
    Cookie,
    /// A cookie-value or attribute of a response, where a comma can precede another cookie.
    SetCookie,
    /// base64url, with dots and tildes between the parts of a JWT.
    Jwt,
    /// base64 with padding.
    Base64,
    /// The lines of a PEM block, with escaped newlines in between.
    Pem,
}

/// A value that is being read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    pub frame: Frame,
    pub flavour: Flavour,
    pub rule: RuleId,
    /// It is not secret, and kept: an attribute, or a parameter.
    pub kept: bool,
    /// The number of open brackets inside the value.
    nest: u16,
    /// The number of dots so far that did not end the value.
    dots: u8,
    /// The number of dots in a JWT of this kind.
    parts: u8,
    /// Whether the value starts like a JWT.
    jose: bool,
    /// How many of the next bytes are known to be plain, because they are part of its head.
    plain: u8,
}

/// One step through a value.
enum Move {
    /// This many bytes belong to the value.
    Content(usize),
    /// The value ends here.
    End(usize),
}

/// The byte that ends a token in SASL's OAUTHBEARER and XOAUTH2 (RFC 7628, section 3.1).
const END_MARK: u8 = 0x01;

/// Whether a sentence may end before `next`.
fn ends_sentence(next: Unit) -> bool {
    is_blank(next.ch) || next.is_newline() || next.len == 0
}

impl Value {
    pub fn new(frame: Frame, flavour: Flavour, rule: RuleId) -> Value {
        Value {
            frame,
            flavour,
            rule,
            kept: false,
            nest: 0,
            dots: 0,
            parts: 0,
            jose: false,
            plain: 0,
        }
    }

    /// A value that is not secret.
    pub fn kept(frame: Frame, flavour: Flavour, rule: RuleId) -> Value {
        Value { kept: true, ..Value::new(frame, flavour, rule) }
    }

    /// The same value, secret or not.
    pub fn keep(self, kept: bool) -> Value {
        Value { kept, ..self }
    }

    /// The same value, continued at another position than where its head was read.
    pub fn moved(self) -> Value {
        Value { plain: 0, ..self }
    }

    /// The same value, with spaces as content.
    pub fn on_line(mut self) -> Value {
        self.frame.line = true;
        self
    }

    /// A JWT after its header, with `parts` dots in all.
    pub fn jwt(rule: RuleId, dots: u8, parts: u8) -> Value {
        let mut value = Value::new(Frame::default(), Flavour::Jwt, rule);
        (value.dots, value.parts) = (dots, parts);
        value
    }

    /// Everything that a quote or bracket encloses, or else a token.
    pub fn enclosed(frame: Frame, rule: RuleId) -> Value {
        let flavour = if frame.is_whole() { Flavour::Opaque } else { Flavour::Token };
        Value::new(frame, flavour, rule)
    }

    /// The meaning of bytes in it.
    #[inline(always)]
    fn table(&self) -> &'static Table {
        let table = match self.flavour {
            Flavour::Opaque => &OPAQUE,
            Flavour::Token => &TOKEN,
            Flavour::Param => &PARAM,
            Flavour::Cookie | Flavour::SetCookie => &COOKIE,
            Flavour::Jwt => &JWT,
            Flavour::Base64 => &BASE64,
            Flavour::Pem => &PEM,
        };
        let bare = matches!(self.flavour, Flavour::Jwt | Flavour::Base64 | Flavour::Pem);
        let encoded = self.frame.level > 0 && !bare;
        if encoded || self.frame.entry { &ENCODED } else { table }
    }

    /// The byte that closes it if unescaped, or else a line feed, which ends every value.
    fn closing_byte(&self) -> u8 {
        match (self.flavour, self.frame.quote) {
            (
                Flavour::Opaque | Flavour::Cookie | Flavour::SetCookie,
                Some(Quote { ch, enc: Enc::Raw }),
            ) => ch,
            _ => b'\n',
        }
    }

    /// Whether the closing quote at `at` may be part of a shell's notation for a quote inside quotes.
    #[inline(always)]
    fn may_continue(&self, window: &[u8], at: usize) -> bool {
        window[at] == b'\''
            && self.frame.own_quote
            && matches!(window.get(at + 1), None | Some(b'\\' | b'"'))
    }

    /// Whether a dot at `at` is inside a token, so that more of the token follows.
    #[inline(always)]
    fn is_inner_dot(&self, window: &[u8], at: usize, table: &Table) -> bool {
        matches!(self.flavour, Flavour::Token | Flavour::Param)
            && window[at] == b'.'
            && window.get(at + 1).is_some_and(|next| table[usize::from(*next)] == PLAIN)
    }

    /// Reads on from `from`. Returns how far the value extends in this window, and whether it ends there.
    pub fn consume(&mut self, text: &Text, from: usize) -> (usize, bool) {
        self.read(text, from, text.window().len())
    }

    /// As [`Value::consume`], but no further than `to`.
    #[inline(always)]
    pub fn read(&mut self, text: &Text, from: usize, to: usize) -> (usize, bool) {
        let window = text.window();
        let table = self.table();
        let closing = self.closing_byte();
        let mut at = to.max(from).min(from + usize::from(std::mem::take(&mut self.plain)));
        loop {
            at = plain_run(&window[..to], at, table);
            if at >= to && to < window.len() {
                return (at, false);
            }
            if let Some(&byte) = window.get(at) {
                if table[usize::from(byte)] == END
                    || byte == closing && !self.may_continue(window, at)
                {
                    return (at, true);
                }
                if self.is_inner_dot(window, at, table) {
                    self.dots = self.dots.saturating_add(1);
                    at += 1;
                    continue;
                }
            }
            let before = *self;
            match self.step(text, at, None) {
                Ok(Move::Content(len)) if at + len <= to => at += len,
                Ok(Move::Content(_)) => {
                    *self = before;
                    return (at, false);
                }
                Ok(Move::End(end)) => return (end, true),
                Err(_) => return (at, false),
            }
        }
    }

    /// As [`Value::consume`], without changing the value.
    pub fn peek(mut self, text: &Text, from: usize) -> (usize, bool) {
        self.consume(text, from)
    }

    /// The start of the value at `at`.
    #[inline]
    pub fn head(&self, text: &Text, at: usize) -> Step<Head> {
        // A long run of plain characters with digits in it is not a placeholder, and most tokens begin with one, so no
        // more has to be read.
        match chunk(text.window(), at) {
            Some(first) if is_wide(self.table()) && are_words(first) && has_digits(first) => {
                Ok(Head::enough(first, at))
            }
            _ => self.whole_head(text, at),
        }
    }

    #[inline(never)]
    fn whole_head(mut self, text: &Text, at: usize) -> Step<Head> {
        let window = text.window();
        let table = self.table();
        let closing = self.closing_byte();
        if let Some(first) = chunk(window, at)
            && has_digits(first)
            && first.iter().all(|byte| table[usize::from(*byte)] == PLAIN)
        {
            return Ok(Head::enough(first, at));
        }
        let mut head = Head::empty(at);
        self.jose = starts_jose(text, at)?;
        loop {
            head.take_plain(window, table);
            if head.len == HEAD {
                return Ok(head);
            }
            let byte = text.at(head.end)?;
            if table[usize::from(byte)] == END
                || byte == closing && !self.may_continue(window, head.end)
            {
                head.complete = true;
                return Ok(head);
            }
            if self.is_inner_dot(window, head.end, table) {
                self.dots = self.dots.saturating_add(1);
                head.push(byte, 1);
                continue;
            }
            let unit = text.unit(head.end)?;
            match self.step(text, head.end, Some(unit))? {
                Move::End(end) => {
                    head.complete = true;
                    head.end = end;
                    return Ok(head);
                }
                Move::Content(len) => head.push(unit.ch, len),
            }
        }
    }

    /// The same value at its start, with what its `head` has shown: whether it is a JWT, and how many plain bytes it
    /// begins with, so that these are not read again.
    #[inline]
    pub fn started(mut self, text: &Text, at: usize, head: &Head) -> Value {
        self.jose = text.window().get(at) == Some(&b'e') && text.window()[at..].starts_with(b"eyJ");
        self.plain = if head.complete || head.len() > ENOUGH { 0 } else { ENOUGH as u8 };
        self
    }

    /// Reads on by one character, which is `unit` if it was decoded already.
    fn step(&mut self, text: &Text, i: usize, unit: Option<Unit>) -> Step<Move> {
        match self.flavour {
            Flavour::Jwt => return self.jwt_step(text, i),
            Flavour::Base64 | Flavour::Pem => {
                let block = self.flavour == Flavour::Pem;
                let len = if block { base64::block(text, i)? } else { base64::run(text, i)? };
                return Ok(if len > 0 { Move::Content(len) } else { Move::End(i) });
            }
            _ => {}
        }
        let unit = unit.map_or_else(|| text.unit(i), Ok)?;
        let frame = &self.frame;
        // 1. What ends every value: a newline, the closer, the end of a wire-log entry.
        if unit.is_newline() && unit.level() <= frame.level && !frame.has_as_content(unit) {
            return Ok(Move::End(i));
        }
        if let Some(quote) = frame.quote
            && let Some(content) = quote.closed_by(unit)
            // An escaped backslash and the closing quote look like an escaped quote in a string whose backslashes were
            // doubled, as in JSON in a Python repr.
            && !(content > 0 && (frame.nested || self.nest > 0))
        {
            if frame.own_quote
                && quote == SINGLE
                && let Some(len) = quoted_quote(text, i)?
            {
                return Ok(Move::Content(len));
            }
            return Ok(Move::End(i + content));
        }
        if self.nest == 0
            && frame.quote.is_some_and(|quote| quote.ch != b'"')
            && is_end_of_message(text, i, unit)?
        {
            return Ok(Move::End(i));
        }
        // A character that cannot be in percent-encoded text ends it.
        if frame.excludes(unit) || frame.element && is_tag(text, i, unit, frame.close)? {
            return Ok(Move::End(i));
        }
        let raw = unit.enc == Enc::Raw || unit.level() > 0 && unit.level() <= frame.level;
        if raw && unit.ch == frame.close && frame.close != 0 && self.nest == 0 {
            // cmd's shell escapes other characters by a caret, too: `ab^%^2Fcd`.
            let query = matches!(self.flavour, Flavour::Token | Flavour::Param);
            if unit.ch == b'^'
                && is_escaped_by_caret(text, i + unit.len)?
                && !(query && text.at(i + unit.len)? == b'&')
            {
                return Ok(Move::Content(unit.len + 1));
            }
            return Ok(Move::End(i));
        }
        if raw && unit.ch == b'[' && is_wire_end(text, i, unit.len)? {
            return Ok(Move::End(i));
        }
        // 2. What ends values with this grammar.
        let end = match self.flavour {
            Flavour::Opaque => unit.enc == Enc::Ansi && self.is_coloured_to(text, i)?,
            Flavour::Token | Flavour::Param => self.ends_token(text, i, unit)?,
            _ => self.ends_cookie(text, i, unit)?,
        };
        let is_token = matches!(self.flavour, Flavour::Token | Flavour::Param);
        if end || ends_field(text, i, unit, frame, is_token)? {
            return Ok(Move::End(i));
        }
        // 3. Content.
        if raw && matches!(self.flavour, Flavour::Opaque | Flavour::Cookie | Flavour::SetCookie) {
            match unit.ch {
                b'{' | b'[' | b'(' => self.nest = self.nest.saturating_add(1),
                b'}' | b']' | b')' => self.nest = self.nest.saturating_sub(1),
                _ => {}
            }
        }
        if unit.ch == b'.' {
            self.dots = self.dots.saturating_add(1);
        }
        Ok(Move::Content(unit.len))
    }

    /// Whether only colour sequences are from `i` to the quote that closes the value.
    fn is_coloured_to(&self, text: &Text, i: usize) -> Step<bool> {
        let end = text.unit(text.skip_ansi(i)?)?;
        Ok(self.frame.quote.is_some_and(|quote| quote.closed_by(end).is_some()))
    }

    /// Whether `unit` ends a token.
    fn ends_token(&self, text: &Text, i: usize, unit: Unit) -> Step<bool> {
        if unit.level() > self.frame.level {
            return Ok(unit.ch == END_MARK && self.flavour == Flavour::Token);
        }
        Ok(match unit.ch {
            b'^' if unit.enc == Enc::Raw => self.is_caret_end(text, i)?,
            // A full stop or colon belongs to the sentence if nothing of the token follows.
            b'?' if self.flavour == Flavour::Param => true,
            // Apache's forensic log: `Authorization:Bearer T|Cookie:sid=T`.
            b'|' => {
                unit.enc == Enc::Raw
                    && (self.frame.bars && is_captured(text, i)
                        || self.is_token_end(text.unit(i + unit.len)?))
            }
            // Commas separate the cookies of a map.
            b'&' if self.rule == ids::COOKIE && self.frame.close != 0 && unit.enc == Enc::Raw => {
                false
            }
            // A password outside a query may contain an ampersand.
            b'&' if self.rule == PASSWORD && self.flavour == Flavour::Token => {
                let next = text.unit(i + unit.len)?;
                next.ch == b'&'
                    || self.is_token_end(next)
                    || is_pair(text, i + unit.len, false, self.frame.level)?
            }
            // An encoded space in a query, unless base64 continues.
            b'+' if self.frame.plus && unit.enc == Enc::Raw => is_word(text, i + unit.len)?,
            b'.' | b':' | b'!' | b'?' if unit.enc == Enc::Raw || unit.level() > 0 => {
                let mut end = i + unit.len;
                let mut next = text.unit(end)?;
                while end - i < 8 && matches!(next.ch, b'.' | b':' | b'!' | b'?') {
                    end += next.len;
                    next = text.unit(end)?;
                }
                // These marks end a sentence, and are the end of a password before the next parameter.
                let mark = matches!(unit.ch, b'!' | b'?');
                if mark && self.rule == PASSWORD && !ends_sentence(next) {
                    return Ok(false);
                }
                // Tools that capture packets print a line end as two dots.
                let last = !matches!(next.ch, b'.' | b':' | b'!' | b'?')
                    && (self.is_token_end(next)
                        || end == i + 2 && unit.ch == b'.' && is_header(text, end)?);
                // `header.payload.` with `alg` none: the dot belongs to the token.
                last && !(self.jose && self.dots == 1 && unit.ch == b'.' && end == i + 1)
            }
            _ => self.is_token_end(unit),
        })
    }

    /// Whether a caret at `i` is not part of the token: `^A` is how SASL's end mark is displayed, cmd escapes a quote as
    /// `^"`, and in LEEF the next field may follow.
    fn is_caret_end(&self, text: &Text, i: usize) -> Step<bool> {
        let next = text.unit(i + 1)?;
        if next.ch != b'A' {
            return Ok(next.ch == b'&'
                || next.quote().is_some()
                || is_pair(text, i + 1, false, 0)?);
        }
        let after = text.unit(i + 2)?;
        Ok(after.ch == b'^' || self.is_token_end(after) || is_pair(text, i + 2, false, 0)?)
    }

    fn is_token_end(&self, unit: Unit) -> bool {
        if unit.level() > self.frame.level {
            return false;
        }
        match unit.ch {
            0..=b' ' | 0x7f.. => true,
            b'"' | b'\'' | b'`' | b',' | b';' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'{'
            | b'}' | b'&' => true,
            // A backslash that is not part of a known escape.
            b'\\' => true,
            b'#' | b'?' => self.flavour == Flavour::Param,
            b'+' => self.frame.plus && unit.enc == Enc::Raw,
            _ => false,
        }
    }

    /// Whether `unit` ends a cookie-value, or an attribute of a cookie.
    fn ends_cookie(&self, text: &Text, i: usize, unit: Unit) -> Step<bool> {
        let frame = &self.frame;
        if unit.level() > frame.level {
            return Ok(false);
        }
        if frame.entry {
            return Ok(is_blank(unit.ch) && ends_entry(text, i)?);
        }
        let open = frame.quote.is_none();
        Ok(match unit.ch {
            b';' => true,
            // The end of a connection string, and of the statement.
            b'"' | b'\'' if open && self.rule == PASSWORD && text.at(i + unit.len)? == b';' => {
                text.unit(i + unit.len + 1)?.is_newline()
            }
            0x1b => unit.enc == Enc::Ansi,
            b'|' if open && unit.enc == Enc::Raw => {
                frame.bars || is_header(text, i + unit.len)? && may_separate(text, i)
            }
            b',' if self.nest == 0 => {
                let list = frame.close == b']' && !frame.line;
                // JavaScript joins the values of a list without spaces. A cookie-value may contain such a comma.
                let spaced = !(self.kept && self.flavour == Flavour::SetCookie);
                is_pair(text, i + unit.len, spaced, frame.level)?
                    || list && is_quoted_pair(text, i + unit.len)?
                    || open
                        && !(frame.line && frame.close == 0)
                        && is_field(text, i + unit.len, frame.level)?
            }
            // The end of a map that was opened further back than the scan can see.
            b']' | b'}' | b')' if open && !frame.line && self.nest == 0 => {
                ends_map(text, i + unit.len, frame)?
            }
            b' ' | b'\t' if unit.enc != Enc::Ansi => {
                // Go prints a map of strings as `map[Cookie:sid=T; theme=T Host:h]`.
                let field = open && matches!(frame.close, b']' | b'}') && self.nest == 0;
                if frame.close == b'>' || field && is_named_field(text, i, frame.level)? {
                    true
                } else if frame.close == b']'
                    && (self.flavour == Flavour::SetCookie || !frame.line)
                    && is_pair(text, i + unit.len, false, frame.level)?
                {
                    // Go prints the values of a list with spaces between them.
                    true
                } else if self.nest == 0 && ends_value(text, i, frame.close)?
                    || open && frame.line && ends_entry(text, i)?
                {
                    true
                } else if open && frame.close == 0 && !frame.line {
                    !semicolon_follows(text, i + unit.len)?
                } else {
                    frame.pairs
                        && (is_pair(text, i + unit.len, false, frame.level)?
                            || is_named_field(text, i, frame.level)?)
                }
            }
            b'"' | b'\'' | b'`' if open && self.nest == 0 => {
                // The quote around the whole text, which was opened further back than the scan can see.
                let next = text.unit(i + unit.len)?;
                next.is_newline()
                    || next.enc == Enc::Ansi
                    || matches!(next.ch, b',' | b')' | b']' | b'}' | b'>' | b' ' | b'\t')
            }
            b'<' if open => text.unit(i + unit.len)?.ch == b'/',
            _ => false,
        })
    }

    /// Reads a JWT at `i`, at a character that is not base64url.
    fn jwt_step(&mut self, text: &Text, i: usize) -> Step<Move> {
        match text.at(i)? {
            byte if is_base64url(byte) => Ok(Move::Content(1)),
            b'.' if self.dots < self.parts => {
                let next = text.at(i + 1)?;
                let empty = self.dots == 0 || self.parts == 4;
                let goes_on = is_base64url(next)
                    || (next == b'.' && empty && is_base64url(text.at(i + 2)?))
                    // `alg` none: an empty last part.
                    || (self.dots + 1 == self.parts && self.parts == 2 && next != b'.');
                if goes_on {
                    self.dots += 1;
                    Ok(Move::Content(1))
                } else {
                    Ok(Move::End(i))
                }
            }
            // The disclosures of an SD-JWT, and the key-binding JWT after them.
            b'~' if self.dots == self.parts => {
                let next = text.at(i + 1)?;
                if next == b'e' {
                    self.parts = self.dots.saturating_add(2);
                }
                Ok(Move::Content(1))
            }
            _ => Ok(Move::End(i)),
        }
    }
}
