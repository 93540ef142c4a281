//! The protocol of rsyslog's module `mmexternal`: one message per line comes in, and for each message one line goes
//! out, a JSON object with the properties to change and their new values.
//!
//! Each message is a separate input, so whatever is pending at its end is settled there. An object that changes nothing
//! is `{}`. rsyslog waits for the answer to a message before it sends the next one, and takes any line for the answer.
//! So each message gets exactly one line, even if it could not be examined; then its content is withheld.

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

/// The longest message that is examined, in bytes. rsyslog's own limit is 8 KiB by default.
const MESSAGE_MAX: usize = 16 * 1024 * 1024;

/// The size of one read. At most one message waits at a time.
const READ: usize = 64 * 1024;

/// Replaces a message that could not be examined.
const WITHHELD: &[u8] = b"[REDACTED:unexamined]";

/// The properties that can contain a secret, among those that rsyslog lets a module change.
const PROPERTIES: [&str; 7] =
    ["msg", "rawmsg", "syslogtag", "procid", "msgid", "structured-data", "$!"];

/// Which part of a message rsyslog sends: its parameter `interface.input`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessagePart {
    /// The message text.
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
    /// Answers messages of which rsyslog sends `part`. `carry` has to be at the start of an input.
    pub fn new(part: MessagePart, carry: Carry<S>) -> MmExternal<S> {
        MmExternal { part, carry, redacted: Vec::new() }
    }

    /// Answers the messages of `source` on `sink`, until `source` ends or `control` asks to stop. When `control` asks
    /// for new rules, the scan that `reload` returns, if any, replaces the current one.
    ///
    /// # Errors
    ///
    /// The errors of reading and writing, and [`Error::WorkerLost`] after a scan that panicked. The message of that
    /// scan is withheld.
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
            // 1. Every message so far has been answered, so it is safe to block.
            if !source.input.ready() {
                if control.is_stopping() {
                    return Ok(());
                }
                if !source.input.wait(Some(control.woken())).map_err(failed)? {
                    control.drain();
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
            // 2. A last message without its newline is answered too. If rsyslog is gone, nobody reads the answer.
            if len == 0 {
                if message.is_begun() {
                    self.answer_or_withhold(&message, &mut answer, sink)?;
                }
                return Ok(());
            }
            // 3. Answer each message. There is more than one only after rsyslog restarted.
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

    /// Appends the answer to a message to `out`, with a newline.
    ///
    /// # Panics
    ///
    /// If the scanner panics, now or in an earlier call.
    pub fn answer(&mut self, message: &[u8], out: &mut Vec<u8>) {
        out.push(b'{');
        match self.part {
            MessagePart::Msg => self.property("msg", message, out),
            MessagePart::RawMsg => self.property("rawmsg", message, out),
            MessagePart::FullJson => self.properties(message, out),
        }
        out.extend_from_slice(b"}\n");
    }

    /// Writes the changed properties of an object that has all properties.
    fn properties(&mut self, object: &[u8], out: &mut Vec<u8>) {
        // Bytes that are not UTF-8 are lost only from a property that contained a secret.
        let object = String::from_utf8_lossy(object);
        let Ok(object) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(&object) else {
            // rsyslog sends something other than configured. Treat it as the message text, the default.
            return self.property("msg", object.as_bytes(), out);
        };
        for name in PROPERTIES {
            let Some(value) = object.get(name) else { continue };
            match serde_json::from_str::<String>(value.get()) {
                Ok(text) => self.property(name, text.as_bytes(), out),
                // An object of properties, or null. It stays valid JSON.
                Err(_) => {
                    if self.redact(value.get().as_bytes()) {
                        self.put_name(name, out);
                        out.extend_from_slice(&self.redacted);
                    }
                }
            }
        }
    }

    /// Writes a text property, if it contains a secret.
    fn property(&mut self, name: &str, text: &[u8], out: &mut Vec<u8>) {
        if self.redact(text) {
            self.put_name(name, out);
            put_string(&self.redacted, out);
        }
    }

    /// Redacts `text` as a separate input and returns whether it changed.
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

/// A message as it arrives.
enum Message {
    Whole(Vec<u8>),
    /// Its bytes are dropped as they arrive.
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

/// Writes a JSON string (RFC 8259, section 7). Bytes that are not UTF-8 are written unchanged, which rsyslog accepts.
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
    use crate::redact::carry::tests::HoldsBack;
    use crate::rules::ruleset::Ruleset;
    use crate::scan::scanner::Scanner;

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
    fn messages_without_a_secret_are_unchanged() {
        assert_eq!(answers(MessagePart::Msg, &["", " plain", "{\"a\":1}"]), ["{}\n"; 3]);
        assert_eq!(answers(MessagePart::FullJson, &[r#"{"msg":"plain","$!":null}"#]), ["{}\n"]);
    }

    #[test]
    fn a_changed_property_is_a_json_string() {
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
    fn bytes_that_are_not_utf8_are_unchanged() {
        let mut answering =
            MmExternal::new(MessagePart::Msg, Carry::for_rules(&Ruleset::standard()));
        let mut out = Vec::new();
        answering.answer(b"\xff Cookie: sid=31d4d96e407aad42", &mut out);
        assert_eq!(out, b"{\"msg\":\"\xff Cookie: sid=[REDACTED]\"}\n");
    }

    #[test]
    fn only_properties_with_a_secret_are_in_the_answer() {
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
    fn messages_are_independent() {
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
    fn a_message_that_is_too_long_is_withheld_but_not_the_next() {
        let mut input = vec![b'x'; MESSAGE_MAX + 1];
        input.extend_from_slice(b"\nplain\nno end");
        let (done, out) = run(Scanner::new(&Ruleset::standard()), &input);
        assert!(done.is_ok());
        assert_eq!(out, "{\"msg\":\"[REDACTED:unexamined]\"}\n{}\n{}\n");
    }

    #[test]
    fn a_message_whose_scan_panics_is_withheld_and_ends_the_run() {
        let (done, out) = run(HoldsBack::new(0), b"plain\nhere!\nplain\n");
        assert!(matches!(done, Err(Error::WorkerLost)));
        assert_eq!(out, "{}\n{\"msg\":\"[REDACTED:unexamined]\"}\n");
    }
}
