//! What rsyslog's module `mmexternal` speaks: a message a line comes in, and for each, in order and at once, a JSON object
//! goes out that has the properties to change and their new values.
//!
//! Each message is an input of its own: what is pending at its end ends with it. An object that changes nothing is `{}`.
//! rsyslog waits for the answer to a message before it sends the next, and takes whatever line comes for that answer. So
//! there is exactly one line for each, also for one that could not be judged: then what it says is withheld.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::panic::{self, AssertUnwindSafe};
use std::str::FromStr;

use serde_json::value::RawValue;

use crate::error::Error;
use crate::redact::carry::{Carry, Scan};
use crate::stream::control::Control;
use crate::stream::input::Input;
use crate::stream::sink::{Output, Sink};
use crate::stream::source::Source;

/// The longest message that is looked at, in bytes. rsyslog's own limit is 8 KiB unless it is raised.
const MESSAGE_MAX: usize = 16 * 1024 * 1024;

/// How much is read at once. One message waits at a time.
const READ: usize = 64 * 1024;

/// What stands for a message that could not be judged.
const WITHHELD: &[u8] = b"[REDACTED:unexamined]";

/// The properties of a message that a secret can be in, of those that rsyslog lets change.
const PROPERTIES: [&str; 7] =
    ["msg", "rawmsg", "syslogtag", "procid", "msgid", "structured-data", "$!"];

/// Which part of a message rsyslog sends, its parameter `interface.input`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessagePart {
    /// What the message says.
    Msg,
    /// The whole message as it was received, with its header.
    RawMsg,
    /// All properties of the message, as one JSON object.
    FullJson,
}

impl FromStr for MessagePart {
    type Err = ();

    fn from_str(text: &str) -> Result<MessagePart, ()> {
        match text {
            "msg" => Ok(MessagePart::Msg),
            "rawmsg" => Ok(MessagePart::RawMsg),
            "fulljson" => Ok(MessagePart::FullJson),
            _ => Err(()),
        }
    }
}

/// Answers messages.
pub struct MmExternal<S: Scan> {
    part: MessagePart,
    carry: Carry<S>,
    redacted: Vec<u8>,
}

impl<S: Scan> MmExternal<S> {
    /// Answers messages of which `part` comes, by `carry`, which is at the start of an input.
    pub fn new(part: MessagePart, carry: Carry<S>) -> MmExternal<S> {
        MmExternal { part, carry, redacted: Vec::new() }
    }

    /// Answers the messages of `source` into `sink`, until it ends or `control` says to stop. Told to change the rules,
    /// it goes on with what `reload` gives, if anything.
    ///
    /// # Errors
    ///
    /// Those of reading and writing, and [`Error::WorkerLost`] after a scan that panicked, whose message was withheld.
    pub fn run<I: Input, O: Output>(
        &mut self,
        source: &mut Source<I>,
        sink: &mut Sink<O>,
        control: &Control,
        reload: &mut dyn FnMut() -> Option<Carry<S>>,
    ) -> Result<(), Error> {
        let failed = |error| Error::Read { name: source.name.clone(), source: error };
        let mut chunk = vec![0; READ];
        let mut message = Message::default();
        let mut answer = Vec::new();
        loop {
            // 1. Every message that came has its answer, so this is the time to wait.
            if !source.input.ready() {
                if control.is_stopping() {
                    return Ok(());
                }
                if !source.input.wait(Some(control.woken())).map_err(failed)? {
                    control.hear();
                    continue;
                }
            }
            let len = match source.input.read(&mut chunk) {
                Ok(len) => len,
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock
                    ) =>
                {
                    continue;
                }
                Err(error) => return Err(failed(error)),
            };
            // 2. A message without its line end is answered too: there is nobody to mind.
            if len == 0 {
                if message.is_begun() {
                    self.answer_or_withhold(&message, &mut answer, sink)?;
                }
                return Ok(());
            }
            // 3. One answer a message. There is more than one message only if rsyslog died and came back.
            let mut rest = &chunk[..len];
            while let Some(newline) = memchr::memchr(b'\n', rest) {
                message.push(&rest[..newline]);
                rest = &rest[newline + 1..];
                if control.take_reload()
                    && let Some(carry) = reload()
                {
                    self.carry = carry;
                }
                self.answer_or_withhold(&message, &mut answer, sink)?;
                message = Message::default();
            }
            message.push(rest);
        }
    }

    fn answer_or_withhold<O: Output>(
        &mut self,
        message: &Message,
        answer: &mut Vec<u8>,
        sink: &mut Sink<O>,
    ) -> Result<(), Error> {
        answer.clear();
        let judged = panic::catch_unwind(AssertUnwindSafe(|| match message {
            Message::Whole(bytes) => self.answer(bytes, answer),
            Message::TooLong => self.withhold(answer),
        }));
        if judged.is_err() {
            answer.clear();
            self.withhold(answer);
        }
        sink.write_all(answer)?;
        judged.map_err(|_| Error::WorkerLost)
    }

    /// Appends to `out` the answer to a message, with its line end.
    ///
    /// # Panics
    ///
    /// If the scanner does, here or at an earlier call.
    pub fn answer(&mut self, message: &[u8], out: &mut Vec<u8>) {
        out.push(b'{');
        match self.part {
            MessagePart::Msg => self.property("msg", message, out),
            MessagePart::RawMsg => self.property("rawmsg", message, out),
            MessagePart::FullJson => self.properties(message, out),
        }
        out.extend_from_slice(b"}\n");
    }

    /// Of an object with all properties, those that change.
    fn properties(&mut self, object: &[u8], out: &mut Vec<u8>) {
        // A byte that is no UTF-8 is lost only from a property that had a secret in it.
        let object = String::from_utf8_lossy(object);
        let Ok(object) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(&object) else {
            // Something else than was said, so it is taken for what is usual.
            return self.property("msg", object.as_bytes(), out);
        };
        for name in PROPERTIES {
            let Some(value) = object.get(name) else { continue };
            match serde_json::from_str::<String>(value.get()) {
                Ok(text) => self.property(name, text.as_bytes(), out),
                // A tree of them, or null. JSON stays JSON.
                Err(_) => {
                    if self.redact(value.get().as_bytes()) {
                        self.put_name(name, out);
                        out.extend_from_slice(&self.redacted);
                    }
                }
            }
        }
    }

    /// A property that is a text, if there is a secret in it.
    fn property(&mut self, name: &str, text: &[u8], out: &mut Vec<u8>) {
        if self.redact(text) {
            self.put_name(name, out);
            put_string(&self.redacted, out);
        }
    }

    /// Redacts `text` for itself; tells whether that changed it.
    fn redact(&mut self, text: &[u8]) -> bool {
        self.redacted.clear();
        self.carry.push(text, &mut self.redacted);
        self.carry.finish(&mut self.redacted);
        self.redacted != text
    }

    fn put_name(&self, name: &str, out: &mut Vec<u8>) {
        if !out.ends_with(b"{") {
            out.push(b',');
        }
        put_string(name.as_bytes(), out);
        out.push(b':');
    }

    fn withhold(&self, out: &mut Vec<u8>) {
        let names: &[&str] = match self.part {
            MessagePart::Msg => &["msg"],
            MessagePart::RawMsg => &["rawmsg"],
            MessagePart::FullJson => &["msg", "rawmsg"],
        };
        out.push(b'{');
        for name in names {
            self.put_name(name, out);
            put_string(WITHHELD, out);
        }
        out.extend_from_slice(b"}\n");
    }
}

/// A message as it comes in.
enum Message {
    Whole(Vec<u8>),
    /// Its bytes are dropped as they come.
    TooLong,
}

impl Default for Message {
    fn default() -> Message {
        Message::Whole(Vec::new())
    }
}

impl Message {
    fn push(&mut self, more: &[u8]) {
        if let Message::Whole(bytes) = self {
            if bytes.len() + more.len() > MESSAGE_MAX {
                *self = Message::TooLong;
            } else {
                bytes.extend_from_slice(more);
            }
        }
    }

    fn is_begun(&self) -> bool {
        !matches!(self, Message::Whole(bytes) if bytes.is_empty())
    }
}

/// Writes a JSON string (RFC 8259, section 7). Bytes that are no UTF-8 stay as they are, which rsyslog minds as little as
/// it does in a message.
fn put_string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0..b' ' => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Name;
    use crate::rules::ruleset::Ruleset;
    use crate::scan::scanner::Scanner;
    use crate::span::Span;

    fn answers(part: MessagePart, messages: &[&str]) -> Vec<String> {
        let mut answering = MmExternal::new(part, Carry::for_rules(&Ruleset::standard()));
        let answer = |message: &&str| {
            let mut out = Vec::new();
            answering.answer(message.as_bytes(), &mut out);
            String::from_utf8(out).unwrap()
        };
        messages.iter().map(answer).collect()
    }

    #[test]
    fn what_has_no_secret_is_left_alone() {
        assert_eq!(answers(MessagePart::Msg, &["", " plain", "{\"a\":1}"]), ["{}\n"; 3]);
        assert_eq!(answers(MessagePart::FullJson, &[r#"{"msg":"plain","$!":null}"#]), ["{}\n"]);
    }

    #[test]
    fn what_changes_is_a_json_string() {
        let message = " say \"hi\"\tto C:\\x Cookie: sid=31d4d96e407aad42";
        assert_eq!(
            answers(MessagePart::Msg, &[message]),
            ["{\"msg\":\" say \\\"hi\\\"\\u0009to C:\\\\x Cookie: sid=[REDACTED]\"}\n"]
        );
        assert_eq!(
            answers(MessagePart::RawMsg, &["<13>Nov 24 h a: Cookie: sid=31d4d96e407aad42"]),
            ["{\"rawmsg\":\"<13>Nov 24 h a: Cookie: sid=[REDACTED]\"}\n"]
        );
    }

    #[test]
    fn bytes_that_are_no_text_come_back_as_they_were() {
        let mut answering =
            MmExternal::new(MessagePart::Msg, Carry::for_rules(&Ruleset::standard()));
        let mut out = Vec::new();
        answering.answer(b"\xff Cookie: sid=31d4d96e407aad42", &mut out);
        assert_eq!(out, b"{\"msg\":\"\xff Cookie: sid=[REDACTED]\"}\n");
    }

    #[test]
    fn of_all_properties_those_that_had_a_secret_are_named() {
        let message = concat!(
            r#"{"msg":" a\nCookie: sid=31d4d96e407aad42","rawmsg":"<13>x Cookie: sid=31d4d96e407aad42","#,
            r#""pri":"13","hostname":"Cookie: sid=x","$!":{"headers":{"cookie":"sid=31d4d96e407aad42"},"n":1}}"#
        );
        assert_eq!(
            answers(MessagePart::FullJson, &[message]),
            [concat!(
                r#"{"msg":" a\u000aCookie: sid=[REDACTED]","rawmsg":"<13>x Cookie: sid=[REDACTED]","#,
                r#""$!":{"headers":{"cookie":"sid=[REDACTED]"},"n":1}}"#,
                "\n"
            )]
        );
    }

    #[test]
    fn no_message_sees_the_one_before_it() {
        let next = "31d4d96e407aad4231d4";
        assert_eq!(answers(MessagePart::Msg, &["Authorization: Bearer ", next])[1], "{}\n");
        assert_eq!(answers(MessagePart::Msg, &["authorization:", next])[1], "{}\n");
    }

    fn run<S: Scan>(scanner: S, input: &[u8]) -> (Result<(), Error>, String) {
        let mut answering = MmExternal::new(MessagePart::Msg, Carry::new(scanner));
        let mut source = Source::new(Name::stdin(), input);
        let mut sink = Sink::new(Name::stdout(), Vec::new());
        let control = Control::new().unwrap();
        let done = answering.run(&mut source, &mut sink, &control, &mut || None);
        (done, String::from_utf8(sink.into_inner()).unwrap())
    }

    #[test]
    fn a_message_that_is_too_long_is_withheld_and_the_next_is_not() {
        let mut input = vec![b'x'; MESSAGE_MAX + 1];
        input.extend_from_slice(b"\nplain\nno end");
        let (done, out) = run(Scanner::new(&Ruleset::standard()), &input);
        assert!(done.is_ok());
        assert_eq!(out, "{\"msg\":\"[REDACTED:unexamined]\"}\n{}\n{}\n");
    }

    /// Panics at a `!`.
    #[derive(Clone)]
    struct Fragile(Scanner);

    impl Scan for Fragile {
        fn scan(&mut self, window: &[u8], eof: bool, spans: &mut Vec<Span>) -> usize {
            assert!(!window.contains(&b'!'), "met a !");
            self.0.scan(window, eof, spans)
        }

        fn is_fresh(&self) -> bool {
            self.0.is_fresh()
        }

        fn reset(&mut self) {
            self.0.reset();
        }
    }

    #[test]
    fn a_message_whose_scan_panics_is_withheld_and_is_the_last() {
        let (done, out) =
            run(Fragile(Scanner::new(&Ruleset::standard())), b"plain\nhere!\nplain\n");
        assert!(matches!(done, Err(Error::WorkerLost)));
        assert_eq!(out, "{}\n{\"msg\":\"[REDACTED:unexamined]\"}\n");
    }
}
