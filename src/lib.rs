//! Blacks out credentials in streams of log bytes.
//!
//! Log bytes go in, the same bytes come out, and where a bearer token, a JWT, a cookie or another credential stood there
//! is `[REDACTED]`. The crate is a library and the `blackbar` command built on it.
//!
//! # Which part to use
//!
//! - [`Redactor`] for bytes that arrive in chunks: `push(chunk, &mut out)`, then `finish(&mut out)`.
//! - [`RedactingWriter`] to put in front of a writer, a logger's for example.
//! - [`Pipeline`] to redact files and pipes at full speed, with threads. This is what the command runs.
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
//! Bytes flow in one direction, and each module imports only from those below it in this table:
//!
//! | module | does | and has no |
//! |---|---|---|
//! | `main.rs` | runs the plan, decides the exit code | knowledge of arguments |
//! | `cli` | turns arguments into a checked plan; one file a subcommand | exit codes |
//! | `measure` | what redaction costs, for `blackbar bench`; uses the library like any program | say in what the others do |
//! | `pipeline` | joins a source, the scan and a sink; alone decides whose scan counts | knowledge of files or rules |
//! | `mmexternal` | answers rsyslog's messages, one line for one | say in what is a secret |
//! | `survey` | where secrets are, for a report; reads and does not write | threads; bytes of a secret |
//! | `pool` | scans segments on threads ahead of their turn, results in order | I/O; a say in what is written |
//! | `source` | reads stdin and files, cuts them into segments | scanning; mapped memory |
//! | `sink` | writes pieces at once, with `writev` | buffer |
//! | `follow` | a log that grows, through rotation | scanning |
//! | `inplace` | puts a redacted file in the place of the original, all at once | redaction |
//! | `compressed` | gzip and zstd, by content | files' names, but for new ones |
//! | `writer` | [`RedactingWriter`] | threads |
//! | `config` | settings: from files, laid over each other, put in force all or none | arguments |
//! | `redactor` | [`Redactor`], the facade | I/O, threads |
//! | `carry` | presents windows to the scanner, holds what it has not decided on | I/O, threads |
//! | `stats` | adds up what was written | clock; I/O |
//! | `mask` | turns spans into output, and where that goes | scanning |
//! | `replacement` | what one secret becomes while its bytes pass; alone knows what a replacement looks like | copy of a secret |
//! | `unescape` | a secret's logical characters, so that a pseudonym does not depend on how it was written | judgement |
//! | `style` | what the user may want in a secret's place; keys | output |
//! | `scan` | [`Scanner`]: a window in, spans and the number of settled bytes out | I/O, threads, clock, logging |
//! | `known` | finds values that the user gave, beside the rules | judgement |
//! | `rules` | [`Ruleset`]: what to look for, chosen and compiled | state |
//! | `custom` | rules of the user's own, and what their patterns must be like | scanning |
//! | `fields` | shapes of lines, and the place of a scan in them | judgement of values |
//! | `promise` | secrets that are certain and have not come yet | judgement |
//! | `anchor` | finds where a credential may be, many patterns at once | judgement |
//! | `grammar` | recognises a credential there; one file a kind, and the lexing they share | I/O, state between inputs |
//! | `control` | tells a run to stop, or to change its rules at a line's end | signals |
//! | `sys` | the few system calls that the standard library lacks | policy |
//! | `span`, `error` | the words that the others share | behaviour |
//!
//! The heart is the contract of [`Scanner::scan`]: it is given a window and answers with spans and with how many bytes
//! of the window are *settled*. A settled byte's fate is known and never changes. The rest leads the next window.
//! [`Carry`] is the only caller, so [`Redactor`], the main thread and the workers cannot differ at a boundary.
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
//! A run that goes on for months is told things: to stop, and to look at its configuration again. [`Control`] says them,
//! with a flag and with a pipe that is polled along with the input; handlers of signals, in the command, set the flag and
//! write to the pipe. Told to stop, a run takes what its stream has by then and ends as if that were its end. Told to
//! change rules, it scans line by line until the scan is fresh, and has a new scan go on from there.
//!
//! ## Memory
//!
//! Each segment in flight has one buffer of [`Options::segment`] bytes and the copied part of its output. There are at
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
//!    that what parsed before still parses.
//! 6. **Twice is once.** Redacting redacted output changes nothing. That holds for logs, also damaged ones, and is tested
//!    on them. It cannot hold for every sequence of bytes: what a rule looks back on is bounded, and a replacement is
//!    shorter than the secret.
//! 7. **Time is linear, memory bounded,** for any input. Nothing backtracks; what is looked at twice is bounded by the hold.
//! 8. **No unsafe code.**
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

mod anchor;
mod carry;
mod compressed;
mod config;
mod control;
mod custom;
mod error;
mod fields;
mod follow;
mod grammar;
mod inplace;
mod known;
mod mask;
mod mmexternal;
mod pipeline;
mod pool;
mod promise;
mod redactor;
mod replacement;
mod rules;
mod scan;
mod sink;
mod source;
mod span;
mod stats;
mod style;
mod survey;
mod sys;
mod unescape;
mod writer;

pub use carry::{Carry, Scan};
pub use compressed::Format;
pub use config::{Config, List, Loaded, Origin, Problem, RuleStyle, Setting, StyleKind};
pub use control::Control;
pub use custom::{CustomRule, Fault, Outline, Part};
pub use error::{Error, Name};
pub use fields::{BadFormat, LineFormat, Reading, Secret};
pub use follow::{Follow, Followed};
pub use inplace::InPlace;
pub use known::Unfit;
pub use mask::{Masker, Pieces, Sheet};
pub use mmexternal::{MessagePart, MmExternal};
pub use pipeline::{Options, Pipeline};
pub use redactor::Redactor;
pub use rules::{BuildError, Builder, Rule, Ruleset, UnknownRule};
pub use scan::Scanner;
pub use sink::{FileOutput, Output, Sink};
pub use source::{FileInput, Input, Source};
pub use span::{Edge, RuleId, Span};
pub use stats::{Counters, Stats};
pub use style::{BadText, Key, ShortKey, Style, Styles, Text};
pub use survey::{Finding, Survey};
pub use sys::{FileId, widen_pipe};
pub use writer::RedactingWriter;
