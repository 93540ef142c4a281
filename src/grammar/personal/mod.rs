//! Personal data by its form: e-mail addresses, payment cards, IBANs, US social security numbers, IP addresses and phone
//! numbers.
//!
//! These may stand anywhere in a text, without a name before them, so they are not found from the anchors of keys. [`search`]
//! makes one pass over the window, stops at the few bytes that each form has (`@`, `+`, `:`, the first digit of a number),
//! and asks the form's file. Each of these decides from the line alone; what it cannot decide yet is held back.

pub(crate) mod address;
mod context;
mod email;
mod iban;
mod number;
mod phone;
pub(crate) mod search;
