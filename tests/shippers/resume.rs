//! What is in a pipe when its filter is killed: the rest of a line, which says no more what it is.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::command::wait_until;
use crate::daemon::{Killed, Place, REDACTED, SECRET, kill, succeed};

/// A pipe with a name that this process holds open, and what of a filter that reads it comes of a line that was cut by a kill.
struct Cut {
    place: Place,
    fifo: fs::File,
}

impl Cut {
    fn new() -> Cut {
        let place = Place::new();
        succeed(Command::new("mkfifo").arg(place.path("fifo")));
        let fifo = fs::File::options().read(true).write(true).open(place.path("fifo")).unwrap();
        Cut { place, fifo }
    }

    fn filter(&self, program: &str, args: &[&str]) -> Killed {
        let out = fs::File::options().append(true).create(true).open(self.place.path("out"));
        let mut command = Command::new(program);
        command.args(args).stdin(self.fifo.try_clone().unwrap()).stdout(out.unwrap());
        Killed(command.stderr(Stdio::inherit()).spawn().unwrap())
    }

    fn write(&mut self, text: &str) {
        self.fifo.write_all(text.as_bytes()).unwrap();
    }

    /// Kills a filter in the middle of a line, and has another go on; what comes out of both.
    fn run(&mut self, program: &str, args: &[&str]) -> Vec<String> {
        let filter = self.filter(program, args);
        let (head, tail) = SECRET.split_at(SECRET.len() - 8);
        // Both come in one read, so when the line is out its filter has the head too.
        self.write(&format!("1 {SECRET}\n2 {head}"));
        self.place.lines("out", 1);
        kill("-KILL", &filter.0.id().to_string());
        drop(filter);
        let mut filter = self.filter(program, args);
        self.write(&format!("{tail}\n"));
        self.write(&format!("3 {SECRET}\n"));
        wait_until("the line after", || self.place.read("out").contains("3 "));
        kill("-TERM", &filter.0.id().to_string());
        assert!(filter.0.wait().unwrap().success());
        self.place.read("out").lines().map(str::to_owned).collect()
    }
}

#[test]
fn the_rest_of_a_line_whose_filter_was_killed_is_dropped() {
    let mut cut = Cut::new();
    let program = cut.place.install_resume();
    let mark = cut.place.str("mark");
    let lines = cut.run(&program, &[&mark, "--style", "fixed"]);
    let [first, last] = &lines[..] else { panic!("{lines:?}") };
    // What the killed filter had written of the line is there.
    assert_eq!(*first, format!("1 {REDACTED}"));
    assert!(last.ends_with(&format!("3 {REDACTED}")), "{last}");
    assert!(!last.contains("23456789"), "{last}");

    // It is what makes the difference.
    let mut cut = Cut::new();
    let program = cut.place.install();
    assert!(cut.run(&program, &[]).concat().contains("23456789"));
}

/// Another pipe begins at the start of a line.
#[test]
fn a_pipe_that_is_new_loses_nothing() {
    let place = Place::new();
    let (program, mark) = (place.install_resume(), place.str("mark"));
    for _ in 0..3 {
        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(format!("{SECRET}\n").as_bytes()).unwrap();
        drop(writer);
        let said = succeed(Command::new(&program).arg(&mark).stdin(reader));
        assert_eq!(said, format!("{REDACTED}\n"));
    }
}
