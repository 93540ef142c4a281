//! Keys: `Authorization`, `HTTP_COOKIE`, `"refreshToken"`, and the way from a key to its
//! value.
//!
//! A key is recognised by its last words, so that prefixes (`HTTP_`, `proxy-`, `app.`)
//! need no list. Then one reading of closers, separators and openers serves every rule and
//! every language's way of printing a map.

mod candidate;
mod names;
mod tag;
mod value_first;
mod walk;
mod way;

pub(crate) use candidate::Key;
pub(crate) use names::{Class, Names, classify, is_boundary, strip_letters};
pub(crate) use value_first::{reversed, value_key, value_string};
pub(crate) use way::{
    Separator, Way, continuation, is_single, newline, open, past_array, past_index, past_marker,
    skip_type,
};
