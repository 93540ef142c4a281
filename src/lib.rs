//! Blacks out credentials in streams of log bytes.
//!
//! Log bytes go in, the same bytes come out, and where a bearer token, a JWT, a cookie or another credential stood there
//! is `[REDACTED]`. The crate is a library and the `blackbar` command built on it.
//!
//! # Which part to use
//!
//! - [`redact`] for a log that is in memory, by the `default` rules.
//! - [`Redactor`] for bytes that arrive in chunks: `push(chunk, &mut out)`, then `finish(&mut out)`.
//! - [`RedactingWriter`] to put in front of a writer, a logger's for example.
//! - [`Ruleset::builder`] for rules of one's own, [`Config`] for those of a file.
//! - [`Scanner`] to learn where secrets are and leave the bytes alone.
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
//! # How it is built
//!
//! Bytes flow in one direction, and so do the imports: a folder is a layer, and a module imports from its own folder and
//! from those below it in this table.
//!
//! | layer | does | and has no |
//! |---|---|---|
//! | `main.rs` | runs the plan, decides the exit code | knowledge of arguments |
//! | `cli` | turns arguments into a checked plan; one file a subcommand | exit codes |
//! | `bench` | what redaction costs, for `blackbar bench`; uses the library like any program | say in what the others do |
//! | `config` | settings: from files, laid over each other, loaded all or none | arguments |
//! | `adapters` | [`RedactingWriter`]; rsyslog's messages, one line for one; where secrets are, for a report | say in what is a secret |
//! | `stream` | bytes in and out: sources, sinks, the pipeline that joins them, and the pool of threads | mapped memory |
//! | `redact` | spans to output: windows for the scanner, and what stands in a secret's place | I/O, threads |
//! | `scan` | [`Scanner`]: a window in, spans and the number of settled bytes out | I/O, threads, clock, logging |
//! | `rules` | what to look for: built in, the user's own, known values, shapes of lines; chosen and compiled | state |
//! | `anchor` | the prefilter: where a credential may be, many patterns at once | judgement |
//! | `grammar::credential` | recognises a credential there; one file a kind | I/O, state between inputs |
//! | `grammar::key` | names that are keys, and the search from a key to its value | knowledge of kinds |
//! | `grammar::value` | where a value ends, and what it looks like | knowledge of keys |
//! | `grammar::text` | characters under any escape | judgement |
//! | `span`, `error` | the words that the others share | behaviour |
//!
//! The heart is the contract of [`Scanner::scan`]: it is given a window and answers with spans and with how many bytes
//! of the window are *settled*. A settled byte's fate is known and never changes. The rest leads the next window.
//! `Carry` is the only caller, so [`Redactor`], the main thread and the workers cannot differ at a boundary.
//!
//! ## From a key to the end of its value
//!
//! The prefilter finds an anchor, `cookie` for example. `grammar::key` reads the name around it and searches on to the value:
//! past what closes the quotes and brackets before the name, a few words, a separator, a line end, a type. Shapes that are
//! particular to a program are rows of one table. `grammar::credential` judges what the value begins with, and
//! `grammar::value` says where it ends: at the quote or bracket that was opened, written the same way, or at a delimiter.
//!
//! Values stand in containers: a list of pairs, a map of cookies, a list in brackets, an object, lines behind marks. The
//! scanner keeps one stack of those that are open, eight at most. A container says what its elements are, what closes it
//! and how its text is escaped; `scan::element` goes from one element to the next for all of them.
//!
//! What is written plainly (a header, a JSON string, a query, a list of cookies, without an escape) is read by straight
//! loops in `scan::plain`. They take only what the general reader would take, and leave the rest to it. The rule set
//! `Ruleset::portable` does without them, and the tests compare the two on every input they have.
//!
//! ## Threads
//!
//! One thread reads, writes, and scans all that arrives slowly: before a read that could block, everything decided has
//! been written. When input comes so fast that whole segments fill up, segments go to a bounded pool. A worker scans
//! its segment as if it were the start of an input. The results are taken up in order, and each is used only if the
//! scan before it ended fresh, with nothing pending and nothing held. If not (a line longer than a segment, a name
//! whose value is on the next line) the collector throws the result away and scans the segment again from the true
//! state. A wrong guess costs time and cannot cost a secret.
//!
//! ## From outside
//!
//! A run that goes on for months is told things: to stop, and to look at its configuration again. `Control` says them,
//! with a flag and with a pipe that is polled along with the input; handlers of signals, in the command, set the flag and
//! write to the pipe. Told to stop, a run takes what its stream has by then and ends as if that were its end. Told to
//! change rules, it scans line by line until the scan is fresh, and has a new scan go on from there.
//!
//! ## Files
//!
//! A file that is rewritten in place is found once: from then on its directory, the file and the new one beside it are open
//! descriptors, so that nobody who may rename what is on the way can have another file replaced. A log that is followed is
//! a queue of open files: a thread opens whatever takes the log's name, and the run reads one after another. An output is
//! compared with all that the run reads, by device and inode, before it is opened and whenever either may have changed.
//!
//! ## Encodings
//!
//! An input is judged by its first bytes, as few as tell. gzip and zstd are decoded; UTF-16 is scanned as UTF-8, in a form
//! that has room for code units without meaning, and encoded again on its way out. What is neither is passed on as it is,
//! refused if it is known to hide its content, or, where a changed length would damage it, skipped.
//!
//! ## Memory
//!
//! Each segment in flight has one buffer of `Options::segment` bytes and the copied part of its output. There are at
//! most two more in flight than threads. Buffers go round; once warm, nothing of a segment's size is allocated.
//!
//! # Invariants
//!
//! 1. **Chunks do not matter.** The output follows from the input bytes alone. How they are split into reads, the size
//!    of segments and the number of threads change nothing.
//! 2. **Nothing else changes.** Kept and replaced ranges tile the input. What is kept comes out as it was and in order,
//!    be it text or not, with whatever line ends, and with or without a last newline.
//! 3. **Decisions are bounded, secrets are not.** At most [`Ruleset::hold`] bytes wait for a decision. Once it is certain
//!    that a secret has begun, its bytes are dropped as they come, however many.
//! 4. **It fails closed.** No byte is written that was not scanned. After an error or a panic, what was undecided is
//!    dropped; a scan that panicked is [poisoned](Redactor::is_poisoned) for good. Files are never mapped, and never
//!    read a second time.
//! 5. **Structure survives.** Only the bytes of the secret go. Names, schemes, quotes, escapes and separators stay, so
//!    that what parsed before still parses. A number or literal in JSON is replaced by a string, quoted as the text around
//!    it is.
//! 6. **Twice is once.** Redacting redacted output changes nothing. That holds for logs, also damaged ones, and is tested
//!    on them. It cannot hold for every sequence of bytes: what a rule looks back on is bounded, and a replacement is
//!    shorter than the secret.
//! 7. **Time is linear, memory bounded,** for any input. Nothing backtracks; what is looked at twice is bounded by the hold.
//! 8. **No unsafe code** in the library. The command has one constructor, made by a crate for that, which looks at the
//!    standard descriptors before the standard library replaces those that are closed.
//! 9. **No secret in a message.** Errors, `Debug` output and panic reports tell of names, places and sizes, never of
//!    content.
//!
//! # What it stands on
//!
//! `aho-corasick` finds candidates, `regex-automata` recognises credentials, `memchr` finds line ends, `bytes` lets
//! workers and output share a segment's buffer, `crossbeam-channel` is the pool's bounded queue (of many consumers, which
//! the standard library's is not), `rustix` asks about pipes without unsafe code here, `hmac` and `sha2` make pseudonyms,
//! `toml` reads settings, `regex-syntax` takes the patterns in them apart, `globset` and `strsim` match names,
//! `flate2` and `zstd` read rotated logs, `tempfile` holds a file until it can replace another, `serde_json` takes
//! rsyslog's objects apart. The command parses arguments with `clap`, walks directories with `ignore`, draws progress with
//! `indicatif` and handles signals with `signal-hook`.
//! Unix only: files are told apart by device and inode, and pipes are polled.

#![forbid(unsafe_code)]
// What the pipeline alone uses of the layers below it.
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
pub use error::{Error, Name};
pub use grammar::credential::outline::Outline;
pub use redact::redactor::{Redactor, redact};
pub use redact::style::{BadText, Ends, KeepJwt, Key, ShortKey, Style, Styles, Text};
pub use rules::build::{BuildError, Builder, UnknownRule};
pub use rules::custom::CustomRule;
pub use rules::fault::{Fault, Part};
pub use rules::format::{BadFormat, LineFormat, Reading, Secret};
pub use rules::known::Unfit;
pub use rules::rule::{Rule, TokenForm};
pub use rules::ruleset::Ruleset;
pub use scan::scanner::Scanner;
pub use span::{Edge, Quotes, RuleId, Span};

/// The parts of the command that are not part of the library's interface: they change with the command.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod command {
    pub use crate::adapters::excerpt::Excerpt;
    pub use crate::adapters::mmexternal::{MessagePart, MmExternal};
    pub use crate::adapters::survey::{Finding, Findings, Survey};
    pub use crate::error::{is_visible, visible};
    pub use crate::redact::carry::{Carry, Scan};
    pub use crate::redact::mask::Masker;
    pub use crate::redact::sheet::{Pieces, Sheet};
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
