//! Redacts credentials in streams of log bytes.
//!
//! Log bytes go in, and the same bytes come out, with `[REDACTED]` in place of each bearer token, JWT, cookie or other
//! credential. The crate is a library, and the `blackbar` command is built on it.
//!
//! # Which part to use
//!
//! - [`redact`] redacts a log in memory, by the `default` rules.
//! - [`Redactor`] redacts bytes that arrive in chunks: `push(chunk, &mut out)`, then `finish(&mut out)`.
//! - [`RedactingWriter`] wraps a writer, for example that of a logger.
//! - [`Ruleset::builder`] selects rules and adds custom ones. [`Config`] reads them from a file.
//! - [`Scanner`] reports where secrets are, and leaves the bytes alone.
//!
//! ```
//! use blackbar::{Redactor, Ruleset};
//!
//! let mut redactor = Redactor::new(&Ruleset::standard());
//! let mut out = Vec::new();
//! redactor.push(b"GET / Authorization: Bearer abcdefghijklmnop0123456789\n", &mut out);
//! redactor.finish(&mut out);
//! assert_eq!(out, b"GET / Authorization: Bearer [REDACTED]\n");
//! ```
//!
//! # Architecture
//!
//! Bytes flow in one direction, and so do imports. Each folder is a layer. A module imports only from its own folder
//! and from the folders below it in this table. `tests/architecture.rs` checks that.
//!
//! | layer | does | does not |
//! |---|---|---|
//! | `main.rs` | runs the command and decides the exit code | parse arguments |
//! | `cli` | turns arguments into a checked plan; one file per subcommand | choose exit codes |
//! | `bench` | measures what redaction costs, for `blackbar bench`; uses the library as any program would | affect the other layers |
//! | `config` | reads settings from files, merges them, and loads all of them or none | parse arguments |
//! | `adapters` | [`RedactingWriter`]; the protocol of rsyslog's `mmexternal`; the positions of secrets, for reports | decide what is a secret |
//! | `stream` | reads and writes bytes: sources, sinks, the pipeline between them, and the thread pool | map files into memory |
//! | `redact` | turns spans into output: windows for the scanner, and replacements | do I/O, use threads |
//! | `scan` | [`Scanner`]: takes a window, returns spans and the number of settled bytes | do I/O, use threads or a clock, log |
//! | `rules` | the rules: built-in and custom ones, known values, line formats; selected and compiled | keep state |
//! | `anchor` | the prefilter: finds where a credential may be, with many patterns at once | decide |
//! | `grammar::personal` | finds personal data by its form; one file per kind | know names of keys |
//! | `grammar::credential` | recognises a credential there; one file per kind | do I/O, keep state between inputs |
//! | `grammar::key` | names that are keys, and the search from a key to its value | know kinds of credentials |
//! | `grammar::value` | where a value ends, and what it looks like | know keys |
//! | `grammar::text` | decodes characters under any escape | decide |
//! | `span`, `error` | types that the other layers share | do anything |
//!
//! Two files stand beside the layers: `open.rs` opens files without waiting for another process, and `startup.rs` makes the
//! settings of the process, before anything else. `guide` has the pages of the documentation.
//!
//! The most important contract is that of [`Scanner::scan`]. It takes a window, and returns spans and the number of
//! bytes of the window that are *settled*. The decision on a settled byte is final. The other bytes become the start of
//! the next window. Only `Carry` calls it, so [`Redactor`], the main thread and the workers behave in the same way at a
//! boundary.
//!
//! ## From a key to the end of its value
//!
//! The prefilter finds an anchor, for example `cookie`. `grammar::key` reads the name around the anchor and searches
//! for the value. It skips the closing quotes and brackets of the name, a few words, a separator, a newline, and a
//! type. Notations that are particular to a program are rows of one table, `grammar/key/shapes.rs`.
//! `grammar::credential` checks what the value begins with. `grammar::value` finds its end: the closing quote or
//! bracket, escaped in the same way as the opening one, or a delimiter.
//!
//! For a cookie, `credential/cookie/pairs.rs` reads the name of a pair, and `next_pair` returns a value of the flavour
//! `Cookie`. Where that value ends is in one function, `ends_cookie` in `value/extent.rs`. A new notation for a key and
//! its value is a row in `key/shapes.rs`. A new bracket around values is an arm in `key/open.rs`.
//!
//! Values are in containers: a list of pairs, a map of cookies, a list in brackets, an object, lines with list marks.
//! The scanner keeps one stack of open containers, at most eight. A container knows what its elements are, what closes
//! it, and how its text is escaped. `scan::element` steps from one element to the next in all of them.
//!
//! Text without escapes (a header, a JSON string, a query, a list of cookies) is read by straight loops in
//! `scan::plain`. They accept only what the general reader would accept, and leave the rest to it. The rule set
//! `Ruleset::portable` does not use them, and the tests compare the two on all of their inputs.
//!
//! ## Threads
//!
//! One thread reads, writes, and scans input that arrives slowly. It writes everything that is decided before a read
//! that could block. When input arrives so fast that whole segments fill up, the segments go to a bounded pool. A
//! worker scans its segment as if it were the start of an input. The results are collected in order. A result is used
//! only if the scan before it ended fresh, with nothing pending and nothing held. Otherwise (a line is longer than a
//! segment, or a key has its value on the next line) the collector discards the result and scans the segment again from
//! the true state. A wrong assumption costs time, but it never leaks a secret.
//!
//! ## Requests to a running pipeline
//!
//! A run that takes months may be asked to stop, or to read its configuration again. `Control` holds a flag for each
//! request, and a pipe that is polled together with the input. The command's signal handlers set the flag and write to
//! the pipe. When a run is asked to stop, it reads what its stream has by then, and treats that as the end of the
//! input. When it is asked to change rules, it scans line by line until the scan is fresh, and continues there with a
//! new scan.
//!
//! ## Files
//!
//! The path of a file that is rewritten in place is resolved once. From then on its directory, the file and the new
//! file are open descriptors, so nobody who may rename a part of the path can make it replace another file. A log that
//! is followed is a queue of open files: one thread opens every file that takes the log's name, and the run reads them
//! one after another. An output is compared with all inputs, by device and inode, before it is opened and whenever
//! either may have changed.
//!
//! ## Encodings
//!
//! The type of an input is recognised by its first bytes, as few as possible. gzip and zstd are decompressed. UTF-16 is
//! converted to UTF-8 for the scan, in an extended form that can represent invalid code units, and converted back in
//! the output. Anything else is passed on unchanged, refused if it is known to hide its content, or skipped where a
//! changed length would damage it.
//!
//! ## Memory
//!
//! Each segment in flight has one buffer of `Options::segment` bytes, and the copied part of its output. There are at
//! most two more segments in flight than threads. Buffers are reused; once warm, nothing of a segment's size is
//! allocated.
//!
//! # Invariants
//!
//! 1. **Chunks do not matter.** The output depends on the input bytes alone. How they are split into reads, the size of
//!    segments and the number of threads make no difference.
//! 2. **Nothing else changes.** Kept and replaced ranges tile the input. Kept bytes come out unchanged and in order,
//!    whether they are text or not, with any line endings, and with or without a final newline.
//! 3. **Decisions are bounded, secrets are not.** At most [`Ruleset::hold`] bytes wait for a decision. Once a secret is
//!    certain, its bytes are dropped as they arrive, however many there are.
//! 4. **It fails closed.** No byte is written that was not scanned. After an error or a panic, undecided bytes are
//!    dropped, and a scan that panicked stays [poisoned](Redactor::is_poisoned). Files are never mapped, and never read
//!    twice.
//! 5. **Structure survives.** Only the bytes of the secret are replaced. Names, schemes, quotes, escapes and separators
//!    stay, so text that parsed before still parses. A secret number or literal in JSON is replaced by a string, with
//!    the quotes escaped as in the text around it.
//! 6. **Redaction is idempotent.** Redacting redacted output changes nothing. This holds for logs, including damaged
//!    ones, and is tested on them. It cannot hold for every sequence of bytes, because a rule looks back only a bounded
//!    distance, and a replacement is shorter than its secret and has other characters in it. For example,
//!    `"Cookie","value":"<token>AAAAAAAAAAAAAA==\5` looks like an assignment, and no longer once its end is replaced.
//! 7. **Time is linear and memory is bounded** for any input. Nothing backtracks, and text is read twice only within
//!    the hold bound.
//! 8. **No unsafe code** in the library. The command has one constructor, generated by a crate, which checks the
//!    standard descriptors before the standard library replaces closed ones.
//! 9. **No secrets in messages.** Errors, `Debug` output and panic messages contain names, positions and sizes, but no
//!    content.
//!
//! # Dependencies
//!
//! `aho-corasick` finds candidates, `regex-automata` recognises credentials, and `memchr` finds newlines. `bytes` lets
//! workers and output share a segment's buffer. `hmac` and `sha2` compute pseudonyms. `regex-syntax` parses custom
//! patterns, and `strsim` suggests names. For the settings, `toml` parses files, `globset` matches names, and `rustix`
//! opens files without blocking.
//!
//! The command uses `crossbeam-channel` for the pool's bounded queue (the standard library's has only one consumer),
//! `rustix` for system calls without unsafe code here, `flate2` and `zstd` for compressed logs, `tempfile` for files
//! that replace others, and `serde_json` for rsyslog's objects. It parses arguments with `clap`, walks directories with
//! `ignore`, draws progress with `indicatif`, and handles signals with `signal-hook`.
//!
//! Unix only: files are identified by device and inode, and pipes are polled.

#![forbid(unsafe_code)]
// Without the command, some code of the lower layers has no caller.
#![cfg_attr(not(feature = "cli"), allow(dead_code))]

mod adapters;
mod anchor;
#[cfg(feature = "config")]
mod config;
mod error;
mod grammar;
pub mod guide;
#[cfg(feature = "config")]
mod open;
mod redact;
mod rules;
mod scan;
mod span;
#[cfg(feature = "cli")]
mod stream;

pub use adapters::writer::RedactingWriter;
#[cfg(feature = "config")]
pub use config::{Config, List, Loaded, Origin, Problem, RuleStyle, RuleText, Setting, StyleKind};
#[cfg(feature = "cli")]
#[doc(hidden)]
pub use error::Error;
pub use error::Name;
pub use grammar::credential::outline::Outline;
pub use redact::redactor::{Redactor, redact};
pub use redact::style::{BadText, Ends, KeepJwt, Key, ShortKey, Style, Styles, Text};
pub use rules::build::{BuildError, Builder};
pub use rules::custom::CustomRule;
pub use rules::fault::{Fault, Part};
pub use rules::format::{BadFormat, LineFormat};
pub use rules::known::Unfit;
pub use rules::rule::{Rule, TokenForm};
pub use rules::ruleset::Ruleset;
pub use rules::secret_field::{Reading, SecretField};
pub use rules::suggest::UnknownRule;
pub use scan::scanner::Scanner;
pub use span::{Edge, Quotes, RuleId, Span};

/// Used by the command only. These items are not part of the library's interface and may change in any release.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod command {
    pub use crate::adapters::excerpt::Excerpt;
    pub use crate::adapters::mmexternal::{MessagePart, MmExternal};
    pub use crate::adapters::survey::{Finding, Findings, Survey};
    pub use crate::error::{is_visible, reason, visible};
    pub use crate::redact::carry::{Carry, Scan};
    pub use crate::redact::destination::{Destination, Pieces};
    pub use crate::redact::mask::Masker;
    pub use crate::rules::suggest::nearest;
    pub use crate::stream::compressed::Format;
    pub use crate::stream::content::Accept;
    pub use crate::stream::control::Control;
    pub use crate::stream::file_input::FileInput;
    pub use crate::stream::follow::{Follow, Followed};
    pub use crate::stream::inplace::{InPlace, NewFile, Replacing};
    pub use crate::stream::input::Input;
    pub use crate::stream::pipeline::{Options, Pipeline};
    pub use crate::stream::sink::{FileOutput, Output, Sink};
    pub use crate::stream::source::{Opening, Source};
    pub use crate::stream::standard::Standard;
    pub use crate::stream::stats::{Counters, Stats};
    pub use crate::stream::sys::{FileId, widen_pipe};
}
