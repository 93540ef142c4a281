//! Cookies (RFC 6265): `Cookie` and `Set-Cookie` values, and maps of cookies.

mod attribute;
mod attributed;
mod described;
mod jar;
mod keyless;
mod map;
mod markup;
mod pairs;
mod value;

pub(crate) use attribute::plain_attribute;
pub(crate) use attributed::{attributed, attributed_value};
pub(crate) use described::{has_description, is_described, starts_description};
pub(crate) use jar::{is_list, jar, jar_in_value, lines, map, objects};
pub(crate) use keyless::{captured, described, kept_cookie, keyless, keyless_value, received};
pub(crate) use map::{next_entry, on_line};
pub(crate) use markup::{elements, next_child};
pub(crate) use pairs::next_pair;
pub(crate) use value::{begin, entry, option};
