//! syslog-ng, with a program as destination and as source.

use std::os::unix::net::UnixDatagram;

use crate::command::wait_until;
use crate::daemon::{Daemon, INSTALLED, Place, REDACTED, SECRET, TOKEN, recipe, with};

#[test]
#[ignore = "needs syslog-ng from Debian"]
fn program_as_destination_and_as_source() {
    let place = Place::new();
    let recipe = with(
        &recipe("syslog-ng/blackbar.conf"),
        &[
            (INSTALLED, &place.install()),
            ("/var/log/redacted.log", &place.str("redacted.log")),
            ("/var/log/app.log", &place.str("app.log")),
        ],
    );
    let (socket, shipped) = (place.str("log"), place.str("shipped.log"));
    let config = place.write(
        "syslog-ng.conf",
        &format!(
            "@version: 3.38\n{recipe}\n\
             source s_local {{ unix-dgram(\"{socket}\"); }};\n\
             destination d_shipped {{ file(\"{shipped}\" template(\"${{PROGRAM}} ${{MESSAGE}}\\n\")); }};\n\
             log {{ source(s_local); destination(d_blackbar); }};\n\
             log {{ source(s_blackbar); destination(d_shipped); }};\n"
        ),
    );
    place.append("app.log", &format!("first {SECRET}\n"));
    let [persist, pid, control] = ["persist", "pid", "control"].map(|name| place.str(name));
    let mut daemon = Daemon::start(
        "syslog-ng",
        &["-F", "--no-caps", "-e", "-f", &config, "-R", &persist, "-p", &pid, "-c", &control],
    );

    // 1. A message on its way to a file.
    let sender = UnixDatagram::unbound().unwrap();
    wait_until("its socket", || sender.connect(&socket).is_ok());
    let log = |n: usize| {
        sender.send(format!("<13>Nov 24 12:00:00 app: {n} {SECRET}").as_bytes()).unwrap();
    };
    (0..1000).for_each(log);
    for (n, line) in place.lines("redacted.log", 1000).iter().enumerate() {
        assert!(line.ends_with(&format!(" app: {n} {REDACTED}")), "{line}");
    }

    // 2. A log on its way to syslog-ng.
    for n in 0..100 {
        place.append("app.log", &format!("{n} {SECRET}\n"));
    }
    let shipped = place.lines("shipped.log", 101);
    assert_eq!(shipped[0], format!("app first {REDACTED}"));
    for (n, line) in shipped[1..].iter().enumerate() {
        assert_eq!(*line, format!("app {n} {REDACTED}"));
    }

    // 3. A reload loses no message, and both filters end with syslog-ng.
    daemon.signal("-HUP");
    daemon.wait_for("Configuration reload");
    (1000..1100).for_each(log);
    assert!(place.lines("redacted.log", 1100)[1099].ends_with(&format!(" app: 1099 {REDACTED}")));

    // 4. Both are started again when they are killed. The one that follows a log reads it from its start.
    let before = place.filters();
    for id in &before {
        crate::daemon::kill("-KILL", &id.to_string());
    }
    (1100..1200).for_each(log);
    wait_until("other filters", || {
        place.filters().iter().filter(|id| !before.contains(id)).count() == 2
    });
    let redacted = || place.read("redacted.log");
    wait_until("the last message", || {
        log(1200);
        redacted().contains(": 1200 ")
    });
    let lost = (1100..1200).filter(|n| !redacted().contains(&format!(": {n} "))).count();
    assert!(lost < 50, "{lost}");
    assert!(place.lines("shipped.log", 202)[101].ends_with(&format!("first {REDACTED}")));

    assert!(daemon.stop().success());
    wait_until("the end of the filters", || place.filters().is_empty());
    assert!(!(place.read("redacted.log") + &place.read("shipped.log")).contains(TOKEN));
}
