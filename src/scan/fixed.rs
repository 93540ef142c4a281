//! Secrets that start at a known position: fields of line formats, and scheduled secrets.
//!
//! They take precedence. The text before such a position may look like the start of a longer value, which then ends there.

use crate::grammar::credential::authorization;
use crate::grammar::credential::dispatch::begin;
use crate::grammar::key::{Class, Separator};
use crate::grammar::text::lex::{Enc, More, Quote, Step, Text};
use crate::grammar::value::extent::{Flavour, Value};
use crate::grammar::value::frame::Frame;
use crate::grammar::value::placeholder;
use crate::rules::fields::Field;
use crate::rules::secret_field::Reading;
use crate::scan::scanner::{Mode, Next, Scanner};
use crate::scan::scheduled::{Scheduled, ScheduledKind};
use crate::span::{Edge, RuleId, Span};

impl Scanner {
    /// As [`Scanner::advance`], but never past the start of a field that is a secret or of a scheduled secret.
    #[inline(never)]
    pub(super) fn advance_to_fixed(
        &mut self,
        text: &Text,
        at: usize,
        spans: &mut Vec<Span>,
    ) -> Next {
        let secret = match self.mode {
            Mode::Field { .. } => return self.advance(text, at, spans),
            Mode::Value { value, .. } => !value.kept,
            Mode::Match { .. } => true,
            _ => false,
        };
        if let Some(fixed) = self.next_fixed(text, at)
            && fixed.at() == at
            && !secret
        {
            return self.begin_fixed(text, fixed);
        }
        let turn = self.advance(text, at, spans);
        let (Next::Continue(reach) | Next::Suspend(reach)) = turn;
        if matches!(self.mode, Mode::Field { .. }) {
            return turn;
        }
        // A secret that was read runs up to here. A step also passes its closing quote.
        let read = spans.last().map_or(at, |span| span.range.end.max(at));
        match self.next_fixed(text, at) {
            // A field begins in no secret, and not at the quote that closes it. Whether the secret reached the field or
            // ended right before it can be seen only in a window that has both.
            Some(Fixed::Field(field))
                if field.at < reach && (read < field.at || read == field.at && !secret) =>
            {
                self.begin_fixed(text, Fixed::Field(field))
            }
            // The rest of a scheduled secret is secret too.
            Some(Fixed::Scheduled(scheduled))
                if scheduled.start.max(read) < reach.min(scheduled.end) =>
            {
                let start = scheduled.start.max(read);
                self.begin_fixed(text, Fixed::Scheduled(Scheduled { start, ..scheduled }))
            }
            _ => turn,
        }
    }

    /// The first secret with a fixed start at or after `at`.
    pub(super) fn next_fixed(&mut self, text: &Text, at: usize) -> Option<Fixed> {
        let field = self.fields.next(text.window(), at);
        let scheduled = self.schedule.next(at);
        match (field, scheduled) {
            (Some(field), Some(scheduled)) if scheduled.start < field.at => {
                Some(Fixed::Scheduled(scheduled))
            }
            (None, scheduled) => scheduled.map(Fixed::Scheduled),
            (Some(field), _) => Some(Fixed::Field(field)),
        }
    }

    pub(super) fn begin_fixed(&mut self, text: &Text, fixed: Fixed) -> Next {
        match fixed {
            Fixed::Field(field) => self.field(text, field),
            Fixed::Scheduled(Scheduled { start, end, rule, reading }) => {
                self.schedule.start();
                // The current value, or one that begins in the meantime, continues after that secret.
                if let Mode::Value { value, open: false } = self.mode {
                    self.interrupt(value.moved());
                }
                self.mode = match reading {
                    ScheduledKind::Match(tail) => Mode::Match { end, rule, tail, open: false },
                    ScheduledKind::Argument(quote) => {
                        let value = Value::new(Frame::argument(quote), Flavour::Opaque, rule);
                        Mode::Value { value, open: false }
                    }
                    ScheduledKind::Value(flavour) => {
                        let value = Value::new(Frame::default(), flavour, rule);
                        Mode::Value { value, open: false }
                    }
                };
                Next::Continue(start)
            }
        }
    }

    /// Starts the value of a field.
    pub(super) fn field(&mut self, text: &Text, field: Field) -> Next {
        self.stack.clear();
        self.mode = Mode::Search;
        match self.begin_field(text, field) {
            Ok(next) => {
                self.fields.start(field);
                Next::Continue(next)
            }
            Err(More) => Next::Suspend(field.at),
        }
    }

    pub(super) fn begin_field(&mut self, text: &Text, field: Field) -> Step<usize> {
        let at = field.at;
        let Some(opening) = self.fields.opening(field) else { return Ok(at) };
        if self.fields.is_column(field) {
            return self.begin_column(text, field);
        }
        let quote = opening.quoted.then_some(Quote { ch: b'"', enc: Enc::Raw });
        let frame =
            Frame { quote, own_quote: opening.quoted, line: !opening.quoted, ..Frame::default() };
        let class = match opening.secret.reading {
            Reading::Cookies => Class::Cookie,
            Reading::SetCookie => Class::SetCookie,
            Reading::Authorization => Class::Authorization,
            Reading::Whole => {
                let Some(rule) = opening.secret.place else { return Ok(at) };
                return self.begin_whole(text, field, at, rule);
            }
        };
        let start = begin(text, at, class, frame, Separator::Spaced, true)?;
        self.take(text, start)
    }

    /// Starts the value of a field in a column that the log names.
    fn begin_column(&mut self, text: &Text, field: Field) -> Step<usize> {
        let Some(secret) = self.fields.opening(field).map(|opening| opening.secret) else {
            return Ok(field.at);
        };
        let (reading, place) = (secret.reading, secret.place);
        let Some(rule) = place else { return Ok(field.at) };
        match reading {
            Reading::Authorization => {
                let (at, own) = authorization::past_encoded_scheme(text, field.at)?;
                // A scheme without credentials is the whole field.
                let (end, _) = self.fields.reach(field, text.window(), field.at, text.is_end());
                let rule = self.rules.place(own).unwrap_or(rule);
                self.begin_whole(text, field, at.min(end), rule)
            }
            Reading::Cookies | Reading::SetCookie if self.is_kept_cookie(text, field.at) => {
                Ok(field.at)
            }
            _ => self.begin_whole(text, field, field.at, rule),
        }
    }

    /// Starts a value at `at` that is a secret from there to the end of the field.
    fn begin_whole(&mut self, text: &Text, field: Field, at: usize, rule: RuleId) -> Step<usize> {
        let window = text.window();
        let (end, ended) = self.fields.reach(field, window, at, text.is_end());
        if !ended && end - at <= placeholder::MAX {
            return Err(More);
        }
        let stands_for_nothing = end == at || placeholder::is_mark(&window[at..end]);
        let allowed = self.rules.allowed().has_values() && self.is_allowed(text, at, end, ended)?;
        if !(allowed || ended && stands_for_nothing) {
            self.mode = Mode::Field { field, rule, open: false };
        }
        Ok(at)
    }

    /// Reads a field whose whole value is a secret.
    #[inline(never)]
    pub(super) fn whole_field(
        &mut self,
        text: &Text,
        at: usize,
        field: Field,
        rule: RuleId,
        open: bool,
        spans: &mut Vec<Span>,
    ) -> Next {
        let (end, ended) = self.fields.reach(field, text.window(), at, text.is_end());
        let edge = Edge::of(open, ended);
        let report = end > at || edge == Edge::Close;
        if report {
            spans.push(Span { range: at..end, rule, edge, quotes: None });
        }
        if ended {
            self.mode = Mode::Search;
            Next::Continue(end)
        } else {
            self.mode = Mode::Field { field, rule, open: open || report };
            Next::Suspend(end)
        }
    }
}

/// A secret that starts at a known position.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fixed {
    Field(Field),
    Scheduled(Scheduled),
}

impl Fixed {
    fn at(self) -> usize {
        match self {
            Fixed::Field(field) => field.at,
            Fixed::Scheduled(scheduled) => scheduled.start,
        }
    }
}
