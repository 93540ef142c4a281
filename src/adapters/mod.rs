//! Adapters: other interfaces to the redactor and the scanner.

#[cfg(feature = "cli")]
pub(crate) mod excerpt;
#[cfg(feature = "cli")]
pub(crate) mod mmexternal;
#[cfg(feature = "cli")]
pub(crate) mod survey;
pub(crate) mod writer;
