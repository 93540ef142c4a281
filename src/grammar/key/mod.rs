//! Keys: `Authorization`, `HTTP_COOKIE`, `"refreshToken"`, and the way from a key to its value.
//!
//! A key is recognised by its last words, so that prefixes (`HTTP_`, `proxy-`, `app.`) need no list. From there to the value
//! leads one walk of a few steps, each of them optional: what closes the brackets and quotes before the key, a few words, a
//! separator, a line's end, a type or constructor, and what opens the value. The same walk serves every rule and every
//! language's way of printing a map; what is particular to a program is a row of [`shapes`].
//!
//! | file | has |
//! |---|---|
//! | `class`, `way` | the words that the others share: what a key's value is, and where |
//! | `known`, `names` | the known names, and which names are keys by them |
//! | `beside` | `code=` and `Signature=`, which another parameter makes keys |
//! | `listed` | the names and patterns that the user gave |
//! | `candidate`, `before` | a key in a text, and what stands before it |
//! | `shapes`, `pattern` | the table of shapes, and the reader of its patterns |
//! | `line`, `types`, `constructor`, `open`, `tag` | the parts of the walk that need no key: line ends and list marks, types, openers, tags |
//! | `value_key`, `value_first` | `name=Cookie value=T`, `"value": "T", "name": "Cookie"` |
//! | `steps`, `separator`, `words`, `walk` | the walk |

mod before;
mod beside;
mod candidate;
mod class;
mod constructor;
mod known;
mod line;
mod line_end;
mod listed;
mod names;
mod open;
mod pattern;
mod separator;
mod shapes;
mod steps;
mod tag;
mod types;
mod value_first;
mod value_key;
mod walk;
mod way;
mod words;

pub(crate) use candidate::Key;
pub(crate) use class::Class;
pub(crate) use line::{continuation, newline, past_index, past_marker};
pub(crate) use listed::{Listed, is_joint};
pub(crate) use names::{Names, classify, is_boundary, strip_letters};
pub(crate) use open::{is_single, open, past_array};
pub(crate) use types::skip_type;
pub(crate) use value_first::{reversed, value_string};
pub(crate) use value_key::value_key;
pub(crate) use way::{Separator, Way, closer};
