//! Credentials: one file per kind.

pub(crate) mod authorization;
pub(crate) mod bearer;
pub(crate) mod cookie;
pub(crate) mod decoded;
pub(crate) mod dispatch;
pub(crate) mod escaped;
mod fold;
pub(crate) mod form;
pub(crate) mod jwt;
pub(crate) mod keyed;
mod keyed_lines;
pub(crate) mod keyed_names;
mod keyed_prose;
mod keyed_source;
mod keyed_values;
pub(crate) mod netscape;
pub(crate) mod no_match;
pub(crate) mod outline;
pub(crate) mod params;
pub(crate) mod pem;
pub(crate) mod preceding;
pub(crate) mod recogniser;
mod record;
mod room;
pub(crate) mod url;
