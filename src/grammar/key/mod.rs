//! Keys (`Authorization`, `HTTP_COOKIE`, `"refreshToken"`) and the search for a key's value.
//!
//! A key is recognised by its last words, so that prefixes (`HTTP_`, `proxy-`, `app.`) need no list. From the key's end,
//! [`Key::find_value`] reads on in a few steps, each of them optional: the closing brackets and quotes of the key, a few
//! words, a separator, a newline, a type or constructor, and what opens the value. The same steps serve every rule and
//! every language's notation for a map. Notations that are particular to a program are rows of [`shapes`].
//!
//! | file | contents |
//! |---|---|
//! | `class`, `target` | what kind of value a key has, and where the value is |
//! | `known`, `names` | the known names, and which names are keys because of them |
//! | `query` | `code=` and `Signature=`, which are keys only next to certain other parameters |
//! | `cookie_field` | names that describe a cookie: attributes, settings, members of objects |
//! | `border` | the lines of a box |
//! | `columns`, `tuples` | names at the head of a table's columns, and before the rows of SQL |
//! | `aligned` | names at the head of columns that start below them |
//! | `bound` | values among the parameters of a statement, which has placeholders for them |
//! | `listed` | names and patterns given by the user |
//! | `candidate`, `before` | a key in a text, and what precedes it |
//! | `shapes`, `wrappers` | the tables of notations, and of the constructors and types around values |
//! | `pattern`, `shape_index` | the reader of their patterns, and which of them may match |
//! | `log_prefix` | what a logger repeats in front of each line |
//! | `line`, `line_end`, `types`, `constructor`, `object`, `open`, `printed_array`, `tag` | steps that do not depend on the key: newlines and list marks, types, members of objects, openers, tags |
//! | `below`, `running_text` | values on the lines below a key, and values that only their look identifies |
//! | `change` | an old value and the arrow to the new one |
//! | `value_member`, `reversed` | `name=Cookie value=T`, `"value": "T", "name": "Cookie"` |
//! | `cursor`, `separator`, `words`, `find_value` | the search itself |

mod aligned;
mod before;
mod below;
mod border;
mod bound;
mod candidate;
mod change;
mod class;
mod columns;
mod constructor;
mod cookie_field;
mod cursor;
mod find_value;
mod known;
mod line;
mod line_end;
mod listed;
mod log_prefix;
mod names;
mod object;
mod open;
mod pattern;
mod printed_array;
mod query;
mod reversed;
mod running_text;
mod separator;
mod shape_index;
mod shapes;
mod tag;
mod target;
mod tuples;
mod types;
mod value_member;
mod words;
mod wrappers;

pub(crate) use aligned::ALIGNED;
pub(crate) use border::{BAR_LEN, BOX, past_border, past_branch};
pub(crate) use bound::{Parameter, Parameters};
pub(crate) use candidate::Key;
pub(crate) use change::{is_changed_at, past_arrow, past_first_side, past_side};
pub(crate) use class::Class;
pub(crate) use columns::Columns;
pub(crate) use cookie_field::{
    FIRST, FLAG, Form, MEMBER, SETTING, VALUE, bare_end, describes_cookie, field,
    is_attribute_name, is_one_of, member_len, member_name, past_visibility,
};
pub(crate) use line::{continuation, past_fold, past_index, past_marker};
pub(crate) use line_end::newline;
pub(crate) use listed::{Listed, is_joint};
pub(crate) use log_prefix::{
    first_in_brackets, line_below, line_in_brackets, past_log_prefix, past_unit,
};
pub(crate) use names::{Names, classify, is_boundary, is_part_of_key, strip_letters};
pub(crate) use open::{is_single, open, past_hash_scheme};
pub(crate) use printed_array::{past_array, printed_array};
pub(crate) use query::{CodeStart, code_start};
pub(crate) use reversed::{reversed, value_string};
pub(crate) use tag::past_tag;
pub(crate) use target::{Separator, Target, closer};
pub(crate) use tuples::{past_gap, past_literal};
pub(crate) use types::{opening_quote, skip_type};
pub(crate) use value_member::{value_behind, value_key};
